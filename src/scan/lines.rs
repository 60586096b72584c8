//! JSON lines as a stream: one document a line in, one result a line out, in order and in bounded memory.
//!
//! Owns the filter contract: the result of a line depends on that line only, and a bad line is a result like any other.

use super::{Naming, ScanOptions, Scanned, analyze, guarded, in_order, pool};
use crate::document::Document;
use crate::extract::{self, ExtractError, ExtractOptions, Format, Limit, Limits};
use crate::lexicon::Lexicon;
use crate::report::{DocumentId, DocumentReport, ErrorReport, Failure, SCHEMA};
use crate::score::Judge;
use crate::source::SourceError;
use serde_json::{Map, Value};
use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::Ordering;

/// Bytes of a batch; a batch is at least one line.
const BATCH_BYTES: usize = 4 << 20;

/// Lines of a batch.
const BATCH_LINES: usize = 4096;

/// Most lines that a thread takes at once.
const SHARE_LINES: usize = 64;

/// A line of the input.
struct Line {
    /// From 1.
    number: u64,
    /// Without its end, or why it was not kept.
    bytes: Result<Vec<u8>, ExtractError>,
}

/// Takes the results of the lines that were there to be read at once, in the order of the input. An error ends the scan.
pub type LinesSink<'a> = dyn FnMut(Vec<Scanned>) -> io::Result<()> + 'a;

/// Scans JSON lines from `reader` and hands one result a line to `sink`, in order. `name` is for messages only.
///
/// Never waits for more input while it holds lines without results: whoever writes a line and waits gets an answer.
///
/// # Errors
/// Only those of the sink, and of the system refusing threads; a reader that fails is handed on as a failure.
pub fn scan_lines(
    name: &str,
    reader: &mut BufReader<impl Read>,
    lexicon: &Lexicon,
    options: &ScanOptions,
    sink: &mut LinesSink<'_>,
) -> io::Result<()> {
    let pool = pool(options.threads)?;
    let mut number = 0;
    loop {
        let (batch, end) = batch(reader, &options.extract.limits, &mut number);
        let work = |judge: &mut Judge<'_>, line: &Line| one(name, line, judge, options);
        let scanned = in_order(&pool, &batch, SHARE_LINES, lexicon, work);
        options.done.fetch_add(scanned.len() as u64, Ordering::Relaxed);
        sink(scanned)?;
        match end {
            End::Batch => {}
            End::Input => return Ok(()),
            End::Failed(error) => {
                // No line is at fault, and what comes after is not known: the source has failed.
                let reason = SourceError::from(error).to_string();
                let error = ErrorReport::of_path(name.to_owned(), reason.clone());
                return sink(vec![Scanned::Failed { failure: Failure { path: name.to_owned(), reason }, error }]);
            }
        }
    }
}

/// Why a batch ended.
enum End {
    Batch,
    Input,
    Failed(io::Error),
}

/// Reads at least one line and then those that are there already.
fn batch(reader: &mut BufReader<impl Read>, limits: &Limits, number: &mut u64) -> (Vec<Line>, End) {
    let mut lines = Vec::new();
    let mut bytes = 0;
    while lines.is_empty() || lines.len() < BATCH_LINES && bytes < BATCH_BYTES && reader.buffer().contains(&b'\n') {
        match line(reader, limits) {
            Ok(None) => return (lines, End::Input),
            Ok(Some(mut line)) => {
                *number += 1;
                if let (1, Ok(text)) = (*number, &mut line)
                    && text.starts_with(b"\xEF\xBB\xBF")
                {
                    text.drain(..3);
                }
                bytes += line.as_ref().map_or(0, Vec::len);
                lines.push(Line { number: *number, bytes: line });
            }
            Err(error) => return (lines, End::Failed(error)),
        }
    }
    (lines, End::Batch)
}

/// The next line without its end; one that is too long is passed over.
fn line(reader: &mut impl BufRead, limits: &Limits) -> io::Result<Option<Result<Vec<u8>, ExtractError>>> {
    // A line's end is no part of it.
    let most = limits.get(Limit::Line);
    let mut bytes = Vec::new();
    if Read::take(&mut *reader, most.saturating_add(2)).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    } else if bytes.len() as u64 > most {
        reader.skip_until(b'\n')?;
    }
    if let Err(error) = limits.check(Limit::Line, bytes.len() as u64) {
        return Ok(Some(Err(error)));
    }
    Ok(Some(Ok(bytes)))
}

fn one(name: &str, line: &Line, judge: &mut Judge<'_>, options: &ScanOptions) -> Scanned {
    let row = match &line.bytes {
        Ok(bytes) => row(bytes, &options.extract),
        Err(error) => Err((None, error.to_string())),
    };
    let row = match row {
        Ok(row) => row,
        Err((id, reason)) => return failed(name, line.number, id, reason),
    };
    match report(&row.text, judge, options) {
        Ok(mut report) => {
            report.id = row.id;
            report.fields = row.fields;
            Scanned::Document(report.into())
        }
        Err(reason) => failed(name, line.number, Some(row.id), reason),
    }
}

/// The report of a line's text. The text may itself be of a format, as HTML from a database is.
fn report(text: &str, judge: &mut Judge<'_>, options: &ScanOptions) -> Result<DocumentReport, String> {
    let format = options.extract.format.unwrap_or(Format::Text);
    let inner = ExtractOptions { format: Some(format), is_text: true, ..options.extract.clone() };
    let extracted = extract::extract(text.as_bytes(), None, &inner).map_err(|error| error.to_string())?;
    let mut documents = extracted.documents.into_iter();
    let document = match (documents.next(), documents.next()) {
        (Some(document), None) => document.map_err(|(_, error): (String, ExtractError)| error.to_string())?,
        (None, None) => Document::default(),
        (_, Some(_)) => return Err(format!("several documents in one {} text", format.name())),
    };
    let format = options.extract.format.unwrap_or(Format::Jsonl);
    let naming = Naming { id: DocumentId::Text(String::new()), path: None, format };
    judge.switch_off(options.switched_off(None, format));
    let clock = options.extract.limits.clock(document.text.len());
    guarded(judge, |judge| analyze(&document, naming, judge, options.with_sentences, clock))
}

/// A line that names its document.
struct Row {
    id: DocumentId,
    text: String,
    fields: Map<String, Value>,
}

/// Reads a line, which has to name its document; an error comes with the id, where that could be read.
fn row(bytes: &[u8], options: &ExtractOptions) -> Result<Row, (Option<DocumentId>, String)> {
    if bytes.trim_ascii().is_empty() {
        return Err((None, "empty line".to_owned()));
    }
    let row = extract::json_row(bytes, options).map_err(|reason| (None, reason))?;
    let id_field = &options.id_field;
    let id = match row.id {
        Some(Value::String(text)) => DocumentId::Text(text),
        Some(Value::Number(number)) => DocumentId::Number(number),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            return Err((None, format!("field `{id_field}` is neither a string nor a number")));
        }
        None => return Err((None, format!("no field `{id_field}`"))),
    };
    match row.text {
        Ok(text) => Ok(Row { id, text, fields: row.fields }),
        Err(reason) => Err((Some(id), reason)),
    }
}

fn failed(name: &str, line: u64, id: Option<DocumentId>, reason: String) -> Scanned {
    let failure = Failure { path: format!("{name}:{line}"), reason: reason.clone() };
    Scanned::Failed { failure, error: ErrorReport { schema: SCHEMA, id, path: None, line: Some(line), error: reason } }
}
