//! The main file and what it includes into one tree of directives, as httpd puts it together while it reads.
//!
//! Variables, `LoadModule`, `Define` and conditions on them take effect in the order in which they are read. What hangs on something that
//! the snapshot does not show stays in the tree as an entry that perhaps holds; what could not be read is an entry that could be anything.

use super::environment::Environment;
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::names::Phrase;
use crate::parse::apache;
use crate::reckon::glob;
use crate::snapshot::Lack;
use crate::source::Source;

/// The most files inside one another: httpd's own limit (`AP_MAX_INCLUDE_DEPTH`).
const DEPTH_MOST: usize = 20;

static CONDITION: Phrase =
    Phrase { zh: "条件 {} 是否成立，静态无法判定", en: "whether {} holds is not decided by the configuration alone" };

/// One directive, or one section, and where it stands.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Its name in lower case; empty for what could not be read.
    pub name: &'a str,
    /// The words after the name, variables put in.
    pub words: Vec<&'a str>,
    /// It as it is written.
    pub text: &'a str,
    /// The file.
    pub source: &'a Source<'a>,
    /// What stands in the section.
    pub block: Option<Block<'a>>,
    /// Why it is not known whether it holds, or what it is.
    pub perhaps: Option<Why<'a>>,
}

/// The directives of a section, those of included files in their place.
pub(super) type Block<'a> = Vec<Entry<'a>>;

impl<'a> Entry<'a> {
    /// The word of a number after the name.
    pub(super) fn word(&self, number: usize) -> &'a str {
        self.words.get(number).copied().unwrap_or_default()
    }

    /// The evidence that it decides something.
    pub(super) fn decides(&self) -> Evidence<'a> {
        Evidence::Decides(self.source.span(self.text.lines().next().unwrap_or_default()))
    }

    /// Why it could be one of these directives, or hold one, without it being certain.
    pub(super) fn may_be(&self, names: &[&str]) -> Option<Why<'a>> {
        let why = self.perhaps?;
        let Some(block) = &self.block else { return Some(why) };
        block.iter().any(|entry| names.contains(&entry.name) || entry.may_be(names).is_some()).then_some(why)
    }
}

/// The first gap in a block or any section inside; sections of conditions are no gaps.
pub(super) fn gap_anywhere<'a>(block: &Block<'a>) -> Option<Why<'a>> {
    block.iter().find_map(|entry| match &entry.block {
        Some(inner) => gap_anywhere(inner),
        None => entry.perhaps,
    })
}

/// A module that is loaded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Module<'a> {
    /// Its identifier: `ssl_module`.
    pub name: &'a str,
    /// The line that loads it.
    pub by: Evidence<'a>,
}

/// A configuration.
#[derive(Debug)]
pub(super) struct Loaded<'a> {
    /// Its directives.
    pub block: Block<'a>,
    /// The modules that it loads.
    pub modules: Vec<Module<'a>>,
    /// ServerRoot without the leading slash.
    pub root: &'a str,
}

/// How httpd was built, as the place of its main file tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Build {
    /// The main file.
    pub main: &'static str,
    /// ServerRoot where no line sets it.
    pub root: &'static str,
    /// Modules that are part of the program, without `_module`; what `httpd -l` shows.
    pub compiled_in: &'static [&'static str],
    /// Whether there are no others.
    pub known: bool,
}

/// Reads the configuration whose main file is this source.
pub(super) fn load<'a>(host: &Host<'a>, build: &'static Build, main: &'a Source<'a>) -> Loaded<'a> {
    let environment = Environment::read(host, build);
    let mut loader = Loader { host, build, environment, root: build.root, files: Vec::new(), modules: Vec::new(), gap: false };
    let mut block = Block::new();
    loader.file(main, &mut block);
    Loaded { block, modules: loader.modules, root: loader.root }
}

/// What is being read.
struct Loader<'h, 'a> {
    host: &'h Host<'a>,
    build: &'static Build,
    environment: Environment<'a>,
    root: &'a str,
    /// Paths of the files that are open, outermost first.
    files: Vec<&'a str>,
    modules: Vec<Module<'a>>,
    /// Whether something was not read, so that more could be loaded and defined.
    gap: bool,
}

impl<'a> Loader<'_, 'a> {
    /// Puts a file's directives into a block.
    fn file(&mut self, source: &'a Source<'a>, block: &mut Block<'a>) {
        if self.files.len() >= DEPTH_MOST || self.files.contains(&source.path) {
            return self.gap(source, source.path, Why::not_understood(source.path), block);
        }
        self.files.push(source.path);
        let document = apache::read(source.text);
        self.directives(source, document.directives, block);
        if let Some(text) = document.issues.first() {
            self.gap(source, text, Why::not_understood(text), block);
        }
        if !source.complete {
            self.gap(source, "", Why::truncated(source.path), block);
        }
        self.files.pop();
    }

    /// Notes that something could be anything.
    fn gap(&mut self, source: &'a Source<'a>, text: &'a str, why: Why<'a>, block: &mut Block<'a>) {
        self.gap = true;
        block.push(Entry { name: "", words: Vec::new(), text, source, block: None, perhaps: Some(why) });
    }

    /// Puts directives into a block.
    fn directives(&mut self, source: &'a Source<'a>, directives: Vec<apache::Directive<'a>>, block: &mut Block<'a>) {
        for directive in directives {
            if !self.host.spend(1) {
                return self.gap(source, source.path, Why::budget_spent(source.path), block);
            }
            let name = self.host.text(&directive.name.to_ascii_lowercase());
            let words = self.words(&directive.words);
            match directive.section {
                Some(inner) => self.section(source, (name, words, directive.text, directive.unclosed), inner, block),
                None => self.directive(source, name, words, directive.text, block),
            }
        }
    }

    /// The words of a directive with variables put in; one that is nothing but a variable may become several.
    fn words(&self, written: &[std::borrow::Cow<'a, str>]) -> Vec<&'a str> {
        let mut words = Vec::with_capacity(written.len());
        for word in written {
            let plain = match word {
                std::borrow::Cow::Borrowed(word) => word,
                std::borrow::Cow::Owned(word) => self.host.text(word),
            };
            let whole = self.environment.expanded(self.host, plain);
            if plain.starts_with("${") && plain.find('}') == Some(plain.len() - 1) {
                words.extend(whole.split_ascii_whitespace());
            } else {
                words.push(whole);
            }
        }
        words
    }

    /// Puts a directive into a block, after what it does at once.
    fn directive(&mut self, source: &'a Source<'a>, name: &'a str, words: Vec<&'a str>, text: &'a str, block: &mut Block<'a>) {
        let entry = Entry { name, words, text, source, block: None, perhaps: None };
        match name {
            "include" => return self.include(&entry, false, block),
            "includeoptional" => return self.include(&entry, true, block),
            "define" => self.environment.define(entry.word(0), entry.words.get(1).copied()),
            "undefine" => self.environment.undefine(entry.word(0)),
            "serverroot" => self.root = entry.word(0).trim_matches('/'),
            "loadmodule" => self.modules.push(Module { name: entry.word(0), by: entry.decides() }),
            "use" => return self.gap(source, text, Why::not_understood(text), block),
            _ => {}
        }
        block.push(entry);
    }

    /// Puts a section into a block, or what stands in it where it is a condition.
    fn section(
        &mut self,
        source: &'a Source<'a>,
        (name, words, text, unclosed): (&'a str, Vec<&'a str>, &'a str, bool),
        inner: Vec<apache::Directive<'a>>,
        block: &mut Block<'a>,
    ) {
        let condition = match name {
            "ifmodule" => self.is_loaded(words.first().copied().unwrap_or_default()),
            "ifdefine" => self.is_defined(words.first().copied().unwrap_or_default()),
            "ifversion" => version_holds(&words),
            "iffile" => self.is_there(words.first().copied().unwrap_or_default()),
            "ifdirective" | "ifsection" | "if" | "elseif" | "else" => None,
            "macro" => return,
            _ => {
                let mut held = Block::new();
                self.directives(source, inner, &mut held);
                if unclosed {
                    self.gap(source, text, Why::truncated(source.path), &mut held);
                }
                block.push(Entry { name, words, text, source, block: Some(held), perhaps: None });
                return;
            }
        };
        match condition {
            Some(true) => self.directives(source, inner, block),
            Some(false) => {}
            None => {
                let (modules, defined) = (self.modules.len(), self.environment.clone());
                let mut held = Block::new();
                self.directives(source, inner, &mut held);
                self.modules.truncate(modules);
                self.environment = defined;
                let line = text.lines().next().unwrap_or_default();
                let why = Why::new("condition", &CONDITION, line);
                block.push(Entry { name, words, text, source, block: Some(held), perhaps: Some(why) });
            }
        }
        if unclosed {
            self.gap(source, text, Why::truncated(source.path), block);
        }
    }

    /// Whether a module is loaded, by identifier or by the name of its source; `!` turns it round.
    fn is_loaded(&self, written: &str) -> Option<bool> {
        let (negated, name) = written.strip_prefix('!').map_or((false, written), |name| (true, name));
        let name = identifier(name);
        let loaded = self.modules.iter().any(|module| module.name.strip_suffix("_module") == Some(&*name));
        let known = if loaded || self.build.compiled_in.contains(&&*name) {
            Some(true)
        } else if self.gap || !self.build.known {
            None
        } else {
            Some(false)
        };
        known.map(|loaded| loaded != negated)
    }

    /// Whether a name is defined, in the configuration or on the command line.
    fn is_defined(&self, written: &str) -> Option<bool> {
        let (negated, name) = written.strip_prefix('!').map_or((false, written), |name| (true, name));
        let known = self.environment.defined(name).filter(|defined| *defined || !self.gap);
        known.map(|defined| defined != negated)
    }

    /// Whether a file is there.
    fn is_there(&self, written: &'a str) -> Option<bool> {
        let (negated, name) = written.strip_prefix('!').map_or((false, written), |name| (true, name));
        match self.host.look(self.absolute(name)).lack {
            None => Some(!negated),
            Some(Lack::Absent) => Some(negated),
            Some(_) => None,
        }
    }

    /// A path that may be relative to ServerRoot.
    fn absolute(&self, path: &'a str) -> &'a str {
        match path.strip_prefix('/') {
            Some(path) => path,
            None => self.host.text(&format!("{}/{path}", self.root)),
        }
    }

    /// Puts what an `Include` names into a block: a file, a folder with all that is below it, or what a pattern matches.
    fn include(&mut self, entry: &Entry<'a>, optional: bool, block: &mut Block<'a>) {
        let path = self.absolute(entry.word(0)).trim_end_matches('/');
        if path.contains("${") {
            return self.gap(entry.source, entry.text, Why::not_understood(entry.text), block);
        }
        if glob::is_pattern(path) {
            let matches = self.host.matching(path);
            for path in matches.paths {
                self.named(entry, path, optional, block);
            }
            if let Some((directory, lack)) = matches.gap {
                self.gap(entry.source, entry.text, Why::lacking(directory, lack), block);
            }
            return;
        }
        self.named(entry, path, optional, block);
    }

    /// Puts the file at a path, or those of a folder, into a block.
    fn named(&mut self, entry: &Entry<'a>, path: &'a str, optional: bool, block: &mut Block<'a>) {
        if self.host.look(path).kind == Some(crate::snapshot::Kind::Directory) {
            return self.folder(entry, path, block);
        }
        match self.host.file(path) {
            Artefact::Text(source) => self.file(source, block),
            Artefact::Lacking(Lack::Absent) if optional => {}
            Artefact::Lacking(lack) => self.gap(entry.source, entry.text, Why::lacking(path, lack), block),
        }
    }

    /// Puts every file of a folder into a block, in byte order, folders inside it too.
    fn folder(&mut self, entry: &Entry<'a>, path: &'a str, block: &mut Block<'a>) {
        let (names, complete) = match self.host.names(path) {
            Ok(names) => names,
            Err(lack) => return self.gap(entry.source, entry.text, Why::lacking(path, lack), block),
        };
        for name in names {
            if !self.host.spend(1) || path.split('/').count() > DEPTH_MOST {
                return self.gap(entry.source, entry.text, Why::budget_spent(path), block);
            }
            let inner = self.host.text(&format!("{path}/{name}"));
            self.named(entry, inner, false, block);
        }
        if !complete {
            self.gap(entry.source, entry.text, Why::lacking(path, Lack::NotCollected), block);
        }
    }
}

/// A module's identifier without `_module`, from that or from the name of its source file.
fn identifier(written: &str) -> String {
    match written {
        "prefork.c" | "worker.c" | "event.c" => format!("mpm_{}", written.trim_end_matches(".c")),
        "http_core.c" => "http".to_owned(),
        _ => {
            let source = written.strip_suffix(".c").map(|name| name.strip_prefix("mod_").unwrap_or(name));
            source.or_else(|| written.strip_suffix("_module")).unwrap_or(written).to_owned()
        }
    }
}

/// Whether a condition on the version holds, for every version 2.4.
fn version_holds(words: &[&str]) -> Option<bool> {
    let (operator, version) = match words {
        [version] => ("=", *version),
        [operator, version, ..] => (*operator, *version),
        [] => return None,
    };
    let (negated, operator) = operator.strip_prefix('!').map_or((false, operator), |rest| (true, rest));
    let mut parts = version.split('.').map(|part| part.parse::<u32>());
    let major = parts.next()?.ok()?;
    let minor = parts.next().unwrap_or(Ok(0)).ok()?;
    let patch = parts.next().unwrap_or(Ok(0)).ok()?;
    let order = (2, 4).cmp(&(major, minor));
    let holds = match (operator, order) {
        // No release is 2.4.0, so that every one is above 2.4.
        (">=" | ">", std::cmp::Ordering::Equal) => (patch == 0).then_some(true)?,
        ("<" | "<=" | "=" | "==", std::cmp::Ordering::Equal) => (patch == 0).then_some(false)?,
        (">=" | ">", order) => order.is_gt(),
        ("<" | "<=", order) => order.is_lt(),
        ("=" | "==", _) => false,
        _ => return None,
    };
    Some(holds != negated)
}
