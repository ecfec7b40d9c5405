//! Servers and hosts that do everything wrong into the stage at which each of them ends, in time and without holding up any other.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::site::Site;

/// A server that does one thing with every connection, for as long as the test runs.
fn server(serve: fn(TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Keeps a connection open until the client ends it.
fn hold(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(1..) = stream.read(&mut buffer) {}
}

/// An address at which nobody listens any more.
fn refused() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A server that takes no more connections: its queue is full, and the system drops what comes.
fn silent() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let address = listener.local_addr().unwrap();
    let fill = (0..4).filter_map(|_| TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok()).collect();
    (address, listener, fill)
}

/// What hosts do instead of running the collector, by their address.
const HOSTS: [(&str, &str, &str); 8] = [
    ("hangs", "127.0.3.1", "sleep 600"),
    ("drips", "127.0.3.2", "while :; do printf x; sleep 1; done"),
    ("floods", "127.0.3.3", "yes"),
    ("loud", "127.0.3.4", "head -c 3000000 /dev/zero >&2; exec sh -s"),
    ("killed", "127.0.3.5", "head -c 100000 /dev/zero; kill -9 $PPID; sleep 600"),
    ("greets", "127.0.3.6", "echo Welcome to the bank; echo --beef F /etc/passwd; exec sh -s"),
    ("silent-command", "127.0.3.7", "exit 0"),
    ("cut", "127.0.3.8", "sh -s | head -c 300"),
];

/// Servers that misbehave before anybody is logged in.
fn servers() -> Vec<(&'static str, SocketAddr, &'static str, bool)> {
    let endless = |mut stream: TcpStream| while stream.write_all(b"more lines before the identification\r\n").is_ok() {};
    let loris = |mut stream: TcpStream| {
        for byte in b"SSH-2.0-slow".iter().cycle() {
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
            thread::sleep(Duration::from_secs(1));
        }
    };
    let halfway = |mut stream: TcpStream| {
        let _ = stream.write_all(b"SSH-2.0-halfway\r\n");
        hold(stream);
    };
    vec![
        ("refused", refused(), "connect", false),
        ("no-banner", server(hold), "banner", true),
        ("endless-banner", server(endless), "banner", false),
        ("slow-loris", server(loris), "banner", true),
        ("half-handshake", server(halfway), "handshake", true),
        ("closes", server(drop), "banner", false),
    ]
}

/// An inventory of good hosts, and settings in which everything is short.
fn inventory(site: &Site, good: usize) -> String {
    let mut text = format!(
        "[defaults]\nuser = \"jxscan\"\nauth = [\"key:{}\"]\nport = {}\nknown-hosts = [\"known\"]\ndeadline = \"8s\"\nconnect-timeout = \"2s\"\n\
         [limits]\nconnections = 60\nconnects-per-second = 500\nattempts = 1\n",
        site.path("id").display(),
        site.port
    );
    for number in 1..=good {
        text.push_str(&format!("[host.good-{number:02}]\naddress = \"127.0.1.{number}\"\ndeadline = \"60s\"\nconnect-timeout = \"20s\"\n"));
    }
    text
}

fn start() -> Site {
    let matches: String =
        HOSTS.iter().map(|(_, address, command)| format!("Match LocalAddress {address}\n  ForceCommand {command}\n")).collect();
    let site = Site::start(&matches, "#!/bin/sh\n");
    let key = site.host_key("host");
    site.write("known", &format!("[127.0.1.*]:{0} {key}\n[127.0.3.*]:{0} {key}\n", site.port));
    site
}

#[test]
fn every_fault_ends_in_time_at_its_stage_inside_the_process() {
    every_fault("ssh2");
}

#[test]
fn every_fault_ends_in_time_at_its_stage_with_the_ssh_of_the_system() {
    every_fault("openssh");
}

/// At the deadline our own watchdog shuts the socket; whoever sees that first, what is told is the deadline.
#[test]
fn a_deadline_is_told_as_one_however_the_connection_ends() {
    let site = start();
    let mut text = inventory(&site, 0);
    for number in 1..=30 {
        text.push_str(&format!("[host.drips-{number}]\naddress = \"127.0.3.2\"\ndeadline = \"5s\"\nconnect-timeout = \"5s\"\n"));
    }
    let output = site.collect(&text, "snapshot", &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for number in 1..=30 {
        let why = site.why("snapshot", &format!("drips-{number}"));
        assert!(why.contains("(deadline)"), "drips-{number}: {why}\n{said}");
    }
}

/// Every fault at once, with good hosts among them: nobody holds up anybody.
fn every_fault(engine: &str) {
    let site = start();
    let mut text = inventory(&site, 8);
    for (id, address, _) in HOSTS {
        let deadline = if ["drips", "hangs"].contains(&id) { 14 } else { 60 };
        text.push_str(&format!(
            "[host.{id}]\naddress = \"{address}\"\nengine = \"{engine}\"\ndeadline = \"{deadline}s\"\nconnect-timeout = \"12s\"\nmax-bytes = \"2MiB\"\n"
        ));
    }
    let (silent, _listener, _fill) = silent();
    let servers: Vec<_> = servers().into_iter().chain([("silent", silent, "connect", true)]).collect();
    for (id, address, _, _) in &servers {
        let (host, port) = (address.ip(), address.port());
        text.push_str(&format!("[host.{id}]\naddress = \"{host}\"\nport = {port}\nengine = \"{engine}\"\n"));
    }
    let started = Instant::now();
    let output = site.collect(&text, "snapshot", &[]);
    let took = started.elapsed();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    let ended = |id: &str| (site.stage("snapshot", id), site.why("snapshot", id));
    for number in 1..=8 {
        assert_eq!(ended(&format!("good-{number:02}")).0, "ok", "{said}");
    }
    for (id, stage, late) in [
        ("hangs", "transfer", true),
        ("drips", "transfer", true),
        ("floods", "transfer", false),
        ("loud", "ok", false),
        ("killed", "transfer", false),
        ("greets", "ok", false),
        ("silent-command", "frame", false),
        ("cut", "frame", false),
    ] {
        let (found, why) = ended(id);
        assert!(found == stage && why.contains("deadline") == late, "{id}: {found} {why} after {took:?}\n{said}\n{}", site.log());
    }
    for (id, _, stage, late) in servers {
        let (found, why) = ended(id);
        if engine == "ssh2" {
            assert!(found == stage && why.contains("deadline") == late, "{id}: {found} {why}\n{said}");
        } else {
            assert!(["connect", "banner", "handshake"].contains(&found.as_str()), "{id}: {found} {why}\n{said}");
        }
    }
    assert!(took < Duration::from_secs(75), "nobody holds up anybody: {took:?}");
}

#[test]
fn an_interrupt_leaves_what_is_finished_whole() {
    let site = start();
    let mut text = inventory(&site, 3);
    for engine in ["ssh2", "openssh"] {
        text.push_str(&format!("[host.hangs-{engine}]\naddress = \"127.0.3.1\"\nengine = \"{engine}\"\ndeadline = \"300s\"\n"));
    }
    let inventory = site.write("inventory.toml", &text);
    let (snapshot, policy) = (site.path("snapshot"), concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml"));
    let arguments = ["collect", "--inventory", inventory.to_str().unwrap(), "--output", snapshot.to_str().unwrap(), "--policy", policy];
    let child = site.command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    let journal = || std::fs::read_to_string(snapshot.join("run.jsonl")).unwrap_or_default();
    while journal().matches("\"id\":\"good-").count() < 3 {
        assert!(Instant::now() < until, "the good hosts are done: {}", site.log());
        thread::sleep(Duration::from_millis(50));
    }
    let interrupted = Instant::now();
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(interrupted.elapsed() < Duration::from_secs(5), "{:?}", interrupted.elapsed());
    for id in ["good-01", "good-02", "good-03"] {
        assert_eq!(site.stage("snapshot", id), "ok");
    }
    for id in ["hangs-ssh2", "hangs-openssh"] {
        assert!(site.why("snapshot", id).contains("interrupted"), "{id}");
    }
}

#[test]
fn a_full_disk_of_ours_is_told_and_ends_the_run() {
    let site = start();
    let inventory = site.write("inventory.toml", &inventory(&site, 4));
    std::fs::create_dir(site.path("small")).unwrap();
    let inside = "mount -t tmpfs -o size=24k,nr_inodes=24 none \"$1\" && shift && exec \"$@\"";
    let jixian = site.command(&[]);
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml");
    let output = std::process::Command::new("unshare")
        .args(["--mount", "--propagation", "private", "sh", "-c", inside, "sh"])
        .arg(site.path("small"))
        .arg(jixian.get_program())
        .args(["collect", "--inventory", inventory.to_str().unwrap(), "--policy", policy, "--output"])
        .arg(site.path("small/snapshot"))
        .env("HOME", site.path("home"))
        .env_remove("SSH_AUTH_SOCK")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // Room for saying so may be left or not.
    assert!(matches!(output.status.code(), Some(3 | 4)), "{said}");
    assert!(said.contains("No space left on device") && said.contains("could not be written"), "{said}");
}

#[test]
fn a_host_that_is_not_there_yet_is_tried_again_and_a_refused_login_is_not() {
    let site = start();
    let listener = TcpListener::bind("127.0.5.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let sshd = site.port;
    // The first connection is closed at once; later ones are handed on.
    thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            if number == 0 {
                continue;
            }
            let other = TcpStream::connect(("127.0.1.1", sshd)).unwrap();
            let (mut from, mut to) = (stream.try_clone().unwrap(), other.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from, &mut to));
            let (mut from, mut to) = (other, stream);
            thread::spawn(move || std::io::copy(&mut from, &mut to));
        }
    });
    let known = std::fs::read_to_string(site.path("known")).unwrap();
    site.write("known", &format!("{known}[127.0.5.1]:{port} {}\n", site.host_key("host")));
    let mut text = inventory(&site, 0)
        .replace("attempts = 1", "attempts = 3")
        .replace("deadline = \"8s\"", "deadline = \"60s\"")
        .replace("\"2s\"", "\"20s\"");
    text.push_str(&format!("[host.late]\naddress = \"127.0.5.1\"\nport = {port}\n"));
    text.push_str(&format!("[host.no]\naddress = \"127.0.1.9\"\nauth = [\"key:{}\"]\n", site.path("stranger").display()));
    let output = site.collect(&text, "snapshot", &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((site.stage("snapshot", "late").as_str(), site.stage("snapshot", "no").as_str()), ("ok", "authenticate"), "{said}");
    let attempts = |id: &str| site.asset("snapshot", id)["collection"]["attempts"].as_str().unwrap().to_owned();
    assert_eq!((attempts("late").as_str(), attempts("no").as_str()), ("2", "1"));
}
