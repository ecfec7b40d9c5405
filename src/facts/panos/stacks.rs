//! What template stacks of a Panorama set for the firewalls, into the tables that a firewall's own statements fill, a stack being an
//! instance of its own.
//!
//! A stack's own statements hold before those of its templates, and of these the first listed before the next (Panorama Administrator's
//! Guide, Templates and Template Stacks). What none of them says is left to each firewall: such a cell is not known, and a row of which
//! the stack says nothing is not there. A template that is listed and not shown may say anything that comes behind it.

use super::super::{Cell, Evidence, Row, State, Tables, Value, Why};
use super::layout::{Panos, VARIABLE};
use super::{administrators, crypto, logging, management, people, settings, surroundings};
use crate::names::Phrase;
use crate::schema::neutral::{
    ACCOUNTS, AUTHENTICATION_POLICY, BANNER, CRYPTO, LOGS, PRIVILEGES, REMOTE_ACCESS, SERVICES, SNMP, TIME_SOURCES,
};
use crate::schema::paloalto::{PANOS_ADMINISTRATORS, PANOS_LOG_EXPIRY, PANOS_LOG_FORWARDING, PANOS_MANAGEMENT, PANOS_SETTINGS};
use crate::schema::{self, Table};

static MISSING: Phrase = Phrase {
    zh: "模板栈引用的模板 {} 不在采集的配置中，其内容可能优先生效",
    en: "the template {} that a stack lists is not in what was collected: what it says may hold before others",
};

/// Tables that a stack may fill, and columns of which the stack must say one for a row to be there; any column where none is named.
const FILLED: &[(&Table, &[&str])] = &[
    (&ACCOUNTS, &[]),
    (&AUTHENTICATION_POLICY, &["lockout-threshold", "min-length", "password-max-age", "quality-binds-root"]),
    (&BANNER, &["present"]),
    (&CRYPTO, &["strength"]),
    (&LOGS, &["forwarded"]),
    (&PANOS_ADMINISTRATORS, &[]),
    (&PANOS_LOG_EXPIRY, &[]),
    (&PANOS_LOG_FORWARDING, &[]),
    (&PANOS_MANAGEMENT, &[]),
    (&PRIVILEGES, &[]),
    (&REMOTE_ACCESS, &[]),
    (&SERVICES, &["enabled"]),
    (&SNMP, &[]),
    (&TIME_SOURCES, &[]),
];

/// Adds the rows of every stack.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    for stack in panos.stacks() {
        if tables.wants(&PANOS_SETTINGS) {
            settings::fill(&stack, tables);
        }
        let mut own = tables.alike();
        derive(&stack, &mut own);
        let own = own.finish();
        for (table, columns) in FILLED {
            let rows = schema::number(table.name).map_or(&[][..], |number| own.rows(number));
            let kept = rows.iter().filter(|row| is_said(table, columns, row));
            tables.extend(table, kept.map(|row| of_stack(&stack, row)));
        }
        if let Some(template) = stack.missing {
            let why = Why::new("template-missing", &MISSING, template);
            for table in FILLED.iter().map(|(table, _)| *table).chain([&PANOS_SETTINGS]) {
                let mut gap = stack.device.host.gap(table, super::PRODUCT.name, why);
                gap.instance(stack.stack);
                tables.push(gap);
            }
        }
    }
}

fn derive<'a>(stack: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    let administrators = administrators::read(stack);
    let endpoints = management::endpoints(stack);
    let forwarding = logging::forwarding(stack);
    administrators::fill(stack, &administrators, tables);
    people::fill(stack, &administrators, tables);
    management::fill(stack, &endpoints, tables);
    management::fill_access(stack, &endpoints, &administrators, &forwarding, tables);
    logging::fill(stack, &forwarding, tables);
    surroundings::fill(stack, &endpoints, tables);
    if tables.wants(&CRYPTO) {
        crypto::fill(stack, tables);
    }
}

/// Whether the stack says anything of a row. Ways in that a firewall does not offer unless it is told to are there only where it is, and
/// the console where somebody may log in is each firewall's own.
fn is_said(table: &Table, columns: &[&str], row: &Row<'_>) -> bool {
    let said = |cell: &Cell<'_>| cell.evidence.iter().any(|piece| matches!(piece, Evidence::Decides(_)));
    let of = |column: &str| table.find(column).and_then(|at| row.cells.get(at));
    if std::ptr::eq(table, &REMOTE_ACCESS) {
        let is = |column: &str, value: Value<'static>| of(column).is_some_and(|cell| cell.value() == Some(value));
        let told = of("enabled").is_some_and(said);
        return !is("service", Value::Word("console")) && (told || is("encrypted", Value::Boolean(true)) && row.cells.iter().any(said));
    }
    if columns.is_empty() { row.cells.iter().any(said) } else { columns.iter().any(|column| of(column).is_some_and(said)) }
}

/// A row of a stack: variables, which each firewall may be given otherwise, are not known.
fn of_stack<'a>(stack: &Panos<'_, 'a>, row: &Row<'a>) -> Row<'a> {
    let host = stack.device.host;
    let variable = |value: &Value<'a>| match value {
        Value::Text(text) => text.starts_with('$').then_some(*text),
        _ => None,
    };
    let cell = |cell: &Cell<'a>| {
        let named = match cell.state {
            State::Known(Value::List(values)) => values.iter().find_map(variable),
            State::Known(value) => variable(&value),
            _ => None,
        };
        named.map_or(*cell, |text| Cell::unknown(Why::new("template-variable", &VARIABLE, text), cell.evidence))
    };
    let instance = if row.instance.is_empty() { stack.stack } else { host.text(&format!("{} {}", stack.stack, row.instance)) };
    Row { instance, cells: host.arena().alloc_slice_fill_iter(row.cells.iter().map(cell)), ..*row }
}
