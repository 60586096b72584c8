//! What must be in a sentence for a pattern to be found in it: of each of some sets of atoms one.
//!
//! All sets that a sentence meets are worked out at once, word by word, so that to ask for one of them is to look at a bit.

use super::compile::AtomId;
use super::rows::Rows;
use super::tables::Kinds;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// A set of atoms by its number.
pub(super) type SetId = u16;

/// How many sets a pattern asks for at most.
pub(super) const ASKED: usize = 3;

/// The set that every word meets, while sets are gathered.
pub(super) const ANYTHING: SetId = 0;

/// The sets that patterns ask for, while they are gathered.
#[derive(Debug, Default)]
pub(super) struct CompanySets {
    /// By number, but for [`ANYTHING`]: the atoms.
    known: FxHashMap<Vec<AtomId>, SetId>,
}

impl CompanySets {
    /// The number of a set; [`ANYTHING`] where there is no room for more.
    pub(super) fn number(&mut self, atoms: Vec<AtomId>) -> SetId {
        let next = SetId::try_from(self.known.len() + 1).unwrap_or(ANYTHING);
        if next == ANYTHING {
            return self.known.get(&atoms).copied().unwrap_or(ANYTHING);
        }
        *self.known.entry(atoms).or_insert(next)
    }

    /// Which of the sets each kind of word meets, and the numbers that the sets have from now on, by those they had.
    pub(super) fn by_kind(self, kinds: &Kinds<'_>) -> (Company, Vec<SetId>) {
        let mut sets: Vec<(SetId, Vec<AtomId>)> = self.known.into_iter().map(|(atoms, set)| (set, atoms)).collect();
        sets.sort_unstable();
        let mut asked: FxHashMap<AtomId, Vec<SetId>> = FxHashMap::default();
        for (set, atoms) in &sets {
            atoms.iter().for_each(|atom| asked.entry(*atom).or_default().push(*set));
        }
        // Every kind meets the set that stands for anything.
        let mut met: Vec<Vec<u32>> = vec![Vec::new(); sets.len() + 1];
        met[usize::from(ANYTHING)] = (0..kinds.atoms.len() as u32).collect();
        for (atoms, kind) in kinds.atoms.iter().zip(0..) {
            for set in atoms.iter().filter_map(|atom| asked.get(atom)).flatten() {
                let met = &mut met[usize::from(*set)];
                if met.last() != Some(&kind) {
                    met.push(kind);
                }
            }
        }
        let (kinds, bits) = Rows::new(&met, kinds.atoms.len());
        (Company { numbers: bits.len().div_ceil(64) as u32, kinds }, bits.into_iter().map(|bit| bit as SetId).collect())
    }
}

/// Which sets a word meets.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Company {
    /// How many numbers of 64 bits hold a bit for each set.
    numbers: u32,
    kinds: Rows,
}

impl Company {
    /// Empties `met` for the words of the next sentence.
    pub(super) fn begin(&self, met: &mut Vec<u64>) {
        met.clear();
        met.resize(self.numbers as usize, 0);
    }

    /// Adds what a word of that kind meets.
    pub(super) fn add(&self, kind: u32, met: &mut [u64]) {
        self.kinds.add_to(kind, met);
    }
}

/// Whether a sentence that has `met` these sets meets all of `asked`.
pub(super) fn meets(met: &[u64], asked: [SetId; ASKED]) -> bool {
    asked.iter().all(|set| met[usize::from(set >> 6)] >> (set & 63) & 1 != 0)
}
