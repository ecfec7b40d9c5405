//! The time ranges of the entries that let somebody in into the hours of a week.

use super::lists::Applied;
use super::statements::Ios;
use crate::facts::{Cell, Evidence, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::Action;
use crate::reckon::week::{WEEK_SECONDS, Week};

/// Days as IOS writes them; the week begins with Sunday.
const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Months as IOS writes them.
const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// How long per week lists admit somebody. A time range that is not defined: releases differ in what they do.
pub(super) fn hours<'a>(ios: &Ios<'_, 'a>, lists: &[Applied<'a>]) -> Cell<'a> {
    let mut evidence: Vec<Evidence<'a>> = lists.iter().map(|(_, _, node)| ios.device.decides(*node)).collect();
    let mut week = Week::NEVER;
    let mut always = lists.is_empty();
    for (name, six, _) in lists {
        let Some(list) = ios.lists().get(name, *six) else {
            always = true;
            continue;
        };
        for permit in list.entries.iter().filter(|it| it.entry.action == Action::Permit) {
            let Some(range) = permit.time_range else {
                always = true;
                continue;
            };
            evidence.push(ios.device.reference(permit.node));
            let Some(minutes) = ios.time_range(range).and_then(minutes) else {
                return Cell::unknown(Why::not_understood(range), ios.device.host.evidence(&evidence));
            };
            week = week.or(&minutes);
        }
    }
    if evidence.is_empty() {
        evidence.push(ios.device.searched());
    }
    let seconds = if always { WEEK_SECONDS } else { week.seconds() };
    ios.device.unless_cut(ios.known(Value::Duration(seconds), &evidence))
}

/// The last day of a time range and the line that says so, where it has an end: `absolute … end 23:59 31 December 2026`.
pub(super) fn end(range: Node<'_>) -> Option<(jiff::civil::Date, Node<'_>)> {
    let node = range.last("absolute")?;
    let words: Vec<&str> = node.words().skip_while(|word| *word != "end").skip(1).collect();
    let [_, day, month, year] = words[..] else { return None };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
    let date = jiff::civil::Date::new(year.parse().ok()?, i8::try_from(month + 1).ok()?, day.parse().ok()?);
    Some((date.ok()?, node))
}

/// The minutes of a time range; none where it is not understood. One with absolute bounds alone is always in force between them.
fn minutes(range: Node<'_>) -> Option<Week> {
    let periodic: Vec<Node<'_>> = range.all("periodic").collect();
    if periodic.is_empty() {
        return range.first("absolute").map(|_| Week::ALWAYS);
    }
    periodic.into_iter().try_fold(Week::NEVER, |week, node| Some(week.or(&period(node)?)))
}

/// One `periodic DAYS HH:MM to [DAY] HH:MM`; the last minute is included.
fn period(node: Node<'_>) -> Option<Week> {
    let words: Vec<&str> = node.words().skip(1).collect();
    let to = words.iter().position(|word| *word == "to")?;
    let (from, until) = (words.get(to.checked_sub(1)?)?, words.last()?);
    let (from, until) = (clock(from)?, clock(until)?);
    let days = words[..to - 1].iter().map(|word| days_of(word)).collect::<Option<Vec<_>>>()?.concat();
    let end_day = match words.get(to + 1..words.len() - 1)? {
        [] => None,
        [day, ..] => Some(*days_of(day)?.first()?),
    };
    Some(Week::where_minute(|day, hour, minute| {
        let now = day * 1440 + hour * 60 + minute;
        days.iter().any(|start| {
            let begin = start * 1440 + from;
            let span = match end_day {
                Some(end) => (end * 1440 + until + 7 * 1440 - begin) % (7 * 1440),
                None => (until + 1440 - from) % 1440,
            };
            (now + 7 * 1440 - begin) % (7 * 1440) <= span
        })
    }))
}

/// The days that a word names.
fn days_of(word: &str) -> Option<Vec<usize>> {
    Some(match word.to_ascii_lowercase().as_str() {
        "daily" => (0..7).collect(),
        "weekdays" => (1..6).collect(),
        "weekend" => vec![0, 6],
        day => vec![DAYS.iter().position(|known| *known == day)?],
    })
}

/// Minutes of a day.
fn clock(word: &str) -> Option<usize> {
    let (hour, minute) = word.split_once(':')?;
    let (hour, minute): (usize, usize) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}
