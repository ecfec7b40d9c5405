//! A line into the depth that it would have, for texts that have lost their indentation.

/// Lines that open a block at the top, by their first words.
const BLOCKS: &[&str] = &[
    "aaa group server",
    "aaa-server",
    "admin user",
    "archive",
    "bfd-template",
    "call-home",
    "class-map",
    "context",
    "control-plane",
    "controller",
    "crypto dynamic-map",
    "crypto ikev2",
    "crypto ipsec transform-set",
    "crypto isakmp policy",
    "crypto isakmp profile",
    "crypto key pubkey-chain",
    "crypto keyring",
    "crypto map",
    "crypto pki certificate chain",
    "crypto pki trustpoint",
    "dial-peer",
    "event manager applet",
    "flow exporter",
    "flow monitor",
    "flow record",
    "group-policy",
    "interface",
    "ip access-list",
    "ip dhcp pool",
    "ip sla",
    "ip vrf",
    "ipv6 access-list",
    "key chain",
    "line",
    "logging syslog-server",
    "mac access-list",
    "management",
    "monitor session",
    "object",
    "object-group",
    "parameter-map",
    "password-policy",
    "policy-map",
    "radius server",
    "redundancy",
    "role name",
    "route-map",
    "router",
    "spanning-tree mst configuration",
    "tacacs server",
    "template",
    "time-range",
    "track",
    "tunnel-group",
    "vlan",
    "vrf context",
    "vrf definition",
    "vrf instance",
    "zone security",
    "zone-pair security",
];

/// Lines that open a block within one of these.
const INNER: &[(&str, &str)] = &[
    ("archive", "log config"),
    ("crypto key pubkey-chain", "addressed-key"),
    ("crypto key pubkey-chain", "named-key"),
    ("crypto pki certificate chain", "certificate"),
    ("key chain", "key"),
    ("management", "vrf"),
    ("policy-map", "class"),
    ("redundancy", "main-cpu"),
    ("router", "address-family"),
    ("router", "vrf"),
    ("vrf context", "address-family"),
    ("vrf definition", "address-family"),
];

/// Lines that stand at the top and open nothing.
const TOP: &[&str] = &[
    "aaa accounting",
    "aaa authentication",
    "aaa authorization",
    "aaa new-model",
    "aaa session-id",
    "access-list",
    "alias",
    "banner",
    "boot system",
    "boot-end-marker",
    "boot-start-marker",
    "cdp run",
    "clock",
    "crypto key",
    "default-information",
    "enable password",
    "enable secret",
    "end",
    "feature",
    "hostname",
    "ip cef",
    "ip classless",
    "ip default-gateway",
    "ip domain",
    "ip domain-lookup",
    "ip domain-name",
    "ip finger",
    "ip forward-protocol",
    "ip ftp",
    "ip host",
    "ip http",
    "ip name-server",
    "ip prefix-list",
    "ip routing",
    "ip scp",
    "ip source-route",
    "ip ssh",
    "ip subnet-zero",
    "ip tacacs",
    "ip telnet",
    "ip tftp",
    "ipv6 unicast-routing",
    "lldp run",
    "logging buffered",
    "logging console",
    "logging facility",
    "logging host",
    "logging monitor",
    "logging on",
    "logging source-interface",
    "logging trap",
    "login block-for",
    "login on-failure",
    "login on-success",
    "ntp",
    "radius-server",
    "service",
    "snmp-server",
    "spanning-tree mode",
    "ssh",
    "switch",
    "tacacs-server",
    "telnet",
    "username",
    "version",
    "vtp",
];

/// Whether a line, or what it negates, begins with the words of one of these.
fn begins(line: &str, patterns: &[&str]) -> bool {
    let line = line.strip_prefix("no ").unwrap_or(line);
    patterns.iter().any(|pattern| line.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])))
}

/// Whether a line opens a block at the top. A whole line like `line vty 0 4`; a VLAN needs its number alone.
fn opens(line: &str) -> bool {
    let is_statement = match line.split_once(' ') {
        Some(("vlan", rest)) => !rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-')),
        // Of an ASA each line is a statement; StoneOS has a block of that name.
        Some(("password-policy", _)) => true,
        Some(("object" | "management" | "track" | "template" | "group-policy" | "tunnel-group" | "redundancy", rest)) => rest.is_empty(),
        Some(("line", rest)) => {
            !["con", "vty", "aux", "tty", "default"].iter().any(|kind| rest.starts_with(kind))
                && !rest.starts_with(|it: char| it.is_ascii_digit())
        }
        _ => false,
    };
    !is_statement && !line.starts_with("no ") && begins(line, BLOCKS)
}

/// Whether a line at the left edge surely is one of the top.
pub(super) fn is_top(line: &str) -> bool {
    !line.starts_with([' ', '\t']) && (opens(line.trim_end()) || begins(line.trim_end(), TOP))
}

/// Whether lines that open a block are followed by lines at the left edge that no configuration has at the top, and never by
/// indented ones.
pub(super) fn are_lost(text: &str) -> bool {
    let mut flat = false;
    let mut in_block = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if in_block {
                return false;
            }
            continue;
        }
        let line = line.trim_end();
        flat |= in_block && !line.starts_with(['!', ':', '#']) && !is_top(line);
        in_block = opens(line);
    }
    flat
}

/// The depth of a line within these open blocks.
pub(super) fn depth(line: &str, above: &[&str]) -> usize {
    let Some(outer) = above.first() else { return 0 };
    if is_top(line) {
        return 0;
    }
    if opens_inner(outer, line) || above.len() == 1 || !opens_inner(outer, above[1]) { 1 } else { 2 }
}

/// Whether a line within a block opened one of its own.
fn opens_inner(outer: &str, line: &str) -> bool {
    INNER.iter().any(|(block, inner)| begins(outer, &[block]) && begins(line, &[inner]))
}
