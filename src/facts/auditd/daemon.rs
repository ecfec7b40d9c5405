//! auditd.conf into the daemon's settings, and into what becomes of full files.
//!
//! Keywords and values are read without regard to case, and a line of 160 characters or more is skipped (auditd.conf(5), 2.8 to 4.0).
//! Defaults are those of the daemon, not of the file that distributions ship.

use crate::facts::settings::{self, Readings};
use crate::facts::{Artefact, Documented, Evidence, Host, RowBuilder, Seen, Value};
use crate::parse::key_value::{self, EQUALS_SEPARATED};
use crate::reckon::retention::{Bound, Kept};
use crate::schema::linux::AUDITD;
use crate::snapshot::Lack;
use crate::source::{Source, Span};

/// The daemon's configuration.
pub const CONF: &str = "etc/audit/auditd.conf";

/// Lines of so many characters are skipped.
const LINE_LONGEST: usize = 160;

/// How a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A word, in lower case; what follows it (the program of `exec`) is left out.
    Word,
    /// A path, as written.
    Path,
    /// A number.
    Number,
    /// Mebibytes, or a percentage of the file system.
    Mebibytes,
    /// yes or no.
    Switch,
}

/// Settings, how they are read, and their defaults.
static KNOWN: &[(&str, Kind, Documented)] = &[
    ("admin_space_left", Kind::Mebibytes, source("admin_space_left = 0")),
    ("admin_space_left_action", Kind::Word, source("admin_space_left_action = ignore")),
    ("disk_error_action", Kind::Word, source("disk_error_action = syslog")),
    ("disk_full_action", Kind::Word, source("disk_full_action = ignore")),
    ("flush", Kind::Word, manual("flush = incremental_async")),
    ("log_file", Kind::Path, source("log_file = /var/log/audit/audit.log")),
    ("log_format", Kind::Word, source("log_format = raw")),
    ("max_log_file", Kind::Mebibytes, source("max_log_file = 0")),
    ("max_log_file_action", Kind::Word, source("max_log_file_action = ignore")),
    ("num_logs", Kind::Number, manual("num_logs = 0")),
    ("space_left", Kind::Mebibytes, source("space_left = 0")),
    ("space_left_action", Kind::Word, source("space_left_action = ignore")),
    ("write_logs", Kind::Switch, manual("write_logs = yes")),
];

const fn manual(setting: &'static str) -> Documented {
    Documented { setting, versions: "audit 2.8 and later", source: "auditd.conf(5)" }
}

const fn source(setting: &'static str) -> Documented {
    Documented { setting, versions: "audit 2.8 and later", source: "auditd-config.c, clear_config" }
}

/// What auditd.conf says.
#[derive(Debug)]
pub struct Daemon<'a> {
    settings: Vec<Effective<'a>>,
    /// Why a setting could stand where nothing was read.
    pub incomplete: Option<&'a Source<'a>>,
}

/// One effective setting.
#[derive(Clone, Copy, Debug)]
struct Effective<'a> {
    name: &'static str,
    kind: Kind,
    value: &'a str,
    evidence: &'a [Evidence<'a>],
}

/// Reads the daemon's configuration; without it, what was seen.
pub fn read<'a>(host: &Host<'a>) -> Result<Daemon<'a>, Seen> {
    let source = match host.file(CONF) {
        Artefact::Text(source) => Some(source),
        Artefact::Lacking(Lack::Absent) => None,
        Artefact::Lacking(Lack::NotCollected) => return Err(Seen::Nothing),
        Artefact::Lacking(lack) => return Err(Seen::Lacking(CONF, lack)),
    };
    let document = source.map(|source| key_value::read(source.text, &EQUALS_SEPARATED)).unwrap_or_default();
    let lines: Vec<_> = document.settings.iter().filter(|setting| setting.line.len() < LINE_LONGEST).collect();
    let effective = |(name, kind, default): &'static (&'static str, Kind, Documented)| {
        let mut set = lines.iter().rev().filter(|setting| setting.key.eq_ignore_ascii_case(name));
        let value = |text: &'a str| normal(host, *kind, text);
        match (set.next(), source) {
            (Some(last), Some(source)) => {
                let shadowed = set.map(|setting| Evidence::Shadowed(source.span(setting.line)));
                let pieces: Vec<Evidence<'a>> = std::iter::once(Evidence::Decides(source.span(last.line))).chain(shadowed).collect();
                Effective { name, kind: *kind, value: value(last.value), evidence: host.evidence(&pieces) }
            }
            _ => {
                let text = default.setting.split_once(" = ").map_or("", |(_, value)| value);
                Effective {
                    name,
                    kind: *kind,
                    value: text,
                    evidence: host.evidence(&[Evidence::Default(default), Evidence::Searched(CONF)]),
                }
            }
        }
    };
    Ok(Daemon { settings: KNOWN.iter().map(effective).collect(), incomplete: source.filter(|source| !source.complete) })
}

/// A value as the table shows it.
fn normal<'a>(host: &Host<'a>, kind: Kind, text: &'a str) -> &'a str {
    let word = match kind {
        Kind::Word | Kind::Switch => text.split_ascii_whitespace().next().unwrap_or_default(),
        Kind::Path | Kind::Number | Kind::Mebibytes => return text,
    };
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) { host.text(&word.to_ascii_lowercase()) } else { word }
}

impl<'a> Daemon<'a> {
    /// The rows of the table.
    pub fn rows(&self, host: &Host<'a>) -> Vec<RowBuilder<'a>> {
        let row = |it: &Effective<'a>| settings::row(host, &AUDITD, super::PRODUCT.name, it.name, (it.value, it.readings(), it.evidence));
        self.settings.iter().map(row).collect()
    }

    /// The effective value of a setting and what it rests on; empty for a name that is not known here.
    pub fn get(&self, name: &str) -> (&'a str, &'a [Evidence<'a>]) {
        self.settings.iter().find(|it| it.name == name).map_or(("", &[]), |it| (it.value, it.evidence))
    }

    /// Whether records are written to the file at all.
    pub fn writes(&self) -> bool {
        self.get("write_logs").0 != "no" && self.get("log_format").0 != "nolog"
    }

    /// How long auditd itself keeps records, what ends it, why, and the settings that decide.
    pub fn keeping(&self, host: &Host<'a>) -> (Kept, Bound, &'a str, &'a [Evidence<'a>]) {
        let first = |name| self.get(name).1.first().copied();
        let deletes =
            ["space_left_action", "admin_space_left_action", "disk_full_action"].into_iter().find(|name| self.get(name).0 == "rotate");
        let (action, evidence) = self.get("max_log_file_action");
        let files: u64 = self.get("num_logs").0.parse().unwrap_or_default();
        let formula = match (action, deletes) {
            ("rotate", _) if files >= 2 => {
                format!("max_log_file_action rotate, num_logs {files} × max_log_file {}M", self.get("max_log_file").0)
            }
            (_, Some(name)) => format!("{name} rotate"),
            ("rotate", None) => format!("num_logs {files}: no rotation"),
            (action, None) => format!("max_log_file_action {action}"),
        };
        let by_size = (action == "rotate" && files >= 2) || deletes.is_some();
        let mut pieces: Vec<Evidence<'a>> = evidence.first().copied().into_iter().collect();
        if action == "rotate" {
            pieces.extend(["num_logs", "max_log_file"].iter().filter_map(|name| first(name)));
        }
        pieces.extend(deletes.and_then(first));
        let (kept, bound) = if by_size { (Kept::Seconds(0), Bound::Size) } else { (Kept::Forever, Bound::Nothing) };
        (kept, bound, host.text(&formula), host.evidence(&pieces))
    }
}

impl<'a> Effective<'a> {
    fn readings(&self) -> Readings<'a> {
        let number = self.value.parse::<u32>().ok().map(i64::from);
        match self.kind {
            Kind::Word | Kind::Path => Readings::default(),
            Kind::Number => Readings { number: number.map(Value::Integer), ..Readings::default() },
            Kind::Mebibytes => Readings {
                number: number.map(Value::Integer),
                size: number.map(|number| Value::Size((number as u64) << 20)),
                ..Readings::default()
            },
            Kind::Switch => Readings {
                on: [("yes", true), ("no", false)].iter().find(|(word, _)| *word == self.value).map(|it| it.1),
                ..Readings::default()
            },
        }
    }
}

/// A plugin of the daemon that hands records on.
#[derive(Clone, Copy, Debug)]
pub struct Plugin<'a> {
    /// Its file.
    pub source: &'a Source<'a>,
    /// The line that switches it on.
    pub active: Span,
    /// Its arguments.
    pub arguments: &'a str,
}

/// Directories of plugins: from audit 3.0, and before.
pub const PLUGINS: [&str; 2] = ["etc/audit/plugins.d", "etc/audisp/plugins.d"];

/// The plugin of a name where it is active; or why it is not known.
pub fn plugin<'a>(host: &Host<'a>, name: &str) -> Result<Option<Plugin<'a>>, (&'a str, Lack)> {
    for directory in PLUGINS {
        let path = host.text(&format!("{directory}/{name}"));
        match host.file(path) {
            Artefact::Text(source) => {
                let document = key_value::read(source.text, &EQUALS_SEPARATED);
                let last = |key: &str| document.settings.iter().rev().find(|setting| setting.key.eq_ignore_ascii_case(key));
                let active = last("active").filter(|setting| setting.value.eq_ignore_ascii_case("yes"));
                let arguments = last("args").map_or("", |setting| setting.value);
                return Ok(active.map(|setting| Plugin { source, active: source.span(setting.line), arguments }));
            }
            Artefact::Lacking(Lack::Absent) => {}
            // A directory that audit 3.0 no longer has proves nothing by not being collected, once the newer one was listed.
            Artefact::Lacking(Lack::NotCollected) if directory == PLUGINS[1] && host.look(PLUGINS[0]).lack.is_none() => {}
            Artefact::Lacking(lack) => return Err((path, lack)),
        }
    }
    Ok(None)
}
