//! From a sentence to word ids: what the matcher sees of a text.
//!
//! Words are looked up once. Contractions become the words they stand for, hyphens part words, quotation marks vanish,
//! and punctuation that ends a clause is a token of its own.

use super::is_unseen;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The id of a word; [`UNKNOWN`] for one that no pattern names.
pub(super) type WordId = u32;

/// A word that no pattern names.
pub(super) const UNKNOWN: WordId = 0;

/// One token of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Its word, or its punctuation mark, which is a word like any other; for a word that no pattern names, its ending.
    pub(super) id: WordId,
    /// Bytes of the sentence.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// What it is apart from its word.
    pub(super) shape: Shape,
}

/// What a token is apart from its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shape {
    /// A word in lower case, or a known word at the start of the sentence.
    Plain,
    /// A word with a capital inside the sentence, or one at its start that no pattern knows.
    Name,
    /// A word of two letters or more, all of them capitals.
    Capitals,
    /// A number.
    Number,
    /// A comma or a bracket.
    Comma,
    /// A mark that ends a clause.
    Break,
}

impl Shape {
    /// Whether it is a word or a number.
    pub(super) const fn is_word(self) -> bool {
        !matches!(self, Self::Comma | Self::Break)
    }
}

/// The words that the patterns know, as they are gathered.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    ids: FxHashMap<Box<str>, WordId>,
    /// By surface word: the words it stands for.
    expansions: Vec<(Box<str>, Box<[WordId]>)>,
    words: Vec<Box<str>>,
}

impl Vocabulary {
    /// A vocabulary that holds the punctuation marks.
    pub(super) fn new() -> Self {
        let mut vocabulary = Self { words: vec!["".into()], ..Self::default() };
        for mark in MARKS {
            vocabulary.insert(mark);
        }
        vocabulary
    }

    /// The id of `word`, which is added if it is new.
    pub(super) fn insert(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = WordId::try_from(self.words.len()).expect("fewer than four billion words");
        self.ids.insert(word.into(), id);
        self.words.push(word.into());
        id
    }

    /// Lets `surface` stand for the words of `meaning`.
    pub(super) fn expand(&mut self, surface: &str, meaning: &str) {
        let ids = meaning.split_whitespace().map(|word| self.insert(word)).collect();
        self.expansions.push((surface.into(), ids));
    }

    /// The word of that id.
    pub(super) fn word(&self, id: WordId) -> &str {
        &self.words[id as usize]
    }

    /// Every word with its id.
    pub(super) fn words(&self) -> impl Iterator<Item = (WordId, &str)> {
        self.words.iter().enumerate().skip(1).map(|(id, word)| (id as WordId, &**word))
    }

    /// How many ids there are, [`UNKNOWN`] among them.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }
}

/// The punctuation marks that are tokens, in the order of their ids, which begin at 1.
const MARKS: [&str; 9] = [",", ";", ":", "?", ".", "!", "-", "(", ")"];

/// The id of a punctuation mark.
const fn mark_id(mark: u8) -> WordId {
    let mut at = 0;
    while MARKS[at].as_bytes()[0] != mark {
        at += 1;
    }
    at as WordId + 1
}

/// The words that the patterns know, ready to be looked up: one probe for each word of a text.
///
/// Ids below `words` are those of the [`Vocabulary`]; behind them come surface words that only stand for others, and
/// behind these the endings by which unknown words are told apart.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Dictionary {
    /// A power of two of slots, each with an id or nothing.
    slots: Vec<u32>,
    /// By id.
    entries: Vec<Known>,
    /// Words of more than [`KEY`] bytes.
    long: FxHashMap<Box<str>, u32>,
    /// What surface words stand for; the first is nothing.
    meanings: Vec<Box<[WordId]>>,
    /// How many ids are those of words.
    words: u32,
    /// By their last byte: the endings, longest first, and their ids.
    endings: Vec<Vec<(Box<str>, u32)>>,
}

/// A word of the dictionary.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Known {
    /// Its bytes; zero where it has more than [`KEY`].
    key: Key,
    /// Its place in the list of meanings; zero where it stands for itself.
    meaning: u32,
}

/// Bytes of a word that make its key; words that are longer are looked up apart.
const KEY: usize = 16;

/// The bytes of a word of at most [`KEY`], which no other word has.
type Key = [u64; 2];

fn key(word: &[u8]) -> Key {
    let mut bytes = [0; KEY];
    bytes[..word.len()].copy_from_slice(word);
    [eight(&bytes[..8]), eight(&bytes[8..])]
}

/// Eight bytes as a number.
fn eight(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
}

impl Dictionary {
    /// The dictionary of a vocabulary, in which unknown words are told apart by `endings`.
    pub(super) fn new(vocabulary: &Vocabulary, endings: &[String]) -> Self {
        let most = vocabulary.len() + vocabulary.expansions.len();
        let mut dictionary = Self {
            slots: vec![0; (most * 2).next_power_of_two()],
            entries: vec![Known::default()],
            meanings: vec![Box::default()],
            words: vocabulary.len() as u32,
            endings: vec![Vec::new(); 256],
            ..Self::default()
        };
        for (_, word) in vocabulary.words() {
            dictionary.add(word);
        }
        for (surface, meaning) in &vocabulary.expansions {
            let id = match dictionary.find(surface) {
                UNKNOWN => dictionary.add(surface),
                known => known,
            };
            dictionary.entries[id as usize].meaning = dictionary.meanings.len() as u32;
            dictionary.meanings.push(meaning.clone());
        }
        for ending in endings {
            if let Some(last) = ending.bytes().last() {
                let list = &mut dictionary.endings[usize::from(last)];
                list.push((ending.as_str().into(), dictionary.entries.len() as u32));
                list.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
            }
            dictionary.entries.push(Known::default());
        }
        dictionary
    }

    /// How many ids there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The id of the first ending.
    pub(super) fn first_ending(&self) -> u32 {
        (self.entries.len() - self.endings.iter().map(Vec::len).sum::<usize>()) as u32
    }

    /// Whether an id is that of a word, not of an ending.
    pub(super) const fn is_word(&self, id: u32) -> bool {
        id != UNKNOWN && id < self.words
    }

    fn add(&mut self, word: &str) -> u32 {
        let id = self.entries.len() as u32;
        let mut known = Known::default();
        if word.len() > KEY {
            self.long.insert(word.into(), id);
        } else {
            known.key = key(word.as_bytes());
            let mut slot = self.slot(known.key);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = id;
        }
        self.entries.push(known);
        id
    }

    fn slot(&self, [low, high]: Key) -> usize {
        let mixed = (low ^ high.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.slots.len() - 1)
    }

    /// The id of the word with that key.
    fn probe(&self, key: Key) -> u32 {
        let mut slot = self.slot(key);
        loop {
            let id = self.slots[slot];
            if id == UNKNOWN || self.entries[id as usize].key == key {
                return id;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The id of a surface word.
    fn find(&self, surface: &str) -> u32 {
        match surface.len() {
            0 => UNKNOWN,
            1..=KEY => self.probe(key(surface.as_bytes())),
            _ => self.long.get(surface).copied().unwrap_or(UNKNOWN),
        }
    }

    /// The words that the surface word of that id stands for, unless it stands for itself.
    fn meaning(&self, id: u32) -> Option<&[WordId]> {
        match self.entries[id as usize].meaning {
            0 => None,
            meaning => Some(&self.meanings[meaning as usize]),
        }
    }

    /// The id of the ending of a word that no pattern names.
    fn ending(&self, surface: &str) -> u32 {
        let Some(last) = surface.bytes().last() else { return UNKNOWN };
        let found = self.endings[usize::from(last)].iter().find(|(ending, _)| has_ending(surface, ending));
        found.filter(|_| surface.is_ascii()).map_or(UNKNOWN, |(_, id)| *id)
    }
}

/// Whether `word` ends in `ending` and has at least two letters before it.
pub(super) fn has_ending(word: &str, ending: &str) -> bool {
    word.len() >= ending.len() + 2 && word.ends_with(ending)
}

/// Finds the tokens of a sentence; keeps its buffers from one sentence to the next.
#[derive(Debug, Default)]
pub(super) struct Tokenizer {
    /// The tokens found.
    pub(super) tokens: Vec<Token>,
    word: String,
}

impl Tokenizer {
    /// Empties the list of tokens.
    pub(super) fn clear(&mut self) {
        self.tokens.clear();
    }

    /// Appends the tokens of `text`, whose first word begins a sentence.
    pub(super) fn push(&mut self, dictionary: &Dictionary, text: &str) {
        self.push_by(dictionary, text, plain_word);
    }

    /// The same, with a way to read plain words.
    fn push_by(&mut self, dictionary: &Dictionary, text: &str, plain_word: impl Fn(&[u8]) -> Option<PlainWord>) {
        let bytes = text.as_bytes();
        let first = self.tokens.len();
        let mut at = skip_marker(text);
        while at < bytes.len() {
            let byte = bytes[at];
            if byte == b' ' {
                at += 1;
            } else if byte.is_ascii_alphanumeric() || byte == b'_' {
                at = match plain_word(&bytes[at..]) {
                    Some(word) => self.plain(dictionary, text, at, word, first),
                    None => self.word(dictionary, text, at, first),
                };
            } else if byte < 0x80 {
                at = self.mark(dictionary, text, at, first);
            } else {
                let c = text[at..].chars().next().expect("not at the end");
                match c {
                    '–' | '—' | '―' => self.punctuation(b'-', at, c.len_utf8(), first),
                    '…' => self.punctuation(b'.', at, c.len_utf8(), first),
                    '’' => {
                        at = self.apostrophe(dictionary, text, at, first);
                        continue;
                    }
                    c if c.is_alphabetic() => {
                        at = self.word(dictionary, text, at, first);
                        continue;
                    }
                    _ => {}
                }
                at += c.len_utf8();
            }
        }
    }

    fn punctuation(&mut self, mark: u8, at: usize, len: usize, first: usize) {
        // Marks before the first word are list marks and opening brackets.
        if self.tokens.len() > first {
            let shape = if matches!(mark, b',' | b'(' | b')') { Shape::Comma } else { Shape::Break };
            let (start, end) = (at as u32, (at + len) as u32);
            self.tokens.push(Token { id: mark_id(mark), start, end, shape });
        }
    }

    fn mark(&mut self, dictionary: &Dictionary, text: &str, at: usize, first: usize) -> usize {
        let bytes = text.as_bytes();
        let next = bytes.get(at + 1).copied();
        let mark = match bytes[at] {
            b'\'' => return self.apostrophe(dictionary, text, at, first),
            mark @ (b',' | b';' | b':' | b'?' | b'!' | b'.') => mark,
            b'(' | b'[' => b'(',
            b')' | b']' => b')',
            b'-' if next == Some(b'-') || (at > 0 && bytes[at - 1] == b' ' && next == Some(b' ')) => b'-',
            _ => return at + 1,
        };
        let run = bytes[at..].iter().take_while(|byte| **byte == bytes[at]).count();
        self.punctuation(mark, at, run, first);
        at + run
    }

    /// An apostrophe that stands apart, as in "don ' t", joins what it parted; any other is a quotation mark.
    fn apostrophe(&mut self, dictionary: &Dictionary, text: &str, at: usize, first: usize) -> usize {
        let after = at + text[at..].chars().next().map_or(1, char::len_utf8);
        let rest = text[after..].strip_prefix(' ').unwrap_or(&text[after..]);
        let len = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let is_ending = matches!(&rest[..len], "t" | "s" | "ll" | "re" | "ve" | "d" | "m");
        let last = self.tokens[first..].last().copied();
        match last {
            Some(last) if is_ending && last.shape.is_word() && text[last.end as usize..at].trim().is_empty() => {
                let end = text.len() - rest.len() + len;
                while self.tokens.len() > first && self.tokens.last().is_some_and(|token| token.start == last.start) {
                    self.tokens.pop();
                }
                self.word.clear();
                self.word.push_str(&text[last.start as usize..last.end as usize].to_lowercase());
                self.word.push('\'');
                self.word.push_str(&rest[..len]);
                self.surface(dictionary, text, last.start as usize..end, last.shape);
                end
            }
            _ => after,
        }
    }

    /// Appends the word of plain letters at `at`, and returns where it ends.
    fn plain(&mut self, dictionary: &Dictionary, text: &str, at: usize, word: PlainWord, first: usize) -> usize {
        let end = at + word.len;
        let id = dictionary.probe(word.key);
        let shape = if word.capitals == 0 {
            Shape::Plain
        } else if word.len > 1 && word.capitals == word.len {
            Shape::Capitals
        } else if self.tokens.len() > first || (id == UNKNOWN && is_new_name(&text[at..end])) {
            Shape::Name
        } else {
            Shape::Plain
        };
        self.append(dictionary, text, id, at..end, shape);
        end
    }

    /// Reads the word at `at` and returns where it ends.
    fn word(&mut self, dictionary: &Dictionary, text: &str, at: usize, first: usize) -> usize {
        let bytes = text.as_bytes();
        self.word.clear();
        let mut end = at;
        let (mut capitals, mut letters, mut digits) = (0, 0, 0);
        while end < bytes.len() {
            let byte = bytes[end];
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                capitals += usize::from(byte.is_ascii_uppercase());
                letters += usize::from(byte.is_ascii_alphabetic());
                digits += usize::from(byte.is_ascii_digit());
                self.word.push(byte.to_ascii_lowercase() as char);
                end += 1;
                continue;
            }
            let c = text[end..].chars().next().expect("not at the end");
            let next = text[end + c.len_utf8()..].chars().next();
            match c {
                '\'' | '’' if next.is_some_and(char::is_alphabetic) => self.word.push('\''),
                // Inside numbers, and inside names such as example.org and e.g.
                '.' | ',' if digits > 0 && next.is_some_and(|c| c.is_ascii_digit()) => self.word.push(c),
                '.' if next.is_some_and(char::is_alphanumeric) => self.word.push('.'),
                // The last point of "e.g." and "U.S.".
                '.' if self.word.contains('.') && 2 * letters == self.word.len() + 1 => self.word.push('.'),
                '@' | '/' | ':' if is_address(&text[at..], end - at) => {
                    // An address of the net is one unknown word, whatever it holds.
                    let len = text[end..].find(char::is_whitespace).unwrap_or(text.len() - end);
                    self.word.push('/');
                    end += len;
                    break;
                }
                c if is_unseen(c) && goes_on(&text[end..]) => {}
                c if c.is_alphabetic() => {
                    letters += 1;
                    capitals += usize::from(c.is_uppercase());
                    self.word.extend(c.to_lowercase());
                }
                _ => break,
            }
            end += c.len_utf8();
        }
        let is_first = self.tokens.len() == first;
        // "I" is written so wherever it stands.
        let capitals = if self.word == "i" { 0 } else { capitals };
        let shape = if letters == 0 {
            Shape::Number
        } else if letters > 1 && capitals == letters {
            Shape::Capitals
        } else if capitals > 0 && (!is_first || self.begins_with_new_name(dictionary)) {
            Shape::Name
        } else {
            Shape::Plain
        };
        self.surface(dictionary, text, at..end, shape);
        end
    }

    /// Whether the word, which begins a sentence with a capital, is a name: no pattern knows it, nor does its ending
    /// show another kind of word.
    fn begins_with_new_name(&self, dictionary: &Dictionary) -> bool {
        let word = self.word.split('\'').next().unwrap_or_default();
        let is_known =
            dictionary.is_word(dictionary.find(word)) || dictionary.meaning(dictionary.find(&self.word)).is_some();
        !is_known && is_new_name(word)
    }

    /// Looks up the surface word in `self.word`, which stands at `place`, and appends what it stands for.
    fn surface(&mut self, dictionary: &Dictionary, text: &str, place: Range<usize>, shape: Shape) {
        let id = dictionary.find(&self.word);
        match self.word.rfind('\'') {
            Some(parting) if parting > 0 && dictionary.meaning(id).is_none() => {
                let (base, ending) = self.word.split_at(parting);
                let (base, ending) = (dictionary.find(base), dictionary.find(ending));
                self.append(dictionary, text, base, place.clone(), shape);
                self.append(dictionary, text, ending, place, shape);
            }
            Some(_) | None => self.append(dictionary, text, id, place, shape),
        }
    }

    /// Appends a surface word, or the words that it stands for.
    fn append(&mut self, dictionary: &Dictionary, text: &str, id: u32, place: Range<usize>, shape: Shape) {
        let (start, end) = (place.start as u32, place.end as u32);
        if let Some(meaning) = dictionary.meaning(id) {
            self.tokens.extend(meaning.iter().map(|id| Token { id: *id, start, end, shape }));
        } else {
            let id = if id == UNKNOWN { dictionary.ending(&text[place]) } else { id };
            self.tokens.push(Token { id, start, end, shape });
        }
    }
}

/// Whether a word goes on behind the signs that nobody sees.
fn goes_on(rest: &str) -> bool {
    rest.chars().find(|c| !is_unseen(*c)).is_some_and(char::is_alphabetic)
}

/// Whether a word with a capital that no pattern knows is a name: its ending shows no other kind of word.
fn is_new_name(word: &str) -> bool {
    let ends_with = |ending: &&str| {
        word.len()
            .checked_sub(ending.len())
            .is_some_and(|at| word.as_bytes()[at..].eq_ignore_ascii_case(ending.as_bytes()))
    };
    !["ing", "ed", "ly", "tion", "ment", "ness", "s"].iter().any(ends_with)
}

/// A word of plain letters that ends where they end.
struct PlainWord {
    len: usize,
    /// How many of its letters are capitals; none for "I", which is written so wherever it stands.
    capitals: usize,
    /// Its key, in small letters.
    key: Key,
}

/// A bit for each of eight bytes.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The high bit of each of eight bytes that is an ASCII letter.
const fn letters(bytes: u64) -> u64 {
    // Two sums that reach the high bit from `a` on, and from behind `z` on.
    let small = (bytes | (0x20 * EACH)) & (0x7f * EACH);
    let from_a = small + (0x80 - b'a' as u64) * EACH;
    let behind_z = small + (0x7f - b'z' as u64) * EACH;
    from_a & !behind_z & !bytes & (0x80 * EACH)
}

/// The word at the start of `bytes` if it is one of up to fifteen plain letters and nothing that follows can belong to
/// it: most words of a text.
fn plain_word(bytes: &[u8]) -> Option<PlainWord> {
    let mut copy = [0; KEY];
    let block = match bytes.first_chunk::<KEY>() {
        Some(block) => block,
        None => {
            copy[..bytes.len()].copy_from_slice(bytes);
            &copy
        }
    };
    let (low, others) = (eight(&block[..8]), !letters(eight(&block[..8])) & (0x80 * EACH));
    let (len, low, high) = if others == 0 {
        let high = eight(&block[8..]);
        let others = !letters(high) & (0x80 * EACH);
        // A word of sixteen letters may go on.
        if others == 0 {
            return None;
        }
        let len = others.trailing_zeros() as usize / 8;
        (8 + len, low, first(high, len))
    } else {
        let len = others.trailing_zeros() as usize / 8;
        (len, first(low, len), 0)
    };
    let ends = match &bytes[len..] {
        [] => true,
        [b'.', rest @ ..] => rest.first().is_none_or(|next| next.is_ascii() && !next.is_ascii_alphanumeric()),
        [b':', rest @ ..] => !rest.starts_with(b"//"),
        [b'\'' | b'@' | b'_', ..] => false,
        // Dashes, double quotation marks and the like.
        [0xe2, 0x80, 0x93..=0x95 | 0x9c..=0x9e | 0xa6, ..] => true,
        [next, ..] => next.is_ascii() && !next.is_ascii_digit(),
    };
    if len == 0 || !ends {
        return None;
    }
    let small = 0x20 * EACH;
    let key = [low | first(small, len.min(8)), high | first(small, len.saturating_sub(8))];
    // Letters that were changed.
    let changed = [low ^ key[0], high ^ key[1]];
    let capitals = match changed {
        [0, 0] => 0,
        _ if key == [b'i' as u64, 0] => 0,
        [low, high] => (low.count_ones() + high.count_ones()) as usize,
    };
    Some(PlainWord { len, capitals, key })
}

/// The first `len` of eight bytes, which are fewer than eight or all.
const fn first(bytes: u64, len: usize) -> u64 {
    if len < 8 { bytes & ((1 << (8 * len)) - 1) } else { bytes }
}

/// Whether the word that `rest` begins with is an address once it has reached the sign at `sign`.
fn is_address(rest: &str, sign: usize) -> bool {
    let after = &rest[sign..];
    after.starts_with("://")
        || (after.starts_with('@') && after[1..].starts_with(|c: char| c.is_alphanumeric()))
        || (after.starts_with('/') && rest[..sign].contains('.'))
}

/// Bytes of a list mark that `text` begins with: "1.", "(a)", "iv)", "2.3".
fn skip_marker(text: &str) -> usize {
    if let [first, second, ..] = text.as_bytes() {
        let is_roman = |byte: &u8| matches!(byte, b'i' | b'v' | b'x');
        // Most sentences begin with a word.
        let is_word = second.is_ascii_alphabetic() && !(is_roman(first) && is_roman(second));
        if first.is_ascii_alphabetic() && (is_word || *second == b' ') {
            return 0;
        }
    }
    let body = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '<' | '$' | '#'));
    let begin = text.len() - body.len();
    let len = body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(body.len());
    let mark = &body[..len];
    let is_closed = body[len..].starts_with(')') || mark.ends_with('.');
    let is_number = !mark.is_empty() && mark.chars().all(|c| c.is_ascii_digit() || c == '.');
    let name = mark.trim_end_matches('.');
    let is_letter = name.len() == 1 || (!name.is_empty() && name.chars().all(|c| matches!(c, 'i' | 'v' | 'x')));
    let is_mark = is_closed && (is_number || is_letter) && body.len() > len + 1;
    begin + if is_mark { len + usize::from(body[len..].starts_with(')')) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> String {
        let mut vocabulary = Vocabulary::new();
        for word in "do not you will is 's sign off the let us can".split(' ') {
            vocabulary.insert(word);
        }
        for (surface, meaning) in [("don't", "do not"), ("'ll", "will"), ("let's", "let us"), ("cannot", "can not")] {
            vocabulary.expand(surface, meaning);
        }
        let dictionary = Dictionary::new(&vocabulary, &[]);
        let mut tokenizer = Tokenizer::default();
        tokenizer.push(&dictionary, text);
        let names: Vec<String> = tokenizer
            .tokens
            .iter()
            .map(|token| match token.id {
                UNKNOWN => text[token.start as usize..token.end as usize].to_owned(),
                id => vocabulary.word(id).to_owned(),
            })
            .collect();
        names.join(" ")
    }

    #[test]
    fn a_sentence_is_words_and_marks() {
        for (text, expected) in [
            ("Don't you sign-off?", "do not you sign off ?"),
            ("don ’ t", "do not"),
            ("You’ll see the team's plan.", "you will see the team's 's plan ."),
            ("\"You cannot,\" he said", "you can not , he said"),
            ("1. Sign the form", "sign the form"),
            ("(b) sign", "sign"),
            ("- [ ] sign off", "sign off"),
            ("Pay $5,000 to a@b.org -- now", "Pay 5,000 to a@b.org - now"),
            ("e.g. the 3.5 rule at https://x.org/a?b=c", "e.g. the 3.5 rule at https://x.org/a?b=c"),
            ("A day off", "A day off"),
        ] {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_words_are_read_as_all_others(text in "([A-Za-z]{1,18}|[iv\u{301}\u{ad}\u{200b}é_'’.,:@/“”—… -]|://|don't|off|I|3){0,12}") {
            let mut vocabulary = Vocabulary::new();
            for word in ["off", "do", "not", "a", "i", "antidisestablishment"] {
                vocabulary.insert(word);
            }
            vocabulary.expand("don't", "do not");
            let dictionary = Dictionary::new(&vocabulary, &["ing".to_owned(), "s".to_owned()]);
            let mut tokenizers = [Tokenizer::default(), Tokenizer::default()];
            tokenizers[0].push(&dictionary, &text);
            tokenizers[1].push_by(&dictionary, &text, |_| None);
            proptest::prop_assert_eq!(&tokenizers[0].tokens, &tokenizers[1].tokens);
        }
    }

    #[test]
    fn what_nobody_sees_hides_no_word() {
        for sign in ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'] {
            assert_eq!(tokens("you don't"), tokens(&format!("yo{sign}u do{sign}{sign}n't{sign}")));
        }
    }

    #[test]
    fn odd_input_does_not_panic() {
        for text in [
            "",
            " ",
            "'",
            "’’’",
            "'s",
            "—",
            "1.",
            "a)",
            "İstanbul’s",
            "\u{301}",
            "a'\u{301}",
            "....",
            "x://",
            "@",
            "a@",
        ] {
            tokens(text);
        }
    }
}
