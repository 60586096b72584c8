//! From blocks to sentences.

use crate::document::Document;
use crate::span::Span;
use unicode_segmentation::UnicodeSegmentation;

/// One sentence of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it is in `Document::text`, without the space around it.
    pub span: Span,
    /// Index of its block in `Document::blocks`.
    pub block: usize,
}

/// Finds the sentences of every block that the author wrote, in order.
#[must_use]
pub fn sentences(document: &Document) -> Vec<Sentence> {
    let mut found = Vec::new();
    for (block, at) in document.blocks.iter().enumerate().filter(|(_, at)| at.kind.is_authored()) {
        for (start, sentence) in at.span.of(&document.text).split_sentence_bound_indices() {
            let body = sentence.trim();
            let begin = at.span.start + start + sentence.len() - sentence.trim_start().len();
            if !body.is_empty() {
                found.push(Sentence { span: Span::new(begin, begin + body.len()), block });
            }
        }
    }
    found
}
