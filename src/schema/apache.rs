//! The tables of Apache httpd.

use super::{Column, Kind, Setting, Table, settings_columns};
use crate::names::Phrase;

/// Levels of the error log, the most severe first.
pub const LEVELS: &[&str] = &[
    "emerg", "alert", "crit", "error", "warn", "notice", "info", "debug", "trace1", "trace2", "trace3", "trace4", "trace5", "trace6",
    "trace7", "trace8",
];

/// What a row of `apache-scopes` is about.
pub const SCOPES: &[&str] = &["directory", "directory-pattern", "files", "location", "location-pattern", "proxy", "server"];

const HOST: &str = "`server` for the server as a whole, else the virtual host's first name and its addresses";

/// One row per path of sample content that packages and installers put there.
pub static APACHE_CONTENTS: Table = Table {
    name: "apache-contents",
    title: Phrase { zh: "Apache httpd 的示例内容", en: "sample content of Apache httpd" },
    promised: true,
    columns: &[
        Column::new("path", Kind::Text, "path inside the asset, no leading slash").key(),
        Column::new("present", Kind::Boolean, "whether something is there"),
    ],
    settings: &[],
};

/// One row per virtual host, and one for the server as a whole.
pub static APACHE_HOSTS: Table = Table {
    name: "apache-hosts",
    title: Phrase { zh: "Apache httpd 的虚拟主机", en: "virtual host of Apache httpd" },
    promised: true,
    columns: &[
        Column::new("host", Kind::Text, HOST).key(),
        Column::new("serves", Kind::Boolean, "whether requests reach it; virtual hosts may leave none to the server as a whole"),
        Column::new("document-root", Kind::Text, "the folder of its documents").unset("no line sets it"),
        Column::new("tls", Kind::Word(&["all", "none", "some"]), "on which of its addresses TLS is spoken"),
        Column::new("protocols", Kind::Texts, "TLS versions: its own, and those of the first host of each address").empty(),
        Column::new(
            "ciphers",
            Kind::Word(&["acceptable", "commercial-sm", "strong", "weak"]),
            "the weakest piece of its cipher list and that of the first host of each address",
        )
        .unset("it does not speak TLS"),
        Column::new("logged", Kind::Word(&["always", "conditional", "never"]), "whether requests are written to a log"),
        Column::new("log-targets", Kind::Texts, "files and programs that the log goes to").empty(),
        Column::new("log-fields", Kind::Words(&["client", "request", "status", "time", "user"]), "what every log line tells").empty(),
        Column::new("error-log", Kind::Text, "where errors are written"),
        Column::new("log-level", Kind::Word(LEVELS), "least severe level of errors that is written"),
        Column::new("trace", Kind::Word(&["extended", "off", "on"]), "whether TRACE is answered"),
        Column::new("timeout", Kind::Duration, "time to wait for the next part of a request or answer (Timeout)"),
        Column::new("header-timeout", Kind::Duration, "the longest time for the headers of a request; unlimited without mod_reqtimeout"),
    ],
    settings: &[],
};

/// One row per address and port.
pub static APACHE_LISTENERS: Table = Table {
    name: "apache-listeners",
    title: Phrase { zh: "Apache httpd 的监听地址", en: "address that Apache httpd listens on" },
    promised: false,
    columns: &[
        Column::new("address", Kind::Text, "the address as it is written; `*` for all").key(),
        Column::new("port", Kind::Integer, "the port").key(),
    ],
    settings: &[],
};

/// One row per module.
pub static APACHE_MODULES: Table = Table {
    name: "apache-modules",
    title: Phrase { zh: "Apache httpd 加载的模块", en: "module that Apache httpd loads" },
    promised: true,
    columns: &[
        Column::new("module", Kind::Text, "its identifier: `ssl_module`").key(),
        Column::new("compiled-in", Kind::Boolean, "whether it is part of the program and cannot be left out"),
    ],
    settings: &[],
};

/// One row per host and section of paths.
pub static APACHE_SCOPES: Table = Table {
    name: "apache-scopes",
    title: Phrase { zh: "Apache httpd 的目录与路径", en: "folder and path of Apache httpd" },
    promised: true,
    columns: &[
        Column::new("host", Kind::Text, HOST).key(),
        Column::new("kind", Kind::Word(SCOPES), "what the path is; `server` is the folder of documents itself").key(),
        Column::new("path", Kind::Text, "path or expression as it is written, without a final slash").key(),
        Column::new("tls", Kind::Word(&["all", "none", "some"]), "on which of the host's addresses TLS is spoken"),
        Column::new("protocols", Kind::Texts, "TLS versions of the host").empty(),
        Column::new("sources", Kind::Networks, "addresses that are admitted, whatever else they must show").empty(),
        Column::new("everybody", Kind::Boolean, "whether every address is admitted; false where names of hosts limit it"),
        Column::new("breadth", Kind::Integer, "IPv4 addresses plus IPv6 /64 networks admitted; unlimited for any"),
        Column::new("login", Kind::Words(&["basic", "digest", "form", "other"]), "logins that httpd itself asks for").empty(),
        Column::new("address-and-login", Kind::Boolean, "whether an admitted address and a login are both needed"),
        Column::new("client-certificate", Kind::Word(&["none", "optional", "required"]), "whether a client certificate is verified"),
        Column::new(
            "forgeable-address",
            Kind::Boolean,
            "whether any client can make up the address that is looked at (RemoteIPHeader without proxies, or with all)",
        ),
        Column::new("console", Kind::Boolean, "whether it is a status page or a well-known administration console, by handler or path"),
        Column::new("logged", Kind::Word(&["always", "conditional", "never"]), "whether the host's requests are written to a log"),
        Column::new("options", Kind::Texts, "what Options leaves on").empty(),
        Column::new("overrides", Kind::Texts, "classes and directives that .htaccess may set").empty(),
        Column::new("signature", Kind::Boolean, "whether error pages tell the version"),
    ],
    settings: &[],
};

/// One row per setting of httpd that holds for the whole installation.
pub static APACHE_SETTINGS: Table = Table {
    name: "apache-settings",
    title: Phrase { zh: "Apache httpd 全局设置", en: "settings of Apache httpd as a whole" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "Group", doc: "group of the processes that answer" },
        Setting { name: "ServerTokens", doc: "what the Server header tells" },
        Setting { name: "User", doc: "account of the processes that answer" },
    ],
};
