//! TOML policies into one checked, compiled library of rules; every problem in them at once, with its place.
//!
//! The language is version 1: a rule selects rows of a fact table and says what is expected of them. Everything that can be
//! wrong with it is found here, before anything is scanned; evaluation only meets column numbers and typed operands.

pub mod builtin;
pub mod case;
pub mod clause;
mod columns;
mod condition;
pub mod inventory;
pub mod json_schema;
mod listed;
mod literal;
mod load;
pub mod mutant;
mod parameter;
mod predicate;
pub mod profile;
mod rule;
mod select;
mod site_table;
mod values;
mod view;
pub mod waiver;

pub use listed::Listed;
pub use load::{Input, is_catalogue, load, profile_files, read_inputs};
pub use predicate::{Literal, Operand, Operator, Test, Tests};
pub use profile::Profile;
pub use site_table::{SiteKind, SiteRow, SiteSchema, SiteTable};
pub use values::Values;
pub use view::{described, is_described};
pub use waiver::{Acceptance, Waiver, Waivers};

use clause::{Catalogue, Clause};

use std::sync::Arc;

use crate::error::{Message, document};
use crate::names::{self, Platform, Severity};
use crate::schema::generic::View;
use crate::schema::{Column, TABLES, Table};
use crate::source::Digest;

/// Everything that was loaded, checked and compiled.
#[derive(Debug, Default)]
pub struct Library {
    /// The policies, in the order of their files' names.
    pub policies: Vec<Policy>,
    /// All rules, sorted by id.
    pub rules: Vec<Rule>,
    /// All parameters, sorted by name.
    pub parameters: Vec<Parameter>,
    /// The tables that a site may fill, in the order of the policies.
    pub tables: Vec<SiteSchema>,
    /// The catalogues of clauses that rules cite.
    pub catalogues: Vec<Catalogue>,
    /// What the `in` of checks describes, each once.
    pub views: Vec<Arc<View>>,
}

impl Library {
    /// The clause of a citation, and the catalogue that it is in.
    pub fn clause(&self, citation: &str) -> Option<(&Catalogue, &Clause)> {
        self.catalogues.iter().find_map(|catalogue| Some((catalogue, catalogue.clauses.iter().find(|clause| clause.citation == citation)?)))
    }

    /// The clauses of a rule of which more is known than a number.
    pub fn described_clauses<'l>(&'l self, rule: &'l Rule) -> impl Iterator<Item = (&'l Catalogue, &'l Clause)> {
        rule.clauses.iter().filter_map(|citation| self.clause(citation)).filter(|(_, clause)| clause.summary.is_some())
    }
}

/// Where a policy comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The library in the binary.
    BuiltIn,
    /// A file of the user.
    File,
}

/// One file of rules about one topic.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Kebab-case id, unique in the library.
    pub id: String,
    /// Folder of the file, which groups policies: `nfra`, `linux`.
    pub family: String,
    /// The policy's own version.
    pub version: String,
    /// What it is about.
    pub title: Message,
    /// The file as it was named.
    pub file: String,
    /// Digest of the file.
    pub digest: Digest,
    /// Where it comes from.
    pub origin: Origin,
}

/// The way in which a profile may move a parameter freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    /// Smaller values are stricter.
    Lower,
    /// Larger values are stricter.
    Higher,
    /// Fewer elements are stricter.
    Fewer,
    /// More elements are stricter.
    More,
    /// No direction is stricter.
    None,
}

/// A typed value that a profile may set.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Kebab-case name, declared once in the whole library.
    pub name: String,
    /// Its type.
    pub kind: ParameterKind,
    /// Its value without a profile.
    pub default: Option<Vec<Literal>>,
    /// The way in which a profile may move it freely.
    pub stricter: Stricter,
    /// What it is.
    pub title: Message,
    /// Number of the policy that declares it.
    pub policy: usize,
    /// The vocabularies of the columns that it is compared with: its words must be in each.
    pub words: Vec<&'static [&'static str]>,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// One value.
    One(Scalar),
    /// A list of values.
    List(Scalar),
}

/// The type of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Text, or a word of a vocabulary.
    Text,
    /// `true` or `false`.
    Boolean,
    /// Whole number.
    Integer,
    /// Bytes.
    Size,
    /// Seconds.
    Duration,
    /// Permission bits.
    Mode,
    /// Calendar date.
    Date,
    /// Version.
    Version,
    /// Block of addresses.
    Network,
}

/// What a predicate is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnReference {
    /// The column of that number in the table's schema.
    Number(usize),
    /// The asset's id, which every table has.
    Asset,
    /// The product that filled the row, which every table has.
    Product,
    /// The installation of the product, which every table has.
    Instance,
}

/// What must hold of one row.
#[derive(Clone, Debug)]
pub enum Condition {
    /// One test of one column.
    Test(ColumnReference, Test),
    /// A site's own table has a row for it.
    Listed(Box<Listed>),
    /// All must hold; the empty list holds.
    All(Vec<Condition>),
    /// One must hold.
    Any(Vec<Condition>),
}

impl Condition {
    /// The product without which it selects nothing, where it names one.
    pub fn demanded_product(&self) -> Option<&str> {
        match self {
            Condition::Test(
                ColumnReference::Product,
                Test { operator: Operator::Equals(Operand::Literal(Literal::Text(name))), negated: false },
            ) => Some(name),
            Condition::All(parts) => parts.iter().find_map(Condition::demanded_product),
            Condition::Test(..) | Condition::Any(_) | Condition::Listed(_) => None,
        }
    }
}

/// The form of a check.
#[derive(Clone, Debug)]
pub enum Form {
    /// Every selected row meets the condition.
    Each(Condition),
    /// No row is selected.
    None,
    /// At least one row is selected.
    Some,
    /// The number of selected rows meets the tests.
    Count(Tests),
}

/// What an empty selection means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Empty {
    /// It complies.
    Pass,
    /// It violates.
    Fail,
    /// Nothing can be said.
    Unknown,
    /// The asset lacks the subject.
    NotApplicable,
}

/// One check on one table.
#[derive(Clone, Debug)]
pub struct TableCheck {
    /// The form.
    pub form: Form,
    /// Number of the table in [`crate::schema::TABLES`]; behind these come the views of the library.
    pub table: usize,
    /// The view, where the table is one.
    pub view: Option<Arc<View>>,
    /// Which rows are selected.
    pub selects: Condition,
    /// What an empty selection means, where the policy says so.
    pub empty: Option<Empty>,
}

impl TableCheck {
    /// The table, or the one that the view is a form of.
    pub fn schema(&self) -> &'static Table {
        self.view.as_ref().map_or_else(|| TABLES[self.table], |view| view.table)
    }

    /// A column of the table or view.
    pub fn column(&self, number: usize) -> Option<Column<'_>> {
        match &self.view {
            Some(view) => view.column(number),
            None => TABLES[self.table].columns.get(number).copied(),
        }
    }
}

/// What a rule checks.
#[derive(Clone, Debug)]
pub enum Check {
    /// One table.
    Table(Box<TableCheck>),
    /// All must pass.
    All(Vec<Check>),
    /// One must pass.
    Any(Vec<Check>),
}

impl Check {
    /// The checks on single tables, in written order.
    pub fn tables(&self) -> Vec<&TableCheck> {
        match self {
            Check::Table(check) => vec![check],
            Check::All(checks) | Check::Any(checks) => checks.iter().flat_map(Check::tables).collect(),
        }
    }
}

/// Which assets a rule is about, by inventory attributes. Attributes AND, values OR; no value means any.
#[derive(Clone, Debug, Default)]
pub struct AssetFilter {
    /// Attribute and the values or globs of which one must hold.
    pub attributes: Vec<(Attribute, Vec<String>)>,
}

impl AssetFilter {
    /// Whether it admits assets of a platform, whatever else it asks of them.
    pub fn admits_platform(&self, platform: &Platform) -> bool {
        let named = self.attributes.iter().filter(|(attribute, _)| *attribute == Attribute::Platform);
        // Values OR.
        named.into_iter().all(|(_, names)| names.iter().any(|name| name == platform.name))
    }
}

/// An inventory attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// Id, by glob.
    Id,
    /// Platform.
    Platform,
    /// Tag.
    Tags,
    /// Vendor.
    Vendor,
    /// Model.
    Model,
    /// Version.
    Version,
    /// Zone.
    Zone,
    /// Owner.
    Owner,
}

impl std::fmt::Display for AssetFilter {
    /// The filter in short: `platform=linux tags=cii|dmz`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (attribute, values)) in self.attributes.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(out, "{space}{}={}", format!("{attribute:?}").to_lowercase(), values.join("|"))?;
        }
        Ok(())
    }
}

/// Whether a cited clause is the written one or lies under it: `nfra:28.1` under `nfra:28`, `mlps:8.1.4.1-b` under `mlps:8.1.4`
/// and `mlps`.
pub fn falls_under(cited: &str, written: &str) -> bool {
    cited.strip_prefix(written).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '.', '-']))
}

/// One requirement.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Kebab-case id, unique for ever.
    pub id: String,
    /// Number of its policy.
    pub policy: usize,
    /// What complies, as a statement.
    pub title: Message,
    /// How much a violation weighs.
    pub severity: Severity,
    /// The clauses that it cites: `nfra:28.1`.
    pub clauses: Vec<String>,
    /// Why it matters.
    pub why: Message,
    /// What to do.
    pub fix: Message,
    /// Commands for one product or platform.
    pub fix_commands: Vec<(String, String)>,
    /// Which assets it is about.
    pub assets: AssetFilter,
    /// What it checks.
    pub check: Check,
    /// Its TOML text, for `explain`.
    pub source_text: String,
}

impl Rule {
    /// The commands that repair what was found on an asset of a platform: those of the platform on a network device; elsewhere those of the
    /// products whose rows the findings are, and of all products for a finding about a whole table, which has none.
    pub fn commands_on(&self, platform: Option<&Platform>, products: &[Option<&str>]) -> impl Iterator<Item = &str> {
        let device = platform.filter(|platform| platform.is_network()).map(|platform| platform.name);
        let applies = move |key: &str| match device {
            Some(name) => key == name,
            None if products.contains(&Some(key)) => true,
            None => products.contains(&None) && !names::platform(key).is_some_and(Platform::is_network),
        };
        self.fix_commands.iter().filter(move |(key, _)| applies(key)).map(|(_, commands)| commands.as_str())
    }
}
