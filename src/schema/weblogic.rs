//! The table of WebLogic Server.

use super::{Setting, Table, settings_columns};
use crate::names::Phrase;

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per setting of a domain that rules ask about.
pub static WEBLOGIC_SETTINGS: Table = Table {
    name: "weblogic-settings",
    title: Phrase { zh: "WebLogic 域设置", en: "setting of a WebLogic domain" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        setting("administration-port-enabled", "whether administration has a port of its own, with TLS"),
        setting("auditors", "auditing providers of the default realm, by type"),
        setting("configuration-audit-type", "where changes of the configuration are recorded: none, log, audit, logaudit"),
        setting("connection-filter", "class that filters connections"),
        setting("connection-filter-rule", "rules of the filter, the first that matches decides"),
        setting("console-enabled", "whether the administration console is deployed"),
        setting("lockout-duration", "time for which a user stays locked; unlimited: an administrator must unlock"),
        setting("lockout-enabled", "whether failures lock a user"),
        setting("lockout-threshold", "failures that lock a user"),
        setting("minimum-password-length", "least length of passwords that the default authenticator or a validator demands"),
        setting("password-validators", "password validation providers of the default realm, by type"),
        setting("production-mode-enabled", "whether the domain runs in production mode"),
    ],
};
