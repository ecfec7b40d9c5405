//! Ordered lists of entries that permit or deny packets into what each entry really does: reached or shadowed, by whom, and who gets through.
//!
//! # The model
//!
//! A packet is a point: protocol, source, destination, source port, destination port, and one value of each [`Aspect`]. IPv4 and IPv6
//! are two spaces that never meet. An [`Entry`] matches the points of its [`Matching`]; the first enabled entry that matches decides.
//! All answers are exact for that model: shadowing by the *union* of earlier entries is found, and what is called reachable is shown
//! with a packet that reaches it. What cannot be decided (a bound was hit, an earlier entry was not understood) is `Undetermined`.
//!
//! # How a product translates an entry
//!
//! * Start from [`Matching::any`] and narrow it: `Matching { sources, services: vec![Service::tcp(Ports::only(22))], ..Matching::any() }`.
//!   A list that sees only IPv4 has [`Addresses::any_four`] for an absent address; a list for both families [`Addresses::any`].
//! * Netmask and prefix forms: [`Addresses::of`]; ranges: [`Addresses::between`]; wildcard masks: [`wildcard()`]; negation:
//!   `Addresses::any().subtract(&named)`; `eq gt lt neq range`: [`Ports`]; ICMP types: [`Service::icmp`].
//! * Named objects and groups: [`groups::Groups`].
//! * TCP `established` is [`Aspect::TcpFlags`] with the words `["ack", "rst"]`, so that it covers a plain `ack`.
//! * A condition that is none of the aspects (DSCP, time to live, a VPN instance, a URL category, …) is a word in [`Matching::also`].
//! * A time range or schedule: [`Matching::timed`]. An object that is not resolvable at rest (a host name, a dynamic group), a mask
//!   that [`wildcard()`] refuses, or a part that was not understood: leave that side as wide as it can be and clear
//!   [`Matching::exact`]. An entry of which nothing was understood is `Matching::unreadable()`.
//! * `next term`, `count`, remarks with effect: [`Action::Other`], which decides nothing; an action that was not understood:
//!   [`Action::Unknown`].
//!
//! # What the conditions do
//!
//! | earlier entry | shadows a later one | effect on a later one's reachability |
//! | --- | --- | --- |
//! | exact, no `also` beyond the later one's | yes, alone or with others | takes its packets |
//! | has an `also` that the later one lacks | no | none: some packet lacks that property |
//! | timed | no | none: it is not always in force |
//! | not exact, or [`Action::Unknown`] | no | what it might take is not known |
//! | disabled, or [`Action::Other`] | no | none |
//!
//! Words of one aspect are taken as different values of which a packet has one, or another one that nobody names: two user groups are
//! told apart although a person may be in both. That never claims a shadow which is not there; it may call an entry reachable whose
//! only users are all in an earlier group too, which no configuration shows.
//!
//! Fragments after the first carry no ports; unless a platform's list says otherwise, entries are judged for whole packets and first
//! fragments.

mod any_any;
mod cover;
pub mod groups;
mod judge;
mod lower;
mod order;
mod permitted;
mod ports;
mod region;
mod service;
#[cfg(test)]
mod tests;
mod tree;
mod wildcard;

pub use any_any::{Wide, any_any};
pub use cover::Bounds;
pub use judge::{Because, Judged, Packet, Reach, judge};
pub use lower::REGIONS_MOST;
pub use order::{DepthFirst, depth_first};
pub use permitted::{Sources, permitted_sources};
pub use ports::Ports;
pub use service::Service;
pub use wildcard::{WILDCARD_BITS_MOST, wildcard};

use super::network::Addresses;

/// What an entry does to the packets that it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Lets them through.
    Permit,
    /// Drops or rejects them.
    Deny,
    /// Decides nothing: the next entries are asked (`next term`, counting, marking).
    Other,
    /// One of these, and not understood which.
    Unknown,
}

/// A property of packets besides addresses, protocol and ports, of which a packet has exactly one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Flags of TCP: `ack`, `rst`, `syn`.
    TcpFlags,
    /// `fragment` for fragments after the first.
    Fragments,
    /// Zone or interface that it comes from.
    ZoneFrom,
    /// Zone or interface that it goes to.
    ZoneTo,
    /// Application that the firewall recognises.
    Application,
    /// User or group of users.
    User,
}

impl Aspect {
    /// Every aspect.
    pub const ALL: [Aspect; 6] = [Aspect::TcpFlags, Aspect::Fragments, Aspect::ZoneFrom, Aspect::ZoneTo, Aspect::Application, Aspect::User];
}

/// The packets that an entry matches: all of its parts must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matching<'a> {
    /// Where packets may come from.
    pub sources: Addresses,
    /// Where packets may go to.
    pub destinations: Addresses,
    /// Protocols and ports, any of them; the empty list matches nothing.
    pub services: Vec<Service>,
    /// For an aspect, the words of which one must hold; an aspect that is not listed is not looked at, an empty list matches nothing.
    pub restrictions: Vec<(Aspect, Vec<&'a str>)>,
    /// Further conditions, all of which must hold, in the list's own words.
    pub also: Vec<&'a str>,
    /// In force at some times only.
    pub timed: bool,
    /// Whether all of this is exactly what the entry matches; otherwise the entry matches this or less.
    pub exact: bool,
}

impl<'a> Matching<'a> {
    /// Every packet of both families.
    pub fn any() -> Matching<'a> {
        Matching {
            sources: Addresses::any(),
            destinations: Addresses::any(),
            services: vec![Service::any()],
            restrictions: Vec::new(),
            also: Vec::new(),
            timed: false,
            exact: true,
        }
    }

    /// What an entry matches of which nothing was understood: anything or nothing.
    pub fn unreadable() -> Matching<'a> {
        Matching { exact: false, ..Matching::any() }
    }

    /// The words that an aspect is restricted to, if it is.
    pub fn words(&self, aspect: Aspect) -> Option<&[&'a str]> {
        self.restrictions.iter().find(|(restricted, _)| *restricted == aspect).map(|(_, words)| words.as_slice())
    }
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What it does.
    pub action: Action,
    /// What it does it to.
    pub matching: Matching<'a>,
    /// Whether it is in force; one that is disabled or inactive matches nothing.
    pub enabled: bool,
}

impl<'a> Entry<'a> {
    /// An enabled entry.
    pub fn new(action: Action, matching: Matching<'a>) -> Entry<'a> {
        Entry { action, matching, enabled: true }
    }

    /// Whether it surely decides every packet of its matching, but for further conditions that are left to the caller.
    fn is_firm(&self) -> bool {
        self.is_always() && self.matching.exact && matches!(self.action, Action::Permit | Action::Deny)
    }

    /// Whether it may decide packets of its matching, without being sure.
    fn is_vague(&self) -> bool {
        self.is_always() && self.action != Action::Other && !self.is_firm()
    }

    /// Whether it is in force at all times.
    fn is_always(&self) -> bool {
        self.enabled && !self.matching.timed
    }
}
