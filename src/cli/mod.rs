//! The command line: arguments, settings, subcommands, messages, exit statuses.
//!
//! Owns everything that clap touches, standard output and standard error. Scores nothing itself.

mod args;
mod baseline;
mod check;
mod config;
mod eval;
mod exit;
mod explain;
mod fit;
mod generate;
mod git;
mod handover;
mod init;
mod interrupt;
mod lexicon;
mod output;
mod progress;
mod scan;
mod sendmail;
mod settings;
mod spark_ddl;

use anyhow::anyhow;
use args::{Args, Command};
use clap::{CommandFactory, Parser};
use exit::Exit;
use interrupt::Interrupt;
use leadtone::source::{Source, read_named};
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::{env, fmt};

/// Runs what the arguments ask for.
///
/// # Errors
/// If the run cannot start or its output cannot be written.
pub fn run() -> anyhow::Result<Exit> {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            print(&error)?;
            return Ok(if error.use_stderr() { Exit::Failure } else { Exit::Success });
        }
    };
    args.color.write_global();
    // What `sendmail` starts is to find the signals as they are.
    let interrupt = Interrupt::listen;
    match args.command {
        None => {
            write!(anstream::stdout(), "{}", Args::command().render_long_help().ansi())?;
            Ok(Exit::Success)
        }
        Some(Command::Scan(scan)) => scan::run(&settings::Settings::resolve(*scan)?, &interrupt()),
        Some(Command::Check(check)) => check::run(&settings::CheckSettings::resolve(*check)?, &interrupt()),
        Some(Command::Sendmail(sendmail)) => Ok(sendmail::run(&sendmail)),
        Some(Command::Explain(explain)) => explain::run(&explain),
        Some(Command::Eval(eval)) => eval::run(&eval),
        Some(Command::Fit(fit)) => fit::run(&fit, &interrupt()),
        Some(Command::Lexicon(command)) => lexicon::run(&command),
        Some(Command::Init(args)) => init::run(&args.folder, args.hook, &interrupt()),
        Some(Command::Generate(generate)) => generate::run(&generate),
    }
}

/// Prints help, or what is wrong with the arguments. A shell's `*` may have put a file's name among them, so that nothing
/// of these may act on the terminal.
fn print(error: &clap::Error) -> io::Result<()> {
    let plain = error.render().to_string();
    if plain.lines().all(|line| leadtone::render::visible(line) == line) {
        return error.print();
    }
    plain.lines().try_for_each(|line| writeln!(io::stderr(), "{}", leadtone::render::visible(line)))
}

/// Turns what a run came to into an exit status: one line for an error, nothing for a reader that has gone away, and
/// an apology instead of a panic's text.
pub fn guard(run: fn() -> anyhow::Result<Exit>) -> Exit {
    if env::var_os("RUST_BACKTRACE").is_none() {
        // Panics of the document readers are caught and reported as failures; their text would only alarm.
        panic::set_hook(Box::new(|_| {}));
    }
    match panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) if is_closed_pipe(&error) => Exit::Success,
        // An error of the system that nobody has said more of is that of writing: whoever reads names what is read.
        Ok(Err(error)) if error.chain().count() == 1 && error.is::<io::Error>() => {
            message(format_args!("the output cannot be written: {error}"));
            Exit::Failure
        }
        Ok(Err(error)) => {
            message(format_args!("{error:#}"));
            Exit::Failure
        }
        Err(_) => {
            message(format_args!(
                "internal error, which is our fault; please report it with the command, the version, and what \
                 RUST_BACKTRACE=1 shows (it may quote a document: leave that out)"
            ));
            Exit::Failure
        }
    }
}

/// `leadtone scan | head` ends when `head` has seen enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause
            .downcast_ref::<io::Error>()
            .map(io::Error::kind)
            .or_else(|| cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind));
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}

/// Reads a text file that an argument names, or a pipe that a shell names so; `-` is standard input.
fn read_text(path: &Path) -> anyhow::Result<String> {
    let bytes = if path == Path::new("-") { Source::stdin(None).read() } else { read_named(path) };
    let bytes = bytes.map_err(|error| anyhow!("{}: {error}", path.display()))?;
    String::from_utf8(bytes).map_err(|_| anyhow!("{}: not UTF-8", path.display()))
}

/// Writes a line to standard error. A standard error that is closed is nobody's loss.
fn message(text: fmt::Arguments<'_>) {
    let text = text.to_string();
    let _ = writeln!(io::stderr(), "leadtone: {}", leadtone::render::visible(&text));
}
