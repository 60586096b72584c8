//! Plain text: paragraphs, lists, headings, quotes and code as people type them without markup.
//!
//! Owns the choice which line breaks are wraps. One pass over the lines; nothing looks at single characters but at a
//! line's ends, so that a folder of plain text is read at the speed of the disk cache. A long text is read in pieces, see
//! `pieces`; what is decided for a text as a whole is decided by its first mebibyte, however it is read.

mod pieces;

use super::decode::Decoded;
use super::template::TemplateTags;
use super::uuencode;
use crate::document::{BlockKind, Document, DocumentBuilder};
pub use pieces::{Piece, PieceSizes, TextPieces};
use std::ops::Range;

/// Reads a whole file.
pub(super) fn extract(decoded: Decoded) -> Document {
    super::whole(decoded, blocks)
}

/// Appends the blocks of `range` of the builder's origin.
pub(super) fn blocks(builder: &mut DocumentBuilder, range: Range<usize>) {
    marked_blocks(builder, range, Marks::default());
}

/// What light markup says of a line, where plain text would have to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineAs {
    /// Nothing to read: it ends a block.
    Blank,
    /// A heading after so many bytes of markup.
    Heading(usize),
    /// A list item after `len` bytes of markup. Items of one list have the same level.
    Item {
        /// Bytes of the marker.
        len: usize,
        /// Tells the items of one list from those of the lists around and in it.
        level: usize,
    },
    /// Program text or a preformatted line.
    Code,
    /// Somebody else's words.
    Quote,
    /// A row of a table, its cells between bars.
    Cells,
}

/// What light markup says of a text.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// By the first byte of a line that is no white space, sorted.
    pub(super) lines: Vec<(usize, LineAs)>,
    /// Stretches inside of lines that are markup and no text.
    pub(super) cuts: Vec<Range<usize>>,
    /// Comments, and what stands in each of them.
    pub(super) comments: Vec<(Range<usize>, String)>,
    /// Whether every line break inside a paragraph is only a wrap, as markup says where plain text would not.
    pub(super) is_wrapped: bool,
}

/// Appends the blocks of `range` of the builder's origin, which is plain text but for what `marks` says.
pub(super) fn marked_blocks(builder: &mut DocumentBuilder, range: Range<usize>, marks: Marks) {
    builder.close();
    for (place, body) in marks.comments {
        builder.comment(place, &body);
    }
    let text = &builder.origin().text;
    let body = &text[range.clone()];
    let lines = lines(text, range.clone(), line_feed(body));
    let column = if marks.is_wrapped {
        Some(EVERY_BREAK)
    } else if body.len() <= BEGINNING {
        wrap_column(text, &lines)
    } else {
        Habits::of(body).column
    };
    let mut tags = TemplateTags::find(text, range);
    tags.add(marks.cuts);
    Reader::new(builder, tags, column).read(&lines, &marks.lines);
}

/// The block that introduces what comes next: the last one, where it is the author's and ends in a colon.
pub(super) fn introduction(builder: &DocumentBuilder) -> Option<usize> {
    let last = builder.blocks().last()?;
    let body = last.span.of(builder.text()).trim_end_matches(['"', '\u{201D}', ')', '*', '_']);
    (last.kind.is_authored() && body.ends_with(':')).then(|| builder.blocks().len() - 1)
}

/// A line without the white space around it.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: usize,
    end: usize,
    /// White space before it, a tab counted as eight.
    indent: usize,
    /// Characters, the indent included.
    width: usize,
    /// Whether a form feed stands before it.
    is_page_start: bool,
}

impl Line {
    fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    const fn is_blank(self) -> bool {
        self.start == self.end
    }
}

/// Bytes of a text by which its habits are told: nobody wraps anew after a mebibyte, and a text that is read in pieces must
/// come out as it does when it is read whole.
const BEGINNING: usize = 1 << 20;

/// The beginning of a text, or all of it.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(BEGINNING)]
}

/// What ends a line. Old Macintosh files have carriage returns alone; a few of them among other line ends are just space.
pub(super) fn line_feed(text: &str) -> char {
    feed(text).unwrap_or('\r')
}

/// The same, `None` as long as no line has ended. Where the beginning has no line feed, the end of the first line decides.
fn feed(text: &str) -> Option<char> {
    if beginning(text).contains('\n') { Some('\n') } else { first_feed(text) }
}

/// What ends the first line.
fn first_feed(text: &str) -> Option<char> {
    let at = text.find(['\n', '\r'])?;
    Some(if text[at..].starts_with('\r') && !text[at..].starts_with("\r\n") { '\r' } else { '\n' })
}

/// How the lines of a text end and wrap.
#[derive(Clone, Copy, Debug)]
struct Habits {
    /// `None` as long as no line has ended.
    feed: Option<char>,
    column: Option<usize>,
}

impl Habits {
    /// Of a text; where that goes past its beginning, by the lines that end there.
    fn of(text: &str) -> Self {
        let head = beginning(text);
        let feed = feed(text);
        let column = feed.and_then(|feed| {
            let end = if head.len() < text.len() { head.rfind(feed)? } else { text.len() };
            wrap_column(text, &lines(text, 0..end, feed))
        });
        Self { feed, column }
    }
}

fn lines(text: &str, range: Range<usize>, feed: char) -> Vec<Line> {
    let body = &text[range.clone()];
    let is_ascii = body.is_ascii();
    let mut at = range.start;
    let mut lines = Vec::with_capacity(body.len() / 48);
    for raw in body.split(feed) {
        let kept = raw.trim_start();
        let lead = &raw[..raw.len() - kept.len()];
        let trimmed = kept.trim_end();
        let start = at + lead.len();
        let indent = if lead.is_empty() { 0 } else { lead.chars().map(|c| if c == '\t' { 8 } else { 1 }).sum() };
        let chars = if is_ascii { trimmed.len() } else { trimmed.chars().count() };
        let is_page_start = lead.contains('\x0C');
        lines.push(Line { start, end: start + trimmed.len(), indent, width: indent + chars, is_page_start });
        at += raw.len() + 1;
    }
    lines
}

/// Widths that a wrap column can have.
const COLUMNS: Range<usize> = 40..121;

/// The width from which a run of lines shows a column of its own, where the text as a whole shows none: below it, lines
/// are short because their writer ended them.
const OWN_COLUMN: usize = 50;

/// A column that every line goes past, so that every break is a wrap.
const EVERY_BREAK: usize = 0;

/// The column that the text as a whole is wrapped at, where it is wrapped: nearly every line that is followed by
/// another ends before it. Nearly, since a long address never wraps.
fn wrap_column(text: &str, lines: &[Line]) -> Option<usize> {
    let mut widths = [0_usize; COLUMNS.end];
    let (mut narrow, mut wide, mut full) = (0, 0, 0);
    for pair in lines.windows(2).filter(|pair| !pair[0].is_blank() && !pair[1].is_blank()) {
        match widths.get_mut(pair[0].width) {
            Some(count) => {
                *count += 1;
                narrow += 1;
                full += usize::from(COLUMNS.contains(&pair[0].width) && starts_low(pair[1].of(text)));
            }
            None => wide += 1,
        }
    }
    if full < 3 || wide * 5 > narrow {
        return None;
    }
    let mut within = 0;
    let column = widths.iter().position(|count| {
        within += count;
        within * 100 >= narrow * 97
    })?;
    COLUMNS.contains(&column).then_some(column)
}

/// What a line is when nothing before it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineKind {
    Plain,
    /// A row of one drawing character.
    Rule(u8),
    /// Quoted, with the bytes of the quote marks and how many there are.
    Quote {
        marks: usize,
        depth: usize,
    },
    /// A list item with the bytes of its marker.
    Item {
        marker: Marker,
        len: usize,
    },
    Fence,
    /// An entry of a table of contents.
    Contents,
}

/// What marks a list item. Items of one list have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    Bullet(char),
    /// Number, what stands before and after it.
    Number {
        closed: Closing,
        depth: usize,
    },
    Letter {
        closed: Closing,
        is_upper: bool,
    },
    Roman {
        closed: Closing,
    },
    /// A marker that says its level itself.
    Level(usize),
}

/// How a number or a letter is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    Dot,
    Bracket,
    Brackets,
    None,
}

impl Marker {
    /// Whether it can be nothing but a marker, even in the middle of wrapped prose.
    const fn is_plain(self) -> bool {
        match self {
            Self::Bullet(_) | Self::Level(_) => true,
            Self::Number { .. } | Self::Letter { .. } | Self::Roman { .. } => false,
        }
    }
}

fn classify(line: &str) -> LineKind {
    let bytes = line.as_bytes();
    let Some(first) = bytes.first().copied() else { return LineKind::Plain };
    if first.is_ascii_alphabetic() && !matches!(bytes.get(1..3), Some([b'.' | b')', _])) && !is_hollow(line) {
        // The commonest line by far: a word. Roman numerals of more letters are the one marker it can be.
        if !matches!(first, b'i' | b'v' | b'x' | b'I' | b'V' | b'X')
            || !bytes[..bytes.len().min(6)].iter().any(|byte| matches!(byte, b'.' | b')'))
        {
            return if is_contents(line) { LineKind::Contents } else { LineKind::Plain };
        }
    }
    match first {
        b'>' => {
            let marks = bytes.iter().position(|byte| !matches!(byte, b'>' | b' ' | b'\t')).unwrap_or(bytes.len());
            LineKind::Quote { marks, depth: bytes[..marks].iter().filter(|byte| **byte == b'>').count() }
        }
        b'`' | b'~' if line.starts_with("```") || line.starts_with("~~~") => LineKind::Fence,
        b'-' | b'=' | b'*' | b'_' | b'~' | b'#' | b'+' | b'.' | b'^' | b'"' | b'\'' if is_rule(bytes) => {
            LineKind::Rule(first)
        }
        _ if is_contents(line) => LineKind::Contents,
        _ => marker(line).map_or(LineKind::Plain, |(marker, len)| LineKind::Item { marker, len }),
    }
}

fn is_rule(bytes: &[u8]) -> bool {
    bytes.len() >= 3 && bytes.iter().all(|byte| matches!(byte, b' ' | b'+') || *byte == bytes[0])
}

/// "Scope ........... 12": a dotted leader and a page number.
fn is_contents(line: &str) -> bool {
    let bytes = line.as_bytes();
    if !bytes.last().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let body = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').trim_end();
    body.len() > 4 && (body.ends_with("....") || body.ends_with(". . .") || body.ends_with("\u{2026}\u{2026}"))
}

/// The marker that a line begins with, and its bytes with the space after it.
fn marker(line: &str) -> Option<(Marker, usize)> {
    let first = line.chars().next()?;
    let after = |len: usize| {
        let rest = &line[len..];
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\u{A0}']).len();
        (space > 0 && space < rest.len()).then_some(len + space)
    };
    match first {
        '-' | '*' | '+' | '\u{2013}' => after(first.len_utf8()).map(|len| (Marker::Bullet(first), len)),
        '\u{2022}' | '\u{B7}' | '\u{25AA}' | '\u{25CF}' | '\u{25E6}' | '\u{25A0}' | '\u{2023}' | '\u{2219}'
        | '\u{F0B7}' | '\u{FFFD}' | '\u{27A2}' | '\u{2043}' => {
            let len = after(first.len_utf8()).unwrap_or_else(|| first.len_utf8());
            (len < line.len()).then_some((Marker::Bullet(first), len))
        }
        // Word's hollow bullet pasted as text.
        'o' if is_hollow(line) => after(1).map(|len| (Marker::Bullet('o'), len)),
        _ => numbered(line, &after),
    }
}

/// "o Decide": the letter alone before a capital or more than one blank.
fn is_hollow(line: &str) -> bool {
    matches!(line.as_bytes(), [b'o', b'\t', ..] | [b'o', b' ', b' ' | b'A'..=b'Z', ..])
}

fn numbered(line: &str, after: &dyn Fn(usize) -> Option<usize>) -> Option<(Marker, usize)> {
    let bytes = line.as_bytes();
    let open = usize::from(bytes[0] == b'(');
    let word = bytes[open..].iter().take(12).position(|byte| matches!(byte, b')' | b' ' | b'\t')).map(|at| at + open);
    let end = word?;
    let (mut body, closed) = match (open, bytes[end]) {
        (1, b')') => (&line[1..end], Closing::Brackets),
        (0, b')') => (&line[..end], Closing::Bracket),
        (0, _) => match line[..end].strip_suffix('.') {
            Some(body) => (body, Closing::Dot),
            None => (&line[..end], Closing::None),
        },
        _ => return None,
    };
    // "(2)." has both.
    let marked = if bytes[end] == b')' { end + 1 + usize::from(bytes.get(end + 1) == Some(&b'.')) } else { end };
    let len = after(marked)?;
    body = body.strip_prefix('\u{A7}').unwrap_or(body);
    if body.is_empty() || !body.is_ascii() {
        return None;
    }
    if body.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
        && body.as_bytes()[0].is_ascii_digit()
    {
        let depth = body.split(['.', '-']).count();
        let is_short = body.split(['.', '-']).all(|number| (1..=3).contains(&number.len()));
        // "2-1." numbers a paragraph, "2-1" is a range.
        let is_short = is_short && (closed != Closing::None || !body.contains('-'));
        // A bare number is a count ("5 people", "2.5 hours", "at 6.45 and"), not a marker, but for "2.1 Scope".
        let is_counting = closed == Closing::None && (depth == 1 || !line[len..].starts_with(char::is_uppercase));
        return (is_short && !is_counting).then_some((Marker::Number { closed, depth }, len));
    }
    if closed == Closing::None {
        return None;
    }
    if let [letter] = body.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        return Some((Marker::Letter { closed, is_upper: letter.is_ascii_uppercase() }, len));
    }
    let is_roman = body.len() <= 5
        && (body.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'))
            || body.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X')));
    is_roman.then_some((Marker::Roman { closed }, len))
}

/// A list that is still open.
#[derive(Clone, Copy, Debug)]
struct List {
    marker: Marker,
    indent: usize,
    /// Where its items' text begins.
    body: usize,
    lead_in: Option<usize>,
}

struct Reader<'a> {
    builder: &'a mut DocumentBuilder,
    tags: TemplateTags,
    column: Option<usize>,
    lists: Vec<List>,
    /// What the held lines are.
    kind: BlockKind,
    /// Lines not written yet, markers and quote marks cut off.
    held: Vec<Line>,
    /// What is open at the end of the lines, and goes on where more of them come.
    unread: Option<Unread>,
    /// From this byte on the reader may stop at a blank line.
    stops_from: usize,
    /// Whether a line from here on may end an encoded file.
    has_encoded_end: bool,
}

/// A stretch of lines that no one reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unread {
    /// Program text between fences.
    Fenced,
    /// A key or a signature.
    Armour,
    /// A file in letters.
    Encoded,
}

impl Unread {
    /// The stretch that a line begins, if it is none of a kind that may begin anywhere; `next` is the line below it.
    fn begins(line: &str, next: &str) -> Option<Self> {
        if line.starts_with("-----BEGIN ") && line.ends_with("-----") && !line.contains("SIGNED MESSAGE") {
            return Some(Self::Armour);
        }
        uuencode::is_start(line, next).then_some(Self::Encoded)
    }

    fn is_end(self, line: &str) -> bool {
        match self {
            Self::Fenced => classify(line) == LineKind::Fence,
            Self::Armour => line.starts_with("-----END "),
            Self::Encoded => uuencode::is_end(line),
        }
    }
}

impl<'a> Reader<'a> {
    fn new(builder: &'a mut DocumentBuilder, tags: TemplateTags, column: Option<usize>) -> Self {
        Self {
            builder,
            tags,
            column,
            lists: Vec::new(),
            kind: BlockKind::Paragraph,
            held: Vec::new(),
            unread: None,
            stops_from: usize::MAX,
            has_encoded_end: true,
        }
    }

    /// Reads all lines.
    fn read(&mut self, lines: &[Line], marks: &[(usize, LineAs)]) {
        self.read_on(lines, marks);
        self.flush_held();
    }

    /// Reads lines up to the first blank one that it may stop at, and returns that. Lines that are held are not written yet.
    fn read_on(&mut self, lines: &[Line], marks: &[(usize, LineAs)]) -> Option<Line> {
        let mut at = 0;
        let mut marks = marks.iter().copied().peekable();
        let mut depth = 0;
        if let Some(unread) = self.unread {
            at = self.pass_over(unread, lines, at);
        }
        while let Some(line) = lines.get(at).copied() {
            at += 1;
            if line.is_page_start {
                self.flush();
            }
            if line.is_blank() {
                if self.kind != BlockKind::Code {
                    self.flush();
                }
                if line.start >= self.stops_from && !self.tags.contains(line.start) {
                    return Some(line);
                }
                continue;
            }
            while marks.next_if(|(start, _)| *start < line.start).is_some() {}
            if let Some((_, mark)) = marks.next_if(|(start, _)| *start == line.start) {
                self.marked(line, mark);
                continue;
            }
            if self.kind == BlockKind::Code && !self.held.is_empty() {
                self.flush_as(BlockKind::Code);
            }
            if self.held.is_empty()
                && let Some(unread) = self.begins_unread(line, lines.get(at).copied())
                && (unread != Unread::Encoded || self.ends_encoded(&lines[at..]))
            {
                self.held.push(line);
                at = self.pass_over(unread, lines, at);
                continue;
            }
            match classify(line.of(&self.builder.origin().text)) {
                LineKind::Rule(drawn) => self.rule(line, drawn),
                LineKind::Fence => {
                    self.flush();
                    at = self.pass_over(Unread::Fenced, lines, at);
                }
                LineKind::Quote { marks, depth: level } => {
                    if self.kind != BlockKind::Quote || level != depth || marks == line.end - line.start {
                        self.flush();
                    }
                    (self.kind, depth) = (BlockKind::Quote, level);
                    if marks < line.end - line.start {
                        self.held.push(Line { start: line.start + marks, ..line });
                    }
                }
                LineKind::Contents => {
                    self.flush();
                    self.held.push(line);
                    self.flush_as(BlockKind::Code);
                }
                LineKind::Item { marker, len } if marker.is_plain() || self.begins_block(line, marker) => {
                    self.item(line, marker, len);
                }
                LineKind::Item { .. } | LineKind::Plain => {
                    if self.kind == BlockKind::Quote && !self.held.is_empty() {
                        self.flush();
                    }
                    self.held.push(line);
                }
            }
        }
        None
    }

    fn begins_unread(&self, line: Line, next: Option<Line>) -> Option<Unread> {
        let source = &self.builder.origin().text;
        Unread::begins(line.of(source), next.map_or("", |next| next.of(source)))
    }

    /// Begins with the rest of a line of that kind.
    fn resume(&mut self, kind: BlockKind, line: Line) {
        self.kind = kind;
        self.held.push(line);
        if kind == BlockKind::Code {
            self.flush_as(kind);
        }
    }

    /// Lets go of those held lines that stand behind the last line break that is no wrap, and returns where they begin.
    fn drop_open(&mut self, feed: char) -> Option<usize> {
        let column = self.held_column();
        let at = (1..self.held.len()).rev().find(|at| self.breaks(self.kind, &self.held, *at, column))?;
        let end = self.held[at - 1].end;
        let next = end + self.builder.origin().text[end..].find(feed)? + 1;
        self.held.truncate(at);
        Some(next)
    }

    /// Writes the rest of a stretch that no one reads as one block, and returns where the lines go on.
    fn pass_over(&mut self, unread: Unread, lines: &[Line], at: usize) -> usize {
        let source = &self.builder.origin().text;
        let end = lines[at..].iter().position(|line| unread.is_end(line.of(source))).map(|end| at + end);
        self.unread = if end.is_none() { Some(unread) } else { None };
        let next = end.map_or(lines.len(), |end| end + 1);
        // A fence is no text, what marks other stretches is a part of them.
        let last = if unread == Unread::Fenced { end.unwrap_or(next) } else { next };
        self.held.extend(lines[at..last].iter().filter(|line| !line.is_blank()));
        self.flush_as(BlockKind::Code);
        next
    }

    /// Whether an encoded file that begins before `rest` ends there. Without its end it is no such file, and no end is looked
    /// for again.
    fn ends_encoded(&mut self, rest: &[Line]) -> bool {
        let source = &self.builder.origin().text;
        self.has_encoded_end = self.has_encoded_end && rest.iter().any(|line| Unread::Encoded.is_end(line.of(source)));
        self.has_encoded_end
    }

    fn flush_held(&mut self) {
        if self.kind == BlockKind::Code {
            self.flush_as(BlockKind::Code);
        }
        self.flush();
    }

    fn marked(&mut self, line: Line, mark: LineAs) {
        let kind = match mark {
            LineAs::Code => BlockKind::Code,
            LineAs::Quote => BlockKind::Quote,
            LineAs::Blank | LineAs::Heading(_) | LineAs::Item { .. } | LineAs::Cells => BlockKind::Paragraph,
        };
        if kind == BlockKind::Paragraph || kind != self.kind {
            self.flush_held();
        }
        match mark {
            LineAs::Blank => {}
            LineAs::Heading(len) => {
                self.held.push(Line { start: line.start + len, ..line });
                self.flush_as(BlockKind::Heading);
            }
            LineAs::Item { len, level } => {
                // The marker says the level, whatever the indent.
                self.list_item(Line { indent: level, ..line }, Marker::Level(level), len);
            }
            LineAs::Code | LineAs::Quote => {
                self.kind = kind;
                self.held.push(line);
            }
            LineAs::Cells => {
                let cells = line.of(&self.builder.origin().text).split('|');
                let mut start = line.start;
                let cells: Vec<Line> = cells
                    .map(|cell| {
                        let end = start + cell.len();
                        let cell = Line { start, end, ..line };
                        start = end + 1;
                        cell
                    })
                    .collect();
                for cell in cells {
                    self.write(BlockKind::TableCell, None, &[cell]);
                }
            }
        }
    }

    /// Whether a line that may be an item is one: at the start of a block, below an item, after a line break that is
    /// no wrap.
    fn begins_block(&self, line: Line, marker: Marker) -> bool {
        // "J. Smith" and "(c) 2024" are no items, unless others stand before them.
        let text = line.of(&self.builder.origin().text);
        let is_doubtful = match marker {
            Marker::Letter { is_upper: true, .. } => !text.trim_start_matches('(').starts_with(['A', 'I']),
            Marker::Letter { .. } => text.starts_with("(c)"),
            Marker::Bullet(_) | Marker::Number { .. } | Marker::Roman { .. } | Marker::Level(_) => false,
        };
        if is_doubtful && !self.lists.iter().any(|list| list.marker == self.settle(marker, line)) {
            return false;
        }
        match self.held.last() {
            None => true,
            Some(_) if self.kind == BlockKind::ListItem => true,
            Some(last) => !is_full(&self.builder.origin().text, *last, line, self.held_column()),
        }
    }

    fn item(&mut self, line: Line, marker: Marker, len: usize) {
        let marker = self.settle(marker, line);
        self.list_item(line, marker, len);
    }

    fn list_item(&mut self, line: Line, marker: Marker, len: usize) {
        self.flush();
        while !matches!(marker, Marker::Level(_)) && self.lists.last().is_some_and(|list| list.indent > line.indent + 1)
        {
            self.lists.pop();
        }
        let same = |list: &List| list.marker == marker && list.indent.abs_diff(line.indent) <= 1;
        let body = line.indent + len;
        match self.lists.iter().position(same) {
            Some(at) => self.lists.truncate(at + 1),
            None => {
                let lead_in = introduction(self.builder);
                self.lists.push(List { marker, indent: line.indent, body, lead_in });
            }
        }
        self.kind = BlockKind::ListItem;
        self.held.push(Line { start: line.start + len, ..line });
    }

    /// "i." is a roman numeral unless it follows "h.", or a list of letters is open.
    fn settle(&self, marker: Marker, line: Line) -> Marker {
        let Marker::Letter { closed, .. } = marker else { return marker };
        let text = line.of(&self.builder.origin().text).trim_start_matches('(');
        let is_roman = |closed| self.lists.iter().any(|list| list.marker == Marker::Roman { closed });
        let is_letter = self.lists.iter().any(|list| list.marker == marker);
        match text.as_bytes()[0] {
            b'i' | b'I' if !is_letter => Marker::Roman { closed },
            b'v' | b'V' | b'x' | b'X' if is_roman(closed) => Marker::Roman { closed },
            _ => marker,
        }
    }

    /// A drawn line: the underline of the one line above it, or a divider.
    fn rule(&mut self, line: Line, drawn: u8) {
        if let [title] = self.held[..]
            && self.kind != BlockKind::Quote
            && matches!(drawn, b'=' | b'-' | b'~' | b'^' | b'*' | b'"' | b'#')
            && line.end - line.start <= 2 * (title.width + 2)
        {
            self.flush_as(BlockKind::Heading);
        }
        self.flush();
    }

    fn flush_as(&mut self, kind: BlockKind) {
        self.kind = kind;
        if kind == BlockKind::Code {
            let held = std::mem::take(&mut self.held);
            self.write(BlockKind::Code, None, &held);
            self.kind = BlockKind::Paragraph;
        }
        self.flush();
    }

    /// Writes the held lines as one block, or as several where their line breaks are no wraps.
    fn flush(&mut self) {
        let held = std::mem::take(&mut self.held);
        let kind = std::mem::replace(&mut self.kind, BlockKind::Paragraph);
        if held.is_empty() {
            return;
        }
        if kind == BlockKind::Paragraph && is_code(&self.builder.origin().text, &held) {
            return self.write(BlockKind::Code, None, &held);
        }
        let column = column_of(&held, self.column);
        let mut from = 0;
        for at in 1..=held.len() {
            if at == held.len() || self.breaks(kind, &held, at, column) {
                let kind = if from > 0 && kind == BlockKind::ListItem { BlockKind::Paragraph } else { kind };
                self.block(kind, &held[from..at]);
                from = at;
            }
        }
        // The room is kept for the next block.
        self.held = held;
        self.held.clear();
    }

    /// Whether the line break before line `at` of a block is no wrap.
    fn breaks(&self, kind: BlockKind, lines: &[Line], at: usize, column: Option<usize>) -> bool {
        let body = self.lists.last().map_or(0, |list| list.body);
        let hangs = kind == BlockKind::ListItem && lines[at].indent >= body.min(lines[0].indent + 2);
        !hangs && !is_soft(&self.builder.origin().text, lines[at - 1], lines[at], column)
    }

    fn block(&mut self, kind: BlockKind, lines: &[Line]) {
        let source = &self.builder.origin().text;
        let first = lines[0].of(source);
        let is_one = lines.len() == 1 && lines[0].width < pieces::ENDLESS;
        let (kind, lead_in) = match kind {
            BlockKind::Paragraph if is_one && is_page_line(first) => (BlockKind::Disclaimer, None),
            BlockKind::Paragraph if is_one && is_title(first) => (BlockKind::Heading, None),
            BlockKind::ListItem => {
                let list = self.lists.last().copied();
                match list.map(|list| list.marker) {
                    Some(Marker::Number { depth, .. }) if is_one && is_numbered_title(first, depth) => {
                        (BlockKind::Heading, None)
                    }
                    Some(Marker::Roman { .. } | Marker::Letter { is_upper: true, .. }) if is_one && is_title(first) => {
                        (BlockKind::Heading, None)
                    }
                    Some(_) | None => (BlockKind::ListItem, list.and_then(|list| list.lead_in)),
                }
            }
            other => (other, None),
        };
        match kind {
            // A paragraph that is not indented to an item's text ends the lists; a heading ends them always.
            BlockKind::Paragraph => {
                let indent = lines[0].indent;
                self.lists.retain(|list| indent > list.indent);
            }
            BlockKind::Heading => self.lists.clear(),
            BlockKind::ListItem
            | BlockKind::TableCell
            | BlockKind::Quote
            | BlockKind::Code
            | BlockKind::Signature
            | BlockKind::Disclaimer => {}
        }
        self.write(kind, lead_in, lines);
    }

    fn write(&mut self, kind: BlockKind, lead_in: Option<usize>, lines: &[Line]) {
        let Some(first) = lines.first() else { return };
        self.builder.open_under(kind, lead_in);
        let mut run = first.start..first.end;
        for line in &lines[1..] {
            let source = self.builder.origin().text.as_bytes();
            let gap = run.end..line.start;
            if gap.len() == 1 {
                run.end = line.end;
                // "self-" and "service" are one word; nothing else ends a line in a hyphen after a letter.
                if !is_hyphenated(source, gap.start, line.start) {
                    continue;
                }
                run.end = gap.start;
            }
            let is_word = is_hyphenated(source, gap.start, line.start);
            self.tags.verbatim(self.builder, std::mem::replace(&mut run, line.start..line.end));
            if !is_word {
                self.builder.replaced(" ", gap);
            }
        }
        self.tags.verbatim(self.builder, run);
        self.builder.close();
    }

    fn held_column(&self) -> Option<usize> {
        column_of(&self.held, self.column)
    }
}

fn is_hyphenated(source: &[u8], end: usize, start: usize) -> bool {
    end > 1
        && source[end - 1] == b'-'
        && source[end - 2].is_ascii_alphabetic()
        && source.get(start).is_some_and(u8::is_ascii_lowercase)
}

/// The wrap column of a run of lines: its own where it is long enough to show one, else that of the whole text.
fn column_of(lines: &[Line], whole: Option<usize>) -> Option<usize> {
    let followed = &lines[..lines.len().saturating_sub(1)];
    let widest = followed.iter().map(|line| line.width).max();
    let widest = widest.filter(|widest| (OWN_COLUMN..COLUMNS.end).contains(widest));
    match (widest, whole) {
        (Some(widest), Some(whole)) if lines.len() >= 4 => Some(widest.min(whole)),
        (_, Some(whole)) => Some(whole),
        (widest, None) => widest,
    }
}

/// Words that are small in titles and that nothing ends with.
const SMALL_WORDS: [&str; 17] =
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "our", "the", "to", "with", "&"];

/// Whether the line break between two lines is a wrap: the line was full, or the sentence plainly goes on.
fn is_soft(source: &str, line: Line, next: Line, column: Option<usize>) -> bool {
    let text = line.of(source);
    is_full(source, line, next, column)
        || starts_low(next.of(source)) && !text.ends_with(['.', '!', '?', ':', ';'])
        || text.rsplit(' ').next().is_some_and(|word| SMALL_WORDS.contains(&word))
}

/// Whether the next line's first word would not have fitted any more.
fn is_full(source: &str, line: Line, next: Line, column: Option<usize>) -> bool {
    column.is_some_and(|column| {
        let after = next.of(source);
        let word = after.find([' ', '\t']).unwrap_or(after.len());
        (line.width < COLUMNS.end || column == EVERY_BREAK) && line.width + 1 + word > column
    })
}

fn starts_low(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(byte) if byte.is_ascii() => byte.is_ascii_lowercase(),
        Some(_) => text.chars().next().is_some_and(char::is_lowercase),
        None => false,
    }
}

/// Plainly program text or encoded data: most lines end or begin as prose never does.
fn is_code(source: &str, lines: &[Line]) -> bool {
    let is_solid = |line: &&Line| line.end - line.start >= 56 && !line.of(source).contains(' ');
    if lines.len() > 1 && lines[..lines.len() - 1].iter().all(|line| is_solid(&line)) {
        return true;
    }
    let is_indented = lines.iter().all(|line| line.indent >= 4);
    let odd = lines.iter().filter(|line| is_code_line(line.of(source))).count();
    odd * 2 > lines.len() && (is_indented || lines.len() > 1 && odd == lines.len())
}

fn is_code_line(line: &str) -> bool {
    line.starts_with("$ ")
        || line.starts_with("#!")
        || line.starts_with("//")
        || line.starts_with("</")
        || line.starts_with(">>> ")
        || line.ends_with(['{', '}'])
        || line.ends_with(");")
        || line.ends_with("</")
        || line.contains("()")
        || line.contains(" = ") && !line.contains(". ")
        || line.starts_with('<') && line.ends_with('>') && !line.contains('@')
}

/// "Page 3", "[Page 3]", "- 3 -", "3 of 12": what is printed at the edge of a page.
fn is_page_line(line: &str) -> bool {
    let body = line.trim_end_matches([']', ')', '-', ' ', '.']);
    let digits = body.len() - body.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 || digits > 4 {
        return false;
    }
    let before = body[..body.len() - digits].trim_end().to_ascii_lowercase();
    let before = before.trim_end_matches([' ', '-', '[', '(']);
    before.is_empty()
        || before == "page"
        || before.ends_with("[page")
        || before.ends_with("  page")
        || before.ends_with(" of") && before.len() < 20
}

/// A short line in capitals without an end mark.
fn is_title(line: &str) -> bool {
    let bytes = line.as_bytes();
    if line.len() > 80 || bytes.iter().any(u8::is_ascii_lowercase) || line.ends_with(['.', '!', '?', ',', ';']) {
        return false;
    }
    bytes.iter().filter(|byte| byte.is_ascii_uppercase()).count() > 2 && !line.chars().any(char::is_lowercase)
}

/// The text of "2.1 Scope and Purpose" or "3. RESPONSIBILITIES": a few words, each with a capital. One number alone
/// does not do for the former, as "1. Call Dana" is a task.
fn is_numbered_title(text: &str, depth: usize) -> bool {
    if is_title(text) {
        return true;
    }
    if depth == 1 || text.len() > 60 || text.ends_with(['.', '!', '?', ',', ';', ':']) {
        return false;
    }
    let is_capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    is_capital(text) && text.split_whitespace().all(|word| is_capital(word) || SMALL_WORDS.contains(&word))
}
