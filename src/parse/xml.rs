//! An XML document into elements with attributes, text and children, as slices of the text.
//!
//! Prefixes of names are dropped. A document type, entities of one's own and processing instructions are not read: what declares them is
//! an issue. References to characters stay as they are written.

/// The deepest nesting that is read.
pub const DEPTH_MOST: usize = 64;

/// The most elements that are read.
pub const ELEMENTS_MOST: usize = 200_000;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element<'a> {
    /// Its name without a prefix.
    pub name: &'a str,
    /// Its attributes: name without a prefix, and value.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// Its text: the last part that is not blank.
    pub text: &'a str,
    /// Its children in order.
    pub children: Vec<Element<'a>>,
    /// From its first tag to its last.
    pub source: &'a str,
}

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document<'a> {
    /// The outermost element.
    pub root: Option<Element<'a>>,
    /// The first part that was not understood, or behind which more may have stood.
    pub broken: Option<&'a str>,
}

impl<'a> Element<'a> {
    /// The children of a name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element<'a>> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut reader = Reader { text, at: 0, open: Vec::new(), count: 0, document: Document::default() };
    while reader.document.broken.is_none() && reader.step() {}
    if reader.document.broken.is_none() && (!reader.open.is_empty() || reader.document.root.is_none()) {
        reader.document.broken = Some(text[text.len().min(reader.at)..].trim());
    }
    // What stands in elements that were never closed is still said.
    while let Some((element, _)) = reader.open.pop() {
        reader.place(element);
    }
    reader.document
}

/// A text that is being read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Open elements and where they begin.
    open: Vec<(Element<'a>, usize)>,
    count: usize,
    document: Document<'a>,
}

impl<'a> Reader<'a> {
    /// Reads one piece; false at the end.
    fn step(&mut self) -> bool {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return false;
        }
        let Some(begin) = rest.find('<') else {
            self.words(rest);
            self.at = self.text.len();
            return true;
        };
        if begin > 0 {
            self.words(&rest[..begin]);
            self.at += begin;
            return true;
        }
        for (start, end) in [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")] {
            if let Some(inside) = rest.strip_prefix(start) {
                let Some(length) = inside.find(end) else { return self.fail(rest) };
                if start == "<![CDATA[" {
                    self.words(&inside[..length]);
                }
                self.at += start.len() + length + end.len();
                return true;
            }
        }
        self.tag(rest)
    }

    /// Stops at a part that is not understood.
    fn fail(&mut self, part: &'a str) -> bool {
        self.document.broken = Some(part.lines().next().unwrap_or_default());
        false
    }

    /// Text of the open element.
    fn words(&mut self, text: &'a str) {
        let text = text.trim();
        match self.open.last_mut() {
            Some((element, _)) if !text.is_empty() => element.text = text,
            _ => {}
        }
    }

    /// An element's start or end.
    fn tag(&mut self, rest: &'a str) -> bool {
        let Some(end) = end_of_tag(rest) else { return self.fail(rest) };
        let inside = &rest[1..end];
        let begin = self.at;
        self.at += end + 1;
        if let Some(name) = inside.strip_prefix('/') {
            return match self.open.pop() {
                Some((mut element, start)) if element.name == local(name.trim()) => {
                    element.source = &self.text[start..self.at];
                    self.place(element);
                    true
                }
                _ => self.fail(rest),
            };
        }
        let (inside, empty) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let (name, attributes) = inside.split_once(|it: char| it.is_whitespace()).unwrap_or((inside, ""));
        self.count += 1;
        let known = !name.is_empty() && !name.starts_with('!') && self.open.len() < DEPTH_MOST && self.count <= ELEMENTS_MOST;
        let Some(attributes) = attributes_of(attributes).filter(|_| known) else { return self.fail(rest) };
        let element = Element { name: local(name), attributes, source: &self.text[begin..self.at], ..Element::default() };
        if empty {
            self.place(element);
        } else {
            self.open.push((element, begin));
        }
        true
    }

    /// Puts a finished element where it belongs; a second outermost one is not read.
    fn place(&mut self, element: Element<'a>) {
        match self.open.last_mut() {
            Some((parent, _)) => parent.children.push(element),
            None if self.document.root.is_none() => self.document.root = Some(element),
            None => self.document.broken = self.document.broken.or(Some(element.source)),
        }
    }
}

/// The place of the `>` that ends a tag: not one within quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, character)| match (quote, character) {
        (None, '>') => Some(at),
        (None, '"' | '\'') => {
            quote = Some(character);
            None
        }
        (Some(open), _) if open == character => {
            quote = None;
            None
        }
        _ => None,
    })
}

/// The attributes of a tag; none where they are not understood.
fn attributes_of(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut attributes = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let length = value[1..].find(quote)?;
        attributes.push((local(name.trim()), &value[1..=length]));
        rest = value[length + 2..].trim_start();
    }
    Some(attributes)
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_attributes_text_and_children() {
        let text = "<?xml version='1.0'?>\n<!-- <a> -->\n<d xmlns=\"u\">\n <sec:r x:type=\"w>t\" n=''>\n  <b> 1 </b><b/><c><![CDATA[<z>]]></c>\n </sec:r>\n</d>\n";
        let document = read(text);
        assert_eq!(document.broken, None);
        let root = document.root.expect("an element");
        let realm = root.child("r").expect("a child");
        assert_eq!(realm.attribute("type"), Some("w>t"));
        assert_eq!(realm.all("b").map(|it| it.text).collect::<Vec<_>>(), ["1", ""]);
        assert_eq!(realm.child("c").map(|it| it.text), Some("<z>"));
        assert_eq!(realm.child("b").map(|it| it.source), Some("<b> 1 </b>"));
    }

    #[test]
    fn what_is_not_whole_is_said() {
        for text in ["", "x", "<a>", "<a><b></a>", "<a b=c></a>", "<!DOCTYPE a>\n<a/>", "<a/><b/>", "<a", "<a></a></b>"] {
            assert!(read(text).broken.is_some(), "{text}");
        }
        let half = read("<a>\n <b>1</b>\n <c>2");
        assert_eq!(half.root.and_then(|root| root.child("b").map(|it| it.text)), Some("1"));
        assert!(read(&"<a>".repeat(100)).broken.is_some());
    }
}
