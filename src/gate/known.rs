//! Telling a sentence again: a fingerprint of its words, and how often each is known.

use crate::fnv;
use crate::lexicon;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// What a sentence is told again by, wherever it stands and however its lines are wrapped: 64 bits of its words. The words
/// cannot be read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of a sentence. White space, soft hyphens, compatible characters and the shape of quotation marks make no difference;
    /// case and punctuation do.
    #[must_use]
    pub fn of(sentence: &str) -> Self {
        let mut normal = String::with_capacity(sentence.len());
        for c in sentence.nfkc().filter(|c| !lexicon::is_unseen(*c)) {
            match c {
                c if c.is_whitespace() => {
                    if !normal.ends_with(' ') {
                        normal.push(' ');
                    }
                }
                '\u{2018}' | '\u{2019}' => normal.push('\''),
                '\u{201c}' | '\u{201d}' => normal.push('"'),
                c => normal.push(c),
            }
        }
        Self(fnv::hash(normal.trim().bytes()))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:016x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(&text, 16).ok().filter(|_| is_hex);
        number.map(Self).ok_or_else(|| serde::de::Error::custom("a sentence is 16 hexadecimal digits"))
    }
}

/// How often each sentence is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// None is zero.
    counts: BTreeMap<Fingerprint, u64>,
}

impl Known {
    /// Adds a sentence.
    pub fn add(&mut self, sentence: Fingerprint) {
        *self.counts.entry(sentence).or_default() += 1;
    }

    /// Adds all that another knows.
    pub fn extend(&mut self, other: &Self) {
        for (sentence, count) in &other.counts {
            *self.counts.entry(*sentence).or_default() += count;
        }
    }

    /// Takes a sentence out once, and says whether it was there.
    pub fn take(&mut self, sentence: Fingerprint) -> bool {
        let Some(count) = self.counts.get_mut(&sentence) else { return false };
        *count -= 1;
        if *count == 0 {
            self.counts.remove(&sentence);
        }
        true
    }

    /// What is left without what another knows.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let left = |(sentence, count): (&Fingerprint, &u64)| {
            let left = count.saturating_sub(other.counts.get(sentence).copied().unwrap_or_default());
            (left > 0).then_some((*sentence, left))
        };
        Self { counts: self.counts.iter().filter_map(left).collect() }
    }

    /// How many sentences there are, each as often as it is known.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Each sentence and how often it is known, by fingerprint.
    pub(super) const fn counts(&self) -> &BTreeMap<Fingerprint, u64> {
        &self.counts
    }

    /// Of counts, none of which is zero.
    pub(super) const fn from_counts(counts: BTreeMap<Fingerprint, u64>) -> Self {
        Self { counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_told_again_by_its_words() {
        let plain = Fingerprint::of("You can't park \"here\" today.");
        for (name, text, is_same) in [
            ("itself", "You can't park \"here\" today.", true),
            ("wrapped", " You can't\r\n  park \"here\"\u{a0}today. ", true),
            ("quotes", "You can’t park “here” today.", true),
            ("soft hyphen", "You can't park \"here\" to\u{ad}day.", true),
            ("case", "You CAN'T park \"here\" today.", false),
            ("a mark", "You can't park \"here\" today!", false),
            ("a word", "You can park \"here\" today.", false),
            ("joined", "You can't park \"here\"today.", false),
        ] {
            assert_eq!(Fingerprint::of(text) == plain, is_same, "{name}");
        }
        assert_eq!(Fingerprint::of("Caf\u{e9}."), Fingerprint::of("Cafe\u{301}."));
    }

    #[test]
    fn it_is_the_same_on_every_machine() {
        let written = serde_json::to_string(&Fingerprint::of("You must go."));
        assert_eq!(written.expect("a string"), "\"a7b91d7d3bba3149\"");
    }

    #[test]
    fn what_is_known_twice_can_be_taken_twice() {
        let (go, stay) = (Fingerprint::of("Go."), Fingerprint::of("Stay."));
        let mut known = Known::default();
        [go, go, stay].into_iter().for_each(|sentence| known.add(sentence));
        assert_eq!((known.len(), known.take(go), known.take(go), known.take(go)), (3, true, true, false));
        assert_eq!((known.len(), known.take(stay), known.is_empty()), (1, true, true));
        [go, go, stay].into_iter().for_each(|sentence| known.add(sentence));
        let mut other = Known::default();
        [go, stay, stay].into_iter().for_each(|sentence| other.add(sentence));
        assert_eq!((known.without(&other).len(), other.without(&known).take(stay)), (1, true));
    }
}
