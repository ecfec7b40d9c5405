//! Option files, in the order in which the server reads them, into the options of its groups.

use std::borrow::Cow;

use super::super::{Artefact, Evidence, Host, Matches, Why};
use super::server::Server;
use crate::names::Phrase;
use crate::parse::ini;
use crate::parse::option_file::{self, Kind};
use crate::snapshot::Lack;
use crate::source::Source;

/// The global files in the order of the manuals ("Using Option Files"); a user's own files are not the server's.
pub(super) const MAIN: [&str; 3] = ["etc/my.cnf", "etc/mysql/my.cnf", "usr/etc/my.cnf"];

/// How deep `!include` may go: the servers stop there as well.
const DEPTH_MOST: usize = 10;

/// Drop-ins and units that an administrator writes and that give the server arguments.
const UNITS: [&str; 6] = [
    "etc/systemd/system/mariadb.service",
    "etc/systemd/system/mysql.service",
    "etc/systemd/system/mysqld.service",
    "etc/systemd/system/mariadb.service.d/*.conf",
    "etc/systemd/system/mysql.service.d/*.conf",
    "etc/systemd/system/mysqld.service.d/*.conf",
];

static REFUSED: Phrase = Phrase { zh: "服务器会因 {} 拒绝启动", en: "the server refuses to start because of {}" };
static TOO_DEEP: Phrase = Phrase { zh: "包含层次过深：{}", en: "includes go too deep at {}" };

/// One option as it stands in a file, whatever its group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    pub group: &'a str,
    pub name: &'a str,
    pub value: Option<&'a str>,
    /// The line.
    pub text: &'a str,
    pub source: &'a Source<'a>,
}

impl<'a> Given<'a> {
    /// That its line decides.
    pub(super) fn decides(&self) -> Evidence<'a> {
        Evidence::Decides(self.source.span(self.text))
    }
}

/// What the files hold.
#[derive(Debug, Default)]
pub(super) struct Files<'a> {
    /// The options of all groups, in the order in which they are read.
    pub options: Vec<Given<'a>>,
    /// Why an option could be missing.
    pub gap: Option<Why<'a>>,
    /// Whether some main file was read.
    pub read: bool,
    /// Whether all main files are proven absent.
    pub absent: bool,
    /// A main file that could not be read, and why.
    pub lacking: Option<(&'static str, Lack)>,
}

/// Reads the files.
pub(super) fn read<'a>(host: &Host<'a>) -> Files<'a> {
    let mut files = Files { absent: true, ..Files::default() };
    for path in MAIN {
        match host.file(path) {
            Artefact::Text(source) => {
                files.read = true;
                files.absent = false;
                load(host, source, 0, &mut files);
            }
            Artefact::Lacking(Lack::Absent) => {}
            // Where one of the files was collected, the others are the ones that most installations do not have.
            Artefact::Lacking(Lack::NotCollected) if host.look(path).link.is_none() => files.absent &= path == MAIN[2],
            Artefact::Lacking(lack) => {
                files.absent = false;
                files.lacking = files.lacking.or(Some((path, lack)));
                files.gap = files.gap.or(Some(Why::lacking(path, lack)));
            }
        }
    }
    if files.read {
        arguments(host, &mut files);
    }
    files
}

/// Adds the options of one file and of what it includes.
fn load<'a>(host: &Host<'a>, source: &'a Source<'a>, depth: usize, files: &mut Files<'a>) {
    // Files that everybody may write are ignored with a warning (manual, "Using Option Files").
    if host.look(source.path).mode.is_some_and(|mode| mode & 0o002 != 0) {
        return;
    }
    let document = option_file::read(source.text);
    let refused = |line: &'a str| Why::new("refused", &REFUSED, line);
    let truncated = (!source.complete).then(|| Why::truncated(source.path));
    let opaque = document.opaque.first().map(|line| Why::not_understood(line));
    files.gap = files.gap.or(document.fatal.map(refused)).or(truncated).or(opaque);
    if !host.spend(document.entries.len() as u64) {
        files.gap = files.gap.or(Some(Why::budget_spent(source.path)));
        return;
    }
    for entry in document.entries {
        match entry.kind {
            Kind::Option(name, value) => {
                let value = value.map(|value| match value {
                    Cow::Borrowed(value) => value,
                    Cow::Owned(value) => host.text(&value),
                });
                hide(source, name, value);
                files.options.push(Given { group: entry.group, name, value, text: entry.text, source });
            }
            Kind::Include(path) => include(host, path, depth, files),
            Kind::IncludeDirectory(directory) => {
                let Matches { paths, gap } = host.matching(&format!("{}/*.cnf", directory.trim_end_matches('/')));
                if !directory.starts_with('/') {
                    files.gap = files.gap.or(Some(Why::not_understood(entry.text)));
                    continue;
                }
                for path in paths {
                    include(host, path, depth, files);
                }
                files.gap = files.gap.or(gap.map(|(path, lack)| Why::lacking(path, lack)));
            }
        }
    }
}

/// Adds the options of an included file; the servers pass over one that is not there.
fn include<'a>(host: &Host<'a>, path: &'a str, depth: usize, files: &mut Files<'a>) {
    if depth >= DEPTH_MOST {
        files.gap = files.gap.or(Some(Why::new("too-deep", &TOO_DEEP, path)));
        return;
    }
    match host.file(path) {
        Artefact::Text(source) => load(host, source, depth + 1, files),
        Artefact::Lacking(Lack::Absent) => {}
        Artefact::Lacking(lack) => files.gap = files.gap.or(Some(Why::lacking(path, lack))),
    }
}

/// Hides the values of options that are passwords; `password_history` and its like are none.
fn hide(source: &Source<'_>, name: &str, value: Option<&str>) {
    let setting = name.contains("password_") || name.contains("password-");
    let secret = name.contains("password") && !setting || name.contains("passphrase");
    if let Some(value) = value.filter(|_| secret) {
        source.hide(value);
    }
}

/// Adds the arguments that units give the server: they come after all files.
fn arguments<'a>(host: &Host<'a>, files: &mut Files<'a>) {
    for pattern in UNITS {
        for path in host.matching(pattern).paths {
            let Some(source) = host.file(path).text() else { continue };
            if !source.complete {
                files.gap = files.gap.or(Some(Why::truncated(source.path)));
            }
            for entry in ini::read(source.text).entries {
                let given = entry.section == "Service"
                    && (entry.key == "ExecStart" || entry.key == "Environment" && entry.value.contains("MYSQLD_OPTS"));
                if !given {
                    continue;
                }
                for word in entry.value.split_ascii_whitespace() {
                    let word = word.rsplit_once("OPTS=").map_or(word, |(_, word)| word).trim_matches(['"', '\'']);
                    let Some(option) = word.strip_prefix("--").filter(|option| !option.is_empty()) else { continue };
                    let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
                    let (name, value) = (host.text(name), value.map(|value| host.text(value)));
                    files.options.push(Given { group: "server", name, value, text: entry.text, source });
                }
            }
        }
    }
}

/// Whether a group of options is the server's; none where it depends on what is not known of it.
pub(super) fn is_read(group: &str, server: &Server<'_>) -> Option<bool> {
    if matches!(group, "mysqld" | "server") {
        return Some(true);
    }
    let (name, series) = match group.split_once('-') {
        _ if group == "client-server" => (group, None),
        Some((name, series)) => (name, Some(series)),
        None => (group, None),
    };
    let mariadb = match name {
        "mysqld" => Some(true),
        "mariadb" | "mariadbd" | "client-server" | "galera" => server.mariadb,
        _ => return Some(false),
    };
    match (mariadb, series) {
        (Some(true), Some(series)) => server.series().map(|own| own == series),
        (mariadb, _) => mariadb,
    }
}
