//! Finds compiled patterns in a sentence, all starts at once.
//!
//! A set of positions is one `u128`: bit *i* means "token *i* comes next". An atom keeps the positions whose token it
//! holds and moves on by one; a gap moves on by several; a choice is the union of its branches. Sentences of more than
//! [`WINDOW`] tokens are read in overlapping windows.

use super::compile::{Node, Program, Tables, has_ending, index_of};
use super::pattern::{Gap, Whole};
use super::token::{Shape, Token, Tokenizer, UNKNOWN, Vocabulary};
use std::ops::Range;

/// Tokens in a window: one bit less than a mask holds, for the end.
const WINDOW: usize = 127;

/// Tokens that one window shares with the next; no pattern is longer than that.
const OVERLAP: usize = 48;

/// What surrounds the tokens of a sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surroundings {
    /// Whether the block is a heading.
    pub(super) is_heading: bool,
    /// Whether the block is a list item.
    pub(super) is_item: bool,
    /// Whether the sentence has no end mark.
    pub(super) is_open: bool,
    /// How many tokens belong to the lead-in.
    pub(super) lead_in: usize,
}

/// A pattern found, in tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The pattern's place in the list of patterns.
    pub(super) pattern: u32,
    /// The tokens it covers; empty where it only looks.
    pub(super) tokens: Range<usize>,
}

/// The compiled patterns.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    pub(super) vocabulary: Vocabulary,
    pub(super) tables: Tables,
    pub(super) patterns: Vec<Program>,
    pub(super) marks: Vec<Program>,
    /// By atom: the patterns that are tried where it is found.
    pub(super) filed: Vec<Box<[u32]>>,
    /// Patterns that are tried in every sentence.
    pub(super) always: Vec<u32>,
}

/// What a matcher writes on; kept from one sentence to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) tokenizer: Tokenizer,
    pub(super) hits: Vec<Hit>,
    masks: Vec<u128>,
    touched: Vec<u16>,
    tried: Vec<u32>,
    round: u32,
    marks: Vec<Option<u128>>,
    candidates: Vec<u32>,
}

/// A window of a sentence.
struct Window<'a> {
    masks: &'a [u128],
    programs: &'a [Program],
    len: usize,
    /// Tokens that a gap may hold.
    words: u128,
    /// The same, with commas and brackets.
    inside: u128,
    start: u128,
    end: u128,
    is_heading: bool,
    is_item: bool,
    is_open: bool,
    is_title: bool,
}

impl Matcher {
    /// Finds every pattern in the tokens of `scratch`, into `scratch.hits`, in the order of patterns and places.
    ///
    /// `texts` are the lead-in's and the sentence's, which the tokens' places are in.
    pub(super) fn find(&self, scratch: &mut Scratch, texts: [&str; 2], surroundings: Surroundings) {
        scratch.hits.clear();
        scratch.masks.resize(self.tables.count, 0);
        scratch.tried.resize(self.patterns.len(), 0);
        let tokens = std::mem::take(&mut scratch.tokenizer.tokens);
        let mut first = 0;
        loop {
            let last = (first + WINDOW).min(tokens.len());
            self.window(scratch, texts, &tokens, first..last, surroundings);
            if last == tokens.len() {
                break;
            }
            first = last - OVERLAP;
        }
        scratch.tokenizer.tokens = tokens;
        if scratch.tokenizer.tokens.len() > WINDOW {
            scratch.hits.sort_by_key(|hit| (hit.pattern, hit.tokens.start, hit.tokens.end));
            scratch.hits.dedup();
        }
    }

    fn window(
        &self,
        scratch: &mut Scratch,
        texts: [&str; 2],
        all: &[Token],
        range: Range<usize>,
        around: Surroundings,
    ) {
        let tokens = &all[range.clone()];
        let len = tokens.len();
        let (mut words, mut inside, mut capitals, mut plain) = (0u128, 0u128, 0u32, 0u32);
        for (at, token) in tokens.iter().enumerate() {
            let bit = 1u128 << at;
            match token.shape {
                Shape::Plain => (words, plain) = (words | bit, plain + 1),
                Shape::Name | Shape::Capitals => (words, capitals) = (words | bit, capitals + 1),
                Shape::Number => words |= bit,
                Shape::Comma => inside |= bit,
                Shape::Break => {}
            }
            let mut touch = |atom: u16| {
                let mask = &mut scratch.masks[atom as usize];
                if *mask == 0 {
                    scratch.touched.push(atom);
                }
                *mask |= bit;
            };
            if token.id == UNKNOWN {
                let text = texts[usize::from(range.start + at >= around.lead_in)];
                let surface = &text[token.start as usize..token.end as usize];
                if token.shape.is_word() && surface.is_ascii() {
                    for (ending, atom) in &self.tables.endings {
                        if has_ending(surface, ending) {
                            touch(*atom);
                        }
                    }
                }
            } else {
                self.tables.atoms_of[token.id as usize].iter().for_each(|atom| touch(*atom));
            }
            if let Some(shape) = index_of(token.shape) {
                self.tables.shapes[shape as usize].iter().for_each(|atom| touch(*atom));
            }
        }
        let end = (0..=len).rev().take_while(|at| *at == len || !tokens[*at].shape.is_word()).map(|at| 1u128 << at);
        let window = Window {
            masks: &scratch.masks,
            programs: &self.marks,
            len,
            words,
            inside: words | inside,
            start: if range.start == 0 { 1 } else { 0 },
            end: if range.end == all.len() { end.fold(0, |mask, bit| mask | bit) } else { 0 },
            is_heading: around.is_heading,
            is_item: around.is_item,
            is_open: around.is_open,
            is_title: capitals > plain,
        };
        scratch.marks.clear();
        scratch.marks.resize(self.marks.len(), None);
        scratch.round += 1;
        scratch.candidates.clear();
        for atom in &scratch.touched {
            for pattern in &self.filed[*atom as usize] {
                let tried = &mut scratch.tried[*pattern as usize];
                if *tried != scratch.round {
                    *tried = scratch.round;
                    let guard = &self.patterns[*pattern as usize].guard;
                    if guard.is_empty() || guard.iter().any(|atom| scratch.masks[*atom as usize] != 0) {
                        scratch.candidates.push(*pattern);
                    }
                }
            }
        }
        scratch.candidates.extend(&self.always);
        scratch.candidates.sort_unstable();
        for pattern in &scratch.candidates {
            let program = &self.patterns[*pattern as usize];
            if !window.holds_in_order(&program.skeleton) {
                continue;
            }
            let marks = &mut scratch.marks;
            if window.step(&program.root, window.everywhere(), marks) == 0 {
                continue;
            }
            let mut holds = |node: &Node| window.step(node, window.everywhere(), marks) != 0;
            if program.given.as_ref().is_some_and(|given| !holds(given)) || program.unless.as_ref().is_some_and(holds) {
                continue;
            }
            let mut starts = window.starts(&program.root).unwrap_or_else(|| window.everywhere());
            while starts != 0 {
                let at = starts.trailing_zeros() as usize;
                starts &= starts - 1;
                let ends = window.step(&program.root, 1 << at, marks);
                if ends == 0 {
                    continue;
                }
                let end = 127 - ends.leading_zeros() as usize;
                let span = range.start + at..range.start + end;
                if span.end > around.lead_in || span.is_empty() {
                    scratch.hits.push(Hit { pattern: *pattern, tokens: span });
                }
                // What follows is looked for behind what was found.
                starts &= u128::MAX.checked_shl(end as u32).unwrap_or(0);
            }
        }
        for atom in scratch.touched.drain(..) {
            scratch.masks[atom as usize] = 0;
        }
    }
}

impl Window<'_> {
    /// Every position, the end among them.
    const fn everywhere(&self) -> u128 {
        // `len` is at most 127.
        u128::MAX >> (127 - self.len)
    }

    /// The tokens that a gap may hold.
    const fn inside(&self, gap: Gap) -> u128 {
        if gap.crosses_commas { self.inside } else { self.words }
    }

    /// Whether the steps of a skeleton are found one after another.
    fn holds_in_order(&self, skeleton: &[Box<[u16]>]) -> bool {
        let mut behind = u128::MAX;
        for step in skeleton {
            let places = step.iter().fold(0, |places, atom| places | self.masks[*atom as usize]) & behind;
            if places == 0 {
                return false;
            }
            // What lies behind the first of them.
            behind = !(places ^ (places - 1));
        }
        true
    }

    /// The positions where `node` can start to match; `None` where it can match without a word.
    fn starts(&self, node: &Node) -> Option<u128> {
        match node {
            Node::Atom(atom) => Some(self.masks[*atom as usize]),
            Node::Seq(items) => {
                let mut all = 0;
                for item in items {
                    match self.starts(item) {
                        Some(places) => return Some(all | places),
                        None => all |= self.optional_starts(item),
                    }
                }
                None
            }
            Node::Alt(branches) => branches.iter().try_fold(0, |all, branch| Some(all | self.starts(branch)?)),
            Node::Gap(gap) if gap.min > 0 => Some(self.inside(*gap)),
            Node::Opt(_)
            | Node::Gap(_)
            | Node::Not(_)
            | Node::NotBehind(_)
            | Node::Ahead(_)
            | Node::Start
            | Node::End
            | Node::Mark(_)
            | Node::Whole(_) => None,
        }
    }

    /// The positions where a node that can also match without a word can start to match with one.
    fn optional_starts(&self, node: &Node) -> u128 {
        match node {
            Node::Opt(inner) => self.starts(inner).unwrap_or_else(|| self.everywhere()),
            Node::Gap(gap) => self.inside(*gap),
            Node::Alt(_) | Node::Seq(_) => self.everywhere(),
            Node::Atom(_)
            | Node::Not(_)
            | Node::NotBehind(_)
            | Node::Ahead(_)
            | Node::Start
            | Node::End
            | Node::Mark(_)
            | Node::Whole(_) => 0,
        }
    }

    /// The positions that `node` leads to from the positions `from`.
    fn step(&self, node: &Node, from: u128, marks: &mut Vec<Option<u128>>) -> u128 {
        if from == 0 {
            return 0;
        }
        match node {
            Node::Atom(atom) => (from & self.masks[*atom as usize]) << 1,
            Node::Seq(items) => items.iter().fold(from, |at, item| self.step(item, at, marks)),
            Node::Alt(branches) => branches.iter().fold(0, |at, branch| at | self.step(branch, from, marks)),
            Node::Opt(inner) => from | self.step(inner, from, marks),
            Node::Gap(gap) => {
                let inside = self.inside(*gap);
                let mut at = from;
                for _ in 0..gap.min {
                    at = (at & inside) << 1;
                }
                let mut reached = at;
                for _ in gap.min..gap.max {
                    at = (at & inside) << 1;
                    if at == 0 {
                        break;
                    }
                    reached |= at;
                }
                reached
            }
            Node::Not(atom) => from & !self.masks[*atom as usize],
            Node::NotBehind(atom) => from & !(self.masks[*atom as usize] << 1),
            Node::Ahead(atom) => from & self.masks[*atom as usize],
            Node::Start => from & self.start,
            Node::End => from & self.end,
            Node::Mark(mark) => {
                let index = *mark as usize;
                let places = match marks[index] {
                    Some(places) => places,
                    None => {
                        // Taken for nowhere while it is being worked out, should it ask for itself.
                        marks[index] = Some(0);
                        let places = self.step(&self.programs[index].root, self.everywhere(), marks);
                        marks[index] = Some(places);
                        places
                    }
                };
                from & places
            }
            Node::Whole(whole) => {
                let holds = match whole {
                    Whole::Heading => self.is_heading,
                    Whole::Item => self.is_item,
                    Whole::Open => self.is_open,
                    Whole::Title => self.is_title,
                };
                if holds { from } else { 0 }
            }
        }
    }
}
