//! PAN-OS firewalls and Panorama, as commands and as XML, into facts with the lines that show them.

use crate::support::{device_rows, no_secret_in};

/// A firewall at the edge of a branch, with what a real one has: profiles, groups, servers, rules that say little.
const EDGE: &str = r#"set deviceconfig system hostname fw-edge-07
set deviceconfig system ip-address 10.20.0.2
set deviceconfig system service disable-telnet yes
set deviceconfig system service disable-http yes
set deviceconfig system permitted-ip 10.20.0.0/24
set deviceconfig system permitted-ip 10.20.9.9
set deviceconfig system login-banner "Authorised use only"
set deviceconfig system ntp-servers primary-ntp-server ntp-server-address 10.20.0.123
set deviceconfig system ntp-servers primary-ntp-server authentication-type symmetric-key key-id 1
set deviceconfig system ntp-servers secondary-ntp-server ntp-server-address 10.20.0.124
set deviceconfig system snmp-setting access-setting version v2c snmp-community-string public
set deviceconfig setting management admin-lockout failed-attempts 5
set deviceconfig setting management admin-lockout lockout-time 15
set mgt-config users admin phash $1$abcdefgh$0123456789012345678901
set mgt-config users admin permissions role-based superuser yes
set mgt-config users li.si authentication-profile RAD
set mgt-config users li.si permissions role-based custom profile AUDIT
set shared authentication-profile RAD method radius server-profile R1
set shared authentication-profile RAD lockout failed-attempts 3
set shared authentication-profile RAD lockout lockout-time 30
set shared server-profile radius R1 server S1 ip-address 10.20.0.7
set shared log-settings syslog SIEM server S1 server 10.20.0.5
set shared log-settings syslog SIEM server S1 transport SSL
set shared log-settings system match-list ALL filter "All Logs"
set shared log-settings system match-list ALL send-syslog SIEM
set shared log-settings config match-list SOME filter "(admin eq admin)"
set shared log-settings config match-list SOME send-syslog SIEM
set network profiles interface-management-profile OUT ssh yes
set network profiles interface-management-profile SPARE telnet yes
set network interface ethernet ethernet1/1 layer3 interface-management-profile OUT
set address WEB ip-netmask 10.30.0.10/32
set address APP ip-range 10.30.0.20-10.30.0.23
set address SITE fqdn www.example.cn
set address-group SERVERS static [ WEB APP ]
set service T8443 protocol tcp port 8443,9000-9010
set rulebase security rules IN from untrust
set rulebase security rules IN to dmz
set rulebase security rules IN source any
set rulebase security rules IN destination SERVERS
set rulebase security rules IN application any
set rulebase security rules IN service T8443
set rulebase security rules IN action allow
set rulebase security rules AGAIN from untrust
set rulebase security rules AGAIN to dmz
set rulebase security rules AGAIN source any
set rulebase security rules AGAIN destination WEB
set rulebase security rules AGAIN application any
set rulebase security rules AGAIN service T8443
set rulebase security rules AGAIN action allow
set rulebase security rules OUT from trust
set rulebase security rules OUT to untrust
set rulebase security rules OUT source SERVERS
set rulebase security rules OUT negate-source yes
set rulebase security rules OUT destination any
set rulebase security rules OUT application any
set rulebase security rules OUT service application-default
set rulebase security rules OUT action allow
set rulebase security rules OUT log-end no
"#;

fn of(text: &str, table: &str, columns: &[&str]) -> Vec<String> {
    device_rows("paloalto-panos", text, table, columns)
}

#[test]
fn management_is_limited_place_by_place() {
    assert_eq!(
        of(EDGE, "panos-management", &["scope", "in-use", "https", "ssh@", "telnet@", "sources@"]),
        [
            "scope=mgt in-use=true https=true ssh=true@running-config telnet=false@running-config:3 sources=[10.20.0.0/24, 10.20.9.9/32]@running-config:5",
            "scope=profile OUT in-use=true https=false ssh=true@running-config:28 telnet=false@running-config:28 sources=[0.0.0.0/0, ::/0]@default",
            "scope=profile SPARE in-use=false https=false ssh=false@running-config:29 telnet=true@running-config:29 sources=[0.0.0.0/0, ::/0]@default",
        ]
    );
}

#[test]
fn administrators_are_judged_by_what_authenticates_them() {
    assert_eq!(
        of(EDGE, "panos-administrators", &["name", "role@", "superuser", "local-password", "factors@", "servers", "lockout@"]),
        [
            "name=admin role=superuser@running-config:15 superuser=true local-password=true factors=1@running-config:14 servers=[] lockout=5@running-config:12",
            "name=li.si role=AUDIT@running-config:17 superuser=false local-password=false factors=?decided-elsewhere@running-config:16 servers=[10.20.0.7] lockout=3@running-config:19",
        ]
    );
    assert_eq!(
        of(EDGE, "accounts", &["name", "privileged", "password-scheme@", "vendor-default", "source"]),
        [
            "name=admin privileged=true password-scheme=md5@running-config:14 vendor-default=true source=local",
            "name=li.si privileged=false password-scheme=-@running-config:16 vendor-default=false source=RAD",
        ]
    );
}

#[test]
fn filtered_records_are_not_forwarded() {
    assert_eq!(
        of(EDGE, "panos-log-forwarding", &["type", "servers@", "filtered-servers", "encrypted"]),
        [
            "type=system servers=[10.20.0.5]@running-config:22 filtered-servers=[] encrypted=true",
            "type=config servers=[]@running-config filtered-servers=[10.20.0.5] encrypted=-",
        ]
    );
}

#[test]
fn time_and_snmp_show_their_protection() {
    assert_eq!(
        of(EDGE, "time-sources", &["server@", "authenticated@"]),
        [
            "server=10.20.0.123@running-config:8 authenticated=true@running-config:9",
            "server=10.20.0.124@running-config:10 authenticated=false@running-config:10",
        ]
    );
    assert_eq!(
        of(EDGE, "snmp", &["name", "version", "sources@", "vendor-default@"]),
        ["name=community 1 version=v2c sources=[10.20.0.0/24, 10.20.9.9/32]@running-config:5 vendor-default=true@running-config:11"]
    );
}

#[test]
fn rules_are_resolved_and_ordered() {
    assert_eq!(
        of(EDGE, "access-rules", &["list", "entry@", "action", "destinations", "ports", "any-any", "reachable", "logged"]),
        [
            "list=vsys1 entry=IN@running-config:36 action=permit destinations=[10.30.0.10/32, 10.30.0.20/30] ports=[8443, 9000-9010] any-any=false reachable=true logged=?version-not-known(true|false)",
            "list=vsys1 entry=AGAIN@running-config:43 action=permit destinations=[10.30.0.10/32] ports=[8443, 9000-9010] any-any=false reachable=false logged=?version-not-known(true|false)",
            "list=vsys1 entry=OUT@running-config:50 action=permit destinations=[0.0.0.0/0, ::/0] ports=[any] any-any=false reachable=true logged=false",
        ]
    );
    assert_eq!(
        of(EDGE, "panos-rules", &["rulebase", "rule", "action", "source-is-any@", "log-end@"]),
        [
            "rulebase=vsys1 rule=IN action=allow source-is-any=true@running-config:38 log-end=?version-not-known(true|false)@default",
            "rulebase=vsys1 rule=AGAIN action=allow source-is-any=true@running-config:45 log-end=?version-not-known(true|false)@default",
            "rulebase=vsys1 rule=OUT action=allow source-is-any=false@running-config:53 log-end=false@running-config:58",
            "rulebase=vsys1 default rule=intrazone-default action=allow source-is-any=true@default log-end=false@default",
            "rulebase=vsys1 default rule=interzone-default action=deny source-is-any=true@default log-end=false@default",
        ]
    );
}

#[test]
fn only_profiles_in_use_are_offered() {
    let profile = |name: &str, rest: &str| format!("set network ike crypto-profiles ike-crypto-profiles {name} {rest}\n");
    let text = [
        EDGE,
        "set deviceconfig system ssl-tls-service-profile MGMT\n",
        "set shared ssl-tls-service-profile MGMT protocol-settings max-version max\n",
        "set deviceconfig system ssh profiles mgmt-profiles server-profiles S ciphers [ aes256-ctr aes128-cbc ]\n",
        "set deviceconfig system ssh mgmt server-profile S\n",
        &profile("HQ", "encryption [ aes-256-cbc 3des ]"),
        &profile("HQ", "dh-group group14"),
        &profile("SPARE", "encryption des"),
        "set network ike gateway G protocol ikev2 ike-crypto-profile HQ\n",
    ]
    .concat();
    assert_eq!(
        of(&text, "crypto", &["context", "kind", "name", "strength"]),
        [
            // The least version is stated for 7.1, the algorithms of SSH for 10.0; this one shows no version.
            "context=https kind=protocol name=management strength=?default-not-documented",
            "context=sshd kind=cipher name=aes256-ctr strength=strong",
            "context=sshd kind=cipher name=aes128-cbc strength=weak",
            "context=sshd kind=key-exchange name=all strength=?default-not-documented",
            "context=sshd kind=mac name=all strength=?default-not-documented",
            "context=ike kind=cipher name=aes-256-cbc strength=strong",
            "context=ike kind=cipher name=3des strength=weak",
            "context=ike kind=key-exchange name=group14 strength=acceptable",
        ]
    );
}

#[test]
fn names_that_nothing_defines_are_told() {
    let text = EDGE.to_owned() + "set rulebase security rules OUT log-setting NOWHERE\nset rulebase security rules OUT destination CN\n";
    let missing: Vec<String> =
        of(&text, "references", &["kind", "name", "used-at", "defined"]).into_iter().filter(|row| row.ends_with("defined=false")).collect();
    assert_eq!(missing, ["kind=profile name=NOWHERE used-at=vsys1 rule OUT defined=false"]);
}

#[test]
fn a_managed_firewall_shows_only_a_part() {
    let text = EDGE.to_owned() + "set deviceconfig system panorama-server 10.20.0.9\n";
    let rows = of(&text, "snmp", &["name", "version"]);
    assert_eq!(rows.len(), 2, "the community and the row that stands for what Panorama pushes: {rows:?}");
}

#[test]
fn device_groups_of_panorama_meet_shared_rules_and_their_ancestors() {
    let rule =
        |base: &str, name: &str| format!("set {base} security rules {name} source any\nset {base} security rules {name} action deny\n");
    let text = [
        "set device-group EAST devices 001\nset device-group SHOP devices 002\n".to_owned(),
        rule("device-group SHOP post-rulebase", "5-shop-post"),
        rule("device-group EAST post-rulebase", "6-east-post"),
        rule("device-group SHOP pre-rulebase", "4-shop-pre"),
        rule("shared post-rulebase", "7-shared-post"),
        rule("device-group EAST pre-rulebase", "3-east-pre"),
        rule("shared pre-rulebase", "2-shared-pre"),
        "set readonly devices localhost.localdomain device-group SHOP parent-dg EAST\n".to_owned(),
    ]
    .concat();
    let shop: Vec<String> = of(&text, "access-rules", &["list", "entry"]).into_iter().filter(|row| row.starts_with("list=SHOP")).collect();
    let order = ["2-shared-pre", "3-east-pre", "4-shop-pre", "5-shop-post", "6-east-post", "7-shared-post"];
    assert_eq!(shop, order.map(|name| format!("list=SHOP entry={name}")));
}

#[test]
fn hashes_and_communities_are_never_printed() {
    let text = EDGE.replace("snmp-community-string public", "snmp-community-string n0tTold9x");
    let text =
        text + "set shared server-profile radius R1 server S1 secret -AQ==abcdefOfSecret\nset mgt-config users li.si phash 12345678901\n";
    no_secret_in("paloalto-panos", &text, &["$1$abcdefgh$0123456789012345678901", "n0tTold9x", "-AQ==abcdefOfSecret", "12345678901"]);
}

/// A Panorama with a stack of two templates, and one template that is in no stack.
const PANORAMA: &str = r#"set deviceconfig system hostname panorama-1
set deviceconfig system permitted-ip 10.9.0.0/24
set mgt-config users root.of.panorama phash $5$abc$def
set device-group BRANCH devices 001
set template LATE config devices localhost.localdomain deviceconfig setting management idle-timeout 0
set template LATE config devices localhost.localdomain deviceconfig system service disable-telnet no
set template LATE config devices localhost.localdomain deviceconfig system ntp-servers secondary-ntp-server ntp-server-address $ntp-two
set template COMMON config devices localhost.localdomain deviceconfig setting management idle-timeout 5
set template COMMON config devices localhost.localdomain deviceconfig system permitted-ip 10.8.0.0/24
set template COMMON config devices localhost.localdomain deviceconfig system ntp-servers primary-ntp-server ntp-server-address 10.8.0.9
set template COMMON config mgt-config users ops phash $1$abc$def
set template COMMON config mgt-config users ops permissions role-based superuser yes
set template COMMON config shared log-settings syslog SIEM server S1 server 10.8.0.6
set template COMMON config shared log-settings system match-list ALL filter "All Logs"
set template COMMON config shared log-settings system match-list ALL send-syslog SIEM
set template ORPHAN config mgt-config users nobody permissions role-based superuser yes
set template-stack SHOPS templates [ COMMON LATE ]
set template-stack SHOPS config devices localhost.localdomain deviceconfig system login-banner "Authorised use only"
"#;

#[test]
fn a_template_stack_fills_the_tables_of_a_firewall() {
    // What no layer says is left to the firewalls, and not known: who else may log in, and whether a service is offered.
    assert_eq!(
        of(PANORAMA, "remote-access", &["service", "scope", "enabled@", "sources@", "factors@", "idle-timeout@"])[5..],
        [
            "service=web-https scope=mgt enabled=?left-to-firewalls@running-config sources=[10.8.0.0/24]@running-config:9 \
             factors=1@running-config:11 idle-timeout=5m@running-config:8",
            "service=ssh scope=mgt enabled=?left-to-firewalls@running-config sources=[10.8.0.0/24]@running-config:9 \
             factors=1@running-config:11 idle-timeout=5m@running-config:8",
            "service=telnet scope=mgt enabled=true@running-config:6 sources=[10.8.0.0/24]@running-config:9 \
             factors=1@running-config:11 idle-timeout=5m@running-config:8",
        ]
    );
    assert_eq!(
        of(PANORAMA, "accounts", &["name@", "password-scheme", "privileged"]),
        [
            "name=root.of.panorama@running-config:3 password-scheme=sha256 privileged=false",
            "name=ops@running-config:11 password-scheme=md5 privileged=true",
        ]
    );
    assert_eq!(
        of(PANORAMA, "time-sources", &["server@", "authenticated"]),
        [
            "server=10.8.0.9@running-config:10 authenticated=false",
            // Each firewall may be given another value for a variable.
            "server=?template-variable@running-config:7 authenticated=false",
        ]
    );
    assert_eq!(
        of(PANORAMA, "logs", &["stream", "forwarded@"])[3..],
        ["stream=system forwarded=[10.8.0.6]@running-config:13", "stream=authentication forwarded=[10.8.0.6]@running-config:13",]
    );
    assert_eq!(of(PANORAMA, "banner", &["present@"]), ["present=false@running-config", "present=true@running-config:18"]);
}

#[test]
fn a_template_may_leave_the_name_of_the_device_out() {
    let short = PANORAMA.replace("config devices localhost.localdomain ", "config ");
    for (table, columns) in
        [("remote-access", ["service", "idle-timeout@"]), ("time-sources", ["server@", "enabled"]), ("banner", ["scope", "present@"])]
    {
        assert_eq!(of(&short, table, &columns), of(PANORAMA, table, &columns), "{table}");
    }
}

#[test]
fn a_template_that_is_not_shown_may_say_anything() {
    let text = PANORAMA.replace("templates [ COMMON LATE ]", "templates [ ABSENT COMMON LATE ]");
    assert_eq!(of(&text, "time-sources", &["server"]), ["gap server=?template-missing"]);
    assert_eq!(of(&text, "banner", &["present"]), ["present=false", "present=true", "gap present=?template-missing"]);
    // Of a list that two layers write, what they are together is not shown.
    let twice = format!("{PANORAMA}set template LATE config devices localhost.localdomain deviceconfig system permitted-ip 10.7.0.0/24\n");
    assert!(of(&twice, "remote-access", &["sources"])[5..].iter().all(|row| row == "sources=?template-layers"));
}

#[test]
fn a_firewall_whose_templates_are_not_shown_is_not_known() {
    let text = "set deviceconfig system panorama-server 10.9.0.5\nset mgt-config users ops phash $5$abc$def\n";
    assert_eq!(of(text, "remote-access", &["service", "sources"])[0], "service=web-http sources=?panorama-template");
    assert_eq!(of(text, "time-sources", &["server"]), ["gap server=?panorama-pushed"]);
}
