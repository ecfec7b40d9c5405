//! Assignments in order into the value of one parameter on one interface, and what leaves it in doubt.
//!
//! As systemd-sysctl does it: of explicit assignments of one key the last holds, and any of them, wherever it stands, beats patterns.

use super::order::{self, Applied, Assignment, Hole};
use super::parameters::{Combination, DISABLE_IPV6, PARAMETERS, Parameter, Unset};
use crate::facts::{Evidence, Host, Why};
use crate::names::Phrase;
use crate::reckon::glob;

/// Interfaces without any assignment of their own.
pub(super) const EVERY: &str = "*";

/// The most interfaces that are told apart.
pub(super) const INTERFACES_MOST: usize = 256;

/// The most patterns that are matched; no distribution has more than a handful.
const PATTERNS_MOST: usize = 256;

/// The most parts that a key of the vocabulary has.
const PARTS_MOST: usize = 5;

/// One assignment of one parameter.
#[derive(Clone, Copy, Debug)]
struct Entry<'a> {
    /// `all`, `default` or an interface; empty for a parameter without.
    interface: &'a str,
    assignment: Assignment<'a>,
    order: usize,
}

/// The assignments, by parameter.
#[derive(Clone, Debug)]
pub(super) struct Values<'a> {
    slots: Vec<Vec<Entry<'a>>>,
    /// With the parts of their keys.
    patterns: Vec<(Parts<'a>, Entry<'a>)>,
    holes: Vec<Hole<'a>>,
    /// Whether assignments are taken as if nothing unread could replace them.
    as_collected: bool,
}

/// Why a value is not certain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Doubt<'a> {
    pub why: Why<'a>,
    /// What it can be, where that is limited.
    pub candidates: &'a [i64],
}

/// The value of one variable of the kernel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    pub state: Result<i64, Doubt<'a>>,
    /// The value as written; none for a default.
    pub text: Option<&'a str>,
    pub evidence: Evidence<'a>,
    /// Its place in the order of application; none for a default.
    pub order: Option<usize>,
    /// The assignment that lost to it last.
    pub shadowed: Option<Evidence<'a>>,
}

impl Reading<'_> {
    /// Whether no file says so: the running kernel shows what it was built with.
    pub(super) fn is_built(&self) -> bool {
        self.order.is_none_or(|order| order == usize::MAX)
    }
}

impl<'a> Values<'a> {
    /// Sorts assignments by parameter; those of other parameters are dropped.
    pub(super) fn new(host: &Host<'a>, applied: &Applied<'a>, with_perhaps: bool) -> Values<'a> {
        let mut values = Values {
            slots: vec![Vec::new(); PARAMETERS.len() + 1],
            patterns: Vec::new(),
            holes: applied.holes.clone(),
            as_collected: false,
        };
        let perhaps = if with_perhaps { &applied.perhaps[..] } else { &[] };
        for (order, assignment) in applied.assignments.iter().chain(perhaps).enumerate() {
            let parts = Parts::of(assignment.key);
            if glob::is_pattern(assignment.key) {
                if values.patterns.len() == PATTERNS_MOST {
                    let why = Why::budget_spent(assignment.source.path);
                    values.holes.push(Hole { reaches: assignment.file, why, vendor: false });
                    break;
                }
                values.patterns.push((parts, Entry { interface: "", assignment: *assignment, order }));
            } else if let Some((slot, interface)) = parts.place() {
                let interface = if interface.contains('/') { host.text(&interface.replace('/', ".")) } else { interface };
                values.slots[slot].push(Entry { interface, assignment: *assignment, order });
            }
        }
        values.add_built(host);
        values
    }

    /// Adds what the running kernel shows of parameters that nothing sets and that depend on how it was built.
    fn add_built(&mut self, host: &Host<'a>) {
        for parameter in PARAMETERS.iter().filter(|it| !matches!(it.all, Unset::Is(_))) {
            let slot = slot(parameter);
            let Some(built) = order::built(host, parameter.name).filter(|_| self.slots[slot].is_empty()) else { continue };
            let order = usize::MAX;
            self.slots[slot].push(Entry { interface: "", assignment: built, order });
        }
    }

    /// The same, where what was collected is taken as it stands: a violation that is seen is shown, whatever else there may be.
    pub(super) fn as_collected(&self) -> Values<'a> {
        Values { as_collected: true, ..self.clone() }
    }

    /// Whether anything sets a parameter.
    pub(super) fn has(&self, parameter: &Parameter) -> bool {
        !self.slots[slot(parameter)].is_empty()
    }

    /// Every parameter and interface that is assigned by its own key, each once; the loopback's reaches nobody and is left out.
    pub(super) fn explicit(&self) -> Vec<(&'static Parameter, &'a str)> {
        let mut all: Vec<(&'static Parameter, &'a str)> = Vec::new();
        for (parameter, slot) in PARAMETERS.iter().chain([&DISABLE_IPV6]).zip(&self.slots) {
            let mut interfaces: Vec<&'a str> = slot.iter().map(|entry| entry.interface).filter(|name| *name != "lo").collect();
            interfaces.sort_unstable();
            interfaces.dedup();
            all.extend(interfaces.into_iter().take(INTERFACES_MOST).map(|interface| (parameter, interface)));
        }
        all
    }

    /// The steps that one look at a parameter costs.
    pub(super) fn cost(&self, parameter: &Parameter) -> u64 {
        (self.slots[slot(parameter)].len() + self.patterns.len()) as u64
    }

    /// Interfaces, and patterns of some, with values of their own for one of some parameters; the loopback's reaches nobody outside
    /// and is left out.
    pub(super) fn interfaces(&self, parameters: &[&'static Parameter]) -> Vec<&'a str> {
        let mut interfaces: Vec<&'a str> = Vec::new();
        for parameter in parameters {
            interfaces.extend(self.slots[slot(parameter)].iter().map(|entry| entry.interface));
            interfaces.extend(self.patterns.iter().filter_map(|(parts, _)| parts.interface_like(parameter)));
        }
        interfaces.retain(|name| !matches!(*name, "" | "all" | "default" | "lo" | EVERY));
        interfaces.sort_unstable();
        interfaces.dedup();
        interfaces
    }

    /// The value of a variable: of `all`, of `default`, of an interface, or of a parameter without interfaces.
    pub(super) fn of(&self, parameter: &Parameter, interface: &'a str) -> Option<Reading<'a>> {
        let entries = &self.slots[slot(parameter)];
        let mut explicit = entries.iter().filter(|entry| entry.interface == interface);
        if let Some(last) = explicit.next_back() {
            let before = explicit.next_back().filter(|it| it.assignment.value.is_some());
            return last.assignment.value.map(|text| self.reading(last, text, before, false));
        }
        let (_, last) = self.patterns.iter().rfind(|(parts, _)| parts.matches(parameter, interface))?;
        last.assignment.value.map(|text| self.reading(last, text, None, true))
    }

    /// The value of an interface: its own, else what new interfaces get.
    pub(super) fn own(&self, parameter: &'static Parameter, interface: &'a str) -> Reading<'a> {
        self.of(parameter, interface)
            .or_else(|| self.of(parameter, EVERY))
            .or_else(|| self.of(parameter, "default"))
            .unwrap_or_else(|| self.unset(parameter, Unset::Is(parameter.own)))
    }

    /// The value of `conf.all`, or of a parameter without interfaces.
    pub(super) fn all(&self, parameter: &'static Parameter) -> Reading<'a> {
        let name = if parameter.combination == Combination::One { "" } else { "all" };
        self.of(parameter, name).unwrap_or_else(|| self.unset(parameter, parameter.all))
    }

    /// What holds where nothing is set, if nothing can be hidden anywhere.
    fn unset(&self, parameter: &'static Parameter, unset: Unset) -> Reading<'a> {
        let state = match (self.holes.first(), unset) {
            (Some(hole), _) => Err(Doubt { why: hole.why, candidates: &[] }),
            (None, Unset::Is(number)) => Ok(number),
            (None, Unset::OneOf(candidates)) => Err(Doubt { why: build(parameter), candidates }),
            (None, Unset::Any) => Err(Doubt { why: build(parameter), candidates: &[] }),
        };
        Reading { state, text: None, evidence: Evidence::Default(parameter.default), order: None, shadowed: None }
    }

    /// What an assignment says, and whether something unread could override it.
    fn reading(&self, entry: &Entry<'a>, text: &'a str, before: Option<&Entry<'a>>, pattern: bool) -> Reading<'a> {
        let Assignment { source, line, file, key, .. } = entry.assignment;
        // Debian's 99-protect-links.conf is the one vendors' file above 98, and sets these alone.
        let protects = key.contains("protected_") && file <= "99-protect-links.conf";
        let overrides = |hole: &&Hole<'a>| !self.as_collected && (pattern || hole.reaches >= file || (hole.vendor && protects));
        let state = match (self.holes.iter().find(overrides), number(text)) {
            (Some(hole), _) => Err(Doubt { why: hole.why, candidates: &[] }),
            (None, Some(number)) => Ok(number),
            (None, None) => Err(Doubt { why: Why::not_understood(text), candidates: &[] }),
        };
        let shadowed = before.map(|it| Evidence::Shadowed(it.assignment.source.span(it.assignment.line)));
        Reading { state, text: Some(text), evidence: Evidence::Decides(source.span(line)), order: Some(entry.order), shadowed }
    }
}

static BUILD: Phrase = Phrase {
    zh: "没有设置 {}，其默认值取决于内核的编译方式",
    en: "nothing sets {}, and its default depends on how the kernel was built",
};

/// The default depends on how the kernel was built.
fn build(parameter: &'static Parameter) -> Why<'static> {
    Why::new("version-not-known", &BUILD, parameter.name)
}

/// A number as the kernel reads it: decimal, `0x…` or octal `0…`, up to the first blank.
pub(super) fn number(text: &str) -> Option<i64> {
    let word = text.split_ascii_whitespace().next()?;
    let (sign, digits) = word.strip_prefix('-').map_or((1, word), |digits| (-1, digits));
    let read = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => i64::from_str_radix(hex, 16),
        None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8),
        None => digits.parse(),
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    read.ok().filter(|_| plain).map(|number| sign * number)
}

/// The number of a parameter's slot; [`DISABLE_IPV6`] has the last.
fn slot(parameter: &Parameter) -> usize {
    PARAMETERS.iter().position(|it| std::ptr::eq(it, parameter)).unwrap_or(PARAMETERS.len())
}

/// The parts of a key, none longer than the vocabulary's keys: with a slash as first separator dots are part of names, and with a dot
/// a slash within a part is a dot of an interface's name (sysctl.d(5)).
#[derive(Clone, Copy, Debug)]
struct Parts<'a> {
    parts: [&'a str; PARTS_MOST],
    count: usize,
}

impl<'a> Parts<'a> {
    /// Parts a key; one that is too long for the vocabulary has no parts.
    fn of(key: &'a str) -> Parts<'a> {
        let key = key.trim_start_matches('/');
        let separator = key.find(['.', '/']).map_or('.', |at| if key[at..].starts_with('/') { '/' } else { '.' });
        let mut parts = [""; PARTS_MOST];
        let mut count = 0;
        for part in key.split(separator) {
            let Some(place) = parts.get_mut(count) else { return Parts { parts, count: 0 } };
            *place = part;
            count += 1;
        }
        Parts { parts, count }
    }

    /// The slot and interface that the key names.
    fn place(&self) -> Option<(usize, &'a str)> {
        match (self.count, self.parts) {
            (5, ["net", family, "conf", interface, last]) => {
                let known = |it: &Parameter| it.of_interface == Some((family, last));
                let slot = PARAMETERS.iter().position(known).or_else(|| known(&DISABLE_IPV6).then_some(PARAMETERS.len()))?;
                Some((slot, interface))
            }
            // Another name of net.ipv4.conf.all.forwarding.
            (3, ["net", "ipv4", "ip_forward", ..]) => Some((routing_slot(), "all")),
            (count, parts) => {
                let named = |it: &Parameter| it.of_interface.is_none() && it.name.split('.').eq(parts[..count].iter().copied());
                PARAMETERS.iter().position(named).map(|slot| (slot, ""))
            }
        }
    }

    /// Whether this pattern matches a variable.
    fn matches(&self, parameter: &Parameter, interface: &str) -> bool {
        let mut variable = [""; PARTS_MOST];
        let mut count = PARTS_MOST;
        if interface.is_empty() {
            count = 0;
            for part in parameter.name.split('.').take(PARTS_MOST) {
                variable[count] = part;
                count += 1;
            }
        } else {
            let Some((family, last)) = parameter.of_interface else { return false };
            variable = ["net", family, "conf", interface, last];
        }
        let same = |(pattern, part): (&&str, &&str)| pattern == part || (glob::is_pattern(pattern) && glob::wildcard(pattern, part));
        // The last part differs most often.
        self.count == count && self.parts[..count].iter().zip(&variable[..count]).rev().all(same)
    }

    /// The interface part of a pattern for some interfaces' values of a parameter.
    fn interface_like(&self, parameter: &Parameter) -> Option<&'a str> {
        let interface = self.parts[3];
        (self.count == PARTS_MOST && self.matches(parameter, interface)).then_some(interface)
    }
}

/// The slot of `net.ipv4.ip_forward`.
fn routing_slot() -> usize {
    PARAMETERS.iter().position(|it| it.name == "net.ipv4.ip_forward").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_kernel_reads_them() {
        // Written to /proc/sys/net/ipv4/conf/all/rp_filter of Linux 6.1: `1 # x` gives 1, `0x2` gives 2.
        for (text, expected) in [
            ("1", Some(1)),
            ("1 # x", Some(1)),
            ("0x2", Some(2)),
            ("010", Some(8)),
            ("-1", Some(-1)),
            ("yes", None),
            ("", None),
            ("99999999999999999999", None),
            ("0x-2", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    #[test]
    fn keys_are_parted_as_sysctl_d_says() {
        let place = |key: &'static str| Parts::of(key).place().map(|(slot, interface)| (PARAMETERS.get(slot).map(|it| it.name), interface));
        assert_eq!(place("net/ipv4/conf/enp3s0.200/rp_filter"), Some((Some("net.ipv4.conf.rp_filter"), "enp3s0.200")));
        assert_eq!(place("net.ipv4.conf.enp3s0/200.rp_filter"), Some((Some("net.ipv4.conf.rp_filter"), "enp3s0/200")));
        assert_eq!(place("net.ipv4.conf.all.forwarding"), Some((Some("net.ipv4.ip_forward"), "all")));
        assert_eq!(place("/kernel/sysrq"), Some((Some("kernel.sysrq"), "")));
        assert_eq!(place("kernel.sysrq.more"), None);
        assert_eq!(place("net.ipv6.conf.all.disable_ipv6"), Some((None, "all")));
        assert_eq!(place("a.b.c.d.e.f"), None);
    }
}
