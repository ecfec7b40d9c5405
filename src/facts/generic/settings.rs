//! A text into a row for each of its settings.

use foldhash::{HashMap, HashMapExt};

use super::{Viewing, readings, secrets};
use crate::facts::{Cell, Evidence, Value, Why};
use crate::names::Phrase;
use crate::parse::key_value::{self, Dialect, Quotes, Separator};
use crate::parse::sections;
use crate::schema::generic::{Format, SETTINGS, Wins};
use crate::source::Source;

static REPEATED: Phrase = Phrase {
    zh: "{} 被设置多次，而策略的 `in` 没有说明 `wins`",
    en: "{} is set more than once, and the `in` of the policy does not say which `wins`",
};

/// `KEY value`, a key alone too.
const WORDS: Dialect =
    Dialect { separator: Separator::Blank, comments: &['#'], comments_after_values: false, quotes: Quotes::Around, bare_keys: true };

/// One setting as it is written.
#[derive(Clone, Copy)]
struct Written<'a> {
    section: &'a str,
    key: &'a str,
    value: &'a str,
    line: &'a str,
}

/// Adds the rows of a text: one for each key of a section.
pub(super) fn rows<'a>(viewing: &mut Viewing<'_, 'a>, source: &'a Source<'a>, format: Format, wins: Option<Wins>) {
    let (written, opaque) = read(source.text, format);
    let mut places: HashMap<(&str, &str), usize> = HashMap::with_capacity(written.len());
    let mut keys: Vec<Vec<Written<'a>>> = Vec::with_capacity(written.len());
    for setting in written {
        match places.get(&(setting.section, setting.key)) {
            Some(place) => keys[*place].push(setting),
            None => {
                places.insert((setting.section, setting.key), keys.len());
                keys.push(vec![setting]);
            }
        }
    }
    for settings in &keys {
        let cells = viewing.cells(source.path);
        cells[const { SETTINGS.column("section") }] = Cell::known(Value::Text(settings[0].section), &[]);
        cells[const { SETTINGS.column("key") }] = Cell::known(Value::Text(settings[0].key), &[]);
        set(viewing, source, cells, settings, wins);
        if !viewing.push(source.path, cells) {
            return;
        }
    }
    opaque.into_iter().for_each(|part| viewing.not_understood(source, part));
}

/// What a text sets, in its order, and what was not understood.
fn read(text: &str, format: Format) -> (Vec<Written<'_>>, Vec<&str>) {
    match format {
        Format::Ini => {
            let document = sections::read(text);
            let written = document.entries.into_iter().map(|entry| {
                let key_value::Setting { key, value, line } = entry.setting;
                Written { section: entry.section, key, value, line }
            });
            (written.collect(), document.opaque)
        }
        Format::Shell => of(key_value::read(text, &key_value::ASSIGNMENTS)),
        Format::Words => of(key_value::read(text, &WORDS)),
    }
}

/// The settings of a file without sections.
fn of(document: key_value::Document<'_>) -> (Vec<Written<'_>>, Vec<&str>) {
    let written = document.settings.into_iter().map(|key_value::Setting { key, value, line }| {
        let key = key.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).map_or(key, str::trim_start);
        Written { section: "", key, value, line }
    });
    (written.collect(), document.opaque)
}

/// Sets the value and its readings: of several values the one that the policy says, or none where they differ. There is at least one.
fn set<'a>(viewing: &Viewing<'_, 'a>, source: &'a Source<'a>, cells: &mut [Cell<'a>], settings: &[Written<'a>], wins: Option<Wins>) {
    // Those that lose are shown too, and so hidden with the one that counts.
    let shown: Vec<&'a str> = settings.iter().map(|setting| secrets::value(viewing.host, source, setting.key, setting.value)).collect();
    let winner = match wins {
        Some(Wins::First) => Some(0),
        Some(Wins::Last) => Some(settings.len() - 1),
        None => settings.iter().all(|setting| setting.value == settings[0].value).then_some(0),
    };
    let others = settings.iter().enumerate().filter(|(place, _)| Some(*place) != winner);
    let others = others.map(|(_, setting)| match winner {
        Some(_) => Evidence::Shadowed(source.span(setting.line)),
        None => Evidence::Decides(source.span(setting.line)),
    });
    let decides = winner.map(|winner| Evidence::Decides(source.span(settings[winner].line)));
    let evidence: Vec<Evidence<'a>> = decides.into_iter().chain(others).collect();
    let evidence = viewing.host.evidence(&evidence);
    match winner {
        Some(winner) => readings::set(viewing.host, cells, const { SETTINGS.column("value") }, shown[winner], evidence),
        None => {
            let why = Why::new("set-more-than-once", &REPEATED, settings[0].key);
            readings::set_unknown(cells, const { SETTINGS.column("value") }, Cell::unknown(why, evidence));
        }
    }
}
