//! Directives of the files, or their defaults, and the running server's reply into what differs between them: CONFIG SET without
//! CONFIG REWRITE, and lines that were written since the server started.

use super::super::drift::Drift;
use super::super::{Cell, Host, Tables, Value};
use super::settings::{self, DIRECTIVES, Directive, Form, Setting, Settings, State};
use super::{NAME, Server};
use crate::schema::neutral::DRIFT;
use crate::source::redact;

/// Pushes what differs on a server of which both sides were collected.
pub(super) fn push<'a>(host: &Host<'a>, server: &Server<'_, 'a>, running: &Settings<'a>, tables: &mut Tables<'a>) {
    let Some(configuration) = server.configuration.filter(|_| !server.answers.config.is_empty() && tables.wants(&DRIFT)) else { return };
    let mut drift = Drift::new(host, (NAME, server.instance), [server.answers.path, configuration.path]);
    let another = server.answers.file.is_some_and(|(path, evidence)| drift.reads_another(configuration.path, path, evidence));
    let gap = server.answers.gap.or(configuration.gap);
    if let Some(why) = gap {
        drift.gap(why);
    }
    for directive in DIRECTIVES.iter().filter(|_| !another && gap.is_none()) {
        let Some((shown, _)) = server.answers.config(directive.name) else { continue };
        let file = settings::configured(host, directive, (Some(configuration), None), server.version);
        let given = configuration.last(directive.name).and_then(|it| it.arguments.first().copied());
        // The default directory is where it was started, and it takes no more clients than the system has descriptors for.
        if given.is_none() && matches!(directive.name, "dir" | "maxclients") {
            continue;
        }
        let (written, runs) = (cell(directive, &file), cell(directive, running.of(directive.name)));
        match directive.form {
            Form::Secret => compare_secrets(&mut drift, directive.name, (given.unwrap_or_default(), written), (shown, runs)),
            // The server shows the directory that it is in, with every link followed.
            _ if directive.name == "dir" && given.is_some_and(|given| given.trim_end_matches('/') != shown) => {
                drift.undecided(directive.name, written, runs);
            }
            _ => drift.compare(directive.name, written, runs),
        }
    }
    drift.push(tables);
}

/// A directive as a value that is the same for all its spellings.
fn cell<'a>(directive: &Directive, setting: &Setting<'a>) -> Cell<'a> {
    match setting.state {
        State::Missing => Cell::unset(setting.evidence),
        // What it does with a line that it refuses is not known; of a default that depends on the version nothing is said.
        State::Unknown(why) if setting.origin != "default" => Cell::unknown(why, setting.evidence),
        State::Unknown(_) => Cell::unset(setting.evidence),
        State::Known(read) => {
            // Redis 6 shows nothing where no line names an address.
            let text = if directive.name == "bind" && read.text.is_empty() { "* -::*" } else { read.text };
            let text = if matches!(directive.form, Form::Secret) && text.is_empty() { "not set" } else { text };
            Cell::known(Value::Text(text), setting.evidence)
        }
    }
}

/// Compares two passwords, of which only their being there is shown. Of masked ones nothing is known but that equal ids are of one secret.
fn compare_secrets<'a>(drift: &mut Drift<'_, 'a>, name: &'static str, (given, written): (&str, Cell<'a>), (shown, runs): (&str, Cell<'a>)) {
    if given.is_empty() || shown.is_empty() {
        return drift.compare(name, written, runs);
    }
    let masked = [given, shown].iter().any(|text| redact::masked_scheme(text).is_some());
    match (given == shown, masked) {
        (true, _) if !masked || redact::masked_id(given).is_some() => drift.compare(name, written, runs),
        (false, false) => drift.compare(name, written, Cell::known(Value::Text("set to another one"), runs.evidence)),
        _ => drift.undecided(name, written, runs),
    }
}
