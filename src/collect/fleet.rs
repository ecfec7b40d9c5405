//! Many targets into what was got of each: bounded threads, a bounded rate, another try only where nothing was told to a target.
//!
//! One target cannot hold up another: each has its own deadline, and even a panic ends with it.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::engine::{Reached, Session, Ways};
use super::inventory::{Limits, Target};
use super::transport::{Failure, Stage};
use crate::error::Message;

/// What came of one target.
#[derive(Debug)]
pub struct Outcome<'i, T> {
    /// The target.
    pub target: &'i Target,
    /// What was got, or where it failed.
    pub result: Result<T, Failure>,
    /// How it was reached, where it was.
    pub reached: Option<Reached>,
    /// How often it was tried.
    pub attempts: u32,
}

/// What is done with a target that was reached.
pub type Visit<'v, T> = dyn Fn(&Target, &mut dyn Session, Instant) -> Result<T, Failure> + Sync + 'v;

/// The longest wait before another try.
const WAIT_LONGEST: Duration = Duration::from_secs(30);

/// Visits targets; `done` gets each outcome, in the order in which they come, on the thread of the caller. An error of it ends the run.
///
/// # Errors
///
/// That of `done`, or that no thread could be started.
pub fn visit<'i, T: Send>(
    ways: &'i Ways,
    targets: Vec<&'i Target>,
    interrupted: &AtomicBool,
    visit: &Visit<'_, T>,
    done: &mut dyn FnMut(Outcome<'i, T>) -> io::Result<()>,
) -> io::Result<()> {
    let limits = ways.inventory().limits;
    let count = targets.len();
    allow_files(limits.connections.min(count));
    let queue = Queue::new(targets, limits);
    thread::scope(|scope| {
        let (sender, outcomes) = mpsc::channel();
        for number in 0..limits.connections.min(count) {
            let (sender, queue) = (sender.clone(), &queue);
            let work = move || {
                while let Some(turn) = queue.next(interrupted) {
                    if let Some(outcome) = one(ways, queue, turn, interrupted, visit)
                        && sender.send(outcome).is_err()
                    {
                        return;
                    }
                }
            };
            let started = thread::Builder::new().name(format!("connection-{number}")).spawn_scoped(scope, work);
            // Fewer threads are slower, none at all is an error.
            match started {
                Err(error) if number == 0 => return Err(error),
                Err(_) => break,
                Ok(_) => {}
            }
        }
        drop(sender);
        for outcome in outcomes {
            if let Err(error) = done(outcome) {
                interrupted.store(true, Ordering::Relaxed);
                queue.changed.notify_all();
                return Err(error);
            }
        }
        Ok(())
    })
}

/// Files that one connection needs at most: its socket, two more handles of it, and the pipes of an `ssh`.
const FILES_EACH: u64 = 6;

/// Files that everything else needs.
const FILES_ELSE: u64 = 256;

/// Asks for as many open files as so many connections need; where the system refuses, connections fail and say so.
fn allow_files(connections: usize) {
    let limit = getrlimit(Resource::Nofile);
    let wanted = FILES_ELSE + FILES_EACH * connections as u64;
    if limit.current.is_some_and(|current| current < wanted) {
        let current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum: limit.maximum });
    }
}

/// One try; none where there will be another.
fn one<'i, T>(
    ways: &Ways,
    queue: &Queue<'i>,
    mut turn: Turn<'i>,
    interrupted: &AtomicBool,
    visit: &Visit<'_, T>,
) -> Option<Outcome<'i, T>> {
    let target = turn.target;
    let deadline = *turn.deadline.get_or_insert_with(|| Instant::now() + target.deadline);
    let mut reached = None;
    let result = if let Some(failure) = ways.gate().shut() {
        Err(failure)
    } else {
        let attempt = || {
            let mut session = ways.connect(target, deadline)?;
            let result = visit(target, &mut *session, deadline);
            reached = Some(session.reached().clone());
            result
        };
        catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|_| {
            let message = Message::new("内部错误", "internal error");
            Err(Failure { stage: Stage::Execute, deadline: false, message })
        })
    };
    let attempts = turn.attempts + 1;
    let result = result.map_err(|failure| if interrupted.load(Ordering::Relaxed) { stopped(failure.stage) } else { failure });
    let again = result.as_ref().is_err_and(|failure| failure.stage.may_repeat()) && attempts < queue.limits.attempts;
    let wait = jitter(Duration::from_secs(1 << attempts.min(4)).min(WAIT_LONGEST));
    let later = Instant::now() + wait;
    let again = again && later + target.connect_timeout < deadline && !interrupted.load(Ordering::Relaxed);
    queue.leave(target, again.then_some(Turn { target, attempts, not_before: later, deadline: Some(deadline) }));
    (!again).then_some(Outcome { target, result, reached, attempts })
}

/// The failure of a target that was not finished because the run was interrupted.
pub fn stopped(stage: Stage) -> Failure {
    Failure { stage, deadline: false, message: Message::new("运行被中断", "the run was interrupted") }
}

/// A random part of a time.
fn jitter(most: Duration) -> Duration {
    most.mul_f64(f64::from(u32::try_from(random() >> 32).unwrap_or(0)) / f64::from(u32::MAX))
}

/// A number that nobody foresees; the standard library seeds its hash maps with the system's randomness.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A target that waits for a try.
#[derive(Debug)]
struct Turn<'i> {
    target: &'i Target,
    attempts: u32,
    not_before: Instant,
    deadline: Option<Instant>,
}

/// Targets that wait, and what bounds them.
#[derive(Debug)]
struct Queue<'i> {
    limits: Limits,
    state: Mutex<Waiting<'i>>,
    changed: Condvar,
}

#[derive(Debug)]
struct Waiting<'i> {
    turns: Vec<Turn<'i>>,
    /// Targets that are being tried: each may come back.
    under_way: usize,
    /// Connections through each jump host.
    through: BTreeMap<&'i str, usize>,
    /// When the next connection may be made.
    next_slot: Instant,
}

impl<'i> Queue<'i> {
    /// A queue in an order by chance, so that not all of one rack is asked at once.
    fn new(targets: Vec<&'i Target>, limits: Limits) -> Queue<'i> {
        let now = Instant::now();
        let mut turns: Vec<(u64, Turn<'i>)> =
            targets.into_iter().map(|target| (random(), Turn { target, attempts: 0, not_before: now, deadline: None })).collect();
        turns.sort_by_key(|(number, _)| *number);
        let turns = turns.into_iter().map(|(_, turn)| turn).collect();
        let state = Waiting { turns, under_way: 0, through: BTreeMap::new(), next_slot: now };
        Queue { limits, state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<'i>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next target whose time has come; none where there will be none.
    fn next(&self, interrupted: &AtomicBool) -> Option<Turn<'i>> {
        let mut state = self.lock();
        loop {
            if interrupted.load(Ordering::Relaxed) || state.turns.is_empty() && state.under_way == 0 {
                self.changed.notify_all();
                return None;
            }
            let now = Instant::now();
            let fits = |turn: &Turn<'i>| {
                let busy = turn.target.jump.as_deref().and_then(|jump| state.through.get(jump)).copied().unwrap_or(0);
                turn.not_before <= now && busy < turn.target.per_jump
            };
            let ready = if state.next_slot <= now { state.turns.iter().rposition(fits) } else { None };
            if let Some(at) = ready {
                let turn = state.turns.swap_remove(at);
                state.under_way += 1;
                if let Some(jump) = turn.target.jump.as_deref() {
                    *state.through.entry(jump).or_default() += 1;
                }
                let interval = Duration::from_secs(1) / self.limits.connects_per_second.max(1);
                // Half of the distance is by chance: connections in step are what an alarm looks for.
                state.next_slot = state.next_slot.max(now - interval) + interval / 2 + jitter(interval);
                return Some(turn);
            }
            let wait = state.next_slot.saturating_duration_since(now).clamp(Duration::from_millis(1), Duration::from_millis(100));
            state = self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A target was tried; it may come back.
    fn leave(&self, target: &'i Target, again: Option<Turn<'i>>) {
        let mut state = self.lock();
        state.under_way -= 1;
        if let Some(count) = target.jump.as_deref().and_then(|jump| state.through.get_mut(jump)) {
            *count -= 1;
        }
        state.turns.extend(again);
        self.changed.notify_all();
    }
}
