//! Lines, the running server's answers and defaults into the value of each directive, and the rows of `redis-settings`.

use super::super::settings::{self, Read, Readings};
use super::super::{Cell, Documented, Evidence, Host, Tables, Value, Why};
use super::files::{self, Configuration};
use super::live::Answers;
use super::{NAME, Version};
use crate::schema::redis::REDIS_SETTINGS;

/// How a directive's arguments are read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// `yes` or `no`.
    Switch,
    /// One of these words, without regard to case.
    Word(&'static [&'static str]),
    /// A whole number.
    Number,
    /// Seconds; 0 is no limit.
    Seconds,
    /// Permission bits as octal digits.
    Octal,
    /// A text.
    Text,
    /// A text that is never shown.
    Secret,
    /// Addresses.
    Addresses,
    /// Pairs of seconds and changes, which add up over lines.
    Save,
}

/// One directive that is derived.
#[derive(Debug)]
pub(super) struct Directive {
    pub name: &'static str,
    pub form: Form,
    /// What holds where no line sets it.
    default: Documented,
    /// Its value: what stands behind the name in the default's setting.
    value: &'static str,
    /// Whether it came with 7.0.
    new_in_7: bool,
}

const LEVELS: Form = Form::Word(&["debug", "verbose", "notice", "warning", "nothing"]);
const WHO: Form = Form::Word(&["yes", "no", "local"]);
const FACILITIES: Form = Form::Word(&["user", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"]);

const fn directive(name: &'static str, form: Form, setting: &'static str, value: &'static str) -> Directive {
    let default = Documented { setting, versions: "Redis 6.0 to 7.x", source: "redis.conf, as the vendor ships it" };
    Directive { name, form, default, value, new_in_7: false }
}

const fn newer(name: &'static str, setting: &'static str) -> Directive {
    let default = Documented { setting, versions: "Redis 7.0 and later", source: "redis.conf, as the vendor ships it" };
    Directive { name, form: WHO, default, value: "no", new_in_7: true }
}

/// The directives, sorted by name; `user` comes from the unit and stands apart.
pub(super) static DIRECTIVES: [Directive; 31] = [
    directive("aclfile", Form::Text, "no aclfile", ""),
    directive("acllog-max-len", Form::Number, "acllog-max-len 128", "128"),
    directive("appendonly", Form::Switch, "appendonly no", "no"),
    directive("bind", Form::Addresses, "bind * -::*", "* -::*"),
    directive("dir", Form::Text, "dir ./", "./"),
    newer("enable-debug-command", "enable-debug-command no"),
    newer("enable-module-command", "enable-module-command no"),
    newer("enable-protected-configs", "enable-protected-configs no"),
    directive("logfile", Form::Text, "logfile \"\" (standard output)", ""),
    directive("loglevel", LEVELS, "loglevel notice", "notice"),
    directive("masterauth", Form::Secret, "no masterauth", ""),
    directive("maxclients", Form::Number, "maxclients 10000", "10000"),
    directive("port", Form::Number, "port 6379", "6379"),
    directive("protected-mode", Form::Switch, "protected-mode yes", "yes"),
    directive("requirepass", Form::Secret, "no requirepass", ""),
    directive("save", Form::Save, "save 3600 1 300 100 60 10000", "3600 1 300 100 60 10000"),
    directive("syslog-enabled", Form::Switch, "syslog-enabled no", "no"),
    directive("syslog-facility", FACILITIES, "syslog-facility local0", "local0"),
    directive("syslog-ident", Form::Text, "syslog-ident redis", "redis"),
    directive("tcp-keepalive", Form::Seconds, "tcp-keepalive 300", "300"),
    directive("timeout", Form::Seconds, "timeout 0", "0"),
    directive("tls-auth-clients", Form::Word(&["no", "yes", "optional"]), "tls-auth-clients yes", "yes"),
    directive("tls-ca-cert-dir", Form::Text, "no tls-ca-cert-dir", ""),
    directive("tls-ca-cert-file", Form::Text, "no tls-ca-cert-file", ""),
    directive("tls-cert-file", Form::Text, "no tls-cert-file", ""),
    directive("tls-cluster", Form::Switch, "tls-cluster no", "no"),
    directive("tls-port", Form::Number, "tls-port 0", "0"),
    directive("tls-protocols", Form::Text, "tls-protocols \"\" (TLSv1.2 and TLSv1.3)", ""),
    directive("tls-replication", Form::Switch, "tls-replication no", "no"),
    directive("unixsocket", Form::Text, "no unixsocket", ""),
    directive("unixsocketperm", Form::Octal, "unixsocketperm 0", "0"),
];

/// What is known of one directive.
#[derive(Clone, Copy, Debug)]
pub(super) enum State<'a> {
    /// The version lacks it.
    Missing,
    Known(Read<'a>),
    Unknown(Why<'a>),
}

/// One directive with what it rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub state: State<'a>,
    pub evidence: &'a [Evidence<'a>],
    pub origin: &'static str,
}

/// The directives of one server, in the order of [`DIRECTIVES`].
#[derive(Debug)]
pub(super) struct Settings<'a> {
    all: Vec<Setting<'a>>,
    /// Why a line that was not read could change any of them.
    pub gap: Option<Why<'a>>,
}

impl<'a> Settings<'a> {
    /// One directive of the vocabulary.
    pub(super) fn of(&self, name: &str) -> &Setting<'a> {
        let place = DIRECTIVES.binary_search_by(|directive| directive.name.cmp(name)).unwrap_or_default();
        &self.all[place]
    }

    /// The value of a directive, unless something unread could change it.
    pub(super) fn certain(&self, name: &str) -> Option<Read<'a>> {
        match self.of(name).state {
            State::Known(read) if self.gap.is_none() => Some(read),
            _ => None,
        }
    }

    /// Whether a directive is on, as far as that is certain.
    pub(super) fn is_on(&self, name: &str) -> Option<bool> {
        self.certain(name)?.readings.on
    }

    /// A number, as far as it is certain.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match self.certain(name)?.readings.number {
            Some(Value::Integer(number)) => Some(number),
            _ => None,
        }
    }

    /// A cell for what a reading of a directive says; unknown where it is not certain.
    pub(super) fn cell(&self, name: &str, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        let setting = self.of(name);
        match (setting.state, self.gap) {
            (_, Some(why)) | (State::Unknown(why), None) => Cell::unknown(why, setting.evidence),
            (State::Missing, None) => Cell::unset(setting.evidence),
            (State::Known(read), None) => {
                reading(&read).map_or(Cell::unset(setting.evidence), |value| Cell::known(value, setting.evidence))
            }
        }
    }

    /// The rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, user: Cell<'a>, tables: &mut Tables<'a>) {
        if !tables.wants(&REDIS_SETTINGS) {
            return;
        }
        for (directive, setting) in DIRECTIVES.iter().zip(&self.all) {
            let state = match setting.state {
                State::Missing => continue,
                State::Known(read) => Ok(read),
                State::Unknown(why) => Err(why),
            };
            let mut row = settings::Setting { state, evidence: setting.evidence }.row(host, &REDIS_SETTINGS, NAME, directive.name);
            settings::set(&mut row, "origin", Cell::known(Value::Word(setting.origin), setting.evidence));
            row.instance(instance);
            tables.push(row);
        }
        let mut row = match user.value() {
            Some(Value::Text(name)) => settings::row(host, &REDIS_SETTINGS, NAME, "user", (name, Readings::default(), user.evidence)),
            _ => settings::unknown_row(host, &REDIS_SETTINGS, NAME, "user", user),
        };
        row.instance(instance);
        tables.push(row);
        if let Some(why) = self.gap {
            let mut row = host.gap(&REDIS_SETTINGS, NAME, why);
            row.instance(instance);
            tables.push(row);
        }
    }
}

/// The value of every directive.
pub(super) fn effective<'a>(
    host: &Host<'a>,
    configuration: Option<&Configuration<'a>>,
    answers: &Answers<'a>,
    version: Option<Version<'a>>,
) -> Settings<'a> {
    let mut gap = match configuration {
        _ if !answers.config.is_empty() => answers.gap,
        Some(configuration) => configuration.gap.or(answers.gap),
        None => Some(answers.gap.unwrap_or(Why::not_collected("commands/redis.config.csv"))),
    };
    let mut all = Vec::with_capacity(DIRECTIVES.len());
    for directive in &DIRECTIVES {
        let setting = match answers.config(directive.name) {
            Some((value, evidence)) => live(host, directive, value, evidence, configuration),
            None if !answers.config.is_empty() => Setting { state: State::Missing, evidence: &[], origin: "runtime" },
            None => configured(host, directive, (configuration, gap), version),
        };
        if let State::Unknown(why) = setting.state {
            gap = gap.or((why.code == "refused").then_some(why));
        }
        all.push(setting);
    }
    Settings { all, gap }
}

/// What the running server says; the file's lines stand beside it.
fn live<'a>(
    host: &Host<'a>,
    directive: &'static Directive,
    value: &'a str,
    evidence: Evidence<'a>,
    configuration: Option<&Configuration<'a>>,
) -> Setting<'a> {
    let mut pieces = vec![evidence];
    if let Some(Evidence::Decides(span)) = configuration.and_then(|it| it.last(directive.name)).map(|it| it.evidence) {
        pieces.push(Evidence::Shadowed(span));
    }
    let evidence = host.evidence(&pieces);
    let state = match read(host, directive.form, &parted(directive.form, value)) {
        Some(read) => State::Known(read),
        None => State::Unknown(Why::not_understood(directive.name)),
    };
    Setting { state, evidence, origin: "runtime" }
}

/// The arguments in a value that is shown as one text.
fn parted(form: Form, value: &str) -> Vec<&str> {
    match form {
        Form::Addresses | Form::Save => value.split(' ').collect(),
        _ => vec![value],
    }
}

/// What the files say, or the default.
pub(super) fn configured<'a>(
    host: &Host<'a>,
    directive: &'static Directive,
    (configuration, gap): (Option<&Configuration<'a>>, Option<Why<'a>>),
    version: Option<Version<'a>>,
) -> Setting<'a> {
    let lines: Vec<&files::Directive<'a>> = configuration.map_or(Vec::new(), |it| it.all(directive.name).collect());
    let Some(last) = lines.last() else {
        let searched = configuration.map(|it| Evidence::Searched(it.path));
        let evidence = host.evidence(&[Evidence::Default(&directive.default)].into_iter().chain(searched).collect::<Vec<_>>());
        let state = match (directive.new_in_7, version.map(|it| it.major >= 7)) {
            (true, Some(false)) => State::Missing,
            _ if gap.is_some() => State::Unknown(gap.unwrap_or(Why::not_understood(directive.name))),
            (true, None) => State::Unknown(Why::version_not_known("Redis")),
            _ => read(host, directive.form, &parted(directive.form, directive.value)).map_or(State::Missing, State::Known),
        };
        return Setting { state, evidence, origin: "default" };
    };
    let mut pieces = vec![last.evidence];
    let arguments = if matches!(directive.form, Form::Save) { saves(&lines) } else { last.arguments.to_vec() };
    for line in lines.iter().rev().skip(1).take(7) {
        if let Evidence::Decides(span) = line.evidence {
            let adds_up = matches!(directive.form, Form::Save);
            pieces.push(if adds_up { Evidence::Reference(span) } else { Evidence::Shadowed(span) });
        }
    }
    let state = match read(host, directive.form, &arguments) {
        Some(read) => State::Known(read),
        None => State::Unknown(files::refused(directive.name)),
    };
    Setting { state, evidence: host.evidence(&pieces), origin: "file" }
}

/// The pairs of all `save` lines; an empty text forgets those before it.
fn saves<'a>(lines: &[&files::Directive<'a>]) -> Vec<&'a str> {
    let mut all: Vec<&'a str> = Vec::new();
    for line in lines {
        if line.after_include || line.arguments == [""] {
            all.clear();
        }
        all.extend(line.arguments.iter().filter(|it| !it.is_empty()));
    }
    if all.is_empty() { vec![""] } else { all }
}

/// The arguments of a directive; none where the server refuses them.
fn read<'a>(host: &Host<'a>, form: Form, arguments: &[&'a str]) -> Option<Read<'a>> {
    let text = |text: &'a str| Read { text, ..Read::default() };
    let one = || if let [value] = arguments { Some(*value) } else { None };
    let switch = |word: &str| match word.to_ascii_lowercase().as_str() {
        "yes" => Some(("yes", true)),
        "no" => Some(("no", false)),
        _ => None,
    };
    let with = |value: &'a str, readings: Readings<'a>| Read { text: value, readings, items: None };
    Some(match form {
        Form::Switch => {
            let (word, on) = switch(one()?)?;
            with(word, Readings { on: Some(on), ..Readings::default() })
        }
        Form::Word(words) => {
            let given = one()?;
            let word = words.iter().find(|word| word.eq_ignore_ascii_case(given))?;
            with(word, Readings { on: switch(word).map(|(_, on)| on), ..Readings::default() })
        }
        Form::Number | Form::Seconds => {
            let number: i64 = one()?.parse().ok().filter(|number| *number >= 0)?;
            let seconds = u64::try_from(number).ok()?;
            let limit = if seconds == 0 { Value::Unlimited } else { Value::Duration(seconds) };
            let duration = matches!(form, Form::Seconds).then_some(limit);
            with(host.text(&number.to_string()), Readings { number: Some(Value::Integer(number)), duration, ..Readings::default() })
        }
        Form::Octal => {
            let bits = u32::from_str_radix(one()?, 8).ok().filter(|bits| *bits <= 0o777)?;
            text(host.text(&format!("{bits:o}")))
        }
        Form::Text => text(one()?),
        Form::Secret => {
            let on = !one()?.is_empty();
            with(if on { "set" } else { "" }, Readings { on: Some(on), ..Readings::default() })
        }
        Form::Addresses => {
            let addresses: Vec<Value<'a>> = arguments.iter().filter(|it| !it.is_empty()).map(|it| Value::Text(it)).collect();
            let items = host.arena().alloc_slice_copy(&addresses);
            Read { text: host.text(&arguments.join(" ")), readings: Readings::default(), items: Some(items) }
        }
        Form::Save => {
            let whole = arguments == [""] || !arguments.is_empty() && arguments.len().is_multiple_of(2);
            whole.then(|| text(host.text(&arguments.join(" "))))?
        }
    })
}
