//! MongoDB: both forms of the file, flags, and what implies authorization. Expected values are those of the MongoDB Manual,
//! "Configuration File Options", "mongod" and "Built-In Roles"; the server is not in Debian.

use crate::support::rows;

/// The rows of the options that are named.
fn options(files: &[(&str, &str)], names: &[&str]) -> Vec<String> {
    let all = rows(files, "mongodb-settings", &["name", "value@", "on", "items"]);
    let named = |row: &&String| names.iter().any(|name| row.starts_with(&format!("name={name} ")));
    all.iter().filter(named).cloned().collect()
}

const NAMES: [&str; 5] = ["net.bindIp", "net.tls.mode", "security.authorization", "systemLog.destination", "systemLog.logAppend"];

#[test]
fn yaml_and_the_old_form_say_the_same() {
    let yaml = "net:\n  bindIp: 10.1.2.3,localhost\n  ssl: {mode: requireSSL}\nsecurity:\n  keyFile: /etc/key\nsystemLog.destination: file\nsystemLog:\n  logAppend: true\n";
    let expected = [
        "name=net.bindIp value=10.1.2.3,localhost@etc/mongod.conf:2 on=- items=[10.1.2.3, localhost]",
        "name=net.tls.mode value=requireSSL@etc/mongod.conf:3 on=- items=-",
        "name=security.authorization value=enabled@etc/mongod.conf:5 on=true items=-",
        "name=systemLog.destination value=file@etc/mongod.conf:6 on=- items=-",
        "name=systemLog.logAppend value=true@etc/mongod.conf:8 on=true items=-",
    ];
    assert_eq!(options(&[("etc/mongod.conf", yaml)], &NAMES), expected);
    let old = "# old\nbind_ip = 10.1.2.3,localhost\nsslMode = requireSSL\nkeyFile = /etc/key\nlogpath = /var/log/m.log\nlogappend = true\n";
    let expected = [
        "name=net.bindIp value=10.1.2.3,localhost@etc/mongod.conf:2 on=- items=[10.1.2.3, localhost]",
        "name=net.tls.mode value=requireSSL@etc/mongod.conf:3 on=- items=-",
        "name=security.authorization value=enabled@etc/mongod.conf:4 on=true items=-",
        "name=systemLog.destination value=file@etc/mongod.conf:5 on=- items=-",
        "name=systemLog.logAppend value=true@etc/mongod.conf:6 on=true items=-",
    ];
    assert_eq!(options(&[("etc/mongod.conf", old)], &NAMES), expected);
}

#[test]
fn a_host_with_a_server_and_users() {
    let files = [
        ("etc/mongod.conf", "net:\n  port: 27018\n  bindIp: 0.0.0.0\nsecurity:\n  authorization: enabled\n"),
        ("usr/lib/systemd/system/mongod.service", "[Service]\nExecStart=/usr/bin/mongod --config /etc/mongod.conf --tlsMode preferTLS\n"),
        (
            "commands/mongodb.users.csv",
            "user,database,roles,client_sources\n\"app\",\"shop\",\"shopper@shop\",\"\"\n\"root\",\"admin\",\"root@admin\",\"10.0.0.0/8\"\n",
        ),
        ("commands/mongodb.roles.csv", "role,database,roles,client_sources\n\"shopper\",\"shop\",\"readWrite@shop\",\"10.1.0.0/16\"\n"),
    ];
    let users = rows(&files, "mongodb-users", &["user", "roles@", "administers", "sources-restricted"]);
    let expected = [
        "user=app roles=[readWrite@shop, shopper@shop]@commands/mongodb.users.csv:2 administers=false sources-restricted=true",
        "user=root roles=[root@admin]@commands/mongodb.users.csv:3 administers=true sources-restricted=true",
    ];
    assert_eq!(users, expected);
    let access = rows(&files, "mongodb:remote-access", &["scope", "enabled", "encrypted", "factors", "privileged-on-login"]);
    assert_eq!(access, ["scope=mongodb 27018 enabled=true encrypted=false factors=1 privileged-on-login=true"]);
    let privileges = rows(&files, "mongodb:privileges", &["grantee", "privilege", "scope", "unrestricted"]);
    assert_eq!(
        privileges,
        [
            "grantee=app@shop privilege=readWrite scope=shop unrestricted=false",
            "grantee=app@shop privilege=shopper scope=shop unrestricted=false",
            "grantee=root@admin privilege=root scope=admin unrestricted=true",
        ]
    );
}

/// Manual, "net Options": the port of shard members and of config servers.
#[test]
fn the_role_of_a_server_decides_its_port() {
    let scope = |file: &str| rows(&[("etc/mongod.conf", file)], "mongodb:remote-access", &["scope"]);
    assert_eq!(scope("net:\n  bindIp: 10.1.2.3\n"), ["scope=mongodb 27017"]);
    assert_eq!(scope("sharding:\n  clusterRole: shardsvr\n"), ["scope=mongodb 27018"]);
    assert_eq!(scope("configsvr = true\n"), ["scope=mongodb 27019"]);
    assert_eq!(scope("sharding:\n  clusterRole: shardsvr\nnet:\n  port: 27099\n"), ["scope=mongodb 27099"]);
}

/// Manual, "system.users Collection" (credentials by mechanism) and "net Options" (disabledProtocols).
#[test]
fn accounts_protocols_and_the_audit_log() {
    let files = [
        (
            "etc/mongod.conf",
            "net:\n  bindIp: 10.1.2.3\n  tls:\n    mode: requireTLS\n    disabledProtocols: TLS1_0,TLS1_1\nsecurity:\n  authorization: enabled\nauditLog:\n  destination: file\n  format: JSON\n  path: /var/log/mongodb/audit.json\n",
        ),
        ("etc/logrotate.d/mongod", "/var/log/mongodb/audit.json {\n    weekly\n    rotate 27\n}\n"),
        (
            "commands/mongodb.users.csv",
            "user,database,roles,client_sources,mechanisms\n\"app\",\"shop\",\"readWrite@shop\",\"\",\"SCRAM-SHA-1 SCRAM-SHA-256\"\n\"CN=ops\",\"$external\",\"root@admin\",\"\",\"external\"\n\"new\",\"shop\",\"read@shop\",\"\",\"SCRAM-SHA-256\"\n",
        ),
    ];
    let accounts = rows(&files, "mongodb:accounts", &["name@", "privileged", "password-state", "password-scheme", "groups"]);
    let expected = [
        "name=app@shop@commands/mongodb.users.csv:2 privileged=false password-state=set password-scheme=sha1 groups=[readWrite@shop]",
        "name=CN=ops@$external@commands/mongodb.users.csv:3 privileged=true password-state=none password-scheme=- groups=[root@admin]",
        "name=new@shop@commands/mongodb.users.csv:4 privileged=false password-state=set password-scheme=sha256 groups=[read@shop]",
    ];
    assert_eq!(accounts, expected);
    let crypto = rows(&files, "mongodb:crypto", &["context", "kind", "name@", "strength"]);
    let expected = [
        "context=mongodb kind=protocol name=TLSv1.2@etc/mongod.conf:5 strength=acceptable",
        "context=mongodb kind=protocol name=TLSv1.3@etc/mongod.conf:5 strength=strong",
    ];
    assert_eq!(crypto, expected);
    let logs = rows(&files, "mongodb:logs", &["stream", "enabled@", "path", "covers"]);
    let expected =
        ["stream=database-audit enabled=true@etc/mongod.conf:9 path=/var/log/mongodb/audit.json covers=[auth, config-change, privilege]"];
    assert_eq!(logs, expected);
    let policy = rows(&files, "mongodb:authentication-policy", &["path", "min-length", "lockout-threshold"]);
    assert_eq!(policy, ["path=mongodb min-length=- lockout-threshold=-"]);
}
