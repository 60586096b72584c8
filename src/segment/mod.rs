//! From blocks to sentences: the boundaries of UAX #29 inside a block, then repaired.
//!
//! Owns which boundaries stand. Those of UAX #29 come from unicode-segmentation, or, for text of Latin letters and usual
//! punctuation, from the same rules applied round the few bytes that can end a sentence (`plain`), which is some twenty
//! times as fast; either way `repair` then decides at each of those places. What a block is, and that line breaks inside
//! it are spaces, is up to the extractors.

mod abbreviations;
mod list;
mod plain;
mod repair;

use crate::document::Document;
use crate::span::Span;
use repair::Place;
use unicode_segmentation::UnicodeSegmentation;

/// One sentence of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it is in `Document::text`, without the space around it.
    pub span: Span,
    /// Index of its block in `Document::blocks`.
    pub block: usize,
}

/// A sentence of more bytes is a text without full stops, and is cut at a blank: no judgement of it as a whole would say
/// anything, and later stages compare what they find in a sentence with each other. The longest that people write, an
/// enacting clause of a law, are a third of this.
const LONGEST_SENTENCE: usize = 4_096;

/// Finds the sentences of every block that the author wrote, in order.
#[must_use]
pub fn sentences(document: &Document) -> Vec<Sentence> {
    sentences_in_turn(document).collect()
}

/// As [`sentences`], each block split only when its turn comes.
pub fn sentences_in_turn(document: &Document) -> impl Iterator<Item = Sentence> {
    document.own_blocks().filter(|(_, at)| at.kind.is_authored()).flat_map(|(block, at)| {
        let base = at.span.start;
        let sentence = move |span: Span| Sentence { span: Span::new(base + span.start, base + span.end), block };
        split(at.span.of(&document.text)).into_iter().map(sentence)
    })
}

/// Splits the text of one block into sentences, without the space around them.
///
/// ```
/// use leadtone::segment::split;
/// let text = "Dr. Ode runs it. Ask her, e.g. by mail.";
/// let found: Vec<_> = split(text).into_iter().map(|span| span.of(text)).collect();
/// assert_eq!(found, ["Dr. Ode runs it.", "Ask her, e.g. by mail."]);
/// ```
#[must_use]
pub fn split(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    split_with(text, |span| found.push(span));
    found
}

/// As [`split`], with unicode-segmentation for every text. It is what the short cut for plain text is held against.
#[must_use]
pub fn split_by_unicode(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    scan(text, Bounds::listed(text), |span| found.push(span));
    found
}

fn split_with(text: &str, found: impl FnMut(Span)) {
    let bounds = if plain::is_plain(text) { Bounds::Plain } else { Bounds::listed(text) };
    scan(text, bounds, found);
}

/// Where UAX #29 has its boundaries.
enum Bounds {
    /// Asked for at each place.
    Plain,
    /// All of them, in order, and how many are behind.
    Listed(Vec<usize>, usize),
}

impl Bounds {
    /// The boundaries by unicode-segmentation.
    ///
    /// After a full stop it looks ahead to the next letter from every space and bracket on the way, so that its time is
    /// quadratic in their number; the text is therefore handed over in pieces that end where such a gap grows long.
    fn listed(text: &str) -> Self {
        let mut bounds = Vec::new();
        let mut base = 0;
        let mut add = |piece: &str, base: usize| {
            bounds.extend(piece.split_sentence_bound_indices().map(|(at, _)| base + at).filter(|at| *at > 0));
        };
        for (at, stop) in text.match_indices(['.', '\u{2024}', '\u{FE52}', '\u{FF0E}']) {
            if let Some(end) = plain::long_gap(text, at + stop.len()) {
                add(&text[base..end], base);
                base = end;
            }
        }
        add(&text[base..], base);
        Self::Listed(bounds, 0)
    }

    /// The boundaries before `place` that belong to no place: those of other scripts and of hard line breaks.
    fn before(&mut self, place: usize, mut found: impl FnMut(usize)) {
        if let Self::Listed(bounds, behind) = self {
            while let Some(bound) = bounds.get(*behind).filter(|bound| **bound <= place) {
                found(*bound);
                *behind += 1;
            }
        }
    }

    /// Whether a boundary belongs to `place`: it is inside its marks, or after them with no letter, digit or mark
    /// between.
    fn is_at(&mut self, text: &str, place: &Place) -> bool {
        match self {
            Self::Plain => plain::is_bound(text, place.start, place.marks),
            Self::Listed(bounds, behind) => {
                let mut is_found = false;
                let mut from = place.marks;
                while let Some(bound) = bounds.get(*behind) {
                    let between = text.get(from..*bound).unwrap_or_default();
                    if between.chars().any(|c| c.is_alphanumeric() || plain::is_mark(c) || is_line_break(c)) {
                        break;
                    }
                    *behind += 1;
                    is_found = true;
                    from = from.max(*bound);
                }
                is_found
            }
        }
    }
}

/// Walks over the places where a sentence may end and hands on the sentences between those where one does.
fn scan(text: &str, mut bounds: Bounds, found: impl FnMut(Span)) {
    let mut cut = Cut { text, start: 0, found };
    let mut items = list::items(text).into_iter().peekable();
    let mut at = 0;
    while let Some(start) = plain::next_candidate(text.as_bytes(), at) {
        let Some(place) = Place::at(text, start) else {
            at = start + 3;
            continue;
        };
        bounds.before(start, |bound| cut.at(bound, bound));
        while let Some(item) = items.next_if(|item| *item <= start) {
            cut.at(item, item);
        }
        let is_bound = bounds.is_at(text, &place);
        if repair::ends(text, cut.start, &place, is_bound) {
            cut.at(place.close, place.next);
        }
        at = place.marks;
    }
    bounds.before(text.len(), |bound| cut.at(bound, bound));
    for item in items {
        cut.at(item, item);
    }
    cut.at(text.len(), text.len());
}

/// Whether UAX #29 ends a sentence at `c` whatever stands round it.
const fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Cuts a text into sentences from its start on.
struct Cut<'a, F> {
    text: &'a str,
    /// Where the sentence begins that is open.
    start: usize,
    found: F,
}

impl<F: FnMut(Span)> Cut<'_, F> {
    /// Ends the open sentence at `end` and begins another at `next`. What holds no letter and no digit is no sentence.
    fn at(&mut self, end: usize, next: usize) {
        if end > self.start {
            let piece = &self.text[self.start..end];
            let body = piece.trim_start();
            let start = end - body.len();
            self.add(start, body.trim_end());
        }
        self.start = self.start.max(next);
    }

    /// Hands on `body`, which begins at `start`, in pieces of a length that can be judged.
    fn add(&mut self, mut start: usize, mut body: &str) {
        while !body.is_empty() {
            let end = if body.len() > LONGEST_SENTENCE {
                let most = body.floor_char_boundary(LONGEST_SENTENCE);
                body[..most].rfind(char::is_whitespace).filter(|end| *end > 0).unwrap_or(most)
            } else {
                body.len()
            };
            let piece = body[..end].trim_end();
            if piece.contains(char::is_alphanumeric) {
                (self.found)(Span::new(start, start + piece.len()));
            }
            let rest = body[end..].trim_start();
            start += body.len() - rest.len();
            body = rest;
        }
    }
}
