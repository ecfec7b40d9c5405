//! The default domain, its methods and its schemes into the order in which a login is checked.
//!
//! Users without a domain in their name belong to the one of `domain default enable`, otherwise to `system`. `authentication login`
//! decides for terminals, `authentication default` where it is not written.

use super::defaults as documented;
use crate::facts::vrp_family::keywords::{keyword_at, keywords};
use crate::facts::vrp_family::servers::{Chain, method};
use crate::facts::vrp_family::{Family, last_of};
use crate::facts::{Cell, Value};
use crate::parse::tree::Node;

/// The order in which a login is checked.
pub(super) fn chain<'a>(family: &Family<'_, 'a>) -> Chain<'a> {
    let device = &family.device;
    let domain = domain(family);
    let statements = || domain.iter().flat_map(|node| node.children());
    let said = last_of(statements(), &["authentication login"]).or_else(|| last_of(statements(), &["authentication default"]));
    let mut chain = Chain {
        methods: Vec::new(),
        templates: Vec::new(),
        servers: Vec::new(),
        nodes: Vec::new(),
        origin: Cell::NONE,
        unknown: None,
        accounting: accounting(family, &domain),
    };
    let Some((_, node)) = said else {
        chain.methods = vec!["password"];
        chain.origin = device.defaulted(Value::Boolean(true), &documented::DOMAIN);
        chain.unknown = device.cut().map(|why| Cell::unknown(why, chain.origin.evidence));
        return chain;
    };
    chain.nodes.push(node);
    let words: Vec<&'a str> = keywords(node).skip(2).collect();
    for (at, word) in words.iter().enumerate() {
        let Some(asked) = method(word) else { continue };
        chain.methods.push(asked);
        let scheme = match *word {
            "hwtacacs-scheme" => "hwtacacs scheme",
            "radius-scheme" => "radius scheme",
            _ => continue,
        };
        let Some(name) = words.get(at + 1) else { continue };
        chain.templates.push(name);
        add_servers(family, &mut chain, scheme, name);
    }
    chain
}

/// The blocks of the domain that administrators belong to: `domain NAME`, in newer releases `domain name NAME`.
fn domain<'a>(family: &Family<'_, 'a>) -> Vec<Node<'a>> {
    let root = family.device.root();
    let name = root.last("domain default enable").and_then(|node| node.word(3)).unwrap_or("system");
    let is_named = |node: &Node<'a>| {
        let word = if keyword_at(*node, 1) == Some("name") { node.word(2) } else { node.word(1) };
        word.is_some_and(|word| word.eq_ignore_ascii_case(name)) && !node.starts("domain default")
    };
    root.all("domain").filter(is_named).collect()
}

/// Adds the servers of a scheme, the primary one first.
fn add_servers<'a>(family: &Family<'_, 'a>, chain: &mut Chain<'a>, scheme: &str, name: &str) {
    let root = family.device.root();
    let lines: Vec<Node<'a>> =
        root.all(scheme).filter(|node| node.word(2).is_some_and(|word| word.eq_ignore_ascii_case(name))).flat_map(Node::children).collect();
    for pattern in ["primary authentication", "secondary authentication"] {
        for node in lines.iter().filter(|node| node.starts(pattern)) {
            let address = keywords(*node).skip(2).find(|word| *word != "ipv6");
            chain.servers.extend(address.map(|address| (address, *node)));
        }
    }
}

/// Whether servers record sessions, or commands where some line has `command accounting`.
fn accounting<'a>(family: &Family<'_, 'a>, domain: &[Node<'a>]) -> Cell<'a> {
    let device = &family.device;
    let with_servers = |pattern: &str| {
        let (_, node) = last_of(domain.iter().flat_map(|node| node.children()), &[pattern])?;
        keywords(node).any(|word| matches!(word, "hwtacacs-scheme" | "radius-scheme")).then_some(node)
    };
    let root = device.root();
    let lines = root.children().filter(|node| node.starts("line") || node.starts("user-interface")).flat_map(Node::children);
    let asks = last_of(lines, &["command accounting"]).map(|(_, node)| node);
    match (with_servers("accounting command").zip(asks), with_servers("accounting login").or_else(|| with_servers("accounting default"))) {
        (Some((node, asks)), _) => device.decided_by(Value::Boolean(true), &[node, asks]),
        (None, Some(node)) => device.decided(Value::Boolean(true), node),
        (None, None) => device.known_absence(Value::Boolean(false)),
    }
}
