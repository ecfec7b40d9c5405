//! Directories of configuration files, of which an earlier directory hides the names of later ones, into the list that is read.
//!
//! systemd, procps and kmod agree on it: files of all directories are sorted by name, whatever their directory; of files with one name
//! only that of the first directory is read; a link to `/dev/null` hides a name and adds nothing (sysctl.d(5), modprobe.d(5)).

use super::{Artefact, Host};
use crate::snapshot::Lack;
use crate::source::Source;

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// Its text.
    Text(&'a Source<'a>),
    /// Nothing: a link to `/dev/null` hides it.
    Hidden,
    /// Something that could not be read.
    Lacking(Lack),
}

/// One file that is read.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// Its name in its directory, by which files are ordered.
    pub name: &'a str,
    /// Its path.
    pub path: &'a str,
    /// What is in it.
    pub content: Content<'a>,
}

/// A directory that was not listed: files could be in it.
#[derive(Clone, Copy, Debug)]
pub struct Unlisted<'a> {
    /// Its place in the order of directories.
    pub rank: usize,
    /// Its path.
    pub path: &'a str,
    /// Why it was not.
    pub lack: Lack,
}

/// What is read of some directories.
#[derive(Debug, Default)]
pub struct Layers<'a> {
    /// The files, by name; one of each name.
    pub files: Vec<Layer<'a>>,
    /// Directories in which more could be.
    pub unlisted: Vec<Unlisted<'a>>,
}

/// The files `directory/*.conf` of directories, which are given in the order in which they hide each other.
///
/// `lib/…` is taken for the same directory as `usr/lib/…` where only the latter was collected: every distribution of the last decade
/// has `/lib` as a link.
pub fn read<'a>(host: &Host<'a>, directories: &[&str]) -> Layers<'a> {
    read_named(host, directories, "*.conf")
}

/// The same for files of another name.
pub fn read_named<'a>(host: &Host<'a>, directories: &[&str], pattern: &str) -> Layers<'a> {
    let mut layers = Layers::default();
    let mut listed: Vec<&str> = Vec::new();
    for (rank, directory) in directories.iter().enumerate() {
        let found = host.matching(&format!("{directory}/{pattern}"));
        match found.gap {
            Some((_, Lack::NotCollected)) if listed.iter().any(|it| it.strip_prefix("usr/") == Some(directory)) => {}
            Some((path, lack)) => layers.unlisted.push(Unlisted { rank, path, lack }),
            None => listed.push(directory),
        }
        for path in found.paths {
            let name = path.rsplit('/').next().unwrap_or(path);
            if !layers.files.iter().any(|earlier| earlier.name == name) {
                layers.files.push(Layer { name, path, content: content(host, path) });
            }
        }
    }
    layers.files.sort_unstable_by_key(|layer| layer.name);
    layers
}

/// What is at a path that a directory lists.
fn content<'a>(host: &Host<'a>, path: &str) -> Content<'a> {
    match host.file(path) {
        Artefact::Text(source) => Content::Text(source),
        Artefact::Lacking(_) if host.is_masked(path) => Content::Hidden,
        Artefact::Lacking(lack) => Content::Lacking(lack),
    }
}
