//! The tables of Microsoft SQL Server.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

const VIEWS: [Column; 8] = settings_columns();

const fn setting(name: &'static str, doc: &'static str) -> Setting {
    Setting { name, doc }
}

/// One row per option of the instance that rules ask about; one that the version lacks has no row.
pub static MSSQL_SETTINGS: Table = Table {
    name: "mssql-settings",
    title: Phrase { zh: "SQL Server 实例选项", en: "option of a SQL Server instance" },
    promised: true,
    columns: &[
        VIEWS[0],
        VIEWS[1],
        VIEWS[2],
        VIEWS[3],
        VIEWS[4],
        VIEWS[5],
        VIEWS[6],
        VIEWS[7],
        Column::new("configured", Kind::Text, "what RECONFIGURE or a restart would put in force; mostly the same")
            .unset("the option has no such second value"),
    ],
    settings: &[
        setting("Ad Hoc Distributed Queries", "whether OPENROWSET reaches any data source"),
        setting("Database Mail XPs", "whether the server sends mail"),
        setting("Ole Automation Procedures", "whether statements start OLE objects"),
        setting("certificate", "whether a certificate is named for encrypted connections: set, or empty"),
        setting("clr enabled", "whether assemblies of .NET run"),
        setting("clr strict security", "whether every assembly is held unsafe (2017 and later)"),
        setting("contained database authentication", "whether databases may authenticate on their own"),
        setting("cross db ownership chaining", "whether ownership is trusted across databases"),
        setting("force-encryption", "whether unencrypted connections are refused"),
        setting("force-strict", "whether TDS 8.0 with strict encryption is demanded (2022 and later)"),
        setting("hide-instance", "whether the Browser does not tell of the instance"),
        setting("login-audit", "which logins go to the error log: none, success, failure, all"),
        setting("remote access", "whether other servers call stored procedures"),
        setting("remote admin connections", "whether the dedicated administrator connection comes from elsewhere"),
        setting("windows-authentication-only", "whether SQL logins cannot log in"),
        setting("xp_cmdshell", "whether statements start programs of the host"),
    ],
};

/// One row per login.
pub static MSSQL_LOGINS: Table = Table {
    name: "mssql-logins",
    title: Phrase { zh: "SQL Server 登录名", en: "login of a SQL Server instance" },
    promised: false,
    columns: &[
        Column::new("login", Kind::Text, "its name").key(),
        Column::new("first", Kind::Boolean, "whether it is the one that setup makes (sid 0x01), whatever its name"),
        Column::new("kind", Kind::Word(&["certificate", "external", "sql", "windows"]), "how it proves who it is"),
        Column::new("internal", Kind::Boolean, "whether the server made it for itself: ##MS_…##"),
        Column::new("disabled", Kind::Boolean, "whether it cannot log in"),
        Column::new("password", Kind::Word(&["empty", "name", "set"]), "empty, the login's own name, or another").unset("it has none"),
        Column::new("policy-checked", Kind::Boolean, "whether the password policy of Windows holds for it").unset("no SQL login"),
        Column::new("expiration-checked", Kind::Boolean, "whether its password expires as that policy says").unset("no SQL login"),
        Column::new("superuser", Kind::Boolean, "whether its roles and permissions amount to every permission"),
    ],
    settings: &[],
};

/// One row per database.
pub static MSSQL_DATABASES: Table = Table {
    name: "mssql-databases",
    title: Phrase { zh: "SQL Server 数据库", en: "database of a SQL Server instance" },
    promised: false,
    columns: &[
        Column::new("database", Kind::Text, "its name").key(),
        Column::new("trustworthy", Kind::Boolean, "whether its code is trusted by the instance"),
        Column::new("guest", Kind::Boolean, "whether every login may connect as guest"),
    ],
    settings: &[],
};

/// Groups of actions that rules ask about.
pub const GROUPS: &[&str] =
    &["audit-change", "database-permission-change", "failed-login", "server-role-member-change", "successful-login"];

/// One row per group of actions that rules ask about.
pub static MSSQL_AUDIT: Table = Table {
    name: "mssql-audit",
    title: Phrase { zh: "SQL Server 审计覆盖的操作组", en: "what the audit of a SQL Server instance covers" },
    promised: true,
    columns: &[
        Column::new("group", Kind::Word(GROUPS), "the group of actions").key(),
        Column::new("audited", Kind::Boolean, "whether a specification that is on, with an audit that is on, covers it"),
    ],
    settings: &[],
};

/// One row per service.
pub static MSSQL_SERVICES: Table = Table {
    name: "mssql-services",
    title: Phrase { zh: "SQL Server 服务", en: "service of a SQL Server instance" },
    promised: false,
    columns: &[
        Column::new("service", Kind::Text, "its name").key(),
        Column::new("account", Kind::Text, "account that it runs as"),
        Column::new("privileged", Kind::Boolean, "whether that is LocalSystem or an account called Administrator"),
    ],
    settings: &[],
};
