//! The configuration of a Junos device into its fact tables.
//!
//! Knows Junos 10 to 24 on routers, switches and SRX, in braces or as `set` commands. Groups are applied and inactive statements are
//! left out before anything is asked. Defaults are taken where a page of Juniper states them; of those that changed between
//! releases both are named. A configuration is the whole where it has `interfaces` and
//! `system root-authentication`, without which no configuration can be committed.

mod access;
mod books;
mod filter;
mod groups;
mod lists;
mod login;
mod logs;
mod policies;
mod secrets;
mod services;
mod settings;
mod terms;
mod used;
mod zones;

use self::books::Books;
use super::device::cells::Device;
use super::shown::Shown;
use super::{Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::JUNIPER_JUNOS;
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::juniper::{JUNOS_CLASSES, JUNOS_FILTERS, JUNOS_POLICIES, JUNOS_SETTINGS};
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};

/// The configuration of a Junos device: `set cli screen-length 0`, then `show configuration`, with `| display set` or without.
pub(super) static PRODUCT: Product = Product {
    name: "juniper-junos",
    title: Phrase { zh: "Juniper Junos", en: "Juniper Junos" },
    platforms: &[JUNIPER_JUNOS],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "running-config", line: "show configuration" }],
    fills: &[
        &ACCESS_RULES,
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &BANNER,
        &CRYPTO,
        &JUNOS_CLASSES,
        &JUNOS_FILTERS,
        &JUNOS_POLICIES,
        &JUNOS_SETTINGS,
        &LOGS,
        &PRIVILEGES,
        &REFERENCES,
        &REMOTE_ACCESS,
        &SERVICES,
        &SNMP,
        &TIME_SOURCES,
    ],
    derive,
};

/// Tables whose rows are one for each of a list that may go on beyond what was shown.
const LISTED: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &CRYPTO,
    &JUNOS_CLASSES,
    &JUNOS_POLICIES,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    let root = device.root();
    let whole = ["interfaces", "system root-authentication"].iter().all(|section| root.at(section).is_some());
    let mut junos = Junos { shown: Shown::of(device, PRODUCT.name, whole), root };
    if let Some(why) = junos.undecided() {
        junos.shown.set_gap(why);
    }
    junos.hide_secrets();
    junos.push_settings(tables);
    let filters = junos.push_filters(tables);
    let classes = junos.push_login(tables);
    junos.push_access(tables, &classes, &filters);
    junos.push_logs(tables);
    junos.push_services(tables);
    let (policies, mut books) = (junos.policies(), Books::of(&junos));
    junos.push_policies(tables, &policies, &mut books);
    junos.push_lists(tables, &policies, &mut books);
    junos.push_used(tables, &policies, &mut books);
    junos.note_logical(tables);
    junos.shown.note_gaps(tables, PRODUCT.fills, LISTED);
    Seen::Present
}

/// A Junos device that is being read.
struct Junos<'h, 'a> {
    shown: Shown<'h, 'a>,
    root: Node<'a>,
}

impl<'a> Junos<'_, 'a> {
    /// The value of a statement that holds one, and the node that shows it.
    fn value(&self, path: &str) -> Option<(&'a str, Node<'a>)> {
        self.root.value(path).map(|node| (node.text(), node))
    }

    /// The values of a statement that holds a list.
    fn values(&self, path: &str) -> Vec<(&'a str, Node<'a>)> {
        self.root.at(path).into_iter().flat_map(Node::values).map(|node| (node.text(), node)).collect()
    }

    /// A text that was computed.
    fn text(&self, text: &str) -> &'a str {
        self.shown.device.host.text(text)
    }

    /// The release as two numbers (`22.4R3-S1` is 22 and 4), where the configuration or the inventory shows it.
    fn release(&self) -> Option<(u32, u32)> {
        let inventory = self.shown.device.host.asset().description.version.as_deref();
        let version = self.shown.device.config.identity.version.or(inventory)?;
        let (major, rest) = version.split_once('.')?;
        let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((major.parse().ok()?, minor.parse().ok()?))
    }
}
