//! A question about an asset's artefacts into the answer of the form in which they are kept.

use super::{Completeness, Lack, Listing, Look, folder, memory, own};

/// How an asset's artefacts are kept.
#[derive(Debug)]
pub(super) enum Tree {
    Memory(memory::Memory),
    Folder(folder::Folder),
    Own(own::Own),
    /// Nothing can be read, for one reason.
    Lacking(Lack),
}

impl Tree {
    /// Appends the bytes of the artefact at a path.
    pub(super) fn read(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
        match self {
            Tree::Memory(memory) => memory.read(path, buffer),
            Tree::Folder(folder) => folder.read(path, buffer),
            Tree::Own(own) => own.read(path, buffer),
            Tree::Lacking(lack) => Err(*lack),
        }
    }

    /// The names in a directory.
    pub(super) fn list(&self, directory: &str) -> Result<Listing, Lack> {
        match self {
            Tree::Memory(memory) => memory.list(directory),
            Tree::Folder(folder) => folder.list(directory),
            Tree::Own(own) => own.list(directory),
            Tree::Lacking(lack) => Err(*lack),
        }
    }

    /// What is at a path.
    pub(super) fn look(&self, path: &str) -> Look {
        match self {
            Tree::Memory(memory) => memory.look(path),
            Tree::Folder(folder) => folder.look(path),
            Tree::Own(own) => own.look(path),
            Tree::Lacking(lack) => Look::lacking(*lack),
        }
    }

    /// Why nothing is at a path and nothing below it, where that is known already.
    pub(super) fn lacks(&self, path: &str) -> Option<Lack> {
        match self {
            Tree::Folder(folder) => folder.lacks(path),
            Tree::Lacking(lack) => Some(*lack),
            Tree::Memory(_) | Tree::Own(_) => None,
        }
    }

    /// The target of the link at a path, wherever it leads.
    pub(super) fn link(&self, path: &str) -> Option<String> {
        match self {
            Tree::Memory(memory) => memory.link(path),
            Tree::Folder(folder) => folder.link(path),
            Tree::Own(own) => own.link(path),
            Tree::Lacking(_) => None,
        }
    }
}
