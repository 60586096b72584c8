//! The TOML of a lexicon: what its tables are, and where in the file an error is.

use super::Weights;
use super::compile::ClassSource;
use super::pattern::{self, Ast};
use super::token::Shape;
use super::words::Form;
use crate::label::{Label, Stance};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// One file of a lexicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconFile {
    /// Its name, such as `trust.toml`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What is wrong with a lexicon, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {reason}")]
pub struct LexiconError {
    /// The file's name.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// One line, lower case, no full stop.
    pub reason: String,
}

impl LexiconFile {
    /// The error `reason` at byte `offset` of the file.
    pub(super) fn error(&self, offset: usize, reason: impl Into<String>) -> LexiconError {
        let (line, column) = self.place(offset);
        // A reason may quote a sign of the file, which may be the end of a line.
        let reason: String = reason.into();
        let reason = reason.replace(char::is_control, " ");
        LexiconError { file: self.name.clone(), line, column, reason }
    }

    /// Line and column of byte `offset`, from 1.
    pub(super) fn place(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line..].chars().count() + 1)
    }

    /// Reads the file's tables.
    pub(super) fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, LexiconError> {
        toml::from_str(&self.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            self.error(offset, error.message().lines().next().unwrap_or("not TOML").trim_end_matches('.').to_owned())
        })
    }

    /// A number of the file in thousandths, 0 where there is none.
    pub(super) fn thousandths(&self, written: &Option<Spanned<f64>>) -> Result<i32, LexiconError> {
        match written.as_ref().map(|number| (*number.get_ref(), number.span().start)) {
            None => Ok(0),
            Some((number, _)) if number.is_finite() => Ok(super::thousandths(number)),
            Some((number, at)) => Err(self.error(at, format!("{number} is no number to add"))),
        }
    }

    /// Reads a pattern that stands in the file.
    pub(super) fn pattern(&self, written: &Spanned<String>) -> Result<Ast, LexiconError> {
        pattern::parse(written.get_ref()).map_err(|error| self.pattern_error(written, error))
    }

    /// Places an error of a pattern in the file.
    pub(super) fn pattern_error(&self, written: &Spanned<String>, error: pattern::PatternError) -> LexiconError {
        let start = written.span().start;
        let quotes = self.text[start..].bytes().take_while(|byte| matches!(byte, b'"' | b'\'')).count();
        self.error(start + if quotes >= 3 { 3 } else { 1 } + error.offset, error.reason)
    }
}

/// The tables of a file of classes, marks and entries.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    pub(super) principle: Option<Principle>,
    #[serde(default, rename = "class")]
    pub(super) classes: Vec<Class>,
    #[serde(default, rename = "mark")]
    pub(super) marks: Vec<Mark>,
    #[serde(default, rename = "entry")]
    pub(super) entries: Vec<EntryTable>,
}

/// What the entries of a file have in common.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Principle {
    pub(super) name: Spanned<String>,
    pub(super) stance: Stance,
    pub(super) about: String,
    pub(super) source: Option<String>,
    /// How the intent of its entries is said the other way, where they do not say it themselves.
    pub(super) instead: Option<String>,
    /// Counted and shown though it has no stance.
    #[serde(default)]
    pub(super) counted: bool,
}

/// A class of words or constructions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for the reader of the file")]
    about: String,
    #[serde(default)]
    words: Option<Spanned<String>>,
    #[serde(default)]
    endings: Option<Spanned<String>>,
    #[serde(default)]
    except: Option<Spanned<String>>,
    #[serde(default)]
    shapes: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) pattern: Option<Spanned<String>>,
}

/// A kind of place in a sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mark {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for the reader of the file")]
    about: String,
    pub(super) pattern: Spanned<String>,
}

/// An entry as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryTable {
    pub(super) id: Spanned<String>,
    pub(super) pattern: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) patterns: Vec<Spanned<String>>,
    /// Another construction that must be in the sentence too.
    #[serde(default)]
    pub(super) given: Option<Spanned<String>>,
    /// A construction that must not be in the sentence.
    #[serde(default)]
    pub(super) unless: Option<Spanned<String>>,
    pub(super) stance: Option<Stance>,
    #[serde(default)]
    pub(super) weight: Option<Spanned<f64>>,
    #[serde(default)]
    pub(super) against: Option<Spanned<f64>>,
    #[serde(default)]
    pub(super) directive: Option<Spanned<f64>>,
    #[serde(default)]
    pub(super) empowering: Option<Spanned<f64>>,
    #[serde(default)]
    pub(super) cancels: bool,
    #[serde(default)]
    pub(super) parts: bool,
    /// A single word, too weak to be counted as a finding of its principle.
    #[serde(default)]
    pub(super) cue: bool,
    #[serde(default)]
    pub(super) fixed: bool,
    #[serde(default)]
    pub(super) source: Option<String>,
    #[serde(default)]
    pub(super) note: String,
    #[serde(default)]
    pub(super) instead: Option<String>,
    #[serde(default)]
    pub(super) matches: Vec<String>,
    #[serde(default)]
    pub(super) allows: Vec<String>,
}

impl Class {
    /// The class without its places in the file.
    pub(super) fn source(&self, file: &LexiconFile) -> Result<ClassSource, LexiconError> {
        let list = |written: &Option<Spanned<String>>| -> Vec<String> {
            written.iter().flat_map(|text| text.get_ref().split_whitespace()).map(str::to_owned).collect()
        };
        let mut words = Vec::new();
        for word in list(&self.words) {
            let (base, form) = match word.split_once('~') {
                None => (word.as_str(), Some(Form::Exact)),
                Some((base, suffix)) => (base, Form::from_suffix(suffix)),
            };
            let offset = self.words.as_ref().map_or(0, |written| written.span().start);
            let form = form.ok_or_else(|| file.error(offset, format!("'{word}' is none of ~, ~s, ~ed, ~ing")))?;
            if base.contains('-') || base.is_empty() {
                return Err(file.error(offset, format!("'{word}' is not one word; put it into the class's pattern")));
            }
            lower_case(file, offset, &word)?;
            words.push((base.to_owned(), form));
        }
        let mut shapes = Vec::new();
        for shape in &self.shapes {
            shapes.push(match shape.get_ref().as_str() {
                "name" => Shape::Name,
                "capitals" => Shape::Capitals,
                "number" => Shape::Number,
                other => {
                    return Err(file.error(shape.span().start, format!("'{other}' is none of name, capitals, number")));
                }
            });
        }
        for written in [&self.endings, &self.except] {
            let offset = written.as_ref().map_or(0, |written| written.span().start);
            list(written).iter().try_for_each(|word| lower_case(file, offset, word))?;
        }
        let pattern = self.pattern.as_ref().map(|written| file.pattern(written)).transpose()?;
        let name = self.name.get_ref().clone();
        let class =
            ClassSource { name, words, endings: list(&self.endings), except: list(&self.except), shapes, pattern };
        if class.words.is_empty() && class.endings.is_empty() && class.shapes.is_empty() && class.pattern.is_none() {
            return Err(file.error(self.name.span().start, format!("class {} is empty", self.name.get_ref())));
        }
        Ok(class)
    }
}

/// Refuses a word with a capital, which no word of a text would be: those are looked up in lower case.
fn lower_case(file: &LexiconFile, offset: usize, word: &str) -> Result<(), LexiconError> {
    if word.to_lowercase() == word { Ok(()) } else { Err(file.error(offset, format!("'{word}' is not in lower case"))) }
}

/// The data of `scores.toml`: what is fitted and belongs to no entry.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scores {
    /// Name and version of the lexicon.
    #[serde(default)]
    pub(super) lexicon: Option<Named>,
    /// Each pole's score where no entry is found, log-odds.
    #[serde(default)]
    pub(super) bias: Poles,
    /// Each pole's score where its side is as probable as not, log-odds.
    #[serde(default)]
    pub(super) even: Poles,
    /// By label: how often a verdict is right, in thousandths, from a margin on. Each pair is margin (thousandths of
    /// log-odds) and confidence (0 to 1000); the margins rise.
    #[serde(default)]
    pub(super) confidence: BTreeMap<Label, Spanned<Vec<[i64; 2]>>>,
}

/// A number for each pole.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Poles {
    #[serde(default)]
    directive: Option<Spanned<f64>>,
    #[serde(default)]
    empowering: Option<Spanned<f64>>,
}

impl Poles {
    /// The two in thousandths, 0 where there is none.
    pub(super) fn weights(&self, file: &LexiconFile) -> Result<Weights, LexiconError> {
        let [directive, empowering] = [&self.directive, &self.empowering].map(|written| file.thousandths(written));
        Ok(Weights { directive: directive?, empowering: empowering? })
    }
}

impl Scores {
    /// The steps of a label's confidence.
    pub(super) fn steps(&self, file: &LexiconFile) -> Result<BTreeMap<Label, Vec<[i64; 2]>>, LexiconError> {
        let mut all = BTreeMap::new();
        for (label, written) in &self.confidence {
            let steps = written.get_ref();
            if !steps.is_sorted_by(|[before, _], [after, _]| before < after) {
                return Err(file.error(written.span().start, format!("the margins of {} do not rise", label.name())));
            }
            if let Some([_, share]) = steps.iter().find(|[_, share]| !(0..=1000).contains(share)) {
                let reason = format!("a confidence of {share} thousandths; 0 to 1000 are possible");
                return Err(file.error(written.span().start, reason));
            }
            all.insert(*label, steps.clone());
        }
        Ok(all)
    }
}

/// Name and version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) version: String,
}
