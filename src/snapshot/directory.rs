//! An open directory on disk into what can be reached from it: its names, and the files and directories that they open.
//!
//! Every name is opened relative to the directory that holds it, and a link is never followed here.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::Path;

use rustix::buffer::spare_capacity;
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{Completeness, Lack, filename};
use crate::source::SOURCE_BYTES_MOST;

/// The most names that are taken from one directory; beyond, the listing is incomplete.
pub(super) const NAMES_MOST: usize = 100_000;

/// The most names that are missed in a directory before it is listed: a listing costs about as much as so many calls that fail.
const MISSED_MOST: u32 = 6;

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

// A pipe without a writer would be waited for without NONBLOCK.
const FILE: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// An open directory.
#[derive(Debug)]
pub(super) struct Directory {
    /// Its path without links.
    pub real: String,
    stream: RefCell<Dir>,
    names: OnceCell<Names>,
    /// How many names were asked for that are not in it.
    missed: Cell<u32>,
}

/// The names in a directory with what each is, in byte order.
#[derive(Debug)]
pub(super) struct Names {
    pub list: Vec<(String, FileType)>,
    /// Whether there are no more.
    pub all: bool,
}

impl Directory {
    /// Opens the root of a tree; a link there is followed only where the user named it himself.
    pub(super) fn root(path: &Path, follow: bool) -> Result<Directory, Errno> {
        let flags = if follow { DIRECTORY.difference(OFlags::NOFOLLOW) } else { DIRECTORY };
        Directory::new(rustix::fs::open(path, flags, Mode::empty())?, String::new())
    }

    /// Opens a directory in this one, whose path it is told.
    pub(super) fn directory(&self, name: &str, real: &str) -> Result<Directory, Errno> {
        let fd = self.at(name, |here, name| rustix::fs::openat(here, name, DIRECTORY, Mode::empty()))?;
        Directory::new(fd, real.to_owned())
    }

    fn new(fd: OwnedFd, real: String) -> Result<Directory, Errno> {
        Ok(Directory { real, stream: RefCell::new(Dir::new(fd)?), names: OnceCell::new(), missed: Cell::new(0) })
    }

    /// Opens a file in this directory; ELOOP where it is a link.
    pub(super) fn file(&self, name: &str) -> Result<OwnedFd, Errno> {
        self.at(name, |here, name| rustix::fs::openat(here, name, FILE, Mode::empty()))
    }

    /// What is known of a name, itself where it is a link.
    pub(super) fn status(&self, name: &str) -> Result<Stat, Errno> {
        self.at(name, |here, name| rustix::fs::statat(here, name, AtFlags::SYMLINK_NOFOLLOW))
    }

    /// What is known of the directory itself.
    pub(super) fn own_status(&self) -> Result<Stat, Errno> {
        rustix::fs::fstat(self.stream.borrow().fd()?)
    }

    /// The target of a link; EINVAL where the name is none.
    pub(super) fn link(&self, name: &str) -> Result<String, Errno> {
        let target = self.at(name, |here, name| rustix::fs::readlinkat(here, name, Vec::new()))?;
        Ok(filename::text(target.as_bytes()).into_owned())
    }

    /// The names in it, listed once.
    pub(super) fn names(&self) -> Result<&Names, Errno> {
        if let Some(names) = self.names.get() {
            return Ok(names);
        }
        let names = list(&mut self.stream.borrow_mut())?;
        Ok(self.names.get_or_init(|| names))
    }

    /// The names in it, where they were listed already.
    pub(super) fn listed(&self) -> Option<&Names> {
        self.names.get()
    }

    /// Whether it was not listed yet and few names were missed in it, so that asking for one more costs less than listing all.
    pub(super) fn is_rarely_missed(&self) -> bool {
        self.names.get().is_none() && self.missed.get() < MISSED_MOST
    }

    /// Tries a name as it is, then the other bytes that it may stand for.
    fn at<T>(&self, name: &str, action: impl Fn(BorrowedFd<'_>, &[u8]) -> Result<T, Errno>) -> Result<T, Errno> {
        debug_assert!(!name.contains('/') && name != "..", "a name in a directory, not a path");
        let stream = self.stream.borrow();
        let here = stream.fd()?;
        match action(here, name.as_bytes()) {
            Err(Errno::NOENT) => {
                self.missed.set(self.missed.get() + 1);
                filename::other_spellings(name)
                    .map(|bytes| action(here, &bytes))
                    .find(|result| !matches!(result, Err(Errno::NOENT)))
                    .unwrap_or(Err(Errno::NOENT))
            }
            result => result,
        }
    }
}

/// Reads the names in a directory.
fn list(stream: &mut Dir) -> Result<Names, Errno> {
    let mut list: Vec<(String, FileType)> = Vec::new();
    while let Some(entry) = stream.read() {
        // Whoever tries again begins again.
        let entry = entry.inspect_err(|_| stream.rewind())?;
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
    let mut escaped = false;
    for at in 1..list.len() {
        if list[at].0 == list[at - 1].0 {
            list[at].0 = filename::escaped_gb18030(&list[at].0);
            escaped = true;
        }
    }
    if escaped {
        list.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    }
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
