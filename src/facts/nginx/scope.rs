//! Blocks inside one another into what holds for a location: nginx's inheritance.
//!
//! A directive that may stand several times (`add_header`, `access_log`, `allow` and `deny` together) is inherited as a whole or not at
//! all: one line of it in an inner block drops every line of the outer ones.

use super::load::{Block, Entry};
use crate::facts::{Cell, Documented, Evidence, Host, Value, Why};

/// Blocks that hold for something, the innermost first; the last is `http`.
#[derive(Clone, Debug)]
pub(super) struct Chain<'t, 'a> {
    /// The blocks.
    pub blocks: Vec<&'t Block<'a>>,
    /// Files that were read, to say where something was looked for.
    pub main: &'a str,
}

/// What was found of a directive.
#[derive(Clone, Debug)]
pub(super) struct Found<'t, 'a> {
    /// Its lines in the innermost block that has any.
    pub entries: Vec<&'t Entry<'a>>,
    /// The number of that block in the chain.
    pub level: usize,
    /// Why it could be otherwise.
    pub doubt: Option<Why<'a>>,
}

impl<'t, 'a> Found<'t, 'a> {
    /// The line, where there is just one that counts.
    pub(super) fn first(&self) -> Option<&'t Entry<'a>> {
        self.entries.first().copied()
    }

    /// Its lines as evidence, or where they were looked for.
    pub(super) fn evidence(&self, host: &Host<'a>, main: &'a str) -> &'a [Evidence<'a>] {
        if self.entries.is_empty() {
            return host.evidence(&[Evidence::Searched(main)]);
        }
        let pieces: Vec<Evidence<'a>> = self.entries.iter().take(32).map(|entry| entry.decides()).collect();
        host.evidence(&pieces)
    }
}

impl<'t, 'a> Chain<'t, 'a> {
    /// The same for a block inside.
    pub(super) fn inside(&self, block: &'t Block<'a>) -> Chain<'t, 'a> {
        let mut blocks = vec![block];
        blocks.extend(&self.blocks);
        Chain { blocks, main: self.main }
    }

    /// A directive that may stand once: what a gap in its own block holds cannot be another of it.
    pub(super) fn single(&self, name: &str) -> Found<'t, 'a> {
        self.find(&[name], false)
    }

    /// Directives that may stand several times and are inherited together.
    pub(super) fn several(&self, names: &[&str]) -> Found<'t, 'a> {
        self.find(names, true)
    }

    fn find(&self, names: &[&str], several: bool) -> Found<'t, 'a> {
        let mut doubt = None;
        for (level, block) in self.blocks.iter().enumerate() {
            let entries: Vec<&Entry<'a>> = block.entries.iter().filter(|entry| names.contains(&entry.name)).collect();
            let gap = block.gaps.first().copied();
            if !entries.is_empty() {
                return Found { entries, level, doubt: doubt.or(gap.filter(|_| several)) };
            }
            doubt = doubt.or(gap);
        }
        Found { entries: Vec::new(), level: self.blocks.len(), doubt }
    }

    /// The cell of a switch with a documented default.
    pub(super) fn switch(&self, host: &Host<'a>, name: &str, default: bool, documented: &'static Documented) -> Cell<'a> {
        let found = self.single(name);
        match (found.first(), found.doubt) {
            (_, Some(why)) => Cell::unknown(why, found.evidence(host, self.main)),
            (Some(entry), None) => match entry.word(0) {
                word if word.eq_ignore_ascii_case("on") => Cell::known(Value::Boolean(true), found.evidence(host, self.main)),
                word if word.eq_ignore_ascii_case("off") => Cell::known(Value::Boolean(false), found.evidence(host, self.main)),
                word => Cell::unknown(Why::not_understood(word), found.evidence(host, self.main)),
            },
            (None, None) => self.default(host, Value::Boolean(default), documented),
        }
    }

    /// A cell that a documented default decides, because no block of the chain says anything.
    pub(super) fn default(&self, host: &Host<'a>, value: Value<'a>, documented: &'static Documented) -> Cell<'a> {
        Cell::known(value, host.evidence(&[Evidence::Default(documented), Evidence::Searched(self.main)]))
    }
}

/// Seconds of a time of nginx: `60`, `60s`, `1m 30s`, `1h30m`, `500ms` (rounded up).
pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut total_milliseconds = 0u64;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit = match &rest[..letters] {
            "ms" => 1,
            "" | "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            "M" => 2_592_000_000,
            "y" => 31_536_000_000,
            _ => return None,
        };
        rest = rest[letters..].trim_start();
        total_milliseconds = total_milliseconds.checked_add(number.checked_mul(unit)?)?;
    }
    Some(total_milliseconds.div_ceil(1_000))
}

/// Bytes of a size of nginx: `1m`, `8k`, `1g`, `512`.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let (digits, unit) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 1 << 10),
        b'm' | b'M' => (&text[..text.len() - 1], 1 << 20),
        b'g' | b'G' => (&text[..text.len() - 1], 1 << 30),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
