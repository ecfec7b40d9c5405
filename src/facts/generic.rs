//! Files of which no product knows, as the `in` of a policy describes them, into the rows of its view.
//!
//! The policy names the files, so that one that was not collected is a gap; only a file that is proven absent makes its rules not
//! applicable. What a file says is taken as it stands: which of several values counts, the policy says or nobody knows.

mod blocks;
mod lines;
mod nodes;
mod readings;
mod records;
mod secrets;
mod settings;

use super::table::{Facts, Presence, Row};
use super::{Artefact, Cell, Evidence, Host, Needed, Value, Why, files};
use crate::names::Phrase;
use crate::reckon::glob;
use crate::schema::generic::{Reader, View};
use crate::snapshot::{Kind, Lack};
use crate::source::Source;

/// What rows of a view name as their product.
pub(super) const PRODUCT: &str = "generic";

static NOT_READ: Phrase = Phrase { zh: "未能理解 {} 中的内容", en: "something in {} was not understood" };

/// Fills the needed views: those whose number, behind the tables, is marked.
pub fn fill<'a>(host: &Host<'a>, views: &[impl AsRef<View>], needed: &Needed, facts: &mut Facts<'a>) {
    for (place, view) in views.iter().enumerate() {
        let number = facts.add_table();
        debug_assert_eq!(number, crate::schema::TABLES.len() + place, "views come behind the tables");
        if needed.any(number) {
            derive(host, view.as_ref(), number, facts);
        }
    }
}

/// The rows of one view.
fn derive<'a>(host: &Host<'a>, view: &View, number: usize, facts: &mut Facts<'a>) {
    let mut viewing = Viewing { host, view, number, facts, seen: false };
    for pattern in &view.paths {
        let pattern = host.text(pattern);
        if !glob::is_pattern(pattern) {
            viewing.path(pattern);
            continue;
        }
        let matches = host.matching(pattern);
        matches.paths.iter().for_each(|path| viewing.path(path));
        match matches.gap {
            Some((directory, lack)) => viewing.gap("", Why::lacking(directory, lack)),
            None if matches.paths.is_empty() => viewing.searched(Evidence::Lacks(pattern, Lack::Absent)),
            None => {}
        }
    }
    let presence = if viewing.seen { Presence::Rows } else { Presence::Absent };
    facts.note_at(number, PRODUCT, presence);
}

/// A view that is being filled.
struct Viewing<'v, 'a> {
    host: &'v Host<'a>,
    view: &'v View,
    number: usize,
    facts: &'v mut Facts<'a>,
    /// Whether a file was there, or may be.
    seen: bool,
}

impl<'a> Viewing<'_, 'a> {
    /// One path, as the view reads it.
    fn path(&mut self, path: &'a str) {
        if self.view.reader == Reader::Files {
            self.seen = true;
            if let Some(row) = files::row(self.host, path) {
                self.facts.push_at(self.number, row.finished());
            }
            return;
        }
        if self.host.look(path).kind == Some(Kind::Directory) {
            return;
        }
        match self.host.file(path) {
            Artefact::Text(source) => self.text(source),
            Artefact::Lacking(Lack::Absent) => self.searched(Evidence::Lacks(path, Lack::Absent)),
            Artefact::Lacking(lack) => self.gap(path, Why::lacking(path, lack)),
        }
    }

    /// The rows of one text.
    fn text(&mut self, source: &'a Source<'a>) {
        self.seen = true;
        self.searched(Evidence::Searched(source.path));
        match &self.view.reader {
            Reader::Files => {}
            Reader::Lines(comments) => lines::rows(self, source, comments),
            Reader::Nodes { format, steps } => nodes::rows(self, source, *format, steps),
            Reader::Settings { format, wins } => settings::rows(self, source, *format, *wins),
            Reader::Rows { separator, header, comments } => records::rows(self, source, (*separator, *header), comments),
            Reader::Blocks { style, comments } => blocks::rows(self, source, *style, comments),
        }
        if !source.complete {
            self.gap(source.path, Why::truncated(source.path));
        }
    }

    /// Cells for one row, unset but for the path.
    fn cells(&self, path: &'a str) -> &'a mut [Cell<'a>] {
        let cells = self.host.arena().alloc_slice_fill_copy(self.view.columns(), Cell::NONE);
        // Every generic table begins with the path.
        cells[0] = Cell::known(Value::Text(path), &[]);
        cells
    }

    /// Adds a row; false once the budget of the asset is spent, which is then noted.
    fn push(&mut self, path: &'a str, cells: &'a [Cell<'a>]) -> bool {
        if !self.host.spend(1) {
            self.gap(path, Why::lacking(path, Lack::BudgetSpent));
            return false;
        }
        self.facts.push_at(self.number, Row { product: PRODUCT, instance: "", gap: false, cells });
        true
    }

    /// Notes that a text holds something that was not understood.
    fn not_understood(&mut self, source: &'a Source<'a>, part: &str) {
        let why = Why::new("not-understood", &NOT_READ, source.path);
        let evidence = self.host.evidence(&[Evidence::Decides(source.span(part))]);
        self.gap_row(source.path, Cell::unknown(why, evidence));
    }

    /// Adds a row that stands for rows that could be missing; an empty path is any.
    fn gap(&mut self, path: &'a str, why: Why<'a>) {
        self.gap_row(path, Cell::unknown(why, &[]));
    }

    /// The same with evidence.
    fn gap_row(&mut self, path: &'a str, unknown: Cell<'a>) {
        self.seen = true;
        let cells = self.host.arena().alloc_slice_fill_copy(self.view.columns(), unknown);
        if !path.is_empty() {
            cells[0] = Cell::known(Value::Text(path), &[]);
        }
        self.facts.push_at(self.number, Row { product: PRODUCT, instance: "", gap: true, cells });
    }

    /// Notes what was looked into.
    fn searched(&mut self, evidence: Evidence<'a>) {
        self.facts.note_searched(self.number, PRODUCT, evidence);
    }
}
