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
