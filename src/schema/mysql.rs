//! The tables of MySQL and MariaDB.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// One row per setting of the server that rules ask about; a setting that the version or an absent plugin lacks has no row.
pub static MYSQL_SETTINGS: Table = Table {
    name: "mysql-settings",
    title: Phrase { zh: "MySQL/MariaDB 服务器参数", en: "setting of a MySQL or MariaDB server" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        setting("audit_log_max_size", "size of all audit files beyond which the oldest are deleted; 0: none is"),
        setting("audit_log_prune_seconds", "age after which audit files are deleted; 0: none is"),
        setting("audit_log_rotate_on_size", "size at which the audit file is rotated; 0: never"),
        setting("authentication_policy", "authentication factors of accounts"),
        setting("bind_address", "addresses that the server listens on"),
        setting("binlog_expire_logs_seconds", "age after which binary logs are deleted"),
        setting("connect_timeout", "time for logging in"),
        setting("connection_control_failed_connections_threshold", "failures after which logins are delayed"),
        setting("default_authentication_plugin", "how new accounts prove who they are"),
        setting("default_password_lifetime", "age at which passwords expire"),
        setting("expire_logs_days", "age after which binary logs are deleted, in days"),
        setting("general_log", "whether every statement is logged"),
        setting("general_log_file", "where every statement is logged"),
        setting("interactive_timeout", "idle time after which an interactive session ends"),
        setting("local_infile", "whether clients may load files of their own"),
        setting("log_bin", "whether changes are recorded in binary logs"),
        setting("log_error", "where errors are logged"),
        setting("log_error_verbosity", "how much the error log says"),
        setting("log_output", "where the general and slow logs go"),
        setting("log_warnings", "how much the error log says"),
        setting("max_password_errors", "failures that lock an account"),
        setting("password_history", "number of old passwords that are refused"),
        setting("password_reuse_interval", "time for which old passwords are refused"),
        setting("port", "TCP port; 0: the usual one"),
        setting("require_secure_transport", "whether unencrypted network connections are refused"),
        setting("secure_file_priv", "the only directory for import and export; empty: any, NULL: none"),
        setting("server_audit_events", "events that the audit plugin records; empty: all"),
        setting("server_audit_excl_users", "accounts whose statements the audit plugin does not record"),
        setting("server_audit_file_path", "file of the audit plugin"),
        setting("server_audit_file_rotate_size", "size at which the audit file is rotated"),
        setting("server_audit_file_rotations", "number of rotated audit files that are kept"),
        setting("server_audit_incl_users", "accounts whose statements alone the audit plugin records; empty: of all"),
        setting("server_audit_logging", "whether the audit plugin records"),
        setting("server_audit_output_type", "where the audit plugin records"),
        setting("simple_password_check_digits", "least number of digits in a password"),
        setting("simple_password_check_letters_same_case", "least number of upper and of lower case letters in a password"),
        setting("simple_password_check_minimal_length", "least length of a password"),
        setting("simple_password_check_other_characters", "least number of other characters in a password"),
        setting("skip_grant_tables", "whether everybody is let in with every privilege"),
        setting("skip_networking", "whether TCP connections are refused"),
        setting("ssl_cert", "the server's certificate"),
        setting("symbolic_links", "whether tables may be links to files elsewhere"),
        setting("tls_version", "protocols of encrypted connections"),
        setting("user", "system account that the server runs as"),
        setting("validate_password.length", "least length of a password"),
        setting("validate_password.mixed_case_count", "least number of upper and of lower case letters in a password"),
        setting("validate_password.number_count", "least number of digits in a password"),
        setting("validate_password.policy", "which tests a password must stand: 0 length, 1 also characters, 2 also words"),
        setting("validate_password.special_char_count", "least number of other characters in a password"),
        setting("version", "version of the server"),
        setting("wait_timeout", "idle time after which a program's session ends"),
    ],
};

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per account of the server.
pub static MYSQL_ACCOUNTS: Table = Table {
    name: "mysql-accounts",
    title: Phrase { zh: "MySQL/MariaDB 账户", en: "account of a MySQL or MariaDB server" },
    promised: false,
    columns: &[
        Column::new("user", Kind::Text, "user name; empty: anybody").key(),
        Column::new("host", Kind::Text, "host pattern").key(),
        Column::new("sources", Kind::Networks, "addresses that the host pattern admits; localhost is the loopback").empty(),
        Column::new(
            "breadth",
            Kind::Integer,
            "IPv4 addresses plus IPv6 /64 networks beyond the loopback that the host pattern admits; unlimited for all of a family",
        ),
        Column::new("locked", Kind::Boolean, "whether it cannot log in"),
        Column::new("role", Kind::Boolean, "whether it is a role"),
        Column::new("plugin", Kind::Text, "authentication plugin, the least demanding where there are several").unset("a role has none"),
        Column::new(
            "secret",
            Kind::Word(&["empty", "none-needed", "set"]),
            "whether a password is set; none-needed: the plugin does not use one that the server keeps",
        ),
        Column::new("factors", Kind::Integer, "least number of authentication factors that admits"),
        Column::new("tls", Kind::Word(&["any", "none", "specified", "x509"]), "what its REQUIRE clause demands"),
        Column::new("password-lifetime", Kind::Duration, "age at which its password expires; unlimited: never"),
        Column::new("failed-attempts", Kind::Integer, "failures that lock it; unlimited: none"),
        Column::new("lock-time", Kind::Duration, "time until it unlocks by itself; unlimited: an administrator must")
            .unset("nothing locks it"),
        Column::new("superuser", Kind::Boolean, "whether its privileges amount to every privilege, roles included"),
    ],
    settings: &[],
};
