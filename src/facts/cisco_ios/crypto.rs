//! Algorithms and protocols of SSH, HTTPS, IKE and IPsec, and key lengths of trustpoints, into the rows of `crypto`.
//!
//! Which algorithms SSH and HTTPS offer where nothing is written differs between releases: such a kind is a gap.

use super::statements::{Ios, Said};
use crate::facts::cisco_words::strength;
use crate::facts::{Cell, Evidence, State, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::CRYPTO;

/// One offer: who makes it, its kind, its name, how strong it is, and its bits.
struct Offer<'a> {
    context: &'static str,
    kind: &'static str,
    name: &'a str,
    strength: &'static str,
    bits: Option<i64>,
}

/// Statements that list algorithms.
const LISTS: &[(&str, &str, &str)] = &[
    ("sshd", "cipher", "ip ssh server algorithm encryption"),
    ("sshd", "host-key", "ip ssh server algorithm hostkey"),
    ("sshd", "key-exchange", "ip ssh server algorithm kex"),
    ("sshd", "mac", "ip ssh server algorithm mac"),
    ("https", "cipher", "ip http secure-ciphersuite"),
    ("https", "protocol", "ip http tls-version"),
];

/// Adds the rows.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let put = Put { ios };
    for (context, kind, pattern) in LISTS {
        match ios.said(pattern).yes() {
            Some(node) => {
                let names = node.after(pattern);
                for name in names.into_iter().flatten() {
                    put.written(tables, (context, kind, name), node, strength_of(context, name));
                }
            }
            // A web server that is off offers nothing.
            None if *context == "https" && matches!(ios.said("ip http secure-server"), Said::No(_)) => {}
            None => put.gap(tables, (context, kind), pattern),
        }
    }
    put.ssh_version(tables);
    for node in ios.all("crypto isakmp policy") {
        put.isakmp(tables, node);
    }
    for line in ios.all("crypto ikev2 proposal").into_iter().flat_map(Node::children) {
        let kind = match line.word(0) {
            Some("encryption") => "cipher",
            Some("integrity" | "prf") => "mac",
            Some("group") => "key-exchange",
            _ => continue,
        };
        for name in line.words().skip(1) {
            put.written(tables, ("ike", kind, name), line, of_ike(kind, name));
        }
    }
    for node in ios.all("crypto ipsec transform-set") {
        put.transforms(tables, node);
    }
    put.keys(tables);
}

/// How strong an algorithm of SSH or TLS is.
fn strength_of(context: &str, name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "tlsv1.2" | "tlsv1.3" => "strong",
        "tlsv1.0" | "tlsv1.1" => "weak",
        // Signatures with SHA-1; that of certificates says nothing of its hash.
        "ssh-rsa" => "weak",
        "hmac-sha1" => "acceptable",
        name if context == "https" && name.contains("cbc") => "acceptable",
        name => strength(name),
    }
}

/// How strong an algorithm of IKE is: there, CBC is used with a separate proof of origin.
fn of_ike(kind: &str, name: &str) -> &'static str {
    match (kind, name.parse::<u32>()) {
        ("key-exchange", Ok(1 | 2 | 5 | 22 | 23)) => "weak",
        ("key-exchange", Ok(14 | 24)) => "acceptable",
        ("key-exchange", Ok(15..=21)) => "strong",
        _ => strength(&name.replace("-cbc", "")),
    }
}

struct Put<'i, 'h, 'a> {
    ios: &'i Ios<'h, 'a>,
}

impl<'a> Put<'_, '_, 'a> {
    fn row(&self, tables: &mut Tables<'a>, offer: &Offer<'a>, evidence: &'a [Evidence<'a>]) {
        let own = |value| Cell::known(value, evidence);
        let mut row = self.ios.device.host.row(&CRYPTO, super::PRODUCT.name);
        row.set(const { CRYPTO.column("context") }, own(Value::Text(offer.context)))
            .set(const { CRYPTO.column("kind") }, own(Value::Word(offer.kind)))
            .set(const { CRYPTO.column("name") }, own(Value::Text(offer.name)))
            .set(const { CRYPTO.column("strength") }, own(Value::Word(offer.strength)))
            .set(const { CRYPTO.column("bits") }, offer.bits.map_or(Cell::unset(evidence), |bits| own(Value::Integer(bits))))
            .set(const { CRYPTO.column("expires") }, Cell::unset(evidence));
        tables.push(row);
    }

    fn written(
        &self,
        tables: &mut Tables<'a>,
        (context, kind, name): (&'static str, &'static str, &'a str),
        node: Node<'a>,
        strength: &'static str,
    ) {
        let scope = node.parent().map(|above| self.ios.device.scope(above));
        let pieces: Vec<Evidence<'a>> = std::iter::once(self.ios.device.decides(node)).chain(scope).collect();
        let offer = Offer { context, kind, name, strength, bits: None };
        self.row(tables, &offer, self.ios.device.host.evidence(&pieces));
    }

    /// A kind of which nothing is written.
    fn gap(&self, tables: &mut Tables<'a>, (context, kind): (&'static str, &'static str), pattern: &'static str) {
        let unknown = self.ios.device.undocumented(pattern);
        let State::Unknown(why, _) = unknown.state else { return };
        let mut row = self.ios.device.host.gap(&CRYPTO, super::PRODUCT.name, why);
        row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text(context), unknown.evidence))
            .set(const { CRYPTO.column("kind") }, Cell::known(Value::Word(kind), unknown.evidence));
        tables.push(row);
    }

    fn ssh_version(&self, tables: &mut Tables<'a>) {
        let of = |name| ("sshd", "protocol", name);
        match self.ios.said("ip ssh version").yes().and_then(|node| Some((node.word(3)?, node))) {
            Some(("2", node)) => self.written(tables, of("ssh-2"), node, "strong"),
            Some((_, node)) => self.written(tables, of("ssh-1"), node, "weak"),
            None => self.gap(tables, ("sshd", "protocol"), "ip ssh version"),
        }
    }

    /// A policy of IKE version 1. What it does not say is weak in old releases and not documented of newer ones: a gap.
    fn isakmp(&self, tables: &mut Tables<'a>, policy: Node<'a>) {
        for (kind, words, setting) in [
            ("cipher", &["encr", "encryption"][..], "crypto isakmp policy: encryption"),
            ("mac", &["hash"], "crypto isakmp policy: hash"),
            ("key-exchange", &["group"], "crypto isakmp policy: group"),
        ] {
            match policy.children().filter(|line| line.word(0).is_some_and(|word| words.contains(&word))).last() {
                Some(line) => {
                    let name = line.words().skip(1).collect::<Vec<_>>().join(" ");
                    self.written(tables, ("ike", kind, self.ios.device.host.text(&name)), line, of_ike(kind, &name));
                }
                None => self.gap(tables, ("ike", kind), setting),
            }
        }
    }

    /// `esp-aes 256 esp-sha-hmac`: a number belongs to the word before it.
    fn transforms(&self, tables: &mut Tables<'a>, node: Node<'a>) {
        let words: Vec<&'a str> = node.words().skip(4).collect();
        for (at, word) in words.iter().enumerate().filter(|(_, word)| word.starts_with("esp-") || word.starts_with("ah-")) {
            let size = words.get(at + 1).filter(|size| size.bytes().all(|it| it.is_ascii_digit()));
            let name = size.map_or(*word, |size| self.ios.device.host.text(&format!("{word} {size}")));
            let kind = if word.contains("hmac") { "mac" } else { "cipher" };
            self.written(tables, ("ipsec", kind, name), node, of_ike(kind, name));
        }
    }

    /// Lengths of the keys that trustpoints generate: `rsakeypair NAME 2048`.
    fn keys(&self, tables: &mut Tables<'a>) {
        for line in self.ios.all("crypto pki trustpoint").into_iter().flat_map(|node| node.all("rsakeypair").collect::<Vec<_>>()) {
            let Some(bits) = line.word(2).and_then(|bits| bits.parse::<i64>().ok()) else { continue };
            let strength = match bits {
                ..2048 => "weak",
                2048..3072 => "acceptable",
                _ => "strong",
            };
            let name = self.ios.device.host.text(&format!("rsa {}", line.word(1).unwrap_or_default()));
            let offer = Offer { context: "pki", kind: "host-key", name, strength, bits: Some(bits) };
            self.row(tables, &offer, self.ios.device.host.evidence(&[self.ios.device.decides(line)]));
        }
    }
}
