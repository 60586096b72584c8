//! Where output goes: standard output, or a file that appears once it is complete.

use super::interrupt::Interrupt;
use anyhow::Context;
use leadtone::render::visible;
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};
use std::process;

/// Where output goes.
#[derive(Debug)]
pub enum Output {
    /// Standard output.
    Stdout(BufWriter<Stdout>),
    /// A file in the making.
    File(Box<Partial>),
    /// What is no file and cannot be replaced by one: a device, a pipe.
    Device(BufWriter<File>),
}

/// Standard output, whose reader may go away.
#[derive(Debug)]
pub struct Stdout {
    lock: StdoutLock<'static>,
    /// Whether the run goes on then; what it writes is thrown away.
    goes_on: bool,
    is_unread: bool,
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
        let Some(path) = path else {
            let stdout = Stdout { lock: io::stdout().lock(), goes_on: false, is_unread: false };
            return Ok(Self::Stdout(BufWriter::with_capacity(1 << 16, stdout)));
        };
        if fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
            let device = File::options().write(true).open(path);
            let device = device.with_context(|| format!("{}: cannot write there", path.display()))?;
            return Ok(Self::Device(BufWriter::new(device)));
        }
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

    /// The same for a run that has more to do than to write: it goes on where nobody reads standard output any more.
    pub fn going_on(mut self) -> Self {
        if let Self::Stdout(writer) = &mut self {
            writer.get_mut().goes_on = true;
        }
        self
    }

    /// Writes out what is held back and puts a file in its place.
    ///
    /// # Errors
    /// If it cannot be written or moved.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stdout(mut writer) => Ok(writer.flush()?),
            Self::Device(mut writer) => Ok(writer.flush()?),
            Self::File(mut file) => {
                file.writer.flush()?;
                // What is moved into place before it is on the disk may be empty after a power cut.
                file.writer.get_ref().sync_data()?;
                file.interrupt
                    .end(|| fs::rename(&file.partial, &file.path))
                    .with_context(|| format!("{}: cannot write there", file.path.display()))?;
                file.is_finished = true;
                Ok(())
            }
        }
    }
}

impl Output {
    /// A name in a list: as it is for a program, and so that it cannot act for a person.
    pub fn listed<'a>(&self, name: &'a str) -> Cow<'a, str> {
        match self {
            Self::Stdout(_) if io::stdout().is_terminal() => visible(name),
            Self::Stdout(_) | Self::File(_) | Self::Device(_) => Cow::Borrowed(name),
        }
    }
}

/// Adds to the end of a file that belongs to somebody else.
///
/// # Errors
/// If it cannot be opened or written.
pub fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::options().append(true).create(true).open(path)?.write_all(bytes)
}

/// Writes a new file and the folders above it; false where there is something of that name already.
///
/// # Errors
/// If it cannot be written; then nothing of it is left.
pub fn create(path: &Path, bytes: &[u8], is_executable: bool) -> anyhow::Result<bool> {
    let told = || format!("{}: cannot write there", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(told)?;
    }
    let mut file = match File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error).with_context(told),
    };
    let written = file.write_all(bytes).and_then(|()| if is_executable { set_executable(&file) } else { Ok(()) });
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written.map(|()| true).with_context(told)
}

/// Lets everybody run a file who may read it.
#[cfg(unix)]
fn set_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
    file.set_permissions(permissions)
}

/// Where names or contents tell what can be run, there is nothing to do.
#[cfg(not(unix))]
fn set_executable(_: &File) -> io::Result<()> {
    Ok(())
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::Device(writer) => writer.write(bytes),
            Self::File(file) => file.writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::Device(writer) => writer.flush(),
            Self::File(file) => file.writer.flush(),
        }
    }
}

impl Stdout {
    /// What writing came to.
    fn told<T>(&mut self, result: io::Result<T>, done: T) -> io::Result<T> {
        match result {
            Err(error) if self.goes_on && error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_unread = true;
                Ok(done)
            }
            result => result,
        }
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = if self.is_unread { Ok(bytes.len()) } else { self.lock.write(bytes) };
        self.told(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = if self.is_unread { Ok(()) } else { self.lock.flush() };
        self.told(flushed, ())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_finished {
            let _ = self.interrupt.end(|| fs::remove_file(&self.partial));
        }
    }
}
