//! The tables of OceanBase.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per system variable or parameter of a tenant that rules ask about; one that the version lacks has no row.
pub static OCEANBASE_SETTINGS: Table = Table {
    name: "oceanbase-settings",
    title: Phrase { zh: "OceanBase 租户的系统变量与配置项", en: "system variable or parameter of an OceanBase tenant" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        setting("audit_log_enable", "MySQL mode: whether audit records are written, by filters; Enterprise Edition from 4.2.4 on"),
        setting("audit_log_path", "MySQL mode: where audit records go; empty: a folder beside the server"),
        setting("audit_trail", "Oracle mode: where audit records go; NONE: nowhere"),
        setting("connection_control_failed_connections_threshold", "failures that lock an account for a time; 0: none"),
        setting("connection_control_min_connection_delay", "shortest time for which it is locked, in milliseconds"),
        setting("interactive_timeout", "idle time after which an interactive session ends"),
        setting("ob_compatibility_mode", "which other database the tenant imitates"),
        setting("ob_tcp_invited_nodes", "client addresses that may reach the tenant"),
        setting("secure_file_priv", "the only directory for import and export; empty: any, NULL: none"),
        setting("sql_mode", "how strictly values are checked"),
        setting("ssl_client_authentication", "whether clients may encrypt their connections"),
        setting("validate_password_check_user_name", "whether a password that is the user's name is refused"),
        setting("validate_password_length", "least length of a password, at policy MEDIUM; 0: any"),
        setting("validate_password_mixed_case_count", "least number of upper and of lower case letters, at policy MEDIUM"),
        setting("validate_password_number_count", "least number of digits, at policy MEDIUM"),
        setting("validate_password_policy", "which tests a password must stand: LOW none of the counts, MEDIUM all"),
        setting("validate_password_special_char_count", "least number of other characters, at policy MEDIUM"),
        setting("version", "version of the server"),
        setting("wait_timeout", "idle time after which a program's session ends"),
    ],
};

/// One row per tenant.
pub static OCEANBASE_TENANTS: Table = Table {
    name: "oceanbase-tenants",
    title: Phrase { zh: "OceanBase 租户", en: "tenant of OceanBase" },
    promised: true,
    columns: &[
        Column::new("tenant", Kind::Text, "its name").key(),
        Column::new("mode", Kind::Word(&["mysql", "oracle"]), "which other database it imitates"),
        Column::new("sources", Kind::Networks, "client addresses that its list invites").empty(),
        Column::new(
            "breadth",
            Kind::Integer,
            "IPv4 addresses plus IPv6 /64 networks beyond the loopback among them; unlimited for all of a family",
        ),
        Column::new("password-length", Kind::Integer, "least length of a password that is enforced; 0: any"),
        Column::new("password-classes", Kind::Words(&["digit", "lower", "other", "upper"]), "classes that a password must hold").empty(),
        Column::new("failed-attempts", Kind::Integer, "failures that lock an account; unlimited: none"),
        Column::new("lock-time", Kind::Duration, "least time for which it stays locked").unset("nothing locks it"),
        Column::new("audited", Kind::Boolean, "whether audit records are written"),
    ],
    settings: &[],
};
