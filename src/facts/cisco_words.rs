//! Words and habits that configurations of ASA and NX-OS share into values and cells.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use super::device::cells::Device;
use super::settings::{self, Readings};
use super::{Cell, Evidence, Host, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::reckon::week::Week;
use crate::schema::Table;

/// The most blocks that one cell lists.
const BLOCKS_MOST: usize = 4096;

/// Communities that everybody knows.
const KNOWN_COMMUNITIES: &[&str] = &["public", "private", "cisco", "admin", "snmp"];

/// Names that people share.
const SHARED_NAMES: &[&str] =
    &["admin", "administrator", "cisco", "guest", "manager", "netadmin", "operator", "root", "support", "test", "user"];

/// Words by which a banner tells what the device is.
const PRODUCT_WORDS: &[&str] = &["asa ", "cisco", "firepower", "nexus", "nx-os", "$(hostname)"];

/// Adds a row.
pub(super) fn push<'a>(
    device: &Device<'_, 'a>,
    tables: &mut Tables<'a>,
    (table, product): (&'static Table, &'static str),
    cells: &[(usize, Cell<'a>)],
) {
    let mut row = device.host.row(table, product);
    for (column, cell) in cells {
        row.set(*column, *cell);
    }
    tables.push(row);
}

/// Adds the row of a setting whose readings do not follow from its text alone.
pub(super) fn push_setting<'a>(
    device: &Device<'_, 'a>,
    tables: &mut Tables<'a>,
    (table, product, name): (&'static Table, &'static str, &'static str),
    (text, readings, node): (&'a str, Readings<'a>, Node<'a>),
) {
    let evidence = device.host.evidence(&[device.decides(node)]);
    tables.push(settings::row(device.host, table, product, name, (text, readings, evidence)));
}

/// Words of a vocabulary as a list.
pub(super) fn words<'a>(host: &Host<'a>, items: &[&'static str]) -> Value<'a> {
    Value::List(host.arena().alloc_slice_fill_iter(items.iter().map(|item| Value::Word(item))))
}

/// A set of addresses as a list of blocks.
pub(super) fn networks<'a>(host: &Host<'a>, addresses: &Addresses, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let blocks = addresses.blocks();
    if blocks.len() > BLOCKS_MOST {
        return Cell::unknown(Why::budget_spent("address blocks"), evidence);
    }
    Cell::known(Value::List(host.arena().alloc_slice_fill_iter(blocks.into_iter().map(Value::Network))), evidence)
}

/// The last statement that begins with a pattern, unless a later one takes it back with `no`.
pub(super) fn written<'a>(nodes: impl Iterator<Item = Node<'a>>, pattern: &str) -> Option<Node<'a>> {
    let mut last = None;
    for node in nodes {
        if node.starts(pattern) {
            last = Some(node);
        } else if node.after("no").is_some_and(|words| taken_back(words.rest(), pattern)) {
            last = None;
        }
    }
    last
}

/// Whether what follows `no` takes back every statement of a pattern: the pattern itself, or it with a value.
fn taken_back(negated: &str, pattern: &str) -> bool {
    negated.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The last of `pattern` and `no pattern`, and whether it is the first.
pub(super) fn toggled<'a>(nodes: impl Iterator<Item = Node<'a>>, pattern: &str) -> Option<(bool, Node<'a>)> {
    let negated = format!("no {pattern}");
    nodes.filter_map(|node| if node.starts(pattern) { Some((true, node)) } else { node.starts(&negated).then_some((false, node)) }).last()
}

/// Statements that begin with a pattern and that no later `no` takes back.
pub(super) fn live<'a>(nodes: impl Iterator<Item = Node<'a>>, pattern: &str) -> Vec<Node<'a>> {
    let mut found: Vec<Node<'a>> = Vec::new();
    for node in nodes {
        if node.starts(pattern) {
            found.push(node);
        } else if let Some(negated) = node.rest("no") {
            found.retain(|kept| !taken_back(kept.text(), negated));
        }
    }
    found
}

/// The severity that a level names, 0 to 7.
pub(super) fn severity(word: &str) -> Option<i64> {
    const NAMES: [(&str, i64); 9] = [
        ("emergencies", 0),
        ("alerts", 1),
        ("critical", 2),
        ("errors", 3),
        ("warnings", 4),
        ("notifications", 5),
        ("informational", 6),
        ("information", 6),
        ("debugging", 7),
    ];
    let number = word.parse().ok().filter(|number| (0..=7).contains(number));
    number.or_else(|| NAMES.iter().find(|(name, _)| *name == word).map(|(_, number)| *number))
}

/// The statement by which log hosts get neither logins nor changes: those are notifications and less severe, and it asks for more.
pub(super) fn withheld<'a>(trap: Option<Node<'a>>) -> Option<Node<'a>> {
    trap.filter(|node| node.words().last().and_then(severity).is_some_and(|level| level < 5))
}

/// Minutes as a time of which 0 is no limit.
pub(super) fn minutes_or_never(text: &str) -> Readings<'static> {
    let number: Option<u64> = text.parse().ok();
    let duration = number.map(|minutes| if minutes == 0 { Value::Unlimited } else { Value::Duration(minutes.saturating_mul(60)) });
    Readings { number: text.parse().ok().map(Value::Integer), duration, ..Readings::default() }
}

/// Whether a name is one that people share.
pub(super) fn is_shared(name: &str) -> bool {
    SHARED_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether everybody knows a community.
pub(super) fn is_known_community(text: &str) -> bool {
    KNOWN_COMMUNITIES.iter().any(|known| known.eq_ignore_ascii_case(text))
}

/// Whether a collector has put a mask in place of a secret.
pub(super) fn is_masked(text: &str) -> bool {
    crate::source::redact::masked_scheme(text).is_some() || (!text.is_empty() && text.bytes().all(|byte| byte == b'*'))
}

/// Whether a banner tells what the device is.
pub(super) fn tells_product(text: &str) -> bool {
    let lower = text.to_lowercase();
    PRODUCT_WORDS.iter().any(|word| lower.contains(word))
}

/// The block that an address and a netmask name.
pub(super) fn masked_block(address: &str, mask: &str) -> Option<IpNet> {
    Some(IpNet::V4(Ipv4Net::with_netmask(address.parse().ok()?, mask.parse().ok()?).ok()?.trunc()))
}

/// The block of one address.
pub(super) fn host_block(text: &str) -> Option<IpNet> {
    text.parse::<IpAddr>().ok().map(IpNet::from)
}

/// How SNMP requests of a user are authenticated and encrypted, by the words behind `auth` and `priv`.
pub(super) fn snmp_protection(words: &[&str]) -> (&'static str, &'static str) {
    let behind = |word: &str| words.iter().position(|it| *it == word).and_then(|at| words.get(at + 1)).copied();
    let auth = match behind("auth") {
        None => "none",
        Some("md5") => "md5",
        Some("sha" | "sha1") => "sha1",
        Some(_) => "sha2",
    };
    let privacy = match behind("priv") {
        None => "none",
        Some("aes" | "aes-128" | "aes-256") => "aes",
        Some("3des") => "3des",
        // ASA writes `des`; NX-OS writes nothing for DES.
        Some(_) => "des",
    };
    (auth, privacy)
}

/// How strong a cipher, hash or group is that is named in SSH, IKE or IPsec.
pub(super) fn strength(name: &str) -> &'static str {
    let name = name.to_lowercase();
    let has = |part: &str| name.contains(part);
    match () {
        () if has("sm2") || has("sm3") || has("sm4") => "commercial-sm",
        () if has("null") || has("des") || has("md5") || has("arcfour") || has("rc4") || has("group1-") || has("96") => "weak",
        () if has("-cbc") || has("sha1") || name == "sha" || name == "hmac-sha" => "weak",
        () if ["1", "2", "5"].contains(&&*name) => "weak",
        () if has("gcm") || has("256") || has("384") || has("512") || has("ecdh") || has("curve25519") => "strong",
        () => "acceptable",
    }
}

/// The hours per week of a time range; none where a line of it is not understood.
pub(super) fn hours(range: &[Node<'_>]) -> Option<u64> {
    let mut week = None;
    for node in range {
        let Some(rest) = node.rest("periodic") else { continue };
        let period = period(rest)?;
        week = Some(week.map_or(period, |week: Week| week.or(&period)));
    }
    Some(week.unwrap_or(Week::ALWAYS).seconds())
}

/// The minutes that a line `weekdays 8:00 to 18:00` or `monday 8:00 to friday 18:00` names.
fn period(text: &str) -> Option<Week> {
    let (from, to) = text.split_once(" to ")?;
    let (days, start) = from.rsplit_once(' ')?;
    let start = minute(start)?;
    if let Some((last_day, end)) = to.trim().rsplit_once(' ') {
        let (first, last, end) = (day(days.trim())?, day(last_day.trim())?, minute(end)?);
        let (begin, finish) = (first * 1440 + start, last * 1440 + end);
        return Some(Week::where_minute(|day, hour, minute| {
            let at = day * 1440 + hour * 60 + minute;
            if begin <= finish { (begin..=finish).contains(&at) } else { at >= begin || at <= finish }
        }));
    }
    let end = minute(to.trim())?;
    let named: Vec<usize> = days.split(' ').map(set).collect::<Option<Vec<_>>>()?.concat();
    Some(Week::where_minute(|day, hour, minute| named.contains(&day) && (start..=end).contains(&(hour * 60 + minute))))
}

fn set(word: &str) -> Option<Vec<usize>> {
    match word {
        "daily" => Some((0..7).collect()),
        "weekdays" => Some((1..6).collect()),
        "weekend" => Some(vec![0, 6]),
        other => day(other).map(|day| vec![day]),
    }
}

fn day(word: &str) -> Option<usize> {
    const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    DAYS.iter().position(|name| name.eq_ignore_ascii_case(word))
}

fn minute(text: &str) -> Option<usize> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (usize, usize) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_last_to_the_end_of_their_last_minute() {
        // ASA and IOS: `periodic weekdays 8:00 to 17:59` is ten hours on five days.
        assert_eq!(period("weekdays 8:00 to 17:59").map(|week| week.seconds()), Some(5 * 10 * 3_600));
        assert_eq!(period("Saturday 0:00 to Sunday 23:59").map(|week| week.seconds()), Some(2 * 24 * 3_600));
        assert_eq!(period("daily 0:00 to 23:59"), Some(Week::ALWAYS));
        assert_eq!(period("sometimes 0:00 to 23:59"), None);
    }

    #[test]
    fn levels_have_names_and_numbers() {
        assert_eq!((severity("informational"), severity("5"), severity("9"), severity("MYLIST")), (Some(6), Some(5), None, None));
    }
}
