//! `username`, password policies and lockout into `accounts`, `privileges` and `authentication-policy`.

use super::super::cisco_words::{words, written};
use super::super::switch::{Account, Policy, Switch, behind, scheme};
use super::documented as doc;
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};

static HASHES: Documented = Documented {
    setting: "management defaults: secret hash md5 or sha512, by release",
    versions: "EOS 4.13 and later",
    source: "Arista EOS User Manual, User Security, Encryption",
};
static NOT_SHOWN: Phrase = Phrase {
    zh: "配置中没有 {}；出厂自带该账户且没有口令，请写 no username admin 或为其设置口令",
    en: "{} is not written; a new switch has it without a password: write no username admin, or give it one",
};

/// The role that may do everything.
const HIGHEST_ROLE: &str = "network-admin";

/// The statements about one user, put together.
struct User<'a> {
    name: &'a str,
    node: Node<'a>,
    secret: Option<(&'a str, &'a str, Node<'a>)>,
    open: Option<Node<'a>>,
    roles: Vec<(&'a str, Node<'a>)>,
    level: Option<(&'a str, Node<'a>)>,
    keys: i64,
}

impl<'a> User<'a> {
    fn add(&mut self, node: Node<'a>) {
        let mut words = node.words().skip(2).peekable();
        while let Some(word) = words.next() {
            match word {
                "privilege" => self.level = words.next().map(|level| (level, node)).or(self.level),
                "role" => self.roles.extend(words.next().map(|role| (role, node))),
                "nopassword" => self.open = Some(node),
                "secret" | "password" => {
                    let notation = words.next_if(|word| ["0", "5", "7", "8a", "sha512"].contains(word)).unwrap_or_default();
                    self.secret = words.next().map(|secret| (notation, secret, node));
                    self.open = None;
                }
                "ssh-key" | "sshkey" => {
                    self.keys += 1;
                    return;
                }
                _ => {}
            }
        }
    }

    fn account(&self, eos: &Switch<'_, 'a>) -> Account<'a> {
        let state = match (self.open, self.secret) {
            (Some(node), _) => eos.device.decided(Value::Word("empty"), node),
            (None, Some((_, "*", node))) => eos.device.decided(Value::Word("none"), node),
            (None, Some((_, _, node))) => eos.device.decided(Value::Word("set"), node),
            (None, None) if self.keys > 0 => eos.device.decided(Value::Word("none"), self.node),
            (None, None) => eos.not_shown("secret", &[self.node]),
        };
        let stored = match (self.open, self.secret) {
            (None, Some((notation, secret, _))) if secret != "*" => Some(scheme(notation, secret)),
            _ => None,
        };
        let highest = self.roles.iter().find(|(role, _)| *role == HIGHEST_ROLE).or(self.level.as_ref().filter(|(level, _)| *level == "15"));
        let privileged = match highest {
            Some((_, node)) => eos.device.decided(Value::Boolean(true), *node),
            None => eos.device.unless_cut(eos.device.decided(Value::Boolean(false), self.node)),
        };
        Account {
            name: self.name,
            evidence: eos.device.host.evidence(&[eos.device.decides(self.node)]),
            state,
            scheme: stored,
            roles: self.roles.clone(),
            privileged,
            keys: self.keys,
            shipped: self.name == "admin",
            source: "device",
        }
    }
}

pub(super) fn fill<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    if ![&ACCOUNTS, &AUTHENTICATION_POLICY, &PRIVILEGES].iter().any(|table| tables.wants(table)) {
        return;
    }
    let mut users: Vec<User<'a>> = Vec::new();
    for node in eos.live("username") {
        let Some(name) = node.word(1) else { continue };
        let at = users.iter().position(|user| user.name == name).unwrap_or_else(|| {
            users.push(User { name, node, secret: None, open: None, roles: Vec::new(), level: None, keys: 0 });
            users.len() - 1
        });
        users[at].add(node);
    }
    if eos.toggled("username admin").is_none() {
        push_shipped(eos, tables);
    }
    for user in &users {
        let account = user.account(eos);
        eos.push_account(tables, &account);
        for (role, node) in &user.roles {
            let highest = eos.device.decided(Value::Boolean(*role == HIGHEST_ROLE), *node);
            eos.push_privilege(tables, &account, (role, *node, "role", highest));
        }
        if let Some((level, node)) = user.level.filter(|(level, _)| *level == "15") {
            eos.push_privilege(tables, &account, (level, node, "device-level", eos.device.decided(Value::Boolean(true), node)));
        }
    }
    push_policy(eos, tables);
}

/// The account that a new switch has, where the configuration neither shows nor removes it.
fn push_shipped<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let evidence = eos.device.host.evidence(&[Evidence::Default(&doc::ADMIN), eos.device.searched()]);
    let unknown = Cell::unknown(Why::new("default-account-not-shown", &NOT_SHOWN, "username admin"), evidence);
    let account = Account {
        name: "admin",
        evidence,
        state: unknown,
        scheme: None,
        roles: Vec::new(),
        privileged: unknown,
        keys: 0,
        shipped: true,
        source: "device",
    };
    eos.push_account(tables, &account);
}

/// The statements of the policy that holds for local users.
fn policy_in_force<'a>(eos: &Switch<'_, 'a>) -> Option<(Node<'a>, Vec<Node<'a>>)> {
    let applied = written(eos.inside("management accounts"), "password policy")?;
    let name = applied.word(2)?;
    let block = eos.inside("management security").filter(|node| node.starts("password policy") && node.word(2) == Some(name));
    Some((applied, block.flat_map(Node::children).collect()))
}

fn push_policy<'a>(eos: &Switch<'_, 'a>, tables: &mut Tables<'a>) {
    let device = &eos.device;
    let policy = policy_in_force(eos);
    let least = |what: &str| -> Option<(i64, Node<'a>)> {
        let node = written(policy.as_ref()?.1.iter().copied(), &format!("minimum {what}"))?;
        Some((node.word(2)?.parse().ok()?, node))
    };
    let global = written(eos.inside("management security"), "password minimum length");
    let global = global.and_then(|node| Some((node.word(3)?.parse::<i64>().ok()?, node)));
    let length = global.into_iter().chain(least("length")).max_by_key(|(number, _)| *number);
    let held: Vec<(&'static str, Node<'a>)> = [("digits", "digit"), ("lower", "lower"), ("special", "other"), ("upper", "upper")]
        .into_iter()
        .filter_map(|(what, word)| least(what).filter(|(number, _)| *number > 0).map(|(_, node)| (word, node)))
        .collect();
    let (classes, requirements) = match &policy {
        None => (device.undocumented("password policy"), device.undocumented("password policy")),
        Some((applied, _)) => {
            let nodes: Vec<Node<'a>> = held.iter().map(|(_, node)| *node).chain([*applied]).collect();
            let names: Vec<&'static str> = held.iter().map(|(word, _)| *word).collect();
            let count = i64::try_from(names.len()).unwrap_or_default();
            (device.decided_by(Value::Integer(count), &nodes), device.decided_by(words(device.host, &names), &nodes))
        }
    };
    let lockout = eos.written("aaa authentication policy lockout failure");
    let time = |word: &str| {
        let found = lockout.and_then(|node| Some((behind(node, word)?.parse().ok()?, node)));
        found.map_or_else(|| device.undocumented("aaa authentication policy lockout"), |(s, node)| device.decided(Value::Duration(s), node))
    };
    let hash = written(eos.inside("management defaults"), "secret hash");
    let hash = hash.map(|node| if node.word(2) == Some("sha512") { ("sha512", node) } else { ("md5", node) });
    eos.push_policy(
        tables,
        &Policy {
            min_length: length.map_or_else(
                || device.undocumented("management security: password minimum length"),
                |(number, node)| device.decided(Value::Integer(number), node),
            ),
            classes,
            requirements,
            dictionary: device.known_absence(Value::Boolean(false)),
            history: device.absent(),
            threshold: super::access::lockout(eos),
            duration: time("duration"),
            window: time("window"),
            hash: hash.map_or_else(
                || device.depends(&[Value::Word("md5"), Value::Word("sha512")], &HASHES),
                |(word, node)| device.decided(Value::Word(word), node),
            ),
            max_age: device.absent(),
            empty: open_remote(eos),
        },
    );
}

/// Whether users without a password get in over the network.
fn open_remote<'a>(eos: &Switch<'_, 'a>) -> Cell<'a> {
    match eos.toggled("aaa authentication policy local allow-nopassword-remote-login") {
        Some((on, node)) => eos.device.decided(Value::Boolean(on), node),
        None => eos.device.undocumented("allow-nopassword-remote-login"),
    }
}
