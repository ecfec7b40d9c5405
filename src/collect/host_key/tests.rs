//! The matcher against `ssh-keygen -F`, which is OpenSSH's own.

use std::process::Command;

use super::line::Names;
use super::*;

/// A public key in the form of a line without names.
fn public_key(folder: &Path, name: &str, kind: &str) -> String {
    let path = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-N", "", "-t", kind, "-f"]).arg(&path).status().unwrap();
    assert!(made.success());
    let text = std::fs::read_to_string(path.with_extension("pub")).unwrap();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn key(line: &str) -> HostKey {
    line::read(format!("x {line}").as_bytes()).unwrap().unwrap().2
}

/// The line numbers at which `ssh-keygen -F` finds a host.
fn found_by_openssh(file: &Path, name: &str) -> Vec<usize> {
    let output = Command::new("ssh-keygen").arg("-F").arg(name).arg("-f").arg(file).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers = text
        .lines()
        .filter(|line| line.starts_with("# Host "))
        .map(|line| line.split("found: line ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap());
    numbers.collect()
}

#[test]
fn hosts_are_found_where_ssh_keygen_finds_them() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (public_key(folder.path(), "one", "ed25519"), public_key(folder.path(), "two", "ecdsa"));
    let lines = [
        format!("db01,10.0.0.1 {one}"),
        format!("*.example.com,!bad.example.com {one}"),
        format!("[db01]:2222 {two}"),
        "garbage".to_owned(),
        format!("db?? {two} comment"),
        format!("@revoked db01 {two}"),
        format!("@cert-authority *.branch.example {one}"),
        format!("DB02.Example.COM {two}"),
        "# a comment".to_owned(),
        String::new(),
        format!("\t db09 \t {one}"),
        format!("fe80::1 {one}"),
        format!("[10.0.0.*]:2222 {one}"),
        format!("!a.b,*.b {one}"),
    ];
    let plain = folder.path().join("plain");
    std::fs::write(&plain, lines.join("\n") + "\n").unwrap();
    let hashed = folder.path().join("hashed");
    std::fs::write(&hashed, format!("db01,10.0.0.1 {one}\n[db01]:2222 {two}\ndb02 {two}\n")).unwrap();
    assert!(Command::new("ssh-keygen").arg("-H").arg("-f").arg(&hashed).output().unwrap().status.success());
    assert!(std::fs::read_to_string(&hashed).unwrap().starts_with("|1|"));
    let mut hits = 0;
    for file in [&plain, &hashed] {
        let (known, problems) = KnownHosts::read([(file, false)]);
        assert_eq!(problems.len(), usize::from(file == &plain), "{problems:?}");
        for (address, port) in [
            ("db01", 22),
            ("DB01", 22),
            ("10.0.0.1", 22),
            ("db01", 2222),
            ("db01", 2223),
            ("db02", 22),
            ("x.example.com", 22),
            ("bad.example.com", 22),
            ("example.com", 22),
            ("db02.example.com", 22),
            ("db09", 22),
            ("db100", 22),
            ("fe80::1", 22),
            ("10.0.0.77", 2222),
            ("10.0.0.77", 22),
            ("x.branch.example", 22),
            ("a.b", 22),
            ("c.b", 22),
            ("nobody", 22),
        ] {
            let ours: Vec<usize> =
                known.of(address, port).iter().map(|line| line.place.rsplit(':').next().unwrap().parse().unwrap()).collect();
            assert_eq!(ours, found_by_openssh(file, &name(address, port)), "{address}:{port} in {}", file.display());
            hits += ours.len();
        }
    }
    assert!(hits > 15, "hosts were found: {hits}");
}

#[test]
fn a_revoked_or_changed_key_is_no_match() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (public_key(folder.path(), "one", "ed25519"), public_key(folder.path(), "two", "ed25519"));
    let file = folder.path().join("known");
    let text = format!("a {one}\n@revoked * {one}\nb {two}\n@cert-authority c {two}\n@cert-authority d {two}\nd {two}\n@later e {one}\n");
    std::fs::write(&file, text).unwrap();
    let (known, problems) = KnownHosts::read([(&file, true)]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let place = |number: u32| format!("{}:{number}", file.display());
    assert_eq!(known.check("a", 22, &key(&one)), Known::Revoked(place(2)));
    assert_eq!(known.check("b", 22, &key(&two)), Known::Yes { place: place(3), on_first_sight: true });
    assert_eq!(known.check("a", 22, &key(&two)), Known::Changed(place(1)));
    assert_eq!(known.check("c", 22, &key(&two)), Known::Authority(place(4)));
    assert!(known.needs_certificate("c", 22) && !known.needs_certificate("d", 22) && !known.needs_certificate("b", 22));
    assert_eq!(known.check("z", 22, &key(&two)), Known::No);
    assert_eq!(known.kinds("b", 22), ["ssh-ed25519"]);
    let printed = Command::new("ssh-keygen").arg("-lf").arg(folder.path().join("one.pub")).output().unwrap();
    assert!(String::from_utf8_lossy(&printed.stdout).contains(&key(&one).fingerprint()));
}

#[test]
fn a_key_is_accepted_once() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (key(&public_key(folder.path(), "one", "ed25519")), key(&public_key(folder.path(), "two", "ed25519")));
    let file = folder.path().join("known_hosts.jixian");
    let accepted = Accepted::new(file.clone());
    assert!(accepted.note("db01", 2222, &one).unwrap());
    assert!(accepted.note("db01", 2222, &one).unwrap());
    assert!(!accepted.note("db01", 2222, &two).unwrap());
    assert_eq!(found_by_openssh(&file, "[db01]:2222"), [1]);
    let (known, problems) = KnownHosts::read([(&file, true)]);
    assert!(problems.is_empty());
    assert!(matches!(known.check("db01", 2222, &one), Known::Yes { on_first_sight: true, .. }));
    assert!(matches!(known.check("db01", 2222, &two), Known::Changed(_)));
}

#[test]
fn no_line_is_too_odd() {
    for bytes in
        [&b"\xff\xfe"[..], b"a", b"a b c", b"|1|x|y ssh-rsa AAAA", b"@", b"@revoked", b"a ssh-ed25519 AAAAB3NzaC1yc2E=", &[b'a'; 20_000]]
    {
        assert!(line::read(bytes).is_err(), "{bytes:?}");
    }
    for pattern in ["*a*a*a*a*a*a*b", "*", "", "?*?"] {
        let names = Names::Patterns(vec![pattern.to_owned()]);
        assert_eq!(names.fits(&"a".repeat(4000)), pattern == "*" || pattern == "?*?");
    }
}
