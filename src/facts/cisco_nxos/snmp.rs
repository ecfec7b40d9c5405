//! `snmp-server` into `snmp` and `nxos-communities`.

use super::super::cisco_words::{is_known_community, is_masked, networks, push, snmp_protection};
use super::{NAME, Nexus};
use crate::facts::joined::access_rules::through;
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Matching, Ports, Service};
use crate::reckon::network::Addresses;
use crate::schema::neutral::SNMP;
use crate::schema::nxos::NXOS_COMMUNITIES;

/// `snmp-server globalEnforcePriv`.
pub(super) static NOT_ENFORCED: Documented = Documented {
    setting: "no snmp-server globalEnforcePriv",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 9000 Series NX-OS System Management Configuration Guide, Configuring SNMP",
};

static UNCLEAR: Phrase = Phrase { zh: "ACL {} 放行的来源无法确定", en: "what the list {} lets through cannot be decided" };

/// Roles that may change the device.
const WRITING: &[&str] = &["network-admin", "vdc-admin", "rw"];

/// A community or user with its list, which stands in a statement of its own.
struct Holder<'a> {
    key: &'a str,
    node: Node<'a>,
    role: Option<&'a str>,
    list: Option<(&'a str, Node<'a>)>,
    auth: &'static str,
    privacy: &'static str,
}

/// Statements about one community or user made one.
fn holders<'a>(nodes: Vec<Node<'a>>) -> Vec<Holder<'a>> {
    let mut found: Vec<Holder<'a>> = Vec::new();
    for node in nodes {
        let words: Vec<&'a str> = node.words().collect();
        let Some(key) = words.get(2).copied() else { continue };
        let at = found.iter().position(|holder| holder.key == key).unwrap_or_else(|| {
            found.push(Holder { key, node, role: None, list: None, auth: "none", privacy: "none" });
            found.len() - 1
        });
        let holder = &mut found[at];
        let behind = |word: &str| words.iter().position(|it| *it == word).and_then(|at| words.get(at + 1)).copied();
        let list = behind("use-acl").or_else(|| behind("use-ipv4acl"));
        holder.list = list.map(|list| (list, node)).or(holder.list);
        let third = words.get(3).copied().filter(|word| !["auth", "use-acl", "use-ipv4acl", "use-ipv6acl", "group"].contains(word));
        holder.role = behind("group").or(third).or(holder.role);
        if words.contains(&"auth") {
            (holder.auth, holder.privacy) = snmp_protection(&words);
        }
    }
    found
}

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    for (at, holder) in holders(nexus.live("snmp-server community")).iter().enumerate() {
        nexus.push_community(tables, at + 1, holder);
    }
    for holder in &holders(nexus.live("snmp-server user")) {
        let own = nexus.device.decided(Value::Boolean(false), holder.node);
        nexus.push_row(tables, holder, (holder.key, "v3"), own);
    }
}

impl<'a> Nexus<'_, 'a> {
    fn push_community(&self, tables: &mut Tables<'a>, number: usize, holder: &Holder<'a>) {
        let device = &self.device;
        let own = |value| device.decided(value, holder.node);
        let name = device.host.text(&format!("community {number}"));
        let known = if is_masked(holder.key) {
            Cell::unknown(Why::not_understood("community"), own(Value::Never).evidence)
        } else {
            own(Value::Boolean(is_known_community(holder.key)))
        };
        let works = match holder.list {
            None => device.unless_cut(own(Value::Boolean(false))),
            Some((list, node)) => match self.list(list, false).filter(|list| !list.lines.is_empty()) {
                Some(list) => {
                    Cell::known(Value::Boolean(true), device.host.evidence(&[device.decides(node), device.reference(list.header)]))
                }
                None => device.unless_cut(device.decided(Value::Boolean(false), node)),
            },
        };
        let cells = [
            (const { NXOS_COMMUNITIES.column("name") }, own(Value::Text(name))),
            (const { NXOS_COMMUNITIES.column("group") }, holder.role.map_or_else(|| device.absent(), |role| own(Value::Text(role)))),
            (
                const { NXOS_COMMUNITIES.column("list") },
                holder.list.map_or_else(|| device.absent(), |(list, node)| device.decided(Value::Text(list), node)),
            ),
            (const { NXOS_COMMUNITIES.column("list-works") }, works),
            (const { NXOS_COMMUNITIES.column("vendor-default") }, known),
        ];
        push(device, tables, (&NXOS_COMMUNITIES, NAME), &cells);
        self.push_row(tables, holder, (name, "v1"), known);
    }

    fn push_row(&self, tables: &mut Tables<'a>, holder: &Holder<'a>, (name, version): (&'a str, &'static str), known: Cell<'a>) {
        let device = &self.device;
        let own = |value| device.decided(value, holder.node);
        let writes = holder.role.is_some_and(|role| WRITING.contains(&role));
        let lists: Vec<(&'a str, Node<'a>)> = holder.list.into_iter().collect();
        let cells = [
            (const { SNMP.column("name") }, own(Value::Text(name))),
            (const { SNMP.column("version") }, own(Value::Word(version))),
            (const { SNMP.column("access") }, own(Value::Word(if writes { "write" } else { "read" }))),
            (const { SNMP.column("sources") }, self.snmp_sources(holder)),
            (const { SNMP.column("sources-restricted-by") }, device.texts(&lists)),
            (const { SNMP.column("auth") }, own(Value::Word(holder.auth))),
            (const { SNMP.column("privacy") }, own(Value::Word(holder.privacy))),
            (const { SNMP.column("vendor-default") }, known),
        ];
        push(device, tables, (&SNMP, NAME), &cells);
    }

    fn snmp_sources(&self, holder: &Holder<'a>) -> Cell<'a> {
        let device = &self.device;
        let all = if self.ipv6().is_some() { Addresses::any() } else { Addresses::any_four() };
        let mut pieces: Vec<Evidence<'a>> = vec![device.decides(holder.node)];
        pieces.extend(holder.list.map(|(_, node)| device.decides(node)));
        let Some((name, list)) =
            holder.list.and_then(|(name, _)| Some((name, self.list(name, false).filter(|list| !list.lines.is_empty())?)))
        else {
            return device.unless_cut(networks(device.host, &all, device.host.evidence(&pieces)));
        };
        pieces.push(device.reference(list.header));
        let entries: Vec<_> = list.lines.iter().map(|line| line.entry.clone()).collect();
        let towards = Matching { sources: all, services: vec![Service::udp(Ports::only(161))], ..Matching::any() };
        let evidence = device.host.evidence(&pieces);
        match through(device.host, &entries, &towards, Action::Deny) {
            Some(found) if found.surely == found.possibly => networks(device.host, &found.surely, evidence),
            _ => Cell::unknown(Why::new("list-not-decided", &UNCLEAR, name), evidence),
        }
    }
}
