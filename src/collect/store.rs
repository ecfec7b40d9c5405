//! Assets as they come in into a snapshot that is whole at any moment: a journal of what is done, and at the end what vouches for it.
//!
//! `run.jsonl` has one line for each asset, written and synced when its folder is in place. A run that was interrupted goes on from
//! there; `snapshot.toml` is written from it at the end.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::key::nonce;
use crate::snapshot::store::{Entry, Kept, create, write_asset, write_index};
use crate::source::Digest;

/// The name of the journal.
pub const JOURNAL: &str = "run.jsonl";

/// The most bytes of a journal that is read: 400 for each of 300,000 assets, and as much again.
const JOURNAL_BYTES_MOST: u64 = 256 << 20;

/// One line of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Done {
    run: String,
    at: String,
    /// Digest of the script, or of what else says what was read.
    script: String,
    failed: bool,
    asset: Entry,
}

/// A snapshot that is being taken.
#[derive(Debug)]
pub struct Run {
    folder: PathBuf,
    /// Its id.
    pub id: String,
    began: jiff::Timestamp,
    journal: File,
    done: BTreeMap<String, Done>,
}

impl Run {
    /// Begins a snapshot in a folder that holds none, or goes on with the one in it.
    ///
    /// # Errors
    ///
    /// There is one and it is not to be gone on with, or the folder cannot be made or read.
    pub fn begin(folder: &Path, resume: bool) -> io::Result<Run> {
        create(folder)?;
        let path = folder.join(JOURNAL);
        let done = if resume { done_before(folder, &path)? } else { BTreeMap::new() };
        if !resume && (path.exists() || folder.join("snapshot.toml").exists()) {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a snapshot in it: name another folder, or --resume"));
        }
        let mut journal = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
        // What an interruption cut off must not swallow the next line.
        journal.write_all(b"\n")?;
        Ok(Run { folder: folder.to_owned(), id: nonce()?, began: jiff::Timestamp::now(), journal, done })
    }

    /// Whether an asset was collected by the same script and is still as it was written. One that failed is tried again.
    pub fn is_done(&self, id: &str, script: &str) -> bool {
        self.done.get(id).is_some_and(|done| !done.failed && done.script == script)
    }

    /// Writes an asset, and then that it is done.
    ///
    /// # Errors
    ///
    /// It could not be written; nothing of it is then in the snapshot.
    pub fn keep(&mut self, id: &str, script: &str, mut kept: Kept) -> io::Result<()> {
        kept.collection.insert("run".to_owned(), self.id.clone());
        let asset = write_asset(&self.folder, id, &kept)?;
        let failed = kept.failure.is_some();
        let done = Done { run: self.id.clone(), at: jiff::Timestamp::now().to_string(), script: script.to_owned(), failed, asset };
        let mut line = serde_json::to_vec(&done)?;
        line.push(b'\n');
        self.journal.write_all(&line)?;
        self.journal.sync_data()?;
        self.done.insert(id.to_owned(), done);
        Ok(())
    }

    /// Writes `snapshot.toml`, which vouches for everything that is done. Counts the assets, and those that failed.
    ///
    /// # Errors
    ///
    /// It could not be written.
    pub fn finish(self) -> io::Result<(usize, usize)> {
        let failed = self.done.values().filter(|done| done.failed).count();
        let count = self.done.len();
        let entries: Vec<Entry> = self.done.into_values().map(|done| done.asset).collect();
        write_index(&self.folder, self.began, &entries)?;
        Ok((count, failed))
    }
}

/// What the journal says is done and is still as it was written; a later line about an asset takes the place of an earlier one.
fn done_before(folder: &Path, journal: &Path) -> io::Result<BTreeMap<String, Done>> {
    let metadata = match fs::metadata(journal) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    if metadata.len() > JOURNAL_BYTES_MOST {
        return Err(io::Error::other("its journal is too big"));
    }
    let text = String::from_utf8_lossy(&fs::read(journal)?).into_owned();
    // A line that was cut off was not done.
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Done>(line).ok());
    let mut done: BTreeMap<String, Done> = lines.map(|line| (line.asset.id.clone(), line)).collect();
    done.retain(|_, done| is_whole(folder, &done.asset));
    Ok(done)
}

/// Whether the two files that are vouched for are as they were written.
fn is_whole(folder: &Path, entry: &Entry) -> bool {
    let is = |name: &str, expected: &str| {
        let digest = File::open(folder.join(&entry.path).join(name)).and_then(Digest::of_all);
        digest.is_ok_and(|digest| format!("sha256:{}", digest.hex()) == expected)
    };
    !entry.path.contains('/') && is("manifest.jsonl", &entry.manifest) && is("asset.toml", &entry.description)
}

/// Whether an asset belongs to shard `index` (from one) of `count`: by the digest of its id, so that it always belongs to the same.
pub fn in_shard(id: &str, index: u64, count: u64) -> bool {
    let digest = Digest::of(id.as_bytes()).0;
    let remainder = digest.iter().fold(0, |rest: u128, byte| (rest * 256 + u128::from(*byte)) % u128::from(count.max(1)));
    remainder + 1 == u128::from(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_in_one_shard() {
        let ids: Vec<String> = (0..1000).map(|number| format!("host-{number}")).collect();
        for id in &ids {
            assert_eq!((1..=7).filter(|index| in_shard(id, *index, 7)).count(), 1, "{id}");
        }
        let first = ids.iter().filter(|id| in_shard(id, 1, 4)).count();
        assert!((200..300).contains(&first), "about a quarter: {first}");
        // sha256("db01") = 99…: its remainder by 2 is that of its last byte.
        let last = Digest::of(b"db01").0[31];
        assert!(in_shard("db01", u64::from(last % 2) + 1, 2));
    }
}
