//! A place in a logical line of sudoers(5), and the small steps that the grammar takes from it.

/// A place in a line.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    line: &'a str,
    /// The place, in bytes.
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    /// The start of a line.
    pub(super) fn new(line: &'a str) -> Cursor<'a> {
        Cursor { line, at: 0 }
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    /// What lies between a place and here, without the space at its end.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.line[start..self.at].trim_end()
    }

    /// Goes on by so many bytes, which must end at a character.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes on over blanks and continuations.
    pub(super) fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            self.at += rest.len() - trimmed.len();
            let blank = trimmed.strip_prefix('\\').is_some_and(|behind| behind.trim_start_matches([' ', '\t', '\r']).starts_with('\n'));
            if !blank {
                return;
            }
            self.at += 1;
        }
    }

    /// Whether nothing but blanks is left.
    pub(super) fn is_done(&mut self) -> bool {
        self.skip_blank();
        self.rest().is_empty()
    }

    /// Whether the next character is this one, blanks aside; nothing is taken.
    pub(super) fn sees(&mut self, character: char) -> bool {
        self.skip_blank();
        self.rest().starts_with(character)
    }

    /// Takes the next character if it is this one, blanks aside.
    pub(super) fn take(&mut self, character: char) -> bool {
        let seen = self.sees(character);
        if seen {
            self.at += character.len_utf8();
        }
        seen
    }

    /// Takes all `!`; whether their number is odd.
    pub(super) fn take_negations(&mut self) -> bool {
        let mut negated = false;
        while self.take('!') {
            negated = !negated;
        }
        self.skip_blank();
        negated
    }

    /// Takes characters as long as they are of a kind.
    pub(super) fn take_while(&mut self, of_kind: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|character| !of_kind(character)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Takes `=`, `+=` or `-=`, blanks aside.
    pub(super) fn take_operator(&mut self) -> Option<&'a str> {
        self.skip_blank();
        let rest = self.rest();
        let operator = ["+=", "-=", "="].into_iter().find(|operator| rest.starts_with(operator))?;
        self.at += operator.len();
        Some(&rest[..operator.len()])
    }

    /// Takes a text in double quotes, without them.
    pub(super) fn take_quoted(&mut self) -> Option<&'a str> {
        let inside = self.rest().strip_prefix('"')?;
        let mut escaped = false;
        let end = inside.find(|character| {
            let closes = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            closes
        })?;
        self.at += end + 2;
        Some(&inside[..end])
    }

    /// Takes the value of a parameter: a quoted text, or a word up to a comma or blank.
    pub(super) fn take_value(&mut self) -> Option<&'a str> {
        self.skip_blank();
        if self.rest().starts_with('"') {
            return self.take_quoted();
        }
        let word = self.take_escaped(|character| [',', ' ', '\t', '\r', '\n', '"', '='].contains(&character));
        (!word.is_empty()).then_some(word)
    }

    /// Takes characters up to one that ends the word; a backslash takes that from the character behind it, but a backslash at the
    /// end of a line ends the word itself.
    pub(super) fn take_escaped(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let mut characters = rest.char_indices();
        let mut end = rest.len();
        while let Some((at, character)) = characters.next() {
            if character == '\\' {
                let behind = &rest[at + 1..];
                if behind.is_empty() || behind.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
                    end = at;
                    break;
                }
                characters.next();
            } else if ends(character) {
                end = at;
                break;
            }
        }
        self.at += end;
        &rest[..end]
    }
}
