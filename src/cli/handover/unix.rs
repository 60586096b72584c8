//! Where there are signals and pipes that can be waited for together: one loop, no threads.

use super::{HandOverError, Message, Running};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitStatus};

/// Bytes of a long message that are handed over at a time.
const CHUNK: usize = 1 << 16;

/// Runs the program, attends to both its input and the signals, and waits for its end.
pub(super) fn run(mut command: Command, message: Message) -> Result<ExitStatus, HandOverError> {
    let (reader, writer) = io::pipe().map_err(HandOverError::Broken)?;
    // Dropped after the program, so that its input does not end while it can still be taken for the whole.
    let mut feed = Feed::new(&reader, writer, message).map_err(HandOverError::Broken)?;
    command.stdin(reader.try_clone().map_err(HandOverError::Broken)?);
    // From before it starts, so that no signal ends us and leaves it with a part of the message.
    let signals = Signals::listen().map_err(HandOverError::Broken)?;
    let child = command.spawn().map_err(HandOverError::Start)?;
    let mut running = Running { child, status: None };
    let (status, is_left) = feed.attend(&mut running, &signals).map_err(HandOverError::Broken)?;
    if is_left && status.success() { Err(HandOverError::Left) } else { Ok(status) }
}

/// The way of a message into a program.
///
/// The pipe's reading end is kept, so that no write fails for want of a reader, and what is in the pipe when the program has
/// ended can be told: a message that fits into a pipe whole is written whole, whether or not anybody reads it.
struct Feed<'a> {
    reader: &'a io::PipeReader,
    /// Closed when all is written.
    writer: Option<io::PipeWriter>,
    chunk: Vec<u8>,
    /// How much of the chunk is written.
    at: usize,
    rest: Option<File>,
}

impl<'a> Feed<'a> {
    fn new(reader: &'a io::PipeReader, writer: io::PipeWriter, message: Message) -> io::Result<Self> {
        fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let mut feed = Self { reader, writer: Some(writer), chunk: message.head, at: 0, rest: message.rest };
        feed.close_at_end();
        Ok(feed)
    }

    /// Feeds the program until it ends, and passes signals on to it. Says how it ended, and whether it left something.
    fn attend(&mut self, running: &mut Running, signals: &Signals) -> io::Result<(ExitStatus, bool)> {
        let Signals { ends, passed_on, .. } = signals;
        let program = Pid::from_raw(i32::try_from(running.child.id()).map_err(io::Error::other)?);
        // Mail programs block it around the program that sends; the one that was started has it as they left it.
        SigSet::from(Signal::SIGCHLD).thread_unblock()?;
        loop {
            let mut waits = vec![PollFd::new(ends.as_fd(), PollFlags::POLLIN)];
            waits.extend(passed_on.iter().map(|(heard, _)| PollFd::new(heard.as_fd(), PollFlags::POLLIN)));
            waits.extend(self.wait());
            match poll(&mut waits, PollTimeout::NONE) {
                Ok(_) => {}
                Err(Errno::EINTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let is_ready: Vec<bool> = waits.iter().map(|wait| wait.any() != Some(false)).collect();
            if is_ready[0] {
                clear(ends);
                if let Some(status) = running.child.try_wait()? {
                    running.status = Some(status);
                    return Ok((status, self.is_left()?));
                }
            }
            for ((heard, signal), _) in passed_on.iter().zip(&is_ready[1..]).filter(|(_, is_ready)| **is_ready) {
                clear(heard);
                // The program has not been waited for, so that the number is still its own.
                let _ = kill(program, *signal);
            }
            if is_ready.get(1 + passed_on.len()) == Some(&true) {
                self.step()?;
            }
        }
    }

    /// What the next step waits for: room in the pipe, or more of the message.
    fn wait(&self) -> Option<PollFd<'_>> {
        let writer = self.writer.as_ref()?;
        match &self.rest {
            Some(rest) if self.at == self.chunk.len() => Some(PollFd::new(rest.as_fd(), PollFlags::POLLIN)),
            Some(_) | None => Some(PollFd::new(writer.as_fd(), PollFlags::POLLOUT)),
        }
    }

    fn step(&mut self) -> io::Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let moved = match &mut self.rest {
            Some(rest) if self.at == self.chunk.len() => {
                let mut chunk = vec![0; CHUNK];
                rest.read(&mut chunk).map(|read| {
                    chunk.truncate(read);
                    (self.chunk, self.at) = (chunk, 0);
                    if read == 0 {
                        self.rest = None;
                    }
                })
            }
            Some(_) | None => writer.write(&self.chunk[self.at..]).map(|written| self.at += written),
        };
        match moved {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
            Err(error) => return Err(error),
        }
        self.close_at_end();
        Ok(())
    }

    fn close_at_end(&mut self) {
        if self.rest.is_none() && self.at == self.chunk.len() {
            self.writer = None;
        }
    }

    /// Whether something of the message was not read by a program that has ended.
    fn is_left(&mut self) -> io::Result<bool> {
        // With the writing end closed there is either a byte or the end: no wait.
        Ok(self.writer.is_some() || self.reader.read(&mut [0])? > 0)
    }
}

/// What the keyboard sends, to every program of the terminal.
const KEYBOARD: [Signal; 2] = [Signal::SIGINT, Signal::SIGQUIT];

/// What is sent to us alone, and means the program as well.
const PASSED_ON: [Signal; 4] = [Signal::SIGHUP, Signal::SIGTERM, Signal::SIGUSR1, Signal::SIGUSR2];

/// The signals that come while the program runs, each a byte on a socket.
struct Signals {
    /// The program has ended, or stopped.
    ends: UnixStream,
    passed_on: Vec<(UnixStream, Signal)>,
    /// Never read: the program gets them as well.
    _keyboard: UnixStream,
}

impl Signals {
    /// Hears signals from now on, which then do nothing else to us.
    ///
    /// Those that are ignored, as by `nohup`, stay so: the program starts with every other one as the system has it.
    fn listen() -> io::Result<Self> {
        let ignored = ignored();
        let is_heeded = |signal: &Signal| ignored >> (*signal as i32 - 1) & 1 == 0;
        let mut passed_on = Vec::new();
        for signal in PASSED_ON.into_iter().filter(is_heeded) {
            passed_on.push((hear(&[signal])?, signal));
        }
        let keyboard: Vec<Signal> = KEYBOARD.into_iter().filter(is_heeded).collect();
        // Also where it is ignored, as some daemons leave it: the system would keep no status for us.
        Ok(Self { ends: hear(&[Signal::SIGCHLD])?, passed_on, _keyboard: hear(&keyboard)? })
    }
}

/// The signals that are ignored, as bits from the lowest, where the system tells.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

fn hear(signals: &[Signal]) -> io::Result<UnixStream> {
    let (heard, told) = UnixStream::pair()?;
    heard.set_nonblocking(true)?;
    for signal in signals {
        signal_hook::low_level::pipe::register(*signal as i32, told.try_clone()?)?;
    }
    Ok(heard)
}

/// Takes the bytes out. Comes before what they ask for, so that a signal in between is not lost.
fn clear(mut heard: &UnixStream) {
    let mut bytes = [0; 64];
    while heard.read(&mut bytes).is_ok_and(|read| read == bytes.len()) {}
}
