//! One e-mail message, RFC 5322 and MIME.
//!
//! Owns which parts are text, their transfer encodings, format=flowed, and the way back from decoded text to the lines
//! of the file. Leaves the structure to `mail-parser`, charsets to `decode`, HTML and paragraphs to their extractors,
//! and the question of whose a line is to `zones`.
//!
//! The origin of a mail is its decoded text: the subject, an empty line, then the text parts one after another.
//! Places are lines and columns of the file; in a base64 part, whose lines mean nothing to a reader, the lines of the
//! decoded text are counted on from the part's first line. A subject that answers or forwards (`Re:`), or stands again
//! in a header copied into the body, is somebody else's heading and becomes a quotation; other subjects are headings,
//! without the tags of mailing lists.

use super::decode::{Decoded, decode_declared};
use super::{Clock, ExtractError, Limit, Limits, html, text, zones};
use crate::document::{Block, BlockKind, Document, DocumentBuilder, LineMark, Origin, Places};
use mail_parser::{Address, Header, HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use regex::bytes::Regex;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// Types whose parts are messages, and what they are called for the parser. It would open messages within messages, as
/// deep as they go, which nobody reads here.
static MESSAGES: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?i-u)rfc822|global|digest").expect("it compiles"));

/// A digest's subtype after that.
const CLOSED_DIGEST: &str = "digesx";

/// The line above what PGP encrypted.
const ENCRYPTED: &str = "-----BEGIN PGP MESSAGE-----";

/// Reads one message that begins on line `first_line` of its file.
pub(super) fn extract(bytes: &[u8], first_line: u32, limits: &Limits, clock: Clock) -> Result<Document, ExtractError> {
    let start = header_start(bytes);
    let raw = &bytes[start..];
    let mut lines = RawLines::new(bytes, first_line);
    let mut draft = Draft::default();
    let closed = closed(raw);
    let parser = MessageParser::default();
    let Some(message) = parser.parse(&closed) else {
        let mut document = Document::default();
        document.warnings.push("no header and no body was found".into());
        return Ok(document);
    };
    limits.check(Limit::Parts, message.parts.len() as u64)?;
    // What the header says, as it says it.
    let header = if matches!(closed, Cow::Owned(_)) { parser.parse_headers(raw) } else { None };
    let header = header.as_ref().unwrap_or(&message);
    draft.subject(header, start, &mut lines);
    let leaves = leaves(&message, raw, limits, &mut draft.skipped)?;
    let inherited = draft.is_inherited || header.parts.first().is_some_and(answers);
    for leaf in leaves {
        clock.check()?;
        draft.part(&message.parts[leaf], raw, start, &mut lines);
    }
    if draft.parts.is_empty() {
        draft.warnings.push("no text part was found".into());
    }
    let sender = header.from().and_then(first_address);
    Ok(draft.build(inherited, sender))
}

/// Where the header begins: below a byte order mark, empty lines and mbox's `From ` line.
fn header_start(bytes: &[u8]) -> usize {
    let mut at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    loop {
        let line_end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1);
        let line = &bytes[at..line_end];
        let is_envelope = line.starts_with(b"From ") || line.starts_with(b">From ");
        if line.is_empty() || !(is_envelope || line.trim_ascii().is_empty()) {
            return at;
        }
        at = line_end;
    }
}

/// Whether a field of a header stands where the header has to begin.
pub(super) fn has_header(bytes: &[u8]) -> bool {
    let header = &bytes[header_start(bytes)..];
    let name = header.split(|byte| matches!(byte, b':' | b'\r' | b'\n')).next().unwrap_or_default();
    // Blanks before the colon are obsolete, and still read.
    let name_end = name.trim_ascii_end();
    header.get(name.len()) == Some(&b':') && !name_end.is_empty() && name_end.iter().all(u8::is_ascii_graphic)
}

/// The bytes with every message within them closed: of no type that the parser opens.
///
/// Of the same length, and the same wherever they were the same, so that offsets and boundaries hold. What is read of a
/// part is read from the bytes as they came.
fn closed(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut closed = Cow::Borrowed(raw);
    for found in MESSAGES.find_iter(raw) {
        // A letter in base64 as well, which stays what it is.
        closed.to_mut()[found.end() - 1] = b'X';
    }
    closed
}

fn first_address(address: &Address<'_>) -> Option<String> {
    let address = address.first()?.address.as_deref()?;
    Some(address.trim().trim_matches(['<', '>']).to_lowercase()).filter(|address| !address.is_empty())
}

/// Whether the header says that the mail is an answer.
fn answers(root: &MessagePart<'_>) -> bool {
    root.headers.iter().any(|header| matches!(header.name, HeaderName::InReplyTo | HeaderName::References))
}

/// How a part's bytes are carried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
    /// A way that is not read, such as `x-uuencode`.
    Unknown,
}

/// What a part is to this extractor.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Media {
    Plain,
    Html,
    Other,
}

fn raw_header<'a>(part: &MessagePart<'_>, raw: &'a [u8], name: &HeaderName<'_>) -> Option<&'a [u8]> {
    let header = part.headers.iter().rev().find(|header| header.name == *name)?;
    raw.get(header.offset_start as usize..header.offset_end as usize)
}

fn transfer(part: &MessagePart<'_>, raw: &[u8]) -> Transfer {
    let Some(value) = raw_header(part, raw, &HeaderName::ContentTransferEncoding) else { return Transfer::Plain };
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    if value.contains("quoted") {
        Transfer::QuotedPrintable
    } else if value.contains("base64") {
        Transfer::Base64
    } else if value.contains("uu") || value.contains("yenc") || value.contains("binhex") {
        Transfer::Unknown
    } else {
        Transfer::Plain
    }
}

fn media(part: &MessagePart<'_>) -> Media {
    if part.content_disposition().is_some_and(|disposition| disposition.is_attachment()) {
        return Media::Other;
    }
    match &part.body {
        PartType::Html(_) => Media::Html,
        PartType::Text(text) => match part.content_type() {
            _ if is_page(text) => Media::Html,
            None => Media::Plain,
            Some(content_type) => {
                let kind = content_type.ctype().trim();
                let subtype = content_type.subtype().unwrap_or("plain").trim();
                if kind.eq_ignore_ascii_case("text") && subtype.eq_ignore_ascii_case("html") {
                    Media::Html
                } else if kind.eq_ignore_ascii_case("text")
                    && ["plain", "markdown", "x-markdown", "us-ascii", ""]
                        .iter()
                        .any(|s| subtype.eq_ignore_ascii_case(s))
                    || kind.eq_ignore_ascii_case("multipart")
                {
                    Media::Plain
                } else {
                    Media::Other
                }
            }
        },
        PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => Media::Other,
    }
}

/// Whether a part has the name of a file.
fn has_name(part: &MessagePart<'_>) -> bool {
    part.attachment_name().is_some_and(|name| !name.trim().is_empty())
}

/// Whether text that is not declared as HTML is a page all the same.
fn is_page(text: &str) -> bool {
    const LEADS: [&str; 11] =
        ["!doctype html", "html", "x-html", "head", "body", "table", "center", "div", "font", "p", "br"];
    let body = text.trim_start().strip_prefix('<').unwrap_or_default();
    LEADS.iter().any(|lead| is_tag(body, lead)) && body.match_indices("</").nth(2).is_some()
}

/// Whether `text` goes on with a tag's `name` after its bracket.
fn is_tag(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && text[name.len()..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
}

/// Whether a line begins a page of HTML, which some programs put below the same text.
fn begins_page(line: &str) -> bool {
    line.trim_start().strip_prefix('<').is_some_and(|tag| is_tag(tag, "html") || is_tag(tag, "!doctype html"))
}

/// A line for `Document::skipped`. `is_message` says that the part is one by default, as those of a digest are.
fn label(part: &MessagePart<'_>, raw: &[u8], is_message: bool) -> String {
    let header = raw.get(part.offset_header as usize..part.offset_body as usize).unwrap_or_default();
    // As it came, before it was closed.
    let message = MessageParser::default().parse_headers(header);
    let part = message.as_ref().and_then(|message| message.parts.first()).unwrap_or(part);
    let default = if is_message { "message/rfc822" } else { "application/octet-stream" };
    let content_type = part.content_type().map_or(default.to_owned(), |content_type| {
        format!("{}/{}", content_type.ctype(), content_type.subtype().unwrap_or("unknown")).to_lowercase()
    });
    let is_message = matches!(content_type.as_str(), "message/rfc822" | "message/global");
    let what = if is_message { "forwarded message" } else { "attachment" };
    match part.attachment_name() {
        Some(name) if !name.trim().is_empty() => {
            let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect();
            format!("{what} {} ({content_type})", name.trim())
        }
        Some(_) | None => format!("{what} ({content_type})"),
    }
}

/// Whether the parts of a multipart are versions of one.
fn is_alternative(part: &MessagePart<'_>) -> bool {
    part.content_type().and_then(|c| c.subtype()).is_some_and(|s| s.eq_ignore_ascii_case("alternative"))
}

/// The parts to read, in their order; what is left out is named in `skipped`.
///
/// Parts stand behind the multipart that holds them, so that one walk from the last to the first has every list of
/// parts ready when the multipart that takes it over comes up: no recursion over the nesting.
///
/// # Errors
/// If parts are nested deeper than the limit.
fn leaves(
    message: &Message<'_>,
    raw: &[u8],
    limits: &Limits,
    skipped: &mut Vec<String>,
) -> Result<Vec<usize>, ExtractError> {
    let count = message.parts.len();
    let mut depth = vec![1_u64; count];
    let mut is_message = vec![false; count];
    let mut is_version = vec![false; count];
    let mut chosen = vec![true; count];
    for (index, part) in message.parts.iter().enumerate() {
        let PartType::Multipart(children) = &part.body else { continue };
        let children: Vec<usize> =
            children.iter().map(|id| *id as usize).filter(|id| *id > index && *id < count).collect();
        let is_digest = part.content_type().and_then(|c| c.subtype()).is_some_and(|subtype| subtype == CLOSED_DIGEST);
        for child in &children {
            depth[*child] = depth[index] + 1;
            is_message[*child] = is_digest && message.parts[*child].content_type().is_none();
            is_version[*child] = is_alternative(part) || is_version[index] && children.first() == Some(child);
        }
    }
    limits.check(Limit::Nesting, depth.iter().copied().max().unwrap_or(0))?;
    let is_text = |index: usize| {
        let part = &message.parts[index];
        media(part) != Media::Other && transfer(part, raw) != Transfer::Unknown && !is_message[index]
    };
    // Text with the name of a file is a file, but for the first text, as some programs name the body, and its versions.
    let first = (0..count).find(|index| is_text(*index));
    let is_file = |index: usize| first != Some(index) && !is_version[index] && has_name(&message.parts[index]);
    // Whether a readable part of each medium is in or below a part.
    let mut holds = vec![(false, false); count];
    for index in (0..count).rev() {
        let part = &message.parts[index];
        match &part.body {
            PartType::Multipart(children) => {
                for child in children.iter().map(|id| *id as usize).filter(|id| *id > index && *id < count) {
                    holds[index] = (holds[index].0 || holds[child].0, holds[index].1 || holds[child].1);
                }
            }
            PartType::Text(_) | PartType::Html(_) => {
                let readable = is_text(index) && !is_file(index);
                holds[index] = match media(part) {
                    Media::Plain => (readable && !zones::is_stub(&read(part, raw).text), false),
                    Media::Html => (false, readable),
                    Media::Other => (false, false),
                };
            }
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) => {}
        }
    }
    let mut dropped = vec![false; count];
    for (index, part) in message.parts.iter().enumerate() {
        let PartType::Multipart(children) = &part.body else { continue };
        let children: Vec<usize> =
            children.iter().map(|id| *id as usize).filter(|id| *id > index && *id < count).collect();
        let is_alternative = is_alternative(part);
        let best = children
            .iter()
            .position(|child| holds[*child].0)
            .or_else(|| children.iter().rposition(|child| holds[*child].1));
        for (position, child) in children.iter().enumerate() {
            chosen[*child] = chosen[index] && (!is_alternative || best.is_none_or(|best| best == position));
            dropped[*child] = dropped[index] || is_alternative && !chosen[*child];
        }
    }
    let mut leaves = Vec::new();
    for (index, part) in message.parts.iter().enumerate() {
        if matches!(part.body, PartType::Multipart(_)) {
            continue;
        }
        let readable = is_text(index) && !is_file(index);
        if readable && chosen[index] {
            leaves.push(index);
        } else if !readable || !dropped[index] {
            let is_signature = part.content_type().and_then(|c| c.subtype()).is_some_and(|s| s.ends_with("signature"));
            if !is_signature {
                skipped.push(label(part, raw, is_message[index]));
            }
        }
    }
    Ok(leaves)
}

/// Decoded text and, for some of its bytes, the byte of the file that each came from.
#[derive(Default)]
struct Mapped {
    text: String,
    /// Sorted; between marks bytes run on side by side.
    marks: Vec<(usize, usize)>,
    warnings: Vec<String>,
}

impl Mapped {
    fn raw(&self, offset: usize) -> usize {
        let after = self.marks.partition_point(|(text, _)| *text <= offset);
        after.checked_sub(1).map_or(0, |index| self.marks[index].1 + (offset - self.marks[index].0))
    }

    /// Appends a stretch of `other` with its marks.
    fn copy(&mut self, other: &Self, range: Range<usize>) {
        let base = self.text.len();
        self.mark(base, other.raw(range.start));
        let first = other.marks.partition_point(|(text, _)| *text <= range.start);
        for (text, raw) in other.marks[first..].iter().take_while(|(text, _)| *text < range.end) {
            self.mark(base + text - range.start, *raw);
        }
        self.text.push_str(&other.text[range]);
    }

    fn mark(&mut self, text: usize, raw: usize) {
        match self.marks.last_mut() {
            Some(last) if last.0 == text => last.1 = raw,
            Some(_) | None => self.marks.push((text, raw)),
        }
    }
}

/// Reads a text part: transfer encoding, charset, line ends, flowed paragraphs.
fn read(part: &MessagePart<'_>, raw: &[u8]) -> Mapped {
    let (start, end) = (part.offset_body as usize, part.offset_end as usize);
    let end = if end < start { raw.len() } else { end.min(raw.len()) };
    let body = &raw[start.min(end)..end];
    let (bytes, marks) = match transfer(part, raw) {
        Transfer::Plain | Transfer::Unknown => plain(body),
        Transfer::QuotedPrintable => quoted_printable(body),
        Transfer::Base64 => match base64(body) {
            Some(bytes) => (bytes, Vec::new()),
            None => plain(body),
        },
    };
    let content_type = part.content_type();
    let charset = content_type.and_then(|content_type| content_type.attribute("charset"));
    let mut mapped = with_charset(&bytes, &marks, charset.map(str::trim));
    for mark in &mut mapped.marks {
        mark.1 += start;
    }
    if mapped.marks.is_empty() {
        mapped.marks.push((0, start));
    }
    let mut mapped = without_escapes(with_line_feeds(mapped));
    let is = |name: &str, value: &str| {
        content_type.and_then(|c| c.attribute(name)).is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    if is("format", "flowed") {
        mapped = unflowed(&mapped, is("delsp", "yes"));
    }
    mapped
}

type Marks = Vec<(usize, usize)>;

fn plain(body: &[u8]) -> (Vec<u8>, Marks) {
    let mut marks = vec![(0, 0)];
    marks.extend(body.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| (at + 1, at + 1)));
    (body.to_vec(), marks)
}

fn quoted_printable(body: &[u8]) -> (Vec<u8>, Marks) {
    let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(body.len());
    let mut marks: Marks = vec![(0, 0)];
    let mut start = 0;
    while start < body.len() {
        let end = body[start..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |end| start + end + 1);
        let line = body[start..end].trim_ascii_end();
        let is_soft = line.ends_with(b"=");
        let line = if is_soft { &line[..line.len() - 1] } else { line };
        marks.push((bytes.len(), start));
        let mut at = 0;
        while at < line.len() {
            let code = (line[at] == b'=').then(|| Some((hex(*line.get(at + 1)?)?, hex(*line.get(at + 2)?)?))).flatten();
            if let Some((high, low)) = code {
                bytes.push(high << 4 | low);
                at += 3;
                marks.push((bytes.len(), start + at));
            } else {
                bytes.push(line[at]);
                at += 1;
            }
        }
        if !is_soft && body[start..end].ends_with(b"\n") {
            bytes.push(b'\n');
        }
        start = end;
    }
    marks.push((bytes.len(), body.len()));
    (bytes, marks)
}

/// Decodes base64 past padding in mid-stream and stray bytes; `None` if it is no base64 at all.
fn base64(body: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count, mut stray) = (0_u32, 0, 0_usize);
    for byte in body.iter().copied() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            b'\r' | b'\n' | b' ' | b'\t' => {
                stray += usize::from(byte == b' ');
                continue;
            }
            _ => {
                stray += 1;
                continue;
            }
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).unwrap_or_default());
        }
    }
    (stray * 12 < body.len().max(1)).then_some(bytes)
}

/// Decodes a charset and carries the marks over as far as bytes and characters stay in step.
fn with_charset(bytes: &[u8], marks: &[(usize, usize)], charset: Option<&str>) -> Mapped {
    let Decoded { text, base, warnings } = decode_declared(bytes, charset);
    let text = if text.contains('\0') { text.replace('\0', " ") } else { text };
    let mut mapped = Mapped { text, marks: Vec::with_capacity(marks.len()), warnings };
    if mapped.text.as_bytes() == &bytes[base.min(bytes.len())..] {
        let text = &mapped.text;
        let kept = marks.iter().filter(|(at, _)| *at >= base && text.is_char_boundary(at - base));
        for (at, raw) in kept.map(|(at, raw)| (at - base, *raw)).collect::<Vec<_>>() {
            mapped.mark(at, raw);
        }
        return mapped;
    }
    let mut kept: Marks = Vec::new();
    if mapped.text.chars().count() == bytes.len() {
        // One character a byte.
        let mut next = marks.iter().peekable();
        for (index, (at, _)) in mapped.text.char_indices().enumerate() {
            while let Some((_, raw)) = next.next_if(|(byte, _)| *byte == index) {
                kept.push((at, *raw));
            }
        }
    } else if !marks.is_empty() {
        // Only the starts of lines are known.
        let mut next = marks.iter().peekable();
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let starts = mapped.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        for (byte, at) in std::iter::once(0).chain(ends).zip(std::iter::once(0).chain(starts)) {
            let mut found = None;
            while let Some((_, raw)) = next.next_if(|(mark, _)| *mark <= byte) {
                found = Some(*raw);
            }
            kept.extend(found.map(|raw| (at, raw)));
        }
    }
    for (at, raw) in kept {
        mapped.mark(at, raw);
    }
    mapped
}

/// Makes every line end a line feed; a doubled carriage return is one that some gateway added.
fn with_line_feeds(mapped: Mapped) -> Mapped {
    if !mapped.text.contains('\r') {
        return mapped;
    }
    let mut clean = Mapped { warnings: mapped.warnings.clone(), ..Mapped::default() };
    let bytes = mapped.text.as_bytes();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\r' {
            at += 1;
            continue;
        }
        clean.copy(&mapped, start..at);
        let returns = bytes[at..].iter().take_while(|byte| **byte == b'\r').count();
        at += returns;
        start = at;
        if bytes.get(at) != Some(&b'\n') {
            clean.text.push('\n');
        }
    }
    clean.copy(&mapped, start..bytes.len());
    clean
}

/// Takes away the mark that mailboxes put before a line of the body that begins with `From `.
fn without_escapes(mapped: Mapped) -> Mapped {
    const ESCAPED: &str = ">From ";
    if !mapped.text.contains(ESCAPED) {
        return mapped;
    }
    let mut clean = Mapped { warnings: mapped.warnings.clone(), ..Mapped::default() };
    let text = &mapped.text;
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        // Among quoted lines it is one of them.
        let is_quote_next = || text[at + line.len()..].starts_with('>');
        let is_quote_above =
            || text[..at].trim_end_matches('\n').rsplit('\n').next().is_some_and(|l| l.starts_with('>'));
        if line.starts_with(ESCAPED) && !is_quote_next() && !is_quote_above() {
            clean.copy(&mapped, start..at);
            start = at + 1;
        }
        at += line.len();
    }
    clean.copy(&mapped, start..text.len());
    clean
}

/// Undoes format=flowed (RFC 3676): lines that end with a space go on in the next one of the same quotation depth.
fn unflowed(mapped: &Mapped, deletes_space: bool) -> Mapped {
    let mut flowed = Mapped { warnings: mapped.warnings.clone(), ..Mapped::default() };
    let text = &mapped.text;
    let mut open: Option<usize> = None;
    let mut start = 0;
    while start < text.len() {
        let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
        let line = &text[start..end];
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let stuffed = line[depth..].strip_prefix(' ').map_or(depth, |_| depth + 1);
        let content = &line[stuffed..];
        let is_delimiter = content == "-- ";
        if open != Some(depth) || is_delimiter {
            if start > 0 {
                flowed.text.push('\n');
            }
            flowed.copy(mapped, start..start + depth);
            if depth > 0 {
                flowed.text.push(' ');
            }
        }
        let is_flowed = content.ends_with(' ') && !is_delimiter;
        let kept = if is_flowed && deletes_space { end - 1 } else { end };
        flowed.copy(mapped, start + stuffed..kept);
        open = is_flowed.then_some(depth);
        start = end + 1;
    }
    flowed.text.push('\n');
    flowed
}

/// Lines and columns of the file, asked for in rising order.
struct RawLines<'a> {
    bytes: &'a [u8],
    first: u32,
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> RawLines<'a> {
    fn new(bytes: &'a [u8], first: u32) -> Self {
        let at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        Self { bytes, first, at, line: first, column: 1 }
    }

    fn locate(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.at {
            *self = Self::new(self.bytes, self.first);
        }
        while self.at < offset.min(self.bytes.len()) {
            let byte = self.bytes[self.at];
            let is_end = byte == b'\n' || byte == b'\r' && self.bytes.get(self.at + 1) != Some(&b'\n');
            (self.line, self.column) = if is_end { (self.line + 1, 1) } else { (self.line, self.column + 1) };
            self.at += 1;
        }
        (self.line, self.column)
    }
}

/// What is gathered before the document can be built over its whole origin.
#[derive(Default)]
struct Draft {
    text: String,
    marks: Vec<LineMark>,
    subject: Range<usize>,
    is_inherited: bool,
    parts: Vec<(Media, Range<usize>)>,
    skipped: Vec<String>,
    warnings: Vec<String>,
}

impl Draft {
    fn subject(&mut self, message: &Message<'_>, start: usize, lines: &mut RawLines<'_>) {
        let root = message.parts.first();
        let is_subject = |header: &&Header<'_>| header.name == HeaderName::Subject;
        let field = root.and_then(|root| root.headers.iter().rev().find(is_subject));
        let (Some(field), Some(subject)) = (field, message.subject()) else { return };
        let mut at = start + field.offset_start as usize;
        while matches!(lines.bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            at += 1;
        }
        let (line, column) = lines.locate(at);
        self.marks.push(LineMark { offset: 0, line, column });
        let raw =
            &lines.bytes[at.min(lines.bytes.len())..(start + field.offset_end as usize).clamp(at, lines.bytes.len())];
        // Bytes beyond ASCII that no encoded word declares are guessed at, as a body without a charset is.
        let subject = if subject.contains('\u{FFFD}') && !raw.windows(2).any(|pair| pair == b"=?") {
            decode_declared(raw, None).text
        } else {
            subject.to_owned()
        };
        self.text.extend(subject.trim().chars().map(|c| if c.is_control() { ' ' } else { c }));
        self.is_inherited = zones::is_inherited_subject(&self.text);
        self.subject = zones::list_tag_len(&self.text)..self.text.len();
        self.text.push_str("\n\n");
    }

    fn part(&mut self, part: &MessagePart<'_>, raw: &[u8], start: usize, lines: &mut RawLines<'_>) {
        let mapped = read(part, raw);
        let base = self.text.len();
        for (at, raw) in &mapped.marks {
            let (line, column) = lines.locate(start + raw);
            let mark = LineMark { offset: base + at, line, column };
            match self.marks.last_mut() {
                Some(last) if last.offset == mark.offset => *last = mark,
                Some(_) | None => self.marks.push(mark),
            }
        }
        self.text.push_str(&mapped.text);
        self.parts.push((media(part), base..self.text.len()));
        self.warnings.extend(mapped.warnings);
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn build(mut self, is_reply: bool, sender: Option<String>) -> Document {
        if self.marks.first().is_none_or(|mark| mark.offset > 0) {
            self.marks.insert(0, LineMark { offset: 0, line: 1, column: 1 });
        }
        let is_empty = self.parts.is_empty();
        let mut builder = DocumentBuilder::new(Origin { text: self.text, base: 0, places: Places::Lines(self.marks) });
        if !self.subject.is_empty() {
            let text = &builder.origin().text;
            let is_copied = zones::has_subject(&text[self.subject.end..], &text[self.subject.clone()]);
            builder.open(if self.is_inherited || is_copied { BlockKind::Quote } else { BlockKind::Heading });
            builder.verbatim(self.subject);
            builder.close();
        }
        for (index, (media, range)) in self.parts.into_iter().enumerate() {
            let setting = zones::Setting { is_reply, is_first: index == 0, are_blocks: media == Media::Html };
            match media {
                Media::Plain => plain_blocks(&mut builder, range, setting),
                Media::Html => html_blocks(&mut builder, range, setting),
                Media::Other => unreachable!("only readable parts are gathered"),
            }
        }
        let mut document = builder.build();
        if document.blocks.is_empty() && self.warnings.is_empty() {
            self.warnings.push("it holds no text".into());
        }
        // A mail holds the words of others; a comment in those must not speak for its author.
        document.pragmas.clear();
        // Encrypted text in the body, with nothing of the author's beside it, is no more read than a part that is.
        let is_encrypted = || {
            let is_body = |block: &&Block| block.kind != BlockKind::Heading && block.kind.is_authored();
            document.origin.text.lines().any(|line| line == ENCRYPTED) && !document.blocks.iter().any(|b| is_body(&b))
        };
        document.is_unread = is_empty || is_encrypted();
        document.sender = sender;
        document.skipped = self.skipped;
        self.warnings.dedup();
        document.warnings = self.warnings;
        document
    }
}

/// Appends a plain part: what is the author's as any text, everything else a block a zone.
fn plain_blocks(builder: &mut DocumentBuilder, range: Range<usize>, setting: zones::Setting) {
    let origin = builder.origin().text[range.clone()].to_owned();
    let mut starts = Vec::new();
    let mut lines = Vec::new();
    let mut at = range.start;
    for line in origin.split_inclusive('\n') {
        starts.push(at);
        lines.push(line.trim_end_matches('\n'));
        at += line.len();
    }
    starts.push(range.end);
    let page = lines.iter().position(|line| begins_page(line)).unwrap_or(lines.len());
    let end = starts[page];
    lines.truncate(page);
    let zones = zones::classify(&lines, setting);
    let mut first = 0;
    while first < lines.len() {
        let last = (first..lines.len()).find(|line| zones[*line] != zones[first]).unwrap_or(lines.len());
        let stretch = starts[first]..starts[last];
        match zones[first].kind() {
            None if zones[first] == zones::Zone::Listed => {
                let lead_in = builder.blocks().len().checked_sub(1);
                for line in first..last {
                    let mark = lines[line].find('>').map_or(0, |mark| mark + 1);
                    builder.open_under(BlockKind::ListItem, lead_in);
                    builder.verbatim(starts[line] + mark..starts[line] + lines[line].len());
                    builder.close();
                }
            }
            None => text::blocks(builder, stretch),
            Some(kind) => {
                builder.open(kind);
                builder.verbatim(stretch);
                builder.close();
            }
        }
        first = last;
    }
    if end < range.end {
        builder.open(BlockKind::Code);
        builder.verbatim(end..range.end);
        builder.close();
    }
}

/// Appends an HTML part and then takes from the author what the same markers say of its blocks.
fn html_blocks(builder: &mut DocumentBuilder, range: Range<usize>, setting: zones::Setting) {
    let before = builder.blocks().len();
    html::blocks(builder, range);
    builder.close();
    let blocks: Vec<Block> = builder.blocks()[before..].to_vec();
    let text = builder.text();
    // Quotations by markup stand before the classifier as quoted lines do.
    let lines: Vec<String> = blocks
        .iter()
        .map(|block| {
            let body = &text[block.span.start..block.span.end];
            if block.kind == BlockKind::Quote { format!("> {body}") } else { body.to_owned() }
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for (index, zone) in zones::classify(&lines, zones::Setting { is_reply: true, ..setting }).into_iter().enumerate() {
        if let (Some(kind), true) = (zone.kind(), blocks[index].kind.is_authored()) {
            builder.reclassify(before + index, kind);
        }
    }
}
