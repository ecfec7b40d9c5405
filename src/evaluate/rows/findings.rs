//! A row and the tests that decide on it into the words and the evidence of a finding.

use super::super::truth::{self, Truth};
use super::Judge;
use crate::facts::{Evidence, Row, State};
use crate::policy::{ColumnReference, Condition, Test};
use crate::source::Span;

impl<'a> Judge<'_, 'a> {
    /// The keys of a row.
    pub(super) fn instance(&self, row: &Row<'a>) -> String {
        let keys = self.check.schema().columns.iter().zip(row.cells).take_while(|(column, _)| column.key);
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

    /// What was expected: the tests that decided, or without a row all, alternatives joined by `or`.
    pub(super) fn expected(&self, condition: &Condition, row: Option<&Row<'a>>, forbidden: bool) -> String {
        let written = self.written_tests(condition, row, forbidden).map_or(String::new(), |written| written.text);
        if forbidden { format!("none with {written}") } else { written }
    }

    /// The tests of a condition in words; none where no test of it decided.
    fn written_tests(&self, condition: &Condition, row: Option<&Row<'a>>, forbidden: bool) -> Option<Written> {
        match condition {
            Condition::Test(column, test) => {
                let decided = row.is_none_or(|row| (self.test(*column, test, row) == Truth::True) == forbidden);
                decided.then(|| Written { text: format!("{} {}", self.name(*column), test.text), joins: None })
            }
            Condition::All(parts) => self.joined(parts, "; ", row, forbidden),
            Condition::Any(parts) => self.joined(parts, " or ", row, forbidden),
        }
    }

    /// Parts of a condition in words, those that join others in another way in brackets.
    fn joined(&self, parts: &[Condition], join: &'static str, row: Option<&Row<'a>>, forbidden: bool) -> Option<Written> {
        let mut written: Vec<Written> = parts.iter().filter_map(|part| self.written_tests(part, row, forbidden)).collect();
        if written.len() < 2 {
            return written.pop();
        }
        let bracketed = |part: &Written| match part.joins {
            Some(inner) if inner != join => format!("({})", part.text),
            _ => part.text.clone(),
        };
        let text = written.iter().map(bracketed).collect::<Vec<_>>().join(join);
        Some(Written { text, joins: Some(join) })
    }

    /// A cell as it may be shown.
    fn shown(&self, column: ColumnReference, row: &Row<'a>) -> String {
        let secret = matches!(column, ColumnReference::Number(number) if self.check.column(number).is_some_and(|column| column.secret));
        match self.cell(column, row).state {
            State::Known(_) if secret => "<secret>".to_owned(),
            State::Known(value) => value.to_string(),
            State::Unset => "unset".to_owned(),
            State::Unknown(why, _) => format!("unknown ({})", why.code),
        }
    }

    /// The name of a column.
    fn name(&self, column: ColumnReference) -> &str {
        match column {
            ColumnReference::Number(number) => self.check.column(number).map_or("", |column| column.name),
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

/// A part of a condition in words.
struct Written {
    text: String,
    /// What stands between its parts, where it has several.
    joins: Option<&'static str>,
}

/// Where a piece of evidence is written.
fn written(piece: &Evidence<'_>) -> Option<Span> {
    match piece {
        Evidence::Decides(span) | Evidence::Shadowed(span) | Evidence::Scope(span) | Evidence::Reference(span) => Some(*span),
        _ => None,
    }
}
