//! A path as it is asked for into the path that is meant: links are followed inside the asset and nowhere else.

use super::Lack;

/// The most links that are followed on the way to one artefact; what Linux follows (path_resolution(7)).
pub const LINKS_MOST: usize = 40;

/// A path after links.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    /// The path without links, `.` and `..`; empty for the asset's root.
    pub real: String,
    /// The target as stored, where the path itself is a link.
    pub link: Option<String>,
}

/// Follows links: an absolute target starts at the asset's root, and `..` stops there.
///
/// `link_at` is asked for each path on the way, whose directories are then free of links: the target where it is a link, nothing
/// where it is anything else, or why the way ends there. A way that ends inside a link's target ends in a dangling link.
pub(super) fn resolve(path: &str, mut link_at: impl FnMut(&str) -> Result<Option<String>, Lack>) -> Result<Resolved, Lack> {
    let mut pending: Vec<String> = names_backwards(path).collect();
    let mut real = String::new();
    let mut link = None;
    let mut links = 0;
    // How many names were pending when the link was met whose target is being walked.
    let mut within: Option<usize> = None;
    while let Some(name) = pending.pop() {
        within = within.filter(|mark| pending.len() >= *mark);
        let above = real.len();
        if name == ".." {
            real.truncate(real.rfind('/').unwrap_or(0));
            continue;
        }
        if above > 0 {
            real.push('/');
        }
        real.push_str(&name);
        let target = match link_at(&real) {
            Ok(None) => continue,
            Ok(Some(target)) => target,
            Err(Lack::Absent | Lack::NotCollected) if within.is_some() => return Err(Lack::Dangling),
            Err(lack) => return Err(lack),
        };
        links += 1;
        if links > LINKS_MOST {
            return Err(Lack::LinkLoop);
        }
        real.truncate(if target.starts_with('/') { 0 } else { above });
        within = within.or(Some(pending.len()));
        let is_last = pending.is_empty();
        pending.extend(names_backwards(&target));
        if is_last && link.is_none() {
            link = Some(target);
        }
    }
    Ok(Resolved { real, link })
}

/// The target of the link at a path, wherever it leads; `link_at` is that of [`resolve`].
pub(super) fn stored_link(path: &str, link_at: impl Fn(&str) -> Result<Option<String>, Lack>) -> Option<String> {
    let (above, name) = split(path.trim_matches('/'));
    let above = resolve(above, &link_at).ok()?.real;
    link_at(&join(&above, name)).ok()?
}

/// The names of a path, last first, without those that mean nothing.
fn names_backwards(path: &str) -> impl Iterator<Item = String> {
    path.split('/').rev().filter(|name| !name.is_empty() && *name != ".").map(str::to_owned)
}

/// A path's directory and last name.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A name in a directory.
pub(super) fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links as (path, target) pairs; `there` is everything else that exists.
    fn walk(path: &str, links: &[(&str, &str)], there: &[&str]) -> Result<(String, Option<String>), Lack> {
        let resolved = resolve(path, |real| match links.iter().find(|(from, _)| *from == real) {
            Some((_, target)) => Ok(Some((*target).to_owned())),
            None if there.contains(&real) => Ok(None),
            None => Err(Lack::Absent),
        });
        resolved.map(|Resolved { real, link }| (real, link))
    }

    #[track_caller]
    fn reaches(path: &str, links: &[(&str, &str)], there: &[&str], real: &str, link: Option<&str>) {
        assert_eq!(walk(path, links, there), Ok((real.to_owned(), link.map(str::to_owned))));
    }

    #[test]
    fn links_stay_inside() {
        // RHEL 8 and later: the PAM stack is an absolute link into what authselect wrote.
        let rhel = &[("etc/pam.d/system-auth", "/etc/authselect/system-auth")];
        let there = &["etc", "etc/pam.d", "etc/authselect", "etc/authselect/system-auth", "etc/passwd"];
        reaches("etc/pam.d/system-auth", rhel, there, "etc/authselect/system-auth", Some("/etc/authselect/system-auth"));
        reaches("etc/pam.d/x", &[("etc/pam.d/x", "../../../../etc/passwd")], there, "etc/passwd", Some("../../../../etc/passwd"));
        reaches("../../etc/./passwd/", &[], there, "etc/passwd", None);
        reaches("etc/..", &[], there, "", None);
        reaches("up", &[("up", "/")], there, "", Some("/"));
    }

    #[test]
    fn only_the_path_itself_is_called_a_link() {
        let merged = &[("lib", "usr/lib"), ("usr/lib/y", "x")];
        let there = &["usr", "usr/lib", "usr/lib/x"];
        reaches("lib/x", merged, there, "usr/lib/x", None);
        reaches("lib/y", merged, there, "usr/lib/x", Some("x"));
        reaches("a", &[("a", "b"), ("b", "/usr")], there, "usr", Some("b"));
    }

    #[test]
    fn a_missing_file_behind_a_link_is_missing_and_a_missing_target_dangles() {
        let merged = &[("lib", "usr/lib"), ("cut", "usr/gone")];
        let there = &["usr", "usr/lib"];
        assert_eq!(walk("lib/x", merged, there), Err(Lack::Absent));
        assert_eq!(walk("cut", merged, there), Err(Lack::Dangling));
        assert_eq!(walk("cut/x", merged, there), Err(Lack::Dangling));
        assert_eq!(walk("gone", merged, there), Err(Lack::Absent));
    }

    #[test]
    fn forty_links_are_followed_and_no_more() {
        let chain: Vec<(String, String)> = (0..60).map(|it| (format!("l{it}"), format!("l{}", it + 1))).collect();
        let links: Vec<(&str, &str)> = chain.iter().map(|(from, to)| (&**from, &**to)).collect();
        reaches("l0", &links[..40], &["l40"], "l40", Some("l1"));
        assert_eq!(walk("l0", &links[..41], &["l41"]), Err(Lack::LinkLoop));
        assert_eq!(walk("a/b", &[("a", "a")], &[]), Err(Lack::LinkLoop));
    }
}
