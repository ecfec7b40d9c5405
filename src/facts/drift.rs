//! What a product runs with and what its files give it, setting by setting, into the rows of `drift`.
//!
//! # For authors of products
//!
//! Where both sides were collected, make a [`Drift`], hand over both cells of each setting to [`Drift::compare`], read into types so that
//! units and spellings are the same (`10min` and `600000`, `on` and `1`), and push it. A side that has no value is left out; a side that
//! is not known gives a gap. Where one side was not collected there is nothing to say: make none.

use super::{Cell, Evidence, Host, RowBuilder, State, Tables, Value, Why};
use crate::names::Phrase;
use crate::schema::neutral::DRIFT;
use crate::snapshot::Lack;

static SPELLING: Phrase = Phrase {
    zh: "{} 的文件值与运行值写法不同，无法判断是否指同一个",
    en: "the file's value of {} and the running one are spelt differently and may mean the same",
};
static OTHER_FILE: Phrase = Phrase {
    zh: "服务器读取的是 {}，与采集到的配置文件不是同一路径",
    en: "the server reads {}, which is not where the collected file lies",
};

/// The comparison of one installation's two sides.
#[derive(Debug)]
pub struct Drift<'h, 'a> {
    host: &'h Host<'a>,
    product: &'static str,
    instance: &'a str,
    /// What shows the running values, and the main file.
    sides: [&'a str; 2],
    compared: usize,
    rows: Vec<RowBuilder<'a>>,
}

impl<'h, 'a> Drift<'h, 'a> {
    /// Of a product and its instance; the paths of what shows the running values and of the main file.
    pub fn new(host: &'h Host<'a>, (product, instance): (&'static str, &'a str), sides: [&'a str; 2]) -> Drift<'h, 'a> {
        Drift { host, product, instance, sides, compared: 0, rows: Vec::new() }
    }

    /// Compares one setting.
    pub fn compare(&mut self, setting: &'a str, file: Cell<'a>, running: Cell<'a>) {
        match (file.state, running.state) {
            (State::Unset, _) | (_, State::Unset) => {}
            (State::Known(written), State::Known(runs)) => match alike(written, runs) {
                Some(true) => self.compared += 1,
                Some(false) => self.add(setting, file, running),
                None => self.undecided(setting, file, running),
            },
            _ => self.add(setting, file, running),
        }
    }

    /// Compares one setting of which both values are known and spelt differently, so that nothing tells whether they are the same.
    pub fn undecided(&mut self, setting: &'a str, file: Cell<'a>, running: Cell<'a>) {
        self.add(setting, Cell::unknown(Why::new("other-spelling", &SPELLING, setting), file.evidence), running);
    }

    /// Compares one path: relative ones stand for another spelling, unless the end of the other is the same.
    pub fn compare_paths(&mut self, setting: &'a str, file: Cell<'a>, running: Cell<'a>) {
        let (Some(Value::Text(written)), Some(Value::Text(runs))) = (file.value(), running.value()) else {
            return self.compare(setting, file, running);
        };
        match same_path(written, runs) {
            Some(true) => self.compared += 1,
            Some(false) => self.add(setting, file, running),
            None => self.undecided(setting, file, running),
        }
    }

    /// Notes that the running server reads another file than the one that was collected; says whether it does.
    pub fn reads_another(&mut self, collected: &str, shown: &'a str, evidence: Evidence<'a>) -> bool {
        let another = canonical(shown).trim_start_matches('/') != collected.trim_matches('/');
        if another {
            let mut row = self.host.gap(&DRIFT, self.product, Why::new("other-file", &OTHER_FILE, shown));
            let unknown = Cell::unknown(Why::new("other-file", &OTHER_FILE, shown), self.host.evidence(&[evidence]));
            for column in 0..DRIFT.columns.len() {
                row.set(column, unknown);
            }
            row.instance(self.instance);
            self.rows.push(row);
        }
        another
    }

    /// Notes why a difference could be there that does not show.
    pub fn gap(&mut self, why: Why<'a>) {
        let mut row = self.host.gap(&DRIFT, self.product, why);
        row.instance(self.instance);
        self.rows.push(row);
    }

    /// A gap where what would show the running values is there and could not be read.
    pub fn unread(host: &'h Host<'a>, place: (&'static str, &'a str), (path, lack): (&'a str, Lack), tables: &mut Tables<'a>) {
        if !matches!(lack, Lack::Absent | Lack::NotCollected) {
            let mut drift = Drift::new(host, place, [path; 2]);
            drift.gap(Why::lacking(path, lack));
            drift.push(tables);
        }
    }

    /// Adds the row of a setting; a gap where one of its values is not known.
    fn add(&mut self, setting: &'a str, file: Cell<'a>, running: Cell<'a>) {
        let evidence = self.host.evidence(&both_sides(file.evidence, running.evidence));
        let shown = |cell: Cell<'a>| match cell.state {
            State::Known(value) => Cell::known(Value::Text(self.written(value)), evidence),
            State::Unset => Cell::unset(evidence),
            State::Unknown(why, _) => Cell::unknown(why, evidence),
        };
        let mut row = self.host.row(&DRIFT, self.product);
        row.gap = file.value().is_none() || running.value().is_none();
        row.instance(self.instance);
        row.set(const { DRIFT.column("setting") }, Cell::known(Value::Text(setting), evidence))
            .set(const { DRIFT.column("file-value") }, shown(file))
            .set(const { DRIFT.column("running-value") }, shown(running));
        self.rows.push(row);
    }

    /// A value as a text that shows even where it is empty.
    fn written(&self, value: Value<'a>) -> &'a str {
        match value {
            Value::Text("") => "\"\"",
            Value::Text(text) => text,
            value => self.host.text(&value.to_string()),
        }
    }

    /// Pushes the differences, and what was read for them.
    pub fn push(self, tables: &mut Tables<'a>) {
        if self.compared > 0 {
            // One result may show both sides.
            let once = if self.sides[0] == self.sides[1] { &self.sides[..1] } else { &self.sides };
            once.iter().for_each(|path| tables.searched(&DRIFT, Evidence::Searched(path)));
        }
        self.rows.into_iter().for_each(|row| tables.push(row));
    }
}

/// What the running value rests on, then what it keeps from holding.
fn both_sides<'a>(file: &[Evidence<'a>], running: &[Evidence<'a>]) -> Vec<Evidence<'a>> {
    let mut pieces: Vec<Evidence<'a>> = running.iter().take(1).copied().collect();
    for piece in file {
        let piece = match *piece {
            Evidence::Decides(span) if !pieces.contains(piece) => Evidence::Shadowed(span),
            other => other,
        };
        if !pieces.contains(&piece) {
            pieces.push(piece);
        }
    }
    pieces
}

/// Whether two values are the same, words without regard to case; none where a part of one is not known.
fn alike(left: Value<'_>, right: Value<'_>) -> Option<bool> {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            let opaque = |item: &Value<'_>| matches!(item, Value::Opaque(_));
            if left.iter().chain(right).any(opaque) {
                return None;
            }
            let within =
                |some: &[Value<'_>], all: &[Value<'_>]| some.iter().all(|item| all.iter().any(|it| alike(*item, *it) == Some(true)));
            Some(within(left, right) && within(right, left))
        }
        (Value::Text(left), Value::Text(right)) => Some(left.eq_ignore_ascii_case(right)),
        (left, right) => Some(left == right),
    }
}

/// Whether two paths are the same; none where one of them counts from a place that is not known.
fn same_path(left: &str, right: &str) -> Option<bool> {
    let (left, right) = (canonical(left), canonical(right));
    if left == right {
        return Some(true);
    }
    let (short, long) = if left.starts_with('/') { (&right, &left) } else { (&left, &right) };
    match (short.starts_with('/') || short.is_empty(), long.starts_with('/')) {
        (true, _) => Some(false),
        (false, true) if long.ends_with(&format!("/{short}")) => Some(true),
        (false, _) => None,
    }
}

/// A path without `.`, doubled and closing slashes; `/var/run` is `/run` on every system that has both.
fn canonical(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let parts = if path.starts_with('/') && parts.starts_with(&["var", "run"]) { &parts[1..] } else { &parts };
    format!("{}{}", if path.starts_with('/') { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_path_are_one() {
        for (left, right, expected) in [
            ("/var/lib/x/", "/var/lib//x", Some(true)),
            ("/var/run/x", "/run/x", Some(true)),
            ("log/x", "/data/log/x", Some(true)),
            ("./x", "x", Some(true)),
            ("log/x", "/data/y", None),
            ("a", "b", None),
            ("/a", "/b", Some(false)),
            ("", "/b", Some(false)),
        ] {
            assert_eq!(same_path(left, right), expected, "{left} {right}");
            assert_eq!(same_path(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn lists_are_compared_without_regard_to_order() {
        let list = |items: &'static [Value<'static>]| Value::List(items);
        const AB: &[Value<'static>] = &[Value::Text("a"), Value::Text("b")];
        const BA: &[Value<'static>] = &[Value::Text("B"), Value::Text("a")];
        const OPEN: &[Value<'static>] = &[Value::Text("a"), Value::Opaque("?")];
        assert_eq!(alike(list(AB), list(BA)), Some(true));
        assert_eq!(alike(list(AB), list(&AB[..1])), Some(false));
        assert_eq!(alike(list(AB), list(OPEN)), None);
        assert_eq!(alike(Value::Unlimited, Value::Duration(5)), Some(false));
    }
}
