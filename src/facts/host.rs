//! An asset as products see it: artefacts by path and glob, an arena for what they compute, and the one budget.

use std::cell::{Cell as StdCell, RefCell};

use bumpalo::Bump;
use bumpalo::collections::{String as BumpString, Vec as BumpVec};
use foldhash::HashMap;
use foldhash::fast::RandomState;

use super::cell::{Cell, Documented, Evidence, Value, Why};
use super::table::RowBuilder;
use crate::names::Platform;
use crate::reckon::glob;
use crate::schema::Table;
use crate::snapshot::{Asset, Completeness, Lack, Look};
use crate::source::{Digest, Source, Sources};

/// The most steps (files read, names matched, aliases and includes expanded, rows made) that one asset may cost.
pub const STEPS_MOST: u64 = 2_000_000;

/// The most bytes of text that are read from one asset.
pub const TEXT_BYTES_MOST: u64 = 128 << 20;

/// As many paths, listings and globs as products ask for of most assets; room for them is made at once.
const PATHS_LIKELY: usize = 100;

/// What is at a path.
#[derive(Clone, Copy, Debug)]
pub enum Artefact<'a> {
    /// Its text; [`Source::complete`] says whether it is all of it.
    Text(&'a Source<'a>),
    /// None, and why.
    Lacking(Lack),
}

impl<'a> Artefact<'a> {
    /// The text, if there is one.
    pub fn text(self) -> Option<&'a Source<'a>> {
        match self {
            Artefact::Text(source) => Some(source),
            Artefact::Lacking(_) => None,
        }
    }
}

/// The paths that match a glob.
#[derive(Clone, Copy, Debug)]
pub struct Matches<'a> {
    /// The paths, in byte order.
    pub paths: &'a [&'a str],
    /// Set where further paths could match: the directory that could not be listed, and why.
    pub gap: Option<(&'a str, Lack)>,
}

/// The names in a directory, in byte order, and whether nothing else can be there.
pub type Names<'a> = (&'a [&'a str], bool);

/// One asset as products see it.
#[derive(Debug)]
pub struct Host<'a> {
    asset: &'a Asset,
    platform: &'static Platform,
    sources: &'a Sources<'a>,
    artefacts: RefCell<HashMap<&'a str, Artefact<'a>>>,
    listings: RefCell<HashMap<&'a str, Result<Names<'a>, Lack>>>,
    matches: RefCell<HashMap<&'a str, Matches<'a>>>,
    buffer: RefCell<Vec<u8>>,
    steps_left: StdCell<u64>,
    text_bytes_left: StdCell<u64>,
    /// What products derive once and others build on.
    pub shared: super::joined::Shared<'a>,
}

impl<'a> Host<'a> {
    /// The asset, with texts going to `sources`.
    pub fn new(asset: &'a Asset, platform: &'static Platform, sources: &'a Sources<'a>) -> Host<'a> {
        Host {
            asset,
            platform,
            sources,
            artefacts: RefCell::new(HashMap::with_capacity_and_hasher(PATHS_LIKELY, RandomState::default())),
            listings: RefCell::new(HashMap::with_capacity_and_hasher(PATHS_LIKELY, RandomState::default())),
            matches: RefCell::new(HashMap::with_capacity_and_hasher(PATHS_LIKELY, RandomState::default())),
            buffer: RefCell::default(),
            steps_left: StdCell::new(STEPS_MOST),
            text_bytes_left: StdCell::new(TEXT_BYTES_MOST),
            shared: super::joined::Shared::default(),
        }
    }

    /// The asset itself.
    pub fn asset(&self) -> &'a Asset {
        self.asset
    }

    /// Its platform.
    pub fn platform(&self) -> &'static Platform {
        self.platform
    }

    /// Where everything that is computed lives.
    pub fn arena(&self) -> &'a Bump {
        self.sources.arena()
    }

    /// Every text that was read.
    pub fn sources(&self) -> &'a Sources<'a> {
        self.sources
    }

    /// Whether the inventory declares that the asset has this product.
    pub fn declares(&self, product: &str) -> bool {
        self.asset.description.products.iter().any(|declared| declared == product)
    }

    /// Spends from the asset's one budget; false once it is spent, and then what is being expanded is incomplete.
    pub fn spend(&self, steps: u64) -> bool {
        match self.steps_left.get().checked_sub(steps) {
            Some(left) => {
                self.steps_left.set(left);
                true
            }
            None => {
                self.steps_left.set(0);
                false
            }
        }
    }

    /// The artefact at a path (`etc/ssh/sshd_config`; a leading slash is dropped), read once, links resolved inside the asset.
    pub fn file(&self, path: &str) -> Artefact<'a> {
        let path = path.trim_start_matches('/');
        if let Some(known) = self.artefacts.borrow().get(path) {
            return *known;
        }
        if let Some(lack) = self.asset.lacks(path) {
            return Artefact::Lacking(lack);
        }
        let artefact = self.read(path);
        let path = artefact.text().map_or_else(|| self.text(path), |source| source.path);
        self.artefacts.borrow_mut().insert(path, artefact);
        artefact
    }

    /// Reads an artefact that was not read before.
    fn read(&self, path: &str) -> Artefact<'a> {
        if !self.spend(1) {
            return Artefact::Lacking(Lack::BudgetSpent);
        }
        let mut buffer = self.buffer.borrow_mut();
        buffer.clear();
        match self.asset.read(path, &mut buffer) {
            Err(lack) => Artefact::Lacking(lack),
            Ok(completeness) => {
                let Some(left) = self.text_bytes_left.get().checked_sub(buffer.len() as u64) else {
                    return Artefact::Lacking(Lack::BudgetSpent);
                };
                self.text_bytes_left.set(left);
                Artefact::Text(self.sources.add(path, &buffer, completeness == Completeness::Whole))
            }
        }
    }

    /// The digest of the artefact at a path, whatever it holds, and whether it is of all of it.
    pub fn digest(&self, path: &str) -> Result<(Digest, bool), Lack> {
        if !self.spend(1) {
            return Err(Lack::BudgetSpent);
        }
        self.asset.digest(path).map(|(digest, completeness)| (digest, completeness == Completeness::Whole))
    }

    /// What is at a path, without reading it.
    pub fn look(&self, path: &str) -> Look {
        self.asset.look(path.trim_start_matches('/'))
    }

    /// Whether a path is a link to `/dev/null`, which is how a file or unit of that name is switched off.
    pub fn is_masked(&self, path: &str) -> bool {
        self.look(path).link.as_deref() == Some("/dev/null")
    }

    /// The names in a directory, listed once.
    pub fn names(&self, directory: &str) -> Result<Names<'a>, Lack> {
        if let Some(known) = self.listings.borrow().get(directory) {
            return *known;
        }
        if let Some(lack) = self.asset.lacks(directory) {
            return Err(lack);
        }
        let listed = self.asset.list(directory).map(|listing| {
            let names = listing.names.iter().map(|name| &*self.arena().alloc_str(name));
            (&*self.arena().alloc_slice_fill_iter(names), listing.complete)
        });
        self.listings.borrow_mut().insert(self.arena().alloc_str(directory), listed);
        listed
    }

    /// The paths of files that match a glob as glob(7) reads it: `*`, `?` and `[…]` within one name, hidden names only where
    /// the pattern shows the dot. Looked for once.
    pub fn matching(&self, pattern: &str) -> Matches<'a> {
        if let Some(known) = self.matches.borrow().get(pattern) {
            return *known;
        }
        let start = glob::plain_start(pattern);
        if let Some(lack) = self.asset.lacks(start) {
            // What is proven absent leaves no gap.
            let gap = (lack != Lack::Absent).then(|| (self.text(start), lack));
            return Matches { paths: &[], gap };
        }
        let matches = self.walked(pattern, start);
        self.matches.borrow_mut().insert(self.arena().alloc_str(pattern), matches);
        matches
    }

    /// Walks the tree along a glob from its plain start.
    fn walked(&self, pattern: &str, start: &str) -> Matches<'a> {
        // Where nothing is special, what is at the last name is looked at.
        let is_plain = start.len() == pattern.len();
        let start = if is_plain { start.rsplit_once('/').map_or("", |(above, _)| above) } else { start };
        let mut found = BumpVec::from_iter_in([self.text(start)], self.arena());
        let mut gap = None;
        let mut names = pattern[start.len()..].split('/').filter(|name| !name.is_empty()).peekable();
        while let Some(name) = names.next() {
            let mut next = BumpVec::new_in(self.arena());
            for directory in &found {
                self.step_into(directory, name, names.peek().is_none(), &mut next, &mut gap);
            }
            found = next;
        }
        found.retain(|path| !path.is_empty());
        found.sort_unstable();
        found.dedup();
        Matches { paths: found.into_bump_slice(), gap }
    }

    /// A name in a directory.
    fn join(&self, directory: &'a str, name: &str) -> &'a str {
        if directory.is_empty() {
            return self.text(name);
        }
        let mut path = BumpString::with_capacity_in(directory.len() + 1 + name.len(), self.arena());
        [directory, "/", name].into_iter().for_each(|part| path.push_str(part));
        path.into_bump_str()
    }

    /// Adds what one component of a glob matches in one directory. A plain name is looked at only where it is the last: listing or
    /// looking at what is below it says whether it is there.
    fn step_into(&self, directory: &'a str, name: &str, last: bool, next: &mut BumpVec<'a, &'a str>, gap: &mut Option<(&'a str, Lack)>) {
        if !glob::is_pattern(name) {
            let path = self.join(directory, name);
            if !last {
                next.push(path);
                return;
            }
            match self.asset.look(path).lack {
                None => next.push(path),
                Some(Lack::Absent) => {}
                Some(lack) => *gap = gap.or(Some((path, lack))),
            }
            return;
        }
        match self.names(directory) {
            Ok((names, complete)) => {
                if !complete {
                    *gap = gap.or(Some((directory, Lack::NotCollected)));
                }
                for entry in names.iter().filter(|entry| glob::matches(name, entry)) {
                    if !self.spend(1) {
                        *gap = gap.or(Some((directory, Lack::BudgetSpent)));
                        return;
                    }
                    next.push(self.join(directory, entry));
                }
            }
            Err(Lack::Absent) => {}
            Err(lack) => *gap = gap.or(Some((directory, lack))),
        }
    }

    /// A row of a table, every cell unset.
    pub fn row(&self, table: &'static Table, product: &'static str) -> RowBuilder<'a> {
        let cells = self.arena().alloc_slice_fill_copy(table.columns.len(), Cell::NONE);
        RowBuilder { table, product, instance: "", gap: false, cells }
    }

    /// A row that stands for rows that could be missing: every cell unknown for one reason; set those that the gap proves.
    pub fn gap(&self, table: &'static Table, product: &'static str, why: Why<'a>) -> RowBuilder<'a> {
        let cells = self.arena().alloc_slice_fill_copy(table.columns.len(), Cell::unknown(why, &[]));
        RowBuilder { table, product, instance: "", gap: true, cells }
    }

    /// Evidence that lives as long as the asset.
    pub fn evidence(&self, pieces: &[Evidence<'a>]) -> &'a [Evidence<'a>] {
        self.arena().alloc_slice_copy(pieces)
    }

    /// A cell that a part of a source decides.
    pub fn decided(&self, value: Value<'a>, source: &Source<'a>, part: &str) -> Cell<'a> {
        Cell::known(value, self.evidence(&[Evidence::Decides(source.span(part))]))
    }

    /// A cell that a documented default decides.
    pub fn defaulted(&self, value: Value<'a>, default: &'static Documented) -> Cell<'a> {
        Cell::known(value, self.evidence(&[Evidence::Default(default)]))
    }

    /// A list of texts.
    pub fn texts(&self, items: &[&'a str]) -> Value<'a> {
        Value::List(self.arena().alloc_slice_fill_iter(items.iter().map(|item| Value::Text(item))))
    }

    /// A text that was computed.
    pub fn text(&self, text: &str) -> &'a str {
        self.arena().alloc_str(text)
    }
}
