//! The configuration of one Cisco ASA, line by line, as the Cisco ASA CLI Configuration Guide and Command Reference read it.

use crate::support::device_rows;

const CONFIGURATION: &str = include_str!("cisco/asa.cfg");

#[track_caller]
fn check(table: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(device_rows("cisco-asa", CONFIGURATION, table, columns), expected);
}

/// The number of the line that begins with this text.
fn line(start: &str) -> usize {
    1 + CONFIGURATION.lines().position(|line| line.starts_with(start)).expect("the line is there")
}

#[test]
fn sources_are_the_listed_ones_and_names_stand_for_addresses() {
    let mgmt = line("ssh bastion-a");
    check(
        "remote-access",
        &["service", "scope", "enabled@", "encrypted", "sources"],
        &[
            &format!("service=ssh scope=mgmt enabled=true@running-config:{mgmt} encrypted=true sources=[10.1.2.0/24, fd00:1:2::/64]"),
            "service=telnet scope=telnet enabled=false@default encrypted=false sources=[]",
            &format!(
                "service=web-https scope=mgmt enabled=true@running-config:{} encrypted=true sources=[10.1.2.0/24]",
                line("http 10.1.2.0")
            ),
            "service=console scope=console enabled=true@running-config encrypted=false sources=[]",
            &format!(
                "service=vpn scope=STAFF enabled=true@running-config:{} encrypted=true sources=[0.0.0.0/0, ::/0]",
                line(" enable outside")
            ),
            &format!(
                "service=vpn scope=DefaultWEBVPNGroup enabled=true@running-config:{} encrypted=true sources=[0.0.0.0/0, ::/0]",
                line(" enable outside")
            ),
        ],
    );
}

#[test]
fn each_way_in_says_who_proves_what_to_whom() {
    check(
        "remote-access",
        &["scope", "accounts-restricted-by", "factors", "methods", "servers", "servers-first", "idle-timeout", "lockout", "accounting"],
        &[
            "scope=mgmt accounts-restricted-by=[aaa TAC, local accounts] factors=?decided-at-servers methods=[tacacs, password] \
             servers=[10.1.1.5, 10.1.1.6] servers-first=true idle-timeout=10m lockout=5 accounting=true",
            "scope=telnet accounts-restricted-by=[] factors=1 methods=[password] servers=[] servers-first=- idle-timeout=5m lockout=- \
             accounting=true",
            "scope=mgmt accounts-restricted-by=[local accounts] factors=1 methods=[password] servers=[] servers-first=- \
             idle-timeout=?default-not-documented lockout=5 accounting=false",
            "scope=console accounts-restricted-by=[local accounts] factors=1 methods=[password] servers=[] servers-first=- \
             idle-timeout=unlimited lockout=5 accounting=true",
            "scope=STAFF accounts-restricted-by=[aaa RAD] factors=2 methods=[password] servers=[10.1.1.7] servers-first=true \
             idle-timeout=unlimited lockout=- accounting=?default-not-documented",
            "scope=DefaultWEBVPNGroup accounts-restricted-by=?default-not-documented factors=?default-not-documented \
             methods=?default-not-documented servers=?default-not-documented servers-first=?default-not-documented \
             idle-timeout=30m lockout=?default-not-documented accounting=?default-not-documented",
        ],
    );
}

#[test]
fn accounts_show_how_their_passwords_are_kept() {
    let alice = line("username alice password");
    check(
        "accounts",
        &["name@", "privileged", "password-state", "password-scheme", "password-max-age"],
        &[
            &format!("name=alice@running-config:{alice} privileged=true password-state=set password-scheme=sha512 password-max-age=90d"),
            &format!("name=bob@running-config:{} privileged=false password-state=set password-scheme=md5 password-max-age=90d", alice + 1),
            &format!(
                "name=carol@running-config:{} privileged=false password-state=empty password-scheme=- password-max-age=90d",
                alice + 2
            ),
        ],
    );
    check(
        "authentication-policy",
        &["path", "min-length", "classes", "requirements", "lockout-threshold", "hash-scheme", "empty-passwords"],
        &["path=local min-length=12 classes=2 requirements=[digit, upper] lockout-threshold=5 hash-scheme=sha512 empty-passwords=true"],
    );
}

#[test]
fn logs_are_sent_where_the_trap_level_lets_them() {
    check(
        "logs",
        &["stream", "enabled", "path", "retention", "forwarded", "forwarding-encrypted", "forwarding-reliable", "level"],
        &[
            "stream=authentication enabled=true path=buffer retention=0s forwarded=[10.1.1.9, 10.1.1.10] forwarding-encrypted=false \
             forwarding-reliable=false level=6",
            "stream=system enabled=true path=buffer retention=0s forwarded=[10.1.1.9, 10.1.1.10] forwarding-encrypted=false \
             forwarding-reliable=false level=6",
            "stream=command enabled=true path=buffer retention=0s forwarded=[10.1.1.5, 10.1.1.6, 10.1.1.9, 10.1.1.10] \
             forwarding-encrypted=false forwarding-reliable=false level=6",
        ],
    );
}

#[test]
fn time_is_authenticated_by_four_statements() {
    check(
        "time-sources",
        &["server@", "authenticated"],
        &[
            &format!("server=10.1.1.8@running-config:{} authenticated=true", line("ntp server 10.1.1.8")),
            &format!("server=10.1.1.9@running-config:{} authenticated=false", line("ntp server 10.1.1.9")),
        ],
    );
}

#[test]
fn snmp_rows_have_no_secret_in_their_names() {
    check(
        "snmp",
        &["name", "version", "access", "sources", "auth", "privacy", "vendor-default"],
        &[
            "name=community 1 version=v2c access=read sources=[10.1.1.10/32] auth=none privacy=none vendor-default=false",
            "name=nms version=v3 access=read sources=[10.1.1.9/32] auth=sha1 privacy=aes vendor-default=false",
        ],
    );
}

#[test]
fn interfaces_are_ordered_by_their_security_level() {
    check(
        "asa-interfaces",
        &["interface", "enabled", "security-level", "management-only", "list-in", "lowest"],
        &[
            "interface=outside enabled=true security-level=0 management-only=false list-in=OUTSIDE-IN lowest=true",
            "interface=inside enabled=true security-level=100 management-only=false list-in=INSIDE-IN lowest=false",
            "interface=dmz enabled=true security-level=50 management-only=false list-in=- lowest=false",
            "interface=spare enabled=false security-level=40 management-only=false list-in=- lowest=false",
            "interface=mgmt enabled=true security-level=90 management-only=true list-in=- lowest=false",
        ],
    );
}

#[test]
fn vpn_profiles_inherit_from_their_policy() {
    check(
        "asa-vpn-profiles",
        &["profile", "second-step", "policy", "access-hours", "hours", "idle-timeout", "session-timeout@"],
        &[
            &format!(
                "profile=STAFF second-step=certificate policy=STAFF access-hours=WORK hours=60h idle-timeout=unlimited \
                 session-timeout=8h@running-config:{}",
                line(" vpn-session-timeout")
            ),
            &format!(
                "profile=DefaultWEBVPNGroup second-step=?default-not-documented policy=DfltGrpPolicy \
                 access-hours=?default-not-documented hours=?default-not-documented idle-timeout=30m \
                 session-timeout=8h@running-config:{}",
                line(" vpn-session-timeout")
            ),
        ],
    );
}

#[test]
fn banners_algorithms_and_references() {
    check(
        "banner",
        &["scope", "present", "mentions-product"],
        &["scope=login present=true mentions-product=false", "scope=motd present=true mentions-product=true"],
    );
    check(
        "crypto",
        &["context", "kind", "name", "strength"],
        &[
            "context=sshd kind=cipher name=default strength=?default-not-documented",
            "context=sshd kind=key-exchange name=dh-group14-sha256 strength=strong",
            "context=sshd kind=policy name=high strength=strong",
            "context=ike kind=cipher name=aes-256 strength=strong",
            "context=ike kind=mac name=sha256 strength=strong",
            "context=ike kind=key-exchange name=14 strength=acceptable",
            "context=ipsec kind=cipher name=esp-3des strength=weak",
            "context=ipsec kind=mac name=esp-md5-hmac strength=weak",
            "context=ssl kind=protocol name=tlsv1.2 strength=strong",
        ],
    );
    check(
        "references",
        &["kind", "name", "defined"],
        &[
            "kind=group name=GRP-SERVERS defined=true",
            "kind=group name=GRP-WEB defined=true",
            "kind=group name=OBJ-WEB defined=true",
            "kind=group name=GRP-MIX defined=true",
            "kind=group name=OBJ-APPS defined=true",
            "kind=group name=OBJ-NTP defined=true",
            "kind=profile name=NIGHT defined=true",
            "kind=group name=GRP-LOOP defined=true",
            "kind=profile name=STAFF defined=true",
            "kind=list name=OUTSIDE-IN defined=true",
            "kind=list name=INSIDE-IN defined=true",
            "kind=group name=TAC defined=true",
            "kind=group name=TAC defined=true",
            "kind=group name=TAC defined=true",
        ],
    );
}

#[test]
fn no_secret_is_ever_printed() {
    crate::support::no_secret_in("cisco-asa", CONFIGURATION, &["topsecret", "YWxpY2U", "P2hnUkJ", "c2VjcmV0", "aa:bb", "ee:ff"]);
}

#[test]
fn lists_are_expanded_and_judged() {
    check(
        "access-rules",
        &["list", "action", "protocol", "sources", "destinations", "ports", "any-any", "reachable", "enabled", "time-window", "applied-to"],
        &[
            "list=OUTSIDE-IN action=permit protocol=tcp sources=[0.0.0.0/0, ::/0] destinations=[10.30.0.10/31, 10.30.1.0/24] ports=[80, 443] \
             any-any=false reachable=true enabled=true time-window=- applied-to=[interface-in]",
            "list=OUTSIDE-IN action=permit protocol=tcp sources=[0.0.0.0/0, ::/0] destinations=[10.30.0.10/32] ports=[443] any-any=false \
             reachable=false enabled=true time-window=- applied-to=[interface-in]",
            "list=OUTSIDE-IN action=permit protocol=any sources=[0.0.0.0/0, ::/0] destinations=[0.0.0.0/0, ::/0] ports=[any] any-any=false \
             reachable=false enabled=false time-window=- applied-to=[interface-in]",
            "list=OUTSIDE-IN action=deny protocol=any sources=[0.0.0.0/0, ::/0] destinations=[0.0.0.0/0, ::/0] ports=[any] any-any=false \
             reachable=true enabled=true time-window=- applied-to=[interface-in]",
            "list=INSIDE-IN action=permit protocol=tcp,udp sources=[10.20.0.0/24] destinations=[0.0.0.0/0] ports=[22, 53, 8080-8081] \
             any-any=false reachable=true enabled=true time-window=- applied-to=[interface-in]",
            "list=INSIDE-IN action=permit protocol=udp sources=[10.20.0.0/24] destinations=[10.1.1.8/31] ports=[123] any-any=false \
             reachable=true enabled=true time-window=NIGHT applied-to=[interface-in]",
            "list=INSIDE-IN action=permit protocol=tcp sources=?not-exact destinations=[0.0.0.0/0, ::/0] ports=[22] any-any=false \
             reachable=?not-exact enabled=true time-window=- applied-to=[interface-in]",
            "list=INSIDE-IN action=deny protocol=any sources=[0.0.0.0/0, ::/0] destinations=[0.0.0.0/0, ::/0] ports=[any] any-any=false \
             reachable=true enabled=true time-window=- applied-to=[interface-in]",
            "list=SPLIT action=permit protocol=any sources=[10.20.0.0/24] destinations=[0.0.0.0/0, ::/0] ports=[any] any-any=false \
             reachable=true enabled=true time-window=- applied-to=[none]",
            "list=WIDE action=permit protocol=any sources=[0.0.0.0/0, ::/0] destinations=[0.0.0.0/0, ::/0] ports=[any] any-any=true \
             reachable=true enabled=true time-window=- applied-to=[none]",
        ],
    );
}
