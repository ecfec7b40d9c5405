//! PAM stacks of real distributions, and the traps in them, into cells and the lines that decide them.
//!
//! What each stack does was read from Linux-PAM's man pages; `pam_real` compares the walk itself with libpam.

use bumpalo::Bump;
use jixian::facts::pam::{Factors, Prompts, account_limits, admission, login_hours_of};
use jixian::facts::{Evidence, Host};
use jixian::names::{LINUX, Language};
use jixian::source::Sources;

use crate::support::{asset, rows, shown};

/// Debian 12's files, as pam-auth-update writes them with libpam-pwquality.
const DEBIAN: &[(&str, &str)] = &[
    ("usr", "!absent"),
    ("etc/security", "!absent"),
    ("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
    ("etc/login.defs", "ENCRYPT_METHOD YESCRYPT\nPASS_MAX_DAYS 90\n"),
    ("etc/login.defs.d", "!absent"),
    (
        "etc/pam.d/common-auth",
        "# here are the per-package modules\nauth\t[success=1 default=ignore]\tpam_unix.so nullok\nauth\trequisite\tpam_deny.so\n\
         auth\trequired\tpam_permit.so\n",
    ),
    (
        "etc/pam.d/common-account",
        "account\t[success=1 new_authtok_reqd=done default=ignore]\tpam_unix.so\naccount\trequisite\tpam_deny.so\n\
         account\trequired\tpam_permit.so\n",
    ),
    (
        "etc/pam.d/common-password",
        "password\trequisite\tpam_pwquality.so retry=3 minlen=12 minclass=3\n\
         password\t[success=1 default=ignore]\tpam_unix.so obscure use_authtok try_first_pass\n\
         password\trequisite\tpam_deny.so\npassword\trequired\tpam_permit.so\n",
    ),
    ("etc/pam.d/common-session", "session required pam_unix.so\n"),
    ("etc/pam.d/other", "@include common-auth\n@include common-account\n@include common-password\n@include common-session\n"),
    (
        "etc/pam.d/sshd",
        "@include common-auth\naccount    required     pam_nologin.so\n@include common-account\n@include common-session\n\
         @include common-password\n",
    ),
];

/// RHEL 9's files, as authselect writes them with `sssd with-faillock with-pwhistory without-nullok`.
const RHEL: &[(&str, &str)] = &[
    ("usr", "!absent"),
    ("etc/os-release", "ID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.4\"\n"),
    ("etc/login.defs", "ENCRYPT_METHOD SHA512\nPASS_MAX_DAYS 99999\n"),
    ("etc/login.defs.d", "!absent"),
    ("etc/security/faillock.conf", "# deny = 3\ndeny = 5\nunlock_time = 900\n"),
    ("etc/security/pwhistory.conf", "# remember = 10\n"),
    ("etc/security/pwquality.conf", "minlen = 14\ndcredit = -1\nucredit = -1\nlcredit = -1\n"),
    ("etc/security/pwquality.conf.d", "!absent"),
    (
        "etc/authselect/password-auth",
        "auth        required                                     pam_env.so\n\
         auth        required                                     pam_faildelay.so delay=2000000\n\
         auth        required                                     pam_faillock.so preauth silent\n\
         auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular\n\
         auth        [default=1 ignore=ignore success=ok]         pam_localuser.so\n\
         auth        sufficient                                   pam_unix.so\n\
         auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular\n\
         auth        sufficient                                   pam_sss.so forward_pass\n\
         auth        required                                     pam_faillock.so authfail\n\
         auth        required                                     pam_deny.so\n\n\
         account     required                                     pam_faillock.so\n\
         account     required                                     pam_unix.so\n\
         account     sufficient                                   pam_localuser.so\n\
         account     sufficient                                   pam_usertype.so issystem\n\
         account     [default=bad success=ok user_unknown=ignore] pam_sss.so\n\
         account     required                                     pam_permit.so\n\n\
         password    requisite                                    pam_pwquality.so local_users_only\n\
         password    [default=1 ignore=ignore success=ok]         pam_localuser.so\n\
         password    requisite                                    pam_pwhistory.so use_authtok\n\
         password    sufficient                                   pam_unix.so sha512 shadow use_authtok\n\
         password    [success=1 default=ignore]                   pam_localuser.so\n\
         password    sufficient                                   pam_sss.so use_authtok\n\
         password    required                                     pam_deny.so\n\n\
         session     required                                     pam_unix.so\n",
    ),
    ("etc/pam.d/password-auth", "-> /etc/authselect/password-auth"),
    ("etc/pam.d/postlogin", "session optional pam_umask.so silent\n"),
    (
        "etc/pam.d/sshd",
        "#%PAM-1.0\nauth       substack     password-auth\nauth       include      postlogin\naccount    required     pam_sepermit.so\n\
         account    required     pam_nologin.so\naccount    include      password-auth\npassword   include      password-auth\n\
         session    include      password-auth\n",
    ),
    (
        "etc/pam.d/other",
        "auth required pam_deny.so\naccount required pam_deny.so\npassword required pam_deny.so\nsession required pam_deny.so\n",
    ),
];

/// These files, with some replaced or added.
fn with<'t>(files: &[(&'t str, &'t str)], changed: &[(&'t str, &'t str)]) -> Vec<(&'t str, &'t str)> {
    let kept = files.iter().filter(|(path, _)| !changed.iter().any(|(other, _)| other == path));
    kept.chain(changed).copied().collect()
}

/// sshd's auth stack alone.
fn auth(stack: &str) -> Vec<(&'static str, String)> {
    let other = "auth required pam_deny.so\n".to_owned();
    vec![("usr", "!absent".to_owned()), ("etc/pam.d/other", other), ("etc/pam.d/sshd", stack.to_owned())]
}

/// The paths of a service: `K` knowledge, `P` possession, `I` inherence, `U` unseen, `?` perhaps, `-` nothing.
fn paths_of(files: &[(&str, &str)], service: &str, prompts: Prompts) -> String {
    let asset = asset(files);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    let found = admission(&host, service, prompts);
    let letters =
        [(Factors::KNOWLEDGE, 'K'), (Factors::POSSESSION, 'P'), (Factors::INHERENCE, 'I'), (Factors::UNSEEN, 'U'), (Factors::PERHAPS, '?')];
    let shown = |path: &Factors| {
        let text: String = letters.iter().filter(|(kind, _)| path.contains(*kind)).map(|(_, letter)| *letter).collect();
        if text.is_empty() { "-".to_owned() } else { text }
    };
    let mut text = found.paths.iter().map(shown).collect::<Vec<_>>().join(" ");
    if found.empty_passwords {
        text += " empty";
    }
    if let Some(why) = found.gap {
        text += &format!(" gap:{}", why.code);
    }
    text
}

/// The paths of sshd with this auth stack, asked with many prompts.
fn paths(stack: &str) -> String {
    let files = auth(stack);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    paths_of(&files, "sshd", Prompts::Many)
}

/// The same with one prompt.
fn paths_one(stack: &str) -> String {
    let files = auth(stack);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    paths_of(&files, "sshd", Prompts::One)
}

const OTP: &str = "auth required pam_google_authenticator.so\n";

#[test]
fn otp_counts_only_where_no_run_evades_it() {
    let unix = "auth required pam_unix.so\n";
    assert_eq!(paths(&format!("{unix}{OTP}")), "KP");
    assert_eq!(paths(unix), "K");
    assert_eq!(paths(&format!("auth sufficient pam_unix.so\n{OTP}")), "K P");
    assert_eq!(paths(&format!("{OTP}auth sufficient pam_unix.so\nauth required pam_deny.so\n")), "KP");
    assert_eq!(paths(&format!("{unix}auth optional pam_oath.so\n")), "K");
    assert_eq!(paths(&format!("{unix}auth required pam_google_authenticator.so nullok\n")), "K");
    assert_eq!(paths(&format!("{unix}auth [user_unknown=ignore success=ok] pam_oath.so\n")), "K");
    assert_eq!(paths(&format!("{unix}auth [success=ok default=bad] pam_oath.so\n")), "KP");
    assert_eq!(paths(&format!("{unix}auth required pam_u2f.so nouserok\n")), "K");
    assert_eq!(paths(&format!("auth sufficient pam_permit.so\n{unix}{OTP}")), "-");
    assert_eq!(paths("auth required pam_fprintd.so\nauth required pam_oath.so\n"), "PI");
    assert_eq!(paths("auth required pam_deny.so\n"), "");
}

#[test]
fn debian_jumps_skip_exactly_so_many_lines() {
    let stack = |jump: u8| {
        format!("auth [success={jump} default=ignore] pam_unix.so\nauth requisite pam_deny.so\n{OTP}auth required pam_permit.so\n")
    };
    assert_eq!(paths(&stack(1)), "KP");
    // One too many skips the code, and pam_permit ends the stack well.
    assert_eq!(paths(&stack(2)), "K");
    // Beyond the end: libpam fails the stack.
    assert_eq!(paths(&stack(9)), "");
}

#[test]
fn a_substack_ends_alone_and_an_include_ends_everything() {
    let password = "auth sufficient pam_unix.so\nauth required pam_deny.so\n";
    for (control, expected) in [("substack", "KP"), ("include", "K")] {
        let stack = format!("auth {control} password-auth\n{OTP}");
        let files = [("usr", "!absent"), ("etc/pam.d/password-auth", password), ("etc/pam.d/sshd", &stack), ("etc/pam.d/other", "")];
        assert_eq!(paths_of(&files, "sshd", Prompts::Many), expected, "{control}");
    }
    // The code itself in a substack that its `sufficient` ends: what follows still counts.
    let files = [
        ("usr", "!absent"),
        ("etc/pam.d/otp", "auth sufficient pam_oath.so\nauth required pam_deny.so\n"),
        ("etc/pam.d/sshd", "auth substack otp\nauth required pam_unix.so\n"),
        ("etc/pam.d/other", ""),
    ];
    assert_eq!(paths_of(&files, "sshd", Prompts::Many), "KP");
}

#[test]
fn exempted_groups_and_networks_are_ways_round() {
    let exempt = "auth [success=1 default=ignore] pam_succeed_if.so user ingroup nomfa\n";
    assert_eq!(paths(&format!("auth required pam_unix.so\n{exempt}{OTP}")), "K");
    // The same condition twice is true both times or neither: nobody skips both.
    let inverse = "auth [success=ignore default=1] pam_succeed_if.so user ingroup nomfa\n";
    let both = format!("{exempt}auth required pam_oath.so\n{inverse}auth required pam_unix.so\nauth required pam_permit.so\n");
    assert_eq!(paths(&both), "K P");
    assert_eq!(paths("auth sufficient pam_rootok.so\nauth required pam_unix.so\n"), "-");
}

#[test]
fn servers_and_strangers_are_not_guessed() {
    assert_eq!(paths("auth required pam_radius_auth.so\n"), "U");
    assert_eq!(paths("auth required pam_unix.so\nauth required pam_radius_auth.so\n"), "KU");
    assert_eq!(paths("auth [success=done authinfo_unavail=ignore default=die] pam_radius_auth.so\nauth required pam_unix.so\n"), "K U");
    assert_eq!(paths("auth required pam_vendor.so\nauth required pam_unix.so\n"), "K? gap:not-understood");
    // Whatever it does, the password alone is enough.
    assert_eq!(paths("auth optional pam_vendor.so\nauth required pam_unix.so\n"), "K");
    assert_eq!(paths("auth required pam_unix.so\nauth required pam_duo.so\n"), "KP K? gap:not-understood");
}

#[test]
fn one_prompt_cannot_carry_two_secrets() {
    let unix = "auth required pam_unix.so\n";
    assert_eq!(paths_one(unix), "K");
    assert_eq!(paths_one(OTP), "P");
    assert_eq!(paths_one(&format!("{unix}{OTP}")), "");
    assert_eq!(paths_one("auth required pam_google_authenticator.so forward_pass\nauth required pam_unix.so use_first_pass\n"), "KP");
    assert_eq!(paths_one(&format!("{unix}auth required pam_google_authenticator.so nullok\n")), "K");
    assert_eq!(paths_one(&format!("auth sufficient pam_unix.so\n{OTP}")), "K P");
}

#[test]
fn distributions_demand_a_password() {
    assert_eq!(paths_of(DEBIAN, "sshd", Prompts::Many), "K empty");
    assert_eq!(paths_of(RHEL, "sshd", Prompts::Many), "K");
    // A service without a file, or without lines of the group, has those of `other`.
    assert_eq!(paths_of(RHEL, "unheard-of", Prompts::Many), "");
    assert_eq!(paths_of(DEBIAN, "passwd", Prompts::Many), "K empty");
}

#[test]
fn what_was_not_collected_is_open() {
    let files = [("etc/pam.d/sshd", "auth substack password-auth\nauth required pam_google_authenticator.so\n")];
    assert_eq!(paths_of(&files, "sshd", Prompts::Many), "P? gap:not-collected");
    let files = [("etc/pam.d/sshd", "auth sufficient pam_unix.so\nauth include password-auth\n")];
    assert_eq!(paths_of(&files, "sshd", Prompts::Many), "K ? gap:not-collected");
    let files = [("etc/pam.d/sshd", "!truncated auth required pam_unix.so\nauth requ")];
    assert_eq!(paths_of(&files, "sshd", Prompts::Many), "K? gap:truncated");
    assert_eq!(paths_of(&[("etc/pam.d/su", "")], "sshd", Prompts::Many), "? gap:not-collected");
    // Proven absent: libpam makes the include a line that fails.
    let files = [("etc/pam.d", "!directory"), ("usr", "!absent"), ("etc/pam.d/sshd", "auth include gone\nauth required pam_unix.so\n")];
    assert_eq!(paths_of(&files, "sshd", Prompts::Many), "");
}

#[test]
fn the_weakest_run_is_explained_line_by_line() {
    let files = auth("auth sufficient pam_unix.so\nauth required pam_google_authenticator.so\n");
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let asset = asset(&files);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    let found = admission(&host, "sshd", Prompts::Many);
    let line = |span: jixian::source::Span| sources.source(span.source).unwrap().line(span);
    let shown: Vec<String> = found
        .evidence
        .iter()
        .map(|piece| match piece {
            Evidence::Decides(span) => format!("decides {}", line(*span)),
            Evidence::Shadowed(span) => format!("shadowed {}", line(*span)),
            Evidence::Step(phrase, texts, Some(span)) => format!("{}: {}", line(*span), phrase.fill(Language::En, texts)),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "decides 1",
            "shadowed 2",
            "1: pam_unix succeeds: the password is right (knowledge)",
            "1: its control sufficient ends the stack here: later lines are not reached",
        ]
    );
}

#[test]
fn radius_servers_are_named_and_their_secrets_hidden() {
    let files = [
        ("usr", "!absent"),
        ("etc/pam.d/other", ""),
        ("etc/pam.d/sshd", "auth required pam_radius_auth.so\nauth required pam_tacplus.so server=10.0.0.9 secret=hunter2\n"),
        ("etc/pam_radius_auth.conf", "# server secret timeout\n10.0.0.7:1812 s3cret 3\nradius.bank.example other 3\n"),
    ];
    let asset = asset(&files);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    assert_eq!(admission(&host, "sshd", Prompts::Many).servers, ["10.0.0.7:1812", "radius.bank.example", "10.0.0.9"]);
    let printed: String = sources.all().iter().map(|source| source.printable(source.text)).collect();
    assert!(!printed.contains("hunter2") && !printed.contains("s3cret"), "{printed}");
}

/// One row of `authentication-policy`.
fn policy(files: &[(&str, &str)], path: &str, columns: &[&str]) -> String {
    let columns: Vec<&str> = ["path"].iter().chain(columns).copied().collect();
    let found = rows(files, "authentication-policy", &columns);
    let prefix = format!("path={path}");
    let line = found.iter().find(|line| line.split(' ').next() == Some(prefix.as_str())).expect("the path has a row");
    line[prefix.len()..].trim_start().to_owned()
}

const QUALITY: &[&str] = &["min-length@", "classes@", "requirements", "dictionary", "quality-binds-root"];

#[test]
fn quality_of_distributions() {
    assert_eq!(
        policy(RHEL, "sshd", QUALITY),
        "min-length=14@etc/security/pwquality.conf:1 classes=3@etc/security/pwquality.conf:2 requirements=[digit, lower, upper] \
         dictionary=true quality-binds-root=false"
    );
    assert_eq!(
        policy(DEBIAN, "sshd", QUALITY),
        "min-length=12@etc/pam.d/common-password:1 classes=3@etc/pam.d/common-password:1 requirements=[] dictionary=true \
         quality-binds-root=false"
    );
}

/// The policy of `passwd` with this password stack and pwquality.conf.
fn quality(stack: &str, conf: &str) -> String {
    let files = [
        ("usr", "!absent"),
        ("etc/os-release", "ID=rocky\nVERSION_ID=9.4\n"),
        ("etc/security/pwquality.conf", conf),
        ("etc/security/pwquality.conf.d", "!absent"),
        ("etc/pam.d/other", ""),
        ("etc/pam.d/passwd", stack),
    ];
    policy(&files, "passwd", &["min-length", "classes", "requirements", "dictionary"])
}

const UNIX: &str = "password required pam_unix.so use_authtok\n";

#[test]
fn credits_count_as_libpwquality_counts_them() {
    let with = |conf: &str| quality(&format!("password requisite pam_pwquality.so\n{UNIX}"), conf);
    assert_eq!(with(""), "min-length=8 classes=- requirements=[] dictionary=true");
    assert_eq!(with("minlen=12\ndcredit=1\nucredit=2"), "min-length=9 classes=- requirements=[] dictionary=true");
    assert_eq!(with("minlen=8\ndcredit=9\n"), "min-length=6 classes=- requirements=[] dictionary=true");
    assert_eq!(with("minlen=8\ndcredit=9\ndictcheck=0"), "min-length=4 classes=- requirements=[] dictionary=false");
    assert_eq!(
        with("dcredit=-1\nocredit=-2\nminclass=4"),
        "min-length=8 classes=4 requirements=[digit, lower, other, upper] dictionary=true"
    );
    // Cannot be set below 6; more than four classes are four.
    assert_eq!(with("minlen=3\nminclass=9"), "min-length=6 classes=4 requirements=[digit, lower, other, upper] dictionary=true");
    assert_eq!(with("minlen=12\nenforcing=0"), "min-length=- classes=- requirements=[] dictionary=false");
    // Tried with libpwquality 1.4.5: names without regard to case, `#` anywhere, the first line that it cannot read ends the file.
    assert_eq!(with("  MINLEN   12\nminclass=3#x"), "min-length=12 classes=3 requirements=[] dictionary=true");
    assert_eq!(with("minlen=10\nnonsense=1\nminclass=3"), "min-length=10 classes=- requirements=[] dictionary=true");
    assert_eq!(with("minlen = 12x\nminclass=3"), "min-length=8 classes=- requirements=[] dictionary=true");
}

#[test]
fn arguments_beat_the_file_and_the_file_beats_drop_ins() {
    let files = [
        ("usr", "!absent"),
        ("etc/os-release", "ID=rocky\nVERSION_ID=9.4\n"),
        ("etc/security/pwquality.conf", "minlen = 10\n"),
        ("etc/security/pwquality.conf.d/a.conf", "minlen = 20\nminclass = 2\n"),
        ("etc/security/pwquality.conf.d/b.conf", "minlen = 30\nminclass = 3\n"),
        ("etc/pam.d/other", ""),
        ("etc/pam.d/passwd", "password requisite pam_pwquality.so ucredit=-1\npassword required pam_unix.so use_authtok\n"),
    ];
    // As tried with libpwquality 1.4.5.
    assert_eq!(
        policy(&files, "passwd", &["min-length@", "classes@", "requirements"]),
        "min-length=10@etc/security/pwquality.conf:1 classes=3@etc/security/pwquality.conf.d/b.conf:2 requirements=[upper]"
    );
    let argument = [("etc/pam.d/passwd", "password requisite pam_pwquality.so minlen=16\npassword required pam_unix.so use_authtok\n")];
    assert_eq!(policy(&with(&files, &argument), "passwd", &["min-length@"]), "min-length=16@etc/pam.d/passwd:1");
}

#[test]
fn a_quality_module_must_be_passed_before_pam_unix() {
    let none = "min-length=- classes=- requirements=[] dictionary=false";
    let conf = "minlen=12\nminclass=3\n";
    assert_eq!(quality(UNIX, conf), none);
    assert_eq!(quality(&format!("{UNIX}password required pam_pwquality.so\n"), conf), none);
    assert_eq!(quality(&format!("password optional pam_pwquality.so\n{UNIX}"), conf), none);
    let skipped = "password [success=1 default=ignore] pam_permit.so\npassword requisite pam_pwquality.so\n";
    assert_eq!(quality(&format!("{skipped}{UNIX}"), conf), none);
    // Without use_authtok pam_unix may ask for another password.
    assert_eq!(quality("password requisite pam_pwquality.so\npassword required pam_unix.so\n", conf), none);
    assert_eq!(
        quality("password required pam_cracklib.so retry=3\npassword required pam_unix.so use_authtok\n", ""),
        "min-length=6 classes=- requirements=[] dictionary=true"
    );
    assert_eq!(
        quality(
            "password required pam_cracklib.so minlen=14 dcredit=-1 ucredit=0 lcredit=0 ocredit=0\npassword required pam_unix.so use_authtok\n",
            ""
        ),
        "min-length=14 classes=1 requirements=[digit] dictionary=true"
    );
    assert_eq!(
        quality("password requisite pam_passwdqc.so\npassword required pam_unix.so use_authtok\n", ""),
        "min-length=7 classes=2 requirements=[] dictionary=true"
    );
    assert_eq!(quality("password required pam_unix.so minlen=10\n", ""), "min-length=10 classes=- requirements=[] dictionary=false");
}

#[test]
fn old_defaults_of_libpwquality_hold_on_rhel_7() {
    let stack = [("etc/pam.d/passwd", "password requisite pam_pwquality.so\npassword required pam_unix.so use_authtok\n")];
    let files = |release| {
        let files = [("usr", "!absent"), ("etc/os-release", release), ("etc/security", "!absent"), ("etc/pam.d/other", "")];
        policy(&with(&files, &stack), "passwd", &["min-length@"])
    };
    assert_eq!(files("ID=\"centos\"\nVERSION_ID=\"7\"\n"), "min-length=6@default");
    assert_eq!(files("ID=openEuler\nVERSION_ID=\"22.03\"\n"), "min-length=8@default");
    assert_eq!(files(""), "min-length=?version-not-known(8|6)@default");
}

#[test]
fn what_stores_passwords_tells_scheme_and_history() {
    let columns = &["history@", "hash-scheme@", "password-max-age@"];
    assert_eq!(
        policy(RHEL, "sshd", columns),
        "history=10@default hash-scheme=sha512@etc/pam.d/password-auth:22 password-max-age=99999d@etc/login.defs:2"
    );
    assert_eq!(
        policy(DEBIAN, "sshd", columns),
        "history=-@etc/pam.d/common-password hash-scheme=yescrypt@etc/login.defs:1 password-max-age=90d@etc/login.defs:2"
    );
    let stack = |stack| policy(&with(RHEL, &[("etc/pam.d/passwd", stack)]), "passwd", &["history", "hash-scheme"]);
    assert_eq!(
        stack("password required pam_pwhistory.so remember=24 use_authtok\npassword required pam_unix.so use_authtok md5 sha256\n"),
        "history=24 hash-scheme=sha256"
    );
    assert_eq!(stack("password required pam_unix.so remember=5 sm3\n"), "history=5 hash-scheme=sm3");
    assert_eq!(
        stack("password required pam_unix.so blowfish\npassword required pam_pwhistory.so remember=24\n"),
        "history=- hash-scheme=bcrypt"
    );
    assert_eq!(
        stack("password required pam_pwhistory.so remember=0 use_authtok\npassword required pam_unix.so use_authtok\n"),
        "history=- hash-scheme=sha512"
    );
    assert_eq!(stack("password required pam_sss.so\n"), "history=- hash-scheme=-");
}

const LOCKOUT: &[&str] = &["lockout-threshold@", "lockout-duration@", "lockout-window@", "applies-to-root"];

#[test]
fn faillock_locks_where_it_counts_and_looks() {
    assert_eq!(
        policy(RHEL, "sshd", LOCKOUT),
        "lockout-threshold=5@etc/security/faillock.conf:2 lockout-duration=15m@etc/security/faillock.conf:3 lockout-window=15m@default \
         applies-to-root=false"
    );
    let locks = |auth: &str| {
        let auth = format!("{auth}account required pam_faillock.so\naccount required pam_unix.so\n");
        let files = with(RHEL, &[("etc/pam.d/login", &auth)]);
        policy(&files, "login", &["lockout-threshold", "lockout-duration"])
    };
    let (unix, fails, deny) =
        ("auth sufficient pam_unix.so\n", "auth [default=die] pam_faillock.so authfail\n", "auth required pam_deny.so\n");
    let none = "lockout-threshold=- lockout-duration=-";
    assert_eq!(locks(&format!("auth required pam_faillock.so preauth\n{unix}{fails}{deny}")), "lockout-threshold=5 lockout-duration=15m");
    // authfail without preauth never blocks; preauth without authfail never counts.
    assert_eq!(locks(&format!("{unix}{fails}{deny}")), none);
    assert_eq!(locks(&format!("auth required pam_faillock.so preauth\n{unix}{deny}")), none);
    // The first example of pam_faillock(8): authsucc looks.
    let example = "auth [success=1 default=bad] pam_unix.so\nauth [default=die] pam_faillock.so authfail\n\
                   auth sufficient pam_faillock.so authsucc\nauth required pam_deny.so\n";
    assert_eq!(locks(example), "lockout-threshold=5 lockout-duration=15m");
    // A wrong password that ends the stack is not counted.
    assert_eq!(locks(&format!("auth required pam_faillock.so preauth\nauth requisite pam_unix.so\n{fails}")), none);
    // An optional look does not refuse.
    assert_eq!(locks(&format!("auth optional pam_faillock.so preauth\n{unix}{fails}{deny}")), none);
    // Arguments of the line that looks beat the file.
    let told = "auth required pam_faillock.so preauth deny=7 unlock_time=never\n";
    assert_eq!(locks(&format!("{told}{unix}{fails}{deny}")), "lockout-threshold=7 lockout-duration=unlimited");
    assert_eq!(locks(&format!("auth required pam_faillock.so preauth deny=0\n{unix}{fails}{deny}")), none);
    // More than a week is refused by the module, so that the file's time holds.
    let long = "auth required pam_faillock.so preauth unlock_time=9999999\n";
    assert_eq!(locks(&format!("{long}{unix}{fails}{deny}")), "lockout-threshold=5 lockout-duration=15m");
}

#[test]
fn faillock_covers_root_by_one_flag_only() {
    let root = |conf| policy(&with(RHEL, &[("etc/security/faillock.conf", conf)]), "sshd", &["lockout-threshold@", "applies-to-root@"]);
    assert_eq!(root("even_deny_root\n"), "lockout-threshold=3@default applies-to-root=true@etc/security/faillock.conf:1");
    // The page says that it implies even_deny_root; tried with Linux-PAM 1.5.2 it does not.
    assert_eq!(root("root_unlock_time = 60\n"), "lockout-threshold=3@default applies-to-root=false@etc/security/faillock.conf:1");
    assert_eq!(root("!denied"), "lockout-threshold=?denied@etc/pam.d/password-auth:3 applies-to-root=?denied@etc/pam.d/password-auth:3");
}

#[test]
fn tally_modules_lock_on_old_systems() {
    let stack = |auth: &str| {
        let auth = format!("{auth}auth required pam_unix.so\naccount required pam_tally2.so\n");
        policy(&with(RHEL, &[("etc/pam.d/login", &auth)]), "login", LOCKOUT)
    };
    assert_eq!(
        stack("auth required pam_tally2.so onerr=fail deny=5 even_deny_root\n"),
        "lockout-threshold=5@etc/pam.d/login:1 lockout-duration=unlimited@default lockout-window=unlimited@etc/pam.d/login:1 applies-to-root=true"
    );
    assert!(stack("auth required pam_tally2.so\n").starts_with("lockout-threshold=-"));
    assert!(stack("auth optional pam_tally2.so deny=5\n").starts_with("lockout-threshold=-"));
}

#[test]
fn empty_passwords_are_nullok_in_the_auth_stack_only() {
    let empty = |stack: &str| policy(&with(RHEL, &[("etc/pam.d/login", stack)]), "login", &["empty-passwords@"]);
    assert_eq!(empty("auth required pam_unix.so nullok\n"), "empty-passwords=true@etc/pam.d/login:1");
    assert_eq!(empty("auth required pam_unix.so\npassword required pam_unix.so nullok\n"), "empty-passwords=false@etc/pam.d/login:1");
    assert_eq!(empty("auth requisite pam_deny.so\nauth required pam_unix.so nullok\n"), "empty-passwords=false@etc/pam.d/login");
    assert_eq!(policy(DEBIAN, "sshd", &["empty-passwords@"]), "empty-passwords=true@etc/pam.d/common-auth:2");
}

#[test]
fn su_is_for_one_group_only_where_nobody_evades_it() {
    let su = |stack: &str| {
        let stack = format!("auth sufficient pam_rootok.so\n{stack}auth required pam_unix.so\n");
        policy(&with(RHEL, &[("etc/pam.d/su", &stack)]), "su", &["group-restricted@"])
    };
    assert_eq!(su("auth required pam_wheel.so use_uid\n"), "group-restricted=wheel@etc/pam.d/su:2");
    assert_eq!(su("auth requisite pam_wheel.so use_uid group=sugroup\n"), "group-restricted=sugroup@etc/pam.d/su:2");
    assert_eq!(su("#auth required pam_wheel.so use_uid\n"), "group-restricted=-@etc/pam.d/su");
    for evaded in [
        "sufficient pam_wheel.so trust use_uid",
        "required pam_wheel.so deny group=nosu",
        "required pam_wheel.so root_only",
        "optional pam_wheel.so",
    ] {
        assert_eq!(su(&format!("auth {evaded}\n")), "group-restricted=-@etc/pam.d/su:2", "{evaded}");
    }
    assert_eq!(su("auth required pam_succeed_if.so use_uid user ingroup wheel\n"), "group-restricted=wheel@etc/pam.d/su:2");
}

#[test]
fn modules_show_what_is_reached_and_what_is_enforced() {
    let stack = "auth [success=2 default=ignore] pam_unix.so\nauth sufficient pam_sss.so use_first_pass\nauth requisite pam_deny.so\n\
                 auth required pam_google_authenticator.so [authtok_prompt=Code: ]\nauth sufficient pam_permit.so\nauth required pam_u2f.so\n";
    let files = with(RHEL, &[("etc/pam.d/sshd", stack), ("etc/pam.d/postlogin", "")]);
    let columns = &["service", "type", "step@", "control", "arguments", "reachable", "enforced", "before-password"];
    let found: Vec<String> = rows(&files, "pam-modules", columns).into_iter().filter(|row| row.contains("type=auth")).collect();
    assert_eq!(
        found,
        [
            "service=sshd type=auth step=pam_unix@etc/pam.d/sshd:1 control=[success=2 default=ignore] arguments=[] reachable=true \
         enforced=false before-password=true",
            "service=sshd type=auth step=pam_sss@etc/pam.d/sshd:2 control=sufficient arguments=[use_first_pass] reachable=true \
         enforced=false before-password=false",
            "service=sshd type=auth step=pam_deny@etc/pam.d/sshd:3 control=requisite arguments=[] reachable=true enforced=false \
         before-password=false",
            "service=sshd type=auth step=pam_google_authenticator@etc/pam.d/sshd:4 control=required arguments=[authtok_prompt=Code: ] \
         reachable=true enforced=false before-password=false",
            "service=sshd type=auth step=pam_permit@etc/pam.d/sshd:5 control=sufficient arguments=[] reachable=true enforced=false \
         before-password=false",
            "service=sshd type=auth step=pam_u2f@etc/pam.d/sshd:6 control=required arguments=[] reachable=true enforced=false \
         before-password=false",
        ]
    );
}

#[test]
fn rows_that_could_be_missing_have_a_gap_row() {
    let files = [("etc/pam.d/sshd", "auth required pam_faillock.so preauth\nauth include password-auth\nauth required pam_oath.so\n")];
    let columns = &["service", "type", "step", "reachable", "enforced"];
    let found: Vec<String> = rows(&files, "pam-modules", columns).into_iter().filter(|row| row.contains("type=auth")).collect();
    assert_eq!(
        found,
        [
            "service=sshd type=auth step=pam_faillock reachable=true enforced=true",
            "service=sshd type=auth step=pam_oath reachable=?not-collected enforced=?not-collected",
            "gap service=sshd type=auth step=?not-collected reachable=?not-collected enforced=?not-collected",
        ]
    );
    assert_eq!(rows(&[], "pam-modules", &["service"]), ["gap service=?not-collected"]);
    assert_eq!(rows(&[("etc", "!absent"), ("usr", "!absent")], "pam-modules", &["service"]), [""; 0]);
}

/// `login-hours`, `time-windows` and `sources` of sshd with this account stack and these files; and alice's own hours.
fn limits(account: &str, files: &[(&str, &str)]) -> String {
    let stack = format!("auth required pam_unix.so\n{account}account required pam_unix.so\n");
    let files: Vec<(&str, &str)> =
        [("usr", "!absent"), ("etc/pam.d/other", ""), ("etc/security/access.d", "!absent"), ("etc/pam.d/sshd", &stack)]
            .into_iter()
            .chain(files.iter().copied())
            .collect();
    let asset = asset(&files);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    let found = account_limits(&host, "sshd");
    let alice = login_hours_of(&host, "sshd", "alice");
    let by = found.sources_restricted_by.unwrap_or("-");
    format!("{} {} alice={} {} by {by}", shown(&found.login_hours), shown(&found.time_windows), shown(&alice), shown(&found.sources))
}

#[test]
fn pam_time_limits_those_whom_a_rule_is_about() {
    let time = |rules| limits("account required pam_time.so\n", &[("etc/security/time.conf", rules)]);
    assert_eq!(time("sshd;*;*;Wk0900-1800\n"), "45h [sshd;*;*;Wk0900-1800] alice=45h - by -");
    // Who is in no rule is free.
    assert_eq!(time("sshd;*;ops*|alice;Wk0900-1800\n"), "7d [sshd;*;ops*|alice;Wk0900-1800] alice=45h - by -");
    assert_eq!(time("sshd;*;!root;Wk0900-1800\n"), "7d [sshd;*;!root;Wk0900-1800] alice=45h - by -");
    // Every rule that fits must allow.
    assert_eq!(
        time("*;*;*;Wk0900-1800\nsshd;ssh;alice;Al1200-2000\n"),
        "45h [*;*;*;Wk0900-1800, sshd;ssh;alice;Al1200-2000] alice=30h - by -"
    );
    // The whole week is no window; other services and terminals do not fit.
    assert_eq!(time("sshd;*;*;Al0000-2400\nlogin;*;*;Wk0900-1800\nsshd;tty*;*;Wk0900-1800\n"), "7d [] alice=7d - by -");
    assert_eq!(time("# sshd;*;*;Wk0900-1800\nsshd;*;*\n"), "7d [] alice=7d - by -");
    assert_eq!(time("sshd;*;@vendors;Wk0900-1800\n"), "7d [sshd;*;@vendors;Wk0900-1800] alice=?not-understood - by -");
    assert_eq!(time("!denied"), "?denied ?denied alice=?denied - by -");
    // A file that is not there restricts nobody, as Linux-PAM 1.5.2 was tried.
    assert_eq!(time("!absent"), "7d [] alice=7d - by -");
}

#[test]
fn time_conf_without_the_module_is_inert() {
    let rules = [("etc/security/time.conf", "sshd;*;*;Wk0900-1800\n")];
    assert_eq!(limits("", &rules), "7d [] alice=7d - by -");
    assert_eq!(limits("account optional pam_time.so\n", &rules), "7d [] alice=7d - by -");
    // RHEL: local accounts end the stack before it.
    assert_eq!(limits("account sufficient pam_localuser.so\naccount required pam_time.so\n", &rules), "7d [] alice=7d - by -");
    assert_eq!(
        limits("account requisite pam_time.so conffile=/etc/t.conf\n", &[("etc/t.conf", rules[0].1)]),
        "45h [sshd;*;*;Wk0900-1800] alice=45h - by -"
    );
}

/// Each answer of a single address was tried with Linux-PAM 1.5.2's pam_access.
#[test]
fn pam_access_admits_from_what_its_first_fitting_entries_say() {
    let access = |entries| {
        let text = limits("account required pam_access.so\n", &[("etc/security/access.conf", entries)]);
        text.split_once("alice=7d ").expect("nothing limits the time").1.to_owned()
    };
    assert_eq!(access("+:ALL:10.1.2.0/24 10.9.\n-:ALL:ALL\n"), "[10.1.2.0/24, 10.9.0.0/16] by pam_access");
    assert_eq!(access("+:(wheel):192.168.7.1/255.255.255.0\n+:root:LOCAL\n-:ALL:ALL\n"), "[192.168.7.0/24] by pam_access");
    // Without a final deny it is no white list, nor where the last line lacks its end, or begins with a blank.
    let any = "[0.0.0.0/0, ::/0] by -";
    assert_eq!(access("+:ALL:10.1.2.0/24\n"), any);
    assert_eq!(access("+:ALL:10.1.2.0/24\n-:ALL:ALL"), any);
    assert_eq!(access("+:ALL:10.1.2.0/24\n -:ALL:ALL\n"), any);
    assert_eq!(access("-:ALL EXCEPT root:ALL\n"), any);
    assert_eq!(access("!absent"), any);
    assert_eq!(access("-:ALL:ALL EXCEPT 10.1.2.3\n"), "[10.1.2.3/32] by pam_access");
    assert_eq!(access("-:ALL:ALL EXCEPT bastion.example LOCAL\n"), "[?(bastion.example)] by pam_access");
    assert_eq!(access("-:ALL:ALL\n+:ALL:10.1.2.0/24\n"), "[] by pam_access");
    assert_eq!(access("+:ALL:0.0.0.0/0\n-:ALL:ALL\n"), "[0.0.0.0/32] by pam_access");
    assert_eq!(access("!denied"), "?denied by pam_access");
    let evaded = limits("account optional pam_access.so\n", &[("etc/security/access.conf", "-:ALL:ALL\n")]);
    assert!(evaded.ends_with(" - by -"), "{evaded}");
}

#[test]
fn pam_conf_counts_only_without_directories() {
    let conf = "SSHD\tauth\trequired pam_unix.so\nsshd auth required pam_oath.so\nother auth required pam_deny.so\n";
    let alone = [("etc/pam.conf", conf), ("etc/pam.d", "!absent"), ("usr", "!absent")];
    assert_eq!(paths_of(&alone, "sshd", Prompts::Many), "KP");
    assert_eq!(paths_of(&alone, "login", Prompts::Many), "");
    let beside = [("etc/pam.conf", conf), ("etc/pam.d/sshd", "auth required pam_unix.so\n"), ("usr", "!absent")];
    assert_eq!(paths_of(&beside, "sshd", Prompts::Many), "K");
}

#[test]
fn vendors_files_count_where_etc_has_none() {
    let files = [
        ("etc/pam.d/other", "auth required pam_deny.so\n"),
        ("usr/lib/pam.d/sshd", "auth required pam_unix.so\n"),
        ("usr/lib/pam.d/login", "auth required pam_unix.so\n"),
        ("etc/pam.d/login", "auth required pam_unix.so\nauth required pam_u2f.so\n"),
        ("usr/etc", "!absent"),
    ];
    assert_eq!(paths_of(&files, "sshd", Prompts::Many), "K");
    assert_eq!(paths_of(&files, "login", Prompts::Many), "KP");
}
