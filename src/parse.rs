//! A source into a document: one file per syntax. Parsers never fail; what they do not understand they keep and say so.

pub mod key_value;
pub mod pam;
