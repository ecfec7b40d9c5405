//! Two real clusters of PostgreSQL on one host into the answers of each, under the name by which its files are known.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::jixian;

/// Clusters are made, started and read by the collector where nothing of this machine's own ones can be reached.
const INSIDE: &str = r#"set -e
for folder in /etc/postgresql /var/lib/postgresql /var/log/postgresql /run; do mount -t tmpfs none $folder; done
mkdir -m 2775 /run/postgresql; chown postgres:postgres /run/postgresql /var/lib/postgresql
version=$(ls /usr/lib/postgresql | sort -V | tail -1)
for port in "$@"; do
    pg_createcluster --port "$port" --pgoption listen_addresses= "$version" "at-$port" >/dev/null
    pg_ctlcluster --skip-systemctl-redirect "$version" "at-$port" start
done
sh "$0/collector" </dev/null >"$0/out""#;

/// Runs the collector beside clusters at these ports.
fn collected(folder: &Path, script: &str, ports: &[&str]) -> Output {
    fs::write(folder.join("collector"), script).expect("a file can be written");
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", INSIDE]);
    command.arg(folder).args(ports).current_dir("/").stdin(Stdio::null()).output().expect("unshare starts")
}

/// The port that a cluster says it has, by the name of its answer.
fn port(snapshot: &Path, name: &str) -> Option<String> {
    let text = fs::read_to_string(snapshot.join("out/commands").join(name)).ok()?;
    let port = text.lines().find_map(|line| line.strip_prefix("port,"))?;
    Some(port.split(',').next()?.to_owned())
}

#[test]
fn every_cluster_of_debian_answers_for_itself() {
    let script = jixian(&["collect", "--script", "linux"]);
    assert!(script.status.success(), "{}", String::from_utf8_lossy(&script.stderr));
    let script = String::from_utf8(script.stdout).expect("a program is text");
    for ports in [&["54371"][..], &["54371", "54372"]] {
        let folder = tempfile::tempdir().expect("a folder");
        let ran = collected(folder.path(), &script, ports);
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let (out, snapshot) = (folder.path().join("out"), folder.path().join("snapshot"));
        let mut import = Command::new(env!("CARGO_BIN_EXE_jixian"));
        import.env_clear().env("HOME", folder.path()).arg("import").arg(&out).arg("--output").arg(&snapshot);
        let imported = import.output().expect("the program starts");
        assert_eq!(imported.status.code(), Some(0), "{}", String::from_utf8_lossy(&imported.stderr));
        let commands = fs::read_dir(snapshot.join("out/commands")).expect("there are answers");
        let names: Vec<String> = commands.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        let find = |end: &str| names.iter().find(|name| name.starts_with("postgresql") && name.ends_with(end)).cloned();
        if let [only] = ports {
            assert_eq!(port(&snapshot, "postgresql.settings.csv").as_deref(), Some(*only), "{names:?}");
            assert!(!names.iter().any(|name| name.contains('@')), "{names:?}");
            continue;
        }
        for expected in ports {
            let name = find(&format!("-at-{expected}.settings.csv")).unwrap_or_else(|| panic!("{names:?}"));
            assert_eq!(port(&snapshot, &name).as_deref(), Some(*expected), "{name}");
        }
        assert_eq!(find("postgresql.settings.csv"), None, "none is called the only one: {names:?}");
    }
}
