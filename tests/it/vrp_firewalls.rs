//! Policies of Huawei and H3C firewalls into exact rows of `access-rules`.
//!
//! Expected values follow the USG6000 Administrator Guide ("Configuring a Security Policy Using the CLI": what a rule does not limit is
//! any, the predefined rule denies unless its action is changed) and the H3C SecPath Firewall Series Command Reference ("Security policy
//! commands": an action that is not written drops; "Object policy commands").

use crate::support::device_rows;

/// A USG.
const USG: &str = "\
!Software Version V500R005C10SPC300
#
sysname FW
#
ip address-set SERVERS type object
 description the web farm
 address 0 10.10.0.0 mask 24
 address 1 range 10.10.1.1 10.10.1.9
 address 2 10.10.2.1 0
#
ip address-set FARM type group
 address 0 address-set SERVERS
#
ip address-set RING type group
 address 0 address-set RING
#
ip service-set APP type object
 service 0 protocol tcp source-port 0 to 65535 destination-port 8443 9000 to 9010
#
security-policy
 default action permit
 rule name to-farm
  description branches to the farm
  policy logging
  source-zone trust
  destination-zone dmz
  source-address 10.20.0.0 mask 255.255.0.0
  destination-address address-set FARM
  service https
  service APP
  action permit
 rule name old-any
  action permit
  disable
 rule name loose
  source-zone trust
  destination-zone untrust
  action permit
 rule name late
  source-zone trust
  destination-zone untrust
  source-address 10.20.5.0 24
  service ssh
  action deny
 rule name ring
  source-zone dmz
  source-address address-set RING
  time-range NIGHT
  action permit
 rule name hosts
  source-zone guest
  source-address 10.20.6.0 0.0.0.255
  destination-address domain-set UPDATES
  service mystery
  action permit
#
return
";

/// A SecPath of Comware 7.
const SECPATH: &str = "\
#
 version 7.1.064, Release 9660
#
 sysname FW
#
object-group ip address LAN
 0 network subnet 10.30.0.0 255.255.0.0
#
object-group service APP
 0 service tcp destination eq 8443
 10 service udp source gt 1023 destination range 5000 5010
#
zone-pair security source Trust destination Untrust
 object-policy apply ip edge
#
object-policy ip Edge
 rule 0 pass source-ip LAN service APP logging
 rule 0 append service https
 rule 1 pass
 rule 2 drop source-ip LAN disable
#
object-policy ip spare
 rule 0 pass
#
security-policy ip
 rule 0 name lan-out
  action pass
  counting enable
  logging enable
  source-zone Trust
  destination-zone Untrust
  source-ip LAN
  source-ip-host 10.31.0.1
  service http
  service-port tcp destination eq 8080
 rule 5 name loose
  action pass
  source-zone Trust
  destination-zone DMZ
 rule 7 name silent
  source-zone DMZ
 rule 9 name off
  action pass
  disable
 rule 11 name worm
  action pass
  vrf mgt
  time-range NIGHT
#
return
";

/// A SecPath of Comware 5.
const FIVE: &str = "\
#
 version 5.20, Release 3734
#
interzone source Trust destination Untrust
 rule 0 permit logging
  source-ip any_address
  destination-ip any_address
  service any_service
  rule enable
 rule 5 permit
  source-ip any_address
  destination-ip any_address
  service any_service
#
return
";

#[track_caller]
fn check(platform: &str, configuration: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(device_rows(platform, configuration, "access-rules", columns), expected);
}

#[test]
fn rules_of_a_usg() {
    check(
        "huawei-vrp",
        USG,
        &[
            "list",
            "entry@",
            "action",
            "enabled",
            "any-any",
            "reachable",
            "shadowed-by",
            "conflicts",
            "logged@",
            "time-window",
            "applied-to",
        ],
        &[
            "list=security-policy entry=to-farm@running-config:22 action=permit enabled=true any-any=false reachable=true shadowed-by=[] conflicts=[] logged=true@running-config:24 time-window=- applied-to=[firewall]",
            "list=security-policy entry=old-any@running-config:32 action=permit enabled=false any-any=false reachable=false shadowed-by=[] conflicts=[] logged=false@running-config:32 time-window=- applied-to=[firewall]",
            "list=security-policy entry=loose@running-config:35 action=permit enabled=true any-any=true reachable=true shadowed-by=[] conflicts=[] logged=false@running-config:35 time-window=- applied-to=[firewall]",
            "list=security-policy entry=late@running-config:39 action=deny enabled=true any-any=false reachable=false shadowed-by=[loose] conflicts=[loose] logged=false@running-config:39 time-window=- applied-to=[firewall]",
            "list=security-policy entry=ring@running-config:45 action=permit enabled=true any-any=?unresolved reachable=?unresolved shadowed-by=?unresolved conflicts=?unresolved logged=false@running-config:45 time-window=NIGHT applied-to=[firewall]",
            "list=security-policy entry=hosts@running-config:50 action=permit enabled=true any-any=false reachable=?unresolved shadowed-by=?unresolved conflicts=?unresolved logged=false@running-config:50 time-window=- applied-to=[firewall]",
            "list=security-policy entry=default@running-config:21 action=permit enabled=true any-any=true reachable=true shadowed-by=[] conflicts=[] logged=false@running-config:21 time-window=- applied-to=[firewall]",
        ],
    );
}

#[test]
fn sets_of_a_usg_are_expanded() {
    let rows = device_rows("huawei-vrp", USG, "access-rules", &["entry", "sources", "destinations", "protocol", "ports", "comment"]);
    assert_eq!(
        rows[0],
        "entry=to-farm sources=[10.20.0.0/16] destinations=[10.10.0.0/24, 10.10.1.1/32, 10.10.1.2/31, 10.10.1.4/30, 10.10.1.8/31, 10.10.2.1/32] protocol=tcp ports=[443, 8443, 9000-9010] comment=branches to the farm"
    );
    assert_eq!(rows[4], "entry=ring sources=?unresolved destinations=[0.0.0.0/0, ::/0] protocol=any ports=[any] comment=-");
    assert_eq!(rows[5], "entry=hosts sources=[10.20.6.0/24] destinations=?unresolved protocol=?unresolved ports=?unresolved comment=-");
}

#[test]
fn a_virtual_system_has_a_policy_and_sets_of_its_own() {
    let text = USG.to_owned()
        + "#\nswitch vsys branch\n#\nip address-set SERVERS type object\n address 0 10.99.0.1 0\n#\nsecurity-policy\n rule name in\n  destination-address address-set SERVERS\n  action permit\n#\nreturn\n";
    let rows = device_rows("huawei-vrp", &text, "access-rules", &["list", "entry", "destinations"]);
    assert!(rows.contains(&"list=branch security-policy entry=in destinations=[10.99.0.1/32]".to_owned()), "{rows:?}");
}

#[test]
fn policies_of_a_secpath() {
    check(
        "h3c-comware",
        SECPATH,
        &[
            "list",
            "entry@",
            "action",
            "sources",
            "protocol",
            "ports",
            "enabled",
            "any-any",
            "reachable",
            "logged",
            "time-window",
            "applied-to",
        ],
        &[
            "list=security-policy ip entry=lan-out@running-config:26 action=permit sources=[10.30.0.0/16, 10.31.0.1/32] protocol=tcp ports=[80, 8080] enabled=true any-any=false reachable=true logged=true time-window=- applied-to=[firewall]",
            "list=security-policy ip entry=loose@running-config:36 action=permit sources=[0.0.0.0/0] protocol=any ports=[any] enabled=true any-any=true reachable=true logged=false time-window=- applied-to=[firewall]",
            "list=security-policy ip entry=silent@running-config:40 action=deny sources=[0.0.0.0/0] protocol=any ports=[any] enabled=true any-any=false reachable=true logged=false time-window=- applied-to=[firewall]",
            "list=security-policy ip entry=off@running-config:42 action=permit sources=[0.0.0.0/0] protocol=any ports=[any] enabled=false any-any=false reachable=false logged=false time-window=- applied-to=[firewall]",
            "list=security-policy ip entry=worm@running-config:45 action=permit sources=?not-understood protocol=?not-understood ports=?not-understood enabled=true any-any=?not-understood reachable=?not-understood logged=false time-window=NIGHT applied-to=[firewall]",
            "list=object-policy ip Edge entry=0@running-config:17 action=permit sources=[10.30.0.0/16] protocol=tcp,udp ports=[443, 5000-5010, 8443] enabled=true any-any=false reachable=true logged=true time-window=- applied-to=[firewall]",
            "list=object-policy ip Edge entry=1@running-config:19 action=permit sources=[0.0.0.0/0] protocol=any ports=[any] enabled=true any-any=true reachable=true logged=false time-window=- applied-to=[firewall]",
            "list=object-policy ip Edge entry=2@running-config:20 action=deny sources=[10.30.0.0/16] protocol=any ports=[any] enabled=false any-any=false reachable=false logged=false time-window=- applied-to=[firewall]",
            "list=object-policy ip spare entry=0@running-config:23 action=permit sources=[0.0.0.0/0] protocol=any ports=[any] enabled=true any-any=true reachable=true logged=false time-window=- applied-to=[none]",
        ],
    );
}

#[test]
fn a_rule_between_zones_of_comware_5_holds_where_it_is_turned_on() {
    check(
        "h3c-comware",
        FIVE,
        &["list", "entry@", "any-any", "enabled", "logged", "applied-to"],
        &[
            "list=interzone source Trust destination Untrust entry=0@running-config:5 any-any=true enabled=true logged=true applied-to=[firewall]",
            "list=interzone source Trust destination Untrust entry=5@running-config:10 any-any=?not-understood enabled=true logged=false applied-to=[firewall]",
        ],
    );
}
