//! How far program and people agree, for people: one table, the confusion, the sentences they differ on.

use super::visible;
use crate::evaluate::{Agreement, Calibration, Evaluation};
use crate::label::Label;
use std::io::{self, Write};

/// What of an evaluation is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EvaluationParts {
    /// Each genre, besides all together.
    pub genres: bool,
    /// How often it is right, by how sure it is.
    pub calibration: bool,
    /// Each sentence that program and person label differently.
    pub errors: bool,
}

/// Writes an evaluation as text.
///
/// # Errors
/// Those of `out`.
pub fn evaluation(evaluation: &Evaluation, parts: EvaluationParts, out: &mut dyn Write) -> io::Result<()> {
    let genres = evaluation.genres.iter().filter(|_| parts.genres);
    let name_width = genres.clone().map(|(genre, _)| genre.chars().count()).max().unwrap_or(0).max("genre".len());
    writeln!(out, "{:name_width$}            directive          empowering", "")?;
    writeln!(
        out,
        "{:name_width$}      n    P    R   F1      P    R   F1   mean F1  accuracy  kappa",
        if parts.genres { "genre" } else { "" }
    )?;
    for (genre, agreement) in genres {
        row(&visible(genre), name_width, agreement, out)?;
    }
    row("all", name_width, &evaluation.overall, out)?;
    let [low, high] = evaluation.macro_f1_interval;
    writeln!(out, "\nmean F1 {:.3}, 95% interval {low:.3} to {high:.3}", evaluation.overall.macro_f1)?;
    writeln!(out, "\nperson \\ program{}", Label::ALL.map(|label| format!("{:>12}", label.name())).concat())?;
    for (label, row) in Label::ALL.into_iter().zip(evaluation.confusion) {
        writeln!(out, "{:<16}{}", label.name(), row.map(|count| format!("{count:>12}")).concat())?;
    }
    if parts.calibration {
        calibration(&evaluation.calibration, out)?;
    }
    if parts.errors && !evaluation.errors.is_empty() {
        writeln!(out, "\n{:<16}  {:<10}  {:<10}  sentence", "id", "person", "program")?;
        for miss in &evaluation.errors {
            let (gold, found) = (miss.gold.name(), miss.found.name());
            writeln!(out, "{:<16}  {gold:<10}  {found:<10}  {}", visible(&miss.id), visible(&miss.text))?;
        }
    }
    Ok(())
}

fn calibration(calibration: &Calibration, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nconfidence     n   mean  right  95% interval")?;
    for band in &calibration.bands {
        let [low, high] = band.interval;
        write!(out, "{:.1} to {:.1} {:>5}  {:.3}", band.from, band.to, band.sentences, band.confidence)?;
        writeln!(out, "  {:.3}  {low:.3} to {high:.3}", band.accuracy)?;
    }
    writeln!(out, "calibration error {:.3}", calibration.error)
}

fn row(name: &str, name_width: usize, agreement: &Agreement, out: &mut dyn Write) -> io::Result<()> {
    let Agreement { sentences, directive: d, empowering: e, macro_f1, accuracy, kappa } = agreement;
    write!(out, "{name:<name_width$} {sentences:>6} {:>4.2} {:>4.2} {:>4.2}", d.precision, d.recall, d.f1)?;
    write!(out, "   {:>4.2} {:>4.2} {:>4.2}", e.precision, e.recall, e.f1)?;
    writeln!(out, "   {macro_f1:>7.3}  {accuracy:>8.3}  {kappa:>5.3}")
}
