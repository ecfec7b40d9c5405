//! What a real rsyslogd does with a configuration, compared with its routes. Nothing is compared where it is not installed.

use std::collections::BTreeMap;
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jixian::facts::Value;
use jixian::facts::rsyslog::routes::{Certainty, Destination};

use super::generator::Generator;
use super::{LOCAL, place, with_routes};

/// Facilities and severities that are sent to the real program.
const SENT: &[(u8, u8)] = &[(0, 6), (1, 6), (3, 5), (4, 3), (4, 6), (4, 7), (9, 6), (10, 6), (16, 4), (16, 6), (23, 6)];

/// Programs that send each of them.
const PROGRAMS: &[&str] = &["prog", "sshd"];

/// A directory that goes away.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running rsyslogd, which is stopped and writes what it still holds.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        _ = Command::new("kill").arg(self.0.id().to_string()).status();
        _ = self.0.wait();
    }
}

/// Where rsyslogd is, if it is installed.
fn rsyslogd() -> Option<&'static str> {
    ["/usr/sbin/rsyslogd", "/sbin/rsyslogd"].into_iter().find(|path| Path::new(path).exists())
}

/// What a real rsyslogd wrote into a file.
#[derive(Debug, Default)]
struct Written {
    /// Tags of messages: `4.6-sshd`.
    tags: Vec<String>,
    mode: u32,
}

/// What a real rsyslogd writes with these files; the first is the main one, OUT in them is the directory of logs, CONF their own.
fn written(daemon: &str, port: u16, files: &[(&str, &str)]) -> BTreeMap<String, Written> {
    let scratch = Scratch(std::env::temp_dir().join(format!("jixian-rsyslog-{}-{port}", std::process::id())));
    let (out, conf) = (scratch.0.join("out"), scratch.0.join("conf"));
    for directory in [&out, &conf] {
        std::fs::create_dir_all(directory).expect("a scratch directory");
    }
    let probe = out.join("probe");
    let head = format!(
        "global(workDirectory=\"{0}\")\nmodule(load=\"imudp\")\ninput(type=\"imudp\" address=\"127.0.0.1\" port=\"{port}\")\n\
         if $programname == \"probe\" then {{\n action(type=\"omfile\" file=\"{1}\")\n stop\n}}\n",
        scratch.0.display(),
        probe.display()
    );
    for (at, (path, text)) in files.iter().enumerate() {
        let text = text.replace("OUT", &out.display().to_string()).replace("CONF", &conf.display().to_string());
        let text = if at == 0 { format!("{head}{text}\n") } else { text };
        std::fs::write(conf.join(path), text).expect("a scratch file");
    }
    let mut command = Command::new(daemon);
    command.args(["-n", "-f"]).arg(conf.join(files[0].0)).arg("-i").arg(scratch.0.join("pid")).stdout(Stdio::null()).stderr(Stdio::null());
    let running = Daemon(command.spawn().expect("rsyslogd starts"));
    send(port, &probe, files);
    if files.iter().any(|(_, text)| text.contains("queue.type")) {
        // A ruleset with a queue of its own may be behind the others.
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(running);
    let mut got = BTreeMap::new();
    for entry in std::fs::read_dir(&out).expect("the logs").flatten().filter(|entry| entry.path() != probe) {
        let text = std::fs::read_to_string(entry.path()).expect("a log");
        let tags = text.lines().filter_map(|line| Some(line.split_once("tag-")?.1.to_owned())).collect();
        let mode = entry.metadata().expect("a log").permissions().mode() & 0o7777;
        got.insert(entry.file_name().to_string_lossy().into_owned(), Written { tags, mode });
    }
    got
}

/// Sends every message once the daemon answers, and waits until all were handled: a single worker keeps their order.
fn send(port: u16, probe: &Path, files: &[(&str, &str)]) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket.connect(("127.0.0.1", port)).expect("loopback");
    let probed = |text: &str| std::fs::read_to_string(probe).is_ok_and(|log| log.contains(text));
    assert!(
        until(|| {
            _ = socket.send(b"<166>Jan  1 00:00:00 h probe: first");
            probed("first")
        }),
        "rsyslogd does not take {files:#?}"
    );
    for (facility, severity) in SENT {
        for program in PROGRAMS {
            let text = format!("<{}>Jan  1 00:00:00 h {program}: tag-{facility}.{severity}-{program}", facility * 8 + severity);
            socket.send(text.as_bytes()).expect("a message is sent");
        }
    }
    _ = socket.send(b"<166>Jan  1 00:00:00 h probe: last");
    assert!(until(|| probed("last")), "rsyslogd stopped answering");
}

/// Whether it holds within a bounded time.
fn until(mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// Compares a configuration's routes with what rsyslogd did; `exact` says that nothing of it is left open.
fn compare(daemon: &str, port: u16, exact: bool, files: &[(&str, &str)]) {
    let got = written(daemon, port, files);
    let mut placed = vec![("etc/rs".to_owned(), "!directory".to_owned())];
    for (at, (path, text)) in files.iter().enumerate() {
        let text = text.replace("OUT", "/out").replace("CONF", "/etc/rs");
        placed.push(if at == 0 { ("etc/rsyslog.conf".to_owned(), format!("{LOCAL}{text}")) } else { (format!("etc/rs/{path}"), text) });
    }
    let placed: Vec<(&str, &str)> = placed.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    with_routes(&placed, |routes| {
        let (flow, _) = routes.local().next().expect("local messages enter");
        for delivery in flow.deliveries {
            let Destination::File(file) = delivery.to else { continue };
            let name = file.path.trim_start_matches("/out/");
            let none = Written::default();
            let log = got.get(name).unwrap_or(&none);
            for (facility, severity) in SENT {
                let there = PROGRAMS.iter().filter(|program| log.tags.contains(&format!("{facility}.{severity}-{program}"))).count();
                let said = delivery.reach.of(*facility, *severity);
                let agrees = match said {
                    Certainty::Certain => there == PROGRAMS.len(),
                    Certainty::Possible => !exact,
                    Certainty::No => there == 0,
                };
                assert!(agrees, "{name} {facility}.{severity}: {said:?}, {there} there\n{files:#?}");
            }
            if !log.tags.is_empty() && files[0].1.contains("umask") {
                assert_eq!(file.mode.value(), Some(Value::Mode(log.mode)), "{name}\n{files:#?}");
            }
        }
        for (name, log) in got.iter().filter(|(_, log)| !log.tags.is_empty()) {
            let known = flow.deliveries.iter().any(|delivery| place(delivery) == format!("/out/{name}"));
            assert!(known, "{name} got {:?}\n{files:#?}", log.tags);
        }
    });
}

/// Configurations whose routes facility and severity decide.
const EXACT: &[&[(&str, &str)]] = &[
    &[("main", "*.*;auth,authpriv.none OUT/a\nauth,authpriv.* -OUT/b\n*.info;mail.none;authpriv.none;cron.none OUT/c\n")],
    &[("main", "*.*;\\\n\tauth,authpriv.none;\\\n\tcron.none\t-OUT/a\n*.=info;*.=notice OUT/b\n")],
    &[("main", "auth.* OUT/a\n& stop\n*.* OUT/b\n")],
    &[("main", "auth.* ~\n*.* OUT/b;RSYSLOG_FileFormat # told\n")],
    &[(
        "main",
        "local0.info;local0.!err OUT/a\n*.!warn OUT/b\n*.*;*.!=info OUT/c\n*.info,auth.none OUT/d\nmail,auth.info,cron.err OUT/e\n",
    )],
    &[("main", "ruleset(name=\"rr\") {\n action(type=\"omfile\" file=\"OUT/a\")\n stop\n}\ncall rr\n*.* OUT/b\n")],
    &[(
        "main",
        "ruleset(name=\"rr\" queue.type=\"LinkedList\") {\n auth.* stop\n action(type=\"omfile\" file=\"OUT/a\")\n stop\n}\ncall rr\n*.* OUT/b\n",
    )],
    &[("main", "call later\n*.* OUT/a\nruleset(name=\"later\") {\nauth.* OUT/b\n& stop\n}\n")],
    &[("main", "$RuleSet xx\n*.* OUT/a\n$RuleSet RSYSLOG_DefaultRuleset\n*.* OUT/b\n")],
    &[
        ("main", "$IncludeConfig CONF/i-*.conf\n*.* OUT/end\n"),
        ("i-b.conf", "*.* OUT/b\n"),
        ("i-a.conf", "auth.* OUT/a\n& stop\n"),
        ("i-B.conf", "cron.* stop\n"),
    ],
    &[("main", "auth.* {\n include(file=\"CONF/x\")\n}\n*.* OUT/end\n"), ("x", "*.info OUT/a\n*.* stop\n")],
    &[("main", "$IncludeConfig CONF/i.conf\n*.* OUT/end\n"), ("i.conf", "$RuleSet other\n*.* OUT/a\n")],
    &[(
        "main",
        "if $syslogfacility-text == \"auth\" or $syslogfacility-text == \"cron\" and $syslogseverity == 3 then OUT/a\n\
         if $syslogfacility-text == [\"auth\",\"authpriv\"] and $syslogseverity <= 6 then OUT/b\n\
         if not ($syslogfacility-text contains \"auth\") then OUT/c\n\
         if $syslogfacility > 9 or prifilt(\"cron.info\") then OUT/d\n\
         if $syslogseverity-text == 'info' then OUT/e\n\
         if $fromhost-ip != '127.0.0.1' then stop\n\
         if $syslogfacility-text != [\"auth\",\"authpriv\"] then OUT/f\n",
    )],
    &[(
        "main",
        "if prifilt(\"auth,cron.info\") then { action(type=\"omfile\" file=\"OUT/a\") }\n\
         else if $syslogfacility == 16 then action(type=\"omfile\" file=\"OUT/b\") else { action(type=\"omfile\" file=\"OUT/c\") }\n",
    )],
    &[(
        "main",
        "*.* {\n action(type=\"omfile\" file=\"OUT/a\")\n :syslogfacility-text, isequal, \"auth\" stop\n}\n:syslogfacility, !isequal, \"9\" OUT/b\n",
    )],
    &[("main", "# a comment \\\n*.* OUT/a\n/* *.* OUT/b\n*/\nauth.*\n   OUT/c\n*.* continue\n$NoSuchDirective on\n*.info \\\n  OUT/d\n")],
    &[(
        "main",
        "$template tt,\"OUT/t\"\n*.* ?tt\n*.* ?nosuch\n*.* OUT/a;nosuch\nauth.* :omfile:OUT/b\n$outchannel oc,OUT/c,1000000\ncron.* :omfile:$oc\n",
    )],
    &[("main", "auth.* OUT/a\n$FileCreateMode 0600\n& OUT/b\nauth OUT/c\n$umask 0000\n")],
    &[("main", "$umask 0022\n$FileCreateMode 0666\n*.* OUT/a\n$FileCreateMode 0600\n*.* OUT/b\naction(type=\"omfile\" file=\"OUT/c\")\n")],
    &[(
        "main",
        "module(load=\"builtin:omfile\" fileCreateMode=\"0640\")\n*.* OUT/a\naction(type=\"omfile\" file=\"OUT/b\")\n\
         action(type=\"omfile\" file=\"OUT/c\" fileCreateMode=\"0604\")\nglobal(umask=\"0002\")\n",
    )],
    &[("main", "if $programname == \"sshd\" then {\n *.* OUT/a\n stop\n} else {\n *.* OUT/a\n}\ncron.* stop\nauth.none OUT/b\n")],
];

/// Configurations in which something else decides too.
const OPEN: &[&[(&str, &str)]] = &[
    &[("main", "if $programname == \"sshd\" then {\n *.* OUT/a\n stop\n} else {\n *.* OUT/b\n}\n*.* OUT/c\n")],
    &[("main", ":programname, isequal, \"sshd\" OUT/a\n& stop\n*.* OUT/b\n")],
    &[(
        "main",
        "if not $syslogfacility-text == \"auth\" then OUT/a\nif $msg contains \"4.6\" and $syslogfacility == 4 then stop\n*.* OUT/b\n",
    )],
    &[("main", "*.* OUT/a\n$ActionExecOnlyWhenPreviousIsSuspended on\n*.* OUT/b\naction(type=\"omfile\" file=\"OUT/c\")\n")],
    &[("main", "$ActionExecOnlyEveryNthTime 2\n*.* OUT/a\n*.* OUT/b\n")],
    &[(
        "main",
        "set $.x = $programname;\nif $.x == \"sshd\" then call rr\n*.* OUT/b\nruleset(name=\"rr\") {\n auth.* stop\n *.* OUT/a\n}\n",
    )],
];

#[test]
fn routes_are_what_rsyslogd_does() {
    let Some(daemon) = rsyslogd() else { return };
    let base = 20_000 + (std::process::id() % 20_000) as u16;
    let cases = EXACT.iter().map(|case| (true, case)).chain(OPEN.iter().map(|case| (false, case)));
    for ((exact, files), port) in cases.zip(base..) {
        compare(daemon, port, exact, files);
    }
}

#[test]
fn routes_of_random_configurations_are_what_rsyslogd_does() {
    let Some(daemon) = rsyslogd() else { return };
    let base = 40_000 + (std::process::id() % 20_000) as u16;
    for (seed, port) in (0..16).zip(base..) {
        let text = Generator::new(seed).configuration();
        compare(daemon, port, false, &[("main", &text)]);
    }
}
