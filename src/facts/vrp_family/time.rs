//! Time servers and time ranges into rows and hours.
//!
//! The command is `ntp-service …` on S, AR and Comware, and `ntp …` on CE and VRP8; a server's answers are authenticated only where
//! authentication is on, the server names a key, and that key exists and is declared reliable (HP MSR2000/3000/4000 Network Management
//! and Monitoring Configuration Guide, "Configuring NTP authentication").

use super::Family;
use super::keywords::{keyword_at, keywords};
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::week::{WEEK_SECONDS, Week};
use crate::schema::neutral::TIME_SOURCES;

/// The two commands.
const COMMANDS: &[&str] = &["ntp-service", "ntp"];

static UNDEFINED: Phrase = Phrase {
    zh: "时间段 {} 没有定义，是否生效因型号而异",
    en: "the time range {} is not defined; whether it then holds differs between models",
};
static ABSOLUTE: Phrase = Phrase { zh: "时间段 {} 不是每周重复的", en: "the time range {} is not one of the week" };

impl<'a> Family<'_, 'a> {
    /// Adds a row for each time server. `runs` says whether NTP runs at all.
    pub(in crate::facts) fn push_time_sources(&self, tables: &mut Tables<'a>, runs: Cell<'a>) {
        let root = self.device.root();
        for command in COMMANDS {
            for kind in ["unicast-server", "unicast-peer"] {
                for node in root.all(command).filter(|node| keyword_at(*node, 1) == Some(kind)) {
                    let Some(address) = keywords(node).skip(2).find(|word| !matches!(*word, "ipv6" | "domain")) else { continue };
                    let mut row = self.device.host.row(&TIME_SOURCES, self.product);
                    row.set(const { TIME_SOURCES.column("server") }, self.device.decided(Value::Text(address), node))
                        .set(const { TIME_SOURCES.column("protocol") }, self.device.decided(Value::Word("ntp"), node))
                        .set(const { TIME_SOURCES.column("authenticated") }, self.authenticated(node))
                        .set(const { TIME_SOURCES.column("enabled") }, runs);
                    tables.push(row);
                }
            }
        }
    }

    /// Whether the answers of a server are authenticated.
    fn authenticated(&self, server: Node<'a>) -> Cell<'a> {
        let words: Vec<&'a str> = keywords(server).collect();
        let key = words.iter().position(|word| *word == "authentication-keyid").and_then(|at| words.get(at + 1)).copied();
        let Some(key) = key else { return self.device.decided(Value::Boolean(false), server) };
        let on = self.toggled(
            &["ntp-service authentication enable", "ntp authentication enable"],
            &["undo ntp-service authentication enable", "undo ntp authentication enable"],
        );
        let root = self.device.root();
        let with = |middle: &str| {
            COMMANDS
                .iter()
                .flat_map(|command| root.all(command))
                .filter(|node| node.rest("* authentication-keyid").is_some() || node.starts("* reliable"))
                .find(|node| {
                    let words: Vec<&str> = keywords(*node).collect();
                    let at = usize::from(middle == "reliable") + 1;
                    words.get(at) == Some(&"authentication-keyid")
                        && words.get(at + 1) == Some(&key)
                        && (middle != "reliable" || words.get(1) == Some(&"reliable"))
                })
        };
        match (on, with("key"), with("reliable")) {
            (Some((true, on)), Some(defined), Some(reliable)) => {
                self.device.decided_by(Value::Boolean(true), &[server, on, defined, reliable])
            }
            // What is missing could stand behind the cut.
            _ => self.device.unless_cut(self.device.decided(Value::Boolean(false), server)),
        }
    }
}

/// Time ranges of a configuration: their names, and the minutes of the week that they hold.
#[derive(Clone, Debug)]
pub(in crate::facts) struct TimeRanges<'a> {
    /// Name, line, and the minutes where all of its periods repeat every week.
    ranges: Vec<(&'a str, Node<'a>, Option<Week>)>,
    /// Whether their names may be written in any case.
    any_case: bool,
}

impl<'a> TimeRanges<'a> {
    /// The time ranges at the top of a configuration.
    pub(in crate::facts) fn of(root: Node<'a>, any_case: bool) -> TimeRanges<'a> {
        let mut ranges: Vec<(&'a str, Node<'a>, Option<Week>)> = Vec::new();
        for node in root.all("time-range") {
            let Some(name) = node.word(1) else { continue };
            let own: Vec<Option<Week>> = if node.word(2).is_some() {
                vec![node.rest("time-range *").and_then(period)]
            } else {
                // USG writes periods into a block.
                node.children().filter_map(|child| child.rest("period-range")).map(period).collect()
            };
            for week in own {
                match ranges.iter_mut().find(|(known, ..)| is_same(known, name, any_case)) {
                    Some((.., all)) => *all = all.zip(week).map(|(all, week)| all.or(&week)),
                    None => ranges.push((name, node, week)),
                }
            }
        }
        TimeRanges { ranges, any_case }
    }

    /// The line that defines a time range.
    pub(in crate::facts) fn find(&self, name: &str) -> Option<Node<'a>> {
        self.ranges.iter().find(|(known, ..)| is_same(known, name, self.any_case)).map(|(_, node, _)| *node)
    }

    /// The minutes of the week of a time range, where it is defined and repeats every week.
    pub(in crate::facts) fn week(&self, name: &str) -> Option<Week> {
        self.ranges.iter().find(|(known, ..)| is_same(known, name, self.any_case)).and_then(|(.., week)| *week)
    }

    /// The hours of the week of a time range that a statement names.
    pub(in crate::facts) fn hours(&self, family: &Family<'_, 'a>, name: &'a str, used: Node<'a>) -> Cell<'a> {
        let device = &family.device;
        match self.ranges.iter().find(|(known, ..)| is_same(known, name, self.any_case)) {
            None => {
                let cell = device.decided(Value::Duration(WEEK_SECONDS), used);
                Cell::unknown(Why::new("time-range-not-defined", &UNDEFINED, name), cell.evidence)
            }
            Some((_, node, Some(week))) => device.decided_by(Value::Duration(week.seconds()), &[used, *node]),
            Some((_, node, None)) => {
                let cell = device.decided_by(Value::Duration(WEEK_SECONDS), &[used, *node]);
                Cell::unknown(Why::new("time-range-not-weekly", &ABSOLUTE, name), cell.evidence)
            }
        }
    }
}

/// Whether two names are the same.
fn is_same(one: &str, other: &str, any_case: bool) -> bool {
    one == other || (any_case && one.eq_ignore_ascii_case(other))
}

/// The minutes of a period: `08:00 to 18:00 working-day`, `8:00:00 to 18:00:00 Mon Tue`.
fn period(text: &str) -> Option<Week> {
    let mut words = text.split_whitespace();
    let start = minute(words.next()?)?;
    words.next()?.eq_ignore_ascii_case("to").then_some(())?;
    let end = minute(words.next()?)?;
    let mut days = [false; 7];
    for word in words {
        for day in days_of(word)? {
            days[day] = true;
        }
    }
    Some(Week::where_minute(|day, hour, minute| days[day] && (start..end).contains(&(hour * 60 + minute))))
}

/// The minute of the day of `08:00` or `08:00:00`; `24:00` is its end.
fn minute(text: &str) -> Option<usize> {
    let mut parts = text.split(':').map(str::parse::<usize>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
}

/// The days of a word, Sunday being 0.
fn days_of(word: &str) -> Option<Vec<usize>> {
    const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let word = word.to_ascii_lowercase();
    Some(match word.as_str() {
        "daily" => (0..7).collect(),
        "working-day" => (1..6).collect(),
        "off-day" => vec![0, 6],
        _ => {
            let number = word.parse::<usize>().ok().filter(|day| *day < 7);
            vec![number.or_else(|| DAYS.iter().position(|day| word.starts_with(day)))?]
        }
    })
}
