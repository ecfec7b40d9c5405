//! A condition into the messages for which it holds, as far as facility, severity and origin decide it.

use super::messages::{FACILITIES, FACILITY_NAMES, Messages, severity_name};
use super::selector;
use crate::parse::rsyslog::{Comparison, Expression, PropertyFilter, Test};

/// For which messages a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    /// It holds for these, whatever else they are.
    pub(super) certain: Messages,
    /// It may hold for these; includes `certain`.
    pub(super) possible: Messages,
}

/// What is known of every message that enters a ruleset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entering<'a> {
    /// Names of the inputs that it may have come through.
    pub(super) inputs: &'a [&'a str],
    /// Whether it comes from this host (`fromhost-ip` is then the loopback address) or from another; none if that is not known.
    pub(super) local: Option<bool>,
}

/// What a property of a message is compared with.
enum Against<'a> {
    Number(i64),
    Text(&'a str),
}

impl Truth {
    const ALWAYS: Truth = Truth { certain: Messages::ALL, possible: Messages::ALL };
    const NEVER: Truth = Truth { certain: Messages::NONE, possible: Messages::NONE };
    /// It depends on something else.
    pub(super) const OPEN: Truth = Truth { certain: Messages::NONE, possible: Messages::ALL };

    /// The same for every message.
    fn of(holds: Option<bool>) -> Truth {
        match holds {
            Some(true) => Truth::ALWAYS,
            Some(false) => Truth::NEVER,
            None => Truth::OPEN,
        }
    }

    /// What a predicate says of each facility and severity.
    fn each(holds: impl Fn(u8, u8) -> Option<bool>) -> Truth {
        let mut truth = Truth::NEVER;
        for facility in 0..FACILITIES {
            for severity in 0..8 {
                let message = Messages::of(facility, 1 << severity);
                let answer = holds(facility, severity);
                if answer == Some(true) {
                    truth.certain = truth.certain.or(message);
                }
                if answer != Some(false) {
                    truth.possible = truth.possible.or(message);
                }
            }
        }
        truth
    }

    fn not(self) -> Truth {
        Truth { certain: self.possible.inverse(), possible: self.certain.inverse() }
    }

    fn and(self, other: Truth) -> Truth {
        Truth { certain: self.certain.and(other.certain), possible: self.possible.and(other.possible) }
    }

    fn or(self, other: Truth) -> Truth {
        Truth { certain: self.certain.or(other.certain), possible: self.possible.or(other.possible) }
    }
}

/// For which messages a condition holds.
pub(super) fn truth(test: &Test<'_>, entering: Entering<'_>) -> Truth {
    match test {
        Test::Selector(selector) => picked(selector),
        Test::Property(filter) => property(filter, entering),
        Test::Expression(Some(expression)) => evaluated(expression, entering),
        Test::Expression(None) => Truth::OPEN,
    }
}

/// A selector.
fn picked(selector: &str) -> Truth {
    selector::picked(selector).map_or(Truth::OPEN, |messages| Truth { certain: messages, possible: messages })
}

/// A property filter.
fn property(filter: &PropertyFilter<'_>, entering: Entering<'_>) -> Truth {
    let comparison = match filter.operation.to_ascii_lowercase().as_str() {
        "isequal" => Comparison::Equal,
        "contains" => Comparison::Contains,
        "startswith" => Comparison::StartsWith,
        _ => return Truth::OPEN,
    };
    let truth = compared(filter.property, comparison, &Against::Text(filter.value), entering);
    if filter.negated { truth.not() } else { truth }
}

/// An expression.
fn evaluated(expression: &Expression<'_>, entering: Entering<'_>) -> Truth {
    match expression {
        Expression::Number(number) => Truth::of(Some(*number != 0)),
        Expression::Not(inner) => evaluated(inner, entering).not(),
        Expression::And(both) => evaluated(&both.0, entering).and(evaluated(&both.1, entering)),
        Expression::Or(either) => evaluated(&either.0, entering).or(evaluated(&either.1, entering)),
        Expression::Function(name, arguments) if name.eq_ignore_ascii_case("prifilt") => match arguments.as_slice() {
            [Expression::Text(selector)] => picked(selector),
            _ => Truth::OPEN,
        },
        Expression::Compare(comparison, sides) => comparison_of(*comparison, &sides.0, &sides.1, entering),
        Expression::Text(_) | Expression::Variable(_) | Expression::List(_) | Expression::Function(..) | Expression::Computed => {
            Truth::OPEN
        }
    }
}

/// A comparison of a property with a constant; with an array, any of its elements.
fn comparison_of(comparison: Comparison, left: &Expression<'_>, right: &Expression<'_>, entering: Entering<'_>) -> Truth {
    let Expression::Variable(name) = left else { return Truth::OPEN };
    let (comparison, negated) = match comparison {
        Comparison::NotEqual => (Comparison::Equal, true),
        other => (other, false),
    };
    let truth = match right {
        Expression::Number(number) => compared(name, comparison, &Against::Number(*number), entering),
        Expression::Text(text) => compared(name, comparison, &Against::Text(text), entering),
        Expression::List(items) => {
            let each = items.iter().map(|item| compared(name, comparison, &Against::Text(item), entering));
            each.fold(Truth::NEVER, Truth::or)
        }
        _ => return Truth::OPEN,
    };
    if negated { truth.not() } else { truth }
}

/// A property compared with one value.
fn compared(property: &str, comparison: Comparison, against: &Against<'_>, entering: Entering<'_>) -> Truth {
    match property.to_ascii_lowercase().as_str() {
        "syslogfacility" => Truth::each(|facility, _| numeric(comparison, facility, against)),
        "syslogseverity" | "syslogpriority" => Truth::each(|_, severity| numeric(comparison, severity, against)),
        "syslogfacility-text" => Truth::each(|facility, _| {
            let name = FACILITY_NAMES[usize::from(facility)];
            if name.is_empty() { None } else { textual(comparison, name, against) }
        }),
        "syslogseverity-text" | "syslogpriority-text" => Truth::each(|_, severity| textual(comparison, severity_name(severity), against)),
        "inputname" => {
            let mut answers = entering.inputs.iter().map(|name| textual(comparison, name, against));
            let first = answers.next().flatten();
            Truth::of(first.filter(|_| answers.all(|answer| answer == first)))
        }
        "fromhost-ip" => match (entering.local, comparison, against) {
            (Some(true), _, _) => Truth::of(textual(comparison, "127.0.0.1", against)),
            (Some(false), Comparison::Equal, Against::Text("127.0.0.1")) => Truth::NEVER,
            _ => Truth::OPEN,
        },
        _ => Truth::OPEN,
    }
}

/// A number compared; a text that is one counts as one.
fn numeric(comparison: Comparison, number: u8, against: &Against<'_>) -> Option<bool> {
    let number = i64::from(number);
    let other = match against {
        Against::Number(other) => *other,
        Against::Text(text) => text.parse().ok()?,
    };
    match comparison {
        Comparison::Equal => Some(number == other),
        Comparison::NotEqual => Some(number != other),
        Comparison::AtMost => Some(number <= other),
        Comparison::AtLeast => Some(number >= other),
        Comparison::Below => Some(number < other),
        Comparison::Above => Some(number > other),
        Comparison::Contains | Comparison::StartsWith | Comparison::Other => None,
    }
}

/// A text compared. Whether case matters depends on the property and on what rsyslogd makes of the comparison beforehand, so a match
/// that needs it is left open; so are escapes.
fn textual(comparison: Comparison, text: &str, against: &Against<'_>) -> Option<bool> {
    let Against::Text(other) = against else { return None };
    if other.contains('\\') {
        return None;
    }
    let folded = other.to_ascii_lowercase();
    let (exact, loose) = match comparison {
        Comparison::Equal => (text == *other, text == folded),
        Comparison::NotEqual => (text != *other, text != folded),
        Comparison::Contains => (text.contains(other), text.contains(&folded)),
        Comparison::StartsWith => (text.starts_with(other), text.starts_with(&folded)),
        Comparison::AtMost | Comparison::AtLeast | Comparison::Below | Comparison::Above | Comparison::Other => return None,
    };
    (exact == loose).then_some(exact)
}
