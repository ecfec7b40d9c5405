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
    let judged = scan_case::judge_case(library, rule, case).expect("the case is well-formed");
    judged.lines().map(|line| format!("{}\n", line.split("  (").next().unwrap_or(line))).collect()
}

/// What happens to a configuration of a platform on its way: a name, and the text that arrives.
type Way = (&'static str, fn(&str, &Platform) -> String);

/// Ways to collect one configuration that lose nothing of it.
const WAYS: &[Way] = &[
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
const LOSSES: &[Way] = &[
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

/// Rules whose repair also needs a parameter of the site: which servers check one-time passwords, which ones keep logs.
const NEED_PARAMETERS: &[&str] = &["nfra-22-retention", "nfra-28-mfa", "nfra-58-mfa"];

/// Rules about every one of something, of which the commands show a good one: those that are there have to be changed by hand.
const SHOW_ONE: &[&str] =
    &["cisco-asa-snmp", "junos-login-window", "nfra-22-forwarding-encrypted", "nfra-22-forwarding-reliable", "nfra-28-time-window"];

/// Whether commands add to any configuration: none takes something away, and none names what only the operator knows.
fn add_to_any(commands: &str) -> bool {
    let takes = |line: &str| ["no ", "undo ", "delete ", "clear ", "edit "].iter().any(|verb| line.trim_start().starts_with(verb));
    let named = |word: &str| ["HASH", "KEY", "LOCAL", "NAME", "OPS", "PASSWORD"].contains(&word);
    !commands.lines().any(takes) && !commands.split_whitespace().any(named)
}

/// The fewest violations that tell something of a rule's commands: there are several ways to violate most rules.
const TRIED_LEAST: usize = 4;

/// The most configurations on which the commands of one rule are tried.
const TRIED_MOST: usize = 60;

/// A configuration to which commands were entered: before the line that ends it.
fn entered(text: &str, commands: &str, platform: &Platform) -> String {
    let end = match platform.name {
        "huawei-vrp" | "h3c-comware" => "\nreturn\n",
        "cisco-ios" | "arista-eos" | "ruijie" => "\nend\n",
        "cisco-asa" => "\nCryptochecksum:",
        _ => "",
    };
    match text.rfind(end).filter(|_| !end.is_empty()) {
        Some(at) => format!("{}\n{commands}{}", &text[..at], &text[at..]),
        None => format!("{text}\n{commands}\n"),
    }
}

/// Findings of a rule, each as `verdict  instance  observed`.
fn violations(library: &Library, rule: usize, case: &Case) -> Vec<String> {
    findings(library, rule, case).lines().filter(|line| line.starts_with("fail")).map(str::to_owned).collect()
}

#[test]
fn commands_of_a_rule_repair_what_it_found() {
    let library = library();
    let mut configurations: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for (_, _, case) in cases(&library) {
        if let Some(platform) = device(&case) {
            configurations.entry(platform.name).or_default().push(case);
        }
    }
    let mut idle = Vec::new();
    let mut repaired = 0;
    let by_hand = |id: &str| NEED_PARAMETERS.contains(&id) || SHOW_ONE.contains(&id);
    for (number, rule) in library.rules.iter().enumerate().filter(|(_, rule)| !by_hand(&rule.id)) {
        for (key, commands) in rule.fix_commands.iter().filter(|(_, commands)| add_to_any(commands)) {
            let Some((platform, known)) = platform(key).and_then(|platform| Some((platform, configurations.get(platform.name)?))) else {
                continue;
            };
            let failing = known.iter().filter(|case| !violations(&library, number, case).is_empty()).take(TRIED_MOST);
            let mut tried = 0;
            let helped = failing.into_iter().any(|case| {
                tried += 1;
                let before = violations(&library, number, case);
                let after = violations(&library, number, &with(case, |text| entered(text, commands, platform)));
                before.iter().any(|line| !after.contains(line))
            });
            repaired += usize::from(helped);
            if !helped && tried >= TRIED_LEAST {
                idle.push(format!("{} on {key}: none of {tried} got better", rule.id));
            }
        }
    }
    assert!(repaired > 60, "{repaired} were tried with success");
    assert!(idle.is_empty(), "{idle:#?}");
}
