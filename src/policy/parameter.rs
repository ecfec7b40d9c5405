//! A `[params.<name>]` table into a parameter.

use std::ops::Range;

use super::document::{Document, Fields, Item, unknown_name};
use super::literal::{Wanted, literals};
use super::{Literal, Parameter, ParameterKind, Scalar, Stricter};

/// Type names and what they stand for.
const KINDS: &[(&str, ParameterKind)] = &[
    ("boolean", ParameterKind::One(Scalar::Boolean)),
    ("date", ParameterKind::One(Scalar::Date)),
    ("duration", ParameterKind::One(Scalar::Duration)),
    ("integer", ParameterKind::One(Scalar::Integer)),
    ("mode", ParameterKind::One(Scalar::Mode)),
    ("network-list", ParameterKind::List(Scalar::Network)),
    ("size", ParameterKind::One(Scalar::Size)),
    ("text", ParameterKind::One(Scalar::Text)),
    ("text-list", ParameterKind::List(Scalar::Text)),
    ("version", ParameterKind::One(Scalar::Version)),
];

/// Reads one parameter.
pub(super) fn read(name: &str, name_span: Range<usize>, item: &Item<'_>, policy: usize, document: &mut Document) -> Option<Parameter> {
    let mut fields = Fields::of(item, document)?;
    fields.span = name_span;
    let kind_item = fields.required("type", document);
    let kind = kind_item.and_then(|kind| {
        let text = document.string(kind)?;
        let found = KINDS.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind);
        if found.is_none() {
            let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            unknown_name(document, kind.span(), "unknown-type", ("参数类型", "parameter type"), text, &known);
        }
        found
    });
    let default_item = fields.optional("default");
    let default = match (default_item, kind) {
        (Some(default), Some(kind)) => Some(value(default, kind, document)),
        _ => None,
    };
    let stricter = fields.optional("stricter").map_or(Some(Stricter::None), |item| stricter(item, document));
    let title = fields.message("title", document);
    fields.finish(document);
    Some(Parameter { name: name.to_owned(), kind: kind?, default, stricter: stricter?, title, policy, words: Vec::new() })
}

/// The value of a parameter of a type.
pub(super) fn value(item: &Item<'_>, kind: ParameterKind, document: &mut Document) -> Vec<Literal> {
    match kind {
        ParameterKind::One(scalar) => literals(item, Wanted { scalar, words: None }, document),
        ParameterKind::List(scalar) => match item.get_ref().as_array() {
            Some(array) => array.iter().flat_map(|element| literals(element, Wanted { scalar, words: None }, document)).collect(),
            None => {
                document.wrong_type(item, "列表", "a list");
                Vec::new()
            }
        },
    }
}

/// The direction in which a parameter becomes stricter.
fn stricter(item: &Item<'_>, document: &mut Document) -> Option<Stricter> {
    let text = document.string(item)?;
    match text {
        "lower" => Some(Stricter::Lower),
        "higher" => Some(Stricter::Higher),
        "fewer" => Some(Stricter::Fewer),
        "more" => Some(Stricter::More),
        "none" => Some(Stricter::None),
        _ => {
            unknown_name(document, item.span(), "unknown-word", ("取值", "word"), text, &["lower", "higher", "fewer", "more", "none"]);
            None
        }
    }
}
