//! The rows that rules look at into the tables and products that are needed of an asset.

use super::{PRODUCTS, Product};
use crate::schema::TABLES;

/// Of which products the rows of each table are needed; views stand behind the tables.
#[derive(Clone, Debug, Default)]
pub struct Needed {
    tables: Vec<Rows>,
}

/// The rows of one table that are needed.
#[derive(Clone, Debug, Default)]
enum Rows {
    #[default]
    None,
    /// Those of products of these names.
    Of(Vec<&'static str>),
    All,
}

impl Needed {
    /// No row of any table.
    pub const NOTHING: Needed = Needed { tables: Vec::new() };

    /// Every row of every table, and of so many views.
    pub fn all(views: usize) -> Needed {
        let mut needed = Needed::default();
        (0..TABLES.len() + views).for_each(|number| needed.table(number));
        needed
    }

    /// Every row of one table or view, by its number.
    pub fn only(number: usize) -> Needed {
        let mut needed = Needed::default();
        needed.table(number);
        needed
    }

    /// Every row of the table of that number too.
    pub fn table(&mut self, number: usize) {
        *self.place(number) = Rows::All;
    }

    /// The rows of one product in the table of that number too; of a name that no product has, every row.
    pub fn rows_of(&mut self, number: usize, product: &str) {
        let Some(product) = PRODUCTS.iter().find(|known| known.name == product) else { return self.table(number) };
        match self.place(number) {
            Rows::All => {}
            Rows::Of(names) if names.contains(&product.name) => {}
            Rows::Of(names) => names.push(product.name),
            rows => *rows = Rows::Of(vec![product.name]),
        }
    }

    fn place(&mut self, number: usize) -> &mut Rows {
        if self.tables.len() <= number {
            self.tables.resize(number + 1, Rows::None);
        }
        &mut self.tables[number]
    }

    /// Whether any row of the table or view of that number is needed.
    pub fn any(&self, number: usize) -> bool {
        !matches!(self.tables.get(number), None | Some(Rows::None))
    }

    /// Whether rows of a product are needed in the table of that number.
    pub(super) fn of(&self, number: usize, product: &str) -> bool {
        match self.tables.get(number) {
            None | Some(Rows::None) => false,
            Some(Rows::Of(names)) => names.contains(&product),
            Some(Rows::All) => true,
        }
    }

    /// Whether rows of a product are needed in any table that it fills.
    pub fn product(&self, product: &Product) -> bool {
        product.fills.iter().any(|table| self.of(super::table::place(table), product.name))
    }
}
