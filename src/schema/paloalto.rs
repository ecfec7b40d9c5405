//! The tables of Palo Alto Networks PAN-OS, with the product's own names.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Settings of the system and of management, effective.
pub static PANOS_SETTINGS: Table = Table {
    name: "panos-settings",
    title: Phrase { zh: "PAN-OS 管理设置（有效值）", en: "management setting of PAN-OS, effective" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "disable-http", doc: "whether the management interface refuses HTTP" },
        Setting { name: "disable-telnet", doc: "whether the management interface refuses Telnet" },
        Setting { name: "failed-attempts", doc: "failures that lock an administrator; 0 is unlimited" },
        Setting { name: "idle-timeout", doc: "minutes after which an idle administrator is logged out; 0 is unlimited" },
        Setting { name: "lockout-time", doc: "minutes of a lock; 0: until an administrator unlocks" },
        Setting { name: "minimum-length", doc: "password-complexity: least length" },
        Setting { name: "password-change-period", doc: "password-complexity: days after which a password has to change; 0 is unlimited" },
        Setting { name: "password-complexity", doc: "whether password-complexity is enabled" },
    ],
};

/// Places at which administrators can reach the device, and from where.
pub static PANOS_MANAGEMENT: Table = Table {
    name: "panos-management",
    title: Phrase {
        zh: "PAN-OS 管理入口（MGT 接口与接口管理模板）", en: "management interface or interface management profile of PAN-OS"
    },
    promised: true,
    columns: &[
        Column::new("scope", Kind::Text, "`mgt`, or `profile` and its name").key(),
        Column::new("in-use", Kind::Boolean, "whether an interface uses it; the management interface always is"),
        Column::new("http", Kind::Boolean, "whether it offers the web interface without encryption"),
        Column::new("https", Kind::Boolean, "whether it offers the web interface and the API"),
        Column::new("snmp", Kind::Boolean, "whether it answers SNMP"),
        Column::new("ssh", Kind::Boolean, "whether it offers SSH"),
        Column::new("telnet", Kind::Boolean, "whether it offers Telnet"),
        Column::new("sources", Kind::Networks, "addresses from which it may be reached; any where no permitted-ip is listed").empty(),
    ],
    settings: &[],
};

/// How administrators log in.
pub static PANOS_ADMINISTRATORS: Table = Table {
    name: "panos-administrators",
    title: Phrase { zh: "PAN-OS 管理员", en: "administrator of PAN-OS" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "login name").key(),
        Column::new("role", Kind::Text, "role: superuser, superreader, deviceadmin, a custom profile, …").unset("no role is given"),
        Column::new("superuser", Kind::Boolean, "whether it may change everything"),
        Column::new("local-password", Kind::Boolean, "whether a local password admits"),
        Column::new("authentication-profile", Kind::Text, "profile or sequence that authenticates it").unset("it is authenticated locally"),
        Column::new(
            "factors",
            Kind::Integer,
            "least number of factors that admits; multi-factor servers of a profile do not count for administrators",
        ),
        Column::new(
            "by-servers",
            Kind::Boolean,
            "whether servers that may demand a further factor decide about every login: no local password, key or directory admits",
        ),
        Column::new("servers", Kind::Texts, "servers that authenticate it").empty(),
        Column::new("lockout", Kind::Integer, "failures that lock it: those of its profile, otherwise of the device; 0 is unlimited")
            .unset("nothing locks it"),
        Column::new(
            "password-change-period",
            Kind::Duration,
            "age at which its local password expires: that of its password profile before that of the device; unlimited: never",
        )
        .unset("it has no local password"),
    ],
    settings: &[],
};

/// Where records of each type are sent.
pub static PANOS_LOG_FORWARDING: Table = Table {
    name: "panos-log-forwarding",
    title: Phrase { zh: "PAN-OS 各类日志的外送", en: "forwarding of a type of log of PAN-OS" },
    promised: true,
    columns: &[
        Column::new("type", Kind::Text, "type of log: system, config, or `profile`, its name, and traffic, threat, …").key(),
        Column::new("servers", Kind::Texts, "syslog servers that receive every record of the type").empty(),
        Column::new("filtered-servers", Kind::Texts, "syslog servers that receive some of them only").empty(),
        Column::new("panorama", Kind::Boolean, "whether every record of the type goes to Panorama"),
        Column::new("encrypted", Kind::Boolean, "whether every server is reached over TLS").unset("no server receives it"),
        Column::new("reliable", Kind::Boolean, "whether every server is reached over TCP or TLS").unset("no server receives it"),
    ],
    settings: &[],
};

/// How long records of a type are kept at most.
pub static PANOS_LOG_EXPIRY: Table = Table {
    name: "panos-log-expiry",
    title: Phrase { zh: "PAN-OS 本地日志的过期时间", en: "age at which PAN-OS deletes records of a type" },
    promised: false,
    columns: &[
        Column::new("type", Kind::Text, "type of log").key(),
        Column::new("period", Kind::Duration, "age at which records are deleted; a full quota deletes them earlier"),
    ],
    settings: &[],
};

/// Security rules, where they are written.
pub static PANOS_RULES: Table = Table {
    name: "panos-rules",
    title: Phrase { zh: "PAN-OS 安全策略规则", en: "security rule of PAN-OS" },
    promised: false,
    columns: &[
        Column::new("rulebase", Kind::Text, "where it is written: `vsys1`, `shared pre`, `BRANCHES post`, `vsys1 default`").key(),
        Column::new("rule", Kind::Text, "its name").key(),
        Column::new("enabled", Kind::Boolean, "whether it is not disabled"),
        Column::new("action", Kind::Word(&["allow", "deny", "drop", "reset-both", "reset-client", "reset-server"]), "what it does"),
        Column::new("predefined", Kind::Boolean, "whether it is one of the two rules that stand behind all others"),
        Column::new("from", Kind::Texts, "source zones").empty(),
        Column::new("to", Kind::Texts, "destination zones").empty(),
        Column::new("source", Kind::Texts, "source addresses as written").empty(),
        Column::new("destination", Kind::Texts, "destination addresses as written").empty(),
        Column::new("application", Kind::Texts, "applications").empty(),
        Column::new("service", Kind::Texts, "services; `application-default` is the ports of the applications").empty(),
        Column::new("source-is-any", Kind::Boolean, "whether every source address matches, negation included"),
        Column::new("destination-is-any", Kind::Boolean, "whether every destination address matches, negation included"),
        Column::new("log-start", Kind::Boolean, "whether the start of sessions is logged"),
        Column::new("log-end", Kind::Boolean, "whether the end of sessions is logged"),
        Column::new("log-setting", Kind::Text, "log forwarding profile").unset("none"),
        Column::new("forwarded", Kind::Texts, "syslog servers and `panorama` to which the traffic log of its sessions goes unfiltered")
            .empty(),
        Column::new("profiles", Kind::Texts, "security profiles, those of its group included").empty(),
    ],
    settings: &[],
};
