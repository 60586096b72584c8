//! Finds compiled patterns in a sentence.
//!
//! A set of positions is one number: bit *i* means "token *i* comes next". An atom keeps the positions whose token it
//! holds and moves on by one; a gap moves on by several; a choice is the union of its branches. Sentences of more than
//! [`WINDOW`] tokens are read in overlapping windows, and what must or must not be in the sentence besides is looked for in
//! the window.
//!
//! Most patterns are never tried: each waits at the words of its anchor until one comes along in the right company.

use super::anchor::{Bucket, Buckets, NOTHING, Places, START};
use super::compile::AtomId;
use super::pattern::{Gap, Whole};
use super::positions::Positions;
use super::rows::Row;
use super::tables::{Op, Pattern, Steps, Tables, Trial};
use super::token::{Dictionary, Shape, Token, Tokenizer};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Tokens in a window: one bit less than a mask holds, for the end.
const WINDOW: usize = 127;

/// The longest match, in tokens.
pub(super) const LONGEST: usize = 48;

/// Tokens at the end of a window in mid-sentence that tell what stands beside a match, and where no match counts.
const EDGE: usize = 8;

/// Tokens that one window shares with the next: every match lies in a window that shows what stands beside it.
const OVERLAP: usize = LONGEST + 2 * EDGE;

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
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Matcher {
    pub(super) dictionary: Dictionary,
    pub(super) tables: Tables,
}

/// What a matcher writes on; kept from one sentence to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) tokenizer: Tokenizer,
    pub(super) hits: Vec<Hit>,
    sheet: Sheet,
    short: Masks<u64>,
    long: Masks<u128>,
}

/// What is noted of the window at hand.
#[derive(Debug, Default)]
struct Sheet {
    words: Vec<Word>,
    /// What patterns ask for that is there.
    met: Vec<u64>,
    candidates: Vec<Candidate>,
}

/// A pattern to try, and the token of its anchor, if it has one, in the last seven bits.
type Candidate = u32;

/// How many bits of a candidate are the token's.
const TOKEN: u32 = 7;

/// The bits of a candidate that are the token's.
const AT: Candidate = (1 << TOKEN) - 1;

/// The positions of atoms in the window at hand, once they were asked for.
#[derive(Debug, Default)]
struct Masks<P> {
    /// By atom: the round in which they were found, and they.
    atoms: Vec<(u32, P)>,
    /// By mark.
    marks: Vec<(u32, P)>,
    round: u32,
}

/// A token as the patterns see it.
#[derive(Clone, Copy, Debug)]
struct Word {
    id: u32,
    kind: u32,
    shape: Shape,
    bucket: Bucket,
}

/// The tokens of a sentence that one window shows.
struct Part<'a> {
    /// All tokens of the sentence.
    tokens: &'a [Token],
    range: Range<usize>,
    around: Surroundings,
}

impl Part<'_> {
    const fn is_first(&self) -> bool {
        self.range.start == 0
    }

    const fn is_last(&self) -> bool {
        self.range.end == self.tokens.len()
    }

    /// The tokens of the window among which a match counts: what stands beside it can be seen.
    const fn counts(&self) -> Range<usize> {
        let end = self.range.end - self.range.start;
        let begin = if self.is_first() { 0 } else { EDGE };
        begin..if self.is_last() { end } else { end - EDGE }
    }
}

/// A window of a sentence.
struct Window<'a, P> {
    tables: &'a Tables,
    words: &'a [Word],
    masks: &'a mut Masks<P>,
    /// The buckets of all words.
    present: Buckets,
    /// What patterns ask for that is there.
    met: Row<'a>,
    /// Tokens that a gap may hold.
    plain: P,
    /// The same, with commas and brackets.
    inside: P,
    start: P,
    end: P,
    /// What the sentence as a whole is, a bit for each [`Whole`].
    wholes: u8,
}

impl Matcher {
    /// Finds every pattern in the tokens of `scratch`, into `scratch.hits`, in the order of patterns and places.
    pub(super) fn find(&self, scratch: &mut Scratch, around: Surroundings) {
        let Scratch { tokenizer, hits, sheet, short, long } = scratch;
        let tokens = &tokenizer.tokens;
        hits.clear();
        if tokens.len() < u64::ROOM {
            self.window(&Part { tokens, range: 0..tokens.len(), around }, sheet, short, hits);
            return;
        }
        let mut first = 0;
        loop {
            let last = (first + WINDOW).min(tokens.len());
            self.window(&Part { tokens, range: first..last, around }, sheet, long, hits);
            if last == tokens.len() {
                break;
            }
            first = last - OVERLAP;
        }
        if tokens.len() > WINDOW {
            hits.sort_by_key(|hit| (hit.pattern, hit.tokens.start, hit.tokens.end));
            hits.dedup();
        }
    }

    fn window<P: Positions>(&self, part: &Part<'_>, sheet: &mut Sheet, masks: &mut Masks<P>, hits: &mut Vec<Hit>) {
        let Sheet { words, met, candidates } = sheet;
        let mut window = Window::new(&self.tables, part, words, met, masks);
        candidates.clear();
        window.gather(candidates);
        candidates.extend(self.tables.always.iter().map(|pattern| pattern << TOKEN));
        candidates.sort_unstable();
        for tries in candidates.chunk_by(|a, b| a >> TOKEN == b >> TOKEN) {
            window.find(tries, part, hits);
        }
    }
}

impl<'a, P: Positions> Window<'a, P> {
    /// Notes on the sheet what there is to know of some tokens.
    fn new(
        tables: &'a Tables,
        part: &Part<'_>,
        words: &'a mut Vec<Word>,
        met: &'a mut Vec<u64>,
        masks: &'a mut Masks<P>,
    ) -> Self {
        masks.atoms.resize(tables.atoms(), (0, P::NONE));
        masks.marks.resize(tables.marks.len(), (0, P::NONE));
        masks.round += 1;
        words.clear();
        tables.company.begin(met);
        let tokens = &part.tokens[part.range.clone()];
        let mut present = Buckets::default();
        let (mut plain, mut inside) = (P::NONE, P::NONE);
        let (mut capitals, mut smalls) = (0, 0);
        for (at, token) in tokens.iter().enumerate() {
            let bit = P::of(at);
            match token.shape {
                Shape::Plain => (plain, smalls) = (plain | bit, smalls + 1),
                Shape::Name | Shape::Capitals => (plain, capitals) = (plain | bit, capitals + 1),
                Shape::Number => plain |= bit,
                Shape::Comma => inside |= bit,
                Shape::Break => {}
            }
            let info = tables.word(token.id);
            present.insert(info.bucket);
            tables.company.add(info.kind, met);
            words.push(Word { id: token.id, kind: info.kind, shape: token.shape, bucket: info.bucket });
        }
        let are = [
            (Whole::Heading, part.around.is_heading),
            (Whole::Item, part.around.is_item),
            (Whole::Open, part.around.is_open),
            (Whole::Title, capitals > smalls),
        ];
        let mut end = P::NONE;
        if part.is_last() {
            let behind = tokens.iter().rposition(|token| token.shape.is_word()).map_or(0, |last| last + 1);
            end = P::from(behind) & P::up_to(tokens.len());
        }
        Self {
            tables,
            words,
            masks,
            present,
            met: Row(met),
            plain,
            inside: inside | plain,
            start: if part.is_first() { P::of(0) } else { P::NONE },
            end,
            wholes: are.into_iter().fold(0, |all, (whole, is)| all | u8::from(is) << whole as u8),
        }
    }

    /// Finds one pattern, which was met at the tokens `tries`.
    fn find(&mut self, tries: &[Candidate], part: &Part<'_>, hits: &mut Vec<Hit>) {
        let number = tries[0] >> TOKEN;
        let pattern = &self.tables.patterns[number as usize];
        if pattern.wholes & !self.wholes != 0 {
            return;
        }
        if pattern.is_of_sentence {
            if !self.run(pattern.steps, self.everywhere()).is_empty() && self.allows(pattern) {
                hits.push(Hit { pattern: number, tokens: 0..0 });
            }
            return;
        }
        let counts = part.counts();
        if pattern.is_atom {
            if self.allows(pattern) {
                let places = tries.iter().map(|candidate| (candidate & AT) as usize);
                let places = places.filter(|at| counts.contains(at)).map(|at| part.range.start + at);
                let places = places.filter(|at| *at >= part.around.lead_in);
                hits.extend(places.map(|at| Hit { pattern: number, tokens: at..at + 1 }));
            }
            return;
        }
        let mut starts = self.starts(pattern, tries);
        if starts.is_crowded() && self.run(pattern.steps, starts).is_empty() {
            return;
        }
        let mut is_allowed = None;
        while !starts.is_empty() {
            let at = starts.first();
            starts = starts.rest();
            let ends = self.run(pattern.steps, P::of(at)) & P::up_to(counts.end);
            if at < counts.start || ends.is_empty() {
                continue;
            }
            if !*is_allowed.get_or_insert_with(|| self.allows(pattern)) {
                break;
            }
            let last = ends.last();
            let span = part.range.start + at..part.range.start + last;
            if span.end > part.around.lead_in || span.is_empty() {
                hits.push(Hit { pattern: number, tokens: span });
            }
            // What follows is looked for behind what was found.
            starts &= P::from(last);
        }
    }
}

impl<P: Positions> Window<'_, P> {
    /// Every position, the end among them.
    fn everywhere(&self) -> P {
        P::up_to(self.words.len())
    }

    /// The tokens that a gap may hold.
    const fn inside(&self, gap: Gap) -> P {
        if gap.crosses_commas { self.inside } else { self.plain }
    }

    /// Collects the patterns to try, and the tokens of their anchors.
    fn gather(&mut self, candidates: &mut Vec<Candidate>) {
        let (tables, words) = (self.tables, self.words);
        let mut before = NOTHING;
        for (at, word) in words.iter().enumerate() {
            let behind = words.get(at + 1).map_or(NOTHING, |word| word.bucket);
            let info = tables.word(word.id);
            let sides = [before, behind].map(|bucket| tables.holders.of(bucket));
            let [anywhere, in_place] = tables.by_shape(word.shape);
            self.gather_anywhere(tables.trials(info.anywhere), sides, at, candidates);
            self.gather_anywhere(tables.trials(anywhere), sides, at, candidates);
            // The start of the sentence is a place, and some words come before places.
            if if at == 0 { !self.start.is_empty() } else { tables.before_places.contains(before) } {
                self.gather_in_place(tables.trials(info.in_place), sides, at, candidates);
                self.gather_in_place(tables.trials(in_place), sides, at, candidates);
            }
            before = word.bucket;
        }
    }

    fn gather_anywhere(&self, trials: &[Trial], sides: [Row<'_>; 2], at: usize, candidates: &mut Vec<Candidate>) {
        let trials = trials.iter().filter(|trial| self.is_candidate(trial, sides));
        candidates.extend(trials.map(|trial| trial.pattern << TOKEN | at as u32));
    }

    fn gather_in_place(&mut self, trials: &[Trial], sides: [Row<'_>; 2], at: usize, candidates: &mut Vec<Candidate>) {
        for trial in trials {
            if self.is_candidate(trial, sides) && !(self.places(trial.places) & P::of(at)).is_empty() {
                candidates.push(trial.pattern << TOKEN | at as u32);
            }
        }
    }

    /// Whether what surrounds a token allows a pattern to be found there.
    fn is_candidate(&self, trial: &Trial, [before, behind]: [Row<'_>; 2]) -> bool {
        // What rules out most comes first.
        trial.company.iter().all(|set| self.met.contains(*set))
            && behind.contains(trial.behind)
            && before.contains(trial.before)
    }

    /// All positions of some places.
    fn places(&mut self, places: Places) -> P {
        let mut all = if places & START == 0 { P::NONE } else { self.start };
        let mut left = places & !START;
        while left != 0 {
            all |= self.mark(left.trailing_zeros() as u16);
            left &= left - 1;
        }
        all
    }

    /// Where a pattern can begin whose anchor is at one of the tokens `tries`.
    fn starts(&mut self, pattern: &Pattern, tries: &[Candidate]) -> P {
        let mut starts = P::NONE;
        if let Some([least, most]) = pattern.offset.map(|offset| offset.map(usize::from)) {
            for at in tries {
                let at = (at & AT) as usize;
                let Some(last) = at.checked_sub(least) else { continue };
                starts |= P::from(at.saturating_sub(most)) & P::up_to(last);
            }
        } else {
            starts = self.everywhere();
        }
        if pattern.places != 0 {
            starts &= self.places(pattern.places);
        }
        self.within(pattern.first, starts)
    }

    /// The positions among `from` whose token is in one of the sets of buckets.
    fn within(&self, set: u16, from: P) -> P {
        if set == 0 {
            return from;
        }
        let (mut left, mut within) = (from, P::NONE);
        while !left.is_empty() {
            let at = left.first();
            left = left.rest();
            if self.words.get(at).is_some_and(|word| self.tables.holders.of(word.bucket).contains(set)) {
                within |= P::of(at);
            }
        }
        within
    }

    /// Whether the sentence holds what a pattern wants besides, and not what it does not want.
    fn allows(&mut self, pattern: &Pattern) -> bool {
        let everywhere = self.everywhere();
        pattern.given.is_none_or(|given| !self.run(given, everywhere).is_empty())
            && pattern.unless.is_none_or(|unless| self.run(unless, everywhere).is_empty())
    }

    /// The positions among `from` whose token an atom holds.
    fn held(&mut self, atom: AtomId, from: P) -> P {
        let others = from.rest();
        if others.is_empty() {
            return if self.holds(atom, from.first()) { from } else { P::NONE };
        }
        // A few are looked at one by one; for more of them it pays to know all that the atom holds.
        if from.is_crowded() {
            return from & self.mask(atom);
        }
        let (mut held, mut left) = (P::NONE, from);
        while !left.is_empty() {
            let at = left.first();
            left = left.rest();
            if self.holds(atom, at) {
                held |= P::of(at);
            }
        }
        held
    }

    /// All positions whose token an atom holds.
    fn mask(&mut self, atom: AtomId) -> P {
        let (round, mask) = self.masks.atoms[usize::from(atom)];
        if round == self.masks.round {
            return mask;
        }
        let mut mask = P::NONE;
        let buckets = self.tables.atom_buckets(atom);
        if buckets.meets(&self.present) {
            for (at, word) in self.words.iter().enumerate() {
                if buckets.contains(word.bucket) && self.holds(atom, at) {
                    mask |= P::of(at);
                }
            }
        }
        self.masks.atoms[usize::from(atom)] = (self.masks.round, mask);
        mask
    }

    fn holds(&self, atom: AtomId, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| self.tables.holds(atom, word.id, word.kind, word.shape))
    }

    /// The positions that a mark finds.
    fn mark(&mut self, mark: u16) -> P {
        let (round, places) = self.masks.marks[usize::from(mark)];
        if round == self.masks.round {
            return places;
        }
        let places = self.run(self.tables.marks[usize::from(mark)], self.everywhere());
        self.masks.marks[usize::from(mark)] = (self.masks.round, places);
        places
    }

    /// The positions that some steps lead to from the positions `from`.
    fn run(&mut self, steps: Steps, from: P) -> P {
        let tables = self.tables;
        let ops = &tables.ops[..steps.end as usize];
        let mut reached = from;
        let mut at = steps.start as usize;
        while at < ops.len() && !reached.is_empty() {
            let end = at + 1 + ops[at].inside();
            let (op, inner) = match ops[at] {
                Op::Same(earlier) => (ops[earlier as usize], earlier as usize + 1),
                op => (op, at + 1),
            };
            reached = match op {
                Op::Atom(atom) => self.held(atom, reached) << 1,
                Op::Alt(inside) => {
                    let (mut at, end) = (inner, inner + inside.steps as usize);
                    let reached = self.within(inside.first, reached);
                    let mut all = P::NONE;
                    // What the token is tells most branches apart, where there is but one.
                    let only = if reached.rest().is_empty() { self.words.get(reached.first()) } else { None };
                    let row = only.map(|word| self.tables.holders.of(word.bucket));
                    while at < end && !reached.is_empty() {
                        let next = at + 1 + ops[at].inside();
                        if let (Some(row), Op::Branch(branch)) = (row, ops[at])
                            && !row.contains(branch.first)
                        {
                            at = next;
                            continue;
                        }
                        // Most branches fail with their first word.
                        all |= if let Op::Atom(atom) = ops[at + 1] {
                            let held = self.held(atom, reached);
                            if held.is_empty() { held } else { self.run(stretch(at + 2, next), held << 1) }
                        } else {
                            self.run(stretch(at + 1, next), reached)
                        };
                        at = next;
                    }
                    all
                }
                Op::Branch(_) => unreachable!("branches stand in choices"),
                Op::Opt(inside) => {
                    let from = self.within(inside.first, reached);
                    if from.is_empty() {
                        reached
                    } else {
                        reached | self.run(stretch(inner, inner + inside.steps as usize), from)
                    }
                }
                Op::Same(_) => unreachable!("no step is the same as one that is the same as another"),
                Op::Gap(gap) => self.gap(gap, reached),
                Op::Not(atom) => reached & !self.held(atom, reached),
                Op::NotBehind(atom) => reached & !(self.held(atom, reached >> 1) << 1),
                Op::Ahead(atom) => self.held(atom, reached),
                Op::Start => reached & self.start,
                Op::End => reached & self.end,
                Op::Mark(mark) => reached & self.mark(mark),
                Op::Whole(whole) => {
                    if self.wholes >> whole as u8 & 1 != 0 {
                        reached
                    } else {
                        P::NONE
                    }
                }
            };
            at = end;
        }
        reached
    }

    fn gap(&self, gap: Gap, from: P) -> P {
        let inside = self.inside(gap);
        let mut at = from;
        for _ in 0..gap.min {
            at = (at & inside) << 1;
        }
        let mut reached = at;
        for _ in gap.min..gap.max {
            at = (at & inside) << 1;
            if at.is_empty() {
                break;
            }
            reached |= at;
        }
        reached
    }
}

const fn stretch(start: usize, end: usize) -> Steps {
    Steps { start: start as u32, end: end as u32 }
}
