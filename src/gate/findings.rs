//! Which sentences of a document to look at, why, and what to say in their place.

use super::Gate;
use crate::label::Stance;
use crate::lexicon::{DEED, Entry, ORDER};
use crate::report::{DocumentReport, EvidenceReport, Finding, Reason, Rewrite, SentenceReport};
use crate::span::Span;

/// Which sentences to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Those that direct, mixed ones included.
    Directive,
    /// Those that empower as well.
    All,
    /// None.
    None,
}

impl Show {
    /// Every choice, in the order of the declaration.
    pub const ALL: [Self; 3] = [Self::Directive, Self::All, Self::None];

    /// The name it is asked for by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Directive => "directive",
            Self::All => "all",
            Self::None => "none",
        }
    }

    /// The choice of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.name() == name)
    }
}

/// What there is to look at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Which sentences, by their labels.
    pub sides: Show,
    /// How often a label has to be right for its sentence to be among them, 0 to 1.
    pub min_confidence: f64,
}

impl Shown {
    /// Whether a sentence is among them.
    fn includes(self, sentence: &SentenceReport) -> bool {
        let is_of_side = match self.sides {
            Show::Directive => sentence.label.is_directive(),
            Show::All => sentence.label.is_directive() || sentence.label.is_empowering(),
            Show::None => false,
        };
        is_of_side && sentence.confidence >= self.min_confidence
    }
}

impl Gate<'_> {
    /// The sentences to look at in a document that lists its sentences, in the order of the text. There are none in what is
    /// no English leadership writing: what is found there means nothing.
    #[must_use]
    pub fn findings(&self, report: &DocumentReport) -> Vec<Finding> {
        let sentences = report.sentences.as_deref().filter(|_| report.status.is_meant()).unwrap_or_default().iter();
        sentences.filter(|sentence| self.shown.includes(sentence)).map(|sentence| self.finding(sentence)).collect()
    }

    pub(super) fn finding(&self, sentence: &SentenceReport) -> Finding {
        // What directs is what there is to look at.
        let sides =
            [(Stance::Directive, sentence.label.is_directive()), (Stance::Empowering, sentence.label.is_empowering())];
        let sides = sides.into_iter().filter(|(_, is_taken)| *is_taken);
        let evidence: Vec<(&EvidenceReport, &Entry)> = sides
            .flat_map(|(side, _)| self.explaining(sentence, side))
            .map(|(at, entry)| (&sentence.evidence[at], entry))
            .collect();
        let mut instead: Vec<(Span, Rewrite)> = Vec::new();
        let mut add = |found: &EvidenceReport, entry: &Entry, text: &str| {
            // The same words are said anew once, as the weightiest that was found in them has it, and one rewrite with
            // places left to fill in is enough.
            let is_open = |text: &str| text.contains(BLANK);
            let is_said = instead.iter().any(|(span, known)| {
                span.overlaps(found.at) || known.text == text || is_open(text) && is_open(&known.text)
            });
            if instead.len() < REWRITES && !is_said {
                let (entry, words) = (entry.id.clone(), words(sentence, found));
                instead.push((found.at, Rewrite { entry, words, text: text.to_owned() }));
            }
        };
        let directive = || evidence.iter().filter(|(found, _)| found.stance == Stance::Directive);
        for (found, entry) in directive() {
            entry.instead.iter().for_each(|text| add(found, entry, &filled(text, &sentence.text, found.at)));
        }
        // What a principle has to say is for whichever of its entries have nothing of their own, and general: once is enough.
        if directive().all(|(_, entry)| entry.instead.is_none()) {
            let of_principle = |entry: &Entry| self.principles.get(entry.principle.as_str())?.instead.as_ref();
            let said = directive().find_map(|(found, entry)| Some((*found, *entry, of_principle(entry)?)));
            said.into_iter().for_each(|(found, entry, text)| add(found, entry, text));
        }
        let reasons = evidence.iter().map(|(found, entry)| {
            let principle = self.principles.get(entry.principle.as_str());
            Reason {
                entry: entry.id.clone(),
                principle: entry.principle.clone(),
                stance: found.stance,
                words: words(sentence, found),
                note: entry.note.clone(),
                about: principle.map(|principle| principle.about.clone()).unwrap_or_default(),
                source: entry.source.clone(),
            }
        });
        let instead = instead.into_iter().map(|(_, rewrite)| rewrite).collect();
        Finding { reasons: reasons.collect(), instead, sentence: sentence.clone() }
    }

    /// What explains that a sentence takes a side, the weightiest first: places in its evidence, and the entries. A single
    /// cue adds to the sum and explains nothing, unless there is nothing else; nor does what lies inside of words that
    /// something weightier was said of.
    pub(super) fn explaining(&self, sentence: &SentenceReport, side: Stance) -> Vec<(usize, &Entry)> {
        let evidence = &sentence.evidence;
        let mut found: Vec<(usize, &Entry)> = evidence
            .iter()
            .enumerate()
            .filter(|(_, found)| found.stance == side && found.weight > 0.0)
            .filter_map(|(at, found)| Some((at, *self.entries.get(found.entry.as_str())?)))
            .collect();
        if found.iter().any(|(_, entry)| entry.is_counted) {
            found.retain(|(_, entry)| entry.is_counted);
        }
        found.sort_by(|(a, _), (b, _)| evidence[*b].weight.total_cmp(&evidence[*a].weight));
        let mut told: Vec<Span> = Vec::new();
        found.retain(|(at, _)| {
            let span = evidence[*at].at;
            let is_new = !told.iter().any(|told| told.contains(span));
            told.extend(is_new.then_some(span));
            is_new
        });
        found
    }
}

/// Rewrites of one sentence, at most: the weightiest.
const REWRITES: usize = 2;

/// What a rewrite leaves to be filled in.
const BLANK: &str = "…";

/// Words that a rewrite takes over from a sentence, at most.
const OWN_WORDS: usize = 12;

/// A rewrite with the sentence's own words in the places that are for them, or "…" where these would not read well.
fn filled(rewrite: &str, sentence: &str, found: Span) -> String {
    let first = found.start;
    let last = found.of(sentence).trim_end().rfind(char::is_whitespace).map_or(first, |blank| first + blank + 1);
    let mut filled = rewrite.to_owned();
    for (place, start) in [(DEED, last), (ORDER, first)] {
        if filled.contains(place) {
            filled = filled.replace(place, clause(&sentence[start..]).as_deref().unwrap_or(BLANK));
        }
    }
    filled
}

/// The clause at the start of `text` as it reads inside of another sentence; `None` where it is a single word, long or
/// holds signs that would not read well there.
fn clause(text: &str) -> Option<String> {
    let ends = |(at, sign): (usize, char)| {
        let is_last = text[at + sign.len_utf8()..].chars().next().is_none_or(|next| !next.is_alphanumeric());
        (matches!(sign, '.' | ',' | ':' | '?' | '!') && is_last || matches!(sign, ';' | '—' | '–')).then_some(at)
    };
    let end = text.char_indices().find_map(ends).unwrap_or(text.len());
    let words: Vec<&str> = text[..end].split_whitespace().collect();
    let is_plain = !text[..end].contains(['(', ')', '[', ']', '{', '}', '"', '“', '”', '*', '`', '|', '<', '>', '/']);
    if !(2..=OWN_WORDS).contains(&words.len()) || !is_plain {
        return None;
    }
    let clause = words.join(" ");
    let mut letters = clause.chars();
    let first = letters.next()?;
    let is_word = letters.as_str().starts_with(char::is_lowercase);
    Some(if is_word { first.to_lowercase().chain(letters).collect() } else { clause })
}

/// The words that were found, without the punctuation that ends them.
fn words(sentence: &SentenceReport, found: &EvidenceReport) -> String {
    found.at.of(&sentence.text).trim_end_matches(['.', ',', ';', ':', '!', '?']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewrite_takes_over_words_that_read_well() {
        for (rewrite, sentence, found, expected) in [
            ("Why {deed}?", "You must file the form today.", "You must file", "Why file the form today?"),
            ("Why {order}?", "Send Ana the list, and wait.", "Send Ana", "Why send Ana the list?"),
            ("Why {order}?", "Then go to v2.1 at once.", "go", "Why go to v2.1 at once?"),
            ("Why {order}?", "NATO rules hold here.", "NATO rules", "Why NATO rules hold here?"),
            ("{order}; {deed}", "Lock and bolt the gate!", "Lock and bolt", "lock and bolt the gate; bolt the gate"),
            ("Why {deed}?", "You must go.", "You must go", "Why …?"),
            ("Why {order}?", "Sign (in ink) the form.", "Sign", "Why …?"),
            ("Why {order}?", "Do it as often as it takes for all of them to be seen to.", "Do", "Why …?"),
            ("Say why.", "Go home now.", "Go", "Say why."),
        ] {
            let start = sentence.find(found).expect("it is there");
            let span = Span::new(start, start + found.len());
            assert_eq!(filled(rewrite, sentence, span), expected, "{sentence}");
        }
    }
}
