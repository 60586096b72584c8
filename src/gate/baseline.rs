//! The baseline: sentences of documents that broke a limit when it was written, and that are let be.
//!
//! Owns the file's form: small, in a fixed order, with a line for each sentence, and without a word of a document.

use super::known::{Fingerprint, Known};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// The version of the file's form.
const VERSION: u32 = 1;

/// Known sentences by document: by its path from the folder of the baseline, with slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The sentences of each document; none is without.
    documents: BTreeMap<String, Known>,
}

/// What is wrong with a baseline, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {reason}")]
pub struct BaselineError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
    /// One line, lower case, no full stop.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    version: u32,
    documents: BTreeMap<String, BTreeMap<Fingerprint, NonZeroU64>>,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    documents: BTreeMap<&'a str, &'a BTreeMap<Fingerprint, u64>>,
}

impl Baseline {
    /// Reads the text of a baseline; `file` is what errors call it.
    ///
    /// # Errors
    /// If it is none, or of another version.
    pub fn read(file: &str, text: &str) -> Result<Self, BaselineError> {
        let error = |line, column, reason| BaselineError { file: file.to_owned(), line, column, reason };
        let read: Read = serde_json::from_str(text).map_err(|problem| {
            let reason = problem.to_string();
            let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
            error(problem.line().max(1), problem.column().max(1), format!("not a baseline: {reason}"))
        })?;
        if read.version != VERSION {
            return Err(error(1, 1, format!("a baseline of version {}, and only {VERSION} is known", read.version)));
        }
        let known = |counts: BTreeMap<Fingerprint, NonZeroU64>| {
            Known::from_counts(counts.into_iter().map(|(sentence, count)| (sentence, count.get())).collect())
        };
        let documents = read.documents.into_iter().map(|(path, counts)| (path, known(counts)));
        Ok(Self { documents: documents.filter(|(_, known)| !known.is_empty()).collect() })
    }

    /// The text of the file, ending in a line feed.
    ///
    /// # Errors
    /// Never: it holds nothing that JSON cannot say.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let documents = self.documents.iter().map(|(path, known)| (path.as_str(), known.counts())).collect();
        Ok(serde_json::to_string_pretty(&Written { version: VERSION, documents })? + "\n")
    }

    /// The paths of its documents.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.documents.keys().map(String::as_str)
    }

    /// What is known of a document's sentences.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<&Known> {
        self.documents.get(path)
    }

    /// Puts what is known of a document's sentences in place of what was.
    pub fn set(&mut self, path: String, known: Known) {
        if known.is_empty() {
            self.documents.remove(&path);
        } else {
            self.documents.insert(path, known);
        }
    }

    /// How many sentences it holds, each as often as it is known.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.documents.values().map(Known::len).sum()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }
}
