//! The secrets in what was collected into the documented marker, before anything of it reaches the disk.
//!
//! Products know which parts of their texts are secrets, because they keep them out of reports; what they find is handed in as a
//! function. What no product reads is searched for the forms that secrets have everywhere: hashes of crypt(5), private keys, logins in
//! addresses, and values behind names that end like `password`.
//!
//! The SNMP communities `public` and `private` stay: they are no secrets, and a default that was left is what a check looks for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::bytes::{Captures, Regex};

use super::gather::Artefacts;
use super::key::Key;
use crate::error::Message;
use crate::names::{LINUX, Platform};
use crate::snapshot::manifest::{Sort, Status};
use crate::snapshot::memory::{Memory, Node, Ownership};
use crate::snapshot::store::Kept;
use crate::snapshot::{Asset, Lack};
use crate::source::redact;

/// The secrets that a product found in one text.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// Path inside the asset.
    pub path: String,
    /// The text as it was decoded.
    pub text: String,
    /// Byte ranges in the text.
    pub ranges: Vec<(u32, u32)>,
}

/// Finds the secrets of an asset; none where that failed, and then nothing of the asset may be kept.
pub type Find<'f> = dyn Fn(&Asset) -> Option<Vec<Hidden>> + Sync + 'f;

impl std::fmt::Debug for Concealer<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Concealer").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What replaces secrets.
pub struct Concealer<'f> {
    key: Option<Key>,
    find: &'f Find<'f>,
}

/// Values that are no secrets wherever they stand.
const KNOWN_TO_ALL: [&str; 2] = ["public", "private"];

/// A secret of fewer characters is marked as short.
const SHORT: usize = 8;

impl<'f> Concealer<'f> {
    /// Replaces what `find` finds; with a key, equal secrets can be told from others.
    pub fn new(key: Option<Key>, find: &'f Find<'f>) -> Concealer<'f> {
        Concealer { key, find }
    }

    /// Replaces the secrets in everything that is kept of an asset.
    ///
    /// # Errors
    ///
    /// They could not be found.
    pub fn conceal(&self, kept: &mut Kept) -> Result<(), Message> {
        let platform = kept.description.platform.unwrap_or(LINUX);
        let asset = asset(platform, &kept.artefacts);
        let hidden = (self.find)(&asset)
            .ok_or_else(|| Message::new("查找敏感信息时出错，未保存任何内容", "looking for secrets failed, and nothing was kept"))?;
        // One file may have been read by several ways that lead to it.
        let mut by_file: BTreeMap<String, (String, Vec<(u32, u32)>)> = BTreeMap::new();
        for Hidden { path, text, ranges } in hidden {
            let real = asset.real(&path).unwrap_or(path);
            by_file.entry(real).or_insert_with(|| (text, Vec::new())).1.extend(ranges);
        }
        for (path, (text, ranges)) in by_file {
            if let Some((_, Some(bytes))) = kept.artefacts.get_mut(&path)
                && let Some(concealed) = self.without(&path, &text, ranges)
            {
                *bytes = concealed.into_bytes();
            }
        }
        for (path, (_, bytes)) in &mut kept.artefacts {
            if let Some(bytes) = bytes {
                self.common(path, bytes);
            }
        }
        Ok(())
    }

    /// A line for people, such as an error of a host, without what looks like a secret.
    pub fn line(&self, line: &str) -> String {
        let mut bytes: Vec<u8> = line.chars().filter(|it| !it.is_control()).take(200).collect::<String>().into_bytes();
        self.common("", &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A text without the secrets at these ranges; none where nothing is replaced.
    fn without(&self, path: &str, text: &str, mut ranges: Vec<(u32, u32)>) -> Option<String> {
        ranges.sort_unstable();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (start, end) in ranges {
            let (start, end) = bare(text, (start as usize).max(at), end as usize);
            let Some(secret) = text.get(start..end).filter(|secret| !secret.is_empty()) else { continue };
            let Some(marker) = self.marker(path, secret) else { continue };
            out.push_str(&text[at..start]);
            out.push_str(&marker);
            // A text that is broken by a quote stays broken.
            out.extend(['"', '\''].into_iter().filter(|quote| !secret.matches(*quote).count().is_multiple_of(2)));
            // Lines keep their numbers.
            out.extend(secret.matches('\n'));
            at = end;
        }
        (at > 0).then(|| out + &text[at..])
    }

    /// Replaces what has the form of a secret, whatever the file is.
    fn common(&self, path: &str, bytes: &mut Vec<u8>) {
        for (form, group) in FORMS.iter() {
            if !form.is_match(bytes) {
                continue;
            }
            let replaced = form.replace_all(bytes, |captures: &Captures<'_>| {
                let whole = captures.get(0).map_or(0..0, |whole| whole.range());
                let Some(secret) = captures.name(group).map(|secret| secret.range()) else { return bytes[whole].to_vec() };
                let text = String::from_utf8_lossy(&bytes[secret.clone()]);
                let Some(marker) = self.marker(path, &text).filter(|_| !is_switch(&text)) else { return bytes[whole].to_vec() };
                let lines = vec![b'\n'; memchr::memchr_iter(b'\n', &bytes[secret.clone()]).count()];
                [&bytes[whole.start..secret.start], marker.as_bytes(), &lines, &bytes[secret.end..whole.end]].concat()
            });
            *bytes = replaced.into_owned();
        }
    }

    /// The marker of a secret; none where it is none, or was replaced already.
    fn marker(&self, path: &str, secret: &str) -> Option<String> {
        if KNOWN_TO_ALL.contains(&secret) || redact::masked_scheme(secret).is_some() {
            return None;
        }
        let scheme = redact::crypt_scheme(secret).or_else(|| is_des(path, secret).then_some("des")).unwrap_or("unknown");
        let class = if scheme == "unknown" && secret.chars().count() < SHORT { "short" } else { "ordinary" };
        let marker = match &self.key {
            Some(key) => redact::keyed_marker(scheme, class, &key.id(secret.as_bytes())),
            None => redact::marker(scheme, class),
        };
        let is_xml = path.ends_with(".xml");
        Some(if is_xml { marker.replace('<', "&lt;").replace('>', "&gt;") } else { marker })
    }
}

/// A range without the quotes and blanks around what it holds.
fn bare(text: &str, start: usize, end: usize) -> (usize, usize) {
    let Some(part) = text.get(start..end) else { return (start, start) };
    let trimmed = part.trim();
    let start = start + (part.len() - part.trim_start().len());
    let quoted = trimmed.len() >= 2 && ['"', '\''].iter().any(|quote| trimmed.starts_with(*quote) && trimmed.ends_with(*quote));
    let inner = usize::from(quoted);
    (start + inner, start + trimmed.len() - inner)
}

/// Whether a text is a traditional hash of crypt(5), where nothing else stands in such a place.
fn is_des(path: &str, secret: &str) -> bool {
    let alphabet = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'));
    let of_accounts = ["etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"].contains(&path);
    let bsd = secret.strip_prefix('_').is_some_and(|rest| rest.len() == 19 && alphabet(rest));
    of_accounts && (bsd || secret.len() == 13 && alphabet(secret))
}

/// Whether a value only switches something, or asks for one.
fn is_switch(value: &str) -> bool {
    const SWITCHES: [&str; 14] =
        ["", "0", "1", "yes", "no", "on", "off", "true", "false", "none", "null", "required", "optional", "default"];
    SWITCHES.iter().any(|word| value.eq_ignore_ascii_case(word)) || is_reference(value)
}

/// Whether a value stands somewhere else: a variable, a template, a file.
fn is_reference(value: &str) -> bool {
    value.starts_with(['%', '{', '/']) || value.starts_with('$') && redact::crypt_scheme(value).is_none()
}

/// The forms that secrets have everywhere, and the group that is the secret.
static FORMS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let forms = [
        // PEM, RFC 7468: everything between the lines.
        r"(?s-u)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\r?\n(?P<s>.*?)(?:\r?\n-----END |\z)",
        // crypt(5): `$6$salt$hash`; a salt alone is none.
        r"(?-u)(?P<s>\$(?:1|2[abxy]|3|5|6|7|8|9|gy|y|md5|sha1|sm3|pbkdf2[a-z0-9-]*|argon2[a-z]*)\$[^\s:,;'\x22<>]{8,})",
        // The field of a password in passwd(5), shadow(5), group(5) and gshadow(5).
        r"(?m-u)^[^:\s]+:[!*]*(?P<s>_?[A-Za-z0-9./]{13,}):",
        // A login in an address: `scheme://user:secret@host`.
        r"(?-u)[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'\x22]*:(?P<s>[^\s/@'\x22]+)@",
        // `name=value` and `name: value`, where the name ends like that of a secret.
        r#"(?i-u)[A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|api_?key|access_?key|secret_?key|private_?key|keypass|storepass)["']?[ \t]*[=:][ \t]*(?:"(?P<a>[^"\r\n]+)"|'(?P<b>[^'\r\n]+)'|(?P<s>[^\s"';,&]+))"#,
        // Directives of servers whose value stands behind a blank.
        r#"(?im-u)^[ \t]*(?:requirepass|masterauth|sentinel auth-pass \S+|r[ow]community6?|authldapbindpassword|password_pbkdf2 \S+)[ \t]+["']?(?P<s>[^\s"']+)"#,
        // Headers of HTTP with credentials.
        r"(?i-u)authorization[:=\x22' \t]+(?:basic|bearer|digest)[ \t]+(?P<s>[A-Za-z0-9+/=._~-]{6,})",
        // SQL: `IDENTIFIED BY 'secret'`.
        r"(?i-u)identified[ \t]+(?:with \S+ )?(?:by|as)[ \t]+(?:password[ \t]+)?['\x22](?P<s>[^'\x22\r\n]+)",
    ];
    let mut all = Vec::new();
    for form in forms {
        let form = Regex::new(form).expect("a form is a regular expression, as a test shows");
        for group in ["s", "a", "b"] {
            if form.capture_names().flatten().any(|name| name == group) {
                all.push((form.clone(), group));
            }
        }
    }
    all
});

/// The asset that products look at before anything is replaced.
fn asset(platform: &'static Platform, artefacts: &Artefacts) -> Asset {
    let mut memory = Memory::default();
    for (path, (line, bytes)) in artefacts {
        let node = match (line.kind, line.status, bytes) {
            (_, Status::Truncated, Some(bytes)) => Node::Truncated(bytes.clone()),
            (_, _, Some(bytes)) => Node::File(bytes.clone()),
            (Sort::Link, ..) => line.target.clone().map_or(Node::Lacking(Lack::NotCollected), Node::Link),
            (Sort::Directory, Status::Ok, _) => Node::Directory { complete: true },
            (Sort::Directory, Status::Listed | Status::Truncated, _) => Node::Directory { complete: false },
            (_, Status::Absent, _) => Node::Lacking(Lack::Absent),
            _ => Node::Lacking(Lack::NotCollected),
        };
        memory.insert(path, node, Ownership::default());
    }
    let mut asset = Asset::in_memory("collected".to_owned(), crate::snapshot::Description::default(), memory);
    asset.set_platform(platform, Message::new("采集时给出", "said by the collection"));
    asset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concealed(path: &str, text: &str) -> String {
        let nothing = |_: &Asset| Some(Vec::new());
        let concealer = Concealer::new(None, &nothing);
        let mut bytes = text.as_bytes().to_vec();
        concealer.common(path, &mut bytes);
        String::from_utf8(bytes).expect("the text stays one")
    }

    const PLAIN: &str = "<jixian-secret/unknown/ordinary>";

    #[test]
    fn forms_that_secrets_have_everywhere() {
        assert_eq!(concealed("x", "DB_PASSWORD=hunter2-hunter2"), format!("DB_PASSWORD={PLAIN}"));
        assert_eq!(concealed("x", "db.pwd: 'a b c d e'"), format!("db.pwd: '{PLAIN}'"));
        assert_eq!(concealed("x", "{\"apiKey\": \"0123456789\"}"), format!("{{\"apiKey\": \"{PLAIN}\"}}"));
        assert_eq!(concealed("x", "jdbc:mysql://app:geheim123@db/x"), format!("jdbc:mysql://app:{PLAIN}@db/x"));
        assert_eq!(concealed("x", "requirepass foobared1"), format!("requirepass {PLAIN}"));
        assert_eq!(concealed("etc/shadow", "a:rqXexS6ZhobKA:1::"), "a:<jixian-secret/des/ordinary>:1::");
        assert_eq!(concealed("etc/shadow", "a:!$6$salt$0123456789:1::"), "a:!<jixian-secret/sha512/ordinary>:1::");
        assert_eq!(concealed("x", "token=abc"), "token=<jixian-secret/unknown/short>");
        let pem = "-----BEGIN RSA PRIVATE KEY-----\nMII\nEow\n-----END RSA PRIVATE KEY-----\nafter\n";
        let expected = "-----BEGIN RSA PRIVATE KEY-----\n<jixian-secret/unknown/short>\n\n-----END RSA PRIVATE KEY-----\nafter\n";
        assert_eq!(concealed("x", pem), expected);
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        for text in [
            "PasswordAuthentication no",
            "validate_password=ON",
            "password requisite pam_pwquality.so retry=3",
            "password_encryption = 'scram-sha-256'",
            "PASS_MAX_DAYS\t90",
            "root:x:0:0:root:/root:/bin/bash",
            "secret: $VARIABLE",
            "password: <removed>",
        ] {
            assert_eq!(concealed("etc/x", text), text);
        }
    }

    #[test]
    fn ranges_keep_their_quotes_and_lines() {
        let find = |_: &Asset| Some(Vec::new());
        let concealer = Concealer::new(Some(Key::of([7; 32])), &find);
        let shown = concealer.without("x", "key \"topsecret\" public end\n", vec![(4, 15), (16, 22)]).expect("something is replaced");
        let (start, rest) = shown.split_once("\"<jixian-secret/unknown/ordinary/").expect("a keyed marker in its quotes");
        assert_eq!((start, rest.split_once(">\"").expect("its end").1), ("key ", " public end\n"));
        assert_eq!(concealer.without("x", "a\nb\nc", vec![(0, 3)]).expect("replaced").lines().count(), 3);
        assert!(concealer.without("x.xml", "<a>geheim12</a>", vec![(3, 11)]).expect("replaced").starts_with("<a>&lt;jixian-secret/"));
    }
}
