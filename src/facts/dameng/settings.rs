//! V$DM_INI, dm.ini, V$DM_ARCH_INI and dmarch.ini into the rows of `dameng-settings` and `dameng-archives`.
//!
//! What the server runs with decides; the line of dm.ini stands beside it. COMPATIBLE_MODE 1 makes PWD_POLICY 0 whatever it says (DM8
//! 系统管理员手册, dm.ini, PWD_POLICY).

use super::super::drift::Drift;
use super::super::effective::{self, Effective};
use super::super::settings::Readings;
use super::super::{Artefact, Cell, Evidence, Host, Tables, Value, Why};
use super::{NAME, Server};
use crate::names::Phrase;
use crate::parse::ini;
use crate::parse::key_value::{self, Dialect, Quotes, Separator};
use crate::schema::dameng::{DAMENG_ARCHIVES, DAMENG_SETTINGS, RULES};
use crate::schema::neutral::DRIFT;

/// Parameters that rules ask about: what the server runs with, and what its file says.
pub(super) const SQL: &str = "SELECT PARA_NAME AS name, PARA_VALUE AS value FROM V$DM_INI WHERE PARA_NAME IN ('ARCH_INI', 'AUDIT_FILE_FULL_MODE', 'AUDIT_MAX_FILE_SIZE', 'AUDIT_SPACE_LIMIT', 'COMM_ENCRYPT_NAME', 'COMPATIBLE_MODE', 'ENABLE_AUDIT', 'ENABLE_ENCRYPT', 'ENABLE_LOCAL_OSAUTH', 'FAST_LOGIN', 'PORT_NUM', 'PWD_MIN_LEN', 'PWD_POLICY')";

/// Destinations of archived redo logs.
pub(super) const ARCHIVES_SQL: &str =
    "SELECT ARCH_NAME AS name, ARCH_TYPE AS type, ARCH_DEST AS dest, ARCH_SPACE_LIMIT AS space_limit FROM V$DM_ARCH_INI";

const COLUMNS: [&str; 2] = ["name", "value"];
const ARCHIVES: [&str; 4] = ["name", "type", "dest", "space_limit"];

/// `KEY = value #comment`.
const DIALECT: Dialect =
    Dialect { separator: Separator::Equals, comments: &['#'], comments_after_values: true, quotes: Quotes::Kept, bare_keys: false };

static UNDOCUMENTED: Phrase = Phrase {
    zh: "{} 未在 dm.ini 中，可能是隐含参数；其默认值没有可依据的文档，请采集 V$DM_INI",
    en: "{} does not stand in dm.ini, where some parameters never do, and no page at hand documents its default: collect V$DM_INI",
};
static TWICE: Phrase = Phrase { zh: "{} 出现多次且取值不同", en: "{} stands several times with different values" };

/// The parameters of a server.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    rows: Vec<(&'static str, Effective<'a>)>,
    gap: Option<Why<'a>>,
}

/// Reads them.
pub(super) fn read<'a>(host: &Host<'a>, server: &Server<'a>) -> Settings<'a> {
    let file = lines_of(host, server);
    let names = DAMENG_SETTINGS.settings.iter().map(|setting| setting.name);
    let mut rows: Vec<(&'static str, Effective<'a>)> = names.map(|name| (name, one(host, server, &file, name))).collect();
    let mode = rows.iter().find(|(name, _)| *name == "COMPATIBLE_MODE").map(|(_, effective)| *effective);
    for (_, effective) in rows.iter_mut().filter(|(name, _)| *name == "PWD_POLICY") {
        *effective = match (mode.and_then(|mode| mode.text()), mode, *effective) {
            (Some("1"), Some(mode), held) => {
                let live = matches!(mode, Effective::Known(_, _, true));
                Effective::Known("0", host.evidence(&[mode.evidence(), held.evidence()].concat()), live)
            }
            (None, Some(mode), Effective::Known(text, evidence, _)) if text != "0" && mode.why().is_some() => {
                Effective::Unknown(mode.why().unwrap_or(Why::not_understood("COMPATIBLE_MODE")), evidence)
            }
            (.., held) => held,
        };
    }
    let gap = match server.answers.answer("parameters") {
        Some(answered) => answered.gap(host, &COLUMNS),
        None => file.gap,
    };
    Settings { rows, gap }
}

/// What dm.ini says.
struct File<'a> {
    lines: Vec<(&'a str, &'a str, Evidence<'a>)>,
    gap: Option<Why<'a>>,
}

fn lines_of<'a>(host: &Host<'a>, server: &Server<'a>) -> File<'a> {
    let Some(folder) = server.folder else {
        return File { lines: Vec::new(), gap: Some(Why::not_collected("commands/dameng.parameters.csv")) };
    };
    let path = host.text(&format!("{folder}/dm.ini"));
    match host.file(path) {
        Artefact::Text(source) => {
            let document = key_value::read(source.text, &DIALECT);
            let lines = document.settings.iter().map(|it| (it.key, it.value, Evidence::Decides(source.span(it.line)))).collect();
            File { lines, gap: (!source.complete).then(|| Why::truncated(source.path)) }
        }
        Artefact::Lacking(lack) => File { lines: Vec::new(), gap: Some(Why::lacking(path, lack)) },
    }
}

/// One parameter.
fn one<'a>(host: &Host<'a>, server: &Server<'a>, file: &File<'a>, name: &'static str) -> Effective<'a> {
    let written: Vec<_> = file.lines.iter().filter(|(key, ..)| key.eq_ignore_ascii_case(name)).take(8).collect();
    if let Some(answered) = server.answers.answer("parameters") {
        let said = answered.records(COLUMNS).and_then(|mut records| records.find(|(_, [said, _])| *said == name));
        let Some((record, [_, value])) = said else {
            let searched = host.evidence(&[Evidence::Searched(answered.source.path)]);
            return answered.gap(host, &COLUMNS).map_or(Effective::Lacking(searched), |why| Effective::Unknown(why, searched));
        };
        let shadowed =
            written.iter().map(|(.., piece)| if let Evidence::Decides(span) = *piece { Evidence::Shadowed(span) } else { *piece });
        let pieces: Vec<Evidence<'a>> = std::iter::once(answered.decides(record)).chain(shadowed).collect();
        return Effective::Known(value.trim(), host.evidence(&pieces), true);
    }
    let pieces: Vec<Evidence<'a>> = written.iter().map(|(.., piece)| *piece).collect();
    let evidence = host.evidence(&pieces);
    match (written.split_first(), file.gap) {
        (Some(((_, value, _), rest)), _) if rest.iter().all(|(_, other, _)| other == value) => Effective::Known(value, evidence, false),
        (Some(_), _) => {
            let values: Vec<&'a str> = written.iter().map(|(_, value, _)| *value).collect();
            Effective::OneOf(Why::new("set-twice", &TWICE, name), host.arena().alloc_slice_copy(&values), evidence)
        }
        (None, Some(why)) => Effective::Unknown(why, &[]),
        (None, None) => Effective::Unknown(Why::new("undocumented", &UNDOCUMENTED, name), &[]),
    }
}

/// Pushes the parameters whose line in dm.ini is not what the server runs with.
pub(super) fn push_drift<'a>(host: &Host<'a>, server: &Server<'a>, tables: &mut Tables<'a>) {
    let (Some(folder), Some(answered)) = (server.folder, server.answers.answer("parameters")) else { return };
    if !tables.wants(&DRIFT) {
        return;
    }
    let file = lines_of(host, server);
    let mut drift = Drift::new(host, (NAME, server.instance), [answered.source.path, host.text(&format!("{folder}/dm.ini"))]);
    let gap = answered.gap(host, &COLUMNS).or(file.gap);
    if let Some(why) = gap {
        drift.gap(why);
    }
    for (record, [name, value]) in answered.records(COLUMNS).into_iter().flatten().filter(|_| gap.is_none()) {
        let Some(setting) = DAMENG_SETTINGS.settings.iter().find(|setting| setting.name == name) else { continue };
        let written: Vec<_> = file.lines.iter().filter(|(key, ..)| key.eq_ignore_ascii_case(name)).take(8).collect();
        let Some((_, first, _)) = written.first() else { continue };
        let pieces: Vec<Evidence<'a>> = written.iter().map(|(.., piece)| *piece).collect();
        let evidence = host.evidence(&pieces);
        let line = if written.iter().all(|(_, other, _)| other == first) {
            Cell::known(same(first), evidence)
        } else {
            Cell::unknown(Why::new("set-twice", &TWICE, setting.name), evidence)
        };
        drift.compare(setting.name, line, Cell::known(same(value), host.evidence(&[answered.decides(record)])));
    }
    drift.push(tables);
}

/// A value as a number where it is one, so that leading zeros make no difference.
fn same(text: &str) -> Value<'_> {
    text.trim().parse().map_or(Value::Text(text.trim()), Value::Integer)
}

/// The password rules that a sum stands for: DM8 安全管理, 口令策略.
pub(super) fn rules(sum: i64) -> Vec<&'static str> {
    let bits = [("digit", 8), ("length", 2), ("name", 1), ("punctuation", 16), ("upper", 4)];
    RULES.iter().copied().filter(|rule| bits.iter().any(|(word, bit)| word == rule && sum & bit != 0)).collect()
}

/// The typed readings of a value.
fn readings<'a>(host: &Host<'a>, name: &str, text: &'a str) -> (Readings<'a>, Option<Value<'a>>) {
    let number: Option<i64> = text.parse().ok();
    let megabytes = number.filter(|_| matches!(name, "AUDIT_MAX_FILE_SIZE" | "AUDIT_SPACE_LIMIT")).and_then(|it| u64::try_from(it).ok());
    let size = megabytes.map(|it| if it == 0 { Value::Unlimited } else { Value::Size(it.saturating_mul(1 << 20)) });
    let on = match number {
        Some(0) => Some(false),
        Some(1) => Some(true),
        _ => None,
    };
    let items = number.filter(|_| name == "PWD_POLICY").map(|sum| host.texts(&rules(sum)));
    (Readings { number: number.map(Value::Integer), on, size, ..Readings::default() }, items)
}

impl<'a> Settings<'a> {
    /// A parameter of the vocabulary.
    pub(super) fn of(&self, name: &str) -> Effective<'a> {
        self.rows.iter().find(|(known, _)| *known == name).map_or(Effective::Lacking(&[]), |(_, effective)| *effective)
    }

    /// A parameter read as a number.
    pub(super) fn number(&self, host: &Host<'a>, name: &str) -> Cell<'a> {
        self.of(name).cell(host, |text| text.parse().ok().map(Value::Integer))
    }

    /// Pushes the rows of both tables.
    pub(super) fn push(&self, host: &Host<'a>, server: &Server<'a>, tables: &mut Tables<'a>) {
        for (name, effective) in &self.rows {
            effective::push(host, (&DAMENG_SETTINGS, NAME, server.instance), name, effective, (readings, tables));
        }
        if let Some(why) = self.gap {
            let mut row = host.gap(&DAMENG_SETTINGS, NAME, why);
            row.instance(server.instance);
            tables.push(row);
        }
        push_archives(host, server, tables);
    }
}

/// Pushes the destinations.
fn push_archives<'a>(host: &Host<'a>, server: &Server<'a>, tables: &mut Tables<'a>) {
    let (found, gap) = match server.answers.answer("archives") {
        Some(answered) => {
            let records = answered.records(ARCHIVES).into_iter().flatten();
            (records.map(|(record, fields)| (fields, answered.decides(record))).collect(), answered.gap(host, &ARCHIVES))
        }
        None => of_file(host, server),
    };
    for ([name, kind, destination, limit], evidence) in found {
        let evidence = host.evidence(&[evidence]);
        let known = |value: Value<'a>| Cell::known(value, evidence);
        let megabytes: Option<u64> = limit.trim().parse().ok();
        let limit = match megabytes {
            Some(0) => known(Value::Unlimited),
            Some(count) => known(Value::Size(count.saturating_mul(1 << 20))),
            None => Cell::unknown(Why::new("undocumented", &UNDOCUMENTED, "ARCH_SPACE_LIMIT"), evidence),
        };
        let mut row = host.row(&DAMENG_ARCHIVES, NAME);
        row.instance(server.instance);
        row.set(const { DAMENG_ARCHIVES.column("archive") }, known(Value::Text(name)))
            .set(const { DAMENG_ARCHIVES.column("type") }, known(Value::Text(host.text(&kind.trim().to_ascii_lowercase()))))
            .set(const { DAMENG_ARCHIVES.column("destination") }, known(Value::Text(destination)))
            .set(const { DAMENG_ARCHIVES.column("space-limit") }, limit);
        tables.push(row);
    }
    if let Some(why) = gap {
        let mut row = host.gap(&DAMENG_ARCHIVES, NAME, why);
        row.instance(server.instance);
        tables.push(row);
    }
}

/// Name, type, destination and limit, and what says so.
type Archive<'a> = ([&'a str; 4], Evidence<'a>);

/// The sections of dmarch.ini.
fn of_file<'a>(host: &Host<'a>, server: &Server<'a>) -> (Vec<Archive<'a>>, Option<Why<'a>>) {
    let Some(folder) = server.folder else { return (Vec::new(), Some(Why::not_collected("commands/dameng.archives.csv"))) };
    let path = host.text(&format!("{folder}/dmarch.ini"));
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(crate::snapshot::Lack::Absent) => return (Vec::new(), None),
        Artefact::Lacking(lack) => return (Vec::new(), Some(Why::lacking(path, lack))),
    };
    let mut found: Vec<Archive<'a>> = Vec::new();
    for entry in ini::read(source.text).entries {
        let place = match entry.key.to_ascii_uppercase().as_str() {
            "ARCH_TYPE" => 1,
            "ARCH_DEST" => 2,
            "ARCH_SPACE_LIMIT" => 3,
            _ => continue,
        };
        if found.last().is_none_or(|([name, ..], _)| *name != entry.section) {
            found.push(([entry.section, "", "", ""], Evidence::Decides(source.span(entry.section))));
        }
        if let Some((fields, _)) = found.last_mut() {
            let text = entry.text.split_once('=').map_or("", |(_, value)| value);
            fields[place] = text.split('#').next().unwrap_or_default().trim();
        }
    }
    (found, (!source.complete).then(|| Why::truncated(source.path)))
}
