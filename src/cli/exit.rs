//! Exit statuses. The only place with their numbers.

use std::process::ExitCode;

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
}

impl Exit {
    /// The number that the system is told; that of an interrupted run is what shells report for one.
    pub const fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::No => 1,
            Self::Failure => 2,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
