//! Laws that hold for every rule and every case, whatever they are about.

use std::path::{Path, PathBuf};

use bumpalo::Bump;
use jixian::facts::{self, Evidence, Host, Needed};
use jixian::policy::case::{self, Case};
use jixian::policy::{self, Library, builtin};
use jixian::scan::case as scan_case;
use jixian::schema::TABLES;
use jixian::source::Sources;

use crate::support::{scan_paths, shown};

/// How often the costly laws are tried on each case: once, or as often as `JIXIAN_ROUNDS` says.
fn rounds() -> usize {
    std::env::var("JIXIAN_ROUNDS").ok().and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// Where the cases are.
fn cases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")
}

/// Every case: its path, the number of its rule, and the case.
pub(crate) fn cases(library: &Library) -> Vec<(PathBuf, usize, Case)> {
    let entries = walkdir::WalkDir::new(cases_folder()).sort_by_file_name();
    let files = entries.into_iter().map(|entry| entry.expect("a readable folder").into_path());
    let cases = files.filter(|path| path.extension().is_some_and(|extension| extension == "txtar"));
    cases
        .map(|path| {
            let rule = path.parent().and_then(Path::file_name).expect("a folder").to_string_lossy().into_owned();
            let number = library.rules.iter().position(|known| known.id == rule).expect("a case of a rule");
            let text = std::fs::read_to_string(&path).expect("a case is text");
            (path, number, case::read(&text))
        })
        .collect()
}

pub(crate) fn library() -> Library {
    policy::load(&builtin::inputs()).0
}

/// The verdict of a rule on a case.
pub(crate) fn verdict(library: &Library, rule: usize, case: &Case) -> String {
    let lines = scan_case::judge_case(library, rule, case).expect("the case is well-formed");
    lines.split_whitespace().next().unwrap_or_default().to_owned()
}

/// The files that the verdict of a rule on a case shows.
fn evidence_paths(library: &Library, rule: usize, case: &Case) -> Vec<String> {
    scan_case::evidence_paths(library, rule, case).expect("the case is well-formed")
}

/// Whether the absence of a path is proven: by the case's manifest, or because a case shows whole directories and another file
/// of the same one stays.
fn absence_proven(case: &Case, path: &str) -> bool {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    if case.files.iter().any(|(other, _)| other != path && folder(other) == folder(path)) && path.matches('/').count() > 1 {
        return true;
    }
    let proves = |(status, above): &(String, String)| {
        matches!(status.as_str(), "absent" | "directory") && (path == above || path.starts_with(&format!("{above}/")))
    };
    case.manifest.iter().any(proves)
}

#[test]
fn every_case_gives_what_it_expects() {
    let library = library();
    let mut wrong = Vec::new();
    for (path, rule, case) in cases(&library) {
        let actual = scan_case::judge_case(&library, rule, &case).expect("the case is well-formed");
        if actual != case.expect {
            wrong.push(format!("{}\nexpected: {}actual: {actual}", path.display(), case.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_evidence_nothing_passes() {
    let library = library();
    let mut wrong = Vec::new();
    for (path, rule, case) in cases(&library) {
        if !case.expect.starts_with("pass") {
            continue;
        }
        for removed in 0..case.files.len() {
            // The version of the distribution may not matter: all defaults in question then comply.
            let removed_path = &case.files[removed].0;
            let rests_on = evidence_paths(&library, rule, &case).contains(removed_path);
            if !rests_on || removed_path == "etc/os-release" || absence_proven(&case, removed_path) {
                continue;
            }
            let mut less = case.clone();
            let (file, _) = less.files.remove(removed);
            // What is left may decide as well, and then it is what the verdict shows.
            let decided_otherwise = !evidence_paths(&library, rule, &less).is_empty();
            if verdict(&library, rule, &less) == "pass" && !decided_otherwise {
                wrong.push(format!("{} passes without {file}", path.display()));
            }
        }
        let empty = Case { files: Vec::new(), manifest: Vec::new(), ..case.clone() };
        if verdict(&library, rule, &empty) == "pass" {
            wrong.push(format!("{} passes on nothing", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Cuts one file of a case in half, which its manifest says.
pub(crate) fn cut_in_half(case: &mut Case, number: usize) {
    let (file, text) = &mut case.files[number];
    *text = text.lines().take(text.lines().count() / 2).map(|line| format!("{line}\n")).collect();
    case.manifest.push(("truncated".to_owned(), file.clone()));
}

#[test]
fn truncation_never_makes_a_pass() {
    let library = library();
    let mut wrong = Vec::new();
    for (path, rule, case) in cases(&library) {
        let before = verdict(&library, rule, &case);
        if before == "pass" {
            continue;
        }
        for cut in 0..case.files.len() {
            // The version of the distribution is a matter of defaults, not of what was configured.
            if case.files[cut].0 == "etc/os-release" {
                continue;
            }
            let mut less = case.clone();
            cut_in_half(&mut less, cut);
            if verdict(&library, rule, &less) == "pass" {
                wrong.push(format!("{} was {before} and passes on half of {}", path.display(), less.files[cut].0));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a file's syntax has comments that begin with `#` and does not mind blank lines.
fn has_comments(path: &str) -> bool {
    let records = [
        "etc/passwd",
        "etc/shadow",
        "etc/group",
        "etc/gshadow",
        "etc/issue",
        "etc/motd",
        "etc/docker/daemon.json",
        "commands/",
        "var/",
        "proc/",
        "boot/",
        "etc/default/grub",
        "running-config",
        "records/files/",
    ];
    !records.iter().any(|start| path.starts_with(start))
        && !path.contains(".socket")
        && !path.ends_with(".service")
        && !path.ends_with(".timer")
        && !path.contains("banner")
}

/// A text with harmless noise.
fn noisy(text: &str, noise: &str) -> String {
    match noise {
        "carriage returns" => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        "trailing blanks" => {
            text.lines().map(|line| if line.ends_with('\\') { format!("{line}\n") } else { format!("{line}  \n") }).collect()
        }
        "blank lines" => format!("\n\n{text}\n\n"),
        _ => format!("# PermitRootLogin yes ALL=(ALL) NOPASSWD: ALL\n{text}\n# the end\n"),
    }
}

#[test]
fn noise_changes_no_verdict() {
    let library = library();
    let mut wrong = Vec::new();
    for (at, (path, rule, case)) in cases(&library).into_iter().enumerate() {
        let before = verdict(&library, rule, &case);
        let noises = ["comments", "blank lines", "carriage returns", "trailing blanks"].into_iter().enumerate();
        for (_, noise) in noises.filter(|(number, _)| rounds() > 1 || *number == at % 4) {
            let mut changed = case.clone();
            for (file, text) in &mut changed.files {
                if has_comments(file) && !text.starts_with("link: ") {
                    *text = noisy(text, noise);
                }
            }
            let after = verdict(&library, rule, &changed);
            if before != after {
                wrong.push(format!("{}: {before} became {after} by {noise}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A small generator of numbers (xorshift), so that every run tries the same mutations.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap_or(0)
    }
}

/// Tokens that mean something to some parser.
const SOUP: &[&str] = &[
    "Match",
    "Include",
    "AuthenticationMethods",
    "\"",
    "'",
    "\\\n",
    "{",
    "}",
    "(",
    ")",
    "[success=9 default=die]",
    "@include",
    "substack",
    "ALL",
    "=",
    "NOPASSWD:",
    "!",
    "*",
    "%",
    ":",
    "::",
    ",",
    ";",
    "if",
    "then",
    "$IncludeConfig",
    "action(",
    "rotate -1",
    "-a always,exit",
    "-w",
    "\0",
    "\u{fffd}",
    "中文",
    "18446744073709551616",
    "-1",
    "/",
    "../..",
    "#",
    "\r",
    "\t",
    "$6$",
    "99999999999999999999d",
    "\u{202e}",
    "include",
    "endscript",
    "postrotate",
];

/// A text with a few random changes.
fn mutated(text: &str, numbers: &mut Numbers) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.next(6) {
        let at = numbers.next(characters.len() + 1);
        match numbers.next(4) {
            0 => characters.drain(at.min(characters.len())..(at + numbers.next(20)).min(characters.len())).for_each(drop),
            1 => characters.splice(at..at, SOUP[numbers.next(SOUP.len())].chars()).for_each(drop),
            2 => characters.truncate(at),
            _ => {
                let from = numbers.next(characters.len() + 1).min(at);
                let copy: Vec<char> = characters[from..at].to_vec();
                characters.splice(at..at, copy).for_each(drop);
            }
        }
    }
    characters.into_iter().collect()
}

#[test]
fn nothing_panics_and_spans_stay_in_bounds() {
    let library = library();
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let needed = Needed::all(0);
    for (at, (path, _, case)) in cases(&library).into_iter().enumerate() {
        // One round: changed text for one case, and a soup of tokens for the next.
        let tried = if rounds() > 1 { 0..2 * rounds() } else { at % 2..at % 2 + 1 };
        for round in tried {
            let mut changed = case.clone();
            for (_, text) in &mut changed.files {
                if round % 2 == 1 {
                    *text = (0..40).map(|_| format!("{}{}", SOUP[numbers.next(SOUP.len())], [" ", "\n", ""][numbers.next(3)])).collect();
                } else if !text.starts_with("link: ") {
                    *text = mutated(text, &mut numbers);
                }
            }
            let (asset, _) = scan_case::asset(&changed).expect("the case is well-formed");
            let arena = Bump::new();
            let sources = Sources::new(&arena);
            let platform = asset.description.platform.expect("a case has a platform");
            let facts = facts::derive(&Host::new(&asset, platform, &sources), &needed);
            for row in (0..TABLES.len()).flat_map(|table| facts.rows(table)) {
                for cell in row.cells {
                    let _ = shown(cell);
                    for piece in cell.evidence {
                        let (Evidence::Decides(span) | Evidence::Shadowed(span) | Evidence::Scope(span) | Evidence::Reference(span)) =
                            piece
                        else {
                            continue;
                        };
                        let source = sources.source(span.source).expect("a span names a source");
                        let inside = span.start <= span.end && span.end as usize <= source.text.len();
                        assert!(
                            inside && source.text.is_char_boundary(span.start as usize),
                            "{}: {span:?} in {}",
                            path.display(),
                            source.path
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let fleet = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fleet");
    let fleet = fleet.to_str().expect("a plain path");
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let one = scan_paths(folders[0].path(), &["--threads", "1", fleet]);
    let many = scan_paths(folders[1].path(), &["--threads", "7", fleet]);
    assert!(one.results.len() > 500, "the fleet was judged");
    assert_eq!(one.jsonl, many.jsonl);
    assert_eq!(one.junit, many.junit);
    assert_eq!(one.text, many.text);
    assert_eq!(one.exit, many.exit);
}

#[test]
fn no_secret_reaches_a_report() {
    let fleet = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fleet");
    let folder = tempfile::tempdir().expect("a folder");
    let scanned = scan_paths(folder.path(), &["--verbose", fleet.to_str().expect("a plain path")]);
    for (name, text) in [("jsonl", &scanned.jsonl), ("junit", &scanned.junit), ("text", &scanned.text), ("stderr", &scanned.stderr)] {
        assert!(!text.contains("CANARY"), "a secret of the fleet is in {name}");
    }
    assert!(scanned.jsonl.contains("<jixian-secret/"), "secrets were met and masked, or this shows nothing");
}
