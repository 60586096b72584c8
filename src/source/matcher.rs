//! Patterns of paths, with the rules of a `.gitignore`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;

/// A pattern that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad pattern {pattern:?}: {reason}")]
pub struct PatternError {
    /// The pattern as it was given.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A set of patterns relative to the current folder.
#[derive(Clone, Debug)]
pub(super) struct Matcher(Gitignore);

impl Matcher {
    pub(super) fn new(patterns: &[String]) -> Result<Self, PatternError> {
        let bad = |pattern: &str, error: ignore::Error| {
            let reason = match error {
                ignore::Error::Glob { err, .. } => err,
                other => other.to_string(),
            };
            PatternError { pattern: pattern.to_owned(), reason }
        };
        let mut builder = GitignoreBuilder::new("");
        // The same report on every file system: some fold case themselves.
        builder.case_insensitive(true).map_err(|error| bad("", error))?;
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| bad(pattern, error))?;
        }
        builder.build().map(Self).map_err(|error| bad(&patterns.join(" "), error))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a path matches. Folders above it are not asked: a walk has been through them.
    pub(super) fn matches(&self, path: &Path, is_dir: bool) -> bool {
        !self.is_empty() && self.0.matched(relative(path), is_dir).is_ignore()
    }

    /// Whether a path or a folder above it matches.
    pub(super) fn matches_any(&self, path: &Path, is_dir: bool) -> bool {
        let above = relative(path).ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
        self.matches(path, is_dir) || !self.is_empty() && above.into_iter().any(|above| self.matches(above, true))
    }
}

/// A path below the current folder as seen from there; patterns with a slash are meant so.
fn relative(path: &Path) -> &Path {
    if path.is_absolute() {
        let here = std::env::current_dir().unwrap_or_default();
        return path.strip_prefix(here).unwrap_or(path);
    }
    path.strip_prefix(".").unwrap_or(path)
}
