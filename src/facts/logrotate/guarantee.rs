//! The options of a block into what they guarantee, explained step by step.

use super::Retention;
use super::blocks::Block;
use super::options::Criterion;
use crate::facts::{Cell, Documented, Evidence, Host, Value, Why};
use crate::names::Phrase;
use crate::reckon::retention::{Bound, Count, DAY_SECONDS, Kept, Period, Rotation, Trigger};

static COUNTED: Phrase = Phrase {
    zh: "删除第 {} 个轮转文件时，其中最新的记录已有 {} 个周期（{}）",
    en: "the file deleted after {} rotations holds records at least {} periods ({}) old",
};
static MONTHS: Phrase = Phrase { zh: "连续 {} 个自然月最短为 {}", en: "{} calendar months in a row span at least {}" };
static AGED: Phrase = Phrase { zh: "maxage 使超过 {} 的轮转文件被删除", en: "maxage deletes rotated files older than {}" };
static BY_SIZE: Phrase = Phrase {
    zh: "按大小轮转时，保留 {} 个文件不能保证任何时长",
    en: "with rotation by size, {} files guarantee no time",
};
static AT_ONCE: Phrase = Phrase { zh: "rotate 0：轮转时立即删除", en: "rotate 0: deleted at the rotation itself" };
static NEVER: Phrase = Phrase { zh: "rotate -1：不按个数删除", en: "rotate -1: no file is deleted for their number" };
static UNSORTED: Phrase = Phrase {
    zh: "dateformat {} 不能按名称排出时间先后，删除的可能是较新的文件",
    en: "names by dateformat {} do not sort by time, so that newer files may be the ones deleted",
};
static DAILY_RUN: Phrase = Phrase {
    zh: "logrotate 每 {} 才运行一次，hourly 不会更频繁",
    en: "logrotate runs every {} only, so that hourly rotates no more often",
};

static NO_COUNT: Documented = Documented { setting: "rotate 0", versions: "logrotate 3.x", source: "logrotate(8)" };
static NO_CRITERION: Documented = Documented { setting: "size 1M", versions: "logrotate 3.x", source: "logrotate -d, 3.21" };

/// What a block comes to.
#[derive(Clone, Copy, Debug)]
pub struct Guarantee {
    /// What starts a rotation.
    pub trigger: Trigger,
    /// How long records are kept.
    pub kept: Kept,
    /// What ends their life.
    pub bound: Bound,
}

/// What a block guarantees where logrotate runs no more often than every `run_seconds`, as far as that is known.
pub fn of(block: &Block<'_>, run_seconds: Option<u64>) -> Guarantee {
    let options = &block.options;
    let trigger = match (options.criterion.value, options.max_size.value) {
        (Criterion::Size(_), _) => Trigger::Size,
        (Criterion::Time(period), None) => Trigger::Time(slowed(period, run_seconds)),
        (Criterion::Time(period), Some(_)) => Trigger::Either(slowed(period, run_seconds)),
    };
    let count = options.count.value;
    let rotation = Rotation { trigger, count, max_age_days: options.max_age.value };
    let (kept, bound) = rotation.guarantee();
    let counted = !matches!(count, Count::All);
    Guarantee { trigger, kept: if counted && !options.sorts_by_time() { Kept::Seconds(0) } else { kept }, bound }
}

/// The period in which rotation really comes round.
fn slowed(period: Period, run_seconds: Option<u64>) -> Period {
    let daily = run_seconds.is_some_and(|seconds| seconds >= DAY_SECONDS);
    if period == Period::Hour && daily { Period::Day } else { period }
}

/// A duration as a value.
pub fn duration<'a>(kept: Kept) -> Value<'a> {
    match kept {
        Kept::Seconds(seconds) => Value::Duration(seconds),
        Kept::Forever => Value::Unlimited,
    }
}

/// The cells of a block's guarantee.
pub fn cells<'a>(host: &Host<'a>, block: &Block<'a>, run_seconds: Option<u64>) -> Retention<'a> {
    if let Some(text) = block.fault {
        let evidence = host.evidence(&[Evidence::Decides(block.source.span(text)), Evidence::Scope(block.source.span(block.head))]);
        let cell = Cell::unknown(Why::not_understood(text), evidence);
        return Retention { kept: cell, bounded_by: cell, why: cell };
    }
    let guarantee = of(block, run_seconds);
    let evidence = evidence(host, block, run_seconds, guarantee);
    Retention {
        kept: Cell::known(duration(guarantee.kept), evidence),
        bounded_by: Cell::known(Value::Word(guarantee.bound.word()), evidence),
        why: Cell::known(Value::Text(formula(host, block, guarantee)), evidence),
    }
}

/// The texts that decide, then how they come to the result, then what they overrode.
fn evidence<'a>(host: &Host<'a>, block: &Block<'a>, run_seconds: Option<u64>, guarantee: Guarantee) -> &'a [Evidence<'a>] {
    let options = &block.options;
    let mut pieces = vec![decider(options.count.set_by, &NO_COUNT), decider(options.criterion.set_by, &NO_CRITERION)];
    pieces.extend(options.max_size.set_by.map(Evidence::Decides));
    pieces.extend(options.max_age.set_by.map(Evidence::Decides));
    let step = |phrase, arguments: &[&str]| {
        let arguments: Vec<&'a str> = arguments.iter().map(|argument| host.text(argument)).collect();
        Evidence::Step(phrase, host.arena().alloc_slice_copy(&arguments), None)
    };
    if let (Criterion::Time(Period::Hour), Some(seconds)) = (options.criterion.value, run_seconds.filter(|it| *it >= DAY_SECONDS)) {
        pieces.push(step(&DAILY_RUN, &[&Value::Duration(seconds).to_string()]));
    }
    match (options.count.value, guarantee.trigger) {
        (Count::All, _) => pieces.push(step(&NEVER, &[])),
        (Count::Files(0), _) => pieces.push(step(&AT_ONCE, &[])),
        (Count::Files(files), Trigger::Time(period)) => {
            let files_text = files.to_string();
            let span = Value::Duration(period.span_seconds(files)).to_string();
            if period == Period::Month {
                pieces.push(step(&MONTHS, &[&files_text, &span]));
            }
            pieces.push(step(&COUNTED, &[&files_text, &files_text, &span]));
        }
        (Count::Files(files), _) => pieces.push(step(&BY_SIZE, &[&files.to_string()])),
    }
    if let Some(days) = options.max_age.value {
        pieces.push(step(&AGED, &[&format!("{days}d")]));
    }
    if let (false, Some(format)) = (options.sorts_by_time(), options.date_format.value) {
        pieces.push(step(&UNSORTED, &[format]));
        pieces.extend(options.date_format.set_by.map(Evidence::Decides));
    }
    pieces.push(Evidence::Scope(block.source.span(block.head)));
    pieces.extend([options.count.overrode, options.criterion.overrode].into_iter().flatten().map(Evidence::Shadowed));
    host.evidence(&pieces)
}

/// The text that sets an option, or its default.
fn decider<'a>(set_by: Option<crate::source::Span>, default: &'static Documented) -> Evidence<'a> {
    set_by.map_or(Evidence::Default(default), Evidence::Decides)
}

/// The reckoning in logrotate's own words: `rotate 27 × weekly = 189d`.
fn formula<'a>(host: &Host<'a>, block: &Block<'a>, guarantee: Guarantee) -> &'a str {
    let options = &block.options;
    let mut out = match (options.count.value, guarantee.trigger) {
        (Count::All, _) => "rotate -1".to_owned(),
        (Count::Files(0), _) => "rotate 0".to_owned(),
        (Count::Files(files), Trigger::Time(period)) => {
            let least = if matches!(period, Period::Month | Period::Year) { "≥" } else { "=" };
            format!("rotate {files} × {} {least} {}", keyword(period), Value::Duration(period.span_seconds(files)))
        }
        (Count::Files(files), Trigger::Either(_)) => {
            format!("rotate {files}, maxsize {}", size(options.max_size.value.unwrap_or_default()))
        }
        (Count::Files(files), Trigger::Size) => match options.criterion.value {
            Criterion::Size(bytes) => format!("rotate {files}, size {}", size(bytes)),
            Criterion::Time(_) => format!("rotate {files}"),
        },
    };
    if let Some(days) = options.max_age.value {
        out.push_str(&format!("; maxage {days}d"));
    }
    if !options.sorts_by_time() {
        out.push_str(&format!("; dateformat {}", options.date_format.value.unwrap_or_default()));
    }
    host.text(&out)
}

/// Bytes in the units of policies.
fn size(bytes: u64) -> String {
    Value::Size(bytes).to_string()
}

/// The keyword of a period.
fn keyword(period: Period) -> &'static str {
    match period {
        Period::Hour => "hourly",
        Period::Day => "daily",
        Period::Week => "weekly",
        Period::Month => "monthly",
        Period::Year => "yearly",
    }
}
