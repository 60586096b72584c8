//! From bytes to documents, one file per format.
//!
//! Owns the table of formats, the choice between them (content first, then name) and the guard around the parsers.
//! Leaves finding and reading files to `source`.

mod asciidoc;
mod decode;
mod detect;
mod docx;
mod front_matter;
mod guard;
mod html;
mod jsonl;
mod limits;
mod mail;
mod markdown;
mod mbox;
mod odt;
mod pdf;
mod rst;
mod table;
mod template;
mod text;
mod uuencode;
mod zipped;
mod zones;

use crate::document::{Document, DocumentBuilder, Origin};
use decode::Decoded;
use guard::guard;
pub use jsonl::document as json_line;
pub(crate) use jsonl::row as json_row;
pub use limits::{Clock, LIMITS, Limit, LimitRow, Limits, parse_limit};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;
pub use text::{Piece, PieceSizes, TextPieces};

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown (CommonMark with GitHub's tables and task lists).
    Markdown,
    /// HTML.
    Html,
    /// One e-mail message, RFC 5322.
    Mail,
    /// A mailbox: messages one after another.
    Mbox,
    /// Word, Office Open XML.
    Docx,
    /// OpenDocument text.
    Odt,
    /// PDF.
    Pdf,
    /// Comma-separated rows, each a document.
    Csv,
    /// Tab-separated rows, each a document.
    Tsv,
    /// JSON lines, each a document.
    Jsonl,
    /// reStructuredText, line by line.
    Rst,
    /// AsciiDoc, line by line.
    Asciidoc,
}

/// A row of the table of formats.
#[derive(Clone, Copy, Debug)]
pub struct FormatRow {
    /// The format.
    pub format: Format,
    /// The name used in every output and by `--as`.
    pub name: &'static str,
    /// Extensions of file names, lower case.
    pub extensions: &'static [&'static str],
}

/// Every format, its name and its usual extensions.
pub const FORMATS: [FormatRow; 13] = [
    FormatRow { format: Format::Text, name: "text", extensions: &["txt", "text"] },
    FormatRow { format: Format::Markdown, name: "markdown", extensions: &["md", "markdown", "mdx", "mdown", "mkd"] },
    FormatRow { format: Format::Html, name: "html", extensions: &["html", "htm", "xhtml"] },
    FormatRow { format: Format::Mail, name: "mail", extensions: &["eml", "mail"] },
    FormatRow { format: Format::Mbox, name: "mbox", extensions: &["mbox", "mbx"] },
    FormatRow { format: Format::Docx, name: "docx", extensions: &["docx", "docm", "dotx"] },
    FormatRow { format: Format::Odt, name: "odt", extensions: &["odt", "ott"] },
    FormatRow { format: Format::Pdf, name: "pdf", extensions: &["pdf"] },
    FormatRow { format: Format::Csv, name: "csv", extensions: &["csv"] },
    FormatRow { format: Format::Tsv, name: "tsv", extensions: &["tsv", "tab"] },
    FormatRow { format: Format::Jsonl, name: "jsonl", extensions: &["jsonl", "ndjson"] },
    FormatRow { format: Format::Rst, name: "rst", extensions: &["rst", "rest"] },
    FormatRow { format: Format::Asciidoc, name: "asciidoc", extensions: &["adoc", "asciidoc", "asc"] },
];

impl Format {
    /// Its row in [`FORMATS`].
    #[must_use]
    pub fn row(self) -> &'static FormatRow {
        FORMATS.iter().find(|row| row.format == self).expect("every format has a row")
    }

    /// The name used in every output.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FORMATS.iter().find(|row| row.name == name).map(|row| row.format)
    }
}

/// How to extract.
#[derive(Clone, Debug)]
pub struct ExtractOptions {
    /// Read as this format, whatever the content and the name say.
    pub format: Option<Format>,
    /// The field of a row or a JSON line that names the document.
    pub id_field: String,
    /// The field of a row or a JSON line that holds the text.
    pub text_field: String,
    /// What reading may cost.
    pub limits: Limits,
    /// How a long text is cut.
    pub pieces: PieceSizes,
    /// Whether the bytes are known to be text in UTF-8, as a string of JSON is: they are not looked at for binary data, nor
    /// for another encoding.
    pub is_text: bool,
}

impl Default for ExtractOptions {
    fn default() -> Self {
        Self {
            format: None,
            id_field: "id".into(),
            text_field: "text".into(),
            limits: Limits::default(),
            pieces: PieceSizes::default(),
            is_text: false,
        }
    }
}

/// Why a source could not be read. Its message is one line, lower case, without a full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtractError {
    /// A format that is known and not read.
    #[error("unsupported format: {0}")]
    Unsupported(&'static str),
    /// Neither text nor a known format.
    #[error("binary data of no known format")]
    Binary,
    /// Behind a password.
    #[error("password protected")]
    Protected,
    /// Not what it claims to be, or broken.
    #[error("not a readable {format} file: {reason}")]
    Broken {
        /// The format's name.
        format: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Past a limit.
    #[error("past the limit {}={most} ({})", limit.row().name, limit.row().about)]
    Limit {
        /// Which limit.
        limit: Limit,
        /// What it is set to.
        most: u64,
    },
    /// A parser failed in a way that it should not.
    #[error(
        "our {0} reader failed on this file, which is our fault; please report it with the program's version and what \
         wrote the file (the text itself is not needed)"
    )]
    Panicked(&'static str),
}

/// A document of a source, or its name and why it could not be read.
pub type Part = Result<Document, (String, ExtractError)>;

/// What one source held.
#[derive(Debug)]
pub struct Extracted {
    /// How it was read.
    pub format: Format,
    /// Its documents in order; a part that could not be read is an error with the part's name.
    pub documents: Vec<Part>,
}

/// Reads the documents of one source.
///
/// # Errors
/// If nothing of the source can be read.
pub fn extract(bytes: &[u8], name: Option<&Path>, options: &ExtractOptions) -> Result<Extracted, ExtractError> {
    let format = match options.format {
        Some(format) => format,
        None => guard("format", || detect::detect(bytes, name))?,
    };
    let clock = options.limits.clock(bytes.len());
    let documents = guard(format.name(), || documents(bytes, format, options, clock))?;
    clock.check()?;
    Ok(Extracted { format, documents })
}

fn documents(bytes: &[u8], format: Format, options: &ExtractOptions, clock: Clock) -> Result<Vec<Part>, ExtractError> {
    let limits = &options.limits;
    let decoded = || if options.is_text { Ok(decode::of_text(bytes)) } else { decode::decode(bytes) };
    let document = match format {
        Format::Text => text::extract(decoded()?),
        Format::Markdown => markdown::extract(decoded()?),
        Format::Html => html::extract(decoded()?),
        Format::Rst => rst::extract(decoded()?),
        Format::Asciidoc => asciidoc::extract(decoded()?),
        Format::Csv | Format::Tsv => {
            let mut decoded = decoded()?;
            let warnings = std::mem::take(&mut decoded.warnings);
            return Ok(warned(table::extract(decoded, format, options)?, warnings));
        }
        Format::Jsonl => {
            let decoded = decoded()?;
            return Ok(warned(jsonl::extract(&decoded, options), decoded.warnings));
        }
        Format::Mail => mail::extract(bytes, 1, limits, clock)?,
        Format::Mbox => return Ok(mbox::extract(bytes, limits)),
        Format::Docx => docx::extract(bytes, limits)?,
        Format::Odt => odt::extract(bytes, limits)?,
        Format::Pdf => pdf::extract(bytes, limits, clock)?,
    };
    Ok(vec![Ok(document)])
}

/// The documents of a file with what was odd of the file as a whole, which is told with the first of them.
fn warned(mut parts: Vec<Part>, warnings: Vec<String>) -> Vec<Part> {
    if let Some(first) = parts.iter_mut().find_map(|part| part.as_mut().ok()) {
        first.warnings.extend(warnings);
    }
    parts
}

/// The format that a file's name says, by its extension or, for a template (`.md.tmpl`), the one before that.
#[must_use]
pub fn format_of_name(name: &Path) -> Option<Format> {
    detect::by_name(name)
}

/// Whether bytes begin as a message does: with a field of a header.
#[must_use]
pub fn is_message(bytes: &[u8]) -> bool {
    mail::has_header(bytes)
}

/// The format that the first bytes of a file without a telling name are in; `None` where they are no text and nothing
/// that is read.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<Format> {
    let format = guard("format", || detect::detect(head, None)).ok()?;
    (format == Format::Pdf || decode::decode(head).is_ok()).then_some(format)
}

/// Refuses by its first bytes what would be refused after all of them: a film need not be read to be told from text.
/// `head` is at least 64 KiB of a source that is longer.
///
/// # Errors
/// The reason.
pub fn refuse(head: &[u8], name: Option<&Path>, options: &ExtractOptions) -> Result<(), ExtractError> {
    match format_of_head(head, name, options)? {
        None | Some(Format::Docx | Format::Odt | Format::Pdf | Format::Mail | Format::Mbox) => Ok(()),
        Some(
            Format::Text
            | Format::Markdown
            | Format::Html
            | Format::Csv
            | Format::Tsv
            | Format::Jsonl
            | Format::Rst
            | Format::Asciidoc,
        ) => guard("format", || decode::decode(head).map(drop)),
    }
}

/// Whether a source that begins so can be read in pieces, with [`TextPieces`]. `head` is at least 64 KiB of a source that
/// is longer.
#[must_use]
pub fn is_divisible(head: &[u8], name: Option<&Path>, options: &ExtractOptions) -> bool {
    format_of_head(head, name, options) == Ok(Some(Format::Text)) && decode::is_gradual(head)
}

/// The format of a source that begins so; `None` where the end tells it.
fn format_of_head(head: &[u8], name: Option<&Path>, options: &ExtractOptions) -> Result<Option<Format>, ExtractError> {
    match options.format {
        Some(format) => Ok(Some(format)),
        // What archives hold is told at their end.
        None if detect::is_container(head) => Ok(None),
        None => guard("format", || detect::detect(head, name)).map(Some),
    }
}

/// Makes a document of a whole decoded source; `blocks` appends the blocks of a range of it.
fn whole(decoded: Decoded, blocks: fn(&mut DocumentBuilder, Range<usize>)) -> Document {
    let end = decoded.text.len();
    let mut builder = DocumentBuilder::new(Origin::of_file(decoded.text, decoded.base));
    blocks(&mut builder, 0..end);
    Document { warnings: decoded.warnings, ..builder.build() }
}
