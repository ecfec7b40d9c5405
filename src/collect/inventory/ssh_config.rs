//! What `ssh -G` prints for an alias into a host of an inventory.
//!
//! `ssh -G` runs the `Match exec` of the client configuration that it reads: it is asked for the operator's own one, on demand only.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use super::ansible::{Imported, quoted};
use super::check;
use crate::collect::child;
use crate::error::{Message, Problem};

/// How long `ssh -G` may take.
const LONGEST: Duration = Duration::from_secs(20);

/// The most bytes of what it prints.
const PRINTED_BYTES_MOST: u64 = 1 << 20;

/// The most jump hosts on the way to one that are asked for.
const JUMPS_MOST: usize = 4;

/// The hosts that these aliases stand for, and the jump hosts that they need.
pub fn import(aliases: &[String]) -> Imported {
    let mut imported = Imported { text: String::new(), problems: Vec::new() };
    let mut known: BTreeSet<String> = aliases.iter().cloned().collect();
    let mut waiting: VecDeque<(String, usize)> = aliases.iter().map(|alias| (alias.clone(), 0)).collect();
    while let Some((alias, depth)) = waiting.pop_front() {
        if !check::is_id(&alias) {
            let message = Message::new(format!("{alias} 不能作为资产 id"), format!("{alias} cannot be the id of an asset"));
            imported.problems.push(Problem::new("bad-name", message));
            continue;
        }
        let words = ["ssh".to_owned(), "-G".to_owned(), "--".to_owned(), alias.clone()];
        let printed = match child::output(&words, &[], PRINTED_BYTES_MOST, Instant::now() + LONGEST) {
            Ok(printed) => String::from_utf8_lossy(&printed).into_owned(),
            Err(why) => {
                let message = Message::new(format!("ssh -G {alias}：{}", why.zh), format!("ssh -G {alias}: {}", why.en));
                imported.problems.push(Problem::new("ssh-failed", message));
                continue;
            }
        };
        imported.text.push_str(&host(&alias, depth > 0, &printed));
        match jump(&printed) {
            Ok(Some(jump)) if depth < JUMPS_MOST && known.insert(jump.to_owned()) => waiting.push_back((jump.to_owned(), depth + 1)),
            Ok(_) => {}
            Err(way) => imported.problems.push(not_taken(&alias, way)),
        }
    }
    imported
}

/// A way to a host that an inventory cannot say; its words may hold a secret and are not told.
fn not_taken(alias: &str, keyword: &str) -> Problem {
    let zh = format!("主机 {alias}：`{keyword}` 没有导入；请把跳板写成清单中的主机并写 `jump`，或写 `ssh-config = true`");
    let en = format!(
        "host {alias}: its `{keyword}` was left out; add the jump host to the inventory and write `jump`, or write `ssh-config = true`"
    );
    Problem::new("jump-dropped", Message::new(zh, en)).warning()
}

/// The values of a keyword of `ssh_config(5)`, in lower case.
fn values<'p>(printed: &'p str, keyword: &'p str) -> impl Iterator<Item = &'p str> {
    printed.lines().filter_map(move |line| line.split_once(' ').filter(|(key, _)| *key == keyword).map(|(_, value)| value))
}

/// The alias of the jump host, or the keyword of a way that is none.
fn jump(printed: &str) -> Result<Option<&str>, &'static str> {
    let said = |keyword| values(printed, keyword).next().filter(|value| *value != "none");
    match (said("proxyjump"), said("proxycommand")) {
        (Some(jump), _) if check::is_id(jump) => Ok(Some(jump)),
        (Some(_), _) => Err("ProxyJump"),
        (None, Some(_)) => Err("ProxyCommand"),
        (None, None) => Ok(None),
    }
}

/// One host.
fn host(alias: &str, jump_only: bool, printed: &str) -> String {
    let first = |keyword| values(printed, keyword).next();
    let mut lines = vec![format!("[host.{}]", quoted(alias))];
    for (key, keyword, fits) in [("address", "hostname", check::is_address as fn(&str) -> bool), ("user", "user", check::is_user)] {
        lines.extend(first(keyword).filter(|value| fits(value)).map(|value| format!("{key} = {}", quoted(value))));
    }
    lines.extend(first("port").and_then(|port| port.parse::<u16>().ok()).map(|port| format!("port = {port}")));
    if let Ok(Some(jump)) = jump(printed) {
        lines.push(format!("jump = {}", quoted(jump)));
    }
    if jump_only {
        lines.push("jump-only = true".to_owned());
    }
    // `ssh` also tries keys, and looks into files of known hosts, that are not there.
    let home = std::env::var("HOME").unwrap_or_default();
    let expanded = |path: &str| path.strip_prefix('~').map_or_else(|| path.to_owned(), |rest| format!("{home}{rest}"));
    let there = |path: &String| std::path::Path::new(path).is_file();
    let keys = values(printed, "identityfile").map(expanded).filter(there);
    let ways: Vec<String> = keys.map(|key| quoted(&format!("key:{key}"))).chain([quoted("agent")]).collect();
    lines.push(format!("auth = [{}]", ways.join(", ")));
    let files = ["userknownhostsfile", "globalknownhostsfile"].into_iter().filter_map(first).flat_map(str::split_whitespace);
    let files: Vec<String> = files.map(expanded).filter(there).map(|path| quoted(&path)).collect();
    if !files.is_empty() {
        lines.push(format!("known-hosts = [{}]", files.join(", ")));
    }
    format!("{}\n\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_what_ssh_resolved() {
        let known = tempfile::NamedTempFile::new().expect("a file");
        let known = known.path().display();
        let printed = format!(
            "user root\nhostname 10.0.0.5\nport 2222\nproxyjump bastion\nidentityfile /no/such/key\n\
             userknownhostsfile {known} /no/such/file\n"
        );
        let text = host("db", true, &printed);
        let files = format!("known-hosts = [{}]", quoted(&known.to_string()));
        for line in ["address = \"10.0.0.5\"", "port = 2222", "jump = \"bastion\"", "jump-only = true", "auth = [\"agent\"]", &files] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert_eq!(jump("proxyjump me@bastion:2200\n"), Err("ProxyJump"));
        assert_eq!(jump("proxycommand nc %h %p\n"), Err("ProxyCommand"));
        assert_eq!(jump("proxyjump none\n"), Ok(None));
    }
}
