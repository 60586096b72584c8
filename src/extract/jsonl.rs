//! JSON lines: each line an object, each object a document.

use super::decode::Decoded;
use super::{ExtractError, ExtractOptions, Part, text};
use crate::document::{Document, DocumentBuilder, LineMark, Origin, Places};
use serde_json::{Map, Value};

/// Reads every line that is not blank; a bad line is an error of its own.
pub(super) fn extract(decoded: &Decoded, options: &ExtractOptions) -> Vec<Part> {
    let lines = (1..).zip(decoded.text.lines());
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| document(line, number, options).map_err(|error| (format!("line {number}"), error)))
        .collect()
}

/// Reads line `number` of a file (from 1).
///
/// Positions are in the decoded text: the line is that of the file, the column counts the characters of the text, and
/// the spans are bytes of the text.
///
/// # Errors
/// If the line is not an object with a text.
pub fn document(line: &str, number: u64, options: &ExtractOptions) -> Result<Document, ExtractError> {
    let broken = |reason: String| ExtractError::Broken { format: "jsonl", reason: format!("line {number}: {reason}") };
    let Row { id, text, mut fields } = row(line.as_bytes(), options).map_err(broken)?;
    let text = text.map_err(broken)?;
    let part = match id {
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => id.to_string(),
        Some(other) => {
            fields.insert(options.id_field.clone(), other);
            number.to_string()
        }
        None => number.to_string(),
    };
    let places = Places::Lines(marks(&text, u32::try_from(number).unwrap_or(u32::MAX)));
    let end = text.len();
    let mut builder = DocumentBuilder::new(Origin { text, base: 0, places });
    text::blocks(&mut builder, 0..end);
    Ok(Document { part: Some(part), fields: fields.into_iter().collect(), ..builder.build() })
}

/// What a line holds.
pub(crate) struct Row {
    /// What the field of the id holds; what may name a document is up to the caller.
    pub(crate) id: Option<Value>,
    /// The text, or why there is none, in one line.
    pub(crate) text: Result<String, String>,
    /// The other fields.
    pub(crate) fields: Map<String, Value>,
}

/// Reads a line.
///
/// # Errors
/// If it is not an object: one line that says so.
pub(crate) fn row(line: &[u8], options: &ExtractOptions) -> Result<Row, String> {
    let value: Value = serde_json::from_slice(line).map_err(|error| {
        // The parser's "line 1" is the line within the line.
        format!("not JSON: {}", error.to_string().replace(" at line 1 column ", " at column "))
    })?;
    let Value::Object(mut fields) = value else { return Err("not a JSON object".to_owned()) };
    let id = fields.shift_remove(&options.id_field);
    let field = &options.text_field;
    let text = match fields.shift_remove(field) {
        Some(Value::String(text)) => Ok(text),
        // Columns of engines are nullable: no text is no fault of the line.
        Some(Value::Null) => Ok(String::new()),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(format!("field `{field}` is not a string"))
        }
        None => Err(format!("no field `{field}`")),
    };
    Ok(Row { id, text, fields })
}

/// Marks that keep the line where it is: a line feed in the text is none in the file.
fn marks(text: &str, line: u32) -> Vec<LineMark> {
    let mut marks = vec![LineMark { offset: 0, line, column: 1 }];
    let (mut from, mut column) = (0, 1_u32);
    for (at, _) in text.match_indices(['\n', '\r']) {
        column = column.saturating_add(u32::try_from(text[from..=at].chars().count()).unwrap_or(u32::MAX));
        from = at + 1;
        marks.push(LineMark { offset: from, line, column });
    }
    marks
}
