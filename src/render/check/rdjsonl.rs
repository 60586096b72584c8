//! The diagnostic format of reviewdog, a diagnostic a line.
//!
//! Columns of this format are bytes of a line, which a report does not know: whole lines are named.

use super::annotation::{Annotation, Level, annotations};
use crate::render::json::line;
use crate::report::ScanReport;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Diagnostic<'r> {
    message: String,
    location: Location<'r>,
    severity: &'static str,
    source: Source,
    code: Code<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
}

#[derive(Serialize)]
struct Position {
    line: u32,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Code<'r> {
    value: &'r str,
}

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    for annotation in annotations(report) {
        line(&diagnostic(&annotation), out)?;
    }
    Ok(())
}

fn diagnostic<'r>(annotation: &'r Annotation<'_>) -> Diagnostic<'r> {
    let severity = match annotation.level {
        Level::Error => "ERROR",
        Level::Warning => "WARNING",
        Level::Note => "INFO",
    };
    let end = annotation.end().map(|(line, _)| Position { line });
    Diagnostic {
        message: annotation.lines.join("\n"),
        location: Location {
            path: &annotation.path,
            range: annotation.line().map(|line| Range { start: Position { line }, end }),
        },
        severity,
        source: Source { name: "leadtone" },
        code: Code { value: annotation.rule },
    }
}
