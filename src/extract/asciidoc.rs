//! AsciiDoc, line by line: plain text but for its marked headings, lists, delimited blocks, tables and macros.

use super::decode::Decoded;
use super::text::{self, LineAs, Marks};
use crate::document::{Document, DocumentBuilder};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Inline markup: what is captured is text, the rest is not.
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:image|icon|indexterm2?|stem|latexmath|pass|anchor|toc):[^\s\[\]]*\[[^\]\n]*\]",
        r"|(?:link|xref|mailto|kbd|btn|menu|footnote):[^\s\[\]]*\[([^\]\n^]*)\^?\]",
        r"|https?://[^\s\[\]<>]+\[([^\]\n^]+)\^?\]",
        r"|<<[^>,\n]+,\s*([^>\n]+)>>",
        r"|<<[^>\n]+>>",
        r"|\[\[[^\]\n]*\]\]",
        r"|\{[a-z][\w-]*\}",
        r"|`\+?([^`\n]+?)\+?`",
        r"|(?:\[[.#%\w-]+\])?\*\*?([^*\s](?:[^*\n]*[^*\s])?)\*\*?",
        r"|\b__?([^_\s](?:[^_\n]*[^_\s])?)__?\b",
        r"|(?:\[[.#%\w-]+\])?##?([^#\s](?:[^#\n]*[^#\s])?)##?",
    ))
    .expect("a pattern that compiles")
});

/// Bytes of a line past which its inline markup is left: every opener is tried against the rest of its line.
const LONGEST_LINE: usize = 4096;

/// Lead words of a paragraph that is set off.
const ADMONITIONS: [&str; 5] = ["NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "];

/// Reads a whole file.
pub(super) fn extract(decoded: Decoded) -> Document {
    super::whole(decoded, |builder, range| {
        let start = range.start + super::front_matter::end(&builder.origin().text[range.clone()]);
        blocks(builder, start..range.end);
    })
}

/// Appends the blocks of `range` of the builder's origin.
fn blocks(builder: &mut DocumentBuilder, range: Range<usize>) {
    let marks = marks(&builder.origin().text[range.clone()], range.start);
    text::marked_blocks(builder, range, marks);
}

fn marks(source: &str, base: usize) -> Marks {
    let mut marks = Marks { is_wrapped: true, ..Marks::default() };
    let mut delimited: Option<(&str, LineAs)> = None;
    let (mut is_table, mut is_header) = (false, false);
    let mut next = base;
    for raw in source.split(text::line_feed(source)) {
        let line = raw.trim();
        let at = next;
        let start = at + raw.len() - raw.trim_start().len();
        next += raw.len() + 1;
        if line.is_empty() {
            is_header = false;
            continue;
        }
        if let Some((delimiter, line_as)) = delimited {
            let is_end = line == delimiter;
            marks.lines.push((start, if is_end { LineAs::Blank } else { line_as }));
            delimited = delimited.filter(|_| !is_end);
            continue;
        }
        if let Some(line_as) = delimiter(line) {
            marks.lines.push((start, LineAs::Blank));
            delimited = line_as.map(|line_as| (line, line_as));
            continue;
        }
        if line.len() > 3 && line.ends_with("===") && line.starts_with(['|', '!', ',', ':']) {
            is_table = !is_table;
            marks.lines.push((start, LineAs::Blank));
            continue;
        }
        let comment = line.strip_prefix("//").filter(|rest| !rest.starts_with('/'));
        if let Some(body) = comment {
            marks.comments.push((start..start + line.len(), body.to_owned()));
        }
        let mark = if comment.is_some() {
            Some(LineAs::Blank)
        } else if is_table {
            Some(LineAs::Cells)
        } else if is_header || is_silent(line) {
            Some(LineAs::Blank)
        } else {
            heading(line).or_else(|| item(line))
        };
        is_header |= line.starts_with("= ") && marks.lines.iter().all(|(_, mark)| *mark == LineAs::Blank);
        marks.lines.extend(mark.map(|mark| (start, mark)));
        if let Some(lead) = ADMONITIONS.iter().find(|lead| line.starts_with(**lead)) {
            marks.cuts.push(start..start + lead.len());
        }
        if raw.len() <= LONGEST_LINE {
            inline(raw, at, &mut marks.cuts);
        }
        let end = start + line.len();
        if line.ends_with(" +") {
            marks.cuts.push(end - 2..end);
        } else if line.ends_with("::") {
            marks.cuts.push(end - 1..end);
        }
    }
    marks.cuts.retain(|cut| !cut.is_empty());
    marks
}

/// Marks what of a line is inline markup.
fn inline(line: &str, base: usize, cuts: &mut Vec<Range<usize>>) {
    for found in INLINE.captures_iter(line) {
        let Some(whole) = found.get(0) else { continue };
        let kept = found.iter().skip(1).flatten().next().map_or(whole.end()..whole.end(), |kept| kept.range());
        cuts.push(base + whole.start()..base + kept.start);
        cuts.push(base + kept.end..base + whole.end());
    }
}

/// Whether a line opens or closes a block, and what the lines in it are where they are not read as usual.
fn delimiter(line: &str) -> Option<Option<LineAs>> {
    let first = line.as_bytes()[0];
    let is_fence = line.len() >= 4 && line.bytes().all(|byte| byte == first);
    match first {
        b'-' | b'.' if is_fence => Some(Some(LineAs::Code)),
        b'/' | b'+' if is_fence => Some(Some(LineAs::Blank)),
        b'_' if is_fence => Some(Some(LineAs::Quote)),
        b'=' | b'*' if is_fence => Some(None),
        b'-' if line == "--" => Some(None),
        b'`' if line.starts_with("```") && line.len() == 3 => Some(Some(LineAs::Code)),
        _ => None,
    }
}

/// Lines that show nothing: attributes, comments, anchors, block macros, breaks.
fn is_silent(line: &str) -> bool {
    let is_attribute = line
        .strip_prefix(':')
        .and_then(|rest| rest.split_once(':'))
        .is_some_and(|(name, value)| !name.contains(' ') && (value.is_empty() || value.starts_with(' ')));
    let is_macro = line.ends_with(']')
        && line.split_once("::").is_some_and(|(name, rest)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()) && rest.contains('[')
        });
    is_attribute
        || is_macro
        || line.starts_with("//")
        || line.starts_with('[') && line.ends_with(']') && !line.contains("](")
        || matches!(line, "+" | "<<<" | "'''" | "---" | "***")
}

fn heading(line: &str) -> Option<LineAs> {
    let marker = line.bytes().take_while(|byte| matches!(byte, b'=' | b'#')).count();
    if (1..=6).contains(&marker) && line[marker..].starts_with(' ') {
        return Some(LineAs::Heading(marker + 1));
    }
    // ".Title" of the block below.
    let is_title = line.starts_with('.') && line[1..].starts_with(|c: char| c.is_alphanumeric());
    is_title.then_some(LineAs::Heading(1))
}

fn item(line: &str) -> Option<LineAs> {
    let first = line.as_bytes()[0];
    if !matches!(first, b'*' | b'-' | b'.') {
        return None;
    }
    let marker = line.bytes().take_while(|byte| *byte == first).count();
    let text = line[marker..].trim_start();
    let is_item = line[marker..].starts_with(' ') && marker <= 6 && (first != b'-' || marker == 1);
    // Kinds of markers nest in any order; only like ones tell their level by themselves.
    let level = marker + if first == b'.' { 10 } else { 0 };
    is_item.then_some(LineAs::Item { len: line.len() - text.len(), level })
}
