//! Access lists and the statements that use them into `access-rules`.

use std::collections::HashMap;

use super::super::cisco_lists::{self, Dialect, Uses};
use super::{Asa, NAME};
use crate::facts::Tables;
use crate::parse::tree::Node;
use crate::schema::neutral::ACCESS_RULES;

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&ACCESS_RULES) {
        return;
    }
    let lists = cisco_lists::read(&asa.device, Dialect::Asa);
    let mut uses: HashMap<&'a str, Uses> = HashMap::new();
    for node in asa.device.config.tree.all() {
        if let Some((name, word)) = used(node) {
            uses.entry(name).or_default().push((word, asa.device.span(node)));
        }
    }
    cisco_lists::push_rows(&asa.device, tables, NAME, &lists, |list| uses.get(list.name).cloned().unwrap_or_default());
}

/// The list that a statement uses, and for what.
fn used(node: Node<'_>) -> Option<(&str, &'static str)> {
    let behind = |word: &str| node.words().skip_while(|it| *it != word).nth(1);
    match node.word(0)? {
        "access-group" => {
            let what = match (node.word(2)?, node.words().any(|word| word == "control-plane")) {
                (_, true) => "control-plane",
                ("in", _) => "interface-in",
                ("out", _) => "interface-out",
                // The global list checks what comes in wherever no other one decides.
                _ => "interface-in",
            };
            Some((node.word(1)?, what))
        }
        "match" if node.word(1) == Some("access-list") => Some((node.word(2)?, "qos")),
        "crypto" => behind("address").filter(|_| node.words().any(|word| word == "match")).map(|name| (name, "vpn")),
        "vpn-filter" | "split-tunnel-network-list" => Some((behind("value")?, "vpn")),
        "nat" | "static" | "global" => Some((behind("access-list")?, "nat")),
        "aaa" if node.words().any(|word| word == "match") => Some((behind("match")?, "other")),
        _ => None,
    }
}
