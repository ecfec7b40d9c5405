//! `rule id …` blocks into rows of `access-rules`, in the order in which they stand.
//!
//! Services that StoneOS predefines are known here by their well-known ports, any other must be defined. A host name, an excluded
//! member and what is not defined leave a side as wide as it can be, and the entry is not exact.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::super::device::cells::Device;
use super::super::joined::access_rules::{Line, List, Part, push_rows};
use super::super::{Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::groups::{Groups, Member};
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Ports, Service};
use crate::reckon::network::Addresses;

static UNRESOLVED: Phrase = Phrase {
    zh: "{} 在静态配置中无法解析（域名、例外成员、未知服务或未定义）",
    en: "{} cannot be resolved at rest: a host name, an exception, a service that is not known, or not defined",
};

/// Predefined services with their TCP ports.
const PREDEFINED: &[(&str, u16)] = &[("FTP", 21), ("SSH", 22), ("TELNET", 23), ("SMTP", 25), ("HTTP", 80), ("HTTPS", 443), ("RDP", 3389)];

/// Named objects.
struct Objects<'a> {
    addresses: Groups<'a, Option<Addresses>>,
    services: Groups<'a, Option<Service>>,
}

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let root = device.root();
    let rules: Vec<Node<'a>> = root.all("rule id").chain(root.find(&["policy-global", "rule id"])).collect();
    if rules.is_empty() {
        return;
    }
    let mut objects = objects(device);
    let mut lines: Vec<Line<'a>> = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let Some(number) = rule.word(2) else { continue };
        // A block that stands twice is one, where it stood first.
        if rules[..at].iter().any(|other| other.word(2) == Some(number)) {
            continue;
        }
        let parts: Vec<Node<'a>> = rules.iter().filter(|other| other.word(2) == Some(number)).flat_map(|it| it.children()).collect();
        lines.push(line(device, (number, *rule), &parts, &mut objects));
    }
    let mut list = List::new("policy", lines);
    list.tells_applications = true;
    list.uses = Ok(vec![("firewall", device.span(rules[0]))]);
    push_rows(device.host, tables, super::PRODUCT.name, &[list]);
}

fn objects<'a>(device: &Device<'_, 'a>) -> Objects<'a> {
    let mut objects = Objects { addresses: Groups::default(), services: Groups::default() };
    for node in device.root().children() {
        let mut words = node.words();
        let kind = words.next().unwrap_or_default();
        // `address id 5 "LAN"` and `address "LAN"`.
        let name = match words.next() {
            Some("id") => words.nth(1),
            name => name,
        };
        let Some(name) = name else { continue };
        match kind {
            "address" => objects.addresses.define(name, node.children().filter_map(address)),
            "service" => objects.services.define(name, node.children().map(|line| Member::Leaf(service(line)))),
            "servgroup" => {
                objects.services.define(name, node.children().filter_map(|line| Some(Member::Named(line.after("service")?.next()?))))
            }
            _ => {}
        }
    }
    objects
}

/// One line of an address object; a description is none.
fn address<'a>(line: Node<'a>) -> Option<Member<'a, Option<Addresses>>> {
    let words: Vec<&'a str> = line.words().collect();
    Some(match words.first().copied()? {
        "ip" => Member::Leaf(block(&words[1..])),
        "range" => Member::Leaf(range(&words[1..])),
        "member" => Member::Named(words.get(1)?),
        "description" | "reference-zone" => return None,
        _ => Member::Leaf(None),
    })
}

/// `A/M`, `A M` or an address.
fn block(words: &[&str]) -> Option<Addresses> {
    let first = words.first()?;
    if let Some(mask) = words.get(1).and_then(|word| word.parse::<Ipv4Addr>().ok()) {
        let block = Ipv4Net::with_netmask(first.parse().ok()?, mask).ok()?;
        return Some(Addresses::of([IpNet::V4(block.trunc())]));
    }
    let block = first.parse::<IpNet>().ok().or_else(|| first.parse::<IpAddr>().ok().map(IpNet::from))?;
    Some(Addresses::of([block]))
}

fn range(words: &[&str]) -> Option<Addresses> {
    Some(Addresses::between(words.first()?.parse().ok()?, words.get(1)?.parse().ok()?))
}

/// `tcp dst-port 80 81 src-port …`, `icmp …`.
fn service(line: Node<'_>) -> Option<Service> {
    let words: Vec<&str> = line.words().collect();
    let ports = |word: &str| match words.iter().position(|it| *it == word) {
        None => Some(Ports::any()),
        Some(at) => {
            let first: u16 = words.get(at + 1)?.parse().ok()?;
            let last = words.get(at + 2).and_then(|word| word.parse().ok()).unwrap_or(first);
            Some(Ports::between(first, last))
        }
    };
    match words.first().copied()? {
        "tcp" => Some(Service::tcp(ports("dst-port")?).from(ports("src-port")?)),
        "udp" => Some(Service::udp(ports("dst-port")?).from(ports("src-port")?)),
        "icmp" if words.len() == 1 => Some(Service::protocol(1)),
        _ => None,
    }
}

fn line<'a>(device: &Device<'_, 'a>, (number, rule): (&'a str, Node<'a>), parts: &[Node<'a>], objects: &mut Objects<'a>) -> Line<'a> {
    let said = |pattern: &str| parts.iter().rev().find_map(|part| part.after(pattern)?.next().map(|word| (word, *part)));
    let action = match said("action") {
        Some(("permit", _)) => Action::Permit,
        Some(("deny", _)) => Action::Deny,
        _ => Action::Unknown,
    };
    let mut unclear: Vec<(Part, Why<'a>)> = Vec::new();
    if action == Action::Unknown {
        let mut line = Line::new(number, device.span(rule), Entry::new(action, Matching::unreadable()));
        line.unclear = vec![(Part::Everything, Why::not_understood(number))];
        return line;
    }
    let mut side = |which: &str, part: Part| match addresses(parts, which, objects) {
        Ok(set) => set,
        Err(name) => {
            unclear.push((part, Why::new("unresolved", &UNRESOLVED, name)));
            Addresses::any()
        }
    };
    let sources = side("src", Part::Sources);
    let destinations = side("dst", Part::Destinations);
    let mut matching = Matching { sources, destinations, ..Matching::any() };
    match services(parts, objects) {
        Ok(Some(services)) => matching.services = services,
        Ok(None) => {}
        Err(name) => unclear.push((Part::Services, Why::new("unresolved", &UNRESOLVED, name))),
    }
    for (pattern, aspect) in
        [("src-zone", Aspect::ZoneFrom), ("dst-zone", Aspect::ZoneTo), ("application", Aspect::Application), ("user", Aspect::User)]
    {
        let words: Vec<&'a str> = parts.iter().filter_map(|part| part.after(pattern)?.next()).collect();
        if !words.is_empty() && !words.iter().any(|word| word.eq_ignore_ascii_case("any")) {
            matching.restrictions.push((aspect, words));
        }
    }
    matching.timed = said("schedule").is_some();
    matching.exact = unclear.is_empty();
    let mut entry = Entry::new(action, matching);
    entry.enabled = !parts.iter().any(|part| part.is("disable"));
    let mut line = Line::new(number, device.span(rule), entry);
    line.unclear = unclear;
    line.logged = match said("log") {
        Some((_, node)) => device.decided(Value::Boolean(true), node),
        None => device.unless_cut(device.decided(Value::Boolean(false), rule)),
    };
    line.time_window = said("schedule").map(|(name, _)| name);
    line.comment = said("description").map(|(_, node)| (node.rest("description").unwrap_or_default(), device.span(node)));
    line
}

/// One side of a rule: names of objects, and addresses written into it; `Any` and nothing are everything.
fn addresses<'a>(parts: &[Node<'a>], which: &str, objects: &mut Objects<'a>) -> Result<Addresses, &'a str> {
    let mut set: Option<Addresses> = None;
    for part in parts {
        let words: Vec<&'a str> = part.words().collect();
        let Some(kind) = words.first().and_then(|word| word.strip_prefix(which)?.strip_prefix('-')) else { continue };
        let name = words.get(1).copied().unwrap_or_default();
        let found = match kind {
            "addr" if name.eq_ignore_ascii_case("any") => return Ok(Addresses::any()),
            "addr" => {
                let expansion = objects.addresses.expand(name);
                let whole = expansion.unresolved.is_none() && expansion.leaves.iter().all(Option::is_some);
                whole.then(|| expansion.leaves.iter().flatten().fold(Addresses::none(), |sum, it| sum.union(it)))
            }
            "ip" => block(&words[1..]),
            "range" => range(&words[1..]),
            "host" => None,
            _ => continue,
        };
        let found = found.ok_or(name)?;
        set = Some(set.map_or(found.clone(), |sum| sum.union(&found)));
    }
    Ok(set.unwrap_or_else(Addresses::any))
}

/// The services of a rule; none for every one.
fn services<'a>(parts: &[Node<'a>], objects: &mut Objects<'a>) -> Result<Option<Vec<Service>>, &'a str> {
    let mut all: Vec<Service> = Vec::new();
    let names: Vec<&'a str> = parts.iter().filter_map(|part| part.after("service")?.next()).collect();
    if names.is_empty() || names.iter().any(|name| name.eq_ignore_ascii_case("any")) {
        return Ok(None);
    }
    for name in names {
        let expansion = objects.services.expand(name);
        if expansion.unresolved.is_none() && expansion.leaves.iter().all(Option::is_some) {
            all.extend(expansion.leaves.iter().flatten().cloned());
        } else if let Some((_, port)) = PREDEFINED.iter().find(|(known, _)| *known == name) {
            all.push(Service::tcp(Ports::only(*port)));
        } else if name == "ICMP" {
            all.push(Service::protocol(1));
        } else {
            return Err(name);
        }
    }
    Ok(Some(all))
}
