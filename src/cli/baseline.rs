//! The baseline in a run: read before it, held against each document, written anew where that is asked for.

use super::interrupt::Interrupt;
use super::output::Output;
use super::{message, read_text};
use anyhow::anyhow;
use leadtone::gate::{Baseline, Known};
use leadtone::source::absolute;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A baseline and the file that it is in.
#[derive(Debug)]
pub struct BaselineFile {
    path: PathBuf,
    /// The folder that the paths in it are relative to.
    folder: PathBuf,
    /// What the file holds.
    held: Baseline,
    /// What it is to hold, where it is written anew.
    anew: Option<Baseline>,
    /// Documents that were checked.
    checked: BTreeSet<String>,
    /// Sentences that are in the file and in no document any more.
    stale: u64,
}

impl BaselineFile {
    /// Reads the baseline. One that is to be written need not be there.
    ///
    /// # Errors
    /// If it cannot be read or is none.
    pub fn load(path: &Path, is_updated: bool) -> anyhow::Result<Self> {
        let held = if path.exists() {
            Baseline::read(&path.display().to_string(), &read_text(path)?)?
        } else if is_updated {
            Baseline::default()
        } else {
            return Err(anyhow!("{}: no such baseline; --update-baseline writes one", path.display()));
        };
        let whole = absolute(path);
        Ok(Self {
            path: path.to_owned(),
            folder: whole.parent().unwrap_or(&whole).to_owned(),
            held,
            anew: is_updated.then(Baseline::default),
            checked: BTreeSet::new(),
            stale: 0,
        })
    }

    /// Whether it is written anew.
    pub const fn is_updated(&self) -> bool {
        self.anew.is_some()
    }

    /// What the file holds of a document.
    pub fn known(&self, path: &str) -> Known {
        self.held.of(&self.key(path)).cloned().unwrap_or_default()
    }

    /// Notes that a document was checked: what was known of it and is not in it any more, or what is to be known.
    pub fn note(&mut self, path: &str, known: Known) {
        let key = self.key(path);
        self.checked.insert(key.clone());
        match &mut self.anew {
            Some(anew) => anew.set(key, known),
            None => self.stale += known.len(),
        }
    }

    /// Writes it anew, or says what of it is stale.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self, is_quiet: bool, interrupt: &Interrupt) -> anyhow::Result<()> {
        let unchecked: Vec<&str> = self.held.paths().filter(|path| !self.checked.contains(*path)).collect();
        let (there, gone): (Vec<_>, Vec<_>) = unchecked.into_iter().partition(|path| self.folder.join(path).exists());
        let name = self.path.display();
        let Some(anew) = &mut self.anew else {
            let gone = gone.into_iter().filter_map(|path| self.held.of(path));
            let stale = self.stale + gone.map(Known::len).sum::<u64>();
            if stale > 0 && !is_quiet {
                let are = if stale == 1 { "sentence is" } else { "sentences are" };
                message(format_args!(
                    "{name}: {stale} {are} in no document any more; --update-baseline takes them out"
                ));
            }
            return Ok(());
        };
        // What this run did not look at stays as it is.
        for path in there {
            anew.set(path.to_owned(), self.held.of(path).cloned().unwrap_or_default());
        }
        let mut output = Output::open(Some(&self.path), interrupt)?;
        output.write_all(anew.to_json()?.as_bytes())?;
        output.finish()?;
        if !is_quiet {
            let counted = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            let (sentences, documents) = (counted(anew.len(), "sentence"), anew.paths().count() as u64);
            message(format_args!("{name}: holds {sentences} of {}", counted(documents, "document")));
        }
        Ok(())
    }

    /// What the file calls a document: its path from the folder of the baseline, with slashes.
    fn key(&self, path: &str) -> String {
        let path = absolute(Path::new(path));
        let below = path.strip_prefix(&self.folder).unwrap_or(&path);
        let parts = below.components().map(|part| part.as_os_str().to_string_lossy());
        if below.is_absolute() { below.to_string_lossy().into_owned() } else { parts.collect::<Vec<_>>().join("/") }
    }
}
