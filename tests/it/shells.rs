//! Shell environments: start files as distributions ship them, and single files against the real bash (which the tests need).

use std::process::Command;

use crate::support::rows;

const COLUMNS: &[&str] = &["scope", "new-file-mode", "idle-timeout", "idle-timeout-readonly"];
const PAM: (&str, &str) = ("etc/pam.d/common-session", "session required pam_unix.so\n");
const DEFS: (&str, &str) = ("etc/login.defs", "UMASK 022\nUSERGROUPS_ENAB yes\n");

/// Rows of these files on a host whose PAM sets no mask.
fn shells(files: &[(&str, &str)], columns: &[&str]) -> Vec<String> {
    let files: Vec<_> = files.iter().copied().chain([PAM, DEFS]).collect();
    rows(&files, "shells", columns)
}

/// The row of login shells that read this one file.
fn login(profile: &str, columns: &[&str]) -> String {
    shells(&[("etc/profile", profile), ("etc/bash.bashrc", "")], columns).pop().expect("both rows are promised")
}

/// etc/profile in the form that Debian ships it in.
const DEBIAN: &str = "if [ \"$(id -u)\" -eq 0 ]; then\n  PATH=\"/usr/sbin:/usr/bin\"\nelse\n  PATH=\"/usr/bin:/usr/games\"\nfi\nexport PATH\n\n\
    if [ \"${PS1-}\" ]; then\n  if [ \"${BASH-}\" ] && [ \"$BASH\" != \"/bin/sh\" ]; then\n    if [ -f /etc/bash.bashrc ]; then\n      . /etc/bash.bashrc\n    \
    fi\n  else\n    PS1='$ '\n  fi\nfi\n\nif [ -d /etc/profile.d ]; then\n  for i in /etc/profile.d/*.sh; do\n    if [ -r $i ]; then\n      . $i\n    fi\n  \
    done\n  unset i\nfi\n";

/// etc/profile and etc/bashrc in the form that RHEL 8 ships them in, as far as they matter here.
const RHEL: &str = "pathmunge () {\n    case \":${PATH}:\" in\n        *:\"$1\":*)\n            ;;\n        *)\n            PATH=$1:$PATH\n    esac\n}\n\
    if [ \"$EUID\" = \"0\" ]; then\n    pathmunge /usr/sbin\nfi\n\
    if [ $UID -gt 199 ] && [ \"`/usr/bin/id -gn`\" = \"`/usr/bin/id -un`\" ]; then\n    umask 002\nelse\n    umask 022\nfi\n\
    for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do\n    if [ -r \"$i\" ]; then\n        if [ \"${-#*i}\" != \"$-\" ]; then\n            . \"$i\"\n        \
    else\n            . \"$i\" >/dev/null\n        fi\n    fi\ndone\nunset i\nif [ -n \"${BASH_VERSION-}\" ] ; then\n  if [ -f /etc/bashrc ] ; then\n    . /etc/bashrc\n  \
    fi\nfi\n";
const RHEL_BASHRC: &str = "if [ -z \"$BASHRCSOURCED\" ]; then\n  BASHRCSOURCED=\"Y\"\n  if ! shopt -q login_shell ; then # We're not a login shell\n    \
    [ `umask` -eq 0 ] && umask 022\n    for i in /etc/profile.d/*.sh; do\n      if [ -r \"$i\" ]; then\n        . \"$i\"\n      fi\n    done\n  fi\nfi\n";

#[test]
fn what_debian_ships_sets_nothing() {
    let files =
        [("etc/profile", DEBIAN), ("etc/bash.bashrc", "[ -z \"$PS1\" ] && return\nshopt -s checkwinsize\n"), ("etc/profile.d", "!absent")];
    let columns = ["scope", "new-file-mode@", "idle-timeout@", "idle-timeout-readonly", "path-unsafe"];
    assert_eq!(
        shells(&files, &columns),
        [
            "scope=interactive new-file-mode=0755@default idle-timeout=unlimited@default idle-timeout-readonly=- path-unsafe=false",
            "scope=login new-file-mode=0755@default idle-timeout=unlimited@default idle-timeout-readonly=- path-unsafe=false",
        ]
    );
}

#[test]
fn drop_ins_are_read_where_the_profile_reads_them() {
    let files = [
        ("etc/profile", DEBIAN),
        ("etc/bash.bashrc", "umask 077\n"),
        ("etc/profile.d/a.sh", "umask 026\n"),
        ("etc/profile.d/b.sh", "umask 027\nreadonly TMOUT=600 ; export TMOUT\n"),
        ("etc/profile.d/c.sh", "TMOUT=3600\n"),
        ("etc/profile.d/d.csh", "umask 000\n"),
    ];
    let columns = ["scope", "new-file-mode@", "idle-timeout@", "idle-timeout-readonly"];
    assert_eq!(
        shells(&files, &columns),
        [
            "scope=interactive new-file-mode=0700@etc/bash.bashrc:1 idle-timeout=unlimited@default idle-timeout-readonly=-",
            "scope=login new-file-mode=0750@etc/profile.d/b.sh:1 idle-timeout=10m@etc/profile.d/b.sh:2 idle-timeout-readonly=true",
        ]
    );
    let without_loop = [("etc/profile", "umask 022\n"), ("etc/bash.bashrc", ""), ("etc/profile.d/b.sh", "umask 027\nTMOUT=600\n")];
    assert_eq!(shells(&without_loop, COLUMNS)[1], "scope=login new-file-mode=0755 idle-timeout=unlimited idle-timeout-readonly=-");
}

#[test]
fn what_rhel_ships_depends_on_the_user() {
    let postlogin = ("etc/pam.d/postlogin", "session optional pam_umask.so silent\n");
    let files =
        [("etc/profile", RHEL), ("etc/bashrc", RHEL_BASHRC), ("etc/profile.d", "!absent"), postlogin, ("etc/login.defs", "UMASK 022\n")];
    assert_eq!(
        rows(&files, "shells", COLUMNS),
        [
            "scope=interactive new-file-mode=0755 idle-timeout=unlimited idle-timeout-readonly=-",
            "scope=login new-file-mode=?depends-on-conditions(0775|0755) idle-timeout=unlimited idle-timeout-readonly=-",
        ]
    );
    let hardened = [files[0], files[1], ("etc/profile.d/tmout.sh", "umask 027\ndeclare -xr TMOUT=900\n"), files[3], files[4]];
    let row = |scope| format!("scope={scope} new-file-mode=0750 idle-timeout=15m idle-timeout-readonly=true");
    // The guard against being read twice is a condition that cannot be decided, so the mask before it stays possible.
    assert_eq!(rows(&hardened, "shells", COLUMNS)[1], row("login"));
}

#[test]
fn pam_umask_sets_the_mask_before_the_shell() {
    let mode = |stack: &str, defs: &str| {
        let files = [("etc/profile", "export X=1\n"), ("etc/bashrc", ""), ("etc/pam.d/postlogin", stack), ("etc/login.defs", defs)];
        rows(&files, "shells", &["new-file-mode@"]).concat()
    };
    let both = |text: &str| format!("new-file-mode={text}").repeat(2);
    assert_eq!(mode("session optional pam_umask.so silent\n", "UMASK 027\n"), both("0750@etc/login.defs:1"));
    assert_eq!(mode("session optional pam_umask.so umask=0077\n", "UMASK 022\n"), both("0700@etc/pam.d/postlogin:1"));
    assert_eq!(mode("# session optional pam_umask.so\n", "UMASK 077\n"), both("0755@default"));
    let groups = both("?depends-on-conditions(0750|0770)@etc/login.defs:1");
    assert_eq!(mode("session optional pam_umask.so usergroups\n", "UMASK 027\n"), groups);
    assert_eq!(mode("session optional pam_umask.so\n", "UMASK 027\nUSERGROUPS_ENAB yes\n"), groups);
    assert_eq!(mode("session optional pam_umask.so nousergroups\n", "UMASK 027\nUSERGROUPS_ENAB yes\n"), both("0750@etc/login.defs:1"));
}

#[test]
fn what_was_not_collected_is_unknown() {
    let columns = ["scope", "new-file-mode", "idle-timeout"];
    assert_eq!(
        rows(&[("etc/profile", "umask 027\n")], "shells", &columns),
        [
            "scope=interactive new-file-mode=?not-collected idle-timeout=?not-collected",
            "scope=login new-file-mode=0750 idle-timeout=unlimited"
        ]
    );
    let denied = [("etc/profile", ". /etc/site.sh\n"), ("etc/site.sh", "!denied"), ("etc/bash.bashrc", "")];
    assert_eq!(shells(&denied, &columns)[1], "scope=login new-file-mode=?denied idle-timeout=?denied");
    let half = [("etc/profile", "!truncated umask 027\nTMOUT=6"), ("etc/bash.bashrc", "")];
    assert_eq!(shells(&half, &columns)[1], "scope=login new-file-mode=?truncated idle-timeout=?truncated");
    let listing = [("etc/profile", DEBIAN), ("etc/bash.bashrc", "")];
    assert_eq!(shells(&listing, &columns)[1], "scope=login new-file-mode=?not-collected idle-timeout=?not-collected");
    assert_eq!(rows(&[], "shells", &columns), ["gap scope=?not-collected new-file-mode=?not-collected idle-timeout=?not-collected"]);
}

#[test]
fn what_is_not_understood_is_unknown() {
    for (text, mode, timeout) in [
        ("umask $MASK\n", "?not-understood", "unlimited"),
        ("TMOUT=${TMOUT:-600}\n", "0755", "?not-understood"),
        ("eval \"umask 000; TMOUT=0\"\n", "?not-understood", "?not-understood"),
        ("TMOUT=60\nif true\numask 027\n", "?not-understood", "?not-understood"),
        ("umask 027\n)\n", "?not-understood", "?not-understood"),
        ("set_mask umask\n", "?not-understood", "unlimited"),
        ("echo umask 0; # TMOUT=1\n", "0755", "unlimited"),
    ] {
        assert_eq!(login(text, &["new-file-mode", "idle-timeout"]), format!("new-file-mode={mode} idle-timeout={timeout}"), "{text}");
    }
}

#[test]
fn files_that_read_each_other_come_to_an_end() {
    let files = [("etc/profile", "umask 027\n. /etc/bash.bashrc\n"), ("etc/bash.bashrc", ". /etc/profile\nTMOUT=60\n")];
    assert_eq!(shells(&files, &["scope", "idle-timeout"]), ["scope=interactive idle-timeout=1m", "scope=login idle-timeout=1m"]);
    let deep = "if true; then ".repeat(10_000);
    assert_eq!(login(&format!("umask 027\n{deep}"), &["new-file-mode"]), "new-file-mode=?not-understood");
}

#[test]
fn roots_search_path_has_no_relative_directory() {
    let unsafe_path = |profile: &str| login(profile, &["path-unsafe@"]);
    assert_eq!(unsafe_path("PATH=/bin:/sbin\n"), "path-unsafe=false@etc/profile:1");
    assert_eq!(unsafe_path("PATH=$PATH:.\nexport PATH=$PATH:/opt/bin\n"), "path-unsafe=true@etc/profile:1");
    assert_eq!(unsafe_path("PATH=.\nPATH=/bin\n"), "path-unsafe=false@etc/profile:2");
    assert_eq!(unsafe_path("export PATH=\"/bin::/sbin\"\n"), "path-unsafe=true@etc/profile:1");
    assert_eq!(unsafe_path("[ -d bin ] && PATH=bin:$PATH\n"), "path-unsafe=?depends-on-conditions(false|true)@default");
}

/// Scripts of one file whose outcome does not depend on the machine.
const SCRIPTS: &[&str] = &[
    "umask 027\n",
    "umask 077; umask 0022 # back\n",
    "umask u=rwx,g=rx,o=\n",
    "TMOUT=600\n",
    "TMOUT=600; readonly TMOUT; export TMOUT\n",
    "readonly TMOUT=600\nTMOUT=0\n",
    "export TMOUT='300'\nunset TMOUT\n",
    "declare -xr TMOUT=\"900\"\nunset TMOUT\n",
    "typeset -r TMOUT=60\n",
    "if [ -n \"$BASH_VERSION\" ]; then\n  umask 026\nelse\n  umask 000\nfi\n",
    "false || umask 023\ntrue && TMOUT=7\nfalse && TMOUT=8\n",
    "! false && umask 033\n",
    "(umask 0; TMOUT=1)\necho x | umask 0\n",
    "f() { echo; }\nf >/dev/null\numask 024\n",
    "cat <<EOF >/dev/null\numask 0\nTMOUT=5\nEOF\numask 025\n",
    "{ umask 021; TMOUT=9; }\n",
    "umask \\\n 045\n",
    "TMOUT=5 true\numask -S >/dev/null\n",
    "umask 027\nreturn\numask 0\n",
    "case $- in *z*) ;; *) umask 012;; esac\numask 013\n",
    "command umask 014\nbuiltin umask 015\n",
    "shopt -q login_shell && umask 016\nshopt -q login_shell || umask 017\n",
];

/// What bash makes of a script: mask, TMOUT and whether it is read-only, as the columns show them.
fn truth(script: &str) -> String {
    let path = std::env::temp_dir().join(format!("jixian-test-{}.sh", std::process::id()));
    std::fs::write(&path, script).expect("the temporary directory can be written");
    let ask = "umask 022; PS1=x; . \"$0\" 2>/dev/null; umask; echo \"${TMOUT:-0}\"; readonly -p | grep -c TMOUT=";
    let output = Command::new("bash")
        .args(["--login", "--noprofile", "-c", ask])
        .arg(&path)
        .env_remove("TMOUT")
        .output()
        .expect("bash is installed");
    std::fs::remove_file(&path).expect("the file is ours");
    let text = String::from_utf8(output.stdout).expect("bash prints ASCII");
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    let mask = u32::from_str_radix(lines.next().expect("the mask"), 8).expect("an octal mask");
    let seconds: u64 = lines.next().expect("TMOUT").parse().expect("a number");
    let readonly = lines.next() == Some("1");
    let mode = format!("new-file-mode={:04o}", 0o777 & !mask);
    match seconds {
        0 => format!("{mode} idle-timeout=unlimited idle-timeout-readonly=-"),
        _ => format!("{mode} idle-timeout={} idle-timeout-readonly={readonly}", jixian::facts::Value::Duration(seconds)),
    }
}

#[test]
fn single_files_do_what_bash_does() {
    for script in SCRIPTS {
        assert_eq!(login(script, &COLUMNS[1..]), truth(script), "{script}");
    }
}
