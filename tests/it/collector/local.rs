//! This machine through the collector: it agrees with its own root, ends at its deadline, and goes through a file as well.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use jixian::collect::local::Local;
use jixian::collect::transport::{Stage, Transport as _};

use crate::support::{jixian, scan_paths};

/// Runs the program with a home of its own.
fn run(home: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jixian"));
    command.env_clear().env("HOME", home).args(arguments).output().expect("the program starts")
}

/// Verdicts by rule.
fn verdicts(folder: &Path, arguments: &[&str]) -> BTreeMap<String, &'static str> {
    let scanned = scan_paths(folder, arguments);
    assert!(scanned.results.len() > 100, "{}", scanned.stderr);
    scanned.results.into_iter().map(|(rule, _, verdict)| (rule, verdict)).collect()
}

/// Rules on values that run: the collector asks the kernel and the daemons, a mounted root has only the files.
fn on_running_values(rule: &str) -> bool {
    ["nfra-21-drift", "linux-kernel-", "docker-", "mysql-", "postgresql-", "redis-", "mongodb-", "oracle-", "sqlserver-"]
        .iter()
        .any(|family| rule.starts_with(family))
}

#[test]
fn this_machine_is_judged_like_its_root() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join("snapshot");
    let collected = run(folder.path(), &["collect", "--local", "--asset", "here", "--output", snapshot.to_str().expect("a plain path")]);
    assert_eq!(collected.status.code(), Some(0), "{}", String::from_utf8_lossy(&collected.stderr));
    let by_snapshot = verdicts(folder.path(), &[snapshot.to_str().expect("a plain path")]);
    let by_root = verdicts(folder.path(), &["--root", "/"]);
    let differ: Vec<String> = by_root
        .iter()
        .filter(|(rule, verdict)| !on_running_values(rule) && by_snapshot.get(*rule) != Some(verdict))
        .map(|(rule, verdict)| format!("{rule}: {verdict} by the root, {:?} by the snapshot", by_snapshot.get(rule)))
        .collect();
    assert!(differ.is_empty(), "{differ:#?}");
    let by_local = verdicts(folder.path(), &["--local"]);
    assert_eq!(by_local, by_snapshot, "`scan --local` is both in one go");
}

#[test]
fn a_file_that_something_else_ran_is_taken_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a plain path").to_owned();
    let printed = run(folder.path(), &["collect", "--script", "linux", "--output", &place("collector.sh")]);
    assert_eq!(printed.status.code(), Some(0));
    let output = Command::new("sh").arg(place("collector.sh")).env_clear().output().expect("there is a shell").stdout;
    for name in ["web01.out", "db01.out"] {
        // Ansible and terminals put things before it.
        std::fs::write(folder.path().join(name), [b"Welcome to the bastion\n", &*output].concat()).expect("it can be written");
    }
    std::fs::write(folder.path().join("half.out"), &output[..output.len() / 2]).expect("it can be written");
    let snapshot = place("snapshot");
    let imported =
        run(folder.path(), &["import", &place("web01.out"), &place("db01.out"), &place("half.out"), "--output", &snapshot, "--lang", "en"]);
    assert_eq!(imported.status.code(), Some(3), "{}", String::from_utf8_lossy(&imported.stderr));
    assert!(String::from_utf8_lossy(&imported.stderr).contains("half.out: there is no last record"));
    let scanned = scan_paths(folder.path(), &[&snapshot]);
    let of = |asset: &str| -> Vec<(&str, &str)> {
        scanned.results.iter().filter(|(_, known, _)| known == asset).map(|(rule, _, verdict)| (rule.as_str(), *verdict)).collect()
    };
    assert!(of("web01").len() > 100);
    assert_eq!(of("web01"), of("db01"));
    // Half a stream is no asset without findings: it failed.
    assert!(scanned.junit.contains("collection failed at frame"), "the report names it");
    assert!(!scanned.results.iter().any(|(_, asset, verdict)| asset == "half" && *verdict != "unknown"));
    assert_ne!(scanned.exit, 0);
    let verified = jixian(&["verify", &snapshot, "--lang", "en"]);
    assert!(String::from_utf8_lossy(&verified.stderr).contains("half: collection failed at frame"), "{verified:?}");
}

#[test]
fn a_shell_ends_at_its_deadline_with_all_that_it_started() {
    let mut output = Vec::new();
    let began = Instant::now();
    let deadline = began + Duration::from_secs(1);
    let marker = format!("sleep 9{}", std::process::id());
    let failure = Local.run(&format!("echo begun; {marker} & {marker}"), b"", &mut output, deadline).expect_err("it hangs");
    assert!(failure.deadline && failure.stage == Stage::Transfer);
    assert_eq!(output, b"begun\n");
    assert!(began.elapsed() < Duration::from_secs(10));
    let left = Command::new("ps").args(["-eo", "args"]).output().expect("ps runs").stdout;
    assert!(!String::from_utf8_lossy(&left).lines().any(|line| line == marker), "nothing is left behind");
}

#[test]
fn a_flood_ends_the_command_and_errors_are_drained() {
    struct Full(usize, io::ErrorKind);
    impl io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            if self.0 > 1 << 20 { Err(io::Error::new(self.1, "enough")) } else { Ok(bytes.len()) }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let far = || Instant::now() + Duration::from_secs(60);
    // What is past its cap came from the host; what cannot be kept did not.
    for (kind, stage) in [(io::ErrorKind::FileTooLarge, Stage::Transfer), (io::ErrorKind::StorageFull, Stage::Store)] {
        let failure = Local.run("yes", b"", &mut Full(0, kind), far()).expect_err("it is too much");
        assert_eq!((failure.stage, failure.deadline, failure.message.en.as_str()), (stage, false, "enough"));
    }
    // More on standard error than a pipe holds must not stop the output.
    let mut output = Vec::new();
    let exit = Local.run("yes error | head -c 600000 >&2; echo done; exit 7", b"", &mut output, far()).expect("it ends");
    assert_eq!((output.as_slice(), exit.status), (&b"done\n"[..], Some(7)));
    assert!(exit.errors.len() <= 4096 && exit.errors.ends_with(b"error\n"));
    // An input that nobody reads is no failure.
    let exit = Local.run("exit 0", &vec![b'x'; 1 << 20], &mut Vec::new(), far()).expect("it ends");
    assert_eq!(exit.status, Some(0));
}
