//! A document as every later stage sees it: clean text, blocks, and the way back to the file.
//!
//! Owns the three coordinate systems and the steps between them. *Text* is what sentences are found in: markup gone,
//! entities decoded, line breaks inside a block turned into spaces. *Origin* is the decoded source, as a person would
//! read it in an editor. *Places* are what a person types into that editor: line and column, paragraph, or page.
//! Extractors build documents; nothing here reads files.

use crate::span::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One document of a source: a whole file, a message of an mbox, a row of a table.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// What tells it from the other documents of its source: a row's id, a message's number. `None` for a whole file.
    pub part: Option<String>,
    /// The clean text of all blocks, one after another, each separated from the next by a line feed.
    pub text: String,
    /// The blocks in reading order; their spans are bytes of `text` and do not overlap.
    pub blocks: Vec<Block>,
    /// The decoded source that positions are given in.
    pub origin: Origin,
    /// From bytes of `text` to bytes of `origin.text`.
    pub map: SourceMap,
    /// The author's comments that speak to this program, in the order of the origin.
    pub pragmas: Vec<Pragma>,
    /// The address that a mail was sent from, lower case.
    pub sender: Option<String>,
    /// Fields of a row or a JSON line that are not its text, in their order, carried through to the report.
    pub fields: Vec<(String, serde_json::Value)>,
    /// What was left out on purpose and a reader may want to know of: attachments, embedded files. One line each.
    pub skipped: Vec<String>,
    /// What was odd about the source but could be read all the same: bad bytes, a false charset. One line each.
    pub warnings: Vec<String>,
    /// Whether nothing of a mail's text can be read: it is encrypted, or of a kind that is not read.
    pub is_unread: bool,
    /// How many of its first blocks stand in a document before it, of which this one is the next piece; they are here
    /// because they introduce others.
    pub repeated: usize,
    /// Whether its first own block goes on from the document before it.
    pub goes_on: bool,
}

impl Document {
    /// The blocks that are no other document's, and their indices.
    pub fn own_blocks(&self) -> impl Iterator<Item = (usize, &Block)> {
        self.blocks.iter().enumerate().skip(self.repeated)
    }
}

/// A stretch of text that stands on its own: sentences never cross its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it is in `Document::text`. Holds no line break.
    pub span: Span,
    /// For a list item or a table cell: the block (an index into `Document::blocks`) that introduces it, such as
    /// "Managers must:", whose grammar the item completes.
    pub lead_in: Option<usize>,
}

/// What a block is. Only authored kinds are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A title or a heading, the subject of a mail among them.
    Heading,
    /// Running text.
    Paragraph,
    /// An entry of a list.
    ListItem,
    /// A cell of a table.
    TableCell,
    /// Somebody else's words: a block quote, a quoted or forwarded message.
    Quote,
    /// Program text, commands, preformatted output.
    Code,
    /// The sender's name and particulars below a mail.
    Signature,
    /// Legal boilerplate, list footers.
    Disclaimer,
}

impl BlockKind {
    /// Whether the document's author speaks here, so that its sentences count.
    #[must_use]
    pub const fn is_authored(self) -> bool {
        match self {
            Self::Heading | Self::Paragraph | Self::ListItem | Self::TableCell => true,
            Self::Quote | Self::Code | Self::Signature | Self::Disclaimer => false,
        }
    }
}

/// What opens a comment that speaks to this program.
const PRAGMA: &str = "leadtone:";

/// A comment that speaks to this program, such as `leadtone: next all -- the law says it so`. What it says is for the gate
/// to understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pragma {
    /// The comment, in bytes of the origin's text.
    pub span: Span,
    /// What follows `leadtone:`, without white space around it.
    pub text: String,
}

/// The decoded source and how places in it are named.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The source as text. For plain formats in UTF-8 these are the file's bytes without a byte order mark.
    pub text: String,
    /// Bytes of the file before `text`: the length of a byte order mark, the start of a row in its file.
    pub base: usize,
    /// How a place in `text` is named to a person.
    pub places: Places,
}

/// How places in an origin are named. Each list is sorted by offset and begins at offset 0.
#[derive(Clone, Debug)]
pub enum Places {
    /// Lines and columns. Each mark says at which line and column (both from 1, columns in characters) an offset of
    /// the origin stands; between marks columns go on counting characters and a line feed, a carriage return or both
    /// begin the next line. One mark at 0 is enough for a file that is its own text.
    Lines(Vec<LineMark>),
    /// Paragraph numbers from 1, with the offset at which each begins.
    Paragraphs(Vec<(usize, u32)>),
    /// Page numbers from 1, with the offset at which each begins.
    Pages(Vec<(usize, u32)>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Lines(vec![LineMark { offset: 0, line: 1, column: 1 }])
    }
}

/// A known point of a [`Places::Lines`] list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineMark {
    /// Byte of the origin's text.
    pub offset: usize,
    /// Line of the file, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where a finding is, as a person would look it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Location {
    /// A line and a column of the file, both from 1, the column in characters.
    Line {
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
    /// A paragraph of a word processor's file, from 1.
    Paragraph {
        /// Paragraph, from 1.
        paragraph: u32,
    },
    /// A page, from 1.
    Page {
        /// Page, from 1.
        page: u32,
    },
}

/// As compilers write it after a file's name: `12:3`, `paragraph 4`, `page 2`.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, column } => write!(f, "{line}:{column}"),
            Self::Paragraph { paragraph } => write!(f, "paragraph {paragraph}"),
            Self::Page { page } => write!(f, "page {page}"),
        }
    }
}

impl Origin {
    /// An origin that is the file itself, or a part of it that begins `base` bytes in and on line 1.
    #[must_use]
    pub fn of_file(text: String, base: usize) -> Self {
        Self { text, base, places: Places::default() }
    }

    /// Names the place of byte `offset` of `text`; an offset past the end is taken for the end.
    #[must_use]
    pub fn locate(&self, offset: usize) -> Location {
        self.locator().locate(offset)
    }

    /// A locator for many places asked for in rising order; it remembers where it was.
    #[must_use]
    pub fn locator(&self) -> Locator<'_> {
        Locator { origin: self, mark: 0, offset: 0, line: 0, column: 0 }
    }
}

/// Names places of one origin. Cheap when asked in rising order, right in any.
#[derive(Clone, Debug)]
pub struct Locator<'a> {
    origin: &'a Origin,
    /// Index of the last mark used, plus one; 0 when nothing has been located yet.
    mark: usize,
    offset: usize,
    line: u32,
    column: u32,
}

impl Locator<'_> {
    /// Names the place of byte `offset` of the origin's text; past the end means the end.
    #[must_use]
    pub fn locate(&mut self, offset: usize) -> Location {
        let offset = offset.min(self.origin.text.len());
        match &self.origin.places {
            Places::Lines(marks) => self.line(marks, offset),
            Places::Paragraphs(starts) => Location::Paragraph { paragraph: number(starts, offset) },
            Places::Pages(starts) => Location::Page { page: number(starts, offset) },
        }
    }

    fn line(&mut self, marks: &[LineMark], offset: usize) -> Location {
        let mark = marks.partition_point(|mark| mark.offset <= offset);
        if mark != self.mark || offset < self.offset || mark == 0 {
            let start = if mark == 0 { LineMark { offset: 0, line: 1, column: 1 } } else { marks[mark - 1] };
            (self.mark, self.offset, self.line, self.column) = (mark, start.offset, start.line, start.column);
        }
        let bytes = self.origin.text.as_bytes();
        for at in self.offset..offset {
            match bytes[at] {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => (self.line, self.column) = (self.line + 1, 1),
                // Continuation bytes of UTF-8 are no characters of their own.
                byte if byte & 0xC0 == 0x80 => {}
                _ => self.column += 1,
            }
        }
        self.offset = offset;
        Location::Line { line: self.line, column: self.column }
    }
}

fn number(starts: &[(usize, u32)], offset: usize) -> u32 {
    let after = starts.partition_point(|(start, _)| *start <= offset);
    starts.get(after.saturating_sub(1)).map_or(1, |(_, number)| *number)
}

/// From bytes of a document's text to bytes of its origin, piece by piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// Sorted by `text`; each piece reaches to the next. Empty means that text and origin are the same bytes.
    pieces: Vec<Piece>,
}

/// A stretch of text and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: usize,
    origin: Span,
    /// Whether the bytes are the same ones in the same order (a line break turned into a space included), so that an
    /// offset inside can be carried over; otherwise the piece is one unit, as an entity is.
    is_verbatim: bool,
}

impl SourceMap {
    /// The origin's byte for byte `offset` of the text, as the start of something.
    #[must_use]
    pub fn start(&self, offset: usize) -> usize {
        let Some(piece) = self.piece(offset) else { return offset };
        if piece.is_verbatim {
            (piece.origin.start + offset - piece.text).min(piece.origin.end)
        } else {
            piece.origin.start
        }
    }

    /// The origin's bytes for a span of the text. Markup between the two ends is inside.
    #[must_use]
    pub fn span(&self, span: Span) -> Span {
        let start = self.start(span.start);
        if span.is_empty() || self.pieces.is_empty() {
            return if self.pieces.is_empty() { span } else { Span::new(start, start) };
        }
        let Some(piece) = self.piece(span.end - 1) else { return span };
        let end = if piece.is_verbatim {
            (piece.origin.start + span.end - piece.text).min(piece.origin.end)
        } else {
            piece.origin.end
        };
        Span::new(start, end.max(start))
    }

    fn piece(&self, offset: usize) -> Option<Piece> {
        let after = self.pieces.partition_point(|piece| piece.text <= offset);
        self.pieces.get(after.saturating_sub(1)).copied()
    }
}

/// Puts a document together block by block, keeping text, blocks and map in step.
///
/// ```
/// use leadtone::document::{BlockKind, DocumentBuilder, Origin};
/// let mut builder = DocumentBuilder::new(Origin::of_file("Ask &amp; listen.".into(), 0));
/// builder.open(BlockKind::Paragraph);
/// builder.verbatim(0..4);
/// builder.replaced("&", 4..9);
/// builder.verbatim(9..17);
/// builder.close();
/// let document = builder.build();
/// assert_eq!(document.text.trim_end(), "Ask & listen.");
/// assert_eq!(document.map.start(6), 10);
/// ```
#[derive(Debug)]
pub struct DocumentBuilder {
    document: Document,
    open: Option<(BlockKind, usize, Option<usize>)>,
}

impl DocumentBuilder {
    /// Begins a document over `origin`.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self { document: Document { origin, ..Document::default() }, open: None }
    }

    /// The origin that positions are given in.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.document.origin
    }

    /// Whether a block is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Begins a block; one that is still open is closed first.
    pub fn open(&mut self, kind: BlockKind) {
        self.close();
        self.open = Some((kind, self.document.text.len(), None));
    }

    /// Begins a block that completes block `lead_in`, as an item does its list's introduction.
    pub fn open_under(&mut self, kind: BlockKind, lead_in: Option<usize>) {
        self.close();
        self.open = Some((kind, self.document.text.len(), lead_in));
    }

    /// Ends the open block and begins another of the same kind and lead-in.
    pub fn split(&mut self) {
        if let Some((kind, _, lead_in)) = self.open {
            self.open_under(kind, lead_in);
        }
    }

    /// Changes what the open block is.
    pub fn set_kind(&mut self, kind: BlockKind) {
        if let Some(open) = &mut self.open {
            open.0 = kind;
        }
    }

    /// Appends bytes of the origin as they stand; line breaks become spaces.
    ///
    /// # Panics
    /// If the range is not on character boundaries of the origin's text.
    pub fn verbatim(&mut self, range: std::ops::Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.piece(Span::new(range.start, range.end), true);
        let document = &mut self.document;
        let source = &document.origin.text[range];
        // Cut at the breaks and not mapped character by character: this is where most of a file passes through.
        let mut lines = source.split('\n');
        let mut line = lines.next();
        while let Some(at) = line {
            let mut pieces = at.split('\r');
            document.text.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                document.text.push(' ');
                document.text.push_str(piece);
            }
            line = lines.next();
            if line.is_some() {
                document.text.push(' ');
            }
        }
    }

    /// Appends `text` in place of bytes of the origin: an entity, a soft line break, a removed tag.
    pub fn replaced(&mut self, text: &str, range: std::ops::Range<usize>) {
        if text.is_empty() {
            return;
        }
        self.piece(Span::new(range.start, range.end), false);
        self.document.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
    }

    /// Notes a comment of the source, given by its range and by what stands in it, if it speaks to this program.
    pub fn comment(&mut self, range: std::ops::Range<usize>, body: &str) {
        if let Some(text) = body.trim().strip_prefix(PRAGMA) {
            let span = Span::new(range.start, range.end);
            self.document.pragmas.push(Pragma { span, text: text.trim().to_owned() });
        }
    }

    /// Ends the open block and returns its index; a block without a visible character is dropped.
    pub fn close(&mut self) -> Option<usize> {
        let (kind, start, lead_in) = self.open.take()?;
        let text = &self.document.text[start..];
        let body = text.trim();
        if body.is_empty() {
            self.document.text.truncate(start);
            // Off the end, since a walk over all pieces for every empty block is quadratic.
            let kept = self.document.map.pieces.partition_point(|piece| piece.text < start);
            self.document.map.pieces.truncate(kept);
            return None;
        }
        let begin = start + text.len() - text.trim_start().len();
        self.document.blocks.push(Block { kind, span: Span::new(begin, begin + body.len()), lead_in });
        let end = self.document.map.span(Span::new(begin, begin + body.len())).end;
        self.piece(Span::new(end, end), false);
        self.document.text.push('\n');
        Some(self.document.blocks.len() - 1)
    }

    /// The blocks closed so far.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.document.blocks
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.document.text
    }

    /// Changes what the closed block `index` is.
    pub fn reclassify(&mut self, index: usize, kind: BlockKind) {
        self.document.blocks[index].kind = kind;
    }

    /// Closes what is open and returns the document.
    #[must_use]
    pub fn build(mut self) -> Document {
        self.close();
        self.document.pragmas.sort_by_key(|pragma| pragma.span.start);
        self.document
    }

    fn piece(&mut self, origin: Span, is_verbatim: bool) {
        let text = self.document.text.len();
        // Parsers hand out running text in shreds; one piece for what is one stretch keeps the map small.
        if is_verbatim
            && let Some(last) = self.document.map.pieces.last_mut()
            && last.is_verbatim
            && last.origin.end == origin.start
            && last.text + last.origin.len() == text
        {
            last.origin.end = origin.end;
            return;
        }
        self.document.map.pieces.push(Piece { text, origin, is_verbatim });
    }
}
