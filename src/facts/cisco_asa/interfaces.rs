//! Named interfaces, their security levels and the lists that `access-group` applies into `asa-interfaces`.

use super::super::cisco_words::{push, toggled, written};
use super::{Asa, NAME};
use crate::facts::device::cells::Device;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::asa::ASA_INTERFACES;

/// An interface with a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interface<'a> {
    /// What `nameif` calls it.
    pub name: &'a str,
    /// Its block.
    pub node: Node<'a>,
    /// Security level and its line.
    pub level: Option<(i64, Node<'a>)>,
    /// Line that shuts it down.
    pub shutdown: Option<Node<'a>>,
    /// Line that keeps traffic of others away.
    pub management: Option<Node<'a>>,
}

/// The named interfaces. A block that stands twice is one.
pub(super) fn interfaces<'a>(device: &Device<'_, 'a>) -> Vec<Interface<'a>> {
    let root = device.root();
    let mut found: Vec<Interface<'a>> = Vec::new();
    for node in root.all("interface") {
        let lines = || root.merged(node.text());
        let Some(name) = written(lines(), "nameif").and_then(|line| line.word(1)) else { continue };
        if found.iter().any(|known| known.name == name) {
            continue;
        }
        let level = written(lines(), "security-level").and_then(|line| Some((line.word(1)?.parse().ok()?, line)));
        let shutdown = toggled(lines(), "shutdown").filter(|(down, _)| *down).map(|(_, line)| line);
        found.push(Interface { name, node, level, shutdown, management: written(lines(), "management-only") });
    }
    found
}

impl<'a> Asa<'_, 'a> {
    /// An interface by its name.
    pub(super) fn interface(&self, name: &str) -> Option<&Interface<'a>> {
        self.interfaces.iter().find(|interface| interface.name == name)
    }

    /// Its security level.
    pub(super) fn security_level(&self, interface: &Interface<'a>) -> Cell<'a> {
        match interface.level {
            Some((level, node)) => self.device.decided(Value::Integer(level), node),
            None => Cell {
                evidence: self.device.host.evidence(&[self.device.scope(interface.node)]),
                ..self.device.undocumented("security-level")
            },
        }
    }

    /// The list that `access-group` applies to an interface in a direction. What comes in is checked by the global list where the
    /// interface has none of its own; where it has one, the global one is asked after it.
    fn applied(&self, interface: &str, direction: &str) -> Cell<'a> {
        let is_of = |node: &Node<'a>| {
            let words: Vec<&'a str> = node.words().collect();
            words.get(2) == Some(&direction) && words.get(4) == Some(&interface) && !words.contains(&"control-plane")
        };
        let own = self.live("access-group").into_iter().rfind(is_of);
        let global = || self.live("access-group").into_iter().rfind(|node| node.word(2) == Some("global") && direction == "in");
        match own.or_else(global) {
            Some(node) => self.device.decided(Value::Text(node.word(1).unwrap_or_default()), node),
            None => self.device.absent(),
        }
    }

    /// Whether no enabled interface has a lower security level.
    fn is_lowest(&self, interface: &Interface<'a>) -> Cell<'a> {
        let lowest = self.interfaces.iter().filter(|it| it.shutdown.is_none()).map(|it| it.level.map(|(level, _)| level)).min().flatten();
        match (interface.level, lowest) {
            (Some((level, node)), Some(lowest)) => self.device.unless_cut(self.device.decided(Value::Boolean(level <= lowest), node)),
            _ => Cell {
                evidence: self.device.host.evidence(&[self.device.scope(interface.node)]),
                ..self.device.undocumented("security-level")
            },
        }
    }
}

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    for interface in &asa.interfaces {
        let own = |value| asa.device.decided(value, interface.node);
        let flag = |line: Option<Node<'a>>, is: bool| match line {
            Some(line) => asa.device.decided(Value::Boolean(is), line),
            None => own(Value::Boolean(!is)),
        };
        let cells = [
            (const { ASA_INTERFACES.column("interface") }, own(Value::Text(interface.name))),
            (const { ASA_INTERFACES.column("enabled") }, flag(interface.shutdown, false)),
            (const { ASA_INTERFACES.column("security-level") }, asa.security_level(interface)),
            (const { ASA_INTERFACES.column("management-only") }, flag(interface.management, true)),
            (const { ASA_INTERFACES.column("list-in") }, asa.applied(interface.name, "in")),
            (const { ASA_INTERFACES.column("list-out") }, asa.applied(interface.name, "out")),
            (const { ASA_INTERFACES.column("lowest") }, asa.is_lowest(interface)),
        ];
        push(&asa.device, tables, (&ASA_INTERFACES, NAME), &cells);
    }
}
