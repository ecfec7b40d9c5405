//! Random option files, and a running instance with accounts and grants, against a real MariaDB.

use crate::dice::Dice;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jixian::facts::{PRODUCTS, Reading};
use jixian::snapshot::memory::{Memory, Node, Ownership};
use jixian::snapshot::{Asset, Description};

use crate::support::rows_of;

const PROGRAM: &str = "/usr/sbin/mariadbd";
const SEED: u64 = 0x6d79_7371_6c00_0011;
const TREES: u32 = 150;

/// What runs every check installs the server; without it nothing would be compared.
fn demand_server() {
    assert!(Path::new(PROGRAM).exists(), "{PROGRAM} is not installed: tests/run installs it");
}

fn folder(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("jixian-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a temporary folder");
    root
}

/// Options of the vocabulary and values that the server takes.
const OPTIONS: &[(&str, &[&str])] = &[
    ("bind-address", &["=127.0.0.1", "=0.0.0.0", " = ::", "=\"10.0.0.5\""]),
    ("connect_timeout", &["=20", "=3", " = 100"]),
    ("default-password-lifetime", &["=90", "=0", "= '30'"]),
    ("general_log", &["", "=1", "=0", "=ON", "=off", "=true", "=yes"]),
    ("interactive-timeout", &["=600", "=1K", "='1800' # half an hour"]),
    ("local-infile", &["", "=0", "=1", "=OFF", "=FALSE", "= on"]),
    ("log_warnings", &["=0", "=9", "= 3"]),
    ("max-password-errors", &["=5", "=10"]),
    ("port", &["=3307", "=0", " = 13306"]),
    ("require_secure_transport", &["", "=ON", "=0"]),
    ("secure-file-priv", &["=/tmp", "=''", "=\"/tmp\""]),
    ("skip-networking", &["", "=0", "=1"]),
    ("skip_grant_tables", &["", "=0", "=1"]),
    ("symbolic-links", &["=0", "=1", ""]),
    ("tls_version", &["=TLSv1.2", "=TLSv1.2,TLSv1.3", "='TLSv1.3'"]),
    ("wait_timeout", &["=28800", "=100", "=2k"]),
];

/// Groups, some of which the server reads.
const GROUPS: &[&str] = &[
    "mysqld",
    "mysqld",
    "server",
    "mariadb",
    "mariadbd",
    "mysqld-10.11",
    "mariadb-10.11",
    "mariadbd-10.11",
    "client-server",
    "galera",
    "client",
    "mysql",
    "mysqld-8.0",
    "mariadb-10.6",
    "mysqldump",
    "mysqld ",
];

/// One option in one of its spellings.
fn option(dice: &mut Dice) -> String {
    let (name, values) = OPTIONS[dice.below(OPTIONS.len())];
    let value = values[dice.below(values.len())];
    let name = if dice.below(2) == 0 { name.replace('-', "_") } else { name.replace('_', "-") };
    let switch = matches!(name.replace('-', "_").as_str(), "general_log" | "local_infile" | "require_secure_transport" | "symbolic_links");
    match dice.below(10) {
        0 => format!("#{name}{value}"),
        1 => format!("; {name}{value}"),
        2 if switch => format!("skip-{name}"),
        3 if switch => format!("disable_{name}"),
        4 if switch => format!("loose-enable-{name}"),
        5 => format!("  loose-{name}{value}  "),
        6 => "loose-no-such-option = 1".to_owned(),
        _ => format!("{name}{value}"),
    }
}

/// A file and those that it includes.
fn file(dice: &mut Dice, path: &Path, depth: u32, files: &mut BTreeMap<PathBuf, String>) {
    let mut text = String::from("[client]\nport=1\n");
    for _ in 0..=dice.below(3) {
        text += &format!("[{}]\n", dice.one(GROUPS));
        for _ in 0..=dice.below(4) {
            text += &format!("{}\n", option(dice));
        }
        if depth < 2 && dice.below(3) == 0 {
            let number = files.len();
            if dice.below(2) == 0 {
                let inner = path.with_file_name(format!("included-{number}.txt"));
                files.insert(inner.clone(), String::new());
                file(dice, &inner, depth + 1, files);
                text += &format!("!include {}\n", inner.display());
            } else {
                let directory = path.with_file_name(format!("directory-{number}"));
                for name in ["50-a.cnf", "60.b.cnf", "9.cnf", "not.conf", "a.cnf.old"] {
                    let inner = directory.join(name);
                    files.insert(inner.clone(), String::new());
                    file(dice, &inner, 2, files);
                }
                text += &format!("!includedir {}/\n", directory.display());
            }
        }
    }
    files.insert(path.to_owned(), text);
}

/// What the server says its variables are.
fn real(main: &Path) -> BTreeMap<String, String> {
    let output = Command::new(PROGRAM)
        .arg(format!("--defaults-file={}", main.display()))
        .args(["--verbose", "--help", "--user=mysql"])
        .output()
        .expect("the server starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let table = text.split_once("--------- ").map_or("", |(_, table)| table);
    let line = |line: &str| line.split_once(' ').map(|(name, value)| (name.replace('-', "_"), value.trim().to_owned()));
    table.lines().filter_map(line).collect()
}

/// A tree of files as an asset, at the server's usual path.
fn asset(main: &Path, files: &BTreeMap<PathBuf, String>, version: &str) -> Asset {
    let mut memory = Memory::default();
    memory.whole_root = true;
    let mut put = |path: &str, text: &str| memory.insert(path, Node::File(text.as_bytes().to_vec()), Ownership::default());
    put("etc/my.cnf", &files[main]);
    put("commands/mysqld-version", version);
    for (path, text) in files.iter().filter(|(path, _)| *path != main) {
        put(path.to_str().expect("a plain path").trim_start_matches('/'), text);
    }
    Asset::in_memory("host".to_owned(), Description::default(), memory)
}

fn version() -> String {
    let output = Command::new(PROGRAM).arg("--version").output().expect("the server starts");
    String::from_utf8(output.stdout).expect("plain text")
}

#[test]
fn random_option_files_are_read_as_the_server_reads_them() {
    demand_server();
    let root = folder("mysql-files");
    let version = version();
    let mut dice = Dice(SEED);
    let mut compared = 0;
    for number in 0..TREES {
        let main = root.join(number.to_string()).join("my.cnf");
        let mut files = BTreeMap::new();
        file(&mut dice, &main, 0, &mut files);
        for (path, text) in &files {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
            fs::write(path, text).expect("a file is written");
        }
        let real = real(&main);
        assert!(real.len() > 300, "tree {number}: the server takes it\n{files:#?}");
        let rows = rows_of(&asset(&main, &files, &version), "mysql-settings", &["name", "value"]);
        for (option, _) in OPTIONS {
            let name = option.replace('-', "_");
            // A server that does not listen shows 0, whatever is written.
            if name == "port" && real["skip_networking"] == "TRUE" {
                continue;
            }
            // Given an address of its own, the server says so; without, that it has no default.
            let expected = match (name.as_str(), real[&name].as_str()) {
                ("bind_address", "(No default value)") => "*",
                ("secure_file_priv", "(No default value)") => "",
                // The server shows a directory with its slash.
                ("secure_file_priv", "/tmp/") => "/tmp",
                (_, "TRUE") => "ON",
                (_, "FALSE") => "OFF",
                (_, value) => value,
            };
            let prefix = format!("name={name} value=");
            let found = rows.iter().find_map(|row| row.strip_prefix(&prefix)).unwrap_or_else(|| panic!("{name} has a row: {rows:#?}"));
            let found = plain(&name, found, expected);
            assert_eq!(found, expected, "{name} (left ours, right the server's) in tree {number}\n{files:#?}");
            compared += 1;
        }
    }
    fs::remove_dir_all(&root).expect("the folder is removed");
    assert!(compared > 2_000, "{compared}");
}

/// Our value as the server prints it: numbers without suffix, switches in capitals, and the default of TLS by the release.
fn plain(name: &str, found: &str, expected: &str) -> String {
    if name == "tls_version" && found.starts_with("?version-not-known") {
        return if found.contains(expected) { expected.to_owned() } else { found.to_owned() };
    }
    let kilo = found.strip_suffix(['k', 'K']).and_then(|digits| digits.parse::<u64>().ok());
    kilo.map_or_else(|| found.to_owned(), |kilo| (kilo * 1024).to_string())
}

/// A server that ends with the test.
struct Instance {
    child: Child,
    root: PathBuf,
    socket: PathBuf,
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.root);
    }
}

const PORT: u16 = 33_969;
const AUDIT_PORT: u16 = 33_973;

impl Instance {
    fn start() -> Instance {
        let arguments = [
            "--bind-address=127.0.0.1",
            "--plugin-load-add=auth_ed25519",
            "--plugin-load-add=simple_password_check",
            "--plugin-load-add=server_audit",
            "--max-password-errors=5",
            "--general-log=0",
            "--simple-password-check=OFF",
        ];
        Instance::start_with("mysql-instance", PORT, None, &arguments)
    }

    /// A server with arguments, or with a file.
    fn start_with(name: &str, port: u16, file: Option<&str>, arguments: &[&str]) -> Instance {
        let root = folder(name);
        let data = root.join("data");
        let own = |path: &Path| {
            let status = Command::new("chown").arg("mysql:").arg(path).status().expect("chown is started");
            assert!(status.success());
        };
        own(&root);
        let made = Command::new("mariadb-install-db")
            .args(["--no-defaults", "--user=mysql", "--skip-test-db", "--skip-name-resolve"])
            .arg(format!("--datadir={}", data.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(made.expect("mariadb-install-db is started").success());
        let socket = root.join("socket");
        let main = root.join("my.cnf");
        fs::write(&main, file.unwrap_or_default()).expect("a file is written");
        let defaults = if file.is_some() { format!("--defaults-file={}", main.display()) } else { "--no-defaults".to_owned() };
        let child = Command::new(PROGRAM)
            .args([&defaults, "--user=mysql", "--skip-name-resolve", "--skip-log-error"])
            .args(arguments)
            .arg(format!("--port={port}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", socket.display()))
            .arg(format!("--pid-file={}", root.join("pid").display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let instance = Instance { child, root, socket };
        let until = Instant::now() + Duration::from_secs(30);
        while instance.ask("SELECT 1").is_none() {
            assert!(Instant::now() < until, "the server answers");
            std::thread::sleep(Duration::from_millis(100));
        }
        instance
    }

    /// What the client prints for a statement; none where it fails.
    fn ask(&self, sql: &str) -> Option<String> {
        let client = Command::new("mariadb")
            .args(["--no-defaults", "--batch", "--user=root"])
            .arg(format!("--socket={}", self.socket.display()))
            .args(["-e", sql])
            .output()
            .expect("the client starts");
        client.status.success().then(|| String::from_utf8(client.stdout).expect("plain text"))
    }

    /// Whether an account gets in from 127.0.0.1.
    fn admits(&self, user: &str, password: &str) -> bool {
        self.answers(user, password, "SELECT 1")
    }

    /// Whether an account gets an answer from 127.0.0.1.
    fn answers(&self, user: &str, password: &str, sql: &str) -> bool {
        let port = format!("--port={PORT}");
        let arguments = ["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", &port, "--batch", "-e", sql];
        let status = Command::new("mariadb")
            .args(arguments)
            .args([format!("--user={user}"), format!("--password={password}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.expect("the client starts").success()
    }
}

/// What differs between the file of a running server and what it answers.
fn drift(instance: &Instance, file: &str) -> Vec<String> {
    let mut memory = Memory::default();
    memory.whole_root = true;
    let variables = instance.ask("SHOW GLOBAL VARIABLES").expect("the server answers");
    for (path, text) in [("etc/my.cnf", file), ("commands/mysql.variables.tsv", &variables), ("commands/mysqld-version", &version())] {
        memory.insert(path, Node::File(text.as_bytes().to_vec()), Ownership::default());
    }
    let asset = Asset::in_memory("host".to_owned(), Description::default(), memory);
    rows_of(&asset, "mysql:drift", &["setting", "file-value", "running-value"])
}

#[test]
fn what_is_set_at_run_time_is_what_differs() {
    demand_server();
    let file = "[client]\nport = 1\n[mysqld]\nport = 33971\nbind-address = 127.0.0.1\nskip-symbolic-links\nlocal-infile = 0\n\
                wait_timeout = 1K\nexpire_logs_days = 10\nloose-validate-password-length = 12\nsecure-file-priv = /tmp\n\
                plugin-load-add = server_audit\nserver_audit_logging = on\nserver-audit-events = 'connect,query'\nlog_output = file\n\
                tls_version = TLSv1.3,TLSv1.2\ngeneral-log = OFF\n# connect_timeout = 99\ndefault-password-lifetime = '90'\n\
                server_audit_file_path = audit.log\n";
    let instance = Instance::start_with("mysql-drift", 33_971, Some(file), &[]);
    assert_eq!(drift(&instance, file), Vec::<String>::new(), "an untouched server has no drift");
    for statement in [
        "SET GLOBAL local_infile = 1",
        "SET GLOBAL wait_timeout = 2048",
        "SET GLOBAL connect_timeout = 99",
        "SET GLOBAL server_audit_logging = OFF",
        "SET GLOBAL expire_logs_days = 20",
        "SET GLOBAL server_audit_events = 'query'",
    ] {
        assert!(instance.ask(statement).is_some(), "the server takes {statement}");
    }
    assert_eq!(
        drift(&instance, file),
        [
            "setting=connect_timeout file-value=10s running-value=99s",
            "setting=expire_logs_days file-value=10d running-value=20d",
            "setting=local_infile file-value=false running-value=true",
            "setting=server_audit_events file-value=[connect, query] running-value=[QUERY]",
            "setting=server_audit_logging file-value=true running-value=false",
            "setting=wait_timeout file-value=1024s running-value=2048s",
        ]
    );
}

const PEOPLE: &str = "
    CREATE ROLE reader; CREATE ROLE chief;
    GRANT SELECT ON *.* TO reader; GRANT CREATE USER ON *.* TO chief;
    CREATE ROLE middle; GRANT chief TO middle;
    CREATE USER a@'10.%' IDENTIFIED BY 'pw'; GRANT reader TO a@'10.%';
    CREATE USER b@'127.%' IDENTIFIED VIA ed25519 USING PASSWORD('pw'); GRANT middle TO b@'127.%';
    CREATE USER c@'127.0.0.0/255.0.0.0' IDENTIFIED BY 'pw' REQUIRE X509;
    CREATE USER d@'%' IDENTIFIED BY 'pw' PASSWORD EXPIRE INTERVAL 30 DAY; GRANT ALL ON app.* TO d@'%' WITH GRANT OPTION;
    CREATE USER e@'%' IDENTIFIED BY 'pw' ACCOUNT LOCK;
    CREATE USER f@'127.0.0.1'; GRANT ALL ON *.* TO f@'127.0.0.1';
    CREATE USER g@'128.0.0.0/255.0.0.0' IDENTIFIED BY 'pw'; GRANT INSERT ON mysql.* TO g@'128.0.0.0/255.0.0.0';
    CREATE USER h@'127.0.0.2' IDENTIFIED BY 'pw';
    CREATE USER i@'::1' IDENTIFIED VIA unix_socket OR mysql_native_password USING '';
    CREATE USER ''@'10.9.9.9';
    CREATE USER j@'127.%' IDENTIFIED BY 'pw'; GRANT SELECT ON `m%l`.* TO j@'127.%';
    CREATE USER k@'127.%' IDENTIFIED BY 'pw'; GRANT SELECT ON `my\\_ql`.* TO k@'127.%';
    CREATE USER l@'127.%' IDENTIFIED BY 'pw'; GRANT SELECT (Priv) ON mysql.global_priv TO l@'127.%';
    CREATE USER m@'127.%' IDENTIFIED BY 'pw'; GRANT SELECT ON mysql.time_zone_name TO m@'127.%';
    FLUSH PRIVILEGES";

#[test]
fn accounts_and_grants_of_a_real_server_are_what_it_says() {
    demand_server();
    let instance = Instance::start();
    for statement in PEOPLE.split(';') {
        assert!(instance.ask(statement).is_some(), "the server takes {statement}");
    }
    let product = PRODUCTS.iter().find(|product| product.name == "mysql").expect("the product is registered");
    let mut memory = Memory::default();
    for reading in product.reads {
        let Reading::Query { name, sql } = reading else { continue };
        // Statements for MySQL fail here; they are collected as nothing.
        if let Some(result) = instance.ask(sql) {
            assert!(!result.contains('*') || *name != "accounts-mariadb", "no hash leaves the server");
            memory.insert(&format!("commands/mysql.{name}.tsv"), Node::File(result.into_bytes()), Ownership::default());
        }
    }
    let asset = Asset::in_memory("host".to_owned(), Description::default(), memory);
    let accounts = rows_of(
        &asset,
        "mysql-accounts",
        &["user", "host", "sources", "locked", "plugin", "secret", "factors", "tls", "password-lifetime", "failed-attempts", "superuser"],
    );
    let expected = include_str!("mysql/real-accounts.txt");
    let mut sorted = accounts.clone();
    sorted.sort_unstable();
    assert_eq!(sorted.join("\n"), expected.trim_end());
    // What the server lets in from 127.0.0.1 is what the rows say.
    for user in ["b", "d", "e", "f", "g", "h", "a"] {
        let row = accounts.iter().find(|row| row.starts_with(&format!("user={user} "))).expect("the account has a row");
        let reaches = ["127.0.0.0/8", "127.0.0.1/32", "0.0.0.0/0"].iter().any(|block| row.contains(&format!("[{block}")));
        let says = reaches && row.contains("locked=false");
        let password = if user == "f" { "" } else { "pw" };
        assert_eq!(instance.admits(user, password), says, "{row}");
    }
    let privileges = rows_of(&asset, "mysql:privileges", &["grantee", "scope", "via", "unrestricted", "grantable"]);
    for row in [
        "grantee=a@10.% scope=*.* via=role unrestricted=false grantable=false",
        "grantee=b@127.% scope=*.* via=role unrestricted=true grantable=false",
        "grantee=d@% scope=app.* via=grant unrestricted=false grantable=true",
        "grantee=f@127.0.0.1 scope=*.* via=grant unrestricted=true grantable=false",
        "grantee=g@128.0.0.0/255.0.0.0 scope=mysql.* via=grant unrestricted=true grantable=false",
    ] {
        assert!(privileges.iter().any(|it| it == row), "{row} is missing: {privileges:#?}");
    }
    assert!(!privileges.iter().any(|row| row.starts_with("gap ")), "{privileges:#?}");
    // Whoever the rows say reaches accounts reads the hashes, and nobody else does.
    let reaching = rows_of(&asset, "mysql:privileges", &["grantee", "account-data"]);
    for user in ["f", "j", "k", "l", "m"] {
        let of_user = |row: &&String| row.starts_with(&format!("grantee={user}@"));
        let says = reaching.iter().filter(of_user).any(|row| row.ends_with("account-data=true"));
        let password = if user == "f" { "" } else { "pw" };
        let reads = instance.answers(user, password, "SELECT Priv FROM mysql.global_priv");
        assert_eq!(reads, says, "{user}: {reaching:#?}");
    }
    let settings = rows_of(&asset, "mysql-settings", &["name", "value", "origin"]);
    for row in ["name=bind_address value=127.0.0.1 origin=runtime", "name=max_password_errors value=5 origin=runtime"] {
        assert!(settings.iter().any(|it| it == row), "{row} is missing: {settings:#?}");
    }
    let logs = rows_of(&asset, "mysql:logs", &["stream", "enabled"]);
    assert_eq!(logs.iter().filter(|row| row.contains("database-audit")).collect::<Vec<_>>(), ["stream=database-audit enabled=false"]);
    let access = rows_of(&asset, "mysql:remote-access", &["service", "scope", "enabled", "encrypted", "factors", "lockout"]);
    assert!(
        access.iter().any(|row| row == "service=database scope=mysql 33969 enabled=false encrypted=false factors=0 lockout=5"),
        "{access:#?}"
    );
}

/// Statements of an account, and what each is to the words of `covers`.
const PROBES: [(&str, &str); 4] = [
    ("SELECT 4711 AS jixian_read", "access"),
    ("CREATE DATABASE jixian_defined", "config-change"),
    ("GRANT SELECT ON jixian_granted.* TO p@'127.%'", "privilege"),
    ("INSERT INTO jixian.t VALUES (4711)", "command"),
];

#[test]
fn what_the_audit_plugin_records_is_what_the_rows_say() {
    demand_server();
    let instance = Instance::start_with("mysql-audit", AUDIT_PORT, None, &["--plugin-load-add=server_audit", "--server-audit-logging=ON"]);
    let ask = |sql: &str| instance.ask(sql).unwrap_or_else(|| panic!("the server takes {sql}"));
    ask("CREATE USER p@'127.%'; CREATE DATABASE jixian; CREATE TABLE jixian.t (a INT)");
    for (events, excluded, included) in [
        ("", "", ""),
        ("CONNECT,QUERY", "", ""),
        ("QUERY_DDL,QUERY_DCL", "", ""),
        ("connect,query_ddl,query_dml_no_select,query_dcl", "", ""),
        ("QUERY_DML,QUERY_DDL", "", ""),
        ("CONNECT", "", ""),
        ("", "root", ""),
        ("", "", "p"),
    ] {
        ask("DROP DATABASE IF EXISTS jixian_defined");
        let file = instance.root.join("data/server_audit.log");
        ask(&format!(
            "SET GLOBAL server_audit_events = '{events}', server_audit_excl_users = '{excluded}', server_audit_incl_users = '{included}'"
        ));
        let before = fs::read_to_string(&file).expect("the plugin has a file").len();
        PROBES.iter().for_each(|(sql, _)| drop(ask(sql)));
        let recorded = fs::read_to_string(&file).expect("the plugin has a file").split_off(before);
        let mut memory = Memory::default();
        for (path, text) in [
            ("commands/mysql.variables.tsv", ask("SHOW GLOBAL VARIABLES")),
            (
                "commands/mysql.plugins.tsv",
                ask("SELECT PLUGIN_NAME AS name, PLUGIN_STATUS AS status, LOAD_OPTION AS load_option FROM information_schema.PLUGINS"),
            ),
        ] {
            memory.insert(path, Node::File(text.into_bytes()), Ownership::default());
        }
        let asset = Asset::in_memory("host".to_owned(), Description::default(), memory);
        let rows = rows_of(&asset, "mysql:logs", &["covers"]);
        let is_recorded = |(sql, _): &(&str, &str)| recorded.contains(&sql.replace('\'', "\\'"));
        for (probe, word) in PROBES.iter().map(|probe| (probe, probe.1)) {
            // To record what is done is to record all that changes something.
            let real = match word {
                "command" => PROBES[1..].iter().all(is_recorded),
                _ => is_recorded(probe),
            };
            let says = rows.iter().any(|row| row.contains(word));
            assert_eq!(says, real, "{word} with {events:?}, {excluded:?}, {included:?}: {rows:?}\n{recorded}");
        }
        assert_eq!(rows.iter().any(|row| row.contains("auth")), recorded.contains(",CONNECT,"), "{events:?}: {rows:?}\n{recorded}");
    }
}
