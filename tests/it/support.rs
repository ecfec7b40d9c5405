//! A few files into the fact tables of one asset, and cells into short texts that tests compare.

use bumpalo::Bump;
use jixian::facts::{self, Cell, Evidence, Host, Needed, State};
use jixian::names::{LINUX, Platform};
use jixian::schema;
use jixian::snapshot::memory::{Memory, Node, Ownership};
use jixian::snapshot::{Asset, Description, Lack};
use jixian::source::Sources;

/// Files of one asset: a text, or with `!absent`, `!denied`, `!truncated …`, `-> target`, `!directory` what else is at the path.
pub(crate) fn asset(files: &[(&str, &str)]) -> Asset {
    let mut memory = Memory::default();
    for (path, content) in files {
        let node = match *content {
            "!absent" => Node::Lacking(Lack::Absent),
            "!denied" => Node::Lacking(Lack::Denied),
            "!directory" => Node::Directory { complete: true },
            text if text.starts_with("!truncated ") => Node::Truncated(text["!truncated ".len()..].into()),
            text if text.starts_with("-> ") => Node::Link(text[3..].to_owned()),
            text => Node::File(text.as_bytes().to_vec()),
        };
        memory.insert(path, node, Ownership::default());
    }
    Asset::in_memory("host".to_owned(), Description::default(), memory)
}

/// The rows of one table (`services`, or those of one product: `rsyslog:services`) of these files, one line per row: `column=value` for each column that is asked for.
///
/// A cell shows as its value, `-` where it is unset, `?code` where it is unknown; with `column@` the deciding `path:line` (or
/// `default`) follows after `@`.
pub(crate) fn rows(files: &[(&str, &str)], table: &str, columns: &[&str]) -> Vec<String> {
    rows_of(&asset(files), table, columns)
}

/// The same for an asset.
pub(crate) fn rows_of(asset: &Asset, table: &str, columns: &[&str]) -> Vec<String> {
    rows_on(LINUX, asset, table, columns)
}

/// The rows of one table of a network device with this configuration.
pub(crate) fn device_rows(platform: &str, configuration: &str, table: &str, columns: &[&str]) -> Vec<String> {
    let platform = jixian::names::platform(platform).expect("a known platform");
    rows_on(platform, &asset(&[("running-config", configuration)]), table, columns)
}

/// Asserts that no rule and no table of a network device prints any of these texts.
#[track_caller]
pub(crate) fn no_secret_in(platform: &str, configuration: &str, secrets: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("in/device/running-config");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    std::fs::write(&path, configuration).expect("a file can be written");
    let collected = folder.path().join("in");
    let collected = collected.to_str().expect("a plain path");
    let scanned = scan_paths(folder.path(), &["--platform", &format!("*={platform}"), collected]);
    let mut printed = scanned.jsonl + &scanned.junit + &scanned.text + &scanned.stderr;
    assert!(printed.contains("running-config"), "the device was judged");
    for table in schema::TABLES {
        printed += &String::from_utf8_lossy(&jixian(&["facts", "--format", "jsonl", table.name, collected]).stdout);
    }
    for secret in secrets {
        assert!(configuration.contains(secret), "{secret} stands in the configuration");
        assert!(!printed.contains(secret), "{secret} is printed");
    }
}

/// The rows of one table of an institution with these records.
pub(crate) fn institution_rows(asset: &Asset, table: &str, columns: &[&str]) -> Vec<String> {
    rows_on(jixian::names::INSTITUTION, asset, table, columns)
}

fn rows_on(platform: &'static Platform, asset: &Asset, table: &str, columns: &[&str]) -> Vec<String> {
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(asset, platform, &sources);
    let (product, table) = table.split_once(':').map_or((None, table), |(product, table)| (Some(product), table));
    let number = schema::number(table).expect("the table is in the schema");
    let needed = Needed::only(number);
    let facts = facts::derive(&host, &needed);
    let find = |name: &str| schema::TABLES[number].find(name).expect("the column is in the schema");
    let selected = facts.rows(number).iter().filter(|row| product.is_none_or(|product| row.product == product));
    selected.map(|row| line(row, columns, &find, &sources)).collect()
}

/// The rows of a generic table of these files, as `in` (TOML) describes it.
pub(crate) fn described_rows(files: &[(&str, &str)], table: &str, described: &str, columns: &[&str]) -> Vec<String> {
    let asset = asset(files);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    let number = schema::number(table).expect("the table is in the schema");
    let view = jixian::policy::described(schema::TABLES[number], described).expect("a sound description");
    let view = std::sync::Arc::new(view);
    let needed = Needed::only(schema::TABLES.len());
    let mut facts = facts::derive(&host, &needed);
    facts::generic::fill(&host, std::slice::from_ref(&view), &needed, &mut facts);
    let find = |name: &str| view.find(name).expect("the column is declared");
    facts.rows(schema::TABLES.len()).iter().map(|row| line(row, columns, &find, &sources)).collect()
}

/// One row in short.
fn line(row: &jixian::facts::Row<'_>, columns: &[&str], find: &dyn Fn(&str) -> usize, sources: &Sources<'_>) -> String {
    let cells = columns.iter().map(|column| {
        let (name, place) = column.strip_suffix('@').map_or((*column, false), |name| (name, true));
        let cell = &row.cells[find(name)];
        let place = if place { format!("@{}", decided_at(cell, sources)) } else { String::new() };
        format!("{name}={}{place}", shown(cell))
    });
    let gap = if row.gap { "gap " } else { "" };
    format!("{gap}{}", cells.collect::<Vec<_>>().join(" "))
}

/// A cell in short.
pub(crate) fn shown(cell: &Cell<'_>) -> String {
    match cell.state {
        State::Known(value) => value.to_string(),
        State::Unset => "-".to_owned(),
        State::Unknown(why, []) => format!("?{}", why.code),
        State::Unknown(why, candidates) => {
            format!("?{}({})", why.code, candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
        }
    }
}

/// Where the first piece of evidence stands.
fn decided_at(cell: &Cell<'_>, sources: &Sources<'_>) -> String {
    match cell.evidence.first() {
        None => "nothing".to_owned(),
        Some(Evidence::Default(_)) => "default".to_owned(),
        Some(Evidence::Recorded(path, _) | Evidence::Searched(path) | Evidence::Lacks(path, _)) => (*path).to_owned(),
        Some(Evidence::Step(..)) => "step".to_owned(),
        Some(Evidence::Decides(span) | Evidence::Shadowed(span) | Evidence::Scope(span) | Evidence::Reference(span)) => {
            let source = sources.source(span.source).expect("a span names a source of the asset");
            format!("{}:{}", source.path, source.line(*span))
        }
    }
}

/// What a scan of one host tree gave.
pub(crate) struct Scanned {
    /// Rule, asset and verdict of every result, in order.
    pub(crate) results: Vec<(String, String, &'static str)>,
    /// The stored results, one object per line.
    pub(crate) jsonl: String,
    /// The JUnit report.
    pub(crate) junit: String,
    /// The text report.
    pub(crate) text: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// The exit code.
    pub(crate) exit: i32,
}

/// Runs the program with an empty environment.
pub(crate) fn jixian(arguments: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jixian"));
    command.env_clear().args(arguments).output().expect("the program starts")
}

/// Writes files into a folder tree for one host and scans it in every format.
pub(crate) fn scan(asset: &str, files: &[(String, String)]) -> Scanned {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, content) in files {
        let path = folder.path().join("in").join(asset).join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(path, content).expect("a file can be written");
    }
    scan_paths(folder.path(), &[folder.path().join("in").to_str().expect("a plain path")])
}

/// Scans paths in every format; outputs go to a folder.
pub(crate) fn scan_paths(folder: &std::path::Path, arguments: &[&str]) -> Scanned {
    let output = |name: &str| format!("{name}:{}", folder.join(name).display());
    let mut all = vec!["scan", "--lang", "en"];
    if !arguments.contains(&"--date") {
        all.extend(["--date", "2026-11-22"]);
    }
    let formats = [output("jsonl"), output("junit"), output("text")];
    for format in &formats {
        all.extend(["--format", format]);
    }
    all.extend(arguments);
    let run = jixian(&all);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let jsonl = read("jsonl");
    let results = jsonl.lines().filter_map(|line| {
        let object: serde_json::Value = serde_json::from_str(line).expect("every line is an object");
        if object["kind"] != "result" {
            return None;
        }
        let verdict = ["pass", "fail", "waived", "not-applicable", "unknown"].into_iter().find(|word| object["verdict"] == *word);
        Some((object["rule"].as_str()?.to_owned(), object["asset"].as_str()?.to_owned(), verdict?))
    });
    Scanned {
        results: results.collect(),
        junit: read("junit"),
        text: read("text"),
        stderr: String::from_utf8_lossy(&run.stderr).into_owned(),
        exit: run.status.code().unwrap_or(-1),
        jsonl,
    }
}
