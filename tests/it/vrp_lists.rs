//! Access lists of Huawei and H3C into exact rows: order, shadows, widths, groups, and where they are applied.
//!
//! Expected values follow the vendors' guides: rules are asked by number, a rule without one gets the next multiple of the step, and
//! `match-order auto` is depth-first as the H3C guides give it ("Sorting ACL rules in depth-first order"); Huawei's guides leave open
//! whether a particular protocol comes first.

use crate::support::device_rows;

/// A switch of Huawei.
const HUAWEI: &str = "\
!Software Version V200R019C10SPC500
#
sysname LISTS
#
acl number 2001
 rule 5 permit source 10.1.0.0 0.0.255.255
 rule 10 deny source 10.1.2.0 0.0.0.255
 rule 15 permit source 10.1.3.0 0.0.0.255 logging
#
acl name EDGE 3001
 step 10
 rule 20 permit tcp source 10.2.0.0 0.0.0.255 destination 10.9.9.9 0 destination-port eq www
 rule 10 deny udp destination-port range 135 netbios-ssn
 rule 20 description web for the branches
 rule permit icmp icmp-type echo
 rule 40 permit ip vpn-instance OFFICE
 rule 50 deny ip fragment
 rule 60 permit tcp established time-range OPS
 undo rule 50
#
acl number 3002
 rule 5 permit ip source 10.3.0.0 0.0.1.255
 rule 10 permit ip destination 10.3.0.0 0.0.2.255
#
acl number 4000
 rule 5 permit type 0x0800
#
acl ipv6 number 2601
 rule 5 permit source FD71:8::/64
#
acl number 3003 match-order auto
 rule 5 permit ip source 10.4.0.0 0.0.255.255
 rule 10 deny ip source 10.4.4.0 0.0.0.255
#
acl number 3004 match-order auto
 rule 5 permit tcp source 10.5.0.0 0.0.255.255
 rule 10 deny ip source 10.5.5.0 0.0.0.255
#
traffic classifier C operator or
 if-match acl 3003
#
interface GigabitEthernet0/0/1
 description traffic-filter inbound acl 3004
 traffic-filter inbound acl name EDGE
 traffic-filter outbound acl 3002
 nat outbound 3002
#
route-policy R permit node 10
 if-match acl 2001
#
ospf 1
 filter-policy 2001 export
#
ftp acl 2001
http acl 2001
snmp-agent acl 2001
ssh server acl 2001
#
user-interface vty 0 4
 acl 2001 inbound
#
return
";

/// A switch of H3C.
const H3C: &str = "\
#
 version 7.1.070, Release 6616
#
 sysname LISTS
#
object-group ip address BRANCH
 security-zone Trust
 0 network subnet 10.6.0.0 255.255.0.0
 10 network host address 10.7.0.9
#
object-group ip address ALL
 0 network group-object LOOP
#
object-group ip address LOOP
 0 network group-object ALL
#
object-group port WEB
 0 port eq www
 10 port range 8080 8090
#
acl basic name Ops
 rule 0 permit source 10.8.0.0 0.0.0.255 counting
 rule 5 permit source 10.8.0.128 0.0.0.127
 rule deny
#
acl advanced 3001
 rule 0 permit tcp source object-group Branch destination-port object-group WEB logging
 rule 5 deny ip source object-group ALL
 rule 10 permit ip source object-group NOWHERE
#
acl advanced 3002 match-order auto
 rule 0 deny ip source 10.5.5.0 0.0.0.255
 rule 5 permit tcp source 10.5.0.0 0.0.255.255
#
acl mac 4000
 rule 0 permit
#
acl ipv6 basic 2001
 rule 0 permit source 2001:DB8::/32
#
interface GigabitEthernet1/0/1
 packet-filter 3001 inbound
 packet-filter name OPS outbound
 packet-filter mac 4000 inbound
 packet-filter ipv6 2001 outbound
#
 ssh server acl name ops
#
return
";

#[track_caller]
fn check(platform: &str, configuration: &str, list: &str, columns: &[&str], expected: &[&str]) {
    let columns = [&["list"], columns].concat();
    let rows = device_rows(platform, configuration, "access-rules", &columns);
    let start = format!("list={list} ");
    let of_list: Vec<&str> = rows.iter().filter_map(|row| row.strip_prefix(&start)).collect();
    assert_eq!(of_list, expected);
}

#[test]
fn earlier_rules_shadow_and_contradict_later_ones() {
    check(
        "huawei-vrp",
        HUAWEI,
        "2001",
        &["entry@", "action", "breadth", "reachable", "shadowed-by", "conflicts", "logged", "applied-to"],
        &[
            "entry=5@running-config:6 action=permit breadth=65536 reachable=true shadowed-by=[] conflicts=[] logged=false applied-to=[http, other, route-map, snmp, ssh, vty]",
            "entry=10@running-config:7 action=deny breadth=0 reachable=false shadowed-by=[5] conflicts=[5] logged=false applied-to=[http, other, route-map, snmp, ssh, vty]",
            "entry=15@running-config:8 action=permit breadth=256 reachable=false shadowed-by=[5] conflicts=[] logged=true applied-to=[http, other, route-map, snmp, ssh, vty]",
        ],
    );
}

#[test]
fn rules_are_asked_by_number_and_conditions_are_kept() {
    check(
        "huawei-vrp",
        HUAWEI,
        "EDGE",
        &["entry@", "action", "protocol", "ports", "any-any", "reachable", "comment", "time-window", "applied-to"],
        &[
            "entry=10@running-config:13 action=deny protocol=udp ports=[135-139] any-any=false reachable=true comment=- time-window=- applied-to=[interface-in]",
            "entry=20@running-config:12 action=permit protocol=tcp ports=[80] any-any=false reachable=true comment=web for the branches time-window=- applied-to=[interface-in]",
            "entry=rule permit icmp icmp-type echo@running-config:15 action=permit protocol=icmp ports=[] any-any=false reachable=true comment=- time-window=- applied-to=[interface-in]",
            "entry=40@running-config:16 action=permit protocol=any ports=[any] any-any=true reachable=true comment=- time-window=- applied-to=[interface-in]",
            "entry=60@running-config:18 action=permit protocol=tcp ports=[any] any-any=false reachable=true comment=- time-window=OPS applied-to=[interface-in]",
        ],
    );
}

#[test]
fn wildcard_masks_may_have_ones_in_the_middle() {
    check(
        "huawei-vrp",
        HUAWEI,
        "3002",
        &["entry", "sources", "destinations", "breadth", "applied-to"],
        &[
            "entry=5 sources=[10.3.0.0/23] destinations=[0.0.0.0/0] breadth=512 applied-to=[interface-out, nat]",
            "entry=10 sources=[0.0.0.0/0] destinations=[10.3.0.0/24, 10.3.2.0/24] breadth=unlimited applied-to=[interface-out, nat]",
        ],
    );
}

#[test]
fn lists_of_frames_are_kept_and_are_not_exact() {
    check(
        "huawei-vrp",
        HUAWEI,
        "4000",
        &["entry", "action", "sources", "any-any", "reachable", "applied-to"],
        &["entry=5 action=permit sources=?not-understood any-any=?not-understood reachable=?not-understood applied-to=[none]"],
    );
    check(
        "h3c-comware",
        H3C,
        "mac 4000",
        &["entry", "action", "sources", "any-any", "applied-to"],
        &["entry=0 action=permit sources=?not-understood any-any=?not-understood applied-to=[interface-in]"],
    );
}

#[test]
fn lists_of_ipv6_are_told_apart() {
    check("huawei-vrp", HUAWEI, "ipv6 2601", &["entry", "sources", "applied-to"], &["entry=5 sources=[fd71:8::/64] applied-to=[none]"]);
    check(
        "h3c-comware",
        H3C,
        "ipv6 2001",
        &["entry", "sources", "applied-to"],
        &["entry=0 sources=[2001:db8::/32] applied-to=[interface-out]"],
    );
}

#[test]
fn lists_that_sort_themselves_are_ordered_as_far_as_the_vendor_says_how() {
    check(
        "huawei-vrp",
        HUAWEI,
        "3003",
        &["entry", "reachable", "applied-to"],
        &["entry=10 reachable=true applied-to=[qos]", "entry=5 reachable=true applied-to=[qos]"],
    );
    check(
        "huawei-vrp",
        HUAWEI,
        "3004",
        &["entry", "reachable", "applied-to"],
        &["entry=5 reachable=?order-not-known applied-to=[none]", "entry=10 reachable=?order-not-known applied-to=[none]"],
    );
    check("h3c-comware", H3C, "3002", &["entry", "reachable"], &["entry=5 reachable=true", "entry=0 reachable=true"]);
}

#[test]
fn groups_are_expanded_and_their_members_shown() {
    check(
        "h3c-comware",
        H3C,
        "3001",
        &["entry@", "sources", "ports", "any-any", "logged", "applied-to"],
        &[
            "entry=0@running-config:27 sources=[10.6.0.0/16, 10.7.0.9/32] ports=[80, 8080-8090] any-any=false logged=true applied-to=[interface-in]",
            "entry=5@running-config:28 sources=?unresolved ports=?unresolved any-any=false logged=false applied-to=[interface-in]",
            "entry=10@running-config:29 sources=?unresolved ports=?unresolved any-any=?unresolved logged=false applied-to=[interface-in]",
        ],
    );
}

#[test]
fn names_of_comware_are_of_any_case_and_its_own_numbers_follow_the_step() {
    check(
        "h3c-comware",
        H3C,
        "Ops",
        &["entry@", "breadth", "reachable", "shadowed-by", "conflicts", "applied-to"],
        &[
            "entry=0@running-config:22 breadth=256 reachable=true shadowed-by=[] conflicts=[] applied-to=[interface-out, ssh]",
            "entry=5@running-config:23 breadth=128 reachable=false shadowed-by=[0] conflicts=[] applied-to=[interface-out, ssh]",
            "entry=rule deny@running-config:24 breadth=0 reachable=true shadowed-by=[] conflicts=[] applied-to=[interface-out, ssh]",
        ],
    );
    let defined = |platform, text| device_rows(platform, text, "references", &["name", "defined"]);
    let huawei = "#\nacl name mgmt 2001\n rule 5 permit source 10.1.1.1 0\n#\nuser-interface vty 0 4\n acl MGMT inbound\n#\nreturn\n";
    assert_eq!(defined("huawei-vrp", huawei), ["name=MGMT defined=false"], "VRP tells names apart by their case");
    let h3c = "#\nacl basic name mgmt\n rule 0 permit source 10.1.1.1 0\n#\n ssh server acl name MGMT\n#\nreturn\n";
    assert_eq!(defined("h3c-comware", h3c), ["name=MGMT defined=true"]);
}

#[test]
fn a_list_of_the_snmp_agent_limits_every_community() {
    let text = "#\nacl number 2001\n rule 5 permit source 10.1.1.1 0\n#\nsnmp-agent community read cipher %^%#a%^%#\nsnmp-agent acl 2001\n#\nreturn\n";
    let rows = device_rows("huawei-vrp", text, "snmp", &["name", "sources", "sources-restricted-by"]);
    assert_eq!(rows, ["name=community 1 sources=[10.1.1.1/32] sources-restricted-by=[acl 2001]"]);
}

#[test]
fn what_a_cut_list_permits_is_not_known() {
    let text =
        "#\nacl number 2001\n rule 5 permit source 10.1.1.1 0\n#\nuser-interface vty 0 4\n acl 2001 inbound\n authentication-mode aaa\n";
    let rows = device_rows("huawei-vrp", text, "access-rules", &["list", "entry"]);
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[1].contains("?config-incomplete"), "{rows:?}");
}
