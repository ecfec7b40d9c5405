//! Made-up configurations, read by a real PostgreSQL and by us: settings, the view of pg_hba.conf, and who really gets in.
//!
//! Needs Debian's postgresql (`apt-get install postgresql`), which `tests/run` installs.

use crate::dice::Dice;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::support::rows;

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
/// Configurations whose settings are compared.
const TREES: u32 = 120;
/// Files of client authentication that are tried out.
const ACCESS: u32 = 20;

/// Settings and ways of writing values that the server takes, and one or two that it refuses.
const SETTINGS: &[(&str, &[&str])] = &[
    ("ssl_min_protocol_version", &["TLSv1.2", "'tlsv1.3'", "TLSv1"]),
    ("password_encryption", &["md5", "'scram-sha-256'", "SCRAM-SHA-256"]),
    ("log_connections", &["on", "off", "TRUE", "1", "'no'", "y", "tr"]),
    ("Log_Disconnections", &["yes", "of", "0", "'false'"]),
    ("log_statement", &["ddl", "'MOD'", "all", "none"]),
    ("log_line_prefix", &["'%m [%p] %q%u@%d '", "'%t %u %d %h '", "''", "'it''s \\'q\\' '"]),
    ("log_destination", &["stderr", "'csvlog,stderr'", "'syslog'", "'jsonlog'"]),
    ("logging_collector", &["on", "off"]),
    ("log_filename", &["'postgresql-%a.log'", "'pg-%Y-%m-%d.log'"]),
    ("log_file_mode", &["0640", "0600", "'0644'", "384"]),
    ("log_rotation_age", &["1d", "1440", "'60min'", "0", "1.5h", "'1.5h'"]),
    ("log_rotation_size", &["10MB", "0", "10240", "'1GB'", "'2048 kB'"]),
    ("log_truncate_on_rotation", &["on", "off"]),
    ("idle_session_timeout", &["0", "10min", "600000", "'30 s'", "250ms"]),
    ("idle_in_transaction_session_timeout", &["5min", "0", "60s"]),
    ("authentication_timeout", &["30s", "1min", "20", "'0.5 min'"]),
    ("listen_addresses", &["'*'", "'localhost'", "''", "'10.0.0.1, LocalHost'", "'127.0.0.1'"]),
    ("port", &["5433", "0x1538", "012500"]),
    ("unix_socket_permissions", &["0770", "0700", "511"]),
    ("syslog_facility", &["LOCAL3", "'local0'"]),
    ("shared_preload_libraries", &["'auth_delay'", "'passwordcheck, auth_delay'", "''"]),
    ("auth_delay.milliseconds", &["500", "'2s'"]),
    ("log_min_messages", &["WARNING", "error", "debug1"]),
    ("log_min_error_statement", &["error", "PANIC"]),
    ("work_mem", &["64MB"]),
];

/// The text of a file of settings.
fn settings_text(dice: &mut Dice, lines: usize) -> String {
    let mut text = String::from("# made up\n");
    for _ in 0..lines {
        let (name, values) = dice.one(SETTINGS);
        let value = dice.one(values);
        let equals = dice.one(&[" = ", "=", " ", "\t=  "]);
        let end = dice.one(&["", "   # ssl = on", "\t#x"]);
        let mark = dice.one(&["", "", "", "  ", "#"]);
        let _ = writeln!(text, "{mark}{name}{equals}{value}{end}");
    }
    text
}

/// The programs of the newest installed version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).filter(|path| path.join("postgres").exists()).max()
}

/// A cluster in a folder of its own, run by an account that is not root.
struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    version: u16,
}

impl Cluster {
    fn new(name: &str) -> Cluster {
        let bin = programs().expect("postgresql, which tests/run installs");
        let root = std::env::temp_dir().join(format!("jixian-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).expect("a temporary folder");
        let owned = Command::new("chown").arg("postgres").arg(&root).status().expect("chown is started");
        assert!(owned.success(), "the package makes an account postgres");
        let version = bin.parent().and_then(|it| it.file_name()?.to_str()?.parse().ok()).expect("a version");
        let cluster = Cluster { bin, data: root.join("data"), version };
        let made = cluster.run("initdb", &["-N", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D"], true);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster
    }

    /// Runs a program of the cluster as its owner, its data directory as the last argument where that is asked for.
    fn run(&self, program: &str, arguments: &[&str], data: bool) -> Output {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(self.bin.join(program)).args(arguments);
        if data {
            command.arg(&self.data);
        }
        command.env("PGCONNECT_TIMEOUT", "5").current_dir("/").stdin(Stdio::null()).output().expect("the program is started")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.data.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        fs::write(&path, text).expect("a file is written");
        let owned = Command::new("chown").arg("-R").arg("postgres").arg(&self.data).status();
        assert!(owned.expect("chown is started").success());
    }

    /// What a server in single-user mode answers; none where it refuses its configuration.
    fn alone(&self, sql: &str) -> Option<Vec<BTreeMap<String, String>>> {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(self.bin.join("postgres"));
        command.args(["--single", "-j", "-D"]).arg(&self.data).arg("postgres");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .current_dir("/")
            .spawn()
            .expect("the server is started");
        let _ = child.stdin.take().expect("a pipe").write_all(format!("{sql};\n\n").as_bytes());
        let output = child.wait_with_output().expect("the server ends");
        output.status.success().then(|| records(&String::from_utf8_lossy(&output.stdout)))
    }

    fn folder(&self) -> &Path {
        self.data.parent().expect("the data are in a folder")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.run("pg_ctl", &["-m", "immediate", "-s", "stop", "-D"], true);
        let _ = fs::remove_dir_all(self.folder());
    }
}

/// The records that single-user mode prints: a line `1: name = "value" (typeid …)` per column, four dashes between records.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut all = Vec::new();
    let mut one = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim_start_matches("backend>").trim();
        if line == "----" && !one.is_empty() {
            all.push(std::mem::take(&mut one));
        }
        let Some((_, rest)) = line.split_once(": ") else { continue };
        if let Some((name, value)) = rest.split_once(" = \"")
            && let Some(at) = value.rfind("\"\t(")
        {
            one.insert(name.to_owned(), value[..at].to_owned());
        }
    }
    all
}

/// Where the files of a cluster lie in what we read.
fn placed<'f>(version: u16, files: &'f [(&str, String)]) -> Vec<(String, &'f str)> {
    let mut placed = vec![(format!("var/lib/pgsql/{version}/data/PG_VERSION"), "")];
    placed.extend(files.iter().map(|(name, text)| (format!("var/lib/pgsql/{version}/data/{name}"), text.as_str())));
    placed
}

/// Our rows of a table for these files.
fn ours(version: u16, files: &[(&str, String)], table: &str, columns: &[&str]) -> Vec<String> {
    ours_with(version, files, &[], table, columns)
}

/// The same with what queries answered, by path.
fn ours_with(version: u16, files: &[(&str, String)], answers: &[(String, String)], table: &str, columns: &[&str]) -> Vec<String> {
    let placed = placed(version, files);
    let mut list: Vec<(&str, &str)> = placed.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let auto = format!("var/lib/pgsql/{version}/data/postgresql.auto.conf");
    if !list.iter().any(|(path, _)| *path == auto) {
        list.push((&auto, "!absent"));
    }
    let folder = format!("var/lib/pgsql/{version}/data/conf.d");
    let none = format!("var/lib/pgsql/{version}/data/none.conf");
    list.extend([(folder.as_str(), "!directory"), (none.as_str(), "!absent")]);
    list.extend(answers.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    rows(&list, table, columns)
}

/// What the server shows of a setting, in the words of our cells.
fn expected(record: &BTreeMap<String, String>) -> Vec<(&'static str, String)> {
    let get = |name: &str| record.get(name).map_or("", String::as_str);
    let (setting, unit, kind) = (get("setting"), get("unit"), get("vartype"));
    let number: i128 = setting.parse().unwrap_or(0);
    let unlimited = ["idle_in_transaction_session_timeout", "idle_session_timeout", "log_rotation_age", "log_rotation_size"];
    let unlimited = number == 0 && unlimited.contains(&get("name"));
    let written = |units| jixian::names::unit::written(u64::try_from(number).expect("a size or time"), units);
    match (kind, unit) {
        ("bool", _) => vec![("value", setting.to_owned()), ("on", (setting == "on").to_string())],
        ("integer", "") if get("name").ends_with("mode") || get("name").ends_with("permissions") => vec![("value", setting.to_owned())],
        ("integer", "") => vec![("number", setting.to_owned())],
        ("integer", _) if unlimited => vec![(if unit == "kB" { "size" } else { "duration" }, "unlimited".to_owned())],
        ("integer", "kB") => vec![("size", {
            let kilobytes = written(&[("", 1)]);
            jixian::names::unit::written(kilobytes.parse::<u64>().expect("a number") * 1024, jixian::names::unit::SIZE)
        })],
        ("integer", unit) => {
            let milliseconds = number
                * i128::from(match unit {
                    "ms" => 1,
                    "s" => 1_000,
                    _ => 60_000,
                });
            let seconds = u64::try_from(milliseconds).expect("a time").div_ceil(1_000);
            vec![("duration", jixian::names::unit::written(seconds, jixian::names::unit::DURATION))]
        }
        _ if setting.is_empty() => vec![("value", "-".to_owned())],
        _ => vec![("value", setting.to_owned())],
    }
}

#[test]
fn every_setting_is_what_the_server_shows() {
    let cluster = Cluster::new("pg-settings");
    let mut dice = Dice(SEED);
    let (mut compared, mut refused) = (0, 0);
    for number in 0..TREES {
        let main = settings_text(&mut dice, 14)
            + "include_if_exists 'none.conf'\ninclude_dir = 'conf.d'\ninclude 'sub/one.conf'\n"
            + &settings_text(&mut dice, 3);
        let broken = if number % 5 == 4 { "ssl = on off\n" } else { "" };
        let files = [
            ("postgresql.conf", main + broken),
            ("conf.d/20.conf", settings_text(&mut dice, 6)),
            ("conf.d/10.conf", settings_text(&mut dice, 6)),
            ("conf.d/.hidden.conf", "port = 1\n".to_owned()),
            ("conf.d/other.txt", "port = 2\n".to_owned()),
            ("sub/one.conf", "include_if_exists '../two.conf'\n".to_owned() + &settings_text(&mut dice, 3)),
            ("two.conf", settings_text(&mut dice, 4)),
            ("postgresql.auto.conf", settings_text(&mut dice, if number % 3 == 0 { 3 } else { 0 })),
        ];
        for (name, text) in &files {
            cluster.write(name, text);
        }
        let sql = "SELECT name, setting, coalesce(unit, '') AS unit, vartype FROM pg_settings WHERE name IN ('ssl','ssl_ca_file','ssl_min_protocol_version','password_encryption','log_connections','log_disconnections','log_statement','log_line_prefix','log_destination','logging_collector','log_filename','log_directory','log_file_mode','log_rotation_age','log_rotation_size','log_truncate_on_rotation','idle_session_timeout','idle_in_transaction_session_timeout','authentication_timeout','listen_addresses','port','unix_socket_permissions','syslog_facility','log_min_messages','log_min_error_statement','shared_preload_libraries')";
        let truth = cluster.alone(sql);
        let columns = ["name", "scope", "value", "number", "on", "duration", "size"];
        let found = ours(cluster.version, &files, "pg-settings", &columns);
        let context = || files.iter().map(|(name, text)| format!("-- {name}\n{text}")).collect::<String>();
        let gap = found.iter().any(|row| row.starts_with("gap") && row.contains("scope=server"));
        let Some(truth) = truth else {
            let not_read = found.iter().any(|row| row.contains("value=?not-understood"));
            assert!(gap || not_read, "the server refuses it, we do not: {number}\n{}", context());
            refused += 1;
            continue;
        };
        assert!(!gap, "the server takes it, we do not: {}", context());
        for record in &truth {
            let name = &record["name"];
            // Single-user mode loads no preload libraries and shows these as they would be.
            let row =
                found.iter().find(|row| row.starts_with(&format!("name={name} scope=server "))).unwrap_or_else(|| panic!("no row {name}"));
            for (column, value) in expected(record) {
                let wanted = format!(" {column}={value}");
                let padded = format!("{row} ");
                assert!(padded.contains(&format!("{wanted} ")), "{name}: the server has {column}={value}, we {row}\n{}", context());
                compared += 1;
            }
        }
    }
    println!("compared {compared} settings, {refused} configurations were refused");
    assert!(compared >= 2_400 && refused >= 12, "too few comparisons mean something: {compared}, {refused}");
}

/// A port on which nothing listens.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

#[test]
fn the_queries_are_answered_and_agree_with_the_files() {
    let cluster = Cluster::new("pg-queries");
    let port = free_port();
    let folder = cluster.data.display().to_string();
    let main = format!(
        "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}'\nfsync = off\nlog_connections = on\n\
         shared_preload_libraries = 'passwordcheck'\nlog_rotation_age = 12h\n"
    );
    let hba = "local all all trust\nhost all +staff 10.0.0.0/8 scram-sha-256\n".to_owned();
    cluster.write("postgresql.conf", &main);
    cluster.write("pg_hba.conf", &hba);
    let started = cluster.run("pg_ctl", &["-s", "-w", "-t", "20", "-l", &format!("{folder}/log"), "start", "-D"], true);
    assert!(started.status.success(), "{}", fs::read_to_string(cluster.data.join("log")).unwrap_or_default());
    let port = port.to_string();
    let asked = |sql: &str| {
        let answer = cluster.run("psql", &["-X", "--csv", "-h", &folder, "-p", &port, "-U", "postgres", "-c", sql, "postgres"], false);
        assert!(answer.status.success(), "{sql}: {}", String::from_utf8_lossy(&answer.stderr));
        String::from_utf8_lossy(&answer.stdout).into_owned()
    };
    for sql in [
        "CREATE ROLE staff NOLOGIN",
        "CREATE ROLE ann LOGIN CREATEROLE PASSWORD 'correct-horse-9' VALID UNTIL '2027-03-31' IN ROLE staff",
        "CREATE ROLE bob LOGIN PASSWORD 'battery-staple-7' IN ROLE pg_read_server_files",
        "CREATE ROLE eve LOGIN",
        "ALTER ROLE bob SET log_statement = 'none'",
    ] {
        asked(sql);
    }
    let product = jixian::facts::PRODUCTS.iter().find(|product| product.name == "postgresql").expect("the product");
    let mut answers = Vec::new();
    for reading in product.reads {
        if let jixian::facts::Reading::Query { name, sql } = reading {
            answers.push((format!("commands/postgresql.{name}.csv"), asked(sql)));
        }
    }
    let files = [("postgresql.conf", main), ("pg_hba.conf", hba)];
    let with_answers = |table: &str, columns: &[&str]| ours_with(cluster.version, &files, &answers, table, columns);
    assert_eq!(
        with_answers("pg-roles", &["role", "login", "superuser", "rights", "through", "valid-until", "password-scheme"]),
        [
            "role=ann login=true superuser=false rights=[create-role] through=[] valid-until=2027-03-31 password-scheme=scram-sha-256",
            "role=bob login=true superuser=true rights=[] through=[pg_read_server_files] valid-until=never password-scheme=scram-sha-256",
            "role=eve login=true superuser=false rights=[] through=[] valid-until=never password-scheme=none",
            "role=postgres login=true superuser=true rights=[bypass-rls, create-role, replication, superuser] through=[] valid-until=never \
             password-scheme=none",
            "role=staff login=false superuser=false rights=[] through=[] valid-until=never password-scheme=none",
        ]
    );
    assert_eq!(with_answers("pg-databases", &["database", "public-create"])[0], "database=postgres public-create=false");
    let own = with_answers("pg-settings", &["name", "scope", "value", "origin"]);
    assert!(own.contains(&"name=log_statement scope=role bob value=none origin=runtime".to_owned()), "{}", own.join("\n"));
    assert!(!own.iter().any(|row| row.starts_with("gap")), "every query was answered whole: {}", own.join("\n"));
    // What runs is what the files say, so that nothing differs.
    let columns = ["name", "scope", "value", "number", "on", "duration", "size"];
    let on_server = |rows: Vec<String>| rows.into_iter().filter(|row| row.contains("scope=server")).collect::<Vec<_>>();
    let alone = on_server(ours(cluster.version, &files, "pg-settings", &columns));
    let live = on_server(with_answers("pg-settings", &columns));
    let named = |row: &String| row.split(' ').next().unwrap_or_default().to_owned();
    // The server shows times and sizes in a unit of its own.
    let typed = |row: &String| {
        if row.contains("duration=- size=-") { row.clone() } else { row.replace(row.split(' ').nth(2).unwrap_or_default(), "") }
    };
    let mut compared = 0;
    for row in live.iter().filter(|row| !row.contains("directory") && !row.contains("_file")) {
        let from_files = alone.iter().find(|other| named(other) == named(row)).expect("the same settings");
        if !from_files.contains('?') {
            assert_eq!(typed(from_files), typed(row));
            compared += 1;
        }
    }
    assert!(compared >= 20, "too few settings mean something: {compared}");
    assert!(!with_answers("pg-settings", &["name", "differs"]).iter().any(|row| row.ends_with("differs=true")), "nothing differs");
    let policy = ["path", "min-length", "classes", "lockout-threshold", "hash-scheme"];
    assert_eq!(
        with_answers("postgresql:authentication-policy", &policy),
        ["path=roles min-length=8 classes=2 lockout-threshold=- hash-scheme=sha256"]
    );
    // What was changed without a reload, or waits for a restart, is what differs; nothing else does.
    let drift = |main: &str, auto: &str, answers: &[(String, String)]| {
        let files = [("postgresql.conf", main.to_owned()), ("pg_hba.conf", files[1].1.clone()), ("postgresql.auto.conf", auto.to_owned())];
        // The cluster stands in a folder of its own, and we read it where a package has it.
        let own = format!("/var/lib/pgsql/{}/data", cluster.version);
        let answers: Vec<(String, String)> = answers.iter().map(|(path, text)| (path.clone(), text.replace(&folder, &own))).collect();
        ours_with(cluster.version, &files, &answers, "drift", &["setting", "file-value", "running-value"])
    };
    let settings = |sql: &str| vec![("commands/postgresql.settings.csv".to_owned(), asked(sql))];
    let query = product.reads.iter().find_map(|reading| match reading {
        jixian::facts::Reading::Query { name: "settings", sql } => Some(*sql),
        _ => None,
    });
    let query = query.expect("the query");
    let untouched = drift(&files[0].1, "", &settings(query));
    assert_eq!(untouched, Vec::<String>::new(), "an untouched server has no drift");
    asked("ALTER SYSTEM SET log_rotation_age = '90min'");
    asked("ALTER SYSTEM SET log_disconnections = on");
    asked("ALTER SYSTEM SET log_statement = 'none'");
    let auto = fs::read_to_string(cluster.data.join("postgresql.auto.conf")).expect("the server wrote it");
    assert_eq!(
        drift(&files[0].1, &auto, &settings(query)),
        ["setting=log_disconnections file-value=on running-value=off", "setting=log_rotation_age file-value=90m running-value=12h",]
    );
    asked("SELECT pg_reload_conf()");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(drift(&files[0].1, &auto, &settings(query)), Vec::<String>::new(), "after the reload nothing differs");
    asked("ALTER SYSTEM SET shared_preload_libraries = passwordcheck, auth_delay");
    asked("ALTER SYSTEM RESET log_disconnections");
    let auto = fs::read_to_string(cluster.data.join("postgresql.auto.conf")).expect("the server wrote it");
    assert_eq!(
        drift(&files[0].1, &auto, &settings(query)),
        [
            "setting=log_disconnections file-value=off running-value=on",
            "setting=shared_preload_libraries file-value=[passwordcheck, auth_delay] running-value=[passwordcheck]",
        ]
    );
    let short =
        cluster.run("psql", &["-X", "-h", &folder, "-p", &port, "-U", "postgres", "-c", "ALTER ROLE eve PASSWORD 'abc-123'"], false);
    assert!(!short.status.success(), "the server refuses seven characters");
}

/// A line of pg_hba.conf that may admit or refuse connections over loopback addresses.
fn rule(dice: &mut Dice) -> String {
    let kind = dice.one(&["host", "host", "hostnossl", "hostssl", "hostnogssenc", "local", "#host"]);
    let database = dice.one(&["all", "postgres", "app,\"all\"", "sameuser", "replication", "\"postgres\""]);
    let user = dice.one(&["all", "postgres", "alice", "\"all\"", "alice,bob", "+staff"]);
    let address = dice.one(&[
        "127.0.0.1/32",
        "127.0.0.2/32",
        "127.0.0.0/8",
        "0.0.0.0/0",
        "all",
        "127.0.0.2 255.255.255.254",
        "::1/128",
        "127.0.0.3/31",
    ]);
    let address = if kind == "local" { "" } else { address };
    let method = dice.one(&["trust", "reject", "trust", "reject", "scram-sha-256"]);
    format!("{kind}\t{database} {user}  {address}  {method}{}\n", dice.one(&["", " # trust", "  "]))
}

/// One psql over a loopback address: whether it got in.
fn admitted(cluster: &Cluster, port: u16, (database, user, from): (&str, &str, &str)) -> bool {
    let target = format!("host={from} port={port} dbname={database} user={user} sslmode=disable gssencmode=disable");
    cluster.run("psql", &["-XAtw", "-c", "SELECT 1", &target], false).status.success()
}

/// Whether our rows say that somebody without a password gets in: the first rule whose sources hold the client decides.
fn says(found: &[String], (database, user, from): (&str, &str, &str)) -> bool {
    let client: std::net::IpAddr = from.parse().expect("an address");
    for row in found {
        let cell = |name: &str| {
            let (_, rest) = row.split_once(&format!("{name}=")).expect("a column");
            rest.split_once(';').expect("a separator").0.to_owned()
        };
        let list = |name: &str| cell(name).trim_matches(['[', ']']).split(", ").map(str::to_owned).collect::<Vec<_>>();
        let types = cell("type");
        let (databases, users, entry) = (list("databases"), list("users"), cell("entry"));
        let quoted = |word: &str| entry.contains(&format!("\"{word}\""));
        let database_fits = databases.iter().any(|it| {
            it == database && !["all", "sameuser"].contains(&it.as_str())
                || it == "all" && !quoted("all")
                || it == "sameuser" && database == user
        });
        let user_fits = users.iter().any(|it| it == user || it == "all" && !entry.contains(" \"all\" ") || it == "+staff" && user == "bob");
        let inside = list("sources").iter().filter_map(|block| block.parse::<ipnet::IpNet>().ok()).any(|block| block.contains(&client));
        if types != "local" && types != "hostssl" && database_fits && user_fits && inside {
            return cell("method") == "trust";
        }
    }
    false
}

#[test]
fn who_gets_in_is_what_the_server_does() {
    let cluster = Cluster::new("pg-hba");
    let port = free_port();
    let folder = cluster.data.display().to_string();
    let six = std::net::TcpListener::bind("[::1]:0").is_ok();
    let main = format!(
        "port = {port}\nlisten_addresses = '127.0.0.1{}'\nunix_socket_directories = '{folder}'\nfsync = off\n",
        if six { ",::1" } else { "" }
    );
    cluster.write("postgresql.conf", &main);
    cluster.write("pg_hba.conf", "local all all trust\n");
    let started = cluster.run("pg_ctl", &["-s", "-w", "-t", "20", "-l", &format!("{folder}/log"), "start", "-D"], true);
    assert!(started.status.success(), "{}", fs::read_to_string(cluster.data.join("log")).unwrap_or_default());
    let local =
        |sql: &str| cluster.run("psql", &["-XAt", "-F", "|", "-h", &folder, "-p", &port.to_string(), "-U", "postgres", "-c", sql], false);
    for sql in
        ["CREATE ROLE alice LOGIN", "CREATE ROLE bob LOGIN", "CREATE ROLE staff ROLE bob", "CREATE DATABASE alice TEMPLATE template0"]
    {
        assert!(local(sql).status.success(), "{sql}");
    }
    let mut dice = Dice(SEED ^ 7);
    let (mut tried, mut let_in) = (0, 0);
    for _ in 0..ACCESS {
        // The first line is for this test alone: it asks the server over the socket.
        let text = (0..9).fold("local postgres postgres trust\n".to_owned(), |text, _| text + &rule(&mut dice));
        cluster.write("pg_hba.conf", &text);
        let view = local(
            "SELECT line_number, type, array_to_string(database, ','), array_to_string(user_name, ','), coalesce(auth_method, '') FROM pg_hba_file_rules WHERE type IS NOT NULL",
        );
        let view = String::from_utf8_lossy(&view.stdout).into_owned();
        let columns = ["line", "type", "databases", "users", "method"];
        let files = [("postgresql.conf", main.clone()), ("pg_hba.conf", text.clone())];
        let plain = |row: &String| {
            columns
                .iter()
                .fold(row.clone(), |row, column| row.replace(&format!("{column}="), "|"))
                .replace(" |", "|")
                .replace(['[', ']'], "")
                .replace(", ", ",")
        };
        let found: Vec<String> =
            ours(cluster.version, &files, "pg-hba", &columns).iter().map(plain).map(|row| row[1..].to_owned()).collect();
        assert_eq!(found, view.lines().collect::<Vec<_>>(), "{text}");
        let _ = local("SELECT pg_reload_conf()");
        // The postmaster takes its files again when it is told; connections are checked against what it holds.
        std::thread::sleep(std::time::Duration::from_millis(200));
        let columns = ["entry", "type", "databases", "users", "sources", "method"];
        let found: Vec<String> = ours(cluster.version, &files, "pg-hba", &columns)
            .iter()
            .map(|row| {
                columns[1..].iter().fold(row.clone(), |row, column| row.replace(&format!(" {column}="), &format!("; {column}="))) + ";"
            })
            .collect();
        for database in ["postgres", "alice"] {
            for user in ["postgres", "alice", "bob"] {
                // A connection to an address of 127.0.0.0/8 comes from the first of them.
                let from = if six { dice.one(&["127.0.0.1", "127.0.0.1", "::1"]) } else { "127.0.0.1" };
                let client = (database, user, from);
                let real = admitted(&cluster, port, client);
                assert_eq!(says(&found, client), real, "{client:?} (left ours, right the server's)\n{text}\n{}", found.join("\n"));
                tried += 1;
                let_in += u32::from(real);
            }
        }
    }
    println!("tried {tried} connections, {let_in} were let in");
    assert!(let_in >= 10 && tried - let_in >= 30, "too few connections mean something: {tried}, {let_in}");
}
