//! `admin host` and `admin ipv6-host` into trusted hosts: the table `hillstone-trusted-hosts` and who may reach a service.
//!
//! Only trusted hosts can administer, over the services that their line names. Where none is listed the factory's entry holds, which
//! trusts every address. A line may bind the addresses to network cards as well, which widens nothing.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::super::device::cells::Device;
use super::super::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::hillstone::HILLSTONE_TRUSTED_HOSTS as TABLE;

/// Every address is trusted where nothing else is set.
static ANY: Documented = Documented {
    setting: "admin host 0.0.0.0/0",
    versions: "StoneOS 5.5",
    source: "Hillstone StoneOS 命令行用户手册 5.5R12, 系统管理, 配置可信主机",
};

/// Words that end the addresses of a line.
const SERVICES: &[&str] = &["any", "http", "https", "netconf", "ssh", "telnet"];

/// One line.
#[derive(Clone, Debug)]
pub(super) struct Trusted<'a> {
    node: Node<'a>,
    host: &'a str,
    /// None where the addresses are not understood.
    addresses: Option<Addresses>,
    services: Vec<&'a str>,
}

/// All lines that hold: one that `no …` takes back does not.
pub(super) fn trusted<'a>(device: &Device<'_, 'a>) -> Vec<Trusted<'a>> {
    let mut all: Vec<Trusted<'a>> = Vec::new();
    for node in device.root().children() {
        for (subject, six) in [("admin host", false), ("admin ipv6-host", true)] {
            if let Some(rest) = node.rest(subject) {
                all.extend(read(node, rest, six));
            } else if let Some(rest) = node.rest(&format!("no {subject}")) {
                take_back(&mut all, subject, rest, six);
            }
        }
    }
    all
}

/// Takes an entry back, or some of its services where the line names any; a description alone takes nothing back.
fn take_back(all: &mut Vec<Trusted<'_>>, subject: &str, rest: &str, six: bool) {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (place, services) = parts(&words, six);
    if services.is_empty() && words.contains(&"description") {
        return;
    }
    all.retain_mut(|it| {
        let own: Vec<&str> = it.host.split_whitespace().collect();
        if !it.node.starts(subject) || parts(&own, six).0 != place {
            return true;
        }
        if services.is_empty() || services.contains(&"any") {
            return false;
        }
        if it.services.contains(&"any") {
            it.services = SERVICES.iter().copied().filter(|word| *word != "any").collect();
        }
        it.services.retain(|word| !services.contains(word));
        !it.services.is_empty()
    });
}

/// The words of the addresses, those of the network cards included, and the services behind.
fn parts<'w, 'a>(words: &'w [&'a str], six: bool) -> (&'w [&'a str], Vec<&'a str>) {
    let (_, mut used) = addresses(words, six);
    if words.get(used) == Some(&"mac-host") {
        used += if words.get(used + 1) == Some(&"range") { 4 } else { 2 };
    }
    let (place, behind) = words.split_at(used.min(words.len()));
    let services = behind.iter().copied().take_while(|word| *word != "description");
    (place, services.filter(|word| SERVICES.contains(word)).collect())
}

fn read<'a>(node: Node<'a>, rest: &'a str, six: bool) -> Option<Trusted<'a>> {
    let words: Vec<&'a str> = rest.split_whitespace().collect();
    let (addresses, _) = addresses(&words, six);
    let (_, services) = parts(&words, six);
    // A line that only describes a host has no effect.
    if services.is_empty() && words.contains(&"description") {
        return None;
    }
    // Without a service, as older releases write it, it is every one.
    let services = if services.is_empty() { vec!["any"] } else { services };
    Some(Trusted { node, host: rest, addresses, services })
}

/// The addresses at the beginning of a line, and how many words they are.
fn addresses(words: &[&str], six: bool) -> (Option<Addresses>, usize) {
    let address = |at: usize| words.get(at).and_then(|word| word.parse::<IpAddr>().ok());
    match words.first().copied() {
        Some("any") if six => (Some(Addresses::any_six()), 1),
        Some("any") => (Some(Addresses::any_four()), 1),
        Some("range") => (address(1).zip(address(2)).map(|(first, last)| Addresses::between(first, last)), 3),
        Some(word) if word.contains('/') => (word.parse::<IpNet>().ok().map(|block| Addresses::of([block])), 1),
        Some(_) => match (address(0), words.get(1).and_then(|word| word.parse::<Ipv4Addr>().ok())) {
            (Some(IpAddr::V4(first)), Some(mask)) => {
                (Ipv4Net::with_netmask(first, mask).ok().map(|block| Addresses::of([IpNet::V4(block.trunc())])), 2)
            }
            (Some(first), None) => (Some(Addresses::of([IpNet::from(first)])), 1),
            _ => (None, 1),
        },
        None => (None, 0),
    }
}

/// From where a service may be used, and the lines that say so.
pub(super) fn sources<'a>(device: &Device<'_, 'a>, all: &[Trusted<'a>], service: &str) -> (Cell<'a>, bool) {
    let mine: Vec<&Trusted<'a>> = all.iter().filter(|it| it.services.iter().any(|word| *word == "any" || *word == service)).collect();
    let nodes: Vec<Node<'a>> = mine.iter().map(|it| it.node).collect();
    if all.is_empty() {
        return (device.defaulted(networks(device, &Addresses::any_four()), &ANY), false);
    }
    if let Some(unclear) = mine.iter().find(|it| it.addresses.is_none()) {
        let evidence = device.host.evidence(&[device.decides(unclear.node)]);
        return (Cell::unknown(Why::not_understood(unclear.host), evidence), true);
    }
    let union = mine.iter().filter_map(|it| it.addresses.as_ref()).fold(Addresses::none(), |sum, it| sum.union(it));
    let shown = if nodes.is_empty() { vec![all[0].node] } else { nodes };
    (device.unless_cut(device.decided_by(networks(device, &union), &shown)), true)
}

fn networks<'a>(device: &Device<'_, 'a>, set: &Addresses) -> Value<'a> {
    Value::List(device.host.arena().alloc_slice_fill_iter(set.blocks().into_iter().map(Value::Network)))
}

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, all: &[Trusted<'a>], tables: &mut Tables<'a>) {
    let mut push = |host: &'a str, services: Cell<'a>, addresses: Cell<'a>| {
        let mut row = device.host.row(&TABLE, super::PRODUCT.name);
        row.set(const { TABLE.column("host") }, Cell::known(Value::Text(host), addresses.evidence))
            .set(const { TABLE.column("services") }, services)
            .set(const { TABLE.column("addresses") }, addresses);
        tables.push(row);
    };
    for it in all {
        let evidence = device.host.evidence(&[device.decides(it.node)]);
        let addresses = match &it.addresses {
            Some(addresses) => Cell::known(networks(device, addresses), evidence),
            None => Cell::unknown(Why::not_understood(it.host), evidence),
        };
        push(it.host, Cell::known(device.host.texts(&it.services), evidence), addresses);
    }
    if all.is_empty() && device.cut().is_none() {
        let evidence = device.host.evidence(&[Evidence::Default(&ANY), device.searched()]);
        push(
            "0.0.0.0/0",
            Cell::known(device.host.texts(&["any"]), evidence),
            Cell::known(networks(device, &Addresses::any_four()), evidence),
        );
    }
}
