//! Words as the lexicons spell them: inflections, spelling variants, contractions.
//!
//! The regular rules of English are here; what is irregular is data, in `lexicons/words.toml`.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Which forms of a word are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Form {
    /// As written.
    Exact,
    /// Every inflection, the base among them.
    All,
    /// The plural, or the third person.
    S,
    /// Past tense and past participle.
    Ed,
    /// The present participle.
    Ing,
}

impl Form {
    /// The form that is written behind `~`.
    pub(super) fn from_suffix(suffix: &str) -> Option<Self> {
        match suffix {
            "" => Some(Self::All),
            "s" => Some(Self::S),
            "ed" => Some(Self::Ed),
            "ing" => Some(Self::Ing),
            _ => None,
        }
    }
}

/// The data of `lexicons/words.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// Irregular words: base form to its -s, past (one or more), participle and -ing forms, as lists.
    #[serde(default)]
    irregular: FxHashMap<String, Irregular>,
    /// Groups of spellings of one word, the first of each standing for all.
    #[serde(default)]
    spellings: Vec<Vec<String>>,
    /// By spelling: its group.
    #[serde(skip)]
    group_of: FxHashMap<String, usize>,
    /// Surface words that stand for several: contractions, chat spellings.
    #[serde(default)]
    pub(super) expansions: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Irregular {
    #[serde(default)]
    s: Vec<String>,
    #[serde(default)]
    ed: Vec<String>,
    #[serde(default)]
    ing: Vec<String>,
}

impl Words {
    /// Makes the words ready to be asked, once they have been read.
    pub(super) fn index(mut self) -> Self {
        let spellings = self.spellings.iter().enumerate();
        self.group_of = spellings.flat_map(|(at, group)| group.iter().map(move |word| (word.clone(), at))).collect();
        self
    }

    /// Every spelling of the form (or forms) of `word`.
    pub(super) fn forms(&self, word: &str, form: Form) -> BTreeSet<String> {
        let irregular = self.irregular.get(word);
        let of = |listed: Option<&Vec<String>>, regular: fn(&str) -> Vec<String>| match listed {
            Some(listed) if !listed.is_empty() => listed.clone(),
            _ => regular(word),
        };
        let s = || of(irregular.map(|forms| &forms.s), third);
        let ed = || of(irregular.map(|forms| &forms.ed), past);
        let ing = || of(irregular.map(|forms| &forms.ing), participle);
        let forms = match form {
            Form::Exact => vec![word.to_owned()],
            Form::All => [vec![word.to_owned()], s(), ed(), ing()].concat(),
            Form::S => s(),
            Form::Ed => ed(),
            Form::Ing => ing(),
        };
        forms.iter().flat_map(|form| self.spelled(form)).collect()
    }

    /// The spellings of one word form: itself, -ise for -ize, and the groups of the data.
    fn spelled(&self, word: &str) -> Vec<String> {
        let mut all = vec![word.to_owned()];
        if let Some(group) = self.group_of.get(word) {
            all.extend(self.spellings[*group].iter().filter(|spelling| *spelling != word).cloned());
        }
        if !["iz", "is", "yz", "ys"].iter().any(|pair| word.contains(pair)) {
            return all;
        }
        for (z, s) in [("ize", "ise"), ("yze", "yse"), ("izing", "ising"), ("yzing", "ysing"), ("ization", "isation")] {
            for (from, to) in [(z, s), (s, z)] {
                for tail in ["", "s", "d", "r"] {
                    // Short words such as "size" and "rise" have one spelling only.
                    let stem = word.strip_suffix(tail).and_then(|word| word.strip_suffix(from));
                    if let Some(stem) = stem.filter(|stem| stem.len() >= 4) {
                        all.push(format!("{stem}{to}{tail}"));
                    }
                }
            }
        }
        all
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Whether the last consonant may be doubled before -ed and -ing: one vowel before one consonant.
fn doubles(word: &str) -> bool {
    let bytes = word.as_bytes();
    let n = bytes.len();
    n >= 3
        && !is_vowel(bytes[n - 1])
        && !matches!(bytes[n - 1], b'w' | b'x' | b'y' | b'h')
        && is_vowel(bytes[n - 2])
        && !is_vowel(bytes[n - 3])
}

fn ends_in_consonant_y(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 2 && bytes[bytes.len() - 1] == b'y' && !is_vowel(bytes[bytes.len() - 2])
}

fn third(word: &str) -> Vec<String> {
    if ends_in_consonant_y(word) {
        vec![format!("{}ies", &word[..word.len() - 1])]
    } else if ["s", "x", "z", "ch", "sh", "o"].iter().any(|ending| word.ends_with(ending)) {
        vec![format!("{word}es")]
    } else {
        vec![format!("{word}s")]
    }
}

fn past(word: &str) -> Vec<String> {
    if word.ends_with('e') {
        vec![format!("{word}d")]
    } else if ends_in_consonant_y(word) {
        vec![format!("{}ied", &word[..word.len() - 1])]
    } else {
        with_doubling(word, "ed")
    }
}

fn participle(word: &str) -> Vec<String> {
    if let Some(stem) = word.strip_suffix("ie") {
        vec![format!("{stem}ying")]
    } else if let Some(stem) = word.strip_suffix('e').filter(|stem| !stem.ends_with('e') && !stem.ends_with('o')) {
        vec![format!("{stem}ing")]
    } else {
        with_doubling(word, "ing")
    }
}

/// Both with and without the doubled consonant where either could be: a form that does not exist harms nothing.
fn with_doubling(word: &str, ending: &str) -> Vec<String> {
    let mut forms = vec![format!("{word}{ending}")];
    if doubles(word) {
        forms.push(format!("{word}{}{ending}", &word[word.len() - 1..]));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_inflections() {
        let words = Words::default();
        for (word, forms) in [
            ("check", "check checked checking checks"),
            ("apply", "applied applies apply applying"),
            ("approve", "approve approved approves approving"),
            ("pass", "pass passed passes passing"),
            ("plan", "planed planing plan planned planning plans"),
            ("die", "die died dies dying"),
            ("recognize", "recognise recognised recognises recognising recognize recognized recognizes recognizing"),
        ] {
            let expected: BTreeSet<String> = forms.split(' ').map(str::to_owned).collect();
            assert_eq!(words.forms(word, Form::All), expected, "{word}");
        }
    }
}
