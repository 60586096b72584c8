//! Markdown: CommonMark with GitHub's tables, task lists, footnotes and alerts.
//!
//! Owns what of inline markup is text, and whose words a block quote is. HTML blocks go to `html`.

use super::decode::Decoded;
use super::template::TemplateTags;
use super::{front_matter, html, text};
use crate::document::{BlockKind, Document, DocumentBuilder};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Reads a whole file.
pub(super) fn extract(decoded: Decoded) -> Document {
    super::whole(decoded, |builder, range| {
        let source = &builder.origin().text[range.clone()];
        let (above, front) = (front_matter::comments(source), front_matter::end(source));
        if front > 0 {
            html::blocks(builder, range.start..range.start + above);
        }
        blocks(builder, range.start + front..range.end);
    })
}

/// Appends the blocks of `range` of the builder's origin.
pub(super) fn blocks(builder: &mut DocumentBuilder, range: Range<usize>) {
    builder.close();
    let mut tags = TemplateTags::find(&builder.origin().text, range.clone());
    // A copy, since events borrow the source while blocks are written.
    let source = with_line_feeds(tags.masked(&builder.origin().text, range.clone()));
    tags.add(fences(&source).map(|fence| fence.start + range.start..fence.end + range.start));
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM;
    let mut writer = Writer {
        builder,
        source: &source,
        base: range.start,
        tags,
        quotes: Vec::new(),
        lists: Vec::new(),
        item: None,
        unread: 0,
        has_address_text: false,
        code: None,
        html: None,
        is_all_code: false,
        pending: html::Break::None,
    };
    let mut events = Parser::new_ext(&source, options).into_offset_iter();
    while let Some((event, range)) = events.next() {
        if event == Event::Start(Tag::Paragraph) && writer.is_dump(&range) {
            text::blocks(writer.builder, writer.base + range.start..writer.base + range.end);
            // Nothing nests in a paragraph that is one itself.
            events.by_ref().find(|(event, _)| *event == Event::End(TagEnd::Paragraph));
            continue;
        }
        writer.event(event, range);
    }
    writer.builder.close();
}

/// The text with a line feed for each lone carriage return, byte for byte: the parser loses what follows one in a heading.
fn with_line_feeds(source: String) -> String {
    if !source.contains('\r') {
        return source;
    }
    let mut rest = source.chars().peekable();
    let mut lines = String::with_capacity(source.len());
    while let Some(sign) = rest.next() {
        lines.push(if sign == '\r' && rest.peek() != Some(&'\n') { '\n' } else { sign });
    }
    lines
}

/// Lines that open or close a container of Docusaurus, MyST or Pandoc (`:::note`).
fn fences(source: &str) -> impl Iterator<Item = Range<usize>> {
    source.match_indices(":::").filter_map(|(at, _)| {
        let before = source[..at].trim_end_matches([' ', '\t']);
        let is_first = before.is_empty() || before.ends_with('\n');
        is_first.then(|| at..source[at..].find('\n').map_or(source.len(), |end| at + end))
    })
}

/// Lines past which a paragraph is taken for plain text.
const DUMP_LINES: usize = 30;

struct Writer<'a> {
    builder: &'a mut DocumentBuilder,
    source: &'a str,
    /// Where `source` begins in the origin.
    base: usize,
    tags: TemplateTags,
    /// The open block quotes; true for those that are somebody else's words.
    quotes: Vec<bool>,
    /// What introduces each list that is open.
    lists: Vec<Option<usize>>,
    /// The lead-in of the item that has begun and has no text yet.
    item: Option<Option<usize>>,
    /// How many open elements have text that is not read: images, struck-out words.
    unread: usize,
    /// Whether the open link's text is only its address; links do not nest.
    has_address_text: bool,
    /// What the open code block is written as.
    code: Option<BlockKind>,
    /// The HTML block that is open, as far as it was seen.
    html: Option<Range<usize>>,
    /// Whether all that the open block holds are commands or names set as code.
    is_all_code: bool,
    /// What breaks the text before what comes next.
    pending: html::Break,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => self.code_span(&code, range),
            Event::Html(_) => {
                let start = self.html.as_ref().map_or(range.start, |html| html.start.min(range.start));
                self.html = Some(start..range.end);
            }
            Event::InlineHtml(tag) => {
                if let Some(body) = tag.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
                    self.builder.comment(self.base + range.start..self.base + range.end, body);
                }
                self.pending = self.pending.max(html::break_of(&tag));
            }
            Event::SoftBreak => self.space(range),
            Event::HardBreak => self.pending = self.pending.max(html::Break::Line),
            Event::Rule => self.close(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.close(),
            Tag::Heading { .. } => self.open(BlockKind::Heading),
            Tag::BlockQuote(alert) => {
                self.close();
                // "> [!NOTE]" is GitHub's way to set off the author's own words.
                self.quotes.push(alert.is_none());
            }
            Tag::CodeBlock(code) => self.code_block(code),
            Tag::HtmlBlock => {
                self.close();
                self.html = Some(range.start..range.start);
            }
            Tag::List(_) => {
                self.close();
                self.lists.push(text::introduction(self.builder));
            }
            Tag::Item => {
                self.close();
                self.item = Some(self.lists.last().copied().flatten());
            }
            Tag::TableCell => self.open(BlockKind::TableCell),
            Tag::Image { .. } | Tag::Strikethrough | Tag::MetadataBlock(_) => self.unread += 1,
            Tag::Link { link_type, .. } => {
                self.has_address_text = matches!(link_type, LinkType::Autolink | LinkType::Email);
            }
            Tag::FootnoteDefinition(_)
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition => self.close(),
            Tag::Emphasis | Tag::Strong | Tag::Superscript | Tag::Subscript => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes.pop();
            }
            TagEnd::CodeBlock => {
                self.close();
                self.code = None;
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    html::blocks(self.builder, self.base + html.start..self.base + html.end);
                }
            }
            TagEnd::List(_) => {
                self.close();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.close();
                self.item = None;
            }
            TagEnd::Image | TagEnd::Strikethrough | TagEnd::MetadataBlock(_) => self.unread -= 1,
            TagEnd::Link => self.has_address_text = false,
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell => self.close(),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Superscript | TagEnd::Subscript => {}
        }
    }

    /// Whether a paragraph is plain text that only bears Markdown's name, such as the lines of a PDF: nobody writes a
    /// paragraph that long, and in text its lettered clauses and titles are found.
    fn is_dump(&self, range: &Range<usize>) -> bool {
        let is_top = self.quotes.is_empty() && self.lists.is_empty() && self.unread == 0;
        is_top && self.source[range.clone()].lines().nth(DUMP_LINES).is_some()
    }

    fn code_block(&mut self, code: &CodeBlockKind<'_>) {
        self.close();
        // MkDocs indents what belongs to "!!! note"; CommonMark takes that for code.
        let is_admonition = code.is_indented()
            && self.builder.blocks().last().is_some_and(|last| {
                let body = last.span.of(self.builder.text());
                body.starts_with("!!! ") || body.starts_with("??? ")
            });
        self.code = Some(if is_admonition { BlockKind::Paragraph } else { BlockKind::Code });
    }

    fn is_quoted(&self) -> bool {
        self.quotes.contains(&true)
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.is_all_code) {
            self.builder.set_kind(BlockKind::Code);
        }
        self.builder.close();
        self.pending = html::Break::None;
    }

    fn open(&mut self, kind: BlockKind) {
        self.close();
        if self.is_quoted() {
            return self.builder.open(BlockKind::Quote);
        }
        self.builder.open(kind);
    }

    /// Opens the block that running text belongs to: tight list items have no paragraph of their own.
    fn open_for_text(&mut self) {
        if self.builder.is_open() {
            return;
        }
        if self.is_quoted() {
            self.builder.open(BlockKind::Quote);
        } else if let Some(code) = self.code {
            self.builder.open(code);
        } else if let Some(lead_in) = self.item.take() {
            self.builder.open_under(BlockKind::ListItem, lead_in);
        } else {
            self.builder.open(BlockKind::Paragraph);
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if self.unread > 0 || self.has_address_text {
            return;
        }
        self.settle_break(text, range.start);
        self.open_for_text();
        self.is_all_code &= !text.contains(char::is_alphanumeric);
        let place = self.base + range.start..self.base + range.end;
        if self.source[range] == *text {
            self.tags.verbatim(self.builder, place);
        } else if !self.tags.contains(place.start) {
            self.builder.replaced(text, place);
        }
    }

    fn code_span(&mut self, code: &str, range: Range<usize>) {
        if self.unread > 0 {
            return;
        }
        self.settle_break(code, range.start);
        let is_new = !self.builder.is_open();
        self.open_for_text();
        self.is_all_code |= is_new && !self.is_quoted();
        let raw = &self.source[range.clone()];
        let ticks = raw.len() - raw.trim_start_matches('`').len();
        // Before a lone carriage return the parser takes more for a span than what its backticks enclose.
        let closed = raw.rfind('`').map_or(raw.len(), |last| last + 1);
        let inner = range.start + ticks..range.start + closed.saturating_sub(ticks).max(ticks);
        let body = &self.source[inner.clone()];
        // Markdown takes one blank off either end, and makes blanks of line breaks.
        let pad = usize::from(body.len() == code.len() + 2);
        if body.get(pad..body.len() - pad).is_some_and(|body| body.len() == code.len()) {
            self.tags.verbatim(self.builder, self.base + inner.start + pad..self.base + inner.end - pad);
        } else {
            self.builder.replaced(code, self.base + range.start..self.base + range.end);
        }
    }

    fn space(&mut self, range: Range<usize>) {
        if self.builder.is_open() && self.unread == 0 {
            self.builder.replaced(" ", self.base + range.start..self.base + range.end);
        }
    }

    /// A hard line break or `<br>` ends a block of its own kind, unless the sentence plainly goes on; the tag of an HTML
    /// block, as in a table's cell, ends it always.
    fn settle_break(&mut self, next: &str, at: usize) {
        let pending = std::mem::take(&mut self.pending);
        if !self.builder.is_open() {
            return;
        }
        let goes_on = next.starts_with(char::is_lowercase) && !self.builder.text().ends_with(['.', '!', '?', ':', ';']);
        match pending {
            html::Break::None => {}
            html::Break::Line if goes_on => self.space(at..at),
            html::Break::Line | html::Break::Block => {
                self.is_all_code = false;
                self.builder.split();
            }
        }
    }
}
