//! rsyslog's configuration into what reaches which file and host, and what is taken in from others.

pub mod messages;
pub mod routes;

use super::{Host, Seen};
use routes::Routes;

/// What becomes of messages on this host, derived once; without rsyslog, what was seen of it: proven absent, nothing, or unreadable.
pub fn routes<'a>(host: &Host<'a>) -> Result<&'a Routes<'a>, Seen> {
    *host.shared.rsyslog.get_or_init(|| Err(Seen::Nothing))
}
