//! Auth stacks with pam_faillock, pam_tally2 or pam_tally into how many failures lock an account, and for how long.
//!
//! pam_faillock locks where both hold: a line with `authfail` is reached when the password is wrong, and a line without it (`preauth`
//! or `authsucc`, which alone look at the count) is passed by every successful run. Which failures count and how long the lock lasts
//! is what the looking line says. Without a line in the account stack, and without `authsucc`, successes do not reset the count,
//! so that failures need not be consecutive: pam_faillock(8).

use super::super::cell::{Cell, Documented, Evidence, Value, Why};
use super::super::host::Host;
use super::conf::{Chosen, Rank, Settings, leading_number};
use super::judged::{Judged, judged, runs};
use super::modules::{self, short};
use super::stack::{Flat, Kind};
use crate::names::Phrase;
use crate::parse::pam::Group;
use crate::reckon::pam_control::SUCCESS;
use crate::reckon::pam_factors::Prompts;

static DENY: Documented = Documented { setting: "deny=3", versions: "pam_faillock of any version", source: "faillock.conf(5)" };
static UNLOCK_TIME: Documented =
    Documented { setting: "unlock_time=600", versions: "pam_faillock of any version", source: "faillock.conf(5)" };
static FAIL_INTERVAL: Documented =
    Documented { setting: "fail_interval=900", versions: "pam_faillock of any version", source: "faillock.conf(5)" };
static TALLY_NEVER: Documented =
    Documented { setting: "unlock_time not set", versions: "pam_tally2 and pam_tally of any version", source: "pam_tally2(8)" };

static NO_LOOK: Phrase = Phrase {
    zh: "pam_faillock 只计数：没有必经的 preauth 或 authsucc 行，被锁定的账户照样能登录",
    en: "pam_faillock only counts: no preauth or authsucc line that every login passes refuses a locked account",
};
static NO_COUNT: Phrase = Phrase {
    zh: "pam_faillock 不计数：口令错误时到达不了 authfail 行",
    en: "pam_faillock does not count: no authfail line is reached when the password is wrong",
};
static NOT_PASSED: Phrase = Phrase { zh: "{} 可以被绕过", en: "some run succeeds without {}" };
static NO_RESET: Phrase = Phrase {
    zh: "account 栈没有 pam_faillock：登录成功不清零，不连续的失败也累计",
    en: "no pam_faillock in the account stack: success does not reset the count, so that failures need not be consecutive",
};
static ROOT_NEEDS_FLAG: Phrase = Phrase {
    zh: "只设 root_unlock_time 不锁定 root：模块只看 even_deny_root（与手册所述不同，以 Linux-PAM 1.5.2 实测为准）",
    en: "root_unlock_time alone does not lock root: the module looks at even_deny_root only (tried with Linux-PAM 1.5.2; its page says otherwise)",
};

/// The cells about locking.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lockout<'a> {
    /// Failures that lock.
    pub(super) threshold: Cell<'a>,
    /// How long.
    pub(super) duration: Cell<'a>,
    /// Within which time failures count.
    pub(super) window: Cell<'a>,
    /// Whether root is locked too.
    pub(super) root: Cell<'a>,
}

impl<'a> Lockout<'a> {
    /// Nothing is known.
    fn unknown(why: Why<'a>, evidence: &'a [Evidence<'a>]) -> Lockout<'a> {
        let cell = Cell::unknown(why, evidence);
        Lockout { threshold: cell, duration: cell, window: cell, root: cell }
    }

    /// Nothing locks.
    fn none(evidence: &'a [Evidence<'a>]) -> Lockout<'a> {
        let cell = Cell::unset(evidence);
        Lockout { threshold: cell, duration: cell, window: cell, root: Cell::known(Value::Boolean(false), evidence) }
    }
}

/// What locks an account at a service.
pub(super) fn of<'a>(host: &Host<'a>, service: &str) -> Lockout<'a> {
    let judged = judged(host, service, Group::Auth, Prompts::Many);
    let lines = &judged.stack.lines;
    let named = |names: &[&str]| -> Vec<usize> {
        (0..lines.len()).filter(|at| lines[*at].kind == Kind::Module && names.contains(&short(lines[*at].module))).collect()
    };
    let faillock = named(&["faillock"]);
    let tally = named(&["tally2", "tally"]);
    let mut evidence = Vec::new();
    if let Some(looking) = effective(&judged, service, &faillock, &mut evidence) {
        return counted(host, service, &judged, looking, &faillock);
    }
    if let Some(at) = tally.iter().find(|at| judged.walk.enforced[**at]) {
        return tallied(host, &lines[*at]);
    }
    for at in tally {
        evidence.push(Evidence::Shadowed(lines[at].span()));
        evidence.push(Evidence::Step(&NOT_PASSED, host.arena().alloc_slice_copy(&[lines[at].module]), Some(lines[at].span())));
    }
    if evidence.is_empty() {
        evidence.extend(lines.first().map(|line| Evidence::Searched(line.source.path)));
    }
    let evidence = host.evidence(&evidence);
    judged.stack.gap.map_or_else(|| Lockout::none(evidence), |why| Lockout::unknown(why, evidence))
}

/// The line that looks at the count, where pam_faillock locks; otherwise why it does not.
fn effective<'a>(judged: &Judged<'a>, service: &str, faillock: &[usize], evidence: &mut Vec<Evidence<'a>>) -> Option<usize> {
    let lines = &judged.stack.lines;
    let counts = |at: &&usize| lines[**at].has("authfail");
    let looking = faillock.iter().find(|at| !counts(at) && judged.walk.enforced[**at]);
    // What is reached by somebody who proves nothing.
    let failing = runs(&judged.stack, Group::Auth, service, Prompts::Many, |line, mut outcomes| {
        if modules::proves(line) {
            outcomes.retain(|outcome| outcome.codes >> SUCCESS & 1 == 0);
        }
        outcomes
    });
    let counting = faillock.iter().find(|at| counts(at) && failing.reachable[**at]);
    if looking.is_some() && counting.is_some() {
        return looking.copied();
    }
    evidence.extend(faillock.iter().map(|at| Evidence::Shadowed(lines[*at].span())));
    if !faillock.is_empty() {
        let span = Some(lines[faillock[0]].span());
        evidence.push(Evidence::Step(if looking.is_none() { &NO_LOOK } else { &NO_COUNT }, &[], span));
    }
    None
}

/// Most seconds that pam_faillock accepts for a time (`MAX_TIME_INTERVAL`); a greater number is ignored.
const SECONDS_MOST: u64 = 604_800;

/// What pam_faillock is told, by faillock.conf and then by the arguments of the line that looks.
fn counted<'a>(host: &Host<'a>, service: &str, judged: &Judged<'a>, looking: usize, faillock: &[usize]) -> Lockout<'a> {
    let lines = &judged.stack.lines;
    let line = &lines[looking];
    let mut settings = Settings::default();
    let conf = line.value("conf").map_or("etc/security/faillock.conf", |path| path.trim_start_matches('/'));
    settings.file(host, conf, Rank::File);
    settings.arguments(line);
    let mut context: Vec<Evidence<'a>> = faillock.iter().map(|at| Evidence::Reference(lines[*at].span())).collect();
    let account = super::judged::judged(host, service, Group::Account, Prompts::Many);
    let resets = faillock.iter().any(|at| lines[*at].has("authsucc"))
        || account.stack.gap.is_some()
        || (0..account.stack.lines.len()).any(|at| short(account.stack.lines[at].module) == "faillock" && account.walk.reachable[at]);
    if !resets {
        context.push(Evidence::Step(&NO_RESET, &[], None));
    }
    let with = |chosen: Vec<Evidence<'a>>| host.evidence(&chosen.into_iter().chain(context.iter().copied()).collect::<Vec<_>>());
    let seconds = |text: &str| leading_number(text).filter(|seconds| *seconds <= SECONDS_MOST);
    let time = |text: &str| if text == "never" { Some(0) } else { seconds(text) };
    // sscanf's %hu keeps the low sixteen bits.
    let deny = settings.choose("deny", |text| leading_number(text).map(|it| it & 0xffff), (3, Some(&DENY)));
    let threshold = match deny {
        Err(why) => return Lockout::unknown(why, with(Vec::new())),
        Ok(Chosen { value: 0, evidence }) => return Lockout::none(with(evidence)),
        Ok(Chosen { value, evidence }) => Cell::known(Value::Integer(value as i64), with(evidence)),
    };
    let length = |chosen: Result<Chosen<'a, u64>, Why<'a>>, zero: Value<'a>| match chosen {
        Err(why) => Cell::unknown(why, with(Vec::new())),
        Ok(Chosen { value: 0, evidence }) => Cell::known(zero, with(evidence)),
        Ok(Chosen { value, evidence }) => Cell::known(Value::Duration(value), with(evidence)),
    };
    let duration = length(settings.choose("unlock_time", time, (600, Some(&UNLOCK_TIME))), Value::Unlimited);
    let window = length(settings.choose("fail_interval", seconds, (900, Some(&FAIL_INTERVAL))), Value::Duration(0));
    Lockout { threshold, duration, window, root: root(&settings, with) }
}

/// Whether pam_faillock locks root.
fn root<'a>(settings: &Settings<'a>, with: impl Fn(Vec<Evidence<'a>>) -> &'a [Evidence<'a>]) -> Cell<'a> {
    match settings.flag("even_deny_root") {
        Err(why) => Cell::unknown(why, with(Vec::new())),
        Ok(Chosen { value, mut evidence }) => {
            if let Some(alone) = settings.list.iter().rev().find(|setting| !value && setting.key.eq_ignore_ascii_case("root_unlock_time")) {
                evidence.insert(0, Evidence::Decides(alone.span));
                evidence.push(Evidence::Step(&ROOT_NEEDS_FLAG, &[], Some(alone.span)));
            }
            Cell::known(Value::Boolean(value), with(evidence))
        }
    }
}

/// What pam_tally2 or pam_tally is told: without `deny` it counts only, without `unlock_time` an administrator must unlock, and
/// failures count whenever they were: pam_tally2(8).
fn tallied<'a>(host: &Host<'a>, line: &Flat<'a>) -> Lockout<'a> {
    let mut settings = Settings::default();
    settings.arguments(line);
    let with = |chosen: Vec<Evidence<'a>>| {
        let pieces: Vec<_> = chosen.into_iter().chain([Evidence::Reference(line.span())]).collect();
        host.evidence(&pieces)
    };
    let (Ok(deny), Ok(unlock), Ok(root), Ok(old)) = (
        settings.choose("deny", leading_number, (0, None)),
        settings.choose("unlock_time", leading_number, (0, Some(&TALLY_NEVER))),
        settings.flag("even_deny_root"),
        settings.flag("even_deny_root_account"),
    ) else {
        return Lockout::none(host.evidence(&[Evidence::Reference(line.span())]));
    };
    if deny.value == 0 {
        return Lockout::none(with(deny.evidence));
    }
    let root = if short(line.module) == "tally" { old } else { root };
    Lockout {
        threshold: Cell::known(Value::Integer(deny.value as i64), with(deny.evidence)),
        duration: Cell::known(if unlock.value == 0 { Value::Unlimited } else { Value::Duration(unlock.value) }, with(unlock.evidence)),
        window: Cell::known(Value::Unlimited, host.evidence(&[Evidence::Decides(line.span())])),
        root: Cell::known(Value::Boolean(root.value), with(root.evidence)),
    }
}
