//! JSON lines: a document or an error per line, each complete in itself, so that a scan can be streamed.

use super::json::line;
use crate::report::{DocumentReport, ErrorReport, ScanReport};
use std::io::{self, Write};

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    for document in &report.documents {
        document_line(document, out)?;
    }
    for failure in &report.failures {
        error_line(&ErrorReport::of_path(failure.path.clone(), failure.reason.clone()), out)?;
    }
    Ok(())
}

/// Writes the line of one document.
///
/// # Errors
/// Those of `out`.
pub fn document_line(report: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
    line(report, out)
}

/// Writes the line of a document that could not be read.
///
/// # Errors
/// Those of `out`.
pub fn error_line(report: &ErrorReport, out: &mut dyn Write) -> io::Result<()> {
    line(report, out)
}
