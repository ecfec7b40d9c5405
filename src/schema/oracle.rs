//! The tables of Oracle Database and Oracle Net.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per initialization parameter that rules ask about; one that the version lacks has no row.
pub static ORACLE_PARAMETERS: Table = Table {
    name: "oracle-parameters",
    title: Phrase { zh: "Oracle 初始化参数", en: "initialization parameter of an Oracle database" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        setting("audit_sys_operations", "whether what SYS and holders of administrative privileges do is audited (traditional auditing)"),
        setting("audit_trail", "where the traditional audit trail goes; NONE: it is off"),
        setting("o7_dictionary_accessibility", "whether ANY privileges reach objects of SYS"),
        setting("os_roles", "whether the operating system grants roles"),
        setting("remote_login_passwordfile", "whether administrators may log in from elsewhere with the password file"),
        setting("remote_os_authent", "whether the word of a remote operating system authenticates"),
        setting("remote_os_roles", "whether a remote operating system grants roles"),
        setting("resource_limit", "whether resource limits of profiles hold, IDLE_TIME among them"),
        setting("sec_case_sensitive_logon", "whether the case of passwords matters"),
        setting("sec_max_failed_login_attempts", "failed attempts after which one connection is dropped"),
        setting("unified-auditing", "option Unified Auditing: whether unified auditing alone is in use (pure mode)"),
    ],
};

/// One row per parameter of sqlnet.ora that rules ask about.
pub static ORACLE_NETWORK: Table = Table {
    name: "oracle-network",
    title: Phrase { zh: "Oracle 网络参数（sqlnet.ora）", en: "parameter of Oracle Net (sqlnet.ora)" },
    promised: false,
    columns: &settings_columns(),
    settings: &[
        setting("sqlnet.allowed_logon_version_server", "oldest authentication protocol that is accepted; 12a reads as 12"),
        setting("sqlnet.crypto_checksum_server", "whether integrity is negotiated"),
        setting("sqlnet.encryption_server", "whether encryption is negotiated: accepted, rejected, requested, required"),
        setting("sqlnet.encryption_types_server", "ciphers that are offered"),
        setting("sqlnet.expire_time", "minutes between probes of idle connections; 0: none"),
        setting("sqlnet.inbound_connect_timeout", "time for logging in"),
        setting("tcp.excluded_nodes", "nodes that are refused where valid node checking is on"),
        setting("tcp.invited_nodes", "nodes that alone are admitted where valid node checking is on"),
        setting("tcp.validnode_checking", "whether the lists of nodes are heeded"),
    ],
};

/// One row per listener of listener.ora.
pub static ORACLE_LISTENERS: Table = Table {
    name: "oracle-listeners",
    title: Phrase { zh: "Oracle 监听器", en: "listener of Oracle Net" },
    promised: true,
    columns: &[
        Column::new("listener", Kind::Text, "its name").key(),
        Column::new("endpoints", Kind::Texts, "where it listens: tcp host:port, tcps host:port, ipc key").empty(),
        Column::new("network", Kind::Boolean, "whether some endpoint is reached from another host"),
        Column::new("encrypted", Kind::Boolean, "whether each way in from another host is TCPS, or the server requires native encryption"),
        Column::new("whitelisted", Kind::Boolean, "whether valid node checking is on with a list of invited nodes"),
        Column::new("sources", Kind::Networks, "addresses that valid node checking admits").empty(),
        Column::new(
            "breadth",
            Kind::Integer,
            "IPv4 addresses plus IPv6 /64 networks that valid node checking admits; unlimited for all of a family",
        ),
        Column::new("admin-restrictions", Kind::Boolean, "whether commands cannot change it while it runs"),
        Column::new("external-procedures", Kind::Boolean, "whether it starts the agent of external procedures"),
        Column::new(
            "registration",
            Kind::Word(&["anyone", "listed", "local", "none", "secured", "subnet"]),
            "who may register services: secured: over named transports alone; listed: also nodes that are named",
        ),
    ],
    settings: &[],
};

/// One row per profile.
pub static ORACLE_PROFILES: Table = Table {
    name: "oracle-profiles",
    title: Phrase { zh: "Oracle 概要文件（profile）", en: "profile of an Oracle database" },
    promised: true,
    columns: &[
        Column::new("profile", Kind::Text, "its name").key(),
        Column::new("used", Kind::Boolean, "whether an account that is not locked has it"),
        Column::new("failed-attempts", Kind::Integer, "failures that lock the account; unlimited: none"),
        Column::new("lock-time", Kind::Duration, "time until it unlocks by itself; unlimited: an administrator must"),
        Column::new("life", Kind::Duration, "age at which the password expires; unlimited: never"),
        Column::new("grace", Kind::Duration, "time after that in which the old password still admits"),
        Column::new("reuse-max", Kind::Integer, "changes before an old password may return; unlimited: that alone never lets it"),
        Column::new("reuse-time", Kind::Duration, "time before an old password may return; unlimited: that alone never lets it"),
        Column::new("verify", Kind::Text, "function that tests new passwords").unset("none does"),
        Column::new("inactive", Kind::Duration, "time without a login after which the account locks; unlimited: never")
            .unset("the version has no such limit"),
        Column::new("idle", Kind::Duration, "idle time after which a session ends, IDLE_TIME; unlimited: never"),
    ],
    settings: &[],
};

/// One row per account.
pub static ORACLE_ACCOUNTS: Table = Table {
    name: "oracle-accounts",
    title: Phrase { zh: "Oracle 数据库账户", en: "account of an Oracle database" },
    promised: false,
    columns: &[
        Column::new("user", Kind::Text, "its name").key(),
        Column::new("locked", Kind::Boolean, "whether it cannot log in; a lock that ends by itself does not count"),
        Column::new("maintained", Kind::Boolean, "whether Oracle's scripts made it").unset("the version does not tell"),
        Column::new("profile", Kind::Text, "its profile"),
        Column::new("authentication", Kind::Word(&["external", "global", "none", "other", "password"]), "how it proves who it is"),
        Column::new("default-password", Kind::Boolean, "whether it has the password that everybody knows"),
        Column::new("verifiers", Kind::Texts, "versions of the stored password verifier: 10G, 11G, 12C").empty(),
        Column::new("superuser", Kind::Boolean, "whether its privileges amount to every privilege, roles included"),
    ],
    settings: &[],
};

/// What must be audited.
pub const ACTIONS: &[&str] = &["alter-user", "create-user", "drop-user", "grant", "logoff", "logon", "revoke", "sys-operations"];

/// One row per action that rules ask about.
pub static ORACLE_AUDIT: Table = Table {
    name: "oracle-audit",
    title: Phrase { zh: "Oracle 审计覆盖的操作", en: "what the audit of an Oracle database covers" },
    promised: true,
    columns: &[
        Column::new("action", Kind::Word(ACTIONS), "what is done").key(),
        Column::new("success", Kind::Boolean, "whether it is audited for every account, unconditionally, when it succeeds"),
        Column::new("failure", Kind::Boolean, "the same, when it fails"),
    ],
    settings: &[],
};

/// One row per object on which everybody has a privilege, of those that reach the network, files or the scheduler.
pub static ORACLE_PUBLIC: Table = Table {
    name: "oracle-public",
    title: Phrase { zh: "授予 PUBLIC 的高危对象权限", en: "privilege of PUBLIC on a dangerous object" },
    promised: false,
    columns: &[
        Column::new("owner", Kind::Text, "the object's owner").key(),
        Column::new("object", Kind::Text, "the object").key(),
        Column::new("privilege", Kind::Text, "the privilege").key(),
    ],
    settings: &[],
};

/// One row per trigger that runs when somebody logs in.
pub static ORACLE_TRIGGERS: Table = Table {
    name: "oracle-triggers",
    title: Phrase { zh: "Oracle 登录触发器", en: "logon trigger of an Oracle database" },
    promised: false,
    columns: &[
        Column::new("trigger", Kind::Text, "owner and name").key(),
        Column::new("enabled", Kind::Boolean, "whether it runs"),
        Column::new("everybody", Kind::Boolean, "whether it runs for every account and not for one schema alone"),
    ],
    settings: &[],
};
