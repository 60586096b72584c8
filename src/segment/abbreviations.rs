//! The table of abbreviations, from `lexicons/abbreviations.toml`. Owns the classes and the look-up; what follows from
//! a class is decided in `repair`.

use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The table that comes with the program.
static BUILTIN: LazyLock<Abbreviations> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../../lexicons/abbreviations.toml"))
        .expect("the embedded table of abbreviations is well-formed");
    Abbreviations::from(table)
});

/// No entry is longer, in bytes.
const LONGEST: usize = 16;

/// How an abbreviation's full stop is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Never an end.
    Prepositive,
    /// An end where a usual starter follows.
    MayEnd,
    /// No end before a digit; else as [`Class::MayEnd`].
    BeforeNumber,
    /// No end before a digit; else an ordinary word.
    WordToo,
    /// An end before a capital letter when a clause came before.
    Hour,
}

/// The file's tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    prepositive: Vec<String>,
    may_end: Vec<String>,
    before_number: Vec<String>,
    words_too: Vec<String>,
    hours: Vec<String>,
    starters: Vec<String>,
}

/// The table, ready for look-ups.
#[derive(Debug)]
pub(super) struct Abbreviations {
    classes: HashMap<Box<[u8]>, Class>,
    /// The length of the longest abbreviation: most words are longer and need no look-up.
    longest: usize,
    starters: HashSet<Box<[u8]>>,
}

impl From<Table> for Abbreviations {
    fn from(table: Table) -> Self {
        let rows = [
            (table.prepositive, Class::Prepositive),
            (table.may_end, Class::MayEnd),
            (table.before_number, Class::BeforeNumber),
            (table.words_too, Class::WordToo),
            (table.hours, Class::Hour),
        ];
        let classes: HashMap<Box<[u8]>, Class> = rows
            .into_iter()
            .flat_map(|(words, class)| words.into_iter().map(move |word| (word.into_bytes().into(), class)))
            .collect();
        let longest = classes.keys().map(|word| word.len()).max().unwrap_or(0);
        Self { classes, longest, starters: table.starters.into_iter().map(|word| word.into_bytes().into()).collect() }
    }
}

impl Abbreviations {
    /// The table that comes with the program.
    pub(super) fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The class of `word`, which comes without its last full stop, in any case.
    pub(super) fn class(&self, word: &[u8]) -> Option<Class> {
        if word.len() > self.longest {
            return None;
        }
        lower(word, |word| self.classes.get(word).copied()).flatten()
    }

    /// Whether `word`, in any case, usually opens a sentence.
    pub(super) fn is_starter(&self, word: &[u8]) -> bool {
        lower(word, |word| self.starters.contains(word)).unwrap_or(false)
    }
}

/// Hands `word` on in lower case, ASCII letters only, without allocating; `None` for one too long to be in a table.
fn lower<T>(word: &[u8], then: impl FnOnce(&[u8]) -> T) -> Option<T> {
    let mut buffer = [0; LONGEST];
    let buffer = buffer.get_mut(..word.len())?;
    buffer.copy_from_slice(word);
    buffer.make_ascii_lowercase();
    Some(then(buffer))
}
