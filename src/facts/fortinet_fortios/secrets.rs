//! Passwords, keys and communities of a FortiOS configuration into parts that are never printed.

use super::Forti;
use crate::parse::tree::Node;

/// Settings whose values are secrets wherever they stand.
const SECRETS: &[&str] = &[
    "api-key",
    "auth-password",
    "auth-pwd",
    "authkey",
    "enckey",
    "group-password",
    "key",
    "ldap-password",
    "login-passwd",
    "old-password",
    "passphrase",
    "passwd",
    "password",
    "ppk-secret",
    "pre-shared-key",
    "private-data-encryption-key",
    "private-key",
    "priv-pwd",
    "psksecret",
    "psksecret-remote",
    "rsa-private-key",
    "sae-password",
    "secondary-secret",
    "secret",
    "tertiary-secret",
    "token",
    "uploadpass",
    "wifi-passphrase",
];

/// Endings of settings whose values are secrets.
const ENDINGS: &[&str] = &["-key", "-passphrase", "-passwd", "-password", "-pwd", "-secret"];

/// Settings that end like secrets and name something.
const NAMES: &[&str] = &["public-key", "ssl-static-key"];

impl Forti<'_, '_> {
    /// Keeps every secret out of what is printed.
    pub(super) fn hide_secrets(&self) {
        let device = &self.shown.device;
        for node in device.config.tree.all() {
            let mut words = node.words();
            if !matches!(words.next(), Some("set" | "append" | "select")) {
                continue;
            }
            let Some(setting) = words.next() else { continue };
            if is_secret(setting) {
                let value = words.rest();
                device.hide(node, value.strip_prefix("ENC ").unwrap_or(value));
            }
        }
        for node in self.blocks("config system snmp community").into_iter().flat_map(Node::children).flat_map(Node::children) {
            if let Some(name) = node.rest("set name") {
                device.hide(node, name);
            }
        }
    }
}

/// Whether the value of a setting is a secret.
fn is_secret(setting: &str) -> bool {
    SECRETS.contains(&setting) || (ENDINGS.iter().any(|ending| setting.ends_with(ending)) && !NAMES.contains(&setting))
}
