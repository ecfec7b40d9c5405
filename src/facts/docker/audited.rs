//! The host's audit rules into the row `audited-paths` of `docker-settings`: which of the daemon's files they watch.
//!
//! A path counts where its writing and changes of its attributes are recorded, or, of a program, where its execution is.

use super::super::auditd::coverage::{Recorded, Recorder};
use super::super::auditd::matching::{Arch, Event};
use super::super::auditd::{self, boot};
use super::super::settings::{self, Readings};
use super::super::{Cell, Evidence, Host, Seen, State, Tables, Value, Why};
use super::NAME;
use crate::schema::containers::DOCKER_SETTINGS;
use crate::source::Span;

/// The name of the row.
const SETTING: &str = "audited-paths";

/// The daemon's files, programs, units and sockets, by the places that packages give them.
const PATHS: [&str; 15] = [
    "/etc/containerd",
    "/etc/default/docker",
    "/etc/docker",
    "/etc/docker/daemon.json",
    "/etc/sysconfig/docker",
    "/run/docker.sock",
    "/usr/bin/containerd",
    "/usr/bin/docker",
    "/usr/bin/dockerd",
    "/usr/bin/runc",
    "/usr/lib/systemd/system/docker.service",
    "/usr/lib/systemd/system/docker.socket",
    "/usr/sbin/runc",
    "/var/lib/docker",
    "/var/run/docker.sock",
];

/// Pushes the row.
pub(super) fn push<'a>(host: &Host<'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&DOCKER_SETTINGS) {
        return;
    }
    let cell = watched(host);
    let row = match cell.state {
        State::Known(_) => {
            let mut row = settings::row(host, &DOCKER_SETTINGS, NAME, SETTING, ("", Readings::default(), cell.evidence));
            settings::set(&mut row, "items", cell);
            row
        }
        State::Unset | State::Unknown(..) => settings::unknown_row(host, &DOCKER_SETTINGS, NAME, SETTING, cell),
    };
    tables.push(row);
}

/// The watched paths; none where nothing is audited.
fn watched<'a>(host: &Host<'a>) -> Cell<'a> {
    let rules = match auditd::rules(host) {
        Ok(rules) => rules,
        Err(Seen::Absent) => return Cell::known(Value::List(&[]), host.evidence(&[Evidence::Searched("etc/audit/rules.d")])),
        Err(Seen::Lacking(path, lack)) => return Cell::unknown(Why::lacking(path, lack), &[]),
        Err(Seen::Present | Seen::Nothing) => return Cell::unknown(Why::not_collected("etc/audit/rules.d"), &[]),
    };
    let enabled = auditd::enabled(host, &boot::read(host));
    match enabled.state {
        State::Known(Value::Boolean(true)) => {}
        State::Unknown(why, _) => return Cell::unknown(why, enabled.evidence),
        _ => return Cell::known(Value::List(&[]), enabled.evidence),
    }
    let recorder = Recorder::new(host, rules);
    let mut items: Vec<Value<'a>> = Vec::new();
    let mut pieces: Vec<Evidence<'a>> = Vec::new();
    for path in PATHS {
        let access = |kind: char| [Arch::B32, Arch::B64].map(|arch| recorder.records(Event::Access(path, kind), arch));
        let changes: Vec<Recorded<'a>> = access('w').into_iter().chain(access('a')).collect();
        let sure = [surely(&changes), surely(&access('x'))].into_iter().flatten().next();
        match sure {
            Some(span) => {
                items.push(Value::Text(path));
                let piece = Evidence::Decides(span);
                if !pieces.contains(&piece) {
                    pieces.push(piece);
                }
            }
            // A rule that may be loaded, or one in a file that was not read, could watch it.
            None if !rules.gaps.is_empty() || changes.iter().any(|it| matches!(it, Recorded::Unsure(..))) => {
                items.push(Value::Opaque(path))
            }
            None => {}
        }
    }
    if pieces.is_empty() {
        pieces.push(Evidence::Searched(rules.searched));
    }
    Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), host.evidence(&pieces))
}

/// The rule of the first of some answers that are all yes.
fn surely(answers: &[Recorded<'_>]) -> Option<Span> {
    let spans: Option<Vec<Span>> = answers.iter().map(|answer| if let Recorded::Yes(span) = answer { Some(*span) } else { None }).collect();
    spans?.first().copied()
}
