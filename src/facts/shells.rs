//! Start files of bash, login.defs and pam_umask into the table `shells`: one row for login shells, one for other interactive ones.
//!
//! The files are read, not run: see `shells/run.rs` for what is followed. Users' own files and other shells (csh, zsh, fish) are not.

mod compound;
mod initial;
mod run;
mod state;
mod words;

use super::{Artefact, Cell, Documented, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::SHELLS;
use crate::snapshot::Lack;
use run::Run;
use state::{Choices, State, Timeout};

/// The product's name.
const NAME: &str = "shells";

/// Read by login shells.
const PROFILE: &[&str] = &["etc/profile", "usr/etc/profile"];

/// Read by interactive shells: by bash itself on Debian and SUSE, through users' own files on RHEL and its kin.
const BASHRC: &[&str] = &["etc/bash.bashrc", "etc/bashrc", "usr/etc/bash.bashrc"];

/// Shell environments.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "shell 环境", en: "shell environment" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::File(PROFILE[0]),
        Reading::Glob("etc/profile.d/*.sh"),
        Reading::File("etc/profile.d/sh.local"),
        Reading::File(BASHRC[0]),
        Reading::File(BASHRC[1]),
        Reading::File(PROFILE[1]),
        Reading::File(BASHRC[2]),
        Reading::File("etc/login.defs"),
        Reading::Glob("etc/pam.d/*"),
    ],
    fills: &[&SHELLS],
    derive,
};

static NO_TIMEOUT: Documented =
    Documented { setting: "TMOUT is not set: a shell waits without end", versions: "bash of any version", source: "bash(1), TMOUT" };
static SEVERAL: Phrase = Phrase { zh: "取决于 shell 中的条件：{}", en: "it depends on conditions in the shell: {}" };

/// Fills the table.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    if initial::first(host, PROFILE).or(initial::first(host, BASHRC)).is_none() {
        match host.file(PROFILE[0]) {
            Artefact::Lacking(Lack::NotCollected) => return Seen::Nothing,
            // Without start files shells do what they do by themselves.
            Artefact::Lacking(Lack::Absent) | Artefact::Text(_) => {}
            Artefact::Lacking(lack) => return Seen::Lacking(PROFILE[0], lack),
        }
    }
    for (scope, login, files) in [("interactive", false, BASHRC), ("login", true, PROFILE)] {
        let mut state = State {
            umask: initial::umask(host),
            timeout: Choices::one(Timeout { seconds: None, readonly: false }, None),
            path_unsafe: initial::path_unsafe(host),
            dead: false,
        };
        let mut run = Run::new(host, login);
        match initial::first(host, files) {
            Some(path) => run.file(path, &mut state),
            None => run.file(files[0], &mut state),
        }
        if state.dead {
            state.confuse(Why::not_understood(files[0]), None);
        }
        push(host, scope, &run, &state, tables);
    }
    Seen::Present
}

/// Adds the row of one kind of shell.
fn push<'a>(host: &Host<'a>, scope: &'static str, run: &Run<'a, '_>, state: &State<'a>, tables: &mut Tables<'a>) {
    let timeout = |timeout: Timeout| timeout.seconds.map_or(Value::Unlimited, Value::Duration);
    let mut row = host.row(&SHELLS, NAME);
    row.set(const { SHELLS.column("scope") }, Cell::known(Value::Text(scope), &[]))
        .set(const { SHELLS.column("new-file-mode") }, cell(host, run, &state.umask, |mask| Value::Mode(0o777 & !mask)))
        .set(const { SHELLS.column("idle-timeout") }, cell(host, run, &state.timeout, timeout))
        .set(const { SHELLS.column("idle-timeout-readonly") }, readonly(host, run, state))
        .set(const { SHELLS.column("path-unsafe") }, cell(host, run, &state.path_unsafe, Value::Boolean));
    tables.push(row);
}

/// What the possible values make of a cell: known if they agree, candidates if all are known, unknown otherwise.
fn cell<'a, T: Copy + PartialEq>(host: &Host<'a>, run: &Run<'a, '_>, choices: &Choices<'a, T>, value: impl Fn(T) -> Value<'a>) -> Cell<'a> {
    let mut values: Vec<Value<'a>> = Vec::new();
    let mut pieces: Vec<Evidence<'a>> = Vec::new();
    let mut why = None;
    for choice in &choices.values {
        match choice.value {
            Ok(known) if !values.contains(&value(known)) => values.push(value(known)),
            Ok(_) => {}
            Err(reason) => why = Some(reason),
        }
        pieces.extend(choice.evidence);
    }
    if pieces.is_empty() && why.is_none() {
        pieces.push(Evidence::Default(&NO_TIMEOUT));
    }
    if !matches!(pieces.first(), Some(Evidence::Decides(_))) {
        pieces.extend(run.searched.iter().map(|path| Evidence::Searched(path)));
    }
    pieces.extend(choices.lost.iter().map(|lost| if let Evidence::Decides(span) = lost { Evidence::Shadowed(*span) } else { *lost }));
    let evidence = host.evidence(&pieces);
    match (why, values.as_slice()) {
        (None, [only]) => Cell::known(*only, evidence),
        (Some(why), _) => Cell::unknown(why, evidence),
        (None, several) => {
            Cell::one_of(Why::new("depends-on-conditions", &SEVERAL, "etc/profile"), host.arena().alloc_slice_copy(several), evidence)
        }
    }
}

/// Whether users cannot change the idle limit; unset where there is none.
fn readonly<'a>(host: &Host<'a>, run: &Run<'a, '_>, state: &State<'a>) -> Cell<'a> {
    let whole = cell(host, run, &state.timeout, |timeout| Value::Boolean(timeout.readonly));
    let none = state.timeout.values.iter().all(|choice| choice.value.is_ok_and(|timeout| timeout.seconds.is_none()));
    if none { Cell::unset(whole.evidence) } else { whole }
}
