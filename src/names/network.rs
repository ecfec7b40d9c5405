//! The platforms of network devices.

use super::Platform;

/// Arista EOS.
pub const ARISTA_EOS: &Platform = &Platform { name: "arista-eos", kind: "net.arista-eos" };
/// Cisco ASA.
pub const CISCO_ASA: &Platform = &Platform { name: "cisco-asa", kind: "net.cisco-asa" };
/// Cisco IOS and IOS-XE.
pub const CISCO_IOS: &Platform = &Platform { name: "cisco-ios", kind: "net.cisco-ios" };
/// Cisco NX-OS.
pub const CISCO_NXOS: &Platform = &Platform { name: "cisco-nxos", kind: "net.cisco-nxos" };
/// Fortinet FortiOS.
pub const FORTINET_FORTIOS: &Platform = &Platform { name: "fortinet-fortios", kind: "net.fortinet-fortios" };
/// H3C Comware, V5 and V7.
pub const H3C_COMWARE: &Platform = &Platform { name: "h3c-comware", kind: "net.h3c-comware" };
/// Hillstone StoneOS.
pub const HILLSTONE: &Platform = &Platform { name: "hillstone", kind: "net.hillstone" };
/// Huawei VRP: switches, routers and USG firewalls.
pub const HUAWEI_VRP: &Platform = &Platform { name: "huawei-vrp", kind: "net.huawei-vrp" };
/// Juniper Junos.
pub const JUNIPER_JUNOS: &Platform = &Platform { name: "juniper-junos", kind: "net.juniper-junos" };
/// Palo Alto PAN-OS, firewalls and Panorama.
pub const PALOALTO_PANOS: &Platform = &Platform { name: "paloalto-panos", kind: "net.paloalto-panos" };
/// Ruijie RGOS.
pub const RUIJIE: &Platform = &Platform { name: "ruijie", kind: "net.ruijie" };

/// Every platform of network devices, sorted by name.
pub static NETWORK: &[&Platform] = &[
    ARISTA_EOS,
    CISCO_ASA,
    CISCO_IOS,
    CISCO_NXOS,
    FORTINET_FORTIOS,
    H3C_COMWARE,
    HILLSTONE,
    HUAWEI_VRP,
    JUNIPER_JUNOS,
    PALOALTO_PANOS,
    RUIJIE,
];

impl Platform {
    /// Whether it is a network device, whose configuration is one text.
    pub fn is_network(&self) -> bool {
        self.kind.starts_with("net.")
    }
}
