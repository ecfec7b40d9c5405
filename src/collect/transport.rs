//! A command line and its standard input into what a target answers: the seam between how a target is reached and what is read.

use std::io;
use std::time::Instant;

use crate::error::Message;

/// The stage at which something failed, in the order in which a collection goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The name was looked up.
    Resolve,
    /// The connection was made.
    Connect,
    /// The first line was awaited.
    Banner,
    /// Keys were exchanged.
    Handshake,
    /// The host key was checked.
    HostKey,
    /// The user was authenticated.
    Authenticate,
    /// The command was started.
    Execute,
    /// Its output was read.
    Transfer,
    /// The output was taken apart.
    Frame,
    /// What was read was written to the snapshot.
    Store,
}

impl Stage {
    /// Kebab-case code for machines.
    pub fn code(self) -> &'static str {
        match self {
            Stage::Resolve => "resolve",
            Stage::Connect => "connect",
            Stage::Banner => "banner",
            Stage::Handshake => "handshake",
            Stage::HostKey => "host-key",
            Stage::Authenticate => "authenticate",
            Stage::Execute => "execute",
            Stage::Transfer => "transfer",
            Stage::Frame => "frame",
            Stage::Store => "store",
        }
    }

    /// Whether nothing was sent that a target counts against an account, so that it may be tried again.
    pub fn may_repeat(self) -> bool {
        self < Stage::HostKey
    }
}

/// Why a target was not collected.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Where it stopped.
    pub stage: Stage,
    /// Whether the target's time was over, not something else wrong.
    pub deadline: bool,
    /// What happened, without secrets.
    pub message: Message,
}

impl Failure {
    /// Why an output took no more: past its cap, which it says by `FileTooLarge`, or because what it writes to is full or broken.
    pub fn of_output(error: &io::Error) -> Failure {
        let stage = if error.kind() == io::ErrorKind::FileTooLarge { Stage::Transfer } else { Stage::Store };
        Failure { stage, deadline: false, message: Message::new(format!("{error}"), format!("{error}")) }
    }
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Its exit status; none where a signal or the peer ended it.
    pub status: Option<i32>,
    /// The last bytes of its standard error, bounded by the transport.
    pub errors: Vec<u8>,
}

/// A target that is connected and authenticated.
pub trait Transport {
    /// Runs one command line with this standard input and hands its output over as it comes.
    ///
    /// Ends at the deadline whatever the peer does. An error of `output` (its cap, a full disk) ends the command.
    ///
    /// # Errors
    ///
    /// The stage at which it failed; what `output` got until then may be half of a record.
    fn run(&mut self, command: &str, input: &[u8], output: &mut dyn io::Write, deadline: Instant) -> Result<Exit, Failure>;
}
