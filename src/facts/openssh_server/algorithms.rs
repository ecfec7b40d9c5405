//! Algorithm lists with their `+`, `-` and `^` into the names that are offered, and a name into how strong it is.
//!
//! The truth is myproposal.h, cipher.c, mac.c, kex.c and sshkey.c of OpenSSH 7.4, 8.4, 9.2, 10.0 and 10.3. Only Debian and Ubuntu build
//! with upstream's default lists; Red Hat 7 adds to them; every other build may put a policy of its own in their place.

use super::patterns::{self, Verdict};
use super::version::{Builder, Version};

/// What an algorithm is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Encryption.
    Cipher,
    /// Integrity.
    Mac,
    /// Key exchange.
    KeyExchange,
    /// Signatures by keys.
    HostKey,
}

impl Kind {
    /// The keyword that lists them, and the word for them in the table `crypto`.
    pub(super) const ALL: [(Kind, &'static str, &'static str); 4] = [
        (Kind::Cipher, "ciphers", "cipher"),
        (Kind::Mac, "macs", "mac"),
        (Kind::KeyExchange, "kexalgorithms", "key-exchange"),
        (Kind::HostKey, "hostkeyalgorithms", "host-key"),
    ];
}

/// Releases from one on, before another, in which a build has an algorithm in its default list.
type Default = (Builds, Version, Version);

/// Whose default lists have an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Builds {
    /// Every build whose lists are known.
    All,
    /// Red Hat 7 alone.
    RedHat7,
}

const EVER: Version = (u8::MAX, 0);
const ALWAYS: Default = (Builds::All, (0, 0), EVER);
const NEVER: Default = (Builds::All, EVER, EVER);
const RED_HAT_7: Default = (Builds::RedHat7, (0, 0), EVER);

const fn from(major: u8, minor: u8) -> Default {
    (Builds::All, (major, minor), EVER)
}

const fn until(major: u8, minor: u8) -> Default {
    (Builds::All, (0, 0), (major, minor))
}

use Kind::{Cipher, HostKey, KeyExchange, Mac};

/// Every algorithm that some release knows, and the releases that offer it by default.
const ALGORITHMS: &[(Kind, &str, Default)] = &[
    (Cipher, "chacha20-poly1305@openssh.com", ALWAYS),
    (Cipher, "aes128-ctr", ALWAYS),
    (Cipher, "aes192-ctr", ALWAYS),
    (Cipher, "aes256-ctr", ALWAYS),
    (Cipher, "aes128-gcm@openssh.com", ALWAYS),
    (Cipher, "aes256-gcm@openssh.com", ALWAYS),
    (Cipher, "aes128-cbc", RED_HAT_7),
    (Cipher, "aes192-cbc", RED_HAT_7),
    (Cipher, "aes256-cbc", RED_HAT_7),
    (Cipher, "blowfish-cbc", RED_HAT_7),
    (Cipher, "cast128-cbc", RED_HAT_7),
    (Cipher, "3des-cbc", RED_HAT_7),
    (Cipher, "rijndael-cbc@lysator.liu.se", NEVER),
    (Cipher, "arcfour", NEVER),
    (Cipher, "arcfour128", NEVER),
    (Cipher, "arcfour256", NEVER),
    (Cipher, "sm4-ctr", NEVER),
    (Mac, "umac-64-etm@openssh.com", ALWAYS),
    (Mac, "umac-128-etm@openssh.com", ALWAYS),
    (Mac, "hmac-sha2-256-etm@openssh.com", ALWAYS),
    (Mac, "hmac-sha2-512-etm@openssh.com", ALWAYS),
    (Mac, "hmac-sha1-etm@openssh.com", ALWAYS),
    (Mac, "umac-64@openssh.com", ALWAYS),
    (Mac, "umac-128@openssh.com", ALWAYS),
    (Mac, "hmac-sha2-256", ALWAYS),
    (Mac, "hmac-sha2-512", ALWAYS),
    (Mac, "hmac-sha1", ALWAYS),
    (Mac, "hmac-sha1-96", NEVER),
    (Mac, "hmac-sha1-96-etm@openssh.com", NEVER),
    (Mac, "hmac-md5", NEVER),
    (Mac, "hmac-md5-96", NEVER),
    (Mac, "hmac-md5-etm@openssh.com", NEVER),
    (Mac, "hmac-md5-96-etm@openssh.com", NEVER),
    (Mac, "hmac-ripemd160", NEVER),
    (Mac, "hmac-ripemd160-etm@openssh.com", NEVER),
    (Mac, "hmac-ripemd160@openssh.com", NEVER),
    (Mac, "hmac-sm3", NEVER),
    (KeyExchange, "mlkem768x25519-sha256", from(9, 9)),
    // Debian 12 has it in its 9.2 too: see `by_default`.
    (KeyExchange, "sntrup761x25519-sha512", from(9, 9)),
    (KeyExchange, "sntrup761x25519-sha512@openssh.com", from(9, 0)),
    (KeyExchange, "curve25519-sha256", from(7, 4)),
    (KeyExchange, "curve25519-sha256@libssh.org", ALWAYS),
    (KeyExchange, "ecdh-sha2-nistp256", ALWAYS),
    (KeyExchange, "ecdh-sha2-nistp384", ALWAYS),
    (KeyExchange, "ecdh-sha2-nistp521", ALWAYS),
    (KeyExchange, "diffie-hellman-group-exchange-sha256", until(10, 0)),
    (KeyExchange, "diffie-hellman-group16-sha512", (Builds::All, (7, 3), (10, 0))),
    (KeyExchange, "diffie-hellman-group18-sha512", (Builds::All, (7, 3), (10, 0))),
    (KeyExchange, "diffie-hellman-group14-sha256", (Builds::All, (7, 3), (10, 0))),
    (KeyExchange, "diffie-hellman-group14-sha1", until(8, 2)),
    (KeyExchange, "diffie-hellman-group-exchange-sha1", RED_HAT_7),
    (KeyExchange, "diffie-hellman-group1-sha1", RED_HAT_7),
    (KeyExchange, "sntrup4591761x25519-sha512@tinyssh.org", NEVER),
    (KeyExchange, "sm2-sm3", NEVER),
    (HostKey, "ssh-ed25519", ALWAYS),
    (HostKey, "ssh-ed25519-cert-v01@openssh.com", ALWAYS),
    (HostKey, "sk-ssh-ed25519@openssh.com", from(8, 2)),
    (HostKey, "sk-ssh-ed25519-cert-v01@openssh.com", from(8, 2)),
    (HostKey, "ecdsa-sha2-nistp256", ALWAYS),
    (HostKey, "ecdsa-sha2-nistp256-cert-v01@openssh.com", ALWAYS),
    (HostKey, "ecdsa-sha2-nistp384", ALWAYS),
    (HostKey, "ecdsa-sha2-nistp384-cert-v01@openssh.com", ALWAYS),
    (HostKey, "ecdsa-sha2-nistp521", ALWAYS),
    (HostKey, "ecdsa-sha2-nistp521-cert-v01@openssh.com", ALWAYS),
    (HostKey, "sk-ecdsa-sha2-nistp256@openssh.com", from(8, 2)),
    (HostKey, "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", from(8, 2)),
    (HostKey, "webauthn-sk-ecdsa-sha2-nistp256@openssh.com", from(10, 3)),
    (HostKey, "webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", from(10, 3)),
    (HostKey, "rsa-sha2-512", ALWAYS),
    (HostKey, "rsa-sha2-512-cert-v01@openssh.com", from(7, 8)),
    (HostKey, "rsa-sha2-256", ALWAYS),
    (HostKey, "rsa-sha2-256-cert-v01@openssh.com", from(7, 8)),
    (HostKey, "ssh-rsa", until(8, 8)),
    (HostKey, "ssh-rsa-cert-v01@openssh.com", until(8, 8)),
    (HostKey, "ssh-dss", NEVER),
    (HostKey, "ssh-dss-cert-v01@openssh.com", NEVER),
    (HostKey, "sm2", NEVER),
    (HostKey, "sm2-cert", NEVER),
];

/// Whether the default lists of a build are known.
pub(super) fn known_defaults(builder: Builder) -> bool {
    matches!(builder, Builder::Debian | Builder::RedHat7)
}

/// What a release of a build offers by default.
pub(super) fn by_default(kind: Kind, release: Version, builder: Builder) -> Vec<&'static str> {
    let has = |name: &str, (builds, from, until): Default| {
        let backported = builder == Builder::Debian && release == (9, 2) && name == "sntrup761x25519-sha512";
        let built = builds == Builds::All || builder == Builder::RedHat7;
        built && (from..until).contains(&release) || backported
    };
    ALGORITHMS.iter().filter(|(of, name, default)| *of == kind && has(name, *default)).map(|(_, name, _)| *name).collect()
}

/// How a list as written relates to the default list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// It takes its place.
    Replaces,
    /// It is added to it, at one end or the other.
    Adds,
    /// What matches it is taken away.
    Removes,
}

/// What a list does, and its names or patterns.
pub(super) fn edit(list: &str) -> (Edit, &str) {
    match list.as_bytes().first() {
        Some(b'+' | b'^') => (Edit::Adds, &list[1..]),
        Some(b'-') => (Edit::Removes, &list[1..]),
        _ => (Edit::Replaces, list),
    }
}

/// The names that a list as written offers, given the default list.
pub(super) fn assembled<'a>(kind: Kind, list: &'a str, default: &[&'static str]) -> Vec<&'a str> {
    let (edit, names) = edit(list);
    let mut out: Vec<&'a str> = match edit {
        Edit::Removes => default.iter().copied().filter(|name| patterns::list_matches(names, name) != Verdict::Matches).collect(),
        Edit::Adds => default.to_vec(),
        Edit::Replaces => Vec::new(),
    };
    if edit != Edit::Removes {
        for name in names.split(',').take_while(|name| !name.is_empty()) {
            add(kind, name, &mut out);
        }
    }
    out
}

/// Adds a name, or the names that a pattern stands for, each once.
fn add<'a>(kind: Kind, name: &'a str, out: &mut Vec<&'a str>) {
    if !name.contains(['*', '?']) {
        if !out.contains(&name) {
            out.push(name);
        }
        return;
    }
    // Vendors' own names are no release's, so that a pattern does not stand for them.
    let upstream = |known: &&str| strength(kind, known) != Some("commercial-sm");
    for known in names(kind).filter(upstream).filter(|known| patterns::matches(name, known)) {
        if !out.contains(&known) {
            out.push(known);
        }
    }
}

/// Every name of a kind.
fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    ALGORITHMS.iter().filter(move |(of, ..)| *of == kind).map(|(_, name, _)| *name)
}

/// Whether sshd takes a text for a list of this keyword; where it removes, anything is taken.
pub(super) fn is_list(keyword: &str, list: &str) -> bool {
    let kind = Kind::ALL.iter().find(|(_, name, _)| *name == keyword).map_or(HostKey, |(kind, ..)| *kind);
    let (edit, listed) = edit(list);
    let known = |name: &str| {
        let exact = names(kind).any(|known| known == name) || kind == KeyExchange && name.starts_with("gss-");
        // Wildcards stand for keys only.
        exact || kind == HostKey && names(kind).any(|known| patterns::list_matches(name, known) != Verdict::Silent)
    };
    let mut pieces = listed.split(',').take_while(|name| !name.is_empty()).peekable();
    edit == Edit::Removes || (!listed.is_empty() && pieces.all(known))
}

/// How strong algorithms are whose names match; the first that matches counts.
const STRENGTHS: &[(Kind, &str, &str)] = &[
    (Cipher, "sm4*", "commercial-sm"),
    (Cipher, "*cbc*", "weak"),
    (Cipher, "arcfour*", "weak"),
    (Cipher, "*gcm*", "strong"),
    (Cipher, "chacha20-poly1305*", "strong"),
    (Cipher, "aes*-ctr", "acceptable"),
    (Mac, "*sm3*", "commercial-sm"),
    (Mac, "*md5*", "weak"),
    (Mac, "*ripemd*", "weak"),
    (Mac, "*sha1-96*", "weak"),
    (Mac, "umac-64*", "weak"),
    (Mac, "hmac-sha1*", "acceptable"),
    (Mac, "*-etm@openssh.com", "strong"),
    (Mac, "hmac-sha2-*", "acceptable"),
    (Mac, "umac-128*", "acceptable"),
    (KeyExchange, "sm2*", "commercial-sm"),
    (KeyExchange, "diffie-hellman-*-sha1", "weak"),
    (KeyExchange, "gss-*-sha1-*", "weak"),
    (KeyExchange, "gss-*", "acceptable"),
    (KeyExchange, "diffie-hellman-group14-sha256", "acceptable"),
    (KeyExchange, "diffie-hellman-group-exchange-sha256", "acceptable"),
    (KeyExchange, "ecdh-sha2-*", "acceptable"),
    (KeyExchange, "diffie-hellman-group1?-sha512", "strong"),
    (KeyExchange, "*25519*", "strong"),
    (HostKey, "sm2*", "commercial-sm"),
    (HostKey, "ssh-dss*", "weak"),
    (HostKey, "ssh-rsa*", "weak"),
    (HostKey, "rsa-sha2-*", "acceptable"),
    (HostKey, "ecdsa-*", "acceptable"),
    (HostKey, "*ed25519*", "strong"),
    (HostKey, "*sk-ecdsa-*", "strong"),
];

/// How strong an algorithm is, as the vocabulary of the table `crypto` says it; none for a name that is not known.
///
/// Weak: block ciphers in CBC mode and RC4, MACs of 64 or 96 bits or over MD5, key exchange and signatures over SHA-1, DSA.
pub(super) fn strength(kind: Kind, name: &str) -> Option<&'static str> {
    STRENGTHS.iter().find(|(of, pattern, _)| *of == kind && patterns::matches(pattern, name)).map(|(.., strength)| *strength)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: `sshd -T` of Debian 12's OpenSSH 9.2 with these lines.
    #[test]
    fn lists_are_edited_as_sshd_edits_them() {
        let default = by_default(Cipher, (9, 2), Builder::Debian);
        assert_eq!(assembled(Cipher, "-*ctr,chacha*", &default), ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"]);
        assert_eq!(assembled(Cipher, "aes128-ctr,aes128-ctr", &default), ["aes128-ctr"]);
        assert_eq!(assembled(Cipher, "+3des-cbc", &default).len(), default.len() + 1);
        assert_eq!(assembled(Cipher, "^aes128-ctr", &default).len(), default.len());
        assert_eq!(assembled(HostKey, "ssh-ed25519*", &[]), ["ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com"]);
    }

    #[test]
    fn unknown_names_are_refused_except_where_they_are_taken_away() {
        assert!(is_list("ciphers", "aes128-ctr,aes256-ctr") && is_list("ciphers", "-nothing*"));
        assert!(!is_list("ciphers", "aes*") && !is_list("ciphers", "rot13") && !is_list("ciphers", "+"));
        assert!(is_list("pubkeyacceptedalgorithms", "+ssh-*") && !is_list("hostkeyalgorithms", "x*"));
    }

    #[test]
    fn every_known_name_has_a_strength() {
        for (kind, name, _) in ALGORITHMS {
            assert!(strength(*kind, name).is_some(), "{name}");
        }
        assert_eq!(strength(KeyExchange, "diffie-hellman-group14-sha1"), Some("weak"));
        assert_eq!(strength(HostKey, "rsa-sha2-512"), Some("acceptable"));
        assert_eq!(strength(Cipher, "rot13"), None);
    }
}
