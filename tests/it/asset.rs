//! The asset itself: what the inventory says, what os-release says, when support ends.

use crate::support::rows;

/// Version, vendor and end of support of a host with this os-release.
fn of(os_release: &str) -> String {
    rows(&[("etc/os-release", os_release)], "asset", &["vendor", "version@", "end-of-support@"]).concat()
}

#[test]
fn support_ends_on_the_vendors_day() {
    // distro-info-data of Debian 12; access.redhat.com/support/policy/updates/errata; openeuler.org/en/download/archive.
    assert_eq!(
        of("NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n"),
        "vendor=debian version=12@etc/os-release:2 end-of-support=2028-06-30@etc/os-release:2"
    );
    for (os_release, expected) in [
        ("ID=ubuntu\nVERSION_ID=\"22.04\"\n", "2027-06-01"),
        ("ID=\"rhel\"\nVERSION_ID=\"9.4\"\n", "2032-05-31"),
        ("ID=centos\nNAME=\"CentOS Linux\"\nVERSION_ID=\"8\"\n", "2021-12-31"),
        ("ID=centos\nNAME=\"CentOS Stream\"\nVERSION_ID=\"9\"\n", "2027-05-31"),
        ("ID=sles\nVERSION_ID=\"15.5\"\n", "2024-12-31"),
        ("ID=openEuler\nVERSION_ID=\"22.03\"\nVERSION=\"22.03 (LTS-SP3)\"\n", "2025-12-31"),
        ("ID=openEuler\nVERSION_ID=\"22.03\"\nVERSION=\"22.03 LTS\"\n", "-"),
        ("ID=anolis\nVERSION_ID=\"8.8\"\n", "2031-03-31"),
        ("ID=sles\nVERSION_ID=\"15.9\"\n", "-"),
        ("ID=kylin\nVERSION_ID=\"V10\"\n", "-"),
        ("ID=debian\n", "-"),
    ] {
        let shown = of(os_release);
        assert!(shown.contains(&format!("end-of-support={expected}@")), "{os_release}{shown}");
    }
}

#[test]
fn a_release_that_was_not_collected_is_not_known() {
    let shown = rows(&[("etc/hosts", "")], "asset", &["id", "platform", "vendor", "version", "complete", "end-of-support"]);
    assert_eq!(shown, ["id=host platform=linux vendor=- version=- complete=?not-recorded end-of-support=?not-collected"]);
}
