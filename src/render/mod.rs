//! From a report to bytes, one file per output.
//!
//! Owns the shapes of the outputs and the escaping that each needs: what a document or a path holds never acts on the
//! terminal, spreadsheet or page that shows it. Computes nothing and sorts nothing: what is shown stands in the report.

mod check;
mod csv;
mod evaluation;
mod explanation;
mod json;
mod jsonl;
mod markdown;
mod table;
mod terminal;

pub use check::{CheckFormat, render_check};
pub use evaluation::{EvaluationParts, evaluation};
pub use explanation::{entries, entry, explanations};
pub use json::json;
pub use jsonl::{document_line, error_line};
pub use terminal::visible;

use crate::report::{ScanReport, Share, Status};
use std::io::{self, Write};

/// An output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutputFormat {
    /// For people, on a terminal.
    Table,
    /// One JSON object.
    Json,
    /// A JSON object per document.
    Jsonl,
    /// For spreadsheets.
    Csv,
    /// For pull requests and wikis.
    Markdown,
}

impl OutputFormat {
    /// Every output, in the order of the declaration.
    pub const ALL: [Self; 5] = [Self::Table, Self::Json, Self::Jsonl, Self::Csv, Self::Markdown];

    /// The name it is asked for by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
        }
    }

    /// The output of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How a table is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether it shows colour.
    pub has_color: bool,
    /// Whether it shows more than ASCII.
    pub has_unicode: bool,
}

impl Default for Layout {
    /// What is written where there is no terminal.
    fn default() -> Self {
        Self { width: 100, has_color: false, has_unicode: true }
    }
}

/// Writes a report.
///
/// # Errors
/// Those of `out`.
pub fn render(report: &ScanReport, format: OutputFormat, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    match format {
        OutputFormat::Table => table::render(report, layout, out),
        OutputFormat::Json => json::render(report, out),
        OutputFormat::Jsonl => jsonl::render(report, out),
        OutputFormat::Csv => csv::render(report, out),
        OutputFormat::Markdown => markdown::render(report, out),
    }
}

/// A share as a whole percentage.
fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// The interval of a share as whole percentages.
fn interval(share: Share, dash: &str) -> String {
    format!("{:.0}{dash}{:.0}%", share.low * 100.0, share.high * 100.0)
}

/// What a status is called in a sentence.
const fn status_words(status: Status) -> &'static str {
    match status {
        Status::Scored => "scored",
        Status::TooLittleEvidence => "too little evidence",
        Status::NoText => "no text",
        Status::NotEnglish => "not English",
        Status::NotLeadership => "not leadership writing",
    }
}

/// "3 too little evidence, 1 not English": the documents of a report that have no verdict, by status.
fn not_scored(report: &ScanReport) -> String {
    let parts: Vec<String> = Status::ALL
        .into_iter()
        .filter(|status| *status != Status::Scored)
        .filter_map(|status| {
            report.total.statuses.get(status.name()).map(|count| format!("{count} {}", status_words(status)))
        })
        .collect();
    parts.join(", ")
}

/// "1 document", "2 documents".
fn documents(count: u64) -> String {
    if count == 1 { "1 document".to_owned() } else { format!("{count} documents") }
}
