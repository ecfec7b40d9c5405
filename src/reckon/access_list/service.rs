//! Protocols and ports of an entry into one alternative of what it matches.

use super::Ports;

/// Number of ICMP.
const ICMP: u8 = 1;

/// Number of TCP.
pub(super) const TCP: u8 = 6;

/// Number of UDP.
pub(super) const UDP: u8 = 17;

/// Number of ICMP for IPv6.
const ICMP_SIX: u8 = 58;

/// Protocols with their ports.
///
/// For the two protocols ICMP the "destination port" is the type in the high and the code in the low byte, so that types are told apart
/// like ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// First and last protocol number, as IANA assigns them.
    pub protocols: (u8, u8),
    /// Source ports; any for protocols without ports.
    pub source_ports: Ports,
    /// Destination ports; any for protocols without ports.
    pub destination_ports: Ports,
}

impl Service {
    /// Every protocol: `ip`.
    pub fn any() -> Service {
        Service { protocols: (0, u8::MAX), ..Service::protocol(0) }
    }

    /// One protocol with every port.
    pub fn protocol(number: u8) -> Service {
        Service { protocols: (number, number), source_ports: Ports::any(), destination_ports: Ports::any() }
    }

    /// TCP to these ports.
    pub fn tcp(destination_ports: Ports) -> Service {
        Service { destination_ports, ..Service::protocol(TCP) }
    }

    /// UDP to these ports.
    pub fn udp(destination_ports: Ports) -> Service {
        Service { destination_ports, ..Service::protocol(UDP) }
    }

    /// ICMP of a type, and of one code where one is named.
    pub fn icmp(kind: u8, code: Option<u8>) -> Service {
        Service { destination_ports: messages(kind, code), ..Service::protocol(ICMP) }
    }

    /// ICMP for IPv6 of a type, and of one code where one is named.
    pub fn icmp_six(kind: u8, code: Option<u8>) -> Service {
        Service { destination_ports: messages(kind, code), ..Service::protocol(ICMP_SIX) }
    }

    /// The same from these source ports.
    pub fn from(self, source_ports: Ports) -> Service {
        Service { source_ports, ..self }
    }

    /// Whether it is every protocol with every port.
    pub fn is_any(&self) -> bool {
        *self == Service::any()
    }

    /// Whether all of its protocols have ports.
    pub fn has_ports(&self) -> bool {
        // DCCP, SCTP and UDP-Lite count their ports the same way.
        self.protocols.0 == self.protocols.1 && [TCP, UDP, 33, 132, 136].contains(&self.protocols.0)
    }

    /// The protocol's name, its number where it has none here, or `any`.
    pub fn protocol_name(&self) -> String {
        match self.protocols {
            (0, u8::MAX) => "any".to_owned(),
            (one, other) if one == other => named(one).map_or_else(|| one.to_string(), str::to_owned),
            (one, other) => format!("{one}-{other}"),
        }
    }
}

/// Messages of a type as the numbers that stand in the place of ports.
fn messages(kind: u8, code: Option<u8>) -> Ports {
    let number = |code| u16::from_be_bytes([kind, code]);
    Ports::between(number(code.unwrap_or(0)), number(code.unwrap_or(u8::MAX)))
}

/// Names of the protocols that stand in access lists, as IANA's register of protocol numbers has them.
fn named(protocol: u8) -> Option<&'static str> {
    Some(match protocol {
        ICMP => "icmp",
        2 => "igmp",
        TCP => "tcp",
        UDP => "udp",
        47 => "gre",
        50 => "esp",
        51 => "ah",
        ICMP_SIX => "icmpv6",
        88 => "eigrp",
        89 => "ospf",
        103 => "pim",
        112 => "vrrp",
        132 => "sctp",
        _ => return None,
    })
}
