//! The queries about grants and roles into what each account may do, and those into rows of `privileges`.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::super::queries::Answered;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::NAME;
use super::hosts::like;
use super::people::{Account, INTERNAL};
use crate::schema::people::PRIVILEGES;

/// The columns of the query `grants`.
pub(super) const GRANTS: [&str; 5] = ["user", "host", "db", "object", "privileges"];
/// The columns of the query `dynamic-grants`.
pub(super) const DYNAMIC: [&str; 4] = ["user", "host", "privilege", "grantable"];
/// The columns of the query `roles`.
pub(super) const ROLES: [&str; 4] = ["role_user", "role_host", "user", "host"];

/// Privileges of all servers at the three levels, a list in one column.
pub(super) const GRANTS_SQL: &str = "SELECT User AS user, Host AS host, '*' AS db, '' AS object, CONCAT_WS(',', IF(Select_priv = 'Y', 'SELECT', NULL), IF(Insert_priv = 'Y', 'INSERT', NULL), IF(Update_priv = 'Y', 'UPDATE', NULL), IF(Delete_priv = 'Y', 'DELETE', NULL), IF(Create_priv = 'Y', 'CREATE', NULL), IF(Drop_priv = 'Y', 'DROP', NULL), IF(Reload_priv = 'Y', 'RELOAD', NULL), IF(Shutdown_priv = 'Y', 'SHUTDOWN', NULL), IF(Process_priv = 'Y', 'PROCESS', NULL), IF(File_priv = 'Y', 'FILE', NULL), IF(Grant_priv = 'Y', 'GRANT OPTION', NULL), IF(References_priv = 'Y', 'REFERENCES', NULL), IF(Index_priv = 'Y', 'INDEX', NULL), IF(Alter_priv = 'Y', 'ALTER', NULL), IF(Show_db_priv = 'Y', 'SHOW DATABASES', NULL), IF(Super_priv = 'Y', 'SUPER', NULL), IF(Create_tmp_table_priv = 'Y', 'CREATE TEMPORARY TABLES', NULL), IF(Lock_tables_priv = 'Y', 'LOCK TABLES', NULL), IF(Execute_priv = 'Y', 'EXECUTE', NULL), IF(Repl_slave_priv = 'Y', 'REPLICATION SLAVE', NULL), IF(Repl_client_priv = 'Y', 'REPLICATION CLIENT', NULL), IF(Create_view_priv = 'Y', 'CREATE VIEW', NULL), IF(Show_view_priv = 'Y', 'SHOW VIEW', NULL), IF(Create_routine_priv = 'Y', 'CREATE ROUTINE', NULL), IF(Alter_routine_priv = 'Y', 'ALTER ROUTINE', NULL), IF(Create_user_priv = 'Y', 'CREATE USER', NULL), IF(Event_priv = 'Y', 'EVENT', NULL), IF(Trigger_priv = 'Y', 'TRIGGER', NULL), IF(Create_tablespace_priv = 'Y', 'CREATE TABLESPACE', NULL)) AS privileges FROM mysql.user UNION ALL SELECT User, Host, Db, '', CONCAT_WS(',', IF(Select_priv = 'Y', 'SELECT', NULL), IF(Insert_priv = 'Y', 'INSERT', NULL), IF(Update_priv = 'Y', 'UPDATE', NULL), IF(Delete_priv = 'Y', 'DELETE', NULL), IF(Create_priv = 'Y', 'CREATE', NULL), IF(Drop_priv = 'Y', 'DROP', NULL), IF(Grant_priv = 'Y', 'GRANT OPTION', NULL), IF(References_priv = 'Y', 'REFERENCES', NULL), IF(Index_priv = 'Y', 'INDEX', NULL), IF(Alter_priv = 'Y', 'ALTER', NULL), IF(Create_tmp_table_priv = 'Y', 'CREATE TEMPORARY TABLES', NULL), IF(Lock_tables_priv = 'Y', 'LOCK TABLES', NULL), IF(Create_view_priv = 'Y', 'CREATE VIEW', NULL), IF(Show_view_priv = 'Y', 'SHOW VIEW', NULL), IF(Create_routine_priv = 'Y', 'CREATE ROUTINE', NULL), IF(Alter_routine_priv = 'Y', 'ALTER ROUTINE', NULL), IF(Execute_priv = 'Y', 'EXECUTE', NULL), IF(Event_priv = 'Y', 'EVENT', NULL), IF(Trigger_priv = 'Y', 'TRIGGER', NULL)) FROM mysql.db UNION ALL SELECT User, Host, Db, Table_name, UPPER(CONCAT_WS(',', NULLIF(CAST(Table_priv AS CHAR), ''), NULLIF(CAST(Column_priv AS CHAR), ''))) FROM mysql.tables_priv";

/// Dynamic privileges of MySQL 8.0 and later.
pub(super) const DYNAMIC_SQL: &str =
    "SELECT USER AS user, HOST AS host, PRIV AS privilege, WITH_GRANT_OPTION AS grantable FROM mysql.global_grants";
/// Roles of MySQL 8.0 and later.
pub(super) const ROLES_SQL: &str =
    "SELECT FROM_USER AS role_user, FROM_HOST AS role_host, TO_USER AS user, TO_HOST AS host FROM mysql.role_edges";
/// Roles of MariaDB.
pub(super) const ROLES_MARIADB_SQL: &str = "SELECT Role AS role_user, '' AS role_host, User AS user, Host AS host FROM mysql.roles_mapping";

/// Global privileges with which every other can be had: by changing accounts, or by acting as one that has them (manual, "Privileges
/// Provided by MySQL").
const TOTAL: [&str; 5] = ["CREATE USER", "ROLE_ADMIN", "SET_ANY_DEFINER", "SET_USER_ID", "SUPER"];

/// Tables of the schema `mysql` in which privileges are kept, or code that the server loads: whoever writes them has every privilege
/// (MySQL manual, "The mysql System Schema"; MariaDB Server documentation, "The mysql Database Tables").
const GRANT_TABLES: [&str; 13] = [
    "columns_priv",
    "component",
    "db",
    "func",
    "global_grants",
    "global_priv",
    "plugin",
    "procs_priv",
    "proxies_priv",
    "role_edges",
    "roles_mapping",
    "tables_priv",
    "user",
];
/// Other tables of it that hold passwords: earlier ones, those of other servers, that of the replication source.
const PASSWORD_TABLES: [&str; 3] = ["password_history", "servers", "slave_master_info"];

/// One grant at one level.
#[derive(Clone, Debug)]
struct Grant<'a> {
    database: &'a str,
    object: &'a str,
    privileges: Vec<&'a str>,
    evidence: Evidence<'a>,
}

/// The account or role that a grant is to: user and host.
type Name<'a> = (&'a str, &'a str);

/// All grants of one server.
#[derive(Debug, Default)]
pub(super) struct Grants<'a> {
    grants: HashMap<Name<'a>, Vec<Grant<'a>>>,
    roles: HashMap<Name<'a>, Vec<(Name<'a>, Evidence<'a>)>>,
    /// Roles that everybody has.
    mandatory: Vec<Name<'a>>,
    /// Why a grant could be missing.
    pub gap: Option<Why<'a>>,
}

/// The answers that grants are made of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answers<'a> {
    pub grants: Option<Answered<'a>>,
    pub dynamic: Option<Answered<'a>>,
    pub roles: Option<Answered<'a>>,
    /// `mandatory_roles` of the running server.
    pub mandatory: &'a str,
}

/// Reads the answers. MySQL from 8.0 on needs all three; others lack dynamic privileges, or roles as well.
pub(super) fn read<'a>(host: &Host<'a>, answers: Answers<'a>, (needs_dynamic, needs_roles): (bool, bool)) -> Grants<'a> {
    let mut grants = Grants { grants: HashMap::new(), roles: HashMap::new(), ..Grants::default() };
    let lacking = |answered: &Option<Answered<'a>>, columns: &[&str], path: &'static str, needed: bool| match answered {
        Some(answered) => answered.gap(host, columns),
        None => needed.then(|| Why::not_collected(path)),
    };
    grants.gap = lacking(&answers.grants, &GRANTS, "commands/mysql.grants.csv", true)
        .or(lacking(&answers.dynamic, &DYNAMIC, "commands/mysql.dynamic-grants.csv", needs_dynamic))
        .or(lacking(&answers.roles, &ROLES, "commands/mysql.roles.csv", needs_roles));
    for (answered, (record, [user, from, database, object, list])) in rows(answers.grants, GRANTS) {
        let privileges: Vec<&'a str> = list.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
        if !privileges.is_empty() {
            let object = if object.is_empty() { "*" } else { object };
            let grant = Grant { database, object, privileges, evidence: answered.decides(record) };
            grants.grants.entry((user, from)).or_default().push(grant);
        }
    }
    for (answered, (record, [user, from, privilege, grantable])) in rows(answers.dynamic, DYNAMIC) {
        let mut privileges = vec![privilege];
        privileges.extend((grantable == "Y").then_some("GRANT OPTION"));
        let grant = Grant { database: "*", object: "*", privileges, evidence: answered.decides(record) };
        grants.grants.entry((user, from)).or_default().push(grant);
    }
    for (answered, (record, [role, role_host, user, from])) in rows(answers.roles, ROLES) {
        grants.roles.entry((user, from)).or_default().push(((role, role_host), answered.decides(record)));
    }
    grants.mandatory =
        answers.mandatory.split(',').map(|role| role.trim().trim_matches(['`', '\''])).filter(|it| !it.is_empty()).map(named).collect();
    grants
}

/// A role as `mandatory_roles` writes it: `auditor`, `` `auditor`@`%` ``.
fn named(role: &str) -> Name<'_> {
    role.split_once('@').map_or((role, "%"), |(user, host)| (user.trim_matches(['`', '\'']), host.trim_matches(['`', '\''])))
}

/// The records of an answer, each with the answer.
fn rows<'a, const N: usize>(
    answered: Option<Answered<'a>>,
    columns: [&str; N],
) -> impl Iterator<Item = (Answered<'a>, (crate::parse::delimited::Record<'a>, [&'a str; N]))> {
    answered.into_iter().flat_map(move |answered| answered.records(columns).into_iter().flatten().map(move |row| (answered, row)))
}

impl<'a> Grants<'a> {
    /// The roles of an account, those that it has through roles included, each with what grants it.
    fn expanded(&self, name: Name<'a>) -> Vec<(Name<'a>, Option<Evidence<'a>>)> {
        let mut seen: HashSet<Name<'a>> = HashSet::default();
        let mut found: Vec<(Name<'a>, Option<Evidence<'a>>)> = vec![(name, None)];
        found.extend(self.mandatory.iter().map(|role| (*role, None)));
        let mut at = 0;
        found.retain(|(name, _)| seen.insert(*name));
        while let Some((holder, _)) = found.get(at).copied() {
            at += 1;
            for (role, evidence) in self.roles.get(&holder).into_iter().flatten() {
                if seen.insert(*role) {
                    found.push((*role, Some(*evidence)));
                }
            }
        }
        found
    }

    /// Names of the roles of an account.
    pub(super) fn roles_of(&self, user: &'a str, from: &'a str) -> Vec<&'a str> {
        self.expanded((user, from)).iter().skip(1).map(|((role, _), _)| *role).collect()
    }

    /// Whether an account's privileges amount to every privilege.
    pub(super) fn superuser(&self, host: &Host<'a>, account: &Account<'a>) -> Cell<'a> {
        for (holder, through) in self.expanded((account.user, account.host)) {
            if let Some(grant) = self.grants.get(&holder).into_iter().flatten().find(|grant| grant.is_total()) {
                let pieces: Vec<Evidence<'a>> = std::iter::once(grant.evidence).chain(through).collect();
                return Cell::known(Value::Boolean(true), host.evidence(&pieces));
            }
        }
        match self.gap {
            Some(why) => Cell::unknown(why, account.evidence),
            None => Cell::known(Value::Boolean(false), account.evidence),
        }
    }

    /// Pushes the rows of `privileges`.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, accounts: &[Account<'a>], tables: &mut Tables<'a>) {
        for account in accounts.iter().filter(|account| !(account.role || account.locked && INTERNAL.contains(&account.user))) {
            for (number, (holder, through)) in self.expanded((account.user, account.host)).into_iter().enumerate() {
                for grant in self.grants.get(&holder).into_iter().flatten() {
                    if !host.spend(1) {
                        push_gap(host, instance, Why::budget_spent("mysql.db"), tables);
                        return;
                    }
                    let via = if number == 0 { "grant" } else { "role" };
                    grant.push(host, (instance, account, via, through), tables);
                }
            }
        }
        if let Some(why) = self.gap {
            push_gap(host, instance, why, tables);
        }
    }
}

/// The row that stands for grants that could be missing.
pub(super) fn push_gap<'a>(host: &Host<'a>, instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>) {
    let mut row = host.gap(&PRIVILEGES, NAME, why);
    row.instance(instance);
    row.set(const { PRIVILEGES.column("via") }, Cell::known(Value::Word("grant"), &[]));
    tables.push(row);
}

impl<'a> Grant<'a> {
    /// Whether every other privilege can be had with it: also by writing the tables that hold them.
    fn is_total(&self) -> bool {
        let has = |privilege: &str| self.privileges.contains(&privilege);
        let directly = self.database == "*" && self.privileges.iter().any(|it| TOTAL.contains(it));
        directly || self.reaches(&GRANT_TABLES) && (has("INSERT") || has("UPDATE"))
    }

    /// Whether it holds on one of these tables of the schema `mysql`.
    fn reaches(&self, tables: &[&str]) -> bool {
        let schema = self.database == "*" || like(self.database.as_bytes(), b"mysql");
        schema && (self.object == "*" || tables.iter().any(|table| table.eq_ignore_ascii_case(self.object)))
    }

    /// Its row for one account.
    fn push(
        &self,
        host: &Host<'a>,
        (instance, account, via, through): (&'a str, &Account<'a>, &'static str, Option<Evidence<'a>>),
        tables: &mut Tables<'a>,
    ) {
        let pieces: Vec<Evidence<'a>> = std::iter::once(self.evidence).chain(through).collect();
        let evidence = host.evidence(&pieces);
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let unset = Cell::unset(evidence);
        let all = self.database == "*" && self.privileges.contains(&"SUPER") && self.privileges.contains(&"SELECT");
        let privilege = if all { "ALL PRIVILEGES" } else { host.text(&self.privileges.join(", ")) };
        let scope = host.text(&format!("{}.{}", self.database, self.object));
        let account_data = self.reaches(&GRANT_TABLES) || self.reaches(&PASSWORD_TABLES);
        let mut row = host.row(&PRIVILEGES, NAME);
        row.instance(instance);
        row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(account.name(host))))
            .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(privilege)))
            .set(const { PRIVILEGES.column("scope") }, known(Value::Text(scope)))
            .set(const { PRIVILEGES.column("via") }, known(Value::Word(via)))
            .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(self.is_total())))
            .set(const { PRIVILEGES.column("password-required") }, unset)
            .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(self.privileges.contains(&"GRANT OPTION"))))
            .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(account.user.is_empty())))
            .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
            .set(const { PRIVILEGES.column("commands") }, known(host.texts(&self.privileges)))
            .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
            .set(const { PRIVILEGES.column("shell-escape") }, unset)
            .set(const { PRIVILEGES.column("wildcards") }, unset)
            .set(const { PRIVILEGES.column("account-data") }, known(Value::Boolean(account_data)))
            .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
        tables.push(row);
    }
}
