//! Signs that grants are kept where they cannot be read: LDAP, SSSD, or the file of sudo-rs.

use super::Gap;
use super::load::Sudoers;
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::names::Phrase;
use crate::snapshot::Lack;

static DIRECTORY: Phrase = Phrase { zh: "sudo 规则还来自 {}", en: "sudo also takes rules from {}" };
static SUDO_RS: Phrase = Phrase { zh: "sudo-rs 读取 {}，未解析", en: "sudo-rs reads {}, which is not judged here" };

/// Adds the gaps that they leave.
pub(super) fn note<'a>(host: &Host<'a>, sudoers: &mut Sudoers<'a>) {
    match host.file("etc/nsswitch.conf") {
        // Without a line for sudoers, or without the file, sudo reads its files alone (sudoers.ldap(5)).
        Artefact::Lacking(Lack::Absent) => {}
        Artefact::Lacking(lack) => sudoers.gaps.push(Gap { why: Why::lacking("etc/nsswitch.conf", lack), evidence: &[] }),
        Artefact::Text(source) => {
            let lines = source.text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
            let services = lines.rev().find_map(|line| line.strip_prefix("sudoers")?.trim_start().strip_prefix(':'));
            let words = services.unwrap_or_default().split_ascii_whitespace();
            for service in words.filter(|word| !["files"].contains(word) && !word.starts_with('[')) {
                let evidence = host.evidence(&[Evidence::Decides(source.span(service))]);
                sudoers.gaps.push(Gap { why: Why::new("in-a-directory", &DIRECTORY, service), evidence });
            }
        }
    }
    if let Artefact::Text(source) = host.file("etc/sudoers-rs") {
        let evidence = host.evidence(&[Evidence::Decides(source.whole())]);
        sudoers.gaps.push(Gap { why: Why::new("not-judged", &SUDO_RS, source.path), evidence });
    }
}
