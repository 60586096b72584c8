//! Ctrl-C: ends the program at once and quietly, and takes a half-written file along.

use super::exit::Exit;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is to be cleared away when the program is interrupted.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    /// The file in the making. Whoever moves or removes it holds the lock.
    partial: Arc<Mutex<Option<PathBuf>>>,
}

impl Interrupt {
    /// Listens for Ctrl-C from now on. Called once; where the system refuses, Ctrl-C does what it always does.
    pub fn listen() -> Self {
        let interrupt = Self::default();
        let heard = interrupt.clone();
        let _ = ctrlc::set_handler(move || heard.end_program());
        interrupt
    }

    #[expect(clippy::disallowed_methods, reason = "what was held back is not wanted any more")]
    fn end_program(&self) {
        // Held until the end, so that no file is begun or finished any more.
        let partial = self.lock();
        if let Some(path) = &*partial {
            let _ = fs::remove_file(path);
        }
        process::exit(Exit::Interrupted.number().into());
    }

    /// Runs `begin`, which creates the file `partial`.
    pub fn begin<T>(&self, partial: &Path, begin: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let mut held = self.lock();
        let begun = begin()?;
        *held = Some(partial.to_owned());
        Ok(begun)
    }

    /// Runs `end`, which moves or removes the file begun last.
    pub fn end(&self, end: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let mut held = self.lock();
        end()?;
        *held = None;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Option<PathBuf>> {
        self.partial.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
