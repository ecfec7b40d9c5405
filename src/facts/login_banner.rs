//! `/etc/issue` and `/etc/motd` into the scopes `console` and `motd` of the table `banner`.
//!
//! agetty shows `/etc/issue`, or the vendor's where there is none, and the files of `issue.d` (agetty(8)); its escapes `\S`, `\s`,
//! `\r`, `\v` and `\m` stand for the system's name, release, version and machine. The banner of sshd is filled by `openssh-server`.

use super::os_release::release;
use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::BANNER;
use crate::snapshot::Lack;
use crate::source::Source;

/// What is shown around a login at the console.
pub(super) static PRODUCT: Product = Product {
    name: "login-banner",
    title: Phrase { zh: "控制台登录提示（issue、motd）", en: "login banner of the console (issue, motd)" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::File("etc/issue"),
        Reading::File("usr/lib/issue"),
        Reading::Glob("etc/issue.d/*.issue"),
        Reading::File("etc/motd"),
        Reading::Glob("etc/motd.d/*"),
        Reading::File("etc/os-release"),
    ],
    fills: &[&BANNER],
    derive,
};

/// Names of systems, lower case; a banner that holds one tells which system it is.
const NAMES: [&str; 21] = [
    "almalinux",
    "amazon linux",
    "anolis",
    "centos",
    "debian",
    "euleros",
    "fedora",
    "kylin",
    "linux",
    "openeuler",
    "oracle",
    "red hat",
    "redhat",
    "rocky",
    "suse",
    "ubuntu",
    "uniontech",
    "uos",
    "欧拉",
    "统信",
    "麒麟",
];

/// Escapes of agetty that stand for the system's name, release, version and machine.
const ESCAPES: [&str; 5] = ["\\S", "\\s", "\\r", "\\v", "\\m"];

/// A banner's places: the first of `files` that is there, and all of a glob.
struct Scope {
    name: &'static str,
    files: &'static [&'static str],
    more: &'static str,
    escapes: bool,
}

const SCOPES: [Scope; 2] = [
    Scope { name: "console", files: &["etc/issue", "usr/lib/issue"], more: "etc/issue.d/*.issue", escapes: true },
    Scope { name: "motd", files: &["etc/motd"], more: "etc/motd.d/*", escapes: false },
];

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let collected = SCOPES.iter().filter(|scope| !matches!(host.file(scope.files[0]), Artefact::Lacking(Lack::NotCollected))).count();
    if collected == 0 {
        return Seen::Nothing;
    }
    for scope in &SCOPES {
        let (sources, gap) = texts(host, scope);
        push(host, tables, scope, &sources, gap);
    }
    Seen::Present
}

/// The texts that a scope shows, and why there could be more.
fn texts<'a>(host: &Host<'a>, scope: &Scope) -> (Vec<&'a Source<'a>>, Option<Why<'a>>) {
    let mut sources = Vec::new();
    let mut gap = None;
    for path in scope.files {
        match host.file(path) {
            Artefact::Text(source) => {
                sources.push(source);
                break;
            }
            Artefact::Lacking(Lack::Absent) => {}
            Artefact::Lacking(lack) => gap = gap.or(Some(Why::lacking(path, lack))),
        }
    }
    let more = host.matching(scope.more);
    for path in more.paths {
        match host.file(path) {
            Artefact::Text(source) => sources.push(source),
            Artefact::Lacking(lack) => gap = gap.or(Some(Why::lacking(path, lack))),
        }
    }
    let truncated = sources.iter().find(|source| !source.complete).map(|source| Why::truncated(source.path));
    let unlisted = more.gap.map(|(path, lack)| Why::lacking(path, lack));
    (sources, gap.or(truncated).or(unlisted))
}

/// Pushes the row of a scope.
fn push<'a>(host: &Host<'a>, tables: &mut Tables<'a>, scope: &Scope, sources: &[&'a Source<'a>], gap: Option<Why<'a>>) {
    let shown = sources.iter().find_map(|source| {
        let line = source.text.lines().find(|line| !line.trim().is_empty())?;
        Some(Evidence::Decides(source.span(line)))
    });
    let name = release(host).map(|it| it.name.to_lowercase());
    let telling = sources.iter().find_map(|source| {
        let line = source.text.lines().find(|line| tells(line, scope.escapes, name.as_deref()))?;
        Some(Evidence::Decides(source.span(line)))
    });
    let cell = |found: Option<Evidence<'a>>| match (found, gap) {
        (Some(here), _) => Cell::known(Value::Boolean(true), host.evidence(&[here])),
        (None, Some(why)) => Cell::unknown(why, &[]),
        (None, None) => Cell::known(Value::Boolean(false), host.evidence(&[Evidence::Searched(scope.files[0])])),
    };
    let mut row = host.row(&BANNER, PRODUCT.name);
    row.set(const { BANNER.column("scope") }, Cell::known(Value::Text(scope.name), &[]))
        .set(const { BANNER.column("present") }, cell(shown))
        .set(const { BANNER.column("mentions-product") }, cell(telling));
    tables.push(row);
}

/// Whether a line tells which system it is.
fn tells(line: &str, escapes: bool, name: Option<&str>) -> bool {
    let lower = line.to_lowercase();
    NAMES.iter().copied().chain(name).any(|name| lower.contains(name)) || (escapes && ESCAPES.iter().any(|escape| line.contains(escape)))
}
