//! A `listed-in` of a condition into a comparison of a row with the rows of a site's own table.

use super::condition::{EVERYWHERE, Reader, is_list};
use super::document::{Fields, Item, unknown_name};
use super::literal::{Wanted, scalar_name};
use super::{ColumnReference, SiteKind, Tests, Values};
use crate::error::Message;
use crate::schema::{Clock, Column, Kind};

/// Whether a site's own table has a row for this one.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Number of the site table in the library.
    pub table: usize,
    /// A column of the row, and the number of the site column that must match it; patterns last, because they cost most.
    pub on: Vec<(ColumnReference, usize)>,
    /// Which rows of the site table count: a site column and tests of it.
    pub selects: Vec<(usize, Tests)>,
    /// The table and which rows of it count, as reports name it: `approved-grants (to not older-than 0s)`.
    pub written: String,
    /// Whether the answer is turned round.
    pub negated: bool,
}

impl Reader<'_> {
    /// Reads `{ table = …, on = { column = "site column" }, where = { … } }`.
    pub(super) fn listed(&mut self, item: &Item<'_>, negated: bool) -> Option<Listed> {
        let mut fields = Fields::of(item, self.document)?;
        let name_item = fields.required("table", self.document);
        let on_item = fields.required("on", self.document);
        let where_item = fields.optional("where");
        fields.finish(self.document);
        let name_item = name_item?;
        let name = self.document.string(name_item)?;
        let library = self.library;
        let Some(table) = library.tables.iter().position(|table| table.name == name) else {
            let known: Vec<&str> = library.tables.iter().map(|table| table.name.as_str()).collect();
            unknown_name(self.document, name_item.span(), "unknown-site-table", ("站点表", "site table"), name, &known);
            return None;
        };
        let columns = &library.tables[table].columns;
        let mut on = self.pairs(on_item?, columns)?;
        on.sort_by_key(|(_, site)| columns[*site].1 == SiteKind::Glob);
        let selects = where_item.map(|item| self.site_tests(item, columns)).unwrap_or_default();
        let names = Values::named(library);
        let tests = selects.iter().map(|(site, tests)| format!("{} {}", columns[*site].0, tests.written(&names)));
        let tests = tests.collect::<Vec<_>>().join(", ");
        let written = if tests.is_empty() { name.to_owned() } else { format!("{name} ({tests})") };
        Some(Listed { table, on, selects, written, negated })
    }

    /// Reads the pairs of columns that must match.
    fn pairs(&mut self, item: &Item<'_>, columns: &[(String, SiteKind)]) -> Option<Vec<(ColumnReference, usize)>> {
        let fields = Fields::of(item, self.document)?;
        let mut pairs = Vec::new();
        let mut lists = 0;
        for (name, span, value) in fields.all() {
            let column = match self.columns.find(name) {
                Some((number, column)) => {
                    if self.must_say_set && (column.unset.is_some() || column.empty) {
                        self.may_be_nothing(name, span.clone());
                    }
                    Some((ColumnReference::Number(number), column.kind))
                }
                None => EVERYWHERE.iter().find(|(key, _)| *key == name).map(|(_, reference)| (*reference, Kind::Text)),
            };
            let Some((reference, kind)) = column else {
                let known: Vec<&str> = self.columns.names().into_iter().chain(EVERYWHERE.map(|(name, _)| name)).collect();
                unknown_name(self.document, span, "unknown-column", ("列", "column"), name, &known);
                continue;
            };
            lists += usize::from(is_list(kind));
            let Some(site) = self.site_column(value, columns) else { continue };
            let (found, wanted) = (columns[site].1.scalar(), Wanted::of(kind).scalar);
            if found != wanted {
                let (found, wanted) = (scalar_name(found), scalar_name(wanted));
                self.document.problem(
                    value.span(),
                    "wrong-type",
                    Message::new(
                        format!("站点列的类型是 {found}，这里需要 {wanted}"),
                        format!("the site column is of type {found}, {wanted} is needed here"),
                    ),
                );
                continue;
            }
            pairs.push((reference, site));
        }
        if pairs.is_empty() || lists > 1 {
            self.document.problem(
                item.span(),
                "bad-listed-in",
                Message::new(
                    "`on` 至少要有一对列，其中列表最多一个",
                    "`on` has at least one pair of columns, and at most one list among them",
                ),
            );
            return None;
        }
        Some(pairs)
    }

    /// Reports a column that may hold nothing where rows are selected: such rows would be left out silently.
    fn may_be_nothing(&mut self, name: &str, span: std::ops::Range<usize>) {
        self.document.problem_help(
            span,
            "missing-set",
            Message::new(
                format!("列 `{name}` 可能没有值，这样的行会被悄悄排除"),
                format!("the column `{name}` may hold nothing, and such rows would be left out silently"),
            ),
            Message::new("把 `listed-in` 写在 `expect` 里", "put `listed-in` into `expect`"),
        );
    }

    /// The number of the site column that a string names.
    fn site_column(&mut self, item: &Item<'_>, columns: &[(String, SiteKind)]) -> Option<usize> {
        let name = self.document.string(item)?;
        let found = columns.iter().position(|(known, _)| known == name);
        if found.is_none() {
            let known: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            unknown_name(self.document, item.span(), "unknown-column", ("站点列", "site column"), name, &known);
        }
        found
    }

    /// Reads which rows of the site table count.
    fn site_tests(&mut self, item: &Item<'_>, columns: &[(String, SiteKind)]) -> Vec<(usize, Tests)> {
        let Some(fields) = Fields::of(item, self.document) else { return Vec::new() };
        let mut selects = Vec::new();
        for (name, span, value) in fields.all() {
            let Some(site) = columns.iter().position(|(known, _)| known == name) else {
                let known: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                unknown_name(self.document, span, "unknown-column", ("站点列", "site column"), name, &known);
                continue;
            };
            let kind = match columns[site].1 {
                SiteKind::Asset | SiteKind::Glob | SiteKind::Text => Kind::Text,
                SiteKind::Boolean => Kind::Boolean,
                // What a register grants is held against the state that was collected.
                SiteKind::Date => Kind::Date(Clock::Collected),
                SiteKind::Integer => Kind::Integer,
                SiteKind::Network => Kind::Network,
            };
            selects.extend(self.tests(value, &Column::new("", kind, ""), kind, false).map(|tests| (site, tests)));
        }
        selects
    }
}
