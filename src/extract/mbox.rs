//! A mailbox: where its messages begin and end.
//!
//! Owns only the splitting; each message is then read as a mail, its places being lines of the mailbox. A line `From ` begins a message if it stands at the
//! start or below an empty line, and what follows it reads as an address and a date: prose begins lines with "From
//! here on" too. A `Content-Length` that leads right to the next such line is believed, so that an unescaped one in
//! the body stays in the body.

use super::guard::guard;
use super::{Limits, Part, mail};
use crate::document::Document;
use std::ops::Range;

/// The bytes of each message, `From ` line included, in the order of the file.
fn messages(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut messages = Vec::new();
    let bom = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let Some(mut start) = next_envelope(bytes, bom, true) else {
        if !bytes.trim_ascii().is_empty() {
            messages.push(0..bytes.len());
        }
        return messages;
    };
    loop {
        let body = body_start(bytes, start);
        let declared = declared_end(bytes, start, body);
        let end = declared.or_else(|| next_envelope(bytes, body, true)).unwrap_or(bytes.len());
        messages.push(start..end);
        if end >= bytes.len() {
            return messages;
        }
        start = end;
    }
}

/// Reads every message; its part is its number from 1.
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Vec<Part> {
    let messages = messages(bytes);
    let lines = first_lines(bytes, &messages);
    let numbered = messages.into_iter().zip(lines).enumerate();
    numbered
        .map(|(index, (message, line))| {
            let part = (index + 1).to_string();
            // One odd message must not take the others with it.
            let clock = limits.clock(message.len());
            match guard("mail", || mail::extract(&bytes[message], line, limits, clock)) {
                Ok(document) => Ok(Document { part: Some(part), ..document }),
                Err(error) => Err((part, error)),
            }
        })
        .collect()
}

/// The line of the file (from 1) on which each of `messages` begins.
fn first_lines(bytes: &[u8], messages: &[Range<usize>]) -> Vec<u32> {
    let (mut at, mut line) = (0, 1_u32);
    messages
        .iter()
        .map(|message| {
            while at < message.start {
                let is_end = bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
                line += u32::from(is_end);
                at += 1;
            }
            line
        })
        .collect()
}

fn line_end(bytes: &[u8], start: usize) -> usize {
    bytes[start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| start + end + 1)
}

/// The next line at or after `from` that begins a message.
fn next_envelope(bytes: &[u8], from: usize, mut is_below_blank: bool) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = bytes[at..end].trim_ascii();
        if is_below_blank
            && (is_envelope(line) || is_bare_envelope(line) && is_header(&bytes[end..line_end(bytes, end)]))
        {
            return Some(at);
        }
        is_below_blank = line.is_empty();
        at = end;
    }
    None
}

/// Whether a line is `From `, a sender, and a date: a weekday or month by name, a time, and a year.
fn is_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let Ok(rest) = std::str::from_utf8(rest) else { return false };
    if rest.len() > 300 {
        return false;
    }
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let is_time = |word: &&str| {
        let mut numbers = word.split(':');
        numbers.clone().count() >= 2
            && numbers.all(|number| number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_year = |word: &&str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|b| b.is_ascii_digit())
    };
    let is_month = |word: &&str| {
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        MONTHS.contains(word)
    };
    words.iter().any(is_time) && words.iter().any(is_year) && words.iter().any(is_month)
}

/// Whether a line is `From ` and a sender or a dash alone, as some programs write it.
fn is_bare_envelope(line: &[u8]) -> bool {
    line == b"From -"
        || line
            .strip_prefix(b"From ")
            .is_some_and(|rest| rest.contains(&b'@') && !rest.contains(&b' ') && rest.len() < 200)
}

/// Whether a line is a header field, which tells a bare envelope from prose.
fn is_header(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    name > 1 && line.get(name) == Some(&b':')
}

/// Where the body begins: below the first empty line.
fn body_start(bytes: &[u8], start: usize) -> usize {
    let mut at = line_end(bytes, start);
    while at < bytes.len() {
        let end = line_end(bytes, at);
        if bytes[at..end].trim_ascii().is_empty() {
            return end;
        }
        at = end;
    }
    at
}

/// The end that the header's `Content-Length` names, if a message or the end of the file is right there.
fn declared_end(bytes: &[u8], start: usize, body: usize) -> Option<usize> {
    let header = &bytes[start..body];
    let length = header.split(|byte| *byte == b'\n').find_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = line.split_at(colon);
        let value = std::str::from_utf8(&value[1..]).ok()?;
        name.eq_ignore_ascii_case(b"content-length").then(|| value.trim().parse::<usize>().ok()).flatten()
    })?;
    let mut end = body.checked_add(length).filter(|end| *end <= bytes.len())?;
    // Empty lines may follow before the next message.
    while end < bytes.len() && bytes[end..line_end(bytes, end)].trim_ascii().is_empty() {
        end = line_end(bytes, end);
    }
    (end == bytes.len() || next_envelope(&bytes[..line_end(bytes, line_end(bytes, end))], end, true) == Some(end))
        .then_some(end)
}
