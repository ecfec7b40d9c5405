//! The main file of sudoers(5) and what it includes into entries in the order in which sudo reads them.

use super::{Gap, Reference};
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::parse::sudoers::{self as syntax, Entry, Kind};
use crate::snapshot::Lack;
use crate::source::Source;

/// The deepest nesting of includes that sudo allows (sudoers(5)).
const DEPTH_MOST: usize = 128;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Sudoers<'a> {
    /// Entries that are no includes, with the file of each.
    pub(super) entries: Vec<(&'a Source<'a>, Entry<'a>)>,
    /// What is incomplete.
    pub(super) gaps: Vec<Gap<'a>>,
    /// Files that are named.
    pub(super) references: Vec<Reference<'a>>,
}

/// Reads the main file and what it includes.
pub(super) fn read<'a>(host: &Host<'a>, path: &'a str) -> Sudoers<'a> {
    let mut sudoers = Sudoers::default();
    sudoers.add_file(host, path, &mut Vec::new(), &[]);
    sudoers
}

impl<'a> Sudoers<'a> {
    /// Adds a file at its place; one that is being read already would include itself without end.
    fn add_file(&mut self, host: &Host<'a>, path: &'a str, stack: &mut Vec<&'a str>, evidence: &'a [Evidence<'a>]) {
        let source = match host.file(path) {
            Artefact::Text(source) => source,
            Artefact::Lacking(Lack::Absent | Lack::OtherKind) => return,
            Artefact::Lacking(lack) => return self.gaps.push(Gap { why: Why::lacking(path, lack), evidence }),
        };
        if stack.len() >= DEPTH_MOST || stack.contains(&path) || !host.spend(1) {
            return self.gaps.push(Gap { why: Why::budget_spent(path), evidence });
        }
        stack.push(path);
        self.add_text(host, source, stack);
        stack.pop();
        if !source.complete {
            self.gaps.push(Gap { why: Why::truncated(source.path), evidence });
        }
    }

    /// Adds the entries of a text, includes at their places.
    fn add_text(&mut self, host: &Host<'a>, source: &'a Source<'a>, stack: &mut Vec<&'a str>) {
        let document = syntax::read(source.text);
        for line in document.opaque {
            let evidence = host.evidence(&[Evidence::Decides(source.span(line))]);
            self.gaps.push(Gap { why: Why::not_understood(source.path), evidence });
        }
        for entry in document.entries {
            match entry.kind {
                Kind::Include { path, directory } => self.add_include(host, source, &entry, path, directory, stack),
                _ if host.spend(1) => self.entries.push((source, entry)),
                _ => return self.gaps.push(Gap { why: Why::budget_spent(source.path), evidence: &[] }),
            }
        }
    }

    /// Adds what an include names.
    fn add_include(
        &mut self,
        host: &Host<'a>,
        source: &'a Source<'a>,
        entry: &Entry<'a>,
        path: &'a str,
        directory: bool,
        stack: &mut Vec<&'a str>,
    ) {
        let evidence = host.evidence(&[Evidence::Decides(source.span(entry.line))]);
        let target = match resolve(host, source, path) {
            Ok(target) => target,
            Err(why) => return self.gaps.push(Gap { why, evidence }),
        };
        if directory {
            self.add_directory(host, target, stack, evidence);
            return;
        }
        let defined = match host.file(target) {
            Artefact::Text(_) => Ok(true),
            Artefact::Lacking(Lack::Absent | Lack::Dangling) => Ok(false),
            Artefact::Lacking(lack) => Err(Why::lacking(target, lack)),
        };
        self.references.push(Reference { kind: "include", name: target, used_at: source.path, defined, evidence });
        if defined != Ok(false) {
            self.add_file(host, target, stack, evidence);
        }
    }

    /// Adds the files of a directory in byte order, without those that sudo passes over: names with a dot or a `~` at the end.
    fn add_directory(&mut self, host: &Host<'a>, directory: &'a str, stack: &mut Vec<&'a str>, evidence: &'a [Evidence<'a>]) {
        let matches = host.matching(&format!("{directory}/*"));
        for path in matches.paths {
            let name = path.rsplit('/').next().unwrap_or_default();
            if !name.contains('.') && !name.ends_with('~') {
                self.add_file(host, path, stack, evidence);
            }
        }
        if let Some((path, lack)) = matches.gap {
            self.gaps.push(Gap { why: Why::lacking(path, lack), evidence });
        }
    }
}

/// The path that an include means: relative ones lie beside the file that includes them, `%h` is the short name of the host.
fn resolve<'a>(host: &Host<'a>, source: &Source<'a>, path: &'a str) -> Result<&'a str, Why<'a>> {
    let path = syntax::unescaped(path);
    let path = match path.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => match source.path.rsplit_once('/') {
            Some((directory, _)) => format!("{directory}/{path}"),
            None => path.into_owned(),
        },
    };
    let path = normal(&path);
    if !path.contains("%h") {
        return Ok(host.text(&path));
    }
    match host.file("etc/hostname") {
        Artefact::Text(name) => {
            let name = name.text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
            Ok(host.text(&path.replace("%h", name.split('.').next().unwrap_or_default())))
        }
        Artefact::Lacking(lack) => Err(Why::lacking("etc/hostname", lack)),
    }
}

/// A path without empty names, `.` and `..`, so that a file that includes itself is known by its path.
fn normal(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    names.join("/")
}
