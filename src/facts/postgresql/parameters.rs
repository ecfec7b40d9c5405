//! The parameters that are derived: how their values are read, and the default that each version documents.
//!
//! Defaults are those of the reference manual, chapter "Server Configuration", of PostgreSQL 10 to 18, and of the vendors' pages named
//! beside them. initdb writes some into postgresql.conf (`log_timezone`, `max_connections`); those are read from there.

use super::super::Documented;
use super::installations::Flavour;

/// How a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A switch.
    Boolean,
    /// A whole number.
    Integer,
    /// Octal digits.
    Mode,
    /// A time; the milliseconds that a number without a unit stands for.
    Time(u64),
    /// A size; the bytes that a number without a unit stands for.
    Size(u64),
    /// One of these words, without regard to case.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
    /// Names with commas between them.
    List,
    /// Classes of statements that pgaudit records.
    AuditClasses,
    /// The switch of logging connections, which is a list of aspects from 18 on.
    Connections,
    /// How passwords are stored: a switch before 14, too.
    Encryption,
}

/// A default and the versions that document it.
#[derive(Debug)]
pub(super) struct Versioned {
    /// First major version.
    pub from: u16,
    /// Last major version.
    pub to: u16,
    /// The value.
    pub value: &'static str,
    /// Where it is documented.
    pub documented: Documented,
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// How its value is read.
    pub kind: Kind,
    /// Whether 0 (or -1) means that there is no limit.
    pub unlimited: bool,
    /// Whether roles and databases can have a value of their own that no ordinary user can change.
    pub per_role: bool,
    /// The server that has it, where it is not all of them.
    pub only: Option<Flavour>,
    /// First major version that has it.
    pub since: u16,
    /// Its defaults; empty where no page documents one.
    pub defaults: &'static [Versioned],
}

const EVERY: u16 = u16::MAX;
const MANUAL: &str = "PostgreSQL manual, Server Configuration";
const OPENGAUSS_AUTHENTICATION: &str =
    "openGauss Developer Guide, GUC Parameters, Connection and Authentication, Security and Authentication (postgresql.conf)";
const OPENGAUSS_AUDIT: &str = "openGauss Developer Guide, GUC Parameters, Auditing, Audit Switch";
const OPENGAUSS_PEOPLE: &str = "openGauss Developer Guide, GUC Parameters, Auditing, User and Permission Audit";
const KINGBASE_LOCK: &str = "KingbaseES 安全指南, 身份鉴别, 帐户异常登录锁定, 参数配置";

/// A default of PostgreSQL in some versions.
const fn default(from: u16, to: u16, value: &'static str, setting: &'static str, versions: &'static str) -> Versioned {
    Versioned { from, to, value, documented: Documented { setting, versions, source: MANUAL } }
}

/// A default of every PostgreSQL.
const fn always(value: &'static str, setting: &'static str) -> Versioned {
    default(0, EVERY, value, setting, "every PostgreSQL")
}

/// A default of every openGauss, stated among those of its authentication.
const fn gauss(value: &'static str, setting: &'static str) -> Versioned {
    of_vendor(value, setting, "openGauss", OPENGAUSS_AUTHENTICATION)
}

/// A default that a vendor's page states.
const fn of_vendor(value: &'static str, setting: &'static str, versions: &'static str, source: &'static str) -> Versioned {
    Versioned { from: 0, to: EVERY, value, documented: Documented { setting, versions, source } }
}

/// A default of openGauss of whether and how long it audits.
const fn gauss_audit(value: &'static str, setting: &'static str) -> Versioned {
    of_vendor(value, setting, "openGauss", OPENGAUSS_AUDIT)
}

/// A default of openGauss of whom it audits.
const fn gauss_people(value: &'static str, setting: &'static str) -> Versioned {
    of_vendor(value, setting, "openGauss", OPENGAUSS_PEOPLE)
}

/// A parameter that every server has.
const fn plain(name: &'static str, kind: Kind, defaults: &'static [Versioned]) -> Parameter {
    Parameter { name, kind, unlimited: false, per_role: false, only: None, since: 0, defaults }
}

/// A parameter of openGauss.
const fn of_gauss(name: &'static str, kind: Kind, unlimited: bool, defaults: &'static [Versioned]) -> Parameter {
    Parameter { name, kind, unlimited, per_role: false, only: Some(Flavour::OpenGauss), since: 0, defaults }
}

/// A parameter of a plug-in of KingbaseES; its default holds while the plug-in is loaded.
const fn of_kingbase(name: &'static str, kind: Kind, unlimited: bool, defaults: &'static [Versioned]) -> Parameter {
    Parameter { name, kind, unlimited, per_role: false, only: Some(Flavour::Kingbase), since: 0, defaults }
}

const MILLISECOND: Kind = Kind::Time(1);
const SECOND: Kind = Kind::Time(1_000);
const MINUTE: Kind = Kind::Time(60_000);
const DAY: Kind = Kind::Time(86_400_000);
const SEVERITIES: &[&str] =
    &["debug5", "debug4", "debug3", "debug2", "debug1", "debug", "info", "notice", "warning", "error", "log", "fatal", "panic"];
const FACILITIES: &[&str] = &["local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"];
const TLS: &[&str] = &["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// Every parameter, in the order of the vocabulary of `pg-settings`.
pub(super) static PARAMETERS: &[Parameter] = &[
    of_gauss("audit_database_process", Kind::Integer, false, &[gauss_people("1", "audit_database_process = 1")]),
    of_gauss("audit_enabled", Kind::Boolean, false, &[gauss_audit("on", "audit_enabled = on")]),
    of_gauss("audit_file_remain_threshold", Kind::Integer, false, &[gauss_audit("1048576", "audit_file_remain_threshold = 1048576")]),
    of_gauss("audit_file_remain_time", DAY, true, &[gauss_audit("90", "audit_file_remain_time = 90")]),
    of_gauss("audit_grant_revoke", Kind::Integer, false, &[gauss_people("1", "audit_grant_revoke = 1")]),
    of_gauss("audit_login_logout", Kind::Integer, false, &[gauss_people("7", "audit_login_logout = 7")]),
    of_gauss("audit_resource_policy", Kind::Boolean, false, &[gauss_audit("on", "audit_resource_policy = on")]),
    of_gauss("audit_system_object", Kind::Integer, false, &[]),
    of_gauss("audit_user_locked", Kind::Integer, false, &[gauss_people("1", "audit_user_locked = 1")]),
    plain("auth_delay.milliseconds", MILLISECOND, &[always("0", "auth_delay.milliseconds = 0")]),
    plain("authentication_timeout", SECOND, &[always("1min", "authentication_timeout = 1min")]),
    Parameter { unlimited: true, ..plain("credcheck.max_auth_failure", Kind::Integer, &[always("0", "credcheck.max_auth_failure = 0")]) },
    plain("data_directory", Kind::Text, &[]),
    of_gauss("enableSeparationOfDuty", Kind::Boolean, false, &[gauss("off", "enableSeparationOfDuty = off")]),
    of_gauss("failed_login_attempts", Kind::Integer, true, &[gauss("10", "failed_login_attempts = 10")]),
    plain("hba_file", Kind::Text, &[]),
    Parameter {
        unlimited: true,
        ..plain("idle_in_transaction_session_timeout", MILLISECOND, &[always("0", "idle_in_transaction_session_timeout = 0")])
    },
    Parameter { unlimited: true, since: 14, ..plain("idle_session_timeout", MILLISECOND, &[always("0", "idle_session_timeout = 0")]) },
    plain("listen_addresses", Kind::List, &[always("localhost", "listen_addresses = localhost")]),
    plain(
        "log_connections",
        Kind::Connections,
        &[
            default(0, 17, "off", "log_connections = off", "PostgreSQL 17 and earlier"),
            default(18, EVERY, "", "log_connections = ''", "PostgreSQL 18 and later"),
        ],
    ),
    plain("log_destination", Kind::List, &[always("stderr", "log_destination = stderr")]),
    plain("log_directory", Kind::Text, &[always("log", "log_directory = log")]),
    plain("log_disconnections", Kind::Boolean, &[always("off", "log_disconnections = off")]),
    plain("log_file_mode", Kind::Mode, &[always("0600", "log_file_mode = 0600")]),
    plain("log_filename", Kind::Text, &[always("postgresql-%Y-%m-%d_%H%M%S.log", "log_filename = postgresql-%Y-%m-%d_%H%M%S.log")]),
    plain("log_line_prefix", Kind::Text, &[always("%m [%p] ", "log_line_prefix = '%m [%p] '")]),
    Parameter {
        per_role: true,
        ..plain("log_min_error_statement", Kind::Word(SEVERITIES), &[always("error", "log_min_error_statement = error")])
    },
    Parameter { per_role: true, ..plain("log_min_messages", Kind::Word(SEVERITIES), &[always("warning", "log_min_messages = warning")]) },
    Parameter { unlimited: true, ..plain("log_rotation_age", MINUTE, &[always("1d", "log_rotation_age = 1d")]) },
    Parameter { unlimited: true, ..plain("log_rotation_size", Kind::Size(1024), &[always("10MB", "log_rotation_size = 10MB")]) },
    Parameter {
        per_role: true,
        ..plain("log_statement", Kind::Word(&["none", "ddl", "mod", "all"]), &[always("none", "log_statement = none")])
    },
    plain("log_truncate_on_rotation", Kind::Boolean, &[always("off", "log_truncate_on_rotation = off")]),
    plain("logging_collector", Kind::Boolean, &[always("off", "logging_collector = off")]),
    of_gauss("no_audit_client", Kind::List, false, &[gauss_people("", "no_audit_client = ''")]),
    of_gauss("password_effect_time", DAY, true, &[]),
    plain(
        "password_encryption",
        Kind::Encryption,
        &[
            default(0, 13, "md5", "password_encryption = md5", "PostgreSQL 13 and earlier"),
            default(14, EVERY, "scram-sha-256", "password_encryption = scram-sha-256", "PostgreSQL 14 and later"),
        ],
    ),
    of_gauss("password_encryption_type", Kind::Integer, false, &[gauss("2", "password_encryption_type = 2")]),
    of_gauss("password_lock_time", DAY, false, &[gauss("1", "password_lock_time = 1")]),
    of_gauss("password_min_length", Kind::Integer, false, &[gauss("8", "password_min_length = 8")]),
    of_gauss("password_policy", Kind::Integer, false, &[gauss("1", "password_policy = 1")]),
    of_gauss("password_reuse_max", Kind::Integer, false, &[gauss("0", "password_reuse_max = 0")]),
    of_gauss("password_reuse_time", DAY, false, &[gauss("60", "password_reuse_time = 60")]),
    of_kingbase("passwordcheck.enable", Kind::Boolean, false, &[]),
    of_kingbase("passwordcheck.password_length", Kind::Integer, false, &[]),
    Parameter { per_role: true, ..plain("pgaudit.log", Kind::AuditClasses, &[always("none", "pgaudit.log = none")]) },
    plain("port", Kind::Integer, &[always("5432", "port = 5432")]),
    of_gauss("session_timeout", SECOND, true, &[gauss("10min", "session_timeout = 10min")]),
    plain("shared_preload_libraries", Kind::List, &[always("", "shared_preload_libraries = ''")]),
    plain("ssl", Kind::Boolean, &[always("off", "ssl = off")]),
    plain("ssl_ca_file", Kind::Text, &[always("", "ssl_ca_file = ''")]),
    Parameter {
        since: 12,
        ..plain(
            "ssl_min_protocol_version",
            Kind::Word(TLS),
            &[
                default(12, 12, "TLSv1", "ssl_min_protocol_version = TLSv1", "PostgreSQL 12"),
                default(13, EVERY, "TLSv1.2", "ssl_min_protocol_version = TLSv1.2", "PostgreSQL 13 and later"),
            ],
        )
    },
    // 0: only the security administrator unlocks.
    of_kingbase(
        "sys_audlog.error_user_connect_interval",
        MINUTE,
        true,
        &[of_vendor("0", "sys_audlog.error_user_connect_interval = 0", "KingbaseES V8", KINGBASE_LOCK)],
    ),
    of_kingbase(
        "sys_audlog.error_user_connect_times",
        Kind::Integer,
        true,
        &[of_vendor("0", "sys_audlog.error_user_connect_times = 0", "KingbaseES V8", KINGBASE_LOCK)],
    ),
    of_kingbase("sysaudit.enable", Kind::Boolean, false, &[]),
    plain("syslog_facility", Kind::Word(FACILITIES), &[always("local0", "syslog_facility = local0")]),
    plain("unix_socket_permissions", Kind::Mode, &[always("0777", "unix_socket_permissions = 0777")]),
];

/// The parameter of a name, without regard to case.
pub(super) fn find(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
}

impl Parameter {
    /// Whether a server has it; one of unknown version does where some version has it.
    pub(super) fn is_of(&self, flavour: Flavour, version: Option<u16>) -> bool {
        self.only.is_none_or(|only| only == flavour) && (flavour != Flavour::PostgreSql || version.is_none_or(|it| it >= self.since))
    }

    /// The defaults that a server may have: several where its version is not known and they differ; none where none is documented.
    pub(super) fn defaults(&self, flavour: Flavour, version: Option<u16>) -> impl Iterator<Item = &'static Versioned> {
        // What a vendor took over and what it changed is documented on its pages alone.
        let documented = self.only == Some(flavour) || flavour == Flavour::PostgreSql;
        self.defaults.iter().filter(move |it| documented && version.is_none_or(|version| (it.from..=it.to).contains(&version)))
    }
}
