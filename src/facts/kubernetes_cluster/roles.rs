//! Roles and their bindings into rows of `kube-roles` and `privileges`.

use foldhash::{HashMap, HashMapExt as _};

use super::super::{Cell, Evidence, Host, Tables, Value, Why};
use super::{NAME, Objects, is_built_in, text};
use crate::names::Phrase;
use crate::parse::yaml::Node;
use crate::schema::containers::KUBE_ROLES;
use crate::schema::people::PRIVILEGES;

/// The scope of what holds in the whole cluster.
const CLUSTER: &str = "cluster";

/// Groups that everybody is in (Kubernetes documentation, Using RBAC Authorization, Referring to subjects).
const EVERYBODY: [&str; 3] = ["system:authenticated", "system:serviceaccounts", "system:unauthenticated"];

static NO_ROLE: Phrase = Phrase { zh: "没有采集到角色 {} 的内容", en: "what the role {} allows was not collected" };

/// What the rules of a role allow.
#[derive(Clone, Copy, Debug, Default)]
struct Power<'a> {
    /// The first `*` in it.
    wildcard: Option<Node<'a>>,
    /// What lets its holder have more than it says.
    escalates: Option<Node<'a>>,
    /// Everything everywhere.
    total: bool,
}

/// Whether a list of a rule holds one of these words; the item that does.
fn holds<'a>(rule: &Node<'a>, list: &str, words: &[&str]) -> Option<Node<'a>> {
    let (_, items) = rule.get(list)?;
    items.items().iter().find(|item| item.scalar().is_some_and(|text| words.contains(&text))).copied()
}

/// What a role allows. `escalate`, `bind` and `impersonate` give whatever others hold (Role Based Access Control Good Practices).
fn power<'a>(role: &Node<'a>) -> Power<'a> {
    let mut power = Power::default();
    let Some((_, rules)) = role.get("rules") else { return power };
    for rule in rules.items() {
        let stars = ["apiGroups", "nonResourceURLs", "resources", "verbs"].map(|list| holds(rule, list, &["*"]));
        power.wildcard = power.wildcard.or(stars.iter().flatten().next().copied());
        power.total |= stars[0].is_some() && stars[2].is_some() && stars[3].is_some();
        let reach = |verbs: &[&str], groups: &[&str], resources: &[&str]| {
            holds(rule, "apiGroups", groups).and(holds(rule, "resources", resources)).and(holds(rule, "verbs", verbs))
        };
        let raises = reach(&["*", "bind", "escalate"], &["*", "rbac.authorization.k8s.io"], &["*", "clusterroles", "roles"]);
        let acts = reach(&["*", "impersonate"], &["", "*"], &["*", "groups", "serviceaccounts", "users"]);
        power.escalates = power.escalates.or(raises).or(acts);
    }
    power
}

/// Pushes the rows: of cluster roles and roles, then of the bindings of both kinds.
pub(super) fn push<'a>(
    host: &Host<'a>,
    (cluster_roles, own_roles): (&Objects<'a>, &Objects<'a>),
    (cluster_bindings, own_bindings): (&Objects<'a>, &Objects<'a>),
    tables: &mut Tables<'a>,
) {
    let mut powers: HashMap<(&'a str, &'a str), Power<'a>> = HashMap::new();
    for (objects, cluster) in [(cluster_roles, true), (own_roles, false)] {
        for role in objects.items {
            let scope = if cluster { CLUSTER } else { within(host, role) };
            let power = power(role);
            powers.insert((scope, text(role, &["metadata", "name"])), power);
            push_role(host, objects, (role, scope, power), tables);
        }
        let read = objects.source.map(|source| Evidence::Searched(source.path));
        read.into_iter().for_each(|piece| tables.searched(&KUBE_ROLES, piece));
        if let Some(why) = objects.gap {
            let mut row = host.gap(&KUBE_ROLES, NAME, why);
            if cluster {
                row.set(const { KUBE_ROLES.column("scope") }, Cell::known(Value::Text(CLUSTER), &[]));
            }
            tables.push(row);
        }
    }
    for (objects, cluster) in [(cluster_bindings, true), (own_bindings, false)] {
        for binding in objects.items {
            let scope = if cluster { CLUSTER } else { within(host, binding) };
            // A binding in a namespace may give a role of the cluster, there.
            let of = if text(binding, &["roleRef", "kind"]) == "ClusterRole" { CLUSTER } else { scope };
            let power = powers.get(&(of, text(binding, &["roleRef", "name"]))).copied();
            push_binding(host, objects, (binding, scope, power), tables);
        }
        if let Some(why) = objects.gap {
            let mut row = host.gap(&PRIVILEGES, NAME, why);
            row.set(const { PRIVILEGES.column("via") }, Cell::known(Value::Word("role"), &[]));
            if cluster {
                row.set(const { PRIVILEGES.column("scope") }, Cell::known(Value::Text(CLUSTER), &[]));
            }
            tables.push(row);
        }
    }
}

/// The namespace of an object as a scope, which no name of a namespace makes `cluster`.
fn within<'a>(host: &Host<'a>, object: &Node<'a>) -> &'a str {
    host.text(&format!("namespace {}", text(object, &["metadata", "namespace"])))
}

/// Pushes the row of a role.
fn push_role<'a>(host: &Host<'a>, objects: &Objects<'a>, (role, scope, power): (&Node<'a>, &'a str, Power<'a>), tables: &mut Tables<'a>) {
    let evidence = |node: Option<Node<'a>>| {
        let piece = node.and_then(|node| objects.decides(node)).or(objects.named(role));
        host.evidence(piece.as_slice())
    };
    let flag = |node: Option<Node<'a>>| Cell::known(Value::Boolean(node.is_some()), evidence(node));
    let name = text(role, &["metadata", "name"]);
    let mut row = host.row(&KUBE_ROLES, NAME);
    row.set(const { KUBE_ROLES.column("scope") }, Cell::known(Value::Text(scope), &[]))
        .set(const { KUBE_ROLES.column("role") }, Cell::known(Value::Text(name), evidence(None)))
        .set(const { KUBE_ROLES.column("built-in") }, Cell::known(Value::Boolean(is_built_in(role)), evidence(None)))
        .set(const { KUBE_ROLES.column("wildcard") }, flag(power.wildcard))
        .set(const { KUBE_ROLES.column("escalates") }, flag(power.escalates));
    tables.push(row);
}

/// Pushes a row for each subject of a binding.
fn push_binding<'a>(
    host: &Host<'a>,
    objects: &Objects<'a>,
    (binding, scope, power): (&Node<'a>, &'a str, Option<Power<'a>>),
    tables: &mut Tables<'a>,
) {
    let role = text(binding, &["roleRef", "name"]);
    let Some((_, subjects)) = binding.get("subjects") else { return };
    for subject in subjects.items() {
        let name = text(subject, &["name"]);
        let shown = subject.get("name").and_then(|(_, name)| objects.decides(name));
        let pieces: Vec<Evidence<'a>> = shown.into_iter().chain(objects.named(binding).map(reference)).collect();
        let evidence = host.evidence(&pieces);
        let grantee = match text(subject, &["kind"]) {
            "ServiceAccount" => format!("serviceaccount {}/{name}", text(subject, &["namespace"])),
            kind => format!("{} {name}", kind.to_ascii_lowercase()),
        };
        let known = |value: Value<'a>| Cell::known(value, evidence);
        // The role itself has everything, whether or not it was collected.
        let total = match power {
            _ if role == "cluster-admin" => known(Value::Boolean(true)),
            Some(power) => known(Value::Boolean(power.total || power.escalates.is_some())),
            None => Cell::unknown(Why::new("role-not-known", &NO_ROLE, role), evidence),
        };
        // What the API server gives everybody by itself is harmless, unless somebody widened the role.
        let harmless = is_built_in(binding) && total.value() == Some(Value::Boolean(false));
        let group = text(subject, &["kind"]) == "Group" && EVERYBODY.contains(&name);
        let unset = Cell::unset(evidence);
        let mut row = host.row(&PRIVILEGES, NAME);
        row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(host.text(&grantee))))
            .set(const { PRIVILEGES.column("privilege") }, known(Value::Text(role)))
            .set(const { PRIVILEGES.column("scope") }, known(Value::Text(scope)))
            .set(const { PRIVILEGES.column("via") }, known(Value::Word("role")))
            .set(const { PRIVILEGES.column("unrestricted") }, total)
            .set(const { PRIVILEGES.column("password-required") }, unset)
            .set(const { PRIVILEGES.column("grantable") }, total)
            .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(group && !harmless)))
            .set(const { PRIVILEGES.column("runs-as") }, known(Value::List(&[])))
            .set(const { PRIVILEGES.column("commands") }, known(host.texts(&[role])))
            .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
            .set(const { PRIVILEGES.column("shell-escape") }, unset)
            .set(const { PRIVILEGES.column("wildcards") }, unset)
            .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
        tables.push(row);
    }
}

/// A piece of evidence of what something points to.
fn reference(piece: Evidence<'_>) -> Evidence<'_> {
    if let Evidence::Decides(span) = piece { Evidence::Reference(span) } else { piece }
}
