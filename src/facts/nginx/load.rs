//! The main file and what it includes into one tree of directives.
//!
//! `include` is taken literally: relative to the folder of the main file, names in byte order where it is a glob, and a glob that matches
//! nothing is no error. What could not be read is a gap of the block in which the `include` stands.

use crate::facts::{Artefact, Evidence, Host, Why};
use crate::parse::nginx;
use crate::reckon::glob;
use crate::source::Source;

/// The most files inside one another.
const DEPTH_MOST: usize = 24;

/// One directive and where it stands.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The words after its name.
    pub words: Vec<&'a str>,
    /// Its name.
    pub name: &'a str,
    /// It as it is written, up to its `;` or `{`.
    pub text: &'a str,
    /// The file.
    pub source: &'a Source<'a>,
    /// What stands in its block.
    pub block: Option<Block<'a>>,
}

impl<'a> Entry<'a> {
    /// The word of a number after the name.
    pub(super) fn word(&self, number: usize) -> &'a str {
        self.words.get(number).copied().unwrap_or_default()
    }

    /// The evidence that it decides something.
    pub(super) fn decides(&self) -> Evidence<'a> {
        Evidence::Decides(self.source.span(self.text))
    }

    /// The words after the name, as one text.
    pub(super) fn joined(&self, host: &Host<'a>) -> &'a str {
        match self.words.as_slice() {
            [one] => one,
            words => host.text(&words.join(" ")),
        }
    }
}

/// The directives of a block, those of included files in their place.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    /// The directives.
    pub entries: Vec<Entry<'a>>,
    /// Why there could be more of them.
    pub gaps: Vec<Why<'a>>,
}

impl<'a> Block<'a> {
    /// Every directive of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| entry.name == name)
    }

    /// The first gap in it or in any block inside.
    pub(super) fn gap_anywhere(&self) -> Option<Why<'a>> {
        let inner = || self.entries.iter().filter_map(|entry| entry.block.as_ref()).find_map(Block::gap_anywhere);
        self.gaps.first().copied().or_else(inner)
    }
}

/// Reads the configuration whose main file is this source.
pub(super) fn load<'a>(host: &Host<'a>, main: &'a Source<'a>) -> Block<'a> {
    let folder = main.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut loader = Loader { host, folder, files: Vec::new() };
    let mut block = Block::default();
    loader.file(main, &mut block);
    block
}

/// What is being read.
struct Loader<'h, 'a> {
    host: &'h Host<'a>,
    folder: &'a str,
    /// Paths of the files that are open, outermost first.
    files: Vec<&'a str>,
}

impl<'a> Loader<'_, 'a> {
    /// Puts a file's directives into a block.
    fn file(&mut self, source: &'a Source<'a>, block: &mut Block<'a>) {
        if self.files.len() >= DEPTH_MOST || self.files.contains(&source.path) {
            return block.gaps.push(Why::not_understood(source.path));
        }
        self.files.push(source.path);
        let document = nginx::read(source.text);
        self.directives(source, document.directives, block);
        block.gaps.extend(document.issues.iter().map(|text| Why::not_understood(text)));
        if !source.complete {
            block.gaps.push(Why::truncated(source.path));
        }
        self.files.pop();
    }

    /// Puts directives into a block.
    fn directives(&mut self, source: &'a Source<'a>, directives: Vec<nginx::Directive<'a>>, block: &mut Block<'a>) {
        for directive in directives {
            if !self.host.spend(1) {
                return block.gaps.push(Why::budget_spent(source.path));
            }
            let mut words = directive.words.into_iter().map(|word| match word {
                std::borrow::Cow::Borrowed(word) => word,
                std::borrow::Cow::Owned(word) => self.host.text(&word),
            });
            let Some(name) = words.next() else { continue };
            let words: Vec<&'a str> = words.collect();
            if name == "include" {
                self.include(words.first().copied().unwrap_or_default(), block);
                continue;
            }
            let inner = directive.block.map(|directives| {
                let mut inner = Block::default();
                self.directives(source, directives, &mut inner);
                if directive.unclosed {
                    inner.gaps.push(Why::truncated(source.path));
                }
                inner
            });
            block.entries.push(Entry { words, name, text: directive.text, source, block: inner });
        }
    }

    /// Puts what an `include` names into a block.
    fn include(&mut self, pattern: &'a str, block: &mut Block<'a>) {
        let path = if pattern.starts_with('/') {
            self.host.text(pattern.trim_start_matches('/'))
        } else {
            self.host.text(&format!("{}/{pattern}", self.folder))
        };
        if !glob::is_pattern(path) {
            return self.named(path, block);
        }
        let matches = self.host.matching(path);
        for path in matches.paths {
            self.named(path, block);
        }
        if let Some((directory, lack)) = matches.gap {
            block.gaps.push(Why::lacking(directory, lack));
        }
    }

    /// Puts the file at a path into a block.
    fn named(&mut self, path: &'a str, block: &mut Block<'a>) {
        match self.host.file(path) {
            Artefact::Text(source) => self.file(source, block),
            Artefact::Lacking(lack) => block.gaps.push(Why::lacking(path, lack)),
        }
    }
}
