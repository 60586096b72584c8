//! How a sentence got its label, term by term, and what an entry means.
//!
//! The sums here are those of the verdict, to the digit: bias plus terms is the score. Owns no wording of its own.

use crate::evaluate;
use crate::extract::ExtractError;
use crate::label::{Label, Stance};
use crate::lexicon::{Entry, Identity, Lexicon};
use crate::score::{self, Context, Evidence, Judge};
use crate::span::Span;
use serde::Serialize;

/// How one sentence got its label. Scores and weights are log-odds in thousandths.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The sentence.
    pub text: String,
    /// What it was found to be.
    pub label: Label,
    /// How often such a verdict is right, 0 to 1, in thousandths.
    pub confidence: f64,
    /// Whether a clause parts what speaks most for either side. Where both scores are above zero and none does, the
    /// stronger side is the label.
    pub is_parted: bool,
    /// How the directive score came about.
    pub directive: Sum,
    /// How the empowering score came about.
    pub empowering: Sum,
    /// What was found, in the order of the text.
    pub evidence: Vec<Term>,
    /// What was found and does not count.
    pub cancelled: Vec<Cancelled>,
}

/// A pole's score. The sentence is on that side where `score` is above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Where nothing is found.
    pub bias: i32,
    /// Bias and terms together.
    pub score: i32,
}

/// An entry found in a sentence and what it does to the scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The entry's id.
    pub entry: String,
    /// What it leans to.
    pub stance: Stance,
    /// Bytes of the sentence.
    pub span: Span,
    /// The words there.
    pub words: String,
    /// What the entry means.
    pub note: String,
    /// What it adds to the directive score.
    pub directive: i32,
    /// What it adds to the empowering score.
    pub empowering: i32,
}

/// A finding that does not count, and what holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cancelled {
    /// What was found.
    #[serde(flatten)]
    pub term: Term,
    /// The id of what takes it away: the look-alike or the longer finding that it lies inside.
    pub by: String,
}

/// Explains every sentence of a text; `switched_off` are indices into [`Lexicon::entries`], rising.
///
/// # Errors
/// If the text cannot be read.
pub fn explain(lexicon: &Lexicon, switched_off: &[usize], text: &str) -> Result<Vec<Explanation>, ExtractError> {
    let mut judge = Judge::new(lexicon);
    judge.switch_off(switched_off);
    let explained = evaluate::judged(&mut judge, text)?.into_iter().map(|(text, verdict)| Explanation {
        label: verdict.label,
        confidence: f64::from(verdict.confidence) / 1000.0,
        is_parted: verdict.is_parted,
        directive: Sum { bias: lexicon.bias().directive, score: verdict.directive },
        empowering: Sum { bias: lexicon.bias().empowering, score: verdict.empowering },
        cancelled: judge
            .cancelled(&text, Context::default())
            .iter()
            .map(|found| cancelled(lexicon, &text, found))
            .collect(),
        evidence: verdict.evidence.iter().map(|found| term(lexicon, &text, found)).collect(),
        text,
    });
    Ok(explained.collect())
}

fn cancelled(lexicon: &Lexicon, text: &str, score::Cancelled { found, by }: &score::Cancelled) -> Cancelled {
    Cancelled { term: term(lexicon, text, found), by: lexicon.entries()[*by].id.clone() }
}

fn term(lexicon: &Lexicon, text: &str, found: &Evidence) -> Term {
    Term {
        entry: lexicon.entries()[found.entry].id.clone(),
        stance: found.stance,
        span: found.span,
        words: found.span.of(text).to_owned(),
        note: lexicon.entries()[found.entry].note.clone(),
        directive: found.weights.directive,
        empowering: found.weights.empowering,
    }
}

/// An entry as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct EntryView<'a> {
    /// `principle.name`.
    pub id: &'a str,
    /// What it leans to.
    pub stance: Stance,
    /// What it adds to the directive score, in thousandths.
    pub directive: i32,
    /// What it adds to the empowering score, in thousandths.
    pub empowering: i32,
    /// Whether it takes away the evidence that lies inside it.
    pub cancels: bool,
    /// What it means.
    pub note: &'a str,
    /// Its principle.
    pub principle: &'a str,
    /// What the principle is.
    pub about: &'a str,
    /// Where it comes from.
    pub source: &'a str,
    /// Its constructions, in the pattern language.
    pub patterns: &'a [String],
    /// What must be in the sentence as well.
    pub given: Option<&'a str>,
    /// What must not be in the sentence.
    pub unless: Option<&'a str>,
    /// How the same intent is said the other way.
    pub instead: Option<&'a str>,
    /// Sentences in which it is found.
    pub matches: &'a [String],
    /// Near misses.
    pub allows: &'a [String],
    /// The file that it stands in.
    pub file: &'a str,
    /// The line there, from 1.
    pub line: usize,
    /// The lexicon.
    pub lexicon: &'a Identity,
}

impl<'a> EntryView<'a> {
    /// Everything there is to say of `entry`.
    #[must_use]
    pub fn of(lexicon: &'a Lexicon, entry: &'a Entry) -> Self {
        let about = lexicon.principles().iter().find(|principle| principle.name == entry.principle);
        let of_principle = about.filter(|_| entry.stance == Stance::Directive);
        let of_principle = of_principle.and_then(|principle| principle.instead.as_deref());
        Self {
            id: &entry.id,
            stance: entry.stance,
            directive: entry.weights.directive,
            empowering: entry.weights.empowering,
            cancels: entry.cancels,
            note: &entry.note,
            principle: &entry.principle,
            about: about.map_or("", |principle| &principle.about),
            source: &entry.source,
            patterns: &entry.patterns,
            given: entry.given.as_deref(),
            unless: entry.unless.as_deref(),
            instead: entry.instead.as_deref().or(of_principle),
            matches: &entry.matches,
            allows: &entry.allows,
            file: &entry.file,
            line: entry.line,
            lexicon: lexicon.id(),
        }
    }
}
