//! The verdict on one sentence: one sum for each pole, and all that went into it.

use crate::document::BlockKind;
use crate::label::{Label, Stance};
use crate::lexicon::{Finder, Found, Lexicon, Standing, Weights};
use crate::span::Span;
use std::collections::BTreeSet;

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
    /// What it adds to the two scores.
    pub weights: Weights,
    /// Bytes of the sentence.
    pub span: Span,
}

/// An entry that was found and does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// What was found.
    pub found: Evidence,
    /// What takes it away, an index into `Lexicon::entries`: a look-alike that it lies inside, or a longer finding of its
    /// principle. Of several the longest; one that counts itself before one that does not.
    pub by: usize,
}

/// What a sentence was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The label that follows from the two scores, by [`decide`].
    pub label: Label,
    /// Whether what speaks most for each side stands in clauses of its own, so that the sentence can be mixed.
    pub is_parted: bool,
    /// How often such a verdict is right, in thousandths.
    pub confidence: u16,
    /// The directive score: bias and weights, log-odds in thousandths. Directive where above zero.
    pub directive: i32,
    /// The empowering score, in the same way.
    pub empowering: i32,
    /// What was found, in the order of the text.
    pub evidence: Vec<Evidence>,
}

/// Judges one sentence after another by one lexicon.
#[derive(Debug)]
pub struct Judge<'a> {
    lexicon: &'a Lexicon,
    finder: Finder,
    found: Vec<Found>,
}

impl<'a> Judge<'a> {
    /// A judge by `lexicon`.
    #[must_use]
    pub fn new(lexicon: &'a Lexicon) -> Self {
        Self { lexicon, finder: Finder::default(), found: Vec::new() }
    }

    /// The lexicon that it judges by.
    #[must_use]
    pub const fn lexicon(&self) -> &'a Lexicon {
        self.lexicon
    }

    /// Judges from now on as if the lexicon did not have these entries: indices into `Lexicon::entries`, rising.
    pub fn switch_off(&mut self, entries: &[usize]) {
        self.finder.switched_off.clear();
        self.finder.switched_off.extend_from_slice(entries);
    }

    /// The ids of the entries that it judges without.
    #[must_use]
    pub fn switched_off(&self) -> Vec<String> {
        self.finder.switched_off.iter().map(|entry| self.lexicon.entries()[*entry].id.clone()).collect()
    }

    /// Judges one sentence.
    pub fn classify(&mut self, sentence: &str, context: Context<'_>) -> Verdict {
        self.look(sentence, context);
        let evidence = self.evidence();
        let bias = self.lexicon.bias();
        let sum =
            |pole: fn(&Weights) -> i32, bias: i32| evidence.iter().fold(bias, |sum, found| sum + pole(&found.weights));
        let directive = sum(|weights| weights.directive, bias.directive);
        let empowering = sum(|weights| weights.empowering, bias.empowering);
        let is_parted = is_parted(self.lexicon, &evidence);
        let label = decide(directive, empowering, is_parted);
        let margin = margin(label, directive, empowering, self.lexicon.even());
        let confidence = self.lexicon.confidence(label, margin);
        Verdict { label, is_parted, confidence, directive, empowering, evidence }
    }

    /// What is found in a sentence and does not count, in the order of the text; of what is found several times and never
    /// counts, the first.
    pub fn cancelled(&mut self, sentence: &str, context: Context<'_>) -> Vec<Cancelled> {
        self.look(sentence, context);
        let stands: Vec<bool> = self.found.iter().map(|found| self.takers(found).next().is_none()).collect();
        let standing = self.found.iter().zip(&stands).filter(|(_, stands)| **stands);
        let counts: BTreeSet<usize> = standing.map(|(found, _)| found.entry).collect();
        let mut all = Vec::new();
        for found in self.found.iter().filter(|found| !counts.contains(&found.entry)) {
            let takers = self.found.iter().zip(&stands).filter(|(other, _)| self.takes(other, found));
            if let Some((taker, _)) = takers.max_by_key(|(taker, stands)| (**stands, taker.span.len())) {
                all.push(Cancelled { found: self.evidence_of(found), by: taker.entry });
            }
        }
        all.sort_by_key(|Cancelled { found, .. }| (found.entry, found.span));
        all.dedup_by_key(|Cancelled { found, .. }| found.entry);
        all.sort_by_key(|Cancelled { found, .. }| (found.span, found.entry));
        all
    }

    /// Looks for every entry.
    fn look(&mut self, sentence: &str, context: Context<'_>) {
        let standing = Standing {
            is_heading: context.kind == BlockKind::Heading,
            is_item: context.kind == BlockKind::ListItem,
            lead_in: context.lead_in.filter(|_| context.is_first),
        };
        self.lexicon.find(&mut self.finder, sentence, standing, &mut self.found);
    }

    /// The entries that count, in the order of the text.
    fn evidence(&self) -> Vec<Evidence> {
        let mut evidence: Vec<Evidence> = Vec::new();
        for found in &self.found {
            // Said twice counts once.
            let is_known = evidence.iter().any(|known| known.entry == found.entry);
            if !is_known && self.takers(found).next().is_none() {
                evidence.push(self.evidence_of(found));
            }
        }
        evidence.sort_by_key(|item| (item.span, item.entry));
        evidence
    }

    fn evidence_of(&self, found: &Found) -> Evidence {
        let entry = &self.lexicon.entries()[found.entry];
        Evidence { entry: found.entry, stance: entry.stance, weights: entry.weights, span: found.span }
    }

    /// What takes a finding away.
    fn takers<'b>(&'b self, found: &'b Found) -> impl Iterator<Item = &'b Found> {
        self.found.iter().filter(move |other| self.takes(other, found))
    }

    fn takes(&self, other: &Found, found: &Found) -> bool {
        // No look-alike takes what was found of the sentence as a whole, in none of its words.
        if found.is_of_sentence || other.entry == found.entry || !other.span.contains(found.span) {
            return false;
        }
        let entries = self.lexicon.entries();
        let is_longer = other.span.len() > found.span.len();
        let (entry, other_entry) = (&entries[found.entry], &entries[other.entry]);
        let is_taken = match other_entry.stance {
            // A look-alike takes all that lies inside.
            Stance::Neutral => !entry.cancels,
            // A side takes the other; of two that take away, each on its side, the longer one does.
            Stance::Directive | Stance::Empowering => {
                entry.stance != Stance::Neutral && other_entry.stance != entry.stance && (!entry.cancels || is_longer)
            }
        };
        (other_entry.cancels && is_taken)
            // Of one principle the longest finding counts.
            || (is_longer
                && entry.stance == other_entry.stance
                && self.lexicon.principle_of(found.entry) == self.lexicon.principle_of(other.entry))
    }
}

/// The label that two scores make. Where both are above zero the sentence is mixed if its clauses are parted; in one
/// clause the stronger side says what it does.
#[must_use]
pub const fn decide(directive: i32, empowering: i32, is_parted: bool) -> Label {
    if is_parted || directive <= 0 || empowering <= 0 {
        Label::of_poles(directive > 0, empowering > 0)
    } else {
        Label::of_poles(directive >= empowering, empowering > directive)
    }
}

/// How far two scores speak for a label: the distance from even odds of the one that does so less, in thousandths of
/// log-odds. Below zero where one of them makes another label more probable.
pub(crate) fn margin(label: Label, directive: i32, empowering: i32, even: Weights) -> i32 {
    let speaks_for = |is_taken: bool, odds: i32| if is_taken { odds } else { -odds };
    let directive = speaks_for(label.is_directive(), directive - even.directive);
    let empowering = speaks_for(label.is_empowering(), empowering - even.empowering);
    directive.min(empowering)
}

/// Whether an entry that parts clauses stands between the strongest finding of either side.
pub(crate) fn is_parted(lexicon: &Lexicon, evidence: &[Evidence]) -> bool {
    let strongest = |weight: fn(&Evidence) -> i32| {
        evidence.iter().filter(|found| weight(found) > 0).max_by_key(|found| (weight(found), found.span.len()))
    };
    let directive = strongest(|found| found.weights.directive);
    let empowering = strongest(|found| found.weights.empowering);
    let (Some(directive), Some(empowering)) = (directive, empowering) else { return false };
    let (first, second) =
        if directive.span.start <= empowering.span.start { (directive, empowering) } else { (empowering, directive) };
    let between = first.span.start + 1..=second.span.start;
    evidence.iter().any(|found| lexicon.entries()[found.entry].parts && between.contains(&found.span.start))
}

/// Judges one sentence. For many, keep a [`Judge`].
#[must_use]
pub fn classify(lexicon: &Lexicon, sentence: &str, context: Context<'_>) -> Verdict {
    Judge::new(lexicon).classify(sentence, context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::LexiconFile;

    #[test]
    fn a_look_alike_takes_what_stands_in_its_words_and_not_what_the_sentence_is() {
        let text = r#"
            [principle]
            name = "house"
            stance = "directive"
            about = "Ours."
            [[mark]]
            name = "ZORB"
            pattern = "&zorb"
            [[entry]]
            id = "house.place"
            pattern = "^ZORB"
            [[entry]]
            id = "house.next"
            pattern = "&zorb"
            [[entry]]
            id = "house.open"
            pattern = "%open"
            [[entry]]
            id = "house.shield"
            stance = "neutral"
            cancels = true
            pattern = "a zorb vex"
        "#;
        let file = LexiconFile { name: "house.toml".to_owned(), text: text.to_owned() };
        let lexicon = Lexicon::from_files(&[file]).expect("a sound lexicon");
        let ids = |evidence: &[Evidence]| -> Vec<&str> {
            let mut ids: Vec<&str> = evidence.iter().map(|found| lexicon.entries()[found.entry].id.as_str()).collect();
            ids.sort_unstable();
            ids
        };
        let mut judge = Judge::new(&lexicon);
        let verdict = judge.classify("A zorb vex", Context::default());
        assert_eq!(ids(&verdict.evidence), ["house.open", "house.shield"]);
        let cancelled: Vec<Evidence> =
            judge.cancelled("A zorb vex", Context::default()).iter().map(|cancelled| cancelled.found).collect();
        assert_eq!(ids(&cancelled), ["house.next", "house.place"]);
        let verdict = classify(&lexicon, "A zorb vex or a zorb", Context::default());
        assert_eq!(ids(&verdict.evidence), ["house.next", "house.open", "house.place", "house.shield"]);
    }

    #[test]
    fn a_margin_is_that_of_the_side_that_is_less_sure() {
        let even = Weights { directive: 800, empowering: 1_000 };
        for (label, directive, empowering, expected) in [
            (Label::Directive, 4_000, -1_300, 2_300),
            (Label::Directive, 1_300, -1_300, 500),
            (Label::Directive, 300, -1_300, -500),
            (Label::Directive, 3_000, 1_200, -200),
            (Label::Empowering, -1_400, 3_500, 2_200),
            (Label::Mixed, 2_000, 3_000, 1_200),
            (Label::Neutral, -1_400, -300, 1_300),
        ] {
            assert_eq!(margin(label, directive, empowering, even), expected, "{label:?} {directive} {empowering}");
        }
    }
}
