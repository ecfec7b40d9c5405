//! Logins, members of server roles and server permissions into rows of `mssql-logins`, `accounts` and `privileges`.

use jiff::civil::Date;

use super::super::role_grants::{self, Grant, Grants};
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::{NAME, Server};
use crate::schema::people::ACCOUNTS;
use crate::schema::sqlserver::MSSQL_LOGINS;

/// The columns of the queries.
const COLUMNS: [&str; 8] = ["name", "sid", "type", "disabled", "policy_checked", "expiration_checked", "password", "changed"];
const MEMBERS: [&str; 2] = ["role", "member"];
const PERMISSIONS: [&str; 3] = ["grantee", "permission", "state"];

/// What stands for everybody.
const EVERYBODY: &str = "public";

/// What amounts to every permission. Microsoft Learn, "Server-level roles": securityadmin is to be treated as sysadmin; "Permissions
/// (Database Engine)": CONTROL SERVER holds all others.
const TOTAL: [&str; 3] = ["CONTROL SERVER", "securityadmin", "sysadmin"];

/// Permissions that everybody is given when the server is installed: they are no grant of somebody.
const GIVEN: [&str; 2] = ["CONNECT SQL", "VIEW ANY DATABASE"];

/// Names that people share.
const SHARED: [&str; 8] = ["admin", "app", "backup", "dba", "guest", "test", "user", "web"];

/// One login.
#[derive(Clone, Debug)]
pub(super) struct Login<'a> {
    pub name: &'a str,
    pub evidence: &'a [Evidence<'a>],
    pub first: bool,
    pub kind: &'static str,
    pub disabled: bool,
    internal: bool,
    password: Option<&'static str>,
    policy: Option<bool>,
    expiration: Option<bool>,
    changed: Option<Date>,
}

impl Login<'_> {
    /// Whether somebody logs in with it and no password.
    pub(super) fn has_empty_password(&self) -> bool {
        !self.disabled && self.password == Some("empty")
    }
}

/// The logins of an instance.
#[derive(Debug)]
pub(super) struct People<'a> {
    pub logins: Vec<Login<'a>>,
    /// Why one may be missing.
    pub gap: Option<Why<'a>>,
}

/// A bit as clients write it.
fn bit(text: &str) -> Option<bool> {
    match text.trim() {
        "1" | "True" => Some(true),
        "0" | "False" => Some(false),
        _ => None,
    }
}

/// Reads the logins. Microsoft Learn, sys.server_principals: S is a SQL login, U and G are of Windows, E and X external, C and K of keys.
pub(super) fn read<'a>(host: &Host<'a>, server: &Server<'a>) -> People<'a> {
    let mut logins = Vec::new();
    if let Some(answered) = server.answers.answer("logins") {
        for (record, fields) in answered.records(COLUMNS).into_iter().flatten() {
            let [name, sid, kind, disabled, policy, expiration, password, changed] = fields;
            let kind = match kind.trim() {
                "S" => "sql",
                "U" | "G" => "windows",
                "C" | "K" => "certificate",
                _ => "external",
            };
            let password = match password.trim() {
                "empty" => Some("empty"),
                "name" => Some("name"),
                "set" => Some("set"),
                _ => None,
            };
            logins.push(Login {
                name,
                evidence: host.evidence(&[answered.decides(record)]),
                first: sid.trim() == "0x01",
                kind,
                disabled: bit(disabled) == Some(true),
                internal: name.starts_with("##"),
                password,
                policy: bit(policy),
                expiration: bit(expiration),
                changed: changed.trim().parse().ok(),
            });
        }
    }
    People { logins, gap: server.answers.gap(host, "logins", &COLUMNS) }
}

/// Reads members and permissions. A permission that is denied (state D) is none.
pub(super) fn grants<'a>(host: &Host<'a>, server: &Server<'a>) -> Grants<'a> {
    let gap = server.answers.gap(host, "role-members", &MEMBERS).or_else(|| server.answers.gap(host, "permissions", &PERMISSIONS));
    let mut grants = Grants::new(&TOTAL, gap);
    if let Some(answered) = server.answers.answer("role-members") {
        for (record, [role, member]) in answered.records(MEMBERS).into_iter().flatten() {
            let evidence = answered.decides(record);
            grants.hold(member, Grant { privilege: role, role: true, grantable: false, evidence });
        }
    }
    if let Some(answered) = server.answers.answer("permissions") {
        for (record, [grantee, privilege, state]) in answered.records(PERMISSIONS).into_iter().flatten() {
            let privilege = privilege.trim();
            if matches!(state.trim(), "G" | "W") && !GIVEN.contains(&privilege) {
                let evidence = answered.decides(record);
                grants.hold(grantee, Grant { privilege, role: false, grantable: state.trim() == "W", evidence });
            }
        }
    }
    grants
}

/// Pushes the rows of the three tables.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, people: &People<'a>, grants: &Grants<'a>, tables: &mut Tables<'a>) {
    let mut gap = people.gap;
    for login in &people.logins {
        if !host.spend(2) {
            gap = Some(Why::budget_spent("sys.server_principals"));
            break;
        }
        let superuser = superuser(host, grants, login);
        push_own(host, instance, login, superuser, tables);
        push_neutral(host, instance, login, (superuser, grants), tables);
    }
    if let Some(why) = gap {
        for table in [&MSSQL_LOGINS, &ACCOUNTS] {
            let mut row = host.gap(table, NAME, why);
            row.instance(instance);
            tables.push(row);
        }
    }
    let holders = std::iter::once(EVERYBODY).chain(people.logins.iter().filter(|it| !it.disabled && !it.internal).map(|it| it.name));
    grants.push(host, (NAME, instance), holders, Some(EVERYBODY), tables);
    if let Some(why) = grants.gap.or(gap) {
        role_grants::push_gap(host, (NAME, instance), why, tables);
    }
}

/// Whether a login's permissions amount to every permission.
pub(super) fn superuser<'a>(host: &Host<'a>, grants: &Grants<'a>, login: &Login<'a>) -> Cell<'a> {
    // The first login is a member of sysadmin, and cannot leave it.
    if login.first {
        return Cell::known(Value::Boolean(true), login.evidence);
    }
    grants.superuser(host, (login.name, login.evidence), Some(EVERYBODY))
}

/// The row of `mssql-logins`.
fn push_own<'a>(host: &Host<'a>, instance: &'a str, login: &Login<'a>, superuser: Cell<'a>, tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, login.evidence);
    let maybe = |value: Option<Value<'a>>| value.map_or(Cell::unset(login.evidence), known);
    let of_sql = |value: Option<bool>| match (login.kind, value) {
        ("sql", None) => Cell::unknown(Why::not_understood(login.name), login.evidence),
        _ => maybe(value.map(Value::Boolean)),
    };
    let mut row = host.row(&MSSQL_LOGINS, NAME);
    row.instance(instance);
    row.set(const { MSSQL_LOGINS.column("login") }, known(Value::Text(login.name)))
        .set(const { MSSQL_LOGINS.column("first") }, known(Value::Boolean(login.first)))
        .set(const { MSSQL_LOGINS.column("kind") }, known(Value::Word(login.kind)))
        .set(const { MSSQL_LOGINS.column("internal") }, known(Value::Boolean(login.internal)))
        .set(const { MSSQL_LOGINS.column("disabled") }, known(Value::Boolean(login.disabled)))
        .set(const { MSSQL_LOGINS.column("password") }, maybe(login.password.map(Value::Word)))
        .set(const { MSSQL_LOGINS.column("policy-checked") }, of_sql(login.policy))
        .set(const { MSSQL_LOGINS.column("expiration-checked") }, of_sql(login.expiration))
        .set(const { MSSQL_LOGINS.column("superuser") }, superuser);
    tables.push(row);
}

/// The row of `accounts`.
fn push_neutral<'a>(
    host: &Host<'a>,
    instance: &'a str,
    login: &Login<'a>,
    (superuser, grants): (Cell<'a>, &Grants<'a>),
    tables: &mut Tables<'a>,
) {
    let known = |value: Value<'a>| Cell::known(value, login.evidence);
    let unset = Cell::unset(login.evidence);
    let state = match (login.kind, login.password, login.disabled) {
        ("sql", _, true) => "locked",
        ("sql", Some("empty"), _) => "empty",
        ("sql", ..) => "set",
        _ => "none",
    };
    // Microsoft Learn, "Password policy": from 2012 on SHA-512, until 2025 unless a login was made before.
    let scheme = if state == "set" { Cell::unknown(Why::not_understood("password_hash"), login.evidence) } else { unset };
    let age = Cell::unknown(Why::not_understood("MaximumPasswordAge"), login.evidence);
    let mut row = host.row(&ACCOUNTS, NAME);
    row.instance(instance);
    row.set(const { ACCOUNTS.column("name") }, known(Value::Text(login.name)))
        .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(!login.disabled && login.kind != "certificate")))
        .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(!login.internal)))
        .set(const { ACCOUNTS.column("privileged") }, superuser)
        .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(login.internal)))
        .set(const { ACCOUNTS.column("password-state") }, known(Value::Word(state)))
        .set(const { ACCOUNTS.column("password-scheme") }, scheme)
        // The policy of Windows says when it expires, where it is heeded at all.
        .set(
            const { ACCOUNTS.column("password-max-age") },
            if login.expiration == Some(false) {
                known(Value::Unlimited)
            } else if login.kind == "sql" {
                age
            } else {
                unset
            },
        )
        .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
        .set(const { ACCOUNTS.column("last-change") }, login.changed.map_or(unset, |day| known(Value::Date(day))))
        .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
        .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
        .set(
            const { ACCOUNTS.column("shared-name") },
            known(Value::Boolean(SHARED.iter().any(|name| name.eq_ignore_ascii_case(login.name)))),
        )
        .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(login.first || login.internal)))
        .set(const { ACCOUNTS.column("groups") }, known(host.texts(&grants.roles_of(login.name))))
        .set(const { ACCOUNTS.column("source") }, known(Value::Text("sys.server_principals")));
    row.set_rest(unset);
    tables.push(row);
}
