//! A name and a port into a connected socket, directly or through jump hosts, within a time.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::{Shutdown, shutdown};

use super::options::{Options, forward};
use super::watch::{SMALL_STACK_BYTES, Tail};
use super::{Failure, Stage, Target, Ways, failure, late, words};
use crate::collect::child::Group;

/// A connection to a server of SSH.
#[derive(Debug)]
pub(super) struct Link {
    socket: OwnedFd,
    /// The `ssh` that goes through the jump hosts, and what it says.
    jump: Option<(Group, Tail)>,
}

impl Link {
    /// Another handle of the socket.
    pub(super) fn handle(&self) -> io::Result<OwnedFd> {
        self.socket.try_clone()
    }

    /// Ends the connection for every handle of it: whoever waits for it wakes up.
    pub(super) fn shut(&self) {
        let _ = shutdown(&self.socket, Shutdown::Both);
    }

    /// What went wrong on the way through the jump hosts, where that is why nothing came.
    pub(super) fn explain(&mut self, failure: Failure) -> Failure {
        let Some((group, tail)) = &mut self.jump else { return failure };
        if failure.deadline {
            return failure;
        }
        let _ = group.wait(Instant::now() + Duration::from_secs(1));
        let said = tail.take();
        words::failure(&said).map_or(failure, |mut because| {
            because.message.zh.insert_str(0, "跳板：");
            because.message.en.insert_str(0, "jump host: ");
            because
        })
    }
}

impl AsFd for Link {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.shut();
    }
}

/// Connects to a target.
pub(super) fn dial(ways: &Ways, target: &Target, until: Instant) -> Result<Link, Failure> {
    match target.jump.as_deref().and_then(|jump| ways.inventory.target(jump)) {
        Some(jump) => through(ways, jump, target, until),
        None => {
            let addresses = resolve(&target.address, target.port, until)?;
            let socket = connect(&addresses, until)?;
            // Small packets go out at once: a handshake is a dialogue.
            let _ = socket.set_nodelay(true);
            Ok(Link { socket: socket.into(), jump: None })
        }
    }
}

/// The addresses of a name. The system's resolver knows no deadline, so another thread waits for it.
fn resolve(name: &str, port: u16, until: Instant) -> Result<Vec<SocketAddr>, Failure> {
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let (sender, receiver) = mpsc::channel();
    let asked = (name.to_owned(), port);
    let ask = move || drop(sender.send(asked.to_socket_addrs().map(Iterator::collect::<Vec<_>>)));
    let started = thread::Builder::new().name("resolve".to_owned()).stack_size(4 * SMALL_STACK_BYTES).spawn(ask);
    let wrong = |why: String| failure(Stage::Resolve, format!("无法解析 {name}：{why}"), format!("{name} cannot be resolved: {why}"));
    started.map_err(|error| wrong(error.to_string()))?;
    match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(Ok(addresses)) if addresses.is_empty() => Err(wrong("-".to_owned())),
        Ok(Ok(addresses)) => Ok(addresses),
        Ok(Err(error)) => Err(wrong(error.to_string())),
        Err(_) => Err(late(Stage::Resolve)),
    }
}

/// The first of some addresses that takes a connection.
fn connect(addresses: &[SocketAddr], until: Instant) -> Result<TcpStream, Failure> {
    let mut last = late(Stage::Connect);
    for (number, address) in addresses.iter().enumerate() {
        // Each address has its share of the time, so that one that is silent leaves some to the next.
        let left = until.saturating_duration_since(Instant::now()) / u32::try_from(addresses.len() - number).unwrap_or(1);
        if left.is_zero() {
            return Err(late(Stage::Connect));
        }
        match TcpStream::connect_timeout(address, left) {
            Ok(socket) => return Ok(socket),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => last = late(Stage::Connect),
            Err(error) => last = failure(Stage::Connect, format!("无法连接：{error}"), format!("no connection: {error}")),
        }
    }
    Err(last)
}

/// A socket whose other end is an `ssh -W` to the jump host: it carries the bytes and sees none of them in clear.
fn through(ways: &Ways, jump: &Target, target: &Target, until: Instant) -> Result<Link, Failure> {
    let cannot = |error: io::Error| failure(Stage::Connect, format!("无法启动 ssh：{error}"), format!("ssh cannot be started: {error}"));
    let (ours, theirs) = UnixStream::pair().map_err(cannot)?;
    let left = until.saturating_duration_since(Instant::now());
    let options = Options::of(ways, jump, left)?;
    let mut command = Command::new("ssh");
    command.args(&options.words).arg("-W").arg(forward(target)).arg("--").arg(&jump.address);
    let theirs = OwnedFd::from(theirs);
    command.stdin(Stdio::from(theirs.try_clone().map_err(cannot)?)).stdout(Stdio::from(theirs)).stderr(Stdio::piped());
    let mut group = Group::start(&mut command).map_err(cannot)?;
    // The command still holds the other end; without it the end of ssh is seen as the end of the connection.
    drop(command);
    let tail = Tail::of(group.child().stderr.take()).map_err(cannot)?;
    Ok(Link { socket: ours.into(), jump: Some((group, tail)) })
}
