//! The policy language into a JSON Schema (draft 2020-12) that TOML language servers use offline.

use serde_json::{Map, Value as Json, json};

use super::clause::ProvenBy;
use crate::names::{PLATFORMS, Severity};
use crate::schema::TABLES;

/// The schema of a policy file.
pub fn schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jixian policy, language version 1, or catalogue of clauses",
        "type": "object",
        "additionalProperties": false,
        "oneOf": [{ "required": ["policy"] }, { "required": ["catalogue"] }],
        "properties": {
            "catalogue": catalogue(),
            "clause": { "type": "array", "items": clause() },
            "policy": object(&["id", "language", "version", "title"], json!({
                "id": { "$ref": "#/$defs/id" },
                "language": { "const": 1 },
                "version": { "type": "string" },
                "title": { "$ref": "#/$defs/message" },
            })),
            "params": { "type": "object", "additionalProperties": parameter() },
            "tables": { "type": "object", "additionalProperties": object(&["title", "columns"], json!({
                "title": { "$ref": "#/$defs/message" },
                "columns": columns(),
            })) },
            "rule": { "type": "array", "items": rule() },
        },
        "$defs": {
            "id": { "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" },
            "message": object(&["zh", "en"], json!({ "zh": { "type": "string" }, "en": { "type": "string" } })),
            "condition": { "type": "object", "properties": condition_groups(), "additionalProperties": true },
            "in": described(),
            "checks": { "type": "array", "minItems": 1, "items": check() },
            "table": { "enum": TABLES.iter().map(|table| table.name).collect::<Vec<_>>() },
        },
    })
}

/// The schema of a profile file.
pub fn profile() -> Json {
    let texts = json!({ "type": "array", "minItems": 1, "items": { "type": "string" } });
    let severity = json!({ "enum": Severity::ALL.map(Severity::name) });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jixian profile",
        "type": "object",
        "additionalProperties": false,
        "required": ["profile"],
        "properties": {
            "profile": object(&["id", "title"], json!({
                "id": { "type": "string" },
                "title": object(&["zh", "en"], json!({ "zh": { "type": "string" }, "en": { "type": "string" } })),
                "extends": texts,
                "select": object(&[], json!({
                    "clauses": texts, "rules": texts, "policies": texts, "families": texts, "severity": severity,
                })),
                "waiver-longest": { "type": "string", "pattern": "^[0-9]+d$" },
                "unwaivable": { "type": "array", "items": severity },
                "approvers": texts,
            })),
            "params": { "type": "object" },
            "for": { "type": "array", "items": object(&["assets", "params"], json!({ "assets": assets(), "params": { "type": "object" } })) },
            "drop": { "type": "array", "items": object(&["rule", "reason"], json!({
                "rule": { "type": "string" }, "assets": assets(), "reason": { "type": "string", "minLength": 1 },
            })) },
            "tables": { "type": "object", "additionalProperties": object(&["file"], json!({ "file": { "type": "string" }, "columns": columns() })) },
        },
    })
}

/// Columns of a site table.
fn columns() -> Json {
    json!({ "type": "object", "minProperties": 1, "additionalProperties": {
        "enum": ["asset", "boolean", "date", "glob", "integer", "network", "text"],
    } })
}

/// What narrows assets.
fn assets() -> Json {
    let texts = json!({ "type": "array", "minItems": 1, "items": { "type": "string" } });
    let platforms = PLATFORMS.iter().map(|platform| platform.name).collect::<Vec<_>>();
    json!({ "type": "object", "additionalProperties": false, "properties": {
        "platform": { "type": "array", "minItems": 1, "items": { "enum": platforms } },
        "id": texts, "tags": texts, "vendor": texts, "model": texts, "version": texts, "zone": texts, "owner": texts,
    } })
}

/// A closed object.
fn object(required: &[&str], properties: Json) -> Json {
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

/// The head of a catalogue of clauses.
fn catalogue() -> Json {
    let message = json!({ "$ref": "#/$defs/message" });
    object(&["id", "title", "status"], json!({ "id": { "$ref": "#/$defs/id" }, "title": message, "status": message, "fragments": message }))
}

/// One clause: what can be proven of it says what is shown, and every clause says why not more.
fn clause() -> Json {
    let message = json!({ "$ref": "#/$defs/message" });
    object(
        &["id", "heading"],
        json!({
            "id": { "type": "string" },
            "heading": message,
            "summary": message,
            "proven-by": { "enum": ProvenBy::ALL.map(ProvenBy::name) },
            "shows": message,
            "limit": message,
        }),
    )
}

/// A parameter.
fn parameter() -> Json {
    object(
        &["type", "title"],
        json!({
            "type": { "enum": ["boolean", "date", "duration", "integer", "mode", "network-list", "size", "text", "text-list", "version"] },
            "default": {},
            "stricter": { "enum": ["lower", "higher", "fewer", "more", "none"] },
            "title": { "$ref": "#/$defs/message" },
        }),
    )
}

/// What a check says of files of which no product knows.
fn described() -> Json {
    let texts = json!({ "type": ["string", "array"], "items": { "type": "string" } });
    let column = object(
        &["name"],
        json!({
            "name": { "$ref": "#/$defs/id" },
            "type": { "enum": ["boolean", "date", "duration", "integer", "size", "text", "text-list", "version"] },
            "from": { "type": ["string", "integer"] },
        }),
    );
    object(
        &["path"],
        json!({
            "path": texts,
            "comments": texts,
            "format": { "enum": ["ini", "json", "shell", "toml", "words", "xml", "yaml"] },
            "select": { "type": "string" },
            "wins": { "enum": ["first", "last"] },
            "separator": { "enum": ["blank", "comma", "colon", "pipe", "semicolon", "tab"] },
            "header": { "type": "boolean" },
            "columns": { "type": "array", "minItems": 1, "maxItems": 64, "items": column },
            "style": { "enum": ["braces", "indent"] },
            "lines": { "type": "object", "additionalProperties": { "type": "string" } },
        }),
    )
}

/// The groups that a condition may hold besides columns.
fn condition_groups() -> Json {
    json!({
        "any": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/condition" } },
        "all": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/condition" } },
        "not": { "$ref": "#/$defs/condition" },
        "listed-in": object(&["table", "on"], json!({
            "table": { "$ref": "#/$defs/id" },
            "on": { "type": "object", "minProperties": 1, "additionalProperties": { "type": "string" } },
            "where": { "type": "object" },
        })),
    })
}

/// The keys of a check.
fn check_properties() -> Map<String, Json> {
    let mut properties = Map::new();
    for form in ["each", "none", "some", "count"] {
        properties.insert(form.to_owned(), json!({ "$ref": "#/$defs/table" }));
    }
    for form in ["all-of", "any-of"] {
        properties.insert(form.to_owned(), json!({ "$ref": "#/$defs/checks" }));
    }
    properties.insert("in".to_owned(), json!({ "$ref": "#/$defs/in" }));
    properties.insert("where".to_owned(), json!({ "$ref": "#/$defs/condition" }));
    properties.insert("expect".to_owned(), json!({ "$ref": "#/$defs/condition" }));
    properties.insert("is".to_owned(), json!({}));
    properties.insert("empty".to_owned(), json!({ "enum": ["pass", "fail", "unknown", "not-applicable"] }));
    properties
}

/// Exactly one form.
fn one_form() -> Json {
    ["each", "none", "some", "count", "all-of", "any-of"].iter().map(|form| json!({ "required": [form] })).collect()
}

/// A check inside `all-of` or `any-of`.
fn check() -> Json {
    json!({ "type": "object", "additionalProperties": false, "properties": check_properties(), "oneOf": one_form() })
}

/// A rule.
fn rule() -> Json {
    let texts = json!({ "type": "array", "minItems": 1, "items": { "type": "string" } });
    let mut properties = check_properties();
    properties.insert("id".to_owned(), json!({ "$ref": "#/$defs/id" }));
    properties.insert("title".to_owned(), json!({ "$ref": "#/$defs/message" }));
    properties.insert("severity".to_owned(), json!({ "enum": Severity::ALL.map(Severity::name) }));
    properties.insert("clauses".to_owned(), texts.clone());
    properties.insert("why".to_owned(), json!({ "$ref": "#/$defs/message" }));
    properties
        .insert("fix".to_owned(), json!({ "type": "object", "required": ["zh", "en"], "additionalProperties": { "type": "string" } }));
    properties.insert("assets".to_owned(), assets());
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "title", "severity", "clauses", "why", "fix"],
        "properties": properties,
        "oneOf": one_form(),
    })
}
