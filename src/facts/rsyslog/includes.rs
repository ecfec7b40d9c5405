//! Files that a configuration includes, where they stand, into statements; and what is missing into steps that may do anything.

use super::load::{Loader, Step};
use super::routes::Gap;
use super::secrets;
use crate::facts::cell::Why;
use crate::facts::host::Artefact;
use crate::names::Phrase;
use crate::parse::rsyslog::{self as syntax, Object};
use crate::reckon::glob;
use crate::snapshot::Lack;
use crate::source::{Source, Span};

/// Includes that are followed into each other.
const INCLUDES_DEEPEST: usize = 10;

static TRUNCATED: Phrase = Phrase { zh: "{} 只采集到一部分", en: "{} was collected only in part" };
static REFUSES: Phrase =
    Phrase { zh: "{} 被引入但不存在，rsyslogd 不会启动", en: "{} is included and does not exist: rsyslogd does not start" };

/// What happens when an included file is not there.
#[derive(Clone, Copy)]
pub(super) enum Missing {
    /// Nothing but an error message.
    Harmless,
    /// rsyslogd does not start (8.2302: error -2103 for `$IncludeConfig` of a single file).
    Refuses,
}

impl<'a> Loader<'_, 'a> {
    /// Something is missing here: from here on nothing is certain that it could have changed.
    pub(super) fn missing(&mut self, why: Why<'a>, span: Option<Span>, into: Option<&mut Vec<Step<'a>>>) {
        if self.out.gaps.last().is_none_or(|gap| gap.why != why) {
            self.out.gaps.push(Gap { why, span });
        }
        self.settings.doubt();
        match into {
            Some(steps) => steps.push(Step::Anything),
            None => self.out.rulesets[self.current].steps.push(Step::Anything),
        }
    }

    /// The statements of one file. Inside a block its steps go into the block.
    pub(super) fn file(&mut self, source: &'a Source<'a>, mut into: Option<&mut Vec<Step<'a>>>, depth: usize) {
        let outer = std::mem::replace(&mut self.source, source);
        if self.host.spend(1 + source.text.len() as u64 / 32) {
            let document = syntax::parse(source.text);
            for issue in &document.issues {
                let line = issue.lines().next().unwrap_or_default();
                self.out
                    .gaps
                    .push(Gap { why: Why::not_understood(secrets::shown(self.host, source, line)), span: Some(source.span(line)) });
                self.out.broken = true;
            }
            self.statements(document.statements, into.as_deref_mut(), depth);
        } else {
            self.missing(Why::budget_spent(source.path), None, into.as_deref_mut());
        }
        if !source.complete {
            self.missing(Why::new("truncated", &TRUNCATED, source.path), None, into);
        }
        self.source = outer;
    }

    /// `include(…)`.
    pub(super) fn include_object(&mut self, object: &Object<'a>, into: Option<&mut Vec<Step<'a>>>, depth: usize) {
        let span = self.source.span(object.text);
        let mode = object.value("mode").unwrap_or_default();
        let missing = if mode.eq_ignore_ascii_case("abort-if-missing") { Missing::Refuses } else { Missing::Harmless };
        match object.value("file") {
            Some(path) => self.include(path, missing, span, into, depth),
            // Text that is computed when rsyslogd starts.
            None => self.missing(Why::not_understood(object.text), Some(span), into),
        }
    }

    /// The files that a pattern names, in byte order, as the C locale sorts them.
    pub(super) fn include(&mut self, pattern: &'a str, missing: Missing, span: Span, mut into: Option<&mut Vec<Step<'a>>>, depth: usize) {
        if depth >= INCLUDES_DEEPEST {
            return self.missing(Why::budget_spent(pattern), Some(span), into);
        }
        let whole;
        let pattern = if pattern.ends_with('/') {
            whole = self.host.text(&format!("{pattern}*"));
            whole
        } else {
            pattern
        };
        let matches = self.host.matching(pattern);
        let gap = matches.gap.map(|(path, lack)| Why::lacking(path, lack));
        let wild = glob::is_pattern(pattern);
        if matches.paths.is_empty() && gap.is_none() && !wild && matches!(missing, Missing::Refuses) {
            self.out.gaps.push(Gap { why: Why::new("refuses", &REFUSES, pattern), span: Some(span) });
            self.out.broken = true;
        }
        for path in matches.paths {
            // A file that was not collected may stand before, between or after those that were.
            if let Some(why) = gap.filter(|_| wild) {
                self.missing(why, Some(span), into.as_deref_mut());
            }
            match self.host.file(path) {
                Artefact::Text(source) => self.file(source, into.as_deref_mut(), depth + 1),
                Artefact::Lacking(Lack::OtherKind) => {
                    let below = self.host.text(&format!("{path}/*"));
                    self.include(below, missing, span, into.as_deref_mut(), depth + 1);
                }
                Artefact::Lacking(lack) => self.missing(Why::lacking(path, lack), Some(span), into.as_deref_mut()),
            }
        }
        if let Some(why) = gap {
            self.missing(why, Some(span), into);
        }
    }
}
