//! A unit and its drop-ins into the account that a service runs as, the words of its command line, and what a socket listens on.
//!
//! systemd.unit(5): the first directory that has the unit wins, drop-ins of all directories are added in the order of their names, and
//! an empty `ExecStart=` forgets those before it. systemd.service(5): `$NAME` alone is parted into words, `${NAME}` is not.

use super::layers::{self, Content};
use super::{Artefact, Evidence, Host, Why};
use crate::names::Phrase;
use crate::parse::ini;
use crate::parse::key_value::{ASSIGNMENTS, read as assignments};
use crate::snapshot::Lack;
use crate::source::Source;

/// Where units lie, the strongest first.
pub const DIRECTORIES: [&str; 5] =
    ["etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"];

/// The most words of a command line that are looked at.
const WORDS_MOST: usize = 4096;

static UNKNOWN_VARIABLE: Phrase = Phrase { zh: "变量 {} 的值未知", en: "the value of the variable {} is not known" };

/// One assignment, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Assigned<'a> {
    /// What is assigned, or one word of it.
    pub value: &'a str,
    /// What shows it.
    pub evidence: Evidence<'a>,
}

/// What a service's files come to.
#[derive(Debug, Default)]
pub struct Unit<'a> {
    /// Its command lines.
    pub commands: Vec<Assigned<'a>>,
    /// What a socket unit listens on.
    pub listens: Vec<Assigned<'a>>,
    /// The account that it runs as; none where no file says.
    pub user: Option<Assigned<'a>>,
    /// Whether some file of it was read.
    pub seen: bool,
    /// The unit itself, if it was read.
    pub main: Option<&'a Source<'a>>,
    /// A file of it that could not be read, or only in part.
    pub gap: Option<Why<'a>>,
    /// What was not collected in which more could stand: the unit itself, or the administrator's drop-ins.
    pub unlisted: Option<Why<'a>>,
    environment: Vec<(&'a str, Assigned<'a>)>,
    files: Vec<(&'a str, bool)>,
}

/// Reads the unit of that name: `docker.service`.
pub fn read<'a>(host: &Host<'a>, name: &str) -> Unit<'a> {
    let mut unit = Unit::default();
    for directory in DIRECTORIES {
        match host.file(&format!("{directory}/{name}")) {
            Artefact::Text(source) => {
                unit.main = Some(source);
                unit.add(host, source);
                break;
            }
            Artefact::Lacking(Lack::Absent | Lack::NotCollected) => {}
            Artefact::Lacking(lack) => {
                unit.gap = unit.gap.or(Some(Why::lacking(host.text(&format!("{directory}/{name}")), lack)));
            }
        }
    }
    let proven_absent = DIRECTORIES.iter().all(|directory| host.look(&format!("{directory}/{name}")).lack == Some(Lack::Absent));
    if unit.main.is_none() && !proven_absent {
        unit.unlisted = Some(Why::not_collected(host.text(&format!("{}/{name}", DIRECTORIES[3]))));
    }
    let drop_ins = DIRECTORIES.map(|directory| format!("{directory}/{name}.d"));
    let layers = layers::read(host, &drop_ins.each_ref().map(String::as_str));
    for layer in &layers.files {
        match layer.content {
            Content::Text(source) => unit.add(host, source),
            Content::Hidden => {}
            Content::Lacking(lack) => unit.gap = unit.gap.or(Some(Why::lacking(layer.path, lack))),
        }
    }
    for missing in &layers.unlisted {
        match missing.lack {
            Lack::NotCollected if missing.rank == 0 => {
                unit.unlisted = unit.unlisted.or(Some(Why::not_collected(host.text(&drop_ins[0]))));
            }
            Lack::NotCollected | Lack::Absent => {}
            lack => unit.gap = unit.gap.or(Some(Why::lacking(missing.path, lack))),
        }
    }
    unit
}

impl<'a> Unit<'a> {
    /// Adds what one file assigns.
    fn add(&mut self, host: &Host<'a>, source: &'a Source<'a>) {
        self.seen = true;
        if !source.complete {
            self.gap = self.gap.or(Some(Why::truncated(source.path)));
        }
        for entry in ini::read(source.text).entries {
            if !matches!(entry.section, "Service" | "Socket") {
                continue;
            }
            let value = match entry.value {
                std::borrow::Cow::Borrowed(value) => value,
                std::borrow::Cow::Owned(value) => host.text(&value),
            };
            let assigned = Assigned { value: value.trim(), evidence: Evidence::Decides(source.span(entry.text)) };
            match entry.key {
                "ExecStart" if assigned.value.is_empty() => self.commands.clear(),
                "ExecStart" => self.commands.push(assigned),
                "ListenStream" if assigned.value.is_empty() => self.listens.clear(),
                "ListenStream" => self.listens.push(assigned),
                "User" => self.user = Some(assigned).filter(|user| !user.value.is_empty()),
                "Environment" if assigned.value.is_empty() => self.environment.clear(),
                "Environment" => self.assign(assigned),
                "EnvironmentFile" if assigned.value.is_empty() => self.files.clear(),
                "EnvironmentFile" => {
                    let optional = assigned.value.strip_prefix('-');
                    self.files.push((optional.unwrap_or(assigned.value), optional.is_some()));
                }
                _ => {}
            }
        }
    }

    /// Takes in `"A=b c" D=e`.
    fn assign(&mut self, assigned: Assigned<'a>) {
        for word in words(assigned.value) {
            if let Some((name, value)) = word.split_once('=') {
                self.environment.push((name, Assigned { value, ..assigned }));
            }
        }
    }

    /// The words of its command lines with variables filled in, and why some of them could be missing.
    pub fn arguments(&self, host: &Host<'a>) -> (Vec<Assigned<'a>>, Option<Why<'a>>) {
        let (environment, mut gap) = self.full_environment(host);
        let mut arguments = Vec::new();
        for command in &self.commands {
            for word in words(command.value.trim_start_matches(['-', '@', ':', '+', '!'])) {
                if arguments.len() >= WORDS_MOST || !host.spend(1) {
                    return (arguments, gap.or(Some(Why::budget_spent("ExecStart"))));
                }
                let find = |name: &str| environment.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value);
                match word.strip_prefix('$').filter(|name| !name.starts_with(['{', '$'])) {
                    Some(name) => match find(name) {
                        Some(value) => {
                            arguments.extend(words(value.value).into_iter().map(|word| Assigned { value: word, ..value }));
                        }
                        None => gap = gap.or(self.unread(host, name)),
                    },
                    None => {
                        let (value, missing) = substituted(host, word, &find);
                        gap = gap.or(missing.and_then(|name| self.unread(host, name)));
                        arguments.push(Assigned { value, ..*command });
                    }
                }
            }
        }
        (arguments, gap.or(self.gap))
    }

    /// Why a variable that no file assigns could have a value: a file that was not read.
    fn unread(&self, host: &Host<'a>, name: &'a str) -> Option<Why<'a>> {
        let lacking = self.files.iter().any(|(path, _)| !matches!(host.file(path), Artefact::Text(_) | Artefact::Lacking(Lack::Absent)));
        lacking.then(|| Why::new("variable-not-known", &UNKNOWN_VARIABLE, name))
    }

    /// What the unit and its environment files assign, the last the strongest.
    fn full_environment(&self, host: &Host<'a>) -> (Vec<(&'a str, Assigned<'a>)>, Option<Why<'a>>) {
        let mut all = self.environment.clone();
        let mut gap = None;
        for (path, _) in &self.files {
            match host.file(path) {
                Artefact::Text(source) => {
                    if !source.complete {
                        gap = gap.or(Some(Why::truncated(source.path)));
                    }
                    for entry in assignments(source.text, &ASSIGNMENTS).settings {
                        let evidence = Evidence::Decides(source.span(entry.line));
                        all.push((entry.key, Assigned { value: entry.value, evidence }));
                    }
                }
                Artefact::Lacking(Lack::Absent | Lack::NotCollected) => {}
                Artefact::Lacking(lack) => gap = gap.or(Some(Why::lacking(host.text(path.trim_start_matches('/')), lack))),
            }
        }
        (all, gap)
    }
}

/// A word with `${NAME}` filled in, and a name that has no value.
fn substituted<'a>(host: &Host<'a>, word: &'a str, find: &dyn Fn(&str) -> Option<Assigned<'a>>) -> (&'a str, Option<&'a str>) {
    let mut filled = String::new();
    let mut missing = None;
    let mut rest = word;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        match find(name) {
            Some(value) => filled.push_str(value.value),
            None => missing = missing.or(Some(name)),
        }
        rest = behind;
    }
    if filled.is_empty() && rest.len() == word.len() {
        return (word, missing);
    }
    filled.push_str(rest);
    (host.text(&filled), missing)
}

/// Words as systemd parts them: blanks part, quotes hold together and are taken off where they go round a whole word.
fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some((inner, after)) = ['"', '\''].into_iter().find(|it| *it == first).and_then(|quote| rest[1..].split_once(quote)) {
            found.push(inner);
            rest = after.trim_start();
            continue;
        }
        let end = rest.find(|it: char| it.is_ascii_whitespace()).unwrap_or(rest.len());
        found.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(words("a \"b c\" 'd e' f\"g"), ["a", "b c", "d e", "f\"g"]);
        assert_eq!(words(""), Vec::<&str>::new());
    }
}
