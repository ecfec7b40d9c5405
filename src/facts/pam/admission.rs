//! The auth stack of a service into what it demands, with the weakest run explained line by line.

use super::super::cell::{Evidence, Why};
use super::super::host::Host;
use super::judged::{Judged, judged};
use super::modules;
use super::stack::{Flat, Kind};
use crate::names::Phrase;
use crate::parse::pam::Group;
use crate::reckon::pam_control::{Action, IGNORE, SUCCESS};
use crate::reckon::pam_factors::{Factors, Prompts};
use crate::reckon::pam_stack::Visit;

/// What the auth stack of a service demands.
#[derive(Clone, Copy, Debug)]
pub struct Admission<'a> {
    /// What each minimal successful run proves: sorted, no duplicates, no superset of another. Empty: nobody can succeed.
    /// [`Factors::NONE`] alone: some run succeeds without any proof (pam_permit, or a stack without a module that asks).
    /// [`Factors::least`] and [`Factors::most`] bound how many kinds of factor each amounts to.
    pub paths: &'a [Factors],
    /// Whether an account whose password is empty is admitted by that (`nullok` on pam_unix); sshd overrides it with its own
    /// PermitEmptyPasswords. Such runs are not in `paths`.
    pub empty_passwords: bool,
    /// Set where the stack is not wholly known (missing include, truncated file). A run through what is not known proves
    /// [`Factors::PERHAPS`] in `paths`, so that the bounds of `paths` hold all the same.
    pub gap: Option<Why<'a>>,
    /// Servers that the stack depends on, as far as files name them.
    pub servers: &'a [&'a str],
    /// The deciding lines first, then how the weakest run comes about, one step per line of the stack.
    pub evidence: &'a [Evidence<'a>],
}

/// What the auth stack of a service demands.
pub fn admission<'a>(host: &Host<'a>, service: &'a str, prompts: Prompts) -> Admission<'a> {
    let memo = &host.shared.pam.admissions;
    if let Some((_, _, known)) = memo.borrow().iter().find(|(of, asked, _)| *of == service && *asked == prompts) {
        return *known;
    }
    let found = worked_out(host, service, prompts);
    memo.borrow_mut().push((service, prompts, found));
    found
}

/// The same, without looking whether it is known.
fn worked_out<'a>(host: &Host<'a>, service: &str, prompts: Prompts) -> Admission<'a> {
    let judged = judged(host, service, Group::Auth, prompts);
    let mut paths = judged.walk.paths.clone();
    if judged.walk.overflowed || (judged.stack.lines.is_empty() && judged.stack.gap.is_some()) {
        paths = vec![Factors::PERHAPS];
    }
    let stranger = judged.stack.lines.iter().find(|line| line.kind == Kind::Module && !modules::is_known(line));
    let open = weakest(&paths).is_some_and(|path| path.contains(Factors::PERHAPS));
    let unknown = stranger.filter(|_| open).map(|line| Why::new("not-understood", &STRANGER, line.module));
    Admission {
        paths: host.arena().alloc_slice_copy(&paths),
        empty_passwords: judged.walk.empty_password,
        gap: judged.stack.gap.or(unknown),
        servers: super::servers::servers(host, &judged.stack.lines),
        evidence: explain(host, &judged),
    }
}

static KNOWLEDGE: Phrase = Phrase { zh: "{} 通过：口令正确（所知）", en: "{} succeeds: the password is right (knowledge)" };
static POSSESSION: Phrase =
    Phrase { zh: "{} 通过：持有令牌、密钥或卡（所有）", en: "{} succeeds: a token, key or card is there (possession)" };
static INHERENCE: Phrase =
    Phrase { zh: "{} 通过：生物特征相符（所是）", en: "{} succeeds: a trait of the body matches (inherence)" };
static UNSEEN: Phrase = Phrase {
    zh: "{} 通过：由服务器认证，因素种类在本机不可见",
    en: "{} succeeds: a server has checked, the kind of factor cannot be seen here",
};
static PERHAPS: Phrase = Phrase { zh: "{} 通过：不了解该模块验证什么", en: "{} lets pass: what it checks is not known" };
static SUCCEEDS: Phrase = Phrase { zh: "{} 通过，但不验证身份", en: "{} succeeds, and proves nothing" };
static IGNORES: Phrase = Phrase { zh: "{} 不计入结果", en: "{} does not count" };
static FAILS: Phrase = Phrase { zh: "{} 失败，控制字段 {} 予以容忍", en: "{} fails, and its control {} tolerates that" };
static ENDS: Phrase = Phrase {
    zh: "控制字段 {} 到此结束整个栈：后面的行不再执行",
    en: "its control {} ends the stack here: later lines are not reached",
};
static ENDS_SUBSTACK: Phrase =
    Phrase { zh: "控制字段 {} 只结束子栈，外层继续", en: "its control {} ends the substack only, the outer stack goes on" };
static JUMPS: Phrase = Phrase { zh: "控制字段 {} 跳过其后 {} 行", en: "its control {} skips the next {} lines" };
static NOT_KNOWN: Phrase = Phrase { zh: "{} 处的内容未知", en: "what {} holds is not known" };
static STRANGER: Phrase = Phrase { zh: "不了解模块 {} 验证什么", en: "what the module {} checks is not known" };
static NOBODY: Phrase = Phrase { zh: "没有任何执行路径能通过：服务 {}", en: "no run succeeds: service {}" };

/// The path that demands least.
pub(super) fn weakest(paths: &[Factors]) -> Option<Factors> {
    paths.iter().copied().min_by_key(|path| (path.least(), path.most()))
}

/// The deciding lines of the weakest run, the lines that it evades, and the run step by step.
fn explain<'a>(host: &Host<'a>, judged: &Judged<'a>) -> &'a [Evidence<'a>] {
    let lines = &judged.stack.lines;
    let mut evidence = Vec::new();
    let Some(path) = weakest(&judged.walk.paths) else {
        let service = lines.first().map_or("", |line| line.source.path);
        evidence.extend(lines.last().map(|line| Evidence::Decides(line.span())));
        evidence.push(Evidence::Step(&NOBODY, host.arena().alloc_slice_copy(&[service]), None));
        return host.evidence(&evidence);
    };
    let run = judged.walk.run(path);
    let proving = run.iter().filter(|visit| visit.proves != Factors::NONE);
    evidence.extend(proving.map(|visit| Evidence::Decides(lines[visit.step].span())));
    if evidence.is_empty() {
        evidence.extend(run.iter().rev().find(|visit| visit.code == SUCCESS).map(|visit| Evidence::Decides(lines[visit.step].span())));
    }
    let proves = |at: usize| run.iter().any(|visit| visit.step == at && visit.proves != Factors::NONE);
    let evaded = (0..lines.len()).filter(|at| modules::proves(&lines[*at]) && !proves(*at));
    evidence.extend(evaded.map(|at| Evidence::Shadowed(lines[at].span())));
    run.iter().for_each(|visit| steps(host, lines, visit, &mut evidence));
    host.evidence(&evidence)
}

/// What one run did at one line.
fn steps<'a>(host: &Host<'a>, lines: &[Flat<'a>], visit: &Visit, evidence: &mut Vec<Evidence<'a>>) {
    let line = &lines[visit.step];
    let (span, control) = (Some(line.span()), written_control(line));
    let mut add = |phrase, texts: &[&'a str]| evidence.push(Evidence::Step(phrase, host.arena().alloc_slice_copy(texts), span));
    match line.kind {
        Kind::Substack => return,
        Kind::Unknown => return add(&NOT_KNOWN, &[line.line.module.unwrap_or(line.source.path)]),
        Kind::Module | Kind::Fails => {}
    }
    match (visit.proves, visit.code) {
        (Factors::NONE, SUCCESS) => add(&SUCCEEDS, &[line.module]),
        (Factors::NONE, IGNORE) => add(&IGNORES, &[line.module]),
        (Factors::NONE, _) => add(&FAILS, &[line.module, control]),
        (proves, _) => {
            let phrases = [
                (Factors::KNOWLEDGE, &KNOWLEDGE),
                (Factors::POSSESSION, &POSSESSION),
                (Factors::INHERENCE, &INHERENCE),
                (Factors::UNSEEN, &UNSEEN),
                (Factors::PERHAPS, &PERHAPS),
            ];
            phrases.iter().filter(|(kind, _)| proves.contains(*kind)).for_each(|(_, phrase)| add(phrase, &[line.module]));
        }
    }
    match line.control.action(visit.code) {
        Action::Done if visit.next == lines.len() && visit.step + 1 < lines.len() => add(&ENDS, &[control]),
        Action::Done if visit.next > visit.step + 1 => add(&ENDS_SUBSTACK, &[control]),
        Action::Jump(count) => add(&JUMPS, &[control, host.text(&count.to_string())]),
        _ => {}
    }
}

/// The control field as it is written, with its brackets.
pub(super) fn written_control<'a>(line: &Flat<'a>) -> &'a str {
    let Some(control) = line.line.control else { return "" };
    let text = line.source.text;
    let span = line.source.span(control);
    let (start, end) = (span.start as usize, span.end as usize);
    let bracketed = start.checked_sub(1).and_then(|before| text.get(before..=end)).filter(|it| it.starts_with('[') && it.ends_with(']'));
    bracketed.unwrap_or(control)
}
