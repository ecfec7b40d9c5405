//! `aaa …` statements and server groups into the methods that decide about a login and into what servers record.

use super::Switch;
use crate::facts::{Cell, Evidence, State, Value, Why};
use crate::parse::tree::Node;

/// One method of a list, in the order in which they are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::facts) enum Method<'a> {
    /// Servers: their protocol, the group's name, their addresses; no addresses where the group is not defined.
    Servers(&'static str, &'a str, Option<Vec<(&'a str, Node<'a>)>>),
    /// Local user names.
    Local,
    /// The password of the line or of the privileged level: nobody is told apart.
    Password,
    /// Nothing is asked.
    None,
}

/// How a login is decided, or why that is not known, with what shows it.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Login<'a> {
    /// The methods.
    pub(in crate::facts) methods: Result<Vec<Method<'a>>, Why<'a>>,
    /// What shows them.
    pub(in crate::facts) evidence: &'a [Evidence<'a>],
}

impl<'a> Login<'a> {
    /// A login whose methods are not known, for the reason that a cell gives.
    pub(in crate::facts) fn unknown(cell: Cell<'a>) -> Login<'a> {
        let why = if let State::Unknown(why, _) = cell.state { why } else { Why::not_understood("login") };
        Login { methods: Err(why), evidence: cell.evidence }
    }

    /// A value that follows from the methods, or what keeps it from being known.
    pub(in crate::facts) fn value(&self, value: impl FnOnce(&[Method<'a>]) -> Value<'a>) -> Cell<'a> {
        match &self.methods {
            Ok(methods) => Cell::known(value(methods), self.evidence),
            Err(why) => Cell::unknown(*why, self.evidence),
        }
    }
}

/// Who records something, from one statement.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Recording<'a> {
    pub(in crate::facts) node: Node<'a>,
    pub(in crate::facts) servers: Vec<(&'a str, Node<'a>)>,
    /// Whether every group that it names is defined and has servers.
    pub(in crate::facts) whole: bool,
    /// Whether it is written to the device's log too.
    pub(in crate::facts) logged: bool,
}

impl<'a> Switch<'_, 'a> {
    /// The methods that a statement names behind its first words.
    pub(in crate::facts) fn login_by(&self, node: Node<'a>, skip: usize, more: &[Node<'a>]) -> Login<'a> {
        let mut pieces = vec![self.device.decides(node)];
        pieces.extend(more.iter().map(|node| self.device.scope(*node)));
        let mut methods = Vec::new();
        let mut words = node.words().skip(skip);
        while let Some(word) = words.next() {
            methods.push(match word {
                "group" => self.group(words.next().unwrap_or_default()),
                "local" => Method::Local,
                "line" | "enable" => Method::Password,
                "none" => Method::None,
                "tacacs+" | "radius" => self.group(word),
                _ => return Login { methods: Err(Why::not_understood(node.text())), evidence: self.device.host.evidence(&pieces) },
            });
        }
        for method in &methods {
            if let Method::Servers(_, _, Some(servers)) = method {
                pieces.extend(servers.iter().take(8).map(|(_, node)| self.device.reference(*node)));
            }
        }
        Login { methods: Ok(methods), evidence: self.device.host.evidence(&pieces) }
    }

    /// The block that defines a group of servers.
    pub(in crate::facts) fn group_block(&self, name: &str) -> Option<Node<'a>> {
        self.live("aaa group server").into_iter().find(|node| node.word(4) == Some(name))
    }

    fn group(&self, name: &'a str) -> Method<'a> {
        let block = self.group_block(name);
        let protocol = match block.and_then(|node| node.word(3)).unwrap_or(name) {
            "radius" => "radius",
            _ => "tacacs",
        };
        Method::Servers(protocol, name, self.servers_of(name))
    }

    /// The servers of a group: its members, or every server of the protocol that it is called after. None where it is not defined.
    pub(in crate::facts) fn servers_of(&self, name: &str) -> Option<Vec<(&'a str, Node<'a>)>> {
        if name == "radius" || name == "tacacs+" {
            let pattern = format!("{}-server host", name.trim_end_matches('+'));
            return Some(self.live(&pattern).into_iter().filter_map(|node| Some((node.word(2)?, node))).collect());
        }
        self.group_block(name)?;
        let blocks = self.live("aaa group server").into_iter().filter(|node| node.word(4) == Some(name));
        let members = super::cisco_words::live(blocks.flat_map(Node::children), "server");
        Some(members.into_iter().filter_map(|node| Some((node.word(1)?, node))).collect())
    }

    /// The last statement of a kind of accounting that names who records.
    pub(in crate::facts) fn recording(&self, pattern: &str) -> Option<Recording<'a>> {
        let node = self.written(pattern)?;
        let mut words = node.words().peekable();
        let (mut servers, mut whole, mut any, mut logged) = (Vec::new(), true, false, false);
        while let Some(word) = words.next() {
            match word {
                "group" => {
                    let found = self.servers_of(words.next().unwrap_or_default()).unwrap_or_default();
                    (any, whole) = (true, whole && !found.is_empty());
                    servers.extend(found);
                }
                "logging" => logged = true,
                "none" => return Some(Recording { node, servers: Vec::new(), whole: false, logged: false }),
                _ => {}
            }
        }
        Some(Recording { node, servers, whole: any && whole, logged })
    }
}
