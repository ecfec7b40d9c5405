//! `usbguard-daemon.conf` and its rules into whether a USB storage device must be listed before it works.
//!
//! Knows USBGuard 0.7 to 1.1 (usbguard-daemon.conf(5), usbguard-rules.conf(5)). The question is asked for a storage device of which
//! nothing is known: a rule that names its id, hash, name or serial number lists a device; a rule that only names its kind of interface,
//! its port or nothing admits every one.

use crate::facts::systemd_units::{Starts, starts};
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::parse::key_value::{Document, EQUALS_SEPARATED, read};
use crate::parse::usbguard::{self, Attribute, Rule};
use crate::snapshot::Lack;
use crate::source::Source;

pub(super) const DAEMON: &str = "etc/usbguard/usbguard-daemon.conf";
const UNITS: [&str; 1] = ["usbguard.service"];

/// What USBGuard does about storage devices that it does not know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Guard<'a> {
    /// It refuses them.
    Refuses,
    /// It is not there, or lets them in.
    Admits,
    /// Nothing that was read decides.
    Unknown(Why<'a>),
}

/// What USBGuard does, and what that rests on.
pub(super) fn guard<'a>(host: &Host<'a>, evidence: &mut Vec<Evidence<'a>>) -> Guard<'a> {
    let runs = starts(host, &UNITS);
    let source = match (host.file(DAEMON), runs) {
        (Artefact::Lacking(Lack::Absent), _) | (_, Starts::No(_)) => return Guard::Admits,
        (Artefact::Lacking(lack), _) => return Guard::Unknown(Why::lacking(DAEMON, lack)),
        (Artefact::Text(source), _) => source,
    };
    evidence.push(runs.evidence(host));
    let decided = by_policy(host, source, evidence);
    match (decided, runs) {
        // Whatever it would do, it does it only where it runs.
        (Guard::Refuses, Starts::Unknown(why)) => Guard::Unknown(why),
        _ => decided,
    }
}

/// What its policy says, taken that it runs.
fn by_policy<'a>(host: &Host<'a>, source: &'a Source<'a>, evidence: &mut Vec<Evidence<'a>>) -> Guard<'a> {
    let daemon = read(source.text, &EQUALS_SEPARATED);
    let mut value = |key: &str, default: &'static str| match daemon.last(key) {
        Some(setting) => {
            evidence.push(Evidence::Decides(source.span(setting.line)));
            setting.value
        }
        None => default,
    };
    let (implicit, present) = (value("ImplicitPolicyTarget", "block"), value("PresentDevicePolicy", "apply-policy"));
    // A device that is there when the daemon starts is kept as the kernel left it, and that is usable.
    if matches!(present, "allow" | "keep") {
        return Guard::Admits;
    }
    let mut rules = Vec::new();
    for artefact in rule_files(host, source, &daemon) {
        match artefact {
            (_, Artefact::Text(source)) => rules.push(source),
            (_, Artefact::Lacking(Lack::Absent)) => {}
            (path, Artefact::Lacking(lack)) => return Guard::Unknown(Why::lacking(path, lack)),
        }
    }
    for source in rules {
        let found = usbguard::read(source.text);
        if let Some(opaque) = found.opaque.first() {
            return Guard::Unknown(Why::not_understood(opaque));
        }
        for rule in &found.rules {
            if rule.target == "allow" && admits(rule) {
                evidence.insert(0, Evidence::Decides(source.span(rule.line)));
                return Guard::Admits;
            }
            if rule.target != "allow" && refuses_all(rule) {
                evidence.insert(0, Evidence::Decides(source.span(rule.line)));
                return Guard::Refuses;
            }
        }
        if !source.complete {
            return Guard::Unknown(Why::truncated(source.path));
        }
    }
    match implicit {
        _ if !source.complete => Guard::Unknown(Why::truncated(source.path)),
        "block" | "reject" => Guard::Refuses,
        "allow" => Guard::Admits,
        other => Guard::Unknown(Why::not_understood(other)),
    }
}

/// The files that its rules stand in, in the order in which they are read.
fn rule_files<'a>(host: &Host<'a>, source: &'a Source<'a>, daemon: &Document<'a>) -> Vec<(&'a str, Artefact<'a>)> {
    let file = daemon.last("RuleFile").map_or("etc/usbguard/rules.conf", |setting| setting.value);
    let mut files = vec![(file, host.file(file))];
    if let Some(folder) = daemon.last("RuleFolder") {
        let found = host.matching(&format!("{}/*.conf", folder.value.trim_matches('/')));
        files.extend(found.paths.iter().map(|path| (*path, host.file(path))));
        files.extend(found.gap.map(|(path, lack)| (path, Artefact::Lacking(lack))));
    }
    files.retain(|(path, _)| !path.is_empty() && *path != source.path);
    files
}

/// Whether an `allow` lets in storage devices that it does not name.
fn admits(rule: &Rule<'_>) -> bool {
    !rule.attributes.iter().any(names_a_device) && rule.attributes.iter().all(|it| interfaces(it, true))
}

/// Whether a `block` or `reject` holds for every storage device.
fn refuses_all(rule: &Rule<'_>) -> bool {
    rule.condition.is_none()
        && rule.attributes.iter().all(|it| it.name == "label" || (it.name == "with-interface" && interfaces(it, false)))
}

/// Whether an attribute tells one device, or one model, from others.
fn names_a_device(attribute: &Attribute<'_>) -> bool {
    let one = matches!(attribute.name, "hash" | "parent-hash" | "serial" | "name");
    one || (attribute.name == "id" && attribute.operator != "none-of" && !attribute.values.contains(&"*:*"))
}

/// Whether an attribute lets through storage devices: some of them, or all of them.
fn interfaces(attribute: &Attribute<'_>, some: bool) -> bool {
    if attribute.name != "with-interface" {
        return true;
    }
    let mut storage = attribute.values.iter().map(|value| is_storage(value));
    match attribute.operator {
        "none-of" => some || !storage.any(|it| it),
        // A device may have other interfaces besides, so that these are not certain for all devices.
        "all-of" => {
            if some {
                storage.any(|it| it)
            } else {
                storage.all(|it| it)
            }
        }
        "one-of" => storage.any(|it| it),
        _ => some && storage.any(|it| it),
    }
}

/// Whether a kind of interface covers mass storage: class 08, any subclass and protocol.
fn is_storage(value: &str) -> bool {
    let class = value.split(':').next().unwrap_or_default();
    matches!(class, "08" | "*" | "8")
}
