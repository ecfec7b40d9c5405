//! The running configuration of a Ruijie switch or router into neutral tables and the table of [`crate::schema::ruijie`].
//!
//! Knows RGOS 10 to 12. Collected with `terminal length 0` and `show running-config`. Few defaults have a page of the vendor that could
//! be found; what is not written is then unknown.

mod access;
mod lines;
mod people;
mod records;
mod settings;
mod web;

use super::device::cells::Device;
use super::switch::{self, Applied, Switch, list_of_community};
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::RUIJIE;
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};
use crate::schema::ruijie::RUIJIE_SETTINGS;

/// The product's name.
const NAME: &str = "ruijie";

/// The tables that it fills.
const FILLS: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &AUTHENTICATION_POLICY,
    &BANNER,
    &CRYPTO,
    &LOGS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &RUIJIE_SETTINGS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// A Ruijie switch or router.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "锐捷 RGOS 交换机与路由器", en: "Ruijie RGOS switch or router" },
    platforms: &[RUIJIE],
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
    let rgos = Switch::new(device, NAME);
    access::fill(&rgos, tables);
    web::fill(&rgos, tables);
    people::fill(&rgos, tables);
    records::fill(&rgos, tables);
    settings::fill(&rgos, tables);
    rgos.push_banners(tables);
    rgos.push_lists(tables, used);
    device.note_cut(tables, NAME, FILLS);
    Seen::Present
}

/// Whether an interface has IPv6.
fn has_six(rgos: &Switch<'_, '_>) -> bool {
    let mut all = rgos.live("interface").into_iter().flat_map(Node::children);
    all.any(|node| node.starts("ipv6 address") || node.starts("ipv6 enable"))
}

/// The list that a statement uses.
fn used(node: Node<'_>) -> Option<Applied<'_>> {
    let list = |name, six, used| Applied { name, six, used, node };
    let traffic = if node.words().last() == Some("out") { "interface-out" } else { "interface-in" };
    match (node.word(0)?, node.word(1)?) {
        ("ip" | "expert", "access-group") => Some(list(node.word(2)?, false, traffic)),
        ("ipv6", "traffic-filter") => Some(list(node.word(2)?, true, traffic)),
        ("access-class", name) => Some(list(name, false, "vty")),
        ("ipv6", "access-class") => Some(list(node.word(2)?, true, "vty")),
        ("ip", "ssh") if node.word(2) == Some("access-class") => Some(list(node.word(3)?, false, "ssh")),
        ("ip", "http") if node.word(2) == Some("access-class") => Some(list(node.word(3)?, false, "http")),
        ("ip", "nat") if node.word(3) == Some("source") && node.word(4) == Some("list") => Some(list(node.word(5)?, false, "nat")),
        ("ntp", "access-group") => Some(list(node.words().last()?, false, "ntp")),
        ("snmp-server", "community") => list_of_community(node),
        ("match", "access-group") => Some(list(node.words().last()?, false, "qos")),
        ("match", "ip") if node.word(2) == Some("address") && node.word(3) != Some("prefix-list") => {
            Some(list(node.word(3)?, false, "route-map"))
        }
        _ => None,
    }
}
