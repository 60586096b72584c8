//! The lexicon that comes with the program, as its build script compiled it.

use crate::lexicon::{Lexicon, LexiconFile};

/// Every file of the lexicon, by name: its name and its text.
const FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// What these files were compiled to.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));

/// The files of the lexicon that comes with the program.
#[must_use]
pub fn files() -> Vec<LexiconFile> {
    FILES.iter().map(|(name, text)| LexiconFile { name: (*name).into(), text: (*text).into() }).collect()
}

impl Lexicon {
    /// The lexicon that comes with the program.
    ///
    /// # Panics
    /// Never: it was packed when the program was built.
    #[must_use]
    pub fn builtin() -> Self {
        Self::unpack(PACKED).expect("packed by the build script")
    }
}
