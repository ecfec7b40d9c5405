//! One line `rule …` of an access list into an entry.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use super::Rule;
use super::objects::Objects;
use crate::facts::vrp_family::Family;
use crate::facts::vrp_family::keywords::keywords;
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Ports, Service, wildcard};
use crate::reckon::network::Addresses;
use crate::source::Span;

pub(in crate::facts) static UNRESOLVED: Phrase = Phrase {
    zh: "{} 在静态配置中无法解析（域名、例外、未知的预定义对象或未定义）",
    en: "{} cannot be resolved at rest: a host name, an exclusion, a predefined object that is not known, or not defined",
};

/// Steps between the numbers that a list gives, unless `step` says otherwise (ACL chapters of both vendors' guides).
const STEP: u64 = 5;

/// Conditions that the list's own words name, and how many words follow.
const CONDITIONS: &[(&str, usize)] = &[
    ("ack", 1),
    ("dscp", 1),
    ("fin", 1),
    ("fragment-type", 1),
    ("precedence", 1),
    ("psh", 1),
    ("rst", 1),
    ("syn", 1),
    ("tos", 1),
    ("ttl-expired", 0),
    ("urg", 1),
    ("vlan-id", 1),
];

/// Ports by the names that both vendors print (rule commands of their references).
const PORTS: &[(&str, u16)] = &[
    ("bgp", 179),
    ("biff", 512),
    ("bootpc", 68),
    ("bootps", 67),
    ("chargen", 19),
    ("cmd", 514),
    ("daytime", 13),
    ("discard", 9),
    ("dns", 53),
    ("domain", 53),
    ("echo", 7),
    ("exec", 512),
    ("finger", 79),
    ("ftp", 21),
    ("ftp-data", 20),
    ("http", 80),
    ("https", 443),
    ("login", 513),
    ("lpd", 515),
    ("netbios-dgm", 138),
    ("netbios-ns", 137),
    ("netbios-ssn", 139),
    ("nntp", 119),
    ("ntp", 123),
    ("pop2", 109),
    ("pop3", 110),
    ("rip", 520),
    ("smtp", 25),
    ("snmp", 161),
    ("snmptrap", 162),
    ("ssh", 22),
    ("sunrpc", 111),
    ("syslog", 514),
    ("tacacs", 49),
    ("talk", 517),
    ("telnet", 23),
    ("tftp", 69),
    ("time", 37),
    ("whois", 43),
    ("www", 80),
    ("xdmcp", 177),
];

/// The rules of a list that is being read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rules: Vec<Rule<'a>>,
    comments: Vec<(&'a str, &'a str, Node<'a>)>,
    step: u64,
    /// The first number that the list gives: H3C begins at 0, Huawei with one step.
    first: Option<u64>,
    six: bool,
    other: bool,
}

impl<'a> Reader<'a> {
    /// A list of a family of addresses, or of something else.
    pub(super) fn new(family: &Family<'_, 'a>, six: bool, other: bool) -> Reader<'a> {
        let first = (!family.is_huawei()).then_some(0);
        Reader { rules: Vec::new(), comments: Vec::new(), step: STEP, first, six, other }
    }

    /// Adds the rules of a block.
    pub(super) fn read(&mut self, block: Node<'a>, objects: &mut Objects<'_, 'a>) {
        for node in block.children() {
            if let Some(number) = node.rest("undo rule") {
                let removed = number.split(' ').next().unwrap_or_default();
                // With more words it takes away a condition, which leaves what is not read here.
                match self.rules.iter().position(|rule| rule.number == removed) {
                    Some(at) if number == removed => drop(self.rules.remove(at)),
                    Some(at) => self.rules[at].spoil(number),
                    None => {}
                }
            } else if let Some(step) = node.rest("step").and_then(|step| step.split(' ').next()?.parse().ok()) {
                self.step = step;
            } else if node.starts("rule") {
                self.rule(node, objects);
            }
        }
    }

    /// Its rules, with their comments.
    pub(super) fn finish(mut self) -> Vec<Rule<'a>> {
        for (number, text, node) in self.comments {
            if let Some(rule) = self.rules.iter_mut().find(|rule| rule.number == number) {
                rule.comment = Some((text, node));
            }
        }
        self.rules
    }

    fn rule(&mut self, node: Node<'a>, objects: &mut Objects<'_, 'a>) {
        let mut words: Vec<&'a str> = keywords(node).skip(1).collect();
        let number = words.first().copied().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_default();
        if !number.is_empty() {
            words.remove(0);
        }
        // VRP8 may give a rule a name of its own.
        if words.first() == Some(&"name") {
            words.drain(..words.len().min(2));
        }
        if matches!(words.first(), Some(&("description" | "comment" | "remark"))) {
            let text = node.words().skip_while(|word| !word.eq_ignore_ascii_case(words[0])).nth(1);
            let text = text.and_then(|first| node.text().get(node.text().find(first)?..)).unwrap_or_default();
            self.comments.push((number, text, node));
            return;
        }
        let place = number.parse().unwrap_or_else(|_| self.next());
        let mut rule = rule(node, (number, place), &words, self.six, objects);
        if self.other {
            rule.spoil(node.text());
        }
        // A number that stands twice changes the rule it had; what that leaves of the first one is not read here.
        if let Some(at) = self.rules.iter().position(|earlier| earlier.place == place) {
            let earlier = self.rules.remove(at);
            if earlier.node.text() != node.text() {
                rule.spoil(number);
            }
        }
        self.rules.push(rule);
    }

    /// The number that a rule without one gets: the next multiple of the step.
    fn next(&self) -> u64 {
        let highest = self.rules.iter().map(|rule| rule.place).max();
        let above = |highest: u64| (highest / self.step.max(1)).saturating_add(1).saturating_mul(self.step.max(1));
        highest.map_or(self.first.unwrap_or(self.step), above)
    }
}

impl<'a> Rule<'a> {
    /// Notes that what it matches is not exactly known.
    fn spoil(&mut self, why: &'a str) {
        self.unclear = self.unclear.or(Some(why));
        self.entry.matching.exact = false;
    }
}

/// What is read of one rule.
struct Reading<'o, 'h, 'a> {
    matching: Matching<'a>,
    unclear: Option<&'a str>,
    time_range: Option<&'a str>,
    references: Vec<Span>,
    six: bool,
    objects: &'o mut Objects<'h, 'a>,
}

/// One rule.
fn rule<'a>(node: Node<'a>, (number, place): (&'a str, u64), words: &[&'a str], six: bool, objects: &mut Objects<'_, 'a>) -> Rule<'a> {
    let everybody = || if six { Addresses::any_six() } else { Addresses::any_four() };
    let matching = Matching { sources: everybody(), destinations: everybody(), ..Matching::any() };
    let mut reading = Reading { matching, unclear: None, time_range: None, references: Vec::new(), six, objects };
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
    let Reading { matching, unclear, time_range, references, .. } = reading;
    Rule { node, number, place, entry: Entry::new(action, matching), unclear, references, time_range, comment: None }
}

impl<'a> Reading<'_, '_, 'a> {
    /// Reads what stands behind the action.
    fn conditions(&mut self, words: &[&'a str]) {
        let mut at = 0;
        if let Some(protocol) = words.first().and_then(|word| protocol(word)) {
            self.matching.services = vec![protocol];
            at = 1;
        }
        while let Some(word) = words.get(at) {
            let rest = &words[at + 1..];
            at += 1 + self.condition(word, rest);
        }
    }

    /// Reads one condition; how many words behind its keyword were read.
    fn condition(&mut self, word: &'a str, rest: &[&'a str]) -> usize {
        match word {
            "source" => self.side(rest, true),
            "destination" => self.side(rest, false),
            "source-port" => self.ports(rest, true),
            "destination-port" => self.ports(rest, false),
            "icmp-type" | "icmp6-type" => self.message(rest),
            "time-range" => {
                self.time_range = rest.first().copied();
                1
            }
            // Packets of one instance. Without the word a rule is read as one for all; on Comware 5 it is one for packets of none
            // (HP E4510 Command Reference, "rule (basic IPv4 ACL view)").
            "vpn-instance" => {
                self.matching.restrictions.push((Aspect::ZoneFrom, rest.first().copied().into_iter().collect()));
                1
            }
            "logging" | "log" | "counting" => 0,
            "established" => self.restrict(Aspect::TcpFlags, vec!["ack", "rst"]),
            "fragment" | "none-first-fragment" => self.restrict(Aspect::Fragments, vec!["fragment"]),
            "tcp-flag" => {
                self.matching.also.push(word);
                const FLAGS: &[&str] = &["ack", "established", "fin", "psh", "rst", "syn", "urg"];
                rest.iter().take_while(|word| FLAGS.contains(word)).count()
            }
            _ => match CONDITIONS.iter().find(|(known, _)| *known == word) {
                Some((_, read)) => {
                    self.matching.also.push(word);
                    *read
                }
                None => {
                    self.unclear = Some(word);
                    rest.len()
                }
            },
        }
    }

    /// A condition on an aspect.
    fn restrict(&mut self, aspect: Aspect, words: Vec<&'a str>) -> usize {
        self.matching.restrictions.push((aspect, words));
        0
    }

    /// Source or destination; how many words were read.
    fn side(&mut self, words: &[&'a str], source: bool) -> usize {
        let (read, found) = match words {
            ["object-group" | "address-set", name, ..] => {
                let found = self.objects.addresses(name);
                self.references.extend(&found.spans);
                if found.value.is_none() || !found.exact {
                    self.unclear = Some(name);
                }
                let family = if self.six { Addresses::any_six() } else { Addresses::any_four() };
                (2, Some(found.value.as_ref().map_or(family.clone(), |set| set.intersection(&family))))
            }
            _ => addresses(words, self.six),
        };
        match found {
            Some(addresses) if source => self.matching.sources = addresses,
            Some(addresses) => self.matching.destinations = addresses,
            None => self.unclear = words.first().copied().or(Some("")),
        }
        read
    }

    /// Ports; how many words were read.
    fn ports(&mut self, words: &[&'a str], source: bool) -> usize {
        let (read, found) = match words {
            ["object-group", name, ..] => {
                let found = self.objects.ports(name);
                self.references.extend(&found.spans);
                (2, found.value.clone())
            }
            _ => ports(words),
        };
        match (found, self.matching.services.first_mut()) {
            (Some(ports), Some(service)) if source => service.source_ports = ports,
            (Some(ports), Some(service)) => service.destination_ports = ports,
            _ => self.unclear = words.get(1).copied().or(Some("")),
        }
        read
    }

    /// A message of ICMP, by type and code or by its name; how many words were read.
    fn message(&mut self, words: &[&'a str]) -> usize {
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<u8>().ok());
        let Some(kind) = number(0) else {
            self.matching.also.extend(words.first());
            return 1;
        };
        let code = number(1);
        self.matching.services = vec![if self.six { Service::icmp_six(kind, code) } else { Service::icmp(kind, code) }];
        1 + usize::from(code.is_some())
    }
}

/// Ports behind an operator, and how many words that are; none where they are not understood.
pub(super) fn ports(words: &[&str]) -> (usize, Option<Ports>) {
    let number = |at: usize| words.get(at).and_then(|word| port(word));
    match words.first() {
        Some(&"eq") => (2, number(1).map(Ports::only)),
        Some(&"gt") => (2, number(1).map(Ports::above)),
        Some(&"lt") => (2, number(1).map(Ports::below)),
        Some(&"neq") => (2, number(1).map(Ports::except)),
        Some(&"range") => (3, number(1).zip(number(2)).map(|(low, high)| Ports::between(low, high))),
        _ => (1, None),
    }
}

/// The protocol that a word names.
pub(super) fn protocol(word: &str) -> Option<Service> {
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

/// A port, by number or name.
pub(super) fn port(word: &str) -> Option<u16> {
    PORTS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, port)| *port).or_else(|| word.parse().ok())
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
        // Host names.
        (Err(_), _) => (2, None),
    }
}
