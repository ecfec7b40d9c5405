//! A `where` or `expect` table into a compiled condition: columns by number, operators checked against their types, negation inward.

use std::ops::Range;

use regex::RegexBuilder;

use super::columns::Columns;
use super::document::{Document, Fields, Item, unknown_name};
use super::literal::{Use, Wanted, operands, scalar_name};
use super::predicate::OPERATORS;
use super::{ColumnReference, Condition, Library, Literal, Operand, Operator, ParameterKind, Scalar, Test, Tests};
use crate::error::Message;
use crate::names::composed;
use crate::schema::{Column, Kind};

/// The most bytes that a compiled regular expression may take.
const REGEX_BYTES_MOST: usize = 1 << 20;

/// What the reading of conditions needs to know.
pub(super) struct Reader<'r> {
    /// The columns of the rows that are judged.
    pub(super) columns: Columns<'r>,
    /// Whether columns that may be unset must say `set` here: everywhere but in `expect`.
    pub(super) must_say_set: bool,
    /// The file, and its problems.
    pub(super) document: &'r mut Document,
    /// The parameters.
    pub(super) library: &'r Library,
    /// Where parameters stand.
    pub(super) used: &'r mut Vec<Use>,
}

/// Key columns that every table has.
pub(super) const EVERYWHERE: [(&str, ColumnReference); 3] =
    [("asset", ColumnReference::Asset), ("instance", ColumnReference::Instance), ("product", ColumnReference::Product)];

/// The schema of those.
const COMMON: Column<'static> = Column::new("key", Kind::Text, "a key that every table has");

impl Reader<'_> {
    /// Reads a table of `column = predicate`, with the groups `any`, `all` and `not`.
    pub(super) fn condition(&mut self, item: &Item<'_>, negated: bool) -> Condition {
        let Some(fields) = Fields::of(item, self.document) else { return Condition::All(Vec::new()) };
        let mut parts = Vec::new();
        for (key, span, value) in fields.all() {
            match key {
                "any" | "all" => parts.push(self.group(value, (key == "any") != negated, negated)),
                "not" => parts.push(self.condition(value, !negated)),
                "listed-in" => parts.extend(self.listed(value, negated).map(|listed| Condition::Listed(Box::new(listed)))),
                _ => parts.extend(self.column(key, span, value, negated)),
            }
        }
        if fields.all().next().is_none() {
            self.document.problem(item.span(), "empty-group", Message::new("条件是空的", "the condition is empty"));
        }
        join(parts, negated)
    }

    /// Reads the list of an `any` or `all` group.
    fn group(&mut self, item: &Item<'_>, any: bool, negated: bool) -> Condition {
        let Some(array) = item.get_ref().as_array() else {
            self.document.wrong_type(item, "条件列表", "a list of conditions");
            return Condition::All(Vec::new());
        };
        if array.is_empty() {
            self.document.problem(item.span(), "empty-group", Message::new("条件组是空的", "the group is empty"));
        }
        let parts = array.iter().map(|element| self.condition(element, negated)).collect();
        if any { Condition::Any(parts) } else { Condition::All(parts) }
    }

    /// Reads the predicate of one column.
    fn column(&mut self, name: &str, span: Range<usize>, item: &Item<'_>, negated: bool) -> Option<Condition> {
        let (reference, column) = match self.columns.find(name) {
            Some((number, column)) => (ColumnReference::Number(number), column),
            None => match EVERYWHERE.iter().find(|(key, _)| *key == name) {
                Some((_, reference)) => (*reference, COMMON),
                None => {
                    let table = self.columns.table().name;
                    let known: Vec<&str> = self.columns.names().into_iter().chain(["any", "all", "not"]).collect();
                    let what = (format!("列（表 `{table}`）"), format!("column in the table `{table}`"));
                    unknown_name(self.document, span, "unknown-column", (&what.0, &what.1), name, &known);
                    return None;
                }
            },
        };
        if self.must_say_set && column.unset.is_some() && !says(item, "set") {
            self.document.problem_help(
                item.span(),
                "missing-set",
                Message::new(
                    format!("列 `{name}` 可能未设置，这里必须写明 `set`"),
                    format!("the column `{name}` may be unset, so `set` must be said here"),
                ),
                Message::new("例如 `{ set = true, … }`", "for example `{ set = true, … }`"),
            );
        }
        self.check_setting_name(name, item);
        let tests = self.tests(item, &column, column.kind, negated)?;
        Some(into_condition(reference, tests))
    }

    /// Reports a setting name that the table's vocabulary lacks.
    fn check_setting_name(&mut self, column: &str, item: &Item<'_>) {
        if column != "name" || self.columns.settings().is_empty() {
            return;
        }
        let known: Vec<&str> = self.columns.settings().iter().map(|setting| setting.name).collect();
        let mut names = Vec::new();
        if let Some(name) = item.get_ref().as_str() {
            names.push((name, item.span()));
        }
        if let Some(list) = item.get_ref().get("one-of").and_then(|list| list.get_ref().as_array().map(|array| array.iter())) {
            names.extend(list.filter_map(|element| Some((element.get_ref().as_str()?, element.span()))));
        }
        for (name, span) in names {
            if !known.contains(&name) && !name.starts_with('$') {
                unknown_name(self.document, span, "unknown-setting", ("设置项", "setting"), name, &known);
            }
        }
    }

    /// Reads a predicate: a bare value, or a table of operators that all must hold.
    pub(super) fn tests(&mut self, item: &Item<'_>, column: &Column, kind: Kind, negated: bool) -> Option<Tests> {
        let Some(table) = item.get_ref().as_table() else {
            return self.operator("equals", item, kind, negated).map(Tests::One);
        };
        let fields = Fields::new(table, item.span());
        let mut parts = Vec::new();
        for (key, span, value) in fields.all() {
            if key == "not" {
                parts.extend(self.tests(value, column, kind, !negated));
            } else if OPERATORS.contains(&key) {
                if matches!(key, "only" | "every-item") && column.empty && !says(item, "length") {
                    self.missing_length(span, column.name);
                }
                parts.extend(self.operator(key, value, kind, negated).map(Tests::One));
            } else {
                unknown_name(self.document, span, "unknown-operator", ("运算符", "operator"), key, OPERATORS);
            }
        }
        if table.is_empty() {
            self.document.problem(item.span(), "empty-group", Message::new("条件是空的", "the predicate is empty"));
        }
        self.check_possible(&parts, item.span());
        match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ if negated => Some(Tests::Any(parts)),
            _ => Some(Tests::All(parts)),
        }
    }

    /// Reports a list operator that an empty list would meet silently.
    fn missing_length(&mut self, span: Range<usize>, name: &str) {
        self.document.problem_help(
            span,
            "missing-length",
            Message::new(
                format!("列表 `{name}` 可能为空，必须同时写明 `length`"),
                format!("the list `{name}` may be empty, so `length` must be said too"),
            ),
            Message::new("例如 `length = { at-least = 1 }`", "for example `length = { at-least = 1 }`"),
        );
    }

    /// Reports bounds between which nothing lies.
    fn check_possible(&mut self, parts: &[Tests], span: Range<usize>) {
        let bound = |wanted: fn(&Operator) -> Option<&Operand>| {
            parts.iter().find_map(|part| match part {
                Tests::One(test) => wanted(&test.operator).and_then(|operand| self.magnitude(operand)),
                Tests::All(_) | Tests::Any(_) => None,
            })
        };
        let least = bound(|operator| match operator {
            Operator::AtLeast(operand) | Operator::Above(operand) => Some(operand),
            _ => None,
        });
        let most = bound(|operator| match operator {
            Operator::AtMost(operand) | Operator::Below(operand) => Some(operand),
            _ => None,
        });
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            self.document.problem(span, "impossible", Message::new("没有值能同时满足这两个界限", "no value lies between these bounds"));
        }
    }

    /// A bound as a number, where it is one.
    fn magnitude(&self, operand: &Operand) -> Option<u64> {
        let literal = match operand {
            Operand::Literal(literal) => literal,
            Operand::Parameter(number) => self.library.parameters[*number].default.as_ref()?.first()?,
        };
        match literal {
            Literal::Integer(number) => u64::try_from(*number).ok(),
            Literal::Size(number) | Literal::Duration(number) => Some(*number),
            _ => None,
        }
    }

    /// Reads one operator.
    fn operator(&mut self, name: &str, item: &Item<'_>, kind: Kind, negated: bool) -> Option<Test> {
        let (name, negated) = match name {
            "none-of" => ("one-of", !negated),
            "not-matches" => ("matches", !negated),
            _ => (name, negated),
        };
        if !fits(name, kind) {
            self.document.problem(
                item.span(),
                "operator-does-not-fit",
                Message::new(
                    format!("运算符 `{name}` 不适用于类型 {}", kind_name(kind)),
                    format!("the operator `{name}` does not fit a column of type {}", kind_name(kind)),
                ),
            );
            return None;
        }
        let operator = self.operands(name, item, kind)?;
        Some(Test { operator, negated })
    }

    /// Reads the operands of an operator that fits.
    fn operands(&mut self, name: &str, item: &Item<'_>, kind: Kind) -> Option<Operator> {
        let wanted = Wanted::of(kind);
        let days = Wanted { scalar: Scalar::Duration, words: None };
        Some(match name {
            "equals" if is_list(kind) => Operator::EqualsList(self.list(item, wanted)?),
            "equals" => Operator::Equals(self.one(item, wanted)?),
            "one-of" => Operator::OneOf(self.list(item, wanted)?),
            "set" => Operator::Set(item.get_ref().as_bool().or_else(|| {
                self.document.wrong_type(item, "true 或 false", "true or false");
                None
            })?),
            "at-least" => Operator::AtLeast(self.one(item, wanted)?),
            "at-most" => Operator::AtMost(self.one(item, wanted)?),
            "above" => Operator::Above(self.one(item, wanted)?),
            "below" => Operator::Below(self.one(item, wanted)?),
            "within-last" => Operator::WithinLast(self.one(item, days)?),
            "within-last-months" => Operator::WithinLastMonths(self.one(item, Wanted { scalar: Scalar::Integer, words: None })?),
            "older-than" => Operator::OlderThan(self.one(item, days)?),
            "within-next" => Operator::WithinNext(self.one(item, days)?),
            "matches" => Operator::Matches(self.regex(item)?),
            "contains" => Operator::Contains(self.one(item, wanted)?),
            "contains-all" => Operator::ContainsAll(self.list(item, wanted)?),
            "contains-any" => Operator::ContainsAny(self.list(item, wanted)?),
            "only" => Operator::Only(self.list(item, wanted)?),
            "within" => Operator::Within(self.list(item, wanted)?),
            "overlaps" => Operator::Overlaps(self.list(item, wanted)?),
            "covers" => Operator::Covers(self.list(item, wanted)?),
            "no-more-than" => Operator::NoMoreThan(self.one(item, wanted)?),
            "has" => Operator::HasBits(self.one(item, wanted)?),
            "every-item" => Operator::EveryItem(Box::new(self.tests(item, &COMMON, element(kind), false)?)),
            "some-item" => Operator::SomeItem(Box::new(self.tests(item, &COMMON, element(kind), false)?)),
            "length" => Operator::Length(Box::new(self.tests(item, &COMMON, Kind::Integer, false)?)),
            _ => return None,
        })
    }

    /// One operand.
    fn one(&mut self, item: &Item<'_>, wanted: Wanted) -> Option<Operand> {
        let mut found = operands(item, wanted, self.document, self.library, self.used);
        let is_list = |operand: &Operand| match operand {
            Operand::Parameter(number) => matches!(self.library.parameters[*number].kind, ParameterKind::List(_)),
            Operand::Literal(_) => false,
        };
        if found.len() > 1 || found.iter().any(is_list) {
            self.document.wrong_type(item, "单个值", "a single value");
        }
        (found.len() == 1).then(|| found.remove(0))
    }

    /// A list of operands; a list parameter is spliced in.
    fn list(&mut self, item: &Item<'_>, wanted: Wanted) -> Option<Vec<Operand>> {
        let found: Vec<Operand> = match item.get_ref().as_array() {
            Some(array) => array.iter().flat_map(|element| operands(element, wanted, self.document, self.library, self.used)).collect(),
            None => operands(item, wanted, self.document, self.library, self.used),
        };
        if item.get_ref().as_array().is_some_and(|array| array.is_empty()) {
            self.document.problem(item.span(), "empty-group", Message::new("列表是空的", "the list is empty"));
            return None;
        }
        Some(found)
    }

    /// A regular expression over the whole value.
    fn regex(&mut self, item: &Item<'_>) -> Option<Box<regex::Regex>> {
        let text = self.document.string(item)?;
        match RegexBuilder::new(&format!("^(?:{})$", composed(text))).size_limit(REGEX_BYTES_MOST).build() {
            Ok(regex) => Some(Box::new(regex)),
            Err(error) => {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
                self.document.problem(
                    item.span(),
                    "bad-regex",
                    Message::new(format!("正则表达式无效：{why}"), format!("the regular expression is not valid: {why}")),
                );
                None
            }
        }
    }
}

/// Whether a predicate is a table that has this operator.
fn says(item: &Item<'_>, operator: &str) -> bool {
    item.get_ref().as_table().is_some_and(|table| table.contains_key(operator))
}

/// Parts that all must hold; negated parts of which one must.
fn join(mut parts: Vec<Condition>, negated: bool) -> Condition {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    if negated { Condition::Any(parts) } else { Condition::All(parts) }
}

/// Tests of one column as a condition.
fn into_condition(column: ColumnReference, tests: Tests) -> Condition {
    match tests {
        Tests::One(test) => Condition::Test(column, test),
        Tests::All(parts) => Condition::All(parts.into_iter().map(|part| into_condition(column, part)).collect()),
        Tests::Any(parts) => Condition::Any(parts.into_iter().map(|part| into_condition(column, part)).collect()),
    }
}

/// Whether a kind is a list.
pub(super) fn is_list(kind: Kind) -> bool {
    matches!(kind, Kind::Texts | Kind::Words(_) | Kind::Networks)
}

/// The kind of a list's elements.
fn element(kind: Kind) -> Kind {
    match kind {
        Kind::Texts => Kind::Text,
        Kind::Words(words) => Kind::Word(words),
        Kind::Networks => Kind::Network,
        other => other,
    }
}

/// Whether an operator fits a kind.
fn fits(operator: &str, kind: Kind) -> bool {
    let ordered = matches!(kind, Kind::Integer | Kind::Size | Kind::Duration | Kind::Version | Kind::Date(_));
    match operator {
        "equals" | "set" => true,
        "one-of" => !is_list(kind),
        "at-least" | "at-most" | "above" | "below" => ordered,
        "within-last" | "within-last-months" | "older-than" | "within-next" => matches!(kind, Kind::Date(_)),
        "matches" => matches!(kind, Kind::Text | Kind::Version),
        "contains" => is_list(kind) && kind != Kind::Networks || kind == Kind::Text,
        "contains-all" | "contains-any" | "only" => matches!(kind, Kind::Texts | Kind::Words(_)),
        "every-item" | "some-item" | "length" => is_list(kind),
        "within" | "overlaps" | "covers" => matches!(kind, Kind::Networks | Kind::Network),
        "no-more-than" | "has" => kind == Kind::Mode,
        _ => false,
    }
}

/// The name of a kind.
fn kind_name(kind: Kind) -> String {
    let scalar = scalar_name(Wanted::of(kind).scalar);
    if is_list(kind) { format!("{scalar}-list") } else { scalar.to_owned() }
}
