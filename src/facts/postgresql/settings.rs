//! Files, running server and documented defaults of an installation into the rows of `pg-settings`.

use super::super::settings as views;
pub(super) use super::super::settings::Read;
use super::super::{Cell, Evidence, Host, RowBuilder, Tables, Value, Why};
use super::NAME;
use super::installations::{Flavour, Installation};
use super::parameters::{PARAMETERS, Parameter};
use super::values;
use crate::names::Phrase;
use crate::schema::postgresql::PG_SETTINGS;

static UNDOCUMENTED: Phrase =
    Phrase { zh: "{} 未设置，其默认值没有可依据的文档", en: "{} is not set, and no page documents its default" };
static OWN_VALUES: Phrase = Phrase {
    zh: "角色和数据库可以另设 {}，而未采集其取值",
    en: "roles and databases may have a {} of their own, which were not collected",
};

/// The query of values that roles and databases have of their own.
pub(super) const ROLE_SETTINGS: &str = "role-settings";

/// What is known of a parameter.
#[derive(Clone, Debug)]
pub(super) enum Effective<'a> {
    /// Its value, and what it rests on.
    Known(Read<'a>, &'a [Evidence<'a>]),
    /// One of several documented defaults.
    OneOf(Why<'a>, Vec<Read<'a>>, &'a [Evidence<'a>]),
    /// Not known.
    Unknown(Why<'a>, &'a [Evidence<'a>]),
}

impl<'a> Effective<'a> {
    /// One reading as a cell.
    pub(super) fn cell(&self, host: &Host<'a>, reading: impl Fn(&Read<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        match self {
            Effective::Known(read, evidence) => reading(read).map_or(Cell::unset(evidence), |value| Cell::known(value, evidence)),
            Effective::OneOf(why, reads, evidence) => {
                let candidates: Vec<Value<'a>> = reads.iter().filter_map(reading).collect();
                Cell::one_of(*why, host.arena().alloc_slice_copy(&candidates), evidence)
            }
            Effective::Unknown(why, evidence) => Cell::unknown(*why, evidence),
        }
    }

    /// The value, where it is known.
    pub(super) fn known(&self) -> Option<&Read<'a>> {
        match self {
            Effective::Known(read, _) => Some(read),
            Effective::OneOf(..) | Effective::Unknown(..) => None,
        }
    }

    /// What it rests on.
    pub(super) fn evidence(&self) -> &'a [Evidence<'a>] {
        match self {
            Effective::Known(_, evidence) | Effective::OneOf(_, _, evidence) | Effective::Unknown(_, evidence) => evidence,
        }
    }
}

/// A parameter by name as it takes effect on an installation.
pub(super) fn named<'a>(host: &Host<'a>, installation: &Installation<'a>, name: &str) -> Option<Effective<'a>> {
    super::parameters::find(name).map(|parameter| effective(host, installation, parameter))
}

/// A parameter as it takes effect on an installation.
pub(super) fn effective<'a>(host: &Host<'a>, installation: &Installation<'a>, parameter: &'static Parameter) -> Effective<'a> {
    let set: Vec<Evidence<'a>> = written(installation, parameter);
    let winner = installation.files.last(parameter.name);
    if let Some((text, unit, decides)) = running(installation, parameter) {
        let mut evidence = vec![decides];
        evidence.extend(set.iter().map(|piece| shadowed(*piece)));
        return interpreted(host, parameter, text, unit, host.evidence(&evidence));
    }
    if let Some(unloaded) = without_plugin(host, installation, parameter, &set) {
        return unloaded;
    }
    if let Some(entry) = winner {
        return interpreted(host, parameter, entry.value, "", host.evidence(&set));
    }
    let searched = [Evidence::Searched(installation.place())];
    let no_files = installation.folder.is_none().then(|| Why::not_collected("commands/postgresql.settings.csv"));
    if let Some(why) = installation.files.gap.or(no_files) {
        return Effective::Unknown(why, host.evidence(&searched));
    }
    by_default(host, installation, parameter)
}

/// A parameter of a plug-in of KingbaseES that is not loaded, or not known to be: whatever its line says, nothing acts on it (KingbaseES
/// 安全指南, 身份鉴别, 加载插件: shared_preload_libraries).
fn without_plugin<'a>(
    host: &Host<'a>,
    installation: &Installation<'a>,
    parameter: &'static Parameter,
    set: &[Evidence<'a>],
) -> Option<Effective<'a>> {
    let (plugin, _) = parameter.name.split_once('.').filter(|_| parameter.only == Some(Flavour::Kingbase))?;
    let loaded = named(host, installation, "shared_preload_libraries")?;
    let shadows: Vec<Evidence<'a>> = set.iter().map(|piece| shadowed(*piece)).collect();
    let evidence = host.evidence(&[loaded.evidence(), &shadows].concat());
    let items = match &loaded {
        Effective::Known(read, _) => read.items.unwrap_or_default(),
        Effective::Unknown(why, _) | Effective::OneOf(why, ..) => return Some(Effective::Unknown(*why, evidence)),
    };
    if items.iter().any(|item| matches!(item, Value::Text(name) if name.eq_ignore_ascii_case(plugin))) {
        return None;
    }
    let off = if parameter.kind == super::parameters::Kind::Boolean { "off" } else { "0" };
    values::read(host, parameter, off, "").map(|read| Effective::Known(read, evidence))
}

/// What the files say of a parameter: the line that wins, then those that lost to it.
fn written<'a>(installation: &Installation<'a>, parameter: &Parameter) -> Vec<Evidence<'a>> {
    let lines = installation.files.entries.iter().rev().filter(|entry| entry.name.eq_ignore_ascii_case(parameter.name));
    let span = lines.map(|entry| entry.source.span(entry.line)).take(8);
    span.enumerate().map(|(at, span)| if at == 0 { Evidence::Decides(span) } else { Evidence::Shadowed(span) }).collect()
}

/// A piece of evidence of a file, beside that of the running server.
fn shadowed(piece: Evidence<'_>) -> Evidence<'_> {
    match piece {
        Evidence::Decides(span) => Evidence::Shadowed(span),
        other => other,
    }
}

/// What the running server says of a parameter: value, unit, and the record. Settings that only superusers see may be missing.
fn running<'a>(installation: &Installation<'a>, parameter: &Parameter) -> Option<(&'a str, &'a str, Evidence<'a>)> {
    let live = installation.live?;
    let mut records = live.records(["name", "setting", "unit"])?;
    let (record, [_, value, unit]) = records.find(|(_, [name, ..])| name.eq_ignore_ascii_case(parameter.name))?;
    Some((value, unit, live.decides(record)))
}

/// A value that is written somewhere.
fn interpreted<'a>(host: &Host<'a>, parameter: &Parameter, text: &'a str, unit: &str, evidence: &'a [Evidence<'a>]) -> Effective<'a> {
    match values::read(host, parameter, text, unit) {
        Some(read) => Effective::Known(read, evidence),
        None => Effective::Unknown(Why::not_understood(parameter.name), evidence),
    }
}

/// The documented default.
fn by_default<'a>(host: &Host<'a>, installation: &Installation<'a>, parameter: &'static Parameter) -> Effective<'a> {
    let mut reads: Vec<Read<'a>> = Vec::new();
    let mut evidence = Vec::new();
    for default in parameter.defaults(installation.flavour, installation.version) {
        evidence.push(Evidence::Default(&default.documented));
        reads.extend(values::read(host, parameter, default.value, ""));
    }
    let evidence = host.evidence(&evidence);
    match reads.len() {
        0 => Effective::Unknown(Why::new("undocumented", &UNDOCUMENTED, parameter.name), evidence),
        1 => Effective::Known(reads.remove(0), evidence),
        _ => Effective::OneOf(Why::version_not_known(NAME), reads, evidence),
    }
}

/// Pushes the rows of an installation.
pub(super) fn push<'a>(host: &Host<'a>, installation: &Installation<'a>, all: &[Installation<'a>], tables: &mut Tables<'a>) {
    if !tables.wants(&PG_SETTINGS) {
        return;
    }
    for parameter in PARAMETERS.iter().filter(|it| it.is_of(installation.flavour, installation.version)) {
        let effective = effective(host, installation, parameter);
        let mut row = row(host, parameter, &effective, "server");
        if running(installation, parameter).is_some() {
            views::set(&mut row, "origin", Cell::known(Value::Word("runtime"), effective.evidence()));
        }
        row.set(const { PG_SETTINGS.column("differs") }, differs(host, installation, parameter, &effective));
        finish(row, installation, tables);
    }
    if let Some(why) = missing(host, installation) {
        let mut row = host.gap(&PG_SETTINGS, NAME, why);
        row.set(const { PG_SETTINGS.column("scope") }, Cell::known(Value::Text("server"), &[]));
        finish(row, installation, tables);
    }
    push_own_values(host, installation, all, tables);
}

/// Why a setting of the server may be another one than what is known: not where the running server was asked for all of them.
fn missing<'a>(host: &Host<'a>, installation: &Installation<'a>) -> Option<Why<'a>> {
    match installation.live {
        Some(live) => live.gap(host, &["name", "setting", "unit"]),
        None => installation.files.gap,
    }
}

/// Sets what every row of an installation has, and pushes it.
fn finish<'a>(mut row: RowBuilder<'a>, installation: &Installation<'a>, tables: &mut Tables<'a>) {
    row.set(const { PG_SETTINGS.column("flavour") }, Cell::known(Value::Word(installation.flavour.word()), &[]));
    row.instance(installation.instance);
    tables.push(row);
}

/// The row of a parameter in a scope.
fn row<'a>(host: &Host<'a>, parameter: &'static Parameter, effective: &Effective<'a>, scope: &'a str) -> RowBuilder<'a> {
    let mut row = match effective {
        Effective::Known(read, evidence) => views::row(host, &PG_SETTINGS, NAME, parameter.name, (read.text, read.readings, evidence)),
        Effective::OneOf(..) | Effective::Unknown(..) => {
            let unknown = effective.cell(host, |_| None);
            let mut row = views::unknown_row(host, &PG_SETTINGS, NAME, parameter.name, unknown);
            views::set(&mut row, "value", effective.cell(host, |read| Some(Value::Text(read.text))));
            views::set(&mut row, "on", effective.cell(host, |read| read.readings.on.map(Value::Boolean)));
            row
        }
    };
    if !matches!(effective, Effective::Unknown(..)) {
        views::set(&mut row, "items", effective.cell(host, |read| read.items.map(Value::List)));
    }
    row.set(const { PG_SETTINGS.column("scope") }, Cell::known(Value::Text(scope), &[]));
    row
}

/// Whether the running value is another one than that of the files.
fn differs<'a>(host: &Host<'a>, installation: &Installation<'a>, parameter: &Parameter, effective: &Effective<'a>) -> Cell<'a> {
    let (Some(_), Some(entry)) = (running(installation, parameter), installation.files.last(parameter.name)) else { return Cell::NONE };
    let (Some(read), Some(live)) = (values::read(host, parameter, entry.value, ""), effective.known()) else { return Cell::NONE };
    let same = match parameter.kind {
        super::parameters::Kind::Time(_) => read.readings.duration == live.readings.duration,
        super::parameters::Kind::Size(_) => read.readings.size == live.readings.size,
        super::parameters::Kind::Integer => read.readings.number == live.readings.number,
        _ => read.text == live.text,
    };
    Cell::known(Value::Boolean(!same), effective.evidence())
}

/// Pushes the values that roles and databases have of their own; a gap for each parameter that only an administrator changes, where
/// they were not collected.
fn push_own_values<'a>(host: &Host<'a>, installation: &Installation<'a>, all: &[Installation<'a>], tables: &mut Tables<'a>) {
    const COLUMNS: [&str; 4] = ["role", "database", "name", "value"];
    let answered = installation.answer(host, all, ROLE_SETTINGS);
    let gap = answered.as_ref().map_or_else(|why| Some(*why), |answered| answered.gap(host, &COLUMNS));
    for (record, [role, database, name, value]) in answered.iter().filter_map(|it| it.records(COLUMNS)).flatten() {
        let Some(parameter) = super::parameters::find(name) else { continue };
        let evidence = answered.as_ref().map_or(&[][..], |it| host.evidence(&[it.decides(record)]));
        let effective = interpreted(host, parameter, value, "", evidence);
        let mut row = row(host, parameter, &effective, scope(host, role, database));
        views::set(&mut row, "origin", Cell::known(Value::Word("runtime"), evidence));
        finish(row, installation, tables);
    }
    let Some(why) = gap else { return };
    // Where the query was not asked, users may change the others in their sessions anyway; what is lost of an answer may be of any.
    let asked = why.code != "not-collected";
    for parameter in PARAMETERS.iter().filter(|it| (it.per_role || asked) && it.is_of(installation.flavour, installation.version)) {
        let why = if asked { why } else { Why::new(why.code, &OWN_VALUES, parameter.name) };
        let mut row = host.gap(&PG_SETTINGS, NAME, why);
        row.set(const { PG_SETTINGS.column("name") }, Cell::known(Value::Text(parameter.name), &[]));
        row.set(const { PG_SETTINGS.column("scope") }, Cell::known(Value::Text("role or database"), &[]));
        finish(row, installation, tables);
    }
}

/// Where a value of ALTER ROLE or ALTER DATABASE holds.
fn scope<'a>(host: &Host<'a>, role: &str, database: &str) -> &'a str {
    match (role.is_empty(), database.is_empty()) {
        (true, _) => host.text(&format!("database {database}")),
        (false, true) => host.text(&format!("role {role}")),
        (false, false) => host.text(&format!("role {role} in database {database}")),
    }
}
