//! A filter of audit events into what the records that it lets through tell.
//!
//! A filter has the form of a query (MongoDB Manual, "Configure Audit Filters"); its operators are those of the manual's "Query
//! Predicates", and the events those of "System Event Audit Messages".

use bumpalo::Bump;

use crate::parse::yaml::{self, Kind, Node};

/// A longer filter is not read.
const FILTER_BYTES_MOST: usize = 64 << 10;

/// What records tell, and the events of which all must pass for it.
static TOLD_BY: [(&str, &[&str]); 3] = [
    ("auth", &["authenticate"]),
    ("config-change", &["addShard", "enableSharding", "removeShard", "replSetReconfig", "setClusterParameter"]),
    (
        "privilege",
        &[
            "createRole",
            "createUser",
            "dropAllRolesFromDatabase",
            "dropAllUsersFromDatabase",
            "dropRole",
            "dropUser",
            "grantPrivilegesToRole",
            "grantRolesToRole",
            "grantRolesToUser",
            "revokePrivilegesFromRole",
            "revokeRolesFromRole",
            "revokeRolesFromUser",
            "updateRole",
            "updateUser",
        ],
    ),
];

/// Which events of one type pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passing {
    Every,
    /// It rests on what else the event says: on whom, on which database, on success.
    Some,
    None,
    /// It cannot be told.
    Unclear,
}

impl Passing {
    fn of(every: bool) -> Passing {
        if every { Passing::Every } else { Passing::None }
    }

    fn inverse(self) -> Passing {
        match self {
            Passing::Every => Passing::None,
            Passing::None => Passing::Every,
            other => other,
        }
    }

    fn and(self, other: Passing) -> Passing {
        match (self, other) {
            (Passing::None, _) | (_, Passing::None) => Passing::None,
            (Passing::Unclear, _) | (_, Passing::Unclear) => Passing::Unclear,
            (Passing::Some, _) | (_, Passing::Some) => Passing::Some,
            (Passing::Every, Passing::Every) => Passing::Every,
        }
    }

    /// What one or the other lets through; two that let some through may leave nothing out between them.
    fn or(self, other: Passing) -> Passing {
        match (self, other) {
            (Passing::Every, _) | (_, Passing::Every) => Passing::Every,
            (Passing::None, either) | (either, Passing::None) => either,
            _ => Passing::Unclear,
        }
    }
}

/// What the records tell that a filter lets through, in words of the column `covers`; nothing where the filter is not understood.
pub(super) fn covers<'a>(arena: &'a Bump, filter: &'a str) -> Option<Vec<&'static str>> {
    if filter.len() > FILTER_BYTES_MOST || !filter.trim_start().starts_with('{') {
        return None;
    }
    let document = yaml::read(arena, filter);
    let (None, [root]) = (document.broken, document.roots.as_slice()) else { return None };
    let mut covered = Vec::new();
    for (told, events) in TOLD_BY {
        match events.iter().map(|event| query(root, event)).fold(Passing::Every, Passing::and) {
            Passing::Every => covered.push(told),
            Passing::Some | Passing::None => {}
            Passing::Unclear => return None,
        }
    }
    Some(covered)
}

/// Which events of a type a query lets through: those that meet every one of its conditions.
fn query(node: &Node<'_>, event: &str) -> Passing {
    let Kind::Map(conditions) = node.kind else { return Passing::Unclear };
    let condition = |(key, value): &(Node<'_>, Node<'_>)| match key.scalar() {
        Some("$and") => queries(value, event, Passing::Every, Passing::and),
        Some("$or") => queries(value, event, Passing::None, Passing::or),
        Some("$nor") => queries(value, event, Passing::None, Passing::or).inverse(),
        Some("$comment") => Passing::Every,
        Some("atype") => of_type(value, event),
        Some(field) if !field.starts_with('$') => Passing::Some,
        _ => Passing::Unclear,
    };
    conditions.iter().map(condition).fold(Passing::Every, Passing::and)
}

/// Several queries, joined.
fn queries(node: &Node<'_>, event: &str, start: Passing, join: fn(Passing, Passing) -> Passing) -> Passing {
    match node.items() {
        [] => Passing::Unclear,
        items => items.iter().map(|item| query(item, event)).fold(start, join),
    }
}

/// Which events of a type meet the condition on `atype`: a text, or operators that all hold.
fn of_type(condition: &Node<'_>, event: &str) -> Passing {
    match condition.kind {
        Kind::Map(operators) if !operators.is_empty() => {
            operators.iter().map(|(operator, operand)| operation(operator.scalar(), operand, event)).fold(Passing::Every, Passing::and)
        }
        _ => equals(condition, event),
    }
}

/// One operator. A regular expression is not read, so it is unclear.
fn operation(operator: Option<&str>, operand: &Node<'_>, event: &str) -> Passing {
    let one_of = || match operand.kind {
        Kind::List(items) => items.iter().map(|item| equals(item, event)).fold(Passing::None, Passing::or),
        _ => Passing::Unclear,
    };
    match operator {
        Some("$eq") => equals(operand, event),
        Some("$ne") => equals(operand, event).inverse(),
        Some("$in") => one_of(),
        Some("$nin") => one_of().inverse(),
        Some("$not") if matches!(operand.kind, Kind::Map(_)) => of_type(operand, event).inverse(),
        _ => Passing::Unclear,
    }
}

/// A text is compared; what stands without quotes is none.
fn equals(operand: &Node<'_>, event: &str) -> Passing {
    match operand.kind {
        Kind::Scalar(text, false) => Passing::of(text == event),
        _ => Passing::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_a_filter() {
        let all = Some("auth config-change privilege");
        let cases = [
            ("{}", all),
            (r#"{ atype: "authenticate" }"#, Some("auth")),
            ("{ 'atype': 'authenticate', $comment: 'logins' }", Some("auth")),
            (r#"{ atype: { $in: ["authenticate", "createUser"] } }"#, Some("auth")),
            (r#"{ atype: "dropDatabase" }"#, Some("")),
            // Everything but logins, in four ways.
            (r#"{ atype: { $ne: "authenticate" } }"#, Some("config-change privilege")),
            (r#"{ atype: { $nin: ["authenticate", "authCheck"] } }"#, Some("config-change privilege")),
            (r#"{ $nor: [{ atype: "authenticate" }] }"#, Some("config-change privilege")),
            (r#"{ atype: { $not: { $eq: "authenticate" } } }"#, Some("config-change privilege")),
            // Logins on one database, of one user, that succeed: not all of them.
            (r#"{ atype: "authenticate", "param.db": "test" }"#, Some("")),
            (r#"{ $and: [{ atype: "authenticate" }, { "users.user": "app" }] }"#, Some("")),
            (r#"{ atype: { $exists: true } }"#, None),
            (r#"{ $or: [{ atype: "authenticate" }, { "param.db": "test" }] }"#, Some("auth")),
            (r#"{ $or: [{ result: 0 }, { result: { $ne: 0 } }] }"#, None),
            (r#"{ atype: { $ne: "authCheck" } }"#, all),
            // What is not read.
            (r#"{ atype: /^auth/ }"#, None),
            (r#"{ atype: { $regex: "auth" } }"#, None),
            (r#"{ atype: authenticate }"#, None),
            (r#"{ $where: "true" }"#, None),
            (r#"{ $or: [] }"#, None),
            (r#"{ atype: "authenticate" "#, None),
            (r#"atype: "authenticate""#, None),
            ("", None),
        ];
        for (filter, expected) in cases {
            let arena = Bump::new();
            assert_eq!(covers(&arena, filter).map(|words| words.join(" ")).as_deref(), expected, "{filter}");
        }
    }

    #[test]
    fn a_filter_beyond_the_bound_is_not_read() {
        let filter = format!(r#"{{ atype: "authenticate", $comment: "{}" }}"#, "x".repeat(FILTER_BYTES_MOST));
        assert_eq!(covers(&Bump::new(), &filter), None);
    }
}
