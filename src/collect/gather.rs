//! The records of a host into what its manifest says: each path with what was got of it, and what is proven not to be there.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::{Record, Stream};
use super::listing::{Listed, parse};
use super::script::ITEM_BYTES_MOST;
use crate::snapshot::filename;
use crate::snapshot::manifest::{LINES_MOST, Line, PATH_BYTES_MOST, Sort, Status};
use crate::snapshot::store::without_contradictions;

/// What is kept at each path.
pub type Artefacts = BTreeMap<String, (Line, Option<Vec<u8>>)>;

/// What was gathered, and what stands in the way of completeness.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The artefacts.
    pub artefacts: Artefacts,
    /// How many things were not told: names with line ends, loops of links, paths that are too long.
    pub untold: usize,
    /// Paths whose content was asked for.
    tried: BTreeSet<String>,
}

/// Gathers the records of a stream.
pub fn gather(stream: &Stream<'_>) -> Gathered {
    let mut gathered = Gathered::default();
    let mut records = stream.records.iter().peekable();
    while let Some(record) = records.next() {
        // How an item ended stands behind it, unless it was cut.
        let ended = records.next_if(|next| next.kind == b'E');
        let exit = ended.and_then(|ended| std::str::from_utf8(ended.words).ok()?.trim().parse::<i32>().ok());
        match record.kind {
            b'L' => gathered.looks(record.payload),
            b'D' => gathered.directory(record, exit),
            b'F' => gathered.file(record, exit),
            b'C' => gathered.command(record, exit),
            b'X' => gathered.refused(record),
            _ => gathered.untold += 1,
        }
    }
    without_contradictions(&mut gathered.artefacts);
    gathered
}

impl Gathered {
    /// The line of a path; none where the path cannot be one.
    fn at(&mut self, path: &[u8]) -> Option<&mut (Line, Option<Vec<u8>>)> {
        let path = filename::text(path.strip_prefix(b"/").unwrap_or(path));
        let odd = path.len() > PATH_BYTES_MOST || path.contains('\0') || path.split('/').any(|name| matches!(name, "" | "." | ".."));
        // Where a manifest keeps outputs no file of a host can stand.
        let taken = path == "commands" || path.starts_with("commands/");
        if odd || taken || self.artefacts.len() >= LINES_MOST {
            self.untold += 1;
            return None;
        }
        let path = path.into_owned();
        let new = || (Line::new(&path, Sort::File, Status::NotCollected), None);
        Some(self.artefacts.entry(path.clone()).or_insert_with(new))
    }

    /// What `ls -ldn` says of paths, and why it says nothing of others.
    fn looks(&mut self, payload: &[u8]) {
        for line in payload.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            if let Some((path, status)) = failed(line) {
                if let Some((line, _)) = self.at(path).filter(|(line, bytes)| line.status == Status::NotCollected && bytes.is_none()) {
                    line.status = status;
                }
                continue;
            }
            match parse(line).and_then(|listed| Some((listed.path()?, listed))) {
                Some((path, listed)) => self.described(path, &listed),
                None => self.untold += 1,
            }
        }
    }

    /// Notes kind, owner and mode of a path.
    fn described(&mut self, path: &[u8], listed: &Listed<'_>) {
        let tried = self.tried.contains(&*filename::text(path.strip_prefix(b"/").unwrap_or(path)));
        let Some((line, _)) = self.at(path) else { return };
        if listed.kind == Sort::Link {
            let target = listed.target().map(|target| filename::text(target).into_owned());
            let target = target.filter(|target| !target.is_empty() && target.len() <= PATH_BYTES_MOST);
            let status = if target.is_some() { Status::Ok } else { Status::NotCollected };
            *line = Line { target, ..Line::new(&line.path, Sort::Link, status) };
            return;
        }
        line.mode = listed.mode.map(|mode| format!("{mode:04o}"));
        line.owner = Some(named(listed.owner));
        line.group = Some(named(listed.group));
        line.size = listed.size_bytes;
        match line.status {
            Status::Denied => line.kind = listed.kind,
            Status::NotCollected | Status::Absent if !tried => {
                line.kind = listed.kind;
                line.status = if listed.kind == Sort::Other { Status::Ok } else { Status::Listed };
            }
            // What was read says more.
            _ => {}
        }
    }

    /// The names in a directory. It is complete only where every line is understood and `ls` had no error.
    fn directory(&mut self, record: &Record<'_>, exit: Option<i32>) {
        let mut complete = exit == Some(0) && record.payload.len() <= ITEM_BYTES_MOST;
        let untold = self.untold;
        let mut names: Vec<&[u8]> = Vec::new();
        let prefix = if record.words == b"/" { b"" } else { record.words };
        for line in record.payload.split(|byte| *byte == b'\n') {
            if line.is_empty() || line.starts_with(b"total ") {
                continue;
            }
            let Some((name, listed)) = parse(line).and_then(|listed| Some((listed.name()?, listed))) else {
                complete = false;
                continue;
            };
            match name {
                b"." | b".." => {}
                name if name.contains(&b'/') => complete = false,
                name => {
                    names.push(name);
                    self.described(&[prefix, b"/", name].concat(), &listed);
                }
            }
        }
        // Two lines for one name: one of them is made up by a name with a line end.
        names.sort_unstable();
        complete &= names.windows(2).all(|pair| pair[0] != pair[1]) && self.untold == untold;
        if prefix.is_empty() {
            // Completeness of the root would prove more than was listed: a manifest takes it for the whole tree.
            return;
        }
        if let Some((line, bytes)) = self.at(record.words) {
            line.kind = Sort::Directory;
            line.status = if complete { Status::Ok } else { Status::Truncated };
            *bytes = None;
        }
    }

    /// The content of a file.
    fn file(&mut self, record: &Record<'_>, exit: Option<i32>) {
        let Some((line, bytes)) = self.at(record.words) else { return };
        line.kind = Sort::File;
        let (status, kept) = ended(record.payload, exit);
        line.status = status;
        *bytes = kept.map(<[u8]>::to_vec);
        let path = line.path.clone();
        self.tried.insert(path);
    }

    /// The output of a command. One that failed may have printed less than it would have: what it does not show may still be there.
    fn command(&mut self, record: &Record<'_>, exit: Option<i32>) {
        let name = String::from_utf8_lossy(record.words).into_owned();
        if name.is_empty() || name.contains('/') || name.contains('\0') {
            self.untold += 1;
            return;
        }
        let path = format!("commands/{name}");
        let (status, kept) = match exit {
            // timeout(1) ends with 124; what a signal 9 ended is 137, or 265 to ksh93.
            Some(124 | 137 | 265) => (Status::Timeout, None),
            Some(0) | None => ended(record.payload, exit),
            Some(127) if record.payload.is_empty() => (Status::NoProgram, None),
            Some(_) if record.payload.is_empty() => (Status::NotCollected, None),
            Some(_) => (Status::Truncated, ended(record.payload, Some(0)).1),
        };
        let line = Line { exit, ..Line::new(&path, Sort::Command, status) };
        self.artefacts.insert(path, (line, kept.map(<[u8]>::to_vec)));
    }

    /// A file or directory that may not be read.
    fn refused(&mut self, record: &Record<'_>) {
        let (status, path) = match record.words.iter().position(|byte| *byte == b' ') {
            Some(at) if &record.words[..at] == b"denied" => (Status::Denied, &record.words[at + 1..]),
            Some(at) => (Status::NotCollected, &record.words[at + 1..]),
            None => return self.untold += 1,
        };
        if let Some((line, bytes)) = self.at(path) {
            line.status = status;
            *bytes = None;
            let path = line.path.clone();
            self.tried.insert(path);
        }
    }
}

/// What was got of a content that ended in this way. Without its end it was cut, if it is as long as that; else it is not whole.
fn ended(payload: &[u8], exit: Option<i32>) -> (Status, Option<&[u8]>) {
    if payload.len() > ITEM_BYTES_MOST {
        return (Status::Truncated, Some(&payload[..ITEM_BYTES_MOST]));
    }
    if exit == Some(0) { (Status::Ok, Some(payload)) } else { (Status::NotCollected, None) }
}

/// The path of which `ls` says that it is not there or may not be seen: `ls: cannot access '/x': …` or `ls: /x: …`.
fn failed(line: &[u8]) -> Option<(&[u8], Status)> {
    let rest = line.strip_prefix(b"ls: ")?;
    let colon = memchr::memmem::rfind(rest, b": ")?;
    let status = match &rest[colon + 2..] {
        b"No such file or directory" | b"Not a directory" => Status::Absent,
        b"Permission denied" | b"Operation not permitted" => Status::Denied,
        _ => Status::NotCollected,
    };
    let named = &rest[..colon];
    let path = match named.strip_suffix(b"'") {
        Some(quoted) => &quoted[memchr::memchr(b'\'', quoted)? + 1..],
        None => &named[memchr::memchr(b'/', named)?..],
    };
    path.starts_with(b"/").then_some((path, status))
}

/// An owner as evidence names it: the superuser is known, others are numbers.
fn named(id: u32) -> String {
    if id == 0 { "root".to_owned() } else { id.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::frame;

    const NONCE: &str = "00112233445566778899aabbccddeeff";

    /// Path, kind, status, and what is kept.
    fn gathered(parts: &[&str]) -> Vec<String> {
        let counted = parts.iter().filter(|part| !part.starts_with('E')).count() + 1;
        let mut text: String = ["B 1\n"].iter().chain(parts).map(|part| format!("\n--{NONCE} {part}")).collect();
        text.push_str(&format!("\n--{NONCE} Z {counted}\n"));
        let stream = frame::parse(text.as_bytes(), None).expect("a stream");
        let shown = gather(&stream).artefacts.into_values().map(|(line, bytes)| {
            let kept = bytes.map_or(String::new(), |bytes| format!(" {}", String::from_utf8_lossy(&bytes)));
            let line = serde_json::to_string(&line).expect("a line is JSON").replace(['"', '{', '}'], "");
            format!("{line}{kept}")
        });
        shown.collect()
    }

    #[test]
    fn a_directory_is_complete_only_where_every_line_is_understood() {
        let whole = "D /etc/x.d\ntotal 4\ndrwxr-xr-x 2 0 0 40 Nov 23 07:00 .\n-rw-r----- 1 0 42 5 Nov 23  2025 a b.conf\n";
        assert_eq!(
            gathered(&[whole, "E 0\n"]),
            ["path:etc/x.d,kind:directory,status:ok", "path:etc/x.d/a b.conf,kind:file,status:listed,size:5,mode:0640,owner:root,group:42"]
        );
        assert!(gathered(&[whole, "E 2\n"])[0].ends_with("kind:directory,status:truncated"));
        assert!(gathered(&[&format!("{whole}odd\n"), "E 0\n"])[0].ends_with("kind:directory,status:truncated"));
        assert!(gathered(&[whole])[0].ends_with("kind:directory,status:truncated"), "its end is missing");
    }

    #[test]
    fn absence_is_what_ls_says_and_nothing_else() {
        let looks = "L\nls: cannot access '/etc/a': No such file or directory\nls: /etc/b: Not a directory\n\
                     ls: cannot access '/root/c': Permission denied\nls: cannot access '/nfs/d': Stale file handle\n\
                     lrwxrwxrwx 1 0 0 7 Jan  1  2024 /bin -> usr/bin\nsrw-rw---- 1 0 998 0 Nov 23 07:00 /run/docker.sock\n";
        assert_eq!(
            gathered(&[looks]),
            [
                "path:bin,kind:link,status:ok,target:usr/bin",
                "path:etc/a,kind:file,status:absent",
                "path:etc/b,kind:file,status:absent",
                "path:nfs/d,kind:file,status:not-collected",
                "path:root/c,kind:file,status:denied",
                "path:run/docker.sock,kind:other,status:ok,size:0,mode:0660,owner:root,group:998",
            ]
        );
    }

    #[test]
    fn what_ended_badly_is_not_whole() {
        assert_eq!(gathered(&["F /a\nx", "E 0\n"]), ["path:a,kind:file,status:ok x"]);
        assert_eq!(gathered(&["F /a\nx", "E 1\n"]), ["path:a,kind:file,status:not-collected"]);
        assert_eq!(gathered(&["F /a\nx"]), ["path:a,kind:file,status:not-collected"]);
        assert_eq!(gathered(&["C c\nx", "E 0\n"]), ["path:commands/c,kind:command,status:ok,exit:0 x"]);
        assert_eq!(gathered(&["C c\nx", "E 1\n"]), ["path:commands/c,kind:command,status:truncated,exit:1 x"]);
        assert_eq!(gathered(&["C c\n", "E 127\n"]), ["path:commands/c,kind:command,status:no-program,exit:127"]);
        assert_eq!(gathered(&["C c\nhalf", "E 124\n"]), ["path:commands/c,kind:command,status:timeout,exit:124"]);
        assert_eq!(gathered(&["X denied /etc/shadow\n"]), ["path:etc/shadow,kind:file,status:denied"]);
        assert!(gathered(&["F /../etc/shadow\nx", "E 0\n", "F /commands/x\nx", "E 0\n"]).is_empty());
    }
}
