//! `leadtone generate schema --format spark-ddl`: what is published holds every row that is written.

use super::cli::Cli;
use serde_json::Value;

/// A type of the DDL, read back from its text.
#[derive(Debug)]
enum Type {
    Plain(String),
    Array(Box<Type>),
    Map(Box<Type>),
    Struct(Vec<(String, Type)>),
}

fn ddl() -> String {
    Cli::new().args(["generate", "schema", "--format", "spark-ddl"]).code(0).stderr("").text()
}

fn columns(ddl: &str) -> Type {
    Type::Struct(ddl.lines().map(|line| named(line, " ")).map(whole).collect())
}

fn whole((column, rest): ((String, Type), &str)) -> (String, Type) {
    assert!(["", ","].contains(&rest), "{rest:?} is left over");
    column
}

/// A name in backticks, a separator and a type; and what follows.
fn named<'t>(text: &'t str, separator: &str) -> ((String, Type), &'t str) {
    let (name, rest) = text.strip_prefix('`').and_then(|rest| rest.split_once('`')).expect("a name in backticks");
    let (inner, rest) = typed(rest.strip_prefix(separator).expect("a separator"));
    ((name.to_owned(), inner), rest)
}

fn typed(text: &str) -> (Type, &str) {
    if let Some(rest) = text.strip_prefix("ARRAY<") {
        let (item, rest) = typed(rest);
        return (Type::Array(Box::new(item)), closed(rest));
    }
    if let Some(rest) = text.strip_prefix("MAP<STRING, ") {
        let (value, rest) = typed(rest);
        return (Type::Map(Box::new(value)), closed(rest));
    }
    if let Some(mut rest) = text.strip_prefix("STRUCT<") {
        let mut columns = Vec::new();
        loop {
            let (column, after) = named(rest, ": ");
            columns.push(column);
            match after.strip_prefix(", ") {
                Some(next) => rest = next,
                None => return (Type::Struct(columns), closed(after)),
            }
        }
    }
    let end = text.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(text.len());
    (Type::Plain(text[..end].to_owned()), &text[end..])
}

fn closed(text: &str) -> &str {
    text.strip_prefix('>').expect("a closing bracket")
}

/// Holds a value against its type, and notes the columns that it has.
fn hold(place: &str, value: &Value, column: &Type, seen: &mut Vec<String>) {
    seen.push(place.to_owned());
    match (column, value) {
        (_, Value::Null) => {}
        (Type::Plain(name), _) => {
            // Spark turns an id that is a number into a string, and whatever a field holds.
            let as_it_came = place == "id" || place.starts_with("fields.");
            let fits = match name.as_str() {
                "STRING" => value.is_string() || as_it_came,
                "BIGINT" => value.is_i64(),
                "DOUBLE" => value.is_f64(),
                other => panic!("{place}: no value is a {other}"),
            };
            assert!(fits, "{place}: {value} is no {name}");
        }
        (Type::Array(item), Value::Array(values)) => {
            for value in values {
                hold(&format!("{place}[]"), value, item, seen);
            }
        }
        (Type::Map(inner), Value::Object(entries)) => {
            for (key, value) in entries {
                hold(&format!("{place}.{key}"), value, inner, seen);
            }
        }
        (Type::Struct(columns), Value::Object(entries)) => {
            for (key, value) in entries {
                let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                let (_, column) = columns.iter().find(|(name, _)| name == key).unwrap_or_else(|| panic!("no {place}"));
                hold(&place, value, column, seen);
            }
        }
        (column, value) => panic!("{place}: {value} is no {column:?}"),
    }
}

const MARKDOWN: &str = "You must file it.\n\n<!-- leadtone: next all -- the law's words -->\nYou must sign it.\n";
const MAIL: &str = "From: Kim <kim@example.org>\nSubject: Keys\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nYou must count the keys.\n\
    --b\nContent-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nx\n--b--\n";
const ROWS: &str = "{\"id\": \"a\", \"text\": \"You must go. Choose your way.\", \"dept\": \"yard\", \"n\": [1, {\"k\": null}]}\n\
    {\"id\": 7, \"text\": \"You must go.\"}\nnot JSON\n{\"id\": \"b\"}\n";

const HOUSE: &str = "disable = [\"task-push.is-due\"]\n";

/// The lines that a run writes, whatever it exits with: one of the files is not there.
fn rows<const N: usize>(args: [&str; N]) -> Vec<Value> {
    let cli = Cli::new().file("a.md", MARKDOWN).file("b.eml", MAIL).file("house.toml", HOUSE).stdin(ROWS);
    cli.args(args).args(["--format", "jsonl"]).run().lines()
}

#[test]
fn every_key_of_every_row_is_a_column_of_its_type() {
    let columns = columns(&ddl());
    let mut seen = Vec::new();
    let docx = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/same-memo/night-bakery.docx");
    let pdf = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/same-memo/night-bakery.pdf");
    let filtered = rows(["scan", "--input-format", "jsonl", "--sentences", "--isolated"]);
    assert_eq!(filtered.len(), 4);
    let scanned = rows(["scan", "--sentences", "--config", "house.toml", "a.md", "b.eml", "absent", docx, pdf]);
    let checked = rows(["check", "--show", "all", "--isolated", "a.md", docx, "b.eml"]);
    for row in [filtered, scanned, checked].concat() {
        hold("", &row, &columns, &mut seen);
    }
    for place in [
        "share.low",
        "principles.duties",
        "sentences[].span[]",
        "sentences[].line",
        "sentences[].paragraph",
        "sentences[].page",
        "sentences[].evidence[].weight",
        "findings[].reasons[].source",
        "findings[].instead",
        "outcome.limits[].at",
        "suppressed[].by",
        "skipped[]",
        "fields.dept",
        "fields.n",
        "lexicon.disabled[]",
        "line",
        "error",
    ] {
        assert!(seen.iter().any(|known| known == place), "no row has {place}");
    }
}

#[test]
fn the_ddl_has_the_columns_of_the_json_schema_and_of_errors() {
    let schema = Cli::new().args(["generate", "schema", "--format", "json-schema"]).code(0).json();
    let document = schema["$defs"]["DocumentReport"]["properties"].as_object().expect("properties").keys();
    let expected: Vec<String> = document.cloned().chain(["line", "error"].map(str::to_owned)).collect();
    let Type::Struct(columns) = columns(&ddl()) else { panic!("a row has columns") };
    assert_eq!(columns.into_iter().map(|(name, _)| name).collect::<Vec<_>>(), expected);
    assert_eq!(schema, Cli::new().args(["generate", "schema"]).code(0).json());
}

#[test]
fn only_schemas_have_a_format() {
    Cli::new()
        .args(["generate", "man", "--format", "spark-ddl"])
        .code(2)
        .stdout("")
        .stderr("leadtone: --format is for `generate schema`\n");
}
