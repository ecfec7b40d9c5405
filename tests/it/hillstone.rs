//! Hillstone StoneOS into facts with the lines that show them.

use crate::support::{device_rows, no_secret_in};

/// A small firewall: names first, content behind, as `show configuration` writes it.
const EDGE: &str = r#"Version 5.5

zone "trust"
exit
zone "untrust"
exit
interface ethernet0/0
exit
interface ethernet0/1
exit
address "LAN"
exit
admin user "hillstone"
  password uXyZ0123456789abcdef
  role "admin"
  access console
exit
admin user "zhang.san"
  password uXyZ0123456789abcdeg
  role "admin"
  access ssh
  access https
exit
password-policy
  admin complexity enable
  admin password-expiration 90
exit
hostname "HS-EDGE-01"
admin host 10.20.0.0 255.255.255.0 any
admin host range 10.20.1.4 10.20.1.7 ssh
ssh timeout 5
ntp authentication
ntp authentication-key 1 md5 abcdef
ntp server 10.20.0.123 key 1 prefer
ntp server 10.20.0.124
ntp enable
logging syslog 10.20.0.5 vrouter "trust-vr" tcp 514
logging event to syslog
logging configuration to syslog
no logging configuration to syslog
snmp-server host 10.20.0.100 version 2c community abcdefgh
address "LAN"
  ip 10.30.0.0/24
  range 10.31.0.1 10.31.0.2
exit
interface ethernet0/0
  zone  "trust"
  ip address 10.20.0.1 255.255.255.0
  manage ssh
  manage https
  manage ping
exit
interface ethernet0/1
  zone  "untrust"
  description "manage telnet"
  manage http
  no manage http
exit
rule id 1
  action permit
  src-zone "trust"
  dst-zone "untrust"
  src-addr "LAN"
  dst-addr "Any"
  service "HTTPS"
  log session-end
exit
rule id 2
  disable
  action permit
  src-addr "Any"
  dst-addr "Any"
  service "Any"
exit
rule id 3
  action deny
  src-zone "trust"
  dst-zone "untrust"
  src-ip 10.30.0.9/32
  dst-addr "Any"
  service "HTTPS"
exit
end
"#;

fn of(table: &str, columns: &[&str]) -> Vec<String> {
    device_rows("hillstone", EDGE, table, columns)
}

#[test]
fn trusted_hosts_limit_each_service() {
    assert_eq!(
        of("remote-access", &["service", "scope", "enabled", "sources@", "idle-timeout@"]),
        [
            "service=ssh scope=interface ethernet0/0 enabled=true sources=[10.20.0.0/24, 10.20.1.4/30]@running-config:29 idle-timeout=5m@running-config:31",
            "service=web-https scope=interface ethernet0/0 enabled=true sources=[10.20.0.0/24]@running-config:29 idle-timeout=10m@default",
            "service=console scope=console enabled=true sources=[]@running-config idle-timeout=10m@default",
        ]
    );
}

#[test]
fn administrators_and_their_password_policy() {
    assert_eq!(
        of("hillstone-administrators", &["name", "access@", "role@"]),
        [
            "name=hillstone access=[console]@running-config:16 role=admin@running-config:15",
            "name=zhang.san access=[ssh, https]@running-config:21 role=admin@running-config:20",
        ]
    );
    assert_eq!(
        of("authentication-policy", &["min-length@", "classes@", "password-max-age@", "lockout-threshold@"]),
        ["min-length=8@default classes=4@running-config:25 password-max-age=90d@running-config:26 lockout-threshold=3@default"]
    );
}

#[test]
fn types_of_logs_need_their_own_line() {
    assert_eq!(
        of("hillstone-logs", &["type", "enabled", "to-syslog@", "servers"]),
        [
            "type=configuration enabled=?default-not-documented to-syslog=false@running-config:40 servers=[10.20.0.5]",
            "type=event enabled=?default-not-documented to-syslog=true@running-config:38 servers=[10.20.0.5]",
            "type=network enabled=?default-not-documented to-syslog=false@running-config servers=[10.20.0.5]",
            "type=threat enabled=?default-not-documented to-syslog=false@running-config servers=[10.20.0.5]",
            "type=traffic session enabled=false to-syslog=false@running-config servers=[10.20.0.5]",
        ]
    );
}

#[test]
fn time_is_authenticated_only_with_all_three_lines() {
    assert_eq!(
        of("time-sources", &["server@", "authenticated", "enabled"]),
        [
            "server=10.20.0.123@running-config:34 authenticated=true enabled=true",
            "server=10.20.0.124@running-config:35 authenticated=false enabled=true",
        ]
    );
}

#[test]
fn rules_are_judged_in_their_order() {
    assert_eq!(
        of("access-rules", &["entry@", "action", "sources", "ports", "reachable", "logged", "enabled"]),
        [
            "entry=1@running-config:59 action=permit sources=[10.30.0.0/24, 10.31.0.1/32, 10.31.0.2/32] ports=[443] reachable=true logged=true enabled=true",
            "entry=2@running-config:68 action=permit sources=[0.0.0.0/0, ::/0] ports=[any] reachable=false logged=false enabled=false",
            "entry=3@running-config:75 action=deny sources=[10.30.0.9/32] ports=[443] reachable=false logged=false enabled=true",
        ]
    );
}

#[test]
fn passwords_keys_and_communities_are_never_printed() {
    no_secret_in("hillstone", EDGE, &["uXyZ0123456789abcdef", "uXyZ0123456789abcdeg", "md5 abcdef", "community abcdefgh"]);
}
