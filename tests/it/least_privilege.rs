//! Hosts and databases of the sample fleet into one report that shows who holds too much, each with its line.

use std::path::Path;

use crate::support::scan_paths;

/// Each asset: a rule that cites nfra:27.2, who fails it, and the line that shows it.
const HOLDERS: &[(&str, &str, &str, &str)] = &[
    ("crm-mysql-01", "mysql-grant-all", "report@% ALL PRIVILEGES *.*", "commands/mysql.grants.csv:3"),
    ("ledger-oracle", "oracle-priv-any", "RECON GRANT ANY PRIVILEGE database", "commands/oracle.system-privileges.csv:8"),
    ("risk-pg-01", "linux-sudo-all-all", "deploy ALL ALL", "etc/sudoers:8"),
    ("risk-pg-01", "postgresql-superusers", "15/main risk_batch", "commands/postgresql.roles.csv:4"),
    ("risk-pg-01", "postgresql-superusers", "15/main zhou.jie", "commands/postgresql.roles.csv:5"),
];

#[test]
fn one_report_names_who_holds_too_much_on_hosts_and_databases() {
    let databases = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fleet/databases");
    let folder = tempfile::tempdir().expect("a folder");
    let scanned = scan_paths(folder.path(), &["--clause", "nfra:27.2", databases.to_str().expect("a plain path")]);
    let suites: Vec<&str> = scanned.junit.split("<testsuite ").skip(1).collect();
    assert_eq!(suites.len(), 4, "each database is an asset");
    for (asset, rule, holder, place) in HOLDERS {
        let suite = suites.iter().find(|suite| suite.contains(&format!("hostname=\"{asset}\""))).expect("a suite of the asset");
        let case =
            suite.split("<testcase ").find(|case| case.starts_with(&format!("name=\"{rule} @{asset}\""))).expect("a case of the rule");
        assert!(case.contains("<failure"), "{rule} on {asset}: {case}");
        for part in [holder, place, &"nfra:27.2"] {
            assert!(case.contains(part), "{rule} on {asset} says {part}: {case}");
        }
    }
    // Those who may are not named.
    assert!(!scanned.junit.contains("grantee = root@localhost") && !scanned.junit.contains("grantee = SYSTEM"));
}
