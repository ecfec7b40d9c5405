//! IKE and IPsec proposals that tunnels use, and the protocol of the web interface, into `crypto`.
//!
//! The system writes a proposal for every usual combination into each configuration; one that no gateway and no tunnel names is not
//! offered. What a proposal does not say is 3DES, SHA-1 and group 2.

use super::super::device::cells::Device;
use super::super::tunnel_words::{Kind, strength};
use super::super::{Cell, Documented, Evidence, Tables, Value, Why};
use super::{last_said, unquoted};
use crate::parse::tree::Node;
use crate::schema::neutral::CRYPTO;

const TUNNELS: &str = "Hillstone StoneOS 命令行用户手册 5.5R12, VPN, 配置IKEv1 VPN";
const VERSIONS: &str = "StoneOS 5.5";

static CIPHER: Documented = Documented { setting: "encryption 3des", versions: VERSIONS, source: TUNNELS };
static HASH: Documented = Documented { setting: "hash sha", versions: VERSIONS, source: TUNNELS };
static GROUP: Documented = Documented { setting: "group 2", versions: VERSIONS, source: TUNNELS };

/// A proposal that is used.
#[derive(Clone, Copy, Debug)]
struct Proposal<'a> {
    context: &'static str,
    block: Node<'a>,
    user: Node<'a>,
}

/// Adds the rows.
pub(super) fn fill<'a>(device: &Device<'_, 'a>, tables: &mut Tables<'a>) {
    let mut seen: Vec<(&'static str, Kind, &'a str)> = Vec::new();
    for proposal in proposals(device) {
        for (kind, statement, default) in
            [(Kind::Cipher, "encryption", Some(("3des", &CIPHER))), (Kind::Mac, "hash", Some(("sha", &HASH))), (Kind::Group, "group", None)]
        {
            // The second phase has no group unless it is written.
            let default = if statement == "group" && proposal.context == "ike" { Some(("2", &GROUP)) } else { default };
            for (name, evidence) in names(device, proposal, statement, default) {
                if !seen.contains(&(proposal.context, kind, name)) {
                    seen.push((proposal.context, kind, name));
                    push(device, tables, (proposal.context, kind.word(), name), (strength(kind, name), evidence));
                }
            }
        }
    }
    if let Some((Some("enable"), node)) = last_said(device, "https ssl-protocol-gm") {
        let evidence = device.host.evidence(&[device.decides(node)]);
        push(device, tables, ("https", "policy", "ssl-protocol-gm"), (Some("commercial-sm"), evidence));
    }
}

/// Proposals that a gateway or a tunnel names, with what names them.
fn proposals<'a>(device: &Device<'_, 'a>) -> Vec<Proposal<'a>> {
    let mut found = Vec::new();
    for (user, statement, list, context) in [
        ("isakmp peer", "isakmp-proposal", "isakmp proposal", "ike"),
        ("ikev2 peer", "ikev2-proposal", "ikev2 proposal", "ike"),
        ("tunnel ipsec", "ipsec-proposal", "ipsec proposal", "ipsec"),
        ("ikev2 ipsec-sa", "ikev2-ipsec-proposal", "ikev2 ipsec-proposal", "ipsec"),
    ] {
        for line in device.root().find(&[user, statement]) {
            for name in line.words().skip(1).map(unquoted) {
                let blocks = device.root().all(list).filter(|block| block.word(2).map(unquoted) == Some(name));
                // The blocks' first standing is a name alone.
                let block = blocks.max_by_key(|block| block.children().count());
                found.extend(block.map(|block| Proposal { context, block, user: line }));
            }
        }
    }
    found
}

/// The algorithms that a statement of a proposal names, or its default.
fn names<'a>(
    device: &Device<'_, 'a>,
    proposal: Proposal<'a>,
    statement: &str,
    default: Option<(&'static str, &'static Documented)>,
) -> Vec<(&'a str, &'a [Evidence<'a>])> {
    match (proposal.block.last(statement), default) {
        (Some(line), _) => {
            let evidence = device.host.evidence(&[device.decides(line), device.reference(proposal.user)]);
            line.words().skip(1).filter(|word| *word != "nopfs").map(|word| (word, evidence)).collect()
        }
        (None, Some((name, documented))) => {
            let pieces = [Evidence::Default(documented), device.scope(proposal.block), device.reference(proposal.user)];
            vec![(name, device.host.evidence(&pieces))]
        }
        (None, None) => Vec::new(),
    }
}

fn push<'a>(
    device: &Device<'_, 'a>,
    tables: &mut Tables<'a>,
    (context, kind, name): (&'static str, &'static str, &'a str),
    (strength, evidence): (Option<&'static str>, &'a [Evidence<'a>]),
) {
    let known = |value| Cell::known(value, evidence);
    let strength = strength.map_or(Cell::unknown(Why::not_understood(name), evidence), |word| known(Value::Word(word)));
    let mut row = device.host.row(&CRYPTO, super::PRODUCT.name);
    row.set(const { CRYPTO.column("context") }, known(Value::Text(context)))
        .set(const { CRYPTO.column("kind") }, known(Value::Word(kind)))
        .set(const { CRYPTO.column("name") }, known(Value::Text(name)))
        .set(const { CRYPTO.column("strength") }, strength);
    tables.push(row);
}
