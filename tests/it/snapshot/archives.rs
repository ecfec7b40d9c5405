//! Archives of host trees: formats, what is refused, and what ends them early.

use std::io::Write as _;

use jixian::snapshot::Layout;

use super::*;

/// A tar archive that may hold what no honest one does.
#[derive(Default)]
pub(super) struct Tar(Vec<u8>);

impl Tar {
    fn entry(&mut self, kind: u8, path: &[u8], link: &str, size: u64, content: &[u8]) -> &mut Tar {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path);
        header.as_mut_bytes()[157..157 + link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(tar::EntryType::new(kind));
        header.set_mode(0o644);
        header.set_size(size);
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    pub(super) fn file(&mut self, path: &str, content: &str) -> &mut Tar {
        self.entry(b'0', path.as_bytes(), "", content.len() as u64, content.as_bytes())
    }

    fn link(&mut self, kind: u8, path: &str, target: &str) -> &mut Tar {
        self.entry(kind, path.as_bytes(), target, 0, b"")
    }

    fn ended(&self) -> Vec<u8> {
        [&self.0[..], &[0; 1024]].concat()
    }

    /// The archive, compressed as its name says.
    pub(super) fn packed(&self, name: &str) -> Vec<u8> {
        if name.ends_with("gz") {
            gzip(&self.ended())
        } else if name.ends_with("zst") {
            zstd::encode_all(&*self.ended(), 3).expect("bytes can be compressed")
        } else {
            self.ended()
        }
    }

    /// The asset that the archive of this name is.
    fn open(&self, test: &str) -> Asset {
        let scratch = Scratch::new(test);
        scratch.file("web01.tar", self.ended()).open("web01.tar")
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("bytes can be compressed")
}

#[test]
fn every_compression_gives_the_same_asset() {
    for name in ["web01.tar", "web01.tar.gz", "web01.tgz", "web01.tar.zst"] {
        for prefix in ["", "./", "web01/", "./web01-20261122/"] {
            let scratch = Scratch::new(&format!("packed-{name}"));
            let mut tar = Tar::default();
            tar.entry(b'5', format!("{prefix}etc/ssh/").as_bytes(), "", 0, b"");
            tar.file(&format!("{prefix}etc/ssh/sshd_config"), "Port 22\n").link(b'2', &format!("{prefix}etc/pam.d/x"), "/etc/y");
            tar.file(&format!("{prefix}etc/y"), "y").file(&format!("{prefix}manifest.jsonl"), "forged");
            let asset = scratch.file(name, tar.packed(name)).open("");
            assert_eq!((&*asset.id, asset.layout, asset.complete, issues(&asset).len()), ("web01", Layout::Archive, None, 0));
            assert_eq!(platform(&asset), (Some("linux"), "has etc/ssh/sshd_config"));
            assert_eq!(text(&asset, "etc/ssh/sshd_config"), "Port 22\n");
            assert_eq!(text(&asset, "etc/pam.d/x"), "y");
            assert_eq!(text(&asset, "etc/sudoers"), "!not-collected");
            assert_eq!(text(&asset, "etc/ssh/sshd_config/x"), "!not-collected");
            assert_eq!(names(&asset, "etc/ssh"), "sshd_config…");
            assert_eq!(looked(&asset, "etc/ssh/sshd_config"), "file");
        }
    }
}

#[test]
fn what_gnu_tar_writes_is_read() {
    let long = "long".repeat(40);
    for (name, sparse) in [("gnu.tar.gz", "!not-collected"), ("pax.tar.zst", "!refused")] {
        let asset = find(&[fixture(name)]).found[0].open();
        assert_eq!(text(&asset, &format!("etc/{long}/{long}.conf")), "deep\n");
        assert_eq!(text(&asset, "etc/pam.d/system-auth"), "auth required pam_unix.so\n");
        assert_eq!(text(&asset, "etc/passwd-"), "root:x:0:0::/root:/bin/sh\n");
        assert_eq!(looked(&asset, "etc/passwd-"), "file");
        assert_eq!(text(&asset, "etc/sparse"), sparse);
    }
}

#[test]
fn entries_that_lie_outside_are_refused() {
    let mut tar = Tar::default();
    tar.file("etc/passwd", "root").file("../etc/shadow", "out").file("etc/../../x", "out").file("/etc/group", "absolute");
    tar.link(b'1', "etc/hard", "../../etc/shadow").link(b'1', "etc/hard-absolute", "/etc/shadow").link(b'1', "etc/hard-later", "etc/later");
    tar.entry(b'3', b"etc/device", "", 0, b"").entry(b'6', b"etc/fifo", "", 0, b"").file("etc/later", "last");
    let asset = tar.open("outside");
    for (path, expected) in [
        ("etc/passwd", "root"),
        ("etc/shadow", "!not-collected"),
        ("x", "!not-collected"),
        ("etc/group", "!refused"),
        ("etc/hard", "!refused"),
        ("etc/hard-absolute", "!refused"),
        ("etc/hard-later", "!refused"),
        ("etc/device", "!other-kind"),
        ("etc/fifo", "!other-kind"),
        ("etc/later", "last"),
    ] {
        assert_eq!(text(&asset, path), expected, "{path}");
    }
    let expected = ["../etc/shadow", "etc/../../x", "/etc/group", "etc/hard", "etc/hard-absolute", "etc/hard-later"];
    assert_eq!(issues(&asset), expected.map(|name| format!("the archive's entry {name} is unsafe and was not taken")));
}

#[test]
fn a_path_that_is_there_twice_cannot_be_told() {
    let mut tar = Tar::default();
    tar.file("etc/sudoers", "first").file("etc/sudoers", "second").file("./etc//sudoers", "third").file("etc/group", "one");
    tar.entry(b'5', b"etc", "", 0, b"").entry(b'5', b"etc/", "", 0, b"");
    tar.link(b'2', "etc/ssh", "/tmp").file("etc/ssh/sshd_config", "through a link").file("etc/file", "").file("etc/file/below", "");
    let asset = tar.open("twice");
    assert_eq!(text(&asset, "etc/sudoers"), "!ambiguous");
    assert_eq!(text(&asset, "etc/group"), "one");
    assert_eq!(text(&asset, "etc/ssh/sshd_config"), "!ambiguous");
    assert_eq!(text(&asset, "etc/ssh/other"), "!ambiguous");
    assert_eq!(text(&asset, "etc/file"), "!ambiguous");
    assert_eq!(text(&asset, "etc/file/below"), "!ambiguous");
    assert_eq!(issues(&asset)[0], "the archive has contradictory entries for etc/sudoers");
}

#[test]
fn names_in_gb18030_are_read_from_archives() {
    let mut tar = Tar::default();
    tar.entry(b'0', b"etc/\xc8\xd5\xd6\xbe.conf", "", 2, b"gb").entry(b'0', b"etc/caf\xe9", "", 5, b"latin");
    tar.entry(b'0', b"etc/\xb0\xb2\xc8\xab", "", 1, b"1").file("etc/安全", "2");
    let asset = tar.open("gb18030-archive");
    assert_eq!(names(&asset, "etc"), "caf\\xe9 安全 日志.conf…");
    assert_eq!(text(&asset, "etc/日志.conf"), "gb");
    assert_eq!(text(&asset, "etc/caf\\xe9"), "latin");
    assert_eq!(text(&asset, "etc/安全"), "!ambiguous");
}

#[test]
fn an_archive_that_ends_early_proves_what_it_holds() {
    let mut tar = Tar::default();
    tar.file("etc/passwd", "root").file("etc/sudoers", &"sudoers\n".repeat(200)).file("etc/group", "group");
    let whole = tar.ended();
    // Inside the content of the second entry, and right after it.
    for (test, length, sudoers) in [("cut", 512 * 4, "sudoers\n".repeat(64) + "…"), ("cut-between", 512 * 7, "sudoers\n".repeat(200))] {
        let scratch = Scratch::new(test);
        let asset = scratch.file("web01.tar", &whole[..length]).open("web01.tar");
        assert_eq!(text(&asset, "etc/passwd"), "root");
        assert_eq!(text(&asset, "etc/sudoers"), sudoers);
        assert_eq!(text(&asset, "etc/group"), "!unreadable");
        assert_eq!(text(&asset, "etc/other"), "!unreadable");
        assert_eq!((issues(&asset), asset.complete), (vec!["the archive ends in the middle: transfer it again"], Some(false)));
    }
    for name in ["web01.tar.gz", "web01.tar.zst"] {
        let scratch = Scratch::new(&format!("cut-{name}"));
        let packed = tar.packed(name);
        let asset = scratch.file(name, &packed[..packed.len() - 5]).open(name);
        assert_eq!((issues(&asset), asset.complete), (vec!["the archive ends in the middle: transfer it again"], Some(false)), "{name}");
        assert_eq!(text(&asset, "etc/other"), "!unreadable");
    }
}

#[test]
fn a_damaged_archive_is_not_believed() {
    let mut tar = Tar::default();
    tar.file("etc/passwd", "root");
    let damaged = "the archive is damaged (a checksum differs) and nothing in it is believed: transfer it again";
    let mut crc = tar.packed("gz");
    let last = crc.len();
    crc[last - 8] ^= 1;
    let mut header = tar.file("etc/group", "").ended();
    header[1024] ^= 1;
    let other = "only tar, tar.gz and tar.zst are read: convert it first, such as `xz -dc a.tar.xz | zstd -o a.tar.zst`";
    for (name, bytes, expected) in [
        ("web01.tar.gz", crc, damaged),
        ("web01.tar", header, damaged),
        ("text.tar", b"hello".to_vec(), "this is not a tar archive"),
        ("block.tar", vec![b'x'; 2048], "this is not a tar archive"),
        ("web01.tar.xz", b"\xfd7zXZ\0\0".to_vec(), other),
        ("web01.tar.bz2", b"BZh91AY".to_vec(), other),
    ] {
        let scratch = Scratch::new(&format!("damaged-{name}"));
        let asset = scratch.file(name, bytes).open(name);
        assert_eq!(failure(&asset), expected, "{name}");
        assert_eq!(text(&asset, "etc/passwd"), "!unreadable");
        assert_eq!((asset.layout, asset.complete), (Layout::Archive, Some(false)));
    }
}

#[test]
fn a_bomb_ends_the_reading() {
    let mut tar = Tar::default();
    tar.file("etc/passwd", "root").entry(b'0', b"etc/zeros", "", 160 << 20, &vec![0; 160 << 20]).file("etc/group", "group");
    for name in ["web01.tar.gz", "web01.tar.zst"] {
        let scratch = Scratch::new(&format!("bomb-{name}"));
        let asset = scratch.file(name, tar.packed(name)).open(name);
        assert_eq!(text(&asset, "etc/passwd"), "root");
        assert_eq!(text(&asset, "etc/zeros"), "!too-big");
        assert_eq!(text(&asset, "etc/group"), "!budget-spent");
        assert_eq!(text(&asset, "etc/other"), "!budget-spent");
        assert_eq!(names(&asset, "etc"), "passwd zeros…");
        assert_eq!(issues(&asset)[0], "the archive expands more than 200 times (a decompression bomb); the rest was not read");
    }
}

#[test]
fn what_is_kept_of_an_archive_is_bounded() {
    let size = 16 << 20;
    let mut tar = Tar::default();
    tar.entry(b'0', b"var/log/0", "", size, &vec![b'\n'; size as usize]);
    for number in 1..=16 {
        tar.link(b'1', &format!("var/log/{number}"), "var/log/0");
    }
    let asset = tar.link(b'2', "etc", "nowhere").open("kept");
    assert_eq!(read(&asset, "var/log/15").map(|(bytes, _)| bytes.len() as u64), Ok(size));
    assert_eq!(text(&asset, "var/log/16"), "!budget-spent");
    assert_eq!(issues(&asset), ["the asset's budget was spent before var/log/16"]);
}

#[test]
fn names_are_bounded() {
    let long = format!("etc/{}", "x".repeat(5000));
    let mut tar = Tar::default();
    tar.entry(b'L', b"././@LongLink", "", long.len() as u64, long.as_bytes()).file("etc/short", "not taken");
    let endless = vec![b'y'; 100 << 10];
    tar.entry(b'L', b"././@LongLink", "", endless.len() as u64, &endless).file("etc/other", "not taken");
    let sane = tar.file("etc/passwd", "root").open("long-names");
    assert_eq!(text(&sane, "etc/short"), "!not-collected");
    assert_eq!(text(&sane, "etc/other"), "!refused");
    assert_eq!(text(&sane, "etc/passwd"), "root");
    assert_eq!(issues(&sane)[0], format!("the archive's entry {} is unsafe and was not taken", &long[..200]));
    // A record that nothing follows, and one that gives the entry another size than its header: readers disagree about the rest.
    let pax = "14 size=12345\n";
    let dangling = tar.entry(b'x', b"pax", "", pax.len() as u64, pax.as_bytes()).open("dangling-record");
    let two_sizes = tar.file("etc/shadow", "x").open("two-sizes");
    for asset in [dangling, two_sizes] {
        assert!(failure(&asset).starts_with("the archive is damaged"));
    }
}

#[test]
fn entries_are_counted() {
    let mut tar = Tar::default();
    for number in 0..200_001 {
        tar.entry(b'5', format!("etc/{number}").as_bytes(), "", 0, b"");
    }
    let asset = tar.open("entries");
    assert_eq!(looked(&asset, "etc/199999"), "directory");
    assert_eq!(looked(&asset, "etc/200000"), "!budget-spent");
    assert_eq!(issues(&asset), ["the archive has more than 200,000 entries; the rest was not read"]);
}
