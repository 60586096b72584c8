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

/// What every sentence meets.
pub(super) const ANYTHING: SetId = 0;

/// Words that sets have at most, all in all: a lexicon in which very large sets are asked for is matched more slowly, not
/// at any cost.
const MOST_MET: u64 = 1 << 24;

/// Which of `sets`, sets of atoms by number, each kind of word meets, and the numbers that they have from now on, by those
/// they had. The first set asks for nothing.
pub(super) fn by_kind(sets: &[Vec<AtomId>], kinds: &Kinds<'_>) -> (Company, Vec<SetId>) {
    let mut kinds_of: FxHashMap<AtomId, u64> = FxHashMap::default();
    kinds.atoms.iter().flat_map(|atoms| *atoms).for_each(|atom| *kinds_of.entry(*atom).or_default() += 1);
    let mut asked: FxHashMap<AtomId, Vec<SetId>> = FxHashMap::default();
    let mut room = MOST_MET;
    for (atoms, set) in sets.iter().zip(0..=SetId::MAX) {
        let met = atoms.iter().filter_map(|atom| kinds_of.get(atom)).sum();
        // Where there is no room for its kinds it is not asked for.
        if let Some(left) = room.checked_sub(met) {
            room = left;
            atoms.iter().for_each(|atom| asked.entry(*atom).or_default().push(set));
        }
    }
    let mut met: Vec<Vec<u32>> = vec![Vec::new(); sets.len()];
    for (atoms, kind) in kinds.atoms.iter().zip(0..) {
        for set in atoms.iter().filter_map(|atom| asked.get(atom)).flatten() {
            let met = &mut met[usize::from(*set)];
            if met.last() != Some(&kind) {
                met.push(kind);
            }
        }
    }
    // The first set holds no kind, so that it comes first there, too.
    let (rows, bits) = Rows::new(&met, kinds.atoms.len());
    let number = |(set, bit): (&Vec<u32>, u32)| if set.is_empty() { ANYTHING } else { bit as SetId };
    let numbers = met.iter().zip(bits).map(number).collect();
    (Company { width: met.len().div_ceil(64) as u32, rows }, numbers)
}

/// Which sets a word meets.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Company {
    /// How many numbers of 64 bits hold a bit for each set.
    width: u32,
    /// By kind of word.
    rows: Rows,
}

impl Company {
    /// Empties `met` for the words of the next sentence.
    pub(super) fn begin(&self, met: &mut Vec<u64>) {
        met.clear();
        met.resize(self.width as usize, 0);
        met[0] |= 1 << ANYTHING;
    }

    /// Adds what a word of that kind meets.
    pub(super) fn add(&self, kind: u32, met: &mut [u64]) {
        self.rows.add_to(kind, met);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::rows::Row;

    #[test]
    fn every_number_can_be_asked_for() {
        // As many sets as there are numbers, each of one atom.
        let sets: Vec<Vec<AtomId>> =
            std::iter::once(Vec::new()).chain((0..SetId::MAX).map(|atom| vec![atom])).collect();
        let atoms: Vec<Vec<AtomId>> = vec![vec![0, SetId::MAX - 1], vec![5]];
        let kinds = Kinds::new(&atoms);
        let (company, numbers) = by_kind(&sets, &kinds);
        let mut met = Vec::new();
        company.begin(&mut met);
        company.add(0, &mut met);
        let is_met = |set: usize| Row(&met).contains(numbers[set]);
        assert!(is_met(0) && is_met(1) && is_met(65_535) && !is_met(6));
    }
}
