//! Which sentences of a document to look at, why, and what to say in their place.

use super::Gate;
use crate::label::Stance;
use crate::lexicon::Entry;
use crate::report::{DocumentReport, EvidenceReport, Finding, Reason, Rewrite, SentenceReport, Status};
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

impl Gate<'_> {
    /// The sentences to look at in a document that lists its sentences, in the order of the text. There are none in what is
    /// no English leadership writing: what is found there means nothing.
    #[must_use]
    pub fn findings(&self, report: &DocumentReport) -> Vec<Finding> {
        let is_meant = match report.status {
            Status::Scored | Status::TooLittleEvidence => true,
            Status::NoText | Status::NotEnglish | Status::NotLeadership => false,
        };
        let is_shown = |sentence: &&SentenceReport| match self.show {
            Show::Directive => sentence.label.is_directive(),
            Show::All => sentence.label.is_directive() || sentence.label.is_empowering(),
            Show::None => false,
        };
        let sentences = report.sentences.as_deref().unwrap_or_default();
        sentences.iter().filter(|_| is_meant).filter(is_shown).map(|sentence| self.finding(sentence)).collect()
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
        let mut instead: Vec<Rewrite> = Vec::new();
        let mut add = |found: &EvidenceReport, entry: &Entry, text: &str| {
            if !instead.iter().any(|known| known.text == text) {
                let (entry, words) = (entry.id.clone(), words(sentence, found));
                instead.push(Rewrite { entry, words, text: text.to_owned() });
            }
        };
        let directive = || evidence.iter().filter(|(found, _)| found.stance == Stance::Directive);
        for (found, entry) in directive() {
            entry.instead.iter().for_each(|text| add(found, entry, text));
        }
        // What a principle has to say is for whichever of its entries have nothing of their own.
        if directive().all(|(_, entry)| entry.instead.is_none()) {
            for (found, entry) in directive() {
                let principle = self.principles.get(entry.principle.as_str());
                principle
                    .and_then(|principle| principle.instead.as_ref())
                    .iter()
                    .for_each(|text| add(found, entry, text));
            }
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

/// The words that were found, without the punctuation that ends them.
fn words(sentence: &SentenceReport, found: &EvidenceReport) -> String {
    found.at.of(&sentence.text).trim_end_matches(['.', ',', ';', ':', '!', '?']).to_owned()
}
