//! A Junos router with groups and filters into its facts.

const CONFIGURATION: &str = include_str!("device_assets/junos.conf");

fn of(table: &str, columns: &[&str]) -> Vec<String> {
    crate::support::device_rows("juniper-junos", CONFIGURATION, table, columns)
}

#[test]
fn ways_in_are_limited_by_the_filters_of_both_families() {
    assert_eq!(
        of(
            "remote-access",
            &["service", "scope", "sources", "factors", "servers", "servers-first", "root-login@", "idle-timeout@", "max-attempts"]
        ),
        [
            // A local password admits although the servers refuse, so they are not first.
            "service=ssh scope=ssh sources=[10.9.0.32/28, 10.9.2.9/32] factors=1 servers=[10.9.0.20, 10.9.0.21] servers-first=false \
             root-login=no@running-config:8 idle-timeout=15m@running-config:42 max-attempts=3",
            "service=api scope=netconf ssh sources=[10.9.0.32/28, 10.9.2.9/32, ::/0] factors=1 servers=[10.9.0.20, 10.9.0.21] \
             servers-first=false root-login=no@running-config:8 idle-timeout=15m@running-config:42 max-attempts=3",
            "service=console scope=console sources=[] factors=1 servers=[10.9.0.20, 10.9.0.21] servers-first=false \
             root-login=-@nothing idle-timeout=15m@running-config:42 max-attempts=3",
        ]
    );
}

#[test]
fn classes_have_the_users_that_name_them() {
    assert_eq!(
        of("junos-classes", &["class", "users", "unrestricted", "idle-timeout", "login-hours"]),
        [
            "class=engineer users=[zhao.liu] unrestricted=true idle-timeout=15m login-hours=7d",
            "class=vendor-x users=[vendor1] unrestricted=false idle-timeout=5m login-hours=17h",
        ]
    );
    assert_eq!(
        of("accounts", &["name", "privileged", "password-state", "password-scheme", "keys"]),
        [
            "name=zhao.liu privileged=true password-state=set password-scheme=md5 keys=1",
            "name=vendor1 privileged=false password-state=none password-scheme=- keys=0",
            "name=root privileged=true password-state=set password-scheme=sha512 keys=0",
        ]
    );
}

#[test]
fn groups_that_are_applied_count_and_inactive_statements_do_not() {
    assert_eq!(of("services", &["name"]), Vec::<String>::new());
    assert_eq!(
        of("crypto", &["kind", "name@", "strength"])[..2],
        ["kind=cipher name=aes256-ctr@running-config:9 strength=strong", "kind=cipher name=3des-cbc@running-config:9 strength=weak"]
    );
    let mut servers = of("time-sources", &["server", "authenticated"]);
    servers.sort();
    assert_eq!(servers, ["server=10.9.0.5 authenticated=true", "server=10.9.0.7 authenticated=false"]);
}

#[test]
fn communities_and_logs() {
    assert_eq!(
        of("snmp", &["name", "access", "sources", "vendor-default"]),
        ["name=community 1 access=read sources=[10.9.0.0/17] vendor-default=false"]
    );
    assert_eq!(
        of("logs", &["stream", "forwarded", "forwarding-encrypted", "path", "retention"]),
        [
            "stream=authentication forwarded=[10.9.0.6] forwarding-encrypted=true path=/var/log/messages retention=0s",
            "stream=command forwarded=[10.9.0.6] forwarding-encrypted=true path=- retention=0s",
            "stream=system forwarded=[10.9.0.6] forwarding-encrypted=true path=- retention=0s",
        ]
    );
}

#[test]
fn no_secret_is_printed() {
    let secrets = ["cm9vdGhhc2hyb290aGFzaHJvb3RoYXNo", "b2xkaGFzaG9sZGhhc2g", "dGFjYWNzc2VjcmV0", "bnRwa2V5bnRwa2V5", "branch-monitoring"];
    crate::support::no_secret_in("juniper-junos", CONFIGURATION, &secrets);
}

const FIREWALL: &str = include_str!("device_assets/srx.conf");

const ENTRY: &[&str] =
    &["list", "entry@", "action", "protocol", "sources", "destinations", "ports", "any-any", "reachable", "shadowed-by", "applied-to"];

#[test]
fn filters_are_lists_with_the_interfaces_that_use_them() {
    assert_eq!(
        of("access-rules", ENTRY),
        [
            "list=RE4 entry=count-all@running-config:155 action=other protocol=any sources=[0.0.0.0/0] \
             destinations=[0.0.0.0/0] ports=[any] any-any=false reachable=true shadowed-by=[] applied-to=[control-plane]",
            "list=RE4 entry=jump@running-config:164 action=permit protocol=tcp sources=[10.9.0.32/28, 10.9.2.9/32] \
             destinations=[0.0.0.0/0] ports=[22, 830] any-any=false reachable=true shadowed-by=[] \
             applied-to=[control-plane]",
            "list=RE4 entry=answers@running-config:177 action=permit protocol=tcp sources=[0.0.0.0/0] \
             destinations=[0.0.0.0/0] ports=[any] any-any=false reachable=true shadowed-by=[] applied-to=[control-plane]",
            "list=inet6 RE6 entry=no-ssh@running-config:188 action=deny protocol=tcp sources=[::/0] destinations=[::/0] \
             ports=[22] any-any=false reachable=true shadowed-by=[] applied-to=[control-plane]",
            "list=inet6 RE6 entry=rest@running-config:197 action=permit protocol=any sources=[::/0] destinations=[::/0] \
             ports=[any] any-any=true reachable=true shadowed-by=[] applied-to=[control-plane]",
        ]
    );
}

#[test]
fn policies_of_a_firewall_are_one_list() {
    // The open policy and the group that permits everything are inactive. What tills call dc-app is another address; here it is the
    // destination's zone that counts. Global policies come last.
    assert_eq!(
        crate::support::device_rows("juniper-junos", FIREWALL, "access-rules", ENTRY),
        [
            "list=BOGONS entry=spoofed@running-config:71 action=deny protocol=any sources=[10.0.0.0/13, 10.8.0.0/14, \
             10.13.0.0/16, 10.14.0.0/15, 10.16.0.0/12, 10.32.0.0/11, 10.64.0.0/10, 10.128.0.0/9, 192.168.0.0/16] \
             destinations=[0.0.0.0/0] ports=[any] any-any=false reachable=true shadowed-by=[] applied-to=[interface-in]",
            "list=BOGONS entry=spoofed-again@running-config:84 action=deny protocol=udp sources=[192.168.4.0/24] \
             destinations=[0.0.0.0/0] ports=[any] any-any=false reachable=false shadowed-by=[spoofed] \
             applied-to=[interface-in]",
            "list=BOGONS entry=peers@running-config:93 action=permit protocol=tcp sources=?unresolved \
             destinations=[0.0.0.0/0] ports=[179] any-any=false reachable=?unresolved shadowed-by=?unresolved \
             applied-to=[interface-in]",
            "list=BOGONS entry=high@running-config:103 action=other protocol=tcp sources=[0.0.0.0/0] \
             destinations=[0.0.0.0/0] ports=[1024-65535] any-any=false reachable=true shadowed-by=[] \
             applied-to=[interface-in]",
            "list=BOGONS entry=rest@running-config:114 action=permit protocol=any sources=[0.0.0.0/0] \
             destinations=[0.0.0.0/0] ports=[any] any-any=true reachable=true shadowed-by=[] applied-to=[interface-in]",
            "list=SPARE entry=all@running-config:119 action=permit protocol=any sources=[0.0.0.0/0] \
             destinations=[0.0.0.0/0] ports=[any] any-any=true reachable=true shadowed-by=[] applied-to=[none]",
            "list=security policies entry=tills dc pay@running-config:153 action=permit protocol=tcp,udp \
             sources=[0.0.0.0/0, ::/0] destinations=[10.20.8.10/32] ports=[443, 8443, 8500-8510] any-any=false \
             reachable=true shadowed-by=[] applied-to=[firewall]",
            "list=security policies entry=tills dc pay-again@running-config:166 action=permit protocol=tcp \
             sources=[0.0.0.0/0, ::/0] destinations=[10.20.8.10/32] ports=[443] any-any=false reachable=false \
             shadowed-by=[tills dc pay] applied-to=[firewall]",
            "list=security policies entry=tills dc night@running-config:186 action=permit protocol=?unresolved \
             sources=[0.0.0.0/0, ::/0] destinations=[10.20.8.10/32, 10.20.8.20/32] ports=?unresolved any-any=false \
             reachable=?unresolved shadowed-by=?unresolved applied-to=[firewall]",
            "list=security policies entry=dc internet out@running-config:200 action=permit protocol=any sources=[0.0.0.0/0, \
             ::/0] destinations=[0.0.0.0/0] ports=[any] any-any=true reachable=true shadowed-by=[] applied-to=[firewall]",
            "list=security policies entry=dc internet supplier@running-config:211 action=deny protocol=tcp \
             sources=[10.20.8.10/32, 10.20.8.20/32] destinations=?unresolved ports=[22] any-any=false reachable=false \
             shadowed-by=[dc internet out] applied-to=[firewall]",
            "list=security policies entry=global pay-global@running-config:223 action=deny protocol=tcp sources=[0.0.0.0/0, \
             ::/0] destinations=[10.20.8.10/32] ports=[443] any-any=false reachable=false shadowed-by=[tills dc pay] \
             applied-to=[firewall]",
        ]
    );
    let more = ["entry", "logged@", "time-window", "comment", "applications"];
    assert_eq!(
        crate::support::device_rows("juniper-junos", FIREWALL, "access-rules", &more),
        [
            "entry=spoofed logged=true@running-config:80 time-window=- comment=- applications=-",
            "entry=spoofed-again logged=false@running-config:84 time-window=- comment=- applications=-",
            "entry=peers logged=false@running-config:93 time-window=- comment=- applications=-",
            "entry=high logged=false@running-config:103 time-window=- comment=- applications=-",
            "entry=rest logged=false@running-config:114 time-window=- comment=- applications=-",
            "entry=all logged=false@running-config:119 time-window=- comment=- applications=-",
            "entry=tills dc pay logged=true@running-config:161 time-window=- comment=- applications=[any]",
            "entry=tills dc pay-again logged=false@running-config:166 time-window=- comment=- applications=[any]",
            "entry=tills dc night logged=false@running-config:186 time-window=NIGHT comment=batch transfer \
             applications=[any]",
            "entry=dc internet out logged=true@running-config:10 time-window=- comment=- applications=[any]",
            "entry=dc internet supplier logged=false@running-config:211 time-window=- comment=- applications=[any]",
            "entry=global pay-global logged=false@running-config:223 time-window=- comment=- applications=[any]",
        ]
    );
}

#[test]
fn names_that_are_used_are_looked_for() {
    assert_eq!(
        crate::support::device_rows("juniper-junos", FIREWALL, "references", &["kind", "name@", "used-at", "defined"]),
        [
            "kind=list name=BOGONS@running-config:46 used-at=ge-0/0/0.0 inet defined=true",
            "kind=list name=NO-SUCH@running-config:46 used-at=ge-0/0/0.0 inet defined=false",
            "kind=list name=PEERS@running-config:96 used-at=filter BOGONS term peers defined=true",
            "kind=object name=any@running-config:155 used-at=policy tills dc pay defined=true",
            "kind=object name=dc-app@running-config:156 used-at=policy tills dc pay defined=true",
            "kind=object name=junos-https@running-config:157 used-at=policy tills dc pay defined=true",
            "kind=object name=pay-extra@running-config:157 used-at=policy tills dc pay defined=true",
            "kind=object name=dc@running-config:190 used-at=policy tills dc night defined=true",
            "kind=object name=junos-sun-rpc@running-config:191 used-at=policy tills dc night defined=true",
            "kind=profile name=NIGHT@running-config:196 used-at=policy tills dc night defined=true",
            "kind=object name=any@running-config:203 used-at=policy dc internet out defined=true",
            "kind=object name=world@running-config:204 used-at=policy dc internet out defined=true",
            "kind=object name=any@running-config:205 used-at=policy dc internet out defined=true",
            "kind=object name=supplier@running-config:214 used-at=policy dc internet supplier defined=true",
            "kind=object name=junos-ssh@running-config:215 used-at=policy dc internet supplier defined=true",
            "kind=object name=any@running-config:225 used-at=policy global pay-global defined=true",
            "kind=object name=dc-app@running-config:226 used-at=policy global pay-global defined=true",
        ]
    );
}

/// Statements in braces as `display set` shows them.
fn as_commands(configuration: &str) -> String {
    let mut path: Vec<String> = Vec::new();
    let mut commands = String::new();
    for line in configuration.lines() {
        let line = line.split(" ##").next().unwrap_or_default().trim();
        let (line, inactive) = line.strip_prefix("inactive: ").map_or((line, false), |line| (line, true));
        if line.starts_with("##") || line.is_empty() {
            continue;
        }
        if line == "}" {
            path.pop();
            continue;
        }
        let whole = |text: &str| path.iter().map(String::as_str).chain([text]).collect::<Vec<_>>().join(" ");
        let text = line.trim_end_matches([';', '{', ' ']);
        let values = text.split_once(" [ ").map_or(vec![text.to_owned()], |(name, list)| {
            list.trim_end_matches(" ]").split(' ').map(|value| format!("{name} {value}")).collect()
        });
        for value in values.iter().filter(|_| line.ends_with(';')) {
            commands += &format!("set {}\n", whole(value));
        }
        if inactive {
            commands += &format!("deactivate {}\n", whole(text));
        }
        if line.ends_with('{') {
            path.push(text.to_owned());
        }
    }
    commands
}

#[test]
fn commands_and_braces_give_the_same_rows() {
    for configuration in [CONFIGURATION, FIREWALL] {
        let commands = as_commands(configuration);
        for table in jixian::schema::TABLES {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let rows = |text: &str| crate::support::device_rows("juniper-junos", text, table.name, &columns);
            assert_eq!(rows(&commands), rows(configuration), "{}", table.name);
        }
    }
}

#[test]
fn a_group_that_cannot_be_decided_leaves_a_gap_unless_it_only_names_the_member() {
    let lists = |groups: &str| {
        let text =
            FIREWALL.replace("apply-groups open;", "apply-groups \"${node}\";").replacen("groups {", &format!("groups {{\n{groups}"), 1);
        crate::support::device_rows("juniper-junos", &text, "services", &["name"])
    };
    let named = "node0 { system { host-name edge-srx-1a; } interfaces { fxp0 { unit 0 { family inet { address 10.9.3.1/24; } } } } }";
    assert_eq!(lists(named), Vec::<String>::new());
    assert_eq!(lists("node0 { system { services { telnet; } } }"), ["gap name=?group-not-decided"]);
    assert_eq!(lists(""), ["gap name=?group-not-decided"]);
}

#[test]
fn a_group_with_a_condition_is_not_applied_and_not_forgotten() {
    let text = FIREWALL
        .replace("inactive: open {", "open { when { time 8:00 to 17:00; } system { services { telnet; } } }\n    inactive: closed {");
    let rows = crate::support::device_rows("juniper-junos", &text, "services", &["name"]);
    assert_eq!(rows, ["gap name=?group-not-decided"]);
}

/// A firewall with two zones, and what is said of traffic to itself.
fn zoned(more: &str) -> String {
    format!(
        "version 21.4R3;
system {{
    root-authentication {{
        encrypted-password \"$6$abc\";
    }}
    services {{
        ssh;
        telnet;
        netconf {{
            ssh;
        }}
        web-management {{
            https {{
                port 8443;
            }}
        }}
    }}
}}
interfaces {{
    ge-0/0/0 {{
        unit 0 {{
            family inet {{
                address 203.0.113.2/30;
            }}
        }}
    }}
    ge-0/0/1 {{
        unit 0 {{
            family inet {{
                address 10.1.0.1/24;
            }}
        }}
    }}
{more}}}
"
    )
}

/// Which ways in are open, in braces and as commands.
fn open(configuration: &str) -> Vec<String> {
    let columns = ["service", "enabled@"];
    let rows = |text: &str| crate::support::device_rows("juniper-junos", text, "remote-access", &columns);
    let plain = |rows: Vec<String>| rows.iter().map(|row| row.split('@').next().unwrap_or_default().to_owned()).collect::<Vec<_>>();
    assert_eq!(plain(rows(&as_commands(configuration))), plain(rows(configuration)));
    rows(configuration)
}

#[test]
fn a_way_in_that_no_zone_lets_in_is_not_open() {
    // Telnet is taken away from everything; the web server is at another port than the word stands for.
    let zones = zoned(
        "}
security {
    zones {
        security-zone untrust {
            interfaces {
                ge-0/0/0.0;
            }
        }
        security-zone trust {
            host-inbound-traffic {
                system-services {
                    all;
                    telnet {
                        except;
                    }
                }
            }
            interfaces {
                ge-0/0/1.0;
            }
        }
    }
",
    );
    assert_eq!(
        open(&zones),
        [
            "service=ssh enabled=true@running-config:7",
            "service=telnet enabled=false@running-config:8",
            "service=web-https enabled=?zone-not-decided@running-config:13",
            "service=api enabled=true@running-config:10",
            "service=console enabled=true@running-config:2",
        ]
    );
    // Without zones every service is open, and so it is where packets are forwarded one by one.
    assert!(open(&zoned("")).iter().all(|row| row.contains("enabled=true")));
    let packets = zones.replace("security {\n    zones", "security {\n    forwarding-options {\n        family {\n            mpls {\n                mode packet-based;\n            }\n        }\n    }\n    zones");
    assert!(open(&packets).iter().all(|row| row.contains("enabled=true")));
}

#[test]
fn what_an_interface_lets_in_takes_the_place_of_what_its_zone_does() {
    let zones = |zone: &str, interface: &str| {
        let own = if interface.is_empty() { ";".to_owned() } else { format!(" {{\nhost-inbound-traffic {{\n{interface}\n}}\n}}") };
        let text = format!(
            "}}\nsecurity {{\nzones {{\nsecurity-zone trust {{\nhost-inbound-traffic {{\nsystem-services {{\n{zone}\n}}\n}}\ninterfaces {{\nge-0/0/1.0{own}\n}}\n}}\n}}\n"
        );
        open(&zoned(&text))[0].split('@').next().unwrap_or_default().to_owned()
    };
    assert_eq!(zones("ssh;", ""), "service=ssh enabled=true");
    assert_eq!(zones("ping;", ""), "service=ssh enabled=false");
    assert_eq!(zones("ssh;", "system-services {\nping;\n}"), "service=ssh enabled=false");
    assert_eq!(zones("ping;", "system-services {\nany-service;\n}"), "service=ssh enabled=true");
    // Protocols alone: whether they take the services of the zone away is not documented.
    assert_eq!(zones("ssh;", "protocols {\nospf;\n}"), "service=ssh enabled=?zone-not-decided");
}

#[test]
fn the_management_port_is_in_no_zone() {
    let closed = "}\nsecurity {\nzones {\nsecurity-zone trust {\ninterfaces {\nge-0/0/1.0;\n}\n}\n}\n";
    let first = |more: &str| open(&zoned(more))[0].split('@').next().unwrap_or_default().to_owned();
    assert_eq!(first(closed), "service=ssh enabled=false");
    let port = "fxp0 {\nunit 0 {\nfamily inet {\naddress 10.9.3.1/24;\n}\n}\n}\n";
    assert_eq!(first(&format!("{port}{closed}")), "service=ssh enabled=true");
    // That of a member of a cluster may be there.
    let member = zoned(closed).replacen("system {", &format!("groups {{\nnode0 {{\ninterfaces {{\n{port}}}\n}}\n}}\nsystem {{"), 1);
    assert!(open(&member)[0].starts_with("service=ssh enabled=?zone-not-decided"));
    // A part of a configuration proves nothing.
    let part = zoned(closed).replace("    root-authentication {\n        encrypted-password \"$6$abc\";\n    }\n", "");
    assert!(open(&part)[0].starts_with("service=ssh enabled=?config-partial"), "{:?}", open(&part));
}

#[test]
fn a_logical_system_is_not_judged_and_not_forgotten() {
    let filter =
        "}\nfirewall {\nfamily inet {\nfilter guard {\nterm ours {\nfrom {\nsource-address {\n10.9.0.0/24;\n}\n}\nthen accept;\n}\n}\n}\n";
    let own = zoned(&format!("lo0 {{\nunit 0 {{\nfamily inet {{\nfilter {{\ninput guard;\n}}\n}}\n}}\n}}\n{filter}"));
    let of = |text: &str, table: &str, columns: &[&str]| crate::support::device_rows("juniper-junos", text, table, columns);
    assert_eq!(of(&own, "remote-access", &["sources"])[0], "sources=[10.9.0.0/24]");
    let beside = format!(
        "{own}logical-systems {{\nLS1 {{\ninterfaces {{\nge-0/0/2 {{\nunit 0 {{\nfamily inet {{\naddress 10.2.0.1/24;\n}}\n}}\n}}\n}}\nsystem {{\nlogin {{\nuser op {{\nclass super-user;\n}}\n}}\n}}\n}}\n}}\n"
    );
    assert_eq!(of(&beside, "remote-access", &["sources"])[0], "sources=?logical-system");
    assert_eq!(of(&beside, "accounts", &["name"]), ["name=root", "gap name=?logical-system"]);
    assert_eq!(of(&beside, "access-rules", &["entry"]).len(), of(&own, "access-rules", &["entry"]).len());
}
