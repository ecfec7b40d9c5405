//! `username` and `password-policy` into `accounts`, `privileges` and `authentication-policy`.

use super::super::cisco_words::{is_masked, is_shared, minutes_or_never, push, words};
use super::{Asa, NAME};
use crate::facts::{Cell, Documented, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};

static PRIVILEGE: Documented = Documented {
    setting: "username … privilege 2",
    versions: "ASA 8.4 and later",
    source: "Cisco ASA 5500 Series Configuration Guide using the CLI 8.4 and 8.6, Configuring AAA Servers and the Local Database, Adding a User Account",
};
/// `password-policy minimum-length`.
pub(super) static MINIMUM_LENGTH: Documented = Documented {
    setting: "password-policy minimum-length 3",
    versions: "ASA 8.4(4) and later",
    source: "Cisco ASA 5500 Series Configuration Guide using the CLI 8.4 and 8.6, Configuring AAA Servers and the Local Database, Managing User Passwords (3 is the least value)",
};
/// `password-policy lifetime`.
pub(super) static LIFETIME: Documented = Documented {
    setting: "password-policy lifetime 0",
    versions: "ASA 8.4(4) and later",
    source: "Cisco ASA 5500 Series Configuration Guide using the CLI 8.4 and 8.6, Configuring AAA Servers and the Local Database, Managing User Passwords",
};
static CHARACTERS: Documented = Documented {
    setting: "password-policy minimum-uppercase, -lowercase, -numeric and -special 0",
    versions: "ASA 8.4(4) and later",
    source: "Cisco ASA 5500 Series Configuration Guide using the CLI 8.4 and 8.6, Configuring AAA Servers and the Local Database, Managing User Passwords",
};
static UNLOCKING: Documented = Documented {
    setting: "until an administrator unlocks, or for ten minutes, by release",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA Series Command Reference, aaa local authentication attempts max-fail",
};
static HIGHEST_EXEMPT: Documented = Documented {
    setting: "users of privilege 15 are locked or not, by release",
    versions: "ASA 7.0 and later",
    source: "Cisco ASA Series Command Reference, aaa local authentication attempts max-fail",
};
static HASHES: Documented = Documented {
    setting: "PBKDF2 from 9.7(1) on, MD5 before",
    versions: "ASA 7.0 and later",
    source: "Release Notes for the Cisco ASA Series, 9.7(x)",
};

/// The highest privilege level.
const HIGHEST: i64 = 15;

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// How a password is stored, as far as a statement shows it; `Err` where it is masked and its scheme not shown.
pub(super) fn scheme(secret: &str, words: &[&str]) -> Result<&'static str, ()> {
    match () {
        () if secret.starts_with("$sha512$") || words.contains(&"pbkdf2") => Ok("sha512"),
        () if words.contains(&"nt-encrypted") => Ok("nt"),
        () if is_masked(secret) && !words.contains(&"encrypted") => Err(()),
        () if words.contains(&"encrypted") => Ok("md5"),
        () => Ok("plaintext"),
    }
}

/// A user's statement in parts.
struct User<'a> {
    name: &'a str,
    node: Node<'a>,
    words: Vec<&'a str>,
}

impl<'a> User<'a> {
    fn behind(&self, word: &str) -> Option<&'a str> {
        self.words.iter().position(|it| *it == word).and_then(|at| self.words.get(at + 1)).copied()
    }
}

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    let mut users: Vec<User<'a>> = Vec::new();
    for node in asa.live("username") {
        let words: Vec<&'a str> = node.words().skip(2).collect();
        let Some(name) = node.word(1) else { continue };
        if words.first() == Some(&"attributes") {
            continue;
        }
        users.retain(|user| user.name != name);
        users.push(User { name, node, words });
    }
    for user in &users {
        asa.push_account(tables, user);
        asa.push_privilege(tables, user);
    }
    asa.push_policy(tables, &users);
}

impl<'a> Asa<'_, 'a> {
    fn privilege(&self, user: &User<'a>) -> (i64, Cell<'a>) {
        match user.behind("privilege").and_then(|level| level.parse().ok()) {
            Some(level) => (level, self.device.decided(Value::Boolean(level >= HIGHEST), user.node)),
            None => (
                2,
                Cell::known(
                    Value::Boolean(false),
                    self.device.host.evidence(&[self.device.decides(user.node), crate::facts::Evidence::Default(&PRIVILEGE)]),
                ),
            ),
        }
    }

    fn push_account(&self, tables: &mut Tables<'a>, user: &User<'a>) {
        let own = |value| self.device.decided(value, user.node);
        let empty = own(self.device.host.texts(&[]));
        let secret = user.behind("password");
        let state = match secret {
            Some(_) => own(Value::Word("set")),
            None if user.words.contains(&"nopassword") => own(Value::Word("empty")),
            None => own(Value::Word("none")),
        };
        let stored = match secret.map(|secret| scheme(secret, &user.words)) {
            Some(Ok(word)) => own(Value::Word(word)),
            Some(Err(())) => Cell::unknown(Why::not_understood("password"), state.evidence),
            None => Cell::unset(state.evidence),
        };
        let cells = [
            (const { ACCOUNTS.column("name") }, own(Value::Text(user.name))),
            (const { ACCOUNTS.column("enabled") }, own(Value::Boolean(true))),
            (const { ACCOUNTS.column("interactive") }, own(Value::Boolean(true))),
            (const { ACCOUNTS.column("privileged") }, self.privilege(user).1),
            (const { ACCOUNTS.column("system") }, own(Value::Boolean(false))),
            (const { ACCOUNTS.column("password-state") }, state),
            (const { ACCOUNTS.column("password-scheme") }, stored),
            (const { ACCOUNTS.column("password-max-age") }, self.lifetime()),
            (const { ACCOUNTS.column("expires") }, own(Value::Never)),
            (const { ACCOUNTS.column("same-id") }, empty),
            (const { ACCOUNTS.column("same-name") }, own(Value::Boolean(false))),
            (const { ACCOUNTS.column("shared-name") }, own(Value::Boolean(is_shared(user.name)))),
            (const { ACCOUNTS.column("vendor-default") }, own(Value::Boolean(["asa", "pix", "cisco"].contains(&user.name)))),
            (const { ACCOUNTS.column("login-hours") }, own(Value::Duration(WEEK_SECONDS))),
            (const { ACCOUNTS.column("groups") }, empty),
            (const { ACCOUNTS.column("source") }, own(Value::Text("device"))),
        ];
        push(&self.device, tables, (&ACCOUNTS, NAME), &cells);
    }

    fn push_privilege(&self, tables: &mut Tables<'a>, user: &User<'a>) {
        let own = |value| self.device.decided(value, user.node);
        let (level, highest) = self.privilege(user);
        let empty = own(self.device.host.texts(&[]));
        let cells = [
            (const { PRIVILEGES.column("grantee") }, own(Value::Text(user.name))),
            (
                const { PRIVILEGES.column("privilege") },
                Cell { state: own(Value::Text(self.device.host.text(&format!("level {level}")))).state, ..highest },
            ),
            (const { PRIVILEGES.column("scope") }, own(Value::Text("device"))),
            (const { PRIVILEGES.column("via") }, own(Value::Word("device-level"))),
            (const { PRIVILEGES.column("unrestricted") }, highest),
            (const { PRIVILEGES.column("password-required") }, own(Value::Boolean(!user.words.contains(&"nopassword")))),
            (const { PRIVILEGES.column("grantable") }, highest),
            (const { PRIVILEGES.column("to-everyone") }, own(Value::Boolean(false))),
            (const { PRIVILEGES.column("runs-as") }, empty),
            (const { PRIVILEGES.column("commands") }, empty),
            (const { PRIVILEGES.column("negated") }, own(Value::Boolean(false))),
            (const { PRIVILEGES.column("expires") }, own(Value::Never)),
        ];
        push(&self.device, tables, (&PRIVILEGES, NAME), &cells);
    }

    /// Age at which passwords expire.
    pub(super) fn lifetime(&self) -> Cell<'a> {
        match self.number("password-policy lifetime") {
            None => self.device.defaulted(Value::Unlimited, &LIFETIME),
            Some((0, node)) => self.device.decided(Value::Unlimited, node),
            Some((days, node)) => self.device.decided(Value::Duration(days.unsigned_abs().saturating_mul(DAY_SECONDS)), node),
        }
    }

    /// The number that a statement sets.
    pub(super) fn number(&self, pattern: &str) -> Option<(i64, Node<'a>)> {
        let node = self.written(pattern)?;
        minutes_or_never(node.rest(pattern)?)
            .number
            .and_then(|value| if let Value::Integer(number) = value { Some((number, node)) } else { None })
    }

    /// Classes of characters that new passwords must hold.
    fn classes(&self) -> (Cell<'a>, Cell<'a>) {
        const CLASSES: [(&str, &str); 4] = [
            ("password-policy minimum-numeric", "digit"),
            ("password-policy minimum-lowercase", "lower"),
            ("password-policy minimum-special", "other"),
            ("password-policy minimum-uppercase", "upper"),
        ];
        let demanded: Vec<(&'static str, Node<'a>)> = CLASSES
            .iter()
            .filter_map(|(pattern, class)| self.number(pattern).filter(|(number, _)| *number > 0).map(|(_, node)| (*class, node)))
            .collect();
        let nodes: Vec<Node<'a>> = demanded.iter().map(|(_, node)| *node).collect();
        let names: Vec<&'static str> = demanded.iter().map(|(class, _)| *class).collect();
        let list = words(self.device.host, &names);
        if names.is_empty() {
            let none = self.device.defaulted(list, &CHARACTERS);
            return (self.device.unless_cut(Cell::unset(none.evidence)), none);
        }
        let count = self.device.decided_by(Value::Integer(names.len() as i64), &nodes);
        (self.device.unless_cut(count), self.device.unless_cut(self.device.decided_by(list, &nodes)))
    }

    fn push_policy(&self, tables: &mut Tables<'a>, users: &[User<'a>]) {
        let device = &self.device;
        let length = match self.number("password-policy minimum-length") {
            Some((number, node)) => device.decided(Value::Integer(number), node),
            None => device.defaulted(Value::Integer(3), &MINIMUM_LENGTH),
        };
        let (classes, requirements) = self.classes();
        let history = self.number("password-policy reuse-interval");
        let history = history.map_or_else(|| device.absent(), |(number, node)| device.decided(Value::Integer(number), node));
        let threshold = self.lockout();
        let locks = threshold.value().is_some();
        let by_release = |cell: Cell<'a>| if locks { cell } else { threshold };
        let hash = match self.is_at_least("9.7") {
            Some(is) => Cell::known(
                Value::Word(if is { "sha512" } else { "md5" }),
                device.host.evidence(&[crate::facts::Evidence::Default(&HASHES)]),
            ),
            None => device.depends(&[Value::Word("md5"), Value::Word("sha512")], &HASHES),
        };
        let empty = users.iter().find(|user| user.words.contains(&"nopassword"));
        let empty = match empty {
            Some(user) => device.decided(Value::Boolean(true), user.node),
            None => device.known_absence(Value::Boolean(false)),
        };
        let cells = [
            (const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text("local"), length.evidence)),
            (const { AUTHENTICATION_POLICY.column("min-length") }, length),
            (const { AUTHENTICATION_POLICY.column("classes") }, classes),
            (const { AUTHENTICATION_POLICY.column("requirements") }, requirements),
            (const { AUTHENTICATION_POLICY.column("dictionary") }, device.known_absence(Value::Boolean(false))),
            (const { AUTHENTICATION_POLICY.column("history") }, history),
            (const { AUTHENTICATION_POLICY.column("quality-binds-root") }, Cell::known(Value::Boolean(true), length.evidence)),
            (const { AUTHENTICATION_POLICY.column("lockout-threshold") }, threshold),
            (
                const { AUTHENTICATION_POLICY.column("lockout-duration") },
                by_release(device.depends(&[Value::Unlimited, Value::Duration(600)], &UNLOCKING)),
            ),
            (const { AUTHENTICATION_POLICY.column("lockout-window") }, by_release(device.undocumented("lockout window"))),
            (
                const { AUTHENTICATION_POLICY.column("applies-to-root") },
                if locks {
                    device.depends(&[Value::Boolean(false), Value::Boolean(true)], &HIGHEST_EXEMPT)
                } else {
                    device.known_absence(Value::Boolean(false))
                },
            ),
            (const { AUTHENTICATION_POLICY.column("hash-scheme") }, hash),
            (const { AUTHENTICATION_POLICY.column("password-max-age") }, self.lifetime()),
            (const { AUTHENTICATION_POLICY.column("empty-passwords") }, empty),
            (const { AUTHENTICATION_POLICY.column("group-restricted") }, device.absent()),
        ];
        push(device, tables, (&AUTHENTICATION_POLICY, NAME), &cells);
    }
}
