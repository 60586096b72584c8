//! `leadtone check`: documents held against their limits.

use super::baseline::BaselineFile;
use super::exit::Exit;
use super::git::{self, Changed};
use super::interrupt::Interrupt;
use super::message;
use super::output::{Output, append};
use super::progress::Progress;
use super::scan::{Found, Input, find};
use super::settings::CheckSettings;
use leadtone::gate::{self, Before, Gate, Known, Lines, Suppressor, Version};
use leadtone::render::{CheckFormat, Layout, document_line, error_line, render_check};
use leadtone::report::{DocumentId, DocumentReport, ErrorReport, Failure, ScanReport};
use leadtone::scan::{self, ScanOptions, Scanned};
use leadtone::source::Source;
use std::collections::BTreeMap;
use std::env;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Documents that are compared with their older versions at a time: these are held in memory.
const COMPARED: usize = 64;

/// Checks and writes the report.
///
/// # Errors
/// If the output cannot be written.
pub fn run(settings: &CheckSettings, interrupt: &Interrupt) -> anyhow::Result<Exit> {
    let common = &settings.common;
    let Found { sources, failures, exit } = match find(common, interrupt)? {
        Input::Answered(exit) => return Ok(exit),
        Input::Found(found) => found,
    };
    let is_empty = sources.is_empty();
    let baseline =
        settings.baseline.as_deref().map(|path| BaselineFile::load(path, settings.updates_baseline)).transpose()?;
    let work = match &settings.since {
        None => Work::All(sources),
        Some(revision) => Work::Changed(revision, git::changed(revision, sources)?),
    };
    if let Work::Changed(revision, changed) = &work
        && changed.is_empty()
        && !is_empty
        && failures.is_empty()
        && !common.is_quiet
    {
        message(format_args!("nothing has changed since {revision}"));
    }
    let total = match &work {
        Work::All(sources) => sources.len(),
        Work::Changed(_, changed) => changed.len(),
    };
    let mut check = Check {
        settings,
        baseline,
        versions: BTreeMap::new(),
        file: None,
        gate: Gate::new(&common.lexicon, settings.shown),
        suppressor: Suppressor::new(&common.suppressions),
        // Its verdict is the exit code, and there may be a baseline to write.
        output: Output::open(common.output.as_deref(), interrupt)?.going_on(),
        documents: Vec::new(),
        failures: Vec::new(),
        has_failed: exit == Exit::Failure,
        is_refused: false,
        progress: Progress::new(Some(total as u64), common.scan.done.clone(), common.is_quiet),
    };
    for Failure { path, reason } in failures {
        let error = ErrorReport::of_path(path.clone(), reason.clone());
        check.fail(Failure { path, reason }, &error)?;
    }
    match &work {
        Work::All(sources) => check.scan(sources)?,
        Work::Changed(revision, changed) => {
            for changed in changed.chunks(COMPARED) {
                check.read_versions(revision, changed)?;
                check.scan(&changed.iter().map(|changed| changed.source.clone()).collect::<Vec<_>>())?;
            }
        }
    }
    check.finish(interrupt)
}

/// What there is to check.
enum Work<'a> {
    /// All that was found.
    All(Vec<Source>),
    /// What changed since a revision.
    Changed(&'a str, Vec<Changed>),
}

/// A file whose documents are being checked.
struct File {
    /// Its path; empty for standard input without a name.
    path: String,
    /// What is left of what it was.
    before: Before,
    /// What its baseline is to hold.
    accepted: Known,
}

/// A check under way.
struct Check<'a> {
    settings: &'a CheckSettings,
    gate: Gate<'a>,
    suppressor: Suppressor<'a>,
    baseline: Option<BaselineFile>,
    /// What the next documents were, by path, and which of their lines changed.
    versions: BTreeMap<String, (Version, Option<Lines>)>,
    /// The file that the last document was of.
    file: Option<File>,
    output: Output,
    /// Empty where documents are written as they come.
    documents: Vec<DocumentReport>,
    failures: Vec<Failure>,
    has_failed: bool,
    is_refused: bool,
    progress: Progress,
}

impl Check<'_> {
    fn scan(&mut self, sources: &[Source]) -> io::Result<()> {
        let common = &self.settings.common;
        scan::scan(sources, &common.lexicon, &common.scan, &mut |scanned| self.take(scanned))
    }

    /// Reads what files were.
    fn read_versions(&mut self, revision: &str, changed: &[Changed]) -> anyhow::Result<()> {
        self.versions.clear();
        let common = &self.settings.common;
        let mut sources = Vec::new();
        for Changed { source, old } in changed {
            let mut version = Version::none(revision.to_owned());
            let mut lines = None;
            if let Some(old) = old {
                version = Version::new(revision.to_owned(), old.path.to_string_lossy().into_owned());
                sources.push(Source::held(source.path().to_owned(), old.read()?));
                if self.settings.is_by_line && !source.is_stdin() {
                    lines = old.changed_lines()?;
                }
            }
            self.versions.insert(source.name(), (version, lines));
        }
        let (gate, versions) = (&self.gate, &mut self.versions);
        // What was suppressed then was not there, either.
        let mut suppressor = Suppressor::new(&common.suppressions);
        let options = ScanOptions { allows_empty: true, done: Arc::default(), ..common.scan.clone() };
        scan::scan(&sources, &common.lexicon, &options, &mut |scanned| {
            match scanned {
                Scanned::Document(document) => {
                    let path = document.path.clone().unwrap_or_default();
                    let (document, _) = suppressor.apply(gate, *document, &path);
                    versions.entry(path).and_modify(|(version, _)| version.add(&document));
                }
                Scanned::Failed { failure, .. } => {
                    message(format_args!("{} as it was in {revision}: {}", failure.path, failure.reason));
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    fn take(&mut self, scanned: Scanned) -> io::Result<()> {
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
        let path = document.path.clone().or_else(|| Source::stdin(common.walk.stdin_name.clone()).path_for_rules());
        let profile = common.profiles.of(path.as_deref(), document.format);
        let (document, warnings) = self.suppressor.apply(&self.gate, document, path.as_deref().unwrap_or("-"));
        warnings.iter().for_each(|warning| self.progress.aside(|| message(format_args!("warning: {warning}"))));
        let path = path.unwrap_or_default();
        if self.file.as_ref().is_none_or(|file| file.path != path) {
            self.leave();
        }
        let file = self.file.get_or_insert_with(|| {
            let (version, lines) = self.versions.remove(&path).unzip();
            let baseline = self.baseline.as_ref().filter(|baseline| !path.is_empty() && !baseline.is_updated());
            let baseline = baseline.map(|baseline| baseline.known(&path)).unwrap_or_default();
            let before = Before { version, lines: lines.flatten(), baseline, spared: Known::default() };
            File { path, before, accepted: Known::default() }
        });
        if self.settings.updates_baseline {
            file.before.baseline = self.gate.breaking(&document, profile);
            file.accepted.extend(&file.before.baseline);
        }
        let document = self.gate.check_news(document, profile, &mut file.before);
        self.is_refused |= gate::is_refused(&document);
        if self.is_streamed() {
            return document_line(&document, &mut self.output);
        }
        self.documents.push(document);
        Ok(())
    }

    /// Notes what became of the file that the last document was of.
    fn leave(&mut self) {
        let (Some(file), Some(baseline)) = (self.file.take(), &mut self.baseline) else { return };
        if !file.path.is_empty() {
            let gone = file.before.baseline.without(&file.before.spared);
            let known = if baseline.is_updated() { file.accepted } else { gone };
            baseline.note(&file.path, known);
        }
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

    fn finish(mut self, interrupt: &Interrupt) -> anyhow::Result<Exit> {
        self.progress.finish();
        self.leave();
        for warning in self.suppressor.stale(self.settings.common.is_whole && self.settings.since.is_none()) {
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
        if let Some(baseline) = self.baseline {
            baseline.finish(self.settings.common.is_quiet, interrupt)?;
        }
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
