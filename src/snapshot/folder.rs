//! A tree on disk into artefacts, one file at a time and never through a link.
//!
//! Directories are opened name by name from the one above, with `O_NOFOLLOW`, so that nothing outside the tree can be reached
//! whatever links it holds. Nothing is looked at before it is opened, and a directory is listed only when a product asks.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use rustix::buffer::spare_capacity;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::memory::COMMANDS;
use super::resolve::{Resolved, join, resolve, split};
use super::{Completeness, Kind, Lack, Listing, Look, filename};
use crate::source::SOURCE_BYTES_MOST;

/// The most directories of one asset that are kept open; beyond, all are closed and opened again when they are needed.
pub(super) const DIRECTORIES_OPEN_MOST: usize = 32;

/// The most paths of directories, there or not, that are remembered.
const DIRECTORIES_KNOWN_MOST: usize = 1024;

/// The most names that are taken from one directory; beyond, the listing is incomplete.
pub(super) const NAMES_MOST: usize = 100_000;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

// A pipe without a writer would be waited for without NONBLOCK.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

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
}

/// An open directory.
#[derive(Debug)]
struct Directory {
    fd: OwnedFd,
    /// Its path without links.
    real: String,
    names: OnceCell<Names>,
}

/// The names in a directory with what each is, in byte order.
#[derive(Debug)]
struct Names {
    list: Vec<(String, FileType)>,
    all: bool,
}

impl Folder {
    /// Opens the tree whose root is this directory; a link there is followed only where the user named it himself.
    pub(super) fn open(path: &Path, standing: Standing, follow: bool) -> Result<Folder, Errno> {
        let flags = if follow { DIRECTORY.difference(OFlags::NOFOLLOW) } else { DIRECTORY };
        let fd = rustix::fs::open(path, flags, Mode::empty())?;
        let root = Rc::new(Directory { fd, real: String::new(), names: OnceCell::new() });
        Ok(Folder { root, standing, known: RefCell::default(), open: Cell::new(0) })
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
        let directory = if is_plain(directory) {
            self.directory(directory)?
        } else {
            self.directory(&resolve(directory, |real| self.link_at(real))?.real)?
        };
        let names = self.names(&directory)?;
        let complete = names.all && self.standing == Standing::Root;
        Ok(Listing { names: names.list.iter().map(|(name, _)| name.clone()).collect(), complete })
    }

    /// What is at a path.
    pub(super) fn look(&self, path: &str) -> Look {
        self.kind_without_asking(path).map_or_else(|| self.look_closely(path).unwrap_or_else(Look::lacking), bare)
    }

    /// The kind of what is at a path, where an open directory already tells and nothing more is to be told.
    fn kind_without_asking(&self, path: &str) -> Option<Kind> {
        if self.standing == Standing::Root {
            return None;
        }
        let known = self.known.borrow();
        if let Some(Ok(directory)) = known.get(path) {
            return (directory.real == path).then_some(Kind::Directory);
        }
        let (above, name) = split(path);
        let directory = known.get(above)?.as_ref().ok()?;
        let list = &directory.names.get()?.list;
        let at = list.binary_search_by(|(held, _)| (**held).cmp(name)).ok()?;
        match list[at].1 {
            FileType::RegularFile => Some(Kind::File),
            FileType::Directory => Some(Kind::Directory),
            FileType::Symlink | FileType::Unknown => None,
            _ => Some(Kind::Other),
        }
    }

    /// What is at a path, asked of the operating system.
    fn look_closely(&self, path: &str) -> Result<Look, Lack> {
        let Some((directory, name)) = self.place(path)? else { return self.look_behind_links(path) };
        let status = self.status(&directory, name).map_err(|error| self.lack(error))?;
        if FileType::from_raw_mode(status.st_mode) == FileType::Symlink {
            return self.look_behind_links(&join(&directory.real, name));
        }
        Ok(self.described(&status, None))
    }

    /// The same, where the path is a link or leads through `..`.
    fn look_behind_links(&self, path: &str) -> Result<Look, Lack> {
        let Resolved { real, link } = resolve(path, |real| self.link_at(real))?;
        let status = match self.place(&real)? {
            Some((directory, name)) => self.status(&directory, name),
            None => rustix::fs::fstat(&self.root.fd),
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
        // Nothing that lies on a root is the output of a command that a collector ran.
        if self.standing == Standing::Root && path.starts_with(COMMANDS) {
            return Err(Lack::NotCollected);
        }
        let (above, name) = split(path);
        let directory = self.directory(above).map_err(|lack| self.below(lack))?;
        Ok(Some((directory, name)))
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
            let start = if end == 0 { 0 } else { end + 1 };
            end = path[start..].find('/').map_or(path.len(), |slash| start + slash);
            at = match at {
                Ok(above) => self.step(&above, &path[start..end]),
                Err(lack) => Err(self.below(lack)),
            };
            self.remember(&path[..end], at.clone());
        }
        at
    }

    /// Opens a directory in a directory.
    fn step(&self, above: &Directory, name: &str) -> Result<Rc<Directory>, Lack> {
        let real = join(&above.real, name);
        match self.retried(|| spelled(name, |name| rustix::fs::openat(&above.fd, name, DIRECTORY, Mode::empty()))) {
            Ok(fd) => Ok(Rc::new(Directory { fd, real, names: OnceCell::new() })),
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
            let kind = FileType::from_raw_mode(self.status(directory, name)?.st_mode);
            if !matches!(kind, FileType::RegularFile | FileType::Symlink | FileType::Directory) {
                return Err(Errno::NXIO);
            }
        }
        self.retried(|| spelled(name, |name| rustix::fs::openat(&directory.fd, name, FILE, Mode::empty())))
    }

    fn status(&self, directory: &Directory, name: &str) -> Result<Stat, Errno> {
        spelled(name, |name| rustix::fs::statat(&directory.fd, name, AtFlags::SYMLINK_NOFOLLOW))
    }

    /// The target of the link at a path whose directories are no links; nothing where it is no link.
    pub(super) fn link_at(&self, real: &str) -> Result<Option<String>, Lack> {
        let (above, name) = split(real);
        let directory = self.directory(above).map_err(|lack| self.below(lack))?;
        match spelled(name, |name| rustix::fs::readlinkat(&directory.fd, name, Vec::new())) {
            Ok(target) => Ok(Some(filename::text(target.as_bytes()).into_owned())),
            Err(Errno::INVAL) => Ok(None),
            Err(error) => Err(self.lack(error)),
        }
    }

    /// The names in a directory, listed once.
    fn names<'d>(&self, directory: &'d Directory) -> Result<&'d Names, Lack> {
        if let Some(names) = directory.names.get() {
            return Ok(names);
        }
        let names = self.retried(|| list(&directory.fd)).map_err(|error| self.lack(error))?;
        Ok(directory.names.get_or_init(|| names))
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
            Errno::NOENT | Errno::NOTDIR | Errno::NAMETOOLONG | Errno::INVAL => self.missing(),
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
    path.is_empty() || path.split('/').all(|name| !matches!(name, "" | "." | ".."))
}

/// Tries a name as it is, then the other bytes that it may stand for.
fn spelled<T>(name: &str, action: impl Fn(&[u8]) -> Result<T, Errno>) -> Result<T, Errno> {
    debug_assert!(!name.contains('/') && name != "..", "a name in a directory, not a path");
    match action(name.as_bytes()) {
        Err(Errno::NOENT) => filename::other_spellings(name)
            .map(|bytes| action(&bytes))
            .find(|result| !matches!(result, Err(Errno::NOENT)))
            .unwrap_or(Err(Errno::NOENT)),
        result => result,
    }
}

/// The names in a directory.
fn list(directory: &OwnedFd) -> Result<Names, Errno> {
    let mut list: Vec<(String, FileType)> = Vec::new();
    for entry in Dir::read_from(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name == b"." || name == b".." {
            continue;
        }
        if list.len() >= NAMES_MOST {
            return Ok(Names { list: sorted(list), all: false });
        }
        list.push((filename::text(name).into_owned(), entry.file_type()));
    }
    Ok(Names { list: sorted(list), all: true })
}

/// The names in byte order. Two names of one text are the same word in two encodings: the one that is not UTF-8 is shown escaped.
fn sorted(mut list: Vec<(String, FileType)>) -> Vec<(String, FileType)> {
    list.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    for at in 1..list.len() {
        if list[at].0 == list[at - 1].0 {
            let escaped = filename::escaped_gb18030(&list[at].0);
            list[at].0 = escaped;
        }
    }
    list.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    list
}

/// Appends the whole content of an open file, if it is a regular one; usually with a single read.
pub(super) fn read_whole(fd: impl AsFd, buffer: &mut Vec<u8>) -> Result<Completeness, Lack> {
    let status = rustix::fs::fstat(&fd).map_err(|_| Lack::Unreadable)?;
    if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile {
        return Err(Lack::OtherKind);
    }
    let size = usize::try_from(status.st_size).unwrap_or(usize::MAX);
    if size > SOURCE_BYTES_MOST {
        return Err(Lack::TooBig);
    }
    let start = buffer.len();
    let read = fill(fd, size, buffer);
    if read.is_err() {
        buffer.truncate(start);
    }
    read.map(|()| Completeness::Whole)
}

/// Reads until the end; the size that was announced is believed only if the file ends there (pseudo files announce nothing).
fn fill(fd: impl AsFd, size: usize, buffer: &mut Vec<u8>) -> Result<(), Lack> {
    let start = buffer.len();
    buffer.reserve(size + 1);
    loop {
        if buffer.spare_capacity_mut().is_empty() {
            buffer.reserve(64 << 10);
        }
        let room = buffer.capacity() - buffer.len();
        let read = match rustix::io::read(&fd, spare_capacity(buffer)) {
            Ok(read) => read,
            Err(Errno::INTR) => continue,
            Err(_) => return Err(Lack::Unreadable),
        };
        let total = buffer.len() - start;
        if total > SOURCE_BYTES_MOST {
            return Err(Lack::TooBig);
        }
        if read == 0 || (total == size && read < room) {
            return Ok(());
        }
    }
}
