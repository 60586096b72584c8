//! From a sentence to word ids: what the matcher sees of a text.
//!
//! Words are looked up once. Contractions become the words they stand for, hyphens part words, quotation marks vanish,
//! and punctuation that ends a clause is a token of its own.

use rustc_hash::FxHashMap;

/// The id of a word; [`UNKNOWN`] for one that no pattern names.
pub(super) type WordId = u32;

/// A word that no pattern names.
pub(super) const UNKNOWN: WordId = 0;

/// One token of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Its word, or its punctuation mark, which is a word like any other.
    pub(super) id: WordId,
    /// Bytes of the sentence.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// What it is apart from its word.
    pub(super) shape: Shape,
}

/// What a token is apart from its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The words that the patterns know.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    ids: FxHashMap<Box<str>, WordId>,
    /// By surface word: the words it stands for.
    expansions: FxHashMap<Box<str>, Box<[WordId]>>,
    words: Vec<Box<str>>,
}

impl Vocabulary {
    /// A vocabulary that holds the punctuation marks.
    pub(super) fn new() -> Self {
        let mut vocabulary = Self { words: vec!["".into()], ..Self::default() };
        for mark in [",", ";", ":", "?", ".", "!", "-", "(", ")"] {
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
        self.expansions.insert(surface.into(), ids);
    }

    /// The word of that id.
    pub(super) fn word(&self, id: WordId) -> &str {
        &self.words[id as usize]
    }

    /// Every word with its id.
    pub(super) fn words(&self) -> impl Iterator<Item = (WordId, &str)> {
        self.words.iter().enumerate().skip(1).map(|(id, word)| (id as WordId, &**word))
    }

    fn id(&self, word: &str) -> WordId {
        self.ids.get(word).copied().unwrap_or(UNKNOWN)
    }
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
    pub(super) fn push(&mut self, vocabulary: &Vocabulary, text: &str) {
        let bytes = text.as_bytes();
        let first = self.tokens.len();
        let mut at = skip_marker(text);
        while at < bytes.len() {
            let byte = bytes[at];
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                at = self.word(vocabulary, text, at, first);
            } else if byte < 0x80 {
                at = self.mark(vocabulary, text, at, first);
            } else {
                let c = text[at..].chars().next().expect("not at the end");
                match c {
                    '–' | '—' | '―' => self.punctuation(vocabulary, "-", at, c.len_utf8(), first),
                    '…' => self.punctuation(vocabulary, ".", at, c.len_utf8(), first),
                    '’' => {
                        at = self.apostrophe(vocabulary, text, at, first);
                        continue;
                    }
                    c if c.is_alphabetic() => {
                        at = self.word(vocabulary, text, at, first);
                        continue;
                    }
                    _ => {}
                }
                at += c.len_utf8();
            }
        }
    }

    fn punctuation(&mut self, vocabulary: &Vocabulary, mark: &str, at: usize, len: usize, first: usize) {
        // Marks before the first word are list marks and opening brackets.
        if self.tokens.len() > first {
            let shape = if matches!(mark, "," | "(" | ")") { Shape::Comma } else { Shape::Break };
            let (start, end) = (at as u32, (at + len) as u32);
            self.tokens.push(Token { id: vocabulary.id(mark), start, end, shape });
        }
    }

    fn mark(&mut self, vocabulary: &Vocabulary, text: &str, at: usize, first: usize) -> usize {
        let bytes = text.as_bytes();
        let next = bytes.get(at + 1).copied();
        let mark = match bytes[at] {
            b'\'' => return self.apostrophe(vocabulary, text, at, first),
            b',' => ",",
            b';' => ";",
            b':' => ":",
            b'?' => "?",
            b'!' => "!",
            b'.' => ".",
            b'(' | b'[' => "(",
            b')' | b']' => ")",
            b'-' if next == Some(b'-') || (at > 0 && bytes[at - 1] == b' ' && next == Some(b' ')) => "-",
            _ => return at + 1,
        };
        let run = bytes[at..].iter().take_while(|byte| **byte == bytes[at]).count();
        self.punctuation(vocabulary, mark, at, run, first);
        at + run
    }

    /// An apostrophe that stands apart, as in "don ' t", joins what it parted; any other is a quotation mark.
    fn apostrophe(&mut self, vocabulary: &Vocabulary, text: &str, at: usize, first: usize) -> usize {
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
                self.surface(vocabulary, last.start as usize, end, last.shape);
                end
            }
            _ => after,
        }
    }

    /// Reads the word at `at` and returns where it ends.
    fn word(&mut self, vocabulary: &Vocabulary, text: &str, at: usize, first: usize) -> usize {
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
        } else if capitals > 0 && (!is_first || self.is_new_name(vocabulary)) {
            Shape::Name
        } else {
            Shape::Plain
        };
        self.surface(vocabulary, at, end, shape);
        end
    }

    /// Whether the word, which begins a sentence with a capital, is a name: no pattern knows it, nor does its ending
    /// show another kind of word.
    fn is_new_name(&self, vocabulary: &Vocabulary) -> bool {
        let word = self.word.split('\'').next().unwrap_or_default();
        let is_known = vocabulary.id(word) != UNKNOWN || vocabulary.expansions.contains_key(self.word.as_str());
        !is_known && !["ing", "ed", "ly", "tion", "ment", "ness", "s"].iter().any(|ending| word.ends_with(ending))
    }

    /// Looks up the surface word in `self.word` and appends what it stands for.
    fn surface(&mut self, vocabulary: &Vocabulary, start: usize, end: usize, shape: Shape) {
        let token = |id| Token { id, start: start as u32, end: end as u32, shape };
        let word = self.word.as_str();
        if let Some(meaning) = vocabulary.expansions.get(word) {
            self.tokens.extend(meaning.iter().map(|id| token(*id)));
            return;
        }
        match word.rfind('\'') {
            Some(parting) if parting > 0 => {
                let (base, ending) = word.split_at(parting);
                match vocabulary.expansions.get(base) {
                    Some(meaning) => self.tokens.extend(meaning.iter().map(|id| token(*id))),
                    None => self.tokens.push(token(vocabulary.id(base))),
                }
                match vocabulary.expansions.get(ending) {
                    Some(meaning) => self.tokens.extend(meaning.iter().map(|id| token(*id))),
                    None => self.tokens.push(token(vocabulary.id(ending))),
                }
            }
            Some(_) | None => self.tokens.push(token(vocabulary.id(word))),
        }
    }
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
        let mut tokenizer = Tokenizer::default();
        tokenizer.push(&vocabulary, text);
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
