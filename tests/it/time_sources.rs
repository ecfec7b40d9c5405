//! Time servers: includes and directories, keys, which daemon starts.
//!
//! What chrony reads and in which order was seen with `chronyd -p` of chrony 4.3; ntpd is ntp.conf(5), timesyncd timesyncd.conf(5).

use crate::support::rows;

const CHRONYD: (&str, &str) = ("etc/systemd/system/multi-user.target.wants/chronyd.service", "-> /usr/lib/systemd/system/chronyd.service");
const TIMESYNCD: (&str, &str) =
    ("etc/systemd/system/sysinit.target.wants/systemd-timesyncd.service", "-> /usr/lib/systemd/system/systemd-timesyncd.service");

/// The rows, everything that is not given proven absent.
fn of(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![("etc/systemd/system", "!directory")];
    all.extend(
        ["etc/chrony.conf", "etc/chrony", "etc/ntp.conf", "etc/ntpsec", "run", "usr", "etc/systemd/timesyncd.conf"]
            .map(|it| (it, "!absent")),
    );
    all.push(("etc/systemd/timesyncd.conf.d", "!absent"));
    all.retain(|(path, _)| !files.iter().any(|(given, _)| given == path || given.starts_with(&format!("{path}/"))));
    all.extend_from_slice(files);
    shown(&all)
}

fn shown(files: &[(&str, &str)]) -> Vec<String> {
    rows(files, "time-sources", &["server@", "protocol", "authenticated", "enabled"])
}

#[test]
fn chrony_is_read_with_all_that_it_includes() {
    let main = "! c\n  ; c\n% c\n# server no\nSERVER up iburst\nconfdir /etc/a /etc/b\nsourcedir /etc/s\nkeyfile /etc/chrony.keys\nrefclock PHC /dev/ptp0 poll 3\ninclude /etc/i/*.x\n";
    let files = [
        ("etc/chrony.conf", main),
        ("etc/a/10.conf", "server a1 key 1\n"),
        ("etc/b/10.conf", "server hidden\n"),
        ("etc/b/05.conf", "server b2 noselect\n"),
        ("etc/s/x.sources", "server s1 nts\npool s2\n"),
        ("etc/s/x.conf", "server no\n"),
        ("etc/i/1.x", "peer i1\n"),
        CHRONYD,
    ];
    assert_eq!(
        of(&files),
        [
            "server=up@etc/chrony.conf:5 protocol=ntp authenticated=false enabled=true",
            "server=b2@etc/b/05.conf:1 protocol=ntp authenticated=false enabled=false",
            "server=a1@etc/a/10.conf:1 protocol=ntp authenticated=true enabled=true",
            "server=s1@etc/s/x.sources:1 protocol=nts authenticated=true enabled=true",
            "server=s2@etc/s/x.sources:2 protocol=ntp authenticated=false enabled=true",
            "server=PHC /dev/ptp0@etc/chrony.conf:9 protocol=reference-clock authenticated=- enabled=true",
            "server=i1@etc/i/1.x:1 protocol=ntp authenticated=false enabled=true",
        ]
    );
}

#[test]
fn a_key_needs_a_file_of_keys() {
    let keyed = of(&[("etc/chrony/chrony.conf", "server a key 1\n"), CHRONYD]);
    assert_eq!(keyed, ["server=a@etc/chrony/chrony.conf:1 protocol=ntp authenticated=false enabled=true"]);
}

#[test]
fn ntpd_trusts_only_what_is_trusted() {
    let text = "keys /etc/ntp/keys # k\ntrustedkey 1 (4 ... 6)\nserver -4 a key 1\nserver b key 2\nserver c key 5\nserver d autokey\n\
        server 127.127.1.0\npool e iburst # server f\n";
    let unit = ("etc/systemd/system/multi-user.target.wants/ntpd.service", "-> /usr/lib/systemd/system/ntpd.service");
    assert_eq!(
        of(&[("etc/ntp.conf", text), unit]),
        [
            "server=a@etc/ntp.conf:3 protocol=ntp authenticated=true enabled=true",
            "server=b@etc/ntp.conf:4 protocol=ntp authenticated=false enabled=true",
            "server=c@etc/ntp.conf:5 protocol=ntp authenticated=true enabled=true",
            "server=d@etc/ntp.conf:6 protocol=ntp authenticated=false enabled=true",
            "server=127.127.1.0@etc/ntp.conf:7 protocol=reference-clock authenticated=- enabled=true",
            "server=e@etc/ntp.conf:8 protocol=ntp authenticated=false enabled=true",
        ]
    );
}

#[test]
fn timesyncd_collects_lists_and_falls_back() {
    let main = ("etc/systemd/timesyncd.conf", "[Time]\nNTP=a b\n#NTP=no\n[Other]\nNTP=no\n");
    let more = ("etc/systemd/timesyncd.conf.d/10.conf", "[Time]\nNTP=c\n");
    let less = ("etc/systemd/timesyncd.conf.d/20.conf", "[Time]\nNTP=\nFallbackNTP=f\n");
    let row = |server: &str| format!("server={server} protocol=sntp authenticated=false enabled=true");
    let (a, b) = (row("a@etc/systemd/timesyncd.conf:2"), row("b@etc/systemd/timesyncd.conf:2"));
    assert_eq!(of(&[main, more, TIMESYNCD]), [a, b, row("c@etc/systemd/timesyncd.conf.d/10.conf:2")]);
    assert_eq!(of(&[main, more, less, TIMESYNCD]), [row("f@etc/systemd/timesyncd.conf.d/20.conf:3")]);
    let ubuntu = ("etc/os-release", "ID=ubuntu\nVERSION_ID=24.04\n");
    assert_eq!(of(&[("etc/systemd/timesyncd.conf", "[Time]\n"), ubuntu, TIMESYNCD]), [row("ntp.ubuntu.com@default")]);
}

#[test]
fn a_daemon_that_does_not_start_asks_nobody() {
    let files = [("etc/chrony.conf", "server a\n"), ("etc/systemd/timesyncd.conf", "[Time]\nNTP=b\n"), TIMESYNCD];
    assert_eq!(
        of(&files),
        [
            "server=a@etc/chrony.conf:1 protocol=ntp authenticated=false enabled=false",
            "server=b@etc/systemd/timesyncd.conf:2 protocol=sntp authenticated=false enabled=true",
        ]
    );
    assert_eq!(of(&[]), [""; 0], "nothing is configured, and that is proven");
}

#[test]
fn what_was_not_collected_could_ask_others() {
    let dhcp = [("etc/chrony.conf", "server a\nsourcedir /run/chrony-dhcp\n"), CHRONYD];
    assert_eq!(
        shown(&dhcp),
        [
            "server=a@etc/chrony.conf:1 protocol=ntp authenticated=false enabled=true",
            "gap server=?not-collected@nothing protocol=?not-collected authenticated=?not-collected enabled=?not-collected",
        ]
    );
    let without_units = [("etc/chrony.conf", "server a\n"), ("etc/ntp.conf", "!absent"), ("etc/ntpsec", "!absent")];
    assert_eq!(
        shown(&without_units),
        [
            "server=a@etc/chrony.conf:1 protocol=ntp authenticated=false enabled=?not-collected",
            "gap server=?not-collected@nothing protocol=?not-collected authenticated=?not-collected enabled=?not-collected",
        ]
    );
    assert_eq!(shown(&[("etc/hosts", "")]).len(), 1);
    let truncated = of(&[("etc/chrony.conf", "!truncated server a\n"), CHRONYD]);
    assert!(truncated[1].starts_with("gap server=?truncated"), "{truncated:?}");
}
