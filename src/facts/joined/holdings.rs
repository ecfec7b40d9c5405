//! Places where a stream's records are kept into what they guarantee together.
//!
//! A message that is written to two places is kept as long as the better of them says; a stream whose messages are written to different
//! places is kept as long as the worst of them says. What is not known is carried as the least and the most that it can be.

use crate::facts::logrotate::Retention;
use crate::facts::{Cell, Evidence, Host, State, Value, Why};
use crate::names::Phrase;
use crate::reckon::retention::{Bound, Kept};

static ALSO: Phrase = Phrase { zh: "另存于 {}：{}，更短", en: "also in {}: {}, which is shorter" };
static OTHERS: Phrase = Phrase {
    zh: "该日志流的另一部分在 {}：{}，不更短",
    en: "another part of the stream is in {}: {}, which is not shorter",
};

/// What one place, or several together, guarantee.
#[derive(Clone, Debug)]
pub(super) struct Holding<'a> {
    /// The least that it can be.
    pub low: Kept,
    /// The most that it can be.
    pub high: Kept,
    /// Why these differ.
    pub why: Option<Why<'a>>,
    /// The file or directory; none where nothing is kept.
    pub path: Option<&'a str>,
    /// What ends a record's life: a word, unknown, or unset.
    pub bounded_by: Cell<'a>,
    /// How the duration comes about, in the product's own words.
    pub formula: &'a str,
    /// What it rests on, the deciding piece first.
    pub evidence: Vec<Evidence<'a>>,
}

impl<'a> Holding<'a> {
    /// Nothing is kept.
    pub(super) fn nothing(evidence: Vec<Evidence<'a>>) -> Holding<'a> {
        Holding {
            low: Kept::Seconds(0),
            high: Kept::Seconds(0),
            why: None,
            path: None,
            bounded_by: Cell::NONE,
            formula: "nothing kept",
            evidence,
        }
    }

    /// A place of which everything is known.
    pub(super) fn known(path: &'a str, kept: Kept, bound: Bound, formula: &'a str, evidence: Vec<Evidence<'a>>) -> Holding<'a> {
        let bounded_by = Cell::known(Value::Word(bound.word()), &[]);
        Holding { low: kept, high: kept, why: None, path: Some(path), bounded_by, formula, evidence }
    }

    /// A file that logrotate may rotate, and what brings the messages there.
    pub(super) fn rotated(path: &'a str, retention: &Retention<'a>, brought_by: &[Evidence<'a>]) -> Holding<'a> {
        let (low, high, why) = range(&retention.kept);
        let formula = match retention.why.value() {
            Some(Value::Text(text)) => text,
            _ => "?",
        };
        let evidence = retention.kept.evidence.iter().chain(brought_by).copied().collect();
        Holding { low, high, why, path: Some(path), bounded_by: retention.bounded_by, formula, evidence }
    }

    /// The same records in several places: the longest guarantee holds.
    pub(super) fn longest(host: &Host<'a>, places: Vec<Holding<'a>>) -> Option<Holding<'a>> {
        let high = places.iter().map(|place| place.high).max()?;
        let best = places.iter().enumerate().max_by_key(|(at, place)| (place.low, place.high, std::cmp::Reverse(*at))).map(|(at, _)| at)?;
        together(host, places, best, &ALSO, |best| (best.low, high))
    }

    /// Different records in several places: the shortest guarantee holds.
    pub(super) fn shortest(host: &Host<'a>, parts: Vec<Holding<'a>>) -> Option<Holding<'a>> {
        let high = parts.iter().map(|part| part.high).min()?;
        let worst = parts.iter().enumerate().min_by_key(|(at, part)| (part.low, part.high, *at)).map(|(at, _)| at)?;
        together(host, parts, worst, &OTHERS, |worst| (worst.low, high))
    }

    /// The duration as a cell.
    pub(super) fn retention(&self, host: &Host<'a>) -> Cell<'a> {
        let evidence = host.evidence(&self.evidence);
        match self.why {
            Some(why) if self.low != self.high => {
                let ends = host.arena().alloc_slice_copy(&[value(self.low), value(self.high)]);
                Cell::one_of(why, ends, evidence)
            }
            _ => Cell::known(value(self.low), evidence),
        }
    }

    /// The explanation as a cell: `/var/log/secure: rotate 27 × weekly = 189d`.
    pub(super) fn explanation(&self, host: &Host<'a>) -> Cell<'a> {
        let text = match self.path {
            Some(path) => host.text(&format!("{path}: {}", self.formula)),
            None => self.formula,
        };
        Cell::known(Value::Text(text), host.evidence(&self.evidence))
    }
}

/// One holding that decides among several, the others named beside it.
fn together<'a>(
    host: &Host<'a>,
    mut all: Vec<Holding<'a>>,
    decides: usize,
    phrase: &'static Phrase,
    ends: impl Fn(&Holding<'a>) -> (Kept, Kept),
) -> Option<Holding<'a>> {
    let why = all.iter().find_map(|holding| holding.why);
    let mut one = all.swap_remove(decides);
    (one.low, one.high) = ends(&one);
    one.why = one.why.or(why);
    let mut named = vec![one.path];
    for other in all.iter().filter(|other| other.path.is_some()) {
        if !named.contains(&other.path) {
            named.push(other.path);
            let arguments = [other.path.unwrap_or_default(), other.formula];
            one.evidence.push(Evidence::Step(phrase, host.arena().alloc_slice_copy(&arguments), None));
        }
    }
    Some(one)
}

/// The least and the most that a duration can be.
fn range<'a>(cell: &Cell<'a>) -> (Kept, Kept, Option<Why<'a>>) {
    match cell.state {
        State::Known(value) => (kept(value), kept(value), None),
        State::Unset => (Kept::Seconds(0), Kept::Seconds(0), None),
        State::Unknown(why, candidates) => {
            let all = || candidates.iter().map(|value| kept(*value));
            (all().min().unwrap_or(Kept::Seconds(0)), all().max().unwrap_or(Kept::Forever), Some(why))
        }
    }
}

/// A duration of a cell.
fn kept(value: Value<'_>) -> Kept {
    match value {
        Value::Duration(seconds) => Kept::Seconds(seconds),
        Value::Unlimited => Kept::Forever,
        _ => Kept::Seconds(0),
    }
}

/// A duration for a cell.
fn value<'a>(kept: Kept) -> Value<'a> {
    match kept {
        Kept::Seconds(seconds) => Value::Duration(seconds),
        Kept::Forever => Value::Unlimited,
    }
}
