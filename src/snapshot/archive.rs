//! A tar archive into artefacts in memory; nothing is ever unpacked to disk.
//!
//! What cannot be taken is held as a lack at its path, so that it becomes unknown where it matters and is never absent: entries that
//! lie outside, are there twice, are too big, or come after a limit.

use std::fs::File;

use super::decoded::{Cut, Decoded};
use super::manifest::PATH_BYTES_MOST;
use super::memory::{Memory, Node, Ownership};
use super::tar_entries::{Entries, Entry, EntryKind};
use super::{ISSUES_MOST, Lack, filename, said};
use crate::error::Message;
use crate::names::Phrase;
use crate::source::SOURCE_BYTES_MOST;

/// The most bytes of all files together that are kept of one archive.
pub(super) const KEPT_BYTES_MOST: usize = 256 << 20;

/// The most characters of a refused name that are shown.
const SHOWN_CHARACTERS_MOST: usize = 200;

/// What an archive holds.
#[derive(Debug)]
pub(super) struct Contents {
    pub memory: Memory,
    /// What was not taken, and why.
    pub issues: Vec<Message>,
    /// Whether the archive was read to its end.
    pub whole: bool,
}

/// Reads an archive. An error where nothing of it can be believed.
pub(super) fn read(file: File) -> Result<Contents, (Lack, Message)> {
    let mut reading = Reading { memory: Memory::of_copies(), issues: Vec::new(), kept_bytes: 0 };
    let ended = Decoded::new(file).and_then(|decoded| reading.all(&mut Entries::new(decoded)));
    if let Err(cut) = ended {
        let why = said(cut_phrase(cut), &[]);
        match cut {
            // A checksum that differs says that some byte is wrong, and not which.
            Cut::Corrupt | Cut::NotAnArchive | Cut::OtherCompression | Cut::Unreadable => return Err((Lack::Unreadable, why)),
            Cut::Short => reading.memory.unproven = Some(Lack::Unreadable),
            Cut::Long | Cut::Bomb | Cut::Entries => reading.memory.unproven = Some(Lack::BudgetSpent),
        }
        reading.issues.insert(0, why);
    }
    reading.settle_contradictions();
    reading.issues.truncate(ISSUES_MOST);
    Ok(Contents { memory: lifted(reading.memory), issues: reading.issues, whole: ended.is_ok() })
}

/// Why an archive was not read to its end.
fn cut_phrase(cut: Cut) -> &'static Phrase {
    match cut {
        Cut::Short => {
            &Phrase { zh: "归档不完整，在中途结束：请重新传输", en: "the archive ends in the middle: transfer it again" }
        }
        Cut::Corrupt => &Phrase {
            zh: "归档已损坏（校验和不符），其内容均不采信：请重新传输",
            en: "the archive is damaged (a checksum differs) and nothing in it is believed: transfer it again",
        },
        Cut::NotAnArchive => &Phrase { zh: "不是 tar 归档", en: "this is not a tar archive" },
        Cut::OtherCompression => &Phrase {
            zh: "只读取 tar、tar.gz、tar.zst：请先转换，例如 xz -dc a.tar.xz | zstd -o a.tar.zst",
            en: "only tar, tar.gz and tar.zst are read: convert it first, such as `xz -dc a.tar.xz | zstd -o a.tar.zst`",
        },
        Cut::Long => &Phrase {
            zh: "归档解压后超过 4 GiB，其余部分未读取", en: "the archive holds more than 4 GiB; the rest was not read"
        },
        Cut::Bomb => &Phrase {
            zh: "归档解压后超过其自身的 200 倍（解压炸弹），其余部分未读取",
            en: "the archive expands more than 200 times (a decompression bomb); the rest was not read",
        },
        Cut::Entries => &Phrase {
            zh: "归档条目超过 200000 个，其余部分未读取",
            en: "the archive has more than 200,000 entries; the rest was not read",
        },
        Cut::Unreadable => &Phrase { zh: "归档无法读取", en: "the archive could not be read" },
    }
}

struct Reading {
    memory: Memory,
    issues: Vec<Message>,
    kept_bytes: usize,
}

impl Reading {
    fn all(&mut self, entries: &mut Entries) -> Result<(), Cut> {
        while let Some(entry) = entries.next()? {
            let name = filename::text(&entry.path).into_owned();
            let Some(path) = inside(&name) else {
                self.refuse(&name);
                continue;
            };
            if path.is_empty() {
                continue;
            }
            let node = self.node(entries, &entry)?;
            self.hold(path, node);
        }
        Ok(())
    }

    /// What an entry is held as; its content is read here.
    fn node(&mut self, entries: &mut Entries, entry: &Entry) -> Result<Node, Cut> {
        Ok(match &entry.kind {
            EntryKind::Directory => Node::Directory { complete: false },
            EntryKind::Link(target) if target.is_empty() || target.len() > PATH_BYTES_MOST => Node::Lacking(Lack::Refused),
            EntryKind::Link(target) => Node::Link(filename::text(target).into_owned()),
            EntryKind::HardLink(target) => self.same_as(&filename::text(target)),
            EntryKind::Special => Node::Lacking(Lack::OtherKind),
            EntryKind::Unsupported => Node::Lacking(Lack::Refused),
            EntryKind::File if entry.size > SOURCE_BYTES_MOST as u64 => Node::Lacking(Lack::TooBig),
            // Bounded just above.
            EntryKind::File if !self.keep(entry.size as usize) => Node::Lacking(Lack::BudgetSpent),
            EntryKind::File => {
                let mut bytes = Vec::with_capacity(entry.size as usize);
                if entries.content(&mut bytes)? { Node::File(bytes) } else { Node::Truncated(bytes) }
            }
        })
    }

    /// A copy of what is held at another path, which a hard link names.
    fn same_as(&mut self, target: &str) -> Node {
        match inside(target).and_then(|path| self.memory.held(&path)) {
            Some(Node::File(bytes)) => {
                let bytes = bytes.clone();
                if self.keep(bytes.len()) { Node::File(bytes) } else { Node::Lacking(Lack::BudgetSpent) }
            }
            Some(Node::Lacking(lack)) => Node::Lacking(*lack),
            _ => Node::Lacking(Lack::Refused),
        }
    }

    /// Whether there is room for so many bytes more.
    fn keep(&mut self, bytes: usize) -> bool {
        let kept = self.kept_bytes + bytes <= KEPT_BYTES_MOST;
        self.kept_bytes += if kept { bytes } else { 0 };
        kept
    }

    fn hold(&mut self, path: String, node: Node) {
        match node {
            Node::Lacking(Lack::Refused) => self.refuse(&path),
            Node::Lacking(lack @ (Lack::TooBig | Lack::BudgetSpent)) => self.issue(said(lack.phrase(), &[&path])),
            _ => {}
        }
        match self.memory.held(&path) {
            None => {
                self.memory.insert(&path, node, Ownership::default());
            }
            // Naming a directory again changes nothing.
            Some(Node::Directory { .. }) if matches!(node, Node::Directory { .. }) => {}
            Some(_) => self.contradict(&path),
        }
    }

    /// Two entries claim one path: what the asset has there cannot be told.
    fn contradict(&mut self, path: &str) {
        self.issue(said(Lack::Ambiguous.phrase(), &[path]));
        if let Some(Node::File(bytes) | Node::Truncated(bytes)) = self.memory.replace(path, Node::Lacking(Lack::Ambiguous)) {
            self.kept_bytes -= bytes.len();
        }
    }

    /// Something is held below what is no directory: neither can be told.
    fn settle_contradictions(&mut self) {
        for (above, below) in self.memory.contradictions() {
            self.contradict(&above);
            self.contradict(&below);
        }
    }

    /// An entry that is not taken. One with an absolute name lacks where it would have been.
    fn refuse(&mut self, name: &str) {
        let shown: String = name.chars().take(SHOWN_CHARACTERS_MOST).collect();
        self.issue(said(Lack::Refused.phrase(), &[&shown]));
        if let Some(path) = name.strip_prefix('/').and_then(|name| inside(name.trim_start_matches('/'))).filter(|path| !path.is_empty()) {
            self.memory.replace(&path, Node::Lacking(Lack::Refused));
        }
    }

    fn issue(&mut self, issue: Message) {
        if self.issues.len() < ISSUES_MOST {
            self.issues.push(issue);
        }
    }
}

/// The path inside the asset of an entry's name; none where it is absolute, leads upwards or is too long.
fn inside(name: &str) -> Option<String> {
    if name.starts_with('/') || name.contains('\0') || name.len() > PATH_BYTES_MOST || name.split('/').any(|name| name == "..") {
        return None;
    }
    let names: Vec<&str> = name.split('/').filter(|name| !matches!(*name, "" | ".")).collect();
    Some(names.join("/"))
}

/// The tree without the one directory that all of it is in, as `tar czf web01.tgz web01/` and sosreport leave it.
fn lifted(memory: Memory) -> Memory {
    let top = memory.list("").map(|listing| listing.names).unwrap_or_default();
    match &*top {
        [only] if !super::likely::is_root_directory(only) && memory.list(only).is_ok() => {
            let only = only.clone();
            memory.below(&only)
        }
        _ => memory,
    }
}
