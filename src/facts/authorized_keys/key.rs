//! A public key in base 64 into its fingerprint and length, as ssh-keygen(1) prints them.

use crate::reckon::base64;
use crate::source::Digest;

/// What is told of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// `SHA256:` and the digest in base 64.
    pub(super) fingerprint: String,
    /// Length in bits, where the type is known.
    pub(super) bits: Option<i64>,
}

/// Reads a key; nothing where it is of another type than its line says, which sshd refuses, or a certificate, whose fingerprint is
/// that of the key inside it.
pub(super) fn read(kind: &str, blob: &str) -> Option<Key> {
    let bytes = base64::decode(blob)?;
    let mut rest = bytes.as_slice();
    if field(&mut rest)? != kind.as_bytes() || kind.contains("-cert-v") {
        return None;
    }
    let bits = bits(kind, rest);
    Some(Key { fingerprint: format!("SHA256:{}", base64::encode(&Digest::of(&bytes).0)), bits })
}

/// The length of a key of this type, from the fields behind the type's name (RFC 4253, RFC 5656, RFC 8709).
fn bits(kind: &str, mut rest: &[u8]) -> Option<i64> {
    match kind {
        "ssh-rsa" => {
            field(&mut rest)?;
            length(field(&mut rest)?)
        }
        "ssh-dss" => length(field(&mut rest)?),
        "ssh-ed25519" | "sk-ssh-ed25519@openssh.com" | "ecdsa-sha2-nistp256" | "sk-ecdsa-sha2-nistp256@openssh.com" => Some(256),
        "ecdsa-sha2-nistp384" => Some(384),
        "ecdsa-sha2-nistp521" => Some(521),
        _ => None,
    }
}

/// The next field: four bytes of length and as many bytes.
fn field<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, behind) = rest.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let (field, behind) = behind.split_at_checked(length)?;
    *rest = behind;
    Some(field)
}

/// The number of bits of a whole number.
fn length(number: &[u8]) -> Option<i64> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = &number[zeros..];
    let first = number.first()?;
    i64::try_from(number.len() * 8).ok().map(|bits| bits - i64::from(first.leading_zeros()))
}
