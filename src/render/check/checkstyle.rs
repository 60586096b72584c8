//! The XML of checkstyle: an element a file, an element in it for each annotation.

use super::annotation::{Annotation, Level, annotations};
use super::xml::{allowed, begin, finish};
use crate::report::ScanReport;
use quick_xml::Writer;
use std::io::{self, Write};

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let annotations = annotations(report);
    let mut xml = begin(out)?;
    xml.create_element("checkstyle").with_attribute(("version", "10.0")).write_inner_content(|xml| {
        annotations.chunk_by(|a, b| a.path == b.path).try_for_each(|of_file| file(of_file, xml))
    })?;
    finish(xml)
}

fn file<W: Write>(annotations: &[Annotation<'_>], xml: &mut Writer<W>) -> io::Result<()> {
    let path = annotations.first().map(|annotation| allowed(&annotation.path)).unwrap_or_default();
    let file = xml.create_element("file").with_attribute(("name", path.as_str()));
    file.write_inner_content(|xml| annotations.iter().try_for_each(|annotation| error(annotation, xml)))?;
    Ok(())
}

fn error<W: Write>(annotation: &Annotation<'_>, xml: &mut Writer<W>) -> io::Result<()> {
    let severity = match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "info",
    };
    let mut error = xml.create_element("error").with_attribute(("line", annotation.number().to_string().as_str()));
    if let Some(column) = annotation.column() {
        error = error.with_attribute(("column", column.to_string().as_str()));
    }
    error
        .with_attribute(("severity", severity))
        .with_attribute(("message", allowed(&annotation.text()).as_str()))
        .with_attribute(("source", allowed(&format!("leadtone.{}", annotation.rule)).as_str()))
        .write_empty()?;
    Ok(())
}
