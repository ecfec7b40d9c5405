//! Flattened stacks into rows of `pam-modules`.

use super::super::cell::{Cell, Evidence, Value, Why};
use super::super::host::Host;
use super::super::table::Tables;
use super::admission::written_control;
use super::judged::{Judged, judged, runs};
use super::services;
use super::stack::{Flat, Kind};
use super::{PRODUCT, modules};
use crate::parse::pam::Group;
use crate::reckon::pam_factors::{Asks, Factors, Outcome, Prompts};
use crate::reckon::pam_stack::Walk;
use crate::schema::linux::PAM_MODULES;

const SERVICE: usize = PAM_MODULES.column("service");
const TYPE: usize = PAM_MODULES.column("type");
const STEP: usize = PAM_MODULES.column("step");
const MODULE: usize = PAM_MODULES.column("module");
const CONTROL: usize = PAM_MODULES.column("control");
const ARGUMENTS: usize = PAM_MODULES.column("arguments");
const REACHABLE: usize = PAM_MODULES.column("reachable");
const ENFORCED: usize = PAM_MODULES.column("enforced");
const BEFORE_PASSWORD: usize = PAM_MODULES.column("before-password");

/// Adds the rows of every service.
pub(super) fn fill<'a>(host: &Host<'a>, tables: &mut Tables<'a>) {
    let (names, more) = services::all(host);
    for service in names {
        for group in Group::ALL {
            let judged = judged(host, service, group, Prompts::Many);
            rows(host, tables, service, group, &judged);
        }
    }
    if more {
        tables.push(host.gap(&PAM_MODULES, PRODUCT.name, Why::budget_spent("etc/pam.d")));
    }
    if let Some((path, lack)) = services::main_gap(host) {
        tables.push(host.gap(&PAM_MODULES, PRODUCT.name, Why::lacking(path, lack)));
    }
}

/// Adds the rows of one stack, and a gap row where lines could be missing.
fn rows<'a>(host: &Host<'a>, tables: &mut Tables<'a>, service: &'a str, group: Group, judged: &Judged<'a>) {
    let lines = &judged.stack.lines;
    let kind = Cell::known(Value::Word(group.name()), &[]);
    let name = Cell::known(Value::Text(service), &[]);
    let benign = judged.stack.gap.map(|_| without_unknown(judged, group, service));
    for at in (0..lines.len()).filter(|at| matches!(lines[*at].kind, Kind::Module | Kind::Fails)) {
        let line = &lines[at];
        let known = host.evidence(&[Evidence::Decides(line.span())]);
        let mut row = host.row(&PAM_MODULES, PRODUCT.name);
        row.set(SERVICE, name).set(TYPE, kind);
        row.set(STEP, Cell::known(Value::Text(step_name(host, lines, at)), known));
        row.set(MODULE, Cell::known(Value::Text(line.module), known));
        row.set(CONTROL, Cell::known(Value::Text(written_control(line)), known));
        let arguments: Vec<&'a str> = line.arguments().collect();
        row.set(ARGUMENTS, Cell::known(host.texts(&arguments), known));
        let after_unknown = lines[..at].iter().any(|it| it.kind == Kind::Unknown);
        let cell = |value: bool, certain: bool| match judged.stack.gap.filter(|_| !certain) {
            Some(why) => Cell::unknown(why, known),
            None => Cell::known(Value::Boolean(value), known),
        };
        row.set(REACHABLE, cell(judged.walk.reachable[at], !after_unknown));
        let enforced = judged.walk.enforced[at];
        let perhaps = benign.as_ref().is_some_and(|walk| walk.enforced[at]);
        row.set(ENFORCED, cell(enforced, enforced || !perhaps));
        let password = lines[..at].iter().any(|it| it.kind == Kind::Module && modules::is_unix(it.module));
        row.set(BEFORE_PASSWORD, cell(!password, password || !after_unknown));
        tables.push(row);
    }
    if let Some(why) = judged.stack.gap {
        let mut gap = host.gap(&PAM_MODULES, PRODUCT.name, why);
        gap.set(SERVICE, name).set(TYPE, kind);
        tables.push(gap);
    }
}

/// The runs as they would be if the lines that are not known did nothing.
fn without_unknown(judged: &Judged<'_>, group: Group, service: &str) -> Walk {
    let mut stack = judged.stack.clone();
    let harmless = &crate::reckon::pam_control::Control::OPTIONAL;
    for line in stack.lines.iter_mut().filter(|line| line.kind == Kind::Unknown) {
        (line.kind, line.control, line.module) = (Kind::Module, harmless, "");
    }
    let ignores = Outcome { codes: 1 << 25, proves: Factors::NONE, holds: true, asks: Asks::Nothing };
    runs(&stack, group, service, Prompts::Many, |line, outcomes| if line.module.is_empty() { vec![ignores] } else { outcomes })
}

/// The module and how often it stood before.
fn step_name<'a>(host: &Host<'a>, lines: &[Flat<'a>], at: usize) -> &'a str {
    let module = lines[at].module;
    let before = lines[..at].iter().filter(|it| it.module == module && matches!(it.kind, Kind::Module | Kind::Fails)).count();
    if before == 0 { module } else { host.text(&format!("{module}#{}", before + 1)) }
}
