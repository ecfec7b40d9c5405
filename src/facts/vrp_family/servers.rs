//! The order in which local users and servers are asked at a login, and the servers.

use crate::facts::{Cell, Why};
use crate::names::Phrase;
use crate::parse::tree::Node;

static UNSEEN: Phrase = Phrase {
    zh: "由 {} 服务器决定，设备配置看不到其因素",
    en: "the {} servers decide it; the configuration does not show what they demand",
};

/// What is asked at a login, in order.
#[derive(Clone, Debug)]
pub(in crate::facts) struct Chain<'a> {
    /// Words of the vocabulary of methods: `tacacs`, `radius`, `password` (local users), `none`.
    pub methods: Vec<&'static str>,
    /// Names of the groups of servers.
    pub templates: Vec<&'a str>,
    /// Their addresses in the order in which they are asked.
    pub servers: Vec<(&'a str, Node<'a>)>,
    /// The lines on which the order rests.
    pub nodes: Vec<Node<'a>>,
    /// The cell that the order comes from where no line says it.
    pub origin: Cell<'a>,
    /// Set where the order is not known.
    pub unknown: Option<Cell<'a>>,
    /// Whether servers record sessions or commands.
    pub accounting: Cell<'a>,
}

impl<'a> Chain<'a> {
    /// Whether a method is among those that are asked.
    pub(in crate::facts) fn asks(&self, method: &str) -> bool {
        self.methods.contains(&method)
    }

    /// Whether servers are asked.
    pub(in crate::facts) fn remote(&self) -> bool {
        self.asks("tacacs") || self.asks("radius")
    }

    /// Whether servers are asked before anything else, and there are some.
    pub(in crate::facts) fn remote_first(&self) -> bool {
        matches!(self.methods.first(), Some(&("tacacs" | "radius"))) && !self.servers.is_empty()
    }

    /// Why the number of factors is not known.
    pub(in crate::facts) fn unseen_factor(&self) -> Why<'a> {
        Why::new("servers-decide", &UNSEEN, if self.asks("tacacs") { "TACACS" } else { "RADIUS" })
    }
}

/// The method that a word of `authentication-mode` or `authentication login` names.
pub(in crate::facts) fn method(word: &str) -> Option<&'static str> {
    Some(match word {
        "hwtacacs" | "hwtacacs-scheme" => "tacacs",
        "radius" | "radius-scheme" | "radius-proxy" => "radius",
        "local" | "local-case" => "password",
        "none" => "none",
        _ => return None,
    })
}
