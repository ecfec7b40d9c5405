//! Cisco IOS: lines and their remainder, method lists and their servers, lists that are applied, accumulating users.
//!
//! What is expected is what Cisco's command references say of these statements.

use bumpalo::Bump;
use jixian::facts::{self, Host};
use jixian::names::network::CISCO_IOS;
use jixian::schema;
use jixian::source::Sources;

use crate::support::{asset, device_rows, no_secret_in, shown};

/// The rows of a table of a configuration, the columns that are asked for.
fn rows(configuration: &str, table: &str, columns: &[&str]) -> Vec<String> {
    let asset = asset(&[("commands/show-running-config", configuration)]);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, CISCO_IOS, &sources);
    let number = schema::number(table).expect("the table is in the schema");
    let facts = facts::derive(&host, &facts::Needed::only(number));
    let cell = |row: &facts::Row<'_>, name: &str| shown(&row.cells[schema::TABLES[number].find(name).expect("a column")]);
    let rows = facts.rows(number).iter().filter(|row| !row.gap);
    rows.map(|row| columns.iter().map(|name| cell(row, name)).collect::<Vec<_>>().join(" ")).collect()
}

const BRANCH: &str = "version 15.9
hostname branch-r1
aaa new-model
aaa group server tacacs+ OPS
 server name T1
 server 10.9.0.6
aaa authentication login default group OPS local
aaa authentication login OPEN none
username ops-wang privilege 15
username ops-wang secret 9 $9$abcdefghijklmn$0123456789012345678901234567890123456789abc
username guest nopassword
tacacs server T1
 address ipv4 10.9.0.5
 key 7 0822455D0A16
ip access-list extended MGMT
 10 permit tcp 10.1.2.0 0.0.0.255 any eq 22 time-range WORK
 20 deny ip any any log
time-range WORK
 periodic weekdays 8:00 to 17:59
no ip http server
no ip http secure-server
logging host 10.9.0.9
ntp server 10.9.0.3 key 1
line con 0
 login authentication OPEN
line vty 0 4
 access-class MGMT in vrf-also
 exec-timeout 5 30
 transport input ssh
line vty 5 7
 access-class MISSING in
 exec-timeout 0 0
 transport input all
end
";

#[test]
fn every_way_in_is_a_row() {
    let found = rows(BRANCH, "remote-access", &["service", "scope", "enabled", "sources", "idle-timeout", "login-hours"]);
    assert_eq!(
        found,
        [
            "console console 0 true [] 10m 7d",
            "ssh vty 0-4 true [10.1.2.0/24] 330s 50h",
            "ssh vty 5-7 true [0.0.0.0/0] unlimited 7d",
            "telnet vty 5-7 true [0.0.0.0/0] unlimited 7d",
            "ssh vty 8-15 ?default-not-documented [0.0.0.0/0] ?default-not-documented 7d",
            "telnet vty 8-15 ?default-not-documented [0.0.0.0/0] ?default-not-documented 7d",
            "web-http ip http server false [0.0.0.0/0] ?default-not-documented 7d",
            "web-https ip http secure-server false [0.0.0.0/0] ?default-not-documented 7d",
        ]
    );
}

#[test]
fn lists_are_resolved_to_their_servers() {
    let found = rows(BRANCH, "remote-access", &["scope", "factors", "methods", "servers", "servers-first", "accounts-restricted-by"]);
    assert_eq!(found[0], "console 0 0 [none] [] - []");
    assert_eq!(found[1], "vty 0-4 ?servers-decide [tacacs, password] [10.9.0.5, 10.9.0.6] true [aaa OPS, local accounts]");
}

#[test]
fn user_lines_accumulate() {
    let found = rows(BRANCH, "accounts", &["name", "privileged", "password-state", "password-scheme", "shared-name"]);
    assert_eq!(found, ["ops-wang true set scrypt false", "guest false empty - true"]);
}

#[test]
fn a_key_alone_authenticates_nothing() {
    assert_eq!(rows(BRANCH, "time-sources", &["server", "authenticated"]), ["10.9.0.3 false"]);
    let cut = BRANCH.replace("end\n", "");
    assert_eq!(rows(&cut, "time-sources", &["server", "authenticated"]), ["10.9.0.3 ?config-incomplete"]);
}

/// One realistic router of a head office; what is expected is read from it by hand, as Cisco's manuals read these statements.
const ROUTER: &str = include_str!("cisco/ios.cfg");

#[track_caller]
fn check(table: &str, columns: &[&str], expected: &[String]) {
    let found: Vec<String> = device_rows("cisco-ios", ROUTER, table, columns);
    assert_eq!(found, expected);
}

/// The number of the first line that begins with this text.
fn line(start: &str) -> usize {
    ROUTER.lines().position(|line| line.starts_with(start)).expect("the line is there") + 1
}

/// The rows of one list, without its name.
#[track_caller]
fn entries(list: &str, columns: &[&str], expected: &[&str]) {
    let mut wanted = vec!["list"];
    wanted.extend(columns);
    let found = device_rows("cisco-ios", ROUTER, "access-rules", &wanted);
    let start = format!("list={list} ");
    let found: Vec<&str> = found.iter().filter_map(|row| row.strip_prefix(start.as_str())).collect();
    assert_eq!(found, expected, "{list}");
}

#[test]
fn lists_are_asked_in_the_order_of_their_numbers() {
    entries(
        "EDGE-IN6",
        &["entry@", "action", "protocol", "sources", "ports", "logged"],
        &[
            &format!("entry=10@running-config:{} action=permit protocol=icmpv6 sources=[::/0] ports=[] logged=false", line(" sequence 10")),
            &format!(
                "entry=20@running-config:{} action=deny protocol=any sources=[2001:db8:bad::/48] ports=[any] logged=true",
                line(" sequence 20")
            ),
            &format!(
                "entry=30@running-config:{} action=permit protocol=tcp sources=[2001:db8:1::/48] ports=[443] logged=false",
                line(" permit tcp 2001")
            ),
        ],
    );
}

#[test]
fn entries_are_judged_by_those_before_them() {
    entries(
        "EDGE-IN",
        &["entry", "action", "any-any", "reachable", "shadowed-by", "applied-to"],
        &[
            "entry=10 action=deny any-any=false reachable=true shadowed-by=[] applied-to=[interface-in]",
            "entry=20 action=permit any-any=false reachable=true shadowed-by=[] applied-to=[interface-in]",
            "entry=30 action=permit any-any=false reachable=true shadowed-by=[] applied-to=[interface-in]",
            "entry=40 action=permit any-any=false reachable=true shadowed-by=[] applied-to=[interface-in]",
            // All of the branches are within what entry 10 refuses.
            "entry=50 action=permit any-any=false reachable=false shadowed-by=[10] applied-to=[interface-in]",
            // The group is a member of itself.
            "entry=60 action=permit any-any=false reachable=?not-exact shadowed-by=?not-exact applied-to=[interface-in]",
            "entry=70 action=permit any-any=false reachable=?not-exact shadowed-by=?not-exact applied-to=[interface-in]",
            "entry=80 action=permit any-any=false reachable=?earlier-entry-not-exact shadowed-by=?earlier-entry-not-exact \
             applied-to=[interface-in]",
            "entry=90 action=other any-any=false reachable=true shadowed-by=[] applied-to=[interface-in]",
            "entry=100 action=deny any-any=false reachable=false shadowed-by=[20] applied-to=[interface-in]",
            "entry=110 action=deny any-any=false reachable=true shadowed-by=[] applied-to=[interface-in]",
        ],
    );
}

#[test]
fn groups_are_expanded_and_cycles_are_told() {
    entries(
        "EDGE-IN",
        &["entry", "protocol", "sources", "destinations", "ports"],
        &[
            "entry=10 protocol=any sources=[10.0.0.0/8] destinations=[0.0.0.0/0] ports=[any]",
            "entry=20 protocol=tcp sources=[0.0.0.0/0] destinations=[203.0.113.10/32] ports=[80, 443]",
            "entry=30 protocol=tcp sources=[0.0.0.0/0] destinations=[0.0.0.0/0] ports=[any]",
            "entry=40 protocol=icmp sources=[0.0.0.0/0] destinations=[0.0.0.0/0] ports=[]",
            "entry=50 protocol=icmp,tcp,udp sources=[10.20.0.0/16, 10.30.0.9/32, 10.40.0.1/32, 10.40.0.2/31, 10.40.0.4/31, 10.40.0.6/32] \
             destinations=[10.9.0.5/32] ports=[53, 443, 9000-9010]",
            "entry=60 protocol=tcp sources=?not-exact destinations=[0.0.0.0/0] ports=[22]",
            // 65,536 addresses that are no block.
            "entry=70 protocol=udp sources=?not-exact destinations=[0.0.0.0/0] ports=[123]",
            "entry=80 protocol=tcp sources=[198.51.100.9/32] destinations=[0.0.0.0/0] ports=[22]",
            "entry=90 protocol=any sources=[0.0.0.0/0] destinations=[0.0.0.0/0] ports=[any]",
            "entry=100 protocol=tcp sources=[192.0.2.1/32] destinations=[203.0.113.10/32] ports=[443]",
            "entry=110 protocol=any sources=[0.0.0.0/0] destinations=[0.0.0.0/0] ports=[any]",
        ],
    );
}

#[test]
fn numbered_entries_have_their_text_as_name_and_remarks_belong_to_the_next() {
    let at = line("access-list 110 permit ip 10");
    entries(
        "110",
        &["entry@", "any-any", "reachable", "shadowed-by", "logged", "comment"],
        &[
            &format!(
                "entry=permit ip 10.20.0.0 0.0.255.255 any@running-config:{at} any-any=false reachable=true shadowed-by=[] logged=false \
                 comment=users of the floor"
            ),
            &format!(
                "entry=permit tcp 10.20.5.0 0.0.0.255 any eq 22@running-config:{} any-any=false reachable=false \
                 shadowed-by=[permit ip 10.20.0.0 0.0.255.255 any] logged=false comment=-",
                at + 1
            ),
            &format!(
                "entry=permit ip any any log AUDIT@running-config:{} any-any=true reachable=true shadowed-by=[] logged=true comment=-",
                at + 2
            ),
        ],
    );
}

#[test]
fn where_lists_are_used_is_found_by_the_statements_that_name_them() {
    for (list, uses) in [
        ("20", "[http, ntp, other, snmp]"),
        ("30", "[other]"),
        ("150", "[qos]"),
        ("COPP-ROUTING", "[control-plane]"),
        ("MGMT", "[ssh, vty]"),
        ("NAT-IN", "[nat]"),
        ("UNUSED", "[none]"),
        ("VPN-TRAFFIC", "[vpn]"),
    ] {
        let found = device_rows("cisco-ios", ROUTER, "access-rules", &["list", "applied-to"]);
        assert!(found.contains(&format!("list={list} applied-to={uses}")), "{list}: {found:?}");
    }
    let lists = device_rows("cisco-ios", ROUTER, "access-rules", &["list"]);
    assert!(!lists.contains(&"list=200".to_owned()), "a list of another protocol");
}

#[test]
fn an_entry_in_a_time_range_ends_with_it() {
    let found = device_rows("cisco-ios", ROUTER, "access-rules", &["entry", "time-window", "expires@"]);
    let expected = format!("entry=80 time-window=VENDOR expires=2026-12-31@running-config:{}", line(" absolute"));
    assert!(found.contains(&expected), "{found:?}");
}

#[test]
fn names_that_lead_nowhere_are_told() {
    let found = device_rows("cisco-ios", ROUTER, "references", &["kind", "name", "used-at", "defined@"]);
    let lost: Vec<&str> = found.iter().filter(|row| row.contains("defined=false")).map(String::as_str).collect();
    assert_eq!(
        lost,
        [
            format!(
                "kind=list name=NOT-THERE used-at=interface GigabitEthernet0/2 / ip access-group NOT-THERE in defined=false@running-config:{}",
                line(" ip access-group NOT-THERE")
            ),
            format!(
                "kind=list name=PBR-WEB used-at=route-map PBR permit 10 / match ip address PBR-WEB prefix-list IGNORED \
                 defined=false@running-config:{}",
                line(" match ip address PBR")
            ),
            format!(
                "kind=group name=LOST used-at=aaa authorization exec default group LOST defined=false@running-config:{}",
                line("aaa authorization")
            ),
        ]
    );
    assert!(!found.iter().any(|row| row.contains("EDGE-OLD")), "a description names no list");
}

#[test]
fn services_are_on_by_statement_or_by_the_default_of_the_release() {
    check(
        "services",
        &["name", "enabled@"],
        &[
            format!("name=bootp enabled=false@running-config:{}", line("no ip bootp server")),
            "name=finger enabled=false@default".to_owned(),
            "name=ftp enabled=false@running-config".to_owned(),
            format!("name=http enabled=false@running-config:{}", line("no ip http server")),
            format!("name=pad enabled=false@running-config:{}", line("no service pad")),
            "name=rcp enabled=false@running-config".to_owned(),
            "name=rsh enabled=false@running-config".to_owned(),
            "name=tcp-small-servers enabled=false@default".to_owned(),
            "name=tftp enabled=false@running-config".to_owned(),
            "name=udp-small-servers enabled=false@default".to_owned(),
            format!("name=telnet enabled=true@running-config:{}", line(" transport input telnet")),
        ],
    );
}

#[test]
fn algorithms_are_those_that_are_written() {
    let found = device_rows("cisco-ios", ROUTER, "crypto", &["context", "kind", "name", "strength", "bits"]);
    let known: Vec<&str> = found.iter().filter(|row| !row.starts_with("gap")).map(String::as_str).collect();
    assert_eq!(
        known,
        [
            "context=sshd kind=cipher name=aes256-ctr strength=strong bits=-",
            "context=sshd kind=cipher name=aes128-cbc strength=weak bits=-",
            "context=sshd kind=mac name=hmac-sha2-256 strength=strong bits=-",
            "context=https kind=protocol name=TLSv1.2 strength=strong bits=-",
            "context=sshd kind=protocol name=ssh-2 strength=strong bits=-",
            "context=ike kind=cipher name=aes 256 strength=strong bits=-",
            "context=ike kind=mac name=sha256 strength=strong bits=-",
            "context=ike kind=key-exchange name=14 strength=acceptable bits=-",
            "context=ike kind=cipher name=aes-cbc-256 strength=strong bits=-",
            "context=ike kind=cipher name=3des strength=weak bits=-",
            "context=ike kind=mac name=sha384 strength=strong bits=-",
            "context=ike kind=key-exchange name=19 strength=strong bits=-",
            "context=ipsec kind=cipher name=esp-aes 256 strength=strong bits=-",
            "context=ipsec kind=mac name=esp-sha256-hmac strength=strong bits=-",
            "context=pki kind=host-key name=rsa WEB strength=weak bits=1024",
        ]
    );
    let unknown = "host keys and key exchange of SSH, ciphers of HTTPS, and the three parts of the IKE policy that IOS has by itself";
    assert_eq!(found.len() - known.len(), 6, "{unknown}");
}

#[test]
fn machines_that_may_write_are_ways_in() {
    let found = device_rows("cisco-ios", ROUTER, "remote-access", &["service", "scope", "encrypted", "sources", "accounts-restricted-by"]);
    let machines: Vec<&str> = found.iter().skip(6).map(String::as_str).collect();
    assert_eq!(
        machines,
        [
            "service=snmp scope=community 2 encrypted=false sources=[10.1.0.0/16, ::/0] accounts-restricted-by=[]",
            "service=snmp scope=NMS encrypted=true sources=[10.1.0.0/16, ::/0] accounts-restricted-by=[local accounts]",
            "service=api scope=netconf-yang encrypted=true sources=[10.1.2.0/24, 10.1.9.9/32, ::/0] \
             accounts-restricted-by=[aaa OPS, local accounts]",
        ]
    );
}

#[test]
fn what_ends_a_temporary_user_is_shown() {
    check(
        "accounts",
        &["name", "password-max-age@", "expires"],
        &[
            "name=ops-wang password-max-age=-@running-config expires=never".to_owned(),
            format!("name=vendor-li password-max-age=30d@running-config:{} expires=never", line(" lifetime day 30")),
            format!("name=vendor-zhao password-max-age=0s@running-config:{} expires=never", line("username vendor-zhao")),
        ],
    );
}

#[test]
fn defaults_follow_the_release() {
    let of = |version: &str, name: &str| {
        let configuration = format!("{version}hostname edge-1\nend\n");
        let rows = device_rows("cisco-ios", &configuration, "ios-settings", &["name", "on"]);
        rows.iter().find_map(|row| row.strip_prefix(&format!("name={name} on="))).unwrap_or("no row").to_owned()
    };
    let either = "?version-not-known(false|true)";
    // Cisco document 12815: on until 11.2, off from 11.3.
    for (version, expected) in [("version 11.2\n", either), ("version 11.3\n", "false"), ("version 15.7\n", "false"), ("", either)] {
        assert_eq!(of(version, "service tcp-small-servers"), expected, "{version}");
        assert_eq!(of(version, "service udp-small-servers"), expected, "{version}");
    }
    // OL-11615-01: finger was on before 12.1(5).
    for (version, expected) in [("version 12.1\n", either), ("version 12.4\n", "false"), ("version 17.9\n", "false"), ("", either)] {
        assert_eq!(of(version, "ip finger"), expected, "{version}");
    }
    // No page was found that says when releases log logins by themselves.
    for version in ["version 15.9\n", "version 17.12\n", ""] {
        assert_eq!(of(version, "login on-success log"), "?default-not-documented", "{version}");
    }
    // OL-11615-01 is about IOS.
    for (version, expected) in [("version 15.9\n", "true"), ("version 17.12\n", "?default-not-documented")] {
        assert_eq!(of(version, "service pad"), expected, "{version}");
    }
}

#[test]
fn no_secret_of_the_router_is_printed() {
    no_secret_in(
        "cisco-ios",
        ROUTER,
        &["H1ddenC0mm", "Wr1teC0mm", "S3cretPeerKey", "0822455D0A16", "$9$aBcDeFgHiJkLmN", "$9$zYxWvUtSrQpOnM", "$9$0a0a0a0a0a0a0a"],
    );
}

#[test]
fn a_list_that_is_taken_back_and_written_anew_is_the_new_one() {
    let configuration = "ip access-list extended EDGE
 10 permit ip any any
no ip access-list extended EDGE
ip access-list extended EDGE
 10 permit tcp any host 203.0.113.10 eq 443
access-list 10 permit any
no access-list 10
end
";
    let found = device_rows("cisco-ios", configuration, "access-rules", &["list", "entry@", "any-any"]);
    assert_eq!(found, ["list=EDGE entry=10@running-config:5 any-any=false"]);
}
