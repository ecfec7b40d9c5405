//! The tables of Cisco ASA, with the vendor's own names.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Global settings.
pub static ASA_SETTINGS: Table = Table {
    name: "asa-settings",
    title: Phrase { zh: "Cisco ASA 的全局设置", en: "global setting of Cisco ASA" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "command-accounting", doc: "server group that records commands; `on`: whether it has servers" },
        Setting { name: "console-timeout", doc: "idle time after which the console logs out; unlimited: never" },
        Setting { name: "enable-password", doc: "how the enable password is stored: a word of password schemes" },
        Setting { name: "http-server", doc: "whether the web server for ASDM is on" },
        Setting { name: "local-attempts", doc: "failures that lock a local user; no value: nothing locks" },
        Setting { name: "logging", doc: "whether logs are written anywhere at all" },
        Setting { name: "logging-timestamp", doc: "whether logs carry the time" },
        Setting { name: "logging-trap", doc: "least severe level that log hosts get, 0 to 7; no value: they get nothing" },
        Setting { name: "password-lifetime", doc: "age at which passwords of local users expire; unlimited: never" },
        Setting { name: "password-minimum-length", doc: "least length of a local user's new password" },
        Setting { name: "same-security-traffic", doc: "whether interfaces of one security level reach each other without a list" },
        Setting { name: "ssh-key-exchange", doc: "group of the key exchange" },
        Setting { name: "ssh-timeout", doc: "idle time after which SSH sessions end" },
        Setting { name: "ssh-versions", doc: "versions of SSH that are accepted: `2`, `1`, or `1 and 2`" },
        Setting { name: "telnet-timeout", doc: "idle time after which Telnet sessions end" },
    ],
};

/// One row per named interface.
pub static ASA_INTERFACES: Table = Table {
    name: "asa-interfaces",
    title: Phrase { zh: "Cisco ASA 的已命名接口", en: "named interface of Cisco ASA" },
    promised: false,
    columns: &[
        Column::new("interface", Kind::Text, "name that `nameif` gives").key(),
        Column::new("enabled", Kind::Boolean, "whether it is not shut down"),
        Column::new("security-level", Kind::Integer, "0 to 100; what is higher reaches what is lower without a list"),
        Column::new("management-only", Kind::Boolean, "whether it carries no traffic of others"),
        Column::new("list-in", Kind::Text, "list applied to what comes in, its own or the global one")
            .unset("none is applied: what comes in may go to lower security levels"),
        Column::new("list-out", Kind::Text, "list applied to what goes out").unset("none is applied"),
        Column::new("lowest", Kind::Boolean, "whether no enabled interface has a lower security level: nothing passes it without a list"),
    ],
    settings: &[],
};

/// One row per service of administration and interface.
pub static ASA_MANAGEMENT: Table = Table {
    name: "asa-management",
    title: Phrase { zh: "Cisco ASA 管理服务的来源白名单", en: "sources that may administer a Cisco ASA through an interface" },
    promised: false,
    columns: &[
        Column::new("service", Kind::Word(&["ssh", "telnet", "http"]), "service; http is HTTPS for ASDM").key(),
        Column::new("interface", Kind::Text, "interface that is listened on").key(),
        Column::new("enabled", Kind::Boolean, "whether the service is on"),
        Column::new("sources", Kind::Networks, "addresses that may use it").empty(),
        Column::new("security-level", Kind::Integer, "security level of the interface"),
    ],
    settings: &[],
};

/// One row per way in that `aaa authentication … console` governs.
pub static ASA_AUTHENTICATION: Table = Table {
    name: "asa-authentication",
    title: Phrase { zh: "Cisco ASA 管理登录的认证方式", en: "authentication of administrators of a Cisco ASA" },
    promised: true,
    columns: &[
        Column::new("access", Kind::Word(&["enable", "http", "serial", "ssh", "telnet"]), "what it governs").key(),
        Column::new("used", Kind::Boolean, "whether anybody can come this way"),
        Column::new("group", Kind::Text, "server group, or LOCAL").unset("no accounts are asked for"),
        Column::new("servers", Kind::Texts, "servers of the group, in order").empty(),
        Column::new("local-fallback", Kind::Boolean, "whether local users are asked where no server answers"),
    ],
    settings: &[],
};

/// One row per connection profile of remote-access VPN.
pub static ASA_VPN_PROFILES: Table = Table {
    name: "asa-vpn-profiles",
    title: Phrase { zh: "Cisco ASA 远程接入 VPN 连接配置", en: "connection profile of remote-access VPN of a Cisco ASA" },
    promised: false,
    columns: &[
        Column::new("profile", Kind::Text, "name of the tunnel group").key(),
        Column::new("enabled", Kind::Boolean, "whether some interface accepts VPN clients"),
        Column::new("second-step", Kind::Word(&["none", "certificate", "saml", "servers"]), "what is demanded beside the first proof"),
        Column::new("servers", Kind::Texts, "authentication servers of the first step").empty(),
        Column::new("policy", Kind::Text, "group policy"),
        Column::new("access-hours", Kind::Text, "time range in which it admits").unset("it admits at any time"),
        Column::new("hours", Kind::Duration, "hours per week in which it admits; 168h: always"),
        Column::new("idle-timeout", Kind::Duration, "idle time after which a session ends; unlimited: never"),
        Column::new("session-timeout", Kind::Duration, "time after which every session ends; unlimited: never"),
    ],
    settings: &[],
};
