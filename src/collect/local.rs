//! This machine as a target: a shell of its own process group that ends at the deadline, whatever it waits for.

use std::io::{self, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process_group};

use super::transport::{Exit, Failure, Stage, Transport};
use crate::error::Message;

/// This machine.
#[derive(Debug)]
pub struct Local;

/// The most bytes of standard error that are kept: the last ones.
const ERROR_BYTES_KEPT: usize = 4096;

/// Bytes that are read at once, and pieces that may wait for the sink.
const PIECE_BYTES: usize = 64 << 10;
const PIECES_WAITING: usize = 16;

impl Transport for Local {
    fn run(&mut self, command: &str, input: &[u8], output: &mut dyn io::Write, deadline: Instant) -> Result<Exit, Failure> {
        let mut child = start(command).map_err(|error| failure(Stage::Execute, &error))?;
        let group = Pid::from_child(&child);
        let ended = thread::scope(|scope| {
            let (sender, receiver) = mpsc::sync_channel::<io::Result<Vec<u8>>>(PIECES_WAITING);
            let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
            // A shell that ended early reads no more of its input; its output says what that means.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
            let errors = scope.spawn(move || stderr.map(last_bytes).unwrap_or_default());
            scope.spawn(move || stdout.map(|stdout| pieces(stdout, &sender)));
            let ended = hand_over(&receiver, output, deadline).and_then(|()| wait(&mut child, deadline));
            // Whatever of the group still holds a pipe open would be waited for by the threads.
            let _ = kill_process_group(group, Signal::KILL);
            drop(receiver);
            let errors = errors.join().unwrap_or_default();
            ended.map(|status| Exit { status, errors })
        });
        // The shell itself was ended with its group.
        let _ = child.wait();
        ended
    }
}

/// Starts a shell with an empty environment.
fn start(command: &str) -> io::Result<Child> {
    Command::new("/bin/sh")
        .args(["-c", command])
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

/// Reads a stream in pieces until its end, or until nobody takes them any more.
fn pieces(mut stream: impl Read, sender: &mpsc::SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut piece = vec![0; PIECE_BYTES];
        match stream.read(&mut piece) {
            Ok(0) => return,
            Ok(read) => piece.truncate(read),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return drop(sender.send(Err(error))),
        }
        if sender.send(Ok(piece)).is_err() {
            return;
        }
    }
}

/// Drains a stream and keeps its last bytes.
fn last_bytes(mut stream: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return kept,
            Ok(read) => kept.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return kept,
        }
        let surplus = kept.len().saturating_sub(ERROR_BYTES_KEPT);
        kept.drain(..surplus);
    }
}

/// Hands the output over as it comes.
fn hand_over(receiver: &mpsc::Receiver<io::Result<Vec<u8>>>, output: &mut dyn io::Write, deadline: Instant) -> Result<(), Failure> {
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Ok(piece)) => output.write_all(&piece).map_err(|error| Failure::of_output(&error))?,
            Ok(Err(error)) => return Err(failure(Stage::Transfer, &error)),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => return Err(too_late()),
        }
    }
}

/// Waits for the shell, whose output has ended.
fn wait(child: &mut Child, deadline: Instant) -> Result<Option<i32>, Failure> {
    let mut pause = std::time::Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.code()),
            Ok(None) if Instant::now() >= deadline => return Err(too_late()),
            Ok(None) => thread::sleep(pause),
            Err(error) => return Err(failure(Stage::Execute, &error)),
        }
        pause = (pause * 2).min(std::time::Duration::from_millis(50));
    }
}

fn too_late() -> Failure {
    let message = Message::new("到了截止时间仍未结束，已终止", "it had not ended at the deadline and was stopped");
    Failure { stage: Stage::Transfer, deadline: true, message }
}

fn failure(stage: Stage, error: &io::Error) -> Failure {
    Failure { stage, deadline: false, message: Message::new(error.to_string(), error.to_string()) }
}
