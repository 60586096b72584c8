//! The TOML of a configuration: what its tables are, what their values may be, and where in the file an error is.

use super::profiles::{Limits, Profile};
use super::suppressions::{ALL_ENTRIES, Suppression};
use super::{Config, Name};
use crate::report::Kind;
use crate::source::PathMatcher;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// A configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// What errors call it: its path.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {reason}")]
pub struct ConfigError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// One line, lower case, no full stop.
    pub reason: String,
}

/// A `leadtone.toml`: what leadtone reads, which lexicon judges, and what documents are held to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Config")]
pub struct ConfigTable {
    /// Folders with further lexicon files (*.toml), relative to the folder of this file. A file of the same name takes
    /// the place of the built-in one.
    #[serde(default)]
    lexicon: Vec<String>,
    /// Patterns as in a .gitignore, relative to the folder of this file, of what to leave out, named files as well.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    exclude: Vec<Spanned<String>>,
    /// Entries that are switched off in every document.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    disable: Vec<Spanned<String>>,
    /// The file of the sentences that a check has accepted, relative to the folder of this file.
    baseline: Option<String>,
    /// What documents are held to. Of several whose paths match, the last one holds.
    #[serde(default, rename = "profile")]
    profiles: Vec<ProfileTable>,
    /// Findings that do not count, for documents without comments.
    #[serde(default)]
    suppress: Vec<SuppressTable>,
}

/// Findings that do not count.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SuppressConfig")]
struct SuppressTable {
    /// A pattern as in a .gitignore, relative to the folder of this file, of the documents that it is for. Standard input
    /// without a name is `-`.
    #[schemars(with = "String")]
    path: Spanned<String>,
    /// The entry that does not count, or `all`, which is what holds where there is only a text.
    #[schemars(with = "Option<String>")]
    entry: Option<Spanned<String>>,
    /// Words of the sentences that it is for, as they stand there; without them, every sentence.
    #[schemars(with = "Option<String>")]
    text: Option<Spanned<String>>,
    /// Why. Shown wherever the finding is.
    #[schemars(with = "String")]
    reason: Spanned<String>,
}

/// What documents of a kind, or of certain paths, are held to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ProfileConfig")]
struct ProfileTable {
    /// What reports call it; without one, its kind.
    name: Option<String>,
    /// Patterns as in a .gitignore, relative to the folder of this file, of the documents that it is for. A profile
    /// without them says what holds for its kind wherever that is used.
    #[schemars(with = "Option<Vec<String>>")]
    paths: Option<Spanned<Vec<Spanned<String>>>>,
    /// The kind of document, whose limits hold where the profile names none.
    #[schemars(with = "Kind")]
    kind: Spanned<Kind>,
    /// The least empowering share of the sentences that take a side, 0 to 1.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    min_empowering: Option<Spanned<f64>>,
    /// The largest empowering share of the sentences that take a side, 0 to 1.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    max_empowering: Option<Spanned<f64>>,
    /// The most directive sentences in a hundred, mixed ones included, 0 to 100.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 100.0))]
    max_per_100: Option<Spanned<f64>>,
    /// The most directive sentences in one document, mixed ones included.
    max_directive: Option<u64>,
    /// The most directive sentences that are new: neither in the older version of the document nor in the baseline, where
    /// it is held against one.
    new_directive: Option<u64>,
    /// The most that the empowering share may fall below that of the older version, 0 to 1.
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    max_fall: Option<Spanned<f64>>,
    /// The most times that a principle may be found in one document.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, u64>")]
    principles: BTreeMap<Spanned<String>, u64>,
    /// Entries that are switched off in these documents.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    disable: Vec<Spanned<String>>,
}

impl ConfigFile {
    /// Reads the configuration.
    ///
    /// # Errors
    /// If it is not TOML, a key is unknown, or a value is out of its range.
    pub fn read(&self) -> Result<Config, ConfigError> {
        let table: ConfigTable = toml::from_str(&self.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            self.error(offset, error.message().lines().next().unwrap_or("not TOML").trim_end_matches('.'))
        })?;
        let mut names = Vec::new();
        let exclude = self.patterns(&table.exclude)?;
        let disable = self.entries(&table.disable, &mut names);
        let mut kinds = Kind::ALL.map(Profile::of_kind);
        let mut redefined: Vec<Kind> = Vec::new();
        for written in table.profiles.iter().filter(|written| written.paths.is_none()) {
            let kind = *written.kind.get_ref();
            if redefined.contains(&kind) {
                let reason = format!("there is another profile of kind {} without paths", kind.name());
                return Err(self.error(written.kind.span().start, reason));
            }
            redefined.push(kind);
            let base = &mut kinds[kind as usize];
            *base = self.profile(written, base, &mut names)?;
        }
        let mut profiles = kinds.to_vec();
        for written in table.profiles.iter().filter(|written| written.paths.is_some()) {
            let base = &kinds[*written.kind.get_ref() as usize];
            profiles.push(self.profile(written, base, &mut names)?);
        }
        let suppress =
            table.suppress.iter().map(|written| self.suppression(written, &mut names)).collect::<Result<_, _>>()?;
        Ok(Config { lexicon: table.lexicon, exclude, disable, baseline: table.baseline, profiles, suppress, names })
    }

    fn suppression(&self, written: &SuppressTable, names: &mut Vec<Name>) -> Result<Suppression, ConfigError> {
        self.patterns(std::slice::from_ref(&written.path))?;
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = written.text.as_ref().map(|text| words(text.get_ref()));
        for (place, is_blank, reason) in [
            (written.reason.span(), words(written.reason.get_ref()).is_empty(), "no reason: say why it does not count"),
            (
                written.path.span(),
                written.entry.is_none() && text.is_none(),
                "neither entry nor text: say what it is for",
            ),
        ] {
            if is_blank {
                return Err(self.error(place.start, reason));
            }
        }
        if let (Some(place), Some("")) = (&written.text, text.as_deref()) {
            return Err(self.error(place.span().start, "no text"));
        }
        let entry = written.entry.as_ref().filter(|entry| entry.get_ref() != ALL_ENTRIES);
        names.extend(entry.map(|entry| self.name(entry, false)));
        let place = self.error(written.path.span().start, "");
        Ok(Suppression {
            path: written.path.get_ref().clone(),
            entry: entry.map_or(ALL_ENTRIES.to_owned(), |entry| entry.get_ref().clone()),
            text,
            reason: words(written.reason.get_ref()),
            place: format!("{}:{}:{}", place.file, place.line, place.column),
        })
    }

    /// A profile as written, over the one that it stands on.
    fn profile(&self, written: &ProfileTable, base: &Profile, names: &mut Vec<Name>) -> Result<Profile, ConfigError> {
        let kind = *written.kind.get_ref();
        let mut limits = Limits {
            min_empowering: self.number(written.min_empowering.as_ref(), 1.0)?.or(base.limits.min_empowering),
            max_empowering: self.number(written.max_empowering.as_ref(), 1.0)?.or(base.limits.max_empowering),
            max_per_100: self.number(written.max_per_100.as_ref(), 100.0)?.or(base.limits.max_per_100),
            max_directive: written.max_directive.or(base.limits.max_directive),
            new_directive: written.new_directive.or(base.limits.new_directive),
            max_fall: self.number(written.max_fall.as_ref(), 1.0)?.or(base.limits.max_fall),
            principles: base.limits.principles.clone(),
        };
        if let (Some(min), Some(max)) = (limits.min_empowering, limits.max_empowering)
            && min > max
        {
            let place = written.min_empowering.as_ref().or(written.max_empowering.as_ref());
            let reason = format!("min_empowering {min} is above max_empowering {max}");
            return Err(self.error(place.map_or(0, |place| place.span().start), reason));
        }
        for (principle, most) in &written.principles {
            names.push(self.name(principle, true));
            limits.principles.insert(principle.get_ref().clone(), *most);
        }
        let mut disable = base.disable.clone();
        disable.extend(self.entries(&written.disable, names));
        disable.sort();
        disable.dedup();
        let paths = match &written.paths {
            None => Vec::new(),
            Some(paths) if paths.get_ref().is_empty() => {
                return Err(self.error(paths.span().start, "no paths: the profile is for no document"));
            }
            Some(paths) => self.patterns(paths.get_ref())?,
        };
        let name = written.name.clone().unwrap_or_else(|| kind.name().to_owned());
        Ok(Profile { name, kind, paths, limits, disable })
    }

    fn number(&self, written: Option<&Spanned<f64>>, most: f64) -> Result<Option<f64>, ConfigError> {
        match written {
            Some(number) if !(0.0..=most).contains(number.get_ref()) => {
                Err(self.error(number.span().start, format!("not a number from 0 to {most}")))
            }
            Some(number) => Ok(Some(*number.get_ref())),
            None => Ok(None),
        }
    }

    fn patterns(&self, written: &[Spanned<String>]) -> Result<Vec<String>, ConfigError> {
        for pattern in written {
            PathMatcher::new(Path::new(""), std::slice::from_ref(pattern.get_ref()))
                .map_err(|error| self.error(pattern.span().start, error.to_string()))?;
        }
        Ok(written.iter().map(|pattern| pattern.get_ref().clone()).collect())
    }

    fn entries(&self, written: &[Spanned<String>], names: &mut Vec<Name>) -> Vec<String> {
        names.extend(written.iter().map(|entry| self.name(entry, false)));
        written.iter().map(|entry| entry.get_ref().clone()).collect()
    }

    fn name(&self, written: &Spanned<String>, is_principle: bool) -> Name {
        let name = written.get_ref().clone();
        let what = if is_principle { "principle" } else { "entry" };
        Name {
            is_principle,
            error: self.error(written.span().start, format!("no {what} `{name}` in the lexicon")),
            name,
        }
    }

    /// The error `reason` at byte `offset` of the file.
    fn error(&self, offset: usize, reason: impl Into<String>) -> ConfigError {
        let end = self.text.floor_char_boundary(offset);
        let before = &self.text[..end];
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let reason: String = reason.into();
        ConfigError {
            file: self.name.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line..].chars().count() + 1,
            // It may quote a sign of the file, which may be the end of a line.
            reason: reason.replace(char::is_control, " "),
        }
    }
}
