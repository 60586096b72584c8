//! Why a sentence got its label, and what an entry means, for people.

use super::terminal::{Style, wrap};
use super::{Layout, percent, visible};
use crate::explain::{EntryView, Explanation, Sum, Term};
use crate::score::{Label, Stance};
use std::io::{self, Write};

/// Columns that the terms of a sum take before their words.
const INDENT: &str = "  ";

/// Writes how sentences got their labels.
///
/// # Errors
/// Those of `out`.
pub fn explanations(explanations: &[Explanation], layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    for (number, explanation) in explanations.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        one(explanation, layout, out)?;
    }
    Ok(())
}

fn one(explanation: &Explanation, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let paint = |style: Style, text: &str| style.paint(text, layout.has_color);
    for line in wrap(&explanation.text, layout.width) {
        writeln!(out, "{}", paint(Style::Bold, &visible(&explanation.text[line])))?;
    }
    let label = paint(label_style(explanation.label), explanation.label.name());
    writeln!(out, "{label}, right {} of the time\n", percent(explanation.confidence))?;
    writeln!(out, "{}", paint(Style::Dim, &format!("{INDENT}{:>9}  {:>10}", "directive", "empowering")))?;
    let Explanation { directive, empowering, evidence, cancelled, .. } = explanation;
    let line =
        |directive: i32, empowering: i32| format!("{INDENT}{:>9}  {:>10}  ", decimal(directive), decimal(empowering));
    writeln!(out, "{}bias", line(directive.bias, empowering.bias))?;
    for term in evidence {
        writeln!(out, "{}{}", line(term.directive, term.empowering), named(term, layout))?;
    }
    let side = |sum: &Sum, name: &str| if sum.score > 0 { name.to_owned() } else { format!("not {name}") };
    let sides = format!("{}, {}", side(directive, "directive"), side(empowering, "empowering"));
    writeln!(out, "{}{}", line(directive.score, empowering.score), paint(Style::Bold, &sides))?;
    for term in cancelled {
        writeln!(out, "{INDENT}{:>9}  {:>10}  {} (does not count)", "", "", named(term, layout))?;
    }
    Ok(())
}

fn named(term: &Term, layout: Layout) -> String {
    let style = match term.stance {
        Stance::Directive => Style::Directive,
        Stance::Empowering => Style::Empowering,
        Stance::Neutral => Style::Dim,
    };
    format!("{} \"{}\"", style.paint(&term.entry, layout.has_color), visible(&term.words))
}

const fn label_style(label: Label) -> Style {
    match label {
        Label::Directive => Style::Directive,
        Label::Empowering => Style::Empowering,
        Label::Mixed => Style::Mixed,
        Label::Neutral => Style::Plain,
    }
}

/// Writes what an entry means.
///
/// # Errors
/// Those of `out`.
pub fn entry(entry: &EntryView<'_>, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let weights = format!("{} directive, {} empowering", decimal(entry.directive), decimal(entry.empowering));
    let stance = if entry.cancels { "look-alike: cancels what lies inside" } else { entry.stance.name() };
    let place = format!("{}:{}", entry.file, entry.line);
    writeln!(out, "{}", Style::Bold.paint(entry.id, layout.has_color))?;
    for (name, text) in [
        ("stance", stance),
        ("weight", &weights),
        ("means", entry.note),
        ("principle", entry.principle),
        ("source", entry.source),
        ("instead", entry.instead.unwrap_or_default()),
    ] {
        field(name, text, layout, out)?;
    }
    for (name, texts) in [("pattern", entry.patterns), ("matches", entry.matches), ("allows", entry.allows)] {
        for text in texts {
            field(name, text, layout, out)?;
        }
    }
    field("file", &place, layout, out)
}

fn field(name: &str, text: &str, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let text = visible(text);
    let mut name = Style::Dim.paint(&format!("{name:<9}"), layout.has_color);
    for line in wrap(&text, layout.width.saturating_sub(2 * INDENT.len() + 9)) {
        writeln!(out, "{INDENT}{name}{INDENT}{}", &text[line])?;
        name = " ".repeat(9);
    }
    Ok(())
}

/// Writes a line per entry.
///
/// # Errors
/// Those of `out`.
pub fn entries(entries: &[EntryView<'_>], out: &mut dyn Write) -> io::Result<()> {
    let width = entries.iter().map(|entry| entry.id.chars().count()).max().unwrap_or(0);
    for entry in entries {
        let stance = if entry.cancels { "look-alike" } else { entry.stance.name() };
        let (directive, empowering) = (decimal(entry.directive), decimal(entry.empowering));
        writeln!(out, "{:<width$}  {stance:<10}  {directive:>6}  {empowering:>6}  {}", entry.id, visible(entry.note))?;
    }
    Ok(())
}

/// Thousandths with their sign, as a decimal number.
fn decimal(thousandths: i32) -> String {
    format!("{:+.3}", f64::from(thousandths) * 0.001)
}
