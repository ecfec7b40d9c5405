//! The configuration of one Cisco Nexus switch, line by line, as the NX-OS configuration guides read it.

use crate::support::device_rows;

const CONFIGURATION: &str = include_str!("cisco/nxos.cfg");

#[track_caller]
fn check(table: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(device_rows("cisco-nxos", CONFIGURATION, table, columns), expected);
}

/// The number of the last line that begins with this text.
fn line(start: &str) -> usize {
    let before = CONFIGURATION.lines().rev().position(|line| line.starts_with(start)).expect("the line is there");
    CONFIGURATION.lines().count() - before
}

#[test]
fn ways_in_are_guarded_by_the_lists_of_the_lines_and_not_by_a_banner() {
    check(
        "remote-access",
        &["service", "scope", "enabled@", "encrypted", "sources", "sources-restricted-by", "idle-timeout", "max-attempts"],
        &[
            "service=ssh scope=vty enabled=true@default encrypted=true sources=[10.1.2.0/23] sources-restricted-by=[MGMT] \
             idle-timeout=unlimited max-attempts=2",
            &format!(
                "service=telnet scope=vty enabled=false@running-config:{} encrypted=false sources=[] sources-restricted-by=[MGMT] \
                 idle-timeout=unlimited max-attempts=?default-not-documented",
                line("no feature telnet")
            ),
            &format!(
                "service=api scope=nxapi enabled=true@running-config:{} encrypted=false sources=[0.0.0.0/0] sources-restricted-by=[] \
                 idle-timeout=?default-not-documented max-attempts=?default-not-documented",
                line("feature nxapi")
            ),
            "service=console scope=console enabled=true@running-config encrypted=false sources=[] sources-restricted-by=[] \
             idle-timeout=10m max-attempts=?default-not-documented",
        ],
    );
}

#[test]
fn the_console_has_a_method_of_its_own() {
    check(
        "remote-access",
        &["scope", "accounts-restricted-by", "factors", "methods", "servers", "servers-first", "lockout", "accounting"],
        &[
            "scope=vty accounts-restricted-by=[aaa TAC, local accounts] factors=?decided-at-servers methods=[tacacs, password] \
             servers=[10.1.1.5, 10.1.1.6] servers-first=true lockout=5 accounting=true",
            "scope=vty accounts-restricted-by=[aaa TAC, local accounts] factors=?decided-at-servers methods=[tacacs, password] \
             servers=[10.1.1.5, 10.1.1.6] servers-first=true lockout=5 accounting=true",
            "scope=nxapi accounts-restricted-by=[aaa TAC, local accounts] factors=?decided-at-servers methods=[tacacs, password] \
             servers=[10.1.1.5, 10.1.1.6] servers-first=true lockout=5 accounting=true",
            "scope=console accounts-restricted-by=[local accounts] factors=1 methods=[password] servers=[] servers-first=- lockout=5 \
             accounting=true",
        ],
    );
}

#[test]
fn users_are_put_together_from_all_of_their_statements() {
    check(
        "accounts",
        &["name", "enabled", "privileged@", "password-state", "password-scheme", "password-max-age", "expires", "groups", "keys"],
        &[
            &format!(
                "name=admin enabled=true privileged=true@running-config:{} password-state=set password-scheme=sha256 \
                 password-max-age=unlimited expires=never groups=[network-admin] keys=0",
                line("username admin")
            ),
            &format!(
                "name=alice enabled=true privileged=true@running-config:{} password-state=set password-scheme=sha256 \
                 password-max-age=unlimited expires=never groups=[network-operator, network-admin] keys=0",
                line("username alice role")
            ),
            &format!(
                "name=carol enabled=false privileged=false@running-config:{} password-state=none password-scheme=- \
                 password-max-age=unlimited expires=never groups=[network-operator] keys=0",
                line("username carol")
            ),
            &format!(
                "name=tmp-vendor enabled=true privileged=false@running-config:{} password-state=set password-scheme=type7 \
                 password-max-age=unlimited expires=2026-12-31 groups=[network-operator] keys=0",
                line("username tmp-vendor")
            ),
            &format!(
                "name=bob enabled=true privileged=false@running-config:{} password-state=set password-scheme=md5 password-max-age=90d \
                 expires=never groups=[network-operator] keys=1",
                line("username bob passphrase")
            ),
        ],
    );
    check(
        "authentication-policy",
        &["path", "min-length", "classes", "dictionary@", "lockout-threshold", "lockout-duration", "lockout-window"],
        &[&format!(
            "path=local min-length=- classes=- dictionary=false@running-config:{} lockout-threshold=5 lockout-duration=10m lockout-window=1m",
            line("no password strength-check")
        )],
    );
}

#[test]
fn blocks_that_stand_twice_are_one() {
    check(
        "nxos-lines",
        &["line", "idle-timeout@", "list@", "list-works", "ipv6-covered", "servers", "admits-none"],
        &[
            &format!(
                "line=vty idle-timeout=unlimited@running-config:{} list=MGMT@running-config:{} list-works=true ipv6-covered=true \
                 servers=[10.1.1.5, 10.1.1.6] admits-none=false",
                line("  exec-timeout 0"),
                line("  access-class MGMT")
            ),
            &format!(
                "line=console idle-timeout=10m@running-config:{} list=-@running-config list-works=false ipv6-covered=true servers=[] \
                 admits-none=false",
                line("  exec-timeout 10")
            ),
        ],
    );
}

#[test]
fn log_servers_have_their_level_behind_the_address() {
    check(
        "nxos-log-servers",
        &["server", "level", "encrypted", "vrf"],
        &["server=10.1.1.9 level=6 encrypted=false vrf=management", "server=10.1.1.10 level=5 encrypted=true vrf=management"],
    );
    check(
        "logs",
        &["stream", "enabled", "forwarded", "forwarding-encrypted", "forwarding-reliable", "level"],
        &[
            "stream=system enabled=true forwarded=[10.1.1.9, 10.1.1.10] forwarding-encrypted=false forwarding-reliable=false level=6",
            "stream=authentication enabled=true forwarded=[10.1.1.9] forwarding-encrypted=false forwarding-reliable=false level=6",
            "stream=command enabled=true forwarded=[10.1.1.5, 10.1.1.6] forwarding-encrypted=false forwarding-reliable=false level=-",
        ],
    );
}

#[test]
fn communities_are_numbered_and_their_lists_stand_in_other_lines() {
    check(
        "snmp",
        &["name", "version", "access", "sources", "auth", "privacy"],
        &[
            "name=community 1 version=v1 access=read sources=[10.1.1.9/32] auth=none privacy=none",
            "name=community 2 version=v1 access=write sources=[0.0.0.0/0] auth=none privacy=none",
            "name=admin version=v3 access=write sources=[0.0.0.0/0] auth=md5 privacy=des",
            "name=nms version=v3 access=read sources=[0.0.0.0/0] auth=sha1 privacy=aes",
        ],
    );
    check(
        "nxos-communities",
        &["name", "group", "list", "list-works"],
        &[
            "name=community 1 group=network-operator list=NMS list-works=true",
            "name=community 2 group=network-admin list=- list-works=false",
        ],
    );
}

#[test]
fn times_services_and_references() {
    check("time-sources", &["server", "authenticated"], &["server=10.1.1.8 authenticated=true", "server=10.1.1.9 authenticated=false"]);
    check("services", &["name", "enabled"], &["name=telnet enabled=false", "name=nxapi-http enabled=true"]);
    check(
        "crypto",
        &["kind", "name", "strength"],
        &[
            "kind=cipher name=aes256-gcm strength=strong",
            "kind=mac name=default strength=?default-not-documented",
            "kind=key-exchange name=all strength=weak",
            "kind=host-key name=default strength=?default-not-documented",
            "kind=protocol name=default strength=?default-not-documented",
        ],
    );
    check(
        "references",
        &["kind", "name", "used-at", "defined"],
        &[
            "kind=list name=NMS used-at=snmp-server defined=true",
            "kind=list name=MGMT used-at=line vty / access-class MGMT in defined=true",
            "kind=list name=NOWHERE used-at=interface Ethernet1/1 / ip access-group NOWHERE in defined=false",
            "kind=group name=TAC used-at=aaa authentication login default group TAC defined=true",
        ],
    );
    check("banner", &["present", "mentions-product"], &["present=true mentions-product=true"]);
}

#[test]
fn no_secret_is_ever_printed() {
    let secrets = ["topsecret", "QWERTY", "ASDFGH", "abcdefgh$", "094F471A", "0x11111111", "0x22222222", "0x33333333", "0x44444444"];
    crate::support::no_secret_in("cisco-nxos", CONFIGURATION, &secrets);
}
