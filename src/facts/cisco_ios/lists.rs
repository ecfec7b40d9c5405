//! Access lists of IOS, numbered and named, into entries in the order in which they are asked, and a list's name into the sources
//! that it lets through.
//!
//! Entries that have no number were typed behind the last: they get the next one, ten higher, as IOS itself numbers them (Security
//! Configuration Guide: Access Control Lists, IP Access List Entry Sequence Numbering). Role-based lists, MAC lists and lists of other
//! protocols are no lists of addresses and are left out.

mod entry;
mod objects;
mod words;

use std::collections::HashMap;

use super::statements::Ios;
use crate::facts::joined::access_rules::{Part, through};
use crate::facts::{Cell, Evidence, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Entry, Matching, Service};
use crate::reckon::network::Addresses;
use entry::{Form, Read, read_entry};
use objects::Objects;

/// One entry of a list.
#[derive(Clone, Debug)]
pub(super) struct Listed<'a> {
    /// Its number where one is written, else its own text.
    pub(super) name: &'a str,
    /// Its statement.
    pub(super) node: Node<'a>,
    /// What it does.
    pub(super) entry: Entry<'a>,
    /// Its time range.
    pub(super) time_range: Option<&'a str>,
    /// Whether matches are logged.
    pub(super) logged: bool,
    /// Parts that are not exactly known.
    pub(super) unclear: Vec<Part>,
    /// Names of object groups, and where they are defined.
    pub(super) groups: Vec<(&'a str, Option<Node<'a>>)>,
    /// The remark before it.
    pub(super) remark: Option<(&'a str, Node<'a>)>,
    /// Its place among the others.
    number: u64,
}

/// One list.
#[derive(Clone, Debug)]
pub(super) struct List<'a> {
    /// Its number or name.
    pub(super) name: &'a str,
    /// Whether it is one of IPv6.
    pub(super) six: bool,
    /// The line that opens it, or its first.
    pub(super) header: Node<'a>,
    /// Its entries, in the order in which they are asked.
    pub(super) entries: Vec<Listed<'a>>,
    /// The highest number so far.
    last: u64,
    /// A remark that waits for its entry.
    remark: Option<(&'a str, Node<'a>)>,
    /// Whether a later `no` takes it back.
    dropped: bool,
}

/// Every list of a configuration.
#[derive(Debug, Default)]
pub(super) struct Lists<'a> {
    /// In the order of the file.
    pub(super) all: Vec<List<'a>>,
    places: HashMap<(&'a str, bool), usize>,
}

impl<'a> Lists<'a> {
    /// Reads them.
    pub(super) fn read(ios: &Ios<'_, 'a>) -> Lists<'a> {
        let mut objects = Objects::read(ios);
        let mut lists = Lists::default();
        for node in ios.every("access-list") {
            lists.numbered(ios, &mut objects, *node);
        }
        for block in ios.every("ip") {
            lists.named(ios, &mut objects, *block);
        }
        for block in ios.every("ipv6") {
            if let Some(name) = block.after("no ipv6 access-list").and_then(|mut words| words.next()) {
                lists.drop(name, true);
            } else if let Some(name) = block.after("ipv6 access-list").and_then(|mut words| words.next())
                && !matches!(name, "log-update" | "role-based")
            {
                let at = lists.place(name, true, *block);
                lists.block(ios, &mut objects, at, (*block, Form::Six));
            }
        }
        lists.all.retain(|list| !list.dropped);
        lists.places = lists.all.iter().enumerate().map(|(at, list)| ((list.name, list.six), at)).collect();
        for list in &mut lists.all {
            list.entries.sort_by_key(|entry| entry.number);
        }
        lists
    }

    /// A list by its name.
    pub(super) fn get(&self, name: &str, six: bool) -> Option<&List<'a>> {
        self.places.get(&(name, six)).and_then(|at| self.all.get(*at))
    }

    fn place(&mut self, name: &'a str, six: bool, header: Node<'a>) -> usize {
        let all = &mut self.all;
        *self.places.entry((name, six)).or_insert_with(|| {
            all.push(List { name, six, header, entries: Vec::new(), last: 0, remark: None, dropped: false });
            all.len() - 1
        })
    }

    /// Takes back a list that a later `no` removes.
    fn drop(&mut self, name: &'a str, six: bool) {
        if let Some(at) = self.places.remove(&(name, six)) {
            self.all[at].dropped = true;
        }
    }

    /// `access-list 101 permit …`.
    fn numbered(&mut self, ios: &Ios<'_, 'a>, objects: &mut Objects<'_, 'a>, node: Node<'a>) {
        if let Some(mut words) = node.after("no access-list") {
            if let (Some(name), None) = (words.next(), words.next()) {
                self.drop(name, false);
            }
            return;
        }
        let Some(name) = node.word(1) else { return };
        let Some(form) = form(name).filter(|_| node.starts("access-list")) else { return };
        let at = self.place(name, false, node);
        self.add(ios, objects, at, (node, node.rest("access-list *").unwrap_or_default(), form));
    }

    /// `ip access-list extended NAME` and what it holds.
    fn named(&mut self, ios: &Ios<'_, 'a>, objects: &mut Objects<'_, 'a>, block: Node<'a>) {
        if let Some(mut words) = block.after("no ip access-list") {
            self.drop(words.nth(1).unwrap_or_default(), false);
            return;
        }
        let Some(mut words) = block.after("ip access-list") else { return };
        let form = match words.next() {
            Some("standard") => Form::Standard,
            Some("extended") => Form::Extended,
            _ => return,
        };
        let Some(name) = words.next() else { return };
        let at = self.place(name, false, block);
        self.block(ios, objects, at, (block, form));
    }

    fn block(&mut self, ios: &Ios<'_, 'a>, objects: &mut Objects<'_, 'a>, at: usize, (block, form): (Node<'a>, Form)) {
        for node in block.children() {
            self.add(ios, objects, at, (node, node.text(), form));
        }
    }

    /// Adds one entry, or remembers a remark for the next.
    fn add(&mut self, ios: &Ios<'_, 'a>, objects: &mut Objects<'_, 'a>, at: usize, (node, text, form): (Node<'a>, &'a str, Form)) {
        let list = &mut self.all[at];
        match read_entry(ios.device.host.arena(), objects, node, (text, form)) {
            Read::Nothing => {}
            Read::Remark(text) => list.remark = Some((text, node)),
            Read::Entry(mut listed, written) => {
                listed.number = written.unwrap_or(list.last.saturating_add(10));
                list.last = list.last.max(listed.number);
                listed.remark = list.remark.take();
                list.entries.push(*listed);
            }
        }
    }
}

/// The form of a numbered list of IP; none for lists of other protocols.
pub(super) fn form(number: &str) -> Option<Form> {
    match number.parse::<u32>() {
        Ok(1..=99 | 1300..=1999) => Some(Form::Standard),
        Ok(100..=199 | 2000..=2699) => Some(Form::Extended),
        _ => None,
    }
}

/// A list as it is applied: its name, its family, and the statement that applies it.
pub(super) type Applied<'a> = (&'a str, bool, Node<'a>);

/// The sources that lists let through to a service; where no list of a family is applied, all of it.
pub(super) fn sources<'a>(ios: &Ios<'_, 'a>, lists: &[Applied<'a>], service: &Service) -> Cell<'a> {
    let mut left = Addresses::none();
    let mut evidence: Vec<Evidence<'a>> = lists.iter().map(|(_, _, node)| ios.device.decides(*node)).collect();
    if let Some(why) = ios.device.cut() {
        return Cell::unknown(why, ios.device.host.evidence(&evidence));
    }
    for six in [false, true] {
        if six && !ios.has_six() {
            continue;
        }
        let any = if six { Addresses::any_six() } else { Addresses::any_four() };
        let Some((name, _, _)) = lists.iter().find(|(_, of, _)| *of == six) else {
            left = left.union(&any);
            continue;
        };
        // A list that is not defined, or has no entry, keeps nobody out.
        let Some(list) = ios.lists().get(name, six).filter(|list| !list.entries.is_empty()) else {
            left = left.union(&any);
            continue;
        };
        let permits = list.entries.iter().filter(|it| it.entry.action == Action::Permit);
        evidence.extend(permits.take(8).map(|it| ios.device.reference(it.node)));
        let entries: Vec<Entry<'a>> = list.entries.iter().map(|it| it.entry.clone()).collect();
        let towards = Matching { sources: any.clone(), destinations: any, services: vec![service.clone()], ..Matching::any() };
        let spent = !ios.device.host.spend(entries.len() as u64);
        match through(ios.device.host, &entries, &towards, Action::Deny) {
            Some(found) if !spent && found.surely == found.possibly => left = left.union(&found.surely),
            Some(found) if !spent && found.surely.covers(&towards.sources) => left = left.union(&found.surely),
            _ => return Cell::unknown(Why::not_understood(name), ios.device.host.evidence(&evidence)),
        }
    }
    if evidence.is_empty() {
        evidence.push(ios.device.searched());
    }
    let blocks = left.blocks();
    if !ios.device.host.spend(blocks.len() as u64) {
        return Cell::unknown(Why::budget_spent("access-list"), ios.device.host.evidence(&evidence));
    }
    let blocks = ios.device.host.arena().alloc_slice_fill_iter(blocks.into_iter().map(Value::Network));
    ios.known(Value::List(blocks), &evidence)
}
