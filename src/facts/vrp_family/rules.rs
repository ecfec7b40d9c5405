//! Access lists and where they are applied into the rows of `access-rules`.

use super::Family;
use super::keywords::{keyword_at, keywords};
use super::lists::objects::Objects;
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
        let mut lists: Vec<List<'a>> = lists.iter().map(|list| self.list_of(list, &used)).collect();
        lists.extend(self.policies());
        push_rows(self.device.host, tables, self.product, &lists);
    }

    fn list_of(&self, list: &AccessList<'a>, used: &[(Applied<'a>, &'static str)]) -> List<'a> {
        let host = self.device.host;
        let name = match (list.six, list.other) {
            (true, _) => host.text(&format!("ipv6 {}", list.name)),
            (false, Some(kind)) if kind != list.name => host.text(&format!("{kind} {}", list.name)),
            (false, _) => list.name,
        };
        let names = |one: &Applied<'a>| list.is_named(one.name, one.six);
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
        let logged = keywords(rule.node).any(|word| matches!(word, "logging" | "log"));
        Line {
            unclear: rule.unclear.map(|text| (Part::Everything, self.unclear(rule, text))).into_iter().collect(),
            references: rule.references.clone(),
            logged: self.device.decided(Value::Boolean(logged), rule.node),
            time_window: rule.time_range,
            comment: rule.comment.map(|(text, node)| (text, self.device.span(node))),
            expires: Cell::NONE,
            ..Line::new(if rule.number.is_empty() { rule.node.text() } else { rule.number }, span, rule.entry.clone())
        }
    }

    /// Why a rule is not exactly known.
    fn unclear(&self, rule: &Rule<'a>, text: &'a str) -> Why<'a> {
        let words: Vec<&'a str> = keywords(rule.node).collect();
        let named = words.windows(2).any(|pair| matches!(pair[0], "object-group" | "address-set") && pair[1] == text);
        if named { Objects::unresolved(text) } else { Why::not_understood(text) }
    }

    /// What a statement applies a list to.
    fn use_of(&self, node: Node<'a>) -> Option<(Applied<'a>, &'static str)> {
        if node.is_opaque() || (node.parent().is_none() && node.starts("acl")) || node.starts("description") {
            return None;
        }
        let above = node.parent().and_then(|above| keyword_at(above, 0)).unwrap_or_default();
        let first = keyword_at(node, 0)?;
        if above == "rule" || matches!(first, "rule" | "undo" | "local-user") {
            return None;
        }
        let applied = Applied::of(node)?;
        Some((applied, use_word(node, above, first)))
    }
}

/// The word of the column `applied-to` for a statement that applies a list, by its first word and that of the view it stands in.
fn use_word(node: Node<'_>, above: &str, first: &str) -> &'static str {
    let outbound = keywords(node).any(|word| word == "outbound");
    match (above.to_ascii_lowercase().as_str(), first.to_ascii_lowercase().as_str()) {
        ("user-interface" | "line", "acl") => "vty",
        ("zone-pair" | "interzone", _) => "firewall",
        ("control-plane" | "cpu-defend", _) => "control-plane",
        (_, "snmp-agent") => "snmp",
        (_, "ssh") => "ssh",
        (_, "telnet") => "vty",
        (_, "http" | "https") => "http",
        (_, "ip") if matches!(keyword_at(node, 1), Some("http" | "https")) => "http",
        (_, "ntp" | "ntp-service") => "ntp",
        (_, "nat") => "nat",
        (_, "traffic-filter" | "traffic-secure" | "packet-filter" | "firewall") if outbound => "interface-out",
        (_, "traffic-filter" | "traffic-secure" | "packet-filter" | "firewall") => "interface-in",
        ("traffic" | "policy-based-route", "if-match") => "qos",
        ("route-policy", "if-match") | (_, "filter-policy" | "peer") => "route-map",
        ("ipsec", "security") => "vpn",
        _ => "other",
    }
}
