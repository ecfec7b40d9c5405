//! A piece of evidence into what may be shown of it: role, file, line, and the line's text without secrets.

use std::borrow::Cow;

use crate::facts::Evidence;
use crate::names::{Language, Phrase};
use crate::source::visible::{Whitespace, visible};
use crate::source::{Sources, Span};

/// The most characters of a line that are shown.
const SHOWN_CHARACTERS_MOST: usize = 300;

static DEFAULT: Phrase = Phrase { zh: "{}（{} 的默认值，见 {}）", en: "{} (default of {}; {})" };
static SEARCHED: Phrase = Phrase { zh: "已查找，未设置", en: "looked here, not set" };

/// What may be shown of a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown<'a> {
    /// `decides`, `default`, `searched`, `lacks`, `shadowed`, `scope`, `reference` or `step`.
    pub role: &'static str,
    /// Path inside the asset.
    pub file: Option<Cow<'a, str>>,
    /// Line, counted from one.
    pub line: Option<u32>,
    /// Column of the part, counted in characters from one, and its length in characters; for carets.
    pub column: Option<(usize, usize)>,
    /// The line's text, or a sentence.
    pub text: Cow<'a, str>,
}

/// What may be shown of a piece of evidence, in one language.
pub fn shown<'a>(evidence: &Evidence<'a>, sources: &Sources<'a>, language: Language) -> Shown<'a> {
    let sentence = |role, file: Option<&'a str>, text| {
        let file = file.map(|file| visible(file, Whitespace::Shown));
        Shown { role, file, line: None, column: None, text }
    };
    match evidence {
        Evidence::Decides(span) => of_span("decides", *span, sources),
        Evidence::Shadowed(span) => of_span("shadowed", *span, sources),
        Evidence::Scope(span) => of_span("scope", *span, sources),
        Evidence::Reference(span) => of_span("reference", *span, sources),
        Evidence::Default(default) => {
            let text = DEFAULT.fill(language, &[default.setting, default.versions, default.source]);
            sentence("default", None, Cow::Owned(text))
        }
        Evidence::Recorded(path, record) => sentence("decides", Some(*path), visible(record, Whitespace::Shown)),
        Evidence::Searched(path) => sentence("searched", Some(*path), Cow::Borrowed(SEARCHED.text(language))),
        Evidence::Lacks(path, lack) => {
            let path_shown = visible(path, Whitespace::Shown);
            sentence("lacks", Some(*path), Cow::Owned(lack.phrase().fill(language, &[&path_shown])))
        }
        Evidence::Step(phrase, arguments, span) => {
            let arguments: Vec<Cow<'_, str>> = arguments.iter().map(|argument| visible(argument, Whitespace::Shown)).collect();
            let arguments: Vec<&str> = arguments.iter().map(|argument| &**argument).collect();
            let text = Cow::Owned(phrase.fill(language, &arguments));
            match span {
                None => sentence("step", None, text),
                Some(span) => Shown { text, column: None, ..of_span("step", *span, sources) },
            }
        }
    }
}

/// Where a piece of evidence stands, if it is a part of a text: the file and the line that [`shown`] would name.
pub fn place(evidence: &Evidence<'_>, sources: &Sources<'_>) -> Option<(String, u32)> {
    let span = match evidence {
        Evidence::Decides(span) | Evidence::Shadowed(span) | Evidence::Scope(span) | Evidence::Reference(span) => *span,
        Evidence::Step(_, _, span) => (*span)?,
        Evidence::Default(_) | Evidence::Recorded(..) | Evidence::Searched(_) | Evidence::Lacks(..) => return None,
    };
    let source = sources.source(span.source)?;
    Some((visible(source.path, Whitespace::Shown).into_owned(), source.line(span)))
}

/// What may be shown of a span: its first line, with secrets masked and controls visible.
fn of_span<'a>(role: &'static str, span: Span, sources: &Sources<'a>) -> Shown<'a> {
    let Some(source) = sources.source(span.source) else {
        return Shown { role, file: None, line: None, column: None, text: Cow::Borrowed("") };
    };
    let (line_text, offset) = source.line_text(span);
    let part_end = (offset + (span.end - span.start) as usize).min(line_text.len());
    let mut text = match source.printable(line_text) {
        Cow::Borrowed(text) => visible(text, Whitespace::Shown),
        Cow::Owned(text) => Cow::Owned(visible(&text, Whitespace::Shown).into_owned()),
    };
    // Masking may move columns: carets are drawn only where the line is shown as it is.
    let unchanged = matches!(text, Cow::Borrowed(_));
    let column = (unchanged && offset <= part_end && line_text.is_char_boundary(offset) && line_text.is_char_boundary(part_end))
        .then(|| (line_text[..offset].chars().count() + 1, line_text[offset..part_end].chars().count()));
    if text.len() > SHOWN_CHARACTERS_MOST && text.chars().count() > SHOWN_CHARACTERS_MOST {
        text = Cow::Owned(text.chars().take(SHOWN_CHARACTERS_MOST).collect::<String>() + "…");
    }
    Shown { role, file: Some(visible(source.path, Whitespace::Shown)), line: Some(source.line(span)), column, text }
}
