//! Sections that hold for a path, in the order in which httpd merges them, into what they set together.
//!
//! httpd merges server, virtual host, `Directory` from the shortest to the longest with `.htaccess`, regular expressions of directories,
//! `Files`, then `Location` in the order of the text; what comes later wins ("Configuration Sections" of its manual).

use super::load::{Block, Entry};
use crate::facts::{Cell, Documented, Evidence, Host, Value, Why};

/// One section that holds, or perhaps holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layer<'t, 'a> {
    /// What stands in it.
    pub block: &'t [Entry<'a>],
    /// The line that begins it; none for a server as a whole.
    pub head: Option<&'t Entry<'a>>,
    /// Why it may not hold.
    pub perhaps: Option<Why<'a>>,
    /// Directives that something which was not read may set here, and why.
    pub open: Option<(&'static [&'static str], Why<'a>)>,
}

impl<'t, 'a> Layer<'t, 'a> {
    /// A section that holds, or perhaps holds.
    pub(super) fn section(head: &'t Entry<'a>, perhaps: Option<Why<'a>>) -> Layer<'t, 'a> {
        Layer { block: head.block.as_deref().unwrap_or_default(), head: Some(head), perhaps, open: None }
    }

    /// What is set outside sections.
    pub(super) fn server(block: &'t [Entry<'a>]) -> Layer<'t, 'a> {
        Layer { block, head: None, perhaps: None, open: None }
    }

    /// What something that was not read may set.
    pub(super) fn unread(names: &'static [&'static str], why: Why<'a>) -> Layer<'t, 'a> {
        Layer { block: &[], head: None, perhaps: None, open: Some((names, why)) }
    }

    /// Why one of these directives may be set by something that was not read.
    pub(super) fn may_set(&self, names: &[&str]) -> Option<Why<'a>> {
        self.open.filter(|(set, _)| set.iter().any(|name| names.contains(name))).map(|(_, why)| why)
    }
}

/// Sections that hold for something, the one that wins last.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain<'t, 'a> {
    /// The sections.
    pub layers: Vec<Layer<'t, 'a>>,
    /// The main file, to say where something was looked for.
    pub main: &'a str,
    /// Why something could be missing anywhere, so that what is set nowhere may be set after all.
    pub gap: Option<Why<'a>>,
}

/// What was found of directives.
#[derive(Clone, Debug, Default)]
pub(super) struct Found<'t, 'a> {
    /// The lines of the section that wins.
    pub entries: Vec<&'t Entry<'a>>,
    /// The line that begins that section.
    pub head: Option<&'t Entry<'a>>,
    /// Why it could be otherwise.
    pub doubt: Option<Why<'a>>,
}

impl<'t, 'a> Found<'t, 'a> {
    /// The line that wins where a later one replaces an earlier one.
    pub(super) fn last(&self) -> Option<&'t Entry<'a>> {
        self.entries.last().copied()
    }

    /// The lines as evidence, with the section, or where they were looked for.
    pub(super) fn evidence(&self, host: &Host<'a>, main: &'a str) -> &'a [Evidence<'a>] {
        if self.entries.is_empty() {
            return host.evidence(&[Evidence::Searched(main)]);
        }
        let lines = self.entries.iter().rev().take(32).map(|entry| entry.decides());
        let scope = self.head.map(|head| Evidence::Scope(head.source.span(head.text.lines().next().unwrap_or_default())));
        host.evidence(&lines.chain(scope).collect::<Vec<_>>())
    }
}

/// The directives of some names in a block, those that `Limit` keeps for some methods aside, and why there could be others.
pub(super) fn in_block<'t, 'a>(block: &'t [Entry<'a>], names: &[&str]) -> (Vec<&'t Entry<'a>>, Option<Why<'a>>) {
    let mut entries = Vec::new();
    let mut doubt = None;
    for entry in block {
        if names.contains(&entry.name) {
            // What comes later in the same section wins over what is doubtful before it, unless lines add up.
            entries.push(entry);
        } else if let Some(why) = entry.may_be(names) {
            doubt = Some(why);
        } else if matches!(entry.name, "limit" | "limitexcept") && limits_get(entry) {
            let inner = entry.block.as_deref().unwrap_or_default();
            if inner.iter().any(|line| names.contains(&line.name)) {
                doubt = Some(Why::not_understood(entry.text.lines().next().unwrap_or_default()));
            }
        }
    }
    (entries, doubt)
}

/// Why something after the last of some directives could be one of them.
fn late<'a>(block: &[Entry<'a>], names: &[&str]) -> Option<Why<'a>> {
    let after = block.iter().rev().take_while(|entry| !names.contains(&entry.name));
    after.filter_map(|entry| entry.may_be(names)).next()
}

/// Whether a `Limit` or `LimitExcept` is about GET.
fn limits_get(entry: &Entry<'_>) -> bool {
    let names_get = entry.words.iter().any(|word| word.eq_ignore_ascii_case("get"));
    (entry.name == "limit") == names_get
}

impl<'t, 'a> Chain<'t, 'a> {
    /// The same with one more section, which wins.
    pub(super) fn with(&self, layer: Layer<'t, 'a>) -> Chain<'t, 'a> {
        let mut chain = self.clone();
        chain.layers.push(layer);
        chain
    }

    /// The section that wins among those that have any of these directives.
    pub(super) fn find(&self, names: &[&str]) -> Found<'t, 'a> {
        let mut doubt = None;
        for layer in self.layers.iter().rev() {
            let (entries, open) = in_block(layer.block, names);
            // Outside sections a later line replaces an earlier one, so that only what comes after it matters.
            let open = if layer.head.is_some() || entries.is_empty() { open } else { late(layer.block, names) };
            doubt = doubt.or(open).or_else(|| layer.may_set(names));
            if entries.is_empty() {
                continue;
            }
            if layer.perhaps.is_some() {
                doubt = doubt.or(layer.perhaps);
                continue;
            }
            return Found { entries, head: layer.head, doubt };
        }
        Found { entries: Vec::new(), head: None, doubt: doubt.or(self.gap) }
    }

    /// A cell that a documented default decides, because no section says anything.
    pub(super) fn default(&self, host: &Host<'a>, value: Value<'a>, documented: &'static Documented) -> Cell<'a> {
        Cell::known(value, host.evidence(&[Evidence::Default(documented), Evidence::Searched(self.main)]))
    }

    /// Why there could be more lines of some directives that add up.
    pub(super) fn more(&self, names: &[&str]) -> Option<Why<'a>> {
        let lines = self.layers.iter().flat_map(|layer| layer.block);
        lines.filter_map(|entry| entry.may_be(names)).next().or(self.gap)
    }

    /// The cell of one line that wins, read as a value.
    pub(super) fn cell(
        &self,
        host: &Host<'a>,
        name: &str,
        default: (Value<'a>, &'static Documented),
        read: impl Fn(&Entry<'a>) -> Option<Value<'a>>,
    ) -> Cell<'a> {
        let found = self.find(&[name]);
        let evidence = found.evidence(host, self.main);
        match (found.last(), found.doubt) {
            (_, Some(why)) => Cell::unknown(why, evidence),
            (None, None) => self.default(host, default.0, default.1),
            (Some(line), None) => match read(line) {
                Some(value) => Cell::known(value, evidence),
                None => Cell::unknown(Why::not_understood(line.text), evidence),
            },
        }
    }
}

/// What a switch of words says.
pub(super) fn switch(word: &str, on: &[&str]) -> Option<bool> {
    if on.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        return Some(true);
    }
    word.eq_ignore_ascii_case("off").then_some(false)
}

/// The sections of some names in a block, those inside undecided conditions too, with why these may not hold.
pub(super) fn sections<'t, 'a>(block: &'t Block<'a>, names: &[&str]) -> Vec<(&'t Entry<'a>, Option<Why<'a>>)> {
    let mut found = Vec::new();
    gather(block, names, None, &mut found);
    found
}

fn gather<'t, 'a>(block: &'t Block<'a>, names: &[&str], why: Option<Why<'a>>, found: &mut Vec<(&'t Entry<'a>, Option<Why<'a>>)>) {
    for entry in block {
        let Some(inner) = &entry.block else { continue };
        if names.contains(&entry.name) {
            found.push((entry, why));
        } else if entry.perhaps.is_some() {
            gather(inner, names, why.or(entry.perhaps), found);
        }
    }
}
