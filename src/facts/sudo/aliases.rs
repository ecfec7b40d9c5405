//! Aliases of sudoers(5), and lists with their aliases replaced by what they stand for.

use std::collections::hash_map::Entry;

use super::load::Sudoers;
use super::{Gap, Reference};
use crate::facts::{Evidence, Host, Why};
use crate::parse::sudoers::{Kind, List, Member, is_alias};
use crate::source::Source;
use foldhash::HashMap;

/// The deepest nesting of aliases that is followed.
const DEPTH_MOST: usize = 128;

/// A member of a list whose aliases are replaced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    /// Whether it is excluded.
    pub(super) negated: bool,
    /// Its text as written.
    pub(super) text: &'a str,
    /// The file of the alias that holds it, where one does.
    pub(super) alias_in: Option<&'a Source<'a>>,
}

impl PartialEq for Item<'_> {
    /// Whether they mean the same, wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.negated == other.negated && self.text == other.text
    }
}

/// The aliases of one host.
#[derive(Debug)]
pub(super) struct Aliases<'a> {
    definitions: HashMap<(List, &'a str), (&'a Source<'a>, Vec<Member<'a>>)>,
    /// What could not be expanded.
    pub(super) gaps: Vec<Gap<'a>>,
    /// Aliases that are used and not defined.
    pub(super) references: Vec<Reference<'a>>,
}

impl<'a> Aliases<'a> {
    /// Takes the definitions out of the entries; the first of a name holds, and sudo refuses another (sudoers(5)).
    pub(super) fn of(sudoers: &mut Sudoers<'a>) -> Aliases<'a> {
        let mut aliases = Aliases { definitions: HashMap::default(), gaps: Vec::new(), references: Vec::new() };
        sudoers.entries.retain_mut(|(source, entry)| {
            let Kind::Aliases { list, definitions } = &mut entry.kind else { return true };
            for (name, members) in definitions.drain(..) {
                match aliases.definitions.entry((*list, name)) {
                    Entry::Occupied(_) => aliases.gaps.push(Gap { why: Why::not_understood(name), evidence: &[] }),
                    Entry::Vacant(place) => {
                        place.insert((source, members));
                    }
                }
            }
            false
        });
        aliases
    }

    /// A list with its aliases replaced, each once on the way down.
    pub(super) fn expand(&mut self, host: &Host<'a>, list: List, source: &'a Source<'a>, members: &[Member<'a>]) -> Vec<Item<'a>> {
        let mut expansion = Expansion { host, list, items: Vec::new(), within: Vec::new(), spent: false, undefined: Vec::new() };
        for member in members {
            expansion.add(&self.definitions, source, member, false);
        }
        if expansion.spent {
            self.gaps.push(Gap { why: Why::budget_spent(source.path), evidence: &[] });
        }
        for (source, name) in expansion.undefined {
            let evidence = host.evidence(&[Evidence::Decides(source.span(name))]);
            self.references.push(Reference { kind: "list", name, used_at: source.path, defined: Ok(false), evidence });
        }
        expansion.items
    }
}

/// A list that is being expanded.
struct Expansion<'a, 'h> {
    host: &'h Host<'a>,
    list: List,
    items: Vec<Item<'a>>,
    /// Aliases that are being expanded: one within itself stands for nothing.
    within: Vec<&'a str>,
    spent: bool,
    undefined: Vec<(&'a Source<'a>, &'a str)>,
}

impl<'a> Expansion<'a, '_> {
    /// Adds a member; `negated` turns it round.
    fn add(
        &mut self,
        definitions: &HashMap<(List, &'a str), (&'a Source<'a>, Vec<Member<'a>>)>,
        source: &'a Source<'a>,
        member: &Member<'a>,
        negated: bool,
    ) {
        if self.spent || self.within.len() > DEPTH_MOST || !self.host.spend(1) {
            self.spent = true;
            return;
        }
        let negated = negated != member.negated;
        let name = member.text;
        let item = Item { negated, text: name, alias_in: (!self.within.is_empty()).then_some(source) };
        if name == "ALL" || !is_alias(name) {
            self.items.push(item);
            return;
        }
        match definitions.get(&(self.list, name)) {
            Some((source, members)) if !self.within.contains(&name) => {
                self.within.push(name);
                for member in members {
                    self.add(definitions, source, member, negated);
                }
                self.within.pop();
            }
            Some(_) => {}
            // A name in capitals may be that of a user or host.
            None if self.list != List::Commands => self.items.push(item),
            None => self.undefined.push((source, name)),
        }
    }
}
