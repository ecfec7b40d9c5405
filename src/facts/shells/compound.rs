//! `if`, loops, `case` and functions of start files: what holds behind them on every way that may be taken.

use super::run::{Loop, Run, Script};
use super::state::State;
use crate::facts::Why;
use crate::parse::shell::{self, Token};

impl<'a> Run<'a, '_> {
    /// `if … then … elif … else … fi`.
    pub(super) fn condition(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>) -> Option<bool> {
        let mut after: Option<State<'a>> = None;
        let mut open = true;
        loop {
            script.at += 1;
            let truth = self.list(script, state, &["then"]);
            script.need("then");
            let mut branch = state.clone();
            self.list(script, &mut branch, &["elif", "else", "fi"]);
            if open && truth != Some(false) {
                join(&mut after, &branch);
            }
            open &= truth != Some(true);
            if !script.sees("elif") {
                break;
            }
        }
        if script.take("else") {
            let mut branch = state.clone();
            self.list(script, &mut branch, &["fi"]);
            if open {
                join(&mut after, &branch);
            }
        } else if open {
            join(&mut after, &state.clone());
        }
        script.need("fi");
        if let Some(after) = after {
            *state = after;
        }
        None
    }

    /// `for NAME in WORDS; do … done`: files below /etc that the words match are what the variable stands for.
    pub(super) fn for_loop(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>) -> Option<bool> {
        script.at += 1;
        let Some(Token::Word(variable)) = script.peek() else { return None };
        script.at += 1;
        let mut files = Loop { variable, paths: Vec::new(), gap: None };
        if script.take("in") {
            while let Some(Token::Word(word)) = script.peek() {
                script.at += 1;
                self.add_files(word, &mut files);
            }
        }
        script.skip_ends();
        script.need("do");
        let certain = !files.paths.is_empty();
        let gap = files.gap;
        self.loops.push(files);
        let mut body = state.clone();
        self.list(script, &mut body, &["done"]);
        self.loops.pop();
        script.need("done");
        if certain {
            *state = body
        } else {
            state.join(&body)
        }
        if let Some(why) = gap {
            state.confuse(why, None);
        }
        None
    }

    /// Adds the files below /etc that a word of a loop stands for; `run-parts` over a directory names its `.sh` files.
    fn add_files(&self, word: &str, files: &mut Loop<'a>) {
        let pattern = match shell::literal(word) {
            Some(literal) if literal.starts_with("/etc/") => literal,
            None if word.contains("run-parts") && word.contains("/etc/profile.d") => "/etc/profile.d/*.sh".to_owned(),
            _ => return,
        };
        let matches = self.host.matching(&pattern);
        files.paths.extend(matches.paths);
        if let Some((path, lack)) = matches.gap {
            // A single file that is missing from the list of a collected directory is not there.
            if pattern.contains('*') {
                files.gap = files.gap.or(Some(Why::lacking(path, lack)));
            }
        }
    }

    /// `while … do … done`, which may run or not.
    pub(super) fn while_loop(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>) -> Option<bool> {
        script.at += 1;
        self.list(script, state, &["do"]);
        script.need("do");
        let mut body = state.clone();
        self.list(script, &mut body, &["done"]);
        script.need("done");
        state.join(&body);
        None
    }

    /// `case WORD in PATTERN) … ;; esac`; `$-` has an `i`, because it is interactive shells that are asked about.
    pub(super) fn case(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>) -> Option<bool> {
        script.at += 1;
        let flags = matches!(script.peek(), Some(Token::Word("$-" | "\"$-\"" | "${-}")));
        script.at += 1;
        while script.take("\n") {}
        script.take("in");
        let mut after: Option<State<'a>> = None;
        let (mut open, mut all) = (true, false);
        loop {
            script.skip_ends();
            if script.take("esac") {
                break;
            }
            if script.peek().is_none() {
                script.broken = true;
                break;
            }
            script.take("(");
            let mut interactive = false;
            while let Some(token) = script.peek() {
                script.at += 1;
                match token {
                    Token::Operator(")") => break,
                    Token::Word("*i*") => interactive = true,
                    Token::Word("*") => all = true,
                    Token::Word(_) | Token::Operator(_) => {}
                }
            }
            let mut branch = state.clone();
            self.list(script, &mut branch, &[";;", ";&", ";;&", "esac"]);
            while script.take(";;") || script.take(";&") || script.take(";;&") {}
            if open && (!flags || interactive || all) {
                join(&mut after, &branch);
            }
            open &= !(flags && interactive);
        }
        if open && !all {
            join(&mut after, &state.clone());
        }
        if let Some(after) = after {
            *state = after;
        }
        None
    }

    /// A definition of a function, which may be called or not.
    pub(super) fn function(&mut self, script: &mut Script<'a, '_>, state: &mut State<'a>) -> Option<bool> {
        script.take("function");
        script.at += 1;
        if script.take("(") {
            script.need(")");
        }
        while script.take("\n") {}
        let mut body = state.clone();
        // A `return` within ends the function alone.
        let outer = std::mem::take(&mut self.returns);
        self.command(script, &mut body, &[]);
        for returned in std::mem::replace(&mut self.returns, outer) {
            body.join(&returned);
        }
        state.join(&body);
        Some(true)
    }
}

/// Takes a branch into what holds after all of them.
fn join<'a>(after: &mut Option<State<'a>>, branch: &State<'a>) {
    match after {
        Some(after) => after.join(branch),
        None => *after = Some(branch.clone()),
    }
}
