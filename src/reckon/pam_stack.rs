//! A flattened PAM stack into the runs that succeed: what each proves, which lines they reach, and which lines no run evades.
//!
//! libpam walks a stack once, forwards. Its state is where it stands, its impression so far, and what that was when each substack
//! began; so the runs form a graph without cycles, and the sets below come from one pass forwards and one backwards, whatever the
//! number of runs. The steps are those of `_pam_dispatch_aux` in Linux-PAM's `libpam/pam_dispatch.c`.

use std::cmp::Ordering;

use super::pam_control::{Action, CODES, Control, IGNORE, SUCCESS};
use super::pam_factors::{Asks, Factors, Outcome, Prompts, add, part, sets_of};

/// One line of a flattened stack.
#[derive(Clone, Copy, Debug)]
pub struct Step<'s> {
    /// What is done with the answer.
    pub control: &'s Control,
    /// How many substacks it is in.
    pub level: u8,
    /// What is called.
    pub call: Call<'s>,
}

/// What stands on a line.
#[derive(Clone, Copy, Debug)]
pub enum Call<'s> {
    /// A module, and its answers.
    Module(&'s [Outcome]),
    /// A module whose answer is the same wherever a module of this number (0 to 7) stands.
    Same(u8, &'s [Outcome]),
    /// The line that opens a substack; it does nothing, but jumps count it and the substack as one.
    Substack,
    /// Lines that are not known: they may go on, with or without success, or end the (sub)stack.
    Unknown,
}

/// The runs of a stack.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// What each successful run proves: sorted, no duplicates, no superset of another, no [`Factors::EMPTY_PASSWORD`].
    pub paths: Vec<Factors>,
    /// Whether some run succeeds with an empty password.
    pub empty_password: bool,
    /// By step: whether some run reaches it.
    pub reachable: Vec<bool>,
    /// By step: whether it has its way in every successful run. False where none succeeds.
    pub enforced: Vec<bool>,
    /// Set where there were more states than are followed: nothing above is then whole.
    pub overflowed: bool,
    edges: Vec<Edge>,
    ends: Vec<(u64, u64)>,
}

/// The most states that are kept in one walk.
pub const STATES_MOST: usize = 4_000;

/// How libpam judges a stack so far; two bits of a state.
mod impression {
    /// Nothing has counted yet.
    pub(super) const UNDECIDED: u64 = 0;
    /// Something succeeded and nothing failed.
    pub(super) const GOOD: u64 = 1;
    /// A code other than success was taken as ok: the stack returns it, whatever succeeds later.
    pub(super) const SPOILT: u64 = 2;
    /// Something failed.
    pub(super) const FAILED: u64 = 3;
}

/// Where a state keeps what it keeps: the impression, what was typed, the answers of [`Call::Same`], impressions at substacks' starts.
const TYPED: u32 = 2;
const SAME: u32 = 4;
const FRAMES: u32 = 20;

/// What the one text was, of [`Prompts::One`]: two bits of a state.
mod typed {
    pub(super) const OPEN: u64 = 0;
    pub(super) const PASSWORD: u64 = 1;
    pub(super) const CODE: u64 = 2;
    pub(super) const BOTH: u64 = 3;
}

/// Two bits of a state.
fn field(state: u64, at: u32) -> u64 {
    state >> at & 3
}

/// A state with two bits replaced.
fn with_field(state: u64, at: u32, value: u64) -> u64 {
    state & !(3 << at) | value << at
}

/// One move from state to state.
#[derive(Clone, Copy, Debug)]
struct Edge {
    step: u32,
    next: u32,
    from: u64,
    to: u64,
    proves: Factors,
    holds: bool,
    code: u8,
}

/// What one successful run did at one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The step.
    pub step: usize,
    /// What it proved.
    pub proves: Factors,
    /// A code that it returned.
    pub code: usize,
    /// The step that came next; the number of steps at the end.
    pub next: usize,
}

/// Follows every run of a stack.
pub fn walk(steps: &[Step<'_>], prompts: Prompts) -> Walk {
    let mut walk = Walk { reachable: vec![false; steps.len()], enforced: vec![false; steps.len()], ..Walk::default() };
    // What the impression was when a substack began matters to `reset` alone.
    let resets = steps.iter().any(|step| (0..CODES).any(|code| step.control.action(code) == Action::Reset));
    let mut walker = Walker { steps, prompts, resets, here: vec![Vec::new(); steps.len() + 1], states: 1, walk: &mut walk };
    walker.here[0].push((impression::UNDECIDED, 1));
    for at in 0..steps.len() {
        walker.visit(at);
    }
    let ends = walker.here.pop().unwrap_or_default();
    walk.ends = ends.into_iter().filter(|(state, _)| field(*state, 0) == impression::GOOD).collect();
    walk.settle();
    walk
}

/// A walk while it is under way.
struct Walker<'s, 'w> {
    steps: &'s [Step<'s>],
    prompts: Prompts,
    resets: bool,
    /// By step: the states in which it is reached, and the sets of factors that may be proven by then, as bits.
    here: Vec<Vec<(u64, u64)>>,
    states: usize,
    walk: &'w mut Walk,
}

impl Walker<'_, '_> {
    /// Makes every move from one step.
    fn visit(&mut self, at: usize) {
        for (state, proven) in std::mem::take(&mut self.here[at]) {
            self.walk.reachable[at] = true;
            match self.steps[at].call {
                Call::Substack => self.go(at, at + 1, state, state, proven, NOTHING, SUCCESS),
                Call::Unknown => self.unknown(at, state, proven),
                Call::Module(outcomes) => {
                    for outcome in outcomes {
                        self.answer(at, state, proven, *outcome);
                    }
                }
                Call::Same(number, outcomes) => self.same(at, state, proven, number, outcomes),
            }
        }
    }

    /// Lines that are not known: nothing counted, or something did, and the (sub)stack goes on or ends.
    fn unknown(&mut self, at: usize, state: u64, proven: u64) {
        let outcome = Outcome { codes: 1, proves: Factors::PERHAPS, holds: false, asks: Asks::Nothing };
        self.go(at, at + 1, state, state, proven, outcome, SUCCESS);
        if matches!(field(state, 0), impression::UNDECIDED | impression::GOOD) {
            let good = with_field(state, 0, impression::GOOD);
            self.go(at, at + 1, state, good, proven, outcome, SUCCESS);
            self.go(at, self.end(at), state, good, proven, outcome, SUCCESS);
        }
    }

    /// A module that answers alike wherever it stands.
    fn same(&mut self, at: usize, state: u64, proven: u64, number: u8, outcomes: &[Outcome]) {
        let place = SAME + 2 * u32::from(number & 7);
        let before = field(state, place);
        for (index, outcome) in outcomes.iter().take(3).enumerate() {
            let answer = index as u64 + 1;
            if before == 0 || before == answer {
                self.answer_from(at, state, with_field(state, place, answer), proven, *outcome);
            }
        }
    }

    /// One answer of a module.
    fn answer(&mut self, at: usize, state: u64, proven: u64, outcome: Outcome) {
        self.answer_from(at, state, state, proven, outcome);
    }

    /// One answer of a module that is given in the state `given` and remembered in the state `state`.
    fn answer_from(&mut self, at: usize, given: u64, state: u64, proven: u64, outcome: Outcome) {
        let control = self.steps[at].control;
        for typed in self.typed(state, outcome) {
            let state = with_field(state, TYPED, *typed);
            // Of codes with one effect the first stands for all.
            let mut known = [None; 16];
            let mut count = 0;
            let mut codes = outcome.codes;
            while codes != 0 {
                let code = codes.trailing_zeros() as usize;
                codes &= codes - 1;
                let effect = Some((control.action(code), code == SUCCESS));
                if known[..count].contains(&effect) {
                    continue;
                }
                if let Some(place) = known.get_mut(count) {
                    *place = effect;
                    count += 1;
                }
                let (next, state) = self.act(at, state, control.action(code), code);
                self.go(at, next, given, state, proven, outcome, code);
            }
        }
    }

    /// What the one text that is typed may be after an answer; one meaningless value where there are many texts.
    fn typed(&self, state: u64, outcome: Outcome) -> &'static [u64] {
        let before = field(state, TYPED);
        match (self.prompts, outcome.asks, before) {
            (Prompts::Many, ..) => &[typed::OPEN],
            (_, Asks::Password, typed::OPEN) => &[typed::PASSWORD],
            (_, Asks::Code, typed::OPEN) => &[typed::CODE],
            (_, Asks::CodeOrBoth, typed::OPEN) => &[typed::CODE, typed::BOTH],
            (_, Asks::Nothing, typed::OPEN) => &[typed::OPEN],
            (_, Asks::Nothing | Asks::Password, typed::PASSWORD) => &[typed::PASSWORD],
            (_, Asks::Nothing | Asks::Code | Asks::CodeOrBoth, typed::CODE) => &[typed::CODE],
            (_, Asks::Nothing | Asks::Password | Asks::CodeOrBoth, typed::BOTH) => &[typed::BOTH],
            _ => &[],
        }
    }

    /// What an action makes of a state, and the step that comes next.
    fn act(&self, at: usize, state: u64, action: Action, code: usize) -> (usize, u64) {
        let now = field(state, 0);
        let to = |impression| with_field(state, 0, impression);
        match action {
            Action::Ignore => (at + 1, state),
            Action::Reset => {
                let level = self.steps[at].level;
                (at + 1, to(if level == 0 { impression::UNDECIDED } else { field(state, frame(level)) }))
            }
            Action::Ok | Action::Done => {
                let after = match now {
                    impression::UNDECIDED | impression::GOOD if code == SUCCESS => impression::GOOD,
                    impression::UNDECIDED | impression::GOOD => impression::SPOILT,
                    other => other,
                };
                let ends = action == Action::Done && after != impression::FAILED;
                (if ends { self.end(at) } else { at + 1 }, to(after))
            }
            Action::Bad => (at + 1, to(impression::FAILED)),
            Action::Die => (self.end(at), to(impression::FAILED)),
            Action::Jump(lines) => match self.jump(at, lines) {
                (next, true) => (next, state),
                (next, false) => (next, to(impression::FAILED)),
            },
        }
    }

    /// The step after the (sub)stack that a step is in.
    fn end(&self, at: usize) -> usize {
        let level = self.steps[at].level;
        (at + 1..self.steps.len()).find(|next| self.steps[*next].level < level).unwrap_or(self.steps.len())
    }

    /// The step after a jump over lines of the same (sub)stack, a substack in it counting as one, and whether there were so many.
    fn jump(&self, at: usize, lines: u16) -> (usize, bool) {
        let level = self.steps[at].level;
        let end = self.end(at);
        let mut next = at + 1;
        for _ in 0..lines {
            if next >= end {
                return (end, false);
            }
            next += 1;
            while next < end && self.steps[next].level > level {
                next += 1;
            }
        }
        (next, true)
    }

    /// Notes a move.
    #[expect(clippy::too_many_arguments, reason = "an edge has two ends, and what lies between them")]
    fn go(&mut self, at: usize, next: usize, from: u64, to: u64, proven: u64, outcome: Outcome, code: usize) {
        let Outcome { proves, holds, .. } = outcome;
        let level = self.steps.get(next).map_or(0, |it| it.level);
        let to = match level.cmp(&self.steps[at].level) {
            Ordering::Greater if self.resets => with_field(to, frame(level), field(to, 0)),
            Ordering::Less => to & ((1 << frame(level + 1)) - 1),
            _ => to,
        };
        self.walk.edges.push(Edge { step: at as u32, next: next as u32, from, to, proves, holds, code: code as u8 });
        let proven = add(proven, proves);
        match self.here[next].iter_mut().find(|(state, _)| *state == to) {
            Some((_, known)) => *known |= proven,
            None if self.states >= STATES_MOST => self.walk.overflowed = true,
            None => {
                self.states += 1;
                self.here[next].push((to, proven));
            }
        }
    }
}

/// An answer that proves nothing and has nothing to demand.
const NOTHING: Outcome = Outcome { codes: 1 << IGNORE, proves: Factors::NONE, holds: true, asks: Asks::Nothing };

/// Where a state keeps the impression at the start of the substack of a level.
fn frame(level: u8) -> u32 {
    FRAMES + 2 * u32::from(level.min(20))
}

impl Walk {
    /// Fills what follows from the moves: paths, and which steps no successful run evades.
    fn settle(&mut self) {
        let sets = self.ends.iter().fold(0, |all, (_, sets)| all | sets);
        let (empty, full): (Vec<_>, Vec<_>) = sets_of(sets).partition(|set| set.contains(Factors::EMPTY_PASSWORD));
        self.empty_password = !empty.is_empty();
        self.paths = full.iter().copied().filter(|set| !full.iter().any(|less| less != set && set.contains(*less))).collect();
        self.enforce();
    }

    /// A step is evaded where a move of some successful run passes it without its having its way.
    fn enforce(&mut self) {
        let steps = self.reachable.len();
        let mut live: Vec<Vec<u64>> = vec![Vec::new(); steps + 1];
        live[steps] = self.ends.iter().map(|(state, _)| *state).collect();
        // How many live moves evade a step, as differences.
        let mut evaded = vec![0_i64; steps + 2];
        for edge in self.edges.iter().rev() {
            let (step, next) = (edge.step as usize, edge.next as usize);
            if !live[next].contains(&edge.to) {
                continue;
            }
            if !live[step].contains(&edge.from) {
                live[step].push(edge.from);
            }
            evaded[step + usize::from(edge.holds)] += 1;
            evaded[next] -= 1;
        }
        let mut evading = 0;
        let counts = !self.ends.is_empty() && !self.overflowed;
        for (enforced, change) in self.enforced.iter_mut().zip(&evaded) {
            evading += change;
            *enforced = evading == 0 && counts;
        }
    }

    /// One successful run that proves just this, step by step; empty where there is none.
    pub fn run(&self, proves: Factors) -> Vec<Visit> {
        let wanted = 1 << proves.bits();
        let mut visits = Vec::new();
        let Some(&(mut state, _)) = self.ends.iter().find(|(_, sets)| sets & wanted != 0) else { return visits };
        let mut next = self.reachable.len();
        // Going back from the end, what was proven before each move must be able to become what is proven after it.
        let mut proven = proves;
        let before = self.proven_before();
        while next > 0 {
            let found = self.edges.iter().enumerate().rev().filter(|(_, edge)| edge.next as usize == next && edge.to == state);
            let found = found.filter_map(|(index, edge)| Some((edge, part(before[index], edge.proves, proven)?)));
            let Some((edge, earlier)) = found.min_by_key(|(edge, _)| !edge.holds) else { break };
            visits.push(Visit { step: edge.step as usize, proves: edge.proves, code: usize::from(edge.code), next });
            (state, next, proven) = (edge.from, edge.step as usize, earlier);
        }
        visits.reverse();
        visits
    }

    /// By move: the sets of factors that may be proven before it.
    fn proven_before(&self) -> Vec<u64> {
        let mut known: Vec<Vec<(u64, u64)>> = vec![Vec::new(); self.reachable.len() + 1];
        known[0].push((impression::UNDECIDED, 1));
        let mut before = Vec::with_capacity(self.edges.len());
        for edge in &self.edges {
            let sets = known[edge.step as usize].iter().find(|(state, _)| *state == edge.from).map_or(0, |(_, sets)| *sets);
            before.push(sets);
            let after = add(sets, edge.proves);
            let next = &mut known[edge.next as usize];
            match next.iter_mut().find(|(state, _)| *state == edge.to) {
                Some((_, sets)) => *sets |= after,
                None => next.push((edge.to, after)),
            }
        }
        before
    }
}
