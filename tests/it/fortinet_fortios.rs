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
            "policy=13 action=deny any-source=true any-destination=true any-service=true faces-internet=true \
             logs=all@running-config:187 intrusion-prevention=false",
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
          lockout-duration=15m@running-config:13 password-max-age=-"]
    );
}

#[test]
fn no_secret_is_printed() {
    let secrets = ["c2VjcmV0c2VjcmV0c2VjcmV0", "a2V5a2V5a2V5", "c0mmunity-of-branch", "dGFjYWNza2V5"];
    crate::support::no_secret_in("fortinet-fortios", CONFIGURATION, &secrets);
}

const ENTRY: &[&str] =
    &["list", "entry@", "action", "enabled", "protocol", "sources", "destinations", "ports", "any-any", "reachable", "shadowed-by", "applied-to"];

#[test]
fn policies_are_lists_of_their_vdom() {
    assert_eq!(of("access-rules", ENTRY), [""]);
    assert_eq!(of("access-rules", &["entry", "logged@", "time-window", "comment@", "expires@", "breadth"]), [""]);
}

#[test]
fn objects_that_policies_name_are_looked_for() {
    assert_eq!(of("references", &["kind", "name@", "used-at", "defined"]), [""]);
}
