//! What a terminal needs: text that cannot act on it, widths, cuts, wraps, colours.

use crate::label::{Label, Stance};
use crate::span::Span;
use std::borrow::Cow;
use std::fmt::Write as _;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A way to set text apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    Directive,
    Empowering,
    Mixed,
    Underlined,
}

impl Style {
    /// The SGR parameters. Yellow and cyan differ to the colour-blind, and neither says good or bad.
    const fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Bold => Some("1"),
            Self::Dim => Some("2"),
            Self::Directive => Some("33"),
            Self::Empowering => Some("36"),
            Self::Mixed => Some("35"),
            Self::Underlined => Some("4"),
        }
    }

    /// `text` in this style, where there is colour.
    pub(super) fn paint(self, text: &str, has_color: bool) -> String {
        match self.code() {
            Some(code) if has_color && !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            Some(_) | None => text.to_owned(),
        }
    }
}

/// Text in which nothing acts on a terminal or reorders what is shown: control characters and the marks and overrides
/// of bidirectional text are written out as escapes.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push(' '),
            c if acts(c) => {
                let _ = write!(escaped, "\\u{{{:x}}}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character acts on a terminal or on the direction of text.
pub(super) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The style of a label.
pub(super) const fn label_style(label: Label) -> Style {
    match label {
        Label::Directive => Style::Directive,
        Label::Empowering => Style::Empowering,
        Label::Mixed => Style::Mixed,
        Label::Neutral => Style::Dim,
    }
}

/// The style of an entry.
pub(super) const fn stance_style(stance: Stance) -> Style {
    match stance {
        Stance::Directive => Style::Directive,
        Stance::Empowering => Style::Empowering,
        Stance::Neutral => Style::Dim,
    }
}

/// A line of `text` with what was found underlined; `found` is in the order of the text.
pub(super) fn marked(text: &str, line: Span, found: &[Span], has_color: bool) -> String {
    if !has_color {
        return visible(line.of(text)).into_owned();
    }
    let mut marked = String::new();
    let mut at = line.start;
    for span in found {
        let (start, end) = (span.start.max(at), span.end.min(line.end));
        if start < end {
            marked.push_str(&visible(&text[at..start]));
            marked.push_str(&Style::Underlined.paint(&visible(&text[start..end]), has_color));
            at = end;
        }
    }
    marked.push_str(&visible(&text[at..line.end]));
    marked
}

/// Columns that `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text` in at most `columns` columns. Of a path the folder is cut first, since the file's name tells more.
pub(super) fn cut<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(width(ellipsis));
    let (folder, name) = text.split_at(text.rfind('/').unwrap_or(0));
    let (head, tail) = match room.checked_sub(width(name)) {
        Some(left) if !folder.is_empty() => (prefix(folder, left), name),
        Some(_) | None => {
            let head = prefix(name.trim_start_matches('/'), room.div_ceil(2));
            (head, suffix(name, room - width(head)))
        }
    };
    // The first letter or two of a folder tell nothing.
    let head = if width(head) < 3 && tail.len() == name.len() { "" } else { head };
    Cow::Owned(format!("{head}{ellipsis}{tail}"))
}

/// Columns that a character takes once it is [`visible`].
fn shown_width(c: char) -> usize {
    if acts(c) { width(&visible(c.encode_utf8(&mut [0; 4]))) } else { c.width().unwrap_or(0) }
}

fn prefix(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += shown_width(c);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

fn suffix(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += shown_width(c);
        if used > columns {
            return &text[at + c.len_utf8()..];
        }
    }
    text
}

/// The byte ranges of the lines that `text` takes at `columns` columns once it is [`visible`], broken at spaces; a longer word
/// is broken where it must be.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<std::ops::Range<usize>> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let fits = prefix(rest, columns);
        let mut end = fits.len();
        if end < rest.len() {
            end = match fits.rfind(' ') {
                _ if rest[end..].starts_with(' ') => end,
                Some(space) if space > 0 => space,
                Some(_) | None => end.max(rest.chars().next().map_or(1, char::len_utf8)),
            };
        }
        lines.push(start..start + end);
        start += end;
        start += text[start..].len() - text[start..].trim_start_matches(' ').len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{cut, visible, width, wrap};

    #[test]
    fn nothing_acts_on_a_terminal() {
        for (text, expected) in [
            ("plain", "plain"),
            ("\x1b[31mred", "\\u{1b}[31mred"),
            ("a\nb\r\tc", "a\\nb\\r c"),
            ("abc\u{202e}fdp.exe", "abc\\u{202e}fdp.exe"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("naïve 日本", "naïve 日本"),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }

    #[test]
    fn cuts_keep_both_ends_and_fit() {
        for (text, columns, expected) in [
            ("memos/q3.md", 20, "memos/q3.md"),
            ("handbooks/people/onboarding/week-one.md", 20, "handboo…/week-one.md"),
            ("handbooks/people/onboarding/week-one.md", 14, "…/week-one.md"),
            ("handbooks/people/how-we-welcome-people.md", 20, "how-we-wel…people.md"),
            ("日本語/日本語/日本語", 10, "…/日本語"),
            ("run every quote past me", 12, "run ev…st me"),
        ] {
            let found = cut(text, columns, "…");
            assert_eq!(found, expected);
            assert!(width(&found) <= columns, "{found:?}");
        }
    }

    #[test]
    fn wraps_lose_no_word() {
        for (text, columns, expected) in [
            ("one two three", 7, vec!["one two", "three"]),
            ("one two", 3, vec!["one", "two"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("日本", 1, vec!["日", "本"]),
            ("a\x1b[31m says", 10, vec!["a\x1b[31", "m says"]),
            ("\u{202e}ab", 3, vec!["\u{202e}", "ab"]),
            ("", 5, vec![]),
        ] {
            let found: Vec<&str> = wrap(text, columns).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text:?} at {columns}");
        }
    }
}
