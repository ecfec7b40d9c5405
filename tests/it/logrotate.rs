//! logrotate's tables against logrotate -d, logrotate(8) and the traps of the catalogue.

use std::fmt::Write as _;
use std::process::Command;

use crate::support::rows;

const SUMMARY: &[&str] = &["path", "trigger", "period", "count", "retention", "bounded-by"];

/// The summary of the blocks of a configuration.
fn summary(conf: &str) -> Vec<String> {
    rows(&[("etc/logrotate.conf", conf), ("etc/cron.daily/logrotate", "!absent")], "logrotate", SUMMARY)
}

/// The summary of one block.
#[track_caller]
fn check(block: &str, expected: &str) {
    assert_eq!(summary(&format!("/x {{\n{block}\n}}\n")), [format!("path=/x {expected}")], "{block}");
}

#[test]
fn the_last_of_size_and_period_holds() {
    check("size 10M\nweekly\nrotate 27", "trigger=time period=7d count=27 retention=189d bounded-by=time");
    check("weekly\nsize 10M\nrotate 27", "trigger=size period=- count=27 retention=0s bounded-by=size");
    check("daily\nmonthly\nrotate 7", "trigger=time period=28d count=7 retention=212d bounded-by=time");
}

#[test]
fn guarantees_follow_the_catalogue() {
    check("weekly\nrotate 26", "trigger=time period=7d count=26 retention=182d bounded-by=time");
    check("monthly\nrotate 6", "trigger=time period=28d count=6 retention=181d bounded-by=time");
    check("daily\nrotate 184", "trigger=time period=1d count=184 retention=184d bounded-by=time");
    check("yearly\nrotate 1", "trigger=time period=365d count=1 retention=365d bounded-by=time");
    check("hourly\nrotate 48", "trigger=time period=1h count=48 retention=2d bounded-by=time");
    check("weekly\nrotate 52\nmaxage 100", "trigger=time period=7d count=52 retention=100d bounded-by=time");
    check("weekly\nrotate -1", "trigger=time period=7d count=unlimited retention=unlimited bounded-by=nothing");
    check("weekly\nrotate -1\nmaxage 184", "trigger=time period=7d count=unlimited retention=184d bounded-by=time");
    check("weekly\nrotate 0", "trigger=time period=7d count=0 retention=0s bounded-by=time");
    check("weekly\nrotate 52\nmaxsize 1G", "trigger=both period=7d count=52 retention=0s bounded-by=both");
    check("weekly\nrotate 27\nminsize 1G", "trigger=time period=7d count=27 retention=189d bounded-by=time");
    check("weekly\nrotate 27\nmaxage 0", "trigger=time period=7d count=27 retention=189d bounded-by=time");
}

#[test]
fn an_absent_rotate_keeps_nothing() {
    check("weekly", "trigger=time period=7d count=0 retention=0s bounded-by=time");
    // Without any criterion `logrotate -d` says `1048576 bytes`.
    check("rotate 9", "trigger=size period=- count=9 retention=0s bounded-by=size");
}

#[test]
fn globals_hold_from_where_they_stand_and_leak_out_of_includes() {
    let files = [
        ("etc/logrotate.conf", "weekly\nrotate 4\n/a {\n}\ninclude /etc/logrotate.d\n/z {\n}\n"),
        ("etc/logrotate.d", "!directory"),
        ("etc/logrotate.d/10-b", "/b {\n}\nmonthly\nrotate 7\n"),
        ("etc/logrotate.d/20-c", "/c {\n rotate 6\n}\n"),
    ];
    let expected = [
        "path=/a period=7d count=4 retention=28d retention@=28d@etc/logrotate.conf:2 block=etc/logrotate.conf",
        "path=/b period=7d count=4 retention=28d retention@=28d@etc/logrotate.conf:2 block=etc/logrotate.d/10-b",
        "path=/c period=28d count=6 retention=181d retention@=181d@etc/logrotate.d/20-c:2 block=etc/logrotate.d/20-c",
        "path=/z period=28d count=7 retention=212d retention@=212d@etc/logrotate.d/10-b:4 block=etc/logrotate.conf",
    ]
    .map(|line| line.replace("retention@=", "retention="));
    let shown = rows(&files, "logrotate", &["path", "period", "count", "retention", "retention@", "block"]);
    assert_eq!(shown, expected);
}

#[test]
fn an_included_file_with_an_error_changes_nothing_after_it() {
    // `logrotate -d`: bad rotation count 'x', found error in file 10-b, skipping; the file's earlier block stays.
    let files = [
        ("etc/logrotate.conf", "weekly\nrotate 2\ninclude /etc/logrotate.d\n/z {\n}\n"),
        ("etc/logrotate.d", "!directory"),
        ("etc/logrotate.d/10-b", "monthly\nrotate 9\n/b {\n}\n/c {\n rotate x\n}\n/d {\n}\n"),
    ];
    let expected = [
        "path=/b count=9 retention=273d active=true",
        "path=/c count=?not-understood retention=?not-understood active=?not-understood",
        "path=/d count=9 retention=273d active=true",
        "path=/z count=2 retention=14d active=true",
    ];
    assert_eq!(rows(&files, "logrotate", &["path", "count", "retention", "active"]), expected);
}

#[test]
fn taboo_files_are_not_read() {
    let block = |name: &str| format!("/{name} {{\n daily\n rotate 1\n}}\n");
    let names = ["a", "a.bak", "a.rpmsave", "a.rpmnew", "a.dpkg-old", "a.swp", "a~", ".a.swp", "a.rhn-cfg-tmp-1", "a.x", "b"];
    let contents: Vec<(String, String)> = names.iter().map(|name| (format!("etc/logrotate.d/{name}"), block(name))).collect();
    let read = |conf: &str| {
        let mut files = vec![("etc/logrotate.conf", conf), ("etc/logrotate.d", "!directory")];
        files.extend(contents.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        rows(&files, "logrotate", &["path"]).join(" ")
    };
    // fnmatch(3) lets no `*` match a leading dot, and logrotate asks it to: `.a.swp` is read.
    assert_eq!(read("include /etc/logrotate.d\n"), "path=/.a.swp path=/a path=/a.x path=/b");
    assert_eq!(read("tabooext + .x\ninclude /etc/logrotate.d\n"), "path=/.a.swp path=/a path=/b");
    assert_eq!(read("tabooext .x, b\ntaboopat + a.*\ninclude /etc/logrotate.d\n"), "path=/.a.swp path=/a path=/a~");
}

#[test]
fn the_second_block_for_a_log_is_ignored() {
    let files = [
        ("etc/logrotate.conf", "include /etc/logrotate.d\n"),
        ("etc/logrotate.d", "!directory"),
        ("etc/logrotate.d/a", "/var/log/x /var/log/*.log {\n daily\n rotate 5\n}\n"),
        ("etc/logrotate.d/b", "/var/log/x \"/var/log/y.log\" /var/log/z {\n daily\n rotate 500\n}\n"),
    ];
    let expected = [
        "path=/var/log/x retention=5d active=true shadowed-by=-",
        "path=/var/log/*.log retention=5d active=true shadowed-by=-",
        "path=/var/log/x retention=500d active=false shadowed-by=etc/logrotate.d/a",
        "path=/var/log/y.log retention=500d active=false shadowed-by=etc/logrotate.d/a",
        "path=/var/log/z retention=500d active=true shadowed-by=-",
    ];
    assert_eq!(rows(&files, "logrotate", &["path", "retention", "active", "shadowed-by"]), expected);
}

#[test]
fn names_of_dates_must_sort() {
    let shown =
        |block: &str| rows(&[("etc/logrotate.conf", &format!("/x {{\n{block}\n}}\n"))], "logrotate", &["retention", "sorts-by-time"]);
    assert_eq!(shown("daily\nrotate 184\ndateext"), ["retention=184d sorts-by-time=true"]);
    assert_eq!(shown("daily\nrotate 184\ndateext\ndateformat -%Y%m%d.%H"), ["retention=184d sorts-by-time=true"]);
    assert_eq!(shown("daily\nrotate 184\ndateext\ndateformat -%d%m%Y"), ["retention=0s sorts-by-time=false"]);
    assert_eq!(shown("daily\nrotate 184\ndateformat -%d%m%Y"), ["retention=184d sorts-by-time=true"]);
    assert_eq!(shown("daily\nrotate -1\ndateext\ndateformat -%d%m%Y"), ["retention=unlimited sorts-by-time=false"]);
}

#[test]
fn scripts_and_comments_decide_nothing() {
    check(
        "weekly\nrotate 27\n# rotate 1\npostrotate\n rotate 2\n size 1k\nendscript",
        "trigger=time period=7d count=27 retention=189d bounded-by=time",
    );
}

#[test]
fn what_was_not_collected_leaves_a_gap() {
    let main = ("etc/logrotate.conf", "weekly\nrotate 52\ninclude /etc/logrotate.d\n/z {\n}\n");
    assert_eq!(
        rows(&[main], "logrotate", &["path", "retention"]),
        ["path=/z retention=364d", "gap path=?not-collected retention=?not-collected"]
    );
    let denied = [main, ("etc/logrotate.d", "!directory"), ("etc/logrotate.d/a", "!denied")];
    assert_eq!(rows(&denied, "logrotate", &["path"]), ["path=/z", "gap path=?denied"]);
    let truncated = [("etc/logrotate.conf", "!truncated /z {\n weekly\n")];
    assert_eq!(rows(&truncated, "logrotate", &["path"]), ["path=/z", "gap path=?truncated"]);
    assert_eq!(rows(&[("etc/logrotate.conf", "!absent")], "logrotate", &["path"]), [""; 0]);
    let only_block = [("etc/logrotate.d/a", "/x {\n daily\n}\n")];
    assert_eq!(rows(&only_block, "logrotate", &["path"]), ["path=/x", "gap path=?not-collected"]);
}

const NO_CRON: &[(&str, &str)] = &[
    ("etc/cron.hourly", "!absent"),
    ("etc/cron.weekly", "!absent"),
    ("etc/cron.monthly", "!absent"),
    ("etc/cron.d", "!absent"),
    ("etc/crontab", "!absent"),
];

/// The jobs of a host with these files and without other cron files.
fn jobs(files: &[(&str, &str)]) -> Vec<String> {
    let all: Vec<(&str, &str)> =
        [("etc/logrotate.conf", "/x {\n hourly\n rotate 184\n}\n")].iter().chain(NO_CRON).chain(files).copied().collect();
    let mut shown = rows(&all, "log-rotation-jobs", &["job", "enabled", "period"]);
    shown.extend(rows(&all, "logrotate", &["retention"]));
    shown
}

#[test]
fn hourly_needs_an_hourly_run() {
    let script = "#!/bin/sh\n/usr/sbin/logrotate /etc/logrotate.conf\n";
    let no_timer = [("etc/systemd/system/timers.target.wants", "!absent")];
    let daily = [("etc/cron.daily/logrotate", script), no_timer[0]];
    assert_eq!(jobs(&daily), ["job=etc/cron.daily/logrotate enabled=true period=1d", "retention=184d"]);
    let both = [daily[0], daily[1], ("etc/crontab", "#1 1 * * * root logrotate\n0 * * * * root /usr/sbin/logrotate /etc/logrotate.conf\n")];
    let both: Vec<(&str, &str)> = both.to_vec();
    let files: Vec<(&str, &str)> = NO_CRON.iter().filter(|(path, _)| *path != "etc/crontab").chain(&both).copied().collect();
    let files = [files, vec![("etc/logrotate.conf", "/x {\n hourly\n rotate 184\n}\n")]].concat();
    assert_eq!(rows(&files, "logrotate", &["retention"]), ["retention=184h"]);
    let none = [("etc/cron.daily", "!absent"), no_timer[0]];
    assert_eq!(jobs(&none)[0], "job=none enabled=false period=-");
}

#[test]
fn the_timer_is_enabled_by_its_link() {
    // Debian's cron script leaves the work to systemd, and its package enables the timer.
    let script = "#!/bin/sh\n# skip\nif [ -d /run/systemd/system ]; then\n exit 0\nfi\n/usr/sbin/logrotate /etc/logrotate.conf\n";
    let unit = "[Timer]\nOnCalendar=daily\nAccuracySec=1h\n";
    let wants = "etc/systemd/system/timers.target.wants";
    let debian = [
        ("etc/cron.daily/logrotate", script),
        (wants, "!directory"),
        ("etc/systemd/system/timers.target.wants/logrotate.timer", "-> /lib/systemd/system/logrotate.timer"),
        ("lib/systemd/system/logrotate.timer", unit),
    ];
    let expected = ["job=etc/cron.daily/logrotate enabled=false period=1d", "job=logrotate.timer enabled=true period=1d", "retention=184d"];
    assert_eq!(jobs(&debian), expected);
    let hourly = [&debian[..], &[("etc/systemd/system/logrotate.timer.d/a.conf", "[Timer]\nOnCalendar=\nOnCalendar=hourly\n")]].concat();
    assert_eq!(jobs(&hourly)[1..], ["job=logrotate.timer enabled=true period=1h", "retention=184h"]);
    let off = [("etc/cron.daily", "!absent"), (wants, "!directory"), ("lib/systemd/system/logrotate.timer", unit)];
    assert_eq!(jobs(&off)[0], "job=logrotate.timer enabled=false period=1d");
}

/// Directives that are tried in every ordered pair: one outside of the block before it, one inside.
const DIRECTIVES: &[&str] = &[
    "hourly",
    "daily",
    "weekly",
    "weekly 3",
    "monthly",
    "yearly",
    "size 10M",
    "size = 100k",
    "maxsize 5M",
    "minsize 1M",
    "rotate 7",
    "rotate=-1",
    "rotate 0",
    "rotate 010",
    "maxage 30",
    "nodateext",
    "missingok daily",
];

/// One configuration of a block per ordered pair: what stands outside holds for all that follows.
fn pairs() -> String {
    let mut conf = String::new();
    for (outer, outside) in DIRECTIVES.iter().enumerate() {
        for (inner, inside) in DIRECTIVES.iter().enumerate() {
            let _ = writeln!(conf, "{outside}\n/nowhere/{outer}-{inner} {{\n {inside}\n}}");
        }
    }
    conf
}

/// What `logrotate -d` prints of a pattern, in the words of our table: criterion, count, whether a size can come first.
fn understood(line: &str) -> Option<String> {
    let (path, rest) = line.strip_prefix("rotating pattern: ")?.split_once(' ')?;
    let rest = rest.trim();
    let criterion = match rest.split_ascii_whitespace().next()? {
        "after" => "daily",
        number if number.starts_with(|first: char| first.is_ascii_digit()) => "size",
        word => word,
    };
    let count = match rest.split_once('(') {
        Some((_, text)) if text.starts_with("no old logs") => "0",
        Some((_, text)) => text.split(' ').next()?,
        None => "all",
    };
    Some(format!("{path} {criterion} {count}"))
}

/// The same of our rows.
fn ours(conf: &str) -> Vec<String> {
    let rows = rows(&[("etc/logrotate.conf", conf)], "logrotate", &["path", "trigger", "period", "count"]);
    let short = |row: &String| {
        let row = row.replace("path=", "").replace("count=unlimited", "count=all");
        let fields: Vec<&str> = row.split(' ').collect();
        let criterion = match (fields[1], fields[2]) {
            ("trigger=size", _) => "size",
            (_, "period=1h") => "hourly",
            (_, "period=1d") => "daily",
            (_, "period=7d") => "weekly",
            (_, "period=28d") => "monthly",
            (_, "period=365d") => "yearly",
            (_, other) => other,
        };
        format!("{} {criterion} {}", fields[0], fields[3].replace("count=", ""))
    };
    rows.iter().map(short).collect()
}

#[test]
fn every_pair_of_directives_means_what_logrotate_says() {
    let recorded: Vec<&str> = include_str!("logrotate-3.21.0.txt").lines().collect();
    let conf = pairs();
    assert_eq!(recorded.len(), DIRECTIVES.len() * DIRECTIVES.len());
    assert_eq!(ours(&conf), recorded);
    // Where logrotate is installed, the record is checked against it.
    let directory = std::env::temp_dir().join(format!("logrotate-pairs-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("the temporary directory can be written");
    let file = directory.join("conf");
    std::fs::write(&file, &conf).expect("the temporary directory can be written");
    let output = Command::new("/usr/sbin/logrotate").arg("-d").arg("-s").arg(directory.join("state")).arg(&file).output();
    std::fs::remove_dir_all(&directory).expect("the temporary directory is ours");
    let Ok(output) = output else { return };
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let live: Vec<String> = text.lines().filter_map(understood).collect();
    assert_eq!(live, recorded);
}
