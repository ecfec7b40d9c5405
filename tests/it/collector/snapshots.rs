//! Snapshots on disk: whole or not at all, proven by `verify`, gone on with after an interruption.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jixian::collect::key::Key;
use jixian::collect::posix::failed;
use jixian::collect::store::Run;
use jixian::collect::transport::{Failure, Stage};
use jixian::error::Message;
use jixian::names::LINUX;
use jixian::snapshot::manifest::{Line, Sort, Status};
use jixian::snapshot::store::{Kept, folder_name};

use crate::support::{jixian, scan_paths};

/// A host with two files, a directory and the output of a command.
fn host() -> Kept {
    let mut kept = Kept::default();
    let mut add = |line: Line, bytes: Option<&str>| {
        kept.artefacts.insert(line.path.clone(), (line, bytes.map(|text| text.as_bytes().to_vec())));
    };
    add(Line::new("etc/ssh", Sort::Directory, Status::Ok), None);
    add(Line::new("etc/ssh/sshd_config", Sort::File, Status::Ok), Some("PermitRootLogin no\n"));
    add(Line::new("etc/os-release", Sort::File, Status::Ok), Some("ID=debian\nVERSION_ID=12\n"));
    add(Line::new("commands/sshd-version", Sort::Command, Status::Ok), Some("OpenSSH_9.2p1\n"));
    kept.description.platform = Some(LINUX);
    kept
}

fn taken(folder: &Path) -> PathBuf {
    let snapshot = folder.join("snapshot");
    let mut run = Run::begin(&snapshot, false).expect("a new snapshot");
    run.keep("web01", "script", host()).expect("it is written");
    run.keep("核心/../db", "script", host()).expect("it is written");
    assert_eq!(run.finish().expect("it is written"), (2, 0));
    snapshot
}

/// The exit code of `verify` and what it says.
fn verified(snapshot: &Path) -> (i32, String) {
    let output = jixian(&["verify", "--lang", "en", snapshot.to_str().expect("a plain path")]);
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What is done to a file of a snapshot.
type Change = &'static dyn Fn(&Path);

#[test]
fn a_snapshot_is_proven_and_every_change_disproves_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = taken(folder.path());
    assert_eq!(verified(&snapshot), (0, "intact: 2 assets, 10 files\n".to_owned()));
    let changes: &[(&str, Change, &str)] = &[
        (
            "web01/root/etc/ssh/sshd_config",
            &|path| fs::write(path, "PermitRootLogin nO\n").expect("written"),
            "web01/root/etc/ssh/sshd_config: differs from its digest in the manifest",
        ),
        ("web01/root/etc/os-release", &|path| fs::remove_file(path).expect("removed"), "web01/root/etc/os-release: missing or unreadable"),
        (
            "web01/root/etc/ssh/extra",
            &|path| fs::write(path, "x").expect("written"),
            "web01/root/etc/ssh/extra: its manifest does not name it",
        ),
        (
            "web01/root/etc/link",
            &|path| std::os::unix::fs::symlink("os-release", path).expect("linked"),
            "web01/root/etc/link: its manifest does not name it",
        ),
        (
            "web01/manifest.jsonl",
            &|path| {
                let text = fs::read_to_string(path).expect("a manifest");
                fs::write(path, text.replacen("\"ok\"", "\"denied\"", 1)).expect("written");
            },
            "web01/manifest.jsonl: differs from its digest in snapshot.toml",
        ),
        ("web01/asset.toml", &|path| fs::remove_file(path).expect("removed"), "web01/asset.toml: missing or unreadable"),
        ("other", &|path| fs::create_dir(path).expect("made"), "other: snapshot.toml does not name it"),
        ("web01", &|path| fs::rename(path, path.with_extension("gone")).expect("moved"), "web01: its folder is missing"),
    ];
    for (place, change, said) in changes {
        let folder = tempfile::tempdir().expect("a folder");
        let snapshot = taken(folder.path());
        change(&snapshot.join(place));
        let (exit, text) = verified(&snapshot);
        assert_eq!(exit, 1, "{place}: {text}");
        assert!(text.contains(said), "{place}: {text}");
    }
    fs::write(snapshot.join("snapshot.toml"), "[snapshot]\n").expect("written");
    assert_eq!(verified(&snapshot).0, 2, "what vouches for it cannot be read");
    assert_eq!(verified(folder.path()).0, 2, "no snapshot");
}

#[test]
fn what_is_written_is_for_its_owner_and_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = taken(folder.path());
    for entry in walkdir::WalkDir::new(&snapshot) {
        let entry = entry.expect("readable");
        let mode = entry.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, if entry.file_type().is_dir() { 0o700 } else { 0o600 }, "{}", entry.path().display());
    }
    let scanned = scan_paths(folder.path(), &["--rule", "linux-ssh-root-login", snapshot.to_str().expect("a plain path")]);
    let verdicts: Vec<_> = scanned.results.iter().map(|(_, asset, verdict)| (asset.as_str(), *verdict)).collect();
    assert_eq!(verdicts, [("web01", "pass"), ("核心/../db", "pass")]);
    assert_eq!(folder_name("核心/../db"), "%e6%a0%b8%e5%bf%83%2f..%2fdb");
    assert_ne!(folder_name(&"x".repeat(300)), folder_name(&"x".repeat(301)));
}

#[test]
fn a_host_that_failed_is_there_and_undecided() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join("snapshot");
    let mut run = Run::begin(&snapshot, false).expect("a new snapshot");
    run.keep("web01", "script", host()).expect("it is written");
    let message = Message::new("连接被拒绝", "the connection was refused");
    run.keep("down", "script", failed(&Failure { stage: Stage::Connect, deadline: false, message })).expect("it is written");
    assert_eq!(run.finish().expect("it is written"), (2, 1));
    assert_eq!(
        verified(&snapshot),
        (
            3,
            "down: collection failed at connect: the connection was refused\nintact, but 1 assets were not collected whole (exit code 3)\n"
                .to_owned()
        )
    );
    let scanned = scan_paths(folder.path(), &["--rule", "linux-ssh-root-login", snapshot.to_str().expect("a plain path")]);
    assert!(scanned.junit.contains("collection failed at connect: the connection was refused"), "{}", scanned.junit);
    assert_eq!(scanned.exit, 3, "{}", scanned.stderr);
}

#[test]
fn an_interrupted_run_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join("snapshot");
    let mut run = Run::begin(&snapshot, false).expect("a new snapshot");
    for id in ["done", "altered", "other-script"] {
        run.keep(id, if id == "other-script" { "old" } else { "script" }, host()).expect("it is written");
    }
    let message = Message::new("x", "x");
    run.keep("down", "script", failed(&Failure { stage: Stage::Connect, deadline: true, message })).expect("it is written");
    drop(run);
    let journal = snapshot.join("run.jsonl");
    let cut = fs::read_to_string(&journal).expect("a journal") + "{\"run\":\"cut";
    fs::write(&journal, cut).expect("written");
    fs::write(snapshot.join("altered/manifest.jsonl"), "").expect("written");
    assert!(Run::begin(&snapshot, false).is_err(), "it is not overwritten");
    let mut run = Run::begin(&snapshot, true).expect("it goes on");
    let done: Vec<bool> = ["done", "altered", "other-script", "down", "new"].iter().map(|id| run.is_done(id, "script")).collect();
    assert_eq!(done, [true, false, false, false, false]);
    for id in ["altered", "other-script", "down", "new"] {
        run.keep(id, "script", host()).expect("it is written again");
    }
    assert_eq!(run.finish().expect("it is written"), (5, 0));
    assert_eq!(verified(&snapshot).0, 0);
}

#[test]
fn the_key_of_the_site_is_made_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys/redaction.key");
    let id = Key::open(&path).expect("it is made").id(b"secret");
    assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
    assert_eq!(Key::open(&path).expect("it is read").id(b"secret"), id);
    assert_ne!(Key::open(&folder.path().join("another")).expect("it is made").id(b"secret"), id);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is mine");
    assert!(Key::open(&path).expect_err("others may read it").to_string().contains("chmod 600"));
    fs::write(&path, "short").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is mine");
    assert!(Key::open(&path).is_err(), "no key");
}
