//! Kernel parameters: order, patterns, combination with `conf.all`, what is not collected.
//!
//! Order and patterns are those of systemd-sysctl 252 (`--cat-config`, sysctl.d(5)); how values combine is ip-sysctl.rst of Linux 6.1.

use crate::support::rows;

const COLUMNS: [&str; 3] = ["interface", "number@", "origin"];

/// A tree in which everything that is not given is proven absent.
fn proven<'a>(files: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![("etc/sysctl.d", "!directory"), ("etc/ufw", "!absent")];
    all.extend(["run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d"].map(|path| (path, "!absent")));
    all.retain(|(path, _)| !files.iter().any(|(given, _)| given.starts_with(&format!("{path}/"))));
    all.extend_from_slice(files);
    all
}

/// The rows of one name, everything else proven absent.
fn of(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    named(name, &proven(files))
}

/// The rows of one name.
fn named(name: &str, files: &[(&str, &str)]) -> Vec<String> {
    let mut columns = vec!["name"];
    columns.extend(COLUMNS);
    let (known, gap) = (format!("name={name} "), format!("gap name={name} "));
    let of_name = |line: &String| match line.strip_prefix(&known) {
        Some(cells) => Some(cells.to_owned()),
        None => line.strip_prefix(&gap).and_then(|cells| cells.split('@').next()).map(|cells| format!("gap {cells}")),
    };
    rows(files, "sysctl", &columns).iter().filter_map(of_name).collect()
}

#[test]
fn the_last_file_by_name_wins_whatever_its_directory() {
    let files = [
        ("etc/sysctl.d/50-a.conf", "kernel.sysrq = 1\n"),
        ("usr/lib/sysctl.d/60-b.conf", "# c\n; c\nkernel/sysrq=16\n"),
        ("run/sysctl.d/55-c.conf", "kernel.sysrq = 4\n"),
    ];
    assert_eq!(of("kernel.sysrq", &files), ["interface=* number=16@usr/lib/sysctl.d/60-b.conf:3 origin=file"]);
}

#[test]
fn a_file_of_the_same_name_in_etc_hides_the_vendors() {
    let vendor = ("usr/lib/sysctl.d/50-default.conf", "kernel.sysrq = 16\nkernel.kptr_restrict = 1\n");
    let hidden = of("kernel.kptr_restrict", &[("etc/sysctl.d/50-default.conf", "kernel.sysrq = 0\n"), vendor]);
    assert_eq!(hidden, ["interface=* number=0@default origin=default"]);
    let switched_off = of("kernel.kptr_restrict", &[("etc/sysctl.d/50-default.conf", "-> /dev/null"), vendor]);
    assert_eq!(switched_off, ["interface=* number=0@default origin=default"]);
    assert_eq!(of("kernel.kptr_restrict", &[vendor]), ["interface=* number=1@usr/lib/sysctl.d/50-default.conf:2 origin=file"]);
}

#[test]
fn sysctl_conf_stands_where_its_link_stands() {
    let files = [
        ("etc/sysctl.conf", "net.ipv4.ip_forward=0\n"),
        ("etc/sysctl.d/99-sysctl.conf", "-> ../sysctl.conf"),
        ("etc/sysctl.d/k8s.conf", "net.ipv4.ip_forward=1\n"),
    ];
    assert_eq!(of("net.ipv4.ip_forward", &files), ["interface=* number=1@etc/sysctl.d/k8s.conf:1 origin=file"]);
}

#[test]
fn an_unlinked_sysctl_conf_is_read_by_procps_alone() {
    let files = [("etc/sysctl.conf", "net.ipv4.tcp_syncookies=0\n"), ("etc/sysctl.d/a.conf", "kernel.sysrq=0\n")];
    assert_eq!(of("net.ipv4.tcp_syncookies", &files), ["interface=* number=?not-linked(1|0)@etc/sysctl.conf:1 origin=file"]);
    let agreeing = [("etc/sysctl.conf", "kernel.sysrq=0\n"), ("etc/sysctl.d/a.conf", "kernel.sysrq=0\n")];
    assert_eq!(of("kernel.sysrq", &agreeing), ["interface=* number=0@etc/sysctl.d/a.conf:1 origin=file"]);
}

#[test]
fn ufw_applies_its_own_file_last() {
    let files = [
        ("etc/ufw/ufw.conf", "ENABLED=yes\n"),
        ("etc/ufw/sysctl.conf", "net/ipv4/tcp_syncookies=0\n"),
        ("etc/sysctl.d/zz.conf", "net.ipv4.tcp_syncookies=1\n"),
        ("etc/default", "!absent"),
    ];
    assert_eq!(of("net.ipv4.tcp_syncookies", &files), ["interface=* number=0@etc/ufw/sysctl.conf:1 origin=file"]);
}

#[test]
fn explicit_keys_beat_patterns_in_whatever_order() {
    let text =
        "net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 1\nnet.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.eth1.rp_filter\n";
    // eth1 is excluded from the pattern and has what new interfaces get; `default` is set by the pattern like any other.
    assert_eq!(
        of("net.ipv4.conf.rp_filter", &[("etc/sysctl.d/a.conf", text)]),
        ["interface=* number=2@etc/sysctl.d/a.conf:3 origin=file", "interface=eth0 number=1@etc/sysctl.d/a.conf:2 origin=file"]
    );
}

#[test]
fn rp_filter_is_the_greater_of_all_and_the_interface() {
    let text = "net.ipv4.conf.all.rp_filter=1\nnet.ipv4.conf.default.rp_filter=0\nnet.ipv4.conf.eth0.100.rp_filter=2\nnet.ipv4.conf.eth0/200.rp_filter=2\n";
    assert_eq!(
        of("net.ipv4.conf.rp_filter", &[("etc/sysctl.d/a.conf", text)]),
        ["interface=* number=1@etc/sysctl.d/a.conf:1 origin=file", "interface=eth0.200 number=2@etc/sysctl.d/a.conf:4 origin=file"]
    );
}

#[test]
fn redirects_are_accepted_by_either_switch_on_hosts_and_by_both_on_routers() {
    let all_off = "net.ipv4.conf.all.accept_redirects=0\n";
    let both_off = "net.ipv4.conf.all.accept_redirects=0\nnet.ipv4.conf.default.accept_redirects=0\n";
    let routing = "net.ipv4.conf.all.accept_redirects=0\nnet.ipv4.ip_forward=1\n";
    let value = |text| of("net.ipv4.conf.accept_redirects", &[("etc/sysctl.d/a.conf", text)]);
    // The interface's own value stays TRUE, and on a host one of the two is enough.
    assert_eq!(value(all_off), ["interface=* number=1@default origin=default"]);
    assert_eq!(value(both_off), ["interface=* number=0@etc/sysctl.d/a.conf:1 origin=file"]);
    assert_eq!(value(routing), ["interface=* number=0@etc/sysctl.d/a.conf:1 origin=file"]);
    // Switching routing on resets what was set before it.
    let reset = "net.ipv4.conf.all.accept_redirects=1\nnet.ipv4.ip_forward=1\n";
    assert_eq!(value(reset), ["interface=* number=0@etc/sysctl.d/a.conf:1 origin=file"]);
    let afterwards = "net.ipv4.ip_forward=1\nnet.ipv4.conf.all.accept_redirects=1\n";
    assert_eq!(value(afterwards), ["interface=* number=1@etc/sysctl.d/a.conf:2 origin=file"]);
}

#[test]
fn ipv6_looks_at_the_interface_alone() {
    let all = [("etc/sysctl.d/a.conf", "net.ipv6.conf.all.accept_redirects=0\n")];
    assert_eq!(of("net.ipv6.conf.accept_redirects", &all), ["interface=* number=1@default origin=default"]);
    let default = [("etc/sysctl.d/a.conf", "net.ipv6.conf.default.accept_redirects=0\n")];
    assert_eq!(of("net.ipv6.conf.accept_redirects", &default), ["interface=* number=0@etc/sysctl.d/a.conf:1 origin=file"]);
    let routing = [("etc/sysctl.d/a.conf", "net.ipv6.conf.all.forwarding=1\n")];
    assert_eq!(of("net.ipv6.conf.accept_ra", &routing), ["interface=* number=0@default origin=default"]);
    let off = [("etc/sysctl.d/a.conf", "net.ipv6.conf.all.disable_ipv6=1\n")];
    assert_eq!(of("net.ipv6.conf.accept_ra", &off), ["interface=* number=0@etc/sysctl.d/a.conf:1 origin=file"]);
    let on_again = [("etc/sysctl.d/a.conf", "net.ipv6.conf.all.disable_ipv6=1\nnet.ipv6.conf.eth0.disable_ipv6=0\n")];
    assert_eq!(
        of("net.ipv6.conf.accept_ra", &on_again),
        ["interface=* number=0@etc/sysctl.d/a.conf:1 origin=file", "interface=eth0 number=1@default origin=default"]
    );
}

#[test]
fn nothing_passes_on_directories_that_were_not_collected() {
    // What is seen is shown, so that a violation fails; the gap beside it keeps the rest from passing.
    let early = [("etc/sysctl.d/50-a.conf", "kernel.kptr_restrict=2\n")];
    assert_eq!(
        named("kernel.kptr_restrict", &early),
        ["interface=* number=2@etc/sysctl.d/50-a.conf:1 origin=file", "gap interface=?not-collected number=?not-collected"]
    );
    // Vendors' files stand below 99, so that this one decides.
    let late = [("etc/sysctl.d/99-a.conf", "kernel.kptr_restrict=2\nfs.protected_symlinks=1\n")];
    assert_eq!(named("kernel.kptr_restrict", &late), ["interface=* number=2@etc/sysctl.d/99-a.conf:1 origin=file"]);
    assert_eq!(named("kernel.sysrq", &late), ["interface=* number=?not-collected@default origin=default"]);
    // Debian's 99-protect-links.conf would come later.
    assert_eq!(
        named("fs.protected_symlinks", &late),
        ["interface=* number=1@etc/sysctl.d/99-a.conf:2 origin=file", "gap interface=?not-collected number=?not-collected"]
    );
    assert_eq!(rows(&[("etc/hosts", "")], "sysctl", &["name"]), ["gap name=?not-collected"]);
}

#[test]
fn a_file_that_cannot_be_read_could_replace_what_stands_before_it() {
    let file = |path, text| (path, text);
    let truncated = [file("etc/sysctl.d/a.conf", "!truncated kernel.kptr_restrict=2\n")];
    assert_eq!(
        of("kernel.kptr_restrict", &truncated),
        ["interface=* number=2@etc/sysctl.d/a.conf:1 origin=file", "gap interface=?truncated number=?truncated"]
    );
    let after = [file("etc/sysctl.d/a.conf", "kernel.kptr_restrict=2\n"), file("etc/sysctl.d/b.conf", "!denied")];
    assert_eq!(
        of("kernel.kptr_restrict", &after),
        ["interface=* number=2@etc/sysctl.d/a.conf:1 origin=file", "gap interface=?denied number=?denied"]
    );
    let before = [file("etc/sysctl.d/a.conf", "!denied"), file("etc/sysctl.d/b.conf", "kernel.kptr_restrict=2\n")];
    assert_eq!(of("kernel.kptr_restrict", &before), ["interface=* number=2@etc/sysctl.d/b.conf:1 origin=file"]);
}

#[test]
fn the_running_value_decides() {
    let running = "kernel.sysrq = 1\nnet.ipv4.ip_forward = 1\nnet.ipv4.conf.all.log_martians = 0\nnet.ipv4.conf.default.log_martians = 1\n\
        net.ipv4.conf.docker0.log_martians = 0\nnet.ipv4.conf.eth0.log_martians = 1\nnet.ipv4.conf.lo.log_martians = 0\n";
    let files = [("commands/sysctl-a", running), ("etc/sysctl.d/99-a.conf", "kernel.sysrq = 0\nnet.ipv4.ip_forward = 0\n")];
    assert_eq!(named("kernel.sysrq", &files), ["interface=* number=1@commands/sysctl-a:1 origin=runtime"]);
    assert_eq!(named("net.ipv4.ip_forward", &files), ["interface=* number=1@commands/sysctl-a:2 origin=runtime"]);
    assert_eq!(
        named("net.ipv4.conf.log_martians", &files),
        ["interface=* number=1@commands/sysctl-a:4 origin=runtime", "interface=docker0 number=0@commands/sysctl-a:3 origin=runtime"]
    );
    // A name that the running kernel lacks has no row.
    assert_eq!(named("kernel.yama.ptrace_scope", &files), [""; 0]);
}

#[test]
fn what_is_no_number_is_shown_and_satisfies_nothing() {
    let files = proven(&[("etc/sysctl.d/a.conf", "net.ipv4.tcp_syncookies = yes\nkernel.randomize_va_space = 0x2 \n")]);
    let shown = rows(&files, "sysctl", &["name", "value", "number", "on"]);
    assert!(shown.contains(&"name=net.ipv4.tcp_syncookies value=yes number=- on=-".to_owned()), "{shown:?}");
    assert!(shown.contains(&"name=kernel.randomize_va_space value=0x2 number=2 on=-".to_owned()), "{shown:?}");
}
