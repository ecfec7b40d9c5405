//! The shipped rules, each changed in one thing, into what no case notices; and what the schema promises, because the mutator believes it.

use std::collections::BTreeMap;

use bumpalo::Bump;
use jixian::facts::{self, Facts, Host, Presence, Row, State, Value};
use jixian::policy::case::Case;
use jixian::scan::case as scan_case;
use jixian::scan::mutate;
use jixian::schema::promises::{ALWAYS, Always, EVERY_NAME};
use jixian::schema::{TABLES, Table, number};
use jixian::source::Sources;
use rayon::prelude::*;

use crate::laws::{cases, library};

/// The survivors that are known, each line as `jixian policy test --mutate` prints it; lines with `#` say why they are left.
const LEFT: &str = include_str!("mutants-left.txt");

/// How often each line stands in a list.
fn counted<'l>(lines: impl Iterator<Item = &'l str>) -> BTreeMap<&'l str, usize> {
    let mut counts = BTreeMap::new();
    lines.for_each(|line| *counts.entry(line).or_insert(0) += 1);
    counts
}

#[test]
fn no_mutant_survives_beside_those_that_are_named() {
    let library = library();
    let mut by_rule: BTreeMap<usize, Vec<Case>> = BTreeMap::new();
    for (_, rule, case) in cases(&library) {
        by_rule.entry(rule).or_default().push(case);
    }
    let survivors: Vec<String> = by_rule
        .par_iter()
        .flat_map_iter(|(rule, cases)| {
            let fared = mutate::survivors(&library, *rule, cases).expect("the cases are well-formed");
            let id = &library.rules[*rule].id;
            fared.survivors.into_iter().map(move |change| format!("{id}: {change}"))
        })
        .collect();
    let survived = counted(survivors.iter().map(String::as_str));
    let named = counted(LEFT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')));
    let more: Vec<&&str> = survived.iter().filter(|(line, count)| named.get(**line).unwrap_or(&0) < *count).map(|(line, _)| line).collect();
    assert!(more.is_empty(), "no case notices these changes of rules: {more:#?}");
    let fewer: Vec<&&str> =
        named.iter().filter(|(line, count)| survived.get(**line).unwrap_or(&0) < *count).map(|(line, _)| line).collect();
    assert!(fewer.is_empty(), "a case notices these now; take them out of mutants-left.txt: {fewer:#?}");
}

/// Whether a row has a word in a column, or may have.
fn may_have(table: &Table, row: &Row<'_>, column: &str, word: &str) -> bool {
    if column == "product" {
        return row.product == word;
    }
    match row.cells[table.find(column).expect("a column of the table")].state {
        State::Known(Value::Text(text) | Value::Word(text)) => text == word,
        State::Known(Value::Boolean(is)) => is == (word == "true"),
        State::Unknown(..) => true,
        _ => false,
    }
}

/// Whether a table keeps a promise on an asset.
fn keeps(facts: &Facts<'_>, promise: &Always) -> bool {
    let at = number(promise.table).expect("a table");
    let demanded = promise.cells.iter().find(|(column, _)| *column == "product").map(|(_, name)| *name);
    let here =
        facts.products(at).iter().any(|(name, presence)| *presence == Presence::Rows && demanded.is_none_or(|demanded| demanded == *name));
    let holds = |row: &Row<'_>| promise.cells.iter().all(|(column, word)| may_have(TABLES[at], row, column, word));
    !here || facts.rows(at).iter().any(holds)
}

/// The promises that an asset breaks: of names, of words, and of any row at all.
fn broken(facts: &Facts<'_>) -> Vec<String> {
    let mut broken: Vec<String> = ALWAYS.iter().filter(|promise| !keeps(facts, promise)).map(|promise| format!("{promise:?}")).collect();
    for (at, table) in TABLES.iter().enumerate() {
        if !facts.products(at).iter().any(|(_, presence)| *presence == Presence::Rows) {
            continue;
        }
        if table.promised && facts.rows(at).is_empty() {
            broken.push(format!("{} has no row", table.name));
        }
        if EVERY_NAME.contains(&table.name) {
            let lacking = table.settings.iter().filter(|name| !facts.rows(at).iter().any(|row| may_have(table, row, "name", name.name)));
            broken.extend(lacking.map(|setting| format!("{} has no {}", table.name, setting.name)));
        }
    }
    broken
}

#[test]
fn tables_keep_what_the_schema_promises() {
    assert!(EVERY_NAME.is_sorted() && ALWAYS.is_sorted_by_key(|row| row.table), "sorted, so that nothing stands twice");
    let library = library();
    let wanted = vec![true; TABLES.len()];
    let wrong: Vec<String> = cases(&library)
        .par_iter()
        .flat_map_iter(|(path, _, case)| {
            let mut half = case.clone();
            for (file, text) in &mut half.files {
                *text = text.lines().take(text.lines().count() / 2).map(|line| format!("{line}\n")).collect();
                half.manifest.push(("truncated".to_owned(), file.clone()));
            }
            [case.clone(), half].into_iter().flat_map(|case| {
                let (asset, _) = scan_case::asset(&case).expect("the case is well-formed");
                let (arena, platform) = (Bump::new(), asset.description.platform.expect("a case has a platform"));
                let sources = Sources::new(&arena);
                let broken = broken(&facts::derive(&Host::new(&asset, platform, &sources), &wanted));
                broken.into_iter().map(|what| format!("{}: {what}", path.display())).collect::<Vec<_>>()
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{:#?}", wrong.iter().take(40).collect::<Vec<_>>());
}
