//! Two versions into their order, where an order is known.
//!
//! Versions are compared piece by piece, as rpm and dpkg do: runs of digits as numbers of any length, `~` before everything, an epoch
//! (`1:`) first. Other characters only part the pieces, so that `V200R010` , `15.2(7)` and `8.0-1` need no rules of their own. Unlike
//! rpm and dpkg it does not invent an order: where vendors mean different things by different words (`15.2(7)E3` and `15.2(7)M1` are
//! two trains of IOS) there is none.

use std::cmp::Ordering;

/// Words for what comes before a release, in their order.
const BEFORE_RELEASE: [&str; 7] = ["dev", "snapshot", "alpha", "beta", "pre", "preview", "rc"];

/// One piece of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// Before everything, the end included.
    Tilde,
    /// Digits without leading zeros.
    Number(&'a str),
    /// Letters.
    Word(&'a str),
}

/// The order of two versions; none where it is not known.
///
/// Missing numbers are zero (`12` equals `12.0`); a word behind an otherwise equal version makes it later (`9.3p1` after `9.3`, `22.03
/// LTS` after `22.03`), unless it is one that vendors use before a release (`1.0-rc1` before `1.0`). Two words have an order if they are
/// such words, or single small letters (`1.0.2k` before `1.0.2u`). A number and a word have none.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    if left == right {
        return Some(Ordering::Equal);
    }
    let ((left_epoch, left), (right_epoch, right)) = (epoch(left), epoch(right));
    let numbered = |version: &str| version.contains(|it: char| it.is_ascii_digit());
    if !numbered(left) || !numbered(right) {
        return None;
    }
    let (mut left, mut right) = (pieces(left), pieces(right));
    let mut order = numbers(left_epoch, right_epoch);
    while order == Ordering::Equal {
        order = match (left.next(), right.next()) {
            (None, None) => break,
            (Some(piece), None) => against_end(piece),
            (None, Some(piece)) => against_end(piece).reverse(),
            (Some(left), Some(right)) => pair(left, right)?,
        };
    }
    Some(order)
}

/// The order of two pieces.
fn pair(left: Piece<'_>, right: Piece<'_>) -> Option<Ordering> {
    match (left, right) {
        (Piece::Number(left), Piece::Number(right)) => Some(numbers(left, right)),
        (left, right) if left == right => Some(Ordering::Equal),
        (Piece::Tilde, _) => Some(Ordering::Less),
        (_, Piece::Tilde) => Some(Ordering::Greater),
        (Piece::Word(left), Piece::Word(right)) => words(left, right),
        (Piece::Number(_), Piece::Word(word)) => rank(word).map(|_| Ordering::Greater),
        (Piece::Word(word), Piece::Number(_)) => rank(word).map(|_| Ordering::Less),
    }
}

/// The order of two words.
fn words(left: &str, right: &str) -> Option<Ordering> {
    let letter = |word: &str| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    match (rank(left), rank(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        (Some(_), None) => Some(Ordering::Less),
        (None, Some(_)) => Some(Ordering::Greater),
        (None, None) if left.eq_ignore_ascii_case(right) => Some(Ordering::Equal),
        (None, None) => (letter(left) && letter(right)).then(|| left.cmp(right)),
    }
}

/// The order of a piece against the end of a version.
fn against_end(piece: Piece<'_>) -> Ordering {
    match piece {
        Piece::Tilde => Ordering::Less,
        Piece::Number(number) => numbers(number, ""),
        Piece::Word(word) => rank(word).map_or(Ordering::Greater, |_| Ordering::Less),
    }
}

/// The order of two numbers without leading zeros; the empty one is zero.
fn numbers(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// The place of a word among those before a release.
fn rank(word: &str) -> Option<usize> {
    BEFORE_RELEASE.iter().position(|known| known.eq_ignore_ascii_case(word))
}

/// The epoch in front of a colon, without leading zeros, and the rest.
fn epoch(version: &str) -> (&str, &str) {
    match version.trim().split_once(':') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()) => {
            (epoch.trim_start_matches('0'), rest)
        }
        _ => ("", version.trim()),
    }
}

/// The pieces of a version; a `v` in front of a digit at the beginning (`V10`, `v2.1`) is not one.
fn pieces(version: &str) -> impl Iterator<Item = Piece<'_>> {
    let bare = version.trim_start_matches(['V', 'v']);
    let marked = bare.len() + 1 == version.len() && bare.starts_with(|it: char| it.is_ascii_digit());
    let mut rest = if marked { bare } else { version };
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|it: char| !it.is_ascii_alphanumeric() && it != '~');
        let first = rest.chars().next()?;
        let same = |it: char| match first {
            '~' => false,
            _ => it.is_ascii_alphanumeric() && it.is_ascii_digit() == first.is_ascii_digit(),
        };
        let end = rest[1..].find(|it: char| !same(it)).map_or(rest.len(), |at| at + 1);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(match first {
            '~' => Piece::Tilde,
            _ if first.is_ascii_digit() => Piece::Number(piece.trim_start_matches('0')),
            _ => Piece::Word(piece),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_where_an_order_is_known() {
        use Ordering::{Equal, Greater, Less};
        for (left, right, expected) in [
            ("9.9", "9.10", Some(Less)),
            ("12", "12.0", Some(Equal)),
            ("12", "12.4", Some(Less)),
            ("8.0.36", "8.0.036", Some(Equal)),
            // `dpkg --compare-versions` of Debian 12.
            ("1.0~rc1", "1.0", Some(Less)),
            ("1:1.0", "2.0", Some(Greater)),
            ("1.0~", "1.0~~", Some(Greater)),
            ("9.3p1", "9.3p2", Some(Less)),
            ("9.3", "9.3p1", Some(Less)),
            // Semantic Versioning 2.0, section 11.
            ("1.0.0-alpha", "1.0.0-beta", Some(Less)),
            ("1.0.0-rc.1", "1.0.0", Some(Less)),
            ("1.0.0-rc.1", "1.0.0.1", Some(Less)),
            ("1.0.2k", "1.0.2u", Some(Less)),
            ("1.0.2", "1.0.2u", Some(Less)),
            ("V10", "10", Some(Equal)),
            ("V200R010C00SPC600", "V200R010C00SPC700", Some(Less)),
            ("15.2(7)E3", "15.2(7)E10", Some(Less)),
            ("15.2(7)E3", "15.2(7)M1", None),
            ("15.2(7)E3", "15.2(8)M1", Some(Less)),
            ("1.a", "1.2", None),
            ("sid", "12", None),
            ("rolling", "rolling", Some(Equal)),
            ("", "1", None),
            ("99999999999999999999999999", "100000000000000000000000000", Some(Less)),
            ("1.\u{4e2d}2", "1.3", Some(Less)),
        ] {
            assert_eq!(compare(left, right), expected, "{left} against {right}");
            assert_eq!(compare(right, left), expected.map(Ordering::reverse), "{right} against {left}");
        }
    }
}
