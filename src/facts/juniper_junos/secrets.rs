//! Passwords, keys and communities of a Junos configuration into parts that are never printed.

use super::Junos;
use crate::parse::tree::Node;

/// Statements whose value is a secret.
const SECRETS: &[&str] = &[
    "ascii-text",
    "authentication-key",
    "authentication-password",
    "encrypted-password",
    "hello-authentication-key",
    "hexadecimal",
    "plain-text-password",
    "plain-text-password-value",
    "pre-shared-key",
    "privacy-key",
    "privacy-password",
    "secret",
    "shared-secret",
    "simple-password",
    "ssh-dsa",
    "ssh-ecdsa",
    "ssh-ed25519",
    "ssh-rsa",
];

impl Junos<'_, '_> {
    /// Keeps every secret out of what is printed.
    pub(super) fn hide_secrets(&self) {
        let device = &self.shown.device;
        for node in device.config.tree.all() {
            let Some(above) = node.parent() else { continue };
            let statement = above.text();
            let section = above.parent();
            let is = |node: Option<Node<'_>>, word: &str| node.is_some_and(|node| node.text() == word);
            // Of NTP `authentication-key` holds the number of the key, and the secret is its `value`.
            let of_ntp = statement == "value" && is(section.and_then(Node::parent), "authentication-key");
            let numbered = statement == "authentication-key" && is(section, "ntp");
            let community = statement == "community" && is(section, "snmp");
            // Keys and hashes in the notations of Junos and of crypt(3) are secrets wherever they stand.
            let looks_secret = ["$8$", "$9$"].iter().any(|start| node.text().starts_with(start)) || is_hash(node.text());
            if of_ntp || community || looks_secret || SECRETS.contains(&statement) && !numbered {
                device.hide(node, node.text());
            }
        }
    }
}

/// Whether a word is a hash of a password.
fn is_hash(word: &str) -> bool {
    word.strip_prefix('$').and_then(|rest| rest.split_once('$')).is_some_and(|(scheme, rest)| {
        rest.len() >= 8 && (scheme.len() == 1 && scheme.bytes().all(|byte| byte.is_ascii_digit()) || scheme == "sha1")
    })
}
