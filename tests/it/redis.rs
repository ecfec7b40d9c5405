//! Redis: one realistic host with two servers, and each trap of reading them. Expected values are those of redis.conf as the vendor
//! ships it, of the pages "ACL" and "CONFIG GET", and of redis-server 7.0.15.

use crate::support::rows;

const VERSION: (&str, &str) = ("commands/redis-version", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1\n");

const MAIN: &str = "# shipped\nbind 10.1.2.3 -::1\nprotected-mode yes\nport 6379\ntimeout 0\nlogfile \"/var/log/redis/redis-server.log\"\n\
requirepass \"long enough pass\"\nrename-command CONFIG \"\"\ntimeout 300\n";
const SECOND: &str = "port 0\ntls-port 6390\ntls-auth-clients yes\naclfile /etc/redis/users.acl\nbind *\n";
const USERS: &str =
    "user default off ~* &* +@all\nuser app on #0123456789012345678901234567890123456789012345678901234567890123 ~app:* -@all +@read\n";
const UNIT: &str = "[Service]\nExecStart=/usr/bin/redis-server /etc/redis/redis.conf --supervised systemd --daemonize no\nUser=redis\n";

const HOST: [(&str, &str); 5] = [
    VERSION,
    ("etc/redis/redis.conf", MAIN),
    ("etc/redis/tls.conf", SECOND),
    ("etc/redis/users.acl", USERS),
    ("usr/lib/systemd/system/redis-server.service", UNIT),
];

/// Rows of the settings that are named.
fn settings(files: &[(&str, &str)], names: &[&str], columns: &[&str]) -> Vec<String> {
    let all = rows(files, "redis-settings", &[&["name"], columns].concat());
    let named = |row: &&String| names.iter().any(|name| row.trim_start_matches("gap ").starts_with(&format!("name={name} ")));
    all.iter().filter(named).cloned().collect()
}

#[test]
fn a_host_with_two_servers() {
    let names = ["bind", "port", "requirepass", "timeout", "tls-port", "user"];
    let expected = [
        "name=bind value=10.1.2.3 -::1@etc/redis/redis.conf:2 items=[10.1.2.3, -::1] origin=file",
        "name=port value=6379@etc/redis/redis.conf:4 items=- origin=file",
        "name=requirepass value=set@etc/redis/redis.conf:7 items=- origin=file",
        "name=timeout value=300@etc/redis/redis.conf:9 items=- origin=file",
        "name=tls-port value=0@default items=- origin=default",
        "name=user value=redis@usr/lib/systemd/system/redis-server.service:3 items=- origin=file",
        "name=bind value=*@etc/redis/tls.conf:5 items=[*] origin=file",
        "name=port value=0@etc/redis/tls.conf:1 items=- origin=file",
        "name=requirepass value=-@default items=- origin=default",
        "name=timeout value=0@default items=- origin=default",
        "name=tls-port value=6390@etc/redis/tls.conf:2 items=- origin=file",
        "name=user value=?not-collected@nothing items=?not-collected origin=?not-collected",
    ];
    assert_eq!(settings(&HOST, &names, &["value@", "items", "origin"]), expected);
    let users = rows(&HOST, "redis-users", &["user", "enabled@", "password", "password-length", "commands", "unrestricted"]);
    let all = "acl, bgrewriteaof, bgsave, eval, evalsha, failover, flushall, flushdb, keys, monitor, replicaof, save, shutdown, slaveof, swapdb, sync";
    let expected = [
        format!("user=default enabled=true@etc/redis/redis.conf:7 password=set password-length=16 commands=[{all}] unrestricted=true"),
        "user=default enabled=false@etc/redis/users.acl:1 password=none password-length=- commands=[acl, bgrewriteaof, bgsave, config, eval, \
         evalsha, failover, flushall, flushdb, keys, monitor, replicaof, save, shutdown, slaveof, swapdb, sync] unrestricted=true"
            .to_owned(),
        "user=app enabled=true@etc/redis/users.acl:2 password=set password-length=?hashed commands=[keys] unrestricted=false".to_owned(),
    ];
    assert_eq!(users, expected);
    let access = rows(
        &HOST,
        "redis:remote-access",
        &["scope", "enabled", "encrypted", "factors", "methods", "accounts-restricted-by", "idle-timeout"],
    );
    let expected = [
        "scope=redis 6379 enabled=true encrypted=false factors=1 methods=[password] accounts-restricted-by=[] idle-timeout=5m",
        "scope=redis 0 enabled=false encrypted=false factors=1 methods=[password] accounts-restricted-by=[ACL] idle-timeout=unlimited",
        "scope=redis tls 6390 enabled=true encrypted=true factors=2 methods=[password, certificate] accounts-restricted-by=[ACL] idle-timeout=unlimited",
    ];
    assert_eq!(access, expected);
    let crypto = rows(&HOST, "redis:crypto", &["name", "strength"]);
    assert_eq!(crypto, ["name=TLSv1.2 strength=acceptable", "name=TLSv1.3 strength=strong"]);
}

#[test]
fn protected_mode_closes_a_server_without_password() {
    let enabled = |version: &str, text: &str| {
        rows(&[("commands/redis-version", version), ("etc/redis.conf", text)], "redis:remote-access", &["enabled"]).join(",")
    };
    let (new, old) = ("Redis server v=7.0.15 sha=0", "Redis server v=6.2.7 sha=0");
    assert_eq!(enabled(new, "bind 10.0.0.1\n"), "enabled=false");
    assert_eq!(enabled(old, "bind 10.0.0.1\n"), "enabled=true");
    assert_eq!(enabled(old, "port 6379\n"), "enabled=false");
    assert_eq!(enabled(new, "protected-mode no\n"), "enabled=true");
    assert_eq!(enabled(new, "requirepass x\n"), "enabled=true");
    assert_eq!(enabled(new, "requirepass x\nbind 127.0.0.1 -::1\n"), "enabled=false");
    assert_eq!(enabled("", "bind 10.0.0.1\n"), "enabled=?version-not-known");
}

#[test]
fn the_running_server_decides_and_its_file_stands_beside() {
    let reply = "\"bind\",\"* -::*\",\"port\",\"6379\",\"requirepass\",\"CANARY secret\",\"timeout\",\"60\"\n";
    let files = [VERSION, ("etc/redis.conf", "timeout 300\nport 6379\n"), ("commands/redis.config.csv", reply)];
    assert_eq!(
        settings(&files, &["requirepass", "timeout", "tls-port"], &["value@", "origin"]),
        [
            "name=requirepass value=set@commands/redis.config.csv:1 origin=runtime",
            "name=timeout value=60@commands/redis.config.csv:1 origin=runtime"
        ]
    );
}

#[test]
fn no_password_is_printed() {
    let files = [
        (
            "etc/redis/redis.conf".to_owned(),
            "requirepass \"CANARY one\"\nmasterauth CANARY2\nuser app on >CANARY3 #CANARY4 ~* +@all\n".to_owned(),
        ),
        ("etc/redis/6381.conf".to_owned(), "port 6381\nrequirepass \"CANARY10\n".to_owned()),
        ("etc/redis/6382.conf".to_owned(), "port 6382\nrequirepass CANARY11 CANARY12\n".to_owned()),
        ("etc/redis/6380.conf".to_owned(), "port 6380\naclfile /etc/redis/users.acl\n".to_owned()),
        ("etc/redis/users.acl".to_owned(), "user app on >CANARY5 CANARY6 ~* +@all\n".to_owned()),
        ("commands/redis@7000.config.csv".to_owned(), "\"port\",\"7000\",\"requirepass\",\"CANARY7\"\n".to_owned()),
        ("commands/redis@7000.acl.csv".to_owned(), "\"user default on #CANARY8 ~* &* +@all\"\n".to_owned()),
    ];
    let scanned = crate::support::scan("cache01", &files);
    assert!(scanned.jsonl.contains("etc/redis/redis.conf"), "it was judged");
    for text in [&scanned.jsonl, &scanned.junit, &scanned.text, &scanned.stderr] {
        assert!(!text.contains("CANARY"), "{}", text.lines().find(|line| line.contains("CANARY")).unwrap_or_default());
    }
}
