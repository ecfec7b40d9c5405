//! Rules of users (ACL), from the configuration, a file of users or the running server, into what each user can do.
//!
//! The vendor's page "ACL": rules are applied from left to right; `user` lines and `requirepass` stand in the configuration, and a file
//! of users (`aclfile`) replaces them, so that a file without the user `default` leaves it open, whatever `requirepass` says.

use super::super::{Artefact, Evidence, Host, Why};
use super::files::{self, Configuration, hide_rule};
use super::live::Answers;
use super::settings::Settings;
use crate::source::{Digest, Source, redact};

/// The most users of a server.
const USERS_MOST: usize = 10_000;

/// The commands of [`crate::schema::redis::COMMANDS`] as the rules take them apart, with their categories (COMMAND INFO, 7.0).
const LEAVES: [(&str, Categories); 28] = [
    ("acl|deluser", ADMIN),
    ("acl|load", ADMIN),
    ("acl|save", ADMIN),
    ("acl|setuser", ADMIN),
    ("bgrewriteaof", ADMIN),
    ("bgsave", ADMIN),
    ("config|get", ADMIN),
    ("config|resetstat", ADMIN),
    ("config|rewrite", ADMIN),
    ("config|set", ADMIN),
    ("debug", ADMIN),
    ("eval", SCRIPTING),
    ("evalsha", SCRIPTING),
    ("failover", ADMIN),
    ("flushall", WRITE),
    ("flushdb", WRITE),
    ("keys", &["keyspace", "read", "slow", "dangerous"]),
    ("module|list", ADMIN),
    ("module|load", ADMIN),
    ("module|loadex", ADMIN),
    ("module|unload", ADMIN),
    ("monitor", ADMIN),
    ("replicaof", ADMIN),
    ("save", ADMIN),
    ("shutdown", ADMIN),
    ("slaveof", ADMIN),
    ("swapdb", &["keyspace", "write", "fast", "dangerous"]),
    ("sync", ADMIN),
];

type Categories = &'static [&'static str];
const ADMIN: Categories = &["admin", "slow", "dangerous"];
const SCRIPTING: Categories = &["slow", "scripting"];
const WRITE: Categories = &["keyspace", "write", "slow", "dangerous"];

/// A password of a user.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Password<'a> {
    /// As it is typed.
    Plain(&'a str),
    /// Its SHA-256.
    Hash(&'a str),
}

/// What a user, or one selector of it, can do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Permissions {
    leaves: [bool; LEAVES.len()],
    /// Whether nothing was taken from `+@all`.
    all_commands: bool,
    pub all_keys: bool,
}

impl Permissions {
    const ALL: Permissions = Permissions { leaves: [true; LEAVES.len()], all_commands: true, all_keys: true };

    /// Whether it can run some part of a command.
    fn runs(&self, command: &str) -> bool {
        self.leaves.iter().zip(&LEAVES).any(|(allowed, (leaf, _))| *allowed && of_command(leaf, command))
    }

    /// Applies a rule about commands or keys; false where it is none.
    fn apply(&mut self, rule: &str) -> bool {
        match rule {
            "allkeys" | "~*" | "%rw~*" | "%wr~*" => self.all_keys = true,
            "resetkeys" => self.all_keys = false,
            "allcommands" | "+@all" => (self.leaves, self.all_commands) = ([true; LEAVES.len()], true),
            "nocommands" | "-@all" => (self.leaves, self.all_commands) = ([false; LEAVES.len()], false),
            "allchannels" | "resetchannels" => {}
            _ if rule.starts_with(['~', '&', '%']) => {}
            _ => {
                let Some(sign) = rule.chars().next().filter(|sign| matches!(sign, '+' | '-')) else { return false };
                let given = sign == '+';
                self.all_commands &= given;
                for (allowed, (leaf, categories)) in self.leaves.iter_mut().zip(&LEAVES) {
                    let named = match rule[1..].strip_prefix('@') {
                        Some(category) => categories.contains(&category),
                        None => of_command(leaf, &rule[1..]),
                    };
                    *allowed = if named { given } else { *allowed };
                }
            }
        }
        true
    }
}

/// Whether a leaf is a command, or a part of it.
fn of_command(leaf: &str, command: &str) -> bool {
    leaf.strip_prefix(command).is_some_and(|rest| rest.is_empty() || rest.starts_with('|'))
}

/// One user.
#[derive(Clone, Debug)]
pub(super) struct User<'a> {
    pub name: &'a str,
    pub evidence: Vec<Evidence<'a>>,
    on: bool,
    pub no_password: bool,
    passwords: Vec<Password<'a>>,
    root: Permissions,
    selectors: Vec<Permissions>,
}

impl<'a> User<'a> {
    /// The user `default` of a server that says nothing of it.
    fn default_user(evidence: Vec<Evidence<'a>>) -> User<'a> {
        User { on: true, no_password: true, root: Permissions::ALL, ..User::new("default", evidence) }
    }

    /// A user before its first rule.
    fn new(name: &'a str, evidence: Vec<Evidence<'a>>) -> User<'a> {
        let root = Permissions::default();
        User { name, evidence, on: false, no_password: false, passwords: Vec::new(), root, selectors: Vec::new() }
    }

    /// Whether somebody can log in as it.
    pub(super) fn enabled(&self) -> bool {
        self.on && (self.no_password || !self.passwords.is_empty())
    }

    /// Whether it has a password.
    pub(super) fn has_password(&self) -> bool {
        !self.passwords.is_empty()
    }

    /// The length of its shortest password, in characters; none where only a hash is known of one.
    pub(super) fn password_length(&self, known: &[&str]) -> Option<usize> {
        let length = |password: &Password<'_>| match password {
            Password::Plain(text) if redact::masked_scheme(text).is_some() => None,
            Password::Plain(text) => Some(text.chars().count()),
            Password::Hash(hash) => {
                let of = |text: &&&str| Digest::of(text.as_bytes()).hex() == hash.to_ascii_lowercase();
                known.iter().find(of).map(|text| text.chars().count())
            }
        };
        let lengths: Option<Vec<usize>> = self.passwords.iter().map(length).collect();
        lengths?.into_iter().min()
    }

    /// Its own permissions and those of its selectors.
    fn all(&self) -> impl Iterator<Item = &Permissions> {
        self.selectors.iter().chain([&self.root])
    }

    /// Whether it can run some part of a command.
    pub(super) fn runs(&self, command: &str) -> bool {
        self.all().any(|permissions| permissions.runs(command))
    }

    /// Whether it can run a command of the category @admin that is known here, or everything.
    pub(super) fn administers(&self) -> bool {
        LEAVES.iter().filter(|(_, categories)| categories.contains(&"admin")).any(|(leaf, _)| self.runs(leaf))
    }

    /// Whether one set of its permissions has every key.
    pub(super) fn all_keys(&self) -> bool {
        self.all().any(|permissions| permissions.all_keys)
    }

    /// Whether it can do everything, or give itself what it lacks.
    pub(super) fn unrestricted(&self) -> bool {
        self.runs("acl|setuser") || self.all().any(|permissions| permissions.all_commands && permissions.all_keys)
    }

    /// Adds or takes away a password, as it is typed or as its hash.
    fn change_password(&mut self, rule: &'a str) {
        let (sign, text) = rule.split_at(1);
        let password = if matches!(sign, ">" | "<") { Password::Plain(text) } else { Password::Hash(text) };
        if matches!(sign, ">" | "#") {
            self.no_password = false;
            self.passwords.push(password);
        } else {
            self.passwords.retain(|known| *known != password);
        }
    }

    /// Applies one rule; false where the server refuses it.
    fn apply(&mut self, rule: &'a str) -> bool {
        let lower = rule.to_ascii_lowercase();
        match lower.as_str() {
            "on" => self.on = true,
            "off" => self.on = false,
            "nopass" => (self.no_password, self.passwords) = (true, Vec::new()),
            "resetpass" => (self.no_password, self.passwords) = (false, Vec::new()),
            "reset" => *self = User::new(self.name, std::mem::take(&mut self.evidence)),
            "clearselectors" => self.selectors.clear(),
            "sanitize-payload" | "skip-sanitize-payload" => {}
            // What a collector put in the place of a rule that looked like a password is none of the server's signs.
            _ if redact::masked_scheme(rule).is_some() && rule.starts_with('<') => return false,
            _ if rule.starts_with(['>', '#', '<', '!']) => self.change_password(rule),
            _ if lower.starts_with('(') && lower.ends_with(')') => {
                let mut selector = Permissions::default();
                let good = lower[1..lower.len() - 1].split_ascii_whitespace().all(|rule| selector.apply(rule));
                self.selectors.push(selector);
                return good;
            }
            // Patterns of keys keep their case, and none of them matters here but `*`.
            _ => return self.root.apply(&lower),
        }
        true
    }
}

/// The users of one server.
#[derive(Clone, Debug, Default)]
pub(super) struct Users<'a> {
    pub list: Vec<User<'a>>,
    /// Why one could be missing, or be another.
    pub gap: Option<Why<'a>>,
}

/// The users, by the running server or by its files.
pub(super) fn read<'a>(
    host: &Host<'a>,
    configuration: Option<&Configuration<'a>>,
    answers: &Answers<'a>,
    settings: &Settings<'a>,
) -> Users<'a> {
    let mut users = Users::default();
    if let Some(lines) = &answers.users {
        for (line, source, text) in lines {
            users.add_line(host, line, Evidence::Decides(source.span(text)));
        }
        // Every server has the user `default`; an answer without it is not one.
        if !users.list.iter().any(|user| user.name == "default") {
            users.gap = users.gap.or(answers.gap).or(Some(Why::not_collected("commands/redis.acl.csv")));
        }
        return users;
    }
    let file = settings.certain("aclfile");
    match file {
        None => users.gap = settings.gap.or(Some(Why::not_understood("aclfile"))),
        Some(file) if !file.text.is_empty() => {
            users.read_file(host, file.text, settings.of("aclfile").evidence);
            return users;
        }
        Some(_) => {}
    }
    let lines: Vec<&files::Directive<'a>> = configuration.map_or(Vec::new(), |it| it.all("user").collect());
    for line in &lines {
        users.add(host, line.arguments, line.evidence);
    }
    if configuration.is_none() {
        users.gap = users.gap.or(Some(Why::not_collected("commands/redis.acl.csv")));
    }
    if !users.list.iter().any(|user| user.name == "default") {
        users.list.insert(0, by_requirepass(configuration, answers, settings));
    }
    users
}

/// The user `default` where no rule names it.
fn by_requirepass<'a>(configuration: Option<&Configuration<'a>>, answers: &Answers<'a>, settings: &Settings<'a>) -> User<'a> {
    let mut user = User::default_user(settings.of("requirepass").evidence.to_vec());
    let live = answers.config("requirepass").map(|(value, _)| value);
    let written = || configuration.and_then(|it| it.last("requirepass")?.arguments.first().copied());
    if let Some(password) = live.or_else(written).filter(|password| !password.is_empty()) {
        (user.no_password, user.passwords) = (false, vec![Password::Plain(password)]);
    }
    user
}

impl<'a> Users<'a> {
    /// Reads a file of users.
    fn read_file(&mut self, host: &Host<'a>, path: &'a str, evidence: &[Evidence<'a>]) {
        let source: &'a Source<'a> = match host.file(path) {
            Artefact::Text(source) => source,
            Artefact::Lacking(lack) => {
                self.gap = Some(Why::lacking(host.text(path.trim_start_matches('/')), lack));
                return;
            }
        };
        if !source.complete {
            self.gap = Some(Why::truncated(source.path));
        }
        for line in crate::source::lines(source.text) {
            let line = line.trim_matches([' ', '\t', '\r', '\n']);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            line.split(' ').skip(2).for_each(|rule| hide_rule(source, rule));
            self.add_line(host, line, Evidence::Decides(source.span(line)));
        }
        if !self.list.iter().any(|user| user.name == "default") {
            let mut shown = vec![Evidence::Reference(source.whole())];
            shown.extend_from_slice(evidence);
            self.list.insert(0, User::default_user(shown));
        }
    }

    /// Adds a line `user NAME RULE…`.
    fn add_line(&mut self, host: &Host<'a>, line: &'a str, evidence: Evidence<'a>) {
        let words: Vec<&'a str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        match words.split_first() {
            Some((&"user", rest)) if !rest.is_empty() => self.add(host, rest, evidence),
            _ => self.gap = self.gap.or(Some(files::refused("ACL"))),
        }
    }

    /// Adds a user by its name and rules.
    fn add(&mut self, host: &Host<'a>, words: &[&'a str], evidence: Evidence<'a>) {
        let Some((name, rules)) = words.split_first() else { return };
        if self.list.len() >= USERS_MOST || !host.spend(1 + rules.len() as u64) {
            self.gap = self.gap.or(Some(Why::budget_spent("ACL")));
            return;
        }
        let mut user = User::new(name, vec![evidence]);
        for rule in merged(host, rules) {
            if !user.apply(rule) {
                self.gap = self.gap.or(Some(files::refused(without_secret(rule))));
            }
        }
        if self.list.iter().any(|known| known.name == *name) {
            self.gap = self.gap.or(Some(files::refused(name)));
        }
        self.list.push(user);
    }
}

/// What may be printed of a rule that is not understood: a rule could be a password whose sign was forgotten.
fn without_secret(rule: &str) -> &str {
    if rule.starts_with(['+', '-', '~', '&', '%', '(']) { rule } else { "ACL" }
}

/// Rules with the words of a selector `( … )` as one.
fn merged<'a>(host: &Host<'a>, rules: &[&'a str]) -> Vec<&'a str> {
    let mut all: Vec<&'a str> = Vec::new();
    let mut open: Option<String> = None;
    for rule in rules {
        match &mut open {
            Some(selector) => {
                selector.push(' ');
                selector.push_str(rule);
            }
            None if rule.starts_with('(') && !rule.ends_with(')') => open = Some((*rule).to_owned()),
            None => all.push(rule),
        }
        if open.as_ref().is_some_and(|selector| selector.ends_with(')')) {
            all.extend(open.take().map(|selector| host.text(&selector)));
        }
    }
    all.extend(open.map(|selector| host.text(&selector)));
    all
}
