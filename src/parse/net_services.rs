//! Parameter files of Oracle Net (listener.ora, sqlnet.ora, cman.ora) into entries with nested values.
//!
//! Net Services Reference, "Syntax Rules for Configuration Files": an entry begins at the left margin, what is indented continues it, a
//! `#` begins a comment, values are atoms, lists `(a, b)`, or blocks `(NAME = value)` one after another.

/// The deepest nesting that is read.
pub const DEPTH_MOST: usize = 24;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// One atom; empty where nothing is written.
    Text(&'a str),
    /// Atoms with commas between them.
    List(Vec<&'a str>),
    /// Blocks in their order.
    Blocks(Vec<Block<'a>>),
}

/// A block `(NAME = value)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// Its value.
    pub value: Value<'a>,
}

/// An entry at the left margin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// Its value.
    pub value: Value<'a>,
    /// Its part of the source, without what follows its last token.
    pub text: &'a str,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The entries in the order of the file, repeated ones too.
    pub entries: Vec<Entry<'a>>,
    /// Parts that were not understood.
    pub opaque: Vec<&'a str>,
}

impl<'a> Value<'a> {
    /// Its atoms: one, or those of a list; none for blocks and for what is empty.
    pub fn atoms(&self) -> &[&'a str] {
        match self {
            Value::Text(text) if !text.is_empty() => std::slice::from_ref(text),
            Value::List(atoms) => atoms,
            Value::Text(_) | Value::Blocks(_) => &[],
        }
    }

    /// The blocks of a name in it, at any depth, in their order; the case of names does not matter.
    pub fn all(&self, name: &str) -> Vec<&Block<'a>> {
        let mut found = Vec::new();
        if let Value::Blocks(blocks) = self {
            for block in blocks {
                if block.name.eq_ignore_ascii_case(name) {
                    found.push(block);
                }
                found.extend(block.value.all(name));
            }
        }
        found
    }

    /// The atom of the first block of a name.
    pub fn atom(&self, name: &str) -> Option<&'a str> {
        self.all(name).first().and_then(|block| block.value.atoms().first().copied())
    }
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut document = Document::default();
    for part in parts(text) {
        let mut cursor = Cursor { text: part, at: 0, end: 0 };
        match cursor.entry() {
            Some(Some(entry)) => document.entries.push(entry),
            Some(None) => {}
            None => document.opaque.push(part.trim()),
        }
    }
    document
}

/// The text parted where a line begins an entry.
fn parts(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begins = line.starts_with(|first: char| !first.is_whitespace() && !matches!(first, '(' | ')' | '#' | '\u{feff}'));
        if begins && at > 0 {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(text.len());
    starts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

/// A place in the part of one entry.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// Where the last token ended.
    end: usize,
}

impl<'a> Cursor<'a> {
    /// The entry; `Some(None)` where there are comments alone, none where it was not understood.
    fn entry(&mut self) -> Option<Option<Entry<'a>>> {
        let Some(first) = self.peek() else { return Some(None) };
        let start = self.at;
        if self.text[..start].lines().next_back().is_some_and(|line| !line.is_empty() && line.trim().is_empty()) || !is_atom(first) {
            return None;
        }
        let name = self.atom()?;
        if !self.take('=') {
            return None;
        }
        let value = self.value(0)?;
        if self.peek().is_some() {
            return None;
        }
        Some(Some(Entry { name, value, text: &self.text[start..self.end] }))
    }

    /// The next character that is neither space nor in a comment.
    fn peek(&mut self) -> Option<char> {
        loop {
            let rest = &self.text[self.at..];
            let skipped = rest.trim_start_matches(|it: char| it.is_whitespace() || it == '\u{feff}');
            self.at += rest.len() - skipped.len();
            if !skipped.starts_with('#') {
                return skipped.chars().next();
            }
            self.at += skipped.find('\n').unwrap_or(skipped.len());
        }
    }

    /// Takes a character if it comes next.
    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.at += wanted.len_utf8();
            self.end = self.at;
        }
        there
    }

    /// One atom, without its quotes.
    fn atom(&mut self) -> Option<&'a str> {
        let first = self.peek()?;
        let rest = &self.text[self.at..];
        if matches!(first, '"' | '\'') {
            let inside = &rest[1..];
            let length = inside.find([first, '\n'])?;
            if !inside[length..].starts_with(first) {
                return None;
            }
            self.at += length + 2;
            self.end = self.at;
            return Some(&inside[..length]);
        }
        let length = rest.find(|it| !is_atom(it)).unwrap_or(rest.len());
        self.at += length;
        self.end = self.at;
        (length > 0).then(|| &rest[..length])
    }

    /// A value.
    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        match self.peek() {
            None | Some(')') => Some(Value::Text("")),
            Some('(') => self.parenthesised(depth),
            Some(_) => self.atoms().map(|atoms| if let [atom] = atoms[..] { Value::Text(atom) } else { Value::List(atoms) }),
        }
    }

    /// Atoms with commas between them.
    fn atoms(&mut self) -> Option<Vec<&'a str>> {
        let mut atoms = vec![self.atom()?];
        while self.take(',') {
            if matches!(self.peek(), None | Some(')')) {
                break;
            }
            atoms.push(self.atom()?);
        }
        Some(atoms)
    }

    /// A list in parentheses, or blocks one after another.
    fn parenthesised(&mut self, depth: usize) -> Option<Value<'a>> {
        if depth >= DEPTH_MOST {
            return None;
        }
        let mut blocks = Vec::new();
        while self.take('(') {
            if self.take(')') {
                continue;
            }
            let name = self.atom()?;
            if self.take('=') {
                let value = self.value(depth + 1)?;
                blocks.push(Block { name, value });
            } else if blocks.is_empty() {
                let mut atoms = vec![name];
                while self.take(',') {
                    if self.peek() == Some(')') {
                        break;
                    }
                    atoms.push(self.atom()?);
                }
                return self.take(')').then_some(Value::List(atoms));
            } else {
                return None;
            }
            if !self.take(')') {
                return None;
            }
            // Between blocks some write commas.
            self.take(',');
        }
        Some(Value::Blocks(blocks))
    }
}

/// Whether an atom without quotes may hold a character.
fn is_atom(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, '(' | ')' | '=' | ',' | '#' | '"' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_read() {
        // Net Services Reference 19c, "Overview of Oracle Net Listener Configuration File", shortened.
        let text = "# c (\nLISTENER=\n  (DESCRIPTION=\n    (ADDRESS_LIST=\n      (ADDRESS=(PROTOCOL=tcp)(HOST=sale-server)(PORT=1521))  # (\n      (ADDRESS=(PROTOCOL=ipc)(KEY=extproc))))\nADMIN_RESTRICTIONS_LISTENER = ON # line added\nSQLNET.ENCRYPTION_TYPES_SERVER = (AES256, AES192)\ntcp.invited_nodes=a,10.1.*\n";
        let document = read(text);
        assert_eq!(document.opaque, Vec::<&str>::new());
        let names: Vec<&str> = document.entries.iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["LISTENER", "ADMIN_RESTRICTIONS_LISTENER", "SQLNET.ENCRYPTION_TYPES_SERVER", "tcp.invited_nodes"]);
        let addresses = document.entries[0].value.all("address");
        let shown: Vec<_> = addresses.iter().map(|it| (it.value.atom("protocol"), it.value.atom("Port"))).collect();
        assert_eq!(shown, [(Some("tcp"), Some("1521")), (Some("ipc"), None)]);
        assert_eq!(document.entries[1].value, Value::Text("ON"));
        assert_eq!(document.entries[1].text, "ADMIN_RESTRICTIONS_LISTENER = ON");
        assert_eq!(document.entries[2].value.atoms(), ["AES256", "AES192"]);
        assert_eq!(document.entries[3].value.atoms(), ["a", "10.1.*"]);
    }

    #[test]
    fn closing_parentheses_may_stand_at_the_margin() {
        let document = read("L =\n(DESCRIPTION =\n  (ADDRESS = (PROTOCOL = TCP)(PORT = 1))\n)\nX = \"a b\"\n");
        assert_eq!(document.entries.len(), 2);
        assert_eq!(document.entries[0].value.atom("port"), Some("1"));
        assert_eq!(document.entries[1].value, Value::Text("a b"));
    }

    #[test]
    fn what_is_not_understood_stays() {
        assert_eq!(read("A = (B = c\nD = e\n").opaque, ["A = (B = c"]);
        assert_eq!(read("A = b\n C = d\nE = f\n").opaque, ["A = b\n C = d"]);
        assert_eq!(read("nothing\nE = f\n").entries.len(), 1);
        assert_eq!(read(" A = b\n").opaque, ["A = b"]);
        let deep = format!("A = {}x{}", "(B = ".repeat(40), ")".repeat(40));
        assert_eq!(read(&deep).opaque.len(), 1);
        assert_eq!(read("").entries, []);
    }
}
