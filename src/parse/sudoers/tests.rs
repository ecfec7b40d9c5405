//! sudoers(5), "SUDOERS FILE FORMAT"; lines that `visudo -c` refuses are opaque.

use super::*;

fn one(text: &str) -> Kind<'_> {
    let mut document = read(text);
    assert_eq!((document.entries.len(), document.opaque.len()), (1, 0), "{text}: {document:?}");
    document.entries.remove(0).kind
}

fn plain(text: &str) -> Member<'_> {
    Member { negated: false, text }
}

fn grants(text: &str) -> (Vec<Member<'_>>, Vec<Part<'_>>) {
    match one(text) {
        Kind::Grants { users, parts } => (users, parts),
        other => panic!("{text}: {other:?}"),
    }
}

/// Commands of the first part, `!` before negated ones.
fn commands(text: &str) -> Vec<String> {
    let shown = |command: &Command<'_>| format!("{}{}", if command.command.negated { "!" } else { "" }, command.command.text);
    grants(text).1[0].commands.iter().map(shown).collect()
}

#[test]
fn comments_and_continuations() {
    let text = "# alice ALL=ALL \\\n#1000 ALL = ALL # end\n\n  bob ALL = /bin/ls, \\\n    /bin/cat \\# \\  \n -n\n#includedir /etc/sudoers.d\n#include comment\n#included\n";
    let document = read(text);
    assert_eq!(document.opaque, [""; 0]);
    let lines: Vec<_> = document.entries.iter().map(|entry| entry.line).collect();
    assert_eq!(
        lines,
        ["#1000 ALL = ALL", "bob ALL = /bin/ls, \\\n    /bin/cat \\# \\  \n -n", "#includedir /etc/sudoers.d", "#include comment"]
    );
}

#[test]
fn includes() {
    assert_eq!(one("@include sudoers.local"), Kind::Include { path: "sudoers.local", directory: false });
    assert_eq!(one("@includedir \"/etc/sudoers d\""), Kind::Include { path: "/etc/sudoers d", directory: true });
    assert_eq!(one("#include /etc/sudoers.%h"), Kind::Include { path: "/etc/sudoers.%h", directory: false });
}

#[test]
fn defaults_have_scopes_and_operators() {
    let Kind::Defaults { scope, parameters } = one("Defaults !lecture, syslog=auth,env_keep += \"A B\" , env_keep-=C, !!use_pty") else {
        panic!("no defaults")
    };
    assert_eq!(scope, Scope::All);
    let found: Vec<_> = parameters.iter().map(|it| (it.name, it.operation)).collect();
    let expected = [
        ("lecture", Operation::Off),
        ("syslog", Operation::Set("auth")),
        ("env_keep", Operation::Add("A B")),
        ("env_keep", Operation::Remove("C")),
        ("use_pty", Operation::On),
    ];
    assert_eq!(found, expected);
    for (text, list, first) in [
        ("Defaults:%wheel, alice !authenticate", List::Users, "%wheel"),
        ("Defaults@SERVERS log_output", List::Hosts, "SERVERS"),
        ("Defaults>root !set_logname", List::Runas, "root"),
        ("Defaults!/bin/ls,PAGERS noexec", List::Commands, "/bin/ls"),
        ("Defaults: alice !lecture", List::Users, "alice"),
        ("Defaults!/bin/ls !noexec", List::Commands, "/bin/ls"),
    ] {
        let Kind::Defaults { scope: Scope::Only(found, members), parameters } = one(text) else { panic!("{text}") };
        assert_eq!((found, members[0].text, parameters.len()), (list, first, 1), "{text}");
    }
}

#[test]
fn aliases_of_all_kinds() {
    let Kind::Aliases { list, definitions } = one("User_Alias A = alice, !%ops : B_1=#10, \"%big group\", %:Domain\\ Users") else {
        panic!("no aliases")
    };
    assert_eq!(list, List::Users);
    assert_eq!(definitions[0], ("A", vec![plain("alice"), Member { negated: true, text: "%ops" }]));
    assert_eq!(definitions[1], ("B_1", vec![plain("#10"), plain("%big group"), plain("%:Domain\\ Users")]));
    let Kind::Aliases { definitions, .. } = one("Host_Alias H = 10.0.0.0/8, 2001:db8::/32, fe80::1, +net, *.example : G = x") else {
        panic!("no aliases")
    };
    let hosts: Vec<_> = definitions[0].1.iter().map(|member| member.text).collect();
    assert_eq!(hosts, ["10.0.0.0/8", "2001:db8::/32", "fe80::1", "+net", "*.example"]);
    let Kind::Aliases { definitions, .. } = one("Cmnd_Alias C = /bin/kill -9 [0-9]*, /sbin/ : D = !/bin/x \\, y, sudoedit /etc/*") else {
        panic!("no aliases")
    };
    assert_eq!(definitions[0].1, [plain("/bin/kill -9 [0-9]*"), plain("/sbin/")]);
    assert_eq!(definitions[1].1, [Member { negated: true, text: "/bin/x \\, y" }, plain("sudoedit /etc/*")]);
}

#[test]
fn grants_with_everything() {
    let text =
        "alice, %wheel WEB, !db = (root, bin : adm) ROLE=r NOTAFTER=20261231235959Z NOPASSWD: NOEXEC: /bin/ls, PASSWD:/bin/cat : ALL=ALL";
    let (users, parts) = grants(text);
    assert_eq!(users, [plain("alice"), plain("%wheel")]);
    assert_eq!(parts[0].hosts, [plain("WEB"), Member { negated: true, text: "db" }]);
    let first = &parts[0].commands[0];
    assert_eq!(first.runas, Some(Runas { users: vec![plain("root"), plain("bin")], groups: vec![plain("adm")] }));
    assert_eq!(first.options, [("ROLE", "r"), ("NOTAFTER", "20261231235959Z")]);
    assert_eq!((first.tags.as_slice(), first.command), (&["NOPASSWD", "NOEXEC"][..], plain("/bin/ls")));
    assert_eq!((parts[0].commands[1].tags.as_slice(), parts[0].commands[1].command), (&["PASSWD"][..], plain("/bin/cat")));
    assert_eq!((parts[1].hosts.as_slice(), parts[1].commands[0].command), (&[plain("ALL")][..], plain("ALL")));
}

#[test]
fn commands_of_all_kinds() {
    assert_eq!(commands("a ALL=ALL, !/bin/su, ! SHELLS"), ["ALL", "!/bin/su", "!SHELLS"]);
    assert_eq!(commands("a ALL=/bin/x a\\,b \\:c \\= \"\", /opt/a\\ b"), ["/bin/x a\\,b \\:c \\= \"\"", "/opt/a\\ b"]);
    assert_eq!(commands("a ALL=/bin/x a=b \"c d\""), ["/bin/x a=b \"c d\""]);
    assert_eq!(commands("a ALL=^/usr/sbin/(a|b)(x,y:z)$ ^-[a-z]=,$, /bin/y"), ["^/usr/sbin/(a|b)(x,y:z)$ ^-[a-z]=,$", "/bin/y"]);
    assert_eq!(commands("a ALL=sha224:0a1b /bin/ls, sha256:ab=, sha512:cd ALL"), ["sha224:0a1b /bin/ls", "sha256:ab=, sha512:cd ALL"]);
    assert_eq!(commands("a ALL=sudoedit /etc/hosts, list, sudoedit"), ["sudoedit /etc/hosts", "list", "sudoedit"]);
    assert_eq!(commands("a ALL=/bin/a \\\n -x, \\\n /bin/b"), ["/bin/a \\\n -x", "/bin/b"]);
}

#[test]
fn runas_may_be_empty() {
    for (text, users, groups) in [("a ALL=() ALL", 0, 0), ("a ALL=(:g) ALL", 0, 1), ("a ALL=(:) ALL", 0, 0), ("a ALL=(ALL:ALL)ALL", 1, 1)] {
        let runas = grants(text).1[0].commands[0].runas.clone().expect("it has one");
        assert_eq!((runas.users.len(), runas.groups.len()), (users, groups), "{text}");
    }
}

#[test]
fn what_breaks_the_grammar_is_opaque() {
    for text in [
        "alice",
        "alice ALL",
        "alice ALL =",
        "alice ALL = ls",
        "alice ALL = /bin/ls,",
        "alice ALL = (root /bin/ls",
        "User_Alias a = b",
        "User_Alias ALL = b",
        "User_Alias A",
        "Defaults",
        "Defaults a b",
        "Defaults a=",
        "Defaults !a=b",
        "alice ALL = /bin/ls = x",
        "alice ALL = /bin/ls #12",
        "a ALL=(u:) ALL",
        "a ALL=NOPASSWD: TIMEOUT=5m /bin/ls",
        "a ALL=NOPASSWD: (root) /bin/ls",
        "a ALL=/bin/x a:b",
        "a ALL=/bin/x ^a, /bin/y",
        "alice ALL = NOPASSWD /bin/ls",
        "@include",
        "Defaults a=\"b",
    ] {
        let document = read(text);
        assert_eq!((document.entries.len(), document.opaque.len()), (0, 1), "{text}");
    }
}

#[test]
fn escapes() {
    assert_eq!(unescaped("a\\ b\\,c\\:d\\=e"), "a b,c:d=e");
    assert_eq!(unescaped("/bin/x \\* \\\\n"), "/bin/x \\* \\\\n");
    assert_eq!(unescaped("/bin/a \\\n -x"), "/bin/a  -x");
}
