//! `username`, `webmaster`, `password policy` and lockout into `accounts`, `privileges` and `authentication-policy`.

use super::super::switch::{Account, Policy, Switch, scheme};
use super::access::lockout;
use super::web;
use crate::facts::{Cell, Documented, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};

static STRONG: Documented = Documented {
    setting: "password policy strong refuses the name of the account, and passwords of letters alone or digits alone",
    versions: "RGOS 10 and later",
    source: "Ruijie RG-WLAN Series, Configuration Guide, Configuring Password Policy, Strong Password Detection",
};

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// Words that say how a secret is written.
const NOTATIONS: &[&str] = &["0", "5", "7", "8", "9"];

/// The statements about one user, put together.
struct User<'a> {
    name: &'a str,
    node: Node<'a>,
    secret: Option<(&'a str, &'a str, Node<'a>)>,
    level: Option<(&'a str, Node<'a>)>,
    source: &'static str,
    /// The level that has every command; of users of the web server no page of the vendor that was found tells it.
    highest: Option<&'static str>,
}

/// The notation and the secret behind `password` or `secret`.
fn secret<'a>(node: Node<'a>) -> Option<(&'a str, &'a str, Node<'a>)> {
    let mut words = node.words().skip_while(|word| !["password", "secret"].contains(word)).skip(1).peekable();
    let notation = words.next_if(|word| NOTATIONS.contains(word)).unwrap_or_default();
    words.next().map(|secret| (notation, secret, node))
}

fn users<'a>(rgos: &Switch<'_, 'a>) -> Vec<User<'a>> {
    let mut users: Vec<User<'a>> = Vec::new();
    for node in rgos.live("username") {
        let Some(name) = node.word(1) else { continue };
        let at = users.iter().position(|user| user.name == name).unwrap_or_else(|| {
            users.push(User { name, node, secret: None, level: None, source: "device", highest: Some("15") });
            users.len() - 1
        });
        let level = super::switch::behind(node, "privilege").map(|level| (level, node));
        users[at].level = level.or(users[at].level);
        users[at].secret = secret(node).or(users[at].secret);
    }
    for (name, level, node) in web::users(rgos) {
        let known = users.iter().position(|user| user.name == name && user.source == "webmaster");
        let at = known.unwrap_or_else(|| {
            users.push(User { name, node, secret: None, level: None, source: "webmaster", highest: None });
            users.len() - 1
        });
        users[at].level = Some((level, node));
        users[at].secret = secret(node).or(users[at].secret);
    }
    users
}

impl<'a> User<'a> {
    fn account(&self, rgos: &Switch<'_, 'a>) -> Account<'a> {
        let state = match self.secret {
            Some((_, _, node)) => rgos.device.decided(Value::Word("set"), node),
            None => rgos.not_shown("password", &[self.node]),
        };
        let privileged = match (self.level, self.highest) {
            (Some((level, node)), Some(highest)) => rgos.device.decided(Value::Boolean(level == highest), node),
            (Some((_, node)), None) => rgos.not_shown("webmaster level", &[node]),
            (None, _) => rgos.device.undocumented("username: privilege"),
        };
        Account {
            name: self.name,
            evidence: rgos.device.host.evidence(&[rgos.device.decides(self.node)]),
            state,
            scheme: self.secret.map(|(notation, secret, _)| scheme(notation, secret)),
            roles: self.level.into_iter().collect(),
            privileged,
            keys: 0,
            shipped: self.name == "admin",
            source: self.source,
        }
    }
}

pub(super) fn fill<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    if ![&ACCOUNTS, &AUTHENTICATION_POLICY, &PRIVILEGES].iter().any(|table| tables.wants(table)) {
        return;
    }
    for user in &users(rgos) {
        let account = user.account(rgos);
        rgos.push_account(tables, &account);
        if let Some((level, node)) = user.level {
            let name = rgos.device.host.text(&format!("level {level}"));
            rgos.push_privilege(tables, &account, (name, node, "device-level", account.privileged));
        }
    }
    push_policy(rgos, tables);
}

fn push_policy<'a>(rgos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let device = &rgos.device;
    let strong = rgos.toggled("password policy strong");
    let classes = match strong {
        Some((true, node)) => {
            let pieces = [device.decides(node), crate::facts::Evidence::Default(&STRONG)];
            Cell::known(Value::Integer(2), device.host.evidence(&pieces))
        }
        Some((false, node)) => Cell::unset(device.host.evidence(&[device.decides(node)])),
        None => device.undocumented("password policy strong"),
    };
    let days = rgos.number(rgos.written("password policy life-cycle"), 3, "password policy life-cycle");
    let max_age = match days.value() {
        Some(Value::Integer(days_count)) => {
            let seconds = u64::try_from(days_count).unwrap_or_default().saturating_mul(DAY_SECONDS);
            Cell::known(Value::Duration(seconds), days.evidence)
        }
        _ => days,
    };
    rgos.push_policy(
        tables,
        &Policy {
            min_length: rgos.number(rgos.written("password policy min-size"), 3, "password policy min-size"),
            classes,
            requirements: Cell { evidence: classes.evidence, ..device.undocumented("password policy strong: classes") },
            dictionary: device.known_absence(Value::Boolean(false)),
            history: rgos.number(rgos.written("password policy no-repeat-times"), 3, "password policy no-repeat-times"),
            threshold: lockout(rgos),
            duration: match rgos.written("aaa local authentication lockout-time") {
                // Minutes or hours, by release; no page of the vendor that was found says which.
                Some(node) => rgos.unread(node),
                None => device.undocumented("aaa local authentication lockout-time"),
            },
            window: device.undocumented("aaa local authentication"),
            hash: device.undocumented("username: password"),
            max_age,
            empty: device.undocumented("username without password"),
        },
    );
}
