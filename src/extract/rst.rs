//! reStructuredText, line by line: plain text but for directives, literal blocks, tables and inline roles.

use super::decode::Decoded;
use super::text::{self, LineAs, Marks};
use crate::document::{Document, DocumentBuilder};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Directives whose content is the author's text.
const TEXT_DIRECTIVES: [&str; 22] = [
    "note",
    "warning",
    "tip",
    "important",
    "attention",
    "caution",
    "danger",
    "hint",
    "error",
    "seealso",
    "admonition",
    "topic",
    "sidebar",
    "container",
    "rubric",
    "only",
    "versionadded",
    "versionchanged",
    "deprecated",
    "compound",
    "centered",
    "class",
];

/// Directives whose content is program text.
const CODE_DIRECTIVES: [&str; 8] =
    ["code", "code-block", "sourcecode", "parsed-literal", "literalinclude", "math", "prompt", "highlight"];

/// Directives whose content is somebody else's words.
const QUOTE_DIRECTIVES: [&str; 3] = ["epigraph", "pull-quote", "highlights"];

/// Inline markup: what is captured is text, the rest is not.
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"``([^`\n]+)``",
        r"|(?::[A-Za-z][\w.+-]*(?::[\w.+-]+)?:)?`([^`<]*?)\s*(?:<[^>`]*>)?`(?::[a-z]+:)?_{0,2}",
        r"|\*\*([^*\n]+)\*\*",
        r"|\*([^*\s][^*\n]*)\*",
        r"|\|([^|\s][^|\n]*)\|_{0,2}",
        r"|( ?\[[#*\w]+\]_)",
    ))
    .expect("a pattern that compiles")
});

/// Reads a whole file.
pub(super) fn extract(decoded: Decoded) -> Document {
    super::whole(decoded, blocks)
}

/// Appends the blocks of `range` of the builder's origin.
fn blocks(builder: &mut DocumentBuilder, range: Range<usize>) {
    let marks = marks(&builder.origin().text[range.clone()], range.start);
    text::marked_blocks(builder, range, marks);
}

/// What the lines below one with a lesser indent are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Text,
    As(LineAs),
}

fn marks(source: &str, base: usize) -> Marks {
    let mut marks = Marks { is_wrapped: true, ..Marks::default() };
    // The indent that a special body must go beyond, what it is, and whether options may still come.
    let (mut body, mut limit, mut has_options) = (Body::Text, 0, false);
    let mut at = base;
    for raw in source.split(text::line_feed(source)) {
        let line = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        let start = at + indent;
        at += raw.len() + 1;
        if line.is_empty() {
            has_options = false;
            continue;
        }
        if (body != Body::Text || has_options) && indent <= limit {
            (body, has_options) = (Body::Text, false);
        }
        if has_options && line.starts_with(':') {
            marks.lines.push((start, LineAs::Blank));
            continue;
        }
        if let Body::As(line_as) = body {
            marks.lines.push((start, line_as));
            continue;
        }
        if line == ".." || line.starts_with(".. ") {
            (limit, has_options) = (indent, true);
            body = explicit(line, start, &mut marks);
        } else if line.starts_with("+-") || line.starts_with("+=") || is_field(line) || line == "::" {
            marks.lines.push((start, LineAs::Blank));
            if line == "::" {
                (body, limit) = (Body::As(LineAs::Code), indent);
            }
        } else if line.starts_with("| ") && line.ends_with('|') {
            marks.lines.push((start, LineAs::Cells));
        } else if let Some(cell) = line.strip_prefix("* - ").or_else(|| line.strip_prefix("- ").filter(|_| indent > 4))
        {
            marks.lines.push((start, LineAs::Item { len: line.len() - cell.len(), level: indent }));
        } else if line.ends_with("::") {
            marks.cuts.push(start + line.len() - 1..start + line.len());
            (body, limit) = (Body::As(LineAs::Code), indent);
        }
    }
    for found in INLINE.captures_iter(source) {
        let Some(whole) = found.get(0) else { continue };
        let kept = (1..=5).find_map(|group| found.get(group)).map_or(whole.end()..whole.end(), |kept| kept.range());
        marks.cuts.push(base + whole.start()..base + kept.start);
        marks.cuts.push(base + kept.end..base + whole.end());
    }
    marks.cuts.retain(|cut| !cut.is_empty());
    marks
}

/// What follows a line of explicit markup: ".. name:: arguments", a comment, a target.
fn explicit(line: &str, start: usize, marks: &mut Marks) -> Body {
    let rest = line.trim_start_matches('.').trim_start();
    let directive = rest.split_once("::").filter(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
    });
    let Some((name, text)) = directive else {
        // A footnote has text; everything else is a comment, a target or a substitution.
        let note = rest.split_once("] ").filter(|_| rest.starts_with('['));
        return match note {
            Some((_, text)) => {
                marks.cuts.push(start..start + line.len() - text.len());
                Body::Text
            }
            None => {
                marks.comments.push((start..start + line.len(), rest.to_owned()));
                marks.lines.push((start, LineAs::Blank));
                Body::As(LineAs::Blank)
            }
        };
    };
    let is_text = TEXT_DIRECTIVES.contains(&name);
    let has_text = is_text && !text.trim().is_empty() && !matches!(name, "only" | "container" | "class");
    let has_version = name.starts_with("version") || name == "deprecated";
    if has_text && !has_version {
        marks.cuts.push(start..start + line.len() - text.len());
    } else {
        marks.lines.push((start, LineAs::Blank));
    }
    if is_text {
        Body::Text
    } else if CODE_DIRECTIVES.contains(&name) {
        Body::As(LineAs::Code)
    } else if QUOTE_DIRECTIVES.contains(&name) {
        Body::As(LineAs::Quote)
    } else if matches!(name, "list-table" | "tabs" | "tab" | "dropdown" | "grid" | "card" | "figure") {
        Body::Text
    } else {
        Body::As(LineAs::Blank)
    }
}

/// ":Author: Dana": a field of a list, which is data about the document.
fn is_field(line: &str) -> bool {
    line.strip_prefix(':').and_then(|rest| rest.split_once(':')).is_some_and(|(name, text)| {
        !name.is_empty() && !name.contains('`') && (text.is_empty() || text.starts_with(' '))
    })
}
