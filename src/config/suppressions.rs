//! Findings that do not count since the configuration says so, for documents whose format has no comments.

use super::Config;
use crate::source::{PathMatcher, PatternError};
use serde::Serialize;
use std::path::Path;

/// The name that stands for every entry.
pub const ALL_ENTRIES: &str = "all";

/// What is not to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// A pattern of the documents that it is for.
    pub path: String,
    /// The entry that does not count, or [`ALL_ENTRIES`].
    pub entry: String,
    /// Words of the sentences that it is for, one blank between them; `None` for every sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Why.
    pub reason: String,
    /// Where it is written: file, line and column.
    #[serde(skip)]
    pub place: String,
}

/// Which suppressions are for which document.
#[derive(Clone, Debug)]
pub struct Suppressions {
    /// In the order of the file.
    rules: Vec<(Suppression, PathMatcher)>,
}

impl Suppressions {
    /// The suppressions of a configuration whose paths are relative to `root`.
    ///
    /// # Errors
    /// If a pattern is none.
    pub fn new(config: &Config, root: &Path) -> Result<Self, PatternError> {
        let rules = config.suppress.iter().map(|rule| {
            let matcher = PathMatcher::new(root, std::slice::from_ref(&rule.path))?;
            Ok((rule.clone(), matcher))
        });
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }

    /// All of them, in the order of the file.
    #[must_use]
    pub fn all(&self) -> impl ExactSizeIterator<Item = &Suppression> {
        self.rules.iter().map(|(rule, _)| rule)
    }

    /// Those for a document, by the path of its file, each with its place among all.
    pub(crate) fn of(&self, path: &Path) -> Vec<(usize, &Suppression)> {
        let rules = self.rules.iter().enumerate();
        rules.filter(|(_, (_, paths))| paths.matches_any(path, false)).map(|(at, (rule, _))| (at, rule)).collect()
    }
}
