//! `leadtone eval`: agreement with people on labelled sentences.

use super::args::EvalArgs;
use super::exit::Exit;
use super::{lexicon, read_text};
use anyhow::{anyhow, bail};
use leadtone::evaluate::{Gold, evaluate, read_gold};
use leadtone::render::{self, EvaluationParts};
use leadtone::score::Judge;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Evaluates.
///
/// # Errors
/// If the sentences or the lexicon cannot be read, or the output cannot be written.
pub fn run(args: &EvalArgs) -> anyhow::Result<Exit> {
    let lexicon = lexicon::read(&args.lexicon)?;
    let gold = gold(&args.gold)?;
    let mut evaluation = evaluate(&mut Judge::new(&lexicon), &gold)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        if !args.errors {
            evaluation.errors.clear();
        }
        render::json(&evaluation, &mut out)?;
    } else {
        let parts = EvaluationParts { genres: args.by_genre, calibration: args.calibration, errors: args.errors };
        render::evaluation(&evaluation, parts, &mut out)?;
    }
    out.flush()?;
    let is_below = args.min_f1.is_some_and(|min| evaluation.overall.macro_f1 < min);
    Ok(if is_below { Exit::No } else { Exit::Success })
}

/// Reads labelled sentences; an empty file measures nothing and is an error.
///
/// # Errors
/// If they cannot be read.
pub fn gold(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let gold = read_gold(&read_text(path)?).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    if gold.is_empty() {
        bail!("{}: no labelled sentence", path.display());
    }
    Ok(gold)
}
