//! What stands between `if` and `then` into a tree, with the precedences of rsyslog's grammar.
//!
//! They are unusual: `and` and `or` bind equally, from the left, and `not` binds tighter than any comparison.

use super::DEPTH_MOST;
use super::cursor::Cursor;

/// The most operands of one expression.
const OPERANDS_MOST: usize = 500;

/// An expression.
#[derive(Debug, PartialEq)]
pub enum Expression<'a> {
    /// A text between quotes, escapes as written.
    Text(&'a str),
    /// A number.
    Number(i64),
    /// A property or variable, without `$`.
    Variable(&'a str),
    /// An array of texts.
    List(Vec<&'a str>),
    /// A function and its arguments.
    Function(&'a str, Vec<Expression<'a>>),
    /// `not`.
    Not(Box<Expression<'a>>),
    /// Both.
    And(Box<(Expression<'a>, Expression<'a>)>),
    /// Either.
    Or(Box<(Expression<'a>, Expression<'a>)>),
    /// A comparison.
    Compare(Comparison, Box<(Expression<'a>, Expression<'a>)>),
    /// Arithmetic or string addition.
    Computed,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`, `<>`
    NotEqual,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `>`
    Above,
    /// `contains`
    Contains,
    /// `startswith`
    StartsWith,
    /// `contains_i`, `startswith_i`, `endswith`: not told apart, because nothing is concluded from them.
    Other,
}

/// Operators of two operands, the loosest level first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Logic,
    Comparison,
    Arithmetic,
}

/// An operator of two operands.
#[derive(Clone, Copy)]
enum Operator {
    And,
    Or,
    Compare(Comparison),
    Arithmetic,
}

/// Reads an expression; none where the grammar has no such expression.
pub(super) fn expression<'a>(cursor: &mut Cursor<'a>) -> Option<Expression<'a>> {
    let mut operands_left = OPERANDS_MOST;
    operation(cursor, Level::Logic, DEPTH_MOST, &mut operands_left)
}

/// Operands joined by operators of this level or tighter ones, from the left.
fn operation<'a>(cursor: &mut Cursor<'a>, level: Level, depth_left: usize, operands_left: &mut usize) -> Option<Expression<'a>> {
    let depth_left = depth_left.checked_sub(1)?;
    let tighter = |cursor: &mut Cursor<'a>, operands_left: &mut usize| match level {
        Level::Logic => operation(cursor, Level::Comparison, depth_left, operands_left),
        Level::Comparison => operation(cursor, Level::Arithmetic, depth_left, operands_left),
        Level::Arithmetic => operand(cursor, depth_left, operands_left),
    };
    let mut left = tighter(cursor, operands_left)?;
    loop {
        cursor.skip(false);
        let start = cursor.at;
        let Some((_, operator)) = operator(cursor).filter(|(its, _)| *its == level) else {
            cursor.at = start;
            return Some(left);
        };
        let right = tighter(cursor, operands_left)?;
        left = match operator {
            Operator::And => Expression::And(Box::new((left, right))),
            Operator::Or => Expression::Or(Box::new((left, right))),
            Operator::Compare(comparison) => Expression::Compare(comparison, Box::new((left, right))),
            Operator::Arithmetic => Expression::Computed,
        };
    }
}

/// The operator that stands here, and its level.
fn operator(cursor: &mut Cursor<'_>) -> Option<(Level, Operator)> {
    const SYMBOLS: &[(&str, Comparison)] = &[
        ("==", Comparison::Equal),
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("!=", Comparison::NotEqual),
        ("<>", Comparison::NotEqual),
        ("<", Comparison::Below),
        (">", Comparison::Above),
    ];
    if let Some((symbol, comparison)) = SYMBOLS.iter().find(|(symbol, _)| cursor.rest().starts_with(symbol)) {
        cursor.take(symbol.len());
        return Some((Level::Comparison, Operator::Compare(*comparison)));
    }
    if cursor.peek().is_some_and(|byte| b"+-*/%&".contains(&byte)) {
        cursor.at += 1;
        return Some((Level::Arithmetic, Operator::Arithmetic));
    }
    let word = cursor.run(|byte| byte.is_ascii_alphanumeric() || byte == b'_').to_ascii_lowercase();
    let comparison = match word.as_str() {
        "and" => return Some((Level::Logic, Operator::And)),
        "or" => return Some((Level::Logic, Operator::Or)),
        "contains" => Comparison::Contains,
        "startswith" => Comparison::StartsWith,
        "contains_i" | "startswith_i" | "endswith" => Comparison::Other,
        _ => return None,
    };
    Some((Level::Comparison, Operator::Compare(comparison)))
}

/// One operand.
fn operand<'a>(cursor: &mut Cursor<'a>, depth_left: usize, operands_left: &mut usize) -> Option<Expression<'a>> {
    let depth_left = depth_left.checked_sub(1)?;
    *operands_left = operands_left.checked_sub(1)?;
    cursor.skip(false);
    match cursor.peek()? {
        b'(' => {
            cursor.at += 1;
            let inner = operation(cursor, Level::Logic, depth_left, operands_left)?;
            cursor.skip(false);
            cursor.eat(b')').then_some(inner)
        }
        b'$' => {
            cursor.at += 1;
            Some(Expression::Variable(cursor.run(|byte| byte.is_ascii_alphanumeric() || b"!$./@_-[]".contains(&byte))))
        }
        b'"' => cursor.quoted(b'"').filter(|text| !holds_bare_dollar(text)).map(Expression::Text),
        b'\'' => cursor.quoted(b'\'').map(Expression::Text),
        b'`' => cursor.quoted(b'`').map(|_| Expression::Computed),
        b'[' => list(cursor).map(Expression::List),
        b'-' => {
            cursor.at += 1;
            operand(cursor, depth_left, operands_left).map(|_| Expression::Computed)
        }
        byte if byte.is_ascii_digit() => number(cursor.run(|byte| byte.is_ascii_alphanumeric())),
        byte if byte.is_ascii_alphabetic() => word(cursor, depth_left, operands_left),
        _ => None,
    }
}

/// `not` and its operand, or a function and its arguments.
fn word<'a>(cursor: &mut Cursor<'a>, depth_left: usize, operands_left: &mut usize) -> Option<Expression<'a>> {
    let name = cursor.run(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if name.eq_ignore_ascii_case("not") {
        return operand(cursor, depth_left, operands_left).map(|inner| Expression::Not(Box::new(inner)));
    }
    cursor.skip(false);
    if !cursor.eat(b'(') {
        return None;
    }
    let mut arguments = Vec::new();
    cursor.skip(false);
    while !cursor.eat(b')') {
        if !arguments.is_empty() && !cursor.eat(b',') {
            return None;
        }
        arguments.push(operation(cursor, Level::Logic, depth_left, operands_left)?);
        cursor.skip(false);
    }
    Some(Expression::Function(name, arguments))
}

/// Whether a dollar stands in a text without a backslash, which double quotes do not allow.
fn holds_bare_dollar(text: &str) -> bool {
    let mut escaped = false;
    text.bytes().any(|byte| {
        let bare = byte == b'$' && !escaped;
        escaped = byte == b'\\' && !escaped;
        bare
    })
}

/// A number as C reads it.
fn number<'a>(digits: &str) -> Option<Expression<'a>> {
    let parsed = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => i64::from_str_radix(&digits[2..], 16),
        [b'0', _, ..] => i64::from_str_radix(&digits[1..], 8),
        _ => digits.parse(),
    };
    parsed.ok().map(Expression::Number)
}

/// The texts of an array.
pub(super) fn list<'a>(cursor: &mut Cursor<'a>) -> Option<Vec<&'a str>> {
    let mut items = Vec::new();
    if !cursor.eat(b'[') {
        return None;
    }
    loop {
        cursor.skip(false);
        items.push(match cursor.peek()? {
            quote @ (b'"' | b'\'') => cursor.quoted(quote)?,
            _ => return None,
        });
        cursor.skip(false);
        if cursor.eat(b']') {
            return Some(items);
        }
        if !cursor.eat(b',') {
            return None;
        }
    }
}
