//! Cisco IOS: lines and their remainder, method lists and their servers, lists that are applied, accumulating users.
//!
//! What is expected is what Cisco's command references say of these statements.

use bumpalo::Bump;
use jixian::facts::{self, Host};
use jixian::names::network::CISCO_IOS;
use jixian::schema;
use jixian::source::Sources;

use crate::support::{asset, shown};

/// The rows of a table of a configuration, the columns that are asked for.
fn rows(configuration: &str, table: &str, columns: &[&str]) -> Vec<String> {
    let asset = asset(&[("commands/show-running-config", configuration)]);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, CISCO_IOS, &sources);
    let number = schema::number(table).expect("the table is in the schema");
    let wanted: Vec<bool> = (0..schema::TABLES.len()).map(|it| it == number).collect();
    let facts = facts::derive(&host, &wanted);
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
