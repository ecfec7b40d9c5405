//! Network services that systemd, xinetd or inetd start: systemd.unit(5), xinetd.conf(5), inetd(8).

use crate::support::rows;

const COLUMNS: [&str; 4] = ["name@", "port", "enabled", "cleartext"];

fn of(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![
        ("etc/systemd/system", "!directory"),
        ("etc/xinetd.d", "!absent"),
        ("etc/xinetd.conf", "!absent"),
        ("etc/inetd.conf", "!absent"),
    ];
    all.retain(|(path, _)| !files.iter().any(|(given, _)| given == path || given.starts_with(&format!("{path}/"))));
    all.extend_from_slice(files);
    rows(&all, "services", &COLUMNS)
}

#[test]
fn enabled_units_are_services_and_masked_ones_are_not() {
    let telnet = ("etc/systemd/system/sockets.target.wants/telnet.socket", "-> /usr/lib/systemd/system/telnet.socket");
    let ssh = ("etc/systemd/system/multi-user.target.wants/ssh.service", "-> /usr/lib/systemd/system/ssh.service");
    let mask = ("etc/systemd/system/telnet.socket", "-> /dev/null");
    assert_eq!(
        of(&[telnet, ssh]),
        ["name=sshd@step port=22 enabled=true cleartext=false", "name=telnet@step port=23 enabled=true cleartext=true"]
    );
    assert_eq!(of(&[telnet, mask]), [""; 0]);
}

#[test]
fn xinetd_starts_what_is_not_disabled() {
    let runs = ("etc/systemd/system/multi-user.target.wants/xinetd.service", "-> /usr/lib/systemd/system/xinetd.service");
    let files = [
        runs,
        ("etc/xinetd.conf", "defaults\n{\n\tdisabled = tftp\n}\nincludedir /etc/xinetd.d\n"),
        ("etc/xinetd.d/a-telnet", "service telnet\n{\n\tsocket_type = stream\n}\n"),
        ("etc/xinetd.d/b-rsh", "service shell\n{\n\tdisable\t= yes\n}\n"),
        ("etc/xinetd.d/c-tftp", "service tftp\n{\n\tdisable = no\n}\n"),
    ];
    assert_eq!(
        of(&files),
        [
            "name=xinetd@step port=- enabled=true cleartext=?depends-on-configuration",
            "name=telnet@etc/xinetd.d/a-telnet:1 port=23 enabled=true cleartext=true",
            "name=rsh@etc/xinetd.d/b-rsh:3 port=514 enabled=false cleartext=true",
            "name=tftp@etc/xinetd.d/c-tftp:3 port=69 enabled=false cleartext=true",
        ]
    );
    assert_eq!(of(&files[1..]), [""; 0], "xinetd does not start");
}

#[test]
fn inetd_starts_every_line() {
    let runs = ("etc/systemd/system/multi-user.target.wants/openbsd-inetd.service", "-> /lib/systemd/system/openbsd-inetd.service");
    let file = (
        "etc/inetd.conf",
        "#ftp stream tcp nowait root /usr/sbin/tcpd in.ftpd\n127.0.0.1:telnet stream tcp nowait root /usr/sbin/in.telnetd\n",
    );
    assert_eq!(of(&[runs, file])[1], "name=telnet@etc/inetd.conf:2 port=23 enabled=true cleartext=true");
}

#[test]
fn runlevels_tell_where_there_is_no_systemd() {
    let files = [
        ("etc/systemd", "!absent"),
        ("etc/rc.d/rc3.d/S56xinetd", "-> ../init.d/xinetd"),
        ("etc/rc.d/rc3.d/K50snmpd", "-> ../init.d/snmpd"),
    ];
    assert_eq!(
        rows(&files, "services", &["name", "enabled"]),
        ["name=xinetd enabled=true", "gap name=?not-collected enabled=?not-collected"]
    );
}

#[test]
fn units_that_were_not_collected_could_start_anything() {
    assert_eq!(rows(&[("etc/hosts", "")], "services", &["name"]), ["gap name=?not-collected"]);
    let denied = [("etc/systemd/system", "!denied")];
    assert_eq!(rows(&denied, "services", &["name"]), ["gap name=?denied"]);
}
