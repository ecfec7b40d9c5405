//! What configurations of Huawei VRP and H3C Comware have in common into the rows of both products.
//!
//! Comware began as VRP: terminal lines, access lists, SNMP, the information center, NTP and headers are still written alike. What
//! differs (accounts, authentication, defaults) is in the products' own folders. Defaults hold for what the cited manual covers; both
//! vendors change them between product lines, so a default of one line decides nothing for another.

pub(super) mod access;
pub(super) mod banner;
pub(super) mod crypto;
pub(super) mod firewall;
pub(super) mod keywords;
pub(super) mod lines;
pub(super) mod lists;
pub(super) mod logic;
pub(super) mod logs;
pub(super) mod references;
pub(super) mod rules;
pub(super) mod secrets;
pub(super) mod servers;
pub(super) mod services;
pub(super) mod snmp;
pub(super) mod sources;
pub(super) mod terminal;
pub(super) mod time;
pub(super) mod users;

use super::device::cells::Device;
use super::{Cell, Documented, Host, Seen, Value};
use crate::parse::tree::Node;

/// The product line whose defaults hold, as far as the configuration shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Train {
    /// VRP8 routers: `!Software Version V800R012…` and later (NE40E, NE9000, NetEngine 8000).
    Router8,
    /// VRP8 routers before that, of which no manual was seen.
    Router8Early,
    /// USG firewalls: V500.
    Firewall,
    /// Any other VRP: S and AR (V200, V300, V600), CE (V200, V300), eNSP.
    Vrp,
    /// Comware 7 and 9.
    Comware7,
    /// Comware 5 and 3.
    Comware5,
    /// Comware of a version that is not shown.
    Comware,
}

/// A device of the family.
#[derive(Clone, Copy, Debug)]
pub(super) struct Family<'h, 'a> {
    /// Its configuration.
    pub device: Device<'h, 'a>,
    /// The product that reads it.
    pub product: &'static str,
    /// Whose defaults hold.
    pub train: Train,
}

impl<'h, 'a> Family<'h, 'a> {
    /// The device of an asset, its secrets hidden.
    pub(super) fn of(host: &'h Host<'a>, product: &'static str, train: fn(Option<&str>) -> Train) -> Result<Family<'h, 'a>, Seen> {
        let device = Device::of(host)?;
        secrets::hide_all(&device);
        Ok(Family { device, product, train: train(device.config.identity.version) })
    }

    /// Whether it is Huawei's.
    pub(super) fn is_huawei(&self) -> bool {
        matches!(self.train, Train::Router8 | Train::Router8Early | Train::Firewall | Train::Vrp)
    }

    /// The system view of the device and of every virtual system on it.
    pub(super) fn systems(&self) -> Vec<Node<'a>> {
        let root = self.device.root();
        std::iter::once(root).chain(root.all("switch vsys")).collect()
    }

    /// A text in lower case, for values that are read in any case.
    pub(super) fn lower(&self, text: &'a str) -> &'a str {
        keywords::comparable(self.device.host, text, true)
    }

    /// What stands behind a pattern's words, in lower case and with one blank between words.
    pub(super) fn values(&self, node: Node<'a>, pattern: &str) -> Option<&'a str> {
        let words: Vec<&str> = node.after(pattern)?.collect();
        Some(self.device.host.text(&words.join(" ").to_ascii_lowercase()))
    }

    /// The last top-level statement that begins with one of the patterns, and the place of that pattern.
    pub(super) fn last(&self, patterns: &[&str]) -> Option<(usize, Node<'a>)> {
        last_of(self.device.root().children(), patterns)
    }

    /// Whether the last of the statements turns something on or off.
    pub(super) fn toggled(&self, on: &[&str], off: &[&str]) -> Option<(bool, Node<'a>)> {
        self.last(&[on, off].concat()).map(|(place, node)| (place < on.len(), node))
    }

    /// The cell of a switch.
    pub(super) fn switch(&self, on: &[&str], off: &[&str], absent: Absent) -> Cell<'a> {
        match self.toggled(on, off) {
            Some((is_on, node)) => self.device.decided(Value::Boolean(is_on), node),
            None => absent.cell(&self.device),
        }
    }

    /// The texts as a list.
    pub(super) fn list(&self, items: impl IntoIterator<Item = &'a str>) -> Value<'a> {
        let items: Vec<&'a str> = items.into_iter().collect();
        self.device.host.texts(&items)
    }

    /// The words of a vocabulary as a list.
    pub(super) fn words(&self, items: &[&'static str]) -> Value<'a> {
        Value::List(self.device.host.arena().alloc_slice_fill_iter(items.iter().map(|item| Value::Word(item))))
    }
}

/// What a switch is that is not written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Absent {
    /// Always so.
    Is(bool, &'static Documented),
    /// By version or model.
    Either(&'static Documented),
    /// No page of the vendor says it.
    Undocumented(&'static str),
}

impl Absent {
    /// The cell.
    pub(super) fn cell<'a>(self, device: &Device<'_, 'a>) -> Cell<'a> {
        match self {
            Absent::Is(on, documented) => device.defaulted(Value::Boolean(on), documented),
            Absent::Either(documented) => device.depends(&[Value::Boolean(false), Value::Boolean(true)], documented),
            Absent::Undocumented(setting) => device.undocumented(setting),
        }
    }
}

/// The last of some statements that begins with one of the patterns, and the place of that pattern.
pub(super) fn last_of<'a>(nodes: impl Iterator<Item = Node<'a>>, patterns: &[&str]) -> Option<(usize, Node<'a>)> {
    let place = |node: Node<'a>| patterns.iter().position(|pattern| node.starts(pattern));
    nodes.filter_map(|node| Some((place(node)?, node))).last()
}
