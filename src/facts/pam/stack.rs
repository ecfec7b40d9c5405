//! Service files into the flattened stack of one service and group: includes and substacks in place, as libpam loads them.
//!
//! A service's file is the first of its name in /etc/pam.d, /usr/lib/pam.d and (SUSE) /usr/etc/pam.d; /etc/pam.conf counts only
//! where there is no such directory. A group of which a service has no line is taken from `other`. A file that cannot be included
//! becomes a line that fails, and so does a line that libpam cannot read (`libpam/pam_handlers.c`).

use std::cell::OnceCell;
use std::rc::Rc;

use super::super::cell::Why;
use super::super::host::{Artefact, Host, Matches};
use crate::parse::pam::{Document, Group, Layout, Line, Purpose, Words, read};
use crate::reckon::pam_control::Control;
use crate::reckon::pam_factors::Factors;
use crate::snapshot::Lack;
use crate::source::{Source, Span};

/// Where service files are, the first wins.
pub(super) const DIRECTORIES: [&str; 3] = ["etc/pam.d", "usr/lib/pam.d", "usr/etc/pam.d"];

/// The most levels of includes (`PAM_SUBSTACK_MAX_LEVEL` of Linux-PAM).
const LEVELS_MOST: u8 = 16;

/// The most lines of one flattened stack.
const LINES_MOST: usize = 400;

/// What stands in a flattened stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A module that is called.
    Module,
    /// A line that libpam cannot use and lets fail.
    Fails,
    /// The line that opens a substack.
    Substack,
    /// Lines that are not known.
    Unknown,
}

/// One line of a flattened stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flat<'a> {
    /// The file that it is in.
    pub(super) source: &'a Source<'a>,
    /// The line.
    pub(super) line: Line<'a>,
    /// What is done with the module's answer.
    pub(super) control: &'a Control,
    /// How many substacks it is in.
    pub(super) level: u8,
    /// What it is.
    pub(super) kind: Kind,
    /// The module's name without directory and `.so`.
    pub(super) module: &'a str,
    /// What the module lets pass without its proof where its own configuration does not forbid it.
    pub(super) unguarded: Option<Factors>,
}

impl<'a> Flat<'a> {
    /// The module's arguments.
    pub(super) fn arguments(&self) -> Words<'a> {
        self.line.arguments()
    }

    /// Whether it has this argument.
    pub(super) fn has(&self, argument: &str) -> bool {
        self.arguments().any(|it| it == argument)
    }

    /// The last argument of the form `key=value` with this key.
    pub(super) fn value(&self, key: &str) -> Option<&'a str> {
        self.arguments().filter_map(|it| it.strip_prefix(key)?.strip_prefix('=')).last()
    }

    /// Where it is.
    pub(super) fn span(&self) -> Span {
        self.source.span(self.line.text)
    }
}

/// A flattened stack.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack<'a> {
    /// Its lines in order.
    pub(super) lines: Vec<Flat<'a>>,
    /// Why lines could be missing, where they could.
    pub(super) gap: Option<Why<'a>>,
    /// Whether libpam refuses the whole service.
    broken: bool,
    /// Whether versions of libpam differ in what they take from a line.
    doubtful: bool,
}

/// One file as it was read.
#[derive(Debug)]
pub(super) struct File<'a> {
    source: &'a Source<'a>,
    document: Document<'a>,
    controls: Vec<&'a Control>,
}

/// What is at the name of a service.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Text(&'a Source<'a>),
    Absent,
    Gap(&'a str, Lack),
}

/// The names in each directory.
pub(super) type Listings<'a> = OnceCell<[Matches<'a>; 3]>;

/// The names of service files in each directory.
pub(super) fn listings<'a>(host: &Host<'a>) -> [Matches<'a>; 3] {
    *host.shared.pam.listings.get_or_init(|| DIRECTORIES.map(|directory| host.matching(&format!("{directory}/*"))))
}

/// Whether /etc/pam.conf is what libpam reads.
fn without_directories(host: &Host<'_>) -> bool {
    listings(host).iter().all(|it| it.paths.is_empty()) && listings(host)[0].gap.is_none()
}

/// The file of a service or include.
fn find<'a>(host: &Host<'a>, name: &str) -> Found<'a> {
    if name.starts_with('/') {
        return match host.file(name) {
            Artefact::Text(source) => Found::Text(source),
            Artefact::Lacking(Lack::Absent | Lack::Dangling) => Found::Absent,
            Artefact::Lacking(lack) => Found::Gap(host.text(name.trim_start_matches('/')), lack),
        };
    }
    let mut gap = None;
    for (directory, listing) in DIRECTORIES.iter().zip(listings(host)) {
        let is_name = |path: &&&'a str| path.strip_prefix(directory).and_then(|rest| rest.strip_prefix('/')) == Some(name);
        let inner = name.contains('/').then(|| host.text(&format!("{directory}/{name}")));
        let path = listing.paths.iter().find(is_name).copied().or(inner);
        match if let Some(path) = path { host.file(path) } else { Artefact::Lacking(listing.gap.map_or(Lack::Absent, |(_, lack)| lack)) } {
            Artefact::Text(source) => return gap.map_or(Found::Text(source), |(path, lack)| Found::Gap(path, lack)),
            Artefact::Lacking(Lack::Absent | Lack::Dangling) => {}
            Artefact::Lacking(lack) => {
                gap = gap.or_else(|| Some((path.unwrap_or_else(|| host.text(&format!("{directory}/{name}"))), lack)))
            }
        }
    }
    gap.map_or(Found::Absent, |(path, lack)| Found::Gap(path, lack))
}

/// The stack of a service and group.
pub(super) fn stack<'a>(host: &Host<'a>, service: &str, group: Group) -> Stack<'a> {
    let mut stack = Stack::default();
    load(host, service, group, &mut stack);
    let other = if service == "other" { Rc::default() } else { other(host, group) };
    if stack.broken || other.broken {
        // libpam refuses a service whose own file, or whose `other`, it cannot read to the end.
        stack.lines.clear();
    } else if stack.lines.is_empty() && stack.gap.is_none() {
        stack = Stack::clone(&other);
    } else if other.doubtful {
        stack.gap = stack.gap.or(other.gap);
    }
    stack
}

/// The stack of a group in `other`, flattened once per host.
fn other<'a>(host: &Host<'a>, group: Group) -> Rc<Stack<'a>> {
    let known = host.shared.pam.others[group as usize].get_or_init(|| {
        let mut stack = Stack::default();
        load(host, "other", group, &mut stack);
        Rc::new(stack)
    });
    known.clone()
}

/// Loads the lines of a service.
fn load<'a>(host: &Host<'a>, service: &str, group: Group, stack: &mut Stack<'a>) {
    let mut loader = Loader { host, group, stack };
    if without_directories(host) {
        return match host.file("etc/pam.conf") {
            Artefact::Text(source) => loader.top(source, Layout::AllServices, Some(service)),
            Artefact::Lacking(Lack::Absent) => {}
            Artefact::Lacking(lack) => loader.stack.gap = Some(Why::lacking("etc/pam.conf", lack)),
        };
    }
    match find(host, &service.to_ascii_lowercase()) {
        Found::Text(source) => loader.top(source, Layout::PerService, None),
        Found::Absent => {}
        Found::Gap(path, lack) => loader.stack.gap = Some(Why::lacking(path, lack)),
    }
}

/// A stack while it is being flattened.
struct Loader<'h, 'a, 's> {
    host: &'h Host<'a>,
    group: Group,
    stack: &'s mut Stack<'a>,
}

/// How a file comes to be read.
#[derive(Clone, Copy)]
struct Context<'c> {
    /// The group that the include asks for; none at top level and in Debian's `@include` there.
    requested: Option<Group>,
    /// How many includes deep.
    depth: u8,
    /// How many substacks deep.
    level: u8,
    /// The service whose lines count, in /etc/pam.conf.
    service: Option<&'c str>,
}

impl<'a> Loader<'_, 'a, '_> {
    /// Reads the file of a service.
    fn top(&mut self, source: &'a Source<'a>, layout: Layout, service: Option<&str>) {
        let context = Context { requested: None, depth: 0, level: 0, service };
        if !self.file(source, layout, context) {
            self.stack.broken = true;
        }
    }

    /// Adds the lines of a file; false where libpam takes it for unreadable.
    fn file(&mut self, source: &'a Source<'a>, layout: Layout, context: Context<'_>) -> bool {
        let file = parsed(self.host, source, layout);
        let whole =
            file.document.lines.len() - usize::from(!source.complete && !source.text.ends_with('\n') && !file.document.lines.is_empty());
        for (line, control) in file.document.lines[..whole].iter().zip(&file.controls) {
            if self.stack.lines.len() >= LINES_MOST || !self.host.spend(1) {
                self.stack.gap = self.stack.gap.or(Some(Why::budget_spent(source.path)));
                self.unknown(source, *line, context.level);
                return true;
            }
            if line.doubtful {
                self.doubt(source, *line, context.level);
            } else if self.concerns(line, context) && !self.line(source, *line, control, context) {
                return false;
            }
        }
        if !source.complete {
            self.stack.gap = self.stack.gap.or(Some(Why::truncated(source.path)));
            let mut rest = Line::nothing();
            rest.text = &source.text[source.text.len()..];
            self.unknown(source, rest, context.level);
            return true;
        }
        file.document.cut.is_none()
    }

    /// Whether a line counts for the group that is being flattened.
    fn concerns(&self, line: &Line<'_>, context: Context<'_>) -> bool {
        let served = context.service.is_none_or(|service| line.service.is_some_and(|it| it.eq_ignore_ascii_case(service)));
        served
            && match line.purpose {
                Purpose::Of(group) => group == self.group,
                Purpose::IncludeAll => true,
                Purpose::Illegal => context.requested.unwrap_or(Group::Auth) == self.group,
            }
    }

    /// Adds one line; false where libpam gives up the whole service.
    fn line(&mut self, source: &'a Source<'a>, line: Line<'a>, control: &'a Control, context: Context<'_>) -> bool {
        let all = line.purpose == Purpose::IncludeAll;
        let substack = !all && line.is("substack");
        if all || substack || line.is("include") {
            if substack {
                self.push(source, line, &Control::BAD, Kind::Substack, context.level);
            }
            let requested = if all { context.requested } else { Some(self.group) };
            let inner = Context { requested, depth: context.depth + 1, level: context.level + u8::from(substack), service: None };
            if self.include(source, line, inner) {
                return true;
            }
            if all && context.requested.is_some() {
                // Debian's libpam takes the control of whichever line it read before (its actions are not initialised).
                self.doubt(source, line, context.level);
                return true;
            }
            self.push(source, line, &Control::BAD, Kind::Fails, context.level);
            return !all;
        }
        let fails = line.purpose == Purpose::Illegal || line.control.is_none() || line.module.is_none();
        self.push(source, line, control, if fails { Kind::Fails } else { Kind::Module }, context.level);
        true
    }

    /// Adds the lines of an included file; false where there is none.
    fn include(&mut self, source: &'a Source<'a>, line: Line<'a>, context: Context<'_>) -> bool {
        let Some(name) = line.module.filter(|_| context.depth < LEVELS_MOST) else { return false };
        match find(self.host, name) {
            Found::Text(included) => self.file(included, Layout::PerService, context),
            Found::Absent => false,
            Found::Gap(path, lack) => {
                self.stack.gap = self.stack.gap.or(Some(Why::lacking(path, lack)));
                self.unknown(source, line, context.level);
                true
            }
        }
    }

    /// Adds a stand-in for a line of which versions of libpam make different things.
    fn doubt(&mut self, source: &'a Source<'a>, line: Line<'a>, level: u8) {
        self.stack.gap = self.stack.gap.or(Some(Why::not_understood(line.text)));
        self.stack.doubtful = true;
        self.unknown(source, line, level);
    }

    /// Adds a stand-in for lines that are not known.
    fn unknown(&mut self, source: &'a Source<'a>, line: Line<'a>, level: u8) {
        self.push(source, line, &Control::BAD, Kind::Unknown, level);
    }

    /// Adds a line.
    fn push(&mut self, source: &'a Source<'a>, line: Line<'a>, control: &'a Control, kind: Kind, level: u8) {
        let path = line.module.unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or(path);
        let module = file.strip_suffix(".so").unwrap_or(file);
        self.stack.lines.push(Flat { source, line, control, level, kind, module, unguarded: None });
    }
}

/// A file's lines, read once per host.
fn parsed<'a>(host: &Host<'a>, source: &'a Source<'a>, layout: Layout) -> Rc<File<'a>> {
    let files = &host.shared.pam.files;
    if let Some(known) = files.borrow().iter().find(|file| file.source.number == source.number) {
        return known.clone();
    }
    let document = read(source.text, layout);
    document.lines.iter().for_each(|line| hide_secrets(source, line));
    let controls = document.lines.iter().map(|line| control(host, line)).collect();
    let file = Rc::new(File { source, document, controls });
    files.borrow_mut().push(file.clone());
    file
}

/// Arguments that carry a password or shared secret (pam_tacplus, pam_mysql, pam_ldap); pam_google_authenticator's `secret=` is a path.
fn hide_secrets(source: &Source<'_>, line: &Line<'_>) {
    const SECRETS: [&str; 7] = ["secret", "passwd", "password", "bindpw", "rootbindpw", "bind_password", "key"];
    for argument in line.arguments() {
        let Some((key, value)) = argument.split_once('=') else { continue };
        if SECRETS.contains(&key) && !value.starts_with(['/', '~', '$']) {
            source.hide(value);
        }
    }
}

/// What a line does with its module's answers.
fn control<'a>(host: &Host<'a>, line: &Line<'a>) -> &'a Control {
    const KEYWORDS: [(&str, &Control); 4] = [
        ("required", &Control::REQUIRED),
        ("requisite", &Control::REQUISITE),
        ("sufficient", &Control::SUFFICIENT),
        ("optional", &Control::OPTIONAL),
    ];
    match KEYWORDS.iter().find(|(word, _)| line.is(word)) {
        Some((_, control)) => control,
        None => host.arena().alloc(line.control.map_or(Control::BAD, Control::read)),
    }
}
