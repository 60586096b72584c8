//! Things that are known by a number, each once.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// What is known by a number of 16 bits. The first one, 0, is also what all are taken for that there is no room for.
#[derive(Debug)]
pub(super) struct Numbered<T> {
    numbers: FxHashMap<T, u16>,
}

impl<T: Hash + Eq> Numbered<T> {
    /// Nothing but the first one.
    pub(super) fn from_first(first: T) -> Self {
        Self { numbers: FxHashMap::from_iter([(first, 0)]) }
    }

    /// The number of `item`, which is added if it is new.
    pub(super) fn number(&mut self, item: T) -> u16 {
        match u16::try_from(self.numbers.len()) {
            Ok(next) => *self.numbers.entry(item).or_insert(next),
            Err(_) => self.numbers.get(&item).copied().unwrap_or(0),
        }
    }

    /// All of them, by number.
    pub(super) fn into_items(self) -> Vec<T> {
        let mut items: Vec<(u16, T)> = self.numbers.into_iter().map(|(item, number)| (number, item)).collect();
        items.sort_unstable_by_key(|(number, _)| *number);
        items.into_iter().map(|(_, item)| item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_no_room_for_is_taken_for_the_first() {
        let mut numbered = Numbered::from_first(0_u32);
        let numbers: Vec<u16> = (1..70_000).map(|n| numbered.number(n)).collect();
        assert_eq!((numbers[0], numbers[65_534], numbers[65_535]), (1, u16::MAX, 0));
        assert_eq!((numbered.number(0), numbered.number(7)), (0, 7));
        assert_eq!(numbered.into_items(), (0..=65_535).collect::<Vec<_>>());
    }
}
