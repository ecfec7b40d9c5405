//! Files of sysctl settings into one list of assignments in the order in which they are applied.

use crate::facts::layers::{self, Content};
use crate::facts::{Artefact, Host, Why};
use crate::parse::key_value::{ASSIGNMENTS, Dialect, EQUALS_SEPARATED, Setting, read};
use crate::snapshot::Lack;
use crate::source::Source;

/// Directories in the order in which they hide each other's names (sysctl.d(5), sysctl(8)).
pub(super) const DIRECTORIES: [&str; 5] = ["etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d"];

/// procps' own file. systemd reads it only through a link of this name, which procps or systemd of a distribution installs.
pub(super) const SYSCTL_CONF: &str = "etc/sysctl.conf";
const LINKED_AS: &str = "99-sysctl.conf";

/// Output of `sysctl -a`.
pub(super) const RUNNING: &str = "commands/sysctl-a";

/// sysctl.d(5): a key alone, behind a `-`, is not to be set by patterns.
const SETTINGS_AND_EXCLUSIONS: Dialect = Dialect { bare_keys: true, ..EQUALS_SEPARATED };

/// Beyond every file name.
const LAST: &str = "\u{10ffff}";

/// One assignment of a value, or the exclusion of a key from patterns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment<'a> {
    /// The key as written, without the `-` that only says that failing does not matter.
    pub key: &'a str,
    /// The value; none where the line excludes the key from patterns.
    pub value: Option<&'a str>,
    /// Its line.
    pub line: &'a str,
    /// Its source.
    pub source: &'a Source<'a>,
    /// The name by which its file was ordered.
    pub file: &'a str,
}

/// Something that could hold assignments and was not read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hole<'a> {
    /// Assignments in files up to this name could be overridden.
    pub reaches: &'a str,
    /// Why it was not read.
    pub why: Why<'a>,
    /// Whether it is a directory of vendors' files.
    pub vendor: bool,
}

/// All assignments in order, and what is missing among them.
#[derive(Debug, Default)]
pub(super) struct Applied<'a> {
    /// In the order of application.
    pub assignments: Vec<Assignment<'a>>,
    /// What could not be read.
    pub holes: Vec<Hole<'a>>,
    /// Whether anything was read at all.
    pub seen: bool,
    /// `sysctl.conf`, where it is there and nothing shows whether it is applied: its assignments, last of all.
    pub perhaps: Vec<Assignment<'a>>,
}

/// The values that the kernel had when the asset was collected, as `sysctl -a` prints them: nothing hides or orders them.
pub(super) fn running<'a>(host: &Host<'a>) -> Option<Applied<'a>> {
    let source = host.file(RUNNING).text()?;
    let mut running = Applied::default();
    running.add(source, LAST);
    Some(running)
}

/// Where the running kernel shows what it was built with, for names that have no value of every kernel's.
const BUILT: [(&str, &str); 3] =
    [("kernel.dmesg_restrict", BUILT_DMESG), ("kernel.sysrq", BUILT_SYSRQ), ("kernel.yama.ptrace_scope", BUILT_PTRACE)];
pub(super) const BUILT_DMESG: &str = "proc/sys/kernel/dmesg_restrict";
pub(super) const BUILT_SYSRQ: &str = "proc/sys/kernel/sysrq";
pub(super) const BUILT_PTRACE: &str = "proc/sys/kernel/yama/ptrace_scope";

/// The value that the running kernel shows of a name, where the root is that of a system that runs.
pub(super) fn built<'a>(host: &Host<'a>, name: &str) -> Option<Assignment<'a>> {
    let (key, path) = BUILT.iter().find(|(key, _)| *key == name)?;
    let source = host.file(path).text().filter(|source| source.complete)?;
    let line = source.text.lines().next()?;
    Some(Assignment { key, value: Some(line.trim()), line, source, file: LAST })
}

/// Reads every file that is applied at boot.
pub(super) fn applied<'a>(host: &Host<'a>) -> Applied<'a> {
    let mut applied = Applied::default();
    let layers = layers::read(host, &DIRECTORIES);
    for unlisted in &layers.unlisted {
        let vendor = unlisted.rank > 0;
        // Vendors number their files below 99, but for Debian's 99-protect-links.conf, which is asked for by its settings.
        let reaches = if vendor { "98\u{10ffff}" } else { LAST };
        applied.holes.push(Hole { reaches, why: Why::lacking(unlisted.path, unlisted.lack), vendor });
    }
    for layer in &layers.files {
        match layer.content {
            Content::Text(source) => applied.add(source, layer.name),
            Content::Hidden => applied.seen = true,
            Content::Lacking(lack) => applied.hole(layer.name, layer.path, lack),
        }
    }
    // Debian and Red Hat link the file; a copy of the tree may hold the link's text instead. Both stand in the list by their name.
    if !layers.files.iter().any(|layer| layer.name == LINKED_AS) {
        applied.add_unlinked(host);
    }
    applied.add_ufw(host);
    applied
}

impl<'a> Applied<'a> {
    /// Adds a file at its place.
    fn add(&mut self, source: &'a Source<'a>, name: &'a str) {
        self.seen = true;
        self.assignments.extend(assignments(source, name));
        if !source.complete {
            self.holes.push(Hole { reaches: name, why: Why::truncated(source.path), vendor: false });
        }
    }

    /// Adds a file that could not be read.
    fn hole(&mut self, name: &'a str, path: &'a str, lack: Lack) {
        self.seen = true;
        self.holes.push(Hole { reaches: name, why: Why::lacking(path, lack), vendor: false });
    }

    /// Adds sysctl.conf where no link orders it: sysctl(8) `--system` applies it last, systemd-sysctl does not read it.
    fn add_unlinked(&mut self, host: &Host<'a>) {
        match host.file(SYSCTL_CONF) {
            Artefact::Text(source) => {
                self.seen = true;
                self.perhaps = assignments(source, LAST).collect();
            }
            Artefact::Lacking(Lack::Absent | Lack::NotCollected) => {}
            Artefact::Lacking(lack) => self.hole(LAST, SYSCTL_CONF, lack),
        }
    }

    /// Adds ufw's own settings, which it applies when it starts, after those of the system (ufw-framework(8)).
    fn add_ufw(&mut self, host: &Host<'a>) {
        let value = |path: &str, key: &str| {
            let source = host.file(path).text()?;
            read(source.text, &ASSIGNMENTS).last(key).map(|setting| setting.value)
        };
        if value("etc/ufw/ufw.conf", "ENABLED").is_some_and(|on| on.eq_ignore_ascii_case("yes")) {
            let path = value("etc/default/ufw", "IPT_SYSCTL").unwrap_or("etc/ufw/sysctl.conf");
            match host.file(path) {
                Artefact::Text(source) => self.assignments.extend(assignments(source, LAST)),
                Artefact::Lacking(Lack::Absent) => {}
                Artefact::Lacking(lack) => self.holes.push(Hole { reaches: LAST, why: Why::lacking(path, lack), vendor: false }),
            }
        }
    }
}

/// The assignments of one file. A line without `=` excludes a key where it begins with `-`; others are errors that are skipped.
fn assignments<'a>(source: &'a Source<'a>, file: &'a str) -> impl Iterator<Item = Assignment<'a>> {
    read(source.text, &SETTINGS_AND_EXCLUSIONS).settings.into_iter().filter_map(move |Setting { key, value, line }| {
        let value = line.contains('=').then_some(value);
        let bare = key.strip_prefix('-');
        (value.is_some() || bare.is_some()).then_some(Assignment { key: bare.unwrap_or(key), value, line, source, file })
    })
}
