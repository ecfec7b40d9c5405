//! Time servers, SNMP, services without encryption and algorithms into `time-sources`, `snmp`, `services` and `crypto`.

use super::admins::network;
use super::interfaces::Interface;
use super::{Entry, Forti};
use crate::facts::{Cell, State, Tables, Value};
use crate::parse::fortios;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{CRYPTO, SERVICES, SNMP, TIME_SOURCES};

impl<'a> Forti<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_services(&self, tables: &mut Tables<'a>, interfaces: &[Interface<'a>]) {
        self.push_time(tables);
        self.push_snmp(tables);
        self.push_cleartext(tables, interfaces);
        self.push_crypto(tables);
    }

    fn push_time(&self, tables: &mut Tables<'a>) {
        let device = &self.shown.device;
        let ntp = "config system ntp";
        let (sync, kind) = (self.value(ntp, "ntpsync"), self.value(ntp, "type"));
        let custom = kind.is_some_and(|(text, _)| text == "custom");
        let synced = sync.is_some_and(|(text, _)| text == "enable");
        let nodes: Vec<Node<'a>> = [sync, kind].into_iter().flatten().map(|(_, node)| node).collect();
        let enabled = |here: bool| self.shown.by(Value::Boolean(here), &nodes);
        if synced && !custom {
            let cells = [
                ("server", enabled(true)),
                ("protocol", Cell::known(Value::Word("ntp"), &[])),
                ("authenticated", device.undocumented("fortiguard")),
                ("enabled", enabled(true)),
            ];
            let named = Cell { state: State::Known(Value::Text("fortiguard")), ..cells[0].1 };
            self.shown.push(tables, &TIME_SOURCES, "", &[&[("server", named)], &cells[1..]].concat());
        }
        let sections = self.blocks(ntp).into_iter().flat_map(|block| block.children()).filter(|node| node.is("config ntpserver"));
        for edit in sections.flat_map(Node::children).filter(|node| node.starts("edit")) {
            let one = [edit];
            let value = |setting: &str| super::first(&fortios::values(&one, setting));
            let Some((server, at)) = value("server") else { continue };
            let parts = [value("authentication").filter(|(text, _)| *text == "enable"), value("key"), value("key-id")];
            let authenticated = match parts.into_iter().collect::<Option<Vec<_>>>() {
                Some(parts) => device.decided_by(Value::Boolean(true), &parts.iter().map(|(_, node)| *node).collect::<Vec<_>>()),
                None => device.unless_cut(device.decided(Value::Boolean(false), edit)),
            };
            let cells = [
                ("server", device.decided(Value::Text(server), at)),
                ("protocol", device.decided(Value::Word("ntp"), at)),
                ("authenticated", authenticated),
                ("enabled", enabled(synced && custom)),
            ];
            self.shown.push(tables, &TIME_SOURCES, "", &cells);
        }
    }

    fn push_snmp(&self, tables: &mut Tables<'a>) {
        let agent = self.value("config system snmp sysinfo", "status");
        if agent.is_some_and(|(text, _)| text == "disable") {
            return;
        }
        let mut number = 0;
        for entry in self.entries("config system snmp community") {
            number += 1;
            if !entry.says("status", "disable") {
                self.push_community(tables, &entry, number);
            }
        }
        for entry in self.entries("config system snmp user").iter().filter(|entry| !entry.says("status", "disable")) {
            self.push_snmp_user(tables, entry);
        }
    }

    fn push_community(&self, tables: &mut Tables<'a>, entry: &Entry<'a>, number: usize) {
        let device = &self.shown.device;
        let head = entry.head();
        let known = |value: Value<'a>| device.decided(value, head);
        let (name, at) = entry.value("name").unwrap_or(("", head));
        let (addresses, nodes) = self.hosts(entry);
        let limited = !nodes.is_empty();
        let all = Addresses::any_four();
        let sources = if limited { device.decided_by(self.shown.networks(&addresses), &nodes) } else { known(self.shown.networks(&all)) };
        let restricted = if limited && !addresses.covers(&all) { device.host.texts(&["hosts"]) } else { device.host.texts(&[]) };
        let v1 = !(entry.says("query-v1-status", "disable") && entry.says("trap-v1-status", "disable"));
        let cells = [
            ("name", known(Value::Text(self.text(&format!("community {number}"))))),
            ("version", known(Value::Word(if v1 { "v1" } else { "v2c" }))),
            ("access", known(Value::Word("read"))),
            ("sources", device.unless_cut(sources)),
            ("sources-restricted-by", device.unless_cut(Cell::known(restricted, sources.evidence))),
            ("auth", known(Value::Word("none"))),
            ("privacy", known(Value::Word("none"))),
            ("vendor-default", device.decided(Value::Boolean(["public", "private"].contains(&name.to_lowercase().as_str())), at)),
        ];
        self.shown.push(tables, &SNMP, entry.vdom, &cells);
    }

    /// Hosts that may ask with a community. One without an address, or with zeros, is everybody.
    fn hosts(&self, entry: &Entry<'a>) -> (Addresses, Vec<Node<'a>>) {
        let mut addresses = Addresses::none();
        let mut nodes = Vec::new();
        for (section, setting) in [("config hosts", "ip"), ("config hosts6", "ipv6")] {
            let sections = entry.blocks.iter().flat_map(|block| block.children()).filter(|node| node.is(section));
            for edit in sections.flat_map(Node::children).filter(|node| node.starts("edit")) {
                let values = fortios::values(&[edit], setting);
                let everybody = if setting == "ip" { Addresses::any_four() } else { Addresses::any_six() };
                let zeros = values.values.first() == Some(&"0.0.0.0");
                let block = network(&values.values).filter(|_| !zeros);
                addresses = addresses.union(&block.map_or(everybody, |block| Addresses::of([block])));
                nodes.push(values.statements.last().copied().unwrap_or(edit));
            }
        }
        (addresses, nodes)
    }

    fn push_snmp_user(&self, tables: &mut Tables<'a>, entry: &Entry<'a>) {
        let device = &self.shown.device;
        let known = |value: Value<'a>| device.decided(value, entry.head());
        let level = entry.value("security-level");
        let word = |setting: &str, needed: &[&str], words: &[(&str, &'static str)]| {
            let applies = level.is_some_and(|(text, _)| needed.contains(&text));
            match (level, applies, entry.value(setting)) {
                (None, ..) => device.undocumented("security-level"),
                (Some((_, node)), false, _) => device.decided(Value::Word("none"), node),
                (_, true, Some((text, node))) => {
                    let found = words.iter().find(|(start, _)| text.starts_with(start)).map_or("none", |(_, word)| word);
                    device.decided(Value::Word(found), node)
                }
                (_, true, None) => device.undocumented("auth-proto, priv-proto"),
            }
        };
        let every = [("sha224", "sha2"), ("sha256", "sha2"), ("sha384", "sha2"), ("sha512", "sha2"), ("sha", "sha1"), ("md5", "md5")];
        let sources = Addresses::any_four();
        let cells = [
            ("name", known(Value::Text(entry.name))),
            ("version", known(Value::Word("v3"))),
            ("access", known(Value::Word("read"))),
            ("sources", known(self.shown.networks(&sources))),
            ("sources-restricted-by", known(device.host.texts(&[]))),
            ("auth", word("auth-proto", &["auth-no-priv", "auth-priv"], &every)),
            ("privacy", word("priv-proto", &["auth-priv"], &[("aes", "aes"), ("des", "des")])),
            ("vendor-default", known(Value::Boolean(false))),
        ];
        self.shown.push(tables, &SNMP, entry.vdom, &cells);
    }

    fn push_cleartext(&self, tables: &mut Tables<'a>, interfaces: &[Interface<'a>]) {
        let device = &self.shown.device;
        for interface in interfaces.iter().filter(|interface| interface.up) {
            for (way, port) in [("telnet", 23), ("http", 80)] {
                let (four, six) = interface.offers(way);
                let nodes: Vec<Node<'a>> = four.into_iter().chain(six).collect();
                let Some(first) = nodes.first().copied() else { continue };
                let cells = [
                    ("name", device.decided(Value::Text(self.text(&format!("{way} on {}", interface.entry.name))), first)),
                    ("port", device.decided(Value::Integer(port), first)),
                    ("protocol", device.decided(Value::Text("tcp"), first)),
                    ("enabled", device.decided_by(Value::Boolean(true), &nodes)),
                    ("cleartext", device.decided(Value::Boolean(true), first)),
                ];
                self.shown.push(tables, &SERVICES, interface.entry.vdom, &cells);
            }
        }
    }

    /// Protocols and algorithms that are written; what is offered where nothing is written differs between versions.
    fn push_crypto(&self, tables: &mut Tables<'a>) {
        let global = "config system global";
        let strong = self.value(global, "strong-crypto").filter(|(text, _)| *text == "enable");
        let kinds = [
            ("ssl", "protocol", "admin-https-ssl-versions"),
            ("sshd", "cipher", "ssh-enc-algo"),
            ("sshd", "key-exchange", "ssh-kex-algo"),
            ("sshd", "mac", "ssh-mac-algo"),
        ];
        for (context, kind, setting) in kinds {
            let Some((text, node)) = self.value(global, setting) else {
                let unknown = self.shown.device.undocumented(setting);
                let State::Unknown(why, _) = unknown.state else { continue };
                let mut row = self.shown.device.host.gap(&CRYPTO, self.shown.product, why);
                row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text(context), unknown.evidence))
                    .set(const { CRYPTO.column("kind") }, Cell::known(Value::Word(kind), unknown.evidence));
                tables.push(row);
                continue;
            };
            // With strong-crypto only TLS 1.2 and 1.3 are left (Administration Guide, FortiGate encryption algorithm cipher suites).
            let left = |name: &&str| strong.is_none() || !["tlsv1-0", "tlsv1-1"].contains(name);
            for name in text.split(' ').filter(left) {
                let known = |value: Value<'a>| self.shown.device.decided(value, node);
                let cells = [
                    ("context", known(Value::Text(context))),
                    ("kind", known(Value::Word(kind))),
                    ("name", known(Value::Text(name))),
                    ("strength", known(Value::Word(strength(name)))),
                ];
                self.shown.push(tables, &CRYPTO, "", &cells);
            }
        }
    }
}

/// How strong a protocol or algorithm is: TLS before 1.2, CBC, RC4, 3DES, MD5 and SHA-1 are weak.
fn strength(name: &str) -> &'static str {
    let weak = ["tlsv1-0", "tlsv1-1", "cbc", "arcfour", "3des", "md5", "sha1", "group1-"];
    if weak.iter().any(|part| name.contains(part)) { "weak" } else { "strong" }
}
