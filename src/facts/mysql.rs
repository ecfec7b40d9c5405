//! Option files and query results of MySQL and MariaDB into settings, accounts, privileges and the ways in.
//!
//! Knows MySQL 5.7, 8.0 and 8.4, and MariaDB 10.4 to 11. Files are read as the server reads them: the global files in their order with
//! what they include, then units' arguments, then `mysqld-auto.cnf`. Where the running server was asked, its answer decides, and the
//! files' line stands beside it.

mod access;
mod drift;
mod grants;
mod hosts;
mod logs;
mod options;
mod people;
mod persisted;
mod server;
mod settings;
mod variables;

use super::queries::Answered;
use super::{Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Why, database_gaps};
use crate::names::database::MYSQL;
use crate::names::{LINUX, Phrase};
use crate::schema::Table;
use crate::schema::mysql::{MYSQL_ACCOUNTS, MYSQL_SETTINGS};
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, CRYPTO, DRIFT, LOGS, PRIVILEGES, REMOTE_ACCESS};
use options::Files;
use server::Server;
use settings::Settings;

/// The product's name.
const NAME: &str = "mysql";

/// MySQL and MariaDB.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "MySQL、MariaDB 数据库", en: "MySQL and MariaDB" },
    platforms: &[LINUX, MYSQL],
    expectation: Expectation::Optional,
    reads: &[
        Reading::File("etc/my.cnf"),
        Reading::File("etc/mysql/my.cnf"),
        Reading::File("usr/etc/my.cnf"),
        Reading::Glob("etc/my.cnf.d/*.cnf"),
        Reading::Glob("etc/mysql/*.cnf"),
        Reading::Glob("etc/mysql/conf.d/*.cnf"),
        Reading::Glob("etc/mysql/mariadb.conf.d/*.cnf"),
        Reading::Glob("etc/mysql/mysql.conf.d/*.cnf"),
        Reading::File("var/lib/mysql/mysqld-auto.cnf"),
        Reading::File("var/lib/mysql/mariadb_upgrade_info"),
        Reading::File("var/lib/mysql/mysql_upgrade_info"),
        Reading::Glob("etc/systemd/system/mariadb.service.d/*.conf"),
        Reading::Glob("etc/systemd/system/mysql.service.d/*.conf"),
        Reading::Glob("etc/systemd/system/mysqld.service.d/*.conf"),
        Reading::Look("var/lib/mysql"),
        Reading::Command { name: "mysqld-version", line: "mysqld --version" },
        Reading::Query { name: "variables", sql: "SHOW GLOBAL VARIABLES" },
        Reading::Query { name: "accounts", sql: people::MYSQL8 },
        Reading::Query { name: "accounts-57", sql: people::MYSQL57 },
        Reading::Query { name: "accounts-mariadb", sql: people::MARIADB },
        Reading::Query { name: "grants", sql: grants::GRANTS_SQL },
        Reading::Query { name: "dynamic-grants", sql: grants::DYNAMIC_SQL },
        Reading::Query { name: "roles", sql: grants::ROLES_SQL },
        Reading::Query { name: "roles-mariadb", sql: grants::ROLES_MARIADB_SQL },
        Reading::Query { name: "plugins", sql: logs::SQL },
        Reading::Shared(super::logrotate::READS),
    ],
    fills: &[&ACCOUNTS, &AUTHENTICATION_POLICY, &CRYPTO, &DRIFT, &LOGS, &MYSQL_ACCOUNTS, &MYSQL_SETTINGS, &PRIVILEGES, &REMOTE_ACCESS],
    derive,
};

static OCEANBASE: Phrase = Phrase {
    zh: "{} 是 OceanBase 的结果，应存为 commands/oceanbase@租户.*.csv",
    en: "{} was answered by OceanBase: keep its answers as commands/oceanbase@TENANT.*.csv",
};

/// The accounts' query has a form for each product and version.
const ACCOUNTS_QUERIES: [&str; 3] = ["accounts", "accounts-57", "accounts-mariadb"];

/// The answers of one instance.
#[derive(Clone, Copy, Debug, Default)]
struct Asked<'a> {
    instance: &'a str,
    variables: Option<Answered<'a>>,
    accounts: Option<Answered<'a>>,
    grants: grants::Answers<'a>,
    plugins: Option<Answered<'a>>,
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let files = options::read(host);
    let (instances, lacking) = ask(host);
    let of_files = server::of_host(host, &files);
    let configured =
        of_files.version.is_some() || files.options.iter().any(|option| options::is_read(option.group, &of_files) != Some(false));
    if instances.is_empty() && !configured && lacking.is_none() {
        return match files.lacking {
            _ if files.absent => Seen::Absent,
            Some((path, lack)) => Seen::Lacking(path, lack),
            // Only clients' options, and nothing unread in which a server's could be.
            None if files.gap.is_none() || !files.read => Seen::Nothing,
            None => {
                // Nothing runs that its files could differ from.
                for table in compares_nothing() {
                    tables.push(host.gap(table, NAME, files.gap.unwrap_or(Why::not_collected(options::MAIN[0]))));
                }
                Seen::Present
            }
        };
    }
    let alone = [Asked::default()];
    let instances = if instances.is_empty() { &alone[..] } else { &instances };
    for asked in instances {
        // The files are those of the one server, or of the one that has no name.
        let own_files = asked.instance.is_empty() || instances.len() == 1;
        instance(host, asked, (&files, own_files && files.read, of_files), tables);
    }
    if let Some((path, lack)) = lacking {
        for table in PRODUCT.fills {
            let mut row = host.gap(table, NAME, Why::lacking(path, lack));
            row.instance(path);
            tables.push(row);
        }
    }
    Seen::Present
}

/// The tables in which a row may be missing where no two sides are compared.
fn compares_nothing() -> impl Iterator<Item = &'static Table> {
    PRODUCT.fills.iter().copied().filter(|table| !std::ptr::eq(*table, &DRIFT))
}

/// The answers by instance, and an answer that is there and could not be read.
fn ask<'a>(host: &Host<'a>) -> (Vec<Asked<'a>>, Option<(&'a str, crate::snapshot::Lack)>) {
    let mut instances: Vec<Asked<'a>> = Vec::new();
    let mut lacking = None;
    let names = ["variables", "grants", "dynamic-grants", "roles", "roles-mariadb", "plugins"];
    for name in names.iter().chain(&ACCOUNTS_QUERIES) {
        let answers = host.query(NAME, name);
        lacking = lacking.or(answers.lacking.filter(|(_, lack)| *lack != crate::snapshot::Lack::NotCollected));
        for answered in answers.answered {
            let place = instances.iter().position(|asked| asked.instance == answered.instance).unwrap_or_else(|| {
                instances.push(Asked { instance: answered.instance, ..Asked::default() });
                instances.len() - 1
            });
            let asked = &mut instances[place];
            let slot = match *name {
                "variables" => &mut asked.variables,
                "grants" => &mut asked.grants.grants,
                "dynamic-grants" => &mut asked.grants.dynamic,
                "roles" | "roles-mariadb" => &mut asked.grants.roles,
                "plugins" => &mut asked.plugins,
                _ => &mut asked.accounts,
            };
            // Of two forms of one query, the one that the server understood.
            let better = slot.is_none_or(|held| held.records(people::COLUMNS).is_none());
            *slot = if better { Some(*answered) } else { *slot };
        }
    }
    (instances, lacking)
}

/// The rows of one instance.
fn instance<'a>(host: &Host<'a>, asked: &Asked<'a>, (files, own_files, of_files): (&Files<'a>, bool, Server<'a>), tables: &mut Tables<'a>) {
    let running = asked.variables.as_ref();
    let variable = |wanted: &str| {
        let mut records = running?.records(settings::COLUMNS)?;
        records.find(|(_, [name, _])| *name == wanted).map(|(record, [_, value])| (record, value))
    };
    // It speaks MySQL's protocol and calls itself 5.7.25-OceanBase-v4.…, but nothing that is known of MySQL holds for it.
    if let Some(answered) = running.filter(|_| variable("version").is_some_and(|(_, version)| version.contains("OceanBase"))) {
        let why = Why::new("oceanbase", &OCEANBASE, answered.source.path);
        let fills: Vec<_> = compares_nothing().collect();
        return database_gaps::push(host, (NAME, asked.instance), &fills, why, tables);
    }
    let named = variable("version").zip(running).map(|((record, value), running)| {
        let Evidence::Decides(span) = running.decides(record) else { return Server::of_version(value, None) };
        Server::of_version(value, Some(span))
    });
    let server = named.unwrap_or(if own_files { of_files } else { Server::default() });
    let persisted = if own_files { persisted::read(host, files, &server) } else { persisted::Persisted::default() };
    let said = settings::Said { files, persisted: &persisted, running: asked.variables, own_files, server };
    let settings = settings::effective(host, &said, tables.wants(&DRIFT));
    drift::push(host, asked.instance, &said, &settings, tables);
    if tables.wants(&MYSQL_SETTINGS) {
        settings.push(host, asked.instance, tables);
    }
    access::push_crypto(host, asked.instance, &settings, tables);
    logs::push(host, asked.instance, &settings, asked.plugins.as_ref(), tables);
    let mandatory = variable("mandatory_roles").map_or("", |(_, value)| value);
    let unseen = running.and_then(|answered| answered.gap(host, &settings::COLUMNS));
    people(host, asked, (&settings, mandatory, unseen), tables);
}

/// The rows about accounts; `unseen` is why roles could be mandatory that are not shown.
fn people<'a>(
    host: &Host<'a>,
    asked: &Asked<'a>,
    (settings, mandatory, unseen): (&Settings<'a>, &'a str, Option<Why<'a>>),
    tables: &mut Tables<'a>,
) {
    let not_asked = Why::not_collected("commands/mysql.accounts.csv");
    let gap = asked.accounts.as_ref().map_or(Some(not_asked), |answered| answered.gap(host, &people::COLUMNS));
    let accounts = asked.accounts.as_ref().map_or(Vec::new(), |answered| people::read(host, answered));
    let mariadb = settings.server.mariadb;
    let old = settings.server.numbers().is_some_and(|(major, ..)| major < 8);
    let needs = (mariadb != Some(true) && !old, mariadb == Some(true) || !old);
    let mut grants = grants::read(host, grants::Answers { mandatory, ..asked.grants }, needs);
    grants.gap = grants.gap.or(unseen);
    people::push(host, asked.instance, &accounts, (&grants, settings), tables);
    grants.push(host, asked.instance, &accounts, tables);
    if let Some(why) = gap {
        people::push_gaps(host, asked.instance, why, tables);
        if grants.gap.is_none() {
            grants::push_gap(host, asked.instance, why, tables);
        }
    }
    let superusers: Vec<Cell<'a>> = accounts.iter().map(|account| grants.superuser(host, account)).collect();
    let known = access::People { accounts: &accounts, gap };
    access::push(host, asked.instance, settings, known, (&superusers, tables));
    access::push_policy(host, asked.instance, settings, known, tables);
}
