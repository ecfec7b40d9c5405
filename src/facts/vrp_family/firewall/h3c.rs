//! Security policies, object policies and interzone rules of H3C firewalls into lists (SecPath Firewall Series Command Reference,
//! Security policy commands and Object policy commands; SecPath and SecBlade configuration guides of Comware 5, Interzone policy).
//!
//! All are asked in the order in which they stand. A rule of a security policy without an action drops on Comware 7 ("action"); of
//! later systems the manuals differ. Whether a rule of `interzone` holds before `rule enable` is written, no manual that was found says.

use super::super::Family;
use super::super::keywords::keywords;
use super::super::lists::objects::{Objects, block, h3c_service};
use super::draft::Draft;
use crate::facts::joined::access_rules::{Line, List};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect};
use crate::reckon::network::Addresses;
use crate::source::Span;

/// Names by which Comware 5 calls what every address and every service is.
const EVERYTHING: &[&str] = &["any", "any_address", "any_service"];

/// Limits of a rule that addresses, services, zones, users and applications do not tell.
const OTHER_LIMITS: &[&str] = &["destination-location", "source-location", "source-mac", "terminal", "terminal-group", "url-category"];

/// The policies of a system.
pub(super) fn policies<'a>(family: &Family<'_, 'a>, system: Node<'a>) -> Vec<List<'a>> {
    let mut objects = Objects::of(family, system);
    let mut lists: Vec<List<'a>> = Vec::new();
    for (pattern, name, addresses) in [
        ("security-policy ip", "security-policy ip", Addresses::any_four()),
        ("security-policy ipv6", "security-policy ipv6", Addresses::any_six()),
        ("security-policy", "security-policy", Addresses::any()),
    ] {
        let blocks: Vec<Node<'a>> = system.all(pattern).filter(|block| block.is(pattern)).collect();
        let Some(header) = blocks.first() else { continue };
        let lines = blocks_of_rules(family, &blocks, &addresses, &mut objects);
        let uses = vec![("firewall", family.device.span(*header))];
        lists.extend(list(family, name, *header, lines, uses));
    }
    for block in system.all("interzone source * destination *") {
        let name = family.device.host.text(block.text());
        let lines = blocks_of_rules(family, &[block], &Addresses::any_four(), &mut objects);
        lists.extend(list(family, name, block, lines, vec![("firewall", family.device.span(block))]));
    }
    object_policies(family, system, &mut objects, &mut lists);
    lists
}

/// A list, if it has entries.
fn list<'a>(
    family: &Family<'_, 'a>,
    name: &'a str,
    header: Node<'a>,
    lines: Vec<Line<'a>>,
    uses: Vec<(&'static str, Span)>,
) -> Option<List<'a>> {
    let header = Some(family.device.span(header));
    (!lines.is_empty()).then(|| List { header, uses: Ok(uses), tells_applications: true, ..List::new(name, lines) })
}

/// Rules that are blocks of their own: `rule 0 name A` with statements below.
fn blocks_of_rules<'a>(
    family: &Family<'_, 'a>,
    blocks: &[Node<'a>],
    addresses: &Addresses,
    objects: &mut Objects<'_, 'a>,
) -> Vec<Line<'a>> {
    let rules: Vec<(&'a str, Node<'a>)> =
        blocks.iter().flat_map(|block| block.all("rule")).filter_map(|node| Some((node.word(1)?, node))).collect();
    let mut lines = Vec::new();
    for (at, (number, node)) in rules.iter().enumerate() {
        // A rule that stands twice is one, where it stood first.
        if rules[..at].iter().any(|(earlier, _)| earlier == number) {
            continue;
        }
        let mut draft = opened(family, number, *node);
        for part in rules.iter().filter(|(other, _)| other == number).flat_map(|(_, node)| node.children()) {
            let words: Vec<&'a str> = keywords(part).collect();
            statement(&mut draft, part, &words, objects);
        }
        if draft.depends && matches!(node.word(2), Some("permit" | "deny")) {
            draft.spoil("rule enable");
        }
        lines.push(draft.line(family, addresses));
    }
    lines
}

/// What the line that opens a rule says: its number, its name, and on Comware 5 its action.
fn opened<'a>(family: &Family<'_, 'a>, number: &'a str, node: Node<'a>) -> Draft<'a> {
    let words: Vec<&'a str> = keywords(node).collect();
    let name = words.iter().position(|word| *word == "name").and_then(|at| words.get(at + 1)).copied();
    match words.get(2) {
        Some(&("permit" | "deny")) => {
            let action = if words[2] == "permit" { Action::Permit } else { Action::Deny };
            let mut draft = Draft::new(number, node, action);
            draft.depends = true;
            draft.logged = words.contains(&"logging").then_some((true, node));
            draft
        }
        _ => {
            let seven = family.device.config.identity.version.is_some_and(|version| version.starts_with('7'));
            Draft::new(name.unwrap_or(number), node, if seven { Action::Deny } else { Action::Unknown })
        }
    }
}

/// One statement of a rule.
fn statement<'a>(draft: &mut Draft<'a>, part: Node<'a>, words: &[&'a str], objects: &mut Objects<'_, 'a>) {
    match words {
        ["action", "pass", ..] => draft.action = Action::Permit,
        ["action", "drop", ..] => draft.action = Action::Deny,
        ["action", ..] => draft.action = Action::Unknown,
        ["disable"] | ["undo", "rule", "enable"] => draft.enabled = false,
        ["undo", "disable"] => draft.enabled = true,
        ["rule", "enable"] => (draft.enabled, draft.depends) = (true, false),
        ["source-zone", zones @ ..] => draft.limit(Aspect::ZoneFrom, zones.iter().copied()),
        ["destination-zone", zones @ ..] => draft.limit(Aspect::ZoneTo, zones.iter().copied()),
        [kind, name, ..] if matches!(*kind, "source-ip" | "destination-ip") => side_set(draft, *kind == "source-ip", name, objects),
        [kind, rest @ ..] if kind.starts_with("source-ip-") || kind.starts_with("destination-ip-") => written(draft, part, kind, rest),
        ["service", name, ..] if EVERYTHING.contains(name) => {}
        ["service", names @ ..] => names.iter().for_each(|name| draft.add_named_service(name, objects)),
        ["service-port", rest @ ..] => draft.add_service(h3c_service(rest), part.text()),
        ["application" | "app-group", rest @ ..] => draft.limit(Aspect::Application, rest.last().copied().into_iter()),
        ["user" | "user-group", rest @ ..] => draft.limit(Aspect::User, rest.first().copied().into_iter()),
        // Everything of one instance is everything of a network, and neither a zone nor an address tells which.
        ["vrf", ..] => draft.spoil("vrf"),
        ["time-range", name] => draft.time_range = Some(name),
        ["logging", "enable"] => draft.logged = Some((true, part)),
        ["description" | "comment", ..] => draft.comment = part.rest("*").map(|text| (text, part)),
        // Whether it holds is up to what is tracked.
        ["track", ..] => draft.depends = true,
        [limit, ..] if OTHER_LIMITS.contains(limit) => draft.also.push(limit),
        _ => {}
    }
}

/// A group of addresses on one side.
fn side_set<'a>(draft: &mut Draft<'a>, source: bool, name: &'a str, objects: &mut Objects<'_, 'a>) {
    if EVERYTHING.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        let side = if source { &mut draft.sources } else { &mut draft.destinations };
        side.add(Some(Addresses::any()), name);
    } else {
        draft.add_set(source, name, objects);
    }
}

/// Addresses that are written into a rule: `source-ip-host A`, `source-ip-subnet A M`, `source-ip-range A B`.
fn written<'a>(draft: &mut Draft<'a>, part: Node<'a>, kind: &str, words: &[&'a str]) {
    let side = if kind.starts_with("source") { &mut draft.sources } else { &mut draft.destinations };
    let found = match (kind.rsplit('-').next(), words) {
        (Some("range"), [first, last, ..]) => {
            first.parse().ok().zip(last.parse().ok()).map(|(first, last)| Addresses::between(first, last))
        }
        (Some("host" | "subnet"), words) => block(words, false),
        _ => None,
    };
    side.add(found, part.text());
}

/// Adds object policies: `object-policy ip NAME` with a rule in each line, used where a `zone-pair security` applies it.
fn object_policies<'a>(family: &Family<'_, 'a>, system: Node<'a>, objects: &mut Objects<'_, 'a>, lists: &mut Vec<List<'a>>) {
    let device = &family.device;
    for (kind, addresses) in [("ip", Addresses::any_four()), ("ipv6", Addresses::any_six())] {
        let opens = format!("object-policy {kind} *");
        let applies = format!("object-policy apply {kind} *");
        let blocks: Vec<Node<'a>> = system.all(&opens).collect();
        let uses: Vec<Node<'a>> = system.find(&["zone-pair security", &applies]);
        for (at, block) in blocks.iter().enumerate() {
            let Some(name) = block.word(2) else { continue };
            let is_same = |node: &Node<'a>, place: usize| node.word(place).is_some_and(|other| other.eq_ignore_ascii_case(name));
            if blocks[..at].iter().any(|earlier| is_same(earlier, 2)) {
                continue;
            }
            let same: Vec<Node<'a>> = blocks.iter().copied().filter(|other| is_same(other, 2)).collect();
            let uses = uses.iter().filter(|node| is_same(node, 3)).map(|node| ("firewall", device.span(*node))).collect();
            let lines = lines_of_rules(family, &same, &addresses, objects);
            lists.extend(list(family, device.host.text(&format!("object-policy {kind} {name}")), *block, lines, uses));
        }
    }
}

/// Rules of a line each: `rule 0 pass source-ip A service B`, and `rule 0 append source-ip C`, which adds to one.
fn lines_of_rules<'a>(family: &Family<'_, 'a>, blocks: &[Node<'a>], addresses: &Addresses, objects: &mut Objects<'_, 'a>) -> Vec<Line<'a>> {
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    for node in blocks.iter().flat_map(|block| block.all("rule")) {
        let words: Vec<&'a str> = keywords(node).collect();
        let Some(number) = words.get(1).copied() else { continue };
        let known = drafts.iter().position(|draft| draft.name == number);
        let action = match (words.get(2), known) {
            (Some(&"pass"), None) => Action::Permit,
            // What an inspection lets through is less than what it matches, and is not known here: it may be all of it.
            (Some(&"inspect"), None) => Action::Permit,
            (Some(&"drop"), None) => Action::Deny,
            (Some(&"append"), Some(at)) => {
                conditions(&mut drafts[at], node, &words[3..], objects);
                continue;
            }
            (Some(&"comment"), Some(at)) => {
                drafts[at].comment = node.rest("rule * *").map(|text| (text, node));
                continue;
            }
            _ => Action::Unknown,
        };
        let mut draft = Draft::new(number, node, action);
        let start = if words.get(2) == Some(&"inspect") { 4 } else { 3 };
        conditions(&mut draft, node, words.get(start..).unwrap_or_default(), objects);
        drafts.push(draft);
    }
    drafts.into_iter().map(|draft| draft.line(family, addresses)).collect()
}

/// The conditions of a rule of one line.
fn conditions<'a>(draft: &mut Draft<'a>, node: Node<'a>, words: &[&'a str], objects: &mut Objects<'_, 'a>) {
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "disable" => draft.enabled = false,
            "logging" => draft.logged = Some((true, node)),
            "counting" => {}
            "source-ip" | "destination-ip" | "service" | "vrf" | "time-range" | "app-group" | "application" => {
                let Some(value) = words.next() else { return };
                statement(draft, node, &[word, value], objects);
            }
            other => draft.spoil(other),
        }
    }
}
