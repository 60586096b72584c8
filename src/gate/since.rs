//! An older version of a file: which sentences of today it did not have, and how far the share fell.

use super::estimate;
use super::known::{Fingerprint, Known};
use crate::config::Profile;
use crate::document::Location;
use crate::label::Label;
use crate::report::{Bound, DocumentReport, LimitReport, SentenceReport, Since, Unit};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The version of a file that its documents are compared with.
///
/// Sentences are compared by their words and the side they take: one that was moved or wrapped anew is not new, and one that
/// directs only now is. They are compared over the whole file, so that a message or a row that was put in before others
/// makes none of them new.
#[derive(Clone, Debug)]
pub struct Version {
    about: Since,
    directive: Sentences,
    empowering: Sentences,
}

/// Sentences of one side, each taken once.
#[derive(Clone, Debug, Default)]
struct Sentences {
    known: Known,
    /// The same with the sentence before each. Of two that read the same, the one that follows the same sentence as before
    /// is the old one.
    placed: BTreeMap<(Option<Fingerprint>, Fingerprint), u64>,
}

impl Version {
    /// No version: the file is new since `revision`.
    #[must_use]
    pub fn none(revision: String) -> Self {
        let about = Since { revision, path: None, share: None };
        Self { about, directive: Sentences::default(), empowering: Sentences::default() }
    }

    /// A version called `path` at `revision`, its documents to be added.
    #[must_use]
    pub fn new(revision: String, path: String) -> Self {
        let mut version = Self::none(revision);
        version.about.path = Some(path);
        version
    }

    /// Adds a document of that version; its report lists its sentences.
    pub fn add(&mut self, report: &DocumentReport) {
        // A row or a message is known by its number at most: whether it is the same one cannot be told.
        self.about.share = report.share.filter(|_| is_whole(report));
        let mut before = None;
        for sentence in report.sentences.as_deref().unwrap_or_default() {
            let fingerprint = Fingerprint::of(&sentence.text);
            if let Some(side) = self.side(sentence.label) {
                side.known.add(fingerprint);
                *side.placed.entry((before, fingerprint)).or_default() += 1;
            }
            before = Some(fingerprint);
        }
    }

    /// What reports say of it.
    pub(super) fn about(&self, report: &DocumentReport) -> Since {
        Since { share: self.about.share.filter(|_| is_whole(report)), ..self.about.clone() }
    }

    /// Whether there is none.
    pub(super) const fn is_none(&self) -> bool {
        self.about.path.is_none()
    }

    /// For each sentence of a document, whether it is new; one that takes no side is not. Takes the others out.
    pub(super) fn news(&mut self, sentences: &[SentenceReport]) -> Vec<bool> {
        let fingerprints: Vec<_> = sentences.iter().map(|sentence| Fingerprint::of(&sentence.text)).collect();
        let mut news = vec![false; sentences.len()];
        let mut before = None;
        for (at, sentence) in sentences.iter().enumerate() {
            if let Some(side) = self.side(sentence.label) {
                news[at] = !side.take_placed(before, fingerprints[at]);
            }
            before = Some(fingerprints[at]);
        }
        for (at, sentence) in sentences.iter().enumerate().filter(|(at, _)| news[*at]).collect::<Vec<_>>() {
            if let Some(side) = self.side(sentence.label) {
                news[at] = !side.known.take(fingerprints[at]);
            }
        }
        news
    }

    const fn side(&mut self, label: Label) -> Option<&mut Sentences> {
        match label {
            Label::Directive | Label::Mixed => Some(&mut self.directive),
            Label::Empowering => Some(&mut self.empowering),
            Label::Neutral => None,
        }
    }

    /// The limit on how far the share of a document may fall below this version's.
    pub(super) fn fall(&self, report: &DocumentReport, profile: &Profile) -> Option<LimitReport> {
        let (old, new) = (self.about(report).share?.empowering, report.share?);
        let fall = |share: f64| ((old - share).max(0.0) * 1000.0).round() / 1000.0;
        let found = [fall(new.empowering), fall(new.high), fall(new.low)];
        profile.limits.max_fall.map(|at| estimate("max_fall", Bound::Most, Unit::Fall, at, found))
    }
}

impl Sentences {
    fn take_placed(&mut self, before: Option<Fingerprint>, sentence: Fingerprint) -> bool {
        match self.placed.get_mut(&(before, sentence)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                self.known.take(sentence)
            }
            Some(_) | None => false,
        }
    }
}

/// Whether a document is a whole file.
fn is_whole(report: &DocumentReport) -> bool {
    report.path.as_ref().is_none_or(|path| report.id.to_string() == *path)
}

/// Lines of a file that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(Vec<RangeInclusive<u32>>);

impl Lines {
    /// Ranges of lines, from 1, in the order of the file.
    #[must_use]
    pub const fn new(ranges: Vec<RangeInclusive<u32>>) -> Self {
        Self(ranges)
    }

    /// Whether a sentence stands on one of them, or in a file that has no lines.
    pub(super) fn touch(&self, sentence: &SentenceReport) -> bool {
        let line = |location: Location| match location {
            Location::Line { line, .. } => Some(line),
            Location::Paragraph { .. } | Location::Page { .. } => None,
        };
        let Some(first) = line(sentence.location) else { return true };
        let last = sentence.end.and_then(line).unwrap_or(first);
        let after = self.0.partition_point(|range| *range.end() < first);
        self.0.get(after).is_some_and(|range| *range.start() <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn a_sentence_stands_on_a_changed_line_or_does_not() {
        let line = |line: u32| Location::Line { line, column: 1 };
        let lines = Lines::new(vec![2..=2, 5..=6]);
        for (first, last, expected) in [
            (line(1), line(1), false),
            (line(1), line(2), true),
            (line(3), line(4), false),
            (line(3), line(9), true),
            (line(6), line(6), true),
            (line(7), line(8), false),
            (Location::Paragraph { paragraph: 1 }, Location::Paragraph { paragraph: 1 }, true),
            (Location::Page { page: 9 }, Location::Page { page: 9 }, true),
        ] {
            let sentence = SentenceReport {
                location: first,
                span: Span::new(0, 0),
                end: Some(last),
                label: Label::Directive,
                confidence: 1.0,
                text: String::new(),
                evidence: Vec::new(),
            };
            assert_eq!(lines.touch(&sentence), expected, "{first:?} to {last:?}");
        }
    }
}
