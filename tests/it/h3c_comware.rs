//! An aggregation switch of H3C into exact facts.

use crate::support::device_rows;

/// A campus switch, with inherited and coupled line settings and a list that sorts itself.
const DEVICE: &str = include_str!("h3c_comware/campus.txt");

#[track_caller]
fn check(table: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(device_rows("h3c-comware", DEVICE, table, columns), expected);
}

#[test]
fn ranges_of_lines_have_their_own_settings_and_what_no_block_covers_its_defaults() {
    check(
        "terminal-lines",
        &["line", "authentication", "protocols", "idle-timeout@", "roles", "highest", "acl@", "acl-ipv6", "acl-works"],
        &[
            "line=vty 0-9 authentication=aaa protocols=[ssh] idle-timeout=8m@running-config:36 roles=[level-15] highest=true acl=-@running-config acl-ipv6=- acl-works=-",
            "line=vty 10-20 authentication=aaa protocols=[ssh] idle-timeout=210s@running-config:50 roles=[network-operator] highest=false acl=-@running-config acl-ipv6=- acl-works=-",
            "line=vty 21-30 authentication=none protocols=[ssh, telnet] idle-timeout=8m@running-config:36 roles=[network-operator] highest=false acl=-@running-config acl-ipv6=- acl-works=-",
            "line=vty 31-63 authentication=aaa protocols=[ssh] idle-timeout=8m@running-config:36 roles=[network-operator] highest=false acl=-@running-config acl-ipv6=- acl-works=-",
            "line=console 0 authentication=aaa protocols=[] idle-timeout=unlimited@running-config:43 roles=[network-admin] highest=true acl=-@running-config acl-ipv6=- acl-works=-",
            "line=aux 0 authentication=none protocols=[] idle-timeout=10m@default roles=[network-operator] highest=false acl=-@running-config acl-ipv6=- acl-works=-",
        ],
    );
}

#[test]
fn every_range_is_a_way_in_with_its_own_sources_and_proof() {
    check(
        "remote-access",
        &["service", "scope", "enabled", "sources@", "factors@", "servers", "servers-first", "login-hours", "accounting@"],
        &[
            "service=ssh scope=vty 0-9 enabled=true sources=[10.81.0.0/18, 10.81.64.0/23, 10.81.66.6/32, 10.81.67.0/24, 10.81.68.0/22, 10.81.72.0/21, 10.81.80.0/20, 10.81.96.0/19, 10.81.128.0/17]@running-config:68 factors=?servers-decide@running-config:34 servers=[10.80.2.11, 10.80.2.12] servers-first=false login-hours=7d accounting=false@running-config",
            "service=ssh scope=vty 10-20 enabled=true sources=[10.81.0.0/18, 10.81.64.0/23, 10.81.66.6/32, 10.81.67.0/24, 10.81.68.0/22, 10.81.72.0/21, 10.81.80.0/20, 10.81.96.0/19, 10.81.128.0/17]@running-config:68 factors=?servers-decide@running-config:34 servers=[10.80.2.11, 10.80.2.12] servers-first=false login-hours=7d accounting=false@running-config",
            "service=ssh scope=vty 21-30 enabled=true sources=[10.81.0.0/18, 10.81.64.0/23, 10.81.66.6/32, 10.81.67.0/24, 10.81.68.0/22, 10.81.72.0/21, 10.81.80.0/20, 10.81.96.0/19, 10.81.128.0/17]@running-config:68 factors=0@running-config:53 servers=[] servers-first=- login-hours=7d accounting=false@running-config:53",
            "service=telnet scope=vty 21-30 enabled=true sources=[0.0.0.0/0]@running-config factors=0@running-config:53 servers=[] servers-first=- login-hours=7d accounting=false@running-config:53",
            "service=ssh scope=vty 31-63 enabled=true sources=[10.81.0.0/18, 10.81.64.0/23, 10.81.66.6/32, 10.81.67.0/24, 10.81.68.0/22, 10.81.72.0/21, 10.81.80.0/20, 10.81.96.0/19, 10.81.128.0/17]@running-config:68 factors=?servers-decide@running-config:34 servers=[10.80.2.11, 10.80.2.12] servers-first=false login-hours=7d accounting=false@running-config",
            "service=console scope=console 0 enabled=true sources=[]@running-config:42 factors=?servers-decide@running-config:42 servers=[10.80.2.11, 10.80.2.12] servers-first=false login-hours=7d accounting=false@running-config",
            "service=console scope=aux 0 enabled=true sources=[]@default factors=0@default servers=[] servers-first=- login-hours=7d accounting=false@default",
            "service=web-https scope=https enabled=true sources=[10.81.0.0/18, 10.81.64.0/23, 10.81.66.6/32, 10.81.67.0/24, 10.81.68.0/22, 10.81.72.0/21, 10.81.80.0/20, 10.81.96.0/19, 10.81.128.0/17]@running-config:122 factors=?servers-decide@running-config:121 servers=[10.80.2.11, 10.80.2.12] servers-first=false login-hours=7d accounting=false@running-config",
            "service=snmp scope=community 1 enabled=true sources=[0.0.0.0/0]@running-config:62 factors=1@running-config:62 servers=[] servers-first=- login-hours=7d accounting=false@running-config:62",
            "service=snmp scope=operator enabled=true sources=[0.0.0.0/0]@running-config:65 factors=1@running-config:65 servers=[] servers-first=- login-hours=7d accounting=false@running-config:65",
        ],
    );
}

#[test]
fn users_are_put_together_from_their_statements() {
    check(
        "management-users",
        &["name", "services", "level@", "highest", "storage", "enabled@", "time-range", "expires"],
        &[
            "name=auditor services=[ssh] level=-@running-config highest=false storage=hash enabled=true@running-config:104 time-range=- expires=never",
            "name=fieldeng services=[ssh, telnet, terminal] level=-@running-config highest=true storage=- enabled=false@running-config:114 time-range=- expires=2026-12-31",
        ],
    );
}

#[test]
fn accounts_tell_how_passwords_are_kept_and_when_they_may_log_in() {
    check(
        "accounts",
        &["name", "password-state", "password-scheme", "password-max-age@", "login-hours", "privileged"],
        &[
            "name=auditor password-state=set password-scheme=sha512 password-max-age=unlimited@running-config:17 login-hours=7d privileged=false",
            "name=fieldeng password-state=?default-not-documented password-scheme=- password-max-age=-@running-config:109 login-hours=7d privileged=true",
        ],
    );
}

#[test]
fn the_lock_and_the_age_of_passwords() {
    check(
        "authentication-policy",
        &["path", "lockout-threshold@", "lockout-duration", "lockout-window", "history", "password-max-age"],
        &["path=local lockout-threshold=4@running-config:19 lockout-duration=20m lockout-window=- history=4 password-max-age=-"],
    );
}

#[test]
fn logs_and_where_they_go() {
    check(
        "logs",
        &["stream", "enabled@", "forwarded@", "forwarding-encrypted"],
        &[
            "stream=authentication enabled=true@default forwarded=[10.81.1.30]@running-config:21 forwarding-encrypted=false",
            "stream=system enabled=true@default forwarded=[10.81.1.30]@running-config:21 forwarding-encrypted=false",
            "stream=command enabled=false@running-config forwarded=[]@running-config forwarding-encrypted=-",
        ],
    );
}

#[test]
fn communities_and_users_of_snmp() {
    check(
        "snmp",
        &["name@", "version", "access", "sources", "auth", "privacy", "vendor-default"],
        &[
            "name=community 1@running-config:62 version=v1 access=write sources=[0.0.0.0/0] auth=none privacy=none vendor-default=?not-understood",
            "name=operator@running-config:65 version=v3 access=write sources=[0.0.0.0/0] auth=md5 privacy=none vendor-default=false",
        ],
    );
}

#[test]
fn a_time_server_is_authenticated_where_all_lines_agree() {
    check(
        "time-sources",
        &["server", "authenticated@", "enabled"],
        &["server=10.81.1.5 authenticated=false@running-config:58 enabled=true"],
    );
}

#[test]
fn headers_are_text() {
    check(
        "banner",
        &["scope", "present@", "mentions-product"],
        &[
            "scope=login present=true@running-config:124 mentions-product=true",
            "scope=shell present=false@running-config mentions-product=false",
        ],
    );
}

#[test]
fn names_that_are_used_and_whether_they_exist() {
    check(
        "references",
        &["kind", "name", "used-at", "defined"],
        &[
            "kind=list name=2002 used-at=snmp-agent community defined=false",
            "kind=list name=2002 used-at=snmp-agent usm-user defined=false",
            "kind=list name=2001 used-at=ssh server acl 2001 defined=true",
            "kind=profile name=NIGHT used-at=acl basic 2001 match-order auto: rule 10 permit source defined=true",
            "kind=list name=2001 used-at=ip https acl 2001 defined=true",
        ],
    );
}

#[test]
fn users_of_the_ssh_server() {
    check(
        "ssh-users",
        &["name", "authentication", "both", "either"],
        &["name=auditor authentication=password-publickey both=true either=false"],
    );
}

#[test]
fn global_settings() {
    check(
        "h3c-settings",
        &["name", "value@"],
        &[
            "name=ftp-server value=off@default",
            "name=http-server value=off@default",
            "name=https-server value=on@running-config:121",
            "name=info-center value=on@default",
            "name=ntp-authentication value=on@running-config:56",
            "name=ntp-service value=on@running-config:55",
            "name=password-control value=on@running-config:16",
            "name=snmp-agent value=on@running-config:65",
            "name=ssh-server value=on@running-config:67",
            "name=ssh1-compatible value=?version-not-known@default",
            "name=telnet-server value=on@running-config:12",
            "name=password-length value=14@running-config:18",
            "name=password-types value=?version-not-known@default",
            "name=password-aging value=0@running-config:17",
            "name=password-history value=4@default",
            "name=default-role value=network-operator@running-config:100",
            "name=loghost-state value=on@running-config:23",
            "name=packet-filter-default value=permit@default",
            "name=snmp-versions value=all@running-config:63",
            "name=super-password value=-@running-config",
        ],
    );
}
