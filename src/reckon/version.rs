//! Two versions into their order, where an order is known.

use std::cmp::Ordering;

/// Compares versions piece by piece: runs of digits as numbers, runs of letters as text.
///
/// None where pieces of different kinds meet: no order is known then.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (mut left, mut right) = (pieces(left), pieces(right));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Some(Ordering::Equal),
            (None, Some(_)) => return Some(Ordering::Less),
            (Some(_), None) => return Some(Ordering::Greater),
            (Some(left), Some(right)) => match (left.parse::<u64>(), right.parse::<u64>()) {
                (Ok(left), Ok(right)) if left == right => {}
                (Ok(left), Ok(right)) => return Some(left.cmp(&right)),
                (Err(_), Err(_)) if left == right => {}
                (Err(_), Err(_)) => return Some(left.cmp(right)),
                _ => return None,
            },
        }
    }
}

/// The runs of digits and of letters in a version.
fn pieces(version: &str) -> impl Iterator<Item = &str> {
    let mut rest = version;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|character: char| !character.is_ascii_alphanumeric());
        let digits = rest.starts_with(|character: char| character.is_ascii_digit());
        let end =
            rest.find(|character: char| !character.is_ascii_alphanumeric() || character.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}
