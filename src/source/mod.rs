//! Finding and reading input. Nothing else in the program reads.
//!
//! Owns which files of a folder are documents, what is ignored, and the reasons why something cannot be read. Leaves
//! formats to `extract`, which is only asked whether a file without a telling name is text.

mod kinds;
mod matcher;

use crate::extract::{self, ExtractError, ExtractOptions, Format, Limit, Limits};
use crate::report::Failure;
use ignore::WalkBuilder;
use kinds::Kind;
pub use matcher::{PathMatcher, PatternError, absolute};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name that stands for standard input.
const STDIN: &str = "-";

/// Folders and files that are never walked into.
const NEVER: [&str; 4] = [".git", ".hg", ".svn", ".jj"];

/// The file of ignore rules that is ours alone.
const IGNORE_FILE: &str = ".leadtoneignore";

/// Bytes of a file without a telling name that are looked at.
const HEAD: u64 = 8 * 1024;

/// Bytes of a document by which it may be refused.
const REFUSABLE: u64 = 64 * 1024;

/// Bytes of a long text that are read at a time.
const CHUNK: u64 = 256 * 1024;

/// What to look for and where.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// Files and folders, `-` for standard input, in the order asked for.
    pub paths: Vec<PathBuf>,
    /// Further paths, from a file.
    pub list: Option<PathList>,
    /// Patterns as in a `.gitignore`, of what to leave out. They hold for files that are named, too: a commit hook names
    /// every file it was given.
    pub excludes: Vec<String>,
    /// Patterns of a configuration that hold in the same way, relative to the folder that they come with.
    pub excludes_below: Option<(PathBuf, Vec<String>)>,
    /// Patterns as in a `.gitignore`; when there are any, only files in a folder that one of them matches are taken.
    pub includes: Vec<String>,
    /// Whether to read what `.gitignore`, `.ignore` and `.leadtoneignore` leave out.
    pub no_ignore: bool,
    /// Whether to read hidden files and folders.
    pub hidden: bool,
    /// Whether a folder may hold no document.
    pub allows_empty: bool,
    /// What to call standard input.
    pub stdin_name: Option<PathBuf>,
    /// The file that output is about to replace, which is never read.
    pub output: Option<PathBuf>,
}

impl WalkOptions {
    /// Every path that is named, here or in the list.
    pub fn named(&self) -> impl Iterator<Item = &PathBuf> {
        self.paths.iter().chain(self.list.iter().flat_map(PathList::paths))
    }
}

/// A file with paths, one a line, or separated by NUL if it holds one, and what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathList {
    file: PathBuf,
    paths: Result<Vec<PathBuf>, SourceError>,
}

impl PathList {
    /// Reads the list; `-` is standard input. That it cannot be read is told by [`find`], as of any other file.
    #[must_use]
    pub fn read(file: &Path) -> Self {
        let bytes = if file == Path::new(STDIN) { Source::stdin(None).read() } else { read_named(file) };
        Self { file: file.to_owned(), paths: bytes.map(|bytes| paths_of(&bytes)) }
    }

    /// The paths in it; none if it cannot be read.
    #[must_use]
    pub fn paths(&self) -> &[PathBuf] {
        self.paths.as_deref().unwrap_or_default()
    }
}

/// The paths in the bytes of a list.
fn paths_of(bytes: &[u8]) -> Vec<PathBuf> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let names = bytes.split(|byte| *byte == separator);
    let names = names.map(|name| if separator == 0 { name } else { name.strip_suffix(b"\r").unwrap_or(name) });
    names.filter(|name| !name.is_empty()).map(path_of).collect()
}

/// Something to read: a file, standard input, or what somebody else has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    path: PathBuf,
    input: Input,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Input {
    File,
    Stdin,
    Held(Arc<[u8]>),
}

/// Why something cannot be read. Its message is one line, lower case, without a full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Nothing of that name.
    #[error("no such file or folder")]
    NotFound,
    /// Not allowed.
    #[error("permission denied")]
    Denied,
    /// A pipe, a socket or a device, which may never end.
    #[error("not a regular file")]
    NotAFile,
    /// A folder where a file was meant.
    #[error("is a folder")]
    IsFolder,
    /// A link that leads back to a folder it is in.
    #[error("link loop: leads back to {0}")]
    Loop(String),
    /// A folder without a document.
    #[error("no documents in this folder")]
    NoDocuments,
    /// Whatever else the system says.
    #[error("{0}")]
    Io(String),
    /// No document that can be read, or none that is to be read, as its size or its beginning tells.
    #[error("{0}")]
    Refused(ExtractError),
}

impl From<io::Error> for SourceError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::IsADirectory => Self::IsFolder,
            _ => Self::Io(one_line(&innermost(&error).to_string())),
        }
    }
}

/// What the system said: a walk puts words of its own around that, and the path once more.
fn innermost(error: &io::Error) -> &io::Error {
    let mut error = error;
    while let Some(inner) = error.source().and_then(|inner| inner.downcast_ref()) {
        error = inner;
    }
    error
}

fn one_line(message: &str) -> String {
    let message = message.replace(['\n', '\r'], " ");
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

impl Source {
    /// A file that is read whatever its name is.
    #[must_use]
    pub const fn file(path: PathBuf) -> Self {
        Self { path, input: Input::File }
    }

    /// Standard input, called `name`.
    #[must_use]
    pub fn stdin(name: Option<PathBuf>) -> Self {
        Self { path: name.unwrap_or_else(|| STDIN.into()), input: Input::Stdin }
    }

    /// The bytes of a file that has no place of its own, such as an older version, called `path`.
    #[must_use]
    pub fn held(path: PathBuf, bytes: Vec<u8>) -> Self {
        Self { path, input: Input::Held(bytes.into()) }
    }

    /// Where it is, for telling the format and for opening.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is standard input.
    #[must_use]
    pub const fn is_stdin(&self) -> bool {
        matches!(self.input, Input::Stdin)
    }

    /// What to call it in every output; bytes that are not UTF-8 are shown as U+FFFD.
    #[must_use]
    pub fn name(&self) -> String {
        shown(&self.path)
    }

    /// The path that rules about paths hold it against: none for standard input that was not given a name.
    #[must_use]
    pub fn path_for_rules(&self) -> Option<String> {
        (!self.is_stdin() || self.path != Path::new(STDIN)).then(|| self.name())
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// If it cannot be opened or read, or is no regular file.
    pub fn read(&self) -> Result<Vec<u8>, SourceError> {
        let mut bytes = Vec::new();
        match &self.input {
            Input::Held(held) => return Ok(held.to_vec()),
            Input::Stdin => io::stdin().lock().read_to_end(&mut bytes)?,
            Input::File => {
                let mut file = open(&self.path)?;
                bytes.reserve(file.metadata().map_or(0, |about| usize::try_from(about.len()).unwrap_or(0)) + 1);
                file.read_to_end(&mut bytes)?
            }
        };
        Ok(bytes)
    }

    /// Reads all of a document, unless it is a long text. What is past the limit on the size of a file, or by its beginning
    /// no document, is not read on.
    ///
    /// # Errors
    /// As [`Source::read`]; or if it is refused.
    pub fn read_document(&self, options: &ExtractOptions) -> Result<Reading, SourceError> {
        let limits = &options.limits;
        let mut reader = self.reader()?;
        let mut size = 0;
        if self.input == Input::File {
            size = fs::metadata(&self.path)?.len();
            limits.check(Limit::FileSize, size).map_err(SourceError::Refused)?;
        }
        let mut bytes = Vec::new();
        if reader.by_ref().take(REFUSABLE).read_to_end(&mut bytes)? as u64 == REFUSABLE {
            extract::refuse(&bytes, Some(&self.path), options).map_err(SourceError::Refused)?;
        }
        let whole = options.pieces.whole as u64;
        let is_divisible = |bytes: &[u8]| {
            let head = &bytes[..bytes.len().min(REFUSABLE as usize)];
            extract::is_divisible(head, Some(&self.path), options)
        };
        let long = |reader| Reading::Long(LongSource { source: self.clone(), reader, read: 0, limits: limits.clone() });
        if size > whole && is_divisible(&bytes) {
            // Opened again when its turn comes, as many files may be waiting.
            return Ok(long(None));
        }
        bytes.reserve(usize::try_from(size).unwrap_or(0).saturating_sub(bytes.len()) + 1);
        // It may have grown, and standard input has no size.
        let most = limits.get(Limit::FileSize).saturating_add(1);
        let left = |bytes: &[u8], most: u64| most.saturating_sub(bytes.len() as u64);
        if size == 0 {
            reader.by_ref().take(left(&bytes, most.min(whole.saturating_add(1)))).read_to_end(&mut bytes)?;
            if bytes.len() as u64 > whole && is_divisible(&bytes) {
                return Ok(long(Some(Box::new(io::Cursor::new(bytes).chain(reader)))));
            }
        }
        if size > 0 || bytes.len() as u64 > whole {
            reader.take(left(&bytes, most)).read_to_end(&mut bytes)?;
        }
        limits.check(Limit::FileSize, bytes.len() as u64).map_err(SourceError::Refused)?;
        Ok(Reading::Whole(bytes))
    }

    /// Opens it for reading piece by piece.
    ///
    /// # Errors
    /// If it cannot be opened, or is no regular file.
    pub fn reader(&self) -> Result<Box<dyn Read + Send>, SourceError> {
        match &self.input {
            Input::Held(held) => Ok(Box::new(io::Cursor::new(Arc::clone(held)))),
            Input::Stdin => Ok(Box::new(io::stdin())),
            Input::File => Ok(Box::new(open(&self.path)?)),
        }
    }
}

/// What reading a document comes to at first.
pub enum Reading {
    /// All of it.
    Whole(Vec<u8>),
    /// It is a long text, which is read bit by bit.
    Long(LongSource),
}

/// A long text. It is opened when it is first read from.
pub struct LongSource {
    source: Source,
    reader: Option<Box<dyn Read + Send>>,
    /// Bytes read so far.
    read: u64,
    limits: Limits,
}

impl LongSource {
    /// Puts the bytes that come next in place of `bytes`: always as many, but at the end, where there are none.
    ///
    /// # Errors
    /// If it cannot be opened or read, or is past the limit on the size of a file.
    pub fn next(&mut self, bytes: &mut Vec<u8>) -> Result<(), SourceError> {
        let reader = match &mut self.reader {
            Some(reader) => reader,
            none => none.insert(self.source.reader()?),
        };
        bytes.clear();
        self.read += reader.take(CHUNK).read_to_end(bytes)? as u64;
        self.limits.check(Limit::FileSize, self.read).map_err(SourceError::Refused)
    }
}

/// Standard input as the system has it, with no buffer of ours between: what is not read is still there for others.
///
/// # Errors
/// If the system refuses another handle of it.
#[cfg(unix)]
pub fn stdin_unbuffered() -> io::Result<File> {
    use std::os::fd::AsFd;
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

/// Standard input as the system has it, with no buffer of ours between: what is not read is still there for others.
///
/// # Errors
/// If the system refuses another handle of it.
#[cfg(windows)]
pub fn stdin_unbuffered() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

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
}

/// Whether `path` is `folder` or lies below it, by the names alone.
#[must_use]
pub fn is_below(path: &Path, folder: &Path) -> bool {
    absolute(path).starts_with(absolute(folder))
}

/// The file called `name` in `start` or the nearest folder above it, up to the root of the repository or, outside of one,
/// of the file system. `start` is a folder, or a file in the first folder to look in.
#[must_use]
pub fn find_upwards(start: &Path, name: &str) -> Option<PathBuf> {
    let start = absolute(start);
    let first = if start.is_dir() { Some(start.as_path()) } else { start.parent() };
    for folder in first?.ancestors() {
        let path = folder.join(name);
        if path.is_file() {
            return Some(path);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// A path with links resolved; where that fails, as it is named.
fn real(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    path.canonicalize().unwrap_or_else(|_| absolute(path))
}

/// Whether two paths lead to the same file.
#[must_use]
pub fn is_same(one: &Path, other: &Path) -> bool {
    real(one) == real(other)
}

/// Opens a regular file. Anything else is asked about first and never opened: opening a pipe waits for its writer.
fn open(path: &Path) -> Result<File, SourceError> {
    let about = fs::metadata(path)?;
    if about.is_dir() {
        Err(SourceError::IsFolder)
    } else if about.is_file() {
        Ok(File::open(path)?)
    } else {
        Err(SourceError::NotAFile)
    }
}

/// Reads a file that is no document but says what to do, such as a list of paths. A shell may hand it over as a pipe; to read
/// it waits for its writer.
///
/// # Errors
/// If it cannot be opened or read, or is a folder.
pub fn read_named(path: &Path) -> Result<Vec<u8>, SourceError> {
    if path.is_dir() { Err(SourceError::IsFolder) } else { Ok(fs::read(path)?) }
}

/// A path as it is shown: without the `./` that a walk of the current folder puts before every name.
fn shown(path: &Path) -> String {
    let bare = path.strip_prefix(".").unwrap_or(path);
    let bare = if bare.as_os_str().is_empty() { path } else { bare };
    bare.to_string_lossy().into_owned()
}

/// Finds what there is to read: paths in the order given, the files of a folder sorted by path, each file once. Of its names
/// the first one found is shown, or the first that is no link to it.
///
/// What cannot be read goes to `on_failure`, and the rest goes on.
///
/// # Errors
/// If a pattern is none.
pub fn find(options: &WalkOptions, on_failure: &mut dyn FnMut(Failure)) -> Result<Vec<Source>, PatternError> {
    let here = Path::new("");
    let (below, patterns) = options.excludes_below.clone().unwrap_or_default();
    let excludes = [PathMatcher::new(here, &options.excludes)?, PathMatcher::new(&below, &patterns)?];
    let includes = PathMatcher::new(here, &options.includes)?;
    let (found, places, folders) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let output = options.output.as_deref().map(real);
    let mut finder = Finder { options, excludes, includes, output, found, places, folders, on_failure };
    for path in &options.paths {
        finder.named(path);
    }
    if let Some(PathList { file, paths }) = &options.list {
        match paths {
            Ok(paths) => paths.iter().for_each(|path| finder.named(path)),
            Err(error) => finder.fail(file, error),
        }
    }
    Ok(finder.found.into_iter().flatten().collect())
}

struct Finder<'a> {
    options: &'a WalkOptions,
    excludes: [PathMatcher; 2],
    includes: PathMatcher,
    /// The file that output replaces, with links resolved.
    output: Option<PathBuf>,
    /// `None` where another name of the file took its place.
    found: Vec<Option<Source>>,
    /// Where each file stands in `found`, by its path with links resolved.
    places: BTreeMap<PathBuf, usize>,
    /// Folders of files that were walked to, and where they lie with links resolved.
    folders: BTreeMap<PathBuf, PathBuf>,
    on_failure: &'a mut dyn FnMut(Failure),
}

impl Finder<'_> {
    fn fail(&mut self, path: &Path, error: &SourceError) {
        (self.on_failure)(Failure { path: shown(path), reason: error.to_string() });
    }

    /// Adds a file, whose path with links resolved is `real`.
    fn push(&mut self, path: PathBuf, real: PathBuf) {
        if self.output.as_ref() == Some(&real) {
            return;
        }
        if let Some(place) = self.places.get(&real) {
            let is_link = |path: &Path| absolute(path) != real;
            if !self.found[*place].as_ref().is_some_and(|found| is_link(found.path())) || is_link(&path) {
                return;
            }
            self.found[*place] = None;
        }
        self.places.insert(real, self.found.len());
        self.found.push(Some(Source::file(path)));
    }

    /// The path of a file with links resolved. Of what a walk finds only the folder has to be, and once, unless the file
    /// itself is a link.
    fn real(&mut self, path: &Path, is_link: bool) -> PathBuf {
        let folder = path.parent().zip(path.file_name()).filter(|_| !is_link);
        let Some((folder, name)) = folder else { return real(path) };
        if let Some(known) = self.folders.get(folder) {
            return known.join(name);
        }
        let known = self.folders.entry(folder.to_owned()).or_insert_with(|| real(folder));
        known.join(name)
    }

    fn is_excluded(&self, path: &Path, is_dir: bool) -> bool {
        self.excludes.iter().any(|patterns| patterns.matches_any(path, is_dir))
    }

    /// A path that somebody typed.
    fn named(&mut self, path: &Path) {
        if path == Path::new(STDIN) {
            let stdin = Source::stdin(self.options.stdin_name.clone());
            let is_excluded = self.options.stdin_name.as_deref().is_some_and(|name| self.is_excluded(name, false));
            let stdin = Some(stdin);
            if !is_excluded && !self.found.contains(&stdin) {
                self.found.push(stdin);
            }
            return;
        }
        match fs::metadata(path).map_err(SourceError::from) {
            Err(error) => self.fail(path, &error),
            Ok(about) if self.is_excluded(path, about.is_dir()) => {}
            Ok(about) if about.is_dir() => self.walk(path),
            Ok(about) if about.is_file() => self.push(path.to_owned(), real(path)),
            Ok(_) => self.fail(path, &SourceError::NotAFile),
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
                    || !NEVER.iter().any(|name| entry.file_name() == *name)
                        && !excludes.iter().any(|patterns| patterns.matches(entry.path(), is_dir))
            });
        if !self.options.no_ignore {
            walk.add_custom_ignore_filename(IGNORE_FILE);
        }
        let (mut has_any, mut has_failed) = (false, false);
        for entry in walk.build() {
            match entry {
                Ok(entry) => {
                    let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { continue };
                    let is_link = entry.path_is_symlink();
                    let path = entry.into_path();
                    if !self.includes.is_empty() && !self.includes.matches(&path, false) {
                        continue;
                    }
                    if !kind.is_file() {
                        // Beside documents a socket is no more a document than an image; its name has to claim it.
                        if kinds::kind(&path) == Kind::Document {
                            has_failed = true;
                            self.fail(&path, &SourceError::NotAFile);
                        }
                        continue;
                    }
                    match self.is_document(&path) {
                        Ok(true) => {
                            let real = self.real(&path, is_link);
                            has_any |= self.output.as_ref() != Some(&real);
                            self.push(path, real);
                        }
                        Ok(false) => {}
                        Err(error) => {
                            has_failed = true;
                            self.fail(&path, &error);
                        }
                    }
                }
                Err(error) => {
                    has_failed = true;
                    let (path, error) = walk_error(error, folder);
                    self.fail(&path, &error);
                }
            }
        }
        if !has_any && !has_failed && !self.options.allows_empty {
            self.fail(folder, &SourceError::NoDocuments);
        }
    }

    /// Whether a file in a folder is a document. Its name decides, and where it says nothing the content.
    fn is_document(&self, path: &Path) -> Result<bool, SourceError> {
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
fn walk_error(error: ignore::Error, folder: &Path) -> (PathBuf, SourceError) {
    let mut place = folder.to_owned();
    let mut error = error;
    loop {
        error = match error {
            ignore::Error::WithPath { path, err } => {
                place = path;
                *err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => *err,
            ignore::Error::Loop { ancestor, child } => return (child, SourceError::Loop(shown(&ancestor))),
            ignore::Error::Io(error) => return (place, error.into()),
            other => return (place, SourceError::Io(one_line(&other.to_string()))),
        };
    }
}

/// The path that these bytes are, in a list of files.
#[cfg(unix)]
#[must_use]
pub fn path_of(name: &[u8]) -> PathBuf {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(name).into()
}

/// The path that these bytes are, in a list of files.
#[cfg(not(unix))]
#[must_use]
pub fn path_of(name: &[u8]) -> PathBuf {
    String::from_utf8_lossy(name).into_owned().into()
}

#[cfg(test)]
impl LongSource {
    /// A text that is read from `reader`.
    pub(crate) fn from_reader(reader: impl Read + Send + 'static) -> Self {
        let source = Source::held("notes.txt".into(), Vec::new());
        Self { source, reader: Some(Box::new(reader)), read: 0, limits: Limits::default() }
    }
}
