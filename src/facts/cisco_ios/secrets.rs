//! Passwords, keys and communities of an IOS configuration into marks that keep them out of everything that is printed.

use crate::facts::device::cells::Device;
use crate::parse::tree::Node;

/// Words behind which a secret stands, perhaps after a number that says how it is written.
const BEFORE: &[&str] = &["password", "secret", "key-string", "pre-shared-key", "passphrase", "auth-key", "authentication-key", "md5"];

/// Marks every secret, also in lines that no table uses: they may be shown beside others.
pub(super) fn hide(device: &Device<'_, '_>) {
    let mut words: Vec<&str> = Vec::new();
    for node in device.config.tree.all() {
        // Entries of lists are most lines of a long configuration, and hold no secret.
        let is_number = |word: &&str| word.bytes().all(|it| it.is_ascii_digit());
        if matches!(node.words().find(|word| !is_number(word)), Some("permit" | "deny")) {
            continue;
        }
        words.clear();
        words.extend(node.words());
        for at in 0..words.len() {
            if let Some(secret) = secret_behind(node, &words, at) {
                device.hide(node, secret);
            }
        }
    }
}

/// The secret that the word of that number announces.
fn secret_behind<'a>(node: Node<'a>, words: &[&'a str], at: usize) -> Option<&'a str> {
    let word = words[at];
    let next = *words.get(at + 1)?;
    let behind = words.get(at + 2).copied();
    let numbered = next.len() <= 2 && next.bytes().all(|it| it.is_ascii_digit());
    match word {
        "community" if words.first() == Some(&"snmp-server") => {
            if numbered {
                behind.or(Some(next))
            } else {
                Some(next)
            }
        }
        "version" if node.starts("snmp-server host") => match next {
            "3" => None,
            _ => behind,
        },
        "host" if node.starts("snmp-server host") => plain_host_community(words, at),
        "priv" if node.starts("snmp-server user") => {
            words.get(at + if matches!(behind, Some("128" | "192" | "256")) { 3 } else { 2 }).copied()
        }
        "auth" if node.starts("snmp-server user") => words.get(at + 2).copied(),
        "key" if at > 0 && matches!(words[at - 1], "crypto") => None,
        "key" => key(node, next, behind, numbered),
        "text" if at > 0 && words[at - 1] == "authentication" => Some(next),
        "authentication" if matches!(words.first(), Some(&"standby" | &"vrrp" | &"glbp")) && !matches!(next, "md5" | "text") => Some(next),
        "authentication-key" if words.first() == Some(&"ntp") => words.get(at + 3).copied(),
        "message-digest-key" => words.last().copied(),
        _ if BEFORE.contains(&word) => {
            if numbered && behind.is_some() {
                behind
            } else {
                Some(next)
            }
        }
        _ => None,
    }
}

/// The secret behind `key`: a number alone is the number of a key, but for servers.
fn key<'a>(node: Node<'a>, next: &'a str, behind: Option<&'a str>, numbered: bool) -> Option<&'a str> {
    let of_server = node.parent().is_some_and(|above| ["tacacs", "radius", "aaa"].iter().any(|word| above.starts(word)));
    match (numbered, behind) {
        _ if matches!(next, "chain" | "config-key") => None,
        (true, Some(secret)) if node.starts("ntp") => Some(secret).filter(|_| false),
        (true, Some(secret)) => Some(secret),
        (true, None) => of_server.then_some(next),
        (false, _) => Some(next),
    }
}

/// The community of `snmp-server host ADDRESS [traps|informs] COMMUNITY` where no version is named.
fn plain_host_community<'a>(words: &[&'a str], at: usize) -> Option<&'a str> {
    if words.contains(&"version") {
        return None;
    }
    let rest = words.get(at + 2..)?;
    rest.iter().copied().find(|word| !matches!(*word, "traps" | "informs"))
}
