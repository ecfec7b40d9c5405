//! Results into a text for people: by asset, violations first, each with its line and a caret, within 80 columns where it can be.

use super::{Format, Head, Setting, Summary, nothing, site};
use crate::names::{Language, Verdict};
use crate::results::{Answer, RuleResult, SettledFinding, Shown, reason_text, shown};

/// One text.
pub(super) static FORMAT: Format = Format {
    name: "text",
    per_asset: Some(("", ".txt")),
    separator: "",
    joints: &[],
    prepare: nothing,
    head: Head::First(head),
    asset,
    tail,
};

/// The columns that a line should not go beyond.
const COLUMNS: usize = 80;

/// The most findings of one rule that are shown; the rest is in the stored results.
const FINDINGS_SHOWN_MOST: usize = 5;

fn head(_: &Setting<'_>, _: &mut Vec<u8>) {}

fn asset(setting: &Setting<'_>, answer: &Answer<'_>, sections: &mut [Vec<u8>]) {
    let Some(out) = sections.first_mut() else { return };
    let mut page = Page { setting, answer, text: String::new() };
    page.asset();
    out.extend_from_slice(page.text.as_bytes());
}

fn tail(setting: &Setting<'_>, summary: &Summary, out: &mut Vec<u8>) {
    let counts = &summary.counts;
    let mut parts: Vec<String> = Vec::new();
    for verdict in Verdict::ALL {
        parts.push(format!("{} {}", verdict.text(setting.language), counts.verdict(verdict)));
    }
    let line = match setting.language {
        Language::Zh => format!("资产 {}（失败 {}）  {}  其中未见 {}\n", counts.assets, counts.failed, parts.join("  "), counts.not_seen),
        Language::En => {
            format!("assets {} ({} failed)  {}  of which not seen {}\n", counts.assets, counts.failed, parts.join("  "), counts.not_seen)
        }
    };
    out.extend_from_slice(line.as_bytes());
    // A file of one asset tells nothing of the run.
    if counts.assets > 0 {
        site::lines(setting.run, summary, setting.language).iter().for_each(|line| out.extend_from_slice(format!("{line}\n").as_bytes()));
    }
}

/// The text of one asset.
struct Page<'p, 'a> {
    setting: &'p Setting<'p>,
    answer: &'p Answer<'a>,
    text: String,
}

impl Page<'_, '_> {
    /// Header, violations by severity, what is undecided, and with `--verbose` the rest.
    fn asset(&mut self) {
        self.header();
        let mut shown: Vec<&RuleResult<'_>> = self.answer.results.iter().filter(|result| self.shows(result)).collect();
        shown.sort_by_key(|result| {
            let severity = result.rule.map(|rule| self.setting.run.library.rules[rule].severity);
            (place(result.verdict), std::cmp::Reverse(severity))
        });
        for result in shown {
            self.result(result);
        }
        self.text.push('\n');
    }

    /// Whether a result is shown one by one.
    fn shows(&self, result: &RuleResult<'_>) -> bool {
        self.setting.verbose || matches!(result.verdict, Verdict::Fail | Verdict::Waived | Verdict::Unknown)
    }

    /// The asset, and its counts.
    fn header(&mut self) {
        let asset = &self.answer.asset;
        let mut about = vec![asset.platform.map_or("?", |platform| platform.name).to_owned()];
        about.extend(asset.version.clone());
        about.extend((!asset.tags.is_empty()).then(|| format!("[{}]", asset.tags.join(","))));
        let dated = asset.collected_at.map(|at| at.strftime("%Y-%m-%d").to_string());
        about.push(dated.unwrap_or_else(|| self.say("无采集日期", "undated").to_owned()));
        about.extend((asset.listed == Some(false)).then(|| self.say("不在资产清单中", "not in the inventory").to_owned()));
        let mut counts = Vec::new();
        for verdict in Verdict::ALL {
            let number = self.answer.results.iter().filter(|result| result.verdict == verdict).count();
            if number > 0 {
                counts.push(self.paint(verdict, &format!("{} {number}", verdict.text(self.setting.language))));
            }
        }
        let id = self.bold(&asset.id);
        self.text.push_str(&format!("== {id}  {}\n   {}\n", about.join("  "), counts.join("  ")));
    }

    /// One result: its rule, and what led to it.
    fn result(&mut self, result: &RuleResult<'_>) {
        let language = self.setting.language;
        let rule = result.rule.map(|rule| &self.setting.run.library.rules[rule]);
        let mark = self.paint(result.verdict, result.verdict.text(language));
        let severity = rule.map_or(String::new(), |rule| format!(" [{}]", rule.severity.text(language)));
        let id = result.id(self.setting.run.library);
        let clauses = rule.map_or(String::new(), |rule| rule.clauses.join(" "));
        self.text.push_str(&format!("\n {mark}{severity} {}  {clauses}\n", self.bold(id)));
        if let Some(rule) = rule {
            self.wrapped("   ", rule.title.text(language));
            for (catalogue, clause) in self.setting.run.library.described_clauses(rule) {
                self.wrapped("   § ", &clause.described(catalogue, language));
            }
        }
        if let Some(reason) = &result.reason {
            let reason = reason_text(reason, self.setting.run, language);
            self.wrapped("   ", &reason);
        }
        if let Some(accepted) = result.accepted.and_then(|number| self.setting.run.given.accepted.get(number)) {
            let line = format!("{}{}", self.say("已接受：", "accepted: "), site::terms_text(&accepted.terms, language));
            self.wrapped("   ", &line);
        }
        for finding in result.findings.iter().take(FINDINGS_SHOWN_MOST) {
            self.finding(finding);
        }
        let more = result.findings.len().saturating_sub(FINDINGS_SHOWN_MOST) + result.further;
        if more > 0 {
            let line = match language {
                Language::Zh => format!("   另有 {more} 处，见 json 结果\n"),
                Language::En => format!("   and {more} more, see the json results\n"),
            };
            self.text.push_str(&line);
        }
        for number in &result.proof {
            self.evidence(*number);
        }
        if let Some(rule) = rule.filter(|_| result.verdict == Verdict::Fail) {
            let fix = format!("{}{}", self.say("整改：", "fix: "), rule.fix.text(language));
            self.wrapped("   ", &fix);
            let products: Vec<Option<&str>> = result.findings.iter().map(|finding| finding.product).collect();
            for line in rule.commands_on(self.answer.asset.platform, &products).flat_map(str::lines) {
                self.text.push_str(&format!("     {line}\n"));
            }
        }
    }

    /// One violation.
    fn finding(&mut self, finding: &SettledFinding) {
        let instance = if finding.instance == "-" { String::new() } else { format!("{}: ", finding.instance) };
        let line = format!("{instance}{}{}{}", finding.observed, self.say("，要求 ", ", expected "), finding.expected);
        let new = if finding.new == Some(true) { self.say("（新增）", " (new)") } else { "" };
        self.wrapped("   - ", &format!("{line}{new}"));
        if let Some(waiver) = site::waiver_line(self.setting.run.given, finding, self.setting.language) {
            self.wrapped("     ", &format!("{}{waiver}", self.say("豁免：", "waiver: ")));
        }
        for number in &finding.evidence {
            self.evidence(*number);
        }
    }

    /// One piece of evidence: its line with a caret, or a sentence.
    fn evidence(&mut self, number: u32) {
        let Some(evidence) = self.answer.evidence(number) else { return };
        let Shown { role, file, line, column, text } = shown(evidence, self.answer.sources, self.setting.language);
        match (role, file, line) {
            ("step", file, line) => {
                let place = match (file, line) {
                    (Some(file), Some(line)) => format!("{file}:{line} "),
                    _ => String::new(),
                };
                self.wrapped("       · ", &format!("{place}{text}"));
            }
            (_, Some(file), Some(line)) => {
                self.text.push_str(&format!("     {} {file}:{line}\n", self.role(role)));
                self.text.push_str(&format!("       | {}\n", clipped(&text)));
                if let Some((column, length)) = column
                    && column + length < COLUMNS
                {
                    let width =
                        |range: std::ops::Range<usize>| text.chars().skip(range.start).take(range.len()).map(width_columns).sum::<usize>();
                    let before = " ".repeat(width(0..column - 1));
                    let carets = "^".repeat(width(column - 1..column - 1 + length).max(1));
                    self.text.push_str(&format!("       | {before}{carets}\n"));
                }
            }
            (_, Some(file), None) => self.wrapped("     ", &format!("{} {file}: {text}", self.role(role))),
            (_, None, _) => self.wrapped("     ", &format!("{} {text}", self.role(role))),
        }
    }

    /// The word for a role.
    fn role(&self, role: &str) -> &'static str {
        match role {
            "decides" => self.say("依据", "at"),
            "default" => self.say("默认", "default:"),
            "searched" => self.say("查找", "searched"),
            "lacks" => self.say("缺失", "missing:"),
            "shadowed" => self.say("被覆盖", "shadowed at"),
            "scope" => self.say("范围", "within"),
            "reference" => self.say("引用", "refers to"),
            _ => self.say("说明", "note:"),
        }
    }

    /// A word in the language of the report.
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.setting.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// Adds a text, broken at spaces (or between Chinese characters) where it would go beyond the columns.
    fn wrapped(&mut self, indent: &str, text: &str) {
        let hanging = " ".repeat(indent.chars().count());
        for paragraph in text.lines() {
            let mut lead = indent;
            for line in broken(paragraph, COLUMNS.saturating_sub(indent.chars().count())) {
                self.text.push_str(&format!("{lead}{line}\n"));
                lead = &hanging;
            }
        }
    }

    /// A text in the colour of a verdict.
    fn paint(&self, verdict: Verdict, text: &str) -> String {
        let code = match verdict {
            Verdict::Pass => "32",
            Verdict::Fail => "31",
            Verdict::Waived => "36",
            Verdict::NotApplicable => "2",
            Verdict::Unknown => "33",
        };
        if self.setting.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A text in bold.
    fn bold(&self, text: &str) -> String {
        if self.setting.color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The order of verdicts on the page.
fn place(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Unknown => 1,
        Verdict::Waived => 2,
        Verdict::Pass => 3,
        Verdict::NotApplicable => 4,
    }
}

/// A line of a file, cut where it would go far beyond the columns.
fn clipped(text: &str) -> String {
    if text.chars().count() <= COLUMNS { text.to_owned() } else { text.chars().take(COLUMNS - 10).collect::<String>() + "…" }
}

/// Columns that a character takes on a terminal: two for East Asian wide ones.
fn width_columns(character: char) -> usize {
    match u32::from(character) {
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 => 2,
        0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// A paragraph in lines of at most so many columns.
fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in pieces(text) {
        let width: usize = word.chars().map(width_columns).sum();
        if used > 0 && used + width > columns {
            lines.push(line.trim_end().to_owned());
            line.clear();
            used = 0;
        }
        if used > 0 || word != " " {
            line.push_str(word);
            used += width;
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// Pieces between which a line may break: words with the space before them apart, and each wide character.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, character) in text.char_indices() {
        let alone = character == ' ' || width_columns(character) == 2;
        if alone {
            if start < at {
                pieces.push(&text[start..at]);
            }
            pieces.push(&text[at..at + character.len_utf8()]);
            start = at + character.len_utf8();
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}
