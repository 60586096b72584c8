//! What documents are held to: the limits of the five kinds, and which document is held to which.

use super::Config;
use crate::extract::Format;
use crate::lexicon::Lexicon;
use crate::report::Kind;
use crate::source::{PathMatcher, PatternError};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The limits of a document; one that is absent is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Limits {
    /// The least empowering share, 0 to 1. Broken where the whole interval is below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_empowering: Option<f64>,
    /// The largest empowering share, 0 to 1. Broken where the whole interval is above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_empowering: Option<f64>,
    /// The most directive sentences in a hundred, mixed ones included. Broken where the whole interval is above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_per_100: Option<f64>,
    /// The most directive sentences, mixed ones included. A count, without an interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_directive: Option<u64>,
    /// The most directive sentences, mixed ones included, that are neither in the older version of the document nor in the
    /// baseline, where it is held against one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_directive: Option<u64>,
    /// The most that the empowering share may fall below that of the older version, 0 to 1. Broken where the whole interval
    /// of the share is further below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_fall: Option<f64>,
    /// By principle: the most times that it may be found. A count, without an interval.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub principles: BTreeMap<String, u64>,
}

/// What a document is held to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// What reports call it.
    pub name: String,
    /// The kind of document.
    pub kind: Kind,
    /// Which documents it is for; empty where it is what holds for its kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Entries that are switched off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disable: Vec<String>,
    /// The limits.
    #[serde(flatten)]
    pub limits: Limits,
}

impl Profile {
    /// The built-in profile of a kind.
    ///
    /// The shares are bands: people need clarity before they can be left to it, so that writing which only hands things
    /// over is no goal either. They are wide, since a gate that is wrong is soon switched off.
    #[must_use]
    pub fn of_kind(kind: Kind) -> Self {
        let (min_empowering, max_empowering) = match kind {
            Kind::Memo => (Some(0.25), Some(0.95)),
            Kind::Email => (Some(0.3), None),
            Kind::Review => (Some(0.4), Some(0.95)),
            // A policy is full of rightful "must".
            Kind::Policy => (Some(0.1), Some(0.9)),
            // In danger somebody has to take charge, and say so.
            Kind::Crisis => (None, Some(0.75)),
        };
        let (new_directive, max_fall) = match kind {
            Kind::Memo | Kind::Email | Kind::Review | Kind::Policy => (Some(0), Some(0.1)),
            Kind::Crisis => (None, None),
        };
        let limits = Limits { min_empowering, max_empowering, new_directive, max_fall, ..Limits::default() };
        Self { name: kind.name().to_owned(), kind, paths: Vec::new(), disable: Vec::new(), limits }
    }
}

/// Which document is held to which profile.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// The kinds in the order of [`Kind::ALL`], then those for paths in the order of the file.
    profiles: Vec<Profile>,
    /// For each of those for paths.
    matchers: Vec<PathMatcher>,
    /// For each profile: the entries that are switched off, as indices into `Lexicon::entries`, rising.
    switched_off: Vec<Vec<usize>>,
    kind: Option<Kind>,
}

impl Profiles {
    /// The profiles of a configuration whose paths are relative to `root`. With a `kind`, every document is of that kind,
    /// wherever it is.
    ///
    /// # Errors
    /// If a pattern is none.
    pub fn new(config: &Config, root: &Path, lexicon: &Lexicon, kind: Option<Kind>) -> Result<Self, PatternError> {
        let profiles = config.profiles.clone();
        let for_paths = &profiles[Kind::ALL.len()..];
        let matchers =
            for_paths.iter().map(|profile| PathMatcher::new(root, &profile.paths)).collect::<Result<_, _>>()?;
        let index_of = |id: &String| lexicon.entries().iter().position(|entry| entry.id == *id);
        let off = |profile: &Profile| {
            let mut off: Vec<usize> = config.disable.iter().chain(&profile.disable).filter_map(index_of).collect();
            off.sort_unstable();
            off.dedup();
            off
        };
        let switched_off = profiles.iter().map(off).collect();
        Ok(Self { profiles, matchers, switched_off, kind })
    }

    /// What a document is held to, by the path of its file and its format: the last profile whose paths match, else that
    /// of e-mail for mail and that of memos for all else.
    #[must_use]
    pub fn of(&self, path: Option<&str>, format: Format) -> &Profile {
        &self.profiles[self.index(path, format)]
    }

    /// The entries that are switched off in a document, as indices into [`Lexicon::entries`], rising.
    #[must_use]
    pub fn switched_off(&self, path: Option<&str>, format: Format) -> &[usize] {
        &self.switched_off[self.index(path, format)]
    }

    fn index(&self, path: Option<&str>, format: Format) -> usize {
        let is_for = |matcher: &PathMatcher| path.is_some_and(|path| matcher.matches_any(Path::new(path), false));
        if let Some(kind) = self.kind {
            return kind as usize;
        }
        self.matchers.iter().rposition(is_for).map_or_else(|| kind_of(format) as usize, |at| Kind::ALL.len() + at)
    }
}

/// The kind that a document of no profile is taken for.
const fn kind_of(format: Format) -> Kind {
    match format {
        Format::Mail | Format::Mbox => Kind::Email,
        Format::Text
        | Format::Markdown
        | Format::Html
        | Format::Docx
        | Format::Odt
        | Format::Pdf
        | Format::Csv
        | Format::Tsv
        | Format::Jsonl
        | Format::Rst
        | Format::Asciidoc => Kind::Memo,
    }
}
