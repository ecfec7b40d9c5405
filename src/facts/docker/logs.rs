//! The daemon's log driver into a row of `logs`: where the output of containers goes unless one says otherwise.
//!
//! Docker documentation, "Configure logging drivers" and the page of each driver.

use super::super::{Cell, Host, State, Tables, Value, Why};
use super::NAME;
use super::options::Options;
use crate::names::Phrase;
use crate::schema::neutral::LOGS;

static WITH_CONTAINER: Phrase = Phrase {
    zh: "{} 不轮转，但日志随容器删除而消失，容器存活多久未知",
    en: "{} rotates nothing, but records go with their container, and how long one lives is not known",
};
static BY_RECEIVER: Phrase =
    Phrase { zh: "日志交给 {}，由它决定保存多久", en: "records go to {}, which decides how long they are kept" };

/// Options that name a receiver.
const RECEIVERS: [&str; 5] = ["fluentd-address=", "gelf-address=", "logentries-url=", "splunk-url=", "syslog-address="];

/// Pushes the row.
pub(super) fn push<'a>(host: &Host<'a>, options: &Options<'a>, tables: &mut Tables<'a>) {
    let driver = options.cell("log-driver", |read| Some(Value::Text(read.text)));
    let details = options.cell("log-opts", |read| read.items.map(Value::List));
    let stream = Cell::known(Value::Word("container"), &[]);
    let (Some(Value::Text(name)), false) = (driver.value(), matches!(details.state, State::Unknown(..))) else {
        let open = if driver.value().is_none() { driver } else { details };
        let why = if let State::Unknown(why, _) = open.state { why } else { Why::not_understood("log-driver") };
        let mut row = host.gap(&LOGS, NAME, why);
        row.set(const { LOGS.column("stream") }, stream);
        return tables.push(row);
    };
    let given: &[Value<'a>] = if let Some(Value::List(items)) = details.value() { items } else { &[] };
    let of = |prefix: &str| given.iter().find_map(|item| if let Value::Text(text) = *item { text.strip_prefix(prefix) } else { None });
    let evidence = host.evidence(&[driver.evidence, details.evidence].concat());
    let known = |value: Value<'a>| Cell::known(value, evidence);
    let elsewhere = Cell::unknown(Why::new("kept-elsewhere", &BY_RECEIVER, name), evidence);
    let receiver = RECEIVERS.iter().find_map(|option| of(option));
    let local = matches!(name, "json-file" | "local" | "none");
    let (retention, bounded) = match name {
        "none" => (known(Value::Duration(0)), Cell::unset(evidence)),
        "json-file" if of("max-size=").is_none_or(|size| size == "-1") => {
            let unknown = Cell::unknown(Why::new("ends-with-container", &WITH_CONTAINER, name), evidence);
            (unknown, unknown)
        }
        "json-file" | "local" => (known(Value::Duration(0)), known(Value::Word("size"))),
        // What journald or a syslog of this host keeps is a stream of its own.
        "journald" => (elsewhere, elsewhere),
        "syslog" if receiver.is_none() => (elsewhere, elsewhere),
        _ => (known(Value::Duration(0)), Cell::unset(evidence)),
    };
    let forwarded = match receiver {
        _ if local => known(Value::List(&[])),
        Some(address) => known(host.texts(&[host_of(address)])),
        None => elsewhere,
    };
    let encrypted = receiver.map(|address| address.starts_with("tcp+tls://") || address.starts_with("https://"));
    let unset = Cell::unset(evidence);
    let mut row = host.row(&LOGS, NAME);
    row.set(const { LOGS.column("stream") }, stream)
        .set(const { LOGS.column("path") }, unset)
        .set(const { LOGS.column("enabled") }, known(Value::Boolean(name != "none")))
        .set(const { LOGS.column("covers") }, known(Value::List(&[])))
        .set(const { LOGS.column("retention") }, retention)
        .set(const { LOGS.column("bounded-by") }, bounded)
        .set(const { LOGS.column("retention-why") }, known(Value::Text("log-driver, log-opts")))
        .set(const { LOGS.column("forwarded") }, forwarded)
        .set(
            const { LOGS.column("forwarding-encrypted") },
            if local { unset } else { encrypted.map_or(elsewhere, |on| known(Value::Boolean(on))) },
        )
        .set(const { LOGS.column("forwarding-reliable") }, if local { unset } else { elsewhere })
        .set(const { LOGS.column("level") }, unset)
        .set(const { LOGS.column("tamper-protection") }, unset);
    tables.push(row);
}

/// The host of `tcp+tls://10.1.1.9:6514`, `10.1.1.9:24224` or `https://logs.bank:8088/services`.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split('/').next().unwrap_or(rest);
    if let Some((inside, _)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return inside;
    }
    rest.rsplit_once(':').map_or(rest, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn addresses_have_hosts() {
        for (address, host) in [
            ("tcp+tls://10.1.1.9:6514", "10.1.1.9"),
            ("10.1.1.9:24224", "10.1.1.9"),
            ("https://logs.bank:8088/services", "logs.bank"),
            ("udp://[2001:db8::1]:514", "2001:db8::1"),
            ("loghost", "loghost"),
        ] {
            assert_eq!(host_of(address), host);
        }
    }
}
