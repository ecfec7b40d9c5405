//! The configuration of one Arista switch, line by line, as the manuals of EOS read it.

use crate::support::{device_rows, no_secret_in};

const CONFIGURATION: &str = include_str!("arista/eos.cfg");

#[track_caller]
fn check(table: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(device_rows("arista-eos", CONFIGURATION, table, columns), expected);
}

/// Rows of one table with what is shown of each of them only.
#[track_caller]
fn of(configuration: &str, table: &str, columns: &[&str]) -> Vec<String> {
    device_rows("arista-eos", configuration, table, columns)
}

#[test]
fn ssh_answers_in_the_management_vrf_alone_and_both_families_have_a_list() {
    check(
        "remote-access",
        &["service", "scope", "enabled@", "sources", "sources-restricted-by", "idle-timeout@", "login-timeout"],
        &[
            "service=ssh scope=vrf default enabled=false@running-config:162 sources=[0.0.0.0/0] sources-restricted-by=[] \
             idle-timeout=15m@running-config:157 login-timeout=1m",
            // The list of the control plane admits SSH from 10.20.0.0/16, the list of SSH from less.
            "service=ssh scope=vrf MGMT enabled=true@running-config:165 sources=[10.20.98.16/28, 10.20.99.0/24, fd00:20:99::/64] \
             sources-restricted-by=[OPERATORS, OPERATORS6, CPU] idle-timeout=15m@running-config:157 login-timeout=1m",
            "service=telnet scope=vrf default enabled=false@default sources=[0.0.0.0/0] sources-restricted-by=[] \
             idle-timeout=?default-not-documented@running-config login-timeout=?default-not-documented",
            "service=api scope=http-commands vrf default enabled=?not-shown@running-config sources=[0.0.0.0/0] sources-restricted-by=[] \
             idle-timeout=?default-not-documented@running-config login-timeout=?default-not-documented",
            // The control plane admits nothing to 443 in IPv4, and has no list of IPv6.
            "service=api scope=http-commands vrf MGMT enabled=true@running-config:143 sources=[::/0] \
             sources-restricted-by=[OPERATORS, CPU] idle-timeout=?default-not-documented@running-config \
             login-timeout=?default-not-documented",
            "service=api scope=gnmi vrf MGMT enabled=?not-shown@running-config:147 sources=[::/0] sources-restricted-by=[CPU] \
             idle-timeout=?default-not-documented@running-config login-timeout=?default-not-documented",
            "service=console scope=console enabled=true@running-config sources=[] sources-restricted-by=[] \
             idle-timeout=10m@running-config:152 login-timeout=?default-not-documented",
            "service=snmp scope=community 2 enabled=true@running-config:58 sources=?list-not-defined sources-restricted-by=[POLLERS] \
             idle-timeout=?default-not-documented@running-config login-timeout=?default-not-documented",
        ],
    );
}

#[test]
fn the_console_has_a_method_of_its_own_and_root_cannot_log_in() {
    let columns =
        &["scope", "accounts-restricted-by", "factors", "methods", "servers", "servers-first", "root-login@", "privileged-on-login@"];
    let rows = of(CONFIGURATION, "remote-access", columns);
    assert_eq!(
        rows[1],
        "scope=vrf MGMT accounts-restricted-by=[aaa TAC, local accounts] factors=?decided-at-servers methods=[tacacs, password] \
         servers=[10.20.30.51, 10.20.30.52] servers-first=true root-login=no@running-config:6 privileged-on-login=true@running-config:8"
    );
    assert_eq!(
        rows[6],
        "scope=console accounts-restricted-by=[local accounts] factors=1 methods=[password] servers=[] servers-first=- \
         root-login=no@running-config:6 privileged-on-login=true@running-config:8"
    );
}

#[test]
fn users_are_put_together_and_one_that_was_taken_back_is_gone() {
    check(
        "accounts",
        &["name", "enabled", "privileged@", "password-state@", "password-scheme", "groups", "keys", "vendor-default"],
        &[
            "name=admin enabled=true privileged=true@running-config:8 password-state=set@running-config:8 password-scheme=sha512 \
             groups=[network-admin] keys=0 vendor-default=true",
            "name=chenyu enabled=true privileged=false@running-config:9 password-state=set@running-config:9 password-scheme=sha512 \
             groups=[network-operator] keys=1 vendor-default=false",
            "name=lixin enabled=true privileged=false@running-config:11 password-state=set@running-config:11 password-scheme=md5 \
             groups=[network-operator] keys=0 vendor-default=false",
            "name=probe enabled=true privileged=false@running-config:12 password-state=empty@running-config:12 password-scheme=- \
             groups=[network-operator] keys=0 vendor-default=false",
            "name=metrics enabled=false privileged=false@running-config:15 password-state=none@running-config:15 password-scheme=- \
             groups=[telemetry] keys=0 vendor-default=false",
        ],
    );
}

#[test]
fn the_user_of_a_new_switch_is_there_unless_the_configuration_says_otherwise() {
    let new = "! device: a (DCS-7050, EOS-4.30.5M)\nhostname a\n!\nend\n";
    assert_eq!(
        of(new, "accounts", &["name", "password-state@", "enabled", "vendor-default"]),
        ["name=admin password-state=?default-account-not-shown@default enabled=?default-account-not-shown vendor-default=true"]
    );
    let removed = "! device: a (DCS-7050, EOS-4.30.5M)\nno username admin\n!\nend\n";
    assert_eq!(of(removed, "accounts", &["name"]), [""; 0]);
}

#[test]
fn the_policy_in_force_is_the_one_that_accounts_name() {
    check(
        "authentication-policy",
        &["path", "min-length@", "classes@", "requirements", "lockout-threshold@", "lockout-duration", "lockout-window", "hash-scheme"],
        &["path=local min-length=12@running-config:72 classes=3@running-config:71 requirements=[digit, lower, upper] \
           lockout-threshold=5@running-config:25 lockout-duration=15m lockout-window=5m hash-scheme=sha512"],
    );
    // A policy that nobody names binds nobody.
    let idle = "! device: a (DCS-7050, EOS-4.30.5M)\nmanagement security\n   password policy BANK\n      minimum length 14\n!\nend\n";
    assert_eq!(
        of(idle, "authentication-policy", &["min-length", "classes"]),
        ["min-length=?default-not-documented classes=?default-not-documented"]
    );
}

#[test]
fn logs_go_where_they_are_sent_and_one_way_without_encryption_is_enough_to_say_so() {
    check(
        "logs",
        &["stream", "enabled@", "forwarded", "forwarding-encrypted", "forwarding-reliable", "retention", "level"],
        &[
            "stream=system enabled=true@running-config:45 forwarded=[10.20.30.41, 10.20.30.42] forwarding-encrypted=false \
             forwarding-reliable=false retention=0s level=informational",
            "stream=authentication enabled=true@running-config:23 forwarded=[10.20.30.41, 10.20.30.42] forwarding-encrypted=false \
             forwarding-reliable=false retention=0s level=informational",
            "stream=command enabled=true@running-config:28 forwarded=[10.20.30.51, 10.20.30.52, 10.20.30.41, 10.20.30.42] \
             forwarding-encrypted=false forwarding-reliable=false retention=0s level=-",
        ],
    );
    check(
        "time-sources",
        &["server", "authenticated@"],
        &["server=10.20.30.61 authenticated=true@running-config:53", "server=10.20.30.62 authenticated=false@running-config:54"],
    );
}

#[test]
fn the_list_of_all_requests_limits_communities_and_groups_decide_for_users() {
    check(
        "snmp",
        &["name", "version", "access@", "sources", "sources-restricted-by", "auth", "privacy"],
        &[
            "name=community 1 version=v1 access=read@running-config:57 sources=[10.20.30.45/32] sources-restricted-by=[NMS] auth=none \
             privacy=none",
            "name=community 2 version=v1 access=write@running-config:58 sources=?list-not-defined sources-restricted-by=[POLLERS] \
             auth=none privacy=none",
            "name=nms version=v3 access=read@running-config:61 sources=[10.20.30.45/32] sources-restricted-by=[NMS] auth=sha2 privacy=aes",
            // The user has a key, and its group does not ask for it.
            "name=tryout version=v3 access=read@running-config:62 sources=[10.20.30.45/32] sources-restricted-by=[NMS] auth=none \
             privacy=none",
        ],
    );
}

#[test]
fn entries_say_where_their_list_is_used_and_remarks_are_none() {
    let rows = of(CONFIGURATION, "access-rules", &["list", "entry", "action@", "sources", "ports", "any-any", "applied-to", "reachable"]);
    let edge: Vec<&str> = rows.iter().map(String::as_str).filter(|row| row.starts_with("list=EDGE ")).collect();
    assert_eq!(
        edge,
        [
            "list=EDGE entry=20 action=permit@running-config:104 sources=[10.2.0.0/16] ports=[22] any-any=false \
             applied-to=[interface-in] reachable=true",
            "list=EDGE entry=30 action=permit@running-config:105 sources=[10.2.0.0/16] ports=[443] any-any=false \
             applied-to=[interface-in] reachable=true",
            "list=EDGE entry=40 action=permit@running-config:106 sources=[0.0.0.0/0] ports=[any] any-any=true \
             applied-to=[interface-in] reachable=true",
            "list=EDGE entry=50 action=deny@running-config:107 sources=[0.0.0.0/0] ports=[any] any-any=false \
             applied-to=[interface-in] reachable=false",
        ]
    );
    assert!(rows.iter().any(|row| row.starts_with("list=OPEN") && row.contains("applied-to=[none]")), "a description applies nothing");
    let gone = of(CONFIGURATION, "references", &["kind", "name", "used-at@", "defined"]);
    let gone: Vec<&str> = gone.iter().map(String::as_str).filter(|row| row.ends_with("defined=false")).collect();
    assert_eq!(
        gone,
        [
            "kind=profile name=NOSUCH used-at=transport grpc default / ssl profile NOSUCH@running-config:148 defined=false",
            "kind=list name=POLLERS used-at=snmp-server community@running-config:58 defined=false",
            "kind=list name=GONE used-at=interface Ethernet2 / ip access-group GONE out@running-config:95 defined=false",
        ]
    );
}

#[test]
fn settings_have_their_lines_or_the_page_that_documents_them() {
    let rows = of(CONFIGURATION, "eos-settings", &["name", "value@", "on"]);
    for expected in [
        "name=aaa accounting commands value=on@running-config:28 on=true",
        "name=aaa authorization commands value=on@running-config:27 on=true",
        "name=aaa root value=off@running-config:6 on=false",
        "name=allow-nopassword-remote-login value=?default-not-documented@running-config on=?default-not-documented",
        "name=enable password value=-@running-config on=-",
        "name=logging timestamp value=high-resolution@running-config:44 on=-",
        "name=ssh value=off@running-config:162 on=false",
        "name=ssh connection limit value=20@running-config:158 on=-",
        "name=telnet value=off@default on=false",
    ] {
        assert!(rows.iter().any(|row| row == expected), "{expected} is among {rows:#?}");
    }
    check(
        "crypto",
        &["context", "name@", "strength"],
        &[
            "context=sshd name=aes256-gcm@openssh.com@running-config:159 strength=strong",
            "context=sshd name=aes128-cbc@running-config:159 strength=weak",
            "context=sshd name=hmac-sha2-512@running-config:160 strength=strong",
            "context=ssl profile LOGS name=TLS 1.2@running-config:76 strength=acceptable",
            "context=ssl profile EAPI name=TLS 1.0@running-config:79 strength=weak",
            "context=ssl profile EAPI name=TLS 1.2@running-config:79 strength=acceptable",
        ],
    );
    check(
        "banner",
        &["scope", "present", "mentions-product@"],
        &[
            "scope=login present=true mentions-product=true@running-config:131",
            "scope=motd present=false mentions-product=false@running-config",
        ],
    );
}

#[test]
fn nothing_is_proven_absent_behind_a_cut() {
    let cut = CONFIGURATION.split_inclusive('\n').take(150).collect::<String>();
    let rows = device_rows("arista-eos", &cut, "remote-access", &["service", "scope", "enabled"]);
    assert!(rows.iter().any(|row| row == "service=telnet scope=vrf default enabled=?config-incomplete"), "{rows:#?}");
    assert!(rows.iter().any(|row| row.starts_with("gap ")), "{rows:#?}");
}

#[test]
fn no_secret_is_printed() {
    let secrets = [
        "CANARYsalt1",
        "CANARYsalt2",
        "CANARYhash33333333333333",
        "CANARYclear",
        "CANARYtacacs1",
        "CANARYntp",
        "CANARYread",
        "CANARYwrite",
        "CANARYauth",
        "CANARYpriv",
        "CANARYtrap",
    ];
    no_secret_in("arista-eos", CONFIGURATION, &secrets);
}
