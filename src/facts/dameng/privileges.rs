//! System privileges and roles into what each account may do, and those into rows of `privileges`.

use super::super::role_grants::{self, Grant, Grants};
use super::super::{Cell, Evidence, Host, Tables, Value};
use super::users::{People, User};
use super::{NAME, Server};
use crate::schema::dameng::DUTIES;

const SYSTEM: [&str; 3] = ["grantee", "privilege", "admin_option"];
const ROLES: [&str; 3] = ["grantee", "granted_role", "admin_option"];

/// Roles and privileges with which every other of the administrator's can be had: DM8 安全管理, 自主访问控制.
const TOTAL: [&str; 4] = ["ALTER USER", "DBA", "GRANT ANY PRIVILEGE", "GRANT ANY ROLE"];

/// Reads the answers.
pub(super) fn read<'a>(host: &Host<'a>, server: &Server<'a>) -> Grants<'a> {
    let gap = server.answers.gap(host, "role-privileges", &ROLES).or_else(|| server.answers.gap(host, "system-privileges", &SYSTEM));
    let mut grants = Grants::new(&TOTAL, gap);
    for (name, columns, role) in [("system-privileges", SYSTEM, false), ("role-privileges", ROLES, true)] {
        let Some(answered) = server.answers.answer(name) else { continue };
        for (record, [grantee, privilege, admin]) in answered.records(columns).into_iter().flatten() {
            let grantable = admin.starts_with(['Y', 'y']);
            grants.hold(grantee, Grant { privilege, role, grantable, evidence: answered.decides(record) });
        }
    }
    grants
}

/// The duties that roles give an account: DBA, DB_AUDIT_… and DB_POLICY_… (DM8 安全管理, 三权分立).
pub(super) fn duties<'a>(host: &Host<'a>, grants: &Grants<'a>, user: &User<'a>) -> Cell<'a> {
    if let Some(why) = grants.gap {
        return Cell::unknown(why, user.evidence);
    }
    let all = grants.expanded(user.name);
    let of = |duty: &str| {
        all.iter().find(|(grant, _)| match duty {
            "administration" => grant.role && grant.privilege == "DBA",
            "audit" => matches!(grant.privilege, "DB_AUDIT_ADMIN" | "DB_AUDIT_OPER"),
            _ => matches!(grant.privilege, "DB_POLICY_ADMIN" | "DB_POLICY_OPER"),
        })
    };
    let held: Vec<(&'static str, Evidence<'a>)> =
        DUTIES.iter().filter_map(|duty| of(duty).map(|(grant, _)| (*duty, grant.evidence))).collect();
    let words: Vec<Value<'a>> = held.iter().map(|(duty, _)| Value::Word(duty)).collect();
    let pieces: Vec<Evidence<'a>> = held.iter().map(|(_, piece)| *piece).chain(user.evidence.iter().copied()).collect();
    Cell::known(Value::List(host.arena().alloc_slice_copy(&words)), host.evidence(&pieces))
}

/// Pushes the rows of accounts that can log in.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, people: &People<'a>, grants: &Grants<'a>, tables: &mut Tables<'a>) {
    let holders = people.users.iter().filter(|user| user.usable()).map(|user| user.name);
    // What PUBLIC is given when the server is made is no grant of somebody.
    grants.push(host, (NAME, instance), holders, None, tables);
    if let Some(why) = grants.gap.or(people.gap) {
        role_grants::push_gap(host, (NAME, instance), why, tables);
    }
}
