//! Named objects and groups of them into the objects that a name stands for.

use std::collections::HashMap;
use std::rc::Rc;

/// The most objects that one name may stand for.
pub const LEAVES_MOST: usize = 50_000;

/// One member of a named object.
#[derive(Clone, Debug)]
pub enum Member<'a, T> {
    /// An object: a set of addresses, a service, with whatever the product wants to know of it (its span).
    Leaf(T),
    /// The name of another.
    Named(&'a str),
}

/// Why a name does not stand for known objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved<'a> {
    /// This name is not defined.
    Undefined(&'a str),
    /// This name is a member of itself, directly or through others.
    Cycle(&'a str),
    /// It stands for more than [`LEAVES_MOST`] objects or names.
    TooMany(&'a str),
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub struct Expansion<'a, T> {
    /// The objects, in the order in which they are met; each group that is reached twice counts once.
    pub leaves: Vec<T>,
    /// The first obstacle: what the name stands for is then this or more.
    pub unresolved: Option<Unresolved<'a>>,
}

/// Definitions by name, with what was expanded before.
#[derive(Clone, Debug)]
pub struct Groups<'a, T> {
    definitions: HashMap<&'a str, Vec<Member<'a, T>>>,
    expanded: HashMap<&'a str, Rc<Expansion<'a, T>>>,
}

impl<T> Default for Groups<'_, T> {
    fn default() -> Self {
        Groups { definitions: HashMap::new(), expanded: HashMap::new() }
    }
}

impl<'a, T: Clone> Groups<'a, T> {
    /// Adds members to a name, which is thereby defined; give no members to define an empty group. Define everything before expanding.
    pub fn define(&mut self, name: &'a str, members: impl IntoIterator<Item = Member<'a, T>>) {
        self.expanded.clear();
        self.definitions.entry(name).or_default().extend(members);
    }

    /// What a name stands for; the second time without work.
    pub fn expand(&mut self, name: &'a str) -> Rc<Expansion<'a, T>> {
        if let Some(known) = self.expanded.get(name) {
            return Rc::clone(known);
        }
        let expansion = Rc::new(self.walk(name));
        self.expanded.insert(name, Rc::clone(&expansion));
        expansion
    }

    /// Walks what is below a name, on a stack of its own.
    fn walk(&self, root: &'a str) -> Expansion<'a, T> {
        let mut leaves = Vec::new();
        let mut unresolved = None;
        // Names on the way from the root to where we are, with how many of their members were seen; and names that are done.
        let mut way: Vec<(&'a str, usize)> = vec![(root, 0)];
        let mut state: HashMap<&'a str, bool> = HashMap::from([(root, false)]);
        while let Some((name, seen)) = way.last_mut() {
            let members = self.definitions.get(name);
            let Some(member) = members.and_then(|members| members.get(*seen)) else {
                if members.is_none() {
                    unresolved = unresolved.or(Some(Unresolved::Undefined(name)));
                }
                state.insert(name, true);
                way.pop();
                continue;
            };
            *seen += 1;
            match member {
                Member::Leaf(leaf) => leaves.push(leaf.clone()),
                Member::Named(next) => match state.get(next) {
                    Some(true) => {}
                    Some(false) => unresolved = unresolved.or(Some(Unresolved::Cycle(next))),
                    None => {
                        state.insert(next, false);
                        way.push((next, 0));
                    }
                },
            }
            if leaves.len() > LEAVES_MOST || state.len() > LEAVES_MOST {
                return Expansion { leaves, unresolved: Some(Unresolved::TooMany(root)) };
            }
        }
        Expansion { leaves, unresolved }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Groups<'static, u8> {
        let mut groups = Groups::default();
        groups.define("a", [Member::Leaf(1), Member::Named("b"), Member::Named("c")]);
        groups.define("b", [Member::Leaf(2), Member::Named("c")]);
        groups.define("c", [Member::Leaf(3)]);
        groups.define("empty", []);
        groups.define("lost", [Member::Leaf(4), Member::Named("nowhere"), Member::Leaf(5)]);
        groups.define("x", [Member::Named("y"), Member::Leaf(6)]);
        groups.define("y", [Member::Named("x"), Member::Leaf(7)]);
        groups
    }

    #[test]
    fn groups_are_expanded_once_each() {
        let expansion = groups().expand("a");
        assert_eq!((expansion.leaves.as_slice(), expansion.unresolved), ([1, 2, 3].as_slice(), None));
        assert_eq!(groups().expand("empty").unresolved, None, "an empty group is defined");
    }

    #[test]
    fn cycles_and_missing_names_are_told() {
        assert_eq!(groups().expand("nowhere").unresolved, Some(Unresolved::Undefined("nowhere")));
        let lost = groups().expand("lost");
        assert_eq!((lost.leaves.as_slice(), lost.unresolved), ([4, 5].as_slice(), Some(Unresolved::Undefined("nowhere"))));
        let cycle = groups().expand("x");
        assert_eq!((cycle.leaves.as_slice(), cycle.unresolved), ([7, 6].as_slice(), Some(Unresolved::Cycle("x"))));
    }

    #[test]
    fn deep_and_wide_groups_end() {
        let names: Vec<String> = (0..40_000).map(|at| at.to_string()).collect();
        let mut groups = Groups::default();
        for pair in names.windows(2) {
            groups.define(&pair[0], [Member::Named(&*pair[1])]);
        }
        groups.define(&names[39_999], [Member::Leaf(1)]);
        assert_eq!(groups.expand("0").leaves, [1]);
        groups.define("wide", (0..50_001).map(|_| Member::Leaf(2)));
        assert_eq!(groups.expand("wide").unresolved, Some(Unresolved::TooMany("wide")));
    }
}
