//! What was collected of assets into a snapshot on disk, whole or not at all: folders beside the `snapshot.toml` that vouches for them.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Description;
use super::manifest::{Line, Sort, Status, parse};
use super::memory::COMMANDS;
use super::own::{Failed, stated};
use crate::source::Digest;

/// What is kept of one asset.
#[derive(Debug, Default)]
pub struct Kept {
    /// What the inventory says of it, and when and by what it was collected.
    pub description: Description,
    /// How it was collected: run, engine, digest of the script, … No secrets.
    pub collection: BTreeMap<String, String>,
    /// Why nothing of it was collected.
    pub failure: Option<Failed>,
    /// The artefacts by path; the bytes of those that have some, secrets replaced.
    pub artefacts: BTreeMap<String, (Line, Option<Vec<u8>>)>,
}

/// What vouches for one asset: an entry of `snapshot.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its folder beside `snapshot.toml`.
    pub path: String,
    /// `sha256:` and the digest of its `manifest.jsonl`.
    pub manifest: String,
    /// `sha256:` and the digest of its `asset.toml`.
    pub description: String,
}

#[derive(Serialize)]
struct Index<'e> {
    snapshot: Head,
    asset: &'e [Entry],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Head {
    format: i64,
    taken_at: String,
}

/// Makes the folder of a snapshot, readable by its owner alone.
pub fn create(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The name of an asset's folder: its id where that is a plain name, else with every other byte as `%NN`, so that no two ids share one.
pub fn folder_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for (at, byte) in id.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || (byte == b'.' && at > 0);
        if plain { name.push(char::from(byte)) } else { name.push_str(&format!("%{byte:02x}")) }
    }
    if name.len() <= 200 { name } else { format!("{}-{}", &name[..100], Digest::of(id.as_bytes()).hex()) }
}

/// Writes an asset into its folder in a snapshot: first under another name, then all of it at once. One that was there is replaced.
pub fn write_asset(snapshot: &Path, id: &str, kept: &Kept) -> io::Result<Entry> {
    let path = folder_name(id);
    let making = private_folder().tempdir_in(snapshot)?;
    let mut manifest = Vec::new();
    for (line, bytes) in kept.artefacts.values() {
        let mut line = line.clone();
        if let Some(bytes) = bytes {
            line.sha256 = Some(Digest::of(bytes).hex());
            write_whole(making.path(), &kept_at(&line), bytes)?;
        }
        serde_json::to_writer(&mut manifest, &line)?;
        manifest.push(b'\n');
    }
    // What is written is what can be read back: a manifest that contradicts itself must not cost more than this asset.
    parse(&manifest).map_err(|message| io::Error::other(message.en))?;
    let description = stated(id, &kept.description, kept.failure.as_ref(), &kept.collection);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(making.path().join("root"))?;
    write_whole(making.path(), "manifest.jsonl", &manifest)?;
    write_whole(making.path(), "asset.toml", description.as_bytes())?;
    File::open(making.path())?.sync_all()?;
    replace(&making.keep(), &snapshot.join(&path))?;
    File::open(snapshot)?.sync_all()?;
    let digest = |bytes: &[u8]| format!("sha256:{}", Digest::of(bytes).hex());
    Ok(Entry { id: id.to_owned(), path, manifest: digest(&manifest), description: digest(description.as_bytes()) })
}

/// Folders that only their owner can enter.
pub fn private_folder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jixian-").permissions(fs::Permissions::from_mode(0o700));
    builder
}

/// Puts a finished folder in its place; what cannot be put there is not left behind.
fn replace(made: &Path, place: &Path) -> io::Result<()> {
    let renamed = fs::rename(made, place).or_else(|_| {
        fs::remove_dir_all(place)?;
        fs::rename(made, place)
    });
    if renamed.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_dir_all(made);
    }
    renamed
}

/// Where the bytes of an artefact are.
fn kept_at(line: &Line) -> String {
    if line.path.starts_with(COMMANDS) { line.path.clone() } else { format!("root/{}", line.path) }
}

/// Writes `snapshot.toml`, which makes the assets ones that are vouched for.
pub fn write_index(snapshot: &Path, taken_at: jiff::Timestamp, entries: &[Entry]) -> io::Result<()> {
    let index = Index { snapshot: Head { format: 1, taken_at: taken_at.to_string() }, asset: entries };
    let text = toml::to_string(&index).map_err(io::Error::other)?;
    let mut file = tempfile::Builder::new().prefix(".jixian-").tempfile_in(snapshot)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(snapshot.join("snapshot.toml")).map_err(|error| error.error)?;
    File::open(snapshot)?.sync_all()
}

/// Writes a file that is not there yet, and the folders above it.
fn write_whole(folder: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let path = folder.join(path);
    if let Some(above) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(above)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The lines that a manifest may not hold side by side: what is below something that holds nothing is taken out, and then nothing
/// more is said of the thing itself.
pub fn without_contradictions(artefacts: &mut BTreeMap<String, (Line, Option<Vec<u8>>)>) {
    let mut wrong = Vec::new();
    for (path, (line, _)) in artefacts.iter().filter(|(_, (line, _))| line.status != Status::Absent) {
        let mut above = path.as_str();
        while let Some(slash) = above.rfind('/') {
            above = &above[..slash];
            if artefacts.get(above).is_some_and(|(upper, _)| !may_hold(upper)) {
                wrong.push((above.to_owned(), line.path.clone()));
            }
        }
    }
    for (above, below) in wrong {
        artefacts.remove(&below);
        artefacts.insert(above.clone(), (Line::new(&above, Sort::Directory, Status::NotCollected), None));
    }
}

/// Whether something may be below what a line says.
fn may_hold(line: &Line) -> bool {
    match line.status {
        Status::Absent => false,
        Status::Denied | Status::Timeout | Status::TooBig | Status::NotCollected | Status::NoProgram => true,
        Status::Ok | Status::Truncated | Status::Listed => line.kind == Sort::Directory,
    }
}
