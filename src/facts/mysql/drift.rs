//! Options, persisted variables and defaults on one side, the running server's variables on the other, into what differs between them.
//!
//! SET GLOBAL, a file that was edited since the server started, arguments that a unit of the distribution gives.

use super::super::drift::Drift;
use super::super::{Cell, Host, Tables, Value};
use super::NAME;
use super::settings::{COLUMNS, Read, Said, Setting, Settings, State};
use super::variables::VARIABLES;
use crate::schema::neutral::DRIFT;

/// Variables that are paths.
const PATHS: [&str; 4] = ["general_log_file", "log_error", "server_audit_file_path", "ssl_cert"];

/// One time in two units: setting one of them changes what the other shows (manuals, binlog_expire_logs_seconds).
const EXPIRY: [&str; 2] = ["binlog_expire_logs_seconds", "expire_logs_days"];

/// Pushes what differs on an instance of which both sides were collected.
pub(super) fn push<'a>(host: &Host<'a>, instance: &'a str, said: &Said<'_, 'a>, settings: &Settings<'a>, tables: &mut Tables<'a>) {
    let (Some(answered), true) = (&said.running, said.own_files && tables.wants(&DRIFT)) else { return };
    let Some(first) = said.files.options.first() else { return };
    let mut drift = Drift::new(host, (NAME, instance), [answered.source.path, first.source.path]);
    if let Some(why) = answered.gap(host, &COLUMNS).or(said.files.gap).or(said.persisted.gap) {
        drift.gap(why);
        return drift.push(tables);
    }
    for (variable, file) in VARIABLES.iter().zip(&settings.of_files) {
        let running = settings.of(variable.name);
        let Some(file) = file.as_ref().filter(|file| is_comparable(settings, variable.name, file)) else { continue };
        let (written, runs) = (cell(host, variable.name, file), cell(host, variable.name, running));
        match (written.value(), runs.value()) {
            // The server follows links to the directory.
            (Some(Value::Text(left)), Some(Value::Text(right))) if variable.name == "secure_file_priv" && !left.is_empty() => {
                if left.trim_end_matches('/') == right.trim_end_matches('/') {
                    drift.compare(variable.name, runs, runs);
                } else {
                    drift.undecided(variable.name, written, runs);
                }
            }
            // A name without an extension gets one (manuals, log_error).
            (Some(Value::Text(left)), Some(Value::Text(right))) if right.strip_suffix(".err") == Some(left) => {
                drift.compare(variable.name, runs, runs);
            }
            _ if PATHS.contains(&variable.name) => drift.compare_paths(variable.name, written, runs),
            _ => drift.compare(variable.name, written, runs),
        }
    }
    drift.push(tables);
}

/// Whether what the files give a variable, or its default, can be held against what runs.
fn is_comparable(settings: &Settings<'_>, name: &str, file: &Setting<'_>) -> bool {
    let given = |name: &str| {
        settings.of_files.iter().zip(VARIABLES).any(|(file, it)| it.name == name && file.as_ref().is_some_and(|file| file.origin == "file"))
    };
    match (name, &file.state) {
        // What a version or a package decides is not known to differ.
        (_, State::Unknown(..)) if file.origin != "file" => false,
        _ if file.gap.is_some() => false,
        // A server that does not listen shows no port; `log_error` alone leaves the name to the server.
        ("port", _) => settings.is_listening(),
        ("log_error", State::Known(read)) => read.text != "ON",
        ("version", _) => false,
        (name, _) if EXPIRY.contains(&name) => EXPIRY.iter().filter(|name| given(name)).count() == usize::from(file.origin == "file"),
        _ => true,
    }
}

/// A variable in the type of its values.
fn cell<'a>(host: &Host<'a>, name: &str, setting: &Setting<'a>) -> Cell<'a> {
    setting.cell(host, |read| Some(value(name, read)))
}

fn value<'a>(name: &str, read: &Read<'a>) -> Value<'a> {
    let typed = read.on.map(Value::Boolean).or(read.duration).or(read.size).or(read.items.map(Value::List)).or(read.number);
    // Places without a word stand for nothing more.
    let text = if name == "authentication_policy" { read.text.trim_end_matches(',') } else { read.text };
    typed.unwrap_or(Value::Text(text))
}
