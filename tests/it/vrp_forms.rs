//! The same configuration written otherwise into the same facts: spaces, line ends, blocks in pieces, the terminal's noise, case.

use jixian::schema;

use crate::support::device_rows;

/// Configurations of both platforms.
const DEVICES: &[(&str, &str)] =
    &[("huawei-vrp", include_str!("huawei_vrp/branch-core.txt")), ("h3c-comware", include_str!("h3c_comware/campus.txt"))];

/// Tables of both products, but for `references`, which quotes lines.
const TABLES: &[&str] = &[
    "access-rules",
    "accounts",
    "authentication-policy",
    "banner",
    "crypto",
    "logs",
    "management-users",
    "privileges",
    "remote-access",
    "services",
    "snmp",
    "ssh-users",
    "terminal-lines",
    "time-sources",
];

/// Every cell of every table, without the lines that show them.
fn facts(platform: &str, configuration: &str) -> Vec<String> {
    let settings = if platform == "huawei-vrp" { "huawei-settings" } else { "h3c-settings" };
    let mut facts = Vec::new();
    for table in schema::TABLES.iter().filter(|table| TABLES.contains(&table.name) || table.name == settings) {
        // Comments are text, in which spaces count.
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).filter(|name| *name != "comment").collect();
        let rows = device_rows(platform, configuration, table.name, &columns);
        facts.extend(rows.into_iter().map(|row| format!("{}: {row}", table.name)));
    }
    assert!(facts.len() > 30, "the configuration has facts: {}", facts.len());
    facts
}

/// Changes each line outside of headers.
fn lines(configuration: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut open = None;
    for line in configuration.lines() {
        let ends = open.is_some_and(|mark| line.contains(mark));
        let inside = open.is_some();
        if let Some(mark) = line.strip_prefix("header ").and_then(|text| text.split(' ').next_back()?.chars().next()) {
            let closes = line.matches(mark).count() > 1;
            open = (!closes && !mark.is_alphanumeric()).then_some(mark);
        } else if ends {
            open = None;
        }
        // What a device prints about itself is not typed.
        let plain = inside || line.starts_with("header ") || line.starts_with(['!', '<']);
        out += &if plain { line.to_owned() } else { change(line) };
        out += "\n";
    }
    out
}

#[test]
fn line_ends_and_spaces_do_not_matter() {
    for (platform, text) in DEVICES {
        let expected = facts(platform, text);
        assert_eq!(facts(platform, &text.replace('\n', "\r\n")), expected, "carriage returns");
        assert_eq!(facts(platform, &lines(text, |line| format!("{line}  "))), expected, "spaces behind");
        let wide = lines(text, |line| {
            let inner = line.trim_start();
            let indent = &line[..line.len() - inner.len()];
            format!("{indent}{}", inner.replace(' ', "   "))
        });
        assert_eq!(facts(platform, &wide), expected, "spaces between");
    }
}

#[test]
fn blocks_in_pieces_are_read_as_one() {
    for (platform, text) in DEVICES {
        let mut header: Option<&str> = None;
        let mut seen = 0;
        let split = std::cell::RefCell::new(Vec::new());
        for line in text.lines() {
            match line {
                _ if line.starts_with(' ') && !line.starts_with("  ") => {
                    if let (Some(header), 1) = (header, seen) {
                        split.borrow_mut().push(format!("#\n{header}"));
                    }
                    seen += 1;
                    split.borrow_mut().push(line.to_owned());
                }
                _ => {
                    // A header of text is no block.
                    let opens = !line.starts_with(' ') && line != "#" && !line.starts_with("header ") && line != "return";
                    if !line.starts_with(' ') {
                        header = opens.then_some(line);
                        seen = 0;
                    }
                    split.borrow_mut().push(line.to_owned());
                }
            }
        }
        let split = split.into_inner().join("\n") + "\n";
        assert!(split.lines().count() > text.lines().count() + 10, "blocks were split");
        assert_eq!(facts(platform, &split), facts(platform, text));
    }
}

#[test]
fn prompts_and_pagers_leave_nothing_behind() {
    for (platform, text) in DEVICES {
        let body: Vec<&str> = text.lines().filter(|line| !line.starts_with('<')).collect();
        let plain = body.join("\n") + "\n";
        let mut noisy = String::from("<HOST>screen-length 24\n<HOST>display current-configuration\n");
        for (at, line) in body.iter().enumerate() {
            if at % 23 == 22 && !line.starts_with('%') {
                noisy += "  ---- More ----\u{1b}[42D                                          \u{1b}[42D";
            }
            noisy += line;
            noisy += "\n";
        }
        noisy += "<HOST>quit\n";
        assert_eq!(facts(platform, &noisy), facts(platform, &plain), "{platform}");
    }
}

/// Statements in which names are marked by `~`.
const STATEMENTS: &[(&str, &str)] = &[
    (
        "huawei-vrp",
        "\
#
time-range ~OPS 08:00 to 18:00 working-day
#
acl number 2001
 rule 5 permit source 10.1.1.0 0.0.0.255 logging
 rule 10 deny source any
#
acl name ~Edge 3001
 rule 5 permit tcp source address-set ~Farm destination-port eq www time-range ~OPS
 rule 10 deny ip fragment
#
ip address-set ~Farm type object
 address 0 10.2.0.0 mask 16
#
aaa
 authentication-scheme ~bank
  authentication-mode hwtacacs local
 domain ~default_admin
  authentication-scheme ~bank
  hwtacacs-server ~hq
 local-user ~duty password irreversible-cipher ~$1a$abc
 local-user ~duty privilege level 3
 local-user ~duty service-type ssh terminal
 local-user ~duty state block
#
hwtacacs-server template ~hq
 hwtacacs-server authentication 10.9.9.1
 hwtacacs-server authentication 10.9.9.2 secondary
#
security-policy
 default action deny
 rule name ~any
  source-zone ~trust
  source-address address-set ~Farm
  service protocol tcp destination-port 443 8000 to 8010
  action permit
  disable
#
snmp-agent sys-info version v2c v3
snmp-agent community write cipher ~%^%#abc%^%# acl 2001
snmp-agent group v3 ~ops privacy write-view ~all
snmp-agent usm-user v3 ~mon group ~ops
snmp-agent usm-user v3 ~mon authentication-mode sha2-256 cipher ~%^%#a%^%#
#
info-center loghost 10.3.3.3
info-center timestamp log format-date
ntp-service authentication enable
ntp-service unicast-server 10.4.4.4 authentication-keyid 7
ssh user ~duty authentication-type password-rsa
ssh user ~duty service-type stelnet
undo telnet server enable
stelnet server enable
ftp server enable
http server enable
http acl 2001
#
interface ~GigabitEthernet0/0/1
 traffic-filter inbound acl name ~Edge
#
user-interface vty 0 4
 acl 2001 inbound
 authentication-mode aaa
 protocol inbound ssh
 idle-timeout 5 0
 user privilege level 1
#
return
",
    ),
    (
        "h3c-comware",
        "\
#
 ~version ~7.1.070, ~Release ~6616
#
 time-range ~ops 08:00 to 18:00 working-day
#
 telnet server enable
#
object-group ip address ~farm
 0 network subnet 10.2.0.0 255.255.0.0
#
acl advanced name ~edge match-order auto
 rule 0 permit tcp source object-group ~farm destination-port range 80 443 counting
 rule 5 deny ip
#
security-policy ip
 rule 0 name ~any
  action pass
  source-ip ~farm
  service-port tcp destination eq 443
  logging enable
#
object-policy ip ~inner
 rule 0 pass source-ip ~farm service ~http logging
 rule 1 drop disable
#
zone-pair security source ~Trust destination ~Untrust
 object-policy apply ip ~inner
#
 password-control enable
 password-control length 14
 password-control login-attempt 4 exceed lock-time 20
#
line class vty
 authentication-mode scheme
 protocol inbound ssh
#
line vty 0 63
 idle-timeout 5 0
 user-role ~network-operator
#
 snmp-agent sys-info version v2c v3
 snmp-agent community read simple ~abc acl 2002
#
 ssh server enable
 ssh server acl name ~edge
 ssh user ~duty service-type stelnet authentication-type password-publickey
#
hwtacacs scheme ~bank
 primary authentication 10.9.9.1
 secondary authentication 10.9.9.2
#
domain ~system
 authentication login hwtacacs-scheme ~bank local
#
local-user ~duty class manage
 password hash ~$h$6$abc
 service-type ssh terminal
 authorization-attribute user-role ~network-admin
 state block
#
 ip https enable
 ip https acl 2002
#
return
",
    ),
];

#[test]
fn keywords_may_be_written_in_any_case() {
    for (platform, text) in STATEMENTS {
        let shouted: Vec<String> = text
            .lines()
            .map(|line| {
                let word = |word: &str| word.strip_prefix('~').map_or_else(|| word.to_ascii_uppercase(), str::to_owned);
                line.split(' ').map(word).collect::<Vec<_>>().join(" ")
            })
            .collect();
        let shouted = shouted.join("\n") + "\n";
        assert_ne!(shouted, text.replace('~', ""));
        assert_eq!(facts(platform, &shouted), facts(platform, &text.replace('~', "")), "{platform}");
    }
}
