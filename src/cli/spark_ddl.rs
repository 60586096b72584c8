//! The columns of a report's line as Apache Spark's DDL, made from the JSON Schema of the reports and from nothing else.
//!
//! Spark has one type for a column where JSON may have several. What is a string or a number, and what may be anything,
//! becomes a string, as Spark reads it. An object of one of several shapes gets the columns of all of them. Names stand
//! in backticks, so that none is taken for a word of SQL.

use serde_json::Value;
use std::fmt;

/// A type of Spark's. Every column may be null.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Type {
    String,
    Bigint,
    Double,
    Boolean,
    Array(Box<Type>),
    /// From strings.
    Map(Box<Type>),
    Struct(Vec<(String, Type)>),
}

/// A column a line, for all that a line of JSON lines can be, whatever of `kinds` it is. These are definitions of
/// `schema`.
pub fn columns(schema: &Value, kinds: &[impl AsRef<str>]) -> String {
    let kinds = kinds.iter().map(|kind| definition(schema, kind.as_ref()));
    let Some(Type::Struct(columns)) = kinds.map(|kind| read(schema, kind)).fold(None, either) else {
        return String::new();
    };
    let lines: Vec<String> = columns.iter().map(|(name, column)| format!("`{name}` {column}")).collect();
    format!("{}\n", lines.join(",\n"))
}

fn definition<'s>(schema: &'s Value, name: &str) -> &'s Value {
    &schema["$defs"][name]
}

/// The type of what `part` of the schema describes; nothing where that is `null`.
fn read(schema: &Value, part: &Value) -> Option<Type> {
    if let Some(name) = part["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) {
        return read(schema, definition(schema, name));
    }
    let names = match &part["type"] {
        Value::Array(names) => names.as_slice(),
        name => std::slice::from_ref(name),
    };
    let own = names.iter().filter_map(|name| plain(schema, part, name.as_str()?));
    let variants = ["anyOf", "oneOf"].into_iter().filter_map(|key| part[key].as_array()).flatten();
    own.map(Some).chain(variants.map(|variant| read(schema, variant))).fold(None, either)
}

/// The type of `part` as far as its `type` tells.
fn plain(schema: &Value, part: &Value, name: &str) -> Option<Type> {
    let inner = |key: &str| Box::new(read(schema, &part[key]).unwrap_or(Type::String));
    match name {
        "integer" => Some(Type::Bigint),
        "number" => Some(Type::Double),
        "boolean" => Some(Type::Boolean),
        "array" => Some(Type::Array(inner("items"))),
        "object" => Some(match part["properties"].as_object() {
            Some(properties) => Type::Struct(
                properties
                    .iter()
                    .map(|(name, property)| (name.clone(), read(schema, property).unwrap_or(Type::String)))
                    .collect(),
            ),
            None => Type::Map(inner("additionalProperties")),
        }),
        "null" => None,
        _ => Some(Type::String),
    }
}

/// The type that holds what either holds.
fn either(one: Option<Type>, other: Option<Type>) -> Option<Type> {
    match (one, other) {
        (None, only) | (only, None) => only,
        (Some(Type::Struct(mut columns)), Some(Type::Struct(others))) => {
            for (name, column) in others {
                match columns.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = either(Some(known.clone()), Some(column)).unwrap_or(Type::String),
                    None => columns.push((name, column)),
                }
            }
            Some(Type::Struct(columns))
        }
        (Some(one), Some(other)) if one == other => Some(one),
        (Some(_), Some(_)) => Some(Type::String),
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("STRING"),
            Self::Bigint => f.write_str("BIGINT"),
            Self::Double => f.write_str("DOUBLE"),
            Self::Boolean => f.write_str("BOOLEAN"),
            Self::Array(item) => write!(f, "ARRAY<{item}>"),
            Self::Map(value) => write!(f, "MAP<STRING, {value}>"),
            Self::Struct(columns) => {
                let columns: Vec<String> = columns.iter().map(|(name, column)| format!("`{name}`: {column}")).collect();
                write!(f, "STRUCT<{}>", columns.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_shape_of_a_schema_has_its_type() {
        let object = |properties: Value| json!({"type": "object", "properties": properties});
        let (line, page) = (object(json!({"line": {"type": "integer"}})), object(json!({"page": {"type": "integer"}})));
        for (name, part, expected) in [
            ("nullable", json!({"type": ["string", "null"]}), "STRING"),
            ("number", json!({"type": "number"}), "DOUBLE"),
            ("truth", json!({"type": "boolean"}), "BOOLEAN"),
            ("names", json!({"oneOf": [{"const": "a", "type": "string"}, {"const": "b", "type": "string"}]}), "STRING"),
            ("text or number", json!({"anyOf": [{"type": "string"}, {"type": "number"}]}), "STRING"),
            ("reference or null", json!({"anyOf": [{"$ref": "#/$defs/Count"}, {"type": "null"}]}), "BIGINT"),
            ("list", json!({"type": "array", "items": {"$ref": "#/$defs/Count"}}), "ARRAY<BIGINT>"),
            ("map", json!({"type": "object", "additionalProperties": {"type": "integer"}}), "MAP<STRING, BIGINT>"),
            ("map of anything", json!({"type": "object", "additionalProperties": true}), "MAP<STRING, STRING>"),
            ("struct", line.clone(), "STRUCT<`line`: BIGINT>"),
            ("either struct", json!({"anyOf": [line, page]}), "STRUCT<`line`: BIGINT, `page`: BIGINT>"),
            ("anything", json!(true), "STRING"),
        ] {
            let schema = json!({"$defs": {"Count": {"type": "integer"}, "Row": object(json!({"x": part}))}});
            assert_eq!(columns(&schema, &["Row"]), format!("`x` {expected}\n"), "{name}");
        }
    }

    #[test]
    fn rows_of_several_kinds_have_the_columns_of_all() {
        let schema = json!({"$defs": {
            "A": {"type": "object", "properties": {"id": {"type": "string"}, "n": {"type": "integer"}}},
            "B": {"type": "object", "properties": {"error": {"type": "string"}, "id": {"type": ["string", "null"]}}},
        }});
        assert_eq!(columns(&schema, &["A", "B"]), "`id` STRING,\n`n` BIGINT,\n`error` STRING\n");
    }
}
