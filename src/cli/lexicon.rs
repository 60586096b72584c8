//! `leadtone lexicon`: the entries, listed or checked; and reading them for every other subcommand.

use super::args::{LexiconArgs, LexiconCheckArgs, LexiconCommand, LexiconListArgs};
use super::config::{self, Loaded};
use super::exit::Exit;
use super::{message, read_text};
use anyhow::{anyhow, bail};
use leadtone::audit;
use leadtone::builtin;
use leadtone::explain::EntryView;
use leadtone::lexicon::{Lexicon, LexiconFile};
use leadtone::render;
use leadtone::source::{self, Source};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// Runs the subcommand.
///
/// # Errors
/// If the lexicon cannot be read or the output cannot be written.
pub fn run(command: &LexiconCommand) -> anyhow::Result<Exit> {
    match command {
        LexiconCommand::List(args) => list(args),
        LexiconCommand::Check(args) => lint(args),
    }
}

fn list(args: &LexiconListArgs) -> anyhow::Result<Exit> {
    let lexicon = configured(&config::load(&args.config, &[])?, &args.lexicon)?;
    if let Some(principle) = &args.principle
        && !lexicon.principles().iter().any(|known| known.name == *principle)
    {
        let known: Vec<&str> = lexicon.principles().iter().map(|principle| principle.name.as_str()).collect();
        bail!("no principle `{principle}`; there are {}", known.join(", "));
    }
    let is_wanted = |principle: &str| args.principle.as_deref().is_none_or(|wanted| wanted == principle);
    let entries: Vec<EntryView<'_>> = lexicon
        .entries()
        .iter()
        .filter(|entry| is_wanted(&entry.principle))
        .map(|entry| EntryView::of(&lexicon, entry))
        .collect();
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        render::json(&entries, &mut out)?;
    } else {
        render::entries(&entries, &mut out)?;
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn lint(args: &LexiconCheckArgs) -> anyhow::Result<Exit> {
    let lexicon = configured(&config::load(&args.config, &[])?, &args.lexicon)?;
    let findings = audit::check(&lexicon);
    let mut out = BufWriter::new(io::stdout().lock());
    for finding in &findings {
        let (file, line, entry, reason) = (&finding.file, finding.line, &finding.entry, &finding.reason);
        writeln!(out, "{}", render::visible(&format!("{file}:{line}: {entry} {reason}")))?;
    }
    if findings.is_empty() {
        writeln!(out, "{} entries, all of them hold to their examples", lexicon.entries().len())?;
    }
    out.flush()?;
    Ok(if findings.is_empty() { Exit::Success } else { Exit::No })
}

/// Reads the lexicon of a configuration, with what the arguments add to it.
///
/// # Errors
/// If a file cannot be read, or the configuration names what the lexicon does not have.
pub fn configured(loaded: &Loaded, args: &LexiconArgs) -> anyhow::Result<Lexicon> {
    let folders = loaded.config.lexicon.iter().map(|folder| loaded.root.join(folder));
    let lexicon = read(&LexiconArgs { lexicon: folders.chain(args.lexicon.iter().cloned()).collect() })?;
    loaded.config.check(&lexicon)?;
    Ok(lexicon)
}

/// Reads and compiles the lexicon that the arguments name.
///
/// # Errors
/// If a file cannot be read, or is no lexicon; the first errors are named on standard error.
pub fn read(args: &LexiconArgs) -> anyhow::Result<Lexicon> {
    if args.lexicon.is_empty() {
        return Ok(Lexicon::builtin());
    }
    let (files, paths): (Vec<LexiconFile>, Vec<Option<PathBuf>>) = files(args)?.into_iter().unzip();
    compile(&files, &paths)
}

/// Errors of a lexicon that are named: more of them have one cause, and push it off the terminal.
const ERRORS_SHOWN: usize = 100;

/// Compiles files; `paths` says where each of them is, if it is not built in.
///
/// # Errors
/// If they are not a lexicon; the first errors are named on standard error.
pub fn compile(files: &[LexiconFile], paths: &[Option<PathBuf>]) -> anyhow::Result<Lexicon> {
    Lexicon::from_files(files).map_err(|errors| {
        for mut error in errors.iter().take(ERRORS_SHOWN).cloned() {
            let path = files.iter().position(|file| file.name == error.file).and_then(|at| paths[at].as_ref());
            error.file = path.map_or(error.file, |path| path.display().to_string());
            message(format_args!("{error}"));
        }
        match errors.len() {
            1 => anyhow!("the lexicon has an error"),
            count if count > ERRORS_SHOWN => {
                anyhow!("the lexicon has {count} errors, of which these are the first {ERRORS_SHOWN}")
            }
            count => anyhow!("the lexicon has {count} errors"),
        }
    })
}

/// The files of the lexicon that the arguments name, by name, each with its path where it is not built in.
///
/// # Errors
/// If a folder or a file cannot be read.
pub fn files(args: &LexiconArgs) -> anyhow::Result<Vec<(LexiconFile, Option<PathBuf>)>> {
    let mut files: BTreeMap<String, (LexiconFile, Option<PathBuf>)> =
        builtin::files().into_iter().map(|file| (file.name.clone(), (file, None))).collect();
    for folder in &args.lexicon {
        let sources = source::files_in(folder, "toml").map_err(|error| anyhow!("{}: {error}", folder.display()))?;
        if sources.is_empty() {
            bail!("{}: no lexicon file (*.toml)", folder.display());
        }
        for path in sources.iter().map(Source::path) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let file = LexiconFile { name: name.clone(), text: read_text(path)? };
            files.insert(name, (file, Some(path.to_owned())));
        }
    }
    Ok(files.into_values().collect())
}
