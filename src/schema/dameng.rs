//! The tables of Dameng DM8.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per parameter of dm.ini that rules ask about.
pub static DAMENG_SETTINGS: Table = Table {
    name: "dameng-settings",
    title: Phrase { zh: "达梦数据库参数（dm.ini）", en: "parameter of a Dameng server" },
    promised: false,
    columns: &settings_columns(),
    settings: &[
        setting("ARCH_INI", "whether redo logs are archived"),
        setting("AUDIT_FILE_FULL_MODE", "what happens when audit files fill their space: 1 the oldest are deleted, 2 auditing stops"),
        setting("AUDIT_MAX_FILE_SIZE", "most megabytes of one audit file"),
        setting("AUDIT_SPACE_LIMIT", "most megabytes of all audit files; 0: no limit"),
        setting("COMM_ENCRYPT_NAME", "cipher of connections; empty: none"),
        setting("COMPATIBLE_MODE", "which other database it imitates; 1 switches password rules off"),
        setting("ENABLE_AUDIT", "whether auditing is on: 0 off, 1 on, 2 on with real-time analysis"),
        setting("ENABLE_ENCRYPT", "mode of TLS for connections; 0: none"),
        setting("ENABLE_LOCAL_OSAUTH", "whether members of a group of the operating system log in without a password"),
        setting("FAST_LOGIN", "whether failed logins are recorded: 0 at once, 1 not at all, 2 later"),
        setting("PORT_NUM", "port"),
        setting("PWD_MIN_LEN", "least length of passwords where the rule of length is on"),
        setting("PWD_POLICY", "sum of the password rules that are on; as list: digit length name punctuation upper"),
    ],
};

/// Rules of PWD_POLICY.
pub const RULES: &[&str] = &["digit", "length", "name", "punctuation", "upper"];

/// Duties that are kept apart.
pub const DUTIES: &[&str] = &["administration", "audit", "security"];

/// One row per account.
pub static DAMENG_USERS: Table = Table {
    name: "dameng-users",
    title: Phrase { zh: "达梦数据库用户", en: "account of a Dameng server" },
    promised: false,
    columns: &[
        Column::new("user", Kind::Text, "its name").key(),
        Column::new("locked", Kind::Boolean, "whether an administrator locked it"),
        Column::new("failed-attempts", Kind::Integer, "failures that lock it; unlimited: none"),
        Column::new("lock-time", Kind::Duration, "time until it unlocks by itself; unlimited: an administrator must"),
        Column::new("life", Kind::Duration, "age at which its password expires; unlimited: never"),
        Column::new("idle", Kind::Duration, "idle time after which its session ends; unlimited: never"),
        Column::new("password-policy", Kind::Words(RULES), "password rules of its own").empty(),
        Column::new("restricted", Kind::Boolean, "whether it may come from listed addresses alone"),
        Column::new("sources", Kind::Networks, "addresses that it may come from").empty(),
        Column::new("breadth", Kind::Integer, "IPv4 addresses plus IPv6 /64 networks among them; unlimited for all of a family"),
        Column::new("time-restricted", Kind::Boolean, "whether it may log in at set times alone"),
        Column::new("duties", Kind::Words(DUTIES), "administration, audit and security that its roles give it, roles of roles included")
            .empty(),
        Column::new("superuser", Kind::Boolean, "whether its privileges amount to every privilege"),
    ],
    settings: &[],
};

/// One row per destination of archived redo logs.
pub static DAMENG_ARCHIVES: Table = Table {
    name: "dameng-archives",
    title: Phrase { zh: "达梦归档目标", en: "destination of archived redo logs of a Dameng server" },
    promised: false,
    columns: &[
        Column::new("archive", Kind::Text, "its name").key(),
        Column::new("type", Kind::Text, "its type, in lower case"),
        Column::new("destination", Kind::Text, "where they go"),
        Column::new("space-limit", Kind::Size, "space beyond which the oldest are deleted; unlimited: none is"),
    ],
    settings: &[],
};
