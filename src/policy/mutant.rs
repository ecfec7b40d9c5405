//! A compiled rule into its mutants: copies that differ in one operator, value, quantifier or `empty`.

use super::{Attribute, Check, ColumnReference, Condition, Empty, Form, Literal, Operand, Operator, Rule, TableCheck, Test, Tests};
use crate::schema::Table;

/// A rule that differs in one thing.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What differs, as `at-most 10m: the bound is moved down`.
    pub change: String,
    /// The rule.
    pub rule: Rule,
}

/// The mutants of a rule, in written order.
pub fn mutants(rule: &Rule) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (change, check) in of_check(&rule.check, platform(rule)) {
        mutants.push(Mutant { change, rule: Rule { check, ..rule.clone() } });
    }
    mutants
}

/// The platform that a rule is about, where it is one alone.
fn platform(rule: &Rule) -> Option<&str> {
    rule.assets.attributes.iter().find_map(|(attribute, names)| match (attribute, names.as_slice()) {
        (Attribute::Platform, [name]) => Some(name.as_str()),
        _ => None,
    })
}

/// Something that was changed, and what it became.
type Changed<T> = Vec<(String, T)>;

/// Whether a part of several follows from the others, so that leaving it out changes nothing.
type IsImplied<T> = fn(&[T], usize) -> bool;

/// Changes of a check.
fn of_check(check: &Check, platform: Option<&str>) -> Changed<Check> {
    let of_part = |part: &Check| of_check(part, platform);
    match check {
        Check::Table(table) => {
            of_table(table, platform).into_iter().map(|(change, table)| (change, Check::Table(Box::new(table)))).collect()
        }
        Check::All(parts) => {
            let mut changed = of_parts(parts, of_part, Check::All, Check::Any, ("all-of", no_other));
            changed.retain(|(_, changed)| !matches!(changed, Check::All(others) if is_neutral(parts, others)));
            changed
        }
        Check::Any(parts) => of_parts(parts, of_part, Check::Any, Check::All, ("any-of", no_other)),
    }
}

/// Whether a setting that is not there passes in the place of not being asked for, or the other way round, beside a part on the same
/// table that always applies: `all-of` takes no notice of either, and without the product no part is looked at.
fn is_neutral(parts: &[Check], changed: &[Check]) -> bool {
    let stands_in =
        |empties| matches!(empties, (Some(Empty::NotApplicable), Some(Empty::Pass)) | (Some(Empty::Pass), Some(Empty::NotApplicable)));
    let applies = |beside: &Check, table: usize| match beside {
        Check::Table(beside) => beside.table == table && matches!(beside.empty, Some(Empty::Fail | Empty::Unknown)),
        Check::All(_) | Check::Any(_) => false,
    };
    parts.len() == changed.len()
        && parts.iter().zip(changed).any(|(part, other)| match (part, other) {
            (Check::Table(part), Check::Table(other)) => {
                stands_in((part.empty, other.empty)) && is_of_settings(part) && parts.iter().any(|beside| applies(beside, part.table))
            }
            _ => false,
        })
}

/// Whether a check selects settings by name: what is known of a setting is never without its name.
fn is_of_settings(check: &TableCheck) -> bool {
    let table = check.schema();
    let by_name = |wanted: Vec<(&str, Vec<&str>)>| wanted.iter().all(|(column, _)| *column == "name");
    check.view.is_none() && !table.settings.is_empty() && words(table, &check.selects).is_some_and(by_name)
}

/// Changes of one part of several; the quantifier turned round; each part left out.
fn of_parts<T: Clone>(
    parts: &[T],
    of_part: impl Fn(&T) -> Changed<T>,
    same: fn(Vec<T>) -> T,
    other: fn(Vec<T>) -> T,
    (name, is_implied): (&str, IsImplied<T>),
) -> Changed<T> {
    let mut changed = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for (change, part) in of_part(part) {
            let mut parts = parts.to_vec();
            parts[at] = part;
            changed.push((change, same(parts)));
        }
        if parts.len() > 1 && !is_implied(parts, at) {
            let mut fewer = parts.to_vec();
            fewer.remove(at);
            changed.push((format!("{name}: part {} is left out", at + 1), same(fewer)));
        }
    }
    if parts.len() > 1 {
        changed.push((format!("{name} is turned round"), other(parts.to_vec())));
    }
    changed
}

/// No part follows from the others.
fn no_other<T>(_: &[T], _: usize) -> bool {
    false
}

/// Whether a part of several that must hold is `set = true`, which the language demands beside other tests of the same column
/// and which follows from each of them: an unset cell answers no to all, and an unknown one answers neither.
fn says_set_again(parts: &[Condition], at: usize) -> bool {
    let Some(Condition::Test(column, Test { operator: Operator::Set(true), negated: false })) = parts.get(at) else { return false };
    parts.iter().enumerate().any(|(other, part)| match part {
        Condition::Test(of, test) => other != at && of == column && !matches!(test.operator, Operator::Set(_)),
        _ => false,
    })
}

/// Changes of a check on one table.
fn of_table(check: &TableCheck, platform: Option<&str>) -> Changed<TableCheck> {
    let mut changed = Vec::new();
    for (change, selects) in of_condition(&check.selects) {
        changed.push((format!("where: {change}"), TableCheck { selects, ..check.clone() }));
    }
    match &check.form {
        Form::Each(expect) => {
            for (change, expect) in of_condition(expect) {
                changed.push((format!("expect: {change}"), TableCheck { form: Form::Each(expect), ..check.clone() }));
            }
        }
        Form::None => changed.push(("none becomes some".to_owned(), TableCheck { form: Form::Some, ..check.clone() })),
        Form::Some => changed.push(("some becomes none".to_owned(), TableCheck { form: Form::None, ..check.clone() })),
        Form::Count(is) => {
            for (change, is) in of_tests(is) {
                changed.push((format!("is: {change}"), TableCheck { form: Form::Count(is), ..check.clone() }));
            }
        }
    }
    if let Some(empty) = check.empty.filter(|_| !never_empty(check, platform)) {
        let others = [Empty::Pass, Empty::Fail, Empty::Unknown, Empty::NotApplicable];
        for other in others.into_iter().filter(|other| *other != empty) {
            changed.push((format!("empty = {empty:?} becomes {other:?}"), TableCheck { empty: Some(other), ..check.clone() }));
        }
    }
    changed
}

/// Whether `empty` of a check can never matter, because the schema promises a row that it asks of the table: any row for `none`,
/// a selected one for `each`. Where the product itself is not there, its absence is told before the rows are looked at.
fn never_empty(check: &TableCheck, platform: Option<&str>) -> bool {
    let table = check.schema();
    let wanted = match check.form {
        Form::None => Some(check.selects.demanded_product().map(|name| ("product", vec![name])).into_iter().collect()),
        _ => words(table, &check.selects),
    };
    check.view.is_none()
        && wanted.is_some_and(|wanted| {
            let promised = if wanted.is_empty() { table.promised } else { table.promises(&wanted) };
            // A device has one product, which has the name of its platform.
            promised || platform.is_some_and(|name| table.promises(&[&wanted[..], &[("product", vec![name])]].concat()))
        })
}

/// The columns that a selection looks at, each with the words that it admits; none where it asks anything else.
fn words<'c>(table: &'static Table, selects: &'c Condition) -> Option<Vec<(&'static str, Vec<&'c str>)>> {
    let word = |operand: &'c Operand| match operand {
        Operand::Literal(Literal::Text(word)) => Some(word.as_str()),
        Operand::Literal(Literal::Boolean(true)) => Some("true"),
        _ => None,
    };
    match selects {
        Condition::Test(column, Test { operator, negated: false }) => {
            let name = match column {
                ColumnReference::Number(number) => table.columns.get(*number)?.name,
                ColumnReference::Product => "product",
                ColumnReference::Instance | ColumnReference::Asset => return None,
            };
            let words = match operator {
                Operator::Equals(operand) => vec![word(operand)?],
                Operator::OneOf(operands) => operands.iter().map(word).collect::<Option<Vec<&str>>>()?,
                _ => return None,
            };
            Some(vec![(name, words)])
        }
        Condition::All(parts) => {
            let parts: Option<Vec<_>> = parts.iter().map(|part| words(table, part)).collect();
            Some(parts?.concat())
        }
        _ => None,
    }
}

/// Changes of a condition.
fn of_condition(condition: &Condition) -> Changed<Condition> {
    match condition {
        Condition::Test(column, test) => of_test(test).into_iter().map(|(change, test)| (change, Condition::Test(*column, test))).collect(),
        Condition::Listed(listed) => {
            let mut turned = listed.clone();
            turned.negated = !turned.negated;
            let mut changed = vec![(format!("listed-in {} is turned round", listed.written), Condition::Listed(turned))];
            for at in 0..listed.on.len() {
                let mut fewer = listed.clone();
                fewer.on.remove(at);
                changed.push((format!("listed-in {}: column {} is left out", listed.written, at + 1), Condition::Listed(fewer)));
            }
            for (at, (_, tests)) in listed.selects.iter().enumerate() {
                for (change, tests) in of_tests(tests) {
                    let mut other = listed.clone();
                    other.selects[at].1 = tests;
                    changed.push((format!("listed-in {}: {change}", listed.written), Condition::Listed(other)));
                }
            }
            changed
        }
        Condition::All(parts) => of_parts(parts, of_condition, Condition::All, Condition::Any, ("all", says_set_again)),
        Condition::Any(parts) => of_parts(parts, of_condition, Condition::Any, Condition::All, ("any", no_other)),
    }
}

/// Changes of tests.
fn of_tests(tests: &Tests) -> Changed<Tests> {
    match tests {
        Tests::One(test) => of_test(test).into_iter().map(|(change, test)| (change, Tests::One(test))).collect(),
        Tests::All(parts) => of_parts(parts, of_tests, Tests::All, Tests::Any, ("tests", no_other)),
        Tests::Any(parts) => of_parts(parts, of_tests, Tests::Any, Tests::All, ("tests", no_other)),
    }
}

/// Changes of one test: turned round, another operator, another value.
fn of_test(test: &Test) -> Changed<Test> {
    let named = |what: &str| format!("{}: {what}", operator_name(&test.operator));
    let mut changed = vec![(named("is turned round"), Test { negated: !test.negated, ..test.clone() })];
    for (what, operator) in of_operator(&test.operator) {
        changed.push((named(&what), Test { operator, ..test.clone() }));
    }
    changed
}

/// The name of an operator.
fn operator_name(operator: &Operator) -> String {
    let debug = format!("{operator:?}");
    debug.split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// Other operators and other values in the place of one.
fn of_operator(operator: &Operator) -> Changed<Operator> {
    let bound = |operand: &Operand, same: fn(Operand) -> Operator, sharper: fn(Operand) -> Operator| {
        let mut changed = Vec::new();
        // Among whole numbers `above 3` is `at-least 4`, which is the bound moved.
        if !matches!(operand, Operand::Literal(Literal::Integer(_))) {
            changed.push(("the bound itself is turned over".to_owned(), sharper(operand.clone())));
        }
        changed.extend(moved(operand).into_iter().map(|(what, operand)| (what, same(operand))));
        changed
    };
    let list = |operands: &[Operand], same: fn(Vec<Operand>) -> Operator| -> Changed<Operator> {
        if operands.len() < 2 {
            return Vec::new();
        }
        let without = |at: usize| {
            let mut fewer = operands.to_vec();
            fewer.remove(at);
            (format!("value {} is left out", at + 1), same(fewer))
        };
        (0..operands.len()).map(without).collect()
    };
    let inner = |tests: &Tests, same: fn(Box<Tests>) -> Operator| -> Changed<Operator> {
        of_tests(tests).into_iter().map(|(what, tests)| (what, same(Box::new(tests)))).collect()
    };
    match operator {
        Operator::AtLeast(operand) => bound(operand, Operator::AtLeast, Operator::Above),
        Operator::AtMost(operand) => bound(operand, Operator::AtMost, Operator::Below),
        Operator::Above(operand) => bound(operand, Operator::Above, Operator::AtLeast),
        Operator::Below(operand) => bound(operand, Operator::Below, Operator::AtMost),
        Operator::OneOf(operands) => list(operands, Operator::OneOf),
        Operator::ContainsAll(operands) => list(operands, Operator::ContainsAll),
        Operator::ContainsAny(operands) => list(operands, Operator::ContainsAny),
        Operator::Only(operands) => list(operands, Operator::Only),
        Operator::EqualsList(operands) => list(operands, Operator::EqualsList),
        Operator::EveryItem(tests) => {
            let mut changed = inner(tests, Operator::EveryItem);
            changed.push(("every-item becomes some-item".to_owned(), Operator::SomeItem(tests.clone())));
            changed
        }
        Operator::SomeItem(tests) => {
            let mut changed = inner(tests, Operator::SomeItem);
            changed.push(("some-item becomes every-item".to_owned(), Operator::EveryItem(tests.clone())));
            changed
        }
        Operator::Length(tests) => inner(tests, Operator::Length),
        Operator::Within(operands) => vec![("within becomes overlaps".to_owned(), Operator::Overlaps(operands.clone()))],
        Operator::Overlaps(operands) => vec![("overlaps becomes covers".to_owned(), Operator::Covers(operands.clone()))],
        Operator::Covers(operands) => vec![("covers becomes overlaps".to_owned(), Operator::Overlaps(operands.clone()))],
        Operator::Equals(_)
        | Operator::Set(_)
        | Operator::WithinLast(_)
        | Operator::WithinLastMonths(_)
        | Operator::OlderThan(_)
        | Operator::WithinNext(_)
        | Operator::Matches(_)
        | Operator::Contains(_)
        | Operator::NoMoreThan(_)
        | Operator::HasBits(_) => Vec::new(),
    }
}

/// A bound moved by one step either way (the half and the double of nothing are nothing); a parameter's bound is the site's.
fn moved(operand: &Operand) -> Changed<Operand> {
    let Operand::Literal(literal) = operand else { return Vec::new() };
    let steps = match literal {
        Literal::Integer(number) => [Literal::Integer(number.saturating_sub(1)), Literal::Integer(number.saturating_add(1))],
        Literal::Size(bytes) => [Literal::Size(bytes / 2), Literal::Size(bytes.saturating_mul(2))],
        Literal::Duration(seconds) => [Literal::Duration(seconds / 2), Literal::Duration(seconds.saturating_mul(2))],
        _ => return Vec::new(),
    };
    let named = ["the bound is moved down", "the bound is moved up"].map(str::to_owned).into_iter().zip(steps);
    named.filter(|(_, step)| step != literal).map(|(what, step)| (what, Operand::Literal(step))).collect()
}
