//! A catalogue file (`policies/clauses/<id>.toml`) into the clauses that rules may cite, and what can prove each of them.

use super::document::{Document, Fields, Item, message, unknown_name};
use crate::error::Message;
use crate::names::{Language, Phrase};

/// A regulation or standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Kebab-case id that citations begin with: `nfra`.
    pub id: String,
    /// Its name.
    pub title: Message,
    /// What must be known of its standing: that it is a draft, or not yet confirmed.
    pub status: Message,
    /// What must be known of numbers after a point, where they are not the text's own.
    pub fragments: Option<Message>,
    /// Its clauses, in order.
    pub clauses: Vec<Clause>,
}

/// What can show that a clause is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenBy {
    /// The configuration of assets.
    Configuration,
    /// A dated record.
    Record,
    /// Each a part.
    Both,
    /// Nothing that a machine reads.
    Nothing,
}

impl ProvenBy {
    /// All, in the order of reports.
    pub const ALL: [ProvenBy; 4] = [ProvenBy::Configuration, ProvenBy::Record, ProvenBy::Both, ProvenBy::Nothing];

    /// The word that catalogues use.
    pub fn name(self) -> &'static str {
        match self {
            ProvenBy::Configuration => "configuration",
            ProvenBy::Record => "record",
            ProvenBy::Both => "both",
            ProvenBy::Nothing => "nothing",
        }
    }

    /// The word for a reader.
    pub fn text(self, language: Language) -> &'static str {
        let phrase = match self {
            ProvenBy::Configuration => &Phrase { zh: "由配置证明", en: "proven by configurations" },
            ProvenBy::Record => &Phrase { zh: "由记录证明", en: "proven by records" },
            ProvenBy::Both => &Phrase { zh: "由配置和记录证明", en: "proven by configurations and records" },
            ProvenBy::Nothing => &Phrase { zh: "机器无法证明", en: "not proven by anything that a machine reads" },
        };
        phrase.text(language)
    }
}

/// One citable clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The whole citation: `nfra:28.1`.
    pub citation: String,
    /// Its heading.
    pub heading: Message,
    /// What it demands, in our own words.
    pub summary: Option<Message>,
    /// What can show that it is met, where the catalogue says.
    pub proven_by: Option<ProvenBy>,
    /// The part that is shown.
    pub shows: Option<Message>,
    /// Why not more.
    pub limit: Option<Message>,
}

impl Clause {
    /// Whether its number has a part that the text may not have: `nfra:28.1`. Standards number their sections with points throughout.
    pub fn is_fragment(&self, catalogue: &Catalogue) -> bool {
        catalogue.fragments.is_some() && self.citation.contains('.')
    }

    /// The heading with the standing of its catalogue: `第二十八条 远程访问权限：多因素认证（征求意见稿；…）`.
    pub fn described(&self, catalogue: &Catalogue, language: Language) -> String {
        let heading = self.heading.text(language);
        let status = catalogue.status.text(language);
        let (open, between, close) = match language {
            Language::Zh => ("（", "；", "）"),
            Language::En => (" (", "; ", ")"),
        };
        match catalogue.fragments.as_ref().filter(|_| self.is_fragment(catalogue)) {
            Some(fragments) => format!("{heading}{open}{status}{between}{}{close}", fragments.text(language)),
            None => format!("{heading}{open}{status}{close}"),
        }
    }
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
        let fragments = optional(&mut head, "fragments", document);
        head.finish(document);
        let mut clauses: Vec<Clause> = Vec::new();
        for item in fields.optional("clause").and_then(|list| list.get_ref().as_array()).into_iter().flatten() {
            let Some(clause) = clause(&id, item, document) else { continue };
            if clauses.iter().any(|other| other.citation == clause.citation) {
                let citation = &clause.citation;
                document.problem(
                    item.span(),
                    "duplicate-id",
                    Message::new(format!("条款 {citation} 重复"), format!("the clause {citation} stands twice")),
                );
            }
            clauses.push(clause);
        }
        fields.finish(document);
        Some(Catalogue { id, title, status, fragments, clauses })
    }
}

/// Reads one clause; none where it has no number.
fn clause(catalogue: &str, item: &Item<'_>, document: &mut Document) -> Option<Clause> {
    let mut fields = Fields::of(item, document)?;
    let number = fields.text("id", document);
    let heading = fields.message("heading", document);
    let summary = optional(&mut fields, "summary", document);
    let said = fields.optional("proven-by");
    let proven_by = said.and_then(|said| self::proven_by(said, document));
    let shows = optional(&mut fields, "shows", document);
    let limit = optional(&mut fields, "limit", document);
    if let (Some(said), Some(proven_by)) = (said, proven_by) {
        let proves = proven_by != ProvenBy::Nothing;
        for (key, wrong) in [("shows", shows.is_some() != proves), ("limit", limit.is_none()), ("summary", summary.is_none())] {
            if wrong {
                document.problem(
                    said.span(),
                    "incomplete-clause",
                    Message::new(
                        format!("proven-by 与 `{key}` 不一致：能证明的写 shows，都要写 limit 和 summary"),
                        format!("proven-by does not fit `{key}`: what can be proven has `shows`, and every clause `limit` and `summary`"),
                    ),
                );
            }
        }
    }
    fields.finish(document);
    Some(Clause { citation: format!("{catalogue}:{}", number?), heading, summary, proven_by, shows, limit })
}

/// What can prove a clause.
fn proven_by(item: &Item<'_>, document: &mut Document) -> Option<ProvenBy> {
    let text = document.string(item)?;
    let found = ProvenBy::ALL.into_iter().find(|proven_by| proven_by.name() == text);
    if found.is_none() {
        unknown_name(document, item.span(), "unknown-word", ("取值", "word"), text, &ProvenBy::ALL.map(ProvenBy::name));
    }
    found
}

/// The Chinese and English text of a key that may be missing.
fn optional(fields: &mut Fields<'_>, key: &'static str, document: &mut Document) -> Option<Message> {
    fields.optional(key).map(|item| message(item, document, &mut |_, _, _| false))
}
