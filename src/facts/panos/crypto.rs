//! Profiles of the management interface's TLS and SSH, and of tunnels, into `crypto`.
//!
//! Only a profile that is used counts: each configuration holds a few that nothing names. A gateway and a tunnel without one use the
//! profile that is called `default`.

use super::super::tunnel_words::{Kind, strength};
use super::super::{Cell, Documented, Evidence, Tables, Value, Why};
use super::layout::Panos;
use crate::parse::tree::Node;
use crate::schema::neutral::CRYPTO;

/// Without a profile SSH accepts every algorithm that it knows.
static EVERY: Documented = Documented {
    setting: "ssh: every cipher, key exchange and message authentication code",
    versions: "PAN-OS 10.0",
    source: "PAN-OS Administrator's Guide 10.0, Configure an SSH Service Profile",
};

/// The least version of TLS of a profile that names none.
static LEAST: Documented = Documented {
    setting: "min-version tls1-0",
    versions: "PAN-OS 7.1",
    source: "PAN-OS Administrator's Guide 7.1, Configure an SSL/TLS Service Profile",
};

/// One algorithm that is offered: context, kind and name, how strong it is and what shows it.
struct Offer<'a> {
    context: &'static str,
    kind: &'static str,
    name: &'a str,
    strength: Option<&'static str>,
    evidence: &'a [Evidence<'a>],
}

/// Adds the rows.
pub(super) fn fill<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    fill_tls(panos, tables);
    fill_ssh(panos, tables);
    let mut seen: Vec<(&'static str, Kind, &'a str)> = Vec::new();
    fill_tunnels(panos, tables, &mut seen);
}

fn push<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>, offer: &Offer<'a>) {
    let known = |value| Cell::known(value, offer.evidence);
    let unclear = Cell::unknown(Why::not_understood(offer.name), offer.evidence);
    let mut row = panos.device.host.row(&CRYPTO, super::PRODUCT.name);
    row.set(const { CRYPTO.column("context") }, known(Value::Text(offer.context)))
        .set(const { CRYPTO.column("kind") }, known(Value::Word(offer.kind)))
        .set(const { CRYPTO.column("name") }, known(Value::Text(offer.name)))
        .set(const { CRYPTO.column("strength") }, offer.strength.map_or(unclear, |word| known(Value::Word(word))));
    tables.push(row);
}

/// A row whose strength is not known.
fn push_unknown<'a>(
    panos: &Panos<'_, 'a>,
    tables: &mut Tables<'a>,
    (context, kind, name): (&'static str, &'static str, &'a str),
    cell: Cell<'a>,
) {
    let known = |value| Cell::known(value, cell.evidence);
    let mut row = panos.device.host.row(&CRYPTO, super::PRODUCT.name);
    row.set(const { CRYPTO.column("context") }, known(Value::Text(context)))
        .set(const { CRYPTO.column("kind") }, known(Value::Word(kind)))
        .set(const { CRYPTO.column("name") }, known(Value::Text(name)))
        .set(const { CRYPTO.column("strength") }, cell);
    tables.push(row);
}

/// The least version of TLS of the management interface, and weak algorithms that its profile switches on.
fn fill_tls<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    let device = panos.device;
    let place = ("https", "protocol", "management");
    let Some(named) = panos.value("deviceconfig system ssl-tls-service-profile") else {
        push_unknown(panos, tables, place, panos.unwritten("ssl-tls-service-profile", device.undocumented("ssl-tls-service-profile")));
        return;
    };
    let wanted = panos.text(named);
    let profile = panos.shared_entries("ssl-tls-service-profile").into_iter().find(|it| panos.text(*it) == wanted);
    let Some(profile) = profile else {
        let evidence = device.host.evidence(&[device.decides(named)]);
        push_unknown(panos, tables, place, Cell::unknown(Why::not_understood(wanted), evidence));
        return;
    };
    let settings = profile.at("protocol-settings");
    let least = settings.and_then(|it| it.value("min-version"));
    let (name, evidence) = match least {
        Some(node) => (node.text(), device.host.evidence(&[device.decides(node), device.reference(named)])),
        None if !is_of(panos, "7.1") => {
            let evidence = device.host.evidence(&[device.decides(profile), device.reference(named)]);
            push_unknown(panos, tables, place, Cell { evidence, ..device.undocumented("min-version") });
            return;
        }
        None => ("tls1-0", device.host.evidence(&[Evidence::Default(&LEAST), device.decides(profile), device.reference(named)])),
    };
    let strength = match name {
        "tls1-0" | "tls1-1" => Some("weak"),
        "tls1-2" | "tls1-3" => Some("strong"),
        _ => None,
    };
    push(panos, tables, &Offer { context: "https", kind: "protocol", name, strength, evidence });
    let weak = [("enc-algo-3des", "cipher"), ("enc-algo-rc4", "cipher"), ("auth-algo-sha1", "mac")];
    for (switch, kind) in weak {
        if let Some(node) = settings.and_then(|it| it.value(switch)).filter(|node| node.text() == "yes") {
            let evidence = device.host.evidence(&[device.decides(node), device.reference(named)]);
            push(panos, tables, &Offer { context: "https", kind, name: switch, strength: Some("weak"), evidence });
        }
    }
}

/// Whether it is shown to be of a release, for which alone a default is stated.
fn is_of(panos: &Panos<'_, '_>, release: &str) -> bool {
    panos.device.config.identity.version.and_then(|version| version.strip_prefix(release)).is_some_and(|rest| rest.starts_with('.'))
}

/// The algorithms of the management interface's SSH: those of its profile, every one where that names none of a kind.
fn fill_ssh<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>) {
    let device = panos.device;
    let named = panos.value("deviceconfig system ssh mgmt server-profile");
    let profiles = panos.at("deviceconfig system ssh profiles mgmt-profiles server-profiles").into_iter().flat_map(Node::values);
    let profile = named.and_then(|named| profiles.into_iter().find(|it| panos.text(*it) == panos.text(named)));
    for (word, older, kind) in [
        ("ciphers", "deviceconfig system ssh ciphers mgmt", "cipher"),
        ("kex", "", "key-exchange"),
        ("mac", "deviceconfig system ssh mac mgmt", "mac"),
    ] {
        let listed = profile.and_then(|it| it.at(word)).or_else(|| panos.at(older).filter(|_| !older.is_empty()));
        let names: Vec<Node<'a>> = listed.into_iter().flat_map(Node::values).collect();
        if names.is_empty() {
            let pieces: Vec<Evidence<'a>> =
                [Evidence::Default(&EVERY), device.searched()].into_iter().chain(named.map(|it| device.decides(it))).collect();
            let every = device.unless_cut(Cell::known(Value::Word("weak"), device.host.evidence(&pieces)));
            let cell = panos.unwritten("ssh", if is_of(panos, "10.0") { every } else { device.undocumented("ssh") });
            push_unknown(panos, tables, ("sshd", kind, "all"), cell);
        }
        for node in names {
            let evidence = device.host.evidence(&[device.decides(node)]);
            let offer = Offer { context: "sshd", kind, name: node.text(), strength: ssh_strength(node.text()), evidence };
            push(panos, tables, &offer);
        }
    }
}

/// How strong an algorithm of SSH is: chained blocks (CVE-2008-5161), SHA-1 and groups of 1024 bits are weak.
fn ssh_strength(name: &str) -> Option<&'static str> {
    let has = |part: &str| name.contains(part);
    match () {
        () if has("cbc") || has("des") || has("md5") || has("sha1") || has("group1-") => Some("weak"),
        () if has("ctr")
            || has("gcm")
            || has("chacha")
            || has("ecdh")
            || has("curve25519")
            || has("sha2")
            || has("group14")
            || has("group16") =>
        {
            Some("strong")
        }
        () => None,
    }
}

/// The profiles of gateways of IKE and of tunnels.
fn fill_tunnels<'a>(panos: &Panos<'_, 'a>, tables: &mut Tables<'a>, seen: &mut Vec<(&'static str, Kind, &'a str)>) {
    for (profile, user) in profiles_of_gateways(panos) {
        for (statement, kind) in [("encryption", Kind::Cipher), ("hash", Kind::Mac), ("dh-group", Kind::Group)] {
            push_names(panos, tables, seen, ("ike", kind), (profile.at(statement), user));
        }
    }
    for (profile, user) in profiles_of_tunnels(panos) {
        for (statement, kind) in [
            ("esp encryption", Kind::Cipher),
            ("esp authentication", Kind::Mac),
            ("ah authentication", Kind::Mac),
            ("dh-group", Kind::Group),
        ] {
            push_names(panos, tables, seen, ("ipsec", kind), (profile.at(statement), user));
        }
    }
}

fn push_names<'a>(
    panos: &Panos<'_, 'a>,
    tables: &mut Tables<'a>,
    seen: &mut Vec<(&'static str, Kind, &'a str)>,
    (context, kind): (&'static str, Kind),
    (listed, user): (Option<Node<'a>>, Node<'a>),
) {
    let device = panos.device;
    for node in listed.into_iter().flat_map(Node::values).filter(|node| node.text() != "no-pfs") {
        let name = node.text();
        if seen.contains(&(context, kind, name)) {
            continue;
        }
        seen.push((context, kind, name));
        let evidence = device.host.evidence(&[device.decides(node), device.reference(user)]);
        push(panos, tables, &Offer { context, kind: kind.word(), name, strength: strength(kind, name), evidence });
    }
}

/// Profiles of IKE that a gateway uses, with what names it or the gateway.
fn profiles_of_gateways<'a>(panos: &Panos<'_, 'a>) -> Vec<(Node<'a>, Node<'a>)> {
    let gateways: Vec<Node<'a>> = panos.devices.iter().filter_map(|node| node.at("network ike gateway")).flat_map(Node::values).collect();
    let uses = gateways.iter().flat_map(|gateway| {
        let versions = ["ikev1", "ikev2"].map(|version| gateway.value(&format!("protocol {version} ike-crypto-profile")));
        let named: Vec<Node<'a>> = versions.into_iter().flatten().collect();
        if named.is_empty() { vec![("default", *gateway)] } else { named.iter().map(|node| (panos.text(*node), *node)).collect() }
    });
    found(panos, uses, "network ike crypto-profiles ike-crypto-profiles")
}

/// Profiles of IPsec that a tunnel uses, with what names it or the tunnel.
fn profiles_of_tunnels<'a>(panos: &Panos<'_, 'a>) -> Vec<(Node<'a>, Node<'a>)> {
    let tunnels: Vec<Node<'a>> = panos.devices.iter().filter_map(|node| node.at("network tunnel ipsec")).flat_map(Node::values).collect();
    let uses = tunnels.iter().filter(|tunnel| tunnel.at("manual-key").is_none()).map(|tunnel| {
        let named = tunnel.value("auto-key ipsec-crypto-profile");
        named.map_or(("default", *tunnel), |node| (panos.text(node), node))
    });
    found(panos, uses, "network ike crypto-profiles ipsec-crypto-profiles")
}

fn found<'a>(panos: &Panos<'_, 'a>, uses: impl Iterator<Item = (&'a str, Node<'a>)>, list: &str) -> Vec<(Node<'a>, Node<'a>)> {
    let profiles: Vec<Node<'a>> = panos.devices.iter().filter_map(|node| node.at(list)).flat_map(Node::values).collect();
    uses.filter_map(|(name, user)| Some((profiles.iter().copied().find(|it| panos.text(*it) == name)?, user))).collect()
}
