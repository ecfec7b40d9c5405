//! The columns of a table or of a view into what a condition may name.

use crate::schema::generic::View;
use crate::schema::{Column, Setting, Table};

/// The columns that a condition may name.
#[derive(Clone, Copy)]
pub(super) enum Columns<'r> {
    /// Those of a table.
    Table(&'static Table),
    /// Those of a view.
    View(&'r View),
}

impl<'r> Columns<'r> {
    /// The table, or the one that the view is a form of.
    pub(super) fn table(self) -> &'static Table {
        match self {
            Columns::Table(table) => table,
            Columns::View(view) => view.table,
        }
    }

    /// A column and its number.
    pub(super) fn find(self, name: &str) -> Option<(usize, Column<'r>)> {
        match self {
            Columns::Table(table) => table.find(name).map(|number| (number, table.columns[number])),
            Columns::View(view) => view.find(name).and_then(|number| Some((number, view.column(number)?))),
        }
    }

    /// The names of all.
    pub(super) fn names(self) -> Vec<&'r str> {
        match self {
            Columns::Table(table) => table.columns.iter().map(|column| column.name).collect(),
            Columns::View(view) => (0..view.columns()).filter_map(|number| Some(view.column(number)?.name)).collect(),
        }
    }

    /// The vocabulary of the `name` column, where there is one.
    pub(super) fn settings(self) -> &'static [Setting] {
        self.table().settings
    }
}
