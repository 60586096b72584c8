//! A comment on a pull request: a row a document, and the sentences to look at, folded up by document.
//!
//! Sites take no comment above a certain length. Documents that fail come first; what has no room is counted, and said.

use super::SHOWN;
use super::annotation::meaning;
use super::outcome::{said, totals};
use crate::document::Location;
use crate::render::markdown::escape;
use crate::render::terminal::visible;
use crate::render::{documents as counted, interval, percent};
use crate::report::{Counts, DocumentReport, Finding, GateResult, ScanReport};
use crate::span::Span;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// What a comment may come to, in bytes. GitHub takes 65,536 characters; a bot may want to add some.
const ROOM: usize = 60_000;

/// What the table of documents may come to.
const ROOM_OF_TABLE: usize = 20_000;

/// What is kept for saying what was left out.
const ROOM_OF_REST: usize = 400;

/// Tells a bot which comment is its own.
const MARK: &str = "<!-- leadtone check -->";

/// What fails before what passes.
const ORDER: [GateResult; 3] = [GateResult::Fail, GateResult::NotJudged, GateResult::Pass];

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let documents: Vec<&DocumentReport> = ORDER
        .into_iter()
        .flat_map(|result| report.documents.iter().filter(move |document| result_of(document) == result))
        .collect();
    let verdict = match report.gate.unwrap_or_default().fail {
        0 if report.failures.is_empty() => "passed",
        0 => "not complete",
        _ => "failed",
    };
    let mut comment = format!("{MARK}\n### leadtone check: {verdict}\n\n{}.\n", totals(report));
    table(&documents, &mut comment);
    unread(report, &mut comment);
    findings(&documents, &mut comment);
    out.write_all(comment.as_bytes())
}

fn result_of(document: &DocumentReport) -> GateResult {
    document.outcome.as_ref().map_or(GateResult::NotJudged, |outcome| outcome.result)
}

fn table(documents: &[&DocumentReport], comment: &mut String) {
    if documents.is_empty() {
        return;
    }
    *comment +=
        "\n| document | result | directive | empowering | mixed | neutral | empowering share | 95% interval |\n";
    *comment += "| --- | --- | ---: | ---: | ---: | ---: | ---: | :---: |\n";
    for (place, document) in documents.iter().enumerate() {
        let row = row(document);
        if comment.len() + row.len() > ROOM_OF_TABLE {
            *comment += &format!(
                "\n**Left out of the table**, for which a comment has no room: {}.\n",
                counted(rest(documents, place))
            );
            return;
        }
        *comment += &row;
    }
}

fn row(document: &DocumentReport) -> String {
    let Counts { directive, empowering, mixed, neutral, .. } = document.counts;
    let result = match result_of(document) {
        GateResult::Fail => "**fail**",
        GateResult::Pass => "pass",
        GateResult::NotJudged => "not judged",
    };
    let share = document.share.map_or_else(|| "-".to_owned(), |share| percent(share.empowering));
    let interval = document.share.map_or_else(|| "-".to_owned(), |share| interval(share, "–"));
    let name = quoted(&document.id.to_string());
    format!("| {name} | {result} | {directive} | {empowering} | {mixed} | {neutral} | {share} | {interval} |\n")
}

fn unread(report: &ScanReport, comment: &mut String) {
    if report.failures.is_empty() {
        return;
    }
    *comment += "\nNot read:\n\n";
    for (place, failure) in report.failures.iter().enumerate() {
        let line = format!("- {}: {}\n", quoted(&failure.path), quoted(&failure.reason));
        if comment.len() + line.len() > 2 * ROOM_OF_TABLE {
            *comment += &format!("- and {} more\n", rest(&report.failures, place));
            return;
        }
        *comment += &line;
    }
}

fn findings(documents: &[&DocumentReport], comment: &mut String) {
    let mut left_out = 0;
    for document in documents {
        let findings = document.findings.as_deref().unwrap_or_default();
        if findings.is_empty() && result_of(document) != GateResult::Fail {
            continue;
        }
        let (head, foot) = (head(document, findings.len()), "\n</details>\n");
        let room = ROOM.checked_sub(ROOM_OF_REST + comment.len() + head.len() + foot.len());
        let shown = first(findings, room.unwrap_or_default());
        let missing = rest(findings, shown.len());
        left_out += missing;
        if room.is_some() && (missing == 0 || !shown.is_empty()) {
            *comment += &head;
            *comment += if shown.is_empty() { "" } else { "\n" };
            *comment += &shown.concat();
            if missing > 0 {
                *comment += &format!("- and {missing} more\n");
            }
            *comment += foot;
        }
    }
    if left_out > 0 {
        let sentences = if left_out == 1 { "1 sentence" } else { &format!("{left_out} sentences") };
        *comment += &format!(
            "\n**Left out: {sentences} to look at**, for which a comment has no room. `leadtone check` shows all of them.\n"
        );
    }
}

/// The first findings, as many as there is room for.
fn first(findings: &[Finding], mut room: usize) -> Vec<String> {
    let fits = |item: &String| {
        let left = room.checked_sub(item.len());
        room = left.unwrap_or_default();
        left.is_some()
    };
    // An article is named where it first bears on a document, not at each of a hundred sentences.
    let mut cited = BTreeSet::new();
    findings.iter().map(|finding| item(finding, &mut cited)).take_while(fits).collect()
}

/// How many there are from that place on.
fn rest<T>(all: &[T], place: usize) -> u64 {
    all[place..].len() as u64
}

/// What opens the part of a document: its name, how many sentences follow, and what the gate says.
fn head(document: &DocumentReport, findings: usize) -> String {
    let count = match findings {
        0 => String::new(),
        1 => ": 1 sentence to look at".to_owned(),
        _ => format!(": {findings} sentences to look at"),
    };
    let outcome = document.outcome.as_ref().map_or_else(String::new, |outcome| {
        format!("{}: {}\n", quoted(&outcome.profile), quoted(&said(outcome, "–").join("; ")))
    });
    format!("\n<details><summary>{}{count}</summary>\n\n{outcome}", html(&document.id.to_string()))
}

fn item<'r>(finding: &'r Finding, cited: &mut BTreeSet<&'r str>) -> String {
    let sentence = &finding.sentence;
    let place = match sentence.location {
        Location::Line { line, .. } => format!("line {line}"),
        location @ (Location::Paragraph { .. } | Location::Page { .. }) => location.to_string(),
    };
    let mut item = format!("- **{place}**, {}: {}\n", sentence.label.name(), marked(finding));
    for reason in finding.reasons.iter().take(SHOWN) {
        item += &format!("  - {}: {}", quoted(&reason.entry), quoted(meaning(reason)));
        if !reason.source.is_empty() && cited.insert(&reason.source) {
            item += &format!(" <sub>{}</sub>", quoted(&reason.source));
        }
        item.push('\n');
    }
    for rewrite in &finding.instead {
        let words =
            if rewrite.words.is_empty() { String::new() } else { format!(" of \"{}\"", quoted(&rewrite.words)) };
        item += &format!("  - instead{words}: {}\n", quoted(&rewrite.text));
    }
    item
}

/// A sentence with what was found underlined.
fn marked(finding: &Finding) -> String {
    let text = &finding.sentence.text;
    let mut marked = String::new();
    let mut at = 0;
    for found in &finding.sentence.evidence {
        let span = Span::new(found.at.start.max(at), found.at.end.max(at));
        if !span.is_empty() && finding.reasons.iter().any(|reason| reason.entry == found.entry) {
            marked += &format!("{}<ins>{}</ins>", quoted(&text[at..span.start]), quoted(span.of(text)));
            at = span.end;
        }
    }
    // What touches is underlined in one.
    marked.replace("</ins><ins>", "") + &quoted(&text[at..])
}

/// Text that stays text and calls nobody: what begins a mention, a reference or an address is cut off from the rest.
fn quoted(text: &str) -> String {
    uncalled(text, escape)
}

/// The same where Markdown does not reach.
fn html(text: &str) -> String {
    uncalled(text, |text| visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

fn uncalled(text: &str, escape: impl Fn(&str) -> String) -> String {
    const NOTHING: &str = "<!-- -->";
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(['@', '#', '.']) {
        out += &escape(piece);
        if piece.ends_with(['@', '#']) || piece.to_ascii_lowercase().ends_with("www.") {
            out += NOTHING;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{html, quoted};

    #[test]
    fn text_calls_nobody() {
        for (text, expected) in [
            ("@ana and #12", "@<!-- -->ana and #<!-- -->12"),
            ("see WWW.x.example", "see WWW.<!-- -->x.example"),
            ("<b>*x*</b>", r"&lt;b&gt;\*x\*&lt;/b&gt;"),
            ("https://x.example", "https&#58;//x.example"),
            ("One. Two.", "One. Two."),
        ] {
            assert_eq!(quoted(text), expected);
        }
        assert_eq!(html("*x* <img src=x onerror=y> @ana"), "*x* &lt;img src=x onerror=y&gt; @<!-- -->ana");
    }
}
