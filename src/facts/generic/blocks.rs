//! A text into a row for each of its blocks.

use super::{Viewing, secrets};
use crate::facts::{Cell, Evidence, Value};
use crate::parse::blocks::{self, Block};
use crate::schema::generic::{BLOCKS, From, Style};
use crate::source::Source;

/// Adds the rows of a text.
pub(super) fn rows<'a>(viewing: &mut Viewing<'_, 'a>, source: &'a Source<'a>, style: Style, comments: &[String]) {
    let document = match style {
        Style::Braces => blocks::braced(source.text, comments),
        Style::Indent => blocks::indented(source.text, comments),
    };
    for block in &document.blocks {
        let parent = block.parent.map(|parent| &document.blocks[parent]);
        let cells = cells(viewing, source, block, parent);
        if !viewing.push(source.path, cells) {
            return;
        }
    }
    document.opaque.into_iter().for_each(|part| viewing.not_understood(source, part));
}

/// The cells of one block.
fn cells<'a>(viewing: &Viewing<'_, 'a>, source: &'a Source<'a>, block: &Block<'a>, parent: Option<&Block<'a>>) -> &'a [Cell<'a>] {
    let host = viewing.host;
    let cells = viewing.cells(source.path);
    let opens = host.evidence(&[Evidence::Decides(source.span(block.header))]);
    let (kind, name) = block.header.split_once([' ', '\t']).unwrap_or((block.header, ""));
    let line = i64::try_from(block.line).unwrap_or(i64::MAX);
    cells[const { BLOCKS.column("block") }] = Cell::known(Value::Integer(line), &[]);
    cells[const { BLOCKS.column("kind") }] = Cell::known(Value::Text(kind), opens);
    cells[const { BLOCKS.column("name") }] = Cell::known(Value::Text(name.trim()), opens);
    if let Some(parent) = parent {
        let around = host.evidence(&[Evidence::Scope(source.span(parent.header))]);
        cells[const { BLOCKS.column("parent") }] = Cell::known(Value::Text(parent.header), around);
    }
    for (cell, declared) in cells[BLOCKS.columns.len()..].iter_mut().zip(&viewing.view.declared) {
        let From::Template(template) = &declared.from else { continue };
        let mut items = Vec::new();
        let mut evidence = Vec::new();
        for line in &block.lines {
            if let Some(held) = fitted(template, secrets::line(host, source, line)) {
                items.push(held);
                evidence.push(Evidence::Decides(source.span(line)));
            }
        }
        // A block without such a line is shown by the line that opens it.
        evidence.push(Evidence::Scope(source.span(block.header)));
        *cell = Cell::known(host.texts(&items), host.evidence(&evidence));
    }
    cells
}

/// What a line holds where a template has `{}` or `{*}`, from the first such word to the last; all of it where the template has none.
fn fitted<'a>(template: &[String], line: &'a str) -> Option<&'a str> {
    let mut words = line.split_whitespace();
    let mut held: Option<(&'a str, &'a str)> = None;
    for pattern in template {
        if pattern == "{*}" {
            let rest = words.next()?;
            let first = held.map_or(rest, |(first, _)| first);
            return Some(&line[offset(line, first)..]);
        }
        let word = words.next()?;
        if pattern == "{}" {
            held = Some((held.map_or(word, |(first, _)| first), word));
        } else if pattern != word {
            return None;
        }
    }
    if words.next().is_some() {
        return None;
    }
    let (first, last) = held.unwrap_or((line, line));
    Some(&line[offset(line, first)..offset(line, last) + last.len()])
}

/// Where a part of a line begins in it.
fn offset(line: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize)
}
