//! What `ssh -G` prints for an alias into a host of an inventory.
//!
//! `ssh -G` runs the `Match exec` of the client configuration that it reads: it is asked for the operator's own one, on demand only.

use std::time::{Duration, Instant};

use super::ansible::{Imported, quoted};
use super::check;
use crate::collect::child;
use crate::error::{Message, Problem};

/// How long `ssh -G` may take.
const LONGEST: Duration = Duration::from_secs(20);

/// The most bytes of what it prints.
const PRINTED_BYTES_MOST: u64 = 1 << 20;

/// The hosts that these aliases stand for.
pub fn import(aliases: &[String]) -> Imported {
    let mut imported = Imported { text: String::new(), problems: Vec::new() };
    for alias in aliases {
        if !check::is_id(alias) {
            let message = Message::new(format!("{alias} 不能作为资产 id"), format!("{alias} cannot be the id of an asset"));
            imported.problems.push(Problem::new("bad-name", message));
            continue;
        }
        let words = ["ssh".to_owned(), "-G".to_owned(), "--".to_owned(), alias.clone()];
        match child::output(&words, &[], PRINTED_BYTES_MOST, Instant::now() + LONGEST) {
            Ok(printed) => imported.text.push_str(&host(alias, &String::from_utf8_lossy(&printed))),
            Err(why) => {
                let message = Message::new(format!("ssh -G {alias}：{}", why.zh), format!("ssh -G {alias}: {}", why.en));
                imported.problems.push(Problem::new("ssh-failed", message));
            }
        }
    }
    imported
}

/// One host; keywords are those of `ssh_config(5)` in lower case.
fn host(alias: &str, printed: &str) -> String {
    let all = |keyword: &str| {
        let keyword = keyword.to_owned();
        printed.lines().filter_map(move |line| line.split_once(' ').filter(|(key, _)| *key == keyword).map(|(_, value)| value))
    };
    let first = |keyword: &str| all(keyword).next();
    let mut lines = vec![format!("[host.{}]", quoted(alias))];
    for (key, keyword, fits) in [("address", "hostname", check::is_address as fn(&str) -> bool), ("user", "user", check::is_user)] {
        lines.extend(first(keyword).filter(|value| fits(value)).map(|value| format!("{key} = {}", quoted(value))));
    }
    lines.extend(first("port").and_then(|port| port.parse::<u16>().ok()).map(|port| format!("port = {port}")));
    if let Some(jump) = first("proxyjump").filter(|jump| check::is_id(jump)) {
        lines.push(format!("jump = {}", quoted(jump)));
    }
    // `ssh` also tries keys that are not there.
    let home = std::env::var("HOME").unwrap_or_default();
    let expanded = |path: &str| path.strip_prefix('~').map_or_else(|| path.to_owned(), |rest| format!("{home}{rest}"));
    let keys: Vec<String> = all("identityfile").map(expanded).filter(|path| std::path::Path::new(path).is_file()).collect();
    let ways: Vec<String> = keys.iter().map(|key| quoted(&format!("key:{key}"))).chain([quoted("agent")]).collect();
    lines.push(format!("auth = [{}]", ways.join(", ")));
    let files: Vec<String> =
        first("userknownhostsfile").unwrap_or_default().split_whitespace().map(|path| quoted(&expanded(path))).collect();
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
        let printed =
            "user root\nhostname 10.0.0.5\nport 2222\nproxyjump bastion\nidentityfile /no/such/key\nuserknownhostsfile /etc/a /etc/b\n";
        let text = host("db", printed);
        for line in
            ["address = \"10.0.0.5\"", "port = 2222", "jump = \"bastion\"", "auth = [\"agent\"]", "known-hosts = [\"/etc/a\", \"/etc/b\"]"]
        {
            assert!(text.contains(line), "{line} in {text}");
        }
    }
}
