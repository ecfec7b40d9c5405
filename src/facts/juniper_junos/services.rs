//! Time servers, SNMP, services without encryption, algorithms and the login message into their neutral tables.

use super::Junos;
use super::filter::block;
use crate::facts::{Cell, Documented, State, Tables, Value};
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::neutral::{BANNER, CRYPTO, SERVICES, SNMP, TIME_SOURCES};

static READ_ONLY: Documented = Documented {
    setting: "authorization read-only",
    versions: "Junos 7.1 and later",
    source: "Junos 7.1 Network Management Guide, Configuring the SNMP Community String",
};
static ALL_CLIENTS: Documented = Documented {
    setting: "clients: everybody who knows the community",
    versions: "Junos 7.1 and later",
    source: "Junos 10.2 and 13.2, statement clients (SNMP)",
};

/// Services without encryption: statement, name and port.
const CLEARTEXT: [(&str, &str, i64); 9] = [
    ("system services finger", "finger", 79),
    ("system services ftp", "ftp", 21),
    ("system services rest http", "rest-http", 3000),
    ("system services rlogin", "rlogin", 513),
    ("system services rsh", "rsh", 514),
    ("system services telnet", "telnet", 23),
    ("system services tftp-server", "tftp", 69),
    ("system services web-management http", "web-management-http", 80),
    ("system services xnm-clear-text", "xnm-clear-text", 3221),
];

/// Hashes and ciphers of SNMP users, in the order in which they are looked for.
const AUTHENTICATION: [(&str, &str); 6] = [
    ("authentication-sha224", "sha2"),
    ("authentication-sha256", "sha2"),
    ("authentication-sha384", "sha2"),
    ("authentication-sha512", "sha2"),
    ("authentication-sha", "sha1"),
    ("authentication-md5", "md5"),
];
const PRIVACY: [(&str, &str); 5] =
    [("privacy-aes128", "aes"), ("privacy-aes192", "aes"), ("privacy-aes256", "aes"), ("privacy-3des", "3des"), ("privacy-des", "des")];

impl<'a> Junos<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_services(&self, tables: &mut Tables<'a>) {
        self.push_time(tables);
        for (number, (name, node)) in self.values("snmp community").into_iter().enumerate() {
            self.push_community(tables, number + 1, name, node);
        }
        for (name, node) in self.values("snmp v3 usm local-engine user") {
            self.push_snmp_user(tables, name, node);
        }
        for (path, name, port) in CLEARTEXT {
            let Some(node) = self.root.at(path) else { continue };
            let here = |value: Value<'a>| self.shown.device.decided(value, node);
            let cells = [
                ("name", here(Value::Text(name))),
                ("port", here(Value::Integer(port))),
                ("protocol", here(Value::Text(if name == "tftp" { "udp" } else { "tcp" }))),
                ("enabled", here(Value::Boolean(true))),
                ("cleartext", here(Value::Boolean(true))),
            ];
            self.shown.push(tables, &SERVICES, "", &cells);
        }
        self.push_crypto(tables);
        self.push_banner(tables);
    }

    /// A server is authenticated where its key is there and trusted.
    fn push_time(&self, tables: &mut Tables<'a>) {
        let device = &self.shown.device;
        let trusted = self.values("system ntp trusted-key");
        let keys = self.root.at("system ntp authentication-key");
        let kinds = ["server", "peer"];
        for (server, node) in kinds.iter().flat_map(|kind| self.values(&format!("system ntp {kind}"))) {
            let key = node.value("key");
            let parts = key.and_then(|key| {
                let defined = keys?.at(key.text())?;
                let (_, trust) = trusted.iter().find(|(number, _)| *number == key.text())?;
                Some([key, defined, *trust])
            });
            let authenticated = match (parts, key) {
                (Some(nodes), _) => device.decided_by(Value::Boolean(true), &nodes),
                (None, Some(key)) => self.shown.unless_gap(device.decided(Value::Boolean(false), key)),
                (None, None) => device.unless_cut(device.decided(Value::Boolean(false), node)),
            };
            let here = |value: Value<'a>| device.decided(value, node);
            let cells = [
                ("server", here(Value::Text(server))),
                ("protocol", here(Value::Word("ntp"))),
                ("authenticated", authenticated),
                ("enabled", here(Value::Boolean(true))),
            ];
            self.shown.push(tables, &TIME_SOURCES, "", &cells);
        }
    }

    fn push_community(&self, tables: &mut Tables<'a>, number: usize, name: &str, node: Node<'a>) {
        let (shown, device) = (&self.shown, &self.shown.device);
        let here = |value: Value<'a>| device.decided(value, node);
        let access = match node.value("authorization") {
            Some(written) => device.decided(Value::Word(if written.text() == "read-write" { "write" } else { "read" }), written),
            None => shown.defaulted(Value::Word("read"), &READ_ONLY),
        };
        let (sources, limited) = self.clients(node);
        let restricted = if limited { device.host.texts(&["clients"]) } else { device.host.texts(&[]) };
        let known = ["private", "public"].contains(&name.to_lowercase().as_str());
        let cells = [
            ("name", here(Value::Text(self.text(&format!("community {number}"))))),
            ("version", here(Value::Word("v2c"))),
            ("access", access),
            ("sources", sources),
            (
                "sources-restricted-by",
                Cell { state: if sources.value().is_some() { State::Known(restricted) } else { sources.state }, ..sources },
            ),
            ("auth", here(Value::Word("none"))),
            ("privacy", here(Value::Word("none"))),
            ("vendor-default", here(Value::Boolean(known))),
        ];
        shown.push(tables, &SNMP, "", &cells);
    }

    /// Clients that may use a community, and whether they are limited. The most specific entry decides about an address.
    fn clients(&self, node: Node<'a>) -> (Cell<'a>, bool) {
        let (shown, device) = (&self.shown, &self.shown.device);
        let named = node.value("client-list-name");
        let mut nodes: Vec<Node<'a>> = node.at("clients").into_iter().flat_map(Node::values).collect();
        let list = named.map(|name| {
            let own = self.root.at("snmp client-list").and_then(|lists| lists.at(name.text()));
            own.or_else(|| self.root.at("policy-options prefix-list").and_then(|lists| lists.at(name.text())))
        });
        if let Some(Some(list)) = list {
            nodes.extend(list.values());
        }
        if let (Some(None), Some(name)) = (list, named) {
            let why = crate::facts::Why::not_understood("client-list-name");
            return (Cell::unknown(why, device.decided(Value::Text(""), name).evidence), false);
        }
        let everybody = Addresses::any_four();
        if nodes.is_empty() {
            return (shown.defaulted(shown.networks(&everybody), &ALL_CLIENTS), false);
        }
        let mut blocks: Vec<(ipnet::IpNet, bool)> = Vec::new();
        for client in &nodes {
            let admits = client.at("restrict").is_none();
            match client.text() {
                "default" => blocks.extend([block("0.0.0.0/0"), block("::/0")].into_iter().flatten().map(|all| (all, admits))),
                text => blocks.extend(block(text).map(|found| (found, admits))),
            }
        }
        blocks.sort_by_key(|(block, _)| block.prefix_len());
        let mut addresses = Addresses::none();
        for (block, admits) in blocks {
            let one = Addresses::of([block]);
            addresses = if admits { addresses.union(&one) } else { addresses.subtract(&one) };
        }
        let limited = !addresses.covers(&everybody);
        (device.unless_cut(device.decided_by(shown.networks(&addresses), &nodes)), limited)
    }

    fn push_snmp_user(&self, tables: &mut Tables<'a>, name: &'a str, node: Node<'a>) {
        let device = &self.shown.device;
        let here = |value: Value<'a>| device.decided(value, node);
        let word = |kinds: &[(&str, &'static str)]| {
            let found = kinds.iter().find_map(|(statement, word)| Some((node.at(statement)?, *word)));
            found.map_or_else(|| device.unless_cut(here(Value::Word("none"))), |(node, word)| device.decided(Value::Word(word), node))
        };
        let cells = [
            ("name", here(Value::Text(name))),
            ("version", here(Value::Word("v3"))),
            ("access", device.undocumented("v3 vacm")),
            ("sources", here(self.shown.networks(&Addresses::any_four()))),
            ("sources-restricted-by", here(device.host.texts(&[]))),
            ("auth", word(&AUTHENTICATION)),
            ("privacy", word(&PRIVACY)),
            ("vendor-default", here(Value::Boolean(false))),
        ];
        self.shown.push(tables, &SNMP, "", &cells);
    }

    /// Algorithms of SSH that are written; what is offered where nothing is written differs between releases.
    fn push_crypto(&self, tables: &mut Tables<'a>) {
        let Some(service) = self.root.at("system services ssh") else { return };
        for (statement, kind) in [("ciphers", "cipher"), ("macs", "mac"), ("key-exchange", "key-exchange")] {
            let names: Vec<Node<'a>> = service.at(statement).into_iter().flat_map(Node::values).collect();
            if names.is_empty() {
                let unknown = self.shown.device.undocumented(statement);
                let State::Unknown(why, _) = unknown.state else { continue };
                let mut row = self.shown.device.host.gap(&CRYPTO, self.shown.product, why);
                row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text("sshd"), unknown.evidence))
                    .set(const { CRYPTO.column("kind") }, Cell::known(Value::Word(kind), unknown.evidence));
                tables.push(row);
            }
            for node in names {
                let here = |value: Value<'a>| self.shown.device.decided(value, node);
                let cells = [
                    ("context", here(Value::Text("sshd"))),
                    ("kind", here(Value::Word(kind))),
                    ("name", here(Value::Text(node.text()))),
                    ("strength", here(Value::Word(strength(node.text())))),
                ];
                self.shown.push(tables, &CRYPTO, "", &cells);
            }
        }
    }

    fn push_banner(&self, tables: &mut Tables<'a>) {
        let device = &self.shown.device;
        let message = self.value("system login message").filter(|(text, _)| !text.trim().is_empty());
        let (present, mentions) = match message {
            Some((text, node)) => {
                let lower = text.to_lowercase();
                let told = ["juniper", "junos", "瞻博"].iter().any(|name| lower.contains(name));
                (device.decided(Value::Boolean(true), node), device.decided(Value::Boolean(told), node))
            }
            None => (self.shown.known_absence(Value::Boolean(false)), self.shown.known_absence(Value::Boolean(false))),
        };
        let cells = [("scope", Cell::known(Value::Text("login"), &[])), ("present", present), ("mentions-product", mentions)];
        self.shown.push(tables, &BANNER, "", &cells);
    }
}

/// How strong an algorithm of SSH is: CBC, RC4, 3DES, MD5, short tags, SHA-1 in key exchange and groups of 1024 bits are weak.
fn strength(name: &str) -> &'static str {
    let weak = ["cbc", "arcfour", "3des", "md5", "-96", "group1-", "group-exchange-sha1", "group14-sha1", "dh-group1", "dh-group14-sha1"];
    match name {
        _ if weak.iter().any(|part| name.contains(part)) || name == "group-exchange-sha1" => "weak",
        "hmac-sha1" | "hmac-sha1-etm@openssh.com" => "acceptable",
        _ => "strong",
    }
}
