//! What a host shows of its server into whether it is MariaDB, and its version.

use super::super::{Evidence, Host};
use super::options::Files;
use crate::snapshot::Kind;
use crate::source::{Source, Span};

/// What is known of the server.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Server<'a> {
    /// Whether it is MariaDB; none where nothing shows it.
    pub mariadb: Option<bool>,
    /// Its version, as far as it is known: `8.0.36`, or `8.0` where only the series shows.
    pub version: Option<&'a str>,
    /// What shows the version.
    pub shown_by: Option<Span>,
}

impl<'a> Server<'a> {
    /// A server that calls itself so: `10.11.6-MariaDB-0+deb12u1`, `8.0.36-0ubuntu1`.
    pub(super) fn of_version(text: &'a str, shown_by: Option<Span>) -> Server<'a> {
        let digits = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
        // Replication made MariaDB 10 call itself 5.5.5-10.x for a time.
        let version = text
            .strip_prefix("5.5.5-")
            .map_or(&text[..digits], |rest| &rest[..rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(rest.len())]);
        let version = version.trim_end_matches('.');
        Server { mariadb: Some(text.contains("MariaDB")), version: Some(version).filter(|it| it.contains('.')), shown_by }
    }

    /// Its series: `8.0`, `10.11`.
    pub(super) fn series(&self) -> Option<&'a str> {
        let version = self.version?;
        let end = version.match_indices('.').nth(1).map_or(version.len(), |(at, _)| at);
        Some(&version[..end])
    }

    /// Major, minor and patch of its version; the patch is none where only the series shows.
    pub(super) fn numbers(&self) -> Option<(u32, u32, Option<u32>)> {
        let mut parts = self.version?.split('.').map(|part| part.parse().ok());
        Some((parts.next()??, parts.next()??, parts.next().flatten()))
    }

    /// That something shows the version.
    pub(super) fn evidence(&self) -> Option<Evidence<'a>> {
        self.shown_by.map(Evidence::Reference)
    }
}

/// Files in which the upgrade programs keep the version that the data directory belongs to.
const UPGRADE_INFO: [&str; 3] =
    ["var/lib/mysql/mariadb_upgrade_info", "var/lib/mysql/mysql_upgrade_info", "var/lib/mysql/mysql_upgrade_history"];

/// The output of `mysqld --version`.
const VERSION: &str = "commands/mysqld-version";

/// What the host's files show.
pub(super) fn of_host<'a>(host: &Host<'a>, files: &Files<'a>) -> Server<'a> {
    if let Some(source) = host.file(VERSION).text()
        && let Some(found) = from_command(source)
    {
        return found;
    }
    for path in &UPGRADE_INFO[..2] {
        if let Some(source) = host.file(path).text()
            && let Some(line) = source.text.lines().next().map(str::trim).filter(|line| line.starts_with(|it: char| it.is_ascii_digit()))
        {
            return Server::of_version(line, Some(source.span(line)));
        }
    }
    let there = |path: &str| matches!(host.look(path).kind, Some(Kind::Directory | Kind::File));
    let mariadb = ["etc/mysql/mariadb.conf.d", "etc/mysql/mariadb.cnf", "etc/my.cnf.d/mariadb-server.cnf"].iter().any(|path| there(path))
        || files.options.iter().any(|option| option.group.starts_with("mariadb"));
    let mysql = ["etc/mysql/mysql.conf.d", "etc/my.cnf.d/mysql-server.cnf", "var/lib/mysql/mysqld-auto.cnf"].iter().any(|path| there(path));
    let mariadb = if mariadb == mysql { None } else { Some(mariadb) };
    Server { mariadb, version: None, shown_by: None }
}

/// The version in `mysqld  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)`.
fn from_command<'a>(source: &'a Source<'a>) -> Option<Server<'a>> {
    let (_, rest) = source.text.split_once(" Ver ")?;
    let version = rest.split_ascii_whitespace().next()?;
    version.starts_with(|it: char| it.is_ascii_digit()).then(|| Server::of_version(version, Some(source.span(version))))
}
