//! Where there are signals and pipes that can be waited for together: one loop, no threads.

use super::{HandOverError, Message, Running};
use crate::cli::exit::signal_of;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::stat::Mode;
use nix::unistd::Pid;
use rustix::io::ioctl_fionread;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitStatus};

/// Bytes of a long message that are handed over at a time.
const CHUNK: usize = 1 << 16;

/// Runs the program, attends to both its input and the signals, and waits for its end, and then for those that it left its
/// input to.
pub(super) fn run(mut command: Command, message: Message) -> Result<ExitStatus, HandOverError> {
    let (reader, writer) = io::pipe().map_err(HandOverError::Broken)?;
    command.stdin(reader.try_clone().map_err(HandOverError::Broken)?);
    // Dropped after the program, so that its input does not end while it can still be taken for the whole.
    let mut feed = Feed::new(writer, message).map_err(HandOverError::Broken)?;
    // From before it starts, so that no signal ends us and leaves it with a part of the message.
    let signals = Signals::listen().map_err(HandOverError::Broken)?;
    let child = command.spawn().map_err(HandOverError::Start)?;
    // It holds a reading end as well, which would be taken for a reader.
    drop(command);
    let mut running = Running { child, status: None };
    let status = feed.attend(&mut running, &signals).map_err(HandOverError::Broken)?;
    if signal_of(status).is_some() {
        // Whoever ended it meant what it had begun as well.
        return Ok(status);
    }
    let is_left = feed.finish(reader, &signals).map_err(HandOverError::Broken)?;
    if is_left && status.success() { Err(HandOverError::Left) } else { Ok(status) }
}

/// The way of a message into a program.
///
/// The pipe's reading end is kept while the program runs, so that no write fails for want of a reader, and what is in the
/// pipe when the program has ended can be told: a message that fits into a pipe whole is written whole, whether or not
/// anybody reads it. Nothing is ever read from it: the program may have left its input to another one, which goes on.
struct Feed {
    /// Closed when all is written.
    writer: Option<io::PipeWriter>,
    chunk: Vec<u8>,
    /// How much of the chunk is written.
    at: usize,
    rest: Option<File>,
}

impl Feed {
    fn new(writer: io::PipeWriter, message: Message) -> io::Result<Self> {
        fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let mut feed = Self { writer: Some(writer), chunk: message.head, at: 0, rest: message.rest };
        feed.close_at_end();
        Ok(feed)
    }

    /// Feeds the program until it ends, and passes signals on to it. Says how it ended.
    fn attend(&mut self, running: &mut Running, signals: &Signals) -> io::Result<ExitStatus> {
        let Signals { ends, passed_on, .. } = signals;
        let program = Pid::from_raw(i32::try_from(running.child.id()).map_err(io::Error::other)?);
        // Mail programs block it around the program that sends; the one that was started has it as they left it.
        SigSet::from(Signal::SIGCHLD).thread_unblock()?;
        loop {
            let mut waits = vec![PollFd::new(ends.as_fd(), PollFlags::POLLIN)];
            waits.extend(passed_on.iter().map(|(heard, _)| PollFd::new(heard.as_fd(), PollFlags::POLLIN)));
            waits.extend(self.wait());
            if !wait_for(&mut waits)? {
                continue;
            }
            let is_ready: Vec<bool> = waits.iter().map(|wait| wait.any() != Some(false)).collect();
            if is_ready[0] {
                clear(ends);
                if let Some(status) = running.child.try_wait()? {
                    running.status = Some(status);
                    return Ok(status);
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

    /// Feeds those that a program which has ended left its input to, as long as there are any and no signal comes. Says
    /// whether something of the message is left that nobody reads.
    ///
    /// What is written whole is theirs, read or not: as with any pipe, nobody waits until it is empty.
    fn finish(&mut self, reader: io::PipeReader, signals: &Signals) -> io::Result<bool> {
        if self.writer.is_none() {
            return is_stranded(reader);
        }
        drop(reader);
        // Those that came before were the program's.
        clear(&signals.keyboard);
        while let Some(writer) = &self.writer {
            let heard = signals.passed_on.iter().map(|(heard, _)| heard).chain([&signals.keyboard]);
            let mut waits: Vec<PollFd<'_>> = heard.map(|heard| PollFd::new(heard.as_fd(), PollFlags::POLLIN)).collect();
            let signals_end = waits.len();
            // That there is no reader is told at the writing end alone, asked for or not.
            waits.push(PollFd::new(writer.as_fd(), PollFlags::empty()));
            waits.extend(self.wait());
            if !wait_for(&mut waits)? {
                continue;
            }
            let is_ready: Vec<bool> = waits.iter().map(|wait| wait.any() != Some(false)).collect();
            if is_ready[..=signals_end].contains(&true) {
                return Ok(true);
            }
            match self.step() {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(true),
                Err(error) => return Err(error),
            }
        }
        Ok(false)
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
}

/// Waits until something is ready; `false` where a signal came first.
fn wait_for(waits: &mut [PollFd<'_>]) -> io::Result<bool> {
    match poll(waits, PollTimeout::NONE) {
        Ok(_) => Ok(true),
        Err(Errno::EINTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether a pipe that nobody writes to any more holds something, and we have its only reading end.
///
/// Where the system does not tell who else has one, nobody does.
fn is_stranded(reader: io::PipeReader) -> io::Result<bool> {
    // That there is no reader is told at a writing end alone, and ours is closed. With this one open no reader comes to
    // the end meanwhile, and goes.
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
    let writer = open(path.as_str(), OFlag::O_WRONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC, Mode::empty());
    if ioctl_fionread(&reader)? == 0 {
        return Ok(false);
    }
    let Ok(writer) = writer else { return Ok(true) };
    drop(reader);
    let mut wait = [PollFd::new(writer.as_fd(), PollFlags::empty())];
    poll(&mut wait, PollTimeout::ZERO)?;
    Ok(wait[0].any() != Some(false))
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
    /// Not read while the program runs, which gets them as well.
    keyboard: UnixStream,
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
        Ok(Self { ends: hear(&[Signal::SIGCHLD])?, passed_on, keyboard: hear(&keyboard)? })
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
