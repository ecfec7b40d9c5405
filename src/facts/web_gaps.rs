//! A web server whose configuration was not read into gap rows, with the words by which rules select such rows.

use super::{Cell, Host, Tables, Value, Why};
use crate::schema::Table;
use crate::schema::neutral::{CRYPTO, LOGS, REMOTE_ACCESS, SERVICES};

/// Pushes a gap row into each of a server's own tables and the neutral ones that web servers fill.
pub fn push<'a>(
    host: &Host<'a>,
    (product, instance): (&'static str, &'a str),
    own: &[&'static Table],
    why: Why<'a>,
    tables: &mut Tables<'a>,
) {
    let known = |value: Value<'a>| Cell::known(value, &[]);
    for table in own.iter().copied().chain([&CRYPTO, &REMOTE_ACCESS, &SERVICES]) {
        let mut row = host.gap(table, product, why);
        row.instance(instance);
        if std::ptr::eq(table, &SERVICES) {
            row.set(const { SERVICES.column("name") }, known(Value::Text(product)));
        } else if std::ptr::eq(table, &CRYPTO) {
            row.set(const { CRYPTO.column("context") }, known(Value::Text(product)));
        }
        tables.push(row);
    }
    for stream in ["web-access", "web-error"] {
        let mut row = host.gap(&LOGS, product, why);
        row.instance(why.subject).set(const { LOGS.column("stream") }, known(Value::Word(stream)));
        tables.push(row);
    }
}
