//! `username` lines, which accumulate, into the rows of `accounts`, `authentication-policy` and `privileges`.

use super::settings::scheme;
use super::statements::Ios;
use crate::facts::{Cell, Evidence, Tables, Value, Why};
use crate::parse::tree::Node;
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, PRIVILEGES};
use crate::source::redact::masked_scheme;

/// Names that several people commonly share.
const SHARED_NAMES: &[&str] =
    &["admin", "administrator", "cisco", "guest", "manager", "netadmin", "operator", "root", "support", "test", "user"];

/// Names that Cisco's examples and factory settings use.
const VENDOR_NAMES: &[&str] = &["admin", "cisco", "webui"];

/// What the lines of one user say.
struct User<'a> {
    name: &'a str,
    nodes: Vec<Node<'a>>,
    privilege: Option<u32>,
    secret: Option<(&'a str, &'a str, Node<'a>)>,
    open: Option<Node<'a>>,
    one_time: Option<Node<'a>>,
    policy: Option<&'a str>,
}

/// Every local user.
fn users<'a>(ios: &Ios<'_, 'a>) -> Vec<User<'a>> {
    let mut users: Vec<User<'a>> = Vec::new();
    for node in ios.all("username") {
        let Some(name) = node.word(1) else { continue };
        let at = users.iter().position(|user| user.name == name).unwrap_or_else(|| {
            users.push(User { name, nodes: Vec::new(), privilege: None, secret: None, open: None, one_time: None, policy: None });
            users.len() - 1
        });
        let user = &mut users[at];
        user.nodes.push(node);
        let words: Vec<&'a str> = node.words().skip(2).collect();
        let mut place = 0;
        while let Some(word) = words.get(place) {
            match *word {
                "privilege" => user.privilege = words.get(place + 1).and_then(|level| level.parse().ok()),
                "nopassword" => user.open = Some(node),
                "one-time" => user.one_time = Some(node),
                "common-criteria-policy" => user.policy = words.get(place + 1).copied(),
                "secret" | "password" => {
                    let rest = &words[place + 1..];
                    let secret = match rest {
                        [number, secret, ..] => (*number, *secret),
                        [secret] => ("", *secret),
                        [] => ("", ""),
                    };
                    user.secret = Some((secret.0, secret.1, node));
                    break;
                }
                _ => {}
            }
            place += 1;
        }
    }
    users
}

/// Adds the rows of all three tables.
pub(super) fn push<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>) {
    let users = users(ios);
    for user in &users {
        account(ios, tables, user);
        if user.privilege == Some(15) {
            privilege(ios, tables, user.name, "*", &user.nodes, false);
        }
    }
    for line in ios.all("line") {
        if let Some(node) = line.all("privilege level 15").last() {
            privilege(ios, tables, "ALL", line.rest("line").unwrap_or_default(), &[node, line], true);
        }
    }
    policy(ios, tables, &users);
}

/// How a password is stored.
fn stored<'a>(ios: &Ios<'_, 'a>, user: &User<'a>) -> Cell<'a> {
    let Some((number, secret, node)) = user.secret else { return ios.device.absent() };
    let evidence = ios.device.host.evidence(&[ios.device.decides(node)]);
    let masked = masked_scheme(secret).or(masked_scheme(number)).or(secret
        .bytes()
        .all(|it| it == b'*')
        .then_some("")
        .filter(|_| !secret.is_empty()));
    match (scheme(number), masked) {
        (Some(scheme), _) => Cell::known(Value::Word(scheme), evidence),
        (None, Some(_)) => Cell::unknown(Why::not_understood("secret"), evidence),
        (None, None) if number.is_empty() => Cell::known(Value::Word("plaintext"), evidence),
        (None, None) => Cell::unknown(Why::not_understood(user.name), evidence),
    }
}

/// How long a password is good: one login for a user of one time; the lifetime of the policy that the user names.
fn max_age<'a>(ios: &Ios<'_, 'a>, user: &User<'a>) -> Cell<'a> {
    if let Some(node) = user.one_time {
        return ios.device.decided(Value::Duration(0), node);
    }
    let Some(name) = user.policy else { return ios.device.absent() };
    let policies = ios.all("aaa common-criteria policy");
    let blocks: Vec<Node<'a>> = policies.into_iter().filter(|node| node.word(3) == Some(name)).collect();
    let Some(line) = blocks.iter().filter_map(|block| block.last("lifetime")).next_back() else {
        // A policy shows its lengths at least: one that shows nothing was not read whole.
        if blocks.iter().all(|block| block.children().next().is_none()) {
            return Cell::unknown(Why::not_understood(name), user_lines(ios, user));
        }
        return ios.device.unless_cut(Cell::known(Value::Unlimited, user_lines(ios, user)));
    };
    let words: Vec<&'a str> = line.words().skip(1).collect();
    let unit = |word: &str| match word {
        "year" => Some(31_536_000),
        "month" => Some(2_592_000),
        "day" => Some(86_400),
        "hour" => Some(3_600),
        "minute" => Some(60),
        "second" => Some(1_u64),
        _ => None,
    };
    let parts = words.chunks(2).map(|pair| unit(pair.first()?)?.checked_mul(pair.get(1)?.parse().ok()?));
    let seconds = parts.collect::<Option<Vec<u64>>>().and_then(|parts| parts.into_iter().try_fold(0_u64, u64::checked_add));
    match seconds {
        Some(seconds) => ios.device.decided_by(Value::Duration(seconds), &[line, user.nodes[0]]),
        None => Cell::unknown(Why::not_understood(line.text()), ios.device.host.evidence(&[ios.device.decides(line)])),
    }
}

/// The lines of a user.
fn user_lines<'a>(ios: &Ios<'_, 'a>, user: &User<'a>) -> &'a [Evidence<'a>] {
    let pieces: Vec<Evidence<'a>> = user.nodes.iter().map(|node| ios.device.decides(*node)).collect();
    ios.device.host.evidence(&pieces)
}

/// One account.
fn account<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, user: &User<'a>) {
    let host = ios.device.host;
    let evidence = user_lines(ios, user);
    let known = |value| Cell::known(value, evidence);
    let nobody = known(host.texts(&[]));
    let state = match (user.open, user.secret) {
        (Some(node), None) => ios.device.decided(Value::Word("empty"), node),
        (_, Some((_, _, node))) => ios.device.decided(Value::Word("set"), node),
        (None, None) => ios.device.known_absence(Value::Word("none")),
    };
    let lower = user.name.to_ascii_lowercase();
    let enabled = if user.open.is_some() || user.secret.is_some() {
        known(Value::Boolean(true))
    } else {
        ios.device.known_absence(Value::Boolean(false))
    };
    // Level 1 is what a user has of whom no line says more; a line that is missing could.
    let privileged = match user.privilege {
        Some(level) => known(Value::Boolean(level >= 15)),
        None => ios.device.unless_cut(known(Value::Boolean(false))),
    };
    let mut row = host.row(&ACCOUNTS, super::PRODUCT.name);
    row.set(const { ACCOUNTS.column("name") }, known(Value::Text(user.name)))
        .set(const { ACCOUNTS.column("enabled") }, enabled)
        .set(const { ACCOUNTS.column("interactive") }, known(Value::Boolean(true)))
        .set(const { ACCOUNTS.column("privileged") }, privileged)
        .set(const { ACCOUNTS.column("system") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("password-state") }, state)
        .set(const { ACCOUNTS.column("password-scheme") }, stored(ios, user))
        .set(const { ACCOUNTS.column("password-max-age") }, max_age(ios, user))
        .set(const { ACCOUNTS.column("expires") }, known(Value::Never))
        .set(const { ACCOUNTS.column("same-id") }, nobody)
        .set(const { ACCOUNTS.column("same-name") }, known(Value::Boolean(false)))
        .set(const { ACCOUNTS.column("shared-name") }, known(Value::Boolean(SHARED_NAMES.contains(&lower.as_str()))))
        .set(const { ACCOUNTS.column("vendor-default") }, known(Value::Boolean(VENDOR_NAMES.contains(&lower.as_str()))))
        .set(const { ACCOUNTS.column("groups") }, nobody)
        .set(const { ACCOUNTS.column("source") }, known(Value::Text("running-config")));
    tables.push(row);
}

/// One grant of the highest level.
fn privilege<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, grantee: &'a str, scope: &'a str, nodes: &[Node<'a>], everyone: bool) {
    let host = ios.device.host;
    let pieces: Vec<Evidence<'a>> = nodes.iter().map(|node| ios.device.decides(*node)).collect();
    let evidence = host.evidence(&pieces);
    let known = |value| Cell::known(value, evidence);
    let mut row = host.row(&PRIVILEGES, super::PRODUCT.name);
    row.set(const { PRIVILEGES.column("grantee") }, known(Value::Text(grantee)))
        .set(const { PRIVILEGES.column("privilege") }, known(Value::Text("level 15")))
        .set(const { PRIVILEGES.column("scope") }, known(Value::Text(scope)))
        .set(const { PRIVILEGES.column("via") }, known(Value::Word("device-level")))
        .set(const { PRIVILEGES.column("unrestricted") }, known(Value::Boolean(true)))
        .set(const { PRIVILEGES.column("grantable") }, known(Value::Boolean(true)))
        .set(const { PRIVILEGES.column("to-everyone") }, known(Value::Boolean(everyone)))
        .set(const { PRIVILEGES.column("runs-as") }, known(host.texts(&[])))
        .set(const { PRIVILEGES.column("commands") }, known(host.texts(&[])))
        .set(const { PRIVILEGES.column("negated") }, known(Value::Boolean(false)))
        .set(const { PRIVILEGES.column("expires") }, known(Value::Never));
    tables.push(row);
}

/// The policy of the device's own accounts.
fn policy<'a>(ios: &Ios<'_, 'a>, tables: &mut Tables<'a>, users: &[User<'a>]) {
    let host = ios.device.host;
    let off = ios.device.known_absence(Value::Boolean(false));
    let number = |node: Node<'a>, at: usize| node.word(at).and_then(|word| word.parse::<i64>().ok());
    let length =
        ios.said("security passwords min-length").yes().and_then(|node| Some(ios.device.decided(Value::Integer(number(node, 3)?), node)));
    let locked = ios.said("aaa local authentication attempts max-fail").yes();
    let blocked = ios.said("login block-for").yes();
    let (threshold, duration, window, everyone) = match (locked, blocked) {
        (Some(node), _) => {
            let count = node.words().last().and_then(|word| word.parse().ok()).map(Value::Integer);
            let unclear = ios.device.undocumented("aaa local authentication attempts max-fail");
            (count.map_or(unclear, |count| ios.device.decided(count, node)), ios.device.decided(Value::Unlimited, node), unclear, unclear)
        }
        (None, Some(node)) => {
            let seconds = |at: usize| number(node, at).and_then(|it| u64::try_from(it).ok());
            let unclear = Cell::unknown(Why::not_understood("login block-for"), host.evidence(&[ios.device.decides(node)]));
            let length = |at| seconds(at).map_or(unclear, |it| ios.device.decided(Value::Duration(it), node));
            let count = number(node, 4).map_or(unclear, |count| ios.device.decided(Value::Integer(count), node));
            (count, length(2), length(6), ios.device.decided(Value::Boolean(true), node))
        }
        (None, None) => (ios.device.absent(), ios.device.absent(), ios.device.absent(), off),
    };
    let open = users.iter().find_map(|user| user.open);
    let mut row = host.row(&AUTHENTICATION_POLICY, super::PRODUCT.name);
    row.set(const { AUTHENTICATION_POLICY.column("path") }, Cell::known(Value::Text("local"), &[]))
        .set(const { AUTHENTICATION_POLICY.column("min-length") }, length.unwrap_or(ios.device.absent()))
        .set(const { AUTHENTICATION_POLICY.column("requirements") }, ios.device.known_absence(host.texts(&[])))
        .set(const { AUTHENTICATION_POLICY.column("dictionary") }, off)
        .set(const { AUTHENTICATION_POLICY.column("quality-binds-root") }, off)
        .set(const { AUTHENTICATION_POLICY.column("lockout-threshold") }, threshold)
        .set(const { AUTHENTICATION_POLICY.column("lockout-duration") }, duration)
        .set(const { AUTHENTICATION_POLICY.column("lockout-window") }, window)
        .set(const { AUTHENTICATION_POLICY.column("applies-to-root") }, everyone)
        .set(const { AUTHENTICATION_POLICY.column("hash-scheme") }, ios.device.undocumented("username secret"))
        .set(
            const { AUTHENTICATION_POLICY.column("empty-passwords") },
            open.map_or(off, |node| ios.device.decided(Value::Boolean(true), node)),
        );
    tables.push(row);
}
