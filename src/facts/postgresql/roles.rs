//! The queries of roles, memberships and grants into the rows of `pg-roles` and `pg-databases`.
//!
//! A member of a superuser, or of a predefined role that reads, writes or runs what it likes on the server's host, is as good as
//! superuser (manual, "Predefined Roles"), through however many memberships: SET ROLE reaches them all. From 16 on a membership can be
//! without SET and INHERIT; it is counted all the same, since its holder may get them back from whoever granted it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::queries::Answered;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::NAME;
use super::hba::Name;
use super::installations::Installation;
use crate::schema::postgresql::{PG_DATABASES, PG_ROLES};

/// Predefined roles that amount to superuser.
const AS_GOOD: [&str; 3] = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"];

const ROLES: [&str; 8] = ["role", "login", "superuser", "createrole", "replication", "bypassrls", "valid_until", "scheme"];
const MEMBERS: [&str; 2] = ["role", "member"];

/// What is known of an installation's roles.
#[derive(Debug, Default)]
pub(super) struct Roles<'a> {
    /// Who may log in and is superuser or as good; only the one that packages make, where roles were not collected.
    pub superusers: Vec<&'a str>,
    /// Whether these are all.
    pub complete: bool,
    /// Groups by member.
    groups: BTreeMap<&'a str, Vec<(&'a str, Evidence<'a>)>>,
    /// The records of the roles.
    records: Vec<(Evidence<'a>, [&'a str; 8])>,
    /// Why a role or a membership may be missing.
    gap: Option<Why<'a>>,
}

/// Whether a client wrote "true".
fn yes(text: &str) -> bool {
    matches!(text, "t" | "true" | "TRUE" | "yes" | "1")
}

/// Reads the roles of an installation.
pub(super) fn read<'a>(host: &Host<'a>, installation: &Installation<'a>, all: &[Installation<'a>]) -> Roles<'a> {
    let mut roles = Roles::default();
    let members = collected(host, installation, all, "memberships", MEMBERS, &mut roles.gap);
    for (evidence, [role, member]) in members {
        roles.groups.entry(member).or_default().push((role, evidence));
    }
    roles.records = collected(host, installation, all, "roles", ROLES, &mut roles.gap);
    roles.complete = roles.gap.is_none() && !roles.records.is_empty();
    let supers: BTreeSet<&str> = roles.records.iter().filter(|(_, fields)| yes(fields[2])).map(|(_, fields)| fields[0]).collect();
    let logins = roles.records.iter().filter(|(_, fields)| yes(fields[1]));
    let high: Vec<&'a str> = logins
        .filter(|(_, fields)| yes(fields[2]) || !roles.through(host, fields[0], &supers).is_empty())
        .map(|(_, fields)| fields[0])
        .collect();
    roles.superusers = if roles.records.is_empty() { vec!["postgres"] } else { high };
    roles
}

/// The records of a query, and why some may be missing.
fn collected<'a, const N: usize>(
    host: &Host<'a>,
    installation: &Installation<'a>,
    all: &[Installation<'a>],
    query: &str,
    columns: [&str; N],
    gap: &mut Option<Why<'a>>,
) -> Vec<(Evidence<'a>, [&'a str; N])> {
    let answered: Answered<'a> = match installation.answer(host, all, query) {
        Ok(answered) => answered,
        Err(why) => {
            *gap = gap.or(Some(why));
            return Vec::new();
        }
    };
    *gap = gap.or(answered.gap(host, &columns));
    answered.records(columns).into_iter().flatten().map(|(record, fields)| (answered.decides(record), fields)).collect()
}

impl<'a> Roles<'a> {
    /// The roles that amount to superuser among those that a role is a member of, through however many.
    fn through(&self, host: &Host<'a>, role: &'a str, supers: &BTreeSet<&str>) -> Vec<(&'a str, Evidence<'a>)> {
        let mut seen: BTreeSet<&str> = BTreeSet::from([role]);
        let mut open = vec![role];
        let mut found = Vec::new();
        while let Some(member) = open.pop() {
            for (group, evidence) in self.groups.get(member).into_iter().flatten() {
                if !seen.insert(group) || !host.spend(1) {
                    continue;
                }
                if supers.contains(group) || AS_GOOD.contains(group) {
                    found.push((*group, *evidence));
                }
                open.push(group);
            }
        }
        found
    }

    /// Whether a user of a rule stands for a role; none where that depends on what is not known.
    pub(super) fn fits(&self, name: Name<'a>, role: &'a str) -> Option<bool> {
        let special = |mark| if name.quoted { None } else { name.text.strip_prefix(mark) };
        match (special('+'), special('/')) {
            _ if name.is("all") => Some(true),
            (Some(_), _) if !self.complete => None,
            (Some(group), _) => Some(group == role || self.is_member(role, group)),
            (None, Some(_)) => None,
            (None, None) => Some(name.text == role),
        }
    }

    /// Whether a role is a member of a group, through however many.
    fn is_member(&self, role: &'a str, group: &str) -> bool {
        let mut seen: BTreeSet<&str> = BTreeSet::from([role]);
        let mut open = vec![role];
        while let Some(member) = open.pop() {
            for (of, _) in self.groups.get(member).into_iter().flatten() {
                if *of == group {
                    return true;
                }
                if seen.insert(of) {
                    open.push(of);
                }
            }
        }
        false
    }
}

/// One role of a person or a program.
#[derive(Clone, Debug)]
pub(super) struct Role<'a> {
    pub name: &'a str,
    pub login: bool,
    /// Whether it is superuser or as good.
    pub superuser: Cell<'a>,
    /// Attributes beyond the ordinary, in the words of `pg-roles`.
    pub rights: Vec<&'static str>,
    /// Memberships that amount to superuser.
    pub through: Vec<&'a str>,
    pub valid_until: Cell<'a>,
    /// How its password is stored.
    pub scheme: Cell<'a>,
    pub evidence: &'a [Evidence<'a>],
}

impl<'a> Roles<'a> {
    /// The roles; those that are predefined are the product's own and cannot log in.
    pub(super) fn people(&self, host: &Host<'a>) -> Vec<Role<'a>> {
        let supers: BTreeSet<&str> = self.records.iter().filter(|(_, fields)| yes(fields[2])).map(|(_, fields)| fields[0]).collect();
        let own = self.records.iter().filter(|(_, fields)| !fields[0].starts_with("pg_"));
        own.map(|(record, fields)| self.role(host, *record, *fields, &supers)).collect()
    }

    /// One role.
    fn role(&self, host: &Host<'a>, record: Evidence<'a>, fields: [&'a str; 8], supers: &BTreeSet<&str>) -> Role<'a> {
        let [name, login, superuser, createrole, replication, bypassrls, valid_until, scheme] = fields;
        let through = self.through(host, name, supers);
        let references = through.iter().filter_map(|(_, evidence)| match evidence {
            Evidence::Decides(span) => Some(Evidence::Reference(*span)),
            _ => None,
        });
        let evidence: Vec<Evidence<'a>> = std::iter::once(record).chain(references).collect();
        let evidence = host.evidence(&evidence);
        let rights = [("bypass-rls", bypassrls), ("create-role", createrole), ("replication", replication), ("superuser", superuser)];
        let high = yes(superuser) || !through.is_empty();
        // A membership that was not collected may still make it superuser.
        let is_super = match self.gap {
            Some(why) if !high => Cell::unknown(why, evidence),
            _ => Cell::known(Value::Boolean(high), evidence),
        };
        Role {
            name,
            login: yes(login),
            superuser: is_super,
            rights: rights.iter().filter(|(_, text)| yes(text)).map(|(word, _)| *word).collect(),
            through: through.iter().map(|(name, _)| *name).collect(),
            valid_until: date(valid_until, evidence),
            scheme: self::scheme(scheme, evidence),
            evidence,
        }
    }

    /// Why a role may be missing.
    pub(super) fn gap(&self) -> Option<Why<'a>> {
        self.gap
    }
}

/// Pushes the rows of `pg-roles`.
pub(super) fn push<'a>(host: &Host<'a>, installation: &Installation<'a>, roles: &Roles<'a>, people: &[Role<'a>], tables: &mut Tables<'a>) {
    for role in people {
        let rights: Vec<Value<'a>> = role.rights.iter().map(|word| Value::Word(word)).collect();
        let known = |value| Cell::known(value, role.evidence);
        let mut row = host.row(&PG_ROLES, NAME);
        row.set(const { PG_ROLES.column("role") }, known(Value::Text(role.name)))
            .set(const { PG_ROLES.column("login") }, known(Value::Boolean(role.login)))
            .set(const { PG_ROLES.column("superuser") }, role.superuser)
            .set(const { PG_ROLES.column("rights") }, known(Value::List(host.arena().alloc_slice_copy(&rights))))
            .set(const { PG_ROLES.column("through") }, known(host.texts(&role.through)))
            .set(const { PG_ROLES.column("valid-until") }, role.valid_until)
            .set(const { PG_ROLES.column("password-scheme") }, role.scheme);
        row.instance(installation.instance);
        tables.push(row);
    }
    if let Some(why) = roles.gap {
        let mut row = host.gap(&PG_ROLES, NAME, why);
        row.instance(installation.instance);
        tables.push(row);
    }
}

/// The last day of a password.
fn date<'a>(text: &'a str, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    match text {
        "" | "never" | "infinity" => Cell::known(Value::Never, evidence),
        _ => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::known(Value::Date(day), evidence),
            None => Cell::unknown(Why::not_understood(text), evidence),
        },
    }
}

/// How a password is stored, as the query reduced it.
fn scheme<'a>(text: &str, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    const WORDS: [&str; 6] = ["md5", "none", "other", "scram-sha-256", "sha256", "sm3"];
    WORDS.iter().find(|word| **word == text).map_or(Cell::unset(evidence), |word| Cell::known(Value::Word(word), evidence))
}

/// Pushes the rows of `pg-databases`: one per database that can be connected to.
pub(super) fn push_databases<'a>(host: &Host<'a>, installation: &Installation<'a>, all: &[Installation<'a>], tables: &mut Tables<'a>) {
    let mut gap = None;
    let mut grants_gap = None;
    let names = collected(host, installation, all, "databases", ["database"], &mut gap);
    let grants = collected(host, installation, all, "public-grants", ["database", "public_create"], &mut grants_gap);
    let mut databases: BTreeMap<&'a str, Cell<'a>> = BTreeMap::new();
    let missing = grants_gap.unwrap_or(Why::not_collected("commands/postgresql.public-grants.csv"));
    for (evidence, [name]) in names {
        databases.insert(name, Cell::unknown(missing, host.evidence(&[evidence])));
    }
    for (evidence, [name, create]) in grants {
        databases.insert(name, Cell::known(Value::Boolean(yes(create)), host.evidence(&[evidence])));
    }
    for (name, cell) in databases {
        let mut row = host.row(&PG_DATABASES, NAME);
        row.set(const { PG_DATABASES.column("database") }, Cell::known(Value::Text(name), cell.evidence))
            .set(const { PG_DATABASES.column("public-create") }, cell);
        row.instance(installation.instance);
        tables.push(row);
    }
    if let Some(why) = gap {
        let mut row = host.gap(&PG_DATABASES, NAME, why);
        row.instance(installation.instance);
        tables.push(row);
    }
}
