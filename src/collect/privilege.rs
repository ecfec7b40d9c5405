//! A session into one on which the collector runs with the rights that the inventory gives it.
//!
//! Passwords are never fed to `sudo`: where `sudo` does not ask for one, the line would reach the program instead (seen).

use std::io::{self, Write};
use std::time::Instant;

use super::engine::Session;
use super::inventory::Privilege;
use super::transport::{Exit, Failure, Transport};

/// A session on which every command line is the one that starts the collector.
pub struct Elevated<'s> {
    session: &'s mut dyn Session,
    privilege: &'s Privilege,
    bytes_most: u64,
}

impl<'s> Elevated<'s> {
    /// Runs with these rights and takes at most so many bytes.
    pub fn new(session: &'s mut dyn Session, privilege: &'s Privilege, bytes_most: u64) -> Elevated<'s> {
        Elevated { session, privilege, bytes_most }
    }
}

/// The command line that starts the collector; `-n` asks nobody for a password (sudo(8)).
fn command(privilege: &Privilege, plain: &str) -> String {
    match privilege {
        // A forced command runs whatever is asked for (`command=` of sshd(8), section AUTHORIZED_KEYS FILE FORMAT).
        Privilege::None | Privilege::Forced => plain.to_owned(),
        Privilege::Sudo(program) => format!("exec sudo -n {program}"),
        Privilege::SudoShell => "exec sudo -n sh -s".to_owned(),
    }
}

impl Transport for Elevated<'_> {
    fn run(&mut self, plain: &str, input: &[u8], output: &mut dyn Write, deadline: Instant) -> Result<Exit, Failure> {
        let mut bounded = Bounded { output, left: self.bytes_most };
        self.session.run(&command(self.privilege, plain), input, &mut bounded, deadline)
    }
}

/// Output up to a bound.
struct Bounded<'o> {
    output: &'o mut dyn Write,
    left: u64,
}

impl Write for Bounded<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.left = self
            .left
            .checked_sub(piece.len() as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "more output than max-bytes"))?;
        self.output.write_all(piece)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sudo_never_asks() {
        let path = "/usr/local/libexec/jixian-collect".to_owned();
        assert_eq!(command(&Privilege::Sudo(path), "exec sh -s"), "exec sudo -n /usr/local/libexec/jixian-collect");
        assert_eq!(command(&Privilege::SudoShell, "exec sh -s"), "exec sudo -n sh -s");
        assert_eq!(command(&Privilege::None, "exec sh -s"), "exec sh -s");
    }
}
