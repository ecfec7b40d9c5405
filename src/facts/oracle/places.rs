//! oratab and the usual layout of folders into the homes of Oracle software on a host.

use super::super::{Artefact, Host};
use crate::snapshot::{Kind, Lack};
use crate::source::lines;

/// The list of databases and their homes.
pub(super) const ORATAB: &str = "etc/oratab";

/// Where homes usually are: Installation Guide, "Optimal Flexible Architecture".
const HOMES: [&str; 3] = ["u01/app/oracle/product/*/*", "opt/oracle/product/*/*", "u01/app/*/grid"];

/// The homes of a host.
#[derive(Debug)]
pub(super) struct Places<'a> {
    /// Paths without a leading slash, in byte order.
    pub homes: Vec<&'a str>,
    /// Why oratab was not read; [`Lack::NotCollected`] also where it was and names none.
    pub oratab: Lack,
}

/// Finds the homes of which a file was collected.
pub(super) fn find<'a>(host: &Host<'a>) -> Places<'a> {
    let mut homes: Vec<&'a str> = Vec::new();
    let mut oratab = Lack::NotCollected;
    for path in [ORATAB, "var/opt/oracle/oratab"] {
        match host.file(path) {
            Artefact::Text(source) => homes.extend(lines(source.text).filter_map(home)),
            Artefact::Lacking(Lack::NotCollected | Lack::Absent) => {}
            Artefact::Lacking(lack) => oratab = lack,
        }
    }
    for pattern in HOMES {
        homes.extend(host.matching(pattern).paths);
    }
    homes.retain(|home| shows_something(host, home));
    homes.sort_unstable();
    homes.dedup();
    Places { homes, oratab }
}

/// The home in a line `SID:home:Y`.
fn home(line: &str) -> Option<&str> {
    let mut parts = line.trim().split(':');
    let sid = parts.next()?;
    let home = parts.next()?.trim_matches('/');
    (!sid.is_empty() && !sid.starts_with('#') && !home.is_empty()).then_some(home)
}

/// Whether something of a home was collected, or proven absent.
fn shows_something(host: &Host<'_>, home: &str) -> bool {
    let there = |path: String| matches!(host.look(&path).kind, Some(Kind::Directory | Kind::File));
    there(format!("{home}/network/admin")) || there(format!("{home}/dbs"))
}
