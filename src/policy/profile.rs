//! A profile and those that it extends into what holds in a run: rules, values per group of assets, drops, terms of waivers, site tables.

mod chain;
mod direction;
mod select;

use super::document::{Document, Fields, Item, unknown_name};
use super::literal::{Wanted, check_word};
use super::site_table::{self, Beside};
use super::{AssetFilter, Library, Literal, Scalar, SiteTable, Values, parameter, rule};
use crate::error::{Message, Problems};
use crate::names::{Severity, unit};
use crate::source::Digest;

/// What a run holds against assets.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The profile's own head; none where the whole library is judged with its defaults.
    pub head: Option<Head>,
    /// Numbers of the rules that are selected, in the order of their ids.
    pub rules: Vec<usize>,
    /// Values for assets of no group.
    pub values: Values,
    /// Values for groups of assets; the last that matches wins.
    pub groups: Vec<Group>,
    /// Rules that are not judged on some assets, and why.
    pub drops: Vec<Drop>,
    /// Values that were moved the loose way, and by whom.
    pub loosened: Vec<Loosened>,
    /// The longest that a waiver may still run, in days.
    pub waiver_longest_days: Option<i64>,
    /// Severities whose violations nobody may waive.
    pub unwaivable: Vec<Severity>,
    /// Who may approve waivers; empty: anybody.
    pub approvers: Vec<String>,
    /// The site's tables, by the numbers of [`Library::tables`].
    pub tables: Vec<Option<SiteTable>>,
}

/// What a profile is.
#[derive(Clone, Debug)]
pub struct Head {
    /// Kebab-case id.
    pub id: String,
    /// What it is for.
    pub title: Message,
    /// The files that it is made of, those that it extends first, each with its digest.
    pub files: Vec<(String, Digest)>,
}

/// Values for a group of assets.
#[derive(Clone, Debug)]
pub struct Group {
    /// The assets.
    pub assets: AssetFilter,
    /// Number of a parameter and its value.
    pub values: Vec<(usize, Vec<Literal>)>,
}

/// A rule that is not judged on some assets.
#[derive(Clone, Debug)]
pub struct Drop {
    /// Number of the rule.
    pub rule: usize,
    /// The assets; all where the profile names none.
    pub assets: AssetFilter,
    /// Why.
    pub reason: String,
}

/// A value that was moved the loose way.
#[derive(Clone, Debug, PartialEq)]
pub struct Loosened {
    /// Number of the parameter.
    pub parameter: usize,
    /// The value from which it was moved.
    pub from: Vec<Literal>,
    /// The value that holds instead.
    pub to: Vec<Literal>,
    /// The group of assets, as `tags=cii`; empty: all.
    pub group: String,
    /// Why.
    pub reason: String,
    /// Who agreed.
    pub approver: String,
}

impl Profile {
    /// The whole library with its defaults.
    pub fn whole(library: &Library) -> Profile {
        Profile {
            rules: (0..library.rules.len()).collect(),
            values: Values::defaults(library),
            tables: library.tables.iter().map(|_| None).collect(),
            ..Profile::default()
        }
    }

    /// The profile of a built-in name, or of a file; everything that is wrong with it and with what it extends.
    pub fn load(name: &str, library: &Library) -> (Profile, Problems) {
        match chain::named(name, library) {
            Err(problem) => (Profile::whole(library), vec![problem]),
            Ok(part) => Profile::of(&part, library),
        }
    }

    /// The profile of a text; what else it names stands in these texts, by their names.
    pub fn read(file: &str, text: &str, beside: &[(String, String)], library: &Library) -> (Profile, Problems) {
        let part = Part { file: file.to_owned(), text: text.to_owned(), beside: Beside::Texts(beside.to_vec()) };
        Profile::of(&part, library)
    }

    /// The profile of a file and of those that it extends.
    fn of(part: &Part, library: &Library) -> (Profile, Problems) {
        let mut building = Building::new(library);
        building.profile.rules = building.part(part, 0);
        (building.profile, building.problems)
    }
}

/// One profile file.
struct Part {
    /// The file as it is shown.
    file: String,
    /// Its text.
    text: String,
    /// Where its site tables and the profiles that it extends may lie.
    beside: Beside,
}

/// A profile while it is put together.
struct Building<'l> {
    library: &'l Library,
    profile: Profile,
    problems: Problems,
    /// Files that are being read, to see circles.
    open: Vec<String>,
    /// Files that were read, and the rules that they select.
    read: Vec<(String, Vec<usize>)>,
}

/// The most profiles that extend one another in a line.
const EXTENDS_DEEP_MOST: usize = 8;

impl<'l> Building<'l> {
    fn new(library: &'l Library) -> Building<'l> {
        Building { library, profile: Profile::whole(library), problems: Vec::new(), open: Vec::new(), read: Vec::new() }
    }

    /// Reads one file after those that it extends; the rules that it selects.
    fn part(&mut self, part: &Part, depth: usize) -> Vec<usize> {
        if let Some((_, rules)) = self.read.iter().find(|(file, _)| *file == part.file) {
            return rules.clone();
        }
        self.open.push(part.file.clone());
        let (mut document, table) = Document::parse(&part.file, &part.text);
        let mut fields = Fields::new(table.get_ref(), table.span());
        let rules = self.fields(part, &mut fields, &mut document, depth);
        fields.finish(&mut document);
        self.problems.append(&mut document.problems);
        self.open.pop();
        self.read.push((part.file.clone(), rules.clone()));
        rules
    }

    /// Reads the fields of one file.
    fn fields(&mut self, part: &Part, fields: &mut Fields<'_>, document: &mut Document, depth: usize) -> Vec<usize> {
        let mut rules = (0..self.library.rules.len()).collect();
        if let Some(item) = fields.required("profile", document)
            && let Some(mut head) = Fields::of(item, document)
        {
            let id = head.text("id", document).unwrap_or_default().to_owned();
            let title = head.message("title", document);
            if let Some(extends) = head.optional("extends") {
                rules = self.extended(part, extends, document, depth);
            }
            if let Some(select) = head.optional("select") {
                let selected = select::rules(select, self.library, document);
                rules.retain(|rule| selected.contains(rule));
            }
            if rules.is_empty() && fatal_free(document) {
                let message = Message::new("没有选中任何规则", "no rule is selected");
                document.problem(item.span(), "no-rule", message);
            }
            self.terms(&mut head, document);
            head.finish(document);
            let mut files = self.profile.head.take().map(|head| head.files).unwrap_or_default();
            files.push((part.file.clone(), Digest::of(part.text.as_bytes())));
            self.profile.head = Some(Head { id, title, files });
        }
        if let Some(parameters) = fields.optional("params") {
            let set = self.parameters(parameters, None, document);
            set.into_iter().for_each(|(number, value)| self.profile.values.set(number, value));
        }
        for item in list(fields.optional("for"), document) {
            self.group(item, document);
        }
        for item in list(fields.optional("drop"), document) {
            self.dropped(item, &rules, document);
        }
        if let Some(tables) = fields.optional("tables").and_then(|item| Fields::of(item, document)) {
            self.tables(&part.beside, &tables, document);
        }
        rules
    }

    /// The rules of what a profile extends: of each profile and policy, once.
    fn extended(&mut self, part: &Part, item: &Item<'_>, document: &mut Document, depth: usize) -> Vec<usize> {
        let mut rules = Vec::new();
        for (name, span) in document.strings(item) {
            if let Some(policy) = self.library.policies.iter().position(|policy| policy.id == name) {
                rules.extend((0..self.library.rules.len()).filter(|rule| self.library.rules[*rule].policy == policy));
                continue;
            }
            let Some(parent) = chain::beside(name, &part.beside) else {
                let known = chain::names(self.library);
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                unknown_name(document, span, "unknown-profile", ("基线档或策略", "profile or policy"), name, &known);
                continue;
            };
            if depth >= EXTENDS_DEEP_MOST || self.open.contains(&parent.file) {
                let message = Message::new(format!("`{name}` 的继承成环或过深"), format!("`{name}` extends itself, or too many in a line"));
                document.problem(span, "circle", message);
                continue;
            }
            rules.extend(self.part(&parent, depth + 1));
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Reads what a profile says of waivers; what is not said is inherited.
    fn terms(&mut self, head: &mut Fields<'_>, document: &mut Document) {
        if let Some(item) = head.optional("waiver-longest")
            && let Some(text) = document.string(item)
        {
            match unit::read(text, unit::DURATION).filter(|seconds| seconds % 86_400 == 0) {
                Some(seconds) => self.profile.waiver_longest_days = i64::try_from(seconds / 86_400).ok(),
                None => document.wrong_type(item, "整天的时长，如 \"366d\"", "a duration of whole days such as \"366d\""),
            }
        }
        if let Some(item) = head.optional("unwaivable") {
            let known = Severity::ALL.map(Severity::name);
            for (word, span) in document.strings(item) {
                match Severity::parse(word) {
                    Some(severity) => self.profile.unwaivable.push(severity),
                    None => unknown_name(document, span, "unknown-word", ("严重程度", "severity"), word, &known),
                }
            }
        }
        if let Some(item) = head.optional("approvers") {
            self.profile.approvers = document.strings(item).into_iter().map(|(name, _)| name.to_owned()).collect();
        }
    }

    /// Reads a `params` table: numbers of parameters and their values, each moved freely or with a reason.
    fn parameters(&mut self, item: &Item<'_>, group: Option<&AssetFilter>, document: &mut Document) -> Vec<(usize, Vec<Literal>)> {
        let mut set = Vec::new();
        let Some(fields) = Fields::of(item, document) else { return set };
        for (name, span, item) in fields.all() {
            let Some(number) = self.library.parameters.iter().position(|parameter| parameter.name == name) else {
                let known: Vec<&str> = self.library.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
                unknown_name(document, span, "unknown-parameter", ("参数", "parameter"), name, &known);
                continue;
            };
            set.extend(self.parameter(number, item, group, document).map(|value| (number, value)));
        }
        set
    }

    /// Reads the value of one parameter, and what excuses it where it is looser than what held before.
    fn parameter(&mut self, number: usize, item: &Item<'_>, group: Option<&AssetFilter>, document: &mut Document) -> Option<Vec<Literal>> {
        let parameter = &self.library.parameters[number];
        let excused = item.get_ref().as_table().map(|table| Fields::new(table, item.span()));
        let (value_item, excuse) = match excused {
            None => (item, None),
            Some(mut fields) => {
                let value = fields.required("value", document);
                let excuse = fields.required("loosened", document).and_then(|item| excuse(item, document));
                fields.finish(document);
                (value?, excuse)
            }
        };
        let before = document.problems.len();
        let value = parameter::value(value_item, parameter.kind, document);
        for (literal, words) in value.iter().flat_map(|literal| parameter.words.iter().map(move |words| (literal, *words))) {
            let wanted = Wanted { scalar: Scalar::Text, words: Some(words) };
            check_word(literal, wanted, value_item.span(), document);
        }
        if document.problems.len() > before {
            return None;
        }
        let looser_than = self.held_before(number, group).into_iter().find(|held| !direction::is_free(parameter, held, &value));
        match (looser_than, excuse) {
            (None, None) => {}
            (None, Some(_)) => {
                let message =
                    Message::new("这个值并不比原来宽松，不需要理由", "this value is no looser than what held before: no reason is needed");
                document.problem(value_item.span(), "not-loosened", message).weight = crate::error::Weight::Warning;
            }
            (Some(held), None) => {
                direction::refuse(parameter, &held, value_item.span(), document);
                return None;
            }
            (Some(from), Some((reason, approver))) => {
                let group = group.map(ToString::to_string).unwrap_or_default();
                self.profile.loosened.push(Loosened { parameter: number, from, to: value.clone(), group, reason, approver });
            }
        }
        Some(value)
    }

    /// The values that a new value of a parameter would replace: that of the profile, and for a group those of earlier groups.
    fn held_before(&self, number: usize, group: Option<&AssetFilter>) -> Vec<Vec<Literal>> {
        let mut held: Vec<Vec<Literal>> = self.profile.values.get(number).map(<[Literal]>::to_vec).into_iter().collect();
        if group.is_some() {
            let of_groups = self.profile.groups.iter().flat_map(|group| &group.values).filter(|(known, _)| *known == number);
            held.extend(of_groups.map(|(_, value)| value.clone()));
        }
        held
    }

    /// Reads one `[[for]]`.
    fn group(&mut self, item: &Item<'_>, document: &mut Document) {
        let Some(mut fields) = Fields::of(item, document) else { return };
        let assets = fields.required("assets", document).map(|assets| rule::assets(assets, document));
        let parameters = fields.required("params", document);
        fields.finish(document);
        if let (Some(assets), Some(parameters)) = (assets, parameters) {
            let values = self.parameters(parameters, Some(&assets), document);
            self.profile.groups.push(Group { assets, values });
        }
    }

    /// Reads one `[[drop]]`.
    fn dropped(&mut self, item: &Item<'_>, rules: &[usize], document: &mut Document) {
        let Some(mut fields) = Fields::of(item, document) else { return };
        let named = fields.required("rule", document);
        let assets = fields.optional("assets").map(|assets| rule::assets(assets, document)).unwrap_or_default();
        let reason = fields.filled("reason", document);
        fields.finish(document);
        let (Some(item), Some(reason)) = (named, reason) else { return };
        let Some(name) = document.string(item) else { return };
        let Some(rule) = self.library.rules.iter().position(|rule| rule.id == name) else {
            let known: Vec<&str> = self.library.rules.iter().map(|rule| rule.id.as_str()).collect();
            unknown_name(document, item.span(), "unknown-rule", ("规则", "rule"), name, &known);
            return;
        };
        if !rules.contains(&rule) {
            let message =
                Message::new(format!("没有选中 `{name}`，不必剔除"), format!("`{name}` is not selected, so there is nothing to drop"));
            document.problem(item.span(), "not-selected", message).weight = crate::error::Weight::Warning;
        }
        self.profile.drops.push(Drop { rule, assets, reason });
    }

    /// Reads the site tables.
    fn tables(&mut self, beside: &Beside, fields: &Fields<'_>, document: &mut Document) {
        for (name, span, item) in fields.all() {
            let Some(number) = self.library.tables.iter().position(|table| table.name == name) else {
                let known: Vec<&str> = self.library.tables.iter().map(|table| table.name.as_str()).collect();
                unknown_name(document, span, "unknown-site-table", ("站点表", "site table"), name, &known);
                continue;
            };
            let table = site_table::given(&self.library.tables[number], item, beside, document, &mut self.problems);
            if let Some(place) = self.profile.tables.get_mut(number) {
                *place = table.or(place.take());
            }
        }
    }
}

/// The elements of a list of tables that may be missing.
fn list<'t>(item: Option<&'t Item<'t>>, document: &mut Document) -> Vec<&'t Item<'t>> {
    let Some(item) = item else { return Vec::new() };
    match item.get_ref().as_array() {
        Some(array) => array.iter().collect(),
        None => {
            document.wrong_type(item, "表的列表", "a list of tables");
            Vec::new()
        }
    }
}

/// Why a value was loosened, and who agreed.
fn excuse(item: &Item<'_>, document: &mut Document) -> Option<(String, String)> {
    let mut fields = Fields::of(item, document)?;
    let reason = fields.filled("reason", document);
    let approver = fields.filled("approver", document);
    fields.finish(document);
    Some((reason?, approver?))
}

/// Whether nothing is wrong yet that would leave a selection empty by itself.
fn fatal_free(document: &Document) -> bool {
    !crate::error::fatal(&document.problems)
}
