//! Rows that products push into the finished fact tables of one asset.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::PRODUCTS;
use super::cell::{Cell, Evidence};
use super::needed::{self, Needed};
use crate::schema::{TABLES, Table};

/// Whether a product that fills a table is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// Proven absent.
    Absent,
    /// Nothing was seen of it, and nothing proves its absence.
    NotSeen,
    /// It is there, but of what the table compares only one side was collected.
    OneSided,
    /// It is there, or a gap stands for it.
    Rows,
}

/// One row: its cells in the order of the table's columns.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The product that filled it.
    pub product: &'static str,
    /// Which installation of the product; empty if there is one.
    pub instance: &'a str,
    /// Stands for rows that could be missing.
    pub gap: bool,
    /// The cells.
    pub cells: &'a [Cell<'a>],
}

/// A row that is being filled.
#[derive(Debug)]
pub struct RowBuilder<'a> {
    pub(super) table: &'static Table,
    pub(super) product: &'static str,
    pub(super) instance: &'a str,
    pub(super) gap: bool,
    pub(super) cells: &'a mut [Cell<'a>],
}

impl<'a> RowBuilder<'a> {
    /// Fills the cell of a column; take the index from [`Table::column`] in a constant.
    pub fn set(&mut self, column: usize, cell: Cell<'a>) -> &mut Self {
        if let Some(place) = self.cells.get_mut(column) {
            *place = cell;
        }
        self
    }

    /// Fills the cells that nothing was said of: no value, and where it was looked for.
    pub fn set_rest(&mut self, unset: Cell<'a>) -> &mut Self {
        self.cells.iter_mut().filter(|cell| **cell == Cell::NONE).for_each(|cell| *cell = unset);
        self
    }

    /// Says which installation of the product it is about.
    pub fn instance(&mut self, instance: &'a str) -> &mut Self {
        self.instance = instance;
        self
    }
}

impl<'a> RowBuilder<'a> {
    /// The row.
    pub(super) fn finished(self) -> Row<'a> {
        let RowBuilder { product, instance, gap, cells, .. } = self;
        Row { product, instance, gap, cells }
    }
}

/// What a product read for rows of a table.
#[derive(Clone, Copy, Debug)]
struct Searched<'a> {
    table: usize,
    product: &'static str,
    evidence: Evidence<'a>,
}

/// The tables of one asset while products fill them.
#[derive(Debug)]
pub struct Tables<'a> {
    rows: Vec<Vec<Row<'a>>>,
    presence: Vec<Vec<(&'static str, Presence)>>,
    searched: Vec<Searched<'a>>,
    needed: Needed,
    /// The product that fills them now, by its number in [`PRODUCTS`]; without one, whichever.
    product: Option<usize>,
    /// The place of the table that a row was pushed to last: rows of one table come together.
    last: usize,
}

impl<'a> Tables<'a> {
    /// Empty tables; rows of unwanted ones are dropped.
    pub(super) fn new(needed: &Needed) -> Tables<'a> {
        Tables {
            rows: TABLES.iter().map(|_| Vec::new()).collect(),
            presence: TABLES.iter().map(|_| Vec::new()).collect(),
            searched: Vec::new(),
            needed: needed.clone(),
            product: None,
            last: 0,
        }
    }

    /// Empty tables of which the same is needed of the same product.
    pub(super) fn alike(&self) -> Tables<'a> {
        Tables { product: self.product, ..Tables::new(&self.needed) }
    }

    /// Says which product, by its number in [`PRODUCTS`], fills the tables from now on.
    pub(super) fn filled_by(&mut self, product: usize) {
        self.product = Some(product);
    }

    /// The name of the product that fills the tables now; empty for whichever.
    fn filling(&self) -> &'static str {
        self.product.map_or("", |product| PRODUCTS[product].name)
    }

    /// Whether rows of the product that fills the tables now are needed in the table at a place.
    fn needs(&self, place: usize) -> bool {
        self.needed.of(place, self.product.map_or(needed::ALL, needed::only))
    }

    /// Whether any rule or reader wants rows of the product that fills the tables now in this table.
    pub fn wants(&self, table: &Table) -> bool {
        self.needs(place(table))
    }

    /// Adds a row.
    pub fn push(&mut self, row: RowBuilder<'a>) {
        if !TABLES.get(self.last).is_some_and(|table| std::ptr::eq(*table, row.table)) {
            self.last = place(row.table);
        }
        let place = self.last;
        if self.needs(place) {
            debug_assert!(["", row.product].contains(&self.filling()), "{} pushes rows of {}", self.filling(), row.product);
            self.rows[place].push(row.finished());
        }
    }

    /// Adds finished rows.
    pub(super) fn extend(&mut self, table: &Table, rows: impl IntoIterator<Item = Row<'a>>) {
        if let Some(held) = self.rows.get_mut(place(table)) {
            held.extend(rows);
        }
    }

    /// Notes what was read for rows of a table, so that a table without rows shows what holds none.
    pub fn searched(&mut self, table: &Table, evidence: Evidence<'a>) {
        let table = place(table);
        if self.needs(table) {
            self.searched.push(Searched { table, product: self.filling(), evidence });
        }
    }

    /// How much was said of a table so far: rows, gaps and what was read for them.
    pub(super) fn said(&self, table: &Table) -> usize {
        let place = place(table);
        self.rows.get(place).map_or(0, Vec::len) + self.searched.iter().filter(|searched| searched.table == place).count()
    }

    /// Notes what was seen of a product that fills a table.
    pub(super) fn note(&mut self, table: &Table, product: &'static str, presence: Presence) {
        self.presence[place(table)].push((product, presence));
    }

    /// The finished tables.
    pub(super) fn finish(self) -> Facts<'a> {
        Facts { rows: self.rows, presence: self.presence, searched: self.searched }
    }
}

/// The place of a table in [`TABLES`]; beyond the end for a table that is not registered.
pub(super) fn place(table: &Table) -> usize {
    static PLACES: LazyLock<HashMap<usize, usize>> =
        LazyLock::new(|| TABLES.iter().enumerate().map(|(place, table)| (std::ptr::from_ref(*table).addr(), place)).collect());
    PLACES.get(&std::ptr::from_ref(table).addr()).copied().unwrap_or(usize::MAX)
}

/// The finished fact tables of one asset.
#[derive(Debug)]
pub struct Facts<'a> {
    rows: Vec<Vec<Row<'a>>>,
    presence: Vec<Vec<(&'static str, Presence)>>,
    searched: Vec<Searched<'a>>,
}

impl<'a> Facts<'a> {
    /// Makes room for one more table behind the others, and gives its number.
    pub(super) fn add_table(&mut self) -> usize {
        self.rows.push(Vec::new());
        self.presence.push(Vec::new());
        self.rows.len() - 1
    }

    /// Adds a row to the table of that number.
    pub(super) fn push_at(&mut self, table: usize, row: Row<'a>) {
        if let Some(rows) = self.rows.get_mut(table) {
            rows.push(row);
        }
    }

    /// Notes what was seen of what fills the table of that number.
    pub(super) fn note_at(&mut self, table: usize, product: &'static str, presence: Presence) {
        if let Some(known) = self.presence.get_mut(table) {
            known.push((product, presence));
        }
    }

    /// Notes what was read for rows of the table of that number.
    pub(super) fn note_searched(&mut self, table: usize, product: &'static str, evidence: Evidence<'a>) {
        self.searched.push(Searched { table, product, evidence });
    }

    /// The rows of the table of that number in [`TABLES`], or of the view behind them.
    pub fn rows(&self, table: usize) -> &[Row<'a>] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }

    /// What was seen of the products that fill a table, by product.
    pub fn products(&self, table: usize) -> &[(&'static str, Presence)] {
        self.presence.get(table).map_or(&[], Vec::as_slice)
    }

    /// What was read for rows of a table, by the product of that name or by all.
    pub fn searched<'f>(&'f self, table: usize, product: Option<&'f str>) -> impl Iterator<Item = Evidence<'a>> + Clone + 'f {
        let asked = move |by: &&Searched<'a>| by.table == table && product.is_none_or(|product| by.product == product);
        self.searched.iter().filter(asked).map(|searched| searched.evidence)
    }
}
