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
fn only_proposals_in_use_are_offered() {
    let text = EDGE.replace(
        "rule id 1\n",
        concat!(
            "isakmp proposal \"spare\"\n  encryption des\nexit\n",
            "isakmp proposal \"p1\"\n  hash md5\nexit\n",
            "isakmp peer \"hq\"\n  isakmp-proposal \"p1\"\n  pre-share \"abcSharedKey\"\nexit\n",
            "ipsec proposal \"p2\"\n  hash sha256 sha384\n  encryption aes-256\nexit\n",
            "tunnel ipsec \"t\" auto\n  isakmp-peer \"hq\"\n  ipsec-proposal \"p2\"\nexit\n",
            "rule id 1\n",
        ),
    );
    assert_eq!(
        device_rows("hillstone", &text, "crypto", &["context", "kind", "name@", "strength"]),
        [
            "context=ike kind=cipher name=3des@default strength=weak",
            "context=ike kind=mac name=md5@running-config:63 strength=weak",
            "context=ike kind=key-exchange name=2@default strength=weak",
            "context=ipsec kind=cipher name=aes-256@running-config:71 strength=strong",
            "context=ipsec kind=mac name=sha256@running-config:70 strength=strong",
            "context=ipsec kind=mac name=sha384@running-config:70 strength=strong",
        ]
    );
    no_secret_in("hillstone", &text, &["abcSharedKey"]);
}

#[test]
fn what_a_newer_release_writes() {
    let text = concat!(
        "Version 5.5\n\nadmin user \"zhang.san\"\n  role \"netops\"\n  access https\nexit\n",
        "admin role \"netops\"\n  cli-privilege all rw\nexit\n",
        "admin user \"li.si\"\n  role \"auditors\"\n  access ssh\nexit\n",
        "admin sms-auth gateway \"gw\"\n",
        "admin login-banner \"StoneOS of the head office\"\n",
        "admin host 10.20.99.0/24 mac-host any ssh\n",
        "admin host 10.20.99.0/24 https\n",
        "interface ethernet0/0\n  manage ssh\n  manage https\n  manage netconf\nexit\n",
        "snmp-server user nms group g v3 remote 10.20.30.45 auth-protocol sha abcdefAuthPass enc-protocol aes abcdefEncPass\n",
        "end\n",
    );
    let of = |table, columns: &[&str]| device_rows("hillstone", text, table, columns);
    assert_eq!(
        of("remote-access", &["service", "enabled@", "sources", "factors"]),
        [
            "service=ssh enabled=true@running-config:19 sources=[10.20.99.0/24] factors=1",
            "service=web-https enabled=true@running-config:20 sources=[10.20.99.0/24] factors=?second-factor-of-web",
            "service=api enabled=false@default sources=[] factors=1",
            "service=console enabled=true@running-config sources=[] factors=1",
        ]
    );
    assert_eq!(
        of("privileges", &["grantee", "privilege", "unrestricted@"]),
        [
            "grantee=zhang.san privilege=netops unrestricted=true@running-config:4",
            "grantee=li.si privilege=auditors unrestricted=false@running-config:11",
        ]
    );
    assert_eq!(of("banner", &["present@", "mentions-product"]), ["present=false@running-config:15 mentions-product=true"]);
    assert_eq!(
        of("references", &["kind", "name", "defined"]),
        ["kind=group name=netops defined=true", "kind=group name=auditors defined=false"]
    );
    assert_eq!(
        of("snmp", &["name", "version", "sources", "auth", "privacy"]),
        ["name=nms version=v3 sources=[10.20.30.45/32] auth=sha1 privacy=aes"]
    );
    no_secret_in("hillstone", text, &["abcdefAuthPass", "abcdefEncPass"]);
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
