//! The path of a policy to nodes of a tree (`$.servers[*].tls`, `..Connector.@port`) into steps.

use crate::schema::generic::{Step, To};

/// The most steps of a path.
const STEPS_MOST: usize = 32;

/// Reads a path; none where it is not one. `$` and a leading dot are optional, names with other characters stand in `['…']`.
pub(super) fn steps(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.trim().strip_prefix('$').unwrap_or(text.trim());
    let mut steps = Vec::new();
    if !rest.is_empty() && !rest.starts_with(['.', '[']) {
        let (step, after) = named(rest, false)?;
        steps.push(step);
        rest = after;
    }
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix('[') {
            Some(inner) => bracketed(inner, false)?,
            None => {
                let rest = rest.strip_prefix('.')?;
                match rest.strip_prefix('.') {
                    Some(rest) => named(rest, true)?,
                    None => named(rest, false)?,
                }
            }
        };
        steps.push(step);
        rest = after;
    }
    (steps.len() <= STEPS_MOST).then_some(steps)
}

/// A name or `*`, and what follows it.
fn named(text: &str, deep: bool) -> Option<(Step, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let to = match &text[..end] {
        "" => return None,
        "*" => To::Any,
        name if name.contains([']', '\'', '"', ' ']) => return None,
        name => To::Key(name.to_owned()),
    };
    Some((Step { deep, to }, &text[end..]))
}

/// What stands in brackets, and what follows them.
fn bracketed(text: &str, deep: bool) -> Option<(Step, &str)> {
    if let Some(quote) = text.chars().next().filter(|first| matches!(first, '\'' | '"')) {
        let (name, after) = text[1..].split_once(quote)?;
        return Some((Step { deep, to: To::Key(name.to_owned()) }, after.strip_prefix(']')?));
    }
    let (inner, after) = text.split_once(']')?;
    let to = if inner == "*" { To::Any } else { To::Item(inner.parse().ok()?) };
    Some((Step { deep, to }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_steps() {
        let key = |deep, name: &str| Step { deep, to: To::Key(name.to_owned()) };
        let plain = |to| Step { deep: false, to };
        assert_eq!(
            steps("$.a[*]['b c'][2]..d"),
            Some(vec![key(false, "a"), plain(To::Any), key(false, "b c"), plain(To::Item(2)), key(true, "d")])
        );
        assert_eq!(steps("tls.@min"), Some(vec![key(false, "tls"), key(false, "@min")]));
        assert_eq!(steps("$"), Some(Vec::new()));
        for wrong in ["$.", "$.a[", "$.a[x]", "$a..", "$.a['b]", "a b].", "$]"] {
            assert!(steps(wrong).is_none(), "{wrong}");
        }
    }
}
