//! The files that name a distribution into its id and version.
//!
//! os-release(5) first (`/etc` wins over `/usr/lib`), then the one-line files of distributions that predate it. Every product that has
//! defaults by distribution asks here.

use super::Host;
use crate::parse::key_value::{ASSIGNMENTS, read as settings};
use crate::source::{Source, Span};

/// The distribution of a host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Release<'a> {
    /// os-release's `ID`: `debian`, `rhel`, `openEuler`, `kylin`.
    pub id: &'a str,
    /// Its `ID_LIKE`, space separated; empty if not given.
    pub id_like: &'a str,
    /// Its `VERSION_ID`: `12`, `9.4`, `V10`. Rolling releases have none.
    pub version_id: Option<&'a str>,
    /// Its `VERSION`, where service packs stand that `VERSION_ID` lacks: `22.03 (LTS-SP3)`, `V10 (Lance)`.
    pub version: Option<&'a str>,
    /// Its name for a reader.
    pub name: &'a str,
    /// The line that gives the id, or the version where there is one.
    pub span: Span,
}

impl Release<'_> {
    /// The major version: `9` of `9.4`, `10` of `V10`.
    pub fn major(&self) -> Option<u32> {
        let digits = self.version_id?.trim_start_matches(['V', 'v']);
        digits[..digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len())].parse().ok()
    }

    /// Whether it is, or is derived from, one of these distributions (compared without regard to case).
    pub fn is_like(&self, ids: &[&str]) -> bool {
        let like = self.id_like.split_ascii_whitespace();
        like.chain([self.id]).any(|id| ids.iter().any(|known| known.eq_ignore_ascii_case(id)))
    }
}

const OS_RELEASE: [&str; 2] = ["etc/os-release", "usr/lib/os-release"];

/// Files of one line `<name> release <version> (<code name>)`, and the id that stands for them where the name is not known.
const ONE_LINE: [(&str, &str); 6] = [
    ("etc/openEuler-release", "openEuler"),
    ("etc/kylin-release", "kylin"),
    ("etc/uos-release", "uos"),
    ("etc/anolis-release", "anolis"),
    ("etc/centos-release", "centos"),
    ("etc/redhat-release", "rhel"),
];

/// Names at the beginning of `/etc/redhat-release`, which derived distributions keep for compatibility, and the id of each.
const NAMES: [(&str, &str); 9] = [
    ("AlmaLinux", "almalinux"),
    ("Anolis OS", "anolis"),
    ("CentOS", "centos"),
    ("Fedora", "fedora"),
    ("Kylin", "kylin"),
    ("Oracle Linux", "ol"),
    ("Red Hat", "rhel"),
    ("Rocky", "rocky"),
    ("openEuler", "openEuler"),
];

/// The distribution of a host; none where nothing that was collected names it.
pub fn release<'a>(host: &Host<'a>) -> Option<Release<'a>> {
    *host.shared.release.get_or_init(|| read(host))
}

/// Reads the first file that names it.
fn read<'a>(host: &Host<'a>) -> Option<Release<'a>> {
    OS_RELEASE
        .iter()
        .find_map(|path| from_os_release(host.file(path).text()?))
        .or_else(|| ONE_LINE.iter().find_map(|(path, id)| from_one_line(host.file(path).text()?, id)))
}

/// Reads os-release; a file without `ID` names nothing.
fn from_os_release<'a>(source: &'a Source<'a>) -> Option<Release<'a>> {
    let found = settings(source.text, &ASSIGNMENTS);
    // A shell would expand these; no distribution ships such a value.
    let expands = |value: &str| value.contains(['$', '`', '\\']);
    let value = |key: &str| found.last(key).filter(|it| !it.value.is_empty() && !expands(it.value));
    let id = value("ID")?;
    let version_id = value("VERSION_ID");
    Some(Release {
        id: id.value,
        id_like: value("ID_LIKE").map_or("", |it| it.value),
        version_id: version_id.map(|it| it.value),
        version: value("VERSION").map(|it| it.value),
        name: value("NAME").map_or(id.value, |it| it.value),
        span: source.span(version_id.unwrap_or(id).line),
    })
}

/// Reads `<name> release <version> (<code name>)`.
fn from_one_line<'a>(source: &'a Source<'a>, id: &'static str) -> Option<Release<'a>> {
    let line = source.text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let (name, rest) = line.split_once(" release ")?;
    let version = rest.split_ascii_whitespace().next()?;
    let id = NAMES.iter().find(|(known, _)| name.starts_with(known)).map_or(id, |(_, id)| id);
    Some(Release { id, id_like: "", version_id: Some(version), version: Some(rest), name, span: source.span(line) })
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;
    use crate::names::LINUX;
    use crate::snapshot::memory::{Memory, Node, Ownership};
    use crate::snapshot::{Asset, Description};
    use crate::source::Sources;

    fn of(files: &[(&str, &str)]) -> Option<(String, Option<u32>, Option<String>)> {
        let mut memory = Memory::default();
        for (path, text) in files {
            memory.insert(path, Node::File(text.as_bytes().to_vec()), Ownership::default());
        }
        let asset = Asset::in_memory("host".to_owned(), Description::default(), memory);
        let arena = Bump::new();
        let sources = Sources::new(&arena);
        let host = Host::new(&asset, LINUX, &sources);
        release(&host).map(|it| (it.id.to_owned(), it.major(), it.version_id.map(str::to_owned)))
    }

    #[test]
    fn every_kind_of_release_file_is_read() {
        let named = |id: &str, major, version: &str| Some((id.to_owned(), Some(major), Some(version.to_owned())));
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n";
        assert_eq!(of(&[("usr/lib/os-release", debian)]), named("debian", 12, "12"));
        assert_eq!(of(&[("usr/lib/os-release", debian), ("etc/os-release", "ID=mine\nVERSION_ID=3\n")]), named("mine", 3, "3"));
        assert_eq!(of(&[("etc/os-release", "NAME=\"Kylin\"\nID=\"kylin\"\nVERSION_ID=\"V10\"\n")]), named("kylin", 10, "V10"));
        assert_eq!(of(&[("etc/redhat-release", "CentOS release 6.10 (Final)\n")]), named("centos", 6, "6.10"));
        assert_eq!(of(&[("etc/redhat-release", "Red Hat Enterprise Linux Server release 7.9 (Maipo)")]), named("rhel", 7, "7.9"));
        assert_eq!(of(&[("etc/openEuler-release", "openEuler release 22.03 (LTS-SP3)")]), named("openEuler", 22, "22.03"));
        assert_eq!(of(&[("etc/os-release", "NAME=x\n")]), None);
        assert_eq!(of(&[]), None);
    }
}
