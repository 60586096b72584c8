//! AsciiDoc, line by line: plain text but for its marked headings, lists, delimited blocks, tables and macros.

use super::decode::Decoded;
use super::text::{self, LineAs, Marks};
use crate::document::{Document, DocumentBuilder};
use regex::Regex;
use std::collections::BTreeMap;
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

/// What fences program text in Markdown, and here.
const BACKTICKS: &str = "```";

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

/// What the lines are that are not read as usual.
#[derive(Clone, Copy)]
enum Open<'a> {
    /// Up to this delimiter.
    Block(&'a str, LineAs),
    /// Up to the end of the paragraph, which may be read as usual.
    Paragraph(Option<LineAs>),
}

fn marks(source: &str, base: usize) -> Marks {
    let mut marks = Marks { is_wrapped: true, ..Marks::default() };
    let lines: Vec<&str> = source.split(text::line_feed(source)).collect();
    // A delimiter below which its like does not come again opens nothing.
    let last: BTreeMap<&str, usize> =
        lines.iter().enumerate().map(|(index, raw)| (raw.trim(), index)).filter(|(line, _)| is_closing(line)).collect();
    let mut open: Option<Open<'_>> = None;
    let mut style: Option<LineAs> = None;
    let (mut is_table, mut is_header, mut is_list, mut is_underline) = (false, false, false, false);
    let mut next = base;
    for (index, raw) in lines.iter().enumerate() {
        let line = raw.trim();
        let at = next;
        let start = at + raw.len() - raw.trim_start().len();
        next += raw.len() + 1;
        if let Some(Open::Block(delimiter, line_as)) = open {
            let is_end = line == delimiter;
            if !line.is_empty() {
                marks.lines.push((start, if is_end { LineAs::Blank } else { line_as }));
            }
            open = open.filter(|_| !is_end);
            continue;
        }
        if line.is_empty() {
            (is_header, open, style) = (false, None, None);
            continue;
        }
        if std::mem::take(&mut is_underline) {
            marks.lines.push((start, LineAs::Blank));
            open = None;
            continue;
        }
        if let Some((closing, line_as)) = delimiter(line) {
            marks.lines.push((start, LineAs::Blank));
            let line_as = line_as.or(style.take().filter(|_| line == "--"));
            let closes = last.get(closing).is_some_and(|last| *last > index);
            open = line_as.filter(|_| closes).map(|line_as| Open::Block(closing, line_as));
            continue;
        }
        if line.len() > 3 && line.ends_with("===") && line.starts_with(['|', '!', ',', ':']) {
            (is_table, open) = (!is_table, None);
            marks.lines.push((start, LineAs::Blank));
            continue;
        }
        let comment = line.strip_prefix("//").filter(|rest| !rest.starts_with('/'));
        if let Some(body) = comment {
            marks.comments.push((start..start + line.len(), body.to_owned()));
        }
        let is_first = open.is_none();
        let is_text = !(is_table || is_header || is_silent(line));
        let mut mark = if comment.is_some() {
            Some(LineAs::Blank)
        } else if is_table {
            Some(LineAs::Cells)
        } else if !is_text {
            style = style_of(line).or(style);
            Some(LineAs::Blank)
        } else {
            heading(line).or_else(|| item(line))
        };
        if is_first && is_text && comment.is_none() {
            let is_indented = start > at;
            let begins_list = matches!(mark, Some(LineAs::Item { .. })) || is_entry(line);
            let is_literal = is_indented && !is_list && mark.is_none() && !begins_list;
            is_list = begins_list || is_list && is_indented;
            if mark.is_none()
                && !is_indented
                && lines.get(index + 1).is_some_and(|below| underlines(below.trim_end(), line))
            {
                (mark, is_underline) = (Some(LineAs::Heading(0)), true);
                is_header = lines[index + 1].starts_with('=') && is_untold(&marks);
            } else if !matches!(mark, Some(LineAs::Heading(_))) {
                open = Some(Open::Paragraph(style.take().or(is_literal.then_some(LineAs::Code))));
            }
        } else if matches!(mark, Some(LineAs::Item { .. })) {
            is_list = true;
        }
        if let Some(Open::Paragraph(Some(line_as))) = open {
            mark = Some(line_as);
        }
        is_header |= line.starts_with("= ") && is_untold(&marks);
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

/// Whether nothing but what shows nothing was marked so far.
fn is_untold(marks: &Marks) -> bool {
    marks.lines.iter().all(|(_, mark)| *mark == LineAs::Blank)
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

/// The line that closes the block which a line opens, and what the lines in it are where they are not read as usual.
fn delimiter(line: &str) -> Option<(&str, Option<LineAs>)> {
    let first = line.as_bytes()[0];
    let is_fence = line.len() >= 4 && line.bytes().all(|byte| byte == first);
    match first {
        b'-' | b'.' if is_fence => Some((line, Some(LineAs::Code))),
        b'/' | b'+' if is_fence => Some((line, Some(LineAs::Blank))),
        b'_' if is_fence => Some((line, Some(LineAs::Quote))),
        b'=' | b'*' if is_fence => Some((line, None)),
        b'-' if line == "--" => Some((line, None)),
        b'`' => {
            let language = line.strip_prefix(BACKTICKS)?;
            // One word, and options behind a comma.
            let is_language = language.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'`');
            is_language.then_some((BACKTICKS, Some(LineAs::Code)))
        }
        _ => None,
    }
}

fn is_closing(line: &str) -> bool {
    !line.is_empty() && delimiter(line).is_some_and(|(closing, _)| closing == line)
}

/// Whether a line below one line of text makes it a title: a row of one character, as long as the text or one off.
fn underlines(line: &str, text: &str) -> bool {
    let Some(first @ (b'=' | b'-' | b'~' | b'^' | b'+')) = line.bytes().next() else { return false };
    line.len() >= 2
        && line.bytes().all(|byte| byte == first)
        && line.len().abs_diff(text.chars().count()) <= 1
        && text.contains(char::is_alphanumeric)
}

/// What a paragraph, or an open block, is below a line of attributes that begins with the name of a style.
fn style_of(line: &str) -> Option<LineAs> {
    let attributes = line.strip_prefix('[')?.strip_suffix(']')?;
    let style = attributes.split([',', '.', '#', '%']).next().unwrap_or_default();
    match style.trim().trim_matches('"') {
        "listing" | "source" | "literal" | "stem" | "latexmath" | "asciimath" => Some(LineAs::Code),
        "quote" | "verse" => Some(LineAs::Quote),
        "comment" | "pass" => Some(LineAs::Blank),
        _ => None,
    }
}

/// Whether a line begins an entry of a list that is told by its text: a number, or a term that is defined.
fn is_entry(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && line[digits..].starts_with(['.', ')'])
        || line.starts_with('<')
        || ["::", ";;"].iter().any(|mark| line.ends_with(mark) || line.contains(&format!("{mark} ")))
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
