//! Names that statements use and that must be defined into `references`.

use std::collections::{HashMap, HashSet};

use super::super::device::cells::Device;
use super::super::{Cell, Tables, Value};
use super::unquoted;
use crate::parse::tree::Node;
use crate::schema::neutral::REFERENCES;

/// One use of a name: the word of `references`, the word of the definition's statement, the name and the line that uses it.
type Use<'a> = (&'static str, &'static str, &'a str, Node<'a>);

/// Statements within blocks that name something, by the block's first words: the statement, the kind and the definition.
const WITHIN: &[(&str, &str, &str, &str)] = &[
    ("rule", "src-addr", "list", "address"),
    ("rule", "dst-addr", "list", "address"),
    ("rule", "src-zone", "list", "zone"),
    ("rule", "dst-zone", "list", "zone"),
    ("rule", "schedule", "profile", "schedule"),
    ("isakmp peer", "isakmp-proposal", "profile", "isakmp proposal"),
    ("tunnel ipsec", "isakmp-peer", "profile", "isakmp peer"),
    ("tunnel ipsec", "ipsec-proposal", "profile", "ipsec proposal"),
];

/// Adds the rows. A service is not among them: the system defines hundreds that no configuration holds.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let defined = definitions(device);
    let mut seen: HashSet<(&'static str, &'a str)> = HashSet::new();
    for (kind, definition, name, line) in uses(device) {
        if seen.insert((definition, name)) {
            push(device, tables, (kind, name, line), defined.get(&(definition, name)).copied());
        }
    }
}

/// What is defined, by the words of its statement and its name.
fn definitions<'a>(device: &Device<'_, 'a>) -> HashMap<(&'static str, &'a str), Node<'a>> {
    const LISTS: &[(&str, usize)] = &[
        ("aaa-server", 1),
        ("address", 1),
        ("admin role", 2),
        ("ipsec proposal", 2),
        ("isakmp peer", 2),
        ("isakmp proposal", 2),
        ("schedule", 1),
        ("zone", 1),
    ];
    let mut found = HashMap::new();
    for node in device.root().children() {
        for (words, at) in LISTS.iter().filter(|(words, _)| node.starts(words)) {
            // `address id 5 "LAN"` and `address "LAN"`.
            let name = if node.word(1) == Some("id") { node.word(3) } else { node.word(*at) };
            if let Some(name) = name {
                found.entry((*words, unquoted(name))).or_insert(node);
            }
        }
    }
    found
}

fn uses<'a>(device: &Device<'_, 'a>) -> Vec<Use<'a>> {
    let root = device.root();
    let mut found: Vec<Use<'a>> = Vec::new();
    for block in root.children().chain(root.find(&["policy-global", "rule"])) {
        for (_, statement, kind, definition) in WITHIN.iter().filter(|(words, ..)| block.starts(words)) {
            for line in block.all(statement) {
                let names = line.words().skip(1).map(unquoted).filter(|name| !name.eq_ignore_ascii_case("any"));
                found.extend(names.map(|name| (*kind, *definition, name, line)));
            }
        }
        if block.starts("admin user") {
            let roles = block.all("role").filter_map(|line| Some((unquoted(line.word(1)?), line)));
            let custom = roles.filter(|(name, _)| !super::people::PREDEFINED.contains(name));
            found.extend(custom.map(|(name, line)| ("group", "admin role", name, line)));
        } else if let Some(name) = block.after("admin auth-server").and_then(|mut words| words.next()) {
            found.push(("group", "aaa-server", unquoted(name), block));
        }
    }
    // The device's own users need no statement.
    found.retain(|(_, definition, name, _)| !(*definition == "aaa-server" && *name == "local"));
    found
}

fn push<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>, (kind, name, line): (&'static str, &'a str, Node<'a>), by: Option<Node<'a>>) {
    let own = |value| device.decided(value, line);
    let defined = match by {
        Some(node) => Cell::known(Value::Boolean(true), device.host.evidence(&[device.decides(line), device.reference(node)])),
        None => device.unless_cut(own(Value::Boolean(false))),
    };
    let at = match line.parent().filter(|above| !above.text().is_empty()) {
        Some(above) => device.host.text(&format!("{} / {}", above.text(), line.text())),
        None => line.text(),
    };
    let mut row = device.host.row(&REFERENCES, super::PRODUCT.name);
    row.set(const { REFERENCES.column("kind") }, own(Value::Word(kind)))
        .set(const { REFERENCES.column("name") }, own(Value::Text(name)))
        .set(const { REFERENCES.column("used-at") }, own(Value::Text(at)))
        .set(const { REFERENCES.column("defined") }, defined);
    tables.push(row);
}
