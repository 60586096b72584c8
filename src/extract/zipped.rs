//! What the zipped formats of word processors share: members read within limits, XML read leniently, and the document
//! out of paragraphs.
//!
//! Leaves to `docx` and `odt` what their elements mean. Nothing here recurses over the input, nothing is fetched and no
//! entity but the five of XML and numeric ones is resolved.

use super::limits::RATIO_FREE;
use super::{ExtractError, Limit, Limits};
use crate::document::{BlockKind, Document, DocumentBuilder, Origin, Places};
use quick_xml::events::{BytesRef, BytesStart};
use quick_xml::{Reader, XmlVersion};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// What people type before the entries of a list.
const TYPED_BULLETS: [char; 6] = ['\u{2022}', '\u{25AA}', '\u{25CF}', '\u{25E6}', '\u{2023}', '\u{B7}'];
/// Names that are looked through for embedded files at most.
const MAX_NAMES: usize = 20_000;

/// The zip archive that a document is.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    format: &'static str,
    limits: &'a Limits,
    size: u64,
}

impl<'a> Package<'a> {
    /// Opens the archive; `format` is the name used in errors.
    pub(super) fn open(bytes: &'a [u8], format: &'static str, limits: &'a Limits) -> Result<Self, ExtractError> {
        let broken = |reason: &str| ExtractError::Broken { format, reason: reason.into() };
        match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => Ok(Self { archive, format, limits, size: bytes.len() as u64 }),
            Err(_) if bytes.starts_with(b"PK") => Err(broken("its zip archive is damaged or cut short")),
            Err(_) => Err(broken("it is not a zip archive")),
        }
    }

    /// The XML of a member; `None` if there is no such member.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let broken = |reason: String| ExtractError::Broken { format: self.format, reason };
        if self.archive.index_for_name(name).is_none() {
            return Ok(None);
        }
        let mut file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(zip::result::ZipError::InvalidPassword) => return Err(ExtractError::Protected),
            Err(zip::result::ZipError::UnsupportedArchive(reason)) if reason.to_lowercase().contains("password") => {
                return Err(ExtractError::Protected);
            }
            Err(_) => return Err(broken(format!("its member {name} cannot be unpacked"))),
        };
        // What the archive says of sizes may be false; what comes out is counted.
        let by_ratio =
            file.compressed_size().min(self.size).saturating_mul(self.limits.get(Limit::Ratio)).max(RATIO_FREE);
        let by_size = self.limits.get(Limit::Unpacked);
        let mut bytes = Vec::new();
        let read = (&mut file).take(by_ratio.min(by_size).saturating_add(1)).read_to_end(&mut bytes);
        self.limits.check(Limit::Unpacked, bytes.len() as u64)?;
        if bytes.len() as u64 > by_ratio {
            return Err(self.limits.passed(Limit::Ratio));
        }
        if read.is_err() && bytes.is_empty() {
            return Err(broken(format!("its member {name} cannot be unpacked")));
        }
        let encoding = encoding_rs::Encoding::for_bom(&bytes).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
        Ok(Some(encoding.decode(&bytes).0.into_owned()))
    }

    /// The names of the members in a folder, sorted.
    pub(super) fn names_in(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .archive
            .file_names_raw()
            .take(MAX_NAMES)
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .filter(|name| name.starts_with(folder) && name.len() > folder.len())
            .collect();
        names.sort_unstable();
        names
    }
}

/// A reader that forgives what office programs get wrong.
pub(super) fn reader(xml: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// An attribute by its local name, entities resolved.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| {
            attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
        })
}

/// The character that a reference stands for, if it is one of XML's own.
pub(super) fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Some(character);
    }
    match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// A paragraph of a word processor's file.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    /// What it is.
    pub(super) kind: BlockKind,
    /// Its text; white space of any kind is a space.
    pub(super) text: String,
    /// How deep its list is nested, from 0; only of list items.
    pub(super) level: u32,
}

impl Paragraph {
    /// An empty paragraph of running text.
    pub(super) const fn new() -> Self {
        Self { kind: BlockKind::Paragraph, text: String::new(), level: 0 }
    }

    /// Appends text, every kind of white space as a space.
    pub(super) fn push(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|c| *c != '\u{AD}').map(|c| if c.is_whitespace() { ' ' } else { c }));
    }

    /// Whether it has nothing to read.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Makes the document: the origin is the paragraphs that hold text, one a line, counted from 1.
pub(super) fn document(paragraphs: &[Paragraph]) -> Document {
    let mut text = String::new();
    let mut starts = Vec::new();
    let mut ranges = Vec::new();
    let mut number = 0;
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.is_blank()) {
        number += 1;
        starts.push((text.len(), number));
        ranges.push((text.len()..text.len() + paragraph.text.len(), paragraph));
        text.push_str(&paragraph.text);
        text.push('\n');
    }
    if starts.is_empty() {
        starts.push((0, 1));
    }
    let mut builder = DocumentBuilder::new(Origin { text, base: 0, places: Places::Paragraphs(starts) });
    // The last block of each depth that items can complete: the paragraph above a list, then an item a level.
    let mut introductions: Vec<Option<usize>> = Vec::new();
    for (mut range, paragraph) in ranges {
        let mut kind = paragraph.kind;
        // A bullet that somebody typed.
        let typed = paragraph.text.len() - paragraph.text.trim_start_matches(TYPED_BULLETS).len();
        if typed > 0 && kind == BlockKind::Paragraph && paragraph.text[typed..].starts_with(' ') {
            kind = BlockKind::ListItem;
            range.start += typed;
        }
        let introduces = paragraph.text.trim_end().ends_with([':', '\u{2014}', '\u{2013}']);
        match kind {
            BlockKind::ListItem => {
                let level = paragraph.level.min(63) as usize + 1;
                introductions.resize(level, None);
                let lead_in = introductions[level - 1];
                builder.open_under(BlockKind::ListItem, lead_in);
                builder.verbatim(range);
                let index = builder.close();
                introductions.push(index.filter(|_| introduces));
            }
            kind => {
                builder.open(kind);
                builder.verbatim(range);
                let index = builder.close();
                introductions.clear();
                introductions.push(index.filter(|_| introduces && kind.is_authored()));
            }
        }
    }
    builder.build()
}
