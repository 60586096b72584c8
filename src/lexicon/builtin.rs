//! The lexicon files that come with the program.

use super::LexiconFile;

/// A row per file: its name and its text.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Every file, by name.
        pub(super) const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../lexicons/", $name)))),*];
    };
}

files!["classes.toml", "duties.toml", "requests.toml", "permissions.toml", "questions.toml", "norms.toml", "imperatives.toml", "scores.toml", "wordnet.toml", "words.toml"];

/// The files that come with the program.
#[must_use]
pub fn builtin_files() -> Vec<LexiconFile> {
    FILES.iter().map(|(name, text)| LexiconFile { name: (*name).into(), text: (*text).into() }).collect()
}
