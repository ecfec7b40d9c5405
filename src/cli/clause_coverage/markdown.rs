//! A coverage matrix into Markdown: a table of clauses for each catalogue.

use super::matrix::{Matrix, Row};
use super::text::summary;
use crate::names::Language;

/// The Markdown.
pub(super) fn written(matrix: &Matrix<'_>, language: Language, with_rules: bool) -> String {
    let mut text = String::new();
    let heads = match language {
        Language::Zh => ["条款", "标题", "状态", "平台（规则数/用例数）", "能证明什么", "为何不能更多"],
        Language::En => ["clause", "heading", "standing", "platforms (rules/cases)", "shown", "why not more"],
    };
    for (catalogue, rows) in matrix.catalogues() {
        text.push_str(&format!("# {}\n\n{}", cell(catalogue.title.text(language)), cell(catalogue.status.text(language))));
        if let Some(fragments) = &catalogue.fragments {
            text.push_str(&format!(" · {}", cell(fragments.text(language))));
        }
        text.push_str(&format!("\n\n| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(heads.len())));
        rows.iter().for_each(|row| one(matrix, row, language, with_rules, &mut text));
        text.push('\n');
    }
    text.push_str(&summary(matrix, language));
    text
}

/// Adds the line of one clause.
fn one(matrix: &Matrix<'_>, row: &Row<'_>, language: Language, with_rules: bool, text: &mut String) {
    let clause = row.clause;
    let platforms = row.platforms.iter().map(|(platform, rules)| format!("{} {}/{}", platform.name, rules.len(), matrix.cases(rules)));
    let mut judged = platforms.collect::<Vec<_>>().join(", ");
    if with_rules && !row.rules.is_empty() {
        let rules: Vec<&str> = row.rules.iter().map(|rule| rule.id.as_str()).collect();
        judged.push_str(&format!("<br>{}", rules.join(", ")));
    }
    let stands =
        clause.proven_by.filter(|_| !row.rules.is_empty()).map_or(row.standing().text(language), |proven_by| proven_by.text(language));
    let said = |message: &Option<crate::error::Message>| message.as_ref().map_or(String::new(), |message| cell(message.text(language)));
    let heading = cell(clause.heading.text(language));
    text.push_str(&format!(
        "| {} | {heading} | {stands} | {judged} | {} | {} |\n",
        cell(&clause.citation),
        said(&clause.shows),
        said(&clause.limit)
    ));
}

/// A text that ends no cell of a table and begins no element of HTML.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}
