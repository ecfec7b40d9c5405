//! A block's row and the global one into the columns in which the block is laxer.

use super::super::{Cell, Evidence, Host, RowBuilder, State, Value};
use crate::schema::linux::SSHD;

/// How a column becomes laxer.
#[derive(Clone, Copy, Debug)]
enum Laxer {
    /// By a word that stands later in this list.
    Words(&'static [&'static str]),
    /// By a greater number or time.
    Greater,
    /// By admitting what the global list does not admit; the empty list admits everybody.
    Admits,
    /// By leaving out what the global list refuses.
    Spares,
    /// By an alternative that asks for less than every global one.
    Methods,
    /// By not being set where it is set globally.
    Unset,
    /// By being set where it is not set globally, or to something else.
    Set,
}

const SWITCH: Laxer = Laxer::Words(&["no", "yes"]);

/// The columns that are compared, and how.
const COLUMNS: &[(&str, Laxer)] = &[
    ("permit-root-login", Laxer::Words(&["no", "forced-commands-only", "prohibit-password", "yes"])),
    ("permit-empty-passwords", SWITCH),
    ("authentication-methods", Laxer::Methods),
    ("password-authentication", SWITCH),
    ("kbd-interactive-authentication", SWITCH),
    ("hostbased-authentication", SWITCH),
    ("gssapi-authentication", SWITCH),
    ("allow-users", Laxer::Admits),
    ("allow-groups", Laxer::Admits),
    ("deny-users", Laxer::Spares),
    ("deny-groups", Laxer::Spares),
    ("max-auth-tries", Laxer::Greater),
    ("dead-peer-timeout", Laxer::Greater),
    ("max-sessions", Laxer::Greater),
    ("x11-forwarding", SWITCH),
    ("allow-tcp-forwarding", Laxer::Words(&["no", "remote", "local", "yes"])),
    ("allow-agent-forwarding", SWITCH),
    ("permit-tunnel", Laxer::Words(&["no", "point-to-point", "ethernet", "yes"])),
    ("gateway-ports", Laxer::Words(&["no", "clientspecified", "yes"])),
    ("ignore-rhosts", Laxer::Words(&["yes", "shosts-only", "no"])),
    ("log-level", Laxer::Words(&["debug3", "debug2", "debug", "verbose", "info", "error", "fatal", "quiet"])),
    ("banner", Laxer::Unset),
    ("force-command", Laxer::Unset),
    ("chroot-directory", Laxer::Unset),
    ("trusted-user-ca-keys", Laxer::Set),
];

/// The cell `weakens` of a block's row.
pub(super) fn cell<'a>(host: &Host<'a>, global: &RowBuilder<'a>, block: &RowBuilder<'a>) -> Cell<'a> {
    let (mut items, mut evidence) = (Vec::new(), Vec::new());
    for (name, laxer) in COLUMNS {
        let Some(column) = SSHD.find(name) else { continue };
        let (before, after) = (&global.cells[column], &block.cells[column]);
        if before == after {
            continue;
        }
        match weaker(before, after, *laxer) {
            Some(true) => {
                items.push(Value::Text(name));
                evidence.extend(after.evidence.iter().filter(|it| matches!(it, Evidence::Decides(_) | Evidence::Scope(_))));
            }
            Some(false) => {}
            None => items.push(Value::Opaque(name)),
        }
    }
    Cell::known(Value::List(host.arena().alloc_slice_copy(&items)), host.evidence(&evidence))
}

/// Whether a cell is laxer than another; none where it depends on what is not known.
fn weaker(before: &Cell<'_>, after: &Cell<'_>, laxer: Laxer) -> Option<bool> {
    let mut answers = possible(before).into_iter().flat_map(|before| possible(after).into_iter().map(move |after| (before, after)));
    let answer = |(before, after)| compare(before, after, laxer);
    let first = answer(answers.next()?);
    answers.all(|pair| answer(pair) == first).then_some(first)
}

/// The values that a cell may have; none for unset. An empty list where nothing is known.
fn possible<'a>(cell: &Cell<'a>) -> Vec<Option<Value<'a>>> {
    match cell.state {
        State::Known(value) => vec![Some(value)],
        State::Unset => vec![None],
        State::Unknown(_, candidates) => candidates.iter().copied().map(Some).collect(),
    }
}

/// Whether one value is laxer than another.
fn compare(before: Option<Value<'_>>, after: Option<Value<'_>>, laxer: Laxer) -> bool {
    match (laxer, before, after) {
        (Laxer::Unset, before, after) => before.is_some() && after.is_none(),
        (Laxer::Set, before, after) => after.is_some() && before != after,
        (Laxer::Words(order), Some(Value::Word(before)), Some(Value::Word(after))) => {
            let place = |word| order.iter().position(|it| *it == word);
            place(after) > place(before)
        }
        (Laxer::Greater, Some(before), Some(after)) => match (number(before), number(after)) {
            (Some(before), after) => after.is_none_or(|after| after > before),
            (None, _) => false,
        },
        (Laxer::Admits, Some(Value::List(before)), Some(Value::List(after))) => {
            !before.is_empty() && (after.is_empty() || after.iter().any(|it| !before.contains(it)))
        }
        (Laxer::Spares, Some(Value::List(before)), Some(Value::List(after))) => before.iter().any(|it| !after.contains(it)),
        (Laxer::Methods, Some(Value::List(before)), Some(Value::List(after))) => {
            after.iter().any(|alternative| !before.iter().any(|it| asks_for(alternative, it)))
        }
        _ => false,
    }
}

/// A number or time; none for no limit.
fn number(value: Value<'_>) -> Option<u64> {
    match value {
        Value::Integer(number) => u64::try_from(number).ok(),
        Value::Duration(seconds) => Some(seconds),
        _ => None,
    }
}

/// Whether an alternative of methods asks for everything that another asks for.
fn asks_for(alternative: &Value<'_>, other: &Value<'_>) -> bool {
    let (Value::Text(alternative), Value::Text(other)) = (alternative, other) else { return false };
    if *other == "any" {
        return true;
    }
    let mut left: Vec<&str> = alternative.split(',').collect();
    other.split(',').all(|method| {
        // `keyboard-interactive:pam` asks for `keyboard-interactive`, and not the other way round.
        let at = left.iter().position(|it| *it == method || it.split(':').next() == Some(method));
        at.map(|at| left.swap_remove(at)).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laxer_means_less_is_asked_or_more_is_admitted() {
        let list = |items: &[&'static str]| {
            let items: Vec<Value<'static>> = items.iter().map(|it| Value::Text(it)).collect();
            Some(Value::List(items.leak()))
        };
        let methods = |before, after| compare(list(before), list(after), Laxer::Methods);
        assert!(methods(&["publickey,password"], &["publickey"]));
        assert!(methods(&["publickey,password"], &["any"]) && !methods(&["any"], &["publickey"]));
        assert!(!methods(&["publickey"], &["publickey,password"]) && !methods(&["publickey", "password"], &["password"]));
        assert!(methods(&["publickey,publickey"], &["publickey,password"]));
        assert!(!methods(&["keyboard-interactive"], &["keyboard-interactive:pam"]));
        assert!(compare(list(&["ops"]), list(&[]), Laxer::Admits) && !compare(list(&[]), list(&["ops"]), Laxer::Admits));
        assert!(compare(list(&["bad"]), list(&[]), Laxer::Spares));
        assert!(compare(Some(Value::Integer(3)), Some(Value::Integer(4)), Laxer::Greater));
        assert!(compare(Some(Value::Duration(3)), Some(Value::Unlimited), Laxer::Greater));
        assert!(!compare(Some(Value::Unlimited), Some(Value::Unlimited), Laxer::Greater));
    }
}
