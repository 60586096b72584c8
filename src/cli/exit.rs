//! Exit statuses. The only place with their numbers.

use std::process::{ExitCode, ExitStatus};

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Success,
    /// Done, and the answer is no: findings, or below a limit.
    No,
    /// Something could not be done or read.
    Failure,
    /// Ended by Ctrl-C.
    Interrupted,
    /// A message could not be read, or was not taken, to its end; EX_IOERR of sysexits.h.
    Broken,
    /// A message was not handed on, and may be tried again; EX_TEMPFAIL of sysexits.h, which mail programs know.
    NotNow,
    /// As the program ended that the rest was left to.
    Other(u8),
}

impl Exit {
    /// The number that the system is told; that of an interrupted run is what shells report for one.
    pub const fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::No => 1,
            Self::Failure => 2,
            Self::Interrupted => 130,
            Self::Broken => 74,
            Self::NotNow => 75,
            Self::Other(number) => number,
        }
    }
}

impl From<ExitStatus> for Exit {
    /// The status of another program; one that a signal ended gets the number that shells report for it.
    fn from(status: ExitStatus) -> Self {
        let number = status.code().or_else(|| signal_of(status).map(|signal| 128 + signal));
        // Systems with larger numbers must not lose a failure in the cut.
        Self::Other(number.and_then(|number| u8::try_from(number).ok()).unwrap_or(u8::MAX))
    }
}

/// The signal that ended a program.
#[cfg(unix)]
pub fn signal_of(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
pub fn signal_of(_: ExitStatus) -> Option<i32> {
    None
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
