//! Real sshd instances, and servers that misbehave, into what is collected of them and where it stops.

#![expect(clippy::unwrap_used, reason = "a site that cannot be built is a failed test")]

mod device;
mod faults;
mod ratios;
mod runs;
mod site;
mod ways;

use std::fs;

use site::{PASSWORD, Site};

/// The collector as it is installed, for the rules about sudo.
fn collector() -> String {
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml");
    let printed = crate::support::jixian(&["collect", "--script", "linux", "--policy", policy]);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    String::from_utf8(printed.stdout).unwrap()
}

/// The inventory of every way to log in.
fn inventory(site: &Site) -> String {
    let at = |name: &str| site.path(name).display().to_string();
    let (id, locked, stranger, otp, collect) = (at("id"), at("locked"), at("stranger"), at("otp"), at("jixian-collect"));
    let mut text = format!(
        "[defaults]\nuser = \"jxscan\"\nauth = [\"key:{id}\"]\nport = {}\nknown-hosts = [\"known\"]\ndeadline = \"90s\"\nconnect-timeout = \"30s\"\n\
         [limits]\nconnections = 100\nconnects-per-second = 200\nrefusals = 10\n\
         [group.fleet]\ntags = [\"fleet\"]\nzone = \"core\"\n\
         [hosts]\nfile = \"hosts.csv\"\n\
         [host.password]\naddress = \"127.0.2.1\"\nuser = \"jxpass\"\nauth = [\"password:env:JX_PASSWORD\"]\n\
         [host.totp]\naddress = \"127.0.2.2\"\nuser = \"jxotp\"\nauth = [\"key:{id}\", \"password:env:JX_PASSWORD\", \"code:cmd:{otp}\"]\n\
         [host.locked-key]\naddress = \"127.0.2.3\"\nauth = [{{ key = \"{locked}\", passphrase = \"file:phrase\" }}]\n\
         [host.agent]\naddress = \"127.0.2.4\"\nauth = [\"agent\"]\n\
         [host.bastion]\naddress = \"127.0.2.5\"\nuser = \"jxjump\"\njump-only = true\n\
         [host.behind]\naddress = \"127.0.2.6\"\njump = \"bastion\"\n\
         [host.behind-openssh]\naddress = \"127.0.2.7\"\njump = \"bastion\"\nengine = \"openssh\"\n\
         [host.openssh]\naddress = \"127.0.2.8\"\nengine = \"openssh\"\n\
         [host.certificate]\naddress = \"127.0.2.9\"\n\
         [host.forced]\naddress = \"127.0.2.10\"\nuser = \"jxforced\"\nbecome = \"forced\"\n\
         [host.sudo]\naddress = \"127.0.2.11\"\nuser = \"jxsudo\"\nbecome = \"sudo-n:{collect}\"\n\
         [host.sudo-shell]\naddress = \"127.0.2.12\"\nuser = \"jxroot\"\nbecome = \"sudo-sh\"\n\
         [host.sudo-refused]\naddress = \"127.0.2.13\"\nuser = \"jxsudo\"\nbecome = \"sudo-sh\"\n\
         [host.changed]\naddress = \"127.0.2.14\"\n\
         [host.changed-openssh]\naddress = \"127.0.2.14\"\nengine = \"openssh\"\n\
         [host.revoked]\naddress = \"127.0.2.15\"\n\
         [host.unknown-key]\naddress = \"127.0.2.16\"\n\
         [host.refused-key]\naddress = \"127.0.2.17\"\nauth = [\"key:{stranger}\"]\n\
         [host.refused-openssh]\naddress = \"127.0.2.18\"\nauth = [\"key:{stranger}\"]\nengine = \"openssh\"\n\
         [host.wrong-password]\naddress = \"127.0.2.19\"\nuser = \"jxpass\"\nauth = [\"password:file:wrong\"]\n",
        site.port
    );
    text.push_str("[host.panos]\naddress = \"127.0.2.20\"\nplatform = \"paloalto-panos\"\n");
    text
}

/// The keys by which the hosts are known.
fn known_hosts(site: &Site) -> String {
    let (host, other, ca) = (site.host_key("host"), site.host_key("other"), site.host_key("ca"));
    let port = site.port;
    let mut text = "# hosts of this test\nnot a line\n".to_owned();
    text.push_str(&format!("[127.0.1.*]:{port} {host}\n"));
    for number in (1..=8).chain(10..=13).chain(17..=19) {
        text.push_str(&format!("[127.0.2.{number}]:{port} {host}\n"));
    }
    text.push_str(&format!("@cert-authority [127.0.2.9]:{port} {ca}\n[127.0.2.14]:{port} {other}\n"));
    text.push_str(&format!("[127.0.2.15]:{port} {host}\n@revoked [127.0.2.15]:{port} {host}\n"));
    text
}

#[test]
fn fifty_hosts_and_every_way_to_log_in_at_once() {
    let mut site = Site::start("", &collector());
    site.agent();
    site.write("known", &known_hosts(&site));
    site.write("phrase", "canary-phrase-4410\n");
    site.write("wrong", "canary-wrong-9923\n");
    site.program("otp", "#!/bin/sh\nexec oathtool --totp 3132333435363738393031323334353637383930\n");
    let hosts = (1..=50).map(|number| format!("web-{number:02},127.0.1.{number},fleet\n"));
    site.write("hosts.csv", &format!("id,address,groups\n{}", hosts.collect::<String>()));
    let output = site.collect(&inventory(&site), "snapshot", &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = [
        ("password", "ok", ""),
        ("totp", "ok", ""),
        ("locked-key", "ok", ""),
        ("agent", "ok", ""),
        ("behind", "ok", ""),
        ("behind-openssh", "ok", ""),
        ("openssh", "ok", ""),
        ("certificate", "ok", ""),
        ("forced", "ok", ""),
        ("sudo", "ok", ""),
        ("sudo-shell", "ok", ""),
        ("sudo-refused", "frame", "sudo: a password is required"),
        ("changed", "host-key", "is not the known one"),
        ("changed-openssh", "host-key", "Host key verification failed"),
        ("revoked", "host-key", "is revoked"),
        ("unknown-key", "host-key", "is not known"),
        ("refused-key", "authenticate", "the server takes: publickey"),
        ("refused-openssh", "authenticate", "Permission denied"),
        ("wrong-password", "authenticate", "the password was refused"),
        ("panos", "execute", "import the configuration"),
    ];
    for (id, stage, why) in expected {
        let found = site.why("snapshot", id);
        assert!(
            site.stage("snapshot", id) == stage && found.contains(why),
            "{id}: {} {found}\n{said}\n{}",
            site.stage("snapshot", id),
            site.log()
        );
    }
    for number in 1..=50 {
        assert_eq!(site.stage("snapshot", &format!("web-{number:02}")), "ok", "{said}");
    }
    assert_eq!(output.status.code(), Some(3), "some hosts failed: {said}");
    assert!(said.contains("known:2"), "the line that is none is told: {said}");
    for secret in [PASSWORD, "canary-phrase-4410", "canary-wrong-9923"] {
        site.nowhere("snapshot", secret);
        assert!(!said.contains(secret));
    }
    evidence(&site);
    judged(&site);
}

/// What the snapshot says of how hosts were reached.
fn evidence(site: &Site) {
    let print = String::from_utf8(site::run("ssh-keygen", &["-lf", site.path("host.pub").to_str().unwrap()])).unwrap();
    let print = print.split(' ').nth(1).unwrap();
    let of = |id: &str, name: &str| {
        let asset = site.asset("snapshot", id);
        asset["collection"].get(name).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    for id in ["web-01", "totp", "behind", "openssh"] {
        assert_eq!(of(id, "host-key"), format!("ssh-ed25519 {print}"), "{id}");
        assert_eq!(of(id, "host-key-trust"), "known", "{id}");
        assert!(of(id, "host-key-known-at").contains("known:"), "{id}");
        assert!(!of(id, "cipher").is_empty() && !of(id, "key-exchange").is_empty() && !of(id, "script").is_empty(), "{id}");
    }
    assert_eq!(of("certificate", "host-key-trust"), "ssh");
    assert!(of("certificate", "engine").starts_with("openssh ") && of("web-01", "engine").starts_with("ssh2/"));
    assert_eq!(of("behind", "jump"), "bastion");
    // With whose rights it ran: those of the account, or of root.
    assert_ne!(of("web-01", "user"), "0");
    assert!(["forced", "sudo", "sudo-shell"].iter().all(|id| of(id, "user") == "0"));
    let web = site.asset("snapshot", "web-01");
    assert_eq!(web["tags"].as_array().unwrap(), &[toml::Value::from("fleet")]);
    assert_eq!(web["zone"].as_str(), Some("core"));
}

/// A host that failed is undecided for every rule, and the snapshot proves itself.
fn judged(site: &Site) {
    let snapshot = site.path("snapshot").display().to_string();
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml");
    let scanned = site.command(&["scan", &snapshot, "--policy", policy, "--format", "jsonl"]).output().unwrap();
    let text = String::from_utf8_lossy(&scanned.stdout).into_owned();
    let results = |asset: &str| {
        text.lines()
            .filter(|line| line.contains("\"kind\":\"result\"") && line.contains(&format!("\"asset\":\"{asset}\"")))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let revoked = results("revoked");
    assert!(!revoked.is_empty() && revoked.iter().all(|line| line.contains("\"verdict\":\"unknown\"")), "{revoked:?}");
    let sudo = results("sudo");
    assert!(sudo.iter().any(|line| !line.contains("\"verdict\":\"unknown\"")), "what root reads decides something: {sudo:?}");
    let verified = site.command(&["verify", &snapshot]).output().unwrap();
    assert!(matches!(verified.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn unknown_hosts_are_taken_only_where_it_is_said_and_the_evidence_says_so() {
    let site = Site::start("", "#!/bin/sh\n");
    let hosts = "[host.a]\naddress = \"127.0.1.1\"\n[host.b]\naddress = \"127.0.1.2\"\nengine = \"openssh\"\n";
    let defaults =
        format!("[defaults]\nuser = \"jxscan\"\nauth = [\"key:{}\"]\nport = {}\nknown-hosts = []\n", site.path("id").display(), site.port);
    let inventory = defaults + hosts;
    assert_eq!(site.collect(&inventory, "strict", &[]).status.code(), Some(3));
    assert_eq!((site.stage("strict", "a"), site.stage("strict", "b")), ("host-key".to_owned(), "host-key".to_owned()));
    let taken = site.collect(&inventory, "taken", &["--accept-new"]);
    let said = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert_eq!(taken.status.code(), Some(0), "{said}");
    assert_eq!(said.matches("first sight").count(), 2, "{said}");
    // From now on they are known, and it stays known how.
    let later = site.collect(&inventory, "later", &[]);
    assert_eq!(later.status.code(), Some(0), "{}", String::from_utf8_lossy(&later.stderr));
    for (snapshot, id) in [("taken", "a"), ("taken", "b"), ("later", "a"), ("later", "b")] {
        assert_eq!(site.asset(snapshot, id)["collection"]["host-key-trust"].as_str(), Some("tofu"), "{snapshot} {id}");
    }
    // Another key for a host that is known is never taken, however it became known.
    let other = site.host_key("other");
    let text = fs::read_to_string(site.path("known_hosts.jixian")).unwrap();
    let changed: String = text.lines().map(|line| format!("{} {other}\n", line.split(' ').next().unwrap())).collect();
    site.write("known_hosts.jixian", &changed);
    site.collect(&inventory, "changed", &["--accept-new"]);
    assert_eq!((site.stage("changed", "a"), site.stage("changed", "b")), ("host-key".to_owned(), "host-key".to_owned()));
}

#[test]
fn refused_logins_stop_the_run_before_an_account_is_locked() {
    let site = Site::start("", "#!/bin/sh\n");
    site.write("wrong", "no-such-password\n");
    let mut inventory = format!(
        "[defaults]\nuser = \"jxpass\"\nauth = [\"password:file:wrong\"]\nport = {}\nknown-hosts = [\"known\"]\n\
         [limits]\nrefusals = 3\nconnects-per-second = 200\n",
        site.port
    );
    for number in 1..=20 {
        inventory.push_str(&format!("[host.h{number}]\naddress = \"127.0.1.{number}\"\n"));
    }
    site.write("known", &format!("[127.0.1.*]:{} {}\n", site.port, site.host_key("host")));
    let output = site.collect(&inventory, "snapshot", &[]);
    assert_eq!(output.status.code(), Some(3));
    let untried = (1..=20).filter(|number| site.why("snapshot", &format!("h{number}")).contains("not tried")).count();
    assert_eq!(untried, 17, "three were refused, nobody else was asked");
    assert_eq!(site.log().matches("Failed password").count(), 3, "{}", site.log());
}

/// The hosts of the inventory are judged without a snapshot that stays.
fn judged_at_once(site: &Site) {
    let inventory = site.path("inventory.toml").display().to_string();
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml");
    let arguments = ["scan", "--inventory", &inventory, "--policy", policy, "--format", "jsonl", "--asset", "su*"];
    let scanned = site.command(&arguments).output().unwrap();
    let text = String::from_utf8_lossy(&scanned.stdout).into_owned();
    assert_eq!(scanned.status.code(), Some(1), "sudo asks these accounts for no password: {}", String::from_utf8_lossy(&scanned.stderr));
    assert!(
        text.lines().any(|line| line.contains("\"kind\":\"result\"") && line.contains("\"asset\":\"sudo\"") && line.contains("\"fail\"")),
        "{text}"
    );
    assert!(!text.contains("\"asset\":\"forced\""), "{text}");
}

#[test]
fn a_collector_that_was_altered_is_not_run() {
    let site = Site::start("", &collector());
    let collect = site.path("jixian-collect").display().to_string();
    site.write("known", &format!("[127.0.1.*]:{} {}\n", site.port, site.host_key("host")));
    let inventory = format!(
        "[defaults]\nauth = [\"key:{}\"]\nport = {}\nknown-hosts = [\"known\"]\n\
         [host.sudo]\naddress = \"127.0.1.1\"\nuser = \"jxsudo\"\nbecome = \"sudo-n:{collect}\"\n\
         [host.forced]\naddress = \"127.0.1.2\"\nuser = \"jxforced\"\nbecome = \"forced\"\n",
        site.path("id").display(),
        site.port
    );
    assert_eq!(site.collect(&inventory, "before", &[]).status.code(), Some(0), "{}", site.log());
    judged_at_once(&site);
    site.program("jixian-collect", &(collector() + "# one more line\n"));
    assert_eq!(site.collect(&inventory, "after", &[]).status.code(), Some(3));
    assert_eq!((site.stage("after", "sudo"), site.stage("after", "forced")), ("frame".to_owned(), "frame".to_owned()));
    // An earlier snapshot of other hosts is gone on with; what is done stays.
    let again = site.collect(&inventory, "before", &["--resume"]);
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(site.stage("before", "sudo"), "ok");
    let refused = site.collect(&inventory, "before", &[]);
    assert_ne!(refused.status.code(), Some(0), "a snapshot is not written over");
}
