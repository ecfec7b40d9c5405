//! logrotate's files, in the order in which it reads them, into blocks with the options in force.
//!
//! Options outside of blocks hold from where they stand, also when they stand in an included file; an included file that logrotate
//! finds an error in changes nothing for the files after it. Behaviour of 3.21; documented in logrotate(8).

use super::options::{Harm, Options};
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::names::Phrase;
use crate::parse::logrotate::{self, Item};
use crate::reckon::glob;
use crate::snapshot::{Kind, Lack};
use crate::source::Source;
use foldhash::HashSet;

/// The main file.
pub const MAIN: &str = "etc/logrotate.conf";

/// The deepest nesting of includes that logrotate follows.
const INCLUDES_DEEPEST: usize = 16;

/// The endings for which files of an included directory are left out (3.21; logrotate(8) lists all but `.bak`).
const TABOO: &[&str] = &[
    "*,v",
    "*.bak",
    "*.cfsaved",
    "*.disabled",
    "*.dpkg-bak",
    "*.dpkg-del",
    "*.dpkg-dist",
    "*.dpkg-new",
    "*.dpkg-old",
    "*.dpkg-tmp",
    "*.rhn-cfg-tmp-*",
    "*.rpmnew",
    "*.rpmorig",
    "*.rpmsave",
    "*.swp",
    "*.ucf-dist",
    "*.ucf-new",
    "*.ucf-old",
    "*~",
];

static TRUNCATED: Phrase = Phrase { zh: "{} 只采集到前一部分", en: "{} was collected only in part" };
static WRITABLE: Phrase = Phrase {
    zh: "{} 可被组或其他用户写入，logrotate 不读取它",
    en: "{} is writable by its group or others, so that logrotate does not read it",
};
static NESTED: Phrase = Phrase { zh: "{} 的 include 嵌套过深", en: "includes in {} are nested too deep" };

/// All that logrotate's configuration says.
#[derive(Clone, Copy, Debug)]
pub struct Blocks<'a> {
    /// The blocks in order.
    pub list: &'a [Block<'a>],
    /// What was not read or not understood.
    pub gaps: &'a [Gap<'a>],
}

/// One block with the options in force at its end.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The file that it stands in.
    pub source: &'a Source<'a>,
    /// Its names as written.
    pub head: &'a str,
    /// Its names.
    pub names: &'a [Name<'a>],
    /// The options.
    pub options: Options<'a>,
    /// The text for which logrotate gives it up.
    pub fault: Option<&'a str>,
}

/// A path or glob that a block is about.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    /// Without quotes.
    pub path: &'a str,
    /// As it stands in the file.
    pub text: &'a str,
}

/// Something that was not read or not understood.
#[derive(Clone, Copy, Debug)]
pub struct Gap<'a> {
    /// The number of blocks that come before it for certain.
    pub after: usize,
    /// Why.
    pub why: Why<'a>,
    /// The text that names it, or that was not understood.
    pub evidence: &'a [Evidence<'a>],
}

/// Reads the main file and all that it includes; or says what keeps it from being read.
pub fn read<'a>(host: &Host<'a>) -> Result<Blocks<'a>, Lack> {
    let main = match host.file(MAIN) {
        Artefact::Text(source) => Some(source),
        Artefact::Lacking(Lack::NotCollected) if !host.matching("etc/logrotate.d/*").paths.is_empty() => None,
        Artefact::Lacking(lack) => return Err(lack),
    };
    let taboo = TABOO.iter().map(|pattern| (*pattern).to_owned()).collect();
    let mut walk =
        Walk { host, options: Options::DEFAULT, taboo, blocks: Vec::new(), paths: HashSet::default(), gaps: Vec::new(), depth: 0 };
    match main {
        Some(main) => {
            walk.file(main);
        }
        None => walk.without_main(),
    }
    let blocks = host.arena().alloc_slice_copy(&walk.blocks);
    let gaps = host.arena().alloc_slice_copy(&walk.gaps);
    Ok(Blocks { list: blocks, gaps })
}

/// Where reading has come to.
struct Walk<'h, 'a> {
    host: &'h Host<'a>,
    options: Options<'a>,
    taboo: Vec<String>,
    blocks: Vec<Block<'a>>,
    paths: HashSet<&'a str>,
    gaps: Vec<Gap<'a>>,
    depth: usize,
}

impl<'a> Walk<'_, 'a> {
    /// Reads the directory that every distribution's main file includes, where the main file itself was not collected: what a block
    /// does not set for itself is not known, and a block of the main file may come first.
    fn without_main(&mut self) {
        self.gap(Why::lacking(MAIN, Lack::NotCollected), &[]);
        self.directory("etc/logrotate.d", &[]);
        for block in &mut self.blocks {
            if block.options.count.set_by.is_none() || block.options.criterion.set_by.is_none() {
                block.fault = block.fault.or(Some(block.head));
            }
        }
    }

    /// Reads one file; false where logrotate finds an error in it.
    fn file(&mut self, source: &'a Source<'a>) -> bool {
        if self.host.asset().look(source.path).mode.is_some_and(|mode| mode & 0o022 != 0) {
            self.gap(Why::new("not-read", &WRITABLE, source.path), &[]);
            return false;
        }
        let mut good = true;
        for item in logrotate::read(source.text).items {
            let lost = match item {
                Item::Directive(directive) => (!self.directive(source, &directive)).then_some(directive.text),
                Item::Block(block) => {
                    good &= self.block(source, block);
                    None
                }
                Item::Fault(text) => Some(text),
            };
            if let Some(text) = lost {
                self.gap(Why::not_understood(text), &[Evidence::Decides(source.span(text))]);
                return false;
            }
        }
        if !source.complete {
            // The last block that was read may go on.
            let open = self.blocks.len().saturating_sub(1);
            self.gap(Why::new("truncated", &TRUNCATED, source.path), &[Evidence::Reference(source.whole())]);
            self.gaps.iter_mut().rev().take(1).for_each(|gap| gap.after = open);
        }
        good
    }

    /// Takes in a directive outside of blocks; false where logrotate gives up the file for it.
    fn directive(&mut self, source: &'a Source<'a>, directive: &logrotate::Directive<'a>) -> bool {
        match directive.name {
            "include" => self.include(source, directive),
            "tabooext" => self.taboo(directive.argument, "*"),
            "taboopat" => self.taboo(directive.argument, ""),
            _ => return self.options.apply(source, directive).is_ok(),
        }
        true
    }

    /// Replaces or extends the names that are left out; endings and patterns are one list.
    fn taboo(&mut self, argument: &str, before: &str) {
        let more = argument.strip_prefix('+');
        if more.is_none() {
            self.taboo.clear();
        }
        let names = more.unwrap_or(argument).split([' ', '\t', ',']).filter(|name| !name.is_empty());
        self.taboo.extend(names.map(|name| format!("{before}{name}")));
    }

    /// Keeps a block; false where it has an error.
    fn block(&mut self, source: &'a Source<'a>, block: logrotate::Block<'a>) -> bool {
        let arena = self.host.arena();
        if !self.host.spend(1 + block.patterns.len() as u64) {
            self.gap(Why::budget_spent(source.path), &[]);
            return false;
        }
        let names: Vec<Name<'a>> =
            block.patterns.iter().map(|pattern| Name { path: arena.alloc_str(&pattern.path), text: pattern.text }).collect();
        let mut options = self.options;
        let mut fault = block.fault;
        for directive in &block.directives {
            let misplaced = matches!(directive.name, "include" | "tabooext" | "taboopat");
            match options.apply(source, directive) {
                Ok(()) if !misplaced => {}
                Err(Harm::File) => {
                    self.gap(Why::not_understood(directive.text), &[Evidence::Decides(source.span(directive.text))]);
                    return false;
                }
                Ok(()) | Err(Harm::Block) => fault = fault.or(Some(directive.text)),
            }
        }
        let again = names.iter().filter(|name| !self.paths.insert(name.path)).count() > 0;
        self.blocks.push(Block { source, head: block.head, names: arena.alloc_slice_copy(&names), options, fault });
        fault.is_none() && !again
    }

    /// Reads what an `include` names: a file, or the files of a directory in the order of their names.
    fn include(&mut self, source: &'a Source<'a>, directive: &logrotate::Directive<'a>) {
        let evidence = [Evidence::Reference(source.span(directive.text))];
        let path = directive.argument.trim_end_matches('/');
        if self.depth >= INCLUDES_DEEPEST {
            return self.gap(Why::new("nested-too-deep", &NESTED, source.path), &evidence);
        }
        let Some(path) = path.strip_prefix('/') else {
            return self.gap(Why::not_understood(directive.text), &evidence);
        };
        let look = self.host.asset().look(path);
        match (look.lack, look.kind) {
            (None, Some(Kind::Directory)) => self.directory(path, &evidence),
            // logrotate says so and reads on.
            (Some(Lack::Absent), _) => {}
            (Some(lack), _) => self.gap(Why::lacking(self.host.text(path), lack), &evidence),
            (None, _) => self.included(path, &evidence),
        }
    }

    /// Reads the files of an included directory.
    fn directory(&mut self, path: &str, evidence: &[Evidence<'a>]) {
        let plain = self.host.matching(&format!("{path}/*"));
        let hidden = self.host.matching(&format!("{path}/.*"));
        if let Some((directory, lack)) = plain.gap {
            self.gap(Why::lacking(directory, lack), evidence);
        }
        let mut files: Vec<&str> = plain.paths.iter().chain(hidden.paths).copied().collect();
        files.sort_unstable();
        for file in files {
            let name = &file[path.len() + 1..];
            if !self.taboo.iter().any(|pattern| glob::matches(pattern, name)) {
                self.included(file, evidence);
            }
        }
    }

    /// Reads one included file; after an error in it, the options are what they were before it.
    fn included(&mut self, path: &str, evidence: &[Evidence<'a>]) {
        match self.host.file(path) {
            Artefact::Text(source) => {
                let before = self.options;
                self.depth += 1;
                if !self.file(source) {
                    self.options = before;
                }
                self.depth -= 1;
            }
            // A directory in a directory is not read.
            Artefact::Lacking(Lack::Absent | Lack::OtherKind) => {}
            Artefact::Lacking(lack) => self.gap(Why::lacking(self.host.text(path), lack), evidence),
        }
    }

    fn gap(&mut self, why: Why<'a>, evidence: &[Evidence<'a>]) {
        self.gaps.push(Gap { after: self.blocks.len(), why, evidence: self.host.evidence(evidence) });
    }
}
