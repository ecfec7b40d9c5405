//! A channel of libssh2 into a command's output or a terminal: both streams are read as they come, none can stop the other.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read as _, Write};
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;
use ssh2::{BlockDirections, Channel, ErrorCode, Session};

use super::banner::ready;
use super::libssh2::told;
use super::{Failure, Stage, Terminal, failure, late};
use crate::collect::child::{TAIL_BYTES_MOST, keep_tail};
use crate::collect::transport::Exit;

/// `LIBSSH2_ERROR_EAGAIN` of libssh2.h.
const AGAIN: ErrorCode = ErrorCode::Session(-37);

/// How long the server may take to say how a command ended, once it has sent all of its output.
const STATUS_LONGEST: Duration = Duration::from_secs(3);

/// How long is waited at most before libssh2 is asked again: what it has decrypted already does not show at the socket.
const LOOK_LONGEST: Duration = Duration::from_millis(200);

/// Runs a command.
pub(super) fn run(
    session: &Session,
    socket: BorrowedFd<'_>,
    command: &str,
    input: &[u8],
    output: &mut dyn Write,
    deadline: Instant,
) -> Result<Exit, Failure> {
    session.set_blocking(true);
    let mut channel = session.channel_session().map_err(|error| told(Stage::Execute, deadline, &error))?;
    channel.exec(command).map_err(|error| told(Stage::Execute, deadline, &error))?;
    session.set_blocking(false);
    let mut pump = Pump { session, socket, channel: &mut channel, input, eof_sent: false, errors: VecDeque::new(), deadline };
    pump.all(output)?;
    let errors = Vec::from(std::mem::take(&mut pump.errors));
    session.set_blocking(true);
    let left = STATUS_LONGEST.min(deadline.saturating_duration_since(Instant::now()));
    session.set_timeout(u32::try_from(left.as_millis()).unwrap_or(u32::MAX).max(1));
    let closed = channel.wait_close().is_ok();
    // Without an end of the channel the status of libssh2 is its initial 0, which would look like success.
    let signalled = channel.exit_signal().is_ok_and(|signal| signal.exit_signal.is_some());
    let status = channel.exit_status().ok().filter(|_| closed && !signalled);
    Ok(Exit { status, errors })
}

/// One command that is running.
struct Pump<'s> {
    session: &'s Session,
    socket: BorrowedFd<'s>,
    channel: &'s mut Channel,
    input: &'s [u8],
    eof_sent: bool,
    errors: VecDeque<u8>,
    deadline: Instant,
}

impl Pump<'_> {
    /// Moves bytes until the command has sent its last one.
    fn all(&mut self, output: &mut dyn Write) -> Result<(), Failure> {
        let mut buffer = vec![0; 32 << 10];
        loop {
            let mut moved = self.feed();
            match self.channel.read(&mut buffer) {
                Ok(0) => {}
                Ok(count) => {
                    output.write_all(&buffer[..count]).map_err(|error| Failure::of_output(&error))?;
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(broken(self.deadline, &error)),
            }
            match self.channel.stderr().read(&mut buffer[..TAIL_BYTES_MOST.min(32 << 10)]) {
                Ok(0) => {}
                Ok(count) => {
                    keep_tail(&mut self.errors, &buffer[..count]);
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(broken(self.deadline, &error)),
            }
            if Instant::now() >= self.deadline {
                return Err(late(Stage::Transfer));
            }
            if !moved {
                if self.channel.eof() {
                    return Ok(());
                }
                pause(self.session, self.socket, self.deadline);
            }
        }
    }

    /// Sends some of the input; whether anything went.
    fn feed(&mut self) -> bool {
        if !self.input.is_empty() {
            return match self.channel.write(&self.input[..self.input.len().min(32 << 10)]) {
                Ok(count) => {
                    self.input = &self.input[count..];
                    count > 0
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => false,
                // A command that does not read its input may still have something to say.
                Err(_) => {
                    self.input = &[];
                    false
                }
            };
        }
        if !self.eof_sent {
            self.eof_sent = self.channel.send_eof().map_or_else(|error| error.code() != AGAIN, |()| true);
        }
        false
    }
}

/// The connection is gone: at the deadline because our own watchdog shut it.
fn broken(deadline: Instant, error: &io::Error) -> Failure {
    if Instant::now() >= deadline {
        return late(Stage::Transfer);
    }
    failure(Stage::Transfer, format!("传输中断：{error}"), format!("the transfer broke off: {error}"))
}

/// Waits until libssh2 may have something to do.
fn pause(session: &Session, socket: BorrowedFd<'_>, deadline: Instant) {
    let flags = match session.block_directions() {
        BlockDirections::Outbound => PollFlags::OUT,
        BlockDirections::Both => PollFlags::IN | PollFlags::OUT,
        BlockDirections::None | BlockDirections::Inbound => PollFlags::IN,
    };
    ready(socket, flags, deadline.min(Instant::now() + LOOK_LONGEST));
}

/// A terminal of a device.
pub(super) struct Shell<'s> {
    session: &'s Session,
    socket: BorrowedFd<'s>,
    channel: Channel,
    deadline: Instant,
}

/// Columns of the terminal: no line of a configuration is broken.
const COLUMNS: u32 = 511;
/// Lines of the terminal: devices that go by it page as little as they can.
const LINES: u32 = 1000;

impl<'s> Shell<'s> {
    /// Asks for a terminal and the command line of the device.
    pub(super) fn open(session: &'s Session, socket: BorrowedFd<'s>, deadline: Instant) -> Result<Shell<'s>, Failure> {
        session.set_blocking(true);
        let wrong = |error: ssh2::Error| told(Stage::Execute, deadline, &error);
        let mut channel = session.channel_session().map_err(wrong)?;
        channel.request_pty("vt100", None, Some((COLUMNS, LINES, 0, 0))).map_err(wrong)?;
        channel.shell().map_err(wrong)?;
        session.set_blocking(false);
        Ok(Shell { session, socket, channel, deadline })
    }
}

impl Terminal for Shell<'_> {
    fn send(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            match self.channel.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => pause(self.session, self.socket, self.deadline),
                Err(error) => return Err(broken(self.deadline, &error)),
            }
            if Instant::now() >= self.deadline {
                return Err(late(Stage::Transfer));
            }
        }
        Ok(())
    }

    fn receive(&mut self, buffer: &mut [u8], until: Instant) -> Result<Option<usize>, Failure> {
        loop {
            match self.channel.read(buffer) {
                Ok(0) if self.channel.eof() => return Ok(Some(0)),
                Ok(0) => {}
                Ok(count) => return Ok(Some(count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(broken(self.deadline, &error)),
            }
            if Instant::now() >= self.deadline {
                return Err(late(Stage::Transfer));
            }
            if Instant::now() >= until {
                return Ok(None);
            }
            pause(self.session, self.socket, self.deadline.min(until));
        }
    }
}
