//! Local users, however they are written, into the rows of `accounts`, `management-users` and `privileges`.

use jiff::civil::Date;

use super::Family;
use super::secrets::Storage;
use super::time::TimeRanges;
use crate::facts::{Cell, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::neutral::{ACCOUNTS, PRIVILEGES};
use crate::schema::vrp::MANAGEMENT_USERS;

/// Names that Huawei and H3C devices come with (manuals: default user names of S, AR, USG, H3C firewalls and access controllers).
const VENDOR_NAMES: &[&str] = &["admin", "api-admin", "audit-admin", "h3c", "huawei", "netconf-admin", "root"];

/// Names that people share.
const SHARED_NAMES: &[&str] = &["admin", "administrator", "guest", "manager", "netadmin", "operator", "public", "root", "test", "user"];

/// One local user, put together from its statements; of each statement the last.
#[derive(Clone, Debug)]
pub(in crate::facts) struct User<'a> {
    /// Login name.
    pub name: &'a str,
    /// Its first statement.
    pub node: Node<'a>,
    /// Ways of access that are allowed.
    pub services: Vec<(&'a str, Node<'a>)>,
    /// Command level.
    pub level: Option<(i64, Node<'a>)>,
    /// Roles.
    pub roles: Vec<(&'a str, Node<'a>)>,
    /// How the password is kept.
    pub password: Option<(Storage, Node<'a>)>,
    /// Set where it is blocked, and the line.
    pub blocked: Option<Node<'a>>,
    /// Set where a statement leaves it no way of access, and the line.
    pub without_access: Option<Node<'a>>,
    /// Time range in which it may log in.
    pub time_range: Option<(&'a str, Node<'a>)>,
    /// The text of the day on which it ends.
    pub expires: Option<(&'a str, Node<'a>)>,
}

impl<'a> User<'a> {
    /// A user of whom one statement is known.
    pub(in crate::facts) fn new(name: &'a str, node: Node<'a>) -> User<'a> {
        User {
            name,
            node,
            services: Vec::new(),
            level: None,
            roles: Vec::new(),
            password: None,
            blocked: None,
            without_access: None,
            time_range: None,
            expires: None,
        }
    }
}

/// What the product knows of all of its users.
#[derive(Clone, Copy, Debug)]
pub(in crate::facts) struct Rules<'a> {
    /// Whether a user holds the highest level or role.
    pub highest: fn(&User<'_>, bool) -> bool,
    /// Whether levels run from 0 to 15 (`command-privilege level rearrange`).
    pub rearranged: bool,
    /// Age at which passwords expire.
    pub max_age: Cell<'a>,
    /// What a user without a password statement has: `empty` where it logs in without one, `none` where nothing matches.
    pub without_password: Cell<'a>,
}

impl<'a> Family<'_, 'a> {
    /// Adds the rows of every user.
    pub(in crate::facts) fn push_users(&self, tables: &mut Tables<'a>, users: &[User<'a>], rules: &Rules<'a>, ranges: &TimeRanges<'a>) {
        for user in users {
            self.push_account(tables, user, rules, ranges);
            self.push_management_user(tables, user, rules);
            self.push_privilege(tables, user, rules);
        }
    }

    /// A value that the user's own statement, or another of its statements, decides.
    fn of_user(&self, user: &User<'a>, value: Value<'a>, node: Option<Node<'a>>) -> Cell<'a> {
        self.device.decided(value, node.unwrap_or(user.node))
    }

    /// Whether it can log in.
    fn user_enabled(&self, user: &User<'a>) -> Cell<'a> {
        match user.blocked.or(user.without_access) {
            Some(node) => self.device.decided(Value::Boolean(false), node),
            None => Cell::known(Value::Boolean(true), self.of_user(user, Value::Boolean(true), None).evidence),
        }
    }

    /// Whether it holds the highest level or role.
    fn user_highest(&self, user: &User<'a>, rules: &Rules<'a>) -> Cell<'a> {
        let node = user.level.map(|(_, node)| node).or(user.roles.last().map(|(_, node)| *node));
        let cell = self.of_user(user, Value::Boolean((rules.highest)(user, rules.rearranged)), node);
        if node.is_some() { cell } else { self.device.unless_cut(cell) }
    }

    /// The day on which it ends.
    fn user_expires(&self, user: &User<'a>) -> Cell<'a> {
        match user.expires {
            None => self.device.unless_cut(Cell::known(Value::Never, self.of_user(user, Value::Never, None).evidence)),
            Some((text, node)) => match date(text) {
                Some(day) => self.device.decided(Value::Date(day), node),
                None => Cell::unknown(Why::not_understood(text), self.device.decided(Value::Never, node).evidence),
            },
        }
    }

    fn push_account(&self, tables: &mut Tables<'a>, user: &User<'a>, rules: &Rules<'a>, ranges: &TimeRanges<'a>) {
        let own = |value| self.of_user(user, value, None);
        let boolean = |is| own(Value::Boolean(is));
        let empty = own(self.list([]));
        let (state, scheme, max_age) = match user.password {
            None => (rules.without_password, Cell::unset(own(Value::Never).evidence), Cell::unset(own(Value::Never).evidence)),
            Some((storage, node)) => {
                let state = self.device.decided(Value::Word("set"), node);
                let scheme = match storage.scheme() {
                    Some(word) => Cell::known(Value::Word(word), state.evidence),
                    None => Cell::unknown(Why::not_understood("password"), state.evidence),
                };
                (state, scheme, rules.max_age)
            }
        };
        let hours = match user.time_range {
            None => self.device.unless_cut(own(Value::Duration(WEEK_SECONDS))),
            Some((name, node)) => ranges.hours(self, name, node),
        };
        let mut row = self.device.host.row(&ACCOUNTS, self.product);
        row.set(const { ACCOUNTS.column("name") }, own(Value::Text(user.name)))
            .set(const { ACCOUNTS.column("enabled") }, self.user_enabled(user))
            .set(const { ACCOUNTS.column("interactive") }, boolean(true))
            .set(const { ACCOUNTS.column("privileged") }, self.user_highest(user, rules))
            .set(const { ACCOUNTS.column("system") }, boolean(false))
            .set(const { ACCOUNTS.column("password-state") }, state)
            .set(const { ACCOUNTS.column("password-scheme") }, scheme)
            .set(const { ACCOUNTS.column("password-max-age") }, max_age)
            .set(const { ACCOUNTS.column("expires") }, self.user_expires(user))
            .set(const { ACCOUNTS.column("same-id") }, empty)
            .set(const { ACCOUNTS.column("same-name") }, boolean(false))
            .set(const { ACCOUNTS.column("shared-name") }, boolean(is_one_of(user.name, SHARED_NAMES)))
            .set(const { ACCOUNTS.column("vendor-default") }, boolean(is_one_of(user.name, VENDOR_NAMES)))
            .set(const { ACCOUNTS.column("login-hours") }, hours)
            .set(const { ACCOUNTS.column("groups") }, empty)
            .set(const { ACCOUNTS.column("source") }, own(Value::Text("device")));
        tables.push(row);
    }

    fn push_management_user(&self, tables: &mut Tables<'a>, user: &User<'a>, rules: &Rules<'a>) {
        let own = |value| self.of_user(user, value, None);
        let level = user.level.map_or(self.device.absent(), |(level, node)| self.device.decided(Value::Integer(level), node));
        let storage = match user.password {
            None => Cell::unset(own(Value::Never).evidence),
            Some((storage, node)) => {
                let evidence = self.device.decided(Value::Never, node).evidence;
                match storage.word() {
                    Some(word) => Cell::known(Value::Word(word), evidence),
                    None => Cell::unknown(Why::not_understood("password"), evidence),
                }
            }
        };
        let time_range = user.time_range.map_or(self.device.absent(), |(name, node)| self.device.decided(Value::Text(name), node));
        let mut row = self.device.host.row(&MANAGEMENT_USERS, self.product);
        row.set(const { MANAGEMENT_USERS.column("name") }, own(Value::Text(user.name)))
            .set(const { MANAGEMENT_USERS.column("services") }, self.device.texts(&user.services))
            .set(const { MANAGEMENT_USERS.column("level") }, level)
            .set(const { MANAGEMENT_USERS.column("roles") }, self.device.texts(&user.roles))
            .set(const { MANAGEMENT_USERS.column("highest") }, self.user_highest(user, rules))
            .set(const { MANAGEMENT_USERS.column("storage") }, storage)
            .set(const { MANAGEMENT_USERS.column("enabled") }, self.user_enabled(user))
            .set(const { MANAGEMENT_USERS.column("time-range") }, time_range)
            .set(const { MANAGEMENT_USERS.column("expires") }, self.user_expires(user))
            .set(const { MANAGEMENT_USERS.column("default-name") }, own(Value::Boolean(is_one_of(user.name, VENDOR_NAMES))));
        tables.push(row);
    }

    fn push_privilege(&self, tables: &mut Tables<'a>, user: &User<'a>, rules: &Rules<'a>) {
        let granted: Vec<(&'a str, &'static str, Node<'a>)> = match user.level {
            Some((level, node)) => vec![(self.device.host.text(&format!("level {level}")), "device-level", node)],
            None => user.roles.iter().map(|(role, node)| (*role, "role", *node)).collect(),
        };
        for (privilege, via, node) in granted {
            let known = |value| self.device.decided(value, node);
            let one = User { roles: vec![(privilege, node)], ..user.clone() };
            let highest = (rules.highest)(if user.level.is_some() { user } else { &one }, rules.rearranged);
            let asks = user.password.is_some() || rules.without_password.value() != Some(Value::Word("empty"));
            let mut row = self.device.host.row(&PRIVILEGES, self.product);
            row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(user.name)))
                .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(privilege)))
                .set(const { PRIVILEGES.column("scope") }, known(Value::Text("device")))
                .set(const { PRIVILEGES.column("via") }, known(Value::Word(via)))
                .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(highest)))
                .set(const { PRIVILEGES.column("password-required") }, known(Value::Boolean(asks)))
                .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(highest)))
                .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(false)))
                .set(const { PRIVILEGES.column("runs-as") }, known(self.list([])))
                .set(const { PRIVILEGES.column("commands") }, known(self.list([])))
                .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
                .set(const { PRIVILEGES.column("expires") }, self.user_expires(user));
            tables.push(row);
        }
    }
}

/// Whether a name, without its domain, is one of these.
fn is_one_of(name: &str, names: &[&str]) -> bool {
    let name = name.split('@').next().unwrap_or_default();
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// A day as both vendors write it: `2026/12/31`, `2026-12-31` or `12/31/2026`, perhaps behind a time (`23:59:59-2026/12/31`).
pub(in crate::facts) fn date(text: &str) -> Option<Date> {
    let text = text.split_once('-').filter(|(time, _)| time.contains(':')).map_or(text, |(_, day)| day);
    let parts: Vec<i16> = text.split(['/', '-']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) = if *first > 31 { (*first, *second, *third) } else { (*third, *first, *second) };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
