//! journald's files into its settings, and into what the journal guarantees.
//!
//! Knows systemd 219 (RHEL 7) to 257. Order of files, settings and defaults: journald.conf(5).

pub mod defaults;

use std::borrow::Cow;

use super::layers::{self, Content};
use super::settings::{self, Readings};
use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::parse::ini;
use crate::reckon::time_span;
use crate::schema::linux::JOURNALD;
use crate::snapshot::Lack;
use crate::source::{Source, Span};
use defaults::{KNOWN, Kind, Known};

/// What is read, by whatever builds on it too.
pub(super) const READS: &[Reading] = &[
    Reading::File("etc/systemd/journald.conf"),
    Reading::Glob("etc/systemd/journald.conf.d/*.conf"),
    Reading::Glob("run/systemd/journald.conf.d/*.conf"),
    Reading::Glob("usr/local/lib/systemd/journald.conf.d/*.conf"),
    Reading::Glob("usr/lib/systemd/journald.conf.d/*.conf"),
    Reading::File("usr/lib/systemd/journald.conf"),
    Reading::Glob("var/log/journal"),
];

/// journald.
pub(super) static PRODUCT: Product = Product {
    name: "journald",
    title: Phrase { zh: "systemd 日志服务 journald", en: "systemd's journal" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: READS,
    fills: &[&JOURNALD],
    derive,
};

/// Main files: the first that is there is read (before systemd 249 only the one in /etc).
const MAIN: [&str; 4] =
    ["etc/systemd/journald.conf", "run/systemd/journald.conf", "usr/local/lib/systemd/journald.conf", "usr/lib/systemd/journald.conf"];
/// Directories of drop-ins, in the order in which they hide each other.
const DROP_INS: [&str; 4] = [
    "etc/systemd/journald.conf.d",
    "run/systemd/journald.conf.d",
    "usr/local/lib/systemd/journald.conf.d",
    "usr/lib/systemd/journald.conf.d",
];
/// Where a persistent journal is kept.
const JOURNAL: &str = "var/log/journal";

static TRUNCATED: Phrase = Phrase { zh: "{} 只采集到前一部分", en: "{} was collected only in part" };
static EMPTIED: Phrase =
    Phrase { zh: "{} 为空，不同版本的 systemd 处理不同", en: "{} is empty, which versions of systemd take differently" };

/// One assignment of a setting that is known here.
#[derive(Clone, Copy, Debug)]
struct Assigned<'a> {
    known: &'static Known,
    value: &'a str,
    span: Span,
}

/// What journald's files say.
#[derive(Debug)]
pub struct Settings<'a> {
    /// Assignments in the order in which they are read.
    assigned: &'a [Assigned<'a>],
    /// What could change them and was not read.
    pub gaps: &'a [Why<'a>],
}

/// The effective value of one setting.
#[derive(Clone, Copy, Debug)]
pub enum Effective<'a> {
    /// Its text and what it rests on.
    Known(&'a str, &'a [Evidence<'a>]),
    /// One of these texts.
    OneOf(Why<'a>, &'a [&'a str], &'a [Evidence<'a>]),
}

/// What journald's files say, derived once; or what was seen of journald.
pub fn effective<'a>(host: &Host<'a>) -> Result<&'a Settings<'a>, Seen> {
    *host.shared.journald.get_or_init(|| read(host).map(|settings| &*host.arena().alloc(settings)))
}

/// Whether journald, which holds the socket that programs write to, hands what it gets to a syslog daemon behind it (journald.conf(5),
/// ForwardToSyslog).
#[derive(Clone, Copy, Debug)]
pub enum Forwarding<'a> {
    /// It does, as far as anything that was collected says.
    Open,
    /// It does not, and what says so.
    Closed(&'a [Evidence<'a>]),
    /// What could not be read may say so.
    Unknown(Why<'a>),
}

/// Whether journald forwards.
pub fn forwarding<'a>(host: &Host<'a>) -> Forwarding<'a> {
    let settings = match effective(host) {
        Ok(settings) => settings,
        Err(Seen::Lacking(path, lack)) => return Forwarding::Unknown(Why::lacking(path, lack)),
        Err(Seen::Nothing | Seen::Absent | Seen::Present) => return Forwarding::Open,
    };
    let closed = match settings.get(host, "ForwardToSyslog") {
        Some(Effective::Known(text, evidence)) => (switch(text) == Some(false)).then_some(evidence),
        _ => None,
    };
    // Of what was never collected nothing is known on most hosts: it counts only against what was read.
    let unread = settings.gaps.iter().find(|gap| closed.is_some() || gap.code != "not-collected");
    match (unread, closed) {
        (Some(why), _) => Forwarding::Unknown(*why),
        (None, Some(evidence)) => Forwarding::Closed(evidence),
        (None, None) => Forwarding::Open,
    }
}

impl<'a> Settings<'a> {
    /// The effective value of a setting, by its name in journald.conf(5).
    pub fn get(&self, host: &Host<'a>, name: &str) -> Option<Effective<'a>> {
        let known = KNOWN.iter().find(|known| known.name == name)?;
        let mut evidence: Vec<Evidence<'a>> = Vec::new();
        let mut holds: Option<&'a str> = None;
        let mut emptied = None;
        for assigned in self.assigned.iter().filter(|assigned| assigned.known.name == name) {
            if assigned.value.is_empty() {
                emptied = Some(assigned.span);
            } else if readings(known.kind, assigned.value).is_some() {
                (holds, emptied) = (Some(assigned.value), None);
                evidence.insert(0, Evidence::Decides(assigned.span));
            }
        }
        for earlier in evidence.iter_mut().skip(1) {
            if let Evidence::Decides(span) = *earlier {
                *earlier = Evidence::Shadowed(span);
            }
        }
        let default = known.default(host);
        let value = |documented: &'static super::Documented| documented.setting.split_once('=').map_or("", |(_, value)| value);
        match (holds, default, emptied) {
            (Some(text), _, None) => Some(Effective::Known(text, host.evidence(&evidence))),
            (None, Some(default), None) => Some(Effective::Known(value(default), host.evidence(&[Evidence::Default(default)]))),
            (None, None, _) => {
                let candidates: Vec<&'a str> = known.defaults.iter().map(value).collect();
                let evidence: Vec<Evidence<'a>> = known.defaults.iter().map(Evidence::Default).collect();
                let why = Why::version_not_known("systemd");
                Some(Effective::OneOf(why, host.arena().alloc_slice_copy(&candidates), host.evidence(&evidence)))
            }
            (before, default, Some(span)) => {
                let candidates: Vec<&'a str> = before.into_iter().chain(default.map(value)).collect();
                evidence.insert(0, Evidence::Decides(span));
                let why = Why::new("version-not-known", &EMPTIED, known.name);
                Some(Effective::OneOf(why, host.arena().alloc_slice_copy(&candidates), host.evidence(&evidence)))
            }
        }
    }
}

/// Reads main file and drop-ins.
fn read<'a>(host: &Host<'a>) -> Result<Settings<'a>, Seen> {
    let main = main_file(host);
    let layers = layers::read(host, &DROP_INS);
    let nothing_read = main.is_err() && layers.files.is_empty();
    if nothing_read {
        let all_absent = matches!(main, Err((_, Lack::Absent))) && layers.unlisted.is_empty();
        match main {
            Err((path, lack)) if lack != Lack::Absent && lack != Lack::NotCollected => return Err(Seen::Lacking(path, lack)),
            _ if !all_absent => return Err(Seen::Nothing),
            _ if !systemd_is_there(host) => return Err(Seen::Absent),
            _ => {}
        }
    }
    let mut assigned: Vec<Assigned<'a>> = Vec::new();
    let mut gaps: Vec<Why<'a>> = Vec::new();
    match main {
        Ok(source) => take(host, source, &mut assigned, &mut gaps),
        Err((_, Lack::Absent)) => {}
        Err((path, lack)) => gaps.push(Why::lacking(path, lack)),
    }
    gaps.extend(layers.unlisted.iter().map(|directory| Why::lacking(directory.path, directory.lack)));
    for layer in &layers.files {
        match layer.content {
            Content::Text(source) => take(host, source, &mut assigned, &mut gaps),
            Content::Hidden => {}
            Content::Lacking(lack) => gaps.push(Why::lacking(layer.path, lack)),
        }
    }
    Ok(Settings { assigned: host.arena().alloc_slice_copy(&assigned), gaps: host.arena().alloc_slice_copy(&gaps) })
}

/// The main file; without one, the path and lack that count most.
fn main_file<'a>(host: &Host<'a>) -> Result<&'a Source<'a>, (&'static str, Lack)> {
    for path in MAIN {
        match host.file(path) {
            Artefact::Text(source) => return Ok(source),
            Artefact::Lacking(Lack::Absent) => {}
            Artefact::Lacking(lack) => return Err((path, lack)),
        }
    }
    Err(("", Lack::Absent))
}

/// Whether systemd runs the host.
fn systemd_is_there(host: &Host<'_>) -> bool {
    ["etc/systemd", "run/systemd/system", "usr/lib/systemd", "lib/systemd"].iter().any(|path| host.look(path).lack.is_none())
}

/// Takes in the assignments of one file.
fn take<'a>(host: &Host<'a>, source: &'a Source<'a>, assigned: &mut Vec<Assigned<'a>>, gaps: &mut Vec<Why<'a>>) {
    for entry in ini::read(source.text).entries {
        let named = |known: &&Known| known.name == entry.key || known.once == Some(entry.key);
        let Some(known) = KNOWN.iter().find(named).filter(|_| entry.section == "Journal") else { continue };
        if !host.spend(1) {
            return gaps.push(Why::budget_spent(source.path));
        }
        let value = match entry.value {
            Cow::Borrowed(value) => value,
            Cow::Owned(value) => host.text(&value),
        };
        assigned.push(Assigned { known, value, span: source.span(entry.text) });
    }
    if !source.complete {
        gaps.push(Why::new("truncated", &TRUNCATED, source.path));
    }
}

/// The readings of a value; none where journald does not accept it, and then what was set before holds on.
fn readings<'a>(kind: Kind, text: &str) -> Option<Readings<'a>> {
    let plain = Readings::default();
    let number = || text.parse::<i64>().ok();
    Some(match kind {
        Kind::Word(words) => words.contains(&text).then_some(plain)?,
        Kind::Switch => Readings { on: Some(switch(text)?), ..plain },
        Kind::SwitchOrSize => match (switch(text), time_span::size_bytes(text)) {
            (None, None) => return None,
            (on, size) => Readings { on: on.or(Some(true)), size: size.map(Value::Size), ..plain },
        },
        Kind::Span => match time_span::span(text)?.seconds() {
            Some(0) | None => Readings { duration: Some(Value::Unlimited), ..plain },
            Some(seconds) => Readings { duration: Some(Value::Duration(seconds)), ..plain },
        },
        Kind::Interval => Readings { duration: Some(time_span::span(text)?.seconds().map_or(Value::Unlimited, Value::Duration)), ..plain },
        Kind::Size => Readings { size: Some(Value::Size(time_span::size_bytes(text)?)), ..plain },
        Kind::Count if number() == Some(0) => Readings { number: Some(Value::Unlimited), ..plain },
        Kind::Count | Kind::Number => Readings { number: Some(Value::Integer(number().filter(|number| *number >= 0)?)), ..plain },
    })
}

/// A switch as systemd reads it, without regard to case.
fn switch(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["1", "yes", "y", "true", "t", "on"]) {
        return Some(true);
    }
    is(&["0", "no", "n", "false", "f", "off"]).then_some(false)
}

/// Where the journal is kept across restarts.
#[derive(Clone, Copy, Debug)]
pub struct Journal<'a> {
    /// Whether it is kept on disk (boolean).
    pub persistent: Cell<'a>,
    /// Whether anything is stored at all (boolean); false with `Storage=none`.
    pub stored: Cell<'a>,
    /// Whether an age limits it beside its size.
    pub aged: bool,
    /// What the limits rest on.
    pub limits: &'a [Evidence<'a>],
}

/// What becomes of records in the journal.
///
/// No time is ever guaranteed: `SystemMaxUse`, 10 % of the file system where it is not set, deletes whatever `MaxRetentionSec` says.
pub fn journal<'a>(host: &Host<'a>, settings: &Settings<'a>) -> Journal<'a> {
    let known = |name| match settings.get(host, name) {
        Some(Effective::Known(text, evidence)) => Some((text, evidence)),
        _ => None,
    };
    let limits: Vec<Evidence<'a>> = ["SystemMaxUse", "MaxRetentionSec"]
        .iter()
        .filter_map(|name| known(name))
        .flat_map(|(_, evidence)| evidence.first())
        .copied()
        .collect();
    let aged = known("MaxRetentionSec")
        .and_then(|(text, _)| readings(Kind::Span, text))
        .is_some_and(|readings| readings.duration != Some(Value::Unlimited));
    let Some((storage, evidence)) = known("Storage") else {
        let cell = Cell::unknown(Why::version_not_known("systemd"), &[]);
        return Journal { persistent: cell, stored: cell, aged, limits: host.evidence(&limits) };
    };
    let persistent = match storage {
        "auto" => on_disk(host, evidence),
        storage => Cell::known(Value::Boolean(storage == "persistent"), evidence),
    };
    let stored = Cell::known(Value::Boolean(storage != "none"), evidence);
    Journal { persistent, stored, aged, limits: host.evidence(&limits) }
}

/// With `Storage=auto` the directory decides.
fn on_disk<'a>(host: &Host<'a>, evidence: &[Evidence<'a>]) -> Cell<'a> {
    static THERE: Phrase = Phrase { zh: "{} 存在，auto 等同 persistent", en: "{} is there, so that auto means persistent" };
    let with = |piece| host.evidence(&[evidence, &[piece]].concat());
    match host.look(JOURNAL).lack {
        None => Cell::known(Value::Boolean(true), with(Evidence::Step(&THERE, &[JOURNAL], None))),
        Some(Lack::Absent) => Cell::known(Value::Boolean(false), with(Evidence::Lacks(JOURNAL, Lack::Absent))),
        Some(lack) => Cell::unknown(Why::lacking(JOURNAL, lack), with(Evidence::Lacks(JOURNAL, lack))),
    }
}

fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let settings = match effective(host) {
        Ok(settings) => settings,
        Err(seen) => return seen,
    };
    for known in KNOWN {
        if let Some(effective) = settings.get(host, known.name) {
            tables.push(setting_row(host, known, effective));
        }
    }
    for why in settings.gaps {
        tables.push(host.gap(&JOURNALD, PRODUCT.name, *why));
    }
    Seen::Present
}

/// The row of one setting.
fn setting_row<'a>(host: &Host<'a>, known: &'static Known, effective: Effective<'a>) -> super::RowBuilder<'a> {
    let read = |text| readings(known.kind, text).unwrap_or_default();
    match effective {
        Effective::Known(text, evidence) => settings::row(host, &JOURNALD, PRODUCT.name, known.name, (text, read(text), evidence)),
        Effective::OneOf(why, texts, evidence) => {
            let cell = |of: &dyn Fn(&'a str) -> Option<Value<'a>>| {
                let values: Option<Vec<Value<'a>>> = texts.iter().map(|text| of(text)).collect();
                match values {
                    Some(values) => Cell::one_of(why, host.arena().alloc_slice_copy(&values), evidence),
                    None => Cell::unset(evidence),
                }
            };
            let mut row = settings::unknown_row(host, &JOURNALD, PRODUCT.name, known.name, Cell::unknown(why, evidence));
            settings::set(&mut row, "value", cell(&|text| Some(Value::Text(text))));
            settings::set(&mut row, "number", cell(&|text| read(text).number));
            settings::set(&mut row, "on", cell(&|text| read(text).on.map(Value::Boolean)));
            settings::set(&mut row, "duration", cell(&|text| read(text).duration));
            settings::set(&mut row, "size", cell(&|text| read(text).size));
            row
        }
    }
}
