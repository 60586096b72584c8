//! JUnit's XML: a test case a document, which fails where the gate says no and is skipped where nothing could be judged.

use super::annotation::of_findings;
use super::fingerprint::Fingerprints;
use super::outcome::{broken, said};
use super::xml::{allowed, begin, finish};
use crate::report::{DocumentReport, Failure, GateResult, ScanReport};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use std::io::{self, Write};

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let gate = report.gate.unwrap_or_default();
    let tests = (report.documents.len() + report.failures.len()).to_string();
    let (failures, errors) = (gate.fail.to_string(), report.failures.len().to_string());
    let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", &errors)];
    let skipped = gate.not_judged.to_string();
    let mut xml = begin(out)?;
    let suites = xml.create_element("testsuites").with_attribute(("name", "leadtone")).with_attributes(counts);
    suites.write_inner_content(|xml| {
        let suite = xml.create_element("testsuite").with_attribute(("name", "leadtone check")).with_attributes(counts);
        suite.with_attribute(("skipped", skipped.as_str())).write_inner_content(|xml| {
            report.documents.iter().try_for_each(|document| case(document, xml))?;
            report.failures.iter().try_for_each(|failure| unread(failure, xml))
        })?;
        Ok(())
    })?;
    finish(xml)
}

fn case<W: Write>(document: &DocumentReport, xml: &mut Writer<W>) -> io::Result<()> {
    let profile = document.outcome.as_ref().map_or("none", |outcome| &outcome.profile);
    let (name, class) = (allowed(&document.id.to_string()), allowed(&format!("leadtone.{profile}")));
    let case = xml.create_element("testcase").with_attributes([("name", name.as_str()), ("classname", &class)]);
    let findings = findings(document);
    case.write_inner_content(|xml| {
        let Some(outcome) = &document.outcome else { return Ok(()) };
        match outcome.result {
            GateResult::Fail => {
                let reasons = broken(outcome);
                let message = allowed(&if reasons.is_empty() { said(outcome, "–") } else { reasons }.join("; "));
                let failure = xml.create_element("failure").with_attribute(("type", "limits"));
                failure
                    .with_attribute(("message", message.as_str()))
                    .write_text_content(BytesText::new(&format!("{message}\n{findings}")))?;
                return Ok(());
            }
            GateResult::NotJudged => {
                let message = allowed(&said(outcome, "–").join("; "));
                xml.create_element("skipped").with_attribute(("message", message.as_str())).write_empty()?;
            }
            GateResult::Pass => {}
        }
        if !findings.is_empty() {
            xml.create_element("system-out").write_text_content(BytesText::new(&findings))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn unread<W: Write>(failure: &Failure, xml: &mut Writer<W>) -> io::Result<()> {
    let (path, reason) = (allowed(&failure.path), allowed(&failure.reason));
    let case = xml.create_element("testcase");
    case.with_attributes([("name", path.as_str()), ("classname", "leadtone")]).write_inner_content(|xml| {
        let error = xml.create_element("error").with_attribute(("type", "unreadable"));
        error.with_attribute(("message", reason.as_str())).write_empty()?;
        Ok(())
    })?;
    Ok(())
}

/// The sentences to look at, a paragraph each.
fn findings(document: &DocumentReport) -> String {
    let mut text = String::new();
    for annotation in of_findings(document, &mut Fingerprints::default()) {
        let place = annotation.location.map_or_else(|| annotation.id.clone(), |location| document.place(location));
        text += &format!("\n{}: ", allowed(&place));
        for line in &annotation.lines {
            text += &format!("{}\n", allowed(line));
        }
    }
    text
}
