//! Why a sentence got its label, and what an entry means, for people.

use super::terminal::{Style, label_style, marked, stance_style, wrap};
use super::{Layout, percent, visible};
use crate::explain::{Cancelled, EntryView, Explanation, Sum, Term};
use crate::label::Stance;
use crate::span::Span;
use std::io::{self, Write};

/// Columns before everything that belongs to a sentence or an entry.
const INDENT: &str = "  ";

/// Columns before the words of a term.
const TERM: usize = 2 * INDENT.len() + "directive  empowering".len();

/// Width of the name of a field.
const FIELD: usize = "principle".len();

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
    let Explanation { text, label, confidence, is_parted, directive, empowering, evidence, cancelled } = explanation;
    let found: Vec<Span> = evidence.iter().map(|term| term.span).collect();
    for line in wrap(text, layout.width) {
        writeln!(out, "{}", marked(text, Span::new(line.start, line.end), &found, layout.has_color))?;
    }
    let label = paint(label_style(*label), label.name());
    writeln!(out, "{label}: such verdicts are right {} of the time\n", percent(*confidence))?;
    writeln!(out, "{}", paint(Style::Dim, &format!("{INDENT}{:>9}  {:>10}", "directive", "empowering")))?;
    let sums = |directive: i32, empowering: i32| {
        format!("{INDENT}{:>9}  {:>10}{INDENT}", decimal(directive), decimal(empowering))
    };
    writeln!(out, "{}where every sentence begins", sums(directive.bias, empowering.bias))?;
    for term in evidence {
        writeln!(out, "{}{}", sums(term.directive, term.empowering), named(term, layout))?;
        for line in wrap(&term.note, layout.width.saturating_sub(TERM)) {
            writeln!(out, "{:TERM$}{}", "", paint(Style::Dim, &visible(&term.note[line])))?;
        }
    }
    let side = |sum: &Sum, name: &str| if sum.score > 0 { name.to_owned() } else { format!("not {name}") };
    let mut sides = format!("{}, {}", side(directive, "directive"), side(empowering, "empowering"));
    if directive.score > 0 && empowering.score > 0 && !is_parted {
        sides.push_str("; in one clause the stronger side counts");
    }
    writeln!(out, "{}{}", sums(directive.score, empowering.score), paint(Style::Bold, &sides))?;
    for (number, Cancelled { term, by }) in cancelled.iter().enumerate() {
        if number == 0 {
            writeln!(out, "\n{INDENT}{}", paint(Style::Dim, "found as well, but does not count"))?;
        }
        writeln!(out, "{INDENT}{}, part of {by}", named(term, layout))?;
    }
    Ok(())
}

fn named(term: &Term, layout: Layout) -> String {
    let entry = stance_style(term.stance).paint(&term.entry, layout.has_color);
    format!("{entry} \"{}\"", visible(&term.words))
}

/// Writes what an entry means.
///
/// # Errors
/// Those of `out`.
pub fn entry(entry: &EntryView<'_>, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let stance = match (entry.cancels, entry.stance) {
        (false, stance) => stance.name().to_owned(),
        (true, Stance::Neutral) => "look-alike: what lies inside does not count".to_owned(),
        (true, stance) => format!("{}: what speaks for the other side inside it does not count", stance.name()),
    };
    let weights = format!("{} to directive, {} to empowering", decimal(entry.directive), decimal(entry.empowering));
    let principle = format!("{}: {}", entry.principle, entry.about);
    let place = format!("{}:{}", entry.file, entry.line);
    writeln!(out, "{}", Style::Bold.paint(entry.id, layout.has_color))?;
    let one = |text: &str| Vec::from_iter((!text.is_empty()).then(|| text.to_owned()));
    for (name, texts) in [
        ("means", one(entry.note)),
        ("stance", one(&stance)),
        ("adds", one(&weights)),
        ("principle", one(&principle)),
        ("source", one(entry.source)),
        ("pattern", entry.patterns.to_vec()),
        ("given", one(entry.given.unwrap_or_default())),
        ("unless", one(entry.unless.unwrap_or_default())),
        ("matches", entry.matches.to_vec()),
        ("allows", entry.allows.to_vec()),
        ("instead", one(entry.instead.unwrap_or_default())),
        ("file", one(&place)),
    ] {
        field(name, &texts, layout, out)?;
    }
    Ok(())
}

/// Writes the name once, and a text below the other.
fn field(name: &str, texts: &[String], layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut name = Style::Dim.paint(&format!("{name:<FIELD$}"), layout.has_color);
    for text in texts {
        let text = visible(text);
        let mut bullet = if texts.len() > 1 { "- " } else { "" };
        let room = layout.width.saturating_sub(2 * INDENT.len() + FIELD + bullet.len());
        for line in wrap(&text, room) {
            writeln!(out, "{INDENT}{name}{INDENT}{bullet}{}", &text[line])?;
            name = " ".repeat(FIELD);
            bullet = if bullet.is_empty() { "" } else { "  " };
        }
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
        let is_look_alike = entry.cancels && entry.stance == Stance::Neutral;
        let stance = if is_look_alike { "look-alike" } else { entry.stance.name() };
        let (directive, empowering) = (decimal(entry.directive), decimal(entry.empowering));
        writeln!(out, "{:<width$}  {stance:<10}  {directive:>6}  {empowering:>6}  {}", entry.id, visible(entry.note))?;
    }
    Ok(())
}

/// Thousandths with their sign, as a decimal number.
fn decimal(thousandths: i32) -> String {
    format!("{:+.3}", f64::from(thousandths) * 0.001)
}
