//! The `select` of a profile into the rules that it means: keys AND, values OR.

use crate::error::Message;
use crate::names::Severity;
use crate::policy::document::{Document, Fields, Item, unknown_name};
use crate::policy::{Library, Rule, falls_under};

/// The numbers of the rules that are selected.
pub(super) fn rules(item: &Item<'_>, library: &Library, document: &mut Document) -> Vec<usize> {
    let Some(mut fields) = Fields::of(item, document) else { return Vec::new() };
    let citations: Vec<&str> = library.catalogues.iter().flat_map(|catalogue| catalogue.citations()).collect();
    let clauses = values(&mut fields, "clauses", document, ("条款", "clause"), &citations, falls_under);
    let ids: Vec<&str> = library.rules.iter().map(|rule| rule.id.as_str()).collect();
    let rules = values(&mut fields, "rules", document, ("规则", "rule"), &ids, |known, written| known == written);
    let policy_ids: Vec<&str> = library.policies.iter().map(|policy| policy.id.as_str()).collect();
    let policies = values(&mut fields, "policies", document, ("策略", "policy"), &policy_ids, |known, written| known == written);
    let family_names: Vec<&str> = library.policies.iter().map(|policy| policy.family.as_str()).collect();
    let families =
        values(&mut fields, "families", document, ("策略组", "family of policies"), &family_names, |known, written| known == written);
    let severity = fields.optional("severity").and_then(|item| severity(item, document));
    fields.finish(document);
    let holds =
        |list: &Option<Vec<&str>>, matches: &dyn Fn(&str) -> bool| list.as_ref().is_none_or(|list| list.iter().any(|value| matches(value)));
    let selected = |rule: &Rule| {
        let policy = &library.policies[rule.policy];
        holds(&clauses, &|clause| rule.clauses.iter().any(|cited| falls_under(cited, clause)))
            && holds(&rules, &|id| rule.id == id)
            && holds(&policies, &|id| policy.id == id)
            && holds(&families, &|family| policy.family == family)
            && severity.is_none_or(|least| rule.severity >= least)
    };
    (0..library.rules.len()).filter(|number| selected(&library.rules[*number])).collect()
}

/// The values of one key, all of which must mean something; none where the key is missing.
fn values<'t>(
    fields: &mut Fields<'t>,
    key: &'static str,
    document: &mut Document,
    what: (&str, &str),
    known: &[&str],
    means: fn(&str, &str) -> bool,
) -> Option<Vec<&'t str>> {
    let item = fields.optional(key)?;
    let written = document.strings(item);
    if written.is_empty() {
        document.problem(item.span(), "empty-group", Message::new("列表是空的", "the list is empty"));
    }
    for (value, span) in &written {
        if !known.iter().any(|known| means(known, value)) {
            unknown_name(document, span.clone(), "unknown-name", what, value, known);
        }
    }
    Some(written.into_iter().map(|(value, _)| value).collect())
}

/// The least severity.
fn severity(item: &Item<'_>, document: &mut Document) -> Option<Severity> {
    let text = document.string(item)?;
    let severity = Severity::parse(text);
    if severity.is_none() {
        unknown_name(document, item.span(), "unknown-word", ("严重程度", "severity"), text, &Severity::ALL.map(Severity::name));
    }
    severity
}
