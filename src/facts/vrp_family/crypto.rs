//! The algorithms of the SSH server into the rows of `crypto`.
//!
//! Huawei writes `ssh server cipher aes256_ctr …`, H3C `ssh2 algorithm cipher aes256-ctr …`. Which are offered where nothing is
//! written differs between versions and is not documented alike: such a kind is a gap.

use super::Family;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::CRYPTO;

/// Kinds of the column `kind`, and the statements of both vendors.
const KINDS: &[(&str, &str, &str)] = &[
    ("cipher", "ssh server cipher", "ssh2 algorithm cipher"),
    ("key-exchange", "ssh server key-exchange", "ssh2 algorithm key-exchange"),
    ("mac", "ssh server hmac", "ssh2 algorithm mac"),
];

impl<'a> Family<'_, 'a> {
    /// Adds the rows.
    pub(in crate::facts) fn push_crypto(&self, tables: &mut Tables<'a>) {
        for (kind, huawei, h3c) in KINDS {
            let pattern = if self.is_huawei() { huawei } else { h3c };
            let Some((_, node)) = self.last(&[pattern]) else {
                self.push_unwritten(tables, kind, pattern);
                continue;
            };
            let words = node.after(pattern);
            for name in words.into_iter().flatten() {
                self.push_algorithm(tables, kind, name, node);
            }
        }
    }

    fn push_unwritten(&self, tables: &mut Tables<'a>, kind: &'static str, pattern: &'static str) {
        let unknown = self.device.undocumented(pattern);
        let crate::facts::State::Unknown(why, _) = unknown.state else { return };
        let mut row = self.device.host.gap(&CRYPTO, self.product, why);
        row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text("sshd"), unknown.evidence))
            .set(const { CRYPTO.column("kind") }, Cell::known(Value::Word(kind), unknown.evidence));
        tables.push(row);
    }

    fn push_algorithm(&self, tables: &mut Tables<'a>, kind: &'static str, name: &'a str, node: Node<'a>) {
        let known = |value| self.device.decided(value, node);
        let mut row = self.device.host.row(&CRYPTO, self.product);
        row.set(const { CRYPTO.column("context") }, known(Value::Text("sshd")))
            .set(const { CRYPTO.column("kind") }, known(Value::Word(kind)))
            .set(const { CRYPTO.column("name") }, known(Value::Text(name)))
            .set(const { CRYPTO.column("strength") }, known(Value::Word(strength(kind, name))));
        tables.push(row);
    }
}

/// How strong an algorithm is: broken or single DES, RC4, MD5, CBC in SSH (CVE-2008-5161), SHA-1 in key exchange and groups of 1024
/// bits are weak.
fn strength(kind: &str, name: &str) -> &'static str {
    let name = name.replace('_', "-").to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    match kind {
        _ if name.starts_with("sm") => "commercial-sm",
        "cipher" if has("cbc") || has("des") || has("arcfour") || has("blowfish") || has("rc4") => "weak",
        "mac" if has("md5") || name.ends_with("sha1-96") => "weak",
        "mac" if name == "sha1" || has("sha2-256-96") => "acceptable",
        "key-exchange" if has("group1-") || name.ends_with("sha1") => "weak",
        _ => "strong",
    }
}
