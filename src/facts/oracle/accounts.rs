//! DBA_USERS into rows of `oracle-accounts` and `accounts`.

use jiff::civil::Date;

use super::super::role_grants::Grants;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::privileges;
use super::profiles::Profiles;
use super::queries::USERS;
use super::{Database, NAME};
use crate::schema::oracle::ORACLE_ACCOUNTS;
use crate::schema::people::ACCOUNTS;

/// The columns of the query.
const COLUMNS: [&str; 8] = [
    "username",
    "account_status",
    "profile",
    "authentication_type",
    "password_versions",
    "oracle_maintained",
    "last_login",
    "default_password",
];

/// Names that people share.
const SHARED: [&str; 9] = ["ADMIN", "APP", "BACKUP", "DBA", "GUEST", "OPER", "TEST", "USER", "WEB"];

/// Oracle's own accounts that people log in with.
const ADMINISTRATIVE: [&str; 2] = ["SYS", "SYSTEM"];

/// One account.
#[derive(Clone, Debug)]
pub(super) struct Account<'a> {
    pub name: &'a str,
    pub profile: &'a str,
    pub evidence: &'a [Evidence<'a>],
    /// A lock that ends by itself does not count.
    pub locked: bool,
    /// Whether Oracle's scripts made it; none where the version does not tell.
    pub maintained: Option<bool>,
    pub authentication: &'static str,
    verifiers: Vec<&'a str>,
    last_login: Option<Date>,
    default_password: bool,
}

/// The accounts of a database.
#[derive(Debug)]
pub(super) struct People<'a> {
    pub accounts: Vec<Account<'a>>,
    /// Why one may be missing.
    pub gap: Option<Why<'a>>,
}

/// Reads the answer.
pub(super) fn read<'a>(host: &Host<'a>, database: &Database<'a>) -> People<'a> {
    let gap = database.gap(host, &USERS, COLUMNS);
    let answered = database.answer(&USERS, COLUMNS);
    let records = answered.as_ref().and_then(|answered| answered.records(COLUMNS));
    let accounts = records.into_iter().flatten().zip(answered.into_iter().cycle());
    let accounts = accounts.map(|((record, fields), answered)| account(host.evidence(&[answered.decides(record)]), fields)).collect();
    People { accounts, gap }
}

/// One record. Database Reference, DBA_USERS: states of ACCOUNT_STATUS are joined by `&`; LOCKED(TIMED) is what PASSWORD_LOCK_TIME ends.
fn account<'a>(evidence: &'a [Evidence<'a>], fields: [&'a str; 8]) -> Account<'a> {
    let [name, status, profile, authentication, versions, maintained, last_login, default_password] = fields;
    let maintained = match maintained {
        "Y" => Some(true),
        "N" => Some(false),
        _ => None,
    };
    let authentication = match authentication {
        "PASSWORD" => "password",
        "EXTERNAL" => "external",
        "GLOBAL" => "global",
        "NONE" => "none",
        _ => "other",
    };
    Account {
        name,
        profile,
        evidence,
        locked: status.split('&').any(|state| state.trim() == "LOCKED"),
        maintained,
        authentication,
        verifiers: versions.split_whitespace().collect(),
        last_login: last_login.parse().ok(),
        default_password: default_password == "Y",
    }
}

impl<'a> Account<'a> {
    /// Whether somebody can log in with it.
    pub(super) fn usable(&self) -> bool {
        !self.locked && self.authentication != "none"
    }

    /// The weakest verifier that is stored: Security Guide, "Password Versions".
    fn scheme(&self) -> Option<&'static str> {
        let has = |version: &str| self.verifiers.contains(&version);
        match (has("10G"), has("11G"), has("12C")) {
            (true, ..) => Some("des"),
            (_, true, _) => Some("sha1"),
            (.., true) => Some("sha512"),
            _ => None,
        }
    }
}

impl<'a> People<'a> {
    /// The accounts that can log in.
    pub(super) fn usable(&self) -> impl Iterator<Item = &Account<'a>> {
        self.accounts.iter().filter(|account| account.usable())
    }

    /// Whether an account that can log in has a profile.
    pub(super) fn uses(&self, host: &Host<'a>, profile: &str) -> Cell<'a> {
        match (self.usable().find(|account| account.profile == profile), self.gap) {
            (Some(account), _) => Cell::known(Value::Boolean(true), account.evidence),
            (None, Some(why)) => Cell::unknown(why, &[]),
            (None, None) => {
                let pieces: Vec<Evidence<'a>> = self.accounts.iter().take(1).flat_map(|account| account.evidence).copied().collect();
                Cell::known(Value::Boolean(false), host.evidence(&pieces))
            }
        }
    }
}

/// Pushes the rows of both tables.
pub(super) fn push<'a>(
    host: &Host<'a>,
    instance: &'a str,
    people: &People<'a>,
    (grants, profiles): (&Grants<'a>, &Profiles<'a>),
    tables: &mut Tables<'a>,
) {
    for account in &people.accounts {
        if !host.spend(2) {
            push_gaps(host, instance, Why::budget_spent("dba_users"), tables);
            return;
        }
        let superuser = privileges::superuser(host, grants, account);
        push_own(host, instance, account, superuser, tables);
        push_neutral(host, instance, account, (superuser, grants, profiles), tables);
    }
    if let Some(why) = people.gap {
        push_gaps(host, instance, why, tables);
    }
}

/// Gap rows of both tables.
fn push_gaps<'a>(host: &Host<'a>, instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>) {
    for table in [&ORACLE_ACCOUNTS, &ACCOUNTS] {
        let mut row = host.gap(table, NAME, why);
        row.instance(instance);
        tables.push(row);
    }
}

/// The row of `oracle-accounts`.
fn push_own<'a>(host: &Host<'a>, instance: &'a str, account: &Account<'a>, superuser: Cell<'a>, tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, account.evidence);
    let maintained = account.maintained.map_or(Cell::unset(account.evidence), |it| known(Value::Boolean(it)));
    let mut row = host.row(&ORACLE_ACCOUNTS, NAME);
    row.instance(instance);
    row.set(const { ORACLE_ACCOUNTS.column("user") }, known(Value::Text(account.name)))
        .set(const { ORACLE_ACCOUNTS.column("locked") }, known(Value::Boolean(account.locked)))
        .set(const { ORACLE_ACCOUNTS.column("maintained") }, maintained)
        .set(const { ORACLE_ACCOUNTS.column("profile") }, known(Value::Text(account.profile)))
        .set(const { ORACLE_ACCOUNTS.column("authentication") }, known(Value::Word(account.authentication)))
        .set(const { ORACLE_ACCOUNTS.column("default-password") }, known(Value::Boolean(account.default_password)))
        .set(const { ORACLE_ACCOUNTS.column("verifiers") }, known(host.texts(&account.verifiers)))
        .set(const { ORACLE_ACCOUNTS.column("superuser") }, superuser);
    tables.push(row);
}

/// The row of `accounts`.
fn push_neutral<'a>(
    host: &Host<'a>,
    instance: &'a str,
    account: &Account<'a>,
    (superuser, grants, profiles): (Cell<'a>, &Grants<'a>, &Profiles<'a>),
    tables: &mut Tables<'a>,
) {
    let known = |value: Value<'a>| Cell::known(value, account.evidence);
    let unset = Cell::unset(account.evidence);
    let maintained = account.maintained == Some(true);
    let password = match account.authentication {
        "password" if account.locked => "locked",
        "password" => "set",
        _ => "none",
    };
    let interactive = !maintained || ADMINISTRATIVE.contains(&account.name);
    let roles = grants.roles_of(account.name);
    let mut row = host.row(&ACCOUNTS, NAME);
    row.instance(instance);
    row.set(const { ACCOUNTS.column("name") }, known(Value::Text(account.name)))
        .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(account.usable())))
        .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(interactive)))
        .set(const { ACCOUNTS.column("privileged") }, superuser)
        .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(maintained)))
        .set(const { ACCOUNTS.column("password-state") }, known(Value::Word(password)))
        .set(const { ACCOUNTS.column("password-scheme") }, account.scheme().map_or(unset, |scheme| known(Value::Word(scheme))))
        .set(const { ACCOUNTS.column("password-max-age") }, profiles.life(account.profile))
        .set(const { ACCOUNTS.column("inactive-lock") }, profiles.inactive(account.profile))
        .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
        .set(const { ACCOUNTS.column("last-login") }, account.last_login.map_or(unset, |day| known(Value::Date(day))))
        .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
        .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(SHARED.contains(&account.name))))
        .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(maintained || account.default_password)))
        .set(const { ACCOUNTS.column("groups") }, known(host.texts(&roles)))
        .set(const { ACCOUNTS.column("source") }, known(Value::Text("dba_users")));
    row.set_rest(unset);
    tables.push(row);
}
