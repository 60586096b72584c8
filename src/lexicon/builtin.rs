//! The lexicon files that come with the program.

use super::LexiconFile;

/// A row per file: its name and its text.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Every file, by name.
        pub(super) const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../lexicons/", $name)))),*];
    };
}

files![
    "autonomy.toml",
    "clarity.toml",
    "classes.toml",
    "command.toml",
    "confidence.toml",
    "connection.toml",
    "contrast.toml",
    "development.toml",
    "distance.toml",
    "doubt.toml",
    "duties.toml",
    "experimentation.toml",
    "gatekeeping.toml",
    "imperatives.toml",
    "lookalikes.toml",
    "method-control.toml",
    "norms.toml",
    "oversight.toml",
    "ownership.toml",
    "permissions.toml",
    "plain.toml",
    "pressure.toml",
    "questions.toml",
    "recognition.toml",
    "requests.toml",
    "scores.toml",
    "spotlight.toml",
    "stepping-back.toml",
    "support.toml",
    "takeover.toml",
    "task-push.toml",
    "topics.toml",
    "trust.toml",
    "voice.toml",
    "wordnet.toml",
    "words.toml",
];

/// The files that come with the program.
#[must_use]
pub fn builtin_files() -> Vec<LexiconFile> {
    FILES.iter().map(|(name, text)| LexiconFile { name: (*name).into(), text: (*text).into() }).collect()
}
