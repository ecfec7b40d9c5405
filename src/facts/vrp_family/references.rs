//! Names that statements use (access lists, time ranges) into the rows of `references`.

use super::Family;
use super::keywords::keywords;
use super::lists::{self, AccessList};
use super::sources::Applied;
use super::time::TimeRanges;
use crate::facts::{Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::REFERENCES;

impl<'a> Family<'_, 'a> {
    /// Adds a row for each use.
    pub(in crate::facts) fn push_references(&self, tables: &mut Tables<'a>, lists: &[AccessList<'a>], ranges: &TimeRanges<'a>) {
        for node in self.device.config.tree.all().filter(|node| !node.is_opaque() && !node.starts("acl name") && !node.starts("undo")) {
            let definition = node.depth() == 0 && node.starts("acl");
            if let Some(applied) = Applied::of(node).filter(|_| !definition && !node.starts("description") && !node.starts("rule")) {
                let defined = lists::find(lists, applied.name, applied.six).map(|list| list.header);
                self.push_reference(tables, "list", applied.name, node, defined);
            }
            let words: Vec<&'a str> = if node.starts("rule") || node.starts("local-user") { keywords(node).collect() } else { Vec::new() };
            let range = words.iter().position(|word| *word == "time-range").and_then(|at| words.get(at + 1));
            if let Some(name) = range {
                self.push_reference(tables, "profile", name, node, ranges.find(name));
            }
        }
    }

    fn push_reference(&self, tables: &mut Tables<'a>, kind: &'static str, name: &'a str, node: Node<'a>, defined: Option<Node<'a>>) {
        let known = |value| self.device.decided(value, node);
        let within = node.parent().map_or(String::new(), |above| format!("{}: ", above.text()));
        // Of SNMP the words behind are names that are secrets.
        let shown = if node.starts("snmp-agent") { 2 } else { 4 };
        let used_at = self.device.host.text(&format!("{within}{}", keywords(node).take(shown).collect::<Vec<_>>().join(" ")));
        let exists = match defined {
            Some(defined) => self.device.decided_by(Value::Boolean(true), &[node, defined]),
            None => self.device.unless_cut(known(Value::Boolean(false))),
        };
        let mut row = self.device.host.row(&REFERENCES, self.product);
        row.set(const { REFERENCES.column("kind") }, known(Value::Word(kind)))
            .set(const { REFERENCES.column("name") }, known(Value::Text(name)))
            .set(const { REFERENCES.column("used-at") }, known(Value::Text(used_at)))
            .set(const { REFERENCES.column("defined") }, exists);
        tables.push(row);
    }
}
