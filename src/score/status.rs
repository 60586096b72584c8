//! Whether a document can be judged at all: is there text, is it English, is it leadership writing, is it enough.
//!
//! Owns the two guesses that this takes, of the language and of the register, and the rule that puts them together.
//! Both look at the author's words only, never at a file's name.

use super::wilson;
use crate::report::{Counts, Status};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language is told from this many bytes of letters on; a script that says more with a letter needs fewer letters.
const LEAST_LETTERS: usize = 200;

/// This many bytes of a document show whether it is English; all others are looked at more closely.
const GLANCE: usize = 1_024;

/// No more of a document than this many bytes is looked at for its language.
const SAMPLE: usize = 4_096;

/// The words of English that hold its sentences together and are no words of its neighbours, in alphabetical order.
const FUNCTION_WORDS: [&str; 33] = [
    "and", "any", "are", "as", "be", "been", "but", "by", "can", "for", "from", "have", "if", "it", "may", "must",
    "not", "our", "should", "that", "the", "their", "they", "this", "to", "we", "what", "when", "which", "will",
    "with", "you", "your",
];

/// From this share of [`FUNCTION_WORDS`] on a text is English, whatever its letters look like; prose has about 250.
const ENGLISH_PER_MILLE: usize = 120;

/// Below this share it can be another language.
const FOREIGN_PER_MILLE: usize = 60;

/// Fewer sentences than this that take a side say nothing of a document: were all on one side, the interval of the
/// share would still hold a half.
const LEAST_SIDED: u64 = 4;

/// Where no more than this share of many sentences takes a side, all of them can be mistakes: of manuals of programs, which
/// take none, 0.08 to 0.15 are taken for a side, of digests of news 0.05 to 0.09.
const MISTAKEN: f64 = 0.1;

/// What the status of a document follows from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Sentences by label.
    pub counts: &'a Counts,
    /// What [`language`] found.
    pub language: Option<&'static str>,
    /// What [`Register::judge`] found.
    pub register: RegisterScore,
}

/// The status of a document. The first reason not to judge it is the one that is given.
#[must_use]
pub fn status(facts: Facts<'_>) -> Status {
    let counts = facts.counts;
    let is_foreign = facts.language.is_some_and(|language| language != "en");
    if counts.sentences == 0 {
        Status::NoText
    } else if is_foreign {
        Status::NotEnglish
    } else if !facts.register.is_leadership {
        Status::NotLeadership
    } else if !is_enough(counts) {
        Status::TooLittleEvidence
    } else {
        Status::Scored
    }
}

/// Whether there are sentences enough that take a side to say anything of a document: a few, and not so few of them among
/// so many that all can be mistakes.
#[must_use]
pub fn is_enough(counts: &Counts) -> bool {
    let sided = counts.directive + counts.empowering + counts.mixed;
    let n = counts.sentences as f64;
    sided >= LEAST_SIDED && wilson(sided as f64 / n, n)[1] >= MISTAKEN
}

/// The language of a document, given in pieces: its ISO 639-1 code, or `None` where there is too little text to tell.
///
/// ```
/// use leadtone::score::language;
/// assert_eq!(language(["Kurz."]), None);
/// ```
#[must_use]
pub fn language<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    let mut sample = String::with_capacity(SAMPLE);
    // Tables of figures at a document's head say nothing of its language.
    let is_prose = |piece: &&str| {
        let letters = piece.bytes().filter(|b| b.is_ascii_alphabetic() || !b.is_ascii()).count();
        letters * 2 >= piece.len()
    };
    for piece in pieces.into_iter().filter(is_prose) {
        let room = SAMPLE.saturating_sub(sample.len());
        sample.push_str(&piece[..piece.floor_char_boundary(room)]);
        sample.push('\n');
        if room <= piece.len() {
            break;
        }
    }
    let letters: usize = sample.chars().filter(|c| c.is_alphabetic()).map(char::len_utf8).take(LEAST_LETTERS).sum();
    if letters < LEAST_LETTERS {
        return None;
    }
    if function_words(&sample[..sample.floor_char_boundary(GLANCE)]) >= ENGLISH_PER_MILLE {
        return Some("en");
    }
    let share = function_words(&sample);
    if share >= ENGLISH_PER_MILLE {
        return Some("en");
    }
    let guess = whatlang::detect(&sample)?;
    match guess.lang() {
        whatlang::Lang::Eng => Some("en"),
        lang if guess.is_reliable() && share < FOREIGN_PER_MILLE => Some(code(lang)),
        _ => None,
    }
}

/// How many of a thousand words are function words of English.
fn function_words(text: &str) -> usize {
    let is_letter = |b: &u8| b.is_ascii_alphanumeric() || !b.is_ascii();
    let (mut words, mut found) = (0, 0);
    for word in
        text.as_bytes().split(|b| !is_letter(b)).filter(|word| word.first().is_some_and(|b| !b.is_ascii_digit()))
    {
        words += 1;
        let mut buffer = [0; 6];
        if let Some(small) = buffer.get_mut(..word.len()) {
            small.copy_from_slice(word);
            small.make_ascii_lowercase();
            found += usize::from(FUNCTION_WORDS.binary_search_by(|known| known.as_bytes().cmp(small)).is_ok());
        }
    }
    found * 1_000 / words.max(1)
}

/// The ISO 639-1 code of a language.
fn code(lang: whatlang::Lang) -> &'static str {
    let long = lang.code();
    CODES.iter().find(|(code, _)| *code == long).map_or(long, |(_, short)| short)
}

/// ISO 639-3 codes of whatlang's languages and their ISO 639-1 codes.
const CODES: [(&str, &str); 70] = [
    ("epo", "eo"),
    ("eng", "en"),
    ("rus", "ru"),
    ("cmn", "zh"),
    ("spa", "es"),
    ("por", "pt"),
    ("ita", "it"),
    ("ben", "bn"),
    ("fra", "fr"),
    ("deu", "de"),
    ("ukr", "uk"),
    ("kat", "ka"),
    ("ara", "ar"),
    ("hin", "hi"),
    ("jpn", "ja"),
    ("heb", "he"),
    ("yid", "yi"),
    ("pol", "pl"),
    ("amh", "am"),
    ("jav", "jv"),
    ("kor", "ko"),
    ("nob", "nb"),
    ("dan", "da"),
    ("swe", "sv"),
    ("fin", "fi"),
    ("tur", "tr"),
    ("nld", "nl"),
    ("hun", "hu"),
    ("ces", "cs"),
    ("ell", "el"),
    ("bul", "bg"),
    ("bel", "be"),
    ("mar", "mr"),
    ("kan", "kn"),
    ("ron", "ro"),
    ("slv", "sl"),
    ("hrv", "hr"),
    ("srp", "sr"),
    ("mkd", "mk"),
    ("lit", "lt"),
    ("lav", "lv"),
    ("est", "et"),
    ("tam", "ta"),
    ("vie", "vi"),
    ("urd", "ur"),
    ("tha", "th"),
    ("guj", "gu"),
    ("uzb", "uz"),
    ("pan", "pa"),
    ("aze", "az"),
    ("ind", "id"),
    ("tel", "te"),
    ("pes", "fa"),
    ("mal", "ml"),
    ("ori", "or"),
    ("mya", "my"),
    ("nep", "ne"),
    ("sin", "si"),
    ("khm", "km"),
    ("tuk", "tk"),
    ("aka", "ak"),
    ("zul", "zu"),
    ("sna", "sn"),
    ("afr", "af"),
    ("lat", "la"),
    ("slk", "sk"),
    ("cat", "ca"),
    ("tgl", "tl"),
    ("hye", "hy"),
    ("cym", "cy"),
];

/// After so many words a document whose average is clear is not read on; see [`CLEAR`].
const ENOUGH_WORDS: usize = 400;

/// An average weight this far from zero, in thousandths, leaves no doubt about the rest.
const CLEAR: i64 = 150;

/// What tells leadership writing from program text, fiction, specifications and logs: `lexicons/register.toml`.
#[derive(Debug)]
pub struct Register {
    bias: i64,
    limit: i64,
    words: usize,
    shape: Shapes,
    table: Table,
}

/// What a register says of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterScore {
    /// Words it was judged by.
    pub words: usize,
    /// The sum of their weights and of the bias for each, in thousandths; below zero speaks against.
    pub score: i64,
    /// Whether it passes for writing to people one leads, or is too short to tell.
    pub is_leadership: bool,
}

/// The file's tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterFile {
    bias: i64,
    limit: i64,
    words: usize,
    class: BTreeMap<String, WordClass>,
    shape: Shapes,
}

/// Words that weigh the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordClass {
    weight: i32,
    words: Vec<String>,
}

/// What the shapes of words weigh.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shapes {
    flag: i32,
    identifier: i32,
    symbol: i32,
    clock: i32,
    capital_keyword: i32,
    listing: i32,
}

static BUILTIN: LazyLock<Register> = LazyLock::new(|| {
    let file: RegisterFile =
        toml::from_str(include_str!("../../lexicons/register.toml")).expect("the embedded register is well-formed");
    let mut table = Table::with_room(file.class.values().map(|class| class.words.len()).sum());
    for class in file.class.values() {
        for word in &class.words {
            table.insert(word, class.weight);
        }
    }
    Register { bias: file.bias, limit: file.limit, words: file.words, shape: file.shape, table }
});

impl Register {
    /// The register that comes with the program.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Judges a document, given in pieces: the sentences or the blocks of its author. `listings` is how many stretches
    /// of program text stand among them.
    #[must_use]
    pub fn judge<'a>(&self, pieces: impl IntoIterator<Item = &'a str>, listings: usize) -> RegisterScore {
        let (mut words, mut sum) = (0, i64::from(self.shape.listing) * listings as i64);
        let (mut keywords, mut capitals, mut smalls) = (0, 0, 0);
        for token in pieces.into_iter().flat_map(str::split_ascii_whitespace) {
            if words % ENOUGH_WORDS == 0 && words > 0 {
                let score = sum + self.bias * words as i64;
                if score.abs() > CLEAR * words as i64 {
                    break;
                }
            }
            words += 1;
            if let Some(key) = plain_key(token.as_bytes()) {
                smalls += 1;
                sum += i64::from(self.table.weight(key));
                continue;
            }
            match Token::of(token) {
                Token::Word(key) => {
                    smalls += 1;
                    sum += i64::from(self.table.weight(key));
                }
                Token::Capitals(_, true) => (keywords, capitals) = (keywords + 1, capitals + 1),
                Token::Capitals(key, false) => {
                    capitals += 1;
                    sum += i64::from(self.table.weight(key));
                }
                Token::Flag => sum += i64::from(self.shape.flag),
                Token::Identifier => sum += i64::from(self.shape.identifier),
                Token::Symbol => sum += i64::from(self.shape.symbol),
                Token::Clock => sum += i64::from(self.shape.clock),
                Token::Mark => words -= 1,
                Token::Other => {}
            }
        }
        // An order that is all in capitals is no specification.
        if capitals * 4 < smalls {
            sum += keywords * i64::from(self.shape.capital_keyword);
        }
        let score = sum + self.bias * words as i64;
        RegisterScore { words, score, is_leadership: words < self.words || score > self.limit }
    }
}

/// A word of up to sixteen bytes in small letters; longer ones are in no table.
type Key = u128;

/// What a token looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A word.
    Word(Key),
    /// A word all in capitals, and whether it is a keyword of specifications.
    Capitals(Key, bool),
    Flag,
    Identifier,
    Symbol,
    Clock,
    /// Dashes, bullets and the like.
    Mark,
    /// A number, an address.
    Other,
}

/// What may stand before and after a word.
const fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '"'
            | '\''
            | '('
            | ')'
            | '['
            | ']'
            | '*'
            | '`'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '…'
    )
}

impl Token {
    fn of(token: &str) -> Self {
        let core = token.trim_matches(is_punctuation);
        let bytes = core.as_bytes();
        if !core.contains(char::is_alphanumeric) {
            let is_symbol = core.len() > 1
                && core.contains(['{', '}', '<', '>', '=', '|', '&', '$', '%', '^', '+', '/', '\\', '~']);
            return if is_symbol || matches!(core, "{" | "}" | "<" | ">") { Self::Symbol } else { Self::Mark };
        }
        if is_flag(bytes) {
            Self::Flag
        } else if is_identifier(core) {
            Self::Identifier
        } else if is_clock(bytes) {
            Self::Clock
        } else if bytes.iter().all(u8::is_ascii_uppercase) && bytes.len() > 2 {
            let is_keyword =
                matches!(core, "MUST" | "SHALL" | "SHOULD" | "MAY" | "REQUIRED" | "RECOMMENDED" | "OPTIONAL");
            Self::Capitals(key(core), is_keyword)
        } else if core.starts_with(char::is_alphabetic) {
            Self::Word(key(core))
        } else {
            Self::Other
        }
    }
}

/// "-x", "--long-option=value".
fn is_flag(bytes: &[u8]) -> bool {
    let Some(body) = bytes.strip_prefix(b"--").or_else(|| bytes.strip_prefix(b"-")) else { return false };
    body.first().is_some_and(u8::is_ascii_alphabetic)
        && body.iter().take_while(|b| **b != b'=').all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// A name in program text, a path, a piece of code.
fn is_identifier(core: &str) -> bool {
    let bytes = core.as_bytes();
    if bytes.iter().all(|b| b.is_ascii_alphabetic()) {
        return bytes.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    }
    if core.contains('@') || core.contains("://") {
        return false;
    }
    let is_name = |b: u8| b.is_ascii_alphanumeric();
    let is_inside = bytes.windows(2).any(|pair| match pair {
        [b'a'..=b'z', b'A'..=b'Z'] | [b':', b':'] | [b'-' | b'=', b'>'] | [b'<', b'/'] => true,
        [b'{' | b'}', _] | [_, b'{' | b'}'] => true,
        [b'$', b] => b.is_ascii_alphabetic(),
        [b, b'('] => is_name(*b),
        _ => false,
    });
    let is_joined =
        bytes.windows(3).any(|three| matches!(three[1], b'_' | b'=') && is_name(three[0]) && is_name(three[2]));
    let is_path = core
        .strip_prefix(['~', '.'])
        .unwrap_or(core)
        .strip_prefix('/')
        .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    is_inside || is_joined || is_path || has_extension(core)
}

/// Whether `core` ends like the name of a file of program text or data.
fn has_extension(core: &str) -> bool {
    const EXTENSIONS: [&str; 20] = [
        "c", "conf", "cpp", "go", "h", "htm", "html", "java", "js", "json", "log", "md", "py", "rs", "sh", "toml",
        "txt", "xml", "yaml", "yml",
    ];
    core.rsplit_once('.').is_some_and(|(name, extension)| !name.is_empty() && EXTENSIONS.contains(&extension))
}

/// "12:34:56", "2026-01-31", "10.0.0.1", "0x1f".
fn is_clock(bytes: &[u8]) -> bool {
    if !bytes.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    if let [b'0', b'x', rest @ ..] = bytes {
        return !rest.is_empty() && rest.iter().all(u8::is_ascii_hexdigit);
    }
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let begins = |part: &[u8]| part.len() >= 2 && part[..2].iter().all(u8::is_ascii_digit);
    let parts = |by: u8| -> Vec<&[u8]> { bytes.splitn(4, |b| *b == by).collect() };
    match (parts(b':').as_slice(), parts(b'-').as_slice(), parts(b'.').as_slice()) {
        ([hours, minutes, seconds, ..], _, _) => digits(hours) && digits(minutes) && begins(seconds),
        (_, [year, month, day, ..], _) => year.len() == 4 && digits(year) && digits(month) && begins(day),
        (_, _, [first, second, third, ..]) => digits(first) && digits(second) && digits(third),
        _ => false,
    }
}

/// The key of a token that is a word of small letters, a capital before them perhaps, and punctuation round it: the
/// usual case, for which nothing else has to be looked at.
fn plain_key(token: &[u8]) -> Option<Key> {
    const fn is_round(byte: &u8) -> bool {
        byte.is_ascii() && is_punctuation(*byte as char)
    }
    let start = token.iter().position(|byte| !is_round(byte))?;
    let end = token.iter().rposition(|byte| !is_round(byte))? + 1;
    let word = &token[start..end];
    let mut buffer = [0; 16];
    let small = buffer.get_mut(..word.len())?;
    small.copy_from_slice(word);
    small[0] = small[0].to_ascii_lowercase();
    small.iter().all(u8::is_ascii_lowercase).then(|| Key::from_le_bytes(buffer))
}

/// The key of a word: its bytes in small letters, a curly apostrophe made straight; 0 for one too long to be known.
fn key(word: &str) -> Key {
    let mut buffer = [0; 16];
    let mut len = 0;
    let mut bytes = word.bytes();
    while let Some(byte) = bytes.next() {
        let byte = if byte == 0xE2 {
            if bytes.next() != Some(0x80) || bytes.next() != Some(0x99) {
                return 0;
            }
            b'\''
        } else {
            byte.to_ascii_lowercase()
        };
        let Some(slot) = buffer.get_mut(len) else { return 0 };
        *slot = byte;
        len += 1;
    }
    Key::from_le_bytes(buffer)
}

/// Words and their weights, open addressed; one probe a word in nearly every case.
#[derive(Debug)]
struct Table {
    slots: Vec<(Key, i32)>,
}

impl Table {
    /// A table with room for `words` at a quarter full.
    fn with_room(words: usize) -> Self {
        Self { slots: vec![(0, 0); (words * 4).next_power_of_two()] }
    }

    /// Where the search for `key` begins.
    fn home(&self, key: Key) -> usize {
        let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(32);
        (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & (self.slots.len() - 1)
    }

    fn insert(&mut self, word: &str, weight: i32) {
        let key = key(word);
        assert!(key != 0, "the word {word:?} of the register is longer than sixteen bytes");
        let mut at = self.home(key);
        while self.slots[at].0 != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = (key, weight);
    }

    /// The weight of a word; 0 for one that is not there.
    fn weight(&self, key: Key) -> i32 {
        let mut at = self.home(key);
        loop {
            match self.slots[at] {
                (0, _) => return 0,
                (found, weight) if found == key => return weight,
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_by_shape() {
        for (token, expected) in [
            ("team,", Token::Word(key("team"))),
            ("“We’re", Token::Word(key("we're"))),
            ("--long-option=3", Token::Flag),
            ("[-v]", Token::Flag),
            ("-", Token::Mark),
            ("—", Token::Mark),
            ("...", Token::Mark),
            ("};", Token::Symbol),
            ("{", Token::Symbol),
            ("->", Token::Symbol),
            ("snake_case", Token::Identifier),
            ("camelCase", Token::Identifier),
            ("std::mem", Token::Identifier),
            ("/etc/passwd", Token::Identifier),
            ("notes.json", Token::Identifier),
            ("jo_b@x.example", Token::Word(key("jo_b@x.example"))),
            ("and/or", Token::Word(key("and/or"))),
            ("$100", Token::Other),
            ("12:34:56.7", Token::Clock),
            ("2026-01-31T10", Token::Clock),
            ("10.0.0.1", Token::Clock),
            ("0x1f", Token::Clock),
            ("9.30", Token::Other),
            ("MUST", Token::Capitals(key("must"), true)),
            ("URGENT", Token::Capitals(key("urgent"), false)),
        ] {
            assert_eq!(Token::of(token), expected, "{token}");
        }
    }

    #[test]
    fn every_word_of_the_register_is_found_once() {
        let file: RegisterFile = toml::from_str(include_str!("../../lexicons/register.toml")).expect("well-formed");
        let mut words: Vec<&str> = file.class.values().flat_map(|class| &class.words).map(String::as_str).collect();
        let len = words.len();
        for class in file.class.values() {
            for word in &class.words {
                assert_eq!(Register::builtin().table.weight(key(word)), class.weight, "{word}");
                assert_eq!(word.to_lowercase(), *word);
            }
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), len, "a word stands in two classes");
    }

    #[test]
    fn function_words_are_in_order() {
        assert!(FUNCTION_WORDS.is_sorted());
        assert_eq!(function_words("The map and the key"), 600);
        assert_eq!(function_words(""), 0);
    }

    #[test]
    fn every_language_has_its_short_code() {
        for lang in whatlang::Lang::all() {
            assert_eq!(code(*lang).len(), 2, "{}", lang.code());
        }
    }
}
