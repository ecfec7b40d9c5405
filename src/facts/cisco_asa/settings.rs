//! Global statements into the rows of `asa-settings`.

use super::super::cisco_words::{minutes_or_never, push_setting, severity, toggled};
use super::logs::LOGGING_OFF;
use super::people::{LIFETIME, MINIMUM_LENGTH, scheme};
use super::{Asa, NAME};
use crate::facts::device::cells::{Unwritten, number, plain, switch};
use crate::facts::settings::Readings;
use crate::facts::{Documented, Tables, Value};
use crate::schema::asa::ASA_SETTINGS;

static VERSIONS: Documented = Documented {
    setting: "ssh version: 1 and 2, or 2 alone, by release",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA Series Command Reference, ssh version",
};
static KEY_EXCHANGE: Documented = Documented {
    setting: "ssh key-exchange group: dh-group1-sha1, dh-group14-sha1 or dh-group14-sha256, by release",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA Series Command Reference, ssh key-exchange",
};

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// A statement with one value, and what holds without it.
struct Plain {
    name: &'static str,
    pattern: &'static str,
    unwritten: Unwritten,
    read: fn(&str) -> Readings<'static>,
}

const PLAIN: [Plain; 7] = [
    Plain { name: "console-timeout", pattern: "console timeout", unwritten: Unwritten::Undocumented, read: minutes_or_never },
    Plain { name: "local-attempts", pattern: "aaa local authentication attempts max-fail", unwritten: Unwritten::Nothing, read: number },
    Plain { name: "password-lifetime", pattern: "password-policy lifetime", unwritten: Unwritten::Is("0", &LIFETIME), read: days_or_never },
    Plain {
        name: "password-minimum-length",
        pattern: "password-policy minimum-length",
        unwritten: Unwritten::Is("3", &MINIMUM_LENGTH),
        read: number,
    },
    Plain {
        name: "ssh-key-exchange",
        pattern: "ssh key-exchange group",
        unwritten: Unwritten::OneOf(&["dh-group1-sha1", "dh-group14-sha1", "dh-group14-sha256"], &KEY_EXCHANGE),
        read: plain,
    },
    Plain { name: "ssh-timeout", pattern: "ssh timeout", unwritten: Unwritten::Undocumented, read: minutes_or_never },
    Plain { name: "telnet-timeout", pattern: "telnet timeout", unwritten: Unwritten::Undocumented, read: minutes_or_never },
];

/// Days as a time of which 0 is no limit.
fn days_or_never(text: &str) -> Readings<'static> {
    let days: Option<u64> = text.parse().ok();
    let duration = days.map(|days| if days == 0 { Value::Unlimited } else { Value::Duration(days.saturating_mul(DAY_SECONDS)) });
    Readings { duration, ..number(text) }
}

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    for setting in &PLAIN {
        let node = asa.written(setting.pattern);
        let found = node.and_then(|node| Some((node.rest(setting.pattern)?.trim_end(), node)));
        asa.device.setting(tables, (&ASA_SETTINGS, NAME, setting.name), found, setting.unwritten, setting.read);
    }
    asa.push_switches(tables);
    asa.push_versions(tables);
    asa.push_level(tables);
    asa.push_command_accounting(tables);
    let enable = asa.written("enable password");
    let stored = enable.and_then(|node| {
        let words: Vec<&'a str> = node.words().collect();
        Some((scheme(words.get(2)?, &words).unwrap_or("masked"), node))
    });
    asa.device.setting(tables, (&ASA_SETTINGS, NAME, "enable-password"), stored, Unwritten::Nothing, plain);
}

impl<'a> Asa<'_, 'a> {
    fn push_switches(&self, tables: &mut Tables<'a>) {
        let same = self.live("same-security-traffic permit inter-interface").last().map(|node| (true, *node));
        let logging = toggled(self.root().children(), "logging enable").or_else(|| toggled(self.root().children(), "logging on"));
        let rows = [
            ("http-server", toggled(self.root().children(), "http server enable"), Unwritten::Undocumented),
            ("logging", logging, Unwritten::Is("off", &LOGGING_OFF)),
            ("logging-timestamp", toggled(self.root().children(), "logging timestamp"), Unwritten::Nothing),
            ("same-security-traffic", same, Unwritten::Nothing),
        ];
        for (name, found, unwritten) in rows {
            let text = found.map(|(on, node)| (if on { "on" } else { "off" }, node));
            self.device.setting(tables, (&ASA_SETTINGS, NAME, name), text, unwritten, switch);
        }
    }

    /// `ssh version 2` accepts no other; `ssh version 1` neither.
    fn push_versions(&self, tables: &mut Tables<'a>) {
        let found = self.written("ssh version").and_then(|node| Some((node.word(2)?, node)));
        let unwritten = Unwritten::OneOf(&["1 and 2", "2"], &VERSIONS);
        self.device.setting(tables, (&ASA_SETTINGS, NAME, "ssh-versions"), found, unwritten, plain);
    }

    /// The level as a number; a list of messages has none.
    fn push_level(&self, tables: &mut Tables<'a>) {
        let target = (&ASA_SETTINGS, NAME, "logging-trap");
        match self.written("logging trap").and_then(|node| Some((node.word(2)?, node))) {
            None => self.device.setting(tables, target, None, Unwritten::Nothing, plain),
            Some((text, node)) => {
                let readings = Readings { number: severity(text).map(Value::Integer), ..Readings::default() };
                push_setting(&self.device, tables, target, (text, readings, node));
            }
        }
    }

    /// Commands are recorded by servers of TACACS+ alone.
    fn push_command_accounting(&self, tables: &mut Tables<'a>) {
        let target = (&ASA_SETTINGS, NAME, "command-accounting");
        match self.written("aaa accounting command").and_then(|node| Some((node.words().last()?, node))) {
            None => self.device.setting(tables, target, None, Unwritten::Nothing, plain),
            Some((name, node)) => {
                let works = self.group(name).is_some_and(|group| group.protocol == Some("tacacs+") && !group.hosts.is_empty());
                let readings = Readings { on: (works || self.device.cut().is_none()).then_some(works), ..Readings::default() };
                push_setting(&self.device, tables, target, (name, readings, node));
            }
        }
    }
}
