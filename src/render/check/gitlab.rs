//! GitLab's code quality report: the fields of Code Climate's issues.

use super::annotation::{Annotation, Level, UNREADABLE, annotations};
use crate::render::json::json;
use crate::report::ScanReport;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Issue<'r> {
    r#type: &'static str,
    check_name: &'r str,
    description: String,
    categories: [&'static str; 1],
    severity: &'static str,
    fingerprint: &'r str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let annotations = annotations(report);
    let issues: Vec<Issue<'_>> = annotations.iter().map(issue).collect();
    json(&issues, out)
}

fn issue<'r>(annotation: &'r Annotation<'_>) -> Issue<'r> {
    let severity = match annotation.level {
        Level::Error if annotation.rule == UNREADABLE => "critical",
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    };
    let begin = annotation.number();
    Issue {
        r#type: "issue",
        check_name: annotation.rule,
        description: annotation.text(),
        categories: ["Style"],
        severity,
        fingerprint: &annotation.fingerprint,
        location: Location {
            path: &annotation.path,
            lines: Lines { begin, end: annotation.end().map_or(begin, |(line, _)| line) },
        },
    }
}
