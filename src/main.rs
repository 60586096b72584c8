//! The command line of leadtone: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::SUCCESS
}
