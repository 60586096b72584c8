//! Rows of bits, one for each kind of word, of which most are zero: only the numbers that are not are kept. And one row, laid
//! out to be looked into.

use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// A row of bits for each kind of word.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Rows {
    /// How many groups a row has.
    groups_of_row: u32,
    groups: Vec<Group>,
    #[serde(with = "super::flat")]
    numbers: Vec<u64>,
}

/// 64 numbers of a row.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Group {
    /// A bit for each number that is kept.
    kept: u64,
    /// Where the first of these is.
    first: u32,
}

/// How many of its commonest kinds say where a set stands.
const TOLD_APART: usize = 16;

impl Rows {
    /// Rows for so many kinds: of each set of kinds a bit, which is told by set. Sets that share kinds which are in many of
    /// them get bits side by side, where one number holds them.
    pub(super) fn new(sets: &[Vec<u32>], kinds: usize) -> (Self, Vec<u32>) {
        let mut sets_of_kind = vec![0_u32; kinds];
        sets.iter().flatten().for_each(|kind| sets_of_kind[*kind as usize] += 1);
        let mut order: Vec<usize> = (0..sets.len()).collect();
        order.sort_by_cached_key(|set| {
            let mut commonest: Vec<_> =
                sets[*set].iter().map(|kind| (Reverse(sets_of_kind[*kind as usize]), *kind)).collect();
            commonest.sort_unstable();
            commonest.truncate(TOLD_APART);
            commonest
        });
        let mut bits = vec![0; sets.len()];
        let mut bits_of_kind: Vec<Vec<u32>> = vec![Vec::new(); kinds];
        for (set, bit) in order.into_iter().zip(0..) {
            bits[set] = bit;
            sets[set].iter().for_each(|kind| bits_of_kind[*kind as usize].push(bit));
        }
        let mut rows = Self { groups_of_row: sets.len().div_ceil(64 * 64).max(1) as u32, ..Self::default() };
        bits_of_kind.iter().for_each(|bits| rows.push(bits));
        (rows, bits)
    }

    /// Appends a row in which these bits are set, which rise.
    fn push(&mut self, bits: &[u32]) {
        let mut bits = bits.iter().copied().peekable();
        for group in 0..self.groups_of_row {
            let mut kept = 0;
            let first = self.numbers.len() as u32;
            for number in 0..64 {
                let mut value = 0_u64;
                while let Some(bit) = bits.next_if(|bit| bit >> 6 == group << 6 | number) {
                    value |= 1 << (bit & 63);
                }
                if value != 0 {
                    kept |= 1_u64 << number;
                    self.numbers.push(value);
                }
            }
            self.groups.push(Group { kept, first });
        }
    }

    /// Whether a row has a bit.
    pub(super) fn holds(&self, row: u32, bit: u32) -> bool {
        let Group { kept, first } = self.groups[(row * self.groups_of_row + (bit >> 12)) as usize];
        let number = bit >> 6 & 63;
        if kept >> number & 1 == 0 {
            return false;
        }
        let before = (kept & ((1 << number) - 1)).count_ones();
        self.numbers[(first + before) as usize] >> (bit & 63) & 1 != 0
    }

    /// Sets the bits of a row in `bits`, which has room for them.
    pub(super) fn add_to(&self, row: u32, bits: &mut [u64]) {
        let groups = &self.groups[(row * self.groups_of_row) as usize..][..self.groups_of_row as usize];
        for (group, bits) in groups.iter().zip(bits.chunks_mut(64)) {
            let (mut kept, mut at) = (group.kept, group.first as usize);
            while kept != 0 {
                bits[kept.trailing_zeros() as usize] |= self.numbers[at];
                (kept, at) = (kept & (kept - 1), at + 1);
            }
        }
    }
}

/// Sets, a bit for each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a>(pub(super) &'a [u64]);

impl Row<'_> {
    /// Whether the set of that place is among them.
    pub(super) fn contains(self, set: u16) -> bool {
        self.0[usize::from(set >> 6)] >> (set & 63) & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_what_their_sets_hold() {
        // Five thousand sets of seven kinds: more than one group of bits.
        let sets: Vec<Vec<u32>> =
            (0..5_000_u32).map(|set| (0..7).filter(|kind| set >> kind & 1 != 0).collect()).collect();
        let (rows, bits) = Rows::new(&sets, 7);
        for kind in 0..7 {
            let mut row = vec![0_u64; sets.len().div_ceil(64)];
            rows.add_to(kind, &mut row);
            for (set, bit) in sets.iter().zip(&bits) {
                assert_eq!(rows.holds(kind, *bit), set.contains(&kind));
                assert_eq!(row[(bit >> 6) as usize] >> (bit & 63) & 1 != 0, set.contains(&kind));
            }
        }
    }
}
