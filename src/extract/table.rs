//! Comma- and tab-separated rows, each a document.

use super::decode::Decoded;
use super::{ExtractError, ExtractOptions, Format, Part, text};
use crate::document::{Document, DocumentBuilder, LineMark, Origin, Places};
use csv::{ReaderBuilder, StringRecord};
use serde_json::Value;

/// Columns that usually hold the text, the likeliest first.
const TEXT_COLUMNS: [&str; 12] = [
    "text",
    "body",
    "content",
    "comment",
    "comments",
    "description",
    "message",
    "note",
    "notes",
    "feedback",
    "sentence",
    "review",
];

/// Reads every row below the header.
///
/// # Errors
/// If a column that was asked for is not there.
pub(super) fn extract(decoded: &Decoded, format: Format, options: &ExtractOptions) -> Result<Vec<Part>, ExtractError> {
    let source = decoded.text.as_str();
    let name = format.name();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(source, format))
        .quoting(format == Format::Csv || is_quoted(source))
        .flexible(true)
        .from_reader(source.as_bytes());
    let broken = |reason: String| ExtractError::Broken { format: name, reason };
    let headers = reader.headers().map_err(|error| broken(error.to_string()))?.clone();
    let mut rows = Vec::new();
    let mut starts = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| broken(error.to_string()))?;
        let place = row.position().map_or((0, 1), |at| (at.byte() as usize, at.line()));
        starts.push(place);
        rows.push(row);
    }
    let text = text_column(&headers, &rows, options).map_err(broken)?;
    let id = column(&headers, &options.id_field);
    let ends = starts.iter().skip(1).map(|(byte, _)| *byte).chain([source.len()]);
    let parts = rows.iter().zip(starts.iter().zip(ends)).zip(1_u64..).map(|((row, ((start, line), end)), number)| {
        let field = row.get(text).unwrap_or_default();
        let raw = source.get(*start..end).unwrap_or_default();
        let origin = origin(field, raw, decoded.base + start, *line);
        let mut builder = DocumentBuilder::new(origin);
        text::blocks(&mut builder, 0..field.len());
        let part = id.and_then(|id| row.get(id)).filter(|id| !id.is_empty());
        let part = part.map_or_else(|| number.to_string(), ToOwned::to_owned);
        let others = row.iter().enumerate().filter(|(at, _)| *at != text && Some(*at) != id);
        let fields = others.map(|(at, value)| {
            let name = headers.get(at).map_or_else(|| format!("column {}", at + 1), ToOwned::to_owned);
            (name, Value::String(value.to_owned()))
        });
        Ok(Document { part: Some(part), fields: fields.collect(), ..builder.build() })
    });
    Ok(parts.collect())
}

/// The field as an origin that knows where it stands in the file.
///
/// The crate tells where a row begins. The field is looked for in it, which finds all but those with doubled quotes;
/// these are placed by their first line, or else at the row.
fn origin(field: &str, raw: &str, base: usize, line: u64) -> Origin {
    let first = field.lines().next().unwrap_or_default();
    let whole = raw.find(field);
    let at = whole.or_else(|| raw.find(first)).unwrap_or(0);
    let before = &raw[..at];
    let feeds = before.matches('\n').count() as u64;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let mark = LineMark {
        offset: 0,
        line: u32::try_from(line + feeds).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    };
    Origin { text: field.to_owned(), base: base + at, places: Places::Lines(vec![mark]) }
}

fn column(headers: &StringRecord, name: &str) -> Option<usize> {
    let is = |header: &str| header.trim().eq_ignore_ascii_case(name);
    headers.iter().position(|header| header == name).or_else(|| headers.iter().position(is))
}

fn text_column(headers: &StringRecord, rows: &[StringRecord], options: &ExtractOptions) -> Result<usize, String> {
    if let Some(text) = column(headers, &options.text_field) {
        return Ok(text);
    }
    if options.text_field != ExtractOptions::default().text_field {
        return Err(format!("no column {:?}", options.text_field));
    }
    let named = TEXT_COLUMNS.iter().find_map(|name| column(headers, name));
    let longest = || {
        let letters = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(str::len).sum::<usize>();
        // The first of equals, so that the choice does not hang on the order of the search.
        (0..headers.len()).max_by_key(|at| (letters(*at), std::cmp::Reverse(*at)))
    };
    named.or_else(longest).ok_or_else(|| "no columns".to_owned())
}

fn delimiter(source: &str, format: Format) -> u8 {
    let header = source.lines().next().unwrap_or_default();
    let count = |wanted: char| header.matches(wanted).count();
    if format == Format::Tsv {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else if count(',') == 0 && count('\t') > 0 {
        b'\t'
    } else {
        b','
    }
}

/// Whether quotes in tab-separated text enclose fields. Most programs write none, and there a quote is a quote.
fn is_quoted(source: &str) -> bool {
    let opens = source.starts_with('"') || source.contains("\t\"") || source.contains("\n\"");
    let closes = source.contains("\"\t") || source.contains("\"\n") || source.contains("\"\r") || source.ends_with('"');
    opens && closes && source.matches('"').count().is_multiple_of(2)
}
