//! Cleartext services, banners and algorithms into rows of `services`, `banner` and `crypto`.

use super::Switch;
use crate::facts::cisco_words::{push, strength};
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::schema::neutral::{BANNER, CRYPTO, SERVICES};

/// Words by which a banner tells what the device is.
const PRODUCT_WORDS: &[&str] = &["$(hostname)", "arista", "eos ", "rgos", "ruijie", "锐捷"];

impl<'a> Switch<'_, 'a> {
    /// Adds the row of a service without encryption.
    pub(in crate::facts) fn push_cleartext(&self, tables: &mut Tables<'a>, (name, port): (&'static str, i64), enabled: Cell<'a>) {
        let here = |value| Cell::known(value, enabled.evidence);
        let cells = [
            (const { SERVICES.column("name") }, here(Value::Text(name))),
            (const { SERVICES.column("port") }, here(Value::Integer(port))),
            (const { SERVICES.column("protocol") }, here(Value::Text(if name == "tftp" { "udp" } else { "tcp" }))),
            (const { SERVICES.column("address") }, Cell::unset(enabled.evidence)),
            (const { SERVICES.column("enabled") }, enabled),
            (const { SERVICES.column("cleartext") }, here(Value::Boolean(true))),
        ];
        push(&self.device, tables, (&SERVICES, self.product), &cells);
    }

    /// Adds the rows of banners, whose text is the body of the statement.
    pub(in crate::facts) fn push_banners(&self, tables: &mut Tables<'a>) {
        for (scope, pattern) in [("login", "banner login"), ("motd", "banner motd")] {
            let found = self.written(pattern);
            let flag = |is: bool| match found {
                Some(node) => self.device.decided(Value::Boolean(is), node),
                None => self.device.known_absence(Value::Boolean(false)),
            };
            let text = found.map(Node::body).unwrap_or_default();
            let lower = text.to_lowercase();
            let tells = PRODUCT_WORDS.iter().any(|word| lower.contains(word));
            let cells = [
                (const { BANNER.column("scope") }, Cell::known(Value::Text(scope), self.searched())),
                (const { BANNER.column("present") }, flag(!text.trim().is_empty())),
                (const { BANNER.column("mentions-product") }, flag(tells)),
            ];
            push(&self.device, tables, (&BANNER, self.product), &cells);
        }
    }

    /// Adds a row for each algorithm that a statement names from a word on.
    pub(in crate::facts) fn push_algorithms(
        &self,
        tables: &mut Tables<'a>,
        (context, kind): (&'a str, &'static str),
        node: Node<'a>,
        from: usize,
    ) {
        for name in node.words().skip(from) {
            self.push_algorithm(tables, (context, kind, name, of_switch(name)), node);
        }
    }

    /// Adds the row of one algorithm.
    pub(in crate::facts) fn push_algorithm(
        &self,
        tables: &mut Tables<'a>,
        (context, kind, name, strong): (&'a str, &'static str, &'a str, &'static str),
        node: Node<'a>,
    ) {
        let own = |value| self.device.decided(value, node);
        let cells = [
            (const { CRYPTO.column("context") }, own(Value::Text(context))),
            (const { CRYPTO.column("kind") }, own(Value::Word(kind))),
            (const { CRYPTO.column("name") }, own(Value::Text(name))),
            (const { CRYPTO.column("strength") }, own(Value::Word(strong))),
        ];
        push(&self.device, tables, (&CRYPTO, self.product), &cells);
    }
}

/// How strong an algorithm is, with the short names of RGOS: `cbc`, `ctr`, `gcm`, `dh_group14_sha1`.
fn of_switch(name: &str) -> &'static str {
    match name {
        "cbc" | "others" | "dh_group1_sha1" | "dh_group14_sha1" | "dh_group_exchange_sha1" => "weak",
        "gcm" => "strong",
        other => strength(other),
    }
}
