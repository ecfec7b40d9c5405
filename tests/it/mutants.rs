//! The shipped rules, each changed in one thing, into the changes that no case notices: none; and what the schema promises, because the mutator believes it.

use std::collections::BTreeMap;

use bumpalo::Bump;
use jixian::facts::{self, Facts, Host, Needed, Presence, Row, State, Value};
use jixian::policy::case::Case;
use jixian::scan::case as scan_case;
use jixian::scan::mutate;
use jixian::schema::promises::{ALWAYS, Always, EVERY_NAME, ONE_OF};
use jixian::schema::{TABLES, Table, number};
use jixian::source::Sources;
use rayon::prelude::*;

use crate::laws::{cases, cut_in_half, library};

#[test]
fn no_mutant_survives() {
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
    assert!(survivors.is_empty(), "no case notices these changes of rules: {survivors:#?}");
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
    for promise in ONE_OF {
        let at = number(promise.table).expect("a table");
        let here = facts.products(at).iter().any(|(_, presence)| *presence == Presence::Rows);
        let has = |word: &&str| facts.rows(at).iter().any(|row| may_have(TABLES[at], row, promise.column, word));
        if here && !promise.words.iter().any(has) {
            broken.push(format!("{promise:?}"));
        }
    }
    broken
}

#[test]
fn tables_keep_what_the_schema_promises() {
    assert!(EVERY_NAME.is_sorted() && ALWAYS.is_sorted_by_key(|row| row.table), "sorted, so that nothing stands twice");
    let library = library();
    let needed = Needed::all(0);
    let wrong: Vec<String> = cases(&library)
        .par_iter()
        .flat_map_iter(|(path, _, case)| {
            let mut half = case.clone();
            (0..half.files.len()).for_each(|number| cut_in_half(&mut half, number));
            [case.clone(), half].into_iter().flat_map(|case| {
                let (asset, _) = scan_case::asset(&case).expect("the case is well-formed");
                let (arena, platform) = (Bump::new(), asset.description.platform.expect("a case has a platform"));
                let sources = Sources::new(&arena);
                let broken = broken(&facts::derive(&Host::new(&asset, platform, &sources), &needed));
                broken.into_iter().map(|what| format!("{}: {what}", path.display())).collect::<Vec<_>>()
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{:#?}", wrong.iter().take(40).collect::<Vec<_>>());
}
