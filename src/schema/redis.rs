//! The tables of Redis.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Commands that change the server, read everything or run code, of which `redis-users` says who can run them.
pub const COMMANDS: &[&str] = &[
    "acl",
    "bgrewriteaof",
    "bgsave",
    "config",
    "debug",
    "eval",
    "evalsha",
    "failover",
    "flushall",
    "flushdb",
    "keys",
    "module",
    "monitor",
    "replicaof",
    "save",
    "shutdown",
    "slaveof",
    "swapdb",
    "sync",
];

/// One row per directive that rules ask about; one that the version lacks has no row.
pub static REDIS_SETTINGS: Table = Table {
    name: "redis-settings",
    title: Phrase { zh: "Redis 配置项", en: "directive of Redis" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        setting("aclfile", "file of users; unset: users stand in the configuration"),
        setting("acllog-max-len", "number of refused commands and logins that are remembered in memory"),
        setting("appendonly", "whether every change is written to a file"),
        setting("bind", "addresses that are listened on; * is every one, a leading - marks one that need not exist"),
        setting("dir", "working directory"),
        setting("enable-debug-command", "who may run DEBUG; from 7.0 on"),
        setting("enable-module-command", "who may run MODULE; from 7.0 on"),
        setting("enable-protected-configs", "who may change directory and file names while it runs; from 7.0 on"),
        setting("logfile", "log file; unset: standard output"),
        setting("loglevel", "least important messages that are logged"),
        setting("masterauth", "whether it proves who it is to the server that it copies from"),
        setting("maxclients", "most clients at a time"),
        setting("port", "TCP port without TLS; 0: none"),
        setting("protected-mode", "whether other hosts are turned away while the default user needs no password"),
        setting("requirepass", "whether the default user has a password"),
        setting("save", "when the data are written to a file; unset: never"),
        setting("syslog-enabled", "whether messages go to syslog too"),
        setting("syslog-facility", "facility of messages to syslog"),
        setting("syslog-ident", "name of messages to syslog"),
        setting("tcp-keepalive", "time after which a silent client is probed; unlimited: never"),
        setting("timeout", "idle time after which a client is disconnected; unlimited: never"),
        setting("tls-auth-clients", "whether clients must have a certificate"),
        setting("tls-ca-cert-dir", "directory of authorities that sign certificates"),
        setting("tls-ca-cert-file", "file of authorities that sign certificates"),
        setting("tls-cert-file", "the server's certificate"),
        setting("tls-cluster", "whether nodes of a cluster talk TLS"),
        setting("tls-port", "TCP port with TLS; 0: none"),
        setting("tls-protocols", "versions of TLS; unset: 1.2 and 1.3"),
        setting("tls-replication", "whether it talks TLS to the server that it copies from"),
        setting("unixsocket", "path of the Unix socket; unset: none"),
        setting("unixsocketperm", "mode of the Unix socket, as octal digits; 0: by umask"),
        setting("user", "system account that the server runs as, by its unit"),
    ],
};

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per user.
pub static REDIS_USERS: Table = Table {
    name: "redis-users",
    title: Phrase { zh: "Redis 用户（ACL）", en: "user of Redis (ACL)" },
    promised: true,
    columns: &[
        Column::new("user", Kind::Text, "its name; default is whoever does not say another").key(),
        Column::new("enabled", Kind::Boolean, "whether it can log in: on, and with a password or needing none"),
        Column::new("password", Kind::Word(&["none", "not-needed", "set"]), "whether it has a password; none: no password matches"),
        Column::new("password-length", Kind::Integer, "length of its shortest password; not known where only a hash is seen")
            .unset("it has no password"),
        Column::new("commands", Kind::Words(COMMANDS), "which of some commands it can run by their own name, in whole or in part").empty(),
        Column::new("administers", Kind::Boolean, "whether it can run a command of the category @admin"),
        Column::new("all-keys", Kind::Boolean, "whether it reads and writes every key"),
        Column::new("unrestricted", Kind::Boolean, "whether it can do everything, or make itself able to"),
    ],
    settings: &[],
};
