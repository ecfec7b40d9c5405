//! Runs over a part of a fleet, runs that were killed, and inventories that other tools wrote, into one whole collection.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::site::Site;

/// The hosts of a finished snapshot.
fn hosts(site: &Site, snapshot: &str) -> BTreeSet<String> {
    let index: toml::Table = fs::read_to_string(site.path(snapshot).join("snapshot.toml")).unwrap().parse().unwrap();
    index["asset"].as_array().unwrap().iter().map(|asset| asset["id"].as_str().unwrap().to_owned()).collect()
}

/// The settings of a fleet of these tests, and the keys by which it is known.
fn defaults(site: &Site) -> String {
    site.write("known", &format!("[127.0.*]:{} {}\n", site.port, site.host_key("host")));
    format!(
        "[defaults]\nuser = \"jxscan\"\nauth = [\"key:id\"]\nport = {}\nknown-hosts = [\"known\"]\ndeadline = \"90s\"\nconnect-timeout = \"30s\"\n\
         [limits]\nconnects-per-second = 200\n",
        site.port
    )
}

#[test]
fn two_shards_are_the_whole_fleet_and_no_host_is_in_both() {
    let site = Site::start("", "#!/bin/sh\n");
    let mut text = defaults(&site);
    let all: BTreeSet<String> = (1..=12).map(|number| format!("web-{number:02}")).collect();
    for (number, id) in (1..).zip(&all) {
        text.push_str(&format!("[host.{id}]\naddress = \"127.0.1.{number}\"\n"));
    }
    for (shard, snapshot) in [("1/2", "first"), ("2/2", "second")] {
        let output = site.collect(&text, snapshot, &["--shard", shard]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let (first, second) = (hosts(&site, "first"), hosts(&site, "second"));
    assert!(!first.is_empty() && !second.is_empty(), "{first:?} {second:?}");
    assert!(first.is_disjoint(&second), "{first:?} {second:?}");
    assert_eq!(first.union(&second).cloned().collect::<BTreeSet<_>>(), all);
    assert_eq!(site.log().matches("Accepted publickey").count(), 12, "each was asked once");
}

#[test]
fn a_run_that_was_killed_is_gone_on_with_and_nobody_is_asked_twice() {
    // The host hangs until its administrator has found out why.
    let site =
        Site::start("Match LocalAddress 127.0.3.1\n  ForceCommand [ -e \"$HOME/mended\" ] || sleep 600; exec sh -s\n", "#!/bin/sh\n");
    let mut text = defaults(&site) + "[host.hangs]\naddress = \"127.0.3.1\"\n";
    for number in 1..=3 {
        text.push_str(&format!("[host.good-{number}]\naddress = \"127.0.1.{number}\"\n"));
    }
    site.write("inventory.toml", &text);
    let mut child = site.collecting("snapshot", &[]).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let journal = || fs::read_to_string(site.path("snapshot/run.jsonl")).unwrap_or_default();
    let hanging = || site.log().matches("Accepted publickey").count() == 4;
    while journal().matches("\"id\":\"good-").count() < 3 || !hanging() {
        assert!(Instant::now() < until, "the good hosts are done: {}\n{}", journal(), site.log());
        thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!site.path("snapshot/snapshot.toml").exists(), "a run that was killed is no snapshot");
    // Half of a line, as a machine leaves it that lost its power.
    let journal = journal();
    fs::write(site.path("snapshot/run.jsonl"), journal.clone() + "{\"id\":\"hangs\",\"scr").unwrap();
    fs::write(site.path("home/mended"), "").unwrap();
    let output = site.collecting("snapshot", &["--resume"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}\n{}", site.log());
    for id in hosts(&site, "snapshot") {
        assert_eq!(site.stage("snapshot", &id), "ok", "{id}");
    }
    assert_eq!(hosts(&site, "snapshot").len(), 4);
    assert_eq!(site.log().matches("Accepted publickey").count(), 5, "only the one that hung was asked again");
    let verified = site.command(&["verify", site.path("snapshot").to_str().unwrap()]).output().unwrap();
    assert!(matches!(verified.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// What ansible-core 2.19 prints for a group of two hosts, one of them behind a bastion, and a switch.
const LIST: &str = r#"{
    "_meta": {
        "hostvars": {
            "sw1": { "ansible_host": "127.0.1.3", "ansible_network_os": "cisco.ios.ios", "ansible_user": "net" },
            "web1": {
                "ansible_become_password": "canary-become-3317",
                "ansible_host": "127.0.1.1",
                "ansible_port": PORT,
                "ansible_ssh_private_key_file": "KEY",
                "ansible_user": "jxscan"
            },
            "web2": {
                "ansible_become_password": "canary-become-3317",
                "ansible_host": "127.0.1.2",
                "ansible_port": PORT,
                "ansible_ssh_common_args": "-o ProxyJump=jxjump@127.0.7.9:PORT",
                "ansible_ssh_private_key_file": "KEY",
                "ansible_user": "jxscan"
            }
        },
        "profile": "inventory_legacy"
    },
    "all": { "children": [ "ungrouped", "web", "network" ] },
    "network": { "hosts": [ "sw1" ] },
    "web": { "hosts": [ "web1", "web2" ] }
}"#;

#[test]
fn an_inventory_of_ansible_is_imported_and_collected() {
    let site = Site::start("", "#!/bin/sh\n");
    let key = site.path("id").display().to_string();
    let list = site.write("list.json", &LIST.replace("PORT", &site.port.to_string()).replace("KEY", &key));
    let imported = site.command(&["inventory", "import", "--ansible", list.to_str().unwrap(), "--lang", "en"]).output().unwrap();
    let (text, said) = (String::from_utf8(imported.stdout).unwrap(), String::from_utf8_lossy(&imported.stderr).into_owned());
    assert_eq!(imported.status.code(), Some(0), "{said}");
    assert!(said.contains("ansible_become_password") && !format!("{text}{said}").contains("canary"), "{said}");
    // What Ansible keeps elsewhere is added by hand: which keys the hosts have, and how to log in to the bastion.
    let defaults = defaults(&site);
    let (mine, limits) = defaults.split_once("[limits]").unwrap();
    let mine = mine.lines().filter(|line| !line.starts_with("user") && !line.starts_with("port")).collect::<Vec<_>>().join("\n");
    let text = format!("{}\n[limits]{limits}", text.replace("[defaults]", &mine));
    site.write("inventory.toml", &text);
    let checked = site.command(&["inventory", "check", site.path("inventory.toml").to_str().unwrap()]).output().unwrap();
    let listed = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert_eq!(checked.status.code(), Some(0), "{text}\n{}", String::from_utf8_lossy(&checked.stderr));
    assert!(listed.contains("sw1  cisco-ios  ssh2  net@[127.0.1.3]:22\n"), "{listed}");
    assert!(listed.contains(&format!("web2  linux  ssh2  jxscan@[127.0.1.2]:{} via 127.0.7.9\n", site.port)), "{listed}");
    let output = site.collecting("snapshot", &["--target", "web*"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}\n{}\n{}", String::from_utf8_lossy(&output.stderr), site.log());
    assert_eq!(hosts(&site, "snapshot").into_iter().collect::<Vec<_>>(), ["web1", "web2"]);
    assert_eq!(site.log().matches("Accepted publickey for jxjump").count(), 1, "{}", site.log());
}
