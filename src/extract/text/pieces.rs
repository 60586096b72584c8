//! A long text in pieces, each a document of its own, so that neither its size bears on memory nor one thread has to
//! judge it all.
//!
//! Owns where a text is cut, and what a piece hands on to the next: open lists and their introductions, a fence without
//! its end. The reader itself says where it may stop: at a blank line, where nothing is held. All pieces together then hold
//! what the text holds as a whole, except where a stretch without a blank line is longer than [`PieceSizes::most`]:
//!
//! - Its lines are cut at a line break that is no wrap, if there is one. The column that a run of lines shows of its own is
//!   then that of each piece.
//! - A single line is cut at the end of a sentence or, without one, at a blank: the sentence that is cut in two there is
//!   no longer than the longest that is judged as one.
//! - An encoded file whose end is farther away is read as lines of code or prose.

use super::super::ExtractError;
use super::super::decode::{Decoding, count};
use super::super::guard::guard;
use super::{BEGINNING, Habits, List, Reader, TemplateTags, Unread, first_feed, introduction, lines};
use crate::document::{BlockKind, Document, DocumentBuilder, LineMark, Origin, Places};

/// How a long text is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceSizes {
    /// Bytes of a source that is not longer, and read whole.
    pub whole: usize,
    /// Bytes that a piece has at least, but for the last one.
    pub least: usize,
    /// Bytes that a piece has at most.
    pub most: usize,
}

impl Default for PieceSizes {
    /// A quarter of a mebibyte at least, one at most, of what is longer than that.
    fn default() -> Self {
        Self { whole: 1 << 20, least: 256 << 10, most: 1 << 20 }
    }
}

/// Lines that a piece has at most: a line takes room however short it is.
const LINES: usize = 16 << 10;

/// Bytes behind a cut that are at hand when it is made, for a template tag that would be cut in two.
const SIGHT: usize = 8 << 10;

/// Bytes before the longest piece's end in which a line is cut.
const SEARCHED: usize = 4 << 10;

/// Bytes of an introduction's end that the next piece is told; what matters is the clause that breaks off.
const LEAD_IN: usize = 4 << 10;

/// A width that no column has.
pub(super) const ENDLESS: usize = usize::MAX / 2;

/// A piece of a text.
#[derive(Debug)]
pub struct Piece {
    /// The piece as a document. Its places are those of the file.
    pub document: Document,
    /// Bytes of text before it.
    pub start: usize,
}

/// Cuts a text into pieces while it is read.
#[derive(Debug)]
pub struct TextPieces {
    decoding: Decoding,
    sizes: PieceSizes,
    /// What is decoded and in no piece yet.
    text: String,
    is_end: bool,
    /// Bytes of text in pieces already.
    start: usize,
    line: u32,
    column: u32,
    habits: Option<Habits>,
    carried: Carried,
}

/// How far a piece may reach.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// It is not cut before this byte.
    least: usize,
    /// Nor behind this one.
    end: usize,
    /// Whether that is the end of the text.
    is_all: bool,
    /// Whether it must be cut before, wherever that is.
    is_last: bool,
}

/// What one piece hands on to the next.
#[derive(Debug, Default)]
struct Carried {
    /// The open lists, and what introduces each.
    lists: Vec<(List, Option<String>)>,
    /// The last block, where it introduces what comes next.
    introduction: Option<String>,
    unread: Option<Unread>,
    /// What the line is that was cut.
    line: Option<BlockKind>,
}

impl TextPieces {
    /// Begins with the first bytes of a source, of which there are at least 64 KiB if it is as long.
    ///
    /// # Errors
    /// If they are no text.
    pub fn new(head: &[u8], sizes: PieceSizes) -> Result<Self, ExtractError> {
        let decoding = guard("text", || Decoding::begin(head))?;
        Ok(Self {
            decoding,
            sizes,
            text: String::new(),
            is_end: false,
            start: 0,
            line: 1,
            column: 1,
            habits: None,
            carried: Carried::default(),
        })
    }

    /// Adds the bytes that follow, the first ones first; none is the end, after which there are no more.
    ///
    /// # Errors
    /// If decoding them fails, which is a fault of ours.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ExtractError> {
        self.is_end = bytes.is_empty();
        guard("text", || {
            self.decoding.push(bytes, self.is_end, &mut self.text);
            Ok(())
        })
    }

    /// The next piece; `None` if it takes more bytes or if there are none.
    ///
    /// # Errors
    /// If reading it fails, which is a fault of ours.
    pub fn take(&mut self) -> Result<Option<Piece>, ExtractError> {
        let is_at_hand = self.is_end || self.text.len() > (self.sizes.most + SIGHT).max(BEGINNING);
        if !is_at_hand || self.text.is_empty() {
            return Ok(None);
        }
        guard("text", || Ok(Some(self.cut())))
    }

    /// What was odd about the bytes that were pushed.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.decoding.warnings()
    }

    fn cut(&mut self) -> Piece {
        let habits = match self.habits {
            Some(habits @ Habits { feed: Some(_), .. }) => habits,
            // Its first line may end only now.
            Some(habits) => Habits { feed: first_feed(&self.text), ..habits },
            None => Habits::of(&self.text),
        };
        self.habits = Some(habits);
        let feed = habits.feed.unwrap_or('\n');
        let most = self.most(feed);
        let least = self.sizes.least.min(most / 2);
        // A blank line is near in nearly every text.
        let mut reach = (least + least / 8).min(most);
        loop {
            let is_all = self.is_end && self.text.len() <= reach;
            let end = if is_all { self.text.len() } else { self.text.floor_char_boundary(reach) };
            let limits = Limits { least: if is_all { usize::MAX } else { least }, end, is_all, is_last: reach >= most };
            if let Some(document) = self.piece(limits, feed, habits.column) {
                return self.hand_on(document);
            }
            reach = (reach * 2).min(most);
        }
    }

    /// Bytes that the next piece has at most.
    fn most(&self, feed: char) -> usize {
        let text = &self.text[..self.text.floor_char_boundary(self.sizes.most)];
        // Counting is some times as fast as finding, and seldom are there too many.
        if count(text.as_bytes(), if feed == '\r' { b'\r' } else { b'\n' }) <= LINES {
            return self.sizes.most;
        }
        text.match_indices(feed).nth(LINES).map_or(self.sizes.most, |(at, _)| at + 1)
    }

    /// Reads a piece; `None` if there is no place to cut.
    fn piece(&mut self, limits: Limits, feed: char, column: Option<usize>) -> Option<Document> {
        let Limits { least, end, is_all, is_last } = limits;
        let last_feed = self.text[..end].rfind(feed).filter(|_| !is_all);
        let is_mid_line = !is_all && last_feed.is_none();
        if is_mid_line && !is_last {
            return None;
        }
        // What follows the last line end is no line yet.
        let (end, lines_end) = match last_feed {
            Some(at) => (at + 1, at),
            None => {
                let end = if is_mid_line { line_cut(&self.text[..end]) } else { end };
                (end, end)
            }
        };
        let mark = LineMark { offset: 0, line: self.line, column: self.column };
        let base = self.decoding.base() + self.start;
        let origin = Origin { text: self.text[..end].to_owned(), base, places: Places::Lines(vec![mark]) };
        let mut builder = DocumentBuilder::new(origin);
        let lists = self.carried.repeat(&mut builder);
        let repeated = builder.blocks().len();
        let tags = TemplateTags::find(&self.text, 0..self.text.floor_char_boundary(end + SIGHT));
        let mut lines = lines(&self.text, 0..lines_end, feed);
        let mut reader = Reader::new(&mut builder, tags, column);
        reader.lists = lists;
        reader.unread = self.carried.unread;
        reader.stops_from = least;
        let mut from = 0;
        if let (Some(kind), Some(first)) = (self.carried.line, lines.first_mut()) {
            first.width = ENDLESS;
            reader.resume(kind, *first);
            from = 1;
        }
        let end = match reader.read_on(&lines[from..], &[]) {
            Some(stopped) => stopped.end + 1,
            None if is_all || is_mid_line || reader.unread.is_some() => end,
            None if is_last => reader.drop_open(feed).unwrap_or(end),
            None => return None,
        };
        reader.flush_held();
        let (lists, unread) = (std::mem::take(&mut reader.lists), reader.unread);
        let line = is_mid_line.then(|| builder.blocks().last().map_or(BlockKind::Paragraph, |block| block.kind));
        let goes_on = self.carried.line.is_some();
        self.carried = Carried::of(&builder, lists, unread, line);
        let mut document = builder.build();
        document.origin.text.truncate(end);
        Some(Document { goes_on, repeated, ..document })
    }

    /// Takes a piece off the text.
    fn hand_on(&mut self, document: Document) -> Piece {
        let piece = Piece { start: self.start, document };
        let text = &piece.document.origin.text;
        let ends = count(text.as_bytes(), b'\n') + lone_returns(&self.text, text.len());
        self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        let rest = text.rfind(['\n', '\r']).map_or(text.as_str(), |at| &text[at + 1..]);
        let width = u32::try_from(rest.chars().count()).unwrap_or(u32::MAX);
        self.column = if ends > 0 { 1 } else { self.column }.saturating_add(width);
        self.start += text.len();
        self.text.drain(..text.len());
        piece
    }
}

impl Carried {
    /// What the next piece needs of one that has been read.
    fn of(builder: &DocumentBuilder, lists: Vec<List>, unread: Option<Unread>, line: Option<BlockKind>) -> Self {
        let text = |block: usize| {
            let text = builder.blocks()[block].span.of(builder.text());
            text[text.ceil_char_boundary(text.len().saturating_sub(LEAD_IN))..].to_owned()
        };
        Self {
            lists: lists.into_iter().map(|list| (list, list.lead_in.map(text))).collect(),
            introduction: introduction(builder).map(text),
            unread,
            line,
        }
    }

    /// Writes again what introduces blocks to come, and returns the open lists.
    fn repeat(&self, builder: &mut DocumentBuilder) -> Vec<List> {
        let mut write = |kind: BlockKind, text: &String| {
            builder.open(kind);
            builder.replaced(text, 0..0);
            builder.close()
        };
        // Of a kind that introduces nothing more.
        let lead_in = |text: &Option<String>| text.as_ref().and_then(|text| write(BlockKind::Quote, text));
        let lead_ins: Vec<Option<usize>> = self.lists.iter().map(|(_, text)| text).map(lead_in).collect();
        self.introduction.iter().for_each(|text| {
            write(BlockKind::Paragraph, text);
        });
        self.lists.iter().zip(lead_ins).map(|((list, _), lead_in)| List { lead_in, ..*list }).collect()
    }
}

/// How many carriage returns in the first bytes of a text end a line alone.
fn lone_returns(text: &str, len: usize) -> usize {
    let returns = text[..len].match_indices('\r');
    returns.filter(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n')).count()
}

/// Where to cut a line that goes past the end of `text`: behind the last sentence that ends near it, or behind a blank.
fn line_cut(text: &str) -> usize {
    let bytes = text.as_bytes();
    let searched = text.len().saturating_sub(SEARCHED).max(1)..text.len();
    let is_end = |at: &usize| match bytes.get(at.saturating_sub(4)..at + 2) {
        Some([a, b, c, mark, b' ', next]) => {
            [a, b, c].iter().all(|byte| byte.is_ascii_lowercase())
                && matches!(mark, b'.' | b'!' | b'?')
                && next.is_ascii_uppercase()
        }
        Some(_) | None => false,
    };
    let end = searched.clone().rev().find(is_end).or_else(|| searched.rev().find(|at| bytes[*at] == b' '));
    end.map_or(text.len(), |at| at + 1)
}
