//! What is said of one place in a file: a finding, a document that is past its limits, a file that could not be read.
//!
//! What all formats for other programs have in common. How each of them writes it is theirs.

use super::SHOWN;
use super::fingerprint::Fingerprints;
use super::outcome::{broken, said};
use crate::document::Location;
use crate::label::Label;
use crate::render::terminal::visible;
use crate::report::{DocumentReport, Failure, Finding, GateResult, Outcome, Reason, ScanReport, Suppressed};
use std::borrow::Cow;

/// Characters of a sentence that are told: a place has to be recognised, not read.
const RECOGNISED: usize = 300;

/// The rule of a document that is past its limits.
pub(super) const LIMITS: &str = "gate.limits";

/// The rule of a file that could not be read.
pub(super) const UNREADABLE: &str = "gate.unreadable";

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// The gate says no, or could not say anything.
    Error,
    /// To look at, in a document that passes.
    Warning,
    /// Praise.
    Note,
}

/// What is said of one place.
#[derive(Debug)]
pub(super) struct Annotation<'r> {
    /// What names the document, as places in it do.
    pub id: String,
    /// The file, with forward slashes.
    pub path: String,
    /// Where in it; nothing for all of it.
    pub location: Option<Location>,
    /// Where that ends.
    pub end: Option<Location>,
    /// How grave it is.
    pub level: Level,
    /// What it is about: the id of the weightiest entry, or of a rule of the gate.
    pub rule: &'r str,
    /// A few words for it.
    pub title: String,
    /// What there is to say, line by line. Nothing in it acts on a terminal.
    pub lines: Vec<String>,
    /// Tells it from all others and stays as it is when lines move.
    pub fingerprint: String,
    /// What is behind it, where it is a sentence.
    pub reasons: &'r [Reason],
    /// Why it does not count, where somebody said so.
    pub suppressed: Option<&'r Suppressed>,
}

impl Annotation<'_> {
    /// The first line, if the place has one.
    pub fn line(&self) -> Option<u32> {
        match self.location? {
            Location::Line { line, .. } => Some(line),
            Location::Paragraph { .. } | Location::Page { .. } => None,
        }
    }

    /// The first column in characters, if the place has one.
    pub fn column(&self) -> Option<u32> {
        match self.location? {
            Location::Line { column, .. } => Some(column),
            Location::Paragraph { .. } | Location::Page { .. } => None,
        }
    }

    /// The line and the column that it ends before, if the place has them.
    pub fn end(&self) -> Option<(u32, u32)> {
        match self.end? {
            Location::Line { line, column } => Some((line, column)),
            Location::Paragraph { .. } | Location::Page { .. } => None,
        }
    }

    /// A number for formats that cannot do without a line: where there are none, that of the paragraph or the page, which
    /// the text names too; for all of a file its first.
    pub fn number(&self) -> u32 {
        match self.location {
            Some(Location::Line { line, .. }) => line,
            Some(Location::Paragraph { paragraph }) => paragraph,
            Some(Location::Page { page }) => page,
            None => 1,
        }
    }

    /// All that there is to say, in one line.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }
}

/// Everything that a report says of places: document by document, the outcome first, since some who show it stop after
/// the first few; then what could not be read.
pub(super) fn annotations(report: &ScanReport) -> Vec<Annotation<'_>> {
    let mut annotations = with_suppressed(report);
    annotations.retain(|annotation| annotation.suppressed.is_none());
    annotations
}

/// The same, with the sentences that do not count after those of their document that do.
pub(super) fn with_suppressed(report: &ScanReport) -> Vec<Annotation<'_>> {
    let mut fingerprints = Fingerprints::default();
    let mut annotations = Vec::new();
    for document in &report.documents {
        if let Some(outcome) = document.outcome.as_ref().filter(|outcome| outcome.result == GateResult::Fail) {
            annotations.push(of_outcome(document, outcome, &mut fingerprints));
        }
        annotations.extend(of_findings(document, &mut fingerprints));
        annotations.extend(document.suppressed.iter().map(|suppressed| {
            let annotation = of_finding(document, &suppressed.finding, &mut fingerprints);
            Annotation { suppressed: Some(suppressed), ..annotation }
        }));
    }
    annotations.extend(report.failures.iter().map(|failure| of_failure(failure, &mut fingerprints)));
    annotations
}

/// What is said of the sentences of one document.
pub(super) fn of_findings<'r>(document: &'r DocumentReport, fingerprints: &mut Fingerprints) -> Vec<Annotation<'r>> {
    document.findings.iter().flatten().map(|finding| of_finding(document, finding, fingerprints)).collect()
}

fn of_outcome<'r>(document: &'r DocumentReport, outcome: &Outcome, fingerprints: &mut Fingerprints) -> Annotation<'r> {
    let path = path(document);
    let mut reasons = broken(outcome);
    if reasons.is_empty() {
        reasons = said(outcome, "–");
    }
    let line = format!("{} is past the limits of {}: {}.", document.id, outcome.profile, reasons.join("; "));
    Annotation {
        fingerprint: fingerprints.of(&path, LIMITS, &document.id.to_string()),
        id: document.id.to_string(),
        path,
        location: None,
        end: None,
        level: Level::Error,
        rule: LIMITS,
        title: "past its limits".to_owned(),
        lines: vec![visible(&line).into_owned()],
        reasons: &[],
        suppressed: None,
    }
}

fn of_finding<'r>(document: &DocumentReport, finding: &'r Finding, fingerprints: &mut Fingerprints) -> Annotation<'r> {
    let path = path(document);
    let sentence = &finding.sentence;
    let rule = finding.reasons.first().map_or(sentence.label.name(), |reason| &reason.entry);
    let is_refused = document.outcome.as_ref().is_some_and(|outcome| outcome.result == GateResult::Fail);
    let level = match (sentence.label, is_refused) {
        (Label::Directive | Label::Mixed, true) => Level::Error,
        (Label::Directive | Label::Mixed, false) => Level::Warning,
        (Label::Empowering | Label::Neutral, _) => Level::Note,
    };
    Annotation {
        fingerprint: fingerprints.of(&path, "sentence", &sentence.text),
        lines: lines(document, finding, &path),
        id: document.id.to_string(),
        path,
        location: Some(sentence.location),
        end: sentence.end,
        level,
        rule,
        title: visible(&format!("{} ({rule})", sentence.label.name())).into_owned(),
        reasons: &finding.reasons,
        suppressed: None,
    }
}

fn of_failure(failure: &Failure, fingerprints: &mut Fingerprints) -> Annotation<'static> {
    let path = slashed(&failure.path);
    Annotation {
        fingerprint: fingerprints.of(&path, UNREADABLE, ""),
        lines: vec![visible(&format!("Cannot be read: {}.", failure.reason)).into_owned()],
        id: failure.path.clone(),
        path,
        location: None,
        end: None,
        level: Level::Error,
        rule: UNREADABLE,
        title: "cannot be read".to_owned(),
        reasons: &[],
        suppressed: None,
    }
}

/// What there is to say of a sentence.
fn lines(document: &DocumentReport, finding: &Finding, path: &str) -> Vec<String> {
    let sentence = &finding.sentence;
    let label = match sentence.label {
        Label::Directive => "Directive",
        Label::Empowering => "Empowering",
        Label::Mixed => "Mixed",
        Label::Neutral => "Neutral",
    };
    let mut place = Vec::new();
    let id = document.id.to_string();
    if slashed(&id) != path {
        place.push(id);
    }
    match sentence.location {
        Location::Line { .. } => {}
        location @ (Location::Paragraph { .. } | Location::Page { .. }) => place.push(location.to_string()),
    }
    let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(", ")) };
    let mut lines = vec![format!("{label}{place}: \"{}\"", shortened(&sentence.text))];
    for reason in finding.reasons.iter().take(SHOWN) {
        lines.push(format!("{}: {}", reason.entry, meaning(reason)));
    }
    for rewrite in &finding.instead {
        let words = if rewrite.words.is_empty() { String::new() } else { format!(" of \"{}\"", rewrite.words) };
        lines.push(format!("Instead{words}: {}", rewrite.text));
    }
    lines.iter().map(|line| visible(line).into_owned()).collect()
}

/// What an entry means; of one that says nothing, what its principle means.
pub(super) fn meaning(reason: &Reason) -> &str {
    if reason.note.is_empty() { &reason.about } else { &reason.note }
}

/// The file of a document: where it was read from, or what standard input is called.
pub(super) fn path(document: &DocumentReport) -> String {
    document.path.as_deref().map_or_else(|| slashed(&document.id.to_string()), slashed)
}

/// A path as all formats write it. Where a backslash is a letter like any other it stays.
fn slashed(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(RECOGNISED) {
        Some((end, _)) => Cow::Owned(format!("{}…", text[..end].trim_end())),
        None => Cow::Borrowed(text),
    }
}
