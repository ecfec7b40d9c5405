//! One table of an inventory (defaults, a group, a host) into the settings that it makes, typed and checked.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::check;
use super::{Engine, Privilege};
use crate::collect::credential::{LOGIN_EXAMPLES, Login, REFERENCE_WORDS, Reference};
use crate::error::Message;
use crate::error::document::{Document, Fields, Item, unknown_name};
use crate::names::{self, PLATFORMS, Platform, unit};

/// The settings of one table; what it does not say is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub user: Option<String>,
    pub port: Option<u16>,
    pub login: Option<Vec<Login>>,
    pub engine: Option<Engine>,
    pub known_hosts: Option<Vec<PathBuf>>,
    pub privilege: Option<Privilege>,
    pub connect_timeout: Option<Duration>,
    pub deadline: Option<Duration>,
    pub bytes_most: Option<u64>,
    /// The jump host, and where the inventory says so.
    pub jump: Option<(String, Range<usize>)>,
    pub per_jump: Option<usize>,
    pub legacy: Option<Vec<String>>,
    pub ssh_config: Option<bool>,
    pub platform: Option<&'static Platform>,
    pub zone: Option<String>,
    pub owner: Option<String>,
    pub vendor: Option<String>,
    pub version: Option<String>,
    pub model: Option<String>,
    pub products: Option<Vec<String>>,
    /// Of all tables together, not of the nearest.
    pub tags: Vec<String>,
    /// What was written for each key, to see whether two groups differ.
    pub written: BTreeMap<String, String>,
}

impl Settings {
    /// These settings, and where they are silent those below.
    pub(super) fn over(mut self, below: &Settings) -> Settings {
        let below = below.clone();
        self.tags.extend(below.tags);
        self.tags.sort();
        self.tags.dedup();
        self.written.extend(below.written);
        Settings {
            user: self.user.or(below.user),
            port: self.port.or(below.port),
            login: self.login.or(below.login),
            engine: self.engine.or(below.engine),
            known_hosts: self.known_hosts.or(below.known_hosts),
            privilege: self.privilege.or(below.privilege),
            connect_timeout: self.connect_timeout.or(below.connect_timeout),
            deadline: self.deadline.or(below.deadline),
            bytes_most: self.bytes_most.or(below.bytes_most),
            jump: self.jump.or(below.jump),
            per_jump: self.per_jump.or(below.per_jump),
            legacy: self.legacy.or(below.legacy),
            ssh_config: self.ssh_config.or(below.ssh_config),
            platform: self.platform.or(below.platform),
            zone: self.zone.or(below.zone),
            owner: self.owner.or(below.owner),
            vendor: self.vendor.or(below.vendor),
            version: self.version.or(below.version),
            model: self.model.or(below.model),
            products: self.products.or(below.products),
            tags: self.tags,
            written: self.written,
        }
    }

    /// The settings among these fields; others are the caller's.
    pub(super) fn read(fields: &mut Fields<'_>, folder: &Path, document: &mut Document) -> Settings {
        let text = document.text.clone();
        let written = fields.all().map(|(key, _, item)| (key.to_owned(), text.get(item.span()).unwrap_or_default().to_owned()));
        let mut settings = Settings { written: written.collect(), ..Settings::default() };
        settings.read_connection(fields, folder, document);
        settings.read_description(fields, document);
        refuse_secrets(fields, document);
        settings
    }

    /// How a target is reached.
    fn read_connection(&mut self, fields: &mut Fields<'_>, folder: &Path, document: &mut Document) {
        let user = ("账号", "an account: letters, digits and `._-@:+`");
        self.user = fields.optional("user").and_then(|item| checked(item, check::is_user, user, document));
        self.port = fields.optional("port").and_then(|item| number(item, 1, 65_535, document)).and_then(|port| u16::try_from(port).ok());
        self.login = fields.optional("auth").map(|item| logins(item, folder, document));
        self.engine = fields.optional("engine").and_then(|item| engine(item, document));
        self.known_hosts = fields.optional("known-hosts").map(|item| {
            let paths = document.strings(item);
            paths.into_iter().map(|(path, _)| folder.join(path)).collect()
        });
        self.privilege = fields.optional("become").and_then(|item| privilege(item, document));
        self.connect_timeout = fields.optional("connect-timeout").and_then(|item| duration(item, document));
        self.deadline = fields.optional("deadline").and_then(|item| duration(item, document));
        self.bytes_most = fields.optional("max-bytes").and_then(|item| size(item, document));
        self.jump = fields.optional("jump").and_then(|item| {
            let name = ("资产 id 或 \"none\"", "the id of a host, or \"none\"");
            checked(item, check::is_id, name, document).map(|id| (id, item.span()))
        });
        self.per_jump =
            fields.optional("per-jump").and_then(|item| number(item, 1, 1000, document)).and_then(|most| usize::try_from(most).ok());
        self.legacy = fields.optional("legacy").map(|item| {
            let wanted = ("例如 `kex:diffie-hellman-group14-sha1`", "such as `kex:diffie-hellman-group14-sha1`");
            let words: Vec<(String, Range<usize>)> =
                document.strings(item).into_iter().map(|(word, span)| (word.to_owned(), span)).collect();
            words.into_iter().filter_map(|(word, span)| fitting(&word, span, check::is_legacy, wanted, document)).collect()
        });
        self.ssh_config = fields.optional("ssh-config").and_then(|item| boolean(item, document));
    }

    /// What a target is.
    fn read_description(&mut self, fields: &mut Fields<'_>, document: &mut Document) {
        self.platform = fields.optional("platform").and_then(|item| platform(item, document));
        let mut words = |key| fields.optional(key).and_then(|item| document.string(item).map(str::to_owned));
        self.zone = words("zone");
        self.owner = words("owner");
        self.vendor = words("vendor");
        self.version = words("version");
        self.model = words("model");
        let lists = |item, document: &mut Document| document.strings(item).into_iter().map(|(text, _)| text.to_owned()).collect();
        self.products = fields.optional("products").map(|item| lists(item, document));
        self.tags = fields.optional("tags").map(|item| lists(item, document)).unwrap_or_default();
    }
}

/// Keys under which other tools keep a secret; here they are not only unknown.
const SECRET_KEYS: [&str; 8] =
    ["ansible_become_password", "ansible_password", "become-password", "passphrase", "password", "passwd", "secret", "token"];

/// Reports keys that are meant to hold a secret.
fn refuse_secrets(fields: &mut Fields<'_>, document: &mut Document) {
    for key in SECRET_KEYS {
        if let Some(item) = fields.optional(key) {
            literal_secret(item.span(), document);
        }
    }
}

/// Reports a secret in the inventory; what it is does not show, because the text that problems quote is masked.
pub(super) fn literal_secret(span: Range<usize>, document: &mut Document) {
    document.problem_help(
        span,
        "literal-secret",
        Message::new("清单中不能写密码，只能写它保存在哪里", "an inventory holds no secret, only where one is kept"),
        Message::new(
            "在 auth 中写 \"password:env:NAME\"、\"password:file:PATH\" 或 \"password:cmd:/path\"；已写入的密码请更换",
            "write \"password:env:NAME\", \"password:file:PATH\" or \"password:cmd:/path\" in `auth`; change the password that stood here",
        ),
    );
}

/// The ways of logging in.
fn logins(item: &Item<'_>, folder: &Path, document: &mut Document) -> Vec<Login> {
    let Some(array) = item.get_ref().as_array() else {
        document.wrong_type(item, "登录方式的列表", "a list of ways to log in");
        return Vec::new();
    };
    array.iter().filter_map(|item| login(item, folder, document)).collect()
}

/// One way of logging in: a string, or a key with its passphrase.
fn login(item: &Item<'_>, folder: &Path, document: &mut Document) -> Option<Login> {
    if item.get_ref().is_table() {
        let mut fields = Fields::of(item, document)?;
        let file = fields.text("key", document).map(|path| folder.join(path));
        let reference = fields.required("passphrase", document).and_then(|item| reference(item, folder, document));
        fields.finish(document);
        return Some(Login::Key { file: file?, passphrase: Some(reference?) });
    }
    let text = document.string(item)?;
    let found = Login::parse(text, folder);
    if found.is_none() {
        match text.strip_prefix("password:").or_else(|| text.strip_prefix("code:")) {
            Some(rest) if !REFERENCE_WORDS.iter().any(|word| rest.starts_with(word)) => literal_secret(item.span(), document),
            _ => {
                let help = Message::new(format!("可以写：{LOGIN_EXAMPLES}"), format!("for example {LOGIN_EXAMPLES}"));
                document.problem_help(item.span(), "bad-login", Message::new("不是登录方式", "this is no way to log in"), help);
            }
        }
    }
    found
}

/// A reference to a secret.
fn reference(item: &Item<'_>, folder: &Path, document: &mut Document) -> Option<Reference> {
    let text = document.string(item)?;
    let found = Reference::parse(text, folder);
    if found.is_none() {
        literal_secret(item.span(), document);
    }
    found
}

/// What speaks SSH.
fn engine(item: &Item<'_>, document: &mut Document) -> Option<Engine> {
    let text = document.string(item)?.to_owned();
    let found = [Engine::Ssh2, Engine::OpenSsh].into_iter().find(|engine| engine.name() == text);
    if found.is_none() {
        unknown_name(document, item.span(), "unknown-engine", ("引擎", "engine"), &text, &["ssh2", "openssh"]);
    }
    found
}

/// What kind of system.
fn platform(item: &Item<'_>, document: &mut Document) -> Option<&'static Platform> {
    let text = document.string(item)?.to_owned();
    let found = names::platform(&text);
    if found.is_none() {
        let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
        unknown_name(document, item.span(), "unknown-platform", ("平台", "platform"), &text, &known);
    }
    found
}

/// With whose rights.
fn privilege(item: &Item<'_>, document: &mut Document) -> Option<Privilege> {
    let found = match document.string(item)? {
        "none" => Some(Privilege::None),
        "forced" => Some(Privilege::Forced),
        "sudo-sh" => Some(Privilege::SudoShell),
        text => text.strip_prefix("sudo-n:").filter(|path| check::is_program(path)).map(|path| Privilege::Sudo(path.to_owned())),
    };
    if found.is_none() {
        document.problem_help(
            item.span(),
            "bad-become",
            Message::new("不是提权方式", "this is no way to get rights"),
            Message::new(
                "可以写 none、forced、sudo-n:/usr/local/libexec/jixian-collect 或 sudo-sh",
                "known are none, forced, sudo-n:/usr/local/libexec/jixian-collect and sudo-sh",
            ),
        );
    }
    found
}

/// A string that fits.
fn checked(item: &Item<'_>, fits: fn(&str) -> bool, wanted: (&str, &str), document: &mut Document) -> Option<String> {
    let text = document.string(item)?.to_owned();
    fitting(&text, item.span(), fits, wanted, document)
}

/// A text that fits, or a problem at its place.
pub(super) fn fitting(
    text: &str,
    span: Range<usize>,
    fits: fn(&str) -> bool,
    (wanted_zh, wanted_en): (&str, &str),
    document: &mut Document,
) -> Option<String> {
    if fits(text) {
        return Some(text.to_owned());
    }
    let message = Message::new(format!("这里需要{wanted_zh}；含有不允许的字符"), format!("this is not {wanted_en}"));
    document.problem(span, "bad-name", message);
    None
}

/// A number between two others.
pub(super) fn number(item: &Item<'_>, least: u64, most: u64, document: &mut Document) -> Option<u64> {
    let number = item.get_ref().as_integer().and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
    let fits = number.filter(|number| (least..=most).contains(number));
    if fits.is_none() {
        document.wrong_type(item, &format!("{least} 到 {most} 的整数"), &format!("an integer from {least} to {most}"));
    }
    fits
}

/// A duration such as `60s`, of at most a day.
fn duration(item: &Item<'_>, document: &mut Document) -> Option<Duration> {
    let seconds =
        item.get_ref().as_str().and_then(|text| unit::read(text, unit::DURATION)).filter(|seconds| (1..=86_400).contains(seconds));
    if seconds.is_none() {
        document.wrong_type(item, "\"1s\" 到 \"1d\" 的时长", "a duration from \"1s\" to \"1d\"");
    }
    seconds.map(Duration::from_secs)
}

/// A size such as `16MiB`, of at most what one asset may print.
fn size(item: &Item<'_>, document: &mut Document) -> Option<u64> {
    let bytes = item.get_ref().as_str().and_then(|text| unit::read(text, unit::SIZE)).filter(|bytes| (1024..=128 << 20).contains(bytes));
    if bytes.is_none() {
        document.wrong_type(item, "\"1KiB\" 到 \"128MiB\" 的大小", "a size from \"1KiB\" to \"128MiB\"");
    }
    bytes
}

/// True or false.
pub(super) fn boolean(item: &Item<'_>, document: &mut Document) -> Option<bool> {
    let found = item.get_ref().as_bool();
    if found.is_none() {
        document.wrong_type(item, "true 或 false", "true or false");
    }
    found
}
