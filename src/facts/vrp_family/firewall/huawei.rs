//! `security-policy` of Huawei USG into a list (USG6000 Administrator Guide, Configuring a Security Policy Using the CLI).
//!
//! Rules are asked in the order in which they stand; behind them all comes the predefined one, which denies unless `default action
//! permit` is written. It is an entry of the list where its action is written.

use super::super::Family;
use super::super::keywords::keywords;
use super::super::lists::objects::{Objects, block, huawei_service};
use super::draft::{Draft, Side};
use crate::facts::joined::access_rules::{Line, List};
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect};
use crate::reckon::network::Addresses;

/// Limits of a rule that addresses, services, zones, users and applications do not tell.
const OTHER_LIMITS: &[&str] = &["device-classification", "url", "vlan-id"];

/// The policy of a system, if it has one.
pub(super) fn policies<'a>(family: &Family<'_, 'a>, system: Node<'a>) -> Vec<List<'a>> {
    let device = &family.device;
    let statements: Vec<Node<'a>> = system.merged("security-policy").collect();
    let Some(header) = system.first("security-policy").filter(|_| !statements.is_empty()) else { return Vec::new() };
    let mut objects = Objects::of(family, system);
    let mut lines: Vec<Line<'a>> = Vec::new();
    let rules: Vec<(&'a str, Node<'a>)> =
        statements.iter().filter(|node| node.starts("rule name")).filter_map(|node| Some((node.word(2)?, *node))).collect();
    for (at, (name, node)) in rules.iter().enumerate() {
        // A rule that stands twice is one, where it stood first.
        if rules[..at].iter().any(|(earlier, _)| earlier == name) {
            continue;
        }
        let parts = rules.iter().filter(|(other, _)| other == name).flat_map(|(_, node)| node.children());
        lines.push(rule(family, name, *node, parts, &mut objects));
    }
    lines.extend(default(family, &statements));
    let name = match system.word(2) {
        Some(vsys) => device.host.text(&format!("{vsys} security-policy")),
        None => "security-policy",
    };
    let uses = Ok(vec![("firewall", device.span(header))]);
    vec![List { header: Some(device.span(header)), uses, tells_applications: true, ..List::new(name, lines) }]
}

/// The predefined rule, where its action is written.
fn default<'a>(family: &Family<'_, 'a>, statements: &[Node<'a>]) -> Option<Line<'a>> {
    let node = statements.iter().rfind(|node| node.starts("default action"))?;
    let mut draft = Draft::new("default", *node, action(keywords(*node).nth(2)));
    let logs = |node: &&Node<'a>| node.starts("default policy logging") || node.starts("default session logging");
    draft.logged = statements.iter().rfind(logs).map(|node| (true, *node));
    Some(draft.line(family, &Addresses::any()))
}

/// What the word of an action does.
fn action(word: Option<&str>) -> Action {
    match word {
        Some("permit") => Action::Permit,
        Some("deny") => Action::Deny,
        _ => Action::Unknown,
    }
}

/// One rule.
fn rule<'a>(
    family: &Family<'_, 'a>,
    name: &'a str,
    node: Node<'a>,
    parts: impl Iterator<Item = Node<'a>>,
    objects: &mut Objects<'_, 'a>,
) -> Line<'a> {
    // No page says what a rule without an action does.
    let mut draft = Draft::new(name, node, Action::Unknown);
    for part in parts {
        let words: Vec<&'a str> = keywords(part).collect();
        statement(&mut draft, part, &words, objects);
    }
    draft.line(family, &Addresses::any())
}

/// One statement of a rule.
fn statement<'a>(draft: &mut Draft<'a>, part: Node<'a>, words: &[&'a str], objects: &mut Objects<'_, 'a>) {
    match words {
        ["action", word, ..] => draft.action = action(Some(word)),
        ["disable"] | ["rule", "disable"] | ["undo", "enable"] | ["undo", "rule", "enable"] => draft.enabled = false,
        ["enable"] | ["rule", "enable"] | ["undo", "disable"] => draft.enabled = true,
        ["source-zone", zones @ ..] => draft.limit(Aspect::ZoneFrom, zones.iter().copied()),
        ["destination-zone", zones @ ..] => draft.limit(Aspect::ZoneTo, zones.iter().copied()),
        ["source-address", "address-set", names @ ..] => names.iter().for_each(|name| draft.add_set(true, name, objects)),
        ["destination-address", "address-set", names @ ..] => names.iter().for_each(|name| draft.add_set(false, name, objects)),
        ["source-address", rest @ ..] => addresses(&mut draft.sources, part, rest),
        ["destination-address", rest @ ..] => addresses(&mut draft.destinations, part, rest),
        ["source-address-exclude", ..] => draft.sources.less("source-address-exclude"),
        ["destination-address-exclude", ..] => draft.destinations.less("destination-address-exclude"),
        ["service", "any"] => {}
        ["service", "protocol", rest @ ..] => draft.add_service(huawei_service(rest), part.text()),
        ["service", names @ ..] => names.iter().for_each(|name| draft.add_named_service(name, objects)),
        ["application" | "user" | "source-user", "any"] => {}
        ["application", rest @ ..] => draft.limit(Aspect::Application, rest.last().copied().into_iter()),
        ["user" | "source-user", rest @ ..] => draft.limit(Aspect::User, rest.last().copied().into_iter()),
        ["time-range", name] => draft.time_range = Some(name),
        ["policy" | "session" | "traffic", "logging", ..] => draft.logged = Some((true, part)),
        ["description", ..] => draft.comment = part.rest("description").map(|text| (text, part)),
        [limit, value, ..] if OTHER_LIMITS.contains(limit) && *value != "any" => draft.also.push(limit),
        _ => {}
    }
}

/// Addresses that are written into a rule.
fn addresses<'a>(side: &mut Side<'a>, part: Node<'a>, words: &[&'a str]) {
    match words {
        ["any"] => side.add(Some(Addresses::any()), "any"),
        ["range", first, last, ..] => {
            let range = first.parse().ok().zip(last.parse().ok()).map(|(first, last)| Addresses::between(first, last));
            side.add(range, part.text());
        }
        _ => side.add(block(words, true), part.text()),
    }
}
