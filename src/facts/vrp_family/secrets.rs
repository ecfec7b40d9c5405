//! Every secret of a configuration out of sight, and how a stored password is written into what it can be turned back into.

use super::keywords::keywords;
use crate::facts::device::cells::Device;
use crate::parse::tree::Node;

/// Words behind which a secret stands.
const KEYWORDS: &[&str] = &[
    "auth-key",
    "authentication-key",
    "authkey",
    "cipher",
    "hash",
    "irreversible-cipher",
    "key",
    "password",
    "plain",
    "pre-shared-key",
    "shared-key",
    "simple",
];

/// Words that may stand between a keyword and its secret.
const BETWEEN: &[&str] = &[
    "cipher",
    "simple",
    "hash",
    "irreversible-cipher",
    "plain",
    "read",
    "write",
    "authentication",
    "authentication-mode",
    "accounting",
    "authorization",
    "key",
];

/// How a password is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::facts) enum Storage {
    /// Hashed; the word of the scheme where the notation tells it.
    Hash(Option<&'static str>),
    /// Encrypted so that the device, and who knows how, can decrypt it.
    Reversible,
    /// As it is.
    Plain,
    /// A collector took it away and nothing tells the form.
    Masked,
    /// The notation stands for both a hash and an encryption.
    Either,
}

impl Storage {
    /// The word of the column `storage`.
    pub(in crate::facts) fn word(self) -> Option<&'static str> {
        match self {
            Storage::Hash(_) => Some("hash"),
            Storage::Reversible => Some("reversible"),
            Storage::Plain => Some("plaintext"),
            Storage::Masked | Storage::Either => None,
        }
    }

    /// The word of the column `password-scheme`: reversible encryption counts as Cisco's type 7, which it equals in effect.
    pub(in crate::facts) fn scheme(self) -> Option<&'static str> {
        match self {
            Storage::Hash(scheme) => scheme,
            Storage::Reversible => Some("type7"),
            Storage::Plain => Some("plaintext"),
            Storage::Masked | Storage::Either => None,
        }
    }
}

/// Hides every secret of a configuration.
pub(in crate::facts) fn hide_all(device: &Device<'_, '_>) {
    for node in device.config.tree.all().filter(|node| !node.is_opaque()) {
        hide(device, node);
    }
}

/// Hides the secrets of one line: what stands behind a keyword, communities, and every word in a notation of ciphertext.
fn hide<'a>(device: &Device<'_, 'a>, node: Node<'a>) {
    if node.starts("description") || node.starts("info-center") {
        return;
    }
    let written: Vec<&'a str> = node.words().collect();
    let words: Vec<&'a str> = keywords(node).collect();
    let community = node.starts("snmp-agent community");
    let securityname = node.starts("snmp-agent target-host");
    for ((at, word), written) in words.iter().enumerate().zip(&written).skip(1) {
        let before = words[at - 1];
        let behind_keyword = KEYWORDS.contains(&before) && !BETWEEN.contains(word) && !is_plain_use(&words, at);
        let name = (community && at >= 3 && is_community(&words, at)) || (securityname && before == "securityname");
        if behind_keyword || name || is_ciphertext(word) {
            device.hide(node, written);
        }
    }
}

/// Whether a keyword at the place before is no keyword: `key-exchange`, a key's number, an option of a policy.
fn is_plain_use(words: &[&str], at: usize) -> bool {
    let first = words[0];
    // A bare password ends its line; what else stands behind the word is an option.
    let option = words[at - 1] == "password" && at + 1 < words.len();
    let ssh = matches!(first, "ssh" | "ssh2")
        && matches!(words.get(1), Some(&("server" | "client" | "user" | "algorithm" | "authentication-type")));
    option
        || (ssh && words[at - 1] != "simple")
        || first == "authentication-mode"
        || (words[at - 1] == "key" && words[at].parse::<u32>().is_ok())
}

/// Whether the word at a place is the community's name: `snmp-agent community {read|write} [simple|cipher] NAME …` and V5's
/// `snmp-agent community NAME`.
fn is_community(words: &[&str], at: usize) -> bool {
    let start = usize::from(matches!(words.get(2), Some(&("read" | "write")))) + 2;
    let start = start + usize::from(matches!(words.get(start), Some(&("cipher" | "simple"))));
    at == start
}

/// Whether a word is in one of the notations that both vendors write ciphertext in.
pub(in crate::facts) fn is_ciphertext(word: &str) -> bool {
    const STARTS: &[&str] = &["%^%#", "%$%$", "%@%@", "@%@%", "%+%#", "%#%#", "$1a$", "$1c$", "$1d$", "$c$", "$h$", "^&*"];
    STARTS.iter().any(|start| word.starts_with(start))
}

/// Whether a collector put something else in the place of a secret.
pub(in crate::facts) fn is_masked(word: &str) -> bool {
    word.is_empty()
        || word.bytes().all(|byte| byte == b'*' || byte == b'x' || byte == b'X')
        || (word.starts_with('<') && word.ends_with('>'))
        || word.contains("REDACTED")
}

/// How a password is kept that is written behind these words: `irreversible-cipher $1a$…`, `cipher %^%#…`, `hash $h$6$…`.
pub(in crate::facts) fn storage(keyword: &str, secret: Option<&str>) -> Storage {
    let secret = secret.unwrap_or_default();
    match keyword {
        "irreversible-cipher" if is_masked(secret) => Storage::Hash(None),
        // Huawei documents PBKDF2 or scrypt over SHA-256 for it; both are at least what the word says.
        "irreversible-cipher" => Storage::Hash(Some("sha256")),
        "hash" if secret.starts_with("$h$6$") => Storage::Hash(Some("sha512")),
        "hash" => Storage::Hash(None),
        _ if ["$1a$", "$1c$", "$1d$"].iter().any(|start| secret.starts_with(start)) => Storage::Hash(Some("sha256")),
        _ if is_masked(secret) => Storage::Masked,
        "cipher" => Storage::Reversible,
        "simple" => Storage::Plain,
        _ => Storage::Either,
    }
}
