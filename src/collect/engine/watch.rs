//! A deadline, or the end of the run, into the end of what waits; and a stream of errors into its last bytes.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use crate::collect::child::{LOOK_LONGEST, keep_tail};

/// A thread that does something when a moment comes or the run is interrupted, unless this value is dropped first.
#[derive(Debug)]
pub(super) struct Watchdog {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// The stack of a thread that only waits.
pub(super) const SMALL_STACK_BYTES: usize = 128 << 10;

impl Watchdog {
    /// Waits for the deadline, or for the end of the run, in a thread of its own.
    pub(super) fn start(deadline: Instant, abort: Arc<AtomicBool>, bite: impl FnOnce() + Send + 'static) -> io::Result<Watchdog> {
        let (stop, stopped) = mpsc::channel();
        let wait = move || {
            loop {
                let left = deadline.saturating_duration_since(Instant::now());
                if stopped.recv_timeout(left.min(LOOK_LONGEST)) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
                if left.is_zero() || abort.load(Ordering::Relaxed) {
                    return bite();
                }
            }
        };
        let thread = thread::Builder::new().name("watchdog".to_owned()).stack_size(SMALL_STACK_BYTES).spawn(wait)?;
        Ok(Watchdog { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The last bytes of a stream, which a thread of its own reads until its end, so that it never fills up.
#[derive(Debug)]
pub(super) struct Tail {
    bytes: Arc<Mutex<VecDeque<u8>>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Tail {
    /// Reads a stream.
    pub(super) fn of(stream: Option<impl Read + Send + 'static>) -> io::Result<Tail> {
        let bytes = Arc::new(Mutex::new(VecDeque::new()));
        let kept = Arc::clone(&bytes);
        let read = move || {
            let Some(mut stream) = stream else { return };
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                let Ok(mut kept) = kept.lock() else { return };
                keep_tail(&mut kept, &buffer[..count]);
            }
        };
        let thread = thread::Builder::new().name("errors".to_owned()).stack_size(SMALL_STACK_BYTES).spawn(read)?;
        Ok(Tail { bytes, thread: Some(thread) })
    }

    /// What was read, once the stream is at its end: the program must have ended.
    pub(super) fn take(&mut self) -> Vec<u8> {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.bytes.lock().map(|mut bytes| std::mem::take(&mut *bytes).into()).unwrap_or_default()
    }
}
