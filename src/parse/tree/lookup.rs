//! A node of a tree into its words, and a pattern of words into the nodes that match.

use bumpalo::Bump;

use super::index::Candidates;
use super::{Node, Split};

/// Nodes below one node.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    pub(super) next: Option<Node<'a>>,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let node = self.next?;
        self.next = node.of(node.record().next);
        Some(node)
    }
}

/// Every node below one node, parents before children.
#[derive(Clone, Debug)]
pub struct Descendants<'a> {
    pub(super) top: Node<'a>,
    pub(super) next: Option<Node<'a>>,
}

impl<'a> Iterator for Descendants<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        let node = self.next?;
        let mut at = node;
        self.next = node.of(node.record().first).or_else(|| {
            // Up to the nearest node that has another behind it, but not above where the walk began.
            while at != self.top {
                if let Some(next) = at.of(at.record().next) {
                    return Some(next);
                }
                at = at.of(at.record().parent)?;
            }
            None
        });
        Some(node)
    }
}

/// The words of a node.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    pub(super) rest: &'a str,
    pub(super) split: Split,
}

impl<'a> Words<'a> {
    /// What is left behind the words that were taken, without the space before it.
    pub fn rest(&self) -> &'a str {
        let blanks = self.rest.bytes().position(|byte| !is_blank(byte)).unwrap_or(self.rest.len());
        &self.rest[blanks..]
    }

    /// Takes a word that has no quotes, where it comes next and no quotes are before it; nothing where that cannot be said so easily.
    fn take_plain(&mut self, wanted: &str) -> Option<bool> {
        if matches!(self.split, Split::Whole | Split::Xml) {
            return None;
        }
        let text = self.rest();
        let same = |word: &str| word == wanted || (self.split == Split::QuotesAnyCase && word.eq_ignore_ascii_case(wanted));
        match text.split_at_checked(wanted.len()).filter(|(word, _)| same(word)).map(|(_, behind)| behind) {
            Some(behind) if behind.bytes().next().is_none_or(is_blank) => {
                self.rest = behind;
                Some(true)
            }
            _ if text.starts_with(['"', '\'']) => None,
            _ => Some(false),
        }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if matches!(self.split, Split::Whole | Split::Xml) {
            return Some(std::mem::take(&mut self.rest)).filter(|word| !word.is_empty());
        }
        let text = self.rest();
        let first = text.chars().next()?;
        let length = match (self.split, first) {
            (Split::Quotes | Split::QuotesAnyCase, '"') => quoted(text),
            (Split::Fortios, _) => Some(fortios_word(text)),
            _ => None,
        };
        let length = length.unwrap_or_else(|| text.bytes().position(is_blank).unwrap_or(text.len()));
        self.rest = &text[length..];
        Some(bare(&text[..length], self.split))
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The bytes of a word that begins with a quote, if it ends with one.
fn quoted(text: &str) -> Option<usize> {
    let ends = |at: usize| text[at + 1..].bytes().next().is_none_or(is_blank);
    text.match_indices('"').map(|(at, _)| at).skip(1).find(|at| ends(*at)).map(|at| at + 1)
}

/// The bytes of a FortiOS word: quotes may begin within it.
fn fortios_word(text: &str) -> usize {
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, ' ' | '\t' | '\r' | '\n') => return at,
            (None, _) => {}
        }
    }
    text.len()
}

/// A word without the quotes around it.
fn bare(word: &str, split: Split) -> &str {
    let quotes: &[char] = match split {
        Split::Blanks | Split::Whole | Split::Xml => &[],
        Split::Quotes | Split::QuotesAnyCase => &['"'],
        Split::Fortios => &['"', '\''],
    };
    let inner = quotes.iter().find_map(|quote| word.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.unwrap_or(word)
}

/// A word without its escapes.
pub(super) fn unescaped<'a>(arena: &'a Bump, word: &'a str, split: Split) -> &'a str {
    let mark = match split {
        Split::Fortios => '\\',
        Split::Xml => '&',
        Split::Blanks | Split::Quotes | Split::QuotesAnyCase | Split::Whole => return word,
    };
    if !word.contains(mark) {
        return word;
    }
    let mut out = bumpalo::collections::String::with_capacity_in(word.len(), arena);
    if split == Split::Xml {
        without_references(word, &mut out);
        return out.into_bump_str();
    }
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next().filter(|next| *next != '\n')),
            other => out.push(other),
        }
    }
    out.into_bump_str()
}

/// Puts in the characters that XML writes as references: the five that are predefined and those that are numbered. No other is known.
fn without_references(word: &str, out: &mut bumpalo::collections::String<'_>) {
    let mut rest = word;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let character = behind.split_once(';').and_then(|(name, after)| {
            let number = name.strip_prefix('#');
            let hexadecimal = number.and_then(|number| u32::from_str_radix(number.strip_prefix(['x', 'X'])?, 16).ok());
            let character = match name {
                "amp" => '&',
                "apos" => '\'',
                "gt" => '>',
                "lt" => '<',
                "quot" => '"',
                _ => char::from_u32(hexadecimal.or_else(|| number?.parse().ok())?)?,
            };
            Some((character, after))
        });
        out.push(character.map_or('&', |(character, _)| character));
        rest = character.map_or(behind, |(_, after)| after);
    }
    out.push_str(rest);
}

/// The words behind a pattern's, if these words begin with it.
fn behind<'a>(mut words: Words<'a>, pattern: &str) -> Option<Words<'a>> {
    // Most nodes that a pattern is held against differ in the first sign.
    if let (Some(first), Some(wanted)) = (words.rest.bytes().next(), pattern.bytes().next())
        && first != wanted
        && first.is_ascii_lowercase()
        && wanted.is_ascii_lowercase()
    {
        return None;
    }
    for wanted in pattern_words(pattern) {
        if wanted == "*" {
            words.next()?;
            continue;
        }
        let plain = if wanted.contains(['"', '\'', '\\']) { None } else { words.take_plain(wanted) };
        let any_case = words.split == Split::QuotesAnyCase;
        let same = |word: &str| word == wanted || (any_case && word.eq_ignore_ascii_case(wanted));
        if !plain.unwrap_or_else(|| words.next().is_some_and(same)) {
            return None;
        }
    }
    Some(words)
}

/// The words of a pattern.
fn pattern_words(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split(' ').filter(|wanted| !wanted.is_empty())
}

impl<'a> Node<'a> {
    /// Its words.
    pub fn words(self) -> Words<'a> {
        Words { rest: self.text(), split: self.tree.split }
    }

    /// The word of that number, counted from zero.
    pub fn word(self, number: usize) -> Option<&'a str> {
        self.words().nth(number)
    }

    /// Whether its first words are those of a pattern.
    pub fn starts(self, pattern: &str) -> bool {
        behind(self.words(), pattern).is_some()
    }

    /// Whether its words are those of a pattern and no more.
    pub fn is(self, pattern: &str) -> bool {
        behind(self.words(), pattern).is_some_and(|words| words.rest().is_empty())
    }

    /// The words behind a pattern's, if its first words are those.
    pub fn after(self, pattern: &str) -> Option<Words<'a>> {
        behind(self.words(), pattern)
    }

    /// The text behind a pattern's words, if its first words are those.
    pub fn rest(self, pattern: &str) -> Option<&'a str> {
        self.after(pattern).map(|words| words.rest())
    }

    /// The children that begin with a pattern and are active, in the order of the file.
    pub fn all<'p>(self, pattern: &'p str) -> impl Iterator<Item = Node<'a>> + use<'a, 'p> {
        self.candidates(pattern).filter(move |child| !child.is_inactive() && child.starts(pattern))
    }

    /// The first of them.
    pub fn first(self, pattern: &str) -> Option<Node<'a>> {
        self.all(pattern).next()
    }

    /// The last of them: what counts where a later line replaces an earlier one.
    pub fn last(self, pattern: &str) -> Option<Node<'a>> {
        self.all(pattern).last()
    }

    /// The children that begin with the first pattern, of these the children that begin with the second, and so on: blocks that stand
    /// twice are read as one.
    pub fn find(self, patterns: &[&str]) -> Vec<Node<'a>> {
        let mut found = vec![self];
        for pattern in patterns {
            found = found.iter().flat_map(|node| node.all(pattern)).collect();
        }
        found
    }

    /// The last of what [`Node::find`] finds.
    pub fn find_last(self, patterns: &[&str]) -> Option<Node<'a>> {
        self.find(patterns).pop()
    }

    /// The children of every child that has exactly the words of a pattern: a block that stands twice, read as one.
    pub fn merged<'p>(self, pattern: &'p str) -> impl Iterator<Item = Node<'a>> + use<'a, 'p> {
        self.candidates(pattern).filter(move |child| !child.is_inactive() && child.is(pattern)).flat_map(Node::children)
    }

    /// The children that may begin with a pattern.
    fn candidates(self, pattern: &str) -> Candidates<'a> {
        Candidates::of(self, pattern_words(pattern).next())
    }

    /// Of a word tree: the active node at a path, words with one blank between them (`system services ssh`).
    pub fn at(self, path: &str) -> Option<Node<'a>> {
        path.split(' ').try_fold(self, |node, word| {
            let first = self.tree.has_words().then_some(word);
            Candidates::of(node, first).find(|child| !child.is_inactive() && child.text() == word)
        })
    }

    /// Of a word tree: the one value of the statement at a path. Of several, the last that stands there itself, before inherited
    /// ones, of which the first is the nearest.
    pub fn value(self, path: &str) -> Option<Node<'a>> {
        let statement = self.at(path)?;
        statement.values().filter(|value| !value.is_inherited()).last().or_else(|| statement.values().next())
    }

    /// Of a word tree: the active children, which are the values of a statement or the entries of a list.
    pub fn values(self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        self.children().filter(|child| !child.is_inactive())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, split: Split, expected: &[&str]) {
        assert_eq!(Words { rest: text, split }.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn words_are_split_as_the_syntax_says() {
        check("no ip  http\tserver", Split::Blanks, &["no", "ip", "http", "server"]);
        check("description \"a b\"", Split::Blanks, &["description", "\"a", "b\""]);
        check("zone \"trust zone\" x", Split::Quotes, &["zone", "trust zone", "x"]);
        check("Zone \"Trust zone\" x", Split::QuotesAnyCase, &["Zone", "Trust zone", "x"]);
        check("key \"half a", Split::Quotes, &["key", "\"half", "a"]);
        check("key \"a\"b c\" d", Split::Quotes, &["key", "a\"b c", "d"]);
        check("set comment \"it's \\\"so\\\"\nend\" 'x \\' y", Split::Fortios, &["set", "comment", "it's \\\"so\\\"\nend", "x \\", "y"]);
        check("a b", Split::Whole, &["a b"]);
        check("", Split::Whole, &[]);
    }

    #[test]
    fn keywords_have_any_case_where_the_syntax_says_so() {
        let reads = |split| behind(Words { rest: "SSH Server ACL Admins", split }, "ssh server acl").map(|words| words.rest());
        assert_eq!(reads(Split::QuotesAnyCase), Some("Admins"), "what stands behind keeps its case");
        assert_eq!(reads(Split::Quotes), None);
    }

    #[test]
    fn escapes_are_taken_away() {
        let arena = Bump::new();
        assert_eq!(unescaped(&arena, "say \\\"a\\\\b\\\"", Split::Fortios), "say \"a\\b\"");
        assert_eq!(unescaped(&arena, "a\\b", Split::Blanks), "a\\b");
        assert_eq!(unescaped(&arena, "a &amp;&lt;&#65;&#x4e2d; &x; &", Split::Xml), "a &<A中 &x; &");
    }
}
