//! Lines of the files and what the running server shows into what differs between them.
//!
//! A line that was edited and not loaded, ALTER SYSTEM without a reload, a value that waits for a restart, one of the command line. A
//! parameter without a line is compared where the server says that a file set it: the line is gone since.

use super::super::drift::Drift;
use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::NAME;
use super::files::Entry;
use super::installations::{Flavour, Installation};
use super::parameters::{self, Kind, Parameter};
use super::values;
use crate::schema::neutral::DRIFT;

/// The columns of the query that are needed; of older exports `source` may be missing.
const COLUMNS: [&str; 3] = ["name", "setting", "unit"];

/// Pushes what differs on an installation of which both sides were collected.
pub(super) fn push<'a>(host: &Host<'a>, installation: &Installation<'a>, tables: &mut Tables<'a>) {
    let Some(folder) = installation.folder.filter(|_| tables.wants(&DRIFT)) else { return };
    let Some(live) = installation.live else {
        let lacking = host.query(NAME, "settings").lacking;
        return lacking.map_or((), |lacking| Drift::unread(host, (NAME, installation.instance), lacking, tables));
    };
    let name = if installation.flavour == Flavour::Kingbase { "kingbase.conf" } else { "postgresql.conf" };
    let main = host.text(&format!("{folder}/{name}"));
    let mut drift = Drift::new(host, (NAME, installation.instance), [live.source.path, main]);
    let records: Vec<_> = live.records(COLUMNS).into_iter().flatten().collect();
    let sources: Vec<_> = live.records(["source"]).into_iter().flatten().map(|(_, [source])| source).collect();
    let places = [("config_file", main), ("data_directory", installation.data)];
    let another = records.iter().any(|(record, [name, shown, _])| {
        let place = places.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        place.is_some_and(|(_, collected)| !shown.is_empty() && drift.reads_another(collected, shown, live.decides(*record)))
    });
    let gap = live.gap(host, &COLUMNS).or(installation.files.gap);
    if let Some(why) = gap {
        drift.gap(why);
    }
    if !another && gap.is_none() {
        for (place, (record, [name, text, unit])) in records.iter().enumerate() {
            let Some(parameter) = parameters::find(name).filter(|it| it.is_of(installation.flavour, installation.version)) else {
                continue;
            };
            let decides = host.evidence(&[live.decides(*record)]);
            let running = cell(host, parameter, (text, unit), None, decides);
            let from_file = sources.get(place) == Some(&"configuration file");
            let file = match installation.files.last(parameter.name) {
                Some(entry) => of_line(host, parameter, entry, running, (text, unit)),
                None if from_file => of_default(host, installation, parameter, main),
                // Neither a file nor an unread one: both sides say so.
                None if sources.get(place) == Some(&"default") => running,
                None => continue,
            };
            if is_path(parameter) {
                drift.compare_paths(parameter.name, file, running)
            } else {
                drift.compare(parameter.name, file, running)
            }
        }
    }
    drift.push(tables);
}

/// Whether a parameter is the path of one thing.
fn is_path(parameter: &Parameter) -> bool {
    matches!(parameter.name, "data_directory" | "hba_file" | "log_directory" | "ssl_ca_file")
}

/// What a line gives a parameter; unknown where the server would refuse it.
fn of_line<'a>(host: &Host<'a>, parameter: &Parameter, entry: &Entry<'a>, running: Cell<'a>, shown: (&str, &str)) -> Cell<'a> {
    let evidence = host.evidence(&[Evidence::Decides(entry.source.span(entry.line))]);
    let file = cell(host, parameter, (entry.value, ""), Some(shown), evidence);
    // A refused value is one that the server never took, and what it does at its next start is not known.
    if running.value().is_some() && file.value().is_none() { Cell::unknown(Why::not_understood(parameter.name), evidence) } else { file }
}

/// The documented default, where there is one: the server had a line that is gone.
fn of_default<'a>(host: &Host<'a>, installation: &Installation<'a>, parameter: &'static Parameter, main: &'a str) -> Cell<'a> {
    let mut defaults = parameter.defaults(installation.flavour, installation.version);
    match (defaults.next(), defaults.next()) {
        (Some(only), None) => {
            let evidence = host.evidence(&[Evidence::Default(&only.documented), Evidence::Searched(main)]);
            cell(host, parameter, (only.value, ""), None, evidence)
        }
        _ => Cell::NONE,
    }
}

/// A value in the type of its parameter; times and sizes in whole units of the server, `shown` being what it shows where this is a line.
fn cell<'a>(
    host: &Host<'a>,
    parameter: &Parameter,
    (text, unit): (&'a str, &str),
    shown: Option<(&str, &str)>,
    evidence: &'a [Evidence<'a>],
) -> Cell<'a> {
    if let Kind::Time(_) | Kind::Size(_) = parameter.kind {
        // A part of the server's own unit is lost when it reads the line.
        let line = values::smallest(parameter, text, unit);
        let runs = shown.and_then(|(text, unit)| values::smallest(parameter, text, unit));
        let amount = match (line, runs) {
            (Some((line, bare)), Some((runs, _))) if (line - runs).abs() < bare => Some(runs),
            (line, _) => line.map(|(line, _)| line),
        };
        return amount.map_or(Cell::unset(evidence), |amount| Cell::known(amount_of(host, parameter, amount), evidence));
    }
    let Some(read) = values::read(host, parameter, text, unit) else { return Cell::unset(evidence) };
    let value = match (parameter.kind, read.items) {
        (_, Some(items)) => Value::List(items),
        (Kind::Boolean, None) => Value::Text(read.text),
        (Kind::Integer, None) => read.readings.number.unwrap_or(Value::Text(read.text)),
        // The server shows the old word by its new name (guc_tables.c, server_message_level_options).
        (Kind::Word(_), None) if read.text == "debug" => Value::Text("debug2"),
        _ => Value::Text(read.text),
    };
    Cell::known(value, evidence)
}

/// Microseconds or bytes as a value; a limit that 0 takes away as none.
fn amount_of<'a>(host: &Host<'a>, parameter: &Parameter, amount: i128) -> Value<'a> {
    let whole = u64::try_from(amount).unwrap_or_default();
    match parameter.kind {
        _ if amount <= 0 && parameter.unlimited => Value::Unlimited,
        Kind::Size(_) => Value::Size(whole),
        _ if whole.is_multiple_of(1_000_000) => Value::Duration(whole / 1_000_000),
        _ => Value::Text(host.text(&format!("{}ms", whole / 1_000))),
    }
}
