//! Two values of a parameter into whether a profile may move it from one to the other without a reason.

use std::cmp::Ordering;
use std::ops::Range;

use ipnet::IpNet;

use crate::error::Message;
use crate::policy::document::Document;
use crate::policy::{Literal, Parameter, ParameterKind, Stricter};

/// Whether a new value is at least as strict as the one that held before. What cannot be compared is not.
///
/// The first elements of a list that named nobody are no loosening: an empty default means that the site must say.
pub(super) fn is_free(parameter: &Parameter, held: &[Literal], new: &[Literal]) -> bool {
    if held == new {
        return true;
    }
    match (parameter.kind, parameter.stricter) {
        (_, Stricter::None) => false,
        (ParameterKind::List(_), Stricter::Fewer) => held.is_empty() || is_within(new, held),
        (ParameterKind::List(_), Stricter::More) => is_within(held, new),
        (ParameterKind::One(_), Stricter::Lower) => compared(new, held).is_some_and(Ordering::is_le),
        (ParameterKind::One(_), Stricter::Higher) => compared(new, held).is_some_and(Ordering::is_ge),
        _ => false,
    }
}

/// Whether all of one list is in the other; address blocks in the union of the other's blocks.
fn is_within(inner: &[Literal], outer: &[Literal]) -> bool {
    let block = |literal: &Literal| if let Literal::Network(block) = literal { Some(*block) } else { None };
    // A block lies in a union of blocks only if it lies in one of those that they merge into.
    let merged = IpNet::aggregate(&outer.iter().filter_map(block).collect());
    inner.iter().all(|literal| match block(literal) {
        Some(block) => merged.iter().any(|other| other.contains(&block)),
        None => outer.contains(literal),
    })
}

/// How one value stands to the other.
fn compared(new: &[Literal], held: &[Literal]) -> Option<Ordering> {
    let ([new], [held]) = (new, held) else { return None };
    match (new, held) {
        (Literal::Unlimited, Literal::Unlimited) | (Literal::Never, Literal::Never) => Some(Ordering::Equal),
        (Literal::Unlimited, _) | (Literal::Never, _) => Some(Ordering::Greater),
        (_, Literal::Unlimited) | (_, Literal::Never) => Some(Ordering::Less),
        (Literal::Integer(new), Literal::Integer(held)) => Some(new.cmp(held)),
        (Literal::Size(new), Literal::Size(held)) | (Literal::Duration(new), Literal::Duration(held)) => Some(new.cmp(held)),
        (Literal::Date(new), Literal::Date(held)) => Some(new.cmp(held)),
        // Fewer bits are lower; modes of which neither holds the other cannot be compared.
        (Literal::Mode(new), Literal::Mode(held)) if new & !held == 0 => Some(Ordering::Less),
        (Literal::Mode(new), Literal::Mode(held)) if held & !new == 0 => Some(Ordering::Greater),
        _ => None,
    }
}

/// Notes that a value is looser than what held before, and how that can be said.
pub(super) fn refuse(parameter: &Parameter, held: &[Literal], span: Range<usize>, document: &mut Document) {
    let held = held.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let name = &parameter.name;
    document.problem_help(
        span,
        "loosened",
        Message::new(
            format!("参数 `{name}` 比原来的值（{held}）宽松，或无法比较，必须写明理由"),
            format!("the parameter `{name}` is looser than what held before ({held}), or cannot be compared with it: a reason is needed"),
        ),
        Message::new(
            format!("{name} = {{ value = …, loosened = {{ reason = \"…\", approver = \"…\" }} }}"),
            format!("{name} = {{ value = …, loosened = {{ reason = \"…\", approver = \"…\" }} }}"),
        ),
    );
}
