//! A file of waivers, or of undecided results that are accepted, into checked entries: who, what, why and until when.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;

use super::document::{Document, Fields, Item, suggestion};
use super::{Library, Profile};
use crate::error::{Message, Problem, Problems, Weight};
use crate::source::Digest;

/// Who accepted which violations of a rule, why, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Id of the rule, as it is written.
    pub rule: String,
    /// Its number in the library; none where there is no such rule.
    pub number: Option<usize>,
    /// Id or glob of the assets.
    pub asset: String,
    /// The one finding that is covered (`-`: one about a whole table); none: every finding of the rule.
    pub instance: Option<String>,
    /// The digest over what the finding rests on; with another one the waiver does not hold.
    pub evidence: Option<Digest>,
    /// The terms.
    pub terms: Terms,
}

/// What every entry says besides what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Why.
    pub reason: String,
    /// Who agreed; empty where nobody has to.
    pub approver: String,
    /// The last day on which it holds.
    pub until: Date,
    /// The file, as the user named it.
    pub file: String,
    /// The line at which the entry begins, counted from one.
    pub line: usize,
}

impl Terms {
    /// Whether it holds on a day; the last day is included.
    pub fn holds_on(&self, day: Date) -> bool {
        day <= self.until
    }
}

/// Undecided results that do not make a run incomplete for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Id or glob of the rules.
    pub rule: String,
    /// Id or glob of the assets.
    pub asset: String,
    /// The terms.
    pub terms: Terms,
}

/// All waivers of a run.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    /// The waivers, in written order.
    pub list: Vec<Waiver>,
    /// The files, each with its digest.
    pub files: Vec<(String, Digest)>,
    by_rule: HashMap<usize, Vec<usize>>,
}

impl Waivers {
    /// The numbers of the waivers of a rule.
    pub fn of(&self, rule: usize) -> &[usize] {
        self.by_rule.get(&rule).map_or(&[], Vec::as_slice)
    }

    /// Adds the waivers of a text.
    pub fn read(&mut self, file: &str, text: &str, library: &Library, profile: &Profile, today: Date) -> Problems {
        let (mut document, table) = Document::parse(file, text);
        let mut fields = Fields::new(table.get_ref(), table.span());
        for item in entries(&mut fields, "waiver", &mut document) {
            let Some(waiver) = waiver(item, library, profile, today, &mut document) else { continue };
            if let Some(rule) = waiver.number {
                self.by_rule.entry(rule).or_default().push(self.list.len());
            }
            self.list.push(waiver);
        }
        fields.finish(&mut document);
        self.files.push((file.to_owned(), Digest::of(text.as_bytes())));
        document.problems
    }

    /// Adds the waivers of a file.
    pub fn read_file(&mut self, path: &Path, library: &Library, profile: &Profile, today: Date) -> Problems {
        match text_of(path) {
            Ok(text) => self.read(&path.display().to_string(), &text, library, profile, today),
            Err(problem) => vec![problem],
        }
    }
}

/// The most bytes of one file.
const FILE_BYTES_MOST: u64 = 16 << 20;

/// The text of a file that a user named.
pub(super) fn text_of(path: &Path) -> Result<String, Problem> {
    let file = path.display();
    let wrong =
        |why: String| Problem::new("unreadable", Message::new(format!("无法读取 {file}：{why}"), format!("{file} cannot be read: {why}")));
    let size_bytes = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if size_bytes > FILE_BYTES_MOST {
        return Err(wrong(format!("{size_bytes} bytes, more than {FILE_BYTES_MOST}")));
    }
    std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))
}

/// The acceptances of a text.
pub fn read_acceptances(file: &str, text: &str, library: &Library) -> (Vec<Acceptance>, Problems) {
    let (mut document, table) = Document::parse(file, text);
    let mut fields = Fields::new(table.get_ref(), table.span());
    let mut list = Vec::new();
    for item in entries(&mut fields, "accept", &mut document) {
        let Some(mut entry) = Fields::of(item, &mut document) else { continue };
        let rule_item = entry.required("rule", &mut document);
        let rule = rule_item.and_then(|item| document.string(item));
        let asset = entry.filled("asset", &mut document);
        let terms = terms(&mut entry, item.span(), false, &mut document);
        entry.finish(&mut document);
        let (Some(rule_item), Some(rule), Some(asset), Some(terms)) = (rule_item, rule, asset, terms) else { continue };
        if !rule.contains(['*', '?', '[']) && !library.rules.iter().any(|known| known.id == rule) {
            unknown_rule(rule, rule_item.span(), library, &mut document);
        }
        list.push(Acceptance { rule: rule.to_owned(), asset, terms });
    }
    fields.finish(&mut document);
    (list, document.problems)
}

/// The acceptances of a file.
pub fn read_acceptance_file(path: &Path, library: &Library) -> (Vec<Acceptance>, Problems) {
    match text_of(path) {
        Ok(text) => read_acceptances(&path.display().to_string(), &text, library),
        Err(problem) => (Vec::new(), vec![problem]),
    }
}

/// The tables of a list that the file is made of.
pub(super) fn entries<'t>(fields: &mut Fields<'t>, key: &'static str, document: &mut Document) -> Vec<&'t Item<'t>> {
    let Some(item) = fields.optional(key) else { return Vec::new() };
    match item.get_ref().as_array() {
        Some(array) => array.iter().collect(),
        None => {
            document.wrong_type(item, "表的列表", "a list of tables");
            Vec::new()
        }
    }
}

/// Reads one waiver.
fn waiver(item: &Item<'_>, library: &Library, profile: &Profile, today: Date, document: &mut Document) -> Option<Waiver> {
    let mut fields = Fields::of(item, document)?;
    fields.span = head(item.span(), document);
    let rule_item = fields.required("rule", document);
    let rule = rule_item.and_then(|item| document.string(item));
    let asset = fields.filled("asset", document);
    let instance = fields.optional("instance").and_then(|item| document.string(item)).map(str::to_owned);
    let evidence = fields.optional("evidence").map(|item| evidence(item, document));
    let until = fields.optional("until").map_or(item.span(), |item| item.span());
    let terms = terms(&mut fields, item.span(), true, document);
    let approver = fields.optional("approver").map_or(item.span(), |item| item.span());
    fields.finish(document);
    let (rule_item, rule, asset, terms) = (rule_item?, rule?, asset?, terms?);
    // A binding that cannot be read binds to nothing: the entry is none.
    let evidence = match evidence {
        Some(None) => return None,
        Some(digest) => digest,
        None => None,
    };
    let number = library.rules.iter().position(|known| known.id == rule);
    match number {
        None => unknown_rule(rule, rule_item.span(), library, document),
        Some(number) => {
            let severity = library.rules[number].severity;
            if profile.unwaivable.contains(&severity) {
                let message = Message::new(
                    format!("基线档不允许豁免严重程度为 {severity} 的规则"),
                    format!("the profile lets nobody waive rules of severity {severity}"),
                );
                document.problem(rule_item.span(), "unwaivable", message);
            }
        }
    }
    allowed(&terms, profile, today, (until, approver), document);
    Some(Waiver { rule: rule.to_owned(), number, asset, instance, evidence, terms })
}

/// Reports terms that the profile does not allow.
fn allowed(terms: &Terms, profile: &Profile, today: Date, (until, approver): (Range<usize>, Range<usize>), document: &mut Document) {
    if let Some(longest) = profile.waiver_longest_days
        && i64::from(today.until(terms.until).map_or(i32::MAX, |span| span.get_days())) > longest
    {
        let message = Message::new(
            format!("豁免最长 {longest} 天，这里超过了"),
            format!("a waiver may run {longest} days at most, this one runs longer"),
        );
        document.problem(until, "waiver-too-long", message);
    }
    if !profile.approvers.is_empty() && !profile.approvers.contains(&terms.approver) {
        let list = profile.approvers.join(", ");
        let message = Message::new(format!("批准人必须是：{list}"), format!("only these may approve: {list}"));
        document.problem(approver, "not-an-approver", message);
    }
}

/// Reads reason, approver and end.
fn terms(fields: &mut Fields<'_>, whole: Range<usize>, approved: bool, document: &mut Document) -> Option<Terms> {
    let reason = fields.filled("reason", document);
    let approver =
        if approved || fields.optional("approver").is_some() { fields.filled("approver", document) } else { Some(String::new()) };
    let until = fields.required("until", document).and_then(|item| day(item, document));
    let line = document.text.get(..whole.start).unwrap_or_default().matches('\n').count() + 1;
    Some(Terms { reason: reason?, approver: approver?, until: until?, file: document.file.clone(), line })
}

/// A day, without a time of day: the last day is included, whatever the hour.
fn day(item: &Item<'_>, document: &mut Document) -> Option<Date> {
    let written = item.get_ref().as_datetime().map(ToString::to_string).filter(|text| text.len() == "2026-12-31".len());
    let day = written.and_then(|text| text.parse().ok());
    if day.is_none() {
        document.wrong_type(item, "不带引号和时间的日期，如 2026-12-31", "a date such as 2026-12-31, without quotes and time of day");
    }
    day
}

/// A digest as results print it.
fn evidence(item: &Item<'_>, document: &mut Document) -> Option<Digest> {
    let text = document.string(item)?;
    let digest = text.strip_prefix("sha256:").and_then(Digest::parse);
    if digest.is_none() {
        let message = Message::new(
            "摘要写作 `sha256:` 加 64 位十六进制数字，与 json 结果中的一致",
            "a digest is `sha256:` and 64 hexadecimal digits, as the json results print it",
        );
        document.problem(item.span(), "bad-digest", message);
    }
    digest
}

/// The first line of an entry: where a missing key is shown.
fn head(span: Range<usize>, document: &Document) -> Range<usize> {
    let text = document.text.get(span.clone()).unwrap_or_default();
    span.start..span.start + text.find('\n').unwrap_or(text.len())
}

/// Warns of a rule that is not there: a rule that was renamed must not stop a run.
fn unknown_rule(rule: &str, span: Range<usize>, library: &Library, document: &mut Document) {
    let known: Vec<&str> = library.rules.iter().map(|rule| rule.id.as_str()).collect();
    let message = Message::new(format!("没有名为 `{rule}` 的规则"), format!("there is no rule called `{rule}`"));
    let help = suggestion(rule, &known);
    let problem = document.problem(span, "unknown-rule", message);
    problem.weight = Weight::Warning;
    problem.help = help;
}
