//! What a site gave besides policies, and what became of it in a run, into objects and lines that every format shows.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::Summary;
use crate::names::Language;
use crate::policy::waiver::Terms;
use crate::policy::{Literal, ParameterKind};
use crate::results::{Given, Run, SettledFinding, Use};
use crate::source::visible::{Whitespace, visible};

/// The value of a parameter; null where it has none.
pub(super) fn parameter_value(kind: ParameterKind, value: Option<&[Literal]>) -> Json {
    let Some(values) = value else { return Json::Null };
    let mut values = values.iter().map(|literal| match literal {
        Literal::Integer(number) => Json::from(*number),
        Literal::Boolean(on) => Json::from(*on),
        other => Json::from(other.to_string()),
    });
    match kind {
        ParameterKind::One(_) => values.next().unwrap_or(Json::Null),
        ParameterKind::List(_) => values.collect(),
    }
}

/// The parameters of a run as they hold for assets of no group.
pub(super) fn parameters(run: &Run<'_>) -> Map<String, Json> {
    let values = &run.given.profile.values;
    let parameters = run.library.parameters.iter().enumerate();
    parameters.map(|(number, parameter)| (parameter.name.clone(), parameter_value(parameter.kind, values.get(number)))).collect()
}

/// The profile of a run; null where the whole library is judged with its defaults.
pub(super) fn profile(run: &Run<'_>) -> Json {
    let profile = &run.given.profile;
    let Some(head) = &profile.head else { return Json::Null };
    let named = |number: usize, value: &[Literal]| {
        let parameter = &run.library.parameters[number];
        (parameter.name.clone(), parameter_value(parameter.kind, Some(value)))
    };
    let groups = profile.groups.iter().map(|group| {
        let params: Map<String, Json> = group.values.iter().map(|(number, value)| named(*number, value)).collect();
        json!({ "assets": group.assets.to_string(), "params": params })
    });
    let loosened = profile.loosened.iter().map(|loosened| {
        let (name, from) = named(loosened.parameter, &loosened.from);
        let to = named(loosened.parameter, &loosened.to).1;
        let (reason, approver) = (shown(&loosened.reason), shown(&loosened.approver));
        json!({ "param": name, "from": from, "to": to, "assets": loosened.group, "reason": reason, "approver": approver })
    });
    let dropped = profile
        .drops
        .iter()
        .map(|drop| json!({ "rule": run.library.rules[drop.rule].id, "assets": drop.assets.to_string(), "reason": shown(&drop.reason) }));
    let tables = profile.tables.iter().zip(&run.library.tables).filter_map(|(table, schema)| {
        let table = table.as_ref()?;
        Some(json!({ "table": schema.name, "file": table.file, "sha256": table.digest.hex(), "rows": table.rows.len() }))
    });
    let files: Vec<Json> = head.files.iter().map(|(file, digest)| json!({ "file": file, "sha256": digest.hex() })).collect();
    json!({
        "id": head.id,
        "title": { "zh": shown(&head.title.zh), "en": shown(&head.title.en) },
        "files": files,
        "rules": profile.rules.len(),
        "groups": groups.collect::<Vec<_>>(),
        "loosened": loosened.collect::<Vec<_>>(),
        "dropped": dropped.collect::<Vec<_>>(),
        "tables": tables.collect::<Vec<_>>(),
    })
}

/// A waiver or acceptance, and what became of it.
#[derive(Serialize)]
pub(super) struct EntryObject {
    file: String,
    line: usize,
    rule: String,
    asset: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    reason: String,
    approver: String,
    until: String,
    state: &'static str,
    covered: usize,
}

impl EntryObject {
    fn new(rule: &str, asset: &str, terms: &Terms, state: &'static str, used: &Use) -> EntryObject {
        EntryObject {
            file: terms.file.clone(),
            line: terms.line,
            rule: shown(rule),
            asset: shown(asset),
            instance: None,
            evidence: None,
            reason: shown(&terms.reason),
            approver: shown(&terms.approver),
            until: terms.until.to_string(),
            state,
            covered: used.covered,
        }
    }
}

/// The waivers of a run.
pub(super) fn waivers(run: &Run<'_>, summary: &Summary) -> Vec<EntryObject> {
    let entries = run.given.waivers.list.iter().enumerate().map(|(number, waiver)| {
        let used = summary.counts.waivers.get(number).cloned().unwrap_or_default();
        let state = used.state(waiver.number.is_some(), waiver.terms.holds_on(run.date));
        EntryObject {
            instance: waiver.instance.as_deref().map(shown),
            evidence: waiver.evidence.map(|digest| format!("sha256:{}", digest.hex())),
            ..EntryObject::new(&waiver.rule, &waiver.asset, &waiver.terms, state, &used)
        }
    });
    entries.collect()
}

/// The acceptances of a run.
pub(super) fn acceptances(run: &Run<'_>, summary: &Summary) -> Vec<EntryObject> {
    let entries = run.given.accepted.iter().enumerate().map(|(number, acceptance)| {
        let used = summary.counts.acceptances.get(number).cloned().unwrap_or_default();
        let state = used.state(true, acceptance.terms.holds_on(run.date));
        EntryObject::new(&acceptance.rule, &acceptance.asset, &acceptance.terms, state, &used)
    });
    entries.collect()
}

/// The end of a run in lines: the profile, what it loosens and drops, and entries that did not do what they are there for.
pub(super) fn lines(run: &Run<'_>, summary: &Summary, language: Language) -> Vec<String> {
    let mut lines = profile_lines(run, summary, language);
    for entry in waivers(run, summary).iter().filter(|entry| entry.state != "used") {
        lines.push(entry_line(entry, ("豁免", "waiver"), language));
    }
    for entry in acceptances(run, summary).iter().filter(|entry| entry.state != "used") {
        lines.push(entry_line(entry, ("已接受的无法判定项", "acceptance"), language));
    }
    lines
}

/// What a profile is, and what it loosens and drops.
fn profile_lines(run: &Run<'_>, summary: &Summary, language: Language) -> Vec<String> {
    let profile = &run.given.profile;
    let Some(head) = &profile.head else { return Vec::new() };
    let mut lines = vec![match language {
        Language::Zh => {
            format!("基线档 {}（{}）：{} 条规则，剔除 {} 项", head.id, shown(&head.title.zh), run.rules.len(), summary.counts.dropped)
        }
        Language::En => {
            format!(
                "profile {} ({}): {} rules, {} results dropped",
                head.id,
                shown(&head.title.en),
                run.rules.len(),
                summary.counts.dropped
            )
        }
    }];
    for loosened in &profile.loosened {
        let name = &run.library.parameters[loosened.parameter].name;
        let written = |value: &[Literal]| value.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let (from, to) = (written(&loosened.from), written(&loosened.to));
        let (reason, approver) = (shown(&loosened.reason), shown(&loosened.approver));
        let group = if loosened.group.is_empty() { String::new() } else { format!(" [{}]", loosened.group) };
        lines.push(match language {
            Language::Zh => format!("放宽 {name}{group}：{from} 改为 {to}（{reason}，批准人 {approver}）"),
            Language::En => format!("loosened {name}{group}: {from} to {to} ({reason}, approved by {approver})"),
        });
    }
    for drop in &profile.drops {
        let (rule, reason) = (&run.library.rules[drop.rule].id, shown(&drop.reason));
        let assets = if drop.assets.attributes.is_empty() { "*".to_owned() } else { drop.assets.to_string() };
        lines.push(match language {
            Language::Zh => format!("剔除 {rule} [{assets}]：{reason}"),
            Language::En => format!("dropped {rule} [{assets}]: {reason}"),
        });
    }
    lines
}

/// An entry that did not do what it is there for.
fn entry_line(entry: &EntryObject, (zh, en): (&str, &str), language: Language) -> String {
    let EntryObject { file, line, rule, asset, until, state, .. } = entry;
    let place = format!("{file}:{line}");
    match (language, *state) {
        (Language::Zh, "expired") => format!("{zh} {place}（{rule} @{asset}）已于 {until} 到期"),
        (Language::Zh, "unmatched") => format!("{zh} {place}（{rule} @{asset}）没有对应的发现：已整改、依据已变或实例不符"),
        (Language::Zh, "unused") => format!("{zh} {place}（{rule} @{asset}）没有用到：本次没有这条规则在这些资产上的结果"),
        (Language::Zh, _) => format!("{zh} {place}（{rule} @{asset}）：没有这条规则"),
        (Language::En, "expired") => format!("{en} {place} ({rule} @{asset}) expired on {until}"),
        (Language::En, "unmatched") => {
            format!("{en} {place} ({rule} @{asset}) matches no finding: repaired, other evidence, or another instance")
        }
        (Language::En, "unused") => format!("{en} {place} ({rule} @{asset}) is unused: the run has no result of the rule on such an asset"),
        (Language::En, _) => format!("{en} {place} ({rule} @{asset}): there is no such rule"),
    }
}

/// What a waiver says of a finding: that it covers it, or that it has ended; nothing where there is none.
pub(super) fn waiver_line(given: &Given, finding: &SettledFinding, language: Language) -> Option<String> {
    let terms = |number: usize| given.waivers.list.get(number).map(|waiver| &waiver.terms);
    if let Some(terms) = finding.waiver.and_then(terms) {
        return Some(terms_text(terms, language));
    }
    let terms = finding.ended.and_then(terms)?;
    let place = format!("{}:{}", terms.file, terms.line);
    Some(match language {
        Language::Zh => format!("豁免 {place} 已于 {} 到期", terms.until),
        Language::En => format!("the waiver {place} expired on {}", terms.until),
    })
}

/// Terms in one line: where, until when, why and who agreed.
pub(super) fn terms_text(terms: &Terms, language: Language) -> String {
    let Terms { approver, until, file, line, reason } = terms;
    let (reason, approver) = (shown(reason), shown(approver));
    match (language, approver.is_empty()) {
        (Language::Zh, false) => format!("{file}:{line} 至 {until}：{reason}（批准人 {approver}）"),
        (Language::Zh, true) => format!("{file}:{line} 至 {until}：{reason}"),
        (Language::En, false) => format!("{file}:{line} until {until}: {reason} (approved by {approver})"),
        (Language::En, true) => format!("{file}:{line} until {until}: {reason}"),
    }
}

/// A text of the site with controls visible.
fn shown(text: &str) -> String {
    visible(text, Whitespace::Shown).into_owned()
}
