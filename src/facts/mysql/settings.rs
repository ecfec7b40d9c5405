//! Options, the running server's variables and defaults into the value of each variable, and the rows of `mysql-settings`.

use super::super::queries::Answered;
use super::super::{Cell, Evidence, Host, RowBuilder, Tables, Value, Why};
use super::options::{self, Files, Given};
use super::persisted::Persisted;
use super::server::Server;
use super::variables::{Form, Named, Shape, VARIABLES, Variable, named};
use crate::schema::mysql::MYSQL_SETTINGS;

/// The columns of the query `variables`.
pub(super) const COLUMNS: [&str; 2] = ["variable_name", "value"];

/// What is known of one variable.
#[derive(Clone, Debug)]
pub(super) enum State<'a> {
    /// The server has no such variable.
    Missing,
    /// It is there and has no value.
    Unset,
    /// Its value.
    Known(Read<'a>),
    /// Not known, and what it may be; without candidates it may be anything.
    Unknown(Why<'a>, Vec<Option<Read<'a>>>),
}

/// A variable with what it rests on.
#[derive(Clone, Debug)]
pub(super) struct Setting<'a> {
    pub state: State<'a>,
    pub evidence: Vec<Evidence<'a>>,
    pub origin: &'static str,
    /// Why something unread could still change it.
    pub gap: Option<Why<'a>>,
}

/// A value in every type that it can be read as.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Read<'a> {
    pub text: &'a str,
    pub number: Option<Value<'a>>,
    pub on: Option<bool>,
    pub duration: Option<Value<'a>>,
    pub size: Option<Value<'a>>,
    pub items: Option<&'a [Value<'a>]>,
}

/// The variables of one server, in the order of [`VARIABLES`].
#[derive(Debug)]
pub(super) struct Settings<'a> {
    pub server: Server<'a>,
    all: Vec<Setting<'a>>,
    /// What files and defaults alone give, where the running server shows a value as well.
    pub of_files: Vec<Option<Setting<'a>>>,
}

impl<'a> Settings<'a> {
    /// One variable of the vocabulary.
    pub(super) fn of(&self, name: &str) -> &Setting<'a> {
        let place = VARIABLES.binary_search_by(|variable| variable.name.cmp(name)).unwrap_or_default();
        &self.all[place]
    }

    /// Whether the running server takes connections over the network.
    pub(super) fn is_listening(&self) -> bool {
        self.of("skip_networking").is_on() == Some(false)
    }

    /// The rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for (variable, setting) in VARIABLES.iter().zip(&self.all) {
            if !matches!(setting.state, State::Missing) {
                let mut row = row(host, variable.name, setting);
                row.instance(instance);
                tables.push(row);
            }
            if let Some(why) = setting.gap {
                let mut row = host.gap(&MYSQL_SETTINGS, super::NAME, why);
                row.instance(instance);
                row.set(const { MYSQL_SETTINGS.column("name") }, Cell::known(Value::Text(variable.name), &[]));
                tables.push(row);
            }
        }
    }
}

impl<'a> Setting<'a> {
    /// The value, unless something unread could change it.
    pub(super) fn certain(&self) -> Option<Read<'a>> {
        match self.state {
            State::Known(read) if self.gap.is_none() => Some(read),
            _ => None,
        }
    }

    /// Whether it is on.
    pub(super) fn is_on(&self) -> Option<bool> {
        self.certain()?.on
    }

    /// A cell for what a reading of it says; unknown where it is not certain.
    pub(super) fn cell(&self, host: &Host<'a>, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        let evidence = host.evidence(&self.evidence);
        match (&self.state, self.gap) {
            (_, Some(why)) => Cell::unknown(why, evidence),
            (State::Missing | State::Unset, None) => Cell::unset(evidence),
            (State::Known(read), None) => reading(read).map_or(Cell::unset(evidence), |value| Cell::known(value, evidence)),
            (State::Unknown(why, candidates), None) => open(host, *why, candidates, evidence, &reading),
        }
    }
}

/// A cell that is one of a few.
fn open<'a>(
    host: &Host<'a>,
    why: Why<'a>,
    candidates: &[Option<Read<'a>>],
    evidence: &'a [Evidence<'a>],
    reading: &dyn Fn(&Read<'a>) -> Option<Value<'a>>,
) -> Cell<'a> {
    let values: Option<Vec<Value<'a>>> = candidates.iter().map(|candidate| reading(&(*candidate)?)).collect();
    Cell::one_of(why, host.arena().alloc_slice_copy(&values.unwrap_or_default()), evidence)
}

/// The row of a variable.
fn row<'a>(host: &Host<'a>, name: &'static str, setting: &Setting<'a>) -> RowBuilder<'a> {
    let mut row = host.row(&MYSQL_SETTINGS, super::NAME);
    let without_gap = Setting { gap: None, ..setting.clone() };
    let cell = |reading: &dyn Fn(&Read<'a>) -> Option<Value<'a>>| without_gap.cell(host, reading);
    row.set(const { MYSQL_SETTINGS.column("name") }, Cell::known(Value::Text(name), &[]))
        .set(const { MYSQL_SETTINGS.column("value") }, cell(&|it| Some(Value::Text(it.text))))
        .set(const { MYSQL_SETTINGS.column("number") }, cell(&|it| it.number))
        .set(const { MYSQL_SETTINGS.column("on") }, cell(&|it| it.on.map(Value::Boolean)))
        .set(const { MYSQL_SETTINGS.column("duration") }, cell(&|it| it.duration))
        .set(const { MYSQL_SETTINGS.column("size") }, cell(&|it| it.size))
        .set(const { MYSQL_SETTINGS.column("items") }, cell(&|it| it.items.map(Value::List)))
        .set(const { MYSQL_SETTINGS.column("origin") }, Cell::known(Value::Word(setting.origin), host.evidence(&setting.evidence)));
    row
}

/// What the files, the persisted variables and the running server say.
pub(super) struct Said<'f, 'a> {
    pub files: &'f Files<'a>,
    pub persisted: &'f Persisted<'a>,
    /// The answer to `SHOW GLOBAL VARIABLES`.
    pub running: Option<Answered<'a>>,
    /// Whether files are this server's.
    pub own_files: bool,
    pub server: Server<'a>,
}

/// The value of every variable; on demand also what the files alone give, where the running server shows a value as well.
pub(super) fn effective<'a>(host: &Host<'a>, said: &Said<'_, 'a>, with_files: bool) -> Settings<'a> {
    let mut from_files: Vec<Vec<Assigned<'a>>> = vec![Vec::new(); VARIABLES.len()];
    if said.own_files {
        collect(said, &mut from_files);
    }
    let mut running: Vec<Option<(&'a str, Evidence<'a>)>> = vec![None; VARIABLES.len()];
    let mut running_gap = None;
    if let Some(answered) = &said.running {
        running_gap = answered.gap(host, &COLUMNS);
        for (record, [name, value]) in answered.records(COLUMNS).into_iter().flatten() {
            let name = if name == "have_symlink" { "symbolic_links" } else { name };
            let name = name.replacen("validate_password_", "validate_password.", 1);
            if let Ok(place) = VARIABLES.binary_search_by(|variable| variable.name.cmp(&name)) {
                running[place] = Some((value, answered.decides(record)));
            }
        }
    }
    let whole = said.running.is_some() && running_gap.is_none();
    let mut settings = Settings { server: said.server, all: Vec::with_capacity(VARIABLES.len()), of_files: Vec::new() };
    for ((variable, assigned), running) in VARIABLES.iter().zip(from_files).zip(running) {
        let both = with_files && running.is_some() && said.own_files;
        settings.of_files.push(both.then(|| from_file(host, said, variable, &assigned, None)));
        settings.all.push(match running {
            Some((text, evidence)) => from_running(host, variable, (text, evidence), &assigned),
            // Not shown among the variables of every version, or shown by none.
            None if whole && !matches!(variable.name, "skip_grant_tables" | "user" | "symbolic_links") => missing(),
            None => from_file(host, said, variable, &assigned, running_gap),
        });
    }
    settings
}

/// A variable that the server does not have.
fn missing<'a>() -> Setting<'a> {
    Setting { state: State::Missing, evidence: Vec::new(), origin: "default", gap: None }
}

/// One assignment to a variable.
#[derive(Clone, Copy, Debug)]
struct Assigned<'a> {
    value: Result<Option<&'a str>, Why<'a>>,
    off: Option<bool>,
    evidence: Evidence<'a>,
}

/// Sorts the options of the server's groups, and the persisted variables after them, by variable.
fn collect<'a>(said: &Said<'_, 'a>, slots: &mut [Vec<Assigned<'a>>]) {
    for option in &said.files.options {
        let read = options::is_read(option.group, &said.server);
        if read == Some(false) {
            continue;
        }
        let unsure = read.is_none().then(|| Why::version_not_known(super::NAME));
        let value = |option: &Given<'a>| unsure.map_or(Ok(option.value), Err);
        match named(option.name) {
            Named::None => {}
            Named::One(place, form) => {
                let off = match form {
                    Form::Plain => None,
                    Form::On => Some(false),
                    Form::Off => Some(true),
                };
                slots[place].push(Assigned { value: value(option), off, evidence: option.decides() });
            }
            Named::Short(places) => {
                for place in places {
                    slots[place].push(Assigned { value: Err(Why::not_understood(option.text)), off: None, evidence: option.decides() });
                }
            }
        }
    }
    for (name, value, evidence) in &said.persisted.variables {
        if let Named::One(place, Form::Plain) = named(name) {
            slots[place].push(Assigned { value: Ok(Some(value)), off: None, evidence: *evidence });
        }
    }
}

/// A variable that the running server shows; a file that says otherwise stands beside it.
fn from_running<'a>(host: &Host<'a>, variable: &Variable, running: (&'a str, Evidence<'a>), assigned: &[Assigned<'a>]) -> Setting<'a> {
    let (text, evidence) = running;
    let text = match (variable.name, text) {
        ("bind_address", "") => "*",
        ("symbolic_links", "YES") => "ON",
        ("symbolic_links", "DISABLED" | "NO") => "OFF",
        (_, text) => text,
    };
    let mut pieces = vec![evidence];
    if let Some(Assigned { evidence: Evidence::Decides(span), .. }) = assigned.last() {
        pieces.push(Evidence::Shadowed(*span));
    }
    let state = match (variable.shape, text) {
        (Shape::Text, "" | "NULL") if variable.name != "secure_file_priv" => State::Unset,
        _ => State::Known(read(host, variable.shape, text)),
    };
    Setting { state, evidence: pieces, origin: "runtime", gap: None }
}

/// A variable as the files and defaults have it.
fn from_file<'a>(
    host: &Host<'a>,
    said: &Said<'_, 'a>,
    variable: &'static Variable,
    assigned: &[Assigned<'a>],
    running_gap: Option<Why<'a>>,
) -> Setting<'a> {
    let unread = said.own_files.then_some(said.files.gap).flatten();
    let persistable = !matches!(variable.name, "skip_grant_tables" | "user" | "version" | "skip_networking");
    let gap = running_gap.or(unread).or(said.persisted.gap.filter(|_| persistable && said.own_files));
    let Some(last) = assigned.last() else { return by_default(host, said, variable, gap) };
    let shadowed = assigned.iter().rev().skip(1).filter_map(|it| match it.evidence {
        Evidence::Decides(span) => Some(Evidence::Shadowed(span)),
        _ => None,
    });
    let evidence: Vec<Evidence<'a>> = std::iter::once(last.evidence).chain(shadowed).collect();
    let state = match last.value {
        Err(why) => State::Unknown(why, Vec::new()),
        Ok(value) => written(host, variable, value, last.off)
            .map_or_else(|| State::Unknown(Why::not_understood(value.unwrap_or(variable.name)), Vec::new()), State::Known),
    };
    Setting { state, evidence, origin: "file", gap }
}

/// The value that an option gives; none where the server would refuse it.
fn written<'a>(host: &Host<'a>, variable: &Variable, value: Option<&'a str>, off: Option<bool>) -> Option<Read<'a>> {
    let text = match (variable.shape, value, off) {
        (Shape::Switch, None, _) => {
            if off == Some(true) {
                "OFF"
            } else {
                "ON"
            }
        }
        (Shape::Files, None, Some(true)) => "OFF",
        (Shape::Files, None, _) => "ON",
        (Shape::Number, None, Some(true)) => "0",
        (Shape::Text, None, None) if variable.name == "log_error" => "ON",
        // Both servers take 0 for no port at all, and use their own (mysqld.cc, set_ports).
        (_, Some("0"), None) if variable.name == "port" => "3306",
        (_, Some(value), None) => value,
        _ => return None,
    };
    let read = read(host, variable.shape, text);
    let numeric = !matches!(variable.shape, Shape::Switch | Shape::Files | Shape::Text | Shape::List);
    let typed = read.number.is_some() || read.duration.is_some() || read.size.is_some();
    (!numeric || typed).then_some(read)
}

/// A variable that nothing sets.
fn by_default<'a>(host: &Host<'a>, said: &Said<'_, 'a>, variable: &'static Variable, gap: Option<Why<'a>>) -> Setting<'a> {
    let server = &said.server;
    if variable.name == "version" {
        return match (server.version, server.evidence()) {
            (Some(version), Some(Evidence::Reference(span))) => {
                let read = Read { text: version, ..Read::default() };
                Setting { state: State::Known(read), evidence: vec![Evidence::Decides(span)], origin: "file", gap: None }
            }
            _ => Setting { gap: Some(Why::version_not_known(super::NAME)), ..missing() },
        };
    }
    // A plugin may be installed by a table that only the running server shows.
    let not_asked = Why::not_collected("commands/mysql.variables.csv");
    if variable.defaults.is_empty() || !said.own_files {
        return Setting { gap: Some(gap.unwrap_or(not_asked)), ..missing() };
    }
    let (possible, may_lack) = variable.defaults_of(server);
    let evidence: Vec<Evidence<'a>> = possible.iter().map(|it| Evidence::Default(&it.documented)).chain(server.evidence()).collect();
    let reads: Vec<Option<Read<'a>>> = possible.iter().map(|it| it.value().map(|value| read(host, variable.shape, value))).collect();
    let unclear = Why::version_not_known(super::NAME);
    let open = possible.iter().any(|it| it.left_open);
    let state = match reads.as_slice() {
        [] => State::Missing,
        _ if open => State::Unknown(Why::not_collected("commands/mysql.variables.csv"), Vec::new()),
        [first, rest @ ..] if rest.iter().all(|other| other == first) => first.map_or(State::Unset, State::Known),
        _ => State::Unknown(unclear, reads),
    };
    let lacks = (may_lack && !matches!(state, State::Missing | State::Unknown(..))).then_some(unclear);
    Setting { state, evidence, origin: "default", gap: gap.or(lacks) }
}

/// A text in every type that it can be read as.
pub(super) fn read<'a>(host: &Host<'a>, shape: Shape, text: &'a str) -> Read<'a> {
    let mut read = Read { text, ..Read::default() };
    let number = number(text);
    let whole = number.map(|it| Value::Integer(i64::try_from(it).unwrap_or(i64::MAX)));
    let or_unlimited = |value: Option<Value<'a>>| if number == Some(0) { Some(Value::Unlimited) } else { value };
    match shape {
        Shape::Switch => {
            // Whatever else stands there counts as off, with a warning (manual, "Program Option Modifiers").
            let on = number == Some(1) || text.eq_ignore_ascii_case("on") || text.eq_ignore_ascii_case("true");
            read.text = if on { "ON" } else { "OFF" };
            read.on = Some(on);
        }
        Shape::Files => read.on = Some(!matches!(text, "OFF")),
        Shape::Number => read.number = whole,
        Shape::NumberOrUnlimited => read.number = or_unlimited(whole),
        Shape::Size => read.size = number.map(Value::Size),
        Shape::SizeOrUnlimited => read.size = or_unlimited(number.map(Value::Size)),
        Shape::Seconds => read.duration = number.map(Value::Duration),
        Shape::SecondsOrUnlimited => read.duration = or_unlimited(number.map(Value::Duration)),
        Shape::DaysOrUnlimited => {
            // MariaDB counts fractions of days.
            let days = number.or_else(|| text.split_once('.').and_then(|(days, _)| days.parse().ok()));
            let fraction = text.split_once('.').is_some_and(|(_, rest)| rest.bytes().any(|it| it != b'0'));
            let seconds = days.map(|days| Value::Duration(days.saturating_mul(86_400)));
            read.duration = if days == Some(0) && !fraction { Some(Value::Unlimited) } else { seconds };
            read.number = days.map(|days| Value::Integer(i64::try_from(days).unwrap_or(i64::MAX)));
        }
        Shape::Text => {}
        Shape::List => {
            let items: Vec<Value<'a>> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Value::Text).collect();
            read.items = Some(host.arena().alloc_slice_copy(&items));
        }
        Shape::Level => {
            let level = ["LOW", "MEDIUM", "STRONG"].iter().zip(0..).find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, it)| it);
            read.number = level.map(Value::Integer).or(whole);
        }
    }
    read
}

/// A whole number, with K, M, G, T, P or E for powers of 1024.
fn number(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let power = match &text[digits.len()..] {
        "" => 0,
        "k" | "K" => 1,
        "m" | "M" => 2,
        "g" | "G" => 3,
        "t" | "T" => 4,
        "p" | "P" => 5,
        "e" | "E" => 6,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << (10 * power))
}
