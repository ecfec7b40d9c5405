//! Artefacts that are held in memory, with what is proven about the rest: rule cases, and what archives are read into.

use std::collections::BTreeMap;

use super::{Completeness, Kind, Lack, Listing, Look};

/// The most links that are followed on the way to one artefact.
pub const LINKS_MOST: usize = 40;

/// What is held at one path.
#[derive(Clone, Debug)]
pub enum Node {
    /// A file's bytes.
    File(Vec<u8>),
    /// A file of which only the beginning is held.
    Truncated(Vec<u8>),
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

/// Permission bits, owner and group of one path.
#[derive(Clone, Debug, Default)]
pub struct Ownership {
    /// Permission bits.
    pub mode: Option<u32>,
    /// Owner.
    pub owner: Option<String>,
    /// Group.
    pub group: Option<String>,
    /// Size on the asset in bytes.
    pub size_bytes: Option<u64>,
}

/// Artefacts in memory.
#[derive(Debug, Default)]
pub struct Memory {
    nodes: BTreeMap<String, (Node, Ownership)>,
    /// Whether what is not held is proven absent (a whole root was read).
    pub whole_root: bool,
}

impl Memory {
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
        let (real, _) = self.resolve(path)?;
        match self.nodes.get(&real).map(|(node, _)| node) {
            Some(Node::File(bytes)) => {
                buffer.extend_from_slice(bytes);
                Ok(Completeness::Whole)
            }
            Some(Node::Truncated(bytes)) => {
                buffer.extend_from_slice(bytes);
                Ok(Completeness::Truncated)
            }
            Some(Node::Lacking(lack)) => Err(*lack),
            Some(Node::Directory { .. } | Node::Link(_)) => Err(Lack::OtherKind),
            None if self.is_directory(&real) => Err(Lack::OtherKind),
            None => Err(self.missing(&real)),
        }
    }

    /// The names in a directory.
    pub fn list(&self, directory: &str) -> Result<Listing, Lack> {
        let (real, _) = self.resolve(directory)?;
        let held = match self.nodes.get(&real).map(|(node, _)| node) {
            Some(Node::Lacking(lack)) => return Err(*lack),
            Some(Node::File(_) | Node::Truncated(_) | Node::Link(_)) => return Err(Lack::OtherKind),
            Some(Node::Directory { complete }) => Some(*complete),
            None if self.is_directory(&real) => None,
            None => return Err(self.missing(&real)),
        };
        let mut names: Vec<String> = Vec::new();
        let prefix = if real.is_empty() { String::new() } else { format!("{real}/") };
        for (path, (node, _)) in self.nodes.range(prefix.clone()..) {
            let Some(rest) = path.strip_prefix(&prefix) else { break };
            let name = rest.split('/').next().unwrap_or_default();
            let absent = name == rest && matches!(node, Node::Lacking(Lack::Absent));
            if !name.is_empty() && !absent && names.last().map(String::as_str) != Some(name) {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        names.dedup();
        Ok(Listing { names, complete: held.unwrap_or(true) })
    }

    /// What is at a path.
    pub fn look(&self, path: &str) -> Look {
        let (real, link) = match self.resolve(path) {
            Ok(found) => found,
            Err(lack) => return Look::lacking(lack),
        };
        let (kind, ownership) = match self.nodes.get(&real) {
            Some((Node::File(_) | Node::Truncated(_), ownership)) => (Kind::File, ownership.clone()),
            Some((Node::Directory { .. }, ownership)) => (Kind::Directory, ownership.clone()),
            Some((Node::Lacking(lack), ownership)) if *lack != Lack::Absent && ownership.mode.is_some() => (Kind::File, ownership.clone()),
            Some((Node::Lacking(lack), _)) => return Look::lacking(*lack),
            Some((Node::Link(_), _)) => return Look::lacking(Lack::Dangling),
            None if self.is_directory(&real) => (Kind::Directory, Ownership::default()),
            None => return Look::lacking(self.missing(&real)),
        };
        let Ownership { mode, owner, group, size_bytes } = ownership;
        Look { lack: None, kind: Some(kind), link, mode, owner, group, size_bytes }
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
                Some(Node::Directory { complete: true }) => return Lack::Absent,
                Some(Node::File(_) | Node::Truncated(_)) => return Lack::Absent,
                Some(Node::Directory { complete: false } | Node::Link(_)) | None => {}
            }
        }
        if self.whole_root { Lack::Absent } else { Lack::NotCollected }
    }

    /// The path after links, and the target of a link that the path itself is.
    fn resolve(&self, path: &str) -> Result<(String, Option<String>), Lack> {
        let mut pending: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut real: Vec<String> = Vec::new();
        let mut links = 0;
        let mut last_link = None;
        while let Some(name) = pending.pop() {
            match name.as_str() {
                "" | "." => continue,
                ".." => {
                    real.pop();
                    continue;
                }
                _ => real.push(name),
            }
            let Some((Node::Link(target), _)) = self.nodes.get(&real.join("/")) else { continue };
            links += 1;
            if links > LINKS_MOST {
                return Err(Lack::LinkLoop);
            }
            if pending.iter().all(|name| name.is_empty()) && links == 1 {
                last_link = Some(target.clone());
            }
            real.pop();
            if target.starts_with('/') {
                real.clear();
            }
            pending.extend(target.split('/').rev().map(str::to_owned));
        }
        let real = real.join("/");
        let exists = real.is_empty() || self.nodes.contains_key(&real) || self.is_directory(&real);
        if links > 0 && !exists && self.missing(&real) == Lack::Absent {
            return Err(Lack::Dangling);
        }
        Ok((real, last_link))
    }
}
