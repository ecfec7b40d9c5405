//! Every secret of a Nexus switch's configuration is kept out of what is printed.

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
    "key-string",
    "authentication-key",
    "message-digest-key",
    "passphrase-key",
    "test",
];

/// Words that say how a secret is written, and stand before it.
const NOTATIONS: &[&str] = &[
    "0",
    "3",
    "5",
    "6",
    "7",
    "8",
    "9",
    "md5",
    "sha",
    "sha-256",
    "aes",
    "aes-128",
    "aes-256",
    "des",
    "pac",
    "test",
    "username",
    "message-digest",
    "text",
];

/// First words of the statements that may hold a secret.
const STATEMENTS: &[&str] = &[
    "username",
    "enable",
    "snmp-server",
    "tacacs-server",
    "radius-server",
    "ntp",
    "key-string",
    "key",
    "ip",
    "neighbor",
    "password",
    "authentication",
    "area",
    "isis",
    "hsrp",
    "ldap-server",
    "vrrp",
    "peer-keepalive",
    "fabric",
    "message-digest-key",
    "standby",
    "msdp",
    "mka",
];

/// Hides every secret.
pub(super) fn hide_all<'a>(device: &Device<'_, 'a>) {
    for node in device.config.tree.all().filter(|node| node.word(0).is_some_and(|word| STATEMENTS.contains(&word))) {
        hide(device, node);
    }
}

fn hide<'a>(device: &Device<'_, 'a>, node: Node<'a>) {
    let words: Vec<&'a str> = node.words().collect();
    for (at, word) in words.iter().enumerate() {
        if !BEFORE.contains(word) {
            continue;
        }
        // `ntp server … key 5` and `ip … authentication key-chain` name a key and hold none.
        let names_one = *word == "key" && (node.starts("ntp") || words.len() == 2 && words[1].bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(secret) = words[at + 1..].iter().find(|it| !NOTATIONS.contains(it)).filter(|_| !names_one) {
            device.hide(node, secret);
        }
    }
    if node.starts("snmp-server community")
        && let Some(secret) = words.get(2)
    {
        device.hide(node, secret);
    }
    // `snmp-server host A traps version 2c COMMUNITY udp-port 162`
    if node.starts("snmp-server host")
        && let Some(at) = words.iter().position(|word| *word == "version")
        && let Some(secret) = words.get(at + 2)
    {
        device.hide(node, secret);
    }
}
