//! The output of `docker inspect` into rows of `containers`.

use super::super::{Artefact, Cell, Evidence, Host, Tables, Value, Why};
use super::NAME;
use crate::parse::yaml::{self, Kind, Node};
use crate::schema::containers::CONTAINERS;
use crate::source::Source;

/// Where the output is kept.
pub(super) const OUTPUT: &str = "commands/docker-inspect";

/// The most containers of a host.
const CONTAINERS_MOST: usize = 20_000;

/// Pushes the rows, and a gap where containers could be missing.
pub(super) fn push<'a>(host: &Host<'a>, output: Artefact<'a>, tables: &mut Tables<'a>) {
    if !tables.wants(&CONTAINERS) {
        return;
    }
    let source = match output {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return tables.push(host.gap(&CONTAINERS, NAME, Why::lacking(OUTPUT, lack))),
    };
    let document = yaml::read(host.arena(), source.text);
    // `docker inspect` of nothing prints nothing.
    let empty = source.text.trim().is_empty();
    let whole = source.complete && (empty || document.broken.is_none() && yaml::is_json(source.text));
    for container in document.roots.iter().flat_map(Node::items).take(CONTAINERS_MOST) {
        if !host.spend(1) {
            return tables.push(host.gap(&CONTAINERS, NAME, Why::budget_spent(OUTPUT)));
        }
        push_container(host, source, container, tables);
    }
    if !whole {
        let why = if source.complete { Why::not_understood(OUTPUT) } else { Why::truncated(OUTPUT) };
        tables.push(host.gap(&CONTAINERS, NAME, why));
    }
    tables.searched(&CONTAINERS, Evidence::Searched(OUTPUT));
}

/// A cell of one container that its output decides.
struct Place<'h, 'a> {
    host: &'h Host<'a>,
    source: &'a Source<'a>,
    root: &'h Node<'a>,
}

impl<'a> Place<'_, 'a> {
    /// What a path of keys leads to, as a cell; unknown where it is not there.
    fn cell(&self, path: &[&str], reading: impl Fn(&Node<'a>) -> Option<Value<'a>>) -> Cell<'a> {
        match self.root.at(path) {
            Some((key, value)) => {
                let evidence = self.host.evidence(&[Evidence::Decides(self.source.span(key.text))]);
                reading(&value).map_or(Cell::unset(evidence), |value| Cell::known(value, evidence))
            }
            None => Cell::unknown(Why::not_understood(path.last().copied().map_or("", |last| self.host.text(last))), &[]),
        }
    }

    /// A list of texts; null is an empty one.
    fn list(&self, path: &[&str], of: impl Fn(&'a str) -> &'a str) -> Cell<'a> {
        self.cell(path, |node| {
            let items: Vec<&'a str> = node.items().iter().filter_map(Node::scalar).map(&of).collect();
            (matches!(node.kind, Kind::List(_)) || node.is_null()).then(|| self.host.texts(&items))
        })
    }
}

/// Pushes the row of one container.
fn push_container<'a>(host: &Host<'a>, source: &'a Source<'a>, container: &Node<'a>, tables: &mut Tables<'a>) {
    // Environments hold passwords.
    if let Some((_, environment)) = container.at(&["Config", "Env"]) {
        environment.items().iter().for_each(|item| source.hide(item.text));
    }
    let place = Place { host, source, root: container };
    let text = |node: &Node<'a>| node.scalar().filter(|text| !text.is_empty()).map(Value::Text);
    let name = container.get("Name").and_then(|(_, name)| name.scalar()).unwrap_or_default();
    let mut row = host.row(&CONTAINERS, NAME);
    row.set(const { CONTAINERS.column("name") }, Cell::known(Value::Text(name.trim_start_matches('/')), &[]))
        .set(const { CONTAINERS.column("image") }, place.cell(&["Config", "Image"], text))
        .set(const { CONTAINERS.column("privileged") }, place.cell(&["HostConfig", "Privileged"], |node| node.switch().map(Value::Boolean)))
        .set(const { CONTAINERS.column("user") }, place.cell(&["Config", "User"], text))
        .set(const { CONTAINERS.column("mounts") }, mounts(&place))
        .set(const { CONTAINERS.column("host-namespaces") }, namespaces(&place))
        .set(
            const { CONTAINERS.column("capabilities") },
            place.list(&["HostConfig", "CapAdd"], |name| name.strip_prefix("CAP_").unwrap_or(name)),
        )
        .set(const { CONTAINERS.column("security-options") }, place.list(&["HostConfig", "SecurityOpt"], |it| it))
        .set(const { CONTAINERS.column("log-driver") }, place.cell(&["HostConfig", "LogConfig", "Type"], text));
    tables.push(row);
}

/// The paths of the host that a container sees.
fn mounts<'a>(place: &Place<'_, 'a>) -> Cell<'a> {
    place.cell(&["Mounts"], |node| {
        let sources: Vec<&'a str> =
            node.items().iter().filter_map(|mount| mount.get("Source")?.1.scalar()).filter(|path| path.starts_with('/')).collect();
        (matches!(node.kind, Kind::List(_)) || node.is_null()).then(|| place.host.texts(&sources))
    })
}

/// The namespaces that a container shares with the host.
fn namespaces<'a>(place: &Place<'_, 'a>) -> Cell<'a> {
    let modes = [("IpcMode", "ipc"), ("NetworkMode", "network"), ("PidMode", "pid"), ("UsernsMode", "user"), ("UTSMode", "uts")];
    let mut words = Vec::new();
    let mut evidence = Vec::new();
    for (key, word) in modes {
        let Some((at, mode)) = place.root.at(&["HostConfig", key]) else {
            return Cell::unknown(Why::not_understood(key), &[]);
        };
        if mode.scalar() == Some("host") {
            words.push(Value::Word(word));
            evidence.push(Evidence::Decides(place.source.span(at.text)));
        }
    }
    if let (true, Some((key, _))) = (evidence.is_empty(), place.root.get("HostConfig")) {
        evidence.push(Evidence::Decides(place.source.span(key.text)));
    }
    Cell::known(Value::List(place.host.arena().alloc_slice_copy(&words)), place.host.evidence(&evidence))
}
