//! The configuration of one Ruijie switch, line by line, as the manuals of RGOS read it.

use crate::support::{device_rows, no_secret_in};

const CONFIGURATION: &str = include_str!("ruijie_rgos/rgos.cfg");

#[track_caller]
fn check(table: &str, columns: &[&str], expected: &[&str]) {
    assert_eq!(device_rows("ruijie", CONFIGURATION, table, columns), expected);
}

/// Rows of one table of another configuration.
fn of(statements: &str, table: &str, columns: &[&str]) -> Vec<String> {
    device_rows("ruijie", &format!("version RGOS 11.4(1)B12P11\nhostname a\n!\n{statements}!\nend\n"), table, columns)
}

#[test]
fn lines_are_told_apart_and_those_that_nobody_wrote_about_are_not_known() {
    let columns = &["service", "scope", "enabled@", "sources@", "sources-restricted-by", "idle-timeout@"];
    let rows = device_rows("ruijie", CONFIGURATION, "remote-access", columns);
    let ssh: Vec<&str> = rows.iter().map(String::as_str).filter(|row| row.starts_with("service=ssh")).collect();
    assert_eq!(
        ssh,
        [
            "service=ssh scope=vty 0-4 enabled=true@running-config:114 sources=[10.20.98.17/32, 10.20.99.0/24]@running-config:113 \
             sources-restricted-by=[MGMT] idle-timeout=10m@running-config:115",
            // Two blocks are about these lines; the list of the second does not exist.
            "service=ssh scope=vty 5-9 enabled=true@running-config:117 sources=?list-not-defined@running-config:120 \
             sources-restricted-by=[NOSUCH] idle-timeout=unlimited@running-config:118",
            "service=ssh scope=vty 10-15 enabled=true@running-config:117 sources=[0.0.0.0/0]@running-config sources-restricted-by=[] \
             idle-timeout=unlimited@running-config:118",
            "service=ssh scope=vty 16-35 enabled=?not-shown@running-config sources=?not-shown@running-config \
             sources-restricted-by=?not-shown idle-timeout=?default-not-documented@running-config",
        ]
    );
    let telnet = rows.iter().filter(|row| row.starts_with("service=telnet"));
    assert!(telnet.clone().count() == 4 && telnet.clone().all(|row| row.contains("enabled=false@running-config:75")), "{rows:#?}");
}

#[test]
fn the_console_the_web_and_a_community_that_writes_are_ways_in() {
    let columns = &["service", "scope", "enabled@", "encrypted", "accounts-restricted-by", "factors", "methods", "max-attempts@"];
    let rows = device_rows("ruijie", CONFIGURATION, "remote-access", columns);
    assert_eq!(
        rows[8..],
        [
            "service=console scope=console 0 enabled=true@running-config encrypted=false accounts-restricted-by=[local accounts] factors=1 \
             methods=[password] max-attempts=?default-not-documented@running-config",
            "service=web-http scope=http enabled=?default-not-documented@running-config encrypted=false \
             accounts-restricted-by=[local accounts] factors=1 methods=[password] max-attempts=?default-not-documented@running-config",
            "service=web-https scope=https enabled=true@running-config:27 encrypted=true accounts-restricted-by=[local accounts] factors=1 \
             methods=[password] max-attempts=?default-not-documented@running-config",
            "service=snmp scope=community 2 enabled=true@running-config:93 encrypted=false accounts-restricted-by=[] factors=1 \
             methods=[password] max-attempts=?default-not-documented@running-config",
        ]
    );
    assert!(rows[0].ends_with("factors=?decided-at-servers methods=[tacacs, password] max-attempts=3@default"), "{}", rows[0]);
}

#[test]
fn without_aaa_the_lines_say_how_somebody_logs_in() {
    let columns = &["scope", "methods", "accounts-restricted-by", "factors"];
    let lines = "enable service ssh-server\nline vty 0 35\n transport input ssh\n";
    let with = |login: &str| of(&format!("{lines}{login}"), "remote-access", columns);
    assert_eq!(with(" login local\n")[0], "scope=vty 0-35 methods=[password] accounts-restricted-by=[local accounts] factors=1");
    assert_eq!(with(" login\n password 7 0011\n")[0], "scope=vty 0-35 methods=[password] accounts-restricted-by=[] factors=1");
    assert_eq!(with(" no login\n")[0], "scope=vty 0-35 methods=[none] accounts-restricted-by=[] factors=0");
    assert_eq!(with("")[0], "scope=vty 0-35 methods=?not-shown accounts-restricted-by=?not-shown factors=?not-shown");
}

#[test]
fn users_of_the_device_and_of_the_web_are_told_apart() {
    check(
        "accounts",
        &["name", "privileged@", "password-state", "password-scheme", "groups", "source"],
        &[
            "name=admin privileged=true@running-config:6 password-state=set password-scheme=md5 groups=[15] source=device",
            "name=zhaolei privileged=true@running-config:7 password-state=set password-scheme=type7 groups=[15] source=device",
            // No page of the vendor says what notation 8 is.
            "name=guard privileged=false@running-config:8 password-state=set password-scheme=?not-understood groups=[1] source=device",
            "name=admin privileged=?not-shown@running-config:26 password-state=set password-scheme=type7 groups=[0] source=webmaster",
        ],
    );
    check(
        "authentication-policy",
        &["path", "min-length@", "classes@", "lockout-threshold@", "lockout-duration", "password-max-age@"],
        &["path=local min-length=12@running-config:55 classes=2@running-config:54 lockout-threshold=5@running-config:20 \
           lockout-duration=?not-understood password-max-age=90d@running-config:56"],
    );
}

#[test]
fn the_statement_about_commands_is_not_the_one_about_logins() {
    check(
        "logs",
        &["stream", "enabled@", "forwarded", "level"],
        &[
            "stream=system enabled=true@running-config:66 forwarded=[10.20.30.41, 10.20.30.42] level=informational",
            "stream=authentication enabled=true@running-config:69 forwarded=[10.20.30.41, 10.20.30.42] level=informational",
            "stream=command enabled=true@running-config:19 forwarded=[10.20.30.51, 10.20.30.52, 10.20.30.41, 10.20.30.42] level=-",
        ],
    );
    assert_eq!(
        of("logging server 10.20.30.41\nlogging userinfo command-log\n", "logs", &["stream", "enabled@"]),
        [
            "stream=system enabled=true@running-config:4",
            "stream=authentication enabled=?default-not-documented@running-config",
            "stream=command enabled=true@running-config:5",
        ]
    );
}

#[test]
fn lists_by_name_and_number_and_those_of_frames() {
    let rows = device_rows("ruijie", CONFIGURATION, "access-rules", &["list", "entry", "sources", "any-any", "applied-to", "time-window"]);
    for expected in [
        "list=MGMT entry=10 sources=[10.20.99.0/24] any-any=false applied-to=[vty] time-window=-",
        "list=MGMT entry=20 sources=[10.20.98.17/32] any-any=false applied-to=[vty] time-window=-",
        "list=EDGE-IN entry=20 sources=[0.0.0.0/0] any-any=true applied-to=[interface-in] time-window=WORK",
        "list=101 entry=10 sources=[0.0.0.0/0] any-any=true applied-to=[interface-out] time-window=-",
        "list=GUESTS entry=10 sources=?not-exact any-any=?not-exact applied-to=[interface-in] time-window=-",
    ] {
        assert!(rows.iter().any(|row| row == expected), "{expected} is among {rows:#?}");
    }
    let old = of("access-list 10 permit 10.20.99.0 0.0.0.255\naccess-list 10 deny any\n", "access-rules", &["list", "action", "sources"]);
    assert_eq!(old, ["list=10 action=permit sources=[10.20.99.0/24]", "list=10 action=deny sources=[0.0.0.0/0]"]);
    let references = device_rows("ruijie", CONFIGURATION, "references", &["name", "used-at@", "defined"]);
    let gone: Vec<&str> = references.iter().map(String::as_str).filter(|row| row.ends_with("defined=false")).collect();
    assert_eq!(
        gone,
        [
            "name=NOSUCH used-at=interface GigabitEthernet 0/2 / ip access-group NOSUCH in@running-config:86 defined=false",
            "name=NOSUCH used-at=line vty 5 9 / access-class NOSUCH in@running-config:120 defined=false",
        ]
    );
}

#[test]
fn versions_of_snmp_that_are_off_serve_nobody() {
    check(
        "snmp",
        &["name", "version", "access", "sources", "auth", "privacy", "vendor-default@"],
        &[
            "name=community 1 version=v2c access=read sources=[10.20.30.45/32] auth=none privacy=none \
             vendor-default=false@running-config:92",
            "name=community 2 version=v2c access=write sources=[0.0.0.0/0] auth=none privacy=none vendor-default=true@running-config:93",
            "name=nms version=v3 access=read sources=[0.0.0.0/0] auth=sha1 privacy=aes vendor-default=false@running-config:95",
        ],
    );
    assert_eq!(of("no enable service snmp-agent\nsnmp-server community public rw\n", "snmp", &["name"]), [""; 0]);
}

#[test]
fn the_last_statement_about_the_web_server_counts_for_its_protocol() {
    let columns = &["name", "value@"];
    let web = |statements: &str| {
        let rows = of(statements, "ruijie-settings", columns);
        rows.into_iter().filter(|row| row.starts_with("name=web-server")).collect::<Vec<_>>()
    };
    assert_eq!(
        web("enable service web-server all\nno enable service web-server http\n"),
        ["name=web-server http value=off@running-config:5", "name=web-server https value=on@running-config:4"]
    );
    // No page of the vendor says for which protocols it is without a word.
    assert_eq!(
        web("no enable service web-server\n"),
        ["name=web-server http value=?not-understood@running-config:4", "name=web-server https value=?not-understood@running-config:4"]
    );
    assert_eq!(
        web("enable service web-server https\n"),
        ["name=web-server http value=?default-not-documented@running-config", "name=web-server https value=on@running-config:4"]
    );
}

#[test]
fn settings_have_their_lines() {
    let rows = device_rows("ruijie", CONFIGURATION, "ruijie-settings", &["name", "value@", "on"]);
    for expected in [
        "name=aaa accounting commands value=on@running-config:19 on=true",
        "name=enable secret value=md5@running-config:73 on=true",
        "name=ip ssh cipher-mode value=ctr gcm@running-config:62 on=-",
        "name=ip ssh version value=2@running-config:60 on=-",
        "name=logging userinfo value=on@running-config:69 on=true",
        "name=service timestamps log value=datetime msec@running-config:58 on=-",
        "name=ssh-server value=on@running-config:74 on=true",
        // The banner says otherwise and does not count.
        "name=telnet-server value=off@running-config:75 on=false",
    ] {
        assert!(rows.iter().any(|row| row == expected), "{expected} is among {rows:#?}");
    }
    check(
        "banner",
        &["scope", "present", "mentions-product@"],
        &[
            "scope=login present=true mentions-product=true@running-config:104",
            "scope=motd present=false mentions-product=false@running-config",
        ],
    );
}

#[test]
fn no_secret_is_printed() {
    let secrets = [
        "CANARY01",
        "CANARYtype7",
        "CANARYhash2222222222222222",
        "CANARYold",
        "CANARYtacacs1",
        "CANARYweb",
        "CANARYenable7",
        "CANARYread",
        "CANARYauth",
        "CANARYpriv",
        "CANARYtrap",
        "CANARYntp",
    ];
    no_secret_in("ruijie", CONFIGURATION, &secrets);
}
