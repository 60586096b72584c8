//! The pattern language: from the text of a pattern to its syntax tree.
//!
//! | written | means |
//! |---|---|
//! | `word` | that word, in any case, British and American spelling alike |
//! | `word~` | any inflection of it; `word~ing`, `word~ed`, `word~s` one form |
//! | `@NAME`, `@NAME~ing` | a class of words or constructions |
//! | `(a\|b c)` | one of these |
//! | `[a\|b]` | one of these, or nothing |
//! | `<0-4>` | that many words, not across a comma or any other break of a clause |
//! | `<0-4,>` | the same, across commas too |
//! | `^` | the start of the sentence or list item |
//! | `^NAME` | a place that the mark of that name finds |
//! | `$` | the end of the sentence |
//! | `!x` | the next word is not `x` (one word or class) |
//! | `!<x` | the word before is not `x` |
//! | `&x` | the next word is `x`, and is not used up |
//! | `,` `:` `;` `.` `?` `-` | that punctuation mark (`-` with space around it is a dash) |
//! | `%heading` `%item` `%open` `%title` | the sentence is a heading, a list item, has no end mark, is in title case |

use super::words::Form;
use serde::{Deserialize, Serialize};

/// A pattern's syntax tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ast {
    /// A word in one or several forms.
    Word(String, Form),
    /// A named class, in one or several forms of its words.
    Class(String, Form),
    /// One after another.
    Seq(Vec<Ast>),
    /// One of these.
    Alt(Vec<Ast>),
    /// This or nothing.
    Opt(Box<Ast>),
    /// Any words.
    Gap(Gap),
    /// The next word is not this.
    Not(Box<Ast>),
    /// The word before is not this.
    NotBehind(Box<Ast>),
    /// The next word is this.
    Ahead(Box<Ast>),
    /// The start of the sentence.
    Start,
    /// The end of the sentence.
    End,
    /// A place found by a mark.
    Mark(String),
    /// What the sentence as a whole is.
    Whole(Whole),
}

/// A stretch of any words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Gap {
    /// Fewest words.
    pub(super) min: u8,
    /// Most words, at most [`MAX_GAP`].
    pub(super) max: u8,
    /// Whether commas and brackets may be inside.
    pub(super) crosses_commas: bool,
}

/// What a sentence as a whole can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Whole {
    /// It is a heading.
    Heading,
    /// It is a list item.
    Item,
    /// It has no end mark.
    Open,
    /// Most of its words begin with a capital.
    Title,
}

/// The longest gap that a pattern may hold, in words.
pub(super) const MAX_GAP: u8 = 40;

/// The deepest nesting of brackets.
const MAX_DEPTH: usize = 16;

/// What is wrong with a pattern, and at which byte of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PatternError {
    /// Byte of the pattern.
    pub(super) offset: usize,
    /// One line, lower case, no full stop.
    pub(super) reason: String,
}

/// Reads a pattern.
pub(super) fn parse(pattern: &str) -> Result<Ast, PatternError> {
    let mut parser = Parser { text: pattern, at: 0, depth: 0 };
    let ast = parser.alternatives()?;
    match parser.peek() {
        None => Ok(ast),
        Some(c) => Err(parser.error(format!("'{c}' closes nothing"))),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, reason: impl Into<String>) -> PatternError {
        PatternError { offset: self.at, reason: reason.into() }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_space(&mut self) {
        self.at += self.text[self.at..].len() - self.text[self.at..].trim_start().len();
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn alternatives(&mut self) -> Result<Ast, PatternError> {
        let mut branches = vec![self.sequence()?];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.swap_remove(0) } else { Ast::Alt(branches) })
    }

    fn sequence(&mut self) -> Result<Ast, PatternError> {
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None | Some('|' | ')' | ']') => break,
                Some(_) => items.push(self.item()?),
            }
        }
        match items.len() {
            0 => Err(self.error("nothing between two bars or brackets")),
            1 => Ok(items.swap_remove(0)),
            _ => Ok(Ast::Seq(items)),
        }
    }

    fn bracketed(&mut self, close: char) -> Result<Ast, PatternError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("more than {MAX_DEPTH} brackets inside each other")));
        }
        let ast = self.alternatives()?;
        if !self.eat(close) {
            return Err(self.error(format!("'{close}' is missing")));
        }
        self.depth -= 1;
        Ok(ast)
    }

    fn item(&mut self) -> Result<Ast, PatternError> {
        let Some(c) = self.peek() else { return Err(self.error("something is missing here")) };
        match c {
            '(' => {
                self.at += 1;
                self.bracketed(')')
            }
            '[' => {
                self.at += 1;
                Ok(Ast::Opt(Box::new(self.bracketed(']')?)))
            }
            '<' => self.gap(),
            '^' => {
                self.at += 1;
                let name = self.name();
                Ok(if name.is_empty() { Ast::Start } else { Ast::Mark(name) })
            }
            '$' => {
                self.at += 1;
                Ok(Ast::End)
            }
            '!' => {
                self.at += 1;
                let is_behind = self.eat('<');
                let inner = Box::new(self.guarded()?);
                Ok(if is_behind { Ast::NotBehind(inner) } else { Ast::Not(inner) })
            }
            '&' => {
                self.at += 1;
                Ok(Ast::Ahead(Box::new(self.guarded()?)))
            }
            '%' => self.whole(),
            '@' => {
                self.at += 1;
                let name = self.name();
                if name.is_empty() {
                    return Err(self.error("'@' wants the name of a class, in capitals"));
                }
                let form = self.form()?;
                Ok(Ast::Class(name, form))
            }
            ',' | ':' | ';' | '?' | '.' | '-' => {
                self.at += 1;
                Ok(Ast::Word(c.to_string(), Form::Exact))
            }
            c if c.is_alphanumeric() || c == '\'' => self.word(),
            c => Err(self.error(format!("'{c}' means nothing in a pattern"))),
        }
    }

    /// What `!`, `!<` and `&` look at: a word, a class or a choice of them, which the compiler checks.
    fn guarded(&mut self) -> Result<Ast, PatternError> {
        match self.peek() {
            Some('!' | '&' | '<' | '^' | '$' | '%' | '[') | None => {
                Err(self.error("a word, a class or a choice of them is missing here"))
            }
            Some(_) => self.item(),
        }
    }

    fn name(&mut self) -> String {
        let rest = &self.text[self.at..];
        let len =
            rest.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(rest.len());
        self.at += len;
        rest[..len].to_owned()
    }

    /// A word; a hyphen inside parts it in two, as it does in text.
    fn word(&mut self) -> Result<Ast, PatternError> {
        let rest = &self.text[self.at..];
        let is_part = |c: char| c.is_alphanumeric() || c == '\'' || c == '-';
        let len = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        let word = rest[..len].to_lowercase();
        if word.chars().zip(rest.chars()).any(|(lower, c)| lower != c) {
            return Err(self.error("words are written in lower case"));
        }
        self.at += len;
        let form = self.form()?;
        let mut parts: Vec<Ast> = word
            .split('-')
            .filter(|part| !part.is_empty())
            .map(|part| Ast::Word(part.to_owned(), Form::Exact))
            .collect();
        match parts.last_mut() {
            None => Err(self.error("a hyphen needs a word on both sides")),
            Some(Ast::Word(_, last)) => {
                *last = form;
                Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Ast::Seq(parts) })
            }
            Some(_) => unreachable!("only words were put there"),
        }
    }

    fn form(&mut self) -> Result<Form, PatternError> {
        if !self.eat('~') {
            return Ok(Form::Exact);
        }
        let rest = &self.text[self.at..];
        let len = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let form = Form::from_suffix(&rest[..len])
            .ok_or_else(|| self.error(format!("'~{}' is none of ~, ~s, ~ed, ~ing", &rest[..len])))?;
        self.at += len;
        Ok(form)
    }

    fn number(&mut self) -> Result<u8, PatternError> {
        let rest = &self.text[self.at..];
        let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number = rest[..len].parse().map_err(|_| self.error("a gap is written <0-4>"))?;
        self.at += len;
        Ok(number)
    }

    fn gap(&mut self) -> Result<Ast, PatternError> {
        self.at += 1;
        let min = self.number()?;
        if !self.eat('-') {
            return Err(self.error("a gap is written <0-4>"));
        }
        let max = self.number()?;
        let crosses_commas = self.eat(',');
        if !self.eat('>') {
            return Err(self.error("'>' is missing"));
        }
        if min > max || max == 0 || max > MAX_GAP {
            return Err(self.error(format!("a gap of {min} to {max} words; at most 0 to {MAX_GAP}")));
        }
        Ok(Ast::Gap(Gap { min, max, crosses_commas }))
    }

    fn whole(&mut self) -> Result<Ast, PatternError> {
        self.at += 1;
        let rest = &self.text[self.at..];
        let len = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let whole = match &rest[..len] {
            "heading" => Whole::Heading,
            "item" => Whole::Item,
            "open" => Whole::Open,
            "title" => Whole::Title,
            name => return Err(self.error(format!("'%{name}' is none of %heading, %item, %open, %title"))),
        };
        self.at += len;
        Ok(Ast::Whole(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_byte_and_the_cause() {
        for (pattern, offset, reason) in [
            ("(a|b", 4, "')' is missing"),
            ("a )", 2, "')' closes nothing"),
            ("(a|)", 3, "nothing between two bars or brackets"),
            ("<4-1>", 5, "a gap of 4 to 1 words; at most 0 to 40"),
            ("run~x by", 4, "'~x' is none of ~, ~s, ~ed, ~ing"),
            ("Run", 0, "words are written in lower case"),
            ("@you", 1, "'@' wants the name of a class, in capitals"),
            ("%page", 1, "'%page' is none of %heading, %item, %open, %title"),
        ] {
            let error = parse(pattern).expect_err(pattern);
            assert_eq!((error.offset, error.reason.as_str()), (offset, reason), "{pattern}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"!".repeat(100_000)).is_err());
    }
}
