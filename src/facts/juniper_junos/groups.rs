//! Groups of which the configuration does not say whether they are applied, into why what is not there may still be set.
//!
//! `${node}` stands for the group of the member of a cluster that this configuration is running on; a group with `when` is applied
//! while its condition holds; a group that is not defined was not shown. What such groups hold is not in the tree.

use super::Junos;
use crate::facts::Why;
use crate::names::Phrase;
use crate::parse::tree::{IssueKind, Node};

static NOT_DECIDED: Phrase = Phrase {
    zh: "apply-groups {} 是否生效、含有什么无法从配置确定，没有出现的语句不能视为未配置",
    en: "whether apply-groups {} holds, or what is in it, is not decided here: what is not shown may still be set",
};

/// Statements of the groups of a cluster's members that no table reads: names and addresses of the management port, routes.
const OF_NO_TABLE: [&str; 6] =
    ["chassis", "interfaces fxp0", "routing-options", "system backup-router", "system host-name", "system inet6-backup-router"];

impl<'a> Junos<'_, 'a> {
    /// Why something may be set that is not there, if a group that cannot be decided holds more than names and management addresses.
    pub(super) fn undecided(&self) -> Option<Why<'a>> {
        let tree = self.root.tree();
        let groups: Vec<Node<'a>> = self.root.at("groups").into_iter().flat_map(Node::values).collect();
        let told = tree.issues.iter().filter(|issue| issue.kind == IssueKind::Expansion && !issue.part.is_empty());
        for issue in told {
            let names = issue.part.trim_matches('"');
            let candidates: Vec<Node<'a>> = match names {
                "${node}" => groups.iter().filter(|group| is_member(group.text())).copied().collect(),
                name => groups.iter().filter(|group| group.text() == name).copied().collect(),
            };
            if candidates.is_empty() || candidates.iter().any(|group| !self.is_harmless(*group)) {
                return Some(Why::new("group-not-decided", &NOT_DECIDED, names));
            }
        }
        None
    }

    /// Whether no table reads what a group holds.
    fn is_harmless(&self, group: Node<'a>) -> bool {
        // An address of the management port says that a family is spoken, which is known where another interface has one.
        let interfaces = self.values("interfaces");
        let mut units = interfaces.iter().filter_map(|(_, interface)| interface.at("unit")).flat_map(Node::values);
        let spoken = units.any(|unit| unit.at("family inet address").is_some());
        let known = |path: &str| OF_NO_TABLE.contains(&path) && (spoken || path != "interfaces fxp0");
        group.values().filter(|top| top.text() != "when").all(|top| {
            let six = top.at("fxp0 unit").into_iter().flat_map(Node::values).any(|unit| unit.at("family inet6").is_some());
            let filtered = top.descendants().any(|node| node.text() == "filter");
            !six && !filtered && (known(top.text()) || top.values().all(|below| known(&format!("{} {}", top.text(), below.text()))))
        })
    }
}

/// Whether a group is that of a member of a cluster.
fn is_member(name: &str) -> bool {
    name.strip_prefix("node").is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}
