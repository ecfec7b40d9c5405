//! One line of a file of known host keys into its marker, its names and its key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::HostKey;
use crate::error::Message;

/// The longest line that is read; the longest key of use is 16 Kibit of RSA.
const LINE_BYTES_MOST: usize = 16 << 10;

/// What a line says of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// It is the host's.
    None,
    /// It is not to be trusted.
    Revoked,
    /// It signs the keys of hosts.
    Authority,
}

/// One line that was understood.
#[derive(Debug)]
pub(super) struct Line {
    pub marker: Marker,
    pub names: Names,
    pub key: HostKey,
    /// File and line.
    pub place: String,
    /// Whether we noted it ourselves, on first sight.
    pub on_first_sight: bool,
}

/// Which hosts a line is about.
#[derive(Debug)]
pub(super) enum Names {
    /// One name, as a keyed digest.
    Hashed { salt: Vec<u8>, digest: Vec<u8> },
    /// Patterns with `*` and `?`; one after `!` takes hosts out.
    Patterns(Vec<String>),
}

impl Names {
    /// The names, where they are nothing but names.
    pub(super) fn literal(&self) -> Option<Vec<String>> {
        match self {
            Names::Patterns(patterns) if !patterns.iter().any(|it| it.contains(['*', '?']) || it.starts_with('!')) => {
                Some(patterns.clone())
            }
            Names::Patterns(_) | Names::Hashed { .. } => None,
        }
    }

    /// Whether a name, in lower case, is meant.
    pub(super) fn fits(&self, name: &str) -> bool {
        match self {
            Names::Hashed { salt, digest } => {
                // A key of any length is a key of HMAC (RFC 2104 section 2).
                let Ok(mut hmac) = Hmac::<Sha1>::new_from_slice(salt) else { return false };
                hmac.update(name.as_bytes());
                hmac.verify_slice(digest).is_ok()
            }
            Names::Patterns(patterns) => {
                let hit = |pattern: &str| wildcard(pattern.as_bytes(), name.as_bytes());
                patterns.iter().any(|pattern| hit(pattern)) && !patterns.iter().any(|it| it.strip_prefix('!').is_some_and(hit))
            }
        }
    }
}

/// Whether a text fits a pattern of `*` and `?`. Steps back only to the last `*`, so that no pattern is slow.
fn wildcard(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while place < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == text[place] => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((back, from)) = star else { return false };
                star = Some((back, from + 1));
                at = back + 1;
                place = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

/// Reads a line; none for an empty one and a comment.
pub(super) fn read(bytes: &[u8]) -> Result<Option<(Marker, Names, HostKey)>, Message> {
    if bytes.len() > LINE_BYTES_MOST {
        return Err(Message::new("过长", "it is too long"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Message::new("不是文本", "it is no text"))?.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    let mut next = || words.next().ok_or_else(|| Message::new("缺少字段", "a field is missing"));
    let mut names = next()?;
    let marker = match names {
        "@revoked" => Marker::Revoked,
        "@cert-authority" => Marker::Authority,
        other if other.starts_with('@') => return Err(Message::new("未知的标记", "its marker is not known")),
        _ => Marker::None,
    };
    if marker != Marker::None {
        names = next()?;
    }
    let kind = next()?;
    let blob = STANDARD.decode(next()?).map_err(|_| Message::new("密钥不是 base64", "its key is not base 64"))?;
    let key = HostKey::of(&blob).filter(|key| key.kind == kind);
    let key = key.ok_or_else(|| Message::new("密钥与所写类型不符", "its key is not of the type that it states"))?;
    Ok(Some((marker, self::names(names)?, key)))
}

/// The names of a line.
fn names(text: &str) -> Result<Names, Message> {
    let Some(hashed) = text.strip_prefix('|') else {
        return Ok(Names::Patterns(text.to_ascii_lowercase().split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()));
    };
    let wrong = || Message::new("散列的主机名不可读", "its hashed name cannot be read");
    // `1` is HMAC with SHA-1, the only scheme there is; the salt is as long as the digest.
    let (salt, digest) = hashed.strip_prefix("1|").and_then(|rest| rest.split_once('|')).ok_or_else(wrong)?;
    let (salt, digest) = (STANDARD.decode(salt).map_err(|_| wrong())?, STANDARD.decode(digest).map_err(|_| wrong())?);
    if salt.len() != 20 || digest.len() != 20 {
        return Err(wrong());
    }
    Ok(Names::Hashed { salt, digest })
}
