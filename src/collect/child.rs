//! A program of this machine into its output, ended with everything that it started when its time is over.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use zeroize::Zeroizing;

use crate::error::Message;

/// A running program that leads a process group of its own; whatever is left of the group ends with it.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    /// Whether its end was taken note of; its number may be another's from then on.
    reaped: bool,
}

impl Group {
    /// Starts a program in a group of its own.
    pub(super) fn start(command: &mut Command) -> io::Result<Group> {
        Ok(Group { child: command.process_group(0).spawn()?, reaped: false })
    }

    /// The program itself, for its pipes.
    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The number of the group.
    fn number(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).filter(|_| !self.reaped)
    }

    /// Waits until the program ends, or until the deadline, and then ends all of its group; none where it was the deadline.
    pub(super) fn wait(&mut self, deadline: Instant) -> io::Result<Option<ExitStatus>> {
        let mut pause = Duration::from_millis(1);
        while let Some(number) = self.number() {
            // The end is only looked at: until it is taken note of, the number of the group stays ours.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            if waitid(WaitId::Pid(number), options)?.is_some() {
                return self.end().map(Some);
            }
            if Instant::now() >= deadline {
                self.end()?;
                return Ok(None);
            }
            thread::sleep(pause.min(deadline.saturating_duration_since(Instant::now())));
            pause = (pause * 2).min(Duration::from_millis(20));
        }
        self.child.wait().map(Some)
    }

    /// Ends the group and takes note of how its leader ended.
    fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(number) = self.number() {
            let _ = kill_process_group(number, Signal::KILL);
        }
        let status = self.child.wait();
        self.reaped = true;
        status
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// How often is looked whether the run was interrupted.
pub(super) const LOOK_LONGEST: Duration = Duration::from_millis(100);

/// How much of a stream of errors is kept: its beginning does not matter, a client's debugging is a few kibibytes.
pub(super) const TAIL_BYTES_MOST: usize = 32 << 10;

/// Adds bytes and drops the first ones where there are too many.
pub(super) fn keep_tail(kept: &mut VecDeque<u8>, bytes: &[u8]) {
    kept.extend(bytes);
    let more = kept.len().saturating_sub(TAIL_BYTES_MOST);
    kept.drain(..more);
}

/// What a program prints, where it ends with status 0 in time; its standard error is dropped, because it may quote a secret.
///
/// # Errors
///
/// It could not be started, failed, took too long or printed too much.
pub(super) fn output(
    words: &[String],
    surroundings: &[(&str, &str)],
    bytes_most: u64,
    deadline: Instant,
) -> Result<Zeroizing<Vec<u8>>, Message> {
    let cannot = |error: io::Error| Message::new(format!("无法运行：{error}"), format!("it cannot be run: {error}"));
    let [program, arguments @ ..] = words else { return Err(Message::new("没有命令", "there is no command")) };
    let mut command = Command::new(program);
    command.args(arguments).envs(surroundings.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut group = Group::start(&mut command).map_err(cannot)?;
    let pipe = group.child().stdout.take();
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(bytes_most as usize + 1));
    let status = thread::scope(|scope| {
        let reader = scope.spawn(|| pipe.map_or(Ok(0), |pipe| pipe.take(bytes_most + 1).read_to_end(&mut bytes)));
        let status = group.wait(deadline);
        let read = reader.join().unwrap_or_else(|_| Err(io::Error::other("internal error")));
        read.and(status)
    });
    match status.map_err(cannot)? {
        None => Err(Message::new("超时", "it took too long")),
        Some(_) if bytes.len() as u64 > bytes_most => Err(Message::new("输出过多", "it printed too much")),
        Some(status) if status.success() => Ok(bytes),
        Some(status) => Err(Message::new(format!("失败（{status}）"), format!("it failed ({status})"))),
    }
}
