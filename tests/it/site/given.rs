//! Older results, acceptances and bound waivers into exit codes.

use serde_json::Value as Json;

use super::{objects, write};
use crate::support::{Scanned, scan_paths};

/// One rule on one host whose sshd admits root as `permit` says.
fn sshd(folder: &std::path::Path, permit: &str, more: &[&str]) -> Scanned {
    write(folder, "in/web01/etc/ssh/sshd_config", &format!("Port 22\nPermitRootLogin {permit}\n"));
    let host = folder.join("in/web01").display().to_string();
    let mut arguments = vec![host.as_str(), "--rule", "linux-ssh-root-login"];
    arguments.extend(more);
    scan_paths(folder, &arguments)
}

#[test]
fn an_older_result_leaves_only_new_violations_in_the_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = sshd(folder.path(), "yes", &[]);
    assert_eq!(first.exit, 1);
    let old = write(folder.path(), "old.jsonl", &first.jsonl);
    let same = sshd(folder.path(), "yes", &["--baseline", &old, "--fail-on-new"]);
    assert_eq!(same.exit, 0, "{}", same.stderr);
    assert_eq!(objects(&same.jsonl, "result")[0]["verdict"], "fail", "the verdict stays what it is");
    assert_eq!(objects(&same.jsonl, "result")[0]["findings"][0]["new"], false);
    let marked = sshd(folder.path(), "yes", &["--baseline", &old]);
    assert_eq!(marked.exit, 1, "without --fail-on-new nothing changes");
    let whole = scan_paths(
        folder.path(),
        &[&folder.path().join("in/web01").display().to_string(), "--rule", "linux-ssh-*", "--baseline", &old, "--fail-on-new"],
    );
    assert_eq!(whole.exit, 1, "what the older result does not have is new");
    let new = objects(&whole.jsonl, "summary").remove(0)["results"]["new"].as_u64().expect("a number");
    assert!(new > 0, "{new}");
    let cut = write(folder.path(), "cut.jsonl", first.jsonl.lines().next().expect("a line"));
    assert_eq!(sshd(folder.path(), "yes", &["--baseline", &cut, "--fail-on-new"]).exit, 2, "a result that was cut short is none");
    let other = write(folder.path(), "other.jsonl", &first.jsonl.replace("\"schema\":1", "\"schema\":2"));
    assert_eq!(sshd(folder.path(), "yes", &["--baseline", &other]).exit, 2, "a layout that is not known");
    let json = folder.path().join("old.json").display().to_string();
    sshd(folder.path(), "yes", &["--format", &format!("json:{json}")]);
    assert_eq!(sshd(folder.path(), "yes", &["--baseline", &json, "--fail-on-new"]).exit, 0, "json serves as well");
}

#[test]
fn what_was_waived_is_new_once_the_waiver_has_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let text =
        "[[waiver]]\nrule = \"linux-ssh-root-login\"\nasset = \"web*\"\nreason = \"CHG-1\"\napprover = \"ciso\"\nuntil = 2026-11-22\n";
    let waivers = write(folder.path(), "waivers.toml", text);
    let first = sshd(folder.path(), "yes", &["--waivers", &waivers]);
    assert_eq!((first.exit, objects(&first.jsonl, "result")[0]["verdict"].as_str()), (0, Some("waived")));
    let old = write(folder.path(), "old.jsonl", &first.jsonl);
    let later = sshd(folder.path(), "yes", &["--waivers", &waivers, "--baseline", &old, "--fail-on-new", "--date", "2026-11-23"]);
    assert_eq!(later.exit, 1, "{}", later.stderr);
}

#[test]
fn a_waiver_bound_to_evidence_dies_when_it_changes_and_not_when_it_moves() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = sshd(folder.path(), "yes", &[]);
    let digest = objects(&first.jsonl, "result")[0]["findings"][0]["evidence_digest"].as_str().expect("a digest").to_owned();
    let text = format!(
        "[[waiver]]\nrule = \"linux-ssh-root-login\"\nasset = \"web01\"\nevidence = \"{digest}\"\nreason = \"CHG-1\"\napprover = \"ciso\"\nuntil = 2026-12-31\n"
    );
    let waivers = write(folder.path(), "waivers.toml", &text);
    let verdict = |scanned: &Scanned| objects(&scanned.jsonl, "result")[0]["verdict"].clone();
    assert_eq!(verdict(&sshd(folder.path(), "yes", &["--waivers", &waivers])), "waived");
    assert_eq!(verdict(&sshd(folder.path(), "yes\n# moved by a comment\nUseDNS no", &["--waivers", &waivers])), "waived");
    let changed = sshd(folder.path(), "prohibit-password", &["--waivers", &waivers]);
    assert_eq!(verdict(&changed), "fail");
    assert_eq!(objects(&changed.jsonl, "run")[0]["waivers"][0]["state"], "unmatched");
    assert!(changed.text.contains("matches no finding"), "{}", changed.text);
}

#[test]
fn an_accepted_unknown_stays_unknown_and_leaves_the_exit_code_until_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "in/web01/etc/passwd", "root:x:0:0::/root:/bin/bash\n");
    let host = folder.path().join("in/web01").display().to_string();
    let accepted = write(
        folder.path(),
        "accepted.toml",
        "[[accept]]\nrule = \"nfra-27-empty-*\"\nasset = \"web??\"\nreason = \"REQ-1\"\nuntil = 2026-11-22\n",
    );
    let scan = |more: &[&str]| {
        let mut arguments = vec![host.as_str(), "--rule", "nfra-27-empty-passwords"];
        arguments.extend(more);
        scan_paths(folder.path(), &arguments)
    };
    assert_eq!(scan(&[]).exit, 3);
    let covered = scan(&["--accept-unknown", &accepted]);
    assert_eq!(covered.exit, 0, "{}", covered.stderr);
    assert_eq!(objects(&covered.jsonl, "result")[0]["verdict"], "unknown");
    assert!(covered.junit.contains("<error ") && covered.junit.contains("accepted: "), "{}", covered.junit);
    let ended = scan(&["--accept-unknown", &accepted, "--date", "2026-11-23"]);
    assert_eq!(ended.exit, 3);
    let states = |scanned: &Scanned| objects(&scanned.jsonl, "run")[0]["accepted"][0]["state"].clone();
    assert_eq!((states(&covered), states(&ended)), (Json::from("used"), Json::from("expired")));
}

#[test]
fn no_waiver_ever_touches_an_unknown() {
    let folder = tempfile::tempdir().expect("a folder");
    let fleet = super::fixture("fleet");
    let before = scan_paths(folder.path(), &[&fleet]);
    let mut text = String::new();
    let library = crate::laws::library();
    for rule in &library.rules {
        text += &format!("[[waiver]]\nrule = \"{}\"\nasset = \"*\"\nreason = \"r\"\napprover = \"a\"\nuntil = 2027-01-01\n", rule.id);
    }
    let waivers = write(folder.path(), "all.toml", &text);
    let after = scan_paths(folder.path(), &[&fleet, "--waivers", &waivers]);
    assert_eq!(before.results.len(), after.results.len());
    for ((rule, asset, was), (_, _, is)) in before.results.iter().zip(&after.results) {
        let expected = if *was == "fail" { "waived" } else { was };
        assert_eq!(*is, expected, "{rule} on {asset}");
    }
    assert_eq!(after.exit, 3, "what is unknown still shows");
}
