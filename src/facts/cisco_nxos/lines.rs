//! `line console`, `line vty`, `aaa authentication login` and server groups into `nxos-lines`.

use super::super::cisco_words::{minutes_or_never, push, written};
use super::{NAME, Nexus};
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::nxos::NXOS_LINES;

static LOCAL: Documented = Documented {
    setting: "aaa authentication login default local",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 9000 Series NX-OS Security Configuration Guide 9.x, Configuring AAA, Default Settings for AAA",
};
static UNDEFINED: Phrase = Phrase { zh: "引用的服务器组 {} 没有定义", en: "the server group {} is used and not defined" };

/// How a line authenticates: the words behind `aaa authentication login …`.
#[derive(Clone, Debug)]
pub(super) struct Login<'a> {
    pub line: Option<Node<'a>>,
    /// Server groups in the order in which they are asked.
    pub groups: Vec<&'a str>,
    pub local: bool,
    pub none: bool,
}

impl<'a> Nexus<'_, 'a> {
    /// The last statement of a line's blocks that begins with a pattern and was not taken back.
    pub(super) fn of_line(&self, line: &str, pattern: &str) -> Option<Node<'a>> {
        let block = format!("line {line}");
        written(self.root().merged(&block), pattern)
    }

    /// The idle time of a line; its default is documented for no release.
    pub(super) fn idle(&self, line: &'static str) -> Cell<'a> {
        let Some(node) = self.of_line(line, "exec-timeout") else {
            return self.device.undocumented(if line == "vty" { "line vty: exec-timeout" } else { "line console: exec-timeout" });
        };
        match node.word(1).and_then(|text| minutes_or_never(text).duration) {
            Some(value) => self.device.decided(value, node),
            None => Cell::unknown(Why::not_understood(node.text()), self.device.host.evidence(&[self.device.decides(node)])),
        }
    }

    /// How a line authenticates. The console has a list of its own, and without one uses the default.
    pub(super) fn login(&self, line: &str) -> Login<'a> {
        let own = if line == "console" { self.written("aaa authentication login console") } else { None };
        let node = own.or_else(|| self.written("aaa authentication login default"));
        let words: Vec<&'a str> = node.map(|node| node.words().skip(4).collect()).unwrap_or_default();
        let groups: Vec<&'a str> = if words.first() == Some(&"group") {
            words.iter().skip(1).copied().filter(|word| !["local", "none"].contains(word)).collect()
        } else {
            Vec::new()
        };
        // Unless it is turned off, local users are asked where no server answers.
        let fallback =
            !groups.is_empty() && !self.root().all("no aaa authentication login").any(|node| node.words().any(|word| word == "fallback"));
        let local = node.is_none() || words.contains(&"local") || fallback;
        Login { line: node, groups, local, none: words.contains(&"none") }
    }

    /// The servers of a group: its members, or every server of the protocol that it is called after. None where it is not defined.
    pub(super) fn servers_of(&self, group: &str) -> Option<Vec<(&'a str, Node<'a>)>> {
        let global = |keyword: &str| -> Vec<(&'a str, Node<'a>)> {
            let pattern = format!("{keyword}-server host");
            self.live(&pattern).into_iter().filter_map(|node| Some((node.word(2)?, node))).collect()
        };
        if group == "radius" || group == "tacacs+" {
            return Some(global(group.trim_end_matches('+')));
        }
        let blocks: Vec<Node<'a>> = self.root().all("aaa group server").filter(|node| node.word(4) == Some(group)).collect();
        if blocks.is_empty() {
            return None;
        }
        let members = super::super::cisco_words::live(blocks.into_iter().flat_map(Node::children), "server");
        Some(members.into_iter().filter_map(|node| Some((node.word(1)?, node))).collect())
    }

    /// The servers of several groups, or why they are not known.
    pub(super) fn servers(&self, login: &Login<'a>) -> Cell<'a> {
        let host = self.device.host;
        let Some(line) = login.line else { return self.device.defaulted(host.texts(&[]), &LOCAL) };
        let mut names: Vec<&'a str> = Vec::new();
        let mut pieces: Vec<Evidence<'a>> = vec![self.device.decides(line)];
        for group in &login.groups {
            let Some(servers) = self.servers_of(group) else {
                let why = Why::new("group-not-defined", &UNDEFINED, group);
                return self.device.unless_cut(Cell::unknown(why, host.evidence(&pieces)));
            };
            names.extend(servers.iter().map(|(address, _)| *address));
            pieces.extend(servers.iter().map(|(_, node)| self.device.reference(*node)));
        }
        let cell = Cell::known(host.texts(&names), host.evidence(&pieces));
        if names.is_empty() { self.device.unless_cut(cell) } else { cell }
    }

    /// A fact that follows from the login statement, or from its default.
    pub(super) fn of_login(&self, login: &Login<'a>, value: Value<'a>) -> Cell<'a> {
        match login.line {
            Some(line) => self.device.decided(value, line),
            None => self.device.defaulted(value, &LOCAL),
        }
    }

    /// Whether an interface has an address of IPv6.
    pub(super) fn ipv6(&self) -> Option<Node<'a>> {
        self.root().all("interface").flat_map(Node::children).find(|node| node.starts("ipv6 address") || node.starts("ipv6 link-local"))
    }

    /// The list that guards the lines in a family.
    pub(super) fn access_class(&self, six: bool) -> Option<(&'a str, Node<'a>)> {
        let pattern = if six { "ipv6 access-class" } else { "access-class" };
        let node = super::super::cisco_words::live(self.root().merged("line vty"), pattern)
            .into_iter()
            .rfind(|node| node.words().last() == Some("in"))?;
        node.word(if six { 2 } else { 1 }).map(|name| (name, node))
    }
}

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    for line in ["vty", "console"] {
        nexus.push_line(tables, line);
    }
}

impl<'a> Nexus<'_, 'a> {
    fn push_line(&self, tables: &mut Tables<'a>, line: &'static str) {
        let device = &self.device;
        let login = self.login(line);
        let vty = line == "vty";
        let (four, six) = if vty { (self.access_class(false), self.access_class(true)) } else { (None, None) };
        let named = |found: Option<(&'a str, Node<'a>)>| {
            found.map_or_else(|| device.absent(), |(name, node)| device.decided(Value::Text(name), node))
        };
        let works = |found: Option<(&'a str, Node<'a>)>, family: bool| match found {
            None => device.known_absence(Value::Boolean(false)),
            Some((name, node)) => match self.list(name, family).filter(|list| !list.lines.is_empty()) {
                Some(list) => {
                    Cell::known(Value::Boolean(true), device.host.evidence(&[device.decides(node), device.reference(list.header)]))
                }
                None => device.unless_cut(device.decided(Value::Boolean(false), node)),
            },
        };
        let covered = match (self.ipv6(), six) {
            (None, _) => device.known_absence(Value::Boolean(true)),
            (Some(node), None) => device.unless_cut(device.decided(Value::Boolean(false), node)),
            (Some(_), some) => works(some, true),
        };
        let cells = [
            (const { NXOS_LINES.column("line") }, Cell::known(Value::Word(line), device.host.evidence(&[device.searched()]))),
            (const { NXOS_LINES.column("idle-timeout") }, self.idle(line)),
            (const { NXOS_LINES.column("list") }, named(four)),
            (const { NXOS_LINES.column("list-works") }, works(four, false)),
            (const { NXOS_LINES.column("list-ipv6") }, named(six)),
            (const { NXOS_LINES.column("ipv6-covered") }, covered),
            (const { NXOS_LINES.column("groups") }, self.of_login(&login, device.host.texts(&login.groups))),
            (const { NXOS_LINES.column("servers") }, self.servers(&login)),
            (const { NXOS_LINES.column("admits-none") }, self.of_login(&login, Value::Boolean(login.none))),
        ];
        push(device, tables, (&NXOS_LINES, NAME), &cells);
    }
}
