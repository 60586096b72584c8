//! Finding and reading `leadtone.toml`.
//!
//! One configuration holds for a run, since one lexicon judges it and every report names that. It is looked for from each
//! path that is named, as by ruff and typos, so that it is the document that decides and not the folder one stands in;
//! paths that belong to different configurations are to be checked apart.

use super::args::ConfigArgs;
use super::read_text;
use anyhow::{Context, anyhow, bail};
use leadtone::config::{Config, ConfigFile, FILE_NAME};
use leadtone::source;
use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

/// A configuration and where it is from.
#[derive(Debug)]
pub struct Loaded {
    /// What it says.
    pub config: Config,
    /// The file; `None` for what is built in.
    pub path: Option<PathBuf>,
    /// The folder that its paths are relative to.
    pub root: PathBuf,
}

/// Reads the configuration that holds for `paths`.
///
/// # Errors
/// If it cannot be read, or paths belong to different ones.
pub fn load(args: &ConfigArgs, paths: &[&Path]) -> anyhow::Result<Loaded> {
    let here = env::current_dir().context("the current folder cannot be told")?;
    let path = match (&args.config, args.isolated) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => None,
        (None, false) => find(paths, &here)?,
    };
    let Some(path) = path else { return Ok(Loaded { config: Config::builtin(), path: None, root: here }) };
    let shown = path.strip_prefix(&here).unwrap_or(&path).to_owned();
    let file = ConfigFile { name: shown.display().to_string(), text: read_text(&shown)? };
    let root = here.join(path.parent().unwrap_or(Path::new("")));
    Ok(Loaded { config: file.read()?, path: Some(shown), root })
}

/// The configuration of the paths that are named; where they have none of their own, that of the current folder.
fn find(paths: &[&Path], here: &Path) -> anyhow::Result<Option<PathBuf>> {
    let folders: BTreeSet<&Path> = paths
        .iter()
        .filter(|path| **path != Path::new("-"))
        // A commit hook names many files of few folders.
        .map(|path| if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) })
        .collect();
    let of_here = source::find_upwards(here, FILE_NAME);
    let mut found: Option<(Option<PathBuf>, &Path)> = None;
    for folder in folders {
        let path = source::find_upwards(folder, FILE_NAME).or_else(|| of_here.clone());
        match &found {
            Some((other, its)) if *other != path => bail!(
                "{} is configured by {} and {} by {}; run them apart, or choose one with --config",
                shown(its),
                named(other.as_deref()),
                shown(folder),
                named(path.as_deref()),
            ),
            Some(_) => {}
            None => found = Some((path, folder)),
        }
    }
    Ok(found.map_or(of_here, |(path, _)| path))
}

/// What a message calls a configuration.
fn named(path: Option<&Path>) -> std::path::Display<'_> {
    path.unwrap_or(Path::new("nothing")).display()
}

fn shown(folder: &Path) -> std::path::Display<'_> {
    if folder.as_os_str().is_empty() { Path::new(".").display() } else { folder.display() }
}

/// The configuration as TOML that can be read again from a file in `root`, with what the command line adds to it.
///
/// # Errors
/// If the paths of the command line cannot be told from there.
pub fn dump(loaded: &Loaded, excludes: &[String], lexicons: &[PathBuf]) -> anyhow::Result<String> {
    let here = env::current_dir().context("the current folder cannot be told")?;
    let Loaded { config, root, path } = loaded;
    let mut config = config.clone();
    if !excludes.is_empty() {
        let below = here.strip_prefix(root).map_err(|_| {
            anyhow!(
                "--exclude is relative to a folder outside of the configuration's; run --dump-config in {}",
                root.display()
            )
        })?;
        config.exclude.extend(excludes.iter().map(|pattern| below_folder(below, pattern)));
    }
    for folder in lexicons {
        let folder = here.join(folder);
        config.lexicon.push(folder.strip_prefix(root).unwrap_or(&folder).display().to_string());
    }
    let from = path.as_ref().map_or_else(|| "the built-in configuration".to_owned(), |path| path.display().to_string());
    let comment = format!("# The configuration in effect, from {from}. Paths are relative to {}.", root.display());
    let toml = config.to_toml()?;
    Ok(format!("{}\n\n{}\n", comment.replace(char::is_control, " "), toml.trim_end()))
}

/// A pattern for `folder` as one for the folder that it is in.
fn below_folder(folder: &Path, pattern: &str) -> String {
    if folder.as_os_str().is_empty() {
        return pattern.to_owned();
    }
    let (not, bare) = pattern.strip_prefix('!').map_or(("", pattern), |bare| ("!", bare));
    let is_anchored = bare.trim_end_matches('/').contains('/');
    let between = if is_anchored { "/" } else { "/**/" };
    format!("{not}/{}{between}{}", folder.display(), bare.trim_start_matches('/'))
}
