//! SYSUSERS into rows of `dameng-users` and `accounts`.
//!
//! DM8 SQL 语言使用手册, 数据字典, SYSUSERS: LOCKED_STATUS 1 is locked by hand, 2 open, 3 locked by failures; 0 in a limit stands for none.
//! Where an account has a profile, that decides instead, and is not shown by these columns.

use super::super::role_grants::Grants;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::privileges;
use super::settings::rules;
use super::{NAME, Server};
use crate::names::Phrase;
use crate::reckon::network::Addresses;
use crate::schema::dameng::DAMENG_USERS;
use crate::schema::people::ACCOUNTS;

/// Accounts and their limits; of a password nothing.
pub(super) const SQL: &str = "SELECT B.USERNAME AS username, A.AUTHENT_TYPE AS authentication, A.LOCKED_STATUS AS locked, A.FAILED_NUM AS failed_num, A.LOCK_TIME AS lock_minutes, A.LIFE_TIME AS life_days, A.CONN_IDLE_TIME AS idle_minutes, A.REUSE_MAX AS reuse_max, A.PWD_POLICY AS pwd_policy, A.ALLOW_ADDR AS allow_addr, A.NOT_ALLOW_ADDR AS not_allow_addr, A.ALLOW_DT AS allow_dt, A.NOT_ALLOW_DT AS not_allow_dt, B.PROFILE AS profile FROM SYSUSERS A JOIN DBA_USERS B ON A.ID = B.USER_ID";

/// The columns of the query.
const COLUMNS: [&str; 14] = [
    "username",
    "authentication",
    "locked",
    "failed_num",
    "lock_minutes",
    "life_days",
    "idle_minutes",
    "reuse_max",
    "pwd_policy",
    "allow_addr",
    "not_allow_addr",
    "allow_dt",
    "not_allow_dt",
    "profile",
];

/// Accounts that the server makes: DM8 安全管理, 用户标识与鉴别. SYS cannot log in.
const BUILT_IN: [&str; 5] = ["SYS", "SYSAUDITOR", "SYSDBA", "SYSDBO", "SYSSSO"];

/// Names that people share.
const SHARED: [&str; 8] = ["ADMIN", "APP", "BACKUP", "DBA", "GUEST", "TEST", "USER", "WEB"];

static PROFILE: Phrase =
    Phrase { zh: "由 profile {} 决定，未采集其限制", en: "the profile {} decides, whose limits were not collected" };
static ADDRESS: Phrase = Phrase { zh: "未能理解地址 {}", en: "the address {} was not understood" };

/// One account.
#[derive(Clone, Debug)]
pub(super) struct User<'a> {
    pub name: &'a str,
    pub evidence: &'a [Evidence<'a>],
    pub locked: bool,
    limits: [&'a str; 5],
    policy: Option<i64>,
    allowed: &'a str,
    refused: &'a str,
    pub times: bool,
    profile: &'a str,
}

/// The accounts of a server.
#[derive(Debug)]
pub(super) struct People<'a> {
    pub users: Vec<User<'a>>,
    /// Why one may be missing.
    pub gap: Option<Why<'a>>,
}

/// Reads the answer.
pub(super) fn read<'a>(host: &Host<'a>, server: &Server<'a>) -> People<'a> {
    let gap = server.answers.gap(host, "users", &COLUMNS);
    let mut users = Vec::new();
    if let Some(answered) = server.answers.answer("users") {
        for (record, fields) in answered.records(COLUMNS).into_iter().flatten() {
            let fields = fields.map(null);
            let [name, _, locked, failed, lock, life, idle, reuse, policy, allowed, refused, from, not_from, profile] = fields;
            users.push(User {
                name,
                evidence: host.evidence(&[answered.decides(record)]),
                locked: locked == "1",
                limits: [failed, lock, life, idle, reuse],
                policy: policy.parse().ok(),
                allowed,
                refused,
                times: !from.is_empty() || !not_from.is_empty(),
                profile,
            });
        }
    }
    People { users, gap }
}

/// A value, empty where the client wrote NULL.
fn null(text: &str) -> &str {
    let text = text.trim();
    if text.eq_ignore_ascii_case("NULL") { "" } else { text }
}

/// Which of an account's limits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// Failures that lock it.
    Failed = 0,
    /// Minutes for which it stays locked.
    Lock = 1,
    /// Days for which its password holds.
    Life = 2,
    /// Minutes after which an idle session ends.
    Idle = 3,
    /// Changes before an old password may return.
    Reuse = 4,
}

impl<'a> User<'a> {
    /// Whether somebody can log in with it.
    pub(super) fn usable(&self) -> bool {
        !self.locked && self.name != "SYS"
    }

    /// A limit as a cell.
    pub(super) fn limit(&self, limit: Limit) -> Cell<'a> {
        if !self.profile.is_empty() {
            return Cell::unknown(Why::new("profile", &PROFILE, self.profile), self.evidence);
        }
        let Some(text) = self.limits.get(limit as usize) else { return Cell::NONE };
        let known = |value: Value<'a>| Cell::known(value, self.evidence);
        match (text.parse::<u64>(), limit) {
            (Ok(0), _) => known(Value::Unlimited),
            (Ok(count), Limit::Failed | Limit::Reuse) => known(i64::try_from(count).map_or(Value::Unlimited, Value::Integer)),
            (Ok(minutes), Limit::Lock | Limit::Idle) => known(Value::Duration(minutes.saturating_mul(60))),
            (Ok(days), Limit::Life) => known(Value::Duration(days.saturating_mul(86_400))),
            (Err(_), _) => Cell::unknown(Why::not_understood(self.name), self.evidence),
        }
    }

    /// The addresses that it may come from; none where one was not understood.
    pub(super) fn sources(&self) -> Result<Addresses, &'a str> {
        let mut set = if self.allowed.is_empty() { Addresses::any() } else { Addresses::none() };
        for part in parts(self.allowed) {
            set = set.union(&addresses(part).ok_or(part)?);
        }
        for part in parts(self.refused) {
            set = set.subtract(&addresses(part).ok_or(part)?);
        }
        Ok(set)
    }
}

/// The addresses of a list.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ' ']).map(|part| part.trim().trim_matches(['"', '\''])).filter(|part| !part.is_empty())
}

/// An address, or one whose last octets are `*`: DM8 安全管理, 资源限制, 允许 IP.
fn addresses(text: &str) -> Option<Addresses> {
    if let Ok(block) = text.parse::<ipnet::IpNet>() {
        return Some(Addresses::of([block.trunc()]));
    }
    if let Ok(address) = text.parse::<std::net::IpAddr>() {
        return Some(Addresses::of([ipnet::IpNet::from(address)]));
    }
    let fixed: Vec<&str> = text.split('.').collect();
    let count = fixed.iter().take_while(|part| **part != "*").count();
    if fixed.len() != 4 || fixed[count..].iter().any(|part| *part != "*") {
        return None;
    }
    let mut octets = [0; 4];
    for (place, part) in octets.iter_mut().zip(&fixed[..count]) {
        *place = part.parse().ok()?;
    }
    let length = u8::try_from(count * 8).ok()?;
    Some(Addresses::of([ipnet::IpNet::V4(ipnet::Ipv4Net::new(octets.into(), length).ok()?)]))
}

/// The addresses of a set as a list.
fn listed<'a>(host: &Host<'a>, sources: &Result<Addresses, &'a str>) -> Value<'a> {
    let values: Vec<Value<'a>> = match sources {
        Ok(set) => set.blocks().into_iter().map(Value::Network).collect(),
        Err(part) => vec![Value::Opaque(part)],
    };
    Value::List(host.arena().alloc_slice_copy(&values))
}

/// Pushes the rows of both tables.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, people: &People<'a>, grants: &Grants<'a>, tables: &mut Tables<'a>) {
    let mut gap = people.gap;
    for user in &people.users {
        if !host.spend(2) {
            gap = Some(Why::budget_spent("SYSUSERS"));
            break;
        }
        push_own(host, instance, (user, grants), tables);
        push_neutral(host, instance, (user, grants), tables);
    }
    if let Some(why) = gap {
        for table in [&DAMENG_USERS, &ACCOUNTS] {
            let mut row = host.gap(table, NAME, why);
            row.instance(instance);
            tables.push(row);
        }
    }
}

/// The row of `dameng-users`.
fn push_own<'a>(host: &Host<'a>, instance: &'a str, (user, grants): (&User<'a>, &Grants<'a>), tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, user.evidence);
    let sources = user.sources();
    let breadth = match &sources {
        Ok(set) if set.covers(&Addresses::any_four()) || set.covers(&Addresses::any_six()) => known(Value::Unlimited),
        Ok(set) => known(i64::try_from(set.breadth()).map_or(Value::Unlimited, Value::Integer)),
        Err(part) => Cell::unknown(Why::new("not-understood", &ADDRESS, part), user.evidence),
    };
    let policy = user.policy.map_or(Cell::unknown(Why::not_understood("PWD_POLICY"), user.evidence), |sum| {
        known(Value::List(host.arena().alloc_slice_fill_iter(rules(sum).into_iter().map(Value::Word))))
    });
    let mut row = host.row(&DAMENG_USERS, NAME);
    row.instance(instance);
    row.set(const { DAMENG_USERS.column("user") }, known(Value::Text(user.name)))
        .set(const { DAMENG_USERS.column("locked") }, known(Value::Boolean(!user.usable())))
        .set(const { DAMENG_USERS.column("failed-attempts") }, user.limit(Limit::Failed))
        .set(const { DAMENG_USERS.column("lock-time") }, user.limit(Limit::Lock))
        .set(const { DAMENG_USERS.column("life") }, user.limit(Limit::Life))
        .set(const { DAMENG_USERS.column("idle") }, user.limit(Limit::Idle))
        .set(const { DAMENG_USERS.column("password-policy") }, policy)
        .set(const { DAMENG_USERS.column("restricted") }, known(Value::Boolean(!user.allowed.is_empty())))
        .set(const { DAMENG_USERS.column("sources") }, known(listed(host, &sources)))
        .set(const { DAMENG_USERS.column("breadth") }, breadth)
        .set(const { DAMENG_USERS.column("time-restricted") }, known(Value::Boolean(user.times)))
        .set(const { DAMENG_USERS.column("duties") }, privileges::duties(host, grants, user))
        .set(const { DAMENG_USERS.column("superuser") }, grants.superuser(host, (user.name, user.evidence), None));
    tables.push(row);
}

/// The row of `accounts`.
fn push_neutral<'a>(host: &Host<'a>, instance: &'a str, (user, grants): (&User<'a>, &Grants<'a>), tables: &mut Tables<'a>) {
    let known = |value: Value<'a>| Cell::known(value, user.evidence);
    let unset = Cell::unset(user.evidence);
    let built_in = BUILT_IN.contains(&user.name);
    let state = if user.name == "SYS" {
        "none"
    } else if user.locked {
        "locked"
    } else {
        "set"
    };
    let mut row = host.row(&ACCOUNTS, NAME);
    row.instance(instance);
    row.set(const { ACCOUNTS.column("name") }, known(Value::Text(user.name)))
        .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(user.usable())))
        .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(user.name != "SYS")))
        .set(const { ACCOUNTS.column("privileged") }, grants.superuser(host, (user.name, user.evidence), None))
        .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(built_in)))
        .set(const { ACCOUNTS.column("password-state") }, known(Value::Word(state)))
        .set(const { ACCOUNTS.column("password-scheme") }, Cell::unknown(Why::not_understood("HASH WITH"), user.evidence))
        .set(const { ACCOUNTS.column("password-max-age") }, user.limit(Limit::Life))
        .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
        .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
        .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(SHARED.contains(&user.name))))
        // The separation of duties rests on the three built-in administrators: that they can log in is no fault.
        .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("groups") }, known(host.texts(&grants.roles_of(user.name))))
        .set(const { ACCOUNTS.column("source") }, known(Value::Text("SYSUSERS")));
    row.set_rest(unset);
    tables.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_the_last_octets() {
        let shown = |text: &str| addresses(text).map(|set| set.blocks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(shown("10.1.2.*"), Some("10.1.2.0/24".to_owned()));
        assert_eq!(shown("10.1.2.7"), Some("10.1.2.7/32".to_owned()));
        assert_eq!(shown("*.*.*.*"), Some("0.0.0.0/0".to_owned()));
        for text in ["10.*.2.3", "10.1.2", "host", "10.1.2.300", ""] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
