//! System privileges, roles and the password file into what each account may do, and those into rows of `privileges`.
//!
//! Privileges on one schema alone (DBA_SCHEMA_PRIVS of 23ai) are none of these.

use super::super::role_grants::{self, Grant, Grants};
use super::super::{Cell, Host, Tables, Value};
use super::accounts::{Account, People};
use super::{Database, NAME};

/// The columns of the queries.
const SYSTEM: [&str; 3] = ["grantee", "privilege", "admin_option"];
const ROLES: [&str; 3] = ["grantee", "granted_role", "admin_option"];
const PASSWORD_FILE: [&str; 3] = ["username", "sysdba", "sysoper"];

/// What stands for everybody.
const EVERYBODY: &str = "PUBLIC";

/// System privileges and roles with which every other can be had: by granting it, or by taking over an account that has it (SQL Language
/// Reference, GRANT; Security Guide, "Configuring Privilege and Role Authorization").
const TOTAL: [&str; 8] = [
    "ALTER USER",
    "BECOME USER",
    "DATAPUMP_IMP_FULL_DATABASE",
    "DBA",
    "GRANT ANY PRIVILEGE",
    "GRANT ANY ROLE",
    "IMP_FULL_DATABASE",
    "SYSDBA",
];

/// Reads the answers.
pub(super) fn read<'a>(host: &Host<'a>, database: &Database<'a>) -> Grants<'a> {
    let gap = database.gap(host, &["system-privileges"], SYSTEM);
    let gap = gap.or_else(|| database.gap(host, &["role-privileges"], ROLES));
    let mut grants = Grants::new(&TOTAL, gap.or_else(|| database.gap(host, &["password-file"], PASSWORD_FILE)));
    for (name, columns, role) in [("system-privileges", SYSTEM, false), ("role-privileges", ROLES, true)] {
        let Some(answered) = database.answer(&[name], columns) else { continue };
        for (record, [grantee, privilege, admin]) in answered.records(columns).into_iter().flatten() {
            grants.hold(grantee, Grant { privilege, role, grantable: admin == "YES", evidence: answered.decides(record) });
        }
    }
    if let Some(answered) = database.answer(&["password-file"], PASSWORD_FILE) {
        for (record, [user, sysdba, sysoper]) in answered.records(PASSWORD_FILE).into_iter().flatten() {
            for (privilege, _) in [("SYSDBA", sysdba), ("SYSOPER", sysoper)].into_iter().filter(|(_, state)| *state == "TRUE") {
                let grantable = privilege == "SYSDBA";
                grants.hold(user, Grant { privilege, role: false, grantable, evidence: answered.decides(record) });
            }
        }
    }
    grants
}

/// Whether an account's privileges amount to every privilege.
pub(super) fn superuser<'a>(host: &Host<'a>, grants: &Grants<'a>, account: &Account<'a>) -> Cell<'a> {
    // SYS owns the dictionary.
    if account.name == "SYS" {
        return Cell::known(Value::Boolean(true), account.evidence);
    }
    grants.superuser(host, (account.name, account.evidence), Some(EVERYBODY))
}

/// Pushes the rows: of PUBLIC, of accounts that are not locked, and of locked ones that Oracle's scripts did not make.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, people: &People<'a>, grants: &Grants<'a>, tables: &mut Tables<'a>) {
    let matter = |account: &&Account<'a>| !account.locked || account.maintained == Some(false);
    let holders = std::iter::once(EVERYBODY).chain(people.accounts.iter().filter(matter).map(|account| account.name));
    grants.push(host, (NAME, instance), holders, Some(EVERYBODY), tables);
    if let Some(why) = grants.gap.or(people.gap) {
        role_grants::push_gap(host, (NAME, instance), why, tables);
    }
}
