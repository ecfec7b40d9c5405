//! Configurations in sections between lines `#` (Huawei VRP, H3C Comware) into a tree.
//!
//! A line that is `#` and nothing else ends a section; an indented one stands within a block and means nothing. Indentation shows
//! blocks, with one trap: Comware prints statements of the system view with a blank in front. A section that begins indented
//! therefore holds statements side by side, unless its first line enters a view.

use bumpalo::Bump;

use super::lines::Lines;
use super::tree::builder::{Builder, ROOT};
use super::tree::{Cut, IssueKind, Split, Tree};
use crate::source::capture::Clean;

/// The most lines of a header; one that is longer is taken to lack its end.
const HEADER_LINES_MOST: usize = 500;

/// Commands that enter a view, by their first words (the command references of VRP and Comware).
const VIEWS: &[&str] = &[
    "aaa",
    "acl",
    "bfd",
    "bgp",
    "controller",
    "dhcp server ip-pool",
    "diffserv domain",
    "domain",
    "dsa peer-public-key",
    "ecc peer-public-key",
    "firewall zone",
    "hwtacacs scheme",
    "hwtacacs-server template",
    "ike peer",
    "ike proposal",
    "interface",
    "ip pool",
    "ip vpn-instance",
    "ipsec policy",
    "ipsec proposal",
    "irf-port",
    "isis",
    "l2tp-group",
    "line",
    "local-user",
    "mpls",
    "nat-policy",
    "object-group",
    "object-policy",
    "ospf",
    "ospfv3",
    "pki domain",
    "pki entity",
    "policy interzone",
    "public-key peer",
    "qos policy",
    "radius scheme",
    "radius-server template",
    "rip",
    "role name",
    "route-policy",
    "rsa peer-public-key",
    "security-policy",
    "security-zone name",
    "ssl policy",
    "ssl server-policy",
    "stp region-configuration",
    "traffic behavior",
    "traffic classifier",
    "traffic policy",
    "user-group",
    "user-interface",
    "vlan",
    "vsys name",
    "zone-pair security",
];

/// A text that is being read.
struct Reader<'a> {
    lines: Lines<'a>,
    builder: Builder<'a>,
    /// Open blocks: the width of their line and their number.
    stack: Vec<(usize, u32)>,
    /// Set at the beginning of a section.
    fresh: bool,
    /// The block of a line that enters a view and whose content stands at its own width.
    flat: Option<(usize, u32)>,
    /// Whether no line of the text is indented although views are entered.
    lost: bool,
    /// The `switch vsys` that the text is behind, or the root.
    system: u32,
    /// Whether the last line that is no comment is `return`.
    ended: bool,
}

/// Reads a configuration.
pub fn read<'a>(arena: &'a Bump, clean: &'a Clean<'a>) -> &'a Tree<'a> {
    let lost = is_lost(clean.text);
    let mut reader = Reader {
        lines: Lines::new(clean),
        builder: Builder::new(Split::Quotes),
        stack: Vec::new(),
        fresh: true,
        flat: None,
        lost,
        system: ROOT,
        ended: false,
    };
    if lost {
        reader.builder.issue(IssueKind::LostIndentation, clean.text.lines().next().unwrap_or_default());
        reader.builder.cut(Cut::Levels);
    }
    while let Some(line) = reader.lines.next() {
        reader.line(line);
    }
    if clean.wrapped {
        reader.builder.cut(Cut::Wrapped);
    }
    if !reader.ended {
        reader.builder.cut(Cut::NoEnd);
    }
    reader.builder.finish(arena, clean)
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a str) {
        let text = line.trim_matches([' ', '\t']);
        if line.trim_end() == "#" {
            self.stack.clear();
            self.flat = None;
            self.fresh = true;
            return;
        }
        if text.is_empty() || text == "#" || line.starts_with('!') || is_view_end(text) {
            return;
        }
        if text == "return" {
            self.ended = true;
            self.system = ROOT;
            self.fresh = true;
            self.flat = None;
            self.stack.clear();
            return;
        }
        if text.starts_with("switch vsys ") {
            // The configuration of a virtual system follows that of the device, with its own end.
            self.ended = false;
            self.system = self.builder.add(ROOT, text, 0);
            return;
        }
        if self.ended {
            // Something follows the end: what it is, nobody can say, but it is read.
            self.ended = false;
            self.builder.issue(IssueKind::StrayEnd, text);
        }
        if self.lines.is_broken() {
            self.builder.issue(IssueKind::Unterminated, text);
            return;
        }
        self.statement(line.len() - line.trim_start_matches([' ', '\t']).len(), text);
    }

    /// Adds a statement where its width, or the view that it stands in, says.
    fn statement(&mut self, width: usize, text: &'a str) {
        let enters = enters_view(text);
        if self.flat.is_some_and(|(flat, _)| width > flat) {
            // The view's content is indented after all, and so what stands at the view's own width is not in it.
            self.flat = None;
        }
        while self.stack.last().is_some_and(|(open, _)| *open >= width) {
            self.stack.pop();
        }
        let in_flat = self.flat.filter(|(flat, _)| *flat == width && (!enters || is_inner(text)));
        let above = match (in_flat, self.stack.last()) {
            (Some((_, number)), _) => number,
            (None, Some((_, number))) => *number,
            (None, None) => self.system,
        };
        let number = self.builder.add(above, text, 0);
        let is_top = above == self.system;
        if is_top && enters && (self.lost || width > 0) && (self.fresh || self.flat.is_some()) {
            self.flat = Some((width, number));
        }
        self.fresh = false;
        if number != above && !self.opaque(number, text) && self.builder.may_open(self.stack.len(), text) {
            self.stack.push((width, number));
        }
    }

    /// Takes the text that follows a header or a key; whether there was one.
    fn opaque(&mut self, number: u32, text: &'a str) -> bool {
        if text == "public-key-code begin" {
            self.up_to(number, text, |line| line.trim() == "public-key-code end");
            return true;
        }
        let Some(rest) = header(text) else { return false };
        let Some(delimiter) = rest.chars().next() else { return false };
        let behind = &rest[delimiter.len_utf8()..];
        if delimiter.is_alphanumeric() {
            self.builder.set_body(number, rest);
        } else if let Some(end) = behind.find(delimiter) {
            self.builder.set_body(number, &behind[..end]);
        } else {
            self.up_to(number, text, |line| line.contains(delimiter));
        }
        true
    }

    /// Takes lines up to one that ends them; where none does, up to the end of the section.
    fn up_to(&mut self, number: u32, text: &'a str, is_end: impl Fn(&str) -> bool) {
        let from = self.lines.at;
        let mut ahead = self.lines;
        let mut section = None;
        for _ in 0..HEADER_LINES_MOST {
            let before = ahead;
            let Some(line) = ahead.next() else { break };
            if is_end(line) {
                self.builder.set_body(number, ahead.since(from));
                self.lines = ahead;
                return;
            }
            if section.is_none() && line.trim_end() == "#" {
                section = Some(before);
            }
        }
        self.builder.issue(IssueKind::Unterminated, text);
        self.builder.cut(Cut::Open);
        self.lines = section.unwrap_or(ahead);
        self.builder.set_body(number, self.lines.since(from));
    }
}

/// The text of a header, with its delimiters: of `header login information "…"` or `header legal %…%`.
fn header(text: &str) -> Option<&str> {
    const KINDS: &[&str] = &["incoming", "legal", "login", "motd", "shell"];
    let (kind, rest) = text.strip_prefix("header ")?.trim_start().split_once(' ')?;
    let rest = rest.trim_start();
    KINDS.contains(&kind).then(|| rest.strip_prefix("information").map_or(rest, str::trim_start))
}

/// Whether a line only leaves a view.
fn is_view_end(text: &str) -> bool {
    matches!(text, "peer-public-key end" | "public-key-code end" | "quit")
}

/// Whether a statement enters a view. Some of the words also begin statements that do not: `vlan batch`, `acl number … `.
fn enters_view(text: &str) -> bool {
    let begins = |view: &&str| text.strip_prefix(*view).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let Some(view) = VIEWS.iter().find(|view| begins(view)) else { return false };
    let next = text[view.len()..].trim_start();
    let digits = next.starts_with(|it: char| it.is_ascii_digit());
    match *view {
        "vlan" => digits && !next.contains(' '),
        "domain" => !next.starts_with("default"),
        "bfd" | "mpls" | "aaa" => next.is_empty(),
        "line" => ["vty", "con", "aux", "class", "tty"].iter().any(|kind| next.starts_with(kind)) || digits,
        "ospf" | "isis" | "rip" | "ospfv3" => next.is_empty() || digits,
        "bgp" => digits,
        "local-user" => !next.trim_end().contains(' ') || next.contains(" class "),
        _ => true,
    }
}

/// Whether a statement that enters a view also stands within others: users and domains within `aaa`.
fn is_inner(text: &str) -> bool {
    ["local-user ", "domain ", "acl ", "vlan "].iter().any(|start| text.starts_with(start))
}

/// Whether views are entered and not a single line is indented.
fn is_lost(text: &str) -> bool {
    let mut enters = false;
    let mut flat = false;
    for line in text.lines() {
        let line = line.trim_end();
        if line.starts_with([' ', '\t']) {
            return false;
        }
        flat |= enters && !line.is_empty() && line != "#" && line != "return" && !enters_view(line);
        enters = line != "#" && (enters || enters_view(line));
    }
    flat
}
