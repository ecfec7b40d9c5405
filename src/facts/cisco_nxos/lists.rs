//! Access lists and the statements that use them into `access-rules`.

use std::collections::HashMap;

use super::super::cisco_lists::{self, Uses};
use super::{NAME, Nexus};
use crate::facts::Tables;
use crate::parse::tree::Node;
use crate::schema::neutral::ACCESS_RULES;

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&ACCESS_RULES) {
        return;
    }
    let mut uses: HashMap<(&'a str, bool), Uses> = HashMap::new();
    for node in nexus.device.config.tree.all() {
        if let Some((name, six, word)) = used(node) {
            uses.entry((name, six)).or_default().push((word, nexus.device.span(node)));
        }
    }
    cisco_lists::push_rows(&nexus.device, tables, NAME, &nexus.lists, |list| uses.get(&(list.name, list.six)).cloned().unwrap_or_default());
}

/// The list that a statement uses, whether it is one of IPv6, and for what.
fn used(node: Node<'_>) -> Option<(&str, bool, &'static str)> {
    let behind = |word: &str| node.words().skip_while(|it| *it != word).nth(1);
    let last = node.words().last()?;
    let traffic = if last == "out" { "interface-out" } else { "interface-in" };
    let six = node.word(0) == Some("ipv6") || node.word(1) == Some("ipv6");
    match (node.word(0)?, node.word(1)?) {
        ("ip", "access-group") => Some((node.word(2)?, false, traffic)),
        ("ip", "port") => Some((behind("access-group")?, false, traffic)),
        ("ipv6", "traffic-filter") => Some((node.word(2)?, true, traffic)),
        ("ipv6", "port") => Some((behind("traffic-filter")?, true, traffic)),
        ("access-class", name) => Some((name, false, "vty")),
        ("ipv6", "access-class") => Some((node.word(2)?, true, "vty")),
        ("snmp-server", "community" | "user") => {
            let four = behind("use-acl").or_else(|| behind("use-ipv4acl")).map(|name| (name, false, "snmp"));
            four.or_else(|| behind("use-ipv6acl").map(|name| (name, true, "snmp")))
        }
        ("match", "ip" | "ipv6") if node.word(2) == Some("address") => Some((last, six, "route-map")),
        ("match", "access-group") => Some((behind("name")?, false, "qos")),
        ("ntp", "access-group") => Some((last, false, "ntp")),
        _ => None,
    }
}
