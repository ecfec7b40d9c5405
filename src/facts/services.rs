//! Units, xinetd and inetd into the network services of the table `services`.
//!
//! Only services that baselines speak of are known here, each by the units that start it. What a service is configured to do is not
//! looked at: `cleartext` says what its protocol is without further protection, and is left open where the protocol has both.

use super::systemd_units::{self, Starts, starts};
use super::{Artefact, Cell, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::parse::words::{self, Dialect};
use crate::parse::xinetd;
use crate::schema::neutral::SERVICES;
use crate::snapshot::Lack;
use crate::source::Source;

/// Network services of a Linux host.
pub(super) static PRODUCT: Product = Product {
    name: "services",
    title: Phrase { zh: "Linux 网络服务（systemd、xinetd、inetd）", en: "network services on Linux" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::Shared(systemd_units::READS),
        Reading::File("etc/xinetd.conf"),
        Reading::Glob("etc/xinetd.d/*"),
        Reading::File("etc/inetd.conf"),
    ],
    fills: &[&SERVICES],
    derive,
};

static BY_CONFIGURATION: Phrase =
    Phrase { zh: "{} 是否加密取决于其配置", en: "whether {} encrypts depends on its configuration" };

/// A service that is known: its name, the units that start it, its port and transport, and whether its protocol is in clear.
struct Known {
    name: &'static str,
    units: &'static [&'static str],
    port: i64,
    protocol: &'static str,
    cleartext: Option<bool>,
}

/// A service.
const fn known(name: &'static str, units: &'static [&'static str], port: i64, protocol: &'static str, cleartext: Option<bool>) -> Known {
    Known { name, units, port, protocol, cleartext }
}

/// Ports are those of the services file of Debian's netbase. Time daemons are listed because only one of them may run.
const KNOWN: [Known; 24] = [
    known("avahi-daemon", &["avahi-daemon.service", "avahi-daemon.socket"], 5353, "udp", Some(true)),
    known("chronyd", &["chronyd.service", "chrony.service", "chronyd", "chrony"], 123, "udp", None),
    known("cups", &["cups.service", "cups.socket", "cups"], 631, "tcp", None),
    known("dhcpd", &["dhcpd.service", "isc-dhcp-server.service"], 67, "udp", Some(true)),
    known("ftp", &["vsftpd.service", "proftpd.service", "pure-ftpd.service", "vsftpd"], 21, "tcp", None),
    known("inetd", &["inetd.service", "openbsd-inetd.service", "inetutils-inetd.service"], 0, "tcp", None),
    known("nfs", &["nfs-server.service", "nfs-kernel-server.service", "nfs.service", "nfs"], 2049, "tcp", None),
    known("nis", &["ypserv.service", "ypbind.service", "nis.service", "ypserv"], 0, "udp", Some(true)),
    known("ntpd", &["ntpd.service", "ntp.service", "ntpsec.service", "ntpd", "ntp"], 123, "udp", None),
    known("rexec", &["rexec.socket", "rexec.service"], 512, "tcp", Some(true)),
    known("rlogin", &["rlogin.socket", "rlogin.service"], 513, "tcp", Some(true)),
    known("rpcbind", &["rpcbind.service", "rpcbind.socket", "rpcbind"], 111, "tcp", Some(true)),
    known("rsh", &["rsh.socket", "rsh.service"], 514, "tcp", Some(true)),
    known("rsync", &["rsyncd.service", "rsyncd.socket", "rsync.service"], 873, "tcp", Some(true)),
    known("slapd", &["slapd.service"], 389, "tcp", None),
    known("smb", &["smb.service", "smbd.service", "samba.service"], 445, "tcp", None),
    known("snmpd", &["snmpd.service", "snmpd"], 161, "udp", None),
    known("squid", &["squid.service"], 3128, "tcp", Some(true)),
    known("sshd", &["sshd.service", "ssh.service", "sshd.socket", "ssh.socket", "sshd"], 22, "tcp", Some(false)),
    known("systemd-timesyncd", &["systemd-timesyncd.service", "dbus-org.freedesktop.timesync1.service"], 123, "udp", Some(true)),
    known("talk", &["ntalk.socket", "talk.socket", "ntalk.service"], 518, "udp", Some(true)),
    known("telnet", &["telnet.socket", "telnetd.service", "inetutils-telnetd.service"], 23, "tcp", Some(true)),
    known("tftp", &["tftp.socket", "tftp.service", "tftpd-hpa.service", "atftpd.service"], 69, "udp", Some(true)),
    known("xinetd", &["xinetd.service", "xinetd"], 0, "tcp", None),
];

/// Names that xinetd, inetd and their service files give to what is known under another.
const OTHER_NAMES: [(&str, &str); 7] = [
    ("exec", "rexec"),
    ("login", "rlogin"),
    ("ntalk", "talk"),
    ("shell", "rsh"),
    ("vsftpd", "ftp"),
    ("krb5-telnet", "telnet"),
    ("ekrb5-telnet", "telnet"),
];

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let mut gap = None;
    let (mut by_xinetd, mut by_inetd) = (None, None);
    for service in &KNOWN {
        let runs = starts(host, service.units);
        match runs {
            Starts::Yes(_) => push(host, tables, (service.name, service.port), Some(service), &[runs.evidence(host)], Some(true)),
            Starts::No(_) => {}
            Starts::Unknown(why) => gap = Some(why),
        }
        match service.name {
            "xinetd" => by_xinetd = Some(runs),
            "inetd" => by_inetd = Some(runs),
            _ => {}
        }
    }
    let mut read = xinetd(host, tables, by_xinetd);
    read |= inetd(host, tables, by_inetd);
    match gap {
        Some(why) if why.code == Lack::NotCollected.code() && !read && !host.declares(PRODUCT.name) && nothing_listed(host) => {
            Seen::Nothing
        }
        Some(why) => {
            tables.push(host.gap(&SERVICES, PRODUCT.name, why));
            Seen::Present
        }
        None => Seen::Present,
    }
}

/// Whether no directory of units was collected at all.
fn nothing_listed(host: &Host<'_>) -> bool {
    host.look(systemd_units::UNITS).lack.is_some()
}

/// Services that xinetd starts; false where it has no files. A service is on until `disable = yes` or `disabled = …` switches it off.
fn xinetd<'a>(host: &Host<'a>, tables: &mut Tables<'a>, runs: Option<Starts<'a>>) -> bool {
    let Some(runs) = runs.filter(|runs| !matches!(runs, Starts::No(_))) else { return false };
    let defaults = host.file("etc/xinetd.conf").text();
    let defaults = defaults.map(|source| xinetd::read(source.text)).unwrap_or_default();
    let disabled: Vec<&str> = defaults
        .iter()
        .flat_map(|section| &section.attributes)
        .filter(|(name, ..)| *name == "disabled")
        .flat_map(|(_, value, _)| value.split_ascii_whitespace())
        .collect();
    let files = host.matching("etc/xinetd.d/*");
    for path in files.paths {
        match host.file(path) {
            Artefact::Text(source) => {
                for section in xinetd::read(source.text) {
                    let Some(name) = section.service else { continue };
                    let (off, line) = section.last("disable").map_or((false, section.line), |(value, line)| (value == "yes", line));
                    let off = off || disabled.contains(&name);
                    started(host, tables, name, runs, (source, line), off);
                }
            }
            Artefact::Lacking(lack) => tables.push(host.gap(&SERVICES, PRODUCT.name, Why::lacking(path, lack))),
        }
    }
    if let (Some((path, lack)), Starts::Yes(_)) = (files.gap, runs) {
        tables.push(host.gap(&SERVICES, PRODUCT.name, Why::lacking(path, lack)));
    }
    !files.paths.is_empty()
}

/// Services that inetd starts; false where it has no file.
fn inetd<'a>(host: &Host<'a>, tables: &mut Tables<'a>, runs: Option<Starts<'a>>) -> bool {
    const SYNTAX: Dialect = Dialect { comments: &['#'], rest: None, continued: false };
    let Some(runs) = runs.filter(|runs| !matches!(runs, Starts::No(_))) else { return false };
    match host.file("etc/inetd.conf") {
        Artefact::Text(source) => {
            for directive in words::read(source.text, &SYNTAX) {
                // An address may stand before the service's name.
                let name = directive.name().rsplit(':').next().unwrap_or_default();
                started(host, tables, name, runs, (source, directive.line), false);
            }
            true
        }
        Artefact::Lacking(Lack::Absent) => false,
        Artefact::Lacking(lack) => {
            if matches!(runs, Starts::Yes(_)) {
                tables.push(host.gap(&SERVICES, PRODUCT.name, Why::lacking("etc/inetd.conf", lack)));
            }
            false
        }
    }
}

/// Pushes the row of a service that a super-server starts.
fn started<'a>(host: &Host<'a>, tables: &mut Tables<'a>, name: &'a str, runs: Starts<'a>, at: (&Source<'a>, &str), off: bool) {
    let usual = OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, usual)| usual);
    let service = KNOWN.iter().find(|it| it.name == usual);
    let here = Evidence::Decides(at.0.span(at.1));
    let enabled = match runs {
        _ if off => Some(false),
        Starts::Yes(_) => Some(true),
        Starts::No(_) | Starts::Unknown(_) => None,
    };
    let port = service.map_or(0, |it| it.port);
    push(host, tables, (usual, port), service, &[here, runs.evidence(host)], enabled);
}

/// Pushes a row.
fn push<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    (name, port): (&'a str, i64),
    service: Option<&'static Known>,
    evidence: &[Evidence<'a>],
    enabled: Option<bool>,
) {
    let evidence = host.evidence(evidence);
    let open = || Cell::unknown(Why::new("depends-on-configuration", &BY_CONFIGURATION, name), evidence);
    let cleartext = service.and_then(|it| it.cleartext);
    let unit = Why::not_collected(systemd_units::UNITS);
    let mut row = host.row(&SERVICES, PRODUCT.name);
    row.set(const { SERVICES.column("name") }, Cell::known(Value::Text(name), evidence))
        .set(
            const { SERVICES.column("enabled") },
            enabled.map_or(Cell::unknown(unit, evidence), |it| Cell::known(Value::Boolean(it), evidence)),
        )
        .set(const { SERVICES.column("cleartext") }, cleartext.map_or_else(open, |it| Cell::known(Value::Boolean(it), evidence)));
    if port != 0 {
        row.set(const { SERVICES.column("port") }, Cell::known(Value::Integer(port), evidence));
    }
    if let Some(service) = service {
        row.set(const { SERVICES.column("protocol") }, Cell::known(Value::Text(service.protocol), evidence));
    }
    tables.push(row);
}
