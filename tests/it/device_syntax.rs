//! Texts of network devices into trees: the traps of every syntax, both forms of one, and what ways of collection do to them.

use bumpalo::Bump;
use encoding_rs::GB18030;
use jixian::names::Platform;
use jixian::names::network::*;
use jixian::parse::tree::{Cut, Tree};
use jixian::parse::{device, fortios};
use jixian::source::{Sources, capture};

use crate::device_texts::*;

/// Runs some work on the tree of a text.
fn with_tree<T>(bytes: &[u8], platform: &Platform, work: impl for<'a> FnOnce(&'a Tree<'a>) -> T) -> T {
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let clean = capture::clean(&arena, sources.add("config", bytes, true));
    work(device::read(&arena, clean, platform).expect("a network device"))
}

/// The nodes of a text, each behind as many blanks as it is deep, with its body and its marks: `-` inactive, `+` inherited, `*` opaque.
fn nodes(bytes: &[u8], platform: &Platform) -> String {
    with_tree(bytes, platform, |tree| {
        let shown = tree.all().map(|node| {
            let body = match (node.is_opaque(), node.body().trim_end()) {
                (false, _) => String::new(),
                (true, "") => " *".to_owned(),
                (true, body) => format!(" <<{body}>>"),
            };
            let marks = format!("{}{}", if node.is_inactive() { " -" } else { "" }, if node.is_inherited() { " +" } else { "" });
            let text = format!("{}{body}{marks}", node.text());
            let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches('\r')).collect();
            format!("{}{}\n", "  ".repeat(node.depth()), lines.join("|"))
        });
        shown.collect()
    })
}

/// The issues of a text and why more may have stood there.
fn doubts(bytes: &[u8], platform: &Platform) -> (Vec<&'static str>, Option<&'static str>) {
    with_tree(bytes, platform, |tree| (tree.issues.iter().map(|issue| issue.kind.code()).collect(), tree.cut.map(Cut::code)))
}

const LINE_TEXTS: &[(&str, &Platform, &str)] = &[
    (IOS, CISCO_IOS, IOS_TREE),
    (NXOS, CISCO_NXOS, NXOS_TREE),
    (ASA, CISCO_ASA, ASA_TREE),
    (EOS, ARISTA_EOS, EOS_TREE),
    (VRP, HUAWEI_VRP, VRP_TREE),
    (COMWARE, H3C_COMWARE, COMWARE_TREE),
    (FORTIOS, FORTINET_FORTIOS, FORTIOS_TREE),
];

const TEXTS: &[(&str, &Platform)] = &[
    (IOS, CISCO_IOS),
    (NXOS, CISCO_NXOS),
    (ASA, CISCO_ASA),
    (EOS, ARISTA_EOS),
    (VRP, HUAWEI_VRP),
    (COMWARE, H3C_COMWARE),
    (FORTIOS, FORTINET_FORTIOS),
    (JUNOS, JUNIPER_JUNOS),
    (JUNOS_SET, JUNIPER_JUNOS),
    (PANOS, PALOALTO_PANOS),
    (PANOS_SET, PALOALTO_PANOS),
];

#[test]
fn every_syntax_becomes_its_tree() {
    for (text, platform, expected) in LINE_TEXTS {
        assert_eq!(nodes(text.as_bytes(), platform), *expected, "{}", platform.name);
        assert_eq!(doubts(text.as_bytes(), platform), (vec![], None), "{}", platform.name);
    }
}

/// The nodes without those of `version` and `groups`, which stand in front.
fn behind_groups(text: &str) -> String {
    let shown = nodes(text.as_bytes(), JUNIPER_JUNOS);
    shown[shown.find("apply-groups\n").expect("groups are applied")..].to_owned()
}

#[test]
fn both_forms_of_junos_are_one_tree_with_its_groups() {
    assert_eq!(behind_groups(JUNOS), JUNOS_TREE);
    assert_eq!(nodes(JUNOS.as_bytes(), JUNIPER_JUNOS), nodes(JUNOS_SET.as_bytes(), JUNIPER_JUNOS));
    assert_eq!(doubts(JUNOS.as_bytes(), JUNIPER_JUNOS), (vec![], None));
    assert_eq!(doubts(JUNOS_SET.as_bytes(), JUNIPER_JUNOS), (vec![], None));
    with_tree(JUNOS.as_bytes(), JUNIPER_JUNOS, |tree| {
        let root = tree.root();
        assert_eq!(root.value("system host-name").map(|it| it.text()), Some("R1"));
        assert!(root.at("system services ftp").is_none() && root.at("system radius-server").is_none());
        let telnet = root.at("system services telnet").expect("the group gives it");
        assert_eq!(tree.clean.line(telnet.origin()), 10, "the line in the group");
    });
}

#[test]
fn the_first_group_listed_and_the_innermost_win() {
    let text = "groups { A { system { host-name a; } } B { system { host-name b; domain-name b; } } C { system { host-name c; } } }
apply-groups [ A B ];\nsystem { apply-groups C; }\n";
    with_tree(text.as_bytes(), JUNIPER_JUNOS, |tree| {
        assert_eq!(tree.root().value("system host-name").map(|it| it.text()), Some("c"));
        assert_eq!(tree.root().value("system domain-name").map(|it| it.text()), Some("b"));
        let names: Vec<&str> = tree.root().at("system host-name").expect("it is there").values().map(|it| it.text()).collect();
        assert_eq!(names, ["c", "a", "b"]);
    });
    assert_eq!(doubts(b"apply-groups \"${node}\";\ngroups { node0 { system { host-name n0; } } }\n", JUNIPER_JUNOS).0, ["not-expanded"]);
}

#[test]
fn commands_that_take_away_and_move_are_followed() {
    let text = "set a b c\nset a b d\ndelete a b c\nset a e\ninsert a e before b\nrename a b to f\nset x y\ndelete x\nset x z\n";
    assert_eq!(nodes(text.as_bytes(), JUNIPER_JUNOS), "a\n  e\n  f\n    d\nx\n  z\n");
    assert_eq!(doubts(b"copy a to b\ninsert a b before c\n", JUNIPER_JUNOS).0, ["not-understood", "not-understood"]);
}

#[test]
fn xml_and_set_commands_of_panos_are_one_tree() {
    assert_eq!(nodes(PANOS.as_bytes(), PALOALTO_PANOS), nodes(PANOS_SET.as_bytes(), PALOALTO_PANOS));
    assert_eq!(doubts(PANOS.as_bytes(), PALOALTO_PANOS), (vec![], None));
    with_tree(PANOS.as_bytes(), PALOALTO_PANOS, |tree| {
        let system = tree.root().at("devices localhost.localdomain deviceconfig system").expect("it is there");
        let banner = system.value("login-banner").expect("it is there");
        assert!(banner.text().starts_with("A &amp; B"), "as it is written; unescaped where it is judged");
        assert!(system.at("permitted-ip").is_some_and(|it| it.children().next().is_none()));
    });
    // Entities of the text's own are not expanded.
    let bomb = "<!DOCTYPE c [<!ENTITY a \"aaaa\">]>\n<config version=\"1\"><x>&a;</x></config>\n";
    assert_eq!(doubts(bomb.as_bytes(), PALOALTO_PANOS).0, ["not-understood", "not-understood"]);
}

#[test]
fn fortios_settings_follow_their_statements() {
    with_tree(FORTIOS.as_bytes(), FORTINET_FORTIOS, |tree| {
        let scopes: Vec<&str> = fortios::scopes(tree).iter().map(|scope| scope.name).collect();
        assert_eq!(scopes, ["global", "root"]);
        let global = fortios::scopes(tree)[0].node.find(&["config system global"]);
        assert_eq!(fortios::values(&global, "admintimeout").values, ["10"]);
        assert_eq!(fortios::values(&global, "admin-https-ssl-versions").values, ["tlsv1-2", "tlsv1-3"]);
        let policy = fortios::scopes(tree)[1].node.find(&["config firewall policy", "edit 1"]);
        assert_eq!(fortios::values(&policy, "srcaddr").values, ["a b", "c"]);
        assert!(fortios::values(&policy, "comments").is_unset && fortios::values(&policy, "action").statements.is_empty());
    });
    assert_eq!(doubts(b"config a\nedit 1\nset b c\nend\n", FORTINET_FORTIOS), (vec![], None), "end closes the entry too");
    assert_eq!(doubts(b"config a\nset b \"c\nend\n", FORTINET_FORTIOS), (vec!["unterminated"], Some("open-at-the-end")));
}

#[test]
fn blocks_that_stand_twice_are_found_as_one() {
    with_tree(IOS.as_bytes(), CISCO_IOS, |tree| {
        let root = tree.root();
        let lines: Vec<&str> = root.merged("interface GigabitEthernet0/1").map(|it| it.word(0).unwrap_or_default()).collect();
        assert_eq!(lines, ["description", "ip", "no", "no"]);
        assert_eq!(root.find(&["line vty", "transport input ssh"]).len(), 2);
        assert_eq!(root.find(&["archive", "log config", "logging enable"]).len(), 1);
        assert_eq!(root.find_last(&["line con *", "exec-timeout"]).and_then(|it| it.rest("exec-timeout")), Some("5 0"));
        assert!(root.first("no ip http server").is_none() && root.first("line vty 0").is_none_or(|it| it.is("line vty 0 4")));
    });
}

/// What a device and its operator put around a configuration, by platform.
pub(crate) fn session(text: &str, platform: &Platform) -> String {
    let (before, after) = match platform.name {
        "huawei-vrp" => ("Info: last login\n<CORE-1>screen-length 0 temporary\n<CORE-1>display current-configuration\n", "<CORE-1>quit\n"),
        "h3c-comware" => ("<SW-1>display current-configuration\n", "<SW-1>"),
        "juniper-junos" => ("ops@R1> show configuration | no-more \n", "\n{master:0}\nops@R1> "),
        "fortinet-fortios" => ("FW-9 # show full-configuration\n", "\nFW-9 # exit\n"),
        "paloalto-panos" => ("admin@PA-1> set cli pager off\nadmin@PA-1> show config running\n", "\nadmin@PA-1> exit\n"),
        "cisco-asa" => ("Type help\nFW-1> en\nPassword: ***\nFW-1# more system:running-config\n", "FW-1# exit\n"),
        _ => (
            "*** Authorised use only ***\nEDGE-1#terminal length 0\nEDGE-1#show running-config\nBuilding configuration...\n\n",
            "\nEDGE-1#exit\n",
        ),
    };
    format!("{before}{text}{after}")
}

/// A pager's prompt in front of every seventh line, as the platform's terminal erases it.
pub(crate) fn paged(text: &str, platform: &Platform) -> String {
    let pager = match platform.name {
        "huawei-vrp" | "h3c-comware" => format!("  ---- More ----\x1b[42D{}\x1b[42D", " ".repeat(42)),
        "fortinet-fortios" => format!("--More-- \r{}\r", " ".repeat(9)),
        _ => format!(" --More-- {0}{1}{0}", "\x08".repeat(10), " ".repeat(10)),
    };
    let lines = text.split_inclusive('\n').enumerate();
    lines.map(|(at, line)| if at % 7 == 6 { format!("{pager}{line}") } else { line.to_owned() }).collect()
}

/// Log messages between lines.
pub(crate) fn logged(text: &str, platform: &Platform) -> String {
    let message = match platform.name {
        "huawei-vrp" => "Nov 22 2026 10:00:00 CORE-1 %%01SHELL/5/LOGIN(l)[3]:VTY login from 10.0.0.9.\n",
        "h3c-comware" => "%Jan  1 00:05:11:123 2026 SW-1 SHELL/5/SHELL_LOGIN: admin logged in.\n",
        _ => "*Mar  1 00:01:02.123: %SYS-5-CONFIG_I: Configured from console by console\n",
    };
    let lines = text.split_inclusive('\n').enumerate();
    lines.map(|(at, line)| if at == 3 { format!("{message}{line}") } else { line.to_owned() }).collect()
}

#[test]
fn ways_of_collection_do_not_change_the_tree() {
    for (text, platform) in TEXTS {
        let expected = nodes(text.as_bytes(), platform);
        let bytes = |text: String| text.into_bytes();
        let mutations: Vec<(&str, Vec<u8>)> = vec![
            ("CRLF", bytes(text.replace('\n', "\r\n"))),
            ("CR CR LF", bytes(text.replace('\n', "\r\r\n"))),
            ("CR", bytes(text.replace('\n', "\r"))),
            ("byte order mark", bytes(format!("\u{feff}{text}"))),
            ("trailing NUL", bytes(format!("{text}\0"))),
            ("GBK", GB18030.encode(text).0.into_owned()),
            ("session", bytes(session(text, platform))),
            (
                "trailing prompt",
                bytes(format!("{text}{}", if text.contains('#') && platform.name.contains('-') { "EDGE-1#\n" } else { "<CORE-1>" })),
            ),
            ("pager", bytes(paged(text, platform))),
            ("log message", bytes(logged(text, platform))),
            ("all of it", bytes(session(&paged(text, platform), platform).replace('\n', "\r\n"))),
        ];
        for (name, mutation) in mutations {
            // A lone line end within a string is the text's own.
            assert_eq!(nodes(&mutation, platform), expected, "{name} of {}", platform.name);
            assert_eq!(doubts(&mutation, platform), (vec![], None), "{name} of {}", platform.name);
        }
    }
}

/// Whether a text that was cut here lacks nothing that tells: a device would have ended it in the same way.
fn may_end_here(text: &str, at: usize, platform: &Platform) -> bool {
    let (before, behind) = text.split_at(at);
    match platform.name {
        // Neither has a mark at the end: only a line that is broken off tells.
        _ if platform.name == "cisco-nxos" || text.starts_with("set ") => before.ends_with('\n'),
        "juniper-junos" => before.matches('{').count() == before.matches('}').count() && before.trim_end().ends_with(['}', ';', 'p']),
        "fortinet-fortios" => before.trim_end().ends_with("\nend") || !before.contains("config vdom"),
        // The checksum stands behind everything.
        "cisco-asa" => before.contains("\nCryptochecksum:0123456789abcdef0123456789abcdef"),
        _ => behind.trim().is_empty(),
    }
}

#[test]
fn what_is_cut_off_is_known_to_be() {
    for (text, platform) in TEXTS {
        for at in (1..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (_, cut) = doubts(&text.as_bytes()[..at], platform);
            assert!(cut.is_some() || may_end_here(text, at, platform), "{} cut at {at} seems whole", platform.name);
        }
    }
}

#[test]
fn what_a_terminal_broke_is_known_to_be() {
    let long = format!("!\nhostname A\ninterface Gi0/1\n description {}\nend\n", "x".repeat(100));
    let broken: String = long
        .split_inclusive('\n')
        .map(|line| if line.len() > 80 { format!("{}\n{}", &line[..80], &line[80..]) } else { line.to_owned() })
        .collect();
    assert_eq!(doubts(format!("A#show run\n{broken}A#").as_bytes(), CISCO_IOS).1, Some("wrapped-lines"));
    assert_eq!(doubts(format!("A#show run\n{long}A#").as_bytes(), CISCO_IOS).1, None);
    let short = "A#show run\nBuilding configuration...\n\nCurrent configuration : 4000 bytes\n!\nhostname A\n!\nend\n";
    assert_eq!(doubts(short.as_bytes(), CISCO_IOS).1, Some("fewer-bytes-than-announced"));
}

#[test]
fn lost_indentation_is_concluded_and_said() {
    let strip = |text: &str| text.lines().map(|line| format!("{}\n", line.trim_start())).collect::<String>();
    let flat = "!\nhostname A\n!\naaa new-model\narchive\nlog config\nlogging enable\nhidekeys\n!\nline vty 0 4\ntransport input ssh\nip ssh version 2\nrouter bgp 1\nbgp log-neighbor-changes\naddress-family ipv4\nneighbor 10.0.0.1 activate\nexit-address-family\n!\nend\n";
    assert_eq!(
        nodes(flat.as_bytes(), CISCO_IOS),
        "hostname A\naaa new-model\narchive\n  log config\n    logging enable\n    hidekeys\nline vty 0 4\n  transport input ssh\nip ssh version 2\nrouter bgp 1\n  bgp log-neighbor-changes\n  address-family ipv4\n    neighbor 10.0.0.1 activate\n"
    );
    for (text, platform) in [(flat.to_owned(), CISCO_IOS), (strip(IOS), CISCO_IOS), (strip(VRP), HUAWEI_VRP), (strip(COMWARE), H3C_COMWARE)]
    {
        let (issues, cut) = doubts(text.as_bytes(), platform);
        assert!(issues.contains(&"lost-indentation") && cut == Some("lost-indentation"), "{}: {issues:?} {cut:?}", platform.name);
    }
    // Other widths, and tabs, lose nothing.
    for (text, platform, expected) in LINE_TEXTS.iter().filter(|(_, platform, _)| *platform == CISCO_NXOS || *platform == ARISTA_EOS) {
        let tabs: String =
            text.lines().map(|line| format!("{}{}\n", "\t".repeat(line.len() - line.trim_start().len()), line.trim_start())).collect();
        let tree = nodes(tabs.as_bytes(), platform);
        assert_eq!(tree.lines().count(), expected.lines().count());
        assert_eq!(tree.lines().next_back(), expected.lines().next_back());
    }
}

#[test]
fn an_open_banner_ends_at_configuration_and_is_said() {
    let text = "!\nhostname A\nbanner motd ^Chello\nmore text ^ here\nline vty 0 4\n transport input telnet\n!\nend\n";
    assert_eq!(
        nodes(text.as_bytes(), CISCO_IOS),
        "hostname A\nbanner motd ^Chello <<more text ^ here>>\nline vty 0 4\n  transport input telnet\n"
    );
    assert_eq!(doubts(text.as_bytes(), CISCO_IOS), (vec!["unterminated"], Some("open-at-the-end")));
    // Byte 3 is the delimiter that IOS keeps.
    let raw = "!\nbanner exec \x03line vty 0 4\n x\x03 rest\nhostname B\nend\n";
    assert_eq!(nodes(raw.as_bytes(), CISCO_IOS), "banner exec \x03line vty 0 4 << x>>\nhostname B\n");
}

#[test]
fn evidence_leads_to_the_source() {
    let arena = Bump::new();
    let sources = Sources::new(&arena);
    let text = session(&paged(IOS, CISCO_IOS), CISCO_IOS);
    let source = sources.add("config", text.as_bytes(), true);
    let clean = capture::clean(&arena, source);
    let tree = device::read(&arena, clean, CISCO_IOS).expect("a network device");
    assert!(clean.changed_lines > 0);
    for node in tree.all() {
        let (line, _) = source.line_text(source.span(node.origin()));
        assert!(line.contains(node.text()), "{} is shown by {line}", node.text());
    }
    // A secret on a line that a pager damaged is hidden with its line.
    let damaged = tree.all().find(|node| !node.origin().eq(node.text())).expect("a line was rewritten");
    let word = damaged.word(0).expect("it has words");
    source.hide(damaged.place(word));
    let (line, _) = source.line_text(source.span(damaged.origin()));
    assert!(!source.printable(line).contains(word));
}

/// Numbers that look random and are the same each time (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

#[test]
fn no_text_makes_a_reader_fail() {
    const PIECES: &[&str] = &[
        "#\n",
        "!\n",
        " ",
        "\n",
        "\r",
        "\x08",
        "\x1b[42D",
        "\x1b[",
        "\"",
        "'",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ";",
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "<![CDATA[",
        "<!",
        "&",
        "=",
        "^C",
        "\x03",
        "EOF\n",
        "end\n",
        "return\n",
        "next\n",
        "quit\n",
        "config a\n",
        "edit 1\n",
        "set a b\n",
        "delete a\n",
        "insert a before b\n",
        "deactivate a\n",
        "groups",
        "apply-groups",
        "<*>",
        "<[a-z]*>",
        "banner motd ^C\n",
        "banner login\n",
        "header login %\n",
        "public-key-code begin\n",
        " certificate ca 01\n",
        "interface x\n",
        "line vty 0 4\n",
        "/*",
        "*/",
        "--More--",
        "R1#show run\n",
        "R1#",
        "<HW>dis cur\n",
        "中文",
        "\u{202e}",
        "entry name=\"",
        "member",
        "inactive: ",
        "exit\n",
        "switch vsys a\n",
        "Current configuration : 99 bytes\n",
        "   ",
        "\t",
        "%SYS-5-A: x\n",
    ];
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..600 {
        let mut text = Vec::new();
        for _ in 0..numbers.next(120) {
            match numbers.next(12) {
                0 => text.push(numbers.next(256) as u8),
                1 => {
                    let whole = TEXTS[numbers.next(TEXTS.len())].0.as_bytes();
                    let from = numbers.next(whole.len());
                    text.extend_from_slice(&whole[from..whole.len().min(from + numbers.next(200))]);
                }
                _ => text.extend_from_slice(PIECES[numbers.next(PIECES.len())].as_bytes()),
            }
        }
        for platform in NETWORK {
            with_tree(&text, platform, |tree| {
                for node in tree.all() {
                    let words = node.words().count();
                    assert!(words <= node.text().len(), "round {round}");
                    assert!(tree.clean.place(node.text()).is_some(), "round {round}: {} has no place", node.text());
                    assert!(node.depth() <= jixian::parse::tree::DEPTH_MOST + 1, "round {round}");
                }
            });
        }
    }
}

#[test]
fn limits_are_reached_and_said() {
    let deep: String = (0..200).map(|at| format!("{}a\n", " ".repeat(at))).collect::<String>() + "end\n";
    assert_eq!(doubts(deep.as_bytes(), CISCO_IOS).0.first(), Some(&"too-deep"));
    assert_eq!(doubts("a {".repeat(200).as_bytes(), JUNIPER_JUNOS).1, Some("limit-reached"));
    assert!(doubts("<a>".repeat(200).as_bytes(), PALOALTO_PANOS).0.contains(&"too-deep"));
    assert_eq!(doubts("config a\n".repeat(200).as_bytes(), FORTINET_FORTIOS).1, Some("limit-reached"));
    let long = format!("hostname {}\nend\n", "x".repeat(70_000));
    assert_eq!(doubts(long.as_bytes(), CISCO_IOS).0, ["long-line"]);
    // Groups that apply everywhere cost steps, not memory without end.
    let many: String =
        (0..3000).map(|at| format!("set groups G <*> <*> x{at} y\nset a{at} b{at} c\n")).collect::<String>() + "set apply-groups G\n";
    with_tree(many.as_bytes(), JUNIPER_JUNOS, |tree| {
        assert!(tree.cut == Some(Cut::Limit) && tree.count() <= jixian::parse::tree::NODES_MOST)
    });
}
