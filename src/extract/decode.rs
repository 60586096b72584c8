//! From bytes to text: which character encoding a source is in, whatever it or its mail header says.
//!
//! Owns byte order marks, guesses and the verdict "this is no text". What is guessed or repaired is told in a warning.

use super::ExtractError;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Text and what was odd about its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// Bytes of the source before `text`: 3 for a UTF-8 byte order mark. 0 where `text` is not the source's own bytes.
    pub(super) base: usize,
    /// What was guessed or could not be decoded. One line each.
    pub(super) warnings: Vec<String>,
}

/// How many bytes the look for control characters covers: binary data shows itself early.
const PROBE: usize = 64 * 1024;

/// Names of UTF-16 that leave open which byte comes first.
const UTF_16: [&str; 5] = ["utf-16", "ucs-2", "iso-10646-ucs-2", "csunicode", "unicode"];

/// Decodes a source of unknown encoding.
///
/// In this order, because each later test would take what an earlier one knows better: byte order mark, valid UTF-8,
/// nearly valid UTF-8, UTF-16 by its NULs, a guess.
///
/// # Errors
/// If the bytes are no text in any encoding that is read.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, ExtractError> {
    if let Some(decoded) = by_mark(bytes) {
        return decoded;
    }
    if bytes.contains(&0)
        && let Some(encoding) = utf16_by_nuls(bytes)
    {
        return Ok(with(encoding, bytes, Some(no_mark_warning(encoding))));
    }
    if is_binary(bytes) {
        return Err(ExtractError::Binary);
    }
    if let Some(decoded) = utf8(bytes) {
        return Ok(decoded);
    }
    if is_ebcdic(bytes) {
        return Err(ExtractError::Binary);
    }
    Ok(guessed(bytes))
}

/// What is known to be text in UTF-8, whatever characters are in it.
pub(super) fn of_text(bytes: &[u8]) -> Decoded {
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), ..Decoded::default() }
}

/// Decodes the text of a mail part that claims to be in `charset`, which is often missing, unknown or false.
pub(super) fn decode_declared(bytes: &[u8], charset: Option<&str>) -> Decoded {
    if let Some(Ok(decoded)) = by_mark(bytes) {
        return decoded;
    }
    let label = charset.map(|label| label.trim().trim_matches(['"', '\'']).to_ascii_lowercase()).unwrap_or_default();
    if matches!(label.as_str(), "utf-7" | "utf7" | "unicode-1-1-utf-7") {
        return Decoded { text: utf7(bytes), ..Decoded::default() };
    }
    let encoding = if UTF_16.contains(&label.as_str()) {
        // Of either order; the larger byte first where nothing tells (RFC 2781, section 4.3).
        Some(utf16_by_nuls(bytes).unwrap_or(UTF_16BE))
    } else {
        Encoding::for_label(label.as_bytes())
    };
    // `us-ascii` and the Latin-1 family are what programs write that do not know: valid UTF-8 with something beyond
    // ASCII in it is not in them by chance.
    let is_vague = encoding.is_none_or(|encoding| encoding == WINDOWS_1252 || encoding == UTF_8);
    if is_vague && let Some(mut decoded) = utf8(bytes) {
        if !matches!(label.as_str(), "" | "utf-8" | "utf8") && !bytes.is_ascii() {
            decoded.warnings.insert(0, format!("declared as {label:?}, read as UTF-8"));
        }
        return decoded;
    }
    match encoding {
        Some(encoding) if encoding != UTF_8 && !matches!(label.as_str(), "us-ascii" | "ascii") => {
            with(encoding, bytes, None)
        }
        Some(_) | None => guessed(bytes),
    }
}

fn by_mark(bytes: &[u8]) -> Option<Result<Decoded, ExtractError>> {
    // The mark of UTF-32LE begins with that of UTF-16LE.
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE\0\0") {
        return Some(utf32(rest, u32::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xFE\xFF") {
        return Some(utf32(rest, u32::from_be_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        if is_binary(rest) {
            return Some(Err(ExtractError::Binary));
        }
        let decoded = utf8(rest).unwrap_or_else(|| with(UTF_8, rest, None));
        return Some(Ok(Decoded { base: 3, ..decoded }));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return Some(Ok(with(UTF_16LE, rest, None)));
    }
    bytes.strip_prefix(b"\xFE\xFF").map(|rest| Ok(with(UTF_16BE, rest, None)))
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Result<Decoded, ExtractError> {
    let mut text = String::with_capacity(bytes.len() / 4);
    let (units, rest) = bytes.as_chunks::<4>();
    for unit in units {
        // Real UTF-32 holds nothing but characters; anything else only looked like its mark.
        text.push(char::from_u32(number(*unit)).ok_or(ExtractError::Binary)?);
    }
    if rest.is_empty() { Ok(Decoded { text, ..Decoded::default() }) } else { Err(ExtractError::Binary) }
}

/// UTF-8, also where less than half of what is not ASCII is damaged: one bad byte stays one bad byte and does not
/// turn every other accent into something else.
fn utf8(bytes: &[u8]) -> Option<Decoded> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        if bytes.contains(&0x1B) && is_iso_2022_jp(bytes) {
            return Some(with(ISO_2022_JP, bytes, Some(no_charset_warning())));
        }
        return Some(Decoded { text: text.to_owned(), ..Decoded::default() });
    }
    let (mut bad, mut good, mut first) = (0_usize, 0_usize, None);
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            bad += 1;
            first.get_or_insert(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    if bad > good {
        return None;
    }
    let line = 1 + text[..first.unwrap_or_default()].matches('\n').count();
    Some(Decoded { text, base: 0, warnings: vec![utf8_warning(bad, line)] })
}

fn utf8_warning(bad: usize, line: usize) -> String {
    if bad == 1 {
        format!("line {line}: 1 character is not UTF-8")
    } else {
        format!("line {line}: {bad} characters are not UTF-8, this is the first")
    }
}

fn guessed(bytes: &[u8]) -> Decoded {
    let encoding = guess(bytes);
    with(encoding, bytes, Some(guess_warning(encoding)))
}

fn guess_warning(encoding: &'static Encoding) -> String {
    format!("not UTF-8: read as {}", encoding.name())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let mut encoding = detector.guess(None, Utf8Detection::Deny);
    // The guess knows letters, not what Word does to English: with only some quotes, dashes and soft hyphens to go by
    // it has been seen to say Shift_JIS.
    let others = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    if others * 50 < bytes.len() && others > 0 {
        encoding = WINDOWS_1252;
    }
    encoding
}

fn no_charset_warning() -> String {
    format!("no charset: read as {}", ISO_2022_JP.name())
}

fn no_mark_warning(encoding: &'static Encoding) -> String {
    format!("no byte order mark: read as {}", encoding.name())
}

fn with(encoding: &'static Encoding, bytes: &[u8], warning: Option<String>) -> Decoded {
    let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
    let mut warnings = Vec::from_iter(warning);
    if has_errors {
        warnings.push(damage_warning(encoding));
    }
    Decoded { text: text.into_owned(), base: 0, warnings }
}

fn damage_warning(encoding: &'static Encoding) -> String {
    format!("some bytes are not {}", encoding.name())
}

/// Decodes a long text while it is read.
///
/// Which encoding it is in is decided as [`decode`] does, by its first bytes, and by those in which the first one stands
/// that is not ASCII. A text that turns into another encoding later, or is damaged there in every other accent, comes out
/// otherwise than it does as a whole.
#[derive(Debug)]
pub(super) struct Decoding {
    decoder: Decoder,
    base: usize,
    /// Bytes of a byte order mark that are still to come.
    mark: usize,
    /// Whether the encoding is known; if not, all was ASCII so far.
    is_settled: bool,
    warning: Option<String>,
    /// Characters that are none in the encoding, and the line of the first one.
    bad: usize,
    line: usize,
}

/// Whether a text that begins so is in an encoding that is decoded while it is read.
pub(super) fn is_gradual(head: &[u8]) -> bool {
    !head.starts_with(b"\xFF\xFE\0\0") && !head.starts_with(b"\0\0\xFE\xFF")
}

impl Decoding {
    /// Looks at the first bytes, which are still to be pushed.
    ///
    /// # Errors
    /// If they are no text.
    pub(super) fn begin(head: &[u8]) -> Result<Self, ExtractError> {
        let (mut encoding, mark) = Encoding::for_bom(head).unwrap_or((UTF_8, 0));
        let (mut is_settled, mut warning) = (mark > 0, None);
        if mark == 0
            && let Some(found) = utf16_by_nuls(head).filter(|_| head.contains(&0))
        {
            (encoding, is_settled, warning) = (found, true, Some(no_mark_warning(found)));
        } else if encoding == UTF_8 && is_binary(&head[mark..]) {
            return Err(ExtractError::Binary);
        } else if mark == 0 && head.is_ascii() && head.contains(&0x1B) && is_iso_2022_jp(head) {
            (encoding, is_settled, warning) = (ISO_2022_JP, true, Some(no_charset_warning()));
        } else if mark == 0 && utf8(whole_characters(head)).is_none() && is_ebcdic(head) {
            return Err(ExtractError::Binary);
        }
        let base = if encoding == UTF_8 { mark } else { 0 };
        let decoder = encoding.new_decoder_without_bom_handling();
        Ok(Self { decoder, base, mark, is_settled, warning, bad: 0, line: 1 })
    }

    /// Bytes of the source before the text, as in [`Decoded`].
    pub(super) const fn base(&self) -> usize {
        self.base
    }

    /// Decodes the bytes that follow and appends them to `text`.
    pub(super) fn push(&mut self, bytes: &[u8], is_last: bool, text: &mut String) {
        let mark = std::mem::take(&mut self.mark).min(bytes.len());
        let mut bytes = &bytes[mark..];
        if !self.is_settled && !bytes.is_ascii() {
            self.is_settled = true;
            if utf8(whole_characters(bytes)).is_none() {
                let encoding = guess(bytes);
                self.warning = Some(guess_warning(encoding));
                self.decoder = encoding.new_decoder_without_bom_handling();
            }
        }
        let mut counted = text.len();
        loop {
            text.reserve(self.decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0).max(16));
            let (result, read) = self.decoder.decode_to_string_without_replacement(bytes, text, is_last);
            bytes = &bytes[read..];
            if self.bad == 0 {
                self.line += count(&text.as_bytes()[counted..], b'\n');
                counted = text.len();
            }
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.bad += 1;
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }

    /// What was guessed or could not be decoded so far.
    pub(super) fn warnings(&self) -> Vec<String> {
        let encoding = self.decoder.encoding();
        let bad = (self.bad > 0)
            .then(|| if encoding == UTF_8 { utf8_warning(self.bad, self.line) } else { damage_warning(encoding) });
        self.warning.iter().cloned().chain(bad).collect()
    }
}

/// How often a byte occurs.
pub(super) fn count(bytes: &[u8], wanted: u8) -> usize {
    count_if(bytes, |byte| byte == wanted)
}

/// How many bytes are wanted: summed up in bytes, of which the processor adds many at a time.
fn count_if(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> usize {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(is_wanted(*byte))).sum::<u8>();
    bytes.chunks(255).map(|bytes| usize::from(sum(bytes))).sum()
}

/// Bytes without a character of UTF-8 at their end that is cut short.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    let cut = bytes.iter().rev().take(3).position(|byte| byte & 0xC0 == 0xC0).map_or(0, |at| at + 1);
    let (head, tail) = bytes.split_at(bytes.len() - cut);
    if std::str::from_utf8(tail).is_err() { head } else { bytes }
}

/// UTF-16 of Western text without a mark: every other byte is NUL, and only those.
fn utf16_by_nuls(bytes: &[u8]) -> Option<&'static Encoding> {
    let probe = &bytes[..bytes.len().min(PROBE)];
    let (pairs, _) = probe.as_chunks::<2>();
    let (high, low) = pairs.iter().fold((0, 0), |(high, low), [first, second]| {
        (high + usize::from(*first == 0), low + usize::from(*second == 0))
    });
    // Two thirds, since a title in another script may stand among English text.
    if pairs.len() < 2 {
        None
    } else if low * 3 > pairs.len() * 2 && high * 20 < pairs.len() {
        Some(UTF_16LE)
    } else if high * 3 > pairs.len() * 2 && low * 20 < pairs.len() {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn is_binary(bytes: &[u8]) -> bool {
    let probe = &bytes[..bytes.len().min(PROBE)];
    let controls = count_if(probe, |byte| matches!(byte, 0..=7 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F));
    let nuls = count(probe, 0);
    nuls * 200 > probe.len() || controls * 50 > probe.len()
}

/// Prose in EBCDIC: its space is ASCII's `@`, its letters are all beyond ASCII, and next to nothing else occurs.
fn is_ebcdic(bytes: &[u8]) -> bool {
    let probe = &bytes[..bytes.len().min(PROBE)];
    count(probe, b'@') * 20 > probe.len()
        && count(probe, b' ') * 50 < probe.len()
        && count_if(probe, |byte| byte == b'@' || byte >= 0x80) * 4 > probe.len() * 3
}

fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| matches!(window, b"\x1B$B" | b"\x1B$@"))
}

/// UTF-7 (RFC 2152), lossily: no crate here reads it, and mail in it is old and rare.
fn utf7(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'+' {
            text.push(if bytes[at].is_ascii() { char::from(bytes[at]) } else { char::REPLACEMENT_CHARACTER });
            at += 1;
            continue;
        }
        let run = &bytes[at + 1..];
        let len = run.iter().position(|byte| sextet(*byte).is_none()).unwrap_or(run.len());
        let mut units = Vec::with_capacity(len / 2);
        let (mut bits, mut held) = (0_u32, 0);
        for sextet in run[..len].iter().filter_map(|byte| sextet(*byte)) {
            bits = (bits << 6 | u32::from(sextet)) & 0x3F_FFFF;
            held += 6;
            if held >= 16 {
                held -= 16;
                // The mask leaves sixteen bits.
                units.push((bits >> held & 0xFFFF) as u16);
            }
        }
        if len == 0 {
            text.push('+');
        }
        text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
        at += 1 + len + usize::from(run.get(len) == Some(&b'-'));
    }
    text
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let long = "The crew decides. ".repeat(8);
        let utf16 = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let utf32: Vec<u8> = "\u{FEFF}A\u{2019}s".chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        let table: Vec<(&str, Vec<u8>, Result<&str, ExtractError>)> = vec![
            ("empty", vec![], Ok("")),
            ("ascii", b"Decide.".to_vec(), Ok("Decide.")),
            ("utf-8 mark", b"\xEF\xBB\xBFDecide.".to_vec(), Ok("Decide.")),
            ("utf-16le mark", utf16("\u{FEFF}You\u{2019}re", false), Ok("You\u{2019}re")),
            ("utf-16be mark", utf16("\u{FEFF}You\u{2019}re", true), Ok("You\u{2019}re")),
            ("utf-16le no mark", utf16(&long, false), Ok(&long)),
            ("utf-16be no mark", utf16(&long, true), Ok(&long)),
            ("utf-32le mark", utf32, Ok("A\u{2019}s")),
            ("utf-32 broken", b"\xFF\xFE\0\0\xFF\xFF\xFF\xFF".to_vec(), Err(ExtractError::Binary)),
            ("one bad byte", b"caf\xC3\xA9 \xC3\xA9t\xC3\xA9\nna\xEFve".to_vec(), Ok("café été\nna\u{FFFD}ve")),
            ("cp1252", b"You\x92re free to decide \x96 all of it.".to_vec(), Ok("You’re free to decide – all of it.")),
            ("nuls", b"\x7FELF\0\0\0\x01\0\0".to_vec(), Err(ExtractError::Binary)),
            ("controls", (0_u8..128).cycle().take(999).collect(), Err(ExtractError::Binary)),
            // "THE CREW DECIDES TODAY" in code page 500.
            (
                "ebcdic",
                b"\xE3\xC8\xC5\x40\xC3\xD9\xC5\xE6\x40\xC4\xC5\xC3\xC9\xC4\xC5\xE2\x40\xE3\xD6\xC4\xC1\xE8".to_vec(),
                Err(ExtractError::Binary),
            ),
        ];
        for (name, bytes, expected) in table {
            let found = decode(&bytes).map(|decoded| decoded.text);
            assert_eq!(found.as_deref(), expected.as_deref(), "{name}");
        }
    }

    #[test]
    fn repairs_and_guesses_are_told() {
        let table: [(&[u8], usize, &[&str]); 4] = [
            (b"\xEF\xBB\xBFfine", 3, &[]),
            (b"caf\xC3\xA9\nna\xEFve", 0, &["line 2: 1 character is not UTF-8"]),
            (b"You\x92re", 0, &["not UTF-8: read as windows-1252"]),
            (b"a\0b\0c\0d\0", 0, &["no byte order mark: read as UTF-16LE"]),
        ];
        for (bytes, base, warnings) in table {
            let decoded = decode(bytes).expect("text");
            assert_eq!((decoded.base, decoded.warnings), (base, warnings.iter().map(ToString::to_string).collect()));
        }
    }

    #[test]
    fn false_charsets_are_seen_through() {
        let table: [(&str, &[u8], Option<&str>, &str); 15] = [
            ("utf-16, marked", b"\xFF\xFEG\0o\0", Some("utf-16"), "Go"),
            ("utf-16, the larger byte first", b"\0G\0o\0.", Some("UTF-16"), "Go."),
            ("utf-16, the smaller byte first", b"G\0o\0.\0", Some("utf-16"), "Go."),
            ("utf-16, nothing tells", b"\x4F\x60\x59\x7D", Some("utf-16"), "\u{4F60}\u{597D}"),
            ("none, utf-8", "naïve".as_bytes(), None, "naïve"),
            ("none, cp1252", b"It\x92s your call", None, "It’s your call"),
            ("us-ascii, utf-8", "naïve".as_bytes(), Some("us-ascii"), "naïve"),
            ("us-ascii, cp1252", b"It\x92s your call", Some("US-ASCII"), "It’s your call"),
            ("unknown, utf-8", "naïve".as_bytes(), Some("x-unknown"), "naïve"),
            ("unknown, cp1252", b"It\x92s your call", Some("x-unknown"), "It’s your call"),
            ("latin-1", b"na\xEFve", Some("\"ISO-8859-1\""), "naïve"),
            ("latin-2", b"\xB1", Some("iso-8859-2"), "ą"),
            ("utf-8, cp1252", b"It\x92s your call", Some("utf-8"), "It’s your call"),
            ("utf-7", b"Hi Mom +Jjo-! 1 +- 1", Some("utf-7"), "Hi Mom \u{263A}! 1 + 1"),
            ("nul", b"a\0b", Some("utf-8"), "a\0b"),
        ];
        for (name, bytes, charset, expected) in table {
            assert_eq!(decode_declared(bytes, charset).text, expected, "{name}");
        }
    }
}
