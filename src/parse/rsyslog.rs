//! The text of an rsyslog configuration file into statements: legacy selectors and directives, and RainerScript, which mix freely.
//!
//! The syntax is the one of version 7 and later, where one grammar reads both styles: a selector or a property filter begins a line,
//! a legacy action takes the rest of its line, `#` comments and `\` continuations are as in the legacy style everywhere.
//! No file is included here, and nothing is evaluated.

mod cursor;
mod expression;
mod statement;

pub use expression::{Comparison, Expression};

/// Blocks, parentheses and `else if` chains that are followed into each other; deeper ones are an issue.
pub const DEPTH_MOST: usize = 80;

/// A configuration file as it was understood.
#[derive(Debug, Default)]
pub struct Document<'a> {
    /// The statements, in order.
    pub statements: Vec<Statement<'a>>,
    /// Texts that the grammar does not have. rsyslogd gives up on a whole configuration for most of them.
    pub issues: Vec<&'a str>,
}

/// One statement. Assignments to variables (`set`, `unset`, `reset`), `continue` and comments leave none.
#[derive(Debug)]
pub enum Statement<'a> {
    /// `$Name value`.
    Directive(Directive<'a>),
    /// `module(…)`, `input(…)`, `global(…)`, `template(…)`, `main_queue(…)`, `lookup_table(…)`, …
    Object(Object<'a>),
    /// `ruleset(…) { … }`.
    Ruleset(Object<'a>, Vec<Statement<'a>>),
    /// `include(…)`.
    Include(Object<'a>),
    /// `action(…)`.
    Action(Object<'a>),
    /// A legacy action, with all that follows it on its line: `-/var/log/syslog`, `@@host:514;template`, `root,alice`, `~`.
    Legacy(&'a str),
    /// `stop`.
    Stop(&'a str),
    /// `call name`: the name.
    Call(&'a str),
    /// Statements under a selector, a property filter or an `if`.
    Conditional(Conditional<'a>),
    /// Something that may run statements in a way that is not decided here: `foreach` and its body, `call_indirect`.
    Uncertain(&'a str, Vec<Statement<'a>>),
    /// A BSD block selector, `!program` or `+host`, which rsyslog 7 and later ignore.
    Block(&'a str),
}

/// A legacy directive.
#[derive(Clone, Copy, Debug)]
pub struct Directive<'a> {
    /// All of it.
    pub text: &'a str,
    /// The name without `$`; case does not matter.
    pub name: &'a str,
    /// What follows the name, trimmed.
    pub value: &'a str,
}

impl<'a> Directive<'a> {
    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The first word of its value, which is all that most directives read.
    pub fn word(&self) -> &'a str {
        self.value.split_ascii_whitespace().next().unwrap_or_default()
    }
}

/// Statements under a condition.
#[derive(Debug)]
pub struct Conditional<'a> {
    /// The condition as written.
    pub text: &'a str,
    /// What is tested.
    pub test: Test<'a>,
    /// What runs where it holds.
    pub then: Vec<Statement<'a>>,
    /// What runs where it does not.
    pub otherwise: Vec<Statement<'a>>,
}

/// A condition.
#[derive(Debug)]
pub enum Test<'a> {
    /// `auth,authpriv.info;cron.none`; may hold line continuations.
    Selector(&'a str),
    /// `:property, !operation, "value"`.
    Property(PropertyFilter<'a>),
    /// What stands between `if` and `then`; none where it was not understood.
    Expression(Option<Expression<'a>>),
}

/// A property filter.
#[derive(Clone, Copy, Debug)]
pub struct PropertyFilter<'a> {
    /// Name of the property.
    pub property: &'a str,
    /// Whether the result is turned round by `!`.
    pub negated: bool,
    /// `contains`, `isequal`, `startswith`, `regex`, `ereregex`, `isempty`.
    pub operation: &'a str,
    /// The value between the quotes, escapes as written.
    pub value: &'a str,
}

/// An object with parameters.
#[derive(Debug)]
pub struct Object<'a> {
    /// All of it.
    pub text: &'a str,
    /// `action`, `module`, `global`, …; case does not matter.
    pub kind: &'a str,
    /// The parameters, in order.
    pub parameters: Vec<Parameter<'a>>,
}

/// One parameter of an object.
#[derive(Debug)]
pub struct Parameter<'a> {
    /// The whole `name="value"`.
    pub text: &'a str,
    /// The name; case does not matter.
    pub name: &'a str,
    /// The values between their quotes, escapes as written: one, or those of an array.
    pub values: Vec<&'a str>,
    /// Whether it is between backticks: taken from a file or the environment when rsyslogd starts.
    pub computed: bool,
}

impl<'a> Object<'a> {
    /// The parameter of that name; of several the last, which is the one that rsyslogd finds.
    pub fn parameter(&self, name: &str) -> Option<&Parameter<'a>> {
        self.parameters.iter().rev().find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }

    /// The value of the parameter of that name, where it stands in the text.
    pub fn value(&self, name: &str) -> Option<&'a str> {
        self.parameter(name).filter(|parameter| !parameter.computed).and_then(|parameter| parameter.values.first().copied())
    }
}

/// Reads a configuration file.
pub fn parse(text: &str) -> Document<'_> {
    let mut reader = statement::Reader::new(text);
    let mut statements = Vec::new();
    while reader.statement(&mut statements, 0) {}
    Document { statements, issues: reader.issues }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Statements in short, blocks in braces.
    fn shown(statements: &[Statement<'_>]) -> String {
        let one = |statement: &Statement<'_>| match statement {
            Statement::Directive(directive) => format!("${}={}", directive.name, directive.value),
            Statement::Object(object) => format!("{}({})", object.kind, object.parameters.len()),
            Statement::Ruleset(object, body) => format!("ruleset {} {{{}}}", object.value("name").unwrap_or_default(), shown(body)),
            Statement::Include(object) => format!("include {}", object.value("file").unwrap_or_default()),
            Statement::Action(object) => format!("action {}", object.value("type").unwrap_or_default()),
            Statement::Legacy(text) => format!("<{text}>"),
            Statement::Stop(_) => "stop".to_owned(),
            Statement::Call(name) => format!("call {name}"),
            Statement::Conditional(it) if it.otherwise.is_empty() => format!("{{{}: {}}}", it.text, shown(&it.then)),
            Statement::Conditional(it) => format!("{{{}: {} else {}}}", it.text, shown(&it.then), shown(&it.otherwise)),
            Statement::Uncertain(text, body) => format!("? {text} {{{}}}", shown(body)),
            Statement::Block(text) => format!("block {text}"),
        };
        statements.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    /// What rsyslogd 8.2302 makes of each text was seen with `rsyslogd -N1` and by running it.
    #[test]
    fn both_styles_are_read_as_rsyslogd_does() {
        for (text, expected) in [
            ("*.info;mail.none  -/var/log/messages # told", "{*.info;mail.none: <-/var/log/messages # told>}"),
            ("auth.*\n\t@@log:514;tpl\n& stop\n", "{auth.*: <@@log:514;tpl> stop}"),
            ("auth.* /a\n$FileCreateMode 0600\n& /b\n*.* /c", "{auth.*: </a> $FileCreateMode=0600 </b>} {*.*: </c>}"),
            ("auth.* /a\n$IncludeConfig /x/*.conf\n", "{auth.*: </a>} $IncludeConfig=/x/*.conf"),
            ("# off \\\n*.* /a\n*.* /b", "{*.*: </b>}"),
            (":msg, !contains, \"a\\\"b\" ~", "{:msg, !contains, \"a\\\"b\": <~>}"),
            (":omrelp:log:2514", "<:omrelp:log:2514>"),
            ("auth /a", "<auth> </a>"),
            ("auth.* root,alice", "{auth.*: <root,alice>}"),
            ("if $msg contains 'x' then { stop }\nelse if 1 then /a\nelse /b", "{$msg contains 'x': stop else {1: </a> else </b>}}"),
            ("if 1 then action(type=\"omfile\" # told\n file=\"/a\")\n& /b", "{1: action omfile </b>}"),
            ("ruleset(name=\"r\"){\n auth.* call other\n}\nset $.x = \"a;b\"; *.* /a", "ruleset r {{auth.*: call other}} <*> <.* /a>"),
            ("template(name=\"t\" type=\"list\") { property(name=\"msg\") constant(value=\"x\") }\nstop", "template(2) stop"),
            ("foreach ($.i in $!a) do { stop }", "? ($.i in $!a) {stop}"),
            ("!prog\n+host\n-host\n-/a", "block !prog block +host block -host <-/a>"),
            ("*.*\\\n;auth.none /a", "{*.*\\\n;auth.none: </a>}"),
            ("input(type=\"imudp\" port=[\"514\", \"515\"])", "input(2)"),
        ] {
            let document = parse(text);
            assert_eq!((shown(&document.statements).trim(), document.issues.len()), (expected, 0), "{text}");
        }
    }

    #[test]
    fn what_the_grammar_does_not_have_is_an_issue() {
        for text in [
            "foo(bar)",
            "action(type='omfile')",
            "input(type=\"imudp\" port=514)",
            "ruleset(name=\"r\") {\n*.* /a",
            "if $msg contains \"$x\" then stop",
            "if (1 then stop",
            "}",
            "& stop",
            "*.*",
            "set $.x = 1",
        ] {
            assert!(!parse(text).issues.is_empty(), "{text}");
        }
    }

    #[test]
    fn precedences_are_those_of_the_grammar() {
        let document = parse("if not $a == 1 or $b == 2 and ($c or 0x10 > 010) then stop");
        let [Statement::Conditional(Conditional { test: Test::Expression(Some(expression)), .. })] = document.statements.as_slice() else {
            panic!("one condition: {document:?}");
        };
        let shown = format!("{expression:?}");
        let expected = "And((Or((Compare(Equal, (Not(Variable(\"a\")), Number(1))), Compare(Equal, (Variable(\"b\"), Number(2))))), \
                        Or((Variable(\"c\"), Compare(Above, (Number(16), Number(8)))))))";
        assert_eq!(shown, expected);
    }

    #[test]
    fn depth_is_bounded() {
        for text in [
            "if 1 then ".repeat(5_000),
            "*.* {\n".repeat(5_000),
            format!("if {}1", "(".repeat(5_000)),
            "if 1 then stop else ".repeat(5_000),
        ] {
            assert!(!parse(&text).issues.is_empty());
        }
    }
}
