//! Lints a lexicon: does every entry hold to its own examples, and does it say where it comes from?

use crate::label::Stance;
use crate::lexicon::{Entry, Finder, Found, Lexicon, Standing};
use crate::score::{Context, classify};
use std::collections::BTreeMap;

/// Something to mend in a lexicon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// The line of the entry's id, from 1.
    pub line: usize,
    /// The entry.
    pub entry: String,
    /// What is wrong: one line, lower case, no full stop.
    pub reason: String,
}

/// Runs every entry's examples and lints the rest; in the order of files and lines.
#[must_use]
pub fn check(lexicon: &Lexicon) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut finder = Finder::default();
    let mut patterns: BTreeMap<_, &Entry> = BTreeMap::new();
    for (index, entry) in lexicon.entries().iter().enumerate() {
        let mut note = |reason: String| {
            let (file, line) = (entry.file.clone(), entry.line);
            findings.push(Finding { file, line, entry: entry.id.clone(), reason });
        };
        if entry.source.is_empty() {
            note("has no source".into());
        }
        if entry.matches.is_empty() {
            note("has no example that it must match".into());
        }
        if entry.allows.is_empty() && entry.stance != Stance::Neutral {
            note("has no near miss that it must allow".into());
        }
        for pattern in &entry.patterns {
            if let Some(first) = patterns.insert((pattern, &entry.given, &entry.unless), entry) {
                note(format!("has the same pattern as {}", first.id));
            }
        }
        for example in &entry.matches {
            match (is_found(lexicon, &mut finder, index, example), counts(lexicon, index, example)) {
                (_, true) => {}
                (true, false) => note(format!("is shadowed in its own example \"{example}\"")),
                (false, false) => note(format!("does not match \"{example}\"")),
            }
        }
        for example in &entry.allows {
            if counts(lexicon, index, example) {
                note(format!("must not match \"{example}\""));
            }
        }
    }
    findings.sort();
    findings
}

fn is_found(lexicon: &Lexicon, finder: &mut Finder, entry: usize, example: &str) -> bool {
    let mut found: Vec<Found> = Vec::new();
    lexicon.find(finder, example, Standing::default(), &mut found);
    found.iter().any(|found| found.entry == entry)
}

fn counts(lexicon: &Lexicon, entry: usize, example: &str) -> bool {
    let verdict = classify(lexicon, example, Context::default());
    verdict.evidence.iter().any(|evidence| evidence.entry == entry)
}
