//! Accepted keys, against the real ssh-keygen (package openssh-client, which the test needs).

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::rows;

const COLUMNS: &[&str] = &["account", "fingerprint", "type", "bits", "sources", "expires", "options"];
const PASSWD: (&str, &str) =
    ("etc/passwd", "root:x:0:0::/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\nweb:x:33:33::/var/www:/usr/sbin/nologin\n");
const SSHD: [(&str, &str); 2] = [("etc/ssh/sshd_config", "\n"), ("etc/ssh/sshd_config.d", "!absent")];

/// A new public key of a type, without its comment.
fn new_key(arguments: &[&str], name: &str) -> String {
    let folder = std::env::temp_dir().join(format!("jixian-test-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary directory can be written");
    let path = folder.join("key");
    let made = Command::new("ssh-keygen").args(["-q", "-N", "", "-C", ""]).args(arguments).arg("-f").arg(&path).status();
    assert!(made.expect("ssh-keygen is installed").success());
    let text = std::fs::read_to_string(path.with_extension("pub")).expect("ssh-keygen wrote the key");
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    text.trim().to_owned()
}

/// What `ssh-keygen -lf -` prints of a key: bits and fingerprint.
fn printed(key: &str) -> (String, String) {
    let mut child = Command::new("ssh-keygen")
        .args(["-l", "-f", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ssh-keygen is installed");
    child.stdin.take().expect("it was asked for").write_all(key.as_bytes()).expect("ssh-keygen reads it");
    let output = String::from_utf8(child.wait_with_output().expect("it ends").stdout).expect("it prints ASCII");
    let mut words = output.split(' ').map(str::to_owned);
    (words.next().expect("bits"), words.next().expect("fingerprint"))
}

#[test]
fn fingerprints_and_lengths_are_those_of_ssh_keygen() {
    let kinds: [(&[&str], &str); 5] = [
        (&["-t", "rsa", "-b", "2048"], "rsa"),
        (&["-t", "rsa", "-b", "3071"], "odd"),
        (&["-t", "ed25519"], "ed"),
        (&["-t", "ecdsa", "-b", "384"], "ec3"),
        (&["-t", "ecdsa", "-b", "521"], "ec5"),
    ];
    for (arguments, name) in kinds {
        let key = new_key(arguments, name);
        let (bits, fingerprint) = printed(&key);
        let files = [PASSWD, SSHD[0], SSHD[1], ("root/.ssh/authorized_keys", key.as_str())];
        let found = rows(&files, "authorized-keys", &["fingerprint", "bits"]);
        assert_eq!(found[0], format!("fingerprint={fingerprint} bits={bits}"), "{key}");
    }
}

/// An ed25519 key of 32 zero bytes; its fingerprint is what ssh-keygen -l prints of it.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn options_limit_sources_and_time() {
    let file = format!(
        "from=\"10.1.0.0/16,10.9.1.7,172.16.*,!10.1.1.1,bastion.example\",expiry-time=\"20260331\",restrict {KEY}\n{KEY} a comment, from=\"x\"\n\
         expiry-time=\"20260401120000Z\",expiry-time=\"20260301\",from=\"*\" {KEY}\nexpiry-time=\"soon\" {KEY}\n"
    );
    let absent = ("root/.ssh", "!absent");
    let files =
        [PASSWD, SSHD[0], SSHD[1], absent, ("home/ann/.ssh/authorized_keys", file.as_str()), ("home/ann/.ssh/authorized_keys2", "!absent")];
    let fingerprint = printed(KEY).1;
    let found = rows(&files, "authorized-keys", COLUMNS);
    let row = |rest: &str| format!("account=ann fingerprint={fingerprint} type=ssh-ed25519 bits=256 {rest}");
    assert_eq!(
        found,
        [
            row("sources=[10.1.0.0/16, 10.9.1.7/32, 172.16.0.0/16, ?(bastion.example)] expires=2026-03-31 \
                 options=[from=\"10.1.0.0/16,10.9.1.7,172.16.*,!10.1.1.1,bastion.example\", expiry-time=\"20260331\", restrict]"),
            row("sources=[0.0.0.0/0, ::/0] expires=never options=[]"),
            row("sources=[0.0.0.0/0, ::/0] expires=2026-03-01 \
                 options=[expiry-time=\"20260401120000Z\", expiry-time=\"20260301\", from=\"*\"]"),
            row("sources=[0.0.0.0/0, ::/0] expires=?not-understood options=[expiry-time=\"soon\"]"),
        ]
    );
}

#[test]
fn files_that_were_not_collected_are_gaps() {
    let root = ("root/.ssh/authorized_keys", KEY);
    let found = rows(&[PASSWD, SSHD[0], SSHD[1], root], "authorized-keys", &["account", "type"]);
    assert_eq!(found, ["account=root type=ssh-ed25519", "gap account=ann type=?not-collected", "gap account=ann type=?not-collected",]);
    assert_eq!(rows(&[PASSWD, SSHD[0], SSHD[1]], "authorized-keys", &["account"]), [""; 0], "optional: nothing seen");
}

#[test]
fn sshd_says_where_keys_are() {
    let config = [("etc/ssh/sshd_config", "AuthorizedKeysFile /etc/ssh/keys/%u\nAuthorizedKeysCommand /bin/keys\n"), SSHD[1]];
    let files = [PASSWD, config[0], config[1], ("etc/ssh/keys/ann", KEY), ("etc/ssh/keys/root", "!absent"), ("home/ann/.ssh", "!absent")];
    let found = rows(&files, "authorized-keys", &["account", "type"]);
    assert_eq!(found[0], "account=ann type=ssh-ed25519");
    assert_eq!(found.last().map(String::as_str), Some("gap account=?not-in-files type=?not-in-files"));
}

#[test]
fn what_was_denied_is_a_gap_and_what_is_absent_is_not() {
    let homes = [("root/.ssh", "!absent"), ("home/ann/.ssh", "!absent")];
    let denied = [PASSWD, SSHD[0], SSHD[1], ("root/.ssh/authorized_keys", "!denied"), ("root/.ssh/authorized_keys2", "!absent"), homes[1]];
    assert_eq!(rows(&denied, "authorized-keys", &["account", "type"]), ["gap account=root type=?denied"]);
    assert_eq!(rows(&[PASSWD, SSHD[0], SSHD[1], homes[0], homes[1]], "authorized-keys", &["account"]), [""; 0]);
}
