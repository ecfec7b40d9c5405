//! `system login` and `root-authentication` into `junos-classes`, `accounts`, `privileges` and `authentication-policy`.

use super::Junos;
use super::settings::{MINIMUM_LENGTH, TRIES};
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::reckon::week::{WEEK_SECONDS, Week};
use crate::schema::juniper::JUNOS_CLASSES;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};
use crate::source::redact;

static IDLE: Documented = Documented {
    setting: "no idle-timeout",
    versions: "Junos, every release",
    source: "Junos 13.1 and 13.2, statement idle-timeout (System Login); Junos 12.3, command set cli idle-timeout",
};
static FORMAT: Documented = Documented {
    setting: "password format md5, in later releases another",
    versions: "Junos, by release",
    source: "Junos 10.0 System Basics Guide, Special Requirements for Plain-Text Passwords; current statement password (Login)",
};
static PREDEFINED: Documented = Documented {
    setting: "class super-user permissions all",
    versions: "Junos, every release",
    source: "Junos User Access Guide, Login Classes Overview",
};

/// Classes of the system, which cannot be changed.
const SYSTEM_CLASSES: [&str; 5] = ["operator", "read-only", "super-user", "superuser", "unauthorized"];

/// A user with a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct User<'a> {
    /// Login name.
    pub name: &'a str,
    /// Its statement.
    pub node: Node<'a>,
    /// Name of its class and where it is said.
    pub class: Option<(&'a str, Node<'a>)>,
    /// The hash of its password.
    pub password: Option<(&'a str, Node<'a>)>,
    /// How many keys it has.
    pub keys: i64,
}

/// What is known of the class of some users.
#[derive(Clone, Debug)]
pub(super) struct Class<'a> {
    /// Its name.
    pub name: &'a str,
    /// The users in it.
    pub users: Vec<User<'a>>,
    /// Idle time after which a session ends.
    pub idle: Cell<'a>,
    /// Hours per week.
    pub hours: Cell<'a>,
    /// Whether its permissions are everything.
    pub unrestricted: Cell<'a>,
}

impl<'a> Junos<'_, 'a> {
    /// Adds the rows, and gives the classes that have users.
    pub(super) fn push_login(&self, tables: &mut Tables<'a>) -> Vec<Class<'a>> {
        let users: Vec<User<'a>> = self.values("system login user").into_iter().map(|(name, node)| user(name, node)).collect();
        let mut names: Vec<&'a str> = users.iter().filter_map(|user| user.class).map(|(name, _)| name).collect();
        names.extend(self.values("system login class").iter().map(|(name, _)| *name));
        names.sort_unstable();
        names.dedup();
        let classes: Vec<Class<'a>> = names.into_iter().map(|name| self.class(name, &users)).collect();
        for class in &classes {
            self.push_class(tables, class);
        }
        for user in &users {
            let class = classes.iter().find(|class| user.class.is_some_and(|(name, _)| name == class.name));
            self.push_account(tables, user, class);
        }
        if let Some(node) = self.root.at("system root-authentication") {
            self.push_account(tables, &User { name: "root", class: None, ..user("root", node) }, None);
        }
        self.push_policy(tables);
        classes
    }

    fn class(&self, name: &'a str, users: &[User<'a>]) -> Class<'a> {
        let own: Vec<User<'a>> = users.iter().filter(|user| user.class.is_some_and(|(class, _)| class == name)).copied().collect();
        let node = self.root.at("system login class").and_then(|classes| classes.at(name));
        let head = own.first().and_then(|user| user.class).map(|(_, node)| node).or(node).unwrap_or(self.root);
        Class { idle: self.idle(node), hours: self.hours(node, head), unrestricted: self.unrestricted(name, node, head), name, users: own }
    }

    /// Idle time of a class: its own, else the global one (16.1 and later), else never.
    fn idle(&self, class: Option<Node<'a>>) -> Cell<'a> {
        let written = class.and_then(|class| class.value("idle-timeout")).or_else(|| self.root.value("system login idle-timeout"));
        match written {
            Some(node) => {
                let value = match node.text().parse() {
                    Ok(0) => Value::Unlimited,
                    Ok(minutes) => Value::Duration(u64::saturating_mul(minutes, 60)),
                    Err(_) => Value::Text(node.text()),
                };
                self.shown.device.decided(value, node)
            }
            None => self.shown.defaulted(Value::Unlimited, &IDLE),
        }
    }

    /// Hours per week in which users of a class may log in. An end before the start runs into the next day.
    fn hours(&self, class: Option<Node<'a>>, head: Node<'a>) -> Cell<'a> {
        const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
        let device = &self.shown.device;
        let always = || device.unless_cut(device.decided(Value::Duration(WEEK_SECONDS), head));
        let Some(class) = class else { return always() };
        let days: Vec<Node<'a>> = class.at("allowed-days").into_iter().flat_map(Node::values).collect();
        let (start, end) = (class.value("access-start"), class.value("access-end"));
        let nodes: Vec<Node<'a>> = days.iter().copied().chain(start).chain(end).collect();
        if nodes.is_empty() {
            return always();
        }
        let minutes = [start, end].map(|node| node.map(|node| clock(node.text())));
        let (start, end) = match minutes {
            [Some(Some(start)), Some(Some(end))] => (start, end),
            [None, None] => (0, 0),
            _ => {
                return Cell::unknown(Why::not_understood("access-start, access-end"), device.decided_by(Value::Text(""), &nodes).evidence);
            }
        };
        let listed = |day: usize| {
            days.is_empty() || days.iter().any(|node| DAYS.get(day).is_some_and(|name| node.text().eq_ignore_ascii_case(name)))
        };
        let week = Week::where_minute(|day, hour, minute| {
            let now = hour * 60 + minute;
            match start.cmp(&end) {
                std::cmp::Ordering::Equal => listed(day),
                std::cmp::Ordering::Less => listed(day) && (start..end).contains(&now),
                std::cmp::Ordering::Greater => (listed(day) && now >= start) || (listed((day + 6) % 7) && now < end),
            }
        });
        device.decided_by(Value::Duration(week.seconds()), &nodes)
    }

    /// Whether the permissions of a class are everything.
    fn unrestricted(&self, name: &str, class: Option<Node<'a>>, head: Node<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        if SYSTEM_CLASSES.contains(&name) {
            let all = name.starts_with("super");
            let evidence = device.host.evidence(&[device.decides(head), Evidence::Default(&PREDEFINED)]);
            return Cell::known(Value::Boolean(all), evidence);
        }
        let permissions = class.and_then(|class| class.at("permissions"));
        let all = permissions.and_then(|list| list.values().find(|node| node.text() == "all"));
        match (all, permissions, class) {
            (Some(node), ..) => device.decided(Value::Boolean(true), node),
            (None, Some(node), _) => device.unless_cut(device.decided(Value::Boolean(false), node)),
            (None, None, Some(node)) => device.unless_cut(device.decided(Value::Boolean(false), node)),
            (None, None, None) => Cell::unknown(Why::not_understood("class"), device.decided(Value::Text(""), head).evidence),
        }
    }

    fn push_class(&self, tables: &mut Tables<'a>, class: &Class<'a>) {
        let evidence = class.hours.evidence;
        let users: Vec<(&'a str, Node<'a>)> = class.users.iter().map(|user| (user.name, user.node)).collect();
        let cells = [
            ("class", Cell::known(Value::Text(class.name), evidence)),
            ("users", self.shown.texts(&users)),
            ("predefined", Cell::known(Value::Boolean(SYSTEM_CLASSES.contains(&class.name)), evidence)),
            ("unrestricted", class.unrestricted),
            ("idle-timeout", class.idle),
            ("login-hours", class.hours),
        ];
        self.shown.push(tables, &JUNOS_CLASSES, "", &cells);
    }

    fn push_account(&self, tables: &mut Tables<'a>, user: &User<'a>, class: Option<&Class<'a>>) {
        let device = &self.shown.device;
        let is_root = user.name == "root";
        let known = |value: Value<'a>| device.decided(value, user.node);
        let privileged =
            if is_root { known(Value::Boolean(true)) } else { class.map_or(known(Value::Boolean(false)), |class| class.unrestricted) };
        let (state, scheme) = match user.password {
            Some((hash, node)) => {
                let scheme = redact::masked_scheme(hash).and_then(scheme_word).or_else(|| redact::crypt_scheme(hash));
                let unknown = Cell::unknown(Why::not_understood("encrypted-password"), device.decided(Value::Word("set"), node).evidence);
                (device.decided(Value::Word("set"), node), scheme.map_or(unknown, |scheme| device.decided(Value::Word(scheme), node)))
            }
            None => (device.unless_cut(known(Value::Word("none"))), device.unless_cut(Cell::unset(known(Value::Word("none")).evidence))),
        };
        let usable = user.password.is_some() || user.keys > 0;
        let remote = self.values("system authentication-order").iter().any(|(method, _)| *method != "password");
        let shared = ["admin", "administrator", "guest", "lab", "netconf", "ops", "remote", "test", "user"].contains(&user.name);
        let cells = [
            ("name", known(Value::Text(user.name))),
            ("enabled", device.unless_cut(known(Value::Boolean(usable || remote)))),
            ("interactive", known(Value::Boolean(true))),
            ("privileged", privileged),
            ("system", known(Value::Boolean(is_root))),
            ("password-state", state),
            ("password-scheme", scheme),
            ("expires", known(Value::Never)),
            ("same-id", known(device.host.texts(&[]))),
            ("same-name", known(Value::Boolean(false))),
            ("shared-name", known(Value::Boolean(shared && !remote))),
            ("vendor-default", known(Value::Boolean(is_root))),
            ("login-hours", class.map_or(known(Value::Duration(WEEK_SECONDS)), |class| class.hours)),
            ("groups", user.class.map_or(known(device.host.texts(&[])), |(name, node)| device.decided(device.host.texts(&[name]), node))),
            ("keys", known(Value::Integer(user.keys))),
            ("source", known(Value::Text("files"))),
        ];
        self.shown.push(tables, &ACCOUNTS, "", &cells);
        if let Some((name, node)) = user.class {
            let here = |value: Value<'a>| device.decided(value, node);
            let cells = [
                ("grantee", here(Value::Text(user.name))),
                ("privilege", here(Value::Text(name))),
                ("scope", here(Value::Text("device"))),
                ("via", here(Value::Word("role"))),
                ("unrestricted", privileged),
                ("grantable", privileged),
                ("to-everyone", here(Value::Boolean(false))),
                ("runs-as", here(device.host.texts(&[]))),
                ("commands", here(device.host.texts(&[]))),
                ("negated", here(Value::Boolean(false))),
                ("expires", here(Value::Never)),
            ];
            self.shown.push(tables, &PRIVILEGES, "", &cells);
        }
    }

    /// Adds the row of the policy for local passwords.
    fn push_policy(&self, tables: &mut Tables<'a>) {
        let (shown, device) = (&self.shown, &self.shown.device);
        let number =
            |path: &str| self.value(path).map(|(text, node)| device.decided(text.parse().map_or(Value::Text(text), Value::Integer), node));
        let length = number("system login password minimum-length").unwrap_or_else(|| shown.defaulted(Value::Integer(6), &MINIMUM_LENGTH));
        let sets = self.value("system login password change-type").is_some_and(|(text, _)| text.starts_with("character-set"));
        let changes = number("system login password minimum-changes").filter(|_| sets);
        let kinds = [
            ("minimum-numerics", "digit"),
            ("minimum-lower-cases", "lower"),
            ("minimum-punctuations", "other"),
            ("minimum-upper-cases", "upper"),
        ];
        let found: Vec<(&'static str, Node<'a>)> =
            kinds.iter().filter_map(|(name, word)| Some((*word, self.value(&format!("system login password {name}"))?.1))).collect();
        let words: Vec<&'static str> = found.iter().map(|(word, _)| *word).collect();
        let nodes: Vec<Node<'a>> = found.iter().map(|(_, node)| *node).collect();
        let required = shown.by_all(Value::Integer(i64::try_from(words.len()).unwrap_or(0)), &nodes);
        let lockout = self.value("system login retry-options lockout-period");
        let tries = number("system login retry-options tries-before-disconnect")
            .unwrap_or_else(|| shown.depends(&[Value::Integer(10), Value::Integer(3)], &TRIES));
        let (threshold, duration) = match lockout {
            Some((text, node)) => {
                (tries, device.decided(text.parse().map_or(Value::Text(text), |it: u64| Value::Duration(it.saturating_mul(60))), node))
            }
            None => (shown.absent(), shown.absent()),
        };
        let format = match self.value("system login password format") {
            Some((text, node)) => device.decided(scheme_word(text).map_or(Value::Text(text), Value::Word), node),
            None => shown.depends(&["md5", "sha1", "sha256", "sha512"].map(Value::Word), &FORMAT),
        };
        let reuse = number("system login password minimum-reuse").unwrap_or_else(|| shown.absent());
        let age = self.value("system login password maximum-lifetime");
        let age = age.map(|(text, node)| {
            device.decided(text.parse().map_or(Value::Text(text), |days: u64| Value::Duration(days.saturating_mul(86_400))), node)
        });
        let cells = [
            ("path", Cell::known(Value::Text("local"), &[])),
            ("min-length", length),
            ("classes", if nodes.is_empty() { changes.unwrap_or(required) } else { required }),
            ("requirements", shown.by_all(shown.words(&words), &nodes)),
            ("dictionary", Cell::known(Value::Boolean(false), length.evidence)),
            ("history", reuse),
            ("quality-binds-root", Cell::known(Value::Boolean(true), length.evidence)),
            ("lockout-threshold", threshold),
            ("lockout-duration", duration),
            ("lockout-window", device.undocumented("retry-options")),
            ("applies-to-root", device.undocumented("retry-options")),
            ("hash-scheme", format),
            ("password-max-age", age.unwrap_or_else(|| shown.absent())),
            ("empty-passwords", shown.by(Value::Boolean(false), &[self.root.at("system").unwrap_or(self.root)])),
        ];
        shown.push(tables, &AUTHENTICATION_POLICY, "", &cells);
    }
}

/// Reads a user.
fn user<'a>(name: &'a str, node: Node<'a>) -> User<'a> {
    let proof = node.at("authentication").unwrap_or(node);
    let kinds = ["ssh-rsa", "ssh-dsa", "ssh-ecdsa", "ssh-ed25519"];
    let keys = kinds.iter().flat_map(|kind| proof.at(kind)).map(|list| list.values().count()).sum::<usize>();
    User {
        name,
        node,
        class: node.value("class").map(|node| (node.text(), node)),
        password: proof.value("encrypted-password").map(|node| (node.text(), node)).filter(|(hash, _)| !hash.is_empty()),
        keys: i64::try_from(keys).unwrap_or(i64::MAX),
    }
}

/// A format of passwords as a word of the vocabulary.
fn scheme_word(text: &str) -> Option<&'static str> {
    ["des", "md5", "sha1", "sha256", "sha512"].into_iter().find(|word| *word == text)
}

/// Minutes of a day of a time such as `09:30` or `0930`.
fn clock(text: &str) -> Option<usize> {
    let (hours, minutes) = text.split_once(':').or_else(|| text.split_at_checked(text.len().checked_sub(2)?))?;
    let (hours, minutes): (usize, usize) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}
