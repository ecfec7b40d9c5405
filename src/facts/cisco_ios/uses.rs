//! Statements of IOS that name an access list into its name, its family, and what it is used for.

use std::collections::HashSet;

use super::lists;
use super::statements::Ios;
use crate::parse::tree::Node;

/// One use of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'a> {
    /// The list.
    pub(super) name: &'a str,
    /// Whether it is one of IPv6.
    pub(super) six: bool,
    /// A word of the column `applied-to`.
    pub(super) word: &'static str,
    /// The statement.
    pub(super) node: Node<'a>,
}

/// Every use of a list, in the order of the file. A name that is a number of a list of another protocol is none.
pub(super) fn read<'a>(ios: &Ios<'_, 'a>) -> Vec<Use<'a>> {
    let guards = guarding(ios);
    let mut found = Found { ios, uses: Vec::new() };
    for node in ios.device.root().children() {
        match node.word(0) {
            Some("interface" | "template" | "service-template") => node.children().for_each(|line| found.on_interface(line)),
            Some("line") => node.children().for_each(|line| found.on_line(line)),
            Some("route-map") => node.children().for_each(|line| found.match_address(line, "route-map")),
            Some("vlan") => node.children().for_each(|line| found.match_address(line, "other")),
            Some("crypto") => node.descendants().for_each(|line| found.in_crypto(line)),
            Some("class-map") => {
                let guards = node.words().last().is_some_and(|name| guards.contains(name));
                let inspects = node.starts("class-map type inspect");
                let word = if guards {
                    "control-plane"
                } else if inspects {
                    "other"
                } else {
                    "qos"
                };
                node.children().for_each(|line| found.in_class(line, word));
            }
            Some("router") => node.descendants().for_each(|line| found.in_routing(line)),
            Some("ip" | "ipv6") => found.on_top(node),
            Some("snmp-server" | "ntp" | "login" | "netconf" | "netconf-yang" | "restconf" | "dialer-list" | "tftp-server") => {
                found.by_service(node);
            }
            _ => {}
        }
    }
    found.uses
}

/// The classes of the policies that guard the device's own processor.
fn guarding<'a>(ios: &Ios<'_, 'a>) -> HashSet<&'a str> {
    let blocks = ios.all("control-plane");
    let policies: HashSet<&'a str> =
        blocks.iter().flat_map(|block| block.all("service-policy input")).filter_map(|node| node.word(2)).collect();
    let maps = ios.all("policy-map").into_iter().filter(|node| node.words().last().is_some_and(|name| policies.contains(name)));
    maps.flat_map(|map| map.all("class")).filter_map(|node| node.words().last()).collect()
}

struct Found<'i, 'h, 'a> {
    ios: &'i Ios<'h, 'a>,
    uses: Vec<Use<'a>>,
}

/// The word behind another one.
fn behind<'a>(node: Node<'a>, word: &str) -> Option<&'a str> {
    node.words().skip_while(|it| *it != word).nth(1)
}

impl<'a> Found<'_, '_, 'a> {
    fn add(&mut self, node: Node<'a>, name: Option<&'a str>, six: bool, word: &'static str) {
        let is_number = |name: &str| name.bytes().all(|it| it.is_ascii_digit());
        if let Some(name) = name.filter(|name| !is_number(name) || lists::form(name).is_some()) {
            self.uses.push(Use { name, six, word, node });
        }
    }

    /// A use that does not say of which family the list is.
    fn either(&mut self, node: Node<'a>, name: Option<&'a str>, word: &'static str) {
        let lists = self.ios.lists();
        let six = name.is_some_and(|name| lists.get(name, false).is_none() && lists.get(name, true).is_some());
        self.add(node, name, six, word);
    }

    fn on_interface(&mut self, node: Node<'a>) {
        let way = if node.words().any(|word| word == "out") { "interface-out" } else { "interface-in" };
        if let Some(words) = node.after("ip access-group") {
            for name in words.filter(|word| !matches!(*word, "common" | "in" | "out")) {
                self.add(node, Some(name), false, way);
            }
        } else if let Some(mut words) = node.after("ipv6 traffic-filter") {
            self.add(node, words.next(), true, way);
        } else if let Some(words) = node.after("ip verify unicast").filter(|words| {
            // `notification` and the like name no list.
            words.rest().starts_with("source") || words.rest().starts_with("reverse-path")
        }) {
            let mut rest = words.skip_while(|word| {
                matches!(*word, "source" | "reachable-via" | "reverse-path" | "rx" | "any" | "allow-default" | "allow-self-ping" | "l2-src")
            });
            self.add(node, rest.next(), false, "other");
        } else if node.starts("rate-limit") {
            self.add(node, behind(node, "access-group").filter(|name| *name != "rate-limit"), false, "qos");
        } else if node.starts("traffic-shape group") {
            self.add(node, node.word(2), false, "qos");
        } else {
            for pattern in ["ip directed-broadcast", "ip igmp access-group", "ip multicast boundary", "ip pim neighbor-filter"] {
                self.add(node, node.after(pattern).and_then(|mut words| words.next()), false, "other");
            }
        }
    }

    fn on_line(&mut self, node: Node<'a>) {
        let word = if node.words().any(|word| word == "out") { "other" } else { "vty" };
        if node.starts("access-class") {
            self.add(node, node.word(1), false, word);
        } else if node.starts("ipv6 access-class") {
            self.add(node, node.word(2), true, word);
        }
    }

    /// `match ip address 101 EDGE`, several lists at once.
    fn match_address(&mut self, node: Node<'a>, word: &'static str) {
        for (pattern, six) in [("match ip address", false), ("match ip next-hop", false), ("match ipv6 address", true)] {
            let names = node.after(pattern).into_iter().flatten();
            for name in names.take_while(|name| !matches!(*name, "prefix-list" | "prefix" | "route-source")) {
                self.add(node, Some(name), six, word);
            }
        }
    }

    fn in_crypto(&mut self, node: Node<'a>) {
        if let Some(mut words) = node.after("match address") {
            let name = words.next().and_then(|name| if matches!(name, "ipv4" | "ipv6") { words.next() } else { Some(name) });
            // `match address local` of a policy of IKE is about the device's own address.
            self.either(node, name.filter(|name| *name != "local"), "vpn");
        } else if node.starts("acl") {
            self.add(node, node.word(1), false, "vpn");
        } else if node.starts("route set access-list") {
            self.either(node, node.words().nth(3).filter(|name| *name != "ipv6").or_else(|| node.word(4)), "vpn");
        }
    }

    fn in_class(&mut self, node: Node<'a>, word: &'static str) {
        if node.starts("match access-group") || node.starts("match not access-group") {
            let name = behind(node, "access-group").and_then(|name| if name == "name" { behind(node, "name") } else { Some(name) });
            self.either(node, name, word);
        }
    }

    fn in_routing(&mut self, node: Node<'a>) {
        let name = behind(node, "distribute-list").filter(|name| !matches!(*name, "prefix" | "prefix-list" | "route-map" | "gateway"));
        let offset = node.after("offset-list").and_then(|mut words| words.next());
        self.add(node, name.or(offset), false, "other");
    }

    /// `ip …` and `ipv6 …` outside of blocks.
    fn on_top(&mut self, node: Node<'a>) {
        if node.starts("ip nat") {
            self.add(node, behind(node, "list"), false, "nat");
        } else if let Some(mut words) = node.after("ip http access-class") {
            match words.next() {
                Some("ipv4") => self.add(node, words.next(), false, "http"),
                Some("ipv6") => self.add(node, words.next(), true, "http"),
                name => self.add(node, name, false, "http"),
            }
        } else if node.starts("ip tcp intercept") || node.starts("ip wccp") {
            for word in ["list", "redirect-list", "group-list"] {
                self.add(node, behind(node, word), false, "other");
            }
        } else if node.starts("ip pim rp-address") {
            self.add(node, node.word(4).filter(|word| !matches!(*word, "bidir" | "override")), false, "other");
        } else if node.starts("ip msdp") {
            self.add(node, behind(node, "list"), false, "other");
        }
    }

    /// Services of the device itself.
    fn by_service(&mut self, node: Node<'a>) {
        match node.word(0).unwrap_or_default() {
            "snmp-server" => self.of_snmp(node),
            "ntp" if node.starts("ntp access-group") => {
                let six = node.word(2) == Some("ipv6");
                let at = if matches!(node.word(2), Some("ipv4" | "ipv6")) { 4 } else { 3 };
                self.add(node, node.word(at), six, "ntp");
            }
            "login" if node.starts("login quiet-mode access-class") => self.add(node, node.word(3), false, "vty"),
            "netconf" if node.starts("netconf ssh acl") => self.add(node, node.word(3), false, "ssh"),
            "netconf-yang" | "restconf" => {
                let word = if node.word(0) == Some("restconf") { "http" } else { "ssh" };
                let six = node.words().any(|word| word == "ipv6");
                self.add(node, behind(node, "name").filter(|_| node.words().any(|word| word == "access-list")), six, word);
            }
            "dialer-list" => self.either(node, behind(node, "list"), "other"),
            "tftp-server" => self.add(node, node.words().skip(2).last().filter(|name| lists::form(name).is_some()), false, "other"),
            _ => {}
        }
    }

    fn of_snmp(&mut self, node: Node<'a>) {
        match node.word(1) {
            Some("community") => {
                for (name, six) in super::snmp::of_community(node).lists {
                    self.add(node, Some(name), six, "snmp");
                }
            }
            Some("group" | "user") => {
                let mut rest = node.words().skip_while(|word| *word != "access").skip(1);
                while let Some(name) = rest.next() {
                    match name {
                        "ipv6" => self.add(node, rest.next(), true, "snmp"),
                        name => self.add(node, Some(name), false, "snmp"),
                    }
                }
            }
            Some("tftp-server-list") => self.add(node, node.word(2), false, "snmp"),
            Some("file-transfer") => self.add(node, behind(node, "access-group"), false, "snmp"),
            _ => {}
        }
    }
}
