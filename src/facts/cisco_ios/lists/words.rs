//! Names of protocols, ports and messages of ICMP, as IOS writes them, into their numbers.
//!
//! The names are those of the Cisco IOS Security Command Reference, `permit (IP)` and `access-list (IP extended)`, and of the Cisco IOS
//! IPv6 Command Reference, `permit (IPv6)`.

use crate::reckon::access_list::{Ports, Service};

const TCP: u8 = 6;
const UDP: u8 = 17;

/// What an entry says of the protocol.
#[derive(Clone, Debug)]
pub(super) enum Protocol {
    /// Every protocol.
    Any,
    /// ICMP, whose messages stand behind the destination.
    Icmp,
    /// Another one.
    Number(u8),
    /// TCP and UDP.
    Both,
    /// A group of services; none where they are not all known.
    Group(Option<Vec<Service>>),
}

impl Protocol {
    /// The services that protocol and ports make together; none where they do not fit or are not known.
    pub(super) fn services(self, from: &Ports, to: &Ports) -> Option<Vec<Service>> {
        let with = |number: u8| match number {
            TCP => Some(Service::tcp(to.clone()).from(from.clone())),
            UDP => Some(Service::udp(to.clone()).from(from.clone())),
            other => (to.is_any() && from.is_any()).then(|| Service::protocol(other)),
        };
        let bare = to.is_any() && from.is_any();
        match self {
            Protocol::Any => bare.then(|| vec![Service::any()]),
            Protocol::Icmp => bare.then(|| vec![Service::protocol(1)]),
            Protocol::Number(number) => with(number).map(|service| vec![service]),
            Protocol::Both => Some(vec![with(TCP)?, with(UDP)?]),
            Protocol::Group(services) => services.filter(|_| bare),
        }
    }
}

/// A protocol by its name or number.
pub(super) fn protocol(word: &str) -> Option<Protocol> {
    const NAMES: [(&str, u8); 14] = [
        ("ahp", 51),
        ("eigrp", 88),
        ("esp", 50),
        ("gre", 47),
        ("igmp", 2),
        ("igrp", 9),
        ("ipinip", 4),
        ("nos", 94),
        ("ospf", 89),
        ("pcp", 108),
        ("pim", 103),
        ("sctp", 132),
        ("tcp", TCP),
        ("udp", UDP),
    ];
    match word {
        "ip" | "ipv6" => Some(Protocol::Any),
        "icmp" => Some(Protocol::Icmp),
        "tcp-udp" => Some(Protocol::Both),
        _ => {
            let number = word.parse().ok().or_else(|| NAMES.iter().find(|(name, _)| *name == word).map(|(_, number)| *number))?;
            Some(Protocol::Number(number))
        }
    }
}

/// Names of ports.
const PORTS: &[(&str, u16)] = &[
    ("bgp", 179),
    ("biff", 512),
    ("bootpc", 68),
    ("bootps", 67),
    ("chargen", 19),
    ("cmd", 514),
    ("daytime", 13),
    ("discard", 9),
    ("dnsix", 195),
    ("domain", 53),
    ("drip", 3949),
    ("echo", 7),
    ("exec", 512),
    ("finger", 79),
    ("ftp", 21),
    ("ftp-data", 20),
    ("gopher", 70),
    ("hostname", 101),
    ("ident", 113),
    ("irc", 194),
    ("isakmp", 500),
    ("klogin", 543),
    ("kshell", 544),
    ("login", 513),
    ("lpd", 515),
    ("mobile-ip", 434),
    ("msrpc", 135),
    ("nameserver", 42),
    ("netbios-dgm", 138),
    ("netbios-ns", 137),
    ("netbios-ss", 139),
    ("nntp", 119),
    ("non500-isakmp", 4500),
    ("ntp", 123),
    ("onep-plain", 15001),
    ("onep-tls", 15002),
    ("pim-auto-rp", 496),
    ("pop2", 109),
    ("pop3", 110),
    ("rip", 520),
    ("smtp", 25),
    ("snmp", 161),
    ("snmptrap", 162),
    ("sunrpc", 111),
    ("syslog", 514),
    ("tacacs", 49),
    ("tacacs-ds", 49),
    ("talk", 517),
    ("telnet", 23),
    ("tftp", 69),
    ("time", 37),
    ("uucp", 540),
    ("who", 513),
    ("whois", 43),
    ("www", 80),
    ("xdmcp", 177),
];

/// A port by its name or number.
pub(super) fn port(word: &str) -> Option<u16> {
    word.parse().ok().or_else(|| PORTS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number))
}

/// A port operator and how many words it is, which is none where there is none; nothing where its ports are not understood.
pub(super) fn ports(words: &[&str]) -> Option<(Ports, usize)> {
    match words {
        ["eq", rest @ ..] => {
            let known: Vec<u16> = rest.iter().map_while(|word| port(word)).collect();
            (!known.is_empty()).then(|| (Ports::of(&known.iter().map(|it| (*it, *it)).collect::<Vec<_>>()), 1 + known.len()))
        }
        ["neq", rest @ ..] => {
            let known: Vec<u16> = rest.iter().map_while(|word| port(word)).collect();
            let [only] = known[..] else { return None };
            Some((Ports::except(only), 2))
        }
        ["gt", word, ..] => Some((Ports::above(port(word)?), 2)),
        ["lt", word, ..] => Some((Ports::below(port(word)?), 2)),
        ["range", low, high, ..] => Some((Ports::between(port(low)?, port(high)?), 3)),
        ["gt" | "lt" | "range", ..] => None,
        _ => Some((Ports::any(), 0)),
    }
}

/// Types and codes of ICMP by name.
const MESSAGES: &[(&str, u8, Option<u8>)] = &[
    ("administratively-prohibited", 3, Some(13)),
    ("echo", 8, None),
    ("echo-reply", 0, None),
    ("host-unreachable", 3, Some(1)),
    ("information-reply", 16, None),
    ("information-request", 15, None),
    ("mask-reply", 18, None),
    ("mask-request", 17, None),
    ("net-unreachable", 3, Some(0)),
    ("packet-too-big", 3, Some(4)),
    ("parameter-problem", 12, None),
    ("port-unreachable", 3, Some(3)),
    ("protocol-unreachable", 3, Some(2)),
    ("reassembly-timeout", 11, Some(1)),
    ("redirect", 5, None),
    ("router-advertisement", 9, None),
    ("router-solicitation", 10, None),
    ("source-quench", 4, None),
    ("time-exceeded", 11, None),
    ("timestamp-reply", 14, None),
    ("timestamp-request", 13, None),
    ("traceroute", 30, None),
    ("ttl-exceeded", 11, Some(0)),
    ("unreachable", 3, None),
];

/// Types and codes of ICMP for IPv6 by name.
const MESSAGES_SIX: &[(&str, u8, Option<u8>)] = &[
    ("destination-unreachable", 1, None),
    ("echo-reply", 129, None),
    ("echo-request", 128, None),
    ("hop-limit", 3, Some(0)),
    ("mld-query", 130, None),
    ("mld-reduction", 132, None),
    ("mld-report", 131, None),
    ("nd-na", 136, None),
    ("nd-ns", 135, None),
    ("no-admin", 1, Some(1)),
    ("no-route", 1, Some(0)),
    ("packet-too-big", 2, None),
    ("parameter-problem", 4, None),
    ("port-unreachable", 1, Some(4)),
    ("reassembly-timeout", 3, Some(1)),
    ("router-advertisement", 134, None),
    ("router-renumbering", 138, None),
    ("router-solicitation", 133, None),
    ("time-exceeded", 3, None),
];

/// The messages that the words name, every one where they name none, and how many words that took; nothing where the name is not known.
pub(super) fn messages(words: &[&str], six: bool) -> Option<(Service, usize)> {
    let of = |kind, code| if six { Service::icmp_six(kind, code) } else { Service::icmp(kind, code) };
    let all = Service::protocol(if six { 58 } else { 1 });
    match words {
        [] => Some((all, 0)),
        [word, ..] if is_of_tail(word) => Some((all, 0)),
        [kind, code, ..] if kind.parse::<u8>().is_ok() && code.parse::<u8>().is_ok() => {
            Some((of(kind.parse().ok()?, code.parse().ok()), 2))
        }
        [kind, ..] if kind.parse::<u8>().is_ok() => Some((of(kind.parse().ok()?, None), 1)),
        [name, ..] => {
            let table = if six { MESSAGES_SIX } else { MESSAGES };
            let (_, kind, code) = table.iter().find(|(known, ..)| known == name)?;
            Some((of(*kind, *code), 1))
        }
    }
}

/// Whether a word may stand behind the destination, but as the name of a message.
pub(super) fn is_of_tail(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "ack",
        "auth",
        "dest-option",
        "dest-option-type",
        "dscp",
        "established",
        "fin",
        "flow-label",
        "fragments",
        "hbh",
        "log",
        "log-input",
        "match-all",
        "match-any",
        "mobility",
        "mobility-type",
        "option",
        "precedence",
        "psh",
        "reflect",
        "routing",
        "routing-type",
        "rst",
        "sequence",
        "syn",
        "time-range",
        "tos",
        "ttl",
        "undetermined-transport",
        "urg",
    ];
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_operator_takes_as_many_ports_as_follow() {
        assert_eq!(ports(&["eq", "22", "www", "443", "log"]), Some((Ports::of(&[(22, 22), (80, 80), (443, 443)]), 4)));
        assert_eq!(ports(&["range", "20", "ftp"]), Some((Ports::between(20, 21), 3)));
        assert_eq!(ports(&["established"]), Some((Ports::any(), 0)), "no operator");
        assert_eq!(ports(&["eq", "nonsense"]), None);
        assert_eq!(ports(&["neq", "22", "23"]), None, "all but both is not what one operator can say here");
    }

    #[test]
    fn messages_of_both_families_have_names_of_their_own() {
        assert_eq!(messages(&["echo"], false), Some((Service::icmp(8, None), 1)));
        assert_eq!(messages(&["3", "4", "log"], false), Some((Service::icmp(3, Some(4)), 2)));
        assert_eq!(messages(&["nd-ns"], true), Some((Service::icmp_six(135, None), 1)));
        assert_eq!(messages(&["log"], true), Some((Service::protocol(58), 0)));
        assert_eq!(messages(&["nd-ns"], false), None);
    }
}
