//! The queries about accounts, privileges and roles of a tenant in MySQL mode into accounts, and those into rows of `accounts` and `privileges`.
//!
//! `information_schema.USER_PRIVILEGES` shows a reader without SELECT on the schema `mysql` only its own rows, and everybody else at least
//! one (`USAGE`): an account without any row there was hidden from the reader, and its privileges are not known.

use super::super::role_grants::{self, Grant, Grants};
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::{NAME, Tenant, invited};
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::people::ACCOUNTS;

/// Accounts, without what proves who they are: documentation, "System views", DBA_OB_USERS.
pub(super) const ACCOUNTS_SQL: &str = "SELECT USER_NAME AS user, HOST AS host, CASE WHEN PASSWD = '' THEN 'empty' ELSE 'set' END AS secret, IS_LOCKED AS locked FROM oceanbase.DBA_OB_USERS";
/// Privileges on everything.
pub(super) const PRIVILEGES_SQL: &str =
    "SELECT GRANTEE AS grantee, PRIVILEGE_TYPE AS privilege, IS_GRANTABLE AS grantable FROM information_schema.USER_PRIVILEGES";
/// Roles of those versions that have them.
pub(super) const ROLES_SQL: &str =
    "SELECT FROM_USER AS role_user, FROM_HOST AS role_host, TO_USER AS user, TO_HOST AS host FROM mysql.role_edges";

const COLUMNS: [&str; 4] = ["user", "host", "secret", "locked"];
const PRIVILEGES: [&str; 3] = ["grantee", "privilege", "grantable"];
const ROLES: [&str; 4] = ["role_user", "role_host", "user", "host"];

/// Privileges with which every other of the tenant can be had: by changing accounts, or whatever is checked.
const TOTAL: [&str; 2] = ["CREATE USER", "SUPER"];

/// Accounts that the server makes in every tenant; those that begin with `__oceanbase_inner` are its own too.
const BUILT_IN: [&str; 4] = ["LBACSYS", "ORAAUDITOR", "SYS", "root"];

/// Names that people share.
const SHARED: [&str; 10] = ["admin", "app", "backup", "dba", "guest", "oper", "public", "test", "user", "web"];

static HIDDEN: Phrase = Phrase { zh: "{} 的权限对导出者不可见", en: "the privileges of {} were hidden from whoever asked" };
static STORED: Phrase = Phrase { zh: "未查询 {} 的口令存储方式", en: "how the password of {} is kept was not asked" };

/// One account.
#[derive(Clone, Debug)]
pub(super) struct Account<'a> {
    pub user: &'a str,
    pub host: &'a str,
    /// As grants name it: `'app'@'10.1.%'`.
    pub quoted: &'a str,
    pub evidence: &'a [Evidence<'a>],
    pub empty: bool,
    pub locked: bool,
}

/// The accounts of a tenant and what they may do.
#[derive(Debug)]
pub(super) struct People<'a> {
    pub accounts: Vec<Account<'a>>,
    /// Why one may be missing.
    pub gap: Option<Why<'a>>,
    pub grants: Grants<'a>,
}

/// Reads the answers.
pub(super) fn read<'a>(host: &Host<'a>, tenant: &Tenant<'a>) -> People<'a> {
    let mut accounts: Vec<Account<'a>> = Vec::new();
    if let Some(answered) = tenant.answers.answer("accounts") {
        for (record, [user, from, secret, locked]) in answered.records(COLUMNS).into_iter().flatten() {
            accounts.push(Account {
                user,
                host: from,
                quoted: host.text(&format!("'{user}'@'{from}'")),
                evidence: host.evidence(&[answered.decides(record)]),
                empty: secret == "empty",
                locked: locked.eq_ignore_ascii_case("yes") || locked == "1",
            });
        }
    }
    let gap = tenant.answers.gap(host, "privileges", &PRIVILEGES).or_else(|| tenant.answers.gap(host, "roles", &ROLES));
    let mut grants = Grants::new(&TOTAL, gap);
    if let Some(answered) = tenant.answers.answer("privileges") {
        for (record, [grantee, privilege, grantable]) in answered.records(PRIVILEGES).into_iter().flatten() {
            let grantable = grantable.eq_ignore_ascii_case("yes");
            grants.hold(grantee, Grant { privilege, role: false, grantable, evidence: answered.decides(record) });
        }
    }
    if let Some(answered) = tenant.answers.answer("roles") {
        for (record, [role, role_host, user, from]) in answered.records(ROLES).into_iter().flatten() {
            let (role, holder) = (host.text(&format!("'{role}'@'{role_host}'")), host.text(&format!("'{user}'@'{from}'")));
            grants.hold(holder, Grant { privilege: role, role: true, grantable: false, evidence: answered.decides(record) });
        }
    }
    let hidden = accounts.iter().find(|account| grants.expanded(account.quoted).is_empty());
    grants.gap = grants.gap.or(hidden.map(|account| Why::new("privileges-hidden", &HIDDEN, account.quoted)));
    People { accounts, gap: tenant.answers.gap(host, "accounts", &COLUMNS), grants }
}

impl<'a> Account<'a> {
    /// Whether somebody can log in with it.
    pub(super) fn usable(&self) -> bool {
        !self.locked
    }

    /// The addresses that its host part admits; none where it is a name or was not understood.
    pub(super) fn sources(&self) -> Option<Addresses> {
        if self.host.is_empty() { Some(Addresses::any()) } else { invited::addresses(self.host) }
    }

    /// Whether it is of this host alone.
    pub(super) fn is_local(&self) -> bool {
        self.sources().is_some_and(|set| set.within(&invited::loopback()))
    }
}

impl<'a> People<'a> {
    /// Whether an account's privileges amount to every privilege.
    pub(super) fn superuser(&self, host: &Host<'a>, account: &Account<'a>) -> Cell<'a> {
        self.grants.superuser(host, (account.quoted, account.evidence), None)
    }

    /// Pushes the rows of both tables.
    pub(super) fn push(&self, host: &Host<'a>, tenant: &Tenant<'a>, tables: &mut Tables<'a>) {
        let instance = tenant.answers.instance;
        let mut gap = self.gap;
        for account in &self.accounts {
            if !host.spend(1) {
                gap = Some(Why::budget_spent("DBA_OB_USERS"));
                break;
            }
            self.push_account(host, instance, account, tables);
        }
        if let Some(why) = gap {
            let mut row = host.gap(&ACCOUNTS, NAME, why);
            row.instance(instance);
            tables.push(row);
        }
        let holders = self.accounts.iter().filter(|account| account.usable()).map(|account| account.quoted);
        self.grants.push(host, (NAME, instance), holders, None, tables);
        if let Some(why) = self.grants.gap.or(self.gap) {
            role_grants::push_gap(host, (NAME, instance), why, tables);
        }
    }

    /// The row of `accounts`.
    fn push_account(&self, host: &Host<'a>, instance: &'a str, account: &Account<'a>, tables: &mut Tables<'a>) {
        let known = |value: Value<'a>| Cell::known(value, account.evidence);
        let built_in = BUILT_IN.contains(&account.user) || account.user.starts_with("__oceanbase_inner");
        let state = match (account.locked, account.empty) {
            (true, _) => "locked",
            (false, true) => "empty",
            (false, false) => "set",
        };
        let stored = Cell::unknown(Why::new("not-asked", &STORED, account.quoted), account.evidence);
        let scheme = if account.empty { Cell::unset(account.evidence) } else { stored };
        let mut row = host.row(&ACCOUNTS, NAME);
        row.instance(instance);
        row.set(const { ACCOUNTS.column("name") }, known(Value::Text(host.text(&format!("{}@{}", account.user, account.host)))))
            .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(account.usable())))
            .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(true)))
            .set(const { ACCOUNTS.column("privileged") }, self.superuser(host, account))
            .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(built_in)))
            .set(const { ACCOUNTS.column("password-state") }, known(Value::Word(state)))
            .set(const { ACCOUNTS.column("password-scheme") }, scheme)
            .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
            .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
            .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
            .set(
                const { ACCOUNTS.column("shared-name") },
                known(Value::Boolean(SHARED.iter().any(|it| account.user.eq_ignore_ascii_case(it)))),
            )
            // The administrator that each tenant has: that it can log in is no fault.
            .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(false)))
            .set(const { ACCOUNTS.column("groups") }, known(host.texts(&self.grants.roles_of(account.quoted))))
            .set(const { ACCOUNTS.column("source") }, known(Value::Text("DBA_OB_USERS")));
        row.set_rest(Cell::unset(account.evidence));
        tables.push(row);
    }
}
