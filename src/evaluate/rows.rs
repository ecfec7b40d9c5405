//! The rows of one table into the outcome of one check: the four forms and their truth tables.

mod findings;
mod leaf;

use super::truth::{self, Truth};
use super::{Context, FINDINGS_MOST, Finding, Outcome, PROOF_MOST, Reason};
use crate::facts::{Cell, Evidence, Row, State, Value};
use crate::names::Verdict;
use crate::policy::{ColumnReference, Condition, Empty, Form, Literal, Operand, Operator, TableCheck, Test, Tests};

use leaf::Leaf;

/// One check on the rows of its table.
struct Judge<'j, 'a> {
    check: &'j TableCheck,
    /// A column and the text that it has in every selected row, where the selection says so.
    key: Option<(usize, &'j str)>,
    rows: &'j [Row<'a>],
    context: &'j Context<'j>,
}

/// Judges the rows of a table.
pub(super) fn judge<'a>(check: &TableCheck, rows: &[Row<'a>], context: &Context<'_>) -> Outcome<'a> {
    let judge = Judge { check, key: key(&check.selects), rows, context };
    match &check.form {
        Form::Each(expect) => judge.each(expect),
        Form::None => judge.none(),
        Form::Some => judge.some(),
        Form::Count(is) => judge.count(is),
    }
}

/// Shows what was read for rows of the table where no row shows anything, and beside the rows that are not the forbidden one.
pub(super) fn show_searched<'a>(check: &TableCheck, outcome: &mut Outcome<'a>, searched: impl Iterator<Item = Evidence<'a>> + Clone) {
    if outcome.verdict == Verdict::Pass && (outcome.proof.is_empty() || matches!(check.form, Form::None)) {
        let room = PROOF_MOST.saturating_sub(outcome.proof.len());
        outcome.proof.extend(searched.clone().take(room));
    }
    for finding in outcome.findings.iter_mut().filter(|finding| finding.evidence.is_empty()) {
        finding.evidence = searched.clone().take(PROOF_MOST).collect();
    }
}

/// The column and text without which a selection selects nothing, where it names such a pair.
fn key(selects: &Condition) -> Option<(usize, &str)> {
    match selects {
        Condition::Test(
            ColumnReference::Number(column),
            Test { operator: Operator::Equals(Operand::Literal(Literal::Text(text))), negated: false, .. },
        ) => Some((*column, text)),
        Condition::All(parts) => parts.iter().find_map(key),
        Condition::Test(..) | Condition::Any(_) | Condition::Listed(_) => None,
    }
}

impl<'a> Judge<'_, 'a> {
    /// Every selected row meets `expect`.
    fn each(&self, expect: &Condition) -> Outcome<'a> {
        let mut outcome = Outcome::without_rows(Verdict::Pass, None);
        let mut complying = 0;
        let mut perhaps = false;
        for row in self.rows {
            let selected = self.selected(row);
            if selected == Truth::False {
                continue;
            }
            outcome.examined += 1;
            match (selected, self.truth(expect, row)) {
                (Truth::True, Truth::False) => self.add_finding(&mut outcome, row, expect, false),
                (Truth::True, Truth::True) => {
                    complying += 1;
                    self.add_proof(&mut outcome, row, expect, Truth::True);
                }
                (Truth::True, _) => self.undecided(&mut outcome, row, expect),
                (_, Truth::True) => perhaps = true,
                (_, _) => self.undecided(&mut outcome, row, &self.check.selects),
            }
        }
        if !outcome.findings.is_empty() {
            return failed(outcome);
        }
        if outcome.reason.is_some() {
            outcome.verdict = Verdict::Unknown;
            return outcome;
        }
        if complying == 0 {
            if perhaps && self.check.empty != Some(Empty::Pass) {
                outcome.verdict = Verdict::Unknown;
                outcome.reason = self.rows.iter().find_map(|row| self.first_unknown(&self.check.selects, row)).map(|(reason, _)| reason);
            } else if !perhaps {
                self.nothing_selected(&mut outcome);
            }
        }
        outcome
    }

    /// No row is selected.
    fn none(&self) -> Outcome<'a> {
        let mut outcome = Outcome::without_rows(Verdict::Pass, None);
        for row in self.rows {
            outcome.examined += usize::from(!row.gap);
            match self.selected(row) {
                Truth::True => self.add_finding(&mut outcome, row, &self.check.selects, true),
                Truth::Unknown => self.undecided(&mut outcome, row, &self.check.selects),
                Truth::False => self.add_proof(&mut outcome, row, &self.check.selects, Truth::False),
            }
        }
        if !outcome.findings.is_empty() {
            return failed(outcome);
        }
        // Whatever a gap cannot hold: where an empty table proves nothing, one of gaps alone does not either.
        let only_gap = self.rows.first().filter(|_| outcome.examined == 0 && self.check.empty == Some(Empty::Unknown));
        if let (None, Some(gap)) = (outcome.reason, only_gap) {
            outcome.reason = Some(Reason::NothingExamined);
            outcome.proof.clear();
            if let Some((State::Unknown(why, _), evidence)) =
                gap.cells.iter().map(|cell| (cell.state, cell.evidence)).find(|(state, _)| matches!(state, State::Unknown(..)))
            {
                outcome.reason = Some(Reason::Fact(why));
                outcome.proof.extend(evidence.iter().take(PROOF_MOST));
            }
        }
        if outcome.reason.is_some() {
            outcome.verdict = Verdict::Unknown;
        } else if self.rows.is_empty() && self.check.empty.is_some() {
            self.nothing_selected(&mut outcome);
        }
        outcome
    }

    /// At least one row is selected.
    fn some(&self) -> Outcome<'a> {
        let mut outcome = Outcome::without_rows(Verdict::Pass, None);
        outcome.examined = self.rows.iter().filter(|row| !row.gap).count();
        if let Some(row) = self.rows.iter().find(|row| self.selected(row) == Truth::True) {
            self.add_proof(&mut outcome, row, &self.check.selects, Truth::True);
            return outcome;
        }
        if let Some(row) = self.rows.iter().find(|row| self.selected(row) == Truth::Unknown) {
            self.undecided(&mut outcome, row, &self.check.selects);
            outcome.verdict = Verdict::Unknown;
            return outcome;
        }
        let nearest = self.rows.iter().filter(|row| !self.is_of_another_key(row)).max_by_key(|row| self.holding(&self.check.selects, row));
        let mut finding = Finding {
            product: None,
            instance: "-".to_owned(),
            observed: "-".to_owned(),
            expected: self.expected(&self.check.selects, None, false),
            evidence: Vec::new(),
        };
        if let Some(row) = nearest {
            finding.observed = format!("{}: {}", self.instance(row), self.observed(&self.check.selects, row, false));
            finding.evidence = self.evidence(&self.check.selects, row, Some(Truth::False));
        }
        outcome.findings.push(finding);
        failed(outcome)
    }

    /// The number of selected rows meets the tests.
    fn count(&self, is: &Tests) -> Outcome<'a> {
        let mut outcome = Outcome::without_rows(Verdict::Pass, None);
        outcome.examined = self.rows.iter().filter(|row| !row.gap).count();
        let truths: Vec<Truth> = self.rows.iter().map(|row| self.selected(row)).collect();
        let sure = truths.iter().filter(|truth| **truth == Truth::True).count();
        let perhaps = truths.iter().filter(|truth| **truth == Truth::Unknown).count();
        let endless = self.rows.iter().zip(&truths).any(|(row, truth)| row.gap && *truth == Truth::Unknown);
        let holds = |number: usize| truth::tests(is, Value::Integer(i64::try_from(number).unwrap_or(i64::MAX)), None, self.context);
        // Beyond every bound that a policy can name, all numbers answer alike.
        let beyond = if endless { Some(Value::Unlimited) } else { None };
        let mut answers: Vec<Truth> = (sure..=sure + perhaps).map(holds).collect();
        answers.extend(beyond.map(|value| truth::tests(is, value, None, self.context)));
        for (row, _) in self.rows.iter().zip(&truths).filter(|(_, truth)| **truth == Truth::True) {
            self.add_proof(&mut outcome, row, &self.check.selects, Truth::True);
        }
        if answers.iter().all(|answer| *answer == Truth::True) {
            return outcome;
        }
        if answers.iter().all(|answer| *answer == Truth::False) {
            outcome.findings.push(Finding {
                product: None,
                instance: "-".to_owned(),
                observed: sure.to_string(),
                expected: is.written(self.context.values),
                evidence: std::mem::take(&mut outcome.proof),
            });
            return failed(outcome);
        }
        outcome.verdict = Verdict::Unknown;
        outcome.reason = self.rows.iter().find_map(|row| self.first_unknown(&self.check.selects, row)).map(|(reason, _)| reason);
        outcome
    }

    /// What an empty selection means.
    fn nothing_selected(&self, outcome: &mut Outcome<'a>) {
        let reason = if self.rows.is_empty() { Reason::NothingExamined } else { Reason::NothingSelected };
        outcome.verdict = match self.check.empty {
            Some(Empty::Pass) => Verdict::Pass,
            Some(Empty::NotApplicable) => Verdict::NotApplicable,
            Some(Empty::Fail) => Verdict::Fail,
            Some(Empty::Unknown) | None => Verdict::Unknown,
        };
        if outcome.verdict == Verdict::Fail {
            let expected = self.expected(&self.check.selects, None, false);
            outcome.findings.push(Finding {
                product: None,
                instance: "-".to_owned(),
                observed: "-".to_owned(),
                expected,
                evidence: Vec::new(),
            });
        } else if outcome.verdict != Verdict::Pass {
            outcome.reason = Some(reason);
        }
    }

    /// Adds a row that violates.
    fn add_finding(&self, outcome: &mut Outcome<'a>, row: &Row<'a>, condition: &Condition, forbidden: bool) {
        if outcome.findings.len() >= FINDINGS_MOST {
            outcome.further += 1;
            return;
        }
        let wanted = if forbidden { Truth::True } else { Truth::False };
        outcome.findings.push(Finding {
            product: Some(row.product),
            instance: self.instance(row),
            observed: self.observed(condition, row, forbidden),
            expected: self.expected(condition, Some(row), forbidden),
            evidence: self.evidence_of_finding(condition, row, wanted),
        });
    }

    /// Adds what shows that a row complies: the first test that has the answer which decides.
    fn add_proof(&self, outcome: &mut Outcome<'a>, row: &Row<'a>, condition: &Condition, decides: Truth) {
        if outcome.proof.len() < PROOF_MOST {
            let mut first = None;
            self.leaves(condition, &mut |leaf| {
                if first.is_none() && self.leaf(leaf, row) == decides {
                    first = self.leaf_cells(leaf, row).iter().find_map(|cell| cell.evidence.first().copied());
                }
            });
            outcome.proof.extend(first);
        }
    }

    /// Notes why a row is not decided; the first such row gives the reason.
    fn undecided(&self, outcome: &mut Outcome<'a>, row: &Row<'a>, condition: &Condition) {
        if outcome.reason.is_none()
            && let Some((reason, cell)) = self.first_unknown(condition, row)
        {
            outcome.reason = Some(reason);
            outcome.proof.truncate(0);
            outcome.proof.extend(cell.evidence.iter().take(PROOF_MOST));
        }
    }

    /// Whether a row is selected; most are not, by their key alone.
    fn selected(&self, row: &Row<'a>) -> Truth {
        if self.key.is_some_and(|(column, wanted)| has_other_text(row, column, wanted)) {
            return Truth::False;
        }
        self.truth(&self.check.selects, row)
    }

    /// Whether a row is of something else than the key that the selection names, so that it comes nowhere near.
    fn is_of_another_key(&self, row: &Row<'a>) -> bool {
        let key = self.key.filter(|(column, _)| self.check.column(*column).is_some_and(|column| column.key));
        key.is_some_and(|(column, wanted)| has_other_text(row, column, wanted))
    }

    /// Whether a condition holds of a row.
    fn truth(&self, condition: &Condition, row: &Row<'a>) -> Truth {
        match condition {
            Condition::Test(column, test) => self.test(*column, test, row),
            Condition::Listed(listed) => self.leaf(Leaf::Listed(listed), row),
            Condition::All(parts) => self.all(parts, row),
            Condition::Any(parts) => self.any(parts, row),
        }
    }

    /// Whether all conditions hold of a row; one that does not settles it.
    fn all(&self, parts: &[Condition], row: &Row<'a>) -> Truth {
        let mut truth = Truth::True;
        for part in parts {
            match self.truth(part, row) {
                Truth::True => {}
                Truth::False => return Truth::False,
                Truth::Unknown => truth = Truth::Unknown,
            }
        }
        truth
    }

    /// Whether any condition holds of a row; one that does settles it.
    fn any(&self, parts: &[Condition], row: &Row<'a>) -> Truth {
        let mut truth = Truth::False;
        for part in parts {
            match self.truth(part, row) {
                Truth::True => return Truth::True,
                Truth::False => {}
                Truth::Unknown => truth = Truth::Unknown,
            }
        }
        truth
    }

    /// One test of one column of a row.
    fn test(&self, column: ColumnReference, test: &Test, row: &Row<'a>) -> Truth {
        match column {
            ColumnReference::Number(number) => {
                let clock = if test.operator.is_about_dates() { self.clock(column) } else { None };
                truth::test(test, row.cells.get(number).unwrap_or(&Cell::NONE), clock, self.context)
            }
            ColumnReference::Product | ColumnReference::Instance => truth::test(test, &self.cell(column, row), None, self.context),
            ColumnReference::Asset => truth::test(test, &Cell::known(Value::Text(self.context.asset), &[]), None, self.context),
        }
    }

    /// The cell of a column; the keys that every table has are made here.
    fn cell(&self, column: ColumnReference, row: &Row<'a>) -> Cell<'a> {
        match column {
            ColumnReference::Number(number) => row.cells.get(number).copied().unwrap_or(Cell::NONE),
            ColumnReference::Product => Cell::known(Value::Text(row.product), &[]),
            ColumnReference::Instance => Cell::known(Value::Text(row.instance), &[]),
            // Tests see the asset's id; nothing is evidence of it.
            ColumnReference::Asset => Cell::NONE,
        }
    }

    /// The first test that cannot be decided on a row, and why.
    fn first_unknown(&self, condition: &Condition, row: &Row<'a>) -> Option<(Reason<'a>, Cell<'a>)> {
        let mut found = None;
        self.leaves(condition, &mut |leaf| {
            if found.is_none() && self.leaf(leaf, row) == Truth::Unknown {
                found = Some(self.leaf_reason(leaf, row));
            }
        });
        found
    }

    /// How many tests of a condition hold of a row.
    fn holding(&self, condition: &Condition, row: &Row<'a>) -> usize {
        let mut holding = 0;
        self.leaves(condition, &mut |leaf| holding += usize::from(self.leaf(leaf, row) == Truth::True));
        holding
    }
}

/// Whether a cell is known to hold another text.
fn has_other_text(row: &Row<'_>, column: usize, wanted: &str) -> bool {
    match row.cells.get(column).map(|cell| cell.state) {
        Some(State::Known(Value::Text(text) | Value::Word(text))) => !truth::is_text(text, wanted),
        _ => false,
    }
}

/// The same outcome as a failure: what was not decided besides does not matter.
fn failed(mut outcome: Outcome<'_>) -> Outcome<'_> {
    outcome.verdict = Verdict::Fail;
    outcome.reason = None;
    outcome.proof.clear();
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Why;
    use crate::policy::{self, Check, Input, Origin, Values};
    use crate::schema::neutral::TIME_SOURCES;

    /// Compiles a check on `time-sources`, of which `enabled` is selected by and `authenticated` expected.
    fn compiled(check: &str) -> TableCheck {
        let text = format!(
            "[policy]\nid='t'\nlanguage=1\nversion='1'\ntitle={{zh='x',en='x'}}\n[[rule]]\nid='r'\ntitle={{zh='x',en='x'}}\nseverity='low'\n\
             clauses=['nfra:21']\nwhy={{zh='x',en='x'}}\nfix={{zh='x',en='x'}}\n{check}\n"
        );
        let mut inputs: Vec<Input> = policy::builtin::inputs().into_iter().filter(policy::is_catalogue).collect();
        inputs.push(Input { path: "t/t.toml".to_owned(), text, origin: Origin::File });
        let (mut library, problems) = policy::load(&inputs);
        assert!(problems.is_empty(), "{problems:?}");
        match library.rules.remove(0).check {
            Check::Table(check) => *check,
            Check::All(_) | Check::Any(_) => panic!("a check on one table"),
        }
    }

    fn cell(truth: char) -> Cell<'static> {
        match truth {
            'T' => Cell::known(Value::Boolean(true), &[]),
            'F' => Cell::known(Value::Boolean(false), &[]),
            '-' => Cell::NONE,
            _ => Cell::unknown(Why::not_understood("test"), &[]),
        }
    }

    /// Judges rows written as two letters each: `enabled` and `authenticated` as T, F, U or `-`; a `+` before them makes a gap row.
    #[track_caller]
    fn check(check: &str, rows: &[&str], expected: Verdict) {
        let held: Vec<(bool, [Cell<'static>; 4])> = rows
            .iter()
            .map(|row| {
                let (gap, letters) = row.strip_prefix('+').map_or((false, *row), |rest| (true, rest));
                let mut letters = letters.chars();
                let mut cells = [Cell::known(Value::Text("a"), &[]); 4];
                cells[const { TIME_SOURCES.column("enabled") }] = cell(letters.next().expect("two letters"));
                cells[const { TIME_SOURCES.column("authenticated") }] = cell(letters.next().expect("two letters"));
                (gap, cells)
            })
            .collect();
        let rows_made: Vec<Row<'_>> =
            held.iter().map(|(gap, cells)| Row { product: "test", instance: "", gap: *gap, cells: cells.as_slice() }).collect();
        let today = jiff::civil::date(2026, 11, 22);
        let context = Context { asset: "a", today, collected: None, values: &Values::default(), tables: &[] };
        let outcome = judge(&compiled(check), &rows_made, &context);
        assert_eq!(outcome.verdict, expected, "{check} on {rows:?}: {outcome:?}");
        assert_eq!(outcome.findings.is_empty(), expected != Verdict::Fail, "a finding for each failure and none otherwise");
        assert_eq!(outcome.reason.is_some(), matches!(expected, Verdict::Unknown | Verdict::NotApplicable), "a reason where it is needed");
    }

    const EACH: &str = "each='time-sources'\nwhere={enabled=true}\nexpect={authenticated=true}\nempty=";

    #[test]
    fn each_follows_its_truth_table() {
        for empty in ["'pass'", "'fail'", "'unknown'", "'not-applicable'"] {
            let each = format!("{EACH}{empty}");
            check(&each, &["TF", "TT", "TU", "UU"], Verdict::Fail);
            check(&each, &["TU", "TT"], Verdict::Unknown);
            check(&each, &["UF", "TT"], Verdict::Unknown);
            check(&each, &["UU", "TT"], Verdict::Unknown);
            check(&each, &["TT", "UT"], Verdict::Pass);
            check(&each, &["TT", "FF", "FU"], Verdict::Pass);
            check(&each, &["TT", "+UU"], Verdict::Unknown);
            check(&each, &["TF", "+UU"], Verdict::Fail);
            // A gap whose known key contradicts the selection does not matter.
            check(&each, &["TT", "+FU"], Verdict::Pass);
        }
        check(&format!("{EACH}'pass'"), &["UT"], Verdict::Pass);
        check(&format!("{EACH}'fail'"), &["UT"], Verdict::Unknown);
        check(&format!("{EACH}'pass'"), &["FF"], Verdict::Pass);
        check(&format!("{EACH}'fail'"), &["FF"], Verdict::Fail);
        check(&format!("{EACH}'unknown'"), &["FF"], Verdict::Unknown);
        check(&format!("{EACH}'not-applicable'"), &[], Verdict::NotApplicable);
        check(&format!("{EACH}'unknown'"), &[], Verdict::Unknown);
    }

    #[test]
    fn none_some_and_count_follow_theirs() {
        let none = "none='time-sources'\nwhere={enabled=true}";
        check(none, &["FT", "TT", "UT"], Verdict::Fail);
        check(none, &["FT", "UT"], Verdict::Unknown);
        check(none, &["FT"], Verdict::Pass);
        check(none, &[], Verdict::Pass);
        check(&format!("{none}\nempty='unknown'"), &[], Verdict::Unknown);
        check(&format!("{none}\nempty='unknown'"), &["FF"], Verdict::Pass);
        check(none, &["FT", "+UU"], Verdict::Unknown);
        check(none, &["+FU"], Verdict::Pass);
        check(&format!("{none}\nempty='unknown'"), &["+FU"], Verdict::Unknown);
        check(&format!("{none}\nempty='unknown'"), &["+FU", "FF"], Verdict::Pass);
        let some = "some='time-sources'\nwhere={enabled=true}";
        check(some, &["FT", "UT", "TT"], Verdict::Pass);
        check(some, &["TT", "+UU"], Verdict::Pass);
        check(some, &["FT", "UT"], Verdict::Unknown);
        check(some, &["FT"], Verdict::Fail);
        check(some, &[], Verdict::Fail);
        let count = "count='time-sources'\nwhere={enabled=true}\nis={at-least=2, at-most=3}";
        check(count, &["TT", "TT"], Verdict::Pass);
        check(count, &["TT", "TT", "UT"], Verdict::Pass);
        check(count, &["TT", "UT"], Verdict::Unknown);
        check(count, &["TT", "FT"], Verdict::Fail);
        check(count, &["TT", "TT", "TT", "TT", "UT"], Verdict::Fail);
        // With a gap there may be any number more.
        check(count, &["TT", "TT", "+UU"], Verdict::Unknown);
        check("count='time-sources'\nwhere={enabled=true}\nis={at-least=2}", &["TT", "TT", "+UU"], Verdict::Pass);
    }

    #[test]
    fn unset_answers_no_and_negation_is_pushed_inward() {
        let expecting = |expect: &str| format!("each='time-sources'\nexpect={expect}\nempty='unknown'");
        check(&expecting("{authenticated=true}"), &["T-"], Verdict::Fail);
        check(&expecting("{authenticated={not=true}}"), &["T-"], Verdict::Fail);
        check(&expecting("{not={authenticated=true}}"), &["T-"], Verdict::Fail);
        check(&expecting("{authenticated={set=false}}"), &["T-"], Verdict::Pass);
        check(&expecting("{authenticated={not={set=true}}}"), &["T-"], Verdict::Pass);
        check(&expecting("{not={authenticated=true, enabled=true}}"), &["TF"], Verdict::Pass);
        check(&expecting("{not={authenticated=true, enabled=true}}"), &["TT"], Verdict::Fail);
        check(&expecting("{not={any=[{authenticated=true}, {enabled=true}]}}"), &["FT"], Verdict::Fail);
        check(&expecting("{any=[{authenticated=true}, {enabled=true}]}"), &["TU"], Verdict::Pass);
        check(&expecting("{all=[{authenticated=true}, {enabled=true}]}"), &["FU"], Verdict::Fail);
        check(&expecting("{any=[{authenticated=true}, {enabled=true}]}"), &["FU"], Verdict::Unknown);
    }
}
