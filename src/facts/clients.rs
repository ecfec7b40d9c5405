//! A product's query into the command line with which the product's own client asks it on its host.
//!
//! No password is ever part of a line: the clients log in as the operating system's user (peer, socket or `/ as sysdba`) or by what
//! the account of the collection keeps for them (`~/.my.cnf`, `REDISCLI_AUTH`, a Kerberos ticket). Nothing is written: sessions are
//! read-only where the product has such sessions, and the statements only read everywhere. Here-documents are not used, because some
//! shells write them to a file.

use std::fmt::Write as _;

/// How the result of a query is got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Name under `commands/`: `<product>.<query>.csv` or `.tsv`.
    pub name: String,
    /// The line for `sh -c`; none for a product whose client writes nothing that is read here.
    pub line: Option<String>,
}

/// How a query of a product is asked.
pub fn ask(product: &str, query: &str, sql: &str) -> Asked {
    let suffix = if product == "mysql" { "tsv" } else { "csv" };
    Asked { name: format!("{product}.{query}.{suffix}"), line: line(product, sql) }
}

/// The command line.
fn line(product: &str, sql: &str) -> Option<String> {
    let quoted = quoted(sql);
    Some(match product {
        "mongodb" => format!("c=mongosh; command -v mongosh >/dev/null || c=mongo; \"$c\" --quiet --norc --eval {quoted}"),
        // mysql(1): `--batch` writes tab-separated values; the options of the login come from the option files.
        "mysql" => format!(
            "c=mysql; command -v mysql >/dev/null || c=mariadb; \
             \"$c\" --batch --connect-timeout=5 --init-command='SET SESSION TRANSACTION READ ONLY' -e {quoted}"
        ),
        // SQL*Plus User's Guide, SET MARKUP CSV (12.2) and WHENEVER SQLERROR.
        "oracle" => {
            let statement = self::quoted(&format!("{sql};"));
            format!(
                "id oracle >/dev/null 2>&1 || exit 127; printf '%s\\n' 'whenever sqlerror exit failure' 'set markup csv on' 'set feedback off' 'set transaction read only;' \
                 {statement} | su - oracle -c 'exec sqlplus -S -L \"/ as sysdba\"'"
            )
        }
        // psql(1): `--csv` since 12, `-w` never asks for a password.
        "postgresql" => format!(
            "if [ \"$(id -u)\" = 0 ]; then set -- runuser -u postgres --; else set -- env; fi; cd /; \
             PGOPTIONS='-c default_transaction_read_only=on' PGCONNECT_TIMEOUT=5 \"$@\" psql -X -q -w --csv -d postgres -c {quoted}"
        ),
        "redis" => sql.split(' ').fold("redis-cli --csv".to_owned(), |mut line, word| {
            let _ = write!(line, " {}", self::quoted(word));
            line
        }),
        // sqlcmd: `-b` ends with an error, `-W -s,` writes values between commas, `-E` logs in with the account's own ticket.
        "sqlserver" => {
            let statement = self::quoted(&format!("SET NOCOUNT ON; {sql}"));
            format!("PATH=$PATH:/opt/mssql-tools18/bin:/opt/mssql-tools/bin; sqlcmd -S localhost -E -l 5 -b -W -s, -Q {statement}")
        }
        _ => return None,
    })
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_one_word_whatever_it_holds() {
        let asked = ask("mysql", "variables", "SELECT 'it''s', `a` $(reboot)");
        assert_eq!(asked.name, "mysql.variables.tsv");
        assert!(asked.line.expect("a client").ends_with("-e 'SELECT '\\''it'\\'''\\''s'\\'', `a` $(reboot)'"));
        assert_eq!(ask("redis", "config", "CONFIG GET *").line.expect("a client"), "redis-cli --csv 'CONFIG' 'GET' '*'");
        assert_eq!(ask("dameng", "users", "SELECT 1").line, None);
    }
}
