//! Access lists of IOS, numbered and named, into entries, and a list's name into the sources that it lets through.

use std::net::Ipv4Addr;

use ipnet::IpNet;

use super::statements::Ios;
use crate::facts::joined::access_rules::through;
use crate::facts::{Cell, Evidence, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Entry, Matching, Ports, Service, wildcard};
use crate::reckon::network::Addresses;

/// One entry of a list.
#[derive(Clone, Debug)]
pub(super) struct Listed<'a> {
    /// Its statement.
    pub(super) node: Node<'a>,
    /// What it does.
    pub(super) entry: Entry<'a>,
    /// Its time range.
    pub(super) time_range: Option<&'a str>,
}

/// The entries of a list of one family, in order; none where no such list is defined.
pub(super) fn entries<'a>(ios: &Ios<'_, 'a>, name: &str, six: bool) -> Option<Vec<Listed<'a>>> {
    let mut found = Vec::new();
    let mut defined = false;
    if six {
        for block in ios.all("ipv6 access-list").into_iter().filter(|node| node.word(2) == Some(name)) {
            defined = true;
            found.extend(block.children().filter_map(|node| entry(node, node.words().collect(), Form::Six)));
        }
        return defined.then_some(found);
    }
    for node in ios.all("access-list").into_iter().filter(|node| node.word(1) == Some(name)) {
        defined = true;
        found.extend(entry(node, node.words().skip(2).collect(), form(name)));
    }
    for block in ios.all("ip access-list").into_iter().filter(|node| node.word(3) == Some(name)) {
        defined = true;
        let form = if block.word(2) == Some("standard") { Form::Standard } else { Form::Extended };
        found.extend(block.children().filter_map(|node| entry(node, node.words().collect(), form)));
    }
    defined.then_some(found)
}

/// How the entries of a list are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Standard,
    Extended,
    Six,
}

/// The form of a numbered list: 1 to 99 and 1300 to 1999 are standard.
fn form(number: &str) -> Form {
    match number.parse::<u32>() {
        Ok(1..=99 | 1300..=1999) => Form::Standard,
        _ => Form::Extended,
    }
}

/// One entry; none for remarks and statements that are no entries.
fn entry<'a>(node: Node<'a>, words: Vec<&'a str>, form: Form) -> Option<Listed<'a>> {
    let mut words = &words[..];
    if let [first, rest @ ..] = words
        && first.bytes().all(|it| it.is_ascii_digit())
    {
        words = rest;
    }
    if let ["sequence", _, rest @ ..] = words {
        words = rest;
    }
    let (action, rest) = match words {
        ["permit", rest @ ..] => (Action::Permit, rest),
        ["deny", rest @ ..] => (Action::Deny, rest),
        _ => return None,
    };
    let time_range = rest.iter().position(|word| *word == "time-range").and_then(|at| rest.get(at + 1)).copied();
    let matching = matching(rest, form).unwrap_or_else(Matching::unreadable);
    let matching = Matching { timed: time_range.is_some(), ..matching };
    Some(Listed { node, entry: Entry::new(action, matching), time_range })
}

/// What an entry matches; none where it is not understood.
fn matching<'a>(words: &[&'a str], form: Form) -> Option<Matching<'a>> {
    let any = if form == Form::Six { Addresses::any_six() } else { Addresses::any_four() };
    if form == Form::Standard {
        let (sources, _) = side(words, form)?;
        return Some(Matching { sources, destinations: any, ..Matching::any() });
    }
    let (protocol, rest) = words.split_first()?;
    let (sources, rest) = side(rest, form)?;
    let (source_ports, rest) = ports(rest)?;
    let (destinations, rest) = side(rest, form)?;
    let (destination_ports, rest) = ports(rest)?;
    let service = match *protocol {
        "ip" | "ipv6" => Service::any(),
        "tcp" => Service::tcp(destination_ports).from(source_ports),
        "udp" => Service::udp(destination_ports).from(source_ports),
        "icmp" if rest.is_empty() => Service::protocol(if form == Form::Six { 58 } else { 1 }),
        "icmp" => return Some(Matching { exact: false, sources, destinations, services: vec![Service::protocol(1)], ..Matching::any() }),
        number => Service::protocol(number.parse().ok()?),
    };
    let mut also: Vec<&'a str> = Vec::new();
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        match *word {
            "log" | "log-input" => {}
            "time-range" | "sequence" => {
                rest.next();
            }
            other => also.push(other),
        }
    }
    Some(Matching { sources, destinations, services: vec![service], also, ..Matching::any() })
}

/// One side's addresses, and the words behind them.
fn side<'w, 'a>(words: &'w [&'a str], form: Form) -> Option<(Addresses, &'w [&'a str])> {
    match words {
        ["any" | "any4" | "any6", rest @ ..] => Some((if form == Form::Six { Addresses::any_six() } else { Addresses::any_four() }, rest)),
        ["host", address, rest @ ..] => Some((Addresses::of([IpNet::from(address.parse::<std::net::IpAddr>().ok()?)]), rest)),
        [block, rest @ ..] if form == Form::Six => Some((Addresses::of([block.parse::<IpNet>().ok()?]), rest)),
        [address, rest @ ..] => {
            let address: Ipv4Addr = address.parse().ok()?;
            match rest.split_first().and_then(|(mask, rest)| Some((mask.parse::<Ipv4Addr>().ok()?, rest))) {
                Some((mask, rest)) => Some((wildcard(address, mask)?, rest)),
                None if form == Form::Standard => Some((Addresses::of([IpNet::from(std::net::IpAddr::from(address))]), rest)),
                None => None,
            }
        }
        [] => None,
    }
}

/// A port operator, and the words behind it.
fn ports<'w, 'a>(words: &'w [&'a str]) -> Option<(Ports, &'w [&'a str])> {
    match words {
        ["eq", rest @ ..] => {
            let count = rest.iter().take_while(|word| port(word).is_some()).count();
            let set = rest[..count].iter().filter_map(|word| port(word)).fold(Ports::none(), |set, port| set.union(&Ports::only(port)));
            (count > 0).then_some((set, &rest[count..]))
        }
        ["gt", word, rest @ ..] => Some((Ports::above(port(word)?), rest)),
        ["lt", word, rest @ ..] => Some((Ports::below(port(word)?), rest)),
        ["neq", word, rest @ ..] => Some((Ports::except(port(word)?), rest)),
        ["range", low, high, rest @ ..] => Some((Ports::between(port(low)?, port(high)?), rest)),
        _ => Some((Ports::any(), words)),
    }
}

/// A port's number; names as IOS writes them.
fn port(word: &str) -> Option<u16> {
    word.parse().ok().or(match word {
        "ftp" => Some(21),
        "telnet" => Some(23),
        "smtp" => Some(25),
        "tacacs" => Some(49),
        "domain" => Some(53),
        "bootps" => Some(67),
        "bootpc" => Some(68),
        "tftp" => Some(69),
        "www" => Some(80),
        "ntp" => Some(123),
        "snmp" => Some(161),
        "snmptrap" => Some(162),
        "bgp" => Some(179),
        "syslog" => Some(514),
        _ => None,
    })
}

/// A list as it is applied: its name, its family, and the statement that applies it.
pub(super) type Applied<'a> = (&'a str, bool, Node<'a>);

/// The sources that lists let through to a port of TCP (or, without one, of UDP 161); where no list of a family is applied, all of it.
pub(super) fn sources<'a>(ios: &Ios<'_, 'a>, lists: &[Applied<'a>], service: &Service) -> Cell<'a> {
    let mut left = Addresses::none();
    let mut evidence: Vec<Evidence<'a>> = lists.iter().map(|(_, _, node)| ios.device.decides(*node)).collect();
    if let Some(why) = ios.device.cut() {
        return Cell::unknown(why, ios.device.host.evidence(&evidence));
    }
    for six in [false, true] {
        if six && !has_six(ios) {
            continue;
        }
        let any = if six { Addresses::any_six() } else { Addresses::any_four() };
        let Some((name, _, _)) = lists.iter().find(|(_, of, _)| *of == six) else {
            left = left.union(&any);
            continue;
        };
        // A list that is not defined, or has no entry, keeps nobody out.
        let Some(listed) = entries(ios, name, six).filter(|listed| !listed.is_empty()) else {
            left = left.union(&any);
            continue;
        };
        evidence.extend(listed.iter().filter(|it| it.entry.action == Action::Permit).take(8).map(|it| ios.device.reference(it.node)));
        let entries: Vec<Entry<'a>> = listed.into_iter().map(|it| it.entry).collect();
        let towards = Matching { sources: any.clone(), destinations: any, services: vec![service.clone()], ..Matching::any() };
        let spent = !ios.device.host.spend(entries.len() as u64);
        match through(ios.device.host, &entries, &towards, Action::Deny) {
            Some(found) if !spent && found.surely == found.possibly => left = left.union(&found.surely),
            Some(found) if !spent && found.surely.covers(&towards.sources) => left = left.union(&found.surely),
            _ => return Cell::unknown(Why::not_understood(name), ios.device.host.evidence(&evidence)),
        }
    }
    if evidence.is_empty() {
        evidence.push(ios.device.searched());
    }
    let blocks = ios.device.host.arena().alloc_slice_fill_iter(left.blocks().into_iter().map(Value::Network));
    ios.known(Value::List(blocks), &evidence)
}

/// Whether IPv6 is reachable on some interface.
fn has_six(ios: &Ios<'_, '_>) -> bool {
    ios.all("interface").iter().any(|node| node.children().any(|child| child.starts("ipv6 address") || child.starts("ipv6 enable")))
}
