//! What a policy writes as a value into a typed literal: units, dates, networks, parameters.

use std::ops::Range;

use ipnet::IpNet;
use jiff::civil::Date;
use toml::de::DeValue;

use super::document::{Document, Item, unknown_name};
use super::rule::is_kebab;
use super::{Library, Literal, Operand, ParameterKind, Scalar};
use crate::error::Message;
use crate::names::{composed, unit};
use crate::schema::Kind;

/// A place where a parameter stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    /// Number of the parameter.
    pub(super) parameter: usize,
    /// The words of which its value must be one there.
    pub(super) words: Option<&'static [&'static str]>,
}

/// What kind of value fits a place: its type, and the vocabulary if it is a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The type.
    pub(super) scalar: Scalar,
    /// The words that are allowed.
    pub(super) words: Option<&'static [&'static str]>,
}

impl Wanted {
    /// The type of a column's cells, or of the elements of its lists.
    pub(super) fn of(kind: Kind) -> Wanted {
        let (scalar, words) = match kind {
            Kind::Text | Kind::Texts => (Scalar::Text, None),
            Kind::Word(words) | Kind::Words(words) => (Scalar::Text, Some(words)),
            Kind::Boolean => (Scalar::Boolean, None),
            Kind::Integer => (Scalar::Integer, None),
            Kind::Size => (Scalar::Size, None),
            Kind::Duration => (Scalar::Duration, None),
            Kind::Mode => (Scalar::Mode, None),
            Kind::Date(_) => (Scalar::Date, None),
            Kind::Version => (Scalar::Version, None),
            Kind::Network | Kind::Networks => (Scalar::Network, None),
        };
        Wanted { scalar, words }
    }
}

/// The operands that one written value stands for: a list parameter gives as many as it has elements, `any` gives two networks.
pub(super) fn operands(item: &Item<'_>, wanted: Wanted, document: &mut Document, library: &Library, used: &mut Vec<Use>) -> Vec<Operand> {
    if let Some(name) = item.get_ref().as_str().and_then(parameter_name) {
        return parameter(name, item, wanted, document, library, used);
    }
    literals(item, wanted, document).into_iter().map(Operand::Literal).collect()
}

/// The name of the parameter that a whole string is.
fn parameter_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    is_kebab(name).then_some(name)
}

/// The value of a parameter, checked against what is wanted.
fn parameter(name: &str, item: &Item<'_>, wanted: Wanted, document: &mut Document, library: &Library, used: &mut Vec<Use>) -> Vec<Operand> {
    if name == "asset" && wanted.scalar == Scalar::Text {
        return vec![Operand::Literal(Literal::Asset)];
    }
    let Some(number) = library.parameters.iter().position(|parameter| parameter.name == name) else {
        let known: Vec<&str> = library.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        unknown_name(document, item.span(), "unknown-parameter", ("参数", "parameter"), name, &known);
        return Vec::new();
    };
    used.push(Use { parameter: number, words: wanted.words });
    let parameter = &library.parameters[number];
    let (ParameterKind::One(scalar) | ParameterKind::List(scalar)) = parameter.kind;
    if scalar != wanted.scalar {
        document.problem(
            item.span(),
            "wrong-type",
            Message::new(
                format!("参数 `{name}` 的类型是 {}，这里需要 {}", scalar_name(scalar), scalar_name(wanted.scalar)),
                format!("the parameter `{name}` is of type {}, {} is needed here", scalar_name(scalar), scalar_name(wanted.scalar)),
            ),
        );
        return Vec::new();
    }
    for value in parameter.default.iter().flatten() {
        check_word(value, wanted, item.span(), document);
    }
    vec![Operand::Parameter(number)]
}

/// The literals of a value: one, or two for the network `any`.
pub(super) fn literals(item: &Item<'_>, wanted: Wanted, document: &mut Document) -> Vec<Literal> {
    let found = match (item.get_ref(), wanted.scalar) {
        (DeValue::Boolean(on), Scalar::Boolean) => vec![Literal::Boolean(*on)],
        (DeValue::Integer(number), Scalar::Integer) => {
            i64::from_str_radix(number.as_str(), number.radix()).map(Literal::Integer).into_iter().collect()
        }
        (DeValue::Datetime(date), Scalar::Date) => date.to_string().parse::<Date>().map(Literal::Date).into_iter().collect(),
        (DeValue::String(text), scalar) => from_text(text, scalar),
        _ => Vec::new(),
    };
    if found.is_empty() {
        let scalar = wanted.scalar;
        document.problem_help(
            item.span(),
            "wrong-type",
            Message::new(
                format!("这里需要类型 {} 的值", scalar_name(scalar)),
                format!("a value of type {} is needed here", scalar_name(scalar)),
            ),
            Message::new(format!("例如 {}", example(scalar)), format!("for example {}", example(scalar))),
        );
    }
    for literal in &found {
        check_word(literal, wanted, item.span(), document);
        check_secret(literal, item.span(), document);
    }
    found
}

/// The literals that a string stands for; empty where it does not fit the type.
pub(super) fn from_text(text: &str, scalar: Scalar) -> Vec<Literal> {
    let one = match scalar {
        Scalar::Text => {
            Some(Literal::Text(composed(text.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(text)).into_owned()))
        }
        Scalar::Integer if text == "unlimited" => Some(Literal::Unlimited),
        Scalar::Size if text == "unlimited" => Some(Literal::Unlimited),
        Scalar::Duration if text == "unlimited" => Some(Literal::Unlimited),
        Scalar::Size => unit::read(text, unit::SIZE).map(Literal::Size),
        Scalar::Duration => unit::read(text, unit::DURATION).map(Literal::Duration),
        Scalar::Mode => u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777).map(Literal::Mode),
        Scalar::Date if text == "never" => Some(Literal::Never),
        Scalar::Date => text.parse::<Date>().ok().map(Literal::Date),
        Scalar::Version => (!text.is_empty()).then(|| Literal::Version(text.to_owned())),
        Scalar::Network if text == "any" => {
            return ["0.0.0.0/0", "::/0"].iter().filter_map(|any| any.parse().ok()).map(Literal::Network).collect();
        }
        Scalar::Network => network(text).map(Literal::Network),
        Scalar::Integer | Scalar::Boolean => None,
    };
    one.into_iter().collect()
}

/// An address block, or one address.
fn network(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().map(|block| block.trunc()).or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from))
}

/// Reports a word that the column's vocabulary lacks.
pub(super) fn check_word(literal: &Literal, wanted: Wanted, span: Range<usize>, document: &mut Document) {
    if let (Literal::Text(text), Some(words)) = (literal, wanted.words)
        && !words.contains(&text.as_str())
    {
        unknown_name(document, span, "unknown-word", ("取值", "word"), text, words);
    }
}

/// Reports a literal that looks like a secret: a policy is no place for one.
fn check_secret(literal: &Literal, span: Range<usize>, document: &mut Document) {
    let Literal::Text(text) = literal else { return };
    let hash = crate::source::redact::crypt_scheme(text).is_some();
    if hash || text.contains("-----BEGIN") {
        document.problem(
            span,
            "secret",
            Message::new(
                "这个值看起来是口令散列或密钥，不应写入策略",
                "this value looks like a password hash or key; a policy is no place for it",
            ),
        );
    }
}

/// The name of a type, as parameters declare it.
pub(super) fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "text",
        Scalar::Boolean => "boolean",
        Scalar::Integer => "integer",
        Scalar::Size => "size",
        Scalar::Duration => "duration",
        Scalar::Mode => "mode",
        Scalar::Date => "date",
        Scalar::Version => "version",
        Scalar::Network => "network",
    }
}

/// A value of a type, as a policy writes it.
fn example(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "\"text\"",
        Scalar::Boolean => "true",
        Scalar::Integer => "4, \"unlimited\"",
        Scalar::Size => "\"64MiB\"",
        Scalar::Duration => "\"184d\", \"10m\"",
        Scalar::Mode => "\"0640\"",
        Scalar::Date => "2026-12-31, \"never\"",
        Scalar::Version => "\"9.6\"",
        Scalar::Network => "\"10.0.0.0/8\", \"any\"",
    }
}
