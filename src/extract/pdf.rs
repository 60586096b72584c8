//! PDF: the text that its pages draw.
//!
//! Owns the way from drawn glyphs to lines and from lines to paragraphs: where a space is only a gap, which lines wrap,
//! what repeats on every page. Leaves the file's structure, its encryption and its encodings to `lopdf`. Images are
//! never decoded; text drawn invisibly is read, being what lies over a scan. The origin is the recovered paragraphs, one a line, and places are pages. A text whose characters
//! cannot be told from the glyphs is refused rather than scored.

use super::limits::RATIO_FREE;
use super::zipped::{self, Paragraph};
use super::{Clock, ExtractError, Limit, Limits};
use crate::document::{BlockKind, Document, Places};
use lopdf::content::Content;
use lopdf::{Dictionary, Encoding, LoadOptions, Object, ObjectId, Stream};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use unicode_normalization::UnicodeNormalization;

const FORMAT: &str = "pdf";
/// Bytes of drawing instructions of a whole file, forms counted as often as they are drawn.
const MAX_DRAWN: usize = 192 << 20;
/// Operators of one stream at most. The parser keeps half a kilobyte for each, and a page of text has some thousands.
const MAX_OPERATORS: usize = 500_000;
/// Operators drawn between two looks at the clock.
const OPERATORS_A_LOOK: usize = 4096;
/// Operators and operands of one stream at most.
const MAX_TOKENS: usize = 4_000_000;
/// Decompressed bytes of what a font says of its characters.
const MAX_FONT: usize = 2 << 20;
/// Widths that a font may tell, each as often as it is told: twice as many as there are codes.
const MAX_WIDTHS: usize = 131_072;
/// Widths that all fonts of a file may tell.
const MAX_FILE_WIDTHS: usize = 1 << 22;
/// Forms are drawn within forms; more than this is a loop.
const MAX_FORM_DEPTH: usize = 4;
/// Lists are told apart to this depth.
const MAX_LIST_DEPTH: usize = 8;
/// A gap wider than this part of the font's size is a space.
const SPACE: f64 = 0.16;
/// A gap wider than this many sizes parts two columns or cells.
const COLUMN: f64 = 3.0;

/// Reads one document.
pub(super) fn extract(bytes: &[u8], limits: &Limits, clock: Clock) -> Result<Document, ExtractError> {
    let broken = |reason: String| ExtractError::Broken { format: FORMAT, reason };
    let file = match load(bytes, limits)? {
        Ok(file) => file,
        Err(error) if is_locked(&error) => return Err(ExtractError::Protected),
        Err(error) if is_past(&error) => return Err(limits.passed(Limit::Unpacked)),
        Err(_) => return Err(broken("its structure is damaged".into())),
    };
    clock.check()?;
    if file.is_encrypted() {
        return Err(ExtractError::Protected);
    }
    let mut warnings = Vec::new();
    let mut fonts = Fonts::new();
    let mut budget = Budget { drawn: MAX_DRAWN, stream: limits.count(Limit::Unpacked), is_stream_past: false, clock };
    let mut pages = Vec::new();
    let mut unread = 0;
    for (index, id) in file.page_iter().enumerate() {
        clock.check()?;
        if index == limits.count(Limit::Pages) || budget.drawn == 0 {
            warnings.push(format!("pages after page {index} were not read"));
            break;
        }
        match page_lines(&file, id, &mut fonts, &mut budget) {
            Some(lines) => pages.push(lines),
            None => {
                unread += 1;
                pages.push(Vec::new());
            }
        }
        if budget.is_stream_past {
            return Err(limits.passed(Limit::Unpacked));
        }
    }
    clock.check()?;
    if pages.is_empty() {
        return Err(broken("it has no pages".into()));
    }
    if unread > 0 {
        warnings.push(format!("{unread} of {} pages could not be read", pages.len()));
    }
    drop_running_lines(&mut pages);
    let (paragraphs, starts) = paragraphs(&pages);
    if paragraphs.is_empty() {
        warnings.push("no text layer".into());
    }
    let text: String = paragraphs.iter().flat_map(|paragraph| [paragraph.text.as_str(), "\n"]).collect();
    if looks_broken(&text) {
        return Err(broken("its text could not be recovered".into()));
    }
    let mut document = zipped::document(&paragraphs);
    document.origin.places = Places::Pages(starts);
    document.warnings = warnings;
    Ok(document)
}

/// What drawing may cost.
struct Budget {
    /// Bytes of drawing instructions that are left for the file.
    drawn: usize,
    /// Unpacked bytes of one stream at most.
    stream: usize,
    /// Whether one was larger.
    is_stream_past: bool,
    clock: Clock,
}

impl Budget {
    /// What came of unpacking a stream.
    fn unpacked(&mut self, content: lopdf::Result<Vec<u8>>) -> Option<Vec<u8>> {
        self.is_stream_past |= content.as_ref().is_err_and(is_past);
        content.ok()
    }
}

/// Whether an error is that something unpacks to more than is allowed.
fn is_past(error: &lopdf::Error) -> bool {
    matches!(error, lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }))
}

/// What a file that is being loaded holds so far.
#[derive(Default)]
struct Loading {
    limits: Limits,
    objects: u64,
    /// Bytes that its streams of objects have unpacked to.
    unpacked: u64,
    passed: Option<Limit>,
}

thread_local! {
    /// The loader takes a plain function for a filter, which has nowhere else to count.
    static LOADING: RefCell<Loading> = RefCell::default();
}

/// Loads a file within limits. What stands in streams of objects is unpacked and kept as a whole, so that it is counted
/// while it comes.
///
/// # Errors
/// If a limit is passed. Any other error is inside.
fn load(bytes: &[u8], limits: &Limits) -> Result<lopdf::Result<lopdf::Document>, ExtractError> {
    LOADING.set(Loading { limits: limits.clone(), ..Loading::default() });
    let options = LoadOptions {
        password: Some(String::new()),
        filter: Some(admitted),
        ..LoadOptions::with_max_decompressed_size(limits.count(Limit::Unpacked))
    };
    let file = lopdf::Document::load_mem_with_options(bytes, options);
    match LOADING.take().passed {
        Some(limit) => Err(limits.passed(limit)),
        None => Ok(file),
    }
}

/// Lets an object in while the file is within its limits.
fn admitted(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    LOADING.with_borrow_mut(|loading| {
        loading.objects += 1;
        if loading.objects > loading.limits.get(Limit::Objects) {
            loading.passed = Some(Limit::Objects);
        }
        if let Object::Stream(stream) = object
            && stream.dict.has_type(b"ObjStm")
        {
            loading.unpack(stream);
        }
        if loading.passed.is_some() {
            return None;
        }
        // Of a stream only whether it is let in is looked at; it stands in no other one, and may be large.
        Some((id, if matches!(object, Object::Stream(_)) { Object::Null } else { object.clone() }))
    })
}

impl Loading {
    /// Counts a stream of objects. One that names a place of itself twice is made to be read for ever.
    fn unpack(&mut self, stream: &Stream) {
        let left = self.limits.get(Limit::Unpacked).saturating_sub(self.unpacked);
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let content = match stream.decompressed_content_with_limit(most) {
            Ok(content) => content,
            Err(error) if is_past(&error) => {
                self.passed = Some(Limit::Unpacked);
                return;
            }
            // The loader passes it over as well.
            Err(_) => return,
        };
        self.unpacked += content.len() as u64;
        let by_ratio = (stream.content.len() as u64).saturating_mul(self.limits.get(Limit::Ratio)).max(RATIO_FREE);
        if content.len() as u64 > by_ratio {
            self.passed = Some(Limit::Ratio);
        }
        let first =
            stream.dict.get(b"First").and_then(Object::as_i64).ok().and_then(|first| usize::try_from(first).ok());
        let index = first.and_then(|first| content.get(..first)).unwrap_or_default();
        let numbers = index.split(u8::is_ascii_whitespace).filter(|number| !number.is_empty());
        let mut places: Vec<&[u8]> = numbers.skip(1).step_by(2).collect();
        let count = places.len();
        places.sort_unstable();
        places.dedup();
        if places.len() * 2 < count {
            self.passed = Some(Limit::Objects);
        }
    }
}

fn is_locked(error: &lopdf::Error) -> bool {
    matches!(
        error,
        lopdf::Error::InvalidPassword
            | lopdf::Error::Decryption(_)
            | lopdf::Error::UnsupportedSecurityHandler(_)
            | lopdf::Error::AlreadyEncrypted
    )
}

/// A stretch of glyphs on one base line.
#[derive(Clone, Debug, Default)]
struct Line {
    text: String,
    left: f64,
    right: f64,
    base: f64,
    size: f64,
    is_bold: bool,
}

type Matrix = [f64; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `a`, then `b`.
fn product(a: &Matrix, b: &Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// A font: what its codes say and how wide they are.
struct Font<'a> {
    encoding: Option<Encoding<'a>>,
    is_composite: bool,
    is_symbols: bool,
    is_bold: bool,
    widths: BTreeMap<u32, f64>,
    default_width: f64,
    cache: BTreeMap<u32, String>,
}

impl<'a> Font<'a> {
    /// Reads a font of `file`, with the widths of its codes as far as there is `room` for them, which they take up.
    fn new(file: &'a lopdf::Document, font: &'a Dictionary, room: &mut usize) -> Self {
        let unicode = unicode_map(file, font);
        let has_unicode = unicode.is_some();
        let name = font.get(b"BaseFont").and_then(Object::as_name).unwrap_or_default();
        let name = String::from_utf8_lossy(name).to_lowercase();
        let is_composite = font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Type0");
        let is_named = font
            .get(b"Encoding")
            .and_then(Object::as_name)
            .is_ok_and(|name| name.windows(4).any(|part| part == b"UCS2" || part == b"UTF1"));
        let is_readable = !is_composite || is_named;
        let encoding =
            unicode.or_else(|| if is_readable { font.get_font_encoding_with_limit(file, MAX_FONT).ok() } else { None });
        let mut made = Self {
            encoding,
            is_composite,
            is_symbols: !has_unicode && ["symbol", "dingbat", "wingding"].iter().any(|symbols| name.contains(symbols)),
            is_bold: ["bold", "black", "heavy", "-bd"].iter().any(|weight| name.contains(weight)),
            widths: BTreeMap::new(),
            default_width: 0.0,
            cache: BTreeMap::new(),
        };
        if is_composite {
            let told = made.composite_widths(file, font, MAX_WIDTHS.min(*room));
            *room -= told;
        } else {
            made.simple_widths(file, font)
        }
        made
    }

    fn simple_widths(&mut self, file: &lopdf::Document, font: &Dictionary) {
        // Type 3 fonts measure in a space of their own.
        let scale = font
            .get_deref(b"FontMatrix", file)
            .and_then(Object::as_array)
            .ok()
            .and_then(|matrix| number(file, matrix.first()?))
            .map_or(0.001, f64::abs);
        let first = font.get_deref(b"FirstChar", file).and_then(Object::as_i64).unwrap_or(0);
        if let Ok(widths) = font.get_deref(b"Widths", file).and_then(Object::as_array) {
            for (index, width) in widths.iter().take(256).enumerate() {
                if let (Some(width), Ok(code)) = (number(file, width), u32::try_from(first + index as i64)) {
                    self.widths.insert(code, width * scale);
                }
            }
        }
    }

    /// Reads the widths of a font of many codes, `most` of them at most, and returns how many it read. A code may be told
    /// time and again, so what is counted is what is told.
    fn composite_widths(&mut self, file: &lopdf::Document, font: &Dictionary, most: usize) -> usize {
        self.default_width = 1.0;
        let Some(descendant) = font
            .get_deref(b"DescendantFonts", file)
            .and_then(Object::as_array)
            .ok()
            .and_then(|fonts| file.dereference(fonts.first()?).ok()?.1.as_dict().ok())
        else {
            return 0;
        };
        if let Some(width) = descendant.get_deref(b"DW", file).ok().and_then(|width| number(file, width)) {
            self.default_width = width / 1000.0;
        }
        let Ok(list) = descendant.get_deref(b"W", file).and_then(Object::as_array) else { return 0 };
        let (mut at, mut left) = (0, most);
        while left > 0
            && let [first, next, ..] = &list[at..]
        {
            let Some(first) = number(file, first) else { break };
            let first = first.max(0.0) as u32;
            let next = file.dereference(next).map(|(_, object)| object);
            let told = if let Ok(Object::Array(widths)) = next {
                for (code, width) in (first..).zip(widths.iter().take(left)) {
                    self.widths.insert(code, number(file, width).unwrap_or(1000.0) / 1000.0);
                }
                at += 2;
                widths.len()
            } else {
                let (Some(last), Some(width)) =
                    (number(file, &list[at + 1]), list.get(at + 2).and_then(|width| number(file, width)))
                else {
                    break;
                };
                let codes = first..last.clamp(0.0, 65_535.0) as u32 + 1;
                for code in codes.clone().take(left) {
                    self.widths.insert(code, width / 1000.0);
                }
                at += 3;
                codes.len()
            };
            // A stretch without codes costs a look.
            left = left.saturating_sub(told.max(1));
        }
        most - left
    }

    /// The width of a code in sizes; what is not told is taken for a letter of common width.
    fn width(&self, code: u32) -> f64 {
        match self.widths.get(&code) {
            Some(width) => *width,
            None if self.is_composite => self.default_width,
            None => match u8::try_from(code).map(char::from) {
                Ok(' ' | '.' | ',' | 'i' | 'l' | 'j' | 't' | '\'' | ':' | ';' | '!' | '|') => 0.278,
                Ok('m' | 'w' | 'M' | 'W') => 0.8,
                Ok('A'..='Z') => 0.68,
                _ => 0.52,
            },
        }
    }

    /// TeX's fonts name no encoding of their own; these codes of theirs mean no character in any other.
    fn tex_ligature(&self, code: u32) -> Option<String> {
        let text = match code {
            _ if self.is_composite => return None,
            11 | 27 => "ff",
            12 | 28 => "fi",
            13 | 29 => "fl",
            14 | 30 => "ffi",
            15 | 31 => "ffl",
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn decode(&mut self, code: u32, bytes: &[u8]) -> &str {
        if !self.cache.contains_key(&code) {
            let text = if self.is_symbols {
                Some("\u{2022}".to_owned())
            } else {
                self.encoding.as_ref().and_then(|encoding| encoding.bytes_to_string(bytes).ok())
            };
            let text = text.filter(|text| text.chars().any(|c| !c.is_control())).or_else(|| self.tex_ligature(code));
            // Ligatures are drawn as one glyph and read as letters.
            let text: String = text.unwrap_or_else(|| "\u{FFFD}".into()).chars().flat_map(unfolded).collect();
            self.cache.insert(code, text);
        }
        &self.cache[&code]
    }
}

/// Presentation forms as letters, spaces of all widths as spaces, other characters as they are.
fn unfolded(character: char) -> Vec<char> {
    match character {
        '\u{FB00}'..='\u{FB06}' => std::iter::once(character).nfkc().collect(),
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\t' | '\r' | '\n' => vec![' '],
        '\u{200B}' | '\u{FEFF}' | '\0' => Vec::new(),
        // The bullets of symbol fonts.
        '\u{F0B7}' | '\u{F0A7}' | '\u{F0D8}' | '\u{F076}' | '\u{F0A8}' | '\u{F0FC}' => vec!['\u{2022}'],
        _ => vec![character],
    }
}

fn number(file: &lopdf::Document, object: &Object) -> Option<f64> {
    match file.dereference(object).ok()?.1 {
        Object::Integer(value) => Some(*value as f64),
        Object::Real(value) => Some(f64::from(*value)),
        _ => None,
    }
    .filter(|value| value.is_finite())
}

/// What a font's `ToUnicode` says of its codes, which is more than its encoding does.
fn unicode_map(file: &lopdf::Document, font: &Dictionary) -> Option<Encoding<'static>> {
    // On its own, since an encoding beside it would be looked at first.
    let mut alone = Dictionary::new();
    alone.set("Type", "Font");
    alone.set("ToUnicode", font.get(b"ToUnicode").ok()?.clone());
    match alone.get_font_encoding_with_limit(file, MAX_FONT).ok()? {
        Encoding::UnicodeMapEncoding(map) => Some(Encoding::UnicodeMapEncoding(map)),
        Encoding::OneByteEncoding(_) | Encoding::SimpleEncoding(_) | Encoding::Differences(_) => None,
    }
}

/// The fonts of a file, made when first drawn with.
struct Fonts<'a> {
    /// By the address of their dictionary.
    made: BTreeMap<usize, Font<'a>>,
    /// How many widths further fonts may tell.
    room: usize,
}

impl<'a> Fonts<'a> {
    const fn new() -> Self {
        Self { made: BTreeMap::new(), room: MAX_FILE_WIDTHS }
    }

    /// That font; `None` where it would have to be made and time is up.
    fn of(&mut self, file: &'a lopdf::Document, font: &'a Dictionary, clock: Clock) -> Option<&mut Font<'a>> {
        match self.made.entry(std::ptr::from_ref(font).addr()) {
            Entry::Occupied(made) => Some(made.into_mut()),
            Entry::Vacant(_) if clock.is_up() => None,
            Entry::Vacant(free) => Some(free.insert(Font::new(file, font, &mut self.room))),
        }
    }
}

/// Fonts by the name that a page or a form has for them.
type Named<'a> = BTreeMap<Vec<u8>, &'a Dictionary>;

/// The lines that a page draws, in the order in which it draws them; `None` if it cannot be read.
fn page_lines<'a>(
    file: &'a lopdf::Document,
    id: ObjectId,
    fonts: &mut Fonts<'a>,
    budget: &mut Budget,
) -> Option<Vec<Line>> {
    let content = budget.unpacked(file.get_page_content_with_limit(id, budget.stream))?;
    let named = file.get_page_fonts(id).unwrap_or_default();
    let mut lines = Lines::default();
    let (resources, ids) = file.get_page_resources(id).unwrap_or((None, Vec::new()));
    let resources = resources.or_else(|| ids.first().and_then(|id| file.get_dictionary(*id).ok()));
    let surroundings = Surroundings { named: &named, resources, ctm: turned(file, id), depth: 0 };
    draw(file, &content, &surroundings, fonts, &mut lines, budget)?;
    Some(lines.finish())
}

/// The matrix of a page that is shown turned, which it may inherit.
fn turned(file: &lopdf::Document, id: ObjectId) -> Matrix {
    const MAX_PARENTS: usize = 64;
    let mut node = file.get_dictionary(id).ok();
    for _ in 0..MAX_PARENTS {
        let Some(page) = node else { break };
        if let Ok(degrees) = page.get_deref(b"Rotate", file).and_then(Object::as_i64) {
            return match degrees.rem_euclid(360) {
                90 => [0.0, -1.0, 1.0, 0.0, 0.0, 0.0],
                180 => [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
                270 => [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
                _ => IDENTITY,
            };
        }
        node = page.get_deref(b"Parent", file).and_then(Object::as_dict).ok();
    }
    IDENTITY
}

/// What a content stream is drawn in.
struct Surroundings<'a, 'n> {
    named: &'n Named<'a>,
    resources: Option<&'a Dictionary>,
    ctm: Matrix,
    depth: usize,
}

/// What `q` saves.
#[derive(Clone)]
struct State<'a> {
    ctm: Matrix,
    font: Option<&'a Dictionary>,
    size: f64,
    char_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
}

/// Runs a content stream. Recurses into forms only, to a fixed depth.
fn draw<'a>(
    file: &'a lopdf::Document,
    content: &[u8],
    surroundings: &Surroundings<'a, '_>,
    fonts: &mut Fonts<'a>,
    lines: &mut Lines,
    budget: &mut Budget,
) -> Option<()> {
    budget.drawn = budget.drawn.saturating_sub(content.len() + 64);
    if budget.drawn == 0 || budget.clock.is_up() || !is_bounded(content) {
        return None;
    }
    let content = Content::decode(content).ok()?;
    let mut state = State {
        ctm: surroundings.ctm,
        font: None,
        size: 1.0,
        char_space: 0.0,
        word_space: 0.0,
        scale: 1.0,
        leading: 0.0,
    };
    let mut saved: Vec<State<'a>> = Vec::new();
    let (mut text, mut line) = (IDENTITY, IDENTITY);
    // Marked content that is no part of the document proper: running heads, page numbers.
    let mut marked: Vec<bool> = Vec::new();
    let mut artifacts = 0_usize;
    for (number_of, operation) in content.operations.iter().enumerate() {
        if number_of.is_multiple_of(OPERATORS_A_LOOK) && budget.clock.is_up() {
            return None;
        }
        let operands = &operation.operands;
        let value = |index: usize| operands.get(index).and_then(|operand| number(file, operand)).unwrap_or(0.0);
        let matrix = || [value(0), value(1), value(2), value(3), value(4), value(5)];
        let mut shown: Option<&Object> = None;
        let next_line = |line: &mut Matrix, x: f64, y: f64| *line = product(&[1.0, 0.0, 0.0, 1.0, x, y], line);
        match operation.operator.as_str() {
            "q" if saved.len() < 512 => saved.push(state.clone()),
            "Q" => {
                if let Some(last) = saved.pop() {
                    state = last;
                }
            }
            "cm" => state.ctm = product(&matrix(), &state.ctm),
            "BT" => (text, line) = (IDENTITY, IDENTITY),
            "Tm" => {
                line = matrix();
                text = line;
            }
            "Td" | "TD" => {
                if operation.operator == "TD" {
                    state.leading = -value(1);
                }
                next_line(&mut line, value(0), value(1));
                text = line;
            }
            "T*" => {
                next_line(&mut line, 0.0, -state.leading);
                text = line;
            }
            "Tf" => {
                let name = operands.first().and_then(|name| name.as_name().ok());
                state.font = name.and_then(|name| surroundings.named.get(name).copied());
                state.size = value(1);
            }
            "Tc" => state.char_space = value(0),
            "Tw" => state.word_space = value(0),
            "Tz" => state.scale = value(0) / 100.0,
            "TL" => state.leading = value(0),
            "Tj" | "TJ" => shown = operands.first(),
            "'" | "\"" => {
                if operation.operator == "\"" {
                    (state.word_space, state.char_space) = (value(0), value(1));
                }
                next_line(&mut line, 0.0, -state.leading);
                text = line;
                shown = operands.last();
            }
            "BMC" | "BDC" => {
                let is_artifact = operands.first().and_then(|tag| tag.as_name().ok()) == Some(b"Artifact");
                marked.push(is_artifact);
                artifacts += usize::from(is_artifact);
            }
            "EMC" => artifacts -= usize::from(marked.pop().unwrap_or(false)),
            "Do" if surroundings.depth < MAX_FORM_DEPTH && artifacts == 0 && budget.drawn > 0 => {
                if let Some(name) = operands.first().and_then(|name| name.as_name().ok()) {
                    let here = Surroundings { ctm: state.ctm, ..*surroundings };
                    draw_form(file, name, &here, fonts, lines, budget);
                }
            }
            _ => {}
        }
        if let (Some(shown), Some(font)) = (shown, state.font) {
            let font = fonts.of(file, font, budget.clock)?;
            let mut show = |bytes: &[u8], text: &mut Matrix| {
                show(bytes, font, &state, text, artifacts == 0, lines);
            };
            match shown {
                Object::String(bytes, _) => show(bytes, &mut text),
                Object::Array(items) => {
                    for item in items {
                        if let Object::String(bytes, _) = item {
                            show(bytes, &mut text);
                        } else if let Some(back) = number(file, item) {
                            let shift = -back / 1000.0 * state.size * state.scale;
                            text = product(&[1.0, 0.0, 0.0, 1.0, shift, 0.0], &text);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    Some(())
}

/// Whether a content stream, parsed, stays within bounds. Counted from outside: words in its strings count as well.
fn is_bounded(content: &[u8]) -> bool {
    let (mut operators, mut tokens) = (0, 0);
    let mut is_inside = false;
    for byte in content {
        let is_token = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'*' | b'\'' | b'"');
        let begins = is_token && !is_inside || matches!(byte, b'[' | b'<' | b'(');
        tokens += usize::from(begins);
        operators += usize::from(begins && (byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"')));
        is_inside = is_token;
    }
    operators <= MAX_OPERATORS && tokens <= MAX_TOKENS
}

/// Draws a form; one that cannot be read draws nothing.
fn draw_form<'a>(
    file: &'a lopdf::Document,
    name: &[u8],
    here: &Surroundings<'a, '_>,
    fonts: &mut Fonts<'a>,
    lines: &mut Lines,
    budget: &mut Budget,
) -> Option<()> {
    let objects = here.resources?.get_deref(b"XObject", file).ok()?.as_dict().ok()?;
    let form = objects.get_deref(name, file).ok()?.as_stream().ok()?;
    if form.dict.get(b"Subtype").ok()?.as_name().ok()? != b"Form" {
        return None;
    }
    let own = form.dict.get_deref(b"Resources", file).ok().and_then(|resources| resources.as_dict().ok());
    let own_fonts = own.and_then(|own| own.get_deref(b"Font", file).ok()?.as_dict().ok()).map(|fonts| {
        let known = fonts.iter().filter_map(|(name, font)| {
            let font = file.dereference(font).ok()?.1.as_dict().ok()?;
            Some((name.clone(), font))
        });
        known.collect::<Named<'a>>()
    });
    let matrix = form.dict.get_deref(b"Matrix", file).ok().and_then(|matrix| matrix.as_array().ok());
    let mut own_matrix = IDENTITY;
    for (cell, value) in own_matrix.iter_mut().zip(matrix.into_iter().flatten()) {
        *cell = number(file, value)?;
    }
    let content = budget.unpacked(form.decompressed_content_with_limit(budget.stream))?;
    let inside = Surroundings {
        named: own_fonts.as_ref().unwrap_or(here.named),
        resources: own.or(here.resources),
        ctm: product(&own_matrix, &here.ctm),
        depth: here.depth + 1,
    };
    draw(file, &content, &inside, fonts, lines, budget)
}

/// Shows a string: one glyph after another, moving the text matrix along.
fn show(bytes: &[u8], font: &mut Font<'_>, state: &State<'_>, text: &mut Matrix, is_content: bool, lines: &mut Lines) {
    let step = if font.is_composite { 2 } else { 1 };
    for code_bytes in bytes.chunks(step) {
        let code = code_bytes.iter().fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
        let word_space = if step == 1 && code == 32 { state.word_space } else { 0.0 };
        let width = font.width(code) * state.size;
        let advance = (width + state.char_space + word_space) * state.scale;
        let place = product(text, &state.ctm);
        let size = state.size.abs() * place[2].hypot(place[3]);
        // Text that runs upward is a watermark or the label of an axis.
        let is_level = place[0].abs() >= place[1].abs();
        if is_content && is_level && size > 0.0 {
            let is_bold = font.is_bold;
            let glyph = font.decode(code, code_bytes);
            lines.glyph(glyph, place[4], place[4] + width * state.scale * place[0], place[5], size, is_bold);
        }
        *text = product(&[1.0, 0.0, 0.0, 1.0, advance, 0.0], text);
    }
}

/// Puts glyphs together to lines.
#[derive(Default)]
struct Lines {
    done: Vec<Line>,
    open: Option<Line>,
}

impl Lines {
    fn glyph(&mut self, glyph: &str, left: f64, right: f64, base: f64, size: f64, is_bold: bool) {
        if let Some(open) = &mut self.open {
            let gap = left - open.right;
            let rise = (base - open.base).abs();
            let is_small = size < open.size * 0.8;
            let is_same = rise < open.size * if is_small { 0.6 } else { 0.3 };
            let is_marker = open.text.trim().chars().count() <= 3;
            let limit = open.size * if is_marker { COLUMN * 3.0 } else { COLUMN };
            if is_same && gap < limit && gap > -open.size * 0.8 {
                if is_small && rise > open.size * 0.2 && glyph.chars().all(|c| c.is_ascii_digit()) {
                    return; // The number of a note.
                }
                if gap > SPACE * open.size.min(size) && !open.text.ends_with(' ') && !glyph.starts_with(' ') {
                    open.text.push(' ');
                }
                open.text.push_str(glyph);
                open.right = right.max(open.right);
                if !glyph.trim().is_empty() {
                    open.is_bold &= is_bold;
                    open.size = open.size.max(size);
                }
                return;
            }
            if glyph.trim().is_empty() {
                return;
            }
        }
        if glyph.trim().is_empty() {
            return;
        }
        self.done.extend(self.open.take());
        self.open = Some(Line { text: glyph.to_owned(), left, right, base, size, is_bold });
    }

    fn finish(mut self) -> Vec<Line> {
        self.done.extend(self.open.take());
        self.done.retain(|line| !line.text.trim().is_empty());
        self.done
    }
}

/// A line's letters with its numbers levelled, so that "Page 3" is "Page 4".
fn levelled(text: &str) -> String {
    let mut level = String::new();
    for word in text.split_whitespace() {
        let is_number = word.chars().any(|c| c.is_ascii_digit());
        level.push_str(if is_number { "#" } else { word });
        level.push(' ');
    }
    level.to_lowercase()
}

/// Takes away what stands at the head or the foot of many pages, and page numbers.
fn drop_running_lines(pages: &mut [Vec<Line>]) {
    const EDGE: usize = 3;
    let edges: Vec<Vec<usize>> = pages
        .iter()
        .map(|lines| {
            let mut order: Vec<usize> = (0..lines.len()).collect();
            order.sort_by(|a, b| lines[*b].base.total_cmp(&lines[*a].base));
            let mut edge: Vec<usize> = order.iter().take(EDGE).copied().collect();
            edge.extend(order.iter().rev().take(EDGE));
            edge.sort_unstable();
            edge.dedup();
            edge
        })
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (lines, edge) in pages.iter().zip(&edges) {
        let mut seen: Vec<String> = edge.iter().map(|index| levelled(&lines[*index].text)).collect();
        seen.sort_unstable();
        seen.dedup();
        for text in seen {
            *counts.entry(text).or_default() += 1;
        }
    }
    let enough = (pages.len() / 3).max(3);
    for (lines, edge) in pages.iter_mut().zip(&edges) {
        let mut index = 0;
        lines.retain(|line| {
            let is_edge = edge.binary_search(&index).is_ok();
            index += 1;
            let text = line.text.trim();
            let level = levelled(text);
            let is_number = !text.is_empty()
                && text.len() <= 12
                && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '\u{2013}' | ' ' | '|' | '/' | '.'));
            let is_page = matches!(level.trim(), "page #" | "page # of #" | "# of #");
            !(is_edge && (is_number || is_page || counts.get(&level).is_some_and(|count| *count >= enough)))
        });
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// How a line that begins an entry of a list begins: the bytes of its mark.
fn bullet_len(text: &str) -> usize {
    let body = text.trim_start();
    let indent = text.len() - body.len();
    let mut chars = body.chars();
    let Some(first) = chars.next() else { return 0 };
    let rest = chars.as_str();
    if matches!(
        first,
        '\u{2022}'
            | '\u{25CF}'
            | '\u{25E6}'
            | '\u{25AA}'
            | '\u{25A0}'
            | '\u{2023}'
            | '\u{25CB}'
            | '\u{2756}'
            | '\u{27A2}'
    ) || matches!(first, '-' | '\u{2013}' | '*' | 'o' | '\u{B7}') && rest.starts_with(' ')
    {
        return indent + body.len() - rest.trim_start().len();
    }
    let label = body.trim_start_matches('(');
    let digits = label.chars().take_while(|c| c.is_ascii_alphanumeric()).count();
    let is_label = digits == 1
        || (2..=3).contains(&digits) && label[..digits].bytes().all(|byte| byte.is_ascii_digit())
        || (2..=4).contains(&digits) && label[..digits].bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    let after = &label[digits..];
    if is_label && (after.starts_with(") ") || after.starts_with(". ") && !label.starts_with(char::is_uppercase)) {
        return indent + body.len() - after[1..].trim_start().len();
    }
    0
}

/// A mark with its number or letter levelled: "(1)" is "(2)", "a." is "b.".
fn mark_class(mark: &str) -> String {
    let level = |c: char| {
        if c.is_ascii_digit() {
            '1'
        } else if c.is_ascii_alphabetic() {
            'a'
        } else {
            c
        }
    };
    let mut class: Vec<char> = mark.trim().chars().map(level).collect();
    class.dedup();
    class.into_iter().collect()
}

/// A paragraph in the making.
struct Draft {
    paragraph: Paragraph,
    first_left: f64,
    last: Line,
    lines: usize,
    is_bold: bool,
    page: usize,
}

/// Joins lines to paragraphs; beside them, the offset at which each page begins in their joined text.
fn paragraphs(pages: &[Vec<Line>]) -> (Vec<Paragraph>, Vec<(usize, u32)>) {
    let sizes = pages.iter().flatten().map(|line| line.size);
    let body_size = median(sizes.collect());
    let mut done: Vec<Paragraph> = Vec::new();
    let mut starts: Vec<(usize, u32)> = vec![(0, 1)];
    let mut offset = 0;
    let mut open: Option<Draft> = None;
    // The marks of the lists that are open, the outermost first: a kind of mark at a place is a depth.
    let mut marks: Vec<(String, i64)> = Vec::new();
    for (page, lines) in pages.iter().enumerate() {
        let number = u32::try_from(page + 1).unwrap_or(u32::MAX);
        let spacing =
            median(lines.windows(2).map(|pair| pair[0].base - pair[1].base).filter(|step| *step > 0.5).collect());
        let right = lines.iter().map(|line| line.right).fold(0.0, f64::max);
        for (index, line) in lines.iter().enumerate() {
            let mark = bullet_len(&line.text);
            let is_joined = mark == 0 && open.as_ref().is_some_and(|open| wraps(open, line, spacing, right, page));
            if !is_joined {
                finish(&mut open, &mut done, &mut offset, body_size);
            }
            if index == 0 {
                let at = offset + open.as_ref().map_or(0, |open| open.paragraph.text.len());
                match starts.last_mut() {
                    Some(last) if last.0 == at => last.1 = number,
                    Some(_) | None => starts.push((at, number)),
                }
            }
            let text = line.text[mark..].trim();
            match &mut open {
                Some(draft) => {
                    join(&mut draft.paragraph, text);
                    draft.lines += 1;
                    draft.is_bold &= line.is_bold;
                    draft.last = line.clone();
                    draft.page = page;
                }
                None => {
                    let mut paragraph = Paragraph::new();
                    if mark > 0 {
                        paragraph.kind = BlockKind::ListItem;
                        let key = (mark_class(&line.text[..mark]), (line.left / body_size.max(1.0)).round() as i64);
                        let depth = marks.iter().position(|known| *known == key).unwrap_or(marks.len());
                        marks.truncate(depth);
                        if marks.len() < MAX_LIST_DEPTH {
                            marks.push(key);
                        }
                        paragraph.level = u32::try_from(depth).unwrap_or_default();
                    } else {
                        marks.clear();
                    }
                    paragraph.push(text);
                    open = Some(Draft {
                        paragraph,
                        first_left: line.left,
                        last: line.clone(),
                        lines: 1,
                        is_bold: line.is_bold,
                        page,
                    });
                }
            }
        }
    }
    finish(&mut open, &mut done, &mut offset, body_size);
    (done, starts)
}

/// Whether `line` goes on with what the open paragraph says.
fn wraps(open: &Draft, line: &Line, spacing: f64, right: f64, page: usize) -> bool {
    let last = &open.last;
    let text = line.text.trim_start();
    let said = open.paragraph.text.trim_end();
    let is_ended = said.ends_with(['.', '!', '?', ':', ';']);
    let starts_low = text.starts_with(char::is_lowercase);
    if (line.size / last.size - 1.0).abs() > 0.15 {
        return false;
    }
    let step = last.base - line.base;
    // Over the edge of a page or a column only a sentence that is not ended goes on.
    if open.page != page || step <= 0.0 {
        let is_beside = open.page == page && step.abs() < last.size * 0.3;
        return !is_beside && !is_ended && starts_low;
    }
    if step > (spacing * 1.35).max(last.size * 1.5).min(last.size * 2.6) {
        return false;
    }
    if open.is_bold != line.is_bold && open.is_bold && last.right < right * 0.8 {
        return false;
    }
    let is_hanging = open.lines == 1;
    if line.left > last.left + line.size * 0.9 && !is_hanging {
        return false;
    }
    if is_hanging
        && open.paragraph.kind == BlockKind::Paragraph
        && line.left > open.first_left + line.size * 0.9
        && is_ended
    {
        return false;
    }
    let room = right - last.right;
    let next_word: usize = text.split(' ').next().map_or(0, |word| word.chars().count());
    let is_short = room > (next_word as f64 + 2.0) * line.size * 0.6 + line.size;
    // A line that is nearly full was wrapped, whatever the next one begins with.
    let is_full = last.right - open.first_left > (right - open.first_left) * 0.75;
    !(is_short && (is_ended || !starts_low && !is_full))
}

/// Appends a line; a word parted at its end is made whole again.
fn join(paragraph: &mut Paragraph, text: &str) {
    let said = paragraph.text.trim_end().len();
    paragraph.text.truncate(said);
    let stem = paragraph.text.strip_suffix(['-', '\u{2010}']);
    let is_parted = stem.is_some_and(|stem| stem.ends_with(char::is_lowercase)) && text.starts_with(char::is_lowercase);
    if is_parted {
        paragraph.text.pop();
    } else {
        paragraph.text.push(' ');
    }
    paragraph.push(text);
}

fn finish(open: &mut Option<Draft>, done: &mut Vec<Paragraph>, offset: &mut usize, body_size: f64) {
    let Some(draft) = open.take() else { return };
    let mut paragraph = draft.paragraph;
    if paragraph.is_blank() {
        return;
    }
    let is_ended = paragraph.text.trim_end().ends_with(['.', '!', '?', ';', ',']);
    let is_title = draft.last.size > body_size * 1.15 || draft.is_bold;
    if paragraph.kind == BlockKind::Paragraph
        && is_title
        && !is_ended
        && paragraph.text.split_whitespace().count() <= 14
    {
        paragraph.kind = BlockKind::Heading;
    }
    *offset += paragraph.text.len() + 1;
    done.push(paragraph);
}

/// Whether a text is what comes of glyphs without characters: marks of replacement, or words that are none.
fn looks_broken(text: &str) -> bool {
    let (mut seen, mut odd) = (0_usize, 0_usize);
    for character in text.chars().filter(|c| !c.is_whitespace()) {
        seen += 1;
        let is_odd = character == char::REPLACEMENT_CHARACTER
            || character.is_control()
            || matches!(character, '\u{E000}'..='\u{F8FF}');
        odd += usize::from(is_odd);
    }
    if seen >= 20 && odd * 10 > seen {
        return true;
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
    if words.len() < 40 {
        return false;
    }
    let single = words.iter().filter(|word| word.len() == 1 && !matches!(**word, "a" | "I" | "A")).count();
    let glued = words.iter().filter(|word| word.len() > 30 && !word.contains(['/', '.', '@', '-', '_'])).count();
    let plain: Vec<&&str> = words.iter().filter(|word| word.len() > 3 && word.is_ascii()).collect();
    let mute = plain
        .iter()
        .filter(|word| {
            !word.bytes().any(|byte| matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y'))
        })
        .filter(|word| word.bytes().any(|byte| byte.is_ascii_lowercase()))
        .count();
    single * 3 > words.len() || glued * 5 > words.len() || plain.len() >= 40 && mute * 4 > plain.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_counted_as_often_as_they_are_told() {
        let file = lopdf::Document::new();
        let told = |list: Vec<Object>, room: usize| {
            let mut descendant = Dictionary::new();
            descendant.set("W", list);
            let mut font = Dictionary::new();
            font.set("Subtype", "Type0");
            font.set("DescendantFonts", vec![Object::Dictionary(descendant)]);
            let mut left = room;
            let font = Font::new(&file, &font, &mut left);
            (room - left, font.widths.len(), font.width(7))
        };
        let range = |first: i64, last: i64, width: i64| [first.into(), last.into(), width.into()];
        let sized = |first: i64, width: i64| [first.into(), Object::Array(vec![width.into(); 10])];
        // The last word counts, and what there is no room for is not told.
        let twice = [range(0, 9, 500), range(5, 9, 250)].concat();
        assert_eq!(told(twice.clone(), 100), (15, 10, 0.25));
        assert_eq!(told(twice, 10), (10, 10, 0.5));
        assert_eq!(told([sized(0, 500), sized(5, 250)].concat(), 100), (20, 15, 0.25));
        assert_eq!(told([sized(0, 500), sized(0, 250)].concat(), 10), (10, 10, 0.5));
        assert_eq!(told(vec![range(9, 0, 500); 50].concat(), 40), (40, 0, 1.0));
        assert_eq!(told(vec![range(0, 65_534, 500); 9].concat(), MAX_FILE_WIDTHS), (MAX_WIDTHS, 65_535, 0.5));
    }

    #[test]
    fn content_that_a_parser_would_choke_on_is_told_from_outside() {
        assert!(is_bounded(b"BT /F1 12 Tf 10 700 Td [(You) -20 (decide.)] TJ T* ET"));
        assert!(!is_bounded(&b"q ".repeat(MAX_OPERATORS + 1)));
        assert!(!is_bounded(&b"1 ".repeat(MAX_TOKENS + 1)));
        assert!(!is_bounded(&b"[".repeat(MAX_TOKENS + 1)));
    }
}
