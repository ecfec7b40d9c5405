//! One leaf of a condition (a test of a column, or whether the site lists the row) into its answer on a row and what it rests on.

use super::super::listed;
use super::super::truth::Truth;
use super::{Judge, Reason};
use crate::facts::{Cell, Row, State, Value};
use crate::policy::{ColumnReference, Condition, Listed, Test};
use crate::schema::{Clock, Kind};

/// One leaf of a condition.
#[derive(Clone, Copy)]
pub(super) enum Leaf<'c> {
    /// A test of a column.
    Test(ColumnReference, &'c Test),
    /// Whether the site lists the row.
    Listed(&'c Listed),
}

impl<'a> Judge<'_, 'a> {
    /// Visits the leaves of a condition in written order.
    pub(super) fn leaves<'c>(&self, condition: &'c Condition, visit: &mut dyn FnMut(Leaf<'c>)) {
        match condition {
            Condition::Test(column, test) => visit(Leaf::Test(*column, test)),
            Condition::Listed(listed) => visit(Leaf::Listed(listed)),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.leaves(part, visit)),
        }
    }

    /// The answer of a leaf on a row.
    pub(super) fn leaf(&self, leaf: Leaf<'_>, row: &Row<'a>) -> Truth {
        match leaf {
            Leaf::Test(column, test) => self.test(column, test, row),
            Leaf::Listed(listed) => listed::truth(listed, &self.listed_cells(listed, row), self.context),
        }
    }

    /// The cells that a leaf sees.
    pub(super) fn leaf_cells(&self, leaf: Leaf<'_>, row: &Row<'a>) -> Vec<Cell<'a>> {
        match leaf {
            Leaf::Test(column, _) => vec![self.cell(column, row)],
            Leaf::Listed(listed) => listed.on.iter().map(|(column, _)| self.cell(*column, row)).collect(),
        }
    }

    /// The columns that a leaf sees.
    pub(super) fn leaf_columns(&self, leaf: Leaf<'_>) -> Vec<ColumnReference> {
        match leaf {
            Leaf::Test(column, _) => vec![column],
            Leaf::Listed(listed) => {
                let columns = listed.on.iter().map(|(column, _)| *column);
                columns.filter(|column| *column != ColumnReference::Asset).collect()
            }
        }
    }

    /// A leaf as the policy means it.
    pub(super) fn leaf_written(&self, leaf: Leaf<'_>) -> String {
        match leaf {
            Leaf::Test(column, test) => format!("{} {}", self.name(column), test.written(self.context.values)),
            Leaf::Listed(listed) => format!("{}listed in {}", if listed.negated { "not " } else { "" }, listed.written),
        }
    }

    /// Where the site lists a row, or that it does not; nothing for a test.
    pub(super) fn leaf_listing(&self, leaf: Leaf<'_>, row: &Row<'a>) -> Option<String> {
        let Leaf::Listed(listed) = leaf else { return None };
        Some(match listed::line(listed, &self.listed_cells(listed, row), self.context) {
            Some((file, line)) => format!("listed at {file}:{line}"),
            None => format!("not listed in {}", listed.written),
        })
    }

    /// The cells that are compared with a site table. The asset's id is no cell of a row; it only must not look missing.
    fn listed_cells(&self, listed: &Listed, row: &Row<'a>) -> Vec<Cell<'a>> {
        let cell = |column: &ColumnReference| match column {
            ColumnReference::Asset => Cell::known(Value::Boolean(true), &[]),
            _ => self.cell(*column, row),
        };
        listed.on.iter().map(|(column, _)| cell(column)).collect()
    }

    /// Why a leaf is not decided on a row, and the cell that keeps it from being.
    pub(super) fn leaf_reason(&self, leaf: Leaf<'_>, row: &Row<'a>) -> (Reason<'a>, Cell<'a>) {
        match leaf {
            Leaf::Test(column, test) => {
                let cell = self.cell(column, row);
                (self.reason(&cell, test), cell)
            }
            Leaf::Listed(listed) => {
                let cells = self.leaf_cells(leaf, row);
                let unknown = cells.iter().find_map(|cell| match cell.state {
                    State::Unknown(why, _) => Some((Reason::Fact(why), *cell)),
                    State::Known(Value::List(items)) if items.iter().any(|item| matches!(item, Value::Opaque(_))) => {
                        Some((Reason::Element, *cell))
                    }
                    State::Known(_) | State::Unset => None,
                });
                match unknown {
                    _ if listed::table(listed, self.context).is_none() => (Reason::SiteTable(listed.table), Cell::NONE),
                    Some(found) => found,
                    None => (Reason::Undated, Cell::NONE),
                }
            }
        }
    }

    /// The clock of a column of dates.
    pub(super) fn clock(&self, column: ColumnReference) -> Option<Clock> {
        let ColumnReference::Number(number) = column else { return None };
        match self.check.column(number)?.kind {
            Kind::Date(clock) => Some(clock),
            _ => None,
        }
    }

    /// Why a test of a cell is not decided.
    fn reason(&self, cell: &Cell<'a>, test: &Test) -> Reason<'a> {
        match cell.state {
            State::Unknown(why, _) => Reason::Fact(why),
            State::Known(_) | State::Unset => match test.operator.missing_parameter(self.context.values) {
                Some(number) => Reason::Parameter(number),
                None if matches!(cell.state, State::Known(Value::List(_))) => Reason::Element,
                None => Reason::Undated,
            },
        }
    }
}
