//! Access lists (`acl number 2000`, `acl advanced name MGMT`) into entries, in the order in which they are asked.
//!
//! Both vendors write wildcard masks, in which `0` is one host. Rules are asked by number (`match-order config`, the default) or
//! narrower ones first (`match-order auto`). A list without rules, or one that does not exist, keeps nobody out where it is applied to
//! logins; where it has rules, who matches none is refused (S Series Command Reference and USG6000 Command Reference, "acl (user
//! interface view)"; HP MSR2000/3000/4000 Fundamentals Configuration Guide, "Controlling Telnet/SSH logins").

mod rule;

use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Bounds, DepthFirst, Entry, Matching, depth_first, permitted_sources};
use crate::reckon::network::Addresses;

/// One rule of a list.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Rule<'a> {
    /// Its line.
    pub node: Node<'a>,
    /// Its number; empty where none is written.
    pub number: &'a str,
    /// What it does.
    pub entry: Entry<'a>,
    /// A text of it that was not understood.
    pub unclear: Option<&'a str>,
    /// The time range that it is bound to.
    pub time_range: Option<&'a str>,
    /// Its comment, and the line of that.
    pub comment: Option<(&'a str, Node<'a>)>,
}

/// One access list.
#[derive(Clone, Debug)]
pub(in crate::facts) struct AccessList<'a> {
    /// Its number or name.
    pub name: &'a str,
    /// Its number besides a name, where both are written.
    pub alias: Option<&'a str>,
    /// Whether it is one of IPv6.
    pub six: bool,
    /// The line that opens it.
    pub header: Node<'a>,
    /// Its rules in the order in which they are asked, where that is known.
    pub rules: Vec<Rule<'a>>,
    /// Whether that order is not known.
    pub order_unknown: bool,
}

/// Every list of a configuration; blocks that open the same list are put together.
pub(in crate::facts) fn lists<'a>(root: Node<'a>, comware: bool) -> Vec<AccessList<'a>> {
    let mut found: Vec<AccessList<'a>> = Vec::new();
    let mut automatic: Vec<bool> = Vec::new();
    for block in root.all("acl").filter(|block| !block.starts("acl mac") && !block.starts("acl user-defined")) {
        let Some((name, alias, six, auto)) = header(block) else { continue };
        let place = found.iter().position(|list| list.six == six && (list.name == name || list.alias == Some(name)));
        let place = place.unwrap_or_else(|| {
            found.push(AccessList { name, alias, six, header: block, rules: Vec::new(), order_unknown: false });
            automatic.push(auto);
            found.len() - 1
        });
        rule::read(block, six, &mut found[place].rules);
    }
    for (list, auto) in found.iter_mut().zip(automatic) {
        order(list, auto, comware);
    }
    found
}

/// Name, second name, family and whether it sorts itself, of the line that opens a list.
fn header<'a>(block: Node<'a>) -> Option<(&'a str, Option<&'a str>, bool, bool)> {
    let words: Vec<&'a str> = block.words().skip(1).collect();
    let six = words.contains(&"ipv6");
    let auto = words.windows(2).any(|pair| pair == ["match-order", "auto"]);
    let named = words.iter().position(|word| *word == "name").and_then(|at| words.get(at + 1)).copied();
    let number = words.iter().copied().find(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    Some((named.or(number)?, named.and(number), six, auto))
}

/// Puts the rules into the order in which they are asked.
fn order(list: &mut AccessList<'_>, auto: bool, comware: bool) {
    if !auto {
        // Rules without a number were typed last; the sort is stable.
        list.rules.sort_by_key(|rule| rule.number.parse::<u64>().unwrap_or(u64::MAX));
        return;
    }
    let entries: Vec<Entry<'_>> = list.rules.iter().map(|rule| rule.entry.clone()).collect();
    let has_instance = |at: usize| list.rules[at].entry.matching.also.contains(&"vpn-instance");
    let documented = if comware { DepthFirst::Comware } else { DepthFirst::Unsure };
    match depth_first(&entries, has_instance, documented) {
        Some(order) => list.rules = order.into_iter().map(|at| list.rules[at].clone()).collect(),
        None => list.order_unknown = true,
    }
}

/// The list of a name or number.
pub(in crate::facts) fn find<'l, 'a>(lists: &'l [AccessList<'a>], name: &str, six: bool) -> Option<&'l AccessList<'a>> {
    lists.iter().find(|list| list.six == six && (list.name == name || list.alias == Some(name)))
}

/// Who gets through a list to a service of the device, the family's addresses only; none where that is not known.
pub(in crate::facts) fn admitted(list: Option<&AccessList<'_>>, six: bool) -> Option<Addresses> {
    let everybody = if six { Addresses::any_six() } else { Addresses::any_four() };
    let Some(list) = list.filter(|list| !list.rules.is_empty()) else { return Some(everybody) };
    if list.order_unknown {
        return None;
    }
    let entries: Vec<Entry<'_>> = list.rules.iter().map(|rule| rule.entry.clone()).collect();
    let towards = Matching { sources: everybody, ..Matching::any() };
    let sources = permitted_sources(&entries, &towards, Action::Deny, Bounds::default()).0?;
    (sources.surely == sources.possibly).then_some(sources.surely)
}
