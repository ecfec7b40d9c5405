//! Every secret of a switch's configuration is kept out of what is printed.

use crate::facts::device::cells::Device;
use crate::parse::tree::Node;

/// Words behind which a secret stands, wherever they are in a statement.
const BEFORE: &[&str] = &[
    "password",
    "key",
    "secret",
    "auth",
    "priv",
    "md5",
    "sha",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "aes",
    "aes192",
    "aes256",
    "aes128",
    "des",
    "des56",
    "3des",
    "sm4",
    "key-string",
    "message-digest-key",
    "authentication-password",
    "pre-share",
    "shared-secret",
];

/// Words that say how a secret is written, and stand before it.
const NOTATIONS: &[&str] = &[
    "0",
    "5",
    "6",
    "7",
    "8",
    "8a",
    "9",
    "md5",
    "sha",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sm3",
    "sm4",
    "aes",
    "aes128",
    "aes192",
    "aes256",
    "des",
    "des56",
    "3des",
    "text",
    "encrypted",
    "auth",
    "priv",
    "level",
];

/// Words that follow one of the first kind where no secret does.
const INNOCENT: &[&str] = &[
    "policy",
    "minimum",
    "maximum",
    "encryption",
    "encryption-key",
    "hash",
    "authentication",
    "generate",
    "chain",
    "read",
    "write",
    "notify",
    "context",
    "access",
    "rsa",
    "dsa",
    "ecc",
];

/// Statements whose texts are for people, or name algorithms.
const SKIPPED: &[&str] = &["description", "remark", "name", "cipher", "mac", "key-exchange", "hostkey", "banner", "alias"];

/// Hides every secret.
pub(in crate::facts) fn hide_all<'a>(device: &Device<'_, 'a>) {
    for node in device.config.tree.all().filter(|node| !node.is_opaque()) {
        let first = node.word(0).unwrap_or_default();
        let algorithms = node.starts("ip ssh") || node.starts("secret hash") || node.starts("aaa authentication");
        if !SKIPPED.contains(&first) && !algorithms {
            hide(device, node);
        }
    }
}

fn hide<'a>(device: &Device<'_, 'a>, node: Node<'a>) {
    if !node.words().any(|word| BEFORE.contains(&word) || word == "community" || word == "host") {
        return;
    }
    let words: Vec<&'a str> = node.words().collect();
    for (at, word) in words.iter().enumerate() {
        if !BEFORE.contains(word) {
            continue;
        }
        // `ntp server … key 5` names a key and holds none; so do the two words of `key 5`.
        let names_one = *word == "key" && (node.starts("ntp") || node.starts("sntp") || (at == 0 && words.len() == 2));
        if let Some(secret) = words[at + 1..].iter().find(|it| !NOTATIONS.contains(it))
            && !names_one
            && !INNOCENT.contains(secret)
        {
            device.hide(node, secret);
            // `enable secret level 15 8 HASH`: whatever stands between, the secret is last.
            if ["password", "secret"].contains(word) {
                device.hide(node, words[words.len() - 1]);
            }
        }
    }
    if node.starts("snmp-server community")
        && let Some(secret) = words[2..].iter().find(|word| !["0", "7"].contains(word))
    {
        device.hide(node, secret);
    }
    if node.starts("snmp-server host") {
        hide_trap(device, node, &words);
    }
}

/// `snmp-server host A [vrf V] [traps] [version 2c] COMMUNITY [udp-port N]`: the first word that is none of the others.
fn hide_trap<'a>(device: &Device<'_, 'a>, node: Node<'a>, words: &[&'a str]) {
    let mut rest = words.iter().skip(3);
    while let Some(word) = rest.next() {
        match *word {
            "vrf" => {
                rest.next();
            }
            "traps" | "informs" | "version" | "1" | "2c" | "3" | "v1" | "v2c" | "v3" | "auth" | "noauth" | "priv" => {}
            secret => {
                device.hide(node, secret);
                return;
            }
        }
    }
}
