//! The kernel's command line into whether audit is on from the start and how many buffers it has.
//!
//! The running kernel's own line decides where it was collected; else the entries of the boot loader, all of them; else what
//! /etc/default/grub gives to the next one that is made. The last `audit=` on a line holds.

use crate::facts::{Artefact, Cell, Evidence, Host, Value, Why};
use crate::parse::key_value::{self, ASSIGNMENTS};
use crate::snapshot::Lack;
use crate::source::{Source, Span};

/// The running kernel's command line.
pub const RUNNING: &str = "proc/cmdline";
/// Entries of the Boot Loader Specification.
pub const ENTRIES: &str = "boot/loader/entries/*.conf";
/// Where `$kernelopts` of such entries stands on RHEL 8.
pub const GRUB_ENVIRONMENT: &str = "boot/grub2/grubenv";
/// What grub-mkconfig reads.
pub const GRUB: &str = "etc/default/grub";
/// What it reads behind that, on Debian and Ubuntu.
pub const GRUB_MORE: &str = "etc/default/grub.d/*.cfg";

/// Kernel command lines: each the texts that make it up.
struct Lines<'a> {
    lines: Vec<Vec<(&'a Source<'a>, &'a str)>>,
    /// Why another line could be there.
    gap: Option<Why<'a>>,
}

/// What the command line says of audit.
#[derive(Clone, Copy, Debug)]
pub struct Boot<'a> {
    /// Whether every process is audited from the start (boolean).
    pub at_boot: Cell<'a>,
    /// Whether audit is switched off for good: `audit=0`.
    pub off: Option<Span>,
    /// Why `audit=0` could stand in what was not collected of the running kernel's line.
    pub cut: Option<Why<'a>>,
    /// `audit_backlog_limit=`.
    pub backlog: Option<(i64, Span)>,
}

/// Reads the command line.
pub fn read<'a>(host: &Host<'a>) -> Boot<'a> {
    let lines = match running(host).or_else(|| entries(host)).or_else(|| grub(host)) {
        Some(lines) => lines,
        None => return Boot { at_boot: Cell::unknown(Why::not_collected(RUNNING), &[]), off: None, cut: None, backlog: None },
    };
    let last = |name: &str| -> Vec<Option<(&'a str, Span)>> { lines.lines.iter().map(|line| argument(line, name)).collect() };
    let audit = last("audit=");
    let on = |value: &str| matches!(value, "1" | "on");
    let pieces: Vec<Evidence<'a>> = audit.iter().flatten().map(|(_, span)| Evidence::Decides(*span)).collect();
    let off = audit.iter().flatten().find(|(value, _)| matches!(*value, "0" | "off")).map(|(_, span)| *span);
    let cut = lines.gap.filter(|why| why.code == "truncated");
    let lacking = lines.lines.iter().zip(&audit).find(|(_, found)| !found.is_some_and(|(value, _)| on(value)));
    let at_boot = match (lacking, lines.gap) {
        // The last one holds, and it could stand behind the cut.
        (Some(_), Some(why)) if cut.is_some() => Cell::unknown(why, host.evidence(&pieces)),
        (Some((line, found)), _) => {
            let shown = found.map(|(_, span)| Evidence::Decides(span));
            let shown = shown.or_else(|| line.first().map(|(source, text)| Evidence::Decides(source.span(text))));
            Cell::known(Value::Boolean(false), host.evidence(&shown.into_iter().collect::<Vec<_>>()))
        }
        (None, Some(why)) => Cell::unknown(why, host.evidence(&pieces)),
        (None, None) => Cell::known(Value::Boolean(true), host.evidence(&pieces)),
    };
    let limits: Option<Vec<(i64, Span)>> =
        last("audit_backlog_limit=").into_iter().map(|it| it.and_then(|(text, span)| Some((text.parse().ok()?, span)))).collect();
    Boot { at_boot, off, cut, backlog: limits.and_then(|limits| limits.into_iter().min_by_key(|(number, _)| *number)) }
}

/// The last argument of that name on a command line.
fn argument<'a>(line: &[(&'a Source<'a>, &'a str)], name: &str) -> Option<(&'a str, Span)> {
    let words = line.iter().flat_map(|(source, text)| text.split_ascii_whitespace().map(move |word| (source, word)));
    words.filter_map(|(source, word)| Some((word.strip_prefix(name)?, source.span(word)))).next_back()
}

fn running<'a>(host: &Host<'a>) -> Option<Lines<'a>> {
    let source = host.file(RUNNING).text()?;
    let gap = (!source.complete).then(|| Why::truncated(source.path));
    Some(Lines { lines: vec![vec![(source, source.text)]], gap })
}

/// One line per entry; `$kernelopts` stands for what the environment block has.
fn entries<'a>(host: &Host<'a>) -> Option<Lines<'a>> {
    let found = host.matching(ENTRIES);
    let mut lines = Vec::new();
    let mut gap = found.gap.map(|(path, lack)| Why::lacking(path, lack));
    let environment = host.file(GRUB_ENVIRONMENT);
    for path in found.paths.iter().filter(|path| !path.contains("rescue")) {
        let source = match host.file(path) {
            Artefact::Text(source) => source,
            Artefact::Lacking(lack) => {
                gap = gap.or(Some(Why::lacking(path, lack)));
                continue;
            }
        };
        let options = source.text.lines().map(str::trim).filter_map(|line| line.strip_prefix("options"));
        let mut line: Vec<(&'a Source<'a>, &'a str)> = options.map(|text| (source, text)).collect();
        if line.iter().any(|(_, text)| text.contains("$kernelopts")) {
            match environment {
                Artefact::Text(block) => {
                    let kernel = block.text.lines().filter_map(|text| text.strip_prefix("kernelopts="));
                    line.splice(0..0, kernel.map(|text| (block, text)));
                }
                Artefact::Lacking(lack) => gap = gap.or(Some(Why::lacking(GRUB_ENVIRONMENT, lack))),
            }
        }
        lines.push(line);
    }
    (!lines.is_empty()).then_some(Lines { lines, gap })
}

/// The one line that grub-mkconfig makes for ordinary entries.
fn grub<'a>(host: &Host<'a>) -> Option<Lines<'a>> {
    let main = host.file(GRUB).text()?;
    let more = host.matching(GRUB_MORE);
    let gap = more.gap.filter(|(_, lack)| *lack != Lack::NotCollected).map(|(path, lack)| Why::lacking(path, lack));
    let mut plain: Vec<(&'a Source<'a>, &'a str)> = Vec::new();
    let mut default: Vec<(&'a Source<'a>, &'a str)> = Vec::new();
    for source in std::iter::once(main).chain(more.paths.iter().filter_map(|path| host.file(path).text())) {
        for setting in key_value::read(source.text, &ASSIGNMENTS).settings {
            let (line, own) = match setting.key {
                "GRUB_CMDLINE_LINUX" => (&mut plain, "$GRUB_CMDLINE_LINUX"),
                "GRUB_CMDLINE_LINUX_DEFAULT" => (&mut default, "$GRUB_CMDLINE_LINUX_DEFAULT"),
                _ => continue,
            };
            // A value that names itself adds to what was there.
            if !setting.value.contains(own) {
                line.clear();
            }
            line.push((source, setting.value));
        }
    }
    plain.extend(default);
    if plain.is_empty() {
        plain.push((main, &main.text[..0]));
    }
    Some(Lines { lines: vec![plain], gap })
}
