//! Which assets the paths that a user names are, and what he is told of the rest.

use jixian::snapshot::Layout;
use jixian::snapshot::find::FOLDERS_DEEP_MOST;

use super::*;

/// Each asset as `id form name…`, by the layout and the first artefact that it has.
fn found(discovery: &Discovery) -> Vec<String> {
    discovery.found.iter().map(|found| format!("{} {}", found.id, found.layout().name())).collect()
}

fn skipped(discovery: &Discovery) -> Vec<String> {
    let shown = discovery.skipped.iter();
    shown.map(|it| format!("{}: {}", it.path.file_name().expect("a name").to_string_lossy(), it.reason.en)).collect()
}

#[test]
fn a_folder_of_assets_is_taken_apart() {
    let scratch = Scratch::new("folder");
    scratch
        .file("web01/etc/passwd", "")
        .file("web02/usr/lib/os-release", "")
        .file("db01.tar.gz", "")
        .file("core-sw1.cfg", "hostname core-sw1\n");
    scratch.file("ios-1/running-config.cfg", "hostname ios-1\n").file("ios-1/startup-config.cfg", "hostname ios-1\n");
    scratch.file("flat/sshd_config", "Port 22\n").file("flat/login.defs", "").file("flat/notes.md", "");
    scratch.file("group/configs/fw1", "hostname fw1\n").file("README.md", "").file(".git/config", "").folder("empty");
    scratch.link("linked", "web01").link("loop", ".").link("self", "self").file("web03.tar.xz", "");
    let discovery = scratch.find("");
    assert_eq!(shown_problems(&discovery), [""; 0]);
    let expected = ["core-sw1 file", "db01 archive", "flat file", "fw1 file", "ios-1 file", "web01 tree", "web02 tree", "web03 archive"];
    assert_eq!(found(&discovery), expected);
    let link = "a link: only what lies in the folder itself is scanned; name its target to scan it";
    let expected = [
        ".git: hidden".to_owned(),
        "README.md: its name is not that of a configuration".to_owned(),
        "empty: an empty folder".to_owned(),
        format!("linked: {link}"),
        format!("loop: {link}"),
        format!("self: {link}"),
    ];
    assert_eq!(skipped(&discovery), expected);
    assert_eq!(discovery.skipped_more, 0);
    let device = discovery.found[4].open();
    assert_eq!(text(&device, "running-config.cfg"), "hostname ios-1\n");
    assert_eq!(names(&device, ""), "running-config.cfg startup-config.cfg…");
    assert_eq!(platform(&device), (None, "it may be cisco-ios, but too little tells; --platform says it"));
    let flat = discovery.found[2].open();
    assert_eq!(text(&flat, "etc/ssh/sshd_config"), "Port 22\n");
    assert_eq!(text(&flat, "etc/shadow"), "!not-collected");
    assert_eq!(names(&flat, ""), "etc…");
}

#[test]
fn a_single_file_is_an_asset() {
    let scratch = Scratch::new("single");
    scratch.file("sshd_config", "Port 22\n").file("copy/web01/etc/nginx/conf.d/a.conf", "server {}\n").file("roles/pam.d/su", "auth\n");
    scratch.file("core-sw1.cfg", "hostname core-sw1\n");
    let asset = scratch.open("sshd_config");
    assert_eq!((&*asset.id, asset.layout), (&*scratch.path("sshd_config").to_string_lossy(), Layout::File));
    assert_eq!(platform(&asset), (Some("linux"), "by its name it is etc/ssh/sshd_config"));
    assert_eq!(text(&asset, "etc/ssh/sshd_config"), "Port 22\n");
    assert_eq!(text(&asset, "etc/ssh/sshd_config.d/x.conf"), "!not-collected");
    assert_eq!(text(&scratch.open("copy/web01/etc/nginx/conf.d/a.conf"), "etc/nginx/conf.d/a.conf"), "server {}\n");
    assert_eq!(text(&scratch.open("roles/pam.d/su"), "etc/pam.d/su"), "auth\n");
    let asset = scratch.open("core-sw1.cfg");
    assert_eq!((&*asset.id, platform(&asset)), ("core-sw1", (None, "it may be cisco-ios, but too little tells; --platform says it")));
    assert_eq!(text(&asset, "core-sw1.cfg"), "hostname core-sw1\n");
}

#[test]
fn a_single_file_that_is_too_big_is_named() {
    let scratch = Scratch::new("single-big");
    let file = fs::File::create(scratch.path("sshd_config")).expect("it can be made");
    file.set_len(100 << 20).expect("a sparse file can be made");
    let asset = scratch.open("sshd_config");
    assert_eq!(text(&asset, "etc/ssh/sshd_config"), "!too-big");
    assert_eq!(issues(&asset), [format!("{} is too big to be read", scratch.path("sshd_config").display())]);
}

#[test]
fn a_path_that_leads_to_nothing_is_a_problem() {
    let scratch = Scratch::new("nothing");
    scratch.folder("empty").file("only-notes/README.md", "").link("round", "about").link("about", "round").file("web01/etc/passwd", "");
    rustix::fs::mknodat(rustix::fs::CWD, scratch.path("fifo"), rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600), 0)
        .expect("a pipe can be made");
    scratch.folder("loops").link("loops/loop", ".");
    let at = |name: &str| scratch.path(name).display().to_string();
    for (name, expected) in [
        ("empty", format!("nothing-to-scan: {} holds no asset", at("empty"))),
        ("only-notes", format!("nothing-to-scan: {} holds no asset", at("only-notes"))),
        ("loops", format!("nothing-to-scan: {} holds no asset", at("loops"))),
        ("missing", format!("path-missing: {} does not exist", at("missing"))),
        ("round", format!("path-unreadable: {} is a link that leads back to itself", at("round"))),
        ("fifo", format!("path-other-kind: {} is neither a file nor a folder", at("fifo"))),
        ("web01/etc", format!("tree-part: {} is a part of a host's tree", at("web01/etc"))),
    ] {
        let discovery = scratch.find(name);
        assert_eq!(shown_problems(&discovery), [expected]);
        let help = discovery.problems[0].help.as_ref().expect("there is a way out");
        assert!(!help.zh.is_empty() && !help.en.is_empty());
        assert_eq!(found(&discovery), [""; 0]);
    }
}

#[test]
fn one_id_for_two_assets_is_a_problem() {
    let scratch = Scratch::new("duplicate");
    scratch.file("a/web01/etc/passwd", "").file("b/web01.tar.gz", "").file("b/web02/etc/passwd", "");
    let discovery = find(&[scratch.path("a"), scratch.path("b"), scratch.path("missing")]);
    let (one, other) = (scratch.path("a/web01"), scratch.path("b/web01.tar.gz"));
    let expected = [
        format!("path-missing: {} does not exist", scratch.path("missing").display()),
        format!("duplicate-asset: two assets have the id web01: {} and {}", one.display(), other.display()),
    ];
    assert_eq!(shown_problems(&discovery), expected);
}

#[test]
fn ids_show_what_hides() {
    let scratch = Scratch::new("ids");
    scratch.file("web\u{202e}10\x1b[2J/etc/passwd", "");
    assert_eq!(found(&scratch.find("")), ["web\\u{202e}10\\x1b[2J tree"]);
}

#[test]
fn folders_are_not_followed_for_ever() {
    let scratch = Scratch::new("deep");
    let above = "d/".repeat(FOLDERS_DEEP_MOST - 1);
    scratch
        .file(&format!("{above}here/fw1"), "")
        .file(&format!("{above}here/too/deep/fw2"), "")
        .file(&format!("{above}here/host/etc/x"), "");
    let discovery = scratch.find("");
    assert_eq!(found(&discovery), ["fw1 file", "host tree"]);
    assert_eq!(skipped(&discovery), ["too: folders are nested too deeply; name this path to scan it"]);
}

#[test]
fn a_link_that_the_user_names_is_followed() {
    let scratch = Scratch::new("named-link");
    scratch.file("real/etc/passwd", "root").link("current", "real").file("real.tar", "").link("current.tar", "real.tar");
    let asset = scratch.open("current");
    assert_eq!((&*asset.id, &*text(&asset, "etc/passwd")), ("current", "root"));
    assert_eq!(issues(&scratch.open("current.tar")), ["the archive ends in the middle: transfer it again"]);
}

#[test]
fn a_tree_that_was_moved_away_is_an_asset_that_failed() {
    let scratch = Scratch::new("moved");
    scratch.file("hosts/web01/etc/passwd", "").file("hosts/web02/etc/passwd", "");
    let discovery = scratch.find("hosts");
    fs::remove_dir_all(scratch.path("hosts/web01")).expect("it is there");
    fs::remove_dir_all(scratch.path("hosts/web02")).expect("it is there");
    scratch.link("hosts/web02", "/");
    let assets: Vec<Asset> = discovery.found.iter().map(|found| found.open()).collect();
    assert_eq!(text(&assets[0], "etc/passwd"), "!not-collected");
    assert!(failure(&assets[0]).ends_with("hosts/web01 does not exist"));
    assert_eq!(text(&assets[1], "etc/passwd"), "!other-kind");
    assert_eq!(assets[1].complete, Some(false));
}
