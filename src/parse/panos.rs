//! A PAN-OS configuration, as XML, as `set` commands or in braces, into one tree of words.
//!
//! An `entry` is a node with its name, a `member` a node with its text, any other element a node with its own name, so that
//! `<rules><entry name="R1"><from><member>any</member></from></entry></rules>` and `set … rules R1 from any` are the same path.
//! The XML reader knows elements, attributes and text. It has no entities of its own, and what a document type declares is not read.

mod xml;

use bumpalo::Bump;

use super::lines;
use super::tree::{Cut, Split, Tree};
use super::word_tree::WordTree;
use super::word_tree::statements::{self, Form};
use crate::source::capture::Clean;

/// Reads a configuration in whichever form it is.
pub fn read<'a>(arena: &'a Bump, clean: &'a Clean<'a>) -> &'a Tree<'a> {
    let is_xml = clean.text.trim_start().starts_with('<');
    let mut tree = WordTree::new(if is_xml { Split::Xml } else { Split::Whole });
    if is_xml {
        xml::read(clean.text, &mut tree);
    } else {
        statements::read(clean, Form { multiline_strings: true }, &mut tree);
        if lines::is_broken_off(clean) {
            tree.notes.cut(Cut::NoEnd);
        }
    }
    if clean.wrapped && !is_xml {
        tree.notes.cut(Cut::Wrapped);
    }
    tree.finish(arena, clean)
}
