//! Log servers and filters into the rows of `logs`.
//!
//! What stays on the device lies in memory or on a disk whose quota overwrites the oldest, so that no time is guaranteed.

use super::Forti;
use super::settings::LOG_ENCRYPTION;
use crate::facts::{Cell, Tables, Value};
use crate::parse::fortios;
use crate::parse::tree::Node;
use crate::schema::neutral::LOGS;

/// Places that logs are sent to.
const PLACES: [&str; 7] = ["syslogd", "syslogd2", "syslogd3", "syslogd4", "fortianalyzer", "fortianalyzer2", "fortianalyzer3"];

/// Severities above `information`, under which logins are lost.
const TOO_SEVERE: [&str; 6] = ["alert", "critical", "emergency", "error", "notification", "warning"];

/// One place that logs are sent to.
struct Place<'a> {
    server: &'a str,
    at: Node<'a>,
    /// Whether it is a syslog server, for whose `status` no default is documented.
    status: Option<Node<'a>>,
    reliable: Cell<'a>,
    encrypted: Cell<'a>,
    /// The filter that keeps logins from it.
    filter: Option<Node<'a>>,
    /// A filter that lets some events pass.
    partial: Option<Node<'a>>,
}

impl<'a> Forti<'_, 'a> {
    /// Adds the rows.
    pub(super) fn push_logs(&self, tables: &mut Tables<'a>) {
        let streams: [(&str, &[&'static str], &[&str]); 3] = [
            ("authentication", &["auth", "privilege"], &["event", "system", "user"]),
            ("command", &["command", "config-change"], &["event", "system"]),
            ("system", &["config-change"], &["event", "system"]),
        ];
        for (stream, covers, filters) in streams {
            self.push_stream(tables, stream, covers, filters);
        }
    }

    fn push_stream(&self, tables: &mut Tables<'a>, stream: &'static str, covers: &[&'static str], filters: &[&str]) {
        let (shown, device) = (&self.shown, &self.shown.device);
        let off = filters.iter().find_map(|filter| self.value("config log eventfilter", filter).filter(|(text, _)| *text == "disable"));
        let audit = self.value("config system global", "cli-audit-log");
        let away = self.forwarded();
        let enabled = match (off, stream, audit) {
            (Some((_, node)), ..) => device.decided(Value::Boolean(false), node),
            (None, "command", Some((text, node))) => device.decided(Value::Boolean(text == "enable"), node),
            (None, "command", None) => device.undocumented("cli-audit-log"),
            (None, ..) => self.written(filters),
        };
        let age = self.value("config log disk setting", "maximum-log-age");
        let bounded = age.map_or("size", |(text, _)| if text == "0" { "size" } else { "both" });
        let here = age.map_or_else(|| Cell::known(Value::Word(bounded), &[]), |(_, node)| device.decided(Value::Word(bounded), node));
        let places: Vec<Place<'a>> = self.places().into_iter().filter(|place| place.filter.is_none()).collect();
        let none = places.is_empty();
        let all = |pick: fn(&Place<'a>) -> Cell<'a>| match places.iter().map(pick).find(|cell| cell.value() != Some(Value::Boolean(true))) {
            _ if none => Cell::unset(away.evidence),
            Some(weak) => weak,
            None => Cell::known(Value::Boolean(true), away.evidence),
        };
        let cells = [
            ("stream", Cell::known(Value::Word(stream), &[])),
            ("path", Cell::known(Value::Text("memory or disk"), here.evidence)),
            ("enabled", enabled),
            ("covers", Cell::known(shown.words(covers), &[])),
            ("retention", Cell::known(Value::Duration(0), here.evidence)),
            ("bounded-by", here),
            ("retention-why", Cell::known(Value::Text("the oldest are overwritten when memory or quota is full"), here.evidence)),
            ("forwarded", if off.is_some() { Cell::known(device.host.texts(&[]), enabled.evidence) } else { away }),
            ("forwarding-encrypted", all(|place| place.encrypted)),
            ("forwarding-reliable", all(|place| place.reliable)),
            ("level", shown.device.undocumented("severity")),
        ];
        shown.push(tables, &LOGS, "", &cells);
    }

    /// Whether events are written: said so, or not known.
    fn written(&self, filters: &[&str]) -> Cell<'a> {
        let device = &self.shown.device;
        let said: Vec<Option<Node<'a>>> =
            filters.iter().map(|filter| self.value("config log eventfilter", filter).map(|(_, node)| node)).collect();
        match said.iter().copied().collect::<Option<Vec<_>>>() {
            Some(nodes) => device.decided_by(Value::Boolean(true), &nodes),
            None => device.undocumented("log eventfilter"),
        }
    }

    /// The servers that logs are sent to.
    pub(super) fn forwarded(&self) -> Cell<'a> {
        let places = self.places();
        let known: Vec<&Place<'a>> = places.iter().filter(|place| place.filter.is_none()).collect();
        let unsure = known.iter().find(|place| place.status.is_none());
        let on: Vec<&Place<'a>> = known.iter().filter(|place| place.status.is_some()).copied().collect();
        let items: Vec<(&'a str, Node<'a>)> = on.iter().map(|place| (place.server, place.at)).collect();
        match (items.is_empty(), unsure, places.iter().find_map(|place| place.filter)) {
            (true, Some(place), _) => Cell {
                evidence: self.shown.device.decided(Value::Boolean(true), place.at).evidence,
                ..self.shown.device.undocumented("status")
            },
            (true, None, Some(filter)) => self.shown.device.decided(self.shown.device.host.texts(&[]), filter),
            _ => self.shown.device.log_hosts(self.shown.texts(&items), &on.iter().map(|place| place.partial).collect::<Vec<_>>()),
        }
    }

    /// Places with a server that are not switched off.
    fn places(&self) -> Vec<Place<'a>> {
        PLACES.iter().filter_map(|name| self.place(name)).collect()
    }

    fn place(&self, name: &str) -> Option<Place<'a>> {
        let device = &self.shown.device;
        let blocks = self.blocks(&format!("config log {name} setting"));
        let value = |setting: &str| super::first(&fortios::values(&blocks, setting));
        let (server, at) = value("server").filter(|(server, _)| !server.is_empty())?;
        let status = value("status");
        if status.is_some_and(|(text, _)| text != "enable") {
            return None;
        }
        let is = |setting: &str, wanted: &[&str], otherwise: Cell<'a>| match value(setting) {
            Some((text, node)) => device.decided(Value::Boolean(wanted.contains(&text)), node),
            None => otherwise,
        };
        let no = || self.defaulted(Value::Boolean(false), &LOG_ENCRYPTION);
        let strong = ["high", "high-medium"];
        let (reliable, encrypted) = if name.starts_with("syslogd") {
            let mode = is("mode", &["reliable", "legacy-reliable"], is("reliable", &["enable"], device.undocumented("mode")));
            (mode, is("enc-algorithm", &strong, no()))
        } else {
            (
                is("reliable", &["enable"], device.undocumented("reliable")),
                is("enc-algorithm", &strong, device.undocumented("enc-algorithm")),
            )
        };
        let section = format!("config log {name} filter");
        let filter = self.value(&section, "severity").filter(|(text, _)| TOO_SEVERE.contains(text));
        let off = self.value(&section, "event").filter(|(text, _)| *text == "disable");
        let filter = filter.or(off).map(|(_, node)| node);
        Some(Place { server, at, status: status.map(|(_, node)| node), reliable, encrypted, filter, partial: self.partial(&section) })
    }

    /// A filter of a site's own that events must pass: in the section itself up to 6.4, later an entry of `free-style` for them (FortiOS
    /// Administration Guide, Configuring and debugging the free-style filter).
    fn partial(&self, section: &str) -> Option<Node<'a>> {
        let whole = self.value(section, "filter").filter(|(text, _)| !text.is_empty()).map(|(_, node)| node);
        let entries = self.blocks(section).into_iter().flat_map(Node::children).filter(|node| node.is("config free-style"));
        let of_events = |entry: &Node<'a>| {
            let categories = fortios::values(&[*entry], "category").values;
            categories.is_empty() || categories.contains(&"event")
        };
        whole.or_else(|| entries.flat_map(Node::children).find(of_events))
    }
}
