//! The outputs of a check, one file each.

mod annotation;
mod checkstyle;
mod fingerprint;
mod github;
mod gitlab;
mod junit;
mod markdown;
mod outcome;
mod rdjsonl;
mod sarif;
mod text;
mod xml;

use super::{Layout, json, jsonl};
use crate::report::ScanReport;
use std::io::{self, Write};

/// Reasons of one sentence that are shown: the weightiest.
const SHOWN: usize = 3;

/// An output of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckFormat {
    /// For people, on a terminal.
    Text,
    /// One JSON object.
    Json,
    /// A JSON object per document.
    Jsonl,
    /// For code scanning and editors.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// A test report.
    Junit,
    /// For what shows findings of linters.
    Checkstyle,
    /// For reviewdog.
    Rdjsonl,
    /// A comment on a pull request.
    Markdown,
}

impl CheckFormat {
    /// Every output, in the order of the declaration.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Checkstyle,
        Self::Rdjsonl,
        Self::Markdown,
    ];

    /// The name it is asked for by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Checkstyle => "checkstyle",
            Self::Rdjsonl => "rdjsonl",
            Self::Markdown => "markdown",
        }
    }

    /// The output of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether its readers look paths up in a repository, so that they should begin at the current folder; the others
    /// show paths as they were reached.
    #[must_use]
    pub const fn is_of_repository(self) -> bool {
        match self {
            Self::Text | Self::Json | Self::Jsonl => false,
            Self::Sarif
            | Self::Github
            | Self::Gitlab
            | Self::Junit
            | Self::Checkstyle
            | Self::Rdjsonl
            | Self::Markdown => true,
        }
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
        CheckFormat::Sarif => sarif::render(report, out),
        CheckFormat::Github => github::render(report, out),
        CheckFormat::Gitlab => gitlab::render(report, out),
        CheckFormat::Junit => junit::render(report, out),
        CheckFormat::Checkstyle => checkstyle::render(report, out),
        CheckFormat::Rdjsonl => rdjsonl::render(report, out),
        CheckFormat::Markdown => markdown::render(report, out),
    }
}
