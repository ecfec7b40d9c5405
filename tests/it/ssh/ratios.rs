//! Real hosts that are collected by both engines, by one plain `ssh` for each and by Ansible's `raw` into what each way costs.
//!
//! Without more said, a few hosts show that every way still works. `JIXIAN_RATIOS=FILE` measures fifty hosts in several rounds, the
//! ways in turn, and writes medians into FILE; it needs `ansible` of ansible-core in `PATH`. `JIXIAN_BINARY` names the program that
//! is measured, if it is not the one that the tests are built with.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::site::Site;

/// What it cost to collect all hosts in one way.
#[derive(Clone, Copy, Debug)]
struct Cost {
    wall_seconds: f64,
    /// User and system time of the processes on our side.
    cpu_seconds: f64,
}

/// The ways, in the order in which each round goes through them. Ansible is the last: it is there only when figures are asked for.
const WAYS: [&str; 4] = ["`jixian`, engine `ssh2`", "`jixian`, engine `openssh`", "`ssh host sh -s`, a process per host", "Ansible `raw`"];

#[test]
fn every_way_collects_every_host_and_has_its_price() {
    let figures = std::env::var_os("JIXIAN_RATIOS");
    let (hosts, rounds, ways) = if figures.is_some() { (50, 3, WAYS.len()) } else { (3, 1, WAYS.len() - 1) };
    let site = prepared(hosts);
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); ways];
    for round in 0..rounds {
        for (way, costs) in costs.iter_mut().enumerate() {
            let name = format!("out-{round}-{way}");
            let cost = match way {
                0 => by_jixian(&site, "ssh2", &name, hosts),
                1 => by_jixian(&site, "openssh", &name, hosts),
                2 => by_ssh(&site, &name, hosts),
                _ => by_ansible(&site, &name, hosts),
            };
            assert!(cost.cpu_seconds > 0.0 && cost.wall_seconds > 0.0, "{cost:?}");
            costs.push(cost);
        }
    }
    let medians: Vec<Cost> = costs.iter().map(|costs| median(costs)).collect();
    if let Some(path) = figures {
        fs::write(path, table(&medians, hosts)).unwrap();
        assert!(medians[0].cpu_seconds < medians[3].cpu_seconds, "a process of Python per host is dearer: {medians:?}");
    }
}

/// A site with a collector, and with what each way needs to know of the hosts.
fn prepared(hosts: usize) -> Site {
    let site = Site::start("", "#!/bin/sh\n");
    let (port, collector) = (site.port, super::collector());
    site.write("known", &format!("[127.0.*]:{port} {}\n", site.host_key("host")));
    site.write("collector", &collector);
    // Where nothing is fed, the collector must not wait for its first line.
    site.write("collector-alone", &format!("{} </dev/null\n", collector.trim_end()));
    let addresses = || (1..=hosts).map(|number| format!("127.0.1.{number}"));
    site.write("addresses", &addresses().collect::<Vec<_>>().join("\n"));
    let mut text = format!(
        "[defaults]\nuser = \"jxscan\"\nauth = [\"key:id\"]\nport = {port}\nknown-hosts = [\"known\"]\ndeadline = \"300s\"\nconnect-timeout = \"120s\"\n\
         [limits]\nconnections = {hosts}\nconnects-per-second = 1000\n"
    );
    let mut list = String::new();
    for address in addresses() {
        let _ = writeln!(text, "[host.\"{address}\"]");
        let _ = writeln!(list, "{address}");
    }
    site.write("ssh2.toml", &text.replace("port =", "engine = \"ssh2\"\nport ="));
    site.write("openssh.toml", &text.replace("port =", "engine = \"openssh\"\nport ="));
    let key = site.path("id").display().to_string();
    let of_all = format!("[all:vars]\nansible_user=jxscan\nansible_port={port}\nansible_ssh_private_key_file={key}\n");
    site.write("hosts.ini", &(list + &of_all));
    site
}

/// The options that keep any configuration of this machine out, for `ssh` as the client of a plain command line and of Ansible.
fn plain(site: &Site) -> String {
    format!(
        "-F none -o BatchMode=yes -o UserKnownHostsFile={} -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -o IdentityAgent=none \
         -o ControlMaster=no -o ControlPersist=no",
        site.path("known").display()
    )
}

fn by_jixian(site: &Site, engine: &str, name: &str, hosts: usize) -> Cost {
    let program = std::env::var_os("JIXIAN_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_jixian").into());
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/ssh/policy.toml");
    let inventory = format!("{engine}.toml");
    let words = ["collect", "--inventory", &inventory, "--output", name, "--policy", policy].map(OsString::from);
    let cost = cost(site, [program].into_iter().chain(words), name);
    for number in 1..=hosts {
        let id = format!("127.0.1.{number}");
        assert_eq!(site.stage(name, &id), "ok", "{engine} {id}: {}", site.why(name, &id));
    }
    cost
}

fn by_ssh(site: &Site, name: &str, hosts: usize) -> Cost {
    fs::create_dir(site.path(name)).unwrap();
    let (port, parallel, plain) = (site.port, hosts.to_string(), plain(site));
    let each = format!("exec ssh {plain} -i id -l jxscan -p {port} {{}} 'sh -s' <collector >{name}/{{}}");
    let words = ["xargs", "-a", "addresses", "-P", &parallel, "-I", "{}", "sh", "-c", &each].map(OsString::from);
    let cost = cost(site, words, name);
    let whole = (1..=hosts).filter(|number| ends(&site.path(name).join(format!("127.0.1.{number}"))) == 1).count();
    assert_eq!(whole, hosts, "{}", site.log());
    cost
}

fn by_ansible(site: &Site, name: &str, hosts: usize) -> Cost {
    let forks = hosts.to_string();
    let collector = site.path("collector-alone").display().to_string();
    // What begins with a brace is taken for JSON.
    let raw = format!("true; {{{{ lookup('ansible.builtin.file', '{collector}') }}}}");
    let words = ["ansible", "all", "-i", "hosts.ini", "-f", &forks, "-m", "ansible.builtin.raw", "-a", &raw].map(OsString::from);
    let cost = cost(site, words, name);
    let output = site.path(&format!("{name}.said"));
    assert_eq!(ends(&output), hosts, "{}", String::from_utf8_lossy(&fs::read(&output).unwrap()));
    cost
}

/// How many streams of a collector end in a file.
fn ends(path: &Path) -> usize {
    let bytes = fs::read(path).unwrap_or_default();
    let last = |line: &&[u8]| line.starts_with(b"--") && line.get(34..37) == Some(b" Z ");
    bytes.split(|byte| *byte == b'\n').filter(last).count()
}

/// Runs a program in the folder of the site; what it prints goes into a file. `times` of the shell (POSIX) tells what its processes
/// used, all of which are waited for.
fn cost(site: &Site, words: impl IntoIterator<Item = OsString>, name: &str) -> Cost {
    let inside = "said=$1.said; shift; \"$@\" >\"$said\" 2>\"$said.errors\"; times";
    let mut command = Command::new("sh");
    command.args(["-c", inside, "sh", name]).args(words).current_dir(site.path("")).stdin(Stdio::null());
    command.env_remove("SSH_AUTH_SOCK").env("HOME", site.path("")).env("LC_ALL", "C.UTF-8");
    // One connection for one task: a master that stays behind would cost more, and would not be counted. The keys allow no terminal.
    command.env("ANSIBLE_SSH_ARGS", plain(site)).env("ANSIBLE_SSH_USETTY", "False");
    command.env("ANSIBLE_HOME", site.path("ansible")).env("ANSIBLE_TIMEOUT", "120");
    let started = Instant::now();
    let output = command.output().unwrap();
    let wall_seconds = started.elapsed().as_secs_f64();
    let text = String::from_utf8(output.stdout).unwrap();
    let children = text.lines().nth(1).expect("the second line is that of the children");
    Cost { wall_seconds, cpu_seconds: children.split(' ').map(seconds).sum() }
}

/// The seconds of `1m2.345s`.
fn seconds(text: &str) -> f64 {
    let (minutes, seconds) = text.trim_end_matches('s').split_once('m').expect("minutes and seconds");
    minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |of: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Cost { wall_seconds: middle(|cost| cost.wall_seconds), cpu_seconds: middle(|cost| cost.cpu_seconds) }
}

/// The figures as a table of Markdown; the first way is 1.
fn table(medians: &[Cost], hosts: usize) -> String {
    let mut text = "| way | wall | wall, ratio | client CPU per host | CPU, ratio |\n|---|---|---|---|---|\n".to_owned();
    for (way, cost) in WAYS.iter().zip(medians) {
        let (wall, each) = (cost.wall_seconds, cost.cpu_seconds * 1000.0 / hosts as f64);
        let (slower, dearer) = (wall / medians[0].wall_seconds, cost.cpu_seconds / medians[0].cpu_seconds);
        let _ = writeln!(text, "| {way} | {wall:.1} s | {slower:.2} | {each:.1} ms | {dearer:.1} |");
    }
    text
}

#[test]
fn what_a_shell_tells_of_times_is_read() {
    assert!((seconds("1m2.500000s") - 62.5).abs() < 1e-9);
    let cost = |wall_seconds| Cost { wall_seconds, cpu_seconds: 1.0 };
    assert!((median(&[cost(9.0), cost(1.0), cost(2.0)]).wall_seconds - 2.0).abs() < 1e-9);
}
