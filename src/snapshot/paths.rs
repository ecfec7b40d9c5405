//! A small tree of directories into the set of every path in it, so that what it lacks need not be asked for name by name.

use std::rc::Rc;

use foldhash::HashSet;
use rustix::fs::FileType;

use super::directory::{Directory, Names};
use super::filename;

/// The most paths that are listed.
const PATHS_MOST: usize = 512;

/// The most directories that are opened to list them; fewer than are kept open.
const DIRECTORIES_MOST: usize = 24;

/// Every path of a tree.
#[derive(Debug, Default)]
pub(super) struct Paths {
    all: HashSet<String>,
}

impl Paths {
    /// Whether something is at a path, which has neither `.` nor `..` nor an empty name.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.all.contains(path)
    }
}

/// Lists a tree from its root, whose directories are opened by path. None where it is larger than is worth it, could not be listed
/// whole, or holds what other paths can lead to: links, and names with more than one spelling.
pub(super) fn list(root: &Directory, open: impl Fn(&str) -> Option<Rc<Directory>>) -> Option<Paths> {
    let mut paths = Paths::default();
    let mut below = Vec::new();
    add(root.names().ok()?, "", &mut paths, &mut below)?;
    let mut opened = 0;
    while let Some(path) = below.pop() {
        opened += 1;
        if opened > DIRECTORIES_MOST {
            return None;
        }
        add(open(&path)?.names().ok()?, &path, &mut paths, &mut below)?;
    }
    Some(paths)
}

/// Adds what is in one directory.
fn add(names: &Names, directory: &str, paths: &mut Paths, below: &mut Vec<String>) -> Option<()> {
    if !names.all || paths.all.len() + names.list.len() > PATHS_MOST {
        return None;
    }
    for (name, kind) in &names.list {
        let has_one_spelling = filename::other_spellings(name).next().is_none();
        let is_plain = matches!(kind, FileType::RegularFile | FileType::Directory);
        if !has_one_spelling || !is_plain {
            return None;
        }
        let path = if directory.is_empty() { name.clone() } else { [directory, "/", name].concat() };
        if *kind == FileType::Directory {
            below.push(path.clone());
        }
        paths.all.insert(path);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::super::folder::{Folder, Standing};
    use super::super::{Listing, Look};
    use super::*;
    use crate::snapshot::{Completeness, Lack};

    const ASKED: &[&str] = &[
        "",
        "etc",
        "etc/",
        "/etc",
        "./etc",
        "etc/.",
        "etc//passwd",
        "etc/passwd",
        "etc/passwd/below",
        "etc/../etc/passwd",
        "etc/ssh/../passwd",
        "etc/ssh/sshd_config",
        "etc/ssh/.hidden",
        "etc/shadow",
        "etc/link",
        "etc/link/sshd_config",
        "etc/nowhere",
        "etc/空",
        "etc/\u{0}",
        "missing",
        "missing/below",
        "missing/../etc/passwd",
        "commands",
    ];

    type Answers = (Result<(Vec<u8>, Completeness), Lack>, Result<Listing, Lack>, Look, Option<String>);

    fn answers(folder: &Folder, path: &str) -> Answers {
        let mut bytes = Vec::new();
        let read = folder.read(path, &mut bytes).map(|completeness| (bytes, completeness));
        (read, folder.list(path), folder.look(path), folder.link(path))
    }

    /// A folder that was asked for nothing yet answers from the operating system, one that missed much may know from its list.
    fn check(tree: &Path, is_listed: bool) {
        let open = || Folder::open(tree, Standing::Copy, true).expect("the tree is there");
        let listed = open();
        for number in 0..20 {
            assert_eq!(listed.look(&format!("nothing-{number}")).lack, Some(Lack::NotCollected));
        }
        assert_eq!(listed.lacks("nothing").is_some(), is_listed);
        assert_eq!(listed.lacks("etc/passwd"), None);
        for path in ASKED {
            let answers_of_system = answers(&open(), path);
            assert_eq!(answers(&listed, path), answers_of_system, "{path:?}");
            if let Some(lack) = listed.lacks(path) {
                assert_eq!((Err(lack), Err(lack), Look::lacking(lack), None), answers_of_system, "{path:?}");
            }
        }
    }

    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().expect("a directory for the test");
        fs::create_dir_all(tree.path().join("etc/ssh")).expect("a directory");
        for file in ["etc/passwd", "etc/ssh/sshd_config", "etc/ssh/.hidden"] {
            fs::write(tree.path().join(file), file).expect("a file");
        }
        tree
    }

    #[test]
    fn a_listed_tree_answers_what_the_operating_system_does() {
        check(tree().path(), true);
    }

    #[test]
    fn links_and_names_of_two_spellings_are_looked_for_one_by_one() {
        let linked = tree();
        symlink("ssh", linked.path().join("etc/link")).expect("a link");
        check(linked.path(), false);
        let spelled = tree();
        // 空 in GB18030.
        fs::write(spelled.path().join("etc").join(std::ffi::OsStr::from_bytes(b"\xbf\xd5")), "").expect("a file");
        check(spelled.path(), false);
    }

    #[test]
    fn a_large_tree_is_not_listed() {
        let many = tree();
        (0..PATHS_MOST).for_each(|number| fs::write(many.path().join(format!("etc/{number}")), "").expect("a file"));
        check(many.path(), false);
        let wide = tree();
        (0..=DIRECTORIES_MOST).for_each(|number| fs::create_dir(wide.path().join(format!("etc/d{number}"))).expect("a directory"));
        check(wide.path(), false);
    }

    #[test]
    fn a_root_is_asked_itself() {
        let root = tree();
        let folder = Folder::open(root.path(), Standing::Root, true).expect("the tree is there");
        (0..20).for_each(|number| assert_eq!(folder.look(&format!("nothing-{number}")).lack, Some(Lack::Absent)));
        assert_eq!(folder.lacks("nothing"), None);
    }
}
