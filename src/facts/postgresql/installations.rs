//! The places where packages keep PostgreSQL's files, and the answers of its queries, into the installations of a host.

use super::super::queries::Answered;
use super::super::{Host, Why};
use super::NAME;
use super::files::{self, Files};
use super::parameters;
use crate::snapshot::Lack;

/// Which of the servers it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    /// KingbaseES: kingbase.conf and sys_hba.conf.
    Kingbase,
    /// openGauss: parameters that PostgreSQL has not.
    OpenGauss,
    /// PostgreSQL.
    PostgreSql,
}

impl Flavour {
    /// Its word in `pg-settings`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Flavour::Kingbase => "kingbase",
            Flavour::OpenGauss => "opengauss",
            Flavour::PostgreSql => "postgresql",
        }
    }
}

/// One installation.
#[derive(Debug)]
pub(super) struct Installation<'a> {
    /// Which one: `16/main` of Debian, `16` of the vendor's packages for RHEL; empty for the only one of a distribution.
    pub instance: &'a str,
    /// The folder of its configuration; none where it is known by queries alone.
    pub folder: Option<&'a str>,
    /// Which server.
    pub flavour: Flavour,
    /// Major version, where path, PG_VERSION or the server tell.
    pub version: Option<u16>,
    /// Whether Debian's pg_ctlcluster runs it.
    pub debian: bool,
    /// The data directory, without a leading slash.
    pub data: &'a str,
    /// What its files set.
    pub files: Files<'a>,
    /// The settings of the running server.
    pub live: Option<Answered<'a>>,
}

impl<'a> Installation<'a> {
    /// What stands for its configuration: its folder, or what the server answered.
    pub(super) fn place(&self) -> &'a str {
        let answered = || self.live.as_ref().map_or("commands/postgresql.settings.csv", |live| live.source.path);
        self.folder.unwrap_or_else(answered)
    }
}

/// Globs of folders that hold a configuration, and how many of their last names make the instance.
///
/// Debian (pg_createcluster(1)); the packages of postgresql.org for RHEL and SUSE; distributions, Alpine and images; openGauss
/// (openEuler's package, and the installation guide of its enterprise edition); KingbaseES (its installation guide).
const FOLDERS: [(&str, usize); 8] = [
    ("etc/postgresql/*/*", 2),
    ("var/lib/pgsql/*/data", 1),
    ("var/lib/pgsql/data", 0),
    ("var/lib/postgresql/*/data", 1),
    ("var/lib/postgresql/data", 0),
    ("var/lib/opengauss/data", 0),
    ("opt/huawei/install/data/*", 1),
    ("opt/Kingbase/ES/V*/data", 1),
];

/// Names of the main file and of the file of client authentication.
const FILES: [(&str, &str); 2] = [("postgresql.conf", "pg_hba.conf"), ("kingbase.conf", "sys_hba.conf")];

/// The installations, and why there may be more.
pub(super) fn find<'a>(host: &Host<'a>) -> (Vec<Installation<'a>>, Option<(&'a str, Lack)>) {
    let mut folders: Vec<(&'a str, &'a str, bool)> = Vec::new();
    let mut gap = None;
    for (pattern, names) in FOLDERS {
        // One look at what is above spares the globs of a host that has nothing there.
        let above = pattern.split("/*").next().unwrap_or(pattern);
        let above = above.strip_suffix("/V").unwrap_or(above);
        if matches!(host.look(above).lack, Some(Lack::Absent)) {
            continue;
        }
        let kingbase = pattern.contains("Kingbase");
        let (main, hba) = FILES[usize::from(kingbase)];
        for name in [main, hba] {
            let found = host.matching(&format!("{pattern}/{name}"));
            gap = gap.or(found.gap.filter(|(_, lack)| *lack != Lack::NotCollected));
            for path in found.paths {
                let folder = path.strip_suffix(name).unwrap_or(path).trim_end_matches('/');
                if !folders.iter().any(|(other, ..)| *other == folder) {
                    folders.push((folder, instance(folder, names), kingbase));
                }
            }
        }
    }
    let mut found: Vec<Installation<'a>> =
        folders.into_iter().map(|(folder, instance, kingbase)| of_folder(host, folder, instance, kingbase)).collect();
    let lacking = add_answers(host, &mut found);
    (found, gap.or(lacking))
}

/// The last names of a folder that make the instance.
fn instance(folder: &str, names: usize) -> &str {
    let folder = folder.strip_suffix("/data").unwrap_or(folder);
    match (names, folder.rsplitn(names + 1, '/').last()) {
        (0, _) | (_, None) => "",
        (_, Some(above)) => folder[above.len()..].trim_start_matches('/'),
    }
}

/// The installation whose configuration is in a folder.
fn of_folder<'a>(host: &Host<'a>, folder: &'a str, instance: &'a str, kingbase: bool) -> Installation<'a> {
    let debian = folder.starts_with("etc/postgresql/");
    let main = if kingbase { "kingbase" } else { "postgresql" };
    let mut files = Files::default();
    files::read(host, host.text(&format!("{folder}/{main}.conf")), true, 0, &mut files);
    let data = match files.last("data_directory") {
        Some(entry) => host.text(entry.value.trim_matches('/')),
        None if debian => host.text(&format!("var/lib/postgresql/{instance}")),
        None => folder,
    };
    files::read(host, host.text(&format!("{data}/{main}.auto.conf")), false, 0, &mut files);
    let gauss = folder.contains("opengauss") || folder.starts_with("opt/huawei/") || files.entries.iter().any(|entry| is_gauss(entry.name));
    let flavour = match (kingbase, gauss) {
        (true, _) => Flavour::Kingbase,
        (false, true) => Flavour::OpenGauss,
        (false, false) => Flavour::PostgreSql,
    };
    let named = instance.split('/').next().and_then(major).filter(|_| flavour == Flavour::PostgreSql);
    let version = named.or_else(|| major(host.file(&format!("{data}/PG_VERSION")).text()?.text.trim()));
    Installation { instance, folder: Some(folder), flavour, version, debian, data, files, live: None }
}

/// Whether a parameter is one of openGauss alone.
fn is_gauss(name: &str) -> bool {
    parameters::find(name).is_some_and(|parameter| parameter.only == Some(Flavour::OpenGauss))
}

/// The major version in `16`, `9.6` or `160004`.
fn major(text: &str) -> Option<u16> {
    let digits = text.split('.').next()?;
    let number: u32 = digits.parse().ok()?;
    u16::try_from(if number >= 10_000 { number / 10_000 } else { number }).ok()
}

/// Joins the running servers' settings to the installations; a server whose files were not collected is one of its own.
fn add_answers<'a>(host: &Host<'a>, found: &mut Vec<Installation<'a>>) -> Option<(&'a str, Lack)> {
    let answers = host.query(NAME, "settings");
    for answered in answers.answered {
        let place = place(found, answered.instance).unwrap_or_else(|| {
            found.push(Installation {
                instance: answered.instance,
                folder: None,
                flavour: Flavour::PostgreSql,
                version: None,
                debian: false,
                data: "",
                files: Files::default(),
                live: None,
            });
            found.len() - 1
        });
        let installation = &mut found[place];
        installation.live = Some(*answered);
        for (_, [name, value]) in answered.records(["name", "setting"]).into_iter().flatten() {
            if name == "server_version_num" && installation.flavour == Flavour::PostgreSql {
                installation.version = major(value);
            }
            if is_gauss(name) {
                installation.flavour = Flavour::OpenGauss;
                installation.version = None;
            }
        }
    }
    answers.lacking.filter(|(_, lack)| *lack != Lack::NotCollected)
}

/// Which installation an answer is about: the one of its name, `/` written as `-`, or the only one.
pub(super) fn place(found: &[Installation<'_>], instance: &str) -> Option<usize> {
    let named = found.iter().position(|it| it.instance == instance || it.instance.replace('/', "-") == instance);
    named.or((found.len() == 1 && (instance.is_empty() || found[0].instance.is_empty())).then_some(0))
}

impl<'a> Installation<'a> {
    /// The answer of a query that is about this installation, which is one of `all`; without one, why.
    pub(super) fn answer(&self, host: &Host<'a>, all: &[Installation<'a>], query: &str) -> Result<Answered<'a>, Why<'a>> {
        let answers = host.query(NAME, query);
        let mine = answers.answered.iter().find(|it| place(all, it.instance).is_some_and(|at| std::ptr::eq(&raw const all[at], self)));
        match (mine, answers.lacking) {
            (Some(answered), _) => Ok(*answered),
            (None, Some((path, Lack::NotCollected))) => Err(Why::not_collected(path)),
            (None, Some((path, lack))) => Err(Why::lacking(path, lack)),
            (None, None) => Err(Why::not_collected(host.text(&format!("commands/{NAME}.{query}.csv")))),
        }
    }
}
