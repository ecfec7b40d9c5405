//! One program, five shells, and every way to cut it short.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use jixian::collect::frame;
use jixian::collect::gather::{Artefacts, gather};
use jixian::collect::script::Script;
use jixian::names::LINUX;
use jixian::snapshot::reading::{Item, Plan};

const NONCE: &str = "00112233445566778899aabbccddeeff";

/// The shells of Debian, BusyBox, Android and the old Unixes.
const SHELLS: [&[&str]; 5] = [&["dash"], &["bash", "--posix"], &["busybox", "sh"], &["mksh"], &["ksh93"]];

/// Feeds a program to a shell with an empty environment.
fn fed(shell: &[&str], program: &[u8]) -> Output {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg("-s").env_clear().env("PATH", "/usr/bin:/bin");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("tests/run installs every shell");
    let mut stdin = child.stdin.take().expect("it has an input");
    // A shell that stops early closes its input.
    let _ = stdin.write_all(program);
    drop(stdin);
    child.wait_with_output().expect("the shell ends")
}

/// A tree with everything that a host has: files, links, a link to nothing, a socket's like, odd names, nothing where a glob looks.
fn tree(root: &Path) -> Plan {
    let write = |path: &str, content: &str| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(path, content).expect("a file can be written");
    };
    write("etc/app.conf", "no line end");
    write("etc/binary", "\0\n--00112233445566778899aabbccddeeff\n\n");
    write("etc/app.d/10-a.conf", "a\n");
    write("etc/app.d/20 b.conf", "b\n");
    write("etc/app.d/.hidden.conf", "hidden\n");
    write("etc/app.d/README", "not asked for\n");
    write("etc/app.d/line\nend.conf", "odd\n");
    write("usr/lib/real.conf", "behind a link\n");
    write("home/ann/.ssh/authorized_keys", "ssh-ed25519 AAAA ann\n");
    write("home/bob/.profile", "");
    let link = |target: &str, path: &str| std::os::unix::fs::symlink(target, root.join(path)).expect("a link can be made");
    link("usr/lib", "lib");
    link("../../usr/lib/real.conf", "etc/app.d/30-link.conf");
    link("/nowhere/at all", "etc/dangling");
    link("loop", "etc/loop");
    rustix_fifo(&root.join("etc/pipe"));
    let root = root.to_str().expect("a plain path").trim_start_matches('/').to_owned();
    let file = |path: &str| Item::File(format!("{root}/{path}"));
    let command = |name: &str, line: &str| Item::Command { name: name.to_owned(), line: line.to_owned() };
    let items = [
        file("etc/app.conf"),
        file("etc/binary"),
        file("etc/app.d/*.conf"),
        file("etc/absent.d/*.conf"),
        file("etc/absent.conf"),
        file("etc/app.conf/below-a-file"),
        file("etc/dangling"),
        file("etc/loop"),
        file("etc/pipe"),
        file("lib/real.conf"),
        file("home/*/.ssh/authorized_keys*"),
        Item::Look(format!("{root}/etc/app.d")),
        Item::Look(format!("{root}/home/*")),
        command("quoted", "printf '%s' \"it's $((1+1))\""),
        command("failing", "echo half; exit 3"),
        command("missing", "no-such-program"),
        command("reads-input", "cat"),
    ];
    Plan::new(LINUX, items)
}

/// Makes a pipe: reading it would wait for ever.
fn rustix_fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo runs");
    assert!(made.success());
}

fn gathered(output: &Output) -> Artefacts {
    let stream = frame::parse(&output.stdout, Some(NONCE)).unwrap_or_else(|why| panic!("{}: {output:?}", why.en));
    gather(&stream).artefacts
}

/// The artefacts in short, below the root of the tree.
fn shown(artefacts: &Artefacts, root: &Path) -> Vec<String> {
    let root = root.to_str().expect("a plain path").trim_start_matches('/');
    let short = artefacts.values().filter_map(|(line, bytes)| {
        let path = line.path.strip_prefix(root).or_else(|| line.path.starts_with("commands/").then_some(&line.path))?;
        let word = |value: serde_json::Value| value.as_str().map(str::to_owned).expect("a word");
        let kind = word(serde_json::to_value(line.kind).expect("a word"));
        let status = word(serde_json::to_value(line.status).expect("a word"));
        let target = line.target.as_deref().map_or(String::new(), |target| format!(" -> {target}"));
        let kept = bytes.as_ref().map_or(String::new(), |bytes| format!(" {:?}", String::from_utf8_lossy(bytes)));
        let exit = line.exit.map_or(String::new(), |exit| format!(" exit {exit}"));
        Some(format!("{path} {kind} {status}{target}{exit}{kept}"))
    });
    short.collect()
}

#[test]
fn every_shell_gives_the_same_records() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("it is there");
    let script = Script::new(&tree(&root)).expect("a program");
    let mut first: Option<(Artefacts, Vec<String>)> = None;
    for shell in SHELLS {
        let output = fed(shell, script.fed(NONCE).as_bytes());
        let artefacts = gathered(&output);
        let lines = shown(&artefacts, &root);
        match &first {
            None => {
                let wanted = [
                    "/etc/app.conf file ok \"no line end\"",
                    "/etc/binary file ok \"\\0\\n--00112233445566778899aabbccddeeff\\n\\n\"",
                    "/etc/app.d/10-a.conf file ok \"a\\n\"",
                    "/etc/app.d/20 b.conf file ok \"b\\n\"",
                    "/etc/app.d/README file listed",
                    "/etc/app.d/.hidden.conf file listed",
                    "/etc/app.d/30-link.conf link ok -> ../../usr/lib/real.conf",
                    // A name with a line end cannot be told apart from two.
                    "/etc/app.d directory truncated",
                    "/etc/absent.d file absent",
                    "/etc/absent.conf file absent",
                    "/etc/app.conf/below-a-file file absent",
                    "/etc/dangling link ok -> /nowhere/at all",
                    "/etc/loop link ok -> loop",
                    "/etc/pipe other ok",
                    "/lib link ok -> usr/lib",
                    "/usr/lib/real.conf file ok \"behind a link\\n\"",
                    "/home directory ok",
                    "/home/ann/.ssh directory ok",
                    "/home/ann/.ssh/authorized_keys file ok \"ssh-ed25519 AAAA ann\\n\"",
                    "/home/bob/.ssh file absent",
                    "commands/quoted command ok exit 0 \"it's 2\"",
                    "commands/failing command truncated exit 3 \"half\\n\"",
                    "commands/missing command no-program exit 127",
                    "commands/reads-input command ok exit 0 \"\"",
                ];
                for line in wanted {
                    assert!(lines.iter().any(|shown| shown == line), "{line} is in {lines:#?}");
                }
                assert!(artefacts.contains_key("nowhere/at all"), "where the link leads was looked for");
            }
            Some((known, shown)) => {
                assert_eq!(&lines, shown, "{shell:?}");
                assert_eq!(&artefacts, known, "{shell:?}: owners, modes and sizes too");
            }
        }
        first = first.or(Some((artefacts, lines)));
    }
}

#[test]
fn a_copy_that_was_cut_short_does_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("it is there");
    let script = Script::new(&tree(&root)).expect("a program").fed(NONCE);
    let call = script.trim_end().rfind('\n').expect("more than one line") + 1;
    let whole = |cut: usize| {
        // Without what follows `end` the program is whole.
        cut >= script.find(" end </dev/null").expect("the last line") + " end".len()
    };
    for shell in SHELLS {
        // Every byte of the last lines, and every 97th of what stands before.
        for cut in (0..call).step_by(97).chain(call - 40..script.len()) {
            let output = fed(shell, &script.as_bytes()[..cut]);
            let ran = !output.stdout.is_empty();
            if !whole(cut) {
                assert!(!ran, "{shell:?} cut at {cut}: {}", String::from_utf8_lossy(&output.stdout));
            } else if ran {
                assert!(!gathered(&output).is_empty(), "{shell:?} cut at {cut}: whole or nothing");
            }
        }
    }
}

#[test]
fn every_byte_of_a_cut_does_nothing_in_one_shell() {
    let script = Script::new(&Plan::new(LINUX, [Item::File("etc/hostname".to_owned())])).expect("a program").fed(NONCE);
    let call = script.trim_end().rfind('\n').expect("more than one line") + 1;
    let end = script.find(" end </dev/null").expect("the last line") + " end".len();
    for cut in 0..call + (end - call) {
        let output = fed(&["dash"], &script.as_bytes()[..cut]);
        assert!(output.stdout.is_empty(), "cut at {cut}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn nothing_is_opened_for_writing() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().canonicalize().expect("it is there");
    let (script, trace) = (root.join("collector.sh"), root.join("trace"));
    std::fs::write(&script, Script::new(&tree(&root)).expect("a program").file()).expect("it can be written");
    for shell in SHELLS {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=%file,ftruncate,memfd_create,socket", "-o"]).arg(&trace).args(shell).arg(&script);
        let output = command.stdin(Stdio::null()).output().expect("tests/run installs strace");
        assert!(output.status.success() && output.stdout.len() > 1000, "{shell:?}: {output:?}");
        let traced = std::fs::read_to_string(&trace).expect("a trace");
        assert!(traced.contains("O_RDONLY"), "{shell:?}: calls were traced");
        for line in traced.lines() {
            let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"].iter().any(|flag| line.contains(flag));
            let changes = [
                "unlink",
                "rename",
                "mkdir",
                "rmdir",
                "chmod",
                "chown",
                "link(",
                "linkat(",
                "symlink",
                "mknod",
                "truncate(",
                "utime",
                "setxattr",
                "memfd_create",
                "socket(AF_INET",
            ];
            let changes = changes.iter().any(|call| {
                line.split_whitespace().nth(1).is_some_and(|word| word.starts_with(call) || word.starts_with(&format!("f{call}")))
            });
            assert!((!writes || line.contains("\"/dev/null\"") || line.contains("\"/dev/tty\"")) && !changes, "{shell:?}: {line}");
        }
    }
}

#[test]
fn the_file_takes_the_nonce_of_a_client_and_else_its_own() {
    let script = Script::new(&Plan::new(LINUX, [Item::File("etc/hostname".to_owned())])).expect("a program");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("collector.sh");
    std::fs::write(&path, script.file()).expect("it can be written");
    let run = |input: &str| {
        let mut child = Command::new("sh").arg(&path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("there is a shell");
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        child.wait_with_output().expect("it ends").stdout
    };
    // What a client sends for `sh -s` is only a nonce for an installed copy: none of it is run.
    let output = run(&format!("{}\necho intruder\n", script.fed(NONCE)));
    assert_eq!(frame::parse(&output, Some(NONCE)).expect("a stream").about("platform"), Some("linux"));
    assert!(!String::from_utf8_lossy(&output).contains("intruder"));
    let (one, other) = (run(""), run("# jixian 0011\n"));
    let nonce = |bytes: &[u8]| frame::parse(bytes, None).expect("a stream").nonce.to_owned();
    assert_ne!(nonce(&one), nonce(&other));
}

#[test]
fn a_command_that_hangs_costs_its_time_and_no_more() {
    // The watchdog of shells without timeout(1) is tried with one that is hidden.
    let plan = Plan::new(LINUX, [Item::Command { name: "slow".to_owned(), line: "exec sleep 100".to_owned() }]);
    let program = Script::new(&plan).expect("a program").fed(NONCE).replace("jx_seconds=30", "jx_seconds=1");
    for hidden in [false, true] {
        let program =
            if hidden { program.replace("timeout -k 1 5 true", "false").replace("timeout 5 true", "false") } else { program.clone() };
        for shell in SHELLS {
            let artefacts = gathered(&fed(shell, program.as_bytes()));
            let (line, bytes) = &artefacts["commands/slow"];
            assert_eq!((line.status, bytes.is_none()), (jixian::snapshot::manifest::Status::Timeout, true), "{shell:?}");
        }
    }
}
