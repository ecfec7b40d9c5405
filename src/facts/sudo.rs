//! sudoers(5) with everything it includes into rows of `privileges`, `sudo-defaults` and `references`.
//!
//! sudo 1.8 and 1.9; the meaning of the grammar is that of sudoers(5) of 1.9. Grants kept in LDAP or SSSD, and the files of sudo-rs, are
//! not read: where the host uses them the tables are incomplete.

mod aliases;
mod commands;
mod defaults;
mod elsewhere;
mod grants;
mod load;
mod rows;
mod scopes;

use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::Table;
use crate::schema::linux::SUDO_DEFAULTS;
use crate::schema::neutral::{PRIVILEGES, REFERENCES};
use crate::snapshot::Lack;
use aliases::Aliases;
use load::Sudoers;

/// The product's name.
const NAME: &str = "sudo";

/// The main file, and where SUSE keeps the vendor's.
const MAIN: [&str; 2] = ["etc/sudoers", "usr/etc/sudoers"];

/// sudo.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "sudo 授权", en: "sudo" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::File(MAIN[0]),
        Reading::File(MAIN[1]),
        Reading::Glob("etc/sudoers.d/*"),
        Reading::Glob("usr/etc/sudoers.d/*"),
        Reading::File("etc/sudoers-rs"),
        Reading::File("etc/nsswitch.conf"),
        Reading::File("etc/hostname"),
        Reading::File("etc/passwd"),
        Reading::File("etc/group"),
    ],
    fills: &[&PRIVILEGES, &REFERENCES, &SUDO_DEFAULTS],
    derive,
};

/// Why rows could be missing, and the text that shows it.
#[derive(Clone, Copy, Debug)]
struct Gap<'a> {
    why: Why<'a>,
    evidence: &'a [Evidence<'a>],
}

/// Fills the tables.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let main = MAIN.into_iter().find(|path| !matches!(host.file(path), Artefact::Lacking(Lack::Absent | Lack::NotCollected)));
    let Some(path) = main else {
        return match host.file(MAIN[0]) {
            Artefact::Lacking(Lack::Absent) => Seen::Absent,
            _ => Seen::Nothing,
        };
    };
    if let Artefact::Lacking(lack) = host.file(path) {
        return Seen::Lacking(path, lack);
    }
    let mut sudoers = load::read(host, path);
    elsewhere::note(host, &mut sudoers);
    for table in PRODUCT.fills {
        tables.searched(table, Evidence::Searched(path));
    }
    let mut aliases = Aliases::of(&mut sudoers);
    let settings = defaults::settings(host, &sudoers, &mut aliases);
    let grants = grants::work_out(host, &sudoers, &mut aliases);
    if tables.wants(&PRIVILEGES) {
        rows::fill(host, &settings, &grants, tables);
    }
    if tables.wants(&SUDO_DEFAULTS) {
        defaults::fill(host, &settings, tables);
    }
    if tables.wants(&REFERENCES) {
        push_references(host, &sudoers, &aliases, tables);
    }
    for table in [&PRIVILEGES, &SUDO_DEFAULTS] {
        for gap in sudoers.gaps.iter().chain(&aliases.gaps) {
            push_gap(host, table, gap, tables);
        }
    }
    Seen::Present
}

/// Adds a gap row.
fn push_gap<'a>(host: &Host<'a>, table: &'static Table, gap: &Gap<'a>, tables: &mut Tables<'a>) {
    let mut row = host.gap(table, NAME, gap.why);
    for (at, column) in table.columns.iter().enumerate() {
        if column.name == "via" {
            row.set(at, Cell::known(Value::Word("sudo"), gap.evidence));
        } else if column.key {
            row.set(at, Cell::unknown(gap.why, gap.evidence));
        }
    }
    tables.push(row);
}

/// Adds what is included and whether it is there, and aliases that are used without being defined.
fn push_references<'a>(host: &Host<'a>, sudoers: &Sudoers<'a>, aliases: &Aliases<'a>, tables: &mut Tables<'a>) {
    for reference in sudoers.references.iter().chain(&aliases.references) {
        let evidence = reference.evidence;
        let known = |value| Cell::known(value, evidence);
        let mut row = host.row(&REFERENCES, NAME);
        row.set(const { REFERENCES.column("kind") }, known(Value::Word(reference.kind)))
            .set(const { REFERENCES.column("name") }, known(Value::Text(reference.name)))
            .set(const { REFERENCES.column("used-at") }, known(Value::Text(reference.used_at)))
            .set(
                const { REFERENCES.column("defined") },
                reference.defined.map_or_else(|why| Cell::unknown(why, evidence), |is| known(Value::Boolean(is))),
            );
        tables.push(row);
    }
}

/// A name that is used and must exist.
#[derive(Clone, Copy, Debug)]
struct Reference<'a> {
    kind: &'static str,
    name: &'a str,
    used_at: &'a str,
    defined: Result<bool, Why<'a>>,
    evidence: &'a [Evidence<'a>],
}
