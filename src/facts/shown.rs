//! A configuration, whole or one part of it, into cells: what is not there is absent only where the whole was shown.
//!
//! FortiOS and Junos show any part of their configuration on its own, and such a part ends as properly as the whole does. A product
//! that finds none of what every configuration of its platform holds says so here, and nothing is then proven absent.

use super::device::cells::{Device, Unwritten};
use super::settings::{self, Readings};
use super::{Cell, Documented, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::Table;

static PARTIAL: Phrase = Phrase {
    zh: "{} 只是配置的一部分，没有出现的语句不能视为未配置",
    en: "{} is a part of a configuration: what is not in it may still be set",
};

/// A device's configuration, and whether all of it was shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'h, 'a> {
    /// The configuration.
    pub(super) device: Device<'h, 'a>,
    /// Name of the product that reads it.
    pub(super) product: &'static str,
    /// Why it is not the whole.
    partial: Option<Why<'a>>,
}

impl<'h, 'a> Shown<'h, 'a> {
    /// Of a product; `whole` says whether it holds what every whole configuration holds.
    pub(super) fn of(device: Device<'h, 'a>, product: &'static str, whole: bool) -> Shown<'h, 'a> {
        let partial = (!whole).then(|| Why::new("config-partial", &PARTIAL, device.config.source.path));
        Shown { device, product, partial }
    }

    /// Notes a reason why it is not the whole; the first stays.
    pub(super) fn set_gap(&mut self, why: Why<'a>) {
        self.partial.get_or_insert(why);
    }

    /// Why something that is not there may still be set.
    pub(super) fn gap(&self) -> Option<Why<'a>> {
        self.device.cut().or(self.partial)
    }

    /// The cell, or unknown where what it rests on may not have been shown.
    pub(super) fn unless_gap(&self, cell: Cell<'a>) -> Cell<'a> {
        self.gap().map_or(cell, |why| Cell::unknown(why, cell.evidence))
    }

    /// Unset, because nothing is written.
    pub(super) fn absent(&self) -> Cell<'a> {
        self.unless_gap(self.device.absent())
    }

    /// A value that follows from nothing being written.
    pub(super) fn known_absence(&self, value: Value<'a>) -> Cell<'a> {
        self.unless_gap(self.device.known_absence(value))
    }

    /// A documented default.
    pub(super) fn defaulted(&self, value: Value<'a>, default: &'static Documented) -> Cell<'a> {
        self.unless_gap(self.device.defaulted(value, default))
    }

    /// One of a few documented defaults.
    pub(super) fn depends(&self, candidates: &[Value<'a>], default: &'static Documented) -> Cell<'a> {
        let cell = self.device.depends(candidates, default);
        self.partial.map_or(cell, |why| Cell::unknown(why, cell.evidence))
    }

    /// A value and the nodes that decide it; without nodes, a value that follows from nothing being written.
    pub(super) fn by(&self, value: Value<'a>, nodes: &[Node<'a>]) -> Cell<'a> {
        if nodes.is_empty() { self.known_absence(value) } else { self.device.decided_by(value, nodes) }
    }

    /// A value that rests on every node of a kind: unknown where more may follow that were not shown.
    pub(super) fn by_all(&self, value: Value<'a>, nodes: &[Node<'a>]) -> Cell<'a> {
        self.unless_gap(self.by(value, nodes))
    }

    /// Texts, each from its node; more may follow in what was not shown.
    pub(super) fn texts(&self, items: &[(&'a str, Node<'a>)]) -> Cell<'a> {
        let cell = self.device.texts(items);
        match (self.partial, cell.value()) {
            (None, _) | (_, None) => cell,
            (Some(why), Some(Value::List([]))) => Cell::unknown(why, cell.evidence),
            (Some(_), Some(Value::List(known))) if !matches!(known.last(), Some(Value::Opaque(_))) => {
                let more: Vec<Value<'a>> = known.iter().copied().chain([Value::Opaque("…")]).collect();
                Cell::known(Value::List(self.device.host.arena().alloc_slice_copy(&more)), cell.evidence)
            }
            _ => cell,
        }
    }

    /// Addresses as the fewest blocks.
    pub(super) fn networks(&self, addresses: &Addresses) -> Value<'a> {
        Value::List(self.device.host.arena().alloc_slice_fill_iter(addresses.blocks().into_iter().map(Value::Network)))
    }

    /// Words of a vocabulary.
    pub(super) fn words(&self, words: &[&'static str]) -> Value<'a> {
        Value::List(self.device.host.arena().alloc_slice_fill_iter(words.iter().map(|word| Value::Word(word))))
    }

    /// Adds the row of one name of a settings table.
    pub(super) fn setting(
        &self,
        tables: &mut Tables<'a>,
        (table, name): (&'static Table, &'static str),
        written: Option<(&'a str, Node<'a>)>,
        unwritten: Unwritten,
        read: fn(&str) -> Readings<'static>,
    ) {
        match (written, self.partial) {
            (None, Some(why)) => {
                let unknown = Cell::unknown(why, self.device.host.evidence(&[self.device.searched()]));
                tables.push(settings::unknown_row(self.device.host, table, self.product, name, unknown));
            }
            _ => self.device.setting(tables, (table, self.product, name), written, unwritten, read),
        }
    }

    /// Adds what was read to every table that is filled, and a gap row: to all of them where the configuration is cut, so that what was
    /// received may be said otherwise behind the cut; to those that list things where it is a part.
    pub(super) fn note_gaps(&self, tables: &mut Tables<'a>, filled: &[&'static Table], listed: &[&'static Table]) {
        self.device.note_cut(tables, self.product, filled);
        if let (None, Some(why)) = (self.device.cut(), self.partial) {
            for table in listed {
                tables.push(self.device.host.gap(table, self.product, why));
            }
        }
    }

    /// Sets cells by the names of their columns.
    pub(super) fn push(&self, tables: &mut Tables<'a>, table: &'static Table, instance: &'a str, cells: &[(&str, Cell<'a>)]) {
        let mut row = self.device.host.row(table, self.product);
        row.instance(instance);
        for (column, cell) in cells {
            settings::set(&mut row, column, *cell);
        }
        tables.push(row);
    }
}

/// The weakest of several answers about one thing: the least of what is known, unless an unknown one could be less.
pub(super) fn least<'a>(cells: &[Cell<'a>], floor: i64) -> Option<Cell<'a>> {
    let number = |cell: &Cell<'a>| match cell.value() {
        Some(Value::Integer(number)) => Some(number),
        _ => None,
    };
    let known = cells.iter().filter(|cell| number(cell).is_some()).min_by_key(|cell| number(cell));
    match (known, cells.iter().find(|cell| number(cell).is_none())) {
        (Some(least), Some(_)) if number(least).is_some_and(|number| number <= floor) => Some(*least),
        (_, Some(unknown)) => Some(*unknown),
        (known, None) => known.copied(),
    }
}

/// The longest of several times; unknown where one is, unless one has no end.
pub(super) fn longest<'a>(cells: &[Cell<'a>]) -> Option<Cell<'a>> {
    let seconds = |cell: &Cell<'a>| match cell.value() {
        Some(Value::Duration(seconds)) => Some(seconds),
        Some(Value::Unlimited) => Some(u64::MAX),
        _ => None,
    };
    let known = cells.iter().filter(|cell| seconds(cell).is_some()).max_by_key(|cell| seconds(cell));
    match (known, cells.iter().find(|cell| seconds(cell).is_none())) {
        (Some(longest), Some(_)) if seconds(longest) == Some(u64::MAX) => Some(*longest),
        (_, Some(unknown)) => Some(*unknown),
        (known, None) => known.copied(),
    }
}
