//! journald's settings against journald.conf(5) and the order that systemd-analyze shows.

use std::process::Command;

use crate::support::rows;

const ETC: &str = "etc/systemd/journald.conf";
/// Proof that no other directory has drop-ins.
const NO_DROP_INS: [(&str, &str); 4] = [
    ("etc/systemd/journald.conf.d", "!directory"),
    ("run/systemd/journald.conf.d", "!absent"),
    ("usr/local/lib/systemd/journald.conf.d", "!absent"),
    ("usr/lib/systemd/journald.conf.d", "!directory"),
];

/// The rows of settings, picked by name.
fn settings(files: &[(&str, &str)], names: &[&str], columns: &[&str]) -> Vec<String> {
    let all: Vec<(&str, &str)> = NO_DROP_INS.iter().chain(files).copied().collect();
    let picked = |row: &String| names.iter().any(|name| row.starts_with(&format!("name={name} "))) || row.starts_with("gap");
    rows(&all, "journald", &[&["name"], columns].concat()).into_iter().filter(picked).collect()
}

#[test]
fn defaults_are_systemds() {
    // Values of the commented lines of /etc/systemd/journald.conf as Debian 12 ships it.
    let files = [(ETC, "[Journal]\n#Storage=none\n"), ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")];
    let all: Vec<(&str, &str)> = NO_DROP_INS.iter().chain(&files).copied().collect();
    let expected = [
        "name=Compress value=yes number=- on=true duration=- size=- origin=default",
        "name=ForwardToSyslog value=yes number=- on=true duration=- size=- origin=default",
        "name=MaxFileSec value=1month number=- on=- duration=43830m size=- origin=default",
        "name=MaxLevelStore value=debug number=- on=- duration=- size=- origin=default",
        "name=MaxRetentionSec value=0 number=- on=- duration=unlimited size=- origin=default",
        "name=RateLimitBurst value=10000 number=10000 on=- duration=- size=- origin=default",
        "name=RateLimitIntervalSec value=30s number=- on=- duration=30s size=- origin=default",
        "name=Seal value=yes number=- on=true duration=- size=- origin=default",
        "name=Storage value=auto number=- on=- duration=- size=- origin=default",
        "name=SystemKeepFree value=15% (at most 4G) number=- on=- duration=- size=- origin=default",
        "name=SystemMaxFiles value=100 number=100 on=- duration=- size=- origin=default",
        "name=SystemMaxUse value=10% (at most 4G) number=- on=- duration=- size=- origin=default",
    ];
    assert_eq!(rows(&all, "journald", &["name", "value", "number", "on", "duration", "size", "origin"]), expected);
}

#[test]
fn defaults_that_depend_on_the_version_are_both_named() {
    let shown = |release| settings(&[(ETC, ""), ("etc/os-release", release)], &["ForwardToSyslog", "RateLimitBurst"], &["on", "number"]);
    let unknown = [
        "name=ForwardToSyslog on=?version-not-known(true|false) number=-",
        "name=RateLimitBurst on=- number=?version-not-known(1000|10000)",
    ];
    assert_eq!(shown("ID=arch\n"), unknown);
    assert_eq!(shown("ID=rhel\nVERSION_ID=7.9\n"), ["name=ForwardToSyslog on=true number=-", "name=RateLimitBurst on=- number=1000"]);
    assert_eq!(
        shown("ID=rocky\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=9.4\n"),
        ["name=ForwardToSyslog on=false number=-", "name=RateLimitBurst on=- number=10000"]
    );
}

#[test]
fn drop_ins_override_the_main_file_and_the_last_name_wins() {
    let files = [
        (ETC, "[Journal]\nStorage=none\nMaxRetentionSec=30d\n"),
        ("etc/systemd/journald.conf.d/50-a.conf", "[Journal]\nStorage=persistent\n"),
        ("usr/lib/systemd/journald.conf.d/50-a.conf", "[Journal]\nMaxRetentionSec=1d\n"),
        ("usr/lib/systemd/journald.conf.d/90-z.conf", "[Journal]\nMaxRetentionSec=6month\n[Other]\nStorage=volatile\n"),
        ("etc/systemd/journald.conf.d/99-z.conf.bak", "[Journal]\nStorage=none\n"),
    ];
    let expected = [
        "name=MaxRetentionSec value=6month@usr/lib/systemd/journald.conf.d/90-z.conf:2 duration=263h",
        "name=Storage value=persistent@etc/systemd/journald.conf.d/50-a.conf:2 duration=-",
    ];
    let shown = settings(&files, &["Storage", "MaxRetentionSec"], &["value@", "duration"]);
    // 15 778 800 s, the output of `systemd-analyze timespan 6month`, are 182.625 days, below 184.
    assert_eq!(shown, [expected[0].replace("263h", "4383h"), expected[1].to_owned()]);
}

#[test]
fn a_masked_name_adds_nothing() {
    let files = [
        (ETC, "[Journal]\nStorage=persistent\n"),
        ("etc/systemd/journald.conf.d/90-z.conf", "-> /dev/null"),
        ("usr/lib/systemd/journald.conf.d/90-z.conf", "[Journal]\nStorage=volatile\n"),
    ];
    assert_eq!(settings(&files, &["Storage"], &["value@"]), ["name=Storage value=persistent@etc/systemd/journald.conf:2"]);
}

#[test]
fn what_journald_does_not_accept_changes_nothing() {
    let text = "Storage=persistent\n[Journal]\nStorage=volatile\nStorage=Persistent\nMaxRetentionSec=six months\nSystemMaxUse=4GB\nRateLimitInterval=0\nRateLimitBurst=0\n";
    let names = ["Storage", "MaxRetentionSec", "SystemMaxUse", "RateLimitIntervalSec", "RateLimitBurst"];
    let files = [(ETC, text), ("etc/os-release", "ID=debian\nVERSION_ID=12\n")];
    let expected = [
        "name=MaxRetentionSec value=0@default number=- duration=unlimited",
        "name=RateLimitBurst value=0@etc/systemd/journald.conf:8 number=unlimited duration=-",
        "name=RateLimitIntervalSec value=0@etc/systemd/journald.conf:7 number=- duration=0s",
        "name=Storage value=volatile@etc/systemd/journald.conf:3 number=- duration=-",
        "name=SystemMaxUse value=10% (at most 4G)@default number=- duration=-",
    ];
    assert_eq!(settings(&files, &names, &["value@", "number", "duration"]), expected);
}

#[test]
fn an_emptied_setting_is_one_of_two() {
    let files = [(ETC, "[Journal]\nMaxRetentionSec=30d\n"), ("etc/systemd/journald.conf.d/a.conf", "[Journal]\nMaxRetentionSec=\n")];
    assert_eq!(settings(&files, &["MaxRetentionSec"], &["duration"]), ["name=MaxRetentionSec duration=?version-not-known(30d|unlimited)"]);
}

#[test]
fn what_was_not_collected_leaves_a_gap() {
    let shown = rows(&[(ETC, "[Journal]\nStorage=persistent\n")], "journald", &["name", "value"]);
    assert_eq!(shown.iter().filter(|row| row.starts_with("gap name=?not-collected value=?not-collected")).count(), 4);
    assert!(shown.contains(&"name=Storage value=persistent".to_owned()));
    assert_eq!(settings(&[(ETC, "!denied")], &[], &["value"]), ["gap name=?denied value=?denied"]);
    assert_eq!(settings(&[(ETC, "!truncated [Journal]\nSto")], &[], &["value"]), ["gap name=?truncated value=?truncated"]);
    assert_eq!(rows(&[], "journald", &["name"]), [""; 0]);
}

#[test]
fn the_order_of_files_is_that_of_systemd_analyze() {
    let files = [
        ("etc/systemd/journald.conf", "main"),
        ("etc/systemd/journald.conf.d/20-b.conf", "etc-20"),
        ("run/systemd/journald.conf.d/20-b.conf", "run-20"),
        ("run/systemd/journald.conf.d/30-c.conf", "run-30"),
        ("usr/local/lib/systemd/journald.conf.d/10-a.conf", "local-10"),
        ("usr/lib/systemd/journald.conf.d/10-a.conf", "lib-10"),
        ("usr/lib/systemd/journald.conf.d/40-d.conf", "lib-40"),
        ("etc/systemd/journald.conf.d/notes.txt", "text"),
    ];
    let recorded = ["main", "local-10", "etc-20", "run-30", "lib-40"];
    // Each file sets the level that stands for its place, so that what wins among the first n files shows the order.
    let levels = ["emerg", "alert", "crit", "err", "warning"];
    for last in 0..recorded.len() {
        let written: Vec<(&str, String)> = files
            .iter()
            .filter_map(|(path, mark)| {
                let place = recorded.iter().position(|it| it == mark);
                let hidden = place.is_none() && !path.ends_with(".txt");
                (place.is_some_and(|place| place <= last) || (hidden && last >= 2))
                    .then(|| (*path, format!("[Journal]\nMaxLevelStore={}\n", place.map_or("debug", |place| levels[place]))))
            })
            .collect();
        let directories = NO_DROP_INS.iter().map(|(path, _)| (*path, "!directory"));
        let all: Vec<(&str, &str)> = written.iter().map(|(path, text)| (*path, text.as_str())).chain(directories).collect();
        let shown = rows(&all, "journald", &["name", "value"]);
        assert!(shown.contains(&format!("name=MaxLevelStore value={}", levels[last])), "{last}: {shown:?}");
    }
    let root = std::env::temp_dir().join(format!("journald-order-{}", std::process::id()));
    for (path, mark) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("the path has a directory")).expect("the temporary directory can be written");
        std::fs::write(path, format!("# {mark}\n")).expect("the temporary directory can be written");
    }
    let output =
        Command::new("systemd-analyze").arg(format!("--root={}", root.display())).args(["cat-config", "systemd/journald.conf"]).output();
    std::fs::remove_dir_all(&root).expect("the temporary directory is ours");
    let Ok(output) = output else { return };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let live: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| !line.starts_with('/')).collect();
    assert_eq!(live, recorded);
}
