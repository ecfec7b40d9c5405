//! Users and password checks into rows of `accounts`, `privileges` and `authentication-policy`.

use super::Switch;
use crate::facts::cisco_words::{is_masked, is_shared, push};
use crate::facts::{Cell, Evidence, State, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};
use crate::source::redact;

/// How a secret is stored; `Err` where a collector masked it or its notation is not known.
pub(in crate::facts) fn scheme(notation: &str, secret: &str) -> Result<&'static str, ()> {
    if is_masked(secret) {
        return Err(());
    }
    if let Some(found) = redact::crypt_scheme(secret) {
        return Ok(found);
    }
    match notation {
        "" | "0" => Ok("plaintext"),
        // Both are ciphers with a key that every device has.
        "7" => Ok("type7"),
        "5" => Ok("md5"),
        "sha512" => Ok("sha512"),
        _ => Err(()),
    }
}

/// Not known for the same reason, whatever its candidates were.
fn unknown_as(cell: Cell<'_>) -> Cell<'_> {
    if let State::Unknown(why, _) = cell.state { Cell::unknown(why, cell.evidence) } else { cell }
}

/// A user, put together from all of its statements.
pub(in crate::facts) struct Account<'a> {
    pub(in crate::facts) name: &'a str,
    /// What shows that there is such a user.
    pub(in crate::facts) evidence: &'a [Evidence<'a>],
    /// `set`, `empty` or `none`.
    pub(in crate::facts) state: Cell<'a>,
    /// How the password is stored, where one is.
    pub(in crate::facts) scheme: Option<Result<&'static str, ()>>,
    /// Roles or levels, and whether one is the highest.
    pub(in crate::facts) roles: Vec<(&'a str, Node<'a>)>,
    pub(in crate::facts) privileged: Cell<'a>,
    pub(in crate::facts) keys: i64,
    /// Whether the vendor ships the name.
    pub(in crate::facts) shipped: bool,
    /// Where it is defined: `device`, `webmaster`.
    pub(in crate::facts) source: &'static str,
}

/// What new passwords must hold and what locks a user, each as the product decided it.
pub(in crate::facts) struct Policy<'a> {
    pub(in crate::facts) min_length: Cell<'a>,
    pub(in crate::facts) classes: Cell<'a>,
    pub(in crate::facts) requirements: Cell<'a>,
    pub(in crate::facts) dictionary: Cell<'a>,
    pub(in crate::facts) history: Cell<'a>,
    pub(in crate::facts) threshold: Cell<'a>,
    pub(in crate::facts) duration: Cell<'a>,
    pub(in crate::facts) window: Cell<'a>,
    pub(in crate::facts) hash: Cell<'a>,
    pub(in crate::facts) max_age: Cell<'a>,
    pub(in crate::facts) empty: Cell<'a>,
}

impl<'a> Switch<'_, 'a> {
    /// Adds the row of a user.
    pub(in crate::facts) fn push_account(&self, tables: &mut Tables<'a>, user: &Account<'a>) {
        let own = |value| Cell::known(value, user.evidence);
        let none = own(self.device.host.texts(&[]));
        let stored = match user.scheme {
            None => Cell::unset(user.state.evidence),
            Some(Ok(word)) => Cell::known(Value::Word(word), user.state.evidence),
            Some(Err(())) => Cell::unknown(Why::not_understood("password"), user.state.evidence),
        };
        let enabled = match user.state.value() {
            Some(Value::Word(word)) => Cell::known(Value::Boolean(word != "none" || user.keys > 0), user.state.evidence),
            _ => unknown_as(user.state),
        };
        let cells = [
            (const { ACCOUNTS.column("name") }, own(Value::Text(user.name))),
            (const { ACCOUNTS.column("enabled") }, enabled),
            (const { ACCOUNTS.column("interactive") }, own(Value::Boolean(true))),
            (const { ACCOUNTS.column("privileged") }, user.privileged),
            (const { ACCOUNTS.column("system") }, own(Value::Boolean(false))),
            (const { ACCOUNTS.column("password-state") }, user.state),
            (const { ACCOUNTS.column("password-scheme") }, stored),
            (const { ACCOUNTS.column("password-max-age") }, self.device.absent()),
            (const { ACCOUNTS.column("expires") }, self.device.unless_cut(own(Value::Never))),
            (const { ACCOUNTS.column("same-id") }, none),
            (const { ACCOUNTS.column("same-name") }, own(Value::Boolean(false))),
            (const { ACCOUNTS.column("shared-name") }, own(Value::Boolean(is_shared(user.name)))),
            (const { ACCOUNTS.column("vendor-default") }, own(Value::Boolean(user.shipped))),
            (const { ACCOUNTS.column("login-hours") }, own(Value::Duration(WEEK_SECONDS))),
            (const { ACCOUNTS.column("groups") }, self.device.texts(&user.roles)),
            (const { ACCOUNTS.column("keys") }, own(Value::Integer(user.keys))),
            (const { ACCOUNTS.column("source") }, own(Value::Text(user.source))),
        ];
        push(&self.device, tables, (&ACCOUNTS, self.product), &cells);
    }

    /// Adds the row of a role or level of a user.
    pub(in crate::facts) fn push_privilege(
        &self,
        tables: &mut Tables<'a>,
        user: &Account<'a>,
        (role, node, via, highest): (&'a str, Node<'a>, &'static str, Cell<'a>),
    ) {
        let own = |value| self.device.decided(value, node);
        let empty = own(self.device.host.texts(&[]));
        let asked = match user.state.value() {
            Some(Value::Word(word)) => Cell::known(Value::Boolean(word != "empty"), user.state.evidence),
            _ => unknown_as(user.state),
        };
        let cells = [
            (const { PRIVILEGES.column("grantee") }, own(Value::Text(user.name))),
            (const { PRIVILEGES.column("privilege") }, own(Value::Text(role))),
            (const { PRIVILEGES.column("scope") }, own(Value::Text(user.source))),
            (const { PRIVILEGES.column("via") }, own(Value::Word(via))),
            (const { PRIVILEGES.column("unrestricted") }, highest),
            (const { PRIVILEGES.column("password-required") }, asked),
            (const { PRIVILEGES.column("grantable") }, highest),
            (const { PRIVILEGES.column("to-everyone") }, own(Value::Boolean(false))),
            (const { PRIVILEGES.column("runs-as") }, empty),
            (const { PRIVILEGES.column("commands") }, empty),
            (const { PRIVILEGES.column("negated") }, own(Value::Boolean(false))),
            (const { PRIVILEGES.column("expires") }, self.device.unless_cut(own(Value::Never))),
        ];
        push(&self.device, tables, (&PRIVILEGES, self.product), &cells);
    }

    /// Adds the row of the device's own users.
    pub(in crate::facts) fn push_policy(&self, tables: &mut Tables<'a>, policy: &Policy<'a>) {
        let path = Cell::known(Value::Text("local"), self.searched());
        let cells = [
            (const { AUTHENTICATION_POLICY.column("path") }, path),
            (const { AUTHENTICATION_POLICY.column("min-length") }, policy.min_length),
            (const { AUTHENTICATION_POLICY.column("classes") }, policy.classes),
            (const { AUTHENTICATION_POLICY.column("requirements") }, policy.requirements),
            (const { AUTHENTICATION_POLICY.column("dictionary") }, policy.dictionary),
            (const { AUTHENTICATION_POLICY.column("history") }, policy.history),
            (const { AUTHENTICATION_POLICY.column("quality-binds-root") }, self.device.undocumented("password policy")),
            (const { AUTHENTICATION_POLICY.column("lockout-threshold") }, policy.threshold),
            (const { AUTHENTICATION_POLICY.column("lockout-duration") }, policy.duration),
            (const { AUTHENTICATION_POLICY.column("lockout-window") }, policy.window),
            (const { AUTHENTICATION_POLICY.column("applies-to-root") }, self.device.undocumented("lockout")),
            (const { AUTHENTICATION_POLICY.column("hash-scheme") }, policy.hash),
            (const { AUTHENTICATION_POLICY.column("password-max-age") }, policy.max_age),
            (const { AUTHENTICATION_POLICY.column("empty-passwords") }, policy.empty),
            (const { AUTHENTICATION_POLICY.column("group-restricted") }, self.device.absent()),
        ];
        push(&self.device, tables, (&AUTHENTICATION_POLICY, self.product), &cells);
    }
}
