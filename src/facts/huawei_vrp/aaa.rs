//! The administrators' domain, its authentication scheme and its server templates into the order in which a login is checked.
//!
//! Administrators belong to `default_admin` unless `domain NAME admin` or `default-domain admin NAME` says otherwise; the domain
//! `default` is that of access users (S Series Configuration Guide, Configuring Global Default Domains).

use super::defaults as documented;
use crate::facts::vrp_family::keywords::{keyword_at, keywords};
use crate::facts::vrp_family::servers::{Chain, method};
use crate::facts::vrp_family::{Family, Train, last_of};
use crate::facts::{Cell, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;

static NOT_DEFINED: Phrase = Phrase { zh: "认证方案 {} 没有定义", en: "the authentication scheme {} is not defined" };

/// The order in which a login is checked.
pub(super) fn chain<'a>(family: &Family<'_, 'a>) -> Chain<'a> {
    let device = &family.device;
    let aaa: Vec<Node<'a>> = device.root().merged("aaa").collect();
    let domain = domain(family, &aaa);
    let mut chain = Chain {
        methods: Vec::new(),
        templates: Vec::new(),
        servers: Vec::new(),
        nodes: Vec::new(),
        origin: Cell::NONE,
        unknown: None,
        accounting: accounting(family, &aaa, &domain),
    };
    let bound = last_of(domain.iter().flat_map(|node| node.children()), &["authentication-scheme"]).map(|(_, node)| node);
    let name = bound.and_then(|node| node.word(1)).unwrap_or("default");
    let schemes: Vec<Node<'a>> = blocks(&aaa, "authentication-scheme", name).collect();
    chain.nodes.extend(bound);
    let mode = last_of(schemes.iter().flat_map(|node| node.children()), &["authentication-mode"]).map(|(_, node)| node);
    match (mode, schemes.first()) {
        (Some(mode), _) => {
            chain.methods = keywords(mode).skip(1).filter_map(method).collect();
            chain.nodes.insert(0, mode);
        }
        (None, None) if bound.is_some() && name != "default" => {
            let why = Why::new("not-defined", &NOT_DEFINED, name);
            chain.unknown = bound.map(|node| Cell::unknown(why, device.decided(Value::Never, node).evidence));
        }
        (None, _) if matches!(family.train, Train::Router8 | Train::Router8Early) => {
            chain.unknown = Some(device.undocumented("authentication-mode"))
        }
        (None, _) => {
            chain.methods = vec!["password"];
            chain.origin = device.defaulted(Value::Boolean(true), &documented::SCHEME);
            chain.unknown = device.cut().map(|why| Cell::unknown(why, chain.origin.evidence));
        }
    }
    add_servers(family, &mut chain, &domain);
    chain
}

/// The blocks of the domain that administrators belong to.
fn domain<'a>(family: &Family<'_, 'a>, aaa: &[Node<'a>]) -> Vec<Node<'a>> {
    let global = family.device.root().all("domain").filter(|node| keyword_at(*node, 2) == Some("admin")).last();
    let own = aaa.iter().rfind(|node| node.starts("default-domain admin")).and_then(|node| node.word(2));
    let name = own.or(global.and_then(|node| node.word(1))).unwrap_or("default_admin");
    blocks(aaa, "domain", name).collect()
}

/// Blocks with a keyword and a name.
fn blocks<'a, 'n>(aaa: &'n [Node<'a>], keyword: &'n str, name: &'n str) -> impl Iterator<Item = Node<'a>> + 'n {
    aaa.iter().copied().filter(move |node| node.starts(keyword) && node.word(1).is_some_and(|word| word.eq_ignore_ascii_case(name)))
}

/// Adds the servers of the methods that are asked, in order.
fn add_servers<'a>(family: &Family<'_, 'a>, chain: &mut Chain<'a>, domain: &[Node<'a>]) {
    for (asked, keyword, block) in
        [("tacacs", "hwtacacs-server", "hwtacacs-server template"), ("radius", "radius-server", "radius-server template")]
    {
        if !chain.asks(asked) {
            continue;
        }
        let bound = last_of(domain.iter().flat_map(|node| node.children()), &[keyword]).map(|(_, node)| node);
        let Some(name) = bound.and_then(|node| keywords(node).last()) else { continue };
        chain.templates.push(name);
        chain.nodes.extend(bound);
        let root = family.device.root();
        let group = ["radius-server group"];
        let templates = std::iter::once(block).chain(if asked == "radius" { &group[..] } else { &[] }.iter().copied());
        let lines: Vec<Node<'a>> = templates
            .flat_map(|pattern| root.all(pattern).filter(|node| node.word(2) == Some(name)).collect::<Vec<_>>())
            .flat_map(|node| node.children())
            .filter(|node| node.starts(keyword) && keyword_at(*node, 1) == Some("authentication"))
            .collect();
        let is_later = |node: &Node<'a>| keywords(*node).any(|word| matches!(word, "secondary" | "third"));
        let ordered = lines.iter().filter(|node| !is_later(node)).chain(lines.iter().filter(|node| is_later(node)));
        for node in ordered {
            let address = keywords(*node).skip(2).find(|word| *word != "ipv6" && *word != "domain");
            chain.servers.extend(address.map(|address| (address, *node)));
        }
    }
}

/// Whether servers record sessions (an accounting scheme of the domain) or commands (`cmd recording-scheme`).
fn accounting<'a>(family: &Family<'_, 'a>, aaa: &[Node<'a>], domain: &[Node<'a>]) -> Cell<'a> {
    let device = &family.device;
    let recorded = last_of(aaa.iter().copied(), &["cmd recording-scheme"]).and_then(|(_, node)| {
        let mode = last_of(blocks(aaa, "recording-scheme", node.word(2)?).flat_map(Node::children), &["recording-mode hwtacacs"])?;
        Some(vec![node, mode.1])
    });
    let accounted = || {
        let (_, bound) = last_of(domain.iter().flat_map(|node| node.children()), &["accounting-scheme"])?;
        let schemes = blocks(aaa, "accounting-scheme", bound.word(1)?).flat_map(Node::children);
        let (_, mode) = last_of(schemes, &["accounting-mode hwtacacs", "accounting-mode radius"])?;
        Some(vec![bound, mode])
    };
    match recorded.or_else(accounted) {
        Some(nodes) => device.decided_by(Value::Boolean(true), &nodes),
        None => device.known_absence(Value::Boolean(false)),
    }
}
