//! A FortiGate with two VDOMs into its facts.

const CONFIGURATION: &str = include_str!("device_assets/fortigate.conf");

fn of(table: &str, columns: &[&str]) -> Vec<String> {
    crate::support::device_rows("fortinet-fortios", CONFIGURATION, table, columns)
}

#[test]
fn administrators_are_those_of_the_configuration_and_not_of_a_text_in_it() {
    assert_eq!(
        of("fortios-admins", &["name@", "unrestricted", "remote", "factors@", "sources", "login-hours", "idle-timeout@"]),
        [
            "name=admin@running-config:54 unrestricted=true remote=false factors=2@running-config:59 \
             sources=[10.8.0.0/24, 2001:db8:8::/64] login-hours=7d idle-timeout=10m@running-config:14",
            // Its profile is not everything, and has an idle time of its own; the second family is open to it.
            "name=noc.shift@running-config:63 unrestricted=false remote=true factors=?servers-decide@running-config:64 \
             sources=[10.8.1.0/24, 10.8.2.5/32, ::/0] login-hours=60h idle-timeout=1h@running-config:25",
        ]
    );
}

#[test]
fn ways_in_are_what_interfaces_answer() {
    let shown = of("remote-access", &["service", "scope", "enabled", "sources", "factors", "servers", "max-attempts@", "login-timeout@"]);
    assert_eq!(
        shown,
        [
            "service=web-https scope=mgmt enabled=true sources=[10.8.0.0/23, 10.8.2.5/32] factors=?servers-decide \
             servers=[10.8.0.20] max-attempts=3@default login-timeout=?default-not-documented@running-config",
            "service=ssh scope=mgmt enabled=true sources=[10.8.0.0/23, 10.8.2.5/32, ::/0] factors=?servers-decide \
             servers=[10.8.0.20] max-attempts=3@default login-timeout=2m@default",
            "service=telnet scope=port7 enabled=false sources=[10.8.0.0/23, 10.8.2.5/32] factors=?servers-decide \
             servers=[10.8.0.20] max-attempts=3@default login-timeout=?default-not-documented@running-config",
            "service=console scope=console enabled=true sources=[] factors=?servers-decide \
             servers=[10.8.0.20] max-attempts=3@default login-timeout=?default-not-documented@running-config",
        ]
    );
}

#[test]
fn policies_mean_what_their_objects_mean() {
    let columns = ["policy", "action", "any-source", "any-destination", "any-service", "faces-internet", "logs@", "intrusion-prevention"];
    assert_eq!(
        of("fortios-policies", &columns),
        [
            "policy=12 action=accept any-source=false any-destination=true any-service=false faces-internet=true \
             logs=all@running-config:178 intrusion-prevention=true",
            "policy=13 action=?default-not-documented any-source=true any-destination=true any-service=true faces-internet=true \
             logs=all@running-config:187 intrusion-prevention=false",
            "policy=30 action=accept any-source=false any-destination=true any-service=false faces-internet=false \
             logs=all@running-config:254 intrusion-prevention=false",
            "policy=31 action=accept any-source=false any-destination=true any-service=false faces-internet=false \
             logs=?default-not-documented@running-config:257 intrusion-prevention=false",
            "policy=32 action=accept any-source=false any-destination=true any-service=false faces-internet=false \
             logs=utm@running-config:274 intrusion-prevention=false",
            "policy=33 action=accept any-source=true any-destination=true any-service=true faces-internet=true \
             logs=?default-not-documented@running-config:276 intrusion-prevention=false",
            "policy=37 action=accept any-source=false any-destination=false any-service=false faces-internet=true \
             logs=all@running-config:295 intrusion-prevention=false",
            "policy=34 action=accept any-source=false any-destination=false any-service=false faces-internet=true \
             logs=all@running-config:305 intrusion-prevention=false",
            "policy=35 action=?default-not-documented any-source=false any-destination=?unresolved any-service=true faces-internet=true \
             logs=all@running-config:315 intrusion-prevention=false",
        ]
    );
}

#[test]
fn logs_go_where_they_are_let() {
    // The second server gets warnings only, FortiAnalyzer is off.
    assert_eq!(
        of("logs", &["stream", "forwarded@", "forwarding-encrypted"])[0],
        "stream=authentication forwarded=[10.8.0.6]@running-config:116 forwarding-encrypted=true"
    );
}

/// FortiOS Administration Guide, "Configuring and debugging the free-style filter", of 6.4 and 7.2.
#[test]
fn a_filter_of_the_site_leaves_open_what_is_sent() {
    let server = "config log syslogd setting\n    set status enable\n    set server \"10.8.0.6\"\nend\n";
    let other = "config log syslogd2 setting\n    set status enable\n    set server \"10.8.0.7\"\nend\n";
    let forwarded = |rest: &str| {
        let text = format!("#config-version=FGT60F-7.2.8-FW-build1639:opmode=0:vdom=0:user=admin\n{server}{rest}");
        crate::support::device_rows("fortinet-fortios", &text, "logs", &["forwarded@"]).remove(0)
    };
    let free_style =
        |entry: &str| format!("config log syslogd filter\n    config free-style\n        edit 1\n{entry}        next\n    end\nend\n");
    // A configuration without its usual sections may go on.
    assert_eq!(forwarded(""), "forwarded=[10.8.0.6, ?(…)]@running-config:4");
    assert_eq!(
        forwarded(&free_style("            set category event\n            set filter \"logid 0100032001\"\n")),
        "forwarded=?filtered@running-config:8"
    );
    assert_eq!(forwarded(&free_style("            set category traffic\n")), "forwarded=[10.8.0.6, ?(…)]@running-config:4");
    assert_eq!(forwarded(&free_style("            set filter-type exclude\n")), "forwarded=?filtered@running-config:8");
    let old = "config log syslogd filter\n    set filter \"logid(0100032001)\"\n    set filter-type exclude\nend\n";
    assert_eq!(forwarded(old), "forwarded=?filtered@running-config:7");
    // The other server gets everything.
    assert_eq!(forwarded(&format!("{old}{other}")), "forwarded=[?(10.8.0.6), 10.8.0.7, ?(…)]@running-config:4");
}

#[test]
fn servers_and_communities_are_shown_without_their_secrets() {
    assert_eq!(
        of("time-sources", &["server", "authenticated@", "enabled@"]),
        [
            "server=10.8.0.9 authenticated=true@running-config:95 enabled=true@running-config:90",
            "server=10.8.0.10 authenticated=false@running-config:99 enabled=true@running-config:90",
        ]
    );
    assert_eq!(
        of("snmp", &["name", "version", "sources@", "vendor-default"]),
        ["name=community 1 version=v1 sources=[10.8.0.40/32]@running-config:109 vendor-default=false"]
    );
}

#[test]
fn the_password_policy_counts_what_it_demands() {
    assert_eq!(
        of("authentication-policy", &["min-length@", "classes", "requirements", "hash-scheme", "lockout-duration@", "password-max-age"]),
        ["min-length=14@running-config:75 classes=2 requirements=[digit, upper] hash-scheme=sha256 \
          lockout-duration=15m@running-config:13 password-max-age=?default-not-documented"]
    );
}

#[test]
fn no_secret_is_printed() {
    let secrets = ["c2VjcmV0c2VjcmV0c2VjcmV0", "a2V5a2V5a2V5", "c0mmunity-of-branch", "dGFjYWNza2V5"];
    crate::support::no_secret_in("fortinet-fortios", CONFIGURATION, &secrets);
}

const ENTRY: &[&str] = &[
    "list",
    "entry@",
    "action",
    "enabled",
    "protocol",
    "sources",
    "destinations",
    "ports",
    "any-any",
    "reachable",
    "shadowed-by",
    "applied-to",
];

#[test]
fn policies_are_lists_of_their_vdom() {
    // 31 stands between the same interfaces as 30, 32 between others; 33 is off; 37 and 34 match what only a database or DNS knows.
    assert_eq!(
        of("access-rules", ENTRY),
        [
            "list=branch policy entry=12@running-config:167 action=permit enabled=true protocol=tcp sources=[10.7.16.0/20] \
             destinations=[0.0.0.0/0] ports=[443] any-any=false reachable=true shadowed-by=[] applied-to=[firewall]",
            "list=branch policy entry=13@running-config:180 action=?not-understood enabled=true protocol=?not-understood \
             sources=?not-understood destinations=?not-understood ports=?not-understood any-any=?not-understood \
             reachable=?not-understood shadowed-by=?not-understood applied-to=[firewall]",
            "list=shop policy entry=30@running-config:246 action=permit enabled=true protocol=tcp,udp \
             sources=[10.14.0.0/16] destinations=[0.0.0.0/0] ports=[443, 7000, 7000-7010] any-any=false reachable=true \
             shadowed-by=[] applied-to=[firewall]",
            "list=shop policy entry=31@running-config:257 action=permit enabled=true protocol=tcp sources=[10.14.128.0/17] \
             destinations=[0.0.0.0/0] ports=[443] any-any=false reachable=false shadowed-by=[30] applied-to=[firewall]",
            "list=shop policy entry=32@running-config:266 action=permit enabled=true protocol=tcp sources=[10.14.128.0/17] \
             destinations=[0.0.0.0/0] ports=[443] any-any=false reachable=true shadowed-by=[] applied-to=[firewall]",
            "list=shop policy entry=33@running-config:276 action=permit enabled=false protocol=any sources=[0.0.0.0/0] \
             destinations=[0.0.0.0/0] ports=[any] any-any=false reachable=false shadowed-by=[] applied-to=[firewall]",
            "list=shop policy entry=37@running-config:286 action=permit enabled=true protocol=?unresolved \
             sources=[10.14.0.0/16] destinations=?unresolved ports=?unresolved any-any=false reachable=?unresolved \
             shadowed-by=?unresolved applied-to=[firewall]",
            "list=shop policy entry=34@running-config:297 action=permit enabled=true protocol=tcp sources=[10.14.3.1/32, \
             10.14.3.5/32] destinations=?unresolved ports=[443] any-any=false reachable=?unresolved shadowed-by=?unresolved \
             applied-to=[firewall]",
            "list=shop policy entry=35@running-config:307 action=?not-understood enabled=true protocol=?not-understood \
             sources=?not-understood destinations=?not-understood ports=?not-understood any-any=?unresolved \
             reachable=?not-understood shadowed-by=?not-understood applied-to=[firewall]",
            "list=shop local-in-policy entry=1@running-config:319 action=deny enabled=true protocol=any \
             sources=?unresolved destinations=[0.0.0.0/0] ports=[any] any-any=false \
             reachable=?unresolved shadowed-by=?unresolved applied-to=[local-in]",
            "list=shop local-in-policy entry=2@running-config:327 action=permit enabled=true protocol=tcp \
             sources=[10.14.0.0/16] destinations=[0.0.0.0/0] ports=[443] any-any=false reachable=?earlier-entry-not-exact \
             shadowed-by=?earlier-entry-not-exact applied-to=[local-in]",
        ]
    );
    assert_eq!(
        of("access-rules", &["entry", "logged@", "time-window", "comment@", "expires@", "breadth"]),
        [
            "entry=12 logged=true@running-config:178 time-window=- comment=-@running-config:167 \
             expires=never@running-config:167 breadth=4096",
            "entry=13 logged=true@running-config:187 time-window=- comment=-@running-config:180 \
             expires=never@running-config:180 breadth=?not-understood",
            "entry=30 logged=true@running-config:254 time-window=- comment=set action deny was meant for \
             34@running-config:255 expires=never@running-config:246 breadth=65536",
            "entry=31 logged=?default-not-documented@running-config:257 time-window=- comment=-@running-config:257 \
             expires=never@running-config:257 breadth=32768",
            "entry=32 logged=false@running-config:274 time-window=rollout comment=-@running-config:266 \
             expires=2026-08-31@running-config:242 breadth=32768",
            "entry=33 logged=?default-not-documented@running-config:276 time-window=- comment=-@running-config:276 \
             expires=never@running-config:276 breadth=0",
            "entry=37 logged=true@running-config:295 time-window=- comment=-@running-config:286 \
             expires=never@running-config:286 breadth=65536",
            "entry=34 logged=true@running-config:305 time-window=- comment=-@running-config:297 \
             expires=never@running-config:297 breadth=2",
            "entry=35 logged=true@running-config:315 time-window=- comment=-@running-config:307 \
             expires=never@running-config:307 breadth=?not-understood",
            "entry=1 logged=?default-not-documented@running-config time-window=- comment=-@running-config:319 \
             expires=never@running-config:319 breadth=0",
            "entry=2 logged=?default-not-documented@running-config time-window=- comment=-@running-config:327 \
             expires=never@running-config:327 breadth=65536",
        ]
    );
}

#[test]
fn objects_that_policies_name_are_looked_for() {
    // No group `staff` and no object `lost-object` stands in the VDOM.
    assert_eq!(
        of("references", &["kind", "name@", "used-at", "defined"]),
        [
            "kind=profile name=office@running-config:69 used-at=admin noc.shift defined=true",
            "kind=object name=tills@running-config:171 used-at=policy 12 defined=true",
            "kind=object name=outside-world@running-config:172 used-at=policy 12 defined=true",
            "kind=object name=HTTPS@running-config:175 used-at=policy 12 defined=true",
            "kind=profile name=always@running-config:174 used-at=policy 12 defined=true",
            "kind=object name=all@running-config:184 used-at=policy 13 defined=true",
            "kind=object name=ALL@running-config:186 used-at=policy 13 defined=true",
            "kind=object name=shops@running-config:249 used-at=policy 30 defined=true",
            "kind=object name=all@running-config:250 used-at=policy 30 defined=true",
            "kind=object name=tills@running-config:253 used-at=policy 30 defined=true",
            "kind=profile name=always@running-config:252 used-at=policy 30 defined=true",
            "kind=object name=west@running-config:260 used-at=policy 31 defined=true",
            "kind=object name=HTTPS@running-config:264 used-at=policy 31 defined=true",
            "kind=profile name=rollout@running-config:272 used-at=policy 32 defined=true",
            "kind=object name=ALL@running-config:284 used-at=policy 33 defined=true",
            "kind=group name=staff@running-config:294 used-at=policy 37 defined=false",
            "kind=object name=printers@running-config:300 used-at=policy 34 defined=true",
            "kind=object name=update-server@running-config:301 used-at=policy 34 defined=true",
            "kind=object name=upper@running-config:310 used-at=policy 35 defined=true",
            "kind=object name=lost-object@running-config:312 used-at=policy 35 defined=false",
            "kind=object name=home@running-config:321 used-at=local-in-policy 1 defined=true",
            "kind=object name=all@running-config:323 used-at=local-in-policy 1 defined=true",
            "kind=object name=ALL@running-config:324 used-at=local-in-policy 1 defined=true",
            "kind=profile name=always@running-config:325 used-at=local-in-policy 1 defined=true",
            "kind=object name=shops@running-config:329 used-at=local-in-policy 2 defined=true",
            "kind=object name=HTTPS@running-config:332 used-at=local-in-policy 2 defined=true",
        ]
    );
}

/// Two interfaces, an administrator whose trusted hosts are 10.0.0.0/8, and policies for the device itself.
fn guarded(version: &str, settings: &str, policies: &str) -> Vec<String> {
    let text = format!(
        "#config-version=FGT60F-{version}-FW-build0001-240101:opmode=0:vdom=0:user=admin
config system global
    set hostname \"fw\"
{settings}end
config system interface
    edit \"port1\"
        set vdom \"root\"
        set ip 10.1.1.1 255.255.255.0
        set allowaccess https ssh
    next
    edit \"port2\"
        set vdom \"root\"
        set ip 10.1.2.1 255.255.255.0
        set allowaccess ping
    next
end
config system zone
    edit \"inner\"
        set interface \"port1\"
    next
end
config system admin
    edit \"admin\"
        set accprofile \"super_admin\"
        set trusthost1 10.0.0.0 255.0.0.0
        set two-factor fortitoken
    next
end
config firewall address
    edit \"noc\"
        set subnet 10.8.0.0 255.255.255.0
    next
    edit \"elsewhere\"
        set type geography
        set country \"CN\"
    next
    edit \"own\"
        set subnet 10.1.1.1 255.255.255.255
    next
end
config firewall local-in-policy
{policies}end
"
    );
    let columns = ["service", "scope", "enabled", "sources@", "sources-restricted-by@"];
    crate::support::device_rows("fortinet-fortios", &text, "remote-access", &columns)
}

const ACCEPT: &str = "    edit 1
        set intf \"port1\"
        set srcaddr \"noc\"
        set dstaddr \"all\"
        set action accept
        set service \"HTTPS\" \"SSH\"
        set schedule \"always\"
    next
";
const DENY: &str = "    edit 2
        set intf \"port1\"
        set srcaddr \"all\"
        set dstaddr \"all\"
        set service \"HTTPS\" \"SSH\"
        set schedule \"always\"
    next
";

#[test]
fn policies_for_the_device_itself_narrow_who_reaches_it() {
    // The second names no action, which is deny (CLI Reference 7.2, config firewall local-in-policy).
    let shown = guarded("7.2.8", "", &format!("{ACCEPT}{DENY}"));
    assert_eq!(
        shown,
        [
            "service=web-https scope=port1 enabled=true sources=[10.8.0.0/24]@running-config:25 \
             sources-restricted-by=[trusthost of admin, local-in-policy]@running-config:23",
            "service=ssh scope=port1 enabled=true sources=[10.8.0.0/24]@running-config:25 \
             sources-restricted-by=[trusthost of admin, local-in-policy]@running-config:23",
            "service=console scope=console enabled=true sources=[]@nothing sources-restricted-by=[]@nothing",
        ]
    );
}

#[test]
fn what_no_policy_denies_is_let_in_where_the_interface_answers() {
    let sources = |shown: &[String]| shown[0].split(' ').find(|part| part.starts_with("sources=")).map(str::to_owned);
    // An acceptance alone keeps nobody out.
    assert_eq!(sources(&guarded("7.2.8", "", ACCEPT)).as_deref(), Some("sources=[10.0.0.0/8]@running-config:25"));
    // A policy that is off, or that is of another interface, does not hold.
    let off = DENY.replace("set srcaddr", "set status disable\n        set srcaddr");
    assert_eq!(sources(&guarded("7.2.8", "", &off)).as_deref(), Some("sources=[10.0.0.0/8]@running-config:25"));
    let other = DENY.replace("port1", "port2");
    assert_eq!(sources(&guarded("7.2.8", "", &other)).as_deref(), Some("sources=[10.0.0.0/8]@running-config:25"));
    // The zone that holds the interface is the interface.
    let zone = format!("{ACCEPT}{DENY}").replace("\"port1\"", "\"inner\"");
    assert_eq!(sources(&guarded("7.2.8", "", &zone)).as_deref(), Some("sources=[10.8.0.0/24]@running-config:25"));
    // The policies are about port 443, and the web interface answers at another.
    let moved = guarded("7.2.8", "    set admin-sport 8443\n", &format!("{ACCEPT}{DENY}"));
    assert_eq!(sources(&moved).as_deref(), Some("sources=[10.0.0.0/8]@running-config:26"));
}

#[test]
fn what_a_policy_for_the_device_itself_does_not_decide_is_not_known() {
    let sources = |shown: &[String]| shown[0].split(' ').find(|part| part.starts_with("sources=")).map(str::to_owned);
    let at = |policies: &str, version: &str| sources(&guarded(version, "", policies));
    // Of 5.6 no page states the action, nor the port.
    assert_eq!(at(DENY, "5.6.3").as_deref(), Some("sources=?not-understood@running-config:25"));
    // Where the country is.
    let country = format!("{}{DENY}", ACCEPT.replace("noc", "elsewhere"));
    assert_eq!(at(&country, "7.2.8").as_deref(), Some("sources=?local-in-policy@running-config:25"));
    // Whether the SD-WAN zone holds the interface is not shown.
    let wide = DENY.replace("port1", "virtual-wan-link");
    assert_eq!(at(&wide, "7.2.8").as_deref(), Some("sources=?local-in-policy@running-config:25"));
    // What answers at the addresses of other interfaces is not known.
    let own = DENY.replace("dstaddr \"all\"", "dstaddr \"own\"");
    assert_eq!(at(&own, "7.2.8").as_deref(), Some("sources=?local-in-policy@running-config:25"));
    // An order that is changed by hand.
    let order = format!("{DENY}{ACCEPT}    move 1 before 2\n");
    assert_eq!(at(&order, "7.2.8").as_deref(), Some("sources=?not-understood@running-config:25"));
}

#[test]
fn a_policy_that_accepts_may_open_what_the_interface_does_not_name() {
    let shown = guarded("7.2.8", "", &ACCEPT.replace("port1", "any"));
    let opened: Vec<&String> = shown.iter().filter(|row| row.contains("scope=port2")).collect();
    assert_eq!(
        opened,
        [
            "service=web-https scope=port2 enabled=?local-in-opens sources=[10.8.0.0/24]@running-config:25 \
             sources-restricted-by=[trusthost of admin, local-in-policy]@running-config:23",
            "service=ssh scope=port2 enabled=?local-in-opens sources=[10.8.0.0/24]@running-config:25 \
             sources-restricted-by=[trusthost of admin, local-in-policy]@running-config:23",
        ]
    );
}
