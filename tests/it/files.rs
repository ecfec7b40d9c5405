//! Owners and modes of files that matter, as the layout records them.

use jixian::snapshot::memory::{Memory, Node, Ownership};
use jixian::snapshot::{Asset, Description, Lack};

use crate::support::{rows, rows_of};

const COLUMNS: [&str; 7] = ["path", "kind", "mode", "owner", "group", "setuid", "world-writable"];

fn owned(mode: u32, owner: &str, group: &str) -> Ownership {
    Ownership { mode: Some(mode), owner: Some(owner.to_owned()), group: Some(group.to_owned()), ..Ownership::default() }
}

/// The row of one path on a host that has these.
fn row(path: &str, nodes: Vec<(&str, Node, Ownership)>) -> String {
    let mut memory = Memory::default();
    for (path, node, ownership) in nodes {
        memory.insert(path, node, ownership);
    }
    let asset = Asset::in_memory("host".to_owned(), Description::default(), memory);
    let named = |line: &String| line.split(' ').any(|cell| cell == format!("path={path}"));
    rows_of(&asset, "files", &COLUMNS).into_iter().filter(named).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_the_layout_records_is_shown() {
    let file = || Node::File(b"x".to_vec());
    let shadow = || vec![("etc/shadow", file(), owned(0o640, "root", "shadow"))];
    assert_eq!(
        row("etc/shadow", shadow()),
        "path=etc/shadow kind=file mode=0640 owner=root group=shadow setuid=false world-writable=false"
    );
    assert_eq!(
        row("etc/cron.d", vec![("etc/cron.d", Node::Directory { complete: true }, owned(0o1777, "root", "root"))]),
        "path=etc/cron.d kind=directory mode=1777 owner=root group=root setuid=false world-writable=true"
    );
    assert_eq!(
        row("etc/sudoers.d/a", vec![("etc/sudoers.d/a", file(), owned(0o4440, "root", "root"))]),
        "path=etc/sudoers.d/a kind=file mode=4440 owner=root group=root setuid=true world-writable=false"
    );
}

#[test]
fn numbers_of_owners_are_named_by_the_hosts_own_files() {
    let nodes = vec![
        ("etc/group", Node::File(b"root:x:0:\nshadow:x:42:\n".to_vec()), Ownership::default()),
        ("etc/shadow", Node::File(b"x".to_vec()), owned(0o640, "1000", "42")),
    ];
    assert!(row("etc/shadow", nodes).starts_with("path=etc/shadow kind=file mode=0640 owner=1000 group=shadow "));
}

#[test]
fn a_link_has_the_mode_of_its_target() {
    let nodes = vec![
        ("etc/motd", Node::Link("../run/motd".to_owned()), Ownership::default()),
        ("run/motd", Node::File(Vec::new()), owned(0o644, "root", "root")),
    ];
    assert!(row("etc/motd", nodes).starts_with("path=etc/motd kind=file mode=0644 owner=root"));
}

#[test]
fn absent_denied_and_unrecorded_are_told_apart() {
    let lacking = |lack| vec![("etc/shadow", Node::Lacking(lack), Ownership::default())];
    assert_eq!(row("etc/shadow", lacking(Lack::Absent)), "path=etc/shadow kind=absent mode=- owner=- group=- setuid=- world-writable=-");
    assert!(row("etc/shadow", lacking(Lack::Denied)).starts_with("gap path=etc/shadow kind=?denied mode=?denied"));
    assert!(row("etc/shadow", Vec::new()).starts_with("gap path=etc/shadow kind=?not-collected"));
    let plain = rows(&[("etc/shadow", "x")], "files", &COLUMNS);
    let unrecorded = "path=etc/shadow kind=file mode=?not-recorded owner=?not-recorded group=?not-recorded setuid=?not-recorded world-writable=?not-recorded";
    assert!(plain.iter().any(|line| line == unrecorded), "{plain:?}");
}

#[test]
fn a_directory_that_could_not_be_listed_leaves_a_gap_that_rules_about_its_files_meet() {
    let denied = vec![("etc/sudoers.d", Node::Lacking(Lack::Denied), Ownership::default())];
    assert!(row("etc/sudoers.d/unlisted", denied).starts_with("gap path=etc/sudoers.d/unlisted kind=?denied"));
}
