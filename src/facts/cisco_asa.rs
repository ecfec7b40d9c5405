//! The running configuration of a Cisco ASA into neutral tables and the tables of [`crate::schema::asa`].
//!
//! Knows ASA 8.4 to 9.2x. Collected with `terminal pager 0` and `more system:running-config`, which unlike `show running-config` leaves
//! secrets as they are stored. Where contexts are used, each context's own configuration is an asset; the system's configuration
//! names them and says nothing of their administration.

mod aaa;
mod access;
mod crypto;
mod interfaces;
mod lists;
mod logs;
mod people;
mod secrets;
mod services;
mod settings;
mod snmp;
mod vpn;

use std::collections::HashMap;
use std::net::IpAddr;

use super::device::cells::Device;
use super::{Expectation, Host, Product, Reading, Seen, Tables, Why};
use crate::names::Phrase;
use crate::names::network::CISCO_ASA;
use crate::parse::tree::Node;
use crate::reckon::version;
use crate::schema::Table;
use crate::schema::asa::{ASA_AUTHENTICATION, ASA_INTERFACES, ASA_MANAGEMENT, ASA_SETTINGS, ASA_VPN_PROFILES};
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};

/// The product's name.
const NAME: &str = "cisco-asa";

/// The tables that it fills.
const FILLS: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &ASA_AUTHENTICATION,
    &ASA_INTERFACES,
    &ASA_MANAGEMENT,
    &ASA_SETTINGS,
    &ASA_VPN_PROFILES,
    &AUTHENTICATION_POLICY,
    &BANNER,
    &CRYPTO,
    &LOGS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// A Cisco ASA.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Cisco ASA 防火墙", en: "Cisco ASA firewall" },
    platforms: &[CISCO_ASA],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "running-config", line: "more system:running-config" }],
    fills: FILLS,
    derive,
};

static CONTEXTS: Phrase = Phrase {
    zh: "{} 是多上下文系统的系统配置：管理设置在各上下文自己的配置中，请分别采集",
    en: "{} is the system configuration of a firewall with contexts: collect the configuration of each context",
};

/// A firewall, with what several tables need.
#[derive(Debug)]
struct Asa<'h, 'a> {
    device: Device<'h, 'a>,
    groups: Vec<aaa::ServerGroup<'a>>,
    interfaces: Vec<interfaces::Interface<'a>>,
    /// Addresses that `name` gives names to.
    names: HashMap<&'a str, IpAddr>,
}

impl<'h, 'a> Asa<'h, 'a> {
    fn of(device: Device<'h, 'a>) -> Asa<'h, 'a> {
        let names = device.root().all("name").filter_map(|node| {
            let mut words = node.after("name")?;
            let address = words.next()?.parse().ok()?;
            Some((words.next()?, address))
        });
        Asa { device, groups: aaa::groups(&device), interfaces: interfaces::interfaces(&device), names: names.collect() }
    }

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

    /// The address that a word is or names.
    fn address(&self, word: &str) -> Option<IpAddr> {
        word.parse().ok().or_else(|| self.names.get(word).copied())
    }

    /// Whether its version is shown and is this or a later one.
    fn is_at_least(&self, release: &str) -> Option<bool> {
        let shown = self.device.config.identity.version?;
        let number = shown.split('(').next().unwrap_or(shown);
        version::compare(number, release).map(std::cmp::Ordering::is_ge)
    }
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    secrets::hide_all(&device);
    if device.root().all("context").any(|context| context.first("config-url").is_some()) {
        let why = Why::new("other-contexts", &CONTEXTS, device.config.source.path);
        for table in FILLS {
            tables.push(host.gap(table, NAME, why));
        }
        return Seen::Present;
    }
    let asa = Asa::of(device);
    access::fill(&asa, tables);
    crypto::fill(&asa, tables);
    interfaces::fill(&asa, tables);
    lists::fill(&asa, tables);
    logs::fill(&asa, tables);
    people::fill(&asa, tables);
    services::fill(&asa, tables);
    settings::fill(&asa, tables);
    snmp::fill(&asa, tables);
    vpn::fill(&asa, tables);
    device.note_cut(tables, NAME, FILLS);
    Seen::Present
}
