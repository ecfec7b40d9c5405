//! What stops a run, with spans, into text with carets.

pub(crate) mod document;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::names::Language;

/// A sentence in both languages, made for one occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Message {
    /// Both languages of one sentence.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Message {
        Message { zh: zh.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// Where in something that the user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// Its whole text.
    pub text: std::sync::Arc<str>,
    /// Byte range in the text.
    pub start: usize,
    /// First byte after the range.
    pub end: usize,
}

impl Place {
    /// Line and column, counted from one; the column counts characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = self.text.get(..self.start).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Stops the run.
    Error,
    /// Is shown and does not stop anything.
    Warning,
}

/// One thing that is wrong with what the user gave: what, where, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops the run.
    pub weight: Weight,
    /// Kebab-case code for machines, such as `unknown-column`.
    pub code: &'static str,
    /// What is wrong.
    pub message: Message,
    /// Where, if it has a place in a text.
    pub place: Option<Place>,
    /// The way out.
    pub help: Option<Message>,
}

impl Problem {
    /// An error without a place.
    pub fn new(code: &'static str, message: Message) -> Problem {
        Problem { weight: Weight::Error, code, message, place: None, help: None }
    }

    /// The same with a way out.
    pub fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Problem {
        self.help = Some(Message::new(zh, en));
        self
    }

    /// The same at a place.
    pub fn at(mut self, place: Place) -> Problem {
        self.place = Some(place);
        self
    }

    /// The same as a warning.
    pub fn warning(mut self) -> Problem {
        self.weight = Weight::Warning;
        self
    }

    /// The problem as text: message, place with caret, help.
    pub fn render(&self, language: Language) -> String {
        let level = match self.weight {
            Weight::Error => Level::ERROR,
            Weight::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(self.message.text(language)).id(self.code));
        if let Some(place) = &self.place {
            let end = place.end.max(place.start).min(place.text.len());
            group = group.element(
                Snippet::source(&*place.text).path(&place.file).annotation(AnnotationKind::Primary.span(place.start.min(end)..end)),
            );
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.text(language)));
        }
        Renderer::plain().render(&[group])
    }
}

/// All problems of one kind of input, found at once.
pub type Problems = Vec<Problem>;

/// Whether any of them stops the run.
pub fn fatal(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.weight == Weight::Error)
}
