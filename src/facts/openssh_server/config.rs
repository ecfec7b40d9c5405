//! sshd_config and what it includes into one run of directives, each with the condition under which it holds, and what is wrong.
//!
//! The truth is servconf.c: a `Match` lasts until the next one or the end of its file, an included file begins under the condition of
//! the line that includes it, and a global keyword in a block that limits to some connections keeps sshd from starting.

use std::cell::RefCell;

use foldhash::HashMap;

use super::super::os_release;
use super::super::{Artefact, Host, Why};
use super::conditions::{self, Criteria, kept};
use super::keywords::{self, Arguments, Keyword, Place};
use super::startup;
use super::values;
use super::version::{Versions, versions};
use super::view::Found;
use crate::names::Phrase;
use crate::parse::keyword::{self, Item, Line};
use crate::snapshot::{Kind, Lack};
use crate::source::{Source, Span};

/// The main file, and where SUSE looks when it is not there.
pub(super) const MAIN: [&str; 2] = ["etc/ssh/sshd_config", "usr/etc/ssh/sshd_config"];

/// Where crypto policies write what Red Hat's sshd includes: algorithms and key sizes only.
const CRYPTO_POLICY: &str = "etc/crypto-policies/";

/// How deep files may include each other (SERVCONF_MAX_DEPTH).
const DEPTH_MOST: usize = 16;

static REFUSED: Phrase =
    Phrase { zh: "sshd 不接受该配置，拒绝启动：{}", en: "sshd refuses this configuration and does not start: {}" };

static TRUNCATED: Phrase = Phrase { zh: "{} 只采集到一部分", en: "{} was collected in part" };

/// Where a directive stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// Before every `Match`.
    Global,
    /// In a block: the number of its condition, and its `Match` line.
    Block(usize, Span),
}

/// One line that sets something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Directive<'a> {
    /// Its keyword.
    pub(super) keyword: &'static Keyword,
    /// The line.
    pub(super) span: Span,
    /// Its arguments.
    pub(super) arguments: &'a [&'a str],
    /// What follows the keyword, not split.
    pub(super) rest: &'a str,
    /// Where it stands.
    pub(super) within: Within,
}

/// What an issue leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Every setting.
    Everything,
    /// The algorithms only.
    Algorithms,
}

/// Something that keeps the configuration from being known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Issue<'a> {
    /// What it is.
    pub(super) why: Why<'a>,
    /// The text that it is about.
    pub(super) span: Option<Span>,
    /// What it leaves open.
    pub(super) reach: Reach,
    /// How many directives were read before it: those are first, so that it cannot change what they set.
    pub(super) directives_before: usize,
}

/// One pattern of an `Include`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inclusion<'a> {
    /// The pattern, as written.
    pub(super) pattern: &'a str,
    /// Where it is included.
    pub(super) span: Span,
    /// Whether a file matches; none where that is not known.
    pub(super) found: Option<bool>,
}

/// The whole configuration.
#[derive(Debug)]
pub(super) struct Config<'a> {
    /// The path of the main file.
    pub(super) main: &'a str,
    /// What is known of the version.
    pub(super) versions: Versions<'a>,
    /// The directives in the order in which sshd reads them.
    pub(super) directives: Vec<Directive<'a>>,
    /// What the keywords of directives mean, with the first and the last place: most that are asked for stand nowhere or once.
    pub(super) mentioned: HashMap<&'static str, (usize, usize)>,
    /// Defaults that were asked for.
    pub(super) defaults: RefCell<HashMap<&'static str, Found<'a>>>,
    /// The conditions of blocks, each once; the first holds for every connection.
    pub(super) conditions: Vec<Criteria<'a>>,
    /// What is wrong or not known.
    pub(super) issues: Vec<Issue<'a>>,
    /// What is included.
    pub(super) inclusions: Vec<Inclusion<'a>>,
    /// The files that were read.
    pub(super) files: Vec<&'a Source<'a>>,
}

/// Reads the configuration; why not, where the main file is not there.
pub(super) fn read<'a>(host: &Host<'a>) -> Result<Config<'a>, (&'static str, Lack)> {
    let (path, source) = match host.file(MAIN[0]) {
        Artefact::Text(source) => (MAIN[0], source),
        Artefact::Lacking(Lack::Absent) => match host.file(MAIN[1]) {
            Artefact::Text(source) => (MAIN[1], source),
            // SUSE alone reads the second path: elsewhere its absence need not be proven.
            Artefact::Lacking(Lack::NotCollected) if !suse(host) => return Err((MAIN[0], Lack::Absent)),
            Artefact::Lacking(lack) => return Err((MAIN[1], lack)),
        },
        Artefact::Lacking(lack) => return Err((MAIN[0], lack)),
    };
    let config = Config {
        main: path,
        versions: versions(host),
        directives: Vec::new(),
        mentioned: HashMap::default(),
        defaults: RefCell::default(),
        conditions: vec![&[]],
        issues: Vec::new(),
        inclusions: Vec::new(),
        files: Vec::new(),
    };
    let mut reader = Reader { host, config, too_deep: false };
    reader.file(source, Within::Global, 0);
    let refused: Vec<Span> = startup::refused(&reader.config).into_iter().map(|it| it.span).collect();
    for span in refused {
        reader.issue(refusal(host, span), Some(span), Reach::Everything);
    }
    Ok(reader.config)
}

/// Why nothing is known where sshd refuses the text of a span.
pub(super) fn refusal<'a>(host: &Host<'a>, span: Span) -> Why<'a> {
    let text = host.sources().source(span.source).map_or("", |source| source.slice(span));
    Why::new("refused", &REFUSED, text)
}

/// Whether the host is a SUSE.
fn suse(host: &Host<'_>) -> bool {
    os_release::release(host).is_some_and(|release| release.is_like(&["suse", "sles", "sled"]))
}

/// Reads files into a configuration.
struct Reader<'h, 'a> {
    host: &'h Host<'a>,
    config: Config<'a>,
    /// Whether files include each other without end: nothing is included any more.
    too_deep: bool,
}

impl<'a> Reader<'_, 'a> {
    /// Reads one file that begins under a condition.
    fn file(&mut self, source: &'a Source<'a>, outer: Within, depth: usize) {
        if self.too_deep {
            return;
        }
        if depth > DEPTH_MOST {
            self.too_deep = true;
            self.refused(source.path, None);
            return;
        }
        self.config.files.push(source);
        let mut within = outer;
        for item in keyword::lines(source.text) {
            if !self.host.spend(1) {
                self.issue(Why::budget_spent(source.path), Some(source.whole()), Reach::Everything);
                return;
            }
            match item {
                Item::Opaque(text) => self.issue(Why::not_understood(text), Some(source.span(text)), Reach::Everything),
                Item::Line(line) => self.line(source, &line, outer, &mut within, depth),
            }
        }
        if !source.complete {
            self.issue(Why::new("truncated", &TRUNCATED, source.path), Some(source.whole()), Reach::Everything);
        }
    }

    /// Takes in one line.
    fn line(&mut self, source: &'a Source<'a>, line: &Line<'a>, outer: Within, within: &mut Within, depth: usize) {
        let span = source.span(line.text);
        let Some(keyword) = keywords::find(line.keyword) else {
            return self.issue(Why::not_understood(line.keyword), Some(span), Reach::Everything);
        };
        if self.config.versions.before(keyword.since) {
            return self.issue(Why::not_understood(line.keyword), Some(span), Reach::Everything);
        }
        let Some(arguments) = self.arguments(line, keyword) else { return self.refused(line.text, Some(span)) };
        let accepted = values::acceptable(keyword, arguments, line.rest, &self.config.versions);
        if !accepted || line.rest.is_empty() || !self.placed(keyword, *within) {
            return self.refused(line.text, Some(span));
        }
        match keyword.arguments {
            Arguments::Match => match conditions::criteria(self.host, line.rest, &self.config.versions) {
                Some(criteria) => *within = self.begin(criteria, outer, span),
                None => self.refused(line.text, Some(span)),
            },
            Arguments::Include => arguments.iter().for_each(|pattern| self.include(pattern, *within, span, depth)),
            _ => {
                let directive = Directive { keyword, span, arguments, rest: line.rest, within: *within };
                let place = self.config.directives.len();
                self.config.mentioned.entry(keyword.means).or_insert((place, place)).1 = place;
                self.config.directives.push(directive);
            }
        }
    }

    /// The arguments of a line; none where a quote is not closed. An unknown version is read as a current one.
    fn arguments(&self, line: &Line<'a>, keyword: &Keyword) -> Option<&'a [&'a str]> {
        if matches!(keyword.arguments, Arguments::Rest | Arguments::Command) && self.config.versions.before((8, 5)) {
            return Some(&[]);
        }
        let split = if self.config.versions.before((8, 5)) {
            keyword::delimited_arguments(line.rest, keyword.arguments != Arguments::EnvironmentSettings)
        } else {
            keyword::arguments(line.rest)?
        };
        let kept: Vec<&'a str> = split.into_iter().map(|it| kept(self.host, it)).collect();
        Some(self.host.arena().alloc_slice_copy(&kept))
    }

    /// Whether a keyword may stand there; a block that limits to nobody in particular counts as global.
    fn placed(&self, keyword: &Keyword, within: Within) -> bool {
        let limited = matches!(within, Within::Block(condition, _) if !self.config.conditions[condition].is_empty());
        match keyword.place {
            Place::Anywhere => true,
            Place::AnywhereFrom(release) => !limited || !self.config.versions.before(release),
            Place::Global => !limited,
        }
    }

    /// Begins a block; in an included file, its condition adds to the one under which the file is included.
    fn begin(&mut self, mut found: Vec<conditions::Criterion<'a>>, outer: Within, span: Span) -> Within {
        if let Within::Block(condition, _) = outer {
            found.extend(self.config.conditions[condition]);
        }
        let criteria = conditions::canonical(self.host, found);
        let known = self.config.conditions.iter().position(|it| *it == criteria);
        let number = known.unwrap_or_else(|| {
            self.config.conditions.push(criteria);
            self.config.conditions.len() - 1
        });
        Within::Block(number, span)
    }

    /// Reads the files that match one pattern.
    fn include(&mut self, pattern: &'a str, within: Within, span: Span, depth: usize) {
        // A tilde is not expanded: it names a file below the directory in which sshd was started.
        let matches = if pattern.starts_with('~') {
            super::super::Matches { paths: &[], gap: None }
        } else if pattern.starts_with('/') {
            self.host.matching(pattern)
        } else {
            self.host.matching(&format!("etc/ssh/{pattern}"))
        };
        let found = if matches.paths.is_empty() { matches.gap.is_none().then_some(false) } else { Some(true) };
        self.config.inclusions.push(Inclusion { pattern, span, found });
        if let Some((path, lack)) = matches.gap {
            self.issue(Why::lacking(path, lack), Some(span), reach(pattern));
        }
        for path in matches.paths {
            match self.host.file(path) {
                Artefact::Text(included) => self.file(included, within, depth + 1),
                // sshd reads a directory as an empty file.
                Artefact::Lacking(Lack::OtherKind) if self.host.asset().look(path).kind == Some(Kind::Directory) => {}
                Artefact::Lacking(lack) => self.issue(Why::lacking(path, lack), Some(span), reach(pattern)),
            }
        }
    }

    /// Notes that sshd would not start.
    fn refused(&mut self, text: &'a str, span: Option<Span>) {
        self.issue(Why::new("refused", &REFUSED, text), span, Reach::Everything);
    }

    fn issue(&mut self, why: Why<'a>, span: Option<Span>, reach: Reach) {
        let directives_before = self.config.directives.len();
        self.config.issues.push(Issue { why, span, reach, directives_before });
    }
}

/// What a file that cannot be read could have set.
fn reach(pattern: &str) -> Reach {
    if pattern.trim_start_matches('/').starts_with(CRYPTO_POLICY) { Reach::Algorithms } else { Reach::Everything }
}
