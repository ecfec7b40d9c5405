//! What rsyslog's configuration amounts to: for every facility and severity, which files and hosts its messages reach.

use super::messages::Messages;
use crate::facts::cell::{Cell, Evidence, Why};
use crate::source::Span;

/// Everything that rsyslog's configuration decides about where messages go.
#[derive(Clone, Copy, Debug)]
pub struct Routes<'a> {
    /// One per ruleset that an input feeds, and two where both this host's own messages and others enter it.
    pub flows: &'a [Flow<'a>],
    /// Where messages come from.
    pub inputs: &'a [Input<'a>],
    /// What was not read or not understood. A route that it could take away or add is not certain already; further
    /// destinations and inputs could stand in it.
    pub gaps: &'a [Gap<'a>],
    /// The main configuration file.
    pub main: Span,
}

/// Something of the configuration that was not read or not understood.
#[derive(Clone, Copy, Debug)]
pub struct Gap<'a> {
    /// Why.
    pub why: Why<'a>,
    /// The line that names it, or the text that was not understood.
    pub span: Option<Span>,
}

/// What becomes of the messages that enter one ruleset.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    /// Its name; `RSYSLOG_DefaultRuleset` where an input names none.
    pub ruleset: &'a str,
    /// Whether it is about this host's own messages; the same ruleset may treat those of others differently.
    pub local: bool,
    /// Each destination that some message may reach, in the order of the configuration.
    pub deliveries: &'a [Delivery<'a>],
    /// Messages that leave the host by one way or another.
    pub forwarded: Reach,
    /// Messages that are written to some local file.
    pub kept: Reach,
    /// Where messages are dropped, so that what stands below does not see them.
    pub stops: &'a [Stop<'a>],
}

/// Which messages get somewhere, whatever their program and text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// These do.
    pub certain: Messages,
    /// These may: it depends on something else than facility and severity, or on what was not read. Holds `certain`.
    pub possible: Messages,
}

/// A destination and what reaches it.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The destination.
    pub to: Destination<'a>,
    /// What reaches it.
    pub reach: Reach,
    /// The action first, then the selectors, conditions and legacy directives that it stands under.
    pub evidence: &'a [Evidence<'a>],
}

/// Where an action sends messages.
#[derive(Clone, Copy, Debug)]
pub enum Destination<'a> {
    /// A local file.
    File(File<'a>),
    /// Another host.
    Host(Receiver<'a>),
    /// A local place that is no file of this host's log: a pipe, a program, terminals, the journal, a socket. Its kind in rsyslog's
    /// own words (`ompipe`, `omprog`, `omusrmsg`, …) and its name where it has one.
    Other(&'a str, &'a str),
}

/// A file that messages are written to.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Absolute path, or the text of the template that makes the path for each message.
    pub path: &'a str,
    /// Whether the path is made for each message.
    pub dynamic: bool,
    /// Permission bits with which it is created, the umask taken off.
    pub mode: Cell<'a>,
}

/// A host that messages are sent to.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<'a> {
    /// Name or address as written, without brackets.
    pub host: &'a str,
    /// Port as written, or the protocol's default.
    pub port: &'a str,
    /// `udp`, `tcp`, `relp`, `kafka`, `elasticsearch`, `http`, `gssapi`, … in lower case.
    pub protocol: &'a str,
    /// Whether the transport is encrypted (boolean).
    pub encrypted: Cell<'a>,
    /// Whether the receiver's certificate is checked against a name or fingerprint (boolean); unset without encryption.
    pub authenticated: Cell<'a>,
    /// Whether an outage of the receiver loses nothing: a queue that goes to disk and a retry without end (boolean).
    pub reliable: Cell<'a>,
}

/// A statement that drops messages.
#[derive(Clone, Copy, Debug)]
pub struct Stop<'a> {
    /// The statement.
    pub span: Span,
    /// What it drops.
    pub reach: Reach,
    /// The selectors and conditions that it stands under.
    pub under: &'a [Evidence<'a>],
}

/// What feeds messages in.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The module: `imuxsock`, `imjournal`, `imklog`, `imfile`, `imtcp`, `imudp`, …
    pub module: &'a str,
    /// Whether messages come over the network, from the host's own programs, or from a file.
    pub origin: Origin<'a>,
    /// The ruleset that they enter.
    pub ruleset: &'a str,
    /// The messages that can come this way.
    pub messages: Messages,
    /// The statements that make it.
    pub evidence: &'a [Evidence<'a>],
}

/// Where an input takes messages from.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// This host's programs or kernel.
    Local,
    /// A file that is followed: its path or glob.
    Followed(&'a str),
    /// A network listener.
    Listener(Listener<'a>),
    /// Something else: another socket, a container engine, a message bus.
    Elsewhere,
}

/// A network listener.
#[derive(Clone, Copy, Debug)]
pub struct Listener<'a> {
    /// `tcp` or `udp`, what the kernel is asked for.
    pub transport: &'static str,
    /// Port as written, or the module's default.
    pub port: &'a str,
    /// Address that it is bound to; empty for all.
    pub address: &'a str,
    /// Whether it demands encryption (boolean).
    pub encrypted: Cell<'a>,
}

/// Whether messages of a facility and severity get somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// None does.
    No,
    /// Some may, depending on program or text, or on what was not read.
    Possible,
    /// All do.
    Certain,
}

impl Reach {
    /// Whether messages of this facility and severity are in it.
    pub fn of(self, facility: u8, severity: u8) -> Certainty {
        match (self.certain.holds(facility, severity), self.possible.holds(facility, severity)) {
            (true, _) => Certainty::Certain,
            (false, true) => Certainty::Possible,
            (false, false) => Certainty::No,
        }
    }
}

impl Receiver<'_> {
    /// Whether this host sends to itself, by a loopback address or name.
    pub fn is_this_host(&self) -> bool {
        let loopback = self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        loopback || self.host.eq_ignore_ascii_case("localhost")
    }
}

impl<'a> Routes<'a> {
    /// What becomes of what an input takes in.
    pub fn flow_of(&self, input: &Input<'a>) -> Option<&'a Flow<'a>> {
        let local = matches!(input.origin, Origin::Local);
        self.flows.iter().find(|flow| flow.ruleset == input.ruleset && flow.local == local)
    }

    /// The flows that messages of this host's own programs and kernel take, with the messages that enter them.
    pub fn local(&self) -> impl Iterator<Item = (&'a Flow<'a>, Messages)> {
        self.local_through(|_| true)
    }

    /// Those flows, with the messages that enter them by inputs that get any.
    pub fn local_through(&self, is_open: impl Fn(&Input<'a>) -> bool) -> impl Iterator<Item = (&'a Flow<'a>, Messages)> {
        let entering = move |flow: &'a Flow<'a>| {
            let own = self.inputs.iter().filter(|input| matches!(input.origin, Origin::Local) && input.ruleset == flow.ruleset);
            (flow, own.filter(|input| is_open(input)).fold(Messages::NONE, |all, input| all.or(input.messages)))
        };
        self.flows.iter().filter(|flow| flow.local).map(entering)
    }
}
