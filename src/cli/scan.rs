//! `leadtone scan`: a report on documents.

use super::args::InputFormat;
use super::exit::Exit;
use super::interrupt::Interrupt;
use super::message;
use super::output::Output;
use super::progress::Progress;
use super::settings::{Common, Settings};
use anyhow::bail;
use leadtone::render::{OutputFormat, document_line, error_line, render};
use leadtone::report::{DocumentReport, Failure};
use leadtone::scan::{self, Scanned};
use leadtone::source::{self, Source};
use std::io::{self, BufReader, IsTerminal, Write};
use std::path::PathBuf;

/// Bytes of JSON lines read at a time.
const BUFFER: usize = 1 << 20;

/// Scans and writes the report.
///
/// # Errors
/// If the output cannot be written.
pub fn run(settings: &Settings, interrupt: &Interrupt) -> anyhow::Result<Exit> {
    let common = &settings.common;
    let Found { sources, failures, exit } = match find(common, interrupt)? {
        Input::Answered(exit) => return Ok(exit),
        Input::Found(found) => found,
    };
    let mut run = Run::new(settings, &sources, failures, exit, interrupt)?;
    match settings.input_format {
        InputFormat::Documents => {
            scan::scan(&sources, &common.lexicon, &common.scan, &mut |scanned| run.take(scanned))?;
        }
        InputFormat::Jsonl => {
            for source in &sources {
                run.lines(source)?;
            }
        }
    }
    run.finish()
}

/// What there is to read.
pub enum Input {
    /// What was asked for is answered without reading anything.
    Answered(Exit),
    /// What was found.
    Found(Found),
}

/// What was found, and what was not.
pub struct Found {
    /// What there is to read.
    pub sources: Vec<Source>,
    /// What was named and is not there, or cannot be read.
    pub failures: Vec<Failure>,
    /// What the run comes to so far.
    pub exit: Exit,
}

/// Finds what to read, and answers what can be answered without reading it.
///
/// # Errors
/// If a pattern is none, or the answer cannot be written.
pub fn find(common: &Common, interrupt: &Interrupt) -> anyhow::Result<Input> {
    if let Some(dump) = &common.dump {
        let mut output = Output::open(common.output.as_deref(), interrupt)?;
        output.write_all(dump.as_bytes())?;
        output.finish()?;
        return Ok(Input::Answered(Exit::Success));
    }
    let mut failures = Vec::new();
    let sources = source::find(&common.walk, &mut |failure| failures.push(failure))?;
    for failure in &failures {
        message(format_args!("{}: {}", failure.path, failure.reason));
    }
    // A shell's `*` finds the report of the last run as well.
    let is_output = |path: &&PathBuf| common.output.as_ref().is_some_and(|output| source::is_same(path, output));
    if let Some(path) = common.walk.named().find(is_output) {
        if sources.is_empty() && failures.is_empty() {
            bail!("{}: there is nothing else to read, and --output would replace it", path.display());
        }
        message(format_args!("{}: is not read, since --output replaces it", path.display()));
    }
    let is_empty = sources.is_empty() && failures.is_empty();
    let is_named = common.walk.named().next().is_some();
    let may_be_empty = common.walk.allows_empty;
    if is_empty && !(may_be_empty && common.is_quiet) {
        message(format_args!(
            "nothing to read{}",
            if is_named && !may_be_empty { ": all of it is excluded" } else { "" }
        ));
    }
    // A commit hook names what it was given; that all of it is excluded is somebody's wish. That there was nothing to begin
    // with may be a mistake.
    let is_missing = is_empty && !is_named && !may_be_empty;
    let exit = if failures.is_empty() && !is_missing { Exit::Success } else { Exit::Failure };
    if common.lists_files {
        list(common, &sources, interrupt)?;
        return Ok(Input::Answered(exit));
    }
    if !common.is_quiet && io::stdin().is_terminal() && sources.iter().any(Source::is_stdin) {
        message(format_args!("reading standard input; end it with Ctrl-D"));
    }
    Ok(Input::Found(Found { sources, failures, exit }))
}

fn list(common: &Common, sources: &[Source], interrupt: &Interrupt) -> anyhow::Result<()> {
    let mut output = Output::open(common.output.as_deref(), interrupt)?;
    for source in sources {
        let name = source.name();
        let name = output.listed(&name);
        writeln!(output, "{name}")?;
    }
    output.finish()
}

/// A scan under way: what it has found and where that goes.
struct Run<'a> {
    settings: &'a Settings,
    output: Output,
    /// Empty where documents are written as they come.
    documents: Vec<DocumentReport>,
    failures: Vec<Failure>,
    exit: Exit,
    progress: Progress,
}

impl<'a> Run<'a> {
    fn new(
        settings: &'a Settings,
        sources: &[Source],
        failures: Vec<Failure>,
        exit: Exit,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Self> {
        let total = match settings.input_format {
            InputFormat::Documents => Some(sources.len() as u64),
            InputFormat::Jsonl => None,
        };
        let mut run = Self {
            settings,
            output: Output::open(settings.common.output.as_deref(), interrupt)?,
            documents: Vec::new(),
            failures: Vec::new(),
            exit,
            progress: Progress::new(total, settings.common.scan.done.clone(), settings.common.is_quiet),
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
        match scanned {
            Scanned::Document(document) => {
                if self.settings.common.is_verbose {
                    self.progress.remarks(&document);
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
                    self.progress.aside(|| message(format_args!("{}: {}", failure.path, failure.reason)));
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
        let common = &self.settings.common;
        scan::scan_lines(&name, &mut reader, &common.lexicon, &common.scan, &mut |scanned| {
            scanned.into_iter().try_for_each(|scanned| self.take(scanned))?;
            // The next thing may be a long wait for input.
            self.output.flush()
        })?;
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<Exit> {
        self.progress.finish();
        if !self.is_streamed() {
            let Settings { by, min_group, format, sort, is_reversed, common, .. } = self.settings;
            let mut report = scan::assemble(self.documents, self.failures, by.as_ref(), *min_group);
            if let Some(sort) = sort {
                scan::sort(&mut report.documents, *sort, *is_reversed);
            }
            render(&report, *format, common.layout, &mut self.output)?;
        }
        self.output.finish()?;
        Ok(self.exit)
    }
}
