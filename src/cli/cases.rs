//! Rule cases on disk into verdicts, and how those differ from what the cases expect.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::error::Message;
use crate::policy::Library;
use crate::policy::case::{self, Case};
use crate::scan::case as scan_case;
use crate::scan::mutate::{self, Fared};

/// How one case came out.
pub(super) struct Outcome {
    /// The case's file.
    pub(super) path: PathBuf,
    /// What is wrong; none where it is as expected.
    pub(super) wrong: Option<Message>,
    /// The lines that the rule gives now, to be written on `--update`.
    pub(super) actual: String,
}

/// Runs every case under a folder (`<rule-id>/<verdict>-<why>.txtar`).
pub(super) fn run(library: &Library, folder: &Path) -> Vec<Outcome> {
    let files = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let cases = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "txtar"));
    cases.map(|entry| one(library, entry.path())).collect()
}

/// How the mutants of every rule that has cases fared, in the order of the rules' ids.
pub(super) fn mutate(library: &Library, folder: &Path) -> Vec<(String, Result<Fared, Message>)> {
    let with_cases = library.rules.par_iter().enumerate().filter_map(|(number, rule)| {
        let files = WalkDir::new(folder.join(&rule.id)).sort_by_file_name().into_iter().filter_map(Result::ok);
        let files = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "txtar"));
        let cases: Vec<Case> = files.filter_map(|entry| fs::read_to_string(entry.path()).ok()).map(|text| case::read(&text)).collect();
        (!cases.is_empty()).then(|| (rule.id.clone(), mutate::survivors(library, number, &cases)))
    });
    with_cases.collect()
}

/// Runs one case.
fn one(library: &Library, path: &Path) -> Outcome {
    let rule = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut outcome = Outcome { path: path.to_owned(), wrong: None, actual: String::new() };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            outcome.wrong = Some(Message::new(format!("无法读取：{error}"), format!("cannot be read: {error}")));
            return outcome;
        }
    };
    let Some(number) = library.rules.iter().position(|known| known.id == rule) else {
        outcome.wrong = Some(Message::new(format!("没有规则 {rule}"), format!("there is no rule {rule}")));
        return outcome;
    };
    let case = case::read(&text);
    match scan_case::judge_case(library, number, &case) {
        Ok(actual) => {
            outcome.actual = actual;
            outcome.wrong = difference(path, &case, &outcome.actual);
        }
        Err(message) => outcome.wrong = Some(message),
    }
    outcome
}

/// What differs from the case's file name or expectation.
fn difference(path: &Path, case: &Case, actual: &str) -> Option<Message> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let named = name.split('-').next().unwrap_or_default();
    let verdict = actual.split_whitespace().next().unwrap_or_default();
    if named != verdict {
        return Some(Message::new(
            format!("文件名说 {named}，实际是 {verdict}：\n{actual}"),
            format!("the file name says {named}, the rule says {verdict}:\n{actual}"),
        ));
    }
    (case.expect != actual)
        .then(|| Message::new(format!("期望：\n{}实际：\n{actual}", case.expect), format!("expected:\n{}actual:\n{actual}", case.expect)))
}
