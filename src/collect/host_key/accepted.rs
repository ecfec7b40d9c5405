//! Host keys that are trusted on first sight into a file of our own, one whole line at a time.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{HostKey, name};

/// The file, and what this run put into it.
#[derive(Debug)]
pub struct Accepted {
    path: PathBuf,
    /// The key of each host that was seen for the first time, by its name.
    seen: Mutex<BTreeMap<String, HostKey>>,
}

impl Accepted {
    /// The file to which keys are added.
    pub fn new(path: PathBuf) -> Accepted {
        Accepted { path, seen: Mutex::new(BTreeMap::new()) }
    }

    /// Notes the key of a host that is not known; false where this run saw another key of it.
    ///
    /// # Errors
    ///
    /// It could not be written down: then the host is not trusted either.
    pub fn note(&self, address: &str, port: u16, key: &HostKey) -> io::Result<bool> {
        let name = name(address, port);
        let mut seen = self.seen.lock().map_err(|_| io::Error::other("another thread failed"))?;
        if let Some(before) = seen.get(&name) {
            return Ok(before == key);
        }
        let line = format!("{name} {} {}\n", key.kind, STANDARD.encode(&key.blob));
        let mut file = OpenOptions::new().create(true).append(true).mode(0o644).open(&self.path)?;
        file.write_all(line.as_bytes())?;
        file.sync_data()?;
        seen.insert(name, key.clone());
        Ok(true)
    }
}
