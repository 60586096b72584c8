//! Which format a source is in: by its content first, as names lie, then by its name.

use super::{ExtractError, FORMATS, Format, decode};
use std::io::Cursor;
use std::path::Path;

/// Bytes looked at to tell the formats of text apart.
const HEAD: usize = 16 * 1024;

/// Beginnings of formats that are known and not read.
const MAGIC: [(&[u8], &str); 38] = [
    (b"{\\pard", "rtf"),
    (b"{\\*\\", "rtf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1A\n", "png image"),
    (b"\xFF\xD8\xFF", "jpeg image"),
    (b"GIF87a", "gif image"),
    (b"GIF89a", "gif image"),
    (b"II*\0", "tiff image"),
    (b"MM\0*", "tiff image"),
    (b"8BPS", "psd image"),
    (b"RIFF", "media file"),
    (b"ID3", "mp3 audio"),
    (b"OggS", "ogg media"),
    (b"fLaC", "flac audio"),
    (b"\x1A\x45\xDF\xA3", "matroska media"),
    (b"\x1F\x8B", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xFD7zXZ\0", "xz archive"),
    (b"\x28\xB5\x2F\xFD", "zstd archive"),
    (b"7z\xBC\xAF\x27\x1C", "7z archive"),
    (b"Rar!\x1A\x07", "rar archive"),
    (b"!<arch>\n", "ar archive"),
    (b"\x7FELF", "executable"),
    (b"MZ\x90\0", "executable"),
    (b"\xCF\xFA\xED\xFE", "executable"),
    (b"\xCA\xFE\xBA\xBE", "executable"),
    (b"\0asm", "wasm module"),
    (b"SQLite format 3\0", "sqlite database"),
    (b"PAR1", "parquet table"),
    (b"ARROW1", "arrow table"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\0\x01\0\0\0", "font"),
    (b"OTTO\0", "font"),
    (b"%!PS", "postscript"),
    (b"\x78\x9F\x3E\x22", "tnef attachment"),
    (b"!BDN", "outlook data file"),
    (b"L\0\0\0\x01\x14\x02\0", "windows shortcut"),
];

/// Extensions that a template engine adds to the one that says what the text is.
const TEMPLATES: [&str; 11] = ["tmpl", "tpl", "erb", "liquid", "j2", "jinja", "jinja2", "mustache", "hbs", "ejs", "in"];

/// The beginning of an OLE2 file.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Whether what a source is can be told only with all of it at hand.
pub(super) fn is_container(head: &[u8]) -> bool {
    is_archive(head) || head.starts_with(COMPOUND)
}

/// Finds the format of a source.
///
/// # Errors
/// If it is known to be none that is read, or not what its name says.
pub(super) fn detect(bytes: &[u8], name: Option<&Path>) -> Result<Format, ExtractError> {
    let named = name.and_then(by_name);
    if is_archive(bytes) {
        return archive(bytes, named);
    }
    if bytes.starts_with(COMPOUND) {
        return Err(compound(bytes));
    }
    // Viewers take a PDF with bytes before its header; only its name tells such a one from text about PDF.
    let probe = &bytes[..bytes.len().min(1024)];
    let is_pdf =
        bytes.starts_with(b"%PDF-") || named == Some(Format::Pdf) && probe.windows(5).any(|window| window == b"%PDF-");
    if is_pdf {
        return Ok(Format::Pdf);
    }
    if let Some((_, magic)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(ExtractError::Unsupported(magic));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(ExtractError::Unsupported("mp4 media"));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Err(ExtractError::Unsupported("tar archive"));
    }
    let broken = |reason: &str| {
        let format = named.unwrap_or(Format::Text).name();
        Err(ExtractError::Broken { format, reason: reason.into() })
    };
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        return broken("a git-lfs pointer, its content was not fetched");
    }
    if bytes.is_empty() && named.is_some_and(is_binary) {
        return broken("empty");
    }
    match named {
        Some(Format::Pdf) => return broken("no PDF header"),
        Some(Format::Docx | Format::Odt) => return broken("no zip archive"),
        Some(
            Format::Text
            | Format::Markdown
            | Format::Html
            | Format::Mail
            | Format::Mbox
            | Format::Csv
            | Format::Tsv
            | Format::Jsonl
            | Format::Rst
            | Format::Asciidoc,
        )
        | None => {}
    }
    by_text(&head(bytes), bytes, named)
}

const fn is_binary(format: Format) -> bool {
    match format {
        Format::Docx | Format::Odt | Format::Pdf => true,
        Format::Text
        | Format::Markdown
        | Format::Html
        | Format::Mail
        | Format::Mbox
        | Format::Csv
        | Format::Tsv
        | Format::Jsonl
        | Format::Rst
        | Format::Asciidoc => false,
    }
}

/// The format that a file name says, by its extension or, for a template, the one before that.
pub(super) fn by_name(name: &Path) -> Option<Format> {
    let name = name.file_name()?.to_string_lossy().to_ascii_lowercase();
    let (rest, mut extension) = name.rsplit_once('.')?;
    if TEMPLATES.contains(&extension) {
        let Some((_, inner)) = rest.rsplit_once('.') else {
            // These engines are used for pages, unless the name says otherwise.
            return matches!(extension, "erb" | "ejs" | "hbs" | "liquid").then_some(Format::Html);
        };
        extension = inner;
    }
    FORMATS.iter().find(|row| row.extensions.contains(&extension)).map(|row| row.format)
}

/// The first bytes as text, whatever their encoding.
fn head(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(HEAD)];
    decode::decode(head).map_or_else(|_| String::from_utf8_lossy(head).into_owned(), |decoded| decoded.text)
}

fn by_text(head: &str, bytes: &[u8], named: Option<Format>) -> Result<Format, ExtractError> {
    if is_mbox(head) {
        return Ok(Format::Mbox);
    }
    if is_mail(head, named) {
        return Ok(Format::Mail);
    }
    let body = head.trim_start();
    if body.starts_with("<?xml") || body.starts_with("<?mso-application") {
        return xml(body);
    }
    let is_prose = matches!(named, Some(Format::Markdown | Format::Rst | Format::Asciidoc | Format::Csv | Format::Tsv));
    if !is_prose && is_html(body) {
        return Ok(Format::Html);
    }
    if !is_prose && named != Some(Format::Html) && is_json_line(body, bytes.len() <= HEAD) {
        return Ok(Format::Jsonl);
    }
    match named {
        Some(Format::Mbox) => Ok(Format::Text),
        Some(format) => Ok(format),
        None => Ok(Format::Text),
    }
}

/// "From dana@example.org Mon Nov 16 09:00:00 2026": a time and a year, which no sentence that begins so has. Some programs
/// write "From -" or an address alone, which a header field has to follow.
fn is_mbox(head: &str) -> bool {
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default().trim_end();
    let Some(rest) = first.strip_prefix("From ") else { return false };
    let has_time = first
        .as_bytes()
        .windows(5)
        .any(|at| at[2] == b':' && [at[0], at[1], at[3], at[4]].iter().all(|byte| byte.is_ascii_digit()));
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let is_bare = rest == "-" || rest.contains('@') && !rest.contains(' ');
    has_time && first.split_whitespace().any(is_year)
        || is_bare && lines.next().is_some_and(|line| field(line).is_some())
}

/// The field name of a header line.
fn field(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let name = name.trim_end();
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    is_name.then_some(name)
}

/// Header fields that people write too, above a memo, and those that only mail programs write.
const FIELDS: [&str; 8] = ["from", "to", "subject", "date", "cc", "bcc", "reply-to", "sender"];
const PROGRAM_FIELDS: [&str; 9] = [
    "received",
    "message-id",
    "mime-version",
    "return-path",
    "delivered-to",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "in-reply-to",
];

/// Whether text begins with a mail's header.
///
/// People type memos with the same lines ("To:", "From:", "Date:", "Subject:"). They read well as mail too; only in
/// Markdown and the like a header must come from a mail program.
fn is_mail(head: &str, named: Option<Format>) -> bool {
    let (mut usual, mut program, mut odd) = (0, 0, 0);
    let mut seen = Vec::new();
    let mut is_cut = head.len() >= HEAD;
    for (at, line) in head.lines().enumerate() {
        if line.trim().is_empty() {
            is_cut = false;
            break;
        }
        if at > 0 && line.starts_with([' ', '\t']) || at == 0 && line.starts_with("From ") {
            continue;
        }
        match field(line).map(str::to_ascii_lowercase) {
            Some(name) if seen.contains(&name) => {}
            Some(name) => {
                usual += usize::from(FIELDS.contains(&name.as_str()));
                program += usize::from(PROGRAM_FIELDS.contains(&name.as_str()) || name.starts_with("x-"));
                seen.push(name);
            }
            None => odd += 1,
        }
        // Enough is enough, however damaged the rest is.
        if usual > 2 && program > 2 {
            odd = 0;
            break;
        }
        // A header may be damaged in a place or two; text has a colon here and there.
        if odd > 2 || seen.len() > 200 {
            return false;
        }
    }
    let has = |name: &str| seen.iter().any(|seen| seen == name);
    let is_typed = usual > 2 || usual == 2 && (has("from") || is_cut);
    let is_programmed = program > 0 && (usual + program > 1 || head.starts_with("Content-Type: "));
    match named {
        Some(Format::Mail) => usual + program > 0,
        Some(
            Format::Markdown
            | Format::Html
            | Format::Csv
            | Format::Tsv
            | Format::Jsonl
            | Format::Rst
            | Format::Asciidoc,
        ) => program > 1 && usual > 1 && odd == 0,
        Some(Format::Text | Format::Mbox | Format::Docx | Format::Odt | Format::Pdf) | None => {
            if odd == 0 {
                is_typed || is_programmed
            } else {
                usual + program > 3 && program > 1
            }
        }
    }
}

fn xml(body: &str) -> Result<Format, ExtractError> {
    let has = |name: &str| body.contains(name);
    if has("w:wordDocument") || has("progid=\"Word.Document\"") {
        Err(ExtractError::Unsupported("WordML XML"))
    } else if has("<html") || has("<HTML") || has("<!DOCTYPE html") {
        Ok(Format::Html)
    } else if has("office:document") {
        Err(ExtractError::Unsupported("flat OpenDocument XML"))
    } else if has("<svg") {
        Err(ExtractError::Unsupported("svg image"))
    } else {
        Err(ExtractError::Unsupported("XML"))
    }
}

fn is_html(body: &str) -> bool {
    let mut rest = body;
    while let Some(comment) = rest.strip_prefix("<!--") {
        let Some((_, after)) = comment.split_once("-->") else { return false };
        rest = after.trim_start();
    }
    let start: String = rest.chars().take(14).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head>", "<body"].iter().any(|tag| start.starts_with(tag))
}

/// Whether the first line is a whole object. Where the line goes past what was read, its beginning has to do.
fn is_json_line(body: &str, is_all: bool) -> bool {
    if !body.starts_with('{') {
        return false;
    }
    let line = match body.split_once('\n') {
        Some((line, _)) => line,
        None if is_all => body,
        None => return body.starts_with("{\""),
    };
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line).is_ok()
}

/// A zip archive, by the names of its members.
fn archive(bytes: &[u8], named: Option<Format>) -> Result<Format, ExtractError> {
    let format = match named {
        Some(format) if is_binary(format) => format.name(),
        Some(_) | None => "zip",
    };
    let broken = || ExtractError::Broken { format, reason: "the zip archive is damaged or cut short".into() };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    let mut kind = String::new();
    if has("mimetype") {
        use std::io::Read;
        // A mimetype is some forty bytes; more is somebody's bomb.
        let member = archive.by_name("mimetype").map_err(|_| broken())?;
        member.take(256).read_to_string(&mut kind).map_err(|_| broken())?;
    }
    match kind.trim() {
        "application/epub+zip" => Err(ExtractError::Unsupported("epub")),
        kind if kind.starts_with("application/vnd.oasis.opendocument.text") => Ok(Format::Odt),
        kind if kind.starts_with("application/vnd.oasis.opendocument") => {
            Err(ExtractError::Unsupported("OpenDocument file that is not text"))
        }
        _ if has("word/") => Ok(Format::Docx),
        _ if has("xl/") => Err(ExtractError::Unsupported("xlsx")),
        _ if has("ppt/") => Err(ExtractError::Unsupported("pptx")),
        _ if has("Index/") || has("index.xml") => Err(ExtractError::Unsupported("pages")),
        _ if has("content.xml") => Ok(Format::Odt),
        _ if named == Some(Format::Docx) && has("[Content_Types].xml") => Ok(Format::Docx),
        _ => Err(ExtractError::Unsupported("zip archive")),
    }
}

/// An OLE2 file, by the names in its directory, which stand in entries of 128 bytes.
fn compound(bytes: &[u8]) -> ExtractError {
    let has = |name: &str| {
        let wide: Vec<u8> = name.bytes().flat_map(|byte| [byte, 0]).collect();
        bytes.chunks(128).any(|entry| entry.get(..wide.len()).is_some_and(|at| at.eq_ignore_ascii_case(&wide)))
    };
    if has("EncryptedPackage") || has("EncryptionInfo") {
        ExtractError::Protected
    } else if has("WordDocument") {
        ExtractError::Unsupported("doc")
    } else if has("__nameid_version1.0") || has("__properties_version1.0") {
        ExtractError::Unsupported("msg")
    } else if has("Workbook") || has("Book") {
        ExtractError::Unsupported("xls")
    } else if has("PowerPoint Document") {
        ExtractError::Unsupported("ppt")
    } else {
        ExtractError::Unsupported("OLE2 file")
    }
}
