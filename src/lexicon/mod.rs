//! Entries: what speaks for which stance, why, and by which article.
//!
//! Owns the TOML format, the pattern language and the compiled matcher. Reads no files: texts come in from outside.

use crate::report::LexiconId;
use crate::score::Stance;

/// One construction that speaks for a stance, as data that a manager could read and correct.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `principle.name`, unique.
    pub id: String,
    /// The principle it belongs to: the part of `id` before the dot.
    pub principle: String,
    /// The construction, in the pattern language.
    pub pattern: String,
    /// What it leans to.
    pub stance: Stance,
    /// What it adds to its own pole's score: log-odds in thousandths, never below zero.
    pub weight: i32,
    /// What it takes from the other pole's score: log-odds in thousandths, never above zero.
    pub against: i32,
    /// The article and the section that it is derived from, or the grammar that it states.
    pub source: String,
    /// What it means, in a sentence or two.
    pub note: String,
    /// How the same intent is said the other way.
    pub instead: Option<String>,
    /// Sentences in which it must be found.
    pub matches: Vec<String>,
    /// Near misses in which it must not be found.
    pub allows: Vec<String>,
    /// The file that it stands in.
    pub file: String,
    /// The line of its `id` in that file, from 1.
    pub line: usize,
}

/// All entries, compiled.
#[derive(Debug)]
pub struct Lexicon {
    entries: Vec<Entry>,
    id: LexiconId,
}

impl Lexicon {
    /// The lexicon that comes with the program.
    #[must_use]
    pub fn builtin() -> Self {
        let id = LexiconId { name: "leadtone".into(), version: "2026.1".into(), hash: "0000000000000000".into() };
        Self { entries: Vec::new(), id }
    }

    /// Every entry, by file and line.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of that id.
    #[must_use]
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// Name, version and fingerprint.
    #[must_use]
    pub fn id(&self) -> &LexiconId {
        &self.id
    }
}
