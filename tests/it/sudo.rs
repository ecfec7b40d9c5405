//! Grants and Defaults of sudo, as sudoers(5) defines them and as cvtsudoers(1) prints them (package sudo, which the tests need).

use std::process::Command;

use serde_json::Value;

use crate::support::rows;

const FILES_ONLY: (&str, &str) = ("etc/nsswitch.conf", "passwd: files\n");

/// The rows of `privileges` that these files give through sudo.
fn grants(files: &[(&str, &str)], columns: &[&str]) -> Vec<String> {
    let files: Vec<_> = files.iter().copied().chain([FILES_ONLY]).collect();
    let columns: Vec<_> = columns.iter().copied().chain(["via"]).collect();
    let sudo = |row: String| row.strip_suffix(" via=sudo").map(str::to_owned);
    rows(&files, "privileges", &columns).into_iter().filter_map(sudo).collect()
}

/// The same of one file.
fn granted(sudoers: &str, columns: &[&str]) -> Vec<String> {
    grants(&[("etc/sudoers", sudoers)], columns)
}

#[test]
fn nothing_is_granted_by_comments_and_everything_by_all() {
    let sudoers = "# alice ALL=(ALL) NOPASSWD: ALL\nroot\tALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL # admins\nbob ALL=/bin/ls\n";
    let columns =
        ["grantee", "privilege", "scope", "unrestricted", "password-required@", "runs-as", "shell-escape", "wildcards", "expires"];
    assert_eq!(
        granted(sudoers, &columns),
        [
            "grantee=root privilege=ALL scope=ALL unrestricted=true password-required=true@etc/sudoers:2 runs-as=[ALL, :ALL] shell-escape=- \
             wildcards=- expires=never",
            "grantee=%sudo privilege=ALL scope=ALL unrestricted=true password-required=true@etc/sudoers:3 runs-as=[ALL, :ALL] shell-escape=- \
             wildcards=- expires=never",
            "grantee=bob privilege=/bin/ls scope=ALL unrestricted=false password-required=true@etc/sudoers:4 runs-as=[root] \
             shell-escape=false wildcards=false expires=never",
        ]
    );
}

#[test]
fn tags_carry_until_they_are_turned_back() {
    let found = granted("ray ALL = NOPASSWD: /bin/kill, /bin/ls, PASSWD: /usr/bin/lprm, /bin/a\n", &["privilege", "password-required"]);
    assert_eq!(
        found,
        [
            "privilege=/bin/kill password-required=false",
            "privilege=/bin/ls password-required=false",
            "privilege=/usr/bin/lprm password-required=true",
            "privilege=/bin/a password-required=true",
        ]
    );
}

#[test]
fn aliases_are_expanded_and_may_not_turn_in_circles() {
    let sudoers = "alice ALL = OPS\nUser_Alias ADMINS = bob, %wheel : MORE = ADMINS, #1000\nMORE SERVERS = (DB) SHELLS\n\
                   Host_Alias SERVERS = db1, 10.0.0.0/8\nRunas_Alias DB = oracle, postgres\nCmnd_Alias SHELLS = /bin/sh, \\\n  /bin/bash\n\
                   Cmnd_Alias OPS = /bin/date, LOOP\nCmnd_Alias LOOP = OPS, /bin/true, NOWHERE\n";
    assert_eq!(
        granted(sudoers, &["grantee", "privilege", "scope", "runs-as"]),
        [
            "grantee=alice privilege=/bin/date scope=ALL runs-as=[root]",
            "grantee=alice privilege=/bin/true scope=ALL runs-as=[root]",
            "grantee=#1000 privilege=/bin/sh scope=db1, 10.0.0.0/8 runs-as=[oracle, postgres]",
            "grantee=%wheel privilege=/bin/sh scope=db1, 10.0.0.0/8 runs-as=[oracle, postgres]",
            "grantee=bob privilege=/bin/sh scope=db1, 10.0.0.0/8 runs-as=[oracle, postgres]",
            "grantee=#1000 privilege=/bin/bash scope=db1, 10.0.0.0/8 runs-as=[oracle, postgres]",
            "grantee=%wheel privilege=/bin/bash scope=db1, 10.0.0.0/8 runs-as=[oracle, postgres]",
            "grantee=bob privilege=/bin/bash scope=db1, 10.0.0.0/8 runs-as=[oracle, postgres]",
        ]
    );
    let references = rows(&[("etc/sudoers", sudoers)], "references", &["kind", "name", "used-at", "defined@"]);
    let references: Vec<_> = references.iter().filter(|row| row.contains("used-at=etc/sudoers ")).collect();
    assert_eq!(references, ["kind=list name=NOWHERE used-at=etc/sudoers defined=false@etc/sudoers:9"]);
}

#[test]
fn exclusions_do_not_limit_all() {
    let sudoers = "alice ALL = ALL, !/bin/su\nbob ALL = /bin/, !/bin/su, /usr/bin/id\ncarl ALL = /usr/bin/passwd [A-z]*, !/usr/bin/passwd root\n\
                   dan ALL = !/bin/su\nerin ALL = (ALL, !root) ALL\n";
    assert_eq!(
        granted(sudoers, &["grantee", "privilege", "unrestricted", "negated", "commands"]),
        [
            "grantee=alice privilege=ALL unrestricted=true negated=true commands=[ALL, !/bin/su]",
            "grantee=bob privilege=/bin/ unrestricted=false negated=true commands=[/bin/, !/bin/su]",
            "grantee=bob privilege=/usr/bin/id unrestricted=false negated=false commands=[/usr/bin/id]",
            "grantee=carl privilege=/usr/bin/passwd [A-z]* unrestricted=false negated=true commands=[/usr/bin/passwd [A-z]*, !/usr/bin/passwd root]",
            "grantee=erin privilege=ALL unrestricted=true negated=false commands=[ALL]",
        ]
    );
}

#[test]
fn the_last_match_holds() {
    let password = ["grantee", "privilege", "password-required@"];
    let row = |rest: &str, line: u32| format!("grantee=a privilege={rest}@etc/sudoers:{line}");
    assert_eq!(granted("a ALL=(ALL) NOPASSWD: ALL\na ALL=(ALL) ALL\n", &password), [row("ALL password-required=true", 2)]);
    assert_eq!(granted("a ALL=(ALL) ALL\na ALL=(ALL) NOPASSWD: ALL\n", &password), [row("ALL password-required=false", 2)]);
    assert_eq!(granted("a ALL=NOPASSWD: /bin/ls\na ALL=ALL\n", &password), [row("ALL password-required=true", 2)]);
    assert_eq!(granted("a ALL=/bin/ls\na ALL=!/bin/ls\n", &password), [""; 0]);
    // Other users, other hosts, a limit in time: the earlier one still matters.
    for later in ["a ALL=(www) ALL", "a db=ALL", "a ALL=NOTBEFORE=20260101000000Z ALL", "%g ALL=(ALL) ALL", "a ALL=ALL, !/bin/su"] {
        let found = granted(&format!("a ALL=(ALL) NOPASSWD: ALL\n{later}\n"), &password);
        assert!(found.contains(&row("ALL password-required=false", 1)), "{later}: {found:?}");
    }
}

#[test]
fn defaults_wave_the_password() {
    let groups = [("etc/group", "wheel:x:10:alice\n"), ("etc/passwd", "alice:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\n")];
    let asked = |defaults: &str, grant: &str| {
        let text = format!("{defaults}\n{grant}\n");
        grants(&[("etc/sudoers", &text), ("etc/hostname", "db1.bank\n"), groups[0], groups[1]], &["password-required"]).concat()
    };
    let all = "alice ALL=(ALL) ALL";
    let (yes, no, unknown) = ("password-required=true", "password-required=false", "password-required=?scope-not-decided");
    assert_eq!(asked("", all), yes);
    assert_eq!(asked("Defaults !authenticate", all), no);
    assert_eq!(asked("Defaults !authenticate", "alice ALL=(ALL) PASSWD: ALL"), yes, "the tag is stronger");
    assert_eq!(asked("Defaults authenticate", "alice ALL=(ALL) NOPASSWD: ALL"), no);
    assert_eq!(asked("Defaults !authenticate\nDefaults authenticate", all), yes, "the last one wins");
    assert_eq!(asked("Defaults:alice !authenticate", all), no);
    assert_eq!(asked("Defaults:bob !authenticate", all), yes);
    assert_eq!(asked("Defaults:%wheel !authenticate", all), no);
    assert_eq!(asked("Defaults:%wheel !authenticate", "bob ALL=ALL"), yes);
    assert_eq!(asked("Defaults:%ldap !authenticate", "bob ALL=ALL"), unknown, "the group may come from a directory");
    assert_eq!(asked("Defaults:ALL,!alice !authenticate", all), yes);
    assert_eq!(asked("Defaults:alice !authenticate", "%wheel ALL=ALL"), no, "for some of its members");
    assert_eq!(asked("Defaults@db1 !authenticate", all), no);
    assert_eq!(asked("Defaults@web !authenticate", all), yes);
    assert_eq!(asked("Defaults@+hosts !authenticate", all), unknown);
    assert_eq!(asked("Defaults>root !authenticate", all), no, "for some uses");
    assert_eq!(asked("Defaults>www !authenticate", "alice ALL=/bin/ls"), yes);
    assert_eq!(asked("Defaults!/bin/ls !authenticate", all), no, "for some uses");
    assert_eq!(asked("Defaults!/bin/ls !authenticate", "alice ALL=/bin/ls -l"), no);
    assert_eq!(asked("Defaults!/bin/su !authenticate", "alice ALL=/bin/ls"), yes);
    assert_eq!(asked("Defaults!/bin/ls !authenticate\nDefaults authenticate", "alice ALL=/bin/ls"), no, "commands come last");
    assert_eq!(asked("Defaults exempt_group=wheel", all), no);
    assert_eq!(asked("Defaults exempt_group=wheel", "bob ALL=PASSWD: ALL"), yes);
}

#[test]
fn everybody_and_ends_and_escapes() {
    let sudoers = "ALL ALL=(ALL) ALL\n%users localhost=/sbin/shutdown -h now\neve ALL=NOTAFTER=20261231235959Z /usr/bin/vi, NOEXEC: /usr/bin/less\n\
                   fay ALL=NOTAFTER=tomorrow /bin/*\nDefaults!/usr/bin/man noexec\ngus ALL=/usr/bin/man, /opt/tools/\n";
    assert_eq!(
        granted(sudoers, &["grantee", "privilege", "to-everyone", "expires", "shell-escape", "wildcards"]),
        [
            "grantee=ALL privilege=ALL to-everyone=true expires=never shell-escape=- wildcards=-",
            "grantee=%users privilege=/sbin/shutdown -h now to-everyone=true expires=never shell-escape=false wildcards=false",
            "grantee=eve privilege=/usr/bin/vi to-everyone=false expires=2026-12-31 shell-escape=true wildcards=false",
            "grantee=eve privilege=/usr/bin/less to-everyone=false expires=2026-12-31 shell-escape=false wildcards=false",
            "grantee=fay privilege=/bin/* to-everyone=false expires=?not-understood shell-escape=true wildcards=true",
            "grantee=gus privilege=/usr/bin/man to-everyone=false expires=never shell-escape=false wildcards=false",
            "grantee=gus privilege=/opt/tools/ to-everyone=false expires=never shell-escape=?not-decidable wildcards=false",
        ]
    );
}

#[test]
fn includes_are_read_where_they_stand() {
    let files = [
        ("etc/sudoers", "a ALL=/bin/1\n#includedir /etc/sudoers.d\n@include local.%h\n@include /etc/gone\na ALL=/bin/5\n"),
        ("etc/sudoers.d/10-x", "a ALL=/bin/2\n@include ../sudoers\n"),
        ("etc/sudoers.d/2", "a ALL=/bin/3\n"),
        ("etc/sudoers.d/no.conf", "a ALL=/bin/no\n"),
        ("etc/sudoers.d/backup~", "a ALL=/bin/no\n"),
        ("etc/local.db1", "a ALL=/bin/4\n"),
        ("etc/gone", "!absent"),
        ("etc/hostname", "db1.bank.example\n"),
    ];
    let found = grants(&files, &["privilege@"]);
    assert_eq!(
        found,
        [
            "privilege=/bin/1@etc/sudoers:1",
            "privilege=/bin/2@etc/sudoers.d/10-x:1",
            "privilege=/bin/3@etc/sudoers.d/2:1",
            "privilege=/bin/4@etc/local.db1:1",
            "privilege=/bin/5@etc/sudoers:5",
            // sudo refuses a file that includes itself.
            "gap privilege=?budget-spent@etc/sudoers.d/10-x:2",
        ]
    );
    let references = rows(&files, "references", &["name", "defined"]);
    assert!(references.contains(&"name=etc/local.db1 defined=true".to_owned()), "{references:?}");
    assert!(references.contains(&"name=etc/gone defined=false".to_owned()), "{references:?}");
}

#[test]
fn a_file_that_includes_itself_is_read_once() {
    let found = granted("@include /etc/sudoers\na ALL=ALL\n", &["privilege"]);
    assert_eq!(found, ["privilege=ALL", "gap privilege=?budget-spent"]);
}

#[test]
fn what_cannot_be_read_is_a_gap() {
    let gap = |files: &[(&str, &str)]| {
        rows(files, "privileges", &["via", "grantee"]).into_iter().filter(|row| row.contains("via=sudo")).collect::<Vec<_>>()
    };
    let main = ("etc/sudoers", "");
    assert_eq!(gap(&[("etc/sudoers", "alice ALL\n"), FILES_ONLY]), ["gap via=sudo grantee=?not-understood"]);
    assert_eq!(gap(&[("etc/sudoers", "!truncated a ALL=A"), FILES_ONLY])[..], ["gap via=sudo grantee=?truncated"]);
    assert_eq!(gap(&[("etc/sudoers", "@includedir /etc/sudoers.d\n"), FILES_ONLY]), ["gap via=sudo grantee=?not-collected"]);
    assert_eq!(gap(&[("etc/sudoers", "@includedir /etc/sudoers.d\n"), ("etc/sudoers.d", "!absent"), FILES_ONLY]), [""; 0]);
    assert_eq!(gap(&[main, ("etc/nsswitch.conf", "sudoers: files sss # x\n")]), ["gap via=sudo grantee=?in-a-directory"]);
    assert_eq!(gap(&[main]), ["gap via=sudo grantee=?not-collected"], "nsswitch.conf may name a directory");
    assert_eq!(gap(&[main, FILES_ONLY, ("etc/sudoers-rs", "")]), ["gap via=sudo grantee=?not-judged"]);
    let denied = rows(&[("etc/sudoers", "!denied")], "sudo-defaults", &["name", "on"]);
    assert_eq!(denied, ["gap name=?denied on=?denied"]);
}

/// The rows of `sudo-defaults` for one setting.
fn defaults(sudoers: &str, name: &str) -> Vec<String> {
    let files = [("etc/sudoers", sudoers), FILES_ONLY];
    let found = rows(&files, "sudo-defaults", &["name", "scope", "value@", "on", "number", "duration", "items", "origin"]);
    let wanted = format!("name={name} ");
    found.iter().filter_map(|row| row.strip_prefix(&wanted)).map(str::to_owned).collect()
}

#[test]
fn defaults_that_no_file_sets_are_those_of_the_manual() {
    let one = |name| defaults("", name).concat();
    assert_eq!(one("authenticate"), "scope=all value=on@default on=true number=- duration=- items=- origin=default");
    assert_eq!(one("targetpw"), "scope=all value=off@default on=false number=- duration=- items=- origin=default");
    assert_eq!(one("syslog"), "scope=all value=authpriv@default on=true number=- duration=- items=- origin=default");
    assert_eq!(one("logfile"), "scope=all value=off@default on=false number=- duration=- items=- origin=default");
    assert_eq!(
        one("use_pty"),
        "scope=all value=?version-not-known(off|on)@nothing on=?version-not-known(false|true) number=- duration=- items=- origin=default"
    );
    assert_eq!(
        one("timestamp_timeout"),
        "scope=all value=?version-not-known(5|15)@nothing on=true number=?version-not-known(5|15) duration=?version-not-known(5m|15m) \
         items=- origin=default"
    );
}

#[test]
fn defaults_are_typed_and_the_last_one_wins() {
    let sudoers = "Defaults use_pty, logfile=\"/var/log/sudo log\"\nDefaults !use_pty\nDefaults timestamp_timeout=-1\nDefaults !syslog\n\
                   Defaults secure_path=/sbin:/bin\nDefaults:alice timestamp_timeout=0.5\nUser_Alias X=bob, !carl\nDefaults:X !authenticate\n\
                   Defaults>root,oracle targetpw\nDefaults!/bin/ls !use_pty\nDefaults !tty_tickets\n";
    let read = |name| defaults(sudoers, name);
    assert_eq!(
        read("use_pty"),
        [
            "scope=all value=off@etc/sudoers:2 on=false number=- duration=- items=- origin=file",
            "scope=command:/bin/ls value=off@etc/sudoers:10 on=false number=- duration=- items=- origin=file",
        ]
    );
    assert_eq!(read("logfile"), ["scope=all value=/var/log/sudo log@etc/sudoers:1 on=true number=- duration=- items=- origin=file"]);
    assert_eq!(
        read("timestamp_timeout"),
        [
            "scope=all value=-1@etc/sudoers:3 on=true number=unlimited duration=unlimited items=- origin=file",
            "scope=user:alice value=0.5@etc/sudoers:6 on=true number=- duration=30s items=- origin=file",
        ]
    );
    assert_eq!(read("syslog"), ["scope=all value=off@etc/sudoers:4 on=false number=- duration=- items=- origin=file"]);
    assert_eq!(
        read("secure_path"),
        ["scope=all value=/sbin:/bin@etc/sudoers:5 on=true number=- duration=- items=[/sbin, /bin] origin=file"]
    );
    let scopes = |name| read(name).iter().filter_map(|row| row.split(" value").next().map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(scopes("authenticate"), ["scope=all", "scope=user:bob", "scope=user:!carl"]);
    assert_eq!(scopes("targetpw"), ["scope=all", "scope=runas:root", "scope=runas:oracle"]);
    assert_eq!(read("timestamp_type"), ["scope=all value=global@etc/sudoers:11 on=true number=- duration=- items=- origin=file"]);
}

/// Texts that sudo accepts, without grants that a later one replaces.
const ACCEPTED: &[&str] = &[
    "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\n",
    "User_Alias OPS = alice, %ops, #1000\nCmnd_Alias K = /bin/kill, /bin/ls -l, !/bin/su\n\
     OPS ALL = (root, www : adm) NOTAFTER=20261231235959Z NOPASSWD: NOEXEC: K, PASSWD: /bin/cat\n",
    "bob www,!db = ALL, !/bin/su : ALL = sudoedit /etc/hosts, list\n%#1000 ALL=(ALL:ALL) ALL\n+net ALL=/bin/x\n",
    "a ALL=NOTBEFORE=20200101000000Z TIMEOUT=5m /bin/x, LOG_INPUT:LOG_OUTPUT: /bin/y a\\,b c\\:d \"\"\n",
    "a, b \\\n  10.0.0.0/8 , fe80::1 = \\\n (c) /bin/x, \\\n NOPASSWD : /bin/y : h2 = /bin/z # end\n",
    "Runas_Alias R = x, y : S = z\nHost_Alias H = h1, h2\n\"%big group\" H = (R, S) NOPASSWD: ALL\n",
    "a ALL=^/usr/sbin/(group|user)(add|mod)$ ^[a-z,]+$, /bin/ls\nCmd_Alias C=/bin/1,/bin/2\nb ALL=C, (d) C\n",
    "a ALL=(:adm) /bin/x, (u) NOPASSWD: /bin/y, /bin/z, (v:w) PASSWD: /bin/q\n%wheel,!c ALL=/bin/c\n",
];

/// What cvtsudoers makes of a text: holder, command, users as whom, and whether NOPASSWD holds, one line each, sorted.
fn converted(text: &str) -> Vec<String> {
    let path = std::env::temp_dir().join(format!("jixian-test-{}.sudoers", std::process::id()));
    std::fs::write(&path, text).expect("the temporary directory can be written");
    let output = Command::new("cvtsudoers").args(["-e", "-f", "json"]).arg(&path).output().expect("sudo is installed");
    std::fs::remove_file(&path).expect("the file is ours");
    assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
    let document: Value = serde_json::from_slice(&output.stdout).expect("cvtsudoers prints JSON");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut lines = Vec::new();
    for entry in list(&document["User_Specs"]) {
        for terms in list(&entry["Cmnd_Specs"]) {
            let options = list(&terms["Options"]);
            let asked = options.iter().all(|option| option["authenticate"] != Value::Bool(false));
            let users: Vec<_> = list(&terms["runasusers"]).iter().map(name).collect();
            let groups: Vec<_> =
                list(&terms["runasgroups"]).iter().map(|group| format!(":{}", name(group).trim_start_matches('%'))).collect();
            let nobody = users.is_empty() && groups.is_empty();
            let runas = if nobody { "root".to_owned() } else { [users, groups].concat().join(", ") };
            for command in list(&terms["Commands"]).iter().filter(|command| command["negated"] != Value::Bool(true)) {
                for user in list(&entry["User_List"]).iter().filter(|user| user["negated"] != Value::Bool(true)) {
                    let command = command["command"].as_str().unwrap_or("?");
                    lines.push(format!("grantee={} privilege={command} runs-as=[{runas}] password-required={asked}", name(user)));
                }
            }
        }
    }
    lines.sort();
    lines
}

/// A member of a list of cvtsudoers as sudoers(5) writes it.
fn name(member: &Value) -> String {
    let kinds = [("username", ""), ("usergroup", "%"), ("userid", "#"), ("usergid", "%#"), ("netgroup", "+")];
    let found = kinds.iter().find(|(kind, _)| member.get(*kind).is_some());
    let (kind, sign) = found.expect("a kind that the test knows");
    let value = &member[*kind];
    format!("{sign}{}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

#[test]
fn grants_are_those_that_cvtsudoers_prints() {
    for text in ACCEPTED {
        let mut found: Vec<_> = granted(text, &["grantee", "privilege", "runs-as", "password-required"]);
        found.sort();
        let plain: Vec<_> = found.iter().map(|row| row.replace("\\,", ",").replace("\\:", ":")).collect();
        assert_eq!(plain, converted(text), "{text}");
    }
}
