//! TLS versions and OpenSSL's cipher lists, as web servers write them, into rows of the table `crypto`.
//!
//! A list is judged piece by piece, not expanded: which suites a class holds depends on OpenSSL's version and build. A class that holds
//! nothing but weak suites is weak unless `!` takes it away; one of which it depends on the version is unknown.

use super::{Cell, Evidence, Host, State, Tables, Value, Why};
use crate::schema::neutral::CRYPTO;

/// Pieces of names of suites and classes that stand for weak suites, by openssl-ciphers(1).
const WEAK: &[&str] = &[
    "3DES",
    "ADH",
    "AECDH",
    "COMPLEMENTOFALL",
    "DES",
    "EXP",
    "EXP1024",
    "EXPORT",
    "EXPORT40",
    "EXPORT56",
    "IDEA",
    "LOW",
    "MD5",
    "MEDIUM",
    "NULL",
    "RC2",
    "RC4",
    "SEED",
    "SSLv2",
    "aNULL",
    "eNULL",
];

/// Classes that hold weak suites, too, and what must be taken from them: `HIGH` has anonymous suites, and 3DES before OpenSSL 1.1.0.
const MIXED: &[(&str, &[&str])] =
    &[("ALL", &["aNULL", "3DES", "RC4", "MD5"]), ("DEFAULT", &["3DES", "RC4", "MD5"]), ("HIGH", &["aNULL", "3DES"])];

/// How strong a TLS version is.
pub(super) fn version_strength(name: &str) -> Option<&'static str> {
    match name {
        "SSLv2" | "SSLv3" | "TLSv1" | "TLSv1.0" | "TLSv1.1" => Some("weak"),
        "TLSv1.2" => Some("acceptable"),
        "TLSv1.3" => Some("strong"),
        _ => None,
    }
}

/// Pushes the rows of the TLS versions of one listening socket.
pub(super) fn push_versions<'a>(host: &Host<'a>, tables: &mut Tables<'a>, product: &'static str, context: &'a str, versions: &Cell<'a>) {
    match versions.state {
        State::Known(Value::List(items)) => {
            for item in items {
                let Value::Text(name) = item else { continue };
                let strength = version_strength(name).map(Value::Word);
                push(host, tables, product, (context, "protocol", name), (strength.ok_or(*name), versions.evidence));
            }
        }
        State::Known(_) | State::Unset => {}
        State::Unknown(why, _) => gap(host, tables, product, (context, "protocol"), why),
    }
}

/// Pushes the rows of the pieces of a cipher list.
pub(super) fn push_ciphers<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    product: &'static str,
    context: &'a str,
    (list, evidence): (&'a str, &'a [Evidence<'a>]),
) {
    for (piece, strength) in pieces(list) {
        push(host, tables, product, (context, "cipher", piece), (strength, evidence));
    }
}

/// The weakest piece of a cipher list; the piece of which it is not known, where nothing else is weak.
pub(super) fn weakest(list: &str) -> Result<Value<'static>, &str> {
    let mut found = Err(list);
    let mut doubt = None;
    for (_, strength) in pieces(list) {
        match (strength, found) {
            (Ok(Value::Word("weak")), _) => return strength,
            (Err(piece), _) => doubt = doubt.or(Some(piece)),
            (Ok(Value::Word("strong" | "commercial-sm")), Ok(_)) => {}
            (Ok(_), _) => found = strength,
        }
    }
    doubt.map_or(found, Err)
}

/// What counts when lists differ: weak before not known, and that before better ones.
pub(super) fn rank(cell: &Cell<'_>) -> u8 {
    match cell.state {
        State::Known(Value::Word("weak")) => 4,
        State::Unknown(..) => 3,
        State::Known(Value::Word("acceptable")) => 2,
        State::Known(_) => 1,
        State::Unset => 0,
    }
}

/// The pieces of a list that add suites, and how strong each is.
fn pieces(list: &str) -> Vec<(&str, Result<Value<'static>, &str>)> {
    let pieces = || list.split([':', ',', ' ']).filter(|piece| !piece.is_empty() && !piece.starts_with('@'));
    let taken: Vec<&str> = pieces().filter_map(|piece| piece.strip_prefix(['!', '-'])).collect();
    let added = pieces().filter(|piece| !piece.starts_with(['!', '-', '+']));
    added.take(256).map(|piece| (piece, strength(piece, &taken))).collect()
}

/// How strong a piece of a list is; the piece itself where that depends on OpenSSL.
fn strength<'p>(piece: &'p str, taken: &[&str]) -> Result<Value<'static>, &'p str> {
    let named = |word: &&&str| piece.split(['-', '+', '_']).any(|part| part == **word || (part == "CBC3" && **word == "3DES"));
    if WEAK.iter().filter(named).any(|word| !taken.contains(word)) {
        return Ok(Value::Word("weak"));
    }
    if let Some((_, needs)) = MIXED.iter().find(|(class, _)| *class == piece) {
        return if needs.iter().all(|need| taken.contains(need)) { Ok(Value::Word("acceptable")) } else { Err(piece) };
    }
    let known = ["AES", "AES128", "AES256", "AESGCM", "CHACHA20", "ARIA", "CAMELLIA", "ECDHE", "EECDH", "DHE", "EDH", "SM4", "ECC", "TLS"];
    match piece.split(['-', '+', '_']).any(|part| known.contains(&part)) {
        true if piece.contains("SM4") => Ok(Value::Word("commercial-sm")),
        true if ["GCM", "CHACHA20", "CCM", "AESGCM"].iter().any(|mode| piece.contains(mode)) => Ok(Value::Word("strong")),
        true if piece.contains("AES") || taken.contains(&"3DES") || piece.contains("CAMELLIA") || piece.contains("ARIA") => {
            Ok(Value::Word("acceptable"))
        }
        _ => Err(piece),
    }
}

/// Pushes one row.
fn push<'a>(
    host: &Host<'a>,
    tables: &mut Tables<'a>,
    product: &'static str,
    (context, kind, name): (&'a str, &'static str, &'a str),
    (strength, evidence): (Result<Value<'a>, &'a str>, &'a [Evidence<'a>]),
) {
    let mut row = host.row(&CRYPTO, product);
    let strength = match strength {
        Ok(word) => Cell::known(word, evidence),
        Err(text) => Cell::unknown(Why::version_not_known(host.text(&format!("OpenSSL ({text})"))), evidence),
    };
    row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text(context), evidence))
        .set(const { CRYPTO.column("kind") }, Cell::known(Value::Word(kind), evidence))
        .set(const { CRYPTO.column("name") }, Cell::known(Value::Text(name), evidence))
        .set(const { CRYPTO.column("strength") }, strength);
    tables.push(row);
}

/// Pushes a row that stands for what is not known of a socket.
pub(super) fn gap<'a>(host: &Host<'a>, tables: &mut Tables<'a>, product: &'static str, of: (&'a str, &'static str), why: Why<'a>) {
    let mut row = host.gap(&CRYPTO, product, why);
    row.set(const { CRYPTO.column("context") }, Cell::known(Value::Text(of.0), &[]))
        .set(const { CRYPTO.column("kind") }, Cell::known(Value::Word(of.1), &[]));
    tables.push(row);
}
