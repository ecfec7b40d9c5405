//! Commands of sudoers(5) into what they let somebody do: start a shell, be given other arguments, be one that another names.
//!
//! The lists name programs for which GTFOBins documents a way to a shell under sudo.

use crate::parse::sudoers::unescaped;
use crate::reckon::glob;

/// Shells, and programs that start one by themselves: NOEXEC does not keep a shell from being a shell.
const SHELLS: &[&str] = &[
    "ash", "bash", "busybox", "chroot", "csh", "dash", "fish", "ksh", "login", "mksh", "nsenter", "pdksh", "pkexec", "rbash", "runuser",
    "screen", "script", "sh", "su", "sudo", "tcsh", "tmux", "unshare", "zsh",
];

/// Programs that take commands from whoever sits before them, whatever their arguments: editors, pagers, clients, debuggers.
const INTERACTIVE: &[&str] = &[
    "crontab",
    "ed",
    "elinks",
    "emacs",
    "ex",
    "ftp",
    "gdb",
    "ipython",
    "irb",
    "jdb",
    "jmc",
    "joe",
    "journalctl",
    "less",
    "lftp",
    "lynx",
    "man",
    "mcedit",
    "more",
    "most",
    "mutt",
    "mysql",
    "nano",
    "nvim",
    "pg",
    "pico",
    "psql",
    "rview",
    "rvim",
    "sftp",
    "sqlite",
    "sqlplus",
    "telnet",
    "vi",
    "view",
    "vigr",
    "vim",
    "vim.basic",
    "vim.tiny",
    "vimdiff",
    "vipw",
    "visudo",
    "w3m",
];

/// Programs that run others if their arguments say so.
const BY_ARGUMENT: &[&str] = &[
    "ansible",
    "ansible-playbook",
    "apt",
    "apt-get",
    "aptitude",
    "at",
    "awk",
    "bundle",
    "composer",
    "cpan",
    "dnf",
    "docker",
    "dpkg",
    "env",
    "expect",
    "find",
    "flock",
    "gawk",
    "gcc",
    "gem",
    "git",
    "go",
    "ionice",
    "kubectl",
    "ld.so",
    "lua",
    "ltrace",
    "make",
    "mawk",
    "nawk",
    "nerdctl",
    "nice",
    "nmap",
    "node",
    "nohup",
    "npm",
    "openvpn",
    "perl",
    "php",
    "pip",
    "podman",
    "puppet",
    "python",
    "rake",
    "rpm",
    "rpmquery",
    "rsync",
    "ruby",
    "run-parts",
    "scp",
    "sed",
    "setarch",
    "snap",
    "ssh",
    "start-stop-daemon",
    "stdbuf",
    "strace",
    "systemctl",
    "systemd-run",
    "tar",
    "taskset",
    "tclsh",
    "tcpdump",
    "time",
    "timeout",
    "unzip",
    "valgrind",
    "watch",
    "wish",
    "xargs",
    "yum",
    "zip",
];

/// Directories in which programs of these names are.
const DIRECTORIES: &[&str] = &["/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin", "/usr/sbin"];

/// Kinds of digest that may stand before a command.
const DIGESTS: &[&str] = &["sha224:", "sha256:", "sha384:", "sha512:"];

/// A command without its digests, in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The path, `ALL`, `sudoedit` or `list`.
    pub(super) path: String,
    /// Its arguments; none: any are allowed.
    arguments: Option<String>,
}

/// Takes a command apart.
pub(super) fn parts(text: &str) -> Parts {
    let mut rest = text;
    while DIGESTS.iter().any(|digest| rest.starts_with(digest)) {
        let end = rest.find([' ', '\t', ',']).unwrap_or(rest.len());
        rest = rest[end..].trim_start_matches([' ', '\t', ',', '\\', '\r', '\n']);
    }
    let plain = unescaped_words(rest);
    let (path, arguments) = match plain.split_once(' ') {
        Some((path, arguments)) => (path.replace('\0', " "), Some(arguments.replace('\0', " "))),
        None => (plain.replace('\0', " "), None),
    };
    Parts { path, arguments }
}

/// A command with single spaces between its words; a space within a word becomes a NUL for the time being.
fn unescaped_words(text: &str) -> String {
    let kept = text.replace("\\ ", "\0");
    let plain = unescaped(&kept);
    plain.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a command is everything: `ALL` without a digest.
pub(super) fn is_all(text: &str) -> bool {
    text == "ALL"
}

/// Whether a wildcard stands in a command or its arguments.
pub(super) fn has_wildcard(parts: &Parts) -> bool {
    is_wild(&parts.path) || parts.arguments.as_deref().is_some_and(is_wild)
}

/// Whether a wildcard that is not escaped stands in a text; in a regular expression, whether anything may follow.
fn is_wild(text: &str) -> bool {
    if text.starts_with('^') {
        return text.contains(".*") || text.contains(".+");
    }
    let mut escaped = false;
    text.chars().any(|character| {
        let special = !escaped && ['*', '?', '['].contains(&character);
        escaped = character == '\\' && !escaped;
        special
    })
}

/// Whether a command can start a shell; nothing where the programs that a pattern or directory covers cannot be told.
pub(super) fn starts_shell(parts: &Parts, noexec: bool) -> Option<bool> {
    let path = parts.path.as_str();
    if path == "sudoedit" || path == "list" {
        return Some(false);
    }
    if path.starts_with('^') {
        return None;
    }
    let free = parts.arguments.as_deref().is_none_or(is_wild);
    if path.ends_with('/') || is_wild(path) {
        let lists: &[&[&str]] = match (noexec, free) {
            (true, _) => &[SHELLS],
            (false, true) => &[SHELLS, INTERACTIVE, BY_ARGUMENT],
            (false, false) => &[SHELLS, INTERACTIVE],
        };
        let covered = lists.iter().copied().flatten().any(|name| DIRECTORIES.iter().any(|bin| covers_program(path, bin, name)));
        return covered.then_some(true);
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = if lists(name) { name } else { name.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.' || end == '-') };
    let shows_pages = name == "systemctl" && parts.arguments.as_deref().is_some_and(|arguments| arguments.starts_with("status"));
    let by_itself = SHELLS.contains(&name);
    let by_others = INTERACTIVE.contains(&name) || shows_pages || (free && BY_ARGUMENT.contains(&name));
    Some(by_itself || (by_others && !noexec))
}

/// Whether a name is in a list as it is.
fn lists(name: &str) -> bool {
    [SHELLS, INTERACTIVE, BY_ARGUMENT].iter().any(|list| list.contains(&name))
}

/// Whether a directory or a pattern covers a program.
fn covers_program(path: &str, directory: &str, name: &str) -> bool {
    path.strip_suffix('/').map_or_else(|| covers_path(path, &format!("{directory}/{name}")), |path| path == directory)
}

/// Whether a pattern for a path covers a path: a wildcard matches no slash (sudoers(5), "Wildcards").
fn covers_path(pattern: &str, path: &str) -> bool {
    let (pattern_names, names) = (pattern.split('/'), path.split('/'));
    pattern.matches('/').count() == path.matches('/').count()
        && pattern_names.zip(names).all(|(pattern, name)| glob::matches(pattern, name))
}

/// How one command of a list stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// It covers all of it.
    Whole,
    /// It covers some of it.
    Part,
    /// It covers none of it.
    None,
    /// That cannot be told.
    Maybe,
}

/// How much of `what` the command `by` covers.
pub(super) fn cover(by: &str, what: &str) -> Cover {
    if is_all(by) || by == what {
        return Cover::Whole;
    }
    let (by, what) = (parts(by), parts(what));
    if what.path == "ALL" {
        return Cover::Part;
    }
    let same_path = by.path == what.path;
    let inside = |directory: &str, path: &str| path.strip_prefix(directory).is_some_and(|name| !name.is_empty() && !name.contains('/'));
    let path = if same_path || (by.path.ends_with('/') && inside(&by.path, &what.path)) {
        Cover::Whole
    } else if what.path.ends_with('/') && inside(&what.path, &by.path) {
        Cover::Part
    } else if [&by.path, &what.path].iter().any(|path| path.starts_with('^')) {
        Cover::Maybe
    } else if glob::is_pattern(&by.path) && !glob::is_pattern(&what.path) {
        if covers_path(&by.path, &what.path) { Cover::Whole } else { Cover::None }
    } else if glob::is_pattern(&what.path) && !glob::is_pattern(&by.path) {
        if covers_path(&what.path, &by.path) { Cover::Part } else { Cover::None }
    } else if glob::is_pattern(&what.path) {
        Cover::Maybe
    } else {
        Cover::None
    };
    match path {
        Cover::Whole if by.arguments.is_some() && by.arguments != what.arguments => Cover::Part,
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GTFOBins lists each of the first with the function "Sudo".
    #[test]
    fn programs_that_lead_to_a_shell() {
        let starts = |text: &str| starts_shell(&parts(text), false);
        for text in [
            "/bin/bash",
            "/usr/bin/vi /etc/hosts",
            "/usr/bin/less /var/log/messages",
            "/usr/bin/find",
            "/usr/bin/find *",
            "/usr/bin/python3.11",
            "/bin/tar",
            "/usr/bin/systemctl",
            "/usr/bin/systemctl status nginx",
            "/bin/*",
            "/usr/bin/",
            "/usr/bin/ba*",
            "/usr/bin/vi*",
            "/bin/su - oracle",
            "sha256:a/b= /bin/sh",
            "/opt/x/vim",
            "/usr/bin/vim.basic",
        ] {
            assert_eq!(starts(text), Some(true), "{text}");
        }
        for text in [
            "/usr/bin/systemctl restart nginx",
            "/bin/tar \"\"",
            "/usr/bin/find /tmp -name x",
            "/usr/bin/python3 /opt/report.py",
            "/bin/ls",
            "sudoedit /etc/hosts",
            "/usr/sbin/reboot",
            "/usr/bin/find \\*",
        ] {
            assert_eq!(starts(text), Some(false), "{text}");
        }
        for text in ["/opt/tools/", "/opt/tools/*", "^/usr/bin/x$"] {
            assert_eq!(starts(text), None, "{text}");
        }
        assert_eq!(starts_shell(&parts("/usr/bin/vi"), true), Some(false));
        assert_eq!(starts_shell(&parts("/bin/bash"), true), Some(true));
    }

    #[test]
    fn wildcards_are_those_that_are_not_escaped() {
        let wild = |text: &str| has_wildcard(&parts(text));
        assert!(wild("/bin/*") && wild("/bin/x [a-z]") && wild("/bin/x a?") && wild("/bin/x ^-a .*$"));
        assert!(!wild("/bin/x \\*") && !wild("/bin/x \"\"") && !wild("/bin/x") && !wild("/bin/x ^[a-z]+$"));
    }

    #[test]
    fn commands_cover_each_other() {
        assert_eq!(cover("ALL", "/bin/ls"), Cover::Whole);
        assert_eq!(cover("/bin/su", "ALL"), Cover::Part);
        assert_eq!(cover("/bin/", "/bin/su"), Cover::Whole);
        assert_eq!(cover("/bin/su", "/bin/"), Cover::Part);
        assert_eq!(cover("/bin/su", "/bin/s*"), Cover::Part);
        assert_eq!(cover("/bin/s*", "/bin/su -"), Cover::Whole);
        assert_eq!(cover("/usr/bin/passwd root", "/usr/bin/passwd"), Cover::Part);
        assert_eq!(cover("/usr/bin/passwd", "/usr/bin/passwd root"), Cover::Whole);
        assert_eq!(cover("/bin/su", "/bin/ls"), Cover::None);
        assert_eq!(cover("/bin/", "/bin/x/y"), Cover::None);
    }
}
