//! `modprobe.d` and the kernel's command line into whether the USB storage driver can be loaded.
//!
//! modprobe.d(5) and kmod 30: of `install` lines for a module the first by file name holds, whether the name is written with `-` or `_`
//! or as a pattern. `blacklist` only keeps a module from being found by its aliases, so that an explicit `modprobe` still loads it. The
//! driver `uas` needs `usb-storage`: where that is not loaded, `uas` is not either; the other way round it is not so.

use crate::facts::layers::{self, Content};
use crate::facts::{Evidence, Host, Why};
use crate::parse::words::{self, Dialect, Directive};
use crate::reckon::glob;
use crate::source::Source;

const DIRECTORIES: [&str; 5] = ["etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d"];
const COMMAND_LINE: &str = "proc/cmdline";
const SYNTAX: Dialect = Dialect { comments: &['#'], rest: None, continued: true };

/// Commands that load nothing.
const NOTHING: [&str; 6] = ["/bin/false", "/bin/true", "/usr/bin/false", "/usr/bin/true", "false", "true"];

/// Whether a driver can be loaded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Blocked<'a> {
    /// It cannot.
    Yes,
    /// Nothing keeps it from it.
    No,
    /// Nothing that was read decides.
    Unknown(Why<'a>),
}

/// What was found.
#[derive(Debug)]
pub(super) struct Modules<'a> {
    pub blocked: Blocked<'a>,
    /// Names for what plays a part: `install usb-storage`, `blacklist uas`, …
    pub mechanisms: Vec<&'static str>,
    pub evidence: Vec<Evidence<'a>>,
}

/// Reads what says how drivers are loaded.
pub(super) fn modules<'a>(host: &Host<'a>) -> Modules<'a> {
    let mut found = Modules { blocked: Blocked::No, mechanisms: Vec::new(), evidence: Vec::new() };
    if let Some(built_in) = built_in(host) {
        found.evidence.push(built_in);
        return found;
    }
    let forbidden = found.read_command_line(host);
    let installed = found.read_directories(host);
    found.blocked = if forbidden { Blocked::Yes } else { installed };
    found
}

impl<'a> Modules<'a> {
    /// Reads `module_blacklist=`, which the kernel itself obeys, and `modprobe.blacklist=`, which is the same as `blacklist` lines.
    fn read_command_line(&mut self, host: &Host<'a>) -> bool {
        let Some(source) = host.file(COMMAND_LINE).text() else { return false };
        let mut forbidden = false;
        for word in source.text.split_ascii_whitespace() {
            let Some((key, value)) = word.split_once('=') else { continue };
            let names_it = value.split(',').any(|name| same_module(name, "usb_storage"));
            match key {
                "module_blacklist" if names_it => {
                    forbidden = true;
                    self.note("module_blacklist usb-storage", source, word);
                }
                "modprobe.blacklist" if names_it => self.note("blacklist usb-storage", source, word),
                _ => {}
            }
        }
        forbidden
    }

    /// Reads `modprobe.d`.
    fn read_directories(&mut self, host: &Host<'a>) -> Blocked<'a> {
        let layers = layers::read(host, &DIRECTORIES);
        let mut doubt = None;
        let mut decided = None;
        for layer in &layers.files {
            let unread = match layer.content {
                Content::Text(source) => {
                    for directive in words::read(source.text, &SYNTAX) {
                        self.read_line(source, directive, &mut decided);
                    }
                    (!source.complete).then(|| Why::truncated(layer.path))
                }
                Content::Hidden => None,
                Content::Lacking(lack) => Some(Why::lacking(layer.path, lack)),
            };
            if decided.is_none() {
                doubt = doubt.or(unread);
            }
        }
        // Where a line decides, a directory that was not listed could only hold an earlier file that loads the driver by a command of its
        // own, which nobody ships. Where none does, a line that forbids could be in any.
        let unlisted = layers.unlisted.first().map(|it| Why::lacking(it.path, it.lack));
        match (decided, doubt.or(unlisted.filter(|_| decided.is_none()))) {
            (_, Some(why)) => Blocked::Unknown(why),
            (Some(true), None) => Blocked::Yes,
            (Some(false) | None, None) => Blocked::No,
        }
    }

    /// Reads one line; the first `install` of usb-storage decides.
    fn read_line(&mut self, source: &'a Source<'a>, directive: Directive<'a>, decided: &mut Option<bool>) {
        let mut words = directive.words();
        let (Some(command), Some(module)) = (words.next(), words.next()) else { return };
        let (storage, uas) = (same_module(module, "usb_storage"), same_module(module, "uas"));
        match command {
            "install" if storage && decided.is_none() => {
                let nothing = loads_nothing(directive.after(2));
                *decided = Some(nothing);
                if nothing {
                    self.note("install usb-storage", source, directive.line);
                } else {
                    self.evidence.push(Evidence::Decides(source.span(directive.line)));
                }
            }
            "install" if uas && loads_nothing(directive.after(2)) => self.note("install uas", source, directive.line),
            "install" if storage => self.evidence.push(Evidence::Shadowed(source.span(directive.line))),
            "blacklist" if storage => self.note("blacklist usb-storage", source, directive.line),
            "blacklist" if uas => self.note("blacklist uas", source, directive.line),
            _ => {}
        }
    }

    /// Keeps a mechanism and the text that names it.
    fn note(&mut self, mechanism: &'static str, source: &'a Source<'a>, part: &str) {
        if !self.mechanisms.contains(&mechanism) {
            self.mechanisms.push(mechanism);
        }
        self.evidence.push(Evidence::Decides(source.span(part)));
    }
}

/// The line that says that the driver is part of the kernel, which then never asks modprobe for it.
fn built_in<'a>(host: &Host<'a>) -> Option<Evidence<'a>> {
    ["usr/lib/modules/*/modules.builtin", "lib/modules/*/modules.builtin"].iter().find_map(|pattern| {
        host.matching(pattern).paths.iter().find_map(|path| {
            let source = host.file(path).text()?;
            let line = source.text.lines().find(|line| line.ends_with("/usb-storage.ko"))?;
            Some(Evidence::Decides(source.span(line)))
        })
    })
}

/// Whether a name or pattern of modprobe.d means a module, which is given with underscores.
fn same_module(written: &str, module: &str) -> bool {
    let written = written.replace('-', "_");
    written == module || (glob::is_pattern(&written) && glob::wildcard(&written, module))
}

/// Whether a shell that runs this command loads nothing.
fn loads_nothing(command: &str) -> bool {
    let command = command.split('#').next().unwrap_or_default().trim();
    NOTHING.contains(&command)
}
