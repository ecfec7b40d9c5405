//! The bytes of a tar archive into entries: ustar, GNU long names and pax, each with a bounded name.
//!
//! The `tar` crate reads the fields of a header. Its iterator is not used, because it reads long names and pax records whole,
//! however long they say that they are.

use tar::{EntryType, Header, PaxExtensions};

use super::decoded::{Cut, Decoded};

/// The most bytes of a long name or of pax records that are read; more makes the entry one that is refused.
pub(super) const EXTENSION_BYTES_MOST: u64 = 64 << 10;

/// The most entries of one archive.
pub(super) const ENTRIES_MOST: u64 = 200_000;

const BLOCK: usize = 512;

/// One entry; its content is read with [`Entries::content`] before the next entry.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name as stored.
    pub path: Vec<u8>,
    pub kind: EntryKind,
    /// Bytes of content.
    pub size: u64,
}

/// What an entry is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Directory,
    /// A symbolic link and its target.
    Link(Vec<u8>),
    /// Another name for an earlier entry.
    HardLink(Vec<u8>),
    /// A device, pipe or socket.
    Special,
    /// A sparse file, or one with names that are too long: not read.
    Unsupported,
}

/// What long-name and pax entries say of the entry after them.
#[derive(Debug, Default)]
struct Said {
    any: bool,
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    unsupported: bool,
}

/// The entries of an archive.
pub(super) struct Entries {
    decoded: Decoded,
    /// Bytes of content of the last entry that were not read yet.
    left: u64,
    /// Bytes after the content up to the next block.
    padding: u64,
    count: u64,
}

impl Entries {
    pub(super) fn new(decoded: Decoded) -> Entries {
        Entries { decoded, left: 0, padding: 0, count: 0 }
    }

    /// The next entry; none after the last, and then the archive's checksum was compared too.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, Cut> {
        let mut said = Said::default();
        loop {
            self.skip()?;
            let Some(header) = self.header()? else {
                // A name that no entry follows: something is missing.
                return if said.any { Err(Cut::Corrupt) } else { Ok(None) };
            };
            self.count += 1;
            if self.count > ENTRIES_MOST {
                return Err(Cut::Entries);
            }
            let size = header.entry_size().map_err(|_| Cut::Corrupt)?;
            self.left = size;
            self.padding = size.next_multiple_of(BLOCK as u64) - size;
            said.any = true;
            match header.entry_type() {
                EntryType::GNULongName => said.path = self.extension(&mut said.unsupported)?.map(without_nul),
                EntryType::GNULongLink => said.link = self.extension(&mut said.unsupported)?.map(without_nul),
                EntryType::XHeader => {
                    if let Some(records) = self.extension(&mut said.unsupported)? {
                        take_in(&records, &mut said);
                    }
                }
                // Global records are comments in practice (`git archive`).
                EntryType::XGlobalHeader => {}
                kind => {
                    // Larger than 8 GiB: beyond what is decoded anyway, and where two sizes disagree readers do.
                    if said.size.is_some_and(|said| said != size) {
                        return Err(Cut::Corrupt);
                    }
                    return Ok(Some(entry(&header, kind, size, said)));
                }
            }
        }
    }

    /// Appends the content of the last entry; false where the archive ends before the content does.
    pub(super) fn content(&mut self, buffer: &mut Vec<u8>) -> Result<bool, Cut> {
        let start = buffer.len();
        let mut chunk = [0; 16 << 10];
        while self.left > 0 {
            let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(chunk.len());
            let read = match self.decoded.fill(&mut chunk[..wanted]) {
                Ok(read) => read,
                Err(Cut::Short) => 0,
                Err(cut) => {
                    buffer.truncate(start);
                    return Err(cut);
                }
            };
            buffer.extend_from_slice(&chunk[..read]);
            self.left -= read as u64;
            if read < wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Passes over what is left of the last entry.
    fn skip(&mut self) -> Result<(), Cut> {
        let mut left = self.left.checked_add(self.padding).ok_or(Cut::Corrupt)?;
        (self.left, self.padding) = (0, 0);
        let mut chunk = [0; 16 << 10];
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
            let read = self.decoded.fill(&mut chunk[..wanted])?;
            left -= read as u64;
            if read < wanted {
                return Err(Cut::Short);
            }
        }
        Ok(())
    }

    /// The next header; none at the block of zeros that ends an archive.
    fn header(&mut self) -> Result<Option<Header>, Cut> {
        let mut header = Header::new_old();
        let read = self.decoded.fill(header.as_mut_bytes())?;
        let first = self.count == 0;
        if read < BLOCK {
            return Err(if first && read > 0 { Cut::NotAnArchive } else { Cut::Short });
        }
        if header.as_bytes().iter().all(|byte| *byte == 0) {
            self.decoded.drain()?;
            return Ok(None);
        }
        let sum: u32 = header.as_bytes().iter().map(|byte| u32::from(*byte)).sum();
        // The checksum counts its own eight bytes as spaces.
        let own: u32 = header.as_bytes()[148..156].iter().map(|byte| u32::from(*byte)).sum();
        match header.cksum() {
            Ok(stored) if stored == sum - own + 8 * u32::from(b' ') => Ok(Some(header)),
            _ => Err(if first { Cut::NotAnArchive } else { Cut::Corrupt }),
        }
    }

    /// The content of a long-name or pax entry, unless it is longer than any honest one.
    fn extension(&mut self, unsupported: &mut bool) -> Result<Option<Vec<u8>>, Cut> {
        if self.left > EXTENSION_BYTES_MOST {
            *unsupported = true;
            return Ok(None);
        }
        let mut bytes = Vec::new();
        if self.content(&mut bytes)? { Ok(Some(bytes)) } else { Err(Cut::Short) }
    }
}

/// GNU tar ends a long name with a NUL byte.
fn without_nul(mut name: Vec<u8>) -> Vec<u8> {
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    name.truncate(end);
    name
}

/// What pax records say of the next entry (pax(1), "pax Extended Header").
fn take_in(records: &[u8], said: &mut Said) {
    for record in PaxExtensions::new(records) {
        let Ok(record) = record else {
            said.unsupported = true;
            return;
        };
        match record.key_bytes() {
            b"path" => said.path = Some(record.value_bytes().to_vec()),
            b"linkpath" => said.link = Some(record.value_bytes().to_vec()),
            b"size" => match record.value().ok().and_then(|digits| digits.parse().ok()) {
                Some(size) => said.size = Some(size),
                None => said.unsupported = true,
            },
            b"GNU.sparse.name" => {
                said.path = Some(record.value_bytes().to_vec());
                said.unsupported = true;
            }
            key => said.unsupported |= key.starts_with(b"GNU.sparse."),
        }
    }
}

fn entry(header: &Header, kind: EntryType, size: u64, said: Said) -> Entry {
    let path = said.path.unwrap_or_else(|| header.path_bytes().into_owned());
    let link = said.link.or_else(|| header.link_name_bytes().map(|link| link.into_owned())).unwrap_or_default();
    let kind = match kind {
        _ if said.unsupported => EntryKind::Unsupported,
        // The oldest archives mark a directory by a slash alone.
        EntryType::Regular | EntryType::Continuous if path.ends_with(b"/") => EntryKind::Directory,
        EntryType::Regular | EntryType::Continuous => EntryKind::File,
        EntryType::Directory => EntryKind::Directory,
        EntryType::Symlink => EntryKind::Link(link),
        EntryType::Link => EntryKind::HardLink(link),
        EntryType::Char | EntryType::Block | EntryType::Fifo => EntryKind::Special,
        _ => EntryKind::Unsupported,
    };
    Entry { path, kind, size }
}
