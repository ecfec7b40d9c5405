//! The key files that sshd reads for each account into rows of `authorized-keys`, as sshd(8) and sshd_config(5) define them.

mod files;
mod key;

use ipnet::IpNet;

use super::{Cell, Documented, Evidence, Expectation, Host, Product, Reading, Seen, Tables, Value, Why};
use crate::names::{LINUX, Phrase};
use crate::parse::authorized_keys::{self as syntax, Entry};
use crate::schema::neutral::AUTHORIZED_KEYS;
use crate::snapshot::Lack;
use crate::source::Source;
use files::{KeyFile, Outcome};
pub(in crate::facts) use files::{Patterns, count};

/// The product's name.
const NAME: &str = "authorized-keys";

/// Keys that accounts accept.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "SSH 授权公钥", en: "keys that accounts accept for SSH" },
    platforms: &[LINUX],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Glob("root/.ssh/authorized_keys*"),
        Reading::Glob("home/*/.ssh/authorized_keys*"),
        Reading::Glob("etc/ssh/authorized_keys/*"),
        Reading::File("etc/passwd"),
        Reading::File("etc/ssh/sshd_config"),
        Reading::Glob("etc/ssh/sshd_config.d/*.conf"),
    ],
    fills: &[&AUTHORIZED_KEYS],
    derive,
};

static ANY_SOURCE: Documented = Documented {
    setting: "a key without from= is accepted from every address",
    versions: "OpenSSH of any version",
    source: "sshd(8), AUTHORIZED_KEYS FILE FORMAT",
};
static NO_END: Documented = Documented {
    setting: "a key without expiry-time= has no end",
    versions: "OpenSSH of any version",
    source: "sshd(8), AUTHORIZED_KEYS FILE FORMAT",
};

/// Fills the table; where no key file was read and none is known to be out of reach, nothing was seen.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let files = files::all(host);
    let seen = files.iter().any(|file| match file.outcome {
        Outcome::Read(_) => true,
        Outcome::Absent(_) => false,
        Outcome::Unknown(why) => why.code != "not-collected",
    });
    let mut gaps = false;
    for file in &files {
        match file.outcome {
            Outcome::Read(source) => {
                tables.searched(&AUTHORIZED_KEYS, Evidence::Searched(source.path));
                push_file(host, file, source, tables);
            }
            Outcome::Absent(path) => tables.searched(&AUTHORIZED_KEYS, Evidence::Lacks(path, Lack::Absent)),
            Outcome::Unknown(why) => {
                gaps = true;
                if seen {
                    push_gap(host, file.account, why, &[], tables);
                }
            }
        }
    }
    match (seen, gaps) {
        (true, _) => Seen::Present,
        (false, true) => Seen::Nothing,
        (false, false) => Seen::Absent,
    }
}

/// Adds the keys of one file.
fn push_file<'a>(host: &Host<'a>, file: &KeyFile<'a>, source: &Source<'a>, tables: &mut Tables<'a>) {
    let document = syntax::read(source.text);
    for entry in &document.entries {
        if !host.spend(1) {
            push_gap(host, file.account, Why::budget_spent(source.path), &[], tables);
            return;
        }
        push_key(host, file, source, entry, tables);
    }
    for line in &document.opaque {
        let evidence = host.evidence(&[Evidence::Decides(source.span(line))]);
        push_gap(host, file.account, Why::not_understood(source.path), evidence, tables);
    }
    if !source.complete {
        push_gap(host, file.account, Why::truncated(source.path), &[], tables);
    }
}

/// Adds one key.
fn push_key<'a>(host: &Host<'a>, file: &KeyFile<'a>, source: &Source<'a>, entry: &Entry<'a>, tables: &mut Tables<'a>) {
    let evidence = host.evidence(&[Evidence::Decides(source.span(entry.line))]);
    let Some(key) = key::read(entry.kind, entry.blob) else {
        push_gap(host, file.account, Why::not_understood(source.path), evidence, tables);
        return;
    };
    let known = |value| Cell::known(value, evidence);
    let mut row = host.row(&AUTHORIZED_KEYS, NAME);
    row.set(const { AUTHORIZED_KEYS.column("account") }, known(Value::Text(file.account.unwrap_or_default())))
        .set(const { AUTHORIZED_KEYS.column("fingerprint") }, known(Value::Text(host.text(&key.fingerprint))))
        .set(const { AUTHORIZED_KEYS.column("type") }, known(Value::Text(entry.kind)))
        .set(const { AUTHORIZED_KEYS.column("bits") }, key.bits.map_or(Cell::unset(evidence), |bits| known(Value::Integer(bits))))
        .set(const { AUTHORIZED_KEYS.column("sources") }, sources(host, entry, evidence))
        .set(const { AUTHORIZED_KEYS.column("expires") }, expires(host, source, entry))
        .set(const { AUTHORIZED_KEYS.column("options") }, known(host.texts(&entry.options)));
    tables.push(row);
}

/// Adds a gap row, of one account if it is known.
fn push_gap<'a>(host: &Host<'a>, account: Option<&'a str>, why: Why<'a>, evidence: &'a [Evidence<'a>], tables: &mut Tables<'a>) {
    let mut gap = host.gap(&AUTHORIZED_KEYS, NAME, why);
    if let Some(account) = account {
        gap.set(const { AUTHORIZED_KEYS.column("account") }, Cell::known(Value::Text(account), evidence));
    }
    gap.set(const { AUTHORIZED_KEYS.column("fingerprint") }, Cell::unknown(why, evidence));
    tables.push(gap);
}

/// The addresses from which a key is accepted; what is not an address or block stays opaque, what is negated only narrows.
fn sources<'a>(host: &Host<'a>, entry: &Entry<'a>, evidence: &'a [Evidence<'a>]) -> Cell<'a> {
    let Some(list) = entry.options.iter().find_map(|option| syntax::value(option, "from")) else {
        let everywhere = ["0.0.0.0/0", "::/0"].map(|block| block.parse().map_or(Value::Opaque(block), Value::Network));
        let pieces = [evidence[0], Evidence::Default(&ANY_SOURCE)];
        return Cell::known(Value::List(host.arena().alloc_slice_copy(&everywhere)), host.evidence(&pieces));
    };
    let mut values = Vec::new();
    for pattern in list.split(',').map(str::trim).filter(|pattern| !pattern.is_empty() && !pattern.starts_with('!')) {
        match blocks(pattern) {
            Some(blocks) => values.extend(blocks.into_iter().map(Value::Network)),
            None => values.push(Value::Opaque(pattern)),
        }
    }
    Cell::known(Value::List(host.arena().alloc_slice_copy(&values)), evidence)
}

/// A pattern of from= as address blocks: an address, a block, `*`, or whole octets before a star.
fn blocks(pattern: &str) -> Option<Vec<IpNet>> {
    if pattern == "*" {
        return Some(vec!["0.0.0.0/0".parse().ok()?, "::/0".parse().ok()?]);
    }
    if let Some(octets) = pattern.strip_suffix(".*") {
        let octets = octets.trim_end_matches(".*");
        let count = octets.split('.').count();
        let address = format!("{octets}{}/{}", ".0".repeat(4usize.checked_sub(count)?), count * 8);
        return address.parse().ok().map(|block| vec![block]);
    }
    let block = pattern.parse::<IpNet>().ok().or_else(|| pattern.parse::<std::net::IpAddr>().ok().map(IpNet::from))?;
    Some(vec![block.trunc()])
}

/// The day from which a key is refused: the earliest of its expiry-time= options.
fn expires<'a>(host: &Host<'a>, source: &Source<'a>, entry: &Entry<'a>) -> Cell<'a> {
    let times: Vec<_> =
        entry.options.iter().filter_map(|option| syntax::value(option, "expiry-time").map(|time| (*option, day(time)))).collect();
    if let Some((option, _)) = times.iter().find(|(_, day)| day.is_none()) {
        return Cell::unknown(Why::not_understood(option), host.evidence(&[Evidence::Decides(source.span(option))]));
    }
    match times.iter().min_by_key(|(_, day)| *day) {
        Some((option, Some(day))) => host.decided(Value::Date(*day), source, option),
        _ => Cell::known(Value::Never, host.evidence(&[Evidence::Decides(source.span(entry.line)), Evidence::Default(&NO_END)])),
    }
}

/// The day of `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with `Z` for UTC.
fn day(time: &str) -> Option<jiff::civil::Date> {
    let digits = time.strip_suffix(['Z', 'z']).unwrap_or(time);
    let fits = [8, 12, 14].contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i16>().ok());
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    fits.then_some(date)
}
