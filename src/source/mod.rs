//! Finding and reading input. The only reader. (Stand-in until the real one lands.)

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Something to read.
#[derive(Clone, Debug)]
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

    /// What it is called in messages.
    #[must_use]
    pub fn display(&self) -> String {
        self.name().map_or_else(|| "-".to_owned(), |path| path.to_string_lossy().into_owned())
    }

    /// All its bytes.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Its bytes as a stream.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn BufRead>> {
        Ok(match self {
            Self::Stdin(_) => Box::new(BufReader::new(io::stdin())),
            Self::File(path) => Box::new(BufReader::new(File::open(path)?)),
        })
    }
}

/// Which files of a folder are read.
#[derive(Clone, Debug, Default)]
pub struct FindOptions {
    /// Globs of what to leave out.
    pub exclude: Vec<String>,
    /// Whether ignore files are passed over.
    pub no_ignore: bool,
    /// Whether hidden files are read.
    pub hidden: bool,
}

/// Finds what to read.
#[must_use]
pub fn find(paths: &[PathBuf], options: &FindOptions) -> (Vec<Source>, Vec<crate::report::Failure>) {
    let (mut sources, mut failures) = (Vec::new(), Vec::new());
    for path in paths {
        let before = sources.len() + failures.len();
        let mut walk = ignore::WalkBuilder::new(path);
        walk.hidden(!options.hidden).git_ignore(!options.no_ignore).sort_by_file_path(|a, b| a.cmp(b));
        for entry in walk.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    sources.push(Source::File(entry.into_path()));
                }
                Ok(_) => {}
                Err(error) => failures.push(crate::report::Failure {
                    path: path.to_string_lossy().into_owned(),
                    reason: error.into_io_error().map_or_else(String::new, |error| error.to_string()),
                }),
            }
        }
        if sources.len() + failures.len() == before {
            failures.push(crate::report::Failure {
                path: path.to_string_lossy().into_owned(),
                reason: "no documents found".to_owned(),
            });
        }
    }
    (sources, failures)
}
