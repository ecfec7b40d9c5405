//! Lists, with where they are used, into the rows of `access-rules`.

use super::super::device::cells::Device;
use super::List;
use crate::facts::joined::access_rules::{self, Part};
use crate::facts::{Tables, Value, Why};
use crate::names::Phrase;
use crate::source::Span;

static UNCLEAR: Phrase =
    Phrase { zh: "对象、组或掩码无法确定：{}", en: "an object, group or mask of it is not known exactly: {}" };

/// Where a list is used: words of the column `applied-to`, and the lines that say so.
pub(in crate::facts) type Uses = Vec<(&'static str, Span)>;

/// Adds the rows of every list.
pub(in crate::facts) fn push_rows<'a>(
    device: &Device<'_, 'a>,
    tables: &mut Tables<'a>,
    product: &'static str,
    lists: &[List<'a>],
    uses: impl Fn(&List<'a>) -> Uses,
) {
    let rows: Vec<access_rules::List<'a>> = lists.iter().map(|list| one(device, lists, list, uses(list))).collect();
    access_rules::push_rows(device.host, tables, product, &rows);
}

fn one<'a>(device: &Device<'_, 'a>, all: &[List<'a>], list: &List<'a>, uses: Uses) -> access_rules::List<'a> {
    let shared = list.six && all.iter().any(|other| !other.six && other.name == list.name);
    let name = if shared { device.host.text(&format!("ipv6 {}", list.name)) } else { list.name };
    let lines = list.lines.iter().map(|line| {
        let why = Why::new("not-exact", &UNCLEAR, line.node.text());
        let unclear = [
            (line.sources_unclear, Part::Sources),
            (line.destinations_unclear, Part::Destinations),
            (line.services_unclear, Part::Services),
        ];
        access_rules::Line {
            unclear: unclear.into_iter().filter(|(is, _)| *is).map(|(_, part)| (part, why)).collect(),
            references: line.references.iter().map(|node| device.span(*node)).collect(),
            logged: device.decided(Value::Boolean(line.logged), line.node),
            time_window: line.time_range,
            ..access_rules::Line::new(line.name, device.span(line.node), line.entry.clone())
        }
    });
    let unknown = device.cut().filter(|_| uses.is_empty());
    access_rules::List {
        header: Some(device.span(list.header)),
        uses: unknown.map_or(Ok(uses), Err),
        ..access_rules::List::new(name, lines.collect())
    }
}
