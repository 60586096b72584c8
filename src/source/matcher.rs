//! Patterns of paths, with the rules of a `.gitignore`.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// A pattern that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bad pattern {pattern:?}: {reason}")]
pub struct PatternError {
    /// The pattern as it was given.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A set of patterns relative to a folder, as in a `.gitignore` there.
#[derive(Clone, Debug)]
pub struct PathMatcher {
    patterns: Gitignore,
    /// The folder; empty for the current one.
    root: PathBuf,
}

impl PathMatcher {
    /// The set of `patterns` relative to `root`; an empty `root` is the current folder.
    ///
    /// # Errors
    /// If a pattern is none.
    pub fn new(root: &Path, patterns: &[String]) -> Result<Self, PatternError> {
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
        let patterns = builder.build().map_err(|error| bad(&patterns.join(" "), error))?;
        let root = if root.as_os_str().is_empty() { PathBuf::new() } else { absolute(root) };
        Ok(Self { patterns, root })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a path matches. Folders above it are not asked: a walk has been through them.
    #[must_use]
    pub fn matches(&self, path: &Path, is_dir: bool) -> bool {
        !self.is_empty() && self.relative(path).is_some_and(|path| self.is_match(&path, is_dir))
    }

    /// Whether a path or a folder above it matches.
    #[must_use]
    pub fn matches_any(&self, path: &Path, is_dir: bool) -> bool {
        !self.is_empty()
            && self.relative(path).is_some_and(|path| {
                let above = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
                self.is_match(&path, is_dir) || above.into_iter().any(|above| self.is_match(above, true))
            })
    }

    fn is_match(&self, relative: &Path, is_dir: bool) -> bool {
        self.patterns.matched(relative, is_dir).is_ignore()
    }

    /// A path below the folder as seen from there; patterns with a slash are meant so. What is not below the current
    /// folder is as it is: who names it means it.
    fn relative<'p>(&self, path: &'p Path) -> Option<Cow<'p, Path>> {
        if !self.root.as_os_str().is_empty() {
            return Some(Cow::Owned(absolute(path).strip_prefix(&self.root).ok()?.to_owned()));
        }
        if path.is_relative() {
            return Some(Cow::Borrowed(path.strip_prefix(".").unwrap_or(path)));
        }
        let here = std::env::current_dir().unwrap_or_default();
        Some(Cow::Borrowed(path.strip_prefix(here).unwrap_or(path)))
    }
}

/// A path from the root of the file system, `.` and `..` taken out by the letter: links stay as they are named.
#[must_use]
pub fn absolute(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => clean.push(part),
        }
    }
    clean
}
