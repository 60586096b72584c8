//! Rows for spreadsheets: one per document, then one per group and per failure, told apart by the column `row`; with
//! sentences, one per sentence below its document. Fields carried through are columns `field.NAME`.
//!
//! There is no row for the total, so that summing a column of one kind of row is right.

use super::terminal::{acts, visible};
use crate::report::{Counts, DocumentReport, Failure, GroupReport, Lean, Per100, ScanReport, SentenceReport, Share};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

const COLUMNS: &[&str] = &[
    "row",
    "id",
    "path",
    "sender",
    "format",
    "language",
    "status",
    "documents",
    "sentences",
    "directive",
    "empowering",
    "mixed",
    "neutral",
    "ratio",
    "share",
    "low",
    "high",
    "lean",
    "directive_per_100",
    "empowering_per_100",
    "principles",
    "reason",
];

const SENTENCE_COLUMNS: &[&str] = &["place", "start", "end", "label", "confidence", "text", "evidence"];

/// A row by column; what it lacks stays empty.
type Row<'a> = BTreeMap<&'a str, String>;

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let mut columns = COLUMNS.to_vec();
    if report.documents.iter().any(|document| document.sentences.is_some()) {
        columns.extend(SENTENCE_COLUMNS);
    }
    let fields: BTreeSet<&String> = report.documents.iter().flat_map(|document| document.fields.keys()).collect();
    let fields: Vec<String> = fields.into_iter().map(|field| format!("field.{field}")).collect();
    columns.extend(fields.iter().map(String::as_str));
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(&columns)?;
    let mut write = |row: Row<'_>| {
        let cells = columns.iter().map(|column| row.get(column).map(|cell| inert(cell)).unwrap_or_default());
        writer.write_record(cells)
    };
    for document in &report.documents {
        let mut row = document_row(document);
        let carried = fields.iter().filter_map(|column| {
            let value = document.fields.get(column.strip_prefix("field.")?)?;
            Some((column.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        });
        row.extend(carried);
        write(row)?;
        for sentence in document.sentences.iter().flatten() {
            write(sentence_row(document, sentence))?;
        }
    }
    for group in &report.groups {
        write(group_row(group))?;
    }
    for failure in &report.failures {
        write(failure_row(failure))?;
    }
    writer.flush()
}

fn document_row(document: &DocumentReport) -> Row<'static> {
    let mut row = Row::from([
        ("row", "document".to_owned()),
        ("id", document.id.to_string()),
        ("path", document.path.clone().unwrap_or_default()),
        ("format", document.format.name().to_owned()),
        ("language", document.language.clone().unwrap_or_default()),
        ("status", document.status.name().to_owned()),
        ("sender", document.sender.clone().unwrap_or_default()),
    ]);
    numbers(&mut row, &document.counts, document.ratio, document.share, document.lean, document.per_100);
    row.insert("principles", principles(&document.principles));
    row
}

fn sentence_row(document: &DocumentReport, sentence: &SentenceReport) -> Row<'static> {
    let evidence: Vec<&str> = sentence.evidence.iter().map(|evidence| evidence.entry.as_str()).collect();
    Row::from([
        ("row", "sentence".to_owned()),
        ("id", document.id.to_string()),
        ("path", document.path.clone().unwrap_or_default()),
        ("place", sentence.location.to_string()),
        ("start", sentence.span.start.to_string()),
        ("end", sentence.span.end.to_string()),
        ("label", sentence.label.name().to_owned()),
        ("confidence", sentence.confidence.to_string()),
        ("text", sentence.text.clone()),
        ("evidence", evidence.join(" ")),
    ])
}

fn group_row(group: &GroupReport) -> Row<'static> {
    let documents = group.documents.to_string();
    let mut row = Row::from([("row", "group".to_owned()), ("id", group.group.clone()), ("documents", documents)]);
    numbers(&mut row, &group.counts, group.ratio, group.share, group.lean, group.per_100);
    row.insert("principles", principles(&group.principles));
    row
}

fn failure_row(failure: &Failure) -> Row<'static> {
    Row::from([
        ("row", "failure".to_owned()),
        ("id", failure.path.clone()),
        ("path", failure.path.clone()),
        ("reason", failure.reason.clone()),
    ])
}

fn numbers(row: &mut Row<'_>, counts: &Counts, ratio: Option<f64>, share: Option<Share>, lean: Lean, per_100: Per100) {
    row.insert("sentences", counts.sentences.to_string());
    row.insert("directive", counts.directive.to_string());
    row.insert("empowering", counts.empowering.to_string());
    row.insert("mixed", counts.mixed.to_string());
    row.insert("neutral", counts.neutral.to_string());
    row.extend(ratio.map(|ratio| ("ratio", ratio.to_string())));
    if let Some(share) = share {
        row.insert("share", share.empowering.to_string());
        row.insert("low", share.low.to_string());
        row.insert("high", share.high.to_string());
    }
    row.insert("lean", lean.name().to_owned());
    row.insert("directive_per_100", per_100.directive.to_string());
    row.insert("empowering_per_100", per_100.empowering.to_string());
}

fn principles(principles: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> = principles.iter().map(|(principle, count)| format!("{principle}={count}")).collect();
    parts.join(" ")
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection): a leading quote makes it text. A number stays
/// one. What acts on a terminal is written out; line breaks and tabs are text in a quoted cell.
fn inert(cell: &str) -> String {
    let is_text = |c: char| matches!(c, '\n' | '\r' | '\t');
    let cell = if cell.contains(|c| acts(c) && !is_text(c)) {
        let pieces = cell.split_inclusive(is_text).map(|piece| {
            let text = piece.trim_end_matches(is_text);
            format!("{}{}", visible(text), &piece[text.len()..])
        });
        Cow::Owned(pieces.collect::<String>())
    } else {
        Cow::Borrowed(cell)
    };
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !is_negative_number(&cell)
    {
        format!("'{cell}")
    } else {
        cell.into_owned()
    }
}

/// Whether a cell is wholly a number below zero, which nothing can hide in.
fn is_negative_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit()));
    digits.is_some_and(|digits| digits.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn cells_that_would_run_become_text() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-dash", "'-dash"),
            ("-5", "-5"),
            ("-0.25e3", "-0.25e3"),
            ("-5+1", "'-5+1"),
            ("--5", "'--5"),
            ("-5 ", "'-5 "),
            ("-inf", "'-inf"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("plain", "plain"),
            ("a=b", "a=b"),
            ("\u{1b}[31m=1\ttwo\nlines\u{202e}", "\\u{1b}[31m=1\ttwo\nlines\\u{202e}"),
            ("", ""),
        ] {
            assert_eq!(inert(cell), expected, "{cell:?}");
        }
    }
}
