//! A text in XML into elements with their attributes.
//!
//! Comments, processing instructions and a document type without declarations of its own are passed over; the five named entities and
//! numbers are put in. Whatever else a document type declares is not known, so that such a text is not understood.

use std::borrow::Cow;

/// The most elements inside one another.
const DEPTH_MOST: usize = 64;

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name as it is written.
    pub name: &'a str,
    /// Its value.
    pub value: Cow<'a, str>,
    /// It as it is written.
    pub text: &'a str,
}

/// One element.
#[derive(Debug, Default)]
pub struct Element<'a> {
    /// Its name without the prefix of a namespace.
    pub name: &'a str,
    /// Its attributes, in order.
    pub attributes: Vec<Attribute<'a>>,
    /// The elements in it.
    pub children: Vec<Element<'a>>,
    /// The text in it, the last piece where elements part it.
    pub content: &'a str,
    /// Its start tag.
    pub text: &'a str,
}

impl<'a> Element<'a> {
    /// The value of an attribute, whatever the prefix of its name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| local(attribute.name) == name)
    }

    /// The first element in it of a name.
    pub fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The elements in it of a name.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element<'a>> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// A text.
#[derive(Debug, Default)]
pub struct Document<'a> {
    /// The outermost element; what stands before an error is kept.
    pub root: Option<Element<'a>>,
    /// What was not understood, with everything that follows it.
    pub issue: Option<&'a str>,
}

/// Reads a text.
pub fn read(text: &str) -> Document<'_> {
    let mut reader = Reader { rest: text, open: Vec::new(), document: Document::default() };
    while reader.document.issue.is_none() && !reader.rest.is_empty() {
        reader.step();
    }
    let last = reader.open.last().map(|element| element.text);
    if reader.document.issue.is_none() {
        reader.document.issue = last;
    }
    while let Some(element) = reader.open.pop() {
        reader.place(element);
    }
    if reader.document.root.is_none() && reader.document.issue.is_none() {
        reader.document.issue = Some(first_line(text));
    }
    reader.document
}

/// A text that is being read.
struct Reader<'a> {
    rest: &'a str,
    open: Vec<Element<'a>>,
    document: Document<'a>,
}

impl<'a> Reader<'a> {
    /// Takes a text, a tag, or something that is passed over.
    fn step(&mut self) {
        let rest = self.rest;
        if !rest.starts_with('<') {
            let end = rest.find('<').unwrap_or(rest.len());
            let content = rest[..end].trim();
            self.rest = &rest[end..];
            if let Some(element) = self.open.last_mut().filter(|_| !content.is_empty()) {
                element.content = content;
            }
        } else if rest.starts_with("<!--") {
            self.pass("-->");
        } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            if let Some(element) = self.open.last_mut() {
                element.content = &data[..end];
            }
            self.pass("]]>");
        } else if rest.starts_with("<?") {
            self.pass("?>");
        } else if rest.starts_with("<!") {
            let end = rest.find('>').unwrap_or(rest.len());
            if rest[..end].contains('[') { self.stop(rest) } else { self.pass(">") }
        } else {
            self.tag();
        }
    }

    /// Passes over something that ends with a mark.
    fn pass(&mut self, mark: &str) {
        match self.rest.find(mark) {
            Some(at) => self.rest = &self.rest[at + mark.len()..],
            None => self.stop(self.rest),
        }
    }

    fn stop(&mut self, at: &'a str) {
        self.document.issue = Some(first_line(at));
    }

    fn tag(&mut self) {
        let Some(end) = tag_length(self.rest) else { return self.stop(self.rest) };
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let inner = &text[1..text.len() - 1];
        if let Some(name) = inner.strip_prefix('/') {
            let fits = self.open.last().is_some_and(|element| element.name == local(name.trim()));
            return match self.open.pop().filter(|_| fits) {
                Some(element) => self.place(element),
                None => self.stop(text),
            };
        }
        let empty = inner.ends_with('/');
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let name = inner.split_ascii_whitespace().next().unwrap_or_default();
        let attributes = attributes(&inner[name.len()..]);
        let (false, Some(attributes)) = (name.is_empty() || self.open.len() >= DEPTH_MOST, attributes) else { return self.stop(text) };
        let element = Element { name: local(name), attributes, text, ..Element::default() };
        if empty { self.place(element) } else { self.open.push(element) }
    }

    /// Puts an element that has ended into the one that is open.
    fn place(&mut self, element: Element<'a>) {
        match self.open.last_mut() {
            Some(outer) => outer.children.push(element),
            None if self.document.root.is_none() => self.document.root = Some(element),
            None => self.stop(element.text),
        }
    }
}

/// A name without the prefix of a namespace.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The bytes of a tag, whose attributes may hold `>`.
fn tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (_, b'<') if at > 0 => return None,
            _ => {}
        }
    }
    None
}

/// The attributes of a tag; none where one is not well-formed.
fn attributes(text: &str) -> Option<Vec<Attribute<'_>>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        let (value, behind) = after[1..].split_once(quote)?;
        let text = &rest[..rest.len() - behind.len()];
        let name = name.trim_end();
        if name.is_empty() || name.contains(|it: char| it.is_ascii_whitespace()) {
            return None;
        }
        found.push(Attribute { name, value: resolved(value)?, text });
        rest = behind.trim_start();
    }
    Some(found)
}

/// A value with entities put in; none where one is not known.
fn resolved(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('&') {
        return Some(Cow::Borrowed(value));
    }
    let mut out = String::with_capacity(value.len());
    let mut parts = value.split('&');
    out.push_str(parts.next()?);
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        out.push_str(rest);
    }
    Some(Cow::Owned(out))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Elements in short.
    fn shown(element: &Element<'_>) -> String {
        let attributes: String = element.attributes.iter().map(|it| format!(" {}={}", it.name, it.value)).collect();
        let inner: String = element.children.iter().map(shown).collect();
        format!("({}{attributes} '{}'{inner})", element.name, element.content)
    }

    /// XML 1.0, sections 2.4, 2.5 and 4.1.
    #[test]
    fn elements_attributes_and_comments() {
        let of = |text| read(text).root.map(|root| shown(&root)).unwrap_or_default();
        assert_eq!(
            of("<?xml version='1.0'?>\n<!-- <a/> -->\n<s a=\"1 > 0\" b = '&lt;&#65;\"'>\n<c/> t <d>x</d></s>\n"),
            "(s a=1 > 0 b=<A\" 't'(c '')(d 'x'))"
        );
        assert_eq!(of("<!DOCTYPE web-app PUBLIC \"x\" \"y\"><w:a xmlns:w='u'><![CDATA[ <b> ]]></w:a>"), "(a xmlns:w=u ' <b> ')");
    }

    #[test]
    fn what_is_not_well_formed_is_an_issue() {
        for text in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a b></a>",
            "<a b='&x;'/>",
            "<a/><b/>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>",
            "<a><!-- </a>",
            "<a <b/>",
        ] {
            assert!(read(text).issue.is_some(), "{text}");
        }
        assert!(read(&"<a>".repeat(100)).issue.is_some());
        let cut = read("<a><b c='1'/><d>");
        assert_eq!(cut.root.map(|root| shown(&root)).as_deref(), Some("(a ''(b c=1 '')(d ''))"));
    }
}
