//! Which boundaries stand: joins what an abbreviation, a number or a quotation tore apart, and parts what UAX #29 left
//! together. Every question is answered from a few words round the place, so that time is linear in the text.

use super::abbreviations::{Abbreviations, Class};
use super::plain::is_mark;

/// Longest stretch before a place that is looked at for its last word.
const LONGEST_WORD: usize = 24;

/// A run of end marks and what directly follows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// First byte of the end marks.
    pub(super) start: usize,
    /// One past the marks.
    pub(super) marks: usize,
    /// One past the quotes, brackets and footnote marks that close behind them.
    pub(super) close: usize,
    /// One past the space: where the next sentence would begin.
    pub(super) next: usize,
}

impl Place {
    /// The place whose marks begin at `start`, if they do.
    pub(super) fn at(text: &str, start: usize) -> Option<Self> {
        let run: usize = text[start..].chars().take_while(|c| is_mark(*c)).map(char::len_utf8).sum();
        if run == 0 {
            return None;
        }
        let marks = start + run;
        let mut close = marks;
        loop {
            let rest = &text[close..];
            close += match rest.chars().next() {
                Some(c @ ('"' | '\'' | ')' | ']' | '}' | '”' | '’' | '»' | '›' | '*' | '_' | '`')) => {
                    c.len_utf8()
                }
                Some('[') => match footnote(rest) {
                    Some(len) => len,
                    None => break,
                },
                _ => break,
            };
        }
        let rest = &text[close..];
        Some(Self { start, marks, close, next: close + rest.len() - rest.trim_start().len() })
    }

    /// Whether space follows.
    fn is_spaced(&self) -> bool {
        self.next > self.close
    }

    /// Whether anything closes behind the marks.
    fn is_closed(&self) -> bool {
        self.close > self.marks
    }
}

/// The length of a footnote's mark, "[12]".
fn footnote(text: &str) -> Option<usize> {
    let digits = text.bytes().skip(1).take(4).take_while(u8::is_ascii_digit).count();
    (matches!(digits, 1..=3) && text.as_bytes().get(digits + 1) == Some(&b']')).then_some(digits + 2)
}

/// What comes after a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    Upper,
    Lower,
    /// A digit, or the sign of a number or an amount.
    Digit,
    Dash,
    Mark,
    Other,
}

/// The first word after a place.
struct Following<'a> {
    opening: Opening,
    /// Letters and apostrophes; empty where no letter comes first.
    word: &'a str,
    /// What stands behind the word.
    after: Option<char>,
    /// Whether a bracket opens before it.
    is_bracketed: bool,
}

impl<'a> Following<'a> {
    fn at(text: &'a str, next: usize) -> Self {
        let mut rest = &text[next..];
        let mut is_bracketed = false;
        for _ in 0..4 {
            match rest.chars().next() {
                Some(c @ ('"' | '\'' | '(' | '[' | '{' | '“' | '‘' | '”' | '’' | '«' | '‹' | '*' | '_' | '`')) =>
                {
                    is_bracketed |= matches!(c, '(' | '[');
                    rest = &rest[c.len_utf8()..];
                }
                _ => break,
            }
        }
        let opening = match rest.chars().next() {
            Some('-' | '–' | '—') => Opening::Dash,
            Some(c) if is_mark(c) => Opening::Mark,
            Some(c) if c.is_lowercase() => Opening::Lower,
            Some(c) if c.is_alphabetic() => Opening::Upper,
            Some(c) if c.is_numeric() || matches!(c, '#' | '$' | '€' | '£') => Opening::Digit,
            _ => Opening::Other,
        };
        let is_part = |c: &(usize, char)| c.1.is_alphabetic() || matches!(c.1, '\'' | '’');
        let len =
            rest.char_indices().take(LONGEST_WORD).take_while(is_part).last().map_or(0, |(at, c)| at + c.len_utf8());
        Self { opening, word: &rest[..len], after: rest[len..].chars().next(), is_bracketed }
    }

    /// Whether its word usually opens a sentence.
    fn is_starter(&self) -> bool {
        self.opening == Opening::Upper && Abbreviations::builtin().is_starter(self.word.as_bytes())
    }

    /// Whether it looks like the first word of a sentence and not like the next part of a name, a path or a call.
    fn is_sentence_word(&self) -> bool {
        let mut letters = self.word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && (matches!(self.word, "I" | "A") && self.after == Some(' ')
                || letters.next().is_some()
                    && self.word.chars().skip(1).all(|c| !c.is_uppercase())
                    && self.after.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | ':' | '\'' | '’' | '.' | '!')))
    }
}

/// The word at the end of `text`: letters, digits and inner full stops and apostrophes.
fn last_word(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_plain_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'&' | b'\'');
    let len = bytes.iter().rev().take(LONGEST_WORD).take_while(|b| is_plain_part(b)).count();
    let start = bytes.len() - len;
    let start = if len == LONGEST_WORD || start == 0 || bytes[start - 1].is_ascii() {
        start
    } else {
        let is_part = |c: &(usize, char)| c.1.is_alphanumeric() || matches!(c.1, '.' | '&' | '\'' | '’' | '°');
        let first = text.char_indices().rev().take(LONGEST_WORD).take_while(is_part).last();
        first.map_or(text.len(), |(at, _)| at)
    };
    text[start..].trim_start_matches(['\'', '’', '.'])
}

/// Whether what stands before a word at `start` makes it a part of an address, a path or a name in program text.
fn is_in_address(text: &str, start: usize) -> bool {
    text[..start].ends_with(['@', '/', '\\', '_', '-', ':', '.', '#', '=', '&', '?', '%'])
}

/// Whether `word` is a plain word in small letters: three of them at least, a vowel among them.
fn is_plain_word(word: &str) -> bool {
    word.len() >= 3
        && word.bytes().any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y') || !b.is_ascii())
        && word.chars().all(|c| c.is_lowercase() || matches!(c, '\'' | '’'))
}

/// Whether a sentence that begins at `start` ends at `place`; `is_bound` says whether UAX #29 has a boundary there.
pub(super) fn ends(text: &str, start: usize, place: &Place, is_bound: bool) -> bool {
    if place.next >= text.len() {
        return false;
    }
    let following = Following::at(text, place.next);
    let marks = &text[place.start..place.marks];
    if marks == "." {
        stop(text, start, place, &following, is_bound)
    } else if marks.chars().all(|mark| matches!(mark, '.' | '…' | '\u{2024}')) {
        ellipsis(text, place, &following, is_bound)
    } else {
        exclamation(text, start, place, &following, is_bound)
    }
}

/// Question and exclamation marks.
fn exclamation(text: &str, start: usize, place: &Place, following: &Following<'_>, is_bound: bool) -> bool {
    let word = last_word(&text[start..place.start]);
    if !place.is_spaced() {
        // An address, or a sentence that lost its space.
        let is_word = word.chars().count() > 1 && word.chars().all(char::is_alphabetic);
        return is_bound && is_word && !is_in_address(text, place.start - word.len()) && following.is_sentence_word();
    }
    match following.opening {
        Opening::Lower if place.is_closed() => false,
        // "She works at Yahoo! in the accounting department."
        Opening::Lower if text[place.start..place.marks].starts_with('!') => {
            let is_name = word.starts_with(char::is_uppercase) && place.start - word.len() > start;
            is_bound && !is_name
        }
        Opening::Upper | Opening::Lower | Opening::Digit | Opening::Other => {
            // A mark alone in brackets comments on the word before it.
            is_bound && !(place.is_closed() && text[..place.start].ends_with(['(', '[']))
        }
        Opening::Dash | Opening::Mark => false,
    }
}

/// Two and more dots, or the character for three.
fn ellipsis(text: &str, place: &Place, following: &Following<'_>, is_bound: bool) -> bool {
    if text[..place.start].ends_with('[') && text[place.marks..].starts_with(']') && following.is_bracketed {
        return false;
    }
    match following.opening {
        Opening::Upper if !place.is_spaced() => {
            let before = text[..place.start].chars().next_back();
            before.is_some_and(|c| c.is_lowercase() || c.is_numeric()) && following.is_sentence_word()
        }
        Opening::Upper => !place_opens(text, place),
        Opening::Digit | Opening::Other => place.is_spaced() && is_bound,
        Opening::Lower | Opening::Dash | Opening::Mark => false,
    }
}

/// Whether the marks of `place` stand before the words that they belong to.
fn place_opens(text: &str, place: &Place) -> bool {
    text[..place.start].trim_end().is_empty()
}

/// One full stop.
fn stop(text: &str, start: usize, place: &Place, following: &Following<'_>, is_bound: bool) -> bool {
    if following.opening == Opening::Mark {
        return false;
    }
    if let Some(dots) = SpacedDots::before(text, place.start) {
        let is_end = dots.is_attached || dots.count > 3 || following.is_starter() && following.word != "I";
        return is_bound && following.opening == Opening::Upper && is_end;
    }
    let word = last_word(&text[start..place.start]);
    if !place.is_spaced() {
        return is_plain_word(word) && !is_in_address(text, place.start - word.len()) && following.is_sentence_word();
    }
    if is_list_mark(&text[start..place.start]) {
        return false;
    }
    if place.is_closed() && following.opening == Opening::Lower {
        return false;
    }
    match kind(text, start, place, word) {
        Kind::Never => false,
        Kind::BeforeStarter => is_bound && following.is_starter(),
        Kind::BeforeCapital => is_bound && following.opening == Opening::Upper && !following.is_bracketed,
        Kind::NotBeforeNumber if following.opening == Opening::Digit => false,
        Kind::Word | Kind::NotBeforeNumber => match following.opening {
            Opening::Lower | Opening::Dash => is_bound || is_plain_word(word),
            Opening::Digit => is_bound || is_plain_word(word) || place.is_closed(),
            Opening::Upper | Opening::Other | Opening::Mark => is_bound,
        },
    }
}

/// What the word before a full stop lets follow.
enum Kind {
    Never,
    BeforeStarter,
    BeforeCapital,
    NotBeforeNumber,
    Word,
}

fn kind(text: &str, start: usize, place: &Place, word: &str) -> Kind {
    let before = &text[start..place.start - word.len()];
    let is_after_colon = before.ends_with(": ");
    let before = before.trim_end();
    match Abbreviations::builtin().class(word.as_bytes()) {
        // "P.S. By the way", "Conf. Call": an abbreviation alone is no sentence.
        Some(Class::Prepositive | Class::MayEnd | Class::BeforeNumber | Class::Hour) if before.is_empty() => {
            return Kind::Never;
        }
        Some(Class::Prepositive) => return Kind::Never,
        Some(Class::MayEnd | Class::BeforeNumber) => return Kind::BeforeStarter,
        Some(Class::WordToo) => return Kind::NotBeforeNumber,
        Some(Class::Hour) => {
            if before.ends_with(|c: char| c.is_ascii_digit()) {
                // "At 5 a.m. Mr. Ode came" has said nothing yet but the hour.
                let is_clause = words_reach(&text[start..place.start], 5);
                return if is_clause { Kind::BeforeCapital } else { Kind::BeforeStarter };
            }
            return if word.contains('.') { Kind::BeforeStarter } else { Kind::Word };
        }
        None => {}
    }
    // "My points: 1. The price".
    if is_after_colon && word.len() < 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        return Kind::Never;
    }
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some('I'), None) => {
            // "you and I." against "Albert I. Jones".
            let name = last_word(text[start..place.start - 1].trim_end());
            let is_name = name.len() > 1 && name.starts_with(char::is_uppercase);
            if is_name { Kind::BeforeStarter } else { Kind::Word }
        }
        (Some(letter), None) if letter.is_alphabetic() => Kind::BeforeStarter,
        (Some(_), Some(_)) if is_dotted(word) => Kind::BeforeStarter,
        (None | Some(_), _) => Kind::Word,
    }
}

/// Whether `text` has that many words. Looks from its end and no further than they reach: a long word at the start of a
/// sentence is not gone through again at each place of it.
fn words_reach(text: &str, words: usize) -> bool {
    text.split_whitespace().rev().nth(words - 1).is_some()
}

/// Whether `word` is letters with full stops between, one or two to each: "U.S", "J.K", "Ph.D".
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| matches!(part.chars().count(), 1 | 2) && part.chars().all(char::is_alphabetic))
}

/// Whether all that a sentence holds so far is an item's number or letter.
fn is_list_mark(text: &str) -> bool {
    if text.len() > 16 {
        return false;
    }
    let body = text.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches([')', ']']);
    let is_number = body.starts_with(|c: char| c.is_ascii_digit())
        && body.split('.').all(|part| part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit()));
    let is_roman = body.len() <= 5 && !body.is_empty() && body.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    let is_letter = body.len() == 1 && body.bytes().all(|b| b.is_ascii_alphabetic());
    is_number || is_roman || is_letter
}

/// Dots with spaces between, ". . .", of which a full stop is the last.
struct SpacedDots {
    count: usize,
    /// Whether the first one stands directly behind a word.
    is_attached: bool,
}

impl SpacedDots {
    fn before(text: &str, last: usize) -> Option<Self> {
        let mut count = 1;
        let mut first = last;
        while count < 5 && first >= 2 && text.as_bytes()[first - 1] == b' ' && text.as_bytes()[first - 2] == b'.' {
            first -= 2;
            count += 1;
        }
        let is_attached = !text[..first].ends_with(' ');
        (count > 1).then_some(Self { count, is_attached })
    }
}
