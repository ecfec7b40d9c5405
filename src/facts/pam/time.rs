//! pam_time in the account stack of a service, with time.conf(5), into the hours in which accounts may log in.
//!
//! A rule is about a login where service, terminal and user fit; every such rule must allow the time, and who is in no rule is free.
//! Read as Linux-PAM 1.5.2 was tried: logic lists go from left to right, a list that is garbled is false, a time without day is
//! false, one without proper hours is true, a file that is absent restricts nobody. sshd's terminal is `ssh`.

use super::super::cell::{Cell, Evidence, Value, Why};
use super::super::host::{Artefact, Host};
use super::judged::{Judged, judged};
use super::modules::short;
use super::stack::{Flat, Kind};
use crate::names::Phrase;
use crate::parse::pam::Group;
use crate::parse::time_conf::{Piece, Rule, pieces, read};
use crate::reckon::pam_factors::Prompts;
use crate::reckon::week::{WEEK_SECONDS, Week};
use crate::snapshot::Lack;

static EVADED: Phrase = Phrase {
    zh: "{} 可以被绕过：account 栈中有不经过它就成功的路径",
    en: "some run of the account stack succeeds without {}",
};
static SOMEBODY_FREE: Phrase =
    Phrase { zh: "没有任何规则涉及的账户不受时段限制", en: "accounts that no rule is about may log in at any time" };
static NETGROUP: Phrase = Phrase {
    zh: "规则针对网络组 {}，其成员在本机不可见",
    en: "the rule is about the netgroup {}, whose members are not seen here",
};

/// The rules that bind a service.
pub(super) struct Times<'a> {
    /// The rules whose service and terminal fit, and the minutes that each allows.
    rules: Vec<(Rule<'a>, Week)>,
    /// Why rules are not known, where they are not.
    gap: Option<Why<'a>>,
    /// What shows that, deciding lines first.
    evidence: Vec<Evidence<'a>>,
}

/// The line of a module that every successful run of an account stack passes; else what shows that there is none.
pub(super) fn enforced<'j, 'a>(
    host: &Host<'a>,
    judged: &'j Judged<'a>,
    module: &str,
) -> Result<&'j Flat<'a>, (Option<Why<'a>>, Vec<Evidence<'a>>)> {
    let lines = judged.stack.lines.iter().enumerate().filter(|(_, line)| line.kind == Kind::Module && short(line.module) == module);
    let mut evidence = Vec::new();
    for (at, line) in lines {
        if judged.walk.enforced[at] {
            return Ok(line);
        }
        evidence.push(Evidence::Shadowed(line.span()));
        evidence.push(Evidence::Step(&EVADED, host.arena().alloc_slice_copy(&[line.module]), Some(line.span())));
    }
    evidence.extend(judged.stack.lines.first().map(|line| Evidence::Searched(line.source.path)));
    Err((judged.stack.gap, evidence))
}

/// The rules that bind a service.
pub(super) fn times<'a>(host: &Host<'a>, service: &str) -> Times<'a> {
    let account = judged(host, service, Group::Account, Prompts::Many);
    let line = match enforced(host, &account, "time") {
        Ok(line) => line,
        Err((gap, evidence)) => return Times { rules: Vec::new(), gap, evidence },
    };
    let path = line.value("conffile").unwrap_or("etc/security/time.conf").trim_start_matches('/');
    let module = Evidence::Reference(line.span());
    match host.file(path) {
        Artefact::Lacking(lack) => {
            let gap = (lack != Lack::Absent).then(|| Why::lacking(host.text(path), lack));
            Times { rules: Vec::new(), gap, evidence: vec![Evidence::Lacks(host.text(path), lack), module] }
        }
        Artefact::Text(source) => {
            let terminal = match service {
                "sshd" => "ssh",
                "login" => "tty1",
                _ => "",
            };
            let fits =
                |rule: &Rule<'a>| holds(rule.fields[0], |word| same(service, word)) && holds(rule.fields[1], |word| same(terminal, word));
            let rules: Vec<(Rule<'a>, Week)> =
                read(source.text).rules.into_iter().filter(fits).map(|rule| (rule, week(rule.fields[3]))).collect();
            let mut evidence: Vec<Evidence<'a>> = rules.iter().map(|(rule, _)| Evidence::Decides(source.span(rule.text))).collect();
            if rules.is_empty() {
                evidence.push(Evidence::Searched(source.path));
            }
            evidence.push(module);
            Times { rules, gap: (!source.complete).then(|| Why::truncated(source.path)), evidence }
        }
    }
}

impl<'a> Times<'a> {
    /// The rules that leave some of the week out, as texts.
    pub(super) fn windows(&self, host: &Host<'a>) -> Cell<'a> {
        let texts: Vec<&'a str> = self.rules.iter().filter(|(_, week)| week.seconds() < WEEK_SECONDS).map(|(rule, _)| rule.text).collect();
        self.cell(host, host.texts(&texts), &[])
    }

    /// Time per week in which somebody is admitted.
    pub(super) fn hours(&self, host: &Host<'a>) -> Cell<'a> {
        if self.rules.is_empty() {
            return self.cell(host, Value::Duration(WEEK_SECONDS), &[]);
        }
        let named = self.rules.iter().flat_map(|(rule, _)| pieces(rule.fields[2])).filter_map(|piece| match piece {
            // For a pattern: somebody whom it is about.
            Piece::Word(word) => Some(word.replace('*', "\u{1}")),
            _ => None,
        });
        let everybody: Vec<String> = named.chain(["root".to_owned(), "\u{1}".to_owned()]).collect();
        let admitted = everybody.iter().fold(Week::NEVER, |all, account| all.or(&self.of(account)));
        let free = admitted.seconds() == WEEK_SECONDS;
        let step = Evidence::Step(&SOMEBODY_FREE, &[], None);
        self.cell(host, Value::Duration(admitted.seconds()), if free { std::slice::from_ref(&step) } else { &[] })
    }

    /// Time per week in which one account is admitted; unknown where a rule is about a netgroup.
    pub(super) fn hours_of(&self, host: &Host<'a>, account: &str) -> Cell<'a> {
        let netgroup = self.rules.iter().find(|(rule, week)| rule.fields[2].trim().starts_with('@') && week.seconds() < WEEK_SECONDS);
        match netgroup {
            Some((rule, _)) => Cell::unknown(Why::new("not-understood", &NETGROUP, rule.fields[2].trim()), host.evidence(&self.evidence)),
            None => self.cell(host, Value::Duration(self.of(account).seconds()), &[]),
        }
    }

    /// When one account is admitted; rules about netgroups are taken not to be about it.
    fn of(&self, account: &str) -> Week {
        let about = |rule: &Rule<'_>| {
            let users = rule.fields[2].trim_start_matches([' ', '\t', '\\', '\n']);
            !users.starts_with('@') && holds(users, |word| same(account, word))
        };
        self.rules.iter().filter(|(rule, _)| about(rule)).fold(Week::ALWAYS, |left, (_, week)| left.and(week))
    }

    /// A cell of this value, unless rules are not known.
    fn cell(&self, host: &Host<'a>, value: Value<'a>, more: &[Evidence<'a>]) -> Cell<'a> {
        let evidence: Vec<Evidence<'a>> = self.evidence.iter().chain(more).copied().collect();
        let evidence = host.evidence(&evidence);
        self.gap.map_or_else(|| Cell::known(value, evidence), |why| Cell::unknown(why, evidence))
    }
}

/// A logic list, from left to right; false where it is garbled.
fn logic<T: Copy>(field: &str, none: T, word: impl Fn(&str, bool) -> T, and: impl Fn(T, T) -> T, or: impl Fn(T, T) -> T) -> T {
    let (mut left, mut negated, mut by_and, mut wants_word) = (none, false, false, true);
    for piece in pieces(field) {
        match (piece, wants_word) {
            (Piece::Not, true) => negated = !negated,
            (Piece::Word(text), true) => {
                let right = word(text, negated);
                left = if by_and { and(left, right) } else { or(left, right) };
                (negated, wants_word) = (false, false);
            }
            (Piece::And, false) => (by_and, wants_word) = (true, true),
            (Piece::Or, false) => (by_and, wants_word) = (false, true),
            _ => return none,
        }
    }
    left
}

/// Whether a logic list of names holds.
fn holds(field: &str, matches: impl Fn(&str) -> bool) -> bool {
    logic(field, false, |word, negated| matches(word) != negated, |left, right| left & right, |left, right| left | right)
}

/// The minutes that a logic list of times allows.
fn week(field: &str) -> Week {
    let word = |text: &str, negated: bool| if negated { minutes(text).inverse() } else { minutes(text) };
    logic(field, Week::NEVER, word, |left, right| left.and(&right), |left, right| left.or(&right))
}

/// Whether a name fits a pattern with at most one `*`; what follows that must end the name, even where it overlaps what precedes it.
fn same(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => name.starts_with(start) && name.ends_with(end),
        None => name == pattern,
    }
}

/// The minutes of `MoTu0900-1800`: days that are named twice cancel out, a range whose end is not after its start goes on into the
/// next day, its last minute included.
fn minutes(text: &str) -> Week {
    let letters = text.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(text.len());
    let (days, times) = text.split_at(letters);
    let mut marked = 0_u8;
    for pair in days.as_bytes().chunks(2) {
        match pair.to_ascii_lowercase().as_slice() {
            b"su" => marked ^= 0b000_0001,
            b"mo" => marked ^= 0b000_0010,
            b"tu" => marked ^= 0b000_0100,
            b"we" => marked ^= 0b000_1000,
            b"th" => marked ^= 0b001_0000,
            b"fr" => marked ^= 0b010_0000,
            b"sa" => marked ^= 0b100_0000,
            b"wk" => marked ^= 0b011_1110,
            b"wd" => marked ^= 0b100_0001,
            b"al" => marked ^= 0b111_1111,
            _ => return Week::NEVER,
        }
    }
    if marked == 0 {
        return Week::NEVER;
    }
    let Some((start, end)) = hours(times) else { return Week::ALWAYS };
    Week::where_minute(|day, hour, minute| {
        let now = hour * 100 + minute;
        let on = |day: usize| marked >> day & 1 == 1;
        if start < end { on(day) && now >= start && now < end } else { (on(day) && now >= start) || (on((day + 6) % 7) && now <= end) }
    })
}

/// `0900-1800` as numbers; nothing where the end has not four digits.
fn hours(text: &str) -> Option<(usize, usize)> {
    let digits = |text: &str| text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let first = digits(text);
    let rest = text[first..].strip_prefix('-')?;
    let start = if first == 0 { 0 } else { text[..first].parse().ok()? };
    (digits(rest) == 4).then(|| rest[..4].parse().ok()).flatten().map(|end| (start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of Linux-PAM 1.5.2's pam_time when it was tried with rules of `!Al0000-2400`.
    #[test]
    fn logic_lists_hold_as_in_pam_time() {
        let about = |users: &str| holds(users, |word| same("alice", word));
        for users in ["!bob & alice", "!bob&!carol", "!bob|alice", "bob|!carol", "a*", "*e", "al*e", "bob & carol | alice", "!!alice"] {
            assert!(about(users), "{users}");
        }
        for users in
            ["!root & !alice", "alice bob", "alice,bob", "!alice|bob", "! alice", "", "ALICE", "!bob & carol", "alice | bob & carol"]
        {
            assert!(!about(users), "{users}");
        }
    }

    /// Likewise for times; lengths from time.conf(5).
    #[test]
    fn times_allow_as_in_pam_time() {
        let always = WEEK_SECONDS;
        for times in ["Al0000-2400", "Al", "Al0000", "Al0000-0000", "al0000-2400", "Al000-2400", "Al0000-24", "Al0000-2400 | !Al0000-2400"]
        {
            assert_eq!(week(times).seconds(), always, "{times}");
        }
        for times in [
            "MoMo0000-2400",
            "AlAl0000-2400",
            "!Al0000-2400",
            "!Al0000-2400 & Al0000-2400",
            "",
            "xx0000-2400",
            "!Al",
            "0000-2400",
            "Al0000-2400 x",
        ] {
            assert_eq!(week(times).seconds(), 0, "{times}");
        }
        assert_eq!(week("Wk0900-1800").seconds(), 5 * 9 * 3_600);
        assert_eq!(week("MoWk0000-2400"), week("TuWeThFr0000-2400"));
        assert_eq!(week("AlFr0000-2400").seconds(), 6 * 86_400);
        // Games after work: nights go on into the next morning, to 08:00 included.
        assert_eq!(week("Wk1800-0800").seconds(), 5 * (14 * 3_600 + 60));
        assert_eq!(week("Wd0000-2400 | Wk0900-1200").seconds(), 2 * 86_400 + 5 * 3 * 3_600);
        assert_eq!(week("Wk0900-1800 & MoTu1200-2000").seconds(), 2 * 6 * 3_600);
    }
}
