//! One test of one cell into true, false or unknown (strong Kleene logic; an unset cell answers no).

use std::borrow::Cow;
use std::cmp::Ordering;

use ipnet::IpNet;

use super::Context;
use crate::facts::{Cell, State, Value};
use crate::names::composed;
use crate::policy::{Literal, Operand, Operator, Test, Tests};
use crate::reckon::calendar::months_after;
use crate::reckon::network::Addresses;
use crate::reckon::version;
use crate::schema::Clock;

/// Three-valued truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be said.
    Unknown,
}

impl Truth {
    /// Both hold.
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    /// One holds.
    pub fn or(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, Truth::False) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// The opposite.
    pub(super) fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    fn from(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }
}

/// What an operator answers for a value that is there.
enum Answer {
    Holds,
    Fails,
    Unknown,
    /// The value cannot be compared: it counts as unset.
    Unfit,
}

impl Answer {
    fn from(holds: bool) -> Answer {
        if holds { Answer::Holds } else { Answer::Fails }
    }

    fn from_order(order: Option<Ordering>, accepts: fn(Ordering) -> bool) -> Answer {
        order.map_or(Answer::Unfit, |order| Answer::from(accepts(order)))
    }
}

/// Tests a cell. `clock` is that of the column, if it holds dates.
pub fn test(test: &Test, cell: &Cell<'_>, clock: Option<Clock>, context: &Context<'_>) -> Truth {
    match (&test.operator, &cell.state) {
        // Most tests are of this kind: is it this word?
        (
            Operator::Equals(Operand::Literal(Literal::Text(wanted))),
            State::Known(Value::Text(text) | Value::Word(text) | Value::Version(text)),
        ) => Truth::from(is_text(text, wanted) != test.negated),
        (Operator::Equals(Operand::Literal(Literal::Boolean(wanted))), State::Known(Value::Boolean(on))) => {
            Truth::from((on == wanted) != test.negated)
        }
        (Operator::Set(wanted), State::Unset) => Truth::from(*wanted == test.negated),
        (_, State::Unset) => Truth::False,
        (Operator::Set(wanted), State::Known(_)) => Truth::from(*wanted != test.negated),
        (Operator::Set(wanted), State::Unknown(_, candidates)) if !candidates.is_empty() => Truth::from(*wanted != test.negated),
        (Operator::Set(_), State::Unknown(..)) => Truth::Unknown,
        (_, State::Known(value)) => value_test(test, *value, clock, context),
        (_, State::Unknown(_, candidates)) => {
            let mut answers = candidates.iter().map(|candidate| value_test(test, *candidate, clock, context));
            match answers.next() {
                Some(first) if answers.all(|answer| answer == first) => first,
                _ => Truth::Unknown,
            }
        }
    }
}

/// Tests a value that is there.
fn value_test(test: &Test, value: Value<'_>, clock: Option<Clock>, context: &Context<'_>) -> Truth {
    if let Value::Opaque(_) = value {
        return Truth::Unknown;
    }
    match answer(&test.operator, value, clock, context) {
        Answer::Holds => Truth::from(!test.negated),
        Answer::Fails => Truth::from(test.negated),
        Answer::Unknown => Truth::Unknown,
        Answer::Unfit => Truth::False,
    }
}

/// Tests a value with several tests. `clock` is that of the column, if it holds dates.
pub fn tests(tests: &Tests, value: Value<'_>, clock: Option<Clock>, context: &Context<'_>) -> Truth {
    let part = |part: &Tests| self::tests(part, value, clock, context);
    match tests {
        Tests::One(test) => value_test(test, value, clock, context),
        Tests::All(parts) => parts.iter().map(part).fold(Truth::True, Truth::and),
        Tests::Any(parts) => parts.iter().map(part).fold(Truth::False, Truth::or),
    }
}

/// What an operator says of a value.
fn answer(operator: &Operator, value: Value<'_>, clock: Option<Clock>, context: &Context<'_>) -> Answer {
    match operator {
        Operator::Set(wanted) => Answer::from(*wanted),
        Operator::Equals(operand) => one(operand, context, |literal| Answer::from(equals(value, literal, context))),
        Operator::OneOf(operands) => any(operands, context, |literal| equals(value, literal, context)),
        Operator::AtLeast(operand) => one(operand, context, |literal| Answer::from_order(order(value, literal), Ordering::is_ge)),
        Operator::AtMost(operand) => one(operand, context, |literal| Answer::from_order(order(value, literal), Ordering::is_le)),
        Operator::Above(operand) => one(operand, context, |literal| Answer::from_order(order(value, literal), Ordering::is_gt)),
        Operator::Below(operand) => one(operand, context, |literal| Answer::from_order(order(value, literal), Ordering::is_lt)),
        Operator::WithinLast(_) | Operator::WithinLastMonths(_) | Operator::OlderThan(_) | Operator::WithinNext(_) => {
            date(operator, value, clock, context)
        }
        Operator::Matches(regex) => text(value).map_or(Answer::Unfit, |text| Answer::from(regex.is_match(&text))),
        Operator::Contains(operand) => match value {
            Value::List(items) => contains(items, operand, context),
            _ => contains_text(value, operand, context),
        },
        Operator::NoMoreThan(operand) => bits(value, operand, context, |mode, allowed| mode & !allowed == 0),
        Operator::HasBits(operand) => bits(value, operand, context, |mode, wanted| mode & wanted != 0),
        Operator::Within(operands) => networks(value, (operands, context), Addresses::within, Truth::False),
        Operator::Overlaps(operands) => networks(value, (operands, context), Addresses::overlaps, Truth::True),
        Operator::Covers(operands) => {
            networks(value, (operands, context), |cell, wanted| !cell.is_empty() && cell.covers(wanted), Truth::True)
        }
        Operator::EqualsList(_)
        | Operator::ContainsAll(_)
        | Operator::ContainsAny(_)
        | Operator::Only(_)
        | Operator::EveryItem(_)
        | Operator::SomeItem(_)
        | Operator::Length(_) => match value {
            Value::List(items) => from_truth(list(operator, items, context)),
            _ => Answer::Unfit,
        },
    }
}

fn from_truth(truth: Truth) -> Answer {
    match truth {
        Truth::True => Answer::Holds,
        Truth::False => Answer::Fails,
        Truth::Unknown => Answer::Unknown,
    }
}

/// Applies a test to one operand that may have no value.
fn one(operand: &Operand, context: &Context<'_>, test: impl FnOnce(&Literal) -> Answer) -> Answer {
    match context.values.of(operand) {
        Some([literal]) => test(literal),
        // The loader lets no list stand where one value is needed.
        Some(_) => Answer::Unfit,
        None => Answer::Unknown,
    }
}

/// Whether a test holds of any operand; unknown where only a missing one could.
fn any(operands: &[Operand], context: &Context<'_>, test: impl Fn(&Literal) -> bool) -> Answer {
    let mut missing = false;
    for operand in operands {
        match context.values.of(operand) {
            Some(literals) if literals.iter().any(&test) => return Answer::Holds,
            Some(_) => {}
            None => missing = true,
        }
    }
    if missing { Answer::Unknown } else { Answer::Fails }
}

/// Whether a text is the one that a policy writes, however its accents are composed.
pub(super) fn is_text(text: &str, wanted: &str) -> bool {
    text == wanted || (!text.is_ascii() && composed(text) == wanted)
}

/// The text of a text or word.
fn text<'a>(value: Value<'a>) -> Option<Cow<'a, str>> {
    match value {
        Value::Text(text) | Value::Version(text) => Some(composed(text)),
        Value::Word(word) => Some(Cow::Borrowed(word)),
        _ => None,
    }
}

/// Whether a value equals a literal.
fn equals(value: Value<'_>, literal: &Literal, context: &Context<'_>) -> bool {
    match (value, literal) {
        (value, Literal::Asset) => text(value).is_some_and(|text| text == context.asset),
        (Value::Text(text) | Value::Version(text) | Value::Word(text), Literal::Text(wanted)) => is_text(text, wanted),
        (_, Literal::Text(_)) => false,
        (Value::Boolean(on), Literal::Boolean(wanted)) => on == *wanted,
        (Value::Mode(mode), Literal::Mode(wanted)) => mode == *wanted,
        (Value::Network(block), Literal::Network(wanted)) => block.trunc() == *wanted,
        (value, literal) => order(value, literal) == Some(Ordering::Equal),
    }
}

/// How a value stands to a literal, where the two can be compared.
fn order(value: Value<'_>, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (Value::Unlimited, Literal::Unlimited) | (Value::Never, Literal::Never) => Some(Ordering::Equal),
        (Value::Unlimited, Literal::Integer(_) | Literal::Size(_) | Literal::Duration(_)) => Some(Ordering::Greater),
        (Value::Integer(_) | Value::Size(_) | Value::Duration(_), Literal::Unlimited) => Some(Ordering::Less),
        (Value::Never, Literal::Date(_)) => Some(Ordering::Greater),
        (Value::Date(_), Literal::Never) => Some(Ordering::Less),
        (Value::Integer(number), Literal::Integer(wanted)) => Some(number.cmp(wanted)),
        (Value::Size(bytes), Literal::Size(wanted)) => Some(bytes.cmp(wanted)),
        (Value::Duration(seconds), Literal::Duration(wanted)) => Some(seconds.cmp(wanted)),
        (Value::Date(date), Literal::Date(wanted)) => Some(date.cmp(wanted)),
        (Value::Version(found) | Value::Text(found), Literal::Version(wanted)) => version::compare(found, wanted),
        _ => None,
    }
}

/// A date against the clock of its column; whole days, bounds included.
// Kept out of the way of the tests that most rules make.
#[inline(never)]
fn date(operator: &Operator, value: Value<'_>, clock: Option<Clock>, context: &Context<'_>) -> Answer {
    let now = match clock {
        Some(Clock::Collected) => context.collected,
        Some(Clock::Scan) | None => Some(context.today),
    };
    let date = match value {
        Value::Date(date) => date,
        Value::Never => return Answer::Fails,
        _ => return Answer::Unfit,
    };
    let Some(now) = now else { return Answer::Unknown };
    let (Operator::WithinLast(operand) | Operator::OlderThan(operand) | Operator::WithinNext(operand)) = operator else {
        let Operator::WithinLastMonths(operand) = operator else { return Answer::Unfit };
        return one(operand, context, |literal| match literal {
            Literal::Integer(months) => Answer::from(date <= now && months_after(date, *months).is_none_or(|end| now <= end)),
            _ => Answer::Unfit,
        });
    };
    one(operand, context, |literal| {
        let Literal::Duration(seconds) = literal else { return Answer::Unfit };
        let days = i64::try_from(seconds / 86_400).unwrap_or(i64::MAX);
        let Ok(ago) = date.until(now).map(|span| i64::from(span.get_days())) else { return Answer::Unfit };
        Answer::from(match operator {
            Operator::WithinLast(_) => (0..=days).contains(&ago),
            Operator::OlderThan(_) => ago > days,
            _ => (0..=days).contains(&-ago),
        })
    })
}

/// A mode against permission bits.
fn bits(value: Value<'_>, operand: &Operand, context: &Context<'_>, test: fn(u32, u32) -> bool) -> Answer {
    one(operand, context, |literal| match (value, literal) {
        (Value::Mode(mode), Literal::Mode(wanted)) => Answer::from(test(mode, *wanted)),
        _ => Answer::Unfit,
    })
}

/// Address sets. What is known of the cell decides where its answer is `final_answer`; an unknown element leaves the other open.
// Kept out of the way of the tests that most rules make.
#[inline(never)]
fn networks(
    value: Value<'_>,
    (operands, context): (&[Operand], &Context<'_>),
    test: fn(&Addresses, &Addresses) -> bool,
    final_answer: Truth,
) -> Answer {
    let single = [value];
    let items = match value {
        Value::List(items) => items,
        _ => &single,
    };
    let known: Vec<IpNet> = items.iter().filter_map(|item| if let Value::Network(block) = item { Some(*block) } else { None }).collect();
    if operands.iter().any(|operand| context.values.of(operand).is_none()) {
        return Answer::Unknown;
    }
    let truth = Truth::from(test(&Addresses::of(known.iter().copied()), &Addresses::of(blocks(operands, context))));
    if truth == final_answer || known.len() == items.len() { from_truth(truth) } else { Answer::Unknown }
}

/// The address blocks that operands stand for.
fn blocks(operands: &[Operand], context: &Context<'_>) -> Vec<IpNet> {
    let literals = operands.iter().filter_map(|operand| context.values.of(operand)).flatten();
    literals.filter_map(|literal| if let Literal::Network(block) = literal { Some(*block) } else { None }).collect()
}

/// Which of several networks keep them from lying within those that a test names, as ` (outside: 198.51.0.0/16)`.
pub(super) fn outside(test: &Test, value: Value<'_>, context: &Context<'_>) -> Option<String> {
    let (Operator::Within(operands), Value::List(items), false) = (&test.operator, value, test.negated) else { return None };
    let named = Addresses::of(blocks(operands, context));
    let beyond = |item: &&Value<'_>| matches!(item, Value::Network(block) if !Addresses::of([*block]).within(&named));
    let beyond: Vec<String> = items.iter().filter(beyond).map(ToString::to_string).collect();
    (!beyond.is_empty() && beyond.len() < items.len()).then(|| format!(" (outside: {})", beyond.join(", ")))
}

/// Whether a text contains another.
fn contains_text(value: Value<'_>, operand: &Operand, context: &Context<'_>) -> Answer {
    let Some(text) = text(value) else { return Answer::Unfit };
    one(operand, context, |literal| match literal {
        Literal::Text(part) => Answer::from(text.contains(part.as_str())),
        _ => Answer::Unfit,
    })
}

/// Whether a list contains one element.
fn contains(items: &[Value<'_>], operand: &Operand, context: &Context<'_>) -> Answer {
    one(operand, context, |literal| from_truth(has(items, literal, context)))
}

/// Whether a list has an element that equals a literal; unknown where only an unknown element could.
fn has(items: &[Value<'_>], literal: &Literal, context: &Context<'_>) -> Truth {
    if items.iter().any(|item| equals(*item, literal, context)) {
        Truth::True
    } else if items.iter().any(|item| matches!(item, Value::Opaque(_))) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

/// Whether one of the operands equals an item.
fn among(item: Value<'_>, operands: &[Operand], context: &Context<'_>) -> Truth {
    if let Value::Opaque(_) = item {
        return Truth::Unknown;
    }
    match any(operands, context, |literal| equals(item, literal, context)) {
        Answer::Holds => Truth::True,
        Answer::Unknown => Truth::Unknown,
        Answer::Fails | Answer::Unfit => Truth::False,
    }
}

/// Operators on lists, element by element.
// Kept out of the way of the tests that most rules make.
#[inline(never)]
fn list(operator: &Operator, items: &[Value<'_>], context: &Context<'_>) -> Truth {
    let held = |operand: &Operand| match context.values.of(operand) {
        Some(literals) => literals.iter().map(|literal| has(items, literal, context)).collect::<Vec<_>>(),
        None => vec![Truth::Unknown],
    };
    let only = |operands: &[Operand]| items.iter().fold(Truth::True, |truth, item| truth.and(among(*item, operands, context)));
    let all = |operands: &[Operand]| operands.iter().flat_map(held).fold(Truth::True, Truth::and);
    match operator {
        Operator::EqualsList(operands) => only(operands).and(all(operands)),
        Operator::ContainsAll(operands) => all(operands),
        Operator::ContainsAny(operands) => operands.iter().flat_map(held).fold(Truth::False, Truth::or),
        Operator::Only(operands) => only(operands),
        Operator::EveryItem(inner) => items.iter().fold(Truth::True, |truth, item| truth.and(tests(inner, *item, None, context))),
        Operator::SomeItem(inner) => items.iter().fold(Truth::False, |truth, item| truth.or(tests(inner, *item, None, context))),
        Operator::Length(inner) => {
            if items.iter().any(|item| matches!(item, Value::Opaque(_))) {
                return Truth::Unknown;
            }
            let different = items.iter().enumerate().filter(|(at, item)| !items[..*at].contains(item)).count();
            tests(inner, Value::Integer(i64::try_from(different).unwrap_or(i64::MAX)), None, context)
        }
        _ => Truth::False,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Values;

    #[test]
    fn texts_are_equal_however_their_accents_are_composed() {
        let today = jiff::civil::date(2026, 11, 22);
        let context = Context { asset: "a", today, collected: None, values: &Values::default(), tables: &[] };
        let equals = |text, negated| {
            let operator = Operator::Equals(Operand::Literal(Literal::Text("ops-andr\u{e9}".to_owned())));
            test(&Test { operator, negated }, &Cell::known(Value::Text(text), &[]), None, &context)
        };
        assert_eq!(equals("ops-andre\u{301}", false), Truth::True);
        assert_eq!(equals("ops-andr\u{e9}", true), Truth::False);
        assert_eq!(equals("ops-andre", false), Truth::False);
    }
}
