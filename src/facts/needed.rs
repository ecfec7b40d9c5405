//! The rows that rules look at into the tables and products that are needed of an asset.

use super::PRODUCTS;
use super::table::place;
use crate::schema::TABLES;

/// A set of products: the bit of each is its number in [`PRODUCTS`]. It is asked for every row, and copied for every asset.
pub(super) type Products = u128;

/// Every product.
pub(super) const ALL: Products = Products::MAX;

const _: () = assert!(PRODUCTS.len() <= Products::BITS as usize, "every product has a bit");

/// Of which products the rows of each table are needed; views stand behind the tables.
#[derive(Clone, Debug, Default)]
pub struct Needed {
    tables: Vec<Products>,
}

/// The product of this number in [`PRODUCTS`] alone.
pub(super) fn only(product: usize) -> Products {
    1 << product
}

impl Needed {
    /// No row of any table.
    pub const NOTHING: Needed = Needed { tables: Vec::new() };

    /// Every row of every table, and of so many views.
    pub fn all(views: usize) -> Needed {
        Needed { tables: vec![ALL; TABLES.len() + views] }
    }

    /// Every row of one table or view, by its number.
    pub fn only(number: usize) -> Needed {
        let mut needed = Needed::default();
        needed.table(number);
        needed
    }

    /// Every row of the table of that number too.
    pub fn table(&mut self, number: usize) {
        self.add(number, ALL);
    }

    /// The rows of one product in the table of that number too; of a name that no product has, every row.
    pub fn rows_of(&mut self, number: usize, product: &str) {
        let known = PRODUCTS.iter().position(|known| known.name == product);
        self.add(number, known.map_or(ALL, only));
    }

    fn add(&mut self, number: usize, products: Products) {
        if self.tables.len() <= number {
            self.tables.resize(number + 1, 0);
        }
        self.tables[number] |= products;
    }

    /// Whether any row of the table or view of that number is needed.
    pub fn any(&self, number: usize) -> bool {
        self.of(number, ALL)
    }

    /// Whether rows of one of these products are needed in the table of that number.
    pub(super) fn of(&self, number: usize, products: Products) -> bool {
        self.tables.get(number).is_some_and(|needed| needed & products != 0)
    }

    /// Whether rows of the product of this number in [`PRODUCTS`] are needed in any table that it fills.
    pub fn product(&self, product: usize) -> bool {
        PRODUCTS[product].fills.iter().any(|table| self.of(place(table), only(product)))
    }
}
