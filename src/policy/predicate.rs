//! Operators and their operands: what a predicate demands of one value, and how it is written for a reader.

use ipnet::IpNet;
use jiff::civil::Date;
use regex::Regex;

use super::Values;
use crate::names::unit;

/// A value that a policy writes.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text, or a word.
    Text(String),
    /// Switch.
    Boolean(bool),
    /// Whole number.
    Integer(i64),
    /// Bytes.
    Size(u64),
    /// Seconds.
    Duration(u64),
    /// Permission bits.
    Mode(u32),
    /// Calendar date.
    Date(Date),
    /// Version.
    Version(String),
    /// Block of addresses.
    Network(IpNet),
    /// Above every integer, size and duration.
    Unlimited,
    /// After every date.
    Never,
    /// The id of the asset that is judged.
    Asset,
}

/// What stands where a predicate needs a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// The value.
    Literal(Literal),
    /// The parameter of this number; where it has no value, the predicate is unknown.
    Parameter(usize),
}

/// One operator with its operands.
#[derive(Clone, Debug)]
pub enum Operator {
    /// Equal to.
    Equals(Operand),
    /// A list with the same elements.
    EqualsList(Vec<Operand>),
    /// One of these.
    OneOf(Vec<Operand>),
    /// Whether there is a value.
    Set(bool),
    /// Not less than.
    AtLeast(Operand),
    /// Not more than.
    AtMost(Operand),
    /// More than.
    Above(Operand),
    /// Less than.
    Below(Operand),
    /// A date not further back than this, today included.
    WithinLast(Operand),
    /// A date further back than this.
    OlderThan(Operand),
    /// A date from today to this far ahead.
    WithinNext(Operand),
    /// The whole text matches.
    Matches(Box<Regex>),
    /// The text contains this text, or the list this element.
    Contains(Operand),
    /// The list contains all of these.
    ContainsAll(Vec<Operand>),
    /// The list contains at least one of these.
    ContainsAny(Vec<Operand>),
    /// The list contains nothing else.
    Only(Vec<Operand>),
    /// Every element meets this.
    EveryItem(Box<Tests>),
    /// At least one element meets this.
    SomeItem(Box<Tests>),
    /// The number of different elements meets this.
    Length(Box<Tests>),
    /// The addresses lie within the union of these.
    Within(Vec<Operand>),
    /// Some address is also in these.
    Overlaps(Vec<Operand>),
    /// All of these addresses are in the cell.
    Covers(Vec<Operand>),
    /// No permission bit beyond these.
    NoMoreThan(Operand),
    /// A date at most so many calendar months before the clock of its column, and not after it.
    WithinLastMonths(Operand),
    /// Any of these permission bits.
    HasBits(Operand),
}

/// All operators, sorted.
pub(super) const OPERATORS: &[&str] = &[
    "above",
    "at-least",
    "at-most",
    "below",
    "contains",
    "contains-all",
    "contains-any",
    "covers",
    "equals",
    "every-item",
    "has",
    "length",
    "matches",
    "no-more-than",
    "none-of",
    "not",
    "not-matches",
    "older-than",
    "one-of",
    "only",
    "overlaps",
    "set",
    "some-item",
    "within",
    "within-last",
    "within-last-months",
    "within-next",
];

/// One operator, perhaps negated. On an unset cell it is false, negated or not, except [`Operator::Set`].
#[derive(Clone, Debug)]
pub struct Test {
    /// The operator.
    pub operator: Operator,
    /// Whether the answer is turned round.
    pub negated: bool,
}

impl Test {
    /// The test as the policy writes it, with the values of parameters: `at-most 10m`.
    pub fn written(&self, values: &Values) -> String {
        format!("{}{}", if self.negated { "not " } else { "" }, self.operator.written(values))
    }
}

/// Tests of one value.
#[derive(Clone, Debug)]
pub enum Tests {
    /// One.
    One(Test),
    /// All must hold.
    All(Vec<Tests>),
    /// One must hold.
    Any(Vec<Tests>),
}

impl Tests {
    /// The parameter without a value that the tests need.
    fn missing_parameter(&self, values: &Values) -> Option<usize> {
        match self {
            Tests::One(test) => test.operator.missing_parameter(values),
            Tests::All(parts) | Tests::Any(parts) => parts.iter().find_map(|part| part.missing_parameter(values)),
        }
    }

    /// The tests as the policy writes them, with the values of parameters.
    pub fn written(&self, values: &Values) -> String {
        let join = |parts: &[Tests], between| parts.iter().map(|part| part.written(values)).collect::<Vec<_>>().join(between);
        match self {
            Tests::One(test) => test.written(values),
            Tests::All(parts) => join(parts, " and "),
            Tests::Any(parts) => join(parts, " or "),
        }
    }
}

impl Operator {
    /// The operator as policies write it, with the values of parameters.
    fn written(&self, values: &Values) -> String {
        let one = |operand: &Operand| values.written(operand);
        let list = |operands: &[Operand]| {
            let written = operands.iter().map(one).filter(|operand| !operand.is_empty());
            format!("[{}]", written.collect::<Vec<_>>().join(", "))
        };
        match self {
            Operator::Equals(operand) => one(operand),
            Operator::EqualsList(operands) => list(operands),
            Operator::OneOf(operands) => format!("one-of {}", list(operands)),
            Operator::Set(on) => (if *on { "set" } else { "unset" }).to_owned(),
            Operator::AtLeast(operand) => format!("at-least {}", one(operand)),
            Operator::AtMost(operand) => format!("at-most {}", one(operand)),
            Operator::Above(operand) => format!("above {}", one(operand)),
            Operator::Below(operand) => format!("below {}", one(operand)),
            Operator::WithinLast(operand) => format!("within-last {}", one(operand)),
            Operator::OlderThan(operand) => format!("older-than {}", one(operand)),
            Operator::WithinNext(operand) => format!("within-next {}", one(operand)),
            Operator::WithinLastMonths(operand) => format!("within-last-months {}", one(operand)),
            Operator::Matches(regex) => {
                let text = regex.as_str();
                format!("matches {}", text.strip_prefix("^(?:").and_then(|text| text.strip_suffix(")$")).unwrap_or(text))
            }
            Operator::Contains(operand) => format!("contains {}", one(operand)),
            Operator::ContainsAll(operands) => format!("contains-all {}", list(operands)),
            Operator::ContainsAny(operands) => format!("contains-any {}", list(operands)),
            Operator::Only(operands) => format!("only {}", list(operands)),
            Operator::EveryItem(tests) => format!("every-item {}", tests.written(values)),
            Operator::SomeItem(tests) => format!("some-item {}", tests.written(values)),
            Operator::Length(tests) => format!("length {}", tests.written(values)),
            Operator::Within(operands) => format!("within {}", list(operands)),
            Operator::Overlaps(operands) => format!("overlaps {}", list(operands)),
            Operator::Covers(operands) => format!("covers {}", list(operands)),
            Operator::NoMoreThan(operand) => format!("no-more-than {}", one(operand)),
            Operator::HasBits(operand) => format!("has {}", one(operand)),
        }
    }

    /// Whether it compares dates with a clock.
    pub fn is_about_dates(&self) -> bool {
        matches!(self, Operator::WithinLast(_) | Operator::WithinLastMonths(_) | Operator::OlderThan(_) | Operator::WithinNext(_))
    }

    /// The parameter without a value that the operator needs.
    pub fn missing_parameter(&self, values: &Values) -> Option<usize> {
        let missing = |operand: &Operand| match operand {
            Operand::Parameter(number) if values.get(*number).is_none() => Some(*number),
            Operand::Parameter(_) | Operand::Literal(_) => None,
        };
        match self {
            Operator::Equals(operand)
            | Operator::AtLeast(operand)
            | Operator::AtMost(operand)
            | Operator::Above(operand)
            | Operator::Below(operand)
            | Operator::WithinLast(operand)
            | Operator::WithinLastMonths(operand)
            | Operator::OlderThan(operand)
            | Operator::WithinNext(operand)
            | Operator::Contains(operand)
            | Operator::NoMoreThan(operand)
            | Operator::HasBits(operand) => missing(operand),
            Operator::EqualsList(operands)
            | Operator::OneOf(operands)
            | Operator::ContainsAll(operands)
            | Operator::ContainsAny(operands)
            | Operator::Only(operands)
            | Operator::Within(operands)
            | Operator::Overlaps(operands)
            | Operator::Covers(operands) => operands.iter().find_map(missing),
            Operator::EveryItem(tests) | Operator::SomeItem(tests) | Operator::Length(tests) => tests.missing_parameter(values),
            Operator::Set(_) | Operator::Matches(_) => None,
        }
    }
}

impl std::fmt::Display for Literal {
    /// The literal as policies write it.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Literal::Text(text) | Literal::Version(text) => out.write_str(text),
            Literal::Boolean(on) => write!(out, "{on}"),
            Literal::Integer(number) => write!(out, "{number}"),
            Literal::Size(bytes) => out.write_str(&unit::written(*bytes, unit::SIZE)),
            Literal::Duration(seconds) => out.write_str(&unit::written(*seconds, unit::DURATION)),
            Literal::Mode(bits) => write!(out, "{bits:04o}"),
            Literal::Date(date) => write!(out, "{date}"),
            Literal::Network(block) => write!(out, "{block}"),
            Literal::Unlimited => out.write_str("unlimited"),
            Literal::Never => out.write_str("never"),
            Literal::Asset => out.write_str("$asset"),
        }
    }
}
