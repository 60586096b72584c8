//! What tells one annotation from all others, whatever happens to the lines around it.

use crate::fnv;
use std::collections::BTreeMap;

/// Gives out fingerprints: equal ones never twice.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    given: BTreeMap<u64, u64>,
}

impl Fingerprints {
    /// The fingerprint of `text` in the file at `path`: 16 hexadecimal digits that depend on the words and not on how
    /// they are wrapped or where they stand. The second of two equal sentences gets another than the first.
    pub fn of(&mut self, path: &str, kind: &str, text: &str) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        let key = hash(&[path, kind, &words.join(" ")]);
        let count = self.given.entry(key).or_default();
        *count += 1;
        match *count {
            1 => format!("{key:016x}"),
            nth => format!("{:016x}", hash(&[&key.to_string(), &nth.to_string()])),
        }
    }
}

/// A hash of texts that tells where each ends.
fn hash(parts: &[&str]) -> u64 {
    fnv::hash(parts.iter().flat_map(|part| part.bytes().chain([0])))
}

#[cfg(test)]
mod tests {
    use super::Fingerprints;

    #[test]
    fn a_sentence_keeps_its_fingerprint() {
        let mut first = Fingerprints::default();
        let known = first.of("a.md", "sentence", "Close the gate.");
        let second = first.of("a.md", "sentence", "Close the gate.");
        assert_ne!(known, second, "two equal sentences are two");
        for (name, path, kind, text, is_same) in [
            ("the same", "a.md", "sentence", "Close the gate.", true),
            ("wrapped", "a.md", "sentence", "Close\n  the gate.", true),
            ("other words", "a.md", "sentence", "Close the door.", false),
            ("another file", "b.md", "sentence", "Close the gate.", false),
            ("another kind", "a.md", "gate.limits", "Close the gate.", false),
            ("parts run together", "a.mds", "entence", "Close the gate.", false),
        ] {
            let found = Fingerprints::default().of(path, kind, text);
            assert_eq!(found == known, is_same, "{name}");
            assert!(found.len() == 16 && found != second, "{name}");
        }
    }
}
