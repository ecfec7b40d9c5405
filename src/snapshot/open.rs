//! An asset that was found into one whose artefacts can be read; what keeps it from being judged is part of the answer.

use std::fs::File;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::directory::read_whole;
use super::find::{Form, Found};
use super::folder::{Folder, Standing};
use super::memory::{Memory, Node, Ownership};
use super::voucher::Voucher;
use super::{Asset, Lack, Layout, Tree, archive, device, filename, likely, own, said, zipped};
use crate::error::Message;
use crate::names::{INSTITUTION, LINUX, Phrase, Platform};

/// Artefacts of which any tells that a tree is a Linux host's, the likeliest first.
const LINUX_MARKS: &[&str] = &["etc/os-release", "usr/lib/os-release", "etc/passwd", "etc/shadow", "etc/ssh/sshd_config", "etc"];

type Failure = (Lack, Message);

impl Found {
    /// Opens the asset. One that cannot be opened is an asset all the same: everything of it lacks, and [`Asset::failure`] says why.
    pub fn open(&self) -> Asset {
        let path = self.place.path();
        let follow = self.place.is_named();
        let opened = match &self.form {
            Form::Tree => self.tree(&path, Standing::Copy, follow),
            Form::Unvouched => self.tree(&path.join("root"), Standing::Copy, false).map(not_vouched),
            Form::Root => self.tree(&path, Standing::Root, true),
            Form::Archive => self.archive(&path, follow),
            Form::File => self.file(&path, follow),
            Form::Files => self.folder_of_files(&path),
            Form::Vouched(voucher) => self.vouched(&path, voucher),
            Form::Unreadable => Err((Lack::Denied, said(UNREADABLE, &[&path.display().to_string()]))),
        };
        opened.unwrap_or_else(|(lack, why)| Asset::failed(self.id.clone(), self.layout(), lack, why))
    }

    /// The form in which it was given.
    pub fn layout(&self) -> Layout {
        match self.form {
            Form::Tree | Form::Unvouched | Form::Unreadable => Layout::Tree,
            Form::Root => Layout::Root,
            Form::Archive => Layout::Archive,
            Form::File | Form::Files => Layout::File,
            Form::Vouched(_) => Layout::Snapshot,
        }
    }

    fn tree(&self, path: &Path, standing: Standing, follow: bool) -> Result<Asset, Failure> {
        let folder = Folder::open(path, standing, follow).map_err(|error| cannot_open(path, error))?;
        Ok(detected(Asset::of(self.id.clone(), self.layout(), Tree::Folder(folder))))
    }

    fn archive(&self, path: &Path, follow: bool) -> Result<Asset, Failure> {
        let contents = archive::read(open_file(path, follow)?)?;
        let mut asset = detected(Asset::of(self.id.clone(), Layout::Archive, Tree::Memory(contents.memory)));
        asset.issues = contents.issues;
        asset.complete = if contents.whole { None } else { Some(false) };
        Ok(asset)
    }

    /// An asset of its own layout, folder or archive.
    fn vouched(&self, path: &Path, voucher: &Voucher) -> Result<Asset, Failure> {
        let mut issues = Vec::new();
        let is_folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
        let content = if is_folder {
            Tree::Folder(Folder::open(path, Standing::Copy, false).map_err(|error| cannot_open(path, error))?)
        } else {
            let contents = archive::read(open_file(path, false)?)?;
            issues = contents.issues;
            Tree::Memory(contents.memory)
        };
        let opened = own::open(content, &self.id, voucher)?;
        let mut asset = Asset::of(self.id.clone(), Layout::Snapshot, Tree::Own(opened.own));
        asset.platform_because = match (&opened.platform_name, opened.description.platform) {
            (Some(name), Some(_)) => said(&Phrase { zh: "asset.toml 写明 {}", en: "asset.toml says {}" }, &[name]),
            (Some(name), None) => {
                said(&Phrase { zh: "asset.toml 写明的平台 {} 未知", en: "asset.toml says {}, a platform that is not known" }, &[name])
            }
            (None, _) => said(&Phrase { zh: "asset.toml 未写明平台", en: "asset.toml says no platform" }, &[]),
        };
        asset.description = opened.description;
        asset.complete = Some(opened.complete && opened.failure.is_none() && issues.is_empty());
        asset.failure = opened.failure;
        asset.issues = issues;
        Ok(asset)
    }

    fn folder_of_files(&self, path: &Path) -> Result<Asset, Failure> {
        let folder = Folder::open(path, Standing::Copy, self.place.is_named()).map_err(|error| cannot_open(path, error))?;
        let names = folder.list("").map_err(|lack| (lack, said(UNREADABLE, &[&path.display().to_string()])))?.names;
        let mut memory = Memory::of_copies();
        let mut bytes = Vec::new();
        let mut issues = Vec::new();
        let mut kept_bytes = 0;
        for name in names.iter().filter(|name| likely::not_an_asset(name).is_none()) {
            bytes.clear();
            let node = match folder.read(name, &mut bytes) {
                Ok(_) if kept_bytes + bytes.len() > archive::KEPT_BYTES_MOST => Node::Lacking(Lack::BudgetSpent),
                Ok(_) => {
                    kept_bytes += bytes.len();
                    content(bytes.clone(), &mut issues)
                }
                Err(Lack::OtherKind) => continue,
                Err(lack) => Node::Lacking(lack),
            };
            let path = path.join(name);
            memory.insert(&likely::path_of_member(&path).unwrap_or_else(|| own_name(&path)), node, Ownership::default());
        }
        let mut asset = detected(Asset::of(self.id.clone(), Layout::File, Tree::Memory(memory)));
        asset.issues = issues;
        Ok(asset)
    }

    fn file(&self, path: &Path, follow: bool) -> Result<Asset, Failure> {
        let file = open_file(path, follow)?;
        let mut bytes = Vec::new();
        let mut issues = Vec::new();
        let node = match read_whole(&file, &mut bytes) {
            Ok(_) => content(bytes, &mut issues),
            Err(lack) => {
                issues.push(said(lack.phrase(), &[&path.display().to_string()]));
                Node::Lacking(lack)
            }
        };
        let mut memory = Memory::of_copies();
        let likely = if follow { likely::path_of_named(path) } else { likely::path_of_member(path) };
        let is_linux = likely.is_some();
        let kept_at = likely.unwrap_or_else(|| own_name(path));
        memory.insert(&kept_at, node, Ownership::default());
        let mut asset = Asset::of(self.id.clone(), Layout::File, Tree::Memory(memory));
        asset.issues = issues;
        if is_linux {
            asset.set_platform(LINUX, said(&Phrase { zh: "按名称应为 {}", en: "by its name it is {}" }, &[&kept_at]));
        } else {
            asset = of_device(asset);
        }
        Ok(asset)
    }
}

/// What a file is held as: of a zip archive, the one configuration in it.
fn content(bytes: Vec<u8>, issues: &mut Vec<Message>) -> Node {
    if !zipped::is_zip(&bytes) {
        return Node::File(bytes);
    }
    match zipped::only_file(&bytes) {
        Ok(content) => Node::File(content),
        Err((lack, why)) => {
            issues.push(why);
            Node::Lacking(lack)
        }
    }
}

const UNREADABLE: &Phrase = &Phrase { zh: "无法读取 {}：请检查其权限", en: "{} could not be read: check its permissions" };
const NO_MARK: &Phrase = &Phrase { zh: "没有能说明平台的文件", en: "no artefact tells the platform" };

/// The name under which a file of no known path is kept.
fn own_name(path: &Path) -> String {
    path.file_name().map(|name| filename::text(name.as_encoded_bytes()).into_owned()).unwrap_or_default()
}

/// The asset with the platform that its artefacts show.
fn detected(mut asset: Asset) -> Asset {
    match LINUX_MARKS.iter().find(|mark| asset.look(mark).lack.is_none()) {
        Some(mark) => asset.set_platform(LINUX, said(&Phrase { zh: "有 {}", en: "has {}" }, &[mark])),
        None if asset.look(likely::REGISTER).lack.is_none() => {
            asset.set_platform(INSTITUTION, said(&Phrase { zh: "有 {}", en: "has {}" }, &[likely::REGISTER]));
        }
        None => match database(&asset) {
            Some((platform, name)) => asset.set_platform(platform, said(&Phrase { zh: "有 {}", en: "has {}" }, &[&name])),
            None => asset = of_device(asset),
        },
    }
    asset
}

/// The database whose query results are all that an asset has, and the first of them.
fn database(asset: &Asset) -> Option<(&'static Platform, String)> {
    let listing = asset.list("commands").ok()?;
    listing.names.iter().find_map(|name| Some((likely::database_of_query(name)?, format!("commands/{name}"))))
}

/// The asset with the platform that its device's configuration shows.
fn of_device(mut asset: Asset) -> Asset {
    let mut bytes = Vec::new();
    let read = device::configuration(&asset).is_some_and(|path| asset.read(&path, &mut bytes).is_ok());
    if !read {
        asset.platform_because = said(NO_MARK, &[]);
        return asset;
    }
    let device::Detected { platform, because } = device::detect(&bytes);
    asset.description.platform = platform;
    asset.platform_because = because;
    asset
}

/// The asset with a word about the manifest that it brought itself.
fn not_vouched(mut asset: Asset) -> Asset {
    let phrase = &Phrase {
        zh: "旁边没有 snapshot.toml 为其 manifest.jsonl 作证：按普通目录读取，缺失的文件视为未采集",
        en: "no snapshot.toml beside it vouches for its manifest.jsonl: read as a plain tree, where what is missing was not collected",
    };
    asset.issues.push(said(phrase, &[]));
    asset
}

/// Opens a file for reading without waiting for it, whatever it is.
fn open_file(path: &Path, follow: bool) -> Result<File, Failure> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let flags = if follow { flags } else { flags | OFlags::NOFOLLOW };
    let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| cannot_open(path, error))?;
    let file = File::from(fd);
    match file.metadata() {
        Ok(metadata) if metadata.is_file() => Ok(file),
        _ => Err((Lack::OtherKind, said(Lack::OtherKind.phrase(), &[&path.display().to_string()]))),
    }
}

/// Why an asset's folder or file could not be opened.
fn cannot_open(path: &Path, error: Errno) -> Failure {
    let shown = path.display().to_string();
    match error {
        Errno::ACCESS | Errno::PERM => (Lack::Denied, said(UNREADABLE, &[&shown])),
        Errno::NOENT => (Lack::NotCollected, said(Lack::Absent.phrase(), &[&shown])),
        Errno::LOOP | Errno::NOTDIR => (Lack::OtherKind, said(Lack::OtherKind.phrase(), &[&shown])),
        _ => (Lack::Unreadable, said(Lack::Unreadable.phrase(), &[&shown])),
    }
}
