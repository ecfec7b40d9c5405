//! Defaults of sudoers(5) into the table `sudo-defaults`: one row per setting for everybody, and one per scope that changes it.

use super::NAME;
use super::aliases::{Aliases, Item};
use super::load::Sudoers;
use crate::facts::{Cell, Documented, Evidence, Host, RowBuilder, Tables, Value, Why};
use crate::parse::sudoers::{Kind, List, Operation, Scope, unescaped};
use crate::schema::linux::SUDO_DEFAULTS;
use crate::source::Source;

/// A parameter of a `Defaults` line.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    /// The file.
    pub(super) source: &'a Source<'a>,
    /// The parameter as written.
    pub(super) text: &'a str,
    /// Its name; deprecated ones are replaced.
    pub(super) name: &'a str,
    /// What is done to it.
    pub(super) operation: Operation<'a>,
    /// Whom it is limited to; none: everybody.
    pub(super) scope: Option<(List, Vec<Item<'a>>)>,
}

/// Every parameter, in the order in which sudo reads them.
pub(super) fn settings<'a>(host: &Host<'a>, sudoers: &Sudoers<'a>, aliases: &mut Aliases<'a>) -> Vec<Setting<'a>> {
    let mut settings = Vec::new();
    for (source, entry) in &sudoers.entries {
        let Kind::Defaults { scope, parameters } = &entry.kind else { continue };
        for parameter in parameters {
            let scope = match scope {
                Scope::All => None,
                Scope::Only(list, members) => Some((*list, aliases.expand(host, *list, source, members))),
            };
            // tty_tickets is the name that timestamp_type had before 1.8.21.
            let (name, operation) = match (parameter.name, parameter.operation) {
                ("tty_tickets", Operation::On) => ("timestamp_type", Operation::Set("tty")),
                ("tty_tickets", Operation::Off) => ("timestamp_type", Operation::Set("global")),
                other => other,
            };
            settings.push(Setting { source, text: parameter.text, name, operation, scope });
        }
    }
    settings
}

/// How a setting's value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// On or off.
    Flag,
    /// A text that can be switched off.
    Text,
    /// A list with colons.
    Path,
    /// Minutes, with decimals; negative: without end.
    Minutes,
}

/// What holds where a setting is not set.
#[derive(Clone, Copy, Debug)]
enum Default {
    /// On.
    On(&'static Documented),
    /// Off, or nothing.
    Off(&'static Documented),
    /// This text.
    Text(&'static str, &'static Documented),
    /// On from some version.
    FromVersion,
    /// Minutes that differ by distribution.
    Minutes(&'static [&'static str]),
}

/// What sudoers(5) says of a setting.
const fn documented(setting: &'static str) -> Documented {
    Documented { setting, versions: "sudo 1.8 and 1.9", source: "sudoers(5), SUDOERS OPTIONS" }
}

/// The settings, in the order of the table's vocabulary.
static SETTINGS: &[(&str, Reading, Default)] = &[
    ("authenticate", Reading::Flag, Default::On(&documented("authenticate"))),
    ("env_reset", Reading::Flag, Default::On(&documented("env_reset"))),
    ("log_input", Reading::Flag, Default::Off(&documented("!log_input"))),
    ("log_output", Reading::Flag, Default::Off(&documented("!log_output"))),
    ("logfile", Reading::Text, Default::Off(&documented("!logfile"))),
    ("rootpw", Reading::Flag, Default::Off(&documented("!rootpw"))),
    ("runaspw", Reading::Flag, Default::Off(&documented("!runaspw"))),
    ("secure_path", Reading::Path, Default::Off(&documented("!secure_path"))),
    ("syslog", Reading::Text, Default::Text("authpriv", &documented("syslog=authpriv"))),
    ("targetpw", Reading::Flag, Default::Off(&documented("!targetpw"))),
    // 5 as sudo is shipped, 15 as Debian and Ubuntu build it (--with-timeout=15).
    ("timestamp_timeout", Reading::Minutes, Default::Minutes(&["5", "15"])),
    ("timestamp_type", Reading::Text, Default::Text("tty", &documented("timestamp_type=tty"))),
    // Off up to 1.9.13, on from 1.9.14.
    ("use_pty", Reading::Flag, Default::FromVersion),
];

/// Fills the table.
pub(super) fn fill<'a>(host: &Host<'a>, settings: &[Setting<'a>], tables: &mut Tables<'a>) {
    for (name, reading, default) in SETTINGS {
        let of_name: Vec<_> = settings.iter().filter(|setting| setting.name == *name).collect();
        let (scoped, global): (Vec<&Setting<'a>>, Vec<&Setting<'a>>) = of_name.into_iter().partition(|it| it.scope.is_some());
        let mut row = row(host, name, "all");
        match global.split_last() {
            Some((last, lost)) => set(host, &mut row, *reading, *default, last, lost),
            None => unset(host, &mut row, *reading, *default),
        }
        tables.push(row);
        push_scoped(host, *reading, *default, &scoped, tables);
    }
}

/// Adds the rows of a setting's scopes, in the order of their first lines.
fn push_scoped<'a>(host: &Host<'a>, reading: Reading, default: Default, scoped: &[&Setting<'a>], tables: &mut Tables<'a>) {
    let mut scopes: Vec<(&'a str, Vec<&Setting<'a>>)> = Vec::new();
    for setting in scoped {
        let Some((list, items)) = &setting.scope else { continue };
        for item in items {
            let kind = match list {
                List::Users => "user",
                List::Hosts => "host",
                List::Runas => "runas",
                List::Commands => "command",
            };
            let scope = format!("{kind}:{}{}", if item.negated { "!" } else { "" }, unescaped(item.text));
            match scopes.iter_mut().find(|(known, _)| host.spend(1) && *known == scope) {
                Some((_, settings)) => settings.push(setting),
                None => scopes.push((host.text(&scope), vec![setting])),
            }
        }
    }
    for (scope, settings) in &scopes {
        if let Some((last, lost)) = settings.split_last() {
            let mut row = row(host, last.name, scope);
            set(host, &mut row, reading, default, last, lost);
            tables.push(row);
        }
    }
}

/// A row with its keys.
fn row<'a>(host: &Host<'a>, name: &'a str, scope: &'a str) -> RowBuilder<'a> {
    let mut row = host.row(&SUDO_DEFAULTS, NAME);
    row.set(const { SUDO_DEFAULTS.column("name") }, Cell::known(Value::Text(name), &[]))
        .set(const { SUDO_DEFAULTS.column("scope") }, Cell::known(Value::Text(scope), &[]));
    row
}

/// Fills the cells of a setting that stands in a file.
fn set<'a>(host: &Host<'a>, row: &mut RowBuilder<'a>, reading: Reading, default: Default, last: &Setting<'a>, lost: &[&Setting<'a>]) {
    let shadowed = lost.iter().rev().take(8).map(|it| Evidence::Shadowed(it.source.span(it.text)));
    let pieces: Vec<_> = std::iter::once(Evidence::Decides(last.source.span(last.text))).chain(shadowed).collect();
    let evidence = host.evidence(&pieces);
    let text = |value: &'a str| host.text(&unescaped(value));
    match (last.operation, reading, default) {
        (Operation::On, Reading::Text, Default::Text(value, _)) => fill_text(host, row, reading, value, evidence),
        (Operation::Off, Reading::Minutes, _) => fill_text(host, row, reading, "0", evidence),
        (Operation::On, ..) => fill_switch(row, true, evidence),
        (Operation::Off, ..) => fill_switch(row, false, evidence),
        (Operation::Set(value) | Operation::Add(value) | Operation::Remove(value), ..) => {
            fill_text(host, row, reading, text(value), evidence);
        }
    }
    row.set(const { SUDO_DEFAULTS.column("origin") }, Cell::known(Value::Word("file"), evidence));
}

/// Fills the cells of a setting that stands in no file.
fn unset<'a>(host: &Host<'a>, row: &mut RowBuilder<'a>, reading: Reading, default: Default) {
    let evidence = |documented: &'static Documented| host.evidence(&[Evidence::Default(documented)]);
    let origin = match default {
        Default::On(documented) => {
            fill_switch(row, true, evidence(documented));
            evidence(documented)
        }
        Default::Off(documented) => {
            fill_switch(row, false, evidence(documented));
            evidence(documented)
        }
        Default::Text(value, documented) => {
            fill_text(host, row, reading, value, evidence(documented));
            evidence(documented)
        }
        Default::FromVersion => {
            let why = Why::version_not_known("sudo");
            row.set(const { SUDO_DEFAULTS.column("value") }, Cell::one_of(why, &[Value::Text("off"), Value::Text("on")], &[]))
                .set(const { SUDO_DEFAULTS.column("on") }, Cell::one_of(why, &[Value::Boolean(false), Value::Boolean(true)], &[]));
            &[]
        }
        Default::Minutes(values) => {
            let why = Why::version_not_known("sudo");
            let candidates = |read: fn(&'static str) -> Option<Value<'static>>| -> &'a [Value<'a>] {
                let values: Vec<Value<'a>> = values.iter().filter_map(|value| read(value)).collect();
                host.arena().alloc_slice_copy(&values)
            };
            row.set(const { SUDO_DEFAULTS.column("value") }, Cell::one_of(why, candidates(|it| Some(Value::Text(it))), &[]))
                .set(const { SUDO_DEFAULTS.column("number") }, Cell::one_of(why, candidates(number), &[]))
                .set(const { SUDO_DEFAULTS.column("duration") }, Cell::one_of(why, candidates(minutes), &[]))
                .set(const { SUDO_DEFAULTS.column("on") }, Cell::known(Value::Boolean(true), &[]));
            &[]
        }
    };
    row.set(const { SUDO_DEFAULTS.column("origin") }, Cell::known(Value::Word("default"), origin));
}

/// Fills the cells of a switch.
fn fill_switch<'a>(row: &mut RowBuilder<'a>, on: bool, evidence: &'a [Evidence<'a>]) {
    readings(row, Cell::unset(evidence));
    row.set(const { SUDO_DEFAULTS.column("value") }, Cell::known(Value::Text(if on { "on" } else { "off" }), evidence))
        .set(const { SUDO_DEFAULTS.column("on") }, Cell::known(Value::Boolean(on), evidence));
}

/// Fills the cells of a text.
fn fill_text<'a>(host: &Host<'a>, row: &mut RowBuilder<'a>, reading: Reading, text: &'a str, evidence: &'a [Evidence<'a>]) {
    readings(row, Cell::unset(evidence));
    let set = |value: Option<Value<'a>>| value.map_or(Cell::unset(evidence), |value| Cell::known(value, evidence));
    row.set(const { SUDO_DEFAULTS.column("value") }, set(Some(Value::Text(text))));
    match reading {
        // A flag takes no value: sudo refuses the line.
        Reading::Flag => {}
        Reading::Text => {
            row.set(const { SUDO_DEFAULTS.column("on") }, set(Some(Value::Boolean(true))));
        }
        Reading::Path => {
            let items: Vec<_> = text.split(':').collect();
            row.set(const { SUDO_DEFAULTS.column("on") }, set(Some(Value::Boolean(true))))
                .set(const { SUDO_DEFAULTS.column("items") }, set(Some(host.texts(&items))));
        }
        Reading::Minutes => {
            row.set(const { SUDO_DEFAULTS.column("on") }, set(minutes(text).map(|time| Value::Boolean(time != Value::Duration(0)))))
                .set(const { SUDO_DEFAULTS.column("number") }, set(number(text)))
                .set(const { SUDO_DEFAULTS.column("duration") }, set(minutes(text)));
        }
    }
}

/// Fills every reading with the same cell.
fn readings<'a>(row: &mut RowBuilder<'a>, cell: Cell<'a>) {
    for column in ["value", "number", "on", "duration", "size", "items", "origin"] {
        if let Some(column) = SUDO_DEFAULTS.find(column) {
            row.set(column, cell);
        }
    }
}

/// Whole minutes as a number; without end where negative.
fn number<'a>(text: &str) -> Option<Value<'a>> {
    match (minutes(text)?, text.parse::<i64>()) {
        (Value::Unlimited, _) => Some(Value::Unlimited),
        (_, whole) => whole.ok().map(Value::Integer),
    }
}

/// Minutes with decimals as a time, cut to whole seconds; without end where negative.
fn minutes<'a>(text: &str) -> Option<Value<'a>> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(part) || whole.len() + part.len() == 0 {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: f64 = format!("0.{part}0").parse().ok()?;
    // A part of a minute lies below 60 seconds.
    let seconds = whole.checked_mul(60)?.checked_add((part * 60.0) as u64)?;
    Some(if negative && seconds > 0 { Value::Unlimited } else { Value::Duration(seconds) })
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS, minutes, number};
    use crate::facts::Value;
    use crate::schema::linux::SUDO_DEFAULTS;

    /// sudoers(5), timestamp_timeout.
    #[test]
    fn minutes_may_be_broken_or_negative() {
        let read = ["15", "2.5", "0", "-1", ".5", "-0", "five", "", "1.2.3"].map(minutes);
        let seconds = |seconds| Some(Value::Duration(seconds));
        assert_eq!(read, [seconds(900), seconds(150), seconds(0), Some(Value::Unlimited), seconds(30), seconds(0), None, None, None]);
        assert_eq!(["15", "2.5", "-1"].map(number), [Some(Value::Integer(15)), None, Some(Value::Unlimited)]);
    }

    #[test]
    fn every_setting_of_the_vocabulary_has_its_row() {
        let names: Vec<_> = SUDO_DEFAULTS.settings.iter().map(|setting| setting.name).collect();
        assert_eq!(SETTINGS.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), names);
    }
}
