//! Logins that are refused into a stop, before a wrong password locks an account everywhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::transport::{Failure, Stage};
use crate::error::Message;

/// Lets logins happen: all at once while they succeed, and no more than may still be refused while none has.
#[derive(Debug)]
pub struct Gate {
    refusals_most: usize,
    /// Whether the run was interrupted.
    abort: Arc<AtomicBool>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Logins that go on.
    under_way: usize,
    /// Refused logins since the last one that succeeded.
    refused: usize,
    /// Whether any succeeded.
    succeeded: bool,
}

/// How a login ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The server took it.
    Taken,
    /// The server refused it.
    Refused,
    /// It was not decided: the time was over, the connection broke.
    Open,
}

impl Gate {
    /// A gate that closes for good after so many refusals in a row, or when `abort` says so.
    pub fn new(refusals_most: usize, abort: Arc<AtomicBool>) -> Gate {
        Gate { refusals_most, abort, state: Mutex::new(State::default()), changed: Condvar::new() }
    }

    /// Waits until a login may happen.
    ///
    /// # Errors
    ///
    /// Too many were refused in a row, or the time was over.
    pub fn enter(&self, deadline: Instant) -> Result<Pass<'_>, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.refused >= self.refusals_most {
                return Err(self.closed());
            }
            if state.succeeded && state.refused == 0 || state.under_way + state.refused < self.refusals_most {
                state.under_way += 1;
                return Ok(Pass { gate: self, ended: Ended::Open });
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if self.abort.load(Ordering::Relaxed) {
                let message = Message::new("运行被中断", "the run was interrupted");
                return Err(Failure { stage: Stage::Authenticate, deadline: false, message });
            }
            if left.is_zero() {
                return Err(Failure {
                    stage: Stage::Authenticate, deadline: true, message: Message::new("时限已到", "the time was over")
                });
            }
            let waited = self.changed.wait_timeout(state, left.min(Duration::from_millis(100)));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Why nobody is asked any more, once the gate has closed.
    pub fn shut(&self) -> Option<Failure> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.refused >= self.refusals_most).then(|| self.closed())
    }

    fn closed(&self) -> Failure {
        let most = self.refusals_most;
        let zh = format!("没有尝试：连续 {most} 次登录被拒绝，为避免锁定账号已停止");
        let en = format!("not tried: {most} logins in a row were refused, and the run stopped before the account is locked");
        Failure { stage: Stage::Authenticate, deadline: false, message: Message::new(zh, en) }
    }
}

/// The right to one login; how it ended is told by dropping this.
#[derive(Debug)]
pub struct Pass<'g> {
    gate: &'g Gate,
    /// How it ended.
    pub ended: Ended,
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.under_way -= 1;
        match self.ended {
            Ended::Taken => {
                state.refused = 0;
                state.succeeded = true;
            }
            Ended::Refused => state.refused += 1,
            Ended::Open => {}
        }
        self.gate.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(30)
    }

    #[test]
    fn no_more_logins_than_may_be_refused_go_on_at_once() {
        let gate = Gate::new(2, Arc::default());
        let (mut one, two) = (gate.enter(soon()).unwrap(), gate.enter(soon()).unwrap());
        assert!(gate.enter(soon()).unwrap_err().deadline);
        one.ended = Ended::Taken;
        drop(one);
        let many: Vec<Pass<'_>> = (0..50).map(|_| gate.enter(soon()).unwrap()).collect();
        drop((two, many));
        for _ in 0..2 {
            assert!(gate.shut().is_none());
            gate.enter(soon()).unwrap().ended = Ended::Refused;
        }
        assert!(gate.shut().is_some());
        let why = gate.enter(soon()).unwrap_err();
        assert!(!why.deadline && why.stage == Stage::Authenticate);
    }
}
