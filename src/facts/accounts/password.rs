//! The password field of passwd(5) and shadow(5) into its state and scheme, without the password.

use crate::schema::neutral::SCHEMES;
use crate::source::redact;

/// What a password field says. The schemes are words of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Password<'a> {
    /// Kept in shadow(5).
    InShadow,
    /// No password is asked for.
    Empty,
    /// No password matches: `*`, `!`, `!!`, or anything else that crypt(3) cannot return.
    None,
    /// A password is stored.
    Stored {
        /// Whether what stands before it keeps it from matching.
        locked: bool,
        /// How it is stored; none where the prefix is not a known one.
        scheme: Option<&'static str>,
        /// What must not be printed.
        secret: &'a str,
    },
    /// A collector put a mask in its place that does not say what was there.
    Masked,
}

/// Reads the field of shadow(5).
pub(super) fn shadow(field: &str) -> Password<'_> {
    if field.is_empty() {
        return Password::Empty;
    }
    if redact::masked_scheme(field) == Some("") {
        return Password::Masked;
    }
    let hash = field.trim_start_matches(['!', '*']);
    let locked = hash.len() < field.len();
    match redact::masked_scheme(hash) {
        Some(scheme) => Password::Stored { locked, scheme: word(scheme), secret: &hash[..0] },
        None if hash.starts_with('$') => Password::Stored { locked, scheme: redact::crypt_scheme(hash).and_then(word), secret: hash },
        None if is_des(hash) => Password::Stored { locked, scheme: Some("des"), secret: hash },
        None => Password::None,
    }
}

/// Reads the field of passwd(5): `x`, `*NP*` and `##name` point to shadow(5), as pam_unix reads them; anything else stands for itself.
pub(super) fn passwd(field: &str) -> Password<'_> {
    if field == "x" || field == "*NP*" || field.starts_with("##") { Password::InShadow } else { shadow(field) }
}

/// The schema's word for a scheme.
fn word(scheme: &str) -> Option<&'static str> {
    SCHEMES.iter().copied().find(|word| *word == scheme)
}

/// Whether a text is a traditional DES hash (13 characters) or a BSDi one (`_` and 19), crypt(5).
fn is_des(hash: &str) -> bool {
    let alphabet = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'/');
    match hash.strip_prefix('_') {
        Some(rest) => rest.len() == 19 && alphabet(rest),
        None => hash.len() == 13 && alphabet(hash),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// State and scheme in short.
    fn read(field: &str) -> (&'static str, Option<&'static str>) {
        match shadow(field) {
            Password::InShadow => ("shadow", None),
            Password::Empty => ("empty", None),
            Password::None => ("none", None),
            Password::Masked => ("masked", None),
            Password::Stored { locked: true, scheme, .. } => ("locked", scheme),
            Password::Stored { locked: false, scheme, .. } => ("set", scheme),
        }
    }

    /// shadow(5), crypt(5).
    #[test]
    fn fields_are_read_as_shadow_5_says() {
        assert_eq!(read(""), ("empty", None));
        for none in ["!", "!!", "*", "!*", "*LK*", "x", "NP", "!no login"] {
            assert_eq!(read(none), ("none", None), "{none}");
        }
        assert_eq!(read("$6$salt$hash"), ("set", Some("sha512")));
        assert_eq!(read("$y$j9T$salt$hash"), ("set", Some("yescrypt")));
        assert_eq!(read("$6$"), ("set", Some("sha512")));
        assert_eq!(read("!$6$salt$hash"), ("locked", Some("sha512")));
        assert_eq!(read("!!$1$salt$hash"), ("locked", Some("md5")));
        assert_eq!(read("rqXexS6ZhobKA"), ("set", Some("des")));
        assert_eq!(read("_J9..CCCCXBrJUJV154M"), ("set", Some("des")));
        assert_eq!(read("$99$what"), ("set", None));
    }

    #[test]
    fn markers_and_masks() {
        assert_eq!(read("<jixian-secret/yescrypt/ordinary>"), ("set", Some("yescrypt")));
        assert_eq!(read("!<jixian-secret/md5/ordinary/abc>"), ("locked", Some("md5")));
        assert_eq!(read("<jixian-secret/unknown/ordinary>"), ("set", None));
        assert_eq!(read("********"), ("masked", None));
        assert_eq!(read("<removed>"), ("masked", None));
    }

    #[test]
    fn passwd_points_to_shadow() {
        assert_eq!(passwd("x"), Password::InShadow);
        assert_eq!(passwd("##alice"), Password::InShadow);
        assert_eq!(passwd("*NP*"), Password::InShadow);
        assert_eq!(passwd(""), Password::Empty);
        assert_eq!(passwd("*"), Password::None);
    }
}
