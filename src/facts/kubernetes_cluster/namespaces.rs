//! Namespaces and network policies into rows of `kube-namespaces`.
//!
//! A pod that a policy for incoming traffic selects takes what some policy admits and nothing else; one that none selects takes everything
//! (Kubernetes documentation, Network Policies). Whether the cluster's network enforces policies is not seen in them.

use super::super::{Cell, Documented, Evidence, Host, Tables, Value, Why, kubernetes};
use super::{NAME, Objects, label, text};
use crate::names::Phrase;
use crate::parse::yaml::Node;
use crate::schema::containers::KUBE_NAMESPACES;

/// Namespaces of the cluster itself (Kubernetes documentation, Namespaces, Initial namespaces; `default` is for everybody).
const SYSTEM: [&str; 3] = ["kube-node-lease", "kube-public", "kube-system"];

/// The label that says what is enforced.
const ENFORCED: &str = "pod-security.kubernetes.io/enforce";

/// The levels of Pod Security Standards.
const LEVELS: [&str; 3] = ["baseline", "privileged", "restricted"];

static PRIVILEGED: Documented = Documented {
    setting: "no label pod-security.kubernetes.io/enforce: privileged",
    versions: "Kubernetes 1.25 and later, without an AdmissionConfiguration",
    source: "Kubernetes documentation, Enforce Pod Security Standards by Configuring the Built-in Admission Controller",
};

static ELSEWHERE: Phrase = Phrase {
    zh: "命名空间 {} 没有标签，默认级别由 API 服务器的 AdmissionConfiguration 决定，未采集",
    en: "the namespace {} has no label, and an AdmissionConfiguration of the API server may set a default, which was not collected",
};

/// Pushes the rows.
pub(super) fn push<'a>(host: &Host<'a>, spaces: &Objects<'a>, policies: &Objects<'a>, tables: &mut Tables<'a>) {
    let default = default_level(host);
    for space in spaces.items {
        let name = text(space, &["metadata", "name"]);
        let shown = spaces.named(space);
        let evidence = host.evidence(shown.as_slice());
        let mut row = host.row(&KUBE_NAMESPACES, NAME);
        row.set(const { KUBE_NAMESPACES.column("namespace") }, Cell::known(Value::Text(name), evidence))
            .set(const { KUBE_NAMESPACES.column("system") }, Cell::known(Value::Boolean(SYSTEM.contains(&name)), evidence))
            .set(const { KUBE_NAMESPACES.column("pod-security") }, level(host, spaces, (space, name), default))
            .set(const { KUBE_NAMESPACES.column("default-deny") }, denies(host, policies, (name, evidence)));
        tables.push(row);
    }
    if let Some(why) = spaces.gap {
        tables.push(host.gap(&KUBE_NAMESPACES, NAME, why));
    }
}

/// The level where a namespace has no label: known where the flags of an API server are, and name no file that could set another.
fn default_level<'a>(host: &Host<'a>) -> Option<Cell<'a>> {
    let flagged = kubernetes::has_admission_file(host)?;
    (!flagged).then(|| host.defaulted(Value::Word("privileged"), &PRIVILEGED))
}

/// The level that a namespace enforces.
fn level<'a>(host: &Host<'a>, spaces: &Objects<'a>, (space, name): (&Node<'a>, &'a str), default: Option<Cell<'a>>) -> Cell<'a> {
    let Some(label) = label(space, ENFORCED) else {
        let shown = spaces.named(space);
        let unknown = Cell::unknown(Why::new("set-elsewhere", &ELSEWHERE, name), host.evidence(shown.as_slice()));
        return default.unwrap_or(unknown);
    };
    let shown = spaces.decides(label);
    let evidence = host.evidence(shown.as_slice());
    // A label that is no level enforces the default, with a warning: what that is, is not decided here.
    let level = LEVELS.into_iter().find(|level| label.scalar() == Some(level));
    level.map_or(Cell::unknown(Why::not_understood(label.text), evidence), |level| Cell::known(Value::Word(level), evidence))
}

/// Whether every pod of a namespace refuses traffic that no policy admits, and no policy admits everything.
fn denies<'a>(host: &Host<'a>, policies: &Objects<'a>, (space, named): (&'a str, &'a [Evidence<'a>])) -> Cell<'a> {
    let own = || policies.items.iter().filter(|policy| text(policy, &["metadata", "namespace"]) == space);
    let everybody = || own().filter(|policy| selects_all(policy) && is_for_ingress(policy));
    let known = |policy: &Node<'a>, denies: bool| {
        let shown = policies.named(policy);
        Cell::known(Value::Boolean(denies), host.evidence(shown.as_slice()))
    };
    if let Some(open) = everybody().find(|policy| admits_all(policy)) {
        return known(open, false);
    }
    match (everybody().next(), policies.gap) {
        // A policy that was not collected could admit everything.
        (_, Some(why)) => Cell::unknown(why, named),
        (Some(policy), None) => known(policy, true),
        (None, None) => {
            let searched = Evidence::Searched("commands/kube-networkpolicies");
            Cell::known(Value::Boolean(false), host.evidence(&[named, &[searched]].concat()))
        }
    }
}

/// Whether a policy selects every pod: `podSelector: {}`.
fn selects_all(policy: &Node<'_>) -> bool {
    let empty =
        |node: Node<'_>| node.is_null() || node.entries().iter().all(|(_, value)| value.entries().is_empty() && value.items().is_empty());
    policy.at(&["spec", "podSelector"]).is_some_and(|(_, selector)| empty(selector))
}

/// Whether it is about incoming traffic; one without types is.
fn is_for_ingress(policy: &Node<'_>) -> bool {
    policy.at(&["spec", "policyTypes"]).is_none_or(|(_, types)| types.items().iter().any(|kind| kind.scalar() == Some("Ingress")))
}

/// Whether one of its rules admits everybody to every port: a rule with neither `from` nor `ports`.
fn admits_all(policy: &Node<'_>) -> bool {
    let Some((_, rules)) = policy.at(&["spec", "ingress"]) else { return false };
    let open = |rule: &Node<'_>, key: &str| rule.get(key).is_none_or(|(_, list)| list.items().is_empty());
    rules.items().iter().any(|rule| open(rule, "from") && open(rule, "ports"))
}
