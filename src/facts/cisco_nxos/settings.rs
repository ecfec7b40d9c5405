//! Global statements into the rows of `nxos-settings`.

use super::super::cisco_words::{push_setting, toggled};
use super::access::SSH_ON;
use super::people::STRENGTH_CHECK;
use super::{NAME, Nexus};
use crate::facts::device::cells::{Unwritten, number, plain, switch};
use crate::facts::settings::Readings;
use crate::facts::{Documented, Tables};
use crate::schema::nxos::NXOS_SETTINGS;

static TIMESTAMP: Documented = Documented {
    setting: "logging timestamp seconds",
    versions: "NX-OS 4.0 and later",
    source: "Cisco Nexus 3548 NX-OS System Management Configuration Guide 7.x, Default Settings for System Message Logging",
};

pub(super) fn fill<'a>(nexus: &Nexus<'_, 'a>, tables: &mut Tables<'a>) {
    let target = |name| (&NXOS_SETTINGS, NAME, name);
    let device = &nexus.device;
    nexus.push_accounting(tables);
    let copp = nexus.written("copp profile").and_then(|node| Some((node.word(2)?, node)));
    device.setting(tables, target("copp-profile"), copp, Unwritten::Nothing, plain);
    let stamp = nexus.written("logging timestamp").and_then(|node| Some((node.word(2)?, node)));
    device.setting(tables, target("logging-timestamp"), stamp, Unwritten::Is("seconds", &TIMESTAMP), plain);
    let limit = nexus.of_line("vty", "session-limit").and_then(|node| Some((node.word(1)?, node)));
    device.setting(tables, target("session-limit"), limit, Unwritten::Undocumented, number);
    let switches = [
        ("nxapi", nexus.feature("nxapi"), Unwritten::Undocumented),
        (
            "password-strength-check",
            toggled(nexus.root().children(), "password strength-check"),
            Unwritten::OneOf(&["on", "off"], &STRENGTH_CHECK),
        ),
        (
            "snmp-enforce-privacy",
            toggled(nexus.root().children(), "snmp-server globalEnforcePriv"),
            Unwritten::Is("off", &super::snmp::NOT_ENFORCED),
        ),
        ("ssh", nexus.feature("ssh"), Unwritten::Is("on", &SSH_ON)),
        ("telnet", nexus.feature("telnet"), Unwritten::Undocumented),
    ];
    for (name, found, unwritten) in switches {
        device.setting(tables, target(name), found.map(|(on, node)| (if on { "on" } else { "off" }, node)), unwritten, switch);
    }
}

impl<'a> Nexus<'_, 'a> {
    /// Groups that record commands, and whether each has servers.
    fn push_accounting(&self, tables: &mut Tables<'a>) {
        let pattern = "aaa accounting default";
        let target = (&NXOS_SETTINGS, NAME, "accounting");
        let Some(node) = self.written(pattern) else {
            self.device.setting(tables, target, None, Unwritten::Nothing, plain);
            return;
        };
        let words: Vec<&'a str> = node.words().skip(4).filter(|word| *word != "local").collect();
        let at_servers = node.word(3) == Some("group") && !words.is_empty();
        let works = at_servers && words.iter().all(|group| self.servers_of(group).is_some_and(|servers| !servers.is_empty()));
        let readings = Readings { on: (works || self.device.cut().is_none()).then_some(works), ..Readings::default() };
        push_setting(&self.device, tables, target, (node.rest(pattern).unwrap_or_default(), readings, node));
    }
}
