//! The tables of Junos, with its own names.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Global settings of Junos.
pub static JUNOS_SETTINGS: Table = Table {
    name: "junos-settings",
    title: Phrase { zh: "Junos 的全局设置", en: "global setting of Junos" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "accounting-destinations", doc: "kinds of servers that accounting records are sent to" },
        Setting { name: "accounting-events", doc: "events that are recorded by servers: login, change-log, interactive-commands" },
        Setting { name: "authentication-order", doc: "ways of proving who one is, in order" },
        Setting { name: "connection-limit", doc: "most SSH connections at a time" },
        Setting { name: "default-policy", doc: "what a security device does to what no policy matches: deny-all or permit-all" },
        Setting { name: "lockout-period", doc: "minutes for which an account stays locked; none: nothing locks it" },
        Setting { name: "password-change-type", doc: "what new passwords are checked for: character-sets or set-transitions" },
        Setting { name: "password-format", doc: "how new passwords are stored" },
        Setting { name: "password-minimum-changes", doc: "least number of character sets or of changes between them" },
        Setting { name: "password-minimum-length", doc: "least length of new passwords" },
        Setting { name: "rate-limit", doc: "most attempts to connect over SSH per minute" },
        Setting { name: "root-login", doc: "whether root may log in over SSH: allow, deny or deny-password" },
        Setting { name: "ssh-protocol-version", doc: "versions of SSH that are accepted" },
        Setting { name: "tcp-forwarding", doc: "whether SSH sessions can relay other connections" },
        Setting { name: "tries-before-disconnect", doc: "failed passwords after which a session is closed" },
    ],
};

/// One row per login class that a user is in or that is defined.
pub static JUNOS_CLASSES: Table = Table {
    name: "junos-classes",
    title: Phrase { zh: "Junos 登录类", en: "login class of Junos" },
    promised: false,
    columns: &[
        Column::new("class", Kind::Text, "name of the class").key(),
        Column::new("users", Kind::Texts, "users in it").empty(),
        Column::new("predefined", Kind::Boolean, "whether it is one of the system's, which cannot be changed"),
        Column::new("unrestricted", Kind::Boolean, "whether its permissions are everything"),
        Column::new("idle-timeout", Kind::Duration, "idle time after which a session is closed; unlimited: never"),
        Column::new("login-hours", Kind::Duration, "hours per week in which its users may log in; 168h: always"),
    ],
    settings: &[],
};

/// One row per address family in which the device answers: the filter before the routing engine.
pub static JUNOS_FILTERS: Table = Table {
    name: "junos-filters",
    title: Phrase { zh: "Junos 环回口过滤器", en: "filter on the loopback interface of Junos" },
    promised: true,
    columns: &[
        Column::new("family", Kind::Word(&["inet", "inet6"]), "address family").key(),
        Column::new("spoken", Kind::Boolean, "whether an interface has an address of the family"),
        Column::new("filter", Kind::Texts, "filters that are applied, in order").empty(),
        Column::new("ssh-sources", Kind::Networks, "addresses from which SSH gets through, effective").empty(),
        Column::new("limits-ssh", Kind::Boolean, "whether the filter keeps somebody from SSH"),
    ],
    settings: &[],
};

/// One row per security policy.
pub static JUNOS_POLICIES: Table = Table {
    name: "junos-policies",
    title: Phrase { zh: "Junos 安全策略（SRX）", en: "security policy of Junos" },
    promised: false,
    columns: &[
        Column::new("policy", Kind::Text, "zones and name of the policy: `trust untrust web`, `global web`").key(),
        Column::new("action", Kind::Word(&["permit", "deny", "reject"]), "what it does"),
        Column::new("any-source", Kind::Boolean, "whether every address may be the source"),
        Column::new("any-destination", Kind::Boolean, "whether every address may be the destination"),
        Column::new("any-application", Kind::Boolean, "whether every application is meant"),
        Column::new("logged", Kind::Boolean, "whether sessions are logged when they begin or end"),
    ],
    settings: &[],
};
