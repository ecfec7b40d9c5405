//! Where lists are used into `access-rules`, `references`, and the sources that a guarded service admits.

use super::Switch;
use crate::facts::cisco_lists::{self, Uses};
use crate::facts::cisco_words::{networks, push};
use crate::facts::joined::access_rules::through;
use crate::facts::{Cell, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Matching, Service};
use crate::reckon::network::Addresses;
use crate::schema::neutral::{ACCESS_RULES, REFERENCES};

static UNCLEAR: Phrase = Phrase { zh: "ACL {} 放行的来源无法确定", en: "what the list {} lets through cannot be decided" };
static NOT_DEFINED: Phrase = Phrase {
    zh: "引用的 ACL {} 没有定义或没有条目；厂商文档没有写明这时放行还是拒绝",
    en: "the list {} is used and has no entries; no page of the vendor says whether everything or nothing passes then",
};

/// The most entries of a list that are shown.
const SHOWN_MOST: usize = 16;

/// A list that a statement uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::facts) struct Applied<'a> {
    /// Its name.
    pub(in crate::facts) name: &'a str,
    /// Whether it is one of IPv6.
    pub(in crate::facts) six: bool,
    /// For what, a word of the column `applied-to`.
    pub(in crate::facts) used: &'static str,
    /// The statement.
    pub(in crate::facts) node: Node<'a>,
}

impl<'a> Switch<'_, 'a> {
    /// Adds the rows of lists and of the names that statements use, of which `used` finds the lists.
    pub(in crate::facts) fn push_lists(&self, tables: &mut Tables<'a>, used: impl Fn(Node<'a>) -> Option<Applied<'a>>) {
        if !tables.wants(&ACCESS_RULES) && !tables.wants(&REFERENCES) {
            return;
        }
        let all: Vec<Applied<'a>> = self.device.config.tree.all().filter(|node| !node.is_opaque()).filter_map(used).collect();
        for one in &all {
            self.push_reference(tables, ("list", one.name, one.node), self.list(one.name, one.six).map(|list| list.header));
        }
        cisco_lists::push_rows(&self.device, tables, self.product, &self.lists, |list| {
            let here = all.iter().filter(|one| one.name == list.name && one.six == list.six);
            here.map(|one| (one.used, self.device.span(one.node))).collect::<Uses>()
        });
        self.push_groups(tables);
    }

    /// Groups of servers that `aaa` statements name.
    fn push_groups(&self, tables: &mut Tables<'a>) {
        for node in self.live("aaa").into_iter().filter(|node| !node.starts("aaa group")) {
            let mut words = node.words();
            while let Some(word) = words.next() {
                let Some(name) = (if word == "group" { words.next() } else { None }) else { continue };
                let builtin = ["radius", "tacacs+", "ldap"].contains(&name).then_some(node);
                self.push_reference(tables, ("group", name, node), builtin.or(self.group_block(name)));
            }
        }
    }

    /// Adds the row of a name that a statement uses.
    pub(in crate::facts) fn push_reference(
        &self,
        tables: &mut Tables<'a>,
        (kind, name, node): (&'static str, &'a str, Node<'a>),
        defined: Option<Node<'a>>,
    ) {
        let own = |value| self.device.decided(value, node);
        let exists = match defined {
            Some(definition) => Cell::known(
                Value::Boolean(true),
                self.device.host.evidence(&[self.device.decides(node), self.device.reference(definition)]),
            ),
            None => self.device.unless_cut(own(Value::Boolean(false))),
        };
        let place = match node.parent() {
            Some(above) => self.device.host.text(&format!("{} / {}", above.text(), node.text())),
            None => node.text(),
        };
        // The place of a community's list would show the community.
        let place = if node.starts("snmp-server community") { "snmp-server community" } else { place };
        let cells = [
            (const { REFERENCES.column("kind") }, own(Value::Word(kind))),
            (const { REFERENCES.column("name") }, own(Value::Text(name))),
            (const { REFERENCES.column("used-at") }, own(Value::Text(place))),
            (const { REFERENCES.column("defined") }, exists),
        ];
        push(&self.device, tables, (&REFERENCES, self.product), &cells);
    }

    /// The sources that every stage of lists lets through to a service, and the names of the lists.
    ///
    /// A stage without a list of a family lets that family through; without IPv6 on the way only IPv4 comes.
    pub(in crate::facts) fn guarded(&self, stages: &[&[Applied<'a>]], six: bool, service: &Service) -> (Cell<'a>, Cell<'a>) {
        let host = self.device.host;
        let mut pieces: Vec<Evidence<'a>> = Vec::new();
        let mut names: Vec<(&'a str, Node<'a>)> = Vec::new();
        let reachable = if six { Addresses::any() } else { Addresses::any_four() };
        let mut all = reachable;
        let mut open = true;
        for stage in stages {
            let mut allowed = Addresses::none();
            let mut whole = true;
            for family_six in [false, true].into_iter().take(1 + usize::from(six)) {
                let family = if family_six { Addresses::any_six() } else { Addresses::any_four() };
                let Some(one) = stage.iter().rfind(|one| one.six == family_six) else {
                    allowed = allowed.union(&family);
                    whole = false;
                    continue;
                };
                names.push((one.name, one.node));
                pieces.push(self.device.decides(one.node));
                match self.let_through(one, &family, service, &mut pieces) {
                    Ok(found) => allowed = allowed.union(&found),
                    Err(why) => {
                        let unknown = Cell::unknown(why, host.evidence(&pieces));
                        return (unknown, self.device.texts(&names));
                    }
                }
            }
            open &= !whole;
            all = all.intersection(&allowed);
        }
        if open {
            pieces.push(self.device.searched());
        }
        let sources = networks(host, &all, host.evidence(&pieces));
        (if open { self.device.unless_cut(sources) } else { sources }, self.device.texts(&names))
    }

    /// What one list lets through.
    fn let_through(
        &self,
        one: &Applied<'a>,
        family: &Addresses,
        service: &Service,
        pieces: &mut Vec<Evidence<'a>>,
    ) -> Result<Addresses, Why<'a>> {
        let Some(list) = self.list(one.name, one.six).filter(|list| !list.lines.is_empty()) else {
            return Err(self.device.cut().unwrap_or(Why::new("list-not-defined", &NOT_DEFINED, one.name)));
        };
        pieces.push(self.device.reference(list.header));
        pieces.extend(list.lines.iter().take(SHOWN_MOST).map(|line| self.device.reference(line.node)));
        let entries: Vec<_> = list.lines.iter().map(|line| line.entry.clone()).collect();
        let towards = Matching { sources: family.clone(), services: vec![service.clone()], ..Matching::any() };
        if !self.device.host.spend(entries.len() as u64) {
            return Err(Why::budget_spent(one.name));
        }
        match through(self.device.host, &entries, &towards, Action::Deny) {
            Some(found) if found.surely == found.possibly => Ok(found.surely),
            _ => Err(Why::new("list-not-decided", &UNCLEAR, one.name)),
        }
    }
}
