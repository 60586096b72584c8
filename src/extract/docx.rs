//! Word, Office Open XML.
//!
//! Owns what the elements of the main part, the styles and the notes mean. The text is that which the document says
//! with all its changes accepted: deleted and moved-away text is left out, inserted text is in; hidden text, tables of
//! contents, comments, headers and footers are left out; notes follow the body. Text boxes are read once though files
//! carry them twice.

use super::zipped::{self, Package, Paragraph};
use super::{ExtractError, Limits};
use crate::document::{BlockKind, Document};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

const FORMAT: &str = "docx";
/// Styles are based on styles; a longer chain is a loop.
const MAX_STYLE_CHAIN: usize = 16;

/// Reads one document.
pub(super) fn extract(bytes: &[u8], limits: &Limits) -> Result<Document, ExtractError> {
    let mut package = Package::open(bytes, FORMAT, limits)?;
    let (main, xml) = main_part(&mut package)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let styles = match package.xml(&beside("styles.xml"))? {
        Some(xml) => Styles::read(&xml),
        None => Styles::default(),
    };
    let mut body = Body::new(&styles);
    let mut warnings = Vec::new();
    if let Err(error) = body.read(&xml) {
        if body.paragraphs.is_empty() {
            return Err(ExtractError::Broken { format: FORMAT, reason: format!("its XML is damaged: {error}") });
        }
        warnings.push("its XML is damaged; what stands before the damage was read".to_owned());
    }
    for notes in ["footnotes.xml", "endnotes.xml"] {
        if let Some(xml) = package.xml(&beside(notes))?
            && body.read(&xml).is_err()
        {
            warnings.push(format!("the XML of {notes} is damaged"));
        }
    }
    let mut skipped = Vec::new();
    if body.chunks > 0 {
        skipped.push(format!("{} embedded document(s) of another format (altChunk)", body.chunks));
    }
    skipped.extend(package.names_in(&beside("embeddings/")).iter().map(|name| format!("embedded file {name}")));
    let paragraphs = body.paragraphs;
    Ok(Document { warnings, skipped, ..zipped::document(&paragraphs) })
}

/// The name and the XML of the main part: where it always is, or where the package says.
fn main_part(package: &mut Package<'_>) -> Result<(String, String), ExtractError> {
    let usual = "word/document.xml";
    if let Some(xml) = package.xml(usual)? {
        return Ok((usual.to_owned(), xml));
    }
    let missing = || ExtractError::Broken { format: FORMAT, reason: "it has no main part".into() };
    let relations = package.xml("_rels/.rels")?.ok_or_else(missing)?;
    let mut reader = zipped::reader(&relations);
    let mut target = None;
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(element) | Event::Empty(element) => {
                let is_main = zipped::attribute(&element, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"));
                if is_main {
                    target = zipped::attribute(&element, "Target");
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let name = target.ok_or_else(missing)?.trim_start_matches('/').to_owned();
    let xml = package.xml(&name)?.ok_or_else(missing)?;
    Ok((name, xml))
}

/// What a style says of its paragraphs.
#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    has_outline: bool,
    has_numbering: bool,
    is_hidden: bool,
}

#[derive(Debug, Default)]
struct Styles(BTreeMap<String, Style>);

/// What a paragraph is by its style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Kind(BlockKind),
    /// A line of a table of contents, said again by its heading.
    Contents,
}

impl Styles {
    fn read(xml: &str) -> Self {
        let mut styles = BTreeMap::new();
        let mut open: Option<(String, Style)> = None;
        let mut reader = zipped::reader(xml);
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(element) | Event::Empty(element) => match (element.local_name().as_ref(), &mut open) {
                    ("style", _) => {
                        styles.extend(open.take());
                        open = zipped::attribute(&element, "styleId").map(|id| (id, Style::default()));
                    }
                    ("name", Some((_, style))) => {
                        style.name = zipped::attribute(&element, "val").unwrap_or_default().to_lowercase();
                    }
                    ("basedOn", Some((_, style))) => style.based_on = zipped::attribute(&element, "val"),
                    ("outlineLvl", Some((_, style))) => style.has_outline = is_outline(&element),
                    ("numId", Some((_, style))) => style.has_numbering = is_numbered(&element),
                    ("vanish", Some((_, style))) => style.is_hidden = is_on(&element),
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        styles.extend(open);
        Self(styles)
    }

    /// The style and those that it is based on.
    fn chain(&self, id: &str) -> Vec<&Style> {
        let mut chain = Vec::new();
        let mut next = self.0.get(id);
        while let Some(style) = next
            && chain.len() < MAX_STYLE_CHAIN
        {
            chain.push(style);
            next = style.based_on.as_ref().and_then(|id| self.0.get(id));
        }
        chain
    }

    fn is_hidden(&self, id: &str) -> bool {
        self.chain(id).iter().any(|style| style.is_hidden)
    }

    fn role(&self, id: &str) -> Role {
        let chain = self.chain(id);
        let lower = id.to_lowercase();
        let names: Vec<&str> =
            if chain.is_empty() { vec![lower.as_str()] } else { chain.iter().map(|s| s.name.as_str()).collect() };
        for name in names {
            if name.starts_with("toc") && !name.contains("heading") || name == "table of figures" {
                return Role::Contents;
            }
            if name.starts_with("heading") || name == "title" || name == "subtitle" || name == "toc heading" {
                return Role::Kind(BlockKind::Heading);
            }
            if name.contains("quote") || name == "block text" {
                return Role::Kind(BlockKind::Quote);
            }
            if name.contains("source code") || name.contains("preformatted") || name == "code" || name == "macro text" {
                return Role::Kind(BlockKind::Code);
            }
            if ["list bullet", "list number", "listbullet", "listnumber"].iter().any(|list| name.starts_with(list)) {
                return Role::Kind(BlockKind::ListItem);
            }
        }
        if chain.iter().any(|style| style.has_outline) {
            return Role::Kind(BlockKind::Heading);
        }
        if chain.iter().any(|style| style.has_numbering) {
            return Role::Kind(BlockKind::ListItem);
        }
        Role::Kind(BlockKind::Paragraph)
    }
}

/// On unless it says otherwise, as all switches of the format are.
fn is_on(element: &BytesStart<'_>) -> bool {
    zipped::attribute(element, "val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"))
}

fn is_outline(element: &BytesStart<'_>) -> bool {
    zipped::attribute(element, "val").and_then(|value| value.parse::<u8>().ok()).is_some_and(|level| level < 9)
}

fn is_numbered(element: &BytesStart<'_>) -> bool {
    zipped::attribute(element, "val").is_some_and(|value| value != "0")
}

/// A paragraph whose end has not come yet.
struct Open {
    paragraph: Paragraph,
    role: Role,
    is_numbered: bool,
    is_heading: bool,
    /// Text that a deleted paragraph mark joins to the next paragraph.
    joins_next: bool,
}

/// Reads the body and, after it, the notes.
struct Body<'a> {
    styles: &'a Styles,
    paragraphs: Vec<Paragraph>,
    /// Paragraphs within paragraphs: a text box stands in a run.
    open: Vec<Open>,
    /// How many table cells are open.
    cells: usize,
    /// Text of a paragraph that goes on in the next one.
    carried: Option<Paragraph>,
    chunks: usize,
    /// The table row that is open was deleted.
    in_deleted_row: bool,
}

/// Elements whose content is not the document's text.
fn is_skipped(name: &str, element: &BytesStart<'_>) -> bool {
    match name {
        "del" | "moveFrom" | "Fallback" | "pPrChange" | "rPrChange" | "sectPr" | "rt" | "binData" | "fldData" => true,
        "footnote" | "endnote" => zipped::attribute(element, "type").is_some_and(|kind| kind != "normal"),
        _ => false,
    }
}

impl<'a> Body<'a> {
    const fn new(styles: &'a Styles) -> Self {
        Self {
            styles,
            paragraphs: Vec::new(),
            open: Vec::new(),
            cells: 0,
            carried: None,
            chunks: 0,
            in_deleted_row: false,
        }
    }

    fn read(&mut self, xml: &str) -> Result<(), quick_xml::Error> {
        let mut reader = zipped::reader(xml);
        // Elements open below the one that is skipped, itself included.
        let mut skipped = 0_usize;
        let mut in_text = false;
        let mut in_run_properties = false;
        let mut in_paragraph_properties = false;
        let mut in_row_properties = false;
        let mut is_hidden = false;
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
                Event::Start(element) => {
                    let name = element.name();
                    let (prefix, name) = name.as_ref().split_once(':').unwrap_or(("", name.as_ref()));
                    if is_skipped(name, &element) {
                        skipped = 1;
                        if in_paragraph_properties && matches!(name, "del" | "moveFrom") {
                            self.join_next();
                        }
                        continue;
                    }
                    match name {
                        "p" if !matches!(prefix, "a" | "m") => self.start_paragraph(),
                        "tc" => self.cells += 1,
                        "r" if prefix != "m" => is_hidden = false,
                        "t" => in_text = !matches!(prefix, "a" | "m"),
                        "rPr" => in_run_properties = true,
                        "pPr" => in_paragraph_properties = true,
                        "trPr" => in_row_properties = true,
                        _ => self.property(name, &element, in_run_properties, in_paragraph_properties, &mut is_hidden),
                    }
                }
                Event::Empty(element) => {
                    let name = element.name();
                    let (_, name) = name.as_ref().split_once(':').unwrap_or(("", name.as_ref()));
                    match name {
                        "del" if in_row_properties => self.in_deleted_row = true,
                        "del" | "moveFrom" if in_paragraph_properties => self.join_next(),
                        _ => self.property(name, &element, in_run_properties, in_paragraph_properties, &mut is_hidden),
                    }
                }
                Event::End(element) => match element.local_name().as_ref() {
                    "p" => self.end_paragraph(),
                    "tc" => self.cells = self.cells.saturating_sub(1),
                    "t" => in_text = false,
                    "rPr" => in_run_properties = false,
                    "pPr" => in_paragraph_properties = false,
                    "trPr" => in_row_properties = false,
                    "tr" => self.in_deleted_row = false,
                    _ => {}
                },
                Event::Text(text) if in_text && !is_hidden => self.push(&text.xml10_content()),
                Event::CData(text) if in_text && !is_hidden => self.push(&text.xml10_content()),
                Event::GeneralRef(reference) if in_text && !is_hidden => {
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

    /// Elements that stand for a character, or say something of their run or paragraph.
    fn property(
        &mut self,
        name: &str,
        element: &BytesStart<'_>,
        in_run: bool,
        in_paragraph: bool,
        is_hidden: &mut bool,
    ) {
        match name {
            "tab" | "br" | "cr" | "ptab" if !in_run && !in_paragraph && !*is_hidden => self.push(" "),
            "noBreakHyphen" if !*is_hidden => self.push("-"),
            "vanish" | "webHidden" if in_run && !in_paragraph => *is_hidden |= name == "vanish" && is_on(element),
            "rStyle" if in_run && !in_paragraph => {
                *is_hidden |= zipped::attribute(element, "val").is_some_and(|id| self.styles.is_hidden(&id));
            }
            "pStyle" if in_paragraph => {
                let role = zipped::attribute(element, "val").map(|id| self.styles.role(&id));
                if let (Some(open), Some(role)) = (self.open.last_mut(), role) {
                    open.role = role;
                }
            }
            "numId" if in_paragraph => {
                if let Some(open) = self.open.last_mut() {
                    open.is_numbered = is_numbered(element);
                    // A style's numbering can be taken away again.
                    if !open.is_numbered && open.role == Role::Kind(BlockKind::ListItem) {
                        open.role = Role::Kind(BlockKind::Paragraph);
                    }
                }
            }
            "ilvl" if in_paragraph => {
                let level = zipped::attribute(element, "val").and_then(|value| value.parse().ok()).unwrap_or(0);
                if let Some(open) = self.open.last_mut() {
                    open.paragraph.level = level;
                }
            }
            "outlineLvl" if in_paragraph => {
                if let Some(open) = self.open.last_mut() {
                    open.is_heading = is_outline(element);
                }
            }
            "altChunk" => self.chunks += 1,
            _ => {}
        }
    }

    fn start_paragraph(&mut self) {
        let carried = if self.open.is_empty() { self.carried.take() } else { None };
        self.open.push(Open {
            paragraph: Paragraph { text: carried.map(|carried| carried.text).unwrap_or_default(), ..Paragraph::new() },
            role: Role::Kind(BlockKind::Paragraph),
            is_numbered: false,
            is_heading: false,
            joins_next: false,
        });
    }

    fn join_next(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.joins_next = true;
        }
    }

    fn end_paragraph(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let mut paragraph = open.paragraph;
        let Role::Kind(kind) = open.role else { return };
        if self.in_deleted_row && self.cells > 0 {
            return;
        }
        paragraph.kind = match kind {
            BlockKind::Paragraph | BlockKind::ListItem if open.is_heading => BlockKind::Heading,
            BlockKind::Paragraph if open.is_numbered => BlockKind::ListItem,
            BlockKind::Paragraph | BlockKind::Heading if self.cells > 0 => BlockKind::TableCell,
            kind => kind,
        };
        if open.joins_next && self.open.is_empty() {
            self.carried = Some(paragraph);
        } else {
            self.paragraphs.push(paragraph);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.paragraph.push(text);
        }
    }

    /// Closes what a damaged file left open.
    fn finish(&mut self) {
        while !self.open.is_empty() {
            self.end_paragraph();
        }
        self.paragraphs.extend(self.carried.take());
        self.cells = 0;
    }
}
