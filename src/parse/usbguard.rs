//! USBGuard's rules (usbguard-rules.conf(5)) into targets with attributes.

/// The most values that are kept of one attribute; a rule with more is not understood.
const VALUES_MOST: usize = 4096;

/// An attribute and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// `id`, `hash`, `with-interface`, …
    pub name: &'a str,
    /// How the values are compared, as written; `equals` where nothing is.
    pub operator: &'a str,
    /// The values, without quotes, as written.
    pub values: Vec<&'a str>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule<'a> {
    /// `allow`, `block` or `reject`.
    pub target: &'a str,
    /// What a device must be; none: any device.
    pub attributes: Vec<Attribute<'a>>,
    /// What must hold besides, as written.
    pub condition: Option<&'a str>,
    /// The line.
    pub line: &'a str,
}

/// Rules in order, and the lines that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules<'a> {
    /// The rules; the first that matches a device decides.
    pub rules: Vec<Rule<'a>>,
    /// Lines that were not understood; the daemon refuses a file with one.
    pub opaque: Vec<&'a str>,
}

/// Reads a text.
pub fn read(text: &str) -> Rules<'_> {
    let mut found = Rules::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match rule(line) {
            Some(rule) => found.rules.push(rule),
            None => found.opaque.push(line),
        }
    }
    found
}

/// One line as a rule.
fn rule(line: &str) -> Option<Rule<'_>> {
    let (target, mut rest) = token(line)?;
    if !matches!(target, "allow" | "block" | "reject") {
        return None;
    }
    let mut rule = Rule { target, attributes: Vec::new(), condition: None, line };
    while let Some((name, after)) = token(rest) {
        if name == "if" {
            rule.condition = Some(after.trim());
            break;
        }
        // The device id may stand without its attribute's name.
        let (name, after) = if name.contains(':') { ("id", rest) } else { (name, after) };
        let (attribute, after) = attribute(name, after)?;
        rule.attributes.push(attribute);
        rest = after;
    }
    let complete = rule.condition.is_some() || token(rest).is_none() && rest.trim().is_empty();
    complete.then_some(rule)
}

/// The values of one attribute, and what follows.
fn attribute<'a>(name: &'a str, rest: &'a str) -> Option<(Attribute<'a>, &'a str)> {
    let (first, after) = token(rest)?;
    let operators = ["all-of", "one-of", "none-of", "equals", "equals-ordered", "match-all"];
    let (operator, open, mut rest) = if operators.contains(&first) {
        let (open, after) = token(after)?;
        (first, open, after)
    } else {
        ("equals", first, after)
    };
    if open != "{" {
        let single = operator == "equals" && open != "}" && !operators.contains(&first);
        return single.then(|| (Attribute { name, operator, values: vec![unquoted(open)] }, rest));
    }
    let mut values = Vec::new();
    loop {
        let (value, after) = token(rest)?;
        rest = after;
        match value {
            "}" => return Some((Attribute { name, operator, values }, rest)),
            _ if values.len() == VALUES_MOST => return None,
            _ => values.push(unquoted(value)),
        }
    }
}

/// The next word, brace or quoted text, and what follows.
fn token(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.trim_start();
    let end = match rest.bytes().next()? {
        b'{' | b'}' => 1,
        b'"' => closing(&rest[1..])? + 2,
        _ => rest.find(|it: char| it.is_ascii_whitespace() || matches!(it, '{' | '}' | '"')).unwrap_or(rest.len()),
    };
    Some(rest.split_at(end))
}

/// Where a quoted text ends; a backslash keeps the next character.
fn closing(inner: &str) -> Option<usize> {
    let mut escaped = false;
    inner.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

/// A value without its quotes.
fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manuals_examples_are_read() {
        // usbguard-rules.conf(5), "Example policies".
        let text = "allow with-interface equals { 08:*:* }\n\
            allow 1050:0011 name \"Yubico \\\"II\\\"\" via-port \"1-2\" hash \"044b5e16\"\n\
            reject with-interface all-of { 08:*:* 03:00:* }\n\
            allow with-interface one-of { 03:00:01 03:01:01 } if !allowed-matches(with-interface one-of { 03:00:01 })\n\
            # c\nallow if random(0.1666)\nreject\n";
        let found = read(text);
        let shown: Vec<String> = found
            .rules
            .iter()
            .map(|it| {
                let attributes: Vec<_> = it.attributes.iter().map(|at| format!("{} {} {:?}", at.name, at.operator, at.values)).collect();
                format!("{} {} {:?}", it.target, attributes.join("; "), it.condition)
            })
            .collect();
        assert_eq!(
            shown,
            [
                "allow with-interface equals [\"08:*:*\"] None",
                "allow id equals [\"1050:0011\"]; name equals [\"Yubico \\\\\\\"II\\\\\\\"\"]; via-port equals [\"1-2\"]; hash equals [\"044b5e16\"] None",
                "reject with-interface all-of [\"08:*:*\", \"03:00:*\"] None",
                "allow with-interface one-of [\"03:00:01\", \"03:01:01\"] Some(\"!allowed-matches(with-interface one-of { 03:00:01 })\")",
                "allow  Some(\"random(0.1666)\")",
                "reject  None",
            ]
        );
        assert_eq!(found.opaque, [""; 0]);
    }

    #[test]
    fn what_is_no_rule_is_kept_aside() {
        let text = "permit 1:2\nallow with-interface { 08:*:*\nallow name \"open\nallow hash\nallow id one-of 1:2\n";
        assert_eq!(read(text).opaque.len(), 5);
    }
}
