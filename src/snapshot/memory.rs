//! Artefacts that are held in memory, with what is proven about the rest: rule cases, manifests, and what archives are read into.

use std::collections::BTreeMap;
use std::ops::Bound;

pub use super::resolve::LINKS_MOST;
use super::resolve::{Resolved, resolve, stored_link};
use super::{Completeness, Kind, Lack, Listing, Look};
use crate::source::Digest;

/// What is held at one path.
#[derive(Clone, Debug)]
pub enum Node {
    /// A file's bytes.
    File(Vec<u8>),
    /// A file of which only the beginning is held.
    Truncated(Vec<u8>),
    /// A file whose bytes are kept elsewhere, under the same path; a manifest vouches for them.
    Stored {
        /// Digest of the bytes that are kept.
        digest: Digest,
        /// Whether they are all of the file.
        completeness: Completeness,
    },
    /// A directory; complete: nothing else is in it.
    Directory {
        /// Whether nothing else is in it than what is held.
        complete: bool,
    },
    /// A link and its target as stored.
    Link(String),
    /// Known to lack, and why; with [`Lack::Absent`] everything below is absent too.
    Lacking(Lack),
}

/// A directory of which nothing but its content is held.
static IMPLIED: Node = Node::Directory { complete: false };

impl Node {
    /// Whether other nodes may be held below it.
    pub(super) fn may_hold(&self) -> bool {
        match self {
            Node::Directory { .. } => true,
            Node::Lacking(lack) => *lack != Lack::Absent,
            Node::File(_) | Node::Truncated(_) | Node::Stored { .. } | Node::Link(_) => false,
        }
    }
}

/// What is known of one path besides its content.
#[derive(Clone, Debug, Default)]
pub struct Ownership {
    /// What it is, where that is known although it cannot be read.
    pub kind: Option<Kind>,
    /// Permission bits.
    pub mode: Option<u32>,
    /// Owner.
    pub owner: Option<String>,
    /// Group.
    pub group: Option<String>,
    /// Size on the asset in bytes.
    pub size_bytes: Option<u64>,
    /// Exit status of the command whose output it is.
    pub exit_status: Option<i32>,
}

/// Artefacts in memory.
#[derive(Debug, Default)]
pub struct Memory {
    nodes: BTreeMap<String, (Node, Ownership)>,
    /// Whether what is not held is proven absent (a whole root was read).
    pub whole_root: bool,
    /// Set where nothing is proven absent, whatever is held: why everything lacks that is not held.
    pub unproven: Option<Lack>,
    /// Whether a directory that nothing is said of may hold more than what is held of it: in a manifest it may, while a case that
    /// shows some files of a directory shows all of them.
    pub implied_open: bool,
}

/// Where command output is kept, of which no directory's completeness says anything.
pub(super) const COMMANDS: &str = "commands/";

impl Memory {
    /// Nothing yet of a manifest, which proves what it says and no more.
    pub(super) fn of_manifest() -> Memory {
        Memory { implied_open: true, ..Memory::default() }
    }

    /// Nothing yet of copies, which prove no absence.
    pub(super) fn of_copies() -> Memory {
        Memory { unproven: Some(Lack::NotCollected), ..Memory::default() }
    }

    /// Holds a node at a path; false where one was held there already, and then nothing changes.
    pub fn insert(&mut self, path: &str, node: Node, ownership: Ownership) -> bool {
        let path = path.trim_matches('/').to_owned();
        if self.nodes.contains_key(&path) {
            return false;
        }
        self.nodes.insert(path, (node, ownership));
        true
    }

    /// The bytes at a path.
    pub fn read(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
        let (bytes, completeness) = match self.at(path)?.1 {
            Node::File(bytes) => (bytes, Completeness::Whole),
            Node::Truncated(bytes) => (bytes, Completeness::Truncated),
            // Whoever holds such nodes reads the bytes himself.
            Node::Stored { .. } => return Err(Lack::NotCollected),
            Node::Directory { .. } | Node::Link(_) => return Err(Lack::OtherKind),
            Node::Lacking(lack) => return Err(*lack),
        };
        buffer.extend_from_slice(bytes);
        Ok(completeness)
    }

    /// The path after links, and what is held there.
    pub(super) fn at(&self, path: &str) -> Result<(String, &Node), Lack> {
        let Resolved { real, .. } = self.resolve(path)?;
        match self.nodes.get(&real) {
            Some((node, _)) => Ok((real, node)),
            None => Ok((real, &IMPLIED)),
        }
    }

    /// The names in a directory.
    pub fn list(&self, directory: &str) -> Result<Listing, Lack> {
        let Resolved { real, .. } = self.resolve(directory)?;
        let held = match self.nodes.get(&real).map(|(node, _)| node) {
            Some(Node::Lacking(lack)) => return Err(*lack),
            Some(Node::File(_) | Node::Truncated(_) | Node::Stored { .. } | Node::Link(_)) => return Err(Lack::OtherKind),
            Some(Node::Directory { complete }) => *complete,
            None => self.whole_root || !self.implied_open,
        };
        Ok(Listing { names: self.names_in(&real), complete: held && self.unproven.is_none() })
    }

    /// The names that are held in a directory, in byte order.
    fn names_in(&self, directory: &str) -> Vec<String> {
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let mut names: Vec<String> = Vec::new();
        let mut from = prefix.clone();
        while let Some((path, (node, _))) = self.nodes.range::<str, _>((Bound::Included(&*from), Bound::Unbounded)).next() {
            let Some(rest) = path.strip_prefix(&prefix) else { break };
            from.clear();
            match rest.split_once('/') {
                // What is below a name is passed over: `0` is the character after the slash.
                Some((name, _)) => {
                    names.push(name.to_owned());
                    from.push_str(&path[..prefix.len() + name.len()]);
                    from.push('0');
                }
                None => {
                    if !rest.is_empty() && !matches!(node, Node::Lacking(Lack::Absent)) {
                        names.push(rest.to_owned());
                    }
                    from.push_str(path);
                    from.push('\0');
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What is at a path.
    pub fn look(&self, path: &str) -> Look {
        let Resolved { real, link } = match self.resolve(path) {
            Ok(resolved) => resolved,
            Err(lack) => return Look::lacking(lack),
        };
        let (kind, ownership) = match self.nodes.get(&real) {
            Some((Node::File(_) | Node::Truncated(_) | Node::Stored { .. }, ownership)) => (Kind::File, ownership.clone()),
            Some((Node::Directory { .. }, ownership)) => (Kind::Directory, ownership.clone()),
            Some((Node::Lacking(lack), ownership)) if *lack != Lack::Absent && ownership.mode.is_some() => {
                (ownership.kind.unwrap_or(Kind::File), ownership.clone())
            }
            Some((Node::Lacking(lack), _)) => return Look::lacking(*lack),
            Some((Node::Link(_), _)) => return Look::lacking(Lack::Dangling),
            None => (Kind::Directory, Ownership::default()),
        };
        let Ownership { mode, owner, group, size_bytes, exit_status, .. } = ownership;
        Look { lack: None, kind: Some(kind), link, mode, owner, group, size_bytes, exit_status }
    }

    /// The target of the link at a path, wherever it leads.
    pub(super) fn link(&self, path: &str) -> Option<String> {
        stored_link(path, |real| self.link_at(real))
    }

    /// Whether something is held below a path.
    fn is_directory(&self, path: &str) -> bool {
        if path.is_empty() {
            return true;
        }
        let prefix = format!("{path}/");
        self.nodes
            .range(prefix.clone()..)
            .take_while(|(below, _)| below.starts_with(&prefix))
            .any(|(_, (node, _))| !matches!(node, Node::Lacking(Lack::Absent)))
    }

    /// Why nothing is held at a path: proven absent, or not collected.
    fn missing(&self, path: &str) -> Lack {
        let mut above = path;
        while let Some(slash) = above.rfind('/') {
            above = &above[..slash];
            match self.nodes.get(above).map(|(node, _)| node) {
                Some(Node::Lacking(lack)) => return *lack,
                Some(Node::Directory { complete: true } | Node::File(_) | Node::Truncated(_) | Node::Stored { .. }) => {
                    return self.unproven.unwrap_or(Lack::Absent);
                }
                Some(Node::Directory { complete: false } | Node::Link(_)) | None => {}
            }
        }
        match self.unproven {
            Some(lack) => lack,
            None if self.whole_root && !path.starts_with(COMMANDS) => Lack::Absent,
            None => Lack::NotCollected,
        }
    }

    /// The path after links; an error where nothing is held there.
    fn resolve(&self, path: &str) -> Result<Resolved, Lack> {
        let resolved = resolve(path, |real| self.link_at(real));
        // Nothing may be said of a directory while the path below it is known to be absent.
        resolved.map_err(|lack| if lack == Lack::NotCollected { self.said_of(path.trim_matches('/')) } else { lack })
    }

    /// The target of the link at a path whose directories are no links; nothing where it is no link.
    fn link_at(&self, real: &str) -> Result<Option<String>, Lack> {
        match self.nodes.get(real) {
            Some((Node::Link(target), _)) => Ok(Some(target.clone())),
            Some((Node::Lacking(Lack::Absent), _)) => Err(Lack::Absent),
            Some(_) => Ok(None),
            None if self.is_directory(real) => Ok(None),
            None => Err(self.missing(real)),
        }
    }

    /// Why a path lacks of which the directories were not collected.
    fn said_of(&self, path: &str) -> Lack {
        match self.nodes.get(path) {
            Some((Node::Lacking(lack), _)) => *lack,
            Some(_) => Lack::NotCollected,
            None => self.missing(path),
        }
    }

    /// Pairs of paths that contradict each other: what is held at the first cannot hold the second.
    pub(super) fn contradictions(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for below in self.nodes.keys() {
            let mut above = &**below;
            while let Some(slash) = above.rfind('/') {
                above = &above[..slash];
                let holds = self.nodes.get(above).is_none_or(|(node, _)| node.may_hold());
                let absent = matches!(self.nodes.get(below), Some((Node::Lacking(Lack::Absent), _)));
                if !holds && !absent {
                    found.push((above.to_owned(), below.clone()));
                }
            }
        }
        found
    }

    /// Replaces what is held at a path.
    pub(super) fn replace(&mut self, path: &str, node: Node) -> Option<Node> {
        self.nodes.insert(path.to_owned(), (node, Ownership::default())).map(|(node, _)| node)
    }

    /// What is held at exactly this path.
    pub(super) fn held(&self, path: &str) -> Option<&Node> {
        self.nodes.get(path).map(|(node, _)| node)
    }

    /// The same with every path taken from below this directory; what is not below it is dropped.
    pub(super) fn below(self, directory: &str) -> Memory {
        let prefix = format!("{directory}/");
        let nodes = self.nodes.into_iter().filter_map(|(path, held)| Some((path.strip_prefix(&prefix)?.to_owned(), held))).collect();
        Memory { nodes, whole_root: self.whole_root, unproven: self.unproven, implied_open: self.implied_open }
    }
}
