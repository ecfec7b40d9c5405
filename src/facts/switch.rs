//! What the configurations of Arista EOS and Ruijie RGOS write alike, into cells and rows: statements that are taken back, lists and
//! where they are used, methods of login, users, records, communities.

mod aaa;
mod access;
mod lists;
mod people;
mod records;
mod secrets;
mod services;
mod snmp;

use std::collections::HashMap;

pub(super) use aaa::{Login, Method};
pub(super) use access::Way;
pub(super) use lists::Applied;
pub(super) use people::{Account, Policy, scheme};
pub(super) use records::Stream;
pub(super) use secrets::hide_all;
pub(super) use snmp::list_of_community;

use super::cisco_lists::{List, read_named};
use super::cisco_words;
use super::device::cells::Device;
use super::{Cell, Evidence, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;

static NOT_SHOWN: Phrase = Phrase { zh: "配置中没有写明：{}", en: "the configuration does not show it: {}" };

/// A switch, with what several tables need.
pub(super) struct Switch<'h, 'a> {
    /// Its configuration.
    pub(super) device: Device<'h, 'a>,
    /// The product that reads it.
    pub(super) product: &'static str,
    /// Every access list.
    pub(super) lists: Vec<List<'a>>,
    /// Top statements by their first word, `no` left out.
    index: HashMap<&'a str, Vec<Node<'a>>>,
}

impl<'h, 'a> Switch<'h, 'a> {
    /// Reads the lists and the top statements once.
    pub(super) fn new(device: Device<'h, 'a>, product: &'static str) -> Switch<'h, 'a> {
        let mut index: HashMap<&'a str, Vec<Node<'a>>> = HashMap::new();
        for node in device.root().children() {
            let mut words = node.words();
            let first = words.next().unwrap_or_default();
            let key = if first == "no" { words.next().unwrap_or_default() } else { first };
            index.entry(key).or_default().push(node);
        }
        Switch { device, product, lists: read_named(&device), index }
    }

    /// Top statements whose first word, behind `no` where it stands, is that of a pattern.
    fn bucket(&self, pattern: &str) -> impl Iterator<Item = Node<'a>> + use<'_, 'a> {
        let first = pattern.split(' ').next().unwrap_or_default();
        self.index.get(first).map_or(&[][..], Vec::as_slice).iter().copied()
    }

    /// The last top statement that begins with a pattern and was not taken back.
    pub(super) fn written(&self, pattern: &str) -> Option<Node<'a>> {
        cisco_words::written(self.bucket(pattern), pattern)
    }

    /// Top statements that begin with a pattern and were not taken back.
    pub(super) fn live(&self, pattern: &str) -> Vec<Node<'a>> {
        cisco_words::live(self.bucket(pattern), pattern)
    }

    /// The last of `pattern` and `no pattern` at the top, and whether it is the first.
    pub(super) fn toggled(&self, pattern: &str) -> Option<(bool, Node<'a>)> {
        cisco_words::toggled(self.bucket(pattern), pattern)
    }

    /// The blocks whose line has exactly these words.
    pub(super) fn blocks(&self, line: &str) -> Vec<Node<'a>> {
        self.bucket(line).filter(|node| node.is(line)).collect()
    }

    /// The statements of every block whose line has exactly these words.
    pub(super) fn inside(&self, line: &str) -> impl Iterator<Item = Node<'a>> + use<'_, 'a> {
        self.blocks(line).into_iter().flat_map(Node::children)
    }

    /// A list by its name and family.
    pub(super) fn list(&self, name: &str, six: bool) -> Option<&List<'a>> {
        self.lists.iter().find(|list| list.name == name && list.six == six)
    }

    /// That the configuration was read and nothing was found.
    pub(super) fn searched(&self) -> &'a [Evidence<'a>] {
        self.device.host.evidence(&[self.device.searched()])
    }

    /// A statement whose value is not understood.
    pub(super) fn unread(&self, node: Node<'a>) -> Cell<'a> {
        Cell::unknown(Why::not_understood(node.text()), self.device.host.evidence(&[self.device.decides(node)]))
    }

    /// Not known, because something is not written and what holds then is not shown.
    pub(super) fn not_shown(&self, what: &'a str, nodes: &[Node<'a>]) -> Cell<'a> {
        let pieces: Vec<_> = nodes.iter().map(|node| self.device.scope(*node)).chain([self.device.searched()]).collect();
        Cell::unknown(Why::new("not-shown", &NOT_SHOWN, what), self.device.host.evidence(&pieces))
    }

    /// A switch that is shown, or not documented where it is not.
    pub(super) fn flag(&self, found: Option<(bool, Node<'a>)>, setting: &'static str) -> Cell<'a> {
        match found {
            Some((on, node)) => self.device.decided(Value::Boolean(on), node),
            None => self.device.undocumented(setting),
        }
    }

    /// The word at a place of a statement, read as a number.
    pub(super) fn number(&self, found: Option<Node<'a>>, at: usize, setting: &'static str) -> Cell<'a> {
        match found {
            None => self.device.undocumented(setting),
            Some(node) => match node.word(at).and_then(|word| word.parse().ok()) {
                Some(number) => self.device.decided(Value::Integer(number), node),
                None => self.unread(node),
            },
        }
    }
}

/// The word behind another one.
pub(in crate::facts) fn behind<'a>(node: Node<'a>, word: &str) -> Option<&'a str> {
    node.words().skip_while(|it| *it != word).nth(1)
}
