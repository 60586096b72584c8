//! Where there are no signals: the program's input is written, then its end waited for.

use super::{HandOverError, Message, Running};
use std::io::{self, Write};
use std::process::{Command, ExitStatus, Stdio};

/// Runs the program. What a pipe still holds when the program ends cannot be told.
pub(super) fn run(mut command: Command, message: Message) -> Result<ExitStatus, HandOverError> {
    let child = command.stdin(Stdio::piped()).spawn().map_err(HandOverError::Start)?;
    let mut running = Running { child, status: None };
    let mut stdin = running.child.stdin.take().expect("it was asked for");
    let written = stdin.write_all(&message.head).and_then(|()| match message.rest {
        Some(mut rest) => io::copy(&mut rest, &mut stdin).map(drop),
        None => Ok(()),
    });
    let is_left = match written {
        Ok(()) => false,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => true,
        Err(error) => {
            drop(running);
            return Err(HandOverError::Broken(error));
        }
    };
    drop(stdin);
    let status = running.child.wait().map_err(HandOverError::Broken)?;
    running.status = Some(status);
    if is_left && status.success() { Err(HandOverError::Left) } else { Ok(status) }
}
