//! `log-settings` into where each type of log is sent: `panos-log-forwarding`, `panos-log-expiry` and `logs`.
//!
//! A match list sends every record only where its filter is `All Logs`. Local records are overwritten, oldest first, when their quota is
//! full, so that no configuration guarantees how long they stay.

use super::super::{Cell, Documented, Evidence, Tables, Value, Why};
use super::layout::{Panos, is_yes};
use super::settings::limit_days;
use crate::names::Phrase;
use crate::parse::tree::Node;
use crate::schema::neutral::LOGS;
use crate::schema::paloalto::{PANOS_LOG_EXPIRY as EXPIRY, PANOS_LOG_FORWARDING as TABLE};

/// The filter of a match list that lets every record through.
const EVERY_RECORD: &str = "All Logs";

/// A server whose transport is not written is sent datagrams.
static TRANSPORT: Documented =
    Documented { setting: "transport UDP", versions: "PAN-OS", source: "PAN-OS Administrator's Guide 11.1, Configure Syslog Monitoring" };

static UNDEFINED: Phrase =
    Phrase { zh: "引用的 syslog 服务器模板 {} 没有定义", en: "the syslog server profile {} is not defined" };
static QUOTA: Phrase = Phrase {
    zh: "本地日志占满配额后从最旧的开始覆盖，配置不保证保存时间",
    en: "local records are overwritten from the oldest when their quota is full; the configuration guarantees no time",
};

/// A syslog server that receives records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver<'a> {
    /// Its address; none where the server profile of this name is not defined here.
    pub address: Result<&'a str, &'a str>,
    /// `UDP`, `TCP` or `SSL`; none where it is not written.
    pub transport: Option<&'a str>,
    /// What names it.
    pub node: Node<'a>,
}

/// Where one type of log goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Forwarding<'a> {
    /// `system`, `config`, or `profile NAME traffic`.
    pub kind: String,
    /// Servers that receive every record.
    pub receivers: Vec<Receiver<'a>>,
    /// Servers that receive some.
    pub filtered: Vec<Receiver<'a>>,
    /// The statements that send every record to Panorama.
    pub panorama: Vec<Node<'a>>,
}

/// Where the device's own logs and those of each log forwarding profile go.
pub(super) fn forwarding<'a>(panos: &Panos<'_, 'a>) -> Vec<Forwarding<'a>> {
    let own = if panos.is_panorama { "panorama log-settings" } else { "shared log-settings" };
    let mut all: Vec<Forwarding<'a>> = Vec::new();
    for kind in ["system", "config"] {
        let mut found = Forwarding { kind: kind.to_owned(), ..Forwarding::default() };
        let lists = panos.tops.iter().filter_map(|top| top.at(&format!("{own} {kind} match-list")));
        lists.flat_map(Node::values).for_each(|entry| add(panos, &mut found, entry));
        all.push(found);
    }
    let groups = panos.groups.iter().filter_map(|(_, group)| group.at("log-settings profiles")).flat_map(Node::values);
    for profile in panos.shared_entries("log-settings profiles").into_iter().chain(groups) {
        for entry in profile.at("match-list").into_iter().flat_map(Node::values) {
            let Some(kind) = entry.value("log-type") else { continue };
            let kind = format!("profile {} {}", panos.text(profile), kind.text());
            let at = all.iter().position(|known| known.kind == kind).unwrap_or_else(|| {
                all.push(Forwarding { kind, ..Forwarding::default() });
                all.len() - 1
            });
            add(panos, &mut all[at], entry);
        }
    }
    all
}

/// Adds what one entry of a match list sends.
fn add<'a>(panos: &Panos<'_, 'a>, to: &mut Forwarding<'a>, entry: Node<'a>) {
    let every = entry.value("filter").is_some_and(|filter| panos.text(filter) == EVERY_RECORD);
    let names = entry.at("send-syslog").into_iter().flat_map(Node::values);
    let receivers = names.flat_map(|name| receivers(panos, name));
    if every {
        to.receivers.extend(receivers)
    } else {
        to.filtered.extend(receivers)
    }
    let panorama = entry.value("send-to-panorama").filter(|node| every && is_yes(Some(*node)));
    to.panorama.extend(panorama);
}

/// The servers of a server profile.
fn receivers<'a>(panos: &Panos<'_, 'a>, named: Node<'a>) -> Vec<Receiver<'a>> {
    let wanted = panos.text(named);
    let groups = panos.groups.iter().filter_map(|(_, group)| group.at("log-settings syslog")).flat_map(Node::values);
    let mut profiles = panos.shared_entries("log-settings syslog").into_iter().chain(groups);
    let Some(profile) = profiles.find(|profile| panos.text(*profile) == wanted) else {
        return vec![Receiver { address: Err(wanted), transport: None, node: named }];
    };
    let servers = profile.at("server").into_iter().flat_map(Node::values);
    servers
        .filter_map(|server| {
            let address = server.value("server")?;
            let transport = server.value("transport").map(Node::text);
            Some(Receiver { address: Ok(panos.text(address)), transport, node: address })
        })
        .collect()
}

impl<'a> Forwarding<'a> {
    /// The servers as a list; one whose profile is not defined here is not known.
    fn list(panos: &Panos<'_, 'a>, receivers: &[Receiver<'a>], setting: &'a str) -> Cell<'a> {
        let device = panos.device;
        if receivers.is_empty() {
            return panos.unwritten(setting, device.known_absence(device.host.texts(&[])));
        }
        let values: Vec<Value<'a>> = receivers
            .iter()
            .map(|it| match it.address {
                Ok(address) => Value::Text(address),
                Err(profile) => Value::Opaque(profile),
            })
            .collect();
        let nodes: Vec<Node<'a>> = receivers.iter().map(|it| it.node).collect();
        device.decided_by(Value::List(device.host.arena().alloc_slice_copy(&values)), &nodes)
    }

    /// Servers that receive every record.
    pub(super) fn servers(&self, panos: &Panos<'_, 'a>) -> Cell<'a> {
        Forwarding::list(panos, &self.receivers, "log-settings")
    }

    /// Whether every server is reached in one of these ways.
    fn is_carried_by(&self, panos: &Panos<'_, 'a>, ways: &[&str]) -> Cell<'a> {
        let device = panos.device;
        let nodes: Vec<Node<'a>> = self.receivers.iter().map(|it| it.node).collect();
        if nodes.is_empty() {
            return panos.unwritten("log-settings", device.absent());
        }
        if let Some(unknown) = self.receivers.iter().find(|it| it.address.is_err()) {
            let name = unknown.address.err().unwrap_or_default();
            let cell =
                Cell::unknown(Why::new("undefined-reference", &UNDEFINED, name), device.host.evidence(&[device.decides(unknown.node)]));
            return panos.unwritten("log-settings syslog", device.unless_cut(cell));
        }
        let all = self.receivers.iter().all(|it| ways.contains(&it.transport.unwrap_or("UDP")));
        let mut pieces: Vec<Evidence<'a>> = nodes.iter().map(|node| device.decides(*node)).collect();
        if self.receivers.iter().any(|it| it.transport.is_none()) {
            pieces.push(Evidence::Default(&TRANSPORT));
        }
        Cell::known(Value::Boolean(all), device.host.evidence(&pieces))
    }
}

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, forwarding: &[Forwarding<'a>], tables: &mut Tables<'a>) {
    let device = panos.device;
    for it in forwarding {
        let servers = it.servers(panos);
        let panorama = match it.panorama.first() {
            Some(node) => device.decided(Value::Boolean(true), *node),
            None => panos.unwritten("log-settings", device.known_absence(Value::Boolean(false))),
        };
        let mut row = device.host.row(&TABLE, super::PRODUCT.name);
        row.set(const { TABLE.column("type") }, Cell::known(Value::Text(device.host.text(&it.kind)), servers.evidence))
            .set(const { TABLE.column("servers") }, servers)
            .set(const { TABLE.column("filtered-servers") }, Forwarding::list(panos, &it.filtered, "log-settings"))
            .set(const { TABLE.column("panorama") }, panorama)
            .set(const { TABLE.column("encrypted") }, it.is_carried_by(panos, &["SSL"]))
            .set(const { TABLE.column("reliable") }, it.is_carried_by(panos, &["SSL", "TCP"]));
        tables.push(row);
    }
    fill_logs(panos, forwarding, tables);
    fill_expiry(panos, tables);
}

/// The neutral streams: PAN-OS writes logins into the system log and changes into the configuration log.
fn fill_logs<'a>(panos: &Panos<'_, 'a>, forwarding: &[Forwarding<'a>], tables: &mut Tables<'a>) {
    let device = panos.device;
    let host = device.host;
    let here = host.evidence(&[device.searched()]);
    let known = |value| Cell::known(value, here);
    let why = host.evidence(&[Evidence::Step(&QUOTA, &[], None)]);
    const STREAMS: [(&str, &str, &[&str]); 3] =
        [("system", "system", &[]), ("authentication", "system", &["auth"]), ("command", "config", &["config-change"])];
    for (stream, kind, covers) in STREAMS {
        let Some(it) = forwarding.iter().find(|known| known.kind == kind) else { continue };
        let covers: Vec<Value<'a>> = covers.iter().map(|word| Value::Word(word)).collect();
        let mut row = host.row(&LOGS, super::PRODUCT.name);
        row.set(const { LOGS.column("stream") }, known(Value::Word(stream)))
            .set(const { LOGS.column("path") }, known(Value::Text(kind)))
            .set(const { LOGS.column("enabled") }, known(Value::Boolean(true)))
            .set(const { LOGS.column("covers") }, known(Value::List(host.arena().alloc_slice_copy(&covers))))
            .set(const { LOGS.column("retention") }, Cell::known(Value::Duration(0), why))
            .set(const { LOGS.column("bounded-by") }, Cell::known(Value::Word("size"), why))
            .set(const { LOGS.column("retention-why") }, Cell::known(Value::Text(QUOTA.en), why))
            .set(const { LOGS.column("forwarded") }, it.servers(panos))
            .set(const { LOGS.column("forwarding-encrypted") }, it.is_carried_by(panos, &["SSL"]))
            .set(const { LOGS.column("forwarding-reliable") }, it.is_carried_by(panos, &["SSL", "TCP"]))
            .set(const { LOGS.column("level") }, Cell::unset(here))
            .set(const { LOGS.column("tamper-protection") }, Cell::unset(here));
        tables.push(row);
    }
}

/// Periods after which records are deleted, where any are set.
fn fill_expiry<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    let device = panos.device;
    let node = panos.at("deviceconfig setting management quota-settings log-expiration-period");
    for kind in node.into_iter().flat_map(Node::values) {
        let Some(days) = kind.values().last() else { continue };
        let evidence = device.host.evidence(&[device.decides(days)]);
        let period = limit_days(days.text()).duration;
        let period = period.map_or(Cell::unknown(Why::not_understood(days.text()), evidence), |value| Cell::known(value, evidence));
        let mut row = device.host.row(&EXPIRY, super::PRODUCT.name);
        row.set(const { EXPIRY.column("type") }, device.decided(Value::Text(kind.text()), kind))
            .set(const { EXPIRY.column("period") }, period);
        tables.push(row);
    }
}
