//! Statements that stand once into the rows of `junos-settings`.

use super::Junos;
use crate::facts::device::cells::{Unwritten, minutes, number, plain};
use crate::facts::settings::Readings;
use crate::facts::{Documented, Tables};
use crate::parse::tree::Node;
use crate::schema::juniper::JUNOS_SETTINGS;

pub(super) static ROOT_LOGIN: Documented = Documented {
    setting: "root-login allow, in later releases deny-password",
    versions: "Junos, by release",
    source: "Junos 12.3, statement root-login (System); later releases",
};
pub(super) static TRIES: Documented = Documented {
    setting: "tries-before-disconnect 10, in later releases 3",
    versions: "Junos, by release",
    source: "statement retry-options (System), tries-before-disconnect: Junos 10.3 and 13.2 (QFX) say 10, the current CLI Reference 3",
};
pub(super) static FORWARDING_OFF: Documented = Documented {
    setting: "no allow-tcp-forwarding",
    versions: "Junos 22.2R1 and later",
    source: "Junos CLI Reference, statement ssh (System Services), option allow-tcp-forwarding",
};
pub(super) static FORWARDING: Documented = Documented {
    setting: "tcp-forwarding, since 22.2R1 no-tcp-forwarding",
    versions: "Junos, by release",
    source: "Junos CLI Reference, statement ssh (System Services), option allow-tcp-forwarding",
};
pub(super) static ORDER: Documented = Documented {
    setting: "authentication-order password",
    versions: "Junos 6.1 and later",
    source: "Junos 12.3, statement authentication-order (System)",
};
pub(super) static MINIMUM_LENGTH: Documented =
    Documented { setting: "minimum-length 6", versions: "Junos, not FIPS", source: "Junos 13.2, statement minimum-length (System Login)" };
static MINIMUM_CHANGES: Documented = Documented {
    setting: "minimum-changes 1",
    versions: "Junos, not FIPS",
    source: "Junos 9.4 System Basics Configuration Guide, statement minimum-changes",
};
static DEFAULT_POLICY: Documented = Documented {
    setting: "default-policy deny-all",
    versions: "Junos 9.6 and later on SRX",
    source: "JUNOS Security Configuration Guide 9.6, Understanding Policies; Common Criteria Guide 20.3 for NFX and SRX, Traffic Filtering Overview",
};

/// A row: its name, the statement, and what holds where it is not written.
type Row = (&'static str, &'static str, Unwritten, fn(&str) -> Readings<'static>);

const ROWS: &[Row] = &[
    ("connection-limit", "system services ssh connection-limit", Unwritten::Undocumented, number),
    ("lockout-period", "system login retry-options lockout-period", Unwritten::Nothing, minutes),
    ("password-change-type", "system login password change-type", Unwritten::Undocumented, plain),
    ("password-format", "system login password format", Unwritten::Undocumented, plain),
    ("password-minimum-changes", "system login password minimum-changes", Unwritten::Is("1", &MINIMUM_CHANGES), number),
    ("password-minimum-length", "system login password minimum-length", Unwritten::Is("6", &MINIMUM_LENGTH), number),
    ("rate-limit", "system services ssh rate-limit", Unwritten::Undocumented, number),
    ("root-login", "system services ssh root-login", Unwritten::OneOf(&["allow", "deny-password"], &ROOT_LOGIN), plain),
    ("ssh-protocol-version", "system services ssh protocol-version", Unwritten::Undocumented, plain),
    ("tries-before-disconnect", "system login retry-options tries-before-disconnect", Unwritten::OneOf(&["10", "3"], &TRIES), number),
];

impl<'a> Junos<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_settings(&self, tables: &mut Tables<'a>) {
        for (name, path, unwritten, read) in ROWS {
            self.shown.setting(tables, (&JUNOS_SETTINGS, name), self.value(path), *unwritten, *read);
        }
        let order = self.joined("system authentication-order");
        self.shown.setting(tables, (&JUNOS_SETTINGS, "authentication-order"), order, Unwritten::Is("password", &ORDER), plain);
        let events = self.joined("system accounting events");
        self.shown.setting(tables, (&JUNOS_SETTINGS, "accounting-events"), events, Unwritten::Nothing, plain);
        let servers = self.accounting_servers();
        let names: Vec<&str> = servers.iter().map(|(name, _)| *name).collect();
        let written = servers.last().map(|(_, node)| (self.text(&names.join(" ")), *node));
        self.shown.setting(tables, (&JUNOS_SETTINGS, "accounting-destinations"), written, Unwritten::Nothing, plain);
        let (forwarding, unwritten) = self.forwarding();
        self.shown.setting(tables, (&JUNOS_SETTINGS, "tcp-forwarding"), forwarding, unwritten, crate::facts::device::cells::switch);
        let policy = self.root.at("security policies default-policy").and_then(|node| node.values().last()).map(|node| (node.text(), node));
        let unwritten = match self.root.at("security policies") {
            Some(_) => Unwritten::Is("deny-all", &DEFAULT_POLICY),
            None => Unwritten::Nothing,
        };
        self.shown.setting(tables, (&JUNOS_SETTINGS, "default-policy"), policy, unwritten, plain);
    }

    /// The values of a list with blanks between them.
    fn joined(&self, path: &str) -> Option<(&'a str, Node<'a>)> {
        let values = self.values(path);
        let words: Vec<&str> = values.iter().map(|(text, _)| *text).collect();
        values.last().map(|(_, node)| (self.text(&words.join(" ")), *node))
    }

    /// Whether SSH sessions may relay other connections: `on`, `off`, or what the release decides.
    pub(super) fn forwarding(&self) -> (Option<(&'static str, Node<'a>)>, Unwritten) {
        let says = |name: &str| self.root.at(&format!("system services ssh {name}"));
        let written = says("no-tcp-forwarding")
            .map(|node| ("off", node))
            .or_else(|| says("allow-tcp-forwarding").or_else(|| says("tcp-forwarding")).map(|node| ("on", node)));
        let unwritten = match self.release() {
            Some(release) if release >= (22, 2) => Unwritten::Is("off", &FORWARDING_OFF),
            Some(_) => Unwritten::Undocumented,
            None => Unwritten::OneOf(&["on", "off"], &FORWARDING),
        };
        (written, unwritten)
    }

    /// Kinds of servers to which accounting records go, which have a server.
    pub(super) fn accounting_servers(&self) -> Vec<(&'a str, Node<'a>)> {
        let kinds = self.values("system accounting destination");
        let has = |kind: &str| {
            let own = format!("system accounting destination {kind} server");
            let global = if kind == "tacplus" { "system tacplus-server" } else { "system radius-server" };
            self.root.at(&own).or_else(|| self.root.at(global)).is_some_and(|list| list.values().next().is_some())
        };
        kinds.into_iter().filter(|(kind, _)| has(kind)).collect()
    }
}
