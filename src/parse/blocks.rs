//! Nested configurations of any program into blocks and their lines, by indentation or by braces.
//!
//! No program defines these forms; read is what most of them agree on. What does not nest is opaque.

use crate::source::lines;

/// The most levels of blocks within blocks.
pub const DEPTH_MOST: usize = 64;

/// One block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// Number of the line that opens it, from one.
    pub line: usize,
    /// That line, without the blanks and the brace around it.
    pub header: &'a str,
    /// The place of the block around it in [`Document::blocks`].
    pub parent: Option<usize>,
    /// Its own lines or statements, not those of the blocks within.
    pub lines: Vec<&'a str>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The blocks in the order in which they open.
    pub blocks: Vec<Block<'a>>,
    /// What does not nest, or is nested too deep.
    pub opaque: Vec<&'a str>,
}

/// Reads lines of which those that are indented deeper belong to the one before them. A line with nothing below it is a line of the
/// block around it, and at the outermost level a block without lines.
pub fn indented<'a>(text: &'a str, comments: &[String]) -> Document<'a> {
    let mut document = Document::default();
    // Indentation and place of the blocks that are open.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (number, line) in lines(text).enumerate() {
        let (header, indentation) = (line.trim(), line.len() - line.trim_start().len());
        if header.is_empty() || is_comment(header, comments) {
            continue;
        }
        while open.last().is_some_and(|(outer, _)| *outer >= indentation) {
            open.pop();
        }
        let parent = open.last().map(|(_, place)| *place);
        if open.len() == DEPTH_MOST {
            document.opaque.push(header);
            continue;
        }
        open.push((indentation, document.blocks.len()));
        document.blocks.push(Block { line: number + 1, header, parent, lines: Vec::new() });
        if let Some(parent) = parent {
            document.blocks[parent].lines.push(header);
        }
    }
    without_leaves(document)
}

/// Drops the blocks that are but lines of others.
fn without_leaves(document: Document<'_>) -> Document<'_> {
    let mut has_lines: Vec<bool> = document.blocks.iter().map(|block| block.parent.is_none()).collect();
    document.blocks.iter().filter_map(|block| block.parent).for_each(|parent| has_lines[parent] = true);
    let mut places = Vec::with_capacity(has_lines.len());
    let mut kept = 0;
    for has_lines in &has_lines {
        places.push(kept);
        kept += usize::from(*has_lines);
    }
    let blocks = document.blocks.into_iter().zip(&has_lines).filter(|(_, keeps)| **keeps);
    let blocks = blocks.map(|(block, _)| Block { parent: block.parent.map(|parent| places[parent]), ..block });
    Document { blocks: blocks.collect(), opaque: document.opaque }
}

impl<'a> Document<'a> {
    /// The statement before a brace that stands on a line of its own: it opens the block.
    fn take_last(&mut self, parent: Option<usize>) -> &'a str {
        match parent {
            Some(parent) => self.blocks[parent].lines.pop().unwrap_or_default(),
            None => self.blocks.pop_if(|last| last.parent.is_none() && last.lines.is_empty()).map_or("", |last| last.header),
        }
    }
}

/// Reads statements that end with `;` or with the line, and blocks between `{` and `}`; quotes keep what is between them together. A
/// statement outside of any block is a block without lines.
pub fn braced<'a>(text: &'a str, comments: &[String]) -> Document<'a> {
    let mut document = Document::default();
    let mut open: Vec<usize> = Vec::new();
    for (number, line) in lines(text).enumerate() {
        for piece in pieces(line, comments) {
            match piece {
                Piece::Opens(header) if open.len() < DEPTH_MOST => {
                    let parent = open.last().copied();
                    let header = if header.is_empty() { document.take_last(parent) } else { header };
                    open.push(document.blocks.len());
                    document.blocks.push(Block { line: number + 1, header, parent, lines: Vec::new() });
                }
                Piece::Opens(header) => document.opaque.push(header),
                Piece::Closes(brace) => {
                    if open.pop().is_none() {
                        document.opaque.push(brace);
                    }
                }
                Piece::Statement(statement) => match open.last() {
                    Some(place) => document.blocks[*place].lines.push(statement),
                    None => document.blocks.push(Block { line: number + 1, header: statement, parent: None, lines: Vec::new() }),
                },
            }
        }
    }
    // A block that never closes may hold what stands elsewhere.
    document.opaque.extend(open.iter().map(|place| document.blocks[*place].header));
    document
}

/// A part of a line.
enum Piece<'a> {
    Opens(&'a str),
    Closes(&'a str),
    Statement(&'a str),
}

/// The parts of a line between braces and semicolons, up to a comment.
fn pieces<'a>(line: &'a str, comments: &[String]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut quote = None;
    let mut end = line.len();
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '{') => {
                pieces.push(Piece::Opens(line[start..at].trim()));
                start = at + 1;
            }
            (None, '}' | ';') => {
                pieces.extend(statement(&line[start..at]));
                if character == '}' {
                    pieces.push(Piece::Closes(&line[at..=at]));
                }
                start = at + 1;
            }
            (None, _) if is_comment(&line[at..], comments) && begins(&line[..at]) => {
                end = at;
                break;
            }
            (None, _) => {}
        }
    }
    pieces.extend(line.get(start..end).and_then(statement));
    pieces
}

/// Whether a comment may begin behind a text: what marks it is part of a word elsewhere.
fn begins(before: &str) -> bool {
    before.is_empty() || before.ends_with(|last: char| last.is_whitespace() || matches!(last, ';' | '{' | '}'))
}

/// A statement, where there is one.
fn statement(text: &str) -> Option<Piece<'_>> {
    let text = text.trim();
    (!text.is_empty()).then_some(Piece::Statement(text))
}

/// Whether a text begins a comment.
fn is_comment(text: &str, comments: &[String]) -> bool {
    comments.iter().any(|comment| text.starts_with(comment.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(document: &Document<'_>) -> Vec<String> {
        let parent = |block: &Block<'_>| block.parent.map_or("-", |place| document.blocks[place].header).to_owned();
        document
            .blocks
            .iter()
            .map(|block| format!("{} {} < {}: {}", block.line, block.header, parent(block), block.lines.join(", ")))
            .collect()
    }

    #[test]
    fn indentation_makes_blocks() {
        let document = indented("# c\nhost a\n  port 1\n  tls\n    min 1.2\nplain\nhost b\n", &["#".to_owned()]);
        assert_eq!(shown(&document), ["2 host a < -: port 1, tls", "4 tls < host a: min 1.2", "6 plain < -: ", "7 host b < -: "]);
    }

    #[test]
    fn braces_make_blocks() {
        let text = "listener main { # c {\n  port 443; name \"a;}b\"\n  tls { min 1.2; }\n}\nempty {}\n}\nuser app; server\n{\n  in\n  {\n";
        let document = braced(text, &["#".to_owned()]);
        let expected = [
            "1 listener main < -: port 443, name \"a;}b\"",
            "3 tls < listener main: min 1.2",
            "5 empty < -: ",
            "7 user app < -: ",
            "8 server < -: ",
            "10 in < server: ",
        ];
        assert_eq!(shown(&document), expected);
        assert_eq!(document.opaque, ["}", "server", "in"]);
    }
}
