//! What is put before the scanner into assets: trees, snapshots, archives, and what hostile ones come to.

mod archives;
mod devices;
mod finding;
mod own;
mod trees;

use std::fs;
use std::path::{Path, PathBuf};

use jixian::names::Language;
use jixian::snapshot::find::{Discovery, find};
use jixian::snapshot::{Asset, Completeness, Lack};

/// A folder of one test, emptied when the test starts.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Scratch {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("snapshot").join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder can be made");
        Scratch(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file, with the folders above it.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Scratch {
        let path = self.folder_above(name);
        fs::write(path, bytes).expect("the file can be written");
        self
    }

    fn link(&self, name: &str, target: &str) -> &Scratch {
        let path = self.folder_above(name);
        std::os::unix::fs::symlink(target, path).expect("the link can be made");
        self
    }

    fn folder(&self, name: &str) -> &Scratch {
        fs::create_dir_all(self.path(name)).expect("the folder can be made");
        self
    }

    fn folder_above(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in the scratch folder")).expect("the folder can be made");
        path
    }

    /// What is found at a name; the empty name is the whole folder.
    fn find(&self, name: &str) -> Discovery {
        find(&[if name.is_empty() { self.0.clone() } else { self.path(name) }])
    }

    /// The one asset at a name.
    fn open(&self, name: &str) -> Asset {
        let discovery = self.find(name);
        assert_eq!(shown_problems(&discovery), [""; 0]);
        assert_eq!(discovery.found.len(), 1, "{:?}", discovery.found);
        discovery.found[0].open()
    }
}

fn shown_problems(discovery: &Discovery) -> Vec<String> {
    discovery.problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message.text(Language::En))).collect()
}

/// The bytes at a path, and whether they are all.
fn read(asset: &Asset, path: &str) -> Result<(Vec<u8>, bool), Lack> {
    // What is in the buffer already stays.
    let mut buffer = b"before".to_vec();
    let completeness = asset.read(path, &mut buffer).inspect_err(|_| assert_eq!(buffer, b"before"));
    completeness.map(|completeness| (buffer.split_off(6), completeness == Completeness::Whole))
}

/// The text at a path, or the code of what it lacks; `…` where it goes on.
fn text(asset: &Asset, path: &str) -> String {
    match read(asset, path) {
        Err(lack) => format!("!{}", lack.code()),
        Ok((bytes, whole)) => String::from_utf8_lossy(&bytes).into_owned() + if whole { "" } else { "…" },
    }
}

/// The names in a directory, or the code of what it lacks; `…` where there may be more.
fn names(asset: &Asset, directory: &str) -> String {
    match asset.list(directory) {
        Err(lack) => format!("!{}", lack.code()),
        Ok(listing) => listing.names.join(" ") + if listing.complete { "" } else { "…" },
    }
}

/// What is at a path: kind, link, mode, owner, group and size as far as they are known, or the code of what it lacks.
fn looked(asset: &Asset, path: &str) -> String {
    let look = asset.look(path);
    if let Some(lack) = look.lack {
        return format!("!{}", lack.code());
    }
    let mut parts = vec![format!("{:?}", look.kind.expect("what is there has a kind")).to_lowercase()];
    parts.extend(look.link.map(|target| format!("-> {target}")));
    parts.extend(look.mode.map(|mode| format!("{mode:04o}")));
    parts.extend(look.owner);
    parts.extend(look.group);
    parts.extend(look.size_bytes.map(|size| size.to_string()));
    parts.extend(look.exit_status.map(|status| format!("exit {status}")));
    parts.join(" ")
}

fn issues(asset: &Asset) -> Vec<&str> {
    asset.issues.iter().map(|issue| issue.text(Language::En)).collect()
}

fn failure(asset: &Asset) -> &str {
    asset.failure.as_ref().expect("the asset failed").text(Language::En)
}

fn platform(asset: &Asset) -> (Option<&'static str>, &str) {
    (asset.description.platform.map(|platform| platform.name), asset.platform_because.text(Language::En))
}

/// A fixture that the project ships.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile").join(name)
}
