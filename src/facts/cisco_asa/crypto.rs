//! Algorithms and protocols of SSH, TLS, IKE and IPsec into `crypto`.

use super::super::cisco_words::{push, strength};
use super::{Asa, NAME};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::CRYPTO;

/// What is offered without a statement, which depends on the release.
const UNWRITTEN: [(&str, &str, &str); 4] = [
    ("sshd", "cipher", "ssh cipher encryption"),
    ("sshd", "key-exchange", "ssh key-exchange group"),
    ("sshd", "mac", "ssh cipher integrity"),
    ("ssl", "protocol", "ssl server-version"),
];

/// One algorithm and the statement that offers it.
type Offer<'a> = (&'static str, &'static str, &'a str, Node<'a>);

pub(super) fn fill<'a>(asa: &Asa<'_, 'a>, tables: &mut Tables<'a>) {
    let mut offers: Vec<Offer<'a>> = Vec::new();
    if let Some(node) = asa.written("ssh key-exchange group") {
        offers.extend(node.word(3).map(|name| ("sshd", "key-exchange", name, node)));
    }
    for (context, kind, statement) in UNWRITTEN {
        if asa.written(statement).is_none() {
            asa.push_default(tables, (context, kind), statement);
        }
    }
    asa.custom_lists(&mut offers);
    for version in ["1", "2"] {
        asa.of_policies(&format!("crypto ikev{version} policy"), &mut offers);
    }
    for node in asa.live("crypto ipsec ikev1 transform-set").into_iter().chain(asa.live("crypto ipsec transform-set")) {
        let skip = if node.word(2) == Some("ikev1") { 5 } else { 4 };
        offers.extend(
            node.words().skip(skip).filter(|name| name.starts_with("esp-")).map(|name| ("ipsec", transform_kind(name), name, node)),
        );
    }
    let mut seen = std::collections::HashSet::new();
    for offer in offers {
        if seen.insert((offer.0, offer.1, offer.2)) {
            asa.push_crypto(tables, offer, strength(offer.2));
        }
    }
    if let Some(node) = asa.written("ssl server-version") {
        let name = node.word(2).unwrap_or_default();
        let weak = if ["tlsv1.2", "tlsv1.3"].contains(&name) { "strong" } else { "weak" };
        asa.push_crypto(tables, ("ssl", "protocol", name, node), weak);
    }
}

fn transform_kind(name: &str) -> &'static str {
    if name.contains("hmac") { "mac" } else { "cipher" }
}

impl<'a> Asa<'_, 'a> {
    /// `ssh cipher encryption custom "a:b"`, and the same for integrity; named levels are policies.
    fn custom_lists(&self, offers: &mut Vec<Offer<'a>>) {
        for (pattern, kind) in [("ssh cipher encryption", "cipher"), ("ssh cipher integrity", "mac")] {
            let Some(node) = self.written(pattern) else { continue };
            match node.word(4) {
                Some(list) => offers.extend(list.trim_matches('"').split(':').map(|name| ("sshd", kind, name, node))),
                None => offers.extend(node.word(3).map(|level| ("sshd", "policy", level, node))),
            }
        }
    }

    /// A row of which the strength is not known.
    fn push_default(&self, tables: &mut Tables<'a>, (context, kind): (&'static str, &'static str), statement: &'a str) {
        let cell = self.device.undocumented(statement);
        let known = |value| Cell::known(value, cell.evidence);
        let cells = [
            (const { CRYPTO.column("context") }, known(Value::Text(context))),
            (const { CRYPTO.column("kind") }, known(Value::Word(kind))),
            (const { CRYPTO.column("name") }, known(Value::Text("default"))),
            (const { CRYPTO.column("strength") }, cell),
        ];
        push(&self.device, tables, (&CRYPTO, NAME), &cells);
    }

    /// Ciphers, hashes and groups of IKE policies.
    fn of_policies(&self, pattern: &str, offers: &mut Vec<Offer<'a>>) {
        for line in self.live(pattern).into_iter().flat_map(Node::children) {
            let kind = match line.word(0) {
                Some("encryption") => "cipher",
                Some("integrity" | "hash" | "prf") => "mac",
                Some("group") => "key-exchange",
                _ => continue,
            };
            offers.extend(line.words().skip(1).map(|name| ("ike", kind, name, line)));
        }
    }

    fn push_crypto(&self, tables: &mut Tables<'a>, (context, kind, name, node): Offer<'a>, how_strong: &'static str) {
        let how_strong = match (kind, name) {
            ("policy", "all" | "low") => "weak",
            ("policy", "medium") => "acceptable",
            ("policy", "fips" | "high") => "strong",
            _ => how_strong,
        };
        let own = |value| self.device.decided(value, node);
        let cells = [
            (const { CRYPTO.column("context") }, own(Value::Text(context))),
            (const { CRYPTO.column("kind") }, own(Value::Word(kind))),
            (const { CRYPTO.column("name") }, own(Value::Text(name))),
            (const { CRYPTO.column("strength") }, own(Value::Word(how_strong))),
            (const { CRYPTO.column("bits") }, Cell::unset(own(Value::Never).evidence)),
            (const { CRYPTO.column("expires") }, Cell::unset(own(Value::Never).evidence)),
        ];
        push(&self.device, tables, (&CRYPTO, NAME), &cells);
    }
}
