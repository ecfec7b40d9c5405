//! Access lists of IOS into the rows of `access-rules`, and the names that statements use into the rows of `references`.

use std::collections::HashMap;

use super::hours;
use super::lists::{List, Listed};
use super::statements::Ios;
use super::uses::Use;
use crate::facts::joined::access_rules;
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::{ACCESS_RULES, REFERENCES};
use crate::source::Span;

static UNCLEAR: Phrase =
    Phrase { zh: "对象组、掩码或条件无法确定：{}", en: "a group, mask or condition of it is not known exactly: {}" };

/// Most uses of one list that are kept as evidence.
const USES_MOST: usize = 64;

/// Adds the rows of both tables.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    if tables.wants(&ACCESS_RULES) {
        let mut uses: HashMap<(&str, bool), Vec<(&'static str, Span)>> = HashMap::new();
        for used in ios.uses() {
            let of_list = uses.entry((used.name, used.six)).or_default();
            if of_list.len() < USES_MOST || !of_list.iter().any(|(word, _)| *word == used.word) {
                of_list.push((used.word, ios.device.span(used.node)));
            }
        }
        let lists: Vec<access_rules::List<'a>> =
            ios.lists().all.iter().map(|list| of_list(ios, list, uses.remove(&(list.name, list.six)).unwrap_or_default())).collect();
        access_rules::push_rows(ios.device.host, tables, super::PRODUCT.name, &lists);
    }
    if tables.wants(&REFERENCES) {
        references(ios, tables);
    }
}

/// One list.
fn of_list<'a>(ios: &Ios<'_, 'a>, list: &List<'a>, uses: Vec<(&'static str, Span)>) -> access_rules::List<'a> {
    let twin = list.six && ios.lists().get(list.name, false).is_some();
    let name = if twin { ios.device.host.text(&format!("ipv6 {}", list.name)) } else { list.name };
    let unknown = ios.device.cut().filter(|_| uses.is_empty());
    access_rules::List {
        // A numbered list has no line of its own.
        header: (!list.header.starts("access-list")).then(|| ios.device.span(list.header)),
        uses: unknown.map_or(Ok(uses), Err),
        ..access_rules::List::new(name, list.entries.iter().map(|listed| of_entry(ios, listed)).collect())
    }
}

/// One entry.
fn of_entry<'a>(ios: &Ios<'_, 'a>, listed: &Listed<'a>) -> access_rules::Line<'a> {
    let device = &ios.device;
    let why = Why::new("not-exact", &UNCLEAR, listed.node.text());
    let ends = listed.time_range.and_then(|name| ios.time_range(name)).and_then(hours::end);
    access_rules::Line {
        unclear: listed.unclear.iter().map(|part| (*part, why)).collect(),
        references: listed.groups.iter().filter_map(|(_, node)| *node).map(|node| device.span(node)).collect(),
        logged: device.decided(Value::Boolean(listed.logged), listed.node),
        time_window: listed.time_range,
        comment: listed.remark.map(|(text, node)| (text, device.span(node))),
        expires: ends.map_or(Cell::NONE, |(date, node)| device.decided_by(Value::Date(date), &[node, listed.node])),
        ..access_rules::Line::new(listed.name, device.span(listed.node), listed.entry.clone())
    }
}

/// Lists, time ranges, object groups and groups of servers that statements name.
fn references<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    for Use { name, six, node, .. } in ios.uses() {
        let defined = ios.lists().get(name, *six).map(|list| list.header);
        reference(ios, tables, ("list", name, *node), defined);
    }
    for listed in ios.lists().all.iter().flat_map(|list| &list.entries) {
        if let Some(name) = listed.time_range {
            reference(ios, tables, ("profile", name, listed.node), ios.time_range(name));
        }
        for (name, defined) in &listed.groups {
            reference(ios, tables, ("group", name, listed.node), *defined);
        }
    }
    let blocks: HashMap<&str, Node<'a>> = ios.all("aaa group server").into_iter().filter_map(|node| Some((node.word(4)?, node))).collect();
    for node in ios.every("aaa").iter().copied().filter(|node| node.word(0) == Some("aaa") && !node.starts("aaa group")) {
        let words: Vec<&'a str> = node.words().collect();
        for pair in words.windows(2).filter(|pair| pair[0] == "group") {
            let builtin = matches!(pair[1], "radius" | "tacacs+" | "ldap").then_some(node);
            reference(ios, tables, ("group", pair[1], node), builtin.or(blocks.get(pair[1]).copied()));
        }
    }
}

fn reference<'a>(
    ios: &Ios<'_, 'a>,
    tables: &mut Tables<'a>,
    (kind, name, node): (&'static str, &'a str, Node<'a>),
    defined: Option<Node<'a>>,
) {
    let device = &ios.device;
    let own = |value| device.decided(value, node);
    let exists = match defined {
        Some(definition) => {
            let pieces = device.host.evidence(&[device.decides(node), device.reference(definition)]);
            Cell::known(Value::Boolean(true), pieces)
        }
        None => device.unless_cut(own(Value::Boolean(false))),
    };
    // The words behind these are secrets.
    let shown = if node.starts("snmp-server") { 2 } else { 6 };
    let above = node.parent().map_or(String::new(), |above| format!("{} / ", above.text()));
    let place = device.host.text(&format!("{above}{}", node.words().take(shown).collect::<Vec<_>>().join(" ")));
    let mut row = device.host.row(&REFERENCES, super::PRODUCT.name);
    row.set(const { REFERENCES.column("kind") }, own(Value::Word(kind)))
        .set(const { REFERENCES.column("name") }, own(Value::Text(name)))
        .set(const { REFERENCES.column("used-at") }, own(Value::Text(place)))
        .set(const { REFERENCES.column("defined") }, exists);
    tables.push(row);
}
