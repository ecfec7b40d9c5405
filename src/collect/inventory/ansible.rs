//! What `ansible-inventory --list` prints into an inventory of ours; passwords are left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::check;
use crate::error::{Message, Problem, Problems};
use crate::names;

/// What an import gives: the text of an inventory, and what was left out.
#[derive(Debug)]
pub struct Imported {
    /// The inventory.
    pub text: String,
    /// Warnings.
    pub problems: Problems,
}

/// The platform that an `ansible_network_os` (with or without its collection) stands for.
///
/// The names are those of the network collections of Ansible (`cisco.ios.ios`, `community.network.ce`).
const NETWORK_SYSTEMS: [(&str, &str); 11] = [
    ("asa", "cisco-asa"),
    ("ce", "huawei-vrp"),
    ("comware", "h3c-comware"),
    ("eos", "arista-eos"),
    ("fortios", "fortinet-fortios"),
    ("ios", "cisco-ios"),
    ("junos", "juniper-junos"),
    ("nxos", "cisco-nxos"),
    ("panos", "paloalto-panos"),
    ("rgos", "ruijie"),
    ("vrp", "huawei-vrp"),
];

/// Reads the JSON: `_meta.hostvars` has the hosts' variables, every other key is a group.
///
/// # Errors
///
/// It is no such JSON.
pub fn import(json: &str) -> Result<Imported, Problem> {
    let no_json = || {
        Problem::new(
            "bad-json",
            Message::new("不是 `ansible-inventory --list` 的 JSON", "this is not the JSON of `ansible-inventory --list`"),
        )
    };
    let root: Map<String, Value> = serde_json::from_str(json).map_err(|_| no_json())?;
    let variables = root.get("_meta").and_then(|meta| meta.get("hostvars")).and_then(Value::as_object).ok_or_else(no_json)?;
    let groups = memberships(&root);
    let mut hosts: BTreeSet<&str> = variables.keys().map(String::as_str).collect();
    hosts.extend(groups.keys().copied());
    let mut import = Import { problems: Vec::new(), text: String::new(), jumps: BTreeMap::new() };
    let none = Map::new();
    for host in hosts {
        let variables = variables.get(host).and_then(Value::as_object).unwrap_or(&none);
        import.host(host, variables, groups.get(host).map_or(&[], Vec::as_slice));
    }
    let names: BTreeSet<&str> = groups.values().flatten().copied().collect();
    let mut text = "[defaults]\n# user = \"jxscan\"\n# auth = [\"agent\"]\n\n".to_owned();
    text.extend(names.iter().map(|name| format!("[group.{}]\n\n", quoted(name))));
    text.push_str(&import.text);
    for (jump, lines) in &import.jumps {
        if !variables.contains_key(jump) {
            text.push_str(&format!("[host.{}]\n{lines}jump-only = true\n\n", quoted(jump)));
        }
    }
    Ok(Imported { text, problems: import.problems })
}

/// The groups of each host, without `all` and `ungrouped`.
fn memberships(root: &Map<String, Value>) -> BTreeMap<&str, Vec<&str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, group) in root.iter().filter(|(name, _)| *name != "_meta") {
        let hosts = group.get("hosts").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for host in hosts {
            let of_host = groups.entry(host).or_default();
            if !matches!(name.as_str(), "all" | "ungrouped") {
                of_host.push(name);
            }
        }
    }
    groups
}

/// What was taken over until now.
struct Import {
    problems: Problems,
    text: String,
    /// Jump hosts, with the lines that say how they are reached.
    jumps: BTreeMap<String, String>,
}

impl Import {
    /// One host.
    fn host(&mut self, name: &str, variables: &Map<String, Value>, groups: &[&str]) {
        if !check::is_id(name) {
            let zh = format!("主机名 {name} 不能作为资产 id，未导入");
            return self.warn("bad-name", zh, format!("the host {name} cannot be the id of an asset; it was left out"));
        }
        let mut lines = vec![format!("[host.{}]", quoted(name))];
        let text = |keys: &[&str]| keys.iter().find_map(|key| variables.get(*key)).and_then(text_of);
        if let Some(address) = text(&["ansible_host", "ansible_ssh_host"]) {
            self.line(&mut lines, name, "address", &address, check::is_address);
        }
        if let Some(user) = text(&["ansible_user", "ansible_ssh_user"]) {
            self.line(&mut lines, name, "user", &user, check::is_user);
        }
        if let Some(port) = text(&["ansible_port", "ansible_ssh_port"]).and_then(|port| port.parse::<u16>().ok()) {
            lines.push(format!("port = {port}"));
        }
        if let Some(key) = text(&["ansible_ssh_private_key_file", "ansible_private_key_file"]) {
            lines.push(format!("auth = [{}]", quoted(&format!("key:{key}"))));
        }
        if let Some(system) = text(&["ansible_network_os"]) {
            let short = system.rsplit('.').next().unwrap_or_default();
            match NETWORK_SYSTEMS.iter().find(|(known, _)| *known == short).and_then(|(_, platform)| names::platform(platform)) {
                Some(platform) => lines.push(format!("platform = {}", quoted(platform.name))),
                None => self.warn(
                    "unknown-platform",
                    format!("主机 {name}：未知的网络系统"),
                    format!("host {name}: its network system is not known"),
                ),
            }
        }
        self.jump(&mut lines, name, variables);
        if !groups.is_empty() {
            lines.push(format!("groups = [{}]", groups.iter().map(|group| quoted(group)).collect::<Vec<_>>().join(", ")));
        }
        self.secrets(name, variables);
        self.text.push_str(&format!("{}\n\n", lines.join("\n")));
    }

    /// The jump host, where the arguments for `ssh` name one.
    fn jump(&mut self, lines: &mut Vec<String>, name: &str, variables: &Map<String, Value>) {
        let Some(jump) = proxy(variables) else {
            let says = |text: &str| text.to_ascii_lowercase().contains("proxy");
            if arguments(variables).any(says) {
                // What it says may hold a secret.
                let zh = format!("主机 {name}：SSH 参数中的代理没有导入；请把跳板写成清单中的主机并写 `jump`");
                let en =
                    format!("host {name}: the proxy in its arguments was left out; add the jump host to the inventory and write `jump`");
                self.warn("jump-dropped", zh, en);
            }
            return;
        };
        // `user@host:port`
        let (user, place) = jump.rsplit_once('@').map_or((None, jump), |(user, place)| (Some(user), place));
        let (host, port) = place.split_once(':').map_or((place, None), |(host, port)| (host, port.parse::<u16>().ok()));
        if self.line(lines, name, "jump", host, check::is_id) {
            let user = user.filter(|user| check::is_user(user)).map(|user| format!("user = {}\n", quoted(user)));
            let port = port.map(|port| format!("port = {port}\n"));
            self.jumps.entry(host.to_owned()).or_insert_with(|| user.into_iter().chain(port).collect());
        }
    }

    /// Adds a line where the value fits; whether it does.
    fn line(&mut self, lines: &mut Vec<String>, host: &str, key: &str, value: &str, fits: fn(&str) -> bool) -> bool {
        if fits(value) {
            lines.push(format!("{key} = {}", quoted(value)));
            return true;
        }
        self.warn(
            "bad-name",
            format!("主机 {host}：`{key}` 的值不可用，未导入"),
            format!("host {host}: its `{key}` cannot be used; it was left out"),
        );
        false
    }

    /// Names the secrets that are left out.
    fn secrets(&mut self, host: &str, variables: &Map<String, Value>) {
        for key in variables.keys().filter(|key| is_secret(key)) {
            let zh = format!("主机 {host}：`{key}` 没有导入；请在 auth 中写密码保存在哪里");
            self.warn("secret-dropped", zh, format!("host {host}: `{key}` was left out; write in `auth` where the secret is kept"));
        }
    }

    fn warn(&mut self, code: &'static str, zh: String, en: String) {
        self.problems.push(Problem::new(code, Message::new(zh, en)).warning());
    }
}

/// Whether a variable holds a secret.
fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["pass", "secret", "token"].iter().any(|word| key.contains(word))
}

/// The arguments that Ansible gives to `ssh`.
fn arguments(variables: &Map<String, Value>) -> impl Iterator<Item = &str> {
    ["ansible_ssh_common_args", "ansible_ssh_extra_args"].into_iter().filter_map(|key| variables.get(key)?.as_str())
}

/// The jump host in `-J …` or `-o ProxyJump=…`.
fn proxy(variables: &Map<String, Value>) -> Option<&str> {
    let words = || arguments(variables).flat_map(str::split_whitespace).map(|word| word.trim_matches(['"', '\'']));
    let after = words().skip_while(|word| *word != "-J").nth(1);
    after.or_else(|| words().find_map(|word| word.strip_prefix("-oProxyJump=").or_else(|| word.strip_prefix("ProxyJump="))))
}

/// The text of a scalar.
fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()))
}

/// A TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
