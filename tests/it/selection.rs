//! A selection of rules into the verdicts that the whole library gives, from no more than what is collected for it.

use std::collections::BTreeMap;
use std::path::Path;

use jixian::names::LINUX;
use jixian::policy::case::Case;
use jixian::reckon::glob;
use jixian::scan::{case as scan_case, reading};
use jixian::snapshot::reading::{Item, Plan};

use crate::laws::{cases, library, verdict};
use crate::support::scan_paths;

/// Rules on tables of one product, on tables of many products by the name of one, and on what is neutral.
const SELECTIONS: &[&str] = &["linux-ssh-*", "linux-acct-*", "linux-log-*", "nfra-27-*", "postgresql-*", "huawei-*"];

#[test]
fn what_else_is_judged_changes_no_verdict() {
    let fleet = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fleet");
    let fleet = fleet.to_str().expect("a plain path");
    let folder = tempfile::tempdir().expect("a folder");
    let all = scan_paths(folder.path(), &[fleet]).results;
    for selection in SELECTIONS {
        let folder = tempfile::tempdir().expect("a folder");
        let alone = scan_paths(folder.path(), &["--rule", selection, fleet]).results;
        let expected: Vec<_> = all.iter().filter(|(rule, ..)| glob::wildcard(selection, rule)).cloned().collect();
        assert!(expected.len() > 5, "{selection} judges something");
        assert_eq!(alone, expected, "{selection}");
    }
}

/// Whether a plan takes the artefact at a path: as its command or file, or as what a file that it takes names.
fn takes(plan: &Plan, path: &str, case: &Case) -> bool {
    let same = |pattern: &str| {
        pattern.split('/').count() == path.split('/').count()
            && pattern.split('/').zip(path.split('/')).all(|(pattern, name)| glob::matches(pattern, name))
    };
    let listed = plan.items.iter().any(|item| match item {
        Item::File(pattern) => same(pattern),
        // A folder that is looked at is there if anything is in it.
        Item::Look(pattern) => same(pattern) || path.starts_with(&format!("{pattern}/")),
        Item::Command { .. } | Item::Unasked { .. } => path.starts_with("commands/"),
    });
    // Includes, keys and the like may lie anywhere; where they do, a site collects them by itself.
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (folder_named, file_named) = (format!("/{folder}"), path.rsplit('/').next().filter(|name| name.contains('.')));
    let names =
        |text: &String| (folder.contains('/') && text.contains(&folder_named)) || file_named.is_some_and(|name| text.contains(name));
    listed || case.files.iter().any(|(other, text)| other != path && names(text))
}

#[test]
fn a_rule_alone_gives_the_same_on_what_is_collected_for_it() {
    let library = library();
    let mut plans = BTreeMap::new();
    let mut changed = Vec::new();
    for (path, rule, case) in cases(&library) {
        let (asset, _) = scan_case::asset(&case).expect("the case is well-formed");
        let platform = asset.description.platform.expect("a case has a platform");
        if platform != LINUX {
            continue;
        }
        let plan = plans.entry(rule).or_insert_with(|| reading::plan(&library, &[rule], platform));
        let mut less = case.clone();
        // Links are noted wherever they are met.
        less.files.retain(|(file, text)| text.starts_with("link: ") || takes(plan, file, &case));
        if less.files.len() < case.files.len() && verdict(&library, rule, &less) != verdict(&library, rule, &case) {
            let lost = case.files.iter().filter(|file| !less.files.contains(file)).map(|(file, _)| file.as_str());
            changed.push(format!("{}: {}", path.display(), lost.collect::<Vec<_>>().join(" ")));
        }
    }
    assert!(changed.is_empty(), "{changed:#?}");
}
