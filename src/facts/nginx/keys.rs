//! `ssl_certificate_key` into who may read the private keys.

use super::load::{Block, Entry};
use crate::facts::{Cell, Evidence, Host, Tables, Value, Why};
use crate::names::Phrase;
use crate::schema::web::NGINX_KEYS as TABLE;

/// The most keys of one installation.
const KEYS_MOST: usize = 2_000;

static NOT_RECORDED: Phrase = Phrase { zh: "快照没有记录 {} 的属主和权限", en: "the snapshot records no owner and mode of {}" };

/// Pushes the rows of the keys that a tree of blocks names, one per path.
pub(super) fn push<'a>(host: &Host<'a>, tables: &mut Tables<'a>, (instance, main): (&'a str, &'a str), root: &Block<'a>) {
    if !tables.wants(&TABLE) {
        return;
    }
    let mut lines: Vec<&Entry<'a>> = Vec::new();
    gather(root, &mut lines);
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    for line in lines {
        let written = line.word(0);
        let path = match written.strip_prefix('/') {
            Some(path) => path,
            None => host.text(&format!("{folder}/{written}")),
        };
        let by = host.evidence(&[line.decides()]);
        let kind = match written {
            _ if written.contains('$') => "variable",
            _ if written.starts_with("engine:") || written.starts_with("store:") => "engine",
            _ if written.starts_with("data:") => "data",
            _ => "file",
        };
        let (mode, owner, group) =
            if kind == "file" { recorded(host, path, line) } else { (Cell::unset(by), Cell::unset(by), Cell::unset(by)) };
        let mut row = host.row(&TABLE, super::NAME);
        row.instance(instance)
            .set(const { TABLE.column("key") }, Cell::known(Value::Text(if kind == "file" { path } else { kind }), by))
            .set(const { TABLE.column("kind") }, Cell::known(Value::Word(kind), by))
            .set(const { TABLE.column("mode") }, mode)
            .set(const { TABLE.column("owner") }, owner)
            .set(const { TABLE.column("group") }, group);
        tables.push(row);
    }
}

/// Adds the lines of a block and of those inside that name a key which none before names.
fn gather<'t, 'a>(block: &'t Block<'a>, lines: &mut Vec<&'t Entry<'a>>) {
    for entry in &block.entries {
        let known = || lines.iter().any(|line| line.word(0) == entry.word(0));
        if entry.name == "ssl_certificate_key" && lines.len() < KEYS_MOST && !known() {
            lines.push(entry);
        }
        if let Some(inner) = &entry.block {
            gather(inner, lines);
        }
    }
}

/// What the snapshot records of a file: mode, owner and group.
fn recorded<'a>(host: &Host<'a>, path: &'a str, line: &Entry<'a>) -> (Cell<'a>, Cell<'a>, Cell<'a>) {
    let look = host.look(path);
    let evidence = host.evidence(&[line.decides()]);
    let unknown = |why| Cell::unknown(why, evidence);
    let why = match look.lack {
        Some(lack) if look.mode.is_none() => Why::lacking(path, lack),
        _ => Why::new("not-recorded", &NOT_RECORDED, path),
    };
    let text = |value: Option<String>| match value {
        Some(value) => {
            Cell::known(Value::Text(host.text(&value)), host.evidence(&[Evidence::Recorded(path, host.text(&value)), line.decides()]))
        }
        None => unknown(why),
    };
    let mode = match look.mode {
        Some(bits) => {
            let shown = host.text(&Value::Mode(bits).to_string());
            Cell::known(Value::Mode(bits), host.evidence(&[Evidence::Recorded(path, shown), line.decides()]))
        }
        None => unknown(why),
    };
    (mode, text(look.owner), text(look.group))
}
