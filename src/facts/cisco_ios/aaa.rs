//! AAA statements and lines of IOS into the methods that decide about a login, with the servers behind their groups.

use super::documented::NEW_MODEL;
use super::lines::Range;
use super::statements::{Ios, Said, said_in};
use crate::facts::{Evidence, Why};
use crate::parse::tree::Node;

/// One method of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Method<'a> {
    /// Servers of a group: its protocol, its name, and their addresses in order.
    Servers(&'static str, &'a str, Vec<(&'a str, Node<'a>)>),
    /// Local user names.
    Local,
    /// The password of the line, or of the privileged level: nobody is told apart.
    Password,
    /// Nothing is asked.
    None,
    /// One that is not understood here.
    Other(&'a str),
}

/// How a login is decided, or why that is not known; and what shows it.
#[derive(Clone, Debug)]
pub(super) struct Login<'a> {
    /// The methods, in the order in which they are asked.
    pub(super) methods: Result<Vec<Method<'a>>, Why<'a>>,
    /// What shows it.
    pub(super) evidence: Vec<Evidence<'a>>,
}

/// Whether AAA is used; none where that is not known.
pub(super) fn new_model<'a>(ios: &Ios<'_, 'a>) -> Option<bool> {
    match ios.said("aaa new-model") {
        Said::Yes(_) => Some(true),
        Said::No(_) => Some(false),
        Said::Nothing => ios.device.cut().is_none().then_some(false),
    }
}

/// How a login at a range of lines is decided.
pub(super) fn login<'a>(ios: &Ios<'_, 'a>, range: &Range<'a>) -> Login<'a> {
    match new_model(ios) {
        None => {
            Login { methods: Err(ios.device.cut().unwrap_or(Why::not_understood("aaa new-model"))), evidence: vec![ios.device.searched()] }
        }
        Some(true) => {
            let named = said_in(&range.blocks, "login authentication").yes();
            let name = named.and_then(|node| node.word(2)).unwrap_or("default");
            of_list(ios, name, named)
        }
        Some(false) => without_aaa(ios, range),
    }
}

/// How a login by a named list is decided.
pub(super) fn of_list<'a>(ios: &Ios<'_, 'a>, name: &'a str, used: Option<Node<'a>>) -> Login<'a> {
    let mut evidence: Vec<Evidence<'a>> = Vec::new();
    let list = ios.all("aaa authentication login").into_iter().rfind(|node| node.word(3) == Some(name));
    let Some(list) = list else {
        evidence.extend(used.map(|node| ios.device.decides(node)));
        evidence.push(ios.device.searched());
        return Login { methods: Err(Why::not_understood("aaa authentication login")), evidence };
    };
    evidence.push(ios.device.decides(list));
    evidence.extend(used.map(|node| ios.device.scope(node)));
    let methods = methods(ios, list.words().skip(4).collect());
    for method in &methods {
        if let Method::Servers(_, _, addresses) = method {
            evidence.extend(addresses.iter().take(8).map(|(_, node)| ios.device.reference(*node)));
        }
    }
    Login { methods: Ok(methods), evidence }
}

/// How a login is decided without AAA.
fn without_aaa<'a>(ios: &Ios<'_, 'a>, range: &Range<'a>) -> Login<'a> {
    let (methods, evidence) = match said_in(&range.blocks, "login") {
        Said::Yes(node) => {
            let method = match node.word(1) {
                Some("local") => Ok(vec![Method::Local]),
                Some("tacacs") => Ok(vec![Method::Servers("tacacs", "tacacs+", every_server(ios, "tacacs"))]),
                None => Ok(vec![Method::Password]),
                Some(_) => Err(Why::not_understood(node.text())),
            };
            (method, vec![ios.device.decides(node), Evidence::Default(&NEW_MODEL)])
        }
        Said::No(node) => (Ok(vec![Method::None]), vec![ios.device.decides(node)]),
        Said::Nothing => (Err(Why::not_understood("login")), vec![ios.device.searched()]),
    };
    Login { methods, evidence }
}

/// The methods of a list.
fn methods<'a>(ios: &Ios<'_, 'a>, words: Vec<&'a str>) -> Vec<Method<'a>> {
    let mut found = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        found.push(match word {
            "group" => group(ios, words.next().unwrap_or_default()),
            "tacacs+" | "radius" => group(ios, word),
            "local" | "local-case" => Method::Local,
            "line" | "enable" => Method::Password,
            "none" => Method::None,
            "passwd-expiry" => continue,
            other => Method::Other(other),
        });
    }
    found
}

/// A group and its servers.
fn group<'a>(ios: &Ios<'_, 'a>, name: &'a str) -> Method<'a> {
    match name {
        "tacacs+" => return Method::Servers("tacacs", name, every_server(ios, "tacacs")),
        "radius" => return Method::Servers("radius", name, every_server(ios, "radius")),
        _ => {}
    }
    let blocks: Vec<Node<'a>> = ios.all("aaa group server").into_iter().filter(|node| node.word(4) == Some(name)).collect();
    let kind = if blocks.iter().any(|node| node.word(3) == Some("radius")) { "radius" } else { "tacacs" };
    let mut addresses = Vec::new();
    for child in blocks.iter().flat_map(|block| block.children()) {
        if let Some(server) = child.after("server name").and_then(|mut words| words.next()) {
            addresses.extend(named_server(ios, kind, server));
        } else if child.starts("server") || child.starts("server-private") {
            addresses.extend(child.word(1).map(|address| (address, child)));
        }
    }
    Method::Servers(kind, name, addresses)
}

/// The addresses of `tacacs server NAME`.
fn named_server<'a>(ios: &Ios<'_, 'a>, kind: &str, name: &str) -> Vec<(&'a str, Node<'a>)> {
    let blocks = ios.all(kind).into_iter().filter(|node| node.word(1) == Some("server") && node.word(2) == Some(name));
    blocks.flat_map(Node::children).filter(|child| child.starts("address")).filter_map(|child| Some((child.word(2)?, child))).collect()
}

/// Every server of a protocol.
fn every_server<'a>(ios: &Ios<'_, 'a>, kind: &str) -> Vec<(&'a str, Node<'a>)> {
    let old = ios.all(&format!("{kind}-server host")).into_iter().filter_map(|node| Some((node.word(2)?, node)));
    let names = ios.all(kind).into_iter().filter(|node| node.word(1) == Some("server")).filter_map(|node| node.word(2));
    let mut found: Vec<_> = old.collect();
    for name in names {
        found.extend(named_server(ios, kind, name));
    }
    found
}

/// Whether all lists of `aaa accounting exec` and the like that are in use are kept by servers; and the statements that say so.
pub(super) fn at_servers<'a>(ios: &Ios<'_, 'a>, kind: &str, what: &str) -> (bool, Vec<Node<'a>>) {
    let stem = format!("aaa {kind} {what}");
    let lists = ios.all(&stem);
    let at = stem.split(' ').count();
    let mut used: Vec<&str> = vec!["default"];
    for line in ios.all("line") {
        used.extend(line.all(&format!("{kind} {what}")).filter_map(|node| node.word(at - 1)));
    }
    let mut nodes = Vec::new();
    let mut all = true;
    for name in used {
        let list = lists.iter().rfind(|node| node.word(at) == Some(name)).copied();
        let good = list.is_some_and(|list| is_central(ios, list, at, kind));
        nodes.extend(list);
        all &= good;
    }
    (all && new_model(ios) == Some(true), nodes)
}

/// Whether a list is kept by a group that has servers, on one line or on several.
fn is_central<'a>(ios: &Ios<'_, 'a>, list: Node<'a>, at: usize, kind: &str) -> bool {
    let mut words: Vec<&'a str> = list.words().skip(at + 1).collect();
    for child in list.children() {
        words.extend(child.words().filter(|word| *word != "action-type"));
    }
    let recorded = kind != "accounting" || words.iter().any(|word| matches!(*word, "start-stop" | "stop-only"));
    let first_group = words.iter().position(|word| *word == "group").and_then(|at| words.get(at + 1));
    let first_method = words.iter().find(|word| !matches!(**word, "start-stop" | "stop-only" | "broadcast"));
    let has_servers = first_group.is_some_and(|name| matches!(group(ios, name), Method::Servers(_, _, servers) if !servers.is_empty()));
    recorded && has_servers && first_method == Some(&"group") && !words.contains(&"none")
}
