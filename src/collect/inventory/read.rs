//! The files of an inventory into targets: tables are read once, laid over each other, and checked together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use toml::de::DeTable;

use super::settings::{Settings, boolean, fitting, number};
use super::{Engine, Inventory, LIMITS, Limits, Privilege, Target, check, table};
use crate::collect::credential::Login;
use crate::error::document::{Document, Fields, Item, unknown_name};
use crate::error::{Message, Problem, Problems, fatal};
use crate::names;
use crate::snapshot::Description;

/// The most bytes of an inventory.
pub(super) const FILE_BYTES_MOST: u64 = 64 << 20;

/// What stands in `[host.NAME]`, or in a line of the CSV.
#[derive(Debug)]
pub(super) struct Stated {
    pub id: String,
    pub address: Option<String>,
    pub groups: Vec<(String, Range<usize>)>,
    pub settings: Settings,
    pub jump_only: bool,
    pub span: Range<usize>,
}

/// Reads an inventory; problems that are no errors come beside it.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn read(path: &Path) -> Result<(Inventory, Problems), Problems> {
    let name = path.display().to_string();
    let text = text_of(path).map_err(|problem| vec![problem])?;
    let mut document = Document::new(&name, &text);
    let (root, errors) = DeTable::parse_recoverable(&text);
    for error in errors {
        // The words of the parser may quote the text.
        document.problem(error.span().unwrap_or(0..0), "bad-toml", Message::new("TOML 语法错误", "this is not valid TOML"));
    }
    let found = if document.problems.is_empty() {
        let folder = path.parent().unwrap_or(Path::new(""));
        inventory(Fields::new(root.get_ref(), 0..0), folder, &mut document)
    } else {
        None
    };
    let mut problems = document.problems;
    mask(&mut problems);
    match found {
        Some(inventory) if !fatal(&problems) => Ok((inventory, problems)),
        _ => Err(problems),
    }
}

/// The text of a file of the inventory.
pub(super) fn text_of(path: &Path) -> Result<String, Problem> {
    let cannot = |why: String| {
        let name = path.display();
        Problem::new("unreadable", Message::new(format!("无法读取 {name}：{why}"), format!("{name} cannot be read: {why}")))
    };
    let size = fs::metadata(path).map_err(|error| cannot(error.to_string()))?.len();
    if size > FILE_BYTES_MOST {
        return Err(cannot(format!("> {FILE_BYTES_MOST} bytes")));
    }
    fs::read_to_string(path).map_err(|error| cannot(error.to_string()))
}

/// Replaces what may be a secret in the texts that problems quote.
fn mask(problems: &mut Problems) {
    let mut masked: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for place in problems.iter_mut().filter_map(|problem| problem.place.as_mut()) {
        place.text = masked.entry(place.file.clone()).or_insert_with(|| Arc::from(without_secrets(&place.text))).clone();
    }
}

/// Words after which a secret may follow.
const SECRET_WORDS: [&str; 7] = ["password", "passwd", "passphrase", "secret", "token", "code:", "community"];

/// A text of the same length in which nothing shows that follows a word for a secret on its line, unless it is a reference.
fn without_secrets(text: &str) -> String {
    let hide = |line: &str| {
        let lower = line.to_ascii_lowercase();
        let ends = SECRET_WORDS.iter().filter_map(|word| lower.find(word).map(|at| at + word.len()));
        let Some(end) = ends.min() else { return line.to_owned() };
        let rest = line[end..].trim_start_matches([' ', '"', '\'', '=', ':']);
        if ["env:", "file:", "cmd:", "` ", "]"].iter().any(|start| rest.starts_with(start)) {
            return line.to_owned();
        }
        let kept = line.len() - rest.len();
        let stars = rest.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { '*' });
        line[..kept].chars().chain(stars).collect()
    };
    text.split_inclusive('\n').map(hide).collect()
}

/// The tables of the file.
fn inventory(mut fields: Fields<'_>, folder: &Path, document: &mut Document) -> Option<Inventory> {
    let limits = fields.optional("limits").map_or(LIMITS, |item| limits(item, document));
    let defaults = fields.optional("defaults").and_then(|item| {
        let mut fields = Fields::of(item, document)?;
        let settings = Settings::read(&mut fields, folder, document);
        fields.finish(document);
        Some(settings)
    });
    let mut groups = BTreeMap::new();
    if let Some(table) = fields.optional("group").and_then(|item| Fields::of(item, document)) {
        for (name, _, item) in table.all() {
            let Some(mut fields) = Fields::of(item, document) else { continue };
            groups.insert(name.to_owned(), Settings::read(&mut fields, folder, document));
            fields.finish(document);
        }
    }
    let mut stated = Vec::new();
    if let Some(table) = fields.optional("host").and_then(|item| Fields::of(item, document)) {
        stated.extend(table.all().filter_map(|(name, span, item)| host(name, span, item, folder, document)));
    }
    let listed = fields.optional("hosts").map(|item| listed(item, folder, document));
    fields.finish(document);
    let defaults = defaults.unwrap_or_default();
    let mut targets: Vec<Target> = stated.into_iter().filter_map(|host| target(host, &defaults, &groups, document)).collect();
    if let Some((mut list, hosts)) = listed.flatten() {
        targets.extend(hosts.into_iter().filter_map(|host| target(host, &defaults, &groups, &mut list)));
        document.problems.append(&mut list.problems);
    }
    together(&mut targets, document);
    Some(Inventory { limits, targets })
}

/// What keeps a run from being a burden.
fn limits(item: &Item<'_>, document: &mut Document) -> Limits {
    let Some(mut fields) = Fields::of(item, document) else { return LIMITS };
    let mut take =
        |key, most, default: u64| fields.optional(key).map_or(default, |item| number(item, 1, most, document).unwrap_or(default));
    let connections = take("connections", 1000, LIMITS.connections as u64);
    let connects = take("connects-per-second", 1000, u64::from(LIMITS.connects_per_second));
    let refusals = take("refusals", 1000, LIMITS.refusals as u64);
    let attempts = take("attempts", 10, u64::from(LIMITS.attempts));
    fields.finish(document);
    Limits {
        connections: usize::try_from(connections).unwrap_or(LIMITS.connections),
        connects_per_second: u32::try_from(connects).unwrap_or(LIMITS.connects_per_second),
        refusals: usize::try_from(refusals).unwrap_or(LIMITS.refusals),
        attempts: u32::try_from(attempts).unwrap_or(LIMITS.attempts),
    }
}

/// One `[host.NAME]`.
fn host(name: &str, span: Range<usize>, item: &Item<'_>, folder: &Path, document: &mut Document) -> Option<Stated> {
    let mut fields = Fields::of(item, document)?;
    let wanted = ("资产 id", "an id: letters, digits and `._-`");
    let id = fitting(name, span.clone(), check::is_id, wanted, document);
    let address = fields.optional("address").and_then(|item| {
        let text = document.string(item)?.to_owned();
        let wanted = ("主机名或地址", "a name or address of a host");
        fitting(&text, item.span(), check::is_address, wanted, document)
    });
    let groups = fields
        .optional("groups")
        .map(|item| document.strings(item).into_iter().map(|(name, span)| (name.to_owned(), span)).collect::<Vec<_>>());
    let jump_only = fields.optional("jump-only").and_then(|item| boolean(item, document)).unwrap_or(false);
    let settings = Settings::read(&mut fields, folder, document);
    fields.finish(document);
    Some(Stated { id: id?, address, groups: groups.unwrap_or_default(), settings, jump_only, span })
}

/// The hosts of `[hosts] file = "hosts.csv"`, and the document in which they stand.
fn listed(item: &Item<'_>, folder: &Path, document: &mut Document) -> Option<(Document, Vec<Stated>)> {
    let mut fields = Fields::of(item, document)?;
    let item = fields.required("file", document);
    fields.finish(document);
    let item = item?;
    let path: PathBuf = folder.join(document.string(item)?);
    match text_of(&path) {
        Ok(text) => {
            let mut list = Document::new(&path.display().to_string(), &text);
            let hosts = table::hosts(&mut list);
            Some((list, hosts))
        }
        Err(problem) => {
            document.problem(item.span(), problem.code, problem.message);
            None
        }
    }
}

/// A host with the settings of its groups and the defaults below its own.
fn target(host: Stated, defaults: &Settings, groups: &BTreeMap<String, Settings>, document: &mut Document) -> Option<Target> {
    let mut of_groups = Settings::default();
    let mut own: Vec<&str> = host.settings.written.keys().map(String::as_str).collect();
    own.push("tags");
    for (name, span) in &host.groups {
        let Some(group) = groups.get(name) else {
            let known: Vec<&str> = groups.keys().map(String::as_str).collect();
            unknown_name(document, span.clone(), "unknown-group", ("组", "group"), name, &known);
            continue;
        };
        let differs = |(key, text): &(&String, &String)| {
            !own.contains(&key.as_str()) && of_groups.written.get(*key).is_some_and(|before| before != *text)
        };
        if let Some((key, _)) = group.written.iter().find(differs) {
            let message = Message::new(
                format!("该主机的几个组给出了不同的 `{key}`；请在主机上写明"),
                format!("groups of this host give different values of `{key}`; state it at the host"),
            );
            document.problem(span.clone(), "ambiguous-group", message);
        }
        of_groups = of_groups.over(group);
    }
    let settings = host.settings.over(&of_groups).over(defaults);
    let Some(user) = settings.user.clone() else {
        let message = Message::new(format!("主机 {} 没有 `user`", host.id), format!("the host {} has no `user`", host.id));
        document.problem(host.span, "missing-key", message);
        return None;
    };
    let target = built(host.id, host.address, user, host.jump_only, settings);
    consistent(&target, host.span, document);
    Some(target)
}

/// A target of its settings. Defaults: port 22 (RFC 4253), strict checking against the user's own file of known hosts as `ssh` does.
fn built(id: String, address: Option<String>, user: String, jump_only: bool, settings: Settings) -> Target {
    let home = || std::env::var_os("HOME").map(|home| vec![Path::new(&home).join(".ssh/known_hosts")]).unwrap_or_default();
    let address = address.unwrap_or_else(|| id.clone());
    let platform = settings.platform.unwrap_or(names::LINUX);
    let description = Description {
        platform: Some(platform),
        vendor: settings.vendor,
        model: settings.model,
        version: settings.version,
        address: Some(address.clone()),
        tags: settings.tags,
        zone: settings.zone,
        owner: settings.owner,
        products: settings.products.unwrap_or_default(),
        ..Description::default()
    };
    Target {
        id,
        address,
        port: settings.port.unwrap_or(22),
        user,
        platform,
        login: settings.login.unwrap_or_else(|| vec![Login::Agent]),
        engine: settings.engine.unwrap_or(if cfg!(feature = "ssh") { Engine::Ssh2 } else { Engine::OpenSsh }),
        known_hosts: settings.known_hosts.unwrap_or_else(home),
        privilege: settings.privilege.unwrap_or(Privilege::None),
        connect_timeout: settings.connect_timeout.unwrap_or(Duration::from_secs(5)),
        deadline: settings.deadline.unwrap_or(Duration::from_secs(60)),
        bytes_most: settings.bytes_most.unwrap_or(16 << 20),
        jump: settings.jump.map(|(jump, _)| jump).filter(|jump| jump != "none"),
        per_jump: settings.per_jump.unwrap_or(8),
        legacy: settings.legacy.unwrap_or_default(),
        ssh_config: settings.ssh_config.unwrap_or(false),
        jump_only,
        description,
    }
}

/// Reports settings of one target that do not go together.
fn consistent(target: &Target, span: Range<usize>, document: &mut Document) {
    let id = &target.id;
    let mut wrong = |code, zh: String, en: String| {
        document.problem(span.clone(), code, Message::new(format!("主机 {id}：{zh}"), format!("host {id}: {en}")));
    };
    if target.engine == Engine::Ssh2 && (!target.legacy.is_empty() || target.ssh_config || target.login.contains(&Login::Kerberos)) {
        let zh = "`legacy`、`ssh-config` 和 `kerberos` 需要 `engine = \"openssh\"`".to_owned();
        wrong("needs-openssh", zh, "`legacy`, `ssh-config` and `kerberos` need `engine = \"openssh\"`".to_owned());
    }
    if target.engine == Engine::OpenSsh && !target.login.iter().all(Login::without_questions) {
        let zh = "引擎 openssh 不会回答提问：只能用 agent 或未加密的密钥（加密的放进 agent）".to_owned();
        let en = "the engine openssh answers no questions: only the agent or a plain key (put an encrypted one into the agent)".to_owned();
        wrong("cannot-ask", zh, en);
    }
    if target.login.is_empty() && !target.ssh_config {
        wrong("no-login", "`auth` 是空的".to_owned(), "`auth` is empty".to_owned());
    }
    if target.engine == Engine::Ssh2 && cfg!(not(feature = "ssh")) {
        let zh = "本程序编译时没有启用 `ssh` 特性；请写 `engine = \"openssh\"`，或用 `cargo install jixian` 重新安装".to_owned();
        let en =
            "this program was built without the feature `ssh`; write `engine = \"openssh\"`, or install it again with its default features"
                .to_owned();
        wrong("engine-not-built", zh, en);
    }
    if target.platform.is_network() && target.privilege != Privilege::None {
        wrong("bad-become", "网络设备没有 `become`".to_owned(), "a network device has no `become`".to_owned());
    }
}

/// Sorts the targets and reports what is wrong with them together.
fn together(targets: &mut [Target], document: &mut Document) {
    targets.sort_by(|left, right| left.id.cmp(&right.id));
    let mut wrong = Vec::new();
    // Two names that differ only in case are one folder on some file systems.
    let mut seen = BTreeSet::new();
    for target in targets.iter() {
        if !seen.insert(target.id.to_ascii_lowercase()) {
            let id = &target.id;
            wrong.push(("duplicate-host", Message::new(format!("主机 {id} 写了两次"), format!("the host {id} stands twice"))));
        }
    }
    for target in targets.iter().filter(|target| target.jump.is_some()) {
        wrong.extend(jump_problem(target, targets));
    }
    if targets.iter().all(|target| target.jump_only) {
        wrong.push(("no-host", Message::new("清单中没有要采集的主机", "the inventory has no host to collect")));
    }
    for (code, message) in wrong {
        document.problems.push(Problem::new(code, message).help(format!("见 {}", document.file), format!("see {}", document.file)));
    }
}

/// The most hosts on the way to one.
const JUMPS_MOST: usize = 4;

/// What is wrong with the way to a target.
fn jump_problem(target: &Target, targets: &[Target]) -> Option<(&'static str, Message)> {
    let find = |id: &str| targets.binary_search_by(|other| other.id.as_str().cmp(id)).ok().and_then(|at| targets.get(at));
    let id = &target.id;
    let mut at = target;
    for _ in 0..=JUMPS_MOST {
        let jump = at.jump.as_deref()?;
        let Some(next) = find(jump) else {
            let message = Message::new(
                format!("主机 {id} 的跳板 {jump} 不在清单中"),
                format!("{jump}, the jump host of {id}, is not in the inventory"),
            );
            return Some(("unknown-jump", message));
        };
        if !next.login.iter().all(Login::without_questions) {
            let zh = format!("跳板 {jump} 由系统 ssh 连接，不会回答提问：只能用 agent 或未加密的密钥");
            let en =
                format!("the jump host {jump} is reached by the system's ssh, which answers no questions: only the agent or a plain key");
            return Some(("cannot-ask", Message::new(zh, en)));
        }
        at = next;
    }
    let message = Message::new(
        format!("到主机 {id} 的跳板成环或超过 {JUMPS_MOST} 级"),
        format!("the jump hosts to {id} go in a circle, or are more than {JUMPS_MOST}"),
    );
    Some(("jump-loop", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_word_for_a_secret_does_not_show() {
        let text = "password = \"hunter2\"\nauth = [\"password:hunter2\"]\nauth = [\"password:cmd:/opt/get\"]\nuser = \"a\"\n";
        let masked = without_secrets(text);
        assert_eq!(masked.len(), text.len());
        assert!(!masked.contains("hunter2") && masked.contains("cmd:/opt/get") && masked.contains("user = \"a\""), "{masked}");
    }
}
