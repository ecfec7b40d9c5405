//! The main file and what it includes, in the order in which rsyslogd reads them, into rulesets of steps.
//!
//! Includes take effect where they stand. Every include that could not be read is a step of its own, which may do anything.

use super::action::{self, Action, Does};
use super::condition::Truth;
use super::finish::Globals;
use super::includes::Missing;
use super::inputs::{self, Pending};
use super::routes::Gap;
use super::secrets;
use super::settings::{Setting, Settings};
use super::umask;
use crate::facts::cell::Why;
use crate::facts::host::Host;
use crate::parse::rsyslog::{Conditional, Directive, Object, Statement, Test};
use crate::source::{Source, Span};

/// The ruleset of everything that names no other.
pub(super) const DEFAULT_RULESET: &str = "RSYSLOG_DefaultRuleset";

/// The most actions of one configuration.
const ACTIONS_MOST: usize = 4_000;

/// One step of a ruleset.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// The action of this number.
    Act(usize),
    /// The message is dropped.
    Stop(Span),
    /// Steps under a condition, and those where it does not hold.
    If(Condition<'a>, Vec<Step<'a>>, Vec<Step<'a>>),
    /// Another ruleset's steps.
    Call(&'a str),
    /// Another ruleset's steps, on a copy of the message.
    Hand(&'a str),
    /// Something that was not read: the message may be dropped here, or sent anywhere.
    Anything,
}

/// A condition; evaluated when it is known what enters the ruleset.
#[derive(Debug)]
pub(super) struct Condition<'a> {
    /// Where it stands.
    pub(super) span: Span,
    /// What is tested; none if nothing is known of it.
    pub(super) test: Option<Test<'a>>,
}

/// A ruleset.
#[derive(Debug)]
pub(super) struct Ruleset<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Whether it has a queue of its own: a call then works on a copy of the message.
    pub(super) queued: bool,
    /// Its steps.
    pub(super) steps: Vec<Step<'a>>,
}

/// Everything that was read.
#[derive(Debug)]
pub(super) struct Loaded<'a> {
    /// The rulesets, the default one first.
    pub(super) rulesets: Vec<Ruleset<'a>>,
    /// The ruleset that inputs enter which name none.
    pub(super) entry: &'a str,
    /// The actions, and the path text that a template or channel gives each.
    pub(super) actions: Vec<(Action<'a>, Option<&'a str>)>,
    /// The inputs.
    pub(super) inputs: Vec<Pending<'a>>,
    /// What was not read or not understood.
    pub(super) gaps: Vec<Gap<'a>>,
    /// Whether rsyslogd would refuse all of it, or most of it, for an error.
    pub(super) broken: bool,
    /// Whether messages of this host may carry another address than the loopback one.
    pub(super) renamed: bool,
    /// `$OmitLocalLogging`, which switches the system's socket off.
    pub(super) omitted: Setting<'a>,
    /// What holds for all of it.
    pub(super) globals: Globals<'a>,
}

/// Reads the configuration that begins at `main`.
pub(super) fn load<'a>(host: &Host<'a>, main: &'a Source<'a>) -> Loaded<'a> {
    let mut loader = Loader {
        host,
        source: main,
        settings: Settings::new(),
        file_mode: Setting::Default,
        tcp_module: inputs::TcpModule::default(),
        relp_ruleset: "",
        modules: Vec::new(),
        templates: Vec::new(),
        channels: Vec::new(),
        current: 0,
        out: Loaded {
            rulesets: vec![Ruleset { name: DEFAULT_RULESET, queued: false, steps: Vec::new() }],
            entry: DEFAULT_RULESET,
            actions: Vec::new(),
            inputs: Vec::new(),
            gaps: Vec::new(),
            broken: false,
            renamed: false,
            omitted: Setting::Default,
            globals: Globals {
                driver: Setting::Default,
                umask: Setting::Default,
                started_with: umask::started_with(host),
                main_queue: NO_QUEUE,
                gap: None,
            },
        },
    };
    loader.file(main, None, 0);
    loader.finish()
}

const NO_QUEUE: action::Queue<'static> =
    action::Queue { kind: Setting::Default, file_name: Setting::Default, save_on_shutdown: Setting::Default, retries: Setting::Default };

/// What is known at a place of the configuration.
pub(super) struct Loader<'h, 'a> {
    pub(super) host: &'h Host<'a>,
    pub(super) source: &'a Source<'a>,
    pub(super) settings: Settings<'a>,
    file_mode: Setting<'a>,
    pub(super) tcp_module: inputs::TcpModule<'a>,
    pub(super) relp_ruleset: &'a str,
    pub(super) modules: Vec<&'a str>,
    templates: Vec<(&'a str, &'a str)>,
    channels: Vec<(&'a str, &'a str)>,
    /// The ruleset that legacy rules go to.
    pub(super) current: usize,
    pub(super) out: Loaded<'a>,
}

impl<'a> Loader<'_, 'a> {
    /// What holds for all of it, once all was read.
    fn finish(mut self) -> Loaded<'a> {
        let get = |place: usize| self.settings.get(place);
        let globals = &mut self.out.globals;
        globals.driver = get(const { Settings::place("DefaultNetstreamDriver") });
        globals.umask = get(const { Settings::place("Umask") });
        if globals.main_queue.kind == Setting::Default && globals.main_queue.file_name == Setting::Default {
            globals.main_queue = action::Queue {
                kind: get(const { Settings::place("MainMsgQueueType") }),
                file_name: get(const { Settings::place("MainMsgQueueFileName") }),
                save_on_shutdown: get(const { Settings::place("MainMsgQueueSaveOnShutdown") }),
                retries: Setting::Default,
            };
        }
        self.out.omitted = get(const { Settings::place("OmitLocalLogging") });
        globals.gap = self.out.gaps.first().map(|gap| gap.why);
        self.out
    }

    /// Statements, one after the other.
    pub(super) fn statements(&mut self, statements: Vec<Statement<'a>>, mut into: Option<&mut Vec<Step<'a>>>, depth: usize) {
        for statement in statements {
            self.statement(statement, into.as_deref_mut(), depth);
        }
    }

    /// One statement.
    fn statement(&mut self, statement: Statement<'a>, into: Option<&mut Vec<Step<'a>>>, depth: usize) {
        let step = match statement {
            Statement::Directive(directive) => return self.directive(&directive, into, depth),
            Statement::Object(object) => return self.object(&object),
            Statement::Ruleset(object, body) => return self.ruleset(&object, body, depth),
            Statement::Include(object) => return self.include_object(&object, into, depth),
            Statement::Action(object) => {
                secrets::hide_in(self.source, &object);
                let action = action::scripted(&object, self.source, self.file_mode);
                self.settings.after_action(false);
                self.act(action)
            }
            Statement::Legacy(text) => {
                secrets::hide_in_line(self.source, text);
                let action = action::legacy(text, self.source, &self.settings);
                self.settings.after_action(matches!(action.does, Does::Send(_)));
                self.act(action)
            }
            Statement::Stop(text) => Some(Step::Stop(self.source.span(text))),
            Statement::Call(name) => Some(Step::Call(name)),
            Statement::Conditional(conditional) => Some(self.conditional(conditional, depth)),
            Statement::Uncertain(text, body) => Some(self.uncertain(text, body, depth)),
            // Version 7 and later ignore such blocks; what stands under them is left open, because older ones do not.
            Statement::Block(text) => {
                self.out.gaps.push(Gap { why: Why::not_understood(text), span: Some(self.source.span(text)) });
                self.out.broken = true;
                None
            }
        };
        match (step, into) {
            (None, _) => {}
            (Some(step), Some(steps)) => steps.push(step),
            (Some(step), None) => self.out.rulesets[self.current].steps.push(step),
        }
    }

    /// The step of an action; none where it does nothing that matters here.
    fn act(&mut self, action: Action<'a>) -> Option<Step<'a>> {
        let path = match action.does {
            Does::Discard => return Some(Step::Stop(action.span)),
            Does::Hand(name) => return Some(Step::Hand(name)),
            Does::Nothing => return None,
            Does::Dynamic(name, _) => defined(&self.templates, name),
            Does::Channel(name, _) => defined(&self.channels, name),
            Does::File(..) | Does::Send(_) | Does::Other(..) => None,
        };
        let standard = |name: &str| name.is_empty() || name.starts_with("RSYSLOG_") || name.starts_with(' ');
        let known = |name: &&str| standard(name) || defined(&self.templates, name).is_some();
        let channel_missing = matches!(action.does, Does::Channel(..)) && path.is_none();
        // rsyslogd disables an action whose template or channel was not defined before it.
        let disabled = channel_missing || !action.templates.iter().all(known);
        if disabled && self.out.gaps.is_empty() {
            return None;
        }
        if self.out.actions.len() >= ACTIONS_MOST {
            self.out.gaps.push(Gap { why: Why::budget_spent("rsyslog.conf"), span: Some(action.span) });
            return Some(Step::Anything);
        }
        self.out.actions.push((Action { always: action.always && !disabled, ..action }, path));
        Some(Step::Act(self.out.actions.len() - 1))
    }

    /// Steps under a condition.
    fn conditional(&mut self, conditional: Conditional<'a>, depth: usize) -> Step<'a> {
        let Conditional { text, test, then, otherwise } = conditional;
        let (mut then_steps, mut otherwise_steps) = (Vec::new(), Vec::new());
        self.statements(then, Some(&mut then_steps), depth);
        self.statements(otherwise, Some(&mut otherwise_steps), depth);
        Step::If(Condition { span: self.source.span(text), test: Some(test) }, then_steps, otherwise_steps)
    }

    /// Steps that may run or not. Without any of its own, the statement may run any ruleset.
    fn uncertain(&mut self, text: &'a str, body: Vec<Statement<'a>>, depth: usize) -> Step<'a> {
        let mut steps = Vec::new();
        if body.is_empty() {
            self.out.gaps.push(Gap { why: Why::not_understood(text), span: Some(self.source.span(text)) });
            steps.push(Step::Anything);
        }
        self.statements(body, Some(&mut steps), depth);
        Step::If(Condition { span: self.source.span(text), test: None }, steps, Vec::new())
    }

    /// `ruleset(name="…") { … }`. Of two with one name, the first stays.
    fn ruleset(&mut self, object: &Object<'a>, body: Vec<Statement<'a>>, depth: usize) {
        let name = object.value("name").unwrap_or_default();
        let mut steps = Vec::new();
        self.statements(body, Some(&mut steps), depth);
        if !self.out.rulesets.iter().any(|ruleset| ruleset.name.eq_ignore_ascii_case(name)) {
            let queued = object.value("queue.type").is_some_and(|kind| !kind.eq_ignore_ascii_case("direct"));
            self.out.rulesets.push(Ruleset { name, queued, steps });
        }
    }

    /// The number of the ruleset of that name, made if it is not there, as `$RuleSet` does.
    fn ruleset_number(&mut self, name: &'a str) -> usize {
        let found = self.out.rulesets.iter().position(|ruleset| ruleset.name.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| {
            self.out.rulesets.push(Ruleset { name, queued: false, steps: Vec::new() });
            self.out.rulesets.len() - 1
        })
    }

    /// A legacy directive.
    fn directive(&mut self, directive: &Directive<'a>, into: Option<&mut Vec<Step<'a>>>, depth: usize) {
        let span = self.source.span(directive.text);
        let word = directive.word();
        match directive.name.to_ascii_lowercase().as_str() {
            "includeconfig" => self.include(word, Missing::Refuses, span, into, depth),
            "ruleset" => self.current = self.ruleset_number(word),
            "defaultruleset" if self.out.rulesets.iter().any(|ruleset| ruleset.name.eq_ignore_ascii_case(word)) => self.out.entry = word,
            "rulesetcreatemainqueue" => self.out.rulesets[self.current].queued = Setting::Set(word, span).on(false) == Some(true),
            "template" => define(&mut self.templates, directive.value),
            "outchannel" => define(&mut self.channels, directive.value),
            "modload" => inputs::load(self, word, span),
            "resetconfigvariables" => self.settings.reset(),
            "localhostipif" => self.out.renamed = true,
            _ => {
                secrets::hide_in_directive(self.source, directive);
                self.settings.set(directive.name, word, span);
                inputs::directive(self, directive, span);
            }
        }
    }

    /// An object that declares something.
    fn object(&mut self, object: &Object<'a>) {
        secrets::hide_in(self.source, object);
        match object.kind.to_ascii_lowercase().as_str() {
            "global" => self.global(object),
            "template" => {
                let name = object.value("name").unwrap_or_default();
                // A template that is no string stands for itself by its name.
                self.templates.push((name, object.value("string").unwrap_or(name)));
            }
            "main_queue" => self.out.globals.main_queue = action::Queue::of(object, self.source),
            "module" => {
                let name = inputs::module_name(object.value("load").unwrap_or_default());
                if name.eq_ignore_ascii_case("builtin:omfile") {
                    self.file_mode = Setting::of(object, "fileCreateMode", self.source).or(self.file_mode);
                }
                inputs::module(self, name, object);
                self.modules.push(name);
            }
            "input" => inputs::input(self, object),
            _ => {}
        }
    }

    /// `global(…)`.
    fn global(&mut self, object: &Object<'a>) {
        for name in ["DefaultNetstreamDriver", "Umask"] {
            if let Setting::Set(text, span) = Setting::of(object, name, self.source) {
                self.settings.set(name, text, span);
            }
        }
        self.out.renamed |= object.parameter("localHostIPIF").is_some();
    }
}

/// The text that a name stands for.
fn defined<'a>(definitions: &[(&'a str, &'a str)], name: &str) -> Option<&'a str> {
    definitions.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, text)| *text)
}

/// `name,"text",options` of a template, `name,path,size,command` of an output channel.
fn define<'a>(definitions: &mut Vec<(&'a str, &'a str)>, value: &'a str) {
    let (name, rest) = value.split_once(',').unwrap_or((value, ""));
    let rest = rest.trim();
    let text = match rest.strip_prefix('"') {
        Some(quoted) => quoted.rsplit_once('"').map_or(quoted, |(text, _)| text),
        None => rest.split(',').next().unwrap_or_default().trim(),
    };
    definitions.push((name.trim(), text));
}

/// For which messages a condition holds, given what enters the ruleset.
pub(super) fn truth(condition: &Condition<'_>, entering: super::condition::Entering<'_>) -> Truth {
    condition.test.as_ref().map_or(Truth::OPEN, |test| super::condition::truth(test, entering))
}
