//! Names of algorithms of IKE and IPsec, as several vendors write them, into how strong they are.

/// What a name stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// A cipher.
    Cipher,
    /// A group of Diffie-Hellman, `2` or `group2`.
    Group,
    /// A hash or a message authentication code.
    Mac,
}

impl Kind {
    /// Its word in the table `crypto`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Cipher => "cipher",
            Kind::Group => "key-exchange",
            Kind::Mac => "mac",
        }
    }
}

/// How strong an algorithm is; none for a name that is not known.
///
/// RFC 8247 (IKEv2) and RFC 8221 (ESP) retire DES, 3DES, MD5, SHA-1 as a signature's and integrity's hash where there is a choice, and
/// the groups of 768, 1024 and 1536 bits, 22 to 24; GB/T 39786 asks for SM2, SM3 and SM4 (GM/T 0022 for IPsec).
pub(super) fn strength(kind: Kind, name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    match kind {
        Kind::Group => group(name.strip_prefix("group").unwrap_or(&name)),
        _ if ["sm1", "sm3", "sm4"].contains(&&*name) => Some("commercial-sm"),
        Kind::Cipher => cipher(&name),
        Kind::Mac => mac(&name),
    }
}

fn group(number: &str) -> Option<&'static str> {
    match number.parse::<u32>().ok()? {
        1 | 2 | 5 | 22 | 23 | 24 => Some("weak"),
        14 => Some("acceptable"),
        15..=21 | 27..=34 => Some("strong"),
        _ => None,
    }
}

fn cipher(name: &str) -> Option<&'static str> {
    match name {
        "3des" | "des" | "null" => Some("weak"),
        _ if name.starts_with("aes") && name.contains("gcm") => Some("strong"),
        _ if name.starts_with("aes") && name.contains("256") => Some("strong"),
        _ if name.starts_with("aes") => Some("acceptable"),
        _ => None,
    }
}

fn mac(name: &str) -> Option<&'static str> {
    match name {
        "md5" | "none" | "null" | "sha" | "sha1" => Some("weak"),
        "sha256" | "sha384" | "sha512" => Some("strong"),
        // The cipher authenticates.
        "non-auth" => Some("strong"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_names_and_numbers() {
        for (name, expected) in [("2", Some("weak")), ("group5", Some("weak")), ("14", Some("acceptable")), ("group20", Some("strong"))] {
            assert_eq!(strength(Kind::Group, name), expected, "{name}");
        }
        assert_eq!(strength(Kind::Group, "no-pfs"), None);
    }

    #[test]
    fn ciphers_and_hashes() {
        for (name, expected) in
            [("3DES", Some("weak")), ("aes-256-cbc", Some("strong")), ("aes", Some("acceptable")), ("sm4", Some("commercial-sm"))]
        {
            assert_eq!(strength(Kind::Cipher, name), expected, "{name}");
        }
        for (name, expected) in [("sha1", Some("weak")), ("sha384", Some("strong")), ("sm3", Some("commercial-sm")), ("tiger", None)] {
            assert_eq!(strength(Kind::Mac, name), expected, "{name}");
        }
    }
}
