//! All that the matcher needs to know, laid flat: which token is in which atom, what the patterns do, where they are tried.

use super::anchor::{Bucket, Buckets, Guide, Holders, NOTHING, Places, flat_buckets};
use super::company::{self, ANYTHING, ASKED, Company, SetId};
use super::compile::{AtomId, MAX_ATOMS, Node, Program, WordSet, frequencies};
use super::numbered::Numbered;
use super::pattern::{Gap, Whole};
use super::rows::Rows;
use super::token::{Dictionary, Shape, UNKNOWN, Vocabulary, has_ending};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::rc::Rc;

/// A step of a pattern; a sequence is one after another. Those that hold others say how many steps follow that are
/// theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Op {
    Atom(AtomId),
    /// A choice, which holds nothing but branches.
    Alt(Inside),
    Branch(Inside),
    Opt(Inside),
    /// What an earlier step is, with all that it holds.
    Same(u32),
    Gap(Gap),
    Not(AtomId),
    NotBehind(AtomId),
    Ahead(AtomId),
    Start,
    End,
    Mark(u16),
    Whole(Whole),
}

impl Op {
    /// How many of the steps that follow belong to it.
    pub(super) const fn inside(self) -> usize {
        match self {
            Self::Alt(inside) | Self::Branch(inside) | Self::Opt(inside) => inside.steps as usize,
            Self::Same(_)
            | Self::Atom(_)
            | Self::Gap(_)
            | Self::Not(_)
            | Self::NotBehind(_)
            | Self::Ahead(_)
            | Self::Start
            | Self::End
            | Self::Mark(_)
            | Self::Whole(_) => 0,
        }
    }
}

/// What a step holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inside {
    /// How many of the steps that follow.
    pub(super) steps: u32,
    /// What their first token can be: a place in the list of sets.
    pub(super) first: u16,
}

/// A stretch of steps, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Steps {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A pattern.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Pattern {
    pub(super) steps: Steps,
    /// What must also be in the sentence.
    pub(super) given: Option<Steps>,
    /// What must not be in the sentence.
    pub(super) unless: Option<Steps>,
    /// The places one of which the match begins at; 0 for any place.
    pub(super) places: Places,
    /// What its first token can be: a place in the list of sets.
    pub(super) first: u16,
    /// How many tokens of a match stand before the anchor, at least and at most; `None` where nobody knows.
    pub(super) offset: Option<[u8; 2]>,
    /// Whether it is one atom and nothing more, which is found wherever it is tried.
    pub(super) is_atom: bool,
    /// Whether it asks for nothing but what the sentence as a whole is; then it is found once.
    pub(super) is_of_sentence: bool,
    /// What the sentence as a whole must be, a bit for each [`Whole`].
    pub(super) wholes: u8,
}

/// How an atom tells whether it holds a word.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum Test {
    /// It is one of these, and no other.
    Few([u32; FEW]),
    /// It has this bit, or one of these shapes.
    Many { bit: u32, shapes: u8 },
}

impl Test {
    fn is_few(set: &WordSet) -> bool {
        set.words.len() <= FEW && set.endings.is_empty() && set.shapes.is_empty()
    }

    /// The test of a set; `bit` is what it has if it needs one.
    fn new(set: &WordSet, bit: u32) -> Self {
        if Self::is_few(set) {
            let mut ids = [u32::MAX; FEW];
            ids[..set.words.len()].copy_from_slice(&set.words);
            Self::Few(ids)
        } else {
            Self::Many { bit, shapes: set.shapes.iter().fold(0, |shapes, shape| shapes | 1 << *shape as u8) }
        }
    }
}

/// Words of an atom that are compared one by one.
const FEW: usize = 4;

/// What the matcher knows of a word, by its id.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct WordInfo {
    /// The number of its kind: words that the same atoms hold are of one kind, and share a row of bits.
    pub(super) kind: u32,
    /// Where the patterns are listed that are tried at it.
    pub(super) anywhere: List,
    /// The same for patterns that are tried in certain places only.
    pub(super) in_place: List,
    /// What it counts as for the neighbours' tests.
    pub(super) bucket: Bucket,
}

/// A stretch of the list of trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct List {
    start: u32,
    len: u32,
}

/// A pattern that is tried at a token if its surroundings allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Trial {
    pub(super) pattern: u32,
    /// The places one of which the token must have; 0 for any place.
    pub(super) places: Places,
    /// What must stand before it and behind it: places in the list of sets.
    pub(super) before: u16,
    pub(super) behind: u16,
    /// What must be in the sentence.
    pub(super) company: [SetId; ASKED],
}

/// The tables of a lexicon's patterns.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Tables {
    tests: Vec<Test>,
    /// By atom: the buckets of its words.
    #[serde(with = "flat_buckets")]
    buckets: Vec<Buckets>,
    rows: Rows,
    words: Vec<WordInfo>,
    /// By [`Shape`]: the lists of patterns that are tried at any word of that shape.
    shapes: [[List; 2]; SHAPES],
    trials: Vec<Trial>,
    /// What can stand first or beside: which sets of buckets hold a bucket. The first set holds all.
    pub(super) holders: Holders,
    /// What must be in the sentence.
    pub(super) company: Company,
    pub(super) ops: Vec<Op>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) marks: Vec<Steps>,
    /// What the token before a place can be, unless the place is the start of the sentence.
    pub(super) before_places: Buckets,
    /// Patterns that are tried in every sentence.
    pub(super) always: Vec<u32>,
}

/// How many shapes there are.
const SHAPES: usize = 6;

impl Tables {
    /// Lays out the patterns over the atoms `sets`.
    pub(super) fn new(
        dictionary: &Dictionary,
        vocabulary: &Vocabulary,
        sets: &[Rc<WordSet>],
        endings: &[String],
        marks: &[Node],
        programs: &[Program],
        costs: &[u64],
    ) -> Self {
        let mut tables = Self::default();
        let mut atoms_of = atoms_of(dictionary, vocabulary, sets, endings);
        let mut unions = Unions { sets: sets.to_vec(), known: BTreeMap::new() };
        let marks: Vec<Node> = marks.iter().map(|mark| unions.merge(mark)).collect();
        let programs: Vec<Program> = programs.iter().map(|program| unions.merge_program(program)).collect();
        unions.add_to(&mut atoms_of);
        let sets = &*unions.sets;
        let kinds = Kinds::new(&atoms_of);
        tables.lay_words(sets, &kinds);
        tables.give_buckets(dictionary, vocabulary);
        let buckets = tables.buckets(sets, &kinds);
        let guide = Guide { costs, buckets: &buckets, marks: &marks };
        let mut layout = Layout::new(&guide);
        tables.marks = marks.iter().map(|mark| tables.lay(mark, &mut layout)).collect();
        tables.before_places = guide.before_places();
        tables.file(&programs, layout, sets, &kinds);
        tables.buckets = buckets;
        tables
    }

    /// Whether an atom holds a word of that id, kind and shape.
    pub(super) fn holds(&self, atom: AtomId, id: u32, kind: u32, shape: Shape) -> bool {
        match self.tests[usize::from(atom)] {
            Test::Few(ids) => ids.contains(&id),
            Test::Many { bit, shapes } => self.rows.holds(kind, bit) || shapes >> shape as u8 & 1 != 0,
        }
    }

    /// How many atoms there are.
    pub(super) fn atoms(&self) -> usize {
        self.tests.len()
    }

    /// The buckets of an atom's words.
    pub(super) fn atom_buckets(&self, atom: AtomId) -> &Buckets {
        &self.buckets[usize::from(atom)]
    }

    /// What is known of a word.
    pub(super) fn word(&self, id: u32) -> &WordInfo {
        &self.words[id as usize]
    }

    /// The patterns of a list.
    pub(super) fn trials(&self, list: List) -> &[Trial] {
        &self.trials[list.start as usize..][..list.len as usize]
    }

    /// The lists of patterns that are tried at any word of that shape: anywhere, and in certain places.
    pub(super) const fn by_shape(&self, shape: Shape) -> [List; 2] {
        self.shapes[shape as usize]
    }

    /// Gives every large atom a bit, and every kind of word a row of them.
    fn lay_words(&mut self, sets: &[Rc<WordSet>], kinds: &Kinds<'_>) {
        let many: Vec<usize> = (0..sets.len()).filter(|atom| !Test::is_few(&sets[*atom])).collect();
        let mut places = vec![None; sets.len()];
        many.iter().enumerate().for_each(|(place, atom)| places[*atom] = Some(place));
        let mut kinds_of: Vec<Vec<u32>> = vec![Vec::new(); many.len()];
        for (atoms, kind) in kinds.atoms.iter().zip(0..) {
            atoms.iter().filter_map(|atom| places[usize::from(*atom)]).for_each(|place| kinds_of[place].push(kind));
        }
        let (rows, bits) = Rows::new(&kinds_of, kinds.atoms.len());
        let bit_of = places.iter().map(|place| place.map_or(0, |place| bits[place]));
        self.tests = sets.iter().zip(bit_of).map(|(set, bit)| Test::new(set, bit)).collect();
        self.rows = rows;
        self.words = kinds.of.iter().map(|kind| WordInfo { kind: *kind as u32, ..WordInfo::default() }).collect();
    }

    /// Gives every word a bucket: one of its own to each that is common, the others share what is left by their atoms.
    fn give_buckets(&mut self, dictionary: &Dictionary, vocabulary: &Vocabulary) {
        let common = frequencies().take(OWN_BUCKETS).enumerate();
        let ranks: FxHashMap<&str, usize> = common.map(|(rank, (word, _))| (word, rank)).collect();
        for (id, word) in vocabulary.words() {
            let info = &mut self.words[id as usize];
            info.bucket = match ranks.get(word) {
                Some(rank) => *rank as Bucket,
                None => (OWN_BUCKETS as u32 + info.kind % SHARED_BUCKETS) as Bucket,
            };
        }
        let first = OWN_BUCKETS as u32 + SHARED_BUCKETS;
        self.words[UNKNOWN as usize].bucket = first as Bucket;
        for (at, id) in (dictionary.first_ending()..dictionary.len() as u32).enumerate() {
            self.words[id as usize].bucket = (first + 1 + at as u32 % (u32::from(NOTHING) - 1 - first)) as Bucket;
        }
    }

    /// By atom: the buckets of its words.
    fn buckets(&self, sets: &[Rc<WordSet>], kinds: &Kinds<'_>) -> Vec<Buckets> {
        let mut buckets = vec![Buckets::default(); sets.len()];
        let mut of_kinds = vec![Buckets::default(); kinds.atoms.len()];
        self.words.iter().zip(&kinds.of).for_each(|(word, kind)| of_kinds[*kind].insert(word.bucket));
        for (atoms, of_kind) in kinds.atoms.iter().zip(of_kinds) {
            atoms.iter().for_each(|atom| buckets[usize::from(*atom)] = buckets[usize::from(*atom)].or(of_kind));
        }
        // Any word can have a shape.
        buckets.iter_mut().zip(sets).filter(|(_, set)| !set.shapes.is_empty()).for_each(|(set, _)| *set = Buckets::ALL);
        buckets
    }

    /// Appends the steps of a node.
    fn lay(&mut self, node: &Node, layout: &mut Layout<'_>) -> Steps {
        let start = self.ops.len() as u32;
        match node {
            Node::Seq(items) => items.iter().for_each(|item| {
                self.lay(item, layout);
            }),
            Node::Alt(branches) => {
                let at = self.ops.len() as u32;
                match layout.choices.entry(node.clone()) {
                    Entry::Occupied(same) => self.ops.push(Op::Same(*same.get())),
                    Entry::Vacant(new) => {
                        new.insert(at);
                        let first = layout.first(node);
                        self.hold(
                            |steps| Op::Alt(Inside { steps, first }),
                            |tables| {
                                for branch in branches {
                                    let first = layout.first(branch);
                                    tables.hold(
                                        |steps| Op::Branch(Inside { steps, first }),
                                        |tables| {
                                            tables.lay(branch, layout);
                                        },
                                    );
                                }
                            },
                        );
                    }
                }
            }
            Node::Opt(node) => {
                let first = layout.first(node);
                self.hold(
                    |steps| Op::Opt(Inside { steps, first }),
                    |tables| {
                        tables.lay(node, layout);
                    },
                );
            }
            Node::Atom(atom) => self.ops.push(Op::Atom(*atom)),
            Node::Gap(gap) => self.ops.push(Op::Gap(*gap)),
            Node::Not(atom) => self.ops.push(Op::Not(*atom)),
            Node::NotBehind(atom) => self.ops.push(Op::NotBehind(*atom)),
            Node::Ahead(atom) => self.ops.push(Op::Ahead(*atom)),
            Node::Start => self.ops.push(Op::Start),
            Node::End => self.ops.push(Op::End),
            Node::Mark(mark) => self.ops.push(Op::Mark(*mark)),
            Node::Whole(whole) => self.ops.push(Op::Whole(*whole)),
        }
        Steps { start, end: self.ops.len() as u32 }
    }

    /// Appends a step that holds what `lay` appends.
    fn hold(&mut self, op: impl Fn(u32) -> Op, lay: impl FnOnce(&mut Self)) {
        let at = self.ops.len();
        self.ops.push(op(0));
        lay(self);
        self.ops[at] = op((self.ops.len() - at - 1) as u32);
    }

    /// Files every pattern under the words of its anchor.
    fn file(&mut self, programs: &[Program], mut layout: Layout<'_>, sets: &[Rc<WordSet>], kinds: &Kinds<'_>) {
        let guide = layout.guide;
        let mut under: Vec<[Vec<Trial>; 2]> = vec![Default::default(); sets.len()];
        for program in programs {
            let pattern = self.patterns.len() as u32;
            let [given, unless] =
                [&program.given, &program.unless].map(|node| node.as_ref().map(|node| self.lay(node, &mut layout)));
            let steps = self.lay(&program.root, &mut layout);
            let (first, places) = guide.opening(&program.root);
            let anchor = guide.anchor(&program.root);
            let offset =
                anchor.as_ref().and_then(|anchor| anchor.offset).map(|offset| offset.map(|tokens| tokens as u8));
            let first = first.map_or(0, |set| layout.sides.number(set));
            let is_atom = matches!(self.ops[steps.start as usize..steps.end as usize], [Op::Atom(_)]);
            let (wholes, is_of_sentence) = asked_of_sentence(&program.root);
            self.patterns.push(Pattern {
                steps,
                given,
                unless,
                places,
                first,
                offset,
                is_atom,
                is_of_sentence,
                wholes,
            });
            let Some(mut anchor) = anchor else {
                self.always.push(pattern);
                continue;
            };
            anchor.atoms.sort_unstable();
            anchor.atoms.dedup();
            let mut company = guide
                .company([&program.root].into_iter().chain(&program.given), &anchor.atoms)
                .into_iter()
                .map(|atoms| layout.company.number(atoms));
            let company = std::array::from_fn(|_| company.next().unwrap_or(ANYTHING));
            let mut edge = |set: Option<Buckets>| set.map_or(0, |set| layout.sides.number(set));
            let (before, behind) = (edge(anchor.before), edge(anchor.behind));
            let trial = Trial { pattern, places: anchor.places, before, behind, company };
            for atom in anchor.atoms {
                under[usize::from(atom)][usize::from(anchor.places != 0)].push(trial);
            }
        }
        let (company, numbers) = company::by_kind(&layout.company.into_items(), kinds);
        for trial in under.iter_mut().flatten().flatten() {
            trial.company = trial.company.map(|set| numbers[usize::from(set)]);
        }
        self.company = company;
        let mut lists: FxHashMap<Vec<Trial>, List> = FxHashMap::default();
        let trials = &mut self.trials;
        let mut list = |atoms: &mut dyn Iterator<Item = AtomId>, kind: usize| -> List {
            let mut all: Vec<Trial> = atoms.flat_map(|atom| under[usize::from(atom)][kind].iter().copied()).collect();
            // Tests that come out alike stand side by side, where the processor foresees them.
            all.sort_unstable_by_key(|trial| (trial.company, trial.behind, trial.before, trial.pattern));
            all.dedup();
            *lists.entry(all).or_insert_with_key(|all| {
                let start = trials.len() as u32;
                trials.extend(all);
                List { start, len: all.len() as u32 }
            })
        };
        let mut of_kind = |atoms: &&[AtomId]| [0, 1].map(|kind| list(&mut atoms.iter().copied(), kind));
        let of_kinds: Vec<[List; 2]> = kinds.atoms.iter().map(&mut of_kind).collect();
        for (word, kind) in self.words.iter_mut().zip(&kinds.of) {
            [word.anywhere, word.in_place] = of_kinds[*kind];
        }
        for shape in [Shape::Name, Shape::Capitals, Shape::Number] {
            let of_shape = || (0..sets.len() as AtomId).filter(|atom| sets[usize::from(*atom)].shapes.contains(&shape));
            self.shapes[shape as usize] = [list(&mut of_shape(), 0), list(&mut of_shape(), 1)];
        }
        self.holders = Holders::new(&layout.sides.into_items());
    }
}

/// What was laid out already.
struct Layout<'a> {
    guide: &'a Guide<'a>,
    /// Where each choice is that was laid out.
    choices: FxHashMap<Node, u32>,
    /// What can stand first or beside.
    sides: Numbered<Buckets>,
    /// What must be in the sentence.
    company: Numbered<Vec<AtomId>>,
}

impl<'a> Layout<'a> {
    fn new(guide: &'a Guide<'a>) -> Self {
        Self {
            guide,
            choices: FxHashMap::default(),
            sides: Numbered::from_first(Buckets::ALL),
            company: Numbered::from_first(Vec::new()),
        }
    }

    /// The place of the set of what the first token of `node` can be.
    fn first(&mut self, node: &Node) -> u16 {
        self.guide.first(node).map_or(0, |set| self.sides.number(set))
    }
}

/// Atoms that are made of others, so that one look is enough where a pattern has a row of guards.
struct Unions {
    /// Every atom's set; those of unions stand last, without the exceptions to their endings.
    sets: Vec<Rc<WordSet>>,
    known: BTreeMap<Vec<AtomId>, AtomId>,
}

impl Unions {
    fn merge_program(&mut self, program: &Program) -> Program {
        let mut merge = |node: &Option<Node>| node.as_ref().map(|node| self.merge(node));
        let (given, unless) = (merge(&program.given), merge(&program.unless));
        Program { root: self.merge(&program.root), given, unless }
    }

    /// The node with one guard for each row of guards of a kind.
    fn merge(&mut self, node: &Node) -> Node {
        match node {
            Node::Seq(items) => {
                let ahead = |node: &Node| if let Node::Not(atom) = node { Some(*atom) } else { None };
                let behind = |node: &Node| if let Node::NotBehind(atom) = node { Some(*atom) } else { None };
                let is_row = |a: &Node, b: &Node| {
                    (ahead(a).is_some() && ahead(b).is_some()) || (behind(a).is_some() && behind(b).is_some())
                };
                let mut merge_row = |row: &[Node]| {
                    let (atoms, merged): (Vec<AtomId>, fn(AtomId) -> Node) = match ahead(&row[0]) {
                        Some(_) => (row.iter().filter_map(ahead).collect(), Node::Not),
                        None => (row.iter().filter_map(behind).collect(), Node::NotBehind),
                    };
                    match if row.len() > 1 { self.union(atoms) } else { None } {
                        Some(union) => vec![merged(union)],
                        None => row.iter().map(|node| self.merge(node)).collect(),
                    }
                };
                Node::Seq(items.chunk_by(is_row).flat_map(&mut merge_row).collect())
            }
            Node::Alt(branches) => Node::Alt(branches.iter().map(|branch| self.merge(branch)).collect()),
            Node::Opt(inner) => Node::Opt(Box::new(self.merge(inner))),
            Node::Atom(_)
            | Node::Gap(_)
            | Node::Not(_)
            | Node::NotBehind(_)
            | Node::Ahead(_)
            | Node::Start
            | Node::End
            | Node::Mark(_)
            | Node::Whole(_) => node.clone(),
        }
    }

    /// An atom for all of `atoms`; `None` where there is no room for another.
    fn union(&mut self, mut atoms: Vec<AtomId>) -> Option<AtomId> {
        atoms.sort_unstable();
        atoms.dedup();
        if let Some(known) = self.known.get(&atoms) {
            return Some(*known);
        }
        if self.sets.len() == MAX_ATOMS {
            return None;
        }
        let union = self.sets.len() as AtomId;
        let sets: Vec<&WordSet> = atoms.iter().map(|atom| &*self.sets[usize::from(*atom)]).collect();
        self.sets.push(WordSet::union(&sets));
        self.known.insert(atoms, union);
        Some(union)
    }

    /// Adds the unions to the words that any of their atoms holds.
    fn add_to(&self, atoms_of: &mut [Vec<AtomId>]) {
        let mut unions_of: Vec<Vec<AtomId>> = vec![Vec::new(); self.sets.len()];
        for (atoms, union) in &self.known {
            atoms.iter().for_each(|atom| unions_of[usize::from(*atom)].push(*union));
        }
        for atoms in atoms_of {
            let unions: Vec<AtomId> = atoms.iter().flat_map(|atom| &unions_of[usize::from(*atom)]).copied().collect();
            atoms.extend(unions);
            atoms.sort_unstable();
            atoms.dedup();
        }
    }
}

/// Words that the same atoms hold are of one kind; most words are of few kinds.
pub(super) struct Kinds<'a> {
    /// By kind: the atoms.
    pub(super) atoms: Vec<&'a [AtomId]>,
    /// By id of a word: its kind.
    of: Vec<usize>,
}

impl<'a> Kinds<'a> {
    /// The kinds of the words that are in these atoms, by id.
    pub(super) fn new(atoms_of: &'a [Vec<AtomId>]) -> Self {
        let mut known: FxHashMap<&[AtomId], usize> = FxHashMap::default();
        let mut kinds = Self { atoms: Vec::new(), of: Vec::new() };
        for atoms in atoms_of {
            let next = kinds.atoms.len();
            let kind = *known.entry(atoms).or_insert(next);
            if kind == next {
                kinds.atoms.push(atoms);
            }
            kinds.of.push(kind);
        }
        kinds
    }
}

/// Words that have a bucket of their own.
const OWN_BUCKETS: usize = 150;

/// Buckets that the other words share.
const SHARED_BUCKETS: u32 = 90;

/// What a sentence must be as a whole for any match of a node, a bit for each [`Whole`]; and whether the node asks for nothing
/// else.
fn asked_of_sentence(node: &Node) -> (u8, bool) {
    let both = |combined: fn(u8, u8) -> u8| move |(a, b): (u8, bool), (c, d): (u8, bool)| (combined(a, c), b && d);
    match node {
        Node::Whole(whole) => (1 << *whole as u8, true),
        Node::Seq(items) => items.iter().map(asked_of_sentence).fold((0, true), both(|a, b| a | b)),
        Node::Alt(branches) => branches.iter().map(asked_of_sentence).reduce(both(|a, b| a & b)).unwrap_or((0, true)),
        Node::Atom(_)
        | Node::Opt(_)
        | Node::Gap(_)
        | Node::Not(_)
        | Node::NotBehind(_)
        | Node::Ahead(_)
        | Node::Start
        | Node::End
        | Node::Mark(_) => (0, false),
    }
}

/// By id: the atoms that hold the word, or the unknown words of that ending.
fn atoms_of(
    dictionary: &Dictionary,
    vocabulary: &Vocabulary,
    sets: &[Rc<WordSet>],
    endings: &[String],
) -> Vec<Vec<AtomId>> {
    let mut atoms_of: Vec<Vec<AtomId>> = vec![Vec::new(); dictionary.len()];
    let mut ending_in: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (atom, set) in sets.iter().enumerate().map(|(atom, set)| (atom as AtomId, set)) {
        for id in &set.words {
            atoms_of[*id as usize].push(atom);
        }
        for ending in &set.endings {
            let words = ending_in.entry(ending).or_insert_with(|| {
                let words = vocabulary.words().filter(|(_, word)| has_ending(word, ending)).map(|(id, _)| id);
                // Of unknown words the longest ending is known, which may end in a shorter one.
                let longer = endings
                    .iter()
                    .zip(dictionary.first_ending()..)
                    .filter(|(longer, _)| longer.ends_with(ending.as_str()));
                words.chain(longer.map(|(_, id)| id)).collect()
            });
            for id in words.iter().filter(|id| set.except.binary_search(id).is_err()) {
                atoms_of[*id as usize].push(atom);
            }
        }
    }
    for atoms in &mut atoms_of {
        atoms.sort_unstable();
        atoms.dedup();
    }
    atoms_of
}
