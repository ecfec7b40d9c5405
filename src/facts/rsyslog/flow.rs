//! The steps of a ruleset, walked once for all messages at a time, into what certainly and what possibly gets where.
//!
//! Facility and severity are followed exactly, as sets. Where a condition depends on anything else, both ways are walked, and a message
//! certainly gets somewhere only if it does on both. Dropping ends a way; a step that was not read may end it and leads on as well.

use super::condition::Entering;
use super::load::{Loaded, Step, truth};
use super::messages::Messages;
use super::routes::{Reach, Stop};
use crate::facts::cell::Evidence;
use crate::facts::host::Host;
use crate::source::Span;

/// Blocks and calls that are walked into each other.
const DEPTH_MOST: usize = 200;

/// The most steps of one walk: a ruleset is walked again for every call, so that few lines can make very many.
const STEPS_MOST: usize = 100_000;

/// What an action reaches: numbers of targets.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Targets {
    /// Its own, if it has one.
    pub(super) own: Option<usize>,
    /// The one that stands for all of its sort, if it counts as that.
    pub(super) sort: Option<usize>,
    /// Whether what reaches the action certainly reaches them.
    pub(super) always: bool,
}

/// What the walk found.
#[derive(Debug)]
pub(super) struct Walked<'a> {
    /// What reaches each target.
    pub(super) reach: Vec<Reach>,
    /// The first action that reaches each target, and what it stands under.
    pub(super) evidence: Vec<&'a [Evidence<'a>]>,
    /// Where messages are dropped.
    pub(super) stops: Vec<Stop<'a>>,
    /// Whether the budget was spent on the way.
    pub(super) spent: bool,
}

/// Messages on one way through the steps.
#[derive(Clone)]
struct Way {
    /// Those that are still there.
    live: Messages,
    /// For each target, those of them that certainly got there before.
    got: Vec<Messages>,
}

/// A walk.
struct Walk<'w, 'a> {
    host: &'w Host<'a>,
    loaded: &'w Loaded<'a>,
    targets: &'w [Targets],
    entering: Entering<'w>,
    possible: Vec<Messages>,
    found: Walked<'a>,
    /// The conditions around the place, outermost first.
    under: Vec<Span>,
    /// Messages for which one of these conditions is open.
    open: Messages,
    /// Messages that may have been dropped before.
    gone: Messages,
    depth: usize,
    steps_left: usize,
}

/// Walks the ruleset of that name with every message.
pub(super) fn walk<'a>(
    host: &Host<'a>,
    loaded: &Loaded<'a>,
    targets: &[Targets],
    count: usize,
    ruleset: &str,
    entering: Entering<'_>,
) -> Walked<'a> {
    let found = Walked { reach: Vec::new(), evidence: vec![&[]; count], stops: Vec::new(), spent: false };
    let mut walk = Walk {
        host,
        loaded,
        targets,
        entering,
        possible: vec![Messages::NONE; count],
        found,
        under: Vec::new(),
        open: Messages::NONE,
        gone: Messages::NONE,
        depth: 0,
        steps_left: STEPS_MOST,
    };
    let certain = walk.through(ruleset, Messages::ALL);
    let reach = |target: usize| match (walk.found.spent, loaded.broken) {
        // Where the walk was not finished, everything may get anywhere.
        (true, _) => Reach { certain: Messages::NONE, possible: Messages::ALL },
        (false, true) => Reach { certain: Messages::NONE, possible: walk.possible[target] },
        (false, false) => Reach { certain: certain[target], possible: walk.possible[target] },
    };
    Walked { reach: (0..count).map(reach).collect(), ..walk.found }
}

/// Whether two parts of a source begin on one line, so that showing either shows both.
pub(super) fn one_line(host: &Host<'_>, left: Span, right: Span) -> bool {
    let between = left.start.min(right.start) as usize..left.start.max(right.start) as usize;
    let text = host.sources().source(left.source).and_then(|source| source.text.get(between));
    left.source == right.source && text.is_some_and(|text| !text.contains('\n'))
}

/// Ends the way for its messages: what they got is all that they will get.
fn end(way: &Way, ended: &mut [Messages]) {
    for (ended, got) in ended.iter_mut().zip(&way.got) {
        *ended = ended.and(got.or(way.live.inverse()));
    }
}

impl<'a> Walk<'_, 'a> {
    /// Walks a ruleset to all of its ends; returns what certainly got to each target on every way.
    fn through(&mut self, ruleset: &str, live: Messages) -> Vec<Messages> {
        let count = self.possible.len();
        let mut way = Way { live, got: vec![Messages::NONE; count] };
        let mut ended = vec![Messages::ALL; count];
        self.call(ruleset, &mut way, &mut ended);
        end(&way, &mut ended);
        ended.iter().map(|ended| ended.and(live)).collect()
    }

    /// Steps, one after the other.
    fn steps(&mut self, steps: &[Step<'a>], way: &mut Way, ended: &mut [Messages]) {
        self.depth += 1;
        for step in steps {
            if way.live.is_empty() {
                break;
            }
            if self.depth > DEPTH_MOST || !self.spend(1) {
                self.found.spent = true;
                break;
            }
            self.step(step, way, ended);
        }
        self.depth -= 1;
    }

    /// Pays for steps from this walk's share and from the asset's budget.
    fn spend(&mut self, steps: usize) -> bool {
        let left = self.steps_left.checked_sub(steps);
        self.steps_left = left.unwrap_or_default();
        left.is_some() && self.host.spend(steps as u64)
    }

    /// One step.
    fn step(&mut self, step: &Step<'a>, way: &mut Way, ended: &mut [Messages]) {
        match step {
            Step::Act(number) => self.act(*number, way),
            Step::Stop(span) => {
                let certain = way.live.less(self.open).less(self.gone);
                let under = self.scopes();
                self.found.stops.push(Stop { span: *span, reach: Reach { certain, possible: way.live }, under });
                self.leave(way, ended);
                way.live = Messages::NONE;
            }
            Step::Anything => self.leave(way, ended),
            Step::Call(name) if self.loaded.rulesets.iter().any(|it| it.queued && it.name.eq_ignore_ascii_case(name)) => {
                self.hand(name, way);
            }
            Step::Call(name) => self.call(name, way, ended),
            Step::Hand(name) => self.hand(name, way),
            Step::If(condition, then, otherwise) => {
                let truth = truth(condition, self.entering);
                let outer = self.open;
                self.under.push(condition.span);
                self.fork(way, ended, (way.live.and(truth.possible), then), (way.live.less(truth.certain), otherwise));
                self.under.pop();
                self.open = outer;
            }
        }
    }

    /// Messages may leave the way here.
    fn leave(&mut self, way: &Way, ended: &mut [Messages]) {
        end(way, ended);
        self.gone = self.gone.or(way.live);
    }

    /// An action.
    fn act(&mut self, number: usize, way: &mut Way) {
        let Some(targets) = self.targets.get(number).copied() else { return };
        for target in [targets.own, targets.sort].into_iter().flatten() {
            self.possible[target] = self.possible[target].or(way.live);
            if targets.always {
                way.got[target] = way.got[target].or(way.live);
            }
            if self.found.evidence[target].is_empty() {
                let action = self.loaded.actions[number].0.span;
                let scopes =
                    self.scopes().iter().filter(|scope| !matches!(scope, Evidence::Scope(span) if one_line(self.host, *span, action)));
                let pieces: Vec<Evidence<'a>> = std::iter::once(&Evidence::Decides(action)).chain(scopes).copied().collect();
                self.found.evidence[target] = self.host.evidence(&pieces);
            }
        }
    }

    /// The conditions around this place, innermost first.
    fn scopes(&self) -> &'a [Evidence<'a>] {
        let pieces: Vec<Evidence<'a>> = self.under.iter().rev().take(8).map(|span| Evidence::Scope(*span)).collect();
        self.host.evidence(&pieces)
    }

    /// Another ruleset's steps. One that does not exist does nothing, unless it may stand in what was not read.
    fn call(&mut self, name: &str, way: &mut Way, ended: &mut [Messages]) {
        let loaded = self.loaded;
        match loaded.rulesets.iter().find(|ruleset| ruleset.name.eq_ignore_ascii_case(name)) {
            Some(ruleset) => self.steps(&ruleset.steps, way, ended),
            None if loaded.gaps.is_empty() => {}
            None => self.leave(way, ended),
        }
    }

    /// Another ruleset's steps on a copy: nothing that is dropped there is dropped here.
    fn hand(&mut self, name: &str, way: &mut Way) {
        if self.depth > DEPTH_MOST || !self.spend(way.got.len()) {
            self.found.spent = true;
            return;
        }
        let gone = self.gone;
        let certain = self.through(name, way.live);
        self.gone = gone;
        for (got, certain) in way.got.iter_mut().zip(certain) {
            *got = got.or(certain);
        }
    }

    /// Two ways, and where they meet again. Messages that can only take one of them are not confused by the other.
    fn fork(&mut self, way: &mut Way, ended: &mut [Messages], then: (Messages, &[Step<'a>]), otherwise: (Messages, &[Step<'a>])) {
        let both = then.0.and(otherwise.0);
        if both.is_empty() {
            way.live = then.0;
            self.steps(then.1, way, ended);
            let first = way.live;
            way.live = otherwise.0;
            self.steps(otherwise.1, way, ended);
            way.live = first.or(way.live);
            return;
        }
        if !self.spend(1 + way.got.len() / 8) {
            self.found.spent = true;
            return;
        }
        self.open = self.open.or(both);
        let mut second = Way { live: otherwise.0, got: way.got.clone() };
        way.live = then.0;
        self.steps(then.1, way, ended);
        self.steps(otherwise.1, &mut second, ended);
        let met = way.live.or(second.live);
        for (got, other) in way.got.iter_mut().zip(&second.got) {
            // Messages on neither way keep what they had: around this fork they may still be on their own.
            let joined = got.or(way.live.inverse()).and(other.or(second.live.inverse()));
            *got = joined.and(met).or(got.less(met));
        }
        way.live = met;
    }
}
