//! A configuration and the conditions that hold into the value of each keyword, with what it rests on.
//!
//! sshd reads the file twice: at its start for what stands before every `Match`, and for each connection again for the blocks that it
//! fulfils. In both the first value wins, and what a block sets wins over what stands before the blocks; lists of users and groups add
//! up within one reading, and those of the blocks take the place of the others.

use super::super::{Cell, Evidence, Host, Value, Why};
use super::conditions;
use super::config::{Config, Directive, Within};
use super::defaults;
use super::keywords::Arguments;
use super::values;

/// The most lost lines that one cell shows.
const SHADOWED_MOST: usize = 4;

/// The configuration as it holds for some connections.
#[derive(Clone, Debug)]
pub(super) struct View<'c, 'a> {
    /// The configuration.
    pub(super) config: &'c Config<'a>,
    /// Which of its conditions hold.
    active: Vec<bool>,
}

/// What a keyword is set to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Setting<'a> {
    /// By these arguments.
    Written(&'a [&'a str]),
    /// Not set: one of these is the default; which, depends on a version that is not known if there are several.
    Default(&'a [&'static [&'static str]]),
}

/// A setting and what it rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    /// The setting.
    pub(super) setting: Setting<'a>,
    /// The rest of the deciding line, not split; empty where none decides.
    pub(super) rest: &'a str,
    /// What it rests on.
    pub(super) evidence: &'a [Evidence<'a>],
}

impl<'a> Found<'a> {
    /// The one list of arguments that holds, if it is known.
    pub(super) fn known(&self) -> Option<&'a [&'a str]> {
        match &self.setting {
            Setting::Written(arguments) => Some(arguments),
            Setting::Default(values) => match values {
                [only] => Some(only),
                _ => None,
            },
        }
    }

    /// The first argument that holds, if it is known and there is one.
    pub(super) fn word(&self) -> Option<&'a str> {
        self.known().and_then(|arguments| arguments.first().copied())
    }

    /// Whether it is a line that decides.
    pub(super) fn is_written(&self) -> bool {
        matches!(self.setting, Setting::Written(_))
    }
}

impl<'c, 'a> View<'c, 'a> {
    /// What holds for a connection that fulfils exactly the criteria of one condition: besides its own blocks, those whose criteria
    /// are among them, and those of `Match all`.
    pub(super) fn of_condition(config: &'c Config<'a>, number: usize) -> View<'c, 'a> {
        let criteria = config.conditions[number];
        View { config, active: config.conditions.iter().map(|it| conditions::implies(criteria, it)).collect() }
    }

    /// What holds where these conditions hold; the first one always does.
    pub(super) fn of(config: &'c Config<'a>, active: Vec<bool>) -> View<'c, 'a> {
        View { config, active }
    }

    /// Whether a condition holds.
    pub(super) fn is_active(&self, number: usize) -> bool {
        self.active[number]
    }

    /// Lines of these keywords in blocks that hold, or those before every block, in the order of the file.
    ///
    /// A line without arguments sets nothing. A global keyword in `Match all` stands before every block as far as sshd goes.
    fn lines<'n>(&'n self, names: &'n [&'n str], blocks: bool) -> impl DoubleEndedIterator<Item = &'c Directive<'a>> + 'n {
        let holds = move |it: &Directive<'a>| match it.within {
            Within::Block(number, _) if it.keyword.may_stand_in_blocks() => blocks && self.active[number],
            Within::Global | Within::Block(..) => !blocks,
        };
        let sets = |it: &Directive<'a>| {
            !it.arguments.is_empty() || matches!(it.keyword.arguments, Arguments::Rest | Arguments::Command) && !it.rest.is_empty()
        };
        let places = names.iter().filter_map(|name| self.config.mentioned.get(name));
        let range = places.fold((usize::MAX, 0), |range, (first, last)| (range.0.min(*first), range.1.max(last + 1)));
        let directives = self.config.directives.get(range.0..range.1).unwrap_or_default();
        directives.iter().filter(move |it| names.contains(&it.keyword.means) && holds(it) && sets(it))
    }

    /// The value of a keyword, or of several that mean the same: the first line that sets it.
    pub(super) fn first(&self, host: &Host<'a>, names: &[&'static str]) -> Found<'a> {
        let mut order = self.lines(names, true).chain(self.lines(names, false));
        match order.next() {
            Some(winner) => self.found(host, &[winner], order),
            None => self.defaulted(host, names[0]),
        }
    }

    /// The value of a keyword whose last line wins.
    pub(super) fn last(&self, host: &Host<'a>, name: &'static str) -> Found<'a> {
        let names = [name];
        let mut order = self.lines(&names, false).rev().chain(self.lines(&names, true).rev());
        match order.next() {
            Some(winner) => self.found(host, &[winner], order),
            None => self.defaulted(host, name),
        }
    }

    /// The lines of a keyword that add up: those of the blocks that hold if there are any, else those before every block.
    pub(super) fn sum(&self, host: &Host<'a>, name: &'static str) -> Found<'a> {
        let names = [name];
        let blocks: Vec<&Directive<'a>> = self.lines(&names, true).collect();
        let before: Vec<&Directive<'a>> = self.lines(&names, false).collect();
        match (&blocks[..], &before[..]) {
            ([], []) => self.defaulted(host, name),
            ([], lines) => self.found(host, lines, std::iter::empty()),
            (lines, lost) => self.found(host, lines, lost.iter().copied()),
        }
    }

    /// A setting that lines decide.
    fn found<'d>(&self, host: &Host<'a>, winners: &[&'d Directive<'a>], lost: impl Iterator<Item = &'d Directive<'a>>) -> Found<'a>
    where
        'a: 'd,
    {
        let mut evidence: Vec<Evidence<'a>> = winners.iter().map(|it| Evidence::Decides(it.span)).collect();
        for winner in winners {
            if let Within::Block(_, line) = winner.within
                && !evidence.contains(&Evidence::Scope(line))
            {
                evidence.push(Evidence::Scope(line));
            }
        }
        evidence.extend(lost.take(SHADOWED_MOST).map(|it| Evidence::Shadowed(it.span)));
        let arguments: &'a [&'a str] = match winners {
            [only] => only.arguments,
            many => {
                let all: Vec<&'a str> = many.iter().flat_map(|it| it.arguments.iter().copied()).collect();
                host.arena().alloc_slice_copy(&all)
            }
        };
        let rest = winners.first().map_or("", |it| it.rest);
        Found { setting: Setting::Written(arguments), rest, evidence: host.evidence(&evidence) }
    }

    /// A setting that a default decides.
    fn defaulted(&self, host: &Host<'a>, name: &'static str) -> Found<'a> {
        if let Some(known) = self.config.defaults.borrow().get(name) {
            return *known;
        }
        let found = self.worked_out(host, name);
        self.config.defaults.borrow_mut().insert(name, found);
        found
    }

    /// The default of a keyword, which is the same for every view.
    fn worked_out(&self, host: &Host<'a>, name: &'static str) -> Found<'a> {
        let found = defaults::of(name, &self.config.versions);
        let mut evidence: Vec<Evidence<'a>> = found.iter().map(|it| Evidence::Default(&it.documented)).collect();
        evidence.extend(self.config.files.iter().take(SHADOWED_MOST).map(|it| Evidence::Searched(it.path)));
        evidence.extend(self.config.versions.shown);
        let values = &*host.arena().alloc_slice_fill_iter(found.iter().map(|it| it.arguments));
        Found { setting: Setting::Default(values), rest: "", evidence: host.evidence(&evidence) }
    }
}

/// How the arguments of a keyword become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A word of its vocabulary.
    Word,
    /// A number.
    Integer,
    /// A time, 0 being no limit.
    TimeOrUnlimited,
    /// One text.
    Text,
    /// One text; `none` is unset.
    TextOrNone,
    /// The rest of the line; `none` is unset.
    RestOrNone,
    /// All arguments.
    Texts,
    /// All arguments; `none` alone is no list.
    TextsOrNone,
}

/// The cell of a keyword that is read in one way.
pub(super) fn cell<'a>(host: &Host<'a>, found: &Found<'a>, keyword: Arguments, reading: Reading) -> Cell<'a> {
    let read = |arguments: &[&'a str]| value(host, arguments, found.rest, keyword, reading);
    match &found.setting {
        Setting::Written(arguments) => read(arguments).map_or(Cell::unset(found.evidence), |it| Cell::known(it, found.evidence)),
        Setting::Default(defaults) => match defaults {
            [only] => read(only).map_or(Cell::unset(found.evidence), |it| Cell::known(it, found.evidence)),
            several => unsure(host, several.iter().filter_map(|it| read(it)), found.evidence),
        },
    }
}

/// A cell that depends on a version that is not known.
pub(super) fn unsure<'a>(host: &Host<'a>, values: impl IntoIterator<Item = Value<'a>>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let values: Vec<Value<'a>> = values.into_iter().collect();
    Cell::one_of(Why::version_not_known("OpenSSH"), host.arena().alloc_slice_copy(&values), evidence)
}

/// The value that arguments stand for; none is unset.
fn value<'a>(host: &Host<'a>, arguments: &[&'a str], rest: &'a str, keyword: Arguments, reading: Reading) -> Option<Value<'a>> {
    let first = arguments.first().copied();
    let unless_none = |text: &'a str| (!text.eq_ignore_ascii_case("none")).then_some(Value::Text(text));
    match reading {
        Reading::Word => match keyword {
            Arguments::Word(words) => values::word(words, first?).map(Value::Word),
            Arguments::ExactWord(words) => words.iter().find(|word| Some(**word) == first).map(|word| Value::Word(word)),
            _ => None,
        },
        Reading::Integer => values::integer(first?).map(|number| Value::Integer(number as i64)),
        Reading::TimeOrUnlimited => values::seconds(first?).map(|time| if time == 0 { Value::Unlimited } else { Value::Duration(time) }),
        Reading::Text => first.map(Value::Text),
        Reading::TextOrNone => unless_none(first?),
        Reading::RestOrNone => unless_none(if rest.is_empty() { first? } else { rest }),
        Reading::Texts => Some(host.texts(arguments)),
        Reading::TextsOrNone => match arguments {
            [only] if only.eq_ignore_ascii_case("none") => Some(Value::List(&[])),
            all => Some(host.texts(all)),
        },
    }
}
