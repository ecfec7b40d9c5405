//! Access lists of ASA and NX-OS into ordered entries of [`crate::reckon::access_list`].
//!
//! ASA writes netmasks and named objects, NX-OS prefixes, wildcards and object groups; both ask the entries in the order of the file
//! (NX-OS prints them by their numbers) and refuse what no entry matches.

mod endpoint;
mod named;
mod objects;
mod rows;
mod words;

use super::device::cells::Device;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Service};
use endpoint::{Cursor, Side};
pub(super) use named::read_named;
use objects::Objects;
pub(super) use rows::{Uses, push_rows};

/// Whose lists they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Asa,
    Nxos,
}

/// One entry and what it was made of.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// Its number, or for ASA the entry's own text.
    pub name: &'a str,
    pub node: Node<'a>,
    pub entry: Entry<'a>,
    /// Objects that it names.
    pub references: Vec<Node<'a>>,
    pub sources_unclear: bool,
    pub destinations_unclear: bool,
    pub services_unclear: bool,
    pub logged: bool,
    pub time_range: Option<&'a str>,
}

/// One list.
#[derive(Clone, Debug)]
pub(super) struct List<'a> {
    pub name: &'a str,
    /// Whether it is one of IPv6 alone.
    pub six: bool,
    /// The line that opens it, or its first entry.
    pub header: Node<'a>,
    pub lines: Vec<Line<'a>>,
}

/// Every list of a configuration.
pub(super) fn read<'a>(device: &Device<'_, 'a>, dialect: Dialect) -> Vec<List<'a>> {
    let mut objects = Objects::read(device, dialect);
    match dialect {
        Dialect::Asa => of_asa(device, &mut objects),
        Dialect::Nxos => of_nxos(device, &mut objects),
    }
}

fn of_asa<'a>(device: &Device<'_, 'a>, objects: &mut Objects<'a>) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for node in super::cisco_words::live(device.root().children(), "access-list") {
        let words: Vec<&'a str> = node.words().collect();
        let skip = if words.get(2) == Some(&"line") { 4 } else { 2 };
        let (Some(name), Some(kind)) = (words.get(1).copied(), words.get(skip).copied()) else { continue };
        if !["extended", "standard", "permit", "deny"].contains(&kind) || ["alert-interval", "deny-flow-max"].contains(&name) {
            continue;
        }
        let at = *places.entry(name).or_insert_with(|| {
            lists.push(List { name, six: false, header: node, lines: Vec::new() });
            lists.len() - 1
        });
        let body = if ["permit", "deny"].contains(&kind) { skip } else { skip + 1 };
        let mut line = entry(objects, Dialect::Asa, node, &words[body.min(words.len())..], kind == "standard", false);
        line.name = node.rest("access-list *").unwrap_or_default();
        lists[at].lines.push(line);
    }
    lists
}

fn of_nxos<'a>(device: &Device<'_, 'a>, objects: &mut Objects<'a>) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    for (pattern, six) in [("ip access-list", false), ("ipv6 access-list", true)] {
        for header in device.root().all(pattern) {
            let Some(name) = header.word(2) else { continue };
            let at = lists.iter().position(|list| list.name == name && list.six == six).unwrap_or_else(|| {
                lists.push(List { name, six, header, lines: Vec::new() });
                lists.len() - 1
            });
            for node in header.children() {
                let words: Vec<&'a str> = node.words().collect();
                let numbered = words.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
                let body = &words[usize::from(numbered)..];
                if !["permit", "deny"].contains(&body.first().copied().unwrap_or_default()) {
                    continue;
                }
                let mut line = entry(objects, Dialect::Nxos, node, body, false, six);
                line.name = if numbered { words[0] } else { node.text() };
                lists[at].lines.push(line);
            }
        }
    }
    for list in &mut lists {
        list.lines.sort_by_key(|line| line.name.parse::<u64>().unwrap_or(u64::MAX));
    }
    lists
}

/// One entry from its words, which begin with the action.
fn entry<'a>(objects: &mut Objects<'a>, dialect: Dialect, node: Node<'a>, words: &[&'a str], standard: bool, six: bool) -> Line<'a> {
    let action = if words.first() == Some(&"permit") { Action::Permit } else { Action::Deny };
    let mut cursor = Cursor { words, at: 1, dialect, six, references: Vec::new() };
    let mut line = Line {
        name: "",
        node,
        entry: Entry::new(action, Matching::any()),
        references: Vec::new(),
        sources_unclear: false,
        destinations_unclear: false,
        services_unclear: false,
        logged: false,
        time_range: None,
    };
    let protocol = if standard { Some(words::Protocol::Any) } else { cursor.protocol(objects) };
    let sources = cursor.side(objects, protocol.is_some() && !standard);
    let destinations = if standard { cursor.any() } else { cursor.side(objects, true) };
    tail(&mut cursor, &mut line, objects);
    fill(&mut line, protocol.as_ref(), sources, destinations);
    line.references = cursor.references;
    line
}

/// Puts the parts of an entry together.
fn fill<'a>(line: &mut Line<'a>, protocol: Option<&words::Protocol>, sources: Side, destinations: Side) {
    let matching = &mut line.entry.matching;
    line.sources_unclear = !sources.exact;
    line.destinations_unclear = !destinations.exact;
    let services: Option<Vec<Service>> = match protocol {
        None => None,
        Some(protocol) => protocol.services(&sources.ports, &destinations),
    };
    line.services_unclear |= services.is_none() || !destinations.services_exact || !sources.services_exact;
    matching.services = services.unwrap_or_else(|| vec![Service::any()]);
    (matching.sources, matching.destinations) = (sources.addresses, destinations.addresses);
    matching.exact = !(line.sources_unclear || line.destinations_unclear || line.services_unclear);
}

/// What stands behind the destination.
fn tail<'a>(cursor: &mut Cursor<'_, 'a>, line: &mut Line<'a>, objects: &mut Objects<'a>) {
    while let Some(word) = cursor.next() {
        let matching = &mut line.entry.matching;
        match word {
            "log" => {
                line.logged = cursor.peek() != Some("disable");
                while cursor.peek().is_some_and(words::is_of_log) {
                    cursor.next();
                }
            }
            "inactive" => line.entry.enabled = false,
            "time-range" => {
                line.time_range = cursor.next();
                matching.timed = true;
            }
            "established" => matching.restrictions.push((Aspect::TcpFlags, vec!["ack", "rst"])),
            "fragments" => matching.restrictions.push((Aspect::Fragments, vec!["fragment"])),
            "capture" => {
                cursor.next();
                cursor.next();
            }
            "object-group" | "object" => {
                // Types of ICMP, or services where none were expected.
                line.references.extend(cursor.next().and_then(|name| objects.definition(name)));
                line.services_unclear = true;
            }
            other => matching.also.push(other),
        }
    }
}
