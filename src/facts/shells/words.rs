//! Single commands of start files: assignments, `umask`, `readonly`, sourcing, tests.

use super::run::{Run, Script};
use super::state::{Choice, State, Timeout};
use crate::facts::{Artefact, Why};
use crate::parse::shell;
use crate::snapshot::Lack;

/// Commands that only talk about what stands in their words.
const HARMLESS: &[&str] = &["alias", "echo", "grep", "logger", "printf"];

/// Variables that are set in every interactive bash.
const SET: &[&str] = &["BASH", "BASH_VERSION", "PS1"];

/// Directories that everybody may write to.
const WRITABLE: &[&str] = &["/tmp", "/var/tmp", "/dev/shm"];

/// A change to a variable.
#[derive(Clone, Copy)]
struct Change<'a> {
    name: &'a str,
    value: Option<&'a str>,
    readonly: bool,
    /// The text that makes it.
    text: &'a str,
}

impl<'a> Run<'a, '_> {
    /// Runs a command and says whether it succeeds, where that can be told.
    pub(super) fn words(&mut self, script: &Script<'a, '_>, words: &[&'a str], state: &mut State<'a>) -> Option<bool> {
        let assignments = words.iter().take_while(|word| assignment(word).is_some()).count();
        if assignments == words.len() {
            for word in words {
                let (name, value) = assignment(word)?;
                change(script, state, Change { name, value: Some(value), readonly: false, text: word });
            }
            return Some(true);
        }
        let words = &words[assignments..];
        let words = if words.len() > 1 && ["builtin", "command"].contains(&words[0]) { &words[1..] } else { words };
        let (command, arguments) = words.split_first()?;
        match *command {
            "umask" => mask(script, arguments, state),
            "export" | "readonly" | "declare" | "typeset" => declare(script, command, arguments, state),
            "unset" => unset(script, arguments, state),
            "." | "source" => self.source(arguments.first()?, state),
            "return" => {
                self.leave(state, false);
                None
            }
            "exit" => {
                self.leave(state, true);
                None
            }
            "[" | "[[" | "test" => self.test(arguments),
            "shopt" if arguments.contains(&"login_shell") => arguments.contains(&"-q").then_some(self.login),
            ":" | "true" => Some(true),
            "false" => Some(false),
            "pathmunge" => {
                if arguments.first().is_some_and(|directory| is_unsafe(directory)) {
                    let choice = Choice { value: Ok(true), evidence: script.decides(arguments[0]) };
                    state.path_unsafe.replace(choice, |_| false);
                }
                Some(true)
            }
            command if HARMLESS.contains(&command) => None,
            _ => other(script, words, state),
        }
    }

    /// `. FILE`: a file below /etc is run, a variable of a loop stands for its files, anything else is the user's or the vendor's.
    fn source(&mut self, word: &'a str, state: &mut State<'a>) -> Option<bool> {
        if let Some(path) = shell::literal(word) {
            if path.starts_with("/etc/") {
                let path = self.host.text(&path[1..]);
                self.file(path, state);
            }
            return None;
        }
        let found = self.loops.iter().rev().find(|it| refers(word, it.variable))?;
        for path in found.paths.clone() {
            self.file(path, state);
        }
        None
    }

    /// `[ … ]`: whether a file below /etc is there, and whether a variable is set that every interactive bash sets.
    fn test(&self, arguments: &[&'a str]) -> Option<bool> {
        let arguments: Vec<_> = arguments.iter().copied().filter(|word| !["]", "]]"].contains(word)).collect();
        match arguments.as_slice() {
            ["!", rest @ ..] => self.test(rest).map(|truth| !truth),
            ["-n", word] | [word] if is_set(word) => Some(true),
            ["-z", word] if is_set(word) => Some(false),
            ["-e" | "-f" | "-r" | "-s", word] => {
                if self.loops.iter().any(|it| refers(word, it.variable) && !it.paths.is_empty()) {
                    return Some(true);
                }
                let path = shell::literal(word).filter(|path| path.starts_with("/etc/"))?;
                match self.host.file(&path) {
                    Artefact::Text(_) => Some(true),
                    Artefact::Lacking(Lack::Absent) => Some(false),
                    Artefact::Lacking(_) => None,
                }
            }
            ["-d", word] => {
                let path = shell::literal(word).filter(|path| path.starts_with("/etc/"))?;
                (!self.host.matching(&format!("{path}/*")).paths.is_empty()).then_some(true)
            }
            _ => None,
        }
    }
}

/// The name and value of an assignment.
fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let first = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    (first && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')).then_some((name, value))
}

/// Whether a word stands for the value of a variable: `$x`, `"$x"`, `${x}`, `${x-}`, `${x:-}`.
fn refers(word: &str, variable: &str) -> bool {
    let Some(name) = word.trim_matches('"').strip_prefix('$') else { return false };
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    name.trim_end_matches(['-', ':']) == variable
}

/// Whether a word stands for a variable that every interactive bash sets.
fn is_set(word: &str) -> bool {
    SET.iter().any(|variable| refers(word, variable))
}

/// `umask MODE`.
fn mask<'a>(script: &Script<'a, '_>, arguments: &[&'a str], state: &mut State<'a>) -> Option<bool> {
    let mode = arguments.iter().find(|word| !word.starts_with('-'))?;
    let value = shell::literal(mode).and_then(|mode| read_mask(&mode)).ok_or(Why::not_understood(mode));
    state.umask.replace(Choice { value, evidence: script.decides(mode) }, |_| false);
    Some(true)
}

/// An octal mask, or a symbolic one that says what everybody may do.
pub(super) fn read_mask(mode: &str) -> Option<u32> {
    if mode.starts_with(|first: char| first.is_ascii_digit()) {
        return u32::from_str_radix(mode, 8).ok().filter(|mask| *mask <= 0o777);
    }
    let (mut allowed, mut said) = (0, 0);
    for clause in mode.split(',') {
        let (who, what) = clause.split_once('=')?;
        let bits = what.chars().map(|bit| match bit {
            'r' => Some(4),
            'w' => Some(2),
            'x' => Some(1),
            _ => None,
        });
        let bits = bits.sum::<Option<u32>>().filter(|bits| *bits <= 7)?;
        for who in who.chars() {
            let place = match who {
                'u' => 0o100,
                'g' => 0o010,
                'o' => 0o001,
                'a' => 0o111,
                _ => return None,
            };
            allowed = (allowed & !(place * 7)) | (place * bits);
            said |= place * 7;
        }
    }
    (said == 0o777).then_some(0o777 & !allowed)
}

/// `export`, `readonly`, `declare`, `typeset`.
fn declare<'a>(script: &Script<'a, '_>, command: &str, arguments: &[&'a str], state: &mut State<'a>) -> Option<bool> {
    let options = arguments.iter().filter(|word| word.starts_with('-'));
    let readonly = command == "readonly" || options.clone().any(|option| option.contains('r'));
    // `declare -f` and `export -f` are about functions, `export -n` and `-p` set nothing.
    if options.clone().any(|option| option.contains('f')) {
        return Some(true);
    }
    for word in arguments.iter().filter(|word| !word.starts_with(['-', '+'])) {
        let (name, value) = assignment(word).map_or((*word, None), |(name, value)| (name, Some(value)));
        change(script, state, Change { name, value, readonly, text: word });
    }
    Some(true)
}

/// `unset NAME`.
fn unset<'a>(script: &Script<'a, '_>, arguments: &[&'a str], state: &mut State<'a>) -> Option<bool> {
    if let Some(name) = arguments.iter().find(|name| **name == "TMOUT") {
        let none = Timeout { seconds: None, readonly: false };
        state.timeout.replace(Choice { value: Ok(none), evidence: script.decides(name) }, is_fixed);
    }
    Some(true)
}

/// Whether a value of TMOUT cannot be replaced, or may be one that cannot.
fn is_fixed(choice: &Choice<'_, Timeout>) -> bool {
    choice.value.is_err() || choice.value.is_ok_and(|timeout| timeout.readonly)
}

/// Changes a variable that is asked for.
fn change<'a>(script: &Script<'a, '_>, state: &mut State<'a>, change: Change<'a>) {
    match (change.name, change.value) {
        ("TMOUT", Some(value)) => {
            let seconds = shell::literal(value).and_then(|value| if value.is_empty() { Some(0) } else { value.parse::<i64>().ok() });
            let timeout = seconds
                .map(|seconds| Timeout { seconds: u64::try_from(seconds).ok().filter(|seconds| *seconds > 0), readonly: change.readonly });
            let value = timeout.ok_or(Why::not_understood(change.text));
            state.timeout.replace(Choice { value, evidence: script.decides(change.text) }, is_fixed);
        }
        ("TMOUT", None) if change.readonly => {
            for choice in &mut state.timeout.values {
                if let Ok(timeout) = &mut choice.value {
                    timeout.readonly = true;
                }
            }
        }
        ("PATH", Some(value)) => {
            let keeps = value.contains("$PATH") || value.contains("${PATH");
            let evidence = script.decides(change.text);
            let value = path_is_unsafe(value).ok_or(Why::not_understood(change.text));
            state.path_unsafe.replace(Choice { value, evidence }, |old| keeps && old.value != Ok(false));
        }
        _ => {}
    }
}

/// Whether the elements of a search path hold a relative or writable directory; nothing where an expansion hides its colons.
pub(super) fn path_is_unsafe(value: &str) -> Option<bool> {
    let plain: String = value.chars().filter(|character| !['"', '\''].contains(character)).collect();
    if plain.contains("${") && plain.contains(":+") || plain.contains(['`']) || plain.contains("$(") {
        return None;
    }
    Some(plain.split(':').any(is_unsafe))
}

/// Whether a directory of a search path is relative, empty or open to everybody.
fn is_unsafe(directory: &str) -> bool {
    let inside = |parent: &str| directory.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    !directory.starts_with(['/', '$', '~']) || WRITABLE.iter().any(|parent| inside(parent))
}

/// A command that is not known: what its words touch becomes unknown.
fn other<'a>(script: &Script<'a, '_>, words: &[&'a str], state: &mut State<'a>) -> Option<bool> {
    for word in words {
        if word.contains("umask") {
            state.umask.confuse(Why::not_understood(word), script.decides(word));
        }
        if word.contains("TMOUT") {
            state.timeout.confuse(Why::not_understood(word), script.decides(word));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// POSIX.1, umask.
    #[test]
    fn masks_are_octal_or_symbolic() {
        let read = ["022", "0027", "77", "u=rwx,g=rx,o=", "a=rx", "u=rwx", "g-w", "999", "x"].map(read_mask);
        assert_eq!(read, [Some(0o022), Some(0o027), Some(0o077), Some(0o027), Some(0o222), None, None, None, None]);
    }

    #[test]
    fn search_paths() {
        for value in ["/bin:", ":/bin", "/bin::/sbin", ".:/bin", "$PATH:bin", "/bin:/tmp/x", "'/bin:..'"] {
            assert_eq!(path_is_unsafe(value), Some(true), "{value}");
        }
        for value in ["/bin:/sbin", "\"$PATH:/opt/bin\"", "$HOME/bin:$PATH", "/tmpfiles"] {
            assert_eq!(path_is_unsafe(value), Some(false), "{value}");
        }
        assert_eq!(path_is_unsafe("/x${PATH:+:${PATH}}"), None);
    }
}
