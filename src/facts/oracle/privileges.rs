//! System privileges, roles and the password file into what each account may do, and those into rows of `privileges`.
//!
//! Privileges on one schema alone (DBA_SCHEMA_PRIVS of 23ai) are none of these.

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::accounts::{Account, People};
use super::{Database, NAME};
use crate::schema::people::PRIVILEGES;

/// The columns of the queries.
const SYSTEM: [&str; 3] = ["grantee", "privilege", "admin_option"];
const ROLES: [&str; 3] = ["grantee", "granted_role", "admin_option"];
const PASSWORD_FILE: [&str; 3] = ["username", "sysdba", "sysoper"];

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

/// What somebody or a role holds directly.
#[derive(Clone, Copy, Debug)]
struct Grant<'a> {
    privilege: &'a str,
    role: bool,
    grantable: bool,
    evidence: Evidence<'a>,
}

/// All grants of a database.
#[derive(Debug)]
pub(super) struct Grants<'a> {
    held: HashMap<&'a str, Vec<Grant<'a>>>,
    /// Why one may be missing.
    pub gap: Option<Why<'a>>,
}

/// Reads the answers.
pub(super) fn read<'a>(host: &Host<'a>, database: &Database<'a>) -> Grants<'a> {
    let gap = database.gap(host, &["system-privileges"], SYSTEM);
    let gap = gap.or_else(|| database.gap(host, &["role-privileges"], ROLES));
    let mut grants = Grants { held: HashMap::new(), gap: gap.or_else(|| database.gap(host, &["password-file"], PASSWORD_FILE)) };
    for (name, columns, role) in [("system-privileges", SYSTEM, false), ("role-privileges", ROLES, true)] {
        let Some(answered) = database.answer(&[name], columns) else { continue };
        for (record, [grantee, privilege, admin]) in answered.records(columns).into_iter().flatten() {
            let grant = Grant { privilege, role, grantable: admin == "YES", evidence: answered.decides(record) };
            grants.held.entry(grantee).or_default().push(grant);
        }
    }
    if let Some(answered) = database.answer(&["password-file"], PASSWORD_FILE) {
        for (record, [user, sysdba, sysoper]) in answered.records(PASSWORD_FILE).into_iter().flatten() {
            let evidence = answered.decides(record);
            let held = [("SYSDBA", sysdba), ("SYSOPER", sysoper)].into_iter().filter(|(_, state)| *state == "TRUE");
            let held = held.map(|(privilege, _)| Grant { privilege, role: false, grantable: privilege == "SYSDBA", evidence });
            grants.held.entry(user).or_default().extend(held);
        }
    }
    grants
}

impl<'a> Grants<'a> {
    /// Everything that somebody holds, through roles too; each with what grants the role that it comes through.
    fn expanded(&self, name: &'a str) -> Vec<(Grant<'a>, Option<Evidence<'a>>)> {
        let mut seen: HashSet<&'a str> = HashSet::default();
        let mut holders: Vec<(&'a str, Option<Evidence<'a>>)> = vec![(name, None)];
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((holder, through)) = holders.get(at).copied() {
            at += 1;
            for grant in self.held.get(holder).into_iter().flatten() {
                found.push((*grant, through));
                if grant.role && seen.insert(grant.privilege) {
                    holders.push((grant.privilege, Some(grant.evidence)));
                }
            }
        }
        found
    }

    /// Names of the roles of an account, those that come through roles too.
    pub(super) fn roles_of(&self, name: &'a str) -> Vec<&'a str> {
        let mut roles: Vec<&'a str> = self.expanded(name).iter().filter(|(grant, _)| grant.role).map(|(grant, _)| grant.privilege).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Whether an account's privileges amount to every privilege.
    pub(super) fn superuser(&self, host: &Host<'a>, account: &Account<'a>) -> Cell<'a> {
        // SYS owns the dictionary.
        if account.name == "SYS" {
            return Cell::known(Value::Boolean(true), account.evidence);
        }
        let everybodys = self.expanded("PUBLIC");
        let own = self.expanded(account.name);
        if let Some((grant, through)) = own.iter().chain(&everybodys).find(|(grant, _)| TOTAL.contains(&grant.privilege)) {
            return Cell::known(Value::Boolean(true), host.evidence(&pieces(grant, *through)));
        }
        match self.gap {
            Some(why) => Cell::unknown(why, account.evidence),
            None => Cell::known(Value::Boolean(false), account.evidence),
        }
    }
}

/// What a grant rests on: its record, then the one that grants the role.
fn pieces<'a>(grant: &Grant<'a>, through: Option<Evidence<'a>>) -> Vec<Evidence<'a>> {
    let reference = |piece: Evidence<'a>| if let Evidence::Decides(span) = piece { Evidence::Reference(span) } else { piece };
    std::iter::once(grant.evidence).chain(through.map(reference)).collect()
}

/// Pushes the rows: of PUBLIC, of accounts that are not locked, and of locked ones that Oracle's scripts did not make.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, people: &People<'a>, grants: &Grants<'a>, tables: &mut Tables<'a>) {
    let matter = |account: &&Account<'a>| !account.locked || account.maintained == Some(false);
    let holders = std::iter::once("PUBLIC").chain(people.accounts.iter().filter(matter).map(|account| account.name));
    let mut pushed: HashSet<(&'a str, &'a str)> = HashSet::default();
    for holder in holders {
        for (grant, through) in grants.expanded(holder) {
            if !pushed.insert((holder, grant.privilege)) {
                continue;
            }
            if !host.spend(1) {
                push_gap(host, instance, Why::budget_spent("dba_sys_privs"), tables);
                return;
            }
            push_row(host, instance, (holder, &grant, through), tables);
        }
    }
    if let Some(why) = grants.gap.or(people.gap) {
        push_gap(host, instance, why, tables);
    }
}

/// The row that stands for grants that could be missing.
pub(super) fn push_gap<'a>(host: &Host<'a>, instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>) {
    let mut row = host.gap(&PRIVILEGES, NAME, why);
    row.instance(instance);
    let via = host.arena().alloc_slice_copy(&[Value::Word("grant"), Value::Word("role")]);
    row.set(const { PRIVILEGES.column("via") }, Cell::one_of(why, via, &[]));
    tables.push(row);
}

/// The row of one grant.
fn push_row<'a>(
    host: &Host<'a>,
    instance: &'a str,
    (holder, grant, through): (&'a str, &Grant<'a>, Option<Evidence<'a>>),
    tables: &mut Tables<'a>,
) {
    let evidence = host.evidence(&pieces(grant, through));
    let known = |value: Value<'a>| Cell::known(value, evidence);
    let unset = Cell::unset(evidence);
    let via = if grant.role || through.is_some() { "role" } else { "grant" };
    let mut row = host.row(&PRIVILEGES, NAME);
    row.instance(instance);
    row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(holder)))
        .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(grant.privilege)))
        .set(const { PRIVILEGES.column("scope") }, known(Value::Text("database")))
        .set(const { PRIVILEGES.column("via") }, known(Value::Word(via)))
        .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(TOTAL.contains(&grant.privilege))))
        .set(const { PRIVILEGES.column("password-required") }, unset)
        .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(grant.grantable)))
        .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(holder == "PUBLIC")))
        .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
        .set(const { PRIVILEGES.column("commands") }, known(host.texts(&[grant.privilege])))
        .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("shell-escape") }, unset)
        .set(const { PRIVILEGES.column("wildcards") }, unset)
        .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
    tables.push(row);
}
