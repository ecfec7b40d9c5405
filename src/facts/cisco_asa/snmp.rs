//! `snmp-server` into `snmp`: communities with the hosts that may poll, and users of version 3.
//!
//! An ASA answers only to hosts that are listed and lets nobody write (CLI Configuration Guide, Configuring SNMP).

use super::super::cisco_words::{host_block, is_known_community, is_masked, networks, push, snmp_protection};
use super::{Asa, NAME};
use crate::facts::{Cell, Evidence, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::neutral::SNMP;

/// What is known of one row.
struct Holder<'a> {
    name: &'a str,
    version: &'static str,
    nodes: Vec<Node<'a>>,
    hosts: Vec<Node<'a>>,
    auth: &'static str,
    privacy: &'static str,
    vendor_default: Option<bool>,
}

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    let hosts = asa.live("snmp-server host");
    let mut count = 0;
    let global = asa.written("snmp-server community");
    let old: Vec<Node<'a>> = hosts.iter().copied().filter(|node| !is_version_three(*node)).collect();
    if let Some(node) = global {
        count += 1;
        let own: Vec<Node<'a>> = old.iter().copied().filter(|host| behind(*host, "community").is_none()).collect();
        let secret = node.words().skip(2).find(|word| !["0", "8"].contains(word)).unwrap_or_default();
        asa.push_community(tables, count, vec![node], own, secret);
    }
    for node in &old {
        let secret = behind(*node, "community");
        if secret.is_none() && global.is_some() {
            continue;
        }
        count += 1;
        asa.push_community(tables, count, vec![*node], vec![*node], secret.unwrap_or_default());
    }
    for node in asa.live("snmp-server user") {
        asa.push_user(tables, node, &hosts);
    }
}

fn behind<'a>(node: Node<'a>, word: &str) -> Option<&'a str> {
    let mut words = node.words().skip_while(|it| *it != word).skip(1);
    words.find(|it| !["0", "8"].contains(it))
}

fn is_version_three(node: Node<'_>) -> bool {
    node.words().any(|word| word == "version") && behind(node, "version") == Some("3")
}

impl<'a> Asa<'_, 'a> {
    fn push_community(&self, tables: &mut Tables<'a>, number: usize, nodes: Vec<Node<'a>>, hosts: Vec<Node<'a>>, secret: &str) {
        let version = if hosts.iter().any(|host| behind(*host, "version") == Some("2c")) { "v2c" } else { "v1" };
        let vendor_default = (!is_masked(secret) && !secret.is_empty()).then(|| is_known_community(secret));
        let name = self.device.host.text(&format!("community {number}"));
        self.push_holder(tables, &Holder { name, version, nodes, hosts, auth: "none", privacy: "none", vendor_default });
    }

    fn push_user(&self, tables: &mut Tables<'a>, node: Node<'a>, hosts: &[Node<'a>]) {
        let words: Vec<&'a str> = node.words().collect();
        let Some(name) = words.get(2).copied() else { return };
        let (auth, privacy) = snmp_protection(&words);
        let version = match words.get(4) {
            Some(&"v1") => "v1",
            Some(&"v2c") => "v2c",
            _ => "v3",
        };
        let own: Vec<Node<'a>> =
            hosts.iter().copied().filter(|host| host.words().last() == Some(name) || behind(*host, "3") == Some(name)).collect();
        self.push_holder(tables, &Holder { name, version, nodes: vec![node], hosts: own, auth, privacy, vendor_default: Some(false) });
    }

    fn push_holder(&self, tables: &mut Tables<'a>, holder: &Holder<'a>) {
        let host = self.device.host;
        let pieces: Vec<Evidence<'a>> = holder.nodes.iter().chain(&holder.hosts).map(|node| self.device.decides(*node)).collect();
        let evidence = host.evidence(&pieces);
        let own = |value| Cell::known(value, evidence);
        let mut sources = Addresses::none();
        let mut unclear = None;
        for node in &holder.hosts {
            match node.word(3).and_then(|word| self.address(word)).and_then(|address| host_block(&address.to_string())) {
                Some(block) => sources = sources.union(&Addresses::of([block])),
                None => unclear = Some(node.text()),
            }
        }
        let sources = match unclear {
            Some(text) => Cell::unknown(Why::not_understood(text), evidence),
            None => self.device.unless_cut(networks(host, &sources, evidence)),
        };
        let vendor_default = match holder.vendor_default {
            Some(is) => own(Value::Boolean(is)),
            None => Cell::unknown(Why::not_understood("community"), evidence),
        };
        let cells = [
            (const { SNMP.column("name") }, own(Value::Text(holder.name))),
            (const { SNMP.column("version") }, own(Value::Word(holder.version))),
            (const { SNMP.column("access") }, own(Value::Word("read"))),
            (const { SNMP.column("sources") }, sources),
            (const { SNMP.column("sources-restricted-by") }, own(host.texts(&["snmp-server host"]))),
            (const { SNMP.column("auth") }, own(Value::Word(holder.auth))),
            (const { SNMP.column("privacy") }, own(Value::Word(holder.privacy))),
            (const { SNMP.column("vendor-default") }, vendor_default),
        ];
        push(&self.device, tables, (&SNMP, NAME), &cells);
    }
}
