//! A core switch of Huawei into exact facts.

use crate::support::device_rows;

/// A branch's core switch, with an overlap of lines, a list that is out of order, and statements in texts.
const DEVICE: &str = include_str!("huawei_vrp/branch-core.txt");

#[track_caller]
fn check(table: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(device_rows("huawei-vrp", DEVICE, table, columns), expected);
}

#[test]
fn ranges_of_lines_have_their_own_settings_and_what_no_block_covers_its_defaults() {
    check(
        "terminal-lines",
        &["line", "authentication", "protocols", "idle-timeout@", "level", "highest", "acl@", "acl-ipv6", "acl-works"],
        &[
            "line=vty 0-3 authentication=aaa protocols=[ssh] idle-timeout=270s@running-config:151 level=0 highest=false acl=MGMT@running-config:147 acl-ipv6=2601 acl-works=true",
            "line=vty 4 authentication=password protocols=[ssh, telnet] idle-timeout=10m@default level=3 highest=true acl=2004@running-config:154 acl-ipv6=- acl-works=true",
            "line=vty 5-7 authentication=?version-not-known(unset|aaa|password) protocols=?version-not-known([ssh]|[ssh, telnet]) idle-timeout=10m@default level=0 highest=false acl=-@running-config acl-ipv6=- acl-works=-",
            "line=vty 16-20 authentication=aaa protocols=?version-not-known([ssh]|[ssh, telnet]) idle-timeout=10m@default level=0 highest=false acl=-@running-config acl-ipv6=- acl-works=-",
            "line=console 0 authentication=aaa protocols=[] idle-timeout=?version-not-known(5m|10m)@default level=?version-not-known(3|15) highest=true acl=-@running-config acl-ipv6=- acl-works=-",
        ],
    );
}

#[test]
fn every_range_is_a_way_in_with_its_own_sources_and_proof() {
    check(
        "remote-access",
        &["service", "scope", "enabled", "sources@", "factors@", "servers", "servers-first", "login-hours", "accounting@"],
        &[
            "service=ssh scope=vty 0-3 enabled=true sources=[10.70.5.9/32, 10.71.8.0/26, 10.71.8.64/31, 10.71.8.67/32, 10.71.8.68/30, 10.71.8.72/29, 10.71.8.80/28, 10.71.8.96/27, fd71:8::/64]@running-config:147 factors=?servers-decide@running-config:149 servers=[10.70.2.11, 10.70.2.12] servers-first=true login-hours=7d accounting=true@running-config:78",
            "service=ssh scope=vty 4 enabled=true sources=[10.71.8.0/24, ::/0]@running-config:154 factors=1@running-config:155 servers=[] servers-first=- login-hours=7d accounting=false@running-config:155",
            "service=telnet scope=vty 4 enabled=true sources=[10.71.8.0/24, ::/0]@running-config:154 factors=1@running-config:155 servers=[] servers-first=- login-hours=7d accounting=false@running-config:155",
            "service=ssh scope=vty 5-7 enabled=?version-not-known(false|true) sources=[0.0.0.0/0, ::/0]@running-config factors=?version-not-known@default servers=?version-not-known servers-first=?version-not-known login-hours=7d accounting=?version-not-known@default",
            "service=telnet scope=vty 5-7 enabled=?version-not-known(false|true) sources=[0.0.0.0/0, ::/0]@running-config factors=?version-not-known@default servers=?version-not-known servers-first=?version-not-known login-hours=7d accounting=?version-not-known@default",
            "service=ssh scope=vty 16-20 enabled=true sources=[0.0.0.0/0, ::/0]@running-config factors=?servers-decide@running-config:160 servers=[10.70.2.11, 10.70.2.12] servers-first=true login-hours=7d accounting=true@running-config:78",
            "service=telnet scope=vty 16-20 enabled=?version-not-known(false|true) sources=[0.0.0.0/0, ::/0]@running-config factors=?servers-decide@running-config:160 servers=[10.70.2.11, 10.70.2.12] servers-first=true login-hours=7d accounting=true@running-config:78",
            "service=console scope=console 0 enabled=true sources=[]@running-config:145 factors=?servers-decide@running-config:145 servers=[10.70.2.11, 10.70.2.12] servers-first=true login-hours=7d accounting=true@running-config:78",
            "service=snmp scope=community 1 enabled=true sources=[10.71.1.40/32, ::/0]@running-config:110 factors=1@running-config:110 servers=[] servers-first=- login-hours=7d accounting=false@running-config:110",
        ],
    );
}

#[test]
fn users_are_put_together_from_their_statements() {
    check(
        "management-users",
        &["name", "services", "level@", "highest", "storage", "enabled@", "time-range", "expires"],
        &[
            "name=breakglass services=[terminal, ssh] level=15@running-config:81 highest=true storage=hash enabled=true@running-config:80 time-range=- expires=never",
            "name=dutydesk services=[ssh] level=1@running-config:85 highest=false storage=reversible enabled=true@running-config:83 time-range=OPS expires=never",
            "name=ext-vendor services=[ssh, telnet] level=3@running-config:89 highest=true storage=hash enabled=false@running-config:91 time-range=- expires=2026-12-15",
        ],
    );
}

#[test]
fn accounts_tell_how_passwords_are_kept_and_when_they_may_log_in() {
    check(
        "accounts",
        &["name", "password-state", "password-scheme", "password-max-age@", "login-hours", "privileged"],
        &[
            "name=breakglass password-state=set password-scheme=sha256 password-max-age=60d@running-config:71 login-hours=7d privileged=true",
            "name=dutydesk password-state=set password-scheme=type7 password-max-age=60d@running-config:71 login-hours=3030m privileged=false",
            "name=ext-vendor password-state=set password-scheme=?not-understood password-max-age=60d@running-config:71 login-hours=7d privileged=true",
        ],
    );
}

#[test]
fn the_lock_and_the_age_of_passwords() {
    check(
        "authentication-policy",
        &["path", "lockout-threshold@", "lockout-duration", "lockout-window", "history", "password-max-age"],
        &[
            "path=local lockout-threshold=4@running-config:72 lockout-duration=20m lockout-window=10m history=?version-not-known(5|10) password-max-age=60d",
        ],
    );
}

#[test]
fn logs_and_where_they_go() {
    check(
        "logs",
        &["stream", "enabled@", "forwarded@", "forwarding-encrypted"],
        &[
            "stream=authentication enabled=true@default forwarded=[10.71.1.30, 10.71.1.31]@running-config:11 forwarding-encrypted=false",
            "stream=system enabled=true@default forwarded=[10.71.1.30, 10.71.1.31]@running-config:11 forwarding-encrypted=false",
            "stream=command enabled=true@running-config:78 forwarded=[10.70.2.11, 10.70.2.12]@running-config:78 forwarding-encrypted=false",
        ],
    );
}

#[test]
fn communities_and_users_of_snmp() {
    check(
        "snmp",
        &["name@", "version", "access", "sources", "auth", "privacy", "vendor-default"],
        &[
            "name=community 1@running-config:110 version=v2c access=write sources=[10.71.1.40/32, ::/0] auth=none privacy=none vendor-default=?not-understood",
            "name=community 2@running-config:111 version=v2c access=read sources=[0.0.0.0/0, ::/0] auth=none privacy=none vendor-default=true",
            "name=monitor@running-config:114 version=v3 access=read sources=[10.71.1.40/32, ::/0] auth=sha2 privacy=aes vendor-default=false",
        ],
    );
}

#[test]
fn a_time_server_is_authenticated_where_all_lines_agree() {
    check(
        "time-sources",
        &["server", "authenticated@", "enabled"],
        &[
            "server=10.71.1.5 authenticated=true@running-config:134 enabled=true",
            "server=10.71.1.6 authenticated=false@running-config:135 enabled=true",
        ],
    );
}

#[test]
fn headers_are_text() {
    check(
        "banner",
        &["scope", "present@", "mentions-product"],
        &[
            "scope=login present=true@running-config:137 mentions-product=false",
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
            "kind=list name=2003 used-at=http acl 2003 defined=false",
            "kind=profile name=OPS used-at=acl number 2004: rule 5 permit source defined=true",
            "kind=profile name=OPS used-at=aaa: local-user dutydesk time-range OPS defined=true",
            "kind=list name=3999 used-at=interface GigabitEthernet0/0/1: traffic-filter inbound acl 3999 defined=false",
            "kind=list name=2002 used-at=snmp-agent community defined=true",
            "kind=list name=2002 used-at=snmp-agent group defined=true",
            "kind=list name=MGMT used-at=user-interface vty 0 3: acl MGMT inbound defined=true",
            "kind=list name=2601 used-at=user-interface vty 0 3: acl ipv6 2601 inbound defined=true",
            "kind=list name=2004 used-at=user-interface vty 4: acl 2004 inbound defined=true",
        ],
    );
}

#[test]
fn users_of_the_ssh_server() {
    check(
        "ssh-users",
        &["name", "authentication", "both", "either"],
        &[
            "name=breakglass authentication=password-publickey both=true either=false",
            "name=dutydesk authentication=all both=false either=true",
        ],
    );
}

#[test]
fn global_settings() {
    check(
        "huawei-settings",
        &["name", "value@"],
        &[
            "name=ftp-server value=?default-not-documented@running-config",
            "name=http-server value=off@running-config:20",
            "name=https-server value=off@running-config:21",
            "name=info-center value=on@default",
            "name=ntp-authentication value=on@running-config:131",
            "name=ssh1-compatible value=?version-not-known@default",
            "name=stelnet-server value=on@running-config:119",
            "name=telnet-server value=off@running-config:18",
            "name=telnet-server-ipv6 value=on@running-config:19",
            "name=tftp-server value=?default-not-documented@running-config",
            "name=log-timestamp value=format-date@running-config:14",
            "name=loghost-state value=on@running-config:10",
            "name=snmp-versions value=v2c v3@running-config:112",
            "name=super-password value=-@running-config",
            "name=password-policy value=on@running-config:70",
            "name=password-expire value=60@running-config:71",
            "name=password-history value=?version-not-known(5|10)@default",
            "name=password-complexity value=?default-not-documented@running-config",
        ],
    );
}

#[test]
fn what_stands_before_a_cut_does_not_pass() {
    let end = DEVICE.rfind("return").expect("the end marker");
    let rows = |table: &str, column: &str| device_rows("huawei-vrp", &DEVICE[..end], table, &[column]);
    assert_eq!(
        rows("authentication-policy", "lockout-threshold").last().map(String::as_str),
        Some("gap lockout-threshold=?config-incomplete")
    );
    assert_eq!(rows("logs", "stream").last().map(String::as_str), Some("gap stream=?config-incomplete"));
    assert_eq!(rows("banner", "scope").last().map(String::as_str), Some("gap scope=?config-incomplete"));
    assert_eq!(rows("huawei-settings", "name").last().map(String::as_str), Some("gap name=?config-incomplete"));
}

#[test]
fn the_list_of_the_agent_takes_precedence_over_that_of_a_community() {
    // USG6000 Command Reference, snmp-agent acl: it holds for both families, or for one; which lists are asked besides it is not said.
    let sources = |lines: &str| {
        let text = format!(
            "!Software Version V500R005C00\n#\nacl number 2000\n rule 5 permit source 10.1.0.0 0.0.0.255\n rule 10 deny\n#\nacl number 2001\n rule 5 permit source 10.1.0.7 0\n rule 10 deny\n#\n\
             snmp-agent\nsnmp-agent sys-info version v2c\nsnmp-agent community read cipher abc {lines}\n#\nreturn\n"
        );
        device_rows("huawei-vrp", &text, "snmp", &["sources"]).join(";")
    };
    assert_eq!(sources("\nsnmp-agent acl 2000"), "sources=[10.1.0.0/24]");
    assert_eq!(sources("\nsnmp-agent acl-ipv4 2001"), "sources=[10.1.0.7/32]");
    assert_eq!(sources("\nsnmp-agent acl-ipv4 2001\nundo snmp-agent acl"), "sources=[0.0.0.0/0]");
    assert_eq!(sources("acl 2000"), "sources=[10.1.0.0/24]");
    // The community's own list narrows that of the agent, or it is not asked.
    assert_eq!(sources("acl 2001\nsnmp-agent acl 2000"), "sources=?list-not-decided");
    assert_eq!(sources("acl 2000\nsnmp-agent acl 2001"), "sources=[10.1.0.7/32]");
}
