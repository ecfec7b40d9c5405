//! The running configuration of an Arista switch into neutral tables and the table of [`crate::schema::arista`].
//!
//! Knows EOS 4.13 to 4.34. Collected with `terminal length 0` and `show running-config`. Services for administration run per VRF: one
//! row of `remote-access` for each VRF that is written under `management …`, and one for the default VRF.

mod access;
mod apis;
mod documented;
mod people;
mod records;
mod settings;

use super::device::cells::Device;
use super::switch::{self, Applied, Login, Switch, list_of_community};
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::ARISTA_EOS;
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::arista::EOS_SETTINGS;
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};

/// The product's name.
const NAME: &str = "arista-eos";

/// The tables that it fills.
const FILLS: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &AUTHENTICATION_POLICY,
    &BANNER,
    &CRYPTO,
    &EOS_SETTINGS,
    &LOGS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// An Arista switch.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Arista EOS 交换机", en: "Arista EOS switch" },
    platforms: &[ARISTA_EOS],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "running-config", line: "show running-config" }],
    fills: FILLS,
    derive,
};

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    switch::hide_all(&device);
    let eos = Switch::new(device, NAME);
    access::fill(&eos, tables);
    people::fill(&eos, tables);
    records::fill(&eos, tables);
    settings::fill(&eos, tables);
    eos.push_banners(tables);
    eos.push_lists(tables, used);
    device.note_cut(tables, NAME, FILLS);
    Seen::Present
}

/// How a login is decided; the console has a list of its own, and without one uses the default.
fn login<'a>(eos: &Switch<'_, 'a>, console: bool) -> Login<'a> {
    let own = if console { eos.written("aaa authentication login console") } else { None };
    match own.or_else(|| eos.written("aaa authentication login default")) {
        Some(node) => eos.login_by(node, 4, &[]),
        None => Login::unknown(eos.device.undocumented("aaa authentication login default")),
    }
}

/// The list that a statement uses.
fn used(node: Node<'_>) -> Option<Applied<'_>> {
    let six = node.word(0) == Some("ipv6");
    let above = node.parent().map(|above| above.parent().unwrap_or(above)).map(Node::text).unwrap_or_default();
    match (node.word(0)?, node.word(1)?) {
        ("ip" | "ipv6", "access-group") => {
            let last = node.words().last();
            let word = match above {
                _ if above.starts_with("interface ") && last == Some("out") => "interface-out",
                _ if above.starts_with("interface ") => "interface-in",
                "management ssh" => "ssh",
                "management telnet" => "vty",
                "control-plane" | "system control-plane" => "control-plane",
                _ if above.starts_with("management api ") => "http",
                _ => "other",
            };
            Some(Applied { name: node.word(2)?, six, used: word, node })
        }
        ("snmp-server", "community") => list_of_community(node),
        ("snmp-server", "ipv4" | "ipv6") if node.word(2) == Some("access-list") => {
            Some(Applied { name: node.word(3)?, six: node.word(1) == Some("ipv6"), used: "snmp", node })
        }
        ("ntp", "serve") if node.word(3) == Some("access-group") => {
            Some(Applied { name: node.word(4)?, six: node.word(2) == Some("ipv6"), used: "ntp", node })
        }
        ("match", "ip" | "ipv6") if node.word(2) == Some("access-group") => {
            Some(Applied { name: node.word(3)?, six: node.word(1) == Some("ipv6"), used: "qos", node })
        }
        _ => None,
    }
}
