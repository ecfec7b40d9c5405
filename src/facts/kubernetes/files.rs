//! Files that flags of the API server name (authentication, authorization, audit policy, encryption) into options.

use super::super::settings::Read;
use super::super::{Artefact, Documented, Evidence, Host, Value, Why};
use super::components::{Component, Flag};
use super::options::{Default, Form, Setting, by_default, read};
use crate::names::Phrase;
use crate::parse::yaml::{self, Document, Node};
use crate::source::Source;

static BROKEN: Phrase = Phrase { zh: "{} 不是完整的 YAML", en: "{} is no whole YAML" };

static NO_POLICY: Documented = Documented {
    setting: "no --audit-policy-file: nothing is recorded",
    versions: "Kubernetes 1.24 to 1.34",
    source: "Kubernetes documentation, Auditing, Audit policy",
};
static IN_CLEAR: Documented = Documented {
    setting: "no --encryption-provider-config: secrets are stored in the clear",
    versions: "Kubernetes 1.24 to 1.34",
    source: "Kubernetes documentation, Encrypting Confidential Data at Rest, Determine whether encryption at rest is already enabled",
};

static PROFILING: Documented = Documented {
    setting: "enableProfiling: true",
    versions: "Kubernetes 1.24 to 1.34",
    source: "Kubernetes source, pkg/scheduler/apis/config/v1/defaults.go",
};

/// The file that a flag names.
fn open<'a>(host: &Host<'a>, component: &Component<'a>, flag: &Flag<'a>) -> Result<(&'a Source<'a>, Document<'a>), Why<'a>> {
    let path = component.on_host(host, flag.value);
    let source = match host.file(path) {
        Artefact::Text(source) => source,
        Artefact::Lacking(lack) => return Err(Why::lacking(path, lack)),
    };
    if !source.complete {
        return Err(Why::truncated(source.path));
    }
    let document = yaml::read(host.arena(), source.text);
    if document.broken.is_some() || document.roots.is_empty() {
        return Err(Why::new("not-understood", &BROKEN, source.path));
    }
    Ok((source, document))
}

/// Puts what a file says in the place of what a flag says.
fn replace<'a>(all: &mut [Setting<'a>], name: &str, state: Result<Read<'a>, Why<'a>>, evidence: &'a [Evidence<'a>]) {
    if let Some(setting) = all.iter_mut().find(|setting| setting.name == name) {
        (setting.state, setting.evidence) = (state, evidence);
    }
}

/// `anonymous` of an AuthenticationConfiguration (1.32 and later), which may name the only paths.
pub(super) fn by_authentication_file<'a>(host: &Host<'a>, component: &Component<'a>, all: &mut [Setting<'a>]) {
    let Some(flag) = component.last("authentication-config") else { return };
    let (source, document) = match open(host, component, flag) {
        Ok(opened) => opened,
        Err(why) => return replace(all, "anonymous-auth", Err(why), host.evidence(&[flag.evidence])),
    };
    let Some((key, anonymous)) = document.roots[0].get("anonymous") else { return };
    let evidence = host.evidence(&[Evidence::Decides(source.span(key.text)), flag.evidence]);
    let enabled = anonymous.get("enabled").map_or(Some(false), |(_, value)| value.switch());
    let paths: Vec<Value<'a>> = anonymous
        .get("conditions")
        .map_or(&[][..], |(_, list)| list.items())
        .iter()
        .map(|condition| condition.get("path").and_then(|(_, path)| path.scalar()).map_or(Value::Opaque("conditions"), Value::Text))
        .collect();
    let state = match enabled {
        Some(on) => read(host, Form::Switch, &[if on { "true" } else { "false" }]).ok_or(Why::not_understood("anonymous")),
        None => Err(Why::not_understood("anonymous")),
    };
    let items = host.arena().alloc_slice_copy(&paths);
    let state = state.map(|read| if paths.is_empty() { read } else { Read { items: Some(items), ..read } });
    replace(all, "anonymous-auth", state, evidence);
}

/// The types of an AuthorizationConfiguration, which stands for the flag.
pub(super) fn by_authorization_file<'a>(host: &Host<'a>, component: &Component<'a>, all: &mut [Setting<'a>]) {
    let Some(flag) = component.last("authorization-config") else { return };
    let (source, document) = match open(host, component, flag) {
        Ok(opened) => opened,
        Err(why) => return replace(all, "authorization-mode", Err(why), host.evidence(&[flag.evidence])),
    };
    let found = document.roots[0].get("authorizers");
    let types: Option<Vec<&'a str>> =
        found.map(|(_, list)| list.items().iter().filter_map(|it| it.get("type")?.1.scalar()).collect::<Vec<_>>());
    let shown = found.map_or(source.whole(), |(key, _)| source.span(key.text));
    let evidence = host.evidence(&[Evidence::Decides(shown), flag.evidence]);
    let state = types.and_then(|types| read(host, Form::List, &types)).ok_or(Why::not_understood("authorizers"));
    replace(all, "authorization-mode", state, evidence);
}

/// `enableProfiling` of a KubeSchedulerConfiguration: the flag is ignored where there is one (reference, kube-scheduler, `--profiling`).
pub(super) fn by_scheduler_file<'a>(host: &Host<'a>, component: &Component<'a>, all: &mut [Setting<'a>]) {
    let Some(flag) = component.last("config").filter(|_| component.name == "kube-scheduler") else { return };
    let name = "profiling";
    let (source, document) = match open(host, component, flag) {
        Ok(opened) => opened,
        Err(why) => return replace(all, name, Err(why), host.evidence(&[flag.evidence])),
    };
    let Some((key, value)) = document.roots[0].get("enableProfiling") else {
        let setting = by_default(host, name, (Form::Switch, Default::Is("true", &PROFILING)), (source.path, component.gap));
        return replace(all, name, setting.state, setting.evidence);
    };
    let word = value.switch().map(|on| if on { "true" } else { "false" });
    let state = word.and_then(|word| read(host, Form::Switch, &[word])).ok_or(Why::not_understood(name));
    replace(all, name, state, host.evidence(&[Evidence::Decides(source.span(key.text)), flag.evidence]));
}

static NOTHING_MATCHES: Documented = Documented {
    setting: "a request that no rule of the audit policy matches is not recorded",
    versions: "Kubernetes of any version",
    source: "Kubernetes source, apiserver/pkg/audit/policy/checker.go, DefaultAuditLevel",
};

/// Whether the audit policy drops what none of its conditions is about: the first rule that matches decides, and what no rule matches
/// is not recorded.
pub(super) fn audit_policy<'a>(host: &Host<'a>, component: &Component<'a>) -> Setting<'a> {
    let name = "audit-policy-drops-rest";
    let Some(flag) = component.last("audit-policy-file") else {
        return by_default(host, name, (Form::Switch, Default::Is("true", &NO_POLICY)), (component.path, component.gap));
    };
    let (source, document) = match open(host, component, flag) {
        Ok(opened) => opened,
        Err(why) => return Setting { name, state: Err(why), evidence: host.evidence(&[flag.evidence]) },
    };
    let Some((key, rules)) = document.roots[0].get("rules") else {
        return Setting { name, state: Err(Why::not_understood("rules")), evidence: host.evidence(&[flag.evidence]) };
    };
    let level = |rule: &Node<'a>| rule.get("level").and_then(|(_, level)| level.scalar());
    const CONDITIONS: [&str; 6] = ["namespaces", "nonResourceURLs", "resources", "userGroups", "users", "verbs"];
    let unconditional = |rule: &&Node<'a>| CONDITIONS.iter().all(|name| rule.get(name).is_none_or(|(_, list)| list.items().is_empty()));
    let rest = rules.items().iter().find(unconditional);
    let (drops, decides) = match rest {
        Some(rule) => (level(rule) == Some("None"), vec![Evidence::Decides(source.span(rule.text))]),
        None => (true, vec![Evidence::Decides(source.span(key.text)), Evidence::Default(&NOTHING_MATCHES)]),
    };
    let evidence = host.evidence(&[decides.as_slice(), &[flag.evidence]].concat());
    let state = read(host, Form::Switch, &[if drops { "true" } else { "false" }]).ok_or(Why::not_understood("rules"));
    Setting { name, state, evidence }
}

/// How secrets are stored: the providers of the first entry that is about them; keys are hidden.
pub(super) fn encryption<'a>(host: &Host<'a>, component: &Component<'a>) -> Setting<'a> {
    let name = "encryption-providers";
    let Some(flag) = component.last("encryption-provider-config") else {
        return by_default(host, name, (Form::List, Default::Nothing(&IN_CLEAR)), (component.path, component.gap));
    };
    let (source, document) = match open(host, component, flag) {
        Ok(opened) => opened,
        Err(why) => return Setting { name, state: Err(why), evidence: host.evidence(&[flag.evidence]) },
    };
    document.roots.iter().for_each(|root| hide_keys(source, root, 0));
    let entries = document.roots[0].get("resources").map_or(&[][..], |(_, list)| list.items());
    let about = |entry: &&Node<'a>| {
        let kinds = entry.get("resources").map_or(&[][..], |(_, list)| list.items());
        kinds.iter().any(|kind| matches!(kind.scalar(), Some("secrets" | "*." | "*.*")))
    };
    let Some(entry) = entries.iter().find(about) else {
        return Setting {
            name,
            state: read(host, Form::List, &[]).ok_or(Why::not_understood(name)),
            evidence: host.evidence(&[Evidence::Reference(source.whole())]),
        };
    };
    let providers = entry.get("providers").map_or(&[][..], |(_, list)| list.items());
    let first: Vec<(&'a str, &'a str)> =
        providers.iter().filter_map(|it| it.entries().first()).filter_map(|(key, _)| Some((key.scalar()?, key.text))).collect();
    let names: Vec<&'a str> = first.iter().map(|(name, _)| *name).take(1).collect();
    let shown = first.first().map_or(entry.text, |(_, text)| text);
    let evidence = host.evidence(&[Evidence::Decides(source.span(shown)), flag.evidence]);
    Setting { name, state: read(host, Form::List, &names).ok_or(Why::not_understood(name)), evidence }
}

/// Hides the value of every key `secret`.
fn hide_keys(source: &Source<'_>, node: &Node<'_>, depth: usize) {
    if depth > 16 {
        return;
    }
    node.items().iter().for_each(|item| hide_keys(source, item, depth + 1));
    for (key, value) in node.entries() {
        if key.scalar() == Some("secret") {
            source.hide(value.text);
        }
        hide_keys(source, value, depth + 1);
    }
}
