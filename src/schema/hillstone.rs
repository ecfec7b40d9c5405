//! The tables of Hillstone StoneOS, with the product's own names.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Settings of the system, effective.
pub static HILLSTONE_SETTINGS: Table = Table {
    name: "hillstone-settings",
    title: Phrase { zh: "StoneOS 管理设置（有效值）", en: "management setting of StoneOS, effective" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "complexity", doc: "password-policy: whether new passwords of administrators are checked" },
        Setting { name: "console-timeout", doc: "minutes after which an idle console is closed; 0 is unlimited" },
        Setting { name: "lockout-duration", doc: "minutes for which failures lock an address" },
        Setting { name: "max-login-failure", doc: "failures that lock an address" },
        Setting { name: "min-length", doc: "password-policy: least length of an administrator's password" },
        Setting { name: "password-expiration", doc: "password-policy: days after which it has to change; 0 is unlimited" },
        Setting { name: "ssh-timeout", doc: "minutes after which an idle SSH session is closed" },
        Setting { name: "telnet-timeout", doc: "minutes after which an idle Telnet session is closed" },
        Setting { name: "web-timeout", doc: "minutes after which an idle web session is closed" },
    ],
};

/// Hosts that may administer.
pub static HILLSTONE_TRUSTED_HOSTS: Table = Table {
    name: "hillstone-trusted-hosts",
    title: Phrase { zh: "StoneOS 可信主机", en: "trusted host of StoneOS" },
    promised: true,
    columns: &[
        Column::new("host", Kind::Text, "addresses as written, and what follows them").key(),
        Column::new("services", Kind::Texts, "services that it may use; `any` for all"),
        Column::new("addresses", Kind::Networks, "its addresses").empty(),
    ],
    settings: &[],
};

/// Administrators.
pub static HILLSTONE_ADMINISTRATORS: Table = Table {
    name: "hillstone-administrators",
    title: Phrase { zh: "StoneOS 管理员", en: "administrator of StoneOS" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "login name").key(),
        Column::new("access", Kind::Texts, "ways in which it may log in; none for a new one").empty(),
        Column::new("role", Kind::Text, "role or privilege as written").unset("not written"),
    ],
    settings: &[],
};

/// Interfaces that offer management.
pub static HILLSTONE_INTERFACES: Table = Table {
    name: "hillstone-interfaces",
    title: Phrase { zh: "StoneOS 接口", en: "interface of StoneOS" },
    promised: false,
    columns: &[
        Column::new("interface", Kind::Text, "its name").key(),
        Column::new("zone", Kind::Text, "its zone").unset("in no zone"),
        Column::new("services", Kind::Texts, "what it offers: http, https, netconf, ping, snmp, ssh, telnet").empty(),
    ],
    settings: &[],
};

/// Types of logs.
pub static HILLSTONE_LOGS: Table = Table {
    name: "hillstone-logs",
    title: Phrase { zh: "StoneOS 各类日志的输出", en: "output of a type of log of StoneOS" },
    promised: true,
    columns: &[
        Column::new("type", Kind::Text, "type of log: configuration, event, network, threat, traffic session").key(),
        Column::new("enabled", Kind::Boolean, "whether records of the type are made"),
        Column::new("to-syslog", Kind::Boolean, "whether records of the type go to the syslog servers"),
        Column::new("servers", Kind::Texts, "syslog servers that take the type").empty(),
    ],
    settings: &[],
};
