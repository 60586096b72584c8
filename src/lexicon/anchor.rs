//! Where a pattern is tried: what it cannot do without, and what must stand next to that.
//!
//! Of all that every match of a pattern holds, the rarest atoms are its *anchor*. The pattern is filed under the words
//! of its anchor, and tried at a token only if the tokens before and after it can belong to the match, and if the other
//! rare steps of the pattern are somewhere in the sentence.
//!
//! What stands next to it is told not by words but by [`Bucket`]s, of which there are few enough for a set to be four
//! numbers. A bucket can hold several words, so this may let a pattern be tried in vain, but it never leaves one out.
//! What is somewhere in the sentence is told by the words themselves, since that is asked of all of them at once.

use super::compile::{AtomId, Node};
use super::flat;
use super::rows::Row;
use serde::{Deserialize, Serialize};

/// A few words that are told apart from all others.
pub(super) type Bucket = u8;

/// Where there is no token. It is in no set but that of all.
pub(super) const NOTHING: Bucket = Bucket::MAX;

/// A set of buckets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Buckets([u64; 4]);

impl Buckets {
    /// Every bucket.
    pub(super) const ALL: Self = Self([u64::MAX; 4]);

    /// Adds a bucket.
    pub(super) const fn insert(&mut self, bucket: Bucket) {
        self.0[(bucket >> 6) as usize] |= 1 << (bucket & 63);
    }

    /// Whether `bucket` is among them.
    pub(super) const fn contains(&self, bucket: Bucket) -> bool {
        self.0[(bucket >> 6) as usize] >> (bucket & 63) & 1 != 0
    }

    /// Whether they share a bucket.
    pub(super) const fn meets(&self, other: &Self) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        (a & e) | (b & f) | (c & g) | (d & h) != 0
    }

    /// What is in one of the two.
    pub(super) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }
}

/// Lists of sets as bytes.
pub(super) mod flat_buckets {
    use super::Buckets;
    use crate::lexicon::flat;
    use serde::{Deserializer, Serializer};

    pub(in crate::lexicon) fn serialize<S: Serializer>(sets: &[Buckets], serializer: S) -> Result<S::Ok, S::Error> {
        let numbers: Vec<u64> = sets.iter().flat_map(|set| set.0).collect();
        flat::serialize(&numbers, serializer)
    }

    pub(in crate::lexicon) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Buckets>, D::Error> {
        Ok(flat::deserialize(deserializer)?.as_chunks().0.iter().map(|numbers| Buckets(*numbers)).collect())
    }
}

/// Which of many sets hold a bucket: a row of bits for each bucket, a bit for each set. All that is asked of one token lies
/// side by side.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Holders {
    /// Numbers of a row.
    width: u32,
    #[serde(with = "flat")]
    bits: Vec<u64>,
}

impl Holders {
    /// The rows of these sets, which are known by their places from now on.
    pub(super) fn new(sets: &[Buckets]) -> Self {
        let width = sets.len().div_ceil(64);
        let mut bits = vec![0; width << Bucket::BITS];
        for (place, set) in sets.iter().enumerate() {
            for bucket in (0..=Bucket::MAX).filter(|bucket| set.contains(*bucket)) {
                bits[usize::from(bucket) * width + (place >> 6)] |= 1 << (place & 63);
            }
        }
        Self { width: width as u32, bits }
    }

    /// The sets that hold a bucket.
    pub(super) fn of(&self, bucket: Bucket) -> Row<'_> {
        let width = self.width as usize;
        Row(&self.bits[usize::from(bucket) * width..][..width])
    }
}

/// Marks by number, a bit each; the last bit is the start of the sentence.
pub(super) type Places = u16;

/// The start of the sentence, among [`Places`].
pub(super) const START: Places = 1 << PLACES;

/// How many marks, the first ones, are among [`Places`].
pub(super) const PLACES: usize = 15;

/// What is known of atoms and marks when anchors are chosen.
#[derive(Debug)]
pub(super) struct Guide<'a> {
    /// By atom: how common its words are, in millionths.
    pub(super) costs: &'a [u64],
    /// By atom: the buckets of its words.
    pub(super) buckets: &'a [Buckets],
    /// By mark.
    pub(super) marks: &'a [Node],
}

/// Where a pattern is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// How common the atoms are.
    pub(super) cost: u64,
    /// Atoms of which every match holds one.
    pub(super) atoms: Vec<AtomId>,
    /// How many tokens of the match stand before it, at least and at most; `None` where it stands outside of the match.
    pub(super) offset: Option<[usize; 2]>,
    /// What the token before can be, if it must be something.
    pub(super) before: Option<Buckets>,
    /// What the token behind can be, if it must be something.
    pub(super) behind: Option<Buckets>,
    /// The places one of which the anchor must have; 0 for any place.
    pub(super) places: Places,
}

/// An anchor at a place that only some sentences have is so much rarer.
const PLACE: u64 = 8;

/// An anchor outside of the match says little about where the match is.
const OUTSIDE: u64 = 16;

/// How common atoms may be that are asked for, in millionths: what most sentences hold is asked for in vain.
const COMMON: u64 = 60_000;

/// The least offset that is no longer worth being known.
const FAR: usize = 128;

/// What stands on both sides of a node.
#[derive(Clone, Copy)]
struct Around {
    offset: [usize; 2],
    before: Option<Buckets>,
    behind: Option<Buckets>,
    places: Places,
}

impl Guide<'_> {
    /// The anchor of a pattern; `None` where it may be found in any sentence.
    pub(super) fn anchor(&self, root: &Node) -> Option<Anchor> {
        self.choose(root, Around { offset: [0; 2], before: None, behind: None, places: 0 }, 0)
    }

    /// What the first token of a match can be, if it must be something.
    pub(super) fn first(&self, node: &Node) -> Option<Buckets> {
        self.beside(node, false, None)
    }

    /// What the first token of a match can be, if it must be something, and the places one of which it begins at.
    pub(super) fn opening(&self, root: &Node) -> (Option<Buckets>, Places) {
        let items = if let Node::Seq(items) = root { &**items } else { std::slice::from_ref(root) };
        let opening = items.iter().take_while(|item| length(item)[1] == 0);
        (self.first(root), opening.filter_map(places).next().unwrap_or(0))
    }

    /// What the token before a place can be that a mark finds, unless the place is the start of the sentence.
    pub(super) fn before_places(&self) -> Buckets {
        self.marks.iter().fold(Buckets::default(), |all, mark| all.or(self.before_place(mark)))
    }

    fn before_place(&self, mark: &Node) -> Buckets {
        if let Node::Alt(branches) = mark {
            return branches.iter().fold(Buckets::default(), |all, branch| all.or(self.before_place(branch)));
        }
        let (last, may_be_empty) = self.edge_of(mark, true);
        // Without a token a mark stands where another one stands, or anywhere.
        if may_be_empty && self.opening(mark).1 == 0 { Buckets::ALL } else { last }
    }

    /// Sets of atoms of each of which a sentence holds one that holds all of `nodes`, besides `anchor`: the rarest first.
    pub(super) fn company<'n>(&self, nodes: impl IntoIterator<Item = &'n Node>, anchor: &[AtomId]) -> Vec<Vec<AtomId>> {
        let mut steps = Vec::new();
        nodes.into_iter().for_each(|node| self.steps(node, &mut steps));
        // Of a word nobody knows beforehand which shape it has.
        let is_known = |atoms: &[AtomId]| atoms.iter().all(|atom| self.buckets[usize::from(*atom)] != Buckets::ALL);
        steps.retain(|(cost, atoms)| *cost < COMMON && atoms != anchor && is_known(atoms));
        steps.sort_unstable();
        steps.dedup();
        steps.into_iter().map(|(_, atoms)| atoms).collect()
    }

    /// What every match holds: at each step one of several atoms.
    fn steps(&self, node: &Node, steps: &mut Vec<(u64, Vec<AtomId>)>) {
        if let Node::Seq(items) = node {
            items.iter().for_each(|item| self.steps(item, steps));
        } else {
            steps.extend(self.one_of(node));
        }
    }

    /// The rarest atoms of which every match of `node` holds one.
    fn one_of(&self, node: &Node) -> Option<(u64, Vec<AtomId>)> {
        match node {
            Node::Atom(atom) | Node::Ahead(atom) => Some((self.costs[*atom as usize], vec![*atom])),
            Node::Seq(items) => items.iter().filter_map(|item| self.one_of(item)).min_by_key(|(cost, _)| *cost),
            Node::Alt(branches) => {
                let mut all = (0, Vec::new());
                for branch in branches {
                    let (cost, atoms) = self.one_of(branch)?;
                    all.0 += cost;
                    all.1.extend(atoms);
                }
                all.1.sort_unstable();
                all.1.dedup();
                Some(all)
            }
            Node::Opt(_)
            | Node::Gap(_)
            | Node::Not(_)
            | Node::NotBehind(_)
            | Node::Start
            | Node::End
            | Node::Mark(_)
            | Node::Whole(_) => None,
        }
    }

    fn choose(&self, node: &Node, around: Around, depth: usize) -> Option<Anchor> {
        match node {
            Node::Atom(atom) | Node::Ahead(atom) => {
                let cost = self.costs[*atom as usize];
                Some(Anchor {
                    cost: if around.places == 0 { cost } else { cost / PLACE },
                    atoms: vec![*atom],
                    offset: Some(around.offset),
                    before: around.before,
                    behind: if matches!(node, Node::Atom(_)) { around.behind } else { None },
                    places: around.places,
                })
            }
            Node::Seq(items) => {
                let mut behind = vec![around.behind];
                for item in items.iter().skip(1).rev() {
                    behind.push(self.beside(item, false, behind[behind.len() - 1]));
                }
                let mut here = around;
                let mut best: Option<Anchor> = None;
                for (item, behind) in items.iter().zip(behind.into_iter().rev()) {
                    here.behind = behind;
                    if let Some(anchor) = self.choose(item, here, depth)
                        && best.as_ref().is_none_or(|best| anchor.cost < best.cost)
                    {
                        best = Some(anchor);
                    }
                    let [least, most] = length(item);
                    here.offset = [(here.offset[0] + least).min(FAR), (here.offset[1] + most).min(FAR)];
                    here.before = self.beside(item, true, here.before);
                    if most > 0 {
                        here.places = 0;
                    } else if let Some(places) = places(item) {
                        here.places = places;
                    }
                }
                best
            }
            Node::Alt(branches) => {
                let mut branches = branches.iter().map(|branch| self.choose(branch, around, depth));
                let mut all = branches.next()??;
                for branch in branches {
                    let branch = branch?;
                    let both = |a: Option<Buckets>, b: Option<Buckets>| Some(a?.or(b?));
                    all.cost += branch.cost;
                    all.atoms.extend(branch.atoms);
                    all.offset = all.offset.zip(branch.offset).map(|(a, b)| [a[0].min(b[0]), a[1].max(b[1])]);
                    all.before = both(all.before, branch.before);
                    all.behind = both(all.behind, branch.behind);
                    all.places = if all.places == branch.places { all.places } else { 0 };
                }
                Some(all)
            }
            // A mark may be made of other marks.
            Node::Mark(mark) if depth < 8 => {
                let nowhere = Around { offset: [0; 2], before: None, behind: None, places: 0 };
                let anchor = self.choose(self.marks.get(*mark as usize)?, nowhere, depth + 1)?;
                Some(Anchor { cost: anchor.cost.saturating_mul(OUTSIDE), offset: None, ..anchor })
            }
            Node::Opt(_)
            | Node::Gap(_)
            | Node::Not(_)
            | Node::NotBehind(_)
            | Node::Start
            | Node::End
            | Node::Mark(_)
            | Node::Whole(_) => None,
        }
    }

    /// What stands next to the one side of `node`: its last or first token, or what is `beyond` it should it have none.
    fn beside(&self, node: &Node, is_last: bool, beyond: Option<Buckets>) -> Option<Buckets> {
        let (set, may_be_empty) = self.edge_of(node, is_last);
        let set = if may_be_empty { set.or(beyond?) } else { set };
        Some(set).filter(|set| *set != Buckets::ALL)
    }

    /// What the first or last token of a node can be, and whether it may have none.
    fn edge_of(&self, node: &Node, is_last: bool) -> (Buckets, bool) {
        match node {
            Node::Atom(atom) => (self.buckets[*atom as usize], false),
            Node::Seq(items) => {
                let mut all = Buckets::default();
                for at in 0..items.len() {
                    let at = if is_last { items.len() - 1 - at } else { at };
                    let (set, may_be_empty) = self.edge_of(&items[at], is_last);
                    all = all.or(set);
                    if !may_be_empty {
                        return (all, false);
                    }
                }
                (all, true)
            }
            Node::Alt(branches) => branches.iter().fold((Buckets::default(), false), |(all, may_be_empty), branch| {
                let (set, is_empty) = self.edge_of(branch, is_last);
                (all.or(set), may_be_empty | is_empty)
            }),
            Node::Opt(inner) => (self.edge_of(inner, is_last).0, true),
            Node::Gap(gap) => (Buckets::ALL, gap.min == 0),
            Node::Not(_)
            | Node::NotBehind(_)
            | Node::Ahead(_)
            | Node::Start
            | Node::End
            | Node::Mark(_)
            | Node::Whole(_) => (Buckets::default(), true),
        }
    }
}

/// Tokens of a match of `node`, at least and at most.
fn length(node: &Node) -> [usize; 2] {
    match node {
        Node::Atom(_) => [1, 1],
        Node::Seq(items) => items.iter().map(length).fold([0, 0], |a, b| [a[0] + b[0], a[1] + b[1]]),
        Node::Alt(branches) => {
            branches.iter().map(length).reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]).unwrap_or([0, 0])
        }
        Node::Opt(inner) => [0, length(inner)[1]],
        Node::Gap(gap) => [usize::from(gap.min), usize::from(gap.max)],
        Node::Not(_)
        | Node::NotBehind(_)
        | Node::Ahead(_)
        | Node::Start
        | Node::End
        | Node::Mark(_)
        | Node::Whole(_) => [0, 0],
    }
}

/// The places of which a node asks for one, if it asks for nothing but places.
fn places(node: &Node) -> Option<Places> {
    match node {
        Node::Start => Some(START),
        Node::Mark(mark) if usize::from(*mark) < PLACES => Some(1 << mark),
        Node::Alt(branches) => branches.iter().try_fold(0, |all, branch| Some(all | places(branch)?)),
        Node::Mark(_)
        | Node::Atom(_)
        | Node::Seq(_)
        | Node::Opt(_)
        | Node::Gap(_)
        | Node::Not(_)
        | Node::NotBehind(_)
        | Node::Ahead(_)
        | Node::End
        | Node::Whole(_) => None,
    }
}
