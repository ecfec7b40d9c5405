//! The tables of PostgreSQL and what derives from it (openGauss, KingbaseES): settings, client authentication, roles' rights on schemas.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Connection types of pg_hba.conf.
pub const TYPES: &[&str] = &["host", "hostgssenc", "hostnogssenc", "hostnossl", "hostssl", "local"];

/// Authentication methods of pg_hba.conf; sha256 and sm3 are openGauss's, sm4 and scram-sm3 KingbaseES's.
pub const METHODS: &[&str] = &[
    "bsd",
    "cert",
    "gss",
    "ident",
    "ldap",
    "md5",
    "oauth",
    "other",
    "pam",
    "password",
    "peer",
    "radius",
    "reject",
    "scram-sha-256",
    "scram-sm3",
    "sha256",
    "sm3",
    "sspi",
    "trust",
];

const VIEWS: [Column<'static>; 8] = settings_columns();

/// One row per setting and scope.
pub static PG_SETTINGS: Table = Table {
    name: "pg-settings",
    title: Phrase { zh: "PostgreSQL 配置参数", en: "setting of PostgreSQL" },
    promised: true,
    columns: &[
        VIEWS[0],
        Column::new("scope", Kind::Text, "where it holds: server, role NAME, database NAME, role NAME in database NAME").key(),
        VIEWS[1],
        VIEWS[2],
        VIEWS[3],
        VIEWS[4],
        VIEWS[5],
        VIEWS[6],
        VIEWS[7],
        Column::new("flavour", Kind::Word(&["kingbase", "opengauss", "postgresql"]), "which of the servers it is"),
        Column::new("differs", Kind::Boolean, "whether the running server's value is another than that of its files")
            .unset("not both were collected"),
    ],
    settings: SETTINGS,
};

/// One setting of the vocabulary.
const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// The settings that are derived, sorted by name.
pub const SETTINGS: &[Setting] = &[
    setting("audit_database_process", "openGauss: whether start, stop and recovery are audited"),
    setting("audit_enabled", "openGauss: whether auditing is on"),
    setting("audit_file_remain_threshold", "openGauss: most audit files that are kept"),
    setting("audit_file_remain_time", "openGauss: days for which audit files are kept; unlimited: no limit"),
    setting("audit_grant_revoke", "openGauss: whether grants are audited"),
    setting("audit_login_logout", "openGauss: bit mask of audited logins and logouts, 7 for all"),
    setting("audit_resource_policy", "openGauss: whether space goes before time when audit files are removed"),
    setting("audit_system_object", "openGauss: bit mask of audited DDL"),
    setting("audit_user_locked", "openGauss: whether locking is audited"),
    setting("auth_delay.milliseconds", "delay after a failed login"),
    setting("authentication_timeout", "time for logging in"),
    setting("credcheck.max_auth_failure", "failures that lock a role (credcheck); unlimited: none"),
    setting("data_directory", "data directory"),
    setting("enableSeparationOfDuty", "openGauss: whether duties of administrators are separated"),
    setting("failed_login_attempts", "openGauss: failures that lock; unlimited: none"),
    setting("hba_file", "file of client authentication"),
    setting("idle_in_transaction_session_timeout", "idle time in a transaction after which a session ends; unlimited: never"),
    setting("idle_session_timeout", "idle time after which a session ends; unlimited: never"),
    setting("listen_addresses", "addresses that are listened on"),
    setting("log_connections", "whether authenticated connections are logged"),
    setting("log_destination", "where the log goes"),
    setting("log_directory", "directory of log files"),
    setting("log_disconnections", "whether ends of sessions are logged"),
    setting("log_file_mode", "mode of log files, as octal digits"),
    setting("log_filename", "name pattern of log files"),
    setting("log_line_prefix", "what stands before each message"),
    setting("log_min_error_statement", "least severity at which the statement is logged"),
    setting("log_min_messages", "least severity that is logged"),
    setting("log_rotation_age", "age at which a log file is rotated; unlimited: never"),
    setting("log_rotation_size", "size at which a log file is rotated; unlimited: never"),
    setting("log_statement", "which statements are logged"),
    setting("log_truncate_on_rotation", "whether rotation by time overwrites a file of the same name"),
    setting("logging_collector", "whether the server writes log files itself"),
    setting("no_audit_client", "openGauss: programs and addresses, as PROGRAM@ADDRESS, of which nothing is audited"),
    setting("password_effect_time", "openGauss: days for which a password holds; unlimited: for ever"),
    setting("password_encryption", "how new passwords are stored"),
    setting("password_encryption_type", "openGauss: how new passwords are stored, 2 for SHA-256 and 3 for SM3"),
    setting("password_lock_time", "openGauss: days for which an account stays locked"),
    setting("password_min_length", "openGauss: least length of passwords"),
    setting("password_policy", "openGauss: whether passwords are checked"),
    setting("password_reuse_max", "openGauss: number of old passwords that are refused"),
    setting("password_reuse_time", "openGauss: days for which old passwords are refused"),
    setting("passwordcheck.enable", "KingbaseES: whether passwords are checked"),
    setting("passwordcheck.password_length", "KingbaseES: least length of passwords"),
    setting("pgaudit.log", "classes of statements that pgaudit logs"),
    setting("port", "port"),
    setting("session_timeout", "openGauss: idle time after which a session ends; unlimited: never"),
    setting("shared_preload_libraries", "modules that are loaded at start"),
    setting("ssl", "whether TLS is offered"),
    setting("ssl_ca_file", "file of authorities that sign client certificates"),
    setting("ssl_min_protocol_version", "least version of TLS"),
    setting("sys_audlog.error_user_connect_interval", "KingbaseES: minutes for which a user stays locked"),
    setting("sys_audlog.error_user_connect_times", "KingbaseES: failures that lock a user; unlimited: none"),
    setting("sysaudit.enable", "KingbaseES: whether auditing is on"),
    setting("syslog_facility", "facility under which messages go to syslog"),
    setting("unix_socket_permissions", "mode of the Unix socket, as octal digits"),
];

/// One row per entry of pg_hba.conf.
pub static PG_HBA: Table = Table {
    name: "pg-hba",
    title: Phrase { zh: "客户端认证条目（pg_hba.conf）", en: "entry of client authentication (pg_hba.conf)" },
    promised: false,
    columns: &[
        Column::new("entry", Kind::Text, "type, databases, users, address and method, as written; repeated ones are numbered").key(),
        Column::new("line", Kind::Integer, "line in its file").unset("not shown"),
        Column::new("type", Kind::Word(TYPES), "which connections it is for"),
        Column::new("databases", Kind::Texts, "databases or keywords; replication is not in all").empty(),
        Column::new("users", Kind::Texts, "users, +group for members, or all").empty(),
        Column::new("sources", Kind::Networks, "addresses that it decides for, without those that earlier entries take").empty(),
        Column::new("breadth", Kind::Integer, "IPv4 addresses plus IPv6 /64 networks that it is for; unlimited for all of a family"),
        Column::new("method", Kind::Word(METHODS), "how the client proves who it is"),
        Column::new("encrypted", Kind::Boolean, "whether whoever it admits comes by Unix socket, TLS or GSS encryption"),
        Column::new("client-certificate", Kind::Word(&["none", "verify-ca", "verify-full"]), "whether a certificate is asked for too"),
        Column::new("factors", Kind::Integer, "authentication factors that admit").unset("it admits nobody"),
        Column::new("local", Kind::Boolean, "whether it is for this host alone: Unix socket or loopback addresses"),
        Column::new("reachable", Kind::Boolean, "whether some connection reaches it: false where earlier entries take all"),
        Column::new("reaches-superuser", Kind::Boolean, "whether it decides for a superuser from another host"),
    ],
    settings: &[],
};

/// One row per role.
pub static PG_ROLES: Table = Table {
    name: "pg-roles",
    title: Phrase { zh: "数据库角色", en: "role of the database" },
    promised: false,
    columns: &[
        Column::new("role", Kind::Text, "its name").key(),
        Column::new("login", Kind::Boolean, "whether it may log in"),
        Column::new("superuser", Kind::Boolean, "whether it is superuser, or a member of a role that amounts to it"),
        Column::new("rights", Kind::Words(&["bypass-rls", "create-role", "replication", "superuser"]), "attributes beyond the ordinary")
            .empty(),
        Column::new("through", Kind::Texts, "memberships that amount to superuser").empty(),
        Column::new("valid-until", Kind::Date(super::Clock::Scan), "last day of its password, or never"),
        Column::new(
            "password-scheme",
            Kind::Word(&["md5", "none", "scram-sha-256", "sha256", "sm3", "other"]),
            "how its password is stored",
        )
        .unset("not shown to the account that asked"),
    ],
    settings: &[],
};

/// One row per database.
pub static PG_DATABASES: Table = Table {
    name: "pg-databases",
    title: Phrase { zh: "数据库的 PUBLIC 权限", en: "what everybody may do in a database" },
    promised: true,
    columns: &[
        Column::new("database", Kind::Text, "its name").key(),
        Column::new("public-create", Kind::Boolean, "whether everybody may create in schema public"),
    ],
    settings: &[],
};
