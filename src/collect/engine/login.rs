//! Ways of logging in into an authenticated session: each credential is tried once, and the server is asked again after each step.

use std::time::Instant;

use ssh2::{KeyboardInteractivePrompt, Prompt, Session};
use zeroize::Zeroizing;

use super::libssh2::told;
use super::{Failure, Stage, Target, failure};
use crate::collect::credential::{Login, Reference, Secret, read_key};
use crate::error::Message;

/// The most keys of an agent that are tried: servers count each (`MaxAuthTries` is 6 by default, sshd_config(5)).
const AGENT_KEYS_MOST: usize = 4;

/// The most rounds of questions.
const ROUNDS_MOST: usize = 8;

/// Logs in.
pub(super) fn login(session: &Session, target: &Target, deadline: Instant) -> Result<(), Failure> {
    let mut left: Vec<&Login> = target.login.iter().collect();
    let mut notes = Vec::new();
    loop {
        // The first factor of two comes back as an error of libssh2, so only the server's list tells how it went.
        let offered = match session.auth_methods(&target.user) {
            Ok(offered) => offered.to_owned(),
            Err(_) if session.authenticated() => return Ok(()),
            Err(error) => return Err(refused(notes, "", deadline, &error)),
        };
        if session.authenticated() {
            return Ok(());
        }
        let offers = |name: &str| offered.split(',').any(|method| method == name);
        let fits = |login: &Login| match login {
            Login::Agent | Login::Key { .. } => offers("publickey"),
            Login::Password(_) => offers("password") || offers("keyboard-interactive"),
            Login::Code(_) => offers("keyboard-interactive"),
            Login::Kerberos => false,
        };
        let Some(at) = left.iter().position(|login| fits(login)) else {
            let error = ssh2::Error::eof();
            return Err(refused(notes, &offered, deadline, &error));
        };
        let attempt = Attempt { session, target, deadline };
        let asked = offers("keyboard-interactive") && (!offers("password") || left.iter().any(|login| matches!(login, Login::Code(_))));
        let note = match left.remove(at) {
            Login::Agent => attempt.agent(),
            Login::Key { file, passphrase } => attempt.key(file, passphrase.as_ref()),
            Login::Password(reference) if !asked => attempt.password(reference),
            first @ (Login::Password(_) | Login::Code(_)) => {
                // A question may be for either, so both go with the same attempt and neither is sent twice.
                let mut both: Vec<&Login> = vec![first];
                left.retain(|login| {
                    let other = matches!(login, Login::Password(_) | Login::Code(_));
                    both.extend(other.then_some(login));
                    !other
                });
                attempt.answers(&both)
            }
            Login::Kerberos => continue,
        };
        if session.authenticated() {
            return Ok(());
        }
        notes.extend(note);
        if Instant::now() >= deadline {
            return Err(super::late(Stage::Authenticate));
        }
    }
}

/// Nothing that was tried was enough.
fn refused(notes: Vec<Message>, offered: &str, deadline: Instant, error: &ssh2::Error) -> Failure {
    if Instant::now() >= deadline {
        return super::late(Stage::Authenticate);
    }
    let join = |text: fn(&Message) -> &str| notes.iter().map(text).collect::<Vec<_>>().join("; ");
    let (mut zh, mut en) = (join(|note| &note.zh), join(|note| &note.en));
    if offered.is_empty() {
        let broken = told(Stage::Authenticate, deadline, error);
        if broken.deadline {
            return broken;
        }
        zh = format!("登录中断（{}）；{zh}", broken.message.zh);
        en = format!("the login broke off ({}); {en}", broken.message.en);
    } else {
        zh = format!("登录被拒绝，服务器还接受：{offered}；{zh}");
        en = format!("the login was refused; the server takes: {offered}; {en}");
    }
    failure(Stage::Authenticate, zh.trim_end_matches(['；', ' ']), en.trim_end_matches([';', ' ']))
}

/// One step of a login. What it returns is a note for the case that nothing helps; no secret is in it.
struct Attempt<'s> {
    session: &'s Session,
    target: &'s Target,
    deadline: Instant,
}

impl Attempt<'_> {
    /// The secret that a reference leads to.
    fn secret(&self, reference: &Reference) -> Result<Secret, Message> {
        let target = self.target;
        let surroundings =
            [("JIXIAN_ASSET", target.id.as_str()), ("JIXIAN_ADDRESS", target.address.as_str()), ("JIXIAN_USER", target.user.as_str())];
        reference.fetch(&surroundings, self.deadline)
    }

    /// The keys of the agent.
    fn agent(&self) -> Option<Message> {
        let mut agent = self.session.agent().ok()?;
        if agent.connect().and_then(|()| agent.list_identities()).is_err() {
            return Some(Message::new("没有可用的 agent（SSH_AUTH_SOCK）", "there is no agent (SSH_AUTH_SOCK)"));
        }
        let keys = agent.identities().unwrap_or_default();
        if keys.is_empty() {
            return Some(Message::new("agent 中没有密钥", "the agent has no key"));
        }
        for key in keys.iter().take(AGENT_KEYS_MOST) {
            if agent.userauth(&self.target.user, key).is_ok() || self.session.authenticated() || Instant::now() >= self.deadline {
                break;
            }
        }
        Some(Message::new("agent 的密钥被拒绝", "the keys of the agent were refused"))
    }

    /// A private key.
    fn key(&self, file: &std::path::Path, passphrase: Option<&Reference>) -> Option<Message> {
        let key = match read_key(file) {
            Ok(key) => key,
            Err(why) => return Some(why),
        };
        let phrase = match passphrase.map(|reference| self.secret(reference)) {
            Some(Err(why)) => return Some(why),
            Some(Ok(phrase)) => Some(phrase),
            None => None,
        };
        let phrase = phrase.as_ref().and_then(Secret::expose);
        let tried = self.session.userauth_pubkey_memory(&self.target.user, None, key.expose()?, phrase);
        let error = tried.err()?;
        let (name, why) = (file.display(), error.message());
        Some(Message::new(format!("密钥 {name}：{why}"), format!("key {name}: {why}")))
    }

    /// A password by the method of that name.
    fn password(&self, reference: &Reference) -> Option<Message> {
        let secret = match self.secret(reference) {
            Ok(secret) => secret,
            Err(why) => return Some(why),
        };
        let tried = self.session.userauth_password(&self.target.user, secret.expose()?);
        tried.err().map(|_| Message::new("口令被拒绝", "the password was refused"))
    }

    /// Answers to questions.
    fn answers(&self, logins: &[&Login]) -> Option<Message> {
        let mut answers = Answers { password: None, code: None, rounds: 0, unanswered: None };
        for login in logins {
            let (Login::Password(reference) | Login::Code(reference)) = login else { continue };
            let secret = match self.secret(reference) {
                Ok(secret) => secret,
                Err(why) => return Some(why),
            };
            if matches!(login, Login::Password(_)) {
                answers.password = Some(secret);
            } else {
                answers.code = Some(secret);
            }
        }
        let tried = self.session.userauth_keyboard_interactive(&self.target.user, &mut answers);
        tried.err().map(|_| match answers.unanswered {
            Some(question) => Message::new(format!("没有回答的提问：{question:?}"), format!("a question was not answered: {question:?}")),
            None => Message::new("对提问的回答被拒绝", "the answers to questions were refused"),
        })
    }
}

/// Answers to the questions of a server: each once, and only to a question that asks for it.
struct Answers {
    password: Option<Secret>,
    code: Option<Secret>,
    rounds: usize,
    unanswered: Option<String>,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Password,
    Code,
    Other,
}

/// What a question asks for. A code is looked for first: pam_oath asks for a `One-time password (OATH)`.
fn wanted(question: &str) -> Wanted {
    let question = question.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| question.contains(word));
    if has(&["one-time", "otp", "oath", "code", "token", "动态", "验证码", "令牌"]) {
        Wanted::Code
    } else if has(&["password", "passwort", "口令", "密码"]) {
        Wanted::Password
    } else {
        Wanted::Other
    }
}

impl KeyboardInteractivePrompt for Answers {
    fn prompt(&mut self, _user: &str, _instructions: &str, prompts: &[Prompt<'_>]) -> Vec<String> {
        self.rounds += 1;
        let mut answer = |prompt: &Prompt<'_>| {
            let found = match wanted(&prompt.text) {
                Wanted::Password => self.password.take(),
                Wanted::Code => self.code.take(),
                Wanted::Other => None,
            };
            if found.is_none() && self.unanswered.is_none() {
                self.unanswered = Some(prompt.text.chars().take(80).collect());
            }
            let text = found.map(|secret| Zeroizing::new(secret.expose().unwrap_or_default().to_owned()));
            text.map(|text| text.as_str().to_owned()).unwrap_or_default()
        };
        if self.rounds > ROUNDS_MOST { Vec::new() } else { prompts.iter().map(&mut answer).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_gets_what_it_asks_for_and_nothing_twice() {
        assert_eq!(wanted("Password: "), Wanted::Password);
        assert_eq!(wanted("One-time password (OATH) for `jxotp': "), Wanted::Code);
        assert_eq!(wanted("Verification code: "), Wanted::Code);
        assert_eq!(wanted("请输入动态口令："), Wanted::Code);
        assert_eq!(wanted("密码："), Wanted::Password);
        assert_eq!(wanted("Favourite colour? "), Wanted::Other);
    }
}
