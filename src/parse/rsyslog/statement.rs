//! Statements, blocks and chains of actions at a place in the text into the document.

use super::cursor::Cursor;
use super::expression::{expression, list};
use super::{Conditional, DEPTH_MOST, Directive, Object, Parameter, PropertyFilter, Statement, Test};

/// Words that begin an object when a parenthesis follows.
const OBJECTS: &[&str] = &[
    "action",
    "constant",
    "dyn_stats",
    "global",
    "include",
    "input",
    "lookup_table",
    "main_queue",
    "module",
    "parser",
    "perctile_stats",
    "property",
    "ratelimit",
    "ruleset",
    "template",
    "timezone",
];

/// Reads statements from a text.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    cursor: Cursor<'a>,
    /// What was not understood.
    pub(super) issues: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    /// A reader at the start of a text.
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { cursor: Cursor { text, at: 0 }, issues: Vec::new() }
    }

    /// Reads one statement; false where none is left.
    pub(super) fn statement(&mut self, out: &mut Vec<Statement<'a>>, depth: usize) -> bool {
        self.cursor.skip(true);
        let Some(byte) = self.cursor.peek() else { return false };
        if depth > DEPTH_MOST {
            self.issues.push(self.cursor.rest());
            self.cursor.at = self.cursor.text.len();
            return false;
        }
        if byte == b'$' && self.second().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            out.push(Statement::Directive(self.directive()));
        } else if self.cursor.at_line_start() && self.line_statement(out, depth) {
        } else if !self.action(out, depth) && !self.script(out, depth) {
            let line = self.cursor.rest_of_line();
            self.issues.push(line);
        }
        true
    }

    /// The byte after the next.
    fn second(&self) -> Option<u8> {
        self.cursor.rest().as_bytes().get(1).copied()
    }

    /// A `$Name value` line.
    fn directive(&mut self) -> Directive<'a> {
        let text = self.cursor.rest_of_line();
        let body = &text[1..];
        let name_end = body.find(|character: char| character.is_ascii_whitespace()).unwrap_or(body.len());
        Directive { text, name: &body[..name_end], value: body[name_end..].trim() }
    }

    /// A statement that only the start of a line can begin: a selector, a property filter, a BSD block selector.
    fn line_statement(&mut self, out: &mut Vec<Statement<'a>>, depth: usize) -> bool {
        if let Some(selector) = self.selector() {
            self.conditional(selector, Test::Selector(selector), out, depth);
            return true;
        }
        if let Some((text, filter)) = self.property_filter() {
            self.conditional(text, Test::Property(filter), out, depth);
            return true;
        }
        let line = self.cursor.text[self.cursor.at..self.cursor.line_end()].trim_end();
        let named = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-*".contains(&byte));
        let block = match line.as_bytes().first() {
            Some(b'!') => line.len() > 1 && !line.contains([' ', '\t']),
            Some(b'+' | b'-') => named(&line[1..]),
            _ => false,
        };
        if block {
            out.push(Statement::Block(self.cursor.rest_of_line()));
        }
        block
    }

    /// `facility.priority` and what follows it without a blank.
    fn selector(&mut self) -> Option<&'a str> {
        let start = self.cursor.at;
        let first = self.cursor.run(|byte| byte.is_ascii_alphabetic() || byte == b'*');
        self.cursor.run(|byte| (b'0'..=b'7').contains(&byte));
        let dotted = !first.is_empty() && (self.cursor.eat(b'.') || self.cursor.eat(b','));
        let second = self.cursor.at;
        loop {
            self.cursor.run(|byte| dotted && (byte.is_ascii_alphabetic() || b",!=;.*01234567".contains(&byte)));
            let Some(length) = self.cursor.continuation().filter(|_| self.cursor.at > second) else { break };
            self.cursor.take(length);
        }
        if dotted && self.cursor.at > second {
            return Some(self.cursor.since(start).trim_end());
        }
        self.cursor.at = start;
        None
    }

    /// `:property, operation, "value"`.
    fn property_filter(&mut self) -> Option<(&'a str, PropertyFilter<'a>)> {
        let start = self.cursor.at;
        let filter = self.property_filter_here();
        if filter.is_none() {
            self.cursor.at = start;
        }
        filter.map(|filter| (self.cursor.since(start), filter))
    }

    /// The same, leaving the cursor wherever it stops fitting.
    fn property_filter_here(&mut self) -> Option<PropertyFilter<'a>> {
        let cursor = &mut self.cursor;
        let spaces = |cursor: &mut Cursor<'a>| _ = cursor.run(|byte| byte == b' ');
        let comma = |cursor: &mut Cursor<'a>| {
            spaces(cursor);
            let there = cursor.eat(b',');
            spaces(cursor);
            there.then_some(())
        };
        cursor.eat(b':').then_some(())?;
        cursor.eat(b'$');
        let property = cursor.run(|byte| byte.is_ascii_alphabetic() || b"-_".contains(&byte));
        comma(cursor)?;
        let negated = cursor.eat(b'!');
        let operation = cursor.run(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        comma(cursor)?;
        let value = cursor.quoted(b'"')?;
        (!property.is_empty() && !operation.is_empty()).then_some(PropertyFilter { property, negated, operation, value })
    }

    /// What stands under a condition, up to the end of a possible `else`.
    fn conditional(&mut self, text: &'a str, test: Test<'a>, out: &mut Vec<Statement<'a>>, depth: usize) {
        let then = self.block(depth);
        let otherwise = if matches!(test, Test::Expression(_)) && self.keyword("else") { self.block(depth) } else { Vec::new() };
        out.push(Statement::Conditional(Conditional { text, test, then, otherwise }));
    }

    /// Steps over this word if it is the next.
    fn keyword(&mut self, keyword: &str) -> bool {
        let start = self.cursor.at;
        self.cursor.skip(true);
        let there = self.word().eq_ignore_ascii_case(keyword);
        if !there {
            self.cursor.at = start;
        }
        there
    }

    /// The longest word that stands here, as the legacy style delimits them.
    fn word(&mut self) -> &'a str {
        if !self.cursor.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return "";
        }
        self.cursor.run(|byte| byte.is_ascii_alphanumeric() || b"_-+,;".contains(&byte))
    }

    /// One statement, or those between braces.
    fn block(&mut self, depth: usize) -> Vec<Statement<'a>> {
        let mut out = Vec::new();
        self.cursor.skip(true);
        let open = self.cursor.at;
        if self.cursor.eat(b'{') {
            self.braced(open, &mut out, depth);
        } else if !self.statement(&mut out, depth + 1) {
            self.issues.push(self.cursor.rest());
        }
        out
    }

    /// Statements up to the closing brace of the block that was opened at `open`.
    fn braced(&mut self, open: usize, out: &mut Vec<Statement<'a>>, depth: usize) {
        loop {
            self.cursor.skip(true);
            if self.cursor.eat(b'}') {
                return;
            }
            if !self.statement(out, depth + 1) {
                self.issues.push(&self.cursor.text[open..open + 1]);
                return;
            }
        }
    }

    /// An action and those that `&` appends to it. Directives between them take effect where they stand.
    fn action(&mut self, out: &mut Vec<Statement<'a>>, depth: usize) -> bool {
        if !self.one_action(out) {
            return false;
        }
        loop {
            let start = self.cursor.at;
            let mut between = Vec::new();
            self.cursor.skip(true);
            while self.cursor.peek() == Some(b'$') && self.second().is_some_and(|byte| byte.is_ascii_alphabetic()) {
                between.push(self.directive());
                self.cursor.skip(true);
            }
            let includes = between.iter().any(|directive| directive.is("IncludeConfig") || directive.is("RuleSet"));
            if includes || !self.cursor.eat(b'&') {
                self.cursor.at = start;
                return true;
            }
            out.extend(between.into_iter().map(Statement::Directive));
            self.cursor.skip(true);
            if !self.one_action(out) && depth <= DEPTH_MOST {
                let line = self.cursor.rest_of_line();
                self.issues.push(line);
            }
        }
    }

    /// One action or action-like statement.
    fn one_action(&mut self, out: &mut Vec<Statement<'a>>) -> bool {
        let start = self.cursor.at;
        let rest = self.cursor.rest().as_bytes();
        let word = self.word();
        let keyword = word.to_ascii_lowercase();
        let statement = match keyword.as_str() {
            "" => match rest {
                [b'*', ..] => Statement::Legacy(self.cursor.take(1)),
                [b'/', ..] | [b'|' | b'.' | b'-' | b'@' | b'^' | b'?' | b'~' | b'>' | b':', ..] => {
                    Statement::Legacy(self.cursor.rest_of_line())
                }
                _ => return false,
            },
            "stop" => Statement::Stop(word),
            "continue" => return true,
            "call" => {
                self.cursor.skip(false);
                let name = self.cursor.run(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
                Statement::Call(name)
            }
            "call_indirect" => {
                self.until_semicolon();
                Statement::Uncertain(self.cursor.since(start), Vec::new())
            }
            "action" if self.object_follows() => Statement::Action(self.object(start, word)),
            "if" | "foreach" | "set" | "unset" | "reset" | "else" | "reload_lookup_table" => {
                self.cursor.at = start;
                return false;
            }
            _ if OBJECTS.contains(&keyword.as_str()) && self.object_follows() => {
                self.cursor.at = start;
                return false;
            }
            _ => Statement::Legacy(word),
        };
        out.push(statement);
        true
    }

    /// A statement of RainerScript that is no action.
    fn script(&mut self, out: &mut Vec<Statement<'a>>, depth: usize) -> bool {
        let start = self.cursor.at;
        let word = self.word();
        match word.to_ascii_lowercase().as_str() {
            "if" => self.condition(out, depth),
            "foreach" => {
                let test = self.cursor.rest().find(')').map_or("", |end| self.cursor.take(end + 1));
                if !self.keyword("do") {
                    self.issues.push(word);
                }
                let body = self.block(depth);
                out.push(Statement::Uncertain(if test.is_empty() { word } else { test.trim() }, body));
            }
            "set" | "unset" | "reset" => self.until_semicolon(),
            "reload_lookup_table" => _ = self.cursor.rest_of_line(),
            name if OBJECTS.contains(&name) && self.object_follows() => self.declaration(start, word, out, depth),
            _ => {
                self.cursor.at = start;
                return false;
            }
        }
        true
    }

    /// What follows `if`.
    fn condition(&mut self, out: &mut Vec<Statement<'a>>, depth: usize) {
        self.cursor.skip(false);
        let start = self.cursor.at;
        let mut test = expression(&mut self.cursor);
        let mut text = self.cursor.since(start).trim_end();
        if test.is_none() || !self.keyword("then") {
            test = None;
            text = self.cursor.rest_of_line();
            self.issues.push(text);
            if let Some(then) = text.find("then") {
                self.cursor.at = self.cursor.at - text.len() + then + "then".len();
            }
        }
        self.conditional(text, Test::Expression(test), out, depth);
    }

    /// Steps over an assignment. Without its semicolon nothing after it can be read either.
    fn until_semicolon(&mut self) {
        let start = self.cursor.at;
        while let Some(byte) = self.cursor.peek() {
            match byte {
                b';' => {
                    self.cursor.at += 1;
                    return;
                }
                b'"' | b'\'' | b'`' if self.cursor.quoted(byte).is_some() => {}
                b'"' | b'\'' | b'`' => break,
                _ => self.cursor.at += 1,
            }
        }
        self.cursor.at = start;
        let line = self.cursor.rest_of_line();
        self.issues.push(line);
        self.cursor.at = self.cursor.text.len();
    }

    /// Whether an opening parenthesis follows.
    fn object_follows(&self) -> bool {
        self.cursor.rest().trim_start_matches([' ', '\t', '\n', '\r']).starts_with('(')
    }

    /// An object that declares something, with the block that some have.
    fn declaration(&mut self, start: usize, kind: &'a str, out: &mut Vec<Statement<'a>>, depth: usize) {
        let object = self.object(start, kind);
        if kind.eq_ignore_ascii_case("include") {
            out.push(Statement::Include(object));
            return;
        }
        let end = self.cursor.at;
        self.cursor.skip(true);
        let open = self.cursor.at;
        let blocks = kind.eq_ignore_ascii_case("ruleset") || kind.eq_ignore_ascii_case("template");
        let mut body = Vec::new();
        if blocks && self.cursor.eat(b'{') {
            self.braced(open, &mut body, depth);
        } else {
            self.cursor.at = end;
        }
        out.push(if kind.eq_ignore_ascii_case("ruleset") { Statement::Ruleset(object, body) } else { Statement::Object(object) });
    }

    /// `(name="value" …)`; the cursor stands before the parenthesis.
    fn object(&mut self, start: usize, kind: &'a str) -> Object<'a> {
        self.cursor.skip(false);
        self.cursor.eat(b'(');
        let mut parameters = Vec::new();
        loop {
            self.cursor.skip(true);
            if self.cursor.eat(b')') {
                break;
            }
            let Some(parameter) = self.parameter() else {
                let line = self.cursor.rest_of_line();
                self.issues.push(if line.is_empty() { kind } else { line });
                break;
            };
            parameters.push(parameter);
        }
        Object { text: self.cursor.since(start).trim_end(), kind, parameters }
    }

    /// `name="value"` or `name=["value", …]`.
    fn parameter(&mut self) -> Option<Parameter<'a>> {
        let start = self.cursor.at;
        let name = self.cursor.run(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte));
        self.cursor.skip(true);
        if name.is_empty() || !self.cursor.eat(b'=') {
            self.cursor.at = start;
            return None;
        }
        self.cursor.skip(true);
        let first = self.cursor.peek();
        let values = match first {
            Some(quote @ (b'"' | b'`')) => self.cursor.quoted(quote).map(|value| vec![value]),
            Some(b'[') => list(&mut self.cursor),
            _ => None,
        };
        let text = self.cursor.since(start);
        values.map(|values| Parameter { text, name, values, computed: first == Some(b'`') })
    }
}
