//! What is known of one way in into its row of `remote-access`.

use super::Family;
use super::logic::joined;
use super::servers::Chain;
use crate::facts::{Cell, Tables, Value};
use crate::parse::tree::Node;
use crate::reckon::week::WEEK_SECONDS;
use crate::schema::neutral::REMOTE_ACCESS;

/// How who comes in proves who they are.
#[derive(Clone, Copy, Debug)]
pub(in crate::facts) struct Proof<'a> {
    /// What limits who may log in.
    pub accounts: Cell<'a>,
    /// Least number of factors.
    pub factors: Cell<'a>,
    /// Ways of proving.
    pub methods: Cell<'a>,
    /// Servers that are asked.
    pub servers: Cell<'a>,
    /// Whether they are asked first.
    pub servers_first: Cell<'a>,
    /// Whether sessions or commands are recorded by servers.
    pub accounting: Cell<'a>,
}

/// One way in.
#[derive(Clone, Copy, Debug)]
pub(in crate::facts) struct Way<'a> {
    /// Word of the column `service`.
    pub service: &'static str,
    /// `vty 0-4`, `https`, `community 1`.
    pub scope: &'a str,
    /// Whether anybody gets in this way.
    pub enabled: Cell<'a>,
    /// Whether it is encrypted.
    pub encrypted: Cell<'a>,
    /// Addresses that may use it.
    pub sources: Cell<'a>,
    /// Lists that limit them.
    pub restricted_by: Cell<'a>,
    /// How who comes in proves it.
    pub proof: Proof<'a>,
    /// Idle time after which a session ends.
    pub idle: Cell<'a>,
    /// Time for logging in.
    pub login_timeout: Cell<'a>,
    /// Attempts per connection.
    pub attempts: Cell<'a>,
    /// Failures that lock the account.
    pub lockout: Cell<'a>,
    /// Time ranges, and the hours per week that they leave.
    pub windows: (Cell<'a>, Cell<'a>),
    /// Whether a login gives the highest privilege at once.
    pub privileged: Cell<'a>,
}

impl<'a> Family<'_, 'a> {
    /// Nobody is kept out at any time.
    pub(in crate::facts) fn always(&self, sources: Cell<'a>) -> (Cell<'a>, Cell<'a>) {
        (Cell::known(self.list([]), sources.evidence), Cell::known(Value::Duration(WEEK_SECONDS), sources.evidence))
    }

    /// Adds the row of a way in.
    pub(in crate::facts) fn push_way(&self, tables: &mut Tables<'a>, way: Way<'a>) {
        let here = Cell::known(Value::Text(way.scope), way.enabled.evidence);
        let mut row = self.device.host.row(&REMOTE_ACCESS, self.product);
        row.set(const { REMOTE_ACCESS.column("service") }, Cell::known(Value::Word(way.service), way.enabled.evidence))
            .set(const { REMOTE_ACCESS.column("scope") }, here)
            .set(const { REMOTE_ACCESS.column("enabled") }, way.enabled)
            .set(const { REMOTE_ACCESS.column("encrypted") }, way.encrypted)
            .set(const { REMOTE_ACCESS.column("sources") }, way.sources)
            .set(const { REMOTE_ACCESS.column("sources-restricted-by") }, way.restricted_by)
            .set(const { REMOTE_ACCESS.column("accounts-restricted-by") }, way.proof.accounts)
            .set(const { REMOTE_ACCESS.column("factors") }, way.proof.factors)
            .set(const { REMOTE_ACCESS.column("methods") }, way.proof.methods)
            .set(const { REMOTE_ACCESS.column("servers") }, way.proof.servers)
            .set(const { REMOTE_ACCESS.column("servers-first") }, way.proof.servers_first)
            .set(const { REMOTE_ACCESS.column("idle-timeout") }, way.idle)
            .set(const { REMOTE_ACCESS.column("login-timeout") }, way.login_timeout)
            .set(const { REMOTE_ACCESS.column("max-attempts") }, way.attempts)
            .set(const { REMOTE_ACCESS.column("lockout") }, way.lockout)
            .set(const { REMOTE_ACCESS.column("time-windows") }, way.windows.0)
            .set(const { REMOTE_ACCESS.column("login-hours") }, way.windows.1)
            .set(const { REMOTE_ACCESS.column("privileged-on-login") }, way.privileged)
            .set(const { REMOTE_ACCESS.column("accounting") }, way.proof.accounting)
            .set(const { REMOTE_ACCESS.column("forwarding") }, Cell::known(Value::Boolean(false), way.enabled.evidence));
        tables.push(row);
    }

    /// Proof by a password that is the same for everybody, or by none; the node says so.
    pub(in crate::facts) fn anonymous_proof(&self, asks: bool, said: Cell<'a>) -> Proof<'a> {
        let method = if asks { "password" } else { "none" };
        Proof {
            accounts: Cell::known(self.list([]), said.evidence),
            factors: Cell::known(Value::Integer(i64::from(asks)), said.evidence),
            methods: Cell::known(self.words(&[method]), said.evidence),
            servers: Cell::known(self.list([]), said.evidence),
            servers_first: Cell::unset(said.evidence),
            accounting: Cell::known(Value::Boolean(false), said.evidence),
        }
    }

    /// Proof of which nothing is known beyond the cell.
    pub(in crate::facts) fn unknown_proof(&self, unknown: Cell<'a>) -> Proof<'a> {
        let crate::facts::State::Unknown(why, _) = unknown.state else { return self.anonymous_proof(false, unknown) };
        let cell = Cell::unknown(why, unknown.evidence);
        Proof { accounts: cell, factors: cell, methods: cell, servers: cell, servers_first: cell, accounting: cell }
    }

    /// Proof by accounts of a chain of local users and servers. `local_factors` is what local accounts prove here, and its line.
    pub(in crate::facts) fn account_proof(&self, chain: &Chain<'a>, said: Cell<'a>, local_factors: (i64, Option<Node<'a>>)) -> Proof<'a> {
        if let Some(unknown) = chain.unknown {
            return Proof { accounts: Cell::known(self.list(["local accounts"]), said.evidence), ..self.unknown_proof(unknown) };
        }
        let host = self.device.host;
        let steps: Vec<Cell<'a>> = chain.nodes.iter().map(|node| self.device.decided(Value::Boolean(true), *node)).collect();
        let mut all = vec![said, chain.origin];
        all.extend(steps);
        let evidence = joined(host, &all);
        let known = |value| Cell::known(value, evidence);
        let mut accounts: Vec<&'a str> = Vec::new();
        if chain.asks("password") {
            accounts.push("local accounts");
        }
        accounts.extend(chain.templates.iter().map(|name| host.text(&format!("aaa {name}"))));
        let none = chain.asks("none");
        let factors = match () {
            () if none => known(Value::Integer(0)),
            () if chain.remote() => Cell::unknown(chain.unseen_factor(), evidence),
            () => {
                let with_node: Vec<Cell<'a>> = local_factors
                    .1
                    .map(|node| self.device.decided(Value::Boolean(true), node))
                    .into_iter()
                    .chain([known(Value::Boolean(true))])
                    .collect();
                Cell::known(Value::Integer(local_factors.0), joined(host, &with_node))
            }
        };
        let mut methods = chain.methods.clone();
        if local_factors.0 > 1 && chain.asks("password") {
            methods.push("public-key");
        }
        let servers: Vec<&'a str> = chain.servers.iter().map(|(address, _)| *address).collect();
        Proof {
            accounts: known(if none { self.list([]) } else { self.list(accounts) }),
            factors,
            methods: known(self.words(&methods)),
            servers: known(self.list(servers)),
            servers_first: if chain.remote() { known(Value::Boolean(chain.remote_first())) } else { Cell::unset(evidence) },
            accounting: chain.accounting,
        }
    }
}
