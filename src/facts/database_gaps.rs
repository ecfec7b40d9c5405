//! A database that could not be read into gap rows of the tables that it fills, with the words by which rules select such rows.

use super::{Cell, Host, Tables, Value, Why, role_grants};
use crate::schema::Table;
use crate::schema::neutral::{DRIFT, LOGS, REMOTE_ACCESS};
use crate::schema::people::{AUTHENTICATION_POLICY, PRIVILEGES};

/// Pushes a gap row into each of some tables.
pub fn push<'a>(
    host: &Host<'a>,
    (product, instance): (&'static str, &'a str),
    fills: &[&'static Table],
    why: Why<'a>,
    tables: &mut Tables<'a>,
) {
    let known = |value: Value<'a>| Cell::known(value, &[]);
    for table in fills {
        let is = |other: &'static Table| std::ptr::eq(other, *table);
        // Without one of its sides there is nothing to compare.
        if is(&DRIFT) && why.code == "not-collected" {
            continue;
        }
        if is(&PRIVILEGES) {
            role_grants::push_gap(host, (product, instance), why, tables);
            continue;
        }
        let mut row = host.gap(table, product, why);
        row.instance(instance);
        if is(&LOGS) {
            row.set(const { LOGS.column("stream") }, known(Value::Word("database-audit")));
        } else if is(&REMOTE_ACCESS) {
            row.set(const { REMOTE_ACCESS.column("service") }, known(Value::Word("database")));
        } else if is(&AUTHENTICATION_POLICY) {
            row.set(const { AUTHENTICATION_POLICY.column("path") }, known(Value::Text(product)));
        }
        tables.push(row);
    }
}
