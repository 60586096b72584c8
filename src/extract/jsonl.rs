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
    let mut object: Map<String, Value> = serde_json::from_str(line).map_err(|error| broken(cause(&error)))?;
    let text = match object.shift_remove(&options.text_field) {
        Some(Value::String(text)) => text,
        Some(Value::Null) => String::new(),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            return Err(broken(format!("field {:?} is not a string", options.text_field)));
        }
        None => return Err(broken(format!("no field {:?}", options.text_field))),
    };
    let part = match object.shift_remove(&options.id_field) {
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => id.to_string(),
        Some(other) => {
            object.insert(options.id_field.clone(), other);
            number.to_string()
        }
        None => number.to_string(),
    };
    let places = Places::Lines(marks(&text, u32::try_from(number).unwrap_or(u32::MAX)));
    let end = text.len();
    let mut builder = DocumentBuilder::new(Origin { text, base: 0, places });
    text::blocks(&mut builder, 0..end);
    Ok(Document { part: Some(part), fields: object.into_iter().collect(), ..builder.build() })
}

/// What is wrong with a line, as the parser says it. Its "line 1" is dropped, as that is the line within the line.
fn cause(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
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
