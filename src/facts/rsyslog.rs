//! rsyslog's configuration into what reaches which file and host, and what is taken in from others.
//!
//! Versions 7 and 8 are known: one grammar for the legacy style and RainerScript. Its reading was checked against rsyslogd 8.2302,
//! which `tests/it/rsyslog.rs` runs where it is installed; defaults are those of its documentation.

mod action;
mod condition;
mod finish;
mod flow;
mod includes;
mod inputs;
mod load;
pub mod messages;
pub mod routes;
mod rows;
mod secrets;
mod selector;
mod settings;
mod umask;

use super::host::Artefact;
use super::{Evidence, Expectation, Host, Product, Reading, Seen, State, Tables, Why, systemd_units};
use crate::names::{LINUX, Phrase};
use crate::schema::{linux, neutral};
use crate::snapshot::Lack;
use crate::source::Source;
use condition::Entering;
use flow::Targets;
use load::Loaded;
use messages::Messages;
use routes::{Destination, Flow, Gap, Input, Origin, Reach, Routes};

/// The main file.
const MAIN: &str = "etc/rsyslog.conf";

/// The most destinations that are told apart.
const DESTINATIONS_MOST: usize = 400;

/// Targets that stand for a sort of destinations: those that leave the host, and local files.
const FORWARDED: usize = 0;
const KEPT: usize = 1;
const SORTS: usize = 2;

/// What is read, by whatever builds on it too.
pub(super) const READS: &[Reading] = &[
    Reading::File(MAIN),
    Reading::Glob("etc/rsyslog.d/*"),
    // SUSE's main file includes what its start script writes there.
    Reading::Glob("run/rsyslog/*.conf"),
    Reading::File("etc/systemd/system/rsyslog.service"),
    Reading::Glob("etc/systemd/system/rsyslog.service.d/*.conf"),
    Reading::Shared(systemd_units::READS),
    Reading::File("lib/systemd/system/rsyslog.service"),
    Reading::File("usr/lib/systemd/system/rsyslog.service"),
];

/// rsyslog.
pub(super) static PRODUCT: Product = Product {
    name: "rsyslog",
    title: Phrase { zh: "rsyslog 系统日志服务", en: "rsyslog" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: READS,
    fills: &[&neutral::LOG_STORE, &linux::RSYSLOG_FILES, &linux::RSYSLOG_FORWARDING, &neutral::SERVICES],
    derive,
};

/// Fills the tables.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    match routes(host) {
        Ok(routes) => {
            for table in PRODUCT.fills {
                tables.searched(table, Evidence::Searched(MAIN));
            }
            rows::fill(host, routes, tables);
            Seen::Present
        }
        Err(seen) => seen,
    }
}

/// What becomes of messages on this host, derived once; without rsyslog, what was seen of it: proven absent, nothing, or unreadable.
pub fn routes<'a>(host: &Host<'a>) -> Result<&'a Routes<'a>, Seen> {
    *host.shared.rsyslog.get_or_init(|| match host.file(MAIN) {
        Artefact::Text(source) => Ok(build(host, source)),
        Artefact::Lacking(Lack::Absent) => Err(Seen::Absent),
        Artefact::Lacking(Lack::NotCollected) => Err(Seen::Nothing),
        Artefact::Lacking(lack) => Err(Seen::Lacking(MAIN, lack)),
    })
}

/// Derives the routes.
fn build<'a>(host: &Host<'a>, main: &'a Source<'a>) -> &'a Routes<'a> {
    let loaded = load::load(host, main);
    let mut gaps = loaded.gaps.clone();
    let (destinations, targets) = destinations(host, &loaded, &mut gaps);
    let mut inputs = Vec::new();
    let mut flows: Vec<Flow<'a>> = Vec::new();
    for pending in &loaded.inputs {
        let Some(mut input) = pending.finished(host, &loaded.globals, loaded.omitted, loaded.entry) else { continue };
        let exists = |name: &str| loaded.rulesets.iter().any(|ruleset| ruleset.name.eq_ignore_ascii_case(name));
        // An input that is bound to a ruleset which does not exist feeds the default one.
        if gaps.is_empty() && !exists(input.ruleset) {
            input.ruleset = loaded.entry;
        }
        inputs.push((input, pending.name));
    }
    for (input, _) in &inputs {
        if !flows.iter().any(|flow| flow.ruleset == input.ruleset && flow.local == is_local(input)) {
            flows.push(one_flow(host, &loaded, (&destinations, &targets), &inputs, input, &mut gaps));
        }
    }
    let inputs: Vec<Input<'a>> = inputs.iter().map(|(input, _)| *input).collect();
    let arena = host.arena();
    arena.alloc(Routes {
        flows: arena.alloc_slice_copy(&flows),
        inputs: arena.alloc_slice_copy(&inputs),
        gaps: arena.alloc_slice_copy(&gaps),
        main: main.whole(),
    })
}

/// Whether an input takes this host's own messages.
fn is_local(input: &Input<'_>) -> bool {
    matches!(input.origin, Origin::Local)
}

/// The destinations that are told apart, and for each action the targets that it reaches.
fn destinations<'a>(host: &Host<'a>, loaded: &Loaded<'a>, gaps: &mut Vec<Gap<'a>>) -> (Vec<Destination<'a>>, Vec<Targets>) {
    let mut destinations: Vec<Destination<'a>> = Vec::new();
    let mut targets = Vec::with_capacity(loaded.actions.len());
    for (action, path) in &loaded.actions {
        let Some(to) = finish::destination(host, action.does, action.queue, *path, action.span, &loaded.globals) else {
            targets.push(Targets::default());
            continue;
        };
        let own = destinations.iter().position(|it| same(it, &to)).or_else(|| {
            let room = destinations.len() < DESTINATIONS_MOST;
            room.then(|| destinations.push(to)).map(|()| destinations.len() - 1)
        });
        if own.is_none() {
            gaps.push(Gap { why: Why::budget_spent(MAIN), span: Some(action.span) });
        }
        let sends = if let action::Does::Send(send) = &action.does { finish::can_send(send, &loaded.globals) } else { true };
        targets.push(Targets { own: own.map(|own| own + SORTS), sort: sort(&to), always: action.always && sends });
    }
    (destinations, targets)
}

/// The sort that a destination counts as. What is sent to this host itself has not left it.
fn sort(to: &Destination<'_>) -> Option<usize> {
    match to {
        Destination::Host(receiver) => (!receiver.is_this_host()).then_some(FORWARDED),
        Destination::File(_) => Some(KEPT),
        Destination::Other(..) => None,
    }
}

/// Whether two destinations are one.
fn same(left: &Destination<'_>, right: &Destination<'_>) -> bool {
    let agree = |left: State<'_>, right: State<'_>| left == right;
    match (left, right) {
        (Destination::File(left), Destination::File(right)) => {
            left.path == right.path && left.dynamic == right.dynamic && agree(left.mode.state, right.mode.state)
        }
        (Destination::Host(left), Destination::Host(right)) => {
            (left.host, left.port, left.protocol) == (right.host, right.port, right.protocol)
                && agree(left.encrypted.state, right.encrypted.state)
                && agree(left.authenticated.state, right.authenticated.state)
                && agree(left.reliable.state, right.reliable.state)
        }
        (Destination::Other(left, name), Destination::Other(right, other)) => (left, name) == (right, other),
        _ => false,
    }
}

/// What becomes of the messages of one input, and of those that enter the same ruleset from the same side.
fn one_flow<'a>(
    host: &Host<'a>,
    loaded: &Loaded<'a>,
    (destinations, targets): (&[Destination<'a>], &[Targets]),
    inputs: &[(Input<'a>, &'a str)],
    input: &Input<'a>,
    gaps: &mut Vec<Gap<'a>>,
) -> Flow<'a> {
    let local = is_local(input);
    let beside: Vec<&(Input<'a>, &'a str)> = inputs.iter().filter(|(it, _)| it.ruleset == input.ruleset && is_local(it) == local).collect();
    let names: Vec<&str> = beside.iter().map(|(_, name)| *name).collect();
    let remote = beside.iter().all(|(it, _)| matches!(it.origin, Origin::Listener(_)));
    let from = if local { Some(true) } else { remote.then_some(false) };
    let entering = Entering { inputs: &names, local: from.filter(|_| !loaded.renamed) };
    let count = destinations.len() + SORTS;
    let walked = flow::walk(host, loaded, targets, count, input.ruleset, entering);
    if walked.spent {
        gaps.push(Gap { why: Why::budget_spent(MAIN), span: None });
    }
    // Something that was not collected may have switched the system's socket off.
    let doubtful = local && beside.iter().all(|(it, _)| it.module.eq_ignore_ascii_case("imuxsock")) && loaded.omitted.on(false).is_none();
    let reach = |target: usize| {
        let reach: Reach = walked.reach[target];
        if doubtful { Reach { certain: Messages::NONE, ..reach } } else { reach }
    };
    let reached = (0..destinations.len()).filter(|number| !reach(number + SORTS).possible.is_empty());
    let deliveries: Vec<routes::Delivery<'a>> = reached
        .map(|number| routes::Delivery {
            to: destinations[number],
            reach: reach(number + SORTS),
            evidence: walked.evidence[number + SORTS],
        })
        .collect();
    Flow {
        ruleset: input.ruleset,
        local,
        deliveries: host.arena().alloc_slice_copy(&deliveries),
        forwarded: reach(FORWARDED),
        kept: reach(KEPT),
        stops: host.arena().alloc_slice_copy(&walked.stops),
    }
}
