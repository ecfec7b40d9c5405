//! Cells of switches into the cell of both, and evidence of several cells into one.

use crate::facts::{Cell, Evidence, Host, State, Value};

/// Whether both hold. One that is known not to decides whatever the other is.
pub(in crate::facts) fn both<'a>(host: &Host<'a>, left: Cell<'a>, right: Cell<'a>) -> Cell<'a> {
    let is = |cell: &Cell<'a>, wanted| cell.value() == Some(Value::Boolean(wanted));
    let unknown = |cell: &Cell<'a>| matches!(cell.state, State::Unknown(..));
    match () {
        () if is(&left, false) => left,
        () if is(&right, false) => right,
        () if unknown(&left) => Cell { evidence: joined(host, &[left, right]), ..left },
        () if unknown(&right) => Cell { evidence: joined(host, &[right, left]), ..right },
        () => Cell { evidence: joined(host, &[left, right]), ..left },
    }
}

/// Whether one of both holds. One that is known to decides whatever the other is.
pub(in crate::facts) fn either<'a>(host: &Host<'a>, left: Cell<'a>, right: Cell<'a>) -> Cell<'a> {
    not(both(host, not(left), not(right)))
}

/// The evidence of several cells, the deciding one first.
pub(in crate::facts) fn joined<'a>(host: &Host<'a>, cells: &[Cell<'a>]) -> &'a [Evidence<'a>] {
    let mut pieces: Vec<Evidence<'a>> = Vec::new();
    for piece in cells.iter().flat_map(|cell| cell.evidence) {
        if !pieces.contains(piece) {
            pieces.push(*piece);
        }
    }
    host.evidence(&pieces)
}

/// Whether a list cell holds a word: known, or unknown for the same reason, with every candidate asked.
pub(in crate::facts) fn holds<'a>(host: &Host<'a>, cell: Cell<'a>, word: &'static str) -> Cell<'a> {
    let has = |value: &Value<'a>| match value {
        Value::List(items) => items.contains(&Value::Word(word)),
        other => *other == Value::Word(word),
    };
    match cell.state {
        State::Known(value) => Cell::known(Value::Boolean(has(&value)), cell.evidence),
        State::Unset => Cell::known(Value::Boolean(false), cell.evidence),
        State::Unknown(why, candidates) => {
            let answers: Vec<bool> = candidates.iter().map(has).collect();
            match answers.as_slice() {
                [first, rest @ ..] if rest.iter().all(|answer| answer == first) => Cell::known(Value::Boolean(*first), cell.evidence),
                [] => Cell::unknown(why, cell.evidence),
                _ => Cell::one_of(why, host.arena().alloc_slice_copy(&[Value::Boolean(false), Value::Boolean(true)]), cell.evidence),
            }
        }
    }
}

/// The opposite of a switch.
pub(in crate::facts) fn not<'a>(cell: Cell<'a>) -> Cell<'a> {
    match cell.state {
        State::Known(Value::Boolean(on)) => Cell::known(Value::Boolean(!on), cell.evidence),
        _ => cell,
    }
}
