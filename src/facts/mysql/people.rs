//! The query about accounts into accounts, and those into rows of `mysql-accounts` and `accounts`.

use super::super::queries::Answered;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::NAME;
use super::grants::Grants;
use super::hosts;
use super::settings::Settings;
use crate::reckon::network::Addresses;
use crate::schema::mysql::MYSQL_ACCOUNTS;
use crate::schema::people::ACCOUNTS;

/// The columns of the query, which never hold a hash.
pub(super) const COLUMNS: [&str; 13] = [
    "user",
    "host",
    "plugin",
    "secret",
    "locked",
    "expired",
    "lifetime_days",
    "changed",
    "tls",
    "failed_attempts",
    "lock_days",
    "more_plugins",
    "is_role",
];

/// MySQL 8.0 and later.
pub(super) const MYSQL8: &str = "SELECT User AS user, Host AS host, plugin AS plugin, IF(IFNULL(authentication_string, '') = '', 'empty', 'set') AS secret, account_locked AS locked, password_expired AS expired, IFNULL(password_lifetime, 'default') AS lifetime_days, IFNULL(DATE(password_last_changed), '') AS changed, ssl_type AS tls, IFNULL(JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.Password_locking.failed_login_attempts')), 0) AS failed_attempts, IFNULL(JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.Password_locking.password_lock_time_days')), 0) AS lock_days, IFNULL(JSON_UNQUOTE(JSON_EXTRACT(User_attributes, '$.multi_factor_authentication[*].plugin')), '') AS more_plugins, IF(account_locked = 'Y' AND password_expired = 'Y' AND IFNULL(authentication_string, '') = '', 'Y', 'N') AS is_role FROM mysql.user";

/// MySQL 5.7.
pub(super) const MYSQL57: &str = "SELECT User AS user, Host AS host, plugin AS plugin, IF(IFNULL(authentication_string, '') = '', 'empty', 'set') AS secret, account_locked AS locked, password_expired AS expired, IFNULL(password_lifetime, 'default') AS lifetime_days, IFNULL(DATE(password_last_changed), '') AS changed, ssl_type AS tls, 0 AS failed_attempts, 0 AS lock_days, '' AS more_plugins, 'N' AS is_role FROM mysql.user";

/// MariaDB 10.4 and later; plugins and states are lists, alternatives after the first.
pub(super) const MARIADB: &str = "SELECT User AS user, Host AS host, CONCAT_WS(',', IFNULL(JSON_VALUE(Priv, '$.plugin'), ''), JSON_VALUE(Priv, '$.auth_or[0].plugin'), JSON_VALUE(Priv, '$.auth_or[1].plugin'), JSON_VALUE(Priv, '$.auth_or[2].plugin'), IF(IFNULL(JSON_LENGTH(Priv, '$.auth_or'), 0) > 3, 'more', NULL)) AS plugin, CONCAT_WS(',', CASE IFNULL(JSON_VALUE(Priv, '$.authentication_string'), '') WHEN '' THEN 'empty' WHEN 'invalid' THEN 'invalid' ELSE 'set' END, IF(JSON_VALUE(Priv, '$.auth_or[0].plugin') IS NULL, NULL, IF(IFNULL(JSON_VALUE(Priv, '$.auth_or[0].authentication_string'), '') = '', 'empty', 'set')), IF(JSON_VALUE(Priv, '$.auth_or[1].plugin') IS NULL, NULL, IF(IFNULL(JSON_VALUE(Priv, '$.auth_or[1].authentication_string'), '') = '', 'empty', 'set')), IF(JSON_VALUE(Priv, '$.auth_or[2].plugin') IS NULL, NULL, IF(IFNULL(JSON_VALUE(Priv, '$.auth_or[2].authentication_string'), '') = '', 'empty', 'set'))) AS secret, IF(IFNULL(JSON_VALUE(Priv, '$.account_locked'), 0) IN ('1', 'true'), 'Y', 'N') AS locked, IF(JSON_VALUE(Priv, '$.password_last_changed') = 0, 'Y', 'N') AS expired, IF(IFNULL(JSON_VALUE(Priv, '$.password_lifetime'), -1) < 0, 'default', JSON_VALUE(Priv, '$.password_lifetime')) AS lifetime_days, IF(IFNULL(JSON_VALUE(Priv, '$.password_last_changed'), 0) = 0, '', DATE(FROM_UNIXTIME(JSON_VALUE(Priv, '$.password_last_changed')))) AS changed, CASE IFNULL(JSON_VALUE(Priv, '$.ssl_type'), 0) WHEN 1 THEN 'ANY' WHEN 2 THEN 'X509' WHEN 3 THEN 'SPECIFIED' ELSE '' END AS tls, 0 AS failed_attempts, 0 AS lock_days, '' AS more_plugins, IF(IFNULL(JSON_VALUE(Priv, '$.is_role'), 0) IN ('1', 'true'), 'Y', 'N') AS is_role FROM mysql.global_priv";

/// Plugins that check a password which the server keeps, and how it keeps it.
const PASSWORDS: [(&str, Option<&str>); 7] = [
    ("caching_sha2_password", Some("sha256")),
    ("ed25519", Some("sha512")),
    ("mysql_native_password", Some("sha1")),
    ("mysql_old_password", None),
    ("parsec", Some("sha512")),
    ("sha256_password", Some("sha256")),
    ("", None),
];

/// Accounts that the servers make for themselves, and keep locked.
pub(super) const INTERNAL: [&str; 4] = ["mariadb.sys", "mysql.infoschema", "mysql.session", "mysql.sys"];

/// Names that people share.
const SHARED: [&str; 10] = ["admin", "app", "backup", "dba", "guest", "mysql", "oper", "test", "user", "web"];

/// One account.
#[derive(Clone, Debug)]
pub(super) struct Account<'a> {
    pub user: &'a str,
    pub host: &'a str,
    pub evidence: &'a [Evidence<'a>],
    /// The least demanding of its ways in.
    pub plugin: &'a str,
    pub secret: &'static str,
    pub locked: bool,
    pub role: bool,
    pub tls: &'static str,
    lifetime_days: Option<u64>,
    changed: Option<jiff::civil::Date>,
    /// 0: never locked.
    pub failed_attempts: u64,
    /// None: until an administrator unlocks it.
    lock_days: Option<u64>,
    pub factors: i64,
    pub sources: Option<Addresses>,
}

impl<'a> Account<'a> {
    /// `user@host`.
    pub(super) fn name(&self, host: &Host<'a>) -> &'a str {
        host.text(&format!("{}@{}", self.user, self.host))
    }

    /// Whether somebody can log in with it.
    pub(super) fn usable(&self) -> bool {
        !self.locked && !self.role
    }

    /// Whether it is the loopback's alone.
    pub(super) fn is_local(&self) -> bool {
        self.sources.as_ref().is_some_and(|sources| sources.within(&hosts::loopback()))
    }
}

/// The accounts of one answer.
pub(super) fn read<'a>(host: &Host<'a>, answered: &Answered<'a>) -> Vec<Account<'a>> {
    let records = answered.records(COLUMNS).into_iter().flatten();
    records.map(|(record, fields)| account(host.evidence(&[answered.decides(record)]), fields)).collect()
}

/// One record.
fn account<'a>(evidence: &'a [Evidence<'a>], fields: [&'a str; 13]) -> Account<'a> {
    let [user, from, plugins, secrets, locked, _, lifetime, changed, tls, failed, lock_days, more, is_role] = fields;
    let (plugin, secret) = least_demanding(plugins, secrets);
    let tls = match tls {
        "ANY" => "any",
        "X509" => "x509",
        "SPECIFIED" => "specified",
        _ => "none",
    };
    // A second password is not another kind of factor; a key that the client holds is.
    let key = more.contains("fido") || more.contains("webauthn");
    let first = i64::from(secret != "empty");
    Account {
        user,
        host: from,
        evidence,
        plugin,
        secret,
        locked: locked == "Y" || plugin == "mysql_no_login",
        role: is_role == "Y",
        tls,
        lifetime_days: lifetime.parse().ok(),
        changed: changed.parse().ok(),
        failed_attempts: failed.parse().unwrap_or_default(),
        lock_days: lock_days.parse().ok(),
        factors: first + i64::from(key) + i64::from(matches!(tls, "x509" | "specified")),
        sources: hosts::admitted(from),
    }
}

/// Of alternative ways in, the one that demands least: an empty password, then a password, then what the server keeps nothing for.
fn least_demanding<'a>(plugins: &'a str, secrets: &'a str) -> (&'a str, &'static str) {
    let ways = plugins.split(',').zip(secrets.split(',').chain(std::iter::repeat("set")));
    let state = |plugin: &str, secret: &str| match (PASSWORDS.iter().any(|(name, _)| *name == plugin), secret) {
        (true, "empty") => (0, "empty"),
        (true, "invalid") => (3, "none-needed"),
        (true, _) => (1, "set"),
        (false, _) => (2, "none-needed"),
    };
    let ranked = ways.map(|(plugin, secret)| (state(plugin, secret), plugin));
    ranked.min_by_key(|((rank, _), _)| *rank).map_or(("", "set"), |((_, secret), plugin)| (plugin, secret))
}

/// Pushes the rows of both tables.
pub(super) fn push<'a>(
    host: &Host<'a>,
    instance: &'a str,
    accounts: &[Account<'a>],
    (grants, settings): (&Grants<'a>, &Settings<'a>),
    tables: &mut Tables<'a>,
) {
    for account in accounts {
        if !host.spend(2) {
            push_gaps(host, instance, Why::budget_spent("mysql.user"), tables);
            return;
        }
        let superuser = grants.superuser(host, account);
        push_own(host, instance, account, (superuser, settings), tables);
        if !account.role {
            push_neutral(host, instance, account, (superuser, grants, settings), tables);
        }
    }
}

/// Gap rows of both tables.
pub(super) fn push_gaps<'a>(host: &Host<'a>, instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>) {
    for table in [&MYSQL_ACCOUNTS, &ACCOUNTS] {
        let mut row = host.gap(table, NAME, why);
        row.instance(instance);
        tables.push(row);
    }
}

/// The addresses of a host part as a list; a name is an element that is not known.
pub(super) fn networks<'a>(host: &Host<'a>, account: &Account<'a>) -> Value<'a> {
    let values: Vec<Value<'a>> = match &account.sources {
        Some(sources) => sources.blocks().into_iter().map(Value::Network).collect(),
        None => vec![Value::Opaque(account.host)],
    };
    Value::List(host.arena().alloc_slice_copy(&values))
}

static NAMED: crate::names::Phrase =
    crate::names::Phrase { zh: "{} 是主机名或名称模式", en: "{} is a host name, or a pattern that may admit names" };

/// The row of `mysql-accounts`.
fn push_own<'a>(
    host: &Host<'a>,
    instance: &'a str,
    account: &Account<'a>,
    (superuser, settings): (Cell<'a>, &Settings<'a>),
    tables: &mut Tables<'a>,
) {
    let known = |value: Value<'a>| Cell::known(value, account.evidence);
    let breadth = match &account.sources {
        None => Cell::unknown(Why::new("host-name", &NAMED, account.host), account.evidence),
        Some(sources) if sources.covers(&Addresses::any_four()) || sources.covers(&Addresses::any_six()) => known(Value::Unlimited),
        Some(sources) => {
            let elsewhere = sources.subtract(&hosts::loopback());
            known(i64::try_from(elsewhere.breadth()).map_or(Value::Unlimited, Value::Integer))
        }
    };
    let mut row = host.row(&MYSQL_ACCOUNTS, NAME);
    row.instance(instance);
    row.set(const { MYSQL_ACCOUNTS.column("user") }, known(Value::Text(account.user)))
        .set(const { MYSQL_ACCOUNTS.column("host") }, known(Value::Text(account.host)))
        .set(const { MYSQL_ACCOUNTS.column("sources") }, known(networks(host, account)))
        .set(const { MYSQL_ACCOUNTS.column("breadth") }, breadth)
        .set(const { MYSQL_ACCOUNTS.column("locked") }, known(Value::Boolean(!account.usable())))
        .set(const { MYSQL_ACCOUNTS.column("role") }, known(Value::Boolean(account.role)))
        .set(
            const { MYSQL_ACCOUNTS.column("plugin") },
            if account.role { Cell::unset(account.evidence) } else { known(Value::Text(account.plugin)) },
        )
        .set(const { MYSQL_ACCOUNTS.column("secret") }, known(Value::Word(account.secret)))
        .set(const { MYSQL_ACCOUNTS.column("factors") }, known(Value::Integer(account.factors)))
        .set(const { MYSQL_ACCOUNTS.column("tls") }, known(Value::Word(account.tls)))
        .set(const { MYSQL_ACCOUNTS.column("password-lifetime") }, lifetime(host, account, settings))
        .set(const { MYSQL_ACCOUNTS.column("failed-attempts") }, failed_attempts(host, account, settings))
        .set(const { MYSQL_ACCOUNTS.column("lock-time") }, lock_time(account))
        .set(const { MYSQL_ACCOUNTS.column("superuser") }, superuser);
    tables.push(row);
}

/// When its password expires: its own time, or the server's.
fn lifetime<'a>(host: &Host<'a>, account: &Account<'a>, settings: &Settings<'a>) -> Cell<'a> {
    match account.lifetime_days {
        Some(0) => Cell::known(Value::Unlimited, account.evidence),
        Some(days) => Cell::known(Value::Duration(days.saturating_mul(86_400)), account.evidence),
        None => match settings.of("default_password_lifetime").cell(host, |it| it.duration) {
            cell if matches!(cell.state, super::super::State::Unset) => Cell::known(Value::Unlimited, account.evidence),
            cell => cell,
        },
    }
}

/// After how many failures it is locked: its own number, or that of MariaDB's server.
pub(super) fn failed_attempts<'a>(host: &Host<'a>, account: &Account<'a>, settings: &Settings<'a>) -> Cell<'a> {
    if let Ok(count @ 1..) = i64::try_from(account.failed_attempts) {
        return Cell::known(Value::Integer(count), account.evidence);
    }
    // The greatest number that it can be stands for none (MariaDB, max_password_errors).
    let counted = |number: Value<'a>| if number == Value::Integer(i64::from(u32::MAX)) { Value::Unlimited } else { number };
    match settings.of("max_password_errors").cell(host, |it| it.number.map(counted)) {
        cell if matches!(cell.state, super::super::State::Unset) => Cell::known(Value::Unlimited, account.evidence),
        cell => cell,
    }
}

/// For how long it is locked.
fn lock_time<'a>(account: &Account<'a>) -> Cell<'a> {
    match (account.failed_attempts, account.lock_days) {
        (0, _) => Cell::unset(account.evidence),
        (_, Some(days)) => Cell::known(Value::Duration(days.saturating_mul(86_400)), account.evidence),
        (_, None) => Cell::known(Value::Unlimited, account.evidence),
    }
}

/// The row of `accounts`.
fn push_neutral<'a>(
    host: &Host<'a>,
    instance: &'a str,
    account: &Account<'a>,
    (superuser, grants, settings): (Cell<'a>, &Grants<'a>, &Settings<'a>),
    tables: &mut Tables<'a>,
) {
    let known = |value: Value<'a>| Cell::known(value, account.evidence);
    let unset = Cell::unset(account.evidence);
    let internal = INTERNAL.contains(&account.user);
    let scheme = PASSWORDS.iter().find(|(plugin, _)| *plugin == account.plugin).and_then(|(_, scheme)| *scheme);
    let password = match account.secret {
        "empty" if account.locked => "locked",
        "empty" => "empty",
        "none-needed" => "none",
        _ if account.locked => "locked",
        _ => "set",
    };
    let roles = grants.roles_of(account.user, account.host);
    let mut row = host.row(&ACCOUNTS, NAME);
    row.instance(instance);
    row.set(const { ACCOUNTS.column("name") }, known(Value::Text(account.name(host))))
        .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(account.usable())))
        .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(!internal)))
        .set(const { ACCOUNTS.column("privileged") }, superuser)
        .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(internal)))
        .set(const { ACCOUNTS.column("password-state") }, known(Value::Word(password)))
        .set(const { ACCOUNTS.column("password-scheme") }, scheme.map_or(unset, |scheme| known(Value::Word(scheme))))
        .set(const { ACCOUNTS.column("password-max-age") }, lifetime(host, account, settings))
        .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
        .set(const { ACCOUNTS.column("last-change") }, account.changed.map_or(unset, |day| known(Value::Date(day))))
        .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
        .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(SHARED.contains(&account.user))))
        .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(internal || account.user == "root")))
        .set(const { ACCOUNTS.column("groups") }, known(host.texts(&roles)))
        .set(const { ACCOUNTS.column("source") }, known(Value::Text("mysql.user")));
    row.set_rest(unset);
    tables.push(row);
}

/// How the plugin for new accounts keeps their passwords; unset where it is not known to keep any.
pub(super) fn scheme_of_new<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Cell<'a> {
    let scheme = |plugin: &str| PASSWORDS.iter().find(|(name, _)| *name == plugin).and_then(|(_, scheme)| *scheme).map(Value::Word);
    if settings.server.mariadb == Some(true) {
        return Cell::known(Value::Word("sha1"), &[]);
    }
    let policy = settings.of("authentication_policy");
    let first = policy.certain().and_then(|it| it.text.split(',').next()).unwrap_or("*").trim_start_matches("*:");
    if let Some(word) = scheme(first) {
        return Cell::known(word, host.evidence(&policy.evidence));
    }
    let default = settings.of("default_authentication_plugin").cell(host, |it| scheme(it.text));
    let newer = settings.server.numbers().is_some_and(|(major, minor, _)| (major, minor) >= (8, 4));
    if newer { Cell::known(Value::Word("sha256"), default.evidence) } else { default }
}
