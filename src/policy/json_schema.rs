//! The policy language into a JSON Schema that TOML language servers use offline.
