//! Security rules of every rulebase into the table `panos-rules`, in the order in which a packet meets them.
//!
//! Of a firewall: what Panorama pushed before, the virtual system's own, what it pushed behind, and the two predefined rules. Of
//! Panorama: the shared rules and those of each device group, each once.

use super::super::{Cell, Documented, Tables, Value, Why};
use super::layout::Panos;
use super::lists::{self, Objects};
use super::logging::Forwarding;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::paloalto::PANOS_RULES as TABLE;

/// Whether the end of sessions is logged by a rule that does not say so: the help of recent releases has it the other way round than
/// that of older ones.
static LOG_END: Documented = Documented {
    setting: "log-end yes, or no, by release",
    versions: "PAN-OS",
    source: "PAN-OS Web Interface Help, Policies > Security, Security Policy Actions",
};

/// The same of the start of sessions.
static LOG_START: Documented = Documented { setting: "log-start no, or yes, by release", ..LOG_END };

/// The predefined rules do not log unless they are overridden.
static PREDEFINED_LOG: Documented = Documented {
    setting: "log-end no (intrazone-default, interzone-default)",
    versions: "PAN-OS",
    source: "Palo Alto Networks PCNSA Study Guide 10, Security policy match conditions, actions, and logging options",
};

/// The predefined rules behind all others.
static PREDEFINED: Documented = Documented {
    setting: "intrazone-default allow, interzone-default deny",
    versions: "PAN-OS 6.1 and later",
    source: "PAN-OS Administrator's Guide 10.0, Policy, Security Policy; Panorama Administrator's Guide 6.1, Panorama Overview",
};

const ACTIONS: &[&str] = &["allow", "deny", "drop", "reset-both", "reset-client", "reset-server"];

/// A rule where it is written.
#[derive(Clone, Debug)]
pub(super) struct Rule<'a> {
    /// Where it is written.
    pub rulebase: &'a str,
    /// Its name.
    pub name: &'a str,
    /// None for a predefined rule that nothing overrides.
    pub node: Option<Node<'a>>,
    /// Whether it is one of the two behind all others.
    pub predefined: bool,
    /// Where its profiles are looked for first.
    place: Option<Node<'a>>,
}

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, forwarding: &[Forwarding<'a>], tables: &mut Tables<'a>) {
    let mut known: Option<(Option<Node<'a>>, Objects<'a>)> = None;
    for rule in rules(panos) {
        let place = rule.place;
        let (_, objects) = match known.take() {
            Some(same) if same.0 == place => known.insert(same),
            _ => known.insert((place, lists::objects(panos, place, &inherited(panos, place)))),
        };
        let anywhere = ["source", "destination"].map(|path| is_any(panos, &rule, path, objects));
        fill_rule(panos, &rule, (forwarding, anywhere), tables);
    }
}

/// All of them.
fn rules<'a>(panos: &Panos<'_, 'a>) -> Vec<Rule<'a>> {
    let host = panos.device.host;
    let mut all = Vec::new();
    let mut add = |base: Option<Node<'a>>, name: String, place: Option<Node<'a>>| {
        let rulebase = host.text(&name);
        let listed = base.and_then(|base| base.at("security rules")).into_iter().flat_map(Node::values);
        all.extend(listed.map(|node| Rule { rulebase, name: panos.text(node), node: Some(node), predefined: false, place }));
    };
    let top = |path: &str| panos.tops.iter().find_map(|top| top.at(path));
    if panos.is_panorama {
        add(top("shared pre-rulebase"), "shared pre".to_owned(), top("shared"));
        for (name, group) in &panos.groups {
            add(group.at("pre-rulebase"), format!("{name} pre"), Some(*group));
            add(group.at("post-rulebase"), format!("{name} post"), Some(*group));
        }
        add(top("shared post-rulebase"), "shared post".to_owned(), top("shared"));
        let overridden = top("shared post-rulebase default-security-rules rules");
        all.extend(predefined(panos, "shared default", overridden, top("shared")));
        for (name, group) in &panos.groups {
            let own = group.at("post-rulebase default-security-rules rules");
            let written = own.into_iter().flat_map(Node::values);
            let rulebase = host.text(&format!("{name} default"));
            all.extend(written.map(|node| Rule {
                rulebase,
                name: panos.text(node),
                node: Some(node),
                predefined: true,
                place: Some(*group),
            }));
        }
        return all;
    }
    add(top("panorama pre-rulebase"), "panorama pre".to_owned(), top("panorama"));
    for (name, system) in &panos.systems {
        let pushed = top(&format!("panorama vsys {name}"));
        add(pushed.and_then(|it| it.at("pre-rulebase")), format!("{name} pre"), pushed);
        add(system.at("rulebase"), (*name).to_owned(), Some(*system));
        add(pushed.and_then(|it| it.at("post-rulebase")), format!("{name} post"), pushed);
    }
    add(top("panorama post-rulebase"), "panorama post".to_owned(), top("panorama"));
    for (name, system) in &panos.systems {
        let own = system.at("rulebase default-security-rules rules");
        let pushed = top(&format!("panorama vsys {name} post-rulebase default-security-rules rules"));
        let overridden = own.or(pushed).or_else(|| top("panorama post-rulebase default-security-rules rules"));
        all.extend(predefined(panos, host.text(&format!("{name} default")), overridden, Some(*system)));
    }
    all
}

/// The most device groups above one: PAN-OS has four levels.
const ANCESTORS_MOST: usize = 16;

/// The rules that packets of a virtual system or device group meet, in their order, without the predefined ones.
pub(super) fn merged<'a>(panos: &Panos<'_, 'a>, name: &'a str, place: Node<'a>) -> Vec<Rule<'a>> {
    let top = |path: &str| panos.tops.iter().find_map(|top| top.at(path));
    let above = ancestors(panos, name);
    let pushed = top(&format!("panorama vsys {name}"));
    let outer = if panos.is_panorama { "shared" } else { "panorama" };
    let mut bases: Vec<Option<Node<'a>>> = vec![top(&format!("{outer} pre-rulebase"))];
    bases.extend(above.iter().rev().map(|group| group.at("pre-rulebase")));
    bases.extend(pushed.map(|it| it.at("pre-rulebase")));
    bases.extend(
        ["pre-rulebase", "rulebase", "post-rulebase"].iter().filter(|it| panos.is_panorama || **it == "rulebase").map(|it| place.at(it)),
    );
    bases.extend(pushed.map(|it| it.at("post-rulebase")));
    bases.extend(above.iter().map(|group| group.at("post-rulebase")));
    bases.push(top(&format!("{outer} post-rulebase")));
    let listed = bases.into_iter().flatten().filter_map(|base| base.at("security rules")).flat_map(Node::values);
    listed.map(|node| Rule { rulebase: name, name: panos.text(node), node: Some(node), predefined: false, place: Some(place) }).collect()
}

/// The device groups above one, the nearest first.
pub(super) fn ancestors<'a>(panos: &Panos<'_, 'a>, name: &str) -> Vec<Node<'a>> {
    let known = panos.tops.iter().filter_map(|top| top.at("readonly devices")).flat_map(Node::values);
    let known: Vec<Node<'a>> = known.filter_map(|device| device.at("device-group")).flat_map(Node::values).collect();
    let mut above = Vec::new();
    let mut name = name.to_owned();
    while above.len() < ANCESTORS_MOST {
        let parent = known.iter().find(|group| group.text() == name).and_then(|group| group.value("parent-dg"));
        let Some(parent) = parent else { break };
        let Some((_, group)) = panos.groups.iter().find(|(group, _)| *group == parent.text()) else { break };
        above.push(*group);
        name = parent.text().to_owned();
    }
    above
}

/// The device groups from which a place inherits objects, the nearest first; none for one of a firewall.
pub(super) fn inherited<'a>(panos: &Panos<'_, 'a>, place: Option<Node<'a>>) -> Vec<Node<'a>> {
    let name = panos.groups.iter().find(|(_, group)| Some(*group) == place).map(|(name, _)| *name);
    name.map(|name| ancestors(panos, name)).unwrap_or_default()
}

/// The two rules behind all others, overridden or not.
fn predefined<'a>(panos: &Panos<'_, 'a>, rulebase: &'a str, overridden: Option<Node<'a>>, place: Option<Node<'a>>) -> [Rule<'a>; 2] {
    ["intrazone-default", "interzone-default"].map(|name| {
        let node = overridden.and_then(|rules| rules.values().find(|rule| panos.text(*rule) == name));
        Rule { rulebase, name, node, predefined: true, place }
    })
}

fn fill_rule<'a>(
    panos: &Panos<'_, 'a>,
    rule: &Rule<'a>,
    (forwarding, [from_anywhere, to_anywhere]): (&[Forwarding<'a>], [Cell<'a>; 2]),
    tables: &mut Tables<'a>,
) {
    let device = panos.device;
    let host = device.host;
    let here = match rule.node {
        Some(node) => host.evidence(&[device.decides(node)]),
        None => host.evidence(&[super::super::Evidence::Default(&PREDEFINED), device.searched()]),
    };
    let known = |value| Cell::known(value, here);
    let value = |path: &str| rule.node.and_then(|node| node.value(path));
    let list = |path: &str| texts(panos, rule, path);
    let enabled = match value("disabled") {
        Some(node) if node.text() == "yes" => device.decided(Value::Boolean(false), node),
        _ => known(Value::Boolean(true)),
    };
    let log_setting = value("log-setting").map_or(Cell::unset(here), |node| device.decided(Value::Text(panos.text(node)), node));
    let mut row = host.row(&TABLE, super::PRODUCT.name);
    row.set(const { TABLE.column("rulebase") }, known(Value::Text(rule.rulebase)))
        .set(const { TABLE.column("rule") }, known(Value::Text(rule.name)))
        .set(const { TABLE.column("enabled") }, enabled)
        .set(const { TABLE.column("action") }, action(panos, rule))
        .set(const { TABLE.column("predefined") }, known(Value::Boolean(rule.predefined)))
        .set(const { TABLE.column("from") }, list("from"))
        .set(const { TABLE.column("to") }, list("to"))
        .set(const { TABLE.column("source") }, list("source"))
        .set(const { TABLE.column("destination") }, list("destination"))
        .set(const { TABLE.column("application") }, list("application"))
        .set(const { TABLE.column("service") }, list("service"))
        .set(const { TABLE.column("source-is-any") }, from_anywhere)
        .set(const { TABLE.column("destination-is-any") }, to_anywhere)
        .set(const { TABLE.column("log-start") }, logs(panos, rule, "log-start"))
        .set(const { TABLE.column("log-end") }, logs(panos, rule, "log-end"))
        .set(const { TABLE.column("log-setting") }, log_setting)
        .set(const { TABLE.column("forwarded") }, forwarded(panos, rule, forwarding))
        .set(const { TABLE.column("profiles") }, profiles(panos, rule));
    tables.push(row);
}

/// The action; a predefined rule has its own where nothing overrides it, any other must say it.
fn action<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>) -> Cell<'a> {
    let device = panos.device;
    let node = rule.node.and_then(|node| node.value("action"));
    match (node, rule.predefined) {
        (Some(node), _) => match ACTIONS.iter().find(|word| **word == node.text()) {
            Some(word) => device.decided(Value::Word(word), node),
            None => Cell::unknown(Why::not_understood(node.text()), device.host.evidence(&[device.decides(node)])),
        },
        (None, true) => {
            let word = if rule.name == "intrazone-default" { "allow" } else { "deny" };
            panos.unwritten("default-security-rules", device.defaulted(Value::Word(word), &PREDEFINED))
        }
        (None, false) => device.undocumented("action"),
    }
}

/// The members of a list as they are written; the predefined rules match everything.
fn texts<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>, path: &str) -> Cell<'a> {
    let device = panos.device;
    let members: Vec<Node<'a>> = rule.node.and_then(|node| node.at(path)).into_iter().flat_map(Node::values).collect();
    match (members.is_empty(), rule.predefined, rule.node) {
        (false, ..) => {
            let names: Vec<&'a str> = members.iter().map(|node| panos.text(*node)).collect();
            device.decided_by(device.host.texts(&names), &members)
        }
        (true, true, _) => device.defaulted(device.host.texts(&["any"]), &PREDEFINED),
        (true, false, Some(_)) => device.undocumented("rule members"),
        (true, false, None) => device.absent(),
    }
}

/// Whether a side is every address, whatever its objects are called: a host name, region or list is not.
fn is_any<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>, path: &str, objects: &mut Objects<'a>) -> Cell<'a> {
    let list = texts(panos, rule, path);
    let Some(node) = rule.node.filter(|_| list.value().is_some()) else {
        return list.value().map_or(list, |_| Cell::known(Value::Boolean(true), list.evidence));
    };
    let negated = node.value(&format!("negate-{path}")).filter(|node| node.text() == "yes");
    if let Some(negated) = negated {
        return panos.device.decided(Value::Boolean(false), negated);
    }
    let (set, _) = lists::addresses(panos, node, path, objects);
    let everything = node.at(path).is_none() || set.covers(&Addresses::any_four());
    Cell::known(Value::Boolean(everything), list.evidence)
}

/// Whether the start or end of sessions is logged.
pub(super) fn logs<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>, which: &str) -> Cell<'a> {
    let device = panos.device;
    let written = rule.node.and_then(|node| node.value(which));
    panos.switch(written, || match (rule.predefined, which) {
        (true, _) => panos.unwritten("default-security-rules", device.defaulted(Value::Boolean(false), &PREDEFINED_LOG)),
        (false, "log-end") => device.depends(&[Value::Boolean(true), Value::Boolean(false)], &LOG_END),
        (false, _) => device.depends(&[Value::Boolean(false), Value::Boolean(true)], &LOG_START),
    })
}

/// Where the traffic log of its sessions goes.
fn forwarded<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>, forwarding: &[Forwarding<'a>]) -> Cell<'a> {
    let device = panos.device;
    let Some(named) = rule.node.and_then(|node| node.value("log-setting")) else {
        let none = device.host.texts(&[]);
        return match rule.node {
            Some(node) => device.unless_cut(device.decided(none, node)),
            None => panos.unwritten("log-setting", device.known_absence(none)),
        };
    };
    let wanted = format!("profile {} traffic", panos.text(named));
    let found = forwarding.iter().find(|it| it.kind == wanted);
    let mut nodes = vec![named];
    let mut values: Vec<Value<'a>> = Vec::new();
    for receiver in found.into_iter().flat_map(|it| it.receivers.iter()) {
        nodes.push(receiver.node);
        values.push(receiver.address.map_or_else(Value::Opaque, Value::Text));
    }
    if let Some(node) = found.and_then(|it| it.panorama.first()) {
        nodes.push(*node);
        values.push(Value::Text("panorama"));
    }
    let cell = device.decided_by(Value::List(device.host.arena().alloc_slice_copy(&values)), &nodes);
    if found.is_none() { panos.unwritten("log-settings profiles", device.unless_cut(cell)) } else { cell }
}

/// The security profiles; those of a group that is not defined here stand for themselves.
fn profiles<'a>(panos: &Panos<'_, 'a>, rule: &Rule<'a>) -> Cell<'a> {
    let device = panos.device;
    let setting = rule.node.and_then(|node| node.at("profile-setting"));
    let mut found: Vec<(Value<'a>, Node<'a>)> = Vec::new();
    for kind in setting.and_then(|it| it.at("profiles")).into_iter().flat_map(Node::values) {
        found.extend(kind.values().map(|profile| (Value::Text(panos.text(profile)), profile)));
    }
    for named in setting.and_then(|it| it.at("group")).into_iter().flat_map(Node::values) {
        let wanted = panos.text(named);
        let places = rule.place.into_iter().chain(inherited(panos, rule.place));
        let own = places.filter_map(|place| place.at("profile-group")).flat_map(Node::values);
        let group = own.chain(panos.shared_entries("profile-group")).find(|group| panos.text(*group) == wanted);
        match group {
            Some(group) => {
                let members = group.values().flat_map(Node::values);
                found.extend(members.map(|profile| (Value::Text(panos.text(profile)), profile)));
            }
            None => found.push((Value::Opaque(wanted), named)),
        }
    }
    let values: Vec<Value<'a>> = found.iter().map(|(value, _)| *value).collect();
    let nodes: Vec<Node<'a>> = found.iter().map(|(_, node)| *node).chain(rule.node).collect();
    let list = Value::List(device.host.arena().alloc_slice_copy(&values));
    match (nodes.is_empty(), values.is_empty()) {
        (true, _) => panos.unwritten("profile-setting", device.known_absence(list)),
        (false, true) => device.unless_cut(device.decided_by(list, &nodes)),
        (false, false) => device.decided_by(list, &nodes),
    }
}
