//! Where output goes: standard output, or a file that appears once it is complete.

use super::interrupt::Interrupt;
use anyhow::Context;
use std::fs::{self, File};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::process;

/// Where output goes.
#[derive(Debug)]
pub enum Output {
    /// Standard output.
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A file in the making.
    File(Box<Partial>),
}

/// A file written beside its place under a name of its own, so that a run that is cut short leaves the old one whole.
#[derive(Debug)]
pub struct Partial {
    writer: BufWriter<File>,
    partial: PathBuf,
    path: PathBuf,
    is_finished: bool,
    interrupt: Interrupt,
}

impl Output {
    /// Opens `path`, or standard output for `None`. Ctrl-C leaves nothing of a file that is not finished.
    ///
    /// # Errors
    /// If no file can be created beside `path`.
    pub fn open(path: Option<&Path>, interrupt: &Interrupt) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::Stdout(BufWriter::with_capacity(1 << 16, io::stdout().lock()))) };
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = path.file_name().with_context(|| format!("{}: not a file name", path.display()))?;
        let partial = path.with_file_name(format!(".{}.{}.partial", name.to_string_lossy(), process::id()));
        let file = interrupt
            .begin(&partial, || File::create_new(&partial))
            .with_context(|| format!("{}: cannot write there", path.display()))?;
        if let Ok(existing) = fs::metadata(&path) {
            let _ = file.set_permissions(existing.permissions());
        }
        let (writer, interrupt) = (BufWriter::new(file), interrupt.clone());
        Ok(Self::File(Box::new(Partial { writer, partial, path, is_finished: false, interrupt })))
    }

    /// Writes out what is held back and puts a file in its place.
    ///
    /// # Errors
    /// If it cannot be written or moved.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stdout(mut writer) => Ok(writer.flush()?),
            Self::File(mut file) => {
                file.writer.flush()?;
                file.interrupt
                    .end(|| fs::rename(&file.partial, &file.path))
                    .with_context(|| format!("{}: cannot write there", file.path.display()))?;
                file.is_finished = true;
                Ok(())
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::File(file) => file.writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::File(file) => file.writer.flush(),
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = self.interrupt.end(|| fs::remove_file(&self.partial));
        }
    }
}
