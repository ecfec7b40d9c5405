//! Options of the file and its unit on one side, those that the running server was started with on the other, into what differs: lines
//! that were written since.
//!
//! Options that neither side sets have the same default on both.

use super::super::drift::Drift;
use super::super::{Cell, Host, Tables, Value};
use super::NAME;
use super::files::Configuration;
use super::settings::{self, Settings};

/// Pushes what differs on a server of which both sides were collected; to be asked only where somebody wants the table.
pub(super) fn push<'a>(
    host: &Host<'a>,
    instance: &'a str,
    (written, running): (&Configuration<'a>, &Configuration<'a>),
    tables: &mut Tables<'a>,
) {
    let mut drift = Drift::new(host, (NAME, instance), [running.path, written.path]);
    if let Some(why) = running.gap.or(written.gap) {
        drift.gap(why);
        return drift.push(tables);
    }
    let (file, runs) = (settings::effective(host, written), settings::effective(host, running));
    for path in Settings::paths() {
        let given = |configuration: &Configuration<'a>| configuration.options.iter().any(|it| it.path == path);
        // The server may have turned one of the two ways of listening everywhere into the other.
        if !(given(written) || given(running)) || path == "net.bindIpAll" {
            continue;
        }
        let (left, right) = (cell(&file, path), cell(&runs, path));
        match path {
            "net.bindIp" if listens_everywhere(&file) || listens_everywhere(&runs) => {
                if listens_everywhere(&file) == listens_everywhere(&runs) {
                    drift.compare(path, right, right);
                } else {
                    drift.compare(path, left, right);
                }
            }
            "systemLog.path" => drift.compare_paths(path, left, right),
            _ => drift.compare(path, left, right),
        }
    }
    drift.push(tables);
}

/// Whether all addresses are listened on.
fn listens_everywhere(settings: &Settings<'_>) -> bool {
    let is = |path, wanted: &dyn Fn(Value<'_>) -> bool| cell(settings, path).value().is_some_and(wanted);
    let everywhere =
        |value: Value<'_>| matches!(value, Value::List(items) if items.iter().any(|it| matches!(it, Value::Text("*" | "0.0.0.0"))));
    is("net.bindIpAll", &|value| value == Value::Boolean(true)) || is("net.bindIp", &everywhere)
}

/// An option in the type of its values.
fn cell<'a>(settings: &Settings<'a>, path: &str) -> Cell<'a> {
    settings.cell(path, |read| {
        Some(
            read.readings.on.map(Value::Boolean).or(read.items.map(Value::List)).or(read.readings.number).unwrap_or(Value::Text(read.text)),
        )
    })
}
