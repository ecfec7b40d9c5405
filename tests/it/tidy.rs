//! The project's own rules about its sources, which the compiler does not know.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of a source file.
const FILE_LINES_MOST: usize = 400;

/// The most lines of a function.
const FUNCTION_LINES_MOST: usize = 70;

/// Every Rust file under a folder, by path.
fn sources(folder: &str) -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("the folder is readable"));
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    files.map(|entry| (entry.path().to_owned(), fs::read_to_string(entry.path()).expect("a source is text"))).collect()
}

/// The floors' table of the architecture page: each floor and the floors that it may name.
fn floors() -> BTreeMap<String, Vec<String>> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ARCHITECTURE.md")).expect("the page is there");
    let rows = page.lines().skip_while(|line| !line.starts_with("| floor |")).skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let named = cells[2].split(',').map(|name| name.trim().to_owned()).filter(|name| name != "–").collect();
        (cells[0].trim_matches('`').to_owned(), named)
    })
    .collect()
}

/// The floor of a file under `src/`.
fn floor_of(path: &Path) -> String {
    let inner = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("a file under src");
    let first = inner.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The code of a file without its unit tests and comments.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn floors_name_only_what_the_table_allows() {
    let floors = floors();
    assert!(floors.len() >= 13, "the table was read: {floors:?}");
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let floor = floor_of(&path);
        if matches!(floor.as_str(), "main" | "lib") {
            continue;
        }
        let allowed = floors.get(&floor).unwrap_or_else(|| panic!("{floor} has no row in the floors' table"));
        for rest in code(&text).split("crate::").skip(1) {
            let named: String = rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
            if named != floor && !allowed.contains(&named) && floors.contains_key(&named) {
                wrong.push(format!("{} names {named}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn judging_is_pure() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        if !["names", "source", "schema", "parse", "reckon", "facts", "evaluate", "results"].contains(&floor_of(&path).as_str()) {
            continue;
        }
        for word in [
            "std::fs",
            "std::env",
            "std::net::Tcp",
            "std::process",
            "SystemTime",
            "Instant::now",
            "Zoned::now",
            "Timestamp::now",
            "std::thread",
        ] {
            if code(&text).contains(word) {
                wrong.push(format!("{} says {word}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_opens_with_what_it_turns_into_what() {
    for folder in ["src", "tests"] {
        for (path, text) in sources(folder) {
            let first = text.lines().next().unwrap_or_default();
            let page = first.starts_with("#![doc = include_str!");
            assert!(
                page || (first.starts_with("//! ") && first.ends_with(['.', ':', ','])) || first.starts_with("//! "),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn files_and_functions_stay_small() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let lines = text.split("#[cfg(test)]").next().unwrap_or_default().lines().count();
        if lines > FILE_LINES_MOST {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
        wrong.extend(long_functions(&text).into_iter().map(|(line, length)| format!("{}:{line}: {length} lines", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Functions that are too long: their first line and their length. Relies on the formatting that `cargo fmt` gives.
fn long_functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim_start();
        let is_function = ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn ", "pub const fn "]
            .iter()
            .any(|start| words.starts_with(start));
        if !is_function || words.ends_with(';') {
            continue;
        }
        let close = format!("{}}}", " ".repeat(indent));
        let length = lines[at..].iter().position(|line| **line == close).map_or(1, |end| end + 1);
        if length > FUNCTION_LINES_MOST {
            found.push((at + 1, length));
        }
    }
    found
}

#[test]
fn rules_are_data() {
    let rules = jixian::policy::load(&jixian::policy::builtin::inputs()).0.rules;
    assert!(!rules.is_empty());
    for (path, text) in sources("src") {
        for rule in &rules {
            assert!(!code(&text).contains(&format!("\"{}\"", rule.id)), "{} knows the rule {}", path.display(), rule.id);
        }
    }
}

#[test]
fn registries_are_sorted() {
    assert!(jixian::facts::PRODUCTS.is_sorted_by(|left, right| left.name < right.name));
    assert!(jixian::report::FORMATS.is_sorted_by(|left, right| left.name < right.name));
    assert!(jixian::names::PLATFORMS.is_sorted_by(|left, right| left.name < right.name));
}
