//! Access lists (`acl number 2000`, `acl advanced name MGMT`) into entries, in the order in which they are asked.
//!
//! Both vendors write wildcard masks, in which `0` is one host. Rules are asked by number (`match-order config`, the default) or
//! narrower ones first (`match-order auto`). A list without rules, or one that does not exist, keeps nobody out where it is applied to
//! logins; where it has rules, who matches none is refused (S Series Command Reference and USG6000 Command Reference, "acl (user
//! interface view)"; HP MSR2000/3000/4000 Fundamentals Configuration Guide, "Controlling Telnet/SSH logins").
//!
//! Basic and advanced lists, 2000 to 3999 and those with a name, are read exactly. Lists of other kinds (frames, user-defined bytes,
//! interfaces, user groups, labels) match what addresses do not tell: their rules are kept, and are not exact.

pub(super) mod objects;
mod rule;

use super::Family;
use super::keywords::{comparable, keywords};
use crate::facts::Host;
use crate::facts::joined::access_rules::through;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, DepthFirst, Entry, Matching, depth_first};
use crate::reckon::network::Addresses;
use crate::source::Span;
use objects::Objects;
pub(in crate::facts) use rule::UNRESOLVED;

/// Numbers of lists whose rules match addresses, protocols and ports (ACL chapters of both vendors' guides).
const EXACT_NUMBERS: std::ops::RangeInclusive<u32> = 2000..=3999;

/// Digits of the numbers that VRP gives to named lists (S Series Command Reference, "acl name").
const GIVEN_DIGITS: usize = 5;

/// Keywords of lists that match something else.
const OTHER_KINDS: &[&str] = &["arp", "link", "mac", "mpls", "ucl", "user", "user-defined", "wlan"];

/// Blocks that begin like a list and are named sets.
const SETS: &[&str] = &["acl ip-pool", "acl ipv6-pool", "acl port-pool", "acl threshold-alarm", "acl ipv6 ip-pool"];

/// One rule of a list.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Rule<'a> {
    /// Its line.
    pub node: Node<'a>,
    /// Its number as it is written; empty where none is.
    pub number: &'a str,
    /// Its number, written or given by the list's step.
    pub place: u64,
    /// What it does.
    pub entry: Entry<'a>,
    /// A text of it that was not understood.
    pub unclear: Option<&'a str>,
    /// Members of the groups that it names.
    pub references: Vec<Span>,
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
    /// The kind of a list that matches something else than addresses.
    pub other: Option<&'a str>,
    /// Whether its name may be written in any case.
    pub any_case: bool,
    /// The line that opens it.
    pub header: Node<'a>,
    /// Its rules in the order in which they are asked, where that is known.
    pub rules: Vec<Rule<'a>>,
    /// Whether that order is not known.
    pub order_unknown: bool,
}

impl<'a> AccessList<'a> {
    /// Whether a statement that names a list of a family means this one.
    pub(in crate::facts) fn is_named(&self, name: &str, six: bool) -> bool {
        let same = |own: &str| own == name || (self.any_case && own.eq_ignore_ascii_case(name));
        self.six == six && (same(self.name) || self.alias.is_some_and(same))
    }
}

/// What the line that opens a list says.
struct Header<'a> {
    name: &'a str,
    alias: Option<&'a str>,
    six: bool,
    other: Option<&'a str>,
    auto: bool,
}

/// Every list of a configuration; blocks that open the same list are put together.
pub(in crate::facts) fn lists<'a>(family: &Family<'_, 'a>) -> Vec<AccessList<'a>> {
    let root = family.device.root();
    let any_case = !family.is_huawei();
    let mut found: Vec<AccessList<'a>> = Vec::new();
    let mut reads: Vec<(bool, rule::Reader<'a>)> = Vec::new();
    let mut objects = Objects::of(family, root);
    for block in root.all("acl").filter(|block| !SETS.iter().any(|set| block.starts(set))) {
        let Some(header) = header(block) else { continue };
        let place = found.iter().position(|list| list.other == header.other && list.is_named(header.name, header.six));
        let place = place.unwrap_or_else(|| {
            let Header { name, alias, six, other, auto } = header;
            found.push(AccessList { name, alias, six, other, any_case, header: block, rules: Vec::new(), order_unknown: false });
            reads.push((auto, rule::Reader::new(family, six, other.is_some())));
            found.len() - 1
        });
        reads[place].1.read(block, &mut objects);
    }
    for (list, (auto, reader)) in found.iter_mut().zip(reads) {
        list.rules = reader.finish();
        order(list, auto, any_case);
    }
    found
}

/// What the line that opens a list says.
fn header<'a>(block: Node<'a>) -> Option<Header<'a>> {
    let words: Vec<&'a str> = keywords(block).skip(1).collect();
    let at = words.iter().position(|word| *word == "name");
    let named = at.and_then(|at| words.get(at + 1)).copied();
    let is_name = |place: usize| at.is_some_and(|at| place == at + 1);
    let others = || words.iter().enumerate().filter(|(place, _)| !is_name(*place)).map(|(_, word)| *word);
    let number = others().find(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let exact = number.is_none_or(|number| number.parse().is_ok_and(|number| EXACT_NUMBERS.contains(&number)));
    // VRP gives lists that have only a name numbers of their own, above all that can be typed: `acl name MGMT 42768`.
    let exact = exact || (named.is_some() && number.is_some_and(|number| number.len() >= GIVEN_DIGITS));
    let kind = others().find(|word| OTHER_KINDS.contains(word));
    Some(Header {
        name: named.or(number)?,
        alias: named.and(number),
        six: others().any(|word| word == "ipv6"),
        other: kind.or(if exact { None } else { number }),
        auto: words.windows(2).any(|pair| pair == ["match-order", "auto"]),
    })
}

/// Puts the rules into the order in which they are asked.
fn order(list: &mut AccessList<'_>, auto: bool, comware: bool) {
    list.rules.sort_by_key(|rule| rule.place);
    if !auto {
        return;
    }
    let entries: Vec<Entry<'_>> = list.rules.iter().map(|rule| rule.entry.clone()).collect();
    let has_instance = |at: usize| list.rules[at].entry.matching.words(Aspect::ZoneFrom).is_some();
    let documented = if comware { DepthFirst::Comware } else { DepthFirst::Unsure };
    match depth_first(&entries, has_instance, documented) {
        Some(order) => list.rules = order.into_iter().map(|at| list.rules[at].clone()).collect(),
        None => list.order_unknown = true,
    }
}

/// The list of a name or number; one that matches addresses before one that does not.
pub(in crate::facts) fn find<'l, 'a>(lists: &'l [AccessList<'a>], name: &str, six: bool) -> Option<&'l AccessList<'a>> {
    let named = || lists.iter().filter(|list| list.is_named(name, six));
    named().find(|list| list.other.is_none()).or_else(|| named().next())
}

/// Who gets through a list to a service of the device, the family's addresses only; none where that is not known, or where the asset's
/// budget does not suffice to find out.
pub(in crate::facts) fn admitted(host: &Host<'_>, list: Option<&AccessList<'_>>, six: bool) -> Option<Addresses> {
    let everybody = if six { Addresses::any_six() } else { Addresses::any_four() };
    let Some(list) = list.filter(|list| !list.rules.is_empty()) else { return Some(everybody) };
    if list.order_unknown || !host.spend(list.rules.len() as u64) {
        return None;
    }
    let entries: Vec<Entry<'_>> = list.rules.iter().map(|rule| rule.entry.clone()).collect();
    let towards = Matching { sources: everybody, ..Matching::any() };
    let sources = through(host, &entries, &towards, Action::Deny)?;
    (sources.surely == sources.possibly).then_some(sources.surely)
}

/// A name of a list, group or range as the configuration compares it.
pub(in crate::facts) fn compared<'a>(family: &Family<'_, 'a>, name: &'a str) -> &'a str {
    comparable(family.device.host, name, !family.is_huawei())
}
