//! The queries about users and roles into rows of `mongodb-users` and `privileges`, inherited roles included.

use std::collections::{BTreeMap, BTreeSet};

use super::super::queries::Answered;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::NAME;
use crate::names::Phrase;
use crate::schema::mongodb::MONGODB_USERS;
use crate::schema::neutral::{ACCOUNTS, PRIVILEGES};
use crate::snapshot::Lack;

/// Users, for mongosh; neither passwords nor their keys are read.
pub(super) const USERS_SCRIPT: &str = r#"print("user,database,roles,client_sources,mechanisms"); db.getSiblingDB("admin").getCollection("system.users").find({}, {user: 1, db: 1, roles: 1, authenticationRestrictions: 1, "credentials.SCRAM-SHA-1.iterationCount": 1, "credentials.SCRAM-SHA-256.iterationCount": 1, "credentials.external": 1}).forEach(u => print([u.user, u.db, u.roles.map(r => r.role + "@" + r.db).join(" "), (u.authenticationRestrictions || []).map(r => (r.clientSource || []).join(" ")).join(" "), Object.keys(u.credentials || {}).join(" ")].map(x => '"' + x.replace(/"/g, '""') + '"').join(",")))"#;

/// Roles that were made, with those that they inherit and with restrictions of their own, for mongosh.
pub(super) const ROLES_SCRIPT: &str = r#"print("role,database,roles,client_sources"); db.getSiblingDB("admin").getCollection("system.roles").find({}, {role: 1, db: 1, roles: 1, authenticationRestrictions: 1}).forEach(r => print([r.role, r.db, r.roles.map(i => i.role + "@" + i.db).join(" "), (r.authenticationRestrictions || []).map(a => (a.clientSource || []).join(" ")).join(" ")].map(x => '"' + x.replace(/"/g, '""') + '"').join(",")))"#;

const USER_COLUMNS: [&str; 4] = ["user", "database", "roles", "client_sources"];
const ROLE_COLUMNS: [&str; 4] = ["role", "database", "roles", "client_sources"];

/// Built-in roles that reach every database, or administer users or the cluster (manual, "Built-In Roles"). dbOwner and userAdmin of
/// the database admin can give themselves any role.
const POWERFUL: [&str; 10] = [
    "__system",
    "backup",
    "clusterAdmin",
    "clusterManager",
    "dbAdminAnyDatabase",
    "readAnyDatabase",
    "readWriteAnyDatabase",
    "restore",
    "root",
    "userAdminAnyDatabase",
];

/// The other built-in roles.
const ORDINARY: [&str; 11] = [
    "clusterMonitor",
    "dbAdmin",
    "dbOwner",
    "directShardOperations",
    "enableSharding",
    "hostManager",
    "read",
    "readWrite",
    "searchCoordinator",
    "userAdmin",
    "queryableBackup",
];

static INHERITS: Phrase = Phrase { zh: "角色 {} 继承什么未知", en: "what the role {} inherits is not known" };

/// One user.
#[derive(Debug)]
struct User<'a> {
    name: &'a str,
    database: &'a str,
    /// As role@database, inherited ones too.
    roles: Vec<&'a str>,
    restricted: bool,
    /// What its password is kept as, with blanks between them; none where that was not asked.
    mechanisms: Option<&'a str>,
    /// A role of which nothing is known.
    unknown_role: Option<&'a str>,
    evidence: &'a [Evidence<'a>],
    instance: &'a str,
}

/// The users.
#[derive(Debug, Default)]
pub(super) struct Users<'a> {
    list: Vec<User<'a>>,
    /// Why one could be missing.
    pub gap: Option<Why<'a>>,
    /// Whether some answer was collected.
    pub asked: bool,
}

/// Roles that were made: what each inherits, whether it is restricted to addresses, and its record.
type Roles<'a> = BTreeMap<String, (Vec<&'a str>, bool, Evidence<'a>)>;

/// Reads the answers; beside them, one that could not be read.
pub(super) fn read<'a>(host: &Host<'a>) -> (Users<'a>, Option<(&'a str, Lack)>) {
    let users = host.query(NAME, "users");
    let roles = host.query(NAME, "roles");
    let mut all = Users { asked: !users.answered.is_empty(), ..Users::default() };
    if users.answered.is_empty() {
        let (path, lack) = users.lacking.unwrap_or(("commands/mongodb.users.csv", Lack::NotCollected));
        all.gap = Some(Why::lacking(path, lack));
    }
    for answered in users.answered {
        all.gap = all.gap.or(answered.gap(host, &USER_COLUMNS));
        let own = roles.answered.iter().find(|it| it.instance == answered.instance);
        let (made, complete) = own.map_or((Roles::new(), false), |it| (read_roles(it), it.gap(host, &ROLE_COLUMNS).is_none()));
        let mechanisms: Vec<&'a str> = answered.records(["mechanisms"]).into_iter().flatten().map(|(_, [text])| text).collect();
        for (number, (record, [name, database, granted, sources])) in answered.records(USER_COLUMNS).into_iter().flatten().enumerate() {
            if !host.spend(1) {
                all.gap = Some(Why::budget_spent("system.users"));
                break;
            }
            let mut user = User {
                name,
                database,
                roles: Vec::new(),
                restricted: !sources.trim().is_empty(),
                mechanisms: mechanisms.get(number).copied(),
                unknown_role: None,
                evidence: &[],
                instance: answered.instance,
            };
            let evidence = expand(granted, (&made, complete), answered.decides(record), &mut user);
            user.evidence = host.evidence(&evidence);
            all.list.push(user);
        }
    }
    let denied = |lacking: Option<(&'a str, Lack)>| lacking.filter(|(_, lack)| *lack != Lack::NotCollected);
    (all, denied(users.lacking).or(denied(roles.lacking)))
}

/// The roles of one answer.
fn read_roles<'a>(answered: &Answered<'a>) -> Roles<'a> {
    let records = answered.records(ROLE_COLUMNS).into_iter().flatten();
    let one = |(record, [role, database, inherits, sources]): (_, [&'a str; 4])| {
        let inherited = inherits.split_ascii_whitespace().collect();
        (format!("{role}@{database}"), (inherited, !sources.trim().is_empty(), answered.decides(record)))
    };
    records.map(one).collect()
}

/// Adds the roles that a user holds, through however many others.
fn expand<'a>(granted: &'a str, (made, complete): (&Roles<'a>, bool), record: Evidence<'a>, user: &mut User<'a>) -> Vec<Evidence<'a>> {
    let mut evidence = vec![record];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&'a str> = granted.split_ascii_whitespace().collect();
    while let Some(role) = open.pop() {
        if !seen.insert(role) || user.roles.len() > 10_000 {
            continue;
        }
        user.roles.push(role);
        let name = role.split('@').next().unwrap_or(role);
        match made.get(role) {
            Some((inherited, restricted, shown)) => {
                user.restricted |= restricted;
                open.extend(inherited);
                if let (Evidence::Decides(span), true) = (*shown, evidence.len() < 16) {
                    evidence.push(Evidence::Reference(span));
                }
            }
            None if POWERFUL.contains(&name) || ORDINARY.contains(&name) => {}
            None if complete => {}
            None => user.unknown_role = user.unknown_role.or(Some(role)),
        }
    }
    user.roles.sort_unstable();
    evidence
}

impl<'a> User<'a> {
    /// Roles that give more than one database.
    fn powerful(&self) -> impl Iterator<Item = &'a str> {
        self.roles.iter().copied().filter(|role| {
            let (name, database) = role.split_once('@').unwrap_or((role, ""));
            POWERFUL.contains(&name) || database == "admin" && matches!(name, "dbOwner" | "userAdmin")
        })
    }

    /// Whether it holds one.
    fn administers(&self) -> Cell<'a> {
        match self.unknown_role.filter(|_| self.powerful().next().is_none()) {
            Some(role) => Cell::unknown(Why::new("role-not-known", &INHERITS, role), self.evidence),
            None => Cell::known(Value::Boolean(self.powerful().next().is_some()), self.evidence),
        }
    }
}

impl<'a> Users<'a> {
    /// Whether some user administers, as far as users are known.
    pub(super) fn administrators(&self) -> Option<bool> {
        let known = self.list.iter().any(|user| user.powerful().next().is_some());
        if known { Some(true) } else { self.gap.is_none().then_some(false) }
    }

    /// Pushes the rows of both tables.
    pub(super) fn push(&self, host: &Host<'a>, tables: &mut Tables<'a>) {
        for user in &self.list {
            let known = |value: Value<'a>| Cell::known(value, user.evidence);
            let mut row = host.row(&MONGODB_USERS, NAME);
            row.instance(user.instance);
            row.set(const { MONGODB_USERS.column("user") }, known(Value::Text(user.name)))
                .set(const { MONGODB_USERS.column("database") }, known(Value::Text(user.database)))
                .set(const { MONGODB_USERS.column("roles") }, known(host.texts(&user.roles)))
                .set(const { MONGODB_USERS.column("administers") }, user.administers())
                .set(const { MONGODB_USERS.column("sources-restricted") }, known(Value::Boolean(user.restricted)));
            tables.push(row);
            push_account(host, user, tables);
            user.roles.iter().for_each(|role| push_privilege(host, user, role, tables));
        }
        if let Some(why) = self.gap {
            tables.push(host.gap(&MONGODB_USERS, NAME, why));
            tables.push(host.gap(&ACCOUNTS, NAME, why));
            let mut row = host.gap(&PRIVILEGES, NAME, why);
            row.set(const { PRIVILEGES.column("via") }, Cell::known(Value::Word("role"), &[]));
            tables.push(row);
        }
    }
}

/// Names that people share.
const SHARED: [&str; 9] = ["admin", "app", "backup", "dba", "guest", "root", "test", "user", "web"];

static KEPT: Phrase = Phrase { zh: "未查询 {} 的口令存储方式", en: "how the password of {} is kept was not asked" };

/// Pushes the row of `accounts`. Nothing locks a user, and no password expires; one of `$external` has none here.
fn push_account<'a>(host: &Host<'a>, user: &User<'a>, tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, user.evidence);
    let external = user.database == "$external" || user.mechanisms == Some("external");
    let scheme = match user.mechanisms {
        _ if external => Cell::unset(user.evidence),
        // Of two, the weaker one is what an attacker takes.
        Some(text) if text.split_ascii_whitespace().any(|name| name == "SCRAM-SHA-1") => known(Value::Word("sha1")),
        Some("SCRAM-SHA-256") => known(Value::Word("sha256")),
        _ => Cell::unknown(Why::new("not-asked", &KEPT, user.name), user.evidence),
    };
    let mut row = host.row(&ACCOUNTS, NAME);
    row.instance(user.instance);
    row.set(const { ACCOUNTS.column("name") }, known(Value::Text(host.text(&format!("{}@{}", user.name, user.database)))))
        .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(true)))
        .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(true)))
        .set(const { ACCOUNTS.column("privileged") }, user.administers())
        .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(user.name == "__system")))
        .set(const { ACCOUNTS.column("password-state") }, known(Value::Word(if external { "none" } else { "set" })))
        .set(const { ACCOUNTS.column("password-scheme") }, scheme)
        .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
        .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
        .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(SHARED.iter().any(|it| user.name.eq_ignore_ascii_case(it)))))
        .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("groups") }, known(host.texts(&user.roles)))
        .set(const { ACCOUNTS.column("source") }, known(Value::Text("system.users")));
    row.set_rest(Cell::unset(user.evidence));
    tables.push(row);
}

/// Pushes the row of one role of a user.
fn push_privilege<'a>(host: &Host<'a>, user: &User<'a>, role: &'a str, tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, user.evidence);
    let flag = |on: bool| known(Value::Boolean(on));
    let (name, database) = role.split_once('@').unwrap_or((role, ""));
    let total = matches!(name, "__system" | "root" | "userAdminAnyDatabase" | "restore")
        || database == "admin" && matches!(name, "dbOwner" | "userAdmin");
    let grantee = host.text(&format!("{}@{}", user.name, user.database));
    let mut row = host.row(&PRIVILEGES, NAME);
    row.instance(user.instance);
    row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(grantee)))
        .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(name)))
        .set(const { PRIVILEGES.column("scope") }, known(Value::Text(database)))
        .set(const { PRIVILEGES.column("via") }, known(Value::Word("role")))
        .set(const { PRIVILEGES.column("unrestricted") }, flag(total))
        .set(const { PRIVILEGES.column("password-required") }, Cell::unset(user.evidence))
        .set(const { PRIVILEGES.column("grantable") }, flag(total || matches!(name, "userAdmin" | "dbOwner")))
        .set(const { PRIVILEGES.column("to-everyone") }, flag(false))
        .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
        .set(const { PRIVILEGES.column("commands") }, known(Value::List(&[])))
        .set(const { PRIVILEGES.column("negated") }, flag(false))
        .set(const { PRIVILEGES.column("shell-escape") }, Cell::unset(user.evidence))
        .set(const { PRIVILEGES.column("wildcards") }, Cell::unset(user.evidence))
        .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
    tables.push(row);
}
