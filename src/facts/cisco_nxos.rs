//! The running configuration of a Cisco Nexus switch into neutral tables and the tables of [`crate::schema::nxos`].
//!
//! Knows NX-OS 6 to 10. Collected with `terminal length 0` and `show running-config` (with `all`, defaults are shown as well). A block
//! that stands twice (an interface, the lines) is one.

mod access;
mod lines;
mod lists;
mod logs;
mod people;
mod secrets;
mod services;
mod settings;
mod snmp;

use super::cisco_lists::{self, Dialect, List};
use super::device::cells::Device;
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::CISCO_NXOS;
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};
use crate::schema::nxos::{NXOS_COMMUNITIES, NXOS_LINES, NXOS_LOG_SERVERS, NXOS_SETTINGS};

/// The product's name.
const NAME: &str = "cisco-nxos";

/// The tables that it fills.
const FILLS: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &AUTHENTICATION_POLICY,
    &BANNER,
    &CRYPTO,
    &LOGS,
    &NXOS_COMMUNITIES,
    &NXOS_LINES,
    &NXOS_LOG_SERVERS,
    &NXOS_SETTINGS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// A Cisco Nexus switch.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Cisco NX-OS 交换机", en: "Cisco NX-OS switch" },
    platforms: &[CISCO_NXOS],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "running-config", line: "show running-config" }],
    fills: FILLS,
    derive,
};

/// A switch, with what several tables need.
#[derive(Debug)]
struct Nexus<'h, 'a> {
    device: Device<'h, 'a>,
    lists: Vec<List<'a>>,
}

impl<'a> Nexus<'_, 'a> {
    fn root(&self) -> Node<'a> {
        self.device.root()
    }

    /// The last statement that begins with a pattern and was not taken back.
    fn written(&self, pattern: &str) -> Option<Node<'a>> {
        super::cisco_words::written(self.root().children(), pattern)
    }

    /// Statements that begin with a pattern and were not taken back.
    fn live(&self, pattern: &str) -> Vec<Node<'a>> {
        super::cisco_words::live(self.root().children(), pattern)
    }

    /// Whether a feature is turned on or off, and the line.
    fn feature(&self, name: &str) -> Option<(bool, Node<'a>)> {
        super::cisco_words::toggled(self.root().children(), &format!("feature {name}"))
    }

    /// A list by its name and family.
    fn list(&self, name: &str, six: bool) -> Option<&List<'a>> {
        self.lists.iter().find(|list| list.name == name && list.six == six)
    }
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    secrets::hide_all(&device);
    let nexus = Nexus { device, lists: cisco_lists::read(&device, Dialect::Nxos) };
    access::fill(&nexus, tables);
    lines::fill(&nexus, tables);
    lists::fill(&nexus, tables);
    logs::fill(&nexus, tables);
    people::fill(&nexus, tables);
    services::fill(&nexus, tables);
    settings::fill(&nexus, tables);
    snmp::fill(&nexus, tables);
    device.note_cut(tables, NAME, FILLS);
    Seen::Present
}
