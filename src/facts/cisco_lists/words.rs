//! Names of protocols, ports and log levels into their numbers.

use super::endpoint::Side;
use crate::reckon::access_list::{Ports, Service};

/// What an entry says of the protocol.
#[derive(Clone, Debug)]
pub(super) enum Protocol {
    Any,
    Number(u8),
    /// TCP and UDP.
    Both,
    /// A group of services, or of protocols.
    Services(Vec<Service>),
}

const TCP: u8 = 6;
const UDP: u8 = 17;

impl Protocol {
    /// The services that protocol and ports make together; none where they do not fit.
    pub(super) fn services(&self, from: &Ports, to: &Side) -> Option<Vec<Service>> {
        let with = |number: u8| match number {
            TCP => Some(Service::tcp(to.ports.clone()).from(from.clone())),
            UDP => Some(Service::udp(to.ports.clone()).from(from.clone())),
            other => (to.ports.is_any() && from.is_any()).then(|| Service::protocol(other)),
        };
        match self {
            Protocol::Any => (to.ports.is_any() && from.is_any()).then(|| vec![Service::any()]),
            Protocol::Number(number) => with(*number).map(|service| vec![service]),
            Protocol::Both => Some(vec![with(TCP)?, with(UDP)?]),
            Protocol::Services(services) => (to.ports.is_any() && from.is_any()).then(|| services.clone()),
        }
    }
}

/// A protocol by its name or number, as both vendors' lists write it.
pub(super) fn protocol(word: &str) -> Option<Protocol> {
    const NAMES: [(&str, u8); 14] = [
        ("ah", 51),
        ("ahp", 51),
        ("eigrp", 88),
        ("esp", 50),
        ("gre", 47),
        ("icmp", 1),
        ("icmp6", 58),
        ("igmp", 2),
        ("ipinip", 4),
        ("ospf", 89),
        ("pim", 103),
        ("sctp", 132),
        ("tcp", TCP),
        ("udp", UDP),
    ];
    match word {
        "ip" | "ipv6" => Some(Protocol::Any),
        "tcp-udp" => Some(Protocol::Both),
        _ => {
            let number = word.parse().ok().or_else(|| NAMES.iter().find(|(name, _)| *name == word).map(|(_, number)| *number))?;
            Some(if number == 0 { Protocol::Any } else { Protocol::Number(number) })
        }
    }
}

/// Names of ports (Cisco ASA Series Command Reference, Addresses, Protocols, and Ports; NX-OS, ip access-list).
const PORTS: &[(&str, u16)] = &[
    ("aol", 5190),
    ("bgp", 179),
    ("biff", 512),
    ("bootpc", 68),
    ("bootps", 67),
    ("chargen", 19),
    ("cifs", 3020),
    ("citrix-ica", 1494),
    ("cmd", 514),
    ("ctiqbe", 2748),
    ("daytime", 13),
    ("discard", 9),
    ("dnsix", 195),
    ("domain", 53),
    ("echo", 7),
    ("exec", 512),
    ("finger", 79),
    ("ftp", 21),
    ("ftp-data", 20),
    ("gopher", 70),
    ("h323", 1720),
    ("hostname", 101),
    ("http", 80),
    ("https", 443),
    ("ident", 113),
    ("imap4", 143),
    ("irc", 194),
    ("isakmp", 500),
    ("kerberos", 750),
    ("klogin", 543),
    ("kshell", 544),
    ("ldap", 389),
    ("ldaps", 636),
    ("login", 513),
    ("lotusnotes", 1352),
    ("lpd", 515),
    ("mobile-ip", 434),
    ("nameserver", 42),
    ("netbios-dgm", 138),
    ("netbios-ns", 137),
    ("netbios-ssn", 139),
    ("nfs", 2049),
    ("nntp", 119),
    ("non500-isakmp", 4500),
    ("ntp", 123),
    ("pcanywhere-data", 5631),
    ("pcanywhere-status", 5632),
    ("pim-auto-rp", 496),
    ("pop2", 109),
    ("pop3", 110),
    ("pptp", 1723),
    ("radius", 1645),
    ("radius-acct", 1646),
    ("rip", 520),
    ("rsh", 514),
    ("rtsp", 554),
    ("sip", 5060),
    ("smtp", 25),
    ("snmp", 161),
    ("snmptrap", 162),
    ("sqlnet", 1521),
    ("ssh", 22),
    ("sunrpc", 111),
    ("syslog", 514),
    ("tacacs", 49),
    ("talk", 517),
    ("telnet", 23),
    ("tftp", 69),
    ("time", 37),
    ("uucp", 540),
    ("vxlan", 4789),
    ("who", 513),
    ("whois", 43),
    ("www", 80),
    ("xdmcp", 177),
];

/// A port by its name or number (Cisco ASA Series Command Reference, Addresses, Protocols, and Ports; NX-OS, ip access-list).
pub(super) fn port(word: &str) -> Option<u16> {
    word.parse().ok().or_else(|| PORTS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number))
}

/// Whether a word belongs to `log`: a level, an interval, how much is logged.
pub(super) fn is_of_log(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "alerts",
        "critical",
        "debugging",
        "default",
        "disable",
        "emergencies",
        "errors",
        "informational",
        "interval",
        "notifications",
        "warnings",
    ];
    WORDS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Ports of `eq 22`, `range 20 21`, `gt 1023`, and how many words they are.
pub(super) fn ports(words: &[&str]) -> Option<(Result<Ports, ()>, usize)> {
    let one = |make: fn(u16) -> Ports| words.get(1).map(|word| (port(word).map(make).ok_or(()), 2));
    match *words.first()? {
        "eq" => one(Ports::only),
        "gt" => one(Ports::above),
        "lt" => one(Ports::below),
        "neq" => one(Ports::except),
        "range" => {
            let (first, last) = (words.get(1)?, words.get(2)?);
            Some((port(first).zip(port(last)).map(|(first, last)| Ports::between(first, last)).ok_or(()), 3))
        }
        _ => None,
    }
}
