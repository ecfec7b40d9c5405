//! Time servers, cleartext services, banners and used names into `time-sources`, `services`, `banner` and `references`.

use super::super::cisco_words::{push, tells_product};
use super::{Asa, NAME};
use crate::facts::{Cell, Evidence, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::{BANNER, REFERENCES, SERVICES, TIME_SOURCES};

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    for node in asa.live("ntp server") {
        asa.push_time_source(tables, node);
    }
    let telnet = asa.live("telnet").into_iter().find(|node| node.words().count() >= 3 && node.word(1) != Some("timeout"));
    asa.push_service(tables, ("telnet", 23), telnet);
    asa.push_service(tables, ("http", 80), asa.written("http redirect"));
    for kind in ["login", "motd"] {
        asa.push_banner(tables, kind);
    }
    asa.push_references(tables);
}

impl<'a> Asa<'_, 'a> {
    /// An answer is authenticated where the server has a key, the key exists and is trusted, and authentication is on.
    fn push_time_source(&self, tables: &mut Tables<'a>, node: Node<'a>) {
        let words: Vec<&'a str> = node.words().collect();
        let key = words.iter().position(|word| *word == "key").and_then(|at| words.get(at + 1)).copied();
        let needed = key.map(|key| {
            [self.written("ntp authenticate"), self.with_number("ntp authentication-key", key), self.with_number("ntp trusted-key", key)]
        });
        let authenticated = match needed {
            None => self.device.decided(Value::Boolean(false), node),
            Some(lines) => {
                let there: Vec<Evidence<'a>> =
                    std::iter::once(Some(node)).chain(lines).flatten().map(|line| self.device.decides(line)).collect();
                let whole = lines.iter().all(Option::is_some);
                let cell = Cell::known(Value::Boolean(whole), self.device.host.evidence(&there));
                if whole { cell } else { self.device.unless_cut(cell) }
            }
        };
        let own = |value| self.device.decided(value, node);
        let cells = [
            (const { TIME_SOURCES.column("server") }, own(Value::Text(words.get(2).copied().unwrap_or_default()))),
            (const { TIME_SOURCES.column("protocol") }, own(Value::Word("ntp"))),
            (const { TIME_SOURCES.column("authenticated") }, authenticated),
            (const { TIME_SOURCES.column("enabled") }, own(Value::Boolean(true))),
        ];
        push(&self.device, tables, (&TIME_SOURCES, NAME), &cells);
    }

    /// A statement whose word behind the pattern is this number.
    fn with_number(&self, pattern: &str, number: &str) -> Option<Node<'a>> {
        self.live(pattern).into_iter().find(|node| node.word(2) == Some(number))
    }

    fn push_service(&self, tables: &mut Tables<'a>, (name, port): (&'static str, i64), line: Option<Node<'a>>) {
        let enabled = match line {
            Some(node) => self.device.decided(Value::Boolean(true), node),
            None => self.device.known_absence(Value::Boolean(false)),
        };
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

    /// A banner's lines are statements of their own.
    fn push_banner(&self, tables: &mut Tables<'a>, kind: &'static str) {
        let pattern = format!("banner {kind}");
        let lines = self.live(&pattern);
        let first = lines.iter().find(|node| node.rest(&pattern).is_some_and(|text| !text.trim().is_empty()));
        let telling = lines.iter().find(|node| node.rest(&pattern).is_some_and(tells_product));
        let flag = |line: Option<&Node<'a>>| match line {
            Some(node) => self.device.decided(Value::Boolean(true), *node),
            None => self.device.known_absence(Value::Boolean(false)),
        };
        let present = flag(first);
        let cells = [
            (const { BANNER.column("scope") }, Cell::known(Value::Text(kind), present.evidence)),
            (const { BANNER.column("present") }, present),
            (const { BANNER.column("mentions-product") }, flag(telling)),
        ];
        push(&self.device, tables, (&BANNER, NAME), &cells);
    }

    fn push_references(&self, tables: &mut Tables<'a>) {
        self.push_named(tables);
        for node in self.live("access-group") {
            let Some(name) = node.word(1) else { continue };
            let defined = self.root().all("access-list").find(|list| list.word(1) == Some(name));
            self.push_reference(tables, ("list", name, node), defined);
        }
        for node in self.live("aaa").into_iter().filter(|node| ["authentication", "accounting"].contains(&node.word(1).unwrap_or_default()))
        {
            let at = if node.words().any(|word| word == "console") {
                node.words().position(|word| word == "console").map(|at| at + 1)
            } else {
                None
            };
            let name =
                at.and_then(|at| node.word(at)).or_else(|| node.starts("aaa accounting command").then(|| node.words().last()).flatten());
            let Some(name) = name.filter(|name| *name != "LOCAL") else { continue };
            self.push_reference(tables, ("group", name, node), self.group(name).map(|group| group.node));
        }
    }

    /// Groups and objects that entries of lists name, lists that other statements name, and policies of tunnel groups.
    fn push_named(&self, tables: &mut Tables<'a>) {
        let root = self.root();
        let mut seen = std::collections::HashSet::new();
        let groups: std::collections::HashMap<(&str, &'a str), Node<'a>> =
            root.children().filter_map(|node| Some(((node.word(0)?, node.word(2)?), node))).collect();
        for node in self.live("access-list") {
            let words: Vec<&'a str> = node.words().collect();
            // Remarks hold any words.
            if words.get(2) == Some(&"remark") {
                continue;
            }
            for pair in words.windows(2).filter(|pair| ["object", "object-group"].contains(&pair[0])) {
                if seen.insert((pair[0], pair[1])) {
                    self.push_reference(tables, ("group", pair[1], node), groups.get(&(pair[0], pair[1])).copied());
                }
            }
            if let Some(pair) = words.windows(2).find(|pair| pair[0] == "time-range").filter(|pair| seen.insert((pair[0], pair[1]))) {
                let range = root.all("time-range").find(|range| range.word(1) == Some(pair[1]));
                self.push_reference(tables, ("profile", pair[1], node), range);
            }
        }
        for node in root.find(&["group-policy", "vpn-filter value"]) {
            let Some(name) = node.word(2) else { continue };
            self.push_reference(tables, ("list", name, node), root.all("access-list").find(|list| list.word(1) == Some(name)));
        }
        for node in root.find(&["tunnel-group", "default-group-policy"]) {
            let Some(name) = node.word(1).filter(|name| *name != "DfltGrpPolicy") else { continue };
            self.push_reference(tables, ("profile", name, node), root.all("group-policy").find(|policy| policy.word(1) == Some(name)));
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
        let cells = [
            (const { REFERENCES.column("kind") }, own(Value::Word(kind))),
            (const { REFERENCES.column("name") }, own(Value::Text(name))),
            (const { REFERENCES.column("used-at") }, own(Value::Text(node.text()))),
            (const { REFERENCES.column("defined") }, exists),
        ];
        push(&self.device, tables, (&REFERENCES, NAME), &cells);
    }
}
