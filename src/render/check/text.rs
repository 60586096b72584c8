//! A check for people: each sentence to look at, with what was found marked below it, what that means and what to say in
//! its place; a line for each document; a line for all of them.

use super::SHOWN;
use super::annotation::meaning;
use super::outcome::{said, totals};
use crate::render::terminal::{Style, label_style, stance_style, visible, width, wrap};
use crate::render::{Layout, percent};
use crate::report::{DocumentReport, Finding, GateResult, Outcome, Reason, ScanReport, SentenceReport, Suppressed};
use crate::span::Span;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Columns before what belongs to a finding.
const INDENT: &str = "  ";

/// What stands before the lines that go on.
const HANGING: &str = "    ";

pub(super) fn render(report: &ScanReport, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let text = Text { layout };
    for document in &report.documents {
        let findings = document.findings.as_deref().unwrap_or_default();
        // An article is named where it first bears on a document, not at each of a hundred sentences.
        let mut cited = BTreeSet::new();
        for finding in findings {
            text.finding(document, finding, &mut cited, out)?;
            writeln!(out)?;
        }
        for suppressed in &document.suppressed {
            text.suppressed(document, suppressed, out)?;
            writeln!(out)?;
        }
        if let Some(outcome) = &document.outcome {
            text.outcome(document, outcome, out)?;
        }
        if !findings.is_empty() || !document.suppressed.is_empty() {
            writeln!(out)?;
        }
    }
    text.summary(report, out)
}

struct Text {
    layout: Layout,
}

impl Text {
    fn paint(&self, style: Style, text: &str) -> String {
        style.paint(text, self.layout.has_color)
    }

    fn dash(&self) -> &'static str {
        if self.layout.has_unicode { "–" } else { "-" }
    }

    fn place(&self, document: &DocumentReport, sentence: &SentenceReport) -> String {
        self.paint(Style::Bold, &format!("{}:", visible(&document.place(sentence.location))))
    }

    fn finding<'r>(
        &self,
        document: &DocumentReport,
        finding: &'r Finding,
        cited: &mut BTreeSet<&'r str>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let sentence = &finding.sentence;
        let place = self.place(document, sentence);
        let label = self.paint(label_style(sentence.label), sentence.label.name());
        writeln!(out, "{place} {label} ({} sure)", percent(sentence.confidence))?;
        let is_reason = |entry: &str| finding.reasons.iter().any(|reason| reason.entry == entry);
        let found: Vec<Span> =
            sentence.evidence.iter().filter(|found| is_reason(&found.entry)).map(|found| found.at).collect();
        for line in wrap(&sentence.text, self.room(INDENT)) {
            let line = Span::new(line.start, line.end);
            writeln!(out, "{INDENT}{}", visible(line.of(&sentence.text)))?;
            let marks = marks(&sentence.text, line, &found);
            if !marks.is_empty() {
                writeln!(out, "{INDENT}{}", self.paint(label_style(sentence.label), &marks))?;
            }
        }
        for reason in finding.reasons.iter().take(SHOWN) {
            self.reason(reason, cited.insert(&reason.source), out)?;
        }
        for rewrite in &finding.instead {
            let words = if rewrite.words.is_empty() { String::new() } else { format!(" of \"{}\"", rewrite.words) };
            self.wrapped(&format!("instead{words}: {}", rewrite.text), Style::Plain, INDENT, out)?;
        }
        Ok(())
    }

    fn suppressed(&self, document: &DocumentReport, suppressed: &Suppressed, out: &mut dyn Write) -> io::Result<()> {
        let sentence = &suppressed.finding.sentence;
        let place = self.place(document, sentence);
        writeln!(out, "{place} {}, suppressed", sentence.label.name())?;
        self.wrapped(&sentence.text, Style::Dim, INDENT, out)?;
        self.wrapped(&format!("{}: {}", suppressed.by, suppressed.reason), Style::Plain, INDENT, out)
    }

    fn reason(&self, reason: &Reason, is_first: bool, out: &mut dyn Write) -> io::Result<()> {
        let said = format!("{}: {}", reason.entry, meaning(reason));
        for line in wrap(&said, self.room(HANGING)) {
            let words = visible(&said[line.start..line.end]);
            match words.strip_prefix(&reason.entry) {
                Some(rest) if line.start == 0 => {
                    let entry = self.paint(stance_style(reason.stance), &reason.entry);
                    writeln!(out, "{INDENT}{entry}{rest}")?;
                }
                Some(_) | None => writeln!(out, "{HANGING}{words}")?,
            }
        }
        if is_first && !reason.source.is_empty() {
            self.wrapped(&reason.source, Style::Dim, HANGING, out)?;
        }
        Ok(())
    }

    fn outcome(&self, document: &DocumentReport, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let (word, style) = match outcome.result {
            GateResult::Pass => ("pass", Style::Bold),
            GateResult::Fail => ("fail", Style::Directive),
            GateResult::NotJudged => ("not judged", Style::Dim),
        };
        let said = said(outcome, self.dash());
        let id = document.id.to_string();
        let head = format!("{}: {}", self.paint(style, word), visible(&id));
        let details = format!("{}: {}", visible(&outcome.profile), said.join("; "));
        if width(word) + width(&visible(&id)) + width(&details) + 5 <= self.layout.width {
            return writeln!(out, "{head} ({details})");
        }
        writeln!(out, "{head}")?;
        self.wrapped(&details, Style::Plain, INDENT, out)
    }

    fn summary(&self, report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.paint(Style::Bold, &totals(report)))
    }

    fn wrapped(&self, text: &str, style: Style, indent: &str, out: &mut dyn Write) -> io::Result<()> {
        for (number, line) in wrap(text, self.room(indent).saturating_sub(INDENT.len())).into_iter().enumerate() {
            let further = if number > 0 { INDENT } else { "" };
            writeln!(out, "{indent}{further}{}", self.paint(style, &visible(&text[line])))?;
        }
        Ok(())
    }

    fn room(&self, indent: &str) -> usize {
        self.layout.width.saturating_sub(indent.len())
    }
}

/// A line of marks below what was found in a line of `text`; `found` is in the order of the text.
fn marks(text: &str, line: Span, found: &[Span]) -> String {
    let columns = |start: usize, end: usize| width(&visible(&text[start..end]));
    let (mut marks, mut at) = (String::new(), line.start);
    for span in found {
        let (start, end) = (span.start.max(at), span.end.min(line.end));
        if start < end {
            marks += &" ".repeat(columns(at, start));
            marks += &"^".repeat(columns(start, end));
            at = end;
        }
    }
    marks
}
