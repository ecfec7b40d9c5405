//! `username` and password checks into `accounts`, `privileges` and `authentication-policy`.

use super::super::cisco_words::{is_masked, is_shared, push, toggled, words};
use super::{NAME, Nexus};
use crate::facts::{Cell, Documented, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};
use crate::source::redact;

/// `password strength-check`: the Nexus 7000's command reference says off, the MDS 9000's guide on.
pub(super) static STRENGTH_CHECK: Documented = Documented {
    setting: "password strength-check: on, or off, by series",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 7000 Series Security Command Reference, password strength-check",
};
static STRONG: Documented = Documented {
    setting: "a strong password has 8 characters, upper and lower case, a digit, and no word of a dictionary",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 3548 NX-OS System Management Configuration Guide 7.x, Characteristics of Strong Passwords",
};

static HASHES: Documented = Documented {
    setting: "username … password 5, 8 or 9: MD5, SHA-256 or scrypt, by release",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 9000 Series NX-OS Security Configuration Guide, Configuring User Accounts and RBAC",
};

/// Roles that may do everything.
const HIGHEST: &[&str] = &["network-admin", "vdc-admin"];

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// A user, put together from all of its statements.
struct User<'a> {
    name: &'a str,
    node: Node<'a>,
    password: Option<(&'a str, &'a str, Node<'a>)>,
    roles: Vec<(&'a str, Node<'a>)>,
    expires: Option<(&'a str, Node<'a>)>,
    lifetime: Option<(&'a str, Node<'a>)>,
    keys: i64,
}

impl<'a> User<'a> {
    fn add(&mut self, node: Node<'a>) {
        let words: Vec<&'a str> = node.words().skip(2).collect();
        let behind = |word: &str| words.iter().position(|it| *it == word).and_then(|at| words.get(at + 1)).copied();
        if words.first() == Some(&"password") {
            self.password = match (words.get(1).copied(), words.get(2).copied()) {
                (Some(kind @ ("0" | "5" | "7" | "8" | "9")), Some(secret)) => Some((kind, secret, node)),
                (Some(secret), _) => Some(("0", secret, node)),
                (None, _) => None,
            };
        }
        self.roles.extend(behind("role").map(|role| (role, node)));
        self.expires = behind("expire").map(|day| (day, node)).or(self.expires);
        self.lifetime = behind("lifetime").map(|days| (days, node)).or(self.lifetime);
        self.keys += i64::from(words.first() == Some(&"sshkey"));
    }
}

/// How a password is stored; `Err` where it is masked.
fn scheme(kind: &str, secret: &str) -> Result<&'static str, ()> {
    if is_masked(secret) {
        return Err(());
    }
    match kind {
        "5" => Ok(redact::crypt_scheme(secret).unwrap_or("md5")),
        "7" => Ok("type7"),
        "8" => Ok("sha256"),
        "9" => Ok("scrypt"),
        _ => Ok("plaintext"),
    }
}

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    let mut users: Vec<User<'a>> = Vec::new();
    for node in nexus.live("username") {
        let Some(name) = node.word(1) else { continue };
        let at = users.iter().position(|user| user.name == name).unwrap_or_else(|| {
            users.push(User { name, node, password: None, roles: Vec::new(), expires: None, lifetime: None, keys: 0 });
            users.len() - 1
        });
        users[at].add(node);
    }
    for user in &users {
        nexus.push_account(tables, user);
        for (role, node) in &user.roles {
            nexus.push_privilege(tables, user, role, *node);
        }
    }
    nexus.push_policy(tables);
}

impl<'a> Nexus<'_, 'a> {
    fn expires(&self, user: &User<'a>) -> Cell<'a> {
        match user.expires {
            None => self.device.unless_cut(self.device.decided(Value::Never, user.node)),
            Some((text, node)) => match text.parse() {
                Ok(day) => self.device.decided(Value::Date(day), node),
                Err(_) => Cell::unknown(Why::not_understood(text), self.device.host.evidence(&[self.device.decides(node)])),
            },
        }
    }

    fn push_account(&self, tables: &mut Tables<'a>, user: &User<'a>) {
        let own = |value| self.device.decided(value, user.node);
        let empty = own(self.device.host.texts(&[]));
        let (state, stored) = match user.password {
            None => (own(Value::Word("none")), Cell::unset(empty.evidence)),
            // `password 5 !` matches nothing: the account is one of a server's users.
            Some((_, "!" | "*", node)) => (self.device.decided(Value::Word("none"), node), Cell::unset(empty.evidence)),
            Some((kind, secret, node)) => {
                let set = self.device.decided(Value::Word("set"), node);
                let stored = match scheme(kind, secret) {
                    Ok(word) => Cell::known(Value::Word(word), set.evidence),
                    Err(()) => Cell::unknown(Why::not_understood("password"), set.evidence),
                };
                (set, stored)
            }
        };
        let highest = user.roles.iter().find(|(role, _)| HIGHEST.contains(role));
        let privileged = match highest {
            Some((_, node)) => self.device.decided(Value::Boolean(true), *node),
            None => self.device.unless_cut(own(Value::Boolean(false))),
        };
        let max_age = match user.lifetime {
            None => self.device.unless_cut(own(Value::Unlimited)),
            Some((text, node)) => match text.parse::<u64>() {
                // 99999 days is what NX-OS writes for no limit.
                Ok(days) if days < 99_999 => self.device.decided(Value::Duration(days.saturating_mul(DAY_SECONDS)), node),
                _ => self.device.decided(Value::Unlimited, node),
            },
        };
        let usable = !matches!(state.value(), Some(Value::Word("none"))) || user.keys > 0;
        let cells = [
            (const { ACCOUNTS.column("name") }, own(Value::Text(user.name))),
            (const { ACCOUNTS.column("enabled") }, Cell { state: own(Value::Boolean(usable)).state, ..state }),
            (const { ACCOUNTS.column("interactive") }, own(Value::Boolean(true))),
            (const { ACCOUNTS.column("privileged") }, privileged),
            (const { ACCOUNTS.column("system") }, own(Value::Boolean(false))),
            (const { ACCOUNTS.column("password-state") }, state),
            (const { ACCOUNTS.column("password-scheme") }, stored),
            (const { ACCOUNTS.column("password-max-age") }, max_age),
            (const { ACCOUNTS.column("expires") }, self.expires(user)),
            (const { ACCOUNTS.column("same-id") }, empty),
            (const { ACCOUNTS.column("same-name") }, own(Value::Boolean(false))),
            (const { ACCOUNTS.column("shared-name") }, own(Value::Boolean(is_shared(user.name)))),
            (const { ACCOUNTS.column("vendor-default") }, own(Value::Boolean(user.name == "admin"))),
            (const { ACCOUNTS.column("login-hours") }, own(Value::Duration(WEEK_SECONDS))),
            (const { ACCOUNTS.column("groups") }, self.device.texts(&user.roles)),
            (const { ACCOUNTS.column("keys") }, own(Value::Integer(user.keys))),
            (const { ACCOUNTS.column("source") }, own(Value::Text("device"))),
        ];
        push(&self.device, tables, (&ACCOUNTS, NAME), &cells);
    }

    fn push_privilege(&self, tables: &mut Tables<'a>, user: &User<'a>, role: &'a str, node: Node<'a>) {
        let own = |value| self.device.decided(value, node);
        let highest = own(Value::Boolean(HIGHEST.contains(&role)));
        let empty = own(self.device.host.texts(&[]));
        let cells = [
            (const { PRIVILEGES.column("grantee") }, own(Value::Text(user.name))),
            (const { PRIVILEGES.column("privilege") }, own(Value::Text(role))),
            (const { PRIVILEGES.column("scope") }, own(Value::Text("device"))),
            (const { PRIVILEGES.column("via") }, own(Value::Word("role"))),
            (const { PRIVILEGES.column("unrestricted") }, highest),
            (const { PRIVILEGES.column("password-required") }, own(Value::Boolean(true))),
            (const { PRIVILEGES.column("grantable") }, highest),
            (const { PRIVILEGES.column("to-everyone") }, own(Value::Boolean(false))),
            (const { PRIVILEGES.column("runs-as") }, empty),
            (const { PRIVILEGES.column("commands") }, empty),
            (const { PRIVILEGES.column("negated") }, own(Value::Boolean(false))),
            (const { PRIVILEGES.column("expires") }, self.expires(user)),
        ];
        push(&self.device, tables, (&PRIVILEGES, NAME), &cells);
    }

    /// Whether new passwords are checked.
    pub(super) fn strength_check(&self) -> Cell<'a> {
        match toggled(self.root().children(), "password strength-check") {
            Some((on, node)) => self.device.decided(Value::Boolean(on), node),
            None => self.device.depends(&[Value::Boolean(true), Value::Boolean(false)], &STRENGTH_CHECK),
        }
    }

    fn push_policy(&self, tables: &mut Tables<'a>) {
        let device = &self.device;
        let check = self.strength_check();
        let on = check.value() == Some(Value::Boolean(true));
        let unset = Cell { state: if check.value().is_some() { crate::facts::State::Unset } else { check.state }, ..check };
        let strong = |value: Value<'a>| device.host.defaulted(value, &STRONG);
        let if_on = |cell: Cell<'a>| if on { cell } else { unset };
        let length = self
            .written("userpassphrase min-length")
            .and_then(|node| Some(device.decided(Value::Integer(node.word(2)?.parse().ok()?), node)));
        let lockout = self.lockout();
        let ban = self.written("aaa authentication rejected").and_then(|node| Some((node.word(7)?.parse::<u64>().ok()?, node)));
        let window = self.written("aaa authentication rejected").and_then(|node| Some((node.word(5)?.parse::<u64>().ok()?, node)));
        let seconds =
            |found: Option<(u64, Node<'a>)>| found.map_or(lockout, |(seconds, node)| device.decided(Value::Duration(seconds), node));
        let none = words(device.host, &[]);
        let requirements =
            if on { strong(words(device.host, &["digit", "lower", "upper"])) } else { Cell { state: known(check, none), ..check } };
        let cells = [
            (const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text("local"), check.evidence)),
            (const { AUTHENTICATION_POLICY.column("min-length") }, if_on(length.unwrap_or_else(|| strong(Value::Integer(8))))),
            (const { AUTHENTICATION_POLICY.column("classes") }, if_on(strong(Value::Integer(3)))),
            (const { AUTHENTICATION_POLICY.column("requirements") }, requirements),
            (const { AUTHENTICATION_POLICY.column("dictionary") }, check),
            (const { AUTHENTICATION_POLICY.column("history") }, device.absent()),
            (const { AUTHENTICATION_POLICY.column("quality-binds-root") }, check),
            (const { AUTHENTICATION_POLICY.column("lockout-threshold") }, lockout),
            (const { AUTHENTICATION_POLICY.column("lockout-duration") }, seconds(ban)),
            (const { AUTHENTICATION_POLICY.column("lockout-window") }, seconds(window)),
            (const { AUTHENTICATION_POLICY.column("applies-to-root") }, device.undocumented("aaa authentication rejected")),
            (
                const { AUTHENTICATION_POLICY.column("hash-scheme") },
                device.depends(&[Value::Word("md5"), Value::Word("sha256"), Value::Word("scrypt")], &HASHES),
            ),
            (const { AUTHENTICATION_POLICY.column("password-max-age") }, device.absent()),
            (const { AUTHENTICATION_POLICY.column("empty-passwords") }, device.known_absence(Value::Boolean(false))),
            (const { AUTHENTICATION_POLICY.column("group-restricted") }, device.absent()),
        ];
        push(device, tables, (&AUTHENTICATION_POLICY, NAME), &cells);
    }
}

/// A value where a cell is known, and what is not known of it otherwise.
fn known<'a>(cell: Cell<'a>, value: Value<'a>) -> crate::facts::State<'a> {
    if cell.value().is_some() { crate::facts::State::Known(value) } else { cell.state }
}
