//! A row and the tests that decide on it into the words and the evidence of a finding.

use super::super::truth::{self, Truth};
use super::Judge;
use crate::facts::{Evidence, Row, State};
use crate::policy::{ColumnReference, Condition, Test};
use crate::schema::TABLES;
use crate::source::Span;

impl<'a> Judge<'_, 'a> {
    /// The keys of a row.
    pub(super) fn instance(&self, row: &Row<'a>) -> String {
        let keys = TABLES[self.check.table].columns.iter().zip(row.cells).take_while(|(column, _)| column.key);
        let mut parts: Vec<String> =
            keys.filter_map(|(_, cell)| cell.value().map(|value| value.to_string())).filter(|key| !key.is_empty()).collect();
        if !row.instance.is_empty() {
            parts.insert(0, row.instance.to_owned());
        }
        if parts.is_empty() { "-".to_owned() } else { parts.join(" ") }
    }

    /// The tests that decided, with the cells that they saw: those that do not hold, or of a forbidden row all.
    fn deciding<'c>(&self, condition: &'c Condition, row: &Row<'a>, forbidden: bool) -> Vec<(ColumnReference, &'c Test)> {
        let mut deciding = Vec::new();
        self.leaves(condition, &mut |column, test| {
            let holds = self.test(column, test, row) == Truth::True;
            if holds == forbidden {
                deciding.push((column, test));
            }
        });
        deciding
    }

    /// What is there, column by column.
    pub(super) fn observed(&self, condition: &Condition, row: &Row<'a>, forbidden: bool) -> String {
        let mut seen: Vec<(ColumnReference, String)> = Vec::new();
        for (column, test) in self.deciding(condition, row, forbidden) {
            if !seen.iter().any(|(known, _)| *known == column) {
                let outside = self.cell(column, row).value().and_then(|value| truth::outside(test, value)).unwrap_or_default();
                seen.push((column, outside));
            }
        }
        let parts = seen.iter().map(|(column, outside)| format!("{} = {}{outside}", self.name(*column), self.shown(*column, row)));
        parts.collect::<Vec<_>>().join("; ")
    }

    /// What was expected, test by test.
    pub(super) fn expected(&self, condition: &Condition, row: Option<&Row<'a>>, forbidden: bool) -> String {
        let mut tests = Vec::new();
        match row {
            Some(row) => tests = self.deciding(condition, row, forbidden),
            None => self.leaves(condition, &mut |column, test| tests.push((column, test))),
        }
        let joined = tests.iter().map(|(column, test)| format!("{} {}", self.name(*column), test.text)).collect::<Vec<_>>().join("; ");
        if forbidden { format!("none with {joined}") } else { joined }
    }

    /// A cell as it may be shown.
    fn shown(&self, column: ColumnReference, row: &Row<'a>) -> String {
        let secret = matches!(column, ColumnReference::Number(number) if TABLES[self.check.table].columns[number].secret);
        match self.cell(column, row).state {
            State::Known(_) if secret => "<secret>".to_owned(),
            State::Known(value) => value.to_string(),
            State::Unset => "unset".to_owned(),
            State::Unknown(why, _) => format!("unknown ({})", why.code),
        }
    }

    /// The name of a column.
    fn name(&self, column: ColumnReference) -> &'static str {
        match column {
            ColumnReference::Number(number) => TABLES[self.check.table].columns[number].name,
            ColumnReference::Asset => "asset",
            ColumnReference::Product => "product",
            ColumnReference::Instance => "instance",
        }
    }

    /// What the deciding tests rest on.
    pub(super) fn evidence(&self, condition: &Condition, row: &Row<'a>, wanted: Option<Truth>) -> Vec<Evidence<'a>> {
        let mut evidence: Vec<Evidence<'a>> = Vec::new();
        self.leaves(condition, &mut |column, test| {
            if wanted.is_none_or(|wanted| self.test(column, test, row) == wanted) {
                for piece in self.cell(column, row).evidence {
                    if !evidence.contains(piece) {
                        evidence.push(*piece);
                    }
                }
            }
        });
        evidence
    }

    /// What a finding rests on; where nothing was written that decides, also the line that the row is about.
    pub(super) fn evidence_of_finding(&self, condition: &Condition, row: &Row<'a>, wanted: Truth) -> Vec<Evidence<'a>> {
        let mut evidence = self.evidence(condition, row, Some(wanted));
        if !evidence.iter().any(|piece| written(piece).is_some()) {
            let about = row.cells.iter().flat_map(|cell| cell.evidence).find_map(written);
            evidence.extend(about.map(Evidence::Scope));
        }
        evidence
    }
}

/// Where a piece of evidence is written.
fn written(piece: &Evidence<'_>) -> Option<Span> {
    match piece {
        Evidence::Decides(span) | Evidence::Shadowed(span) | Evidence::Scope(span) | Evidence::Reference(span) => Some(*span),
        _ => None,
    }
}
