//! Removable media: what stops the USB storage driver, what USBGuard lets in, who mounts.
//!
//! What modprobe does with each line was seen with `modprobe -n -v --show-depends` of kmod 30 on two modules of which `uas` needs
//! `usb-storage`; what USBGuard does is usbguard-rules.conf(5) and usbguard-daemon.conf(5) of 1.1.2.

use crate::support::rows;

/// Everything that is not given is proven absent.
fn row(files: &[(&str, &str)]) -> String {
    let mut all = vec![("etc/modprobe.d", "!directory"), ("etc/usbguard", "!absent"), ("etc/systemd/system", "!directory")];
    all.extend(["run/modprobe.d", "usr/local/lib/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d"].map(|path| (path, "!absent")));
    all.retain(|(path, _)| !files.iter().any(|(given, _)| given == path || given.starts_with(&format!("{path}/"))));
    all.extend_from_slice(files);
    rows(&all, "removable-media", &["usb-storage@", "mechanism"]).concat()
}

/// The row for one file of modprobe.d.
fn modprobe(text: &str) -> String {
    row(&[("etc/modprobe.d/usb.conf", text)])
}

#[test]
fn install_of_nothing_blocks_and_blacklist_alone_does_not() {
    let here = "usb-storage=blocked@etc/modprobe.d/usb.conf";
    assert_eq!(modprobe("install usb-storage /bin/false\n"), format!("{here}:1 mechanism=[install usb-storage]"));
    assert_eq!(modprobe("# x\n  install usb_storage /bin/true # y\n"), format!("{here}:2 mechanism=[install usb-storage]"));
    assert_eq!(modprobe("install usb-storage \\\n  /usr/bin/false\n"), format!("{here}:1 mechanism=[install usb-storage]"));
    assert_eq!(modprobe("install usb* /bin/false\n"), format!("{here}:1 mechanism=[install usb-storage]"));
    assert_eq!(
        modprobe("blacklist usb-storage\nblacklist uas\n"),
        "usb-storage=open@etc/modprobe.d/usb.conf:1 mechanism=[blacklist usb-storage, blacklist uas]"
    );
    assert_eq!(
        modprobe("install uas /bin/false\n"),
        "usb-storage=open@etc/modprobe.d/usb.conf:1 mechanism=[install uas]",
        "usb-storage drives every device that uas would"
    );
    assert_eq!(modprobe("install usb-storage /sbin/modprobe -i usb-storage\n"), "usb-storage=open@etc/modprobe.d/usb.conf:1 mechanism=[]");
    assert_eq!(
        modprobe("# install usb-storage /bin/false\n#\\\ninstall usb-storage /bin/false\n"),
        "usb-storage=open@etc/modprobe.d mechanism=[]"
    );
    assert_eq!(modprobe("INSTALL usb-storage /bin/false\n"), "usb-storage=open@etc/modprobe.d mechanism=[]");
}

#[test]
fn the_first_install_by_file_name_decides() {
    let real = ("etc/modprobe.d/10-a.conf", "install usb-storage /sbin/modprobe --ignore-install usb-storage\n");
    let nothing = ("etc/modprobe.d/20-b.conf", "install usb-storage /bin/false\n");
    assert_eq!(row(&[nothing, real]), "usb-storage=open@etc/modprobe.d/10-a.conf:1 mechanism=[]");
    let hidden = [("etc/modprobe.d/50.conf", "-> /dev/null"), ("usr/lib/modprobe.d/50.conf", "install usb-storage /bin/false\n")];
    assert_eq!(row(&hidden), "usb-storage=open@etc/modprobe.d mechanism=[]");
}

#[test]
fn the_kernels_own_list_blocks_and_a_built_in_driver_is_not_asked_for() {
    assert_eq!(
        row(&[("proc/cmdline", "quiet module_blacklist=floppy,usb_storage audit=1\n")]),
        "usb-storage=blocked@proc/cmdline:1 mechanism=[module_blacklist usb-storage]"
    );
    let built_in = [
        ("usr/lib/modules/6.1.0/modules.builtin", "kernel/drivers/usb/storage/usb-storage.ko\n"),
        ("etc/modprobe.d/usb.conf", "install usb-storage /bin/false\n"),
    ];
    assert_eq!(row(&built_in), "usb-storage=open@usr/lib/modules/6.1.0/modules.builtin:1 mechanism=[]");
}

/// The row where USBGuard runs with this daemon configuration and these rules.
fn usbguard(daemon: &str, rules: &str) -> String {
    row(&[
        ("etc/usbguard/usbguard-daemon.conf", daemon),
        ("etc/usbguard/rules.conf", rules),
        ("etc/systemd/system/basic.target.wants/usbguard.service", "-> /usr/lib/systemd/system/usbguard.service"),
    ])
}

#[test]
fn usbguard_authorises_what_is_listed() {
    let known = "allow id 0951:1666 serial \"1\" with-interface 08:06:50\n";
    for (daemon, rules, expected) in [
        ("RuleFile=/etc/usbguard/rules.conf\n", known, "authorised"),
        ("ImplicitPolicyTarget=allow\n", known, "open"),
        ("ImplicitPolicyTarget=allow\n", "reject with-interface one-of { 08:*:* }\n", "authorised"),
        ("ImplicitPolicyTarget=allow\n", "reject with-interface equals { 08:*:* }\n", "open"),
        ("ImplicitPolicyTarget=block\n", "allow with-interface equals { 08:*:* }\n", "open"),
        ("ImplicitPolicyTarget=block\n", "allow via-port \"1-2\"\n", "open"),
        ("ImplicitPolicyTarget=block\n", "allow with-interface one-of { 03:00:01 03:01:01 }\n", "authorised"),
        ("ImplicitPolicyTarget=block\n", "reject with-interface one-of { 08:*:* }\nallow\n", "authorised"),
        ("ImplicitPolicyTarget=block\n", "allow if random(0.1666)\nreject\n", "open"),
        ("PresentDevicePolicy=keep\n", known, "open"),
        ("ImplicitPolicyTarget=block\n", "", "authorised"),
        ("ImplicitPolicyTarget=block\n", "alow 1:2\n", "?not-understood(authorised|open)"),
        ("ImplicitPolicyTarget=blok\n", known, "?not-understood(authorised|open)"),
    ] {
        let shown = usbguard(daemon, rules);
        assert!(shown.starts_with(&format!("usb-storage={expected}@")), "{daemon}{rules}{shown}");
    }
}

#[test]
fn usbguard_that_does_not_run_authorises_nothing() {
    let daemon = ("etc/usbguard/usbguard-daemon.conf", "ImplicitPolicyTarget=block\n");
    let rules = ("etc/usbguard/rules.conf", "");
    let link = ("etc/systemd/system/basic.target.wants/usbguard.service", "-> /usr/lib/systemd/system/usbguard.service");
    let mask = ("etc/systemd/system/usbguard.service", "-> /dev/null");
    assert_eq!(row(&[daemon, rules]), "usb-storage=open@etc/modprobe.d mechanism=[]");
    assert_eq!(row(&[daemon, rules, link, mask]), "usb-storage=open@etc/modprobe.d mechanism=[]");
    let without_units = [daemon, rules, ("etc/systemd/system", "!denied")];
    assert_eq!(row(&without_units), "usb-storage=?denied(authorised|open)@etc/systemd/system mechanism=?denied");
}

#[test]
fn what_was_not_collected_could_block() {
    let alone = [("etc/modprobe.d/a.conf", "options x y=1\n"), ("etc/systemd/system/a.wants", "!directory")];
    let columns = ["usb-storage", "mechanism"];
    assert_eq!(rows(&alone, "removable-media", &columns), ["usb-storage=?not-collected(blocked|open) mechanism=?not-collected"]);
    let truncated = [("etc/modprobe.d/a.conf", "!truncated blacklist x\n"), ("usr/lib/modprobe.d", "!absent")];
    assert!(row(&truncated).starts_with("usb-storage=?truncated(blocked|open)"), "{}", row(&truncated));
    assert_eq!(rows(&[("etc/hosts", "")], "removable-media", &columns), ["gap usb-storage=?not-collected mechanism=?not-collected"]);
}

#[test]
fn media_are_mounted_by_autofs_and_by_desktops() {
    let shown = |files: &[(&str, &str)]| rows(files, "removable-media", &["automount@", "autorun"]).concat();
    let wants = ("etc/systemd/system/multi-user.target.wants/autofs.service", "-> /usr/lib/systemd/system/autofs.service");
    let desktop = ("etc/systemd/system/display-manager.service", "-> /usr/lib/systemd/system/gdm.service");
    let server = ("etc/systemd/system/multi-user.target.wants/sshd.service", "-> /usr/lib/systemd/system/sshd.service");
    let off = ("etc/dconf/db/local.d/00-media", "[org/gnome/desktop/media-handling]\nautomount=false\nautorun-never=true\n");
    let lock = ("etc/dconf/db/local.d/locks/media", "/org/gnome/desktop/media-handling/automount\n");
    assert_eq!(shown(&[server]), "automount=false@etc/systemd/system autorun=-");
    assert_eq!(shown(&[server, wants]), "automount=true@step autorun=-");
    assert_eq!(shown(&[desktop, ("etc/dconf", "!absent")]), "automount=true@default autorun=true");
    assert_eq!(shown(&[desktop, off, lock]), "automount=false@etc/dconf/db/local.d/00-media:2 autorun=true");
    assert_eq!(
        shown(&[desktop, off, ("etc/dconf/db/local.d", "!directory")]),
        "automount=true@default autorun=true",
        "users override what is not locked"
    );
    assert_eq!(shown(&[("etc/modprobe.d/a.conf", "")]), "gap automount=?not-collected@nothing autorun=?not-collected");
}
