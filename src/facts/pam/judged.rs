//! A flattened stack into its runs, once per host, service, group and way of asking.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::super::cell::Why;
use super::super::host::Host;
use super::admission::Admission;
use super::modules;
use super::stack::{self, File, Flat, Kind, Listings, Stack};
use crate::parse::pam::Group;
use crate::reckon::pam_control::PERM_DENIED;
use crate::reckon::pam_factors::{Asks, Factors, Outcome, Prompts};
use crate::reckon::pam_stack::{Call, Step, Walk, walk};

/// What is derived once per host.
#[derive(Debug, Default)]
pub struct Memo<'a> {
    pub(super) listings: Listings<'a>,
    pub(super) others: [OnceCell<Rc<Stack<'a>>>; 4],
    pub(super) files: RefCell<Vec<Rc<File<'a>>>>,
    judged: RefCell<Vec<Rc<Judged<'a>>>>,
    /// What services demand, by service and way of asking.
    pub(super) admissions: RefCell<Vec<(&'a str, Prompts, Admission<'a>)>>,
}

/// A stack and its runs.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    service: &'a str,
    group: Group,
    prompts: Prompts,
    /// The stack.
    pub(super) stack: Stack<'a>,
    /// Its runs.
    pub(super) walk: Walk,
}

/// A line that libpam lets fail.
const FAILS: [Outcome; 1] = [Outcome { codes: 1 << PERM_DENIED, proves: Factors::NONE, holds: true, asks: Asks::Nothing }];

/// The stack of a service and group, and its runs.
pub(super) fn judged<'a>(host: &Host<'a>, service: &str, group: Group, prompts: Prompts) -> Rc<Judged<'a>> {
    let memo = &host.shared.pam.judged;
    let same = |it: &&Rc<Judged<'a>>| it.service == service && it.group == group && it.prompts == prompts;
    if let Some(known) = memo.borrow().iter().find(same) {
        return known.clone();
    }
    let mut stack = stack::stack(host, service, group);
    stack
        .lines
        .iter_mut()
        .filter(|line| line.module == "pam_duo")
        .for_each(|line| line.unguarded = super::servers::duo_unguarded(host, line));
    let walk = runs(&stack, group, service, prompts, |_, outcomes| outcomes);
    if walk.overflowed {
        stack.gap = stack.gap.or(Some(Why::budget_spent(host.text(service))));
    }
    let found = Rc::new(Judged { service: host.text(service), group, prompts, stack, walk });
    memo.borrow_mut().push(found.clone());
    found
}

/// The runs of a stack where `answers` may take answers away from a line.
pub(super) fn runs(
    stack: &Stack<'_>,
    group: Group,
    service: &str,
    prompts: Prompts,
    answers: impl Fn(&Flat<'_>, Vec<Outcome>) -> Vec<Outcome>,
) -> Walk {
    let lines = &stack.lines;
    let outcomes: Vec<Vec<Outcome>> = lines
        .iter()
        .map(|line| match line.kind {
            Kind::Module => answers(line, modules::outcomes(line, group, service)),
            Kind::Fails => FAILS.to_vec(),
            Kind::Substack | Kind::Unknown => Vec::new(),
        })
        .collect();
    let alike = alike(lines);
    let call = |at: usize| match (lines[at].kind, alike[at]) {
        (Kind::Substack, _) => Call::Substack,
        (Kind::Unknown, _) => Call::Unknown,
        (_, Some(number)) => Call::Same(number, &outcomes[at]),
        (_, None) => Call::Module(&outcomes[at]),
    };
    let steps: Vec<Step<'_>> =
        (0..lines.len()).map(|at| Step { control: lines[at].control, level: lines[at].level, call: call(at) }).collect();
    walk(&steps, prompts)
}

/// Numbers for conditions that stand more than once with the same arguments, and so answer alike.
fn alike(lines: &[Flat<'_>]) -> Vec<Option<u8>> {
    let mut numbers = vec![None; lines.len()];
    let mut next = 0;
    for at in 0..lines.len() {
        let line = &lines[at];
        if next == 8 || numbers[at].is_some() || line.kind != Kind::Module || !modules::is_condition(line.module) {
            continue;
        }
        let same = |other: &Flat<'_>| other.kind == Kind::Module && other.module == line.module && other.arguments().eq(line.arguments());
        let others: Vec<usize> = (at + 1..lines.len()).filter(|later| same(&lines[*later])).collect();
        if !others.is_empty() {
            numbers[at] = Some(next);
            others.into_iter().for_each(|later| numbers[later] = Some(next));
            next += 1;
        }
    }
    numbers
}
