//! Legacy directives into what is set at a place in the configuration: most of them hold for what follows, some for one action only.

use crate::parse::rsyslog::Object;
use crate::schema;
use crate::source::{Source, Span};

/// What is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Setting<'a> {
    /// Nothing: the default holds.
    Default,
    /// This text.
    Set(&'a str, Span),
    /// Something that was not collected may have set it, or it is computed when rsyslogd starts.
    Unsure,
}

impl<'a> Setting<'a> {
    /// The text, if one is set.
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Setting::Set(text, _) => Some(text),
            Setting::Default | Setting::Unsure => None,
        }
    }

    /// The span, if it is set.
    pub(super) fn span(self) -> Option<Span> {
        match self {
            Setting::Set(_, span) => Some(span),
            Setting::Default | Setting::Unsure => None,
        }
    }

    /// This, or the other where it is the default.
    pub(super) fn or(self, other: Setting<'a>) -> Setting<'a> {
        if self == Setting::Default { other } else { self }
    }

    /// Whether it is a switch that is on; none where that is not known.
    pub(super) fn on(self, default: bool) -> Option<bool> {
        match self {
            Setting::Default => Some(default),
            Setting::Set(text, _) => Some(["on", "yes", "1", "true"].iter().any(|word| text.eq_ignore_ascii_case(word))),
            Setting::Unsure => None,
        }
    }

    /// The parameter of an object.
    pub(super) fn of(object: &Object<'a>, name: &str, source: &Source<'a>) -> Setting<'a> {
        match object.parameter(name) {
            None => Setting::Default,
            Some(parameter) if parameter.computed => Setting::Unsure,
            Some(parameter) => Setting::Set(parameter.values.first().copied().unwrap_or_default(), source.span(parameter.text)),
        }
    }
}

/// For what a directive holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Everything that follows.
    On,
    /// The next action, of either style, and no further.
    NextAction,
    /// The next legacy forwarding action.
    NextForward,
    /// The next file that is followed.
    NextFile,
}

/// The directives that are kept track of, in order of their names, and for what they hold.
const DIRECTIVES: &[(&str, Holds)] = &[
    ("ActionExecOnlyEveryNthTime", Holds::NextAction),
    ("ActionExecOnlyOnceEveryInterval", Holds::On),
    ("ActionExecOnlyWhenPreviousIsSuspended", Holds::On),
    ("ActionQueueFileName", Holds::NextAction),
    ("ActionQueueSaveOnShutdown", Holds::NextAction),
    ("ActionQueueType", Holds::NextAction),
    ("ActionResumeRetryCount", Holds::NextAction),
    ("ActionSendStreamDriver", Holds::On),
    ("ActionSendStreamDriverAuthMode", Holds::On),
    ("ActionSendStreamDriverMode", Holds::On),
    ("ActionSendStreamDriverPermittedPeer", Holds::NextForward),
    ("DefaultNetstreamDriver", Holds::On),
    ("FileCreateMode", Holds::On),
    ("InputFileBindRuleset", Holds::On),
    ("InputFileFacility", Holds::On),
    ("InputFileName", Holds::NextFile),
    ("InputFileSeverity", Holds::On),
    ("InputPTCPServerBindRuleset", Holds::On),
    ("InputPTCPServerListenIP", Holds::On),
    ("InputRELPServerBindRuleset", Holds::On),
    ("InputTCPServerBindRuleset", Holds::On),
    ("InputTCPServerStreamDriverMode", Holds::On),
    ("InputUDPServerBindRuleset", Holds::On),
    ("MainMsgQueueFileName", Holds::On),
    ("MainMsgQueueSaveOnShutdown", Holds::On),
    ("MainMsgQueueType", Holds::On),
    ("OmitLocalLogging", Holds::On),
    ("UDPServerAddress", Holds::On),
    ("Umask", Holds::On),
];

/// What the directives up to a place have set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings<'a> {
    values: [Setting<'a>; DIRECTIVES.len()],
}

impl<'a> Settings<'a> {
    /// Nothing is set.
    pub(super) fn new() -> Settings<'a> {
        Settings { values: [Setting::Default; DIRECTIVES.len()] }
    }

    /// The place of a directive; for use in constants, so that a misspelt name does not compile.
    pub(super) const fn place(name: &str) -> usize {
        let mut at = 0;
        while at < DIRECTIVES.len() {
            if schema::same(DIRECTIVES[at].0, name) {
                return at;
            }
            at += 1;
        }
        panic!("no such directive")
    }

    /// What is set at a place.
    pub(super) fn get(&self, place: usize) -> Setting<'a> {
        self.values[place]
    }

    /// Sets a directive of any case; one that is not kept track of changes nothing.
    pub(super) fn set(&mut self, name: &str, value: &'a str, span: Span) {
        let name =
            name.strip_suffix(['s', 'S']).filter(|name| name.eq_ignore_ascii_case("ActionSendStreamDriverPermittedPeer")).unwrap_or(name);
        if let Some(place) = DIRECTIVES.iter().position(|(it, _)| it.eq_ignore_ascii_case(name)) {
            self.values[place] = Setting::Set(value, span);
        }
    }

    /// Forgets everything, as `$ResetConfigVariables` does.
    pub(super) fn reset(&mut self) {
        *self = Settings::new();
    }

    /// Any of them may have been set by something that is not known.
    pub(super) fn doubt(&mut self) {
        self.values = [Setting::Unsure; DIRECTIVES.len()];
    }

    /// An action was made: what holds for one action only is gone.
    pub(super) fn after_action(&mut self, forwards: bool) {
        self.forget(|holds| holds == Holds::NextAction || forwards && holds == Holds::NextForward);
    }

    /// A file is followed: what holds for one only is gone.
    pub(super) fn after_file(&mut self) {
        self.forget(|holds| holds == Holds::NextFile);
    }

    fn forget(&mut self, which: impl Fn(Holds) -> bool) {
        for (value, (_, holds)) in self.values.iter_mut().zip(DIRECTIVES) {
            if which(*holds) {
                *value = Setting::Default;
            }
        }
    }
}
