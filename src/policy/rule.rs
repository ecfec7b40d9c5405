//! A `[[rule]]` table into a compiled rule.

use std::ops::Range;
use std::sync::Arc;

use super::columns::Columns;
use super::condition::Reader;
use super::document::{Document, Fields, Item, message, unknown_name};
use super::literal::Use;
use super::{AssetFilter, Attribute, Check, Condition, Empty, Form, Library, Rule, TableCheck, Tests, view};
use crate::error::Message;
use crate::names::{PLATFORMS, Severity};
use crate::schema::generic::View;
use crate::schema::{Column, Kind, TABLES};

/// What the reading of rules needs to know.
pub(super) struct RuleReader<'r> {
    /// The file, and its problems.
    pub(super) document: &'r mut Document,
    /// Parameters and catalogues.
    pub(super) library: &'r Library,
    /// Where parameters stand.
    pub(super) used: &'r mut Vec<Use>,
    /// The views that were described so far.
    pub(super) views: &'r mut Vec<Arc<View>>,
    /// Number of the policy.
    pub(super) policy: usize,
}

/// The keys that say what a check is.
const FORMS: [&str; 6] = ["each", "none", "some", "count", "all-of", "any-of"];

impl RuleReader<'_> {
    /// Reads one rule; none where it is too wrong to go on with.
    pub(super) fn rule(&mut self, item: &Item<'_>) -> Option<(Rule, Range<usize>)> {
        let mut fields = Fields::of(item, self.document)?;
        let id_item = fields.required("id", self.document);
        let id = id_item.and_then(|id| self.id(id))?;
        fields.span = id_item.map_or(item.span(), |id| id.span());
        let title = fields.message("title", self.document);
        let severity = fields.required("severity", self.document).and_then(|severity| self.severity(severity));
        let clauses = fields.required("clauses", self.document).map(|clauses| self.clauses(clauses)).unwrap_or_default();
        let why = fields.message("why", self.document);
        let mut fix_commands = Vec::new();
        let fix = match fields.required("fix", self.document) {
            Some(fix) => message(fix, self.document, &mut |key, value, document| {
                if let Some(text) = document.string(value) {
                    fix_commands.push((key.to_owned(), text.trim_end().to_owned()));
                }
                true
            }),
            None => Message::new("", ""),
        };
        let assets = fields.optional("assets").map(|assets| self::assets(assets, self.document)).unwrap_or_default();
        let check = self.check(&mut fields, 0);
        fields.finish(self.document);
        let source_text = self.document.text.get(item.span()).unwrap_or_default().to_owned();
        let span = fields_span(id_item, item);
        let rule = Rule {
            id,
            policy: self.policy,
            title,
            severity: severity?,
            clauses,
            why,
            fix,
            fix_commands,
            assets,
            check: check?,
            source_text,
        };
        Some((rule, span))
    }

    /// A rule's id: kebab-case.
    fn id(&mut self, item: &Item<'_>) -> Option<String> {
        let text = self.document.string(item)?;
        if !is_kebab(text) {
            self.document.problem(
                item.span(),
                "bad-id",
                Message::new("编号只能用小写字母、数字和连字符", "an id has only lower-case letters, digits and hyphens"),
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// The severity.
    fn severity(&mut self, item: &Item<'_>) -> Option<Severity> {
        let text = self.document.string(item)?;
        let severity = Severity::parse(text);
        if severity.is_none() {
            let known = Severity::ALL.map(Severity::name);
            unknown_name(self.document, item.span(), "unknown-word", ("严重程度", "severity"), text, &known);
        }
        severity
    }

    /// The clauses that are cited: at least one, all known.
    fn clauses(&mut self, item: &Item<'_>) -> Vec<String> {
        let listed = self.document.strings(item);
        if listed.is_empty() {
            self.document.problem(item.span(), "empty-group", Message::new("每条规则至少引用一个条款", "a rule cites at least one clause"));
        }
        let known: Vec<&str> = self.library.catalogues.iter().flat_map(|catalogue| catalogue.citations()).collect();
        for (clause, span) in &listed {
            if !known.contains(clause) {
                unknown_name(self.document, span.clone(), "unknown-clause", ("条款", "clause"), clause, &known);
            }
        }
        listed.into_iter().map(|(clause, _)| clause.to_owned()).collect()
    }

    /// The check: exactly one of its forms.
    fn check(&mut self, fields: &mut Fields<'_>, depth: usize) -> Option<Check> {
        let found: Vec<(&'static str, &Item<'_>)> = FORMS.into_iter().filter_map(|form| Some((form, fields.optional(form)?))).collect();
        let [(form, item)] = found.as_slice() else {
            for key in ["in", "where", "expect", "empty", "is"] {
                fields.optional(key);
            }
            let list = FORMS.join(", ");
            self.document.problem(
                fields.span.clone(),
                "not-one-form",
                Message::new(format!("规则必须恰好有以下之一：{list}"), format!("a check has exactly one of: {list}")),
            );
            return None;
        };
        match *form {
            "all-of" => self.checks(item, depth).map(Check::All),
            "any-of" => self.checks(item, depth).map(Check::Any),
            _ => self.table_check(form, item, fields).map(|check| Check::Table(Box::new(check))),
        }
    }

    /// The checks of `all-of` and `any-of`, two levels at most.
    fn checks(&mut self, item: &Item<'_>, depth: usize) -> Option<Vec<Check>> {
        let Some(array) = item.get_ref().as_array() else {
            self.document.wrong_type(item, "检查列表", "a list of checks");
            return None;
        };
        if array.is_empty() || depth >= 2 {
            self.document.problem(
                item.span(),
                "empty-group",
                Message::new("组合检查不能为空，最多两层", "a combination is not empty and has two levels at most"),
            );
            return None;
        }
        let mut checks = Vec::new();
        for element in array.iter() {
            let mut fields = Fields::of(element, self.document)?;
            checks.extend(self.check(&mut fields, depth + 1));
            fields.finish(self.document);
        }
        (checks.len() == array.len()).then_some(checks)
    }

    /// A check on one table.
    fn table_check(&mut self, form: &'static str, item: &Item<'_>, fields: &mut Fields<'_>) -> Option<TableCheck> {
        let name = self.document.string(item)?;
        let table_number = TABLES.iter().position(|table| table.name == name);
        let Some(number) = table_number else {
            let known: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
            unknown_name(self.document, item.span(), "unknown-table", ("表", "table"), name, &known);
            for key in ["in", "where", "expect", "empty", "is"] {
                fields.optional(key);
            }
            return None;
        };
        let table = self.viewed(number, item, fields.optional("in"))?;
        let columns = table.columns();
        let selects = fields.optional("where").map(|selects| self.condition(columns, selects, true));
        let empty_item = fields.optional("empty");
        let empty = empty_item.and_then(|empty| self.empty(empty));
        let form = match form {
            "each" => {
                let expect = fields.required("expect", self.document).map(|expect| self.condition(columns, expect, false))?;
                self.require_empty(table.view.is_none() && TABLES[number].promised, selects.is_some(), empty_item, &fields.span);
                Form::Each(expect)
            }
            "count" => Form::Count(self.count(fields)?),
            "none" => Form::None,
            _ => Form::Some,
        };
        if matches!(form, Form::None | Form::Some | Form::Count(_)) && selects.is_none() {
            self.document.problem(fields.span.clone(), "missing-key", Message::new("缺少 `where`", "`where` is missing"));
        }
        if matches!(form, Form::Some | Form::Count(_))
            && let Some(item) = empty_item
        {
            self.document.problem(
                item.span(),
                "unknown-key",
                Message::new("`some` 和 `count` 不用 `empty`", "`some` and `count` take no `empty`"),
            );
        }
        let Viewed { number, view } = table;
        Some(TableCheck { form, table: number, view, selects: selects.unwrap_or(Condition::All(Vec::new())), empty })
    }

    /// The table of a check, or the view that its `in` describes; none where one is given without the other.
    fn viewed(&mut self, number: usize, table: &Item<'_>, described: Option<&Item<'_>>) -> Option<Viewed> {
        let Some(item) = described else {
            if view::is_described(TABLES[number]) {
                view::missing(TABLES[number], table.span(), self.document);
                return None;
            }
            return Some(Viewed { number, view: None });
        };
        let view = view::read(TABLES[number], table, item, self.document)?;
        let known = self.views.iter().position(|known| **known == view);
        let place = known.unwrap_or_else(|| {
            self.views.push(Arc::new(view));
            self.views.len() - 1
        });
        Some(Viewed { number: TABLES.len() + place, view: self.views.get(place).cloned() })
    }

    /// A `where` or `expect`.
    fn condition(&mut self, columns: Columns<'_>, item: &Item<'_>, must_say_set: bool) -> Condition {
        let mut reader = Reader { columns, must_say_set, document: self.document, library: self.library, used: self.used };
        reader.condition(item, false)
    }

    /// The `is` of a count.
    fn count(&mut self, fields: &mut Fields<'_>) -> Option<Tests> {
        static NUMBER: Column = Column::new("is", Kind::Integer, "the number of selected rows");
        let item = fields.required("is", self.document)?;
        let mut reader = Reader {
            columns: Columns::Table(TABLES[0]),
            must_say_set: false,
            document: self.document,
            library: self.library,
            used: self.used,
        };
        reader.tests(item, &NUMBER, Kind::Integer, false)
    }

    /// What an empty selection means.
    fn empty(&mut self, item: &Item<'_>) -> Option<Empty> {
        let text = self.document.string(item)?;
        match text {
            "pass" => Some(Empty::Pass),
            "fail" => Some(Empty::Fail),
            "unknown" => Some(Empty::Unknown),
            "not-applicable" => Some(Empty::NotApplicable),
            _ => {
                let known = ["pass", "fail", "unknown", "not-applicable"];
                unknown_name(self.document, item.span(), "unknown-word", ("取值", "word"), text, &known);
                None
            }
        }
    }

    /// `empty` is mandatory for `each` unless the schema promises a row and every row is selected.
    fn require_empty(&mut self, promised: bool, selective: bool, empty: Option<&Item<'_>>, span: &Range<usize>) {
        if empty.is_none() && (selective || !promised) {
            self.document.problem_help(
                span.clone(),
                "missing-empty",
                Message::new("缺少 `empty`：没有选中任何行时如何判定", "`empty` is missing: what does it mean that no row is selected?"),
                Message::new("pass、fail、unknown 或 not-applicable", "pass, fail, unknown or not-applicable"),
            );
        }
    }
}

/// The table of a check.
struct Viewed {
    /// Its number: of a table, or of a view behind them.
    number: usize,
    view: Option<Arc<View>>,
}

impl Viewed {
    /// Its columns.
    fn columns(&self) -> Columns<'_> {
        match &self.view {
            Some(view) => Columns::View(view),
            None => Columns::Table(TABLES[self.number]),
        }
    }
}

/// The assets that a rule, a group or a drop is about.
pub(super) fn assets(item: &Item<'_>, document: &mut Document) -> AssetFilter {
    const KNOWN: [(&str, Attribute); 8] = [
        ("id", Attribute::Id),
        ("model", Attribute::Model),
        ("owner", Attribute::Owner),
        ("platform", Attribute::Platform),
        ("tags", Attribute::Tags),
        ("vendor", Attribute::Vendor),
        ("version", Attribute::Version),
        ("zone", Attribute::Zone),
    ];
    let mut filter = AssetFilter::default();
    let Some(fields) = Fields::of(item, document) else { return filter };
    for (key, span, value) in fields.all() {
        let Some((_, attribute)) = KNOWN.iter().find(|(name, _)| *name == key) else {
            let known = KNOWN.map(|(name, _)| name);
            unknown_name(document, span, "unknown-key", ("资产属性", "attribute of an asset"), key, &known);
            continue;
        };
        let values = document.strings(value);
        if values.is_empty() {
            document.problem(value.span(), "empty-group", Message::new("列表是空的", "the list is empty"));
        }
        if *attribute == Attribute::Platform {
            let known: Vec<&str> = PLATFORMS.iter().map(|platform| platform.name).collect();
            for (name, span) in values.iter().filter(|(name, _)| !known.contains(name)) {
                unknown_name(document, span.clone(), "unknown-platform", ("平台", "platform"), name, &known);
            }
        }
        filter.attributes.push((*attribute, values.into_iter().map(|(value, _)| value.to_owned()).collect()));
    }
    filter
}

/// Where a rule is shown: its id, or all of it.
fn fields_span(id: Option<&Item<'_>>, rule: &Item<'_>) -> Range<usize> {
    id.map_or(rule.span(), |id| id.span())
}

/// Lower-case letters, digits and single hyphens.
pub(super) fn is_kebab(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 80
        && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}
