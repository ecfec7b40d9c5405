//! Profiles, waivers, site tables, acceptances, inventories and older results from outside: what holds, what is refused and where.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::support::{Scanned, jixian, scan_paths};

mod given;
mod refused;

/// A folder of the repository as a text.
fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).display().to_string()
}

/// Objects of one kind.
fn objects(jsonl: &str, kind: &str) -> Vec<Json> {
    let objects = jsonl.lines().map(|line| serde_json::from_str::<Json>(line).expect("every line is an object"));
    objects.filter(|object| object["kind"] == kind).collect()
}

/// The fleet under the profile of the bank, with more arguments.
fn bank(folder: &Path, more: &[&str]) -> Scanned {
    let (fleet, profile, waivers) = (fixture("fleet"), fixture("site/profile.toml"), fixture("site/waivers.toml"));
    let mut arguments = vec![fleet.as_str(), "--profile", &profile, "--waivers", &waivers];
    arguments.extend(more);
    scan_paths(folder, &arguments)
}

/// The result of a rule on an asset.
fn result<'r>(results: &'r [Json], rule: &str, asset: &str) -> &'r Json {
    let of = |object: &&Json| object["rule"] == rule && object["asset"] == asset;
    results.iter().find(of).unwrap_or_else(|| panic!("no result of {rule} on {asset}"))
}

#[test]
fn a_bank_sees_every_kind_of_verdict_and_the_totals_add_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let (accepted, assets) = (fixture("site/accepted.toml"), fixture("site/assets.csv"));
    let scanned = bank(folder.path(), &["--accept-unknown", &accepted, "--assets", &assets, "--verbose"]);
    assert_eq!(scanned.exit, 1, "{}", scanned.stderr);
    let summary = objects(&scanned.jsonl, "summary").remove(0);
    let mut total = 0;
    for verdict in ["pass", "fail", "waived", "not-applicable", "unknown"] {
        let counted = scanned.results.iter().filter(|(_, _, found)| *found == verdict).count();
        assert_eq!(summary["results"][verdict], counted, "{verdict}");
        assert!(counted > 0, "no {verdict} occurs");
        total += counted;
    }
    assert_eq!(total, scanned.results.len());
    let results = objects(&scanned.jsonl, "result");
    let reasons = |code: &str| results.iter().filter(|result| result["reason_code"] == code).count();
    assert_eq!(summary["results"]["dropped"], reasons("dropped"));
    assert_eq!(summary["results"]["dropped"], 1, "USB storage on one host");
    let accepted = results.iter().filter(|result| result["accepted"].is_number());
    assert_eq!(summary["results"]["accepted"], accepted.clone().count());
    assert!(accepted.clone().count() > 0 && accepted.clone().all(|result| result["verdict"] == "unknown"));
    // A case begins its line; what a hostile text holds does not.
    let cases: Vec<&str> = scanned.junit.lines().filter(|line| line.starts_with("<testcase ")).collect();
    assert_eq!(cases.len(), total, "a case for every result");
    for (tag, verdicts) in [("<failure ", &["fail"][..]), ("<error ", &["unknown"]), ("<skipped ", &["waived", "not-applicable"])] {
        let counted = scanned.results.iter().filter(|(_, _, found)| verdicts.contains(found)).count();
        let inside = cases.iter().filter(|case| case.split_once('>').is_some_and(|(_, inside)| inside.starts_with(tag)));
        assert_eq!(inside.count(), counted, "{tag}");
    }
}

#[test]
fn waivers_are_settled_by_day_asset_and_instance_and_told_where_they_do_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let scanned = bank(folder.path(), &[]);
    let results = objects(&scanned.jsonl, "result");
    let run = objects(&scanned.jsonl, "run").remove(0);
    let states: Vec<&str> =
        run["waivers"].as_array().expect("a list").iter().map(|waiver| waiver["state"].as_str().expect("a word")).collect();
    // The second ends on the day of the run, which is part of it.
    assert_eq!(states, ["used", "used", "expired", "unused"]);
    let waived = result(&results, "nfra-28-time-window", "core-db-01");
    assert_eq!((&waived["verdict"], &waived["findings"][0]["waiver"]), (&Json::from("waived"), &Json::from(0)));
    assert!(waived["findings"][0]["evidence"][0].is_number(), "a waived finding keeps its evidence");
    let ended = result(&results, "nfra-28-forwarding", "core-db-01");
    assert_eq!((&ended["verdict"], &ended["findings"][0]["expired_waiver"]), (&Json::from("fail"), &Json::from(2)));
    for text in ["waivers.toml:15 (nfra-28-forwarding @core-db-01) expired on 2026-10-31", "(nfra-22-clock @retired-*) is unused"] {
        assert!(scanned.text.replace("\n", " ").contains(text), "{text}");
        assert!(scanned.junit.contains(text), "{text}");
    }
    assert!(scanned.junit.contains("type=\"waived.risk_accepted\" message=\"WAIVED "), "the case says that it is waived");
    assert!(scanned.junit.contains("would-be : FAIL"), "and what it would be");
    assert!(scanned.junit.contains("waivers.toml:15 expired on 2026-10-31"), "a failing case names the waiver that has ended");
    let day_after = tempfile::tempdir().expect("a folder");
    let later = bank(day_after.path(), &["--rule", "nfra-28-shell-timeout", "--asset", "core-db-01", "--date", "2026-11-23"]);
    assert_eq!(objects(&later.jsonl, "result")[0]["verdict"], "fail", "the day after the last");
}

#[test]
fn a_profile_holds_by_group_and_shows_what_it_loosens() {
    let folder = tempfile::tempdir().expect("a folder");
    let scanned = bank(folder.path(), &[]);
    let run = objects(&scanned.jsonl, "run").remove(0);
    assert_eq!(run["params"]["password-length"], 13);
    assert_eq!(run["params"]["mfa-servers"], serde_json::json!(["10.10.10.71", "10.10.10.72"]));
    let loosened = run["profile"]["loosened"].as_array().expect("a list");
    assert_eq!(loosened.len(), 2);
    assert_eq!((&loosened[0]["param"], &loosened[0]["from"], &loosened[0]["to"]), (&"login-timeout".into(), &"1m".into(), &"2m".into()));
    assert_eq!((&loosened[1]["assets"], &loosened[1]["approver"]), (&"tags=staging".into(), &"ciso".into()));
    assert!(scanned.text.contains("loosened login-timeout: 1m to 2m"), "{}", scanned.text.lines().last().unwrap_or_default());
    let results = objects(&scanned.jsonl, "result");
    let expected = |rule: &str, asset: &str| result(&results, rule, asset)["findings"][0]["expected"].as_str().map(str::to_owned);
    // Assets tagged `cii` are held to ten minutes, others to the default.
    assert!(expected("nfra-28-idle-timeout", "bastion-01").is_none_or(|text| text.contains("10m")));
    let wanted: Vec<String> = results
        .iter()
        .filter(|object| object["rule"] == "nfra-27-password-length")
        .filter_map(|object| Some(format!("{} {}", object["asset"].as_str()?, object["findings"][0]["expected"].as_str()?)))
        .collect();
    assert!(wanted.iter().any(|text| text.contains("at-least 14")) && wanted.iter().any(|text| text.contains("at-least 13")), "{wanted:?}");
}

#[test]
fn a_role_whose_asset_is_missing_or_stale_makes_the_run_incomplete() {
    let folder = tempfile::tempdir().expect("a folder");
    let scanned = bank(folder.path(), &["--rule", "nfra-27-unique-accounts"]);
    let results = objects(&scanned.jsonl, "result");
    let unproven = result(&results, "site-role-unproven", "jixian");
    assert_eq!(unproven["verdict"], "unknown");
    let instances: Vec<&str> =
        unproven["findings"].as_array().expect("a list").iter().filter_map(|finding| finding["instance"].as_str()).collect();
    assert_eq!(instances, ["bastion-02"], "the two others were judged");
    let later = tempfile::tempdir().expect("a folder");
    let later = bank(later.path(), &["--rule", "nfra-27-unique-accounts", "--date", "2026-12-21"]);
    let unproven = result(&objects(&later.jsonl, "result"), "site-role-unproven", "jixian")["findings"].as_array().map_or(0, Vec::len);
    assert_eq!(unproven, 3, "31 days later what was collected proves no role");
    let last = tempfile::tempdir().expect("a folder");
    let last = bank(last.path(), &["--rule", "nfra-27-unique-accounts", "--date", "2026-12-20"]);
    let unproven = result(&objects(&last.jsonl, "result"), "site-role-unproven", "jixian")["findings"].as_array().map_or(0, Vec::len);
    assert_eq!(unproven, 1, "on the thirtieth day it still does");
}

#[test]
fn the_shipped_profiles_select_what_they_say() {
    for (name, at_least, at_most) in [("nfra", 300, 2000), ("nfra-cii", 300, 2000), ("mlps-level-3", 300, 2000), ("quick", 30, 30)] {
        let output = jixian(&["policy", "list", "--profile", name]);
        let rules = String::from_utf8_lossy(&output.stdout).lines().count();
        assert!(output.status.success() && (at_least..=at_most).contains(&rules), "{name}: {rules} rules");
    }
}

#[test]
fn an_asset_of_the_inventory_that_is_not_there_is_undecided_for_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let (fleet, assets) = (fixture("fleet/teller-gw-01"), fixture("site/assets.csv"));
    let scanned = scan_paths(folder.path(), &[&fleet, "--assets", &assets, "--profile", "nfra"]);
    let results = objects(&scanned.jsonl, "result");
    let missing: Vec<&Json> = results.iter().filter(|result| result["asset"] == "core-db-09").collect();
    assert!(missing.len() > 50, "every rule that is about a Linux host");
    assert!(missing.iter().all(|result| result["verdict"] == "unknown" && result["reason_code"] == "missing"));
    assert!(missing.iter().any(|result| result["rule"] == "nfra-58-mfa"), "its tags come from the inventory");
    let assets: Vec<(String, Json)> = objects(&scanned.jsonl, "asset")
        .into_iter()
        .map(|asset| (asset["asset"].as_str().unwrap_or_default().to_owned(), asset["listed"].clone()))
        .collect();
    assert_eq!(assets.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["core-db-09", "core-sw-01", "fw-dmz-01", "teller-gw-01"]);
    assert!(assets.iter().all(|(_, listed)| *listed == true));
    let run = objects(&scanned.jsonl, "run").remove(0);
    assert_eq!((&run["assets"]["expected"], &run["assets"]["failed"]), (&4.into(), &3.into()));
}

/// Writes a text into a folder and gives its path.
fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(&path, text).expect("a file can be written");
    path.display().to_string()
}
