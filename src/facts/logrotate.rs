//! logrotate's configuration into the blocks that hold for each log, and what they guarantee.
//!
//! Knows logrotate 3.8 to 3.22; where they differ, 3.21. Options, defaults and their documentation: logrotate(8).

pub mod blocks;
pub mod guarantee;
pub mod jobs;
pub mod options;

use super::{Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::reckon::glob;
use crate::reckon::retention::{Count, DAY_SECONDS, Period, Trigger};
use crate::schema::linux::{LOG_ROTATION_JOBS, LOGROTATE};
use crate::snapshot::Lack;
use blocks::{Block, Blocks, MAIN, Name};
use foldhash::HashMap;
use options::Criterion;

/// What is read, by whatever builds on it too.
pub(super) const READS: &[Reading] = &[
    Reading::File(MAIN),
    Reading::Glob("etc/logrotate.d/*"),
    Reading::File("etc/cron.hourly/logrotate"),
    Reading::File("etc/cron.daily/logrotate"),
    Reading::File("etc/cron.weekly/logrotate"),
    Reading::File("etc/cron.monthly/logrotate"),
    Reading::File("etc/crontab"),
    Reading::Glob("etc/cron.d/*"),
    Reading::Glob("etc/systemd/system/timers.target.wants/*"),
    Reading::File("etc/systemd/system/logrotate.timer"),
    Reading::Glob("etc/systemd/system/logrotate.timer.d/*.conf"),
    Reading::File("usr/lib/systemd/system/logrotate.timer"),
    Reading::File("lib/systemd/system/logrotate.timer"),
];

/// logrotate.
pub(super) static PRODUCT: Product = Product {
    name: "logrotate",
    title: Phrase { zh: "logrotate 日志轮转", en: "logrotate" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: READS,
    fills: &[&LOGROTATE, &LOG_ROTATION_JOBS],
    derive,
};

/// For how long a log file is kept on the asset, and what that rests on.
#[derive(Clone, Copy, Debug)]
pub struct Retention<'a> {
    /// The duration that is guaranteed: a [`Value::Duration`], unlimited, or unknown. Where configuration that was not read could hold
    /// a block that comes first, it is what was read or nothing, so that too short a time fails and a long one proves nothing.
    pub kept: Cell<'a>,
    /// What ends a record's life: a word of the `bounded-by` columns, or unknown.
    pub bounded_by: Cell<'a>,
    /// How the duration comes about, in logrotate's own words: `rotate 27 × weekly = 189d`.
    pub why: Cell<'a>,
}

/// What logrotate's configuration says, derived once; without it, what was seen of logrotate.
pub fn effective<'a>(host: &Host<'a>) -> Result<&'a Blocks<'a>, Seen> {
    *host.shared.logrotate.get_or_init(|| match blocks::read(host) {
        Ok(blocks) => Ok(host.arena().alloc(blocks)),
        Err(Lack::Absent) => Err(Seen::Absent),
        Err(Lack::NotCollected) if host.matching("etc/logrotate.d/*").paths.is_empty() => Err(Seen::Nothing),
        Err(lack) => Err(Seen::Lacking(MAIN, lack)),
    })
}

/// What logrotate guarantees for the log at a path; `*` in it, or a `%…%` of an rsyslog template, stands for any text within a name.
///
/// The first block that names the log holds. For a path that stands for several logs it is the least of what holds for them.
/// Reckoned once for each path: many streams end in one file.
pub fn retention_of<'a>(host: &Host<'a>, path: &str) -> Retention<'a> {
    if let Some(known) = host.shared.retentions.borrow().get(path) {
        return *known;
    }
    let retention = reckoned(host, path);
    host.shared.retentions.borrow_mut().insert(host.text(path), retention);
    retention
}

/// What the blocks come to for the log at a path.
fn reckoned<'a>(host: &Host<'a>, path: &str) -> Retention<'a> {
    let blocks = match effective(host) {
        Ok(blocks) => blocks,
        Err(Seen::Absent | Seen::Present) => return kept_forever(host, Evidence::Lacks(MAIN, Lack::Absent)),
        Err(Seen::Nothing) => return unknown(Why::not_collected(MAIN)),
        Err(Seen::Lacking(path, lack)) => return unknown(Why::lacking(path, lack)),
    };
    let path = opened(path);
    let holding = |block: &&Block<'a>| block.names.iter().any(|name| same_path(name.path, &path));
    let mut all = blocks.list.iter().enumerate().filter(|(_, block)| holding(block));
    let several = path.contains('*');
    let run_seconds = run_seconds(host, blocks);
    let first = all.next();
    let unread = first.map_or_else(|| blocks.gaps.first(), |(at, _)| blocks.gaps.iter().find(|gap| gap.after <= at));
    let Some((_, first)) = first else {
        return unread.map_or_else(|| kept_forever(host, Evidence::Searched(MAIN)), |gap| unknown(gap.why));
    };
    let rest = all.filter(|_| several).map(|(_, block)| block);
    let least = rest.fold(first, |least, block| if weaker(block, least, run_seconds) { block } else { least });
    let retention = guarantee::cells(host, least, run_seconds);
    unread.map_or(retention, |gap| uncertain(host, retention, gap.why))
}

/// What was read, where a block that was not read could come first.
fn uncertain<'a>(host: &Host<'a>, retention: Retention<'a>, why: Why<'a>) -> Retention<'a> {
    let Some(value) = retention.kept.value() else { return retention };
    let candidates = host.arena().alloc_slice_copy(&[value, Value::Duration(0)]);
    let kept = Cell::one_of(why, candidates, retention.kept.evidence);
    Retention { kept, bounded_by: Cell::unknown(why, retention.bounded_by.evidence), ..retention }
}

/// The least time between two runs of logrotate, where it is known and some block depends on it.
fn run_seconds<'a>(host: &Host<'a>, blocks: &Blocks<'a>) -> Option<u64> {
    let hourly = |block: &Block<'a>| block.options.criterion.value == Criterion::Time(Period::Hour);
    blocks.list.iter().any(hourly).then(|| jobs::find(host).least_seconds()).flatten()
}

/// Whether a block guarantees less than another; one that is not understood guarantees least.
fn weaker(left: &Block<'_>, right: &Block<'_>, run_seconds: Option<u64>) -> bool {
    let kept = |block: &Block<'_>| (block.fault.is_none(), guarantee::of(block, run_seconds).kept);
    kept(left) < kept(right)
}

/// Nothing rotates the log, so that nothing deletes it.
fn kept_forever<'a>(host: &Host<'a>, evidence: Evidence<'a>) -> Retention<'a> {
    static NO_BLOCK: Phrase = Phrase {
        zh: "没有轮转块涉及该日志，不会被 logrotate 删除",
        en: "no block names the log, so that logrotate does not delete it",
    };
    let evidence = host.evidence(&[evidence, Evidence::Step(&NO_BLOCK, &[], None)]);
    Retention {
        kept: Cell::known(Value::Unlimited, evidence),
        bounded_by: Cell::known(Value::Word("nothing"), evidence),
        why: Cell::known(Value::Text("not rotated"), evidence),
    }
}

fn unknown(why: Why<'_>) -> Retention<'_> {
    let cell = Cell::unknown(why, &[]);
    Retention { kept: cell, bounded_by: cell, why: cell }
}

/// A path with each `%…%` of an rsyslog template as `*`.
fn opened(path: &str) -> String {
    let pieces: Vec<&str> = path.split('%').collect();
    if pieces.len().is_multiple_of(2) {
        return path.to_owned();
    }
    pieces.iter().enumerate().map(|(at, piece)| if at % 2 == 0 { *piece } else { "*" }).collect()
}

/// Whether a name of a block and a path, each perhaps a glob, can be the same file; no `*` goes beyond a slash.
pub fn same_path(name: &str, path: &str) -> bool {
    let mut names = name.split('/').filter(|part| !part.is_empty());
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    loop {
        match (names.next(), parts.next()) {
            (None, None) => return true,
            (Some(name), Some(part)) if same_name(name, part) => {}
            _ => return false,
        }
    }
}

/// The same within one name: where both are globs, whether one that the path stands for could match.
fn same_name(name: &str, part: &str) -> bool {
    match (glob::is_pattern(name), part.contains('*')) {
        (false, false) => name == part,
        (true, false) => glob::matches(name, part),
        (false, true) => glob::matches(part, name),
        (true, true) => could_overlap(name.as_bytes(), part.as_bytes()),
    }
}

/// Whether the fixed beginnings and the fixed ends of two globs agree: true at least where some name matches both.
fn could_overlap(left: &[u8], right: &[u8]) -> bool {
    const SPECIAL: [u8; 4] = [b'*', b'?', b'[', b'\\'];
    let agree = |(left, right): (&u8, &u8)| left == right;
    let fixed = |byte: &&u8| !SPECIAL.contains(byte);
    let front = left.iter().take_while(fixed).zip(right.iter().take_while(fixed)).all(agree);
    let closing = |byte: &&u8| fixed(byte) && **byte != b']';
    let back = left.iter().rev().take_while(closing).zip(right.iter().rev().take_while(closing)).all(agree);
    front && back
}

fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let blocks = match effective(host) {
        Ok(blocks) => blocks,
        Err(seen) => return seen,
    };
    let jobs = jobs::find(host);
    if tables.wants(&LOGROTATE) {
        push_blocks(host, blocks, jobs.least_seconds(), tables);
    }
    push_jobs(host, &jobs, tables);
    Seen::Present
}

/// One row per name of each block, and one per gap.
fn push_blocks<'a>(host: &Host<'a>, blocks: &'a Blocks<'a>, run_seconds: Option<u64>, tables: &mut Tables<'a>) {
    let mut literal: HashMap<&'a str, &'a Block<'a>> = HashMap::default();
    let mut globs: Vec<(&'a str, &'a Block<'a>)> = Vec::new();
    for block in blocks.list {
        let cells = guarantee::cells(host, block, run_seconds);
        for name in block.names {
            if !host.spend(1 + globs.len() as u64) {
                return tables.push(host.gap(&LOGROTATE, PRODUCT.name, Why::budget_spent(block.source.path)));
            }
            let before = literal.get(name.path).copied();
            let covered = || globs.iter().find(|(pattern, _)| !glob::is_pattern(name.path) && same_path(pattern, name.path));
            let first = before.or_else(|| covered().map(|(_, block)| *block));
            push_name(host, block, name, first, &cells, run_seconds, tables);
            literal.entry(name.path).or_insert(block);
            if glob::is_pattern(name.path) {
                globs.push((name.path, block));
            }
        }
    }
    for gap in blocks.gaps {
        let mut row = host.gap(&LOGROTATE, PRODUCT.name, gap.why);
        for column in 0..LOGROTATE.columns.len() {
            row.set(column, Cell::unknown(gap.why, gap.evidence));
        }
        tables.push(row);
    }
}

/// The row of one name of a block.
fn push_name<'a>(
    host: &Host<'a>,
    block: &'a Block<'a>,
    name: &Name<'a>,
    first: Option<&'a Block<'a>>,
    cells: &Retention<'a>,
    run_seconds: Option<u64>,
    tables: &mut Tables<'a>,
) {
    let guarantee = guarantee::of(block, run_seconds);
    let options = &block.options;
    let (trigger, period) = match guarantee.trigger {
        Trigger::Time(period) => ("time", Some(period)),
        Trigger::Size => ("size", None),
        Trigger::Either(period) => ("both", Some(period)),
    };
    let evidence = cells.kept.evidence;
    let known = |value| Cell::known(value, evidence);
    let scope = Evidence::Decides(block.source.span(name.text));
    let mut row = host.row(&LOGROTATE, PRODUCT.name);
    row.set(const { LOGROTATE.column("path") }, host.decided(Value::Text(name.path), block.source, name.text))
        .set(const { LOGROTATE.column("block") }, host.decided(Value::Text(block.source.path), block.source, block.head))
        .set(const { LOGROTATE.column("retention") }, cells.kept)
        .set(const { LOGROTATE.column("bounded-by") }, cells.bounded_by)
        .set(const { LOGROTATE.column("active") }, active(host, block, name, first));
    if let Some(first) = first {
        let shadow = [Evidence::Decides(first.source.span(first.head)), scope];
        row.set(const { LOGROTATE.column("shadowed-by") }, Cell::known(Value::Text(first.source.path), host.evidence(&shadow)));
    }
    if block.fault.is_some() {
        for column in ["trigger", "period", "count", "max-age", "sorts-by-time"] {
            row.set(LOGROTATE.find(column).unwrap_or(usize::MAX), cells.kept);
        }
        return tables.push(row);
    }
    let count = match options.count.value {
        Count::Files(files) => Value::Integer(i64::try_from(files).unwrap_or(i64::MAX)),
        Count::All => Value::Unlimited,
    };
    let max_age = options.max_age.value.map(|days| Value::Duration(days * DAY_SECONDS));
    row.set(const { LOGROTATE.column("trigger") }, known(Value::Word(trigger)))
        .set(const { LOGROTATE.column("count") }, known(count))
        .set(const { LOGROTATE.column("period") }, period.map_or(Cell::unset(evidence), |it| known(Value::Duration(it.span_seconds(1)))))
        .set(const { LOGROTATE.column("max-age") }, max_age.map_or(Cell::unset(evidence), known))
        .set(const { LOGROTATE.column("sorts-by-time") }, sorts(host, block, evidence));
    tables.push(row);
}

/// Whether logrotate takes a block for a name.
fn active<'a>(host: &Host<'a>, block: &Block<'a>, name: &Name<'a>, first: Option<&Block<'a>>) -> Cell<'a> {
    let own = Evidence::Decides(block.source.span(name.text));
    match (first, block.fault) {
        (Some(first), _) => {
            let evidence = [Evidence::Shadowed(block.source.span(name.text)), Evidence::Decides(first.source.span(first.head))];
            Cell::known(Value::Boolean(false), host.evidence(&evidence))
        }
        (None, Some(text)) => Cell::unknown(Why::not_understood(text), host.evidence(&[Evidence::Decides(block.source.span(text)), own])),
        (None, None) => Cell::known(Value::Boolean(true), host.evidence(&[own])),
    }
}

/// Whether rotated names sort, with the format that decides.
fn sorts<'a>(host: &Host<'a>, block: &Block<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let options = &block.options;
    let deciding: Vec<Evidence<'a>> =
        [options.date_format.set_by, options.dated.set_by].into_iter().flatten().map(Evidence::Decides).collect();
    let evidence = if deciding.is_empty() { evidence } else { host.evidence(&deciding) };
    Cell::known(Value::Boolean(options.sorts_by_time()), evidence)
}

/// One row per job, `none` where there is certainly none, and one per gap.
fn push_jobs<'a>(host: &Host<'a>, jobs: &jobs::Jobs<'a>, tables: &mut Tables<'a>) {
    let mut push = |mut row: super::RowBuilder<'a>, name: &'a str, cells: Option<(Cell<'a>, Cell<'a>)>| {
        row.set(const { LOG_ROTATION_JOBS.column("job") }, Cell::known(Value::Text(name), &[]));
        if let Some((enabled, period)) = cells {
            row.set(const { LOG_ROTATION_JOBS.column("enabled") }, enabled).set(const { LOG_ROTATION_JOBS.column("period") }, period);
        }
        tables.push(row);
    };
    for job in &jobs.list {
        push(host.row(&LOG_ROTATION_JOBS, PRODUCT.name), job.name, Some((job.enabled, job.period)));
    }
    for (name, why) in &jobs.gaps {
        push(host.gap(&LOG_ROTATION_JOBS, PRODUCT.name, *why), name, None);
    }
    if jobs.list.is_empty() && jobs.gaps.is_empty() {
        let evidence = host.evidence(&[Evidence::Searched("etc/cron.daily/logrotate"), Evidence::Searched("logrotate.timer")]);
        let off = Cell::known(Value::Boolean(false), evidence);
        push(host.row(&LOG_ROTATION_JOBS, PRODUCT.name), "none", Some((off, Cell::unset(evidence))));
    }
}
