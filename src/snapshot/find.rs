//! The paths that a user names into assets, without reading any of them yet.
//!
//! A folder with `etc/` in it is a host's tree, one with query results in `commands/` a database, one with a register in `records/` an
//! institution, one with `snapshot.toml` a snapshot, an archive is an asset, a file is an asset, and any other folder is a folder of
//! these. What is passed over is listed with its reason.

use std::ffi::OsStr;
use std::fs::FileType;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::missing::{duplicate, nothing_in, unreachable};
use super::voucher::{self, Voucher};
use super::{filename, likely};
use crate::error::{Message, Problem, Problems};
use crate::names::Phrase;
use crate::source::visible::{Whitespace, visible};

/// How many folders deep below the one that the user names assets are looked for: a site's, a group's, RANCID's `configs`, and one.
pub const FOLDERS_DEEP_MOST: usize = 4;

/// The most things passed over that are listed; the rest is counted.
pub const SKIPPED_MOST: usize = 1000;

/// Code of the problem of two assets with one id.
pub(super) const DUPLICATE: &str = "duplicate-asset";

/// The most bytes of a host name: what DNS allows.
const HOST_NAME_BYTES_MOST: usize = 253;

/// The most bytes of a `snapshot.toml`: 200 for each of 300,000 assets.
const SNAPSHOT_BYTES_MOST: u64 = 64 << 20;

/// An asset that was found, to be opened by the thread that judges it.
#[derive(Debug)]
pub struct Found {
    /// Its id: no control or bidirectional characters.
    pub id: String,
    pub(super) place: Place,
    pub(super) form: Form,
}

impl Found {
    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        self.place.path()
    }
}

/// Where something lies: a folder, shared with what else is in it, and a name in it.
#[derive(Debug)]
pub(super) struct Place {
    folder: Arc<Path>,
    /// Empty for the folder itself, which the user named: a link is followed there and nowhere else.
    name: Box<OsStr>,
}

impl Place {
    pub(super) fn path(&self) -> PathBuf {
        if self.name.is_empty() { self.folder.to_path_buf() } else { self.folder.join(&*self.name) }
    }

    /// Whether the user named it himself.
    pub(super) fn is_named(&self) -> bool {
        self.name.is_empty()
    }
}

/// In which form something was found.
#[derive(Debug)]
pub(super) enum Form {
    Tree,
    /// An own-layout folder that nothing vouches for: the tree in its `root/`.
    Unvouched,
    Root,
    Archive,
    /// One file.
    File,
    /// A folder of files of one asset, whose directories were lost.
    Files,
    Vouched(Box<Voucher>),
    /// It is there and cannot be read.
    Unreadable,
}

/// Something that is no asset.
#[derive(Debug)]
pub struct Skipped {
    /// Where it lies.
    pub path: PathBuf,
    /// Why it is none.
    pub reason: &'static Phrase,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The assets, sorted by id.
    pub found: Vec<Found>,
    /// What was passed over; at most [`SKIPPED_MOST`].
    pub skipped: Vec<Skipped>,
    /// How many more were passed over.
    pub skipped_more: usize,
    /// What the user must look at.
    pub problems: Problems,
}

const LINK: &Phrase = &Phrase {
    zh: "是链接：只扫描文件夹自身的内容，如需扫描请直接给出目标路径",
    en: "a link: only what lies in the folder itself is scanned; name its target to scan it",
};
const DEEP: &Phrase =
    &Phrase { zh: "文件夹嵌套过深，请直接给出该路径", en: "folders are nested too deeply; name this path to scan it" };
const EMPTY: &Phrase = &Phrase { zh: "空文件夹", en: "an empty folder" };
const SPECIAL: &Phrase = &Phrase { zh: "既不是文件也不是文件夹", en: "neither a file nor a folder" };
const NOT_NAMED: &Phrase = &Phrase { zh: "snapshot.toml 未列出", en: "snapshot.toml does not name it" };

/// The assets at these paths.
pub fn find(paths: &[PathBuf]) -> Discovery {
    let mut discovery = Discovery::default();
    for path in paths {
        let before = discovery.found.len() + discovery.problems.len();
        discovery.path(path);
        if discovery.found.len() + discovery.problems.len() == before {
            discovery.problems.push(nothing_in(path));
        }
    }
    discovery.settle();
    discovery
}

/// A whole root that is mounted at a path: there, what is missing is absent. It is never guessed, only named.
pub fn mounted_root(path: &Path, id: &str) -> Result<Found, Problems> {
    let metadata = std::fs::metadata(path).map_err(|error| vec![unreachable(path, &error)])?;
    if !metadata.is_dir() {
        let message = Message::new(format!("{} 不是文件夹", path.display()), format!("{} is not a folder", path.display()));
        let help = ("--root 须指向已挂载的根目录", "--root takes the directory on which a root is mounted");
        return Err(vec![Problem::new("path-not-a-folder", message).help(help.0, help.1)]);
    }
    Ok(Found { id: visible(id, Whitespace::Shown).into_owned(), place: named(path), form: Form::Root })
}

impl Discovery {
    /// Adds a mounted root under its own host name, or its path where it has none.
    pub fn add_root(&mut self, path: &Path) {
        let named = mounted_root(path, &path.display().to_string()).and_then(|root| {
            let mut name = Vec::new();
            let read = root.open().read("etc/hostname", &mut name).is_ok();
            let name = String::from_utf8_lossy(&name).trim().to_owned();
            if read && !name.is_empty() && name.len() <= HOST_NAME_BYTES_MOST { mounted_root(path, &name) } else { Ok(root) }
        });
        match named {
            Ok(root) => self.found.push(root),
            Err(problems) => self.problems.extend(problems),
        }
        self.settle();
    }

    /// Sorts by id, and reports ids that stand twice.
    fn settle(&mut self) {
        self.found.sort_by(|one, other| one.id.cmp(&other.id));
        let twice = self.found.windows(2).filter(|pair| pair[0].id == pair[1].id).map(|pair| duplicate(&pair[0], &pair[1]));
        let twice: Problems = twice.collect();
        self.problems.retain(|problem| problem.code != DUPLICATE);
        self.problems.extend(twice);
    }
}

fn named(path: &Path) -> Place {
    Place { folder: path.into(), name: OsStr::new("").into() }
}

/// One name in a folder.
struct Child {
    name: Box<OsStr>,
    kind: FileType,
}

impl Child {
    fn text(&self) -> String {
        filename::text(self.name.as_encoded_bytes()).into_owned()
    }
}

impl Discovery {
    /// What one path is that the user named; links in it are his own.
    fn path(&mut self, path: &Path) {
        match std::fs::metadata(path) {
            Err(error) => self.problems.push(unreachable(path, &error)),
            Ok(metadata) if metadata.is_dir() => self.named_folder(path),
            Ok(metadata) if metadata.is_file() => self.named_file(path),
            Ok(_) => {
                let shown = path.display();
                let message = Message::new(format!("{shown} 既不是文件也不是文件夹"), format!("{shown} is neither a file nor a folder"));
                self.problems.push(Problem::new("path-other-kind", message).help("给出文件或文件夹", "name a file or a folder"));
            }
        }
    }

    fn named_file(&mut self, path: &Path) {
        let name = path.file_name().map(|name| filename::text(name.as_encoded_bytes()).into_owned()).unwrap_or_default();
        if name == "snapshot.toml" {
            self.named_folder(path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new(".")));
            return;
        }
        let (id, form) = match likely::archive_stem(&name) {
            Some(stem) => (stem.to_owned(), Form::Archive),
            // The name of such a file tells no host, so that its path must.
            None if likely::path_of_named(path).is_some() || likely::is_device_file(&name) => (as_written(path), Form::File),
            None => (device(&name), Form::File),
        };
        self.add(&id, named(path), form);
    }

    fn named_folder(&mut self, path: &Path) {
        let id = own_name(path);
        if id == "etc" && !path.join("etc").exists() {
            let message =
                Message::new(format!("{} 是主机目录的一部分", path.display()), format!("{} is a part of a host's tree", path.display()));
            let help = Problem::new("tree-part", message);
            self.problems.push(help.help("给出上一级目录（其中有 etc/）", "name the directory above it, the one with `etc/` in it"));
            return;
        }
        if self.vouched_from_above(path, &id) {
            return;
        }
        self.folder(path, named(path), &id, 0);
    }

    /// An asset's folder in a snapshot: what vouches for it lies beside it.
    fn vouched_from_above(&mut self, path: &Path, id: &str) -> bool {
        let is_own = path.join("manifest.jsonl").is_file() && path.join("root").is_dir();
        let Some(above) = path.parent().filter(|_| is_own) else { return false };
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        let Ok(Ok(assets)) = vouchers(above) else { return false };
        let Some(asset) = assets.into_iter().find(|asset| asset.path == id) else { return false };
        self.add(&asset.id, named(path), Form::Vouched(Box::new(asset.voucher)));
        true
    }

    /// What a folder is, and what is in it.
    fn folder(&mut self, path: &Path, place: Place, id: &str, depth: usize) {
        if likely::root_directories().any(|name| path.join(name).symlink_metadata().is_ok_and(|found| !found.is_file())) {
            self.add(id, place, Form::Tree);
            return;
        }
        let children = match children(path) {
            Ok(children) => children,
            Err(error) if place.is_named() => return self.problems.push(unreachable(path, &error)),
            Err(_) => return self.add(id, place, Form::Unreadable),
        };
        let has = |name: &str| children.iter().any(|child| &*child.name == OsStr::new(name) && !child.kind.is_symlink());
        if has("snapshot.toml") {
            self.snapshot(path, &children);
        } else if has("manifest.jsonl") && has("root") {
            self.add(id, place, Form::Unvouched);
        } else if likely::holds_queries(path) || likely::holds_records(path) {
            self.add(id, place, Form::Tree);
        } else if is_one_asset(path, &children) {
            self.add(id, place, Form::Files);
        } else if depth > FOLDERS_DEEP_MOST {
            self.skip(path.to_path_buf(), DEEP);
        } else if children.is_empty() && !place.is_named() {
            self.skip(path.to_path_buf(), EMPTY);
        } else {
            self.members(path, &children, depth);
        }
    }

    /// Each thing in a folder of assets.
    fn members(&mut self, path: &Path, children: &[Child], depth: usize) {
        let folder: Arc<Path> = path.into();
        for child in children {
            let name = child.text();
            let place = Place { folder: Arc::clone(&folder), name: child.name.clone() };
            let reason = match child.kind {
                kind if kind.is_symlink() => Some(LINK),
                kind if !kind.is_dir() && !kind.is_file() => Some(SPECIAL),
                kind if kind.is_dir() && !name.starts_with('.') => None,
                _ => likely::not_an_asset(&name),
            };
            match (reason, likely::archive_stem(&name)) {
                (Some(reason), _) => self.skip(place.path(), reason),
                (None, _) if child.kind.is_dir() => self.folder(&place.path(), place, &name, depth + 1),
                (None, Some(stem)) => self.add(stem, place, Form::Archive),
                (None, None) => self.add(&device(&name), place, Form::File),
            }
        }
    }

    /// The assets that a `snapshot.toml` names.
    fn snapshot(&mut self, path: &Path, children: &[Child]) {
        let assets = match vouchers(path) {
            Ok(Ok(assets)) => assets,
            Ok(Err(problems)) => return self.problems.extend(problems),
            Err(error) => return self.problems.push(unreachable(&path.join("snapshot.toml"), &error)),
        };
        let folder: Arc<Path> = path.into();
        let mut named_there: Vec<String> = Vec::with_capacity(assets.len());
        for asset in assets {
            let place = Place { folder: Arc::clone(&folder), name: OsStr::new(&asset.path).into() };
            self.add(&asset.id, place, Form::Vouched(Box::new(asset.voucher)));
            named_there.push(asset.path);
        }
        named_there.sort_unstable();
        for child in children {
            let name = child.text();
            let own = matches!(name.as_str(), "snapshot.toml" | "run.jsonl");
            if !own && named_there.binary_search(&name).is_err() {
                self.skip(path.join(&*child.name), likely::not_an_asset(&name).unwrap_or(NOT_NAMED));
            }
        }
    }

    fn add(&mut self, id: &str, place: Place, form: Form) {
        self.found.push(Found { id: visible(id, Whitespace::Shown).into_owned(), place, form });
    }

    fn skip(&mut self, path: PathBuf, reason: &'static Phrase) {
        if self.skipped.len() < SKIPPED_MOST {
            self.skipped.push(Skipped { path, reason });
        } else {
            self.skipped_more += 1;
        }
    }
}

/// The names in a folder, in byte order.
fn children(path: &Path) -> Result<Vec<Child>, Error> {
    let mut children = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        children.push(Child { kind: entry.file_type()?, name: entry.file_name().into_boxed_os_str() });
    }
    children.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(children)
}

/// Whether a folder holds nothing but files whose names tell what they are and not whose: they are one asset's.
fn is_one_asset(path: &Path, children: &[Child]) -> bool {
    let mut any = false;
    for child in children {
        let name = child.text();
        if !child.kind.is_file() || likely::not_an_asset(&name).is_some() {
            continue;
        }
        if likely::path_of_member(&path.join(&*child.name)).is_none() && !likely::is_device_file(&name) {
            return false;
        }
        any = true;
    }
    any && children.iter().all(|child| !child.kind.is_dir() || child.text().starts_with('.'))
}

/// The assets that the `snapshot.toml` of a folder names.
fn vouchers(folder: &Path) -> Result<Result<Vec<voucher::Named>, Problems>, Error> {
    let path = folder.join("snapshot.toml");
    let metadata = path.symlink_metadata()?;
    if !metadata.is_file() || metadata.len() > SNAPSHOT_BYTES_MOST {
        return Err(Error::other("not a regular file of a sane size"));
    }
    let text = std::fs::read_to_string(&path)?;
    Ok(voucher::parse(&path.display().to_string(), &text))
}

/// The name of a folder as the user knows it: of `.` and `..` too.
fn own_name(path: &Path) -> String {
    let real = if path.file_name().is_some() { None } else { path.canonicalize().ok() };
    let name = real.as_deref().unwrap_or(path).file_name().unwrap_or(OsStr::new("root"));
    filename::text(name.as_encoded_bytes()).into_owned()
}

/// A path as the user wrote it, without a leading `./`.
fn as_written(path: &Path) -> String {
    filename::text(path.strip_prefix(".").unwrap_or(path).as_os_str().as_encoded_bytes()).into_owned()
}

/// A device's name: that of its file, without a suffix that configurations have.
fn device(name: &str) -> String {
    const SUFFIXES: &[&str] = &["cfg", "conf", "config", "txt", "xml", "zip"];
    let name = ["-vrpcfg.zip", "_vrpcfg.zip", ".vrpcfg.zip"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, suffix)) if !stem.is_empty() && SUFFIXES.contains(&suffix.to_ascii_lowercase().as_str()) => stem.to_owned(),
        _ => name.to_owned(),
    }
}
