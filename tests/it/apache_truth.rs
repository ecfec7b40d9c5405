//! Made-up configurations, served by the real httpd on loopback and read by us: status codes, listings and log lines must agree; and what
//! httpd itself says of the files it includes, the modules it loads and its virtual hosts.
//!
//! Needs Debian's Apache httpd 2.4 (`apt-get install apache2`), which `tests/run` installs. mod_remoteip lets one machine be many clients.

use crate::dice::Dice;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::rows;

const PROGRAM: &str = "/usr/sbin/apache2";
const MODULES: &str = "/usr/lib/apache2/modules";
const HOSTS: usize = 60;

/// Modules that the configurations need; log_config, version and unixd are part of Debian's program.
const LOADED: [&str; 15] = [
    "mpm_event",
    "authn_core",
    "authz_core",
    "access_compat",
    "authn_file",
    "auth_basic",
    "authz_user",
    "authz_host",
    "dir",
    "autoindex",
    "alias",
    "remoteip",
    "env",
    "setenvif",
    "reqtimeout",
];

/// Folders below the document root, as they are asked for.
const PATHS: [&str; 4] = ["/a", "/a/in", "/b", ""];
/// Who asks.
const CLIENTS: [&str; 5] = ["127.0.0.1", "10.1.2.3", "10.1.2.9", "10.2.0.1", "192.0.2.1"];

/// Lines that may stand in any section.
fn lines(dice: &mut Dice) -> String {
    const ACCESS: [&str; 17] = [
        "Require all granted",
        "Require all denied",
        "Require ip 10.1.2.0/24",
        "require ip 10.1 127.0.0.1",
        "Require valid-user",
        "Require ip 10.2.0.0/255.255.0.0\nRequire valid-user",
        "<RequireAll>\nRequire ip 10.0.0.0/8\nRequire not ip 10.1.2.9\n</RequireAll>",
        "<RequireAll>\nRequire ip 10.0.0.0/8\nRequire valid-user\n</RequireAll>",
        "<RequireAny>\nRequire local\n<RequireAll>\nRequire all granted\nRequire not ip 10.1.2.3 10.2\n</RequireAll>\n</RequireAny>",
        "<RequireAll>\nRequire all granted\n<RequireNone>\nRequire ip 10.1.2.9\n</RequireNone>\n</RequireAll>",
        "AuthMerging And\nRequire ip 10.1.2.3 127.0.0.1 192.0.2",
        "AuthMerging Or\nRequire ip 192.0.2.1",
        "Order allow,deny\nAllow from 10.1.2\nDeny from 10.1.2.9",
        "Order deny,allow\nDeny from all\nAllow from 127.0.0.1 10.2.0.0/16",
        "Deny from 10.2.0.0/255.255.0.0",
        "Order Allow,Deny\nAllow from all",
        "Satisfy any\nOrder deny,allow\nDeny from 10.1\nRequire valid-user",
    ];
    const OPTIONS: [&str; 7] = [
        "Options Indexes",
        "Options +Indexes",
        "Options -Indexes",
        "Options None",
        "Options all",
        "Options FollowSymLinks",
        "Options +Indexes -FollowSymLinks\nOptions -MultiViews",
    ];
    let mut text = String::new();
    if dice.below(100) < 55 {
        let _ = writeln!(text, "{}", ACCESS[dice.below(ACCESS.len())]);
    }
    if dice.below(100) < 15 {
        let _ = writeln!(text, "{}", ACCESS[12 + dice.below(5)]);
    }
    if dice.below(100) < 45 {
        let _ = writeln!(text, "{}", OPTIONS[dice.below(OPTIONS.len())]);
    }
    text
}

/// The sections of one host, in a random order: folders, and with `locations` addresses, too.
fn sections(dice: &mut Dice, root: &str, locations: bool) -> String {
    let mut all = Vec::new();
    for path in PATHS {
        all.push(format!("<Directory \"{root}/www{path}\">\n{}</Directory>\n", lines(dice)));
        if locations {
            all.push(format!("<Location {}>\n{}</Location>\n", if path.is_empty() { "/" } else { path }, lines(dice)));
        }
    }
    if dice.below(2) == 0 {
        all.push(format!("<Directory {root}/*/?>\n{}</Directory>\n", lines(dice)));
    }
    for at in (1..all.len()).rev() {
        let other = dice.below(at + 1);
        all.swap(at, other);
    }
    all.concat()
}

/// Lines that load modules.
fn modules() -> String {
    LOADED.iter().fold(String::new(), |text, name| text + &format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n"))
}

/// One answer: its status code.
fn ask(port: u16, method: &str, path: &str, client: &str, authorised: bool) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    // user:secret
    let login = if authorised { "Authorization: Basic dXNlcjpzZWNyZXQ=\r\n" } else { "" };
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nX-Client: {client}\r\n{login}Connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

/// The value of a column in a line of our rows.
fn value<'l>(line: &'l str, column: &str) -> &'l str {
    let from = line.find(&format!("{column}=")).expect("the column was asked for") + column.len() + 1;
    let rest = &line[from..];
    let end = if rest.starts_with('[') { rest.find(']').map(|at| at + 1) } else { rest.find(' ') };
    &rest[..end.unwrap_or(rest.len())]
}

/// What our row says of the answers, and what the answers are.
fn compare(row: &str, port: u16, path: &str, client: &str) -> Result<(), String> {
    let asked = |path: &str, login| ask(port, "GET", path, client, login).ok_or("no answer");
    let file = format!("{path}/x.txt");
    let (plain, with_login) = (asked(&file, false)?, asked(&file, true)?);
    let address: IpAddr = client.parse().expect("an address");
    let networks = value(row, "sources").trim_matches(['[', ']']).to_owned();
    let admitted = networks.split(", ").filter_map(|block| block.parse::<ipnet::IpNet>().ok()).any(|block| block.contains(&address));
    let asks = value(row, "login") != "[]";
    let both = value(row, "address-and-login") == "true";
    let expected = if admitted { 200 } else { 403 };
    // Without an address that is admitted, httpd may ask for a login in vain.
    if with_login != expected && (admitted || with_login != 401) {
        return Err(format!("{file} for {client} with a login gives {with_login}, not {expected}"));
    }
    let fits = match (admitted, asks, both) {
        (false, ..) => plain != 200,
        (true, false, _) => plain == 200,
        (true, true, true) => plain == 401,
        (true, true, false) => plain == 200 || plain == 401,
    };
    if !fits {
        return Err(format!("{file} for {client} without a login gives {plain}"));
    }
    let listed = value(row, "options").contains("Indexes");
    let listing = asked(&format!("{path}/"), true)?;
    if admitted && (listing == 200) != listed {
        return Err(format!("{path}/ gives {listing}"));
    }
    Ok(())
}

/// A running httpd, ended with the test.
struct Server(std::process::Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts httpd with a main file, and waits until it answers on a port.
fn start(main: &str, port: u16) -> Server {
    let mut command = Command::new(PROGRAM);
    command.args(["-X", "-f", main]).env_clear().stdin(Stdio::null()).stdout(Stdio::null());
    let mut server = Server(command.spawn().expect("apache2 of `tests/run` is installed"));
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        let ended = server.0.try_wait().expect("the process can be asked");
        assert!(ended.is_none(), "httpd took the configuration: {ended:?}");
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("httpd did not answer");
}

/// A folder that any account may read, with documents in it.
fn documents() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path();
    let open = |path: &std::path::Path| {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("the mode can be changed");
    };
    open(root);
    for path in PATHS {
        let inner = root.join(format!("www{path}"));
        fs::create_dir_all(&inner).expect("a folder can be made");
        fs::write(inner.join("x.txt"), "x").expect("a file can be written");
        open(&inner);
    }
    // user:secret as SHA-1, which httpd knows without crypt.
    fs::write(root.join("users"), "user:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n").expect("a file can be written");
    folder
}

#[test]
fn httpd_admits_lists_and_logs_what_our_rows_say() {
    let folder = documents();
    let root = folder.path().to_str().expect("a plain path").to_owned();
    let listeners: Vec<TcpListener> = (0..HOSTS).filter_map(|_| TcpListener::bind("127.0.0.1:0").ok()).collect();
    let ports: Vec<u16> = listeners.iter().filter_map(|listener| listener.local_addr().ok()).map(|address| address.port()).collect();
    drop(listeners);
    let mut dice = Dice(0x5eed);
    let mut main = format!("ServerName x\nPidFile {root}/pid\nUser www-data\nGroup www-data\nKeepAlive Off\n{}", modules());
    let _ =
        writeln!(main, "ErrorLog {root}/error.log\nLogFormat \"%{{local}}p %a %u %t \\\"%r\\\" %>s\" mine\nCustomLog {root}/main.log mine");
    let _ = writeln!(main, "RemoteIPHeader X-Client\nRemoteIPInternalProxy 127.0.0.1\nTraceEnable off");
    let _ = writeln!(
        main,
        "<Directory />\nAuthType Basic\nAuthName x\nAuthUserFile {root}/users\nAuthBasicProvider file\nRequire all denied\n</Directory>\n<Directory {root}>\nRequire all granted\n</Directory>"
    );
    main += &sections(&mut dice, &root, false);
    let _ = writeln!(main, "<Location /b>\n{}</Location>", lines(&mut dice));
    for (number, port) in ports.iter().enumerate() {
        let sections = sections(&mut dice, &root, number % 3 > 0);
        let log = ["", "CustomLog LOG mine", "CustomLog LOG mine env=never", "CustomLog /dev/null mine"][dice.below(4)];
        let log = log.replace("LOG", &format!("{root}/{number}.log"));
        let trace = ["", "TraceEnable on"][dice.below(2)];
        let _ = writeln!(
            main,
            "Listen 127.0.0.1:{port}\n<VirtualHost 127.0.0.1:{port}>\nServerName h{number}\nDocumentRoot {root}/www\n{log}\n{trace}\n{sections}</VirtualHost>"
        );
    }
    let path = format!("{root}/main.conf");
    fs::write(&path, &main).expect("a file can be written");
    let _server = start(&path, ports[0]);
    let files = [("etc/apache2/apache2.conf", &*main)];
    let scopes = rows(&files, "apache:apache-scopes", &["host", "kind", "path", "sources", "login", "address-and-login", "options"]);
    let hosts = rows(&files, "apache:apache-hosts", &["host", "logged", "log-targets", "trace", "log-fields"]);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (number, port) in ports.iter().enumerate() {
        let own = format!("host=h{number} ");
        for path in PATHS {
            let (kind, shown) = match (number % 3 > 0, path) {
                (true, "") => ("location", "/".to_owned()),
                (true, path) => ("location", path.to_owned()),
                (false, path) => ("directory", format!("{root}/www{path}")),
            };
            // The server's own location holds for every host, and the row of a folder says nothing of it.
            if kind == "directory" && path == "/b" {
                continue;
            }
            let row = scopes.iter().find(|row| row.starts_with(&own) && row.contains(&format!("kind={kind} path={shown} ")));
            let Some(row) = row else {
                wrong.push(format!("{own}{path} has no row"));
                continue;
            };
            for client in CLIENTS {
                compared += 1;
                if let Err(text) = compare(row, *port, path, client) {
                    wrong.push(format!("{text}: {row}"));
                }
            }
        }
        let row = hosts.iter().find(|row| row.starts_with(&own)).expect("every host has a row");
        let traced = ask(*port, "TRACE", "/", CLIENTS[0], false);
        if (traced == Some(405)) != (value(row, "trace") == "off") {
            wrong.push(format!("TRACE gives {traced:?}: {row}"));
        }
        let read = |target: &str| fs::read_to_string(target).unwrap_or_default();
        let lines = [format!("{root}/main.log"), format!("{root}/{number}.log")].map(|path| read(&path)).concat();
        let written = lines.lines().any(|line| line.starts_with(&format!("{port} ")));
        if written != (value(row, "logged") == "always") {
            wrong.push(format!("requests are logged: {written}: {row}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}\n{main}", wrong.len(), wrong[..wrong.len().min(10)].join("\n"));
    assert!(compared > 700, "{compared}");
}

/// What httpd prints when it is asked for something that it read.
fn dumped(main: &str, what: &str) -> String {
    let output =
        Command::new(PROGRAM).args(["-t", "-f", main, "-D", what]).env_clear().output().expect("apache2 of `tests/run` is installed");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn httpd_includes_and_loads_what_we_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_str().expect("a plain path");
    let inner = root.trim_start_matches('/');
    let main = format!(
        "ServerRoot \"{root}\"\nServerName x\nPidFile pid\nUser www-data\nErrorLog error.log\nDefine FOLDER more\nIncludeOptional mods/*.load\nInclude ${{FOLDER}}\n\
         IncludeOptional sites-*/*.conf\nInclude {root}/z.conf\nIncludeOptional absent.conf\nIncludeOptional none/*.conf\nListen 7001\n\
         <IfModule mod_alias.c>\nInclude if-1.inc\n</IfModule>\n<IfModule !alias_module>\nInclude if-2.inc\n</IfModule>\n<IfDefine SET>\nInclude if-3.inc\n</IfDefine>\n\
         UnDefine SET\n<IfDefine SET>\nInclude if-4.inc\n</IfDefine>\n<IfDefine !SET>\nInclude if-5.inc\n</IfDefine>\n<IfVersion >= 2.4>\nInclude if-6.inc\n</IfVersion>\n\
         <IfVersion < 2.4>\nInclude if-7.inc\n</IfVersion>\n<IfFile z.conf>\nInclude if-8.inc\n</IfFile>\n<IfModule ssl_module>\nInclude if-9.inc\n</IfModule>\n"
    );
    let mut files: Vec<(String, String)> =
        LOADED.iter().map(|name| (format!("mods/{name}.load"), format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n"))).collect();
    let mut port = 7100;
    let mut add = |path: &str, rest: &str| {
        port += 1;
        files.push((path.to_owned(), format!("Listen {port}\n{rest}")));
    };
    for path in
        ["more/b.conf", "more/10", "more/sub/x.conf", "more/a~", "sites-2/a.conf", "sites-1/z.conf", "sites-1/B.conf", "sites-1/c.off"]
    {
        add(path, "");
    }
    add(
        "z.conf",
        "Define SET\nInclude sites-1/c.off\n<VirtualHost *:80 10.0.0.1:81>\nServerName one\n</VirtualHost>\n<VirtualHost _default_:80>\nServerName two\n</VirtualHost>\n",
    );
    for number in 1..=9 {
        add(&format!("if-{number}.inc"), "");
    }
    for (path, text) in &files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    let path = format!("{root}/main.conf");
    fs::write(&path, &main).expect("a file can be written");
    let mut asset: Vec<(String, String)> = files.iter().map(|(path, text)| (format!("{inner}/{path}"), text.clone())).collect();
    asset.extend([("etc/apache2/apache2.conf".to_owned(), main), ("etc/apache2/envvars".to_owned(), String::new())]);
    asset.extend([(format!("{inner}/absent.conf"), "!absent".to_owned()), (format!("{inner}/none"), "!absent".to_owned())]);
    let asset: Vec<(&str, &str)> = asset.iter().map(|(path, text)| (&**path, &**text)).collect();

    // Every file opens a port of its own, so that the order of ports is that of inclusion.
    let included = dumped(&path, "DUMP_INCLUDES");
    let theirs: Vec<String> = included
        .lines()
        .filter_map(|line| line.split(") ").nth(1)?.strip_prefix(&format!("{root}/")))
        .filter_map(|path| files.iter().find(|(known, text)| known == path && text.starts_with("Listen")))
        .map(|(_, text)| text.lines().next().unwrap_or_default().replace("Listen ", "port="))
        .collect();
    let ours = rows(&asset, "apache:services", &["port"]);
    let ours: Vec<&String> = ours.iter().filter(|row| *row != "port=7001").collect();
    assert!(theirs.len() > 12, "{included}");
    assert_eq!(ours, theirs.iter().collect::<Vec<_>>(), "{included}");

    let listed = dumped(&path, "DUMP_MODULES");
    let mut theirs: Vec<String> = listed
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter(|(name, _)| name.ends_with("_module"))
        .map(|(name, kind)| format!("module={name} compiled-in={}", kind == "(static)"))
        .collect();
    let mut ours = rows(&asset, "apache:apache-modules", &["module", "compiled-in"]);
    theirs.sort();
    ours.sort();
    assert!(theirs.len() > 15, "{listed}");
    assert_eq!(ours, theirs);

    let listed = dumped(&path, "DUMP_VHOSTS");
    let ours = rows(&asset, "apache:apache-hosts", &["host@", "serves"]);
    for (name, line) in [("one", 4), ("two", 7)] {
        assert!(listed.contains(&format!("{name} ({root}/z.conf:{line})")), "{listed}");
        assert!(
            ours.iter().any(|row| row.contains(&format!("host={name} (")) && row.contains(&format!("@{inner}/z.conf:{line} "))),
            "{ours:?}"
        );
    }
    assert_eq!(ours.len(), 3, "{ours:?}");
}
