//! Files of policies, parameters and catalogues into one library, in the order: catalogues, parameters, rules.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use toml::de::DeTable;
use walkdir::WalkDir;

use super::clause::Catalogue;
use super::document::{Document, Fields};
use super::literal::Use;
use super::rule::{RuleReader, is_kebab};
use super::{Library, Origin, Policy, parameter, site_table};
use crate::error::{Message, Problem, Problems};
use crate::schema::generic::View;
use crate::source::Digest;

/// The most bytes of one policy file.
const POLICY_BYTES_MOST: u64 = 4 << 20;

/// One file to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Path as it is shown; its last folder is the policy's family.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// The policy files at a path: one file, or every `.toml` below a folder, sorted by path. `profiles/` is left to profiles.
pub fn read_inputs(path: &Path) -> (Vec<Input>, Problems) {
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name().follow_links(false) {
        match entry {
            Err(error) => problems.push(unreadable(path, &error.to_string())),
            Ok(entry) if entry.file_type().is_file() && (entry.depth() == 0 || is_policy(entry.path())) => match read(entry.path()) {
                Ok(text) => inputs.push(Input { path: entry.path().display().to_string(), text, origin: Origin::File }),
                Err(why) => problems.push(unreadable(entry.path(), &why)),
            },
            Ok(_) => {}
        }
    }
    if inputs.is_empty() && problems.is_empty() {
        problems.push(Problem::new(
            "no-policy",
            Message::new(
                format!("{} 下没有策略文件（*.toml）", path.display()),
                format!("there is no policy file (*.toml) under {}", path.display()),
            ),
        ));
    }
    (inputs, problems)
}

/// The profiles in `profiles/` below a folder of policies, sorted by path.
pub fn profile_files(path: &Path) -> Vec<String> {
    let entries = WalkDir::new(path.join("profiles")).max_depth(1).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file() && entry.path().extension().is_some_and(|name| name == "toml"));
    files.map(|entry| entry.path().display().to_string()).collect()
}

/// Whether a file is a catalogue of clauses and not a policy.
pub fn is_catalogue(input: &Input) -> bool {
    DeTable::parse(&input.text).is_ok_and(|table| table.get_ref().contains_key("catalogue"))
}

/// Whether a file under a policy folder is a policy or a catalogue.
fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml") && !path.components().any(|part| part.as_os_str() == "profiles")
}

/// The text of a file of bounded size.
fn read(path: &Path) -> Result<String, String> {
    let size_bytes = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size_bytes > POLICY_BYTES_MOST {
        return Err(format!("{size_bytes} bytes, more than {POLICY_BYTES_MOST}"));
    }
    fs::read_to_string(path).map_err(|error| error.to_string())
}

/// A policy file that cannot be read.
fn unreadable(path: &Path, why: &str) -> Problem {
    let file = path.display();
    Problem::new("unreadable", Message::new(format!("无法读取策略 {file}：{why}"), format!("the policy {file} cannot be read: {why}")))
}

/// Loads, checks and compiles everything, and says everything that is wrong with it.
pub fn load(inputs: &[Input]) -> (Library, Problems) {
    let mut loading = Loading::default();
    let (documents, tables): (Vec<Document>, Vec<_>) = inputs.iter().map(|input| Document::parse(&input.path, &input.text)).unzip();
    let read = documents.into_iter().zip(inputs).zip(&tables);
    let read = read.map(|((document, input), table)| (document, input, Fields::new(table.get_ref(), table.span())));
    let (catalogues, policies): (Vec<_>, Vec<_>) = read.partition(|(_, _, fields)| fields.all().any(|(key, ..)| key == "catalogue"));
    for (mut document, _, fields) in catalogues {
        loading.library.catalogues.extend(Catalogue::read(fields, &mut document));
        loading.problems.append(&mut document.problems);
    }
    let mut heads = Vec::new();
    for (mut document, input, fields) in policies {
        let (policy, fields) = loading.head(&mut document, input, fields);
        heads.push((document, policy, fields));
    }
    loading.library.parameters.sort_by(|left, right| left.name.cmp(&right.name));
    for (mut document, policy, fields) in heads {
        loading.rules(&mut document, policy, fields);
        loading.problems.append(&mut document.problems);
    }
    loading.finish()
}

/// The library while it is loaded.
#[derive(Default)]
struct Loading {
    library: Library,
    problems: Problems,
    used: Vec<Use>,
    views: Vec<Arc<View>>,
    rule_ids: HashSet<String>,
    parameter_places: Vec<(String, Problem)>,
}

impl Loading {
    /// Reads the `[policy]` and `[params]` tables; rules come once all parameters are known.
    fn head<'t>(&mut self, document: &mut Document, input: &Input, mut fields: Fields<'t>) -> (usize, Fields<'t>) {
        let number = self.library.policies.len();
        let head = fields.required("policy", document).and_then(|item| Fields::of(item, document));
        let mut policy = Policy {
            id: String::new(),
            family: family(&input.path),
            version: String::new(),
            title: Message::new("", ""),
            file: input.path.clone(),
            digest: Digest::of(input.text.as_bytes()),
            origin: input.origin.clone(),
        };
        if let Some(mut head) = head {
            let span = head.span.clone();
            policy.id = head.text("id", document).unwrap_or_default().to_owned();
            if !policy.id.is_empty() && (!is_kebab(&policy.id) || self.library.policies.iter().any(|other| other.id == policy.id)) {
                document.problem(
                    span,
                    "bad-id",
                    Message::new(
                        format!("策略编号 `{}` 无效或重复", policy.id),
                        format!("the policy id `{}` is not valid or stands twice", policy.id),
                    ),
                );
            }
            language(&mut head, document);
            policy.version = head.text("version", document).unwrap_or_default().to_owned();
            policy.title = head.message("title", document);
            head.finish(document);
        }
        self.library.policies.push(policy);
        if let Some(parameters) = fields.optional("params").and_then(|item| Fields::of(item, document)) {
            for (name, span, item) in parameters.all() {
                let Some(parameter) = parameter::read(name, span.clone(), item, number, document) else { continue };
                let place = place_of(
                    document,
                    span,
                    "duplicate-id",
                    format!("参数 `{name}` 重复"),
                    format!("the parameter `{name}` is declared twice"),
                );
                if self.library.parameters.iter().any(|other| other.name == name) {
                    self.problems.push(place);
                } else {
                    self.parameter_places.push((name.to_owned(), place));
                    self.library.parameters.push(parameter);
                }
            }
        }
        if let Some(tables) = fields.optional("tables").and_then(|item| Fields::of(item, document)) {
            for (name, span, item) in tables.all() {
                let Some(table) = site_table::declared(name, span.clone(), item, document) else { continue };
                if self.library.tables.iter().any(|other| other.name == name) {
                    let message = Message::new(format!("站点表 `{name}` 重复"), format!("the site table `{name}` is declared twice"));
                    document.problem(span, "duplicate-id", message);
                } else {
                    self.library.tables.push(table);
                }
            }
        }
        (number, fields)
    }

    /// Reads the rules of a policy.
    fn rules(&mut self, document: &mut Document, policy: usize, mut fields: Fields<'_>) {
        fields.optional("policy");
        let rules = fields.optional("rule");
        let mut read = Vec::new();
        if let Some(array) = rules.and_then(|rules| rules.get_ref().as_array()) {
            let views = &mut self.views;
            let mut reader = RuleReader { document, library: &self.library, used: &mut self.used, views, policy };
            read.extend(array.iter().filter_map(|item| reader.rule(item)));
        }
        for (rule, span) in read {
            let id = rule.id.clone();
            let again = place_of(document, span, "duplicate-id", format!("规则 `{id}` 重复"), format!("the rule `{id}` stands twice"));
            if self.rule_ids.insert(id) {
                self.library.rules.push(rule);
            } else {
                self.problems.push(again);
            }
        }
        fields.finish(document);
    }

    /// Sorts, and reports what only the whole library shows.
    fn finish(mut self) -> (Library, Problems) {
        self.library.rules.sort_by(|left, right| left.id.cmp(&right.id));
        self.library.views = self.views;
        for used in &self.used {
            let words = &mut self.library.parameters[used.parameter].words;
            words.extend(used.words.filter(|list| !words.contains(list)));
        }
        for (number, parameter) in self.library.parameters.iter().enumerate() {
            if !self.used.iter().any(|used| used.parameter == number)
                && let Some((_, place)) = self.parameter_places.iter().find(|(name, _)| *name == parameter.name)
            {
                let mut problem = place.clone();
                problem.code = "unused-parameter";
                problem.message = Message::new(
                    format!("参数 `{}` 没有被任何规则使用", parameter.name),
                    format!("no rule uses the parameter `{}`", parameter.name),
                );
                self.problems.push(problem);
            }
        }
        (self.library, self.problems)
    }
}

/// A problem at a place, made before it is known whether it is one.
fn place_of(document: &mut Document, span: std::ops::Range<usize>, code: &'static str, zh: String, en: String) -> Problem {
    document.problem(span, code, Message::new(zh, en));
    document.problems.pop().unwrap_or_else(|| Problem::new(code, Message::new("", "")))
}

/// Checks the version of the language.
fn language(head: &mut Fields<'_>, document: &mut Document) {
    let Some(item) = head.required("language", document) else { return };
    let version = item.get_ref().as_integer().and_then(|number| number.as_str().parse::<u32>().ok());
    if version != Some(1) {
        document.problem(
            item.span(),
            "unknown-language",
            Message::new("本版本只认识策略语言 1", "this version knows version 1 of the policy language only"),
        );
    }
}

/// The last folder of a path: what groups policies.
fn family(path: &str) -> String {
    let folder = Path::new(path).parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    folder.filter(|name| is_kebab(name)).unwrap_or_else(|| "site".to_owned())
}
