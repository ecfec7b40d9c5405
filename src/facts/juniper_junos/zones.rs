//! `host-inbound-traffic` of security zones into whether a way in is let in to the device at all, and logical systems into what is not
//! known beside the main one.
//!
//! A firewall drops what is sent to itself unless the zone of the interface lets it in, and what an interface says of it takes the place
//! of what its zone says. The management port is in no zone. A device that forwards packet by packet has no zones.

use super::Junos;
use crate::facts::{Cell, Documented, Evidence, Tables, Value, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::Table;
use crate::schema::juniper::{JUNOS_CLASSES, JUNOS_FILTERS, JUNOS_POLICIES};
use crate::schema::neutral::{ACCESS_RULES, ACCOUNTS, PRIVILEGES, REFERENCES};

static DROPPED: Documented = Documented {
    setting: "host-inbound-traffic: what no zone or interface names is dropped",
    versions: "Junos 12.2 and later on SRX and J Series",
    source: "Junos 12.2, Understanding How to Control Inbound Traffic Based on Traffic Types",
};
static UNCLEAR: Phrase = Phrase {
    zh: "host-inbound-traffic 是否放行 {} 无法从配置确定",
    en: "whether host-inbound-traffic lets {} in is not decided by the configuration",
};
static LOGICAL: Phrase =
    Phrase { zh: "逻辑系统 {} 中的语句不在判定范围内", en: "what the logical system {} holds is not judged" };

/// The most zones and interfaces that are shown beside one way in.
const SHOWN_MOST: usize = 8;

/// A way in as zones name it.
pub(super) struct Sent<'a> {
    /// The statement of the service.
    pub node: Node<'a>,
    /// Words of `system-services` that let it in; none where no page says which does.
    pub words: &'static [&'static str],
    /// Whether it answers at its usual port, for which those words stand.
    pub usual: bool,
}

/// What a place does with a way in, and the statement that says so.
#[derive(Clone, Copy)]
enum Place<'a> {
    Open(Node<'a>),
    Unclear(Node<'a>),
    Closed,
}

impl<'a> Junos<'_, 'a> {
    /// Whether a way in is open: its service runs, and some zone lets it in where there are zones.
    pub(super) fn let_in(&self, sent: &Sent<'a>) -> Cell<'a> {
        let device = &self.shown.device;
        let zones = self.zones();
        if zones.is_empty() || self.is_packet_mode() {
            return device.decided(Value::Boolean(true), sent.node);
        }
        let places: Vec<Place<'a>> = zones.iter().flat_map(|zone| places(*zone, sent)).chain(self.management_ports()).collect();
        let open = places.iter().find_map(|place| if let Place::Open(node) = place { Some(*node) } else { None });
        let unclear = places.iter().find_map(|place| if let Place::Unclear(node) = place { Some(*node) } else { None });
        let with = |more: &[Evidence<'a>]| {
            let pieces: Vec<Evidence<'a>> = std::iter::once(device.decides(sent.node)).chain(more.iter().copied()).collect();
            device.host.evidence(&pieces)
        };
        match (open, unclear) {
            (Some(node), _) => Cell::known(Value::Boolean(true), with(&[device.reference(node)])),
            (None, Some(node)) => {
                let why = Why::new("zone-not-decided", &UNCLEAR, sent.node.text());
                Cell::unknown(why, with(&[device.reference(node)]))
            }
            (None, None) => {
                let shown = zones.iter().take(SHOWN_MOST).map(|zone| device.reference(*zone));
                let pieces: Vec<Evidence<'a>> = std::iter::once(Evidence::Default(&DROPPED)).chain(shown).collect();
                self.shown.unless_gap(Cell::known(Value::Boolean(false), with(&pieces)))
            }
        }
    }

    /// Every zone, those of logical systems and tenants included.
    fn zones(&self) -> Vec<Node<'a>> {
        let holders = std::iter::once(self.root).chain(self.logical());
        let all = holders.filter_map(|holder| holder.at("security zones"));
        all.flat_map(|zones| ["security-zone", "functional-zone"].into_iter().filter_map(move |kind| zones.at(kind)))
            .flat_map(Node::values)
            .collect()
    }

    /// Whether packets are forwarded one by one, past all zones.
    fn is_packet_mode(&self) -> bool {
        let modes =
            ["inet", "mpls"].into_iter().filter_map(|family| self.value(&format!("security forwarding-options family {family} mode")));
        modes.into_iter().any(|(mode, _)| mode == "packet-based")
    }

    /// Ports for management alone, which are in no zone: open where they have an address. One in a group of which it is not decided
    /// whether it holds may be there.
    fn management_ports(&self) -> Vec<Place<'a>> {
        let addressed = |node: &Node<'a>| {
            let mut families = node.at("unit").into_iter().flat_map(Node::values).filter_map(|unit| unit.at("family"));
            families.any(|family| ["inet", "inet6"].iter().any(|name| family.at(name).is_some()))
        };
        let of = |holder: Node<'a>| {
            let interfaces = holder.at("interfaces").into_iter().flat_map(Node::values);
            interfaces.filter(|node| is_management(node.text())).filter(addressed).collect::<Vec<_>>()
        };
        let groups = self.root.at("groups").into_iter().flat_map(Node::values);
        let own = of(self.root).into_iter().map(Place::Open);
        own.chain(groups.flat_map(of).map(Place::Unclear)).collect()
    }

    /// Logical systems and tenants.
    fn logical(&self) -> Vec<Node<'a>> {
        ["logical-systems", "tenants"].into_iter().filter_map(|kind| self.root.at(kind)).flat_map(Node::values).collect()
    }

    /// A limit that the main system shows, or unknown where interfaces of a logical system may be a way past it.
    pub(super) fn unless_beside(&self, cell: Cell<'a>, limited: bool) -> Cell<'a> {
        let beside = self.logical().into_iter().find(|system| system.at("interfaces").is_some());
        match beside.filter(|_| limited) {
            Some(system) => {
                let pieces: Vec<Evidence<'a>> = cell.evidence.iter().copied().chain([self.shown.device.reference(system)]).collect();
                Cell::unknown(Why::new("logical-system", &LOGICAL, system.text()), self.shown.device.host.evidence(&pieces))
            }
            None => cell,
        }
    }

    /// Adds a gap row to every table of which a logical system may hold rows.
    pub(super) fn note_logical(&self, tables: &mut Tables<'a>) {
        const HELD: [(&str, &[&Table]); 4] = [
            ("firewall", &[&ACCESS_RULES, &REFERENCES]),
            ("interfaces", &[&JUNOS_FILTERS]),
            ("security", &[&ACCESS_RULES, &JUNOS_POLICIES, &REFERENCES]),
            ("system login", &[&ACCOUNTS, &JUNOS_CLASSES, &PRIVILEGES]),
        ];
        for system in self.logical() {
            let why = Why::new("logical-system", &LOGICAL, system.text());
            for table in HELD.iter().filter(|(path, _)| system.at(path).is_some()).flat_map(|(_, tables)| *tables) {
                tables.push(self.shown.device.host.gap(table, self.shown.product, why));
            }
        }
    }
}

/// What the interfaces of a zone do with a way in.
fn places<'a>(zone: Node<'a>, sent: &Sent<'a>) -> Vec<Place<'a>> {
    let of_zone = zone.at("host-inbound-traffic system-services").map_or(Place::Closed, |services| admits(services, sent));
    let interfaces = zone.at("interfaces").into_iter().flat_map(Node::values);
    let of_interface = |interface: Node<'a>| match (interface.at("host-inbound-traffic"), of_zone) {
        (None, _) => of_zone,
        (Some(own), _) if own.at("system-services").is_some() => {
            own.at("system-services").map_or(Place::Closed, |services| admits(services, sent))
        }
        // It names protocols alone: whether that takes away the services of the zone, no page was found that says.
        (Some(own), Place::Open(_) | Place::Unclear(_)) => Place::Unclear(own),
        (Some(_), Place::Closed) => Place::Closed,
    };
    interfaces.map(of_interface).collect()
}

/// What a list of services does with a way in. `except` takes a service away from `all`.
fn admits<'a>(services: Node<'a>, sent: &Sent<'a>) -> Place<'a> {
    let listed: Vec<Node<'a>> = services.values().collect();
    let named = |word: &str| listed.iter().find(|node| node.text() == word).copied();
    let whole = |word: &str| named(word).filter(|node| node.at("except").is_none());
    if let Some(node) = whole("any-service") {
        return Place::Open(node);
    }
    let own: Vec<Node<'a>> = sent.words.iter().filter_map(|word| named(word)).collect();
    let stated = own.iter().find(|node| node.at("except").is_none()).copied();
    let taken = sent.words.iter().all(|word| named(word).is_some_and(|node| node.at("except").is_some()));
    let found = stated.or_else(|| whole("all").filter(|_| sent.words.is_empty() || !taken));
    match found {
        Some(node) if sent.usual && !sent.words.is_empty() => Place::Open(node),
        Some(node) => Place::Unclear(node),
        None if sent.words.is_empty() && !listed.is_empty() => Place::Unclear(services),
        None => Place::Closed,
    }
}

/// Whether an interface is a port for management alone: `fxp0`, `em0`, `me0`, `vme`.
fn is_management(name: &str) -> bool {
    ["fxp", "em", "me", "vme"].iter().any(|kind| name.strip_prefix(kind).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())))
}
