//! The words of a statement, its keywords in lower case.
//!
//! Both vendors read keywords in any case ("command keywords are case insensitive", command line chapters of their fundamentals guides)
//! and print them in lower case, but for `FTP server enable` of older VRP. Names keep the case in which they are written: VRP tells
//! access lists and time ranges apart by it (S Series Command Reference, "acl name", "acl ipv6 name"), Comware does not (H3C command
//! references, "acl", "time-range", "object-group").

use super::super::Host;
use crate::parse::tree::Node;

/// Keywords that the products look for among words, in alphabetical order.
const KEYWORDS: &[&str] = &[
    "aaa", "access", "accounting", "ack", "acl", "acl-name", "action", "active", "address", "address-group", "address-set", "admin",
    "administrator", "advance", "advanced", "all", "any", "app-group", "append", "application", "apply", "arp", "authentication",
    "authentication-keyid", "authentication-mode", "authentication-type", "authorization", "authorization-attribute", "auto", "aux",
    "basic", "block", "block-time", "channel", "cipher", "class", "comment", "community", "con", "config", "console", "counting",
    "daily", "debug", "debugging", "default", "default-role", "deny", "description", "destination", "destination-address",
    "destination-address-exclude", "destination-ip", "destination-ip-host", "destination-ip-range", "destination-ip-subnet",
    "destination-location", "destination-port", "destination-zone", "device-classification", "disable", "domain", "domain-set", "drop",
    "dscp", "enable", "eq", "established", "exceed", "exclude", "expiration-date", "expire-date", "filter-policy", "fin", "firewall",
    "fragment", "fragment-type", "ftp", "group", "group-object", "gt", "hash", "host", "http", "https", "hwtacacs", "hwtacacs-scheme",
    "icmp", "icmp-type", "icmp6-type", "icmpv6", "igmp", "import", "in", "inbound", "information", "inspect", "interface", "ip", "ipv6",
    "irreversible-cipher", "isakmp", "key", "level", "link", "local", "local-case", "local-time", "local-user", "lock", "lock-time",
    "log", "logging", "lt", "mac", "manage", "mask", "match-order", "mpls", "name", "nat", "neq", "network", "none",
    "none-first-fragment", "ntp", "ntp-service", "number", "object-group", "object-policy", "off", "off-day", "on", "ospf", "outbound",
    "packet-filter", "pass", "password", "password-publickey", "password-rsa", "peer", "permit", "plain", "policy", "port",
    "precedence", "privacy", "privacy-mode", "privilege", "protocol", "psh", "publickey", "radius", "radius-proxy", "radius-scheme",
    "range", "read", "reliable", "remark", "retry-interval", "retry-time", "rsa", "rst", "rule", "scheme", "secondary", "secret",
    "securityname", "server", "service", "service-port", "service-set", "service-type", "session", "shell", "simple", "source",
    "source-address", "source-address-exclude", "source-ip", "source-ip-host", "source-ip-range", "source-ip-subnet", "source-location",
    "source-mac", "source-port", "source-user", "source-zone", "ssh", "ssl-policy", "state", "stelnet", "step", "subnet", "syn", "tcp",
    "tcp-flag", "telnet", "terminal", "terminal-group", "third", "time-range", "to", "tos", "track", "traffic", "transport", "trap",
    "ttl-expired", "tty", "type", "ucl", "udp", "undo", "unicast-peer", "unicast-server", "unlock", "urg", "url", "url-category",
    "user", "user-defined", "user-group", "user-role", "v1", "v2c", "v3", "validity-datetime", "view", "vlan-id", "vpn-instance", "vrf",
    "vsys", "vty", "wildcard", "wlan", "working-day", "write", "write-view",
];

/// Keywords behind which a name stands.
const BEFORE_NAMES: &[&str] = &["acl-name", "address-set", "group-object", "name", "object-group", "service-set", "time-range"];

/// A word in lower case if it is a keyword, otherwise as it is.
pub(in crate::facts) fn keyword(word: &str) -> &str {
    if !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return word;
    }
    KEYWORDS.iter().find(|known| known.eq_ignore_ascii_case(word)).copied().unwrap_or(word)
}

/// The words of a statement, its keywords in lower case; what stands where a name does is left as it is.
pub(in crate::facts) fn keywords<'a>(node: Node<'a>) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
    node.words().scan("", |before, word| {
        let read = if BEFORE_NAMES.contains(before) { word } else { keyword(word) };
        *before = read;
        Some(read)
    })
}

/// The word of that number, in lower case if it is a keyword.
pub(in crate::facts) fn keyword_at<'a>(node: Node<'a>, number: usize) -> Option<&'a str> {
    keywords(node).nth(number)
}

/// A name as it is compared: in lower case where its case does not matter.
pub(in crate::facts) fn comparable<'a>(host: &Host<'a>, name: &'a str, any_case: bool) -> &'a str {
    if any_case && name.bytes().any(|byte| byte.is_ascii_uppercase()) { host.text(&name.to_ascii_lowercase()) } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_and_lower_case() {
        assert!(KEYWORDS.is_sorted());
        assert!(KEYWORDS.iter().all(|word| !word.bytes().any(|byte| byte.is_ascii_uppercase())));
        assert_eq!((keyword("PERMIT"), keyword("Permit-All"), keyword("deny")), ("permit", "Permit-All", "deny"));
    }
}
