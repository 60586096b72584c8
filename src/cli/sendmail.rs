//! `leadtone sendmail`: a message checked on its way to the program that sends it.
//!
//! Owns what becomes of a message: it is handed on byte for byte, or refused, and the exit status says which. Nothing is
//! written to standard output, and nothing of a message anywhere but to the program, and the sentences to look at to
//! standard error. Leaves the program's run to `handover`.

use super::args::{SendmailArgs, Then};
use super::exit::{self, Exit};
use super::handover::{self, HandOverError, Message};
use super::message;
use super::settings::SendmailSettings;
use anyhow::{anyhow, bail};
use leadtone::extract;
use leadtone::gate::{self, Gate, Suppressor};
use leadtone::render::{CheckFormat, render_check};
use leadtone::scan::{self, Scanned};
use leadtone::source;
use std::env;
use std::io::{self, Read, Write};
use std::panic::{self, AssertUnwindSafe};

/// Bytes of the longest message that is checked, and most that are held in memory. Mail servers take less.
const LONGEST: usize = 64 << 20;

/// What suppressions of the configuration call standard input.
const STDIN: &str = "-";

/// The variable that sends a message as it is.
const VARIABLE: &str = "LEADTONE_SENDMAIL";

/// Checks the message on standard input and hands it on, or does not.
///
/// Never ends with success unless the program did, and had all of it.
pub fn run(args: &SendmailArgs) -> Exit {
    let message_in = match read() {
        Ok(message_in) => message_in,
        Err(error) => {
            message(format_args!("not sent: the message cannot be read: {error}"));
            return Exit::Broken;
        }
    };
    if is_wanted_unchecked() {
        return hand_over(args, message_in);
    }
    match contained(|| check(args, &message_in)) {
        Ok(Checked { is_refused, shown }) => {
            let is_sent = !is_refused || args.on_fail == Then::Pass;
            if is_refused || args.verbose {
                // A standard error that is closed is nobody's loss.
                let _ = io::stderr().write_all(&shown);
            }
            if !is_sent {
                message(format_args!("not sent; {VARIABLE}=pass in the environment sends it as it is"));
                return Exit::No;
            }
        }
        Err(error) => match args.on_error {
            Then::Pass => message(format_args!("warning: handed on unchecked: {error:#}")),
            Then::Refuse => {
                message(format_args!("not sent: {error:#}"));
                return Exit::NotNow;
            }
        },
    }
    hand_over(args, message_in)
}

/// Reads the message, or the beginning of one that is too long.
fn read() -> io::Result<Message> {
    let stdin = source::stdin_unbuffered()?;
    let mut head = Vec::new();
    (&stdin).take(LONGEST as u64 + 1).read_to_end(&mut head)?;
    let rest = (head.len() > LONGEST).then_some(stdin);
    Ok(Message { head, rest })
}

/// Whether the environment asks for the message to be sent as it is.
fn is_wanted_unchecked() -> bool {
    match env::var_os(VARIABLE) {
        Some(value) if value == Then::Pass.name() => true,
        Some(value) if !value.is_empty() => {
            message(format_args!("warning: {VARIABLE}={} says nothing; only `pass` does", value.display()));
            false
        }
        Some(_) | None => false,
    }
}

/// What a check found.
struct Checked {
    is_refused: bool,
    /// The findings, as they are shown.
    shown: Vec<u8>,
}

fn check(args: &SendmailArgs, message_in: &Message) -> anyhow::Result<Checked> {
    let settings = SendmailSettings::resolve(args)?;
    if message_in.rest.is_some() {
        bail!("a message of more than {} MiB is not checked", LONGEST >> 20);
    }
    if !extract::is_message(&message_in.head) {
        bail!("{}", if message_in.head.is_empty() { "an empty message" } else { "no message: it has no header" });
    }
    let gate = Gate::new(&settings.lexicon, settings.shown);
    let mut suppressor = Suppressor::new(&settings.suppressions);
    let mut documents = Vec::new();
    for scanned in scan::scan_bytes(&message_in.head, "message", &settings.lexicon, &settings.scan)? {
        match scanned {
            Scanned::Document(document) if document.is_unread => bail!("nothing of its text can be read"),
            Scanned::Document(document) => {
                let profile = settings.profiles.of(None, document.format);
                let (document, warnings) = suppressor.apply(&gate, *document, STDIN);
                warnings.iter().for_each(|warning| message(format_args!("warning: {warning}")));
                documents.push(gate.check(document, profile));
            }
            Scanned::Failed { failure, .. } => bail!("{}", failure.reason),
        }
    }
    let is_refused = documents.iter().any(gate::is_refused);
    let counts = gate::sum(&documents);
    let mut report = scan::assemble(documents, Vec::new(), None, 1);
    report.gate = Some(counts);
    let mut shown = Vec::new();
    render_check(&report, CheckFormat::Text, settings.layout, &mut shown)?;
    Ok(Checked { is_refused, shown })
}

/// Runs `check`; that it panics is one more reason why a message is not checked.
fn contained<T>(check: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    panic::catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| {
        Err(anyhow!(
            "internal error; please report it with what RUST_BACKTRACE=1 shows (the text itself is not needed)"
        ))
    })
}

fn hand_over(args: &SendmailArgs, message_out: Message) -> Exit {
    let (program, arguments) = args.command.split_first().expect("the parser asks for one value at least");
    let name = program.display();
    match handover::hand_over(program, arguments, message_out) {
        Ok(status) => {
            if let Some(signal) = exit::signal_of(status) {
                message(format_args!("{name}: ended by signal {signal}"));
            }
            status.into()
        }
        Err(HandOverError::Start(error)) => {
            message(format_args!("not sent: {name}: cannot be started: {error}"));
            Exit::NotNow
        }
        Err(HandOverError::Left) => {
            message(format_args!("{name}: ended with success before it had read the whole message"));
            Exit::Broken
        }
        Err(HandOverError::Broken(error)) => {
            message(format_args!("{name}: stopped, as the message could not be handed over: {error}"));
            Exit::Broken
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_one_more_error() {
        let error = contained::<()>(|| panic!("secret text")).expect_err("an error");
        assert!(error.to_string().starts_with("internal error; "), "{error}");
        assert!(!format!("{error:#}").contains("secret"));
        assert_eq!(contained(|| Ok(1)).expect("as it was"), 1);
    }
}
