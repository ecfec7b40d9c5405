//! The tables of devices of Huawei and H3C, whose systems descend from one another, with the vendors' own names.

use super::{Clock, Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Global settings of Huawei VRP.
pub static HUAWEI_SETTINGS: Table = Table {
    name: "huawei-settings",
    title: Phrase { zh: "华为 VRP 的全局设置", en: "global setting of Huawei VRP" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "ftp-server", doc: "whether the FTP server is on, for IPv4 or IPv6" },
        Setting { name: "http-server", doc: "whether the web server without encryption is on" },
        Setting { name: "https-server", doc: "whether the web server with TLS is on" },
        Setting { name: "info-center", doc: "whether the information center writes logs at all" },
        Setting { name: "log-timestamp", doc: "form of the time in logs: date, format-date, short-date, boot or none" },
        Setting { name: "loghost-state", doc: "whether `info-center source` lets logs of all modules through to log hosts" },
        Setting { name: "ntp-authentication", doc: "whether NTP answers are authenticated at all" },
        Setting { name: "password-expire", doc: "days after which an administrator's password expires, by the policy for administrators" },
        Setting { name: "password-history", doc: "number of old passwords that the policy for administrators refuses" },
        Setting { name: "password-policy", doc: "whether the password policy for administrators is on" },
        Setting { name: "password-complexity", doc: "whether the complexity of new passwords is checked" },
        Setting { name: "snmp-versions", doc: "versions of SNMP that are answered: v1, v2c, v3, or several, or all" },
        Setting { name: "ssh1-compatible", doc: "whether clients of SSH version 1 are accepted" },
        Setting { name: "stelnet-server", doc: "whether the SSH server accepts terminal sessions" },
        Setting {
            name: "super-password",
            doc: "how the password for raising one's level is stored: simple, cipher or irreversible-cipher",
        },
        Setting { name: "telnet-server", doc: "whether the Telnet server is on, for IPv4" },
        Setting { name: "telnet-server-ipv6", doc: "whether the Telnet server is on, for IPv6" },
        Setting { name: "tftp-server", doc: "whether the TFTP server is on" },
    ],
};

/// Global settings of H3C Comware.
pub static H3C_SETTINGS: Table = Table {
    name: "h3c-settings",
    title: Phrase { zh: "H3C Comware 的全局设置", en: "global setting of H3C Comware" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "default-role", doc: "role that users without a role get; empty where they get none" },
        Setting { name: "ftp-server", doc: "whether the FTP server is on" },
        Setting { name: "http-server", doc: "whether the web server without encryption is on" },
        Setting { name: "https-server", doc: "whether the web server with TLS is on" },
        Setting { name: "info-center", doc: "whether the information center writes logs at all" },
        Setting { name: "loghost-state", doc: "whether `info-center source` lets logs of all modules through to log hosts" },
        Setting { name: "ntp-authentication", doc: "whether NTP answers are authenticated at all" },
        Setting { name: "ntp-service", doc: "whether NTP runs" },
        Setting { name: "packet-filter-default", doc: "what a packet filter does to packets that no rule matches: permit or deny" },
        Setting { name: "password-aging", doc: "days after which a password expires; 0 where the check is off" },
        Setting { name: "password-control", doc: "whether password control is on for administrators" },
        Setting { name: "password-history", doc: "number of old passwords that are refused; 0 where the check is off" },
        Setting { name: "password-length", doc: "least length of a password; 0 where the check is off" },
        Setting { name: "password-types", doc: "least number of character types of a password; 0 where the check is off" },
        Setting { name: "snmp-agent", doc: "whether SNMP requests are answered" },
        Setting { name: "snmp-versions", doc: "versions of SNMP that are answered: v1, v2c, v3, or several, or all" },
        Setting { name: "ssh-server", doc: "whether the SSH server is on" },
        Setting { name: "ssh1-compatible", doc: "whether clients of SSH version 1 are accepted" },
        Setting { name: "super-password", doc: "how the password for raising one's role is stored: simple, cipher or hash" },
        Setting { name: "telnet-server", doc: "whether the Telnet server is on" },
    ],
};

/// How a terminal line authenticates who logs in.
pub const LINE_AUTHENTICATION: &[&str] = &["aaa", "password", "none", "unset"];

/// One row per range of terminal lines (user interfaces) whose settings are the same.
pub static TERMINAL_LINES: Table = Table {
    name: "terminal-lines",
    title: Phrase { zh: "用户界面（VTY、Console、AUX）", en: "range of terminal lines: VTY, console, AUX" },
    promised: false,
    columns: &[
        Column::new("line", Kind::Text, "kind and numbers: `vty 0-4`, `console 0`").key(),
        Column::new("kind", Kind::Word(&["vty", "console", "aux", "tty"]), "kind of line"),
        Column::new(
            "authentication",
            Kind::Word(LINE_AUTHENTICATION),
            "aaa: accounts (Comware: scheme); password: one for all; none: nothing is asked; unset: nobody can log in",
        ),
        Column::new("protocols", Kind::Words(&["ssh", "telnet", "other"]), "protocols that the line admits; of network lines").empty(),
        Column::new("idle-timeout", Kind::Duration, "time after which an idle session ends; unlimited: never"),
        Column::new("level", Kind::Integer, "command level that the line gives to who logs in without an account's own")
            .unset("the platform's version has roles instead"),
        Column::new("roles", Kind::Texts, "roles that the line gives to who logs in without an account's own").empty(),
        Column::new("highest", Kind::Boolean, "whether the line itself gives the highest level or role"),
        Column::new("acl", Kind::Text, "list that limits IPv4 sources").unset("none is applied"),
        Column::new("acl-ipv6", Kind::Text, "list that limits IPv6 sources").unset("none is applied"),
        Column::new("acl-works", Kind::Boolean, "whether an applied list exists and has rules; without rules it limits nothing")
            .unset("none is applied"),
    ],
    settings: &[],
};

/// One row per local user that may administer the device.
pub static MANAGEMENT_USERS: Table = Table {
    name: "management-users",
    title: Phrase { zh: "设备本地管理用户", en: "local user that may administer the device" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "login name").key(),
        Column::new("services", Kind::Texts, "ways of access that are allowed: ssh, telnet, terminal, ftp, http, …").empty(),
        Column::new("level", Kind::Integer, "command level").unset("the user has none of its own"),
        Column::new("roles", Kind::Texts, "roles").empty(),
        Column::new("highest", Kind::Boolean, "whether it holds the highest level or role"),
        Column::new("storage", Kind::Word(&["hash", "reversible", "plaintext"]), "how the password is kept")
            .unset("it has no password, or the form is not known"),
        Column::new("enabled", Kind::Boolean, "whether it is not blocked"),
        Column::new("time-range", Kind::Text, "time range in which it may log in").unset("at any time"),
        Column::new("expires", Kind::Date(Clock::Scan), "day on which it ends, or never"),
        Column::new("default-name", Kind::Boolean, "whether the name is one that the vendor ships"),
    ],
    settings: &[],
};

/// One row per user of the SSH server that has settings of its own.
pub static SSH_USERS: Table = Table {
    name: "ssh-users",
    title: Phrase { zh: "SSH 用户的认证方式", en: "user of the SSH server that has settings of its own" },
    promised: false,
    columns: &[
        Column::new("name", Kind::Text, "login name; `default` for those who are not named").key(),
        Column::new("authentication", Kind::Text, "authentication type as it is written").unset("none is set for this user"),
        Column::new("both", Kind::Boolean, "whether a key and a password are demanded"),
        Column::new("either", Kind::Boolean, "whether a key or a password suffices, whichever is at hand"),
        Column::new("services", Kind::Texts, "services of SSH: stelnet, sftp, scp, snetconf, all").empty(),
    ],
    settings: &[],
};
