//! Access lists and where they are applied into the rows of `access-rules`.

use super::Family;
use super::lists::{AccessList, Rule};
use super::sources::Applied;
use crate::facts::joined::access_rules::{Line, List, Part, push_rows};
use crate::facts::{Cell, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::source::Span;

static ORDER: Phrase = Phrase {
    zh: "列表 {} 为自动排序，其次序无法确定",
    en: "the list {} sorts itself, and in which order cannot be decided",
};

impl<'a> Family<'_, 'a> {
    /// Adds a row for each rule of each list.
    pub(in crate::facts) fn push_rules(&self, tables: &mut Tables<'a>, lists: &[AccessList<'a>]) {
        let used: Vec<(Applied<'a>, &'static str)> = self.device.config.tree.all().filter_map(|node| self.use_of(node)).collect();
        let lists: Vec<List<'a>> = lists.iter().map(|list| self.list_of(list, &used)).collect();
        push_rows(self.device.host, tables, self.product, &lists);
    }

    fn list_of(&self, list: &AccessList<'a>, used: &[(Applied<'a>, &'static str)]) -> List<'a> {
        let host = self.device.host;
        let name = if list.six { host.text(&format!("ipv6 {}", list.name)) } else { list.name };
        let names = |one: &Applied<'a>| one.six == list.six && (one.name == list.name || list.alias == Some(one.name));
        let uses: Vec<(&'static str, Span)> =
            used.iter().filter(|(one, _)| names(one)).map(|(one, word)| (*word, self.device.span(one.node))).collect();
        let order_unknown = list.order_unknown.then(|| Why::new("order-not-known", &ORDER, list.name));
        let lines = list.rules.iter().map(|rule| self.line_of(rule)).collect();
        // What applies a list could stand behind the cut.
        let uses = match self.device.cut() {
            Some(why) if uses.is_empty() => Err(why),
            _ => Ok(uses),
        };
        List { header: Some(self.device.span(list.header)), order_unknown, uses, ..List::new(name, lines) }
    }

    fn line_of(&self, rule: &Rule<'a>) -> Line<'a> {
        let span = self.device.span(rule.node);
        let logged = rule.node.words().any(|word| matches!(word, "logging" | "log"));
        Line {
            unclear: rule.unclear.map(|text| (Part::Everything, Why::not_understood(text))).into_iter().collect(),
            logged: self.device.decided(Value::Boolean(logged), rule.node),
            time_window: rule.time_range,
            comment: rule.comment.map(|(text, node)| (text, self.device.span(node))),
            expires: Cell::NONE,
            ..Line::new(if rule.number.is_empty() { rule.node.text() } else { rule.number }, span, rule.entry.clone())
        }
    }

    /// What a statement applies a list to.
    fn use_of(&self, node: Node<'a>) -> Option<(Applied<'a>, &'static str)> {
        if node.is_opaque() || node.starts("acl name") || (node.depth() == 0 && node.starts("acl")) || node.starts("description") {
            return None;
        }
        let first = node.word(0)?;
        let above = node.parent().and_then(|above| above.word(0)).unwrap_or_default();
        let outbound = node.words().any(|word| word == "outbound");
        let word = match (above, first) {
            ("user-interface" | "line", "acl") => "vty",
            (_, "snmp-agent") => "snmp",
            (_, "ssh") => "ssh",
            (_, "telnet") => "vty",
            (_, "http") => "http",
            (_, "ip") if matches!(node.word(1), Some("http" | "https")) => "http",
            (_, "ntp" | "ntp-service") => "ntp",
            (_, "nat") => "nat",
            (_, "traffic-filter" | "packet-filter") => {
                if outbound {
                    "interface-out"
                } else {
                    "interface-in"
                }
            }
            ("traffic", "if-match") => "qos",
            ("route-policy", "if-match") => "route-map",
            ("ipsec", "security") => "vpn",
            ("rule", _) | (_, "rule" | "undo" | "local-user") => return None,
            _ => "other",
        };
        // Comware writes `packet-filter 3001 inbound` without the keyword.
        let named = || {
            let name = node.words().skip(1).find(|word| !matches!(*word, "ipv6" | "name"))?;
            Some(Applied { name, six: node.words().any(|word| word == "ipv6"), node })
        };
        let applied = Applied::of(node).or_else(|| if first == "packet-filter" { named() } else { None })?;
        Some((applied, word))
    }
}
