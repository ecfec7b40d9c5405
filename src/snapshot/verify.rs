//! A snapshot on disk into what proves or disproves that it is as it was taken: every digest, every file, and what lacks.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

use super::manifest::{Line, Sort, Status};
use super::memory::COMMANDS;
use super::voucher::{self, Named};
use super::{filename, manifest, own};
use crate::error::{Message, Problems};
use crate::source::Digest;

/// What a snapshot is.
#[derive(Debug, Default)]
pub struct Verified {
    /// How many assets it names.
    pub assets: usize,
    /// How many files were compared with their digests.
    pub files: usize,
    /// What differs from what was taken: each disproves the snapshot.
    pub wrong: Vec<Message>,
    /// What was not collected when it was taken, one sentence for each asset.
    pub lacking: Vec<Message>,
}

/// The most bytes of one manifest.
const MANIFEST_BYTES_MOST: u64 = 256 << 20;

/// Names beside the assets that no `snapshot.toml` vouches for.
const UNVOUCHED: [&str; 2] = ["snapshot.toml", "run.jsonl"];

/// Checks the snapshot in a folder.
///
/// # Errors
///
/// It has no `snapshot.toml` that can be read.
pub fn verify(folder: &Path) -> Result<Verified, Problems> {
    let path = folder.join("snapshot.toml");
    let text = fs::read_to_string(&path).map_err(|error| vec![super::missing::unreachable(&path, &error)])?;
    let named = voucher::parse(&path.display().to_string(), &text)?;
    let mut verified = Verified { assets: named.len(), ..Verified::default() };
    for asset in &named {
        verified.asset(folder, asset);
    }
    let known = |name: &str| UNVOUCHED.contains(&name) || named.iter().any(|asset| asset.path == name);
    for name in names(folder).unwrap_or_default().into_iter().filter(|name| !known(name)) {
        verified.say(format!("{name}：snapshot.toml 未列出"), format!("{name}: snapshot.toml does not name it"));
    }
    Ok(verified)
}

impl Verified {
    fn say(&mut self, zh: String, en: String) {
        self.wrong.push(Message::new(zh, en));
    }

    /// Checks one asset.
    fn asset(&mut self, folder: &Path, asset: &Named) {
        let place = folder.join(&asset.path);
        match fs::symlink_metadata(&place) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => {
                let (zh, en) = ("是归档，请先解开", "is no folder; an archive is checked once it is unpacked");
                return self.say(format!("{}：{zh}", asset.id), format!("{}: {en}", asset.id));
            }
            Err(_) => return self.say(format!("{}：目录缺失", asset.id), format!("{}: its folder is missing", asset.id)),
        }
        let description = self.vouched(&place, asset, "asset.toml", asset.voucher.description);
        let manifest = self.vouched(&place, asset, "manifest.jsonl", asset.voucher.manifest);
        if let Some(failure) = description.and_then(|bytes| own::failure(&bytes)) {
            self.lacking.push(Message::new(format!("{}：{}", asset.id, failure.zh), format!("{}: {}", asset.id, failure.en)));
        }
        let Some(manifest) = manifest else { return };
        match manifest::lines(&manifest) {
            Ok(lines) => self.artefacts(&place, asset, &lines),
            Err(why) => self.say(format!("{}：{}", asset.id, why.zh), format!("{}: {}", asset.id, why.en)),
        }
    }

    /// The bytes of a file that `snapshot.toml` vouches for.
    fn vouched(&mut self, place: &Path, asset: &Named, name: &str, digest: Digest) -> Option<Vec<u8>> {
        let path = place.join(name);
        let sane = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= MANIFEST_BYTES_MOST);
        let bytes = if sane { fs::read(&path).ok() } else { None };
        match bytes {
            None => self.say(format!("{}/{name}：缺失或无法读取", asset.id), format!("{}/{name}: missing or unreadable", asset.id)),
            Some(bytes) if Digest::of(&bytes) == digest => {
                self.files += 1;
                return Some(bytes);
            }
            Some(_) => self.say(
                format!("{}/{name}：与 snapshot.toml 中的摘要不一致", asset.id),
                format!("{}/{name}: differs from its digest in snapshot.toml", asset.id),
            ),
        }
        None
    }

    /// Checks the files of an asset against its manifest, and that there are no others.
    fn artefacts(&mut self, place: &Path, asset: &Named, lines: &[Line]) {
        let mut expected: HashSet<String> = HashSet::new();
        let mut lacking = 0;
        for line in lines {
            lacking += usize::from(!line.status.is_as_expected());
            let kept = matches!(line.kind, Sort::File | Sort::Command) && matches!(line.status, Status::Ok | Status::Truncated);
            let Some(digest) = line.sha256.as_deref().filter(|_| kept) else { continue };
            let path = if line.path.starts_with(COMMANDS) { line.path.clone() } else { format!("root/{}", line.path) };
            self.artefact(place, asset, &path, digest);
            expected.insert(path);
        }
        if lacking > 0 {
            let (zh, en) = (format!("{}：{lacking} 项未完整采集", asset.id), format!("{}: {lacking} items not collected whole", asset.id));
            self.lacking.push(Message::new(zh, en));
        }
        for entry in walkdir::WalkDir::new(place).min_depth(1).sort_by_file_name() {
            let Ok(entry) = entry else {
                self.say(format!("{}：目录无法列出", asset.id), format!("{}: a folder of it cannot be listed", asset.id));
                continue;
            };
            let inner = entry.path().strip_prefix(place).unwrap_or(entry.path());
            let inner = filename::text(inner.as_os_str().as_encoded_bytes()).into_owned();
            let own = matches!(inner.as_str(), "asset.toml" | "manifest.jsonl");
            if !entry.file_type().is_dir() && !own && !expected.contains(&inner) {
                self.say(format!("{}/{inner}：清单中没有", asset.id), format!("{}/{inner}: its manifest does not name it", asset.id));
            }
        }
    }

    /// Checks one file.
    fn artefact(&mut self, place: &Path, asset: &Named, path: &str, digest: &str) {
        let file = place.join(path);
        let actual = match fs::symlink_metadata(&file) {
            Ok(found) if found.is_file() => fs::File::open(&file).and_then(Digest::of_all),
            Ok(_) => Err(io::Error::other("no file")),
            Err(error) => Err(error),
        };
        match actual {
            Ok(actual) if Digest::parse(digest) == Some(actual) => self.files += 1,
            Ok(_) => self.say(
                format!("{}/{path}：与清单中的摘要不一致", asset.id),
                format!("{}/{path}: differs from its digest in the manifest", asset.id),
            ),
            Err(_) => self.say(format!("{}/{path}：缺失或无法读取", asset.id), format!("{}/{path}: missing or unreadable", asset.id)),
        }
    }
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(filename::text(entry?.file_name().as_encoded_bytes()).into_owned());
    }
    names.sort_unstable();
    Ok(names)
}
