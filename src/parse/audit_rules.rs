//! Rules of the kernel's audit as auditctl(8) reads them from a file, one command line each.

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line without the space around it.
    pub text: &'a str,
    /// What it asks for.
    pub statement: Statement<'a>,
}

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement<'a> {
    /// A rule of a list, or a watch, which is a rule of the exit list in a short form.
    Rule(Rule<'a>),
    /// `-D`: every rule is deleted, or those with a key.
    DeleteAll(Option<&'a str>),
    /// `-e`: 0 off, 1 on, 2 locked.
    Enable(&'a str),
    /// `-b`: buffers.
    Backlog(&'a str),
    /// `-c` or `-i`: later lines are read although one cannot be.
    Continue,
    /// Something else that loads or records nothing: `-f`, `-r`, `--backlog_wait_time`, `--loginuid-immutable`, …
    Control,
    /// Not understood.
    Opaque,
}

/// The list that a rule stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Applied when a system call ends.
    Exit,
    /// Applied when a process is made.
    Task,
    /// Applied to messages of programs.
    User,
    /// Applied to record types.
    Exclude,
    /// Applied to file systems.
    Filesystem,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule<'a> {
    /// Its list.
    pub list: List,
    /// Whether what it matches is recorded, and not passed over.
    pub always: bool,
    /// Whether it is put in front of its list (`-A`).
    pub first: bool,
    /// Whether it was written as a watch (`-w`).
    pub watch: bool,
    /// System calls; empty where none is named, which means all.
    pub syscalls: Vec<&'a str>,
    /// Conditions, those of `-C` too; `path`, `dir`, `perm`, `arch` and `key` are taken out.
    pub fields: Vec<Field<'a>>,
    /// The file or directory that it is about.
    pub path: Option<&'a str>,
    /// Whether that stands for everything below it, if it is a directory.
    pub below: bool,
    /// Letters of `-p` or `perm=`.
    pub permissions: Option<&'a str>,
    /// `b32`, `b64` or the name of an architecture.
    pub arch: Option<&'a str>,
    /// The search key.
    pub key: Option<&'a str>,
}

/// A condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// What is compared.
    pub name: &'a str,
    /// `=`, `!=`, `>=`, …
    pub operator: &'a str,
    /// With what.
    pub value: &'a str,
    /// Whether two fields are compared (`-C`).
    pub between: bool,
}

/// Reads a text; comments and empty lines are left out.
pub fn read(text: &str) -> Vec<Line<'_>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|text| Line { text, statement: statement(text).unwrap_or(Statement::Opaque) }).collect()
}

/// One line as a statement; none where it is not understood.
fn statement(line: &str) -> Option<Statement<'_>> {
    let mut options = Options { words: line.split_ascii_whitespace().collect(), at: 0 };
    let mut rule = Rule {
        list: List::Exit,
        always: true,
        first: false,
        watch: false,
        syscalls: Vec::new(),
        fields: Vec::new(),
        path: None,
        below: false,
        permissions: None,
        arch: None,
        key: None,
    };
    let mut control = None;
    let mut begun = false;
    while let Some(option) = options.next_option()? {
        match option {
            "-w" => {
                (rule.watch, rule.below, begun) = (true, true, true);
                rule.path = Some(options.argument()?);
            }
            "-a" | "-A" => {
                rule.first = option == "-A";
                begun = true;
                (rule.list, rule.always) = list_and_action(options.argument()?)?;
            }
            "-S" => rule.syscalls.extend(options.argument()?.split(',').filter(|name| !name.is_empty())),
            "-F" => condition(&mut rule, options.argument()?)?,
            "-C" => rule.fields.push(field(options.argument()?, true)?),
            "-p" => rule.permissions = Some(letters(options.argument()?)?),
            "-k" => rule.key = Some(options.argument()?),
            "-D" => control = Some(Statement::DeleteAll(None)),
            "-e" => control = Some(Statement::Enable(options.argument()?)),
            "-b" => control = Some(Statement::Backlog(options.argument()?)),
            "-c" | "-i" => control = Some(Statement::Continue),
            "-f" | "-r" | "-q" | "-m" | "--backlog_wait_time" => {
                options.argument()?;
                control = Some(Statement::Control);
            }
            "-t" | "--loginuid-immutable" | "--reset-lost" | "--reset_backlog_wait_time_actual" => control = Some(Statement::Control),
            _ => return None,
        }
    }
    match control {
        Some(Statement::DeleteAll(_)) if !begun => Some(Statement::DeleteAll(rule.key)),
        Some(statement) if !begun && rule.key.is_none() => Some(statement),
        None if begun => whole(rule).map(Statement::Rule),
        _ => None,
    }
}

/// A rule, if its parts go together: a watch names no system calls, architecture or list.
fn whole(rule: Rule<'_>) -> Option<Rule<'_>> {
    let plain = rule.syscalls.is_empty() && rule.arch.is_none() && rule.list == List::Exit && rule.always;
    let absolute = rule.path.is_none_or(|path| path.starts_with('/'));
    (absolute && (plain || !rule.watch)).then_some(rule)
}

/// The words of a line, taken option by option.
struct Options<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Options<'a> {
    /// The next option; outside `None` where a word is none. A letter's argument may be attached to it.
    fn next_option(&mut self) -> Option<Option<&'a str>> {
        let Some(word) = self.words.get(self.at).copied() else { return Some(None) };
        if !word.starts_with('-') || word.len() < 2 || !word.is_ascii() {
            return None;
        }
        if word.starts_with("--") || word.len() == 2 {
            self.at += 1;
            return Some(Some(word));
        }
        self.words[self.at] = &word[2..];
        Some(Some(&word[..2]))
    }

    /// The argument of the option.
    fn argument(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied()?;
        self.at += 1;
        Some(word)
    }
}

/// `list,action` in either order.
fn list_and_action(text: &str) -> Option<(List, bool)> {
    let (left, right) = text.split_once(',')?;
    let action = |word| match word {
        "always" => Some(true),
        "never" => Some(false),
        _ => None,
    };
    let list = |word| match word {
        "exit" => Some(List::Exit),
        "task" => Some(List::Task),
        "user" => Some(List::User),
        "exclude" => Some(List::Exclude),
        "filesystem" => Some(List::Filesystem),
        _ => None,
    };
    list(left).zip(action(right)).or_else(|| list(right).zip(action(left)))
}

/// Takes the argument of `-F` into a rule.
fn condition<'a>(rule: &mut Rule<'a>, text: &'a str) -> Option<()> {
    let field = field(text, false)?;
    match (field.name, field.operator) {
        ("path", "=") => rule.path = Some(field.value),
        ("dir", "=") => (rule.path, rule.below) = (Some(field.value), true),
        ("perm", "=") => rule.permissions = Some(letters(field.value)?),
        ("arch", "=") => rule.arch = Some(field.value),
        ("key", "=") => rule.key = Some(field.value),
        ("path" | "dir" | "perm" | "key", _) => return None,
        _ => rule.fields.push(field),
    }
    Some(())
}

/// A comparison.
fn field(text: &str, between: bool) -> Option<Field<'_>> {
    let start = text.find(['=', '!', '<', '>', '&'])?;
    let (name, rest) = text.split_at(start);
    let operator = ["!=", "<=", ">=", "&=", "=", "<", ">", "&"].into_iter().find(|operator| rest.starts_with(operator))?;
    let value = &rest[operator.len()..];
    (!name.is_empty() && !value.is_empty()).then_some(Field { name, operator, value, between })
}

/// The letters of a permission filter.
fn letters(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|letter| b"rwxa".contains(&letter))).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(line: &str) -> Rule<'_> {
        match statement(line) {
            Some(Statement::Rule(rule)) => rule,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn both_forms_of_a_watch_are_the_same() {
        let watch = rule("-w /etc/passwd -p wa -k identity");
        let long = rule("-a always,exit -F path=/etc/passwd -F perm=wa -F key=identity");
        assert_eq!((watch.path, watch.permissions, watch.key), (long.path, long.permissions, long.key));
        assert!(watch.below && !long.below);
        assert!(rule("-a exit,always -F dir=/etc -Fperm=w -kx").below);
        assert_eq!(rule("-w /etc/shadow").permissions, None);
    }

    #[test]
    fn system_calls_and_conditions_are_collected() {
        let rule = rule("-a always,exit -F arch=b64 -S chmod,fchmod -S fchmodat -F auid>=1000 -F auid!=unset -C uid!=euid -k perm_mod");
        assert_eq!(rule.syscalls, ["chmod", "fchmod", "fchmodat"]);
        assert_eq!(rule.arch, Some("b64"));
        let fields: Vec<(&str, &str, &str)> = rule.fields.iter().map(|it| (it.name, it.operator, it.value)).collect();
        assert_eq!(fields, [("auid", ">=", "1000"), ("auid", "!=", "unset"), ("uid", "!=", "euid")]);
        assert!(rule.fields[2].between);
    }

    #[test]
    fn lists_and_controls() {
        assert_eq!(rule("-a never,task").list, List::Task);
        assert!(!rule("-A exclude,never -F msgtype=CWD").always);
        assert!(rule("-A exclude,never -F msgtype=CWD").first);
        for (line, expected) in [
            ("-D", Statement::DeleteAll(None)),
            ("-D -k x", Statement::DeleteAll(Some("x"))),
            ("-e 2", Statement::Enable("2")),
            ("-e2", Statement::Enable("2")),
            ("-b 8192", Statement::Backlog("8192")),
            ("-i", Statement::Continue),
            ("-f 1", Statement::Control),
            ("--backlog_wait_time 60000", Statement::Control),
        ] {
            assert_eq!(statement(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_auditctl_refuses_is_opaque() {
        for line in [
            "-w etc/passwd -p wa",
            "-w /etc/passwd -p q",
            "-w",
            "-a exit",
            "-a always,somewhere -S open",
            "-w /x -S open",
            "passwd",
            "-e",
            "-W /etc/passwd",
            "-Z 1",
            "-a always,exit -F auid",
            "-k x",
            "-p wa",
            "-é",
        ] {
            assert_eq!(statement(line), None, "{line}");
        }
        let lines = read("# c\n\n  -w /x -p w  \r\nbad\n");
        assert_eq!(lines.iter().map(|line| line.text).collect::<Vec<_>>(), ["-w /x -p w", "bad"]);
        assert_eq!(lines[1].statement, Statement::Opaque);
    }
}
