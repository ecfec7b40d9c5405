//! A text into the network platform whose configuration it is, with what tells so; and an asset's artefacts into the one that is its
//! running configuration.
//!
//! How a text is written (XML, braces, sections, lines) decides which platforms it can be of, and lines that only one of them writes
//! decide between these. Where they do not, the platform is not known, and between which it was not decided is said. What a text says
//! of itself for other programs (RANCID, Batfish) is a hint: it settles what its form and its lines leave open and nothing else.

mod line_marks;
mod marks;

use bumpalo::Bump;

use super::{Asset, said};
use crate::error::Message;
use crate::names::{Phrase, Platform};
use crate::source::{self, Sources, capture};
use marks::{ALL, Form, HINTS, Marks, Whose};

/// The most bytes of a text that are looked at.
const LOOKED_AT_BYTES_MOST: usize = 256 << 10;

/// The most lines that are looked at.
const LOOKED_AT_LINES_MOST: usize = 4000;

/// Weak marks that are worth a strong one.
const WEAK_FOR_STRONG: usize = 4;

/// The least weak marks on which a platform is concluded.
const WEAK_LEAST: usize = 2;

/// How many marks are named as the reason.
const SHOWN_MOST: usize = 3;

/// What is concluded of a text.
#[derive(Clone, Debug)]
pub(super) struct Detected {
    /// None where it is not known, or one that is not judged yet.
    pub platform: Option<&'static Platform>,
    pub because: Message,
}

/// What speaks for one platform.
struct Count {
    whose: Whose,
    strong: Vec<&'static str>,
    weak: Vec<&'static str>,
}

impl Count {
    fn weight(&self) -> usize {
        self.strong.len() * WEAK_FOR_STRONG + self.weak.len()
    }

    fn shown(&self) -> String {
        let marks = self.strong.iter().chain(&self.weak).take(SHOWN_MOST);
        marks.map(|mark| format!("`{}`", mark.trim())).collect::<Vec<_>>().join(", ")
    }
}

/// Concludes the platform of a text.
pub(super) fn detect(bytes: &[u8]) -> Detected {
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let clean = capture::clean(&arena, sources.add("", beginning(bytes), true));
    let lines: Vec<&str> = source::lines(clean.text).filter(|line| !line.trim().is_empty()).take(LOOKED_AT_LINES_MOST).collect();
    let form = form(&lines);
    let sorted = sorted(&lines);
    let mut counts: Vec<Count> = ALL.iter().filter(|marks| marks.forms.contains(&form)).map(|marks| count(marks, &sorted)).collect();
    let named = counts.iter().any(|count| !count.strong.is_empty());
    counts.retain(|count| if named { !count.strong.is_empty() } else { !count.weak.is_empty() });
    counts.sort_by_key(|count| std::cmp::Reverse(count.weight()));
    decided(&counts).unwrap_or_else(|| undecided(&counts, hint(&lines), form))
}

/// The lines in byte order, without space around them and each once. Most comparisons are of the first eight bytes.
fn sorted<'l>(lines: &[&'l str]) -> Vec<&'l str> {
    let beginning = |line: &str| {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(line.bytes()).for_each(|(place, byte)| *place = byte);
        u64::from_be_bytes(bytes)
    };
    let mut sorted: Vec<(u64, &str)> = lines.iter().map(|line| line.trim()).map(|line| (beginning(line), line)).collect();
    sorted.sort_unstable();
    let mut sorted: Vec<&str> = sorted.into_iter().map(|(_, line)| line).collect();
    sorted.dedup();
    sorted
}

/// The beginning of a text, whole lines.
fn beginning(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= LOOKED_AT_BYTES_MOST {
        return bytes;
    }
    let head = &bytes[..LOOKED_AT_BYTES_MOST];
    &head[..memchr::memrchr(b'\n', head).map_or(head.len(), |at| at + 1)]
}

/// Counts the marks that lines have, which are sorted and without space around them.
fn count(marks: &Marks, lines: &[&str]) -> Count {
    let there = |mark: &&&'static str| has(lines, mark);
    Count {
        whose: marks.whose,
        strong: marks.strong.iter().filter(there).copied().collect(),
        weak: marks.weak.iter().filter(there).copied().collect(),
    }
}

/// Whether one of sorted lines begins with a mark; one that does not end with a blank may be followed by anything.
fn has(lines: &[&str], mark: &str) -> bool {
    let first = lines.partition_point(|line| *line < mark);
    lines.get(first).is_some_and(|line| line.starts_with(mark)) || lines.binary_search(&mark.trim_end()).is_ok()
}

/// The platform for which far more speaks than for any other.
fn decided(counts: &[Count]) -> Option<Detected> {
    let first = counts.first()?;
    let second = counts.get(1).map_or(0, Count::weight);
    let enough = !first.strong.is_empty() || first.weak.len() >= WEAK_LEAST;
    if !enough || first.weight() < second * 2 {
        return None;
    }
    let shown = first.shown();
    Some(match first.whose {
        Whose::Platform(platform) if first.strong.is_empty() => Detected {
            platform: Some(platform),
            because: said(&Phrase { zh: "内容多半如此：有 {}", en: "likely by its content: it has {}" }, &[&shown]),
        },
        Whose::Platform(platform) => Detected {
            platform: Some(platform),
            because: said(&Phrase { zh: "按内容：有 {}", en: "by its content: it has {}" }, &[&shown]),
        },
        Whose::Other(name) => Detected {
            platform: None,
            because: said(
                &Phrase {
                    zh: "是 {} 的配置（有 {}），尚不支持",
                    en: "this is a configuration of {} (it has {}), which is not supported yet",
                },
                &[name, &shown],
            ),
        },
    })
}

/// What the text says of itself for other programs, where its content allows it, or between which it could not be decided.
fn undecided(counts: &[Count], hint: Option<(&str, Option<Whose>)>, form: Form) -> Detected {
    let first = counts.first().map_or(0, Count::weight);
    let rivals: Vec<&Count> = counts.iter().filter(|count| count.weight() * 2 > first).collect();
    if let Some((written, Some(whose))) = hint {
        let may_be = |marks: &&Marks| marks.whose == whose && marks.forms.contains(&form);
        let contradicted = !counts.is_empty() && !rivals.iter().any(|count| count.whose == whose);
        if let (Whose::Platform(platform), false, Some(_)) = (whose, contradicted, ALL.iter().find(may_be)) {
            return Detected {
                platform: Some(platform),
                because: said(
                    &Phrase {
                        zh: "其首部注明 {}，内容不相矛盾", en: "its header says {}, and its content does not contradict"
                    },
                    &[written],
                ),
            };
        }
    }
    let names: Vec<&str> = rivals.iter().map(|count| count.whose.name()).collect();
    let because = match &*names {
        [] => said(&Phrase { zh: "内容不像任何已知平台的配置", en: "its content is not that of any known platform" }, &[]),
        [name] => said(
            &Phrase {
                zh: "可能是 {}，但依据不足；可用 --platform 指定", en: "it may be {}, but too little tells; --platform says it"
            },
            &[name],
        ),
        names => said(
            &Phrase { zh: "无法在 {} 之间判定；可用 --platform 指定", en: "not decided between {}; --platform says it" },
            &[&names.join(", ")],
        ),
    };
    Detected { platform: None, because }
}

/// The header that RANCID or Batfish reads: what it says, and whose configuration that is.
fn hint<'l>(lines: &[&'l str]) -> Option<(&'l str, Option<Whose>)> {
    let value = lines.iter().take(50).find_map(|line| {
        let line = line.trim_start_matches(['!', '#', ' ']);
        line.strip_prefix("RANCID-CONTENT-TYPE:")
            .or_else(|| line.strip_prefix("BATFISH_FORMAT:"))
            .or_else(|| line.strip_prefix("BATFISH-FORMAT:"))
    })?;
    let value = value.trim();
    let known = HINTS.iter().find(|(written, _)| written.eq_ignore_ascii_case(value));
    Some((value, known.map(|(_, whose)| *whose)))
}

/// How a text is written.
fn form(lines: &[&str]) -> Form {
    let first = lines.iter().find(|line| !line.starts_with(['#', '!'])).copied().unwrap_or_default();
    if first.trim_start().starts_with('<') && !first.trim_start().starts_with("<!") {
        return Form::Xml;
    }
    let trimmed: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    let number = |wanted: &dyn Fn(&str) -> bool| trimmed.iter().filter(|line| wanted(line)).count();
    let statements = number(&|line| !line.starts_with(['#', '!'])).max(1);
    let blocks = number(&|line| line.starts_with("config "));
    if blocks > 0 && number(&|line| line == "end") > 0 && number(&|line| line.trim_start().starts_with("set ")) > 0 {
        return Form::Blocks;
    }
    if lines.iter().any(|line| line.starts_with("#config-version=")) {
        return Form::Blocks;
    }
    let opened = number(&|line| line.ends_with('{'));
    if opened > 0 && (opened + number(&|line| line.ends_with([';', '}']) || line.contains("; ##"))) * 2 > statements {
        return Form::Braces;
    }
    let commands = number(&|line| ["set ", "delete ", "add ", "deactivate "].iter().any(|verb| line.starts_with(verb)));
    let begins_with_set = first.starts_with("set ") && commands > 2;
    if commands * 2 > statements || begins_with_set {
        return Form::Commands;
    }
    let separators = number(&|line| line == "#").saturating_sub(closed_banners(lines));
    let bangs = number(&|line| line == "!");
    if separators > bangs || (separators > 0 && separators == bangs) || lines.iter().any(|line| line.trim_start().starts_with("sysname ")) {
        return Form::Sections;
    }
    Form::Lines
}

/// Lines `#` that end a banner, as NX-OS writes the one that it ships: they separate nothing.
fn closed_banners(lines: &[&str]) -> usize {
    let opens = |line: &str| line.starts_with("banner ") && line.bytes().filter(|byte| *byte == b'#').count() == 1;
    let opened = lines.iter().enumerate().filter(|(_, line)| opens(line));
    opened.filter(|(at, _)| lines[at + 1..].contains(&"#")).count()
}

/// Names of artefacts that are a device's configuration, without their suffix, the running one before the saved one.
const CONFIGURATIONS: &[&str] = &[
    "running-config-all",
    "show-running-config-all",
    "running-config",
    "show-running-config",
    "more-system-running-config",
    "running",
    "display-current-configuration-include-default",
    "display-current-configuration-all",
    "display-current-configuration",
    "current-configuration",
    "show-full-configuration",
    "show-configuration",
    "show-configuration-running",
    "show-config-running",
    "configuration",
    "config",
    "saved-configuration",
    "startup-config",
    "startup",
    "vrpcfg",
];

/// The path of an asset's configuration: the output of a command, a file of a known name, or the only file there is.
pub(super) fn configuration(asset: &Asset) -> Option<String> {
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase();
    let mut candidates: Vec<(usize, String)> = Vec::new();
    let mut files: Vec<String> = Vec::new();
    for folder in ["commands/", ""] {
        let names = asset.list(folder.trim_end_matches('/')).map(|listing| listing.names).unwrap_or_default();
        for name in names {
            let path = format!("{folder}{name}");
            if asset.look(&path).kind == Some(super::Kind::Directory) {
                continue;
            }
            let known = CONFIGURATIONS.iter().position(|known| *known == stem(&name) || *known == name);
            candidates.extend(known.map(|rank| (rank, path.clone())));
            if folder.is_empty() {
                files.push(path);
            }
        }
    }
    candidates.sort();
    let only = || if files.len() == 1 { files.pop() } else { None };
    candidates.into_iter().next().map(|(_, path)| path).or_else(only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::network::{CISCO_IOS, CISCO_NXOS, H3C_COMWARE, HUAWEI_VRP, JUNIPER_JUNOS, PALOALTO_PANOS};

    #[track_caller]
    fn check(text: &str, platform: Option<&'static Platform>, because: &str) {
        let detected = detect(text.as_bytes());
        assert_eq!(detected.platform, platform, "{}", detected.because.en);
        assert!(detected.because.en.contains(because), "{}", detected.because.en);
    }

    #[test]
    fn structure_and_lines_tell_the_platform() {
        check("!\nservice timestamps log\nhostname A\n!\nline vty 0 4\n!\nend\n", Some(CISCO_IOS), "`service timestamps`");
        check("hostname A\nline con 0\nline vty 0 4\nip cef\n", Some(CISCO_IOS), "likely");
        check("feature bgp\nhostname A\ninterface Ethernet1/1\nrouter bgp 1\nip address 10.0.0.1/24\n", Some(CISCO_NXOS), "`feature`");
        check("#\nsysname A\n#\ninterface Vlanif1\n#\nreturn\n", Some(HUAWEI_VRP), "`interface Vlanif`");
        check("#\n sysname A\n#\ninterface Vlan-interface1\n#\nreturn\n", Some(H3C_COMWARE), "Vlan-interface");
        check("set system host-name A\nset interfaces ge-0/0/0 unit 0\n", Some(JUNIPER_JUNOS), "set system host-name");
        check("set deviceconfig system hostname A\n", Some(PALOALTO_PANOS), "set deviceconfig");
        check("R1#show run\n!\nservice timestamps log\n!\nend\nR1#", Some(CISCO_IOS), "content");
    }

    #[test]
    fn what_is_not_sure_is_not_said() {
        check("#\nsysname A\n#\nuser-interface vty 0 4\n#\nreturn\n", None, "not decided between huawei-vrp, h3c-comware");
        check("hostname A\n", None, "it may be cisco-ios, but too little tells");
        check("hello\n", None, "not that of any known platform");
        check("", None, "not that of any known platform");
        check("!! IOS XR Configuration 7.5\nhostname A\nline default\n", None, "Cisco IOS-XR");
        check("# Configuration of A\n# Language version: 13\nset clienv rows 0\n", None, "Check Point Gaia");
    }

    #[test]
    fn a_header_settles_only_what_the_content_leaves_open() {
        check("!RANCID-CONTENT-TYPE: cisco\n!\nhostname A\n", Some(CISCO_IOS), "header says cisco");
        check("!RANCID-CONTENT-TYPE: juniper\n!\nhostname A\n", None, "cisco-ios");
        check("!RANCID-CONTENT-TYPE: cisco\n#\nsysname A\n#\ninterface Vlanif1\n#\n", Some(HUAWEI_VRP), "content");
        check("#BATFISH_FORMAT: vrp\n#\nsysname A\n#\nuser-interface vty 0 4\n#\n", Some(HUAWEI_VRP), "header says vrp");
    }
}
