//! What tables always have wherever their product is present, row by row: what makes asking for it never come to nothing.

use super::Table;

impl Table {
    /// Whether a row that has one of these words in each of these columns is always there; the product's own name stands in the
    /// column `product`.
    pub fn promises(&self, wanted: &[(&str, Vec<&str>)]) -> bool {
        let named = |words: &[&str]| self.settings.iter().any(|setting| words.contains(&setting.name));
        if let [("name", words)] = wanted
            && EVERY_NAME.contains(&self.name)
            && named(words)
        {
            return true;
        }
        if let [(column, words)] = wanted
            && ONE_OF.iter().any(|it| it.table == self.name && it.column == *column && it.words.iter().all(|word| words.contains(word)))
        {
            return true;
        }
        let asks = |column: &str| wanted.iter().any(|(of, _)| *of == column);
        ALWAYS.iter().filter(|row| row.table == self.name).any(|row| {
            let has = |(column, words): &(&str, Vec<&str>)| row.cells.iter().any(|(of, word)| of == column && words.contains(word));
            // A row of one product is there where that product is, which is decided first only for a check that demands it.
            wanted.iter().all(has) && row.cells.iter().all(|(column, _)| *column != "product" || asks(column))
        })
    }
}

/// The settings tables that have a row for every name of their vocabulary, whatever the version and model; in the others a name
/// that a version lacks has no row. Sorted.
pub static EVERY_NAME: &[&str] = &[
    "apache-settings",
    "asa-settings",
    "auditd",
    "docker-settings",
    "eos-settings",
    "fortios-settings",
    "h3c-settings",
    "hillstone-settings",
    "huawei-settings",
    "ios-settings",
    "journald",
    "junos-settings",
    "login-defaults",
    "mongodb-settings",
    "nginx-settings",
    "nxos-settings",
    "panos-settings",
    "ruijie-settings",
    "sudo-defaults",
    "tomcat-settings",
    "weblogic-settings",
];

/// A row that is always there where a product that fills its table is present; where a part of the configuration is missing, one
/// that may be it.
#[derive(Clone, Copy, Debug)]
pub struct Always {
    /// The table.
    pub table: &'static str,
    /// The words in its columns, `true` in one that is true or false. With `product`: wherever that product is present.
    pub cells: &'static [(&'static str, &'static str)],
}

/// The rows that tables promise one by one, beside the names of [`EVERY_NAME`]. Sorted by table.
pub static ALWAYS: &[Always] = &[
    Always { table: "accounts", cells: &[("product", "accounts")] },
    Always { table: "apache-hosts", cells: &[("serves", "true")] },
    Always { table: "apache-scopes", cells: &[("host", "server"), ("kind", "directory"), ("path", "/")] },
    Always { table: "asa-authentication", cells: &[("access", "enable"), ("used", "true")] },
    Always { table: "authentication-policy", cells: &[("product", "h3c-comware"), ("path", "local")] },
    Always { table: "authentication-policy", cells: &[("product", "huawei-vrp"), ("path", "local")] },
    Always { table: "authentication-policy", cells: &[("product", "pam")] },
    Always { table: "banner", cells: &[("product", "arista-eos"), ("scope", "login")] },
    Always { table: "banner", cells: &[("product", "openssh-server")] },
    Always { table: "crypto", cells: &[("product", "cisco-ios"), ("kind", "protocol")] },
    Always { table: "crypto", cells: &[("product", "openssh-server"), ("kind", "cipher")] },
    Always { table: "crypto", cells: &[("product", "openssh-server"), ("kind", "host-key")] },
    Always { table: "crypto", cells: &[("product", "openssh-server"), ("kind", "key-exchange")] },
    Always { table: "crypto", cells: &[("product", "openssh-server"), ("kind", "mac")] },
    Always { table: "files", cells: &[("path", "etc/cron.allow")] },
    Always { table: "hillstone-logs", cells: &[("type", "traffic session")] },
    Always { table: "logs", cells: &[("product", "cisco-ios"), ("stream", "system")] },
    Always { table: "logs", cells: &[("product", "h3c-comware"), ("stream", "system")] },
    Always { table: "logs", cells: &[("product", "huawei-vrp"), ("stream", "system")] },
    Always { table: "logs", cells: &[("product", "juniper-junos"), ("stream", "command")] },
    Always { table: "logs", cells: &[("product", "mongodb")] },
    Always { table: "mssql-audit", cells: &[("group", "audit-change")] },
    Always { table: "mssql-audit", cells: &[("group", "failed-login")] },
    Always { table: "mssql-settings", cells: &[("name", "login-audit")] },
    Always { table: "mysql-settings", cells: &[("name", "skip_grant_tables")] },
    Always { table: "mysql-settings", cells: &[("name", "symbolic_links")] },
    Always { table: "nxos-lines", cells: &[("line", "vty")] },
    Always { table: "oracle-audit", cells: &[("action", "grant")] },
    Always { table: "oracle-audit", cells: &[("action", "logon")] },
    Always { table: "oracle-audit", cells: &[("action", "sys-operations")] },
    Always { table: "oracle-network", cells: &[("name", "sqlnet.allowed_logon_version_server")] },
    Always { table: "oracle-network", cells: &[("name", "sqlnet.expire_time")] },
    Always { table: "panos-log-forwarding", cells: &[("type", "config")] },
    Always { table: "panos-management", cells: &[("scope", "mgt"), ("in-use", "true")] },
    Always { table: "pg-settings", cells: &[("name", "listen_addresses"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "log_connections"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "log_destination"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "log_disconnections"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "log_file_mode"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "log_line_prefix"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "log_statement"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "pgaudit.log"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "shared_preload_libraries"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "ssl"), ("scope", "server")] },
    Always { table: "pg-settings", cells: &[("name", "ssl_min_protocol_version"), ("scope", "server")] },
    Always { table: "redis-settings", cells: &[("name", "user")] },
    Always { table: "remote-access", cells: &[("product", "arista-eos"), ("service", "telnet")] },
    Always { table: "remote-access", cells: &[("product", "ruijie"), ("service", "telnet")] },
    Always { table: "remote-access", cells: &[("product", "ruijie"), ("service", "web-http")] },
    Always { table: "remote-access", cells: &[("product", "dameng")] },
    Always { table: "remote-access", cells: &[("product", "weblogic")] },
    Always { table: "services", cells: &[("product", "cisco-ios"), ("name", "ftp")] },
    Always { table: "sshd", cells: &[("scope", "global")] },
    Always { table: "terminal-lines", cells: &[("product", "huawei-vrp"), ("kind", "console")] },
];

/// A column of which a row with one of some words is always there, whichever products fill the table; where a part of the
/// configuration is missing, one that may be it.
#[derive(Clone, Copy, Debug)]
pub struct OneOf {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The words.
    pub words: &'static [&'static str],
}

/// Such columns. Hosts and devices always tell of logins, databases of their audit.
pub static ONE_OF: &[OneOf] = &[OneOf { table: "logs", column: "stream", words: &["authentication", "database-audit"] }];
