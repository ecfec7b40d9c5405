//! The control field of a PAM line into what is done with each return code of its module.

/// How many return codes there are (`_PAM_RETURN_VALUES` of Linux-PAM).
pub const CODES: usize = 32;

/// `PAM_SUCCESS`.
pub const SUCCESS: usize = 0;
/// `PAM_PERM_DENIED`, with which libpam answers for a line that it cannot use.
pub const PERM_DENIED: usize = 6;
/// `PAM_AUTH_ERR`.
pub const AUTH_ERR: usize = 7;
/// `PAM_NEW_AUTHTOK_REQD`.
pub const NEW_AUTHTOK_REQD: usize = 12;
/// `PAM_IGNORE`.
pub const IGNORE: usize = 25;
/// `PAM_MODULE_UNKNOWN`: the module is not installed.
pub const MODULE_UNKNOWN: usize = 28;

/// The names of return codes in `value=action`, by number, and `default` after them: pam.conf(5).
const NAMES: [&str; CODES + 1] = [
    "success",
    "open_err",
    "symbol_err",
    "service_err",
    "system_err",
    "buf_err",
    "perm_denied",
    "auth_err",
    "cred_insufficient",
    "authinfo_unavail",
    "user_unknown",
    "maxtries",
    "new_authtok_reqd",
    "acct_expired",
    "session_err",
    "cred_unavail",
    "cred_expired",
    "cred_err",
    "no_module_data",
    "conv_err",
    "authtok_err",
    "authtok_recover_err",
    "authtok_lock_busy",
    "authtok_disable_aging",
    "try_again",
    "ignore",
    "abort",
    "authtok_expired",
    "module_unknown",
    "bad_item",
    "conv_again",
    "incomplete",
    "default",
];

/// The number of a return code by its name.
pub fn code(name: &str) -> Option<usize> {
    NAMES[..CODES].iter().position(|known| *known == name)
}

/// What is done with a module's answer: pam.conf(5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It does not count.
    Ignore,
    /// It is the stack's, unless something failed before.
    Ok,
    /// The same, and the (sub)stack ends.
    Done,
    /// The stack fails.
    Bad,
    /// The same, and the (sub)stack ends.
    Die,
    /// The stack is as it was when the substack began.
    Reset,
    /// So many lines are skipped.
    Jump(u16),
}

/// The words for actions, in the order in which libpam tries them.
const ACTIONS: [(&str, Action); 6] = [
    ("ignore", Action::Ignore),
    ("ok", Action::Ok),
    ("done", Action::Done),
    ("bad", Action::Bad),
    ("die", Action::Die),
    ("reset", Action::Reset),
];

/// What is done with each return code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control([Action; CODES]);

impl Control {
    /// `required`.
    pub const REQUIRED: Control = Control::keyword(Action::Ok, Action::Bad, true);
    /// `requisite`.
    pub const REQUISITE: Control = Control::keyword(Action::Ok, Action::Die, true);
    /// `sufficient`.
    pub const SUFFICIENT: Control = Control::keyword(Action::Done, Action::Ignore, false);
    /// `optional`.
    pub const OPTIONAL: Control = Control::keyword(Action::Ok, Action::Ignore, false);
    /// Every answer is bad: what libpam makes of a control field that it cannot read, or of a file that it cannot include.
    pub const BAD: Control = Control([Action::Bad; CODES]);

    /// The control of a keyword: pam.conf(5) gives each as pairs.
    const fn keyword(success: Action, otherwise: Action, ignore: bool) -> Control {
        let mut actions = [otherwise; CODES];
        actions[SUCCESS] = success;
        actions[NEW_AUTHTOK_REQD] = success;
        if ignore {
            actions[IGNORE] = Action::Ignore;
        }
        Control(actions)
    }

    /// The control of a field without its brackets.
    pub fn read(field: &str) -> Control {
        const KEYWORDS: [(&str, Control); 4] = [
            ("required", Control::REQUIRED),
            ("requisite", Control::REQUISITE),
            ("sufficient", Control::SUFFICIENT),
            ("optional", Control::OPTIONAL),
        ];
        let keyword = KEYWORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(field));
        keyword.map(|(_, control)| *control).or_else(|| Control::pairs(field)).unwrap_or(Control::BAD)
    }

    /// What is done with a return code.
    pub fn action(&self, code: usize) -> Action {
        self.0[code % CODES]
    }

    /// Reads `value=action …`; nothing where libpam finds an error, for it then takes every answer as bad.
    ///
    /// As in libpam a word ends where the known word ends, a later pair wins over an earlier one of the same value, and `default`
    /// is for the values that no pair before it named; what remains is bad.
    fn pairs(field: &str) -> Option<Control> {
        let mut actions: [Option<Action>; CODES] = [None; CODES];
        let mut rest = skip(field);
        while !rest.is_empty() {
            let value = NAMES.iter().position(|name| rest.starts_with(name))?;
            rest = skip(skip(&rest[NAMES[value].len()..]).strip_prefix('=')?);
            let (action, after) = action(rest)?;
            rest = skip(after);
            match actions.get_mut(value) {
                Some(place) => *place = Some(action),
                None => actions.iter_mut().filter(|place| place.is_none()).for_each(|place| *place = Some(action)),
            }
        }
        Some(Control(actions.map(|action| action.unwrap_or(Action::Bad))))
    }
}

/// A text without the blanks at its start; the `\` of a continued line counts as one.
fn skip(text: &str) -> &str {
    let mut text = text.trim_start_matches(|it: char| it.is_ascii_whitespace());
    while let Some(after) = text.strip_prefix('\\').filter(|after| after.trim_start_matches([' ', '\t']).starts_with('\n')) {
        text = after.trim_start_matches(|it: char| it.is_ascii_whitespace());
    }
    text
}

/// The action at the start of a text, and what follows it; nothing for an unknown word and for a jump over no line.
fn action(text: &str) -> Option<(Action, &str)> {
    if let Some((word, action)) = ACTIONS.iter().find(|(word, _)| text.starts_with(word)) {
        return Some((*action, &text[word.len()..]));
    }
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    let digits = digits.trim_start_matches('0');
    let lines = if digits.is_empty() { return None } else { digits.parse().unwrap_or(u16::MAX) };
    Some((Action::Jump(lines), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// pam.conf(5): "Each of the four keywords … have an equivalent expression in terms of the [...] syntax".
    #[test]
    fn keywords_equal_their_pairs() {
        let same = |keyword: &str, pairs: &str| assert_eq!(Control::read(keyword), Control::read(pairs), "{keyword}");
        same("Required", "success=ok new_authtok_reqd=ok ignore=ignore default=bad");
        same("requisite", "success=ok new_authtok_reqd=ok ignore=ignore default=die");
        same("sufficient", "success=done new_authtok_reqd=done default=ignore");
        same("OPTIONAL", "success=ok new_authtok_reqd=ok default=ignore");
    }

    #[test]
    fn pairs_are_read_as_libpam_reads_them() {
        let control = Control::read(" success = 2 default=ignore user_unknown=die \\\n auth_err=reset ");
        assert_eq!(control.action(SUCCESS), Action::Jump(2));
        assert_eq!(control.action(10), Action::Die);
        assert_eq!(control.action(AUTH_ERR), Action::Reset);
        assert_eq!(control.action(IGNORE), Action::Ignore);
        assert_eq!(Control::read("success=ok").action(IGNORE), Action::Bad);
        for wrong in ["success=0", "success=okay", "Success=ok", "success", "success=", "nonsense=ok", "success:ok"] {
            assert_eq!(Control::read(wrong), Control::BAD, "{wrong}");
        }
    }
}
