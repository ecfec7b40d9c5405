//! Hundreds of made-up configuration trees, read by the real sshd (`sshd -T -C …`) and by us: no difference is allowed.
//!
//! Needs Debian's openssh-server 9.2 (`apt-get install openssh-server`), which `tests/run` installs.

use crate::dice::Dice;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bumpalo::Bump;
use jixian::facts::openssh_server::{Connection, for_connection};
use jixian::facts::{Cell, Host, State, Value};
use jixian::names::LINUX;
use jixian::schema::linux::SSHD as TABLE;
use jixian::snapshot::memory::{Memory, Node, Ownership};
use jixian::snapshot::{Asset, Description};
use jixian::source::Sources;

const PROGRAM: &str = "/usr/sbin/sshd";
const TREES: u32 = 330;
const SEED: u64 = 0x5eed_0015_0bad_cafe;

/// Keywords that may stand anywhere, and values that sshd takes.
const ANYWHERE: &[(&str, &[&str])] = &[
    ("PermitRootLogin", &["yes", "no", "NO", "prohibit-password", "without-password", "forced-commands-only"]),
    ("PermitEmptyPasswords", &["yes", "no"]),
    (
        "AuthenticationMethods",
        &["publickey", "publickey,password", "publickey,keyboard-interactive:pam password", "password", "any", "hostbased"],
    ),
    ("PasswordAuthentication", &["yes", "No"]),
    ("KbdInteractiveAuthentication", &["yes", "no"]),
    ("ChallengeResponseAuthentication", &["yes", "no"]),
    ("SkeyAuthentication", &["no"]),
    ("PubkeyAuthentication", &["yes"]),
    ("HostbasedAuthentication", &["yes", "no"]),
    ("GSSAPIAuthentication", &["yes", "no"]),
    ("AllowUsers", &["root", "root alice", "*", "bob@10.0.0.0/8 *@192.168.*", "ops-? root@fd00::/8", "a@10.1.2.3,!10.0.0.0/9"]),
    ("AllowGroups", &["root", "daemon wheel", "*"]),
    ("DenyUsers", &["eve", "*@10.9.0.0/16", "mallory eve"]),
    ("DenyGroups", &["nogroup", "games lp"]),
    ("MaxAuthTries", &["1", "4", "6", "10"]),
    ("MaxSessions", &["0", "1", "10", "200"]),
    ("ClientAliveInterval", &["0", "300", "5m", "1h30m", "1W"]),
    ("ClientAliveCountMax", &["0", "2", "3"]),
    ("X11Forwarding", &["yes", "no"]),
    ("AllowTcpForwarding", &["yes", "no", "local", "remote", "all"]),
    ("AllowAgentForwarding", &["yes", "no"]),
    ("DisableForwarding", &["yes", "no", "no"]),
    ("PermitTunnel", &["yes", "no", "point-to-point", "ethernet"]),
    ("GatewayPorts", &["yes", "no", "clientspecified"]),
    ("IgnoreRhosts", &["yes", "no", "shosts-only"]),
    ("LogLevel", &["INFO", "verbose", "QUIET", "DEBUG1", "debug3", "SILENT"]),
    ("Banner", &["/etc/issue.net", "none", "NONE", "/etc/motd"]),
    ("ForceCommand", &["internal-sftp", "none", "/bin/echo \"a b\" # c", "internal-sftp -l INFO"]),
    ("ChrootDirectory", &["/srv/%u", "none", "%h"]),
    ("AuthorizedKeysFile", &[".ssh/authorized_keys", "/etc/ssh/keys/%u .ssh/k", "none"]),
    ("TrustedUserCAKeys", &["/etc/ssh/ca.pub", "none"]),
    ("AuthorizedKeysCommandUser", &["nobody", "root"]),
    ("AcceptEnv", &["LANG LC_*"]),
    ("SetEnv", &["A=b C=\"d e\""]),
    ("PermitTTY", &["yes", "no"]),
    ("RhostsRSAAuthentication", &["whatever at all"]),
    ("PubkeyAcceptedKeyTypes", &["+ssh-rsa", "-ssh-rsa*"]),
    ("ChannelTimeout", &["session:*=5m", "none"]),
    ("UnusedConnectionTimeout", &["30s", "none"]),
    ("RekeyLimit", &["1G 1h", "default none"]),
];

/// Keywords that may stand before every block only.
const GLOBAL: &[(&str, &[&str])] = &[
    ("UsePAM", &["yes", "no"]),
    ("Port", &["22", "2222", "ssh"]),
    ("ListenAddress", &["0.0.0.0", "10.0.0.1", "[::1]:2200", "::", "192.168.7.7:22"]),
    ("LoginGraceTime", &["0", "60", "2m", "1h1m1s"]),
    ("MaxStartups", &["10:30:60", "5", "100:10:200"]),
    ("PermitUserEnvironment", &["yes", "no", "LANG,LC_*", "YES"]),
    ("StrictModes", &["yes", "no"]),
    ("SyslogFacility", &["AUTH", "authpriv", "LOCAL3"]),
    ("Ciphers", &["aes256-ctr,aes128-ctr", "+3des-cbc,aes128-cbc", "-aes*-ctr", "^aes256-gcm@openssh.com"]),
    ("MACs", &["hmac-sha2-512-etm@openssh.com", "-umac-64*,*sha1*", "+hmac-md5"]),
    ("KexAlgorithms", &["curve25519-sha256", "+diffie-hellman-group1-sha1", "-ecdh*", "^diffie-hellman-group14-sha1"]),
    ("HostKeyAlgorithms", &["ssh-ed25519,rsa-sha2-512", "+ssh-rsa", "-ecdsa*", "ssh-ed25519*", "+ssh-d*"]),
    ("Protocol", &["2", "2,1"]),
    ("UsePrivilegeSeparation", &["sandbox"]),
    ("PrintMotd", &["no"]),
    ("VersionAddendum", &["none", "hello world # not shown"]),
    ("AddressFamily", &["any", "any", "any", "inet", "inet6"]),
    ("Subsystem", &["sftp internal-sftp", "other /bin/true -x"]),
    ("Compression", &["delayed", "no"]),
];

/// Lines that sshd refuses.
const REFUSED: &[&str] = &[
    "PermitRootLogn no",
    "PermitRootLogin maybe",
    "PermitRootLogin true",
    "MaxAuthTries -1",
    "MaxAuthTries",
    "PasswordAuthentication no no",
    "LoginGraceTime 5x",
    "Banner \"/etc/issue",
    "Match user",
    "Match usr root",
    "Match all user root",
    "Match address 10.0.0.1/8",
    "Match localport 99999",
    "AllowUsers root@10.0.0.1/8",
    "Ciphers rot13",
    "Ciphers aes*",
    "PermitTunnel YES",
    "MaxStartups 10:30",
    "Port 0",
    "ListenAddress 10.0.0.1/24",
    "AuthenticationMethods publickey,telepathy",
    "Subsystem sftp",
    "AcceptEnv A=b",
    "SetEnv A",
    "Include",
    "AuthorizedKeysCommand bin/keys",
    "AuthorizedKeysFile \"\"",
];

/// Criteria of `Match`.
const CRITERIA: &[&str] = &[
    "user root",
    "User alice",
    "user r*",
    "user !root,*",
    "user nobody,daemon",
    "user=root",
    "group root",
    "Group daemon,nogroup",
    "group !root,*",
    "address 10.0.0.0/8",
    "Address 10.1.*",
    "address 192.168.0.0/16,!192.168.1.0/24",
    "address *,!10.0.0.5",
    "address 2001:db8::/32",
    "address !fd00::/8",
    "host *.example.com",
    "host !bad.example.com,*.EXAMPLE.com",
    "localport 22",
    "LocalPort 2222",
    "localaddress 127.0.0.0/8",
    "user root address 10.0.0.0/8",
    "address 10.0.0.0/8 user \"root\"",
    "group root host *.example.com # why",
    "all",
    "All # everybody",
];

/// A keyword in random case.
fn spelled(dice: &mut Dice, keyword: &str) -> String {
    match dice.below(4) {
        0 => keyword.to_lowercase(),
        1 => keyword.to_uppercase(),
        _ => keyword.to_owned(),
    }
}

/// A line that sshd takes.
fn line(dice: &mut Dice, (keyword, values): (&str, &[&str])) -> String {
    let value = dice.one(values);
    let raw = ["ForceCommand", "VersionAddendum"].contains(&keyword);
    let quoted = !raw && !value.contains([' ', '"', '=']) && dice.percent(10);
    let value = match (quoted, dice.below(2)) {
        (true, 0) => format!("\"{value}\""),
        (true, _) => format!("'{value}'"),
        (false, _) => value.to_owned(),
    };
    let indent = dice.one(&["", "", "", "  ", "\t"]);
    let between = dice.one(&[" ", " ", " ", "\t", "  ", "=", " = ", " ="]);
    let comment = if !raw && dice.percent(10) { dice.one(&[" # no", "  #", "\t# \"yes"]) } else { "" };
    let end = dice.one(&["", "", "", " ", "\t", "\r"]);
    format!("{indent}{}{between}{value}{comment}{end}\n", spelled(dice, keyword))
}

/// One file; below it are those that it includes, in folders of the next level.
fn file(dice: &mut Dice, folder: &Path, level: usize, limited: bool, files: &mut Vec<(PathBuf, String)>, wrong: bool) -> String {
    let mut text = String::new();
    let mut limited = limited;
    for _ in 0..4 + dice.below(14) {
        match dice.below(100) {
            0..10 => text.push_str(dice.one(&["\n", "# PermitRootLogin no\n", "  # Match all\n", "\t\n"])),
            10..25 => {
                let criteria = dice.one(CRITERIA);
                limited |= !criteria.to_lowercase().starts_with("all");
                let _ = writeln!(text, "{} {criteria}", spelled(dice, "Match"));
            }
            25..35 if level < 3 => text.push_str(&include(dice, folder, level, limited, files)),
            35..60 if !limited => {
                let keyword = dice.one(GLOBAL);
                text.push_str(&line(dice, keyword));
            }
            _ => {
                let keyword = dice.one(ANYWHERE);
                text.push_str(&line(dice, keyword));
            }
        }
    }
    if wrong {
        let at = dice.one(&text.match_indices('\n').map(|(at, _)| at + 1).collect::<Vec<_>>());
        let bad = if limited && dice.percent(30) { "UsePAM yes" } else { dice.one(REFUSED) };
        text.insert_str(at, &format!("{bad}\n"));
    }
    if dice.percent(10) {
        text.truncate(text.trim_end_matches('\n').len());
    }
    text
}

/// An Include of a folder, a file or nothing.
fn include(dice: &mut Dice, folder: &Path, level: usize, limited: bool, files: &mut Vec<(PathBuf, String)>) -> String {
    let number = files.len();
    let below = folder.join(format!("level{level}-{number}.d"));
    for name in ["20-b.conf", "10-a.conf", ".hidden.conf", "30-c.txt"].iter().take(1 + dice.below(4)) {
        // A place in the list first, so that names below stay unique.
        files.push((PathBuf::new(), String::new()));
        let at = files.len() - 1;
        let text = file(dice, folder, level + 1, limited, files, false);
        files[at] = (below.join(name), text);
    }
    let below = below.display();
    let pattern = match dice.below(8) {
        0 => format!("{below}/10-a.conf"),
        1 => format!("{below}/[0-9]*.conf {below}/nothing-*"),
        2 => format!("\"{below}/*\""),
        3 => format!("{below}/missing.conf"),
        4 => format!("{below}/?0-*.conf # drop-ins"),
        _ => format!("{below}/*.conf"),
    };
    format!("{} {pattern}\n", spelled(dice, "Include"))
}

/// What a connection is, in sshd's words.
fn connection(dice: &mut Dice) -> String {
    let user = dice.one(&["root", "daemon", "nobody", "alice", "www-data"]);
    let host = dice.one(&["ops.example.com", "bad.example.com", "other.org"]);
    let address = dice.one(&["10.0.0.5", "10.1.2.3", "192.168.1.9", "192.168.2.9", "2001:db8::5", "fd00::1"]);
    let local = dice.one(&["10.0.0.1", "127.0.0.1"]);
    format!("user={user},host={host},addr={address},laddr={local},lport={}", dice.one(&["22", "2222"]))
}

/// Starts the real sshd for one connection.
fn start(main: &Path, key: &Path, connection: &str) -> Child {
    let mut command = Command::new(PROGRAM);
    command.arg("-T").arg("-f").arg(main).arg("-h").arg(key).arg("-C").arg(connection);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("sshd is started")
}

/// What the real sshd prints: the values of each keyword, in order; what it complains of where it refuses the configuration.
fn real(running: Child) -> Result<BTreeMap<String, Vec<String>>, String> {
    let run = running.wait_with_output().expect("sshd ends");
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned());
    }
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&run.stdout).lines() {
        let (keyword, value) = line.split_once(' ').unwrap_or((line, ""));
        found.entry(keyword.to_owned()).or_default().push(value.to_owned());
    }
    Ok(found)
}

/// A cell as plain text: times in seconds with 0 for no limit, lists sorted, `none` where it is unset.
fn plain(cell: &Cell<'_>) -> String {
    let one = |value: &Value<'_>| match value {
        Value::Duration(seconds) => seconds.to_string(),
        Value::Unlimited => "0".to_owned(),
        other => other.to_string(),
    };
    match cell.state {
        State::Known(Value::List(items)) => sorted(items.iter().map(one)),
        State::Known(value) => one(&value),
        State::Unset => "none".to_owned(),
        State::Unknown(why, candidates) => format!("?{} {}", why.code, candidates.iter().map(one).collect::<Vec<_>>().join("|")),
    }
}

fn sorted(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.collect();
    items.sort();
    items.dedup();
    items.join(" ")
}

/// The columns that `sshd -T` prints, as it prints them, in the form of [`plain`].
fn expected(printed: &BTreeMap<String, Vec<String>>) -> Vec<(&'static str, String)> {
    let one = |keyword: &str| printed[keyword][0].clone();
    let lower = |keyword: &str| one(keyword).to_lowercase();
    let many = |keyword: &str| sorted(printed.get(keyword).into_iter().flatten().cloned());
    let names = |keyword: &str, by: char| sorted(one(keyword).split(by).filter(|it| *it != "none").map(str::to_owned));
    let disabled = one("disableforwarding") == "yes";
    // 9.2 as Debian ships it has the fix of CVE-2025-32728, which its version does not show.
    let session = |keyword: &str| if disabled && one(keyword) == "yes" { "?version-not-known no|yes".to_owned() } else { one(keyword) };
    let number = |keyword: &str| one(keyword).parse::<u64>().expect("a number");
    let startups: Vec<String> = one("maxstartups").split(':').map(str::to_owned).collect();
    let listen = printed["listenaddress"].iter().map(|it| {
        let address = it.rsplit_once(':').expect("address and port").0.trim_matches(['[', ']']);
        match address {
            "0.0.0.0" | "::" => format!("{address}/0"),
            four if four.contains('.') => format!("{four}/32"),
            six => format!("{six}/128"),
        }
    });
    let mut out = vec![
        ("permit-root-login", one("permitrootlogin").replace("without-password", "prohibit-password")),
        ("authentication-methods", names("authenticationmethods", ' ')),
        ("allow-users", many("allowusers")),
        ("allow-groups", many("allowgroups")),
        ("deny-users", many("denyusers")),
        ("deny-groups", many("denygroups")),
        ("dead-peer-timeout", (number("clientaliveinterval") * number("clientalivecountmax")).to_string()),
        ("max-startups-start", startups[0].clone()),
        ("max-startups-rate", startups[1].clone()),
        ("max-startups-full", startups[2].clone()),
        ("x11-forwarding", session("x11forwarding")),
        ("allow-agent-forwarding", session("allowagentforwarding")),
        ("allow-tcp-forwarding", if disabled { "no".to_owned() } else { one("allowtcpforwarding") }),
        // 9.2 prints the older of the two names of that level.
        ("log-level", lower("loglevel").replace("silent", "quiet")),
        ("syslog-facility", lower("syslogfacility")),
        ("listen-address", sorted(listen)),
        ("authorized-keys-file", names("authorizedkeysfile", ' ')),
        ("ciphers", names("ciphers", ',')),
        ("macs", names("macs", ',')),
        ("kex-algorithms", names("kexalgorithms", ',')),
        ("host-key-algorithms", names("hostkeyalgorithms", ',')),
        ("protocol", "2".to_owned()),
        ("per-source-penalties", "none".to_owned()),
    ];
    out.extend(SAME.iter().map(|(column, keyword)| (*column, one(keyword))));
    out
}

/// Columns whose text is what `sshd -T` prints.
const SAME: &[(&str, &str)] = &[
    ("permit-empty-passwords", "permitemptypasswords"),
    ("password-authentication", "passwordauthentication"),
    ("kbd-interactive-authentication", "kbdinteractiveauthentication"),
    ("pubkey-authentication", "pubkeyauthentication"),
    ("hostbased-authentication", "hostbasedauthentication"),
    ("gssapi-authentication", "gssapiauthentication"),
    ("use-pam", "usepam"),
    ("max-auth-tries", "maxauthtries"),
    ("login-grace-time", "logingracetime"),
    ("client-alive-interval", "clientaliveinterval"),
    ("client-alive-count-max", "clientalivecountmax"),
    ("max-sessions", "maxsessions"),
    ("permit-tunnel", "permittunnel"),
    ("gateway-ports", "gatewayports"),
    ("ignore-rhosts", "ignorerhosts"),
    ("permit-user-environment", "permituserenvironment"),
    ("strict-modes", "strictmodes"),
    ("banner", "banner"),
    ("force-command", "forcecommand"),
    ("chroot-directory", "chrootdirectory"),
    ("authorized-keys-command-user", "authorizedkeyscommanduser"),
    ("trusted-user-ca-keys", "trustedusercakeys"),
];

/// The tree as an asset of ours: the same paths, the machine's own account files, and nothing else anywhere.
fn asset(main: &str, files: &[(PathBuf, String)]) -> Asset {
    let mut memory = Memory::default();
    memory.whole_root = true;
    let mut put = |path: &str, text: &str| memory.insert(path, Node::File(text.as_bytes().to_vec()), Ownership::default());
    put("etc/ssh/sshd_config", main);
    put("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
    for path in ["etc/passwd", "etc/group"] {
        put(path, &fs::read_to_string(Path::new("/").join(path)).expect("the machine has account files"));
    }
    for (path, text) in files {
        put(&path.display().to_string(), text);
    }
    Asset::in_memory("host".to_owned(), Description::default(), memory)
}

/// Compares one tree; the number of connections for which sshd takes the configuration.
fn compare(number: u32, main: (&Path, &str), files: &[(PathBuf, String)], key: &Path, connections: &[String]) -> usize {
    let asset = asset(main.1, files);
    let mut taken = 0;
    let running: Vec<Child> = connections.iter().map(|connection| start(main.0, key, connection)).collect();
    for (connection, running) in connections.iter().zip(running) {
        let arena = Bump::new();
        let sources = Sources::new(&arena);
        let host = Host::new(&asset, LINUX, &sources);
        let described = Connection::parse(connection).expect("a connection");
        let row = for_connection(&host, &described).expect("there is a configuration");
        let all = || files.iter().map(|(path, text)| format!("-- {}\n{text}\n", path.display())).collect::<String>();
        let context = || format!("tree {number}\n{connection}\n{}\n{}", main.1, all());
        let printed = match real(running) {
            Ok(printed) => printed,
            Err(complaint) => {
                assert!(row.gap, "sshd refuses it, we do not: {complaint} {}", context());
                continue;
            }
        };
        taken += 1;
        let issue = &row.cells[TABLE.column("weakens")];
        assert!(!row.gap, "sshd takes it, we do not: {issue:?} {}", context());
        for (column, expected) in expected(&printed) {
            let found = plain(&row.cells[TABLE.column(column)]);
            assert_eq!(found, expected, "{column} (left ours, right sshd's): {}", context());
        }
    }
    taken
}

#[test]
fn every_setting_is_what_the_real_sshd_says() {
    assert!(Path::new(PROGRAM).exists(), "{PROGRAM} is not installed: tests/run installs it");
    // Root's sshd wants it even to test a configuration; for others it does not matter.
    let _ = fs::create_dir_all("/run/sshd");
    let root = std::env::temp_dir().join(format!("jixian-sshd-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).expect("a temporary folder");
    let key = root.join("key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
    assert!(made.expect("ssh-keygen is started").success());
    let mut dice = Dice(SEED);
    let (mut taken, mut refused) = (0, 0);
    for number in 0..TREES {
        let folder = root.join(number.to_string());
        let mut files = Vec::new();
        let wrong = dice.percent(12);
        let text = file(&mut dice, &folder, 0, false, &mut files, wrong);
        let main = folder.join("sshd_config");
        for (path, text) in files.iter().map(|(path, text)| (path, text)).chain([(&main, &text)]) {
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder is made");
            fs::write(path, text).expect("a file is written");
        }
        let connections: Vec<String> = (0..2).map(|_| connection(&mut dice)).collect();
        let count = compare(number, (&main, &text), &files, &key, &connections);
        taken += count;
        refused += connections.len() - count;
    }
    fs::remove_dir_all(&root).expect("the temporary folder is removed");
    println!("compared: {taken} taken, {refused} refused");
    assert!(taken >= 400 && refused >= 60, "too few comparisons mean something: {taken} taken, {refused} refused");
}
