//! The first bytes of a server into a yes or no before anything is trusted with them.
//!
//! libssh2 reads lines before the identification without a bound and burns a core on them (measured), so they are looked at here first.

use std::os::fd::BorrowedFd;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{RecvFlags, recv};

use super::{Failure, Stage, failure, late};

/// The most bytes until the end of the identification; RFC 4253 section 4.2 lets a server send lines before it and names no bound.
const BANNER_BYTES_MOST: usize = 8 << 10;

/// Waits until a socket is ready; false where it was not until the moment.
pub(super) fn ready(socket: BorrowedFd<'_>, flags: PollFlags, until: Instant) -> bool {
    let left = until.saturating_duration_since(Instant::now());
    let timeout = Timespec { tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX), tv_nsec: left.subsec_nanos().into() };
    let mut sockets = [PollFd::from_borrowed_fd(socket, flags)];
    matches!(poll(&mut sockets, Some(&timeout)), Ok(1..))
}

/// Waits for the identification of a server and leaves it where it is.
pub(super) fn wait(socket: BorrowedFd<'_>, until: Instant) -> Result<(), Failure> {
    let mut buffer = vec![0; BANNER_BYTES_MOST];
    let mut before = 0;
    loop {
        if Instant::now() >= until || !ready(socket, PollFlags::IN, until) {
            return Err(late(Stage::Banner));
        }
        let seen = match recv(socket, buffer.as_mut_slice(), RecvFlags::PEEK) {
            // At the deadline it is our own watchdog that shut the socket.
            Ok((0, _)) | Err(_) if Instant::now() >= until => return Err(late(Stage::Banner)),
            Ok((0, _)) => {
                return Err(failure(Stage::Banner, "对方关闭了连接，没有 SSH 标识", "the connection was closed before the identification"));
            }
            Ok((seen, _)) => seen.min(buffer.len()),
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(failure(Stage::Banner, format!("连接中断：{error}"), format!("the connection broke: {error}"))),
        };
        match judge(&buffer[..seen]) {
            Some(Ok(())) => return Ok(()),
            Some(Err(failure)) => return Err(failure),
            // What was looked at stays ready to be read: without a pause this would spin.
            None if seen == before => thread::sleep(Duration::from_millis(20)),
            None => before = seen,
        }
    }
}

/// Whether these first bytes have a whole identification of a version that we speak; none where more is needed.
fn judge(bytes: &[u8]) -> Option<Result<(), Failure>> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    match lines.find(|line| line.starts_with(b"SSH-")) {
        Some(line) if line.ends_with(b"\n") => {
            // 1.99 stands for 2.0 with an older version beside it (RFC 4253 section 5.1).
            if line.starts_with(b"SSH-2.0-") || line.starts_with(b"SSH-1.99-") {
                return Some(Ok(()));
            }
            Some(Err(failure(Stage::Banner, "对方不支持 SSH 2.0", "the server does not speak SSH 2.0")))
        }
        _ if bytes.len() >= BANNER_BYTES_MOST => {
            Some(Err(failure(Stage::Banner, "8 KiB 内没有 SSH 标识", "no identification of SSH in the first 8 KiB")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd as _;
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;

    use rustix::net::{Shutdown, shutdown};

    use super::super::watch::Watchdog;
    use super::*;

    #[test]
    fn a_socket_that_is_shut_at_the_deadline_is_late() {
        for _ in 0..40 {
            let (ours, _theirs) = UnixStream::pair().expect("a pair of sockets");
            let until = Instant::now() + Duration::from_millis(5);
            let handle = ours.try_clone().expect("another handle");
            let bite = move || {
                let _ = shutdown(&handle, Shutdown::Both);
            };
            let _watchdog = Watchdog::start(until, Arc::default(), bite).expect("a thread");
            let failure = wait(ours.as_fd(), until).expect_err("nothing was said");
            assert!(failure.deadline && failure.stage == Stage::Banner, "{failure:?}");
        }
    }

    #[test]
    fn an_identification_is_whole_and_of_version_two() {
        let good = |bytes: &[u8]| judge(bytes).map(|it| it.is_ok());
        assert_eq!(good(b"SSH-2.0-OpenSSH_9.2p1\r\n"), Some(true));
        assert_eq!(good(b"SSH-1.99-Cisco-1.25\n"), Some(true));
        assert_eq!(good(b"Authorised users only\r\nSSH-2.0-x\r\n"), Some(true));
        assert_eq!(good(b"SSH-1.5-old\n"), Some(false));
        assert_eq!(good(b"SSH-2.0-OpenS"), None);
        assert_eq!(good(b"HTTP/1.1 400 SSH-2.0-x\n"), None);
        assert_eq!(good(&[b'x'; BANNER_BYTES_MOST]), Some(false));
        assert_eq!(good(&b"line\n".repeat(BANNER_BYTES_MOST)), Some(false));
    }
}
