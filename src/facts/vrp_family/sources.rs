//! The lists that are applied to a way in into the addresses that may use it.

use super::Family;
use super::keywords::keywords;
use super::lists::{self, AccessList, Rule};
use super::time::TimeRanges;
use crate::facts::{Cell, Evidence, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::Action;
use crate::reckon::network::Addresses;
use crate::reckon::week::Week;

/// The most blocks that one cell lists.
const BLOCKS_MOST: usize = 4096;

static UNCLEAR: Phrase = Phrase { zh: "ACL {} 放行的来源无法确定", en: "what the list {} lets through cannot be decided" };

/// A list that is applied somewhere.
#[derive(Clone, Copy, Debug)]
pub(in crate::facts) struct Applied<'a> {
    /// Its number or name.
    pub name: &'a str,
    /// Whether it is one of IPv6.
    pub six: bool,
    /// The line that applies it.
    pub node: Node<'a>,
}

impl<'a> Applied<'a> {
    /// The list that a statement applies: the word behind `acl`, `acl ipv6` or `ipv6 acl`, and of statements that name a list without
    /// that keyword the one behind theirs (`packet-filter 3001 inbound`, `nat outbound 2000`, `filter-policy 2000 export`,
    /// `ntp-service access peer 2000`).
    pub(in crate::facts) fn of(node: Node<'a>) -> Option<Applied<'a>> {
        const SKIPPED: &[&str] = &["advanced", "basic", "ipv6", "mac", "name", "user-defined"];
        let words: Vec<&'a str> = keywords(node).collect();
        let behind = |keyword: &str| words.iter().position(|word| *word == keyword).map(|at| at + 1);
        let is_list = |at: usize| words.get(at).is_some_and(|word| *word == "name" || word.bytes().all(|byte| byte.is_ascii_digit()));
        let start = match (behind("acl"), words.first().copied()) {
            (Some(at), _) => at,
            (None, Some("undo")) => return None,
            _ if node.starts("packet-filter default") || node.starts("packet-filter filter") => return None,
            (None, Some("packet-filter")) => 1,
            (None, Some("firewall")) => behind("packet-filter").filter(|at| is_list(*at))?,
            (None, Some("nat")) => behind("outbound").filter(|at| is_list(*at))?,
            (None, Some("filter-policy" | "peer")) => match behind("acl-name") {
                Some(at) => at,
                None => behind("filter-policy").filter(|at| is_list(*at))?,
            },
            (None, Some("ntp-service" | "ntp")) => behind("access").map(|at| at + 1).filter(|at| is_list(*at))?,
            _ => return None,
        };
        let six = words[..start].contains(&"ipv6") || words.get(start) == Some(&"ipv6");
        let name = words[start..].iter().copied().find(|word| !SKIPPED.contains(word))?;
        Some(Applied { name, six, node })
    }
}

impl<'a> Family<'_, 'a> {
    /// Whether some address of IPv6 is configured; none where that is not known.
    pub(in crate::facts) fn has_six(&self) -> Option<bool> {
        let shows = |node: Node<'a>| node.starts("ipv6 address") || node.starts("ipv6 enable");
        let found = self.device.config.tree.all().any(shows);
        (found || self.device.cut().is_none()).then_some(found)
    }

    /// The addresses from which a way in can be reached: who gets through all of the lists of his family.
    pub(in crate::facts) fn sources(&self, lists: &[AccessList<'a>], applied: &[Applied<'a>]) -> Cell<'a> {
        let host = self.device.host;
        let mut evidence: Vec<Evidence<'a>> = Vec::new();
        let six = self.has_six().unwrap_or(true);
        let mut left = if six { Addresses::any() } else { Addresses::any_four() };
        for one in applied {
            evidence.push(self.device.decides(one.node));
            let list = lists::find(lists, one.name, one.six);
            evidence.extend(list.map(|list| self.device.reference(list.header)));
            evidence.extend(list.iter().flat_map(|list| list.rules.iter().take(16)).map(|rule| self.device.reference(rule.node)));
            let Some(admitted) = lists::admitted(host, list, one.six) else {
                let unclear = list.and_then(|list| list.rules.iter().find_map(|rule| rule.unclear));
                return Cell::unknown(Why::new("list-not-decided", &UNCLEAR, unclear.unwrap_or(one.name)), host.evidence(&evidence));
            };
            let other = if one.six { Addresses::any_four() } else { Addresses::any_six() };
            left = left.intersection(&admitted.union(&other));
        }
        let applies = |six: bool| applied.iter().any(|one| one.six == six);
        let open = !applies(false) || (six && !applies(true));
        if open {
            evidence.push(self.device.searched());
        }
        // Without a list the addresses are everybody's only as far as the configuration was received.
        match (open, self.device.cut()) {
            (true, Some(why)) => Cell::unknown(why, host.evidence(&evidence)),
            _ => self.networks(&left, host.evidence(&evidence)),
        }
    }

    /// The time ranges that the applied lists let somebody in, and the hours per week. A permit without a range, and a family without a
    /// list, let in at any time.
    pub(in crate::facts) fn windows(
        &self,
        lists: &[AccessList<'a>],
        applied: &[Applied<'a>],
        ranges: &TimeRanges<'a>,
        sources: Cell<'a>,
    ) -> (Cell<'a>, Cell<'a>) {
        let found: Vec<&AccessList<'a>> = applied.iter().filter_map(|one| lists::find(lists, one.name, one.six)).collect();
        let permits: Vec<&Rule<'a>> =
            found.iter().flat_map(|list| &list.rules).filter(|rule| rule.entry.action == Action::Permit).collect();
        let covered = |six: bool| applied.iter().any(|one| one.six == six);
        let bound = !permits.is_empty() && covered(false) && (covered(true) || self.has_six() == Some(false));
        if !bound || permits.iter().any(|rule| rule.time_range.is_none()) {
            return self.always(sources);
        }
        let mut week = Week::NEVER;
        let mut names: Vec<(&'a str, Node<'a>)> = Vec::new();
        for rule in permits {
            let Some(name) = rule.time_range else { continue };
            let Some(own) = ranges.week(name) else {
                let hours = ranges.hours(self, name, rule.node);
                return (Cell { evidence: hours.evidence, ..Cell::known(self.list([name]), &[]) }, hours);
            };
            week = week.or(&own);
            names.push((name, rule.node));
        }
        let nodes: Vec<Node<'a>> = names.iter().flat_map(|(name, node)| [Some(*node), ranges.find(name)]).flatten().collect();
        (self.device.texts(&names), self.device.decided_by(Value::Duration(week.seconds()), &nodes))
    }

    /// A set of addresses as a list of blocks.
    pub(in crate::facts) fn networks(&self, addresses: &Addresses, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
        let blocks = addresses.blocks();
        if blocks.len() > BLOCKS_MOST {
            return Cell::unknown(Why::budget_spent("acl"), evidence);
        }
        let values = self.device.host.arena().alloc_slice_fill_iter(blocks.into_iter().map(Value::Network));
        Cell::known(Value::List(values), evidence)
    }

    /// The names of applied lists that exist and have rules.
    pub(in crate::facts) fn restricted_by(&self, lists: &[AccessList<'a>], applied: &[Applied<'a>]) -> Cell<'a> {
        let works = |one: &&Applied<'a>| lists::find(lists, one.name, one.six).is_some_and(|list| !list.rules.is_empty());
        let items: Vec<(&'a str, Node<'a>)> =
            applied.iter().filter(works).map(|one| (self.device.host.text(&format!("acl {}", one.name)), one.node)).collect();
        self.device.texts(&items)
    }
}
