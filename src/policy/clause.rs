//! A catalogue file (`policies/clauses/<id>.toml`) into the clauses that rules may cite.

use super::document::{Document, Fields};
use crate::error::Message;

/// A regulation or standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Kebab-case id that citations begin with: `nfra`.
    pub id: String,
    /// Its name.
    pub title: Message,
    /// What must be known of its standing: that it is a draft, or not yet confirmed.
    pub status: Message,
    /// Its clauses, in order.
    pub clauses: Vec<Clause>,
}

/// One citable clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The whole citation: `nfra:28.1`.
    pub citation: String,
    /// Its heading.
    pub heading: Message,
}

impl Catalogue {
    /// All citations.
    pub fn citations(&self) -> impl Iterator<Item = &str> {
        self.clauses.iter().map(|clause| clause.citation.as_str())
    }

    /// Reads a catalogue.
    pub(super) fn read(mut fields: Fields<'_>, document: &mut Document) -> Option<Catalogue> {
        let head = fields.required("catalogue", document)?;
        let mut head = Fields::of(head, document)?;
        let id = head.text("id", document)?.to_owned();
        let title = head.message("title", document);
        let status = head.message("status", document);
        head.finish(document);
        let mut clauses: Vec<Clause> = Vec::new();
        for item in fields.optional("clause").and_then(|list| list.get_ref().as_array()).into_iter().flatten() {
            let Some(mut clause) = Fields::of(item, document) else { continue };
            if let Some(number) = clause.text("id", document) {
                let citation = format!("{id}:{number}");
                if clauses.iter().any(|other| other.citation == citation) {
                    document.problem(
                        item.span(),
                        "duplicate-id",
                        Message::new(format!("条款 {citation} 重复"), format!("the clause {citation} stands twice")),
                    );
                }
                clauses.push(Clause { citation, heading: clause.message("heading", document) });
            }
            clause.finish(document);
        }
        fields.finish(document);
        Some(Catalogue { id, title, status, clauses })
    }
}
