//! Jixian's own layout: what a vouched manifest proves, and what altering it comes to.

use std::fmt::Write as _;

use jixian::snapshot::Layout;
use jixian::source::Digest;

use super::*;

const DESCRIPTION: &str = "id = \"web01\"\nplatform = \"linux\"\nversion = \"rhel 9\"\ntags = [\"cii\"]\ncollected-at = 2026-11-22T16:00:00+08:00\nproducts = [\"openssh-server\"]\n";

/// The manifest's line of a file or command that is there.
fn line(path: &str, content: &str, more: &str) -> String {
    let kind = if path.starts_with("commands/") { "command" } else { "file" };
    let digest = Digest::of(content.as_bytes()).hex();
    format!("{{\"path\":\"{path}\",\"kind\":\"{kind}\",\"sha256\":\"{digest}\",\"size\":{}{more}}}\n", content.len())
}

const OK: &str = ",\"status\":\"ok\"";

fn manifest() -> String {
    let mut text = line("etc/ssh/sshd_config", "Port 22\n", ",\"status\":\"ok\",\"mode\":\"0600\",\"owner\":\"root\",\"group\":\"root\"");
    text += &line("etc/authselect/system-auth", "auth\n", OK);
    text += &line("etc/log", "begins", ",\"status\":\"truncated\"");
    text += &line("commands/sshd-T", "port 22\n", ",\"status\":\"ok\",\"exit\":0");
    for (path, kind, rest) in [
        ("etc/pam.d/system-auth", "link", "\"ok\",\"target\":\"/etc/authselect/system-auth\""),
        ("etc/pam.d", "directory", "\"ok\",\"mode\":\"0755\",\"owner\":\"root\",\"group\":\"root\""),
        ("etc/shadow", "file", "\"denied\",\"mode\":\"0000\",\"owner\":\"root\",\"group\":\"root\",\"size\":900"),
        ("etc/sudoers.d", "directory", "\"absent\""),
        ("etc/slow", "file", "\"timeout\""),
        ("etc/big", "file", "\"too-big\""),
        ("etc/later", "file", "\"not-collected\""),
        ("etc/denied.d", "directory", "\"denied\""),
    ] {
        writeln!(text, "{{\"path\":\"{path}\",\"kind\":\"{kind}\",\"status\":{rest}}}").expect("a string takes it");
    }
    text
}

fn voucher(path: &str, manifest: &str, description: &str) -> String {
    let (manifest, description) = (Digest::of(manifest.as_bytes()).hex(), Digest::of(description.as_bytes()).hex());
    format!(
        "[snapshot]\nformat = 1\ntaken-at = \"2026-11-22T08:00:00Z\"\n[[asset]]\nid = \"web01\"\npath = \"{path}\"\nmanifest = \"sha256:{manifest}\"\ndescription = \"sha256:{description}\"\n"
    )
}

/// The artefacts that the manifest vouches for.
const KEPT: [(&str, &str); 4] = [
    ("root/etc/ssh/sshd_config", "Port 22\n"),
    ("root/etc/authselect/system-auth", "auth\n"),
    ("root/etc/log", "begins"),
    ("commands/sshd-T", "port 22\n"),
];

fn snapshot(test: &str) -> Scratch {
    let scratch = Scratch::new(test);
    let manifest = manifest();
    scratch.file("snapshot.toml", voucher("web01", &manifest, DESCRIPTION));
    scratch.file("web01/asset.toml", DESCRIPTION).file("web01/manifest.jsonl", &manifest);
    for (path, content) in KEPT {
        scratch.file(&format!("web01/{path}"), content);
    }
    scratch
}

#[track_caller]
fn is_as_collected(asset: &Asset) {
    assert_eq!((&*asset.id, asset.layout, asset.complete), ("web01", Layout::Snapshot, Some(false)));
    assert!(asset.failure.is_none() && asset.issues.is_empty());
    assert_eq!(platform(asset), (Some("linux"), "asset.toml says linux"));
    let told = &asset.description;
    assert_eq!(
        (told.version.as_deref(), &*told.tags, &*told.products),
        (Some("rhel 9"), &["cii".to_owned()][..], &["openssh-server".to_owned()][..])
    );
    assert_eq!(told.collected_at.map(|at| at.to_string()).as_deref(), Some("2026-11-22T08:00:00Z"));
    for (path, expected) in [
        ("etc/ssh/sshd_config", "Port 22\n"),
        ("etc/pam.d/system-auth", "auth\n"),
        ("etc/log", "begins…"),
        ("commands/sshd-T", "port 22\n"),
        ("commands/other", "!not-collected"),
        ("etc/shadow", "!denied"),
        ("etc/slow", "!timeout"),
        ("etc/big", "!too-big"),
        ("etc/later", "!not-collected"),
        ("etc/sudoers.d", "!absent"),
        ("etc/sudoers.d/x", "!absent"),
        ("etc/pam.d/other", "!absent"),
        ("etc/pam.d", "!other-kind"),
        ("etc/ssh/other", "!not-collected"),
        ("etc/denied.d/x", "!denied"),
        ("root/etc/ssh/sshd_config", "!not-collected"),
        ("manifest.jsonl", "!not-collected"),
    ] {
        assert_eq!(text(asset, path), expected, "{path}");
    }
    assert_eq!(names(asset, "etc/pam.d"), "system-auth");
    assert_eq!(names(asset, "etc/ssh"), "sshd_config…");
    assert_eq!(names(asset, "etc/sudoers.d"), "!absent");
    assert_eq!(names(asset, "etc/denied.d"), "!denied");
    assert_eq!(looked(asset, "etc/ssh/sshd_config"), "file 0600 root root 8");
    assert_eq!(looked(asset, "etc/shadow"), "file 0000 root root 900");
    assert_eq!(looked(asset, "etc/pam.d"), "directory 0755 root root");
    assert_eq!(looked(asset, "etc/pam.d/system-auth"), "file -> /etc/authselect/system-auth 5");
    assert_eq!(looked(asset, "commands/sshd-T"), "file 8 exit 0");
}

#[test]
fn a_manifest_that_is_vouched_for_is_believed() {
    let scratch = snapshot("vouched");
    is_as_collected(&scratch.open(""));
    is_as_collected(&scratch.open("web01"));
    is_as_collected(&scratch.open("snapshot.toml"));
}

#[test]
fn an_altered_artefact_is_not_read() {
    let scratch = snapshot("altered-artefact");
    scratch.file("web01/root/etc/ssh/sshd_config", "Port 23\n");
    fs::remove_file(scratch.path("web01/commands/sshd-T")).expect("it is there");
    fs::remove_file(scratch.path("web01/root/etc/authselect/system-auth")).expect("it is there");
    scratch.link("web01/root/etc/authselect/system-auth", "/etc/passwd").file("web01/root/etc/added", "x");
    let asset = scratch.open("");
    assert!(asset.failure.is_none());
    assert_eq!(text(&asset, "etc/ssh/sshd_config"), "!altered");
    assert_eq!(text(&asset, "commands/sshd-T"), "!altered");
    assert_eq!(text(&asset, "etc/pam.d/system-auth"), "!altered");
    assert_eq!(text(&asset, "etc/added"), "!not-collected");
    assert_eq!(text(&asset, "etc/log"), "begins…");
}

#[test]
fn an_altered_manifest_fails_the_asset() {
    for name in ["manifest.jsonl", "asset.toml"] {
        let scratch = snapshot(&format!("altered-{name}"));
        let path = format!("web01/{name}");
        let before = fs::read_to_string(scratch.path(&path)).expect("it is there");
        scratch.file(&path, before + "\n");
        let asset = scratch.open("");
        let expected =
            format!("{name} differs from its digest in snapshot.toml: it was altered, or the snapshot is unfinished; collect it again");
        assert_eq!((failure(&asset), asset.complete), (&*expected, Some(false)));
        assert_eq!(text(&asset, "etc/ssh/sshd_config"), "!altered");
        assert_eq!(text(&asset, "etc/sudoers.d/x"), "!altered");
        assert_eq!(names(&asset, "etc/pam.d"), "!altered");
        assert_eq!(looked(&asset, "etc/shadow"), "!altered");
        assert_eq!((&*asset.id, asset.layout), ("web01", Layout::Snapshot));
    }
}

#[test]
fn an_asset_that_is_not_there_fails() {
    let scratch = snapshot("gone");
    fs::remove_dir_all(scratch.path("web01")).expect("it is there");
    let asset = scratch.open("");
    assert!(failure(&asset).ends_with("gone/web01 does not exist"));
    assert_eq!(text(&asset, "etc/ssh/sshd_config"), "!not-collected");
    scratch.link("web01", "/");
    assert_eq!(text(&scratch.open(""), "etc/passwd"), "!other-kind");
}

#[test]
fn a_malformed_manifest_fails_the_asset() {
    let scratch = Scratch::new("malformed");
    let manifest = "{\"path\":\"../etc/x\",\"kind\":\"file\",\"status\":\"absent\"}\n";
    scratch.file("snapshot.toml", voucher("web01", manifest, DESCRIPTION));
    scratch.file("web01/asset.toml", DESCRIPTION).file("web01/manifest.jsonl", manifest);
    let asset = scratch.open("");
    assert_eq!(failure(&asset), "manifest.jsonl, line 1: the path must be relative, without empty names, `.` or `..`");
    assert_eq!(text(&asset, "etc/x"), "!unreadable");
    for (description, expected) in [
        ("id = \"db01\"\n", "asset.toml: id differs from snapshot.toml"),
        ("id = \"web01\"\ncollected-at = \"yesterday\"\n", "asset.toml: collected-at must be an RFC 3339 instant"),
        ("id = \"web01\"\ncollected-at = 2026-11-22\n", "asset.toml: collected-at must be an RFC 3339 instant"),
    ] {
        scratch
            .file("snapshot.toml", voucher("web01", "", description))
            .file("web01/asset.toml", description)
            .file("web01/manifest.jsonl", "");
        assert_eq!(failure(&scratch.open("")), expected);
    }
    scratch.file("web01/asset.toml", "id = \"web01\"\nplatform = \"beos\"\n");
    scratch.file("snapshot.toml", voucher("web01", "", "id = \"web01\"\nplatform = \"beos\"\n"));
    let asset = scratch.open("");
    assert_eq!(platform(&asset), (None, "asset.toml says beos, a platform that is not known"));
    assert_eq!((asset.description.collected_at, asset.complete), (None, Some(true)));
}

#[test]
fn without_a_voucher_it_is_a_plain_tree() {
    let scratch = snapshot("unvouched");
    fs::remove_file(scratch.path("snapshot.toml")).expect("it is there");
    let asset = scratch.open("");
    assert_eq!((&*asset.id, asset.layout, asset.complete), ("web01", Layout::Tree, None));
    assert_eq!(text(&asset, "etc/ssh/sshd_config"), "Port 22\n");
    assert_eq!(text(&asset, "etc/sudoers.d/x"), "!not-collected");
    assert_eq!(names(&asset, "etc/ssh"), "sshd_config…");
    let expected =
        "no snapshot.toml beside it vouches for its manifest.jsonl: read as a plain tree, where what is missing was not collected";
    assert_eq!(issues(&asset), [expected]);
}

#[test]
fn an_archive_of_the_layout_is_the_same() {
    for (name, prefix) in [("web01.tar", ""), ("web01.tar.gz", "./"), ("web01.tar.zst", "web01/")] {
        let scratch = Scratch::new(&format!("own-{name}"));
        let manifest = manifest();
        let mut entries = vec![("asset.toml", DESCRIPTION), ("manifest.jsonl", &*manifest)];
        entries.extend(KEPT);
        let mut tar = super::archives::Tar::default();
        for (path, content) in entries {
            tar.file(&format!("{prefix}{path}"), content);
        }
        scratch.file("snapshot.toml", voucher(name, &manifest, DESCRIPTION)).file(name, tar.packed(name));
        is_as_collected(&scratch.open(""));
    }
}

#[test]
fn what_a_snapshot_does_not_name_is_passed_over() {
    let scratch = snapshot("not-named");
    scratch.file("db01/etc/passwd", "").file("run.log", "");
    let discovery = scratch.find("");
    assert_eq!(discovery.found.len(), 1);
    let skipped =
        discovery.skipped.iter().map(|it| format!("{}: {}", it.path.file_name().expect("a name").to_string_lossy(), it.reason.en));
    assert_eq!(skipped.collect::<Vec<_>>(), ["db01: snapshot.toml does not name it", "run.log: its name is not that of a configuration"]);
    scratch.file("snapshot.toml", "[snapshot]\nformat = 2\ntaken-at = \"2026-11-22T08:00:00Z\"\n");
    let discovery = scratch.find("");
    assert_eq!(shown_problems(&discovery), ["snapshot-format: the snapshot's format is unknown: this version reads format 1"]);
}
