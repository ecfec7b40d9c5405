//! A coverage matrix into one JSON document, texts in both languages.

use serde_json::{Value as Json, json};

use super::matrix::{Matrix, Row, Standing};
use crate::error::Message;
use crate::policy::clause::ProvenBy;

/// The document.
pub(super) fn written(matrix: &Matrix<'_>) -> String {
    let catalogues: Vec<Json> = matrix
        .catalogues()
        .map(|(catalogue, rows)| {
            json!({
                "catalogue": catalogue.id,
                "title": both(&catalogue.title),
                "status": both(&catalogue.status),
                "fragments": catalogue.fragments.as_ref().map(both),
                "clauses": rows.iter().map(|row| clause(matrix, row)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let count = |standing: Standing| (standing.name().to_owned(), Json::from(matrix.count(standing)));
    let counts = [Standing::Judged, Standing::InFragments, Standing::Unprovable, Standing::Open].map(count);
    let document = json!({
        "schema": 1,
        "catalogues": catalogues,
        "summary": Json::Object(counts.into_iter().collect()),
    });
    format!("{document:#}\n")
}

/// One clause.
fn clause(matrix: &Matrix<'_>, row: &Row<'_>) -> Json {
    let platforms = row.platforms.iter().map(|(platform, rules)| {
        let names: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        (platform.name.to_owned(), json!({ "rules": names, "cases": matrix.cases(rules) }))
    });
    let rules = row.rules.iter().map(|rule| json!({ "rule": rule.id, "severity": rule.severity.name(), "cases": matrix.cases_of(rule) }));
    json!({
        "clause": row.clause.citation,
        "fragment": row.clause.is_fragment(row.catalogue),
        "heading": both(&row.clause.heading),
        "summary": row.clause.summary.as_ref().map(both),
        "proven_by": row.clause.proven_by.map(ProvenBy::name),
        "standing": row.standing().name(),
        "shows": row.clause.shows.as_ref().map(both),
        "limit": row.clause.limit.as_ref().map(both),
        "rules": rules.collect::<Vec<_>>(),
        "platforms": Json::Object(platforms.collect()),
    })
}

/// A text in both languages.
fn both(message: &Message) -> Json {
    json!({ "zh": message.zh, "en": message.en })
}
