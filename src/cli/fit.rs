//! `leadtone fit`: the weights of a lexicon's entries, from labelled sentences.

use super::args::FitArgs;
use super::eval::gold;
use super::exit::Exit;
use super::interrupt::Interrupt;
use super::output::Output;
use super::{lexicon, read_text};
use anyhow::{anyhow, bail};
use leadtone::evaluate::Gold;
use leadtone::fit::{Ablation, FitOptions, LearningStep, ablation, fit, learning_curve, write_back};
use leadtone::lexicon::LexiconFile;
use leadtone::render::{self, EvaluationParts};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Fits, shows the agreement on what was held out, and writes the files that changed.
///
/// # Errors
/// If something cannot be read or written.
pub fn run(args: &FitArgs, interrupt: &Interrupt) -> anyhow::Result<Exit> {
    if args.lexicon.lexicon.is_empty() && !args.dry_run {
        bail!("name the folder whose files are to be weighed with --lexicon, or say --dry-run");
    }
    let (files, paths): (Vec<LexiconFile>, Vec<Option<PathBuf>>) = lexicon::files(&args.lexicon)?.into_iter().unzip();
    let lexicon = lexicon::compile(&files, &paths)?;
    let (gold, options) = (gold(&args.gold)?, FitOptions::default());
    let sources = args.sources.as_deref().map(|path| sources(path, &gold)).transpose()?.unwrap_or_default();
    let fitted = fit(&lexicon, &gold, &sources, options)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let width = lexicon.entries().iter().map(|entry| entry.id.len()).max().unwrap_or(0);
    for ((entry, weights), seen) in lexicon.entries().iter().zip(&fitted.weights).zip(&fitted.seen) {
        if entry.weights != *weights && !entry.is_fixed {
            let (old, new) = (entry.weights, weights);
            writeln!(
                out,
                "{:<width$}  seen {seen:>5}  directive {:>6} -> {:>6}  empowering {:>6} -> {:>6}",
                entry.id, old.directive, new.directive, old.empowering, new.empowering
            )?;
        }
    }
    writeln!(out, "\nOn sentences whose document was left out of the fit:\n")?;
    render::evaluation(&fitted.held_out, EvaluationParts { genres: true, calibration: true, errors: false }, &mut out)?;
    let agreement = &fitted.fitted.overall;
    writeln!(out, "\nmean F1 {:.3} on the sentences of the fit themselves", agreement.macro_f1)?;
    if args.ablation {
        let rows = ablation(&files, &gold, &sources, options)?;
        show_ablation(&rows, &mut out)?;
    }
    if args.learning_curve {
        show_learning_curve(&learning_curve(&lexicon, &gold, &sources, options)?, &mut out)?;
    }
    if !args.dry_run {
        let written = write_back(&files, &lexicon, &fitted).map_err(|error| anyhow!("{error}"))?;
        writeln!(out)?;
        for ((old, new), path) in files.iter().zip(&written).zip(&paths) {
            if let (Some(path), true) = (path, old.text != new.text) {
                let mut output = Output::open(Some(path), interrupt)?;
                output.write_all(new.text.as_bytes())?;
                output.finish()?;
                writeln!(out, "wrote {}", path.display())?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn show_ablation(rows: &[Ablation], out: &mut dyn Write) -> io::Result<()> {
    let width = rows.iter().map(|row| row.without.len()).max().unwrap_or(0);
    writeln!(out, "\n{:<width$}  entries  F1 directive  F1 empowering  mean F1  change  kappa", "without")?;
    for Ablation { without, entries, held_out } in rows {
        let change = held_out.macro_f1 - rows[0].held_out.macro_f1;
        let (directive, empowering) = (held_out.directive.f1, held_out.empowering.f1);
        write!(out, "{without:<width$}  {entries:>7}  {directive:>12.3}  {empowering:>13.3}  ")?;
        writeln!(out, "{:>7.3}  {change:>+6.3}  {:>5.3}", held_out.macro_f1, held_out.kappa)?;
    }
    Ok(())
}

fn show_learning_curve(steps: &[LearningStep], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nsentences  F1 directive  F1 empowering  mean F1  kappa  mean F1 on the fitted")?;
    for LearningStep { sentences, held_out, fitted } in steps {
        write!(out, "{sentences:>9}  {:>12.3}  {:>13.3}  ", held_out.directive.f1, held_out.empowering.f1)?;
        writeln!(out, "{:>7.3}  {:>5.3}  {:>21.3}", held_out.macro_f1, held_out.kappa, fitted.macro_f1)?;
    }
    Ok(())
}

/// Reads which document each sentence is from, below a header line.
fn sources(path: &Path, gold: &[Gold]) -> anyhow::Result<BTreeMap<String, String>> {
    let text = read_text(path)?;
    let first = text.split(['\t', '\n']).next().unwrap_or_default();
    if gold.iter().any(|gold| gold.id == first) {
        bail!("{}: line 1: a header line is wanted: id, source", path.display());
    }
    let rows = text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty());
    rows.map(|(index, line)| match line.split_once('\t') {
        Some((id, source)) => Ok((id.to_owned(), source.to_owned())),
        None => Err(anyhow!("{}: line {}: no tab between id and source", path.display(), index + 1)),
    })
    .collect()
}
