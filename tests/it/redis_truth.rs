//! Random configurations and users against a real Redis: what it says of itself is what the files are read as.

use crate::dice::Dice;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jixian::snapshot::memory::{Memory, Node, Ownership};
use jixian::snapshot::{Asset, Description};

use crate::support::rows_of;

const PROGRAM: &str = "/usr/bin/redis-server";
const SEED: u64 = 0x7265_6469_7300_0021;
const CONFIGURATIONS: usize = 240;

/// Directives of the vocabulary and values that the server takes; ports stay closed, so that servers need no address of their own.
const DIRECTIVES: &[(&str, &[&str])] = &[
    ("acllog-max-len", &["1", "500"]),
    ("appendonly", &["no", "\"NO\""]),
    ("bind", &["127.0.0.1", "127.0.0.1 -::1", "* -::*", "\"0.0.0.0\"", "-10.255.255.1 'localhost'"]),
    ("enable-debug-command", &["yes", "no", "LOCAL"]),
    ("enable-module-command", &["yes", "no", "local"]),
    ("enable-protected-configs", &["no", "local"]),
    ("loglevel", &["debug", "Verbose", "notice", "\"warning\""]),
    ("masterauth", &["abc", "\"\"", "'x y'"]),
    ("maxclients", &["100", "50"]),
    ("protected-mode", &["yes", "no", "\"No\"", "'YES'"]),
    ("requirepass", &["foobared", "\"a b\\x63\"", "\"\"", "x\"y z\""]),
    ("save", &["\"\"", "900 1", "60 10000", "\"100\" 5", "100 1 200 2"]),
    ("syslog-enabled", &["no", "NO"]),
    ("syslog-facility", &["local1", "USER"]),
    ("syslog-ident", &["redis-a", "\"re dis\""]),
    ("tcp-keepalive", &["0", "60"]),
    ("timeout", &["0", "300", "\"1800\""]),
    ("tls-auth-clients", &["yes", "no", "Optional"]),
    ("tls-cert-file", &["/etc/redis/x.crt"]),
    ("tls-cluster", &["no"]),
    ("tls-protocols", &["TLSv1.2", "\"TLSv1.2 TLSv1.3\""]),
    ("unixsocketperm", &["700", "0770", "777"]),
];

/// One line in one of its spellings.
fn line(dice: &mut Dice) -> String {
    let (name, values) = DIRECTIVES[dice.below(DIRECTIVES.len())];
    let value = dice.one(values);
    match dice.below(10) {
        0 => format!("# {name} {value}"),
        1 => format!("\t{}   {value}  ", name.to_uppercase()),
        2 => format!("\"{name}\" {value}\r"),
        3 => String::new(),
        _ => format!("{name} {value}"),
    }
}

/// A file and those that it includes, by path.
fn file(dice: &mut Dice, folder: &Path, name: &str, depth: u32, files: &mut Vec<(PathBuf, String)>) {
    let mut text = String::new();
    for _ in 0..dice.below(9) {
        text += &line(dice);
        text.push('\n');
        if depth < 3 && dice.below(8) == 0 {
            let number = files.len();
            if dice.below(2) == 0 {
                let inner = format!("included-{number}.txt");
                files.push((folder.join(&inner), String::new()));
                file(dice, folder, &inner, depth + 1, files);
                text += &format!("include \"{}\"\n", folder.join(&inner).display());
            } else {
                for part in ["a", "b"] {
                    let inner = format!("part-{number}-{part}.inc");
                    files.push((folder.join(&inner), String::new()));
                    file(dice, folder, &inner, 3, files);
                }
                text += &format!("include {}/part-{number}-*.inc\n", folder.display());
            }
        }
    }
    match files.iter_mut().find(|(path, _)| *path == folder.join(name)) {
        Some((_, content)) => *content = text,
        None => files.push((folder.join(name), text)),
    }
}

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server, and a connection to it.
struct Server {
    _process: Process,
    stream: BufReader<UnixStream>,
}

impl Server {
    /// Starts it on a Unix socket.
    fn start(main: &Path, folder: &Path) -> Server {
        let socket = folder.join("socket");
        let _ = fs::remove_file(&socket);
        let command = Command::new(PROGRAM)
            .arg(main)
            .args(["--port", "0", "--daemonize", "no", "--logfile"])
            .arg(folder.join("log"))
            .arg("--dir")
            .arg(folder)
            .arg("--unixsocket")
            .arg(&socket)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = Process(command.expect("the server starts"));
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            if let Ok(stream) = UnixStream::connect(&socket) {
                return Server { _process: process, stream: BufReader::new(stream) };
            }
            let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "the server answers\n{}\n{}", fs::read_to_string(main).unwrap_or_default(), log());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What it answers to a command, arrays flattened.
    fn ask(&mut self, words: &[&str]) -> Vec<String> {
        let mut command = format!("*{}\r\n", words.len());
        for word in words {
            command += &format!("${}\r\n{word}\r\n", word.len());
        }
        self.stream.get_mut().write_all(command.as_bytes()).expect("the server reads");
        let mut answer = Vec::new();
        self.value(&mut answer);
        answer
    }

    fn value(&mut self, answer: &mut Vec<String>) {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the server answers");
        let text = line.trim_end().get(1..).unwrap_or_default().to_owned();
        match line.as_bytes().first() {
            Some(b'*') => (0..text.parse().unwrap_or(0)).for_each(|_| self.value(answer)),
            Some(b'$') => {
                let mut bytes = vec![0; text.parse::<usize>().unwrap_or(0) + 2];
                self.stream.read_exact(&mut bytes).expect("the server answers");
                bytes.truncate(bytes.len() - 2);
                answer.push(String::from_utf8(bytes).expect("plain text"));
            }
            _ => answer.push(text),
        }
    }
}

fn folder(name: &str) -> PathBuf {
    assert!(Path::new(PROGRAM).exists(), "{PROGRAM} is not installed: tests/run installs it");
    let root = std::env::temp_dir().join(format!("jixian-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a temporary folder");
    root
}

/// Files as an asset, the main one where distributions have it.
fn asset(main: &Path, files: &[(PathBuf, String)]) -> Asset {
    let mut memory = Memory::default();
    let mut put = |path: &str, text: &str| memory.insert(path, Node::File(text.as_bytes().to_vec()), Ownership::default());
    put("commands/redis-version", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1\n");
    for (path, text) in files {
        let path = if path == main { "etc/redis.conf" } else { path.to_str().expect("a plain path").trim_start_matches('/') };
        put(path, text);
    }
    Asset::in_memory("host".to_owned(), Description::default(), memory)
}

/// Writes a generated tree; its main file comes last.
fn tree(dice: &mut Dice, folder: &Path) -> (PathBuf, Vec<(PathBuf, String)>) {
    let mut files = Vec::new();
    file(dice, folder, "redis.conf", 0, &mut files);
    for (path, text) in &files {
        fs::write(path, text).expect("a file is written");
    }
    (folder.join("redis.conf"), files)
}

#[test]
fn random_configurations_are_read_as_the_server_reads_them() {
    let root = folder("redis-files");
    let mut dice = Dice(SEED);
    let mut compared = 0;
    for number in 0..CONFIGURATIONS {
        let own = root.join(number.to_string());
        fs::create_dir(&own).expect("a folder is made");
        let (main, files) = tree(&mut dice, &own);
        let mut server = Server::start(&main, &own);
        let rows = rows_of(&asset(&main, &files), "redis-settings", &["name", "value", "on"]);
        let password = rows.iter().any(|row| row == "name=requirepass value=set on=true");
        if password {
            // Whichever of them it is; the files say that there is one.
            let answers = ["foobared", "a bc", "xy z"].map(|it| server.ask(&["AUTH", it]));
            assert!(answers.iter().any(|answer| answer == &["OK"]), "{answers:?} {files:#?}");
        }
        let said = server.ask(&["CONFIG", "GET", "*"]);
        assert!(said.len() > 300, "{said:?} {files:#?}");
        for (name, _) in DIRECTIVES {
            let value = said.chunks(2).find(|pair| pair[0] == *name).map(|pair| pair[1].as_str()).expect("the server knows it");
            let expected = match (*name, value) {
                (_, "") => "-",
                ("masterauth" | "requirepass", _) => "set",
                (_, value) => value,
            };
            let prefix = format!("name={name} value={expected} on=");
            assert!(rows.iter().any(|row| row.starts_with(&prefix)), "{prefix} in tree {number}\n{rows:#?}\n{files:#?}");
            compared += 1;
        }
    }
    fs::remove_dir_all(&root).expect("the folder is removed");
    assert_eq!(compared, CONFIGURATIONS * DIRECTIVES.len());
}

/// A reply as `redis-cli --csv` prints it.
fn as_csv(words: &[String]) -> String {
    let quoted = |word: &String| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""));
    format!("{}\n", words.iter().map(quoted).collect::<Vec<_>>().join(","))
}

/// What differs between a tree of files and a running server.
fn drift(main: &Path, files: &[(PathBuf, String)], server: &mut Server) -> Vec<String> {
    let mut memory = Memory::default();
    let mut put = |path: &str, text: String| memory.insert(path, Node::File(text.into_bytes()), Ownership::default());
    put("commands/redis-version", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1\n".to_owned());
    for (path, text) in files {
        let path = if path == main { "etc/redis.conf" } else { path.to_str().expect("a plain path").trim_start_matches('/') };
        put(path, text.clone());
    }
    put("commands/redis.config.csv", as_csv(&server.ask(&["CONFIG", "GET", "*"])));
    let main = main.to_str().expect("a plain path");
    put("commands/redis.info.csv", as_csv(&server.ask(&["INFO", "server"])).replace(main, "/etc/redis.conf"));
    let asset = Asset::in_memory("host".to_owned(), Description::default(), memory);
    rows_of(&asset, "drift", &["setting", "file-value", "running-value"])
}

/// Changes at run time and the rows that they make.
const CHANGES: &[(&str, &str)] = &[
    ("acllog-max-len", "77"),
    ("appendonly", "yes"),
    ("loglevel", "verbose"),
    ("protected-mode", "no"),
    ("requirepass", "quite another one"),
    ("save", "7 8"),
    ("tcp-keepalive", "61"),
    ("timeout", "61"),
];

#[test]
fn what_is_changed_at_run_time_is_what_differs() {
    let root = folder("redis-drift");
    let mut dice = Dice(SEED ^ 0x21);
    let mut changed = 0;
    for number in 0..60 {
        let own = root.join(number.to_string());
        fs::create_dir(&own).expect("a folder is made");
        let mut files = Vec::new();
        file(&mut dice, &own, "redis.conf", 0, &mut files);
        let main = own.join("redis.conf");
        // What the command line gives stands in the file here.
        let given = format!("port 0\nlogfile {0}/log\ndir {0}\nunixsocket {0}/socket\n", own.display());
        files.iter_mut().filter(|(path, _)| *path == main).for_each(|(_, text)| *text += &given);
        for (path, text) in &files {
            fs::write(path, text).expect("a file is written");
        }
        let mut server = Server::start(&main, &own);
        for password in ["foobared", "a bc", "xy z"] {
            server.ask(&["AUTH", password]);
        }
        assert_eq!(drift(&main, &files, &mut server), Vec::<String>::new(), "an untouched server has no drift: {files:#?}");
        let (name, value) = dice.one(CHANGES);
        let before = server.ask(&["CONFIG", "GET", name])[1].clone();
        assert_eq!(server.ask(&["CONFIG", "SET", name, value]), ["OK"], "{name}");
        let rows = drift(&main, &files, &mut server);
        let secret = name == "requirepass";
        let was = match (secret, before.as_str()) {
            (true, "") => "not set",
            (true, _) => "set",
            (false, "") => "\"\"",
            (false, before) => before,
        };
        let runs = match (secret, before.as_str()) {
            (true, "") => "set",
            (true, _) => "set to another one",
            _ => value,
        };
        let expected = if before == *value { Vec::new() } else { vec![format!("setting={name} file-value={was} running-value={runs}")] };
        assert_eq!(rows, expected, "{files:#?}");
        changed += expected.len();
        server.ask(&["AUTH", value]);
    }
    fs::remove_dir_all(&root).expect("the folder is removed");
    assert!(changed > 40, "{changed}");
}

/// Rules of the kinds that matter, good and useless ones mixed.
const RULES: &[&str] = &[
    "on",
    "off",
    "nopass",
    "resetpass",
    ">secret",
    "<secret",
    ">other",
    "~*",
    "~app:*",
    "allkeys",
    "resetkeys",
    "%R~x",
    "%RW~*",
    "&*",
    "resetchannels",
    "allcommands",
    "nocommands",
    "+@all",
    "-@all",
    "+@admin",
    "-@admin",
    "-@dangerous",
    "+@dangerous",
    "+@read",
    "-@scripting",
    "+@scripting",
    "+@write",
    "-@slow",
    "+config",
    "-config",
    "+config|set",
    "-config|set",
    "+ACL|SETUSER",
    "-acl",
    "+flushall",
    "-flushdb",
    "-keys",
    "+keys",
    "+eval",
    "-debug",
    "+debug",
    "-module|load",
    "+module",
    "reset",
    "-@keyspace",
    "(+config|get ~x)",
    "(+@all -@admin ~*)",
    "(allcommands allkeys)",
    "clearselectors",
    "+shutdown",
    "-monitor",
];

/// Commands as they would be run, by the name in the column `commands`.
const RUNS: &[(&str, &[&[&str]])] = &[
    ("acl", &[&["acl", "setuser", "x"], &["acl", "deluser", "x"], &["acl", "load"], &["acl", "save"]]),
    ("bgsave", &[&["bgsave"]]),
    ("config", &[&["config", "get", "x"], &["config", "set", "a", "b"], &["config", "rewrite"], &["config", "resetstat"]]),
    ("debug", &[&["debug", "sleep", "0"]]),
    ("eval", &[&["eval", "return 1", "0"]]),
    ("failover", &[&["failover"]]),
    ("flushall", &[&["flushall"]]),
    ("flushdb", &[&["flushdb"]]),
    ("keys", &[&["keys", "*"]]),
    ("module", &[&["module", "load", "x"], &["module", "list"], &["module", "unload", "x"], &["module", "loadex", "x"]]),
    ("monitor", &[&["monitor"]]),
    ("replicaof", &[&["replicaof", "no", "one"]]),
    ("shutdown", &[&["shutdown"]]),
    ("slaveof", &[&["slaveof", "no", "one"]]),
    ("swapdb", &[&["swapdb", "0", "1"]]),
];

/// The rules without those with which the server does not start: a password that a user has not cannot be taken from it, and no
/// pattern can follow one for all keys.
fn accepted<'t>(rules: &[&'t str]) -> Vec<&'t str> {
    let mut all_keys = false;
    let mut kept = Vec::new();
    for rule in rules {
        match *rule {
            "<secret" => continue,
            "reset" | "resetkeys" => all_keys = false,
            rule if all_keys && rule.starts_with(['~', '%']) && rule != "~*" => continue,
            "~*" | "allkeys" => all_keys = true,
            _ => {}
        }
        kept.push(*rule);
    }
    kept
}

#[test]
fn users_can_do_what_the_server_lets_them() {
    let root = folder("redis-users");
    let main = root.join("redis.conf");
    let mut dice = Dice(SEED ^ 0xff);
    let names: Vec<String> = (0..150).map(|number| format!("user-{number}")).collect();
    let mut text = String::from("enable-debug-command yes\nenable-module-command yes\nuser default on nopass ~* &* +@all\n");
    for name in &names {
        let rules: Vec<&str> = (0..dice.below(7)).map(|_| dice.one(RULES)).collect();
        let rules = accepted(&rules);
        text += &format!("user {name} {}\n", rules.join(" "));
    }
    fs::write(&main, &text).expect("a file is written");
    let mut server = Server::start(&main, &root);
    let files = [(main.clone(), text.clone())];
    let columns = ["user", "enabled", "password", "commands", "all-keys"];
    let rows = rows_of(&asset(&main, &files), "redis-users", &columns);
    let listed = server.ask(&["ACL", "LIST"]);
    assert_eq!(rows.len(), names.len() + 1, "{rows:#?}");
    for name in &names {
        let row = rows.iter().find(|row| row.starts_with(&format!("user={name} "))).expect("a row");
        let line = listed.iter().find(|line| line.starts_with(&format!("user {name} "))).expect("a line");
        let words: Vec<&str> = line.split(' ').collect();
        let (nopass, hash) = (words.contains(&"nopass"), words.iter().any(|word| word.starts_with('#')));
        let enabled = words.contains(&"on") && (nopass || hash);
        let password = if nopass {
            "not-needed"
        } else if hash {
            "set"
        } else {
            "none"
        };
        assert!(row.contains(&format!(" enabled={enabled} password={password} ")), "{row}\n{line}");
        assert!(row.ends_with(&format!(" all-keys={}", line.contains("~*"))), "{row}\n{line}");
        let column = row.split_once("commands=[").and_then(|(_, rest)| rest.split_once(']')).expect("a list").0;
        for (command, ways) in RUNS {
            let lets = ways.iter().any(|way| server.ask(&[&["ACL", "DRYRUN", name], *way].concat()) == ["OK"]);
            assert_eq!(column.split(", ").any(|it| it == *command), lets, "{command}: {row}\n{line}");
        }
    }
    // The running server's own list is read as the same.
    let live: String = listed.iter().map(|line| format!("\"{line}\",")).collect();
    let mut memory = Memory::default();
    for (path, content) in [("commands/redis.acl.csv", format!("{}\n", live.trim_end_matches(','))), ("etc/redis.conf", text)] {
        memory.insert(path, Node::File(content.into_bytes()), Ownership::default());
    }
    memory.insert(
        "commands/redis-version",
        Node::File(b"Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1\n".to_vec()),
        Ownership::default(),
    );
    let mut again = rows_of(&Asset::in_memory("host".to_owned(), Description::default(), memory), "redis-users", &columns);
    let mut rows = rows;
    again.sort_unstable();
    rows.sort_unstable();
    assert_eq!(again, rows);
    drop(server);
    fs::remove_dir_all(&root).expect("the folder is removed");
}
