//! `leadtone scan`: a report on documents.

use super::args::InputFormat;
use super::exit::Exit;
use super::interrupt::Interrupt;
use super::message;
use super::output::Output;
use super::settings::Settings;
use indicatif::{ProgressBar, ProgressStyle};
use leadtone::render::{OutputFormat, document_line, error_line, render};
use leadtone::report::{DocumentReport, Failure};
use leadtone::scan::{self, Scanned};
use leadtone::source::{self, Source};
use std::io::{self, BufReader, IsTerminal, Write};
use std::time::{Duration, Instant};

/// A scan shorter than this shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// Bytes of JSON lines read at a time.
const BUFFER: usize = 1 << 20;

/// Scans and writes the report.
///
/// # Errors
/// If the output cannot be written.
pub fn run(settings: &Settings, interrupt: &Interrupt) -> anyhow::Result<Exit> {
    let mut failures = Vec::new();
    let sources = source::find(&settings.walk, &mut |failure| failures.push(failure))?;
    for failure in &failures {
        message(format_args!("{}: {}", failure.path, failure.reason));
    }
    if settings.lists_files {
        return list(settings, &sources, &failures, interrupt);
    }
    if !settings.is_quiet && io::stdin().is_terminal() && sources.iter().any(Source::is_stdin) {
        message(format_args!("reading standard input; end it with Ctrl-D"));
    }
    let mut run = Run::new(settings, &sources, failures, interrupt)?;
    match settings.input_format {
        InputFormat::Documents => {
            scan::scan(&sources, &settings.lexicon, &settings.scan, &mut |scanned| run.take(scanned))?;
        }
        InputFormat::Jsonl => {
            for source in &sources {
                run.lines(source)?;
            }
        }
    }
    run.finish()
}

fn list(settings: &Settings, sources: &[Source], failures: &[Failure], interrupt: &Interrupt) -> anyhow::Result<Exit> {
    let mut output = Output::open(settings.output.as_deref(), interrupt)?;
    for source in sources {
        writeln!(output, "{}", source.name())?;
    }
    output.finish()?;
    Ok(if failures.is_empty() { Exit::Success } else { Exit::Failure })
}

/// A scan under way: what it has found and where that goes.
struct Run<'a> {
    settings: &'a Settings,
    output: Output,
    /// Empty where documents are written as they come.
    documents: Vec<DocumentReport>,
    failures: Vec<Failure>,
    exit: Exit,
    progress: Option<ProgressBar>,
    started: Instant,
    sources: u64,
    done: u64,
}

impl<'a> Run<'a> {
    fn new(
        settings: &'a Settings,
        sources: &[Source],
        failures: Vec<Failure>,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Self> {
        let mut run = Self {
            settings,
            output: Output::open(settings.output.as_deref(), interrupt)?,
            documents: Vec::new(),
            failures: Vec::new(),
            exit: if failures.is_empty() { Exit::Success } else { Exit::Failure },
            progress: None,
            started: Instant::now(),
            sources: sources.len() as u64,
            done: 0,
        };
        if run.is_streamed() {
            for Failure { path, reason } in failures {
                error_line(&leadtone::report::ErrorReport::of_path(path, reason), &mut run.output)?;
            }
        } else {
            run.failures = failures;
        }
        Ok(run)
    }

    /// Whether documents are written as they come.
    fn is_streamed(&self) -> bool {
        self.settings.format == OutputFormat::Jsonl && self.settings.sort.is_none()
    }

    fn take(&mut self, scanned: Scanned) -> io::Result<()> {
        self.tick();
        match scanned {
            Scanned::Document(document) => {
                if self.settings.is_verbose {
                    self.remarks(&document);
                }
                if self.is_streamed() {
                    return document_line(&document, &mut self.output);
                }
                self.documents.push(*document);
            }
            Scanned::Failed { failure, error } => {
                let is_line = error.line.is_some();
                if !is_line || self.settings.is_strict {
                    self.exit = Exit::Failure;
                }
                let is_streamed = self.is_streamed();
                if !is_line || !is_streamed || self.settings.is_strict {
                    self.aside(|| message(format_args!("{}: {}", failure.path, failure.reason)));
                }
                if is_streamed {
                    return error_line(&error, &mut self.output);
                }
                self.failures.push(failure);
            }
        }
        Ok(())
    }

    fn lines(&mut self, source: &Source) -> anyhow::Result<()> {
        let name = source.name();
        let mut reader = match source.reader() {
            Ok(reader) => BufReader::with_capacity(BUFFER, reader),
            Err(error) => {
                let reason = error.to_string();
                let error = leadtone::report::ErrorReport::of_path(name.clone(), reason.clone());
                return Ok(self.take(Scanned::Failed { failure: Failure { path: name, reason }, error })?);
            }
        };
        let settings = self.settings;
        scan::scan_lines(&name, &mut reader, &settings.lexicon, &settings.scan, &mut |scanned| {
            scanned.into_iter().try_for_each(|scanned| self.take(scanned))?;
            // The next thing may be a long wait for input.
            self.output.flush()
        })?;
        Ok(())
    }

    fn remarks(&self, document: &DocumentReport) {
        self.aside(|| {
            for skipped in &document.skipped {
                message(format_args!("{}: skipped: {skipped}", document.id));
            }
            for warning in &document.warnings {
                message(format_args!("{}: warning: {warning}", document.id));
            }
        });
    }

    /// Writes to standard error without tearing the progress bar.
    fn aside(&self, write: impl FnOnce()) {
        match &self.progress {
            Some(progress) => progress.suspend(write),
            None => write(),
        }
    }

    fn tick(&mut self) {
        self.done += 1;
        if self.progress.is_none()
            && !self.settings.is_quiet
            && self.started.elapsed() > PATIENCE
            && io::stderr().is_terminal()
        {
            let style = ProgressStyle::with_template("{spinner} {pos} documents {elapsed}");
            let progress = match self.settings.input_format {
                InputFormat::Documents => ProgressBar::new(self.sources),
                InputFormat::Jsonl => ProgressBar::new_spinner(),
            };
            self.progress = Some(match style {
                Ok(style) => progress.with_style(style),
                Err(_) => progress,
            });
        }
        if let Some(progress) = &self.progress {
            progress.set_position(self.done);
        }
    }

    fn finish(mut self) -> anyhow::Result<Exit> {
        if let Some(progress) = self.progress.take() {
            progress.finish_and_clear();
        }
        if !self.is_streamed() {
            let Settings { by, min_group, format, layout, sort, is_reversed, .. } = self.settings;
            let mut report = scan::assemble(self.documents, self.failures, by.as_ref(), *min_group);
            if let Some(sort) = sort {
                scan::sort(&mut report.documents, *sort, *is_reversed);
            }
            render(&report, *format, *layout, &mut self.output)?;
        }
        self.output.finish()?;
        Ok(self.exit)
    }
}
