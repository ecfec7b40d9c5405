//! The tables of Apache Tomcat.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Applications that come with Tomcat.
pub const APPLICATIONS: &[&str] = &["default-root", "docs", "examples", "host-manager", "manager", "other"];

/// How a password is kept, and how hard it is to guess.
pub const PASSWORDS: &[&str] = &["digested", "empty", "ordinary", "short", "vendor-default"];

/// How a realm compares passwords.
pub const DIGESTS: &[&str] = &["md5", "none", "other", "pbkdf2", "sha-1", "sha-2"];

/// One row per account of tomcat-users.xml.
pub static TOMCAT_ACCOUNTS: Table = Table {
    name: "tomcat-accounts",
    title: Phrase { zh: "Tomcat 的用户（tomcat-users.xml）", en: "account of tomcat-users.xml" },
    promised: false,
    columns: &[
        Column::new("user", Kind::Text, "its name").key(),
        Column::new("roles", Kind::Texts, "its roles, those of its groups too").empty(),
        Column::new("password", Kind::Word(PASSWORDS), "how hard its password is to guess"),
    ],
    settings: &[],
};

/// One row per application.
pub static TOMCAT_APPLICATIONS: Table = Table {
    name: "tomcat-applications",
    title: Phrase { zh: "Tomcat 的应用", en: "application of Tomcat" },
    promised: false,
    columns: &[
        Column::new("application", Kind::Text, "its folder or file under webapps, or the name of its context file").key(),
        Column::new("kind", Kind::Word(APPLICATIONS), "which of those that come with Tomcat it is"),
        Column::new("sources", Kind::Networks, "addresses that valves admit").empty(),
        Column::new("breadth", Kind::Integer, "IPv4 addresses plus IPv6 /64 networks admitted; unlimited for any"),
        Column::new("forgeable-address", Kind::Boolean, "whether RemoteIpValve lets other than named proxies make up the address"),
        Column::new("listings", Kind::Boolean, "whether folders are listed"),
        Column::new("session-timeout", Kind::Duration, "time after which an idle session ends; unlimited: never"),
    ],
    settings: &[],
};

/// One row per connector.
pub static TOMCAT_CONNECTORS: Table = Table {
    name: "tomcat-connectors",
    title: Phrase { zh: "Tomcat 的连接器", en: "connector of Tomcat" },
    promised: false,
    columns: &[
        Column::new("port", Kind::Text, "the port as it is after substitution").key(),
        Column::new("protocol", Kind::Word(&["ajp", "http"]), "what is spoken"),
        Column::new("enabled", Kind::Boolean, "whether it listens; not with port -1"),
        Column::new("address", Kind::Text, "the address that it listens on").unset("no line sets it"),
        Column::new("sources", Kind::Networks, "addresses that can reach it by where it listens").empty(),
        Column::new("secret-required", Kind::Boolean, "whether requests by AJP must show the secret").unset("it does not speak AJP"),
        Column::new("secret", Kind::Word(&["empty", "set"]), "the secret of AJP").unset("it does not speak AJP"),
        Column::new("tls", Kind::Boolean, "whether it speaks TLS"),
        Column::new("tls-protocols", Kind::Texts, "TLS versions of all its hosts").empty(),
    ],
    settings: &[],
};

/// One row per virtual host.
pub static TOMCAT_HOSTS: Table = Table {
    name: "tomcat-hosts",
    title: Phrase { zh: "Tomcat 的虚拟主机", en: "virtual host of Tomcat" },
    promised: false,
    columns: &[
        Column::new("host", Kind::Text, "its name").key(),
        Column::new("auto-deploy", Kind::Boolean, "whether applications that appear are started (autoDeploy)"),
        Column::new("deploy-xml", Kind::Boolean, "whether an application's own context.xml is taken (deployXML)"),
        Column::new("logged", Kind::Boolean, "whether an access log covers it"),
        Column::new("log-fields", Kind::Words(&["client", "request", "status", "time", "user"]), "what every line of it tells").empty(),
        Column::new("error-report", Kind::Boolean, "whether error pages tell details"),
        Column::new("server-info", Kind::Boolean, "whether error pages tell the version"),
    ],
    settings: &[],
};

/// One row per realm that accounts are looked up in.
pub static TOMCAT_REALMS: Table = Table {
    name: "tomcat-realms",
    title: Phrase { zh: "Tomcat 的认证域", en: "realm of Tomcat" },
    promised: false,
    columns: &[
        Column::new("scope", Kind::Text, "the engine, host or context that it stands in").key(),
        Column::new("realm", Kind::Text, "its class").key(),
        Column::new("local", Kind::Boolean, "whether it compares passwords itself"),
        Column::new("digest", Kind::Word(DIGESTS), "how passwords are kept").unset("it compares none itself"),
        Column::new("lockout", Kind::Boolean, "whether a LockOutRealm stands around it"),
        Column::new("failures", Kind::Integer, "failures that lock an account").unset("nothing locks it"),
        Column::new("lock-time", Kind::Duration, "time for which it is locked").unset("nothing locks it"),
    ],
    settings: &[],
};

/// One row per setting of an instance.
pub static TOMCAT_SETTINGS: Table = Table {
    name: "tomcat-settings",
    title: Phrase { zh: "Tomcat 实例设置", en: "settings of an instance of Tomcat" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "file-log-days", doc: "least number of days that a file handler of logging.properties keeps; unlimited: all" },
        Setting { name: "service-user", doc: "account that its unit runs it as" },
        Setting { name: "shutdown-command-usual", doc: "whether the word that shuts it down is SHUTDOWN" },
        Setting { name: "shutdown-port", doc: "port that takes the word that shuts it down; -1: none" },
    ],
};
