//! Time servers, cleartext services, banners, algorithms of SSH and used names into their neutral tables.

use super::super::cisco_words::{push, strength, tells_product};
use super::{NAME, Nexus};
use crate::facts::{Cell, Evidence, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::{BANNER, CRYPTO, REFERENCES, SERVICES, TIME_SOURCES};

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    for node in nexus.live("ntp server").into_iter().chain(nexus.live("ntp peer")) {
        nexus.push_time_source(tables, node);
    }
    nexus.push_service(tables, ("telnet", 23), nexus.server("telnet"));
    let http = match (nexus.feature("nxapi"), nexus.written("nxapi http port")) {
        (Some((true, _)), Some(node)) => nexus.device.decided(Value::Boolean(true), node),
        (Some((false, node)), _) => nexus.device.decided(Value::Boolean(false), node),
        _ => nexus.device.known_absence(Value::Boolean(false)),
    };
    nexus.push_service(tables, ("nxapi-http", 80), http);
    nexus.push_banner(tables);
    nexus.push_crypto(tables);
    nexus.push_api_protocols(tables);
    nexus.push_references(tables);
}

impl<'a> Nexus<'_, 'a> {
    /// An answer is authenticated where the server has a key, the key exists and is trusted, and authentication is on.
    fn push_time_source(&self, tables: &mut Tables<'a>, node: Node<'a>) {
        let words: Vec<&'a str> = node.words().collect();
        let key = words.iter().position(|word| *word == "key").and_then(|at| words.get(at + 1)).copied();
        let of = |pattern: &str, key: &str| self.live(pattern).into_iter().find(|node| node.word(2) == Some(key));
        let authenticated = match key {
            None => self.device.decided(Value::Boolean(false), node),
            Some(key) => {
                let lines = [self.written("ntp authenticate"), of("ntp authentication-key", key), of("ntp trusted-key", key)];
                let there: Vec<Evidence<'a>> =
                    std::iter::once(Some(node)).chain(lines).flatten().map(|line| self.device.decides(line)).collect();
                let whole = lines.iter().all(Option::is_some);
                let cell = Cell::known(Value::Boolean(whole), self.device.host.evidence(&there));
                if whole { cell } else { self.device.unless_cut(cell) }
            }
        };
        let enabled = match self.feature("ntp") {
            Some((false, off)) => self.device.decided(Value::Boolean(false), off),
            _ => self.device.decided(Value::Boolean(true), node),
        };
        let cells = [
            (const { TIME_SOURCES.column("server") }, self.device.decided(Value::Text(words.get(2).copied().unwrap_or_default()), node)),
            (const { TIME_SOURCES.column("protocol") }, self.device.decided(Value::Word("ntp"), node)),
            (const { TIME_SOURCES.column("authenticated") }, authenticated),
            (const { TIME_SOURCES.column("enabled") }, enabled),
        ];
        push(&self.device, tables, (&TIME_SOURCES, NAME), &cells);
    }

    fn push_service(&self, tables: &mut Tables<'a>, (name, port): (&'static str, i64), enabled: Cell<'a>) {
        let here = |value| Cell::known(value, enabled.evidence);
        let cells = [
            (const { SERVICES.column("name") }, here(Value::Text(name))),
            (const { SERVICES.column("port") }, here(Value::Integer(port))),
            (const { SERVICES.column("protocol") }, here(Value::Text("tcp"))),
            (const { SERVICES.column("address") }, Cell::unset(enabled.evidence)),
            (const { SERVICES.column("enabled") }, enabled),
            (const { SERVICES.column("cleartext") }, here(Value::Boolean(true))),
        ];
        push(&self.device, tables, (&SERVICES, NAME), &cells);
    }

    /// The text stands between delimiters, as the body of the statement.
    fn push_banner(&self, tables: &mut Tables<'a>) {
        let found = self.written("banner motd");
        let flag = |is: bool| match found {
            Some(node) => self.device.decided(Value::Boolean(is), node),
            None => self.device.undocumented("banner motd"),
        };
        let text = found.map(Node::body).unwrap_or_default();
        let cells = [
            (const { BANNER.column("scope") }, Cell::known(Value::Text("motd"), self.device.host.evidence(&[self.device.searched()]))),
            (const { BANNER.column("present") }, flag(!text.trim().is_empty())),
            (const { BANNER.column("mentions-product") }, flag(tells_product(text))),
        ];
        push(&self.device, tables, (&BANNER, NAME), &cells);
    }

    fn push_crypto(&self, tables: &mut Tables<'a>) {
        for (pattern, kind) in
            [("ssh ciphers", "cipher"), ("ssh macs", "mac"), ("ssh kexalgos", "key-exchange"), ("ssh keytypes", "host-key")]
        {
            let mut seen: Vec<&'a str> = Vec::new();
            let lines = self.live(pattern);
            if lines.is_empty() {
                self.push_default_algorithms(tables, "sshd", kind, pattern);
            }
            for node in lines {
                for name in node.words().skip(2) {
                    if seen.contains(&name) {
                        continue;
                    }
                    seen.push(name);
                    // `all` adds what is off by default because it is weak.
                    let how_strong = if name == "all" { "weak" } else { strength(name) };
                    let own = |value| self.device.decided(value, node);
                    let cells = [
                        (const { CRYPTO.column("context") }, own(Value::Text("sshd"))),
                        (const { CRYPTO.column("kind") }, own(Value::Word(kind))),
                        (const { CRYPTO.column("name") }, own(Value::Text(name))),
                        (const { CRYPTO.column("strength") }, own(Value::Word(how_strong))),
                    ];
                    push(&self.device, tables, (&CRYPTO, NAME), &cells);
                }
            }
        }
    }

    /// What is offered where no statement says it depends on the release: a row of which the strength is not known.
    fn push_default_algorithms(&self, tables: &mut Tables<'a>, context: &'static str, kind: &'static str, statement: &'a str) {
        let cell = self.device.undocumented(statement);
        let known = |value| Cell::known(value, cell.evidence);
        let cells = [
            (const { CRYPTO.column("context") }, known(Value::Text(context))),
            (const { CRYPTO.column("kind") }, known(Value::Word(kind))),
            (const { CRYPTO.column("name") }, known(Value::Text("default"))),
            (const { CRYPTO.column("strength") }, cell),
        ];
        push(&self.device, tables, (&CRYPTO, NAME), &cells);
    }

    /// Versions of TLS of the API over HTTP.
    fn push_api_protocols(&self, tables: &mut Tables<'a>) {
        if !matches!(self.feature("nxapi"), Some((true, _))) {
            return;
        }
        let Some(node) = self.written("nxapi ssl protocols") else {
            self.push_default_algorithms(tables, "nxapi", "protocol", "nxapi ssl protocols");
            return;
        };
        for name in node.words().skip(3) {
            let how_strong = if ["TLSv1.2", "TLSv1.3"].contains(&name) { "strong" } else { "weak" };
            let own = |value| self.device.decided(value, node);
            let cells = [
                (const { CRYPTO.column("context") }, own(Value::Text("nxapi"))),
                (const { CRYPTO.column("kind") }, own(Value::Word("protocol"))),
                (const { CRYPTO.column("name") }, own(Value::Text(name))),
                (const { CRYPTO.column("strength") }, own(Value::Word(how_strong))),
            ];
            push(&self.device, tables, (&CRYPTO, NAME), &cells);
        }
    }

    fn push_references(&self, tables: &mut Tables<'a>) {
        self.push_list_references(tables);
        for six in [false, true] {
            if let Some((name, node)) = self.access_class(six) {
                self.push_reference(tables, ("list", name, node), self.list(name, six).map(|list| list.header));
            }
        }
        for node in self.root().all("interface").flat_map(Node::children) {
            let six = node.starts("ipv6 traffic-filter");
            if six || node.starts("ip access-group") {
                let name = node.word(2).unwrap_or_default();
                self.push_reference(tables, ("list", name, node), self.list(name, six).map(|list| list.header));
            }
        }
        for line in ["vty", "console"] {
            let login = self.login(line);
            for (name, node) in login.groups.iter().zip(login.line.into_iter().cycle()) {
                if line == "console" && !node.starts("aaa authentication login console") {
                    continue;
                }
                let builtin = ["radius", "tacacs+"].contains(name).then_some(node);
                let block = self.root().all("aaa group server").find(|block| block.word(4) == Some(name));
                self.push_reference(tables, ("group", name, node), builtin.or(block));
            }
        }
    }

    /// Lists of communities and users of SNMP and of time servers.
    fn push_list_references(&self, tables: &mut Tables<'a>) {
        for node in self.live("snmp-server community").into_iter().chain(self.live("snmp-server user")) {
            for (word, six) in [("use-acl", false), ("use-ipv4acl", false), ("use-ipv6acl", true)] {
                if let Some(name) = node.words().skip_while(|it| *it != word).nth(1) {
                    self.push_reference(tables, ("list", name, node), self.list(name, six).map(|list| list.header));
                }
            }
        }
        for node in self.live("ntp access-group") {
            if let Some(name) = node.words().last() {
                let list = self.list(name, false).or_else(|| self.list(name, true));
                self.push_reference(tables, ("list", name, node), list.map(|list| list.header));
            }
        }
    }

    fn push_reference(&self, tables: &mut Tables<'a>, (kind, name, node): (&'static str, &'a str, Node<'a>), defined: Option<Node<'a>>) {
        let own = |value| self.device.decided(value, node);
        let exists = match defined {
            Some(definition) => Cell::known(
                Value::Boolean(true),
                self.device.host.evidence(&[self.device.decides(node), self.device.reference(definition)]),
            ),
            None => self.device.unless_cut(own(Value::Boolean(false))),
        };
        let place = match node.parent() {
            // The line holds a community or the keys of a user.
            _ if node.starts("snmp-server") => "snmp-server",
            Some(above) => self.device.host.text(&format!("{} / {}", above.text(), node.text())),
            None => node.text(),
        };
        let cells = [
            (const { REFERENCES.column("kind") }, own(Value::Word(kind))),
            (const { REFERENCES.column("name") }, own(Value::Text(name))),
            (const { REFERENCES.column("used-at") }, own(Value::Text(place))),
            (const { REFERENCES.column("defined") }, exists),
        ];
        push(&self.device, tables, (&REFERENCES, NAME), &cells);
    }
}
