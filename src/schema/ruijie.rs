//! The table of Ruijie RGOS, with the vendor's own names.

use super::{Setting, Table, settings_columns};
use crate::names::Phrase;

/// Global settings.
pub static RUIJIE_SETTINGS: Table = Table {
    name: "ruijie-settings",
    title: Phrase { zh: "锐捷 RGOS 的全局设置", en: "global setting of Ruijie RGOS" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "aaa accounting commands", doc: "whether commands are recorded at servers that are defined" },
        Setting { name: "aaa new-model", doc: "whether AAA is used" },
        Setting {
            name: "enable secret",
            doc: "how the password of the privileged level is stored; `on`: whether there is one that cannot be read back",
        },
        Setting { name: "ip ssh cipher-mode", doc: "modes of encryption that SSH offers: cbc ctr gcm" },
        Setting { name: "ip ssh hmac-algorithm", doc: "message authentication that SSH offers" },
        Setting { name: "ip ssh version", doc: "versions of SSH that are offered: 2, 1, or both" },
        Setting { name: "logging on", doc: "whether messages are logged" },
        Setting { name: "logging userinfo", doc: "whether logins and logouts are logged" },
        Setting { name: "logging userinfo command-log", doc: "whether commands of configuration are logged" },
        Setting { name: "password policy life-cycle", doc: "days for which a password is valid" },
        Setting { name: "password policy min-size", doc: "least length of passwords" },
        Setting { name: "password policy strong", doc: "whether simple passwords are refused" },
        Setting { name: "service password-encryption", doc: "whether passwords are obscured in the configuration" },
        Setting { name: "service timestamps log", doc: "what stands before a message" },
        Setting { name: "snmp-agent", doc: "whether SNMP answers" },
        Setting { name: "ssh-server", doc: "whether the SSH server is on" },
        Setting { name: "telnet-server", doc: "whether the Telnet server is on" },
        Setting { name: "web-server http", doc: "whether the web server answers in clear" },
        Setting { name: "web-server https", doc: "whether the web server answers over TLS" },
    ],
};
