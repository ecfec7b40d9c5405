//! A citation into what the clause demands, what can prove it, why not more, and the rules that do.

use crate::names::Language;
use crate::policy::Library;
use crate::policy::clause::{Catalogue, Clause};

/// A clause with its fragments, and the numbers of the rules that cite any of them; none where the citation is of no clause.
pub(super) fn text(id: &str, library: &Library, language: Language) -> Option<(String, Vec<usize>)> {
    let catalogue = library.catalogues.iter().find(|catalogue| id.starts_with(&format!("{}:", catalogue.id)))?;
    let part_of = [format!("{id}."), format!("{id}-")];
    let is_meant = |clause: &&Clause| clause.citation == id || part_of.iter().any(|start| clause.citation.starts_with(start));
    let clauses: Vec<&Clause> = catalogue.clauses.iter().filter(is_meant).collect();
    if clauses.is_empty() {
        return None;
    }
    let mut text = format!("{}\n{}\n", catalogue.title.text(language), catalogue.status.text(language));
    for clause in &clauses {
        one(clause, catalogue, language, &mut text);
        for rule in library.rules.iter().filter(|rule| rule.clauses.contains(&clause.citation)) {
            text.push_str(&format!("  {:<40} [{}] {}\n", rule.id, rule.severity.text(language), rule.title.text(language)));
        }
    }
    let cites = |number: &usize| library.rules[*number].clauses.iter().any(|cited| clauses.iter().any(|clause| clause.citation == *cited));
    Some((text, (0..library.rules.len()).filter(cites).collect()))
}

/// Adds what is said of one clause.
fn one(clause: &Clause, catalogue: &Catalogue, language: Language, text: &mut String) {
    text.push_str(&format!("\n{}  {}\n", clause.citation, clause.heading.text(language)));
    if let Some(fragments) = catalogue.fragments.as_ref().filter(|_| clause.is_fragment(catalogue)) {
        text.push_str(&format!("  ({})\n", fragments.text(language)));
    }
    let (shows, limit) = match language {
        Language::Zh => ("可证明：", "不能证明更多："),
        Language::En => ("shown: ", "why not more: "),
    };
    let lines = [
        clause.summary.as_ref().map(|summary| summary.text(language).to_owned()),
        clause.proven_by.map(|proven_by| proven_by.text(language).to_owned()),
        clause.shows.as_ref().map(|message| format!("{shows}{}", message.text(language))),
        clause.limit.as_ref().map(|message| format!("{limit}{}", message.text(language))),
    ];
    lines.into_iter().flatten().for_each(|line| text.push_str(&format!("  {line}\n")));
}
