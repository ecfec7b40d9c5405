//! A zip archive in which a device saved its configuration (`vrpcfg.zip`) into the bytes of that configuration.
//!
//! Nothing is unpacked to disk, and an archive that holds anything but one file is not taken.

use std::io::{Cursor, Read};

use super::{Lack, said};
use crate::error::Message;
use crate::names::Phrase;
use crate::source::SOURCE_BYTES_MOST;

/// The most entries of an archive that holds one configuration.
const ENTRIES_MOST: usize = 16;

/// How many times as large as the archive the configuration may be: deflate reaches a thousand, configurations twenty.
const RATIO_MOST: u64 = 200;

/// Bytes that may be decoded whatever the ratio.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// Whether bytes begin a zip archive.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The one file in an archive.
pub(super) fn only_file(bytes: &[u8]) -> Result<Vec<u8>, (Lack, Message)> {
    let damaged = || (Lack::Unreadable, said(&Phrase { zh: "zip 归档已损坏", en: "the zip archive is damaged" }, &[]));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > ENTRIES_MOST {
        return Err(several());
    }
    let mut only = None;
    for number in 0..archive.len() {
        // Raw: an entry that is encrypted is refused below, not here.
        let entry = archive.by_index_raw(number).map_err(|_| damaged())?;
        if entry.is_dir() {
            continue;
        }
        if entry.enclosed_name().is_none() || entry.is_symlink() {
            return Err((Lack::Refused, said(&Phrase { zh: "zip 归档的条目不安全", en: "the zip archive has an unsafe entry" }, &[])));
        }
        if entry.encrypted() {
            return Err((Lack::Unreadable, said(&Phrase { zh: "zip 归档已加密", en: "the zip archive is encrypted" }, &[])));
        }
        if only.replace(number).is_some() {
            return Err(several());
        }
    }
    let entry = archive.by_index(only.ok_or_else(several)?).map_err(|_| damaged())?;
    let most = (bytes.len() as u64).saturating_mul(RATIO_MOST).max(RATIO_FREE_BYTES).min(SOURCE_BYTES_MOST as u64);
    let mut content = Vec::new();
    // The sizes that an entry states are not believed: what is decoded is counted.
    entry.take(most + 1).read_to_end(&mut content).map_err(|_| damaged())?;
    if content.len() as u64 > most {
        return Err((
            Lack::TooBig,
            said(&Phrase { zh: "zip 归档解压后过大", en: "the zip archive expands to far more than a configuration" }, &[]),
        ));
    }
    Ok(content)
}

fn several() -> (Lack, Message) {
    (Lack::Ambiguous, said(&Phrase { zh: "zip 归档中不是恰好一个文件", en: "the zip archive does not hold exactly one file" }, &[]))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).expect("in memory");
            writer.write_all(content).expect("in memory");
        }
        writer.finish().expect("in memory").into_inner()
    }

    fn lack(bytes: &[u8]) -> Option<Lack> {
        only_file(bytes).err().map(|(lack, _)| lack)
    }

    #[test]
    fn one_file_is_taken_and_nothing_else() {
        let good = archive(&[("vrpcfg.cfg", b"#\nsysname A\n#\nreturn\n")]);
        assert!(is_zip(&good));
        assert_eq!(only_file(&good).ok().as_deref(), Some(&b"#\nsysname A\n#\nreturn\n"[..]));
        assert_eq!(lack(&archive(&[("a.cfg", b"1"), ("b.cfg", b"2")])), Some(Lack::Ambiguous));
        assert_eq!(lack(&archive(&[("../vrpcfg.cfg", b"1")])), Some(Lack::Refused));
        assert_eq!(lack(&good[..good.len() / 2]), Some(Lack::Unreadable));
        assert_eq!(lack(b"PK\x03\x04"), Some(Lack::Unreadable));
    }

    #[test]
    fn a_bomb_is_refused() {
        assert_eq!(lack(&archive(&[("vrpcfg.cfg", &vec![0; 12 << 20])])), Some(Lack::TooBig));
    }
}
