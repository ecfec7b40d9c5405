//! Names that end up on command lines and in paths into a yes or no: nothing that a shell, a client or a file system would read otherwise.

use std::net::IpAddr;

/// Whether a text is an id: it becomes the name of a folder.
pub(super) fn is_id(text: &str) -> bool {
    plain(text, 128, |byte| matches!(byte, b'.' | b'_' | b'-'))
}

/// Whether a text is a name or an address of a host.
pub(super) fn is_address(text: &str) -> bool {
    let (address, zone) = text.split_once('%').map_or((text, None), |(address, zone)| (address, Some(zone)));
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(_)) => zone.is_none_or(|zone| plain(zone, 32, |byte| matches!(byte, b'.' | b'_' | b'-'))),
        Ok(IpAddr::V4(_)) => zone.is_none(),
        Err(_) => zone.is_none() && plain(text, 253, |byte| matches!(byte, b'.' | b'_' | b'-')),
    }
}

/// Whether a text is an account. Some bastions route by it, as in `alice@root@10.0.0.5`.
pub(super) fn is_user(text: &str) -> bool {
    let text = text.strip_prefix('_').unwrap_or(text);
    plain(text, 128, |byte| matches!(byte, b'.' | b'_' | b'-' | b'@' | b':' | b'+'))
}

/// Whether a text is the path of an installed collector, in which no shell would see anything but a path.
pub(super) fn is_program(text: &str) -> bool {
    text.strip_prefix('/').is_some_and(|rest| {
        plain(rest, 255, |byte| matches!(byte, b'/' | b'.' | b'_' | b'-')) && rest.split('/').all(|name| !matches!(name, "" | "." | ".."))
    })
}

/// Whether a text is an old algorithm that may be allowed: `kex:diffie-hellman-group14-sha1`.
pub(super) fn is_legacy(text: &str) -> bool {
    text.split_once(':').is_some_and(|(kind, name)| {
        matches!(kind, "cipher" | "hostkey" | "kex" | "mac") && plain(name, 64, |byte| matches!(byte, b'@' | b'.' | b'_' | b'-'))
    })
}

/// Whether a text begins with a letter or digit and goes on with these and some others.
fn plain(text: &str, bytes_most: usize, other: impl Fn(u8) -> bool) -> bool {
    text.len() <= bytes_most
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || other(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_an_option_or_a_shell_would_take_is_a_name() {
        for good in ["db01", "10.0.0.5", "fe80::1", "fe80::1%eth0", "::1", "a-b.example.com"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["-oProxyCommand=x", "", "a b", "a;b", "$(x)", "10.0.0.5%eth0", "host%h", "a/b", "数据库", "a\nb"] {
            assert!(!is_address(bad) && !is_user(bad), "{bad}");
        }
        for good in ["jxscan", "_scan", "alice@root@10.0.0.5@bastion"] {
            assert!(is_user(good), "{good}");
        }
        assert!(!is_user("a%u") && !is_user("_") && !is_user("-l"));
        assert!(is_program("/usr/local/libexec/jixian-collect") && !is_program("/usr/../x") && !is_program("x") && !is_program("/a b"));
        assert!(is_legacy("hostkey:ssh-rsa") && !is_legacy("proxy:x") && !is_legacy("kex:+a,b"));
        assert!(!is_id("..") && !is_id("a/b") && is_id("core-sw1.dc2"));
    }
}
