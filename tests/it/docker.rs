//! Docker: where an option may stand, and what that makes of it. Expected values are those of the dockerd reference, and of dockerd
//! 20.10.24, which was given these files and flags and said whether it starts.

use crate::support::rows;

const FILE: &str = "etc/docker/daemon.json";
const UNIT: &str = "usr/lib/systemd/system/docker.service";
const SOCKET: (&str, &str) = ("usr/lib/systemd/system/docker.socket", "[Socket]\nListenStream=/run/docker.sock\n");

/// The rows of the options that are named.
fn options(files: &[(&str, &str)], names: &[&str]) -> Vec<String> {
    let all = rows(files, "docker-settings", &["name", "value@", "on", "items"]);
    let named = |row: &&String| names.iter().any(|name| row.starts_with(&format!("name={name} ")));
    all.iter().filter(named).cloned().collect()
}

#[test]
fn a_host_with_a_file_a_unit_and_a_drop_in() {
    let text = "{\n  \"icc\": false,\n  \"log-driver\": \"journald\",\n  \"log-opts\": { \"tag\": \"{{.Name}}\" },\n  \"insecure-registries\": [\"reg.example:5000\"]\n}\n";
    let files = [
        (FILE, text),
        (UNIT, "[Service]\nExecStart=/usr/bin/dockerd -H fd:// --live-restore --userns-remap=default\n"),
        SOCKET,
        ("etc/systemd/system/docker.service.d", "!directory"),
        (
            "etc/systemd/system/docker.service.d/a.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// -H tcp://10.0.0.1:2376 --tlsverify -l debug\n",
        ),
        ("etc/systemd/system/docker.socket.d", "!absent"),
    ];
    let names = ["hosts", "icc", "insecure-registries", "live-restore", "log-driver", "log-level", "log-opts", "tlsverify", "userns-remap"];
    let drop_in = "etc/systemd/system/docker.service.d/a.conf:3";
    let expected = [
        format!("name=hosts value=fd://,tcp://10.0.0.1:2376@{drop_in} on=- items=[tcp://10.0.0.1:2376, unix:///run/docker.sock]"),
        "name=icc value=false@etc/docker/daemon.json:2 on=false items=-".to_owned(),
        "name=insecure-registries value=reg.example:5000@etc/docker/daemon.json:5 on=- items=[reg.example:5000]".to_owned(),
        "name=live-restore value=false@default on=false items=-".to_owned(),
        "name=log-driver value=journald@etc/docker/daemon.json:3 on=- items=-".to_owned(),
        format!("name=log-level value=debug@{drop_in} on=- items=-"),
        "name=log-opts value=tag={{.Name}}@etc/docker/daemon.json:4 on=- items=[tag={{.Name}}]".to_owned(),
        format!("name=tlsverify value=true@{drop_in} on=true items=-"),
        "name=userns-remap value=-@default on=- items=-".to_owned(),
    ];
    assert_eq!(options(&files, &names), expected);
    let access = rows(&files, "docker:remote-access", &["scope", "enabled", "encrypted", "factors", "methods", "privileged-on-login"]);
    assert_eq!(
        access,
        ["scope=docker tcp://10.0.0.1:2376 enabled=true encrypted=true factors=1 methods=[certificate] privileged-on-login=true"]
    );
}

/// moby, `opts/hosts.go`: TCP where no protocol is named, and the host itself where no name is.
#[test]
fn addresses_without_a_protocol_are_of_tcp() {
    let unit = "[Service]\nExecStart=/usr/bin/dockerd -H 0.0.0.0:2376 -H :2375 -H [::]:2377 -H tcp:// -H unix:///s\n";
    let files = [(FILE, "{}"), (UNIT, unit), ("etc/systemd/system/docker.service.d", "!absent")];
    let access = rows(&files, "docker:remote-access", &["scope", "enabled", "factors"]);
    let expected = [
        "scope=docker tcp://0.0.0.0:2376 enabled=true factors=0",
        "scope=docker tcp://:2375 enabled=false factors=0",
        "scope=docker tcp://[::]:2377 enabled=true factors=0",
        "scope=docker tcp:// enabled=false factors=0",
    ];
    assert_eq!(access, expected);
}

#[test]
fn what_keeps_the_daemon_from_starting_is_unknown() {
    let icc = |text: &str, flags: &str| {
        let unit = format!("[Service]\nExecStart=/usr/bin/dockerd {flags}\n");
        let files = [(FILE, text), (UNIT, unit.as_str()), ("etc/systemd/system/docker.service.d", "!absent")];
        rows(&files, "docker-settings", &["name", "value"]).iter().find_map(|row| Some(row.strip_prefix("name=icc value=")?.to_owned()))
    };
    let is = |value: &str| Some(value.to_owned());
    // dockerd 20.10.24 refuses each of these, and takes those below.
    assert_eq!(icc("{\"icc\": true}", "--icc=false"), is("?set-twice"));
    assert_eq!(icc("{\"icc\": true}", "--icc"), is("?set-twice"));
    assert_eq!(icc("{\"hosts\": [\"fd://\"]}", "-H unix:///s"), is("?set-twice"));
    assert_eq!(icc("{\"log-opts\": {\"max-size\": \"10m\"}}", "--log-opt max-file=3"), is("?set-twice"));
    assert_eq!(icc("{\"icc\": \"true\"}", ""), is("?refused"));
    assert_eq!(icc("{\"icc\": true,}", ""), is("?refused"));
    assert_eq!(icc("", ""), is("?refused"));
    assert_eq!(icc("{\"icc\": true, \"icc\": false}", ""), is("false"));
    assert_eq!(icc("{}", "--log-level warn --icc=false"), is("false"));
    assert_eq!(icc("{}", "-D"), is("true"));
}

#[test]
fn containers_are_read_as_docker_prints_them() {
    let output = r#"[{"Name": "/web", "HostConfig": {"Privileged": true, "IpcMode": "private", "NetworkMode": "host", "PidMode": "", "UsernsMode": "",
 "UTSMode": "", "CapAdd": ["CAP_NET_ADMIN"], "SecurityOpt": null, "LogConfig": {"Type": "json-file"}},
 "Mounts": [{"Source": "/srv", "Destination": "/data"}, {"Type": "volume", "Name": "v"}], "Config": {"Image": "web:1", "User": "", "Env": ["TOKEN=CANARY"]}}]"#;
    let columns = ["name", "image", "privileged@", "user", "mounts", "host-namespaces", "capabilities", "security-options", "log-driver"];
    assert_eq!(
        rows(&[("commands/docker-inspect", output)], "containers", &columns),
        ["name=web image=web:1 privileged=true@commands/docker-inspect:1 user=- mounts=[/srv] host-namespaces=[network] \
          capabilities=[NET_ADMIN] security-options=[] log-driver=json-file"]
    );
    assert_eq!(rows(&[("commands/docker-inspect", "[]\n")], "containers", &["name"]), Vec::<String>::new());
    assert_eq!(
        rows(&[("commands/docker-inspect", "Cannot connect to the Docker daemon\n")], "containers", &["name"]),
        ["gap name=?not-understood"]
    );
}

/// Docker documentation, "JSON File logging driver", "Local file logging driver" (20 MB unless it is set) and "Syslog logging driver".
#[test]
fn output_of_containers_is_bounded_by_size_or_goes_elsewhere() {
    let logs = |file: &str| {
        let found = rows(
            &[("etc/docker/daemon.json", file)],
            "docker:logs",
            &["stream", "enabled", "retention", "bounded-by", "forwarded", "forwarding-encrypted"],
        );
        found.first().cloned().unwrap_or_default()
    };
    assert_eq!(
        logs(r#"{"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "5"}}"#),
        "stream=container enabled=true retention=0s bounded-by=size forwarded=[] forwarding-encrypted=-"
    );
    assert_eq!(
        logs(r#"{"log-driver": "json-file", "log-opts": {"max-file": "5"}}"#),
        "stream=container enabled=true retention=?ends-with-container bounded-by=?ends-with-container forwarded=[] forwarding-encrypted=-"
    );
    assert_eq!(
        logs(r#"{"log-driver": "local", "log-opts": {"max-file": "3"}}"#),
        "stream=container enabled=true retention=0s bounded-by=size forwarded=[] forwarding-encrypted=-"
    );
    assert_eq!(
        logs(r#"{"log-driver": "syslog", "log-opts": {"syslog-address": "tcp+tls://10.1.1.9:6514"}}"#),
        "stream=container enabled=true retention=0s bounded-by=- forwarded=[10.1.1.9] forwarding-encrypted=true"
    );
    assert_eq!(
        logs(r#"{"log-driver": "none", "log-opts": {"mode": "blocking"}}"#),
        "stream=container enabled=false retention=0s bounded-by=- forwarded=[] forwarding-encrypted=-"
    );
}
