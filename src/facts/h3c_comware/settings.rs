//! Global statements of Comware into the rows of `h3c-settings`.

use super::defaults as documented;
use crate::facts::device::cells::{Unwritten, number, plain, switch};
use crate::facts::settings::Readings;
use crate::facts::vrp_family::keywords::keywords;
use crate::facts::vrp_family::{Absent, Family, Train};
use crate::facts::{Cell, Documented, State, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::vrp::H3C_SETTINGS;

/// A server that switches and routers with Comware 7 do not run unless it is turned on. Of firewalls and wireless controllers, which
/// have security zones or `wlan` statements, no page was found.
fn file_or_web<'a>(family: &Family<'_, 'a>, on: &[&str], off: &[&str], setting: &'static str) -> Cell<'a> {
    let other = || family.last(&["security-zone", "wlan"]).is_some();
    let absent = match family.train {
        Train::Comware7 if !other() => Absent::Is(false, &documented::OFF),
        Train::Comware7 => Absent::Undocumented(setting),
        _ => Absent::Either(&documented::OFF_OLD),
    };
    family.switch(on, off, absent)
}

/// The Telnet server.
pub(super) fn telnet<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let absent = match family.train {
        Train::Comware7 => Absent::Is(false, &documented::TELNET),
        _ => Absent::Either(&documented::TELNET_OLD),
    };
    family.switch(&["telnet server enable"], &["undo telnet server enable", "telnet server disable"], absent)
}

/// The SSH server.
pub(super) fn ssh<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let absent = match family.train {
        Train::Comware7 => Absent::Is(false, &documented::SSH),
        _ => Absent::Undocumented("ssh server enable"),
    };
    family.switch(&["ssh server enable"], &["undo ssh server enable"], absent)
}

/// The FTP server.
pub(super) fn ftp<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    file_or_web(family, &["ftp server enable"], &["undo ftp server enable", "undo ftp server"], "ftp server enable")
}

/// The web server without encryption.
pub(super) fn http<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    file_or_web(family, &["ip http enable"], &["undo ip http enable"], "ip http enable")
}

/// The web server with TLS. Newer systems turn it on together with the one without.
pub(super) fn https<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let own = file_or_web(family, &["ip https enable"], &["undo ip https enable"], "ip https enable");
    let plain = family.toggled(&["ip http enable"], &["undo ip http enable"]).filter(|(on, _)| *on);
    match (own.value(), plain) {
        (Some(Value::Boolean(true)), _) | (_, None) => own,
        (_, Some(_)) => family.device.depends(&[Value::Boolean(false), Value::Boolean(true)], &documented::HTTPS_WITH_HTTP),
    }
}

/// Whether NTP runs. Comware 5 has no switch for it: a server that is named is asked.
pub(super) fn ntp_runs<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    let absent = match family.train {
        Train::Comware7 => Absent::Is(false, &documented::NTP),
        Train::Comware5 => return family.device.known_absence(Value::Boolean(true)),
        _ => Absent::Either(&documented::NTP),
    };
    family.switch(&["ntp-service enable"], &["undo ntp-service enable"], absent)
}

/// What the SNMP agent answers, as text.
pub(super) fn snmp_versions<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    match versions(family) {
        Some((text, node)) => family.device.decided(Value::Text(text), node),
        None => family.device.depends(&[Value::Text("v3"), Value::Text("all")], &documented::SNMP_VERSIONS),
    }
}

fn versions<'a>(family: &Family<'_, 'a>) -> Option<(&'a str, Node<'a>)> {
    let (_, node) = family.last(&["snmp-agent sys-info version"])?;
    Some((family.values(node, "snmp-agent sys-info version")?, node))
}

/// Whether password control is on.
pub(super) fn password_control<'a>(family: &Family<'_, 'a>) -> Cell<'a> {
    family.switch(
        &["password-control enable"],
        &["undo password-control enable"],
        if family.device.root().first("fips mode enable").is_some() {
            Absent::Undocumented("password-control enable")
        } else {
            Absent::Is(false, &documented::PASSWORD_CONTROL)
        },
    )
}

/// One check of password control: how it is written, what it is turned off with, and its default.
pub(super) struct Check {
    name: &'static str,
    pattern: &'static str,
    off: &'static str,
    default: (&'static str, i64, &'static Documented),
    /// What other releases have instead.
    other: Option<i64>,
}

pub(super) static LENGTH: Check = Check {
    name: "password-length",
    pattern: "password-control length",
    off: "undo password-control length enable",
    default: ("10", 10, &documented::PASSWORD_LENGTH),
    other: None,
};
pub(super) static TYPES: Check = Check {
    name: "password-types",
    pattern: "password-control composition type-number",
    off: "undo password-control composition enable",
    default: ("1", 1, &documented::PASSWORD_TYPES),
    other: Some(2),
};
pub(super) static AGING: Check = Check {
    name: "password-aging",
    pattern: "password-control aging",
    off: "undo password-control aging enable",
    default: ("90", 90, &documented::PASSWORD_AGING),
    other: None,
};
pub(super) static HISTORY: Check = Check {
    name: "password-history",
    pattern: "password-control history",
    off: "undo password-control history enable",
    default: ("4", 4, &documented::PASSWORD_HISTORY),
    other: None,
};

impl Check {
    /// The number that the check demands; 0 where it, or password control as a whole, is off.
    pub(super) fn cell<'a>(&self, family: &Family<'_, 'a>) -> Cell<'a> {
        let control = password_control(family);
        match control.value() {
            Some(Value::Boolean(true)) => {}
            Some(_) => return Cell::known(Value::Integer(0), control.evidence),
            None => return control,
        }
        if let Some((_, node)) = family.last(&[self.off]) {
            return family.device.decided(Value::Integer(0), node);
        }
        let written = family.device.root().all(self.pattern).filter_map(|node| {
            let number = node.rest(self.pattern)?.split(' ').next()?.parse().ok()?;
            Some((number, node))
        });
        match written.last() {
            Some((number, node)) => family.device.decided(Value::Integer(number), node),
            None => match self.other {
                Some(other) => family.device.depends(&[Value::Integer(self.default.1), Value::Integer(other)], self.default.2),
                None => family.device.defaulted(Value::Integer(self.default.1), self.default.2),
            },
        }
    }
}

/// Adds the rows.
pub(super) fn push<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    let off = Absent::Is(false, &documented::SNMP);
    let ssh1 = Absent::Either(&documented::SSH1);
    let authentication = Absent::Is(false, &documented::NTP_AUTHENTICATION);
    for (name, cell) in [
        ("ftp-server", ftp(family)),
        ("http-server", http(family)),
        ("https-server", https(family)),
        ("info-center", family.info_center()),
        (
            "ntp-authentication",
            family.switch(&["ntp-service authentication enable"], &["undo ntp-service authentication enable"], authentication),
        ),
        ("ntp-service", ntp_runs(family)),
        ("password-control", password_control(family)),
        ("snmp-agent", family.switch(&["snmp-agent"], &["undo snmp-agent"], off)),
        ("ssh-server", ssh(family)),
        ("ssh1-compatible", family.switch(&["ssh server compatible-ssh1x enable"], &["undo ssh server compatible-ssh1x"], ssh1)),
        ("telnet-server", telnet(family)),
    ] {
        family.push_switch(tables, &H3C_SETTINGS, name, cell);
    }
    for check in [&LENGTH, &TYPES, &AGING, &HISTORY] {
        let cell = check.cell(family);
        let row = match cell.value() {
            Some(Value::Integer(value)) => {
                let text = if value == check.default.1 { check.default.0 } else { family.device.host.text(&value.to_string()) };
                crate::facts::settings::row(
                    family.device.host,
                    &H3C_SETTINGS,
                    family.product,
                    check.name,
                    (text, Readings { number: Some(Value::Integer(value)), ..number("") }, cell.evidence),
                )
            }
            _ => unknown_number(family, check.name, cell),
        };
        tables.push(row);
    }
    push_texts(family, tables);
}

/// The row of a number that is not known: only as a number does it have candidates.
fn unknown_number<'a>(family: &Family<'_, 'a>, name: &'static str, cell: Cell<'a>) -> crate::facts::RowBuilder<'a> {
    let untyped = match cell.state {
        State::Unknown(why, _) => Cell::unknown(why, cell.evidence),
        _ => cell,
    };
    let mut row = crate::facts::settings::unknown_row(family.device.host, &H3C_SETTINGS, family.product, name, untyped);
    crate::facts::settings::set(&mut row, "number", cell);
    row
}

/// Adds the rows whose values are words.
fn push_texts<'a>(family: &Family<'_, 'a>, tables: &mut Tables<'a>) {
    let set = |tables: &mut Tables<'a>, name, written, unwritten, read: fn(&str) -> Readings<'static>| {
        family.device.setting(tables, (&H3C_SETTINGS, super::PRODUCT.name, name), written, unwritten, read);
    };
    let role = family.toggled(&["role default-role enable"], &["undo role default-role enable"]).filter(|(on, _)| *on);
    let role = role.map(|(_, node)| (node.word(3).unwrap_or("network-operator"), node));
    set(tables, "default-role", role, Unwritten::Nothing, plain);
    let state = family.loghost_state().map(|(open, node)| (if open { "on" } else { "off" }, node));
    set(tables, "loghost-state", state, Unwritten::Is("on", &documented::LOGHOST_STATE), switch);
    let filter = family.toggled(&["packet-filter default deny"], &["undo packet-filter default deny", "packet-filter default permit"]);
    let filter = filter.map(|(deny, node)| (if deny { "deny" } else { "permit" }, node));
    set(tables, "packet-filter-default", filter, Unwritten::Is("permit", &documented::PACKET_FILTER), plain);
    set(tables, "snmp-versions", versions(family), Unwritten::OneOf(&["v3", "all"], &documented::SNMP_VERSIONS), plain);
    let password = family.toggled(&["super password"], &["undo super password"]).filter(|(on, _)| *on).map(|(_, node)| {
        let word = keywords(node).find(|word| matches!(*word, "cipher" | "simple" | "hash"));
        (word.unwrap_or(""), node)
    });
    set(tables, "super-password", password, Unwritten::Nothing, plain);
}
