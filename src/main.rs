//! The command line of leadtone: parse, run, exit.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::guard(cli::run).into()
}
