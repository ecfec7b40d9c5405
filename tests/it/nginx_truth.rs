//! Made-up configurations, served by the real nginx on loopback and read by us: status codes, headers and log lines must agree.
//!
//! Needs Debian's nginx 1.22 (`apt-get install nginx-light`), which `tests/run` installs. Every configuration is one `http` block; one nginx serves many servers, one per port.

use crate::dice::Dice;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::rows;

const PROGRAM: &str = "/usr/sbin/nginx";
const SERVERS: usize = 60;

/// The path of each location that is asked for.
const PATHS: [&str; 4] = ["/a/x", "/b/x", "/a/in/x", "/x"];
/// As it is written, and as our table names it.
const LOCATIONS: [&str; 4] = ["/a/", "/b/", "/a/ /a/in/", "/"];

/// Some lines that may stand in any block.
fn lines(dice: &mut Dice, logs: &str, level: &str) -> String {
    let mut text = String::new();
    for _ in 0..dice.below(3) {
        let verb = ["allow", "deny"][dice.below(2)];
        let block = ["127.0.0.1", "127.0.0.0/8", "10.0.0.0/8", "all", "127.0.0.2", "::1", "0.0.0.0/1"][dice.below(7)];
        let _ = writeln!(text, "{verb} {block};");
    }
    let mut once = |text: &mut String, chance: usize, lines: &[&str]| {
        if dice.below(100) < chance {
            text.push_str(lines[dice.below(lines.len())]);
            text.push('\n');
        }
    };
    once(&mut text, 20, &["deny all;"]);
    once(&mut text, 25, &["satisfy any;", "satisfy all;"]);
    once(&mut text, 30, &["auth_basic \"x { y\";", "auth_basic off;"]);
    once(&mut text, 30, &["server_tokens off;", "server_tokens on;", "server_tokens build;"]);
    once(&mut text, 30, &["add_header X-One '1; }' always;", "add_header X-Two two always;\nadd_header X-One uno always;"]);
    if dice.below(100) < 35 {
        let line =
            ["access_log off;", "access_log LOG one;", "access_log LOG two;\naccess_log off;", "access_log /dev/null;"][dice.below(4)];
        let _ = writeln!(text, "{}", line.replace("LOG", &format!("{logs}/{level}.log")));
    }
    text
}

/// One answer: status code, and its head in lower case.
fn ask(port: u16, path: &str, authorised: bool) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    // user:secret
    let login = if authorised { "Authorization: Basic dXNlcjpzZWNyZXQ=\r\n" } else { "" };
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n{login}Connection: close\r\n\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let head = answer.split("\r\n\r\n").next()?.to_ascii_lowercase();
    Some((head.split(' ').nth(1)?.parse().ok()?, head))
}

/// A main file with servers on these ports, and the files that it includes.
fn configuration(dice: &mut Dice, ports: &[u16], root: &str) -> Vec<(String, String)> {
    let logs = format!("{root}/logs");
    let mut main = format!("pid {root}/pid;\nerror_log {root}/error.log;\ndaemon off;\nmaster_process off;\nevents {{}}\nhttp {{\n");
    let _ = writeln!(
        main,
        "log_format one 'one $remote_addr $request';\nlog_format two 'two $request $status';\nauth_basic_user_file {root}/users;"
    );
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        let _ = writeln!(main, "{kind}_temp_path {root}/temp;");
    }
    let _ = writeln!(main, "root {root}/www;\naccess_log {logs}/http.log;\ninclude {}/sites/*.conf;\n}}", root);
    let mut files = vec![(format!("{root}/nginx.conf"), main)];
    for (number, port) in ports.iter().enumerate() {
        let mut text = format!("server {{\nlisten 127.0.0.1:{port};\nserver_name s{number};\n");
        text += &lines(dice, &logs, &format!("s{number}"));
        let mut block = |name: &str, inner: &str| {
            let inside = lines(dice, &logs, &format!("s{number}{}", name.replace('/', "-")));
            let _ = writeln!(text, "location {name} {{\n{inside}{inner}}}");
        };
        block("/a/", "include INNER;\n");
        block("/b/", "");
        block("/", "");
        let inner = format!("{root}/inner-{number}.inc");
        let inside = format!("location /a/in/ {{\n{}}}\n", lines(dice, &logs, &format!("s{number}-in")));
        text = text.replace("INNER", &inner);
        files.push((inner, inside));
        // Names in every case and with marks: nginx sorts them by bytes.
        let name = format!("{}{number:02}", ["b", "A", "a-", "Z"][number % 4]);
        files.push((format!("{root}/sites/{name}.conf"), text + "}\n"));
    }
    files
}

/// The value of a column in a line of our rows.
fn value<'l>(line: &'l str, column: &str) -> &'l str {
    let from = line.find(&format!("{column}=")).expect("the column was asked for") + column.len() + 1;
    line[from..].split(" | ").next().unwrap_or_default().trim()
}

/// What our row says of an answer, and what the answer is.
fn compare(row: &str, port: u16, path: &str) -> Result<(), String> {
    let (plain, head) = ask(port, path, false).ok_or("no answer")?;
    let (with_login, _) = ask(port, path, true).ok_or("no answer")?;
    let login = value(row, "login") != "[]";
    let both = value(row, "address-and-login") == "true";
    let networks = value(row, "sources").trim_matches(['[', ']']).to_owned();
    let here: std::net::IpAddr = [127, 0, 0, 1].into();
    let admitted = networks.split(", ").filter_map(|block| block.parse::<ipnet::IpNet>().ok()).any(|block| block.contains(&here));
    // With `satisfy any` a login opens to every address, and an admitted address needs none: that part our row leaves open.
    let expected_with_login = if admitted { 200 } else { 403 };
    if with_login != expected_with_login {
        return Err(format!("{path} with a login gives {with_login}, not {expected_with_login}"));
    }
    let expected_plain: &[u16] = match (admitted, login, both) {
        (false, false, _) => &[403],
        (false, true, _) => &[401, 403],
        (true, false, _) => &[200],
        (true, true, true) => &[401],
        (true, true, false) => &[200, 401],
    };
    if !expected_plain.contains(&plain) {
        return Err(format!("{path} without a login gives {plain}, not one of {expected_plain:?}"));
    }
    if head.contains("server: nginx/") != (value(row, "version-shown") == "true") {
        return Err(format!("{path}: the version: {head}"));
    }
    let told: Vec<&str> = head.lines().filter(|line| line.starts_with("x-")).collect();
    let ours = value(row, "headers").to_ascii_lowercase();
    let mut mine: Vec<String> =
        if ours == "[]" { Vec::new() } else { ours.trim_matches(['[', ']']).split(", ").map(str::to_owned).collect() };
    mine.sort();
    let mut theirs: Vec<String> = told.into_iter().map(str::to_owned).collect();
    theirs.sort();
    if mine != theirs {
        return Err(format!("{path}: headers {theirs:?}, not {mine:?}"));
    }
    Ok(())
}

/// Free ports of loopback, all at once so that none comes twice.
fn ports() -> Vec<u16> {
    let listeners: Vec<TcpListener> = (0..SERVERS).filter_map(|_| TcpListener::bind("127.0.0.1:0").ok()).collect();
    listeners.iter().filter_map(|listener| listener.local_addr().ok()).map(|address| address.port()).collect()
}

/// The lines that the logs of a folder hold about a path of a server, which its port in the request tells.
fn logged(folder: &Path, mark: &str) -> usize {
    let files = fs::read_dir(folder).expect("the folder of logs");
    let texts = files.filter_map(|file| fs::read_to_string(file.ok()?.path()).ok());
    texts.map(|text| text.lines().filter(|line| line.contains(mark)).count()).sum()
}

#[test]
fn served_requests_agree_with_our_rows() {
    assert!(Path::new(PROGRAM).exists(), "{PROGRAM} is not installed: tests/run installs it");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_str().expect("a plain path");
    let (mut dice, ports) = (Dice(0x5eed_0004_0bad_cafe), ports());
    for inner in ["logs", "temp", "sites", "www/a/in", "www/b"] {
        fs::create_dir_all(folder.path().join(inner)).expect("a folder can be made");
    }
    for page in ["a/x", "b/x", "a/in/x", "x"] {
        fs::write(folder.path().join("www").join(page), "content").expect("a page can be written");
    }
    fs::write(folder.path().join("users"), "user:{PLAIN}secret\n").expect("a file can be written");
    let files = configuration(&mut dice, &ports, root);
    for (path, text) in &files {
        fs::write(path, text).expect("a file can be written");
    }
    let main = format!("{root}/nginx.conf");
    let tested = Command::new(PROGRAM).args(["-T", "-c", &main, "-e", "stderr"]).output().expect("nginx runs");
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stderr));
    let mut server = Command::new(PROGRAM).args(["-c", &main, "-e", "stderr"]).stderr(Stdio::null()).spawn().expect("nginx starts");
    for _ in 0..100 {
        if ask(ports[SERVERS - 1], "/x", false).is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }

    // Our main file is where a package has it; what it includes is named by absolute paths.
    let ours: Vec<(String, &str)> = files
        .iter()
        .map(|(path, text)| {
            (if *path == main { "etc/nginx/nginx.conf".to_owned() } else { path.trim_start_matches('/').to_owned() }, text.as_str())
        })
        .collect();
    let ours: Vec<(&str, &str)> = ours.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let columns = ["server", "location", "sources", "login", "address-and-login", "version-shown", "logged", "headers"];
    let found = columns.map(|column| rows(&ours, "nginx-locations", &[column]));
    // `nginx -T` shows files in the order in which they are included, and our rows stand in that order.
    let number = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let shown = String::from_utf8_lossy(&tested.stdout).into_owned();
    let theirs: Vec<String> = shown
        .lines()
        .filter(|line| line.starts_with("# configuration file"))
        .filter_map(|line| line.split("/sites/").nth(1))
        .map(number)
        .collect();
    let mut order: Vec<String> =
        found[0].iter().filter_map(|row| row.strip_prefix("server=s")?.split(' ').next()).map(|digits| format!("{digits:0>2}")).collect();
    order.dedup();
    assert_eq!(order, theirs);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for at in 0..found[0].len() {
        let row: Vec<&str> = found.iter().map(|lines| lines[at].as_str()).collect();
        let row = row.join(" | ");
        let number: usize =
            value(&row, "server").trim_start_matches('s').split(' ').next().and_then(|it| it.parse().ok()).expect("a number");
        let place = LOCATIONS.iter().position(|name| *name == value(&row, "location")).expect("a location that was written");
        let path = format!("{}?s{number}-{place}-", PATHS[place]);
        compared += 1;
        if let Err(what) = compare(&row, ports[number], &path) {
            wrong.push(format!("{row}\n  {what}"));
        }
        let lines = logged(&folder.path().join("logs"), &path);
        if (lines > 0) != (value(&row, "logged") == "always") {
            wrong.push(format!("{row}\n  {lines} lines of log"));
        }
    }
    // Ends the one process that was started above.
    server.kill().expect("nginx can be ended");
    server.wait().expect("nginx ends");
    assert_eq!(compared, SERVERS * LOCATIONS.len());
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}
