//! What the console shows before and after login: agetty(8), pam_motd(8).

use crate::support::rows;

fn of(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![
        ("etc/issue", "!absent"),
        ("usr/lib/issue", "!absent"),
        ("etc/issue.d", "!absent"),
        ("etc/motd", "!absent"),
        ("etc/motd.d", "!absent"),
    ];
    all.retain(|(path, _)| !files.iter().any(|(given, _)| given == path || given.starts_with(&format!("{path}/"))));
    all.extend_from_slice(files);
    let shown = rows(&all, "banner", &["scope", "present@", "mentions-product@"]);
    shown.into_iter().filter(|line| line.contains("scope=console") || line.contains("scope=motd")).collect()
}

#[test]
fn banners_are_there_where_they_say_something() {
    let nothing = "present=false@etc/motd mentions-product=false@etc/motd";
    assert_eq!(
        of(&[("etc/issue", "\n  \nAuthorised use only.\n")]),
        ["scope=console present=true@etc/issue:3 mentions-product=false@etc/issue".to_owned(), format!("scope=motd {nothing}")]
    );
    assert_eq!(of(&[("etc/issue", " \n\n")])[0], "scope=console present=false@etc/issue mentions-product=false@etc/issue");
    assert_eq!(
        of(&[("etc/issue.d/a.issue", "仅限授权使用\n")])[0],
        "scope=console present=true@etc/issue.d/a.issue:1 mentions-product=false@etc/issue"
    );
}

#[test]
fn names_and_escapes_tell_which_system_it_is() {
    // The file as Red Hat ships it, and as Debian does.
    assert_eq!(
        of(&[("etc/issue", "\\S\nKernel \\r on an \\m\n")])[0],
        "scope=console present=true@etc/issue:1 mentions-product=true@etc/issue:1"
    );
    assert_eq!(
        of(&[("etc/issue", "x\nDebian GNU/Linux 12 \\n \\l\n")])[0],
        "scope=console present=true@etc/issue:1 mentions-product=true@etc/issue:2"
    );
    assert_eq!(of(&[("etc/issue", "host \\n on \\l\n")])[0], "scope=console present=true@etc/issue:1 mentions-product=false@etc/issue");
    assert_eq!(of(&[("etc/motd", "\\S\n")])[1], "scope=motd present=true@etc/motd:1 mentions-product=false@etc/motd");
    let own = [("etc/os-release", "ID=x\nNAME=\"Bank OS\"\n"), ("etc/issue", "bank os\n")];
    assert_eq!(of(&own)[0], "scope=console present=true@etc/issue:1 mentions-product=true@etc/issue:1");
}

#[test]
fn what_was_not_read_could_show_anything() {
    let shown = rows(&[("etc/issue", "!denied"), ("etc/motd", "!absent")], "banner", &["scope", "present"]);
    assert!(shown.contains(&"scope=console present=?denied".to_owned()), "{shown:?}");
    assert!(shown.contains(&"scope=motd present=?not-collected".to_owned()), "{shown:?}");
}
