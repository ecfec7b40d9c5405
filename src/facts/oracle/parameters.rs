//! The running instance, its parameter file and documented defaults into the rows of `oracle-parameters`.
//!
//! A parameter file is read as Database Reference, "Initialization Parameter Files", says: the last of repeated lines holds, one that
//! names the instance goes before one for all (`*.`), IFILE stands for another file up to three deep. Startup takes `spfile<SID>.ora`,
//! then `spfile.ora`, then `init<SID>.ora` (Administrator's Guide, "Starting Up a Database").

use super::super::drift::Drift;
use super::super::effective::{self, Effective};
use super::super::settings::Readings;
use super::super::{Artefact, Cell, Evidence, Host, Tables, Value, Why};
use super::places::Places;
use super::version::Version;
use super::{Database, NAME};
use crate::names::Phrase;
use crate::parse::key_value::{self, Dialect, Quotes, Separator};
use crate::schema::neutral::DRIFT;
use crate::schema::oracle::ORACLE_PARAMETERS;
use crate::snapshot::Lack;
use crate::source::Source;

mod defaults;

/// The columns of the query.
pub(super) const COLUMNS: [&str; 2] = ["name", "value"];

static BINARY: Phrase = Phrase {
    zh: "{} 是二进制文件；请采集 CREATE PFILE 的输出或查询结果",
    en: "{} is binary: collect what CREATE PFILE writes, or the query's result",
};
static NOT_SHOWN: Phrase = Phrase { zh: "{} 只有运行中的实例才能给出", en: "{} is shown by the running instance alone" };

/// `name=value`, comments with `#`.
const DIALECT: Dialect =
    Dialect { separator: Separator::Equals, comments: &['#'], comments_after_values: true, quotes: Quotes::Kept, bare_keys: false };

/// The deepest IFILE that is read: Database Reference, IFILE.
const NESTED_MOST: usize = 3;

/// The parameter file of one instance.
#[derive(Debug)]
pub(super) struct File<'a> {
    /// The instance.
    pub sid: &'a str,
    /// The home that it lies in.
    pub home: &'a str,
    entries: Vec<Entry<'a>>,
    gap: Option<Why<'a>>,
    path: &'a str,
}

/// One line.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    name: &'a str,
    value: &'a str,
    /// Whether it names the instance.
    own: bool,
    evidence: Evidence<'a>,
}

/// The parameter files of the homes.
pub(super) fn files<'a>(host: &Host<'a>, places: &Places<'a>) -> Vec<File<'a>> {
    let mut files: Vec<File<'a>> = Vec::new();
    for home in &places.homes {
        for (start, pattern) in [("spfile", "spfile*.ora"), ("init", "init*.ora")] {
            for path in host.matching(&format!("{home}/dbs/{pattern}")).paths {
                let name = path.rsplit('/').next().unwrap_or_default();
                let sid = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(".ora")).unwrap_or_default();
                // init.ora is a sample, initdw.ora another; `spfile.ora` is of any instance.
                if sid.is_empty() || sid == "dw" || files.iter().any(|file| file.home == *home && file.sid == sid) {
                    continue;
                }
                files.push(file(host, home, sid, (path, start == "spfile")));
            }
        }
    }
    files
}

/// Reads one.
fn file<'a>(host: &Host<'a>, home: &'a str, sid: &'a str, (path, spfile): (&'a str, bool)) -> File<'a> {
    let mut file = File { sid, home, entries: Vec::new(), gap: None, path };
    read(host, &mut file, path, 0);
    if !spfile {
        for name in [format!("{home}/dbs/spfile{sid}.ora"), format!("{home}/dbs/spfile.ora")] {
            let lack = host.look(&name).lack;
            if lack != Some(Lack::Absent) {
                let name = host.text(&name);
                file.gap = file.gap.or(Some(lack.map_or(Why::new("binary", &BINARY, name), |lack| Why::lacking(name, lack))));
            }
        }
    }
    file
}

/// Reads a file and those that it names.
fn read<'a>(host: &Host<'a>, file: &mut File<'a>, path: &'a str, depth: usize) {
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => {
            file.gap = file.gap.or(Some(Why::lacking(path, lack)));
            return;
        }
    };
    if !source.complete {
        file.gap = file.gap.or(Some(Why::truncated(source.path)));
    }
    if source.text.contains('\0') {
        file.gap = file.gap.or(Some(Why::new("binary", &BINARY, source.path)));
        return;
    }
    for setting in key_value::read(source.text, &DIALECT).settings {
        if !host.spend(1) {
            file.gap = file.gap.or(Some(Why::budget_spent(source.path)));
            return;
        }
        let (scope, name) = setting.key.rsplit_once('.').unwrap_or(("*", setting.key));
        let value = unquoted(setting.value);
        let nested = name.eq_ignore_ascii_case("ifile") || name.eq_ignore_ascii_case("spfile");
        if nested && depth < NESTED_MOST {
            read(host, file, host.text(value), depth + 1);
        } else if nested {
            file.gap = file.gap.or(Some(Why::not_understood(source.path)));
        } else if scope == "*" || scope.eq_ignore_ascii_case(file.sid) {
            let own = scope != "*";
            file.entries.push(Entry { name, value, own, evidence: decided(source, setting.line) });
        }
    }
}

fn decided<'a>(source: &Source<'a>, line: &str) -> Evidence<'a> {
    Evidence::Decides(source.span(line))
}

/// A value without quotes around it; a list stays as it is.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inside = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).filter(|rest| !rest.contains(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// The parameters of one database as they take effect.
#[derive(Debug)]
pub(super) struct Parameters<'a> {
    rows: Vec<(&'static str, Effective<'a>)>,
    gap: Option<Why<'a>>,
    /// The version.
    pub version: Option<Version<'a>>,
}

impl<'a> Parameters<'a> {
    /// A parameter of the vocabulary.
    pub(super) fn of(&self, name: &str) -> Effective<'a> {
        self.rows.iter().find(|(known, _)| *known == name).map_or(Effective::Lacking(&[]), |(_, effective)| *effective)
    }

    /// Whether a parameter is on; none where that is not known. One that the version lacks is off.
    pub(super) fn is_on(&self, name: &str) -> Option<bool> {
        match self.of(name) {
            Effective::Lacking(_) => Some(false),
            effective => effective.text().and_then(effective::switch),
        }
    }

    /// Why a parameter that is not known is not.
    pub(super) fn why(&self, name: &'static str) -> Why<'a> {
        self.of(name).why().unwrap_or(Why::not_understood(name))
    }

    /// Pushes the rows.
    pub(super) fn push(&self, host: &Host<'a>, instance: &'a str, tables: &mut Tables<'a>) {
        for (name, effective) in &self.rows {
            effective::push(host, (&ORACLE_PARAMETERS, NAME, instance), name, effective, (readings, tables));
        }
        if let Some(why) = self.gap {
            let mut row = host.gap(&ORACLE_PARAMETERS, NAME, why);
            row.instance(instance);
            tables.push(row);
        }
    }
}

/// The typed readings of a value.
fn readings<'a>(_: &Host<'a>, _: &str, text: &'a str) -> (Readings<'a>, Option<Value<'a>>) {
    let number = text.parse().ok().map(Value::Integer);
    (Readings { number, on: effective::switch(text), ..Readings::default() }, None)
}

/// The parameters of a database.
pub(super) fn effective<'a>(host: &Host<'a>, database: &Database<'a>) -> Parameters<'a> {
    let names = ORACLE_PARAMETERS.settings.iter().map(|setting| setting.name);
    let rows = names.map(|name| (name, one(host, database, name))).collect();
    let live = database.answer(&["parameters"], COLUMNS);
    let gap = match (&live, &database.file) {
        (Some(answered), _) => answered.gap(host, &COLUMNS),
        (None, Some(file)) => file.gap,
        (None, None) => Some(Why::not_collected("commands/oracle.parameters.csv")),
    };
    Parameters { rows, gap, version: database.version }
}

/// One parameter.
fn one<'a>(host: &Host<'a>, database: &Database<'a>, name: &'static str) -> Effective<'a> {
    let written = database.file.as_ref().map(|file| lines_of(file, name)).unwrap_or_default();
    let live = database.answer(&["parameters"], COLUMNS);
    if let Some(answered) = live {
        let said = answered.records(COLUMNS).and_then(|mut records| records.find(|(_, [said, _])| *said == name));
        if let Some((record, [_, value])) = said {
            let mut evidence = vec![answered.decides(record)];
            evidence.extend(written.iter().map(|entry| shadowed(entry.evidence)));
            return Effective::Known(value, host.evidence(&evidence), true);
        }
        let searched = host.evidence(&[Evidence::Searched(answered.source.path)]);
        return match answered.gap(host, &COLUMNS) {
            Some(why) => Effective::Unknown(why, searched),
            None => Effective::Lacking(searched),
        };
    }
    if name == "unified-auditing" {
        return Effective::Unknown(Why::new("not-shown", &NOT_SHOWN, "Unified Auditing"), &[]);
    }
    if let Some((winner, rest)) = written.split_first() {
        let mut evidence = vec![winner.evidence];
        evidence.extend(rest.iter().map(|entry| shadowed(entry.evidence)));
        return Effective::Known(winner.value, host.evidence(&evidence), false);
    }
    match &database.file {
        Some(File { gap: None, path, .. }) => defaults::of(host, name, database.version, path),
        Some(File { gap: Some(why), path, .. }) => Effective::Unknown(*why, host.evidence(&[Evidence::Searched(path)])),
        None => Effective::Unknown(Why::not_collected("commands/oracle.parameters.csv"), &[]),
    }
}

/// Pushes the parameters whose line is not what the instance runs with: ALTER SYSTEM with SCOPE=MEMORY, and lines for the next startup.
pub(super) fn push_drift<'a>(host: &Host<'a>, database: &Database<'a>, tables: &mut Tables<'a>) {
    let (Some(file), Some(answered)) = (&database.file, database.answer(&["parameters"], COLUMNS)) else { return };
    // A text beside a binary file is not what the instance starts with.
    if !tables.wants(&DRIFT) || file.gap.is_some_and(|why| why.code == "binary") {
        return;
    }
    let mut drift = Drift::new(host, (NAME, database.instance), [answered.source.path, file.path]);
    let gap = answered.gap(host, &COLUMNS).or(file.gap);
    if let Some(why) = gap {
        drift.gap(why);
    }
    for (record, [name, value]) in answered.records(COLUMNS).into_iter().flatten().filter(|_| gap.is_none()) {
        let Some(setting) = ORACLE_PARAMETERS.settings.iter().find(|setting| setting.name == name) else { continue };
        let lines = lines_of(file, name);
        let Some(winner) = lines.first() else { continue };
        let pieces: Vec<Evidence<'a>> = lines.iter().map(|entry| entry.evidence).collect();
        let read = |text: &'a str, evidence| Cell::known(listed(host, text), evidence);
        drift.compare(setting.name, read(winner.value, host.evidence(&pieces)), read(value, host.evidence(&[answered.decides(record)])));
    }
    drift.push(tables);
}

/// A value as a list, quotes and blanks around its items dropped: `'DB','EXTENDED'` is `DB, EXTENDED`.
fn listed<'a>(host: &Host<'a>, text: &'a str) -> Value<'a> {
    if !text.contains(',') {
        return Value::Text(text);
    }
    let items: Vec<&'a str> = text.split(',').map(|item| item.trim().trim_matches(['\'', '"'])).collect();
    host.texts(&items)
}

/// The lines of a parameter, the one that holds first, at most eight.
fn lines_of<'a>(file: &File<'a>, name: &str) -> Vec<Entry<'a>> {
    let mut lines: Vec<Entry<'a>> = file.entries.iter().rev().filter(|entry| entry.name.eq_ignore_ascii_case(name)).copied().collect();
    lines.sort_by_key(|entry| !entry.own);
    lines.truncate(8);
    lines
}

/// A piece of evidence beside the one that decides.
fn shadowed(piece: Evidence<'_>) -> Evidence<'_> {
    match piece {
        Evidence::Decides(span) => Evidence::Shadowed(span),
        other => other,
    }
}
