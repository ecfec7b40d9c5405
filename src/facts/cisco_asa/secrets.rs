//! Every secret of an ASA's configuration is kept out of what is printed.

use crate::facts::device::cells::Device;
use crate::parse::tree::Node;

/// Words behind which a secret stands, wherever they are in a statement.
const BEFORE: &[&str] = &[
    "password",
    "passwd",
    "key",
    "pre-shared-key",
    "auth",
    "priv",
    "community",
    "ldap-login-password",
    "secret",
    "md5",
    "sha",
    "sha256",
    "passphrase",
    "message-digest-key",
    "authentication-key",
];

/// Words that say how a secret is written, and stand before it.
const NOTATIONS: &[&str] = &[
    "0",
    "5",
    "6",
    "7",
    "8",
    "md5",
    "sha",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "aes",
    "des",
    "3des",
    "128",
    "192",
    "256",
    "hmac-sha256",
    "cmac",
];

/// First words of the statements that may hold a secret.
const STATEMENTS: &[&str] = &[
    "enable",
    "passwd",
    "username",
    "key",
    "aaa-server",
    "snmp-server",
    "ntp",
    "ikev1",
    "ikev2",
    "pre-shared-key",
    "failover",
    "isakmp",
    "crypto",
    "ldap-login-password",
    "authentication",
    "ospf",
    "neighbor",
    "password",
    "vpdn",
    "cluster",
    "eigrp",
    "ppp",
    "mschapv2-capable",
    "keypair",
    "tunnel-group",
    "http-proxy",
    "logging",
    "radius-common-pw",
    "rip",
    "dynamic-authorization",
    "auth-cookie",
    "activation-key",
    "smtp-server",
    "ftp",
    "copy",
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
        // `ntp authentication-key 1 md5 SECRET`: the number is the key's.
        let number = usize::from(*word == "authentication-key" && node.starts("ntp"));
        let behind = words.get(at + 1 + number..).unwrap_or_default();
        let mut behind = behind.iter().skip_while(|it| NOTATIONS.contains(it));
        // `ntp server … key 5` names a key and holds none.
        if let Some(secret) = behind.next().filter(|_| !(*word == "key" && node.starts("ntp"))) {
            device.hide(node, secret);
        }
    }
    if words.first() == Some(&"snmp-server")
        && words.get(1) == Some(&"community")
        && let Some(secret) = words.last()
    {
        device.hide(node, secret);
    }
    // `aaa-server G (inside) host 10.0.0.1 SECRET timeout 5`, as old releases write it.
    if words.first() == Some(&"aaa-server")
        && let Some(at) = words.iter().position(|word| *word == "host")
        && let Some(secret) = words.get(at + 2).filter(|word| !["timeout", "key"].contains(word))
    {
        device.hide(node, secret);
    }
}
