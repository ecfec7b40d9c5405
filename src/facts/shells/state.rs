//! What a start file may have set so far: the values that are possible, each with the text that sets it.

use crate::facts::{Evidence, Why};

/// The most values that are told apart.
const VALUES_MOST: usize = 16;

/// The most texts that lost which are kept.
const LOST_MOST: usize = 8;

/// One possible value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a, T> {
    /// The value, or why it is not known.
    pub(super) value: Result<T, Why<'a>>,
    /// What sets it.
    pub(super) evidence: Option<Evidence<'a>>,
}

/// Every value that is possible.
#[derive(Clone, Debug)]
pub(super) struct Choices<'a, T> {
    /// The values, all different.
    pub(super) values: Vec<Choice<'a, T>>,
    /// What was set before and replaced.
    pub(super) lost: Vec<Evidence<'a>>,
}

impl<'a, T: Copy + PartialEq> Choices<'a, T> {
    /// One value.
    pub(super) fn one(value: T, evidence: Option<Evidence<'a>>) -> Choices<'a, T> {
        Choices { values: vec![Choice { value: Ok(value), evidence }], lost: Vec::new() }
    }

    /// Makes one more value possible.
    pub(super) fn also(&mut self, choice: Choice<'a, T>) {
        let same = |other: &Choice<'a, T>| match (&other.value, &choice.value) {
            (Ok(left), Ok(right)) => left == right,
            (Err(_), Err(_)) => true,
            _ => false,
        };
        if self.values.len() < VALUES_MOST && !self.values.iter().any(same) {
            self.values.push(choice);
        } else if self.values.len() == VALUES_MOST && !self.values.iter().any(same) {
            self.values.push(Choice { value: Err(Why::budget_spent("shell")), evidence: None });
        }
    }

    /// Makes it unknown, whatever it may be otherwise.
    pub(super) fn confuse(&mut self, why: Why<'a>, evidence: Option<Evidence<'a>>) {
        self.also(Choice { value: Err(why), evidence });
    }

    /// Replaces the values that may be replaced.
    pub(super) fn replace(&mut self, choice: Choice<'a, T>, fixed: impl Fn(&Choice<'a, T>) -> bool) {
        let (kept, replaced): (Vec<_>, Vec<_>) = self.values.drain(..).partition(|old| fixed(old));
        let any = !replaced.is_empty();
        self.lost.extend(replaced.iter().filter_map(|old| old.evidence).filter(|it| matches!(it, Evidence::Decides(_))));
        self.lost.truncate(LOST_MOST);
        self.values = kept;
        if any {
            self.also(choice);
        }
    }

    /// Takes in what is possible elsewhere.
    fn join(&mut self, other: &Choices<'a, T>) {
        for choice in &other.values {
            self.also(*choice);
        }
        let new: Vec<_> = other.lost.iter().filter(|lost| !self.lost.contains(lost)).copied().collect();
        self.lost.extend(new);
        self.lost.truncate(LOST_MOST);
    }
}

/// An idle limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timeout {
    /// Seconds; none: no limit.
    pub(super) seconds: Option<u64>,
    /// Whether the user cannot change it.
    pub(super) readonly: bool,
}

/// What is set so far.
#[derive(Clone, Debug)]
pub(super) struct State<'a> {
    /// The mask for new files.
    pub(super) umask: Choices<'a, u32>,
    /// TMOUT.
    pub(super) timeout: Choices<'a, Timeout>,
    /// Whether PATH has a relative or writable directory.
    pub(super) path_unsafe: Choices<'a, bool>,
    /// Whether what follows is never reached.
    pub(super) dead: bool,
}

impl<'a> State<'a> {
    /// Takes in what holds on another way to the same place.
    pub(super) fn join(&mut self, other: &State<'a>) {
        if other.dead {
            return;
        }
        if self.dead {
            *self = other.clone();
            return;
        }
        self.umask.join(&other.umask);
        self.timeout.join(&other.timeout);
        self.path_unsafe.join(&other.path_unsafe);
    }

    /// Makes everything unknown.
    pub(super) fn confuse(&mut self, why: Why<'a>, evidence: Option<Evidence<'a>>) {
        self.umask.confuse(why, evidence);
        self.timeout.confuse(why, evidence);
        self.path_unsafe.confuse(why, evidence);
    }
}
