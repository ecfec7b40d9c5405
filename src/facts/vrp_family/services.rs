//! Servers of the device into rows of `services`, and switches into rows of a settings table.

use super::Family;
use crate::facts::settings::{self, Readings};
use crate::facts::{Cell, State, Tables, Value};
use crate::schema::Table;
use crate::schema::neutral::SERVICES;

/// One server: its name, port, transport, whether it is in clear text, and whether it is on.
pub(in crate::facts) type Server<'a> = (&'static str, i64, &'static str, bool, Cell<'a>);

impl<'a> Family<'_, 'a> {
    /// Adds a row for each server.
    pub(in crate::facts) fn push_services(&self, tables: &mut Tables<'a>, servers: &[Server<'a>]) {
        for (name, port, protocol, cleartext, enabled) in servers {
            let known = |value| Cell::known(value, enabled.evidence);
            let mut row = self.device.host.row(&SERVICES, self.product);
            row.set(const { SERVICES.column("name") }, known(Value::Text(name)))
                .set(const { SERVICES.column("port") }, known(Value::Integer(*port)))
                .set(const { SERVICES.column("protocol") }, known(Value::Text(protocol)))
                .set(const { SERVICES.column("enabled") }, *enabled)
                .set(const { SERVICES.column("cleartext") }, known(Value::Boolean(*cleartext)));
            tables.push(row);
        }
    }

    /// Adds the row of a switch from its cell.
    pub(in crate::facts) fn push_switch(&self, tables: &mut Tables<'a>, table: &'static Table, name: &'static str, cell: Cell<'a>) {
        let host = self.device.host;
        let row = match cell.state {
            State::Known(Value::Boolean(on)) => {
                let readings = Readings { on: Some(on), ..Readings::default() };
                settings::row(host, table, self.product, name, (if on { "on" } else { "off" }, readings, cell.evidence))
            }
            State::Unknown(why, _) => {
                // Only as a switch does it have candidates.
                let untyped = Cell::unknown(why, cell.evidence);
                let mut row = settings::unknown_row(host, table, self.product, name, untyped);
                settings::set(&mut row, "on", cell);
                row
            }
            _ => settings::unknown_row(host, table, self.product, name, cell),
        };
        tables.push(row);
    }
}
