//! The site's key, kept in a file for its owner alone, into ids that tell whether two secrets are equal and nothing else.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

/// The key. It is never shown.
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key(…)")
    }
}

/// Bytes of a block of SHA-256 (FIPS 180-4).
const BLOCK: usize = 64;

/// Hexadecimal digits of an id: 48 bits tell the secrets of a site apart, and too few are told to try keys on.
const ID_DIGITS: usize = 12;

impl Key {
    /// A key of these bytes.
    pub fn of(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }

    /// Reads the key, or makes it where there is no file yet.
    ///
    /// # Errors
    ///
    /// The file is readable by others, is no key, or cannot be read or made.
    pub fn open(path: &Path) -> io::Result<Key> {
        match OpenOptions::new().read(true).open(path) {
            Ok(file) => Key::read(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Key::make(path),
            Err(error) => Err(error),
        }
    }

    fn read(file: File) -> io::Result<Key> {
        let metadata = file.metadata()?;
        if metadata.mode() & 0o077 != 0 {
            return Err(io::Error::other("others may read it: chmod 600"));
        }
        let mut text = String::new();
        file.take(1024).read_to_string(&mut text)?;
        let digest = crate::source::Digest::parse(text.trim()).ok_or_else(|| io::Error::other("not 64 hexadecimal digits"))?;
        Ok(Key(digest.0))
    }

    fn make(path: &Path) -> io::Result<Key> {
        let mut bytes = [0; 32];
        random(&mut bytes)?;
        if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
            std::fs::create_dir_all(above)?;
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{}", crate::source::Digest(bytes).hex())?;
        file.sync_all()?;
        Ok(Key(bytes))
    }

    /// The id of a secret: the beginning of its HMAC-SHA-256 (RFC 2104).
    pub fn id(&self, secret: &[u8]) -> String {
        let mut inner = Sha256::new();
        inner.update(self.padded(0x36));
        inner.update(secret);
        let mut outer = Sha256::new();
        outer.update(self.padded(0x5c));
        outer.update(inner.finalize());
        let mut hex = crate::source::Digest(outer.finalize().into()).hex();
        hex.truncate(ID_DIGITS);
        hex
    }

    fn padded(&self, with: u8) -> [u8; BLOCK] {
        let mut block = [with; BLOCK];
        block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte ^= key);
        block
    }
}

/// Fills bytes that nobody can guess.
pub fn random(bytes: &mut [u8]) -> io::Result<()> {
    getrandom::fill(bytes).map_err(io::Error::other)
}

/// A nonce for one stream.
pub fn nonce() -> io::Result<String> {
    let mut bytes = [0; 16];
    random(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2 with its key padded to 32 bytes by zeros, which HMAC does itself.
    #[test]
    fn ids_are_hmac_sha_256() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(Key::of(key).id(b"what do ya want for nothing?"), "5bdcc146bf60");
    }
}
