//! `mysqld-auto.cnf`, which `SET PERSIST` of MySQL 8.0 and later writes, into the variables that it holds.

use serde_json::Value as Json;

use super::super::{Artefact, Evidence, Host, Why};
use super::options::{Files, is_read};
use super::server::Server;
use crate::snapshot::Lack;
use crate::source::Source;

/// The persisted variables.
#[derive(Debug, Default)]
pub(super) struct Persisted<'a> {
    /// Name, value and where it stands, in the order of the file.
    pub variables: Vec<(&'a str, &'a str, Evidence<'a>)>,
    /// Why one could be missing.
    pub gap: Option<Why<'a>>,
}

/// The file lies in the data directory, whose usual place this is.
const DATA: &str = "var/lib/mysql";

/// Deeper than the server writes it.
const DEPTH_MOST: usize = 8;

/// Reads the file of a host's server.
pub(super) fn read<'a>(host: &Host<'a>, files: &Files<'a>, server: &Server<'a>) -> Persisted<'a> {
    let before_eight = server.numbers().is_some_and(|(major, ..)| major < 8);
    if server.mariadb == Some(true) || before_eight || switched_off(files, server) {
        return Persisted::default();
    }
    let own = |name: &str| files.options.iter().rev().find(|it| it.name == name && is_read(it.group, server) != Some(false))?.value;
    let data = own("datadir").unwrap_or(DATA).trim_matches('/');
    let path = host.text(&format!("{data}/mysqld-auto.cnf"));
    match host.file(path) {
        Artefact::Text(source) => of_text(host, source),
        Artefact::Lacking(Lack::Absent) => Persisted::default(),
        Artefact::Lacking(lack) => Persisted { variables: Vec::new(), gap: Some(Why::lacking(path, lack)) },
    }
}

/// Whether the server does not read it: `persisted_globals_load=OFF`.
fn switched_off(files: &Files<'_>, server: &Server<'_>) -> bool {
    let mut last = None;
    for option in &files.options {
        if option.name.replace('-', "_") == "persisted_globals_load" && is_read(option.group, server) == Some(true) {
            last = option.value;
        }
    }
    last.is_some_and(|value| value == "0" || value.eq_ignore_ascii_case("off") || value.eq_ignore_ascii_case("false"))
}

/// Reads the text.
fn of_text<'a>(host: &Host<'a>, source: &'a Source<'a>) -> Persisted<'a> {
    let mut persisted = Persisted::default();
    match serde_json::from_str::<Json>(source.text) {
        Ok(json) => walk(host, source, &json, 0, &mut persisted),
        Err(_) => persisted.gap = Some(Why::not_understood(source.path)),
    }
    persisted
}

/// Finds every `"name": {"Value": "…"}`, wherever it stands: versions of the format group them differently.
fn walk<'a>(host: &Host<'a>, source: &'a Source<'a>, json: &Json, depth: usize, persisted: &mut Persisted<'a>) {
    let Some(object) = json.as_object().filter(|_| depth < DEPTH_MOST) else { return };
    for (name, inner) in object {
        if let Some(value) = inner.get("Value").and_then(Json::as_str) {
            let quoted = format!("\"{name}\"");
            let start = source.text.find(&quoted).unwrap_or_default();
            let end = source.text[start..].find('}').map_or(source.text.len(), |at| start + at + 1);
            let evidence = Evidence::Decides(source.span(&source.text[start..end]));
            persisted.variables.push((host.text(name), host.text(value), evidence));
        } else {
            walk(host, source, inner, depth + 1, persisted);
        }
    }
}
