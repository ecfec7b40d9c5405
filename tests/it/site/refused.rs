//! What is refused in profiles, waivers, site tables and inventories: the code, the file, the line and the column.

use std::path::Path;

use super::write;
use crate::support::jixian;

/// The head that every profile needs.
const HEAD: &str = "[profile]\nid = \"p\"\ntitle = { zh = \"档\", en = \"P\" }\n";

/// Standard error of a scan that nothing comes of.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let host = write(folder, "in/h/etc/passwd", "root:x:0:0::/root:/bin/bash\n");
    let host = host.trim_end_matches("/etc/passwd").to_owned();
    let mut all = vec!["--lang", "en", "scan", "--date", "2026-11-22", &host];
    all.extend(arguments);
    let output = jixian(&all);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    stderr
}

/// A profile with this after its head is refused with each of these texts.
#[track_caller]
fn profile(rest: &str, expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "p.toml", &format!("{HEAD}{rest}"));
    let stderr = refused(folder.path(), &["--profile", &path]);
    for text in expected {
        assert!(stderr.contains(text), "no {text:?} in\n{stderr}");
    }
}

#[test]
fn profiles_are_refused_where_they_are_wrong() {
    profile("[params]\nidle-timeout = \"30m\"\n", &["p.toml:5:16", "error[loosened]", "looser than what held before (15m)"]);
    profile("[params]\nidle-timeout = \"unlimited\"\n", &["error[loosened]"]);
    profile("[params]\npassword-length = 8\n", &["p.toml:5:19", "error[loosened]"]);
    profile("[params]\nmgmt-networks = [\"10.0.0.0/7\"]\n", &["error[loosened]"]);
    profile("[params]\nadministrators = [\"root\", \"bob\"]\n", &["error[loosened]"]);
    profile("[params]\nidle-timeout = { value = \"30m\" }\n", &["missing-key", "`loosened` is missing"]);
    profile("[params]\nidle-timeout = { value = \"30m\", loosened = { reason = \" \", approver = \"ciso\" } }\n", &["error[empty-text]"]);
    profile("[params]\nidle-timeout = { value = \"30m\", loosened = { reason = \"x\" } }\n", &["`approver` is missing"]);
    profile("[params]\nidle-timout = \"5m\"\n", &["p.toml:5:1", "unknown-parameter", "did you mean `idle-timeout`?"]);
    profile("[params]\nidle-timeout = 5\n", &["wrong-type"]);
    profile("[[for]]\nassets = { tags = [\"cii\"] }\nparams = { idle-timeout = \"20m\" }\n", &["p.toml:6:27", "error[loosened]"]);
    let second = "[[for]]\nassets = { tags = [\"a\"] }\nparams = { idle-timeout = \"5m\" }\n[[for]]\nassets = { tags = [\"b\"] }\nparams = { idle-timeout = \"8m\" }\n";
    profile(second, &["p.toml:9:27", "error[loosened]"]);
    profile("[[for]]\nassets = { tag = [\"cii\"] }\nparams = {}\n", &["unknown-key", "did you mean `tags`?"]);
    profile("[[drop]]\nrule = \"nfra-28-mfaa\"\nreason = \"x\"\n", &["p.toml:5:8", "unknown-rule", "did you mean `nfra-28-mfa`?"]);
    profile("[[drop]]\nrule = \"nfra-28-mfa\"\n", &["`reason` is missing"]);
    profile("[tables.approved-grant]\nfile = \"g.csv\"\n", &["unknown-site-table", "did you mean `approved-grants`?"]);
    profile("select = { clauses = [\"nfra:999\"] }\n", &["p.toml:4:23", "unknown-name"]);
    profile("select = { severity = \"hihg\" }\n", &["did you mean `high`?"]);
    profile("select = { rules = [] }\n", &["empty-group"]);
    profile("select = { clauses = [\"nfra:28\"], rules = [\"redis-auth\"], severity = \"critical\" }\n", &["error[no-rule]"]);
    profile("extends = [\"nfraa\"]\n", &["p.toml:4:12", "unknown-profile", "did you mean `nfra`?"]);
    profile("extends = [\"p\"]\n", &["error[circle]"]);
    profile("waiver-longest = \"36h\"\n", &["wrong-type"]);
    profile("unwaivable = [\"severe\"]\n", &["unknown-word"]);
    let folder = tempfile::tempdir().expect("a folder");
    assert!(refused(folder.path(), &["--profile", "nfra-ci"]).contains("did you mean `nfra-cii`?"));
    assert!(refused(folder.path(), &["--profile", "none/such.toml"]).contains("cannot be read"));
}

#[test]
fn the_stricter_way_is_free() {
    let free = "[params]\nidle-timeout = \"5m\"\npassword-length = 16\nmgmt-networks = [\"10.1.0.0/16\", \"10.2.3.4\"]\nmfa-servers = [\"10.1.1.1\"]\nadministrators = [\"root\"]\n";
    let folder = tempfile::tempdir().expect("a folder");
    let path = write(folder.path(), "p.toml", &format!("{HEAD}{free}"));
    let output = jixian(&["policy", "list", "--profile", &path]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A file of waivers under a profile is refused with each of these texts.
#[track_caller]
fn waivers(profile: &str, text: &str, expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = write(folder.path(), "p.toml", &format!("{HEAD}{profile}"));
    let path = write(folder.path(), "w.toml", text);
    let stderr = refused(folder.path(), &["--profile", &profile, "--waivers", &path]);
    for text in expected {
        assert!(stderr.contains(text), "no {text:?} in\n{stderr}");
    }
}

/// A waiver with this end and these lines before it.
fn waiver(rest: &str, until: &str) -> String {
    format!("[[waiver]]\nrule = \"nfra-28-mfa\"\nasset = \"h\"\nreason = \"r\"\napprover = \"a\"\n{rest}until = {until}\n")
}

#[test]
fn waivers_are_refused_where_they_are_wrong() {
    waivers("", &waiver("", "2026-12-31").replace("until", "until-when"), &["w.toml:6:1", "`until` is missing"]);
    waivers("", &waiver("", "\"2026-12-31\""), &["w.toml:6:9", "wrong-type"]);
    waivers("", &waiver("", "2026-12-31T00:00:00Z"), &["w.toml:6:9", "wrong-type"]);
    waivers("", &waiver("", "2027-02-29"), &["w.toml:6"]);
    waivers("", &waiver("evidence = \"sha256:12\"\n", "2026-12-31"), &["w.toml:6:12", "bad-digest"]);
    waivers("", &waiver("", "2026-12-31").replace("reason = \"r\"\n", ""), &["`reason` is missing"]);
    waivers("", &waiver("", "2026-12-31").replace("approver = \"a\"\n", ""), &["`approver` is missing"]);
    waivers("", "[[waivers]]\n", &["w.toml:1", "unknown-key", "did you mean `waiver`?"]);
    waivers("unwaivable = [\"critical\"]\n", &waiver("", "2026-12-31"), &["w.toml:2:8", "error[unwaivable]"]);
    waivers("approvers = [\"ciso\"]\n", &waiver("", "2026-12-31"), &["w.toml:5:12", "not-an-approver"]);
    // 30 days from the day of the run are allowed, 31 are not.
    waivers("waiver-longest = \"30d\"\n", &waiver("", "2026-12-23"), &["w.toml:6:9", "waiver-too-long"]);
    let folder = tempfile::tempdir().expect("a folder");
    let both = format!("{}{}", waiver("", "2026-12-31").replace("nfra-28-mfa", "nfra-28-mfaa"), waiver("evidence = 1\n", "\"x\""));
    let path = write(folder.path(), "w.toml", &both);
    let stderr = refused(folder.path(), &["--waivers", &path]);
    assert!(stderr.contains("warning[unknown-rule]") && stderr.contains("did you mean `nfra-28-mfa`?"), "{stderr}");
    assert_eq!(stderr.matches("error[").count(), 2, "all mistakes at once: {stderr}");
}

#[test]
fn a_waiver_may_run_as_long_as_the_profile_says_and_no_rule_stops_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = write(folder.path(), "in/h/etc/passwd", "root:x:0:0::/root:/bin/bash\n");
    let host = host.trim_end_matches("/etc/passwd").to_owned();
    let profile = write(folder.path(), "p.toml", &format!("{HEAD}waiver-longest = \"30d\"\n"));
    let text = format!("{}{}", waiver("", "2026-12-22"), waiver("", "2026-12-22").replace("nfra-28-mfa", "renamed-rule"));
    let path = write(folder.path(), "w.toml", &text);
    let arguments = ["--lang", "en", "scan", "--date", "2026-11-22", &host, "--profile", &profile, "--waivers", &path, "--format", "jsonl"];
    let output = jixian(&arguments);
    assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"state\":\"unknown-rule\""));
}

/// A site table is refused with each of these texts, and nothing of it is quoted.
#[track_caller]
fn table(name: &str, text: &str, expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = write(folder.path(), "p.toml", &format!("{HEAD}[tables.approved-grants]\nfile = \"{name}\"\n"));
    write(folder.path(), name, text);
    let stderr = refused(folder.path(), &["--profile", &profile]);
    for text in expected {
        assert!(stderr.contains(text), "no {text:?} in\n{stderr}");
    }
    assert!(!stderr.contains("CANARY"), "a line of the table is quoted:\n{stderr}");
}

#[test]
fn site_tables_are_refused_where_they_are_wrong_and_never_quoted() {
    const HEADER: &str = "account,asset,from,to,approver\n";
    let row = |from: &str| format!("{HEADER}CANARY,h,2026-01-01,2026-12-31,x\nCANARY,h,{from},2026-12-31,CANARY\n");
    table("g.csv", &row("2026-02-30"), &["g.csv:3:10", "bad-cell", "a date such as 2026-12-31"]);
    table("g.csv", &row("2026-01-01T08:00"), &["g.csv:3:10", "bad-cell"]);
    table("g.csv", &row(""), &["g.csv:3:10"]);
    table(
        "g.csv",
        &row("2026-01-01").replace("CANARY,h,2026-01-01,2026-12-31,CANARY", "CANARY,h"),
        &["g.csv:3:1", "2 cells stand here, 5 are needed"],
    );
    table("g.csv", &format!("{HEADER}\"CANARY,h,2026-01-01,2026-12-31,x\n"), &["g.csv:2:1"]);
    table("g.csv", "CANARY,h,2026-01-01,2026-12-31,x\n", &["g.csv:1:1", "unknown-column"]);
    table("g.csv", "account,asset,from,to\nCANARY,h,2026-01-01,2026-12-31\n", &["g.csv:1:1", "missing-column"]);
    table("g.csv", "", &["missing-column"]);
    table(
        "g.toml",
        "[[row]]\naccount = \"CANARY\"\nasset = \"h\"\nfrom = 2026-01-01\nto = \"soon\"\napprover = \"CANARY\"\n",
        &["g.toml:5:6", "wrong-type"],
    );
    table("g.toml", "[[row]]\naccount = \"CANARY\"\nCANARY-key = 1\n", &["g.toml:3:1", "the table has no such column"]);
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "outside.csv", HEADER);
    let path = |file: &str| format!("{HEAD}[tables.approved-grants]\nfile = \"{file}\"\n");
    std::os::unix::fs::symlink(folder.path().join("outside.csv"), folder.path().join("link.csv")).expect("a link");
    write(folder.path(), "p/here.csv", HEADER);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("p/up")).expect("a link");
    for file in ["../outside.csv", "/etc/hostname", "up/outside.csv", ".", "none.csv"] {
        let profile = write(folder.path(), "p/p.toml", &path(file));
        let stderr = refused(folder.path(), &["--profile", &profile]);
        assert!(stderr.contains("p.toml:5:8"), "{file}: {stderr}");
    }
    let columns = format!("{HEAD}[tables.approved-grants]\nfile = \"here.csv\"\ncolumns = {{ account = \"text\" }}\n");
    let profile = write(folder.path(), "p/p.toml", &columns);
    assert!(refused(folder.path(), &["--profile", &profile]).contains("other-columns"));
}

#[test]
fn inventories_are_refused_where_they_are_wrong() {
    for (name, text, expected) in [
        ("a.csv", "name\nx\n", &["no column called `name`", "a.csv:1: the column `id` is missing"][..]),
        ("a.csv", "id,platform\nx,linus\n", &["a.csv:2: there is no platform called `linus`"]),
        ("a.csv", "id,tags\nx,a\nx,b\n", &["the asset x stands twice"]),
        ("a.csv", "id,tags\nx\n", &["a.csv:2"]),
        ("a.toml", "[[asset]]\nid = \"x\"\nplatform = \"linus\"\n", &["a.toml:3:12", "did you mean `linux`?"]),
        ("a.toml", "[[asset]]\nplatform = \"linux\"\n", &["`id` is missing"]),
        ("a.toml", "", &["lists no asset"]),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = write(folder.path(), name, text);
        let stderr = refused(folder.path(), &["--assets", &path]);
        for text in expected {
            assert!(stderr.contains(text), "no {text:?} in\n{stderr}");
        }
    }
}
