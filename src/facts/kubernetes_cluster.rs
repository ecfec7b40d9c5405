//! What `kubectl get … -o json` prints into roles, privileges and namespaces of a Kubernetes cluster.
//!
//! It is a product of its own because a cluster is asked once, from wherever somebody has a client, and its nodes are hosts beside it.
//! Each kind is a command of its own: asked for several at once, kubectl leaves out those that the reader may not see.

mod namespaces;
mod roles;

use super::{Artefact, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Why};
use crate::names::{LINUX, Phrase};
use crate::parse::yaml::{self, Node};
use crate::schema::containers::{KUBE_NAMESPACES, KUBE_ROLES};
use crate::schema::people::PRIVILEGES;
use crate::snapshot::Lack;
use crate::source::Source;

/// The product's name.
const NAME: &str = "kubernetes-cluster";

/// A cluster of Kubernetes.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "Kubernetes 集群对象", en: "objects of a Kubernetes cluster" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Command { name: "kube-clusterrolebindings", line: "kubectl get clusterrolebindings -o json" },
        Reading::Command { name: "kube-clusterroles", line: "kubectl get clusterroles -o json" },
        Reading::Command { name: "kube-namespaces", line: "kubectl get namespaces -o json" },
        Reading::Command { name: "kube-networkpolicies", line: "kubectl get networkpolicies -A -o json" },
        Reading::Command { name: "kube-rolebindings", line: "kubectl get rolebindings -A -o json" },
        Reading::Command { name: "kube-roles", line: "kubectl get roles -A -o json" },
        Reading::Glob("etc/kubernetes/manifests/*.yaml"),
    ],
    fills: &[&KUBE_NAMESPACES, &KUBE_ROLES, &PRIVILEGES],
    derive,
};

/// The outputs.
const OUTPUTS: [&str; 6] = [
    "commands/kube-clusterrolebindings",
    "commands/kube-clusterroles",
    "commands/kube-namespaces",
    "commands/kube-networkpolicies",
    "commands/kube-rolebindings",
    "commands/kube-roles",
];

/// The most objects of one kind.
const OBJECTS_MOST: usize = 100_000;

/// The objects of one kind.
#[derive(Debug)]
struct Objects<'a> {
    source: Option<&'a Source<'a>>,
    items: &'a [Node<'a>],
    /// Why one may be missing.
    gap: Option<Why<'a>>,
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let outputs = OUTPUTS.map(|path| (path, host.file(path)));
    if outputs.iter().all(|(_, output)| matches!(output, Artefact::Lacking(Lack::Absent | Lack::NotCollected))) {
        return Seen::Nothing;
    }
    let [cluster_bindings, cluster_roles, spaces, policies, bindings, own_roles] = outputs.map(|(path, output)| read(host, path, output));
    roles::push(host, (&cluster_roles, &own_roles), (&cluster_bindings, &bindings), tables);
    namespaces::push(host, &spaces, &policies, tables);
    Seen::Present
}

/// Reads one output: `{"kind": "List", "items": […]}`.
fn read<'a>(host: &Host<'a>, path: &'static str, output: Artefact<'a>) -> Objects<'a> {
    let source = match output {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return Objects { source: None, items: &[], gap: Some(Why::lacking(path, lack)) },
    };
    let document = yaml::read(host.arena(), source.text);
    let list = document.roots.first().and_then(|root| root.get("items"));
    let items = list.map_or(&[][..], |(_, items)| items.items());
    let whole = list.is_some() && document.broken.is_none() && yaml::is_json(source.text);
    let gap = match (source.complete, whole) {
        (false, _) => Some(Why::truncated(path)),
        (true, false) => Some(Why::not_understood(path)),
        (true, true) if items.len() > OBJECTS_MOST || !host.spend(items.len() as u64) => Some(Why::budget_spent(path)),
        (true, true) => None,
    };
    Objects { source: Some(source), items: items.get(..OBJECTS_MOST).unwrap_or(items), gap }
}

impl<'a> Objects<'a> {
    /// That a part of an object decides.
    fn decides(&self, node: Node<'a>) -> Option<Evidence<'a>> {
        self.source.map(|source| Evidence::Decides(source.span(node.text)))
    }

    /// That the name of an object shows it.
    fn named(&self, object: &Node<'a>) -> Option<Evidence<'a>> {
        self.decides(object.at(&["metadata", "name"])?.1)
    }
}

/// A text at a path of an object; empty where it is not there.
fn text<'a>(object: &Node<'a>, path: &[&str]) -> &'a str {
    object.at(path).and_then(|(_, value)| value.scalar()).unwrap_or_default()
}

/// The value of a label.
fn label<'a>(object: &Node<'a>, name: &str) -> Option<Node<'a>> {
    object.at(&["metadata", "labels"])?.1.get(name).map(|(_, value)| value)
}

/// Whether the API server made an object for itself: its label and one of its names (Kubernetes documentation, Using RBAC
/// Authorization, Default roles and role bindings).
fn is_built_in(object: &Node<'_>) -> bool {
    let made = label(object, "kubernetes.io/bootstrapping").and_then(|value| value.scalar()) == Some("rbac-defaults");
    let name = text(object, &["metadata", "name"]);
    made && (name.starts_with("system:") || matches!(name, "admin" | "cluster-admin" | "edit" | "view"))
}
