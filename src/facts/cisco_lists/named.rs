//! Access lists of Arista EOS and Ruijie RGOS into ordered entries: blocks with a kind and a name, and numbered statements at the top.
//!
//! Both write prefixes or wildcards, ask the entries by their numbers, and refuse what no entry matches. A list that filters frames as
//! well (`expert`) is kept with entries that are not read.

use super::super::cisco_words::live;
use super::super::device::cells::Device;
use super::objects::Objects;
use super::{Dialect, Line, List, entry};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Entry, Matching};

/// What a list's entries name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Sources alone.
    Standard,
    /// Protocols and both sides.
    Extended,
    /// Frames too.
    Expert,
}

/// Every list of a configuration.
pub(in crate::facts) fn read_named<'a>(device: &Device<'_, 'a>) -> Vec<List<'a>> {
    let mut objects = Objects::read(device, Dialect::Nxos);
    let mut lists: Vec<List<'a>> = Vec::new();
    for (pattern, six) in [("ip access-list", false), ("ipv6 access-list", true), ("expert access-list", false)] {
        for header in device.root().all(pattern) {
            let Some((name, form)) = named(header) else { continue };
            let at = place(&mut lists, name, six, header);
            for node in header.children() {
                let words: Vec<&'a str> = node.words().collect();
                let numbered = words.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
                let name = if numbered { words[0] } else { node.text() };
                lists[at].lines.extend(line(&mut objects, node, name, &words[usize::from(numbered)..], form, six));
            }
        }
    }
    for node in live(device.root().children(), "access-list") {
        let words: Vec<&'a str> = node.words().collect();
        let (Some(name), Some(number)) = (words.get(1).copied(), words.get(1).and_then(|word| word.parse::<u32>().ok())) else { continue };
        let form = match number {
            1..=99 | 1300..=1999 => Form::Standard,
            100..=199 | 2000..=2699 => Form::Extended,
            _ => Form::Expert,
        };
        let at = place(&mut lists, name, false, node);
        lists[at].lines.extend(line(&mut objects, node, node.text(), &words[2..], form, false));
    }
    for list in &mut lists {
        list.lines.sort_by_key(|line| line.name.parse::<u64>().unwrap_or(u64::MAX));
    }
    lists
}

/// The name in `ip access-list NAME`, `ip access-list standard NAME`, `expert access-list extended NAME`.
fn named(header: Node<'_>) -> Option<(&str, Form)> {
    let expert = header.word(0) == Some("expert");
    match (header.word(2)?, header.word(3)) {
        ("standard", Some(name)) => Some((name, Form::Standard)),
        ("extended", Some(name)) => Some((name, if expert { Form::Expert } else { Form::Extended })),
        ("log-update" | "counter" | "logging", Some(_)) => None,
        (name, None) => Some((name, if expert { Form::Expert } else { Form::Extended })),
        _ => None,
    }
}

/// The number of a list, which is made where it is new.
fn place<'a>(lists: &mut Vec<List<'a>>, name: &'a str, six: bool, header: Node<'a>) -> usize {
    lists.iter().position(|list| list.name == name && list.six == six).unwrap_or_else(|| {
        lists.push(List { name, six, header, lines: Vec::new() });
        lists.len() - 1
    })
}

/// One entry from its words; none for remarks and settings of the list.
fn line<'a>(objects: &mut Objects<'a>, node: Node<'a>, name: &'a str, words: &[&'a str], form: Form, six: bool) -> Option<Line<'a>> {
    let action = match words.first() {
        Some(&"permit") => Action::Permit,
        Some(&"deny") => Action::Deny,
        _ => return None,
    };
    let mut line = match form {
        Form::Standard => entry(objects, Dialect::Nxos, node, words, true, six),
        Form::Extended => entry(objects, Dialect::Nxos, node, words, false, six),
        Form::Expert => Line {
            name,
            node,
            entry: Entry::new(action, Matching::unreadable()),
            references: Vec::new(),
            sources_unclear: true,
            destinations_unclear: true,
            services_unclear: true,
            logged: words.contains(&"log"),
            time_range: None,
        },
    };
    line.name = name;
    Some(line)
}
