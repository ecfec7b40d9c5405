//! The text of one entry into what it matches.
//!
//! `evaluate` asks a list of sessions that the device has seen begin: it decides nothing of its own here. An entry of which nothing is
//! understood matches anything or nothing.

use std::net::{IpAddr, Ipv4Addr};

use bumpalo::Bump;
use ipnet::IpNet;

use super::Listed;
use super::objects::Objects;
use super::words::{self, Protocol};
use crate::facts::joined::access_rules::Part;
use crate::parse::tree::Node;
use crate::reckon::access_list::{Action, Aspect, Entry, Matching, Ports, Service, wildcard};
use crate::reckon::network::Addresses;

/// How the entries of a list are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// Sources alone, of IPv4.
    Standard,
    /// Protocol, sources and destinations of IPv4.
    Extended,
    /// The same of IPv6.
    Six,
}

impl Form {
    fn any(self) -> Addresses {
        if self == Form::Six { Addresses::any_six() } else { Addresses::any_four() }
    }
}

/// What a line of a list is.
pub(super) enum Read<'a> {
    /// An entry, and its number where one is written.
    Entry(Box<Listed<'a>>, Option<u64>),
    /// A remark.
    Remark(&'a str),
    /// None of these.
    Nothing,
}

/// The words of an entry, taken one by one.
struct Cursor<'w, 'o, 'h, 'a> {
    words: &'w [&'a str],
    at: usize,
    form: Form,
    arena: &'a Bump,
    objects: &'o mut Objects<'h, 'a>,
    listed: Listed<'a>,
}

/// Reads a line of a list.
pub(super) fn read_entry<'a>(arena: &'a Bump, objects: &mut Objects<'_, 'a>, node: Node<'a>, (text, form): (&'a str, Form)) -> Read<'a> {
    let all: Vec<&'a str> = text.split_ascii_whitespace().collect();
    let is_number = |word: &&str| word.bytes().all(|it| it.is_ascii_digit());
    let (number, words) = match &all[..] {
        ["sequence", number, rest @ ..] => (Some(*number), rest),
        [number, rest @ ..] if is_number(number) => (Some(*number), rest),
        rest => (None, rest),
    };
    let at_the_end = words.iter().position(|word| *word == "sequence").and_then(|at| words.get(at + 1)).copied();
    let number = number.or(at_the_end.filter(|_| form == Form::Six));
    let (dynamic, words) = dynamic(words);
    let (action, rest) = match words {
        ["permit", rest @ ..] => (Action::Permit, rest),
        ["deny", rest @ ..] => (Action::Deny, rest),
        ["evaluate", ..] => (Action::Other, &words[..0]),
        ["remark", ..] => return Read::Remark(behind(text, "remark")),
        [] | ["no" | "default" | "exit" | "description", ..] => return Read::Nothing,
        _ => (Action::Unknown, &words[..0]),
    };
    let listed = Listed {
        name: number.unwrap_or(text),
        node,
        entry: Entry::new(action, Matching { sources: form.any(), destinations: form.any(), ..Matching::any() }),
        time_range: None,
        logged: false,
        unclear: Vec::new(),
        groups: Vec::new(),
        remark: None,
        number: 0,
    };
    let mut cursor = Cursor { words: rest, at: 0, form, arena, objects, listed };
    let understood = match action {
        Action::Permit | Action::Deny => cursor.matching().is_some(),
        Action::Other => true,
        Action::Unknown => false,
    };
    let mut listed = cursor.listed;
    listed.entry.matching.also.extend(dynamic);
    if !understood {
        listed.entry.matching = Matching { sources: form.any(), destinations: form.any(), ..Matching::unreadable() };
        listed.unclear = vec![Part::Everything];
    }
    listed.entry.matching.exact = listed.unclear.is_empty();
    listed.entry.matching.timed = listed.time_range.is_some();
    Read::Entry(Box::new(listed), number.and_then(|number| number.parse().ok()))
}

/// `dynamic NAME [timeout MINUTES]`: the entry holds for those who have logged in.
fn dynamic<'w, 'a>(words: &'w [&'a str]) -> (Option<&'a str>, &'w [&'a str]) {
    match words {
        ["dynamic", name, "timeout", _, rest @ ..] | ["dynamic", name, rest @ ..] => (Some(name), rest),
        _ => (None, words),
    }
}

/// The text behind a word.
fn behind<'a>(text: &'a str, word: &str) -> &'a str {
    text.split_once(word).map_or("", |(_, rest)| rest).trim()
}

impl<'a> Cursor<'_, '_, '_, 'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.at += 1;
        Some(word)
    }

    fn left(&self) -> &[&'a str] {
        &self.words[self.at.min(self.words.len())..]
    }

    /// Everything behind the action; none where it is not understood.
    fn matching(&mut self) -> Option<()> {
        if self.form == Form::Standard {
            self.listed.entry.matching.sources = self.side(Part::Sources)?;
            return self.tail();
        }
        let protocol = self.protocol()?;
        self.listed.entry.matching.sources = self.side(Part::Sources)?;
        let from = self.ports()?;
        self.listed.entry.matching.destinations = self.side(Part::Destinations)?;
        let to = self.ports()?;
        let services = match protocol {
            Protocol::Icmp => self.messages(),
            protocol => protocol.services(&from, &to),
        };
        match services {
            Some(services) => self.listed.entry.matching.services = services,
            None => self.listed.unclear.push(Part::Services),
        }
        self.tail()
    }

    fn protocol(&mut self) -> Option<Protocol> {
        match self.next()? {
            "object-group" => {
                let name = self.next()?;
                self.listed.groups.push((name, self.objects.definition(name)));
                Some(Protocol::Group(self.objects.services(name)))
            }
            word => words::protocol(word),
        }
    }

    /// One side's addresses; as wide as can be where a group or mask is not known.
    fn side(&mut self, part: Part) -> Option<Addresses> {
        let found = match self.next()? {
            "any" | "any4" | "any6" => return Some(self.form.any()),
            "host" => return Some(Addresses::of([IpNet::from(self.next()?.parse::<IpAddr>().ok()?)])),
            "object-group" | "addrgroup" => {
                let name = self.next()?;
                self.listed.groups.push((name, self.objects.definition(name)));
                self.objects.addresses(name).map(|all| all.intersection(&self.form.any()))
            }
            "fqdn-group" | "fqdn" => self.next().and(None),
            block if self.form == Form::Six => return Some(Addresses::of([block.parse::<IpNet>().ok()?.trunc()])),
            address => {
                let address: Ipv4Addr = address.parse().ok()?;
                match self.peek().and_then(|mask| mask.parse::<Ipv4Addr>().ok()) {
                    Some(mask) => {
                        self.at += 1;
                        wildcard(address, mask)
                    }
                    None if self.form == Form::Standard => Some(Addresses::of([IpNet::from(IpAddr::from(address))])),
                    None => return None,
                }
            }
        };
        if found.is_none() {
            self.listed.unclear.push(part);
        }
        Some(found.unwrap_or_else(|| self.form.any()))
    }

    /// A port operator; none where its ports are not understood.
    fn ports(&mut self) -> Option<Ports> {
        if self.peek() == Some("portgroup") {
            self.at += 1;
            let name = self.next()?;
            self.listed.groups.push((name, self.objects.definition(name)));
            self.listed.unclear.push(Part::Services);
            return Some(Ports::any());
        }
        let (ports, count) = words::ports(self.left())?;
        self.at += count;
        Some(ports)
    }

    /// The messages of ICMP that are named behind the destination.
    fn messages(&mut self) -> Option<Vec<Service>> {
        let (service, count) = words::messages(self.left(), self.form == Form::Six)?;
        self.at += count;
        Some(vec![service])
    }

    /// What stands behind the destination; none where it is not understood.
    fn tail(&mut self) -> Option<()> {
        let mut flags: Vec<&'a str> = Vec::new();
        while let Some(word) = self.next() {
            match word {
                "log" | "log-input" => {
                    self.listed.logged = true;
                    // A word of the operator that stands in the message.
                    if self.peek().is_some_and(|next| !words::is_of_tail(next)) {
                        self.at += 1;
                    }
                }
                "time-range" => self.listed.time_range = Some(self.next()?),
                "sequence" => drop(self.next()?),
                "reflect" => {
                    self.next()?;
                    if self.peek() == Some("timeout") {
                        self.at += 2;
                    }
                }
                "established" => self.listed.entry.matching.restrictions.push((Aspect::TcpFlags, vec!["ack", "rst"])),
                "fragments" => self.listed.entry.matching.restrictions.push((Aspect::Fragments, vec!["fragment"])),
                "ack" | "fin" | "psh" | "rst" | "syn" | "urg" => flags.push(word),
                "match-any" | "match-all" => {
                    let count = self.left().iter().take_while(|flag| flag.starts_with(['+', '-'])).count();
                    let named = self.left()[..count].join(" ");
                    self.at += count;
                    self.listed.entry.matching.also.push(self.arena.alloc_str(&format!("{word} {named}")));
                }
                "dscp" | "precedence" | "tos" | "option" | "ttl" | "flow-label" | "routing-type" | "mobility-type" | "dest-option-type" => {
                    let count = if word == "ttl" { if self.peek() == Some("range") { 3 } else { 2 } } else { 1 };
                    let named = self.left().iter().take(count).copied().collect::<Vec<_>>().join(" ");
                    self.at += count;
                    self.listed.entry.matching.also.push(self.arena.alloc_str(&format!("{word} {named}")));
                }
                "routing" | "mobility" | "dest-option" | "hbh" | "auth" | "undetermined-transport" => {
                    self.listed.entry.matching.also.push(word);
                }
                _ => return None,
            }
        }
        match flags[..] {
            [] => {}
            [flag] => self.listed.entry.matching.restrictions.push((Aspect::TcpFlags, vec![flag])),
            // Releases differ in whether one or all of them must be set.
            _ => self.listed.entry.matching.also.push(self.arena.alloc_str(&flags.join(" "))),
        }
        Some(())
    }
}
