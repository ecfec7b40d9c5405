//! The stacks of a service by which people log in or change passwords into a row of `authentication-policy`.

use super::super::cell::{Cell, Evidence, State, Value, Why};
use super::super::host::Host;
use super::super::table::Tables;
use super::judged::{Judged, judged};
use super::modules::{self, short};
use super::quality::{self, Rules};
use super::stack::Flat;
use super::stack::Kind;
use super::{PRODUCT, lockout, services, storage};
use crate::names::Phrase;
use crate::parse::pam::Group;
use crate::reckon::pam_factors::Prompts;
use crate::schema::neutral::AUTHENTICATION_POLICY;

const PATH: usize = AUTHENTICATION_POLICY.column("path");
const MIN_LENGTH: usize = AUTHENTICATION_POLICY.column("min-length");
const CLASSES: usize = AUTHENTICATION_POLICY.column("classes");
const REQUIREMENTS: usize = AUTHENTICATION_POLICY.column("requirements");
const DICTIONARY: usize = AUTHENTICATION_POLICY.column("dictionary");
const HISTORY: usize = AUTHENTICATION_POLICY.column("history");
const BINDS_ROOT: usize = AUTHENTICATION_POLICY.column("quality-binds-root");
const THRESHOLD: usize = AUTHENTICATION_POLICY.column("lockout-threshold");
const DURATION: usize = AUTHENTICATION_POLICY.column("lockout-duration");
const WINDOW: usize = AUTHENTICATION_POLICY.column("lockout-window");
const APPLIES_TO_ROOT: usize = AUTHENTICATION_POLICY.column("applies-to-root");
const HASH_SCHEME: usize = AUTHENTICATION_POLICY.column("hash-scheme");
const MAX_AGE: usize = AUTHENTICATION_POLICY.column("password-max-age");
const EMPTY_PASSWORDS: usize = AUTHENTICATION_POLICY.column("empty-passwords");
const GROUP_RESTRICTED: usize = AUTHENTICATION_POLICY.column("group-restricted");

static EVADED: Phrase =
    Phrase { zh: "{} 不是每次改密的必经之处，或排在 pam_unix 之后", en: "{} can be passed by, or comes after pam_unix" };
static ASKS_ANEW: Phrase = Phrase {
    zh: "其后的 pam_unix 没有 use_authtok：检查失败后它会另行询问口令，存入的未必是检查过的",
    en: "the pam_unix that follows lacks use_authtok: after a failed check it asks anew, and stores what was not checked",
};
static OLD_DEFAULTS: Phrase = Phrase {
    zh: "{} 的版本未知，而 minlen 和各类 credit 的默认值在 1.3.0 改变",
    en: "the version of {} is not known, and the defaults of minlen and the credits changed with 1.3.0",
};

/// Adds the rows of every such service.
pub(super) fn fill<'a>(host: &Host<'a>, tables: &mut Tables<'a>) {
    for path in services::for_people(host) {
        let password = judged(host, path, Group::Password, Prompts::Many);
        let mut row = host.row(&AUTHENTICATION_POLICY, PRODUCT.name);
        row.set(PATH, Cell::known(Value::Text(path), &[]));
        let quality = demands(host, &password);
        row.set(MIN_LENGTH, quality.length).set(CLASSES, quality.classes).set(REQUIREMENTS, quality.required);
        row.set(DICTIONARY, quality.dictionary).set(BINDS_ROOT, quality.root);
        row.set(HISTORY, storage::history(host, &password));
        row.set(HASH_SCHEME, storage::hash_scheme(host, &password)).set(MAX_AGE, storage::maximum_age(host, &password));
        let lockout = lockout::of(host, path);
        row.set(THRESHOLD, lockout.threshold).set(DURATION, lockout.duration).set(WINDOW, lockout.window);
        row.set(APPLIES_TO_ROOT, lockout.root);
        row.set(EMPTY_PASSWORDS, empty_passwords(host, path)).set(GROUP_RESTRICTED, group(host, path));
        tables.push(row);
    }
    if let Some((path, lack)) = services::main_gap(host) {
        tables.push(host.gap(&AUTHENTICATION_POLICY, PRODUCT.name, Why::lacking(path, lack)));
    }
}

/// The cells about what a new password must be.
struct Demands<'a> {
    length: Cell<'a>,
    classes: Cell<'a>,
    required: Cell<'a>,
    dictionary: Cell<'a>,
    root: Cell<'a>,
}

/// What the password stack demands of a new password.
fn demands<'a>(host: &Host<'a>, judged: &Judged<'a>) -> Demands<'a> {
    let lines = &judged.stack.lines;
    let mut context = Vec::new();
    for at in (0..lines.len()).filter(|at| lines[*at].kind == Kind::Module && quality::checks(lines[*at].module)) {
        let span = lines[at].span();
        let module = host.arena().alloc_slice_copy(&[lines[at].module]);
        if !quality::precedes(judged, at) {
            context.extend([Evidence::Shadowed(span), Evidence::Step(&EVADED, module, Some(span))]);
        } else if let Some(unix) = quality::asks_anew(judged, at) {
            context.extend([Evidence::Shadowed(span), Evidence::Step(&ASKS_ANEW, &[], Some(unix.span()))]);
        } else {
            return match quality::rules(host, &lines[at]) {
                Ok(rules) => told(host, judged, &rules, Evidence::Reference(span)),
                Err(why) => {
                    let evidence = host.evidence(&[Evidence::Decides(span)]);
                    let length = at_most(host, &lines[at], why, evidence);
                    Demands { length, ..unknown(why, evidence) }
                }
            };
        }
    }
    if context.is_empty() {
        context.extend(lines.first().map(|line| Evidence::Searched(line.source.path)));
    }
    match judged.stack.gap {
        Some(why) => unknown(why, host.evidence(&context)),
        None => told(host, judged, &[Rules::default()], context.first().copied().unwrap_or(Evidence::Searched("etc/pam.d")))
            .with(host, &context),
    }
}

/// The least length where the files were not read: a `minlen` argument beats theirs, and their credits can only shorten it.
fn at_most<'a>(host: &Host<'a>, line: &Flat<'a>, why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    match line.value("minlen").and_then(|text| text.parse::<i32>().ok()) {
        Some(length) => {
            let candidates = host.arena().alloc_slice_copy(&[Value::Integer(length.into()), Value::Integer(1)]);
            Cell::one_of(why, candidates, evidence)
        }
        None => Cell::unknown(why, evidence),
    }
}

/// Every cell unknown.
fn unknown<'a>(why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Demands<'a> {
    let cell = Cell::unknown(why, evidence);
    Demands { length: cell, classes: cell, required: cell, dictionary: cell, root: cell }
}

impl<'a> Demands<'a> {
    /// The same, with what explains it behind the evidence of every cell.
    fn with(mut self, host: &Host<'a>, context: &[Evidence<'a>]) -> Demands<'a> {
        for cell in [&mut self.length, &mut self.classes, &mut self.required, &mut self.dictionary, &mut self.root] {
            let more = context.iter().filter(|it| !cell.evidence.contains(it));
            cell.evidence = host.evidence(&cell.evidence.iter().chain(more).copied().collect::<Vec<_>>());
        }
        self
    }
}

/// Cells from what the modules demand, one set of rules per documented default that may hold.
fn told<'a>(host: &Host<'a>, judged: &Judged<'a>, rules: &[Rules<'a>], line: Evidence<'a>) -> Demands<'a> {
    let with = |evidence: &[Evidence<'a>]| host.evidence(&evidence.iter().copied().chain([line]).collect::<Vec<_>>());
    let cell = |of: &dyn Fn(&Rules<'a>) -> Cell<'a>| agreed(host, &rules.iter().map(of).collect::<Vec<_>>());
    let words = ["digit", "lower", "other", "upper"];
    Demands {
        length: cell(&|rules| length(host, judged, rules, line)),
        classes: cell(&|rules| match &rules.classes {
            (0, evidence) => Cell::unset(with(evidence)),
            (classes, evidence) => Cell::known(Value::Integer(*classes as i64), with(evidence)),
        }),
        required: cell(&|rules| {
            let required = || words.iter().zip(&rules.required).filter_map(|(word, evidence)| Some((*word, (*evidence)?)));
            let list: Vec<Value<'a>> = required().map(|(word, _)| Value::Word(word)).collect();
            let evidence: Vec<Evidence<'a>> = required().map(|(_, evidence)| evidence).collect();
            Cell::known(Value::List(host.arena().alloc_slice_copy(&list)), with(&evidence))
        }),
        dictionary: cell(&|rules| Cell::known(Value::Boolean(rules.dictionary.0), with(&rules.dictionary.1))),
        root: cell(&|rules| Cell::known(Value::Boolean(rules.root.0), with(&rules.root.1))),
    }
}

/// One cell of several that should say the same; else unknown, with what each says.
fn agreed<'a>(host: &Host<'a>, cells: &[Cell<'a>]) -> Cell<'a> {
    let Some(first) = cells.first() else { return Cell::NONE };
    if cells.iter().all(|cell| cell.state == first.state) {
        return *first;
    }
    let candidates: Vec<Value<'a>> = cells.iter().filter_map(Cell::value).collect();
    let evidence: Vec<Evidence<'a>> = cells.iter().flat_map(|cell| cell.evidence.iter().copied()).collect();
    let why = Why::new("version-not-known", &OLD_DEFAULTS, "libpwquality");
    // Where one says that nothing is set, there is no list of values that holds them all.
    let candidates = if candidates.len() < cells.len() { Vec::new() } else { candidates };
    Cell::one_of(why, host.arena().alloc_slice_copy(&candidates), host.evidence(&evidence))
}

/// The least length: the module's, or pam_unix's own where that is greater.
fn length<'a>(host: &Host<'a>, judged: &Judged<'a>, rules: &Rules<'a>, line: Evidence<'a>) -> Cell<'a> {
    let known = |length: u64, evidence: &[Evidence<'a>]| {
        Cell::known(Value::Integer(i64::try_from(length).unwrap_or(i64::MAX)), host.evidence(evidence))
    };
    let own = rules.length.as_ref().map(|(length, evidence)| (*length, evidence.iter().copied().chain([line]).collect::<Vec<_>>()));
    let unix = storage::unix(judged).filter(|(at, _)| judged.walk.enforced[*at]);
    match (own, unix.map(|(_, unix)| quality::unix_length(host, unix))) {
        // Debian's default of 6 is below anything that a quality module accepts.
        (Some((length, evidence)), None | Some(Ok(None))) => known(length, &evidence),
        (Some((length, evidence)), Some(Err(_))) if length >= 6 => known(length, &evidence),
        (Some((length, evidence)), Some(Ok(Some((least, _))))) if length >= least => known(length, &evidence),
        (_, Some(Ok(Some((least, piece))))) => known(least, &[piece, line]),
        (_, Some(Err(why))) => Cell::unknown(why, host.evidence(&[line])),
        (None, None | Some(Ok(None))) => Cell::unset(host.evidence(&[line])),
    }
}

/// Whether an empty password admits.
fn empty_passwords<'a>(host: &Host<'a>, service: &str) -> Cell<'a> {
    let judged = judged(host, service, Group::Auth, Prompts::Many);
    let lines = judged.stack.lines.iter().zip(&judged.walk.reachable).filter(|(line, reachable)| **reachable && line.kind == Kind::Module);
    let unix = lines.map(|(line, _)| line).filter(|line| modules::is_unix(line.module));
    let mut evidence = Vec::new();
    for line in unix {
        let nullok = line.arguments().find(|it| it.starts_with("nullok"));
        evidence.push(nullok.map_or(Evidence::Reference(line.span()), |it| Evidence::Decides(line.source.span(it))));
    }
    evidence.sort_by_key(|piece| !matches!(piece, Evidence::Decides(_)));
    if evidence.is_empty() {
        evidence.extend(judged.stack.lines.first().map(|line| Evidence::Searched(line.source.path)));
    }
    let evidence = host.evidence(&evidence);
    match judged.stack.gap.filter(|_| !judged.walk.empty_password) {
        Some(why) => Cell::unknown(why, evidence),
        None => Cell::known(Value::Boolean(judged.walk.empty_password), evidence),
    }
}

/// The only group whose members may use the path: pam_wheel without `trust`, `deny` and `root_only`, or pam_succeed_if with
/// `use_uid` and one group, passed by every successful run of a caller who is not root.
fn group<'a>(host: &Host<'a>, service: &str) -> Cell<'a> {
    let mut lost = Vec::new();
    let mut gap = None;
    for kind in [Group::Auth, Group::Account] {
        let judged = judged(host, service, kind, Prompts::Many);
        gap = gap.or(judged.stack.gap);
        for (at, line) in judged.stack.lines.iter().enumerate().filter(|(_, line)| line.kind == Kind::Module) {
            let named = match short(line.module) {
                "wheel" => Some(line.value("group").unwrap_or("wheel")),
                "succeed_if" => only_group(&line.arguments().collect::<Vec<_>>()),
                _ => None,
            };
            match named {
                Some(name) if judged.walk.enforced[at] => {
                    return Cell::known(Value::Text(name), host.evidence(&[Evidence::Decides(line.span())]));
                }
                Some(_) => lost.push(Evidence::Shadowed(line.span())),
                None => {}
            }
        }
        lost.extend(judged.stack.lines.first().map(|line| Evidence::Searched(line.source.path)));
    }
    let cell = Cell::unset(host.evidence(&lost));
    gap.map_or(cell, |why| Cell { state: State::Unknown(why, &[]), ..cell })
}

/// The group of `use_uid user ingroup NAME`, alone or beside conditions that narrow it further.
fn only_group<'a>(arguments: &[&'a str]) -> Option<&'a str> {
    let at = arguments.windows(2).position(|pair| pair == ["user", "ingroup"])?;
    let name = arguments.get(at + 2).filter(|name| !name.contains(':'))?;
    arguments.contains(&"use_uid").then_some(*name)
}
