//! Parameter files, Oracle Net files and exports of the dictionary into settings, accounts, privileges, audit and the ways in of Oracle.
//!
//! Knows Oracle Database 11.2 to 23ai. What the running instance says decides, and the line of its parameter file stands beside it.
//! Oracle Net files are looked for in the `network/admin` of each home that oratab or the usual layout shows; one that a process finds
//! elsewhere through TNS_ADMIN is not known of.

mod access;
mod accounts;
mod actions;
mod listeners;
mod logs;
mod network;
mod nodes;
mod parameters;
mod places;
mod policy;
mod privileges;
mod profiles;
mod purge;
mod queries;
mod schemas;
mod version;

use super::queries::{Answered, Asked};
use super::{Expectation, Host, Product, Seen, Tables, Why};
use crate::names::database::ORACLE;
use crate::names::{LINUX, Phrase};
use crate::schema::Table;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, CRYPTO, DRIFT, LOGS, PRIVILEGES, REMOTE_ACCESS};
use crate::schema::oracle::{
    ORACLE_ACCOUNTS, ORACLE_AUDIT, ORACLE_LISTENERS, ORACLE_NETWORK, ORACLE_PARAMETERS, ORACLE_PROFILES, ORACLE_PUBLIC, ORACLE_TRIGGERS,
};
use crate::snapshot::Lack;
use places::Places;
use version::Version;

/// The product's name.
const NAME: &str = "oracle";

/// Oracle Database.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Oracle 数据库", en: "Oracle Database" },
    platforms: &[LINUX, ORACLE],
    expectation: Expectation::Optional,
    reads: queries::READS,
    fills: &[
        &ACCOUNTS,
        &AUTHENTICATION_POLICY,
        &CRYPTO,
        &DRIFT,
        &LOGS,
        &ORACLE_ACCOUNTS,
        &ORACLE_AUDIT,
        &ORACLE_LISTENERS,
        &ORACLE_NETWORK,
        &ORACLE_PARAMETERS,
        &ORACLE_PROFILES,
        &ORACLE_PUBLIC,
        &ORACLE_TRIGGERS,
        &PRIVILEGES,
        &REMOTE_ACCESS,
    ],
    derive,
};

/// One database: what was asked of it, and its parameter file.
#[derive(Debug)]
struct Database<'a> {
    instance: &'a str,
    version: Option<Version<'a>>,
    answers: Asked<'a>,
    file: Option<parameters::File<'a>>,
}

impl<'a> Database<'a> {
    /// The answer to a query, of its forms the one that the server understood.
    fn answer<const N: usize>(&self, names: &[&str], columns: [&str; N]) -> Option<Answered<'a>> {
        let mut there = self.answers.answers(names);
        let mut all = there.clone();
        all.find(|answered| answered.records(columns).is_some()).or_else(|| there.next())
    }

    /// Why a record of a query's answer may be missing.
    fn gap<const N: usize>(&self, host: &Host<'a>, names: &[&'static str], columns: [&str; N]) -> Option<Why<'a>> {
        match self.answer(names, columns) {
            Some(answered) => answered.gap(host, &columns),
            None => Some(self.answers.not_asked(host, names.first().unwrap_or(&""))),
        }
    }
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let places = places::find(host);
    let (databases, lacking) = databases(host, &places);
    if databases.is_empty() && places.homes.is_empty() && lacking.is_none() {
        return match places.oratab {
            Lack::Absent | Lack::NotCollected => Seen::Nothing,
            lack => Seen::Lacking(places::ORATAB, lack),
        };
    }
    let several = places.homes.len() > 1;
    let homes: Vec<network::Home<'a>> = places.homes.iter().map(|place| network::read(host, place, several)).collect();
    let listeners: Vec<listeners::Listener<'a>> = homes.iter().flat_map(|home| listeners::read(host, home)).collect();
    for home in &homes {
        network::push(host, home, tables);
        listeners::push(host, home, &listeners, tables);
    }
    let mut found = Vec::new();
    for database in &databases {
        found.push(derive_database(host, database, tables));
    }
    access::push(host, (&homes, &listeners), &found, tables);
    if listeners.is_empty() {
        listeners::push_gap(host, tables);
    }
    if homes.is_empty() {
        network::push_gap(host, tables);
    }
    if databases.is_empty() {
        gaps(host, "", Why::not_collected("commands/oracle.parameters.csv"), tables);
    }
    if let Some((path, lack)) = lacking {
        gaps(host, path, Why::lacking(path, lack), tables);
    }
    Seen::Present
}

/// Gap rows of every table of a database; of Oracle Net its own files tell.
fn gaps<'a>(host: &Host<'a>, instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>) {
    let of_net = |table: &'static Table| [&ORACLE_LISTENERS, &ORACLE_NETWORK, &CRYPTO].into_iter().any(|other| std::ptr::eq(other, table));
    let of_database: Vec<&'static Table> = PRODUCT.fills.iter().copied().filter(|table| !of_net(table)).collect();
    super::database_gaps::push(host, (NAME, instance), &of_database, why, tables);
}

/// The rows of one database, and what the ways in need of it.
fn derive_database<'a>(host: &Host<'a>, database: &Database<'a>, tables: &mut Tables<'a>) -> access::Behind<'a> {
    let settings = parameters::effective(host, database);
    settings.push(host, database.instance, tables);
    parameters::push_drift(host, database, tables);
    let grants = privileges::read(host, database);
    let people = accounts::read(host, database);
    let profiles = profiles::read(host, database, &people);
    profiles.push(host, database.instance, tables);
    accounts::push(host, database.instance, &people, (&grants, &profiles), tables);
    privileges::push(host, database.instance, &people, &grants, tables);
    schemas::push_public(host, database, tables);
    let triggers = schemas::push_triggers(host, database, tables);
    let audit = actions::read(host, database, &settings);
    audit.push(host, database.instance, tables);
    logs::push(host, database, (&settings, &audit), tables);
    policy::push(host, database.instance, &profiles, tables);
    access::behind(host, (database.instance, &settings), (&people, &profiles, &grants), triggers)
}

/// The databases that were asked or that have a parameter file, and an answer that is there and could not be read.
fn databases<'a>(host: &Host<'a>, places: &Places<'a>) -> (Vec<Database<'a>>, Option<(&'a str, Lack)>) {
    let (asked, lacking) = host.asked(NAME, &queries::NAMES);
    let named = |answers: Asked<'a>| Database { instance: answers.instance, version: None, answers, file: None };
    let mut databases: Vec<Database<'a>> = asked.into_iter().map(named).collect();
    let mut files = parameters::files(host, places);
    // The answers without a name are those of the only database.
    if let [database] = &mut databases[..]
        && files.len() == 1
        && database.instance.is_empty()
    {
        database.file = files.pop();
    }
    for file in files {
        match databases.iter_mut().find(|database| database.instance.eq_ignore_ascii_case(file.sid)) {
            Some(database) => database.file = Some(file),
            None => {
                databases.push(Database { instance: file.sid, version: None, answers: Asked::nothing(NAME, file.sid), file: Some(file) })
            }
        }
    }
    for database in &mut databases {
        let of_path = || database.file.as_ref().and_then(|file| version::of_path(host, file.home));
        database.version = version::of_answer(database).or_else(of_path);
    }
    (databases, lacking)
}
