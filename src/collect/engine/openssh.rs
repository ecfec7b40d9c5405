//! The engine of the system: a target into an `ssh` process per command, which ends with all of its group when its time is over.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write};
use std::os::fd::AsFd;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::options::Options;
use super::{Failure, Reached, Session, Stage, Target, Terminal, Trust, Ways, failure, late, words};
use crate::collect::child::{Group, LOOK_LONGEST, keep_tail};
use crate::collect::gate::{Ended, Pass};
use crate::collect::transport::{Exit, Transport};

/// A target that the `ssh` of the system reaches.
pub(super) struct System<'w> {
    ways: &'w Ways,
    reached: Reached,
    words: Vec<String>,
    address: String,
    accepted: String,
    /// Until when each connection must be made.
    connect_timeout: Duration,
}

/// How much is written to a pipe at once: as much as never blocks where the pipe is ready (PIPE_BUF of Linux).
const PIPE_BYTES: usize = 4096;

/// What stands in the client's debugging and tells how a server was reached.
const KEY: &str = "debug1: Server host key: ";

/// The same of a key with a certificate.
const CERTIFICATE: &str = "debug1: Server host certificate: ";

/// Makes ready to reach a target; the connection is made with the command, because a process is a connection.
pub(super) fn connect<'w>(ways: &'w Ways, target: &Target, deadline: Instant) -> Result<System<'w>, Failure> {
    let left = deadline.saturating_duration_since(Instant::now()).min(target.connect_timeout);
    let options = Options::of(ways, target, left)?;
    let reached = Reached {
        engine: "openssh".to_owned(),
        host_key_kind: String::new(),
        host_key: String::new(),
        trust: Trust::Client,
        known_at: None,
        key_exchange: String::new(),
        cipher: String::new(),
    };
    let accepted = ways.accepted_path.display().to_string();
    Ok(System { ways, reached, words: options.words, address: target.address.clone(), accepted, connect_timeout: target.connect_timeout })
}

impl<'w> System<'w> {
    /// Starts `ssh`.
    fn start(&self, more: &[&str], command: Option<&str>, deadline: Instant) -> Result<Running<'w>, Failure> {
        let cannot = |error: io::Error| {
            let (zh, en) = (format!("无法启动系统的 ssh：{error}"), format!("the system's ssh cannot be started: {error}"));
            failure(Stage::Connect, zh, en)
        };
        let pass = Some(self.ways.gate.enter(deadline)?);
        let mut ssh = Command::new("ssh");
        // The sentences that tell the stage are English in every locale.
        ssh.args(&self.words).args(more).arg("--").arg(&self.address).args(command).env("LC_ALL", "C");
        ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut group = Group::start(&mut ssh).map_err(cannot)?;
        let child = group.child();
        let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        Ok(Running { group, input, output, errors, said: VecDeque::new(), heard: String::new(), pass })
    }

    /// Takes over what the client said of the server.
    fn learn(&mut self, said: &str) {
        let after = |start: &str| said.lines().find_map(|line| line.strip_prefix(start)).map(str::trim);
        let plain = said.contains("debug1: Found key in ");
        if let Some((kind, rest)) = after(KEY).or_else(|| after(CERTIFICATE)).and_then(|rest| rest.split_once(' ')) {
            // The client may take the key that is in a certificate for itself; the fingerprint is that of the key in both cases.
            let kind = if plain { kind.trim_end_matches("-cert-v01@openssh.com") } else { kind };
            self.reached.host_key_kind = kind.to_owned();
            self.reached.host_key = rest.split(',').next().unwrap_or_default().to_owned();
        }
        if let Some(kex) = after("debug1: kex: algorithm: ") {
            self.reached.key_exchange = kex.to_owned();
        }
        if let Some(cipher) = after("debug1: kex: server->client cipher: ") {
            self.reached.cipher = cipher.split(' ').next().unwrap_or_default().to_owned();
        }
        if let Some(version) = after("debug1: Local version string SSH-2.0-OpenSSH_") {
            self.reached.engine = format!("openssh {version}");
        }
        let place = after("debug1: Found key in ").or_else(|| after("debug1: Found CA key in "));
        let first_sight = said.contains("Permanently added") || place.is_some_and(|place| place.starts_with(&self.accepted));
        self.reached.known_at = place.map(str::to_owned);
        self.reached.trust = match (first_sight, plain) {
            (true, _) => Trust::FirstSight,
            (false, true) => Trust::Known,
            (false, false) => Trust::Client,
        };
    }
}

/// An `ssh` that runs.
struct Running<'w> {
    group: Group,
    input: Option<ChildStdin>,
    output: Option<ChildStdout>,
    errors: Option<ChildStderr>,
    /// The last of what was said on standard error.
    said: VecDeque<u8>,
    /// The first of it: how the server was reached.
    heard: String,
    /// The right to log in, until that is decided.
    pass: Option<Pass<'w>>,
}

/// The most that is kept of the beginning of standard error.
const HEARD_BYTES_MOST: usize = 32 << 10;

impl Running<'_> {
    /// Waits until something can be moved and moves it: `input` shrinks, output goes into `buffer`. None where there will be no more.
    fn step(&mut self, input: &mut &[u8], buffer: &mut [u8], until: Instant) -> io::Result<Option<usize>> {
        let left = until.saturating_duration_since(Instant::now());
        let timeout = Timespec { tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX), tv_nsec: left.subsec_nanos().into() };
        let (Some(output), Some(errors)) = (&self.output, &self.errors) else { return Ok(None) };
        let mut pipes = vec![PollFd::new(output, PollFlags::IN), PollFd::new(errors, PollFlags::IN)];
        if let Some(pipe) = self.input.as_ref().filter(|_| !input.is_empty()) {
            pipes.push(PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::OUT));
        }
        poll(&mut pipes, Some(&timeout))?;
        let happened: Vec<bool> = pipes.iter().map(|pipe| !pipe.revents().is_empty()).collect();
        drop(pipes);
        if happened.get(2).is_some_and(|it| *it) {
            self.feed(input);
        }
        if happened[1] {
            let mut chunk = [0; 4096];
            let count = self.errors.as_mut().map_or(Ok(0), |errors| errors.read(&mut chunk))?;
            self.hear(&chunk[..count]);
            if count == 0 && !happened[0] {
                // Nothing is left on standard error; only the output can still come.
                return self.rest(buffer, until);
            }
        }
        if !happened[0] {
            return Ok(Some(0));
        }
        match self.output.as_mut().map_or(Ok(0), |output| output.read(buffer))? {
            0 => Ok(None),
            count => Ok(Some(count)),
        }
    }

    /// Reads output where standard error is at its end.
    fn rest(&mut self, buffer: &mut [u8], until: Instant) -> io::Result<Option<usize>> {
        let Some(output) = &mut self.output else { return Ok(None) };
        let left = until.saturating_duration_since(Instant::now());
        let timeout = Timespec { tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX), tv_nsec: left.subsec_nanos().into() };
        let mut pipes = [PollFd::new(output, PollFlags::IN)];
        if poll(&mut pipes, Some(&timeout))? == 0 {
            return Ok(Some(0));
        }
        Ok(Some(output.read(buffer)?).filter(|count| *count > 0))
    }

    /// Sends some of the input; a command that does not read it may still have something to say.
    fn feed(&mut self, input: &mut &[u8]) {
        let sent = self.input.as_mut().map_or(Ok(0), |pipe| pipe.write(&input[..input.len().min(PIPE_BYTES)]));
        match sent {
            Ok(count) => *input = &input[count..],
            Err(_) => *input = &[],
        }
    }

    /// Keeps what was said on standard error: the beginning and the end.
    fn hear(&mut self, bytes: &[u8]) {
        if self.heard.len() < HEARD_BYTES_MOST {
            self.heard.push_str(&String::from_utf8_lossy(bytes));
        }
        keep_tail(&mut self.said, bytes);
        if self.pass.is_some() && self.heard.contains("Authenticated to ") {
            self.decided(Ended::Taken);
        }
    }

    /// Tells how the login ended.
    fn decided(&mut self, ended: Ended) {
        if let Some(mut pass) = self.pass.take() {
            pass.ended = ended;
        }
    }

    /// The failure that the client's words tell; a refused login is noted.
    fn failure(&mut self, said: &[u8]) -> Option<Failure> {
        let failure = words::failure(said)?;
        if failure.stage == Stage::Authenticate {
            self.decided(Ended::Refused);
        }
        Some(failure)
    }

    /// The stage that was reached, as far as the client said.
    fn stage(&self) -> Stage {
        let has = |text: &str| self.heard.contains(text);
        match () {
            () if has("Authenticated to ") => Stage::Transfer,
            () if has("debug1: SSH2_MSG_NEWKEYS received") => Stage::Authenticate,
            () if has("debug1: Remote protocol version") => Stage::Handshake,
            () if has("debug1: Connection established") => Stage::Banner,
            () => Stage::Connect,
        }
    }
}

impl Running<'_> {
    /// Moves all bytes until the end, or until the time is over.
    fn all(
        &mut self,
        mut input: &[u8],
        output: &mut dyn Write,
        abort: &AtomicBool,
        connected_until: Instant,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let mut buffer = vec![0; 32 << 10];
        loop {
            if input.is_empty() {
                self.input = None;
            }
            let stage = self.stage();
            // A server that says nothing is not waited for until the end.
            let until = if stage <= Stage::Banner { deadline.min(connected_until) } else { deadline };
            match self.step(&mut input, &mut buffer, until.min(Instant::now() + LOOK_LONGEST)) {
                Ok(None) => return Ok(()),
                Ok(Some(count)) => output.write_all(&buffer[..count]).map_err(|error| Failure::of_output(&error))?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failure(stage, format!("{error}"), format!("{error}"))),
            }
            if Instant::now() >= until && self.stage() == stage {
                return Err(late(stage));
            }
            if abort.load(Ordering::Relaxed) {
                return Err(failure(stage, "运行被中断", "the run was interrupted"));
            }
        }
    }
}

impl Transport for System<'_> {
    fn run(&mut self, command: &str, input: &[u8], output: &mut dyn Write, deadline: Instant) -> Result<Exit, Failure> {
        let mut running = self.start(&["-T"], Some(command), deadline)?;
        let connected_until = Instant::now() + self.connect_timeout + Duration::from_secs(1);
        let moved = running.all(input, output, &self.ways.abort, connected_until, deadline);
        let heard = std::mem::take(&mut running.heard);
        self.learn(&heard);
        moved?;
        let Ok(Some(status)) = running.group.wait(deadline) else { return Err(late(Stage::Transfer)) };
        let mut said = Vec::from(std::mem::take(&mut running.said));
        if let Some(errors) = running.errors.take() {
            // The group is gone, so this ends.
            let _ = errors.take(HEARD_BYTES_MOST as u64).read_to_end(&mut said);
        }
        // 255 is the client's own failure, or the status of a command that was run.
        if status.code() == Some(255) {
            let text = format!("{heard}{}", String::from_utf8_lossy(&said));
            if !text.contains("Authenticated to ") {
                let told = words::told(&said);
                return Err(running.failure(&said).unwrap_or_else(|| words::failure_at(Stage::Handshake, &told)));
            }
            if !text.contains("debug1: Exit status 255") {
                let told = words::told(&said);
                return Err(words::failure_at(Stage::Transfer, &told));
            }
        }
        let errors = words::told(&said).into_bytes();
        Ok(Exit { status: status.code(), errors })
    }
}

impl Session for System<'_> {
    fn reached(&self) -> &Reached {
        &self.reached
    }

    fn terminal(&mut self, deadline: Instant) -> Result<Box<dyn Terminal + '_>, Failure> {
        let running = self.start(&["-tt"], None, deadline)?;
        Ok(Box::new(Screen { system: self, running, deadline }))
    }
}

/// A terminal of a device.
struct Screen<'s, 'w> {
    system: &'s mut System<'w>,
    running: Running<'w>,
    deadline: Instant,
}

impl Terminal for Screen<'_, '_> {
    fn send(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let before = bytes.len();
            self.running.feed(&mut bytes);
            if bytes.len() == before || Instant::now() >= self.deadline {
                return Err(late(Stage::Transfer));
            }
        }
        Ok(())
    }

    fn receive(&mut self, buffer: &mut [u8], until: Instant) -> Result<Option<usize>, Failure> {
        let until = until.min(self.deadline);
        let got = self.running.step(&mut &[][..], buffer, until);
        let heard = self.running.heard.clone();
        self.system.learn(&heard);
        match got {
            Ok(Some(0)) if Instant::now() >= self.deadline => Err(late(self.running.stage())),
            Ok(Some(0)) => Ok(None),
            Ok(Some(count)) => Ok(Some(count)),
            Ok(None) => {
                let said = Vec::from(self.running.said.clone());
                self.running.failure(&said).map_or(Ok(Some(0)), Err)
            }
            Err(error) => Err(failure(Stage::Transfer, format!("{error}"), format!("{error}"))),
        }
    }
}
