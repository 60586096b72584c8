//! Comma- and tab-separated rows, each a document.

use super::decode::Decoded;
use super::{ExtractError, ExtractOptions, Format, Part, text};
use crate::document::{Document, DocumentBuilder, LineMark, Location, Locator, Origin, Places};
use csv::{ReaderBuilder, StringRecord};
use serde_json::Value;
use std::ops::Range;

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
pub(super) fn extract(decoded: Decoded, format: Format, options: &ExtractOptions) -> Result<Vec<Part>, ExtractError> {
    let whole = Origin::of_file(decoded.text, decoded.base);
    let source = whole.text.as_str();
    let name = format.name();
    let (delimiter, quoting) = (delimiter(source, format), format == Format::Csv || is_quoted(source));
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).quoting(quoting).flexible(true).from_reader(source.as_bytes());
    let broken = |reason: String| ExtractError::Broken { format: name, reason };
    let headers = reader.headers().map_err(|error| broken(error.to_string()))?.clone();
    let mut rows = Vec::new();
    let mut starts = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| broken(error.to_string()))?;
        starts.push(row.position().map_or(0, |at| at.byte() as usize));
        rows.push(row);
    }
    let text = text_column(&headers, &rows, options).map_err(broken)?;
    let id = column(&headers, &options.id_field);
    let ends = starts.iter().skip(1).copied().chain([source.len()]);
    let fields = Fields { delimiter, quoting, number: text };
    let mut locator = whole.locator();
    let parts = rows.iter().zip(starts.iter().zip(ends)).zip(1_u64..).map(|((row, (start, end)), number)| {
        let field = row.get(text).unwrap_or_default();
        let origin = fields.origin(field, &whole, *start..end, &mut locator);
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

/// Which field of a row holds the text, and how rows are written.
struct Fields {
    delimiter: u8,
    quoting: bool,
    /// From 0.
    number: usize,
}

impl Fields {
    /// The field of the row at `row` of the file, as an origin that knows where it stands there. Bytes behind a doubled quote
    /// are told one less for each of these.
    fn origin(&self, field: &str, whole: &Origin, row: Range<usize>, locator: &mut Locator<'_>) -> Origin {
        let raw = whole.text.get(row.clone()).unwrap_or_default();
        let mut at = self.start(raw);
        let is_quoted = self.quoting && raw[at..].starts_with('"');
        at += usize::from(is_quoted);
        let base = whole.base + row.start + at;
        let mut mark = |offset: usize, at: usize| match locator.locate(row.start + at) {
            Location::Line { line, column } => LineMark { offset, line, column },
            Location::Paragraph { .. } | Location::Page { .. } => unreachable!("a file of rows has lines"),
        };
        let mut marks = vec![mark(0, at)];
        if is_quoted {
            let mut offset = 0;
            while let Some(quote) = raw[at..].find('"').filter(|quote| raw[at + quote + 1..].starts_with('"')) {
                (at, offset) = (at + quote + 2, offset + quote + 1);
                marks.push(mark(offset, at));
            }
        }
        Origin { text: field.to_owned(), base, places: Places::Lines(marks) }
    }

    /// Where the field begins in a row: behind so many others.
    fn start(&self, raw: &str) -> usize {
        let mut reader = csv_core::ReaderBuilder::new().delimiter(self.delimiter).quoting(self.quoting).build();
        let mut field = [0; 256];
        // What a row before it left of its end, and empty lines.
        let mut at = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        let mut passed = 0;
        while passed < self.number && at < raw.len() {
            let (result, read, _) = reader.read_field(&raw.as_bytes()[at..], &mut field);
            at += read;
            passed += usize::from(result != csv_core::ReadFieldResult::OutputFull);
        }
        // A row that is shorter ends where it ends.
        raw.floor_char_boundary(at)
    }
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
