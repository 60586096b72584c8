//! Finding and reading input. Nothing else in the program reads.
//!
//! Owns which files of a folder are documents, what is ignored, and the reasons why something cannot be read. Leaves
//! formats to `extract`, which is only asked whether a file without a telling name is text.

mod kinds;
mod matcher;

use crate::extract::Format;
use crate::report::Failure;
use ignore::WalkBuilder;
use kinds::Kind;
use matcher::Matcher;
pub use matcher::PatternError;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The name that stands for standard input.
const STDIN: &str = "-";

/// Folders and files that are never walked into.
const NEVER: [&str; 4] = [".git", ".hg", ".svn", ".jj"];

/// The file of ignore rules that is ours alone.
const IGNORE_FILE: &str = ".leadtoneignore";

/// Bytes of a file without a telling name that are looked at.
const HEAD: u64 = 8 * 1024;

/// Which files are read.
#[derive(Clone, Debug, Default)]
pub struct FindOptions {
    /// Patterns as in a `.gitignore`, of what to leave out. They hold for files that are named, too: a commit hook names
    /// every file it was given.
    pub exclude: Vec<String>,
    /// Patterns as in a `.gitignore`; when there are any, the files in a folder that one of them matches are taken,
    /// whatever they are, and no others.
    pub include: Vec<String>,
    /// Whether to read what `.gitignore`, `.ignore` and `.leadtoneignore` leave out.
    pub no_ignore: bool,
    /// Whether to read hidden files and folders.
    pub hidden: bool,
    /// What to take standard input for.
    pub stdin_name: Option<PathBuf>,
}

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input, with the name it should be taken for.
    Stdin(Option<PathBuf>),
    /// A file.
    File(PathBuf),
}

impl Source {
    /// As it was reached; `None` for standard input.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin(_) => None,
            Self::File(path) => Some(path),
        }
    }

    /// The name that its format may be read from.
    #[must_use]
    pub fn name(&self) -> Option<&Path> {
        match self {
            Self::Stdin(name) => name.as_deref(),
            Self::File(path) => Some(path),
        }
    }

    /// What it is called in messages; bytes that are not UTF-8 are shown as U+FFFD.
    #[must_use]
    pub fn display(&self) -> String {
        self.name().map_or_else(|| STDIN.to_owned(), |path| path.to_string_lossy().into_owned())
    }

    /// All its bytes.
    ///
    /// # Errors
    /// If it cannot be read, or is no regular file.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Self::Stdin(_) => io::stdin().lock().read_to_end(&mut bytes)?,
            Self::File(path) => open(path)?.read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    }

    /// Its bytes as a stream.
    ///
    /// # Errors
    /// If it cannot be opened, or is no regular file.
    pub fn open(&self) -> io::Result<Box<dyn BufRead>> {
        Ok(match self {
            Self::Stdin(_) => Box::new(BufReader::new(io::stdin())),
            Self::File(path) => Box::new(BufReader::new(open(path)?)),
        })
    }
}

<<<<<<< HEAD
/// An error of the system in our style: lower case, one line, without the number that Rust appends.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string().replace(['\n', '\r'], " ");
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
=======
/// The files of `folder` itself with that extension, by name; a file is taken for a folder of itself.
///
/// # Errors
/// If the folder cannot be read.
pub fn files_in(folder: &Path, extension: &str) -> Result<Vec<Source>, SourceError> {
    if fs::metadata(folder)?.is_file() {
        return Ok(vec![Source::file(folder.to_owned())]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension() == Some(extension.as_ref()) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found.into_iter().map(Source::file).collect())
>>>>>>> 060d654 (Read through the real sources; find lexicon files by folder)
}

/// Opens a regular file. Anything else is asked about first and never opened: opening a pipe waits for its writer.
fn open(path: &Path) -> io::Result<File> {
    let about = fs::metadata(path)?;
    if about.is_file() {
        File::open(path)
    } else if about.is_dir() {
        Err(io::Error::new(io::ErrorKind::IsADirectory, "is a directory"))
    } else {
        Err(not_a_file())
    }
}

fn not_a_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")
}

/// The paths in a list: one a line, or separated by NUL if the list holds one. `-` is a list on standard input.
///
/// # Errors
/// If the list cannot be read.
pub fn listed(list: &Path) -> io::Result<Vec<PathBuf>> {
    let source = if list == Path::new(STDIN) { Source::Stdin(None) } else { Source::File(list.to_owned()) };
    let bytes = source.read()?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let names = bytes.split(|byte| *byte == separator);
    let names = names.map(|name| if separator == 0 { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    Ok(names.filter(|name| !name.is_empty()).map(path_of).collect())
}

/// Finds what there is to read: paths in the order given, the files of a folder sorted by path, each once; `-` is
/// standard input. With it comes what cannot be read, which does not stop the rest.
///
/// # Errors
/// If a pattern is none.
pub fn find(paths: &[PathBuf], options: &FindOptions) -> Result<(Vec<Source>, Vec<Failure>), PatternError> {
    let mut finder = Finder {
        options,
        excludes: Matcher::new(&options.exclude)?,
        includes: Matcher::new(&options.include)?,
        found: Vec::new(),
        seen: BTreeSet::new(),
        failures: Vec::new(),
    };
    for path in paths {
        finder.named(path);
    }
    Ok((finder.found, finder.failures))
}

struct Finder<'a> {
    options: &'a FindOptions,
    excludes: Matcher,
    includes: Matcher,
    found: Vec<Source>,
    seen: BTreeSet<PathBuf>,
    failures: Vec<Failure>,
}

impl Finder<'_> {
    fn fail(&mut self, path: &Path, reason: String) {
        self.failures.push(Failure { path: path.to_string_lossy().into_owned(), reason });
    }

    fn push(&mut self, path: PathBuf) {
        if self.seen.insert(path.clone()) {
            self.found.push(Source::File(path));
        }
    }

    /// A path that somebody typed.
    fn named(&mut self, path: &Path) {
        if path == Path::new(STDIN) {
            let stdin = Source::Stdin(self.options.stdin_name.clone());
            let is_excluded = self.options.stdin_name.as_deref().is_some_and(|name| self.excludes.matches(name, false));
            if !is_excluded && !self.found.contains(&stdin) {
                self.found.push(stdin);
            }
            return;
        }
        match fs::metadata(path) {
            Err(error) => self.fail(path, reason(&error)),
            Ok(about) if self.excludes.matches_any(path, about.is_dir()) => {}
            Ok(about) if about.is_dir() => self.walk(path),
            Ok(about) if about.is_file() => self.push(path.to_owned()),
            Ok(_) => self.fail(path, reason(&not_a_file())),
        }
    }

    fn walk(&mut self, folder: &Path) {
        let excludes = self.excludes.clone();
        let is_top = folder.to_owned();
        let mut walk = WalkBuilder::new(folder);
        walk.standard_filters(!self.options.no_ignore)
            .hidden(!self.options.hidden)
            // A person's own global rules must not change what a folder's report says.
            .git_global(false)
            .require_git(false)
            .follow_links(true)
            .sort_by_file_path(Path::cmp)
            .filter_entry(move |entry| {
                let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
                entry.path() == is_top
                    || !NEVER.iter().any(|name| entry.file_name() == *name) && !excludes.matches(entry.path(), is_dir)
            });
        if !self.options.no_ignore {
            walk.add_custom_ignore_filename(IGNORE_FILE);
        }
        let (mut has_any, mut has_failed) = (false, false);
        for entry in walk.build() {
            match entry {
                Ok(entry) => {
                    let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { continue };
                    let path = entry.into_path();
                    if !self.includes.is_empty() && !self.includes.matches(&path, false) {
                        continue;
                    }
                    if !kind.is_file() {
                        // Beside documents a socket is no more a document than an image; its name has to claim it.
                        if kinds::kind(&path) == Kind::Document {
                            has_failed = true;
                            self.fail(&path, reason(&not_a_file()));
                        }
                        continue;
                    }
                    match self.is_document(&path) {
                        Ok(true) => {
                            has_any = true;
                            self.push(path);
                        }
                        Ok(false) => {}
                        Err(error) => {
                            has_failed = true;
                            self.fail(&path, reason(&error));
                        }
                    }
                }
                Err(error) => {
                    has_failed = true;
                    let (path, reason) = walk_error(error, folder);
                    self.fail(&path, reason);
                }
            }
        }
        if !has_any && !has_failed {
            self.fail(folder, "no documents found".to_owned());
        }
    }

    /// Whether a file in a folder is a document. Its name decides, and where it says nothing the content.
    fn is_document(&self, path: &Path) -> io::Result<bool> {
        if !self.includes.is_empty() {
            return Ok(true);
        }
        let kind = kinds::kind(path);
        match kind {
            Kind::Document => Ok(true),
            Kind::Other => Ok(false),
            Kind::Nameless | Kind::Unknown => {
                let mut head = Vec::new();
                open(path)?.take(HEAD).read_to_end(&mut head)?;
                // Mail folders name their files by numbers. An extension of letters that nobody knows is likelier some
                // program's own, so that only a sure sign makes it a document.
                Ok(crate::extract::sniff(&head)
                    .is_some_and(|format| !head.is_empty() && (kind == Kind::Nameless || format != Format::Text)))
            }
        }
    }
}

/// The place and the reason of what went wrong in a walk.
fn walk_error(error: ignore::Error, folder: &Path) -> (PathBuf, String) {
    let mut place = folder.to_owned();
    let mut error = error;
    loop {
        error = match error {
            ignore::Error::WithPath { path, err } => {
                place = path;
                *err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => *err,
            ignore::Error::Loop { ancestor, child } => {
                return (child, format!("link loop: leads back to {}", ancestor.display()));
            }
            ignore::Error::Io(error) => return (place, reason(&error)),
            other => return (place, reason(&io::Error::other(other))),
        };
    }
}

#[cfg(unix)]
fn path_of(name: &[u8]) -> PathBuf {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(name).into()
}

#[cfg(not(unix))]
fn path_of(name: &[u8]) -> PathBuf {
    String::from_utf8_lossy(name).into_owned().into()
}
