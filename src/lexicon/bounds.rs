//! What a pattern may cost: how large and how deep it is once every class and mark stands where it is named.
//!
//! Owns these limits. The words of a pattern are cheap, but classes of classes and marks of marks multiply: without limits
//! a few lines of somebody's lexicon could take all memory. Checked before anything is compiled.

use super::compile::ClassSource;
use super::pattern::{Ast, PatternError};
use std::collections::BTreeMap;

/// Words and signs of one pattern at most, those of its classes and marks included.
const MAX_SIZE: u64 = 20_000;

/// Brackets, classes and marks inside each other at most: what matches a pattern nests as it does.
const MAX_DEPTH: u64 = 100;

/// Marks of a lexicon at most.
const MAX_MARKS: usize = 1000;

/// Measures patterns over the classes and marks of a lexicon.
#[derive(Debug)]
pub(super) struct Bounds<'a> {
    classes: &'a BTreeMap<String, ClassSource>,
    marks: BTreeMap<String, Ast>,
    /// Classes (`@`) and marks (`^`) that were measured. One that is being measured counts as nothing here; that it stands
    /// for itself is for the compiler to say.
    known: BTreeMap<(char, String), Measure>,
}

/// How large and how deep something is.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    size: u64,
    depth: u64,
}

impl<'a> Bounds<'a> {
    /// Bounds over these classes and marks.
    ///
    /// # Errors
    /// If there are too many marks.
    pub(super) fn new(
        classes: &'a BTreeMap<String, ClassSource>,
        marks: BTreeMap<String, Ast>,
    ) -> Result<Self, PatternError> {
        if marks.len() > MAX_MARKS {
            return Err(error(format!("more than {MAX_MARKS} marks")));
        }
        Ok(Self { classes, marks, known: BTreeMap::new() })
    }

    /// Hands the pattern back if it is within bounds.
    ///
    /// # Errors
    /// If it is too large or too deep.
    pub(super) fn check(&mut self, ast: Ast) -> Result<Ast, PatternError> {
        let measure = self.measure(&ast, 0)?;
        if measure.size > MAX_SIZE {
            let reason = format!("more than {MAX_SIZE} words and signs, those of its classes and marks included");
            return Err(error(reason));
        }
        Ok(ast)
    }

    /// Measures what stands at that depth.
    fn measure(&mut self, ast: &Ast, depth: u64) -> Result<Measure, PatternError> {
        if depth > MAX_DEPTH {
            return Err(error(format!("more than {MAX_DEPTH} brackets, classes and marks inside each other")));
        }
        let inside = match ast {
            Ast::Word(..) | Ast::Gap(_) | Ast::Start | Ast::End | Ast::Whole(_) => Measure::default(),
            Ast::Seq(items) | Ast::Alt(items) => {
                let mut all = Measure::default();
                for item in items {
                    let one = self.measure(item, depth + 1)?;
                    all = Measure { size: all.size.saturating_add(one.size), depth: all.depth.max(one.depth) };
                }
                all
            }
            Ast::Opt(inner) | Ast::Not(inner) | Ast::NotBehind(inner) | Ast::Ahead(inner) => {
                self.measure(inner, depth + 1)?
            }
            Ast::Class(name, _) => {
                let classes = self.classes;
                let pattern = classes.get(name).and_then(|class| class.pattern.as_ref());
                self.named('@', name, pattern, depth)?
            }
            Ast::Mark(name) => {
                // Taken out while it is measured, so that one that asks for itself finds nothing.
                let pattern = self.marks.remove(name);
                let measure = self.named('^', name, pattern.as_ref(), depth);
                if let Some(pattern) = pattern {
                    self.marks.insert(name.clone(), pattern);
                }
                measure?
            }
        };
        let measure = Measure { size: inside.size.saturating_add(1), depth: inside.depth + 1 };
        if depth + measure.depth > MAX_DEPTH + 1 {
            return Err(error(format!("more than {MAX_DEPTH} brackets, classes and marks inside each other")));
        }
        Ok(measure)
    }

    /// Measures a class or a mark, once.
    fn named(&mut self, sign: char, name: &str, pattern: Option<&Ast>, depth: u64) -> Result<Measure, PatternError> {
        let key = (sign, name.to_owned());
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let Some(pattern) = pattern else { return Ok(Measure::default()) };
        self.known.insert(key.clone(), Measure::default());
        let measured = self.measure(pattern, depth + 1);
        match &measured {
            Ok(measure) => self.known.insert(key, *measure),
            Err(_) => self.known.remove(&key),
        };
        measured
    }
}

fn error(reason: String) -> PatternError {
    PatternError { offset: 0, reason }
}
