//! The tables of web servers.

use super::{Column, Kind, Table, settings_columns};
use crate::names::Phrase;
use crate::schema::Setting;

/// What a web server answers with, before it looks at whom it talks to.
pub const ANSWERS: &[&str] = &["content", "redirect", "redirect-https", "refusal", "text"];

/// How an nginx location is matched.
pub const MATCHES: &[&str] = &["exact", "if", "internal", "prefix", "prefix-final", "regex", "server"];

/// How a login is asked for.
pub const LOGINS: &[&str] = &["basic", "jwt", "other", "subrequest"];

/// One row per server and location of nginx.
pub static NGINX_LOCATIONS: Table = Table {
    name: "nginx-locations",
    title: Phrase { zh: "nginx 的 server 与 location", en: "server and location of nginx" },
    promised: false,
    columns: &[
        Column::new("server", Kind::Text, "first name of the server, and what it listens on").key(),
        Column::new(
            "location",
            Kind::Text,
            "the location as it is written, nested ones after their outer one; `server` for what no location takes",
        )
        .key(),
        Column::new("match", Kind::Word(MATCHES), "how requests are matched; `if` is a condition inside a location"),
        Column::new(
            "answer",
            Kind::Word(ANSWERS),
            "what is answered; anything but content is answered before addresses and logins are looked at",
        ),
        Column::new("tls", Kind::Word(&["all", "none", "some"]), "which of the server's listening sockets speak TLS"),
        Column::new(
            "protocols",
            Kind::Texts,
            "TLS versions of the default server of each socket and of the server itself: which of them decides depends on nginx's version",
        )
        .empty(),
        Column::new(
            "ciphers",
            Kind::Word(&["acceptable", "commercial-sm", "strong", "weak"]),
            "the weakest piece of the cipher lists, by the default server of each socket",
        )
        .unset("the server does not speak TLS"),
        Column::new(
            "cleartext",
            Kind::Boolean,
            "whether more than a redirection, a refusal or a proof for a certificate is given in clear, beyond this host itself",
        ),
        Column::new("sources", Kind::Networks, "addresses that are admitted").empty(),
        Column::new("breadth", Kind::Integer, "IPv4 addresses plus IPv6 /64 networks admitted; unlimited for any"),
        Column::new("login", Kind::Words(LOGINS), "logins that nginx itself asks for").empty(),
        Column::new("address-and-login", Kind::Boolean, "whether an admitted address and a login are both needed"),
        Column::new(
            "client-certificate",
            Kind::Word(&["none", "optional", "required"]),
            "whether a client certificate is verified; `optional` turns nobody away",
        ),
        Column::new(
            "forgeable-address",
            Kind::Boolean,
            "whether any client can make up the address that is looked at (set_real_ip_from any)",
        ),
        Column::new("console", Kind::Boolean, "whether it is a status page or the path of a well-known administration console"),
        Column::new("logged", Kind::Word(&["always", "conditional", "never"]), "whether requests are written to a log"),
        Column::new("log-targets", Kind::Texts, "files and receivers of the log").empty(),
        Column::new("log-fields", Kind::Texts, "variables that every log line has, without the dollar sign").empty(),
        Column::new("hsts", Kind::Duration, "time of Strict-Transport-Security, where it goes with every answer (`always`)")
            .unset("it is not sent, or not with every answer"),
        Column::new("headers", Kind::Texts, "headers that are added: `x-frame-options: DENY`, names in lower case").empty(),
        Column::new("autoindex", Kind::Boolean, "whether folders are listed"),
        Column::new("methods", Kind::Texts, "methods that limit_except, or a condition on $request_method, leaves open")
            .unset("every method is"),
        Column::new("body-size", Kind::Size, "the largest request body"),
        Column::new("client-timeout", Kind::Duration, "the longest of the times for a client's header, body and next read"),
        Column::new("rate-limited", Kind::Boolean, "whether limit_req or limit_conn holds"),
        Column::new(
            "alias-escapes",
            Kind::Boolean,
            "whether a prefix without a final slash stands over an alias with one, so that `..` leaves the folder",
        ),
        Column::new("version-shown", Kind::Boolean, "whether answers tell nginx's version"),
    ],
    settings: &[],
};

/// One row per private key.
pub static NGINX_KEYS: Table = Table {
    name: "nginx-keys",
    title: Phrase { zh: "nginx 的私钥", en: "private key of nginx" },
    promised: false,
    columns: &[
        Column::new("key", Kind::Text, "path inside the asset, no leading slash; what it is where it is no file").key(),
        Column::new("kind", Kind::Word(&["data", "engine", "file", "variable"]), "where it comes from"),
        Column::new("mode", Kind::Mode, "permission bits").unset("it is no file"),
        Column::new("owner", Kind::Text, "owning user").unset("it is no file"),
        Column::new("group", Kind::Text, "owning group").unset("it is no file"),
    ],
    settings: &[],
};

/// One row per setting of nginx that holds for the whole installation.
pub static NGINX_SETTINGS: Table = Table {
    name: "nginx-settings",
    title: Phrase { zh: "nginx 全局设置", en: "settings of nginx as a whole" },
    promised: true,
    columns: &settings_columns(),
    settings: &[
        Setting { name: "error_log", doc: "where errors are written, with the level" },
        Setting { name: "user", doc: "account of the worker processes" },
        Setting { name: "worker_connections", doc: "connections per worker process" },
        Setting { name: "worker_processes", doc: "number of worker processes, or auto" },
    ],
};
