//! A tree on disk into artefacts, one file at a time and never through a link.
//!
//! Directories are opened name by name from the one above, with `O_NOFOLLOW`, so that nothing outside the tree can be reached
//! whatever links it holds. Nothing is looked at before it is opened, and a directory is listed only when a product asks.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::Path;
use std::rc::Rc;

use foldhash::HashMap;
use rustix::fd::OwnedFd;
use rustix::fs::{FileType, Stat};
use rustix::io::Errno;

use super::directory::{Directory, read_whole};
use super::memory::COMMANDS;
use super::paths::{self, Paths};
use super::resolve::{Resolved, join, resolve, split, stored_link};
use super::{Completeness, Kind, Lack, Listing, Look};

/// The most directories of one asset that are kept open; beyond, all are closed and opened again when they are needed.
pub(super) const DIRECTORIES_OPEN_MOST: usize = 32;

/// The most paths of directories, there or not, that are remembered.
const DIRECTORIES_KNOWN_MOST: usize = 1024;

/// The most paths that a copy is asked for and lacks before all that it has is listed: a copy is small, and is asked for hundreds
/// of files that it lacks.
const MISSED_MOST: u32 = 6;

/// What a tree on disk stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A copy of some of an asset's files: what is missing was not collected, modes and owners are the copy's.
    Copy,
    /// The asset's own root, mounted: what is missing is absent.
    Root,
}

/// A tree on disk.
#[derive(Debug)]
pub(super) struct Folder {
    root: Rc<Directory>,
    standing: Standing,
    /// Directories by the path that was asked for.
    known: RefCell<HashMap<String, Result<Rc<Directory>, Lack>>>,
    open: Cell<usize>,
    /// How many paths were asked for that are not there.
    missed: Cell<u32>,
    /// Everything that is there, once it was listed; none where it is too much, or a name may stand for another.
    paths: OnceCell<Option<Paths>>,
}

impl Folder {
    /// Opens the tree whose root is this directory; a link there is followed only where the user named it himself.
    pub(super) fn open(path: &Path, standing: Standing, follow: bool) -> Result<Folder, Errno> {
        let root = Rc::new(Directory::root(path, follow)?);
        Ok(Folder { root, standing, known: RefCell::default(), open: Cell::new(0), missed: Cell::new(0), paths: OnceCell::new() })
    }

    /// Why nothing is at a path and nothing below it, where that is known without asking the operating system: for who asks much and
    /// can go without the rest.
    pub(super) fn lacks(&self, path: &str) -> Option<Lack> {
        if self.standing == Standing::Root || self.missed.get() < MISSED_MOST {
            return None;
        }
        let paths = self.paths.get_or_init(|| paths::list(&self.root, |path| self.directory(path).ok())).as_ref()?;
        (!paths.holds(path) && !path.is_empty() && is_plain(path)).then_some(self.missing())
    }

    /// Appends the bytes of the file at a path.
    pub(super) fn read(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
        let Some((directory, name)) = self.place(path)? else { return self.read_behind_links(path, buffer) };
        match self.open_file(&directory, name) {
            Ok(fd) => read_whole(&fd, buffer),
            Err(Errno::LOOP) => self.read_behind_links(&join(&directory.real, name), buffer),
            Err(error) => Err(self.lack(error)),
        }
    }

    /// The same, where the path is a link or leads through `..`.
    fn read_behind_links(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
        let Resolved { real, .. } = resolve(path, |real| self.link_at(real))?;
        let Some((directory, name)) = self.place(&real)? else { return Err(Lack::OtherKind) };
        let fd = self.open_file(&directory, name).map_err(|error| self.lack(error))?;
        read_whole(&fd, buffer)
    }

    /// The names in a directory.
    pub(super) fn list(&self, directory: &str) -> Result<Listing, Lack> {
        let meant = if is_plain(directory) { directory } else { &resolve(directory, |real| self.link_at(real))?.real };
        if self.claims_command(meant) {
            return Err(Lack::NotCollected);
        }
        let directory = self.directory(meant)?;
        let names = self.retried(|| directory.names()).map_err(|error| self.lack(error))?;
        let complete = names.all && self.standing == Standing::Root;
        Ok(Listing { names: names.list.iter().map(|(name, _)| name.clone()).collect(), complete })
    }

    /// What is at a path.
    pub(super) fn look(&self, path: &str) -> Look {
        self.told_already(path).unwrap_or_else(|| self.look_closely(path).unwrap_or_else(Look::lacking))
    }

    /// What is at a path, where the directories that are open tell it and nothing more is to be told.
    fn told_already(&self, path: &str) -> Option<Look> {
        let known = self.known.borrow();
        match known.get(path) {
            Some(Err(lack)) if *lack == self.missing() => return Some(Look::lacking(*lack)),
            Some(Ok(directory)) if self.standing == Standing::Copy && directory.real == path => return Some(bare(Kind::Directory)),
            Some(_) => return None,
            None if self.standing == Standing::Root => return None,
            None => {}
        }
        let (above, name) = split(path);
        let list = &known.get(above)?.as_ref().ok()?.listed()?.list;
        let at = list.binary_search_by(|(held, _)| (**held).cmp(name)).ok()?;
        match list[at].1 {
            FileType::RegularFile => Some(bare(Kind::File)),
            FileType::Directory => Some(bare(Kind::Directory)),
            FileType::Symlink | FileType::Unknown => None,
            _ => Some(bare(Kind::Other)),
        }
    }

    /// What is at a path, asked of the operating system.
    fn look_closely(&self, path: &str) -> Result<Look, Lack> {
        let Some((directory, name)) = self.place(path)? else { return self.look_behind_links(path) };
        match directory.status(name) {
            Ok(status) if FileType::from_raw_mode(status.st_mode) == FileType::Symlink => {
                self.look_behind_links(&join(&directory.real, name))
            }
            Ok(status) => Ok(self.described(&status, None)),
            Err(error) => {
                let lack = self.lack(error);
                if lack == self.missing() {
                    // Who looks for a directory often wants to list it next.
                    self.remember(path, Err(lack));
                }
                Err(lack)
            }
        }
    }

    /// The same, where the path is a link or leads through `..`.
    fn look_behind_links(&self, path: &str) -> Result<Look, Lack> {
        let Resolved { real, link } = resolve(path, |real| self.link_at(real))?;
        let status = match self.place(&real)? {
            Some((directory, name)) => directory.status(name),
            None => self.root.own_status(),
        };
        Ok(self.described(&status.map_err(|error| self.lack(error))?, link))
    }

    fn described(&self, status: &Stat, link: Option<String>) -> Look {
        let kind = match FileType::from_raw_mode(status.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Directory,
            _ => Kind::Other,
        };
        let look = Look { link, ..bare(kind) };
        if self.standing == Standing::Copy {
            return look;
        }
        let named = |id: u32| Some(if id == 0 { "root".to_owned() } else { id.to_string() });
        Look {
            mode: Some(status.st_mode & 0o7777),
            owner: named(status.st_uid),
            group: named(status.st_gid),
            size_bytes: u64::try_from(status.st_size).ok(),
            ..look
        }
    }

    /// The open directory and the name in it, of a path without `.` and `..`; none for other paths and for the root.
    fn place<'p>(&self, path: &'p str) -> Result<Option<(Rc<Directory>, &'p str)>, Lack> {
        if path.is_empty() || !is_plain(path) {
            return Ok(None);
        }
        if self.claims_command(path) {
            return Err(Lack::NotCollected);
        }
        let (above, name) = split(path);
        let directory = self.directory(above).map_err(|lack| self.below(lack))?;
        if !self.may_hold(&directory, name) {
            return Err(self.missing());
        }
        Ok(Some((directory, name)))
    }

    /// Whether a directory may hold a name. A copy is small, and of some directories many files are asked for that it lacks: there
    /// one listing saves as many calls. On a mounted root directories are large and most files are there.
    fn may_hold(&self, directory: &Directory, name: &str) -> bool {
        if self.standing == Standing::Root || directory.is_rarely_missed() {
            return true;
        }
        match self.retried(|| directory.names()) {
            Ok(names) if names.all => names.list.binary_search_by(|(held, _)| (**held).cmp(name)).is_ok(),
            Ok(_) | Err(_) => true,
        }
    }

    /// Whether a path is where command output is kept: nothing that lies on a root is the output of a command that a collector ran.
    fn claims_command(&self, path: &str) -> bool {
        self.standing == Standing::Root && (path.starts_with(COMMANDS) || path == COMMANDS.trim_end_matches('/'))
    }

    /// The directory at a path without `.` and `..`, opened from the nearest one above it that is open already.
    fn directory(&self, path: &str) -> Result<Rc<Directory>, Lack> {
        let mut end = path.len();
        let mut at = loop {
            if end == 0 {
                break Ok(Rc::clone(&self.root));
            }
            if let Some(known) = self.known.borrow().get(&path[..end]) {
                break known.clone();
            }
            end = path[..end].rfind('/').unwrap_or(0);
        };
        while end < path.len() {
            // What lacks is remembered, and not everything below it too.
            let above = at.map_err(|lack| self.below(lack))?;
            let start = if end == 0 { 0 } else { end + 1 };
            end = path[start..].find('/').map_or(path.len(), |slash| start + slash);
            at = self.step(&above, &path[start..end]);
            self.remember(&path[..end], at.clone());
        }
        at
    }

    /// Opens a directory in a directory.
    fn step(&self, above: &Directory, name: &str) -> Result<Rc<Directory>, Lack> {
        if !self.may_hold(above, name) {
            return Err(self.missing());
        }
        let real = join(&above.real, name);
        match self.retried(|| above.directory(name, &real)) {
            Ok(directory) => Ok(Rc::new(directory)),
            // Linux says ENOTDIR of a link that is opened as a directory without following it, others say ELOOP.
            Err(Errno::NOTDIR | Errno::LOOP) => {
                let meant = resolve(&real, |real| self.link_at(real))?.real;
                if meant == real { Err(Lack::OtherKind) } else { self.directory(&meant) }
            }
            Err(error) => Err(self.lack(error)),
        }
    }

    fn remember(&self, path: &str, directory: Result<Rc<Directory>, Lack>) {
        let mut known = self.known.borrow_mut();
        if self.open.get() >= DIRECTORIES_OPEN_MOST || known.len() >= DIRECTORIES_KNOWN_MOST {
            known.clear();
            self.open.set(0);
        }
        self.open.set(self.open.get() + usize::from(directory.is_ok()));
        known.insert(path.to_owned(), directory);
    }

    /// Tries again after closing what is kept open, where the process has too many files open.
    fn retried<T>(&self, action: impl Fn() -> Result<T, Errno>) -> Result<T, Errno> {
        match action() {
            Err(Errno::MFILE | Errno::NFILE) => {
                self.known.borrow_mut().clear();
                self.open.set(0);
                action()
            }
            result => result,
        }
    }

    fn open_file(&self, directory: &Directory, name: &str) -> Result<OwnedFd, Errno> {
        // Opening a device can set it going. Only root makes devices, and a mounted root is where they are.
        if self.standing == Standing::Root {
            let kind = FileType::from_raw_mode(directory.status(name)?.st_mode);
            if !matches!(kind, FileType::RegularFile | FileType::Symlink | FileType::Directory) {
                return Err(Errno::NXIO);
            }
        }
        self.retried(|| directory.file(name))
    }

    /// The target of the link at a path, wherever it leads.
    pub(super) fn link(&self, path: &str) -> Option<String> {
        if path.is_empty() || !is_plain(path) {
            return stored_link(path, |real| self.link_at(real));
        }
        let (above, name) = split(path);
        let directory = self.directory(above).ok()?;
        self.link_in(&directory, name).ok()?
    }

    /// The target of the link at a path whose directories are no links; nothing where it is no link.
    pub(super) fn link_at(&self, real: &str) -> Result<Option<String>, Lack> {
        let (above, name) = split(real);
        let directory = self.directory(above).map_err(|lack| self.below(lack))?;
        self.link_in(&directory, name)
    }

    /// The target of a link in a directory; nothing where it is no link. A listing that was made already tells most of it.
    fn link_in(&self, directory: &Directory, name: &str) -> Result<Option<String>, Lack> {
        if let (Some(names), Standing::Copy) = (directory.listed(), self.standing) {
            match names.list.binary_search_by(|(held, _)| (**held).cmp(name)) {
                Err(_) if names.all => return Err(self.missing()),
                Ok(at) if !matches!(names.list[at].1, FileType::Symlink | FileType::Unknown) => return Ok(None),
                _ => {}
            }
        }
        match directory.link(name) {
            Ok(target) => Ok(Some(target)),
            Err(Errno::INVAL) => Ok(None),
            Err(error) => Err(self.lack(error)),
        }
    }

    /// Why something below a directory lacks, when the directory itself does.
    fn below(&self, lack: Lack) -> Lack {
        // Nothing is below a file.
        if lack == Lack::OtherKind { self.missing() } else { lack }
    }

    fn missing(&self) -> Lack {
        match self.standing {
            Standing::Copy => Lack::NotCollected,
            Standing::Root => Lack::Absent,
        }
    }

    fn lack(&self, error: Errno) -> Lack {
        match error {
            // No file can have a name that is too long or holds a NUL byte.
            Errno::NOENT | Errno::NOTDIR | Errno::NAMETOOLONG | Errno::INVAL => {
                self.missed.set(self.missed.get() + 1);
                self.missing()
            }
            Errno::ACCESS | Errno::PERM => Lack::Denied,
            Errno::NXIO => Lack::OtherKind,
            _ => Lack::Unreadable,
        }
    }
}

/// Something of which only the kind is known.
fn bare(kind: Kind) -> Look {
    Look { lack: None, kind: Some(kind), link: None, mode: None, owner: None, group: None, size_bytes: None, exit_status: None }
}

/// Whether a path is nothing but names.
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    // Only a name that is empty or begins with a dot can be anything else.
    let odd = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b'/' | b'.'));
    let suspect = odd(0) || memchr::memchr_iter(b'/', bytes).any(|slash| odd(slash + 1));
    !suspect || path.split('/').all(|name| !matches!(name, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_is_lacking() {
        for (standing, missing) in [(Standing::Copy, Lack::NotCollected), (Standing::Root, Lack::Absent)] {
            let folder = Folder::open(Path::new("/"), standing, true).expect("there is a root");
            for (error, expected) in [
                (Errno::NOENT, missing),
                (Errno::NOTDIR, missing),
                (Errno::ACCESS, Lack::Denied),
                (Errno::PERM, Lack::Denied),
                (Errno::NXIO, Lack::OtherKind),
                (Errno::IO, Lack::Unreadable),
                (Errno::MFILE, Lack::Unreadable),
                (Errno::STALE, Lack::Unreadable),
            ] {
                assert_eq!(folder.lack(error), expected);
            }
        }
    }
}
