//! The verdict on one sentence: one sum for each pole, and all that went into it.

use super::{Label, Stance};
use crate::document::BlockKind;
use crate::lexicon::Lexicon;
use crate::span::Span;

/// What surrounds a sentence and bears on its reading.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The kind of its block.
    pub kind: BlockKind,
    /// The text of the block that introduces it, such as "Managers must:".
    pub lead_in: Option<&'a str>,
    /// Whether it is the first sentence of its block; only that one completes a lead-in.
    pub is_first: bool,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self { kind: BlockKind::Paragraph, lead_in: None, is_first: true }
    }
}

/// An entry found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Index into `Lexicon::entries`.
    pub entry: usize,
    /// What it leans to.
    pub stance: Stance,
    /// Bytes of the sentence.
    pub span: Span,
}

/// What a sentence was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The label that follows from the two scores.
    pub label: Label,
    /// How often such a verdict is right, in thousandths.
    pub confidence: u16,
    /// The directive score: bias and weights, log-odds in thousandths. Directive where above zero.
    pub directive: i32,
    /// The empowering score, in the same way.
    pub empowering: i32,
    /// What was found, in the order of the text.
    pub evidence: Vec<Evidence>,
}

/// Judges one sentence.
#[must_use]
pub fn classify(lexicon: &Lexicon, sentence: &str, context: Context<'_>) -> Verdict {
    let _ = (lexicon, sentence, context);
    Verdict { label: Label::Neutral, confidence: 0, directive: 0, empowering: 0, evidence: Vec::new() }
}
