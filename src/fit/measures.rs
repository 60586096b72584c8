//! What the parts of a lexicon are worth, and whether more labelled sentences would help: the fit done again without one
//! part, and on fewer documents. Owns what is left out; the fit itself is its parent's.

use super::{FitOptions, Material, fit};
use crate::evaluate::{Agreement, Gold, UnreadGold};
use crate::label::Stance;
use crate::lexicon::{Lexicon, LexiconError, LexiconFile};
use std::collections::{BTreeMap, BTreeSet};
use toml_edit::{DocumentMut, Item};

/// Agreement on held-out documents where some entries are missing.
#[derive(Clone, Debug)]
pub struct Ablation {
    /// What is left out: nothing, the entries of a file, or those of a stance.
    pub without: String,
    /// How many entries that is.
    pub entries: usize,
    /// Agreement on sentences whose source was left out of the fit.
    pub held_out: Agreement,
}

/// Why nothing can be left out.
#[derive(Debug, thiserror::Error)]
pub enum AblationError {
    /// The files are not a lexicon.
    #[error("{}", .0.first().map_or_else(String::new, ToString::to_string))]
    Lexicon(Vec<LexiconError>),
    /// A labelled sentence cannot be read.
    #[error(transparent)]
    Unread(#[from] UnreadGold),
}

impl From<Vec<LexiconError>> for AblationError {
    fn from(errors: Vec<LexiconError>) -> Self {
        Self::Lexicon(errors)
    }
}

/// Fits without the entries of each file in turn, and without those of each stance; the first row has them all. Classes
/// and marks stay, since other files use them, and so does what look-alikes of other files cancel.
///
/// # Errors
/// If the files are not a lexicon, or a sentence cannot be read.
pub fn ablation(
    files: &[LexiconFile],
    gold: &[Gold],
    sources: &BTreeMap<String, String>,
    options: FitOptions,
) -> Result<Vec<Ablation>, AblationError> {
    let whole = Lexicon::from_files(files)?;
    let mut parts: BTreeMap<(u8, String), BTreeSet<&str>> = BTreeMap::from([((0, "nothing".into()), BTreeSet::new())]);
    for entry in whole.entries() {
        let of_stance = match entry.stance {
            Stance::Directive => "all directive entries",
            Stance::Empowering => "all empowering entries",
            Stance::Neutral => "all entries without a stance",
        };
        parts.entry((1, of_stance.to_owned())).or_default().insert(&entry.id);
        parts.entry((2, entry.file.clone())).or_default().insert(&entry.id);
    }
    let rest = |((_, without), left_out): ((u8, String), BTreeSet<&str>)| {
        let lexicon = Lexicon::from_files(&without_entries(files, &left_out)?)?;
        let held_out = fit(&lexicon, gold, sources, options)?.held_out.overall;
        Ok(Ablation { without, entries: left_out.len(), held_out })
    };
    parts.into_iter().map(rest).collect()
}

/// The files without the entries of these ids.
fn without_entries(files: &[LexiconFile], left_out: &BTreeSet<&str>) -> Result<Vec<LexiconFile>, Vec<LexiconError>> {
    let strip = |file: &LexiconFile| {
        let mut toml: DocumentMut = file.text.parse().map_err(|error| vec![super::not_toml(file, &error)])?;
        if let Some(entries) = toml.get_mut("entry").and_then(Item::as_array_of_tables_mut) {
            entries.retain(|entry| !entry.get("id").and_then(Item::as_str).is_some_and(|id| left_out.contains(id)));
        }
        Ok(LexiconFile { name: file.name.clone(), text: toml.to_string() })
    };
    files.iter().map(strip).collect()
}

/// Agreement after a fit on some of the documents.
#[derive(Clone, Debug)]
pub struct LearningStep {
    /// Labelled sentences of the documents that were used.
    pub sentences: usize,
    /// Agreement on sentences whose source was left out of the fit, used or not: always the same ones.
    pub held_out: Agreement,
    /// Agreement on the sentences that were used.
    pub fitted: Agreement,
}

/// The parts of the documents that a learning curve uses, in sixteenths.
const SIXTEENTHS: [u64; 5] = [1, 2, 4, 8, 16];

/// Fits on a sixteenth, an eighth, a quarter, a half and all of the documents; each part holds the one before. Weights
/// and biases are learned from the part: the entries were written, and the thresholds set, by whoever saw them all.
///
/// # Errors
/// At the first sentence that cannot be read.
pub fn learning_curve(
    lexicon: &Lexicon,
    gold: &[Gold],
    sources: &BTreeMap<String, String>,
    options: FitOptions,
) -> Result<Vec<LearningStep>, UnreadGold> {
    let material = Material::new(lexicon, gold, sources, options)?;
    let step = |sixteenths: u64| {
        // Not by what the folds go by, or some folds would have nothing to learn from.
        let is_used = material.sources.iter().map(|source| source / options.folds % 16 < sixteenths);
        let is_used: Vec<bool> = is_used.collect();
        let fitted = material.fit(&is_used);
        LearningStep {
            sentences: is_used.iter().filter(|is_used| **is_used).count(),
            held_out: fitted.held_out.overall,
            fitted: fitted.fitted.overall,
        }
    };
    Ok(SIXTEENTHS.into_iter().map(step).collect())
}
