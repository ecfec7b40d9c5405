//! The table of Arista EOS, with the vendor's own names.

use super::{Setting, Table, settings_columns};
use crate::names::Phrase;

/// Global settings.
pub static EOS_SETTINGS: Table = Table {
    name: "eos-settings",
    title: Phrase { zh: "Arista EOS 的全局设置", en: "global setting of Arista EOS" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "aaa accounting commands", doc: "whether commands are recorded at servers that are defined" },
        Setting { name: "aaa authorization commands", doc: "whether every command is held against the role of the user" },
        Setting { name: "aaa authorization exec", doc: "whether sessions are authorized" },
        Setting { name: "aaa root", doc: "whether the account of the operating system below has a way to log in" },
        Setting { name: "allow-nopassword-remote-login", doc: "whether users without a password get in over the network" },
        Setting { name: "enable password", doc: "how the password of the privileged mode is stored; `on`: whether there is one" },
        Setting { name: "http-commands", doc: "whether the command API runs" },
        Setting { name: "http-commands cleartext", doc: "whether the command API answers without TLS" },
        Setting { name: "logging timestamp", doc: "how times in logs are written: high-resolution, rfc3339, traditional" },
        Setting { name: "login failure log", doc: "whether failed logins are logged" },
        Setting { name: "login success log", doc: "whether successful logins are logged" },
        Setting { name: "ssh", doc: "whether SSH answers in the default VRF" },
        Setting { name: "ssh connection limit", doc: "most SSH sessions at a time" },
        Setting { name: "telnet", doc: "whether Telnet answers in the default VRF" },
    ],
};
