//! Statements that hold secrets into parts that are never printed, whether a table shows them or not.

use super::layout::Panos;

/// Words whose values are secrets: hashes, keys, passwords and communities, encrypted with the master key or not.
const SECRETS: &[&str] = &[
    "phash",
    "password",
    "passphrase",
    "secret",
    "key",
    "private-key",
    "public-key",
    "snmp-community-string",
    "community",
    "authpwd",
    "privpwd",
    "auth-key",
    "authentication-key",
    "bind-password",
    "api-key",
    "client-secret",
    "preshared-key",
    "pre-shared-key",
    "panorama-auth-key",
    "psk",
    "token",
];

/// Hides the values of all of them.
pub(super) fn hide(panos: &Panos<'_, '_>) {
    for node in panos.device.config.tree.all().filter(|node| SECRETS.contains(&node.text())) {
        for value in node.descendants().filter(|below| below.children().next().is_none()) {
            // `api key lifetime 60`: a number below another word is a setting, one that stands there itself is a secret.
            let is_setting = value.parent() != Some(node) && value.text().bytes().all(|byte| byte.is_ascii_digit());
            if !is_setting {
                panos.device.hide(value, value.text());
            }
        }
    }
}
