//! One line `rule …` of an access list into an entry.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use super::Rule;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Entry, Matching, Ports, Service, wildcard};
use crate::reckon::network::Addresses;

/// Adds the rules of a block.
pub(super) fn read<'a>(block: Node<'a>, six: bool, rules: &mut Vec<Rule<'a>>) {
    for node in block.all("rule") {
        let mut words: Vec<&'a str> = node.words().skip(1).collect();
        let number = words.first().copied().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_default();
        if !number.is_empty() {
            words.remove(0);
        }
        // VRP8 may give a rule a name of its own.
        if words.first() == Some(&"name") {
            words.drain(..words.len().min(2));
        }
        if matches!(words.first(), Some(&("description" | "comment" | "remark"))) {
            let text = node.text().split_once(words[0]).map_or("", |(_, text)| text.trim());
            if let Some(rule) = rules.iter_mut().find(|rule| rule.number == number) {
                rule.comment = Some((text, node));
            }
            continue;
        }
        let rule = rule(node, number, &words, six);
        // A number that stands twice was replaced.
        if !number.is_empty() {
            rules.retain(|earlier| earlier.number != number);
        }
        rules.push(rule);
    }
}

/// What is read of one rule.
struct Reading<'a> {
    matching: Matching<'a>,
    unclear: Option<&'a str>,
    time_range: Option<&'a str>,
    six: bool,
}

/// One rule.
fn rule<'a>(node: Node<'a>, number: &'a str, words: &[&'a str], six: bool) -> Rule<'a> {
    let everybody = || if six { Addresses::any_six() } else { Addresses::any_four() };
    let matching = Matching { sources: everybody(), destinations: everybody(), ..Matching::any() };
    let mut reading = Reading { matching, unclear: None, time_range: None, six };
    let action = match words.first() {
        Some(&"permit") => Action::Permit,
        Some(&"deny") => Action::Deny,
        _ => {
            reading.unclear = Some(node.text());
            Action::Unknown
        }
    };
    reading.conditions(words.get(1..).unwrap_or_default());
    if reading.unclear.is_some() {
        reading.matching.exact = false;
    }
    reading.matching.timed = reading.time_range.is_some();
    let Reading { matching, unclear, time_range, .. } = reading;
    Rule { node, number, entry: Entry::new(action, matching), unclear, time_range, comment: None }
}

impl<'a> Reading<'a> {
    /// Reads what stands behind the action.
    fn conditions(&mut self, words: &[&'a str]) {
        let mut at = 0;
        if let Some(protocol) = words.first().and_then(|word| protocol(word)) {
            self.matching.services = vec![protocol];
            at = 1;
        }
        while let Some(word) = words.get(at) {
            let rest = &words[at + 1..];
            at += 1 + match *word {
                "source" => self.side(rest, true),
                "destination" => self.side(rest, false),
                "source-port" => self.ports(rest, true),
                "destination-port" => self.ports(rest, false),
                "time-range" => {
                    self.time_range = rest.first().copied();
                    1
                }
                "logging" | "log" | "counting" => 0,
                "fragment" | "fragment-type" | "first-fragment" | "established" => self.also(word, usize::from(*word == "fragment-type")),
                "vpn-instance" | "dscp" | "precedence" | "tos" | "ttl-expired" | "vlan-id" => {
                    self.also(word, usize::from(*word != "ttl-expired"))
                }
                other => {
                    self.unclear = Some(other);
                    rest.len()
                }
            };
        }
    }

    /// A condition of the list's own.
    fn also(&mut self, word: &'a str, words: usize) -> usize {
        self.matching.also.push(word);
        words
    }

    /// Source or destination; how many words were read.
    fn side(&mut self, words: &[&'a str], source: bool) -> usize {
        let (read, addresses) = addresses(words, self.six);
        match addresses {
            Some(addresses) if source => self.matching.sources = addresses,
            Some(addresses) => self.matching.destinations = addresses,
            None => self.unclear = words.first().copied().or(Some("")),
        }
        read
    }

    /// Ports; how many words were read.
    fn ports(&mut self, words: &[&'a str], source: bool) -> usize {
        let number = |at: usize| words.get(at).and_then(|word| port(word));
        let (read, ports) = match words.first() {
            Some(&"eq") => (2, number(1).map(Ports::only)),
            Some(&"gt") => (2, number(1).map(Ports::above)),
            Some(&"lt") => (2, number(1).map(Ports::below)),
            Some(&"neq") => (2, None),
            Some(&"range") => (3, number(1).zip(number(2)).map(|(low, high)| Ports::between(low, high))),
            _ => (1, None),
        };
        match (ports, self.matching.services.first_mut()) {
            (Some(ports), Some(service)) if source => service.source_ports = ports,
            (Some(ports), Some(service)) => service.destination_ports = ports,
            _ => self.unclear = words.get(1).copied().or(Some("")),
        }
        read
    }
}

/// The protocol that a word names.
fn protocol(word: &str) -> Option<Service> {
    let number = match word {
        "ip" | "ipv6" => return Some(Service::any()),
        "icmp" => 1,
        "igmp" => 2,
        "ipinip" => 4,
        "tcp" => 6,
        "udp" => 17,
        "gre" => 47,
        "icmpv6" => 58,
        "ospf" => 89,
        _ => word.parse().ok()?,
    };
    Some(Service::protocol(number))
}

/// A port, by number or by the names that both vendors print.
fn port(word: &str) -> Option<u16> {
    Some(match word {
        "ftp-data" => 20,
        "ftp" => 21,
        "ssh" => 22,
        "telnet" => 23,
        "smtp" => 25,
        "dns" | "domain" => 53,
        "tftp" => 69,
        "www" | "http" => 80,
        "ntp" => 123,
        "snmp" => 161,
        "snmptrap" => 162,
        "bgp" => 179,
        "https" => 443,
        "syslog" => 514,
        _ => word.parse().ok()?,
    })
}

/// The addresses that stand at the beginning of some words, and how many words that are; none where they are not understood.
pub(super) fn addresses(words: &[&str], six: bool) -> (usize, Option<Addresses>) {
    let Some(first) = words.first() else { return (0, None) };
    if *first == "any" {
        return (1, Some(if six { Addresses::any_six() } else { Addresses::any_four() }));
    }
    let (address, length) = first.split_once('/').map_or((*first, None), |(address, length)| (address, Some(length)));
    match (address.parse(), length) {
        (Ok(IpAddr::V6(address)), length) => {
            let read = if length.is_some() { 1 } else { 2 };
            let length = length.or(words.get(1).copied()).and_then(|length| length.parse().ok());
            (read, length.and_then(|length| IpNet::new(address.into(), length).ok()).map(|block| Addresses::of([block])))
        }
        (Ok(IpAddr::V4(address)), Some(length)) => {
            let block = length.parse().ok().and_then(|length| IpNet::new(address.into(), length).ok());
            (1, block.map(|block| Addresses::of([block])))
        }
        (Ok(IpAddr::V4(address)), None) => {
            let mask = words.get(1).and_then(|mask| if *mask == "0" { Some(Ipv4Addr::UNSPECIFIED) } else { mask.parse().ok() });
            (2, mask.and_then(|mask| wildcard(address, mask)))
        }
        // Object groups, address sets, host names.
        (Err(_), _) => (2, None),
    }
}
