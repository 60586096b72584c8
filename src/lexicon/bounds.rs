//! What a pattern may cost: how large, how deep and how long it is once every class and mark stands where it is named.
//!
//! Owns these limits. The words of a pattern are cheap, but classes of classes and marks of marks multiply: without limits
//! a few lines of somebody's lexicon could take all memory. Checked before anything is compiled.

use super::compile::ClassSource;
use super::matcher::LONGEST;
use super::pattern::{Ast, PatternError};
use std::collections::BTreeMap;

/// Words and signs of one pattern at most, those of its classes and marks included.
const MAX_SIZE: u64 = 20_000;

/// Brackets, classes and marks inside each other at most: what matches a pattern nests as it does.
const MAX_DEPTH: u64 = 100;

/// Marks of a lexicon at most.
const MAX_MARKS: usize = 1000;

/// What a pattern is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// To be found: at most [`LONGEST`] words, so that one window holds all of it.
    Match,
    /// To be looked at only: as a mark, or as what must or must not be in the sentence besides.
    Look,
}

/// Measures patterns over the classes and marks of a lexicon.
#[derive(Debug)]
pub(super) struct Bounds<'a> {
    classes: &'a BTreeMap<String, ClassSource>,
    marks: BTreeMap<String, Ast>,
    /// Classes that were measured. One that is being measured counts as nothing here; that it stands for itself is for the
    /// compiler to say.
    known_classes: BTreeMap<String, Measure>,
    /// Marks that were measured; nothing yet for one that is being measured.
    known_marks: BTreeMap<String, Option<Measure>>,
}

/// How large, how deep and, in words at most, how long something is.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    size: u64,
    depth: u64,
    length: u64,
}

/// What could not be measured, and makes all that it stands in too large.
const ENDLESS: Measure = Measure { size: u64::MAX, depth: u64::MAX, length: u64::MAX };

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
        Ok(Self { classes, marks, known_classes: BTreeMap::new(), known_marks: BTreeMap::new() })
    }

    /// Hands the pattern back if it is within bounds.
    ///
    /// # Errors
    /// If it is too large, too deep or too long.
    pub(super) fn check(&mut self, ast: Ast, used: Use) -> Result<Ast, PatternError> {
        let measure = self.measure(&ast, 0)?;
        if measure.size > MAX_SIZE {
            let reason = format!("more than {MAX_SIZE} words and signs, those of its classes and marks included");
            return Err(error(reason));
        }
        if used == Use::Match && measure.length > LONGEST as u64 {
            return Err(error(format!("up to {} words long, its gaps included; at most {LONGEST}", measure.length)));
        }
        Ok(ast)
    }

    /// Measures what stands at that depth.
    fn measure(&mut self, ast: &Ast, depth: u64) -> Result<Measure, PatternError> {
        if depth > MAX_DEPTH {
            return Err(error(format!("more than {MAX_DEPTH} brackets, classes and marks inside each other")));
        }
        let inside = match ast {
            Ast::Start | Ast::End | Ast::Whole(_) => Measure::default(),
            Ast::Word(..) => Measure { length: 1, ..Measure::default() },
            Ast::Gap(gap) => Measure { length: gap.max.into(), ..Measure::default() },
            Ast::Seq(items) | Ast::Alt(items) => {
                let mut all = Measure::default();
                for item in items {
                    let one = self.measure(item, depth + 1)?;
                    all.size = all.size.saturating_add(one.size);
                    all.depth = all.depth.max(one.depth);
                    all.length = match ast {
                        Ast::Seq(_) => all.length.saturating_add(one.length),
                        _ => all.length.max(one.length),
                    };
                }
                all
            }
            Ast::Opt(inner) => self.measure(inner, depth + 1)?,
            // What only looks takes no words.
            Ast::Not(inner) | Ast::NotBehind(inner) | Ast::Ahead(inner) => {
                Measure { length: 0, ..self.measure(inner, depth + 1)? }
            }
            Ast::Class(name, _) => match (self.known_classes.get(name), self.classes.get(name)) {
                (Some(known), _) => *known,
                (None, Some(ClassSource { pattern: Some(pattern), .. })) => {
                    self.known_classes.insert(name.clone(), Measure::default());
                    let measure = self.measure(pattern, depth + 1);
                    self.known_classes.insert(name.clone(), *measure.as_ref().unwrap_or(&ENDLESS));
                    measure?
                }
                (None, _) => Measure { length: 1, ..Measure::default() },
            },
            Ast::Mark(name) => match (self.known_marks.get(name).copied(), self.marks.remove(name)) {
                (Some(Some(known)), _) => Measure { length: 0, ..known },
                (Some(None), _) => return Err(error(format!("^{name} stands for itself"))),
                (None, Some(pattern)) => {
                    self.known_marks.insert(name.clone(), None);
                    let measure = self.measure(&pattern, depth + 1);
                    self.known_marks.insert(name.clone(), Some(*measure.as_ref().unwrap_or(&ENDLESS)));
                    Measure { length: 0, ..measure? }
                }
                (None, None) => Measure::default(),
            },
        };
        let measure = Measure { size: inside.size.saturating_add(1), depth: inside.depth.saturating_add(1), ..inside };
        if measure.depth.saturating_add(depth) > MAX_DEPTH + 1 {
            return Err(error(format!("more than {MAX_DEPTH} brackets, classes and marks inside each other")));
        }
        Ok(measure)
    }
}

fn error(reason: String) -> PatternError {
    PatternError { offset: 0, reason }
}
