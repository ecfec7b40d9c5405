//! Start files into what they may set: every branch that cannot be decided is taken and not taken.
//!
//! This is no shell. Assignments, `umask`, `readonly` and the sourcing of files below /etc are followed through `if`, `case`, loops and
//! lists; a text that touches what is asked for in any other way makes it unknown.

use std::rc::Rc;

use super::state::State;
use crate::facts::{Artefact, Evidence, Host, Why};
use crate::parse::shell::{self, Token};
use crate::snapshot::Lack;
use crate::source::Source;
use foldhash::HashMap;

/// The deepest nesting of files and of commands within each other that is followed.
const DEPTH_MOST: usize = 40;

/// A loop over files: its variable, the files, and why there could be others.
pub(super) struct Loop<'a> {
    pub(super) variable: &'a str,
    pub(super) paths: Vec<&'a str>,
    pub(super) gap: Option<Why<'a>>,
}

/// A run through the start files of one kind of shell.
pub(super) struct Run<'a, 'h> {
    pub(super) host: &'h Host<'a>,
    /// Whether the shell is a login shell.
    pub(super) login: bool,
    /// Files that were read or looked for, in order.
    pub(super) searched: Vec<&'a str>,
    /// Loops that are being run.
    pub(super) loops: Vec<Loop<'a>>,
    tokens: HashMap<&'a str, Rc<Vec<Token<'a>>>>,
    /// Files that are being run.
    stack: Vec<&'a str>,
    /// What holds where the file that is being run returns.
    pub(super) returns: Vec<State<'a>>,
}

/// A place in the tokens of a file.
pub(super) struct Script<'a, 's> {
    pub(super) source: &'a Source<'a>,
    pub(super) tokens: &'s [Token<'a>],
    pub(super) at: usize,
    depth: usize,
    /// Whether a word that must stand somewhere is missing.
    pub(super) broken: bool,
}

impl<'a> Script<'a, '_> {
    /// The next token.
    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    /// Whether the next token is this word.
    pub(super) fn sees(&self, word: &str) -> bool {
        self.peek() == Some(Token::Word(word))
    }

    /// Takes the next token if it is this word or operator.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let seen = matches!(self.peek(), Some(Token::Word(found) | Token::Operator(found)) if found == text);
        self.at += usize::from(seen);
        seen
    }

    /// Takes a word or operator that must stand here.
    pub(super) fn need(&mut self, text: &str) {
        if !self.take(text) {
            self.broken = true;
        }
    }

    /// Takes line ends and semicolons.
    pub(super) fn skip_ends(&mut self) {
        while self.take("\n") || self.take(";") || self.take("&") {}
    }

    /// Evidence that a text of the file decides.
    pub(super) fn decides(&self, text: &str) -> Option<Evidence<'a>> {
        Some(Evidence::Decides(self.source.span(text)))
    }
}

impl<'a, 'h> Run<'a, 'h> {
    /// Nothing run yet.
    pub(super) fn new(host: &'h Host<'a>, login: bool) -> Run<'a, 'h> {
        Run { host, login, searched: Vec::new(), loops: Vec::new(), tokens: HashMap::default(), stack: Vec::new(), returns: Vec::new() }
    }

    /// Runs a file; one that is not there changes nothing, one that could not be read makes everything unknown.
    pub(super) fn file(&mut self, path: &'a str, state: &mut State<'a>) {
        let source = match self.host.file(path) {
            Artefact::Text(source) => source,
            Artefact::Lacking(Lack::Absent) => return,
            Artefact::Lacking(lack) => return state.confuse(Why::lacking(path, lack), None),
        };
        if self.stack.contains(&source.path) {
            return;
        }
        if self.stack.len() >= DEPTH_MOST {
            return state.confuse(Why::budget_spent(path), None);
        }
        if !self.searched.contains(&source.path) {
            self.searched.push(source.path);
        }
        if ["umask", "TMOUT", "PATH=", "/etc/"].iter().any(|text| source.text.contains(text)) {
            self.text(source, state);
        }
        if !source.complete {
            state.confuse(Why::truncated(source.path), None);
        }
    }

    /// Runs the text of a file.
    fn text(&mut self, source: &'a Source<'a>, state: &mut State<'a>) {
        let tokens = self.tokens.entry(source.path).or_insert_with(|| Rc::new(shell::tokens(source.text))).clone();
        if !self.host.spend(tokens.len() as u64) {
            return state.confuse(Why::budget_spent(source.path), None);
        }
        self.stack.push(source.path);
        let outer = std::mem::take(&mut self.returns);
        let mut script = Script { source, tokens: &tokens, at: 0, depth: 0, broken: false };
        self.list(&mut script, state, &[]);
        if script.broken || script.at < tokens.len() {
            state.confuse(Why::not_understood(source.path), None);
        }
        for returned in std::mem::replace(&mut self.returns, outer) {
            state.join(&returned);
        }
        self.stack.pop();
    }

    /// Runs commands up to one of some words or operators; the truth of the last.
    pub(super) fn list(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>, ends: &[&str]) -> Option<bool> {
        let mut truth = Some(true);
        loop {
            script.skip_ends();
            match script.peek() {
                None => return truth,
                Some(Token::Word(text) | Token::Operator(text)) if ends.contains(&text) => return truth,
                Some(_) => {}
            }
            let before = script.at;
            truth = self.and_or(script, state, ends);
            if script.at == before {
                return None;
            }
        }
    }

    /// Runs commands joined by `&&` and `||`.
    fn and_or(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>, ends: &[&str]) -> Option<bool> {
        let mut truth = self.pipeline(script, state, ends);
        loop {
            let and = script.take("&&");
            if !and && !script.take("||") {
                return truth;
            }
            while script.take("\n") {}
            let needed = if and { truth } else { truth.map(|truth| !truth) };
            let mut branch = state.clone();
            let second = self.pipeline(script, &mut branch, ends);
            match needed {
                Some(true) => *state = branch,
                Some(false) => {}
                None => state.join(&branch),
            }
            truth = match (needed, second) {
                (Some(true), second) => second,
                (Some(false), _) => truth,
                (None, second) => second.filter(|second| *second != and),
            };
        }
    }

    /// Runs commands joined by `|`: each of several has a shell of its own, whose settings end with it.
    fn pipeline(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>, ends: &[&str]) -> Option<bool> {
        let mut negated = false;
        while script.take("!") {
            negated = !negated;
        }
        let before = state.clone();
        let mut truth = self.command(script, state, ends);
        while script.take("|") || script.take("|&") {
            while script.take("\n") {}
            *state = before.clone();
            self.command(script, &mut before.clone(), ends);
            truth = None;
        }
        truth.map(|truth| truth != negated)
    }

    /// Runs one command.
    pub(super) fn command(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>, ends: &[&str]) -> Option<bool> {
        if script.depth >= DEPTH_MOST {
            state.confuse(Why::not_understood(script.source.path), None);
            script.at = script.tokens.len();
            return None;
        }
        script.depth += 1;
        let truth = match script.peek() {
            Some(Token::Word("if")) => self.condition(script, state),
            Some(Token::Word("for" | "select")) => self.for_loop(script, state),
            Some(Token::Word("while" | "until")) => self.while_loop(script, state),
            Some(Token::Word("case")) => self.case(script, state),
            Some(Token::Word("function")) => self.function(script, state),
            Some(Token::Word("{")) => {
                script.at += 1;
                let truth = self.list(script, state, &["}"]);
                script.need("}");
                truth
            }
            Some(Token::Operator("(")) => {
                script.at += 1;
                self.list(script, &mut state.clone(), &[")"]);
                script.need(")");
                None
            }
            Some(Token::Word(_)) if script.tokens.get(script.at + 1) == Some(&Token::Operator("(")) => self.function(script, state),
            Some(Token::Word(_)) => self.simple(script, state, ends),
            Some(Token::Operator(_)) | None => None,
        };
        script.depth -= 1;
        truth
    }

    /// Runs a command of words.
    fn simple(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>, ends: &[&str]) -> Option<bool> {
        let from = script.at;
        while let Some(Token::Word(word)) = script.peek() {
            if script.at == from && ends.contains(&word) {
                return None;
            }
            script.at += 1;
        }
        let words: Vec<&'a str> = script.tokens[from..script.at]
            .iter()
            .filter_map(|token| if let Token::Word(word) = token { Some(*word) } else { None })
            .collect();
        self.words(script, &words, state)
    }

    /// Leaves the file.
    pub(super) fn leave(&mut self, state: &mut State<'a>, whole_shell: bool) {
        if !state.dead && !whole_shell {
            self.returns.push(state.clone());
        }
        state.dead = true;
    }
}
