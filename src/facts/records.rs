//! The register of an institution and the records that it lists into the tables `records` and `incidents`.
//!
//! `records/register.toml` lists the files of records; what is in them is all that the institution claims. A listed file that cannot be
//! read whole leaves a gap. A record proves something only where it says kind, subject, date and author, and the file beside it has
//! the digest that it names. Days are those of China (UTC+8, no summer time); a moment without an offset is not understood.

mod dated;
mod entry;
mod fault;
mod incident;

use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Why};
use crate::names::{INSTITUTION, Phrase};
use crate::parse::data::{self, Document, Held};
use crate::reckon::calendar::WorkingDays;
use crate::schema::records::{INCIDENTS, RECORDS};
use crate::snapshot::Lack;
use crate::source::Source;
use entry::Entry;

/// Where the register is.
const REGISTER: &str = "records/register.toml";

/// The records of an institution.
pub(super) static PRODUCT: Product = Product {
    name: "records",
    title: Phrase { zh: "机构的证据记录", en: "evidence records of an institution" },
    platforms: &[INSTITUTION],
    expectation: Expectation::Expected,
    reads: &[Reading::File(REGISTER), Reading::Glob("records/*.toml"), Reading::Look("records/files/*")],
    fills: &[&INCIDENTS, &RECORDS],
    derive,
};

static NOT_LISTED: Phrase = Phrase { zh: "{} 没有用 files 列出记录文件", en: "{} does not list the files of records under files" };

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let found = host.matching("records/*.toml").paths;
    let register = match host.file(REGISTER) {
        Artefact::Text(register) => Some(register),
        Artefact::Lacking(Lack::Absent | Lack::NotCollected) if found.is_empty() => return Seen::Nothing,
        Artefact::Lacking(lack) if found.is_empty() => return Seen::Lacking(REGISTER, lack),
        Artefact::Lacking(lack) => {
            gap(host, tables, Why::lacking(REGISTER, lack));
            None
        }
    };
    let mut paths = found.to_vec();
    if let Some(register) = register {
        match listed(host, register) {
            Some(listed) => paths.extend(listed),
            None => gap(host, tables, Why::new("not-understood", &NOT_LISTED, REGISTER)),
        }
    }
    paths.sort_unstable();
    paths.dedup();
    let mut read = Vec::new();
    for path in paths {
        match host.file(path) {
            Artefact::Lacking(lack) => gap(host, tables, Why::lacking(path, lack)),
            Artefact::Text(source) => {
                let document = data::toml(host.arena(), source.text);
                if let Some(part) = document.broken {
                    gap_at(host, tables, Why::not_understood(part), &[Evidence::Decides(source.span(part))]);
                }
                if !source.complete {
                    gap(host, tables, Why::truncated(path));
                }
                read.push((source, document));
            }
        }
    }
    let calendar = calendar(&read);
    dated::fill(host, &entries(&read, "record"), tables);
    incident::fill(host, &entries(&read, "incident"), &calendar, tables);
    Seen::Present
}

/// Adds rows for records that could be missing.
fn gap<'a>(host: &Host<'a>, tables: &mut Tables<'a>, why: Why<'a>) {
    gap_at(host, tables, why, &[]);
}

/// The same, because of a part of a file.
fn gap_at<'a>(host: &Host<'a>, tables: &mut Tables<'a>, why: Why<'a>, evidence: &[Evidence<'a>]) {
    let unknown = Cell::unknown(why, host.evidence(evidence));
    for table in PRODUCT.fills {
        let mut row = host.gap(table, PRODUCT.name, why);
        (0..table.columns.len()).for_each(|column| {
            row.set(column, unknown);
        });
        tables.push(row);
    }
}

/// The paths that the register lists; none where it lists none.
fn listed<'a>(host: &Host<'a>, register: &'a Source<'a>) -> Option<Vec<&'a str>> {
    let document = data::toml(host.arena(), register.text);
    let head = document.roots.first()?.children().iter().find(|node| node.key == "register")?;
    let files = Entry { node: head, source: register }.texts("files");
    let paths = files.iter().filter_map(|(name, _)| entry::inside(host, name));
    (!files.is_empty()).then(|| paths.collect())
}

/// The tables of one name in all files.
fn entries<'n, 'a>(read: &'n [(&'a Source<'a>, Document<'a>)], name: &str) -> Vec<Entry<'n, 'a>> {
    let lists = read.iter().flat_map(|(source, document)| document.roots.iter().map(move |root| (*source, root)));
    let lists = lists.flat_map(|(source, root)| root.children().iter().map(move |node| (source, node)));
    lists
        .filter(|(_, node)| node.key == name)
        .flat_map(|(source, node)| match &node.held {
            Held::List(items) => items.iter().map(|node| Entry { node, source }).collect(),
            _ => vec![Entry { node, source }],
        })
        .collect()
}

/// The working days that the tables `calendar` give: a year counts only where each of its days is a date of that year.
fn calendar<'a>(read: &[(&'a Source<'a>, Document<'a>)]) -> WorkingDays {
    let mut calendar = WorkingDays::default();
    for entry in entries(read, "calendar") {
        let Some(year) = entry.integer("year").and_then(|(year, _)| i16::try_from(year).ok()) else { continue };
        let days = |name: &str| entry.days(name).filter(|days| days.iter().all(|day| day.year() == year));
        if let (Some(mut holidays), Some(mut worked)) = (days("holidays"), days("working")) {
            calendar.years.push(year);
            calendar.holidays.append(&mut holidays);
            calendar.worked.append(&mut worked);
        }
    }
    calendar
}
