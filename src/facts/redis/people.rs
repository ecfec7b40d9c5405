//! Users into rows of `redis-users`, `accounts` and `privileges`.

use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::settings::Settings;
use super::users::{User, Users};
use super::{NAME, Server};
use crate::names::Phrase;
use crate::schema::neutral::{ACCOUNTS, PRIVILEGES};
use crate::schema::redis::{COMMANDS, REDIS_USERS};

static HASHED: Phrase =
    Phrase { zh: "{} 的口令只见散列，长度未知", en: "only a hash of a password of {} is seen, and no length" };

/// Names that people share.
const SHARED: [&str; 8] = ["admin", "app", "guest", "oper", "redis", "test", "user", "web"];

/// One server's users and what they depend on.
pub(super) struct People<'c, 'a> {
    pub server: &'c Server<'c, 'a>,
    pub settings: &'c Settings<'a>,
    pub users: &'c Users<'a>,
}

impl<'a> People<'_, 'a> {
    /// Pushes the rows of the three tables.
    pub(super) fn push(&self, host: &Host<'a>, tables: &mut Tables<'a>) {
        for user in &self.users.list {
            self.push_own(host, user, tables);
            self.push_account(host, user, tables);
            self.push_privilege(host, user, tables);
        }
        if let Some(why) = self.users.gap {
            for table in [&REDIS_USERS, &ACCOUNTS, &PRIVILEGES] {
                let mut row = host.gap(table, NAME, why);
                row.instance(self.server.instance);
                if std::ptr::eq(table, &PRIVILEGES) {
                    row.set(const { PRIVILEGES.column("via") }, Cell::known(Value::Word("grant"), &[]));
                }
                tables.push(row);
            }
        }
    }

    /// Passwords that are seen as they are typed, by which a hash can be measured.
    fn known_passwords(&self) -> Vec<&'a str> {
        let live = self.server.answers.config("requirepass").map(|(value, _)| value);
        let written = self.server.configuration.and_then(|it| it.last("requirepass")?.arguments.first().copied());
        live.into_iter().chain(written).collect()
    }

    /// The row of `redis-users`.
    fn push_own(&self, host: &Host<'a>, user: &User<'a>, tables: &mut Tables<'a>) {
        let evidence = host.evidence(&user.evidence);
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let flag = |on: bool| known(Value::Boolean(on));
        let password = match (user.no_password, user.has_password()) {
            (true, _) => "not-needed",
            (false, true) => "set",
            (false, false) => "none",
        };
        let length = match user.password_length(&self.known_passwords()) {
            _ if !user.has_password() => Cell::unset(evidence),
            Some(length) => known(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX))),
            None => Cell::unknown(Why::new("hashed", &HASHED, user.name), evidence),
        };
        let mut row = host.row(&REDIS_USERS, NAME);
        row.instance(self.server.instance);
        row.set(const { REDIS_USERS.column("user") }, known(Value::Text(user.name)))
            .set(const { REDIS_USERS.column("enabled") }, flag(user.enabled()))
            .set(const { REDIS_USERS.column("password") }, known(Value::Word(password)))
            .set(const { REDIS_USERS.column("password-length") }, length)
            .set(const { REDIS_USERS.column("commands") }, self.commands(host, user))
            .set(const { REDIS_USERS.column("administers") }, flag(user.administers()))
            .set(const { REDIS_USERS.column("all-keys") }, flag(user.all_keys()))
            .set(const { REDIS_USERS.column("unrestricted") }, flag(user.unrestricted()));
        tables.push(row);
    }

    /// The commands that a user can run by their own name: those that no line renames or switches off.
    fn commands(&self, host: &Host<'a>, user: &User<'a>) -> Cell<'a> {
        let mut evidence = user.evidence.clone();
        let mut items = Vec::new();
        for command in COMMANDS.iter().filter(|command| user.runs(command)) {
            let renamed = self.server.configuration.and_then(|it| {
                it.all("rename-command").find(|line| line.arguments.first().is_some_and(|name| name.eq_ignore_ascii_case(command)))
            });
            let switch = match *command {
                "debug" => Some("enable-debug-command"),
                "module" => Some("enable-module-command"),
                _ => None,
            };
            let switched = switch.and_then(|name| self.settings.certain(name)).map(|read| read.text);
            match (renamed, switched) {
                (Some(line), _) => {
                    if let (Evidence::Decides(span), true) = (line.evidence, evidence.len() < 16) {
                        evidence.push(Evidence::Reference(span));
                    }
                }
                (None, Some("no")) => {}
                // Renames stand in the file alone, and a switch of 7.0 has a default only there.
                (None, None) if switch.is_some() && self.server.version.is_none_or(|it| it.major >= 7) => {
                    items.push(Value::Opaque(command));
                }
                (None, _) if self.server.configuration.is_none_or(|it| it.gap.is_some()) => items.push(Value::Opaque(command)),
                (None, _) => items.push(Value::Word(command)),
            }
        }
        evidence.extend(self.server.version.map(|it| it.evidence).filter(|_| items.len() < COMMANDS.len()));
        Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), host.evidence(&evidence))
    }

    /// The row of `accounts`.
    fn push_account(&self, host: &Host<'a>, user: &User<'a>, tables: &mut Tables<'a>) {
        let evidence = host.evidence(&user.evidence);
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let unset = Cell::unset(evidence);
        let state = match (user.no_password, user.has_password(), user.enabled()) {
            (true, _, true) => "empty",
            (true, _, false) | (_, true, false) => "locked",
            (false, true, true) => "set",
            (false, false, _) => "none",
        };
        let mut row = host.row(&ACCOUNTS, NAME);
        row.instance(self.server.instance);
        row.set(const { ACCOUNTS.column("name") }, known(Value::Text(user.name)))
            .set(const { ACCOUNTS.column("enabled") }, known(Value::Boolean(user.enabled())))
            .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(true)))
            .set(const { ACCOUNTS.column("privileged") }, known(Value::Boolean(user.unrestricted())))
            .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(false)))
            .set(const { ACCOUNTS.column("password-state") }, known(Value::Word(state)))
            .set(const { ACCOUNTS.column("password-scheme") }, if user.has_password() { known(Value::Word("sha256")) } else { unset })
            .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
            .set(const { ACCOUNTS.column("same-id") }, known(Value::List(&[])))
            .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
            .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(SHARED.contains(&user.name))))
            .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(user.name == "default")))
            .set(const { ACCOUNTS.column("groups") }, known(Value::List(&[])))
            .set(const { ACCOUNTS.column("source") }, known(Value::Text("ACL")));
        row.set_rest(unset);
        tables.push(row);
    }

    /// The row of `privileges`: what amounts to everything, or the commands of the vocabulary.
    fn push_privilege(&self, host: &Host<'a>, user: &User<'a>, tables: &mut Tables<'a>) {
        if !user.enabled() {
            return;
        }
        let evidence = host.evidence(&user.evidence);
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let flag = |on: bool| known(Value::Boolean(on));
        let commands: Vec<&'a str> = COMMANDS.iter().filter(|command| user.runs(command)).copied().collect();
        let total = user.unrestricted();
        let mut row = host.row(&PRIVILEGES, NAME);
        row.instance(self.server.instance);
        row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(user.name)))
            .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(if total { "+@all" } else { "ACL" })))
            .set(const { PRIVILEGES.column("scope") }, known(Value::Text(if user.all_keys() { "~*" } else { "keys" })))
            .set(const { PRIVILEGES.column("via") }, known(Value::Word("grant")))
            .set(const { PRIVILEGES.column("unrestricted") }, flag(total))
            .set(const { PRIVILEGES.column("password-required") }, Cell::unset(evidence))
            .set(const { PRIVILEGES.column("grantable") }, flag(user.runs("acl|setuser")))
            .set(const { PRIVILEGES.column("to-everyone") }, flag(user.name == "default" && user.no_password))
            .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
            .set(const { PRIVILEGES.column("commands") }, known(host.texts(&commands)))
            .set(const { PRIVILEGES.column("negated") }, flag(false))
            .set(const { PRIVILEGES.column("shell-escape") }, Cell::unset(evidence))
            .set(const { PRIVILEGES.column("wildcards") }, Cell::unset(evidence))
            .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
        tables.push(row);
    }
}
