//! `leadtone.toml`: which limits hold for which documents, what is left out, which lexicon judges.
//!
//! Owns what the file may say, what its keys mean and where in it an error is. Reads no files: texts come in from outside.

mod file;
mod profiles;
mod suppressions;
mod template;

pub use file::{ConfigError, ConfigFile, ConfigTable};
pub use profiles::{Limits, Profile, Profiles};
pub use suppressions::{ALL_ENTRIES, Suppression, Suppressions};
pub use template::template;

use crate::lexicon::Lexicon;
use serde::Serialize;

/// The name of the file that is looked for.
pub const FILE_NAME: &str = "leadtone.toml";

/// What a configuration says, all defaults filled in. Written as TOML it can be read again.
#[derive(Clone, Debug, Serialize)]
pub struct Config {
    /// Folders of further lexicon files, relative to the folder of the configuration.
    pub lexicon: Vec<String>,
    /// Patterns as in a `.gitignore`, relative to the folder of the configuration, of what to leave out.
    pub exclude: Vec<String>,
    /// Entries that are switched off in every document.
    pub disable: Vec<String>,
    /// The file of the sentences that a check has accepted, relative to the folder of the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// What documents are held to: first the kinds, in the order of [`Kind::ALL`](crate::report::Kind::ALL), then those
    /// for certain paths.
    #[serde(rename = "profile")]
    pub profiles: Vec<Profile>,
    /// What is not to count, for documents without comments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppress: Vec<Suppression>,
    /// The names that have to be in the lexicon, and where they stand in the file.
    #[serde(skip)]
    names: Vec<Name>,
}

/// A name that the lexicon has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    is_principle: bool,
    /// The error that it is if the lexicon does not know it.
    error: ConfigError,
    name: String,
}

impl Config {
    /// What holds where there is no file.
    ///
    /// # Panics
    /// Never: an empty file is a configuration.
    #[must_use]
    pub fn builtin() -> Self {
        ConfigFile { name: FILE_NAME.to_owned(), text: String::new() }.read().expect("an empty file is sound")
    }

    /// Holds the names of entries and principles against the lexicon.
    ///
    /// # Errors
    /// The first one that it does not know.
    pub fn check(&self, lexicon: &Lexicon) -> Result<(), ConfigError> {
        let is_known = |name: &Name| {
            if name.is_principle {
                lexicon.principles().iter().any(|principle| principle.name == name.name)
            } else {
                lexicon.entry(&name.name).is_some()
            }
        };
        self.names.iter().find(|name| !is_known(name)).map_or(Ok(()), |name| Err(name.error.clone()))
    }

    /// The configuration as the TOML of a `leadtone.toml`.
    ///
    /// # Errors
    /// Never, for all that can be read: it holds nothing that TOML cannot say.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}
