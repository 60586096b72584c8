//! Tables for pull requests and wikis.

use super::{documents, interval, not_scored, percent, status_words};
use crate::label::Label;
use crate::report::{Counts, DocumentReport, ScanReport, SentenceReport, Share, Status};
use std::io::{self, Write};

const COUNTS_HEAD: &str = "directive | empowering | mixed | neutral | empowering share | 95% interval | lean |";
const COUNTS_RULE: &str = "---: | ---: | ---: | ---: | ---: | :---: | --- |";

pub(super) fn render(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| document | {COUNTS_HEAD}\n| --- | {COUNTS_RULE}")?;
    for document in &report.documents {
        let lean = if document.status == Status::Scored { document.lean.name() } else { status_words(document.status) };
        row(&escape(&document.id.to_string()), &document.counts, document.share, lean, out)?;
    }
    total(report, out)?;
    if !report.groups.is_empty() {
        writeln!(out, "\n| group | {COUNTS_HEAD}\n| --- | {COUNTS_RULE}")?;
        for group in &report.groups {
            let name = format!("{} ({})", escape(&group.group), documents(group.documents));
            row(&name, &group.counts, group.share, group.lean.name(), out)?;
        }
    }
    let not_scored = not_scored(report);
    if !not_scored.is_empty() {
        writeln!(out, "\nNot scored: {not_scored}.")?;
    }
    if !report.failures.is_empty() {
        writeln!(out, "\nNot read:\n")?;
        for failure in &report.failures {
            writeln!(out, "- {}: {}", escape(&failure.path), escape(&failure.reason))?;
        }
    }
    for document in &report.documents {
        sentences(document, out)?;
    }
    Ok(())
}

fn total(report: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let name = format!("**total of {}**", documents(report.total.documents));
    row(&name, &report.total.counts, report.total.share, report.total.lean.name(), out)
}

fn row(name: &str, counts: &Counts, share: Option<Share>, lean: &str, out: &mut dyn Write) -> io::Result<()> {
    let Counts { directive, empowering, mixed, neutral, .. } = counts;
    let point = share.map_or_else(|| "-".to_owned(), |share| percent(share.empowering));
    let interval = share.map_or_else(|| "-".to_owned(), |share| interval(share, "–"));
    writeln!(out, "| {name} | {directive} | {empowering} | {mixed} | {neutral} | {point} | {interval} | {lean} |")
}

fn sentences(document: &DocumentReport, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = document.sentences.iter().flatten().filter(|sentence| sentence.label != Label::Neutral).peekable();
    if shown.peek().is_none() {
        return Ok(());
    }
    writeln!(
        out,
        "\n### {}\n\n| place | label | confidence | sentence | evidence |",
        escape(&document.id.to_string())
    )?;
    writeln!(out, "| --- | --- | ---: | --- | --- |")?;
    for sentence in shown {
        let SentenceReport { location, label, confidence, text, evidence, .. } = sentence;
        let evidence: Vec<String> = evidence.iter().map(|evidence| escape(&evidence.entry)).collect();
        let (label, confidence, text) = (label.name(), percent(*confidence), escape(text));
        writeln!(out, "| {location} | {label} | {confidence} | {text} | {} |", evidence.join(", "))?;
    }
    Ok(())
}

/// Text that stays text in a table's cell: no markup, no link, no HTML, no end of the cell or the line.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in super::visible(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            _ => escaped.push(c),
        }
    }
    // GitHub links bare addresses; one without its colon is none.
    escaped.replace("://", "&#58;//")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn markup_in_text_stays_text() {
        for (text, expected) in [
            ("a|b", r"a\|b"),
            ("<img src=x>", "&lt;img src=x&gt;"),
            ("[x](https://e.example)", r"\[x\](https&#58;//e.example)"),
            ("`*_`", r"\`\*\_\`"),
            ("two\nlines", r"two\\nlines"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }
}
