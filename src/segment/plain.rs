//! UAX #29 for plain text: Latin letters with usual punctuation, which is nearly all text. The rules SB6 to SB11 are
//! applied only where a sentence may end, so that the rest is skimmed eight bytes at a time. Owns that alphabet and
//! its classes; a test holds both against unicode-segmentation.

/// The sentence break classes that occur in plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Upper,
    Lower,
    Letter,
    Numeric,
    FullStop,
    Terminator,
    Close,
    Continue,
    Space,
    Other,
}

/// A full stop followed by more bytes than this without letter, digit or end mark ends a sentence: such gaps are rules
/// and dot leaders. The look-ahead of unicode-segmentation is quadratic in their length.
const LONGEST_GAP: usize = 64;

/// The end marks of plain text. An ellipsis is none to UAX #29, but a sentence may end there.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '‽' | '⁇' | '⁈' | '⁉' | '\u{2024}')
}

/// Whether all of the text is Latin letters, digits and usual punctuation, without line breaks or marks that are not
/// seen, so that [`is_bound`] knows it all.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = find(bytes, at, |word| {
        (word & HIGHS) | zeros(word ^ (ONES * b'\n' as u64)) | zeros(word ^ (ONES * b'\r' as u64))
    }) {
        let is_known = match &bytes[next..] {
            [0xC2, second, ..] => !matches!(second, 0x85 | 0xAD),
            [0xC3..=0xC5, ..] => true,
            // Dashes, quotes, bullets, ellipsis; not the separators and the direction marks between.
            [0xE2, 0x80, third, ..] => matches!(third, 0x90..=0xA7 | 0xB0..=0xBF),
            [0xE2, 0x81, third, ..] => *third <= 0x9E,
            // Euro, trade mark, arrows.
            [0xE2, 0x82, 0xAC, ..] | [0xE2, 0x84, 0xA2, ..] | [0xE2, 0x86, 0x90..=0xBF, ..] => true,
            _ => false,
        };
        if !is_known {
            return false;
        }
        at = next + if bytes[next] == 0xE2 { 3 } else { 2 };
    }
    true
}

/// The next byte from `from` on that begins an end mark, or another character that begins with the same byte.
pub(super) fn next_candidate(bytes: &[u8], from: usize) -> Option<usize> {
    find(bytes, from, |word| {
        zeros(word ^ (ONES * b'.' as u64))
            | zeros(word ^ (ONES * b'!' as u64))
            | zeros(word ^ (ONES * b'?' as u64))
            | zeros(word ^ (ONES * 0xE2))
    })
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks the bytes of `word` that are zero; the lowest mark is exact, higher ones may be wrong.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// The first byte from `from` on that `marks` sets the high bit of, eight bytes at a time.
fn find(bytes: &[u8], from: usize, marks: impl Fn(u64) -> u64) -> Option<usize> {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let found = marks(u64::from_le_bytes(*chunk));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    // Spaces fill the last chunk up; nobody looks for them.
    let rest = bytes.get(at..)?;
    let mut chunk = [b' '; 8];
    chunk[..rest.len()].copy_from_slice(rest);
    let found = marks(u64::from_le_bytes(chunk));
    (found != 0).then(|| at + found.trailing_zeros() as usize / 8)
}

/// The end of the stretch from `from` on without letter, digit or end mark, if it is a long one and does not reach to
/// the end of the text.
pub(super) fn long_gap(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let gap = rest.find(|c: char| c.is_alphanumeric() || is_mark(c))?;
    (gap > LONGEST_GAP).then_some(from + gap)
}

/// Whether UAX #29 has a boundary inside the end marks `start..end` of plain text or after them, with nothing but
/// closing punctuation and spaces between.
pub(super) fn is_bound(text: &str, start: usize, end: usize) -> bool {
    let mut before = text[..start].chars().next_back();
    text[start..end].char_indices().any(|(at, mark)| {
        let preceding = before.replace(mark);
        is_bound_after(text, start + at + mark.len_utf8(), mark, preceding)
    })
}

/// Whether there is a boundary after `mark`, which ends at `end`, and the closing punctuation and spaces that follow.
fn is_bound_after(text: &str, end: usize, mark: char, preceding: Option<char>) -> bool {
    let is_full_stop = match class(mark) {
        Class::FullStop => true,
        Class::Terminator => false,
        _ => return false,
    };
    let mut rest = text[end..].chars();
    let mut next = rest.next();
    if is_full_stop {
        let is_letter = |c: char| matches!(class(c), Class::Upper | Class::Lower);
        match next.map(class) {
            // SB6.
            Some(Class::Numeric) => return false,
            // SB7.
            Some(Class::Upper) if preceding.is_some_and(is_letter) => return false,
            _ => {}
        }
        if long_gap(text, end).is_some() {
            return true;
        }
    }
    while next.is_some_and(|c| class(c) == Class::Close) {
        next = rest.next();
    }
    while next.is_some_and(|c| class(c) == Class::Space) {
        next = rest.next();
    }
    let Some(next) = next else { return false };
    // SB8: a small letter is next, whatever else is between.
    if is_full_stop {
        let decisive = std::iter::once(next).chain(rest).map(class).find(|class| match class {
            Class::Upper | Class::Lower | Class::Letter | Class::FullStop | Class::Terminator => true,
            Class::Numeric | Class::Close | Class::Continue | Class::Space | Class::Other => false,
        });
        if decisive == Some(Class::Lower) {
            return false;
        }
    }
    // SB8a; else SB11.
    !matches!(class(next), Class::Continue | Class::FullStop | Class::Terminator)
}

/// The class of a character of plain text.
fn class(c: char) -> Class {
    match c {
        'a'..='z' => Class::Lower,
        ' ' | '\t' | '\u{B}' | '\u{C}' | '\u{A0}' => Class::Space,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Numeric,
        '.' | '\u{2024}' => Class::FullStop,
        '!' | '?' | '‼' | '‽' | '⁇' | '⁈' | '⁉' => Class::Terminator,
        ',' | '-' | ':' | ';' | '–' | '—' => Class::Continue,
        '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '«' | '»' | '‘'..='‟' | '‹' | '›' | '⁅' | '⁆' => {
            Class::Close
        }
        _ if c.is_ascii() => Class::Other,
        _ if c.is_lowercase() => Class::Lower,
        _ if c.is_uppercase() => Class::Upper,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_segmentation::UnicodeSegmentation;

    #[test]
    fn every_plain_character_has_the_class_that_unicode_segmentation_gives_it() {
        let contexts = ["a.{}A", "a.{}a", "A.{}", "a! {}B", "a!{} b", "x{}. b", "x{}.B", "{}. B", "a.){} c", "a. {}1"];
        let mut plain = 0;
        for c in (0..0x3000).filter_map(char::from_u32).filter(|c| is_plain(c.encode_utf8(&mut [0; 4]))) {
            plain += 1;
            for context in contexts {
                let text = context.replace("{}", c.encode_utf8(&mut [0; 4]));
                let listed: Vec<usize> =
                    text.split_sentence_bound_indices().map(|(at, _)| at).filter(|at| *at > 0).collect();
                let found: Vec<bool> = text
                    .char_indices()
                    .filter(|(_, mark)| is_mark(*mark))
                    .map(|(at, mark)| is_bound(&text, at, at + mark.len_utf8()))
                    .collect();
                let is_found = found.iter().filter(|is_bound| **is_bound).count();
                assert_eq!(is_found, listed.len(), "{text:?}: {listed:?} {found:?}");
            }
        }
        assert!(plain > 500, "{plain} characters are plain");
    }

    #[test]
    fn finds_every_candidate_at_every_alignment() {
        for pad in 0..20 {
            for mark in ['.', '!', '?', '…'] {
                let text = format!("{}{mark}{}", "x".repeat(pad), "y".repeat(20 - pad));
                assert_eq!(next_candidate(text.as_bytes(), 0), Some(pad), "{text}");
                assert_eq!(next_candidate(text.as_bytes(), pad + mark.len_utf8()), None, "{text}");
            }
        }
    }
}
