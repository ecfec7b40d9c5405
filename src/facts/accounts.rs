//! passwd(5), shadow(5), group(5), gshadow(5) and shadow-utils' settings into local accounts, login defaults and privileges by id.
//!
//! Linux of any distribution; the meaning of every field is that of shadow(5) of shadow-utils 4.x and of pam_unix(8).

mod aging;
mod database;
pub(super) mod login_defaults;
mod password;
mod privileges;
mod rows;

use super::{Artefact, Expectation, Host, Product, Reading, Seen, Tables};
use crate::names::{LINUX, Phrase};
use crate::schema::linux::LOGIN_DEFAULTS;
use crate::schema::neutral::{ACCOUNTS, PRIVILEGES};
use crate::snapshot::Lack;
use database::Database;
pub(super) use rows::is_interactive;

/// The product's name.
const NAME: &str = "accounts";

/// Where accounts are defined.
const PASSWD: &str = "etc/passwd";

/// Local accounts.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "本地账户与口令文件", en: "local accounts and password files" },
    platforms: &[LINUX],
    expectation: Expectation::Expected,
    reads: &[
        Reading::File(PASSWD),
        Reading::File("etc/shadow"),
        Reading::File("etc/group"),
        Reading::File("etc/gshadow"),
        Reading::File("etc/login.defs"),
        Reading::Glob("etc/login.defs.d/*.defs"),
        Reading::File("usr/etc/login.defs"),
        Reading::File("etc/default/useradd"),
        Reading::Glob("root/.ssh/authorized_keys*"),
        Reading::Glob("home/*/.ssh/authorized_keys*"),
        Reading::Shared(super::openssh_server::READS),
    ],
    fills: &[&ACCOUNTS, &LOGIN_DEFAULTS, &PRIVILEGES],
    derive,
};

/// Fills the tables; what one of the files lacks is a gap in the tables that rest on it.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let passwd = host.file(PASSWD);
    if let (Artefact::Lacking(lack), false) = (passwd, others_seen(host)) {
        return match lack {
            Lack::Absent => Seen::Absent,
            Lack::NotCollected => Seen::Nothing,
            lack => Seen::Lacking(PASSWD, lack),
        };
    }
    if tables.wants(&LOGIN_DEFAULTS) {
        login_defaults::fill(host, tables);
    }
    if tables.wants(&ACCOUNTS) || tables.wants(&PRIVILEGES) {
        let database = Database::read(host, passwd);
        rows::fill(host, &database, tables);
        privileges::fill(host, &database, tables);
    }
    Seen::Present
}

/// Whether one of the other files shows that the host has accounts.
fn others_seen(host: &Host<'_>) -> bool {
    ["etc/shadow", "etc/group", "etc/login.defs", "etc/default/useradd"].iter().any(|path| host.file(path).text().is_some())
}
