//! OpenDocument text.
//!
//! Owns what the elements of `content.xml` and the styles mean. Tracked deletions, comments, indexes and hidden text
//! are left out; notes follow the body; a text box is read where it is anchored.

use super::zipped::{self, Package, Paragraph};
use super::{ExtractError, Limits};
use crate::document::{BlockKind, Document};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

const FORMAT: &str = "odt";
/// Styles have parents; a longer line is a loop.
const MAX_STYLE_CHAIN: usize = 16;
/// One element may stand for many spaces; no one needs more.
const MAX_SPACES: usize = 8;

/// Reads one document.
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Result<Document, ExtractError> {
    let mut package = Package::open(bytes, FORMAT, limits)?;
    // What is encrypted still unpacks, to noise.
    if package.xml("META-INF/manifest.xml")?.is_some_and(|xml| xml.contains("encryption-data")) {
        return Err(ExtractError::Protected);
    }
    let Some(content) = package.xml("content.xml")? else {
        return Err(ExtractError::Broken { format: FORMAT, reason: "it has no content.xml".into() });
    };
    let mut styles = Styles::default();
    if let Some(xml) = package.xml("styles.xml")? {
        styles.read(&xml);
    }
    styles.read(&content);
    let mut body = Body::new(&styles);
    let mut warnings = Vec::new();
    if let Err(error) = body.read(&content) {
        if body.paragraphs.is_empty() {
            return Err(ExtractError::Broken { format: FORMAT, reason: format!("its XML is damaged: {error}") });
        }
        warnings.push("its XML is damaged; what stands before the damage was read".to_owned());
    }
    let mut paragraphs = body.paragraphs;
    paragraphs.append(&mut body.notes);
    let skipped = package
        .names_in("Object ")
        .iter()
        .filter_map(|name| name.split_once('/'))
        .filter(|(_, rest)| *rest == "content.xml")
        .map(|(object, _)| format!("embedded object {object}"))
        .collect();
    Ok(Document { warnings, skipped, ..zipped::document(&paragraphs) })
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    is_hidden: bool,
}

#[derive(Debug, Default)]
struct Styles(BTreeMap<String, Style>);

impl Styles {
    fn read(&mut self, xml: &str) {
        let mut reader = zipped::reader(xml);
        let mut last: Option<String> = None;
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                    "style:style" => {
                        last = zipped::attribute(&element, "name");
                        if let Some(name) = &last {
                            let parent = zipped::attribute(&element, "parent-style-name");
                            self.0.insert(name.clone(), Style { parent, is_hidden: false });
                        }
                    }
                    "style:text-properties" => {
                        let is_hidden = element.attributes().with_checks(false).flatten().any(|attribute| {
                            attribute.key.as_ref() == "text:display" && attribute.value.as_ref() == "none"
                        });
                        if let Some(style) = last.as_ref().and_then(|name| self.0.get_mut(name)) {
                            style.is_hidden |= is_hidden;
                        }
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
    }

    fn is_hidden(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|style| style.is_hidden)
    }

    fn kind(&self, name: &str) -> BlockKind {
        let mut next = Some(name.to_owned());
        for _ in 0..MAX_STYLE_CHAIN {
            let Some(name) = next else { break };
            let plain = name.replace("_20_", " ").to_lowercase();
            if plain.starts_with("quot") || plain == "block text" {
                return BlockKind::Quote;
            }
            if plain.starts_with("preformatted") || plain.contains("source code") {
                return BlockKind::Code;
            }
            if plain.starts_with("heading") || plain == "title" || plain == "subtitle" {
                return BlockKind::Heading;
            }
            if plain.starts_with("list bullet") || plain.starts_with("list number") {
                return BlockKind::ListItem;
            }
            next = self.0.get(&name).and_then(|style| style.parent.clone());
        }
        BlockKind::Paragraph
    }
}

/// Elements whose content is not the document's text.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "text:tracked-changes"
            | "text:note-citation"
            | "text:table-of-content"
            | "text:illustration-index"
            | "text:table-index"
            | "text:object-index"
            | "text:user-index"
            | "text:alphabetical-index"
            | "text:ruby-text"
            | "text:hidden-paragraph"
            | "text:hidden-text"
            | "text:sequence-decls"
            | "text:variable-decls"
            | "text:page-number"
            | "office:annotation"
            | "office:forms"
            | "office:scripts"
            | "office:binary-data"
            | "svg:title"
            | "svg:desc"
    )
}

/// A paragraph whose end has not come yet.
struct Open {
    paragraph: Paragraph,
    is_note: bool,
}

struct Body<'a> {
    styles: &'a Styles,
    paragraphs: Vec<Paragraph>,
    notes: Vec<Paragraph>,
    /// Paragraphs within paragraphs: notes and text boxes are anchored in one.
    open: Vec<Open>,
    lists: u32,
    cells: usize,
    /// How many notes are open; text in one does not belong to the paragraph that it is anchored in.
    in_notes: usize,
}

impl<'a> Body<'a> {
    const fn new(styles: &'a Styles) -> Self {
        Self { styles, paragraphs: Vec::new(), notes: Vec::new(), open: Vec::new(), lists: 0, cells: 0, in_notes: 0 }
    }

    fn read(&mut self, xml: &str) -> Result<(), quick_xml::Error> {
        let mut reader = zipped::reader(xml);
        let mut skipped = 0_usize;
        let mut in_body = false;
        loop {
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    self.finish();
                    return Err(error);
                }
            };
            match event {
                Event::Eof => break,
                Event::Start(_) if skipped > 0 => skipped += 1,
                Event::End(_) if skipped > 0 => skipped -= 1,
                _ if skipped > 0 => {}
                Event::Start(element) if element.name().as_ref() == "office:body" => in_body = true,
                Event::End(element) if element.name().as_ref() == "office:body" => in_body = false,
                _ if !in_body => {}
                Event::Start(element) => {
                    let is_hidden = element.name().as_ref() == "text:span"
                        && zipped::attribute(&element, "style-name").is_some_and(|name| self.styles.is_hidden(&name));
                    if is_hidden || is_skipped(element.name().as_ref()) {
                        skipped = 1;
                    } else {
                        self.start(&element);
                    }
                }
                Event::Empty(element) => self.character(&element),
                Event::End(element) => match element.name().as_ref() {
                    "text:p" | "text:h" => self.end_paragraph(),
                    "text:list" => self.lists = self.lists.saturating_sub(1),
                    "table:table-cell" => self.cells = self.cells.saturating_sub(1),
                    "text:note" => self.in_notes = self.in_notes.saturating_sub(1),
                    _ => {}
                },
                Event::Text(text) => self.push(&text.xml10_content()),
                Event::CData(text) => self.push(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    if let Some(character) = zipped::resolved(&reference) {
                        self.push(character.encode_utf8(&mut [0; 4]));
                    }
                }
                _ => {}
            }
        }
        self.finish();
        Ok(())
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        match element.name().as_ref() {
            "text:p" | "text:h" => {
                let is_heading = element.name().as_ref() == "text:h";
                let style = zipped::attribute(element, "style-name");
                let kind = style.as_deref().map_or(BlockKind::Paragraph, |name| self.styles.kind(name));
                let is_note = self.in_notes > 0;
                let kind = match kind {
                    _ if is_heading => BlockKind::Heading,
                    BlockKind::Paragraph if self.lists > 0 && !is_note => BlockKind::ListItem,
                    BlockKind::Paragraph | BlockKind::Heading if self.cells > 0 && !is_note => BlockKind::TableCell,
                    kind => kind,
                };
                let paragraph = Paragraph { kind, level: self.lists.saturating_sub(1), ..Paragraph::new() };
                self.open.push(Open { paragraph, is_note });
            }
            "text:list" => self.lists += 1,
            "table:table-cell" => self.cells += 1,
            "text:note" => self.in_notes += 1,
            _ => self.character(element),
        }
    }

    /// Elements that stand for white space.
    fn character(&mut self, element: &BytesStart<'_>) {
        match element.name().as_ref() {
            "text:s" => {
                let count = zipped::attribute(element, "c").and_then(|count| count.parse().ok()).unwrap_or(1);
                self.push(&" ".repeat(std::cmp::min(count, MAX_SPACES)));
            }
            "text:tab" | "text:line-break" => self.push(" "),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        let in_notes = self.in_notes > 0;
        // White space between a note's elements would else land in the paragraph around it.
        if let Some(open) = self.open.last_mut().filter(|open| open.is_note == in_notes) {
            open.paragraph.push(text);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if open.is_note { self.notes.push(open.paragraph) } else { self.paragraphs.push(open.paragraph) }
    }

    fn finish(&mut self) {
        while !self.open.is_empty() {
            self.end_paragraph();
        }
    }
}
