//! Exports of the dictionary into settings, accounts, privileges, audit and the ways in of each tenant of OceanBase 4.
//!
//! A tenant is a database of its own: its instance is its name (`commands/oceanbase@sys.variables.csv`). Tenants in MySQL mode are judged;
//! of those in Oracle mode only what is the same: the list of addresses, and whether auditing is on. Everything is asked of the running
//! server, which shows every variable and parameter that its version has: no default is taken for granted here. What the pages say is
//! cited where it decides: OceanBase Database documentation, sections "System variables", "Parameters", "Tenant allowlist", "Security".

mod access;
mod invited;
mod people;
mod settings;

use super::queries::Asked;
use super::{Expectation, Host, Product, Reading, Seen, Tables, Why, database_gaps};
use crate::names::database::OCEANBASE;
use crate::names::{LINUX, Phrase};
use crate::schema::neutral::{ACCOUNTS, AUTHENTICATION_POLICY, LOGS, PRIVILEGES, REMOTE_ACCESS};
use crate::schema::oceanbase::{OCEANBASE_SETTINGS, OCEANBASE_TENANTS};

/// The product's name.
const NAME: &str = "oceanbase";

/// OceanBase.
pub(super) static PRODUCT: Product = Product {
    name: NAME,
    title: Phrase { zh: "OceanBase 数据库", en: "OceanBase" },
    platforms: &[LINUX, OCEANBASE],
    expectation: Expectation::Optional,
    reads: &[
        Reading::Query { name: "variables", sql: "SHOW GLOBAL VARIABLES" },
        Reading::Query { name: "parameters", sql: "SHOW PARAMETERS" },
        Reading::Query { name: "accounts", sql: people::ACCOUNTS_SQL },
        Reading::Query { name: "privileges", sql: people::PRIVILEGES_SQL },
        Reading::Query { name: "roles", sql: people::ROLES_SQL },
        Reading::Query { name: "tenants", sql: TENANTS_SQL },
    ],
    fills: &[&ACCOUNTS, &AUTHENTICATION_POLICY, &LOGS, &OCEANBASE_SETTINGS, &OCEANBASE_TENANTS, &PRIVILEGES, &REMOTE_ACCESS],
    derive,
};

/// Every query's name.
const QUERIES: [&str; 6] = ["variables", "parameters", "accounts", "privileges", "roles", "tenants"];

/// The tenants: all of them for the tenant `sys`, and for another itself. Documentation, "System views", DBA_OB_TENANTS.
const TENANTS_SQL: &str = "SELECT TENANT_NAME AS tenant, TENANT_TYPE AS type, COMPATIBILITY_MODE AS mode FROM oceanbase.DBA_OB_TENANTS WHERE TENANT_TYPE <> 'META'";

/// The columns of the query about tenants that are read.
const TENANTS: [&str; 2] = ["tenant", "mode"];

static NOT_ASKED: Phrase = Phrase {
    zh: "租户 {} 没有导出（commands/oceanbase@租户.*.csv）",
    en: "the tenant {} was not asked (commands/oceanbase@TENANT.*.csv)",
};
static NO_LIST: Phrase = Phrase {
    zh: "没有 sys 租户的租户清单（{}），可能还有其他租户",
    en: "the list of tenants that sys shows ({}) is missing: there may be others",
};

/// One tenant that was asked.
#[derive(Debug)]
struct Tenant<'a> {
    /// Its name; `tenant` where nothing tells it.
    name: &'a str,
    answers: Asked<'a>,
}

/// Derives the rows.
fn derive<'a>(host: &Host<'a>, tables: &mut Tables<'a>) -> Seen {
    let (asked, lacking) = host.asked(NAME, &QUERIES);
    if asked.is_empty() && lacking.is_none() {
        return Seen::Nothing;
    }
    let listed = listed(&asked);
    let tenants: Vec<Tenant<'a>> = asked.into_iter().map(|answers| Tenant { name: name_of(&answers, &listed), answers }).collect();
    for tenant in &tenants {
        let settings = settings::read(host, tenant);
        settings.push(host, tenant, tables);
        let people = people::read(host, tenant);
        people.push(host, tenant, tables);
        access::push(host, tenant, (&settings, &people), tables);
    }
    let gap = |instance: &'a str, why: Why<'a>, tables: &mut Tables<'a>| {
        database_gaps::push(host, (NAME, instance), PRODUCT.fills, why, tables);
    };
    for missing in listed.iter().filter(|name| !tenants.iter().any(|tenant| tenant.name.eq_ignore_ascii_case(name))) {
        gap(missing, Why::new("tenant-not-asked", &NOT_ASKED, missing), tables);
    }
    if let Some((path, lack)) = lacking {
        gap(path, Why::lacking(path, lack), tables);
    }
    // Only sys sees the others; a list that another tenant gives holds itself alone, and half a list proves nothing.
    let whole = tenants.iter().any(|tenant| tenant.answers.gap(host, "tenants", &TENANTS).is_none()) && listed.contains(&"sys");
    if !whole {
        gap("tenants", Why::new("tenants-not-listed", &NO_LIST, "commands/oceanbase@sys.tenants.csv"), tables);
    }
    Seen::Present
}

/// The names of the tenants that any answer lists.
fn listed<'a>(asked: &[Asked<'a>]) -> Vec<&'a str> {
    let mut names: Vec<&'a str> = Vec::new();
    for answered in asked.iter().filter_map(|answers| answers.answer("tenants")) {
        for (_, [tenant, _]) in answered.records(TENANTS).into_iter().flatten() {
            if !names.contains(&tenant) {
                names.push(tenant);
            }
        }
    }
    names
}

/// The name of a tenant: that of its files, or, where they have none, the only one that it lists, or sys, which lists several.
fn name_of<'a>(answers: &Asked<'a>, listed: &[&'a str]) -> &'a str {
    match (answers.instance, listed) {
        ("", [only]) => only,
        ("", [_, ..]) => "sys",
        ("", []) => "tenant",
        (name, _) => name,
    }
}
