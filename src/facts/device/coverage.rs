//! A parsed configuration into how many of its lines became statements.

use super::DeviceConfig;
use crate::parse::tree::IssueKind;

/// Lines of one configuration that are not empty, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All of them.
    pub lines: usize,
    /// Lines of statements.
    pub attributed: usize,
    /// Lines of banners, certificates, keys and other texts that are kept and not read.
    pub opaque: usize,
    /// Comments, separators, ends of blocks, and what stands around the configuration.
    pub frame: usize,
    /// Lines that no statement holds.
    pub not_understood: usize,
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Nothing,
    Opaque,
    Statement,
    NotUnderstood,
}

impl DeviceConfig<'_> {
    /// What became of the lines.
    pub fn coverage(&self) -> Coverage {
        let text = self.source.text;
        let starts: Vec<usize> = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        let mut classes = vec![Class::Nothing; starts.len()];
        let mut mark = |part: &str, class: Class| {
            let span = self.source.span(part);
            let line = |at: u32| starts.partition_point(|start| *start <= at as usize).saturating_sub(1);
            if !part.is_empty() {
                classes[line(span.start)..=line(span.end.saturating_sub(1).max(span.start))]
                    .iter_mut()
                    .for_each(|it| *it = (*it).max(class));
            }
        };
        for node in self.tree.all() {
            let is_text = node.is_opaque() && node.body().is_empty();
            mark(node.origin(), if is_text { Class::Opaque } else { Class::Statement });
            if !node.body().is_empty() {
                mark(node.place(node.body()), Class::Opaque);
            }
        }
        for issue in self.tree.issues.iter().filter(|issue| issue.kind == IssueKind::NotUnderstood) {
            mark(self.tree.clean.place(issue.part).unwrap_or_default(), Class::NotUnderstood);
        }
        let clean = self.source.span(self.tree.clean.place(self.tree.clean.text).unwrap_or_default());
        let mut coverage = Coverage::default();
        for ((line, class), start) in text.split('\n').zip(classes).zip(starts) {
            if line.trim_matches(['\r', ' ', '\t', '\0']).is_empty() {
                continue;
            }
            coverage.lines += 1;
            let around = start < clean.start as usize || start >= clean.end as usize;
            match class {
                Class::Statement => coverage.attributed += 1,
                Class::Opaque => coverage.opaque += 1,
                Class::NotUnderstood => coverage.not_understood += 1,
                Class::Nothing if around || is_frame(line.trim()) => coverage.frame += 1,
                // Of equal paths the first is the node; commands that take away or move are none.
                Class::Nothing if self.tree.has_words() => coverage.frame += 1,
                Class::Nothing => coverage.not_understood += 1,
            }
        }
        coverage
    }
}

/// Whether a line is a comment, a separator or the end of a block.
fn is_frame(line: &str) -> bool {
    const ENDS: &[&str] = &["end", "exit", "next", "return", "quit", "EOF", "peer-public-key end", "public-key-code end"];
    line.starts_with(['!', '#', ':', '<', '{', '/', '*', '%', '@', '^', '\x03', '\x1a'])
        || line.starts_with("exit-")
        || line.eq_ignore_ascii_case("end")
        || ENDS.contains(&line)
        || line.bytes().all(|byte| byte.is_ascii_punctuation())
        || crate::source::capture::is_metadata(line)
}
