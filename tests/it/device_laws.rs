//! Laws that hold for every rule about network devices, however their configurations were collected.

use std::collections::BTreeMap;

use jixian::names::{Platform, platform};
use jixian::policy::Library;
use jixian::policy::case::Case;
use jixian::scan::case as scan_case;

use crate::device_syntax::{logged, paged, session};
use crate::laws::{cases, library, verdict};

/// Whether a line takes back one above it. Somebody may have written that; no device prints it, so that nothing of the kind stands
/// behind the place where its output was cut.
fn takes_back(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let taken = |line: &str| line.strip_prefix("no ").or_else(|| line.strip_prefix("undo ")).map(str::to_owned);
    lines.iter().enumerate().any(|(at, line)| taken(line).is_some_and(|taken| lines[..at].iter().any(|above| above.starts_with(&taken))))
}

/// Where a case shows the configuration of a device.
const CONFIGURATION: &str = "running-config";

/// The platform of a case about a device whose configuration is shown whole.
fn device(case: &Case) -> Option<&'static Platform> {
    let asset = case.asset.as_deref()?;
    let name = asset.lines().find_map(|line| line.strip_prefix("platform = "))?.trim().trim_matches('"');
    let shown = case.files.iter().any(|(path, _)| path == CONFIGURATION);
    let whole = !case.manifest.iter().any(|(_, path)| path == CONFIGURATION);
    platform(name).filter(|platform| platform.is_network() && shown && whole)
}

/// The configuration that a case about a device shows.
fn configuration(case: &Case) -> &str {
    case.files.iter().find(|(path, _)| path == CONFIGURATION).map_or("", |(_, text)| text)
}

/// The case with another configuration.
fn with(case: &Case, change: impl Fn(&str) -> String) -> Case {
    let mut changed = case.clone();
    for (_, text) in changed.files.iter_mut().filter(|(path, _)| path == CONFIGURATION) {
        *text = change(text);
    }
    changed
}

/// Verdict, instance and value of each finding, without the place.
fn findings(library: &Library, rule: usize, case: &Case) -> String {
    let (asset, date) = scan_case::asset(case).expect("the case is well-formed");
    let judged = scan_case::judge(library, rule, &asset, date);
    judged.lines().map(|line| format!("{}\n", line.split("  (").next().unwrap_or(line))).collect()
}

/// Ways to collect one configuration that lose nothing of it.
const WAYS: &[(&str, fn(&str, &Platform) -> String)] = &[
    ("CRLF", |text, _| text.replace('\n', "\r\n")),
    ("CR CR LF", |text, _| text.replace('\n', "\r\r\n")),
    ("byte order mark", |text, _| format!("\u{feff}{text}")),
    ("trailing NUL", |text, _| format!("{text}\0")),
    ("session", session),
    ("pager", paged),
    ("log message", logged),
    ("all of it", |text, platform| session(&paged(text, platform), platform).replace('\n', "\r\n")),
];

#[test]
fn ways_of_collection_change_no_verdict() {
    let library = library();
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (path, rule, case) in cases(&library) {
        let Some(platform) = device(&case) else { continue };
        let before = findings(&library, rule, &case);
        for (name, way) in WAYS {
            tried += 1;
            let after = findings(&library, rule, &with(&case, |text| way(text, platform)));
            if before != after {
                wrong.push(format!("{} by {name}:\n{before}became\n{after}", path.display()));
            }
        }
    }
    assert!(tried > 5_000, "{tried} were tried");
    assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong.join("\n"));
}

/// A text that ends in the middle of the line at a part of its length.
fn cut(text: &str, part: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place within a text")]
    let mut end = (text.len() as f64 * part) as usize;
    while end > 0 && (!text.is_char_boundary(end) || text[..end].ends_with('\n')) {
        end -= 1;
    }
    text[..end].to_owned()
}

#[test]
fn a_cut_capture_passes_nothing_that_did_not_pass() {
    let library = library();
    let mut wrong = Vec::new();
    for (path, rule, case) in cases(&library) {
        if device(&case).is_none() || takes_back(configuration(&case)) || verdict(&library, rule, &case) == "pass" {
            continue;
        }
        for part in [0.2, 0.4, 0.6, 0.8, 0.95] {
            if verdict(&library, rule, &with(&case, |text| cut(text, part))) == "pass" {
                wrong.push(format!("{} passes on {part} of it", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}

#[test]
fn what_could_stand_behind_a_cut_would_not_fail() {
    let library = library();
    let mut wrong = Vec::new();
    let mut tried = 0;
    let all = cases(&library);
    let mut of_rule: BTreeMap<(usize, &str), Vec<&Case>> = BTreeMap::new();
    for (_, rule, case) in &all {
        if let Some(platform) = device(case).filter(|_| !takes_back(configuration(case))) {
            of_rule.entry((*rule, platform.name)).or_default().push(case);
        }
    }
    for ((rule, _), cases) in of_rule {
        let id = &library.rules[rule].id;
        for head in &cases {
            for part in [0.3, 0.6, 0.9] {
                if verdict(&library, rule, &with(head, |text| cut(text, part))) != "pass" {
                    continue;
                }
                tried += 1;
                for tail in &cases {
                    let whole = with(head, |text| {
                        let before = cut(text, part);
                        let lines = before.matches('\n').count();
                        let behind = configuration(tail).lines().skip(lines).map(|line| format!("{line}\n")).collect::<String>();
                        format!("{}{behind}", &before[..before.rfind('\n').map_or(0, |at| at + 1)])
                    });
                    if verdict(&library, rule, &whole) == "fail" {
                        wrong.push(format!("{id} passes on {part} of\n{}", whole.files[0].1));
                        break;
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong.join("\n"));
}

/// Ways to lose something of a configuration on the way.
const LOSSES: &[(&str, fn(&str, &Platform) -> String)] = &[
    ("no indentation", |text, _| text.lines().map(|line| format!("{}\n", line.trim_start())).collect()),
    ("tabs", |text, _| text.replace("    ", "\t")),
    ("double indentation", |text, _| {
        let wide = |line: &str| format!("{}{line}\n", " ".repeat(line.len() - line.trim_start().len()));
        text.lines().map(wide).collect()
    }),
    ("blank lines left out", |text, _| text.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect()),
    ("lines broken at the width of a terminal", |text, platform| {
        let broken = |line: &str| match line.char_indices().nth(80) {
            Some((at, _)) => format!("{}\n{}\n", &line[..at], &line[at..]),
            None => format!("{line}\n"),
        };
        session(&text.lines().map(broken).collect::<String>(), platform)
    }),
];

#[test]
fn what_a_loss_hides_is_unknown_and_never_turned_round() {
    let library = library();
    let mut wrong = Vec::new();
    for (path, rule, case) in cases(&library) {
        let Some(platform) = device(&case) else { continue };
        let before = verdict(&library, rule, &case);
        for (name, loss) in LOSSES {
            let after = verdict(&library, rule, &with(&case, |text| loss(text, platform)));
            if after != before && after != "unknown" {
                wrong.push(format!("{} was {before} and is {after} by {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}
