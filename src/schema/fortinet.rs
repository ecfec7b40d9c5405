//! The tables of FortiOS, with its own names.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Global settings of FortiOS.
pub static FORTIOS_SETTINGS: Table = Table {
    name: "fortios-settings",
    title: Phrase { zh: "FortiOS 的全局设置", en: "global setting of FortiOS" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "admin-https-ssl-versions", doc: "TLS versions of the web console, in order" },
        Setting { name: "admin-lockout-duration", doc: "seconds for which an administrator stays locked" },
        Setting { name: "admin-lockout-threshold", doc: "failed logins that lock an administrator" },
        Setting { name: "admin-ssh-grace-time", doc: "seconds for logging in over SSH" },
        Setting { name: "admin-ssh-v1", doc: "whether clients of SSH version 1 are accepted" },
        Setting { name: "admin-telnet", doc: "whether Telnet is offered at all" },
        Setting { name: "admintimeout", doc: "minutes after which an idle administrator is logged out" },
        Setting { name: "cli-audit-log", doc: "whether commands of administrators are logged" },
        Setting { name: "disk-log-age", doc: "days after which logs on the disk are deleted; 0: never by age" },
        Setting { name: "disk-log-status", doc: "whether logs are written to the disk" },
        Setting { name: "fwpolicy-implicit-log", doc: "whether what no policy admits is logged" },
        Setting { name: "ntp-type", doc: "where time comes from: fortiguard, or custom servers" },
        Setting { name: "ntpsync", doc: "whether the clock follows time servers" },
        Setting { name: "password-policy-applies", doc: "what the password policy applies to" },
        Setting { name: "password-policy-classes", doc: "number of character classes that a password must hold" },
        Setting { name: "password-policy-expire", doc: "days after which a password expires; 0 where none does" },
        Setting { name: "password-policy-length", doc: "least length of a password under the policy" },
        Setting { name: "password-policy-status", doc: "whether there is a password policy" },
        Setting { name: "pre-login-banner", doc: "whether a text is shown before login" },
        Setting { name: "strong-crypto", doc: "whether only strong algorithms are offered for administration" },
    ],
};

/// One row per administrator, API user or single-sign-on administrator.
pub static FORTIOS_ADMINS: Table = Table {
    name: "fortios-admins",
    title: Phrase { zh: "FortiOS 管理员", en: "administrator of FortiOS" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "name of the administrator").key(),
        Column::new("kind", Kind::Word(&["admin", "api", "sso"]), "where it is defined: system admin, api-user or sso-admin").key(),
        Column::new("profile", Kind::Text, "access profile").unset("no profile is named"),
        Column::new("unrestricted", Kind::Boolean, "whether the profile is super_admin or writes everything"),
        Column::new("remote", Kind::Boolean, "whether servers decide about the login"),
        Column::new("factors", Kind::Integer, "least number of authentication factors that admits"),
        Column::new("sources", Kind::Networks, "trusted hosts, effective").empty(),
        Column::new("schedule", Kind::Text, "schedule that limits when it may log in").unset("none limits it"),
        Column::new("login-hours", Kind::Duration, "hours per week in which it may log in; 168h: always"),
        Column::new("idle-timeout", Kind::Duration, "idle time after which it is logged out; unlimited: never"),
    ],
    settings: &[],
};

/// One row per interface.
pub static FORTIOS_INTERFACES: Table = Table {
    name: "fortios-interfaces",
    title: Phrase { zh: "FortiOS 接口", en: "interface of FortiOS" },
    promised: false,
    columns: &[
        Column::new("interface", Kind::Text, "name of the interface").key(),
        Column::new("enabled", Kind::Boolean, "whether it is up by configuration"),
        Column::new("role", Kind::Text, "lan, wan, dmz or undefined"),
        Column::new("allow-access", Kind::Texts, "ways of administration that it answers, secondary addresses and IPv6 included").empty(),
        Column::new("addresses", Kind::Texts, "its addresses").empty(),
    ],
    settings: &[],
};

/// One row per firewall policy.
pub static FORTIOS_POLICIES: Table = Table {
    name: "fortios-policies",
    title: Phrase { zh: "FortiOS 防火墙策略", en: "firewall policy of FortiOS" },
    promised: false,
    columns: &[
        Column::new("policy", Kind::Text, "number of the policy").key(),
        Column::new("family", Kind::Word(&["policy", "policy6"]), "section that it stands in").key(),
        Column::new("enabled", Kind::Boolean, "whether it is in force"),
        Column::new("action", Kind::Text, "accept, deny or ipsec"),
        Column::new("from", Kind::Texts, "source interfaces or zones").empty(),
        Column::new("to", Kind::Texts, "destination interfaces or zones").empty(),
        Column::new("any-source", Kind::Boolean, "whether every address may be the source"),
        Column::new("any-destination", Kind::Boolean, "whether every address may be the destination"),
        Column::new("any-service", Kind::Boolean, "whether every protocol and port is meant"),
        Column::new("faces-internet", Kind::Boolean, "whether it comes from or goes to an interface of the role wan"),
        Column::new("logs", Kind::Word(&["all", "utm", "disable"]), "which sessions are logged"),
        Column::new("intrusion-prevention", Kind::Boolean, "whether an IPS sensor or a profile group inspects it"),
    ],
    settings: &[],
};

/// One row per user of a VPN that logs in with a password of the device.
pub static FORTIOS_VPN_USERS: Table = Table {
    name: "fortios-vpn-users",
    title: Phrase { zh: "FortiOS 本地 VPN 用户", en: "local user of FortiOS who may use a VPN" },
    promised: false,
    columns: &[
        Column::new("user", Kind::Text, "name of the user").key(),
        Column::new("enabled", Kind::Boolean, "whether the user may log in"),
        Column::new("remote", Kind::Boolean, "whether servers hold the password"),
        Column::new("factors", Kind::Integer, "least number of authentication factors that admits"),
    ],
    settings: &[],
};
