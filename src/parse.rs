//! A source into a document: one file per syntax. Parsers never fail; what they do not understand they keep and say so.

pub mod access_conf;
pub mod audit_rules;
pub mod authorized_keys;
pub mod colon;
pub mod delimited;
pub mod device;
pub mod fortios;
pub mod hash_sections;
pub mod indented;
pub mod ini;
pub mod junos;
pub mod key_value;
pub mod keyword;
mod lines;
pub mod logrotate;
pub mod nginx;
pub mod pam;
pub mod panos;
pub mod rsyslog;
pub mod shell;
pub mod sudoers;
pub mod time_conf;
pub mod tree;
pub mod usbguard;
mod word_tree;
pub mod words;
pub mod xinetd;
