//! The tables of MongoDB.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per option, by its path in the configuration file.
pub static MONGODB_SETTINGS: Table = Table {
    name: "mongodb-settings",
    title: Phrase { zh: "MongoDB 选项", en: "option of MongoDB" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        setting("auditLog.destination", "where audit records go; unset: nothing is recorded"),
        setting("auditLog.filter", "which events are recorded; unset: all"),
        setting("net.bindIp", "addresses that are listened on"),
        setting("net.bindIpAll", "whether every address is listened on"),
        setting("net.port", "TCP port"),
        setting("net.tls.disabledProtocols", "versions of TLS that are not spoken"),
        setting("net.tls.mode", "whether connections are encrypted; net.ssl.mode before 4.2"),
        setting("security.authorization", "whether users must prove who they are; on also where keyFile or clusterAuthMode implies it"),
        setting("security.javascriptEnabled", "whether the server runs JavaScript"),
        setting("setParameter.enableLocalhostAuthBypass", "whether this host may make the first user without being one"),
        setting("systemLog.destination", "where messages go; unset: standard output"),
        setting("systemLog.logAppend", "whether a restart goes on in the old file"),
        setting("systemLog.path", "file of messages"),
        setting("systemLog.quiet", "whether less is logged"),
    ],
};

/// One row per user.
pub static MONGODB_USERS: Table = Table {
    name: "mongodb-users",
    title: Phrase { zh: "MongoDB 用户", en: "user of MongoDB" },
    promised: false,
    columns: &[
        Column::new("user", Kind::Text, "its name").key(),
        Column::new("database", Kind::Text, "the database that it belongs to").key(),
        Column::new("roles", Kind::Texts, "roles, as role@database, inherited ones too").empty(),
        Column::new("administers", Kind::Boolean, "whether a role of it reaches every database or administers users or the cluster"),
        Column::new("sources-restricted", Kind::Boolean, "whether only listed client addresses may be it"),
    ],
    settings: &[],
};
