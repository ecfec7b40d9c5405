//! The list of set-id programs that a host was searched for into the table `setuid-files`.
//!
//! The search prints a line per file and last its own exit status. Without a status of 0 there may be more than it printed.

use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::linux::SETUID_FILES;
use crate::source::{Source, lines};

/// The set-id programs of a Linux host.
pub(super) static PRODUCT: Product = Product {
    name: "setuid-files",
    title: Phrase { zh: "Linux 的 SUID/SGID 程序", en: "set-id programs on Linux" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    // Every local file system is searched. Overlays and the stores of containers repeat what is in images.
    reads: &[Reading::Command {
        name: "setuid-files",
        line: r"find / \( -fstype proc -o -fstype sysfs -o -fstype nfs -o -fstype nfs4 -o -fstype cifs -o -fstype overlay -o -path /var/lib/docker -o -path /var/lib/containers \) -prune -o -type f -perm /6000 -printf '%m\t%u\t%g\t%p\n'; echo status $?",
    }],
    fills: &[&SETUID_FILES],
    derive,
};

/// Where the output of the search is kept.
const OUTPUT: &str = "commands/setuid-files";

/// Directories that a merged `/usr` holds under both names: hier(7), file-hierarchy(7).
const MERGED: [&str; 4] = ["bin", "lib", "lib64", "sbin"];

static NOT_WHOLE: Phrase = Phrase {
    zh: "{} 没有以 `status 0` 结尾：查找未完成，可能还有别的文件",
    en: "{} does not end with `status 0`: the search was not whole, and there may be more files",
};

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let source = match host.file(OUTPUT) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return Seen::Lacking(OUTPUT, lack),
    };
    let mut status = None;
    let mut understood = true;
    for line in lines(source.text) {
        if let Some(number) = line.strip_prefix("status ") {
            status = Some(number);
        } else if !push(host, source, line, tables) {
            understood = false;
        }
    }
    tables.searched(&SETUID_FILES, Evidence::Searched(OUTPUT));
    if status != Some("0") || !understood || !source.complete {
        tables.push(host.gap(&SETUID_FILES, PRODUCT.name, Why::new("not-whole", &NOT_WHOLE, OUTPUT)));
    }
    Seen::Present
}

/// Adds the row of a line; false where it is none.
fn push<'a>(host: &Host<'a>, source: &'a Source<'a>, line: &'a str, tables: &mut Tables<'a>) -> bool {
    let mut fields = line.splitn(4, '\t');
    let (Some(mode), Some(owner), Some(group), Some(path)) = (fields.next(), fields.next(), fields.next(), fields.next()) else {
        return false;
    };
    let Some(bits) = u32::from_str_radix(mode, 8).ok().filter(|bits| *bits <= 0o7777) else { return false };
    if !path.starts_with('/') {
        return false;
    }
    let mut row = host.row(&SETUID_FILES, PRODUCT.name);
    row.set(const { SETUID_FILES.column("path") }, host.decided(Value::Text(path), source, path))
        .set(const { SETUID_FILES.column("mode") }, host.decided(Value::Mode(bits), source, mode))
        .set(const { SETUID_FILES.column("owner") }, host.decided(Value::Text(owner), source, owner))
        .set(const { SETUID_FILES.column("group") }, host.decided(Value::Text(group), source, group));
    if let Some(alias) = alias(host, path) {
        row.set(const { SETUID_FILES.column("alias") }, host.decided(Value::Text(alias), source, path));
    } else {
        row.set(const { SETUID_FILES.column("alias") }, Cell::unset(host.evidence(&[Evidence::Decides(source.span(path))])));
    }
    tables.push(row);
    true
}

/// The name that a file of a merged `/usr` has besides its own: `/bin/su` of `/usr/bin/su`.
fn alias<'a>(host: &Host<'a>, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix("/usr/")?;
    let directory = rest.split('/').next()?;
    let link = host.look(MERGED.into_iter().find(|merged| *merged == directory)?).link?;
    let merged = link.trim_matches('/').strip_prefix("usr/") == Some(directory);
    merged.then(|| &path["/usr".len()..])
}
