//! Roles and the parameters about passwords into rows of `accounts`, `privileges` and `authentication-policy`.

use super::super::{Cell, Documented, Evidence, Host, State, Tables, Value, Why};
use super::NAME;
use super::installations::{Flavour, Installation};
use super::roles::{Role, Roles};
use super::settings::{self, Effective};
use crate::names::Phrase;
use crate::schema::people::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};

static SCHEME: Phrase = Phrase { zh: "口令的存储方式未知：{}", en: "how the password of {} is stored is not known" };
static NOT_DERIVED: Phrase = Phrase { zh: "{} 的口令策略没有可依据的文档", en: "no page documents the password policy of {}" };
static MODULE: Phrase = Phrase { zh: "口令检查模块 {} 的要求未知", en: "what the module {} demands of passwords is not known" };

/// What passwordcheck demands, which only its source can change before version 18.
static PASSWORDCHECK: Documented = Documented {
    setting: "passwordcheck: 8 characters, letters and others",
    versions: "PostgreSQL 10 to 18",
    source: "PostgreSQL manual, passwordcheck; contrib/passwordcheck/passwordcheck.c",
};

/// Without a module nothing is demanded, remembered or counted.
static NOTHING_DEMANDED: Documented = Documented {
    setting: "no demands on passwords, no lockout",
    versions: "PostgreSQL without a module that checks",
    source: "PostgreSQL manual, passwordcheck and auth_delay",
};

/// Names that people share.
const SHARED: [&str; 9] = ["admin", "app", "backup", "dba", "guest", "oper", "test", "user", "web"];

/// Names that the vendors ship.
const SHIPPED: [&str; 7] = ["gaussdb", "kingbase", "omm", "postgres", "sao", "sso", "system"];

/// Pushes the rows of roles that can log in, and of what roles may do.
pub(super) fn push<'a>(host: &Host<'a>, installation: &Installation<'a>, roles: &Roles<'a>, people: &[Role<'a>], tables: &mut Tables<'a>) {
    for role in people {
        if role.login {
            push_account(host, installation, role, tables);
        }
        push_privileges(host, installation, role, tables);
    }
    let Some(why) = roles.gap() else { return };
    for table in [&ACCOUNTS, &PRIVILEGES] {
        let mut row = host.gap(table, NAME, why);
        row.instance(installation.instance);
        tables.push(row);
    }
}

/// The row of an account. VALID UNTIL ends its password (manual, CREATE ROLE).
fn push_account<'a>(host: &Host<'a>, installation: &Installation<'a>, role: &Role<'a>, tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, role.evidence);
    let unset = Cell::unset(role.evidence);
    let (state, scheme) = password(role);
    let mut row = host.row(&ACCOUNTS, NAME);
    row.instance(installation.instance);
    row.set(const { ACCOUNTS.column("name") }, known(Value::Text(role.name)))
        .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(true)))
        .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(true)))
        .set(const { ACCOUNTS.column("privileged") }, role.superuser)
        .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("password-state") }, state)
        .set(const { ACCOUNTS.column("password-scheme") }, scheme)
        .set(const { ACCOUNTS.column("expires") }, role.valid_until)
        .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
        .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(SHARED.contains(&role.name))))
        .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(SHIPPED.contains(&role.name))))
        .set(const { ACCOUNTS.column("groups") }, known(host.texts(&role.through)))
        .set(const { ACCOUNTS.column("source") }, known(Value::Text("pg_authid")));
    row.set_rest(unset);
    tables.push(row);
}

/// Whether a password is set, and how it is stored.
fn password<'a>(role: &Role<'a>) -> (Cell<'a>, Cell<'a>) {
    let State::Known(Value::Word(word)) = role.scheme.state else {
        let unknown = Cell::unknown(Why::new("not-understood", &SCHEME, role.name), role.evidence);
        return (unknown, unknown);
    };
    let set = Cell::known(Value::Word("set"), role.evidence);
    let stored = |scheme| (set, Cell::known(Value::Word(scheme), role.evidence));
    match word {
        "none" => (Cell::known(Value::Word("none"), role.evidence), Cell::unset(role.evidence)),
        // Both store an iterated hash.
        "scram-sha-256" | "sha256" => stored("sha256"),
        "md5" => stored("md5"),
        "sm3" => stored("sm3"),
        _ => (set, Cell::unknown(Why::new("not-understood", &SCHEME, role.name), role.evidence)),
    }
}

/// The rows of what a role may do beyond the ordinary: its attributes, and the memberships that amount to superuser.
fn push_privileges<'a>(host: &Host<'a>, installation: &Installation<'a>, role: &Role<'a>, tables: &mut Tables<'a>) {
    const ATTRIBUTES: [(&str, &str); 4] =
        [("bypass-rls", "BYPASSRLS"), ("create-role", "CREATEROLE"), ("replication", "REPLICATION"), ("superuser", "SUPERUSER")];
    let written = |word: &str| ATTRIBUTES.iter().find(|(right, _)| *right == word).map_or("", |(_, written)| *written);
    let attributes =
        role.rights.iter().map(|word| (written(word), "grant", *word == "superuser", matches!(*word, "superuser" | "create-role")));
    // Whoever amounts to superuser may grant what superusers may.
    let memberships = role.through.iter().map(|group| (*group, "role", true, true));
    for (privilege, via, unrestricted, grantable) in attributes.chain(memberships) {
        let known = |value: Value<'a>| Cell::known(value, role.evidence);
        let mut row = host.row(&PRIVILEGES, NAME);
        row.instance(installation.instance);
        row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(role.name)))
            .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(privilege)))
            .set(const { PRIVILEGES.column("scope") }, known(Value::Text("cluster")))
            .set(const { PRIVILEGES.column("via") }, known(Value::Word(via)))
            .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(unrestricted)))
            .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(grantable)))
            .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(false)))
            .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
            .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
            .set(const { PRIVILEGES.column("commands") }, known(Value::List(&[])))
            .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
        tables.push(row);
    }
}

/// What is demanded of new passwords.
#[derive(Clone, Copy)]
struct Demands<'a> {
    length: Cell<'a>,
    classes: Cell<'a>,
    history: Cell<'a>,
    threshold: Cell<'a>,
    duration: Cell<'a>,
    age: Cell<'a>,
}

/// Pushes the row of `authentication-policy`.
pub(super) fn push_policy<'a>(host: &Host<'a>, installation: &Installation<'a>, tables: &mut Tables<'a>) {
    let demands = match installation.flavour {
        Flavour::PostgreSql => of_modules(host, installation),
        Flavour::OpenGauss => of_gauss(host, installation),
        Flavour::Kingbase => {
            let unknown = Cell::unknown(Why::new("undocumented", &NOT_DERIVED, "KingbaseES"), &[]);
            Demands { length: unknown, classes: unknown, history: unknown, threshold: unknown, duration: unknown, age: unknown }
        }
    };
    let nothing = Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Default(&NOTHING_DEMANDED)]));
    let mut row = host.row(&AUTHENTICATION_POLICY, NAME);
    row.instance(installation.instance);
    row.set(const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text("roles"), &[]))
        .set(const { AUTHENTICATION_POLICY.column("min-length") }, demands.length)
        .set(const { AUTHENTICATION_POLICY.column("classes") }, demands.classes)
        .set(const { AUTHENTICATION_POLICY.column("requirements") }, Cell::known(Value::List(&[]), demands.classes.evidence))
        .set(const { AUTHENTICATION_POLICY.column("dictionary") }, nothing)
        .set(const { AUTHENTICATION_POLICY.column("history") }, demands.history)
        .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, Cell::known(Value::Boolean(true), demands.length.evidence))
        .set(const { AUTHENTICATION_POLICY.column("lockout-threshold") }, demands.threshold)
        .set(const { AUTHENTICATION_POLICY.column("lockout-duration") }, demands.duration)
        .set(const { AUTHENTICATION_POLICY.column("lockout-window") }, Cell::unset(demands.threshold.evidence))
        .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, nothing)
        .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, scheme_of_new(host, installation))
        .set(const { AUTHENTICATION_POLICY.column("password-max-age") }, demands.age)
        // An empty password never matches (manual, "Password Authentication").
        .set(const { AUTHENTICATION_POLICY.column("empty-passwords") }, nothing)
        .set(const { AUTHENTICATION_POLICY.column("group-restricted") }, Cell::unset(&[]));
    tables.push(row);
}

/// PostgreSQL demands what its modules demand: passwordcheck is its own, others are only known by name.
fn of_modules<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Demands<'a> {
    let loaded = settings::named(host, installation, "shared_preload_libraries");
    let Some(Effective::Known(read, evidence)) = loaded else {
        let unknown = loaded.map_or(Cell::NONE, |it| it.cell(host, |_| None));
        return Demands {
            length: unknown,
            classes: unknown,
            history: unknown,
            threshold: unknown,
            duration: unknown,
            age: Cell::unset(&[]),
        };
    };
    let items = read.items.unwrap_or_default().iter().filter_map(|item| if let Value::Text(name) = item { Some(*name) } else { None });
    let mut modules = items.map(|name| name.rsplit('/').next().unwrap_or(name).trim_end_matches(".so"));
    let other =
        modules.clone().find(|name| !["auth_delay", "auto_explain", "passwordcheck", "pg_stat_statements", "pgaudit"].contains(name));
    let nothing: Vec<Evidence<'a>> = evidence.iter().copied().chain([Evidence::Default(&NOTHING_DEMANDED)]).collect();
    let unset = Cell::unset(host.evidence(&nothing));
    if let Some(name) = other {
        let unknown = Cell::unknown(Why::new("module-not-known", &MODULE, name), evidence);
        return Demands { length: unknown, classes: unknown, history: unknown, threshold: unknown, duration: unknown, age: unset };
    }
    let checked = |value: i64| {
        let pieces: Vec<Evidence<'a>> = evidence.iter().copied().chain([Evidence::Default(&PASSWORDCHECK)]).collect();
        Cell::known(Value::Integer(value), host.evidence(&pieces))
    };
    let (length, classes) = if modules.any(|name| name == "passwordcheck") { (checked(8), checked(2)) } else { (unset, unset) };
    Demands { length, classes, history: unset, threshold: unset, duration: unset, age: unset }
}

/// openGauss demands what its parameters say, where `password_policy` is 1 (openGauss documentation, Security Configuration).
fn of_gauss<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Demands<'a> {
    let of = |name: &str, reading: fn(&settings::Read<'a>) -> Option<Value<'a>>| {
        settings::named(host, installation, name).map_or(Cell::NONE, |it| it.cell(host, reading))
    };
    let policy = of("password_policy", |read| read.readings.number);
    let checked = |cell: Cell<'a>| match policy.state {
        State::Known(Value::Integer(1)) => cell,
        State::Known(_) => Cell::unset(policy.evidence),
        _ => policy,
    };
    Demands {
        length: checked(of("password_min_length", |read| read.readings.number)),
        classes: checked(Cell::known(Value::Integer(3), policy.evidence)),
        history: of("password_reuse_max", |read| read.readings.number),
        threshold: of("failed_login_attempts", |read| read.readings.number),
        duration: of("password_lock_time", |read| read.readings.duration),
        age: of("password_effect_time", |read| read.readings.duration),
    }
}

/// How new passwords are stored.
fn scheme_of_new<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Cell<'a> {
    let (name, gauss) = match installation.flavour {
        Flavour::OpenGauss => ("password_encryption_type", true),
        Flavour::PostgreSql | Flavour::Kingbase => ("password_encryption", false),
    };
    let word = move |read: &settings::Read<'a>| match (gauss, read.text) {
        (false, "md5") => Some(Value::Word("md5")),
        (false, "scram-sha-256") => Some(Value::Word("sha256")),
        // 1 keeps a hash for each of two ways to log in, the weaker of them MD5.
        (true, "0" | "1") => Some(Value::Word("md5")),
        (true, "2") => Some(Value::Word("sha256")),
        (true, "3") => Some(Value::Word("sm3")),
        _ => None,
    };
    match settings::named(host, installation, name) {
        Some(Effective::Known(read, evidence)) if word(&read).is_none() => Cell::unknown(Why::not_understood(name), evidence),
        Some(effective) => effective.cell(host, word),
        None => Cell::NONE,
    }
}
