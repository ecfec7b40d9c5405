//! autofs, the desktop and its locked settings into whether media are mounted, or programs on them started, by themselves.
//!
//! Without a desktop nobody mounts a medium that is plugged in, unless autofs does when its path is entered. A desktop (GNOME and its
//! relatives on the distributions in scope) mounts media until `automount` is false and locked: users override what is not (dconf(7)).

use crate::facts::systemd_units::{Starts, alias, starts};
use crate::facts::{Cell, Documented, Evidence, Host, Value, Why};
use crate::source::Source;

const SECTION: &str = "org/gnome/desktop/media-handling";

static AUTOMOUNT: Documented =
    Documented { setting: "automount = true", versions: "GNOME", source: "org.gnome.desktop.media-handling schema" };
static AUTORUN: Documented =
    Documented { setting: "autorun-never = false", versions: "GNOME", source: "org.gnome.desktop.media-handling schema" };

/// Whether media are mounted, and whether programs on them are started.
pub(super) fn automount<'a>(host: &Host<'a>) -> (Cell<'a>, Cell<'a>) {
    let autofs = starts(host, &["autofs.service"]);
    let desktop = alias(host, "display-manager.service");
    let (mounts, runs) = match desktop {
        Starts::No(_) => (Cell::known(Value::Boolean(false), host.evidence(&[desktop.evidence(host)])), Cell::NONE),
        Starts::Unknown(why) => (Cell::unknown(why, &[]), Cell::unknown(why, &[])),
        Starts::Yes(_) => (by_desktop(host, "automount", "false", &AUTOMOUNT), by_desktop(host, "autorun-never", "true", &AUTORUN)),
    };
    match autofs {
        Starts::Yes(_) => (Cell::known(Value::Boolean(true), host.evidence(&[autofs.evidence(host)])), runs),
        Starts::Unknown(why) if mounts.value() != Some(Value::Boolean(true)) => (Cell::unknown(why, &[]), runs),
        Starts::No(_) | Starts::Unknown(_) => (mounts, runs),
    }
}

/// Whether a desktop does it, which it does until a locked setting says otherwise.
fn by_desktop<'a>(host: &Host<'a>, key: &str, off: &str, default: &'static Documented) -> Cell<'a> {
    let locks = host.matching("etc/dconf/db/*.d/locks/*");
    let files = host.matching("etc/dconf/db/*.d/*");
    let path = format!("/{SECTION}/{key}");
    let locked = locks.paths.iter().find_map(|file| find(host.file(file).text()?, |line| line == path));
    let set = files.paths.iter().rev().find_map(|file| setting(host.file(file).text()?, key));
    match (locked, set) {
        (Some(lock), Some((value, line))) if value == off => Cell::known(Value::Boolean(false), host.evidence(&[line, lock])),
        (_, Some((value, line))) if value != off => Cell::known(Value::Boolean(true), host.evidence(&[line])),
        _ => match files.gap.or(locks.gap) {
            Some((path, lack)) => Cell::unknown(Why::lacking(path, lack), &[]),
            None => Cell::known(Value::Boolean(true), host.evidence(&[Evidence::Default(default), Evidence::Searched("etc/dconf/db")])),
        },
    }
}

/// The first line that is as wanted.
fn find<'a>(source: &'a Source<'a>, wanted: impl Fn(&str) -> bool) -> Option<Evidence<'a>> {
    let line = source.text.lines().map(str::trim).find(|line| wanted(line))?;
    Some(Evidence::Decides(source.span(line)))
}

/// The last value of a key in the section about media, and its line.
fn setting<'a>(source: &'a Source<'a>, key: &str) -> Option<(&'a str, Evidence<'a>)> {
    let mut inside = false;
    let mut last = None;
    for line in source.text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = name == SECTION;
        } else if inside
            && let Some((name, value)) = line.split_once('=')
            && name.trim_end() == key
        {
            last = Some((value.trim(), Evidence::Decides(source.span(line))));
        }
    }
    last
}
