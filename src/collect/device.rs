//! A network device behind a session into what its read commands print.
//!
//! Where the device runs single commands over SSH, it is asked like that and nothing is guessed. Elsewhere a terminal is opened, and
//! the prompt that the device itself showed twice is what ends an answer. Nothing is configured: paging is turned off for the session
//! or answered, and every line that is sent is checked against what may be sent.

mod dialogue;
mod profile;
mod screen;

use std::time::Instant;

pub use profile::{PROFILES, Profile, profile};

use super::engine::Session;
use super::transport::{Failure, Stage};
use crate::error::Message;

/// What one command printed.
#[derive(Debug)]
pub struct Answer {
    /// Name of the artefact under `commands/`.
    pub name: String,
    /// The output, as bytes: devices speak GBK as well as UTF-8.
    pub output: Vec<u8>,
}

/// Asks a device. `commands` are names and lines.
///
/// # Errors
///
/// The stage at which it failed: one command without an answer is a device that was not read.
pub fn read(
    session: &mut dyn Session,
    profile: &Profile,
    commands: &[(&str, &str)],
    bytes_most: u64,
    deadline: Instant,
) -> Result<Vec<Answer>, Failure> {
    for (_, line) in commands {
        if !profile.may_send(line) {
            return Err(wrong(Stage::Execute, format!("不允许发送命令 {line:?}"), format!("the command {line:?} may not be sent")));
        }
    }
    let bytes_most = usize::try_from(bytes_most).unwrap_or(usize::MAX);
    if profile.exec {
        match commands.iter().map(|(name, line)| execute(session, name, line, bytes_most, deadline)).collect() {
            Ok(answers) => return Ok(answers),
            // A device that refuses single commands may still have a command line; one that does not answer has none.
            Err(failure) if failure.deadline || !matches!(failure.stage, Stage::Execute | Stage::Frame) => return Err(failure),
            Err(_) => {}
        }
    }
    let mut terminal = session.terminal(deadline)?;
    let mut dialogue = dialogue::Dialogue::open(&mut *terminal, bytes_most, deadline)?;
    for line in profile.paging_off {
        // Where the account may not, the pager is answered instead.
        dialogue.ask(line)?;
    }
    let answer = |(name, line): &(&str, &str)| {
        let output = dialogue.ask(line)?;
        checked(name, output)
    };
    commands.iter().map(answer).collect()
}

/// Runs one command by itself.
fn execute(session: &mut dyn Session, name: &str, line: &str, bytes_most: usize, deadline: Instant) -> Result<Answer, Failure> {
    let mut output = Bounded { bytes: Vec::new(), most: bytes_most };
    let exit = session.run(line, &[], &mut output, deadline)?;
    if exit.status.is_some_and(|status| status != 0) {
        let status = exit.status.unwrap_or_default();
        return Err(wrong(Stage::Execute, format!("命令失败（{status}）"), format!("the command failed ({status})")));
    }
    checked(name, screen::plain(&output.bytes))
}

/// An answer that is one: not empty, and no complaint.
fn checked(name: &str, output: Vec<u8>) -> Result<Answer, Failure> {
    let first = output.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    let Some(first) = first else {
        return Err(wrong(Stage::Frame, format!("{name} 没有输出"), format!("{name} printed nothing")));
    };
    if profile::is_complaint(first) {
        // What a device complains about is the command, which is no secret.
        let said: String = String::from_utf8_lossy(first).chars().filter(|character| !character.is_control()).take(80).collect();
        return Err(wrong(Stage::Execute, format!("设备拒绝了 {name}：{said}"), format!("the device refused {name}: {said}")));
    }
    Ok(Answer { name: name.to_owned(), output })
}

fn wrong(stage: Stage, zh: String, en: String) -> Failure {
    Failure { stage, deadline: false, message: Message { zh, en } }
}

/// Output up to a bound.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl std::io::Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + piece.len() > self.most {
            return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, format!("more than {} bytes of output", self.most)));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
