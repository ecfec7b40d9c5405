//! `sysctl.conf`, the `sysctl.d` directories and the running kernel's values into the table `sysctl`.
//!
//! Knows systemd-sysctl and procps (RHEL 7 to 10, Debian 9 to 13 and what derives from them), and kernel parameters of Linux 3.10 to
//! 6.x. Where `sysctl -a` was collected, the running value decides, and a file that says otherwise is shown beside it. Values that a
//! service sets while it starts (Docker, kubelet: `ip_forward`) are seen only there.

mod combine;
mod drift;
mod order;
mod parameters;
mod values;

use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, RowBuilder, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::linux::SYSCTL;
use crate::schema::neutral::DRIFT;
use crate::snapshot::Lack;
use combine::{Outcome, depends_on, outcome};
use order::{BUILT_DMESG, BUILT_PTRACE, BUILT_SYSRQ, RUNNING, SYSCTL_CONF};
use parameters::{Combination, PARAMETERS, Parameter};
use values::{Doubt, EVERY, INTERFACES_MOST, Values};

/// Kernel parameters of a Linux host.
pub(super) static PRODUCT: Product = Product {
    name: "sysctl",
    title: Phrase { zh: "Linux 内核参数", en: "Linux kernel parameters" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::Glob("etc/sysctl.d/*.conf"),
        Reading::Glob("run/sysctl.d/*.conf"),
        Reading::Glob("usr/local/lib/sysctl.d/*.conf"),
        Reading::Glob("usr/lib/sysctl.d/*.conf"),
        Reading::Glob("lib/sysctl.d/*.conf"),
        Reading::File("etc/sysctl.conf"),
        Reading::File("etc/ufw/ufw.conf"),
        Reading::File("etc/ufw/sysctl.conf"),
        Reading::File("etc/default/ufw"),
        Reading::File(BUILT_DMESG),
        Reading::File(BUILT_PTRACE),
        Reading::File(BUILT_SYSRQ),
        Reading::Command { name: "sysctl-a", line: "sysctl -a" },
    ],
    fills: &[&DRIFT, &SYSCTL],
    derive,
};

static UNLINKED: Phrase = Phrase {
    zh: "{} 没有被 sysctl.d 链接：systemd 不读取它，sysctl --system 会读取它",
    en: "{} is not linked from sysctl.d: systemd does not read it, sysctl --system does",
};

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let files = order::applied(host);
    let running = order::running(host);
    if running.is_none() && !files.seen {
        return unseen(host);
    }
    let configured = Values::new(host, &files, false);
    if let Some(running) = &running {
        let whole = running.holes.is_empty();
        let values = Values::new(host, running, false);
        drift::push(host, (&files, &configured), (running, &values), tables);
        rows(host, tables, &values, |parameter, interface| {
            // A name that the running kernel does not list is one that it does not have.
            let found = (!whole || values.has(parameter)).then(|| outcome(host, &values, parameter, interface))?;
            Some((against_files(host, found, &configured, parameter, interface), None))
        });
    } else {
        if let Artefact::Lacking(lack) = host.file(RUNNING) {
            super::drift::Drift::unread(host, (PRODUCT.name, ""), (RUNNING, lack), tables);
        }
        let with_unlinked = (!files.perhaps.is_empty()).then(|| Values::new(host, &files, true));
        let as_collected = (!files.holes.is_empty()).then(|| configured.as_collected());
        rows(host, tables, &configured, |parameter, interface| {
            let certain = outcome(host, &configured, parameter, interface);
            let found = match &with_unlinked {
                Some(other) => either(host, certain, outcome(host, other, parameter, interface)),
                None => certain,
            };
            Some(match (&found.state, &as_collected) {
                (Err(doubt), Some(values)) => {
                    let shown = outcome(host, values, parameter, interface);
                    if shown.state.is_ok() && !shown.by_default { (shown, Some(doubt.why)) } else { (found, None) }
                }
                _ => (found, None),
            })
        });
    }
    Seen::Present
}

/// What is known where nothing was read: a kernel has parameters wherever it runs.
fn unseen(host: &Host<'_>) -> Seen {
    match host.look("etc/sysctl.d").lack {
        Some(Lack::Absent) | None => Seen::Present,
        Some(Lack::NotCollected) => Seen::Nothing,
        Some(lack) => Seen::Lacking("etc/sysctl.d", lack),
    }
}

/// Pushes the rows of every parameter. `find` gives the value on an interface, and why something unread could still replace it, for
/// which a gap stands beside the row; nothing for a parameter that the kernel lacks.
fn rows<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    values: &Values<'a>,
    find: impl Fn(&'static Parameter, &'a str) -> Option<(Outcome<'a>, Option<Why<'a>>)>,
) {
    for parameter in PARAMETERS {
        let Some((general, mut gap)) = find(parameter, EVERY) else { continue };
        tables.push(row(host, parameter, EVERY, &general));
        let interfaces = if parameter.combination == Combination::One { Vec::new() } else { values.interfaces(&depends_on(parameter)) };
        for (count, interface) in interfaces.into_iter().enumerate() {
            if count == INTERFACES_MOST || !host.spend(values.cost(parameter)) {
                gap = Some(Why::budget_spent(parameter.name));
                break;
            }
            let Some((own, why)) = find(parameter, interface) else { continue };
            if own.state != general.state {
                tables.push(row(host, parameter, interface, &own));
                gap = gap.or(why);
            }
        }
        if let Some(why) = gap {
            let mut row = host.gap(&SYSCTL, PRODUCT.name, why);
            row.set(const { SYSCTL.column("name") }, Cell::known(Value::Text(parameter.name), &[]));
            tables.push(row);
        }
    }
}

/// Shows what the files say beside a running value that differs.
fn against_files<'a>(
    host: &Host<'a>,
    mut running: Outcome<'a>,
    configured: &Values<'a>,
    parameter: &'static Parameter,
    interface: &'a str,
) -> Outcome<'a> {
    let files = outcome(host, configured, parameter, interface);
    if files.state.is_ok() && files.state != running.state && !files.by_default {
        running.evidence.extend(files.evidence.into_iter().filter_map(|piece| match piece {
            Evidence::Decides(span) => Some(Evidence::Shadowed(span)),
            _ => None,
        }));
    }
    running
}

/// Decides between the values with and without a file of which it is not certain whether it is read.
fn either<'a>(host: &Host<'a>, without: Outcome<'a>, with: Outcome<'a>) -> Outcome<'a> {
    let (left, right) = match (without.state, with.state) {
        (left, right) if left == right => return without,
        (Err(_), _) => return without,
        (_, Err(_)) => return with,
        (Ok(left), Ok(right)) => (left, right),
    };
    let why = Why::new("not-linked", &UNLINKED, SYSCTL_CONF);
    let candidates = host.arena().alloc_slice_copy(&[left, right]);
    Outcome { state: Err(Doubt { why, candidates }), ..with }
}

/// One row.
fn row<'a>(host: &Host<'a>, parameter: &'static Parameter, interface: &'a str, outcome: &Outcome<'a>) -> RowBuilder<'a> {
    let mut row = host.row(&SYSCTL, PRODUCT.name);
    let evidence = host.evidence(&outcome.evidence);
    let (value, number, on) = match outcome.state {
        Ok(number) => {
            let text = outcome.text.unwrap_or_else(|| host.text(&number.to_string()));
            let on = (0..=1).contains(&number).then_some(Value::Boolean(number == 1));
            (
                Cell::known(Value::Text(text), evidence),
                Cell::known(Value::Integer(number), evidence),
                on.map_or(Cell::unset(evidence), |on| Cell::known(on, evidence)),
            )
        }
        // A text that is no number is shown as it is; the kernel refuses it.
        Err(doubt) if doubt.why.code == "not-understood" && outcome.text.is_some() => {
            (outcome.text.map_or(Cell::NONE, |text| Cell::known(Value::Text(text), evidence)), Cell::unset(evidence), Cell::unset(evidence))
        }
        Err(doubt) => {
            let of = |value: &dyn Fn(i64) -> Value<'a>| {
                Cell::one_of(doubt.why, host.arena().alloc_slice_fill_iter(doubt.candidates.iter().map(|it| value(*it))), evidence)
            };
            (of(&|it| Value::Text(host.text(&it.to_string()))), of(&Value::Integer), Cell::unknown(doubt.why, evidence))
        }
    };
    row.set(const { SYSCTL.column("name") }, Cell::known(Value::Text(parameter.name), &[]))
        .set(const { SYSCTL.column("interface") }, Cell::known(Value::Text(interface), &[]))
        .set(const { SYSCTL.column("value") }, value)
        .set(const { SYSCTL.column("number") }, number)
        .set(const { SYSCTL.column("on") }, on)
        .set(const { SYSCTL.column("origin") }, Cell::known(Value::Word(origin(outcome, host)), evidence));
    row
}

/// Where a value comes from.
fn origin(outcome: &Outcome<'_>, host: &Host<'_>) -> &'static str {
    let running = |piece: &Evidence<'_>| match piece {
        Evidence::Decides(span) => {
            host.sources().source(span.source).is_some_and(|source| source.path == RUNNING || source.path.starts_with("proc/sys/"))
        }
        _ => false,
    };
    match outcome.evidence.first() {
        Some(Evidence::Default(_)) => "default",
        Some(piece) if running(piece) => "runtime",
        _ => "file",
    }
}
