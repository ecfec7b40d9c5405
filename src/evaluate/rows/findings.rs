//! A row and the tests that decide on it into the words and the evidence of a finding.

use super::super::truth::{self, Truth};
use super::Judge;
use super::leaf::Leaf;
use crate::facts::{Evidence, Row, State};
use crate::policy::{ColumnReference, Condition};
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

    /// The leaves that decided: those that do not hold, or of a forbidden row all that do.
    fn deciding<'c>(&self, condition: &'c Condition, row: &Row<'a>, forbidden: bool) -> Vec<Leaf<'c>> {
        let mut deciding = Vec::new();
        self.leaves(condition, &mut |leaf| {
            if (self.leaf(leaf, row) == Truth::True) == forbidden {
                deciding.push(leaf);
            }
        });
        deciding
    }

    /// What is there, column by column, and where a site lists it.
    pub(super) fn observed(&self, condition: &Condition, row: &Row<'a>, forbidden: bool) -> String {
        let mut seen: Vec<ColumnReference> = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        for leaf in self.deciding(condition, row, forbidden) {
            for column in self.leaf_columns(leaf) {
                if !seen.contains(&column) {
                    seen.push(column);
                    parts.push(format!("{} = {}{}", self.name(column), self.shown(column, row), self.outside(leaf, row)));
                }
            }
            parts.extend(self.leaf_listing(leaf, row).filter(|listing| !parts.contains(listing)));
        }
        parts.join("; ")
    }

    /// Which addresses of a list keep it from holding.
    fn outside(&self, leaf: Leaf<'_>, row: &Row<'a>) -> String {
        let Leaf::Test(column, test) = leaf else { return String::new() };
        self.cell(column, row).value().and_then(|value| truth::outside(test, value, self.context)).unwrap_or_default()
    }

    /// What was expected: the tests that decided, or without a row all, alternatives joined by `or`.
    pub(super) fn expected(&self, condition: &Condition, row: Option<&Row<'a>>, forbidden: bool) -> String {
        let written = self.written_tests(condition, row, forbidden).map_or(String::new(), |written| written.text);
        if forbidden { format!("none with {written}") } else { written }
    }

    /// The tests of a condition in words; none where no test of it decided.
    fn written_tests(&self, condition: &Condition, row: Option<&Row<'a>>, forbidden: bool) -> Option<Written> {
        match condition {
            Condition::Test(column, test) => self.written_leaf(Leaf::Test(*column, test), row, forbidden),
            Condition::Listed(listed) => self.written_leaf(Leaf::Listed(listed), row, forbidden),
            Condition::All(parts) => self.joined(parts, "; ", row, forbidden),
            Condition::Any(parts) => self.joined(parts, " or ", row, forbidden),
        }
    }

    /// A leaf in words; none where it did not decide.
    fn written_leaf(&self, leaf: Leaf<'_>, row: Option<&Row<'a>>, forbidden: bool) -> Option<Written> {
        let decided = row.is_none_or(|row| (self.leaf(leaf, row) == Truth::True) == forbidden);
        decided.then(|| Written { text: self.leaf_written(leaf), joins: None })
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
    pub(super) fn name(&self, column: ColumnReference) -> &str {
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
        self.leaves(condition, &mut |leaf| {
            if wanted.is_none_or(|wanted| self.leaf(leaf, row) == wanted) {
                for piece in self.leaf_cells(leaf, row).iter().flat_map(|cell| cell.evidence) {
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
