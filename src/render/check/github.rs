//! Workflow commands of GitHub Actions: an annotation a line.
//!
//! A message escapes `%` and line ends, a property the colon and the comma as well, so that nothing in a document ends a
//! command or begins another.

use super::annotation::{Annotation, Level, annotations};
use super::outcome::totals;
use crate::render::terminal::visible;
use crate::report::ScanReport;
use std::io::{self, Write};

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    for annotation in annotations(report) {
        command(&annotation, out)?;
    }
    writeln!(out, "leadtone: {}", totals(report))
}

fn command(annotation: &Annotation<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    write!(out, "::{name} title={}", property(&format!("leadtone: {}", annotation.title)))?;
    write!(out, ",file={}", property(&visible(&annotation.path)))?;
    if let (Some(line), Some(column)) = (annotation.line(), annotation.column()) {
        write!(out, ",line={line}")?;
        match annotation.end() {
            // Columns of a place on several lines are refused.
            Some((end, _)) if end > line => write!(out, ",endLine={end}")?,
            Some((end, end_column)) => write!(out, ",endLine={end},col={column},endColumn={end_column}")?,
            None => write!(out, ",col={column}")?,
        }
    }
    writeln!(out, "::{}", message(&annotation.lines.join("\n")))
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
