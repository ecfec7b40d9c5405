//! One folder with a device of every network platform into one report that names what each lets in from too far.

use std::path::Path;

use crate::support::scan_paths;

/// Each device: where administrators come in, and the line of the list's entry that is too wide.
const DEVICES: &[(&str, &str, &str)] = &[
    ("asa-fw", "ssh mgmt", "asa-fw.cfg:16"),
    ("comware-access", "ssh vty 0-63", "comware-access.cfg:8"),
    ("eos-spine", "ssh vrf default", "eos-spine.cfg:13"),
    ("fortios-dmz", "ssh mgmt", "fortios-dmz.cfg:21"),
    ("ios-edge", "ssh vty 0-4", "ios-edge.cfg:15"),
    ("junos-edge", "ssh ssh", "junos-edge.cfg:37"),
    ("nxos-leaf", "ssh vty", "nxos-leaf.cfg:11"),
    ("panos-fw", "ssh mgt", "panos-fw.cfg:19"),
    ("ruijie-access", "ssh vty 0-35", "ruijie-access.cfg:11"),
    ("stoneos-fw", "ssh interface ethernet0/0", "stoneos-fw.cfg:14"),
    ("vrp-core", "ssh vty 0-4", "vrp-core.cfg:12"),
];

#[test]
fn one_report_names_the_entry_that_is_too_wide_on_each_platform() {
    let devices = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/whitelists");
    let folder = tempfile::tempdir().expect("a folder");
    let scanned = scan_paths(folder.path(), &["--rule", "nfra-28-whitelist-networks", devices.to_str().expect("a plain path")]);
    assert_eq!(scanned.results.len(), DEVICES.len());
    let suites: Vec<&str> = scanned.junit.split("<testsuite ").skip(1).collect();
    assert_eq!(suites.len(), DEVICES.len());
    for ((asset, way_in, place), suite) in DEVICES.iter().zip(suites) {
        for part in [asset, way_in, place, &"nfra:28.2", &"sources = [10.1.1.0/24, 198.51.0.0/16] (outside: 198.51.0.0/16)"] {
            assert!(suite.contains(part), "{asset} says {part}: {suite}");
        }
    }
}
