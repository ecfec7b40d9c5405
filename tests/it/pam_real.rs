//! Random stacks into the answer of the real libpam, which ours must equal.
//!
//! Every line calls pam_debug, which answers what its argument says, so that a stack has one run and `pam_authenticate` tells whether
//! it succeeds. Needs a C compiler and libpam with its modules, which `tests/run` installs; headers are not needed.

use crate::dice::Dice;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use bumpalo::Bump;
use jixian::facts::Host;
use jixian::facts::pam::{Factors, Prompts, admission};
use jixian::names::LINUX;
use jixian::source::Sources;

use crate::support::asset;

/// Reads directories from its input, authenticates against the service `svc` in each, and writes the return codes.
const CLIENT: &str = r#"
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
struct pam_message; struct pam_response;
struct pam_conv { int (*conv)(int, const struct pam_message **, struct pam_response **, void *); void *data; };
int pam_start_confdir(const char *, const char *, const struct pam_conv *, const char *, void **);
int pam_authenticate(void *, int);
int pam_end(void *, int);
static int refuse(int n, const struct pam_message **m, struct pam_response **r, void *d) { return 19; }
static int answer(const char *directory) {
    struct pam_conv conversation = { refuse, 0 };
    void *handle = 0;
    if (pam_start_confdir("svc", "root", &conversation, directory, &handle)) return 127;
    int code = pam_authenticate(handle, 0);
    pam_end(handle, code);
    return code;
}
int main(void) {
    char directory[512];
    while (fgets(directory, sizeof directory, stdin)) {
        int status = 0;
        directory[strcspn(directory, "\n")] = 0;
        pid_t child = fork();
        if (child == 0) { ualarm(200000, 0); _exit(answer(directory)); }
        waitpid(child, &status, 0);
        if (WIFEXITED(status)) printf("%d\n", WEXITSTATUS(status)); else puts("crash");
    }
    return 0;
}
"#;

const CODES: &[&str] =
    &["success", "success", "success", "auth_err", "user_unknown", "ignore", "new_authtok_reqd", "authinfo_unavail", "perm_denied"];
const CONTROLS: &[&str] =
    &["required", "requisite", "sufficient", "optional", "Required", "SUFFICIENT", "sufficient", "required", "optional", "nonsense", "[]"];
const ACTIONS: &[&str] = &["ok", "done", "bad", "die", "ok", "done", "ignore", "ignore", "reset", "1", "2", "3"];
const BLANKS: &[&str] = &[" ", "\t", "  ", " \\\n ", "\\\n"];

/// One line of a stack, odd ones among them.
fn line(dice: &mut Dice, files: usize) -> String {
    // Mostly files that do not include back, now and then any, sometimes one that is not there.
    let target = match (files, dice.below(1_000)) {
        (0, _) => 4,
        (_, 0) => dice.below(5),
        _ => dice.below(files),
    };
    let kind = match dice.below(150) {
        0 => "autth",
        1 => "-auth",
        2 => "AUTH",
        3 => "account",
        4 => "-",
        _ => "auth",
    };
    let (one, two) = (dice.one(BLANKS), dice.one(BLANKS));
    match dice.below(14) {
        0 => return format!("{kind}{one}include{two}@/f{target}\n"),
        1 | 2 => return format!("{kind}{one}substack{two}@/f{target}\n"),
        3 if dice.below(3) == 0 => return format!("@include{one}@/f{target}\n"),
        4 if dice.below(10) == 0 => return format!("{kind}{one}{}\n", dice.one(&["", "required", "# required", "required pam_absent.so"])),
        _ => {}
    }
    let control = if dice.below(3) == 0 { dice.one(CONTROLS).to_owned() } else { pairs(dice) };
    let end = if dice.below(150) == 0 { "\\\n" } else { dice.one(&["", "", "", " # comment", " # comment \\", " [auth=success", "#"]) };
    format!("{kind}{one}{control}{two}pam_debug.so{one}auth={}{end}\n", dice.one(CODES))
}

/// A bracketed control field.
fn pairs(dice: &mut Dice) -> String {
    let mut text = String::from("[");
    for _ in 0..=dice.below(3) {
        let value = if dice.below(2) == 0 { "success" } else { dice.one(CODES) };
        let odd = dice.below(60) == 0;
        let equals = if odd { " " } else { dice.one(&["=", "=", " = ", "= \\\n"]) };
        let action = if dice.below(60) == 0 { dice.one(&["0", "okay"]) } else { dice.one(ACTIONS) };
        text += &format!("{value}{equals}{action} ");
    }
    if dice.below(3) > 0 {
        text += &format!("default={}", dice.one(ACTIONS));
    }
    text + "]"
}

/// The files of one host; Debian's libpam looks for relative includes in /etc/pam.d alone, so that ours are absolute.
fn files(dice: &mut Dice, place: &str) -> Vec<(String, String)> {
    let includes = 1 + dice.below(3);
    let mut found = Vec::new();
    for number in 0..=includes {
        let name = if number == includes { "svc".to_owned() } else { format!("f{number}") };
        let text: String = (0..dice.below(7)).map(|_| line(dice, number).replace("@/", place)).collect();
        found.push((name, text));
    }
    if dice.below(4) == 0 {
        found.push(("other".to_owned(), line(dice, includes).replace("@/", place)));
    }
    found
}

/// How many stacks are tried.
const HOSTS: usize = 1_500;

/// Whether some run of `svc` succeeds, as we see it; nothing where files include each other without end, or versions of libpam differ.
fn ours(files: &[(String, String)], place: &str) -> Option<bool> {
    let mut held = vec![("usr".to_owned(), "!absent"), (place.to_owned(), "!directory")];
    for (name, text) in files {
        let place = if name.starts_with('f') { place } else { "/etc/pam.d/" };
        held.push((format!("{place}{name}"), text.as_str()));
    }
    let held: Vec<(&str, &str)> = held.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let asset = asset(&held);
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let host = Host::new(&asset, LINUX, &sources);
    let found = admission(&host, "svc", Prompts::Many);
    match found.gap {
        // A module that is not installed here could be on another host.
        None if found.paths.iter().any(|path| path.contains(Factors::PERHAPS)) => None,
        None => Some(!found.paths.is_empty()),
        Some(why) => {
            assert!(["budget-spent", "not-understood"].contains(&why.code), "{why:?} {files:?}");
            None
        }
    }
}

/// The client, compiled.
fn client(directory: &Path) -> std::path::PathBuf {
    let (source, binary) = (directory.join("client.c"), directory.join("client"));
    std::fs::write(&source, CLIENT).expect("a file can be written");
    let status = Command::new("cc").arg("-o").arg(&binary).arg(&source).arg("-l:libpam.so.0").status().expect("a C compiler is installed");
    assert!(status.success(), "libpam is installed");
    binary
}

#[test]
fn random_stacks_end_as_in_libpam() {
    let directory = std::env::temp_dir().join(format!("jixian-pam-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let places: Vec<String> = (0..HOSTS).map(|number| format!("{}/{number}/", directory.display())).collect();
    let hosts: Vec<Vec<(String, String)>> = places.iter().map(|place| files(&mut dice, place)).collect();
    for (place, files) in places.iter().zip(&hosts) {
        std::fs::create_dir_all(place).unwrap();
        for (name, text) in files {
            std::fs::write(Path::new(place).join(name), text).unwrap();
        }
    }
    let list = places.join("\n") + "\n";
    let mut child = Command::new(client(&directory)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(list.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let real = String::from_utf8(output.stdout).unwrap();
    // Files that include each other make libpam itself run long, and a few make it crash.
    let real: Vec<Option<bool>> = real.lines().map(|code| (code != "crash").then_some(code == "0")).collect();
    assert_eq!(real.len(), hosts.len());
    let ours: Vec<Option<bool>> = hosts.iter().zip(&places).map(|(files, place)| ours(files, place)).collect();
    let wrong: Vec<usize> = (0..hosts.len()).filter(|at| ours[*at].is_some() && real[*at].is_some() && ours[*at] != real[*at]).collect();
    let mut wrong = wrong;
    wrong.sort_by_key(|at| text(&hosts[*at]).len());
    let shown: Vec<String> = wrong.iter().take(3).map(|at| format!("libpam: {:?}\n{}", real[*at], text(&hosts[*at]))).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), hosts.len(), shown.join("\n"));
    // A test in which nearly nothing succeeds, or nearly everything, would show little.
    let successes = real.iter().filter(|success| **success == Some(true)).count();
    let answered = ours.iter().zip(&real).filter(|(ours, real)| ours.is_some() && real.is_some()).count();
    assert!(answered * 10 > HOSTS * 9, "{answered} of {HOSTS} answered");
    assert!((HOSTS / 20..HOSTS / 2).contains(&successes), "{successes} of {} succeed", real.len());
    std::fs::remove_dir_all(&directory).unwrap();
}

/// The files of a host for a reader.
fn text(files: &[(String, String)]) -> String {
    files.iter().map(|(name, text)| format!("-- {name} --\n{text}")).collect()
}
