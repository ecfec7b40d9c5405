//! A coverage matrix into one page of HTML that needs nothing else.

use super::matrix::{Matrix, Row};
use super::text::summary;
use crate::names::Language;

/// Plain lines and a little colour; it prints on paper as it looks.
const STYLE: &str = "body{font:14px/1.5 sans-serif;margin:2em;max-width:80em}table{border-collapse:collapse;width:100%}\
td,th{border:1px solid #bbb;padding:.3em .5em;vertical-align:top;text-align:left}th{background:#eee}\
tr.judged td:first-child{border-left:.4em solid #2a7}tr.in-fragments td:first-child{border-left:.4em solid #8c8}\
tr.unprovable td:first-child{border-left:.4em solid #999}tr.open td:first-child{border-left:.4em solid #c33}code{font-size:12px}";

/// The page.
pub(super) fn written(matrix: &Matrix<'_>, language: Language) -> String {
    let (code, title) = match language {
        Language::Zh => ("zh-CN", "条款覆盖情况"),
        Language::En => ("en", "Coverage of clauses"),
    };
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head><body>\n\
         <h1>{title}</h1>\n<p>{}</p>\n",
        escaped(summary(matrix, language).trim())
    );
    let heads = match language {
        Language::Zh => ["条款", "要求", "能证明什么，为何不能更多", "平台与规则"],
        Language::En => ["clause", "demands", "what is shown, and why not more", "platforms and rules"],
    };
    for (catalogue, rows) in matrix.catalogues() {
        page.push_str(&format!("<h2>{}</h2>\n<p>{}", escaped(catalogue.title.text(language)), escaped(catalogue.status.text(language))));
        if let Some(fragments) = &catalogue.fragments {
            page.push_str(&format!("<br>{}", escaped(fragments.text(language))));
        }
        page.push_str(&format!("</p>\n<table><tr><th>{}</th></tr>\n", heads.join("</th><th>")));
        rows.iter().for_each(|row| one(matrix, row, language, &mut page));
        page.push_str("</table>\n");
    }
    page.push_str("</body></html>\n");
    page
}

/// Adds the row of one clause.
fn one(matrix: &Matrix<'_>, row: &Row<'_>, language: Language, page: &mut String) {
    let clause = row.clause;
    let standing = row.standing();
    let stands = clause.proven_by.filter(|_| !row.rules.is_empty()).map_or(standing.text(language), |proven_by| proven_by.text(language));
    let said = [&clause.shows, &clause.limit].into_iter().flatten().map(|message| escaped(message.text(language)));
    page.push_str(&format!(
        "<tr class=\"{}\"><td>{}</td><td><b>{}</b><br>{}</td><td><i>{stands}</i><br>{}</td><td>",
        standing.name(),
        escaped(&clause.citation),
        escaped(clause.heading.text(language)),
        clause.summary.as_ref().map_or(String::new(), |message| escaped(message.text(language))),
        said.collect::<Vec<_>>().join("<br>")
    ));
    for (platform, rules) in &row.platforms {
        let (rules_word, cases_word) = match language {
            Language::Zh => ("条规则", "个用例"),
            Language::En => ("rules", "cases"),
        };
        page.push_str(&format!(
            "<details><summary>{} · {} {rules_word} · {} {cases_word}</summary>",
            platform.name,
            rules.len(),
            matrix.cases(rules)
        ));
        for rule in rules {
            page.push_str(&format!(
                "<code>{}</code> {} ({})<br>",
                escaped(&rule.id),
                escaped(rule.title.text(language)),
                matrix.cases_of(rule)
            ));
        }
        page.push_str("</details>");
    }
    page.push_str("</td></tr>\n");
}

/// A text without characters that mean something to HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
