//! `config system interface` into the rows of `fortios-interfaces`, and what each interface answers.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Entry, Forti};
use crate::facts::{Cell, Tables, Value};
use crate::parse::fortios;
use crate::parse::tree::Node;
use crate::reckon::network::Addresses;
use crate::schema::fortinet::FORTIOS_INTERFACES;

/// A way of administration that an interface answers, and the statement that says so.
pub(super) type Offer<'a> = (&'a str, Node<'a>);

/// An interface.
#[derive(Debug)]
pub(super) struct Interface<'a> {
    /// Its statements.
    pub entry: Entry<'a>,
    /// What it answers over IPv4, on its own and its secondary addresses.
    pub four: Vec<Offer<'a>>,
    /// What it answers over IPv6.
    pub six: Vec<Offer<'a>>,
    /// Whether it is up by configuration.
    pub up: bool,
}

impl<'a> Interface<'a> {
    /// The statements by which it answers a way of administration, over IPv4 and over IPv6.
    pub(super) fn offers(&self, way: &str) -> (Vec<Node<'a>>, Vec<Node<'a>>) {
        let of = |offers: &[Offer<'a>]| offers.iter().filter(|(word, _)| *word == way).map(|(_, node)| *node).collect();
        (of(&self.four), of(&self.six))
    }

    /// Whether it may have an address of IPv4, and of IPv6.
    pub(super) fn speaks(&self) -> (bool, bool) {
        let below = |node: &Node<'a>| node.is("config ipv6");
        let leased = self.entry.value("mode").is_some_and(|(text, _)| text != "static");
        let own = self.entry.value("ip").is_some_and(|(text, _)| text != "0.0.0.0");
        (leased || own, self.entry.blocks.iter().any(|block| block.children().any(|node| below(&node))))
    }

    /// The addresses that are written of it; none where it is given them by a server.
    pub(super) fn addresses(&self, six: bool) -> Addresses {
        let below = |section: &str, holder: &[Node<'a>]| {
            let sections = holder.iter().flat_map(|block| block.children()).filter(|node| node.is(section));
            sections.collect::<Vec<_>>()
        };
        let edits = |sections: &[Node<'a>]| sections.iter().flat_map(|section| section.children()).collect::<Vec<_>>();
        let (setting, own, more) = if six {
            let own = below("config ipv6", &self.entry.blocks);
            let more = edits(&below("config ip6-extra-addr", &own));
            ("ip6-address", own, more)
        } else {
            ("ip", self.entry.blocks.clone(), edits(&below("config secondaryip", &self.entry.blocks)))
        };
        let places = own.into_iter().chain(more.iter().copied());
        let written = places.filter_map(|place| {
            let text = fortios::values(&[place], setting).values.first().copied().or_else(|| place.word(1).filter(|_| six))?;
            text.split('/').next()?.parse::<IpAddr>().ok().filter(|address| !address.is_unspecified())
        });
        Addresses::of(written.map(IpNet::from))
    }

    /// Whether it has the role of an outside interface.
    pub(super) fn is_outside(&self) -> bool {
        self.entry.says("role", "wan")
    }
}

impl<'a> Forti<'_, 'a> {
    /// Adds the rows, and gives the interfaces.
    pub(super) fn push_interfaces(&self, tables: &mut Tables<'a>) -> Vec<Interface<'a>> {
        let interfaces: Vec<Interface<'a>> = self.entries("config system interface").into_iter().map(interface).collect();
        for interface in &interfaces {
            self.push_interface(tables, interface);
        }
        interfaces
    }

    fn push_interface(&self, tables: &mut Tables<'a>, interface: &Interface<'a>) {
        let (shown, entry) = (&self.shown, &interface.entry);
        let head = entry.head();
        let enabled = match entry.value("status") {
            Some((text, node)) => shown.device.decided(Value::Boolean(text != "down"), node),
            None => shown.device.decided(Value::Boolean(true), head),
        };
        let role = match entry.value("role") {
            Some((text, node)) => shown.device.decided(Value::Text(text), node),
            None => shown.unless_gap(shown.device.decided(Value::Text("undefined"), head)),
        };
        let mut items: Vec<(&'a str, Node<'a>)> = interface.four.iter().chain(&interface.six).copied().collect();
        items.sort_by_key(|(word, _)| *word);
        items.dedup_by_key(|(word, _)| *word);
        let none = |value| Cell { evidence: shown.device.decided(value, head).evidence, ..shown.known_absence(value) };
        let empty = shown.device.host.texts(&[]);
        let access = if items.is_empty() { none(empty) } else { shown.texts(&items) };
        let addresses: Vec<(&'a str, Node<'a>)> = entry
            .values("ip")
            .statements
            .last()
            .filter(|_| !entry.values("ip").values.is_empty())
            .map(|node| (self.text(&entry.values("ip").values.join(" ")), *node))
            .into_iter()
            .collect();
        let addresses = if addresses.is_empty() { none(empty) } else { shown.texts(&addresses) };
        let cells = [
            ("interface", shown.device.decided(Value::Text(entry.name), head)),
            ("enabled", enabled),
            ("role", role),
            ("allow-access", access),
            ("addresses", addresses),
        ];
        shown.push(tables, &FORTIOS_INTERFACES, entry.vdom, &cells);
    }
}

/// Reads an interface.
fn interface(entry: Entry<'_>) -> Interface<'_> {
    let mut four = offers(&entry.blocks, "allowaccess");
    let below = |section: &str| entry.blocks.iter().flat_map(|block| block.children()).filter(|node| node.is(section)).collect::<Vec<_>>();
    // `secondary-IP disable` leaves the addresses in the configuration and takes them off the interface.
    if entry.says("secondary-IP", "enable") {
        for edit in below("config secondaryip").iter().flat_map(|section| section.children()).filter(|node| node.starts("edit")) {
            four.extend(offers(&[edit], "allowaccess"));
        }
    }
    let six = offers(&below("config ipv6"), "ip6-allowaccess");
    let up = !entry.says("status", "down");
    Interface { four, six, up, entry }
}

/// What blocks say that is answered.
fn offers<'a>(blocks: &[Node<'a>], setting: &str) -> Vec<Offer<'a>> {
    let values = fortios::values(blocks, setting);
    let Some(node) = values.statements.last().copied() else { return Vec::new() };
    values.values.into_iter().map(|word| (word, node)).collect()
}
