//! The tables of Cisco NX-OS, with the vendor's own names.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Global settings.
pub static NXOS_SETTINGS: Table = Table {
    name: "nxos-settings",
    title: Phrase { zh: "Cisco NX-OS 的全局设置", en: "global setting of Cisco NX-OS" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "accounting", doc: "server groups that record commands; `on`: whether they have servers" },
        Setting { name: "copp-profile", doc: "profile of control plane policing: strict, moderate, lenient, dense" },
        Setting { name: "logging-timestamp", doc: "precision of times in logs: seconds, milliseconds, microseconds" },
        Setting { name: "nxapi", doc: "whether the programming interface over HTTP is on" },
        Setting { name: "password-strength-check", doc: "whether new passwords are checked" },
        Setting { name: "session-limit", doc: "most terminal sessions at a time" },
        Setting { name: "snmp-enforce-privacy", doc: "whether every SNMP user must encrypt" },
        Setting { name: "ssh", doc: "whether the SSH server is on" },
        Setting { name: "telnet", doc: "whether the Telnet server is on" },
    ],
};

/// One row per kind of terminal line.
pub static NXOS_LINES: Table = Table {
    name: "nxos-lines",
    title: Phrase { zh: "Cisco NX-OS 的终端线路", en: "terminal line of Cisco NX-OS" },
    promised: true,
    columns: &[
        Column::new("line", Kind::Word(&["console", "vty"]), "kind of line").key(),
        Column::new("idle-timeout", Kind::Duration, "idle time after which a session ends; unlimited: never"),
        Column::new("list", Kind::Text, "list of IPv4 that guards it").unset("none, or the line has none"),
        Column::new("list-works", Kind::Boolean, "whether that list is defined"),
        Column::new("list-ipv6", Kind::Text, "list of IPv6 that guards it").unset("none, or the line has none"),
        Column::new("ipv6-covered", Kind::Boolean, "whether IPv6 is guarded by a list that is defined, or no interface has IPv6"),
        Column::new("groups", Kind::Texts, "server groups that log in, in order").empty(),
        Column::new("servers", Kind::Texts, "servers of those groups").empty(),
        Column::new("admits-none", Kind::Boolean, "whether the method `none` admits without a password"),
    ],
    settings: &[],
};

/// One row per remote log host.
pub static NXOS_LOG_SERVERS: Table = Table {
    name: "nxos-log-servers",
    title: Phrase { zh: "Cisco NX-OS 的日志服务器", en: "log server of Cisco NX-OS" },
    promised: false,
    columns: &[
        Column::new("server", Kind::Text, "name or address").key(),
        Column::new("level", Kind::Integer, "least severe level that it gets, 0 to 7"),
        Column::new("encrypted", Kind::Boolean, "whether it gets them over TLS"),
        Column::new("vrf", Kind::Text, "routing instance that reaches it").unset("the default one"),
    ],
    settings: &[],
};

/// One row per community of SNMP.
pub static NXOS_COMMUNITIES: Table = Table {
    name: "nxos-communities",
    title: Phrase { zh: "Cisco NX-OS 的 SNMP 团体", en: "SNMP community of Cisco NX-OS" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "communities are secrets and are numbered: `community 1`").key(),
        Column::new("group", Kind::Text, "role that it gives").unset("none is written"),
        Column::new("list", Kind::Text, "list that guards it").unset("none"),
        Column::new("list-works", Kind::Boolean, "whether that list is defined"),
        Column::new("vendor-default", Kind::Boolean, "whether everybody knows it (public, private)"),
    ],
    settings: &[],
};
