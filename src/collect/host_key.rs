//! Files of known host keys and the key that a server shows into whether it is the server that is meant.
//!
//! The format is that of `sshd(8)`, section SSH_KNOWN_HOSTS FILE FORMAT: hashed names, patterns, negation, `[host]:port`, `@revoked`,
//! `@cert-authority`. A line that is not understood is skipped and told, never a reason to trust or to stop.
//! libssh2's own matcher takes a revoked key for a good one and knows no patterns, so it is not used.

mod accepted;
mod line;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

pub use accepted::Accepted;
use line::{Line, Marker};

use crate::error::{Message, Problem, Problems};
use crate::source::Digest;

/// The key of a host as it goes over the wire: its type, and all of it in the encoding of RFC 4253 section 6.6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    /// Such as `ssh-ed25519`.
    pub kind: String,
    /// The encoded key, which begins with its type.
    pub blob: Vec<u8>,
}

impl HostKey {
    /// A key of its encoding; none where that is no key. The type is the first string in it.
    pub fn of(blob: &[u8]) -> Option<HostKey> {
        let length = usize::try_from(u32::from_be_bytes(blob.get(..4)?.try_into().ok()?)).ok()?;
        let kind = std::str::from_utf8(blob.get(4..4_usize.checked_add(length)?)?).ok()?;
        let plain = !kind.is_empty() && kind.len() <= 64 && kind.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        plain.then(|| HostKey { kind: kind.to_owned(), blob: blob.to_owned() })
    }

    /// The fingerprint as OpenSSH prints it: `SHA256:` and the digest in base 64 without padding.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Digest::of(&self.blob).0))
    }
}

/// What the files say of a key that a server shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is the server's.
    Yes {
        /// File and line.
        place: String,
        /// Whether it was taken on first sight, by ourselves.
        on_first_sight: bool,
    },
    /// It must not be trusted any more.
    Revoked(String),
    /// The server is known by other keys.
    Changed(String),
    /// The server is vouched for by certificates only, which are not checked here.
    Authority(String),
    /// Nothing is known of the server.
    No,
}

/// The lines of all files.
#[derive(Debug, Default)]
pub struct KnownHosts {
    lines: Vec<Line>,
    /// The lines with this very name in them.
    by_name: HashMap<String, Vec<usize>>,
    /// The lines with patterns or hashed names: each must be asked.
    others: Vec<usize>,
}

/// The most bytes of a file of known hosts.
const FILE_BYTES_MOST: u64 = 64 << 20;

impl KnownHosts {
    /// Reads files; `accepted` are those in which we noted keys on first sight. A file that is not there knows nobody, which is told.
    pub fn read<'p>(files: impl IntoIterator<Item = (&'p PathBuf, bool)>) -> (KnownHosts, Problems) {
        let mut known = KnownHosts::default();
        let mut problems = Vec::new();
        for (path, accepted) in files {
            match text(path) {
                Ok(text) => known.add(path, &text, accepted, &mut problems),
                Err(_) if accepted && !path.exists() => {}
                Err(why) => {
                    let name = path.display();
                    let message = Message::new(format!("无法读取 {name}：{why}"), format!("{name} cannot be read: {why}"));
                    problems.push(Problem::new("known-hosts", message).warning());
                }
            }
        }
        (known, problems)
    }

    /// Adds the lines of a file.
    fn add(&mut self, path: &Path, text: &[u8], on_first_sight: bool, problems: &mut Problems) {
        for (number, bytes) in text.split(|byte| *byte == b'\n').enumerate() {
            let place = format!("{}:{}", path.display(), number + 1);
            match line::read(bytes) {
                Ok(None) => {}
                Ok(Some((marker, names, key))) => self.insert(Line { marker, names, key, place, on_first_sight }),
                Err(why) => {
                    let message =
                        Message::new(format!("{place}：{}，此行不起作用", why.zh), format!("{place}: {}; the line has no effect", why.en));
                    problems.push(Problem::new("known-hosts-line", message).warning());
                }
            }
        }
    }

    /// Adds a line, to be found by its names.
    fn insert(&mut self, line: Line) {
        let number = self.lines.len();
        match line.names.literal() {
            Some(names) => names.into_iter().for_each(|name| self.by_name.entry(name).or_default().push(number)),
            None => self.others.push(number),
        }
        self.lines.push(line);
    }

    /// The lines that speak of a host.
    fn of(&self, address: &str, port: u16) -> Vec<&Line> {
        let name = name(address, port);
        let mut numbers: Vec<usize> = self.by_name.get(&name).into_iter().flatten().copied().collect();
        numbers.extend(self.others.iter().copied().filter(|number| self.lines[*number].names.fits(&name)));
        numbers.sort_unstable();
        numbers.into_iter().map(|number| &self.lines[number]).collect()
    }

    /// The types of the keys by which a host is known, so that it is asked for one of these.
    pub fn kinds(&self, address: &str, port: u16) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        for line in self.of(address, port).into_iter().filter(|line| line.marker == Marker::None) {
            if !kinds.contains(&line.key.kind.as_str()) {
                kinds.push(&line.key.kind);
            }
        }
        kinds
    }

    /// Whether only certificates vouch for a host, which the system's `ssh` checks.
    pub fn needs_certificate(&self, address: &str, port: u16) -> bool {
        let lines = self.of(address, port);
        let has = |marker| lines.iter().any(|line| line.marker == marker);
        has(Marker::Authority) && !has(Marker::None)
    }

    /// What is known of the key that a host shows.
    pub fn check(&self, address: &str, port: u16, key: &HostKey) -> Known {
        let lines = self.of(address, port);
        let first = |marker, same: bool| lines.iter().find(|line| line.marker == marker && (!same || line.key == *key));
        if let Some(line) = first(Marker::Revoked, true) {
            return Known::Revoked(line.place.clone());
        }
        if let Some(line) = first(Marker::None, true) {
            return Known::Yes { place: line.place.clone(), on_first_sight: line.on_first_sight };
        }
        if let Some(line) = first(Marker::None, false) {
            return Known::Changed(line.place.clone());
        }
        first(Marker::Authority, false).map_or(Known::No, |line| Known::Authority(line.place.clone()))
    }
}

/// The bytes of a file.
fn text(path: &Path) -> Result<Vec<u8>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > FILE_BYTES_MOST {
        return Err(format!("> {FILE_BYTES_MOST} bytes"));
    }
    std::fs::read(path).map_err(|error| error.to_string())
}

/// The name under which a host stands in the files: in lower case, with its port where that is not 22.
fn name(address: &str, port: u16) -> String {
    let mut name = address.to_ascii_lowercase();
    if port != 22 {
        name.insert(0, '[');
        let _ = write!(name, "]:{port}");
    }
    name
}

#[cfg(test)]
mod tests;
