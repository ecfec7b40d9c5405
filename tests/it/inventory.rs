//! Inventories into targets, or into everything that is wrong with them at once.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jixian::collect::credential::{Login, Reference};
use jixian::collect::inventory::{Engine, Inventory, LIMITS, Privilege, ansible, read};
use jixian::error::Problems;
use jixian::names::Language;

/// Reads an inventory with these files beside it.
fn with(text: &str, files: &[(&str, &str)]) -> Result<(Inventory, Problems), Problems> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file can be written");
    }
    let path = folder.path().join("inventory.toml");
    fs::write(&path, text).expect("a file can be written");
    read(&path)
}

/// The problems of an inventory: code, line and column.
#[track_caller]
fn wrong(text: &str) -> Vec<String> {
    let problems = with(text, &[]).expect_err("the inventory is wrong");
    let place = |problem: &jixian::error::Problem| problem.place.as_ref().map_or((0, 0), jixian::error::Place::line_column);
    let mut found: Vec<(usize, usize, &str)> = problems.iter().map(|it| (place(it).0, place(it).1, it.code)).collect();
    found.sort_unstable();
    found.into_iter().map(|(line, column, code)| format!("{line}:{column} {code}")).collect()
}

#[test]
fn a_host_wins_over_its_groups_and_they_over_the_defaults() {
    let text = r#"
[defaults]
user = "jxscan"
auth = ["agent", "key:id"]
deadline = "90s"
tags = ["all"]
[limits]
connections = 7
[group.dmz]
jump = "bastion"
user = "dmz"
deadline = "30s"
tags = ["dmz"]
zone = "dmz"
[host.bastion]
address = "10.0.0.5"
jump-only = true
[host.web]
address = "10.0.1.1"
groups = ["dmz"]
deadline = "10s"
become = "sudo-n:/usr/local/libexec/jixian-collect"
[host.sw1]
address = "fe80::1"
platform = "huawei-vrp"
engine = "openssh"
legacy = ["kex:diffie-hellman-group14-sha1", "hostkey:ssh-rsa"]
port = 2222
[hosts]
file = "hosts.csv"
"#;
    let hosts = "id,address,port,user,groups,tags,owner\n# comment\ndb-1,10.0.2.1,,,dmz,cii;core,ops\ndb-2,,2200,scan,,,\n";
    let (inventory, problems) = with(text, &[("hosts.csv", hosts)]).expect("it is sound");
    assert!(problems.is_empty());
    assert_eq!(inventory.limits, jixian::collect::inventory::Limits { connections: 7, ..LIMITS });
    let ids: Vec<&str> = inventory.targets.iter().map(|target| target.id.as_str()).collect();
    assert_eq!(ids, ["bastion", "db-1", "db-2", "sw1", "web"]);
    let web = inventory.target("web").unwrap();
    assert_eq!((web.user.as_str(), web.deadline, web.jump.as_deref()), ("dmz", Duration::from_secs(10), Some("bastion")));
    assert_eq!(web.privilege, Privilege::Sudo("/usr/local/libexec/jixian-collect".to_owned()));
    assert_eq!((&web.description.tags[..], web.description.zone.as_deref()), (&["all".to_owned(), "dmz".to_owned()][..], Some("dmz")));
    assert!(matches!(&web.login[..], [Login::Agent, Login::Key { file, passphrase: None }] if file.is_absolute() && file.ends_with("id")));
    let sw1 = inventory.target("sw1").unwrap();
    assert_eq!((sw1.engine, sw1.port, sw1.platform.name, sw1.deadline), (Engine::OpenSsh, 2222, "huawei-vrp", Duration::from_secs(90)));
    let one = inventory.target("db-1").unwrap();
    assert_eq!((one.address.as_str(), one.port, one.user.as_str(), one.description.owner.as_deref()), ("10.0.2.1", 22, "dmz", Some("ops")));
    assert_eq!(one.description.tags, ["all", "cii", "core", "dmz"]);
    let two = inventory.target("db-2").unwrap();
    assert_eq!((two.address.as_str(), two.port, two.user.as_str(), &two.jump), ("db-2", 2200, "scan", &None));
}

#[test]
fn everything_wrong_is_told_at_once_with_its_place() {
    let text = r#"[defaults]
user = "jxscan"
colour = "red"
auth = ["agent", "magic", "key:"]
engine = "paramiko"
port = 0
connect-timeout = "5 s"
[group.a]
deadline = "5s"
[group.b]
deadline = "6s"
[host.one]
address = "-oProxyCommand=x"
groups = ["a", "b", "c"]
[host."a/b"]
user = "x y"
become = "sudo"
legacy = ["kex:+x"]
[host.two]
platform = "solaris"
jump = "nobody"
"#;
    assert_eq!(
        wrong(text),
        [
            "0:0 unknown-jump",
            "3:1 unknown-key",
            "4:18 bad-login",
            "4:27 bad-login",
            "5:10 unknown-engine",
            "6:8 wrong-type",
            "7:19 wrong-type",
            "13:11 bad-name",
            "14:16 ambiguous-group",
            "14:21 unknown-group",
            "15:7 bad-name",
            "16:8 bad-name",
            "17:10 bad-become",
            "18:11 bad-name",
            "20:12 unknown-platform",
        ]
    );
    assert_eq!(wrong("[defaults\nuser = 1"), ["1:10 bad-toml"]);
    assert_eq!(wrong("[host.a]\n"), ["0:0 no-host", "1:7 missing-key"]);
}

#[test]
fn what_does_not_go_together_is_told() {
    let codes = |host: &str| {
        let problems = with(&format!("[defaults]\nuser = \"u\"\n{host}"), &[]).expect_err("it is wrong");
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("[host.a]\nlegacy = [\"kex:diffie-hellman-group1-sha1\"]"), ["needs-openssh"]);
    assert_eq!(codes("[host.a]\nssh-config = true"), ["needs-openssh"]);
    assert_eq!(codes("[host.a]\nauth = [\"kerberos\"]"), ["needs-openssh"]);
    assert_eq!(codes("[host.a]\nengine = \"openssh\"\nauth = [\"password:env:X\"]"), ["cannot-ask"]);
    assert_eq!(codes("[host.a]\nauth = []"), ["no-login"]);
    assert_eq!(codes("[host.a]\nplatform = \"cisco-ios\"\nbecome = \"sudo-sh\""), ["bad-become"]);
    assert_eq!(codes("[host.a]\n[host.A]\n"), ["duplicate-host"]);
    assert_eq!(codes("[host.a]\njump = \"b\"\n[host.b]\njump = \"a\"\n"), ["jump-loop", "jump-loop"]);
    assert_eq!(codes("[host.a]\njump = \"b\"\n[host.b]\nauth = [\"password:env:X\"]\n"), ["cannot-ask"]);
}

#[test]
fn a_literal_secret_is_refused_and_never_quoted() {
    let text = "[defaults]\nuser = \"u\"\npassword = \"canary-1\"\n[host.a]\nauth = [\"password:canary-2\", { key = \"id\", passphrase = \"canary-3\" }]\n\
                ansible_become_password = \"canary-4\"\n[host.b]\nauth = [\"code:canary-5\"]\nport = 99999\n";
    let problems = with(text, &[]).expect_err("it is refused");
    assert_eq!(problems.iter().filter(|problem| problem.code == "literal-secret").count(), 5, "{problems:#?}");
    let printed: String =
        problems.iter().flat_map(|problem| [problem.render(Language::En), problem.render(Language::Zh), format!("{problem:?}")]).collect();
    assert!(!printed.contains("canary"), "{printed}");
    assert!(printed.contains("inventory.toml:5:"), "it is told where: {printed}");
    let broken = with("[host.a]\npassword = \"canary-6\nuser = \"u\"\n", &[]).expect_err("it is no TOML");
    assert!(!broken.iter().any(|problem| format!("{problem:?}").contains("canary")));
}

#[test]
fn a_list_of_hosts_is_as_strict() {
    let text = "[defaults]\nuser = \"u\"\n[hosts]\nfile = \"hosts.csv\"\n";
    let codes = |hosts: &str| {
        let problems = with(text, &[("hosts.csv", hosts)]).expect_err("it is wrong");
        let line = |problem: &jixian::error::Problem| problem.place.as_ref().map_or(0, |place| place.line_column().0);
        let mut found: Vec<String> = problems.iter().map(|it| format!("{} {}", line(it), it.code)).collect();
        found.sort();
        found
    };
    assert_eq!(codes("id,adress\na,b\n"), ["1 unknown-column"]);
    assert_eq!(codes("address\nb\n"), ["0 no-host", "1 missing-column"]);
    assert_eq!(
        codes("id,port,platform,groups\na,0,,\nb b,,,\nc,,dos,\nd,,,x\ne\n"),
        ["2 bad-port", "3 bad-name", "4 unknown-platform", "5 unknown-group", "6 bad-csv"]
    );
    assert_eq!(codes("id\na\na\n"), ["0 duplicate-host"]);
    assert_eq!(with(text, &[]).expect_err("the list is missing")[0].code, "unreadable");
}

#[test]
fn ansible_is_taken_over_without_its_passwords() {
    let json = r#"{
        "_meta": { "hostvars": {
            "web1": { "ansible_host": "10.0.0.1", "ansible_user": "ops", "ansible_port": 2222, "ansible_password": "canary-a",
                      "ansible_become_pass": "canary-b", "ansible_ssh_common_args": "-o ProxyJump=jump@bastion:2200" },
            "sw1": { "ansible_host": "10.0.0.2", "ansible_network_os": "community.network.ce", "ansible_user": "net" },
            "odd": { "ansible_host": "$(id)", "ansible_user": "ops", "ansible_network_os": "aireos" },
            "a/b": {}
        } },
        "all": { "children": ["web", "ungrouped"] },
        "ungrouped": { "hosts": ["odd"] },
        "web": { "hosts": ["web1", "plain"] }
    }"#;
    let imported = ansible::import(json).expect("it is such JSON");
    let codes: Vec<&str> = imported.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["bad-name", "bad-name", "unknown-platform", "secret-dropped", "secret-dropped"]);
    assert!(!imported.text.contains("canary") && !imported.problems.iter().any(|it| format!("{it:?}").contains("canary")));
    let text = imported.text.replace("# user", "user");
    let (inventory, _) = with(&text, &[]).unwrap_or_else(|problems| panic!("it can be read back: {problems:#?}\n{text}"));
    let web = inventory.target("web1").unwrap();
    assert_eq!((web.address.as_str(), web.user.as_str(), web.port, web.jump.as_deref()), ("10.0.0.1", "ops", 2222, Some("bastion")));
    assert_eq!(inventory.target("sw1").unwrap().platform.name, "huawei-vrp");
    assert_eq!(inventory.target("plain").unwrap().user, "jxscan");
    assert!(inventory.target("bastion").unwrap().jump_only);
    assert_eq!(inventory.target("odd").unwrap().address, "odd");
    assert!(ansible::import("[]").is_err() && ansible::import("{}").is_err());
}

#[test]
fn references_begin_at_the_folder_of_the_inventory() {
    let folder = Path::new("/etc/jixian");
    assert_eq!(Login::parse("code:file:otp", folder), Some(Login::Code(Reference::File("/etc/jixian/otp".into()))));
    assert_eq!(Login::parse("password:hunter2", folder), None);
}
