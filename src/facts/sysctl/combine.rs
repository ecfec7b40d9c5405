//! Readings of `conf.all` and of an interface into the value that the kernel acts on, as ip-sysctl of the kernel's documentation says.

use super::parameters::{Combination, DISABLE_IPV6, PARAMETERS, Parameter};
use super::values::{Doubt, Reading, Values};
use crate::facts::{Evidence, Host, Why};
use crate::names::Phrase;

static COMBINED: Phrase =
    Phrase { zh: "内核合并 conf.all 与接口的值（{}）", en: "the kernel combines conf.all and the interface's value ({})" };
static ROUTES: Phrase = Phrase { zh: "是否转发取决于 {}", en: "whether it routes depends on {}" };
static NO_IPV6: Phrase = Phrase { zh: "IPv6 已由 {} 关闭", en: "IPv6 is switched off by {}" };

/// The most that an interface's rp_filter can be (ip-sysctl: 0, 1 or 2).
const RP_FILTER_MOST: i64 = 2;

/// The value that counts, and what it rests on.
#[derive(Clone, Debug)]
pub(super) struct Outcome<'a> {
    pub state: Result<i64, Doubt<'a>>,
    /// The text of a parameter without interfaces, as written.
    pub text: Option<&'a str>,
    /// Whether defaults alone decide.
    pub by_default: bool,
    pub evidence: Vec<Evidence<'a>>,
}

impl<'a> Outcome<'a> {
    /// An outcome of some readings, the deciding one first.
    fn new(state: Result<i64, Doubt<'a>>, readings: &[&Reading<'a>]) -> Outcome<'a> {
        let mut evidence: Vec<Evidence<'a>> = Vec::new();
        let pieces = readings.iter().map(|it| it.evidence).chain(readings.iter().filter_map(|it| it.shadowed));
        for piece in pieces {
            if !evidence.contains(&piece) {
                evidence.push(piece);
            }
        }
        let by_default = readings.iter().all(|it| it.order.is_none());
        Outcome { state, text: None, by_default, evidence }
    }

    /// The same with a step of explanation.
    fn step(mut self, host: &Host<'a>, phrase: &'static Phrase, argument: &'static str) -> Outcome<'a> {
        self.evidence.push(Evidence::Step(phrase, host.arena().alloc_slice_copy(&[argument]), None));
        self
    }
}

/// The parameters whose values on an interface the outcome depends on.
pub(super) fn depends_on(parameter: &'static Parameter) -> Vec<&'static Parameter> {
    let six = parameter.name.starts_with("net.ipv6.");
    let routing = match parameter.combination {
        Combination::ByRouting => self::parameter("net.ipv4.ip_forward"),
        Combination::OwnOnHosts | Combination::RouterAdvertisements => self::parameter("net.ipv6.conf.forwarding"),
        Combination::One | Combination::Or | Combination::And | Combination::Max | Combination::Min | Combination::Routing => None,
    };
    [Some(parameter), routing, six.then_some(&DISABLE_IPV6)].into_iter().flatten().collect()
}

/// The value of a parameter on an interface.
pub(super) fn outcome<'a>(host: &Host<'a>, values: &Values<'a>, parameter: &'static Parameter, interface: &'a str) -> Outcome<'a> {
    if parameter.name.starts_with("net.ipv6.") {
        let disabled = either_or_later(values, &DISABLE_IPV6, interface);
        if disabled.state.is_ok_and(|number| number != 0) {
            return Outcome::new(Ok(0), &[&disabled]).step(host, &NO_IPV6, "disable_ipv6");
        }
    }
    let all = values.all(parameter);
    match parameter.combination {
        Combination::One => Outcome { text: all.text, ..Outcome::new(all.state, &[&all]) },
        Combination::Or => or(host, &all, &values.own(parameter, interface)),
        Combination::And => and(host, &all, &values.own(parameter, interface)),
        Combination::Max => max(host, &all, &values.own(parameter, interface)),
        Combination::Min => min(host, &all, &values.own(parameter, interface)),
        Combination::OwnOnHosts => {
            let own = values.own(parameter, interface);
            by_routing(host, values, "net.ipv6.conf.forwarding", interface, |routes| {
                Outcome::new(if routes { Ok(0) } else { own.state }, &[&own])
            })
        }
        Combination::RouterAdvertisements => {
            let own = values.own(parameter, interface);
            by_routing(host, values, "net.ipv6.conf.forwarding", interface, |routes| {
                Outcome::new(if routes && own.state == Ok(1) { Ok(0) } else { own.state }, &[&own])
            })
        }
        Combination::ByRouting => {
            let own = values.own(parameter, interface);
            by_routing(host, values, "net.ipv4.ip_forward", interface, |routes| {
                if routes { and(host, &as_router(values, all), &own) } else { or(host, &all, &own) }
            })
        }
        Combination::Routing => or(host, &all, &either_or_later(values, parameter, interface)),
    }
}

/// `conf.all.accept_redirects` where routing is on: switching it on resets the value to that of routers, whatever was set before.
fn as_router<'a>(values: &Values<'a>, all: Reading<'a>) -> Reading<'a> {
    let switched = parameter("net.ipv4.ip_forward").and_then(|routing| values.all(routing).order);
    match (switched, all.order) {
        (Some(switched), Some(set)) if set > switched => all,
        (Some(_), _) if all.state.is_ok() => Reading { state: Ok(0), ..all },
        _ => all,
    }
}

/// The value of an interface of a switch that writing `conf.all` sets on every interface: the later of the two.
fn either_or_later<'a>(values: &Values<'a>, switch: &'static Parameter, interface: &'a str) -> Reading<'a> {
    let (all, own) = (values.all(switch), values.own(switch, interface));
    // Writing the value that ip_forward has already changes nothing.
    let unchanged = switch.name == "net.ipv4.ip_forward" && all.state == Ok(0);
    if own.order > all.order || (unchanged && own.order.is_some()) { own } else { all }
}

/// Decides by whether an interface routes; where that is not certain, only if it makes no difference.
fn by_routing<'a>(
    host: &Host<'a>,
    values: &Values<'a>,
    switch: &'static str,
    interface: &'a str,
    decide: impl Fn(bool) -> Outcome<'a>,
) -> Outcome<'a> {
    let Some(routing) = parameter(switch) else { return decide(false) };
    let reading = either_or_later(values, routing, interface);
    let (on, off) = (decide(true), decide(false));
    if on.state == off.state {
        return off;
    }
    let mut outcome = match reading.state {
        Ok(0) => off,
        Ok(_) => on,
        Err(doubt) => Outcome { state: Err(Doubt { why: doubt.why, candidates: &[] }), ..off },
    };
    outcome.evidence.push(match reading.evidence {
        Evidence::Decides(span) => Evidence::Reference(span),
        other => other,
    });
    outcome.step(host, &ROUTES, switch)
}

/// Either.
fn or<'a>(host: &Host<'a>, all: &Reading<'a>, own: &Reading<'a>) -> Outcome<'a> {
    let on = |it: &Reading<'a>| it.state.map(|number| number != 0);
    let outcome = match (on(all), on(own)) {
        (Ok(true), _) => Outcome::new(Ok(1), &[all, own]),
        (_, Ok(true)) => Outcome::new(Ok(1), &[own, all]),
        (Ok(false), Ok(false)) => Outcome::new(Ok(0), &[all, own]),
        (Err(doubt), _) | (_, Err(doubt)) => Outcome::new(Err(limited(host, doubt, &[0, 1])), &[all, own]),
    };
    outcome.step(host, &COMBINED, "or")
}

/// Both.
fn and<'a>(host: &Host<'a>, all: &Reading<'a>, own: &Reading<'a>) -> Outcome<'a> {
    let on = |it: &Reading<'a>| it.state.map(|number| number != 0);
    let outcome = match (on(all), on(own)) {
        (Ok(false), _) => Outcome::new(Ok(0), &[all, own]),
        (_, Ok(false)) => Outcome::new(Ok(0), &[own, all]),
        (Ok(true), Ok(true)) => Outcome::new(Ok(1), &[all, own]),
        (Err(doubt), _) | (_, Err(doubt)) => Outcome::new(Err(limited(host, doubt, &[0, 1])), &[all, own]),
    };
    outcome.step(host, &COMBINED, "and")
}

/// The greater one.
fn max<'a>(host: &Host<'a>, all: &Reading<'a>, own: &Reading<'a>) -> Outcome<'a> {
    let outcome = match (all.state, own.state) {
        (Ok(left), Ok(right)) if right > left => Outcome::new(Ok(right), &[own, all]),
        (Ok(left), Ok(_)) => Outcome::new(Ok(left), &[all, own]),
        (Ok(least), Err(doubt)) | (Err(doubt), Ok(least)) => {
            let candidates: Vec<i64> = (least.max(0)..=RP_FILTER_MOST.max(least)).collect();
            Outcome::new(Err(limited(host, doubt, &candidates)), &[all, own])
        }
        (Err(doubt), Err(_)) => Outcome::new(Err(doubt), &[all, own]),
    };
    outcome.step(host, &COMBINED, "max")
}

/// The lesser one.
fn min<'a>(host: &Host<'a>, all: &Reading<'a>, own: &Reading<'a>) -> Outcome<'a> {
    let outcome = match (all.state, own.state) {
        (Ok(left), Ok(right)) if right < left => Outcome::new(Ok(right), &[own, all]),
        (Ok(left), Ok(_)) => Outcome::new(Ok(left), &[all, own]),
        (Err(doubt), _) | (_, Err(doubt)) => Outcome::new(Err(doubt), &[all, own]),
    };
    outcome.step(host, &COMBINED, "min")
}

/// The same doubt, limited to some values.
fn limited<'a>(host: &Host<'a>, doubt: Doubt<'a>, candidates: &[i64]) -> Doubt<'a> {
    let why: Why<'a> = doubt.why;
    Doubt { why, candidates: host.arena().alloc_slice_copy(candidates) }
}

/// The parameter of that name.
fn parameter(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|it| it.name == name)
}
