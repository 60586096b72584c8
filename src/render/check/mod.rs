//! The outputs of a check, one file each.

mod text;

use super::{Layout, json, jsonl};
use crate::report::ScanReport;
use std::io::{self, Write};

/// An output of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckFormat {
    /// For people, on a terminal.
    Text,
    /// One JSON object.
    Json,
    /// A JSON object per document.
    Jsonl,
}

impl CheckFormat {
    /// Every output, in the order of the declaration.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Jsonl];

    /// The name it is asked for by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
        }
    }

    /// The output of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Writes the report of a check.
///
/// # Errors
/// Those of `out`.
pub fn render_check(report: &ScanReport, format: CheckFormat, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    match format {
        CheckFormat::Text => text::render(report, layout, out),
        CheckFormat::Json => json::render(report, out),
        CheckFormat::Jsonl => jsonl::render(report, out),
    }
}
