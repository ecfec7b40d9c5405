//! The configuration of a FortiGate into its fact tables.
//!
//! Knows FortiOS 5.4 to 7.6, with and without VDOMs, from `show`, `show full-configuration` or a backup. `show` leaves defaults out,
//! so that each absence stands for a default; defaults are taken only where a page of Fortinet states them, others are unknown.
//! A configuration is the whole where it has the sections `system global`, `system interface` and `system admin`, which every
//! FortiGate has. `set`, `unset`, `append`, `select` and `unselect` are applied in order (Technical Tip 197205), sections that stand
//! twice are one.

mod access;
mod admins;
mod interfaces;
mod logs;
mod policies;
mod secrets;
mod services;
mod settings;
mod vpn;

use std::collections::HashMap;

use super::device::cells::Device;
use super::shown::Shown;
use super::{Evidence, Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::Phrase;
use crate::names::network::FORTINET_FORTIOS;
use crate::parse::fortios::{self, Scope, Values};
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::fortinet::{FORTIOS_ADMINS, FORTIOS_INTERFACES, FORTIOS_POLICIES, FORTIOS_SETTINGS, FORTIOS_VPN_USERS};
use crate::schema::neutral::{
    ACCESS_RULES, ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REFERENCES, REMOTE_ACCESS, SERVICES, SNMP,
    TIME_SOURCES,
};

/// The configuration of a FortiGate: `config system console`, `set output standard`, `end`, then `show full-configuration` or `show`.
pub(super) static PRODUCT: Product = Product {
    name: "fortinet-fortios",
    title: Phrase { zh: "Fortinet FortiOS", en: "Fortinet FortiOS" },
    platforms: &[FORTINET_FORTIOS],
    expectation: Expectation::Expected,
    reads: &[Reading::Command { name: "running-config", line: "show full-configuration" }],
    fills: FILLED,
    derive,
};

const FILLED: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &AUTHENTICATION_POLICY,
    &BANNER,
    &CRYPTO,
    &FORTIOS_ADMINS,
    &FORTIOS_INTERFACES,
    &FORTIOS_POLICIES,
    &FORTIOS_SETTINGS,
    &FORTIOS_VPN_USERS,
    &LOGS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// Tables whose rows are one for each of a list that may go on beyond what was shown.
const LISTED: &[&Table] = &[
    &ACCESS_RULES,
    &ACCOUNTS,
    &CRYPTO,
    &FORTIOS_ADMINS,
    &FORTIOS_INTERFACES,
    &FORTIOS_POLICIES,
    &FORTIOS_VPN_USERS,
    &PRIVILEGES,
    &REFERENCES,
    &REMOTE_ACCESS,
    &SERVICES,
    &SNMP,
    &TIME_SOURCES,
];

/// What every FortiGate has and no part of its configuration shows together.
const WHOLE: [&str; 3] = ["config system global", "config system interface", "config system admin"];

fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let device = match Device::of(host) {
        Ok(device) => device,
        Err(seen) => return seen,
    };
    let scopes = fortios::scopes(device.config.tree);
    let has = |section: &&str| scopes.iter().any(|scope| scope.node.children().any(|node| node.is(section)));
    let shown = Shown::of(device, PRODUCT.name, WHOLE.iter().all(has));
    let forti = Forti { shown, scopes };
    forti.hide_secrets();
    forti.push_settings(tables);
    let interfaces = forti.push_interfaces(tables);
    let admins = forti.push_admins(tables);
    forti.push_access(tables, &interfaces, &admins);
    forti.push_policies(tables, &interfaces);
    forti.push_vpn(tables);
    forti.push_logs(tables);
    forti.push_services(tables, &interfaces);
    forti.shown.note_gaps(tables, FILLED, LISTED);
    Seen::Present
}

/// A FortiGate that is being read.
struct Forti<'h, 'a> {
    shown: Shown<'h, 'a>,
    scopes: Vec<Scope<'a>>,
}

/// An `edit` of a list, with all places where it stands.
#[derive(Clone, Debug)]
struct Entry<'a> {
    /// Its name.
    name: &'a str,
    /// The VDOM that it is in; empty where it is global.
    vdom: &'a str,
    /// Its blocks.
    blocks: Vec<Node<'a>>,
}

impl<'a> Entry<'a> {
    /// What the statements about a setting leave of it.
    fn values(&self, setting: &str) -> Values<'a> {
        fortios::values(&self.blocks, setting)
    }

    /// The first value of a setting and the statement that decides it.
    fn value(&self, setting: &str) -> Option<(&'a str, Node<'a>)> {
        first(&self.values(setting))
    }

    /// Whether a setting has a value.
    fn says(&self, setting: &str, value: &str) -> bool {
        self.value(setting).is_some_and(|(text, _)| text == value)
    }

    /// The line that opens it.
    fn head(&self) -> Node<'a> {
        self.blocks[0]
    }
}

/// The first value and the statement that decides it.
fn first<'a>(values: &Values<'a>) -> Option<(&'a str, Node<'a>)> {
    Some((*values.values.first()?, *values.statements.last()?))
}

impl<'a> Forti<'_, 'a> {
    /// The blocks of a section, in every scope.
    fn blocks(&self, section: &str) -> Vec<Node<'a>> {
        let here = |scope: &Scope<'a>| scope.node.children().filter(|node| node.is(section)).collect::<Vec<_>>();
        self.scopes.iter().flat_map(here).collect()
    }

    /// The value of a setting in a section.
    fn value(&self, section: &str, setting: &str) -> Option<(&'a str, Node<'a>)> {
        let values = fortios::values(&self.blocks(section), setting);
        let (_, node) = first(&values)?;
        let words: Vec<&str> = values.values.clone();
        Some((self.text(&words.join(" ")), node))
    }

    /// The entries of a section, by scope and name, in the order in which they first stand.
    fn entries(&self, section: &str) -> Vec<Entry<'a>> {
        self.entries_where(section, |_| true)
    }

    /// Those of one VDOM, and global ones.
    fn entries_in(&self, section: &str, vdom: &str) -> Vec<Entry<'a>> {
        self.entries_where(section, |scope| [vdom, "global"].contains(&scope))
    }

    fn entries_where(&self, section: &str, wanted: impl Fn(&str) -> bool) -> Vec<Entry<'a>> {
        let mut found: Vec<Entry<'a>> = Vec::new();
        let mut places: HashMap<(&'a str, &'a str), usize> = HashMap::new();
        for scope in self.scopes.iter().filter(|scope| wanted(scope.name)) {
            let vdom = if scope.name == "global" { "" } else { scope.name };
            let edits = scope.node.children().filter(|node| node.is(section)).flat_map(Node::children).filter(|node| node.starts("edit"));
            for edit in edits {
                let name = edit.unescaped(self.shown.device.host.arena(), edit.word(1).unwrap_or_default());
                let place = *places.entry((vdom, name)).or_insert(found.len());
                match found.get_mut(place) {
                    Some(entry) => entry.blocks.push(edit),
                    None => found.push(Entry { name, vdom, blocks: vec![edit] }),
                }
            }
        }
        found
    }

    /// The VDOMs, each once; one without a name where there are none.
    fn vdoms(&self) -> Vec<&'a str> {
        let mut names: Vec<&'a str> = Vec::new();
        for scope in self.scopes.iter().filter(|scope| scope.name != "global") {
            if !names.contains(&scope.name) {
                names.push(scope.name);
            }
        }
        names
    }

    /// A text that was computed.
    fn text(&self, text: &str) -> &'a str {
        self.shown.device.host.text(text)
    }

    /// Evidence of statements that decide.
    fn decides(&self, nodes: &[Node<'a>]) -> Vec<Evidence<'a>> {
        nodes.iter().map(|node| self.shown.device.decides(*node)).collect()
    }
}
