//! A coverage matrix into a text for people.

use super::matrix::{Matrix, Row, Standing};
use crate::names::Language;

/// The text.
pub(super) fn written(matrix: &Matrix<'_>, language: Language, with_rules: bool) -> String {
    let mut text = String::new();
    for (catalogue, rows) in matrix.catalogues() {
        text.push_str(&format!("{}\n{}\n", catalogue.title.text(language), catalogue.status.text(language)));
        if let Some(fragments) = &catalogue.fragments {
            text.push_str(&format!("{}\n", fragments.text(language)));
        }
        rows.iter().for_each(|row| one(matrix, row, language, with_rules, &mut text));
        text.push('\n');
    }
    text.push_str(&summary(matrix, language));
    text
}

/// The last line: how many clauses stand each way.
pub(super) fn summary(matrix: &Matrix<'_>, language: Language) -> String {
    let all = [Standing::Judged, Standing::InFragments, Standing::Unprovable, Standing::Open];
    let parts: Vec<String> = all.into_iter().map(|standing| format!("{} {}", standing.text(language), matrix.count(standing))).collect();
    let total = matrix.rows.len();
    match language {
        Language::Zh => format!("条款 {total}：{}\n", parts.join("  ")),
        Language::En => format!("clauses {total}: {}\n", parts.join(", ")),
    }
}

/// Adds one clause.
fn one(matrix: &Matrix<'_>, row: &Row<'_>, language: Language, with_rules: bool, text: &mut String) {
    let clause = row.clause;
    let stands = match (row.standing(), clause.proven_by) {
        (Standing::Judged, Some(proven_by)) => proven_by.text(language),
        (standing, _) => standing.text(language),
    };
    text.push_str(&format!("\n{}  {}  [{stands}]\n", clause.citation, clause.heading.text(language)));
    let (shows, limit, rules, cases) = match language {
        Language::Zh => ("可证明：", "不能证明更多：", "条规则", "个用例"),
        Language::En => ("shown: ", "why not more: ", "rules", "cases"),
    };
    for (label, message) in [(shows, &clause.shows), (limit, &clause.limit)] {
        if let Some(message) = message {
            text.push_str(&format!("  {label}{}\n", message.text(language)));
        }
    }
    for (platform, judging) in &row.platforms {
        text.push_str(&format!("  {:<18} {:>4} {rules} {:>5} {cases}\n", platform.name, judging.len(), matrix.cases(judging)));
    }
    if with_rules {
        for rule in &row.rules {
            text.push_str(&format!("    {:<48} {:>3} {cases}\n", rule.id, matrix.cases_of(rule)));
        }
    }
}
