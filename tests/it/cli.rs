//! The program from outside: exit codes, messages, inputs that are not as one would wish.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::support::{jixian, scan, scan_paths};

/// Standard error of a run, and its exit code.
fn run(arguments: &[&str]) -> (i32, String) {
    let output = jixian(arguments);
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn host(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_violation_gives_one() {
    let scanned =
        scan("web01", &host(&[("etc/os-release", "ID=debian\n"), ("etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n")]));
    assert_eq!(scanned.exit, 1, "{}", scanned.stderr);
    assert!(scanned.results.contains(&("nfra-27-privileged-accounts".to_owned(), "web01".to_owned(), "fail")));
    assert!(scanned.stderr.trim_end().ends_with("(exit code 1)"), "{}", scanned.stderr);
    assert!(scanned.text.contains("etc/passwd:2"), "{}", scanned.text);
}

#[test]
fn an_undecided_rule_gives_three_and_a_pass_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let tree = folder.path().join("in/h1/etc");
    fs::create_dir_all(&tree).expect("a folder");
    fs::write(tree.join("os-release"), "ID=debian\n").expect("a file");
    fs::write(tree.join("passwd"), "root:x:0:0::/root:/bin/sh\n").expect("a file");
    let input = folder.path().join("in");
    let input = input.to_str().expect("a plain path");
    let decided = scan_paths(folder.path(), &["--rule", "nfra-27-privileged-accounts", input]);
    assert_eq!((decided.exit, decided.results.len()), (0, 1), "{}", decided.stderr);
    let undecided = scan_paths(folder.path(), &["--rule", "nfra-27-empty-passwords", input]);
    assert_eq!(undecided.exit, 3, "{}", undecided.stderr);
    let unweighty = scan_paths(folder.path(), &["--rule", "nfra-28-time-window", "--fail-on", "critical", input]);
    assert_eq!(unweighty.exit, 0, "{}", unweighty.stderr);
}

#[test]
fn what_the_user_got_wrong_gives_two_with_the_way_out() {
    let (exit, stderr) = run(&["scan", "/nonexistent/place"]);
    assert_eq!(exit, 2);
    assert!(stderr.contains("/nonexistent/place does not exist") && stderr.contains("help:"), "{stderr}");
    for arguments in [
        &["scan"][..],
        &["scan", "--format", "pdf", "/tmp"],
        &["scan", "--rule", "no-such-rule", "/tmp"],
        &["scan", "--format", "text", "--format", "junit", "/tmp"],
        &["scan", "--fail-on", "severe", "/tmp"],
        &["facts", "no-such-table"],
        &["explain", "no-such-thing"],
    ] {
        let (exit, stderr) = run(arguments);
        assert_eq!(exit, 2, "{arguments:?}: {stderr}");
        assert!(!stderr.is_empty(), "{arguments:?} says what is wrong");
    }
}

#[test]
fn five_mistakes_in_a_policy_are_five_carets() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = folder.path().join("bad.toml");
    let text = "[policy]\nid = \"bad\"\nlanguage = 1\nversion = \"1\"\ntitle = { zh = \"错\", en = \"Bad\" }\n\n[[rule]]\nid = \"bad-rule\"\n\
                title = { zh = \"规则\", en = \"Rule\" }\nseverity = \"hihg\"\nclauses = [\"nfra:999\"]\nwhy = { zh = \"因\" }\nfix = { zh = \"改\", en = \"Fix\" }\n\
                each = \"sshd\"\nexpect = { permit-root-logn = \"no\", max-sessions = { at-most = \"ten\" } }\n";
    fs::write(&policy, text).expect("a file");
    let (exit, stderr) = run(&["scan", "--policy", policy.to_str().expect("a plain path"), folder.path().to_str().expect("a plain path")]);
    assert_eq!(exit, 2, "{stderr}");
    for place in ["bad.toml:10:12", "bad.toml:11:12", "bad.toml:12:7", "bad.toml:15:12", "bad.toml:15:64"] {
        assert!(stderr.contains(place), "no {place} in\n{stderr}");
    }
    assert!(stderr.contains("did you mean `high`?"), "{stderr}");
    let (zh_exit, zh) = run(&["--lang", "zh", "policy", "check", policy.to_str().expect("a plain path")]);
    assert_eq!(zh_exit, 2);
    assert!(zh.contains("是否想写 `high`？"), "{zh}");
}

#[test]
fn an_empty_folder_gives_three_and_an_error_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    let scanned = scan_paths(folder.path(), &[empty.to_str().expect("a plain path")]);
    assert_eq!(scanned.exit, 3, "{}", scanned.stderr);
    assert!(scanned.junit.contains("<error "), "{}", scanned.junit);
    assert!(scanned.stderr.contains("help:"), "{}", scanned.stderr);
}

#[test]
fn a_report_is_the_same_in_a_file_and_on_standard_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in");
    fs::create_dir_all(input.join("h1/etc")).expect("a folder");
    fs::write(input.join("h1/etc/passwd"), "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n").expect("a file");
    // Files begin with the likely counts: with none that failed, with as many digits, and with more.
    for failed in [0, 1, 11] {
        for number in 0..failed {
            fs::write(input.join(format!("odd{number}.cfg")), "hello\n").expect("a file");
        }
        for format in ["text", "junit", "json", "jsonl"] {
            let path = folder.path().join("report");
            let input = input.to_str().expect("a plain path");
            let scan = ["scan", "--lang", "en", "--rule", "nfra-27-privileged-accounts", input, "--format"];
            let streamed = jixian(&[&scan[..], &[format]].concat());
            let to_file = format!("{format}:{}", path.display());
            let filed = jixian(&[&scan[..], &[&to_file]].concat());
            assert_eq!((streamed.status.code(), filed.status.code()), (Some(1), Some(1)));
            let report = fs::read_to_string(&path).expect("a report");
            assert!(report.as_bytes() == streamed.stdout, "{format}, {failed} failed: {report}");
            assert!(report.contains("etc/passwd") && report.contains("nfra-27-privileged-accounts"), "{format}: {report}");
            if format == "jsonl" {
                assert!(report.lines().next().is_some_and(|run| run.contains(&format!("\"failed\":{failed}"))), "{report}");
            }
        }
    }
}

#[test]
fn an_unreadable_folder_is_an_undecided_asset() {
    let folder = tempfile::tempdir().expect("a folder");
    let readable = |path: &Path, mode: u32| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(path, permissions).expect("permissions can be set");
    };
    readable(folder.path(), 0o755);
    let closed = folder.path().join("in/closed/etc");
    fs::create_dir_all(&closed).expect("a folder");
    fs::write(closed.join("passwd"), "root:x:0:0::/root:/bin/sh\n").expect("a file");
    readable(&folder.path().join("in/closed"), 0o700);
    // The program is copied, because a user without rights cannot reach the build folder of another.
    let program = folder.path().join("jixian");
    fs::copy(env!("CARGO_BIN_EXE_jixian"), &program).expect("the program can be copied");
    let output = std::process::Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&program)
        .args(["scan", "--format", "jsonl"])
        .arg(folder.path().join("in"))
        .output()
        .expect("setpriv is part of every Debian");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{stdout}{stderr}");
    assert!(stdout.contains("\"asset\":\"closed\"") && !stdout.contains("\"verdict\":\"pass\""), "{stdout}");
}

#[test]
fn a_huge_file_and_a_loop_of_links_become_undecided() {
    let folder = tempfile::tempdir().expect("a folder");
    let etc = folder.path().join("in/big/etc");
    fs::create_dir_all(etc.join("ssh")).expect("a folder");
    fs::write(etc.join("os-release"), "ID=debian\n").expect("a file");
    fs::File::create(etc.join("passwd")).and_then(|file| file.set_len(100 << 20)).expect("a sparse file");
    symlink("sshd_config", etc.join("ssh/sshd_config")).expect("a link");
    symlink("..", etc.join("ssh/sshd_config.d")).expect("a link");
    let input = folder.path().join("in");
    let scanned = scan_paths(folder.path(), &[input.to_str().expect("a plain path")]);
    assert!(scanned.exit == 3 || scanned.exit == 1, "{}", scanned.stderr);
    let verdict = |rule: &str| scanned.results.iter().find(|(id, ..)| id == rule).map(|(.., verdict)| *verdict);
    assert_eq!(verdict("nfra-27-privileged-accounts"), Some("unknown"));
    assert_eq!(verdict("linux-ssh-root-login"), Some("unknown"));
    assert!(scanned.jsonl.contains("too big"), "{}", scanned.jsonl);
}

#[test]
fn an_output_that_cannot_be_written_gives_four() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("in/h/etc")).expect("a folder");
    fs::write(folder.path().join("in/h/etc/passwd"), "root:x:0:0::/root:/bin/sh\n").expect("a file");
    let good = folder.path().join("good.xml");
    let (exit, stderr) = run(&[
        "scan",
        "--format",
        "junit:/nonexistent/folder/report.xml",
        "--format",
        &format!("junit:{}", good.display()),
        folder.path().join("in").to_str().expect("a plain path"),
    ]);
    assert_eq!(exit, 4, "{stderr}");
    assert!(stderr.contains("/nonexistent/folder/report.xml"), "{stderr}");
    assert!(fs::read_to_string(good).expect("the other output is whole").ends_with("</testsuites>\n"));
}

#[test]
fn one_file_per_asset_has_a_plain_name() {
    let folder = tempfile::tempdir().expect("a folder");
    for asset in ["web01", "核心-1"] {
        fs::create_dir_all(folder.path().join("in").join(asset).join("etc")).expect("a folder");
        fs::write(folder.path().join("in").join(asset).join("etc/passwd"), "root:x:0:0::/root:/bin/sh\n").expect("a file");
    }
    let out = format!("junit:{}/out/", folder.path().display());
    let (_, stderr) = run(&["scan", "--format", &out, folder.path().join("in").to_str().expect("a plain path")]);
    let mut names: Vec<String> = fs::read_dir(folder.path().join("out"))
        .expect(&stderr)
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("TEST-jixian-") && name.is_ascii() && name.ends_with(".xml")), "{names:?}");
    assert!(names.contains(&"TEST-jixian-web01.xml".to_owned()), "{names:?}");
}

#[test]
fn json_holds_the_objects_of_jsonl_in_arrays() {
    let folder = tempfile::tempdir().expect("a folder");
    let fleet = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fleet");
    let path = folder.path().join("results.json");
    let scanned = scan_paths(folder.path(), &["--format", &format!("json:{}", path.display()), fleet.to_str().expect("a plain path")]);
    let document: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).expect("the document")).expect("it is JSON");
    for (kind, array) in [("rule", "rules"), ("asset", "assets"), ("evidence", "evidence"), ("result", "results")] {
        let lines = scanned.jsonl.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object"));
        let of_kind: Vec<serde_json::Value> = lines
            .filter(|object| object["kind"] == kind)
            .map(|mut object| {
                object.as_object_mut().expect("an object").remove("kind");
                object
            })
            .collect();
        assert!(!of_kind.is_empty());
        assert_eq!(document[array].as_array(), Some(&of_kind), "{array}");
    }
    assert_eq!(document["summary"]["exit"], scanned.exit);
    assert_eq!(document["run"]["assets"]["scanned"], document["assets"].as_array().map_or(0, Vec::len));
}

#[test]
fn an_output_that_is_a_pipe_or_a_link_stays_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let (pipe, link, report) = (folder.path().join("pipe"), folder.path().join("link"), folder.path().join("report"));
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo of coreutils").success());
    std::fs::write(&report, "old").expect("a file can be written");
    std::os::unix::fs::symlink(&report, &link).expect("a link can be made");
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("the pipe is read")
    });
    let fleet = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/fleet/network");
    let to = |path: &std::path::Path| format!("junit:{}", path.display());
    jixian(&["scan", "--date", "2026-11-22", "--format", &to(&pipe), "--format", &to(&link), fleet]);
    let piped = reader.join().expect("the reader ends");
    assert!(piped.trim_end().ends_with("</testsuites>"));
    assert_eq!(std::fs::read_to_string(&report).expect("it is there"), piped);
    assert!(link.symlink_metadata().expect("it is there").is_symlink());
    assert!(!pipe.metadata().expect("it is there").is_file());
}

#[test]
fn the_plan_names_all_that_is_read() {
    let plan = |arguments: &[&str]| {
        let output = jixian(&[&["collect", "--plan"], arguments].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, linux) = plan(&["--platform", "linux"]);
    assert_eq!(code, Some(0));
    assert!(linux.starts_with("# linux\n"));
    assert!(linux.contains("\nfile     etc/ssh/sshd_config\n"), "{linux}");
    let (_, device) = plan(&["--platform", "huawei-vrp"]);
    assert!(device.contains("display current-configuration"), "{device}");
    assert_eq!(plan(&["--platform", "vms"]).0, Some(2));
    assert!(plan(&[]).1.contains(&linux), "without a platform it is the plan of all");
}
