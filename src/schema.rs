//! The fact tables and their columns, as data: what a policy may name and what a product promises to fill.

pub mod apache;
pub mod arista;
pub mod asa;
pub mod cisco;
pub mod containers;
pub mod dameng;
pub mod fortinet;
pub mod generic;
pub mod hillstone;
pub mod juniper;
pub mod linux;
pub mod mongodb;
pub mod mysql;
pub mod neutral;
pub mod nxos;
pub mod oceanbase;
pub mod oracle;
pub mod paloalto;
pub mod people;
pub mod postgresql;
pub mod promises;
pub mod records;
pub mod redis;
pub mod ruijie;
pub mod sqlserver;
pub mod tomcat;
pub mod vrp;
pub mod web;
pub mod weblogic;

use crate::names::Phrase;

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of these words, lower case.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A whole number, or `unlimited`.
    Integer,
    /// Bytes, or `unlimited`.
    Size,
    /// Seconds, or `unlimited`.
    Duration,
    /// Permission bits of a file.
    Mode,
    /// A calendar date, or `never`; compared with the clock that is named.
    Date(Clock),
    /// A version, ordered piece by piece.
    Version,
    /// A block of addresses. Only in lists.
    Network,
    /// A list of texts.
    Texts,
    /// A list of words of this vocabulary.
    Words(&'static [&'static str]),
    /// A list of address blocks; the empty list is nobody.
    Networks,
}

/// The "now" that a date is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The date of the scan: expiry, records, support ends.
    Scan,
    /// The date of collection: states such as the last login.
    Collected,
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column<'n> {
    /// Kebab-case name.
    pub name: &'n str,
    /// What its cells hold.
    pub kind: Kind,
    /// Part of what tells rows apart: keys make the finding's instance.
    pub key: bool,
    /// Holds what must never be printed.
    pub secret: bool,
    /// What an unset cell means, where cells may be unset.
    pub unset: Option<&'n str>,
    /// Whether a list may be empty.
    pub empty: bool,
    /// What it says, and its unit.
    pub doc: &'n str,
}

impl<'n> Column<'n> {
    /// A column that is always set.
    pub const fn new(name: &'n str, kind: Kind, doc: &'n str) -> Column<'n> {
        Column { name, kind, key: false, secret: false, unset: None, empty: false, doc }
    }

    /// The same as a key.
    pub const fn key(mut self) -> Column<'n> {
        self.key = true;
        self
    }

    /// The same, holding a secret.
    pub const fn secret(mut self) -> Column<'n> {
        self.secret = true;
        self
    }

    /// The same, and a cell may be unset, which means what is said.
    pub const fn unset(mut self, meaning: &'n str) -> Column<'n> {
        self.unset = Some(meaning);
        self
    }

    /// The same, and a list may be empty.
    pub const fn empty(mut self) -> Column<'n> {
        self.empty = true;
        self
    }
}

/// One name of a settings table's vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The product's own name of it.
    pub name: &'static str,
    /// What it governs.
    pub doc: &'static str,
}

/// A fact table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Kebab-case name.
    pub name: &'static str,
    /// What one row is.
    pub title: Phrase,
    /// Whether a product that is present always yields at least one row.
    pub promised: bool,
    /// The columns, keys first.
    pub columns: &'static [Column<'static>],
    /// The vocabulary of its `name` column, where it is a settings table.
    pub settings: &'static [Setting],
}

impl Table {
    /// The index of a column; for use in constants, so that a misspelt name does not compile.
    pub const fn column(&self, name: &str) -> usize {
        let mut at = 0;
        while at < self.columns.len() {
            if same(self.columns[at].name, name) {
                return at;
            }
            at += 1;
        }
        panic!("no such column")
    }

    /// The index of a column that may not exist.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Whether two texts are equal, at compile time.
pub(crate) const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The typed readings of a settings table's value, which every such table has after its keys.
pub const fn settings_columns() -> [Column<'static>; 8] {
    [
        Column::new("name", Kind::Text, "the product's own name of the setting").key(),
        Column::new("value", Kind::Text, "the effective value as text").unset("no value is set and the product has no default"),
        Column::new("number", Kind::Integer, "the value read as a whole number").unset("the value is no number"),
        Column::new("on", Kind::Boolean, "the value read as a switch").unset("the value is no switch"),
        Column::new("duration", Kind::Duration, "the value read as a time").unset("the value is no time"),
        Column::new("size", Kind::Size, "the value read as a size").unset("the value is no size"),
        Column::new("items", Kind::Texts, "the value read as a list").unset("the value is no list").empty(),
        Column::new("origin", Kind::Word(&["file", "default", "runtime"]), "where the value comes from"),
    ]
}

/// Every table, sorted by name.
pub static TABLES: &[&Table] = &[
    &neutral::ACCESS_RULES,
    &neutral::ACCOUNTS,
    &apache::APACHE_CONTENTS,
    &apache::APACHE_HOSTS,
    &apache::APACHE_LISTENERS,
    &apache::APACHE_MODULES,
    &apache::APACHE_SCOPES,
    &apache::APACHE_SETTINGS,
    &asa::ASA_AUTHENTICATION,
    &asa::ASA_INTERFACES,
    &asa::ASA_MANAGEMENT,
    &asa::ASA_SETTINGS,
    &asa::ASA_VPN_PROFILES,
    &neutral::ASSET,
    &linux::AUDIT,
    &linux::AUDIT_RULES,
    &linux::AUDITD,
    &neutral::AUTHENTICATION_POLICY,
    &neutral::AUTHORIZED_KEYS,
    &neutral::BANNER,
    &generic::BLOCKS,
    &containers::CONTAINERS,
    &neutral::CRYPTO,
    &dameng::DAMENG_ARCHIVES,
    &dameng::DAMENG_SETTINGS,
    &dameng::DAMENG_USERS,
    &containers::DOCKER_SETTINGS,
    &neutral::DRIFT,
    &arista::EOS_SETTINGS,
    &neutral::FILES,
    &fortinet::FORTIOS_ADMINS,
    &fortinet::FORTIOS_INTERFACES,
    &fortinet::FORTIOS_POLICIES,
    &fortinet::FORTIOS_SETTINGS,
    &fortinet::FORTIOS_VPN_USERS,
    &vrp::H3C_SETTINGS,
    &hillstone::HILLSTONE_ADMINISTRATORS,
    &hillstone::HILLSTONE_INTERFACES,
    &hillstone::HILLSTONE_LOGS,
    &hillstone::HILLSTONE_SETTINGS,
    &hillstone::HILLSTONE_TRUSTED_HOSTS,
    &vrp::HUAWEI_SETTINGS,
    &records::INCIDENTS,
    &cisco::IOS_INTERFACES,
    &cisco::IOS_NEIGHBOURS,
    &cisco::IOS_SETTINGS,
    &linux::JOURNALD,
    &juniper::JUNOS_CLASSES,
    &juniper::JUNOS_FILTERS,
    &juniper::JUNOS_POLICIES,
    &juniper::JUNOS_SETTINGS,
    &containers::KUBE_NAMESPACES,
    &containers::KUBE_ROLES,
    &containers::KUBE_SETTINGS,
    &generic::LINES,
    &linux::LOG_ROTATION_JOBS,
    &neutral::LOG_STORE,
    &linux::LOGIN_DEFAULTS,
    &linux::LOGROTATE,
    &neutral::LOGS,
    &vrp::MANAGEMENT_USERS,
    &mongodb::MONGODB_SETTINGS,
    &mongodb::MONGODB_USERS,
    &sqlserver::MSSQL_AUDIT,
    &sqlserver::MSSQL_DATABASES,
    &sqlserver::MSSQL_LOGINS,
    &sqlserver::MSSQL_SERVICES,
    &sqlserver::MSSQL_SETTINGS,
    &mysql::MYSQL_ACCOUNTS,
    &mysql::MYSQL_SETTINGS,
    &web::NGINX_KEYS,
    &web::NGINX_LOCATIONS,
    &web::NGINX_SETTINGS,
    &generic::NODES,
    &nxos::NXOS_COMMUNITIES,
    &nxos::NXOS_LINES,
    &nxos::NXOS_LOG_SERVERS,
    &nxos::NXOS_SETTINGS,
    &oceanbase::OCEANBASE_SETTINGS,
    &oceanbase::OCEANBASE_TENANTS,
    &oracle::ORACLE_ACCOUNTS,
    &oracle::ORACLE_AUDIT,
    &oracle::ORACLE_LISTENERS,
    &oracle::ORACLE_NETWORK,
    &oracle::ORACLE_PARAMETERS,
    &oracle::ORACLE_PROFILES,
    &oracle::ORACLE_PUBLIC,
    &oracle::ORACLE_TRIGGERS,
    &linux::PAM_MODULES,
    &paloalto::PANOS_ADMINISTRATORS,
    &paloalto::PANOS_LOG_EXPIRY,
    &paloalto::PANOS_LOG_FORWARDING,
    &paloalto::PANOS_MANAGEMENT,
    &paloalto::PANOS_RULES,
    &paloalto::PANOS_SETTINGS,
    &postgresql::PG_DATABASES,
    &postgresql::PG_HBA,
    &postgresql::PG_ROLES,
    &postgresql::PG_SETTINGS,
    &neutral::PRIVILEGES,
    &records::RECORDS,
    &redis::REDIS_SETTINGS,
    &redis::REDIS_USERS,
    &neutral::REFERENCES,
    &neutral::REMOTE_ACCESS,
    &neutral::REMOVABLE_MEDIA,
    &generic::ROWS,
    &linux::RSYSLOG_FILES,
    &linux::RSYSLOG_FORWARDING,
    &ruijie::RUIJIE_SETTINGS,
    &neutral::SERVICES,
    &generic::SETTINGS,
    &linux::SETUID_FILES,
    &neutral::SHELLS,
    &neutral::SNMP,
    &vrp::SSH_USERS,
    &linux::SSHD,
    &linux::SUDO_DEFAULTS,
    &linux::SYSCTL,
    &vrp::TERMINAL_LINES,
    &neutral::TIME_SOURCES,
    &tomcat::TOMCAT_ACCOUNTS,
    &tomcat::TOMCAT_APPLICATIONS,
    &tomcat::TOMCAT_CONNECTORS,
    &tomcat::TOMCAT_HOSTS,
    &tomcat::TOMCAT_REALMS,
    &tomcat::TOMCAT_SETTINGS,
    &weblogic::WEBLOGIC_SETTINGS,
];

/// The number of a table in [`TABLES`].
pub fn number(name: &str) -> Option<usize> {
    TABLES.iter().position(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_keys_come_first() {
        assert!(TABLES.is_sorted_by(|left, right| left.name < right.name));
        for table in TABLES {
            assert!(table.columns.is_sorted_by_key(|column| !column.key), "{}: keys first", table.name);
            for column in table.columns {
                assert!(column.unset.is_none() || !column.key, "{}.{}: a key is always set", table.name, column.name);
            }
        }
    }
}
