//! The run of the program that a message is handed to: its standard input, its end, and the signals that come meanwhile.
//!
//! Standard output and standard error are the program's own. While it runs, SIGTERM and the like are passed on to it, and
//! what the keyboard sends is left to it, since the terminal sends that to both. Whatever goes wrong on our side ends the
//! program before its input ends, so that it never takes a part of a message for the whole.

#[cfg(not(unix))]
mod piped;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use piped::run;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::process::{Child, Command, ExitStatus};
#[cfg(unix)]
use unix::run;

/// A message on its way.
#[derive(Debug)]
pub struct Message {
    /// Its bytes as far as they are read.
    pub head: Vec<u8>,
    /// Where the rest of a long one is to be read from.
    pub rest: Option<File>,
}

/// Why a message was not handed over.
#[derive(Debug)]
pub enum HandOverError {
    /// The program cannot be started.
    Start(io::Error),
    /// It ended with success and had not read all.
    Left,
    /// The rest of the message cannot be read, or the system refuses something.
    Broken(io::Error),
}

/// Runs `program` with the message on its standard input.
///
/// # Errors
/// If it cannot be started, or ends with success without having read all of the message; it is ended if the message
/// cannot be read to its end.
pub fn hand_over(program: &OsString, arguments: &[OsString], message: Message) -> Result<ExitStatus, HandOverError> {
    let mut command = Command::new(program);
    command.args(arguments);
    run(command, message)
}

/// A program that does not outlive us: where it is not waited for, it is ended.
struct Running {
    child: Child,
    status: Option<ExitStatus>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.status.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
