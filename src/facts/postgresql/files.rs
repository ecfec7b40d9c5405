//! The main file, what it includes and the file of ALTER SYSTEM into one list of settings in the order in which they are read.

use std::borrow::Cow;

use super::super::{Artefact, Host, Why};
use crate::names::Phrase;
use crate::parse::postgresql_conf::{self, Include, Item};
use crate::snapshot::Lack;
use crate::source::Source;

/// How deep includes may nest: CONF_FILE_MAX_DEPTH of the server.
const DEPTH_MOST: u32 = 10;

static REFUSED: Phrase = Phrase {
    zh: "{} 有服务器不接受的行，服务器沿用更早的配置或无法启动",
    en: "the server refuses a line of {} and keeps an earlier configuration or does not start",
};

/// One setting as it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The value without quotes.
    pub value: &'a str,
    /// Where.
    pub source: &'a Source<'a>,
    /// The line.
    pub line: &'a str,
}

/// What the files set, later entries winning.
#[derive(Debug, Default)]
pub(super) struct Files<'a> {
    /// The settings, in order.
    pub entries: Vec<Entry<'a>>,
    /// Why a setting that is not there may still be set.
    pub gap: Option<Why<'a>>,
}

impl<'a> Files<'a> {
    /// The setting that wins.
    pub(super) fn last(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries.iter().rev().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// Notes why something may be missing.
    fn lacks(&mut self, why: Why<'a>) {
        self.gap = self.gap.or(Some(why));
    }
}

/// Reads a file and what it includes; `must` says that the server does not start without it.
pub(super) fn read<'a>(host: &Host<'a>, path: &'a str, must: bool, depth: u32, files: &mut Files<'a>) {
    if depth > DEPTH_MOST {
        return files.lacks(Why::budget_spent(path));
    }
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(Lack::Absent) if !must => return,
        Artefact::Lacking(lack) => return files.lacks(Why::lacking(path, lack)),
    };
    if !source.complete {
        files.lacks(Why::truncated(source.path));
    }
    for item in postgresql_conf::read(source.text) {
        if !host.spend(1) {
            return files.lacks(Why::budget_spent(path));
        }
        match item {
            Item::Setting(name, value, line) => {
                let value = match value {
                    Cow::Borrowed(value) => value,
                    Cow::Owned(value) => host.text(&value),
                };
                files.entries.push(Entry { name, value, source, line });
            }
            Item::Include(kind, name, _) => include(host, source.path, kind, &name, depth, files),
            Item::Opaque(line) => {
                // What cannot be read may be a part of a secret.
                source.hide(line);
                files.lacks(Why::new("not-understood", &REFUSED, source.path));
            }
        }
    }
}

/// Follows an include, whose path counts from the folder of the file that names it.
fn include<'a>(host: &Host<'a>, from: &str, kind: Include, name: &str, depth: u32, files: &mut Files<'a>) {
    let path = resolved(from, name);
    match kind {
        Include::File => read(host, host.text(&path), true, depth + 1, files),
        Include::IfExists => read(host, host.text(&path), false, depth + 1, files),
        Include::Directory => {
            let found = host.matching(&format!("{path}/*.conf"));
            if let Some((path, lack)) = found.gap {
                files.lacks(Why::lacking(path, lack));
            }
            for path in found.paths {
                read(host, path, true, depth + 1, files);
            }
        }
    }
}

/// A path as a file names it, without a leading slash.
pub(super) fn resolved(from: &str, name: &str) -> String {
    let folder = if name.starts_with('/') { "" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
