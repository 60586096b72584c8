//! `leadtone check`: documents held against their limits.

use super::exit::Exit;
use super::interrupt::Interrupt;
use super::message;
use super::output::{Output, append};
use super::progress::Progress;
use super::scan::{Input, find};
use super::settings::CheckSettings;
use leadtone::gate::{self, Gate, Suppressor};
use leadtone::render::{CheckFormat, Layout, document_line, error_line, render_check};
use leadtone::report::{DocumentId, DocumentReport, ErrorReport, Failure, ScanReport};
use leadtone::scan::{self, Scanned};
use std::env;
use std::io;
use std::path::Path;

/// Checks and writes the report.
///
/// # Errors
/// If the output cannot be written.
pub fn run(settings: &CheckSettings, interrupt: &Interrupt) -> anyhow::Result<Exit> {
    let common = &settings.common;
    let (sources, failures) = match find(common, interrupt)? {
        Input::Answered(exit) => return Ok(exit),
        Input::Sources(sources, failures) => (sources, failures),
    };
    let is_empty = sources.is_empty() && failures.is_empty();
    if is_empty && !common.is_quiet {
        let is_excluded = settings.has_paths && !settings.allows_empty;
        message(format_args!("nothing to check{}", if is_excluded { ": all of it is excluded" } else { "" }));
    }
    let mut check = Check {
        settings,
        gate: Gate::new(&common.lexicon, settings.show),
        suppressor: Suppressor::new(&common.suppressions),
        output: Output::open(common.output.as_deref(), interrupt)?,
        documents: Vec::new(),
        failures: Vec::new(),
        // A commit hook names what it was given; that all of it is excluded is somebody's wish. That there was nothing
        // to begin with may be a mistake.
        has_failed: !failures.is_empty() || is_empty && !settings.has_paths && !settings.allows_empty,
        is_refused: false,
        progress: Progress::new(Some(sources.len() as u64), common.is_quiet),
    };
    for Failure { path, reason } in failures {
        let error = ErrorReport::of_path(path.clone(), reason.clone());
        check.fail(Failure { path, reason }, &error)?;
    }
    scan::scan(&sources, &common.lexicon, &common.scan, &mut |scanned| check.take(scanned))?;
    check.finish()
}

/// A check under way.
struct Check<'a> {
    settings: &'a CheckSettings,
    gate: Gate<'a>,
    suppressor: Suppressor<'a>,
    output: Output,
    /// Empty where documents are written as they come.
    documents: Vec<DocumentReport>,
    failures: Vec<Failure>,
    has_failed: bool,
    is_refused: bool,
    progress: Progress,
}

impl Check<'_> {
    fn take(&mut self, scanned: Scanned) -> io::Result<()> {
        self.progress.tick();
        match scanned {
            Scanned::Document(document) => self.judge(*document),
            Scanned::Failed { failure, error } => {
                self.has_failed = true;
                self.progress.aside(|| message(format_args!("{}: {}", failure.path, failure.reason)));
                self.fail(failure, &error)
            }
        }
    }

    fn judge(&mut self, document: DocumentReport) -> io::Result<()> {
        let common = &self.settings.common;
        if common.is_verbose {
            self.progress.remarks(&document);
        }
        let stdin_name = common.walk.stdin_name.as_deref().map(|name| name.to_string_lossy());
        let path = document.path.as_deref().or(stdin_name.as_deref());
        let profile = common.profiles.of(path, document.format);
        let path = path.unwrap_or("-").to_owned();
        let (document, warnings) = self.suppressor.apply(&self.gate, document, &path);
        warnings.iter().for_each(|warning| self.progress.aside(|| message(format_args!("warning: {warning}"))));
        let document = self.gate.check(document, profile);
        self.is_refused |= gate::is_refused(&document);
        if self.is_streamed() {
            return document_line(&document, &mut self.output);
        }
        self.documents.push(document);
        Ok(())
    }

    fn fail(&mut self, failure: Failure, error: &ErrorReport) -> io::Result<()> {
        if self.is_streamed() {
            return error_line(error, &mut self.output);
        }
        self.failures.push(failure);
        Ok(())
    }

    /// Whether documents are written as they come.
    fn is_streamed(&self) -> bool {
        self.settings.format == CheckFormat::Jsonl
    }

    fn finish(mut self) -> anyhow::Result<Exit> {
        self.progress.finish();
        for warning in self.suppressor.stale(self.settings.common.is_whole) {
            message(format_args!("warning: {warning}"));
        }
        if !self.is_streamed() {
            let gate = gate::sum(&self.documents);
            let mut report = scan::assemble(self.documents, self.failures, None, 1);
            report.gate = Some(gate);
            if self.settings.format.is_of_repository() {
                below_current_folder(&mut report);
            }
            if let Some(path) = &self.settings.summary {
                summarize(&report, path);
            }
            render_check(&report, self.settings.format, self.settings.common.layout, &mut self.output)?;
        }
        self.output.finish()?;
        Ok(match (self.has_failed, self.is_refused && !self.settings.exits_zero) {
            (true, _) => Exit::Failure,
            (false, true) => Exit::No,
            (false, false) => Exit::Success,
        })
    }
}

/// Adds what a comment would say to the summary of a job. That it could not be added changes no verdict.
fn summarize(report: &ScanReport, path: &Path) {
    let mut summary = Vec::new();
    let added = render_check(report, CheckFormat::Markdown, Layout::default(), &mut summary)
        .and_then(|()| append(path, &summary));
    if let Err(error) = added {
        message(format_args!("{}: no summary: {error}", path.display()));
    }
}

/// Names what lies below the current folder as seen from there.
fn below_current_folder(report: &mut ScanReport) {
    let Ok(folder) = env::current_dir() else { return };
    let below = |path: &mut String| {
        if let Ok(rest) = Path::new(path.as_str()).strip_prefix(&folder) {
            *path = rest.to_string_lossy().into_owned();
        }
    };
    for document in &mut report.documents {
        document.path.iter_mut().for_each(below);
        match &mut document.id {
            DocumentId::Text(id) => below(id),
            DocumentId::Number(_) => {}
        }
        document.suppressed.iter_mut().for_each(|suppressed| below(&mut suppressed.by));
    }
    report.failures.iter_mut().for_each(|failure| below(&mut failure.path));
}
