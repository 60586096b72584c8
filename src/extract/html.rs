//! HTML: the text that a browser would show.
//!
//! Owns what ends a block, what is hidden and what is not the page's own text. Tokens come from the crate; elements are
//! kept on a list, so that nesting costs nothing.

use super::decode::Decoded;
use super::template::TemplateTags;
use super::{front_matter, text};
use crate::document::{BlockKind, Document, DocumentBuilder};
use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};
use std::ops::Range;

/// Reads a whole file.
pub(super) fn extract(decoded: Decoded) -> Document {
    super::whole(decoded, |builder, range| {
        // The template of a page may have it as well.
        let start = range.start + front_matter::end(&builder.origin().text[range.clone()]);
        blocks(builder, start..range.end);
    })
}

/// Appends the blocks of `range` of the builder's origin.
pub(super) fn blocks(builder: &mut DocumentBuilder, range: Range<usize>) {
    builder.close();
    let tags = TemplateTags::find(&builder.origin().text, range.clone());
    // A copy, since tokens borrow the source while blocks are written.
    let source = tags.masked(&builder.origin().text, range.clone());
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut writer = Writer {
        builder,
        source: &source,
        base: range.start,
        tags,
        open: Vec::new(),
        counts: [0; 3],
        hidden: None,
        lists: Vec::new(),
        item: None,
        has_space: true,
        breaks: 0,
    };
    for token in Tokenizer::new_with_emitter(source.as_str(), emitter).flatten() {
        writer.token(&token);
    }
    writer.builder.close();
}

/// What an element does to the text in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    /// Part of a sentence: `em`, `a`, `code` and whatever is unknown.
    Inline,
    /// Not shown or not prose.
    Skipped,
    Break,
    /// An end of a block without an element to close: `hr`.
    Rule,
    Block,
    Paragraph,
    Heading,
    List,
    Item,
    Row,
    Cell,
    Quote,
    Preformatted,
    Footer,
}

fn element(name: &[u8]) -> Element {
    match name {
        b"script" | b"style" | b"template" | b"noscript" | b"svg" | b"math" | b"nav" | b"select" | b"datalist"
        | b"object" | b"iframe" | b"canvas" | b"audio" | b"video" | b"button" | b"textarea" | b"noframes"
        | b"title" | b"rp" | b"rt" | b"del" | b"xml" | b"map" => Element::Skipped,
        b"br" => Element::Break,
        b"hr" => Element::Rule,
        b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"caption" | b"summary" | b"legend" => Element::Heading,
        b"p" => Element::Paragraph,
        b"address" | b"article" | b"aside" | b"body" | b"center" | b"dd" | b"details" | b"dialog" | b"dir" | b"div"
        | b"dl" | b"dt" | b"fieldset" | b"figure" | b"figcaption" | b"form" | b"head" | b"header" | b"hgroup"
        | b"html" | b"main" | b"menu" | b"section" | b"table" | b"tbody" | b"tfoot" | b"thead" => Element::Block,
        b"ul" | b"ol" => Element::List,
        b"li" => Element::Item,
        b"tr" => Element::Row,
        b"td" | b"th" => Element::Cell,
        b"blockquote" => Element::Quote,
        b"pre" | b"xmp" | b"listing" | b"plaintext" => Element::Preformatted,
        b"footer" => Element::Footer,
        _ => Element::Inline,
    }
}

/// What a tag in the middle of Markdown's text does to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    #[default]
    None,
    /// `<br>`.
    Line,
    /// A tag that begins or ends a block: `<li>`, `</p>`.
    Block,
}

/// The break that a tag makes.
pub(super) fn break_of(tag: &str) -> Break {
    let name = tag.trim_start_matches(['<', '/']);
    let name = &name[..name.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    match element(name.to_ascii_lowercase().as_bytes()) {
        Element::Inline | Element::Skipped => Break::None,
        Element::Break => Break::Line,
        Element::Rule
        | Element::Block
        | Element::Paragraph
        | Element::Heading
        | Element::List
        | Element::Item
        | Element::Row
        | Element::Cell
        | Element::Quote
        | Element::Preformatted
        | Element::Footer => Break::Block,
    }
}

fn is_void(name: &[u8]) -> bool {
    matches!(name, b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link" | b"meta")
        || matches!(name, b"source" | b"track" | b"wbr" | b"param")
}

fn is_hidden(tag: &StartTag<usize>) -> bool {
    if tag.attributes.is_empty() {
        return false;
    }
    let value = |name: &[u8]| tag.attributes.get(&HtmlString(name.to_vec())).map(|value| value.0.to_ascii_lowercase());
    if value(b"hidden").is_some() || value(b"aria-hidden").is_some_and(|value| value == b"true") {
        return true;
    }
    let style: Vec<u8> = value(b"style").unwrap_or_default();
    let style: String = style.into_iter().filter(|byte| !byte.is_ascii_whitespace()).map(char::from).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

/// How far up the open elements an end is looked for. Past it the page is so broken that it no longer matters, and
/// without a limit unclosed elements cost quadratic time.
const REACH: usize = 128;

struct Writer<'a> {
    builder: &'a mut DocumentBuilder,
    source: &'a str,
    /// Where `source` begins in the origin.
    base: usize,
    tags: TemplateTags,
    /// The open elements that are not inline.
    open: Vec<Element>,
    /// How many of them are quotes, preformatted and footers.
    counts: [usize; 3],
    /// The element that hides what is inside, and how many of its name are open.
    hidden: Option<(Vec<u8>, usize)>,
    /// What introduces each list that is open.
    lists: Vec<Option<usize>>,
    /// The lead-in of the item that has begun and has no text yet.
    item: Option<Option<usize>>,
    /// Whether the text so far ends in white space.
    has_space: bool,
    /// Line breaks since the last text.
    breaks: usize,
}

impl Writer<'_> {
    fn token(&mut self, token: &Token<usize>) {
        match token {
            Token::StartTag(tag) => self.start(tag),
            Token::EndTag(tag) => self.end(&tag.name),
            Token::String(text) if self.hidden.is_none() => self.text(text.span.start..text.span.end),
            Token::Comment(comment) => {
                let place = self.base + comment.span.start..self.base + comment.span.end;
                self.builder.comment(place, &String::from_utf8_lossy(&comment.value));
            }
            Token::String(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name: &[u8] = &tag.name;
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name {
                *depth += 1;
            } else if name == b"body" {
                self.hidden = None;
            }
            return;
        }
        let element = element(name);
        if element == Element::Skipped || is_hidden(tag) {
            if !is_void(name) && !tag.self_closing {
                self.hidden = Some((name.to_vec(), 1));
            }
            return;
        }
        match element {
            Element::Inline | Element::Skipped => return,
            Element::Break => {
                self.breaks += 1;
                return;
            }
            Element::Rule => return self.close(),
            Element::Item => self.pop_to(Element::Item, &[Element::List]),
            Element::Row => self.pop_to(Element::Row, &[Element::Block]),
            Element::Cell => self.pop_to(Element::Cell, &[Element::Row, Element::Block]),
            Element::Block
            | Element::Paragraph
            | Element::Heading
            | Element::List
            | Element::Quote
            | Element::Preformatted
            | Element::Footer => {}
        }
        self.close();
        // A paragraph ends where the next block begins, whether it says so or not.
        if self.open.last() == Some(&Element::Paragraph) {
            self.pop();
        }
        if element == Element::List {
            self.lists.push(text::introduction(self.builder));
        }
        if element == Element::Item {
            self.item = Some(self.lists.last().copied().flatten());
        }
        if let Some(count) = Self::counted(element) {
            self.counts[count] += 1;
        }
        self.open.push(element);
    }

    fn end(&mut self, name: &[u8]) {
        if let Some((hidden, depth)) = &mut self.hidden {
            if hidden == name {
                *depth -= 1;
            }
            if *depth == 0 || name == b"body" {
                self.hidden = None;
            }
            return;
        }
        match element(name) {
            Element::Inline | Element::Skipped | Element::Rule => {}
            Element::Break => self.breaks += 1,
            element => {
                self.close();
                self.pop_to(element, &[]);
            }
        }
    }

    const fn counted(element: Element) -> Option<usize> {
        match element {
            Element::Quote => Some(0),
            Element::Preformatted => Some(1),
            Element::Footer => Some(2),
            Element::Inline
            | Element::Skipped
            | Element::Break
            | Element::Rule
            | Element::Block
            | Element::Paragraph
            | Element::Heading
            | Element::List
            | Element::Item
            | Element::Row
            | Element::Cell => None,
        }
    }

    /// Closes the innermost `element` and all in it, unless one of `limits` is further in.
    fn pop_to(&mut self, element: Element, limits: &[Element]) {
        let found = self.open.iter().rev().take(REACH).position(|at| *at == element || limits.contains(at));
        if let Some(up) = found
            && self.open[self.open.len() - 1 - up] == element
        {
            for _ in 0..=up {
                self.pop();
            }
        }
    }

    fn pop(&mut self) {
        let Some(element) = self.open.pop() else { return };
        if element == Element::List {
            self.lists.pop();
        }
        if let Some(count) = Self::counted(element) {
            self.counts[count] -= 1;
        }
    }

    fn close(&mut self) {
        self.builder.close();
        self.has_space = true;
        self.breaks = 0;
    }

    fn open_block(&mut self) {
        let [quotes, preformatted, footers] = self.counts;
        let (kind, lead_in) = match self.open.last() {
            _ if quotes > 0 => (BlockKind::Quote, None),
            _ if preformatted > 0 => (BlockKind::Code, None),
            _ if footers > 0 => (BlockKind::Disclaimer, None),
            Some(Element::Heading) => (BlockKind::Heading, None),
            Some(Element::Cell) => (BlockKind::TableCell, None),
            Some(_) | None => match self.item.take() {
                Some(lead_in) => (BlockKind::ListItem, lead_in),
                None => (BlockKind::Paragraph, None),
            },
        };
        self.builder.open_under(kind, lead_in);
    }

    fn text(&mut self, range: Range<usize>) {
        let is_preformatted = self.counts[1] > 0;
        let raw = &self.source[range.clone()];
        let is_blank = raw.bytes().all(|byte| byte.is_ascii_whitespace());
        if is_blank && (!self.builder.is_open() || self.has_space) {
            return;
        }
        if self.breaks > 0 && !is_blank {
            self.line_break(range.clone());
        }
        if !self.builder.is_open() {
            self.open_block();
        }
        // Runs of verbatim text, cut where white space is more than one blank and where an entity stands.
        let bytes = self.source.as_bytes();
        let (mut at, mut from) = (range.start, range.start);
        while at < range.end {
            match bytes[at] {
                b'&' => {
                    self.verbatim(from..at);
                    let len = entity(&self.source[at..range.end]);
                    self.entity(at..at + len);
                    at += len;
                    from = at;
                    self.has_space = false;
                }
                byte if byte.is_ascii_whitespace() && !is_preformatted => {
                    let len = bytes[at..range.end].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                    if self.has_space || len > 1 || byte != b' ' {
                        self.verbatim(from..at);
                        if !self.has_space {
                            self.builder.replaced(" ", self.base + at..self.base + at + len);
                        }
                        from = at + len;
                    }
                    at += len;
                    self.has_space = true;
                }
                _ => {
                    at += 1;
                    self.has_space = false;
                }
            }
        }
        self.verbatim(from..range.end);
    }

    fn verbatim(&mut self, range: Range<usize>) {
        self.tags.verbatim(self.builder, self.base + range.start..self.base + range.end);
    }

    /// A line break ends a sentence, unless the text was wrapped before it became HTML.
    fn line_break(&mut self, next: Range<usize>) {
        let at = self.base + next.start;
        let next = &self.source[next];
        let goes_on = next.trim_start().starts_with(char::is_lowercase)
            && !self.builder.text().ends_with(['.', '!', '?', ':', ';']);
        let breaks = std::mem::take(&mut self.breaks);
        if self.counts[1] > 0 || breaks == 1 && goes_on {
            if self.builder.is_open() && !self.has_space {
                self.builder.replaced(" ", at..at);
                self.has_space = true;
            }
        } else {
            self.builder.close();
            self.has_space = true;
        }
    }

    fn entity(&mut self, range: Range<usize>) {
        let raw = &self.source[range.clone()];
        let place = self.base + range.start..self.base + range.end;
        match raw {
            "&amp;" => self.builder.replaced("&", place),
            "&nbsp;" => self.builder.replaced("\u{A0}", place),
            "&lt;" => self.builder.replaced("<", place),
            "&gt;" => self.builder.replaced(">", place),
            "&quot;" => self.builder.replaced("\"", place),
            "&" => self.builder.verbatim(place),
            _ => {
                let decoded: Vec<u8> = Tokenizer::new(raw)
                    .flatten()
                    .filter_map(|token| match token {
                        Token::String(text) => Some(text.value.0),
                        Token::StartTag(_)
                        | Token::EndTag(_)
                        | Token::Comment(_)
                        | Token::Doctype(_)
                        | Token::Error(_) => None,
                    })
                    .flatten()
                    .collect();
                self.builder.replaced(&String::from_utf8_lossy(&decoded), place);
            }
        }
    }
}

/// Bytes of the character reference that `text` begins with; 1 where the ampersand is one.
fn entity(text: &str) -> usize {
    let bytes = text.as_bytes();
    let name = bytes[1..].iter().take(40).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    match bytes.get(1 + name) {
        _ if name == 0 => 1,
        Some(b';') => name + 2,
        Some(_) | None => name + 1,
    }
}
