//! Manifests of static pods, and units, into the components of a control plane with their flags.

use super::super::service_unit::{self, Assigned};
use super::super::{Artefact, Evidence, Host, Why};
use crate::parse::yaml::{self, Node};
use crate::snapshot::Lack;
use crate::source::Source;

/// Where kubeadm has the manifests of static pods.
pub(super) const MANIFESTS: &str = "etc/kubernetes/manifests/*.yaml";

/// The components, in the order of their rows.
const NAMES: [&str; 4] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/// One flag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flag<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub evidence: Evidence<'a>,
}

/// One component.
#[derive(Debug)]
pub(super) struct Component<'a> {
    pub name: &'static str,
    pub flags: Vec<Flag<'a>>,
    /// The manifest or unit.
    pub path: &'a str,
    /// Why a flag could be missing.
    pub gap: Option<Why<'a>>,
    /// Paths in the container, and where they are on the host.
    mounts: Vec<(&'a str, &'a str)>,
}

impl<'a> Component<'a> {
    /// The last value of a flag.
    pub(super) fn last(&self, name: &str) -> Option<&Flag<'a>> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// Where a path that a flag names is on the host.
    pub(super) fn on_host(&self, host: &Host<'a>, path: &'a str) -> &'a str {
        let mounted = self.mounts.iter().filter_map(|(inside, outside)| Some((outside, path.strip_prefix(inside)?)));
        let longest = mounted.filter(|(_, rest)| rest.is_empty() || rest.starts_with('/')).min_by_key(|(_, rest)| rest.len());
        let path = longest.map_or(path, |(outside, rest)| host.text(&format!("{}{rest}", outside.trim_end_matches('/'))));
        path.trim_start_matches('/')
    }
}

/// What the host shows.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub list: Vec<Component<'a>>,
    /// A manifest that could not be read.
    pub lacking: Option<(&'a str, Lack)>,
    /// Whether there is proven to be none.
    pub absent: bool,
}

/// Reads them.
pub(super) fn read<'a>(host: &Host<'a>) -> Found<'a> {
    let mut found = Found { absent: true, ..Found::default() };
    let manifests = host.matching(MANIFESTS);
    found.absent &= manifests.gap.is_none() && manifests.paths.is_empty();
    found.lacking = manifests.gap.filter(|(_, lack)| *lack != Lack::NotCollected);
    for path in manifests.paths {
        match host.file(path) {
            Artefact::Text(source) => read_manifest(host, source, &mut found),
            Artefact::Lacking(Lack::Absent) => {}
            Artefact::Lacking(lack) => found.lacking = found.lacking.or(Some((path, lack))),
        }
    }
    for name in NAMES {
        if !found.list.iter().any(|component| component.name == name) {
            found.list.extend(by_unit(host, name));
        }
    }
    found.list.sort_by_key(|component| component.name);
    found
}

/// The components of one manifest.
fn read_manifest<'a>(host: &Host<'a>, source: &'a Source<'a>, found: &mut Found<'a>) {
    let document = yaml::read(host.arena(), source.text);
    let broken = document.broken.map(|_| Why::not_understood(source.path));
    let gap = (!source.complete).then(|| Why::truncated(source.path)).or(broken);
    let before = found.list.len();
    for pod in &document.roots {
        let Some((_, containers)) = pod.at(&["spec", "containers"]) else { continue };
        for container in containers.items() {
            let words = [container.get("command"), container.get("args")].into_iter().flatten().flat_map(|(_, list)| list.items());
            let words: Vec<Assigned<'a>> = words
                .filter_map(|word| Some(Assigned { value: word.scalar()?, evidence: Evidence::Decides(source.span(word.text)) }))
                .collect();
            let Some(name) = words.first().and_then(|word| component(word.value)) else { continue };
            if !host.spend(words.len() as u64) {
                found.lacking = Some((source.path, Lack::BudgetSpent));
                return;
            }
            found.list.push(Component { name, flags: flags(&words[1..]), path: source.path, gap, mounts: mounts(pod, container) });
        }
    }
    // A component could stand in what was not read.
    if gap.is_some() && found.list.len() == before {
        found.lacking = found.lacking.or(Some((source.path, Lack::Unreadable)));
    }
}

/// The component that a program is.
fn component(program: &str) -> Option<&'static str> {
    let program = program.rsplit('/').next().unwrap_or(program);
    NAMES.iter().find(|name| **name == program).copied()
}

/// Where the paths of a container are on the host.
fn mounts<'a>(pod: &Node<'a>, container: &Node<'a>) -> Vec<(&'a str, &'a str)> {
    let volumes = pod.at(&["spec", "volumes"]).map_or(&[][..], |(_, list)| list.items());
    let path_of = |name: &str| {
        let volume = volumes.iter().find(|volume| volume.get("name").and_then(|(_, it)| it.scalar()) == Some(name))?;
        volume.at(&["hostPath", "path"])?.1.scalar()
    };
    let mounts = container.get("volumeMounts").map_or(&[][..], |(_, list)| list.items());
    let mounts = mounts.iter().filter_map(|mount| {
        let inside = mount.get("mountPath")?.1.scalar()?;
        Some((inside, path_of(mount.get("name")?.1.scalar()?)?))
    });
    mounts.collect()
}

/// A component that systemd starts.
fn by_unit<'a>(host: &Host<'a>, name: &'static str) -> Option<Component<'a>> {
    let unit = service_unit::read(host, &format!("{name}.service"));
    let path = unit.main?.path;
    let (words, gap) = unit.arguments(host);
    let start = words.iter().position(|word| component(word.value) == Some(name))?;
    let gap = gap.or(unit.gap).or(unit.unlisted);
    Some(Component { name, flags: flags(&words[start + 1..]), path, gap, mounts: Vec::new() })
}

/// The flags of a command line: `--name=value`, `--name value`, and `--name` alone for a switch.
pub(super) fn flags<'a>(words: &[Assigned<'a>]) -> Vec<Flag<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let Some(text) = word.value.strip_prefix('-') else { continue };
        let text = text.strip_prefix('-').unwrap_or(text);
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, value),
            None => match words.get(at).filter(|next| !next.value.starts_with('-')) {
                Some(next) => (text, next.value),
                None => (text, "true"),
            },
        };
        found.push(Flag { name, value, evidence: word.evidence });
    }
    found
}
