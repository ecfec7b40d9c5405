//! A source into a document: one file per syntax. Parsers never fail; what they do not understand they keep and say so.

pub mod authorized_keys;
pub mod colon;
pub mod key_value;
pub mod keyword;
pub mod rsyslog;
pub mod sudoers;
pub mod usbguard;
pub mod words;
