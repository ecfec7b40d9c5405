//! Plain trees and mounted roots: links, special files, names, and what missing means.

use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use jixian::snapshot::Layout;
use jixian::snapshot::find::mounted_root;

use super::*;

#[test]
fn a_plain_tree_proves_nothing_absent() {
    let scratch = Scratch::new("plain-tree");
    scratch.file("web01/etc/ssh/sshd_config", "Port 22\n").file("web01/etc/ssh/sshd_config.d/10-a.conf", "").folder("web01/etc/empty.d");
    let asset = scratch.open("web01");
    assert_eq!((&*asset.id, asset.layout, asset.complete, asset.failure.is_none()), ("web01", Layout::Tree, None, true));
    assert_eq!(platform(&asset), (Some("linux"), "has etc/ssh/sshd_config"));
    for _ in 0..2 {
        assert_eq!(text(&asset, "etc/ssh/sshd_config"), "Port 22\n");
        assert_eq!(text(&asset, "etc/ssh/sshd_config.d/10-a.conf"), "");
        assert_eq!(text(&asset, "etc/sudoers"), "!not-collected");
        assert_eq!(text(&asset, "usr/lib/sysctl.d/50-default.conf"), "!not-collected");
        assert_eq!(text(&asset, "etc/ssh/sshd_config/x"), "!not-collected");
        assert_eq!(text(&asset, "commands/sshd-T"), "!not-collected");
        assert_eq!(text(&asset, "etc/ssh"), "!other-kind");
        assert_eq!(text(&asset, ""), "!other-kind");
        assert_eq!(names(&asset, "etc/ssh"), "sshd_config sshd_config.d…");
        assert_eq!(names(&asset, "etc/empty.d"), "…");
        assert_eq!(names(&asset, "etc/sudoers.d"), "!not-collected");
        assert_eq!(names(&asset, "etc/ssh/sshd_config"), "!other-kind");
        assert_eq!(names(&asset, ""), "etc…");
        // Mode and owner of a copy are not the asset's.
        assert_eq!(looked(&asset, "etc/ssh/sshd_config"), "file");
        assert_eq!(looked(&asset, "etc/ssh/sshd_config.d"), "directory");
        assert_eq!(looked(&asset, "etc/sudoers.d"), "!not-collected");
        assert_eq!(looked(&asset, ""), "directory");
    }
}

#[test]
fn a_forged_manifest_changes_nothing() {
    let discovery = find(&[fixture("forged")]);
    assert_eq!(discovery.found.iter().map(|found| &*found.id).collect::<Vec<_>>(), ["web01"]);
    let forged = discovery.found[0].open();
    let scratch = Scratch::new("forged");
    scratch.file("web01/etc/ssh/sshd_config", "PermitRootLogin yes\n");
    let honest = scratch.open("web01");
    for asset in [&forged, &honest] {
        assert_eq!(text(asset, "etc/ssh/sshd_config"), "PermitRootLogin yes\n");
        assert_eq!(text(asset, "etc/sudoers"), "!not-collected");
        assert_eq!(text(asset, "etc/anything"), "!not-collected");
        assert_eq!(names(asset, "etc/ssh"), "sshd_config…");
        assert_eq!(looked(asset, "etc/ssh/sshd_config"), "file");
        assert_eq!(platform(asset), (Some("linux"), "has etc/ssh/sshd_config"));
        assert_eq!((asset.layout, asset.complete, asset.issues.len()), (Layout::Tree, None, 0));
        let told = &asset.description;
        assert_eq!((told.tags.len(), told.products.len(), told.collected_at), (0, 0, None));
    }
    // What was brought along is a file like any other.
    assert!(text(&forged, "asset.toml").starts_with("id = \"web01\"\n"));
}

#[test]
fn links_lead_nowhere_but_into_the_asset() {
    let scratch = Scratch::new("links");
    scratch
        .file("web01/etc/authselect/system-auth", "auth required pam_unix.so\n")
        .link("web01/etc/pam.d/system-auth", "/etc/authselect/system-auth")
        .link("web01/etc/pam.d/password-auth", "../authselect/system-auth")
        .link("web01/etc/outside", "/etc/hostname")
        .link("web01/etc/upwards", "../../../../../../../../../../../../etc/hostname")
        .link("web01/machine", "/")
        .link("web01/lib", "usr/lib")
        .file("web01/usr/lib/os-release", "ID=rhel\n")
        .link("web01/etc/os-release", "../usr/lib/os-release")
        .link("web01/etc/loop", "loop")
        .link("web01/etc/round", "/etc/about")
        .link("web01/etc/about", "round");
    assert!(Path::new("/etc/hostname").exists(), "the machine that tests has what the links name");
    let asset = scratch.open("web01");
    assert_eq!(text(&asset, "etc/pam.d/system-auth"), "auth required pam_unix.so\n");
    assert_eq!(text(&asset, "etc/pam.d/password-auth"), "auth required pam_unix.so\n");
    assert_eq!(text(&asset, "etc/outside"), "!dangling-link");
    assert_eq!(text(&asset, "etc/upwards"), "!dangling-link");
    assert_eq!(text(&asset, "machine/etc/hostname"), "!not-collected");
    assert_eq!(text(&asset, "machine/etc/os-release"), "ID=rhel\n");
    assert_eq!(text(&asset, "lib/os-release"), "ID=rhel\n");
    assert_eq!(text(&asset, "lib/other"), "!not-collected");
    assert_eq!(text(&asset, "etc/../etc/../../../../usr/lib/os-release"), "ID=rhel\n");
    assert_eq!(text(&asset, "../../../../../../../../../../etc/hostname"), "!not-collected");
    assert_eq!(text(&asset, "etc/loop"), "!link-loop");
    assert_eq!(text(&asset, "etc/round"), "!link-loop");
    assert_eq!(names(&asset, "etc/loop"), "!link-loop");
    assert_eq!(names(&asset, "machine"), "etc lib machine usr…");
    assert_eq!(names(&asset, "lib"), "os-release…");
    for _ in 0..2 {
        assert_eq!(looked(&asset, "etc/pam.d/system-auth"), "file -> /etc/authselect/system-auth");
        assert_eq!(looked(&asset, "lib"), "directory -> usr/lib");
        assert_eq!(looked(&asset, "lib/os-release"), "file");
        assert_eq!(looked(&asset, "etc/outside"), "!dangling-link");
        assert_eq!(names(&asset, "etc"), "about authselect loop os-release outside pam.d round upwards…");
    }
}

#[test]
fn a_linked_directory_is_the_asset_s_own() {
    let scratch = Scratch::new("linked-directory");
    scratch.link("web01/etc", "/etc").link("db01/etc", "config/etc").file("db01/config/etc/passwd", "root:x:0:0::/:/bin/sh\n");
    let asset = scratch.open("web01");
    assert_eq!(platform(&asset), (None, "no artefact tells the platform"));
    assert_eq!(text(&asset, "etc/passwd"), "!link-loop");
    let asset = scratch.open("db01");
    assert_eq!(platform(&asset), (Some("linux"), "has etc/passwd"));
    assert_eq!(text(&asset, "etc/passwd"), "root:x:0:0::/:/bin/sh\n");
}

#[test]
fn special_files_are_not_waited_for() {
    let scratch = Scratch::new("special");
    scratch.file("web01/etc/passwd", "");
    let fifo = scratch.path("web01/etc/fifo");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600), 0)
        .expect("a pipe can be made");
    let socket = std::os::unix::net::UnixListener::bind(scratch.path("web01/etc/socket"));
    let asset = scratch.open("web01");
    assert_eq!(text(&asset, "etc/fifo"), "!other-kind");
    assert_eq!(looked(&asset, "etc/fifo"), "other");
    if socket.is_ok() {
        assert_eq!(text(&asset, "etc/socket"), "!other-kind");
    }
    let root = mounted_root(&scratch.path("web01"), "web01").expect("it is a folder").open();
    assert_eq!(text(&root, "etc/fifo"), "!other-kind");
}

#[test]
fn names_in_gb18030_are_read() {
    let scratch = Scratch::new("gb18030");
    scratch.file("web01/etc/安全.conf", "utf-8");
    let folder = scratch.path("web01/etc");
    // 日志.conf in GB18030, and 安全.conf a second time.
    for (name, content) in [(&b"\xc8\xd5\xd6\xbe.conf"[..], "gb"), (b"\xb0\xb2\xc8\xab.conf", "gb too"), (b"caf\xe9", "latin")] {
        fs::write(folder.join(std::ffi::OsString::from_vec(name.to_vec())), content).expect("any bytes name a file");
    }
    let asset = scratch.open("web01");
    assert_eq!(names(&asset, "etc"), "\\xb0\\xb2\\xc8\\xab.conf caf\\xe9 安全.conf 日志.conf…");
    assert_eq!(text(&asset, "etc/日志.conf"), "gb");
    assert_eq!(text(&asset, "etc/安全.conf"), "utf-8");
    assert_eq!(text(&asset, "etc/\\xb0\\xb2\\xc8\\xab.conf"), "gb too");
    assert_eq!(text(&asset, "etc/caf\\xe9"), "latin");
    assert_eq!(looked(&asset, "etc/日志.conf"), "file");
    assert_eq!(text(&asset, "etc/\\x2e\\x2e/etc/passwd"), "!not-collected");
}

#[test]
fn what_is_too_big_or_too_long_is_not_read() {
    let scratch = Scratch::new("too-big");
    scratch.file("web01/etc/passwd", "");
    let huge = fs::File::create(scratch.path("web01/etc/shadow")).expect("it can be made");
    huge.set_len(100 << 20).expect("a sparse file can be made");
    let line = vec![b'x'; 1 << 20];
    scratch.file("web01/etc/fits", [&line[..], b"\n", &line].concat()).file("web01/etc/long", [&line[..], b"\nx", &line].concat());
    let asset = scratch.open("web01");
    assert_eq!(text(&asset, "etc/shadow"), "!too-big");
    assert_eq!(read(&asset, "etc/fits").map(|(bytes, _)| bytes.len()), Ok((2 << 20) + 1));
    assert_eq!(text(&asset, "etc/long"), "!long-line");
    let deep = "d/".repeat(5000);
    assert_eq!(text(&asset, &format!("{deep}x")), "!not-collected");
    assert_eq!(text(&asset, "etc/nul\0name"), "!not-collected");
    assert_eq!(text(&asset, &"x".repeat(300)), "!not-collected");
}

#[test]
fn many_directories_do_not_use_up_the_open_files() {
    let scratch = Scratch::new("many-directories");
    for number in 0..300 {
        scratch.file(&format!("web01/etc/d{number}/e/f"), number.to_string());
    }
    let asset = scratch.open("web01");
    let open = || fs::read_dir("/proc/self/fd").expect("Linux tells").count();
    for number in 0..300 {
        assert_eq!(text(&asset, &format!("etc/d{number}/e/f")), number.to_string());
    }
    // Other tests run beside this one; 600 directories would show.
    assert!(open() < 400, "{} files are open", open());
    assert_eq!(text(&asset, "etc/d0/e/f"), "0");
}

#[test]
fn a_mounted_root_proves_absence() {
    let scratch = Scratch::new("root");
    scratch
        .file("mnt/etc/passwd", "root")
        .folder("mnt/etc/sudoers.d")
        .link("mnt/etc/cut", "nowhere")
        .link("mnt/lib", "usr/lib")
        .folder("mnt/usr/lib");
    scratch.file("mnt/commands/sshd-T", "permitrootlogin no\n");
    fs::set_permissions(scratch.path("mnt/etc/passwd"), fs::Permissions::from_mode(0o4640)).expect("the mode can be set");
    let found = mounted_root(&scratch.path("mnt"), "image\u{202e}").expect("it is a folder");
    assert_eq!(found.id, "image\\u{202e}");
    let asset = found.open();
    assert_eq!((asset.layout, platform(&asset)), (Layout::Root, (Some("linux"), "has etc/passwd")));
    assert_eq!(text(&asset, "etc/sudoers"), "!absent");
    assert_eq!(text(&asset, "usr/share/x/y"), "!absent");
    assert_eq!(text(&asset, "etc/passwd/x"), "!absent");
    assert_eq!(text(&asset, "lib/x"), "!absent");
    assert_eq!(text(&asset, "etc/cut"), "!dangling-link");
    assert_eq!(names(&asset, "etc/sudoers.d"), "");
    assert_eq!(names(&asset, "etc/sudoers.e"), "!absent");
    // Nobody ran a command there.
    assert_eq!(text(&asset, "commands/sshd-T"), "!not-collected");
    assert_eq!(text(&asset, "commands/other"), "!not-collected");
    assert_eq!(names(&asset, "commands"), "!not-collected");
    // Whoever runs the tests owns what they make.
    let owner = |id: u32| if id == 0 { "root".to_owned() } else { id.to_string() };
    let (user, group) = {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = fs::metadata(scratch.path("mnt/etc/passwd")).expect("it is there");
        (owner(metadata.uid()), owner(metadata.gid()))
    };
    assert_eq!(looked(&asset, "etc/passwd"), format!("file 4640 {user} {group} 4"));
}

#[test]
fn pseudo_files_of_a_live_root_are_read_to_their_end() {
    let asset = mounted_root(Path::new("/"), "this-machine").expect("there is a root").open();
    let version = fs::read("/proc/version").expect("Linux tells its version");
    assert_eq!(read(&asset, "proc/version"), Ok((version, true)));
    assert_eq!(text(&asset, "dev/null"), "!other-kind");
    assert_eq!(looked(&asset, "proc").split(' ').next(), Some("directory"));
}

#[test]
fn a_case_in_memory_says_what_it_proves() {
    let asset = crate::support::asset(&[
        ("lib", "-> usr/lib"),
        ("usr/lib", "!directory"),
        ("cut", "-> usr/lib/nothing"),
        ("etc/a.d/x", "1"),
        ("etc/a.d/x-1", "!absent"),
        ("etc/a.d/x.d/y", "2"),
    ]);
    assert_eq!(text(&asset, "lib/x"), "!absent");
    assert_eq!(text(&asset, "cut"), "!dangling-link");
    assert_eq!(names(&asset, "etc/a.d"), "x x.d");
    assert_eq!(text(&asset, "etc/other"), "!not-collected");
    assert_eq!(looked(&asset, "lib"), "directory -> usr/lib");
}
